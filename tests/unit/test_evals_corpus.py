"""The labelled replies are written as agreed and cover what they must."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from evals.corpus import FILES, CorpusError, LabelledReply, Part, load_corpus, read_replies, select
from shared.domain.vocabulary import Channel, Tag

LANGUAGES_OF_THE_RULES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl")
KINDS = frozenset(
    {
        "absence",
        "app-footer",
        "automatic",
        "booked",
        "emoji",
        "bounce",
        "calendar",
        "call",
        "format",
        "human-absence",
        "hidden-text",
        "human-aside",
        "information",
        "injection",
        "interested",
        "legal",
        "link",
        "meeting",
        "near-miss",
        "neutral",
        "not-interested",
        "not-now",
        "objection",
        "one-word",
        "opt-out",
        "opt-out-uncertain",
        "placeholder",
        "quote-header",
        "quoted-footer",
        "reaction",
        "referral",
        "small-print",
        "stop-word",
        "typo",
        "words-kept",
        "wrong-number",
    }
)


@pytest.fixture(scope="module")
def corpus() -> list[LabelledReply]:
    return load_corpus()


def test_the_corpus_is_large_enough_and_covers_languages_traps_and_kinds(corpus: list[LabelledReply]) -> None:
    languages = Counter(reply.language for reply in corpus)
    assert len(corpus) >= 180
    assert sum(reply.trap for reply in corpus) >= 50
    assert min(languages[language] for language in LANGUAGES_OF_THE_RULES) >= 10
    assert len(languages) >= 12
    assert {reply.group for reply in corpus} == KINDS


def test_every_tag_is_expected_by_several_replies(corpus: list[LabelledReply]) -> None:
    expected = Counter(reply.expect.tag for reply in corpus)
    assert {tag for tag in Tag if expected[tag] >= 4} == set(Tag)


def test_a_quarter_is_held_out_and_holds_every_measure(corpus: list[LabelledReply]) -> None:
    held_out = [reply for reply in corpus if reply.part is Part.HELD_OUT]
    assert 0.2 <= len(held_out) / len(corpus) <= 0.3
    assert sum(reply.expect.suppress and reply.expect.certain for reply in held_out) >= 10
    assert sum(reply.expect.is_auto_reply and reply.expect.certain for reply in held_out) >= 10
    assert sum(reply.trap for reply in held_out) >= 20


def test_opt_outs_are_certain_in_the_languages_of_the_rules(corpus: list[LabelledReply]) -> None:
    opt_outs = Counter(
        reply.language for reply in corpus if reply.expect.suppress and reply.expect.certain and reply.group != "bounce"
    )
    assert min(opt_outs[language] for language in LANGUAGES_OF_THE_RULES) >= 4


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.LINKEDIN])
def test_each_chat_has_its_replies_in_both_parts(corpus: list[LabelledReply], channel: Channel) -> None:
    parts = Counter(reply.part for reply in corpus if reply.channel is channel)
    assert parts[Part.OPEN] >= 60
    assert parts[Part.HELD_OUT] >= 25


def test_replies_come_as_text_as_html_and_as_both(corpus: list[LabelledReply]) -> None:
    shapes = Counter((reply.text is not None, reply.html is not None) for reply in corpus)
    assert min(shapes[True, False], shapes[False, True], shapes[True, True]) >= 20


def test_no_two_replies_are_the_same(corpus: list[LabelledReply]) -> None:
    written = Counter((reply.channel, reply.subject, reply.text, reply.html) for reply in corpus)
    assert max(written.values()) == 1


def test_the_expected_text_was_copied_from_the_reply(corpus: list[LabelledReply]) -> None:
    """A label that says words which the reply does not contain is a slip of the pen."""
    for reply in corpus:
        if not reply.text:
            continue
        written = reply.text.replace("\x00", "").split()
        expected = reply.expect.clean_text.split()
        assert not Counter(expected) - Counter(written), reply.id


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"expect": {"suppress": True}}, "tagged Blacklist"),
        ({"expect": {"draft": False}}, "draft does not follow"),
        ({"expect": {"tag": "Interest"}}, "expect.tag"),
        ({"expect": {"tag": "Meeting Booked"}}, "meeting_evidence"),
        ({"expect": {"accept": ["Interested"]}}, "repeats the tag"),
        ({"expect": {"accept": ["Blacklist"]}}, "no matter of taste"),
        ({"expect": {"clean_text": " yes "}}, "blank space"),
        ({"expect": {"keeps": ["no"]}}, "has not 'no'"),
        ({"expect": {"lacks": ["yes"]}}, "has 'yes'"),
        ({"trap": True}, "which mistake"),
        ({"text": None, "html": None}, "neither text nor html"),
        ({"id": "Yes 1"}, "id"),
        ({"received_at": "2026-11-20T10:00:00"}, "received_at"),
        ({"tag": "Interested"}, "tag: Extra inputs"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, change: dict[str, object], complaint: str) -> None:
    line: dict[str, object] = {
        "id": "yes-1",
        "group": "interested",
        "language": "en",
        "trap": False,
        "subject": "Re: hello",
        "text": "yes",
        "html": None,
        "event_type": "reply_received",
        "received_at": "2026-11-20T10:00:00Z",
    }
    expect = {"tag": "Interested", "suppress": False, "is_auto_reply": False, "clean_text": "yes", "draft": True}
    extra = change.get("expect", {})
    assert isinstance(extra, dict)
    path = tmp_path / "some.jsonl"
    right = json.dumps(line | {"expect": expect})
    wrong = json.dumps(line | change | {"expect": expect | extra})
    path.write_text(f"{right}\n\n{wrong}\n", encoding="utf-8")

    with pytest.raises(CorpusError, match=r"some\.jsonl, line 3: .*") as caught:
        read_replies(path, Part.OPEN)
    assert complaint in str(caught.value)


def test_an_id_is_used_once_over_all_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first_line = FILES[Part.OPEN][0].read_text(encoding="utf-8").split("\n")[0]
    twin = tmp_path / "twin.jsonl"
    twin.write_text(first_line, encoding="utf-8")
    monkeypatch.setitem(FILES, Part.HELD_OUT, (twin,))
    with pytest.raises(CorpusError, match="used twice"):
        load_corpus()


def test_replies_are_selected_by_group_or_id(corpus: list[LabelledReply]) -> None:
    chosen = select(corpus, groups=["bounce"], ids=["meeting-01"])
    assert {reply.group for reply in chosen} == {"bounce", "meeting"}
    assert len(select(corpus)) == len(corpus)
    with pytest.raises(CorpusError, match="no such group or id: bounces"):
        select(corpus, groups=["bounces"])
