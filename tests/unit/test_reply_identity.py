from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.domain.reply_identity import (
    content_key,
    delivery_key,
    delivery_key_of_id,
    normalised_text,
    reply_key,
    reply_key_without_id,
    words_key,
)
from shared.domain.vocabulary import Channel, ClientId, Provider
from shared.pipelines.intake.delivery import Delivery
from tests.timing import cpu_seconds

text = st.text(max_size=60)
NOW = datetime(2026, 11, 20, tzinfo=UTC)
campaigns = st.none() | st.text(min_size=1, max_size=20)


@given(client=st.uuids(), other=st.uuids(), body=st.binary(max_size=80), other_body=st.binary(max_size=80))
def test_delivery_is_the_client_and_the_bytes(client: UUID, other: UUID, body: bytes, other_body: bytes) -> None:
    same = (client, body) == (other, other_body)
    assert (delivery_key(client, body) == delivery_key(other, other_body)) is same
    assert delivery_key(client, body) == delivery_key(client, bytes(body))


@given(client=st.uuids(), other=st.uuids(), number=st.text(max_size=9), other_number=st.text(max_size=9))
def test_a_delivery_that_its_provider_numbers_is_the_client_and_the_number(
    client: UUID, other: UUID, number: str, other_number: str
) -> None:
    def key(of: UUID, delivery_id: str | None, body: bytes) -> bytes:
        delivery = Delivery.of(ClientId(of), body, NOW, provider=Provider.INSTANTLY, delivery_id=delivery_id)
        return delivery.delivery_key

    same = (client, number) == (other, other_number)
    assert (key(client, number, b"1") == key(other, other_number, b"2")) is same
    assert key(client, number, b"1") == delivery_key_of_id(client, Provider.INSTANTLY, number)
    assert key(client, None, b"1") == delivery_key(client, b"1")


@given(campaigns, text, text, text)
def test_content_does_not_depend_on_layout_or_letter_case(
    campaign: str | None, lead: str, words: str, subject: str
) -> None:
    spaced = "\r\n \t".join(words)
    assert content_key(campaign, lead, words, subject) == content_key(campaign, lead, spaced, f" {subject} ")
    assert content_key(campaign, "Pat@Acme.test", "Yes,  PLEASE", "Re: Hi") == content_key(
        campaign, "pat@acme.test", "yes,\nplease\n", "RE: hi"
    )


@given(st.tuples(campaigns, text, text, text), st.tuples(campaigns, text, text, text))
def test_different_content_has_a_different_key(
    one: tuple[str | None, str, str, str], other: tuple[str | None, str, str, str]
) -> None:
    def meaning(parts: tuple[str | None, str, str, str]) -> tuple[str, str, str, str]:
        return parts[0] or "", parts[1].lower(), normalised_text(parts[2]), normalised_text(parts[3])

    assert (content_key(*one) == content_key(*other)) is (meaning(one) == meaning(other))


@given(text.map(lambda words: f"a{words}"), text.map(lambda words: f"{words}z"))
def test_words_cannot_move_from_the_text_into_the_subject(first: str, second: str) -> None:
    assert content_key(None, "a", first + second, "") != content_key(None, "a", first, second)


ids = st.tuples(st.none() | st.uuids(), st.none() | st.text(max_size=9), st.text(min_size=1, max_size=5000))


@given(one=ids, other=ids)
def test_an_id_is_a_messages_within_its_account_and_its_thread_where_it_needs_one(
    one: tuple[UUID | None, str | None, str], other: tuple[UUID | None, str | None, str]
) -> None:
    same = (one[0], one[1] or "", one[2]) == (other[0], other[1] or "", other[2])
    assert (reply_key(Provider.INSTANTLY, *one) == reply_key(Provider.INSTANTLY, *other)) is same
    assert len(reply_key(Provider.INSTANTLY, *one)) == 32


