from __future__ import annotations

from uuid import UUID, uuid4

from hypothesis import assume, given
from hypothesis import strategies as st

from shared.domain.reply_identity import content_key, delivery_key, normalised_text, reply_key

text = st.text(max_size=60)
campaigns = st.none() | st.text(min_size=1, max_size=20)


@given(client=st.uuids(), other=st.uuids(), body=st.binary(max_size=80), other_body=st.binary(max_size=80))
def test_delivery_is_the_client_and_the_bytes(client: UUID, other: UUID, body: bytes, other_body: bytes) -> None:
    same = (client, body) == (other, other_body)
    assert (delivery_key(client, body) == delivery_key(other, other_body)) is same
    assert delivery_key(client, body) == delivery_key(client, bytes(body))


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


@given(text, text)
def test_words_cannot_move_from_the_text_into_the_subject(first: str, second: str) -> None:
    assume(normalised_text(first) and normalised_text(second))
    assert content_key(None, "a", first + second, "") != content_key(None, "a", first, second)


@given(st.text(min_size=1, max_size=5000), st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_an_email_id_alone_identifies_a_reply(email_id: str, content: bytes, delivery: bytes) -> None:
    key = reply_key(email_id, content, delivery)
    assert key == reply_key(email_id, delivery, content)
    assert len(key) == 32
    assert key != reply_key(None, content, delivery)
    assert key != reply_key(email_id + "x", content, delivery)


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_without_an_id_each_delivery_is_an_occurrence_of_its_own(content: bytes, one: bytes, other: bytes) -> None:
    assert (reply_key(None, content, one) == reply_key(None, content, other)) is (one == other)
    assert (reply_key(None, one, content) == reply_key(None, other, content)) is (one == other)


def test_what_mail_programs_add_does_not_count() -> None:
    assert normalised_text("Ｙｅｓ\u200b\u00ad please\ufeff ﬁne") == "yespleasefine"
    assert normalised_text(" \r\n\t\u00a0") == ""


def test_lone_surrogates_and_long_texts_have_keys() -> None:
    assert len(content_key(str(uuid4()), "a", "\ud800" * 10, "x" * 1_000_000)) == 32
