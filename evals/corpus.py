"""The labelled replies: their format, and reading their files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from shared.domain.tags import AUTOMATIC_TAGS, DRAFTED_TAGS
from shared.domain.text.wording import folded
from shared.domain.vocabulary import Channel, Tag

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]  # ISO 639-1


class Part(StrEnum):
    """The file that a reply is in. Nobody tunes a rule or a prompt by a held-out reply."""

    OPEN = "open"
    HELD_OUT = "held out"


FILES = {
    Part.OPEN: tuple(map(Path(__file__).with_name, ("replies.jsonl", "chats.jsonl"))),
    Part.HELD_OUT: tuple(map(Path(__file__).with_name, ("holdout.jsonl", "chats_holdout.jsonl"))),
}


class CorpusError(ValueError):
    """A labelled reply in a wrong format; the message names file and line."""


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Expectation(_Written):
    """The outcome that careful people would want for a reply.

    ``accept``, ``clean_text_also`` and ``return_date_also`` list outcomes that are as good as the first. ``certain`` is
    false where only a model can be sure that this is an opt-out or an automatic reply: rules may see it or not.
    ``keeps`` and ``lacks`` are words that the cleaned text must hold and must not hold, whatever else is cut.
    """

    tag: Tag
    suppress: bool
    is_auto_reply: bool
    clean_text: str
    draft: bool
    accept: tuple[Tag, ...] = ()
    clean_text_also: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    return_date: date | None = None
    return_date_also: tuple[date, ...] = ()
    certain: bool = True

    @property
    def tags(self) -> frozenset[Tag]:
        return frozenset((self.tag, *self.accept))

    @property
    def clean_texts(self) -> tuple[str, ...]:
        return (self.clean_text, *self.clean_text_also)

    @property
    def return_dates(self) -> frozenset[date]:
        return frozenset(self.return_date_also) | ({self.return_date} if self.return_date else set())

    @property
    def drafts(self) -> frozenset[bool]:
        """True when a draft is fine: for the expected tag, or for another one that is accepted."""
        if self.suppress or self.is_auto_reply:
            return frozenset({False})
        return frozenset({self.draft, *(tag in DRAFTED_TAGS for tag in self.accept)})

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        problems = []
        if self.suppress and self.tag is not Tag.BLACKLIST:
            problems.append("what is suppressed is tagged Blacklist")
        if Tag.BLACKLIST in self.accept:
            problems.append("whether a lead is suppressed is no matter of taste: Blacklist cannot be in 'accept'")
        if (self.tag in AUTOMATIC_TAGS) and not self.is_auto_reply:
            problems.append(f"{self.tag.value} is an automatic reply")
        if self.draft != (self.tag in DRAFTED_TAGS and not self.suppress and not self.is_auto_reply):
            problems.append(f"draft does not follow from {self.tag.value}")
        if self.tag in self.accept:
            problems.append("'accept' repeats the tag")
        if self.return_date_also and not self.return_date:
            problems.append("'return_date_also' without 'return_date'")
        if self.clean_text != self.clean_text.strip():
            problems.append("clean_text has blank space around it")
        for clean_text in map(folded, self.clean_texts):
            problems += [f"a clean text has not {words!r}" for words in self.keeps if folded(words) not in clean_text]
            problems += [f"a clean text has {words!r}" for words in self.lacks if folded(words) in clean_text]
        if problems:
            raise ValueError("; ".join(problems))
        return self


class LabelledReply(_Written):
    """One reply as it arrives, with its expected outcome. ``trap``: written to provoke a particular mistake."""

    id: Slug
    channel: Channel = Channel.EMAIL
    group: Slug
    language: Language
    trap: bool
    note: str | None = None
    subject: str
    text: str | None
    html: str | None
    event_type: str
    received_at: AwareDatetime
    meeting_evidence: bool = False
    expect: Expectation
    part: Part = Part.OPEN

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.text is None and self.html is None:
            raise ValueError("neither text nor html")
        if self.expect.tag is Tag.MEETING_BOOKED and not self.meeting_evidence:
            raise ValueError("Meeting Booked needs meeting_evidence")
        if self.trap and not self.note:
            raise ValueError("a trap says in 'note' which mistake it provokes")
        return self


def read_replies(path: Path, part: Part) -> list[LabelledReply]:
    """Reads the replies of one file. Raises CorpusError, naming the first malformed line."""
    replies = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            reply = LabelledReply.model_validate_json(line)
        except ValidationError as failure:
            first = failure.errors()[0]
            place = ".".join(map(str, first["loc"])) or "line"
            raise CorpusError(f"{path.name}, line {number}: {place}: {first['msg']}") from None
        replies.append(reply.model_copy(update={"part": part}))
    return replies


def load_corpus(parts: Iterable[Part] = tuple(Part)) -> list[LabelledReply]:
    """Reads all replies of the ``parts``, in the order of the files. Raises CorpusError, also for an id used twice."""
    replies = [reply for part in parts for path in FILES[part] for reply in read_replies(path, part)]
    seen: set[str] = set()
    for reply in replies:
        if reply.id in seen:
            raise CorpusError(f"the id {reply.id} is used twice")
        seen.add(reply.id)
    return replies


def select(
    replies: Sequence[LabelledReply], *, groups: Iterable[str] = (), ids: Iterable[str] = ()
) -> list[LabelledReply]:
    """Picks the replies of these groups or with these ids; all when neither is given. Raises CorpusError if unknown."""
    wanted_groups, wanted_ids = set(groups), set(ids)
    unknown = (wanted_groups - {reply.group for reply in replies}) | (wanted_ids - {reply.id for reply in replies})
    if unknown:
        known = ", ".join(sorted({reply.group for reply in replies}))
        raise CorpusError(f"no such group or id: {', '.join(sorted(unknown))}. Groups: {known}")
    if not wanted_groups and not wanted_ids:
        return list(replies)
    return [reply for reply in replies if reply.group in wanted_groups or reply.id in wanted_ids]