def test_one_id_at_two_providers_is_two_messages() -> None:
    keys = {reply_key(provider, None, None, "1") for provider in Provider}
    assert len(keys) == len(Provider)


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_without_an_id_each_delivery_is_an_occurrence_of_its_own(content: bytes, one: bytes, other: bytes) -> None:
    assert (reply_key_without_id(content, one) == reply_key_without_id(content, other)) is (one == other)
    assert (reply_key_without_id(one, content) == reply_key_without_id(other, content)) is (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Yes, let's talk on *Tuesday*.", "yes,  let\u2019s talk on Tuesday"),
        ("\u2022 one\n\u2022 two", "- one - two"),
        ("Wait\u2026", "wait..."),
        ("\U0001f44d", " \U0001f44d\n"),
        ("?", " ? "),
    ],
)
def test_own_words_are_the_same_in_text_and_html(one: str, other: str) -> None:
    assert words_key(Channel.EMAIL, one) == words_key(Channel.EMAIL, other)


@pytest.mark.parametrize(
    ("one", "other"), [("Yes", "No"), ("yes", "yes please"), ("\U0001f44d", "\U0001f44e"), ("?", "!")]
)
def test_other_words_are_another_message(one: str, other: str) -> None:
    assert words_key(Channel.EMAIL, one) != words_key(Channel.EMAIL, other)


@pytest.mark.parametrize("nothing", ["", " \n", "\u200b\ufeff"])
def test_words_that_are_not_there_are_nobodys(nothing: str) -> None:
    assert words_key(Channel.EMAIL, nothing) is None


def test_what_mail_programs_add_does_not_count() -> None:
    assert normalised_text("Ｙｅｓ\u200b\u00ad please\ufeff ﬁne") == "yespleasefine"
    assert normalised_text(" \r\n\t\u00a0") == ""


# Marks of different classes, some of which normalise to several, between letters that compose with them or are long.
_MARKS = st.text(alphabet="\u0301\u0316\u0344\u0f73\u093c\u3099\u034f\uff9e", max_size=29)
_ASCII = st.characters(max_codepoint=127)
_WORDS = st.text() | st.text(alphabet="aeU\u0130\ufdfa\uac00か…─😀\u200d \n")


@given(st.lists(st.tuples(_MARKS, _ASCII, _WORDS)))
def test_no_ordinary_text_is_normalised_otherwise_than_by_nfkc(parts: list[tuple[str, str, str]]) -> None:
    """An ASCII character ends each run of marks, so that none gets long; a rare word of marks alone is passed over."""
    value = "".join(marks + letter + words for marks, letter, words in parts)
    assume(not _has_long_run_of_marks(value))
    folded = unicodedata.normalize("NFKC", value).casefold()
    plain = folded.translate(dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF)))
    assert normalised_text(value) == "".join(plain.split())


def _has_long_run_of_marks(value: str) -> bool:
    run = 0
    for char in value:
        run = run + 1 if unicodedata.combining(unicodedata.normalize("NFKD", char)[0]) else 0
        if run > 30:
            return True
    return False


def test_long_runs_of_symbols_are_no_marks() -> None:
    for symbols in ("…" * 100, "─" * 100, "👩\u200d👩\u200d👧" * 30):
        assert normalised_text(symbols) == unicodedata.normalize("NFKC", symbols).replace("\u200d", "")


@pytest.mark.parametrize("marks", ["\u0301\u0316", "\uff9e\u093c", "\u0f73\u0f71", "\u0344\u0316"])
def test_time_grows_with_the_number_of_marks_and_no_faster(marks: str) -> None:
    def seconds(each: int, enough: float = 0.0) -> float:
        value = "a" + marks[0] * each + marks[1] * each
        return cpu_seconds(lambda: normalised_text(value), enough=enough)

    bound = 3 * 8 * seconds(5_000) + 0.02  # by insertion it would be 64 times
    assert seconds(40_000, enough=bound) < bound


def test_long_texts_that_differ_anywhere_have_different_keys() -> None:
    long = "x" * 500_000
    texts = (long, f"y{long[1:]}", f"{long[:250_000]}y{long[250_001:]}", f"{long[:-1]}y", long + "x")
    assert len({content_key(None, "a", text, "") for text in texts}) == len(texts)


def test_lone_surrogates_and_long_texts_have_keys() -> None:
    assert len(content_key(str(uuid4()), "a", "\ud800" * 10, "x" * 1_000_000)) == 32
