"""Figures over evaluated replies, and the bar that the certain rules must clear. Pure: no I/O, no printing."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from evals.corpus import LabelledReply
from evals.judging import FullOutcome, RulesOutcome
from shared.domain.vocabulary import Tag

MAX_FALSE_SUPPRESSIONS = 0  # a false suppression loses a customer silently
MIN_SUPPRESSION_RECALL = 0.97
MAX_PEOPLE_AUTOMATIC = 0  # a person taken for a machine gets no answer
MIN_AUTOMATIC_RECALL = 0.97
MIN_CLEAN_TEXT_EXACT = 0.97
MAX_REPLIES_THAT_LOSE_WORDS = 0  # a word that is lost is never seen by a rule, a model or a person again

# Characters without a width: they change nothing that a person reads.
_INVISIBLE = dict.fromkeys((0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)))


@dataclass(frozen=True, slots=True)
class Ratio:
    """A share, ``hits`` of ``of``. ``value`` is None with nothing to count: better no figure than a flattering one."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        return self.hits / self.of if self.of else None

    def reaches(self, least: float) -> bool:
        """True when the share is at least ``least`` (0–1). Nothing to count reaches nothing."""
        return self.value is not None and self.value >= least


@dataclass(frozen=True, slots=True)
class Detection:
    """The quality of one kind of detection. ``missed`` counts only cases that a rule can be certain of.

    A suppression is found by a suppression or a hold, and false by a suppression alone.
    """

    found: int  # right, whether certain or not
    found_certain: int
    missed: int
    false: int

    @property
    def precision(self) -> Ratio:
        return Ratio(self.found, self.found + self.false)

    @property
    def recall(self) -> Ratio:
        return Ratio(self.found_certain, self.found_certain + self.missed)


@dataclass(frozen=True, slots=True)
class RulesFigures:
    replies: int
    suppression: Detection
    automatic: Detection
    clean_text: Ratio
    lost_words: int  # replies without a word that their case asks for
    foreign_words: int  # replies with a word that their case forbids
    tag: Ratio  # of the replies that a rule tagged, how many are right
    return_date: Ratio  # of the absence notices that state one
    invented_return_dates: int


@dataclass(frozen=True, slots=True)
class TagFigures:
    tag: Tag
    support: int
    precision: Ratio
    recall: Ratio

    @property
    def f1(self) -> float | None:
        precision, recall = self.precision.value, self.recall.value
        if precision is None or recall is None:
            return None
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


@dataclass(frozen=True, slots=True)
class FullFigures:
    replies: int
    failed: int  # the model gave no result
    asked: int  # decided by the model
    accuracy: Ratio
    asked_accuracy: Ratio
    draft: Ratio
    false_suppressions: int
    missed_suppressions: int
    per_tag: tuple[TagFigures, ...]
    confusion: Mapping[tuple[Tag, Tag], int]  # (expected, got)


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition that the rules must meet."""

    name: str
    wanted: str
    got: str
    passed: bool


type Measure = Literal["suppression", "automatic", "clean text", "rule tag", "return date", "tag", "draft", "model"]


@dataclass(frozen=True, slots=True)
class Miss:
    """One reply with an unexpected outcome, and the reason as far as the outcome states it."""

    id: str
    measure: Measure
    expected: str
    got: str
    why: str


def fold(text: str) -> str:
    """Normalizes text for comparison: composed characters, no invisible ones, every run of white space one blank."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_INVISIBLE).split())


def is_clean(reply: LabelledReply, clean_text: str) -> bool:
    """True when the cleaned text is one of those that are expected."""
    return fold(clean_text) in {fold(expected) for expected in reply.expect.clean_texts}


def lost_words(reply: LabelledReply, clean_text: str) -> list[str]:
    """Lists the words that the case asks for and that the cleaned text lacks."""
    return [words for words in reply.expect.keeps if fold(words) not in fold(clean_text)]


def foreign_words(reply: LabelledReply, clean_text: str) -> list[str]:
    """Lists the words that the case forbids and that the cleaned text holds."""
    return [words for words in reply.expect.lacks if fold(words) in fold(clean_text)]


def rules_figures(replies: Sequence[LabelledReply], outcomes: Sequence[RulesOutcome]) -> RulesFigures:
    """Returns the certain rules' figures. Both sequences are in the same order."""
    pairs = list(zip(replies, outcomes, strict=True))
    tagged = [(reply, outcome) for reply, outcome in pairs if outcome.tag is not None]
    dated = [(reply, outcome) for reply, outcome in pairs if reply.expect.return_date is not None]
    return RulesFigures(
        replies=len(pairs),
        suppression=_detection(
            (reply, reply.expect.suppress, outcome.suppress or (outcome.hold and reply.expect.suppress))
            for reply, outcome in pairs
        ),
        automatic=_detection((reply, reply.expect.is_auto_reply, outcome.is_auto_reply) for reply, outcome in pairs),
        clean_text=Ratio(sum(is_clean(reply, outcome.clean_text) for reply, outcome in pairs), len(pairs)),
        lost_words=sum(bool(lost_words(reply, outcome.clean_text)) for reply, outcome in pairs),
        foreign_words=sum(bool(foreign_words(reply, outcome.clean_text)) for reply, outcome in pairs),
        tag=Ratio(sum(outcome.tag in reply.expect.tags for reply, outcome in tagged), len(tagged)),
        return_date=Ratio(
            sum(outcome.return_date in reply.expect.return_dates for reply, outcome in dated), len(dated)
        ),
        invented_return_dates=sum(
            outcome.return_date is not None and reply.expect.return_date is None for reply, outcome in pairs
        ),
    )


def full_figures(replies: Sequence[LabelledReply], outcomes: Sequence[FullOutcome]) -> FullFigures:
    """Returns the figures with the model's help. A tag that is accepted counts as the expected one."""
    pairs = list(zip(replies, outcomes, strict=True))
    answered = [(reply, outcome, outcome.tag) for reply, outcome in pairs if outcome.tag is not None]
    confusion: Counter[tuple[Tag, Tag]] = Counter()
    for reply, _, tag in answered:
        confusion[reply.expect.tag, reply.expect.tag if tag in reply.expect.tags else tag] += 1
    asked = [(reply, tag) for reply, outcome, tag in answered if outcome.by_model]
    return FullFigures(
        replies=len(pairs),
        failed=len(pairs) - len(answered),
        asked=sum(outcome.by_model for outcome in outcomes),
        accuracy=Ratio(sum(tag in reply.expect.tags for reply, _, tag in answered), len(answered)),
        asked_accuracy=Ratio(sum(tag in reply.expect.tags for reply, tag in asked), len(asked)),
        draft=Ratio(sum(outcome.draft in reply.expect.drafts for reply, outcome, _ in answered), len(answered)),
        false_suppressions=sum(outcome.suppress and not reply.expect.suppress for reply, outcome, _ in answered),
        missed_suppressions=sum(reply.expect.suppress and not outcome.suppress for reply, outcome, _ in answered),
        per_tag=tuple(_tag_figures(tag, confusion) for tag in Tag),
        confusion=confusion,
    )


def gates(figures: RulesFigures) -> tuple[Gate, ...]:
    """Returns the conditions that the certain rules must meet over the whole corpus."""
    suppression, automatic = figures.suppression, figures.automatic
    return (
        Gate(
            "false suppressions",
            str(MAX_FALSE_SUPPRESSIONS),
            str(suppression.false),
            suppression.false <= MAX_FALSE_SUPPRESSIONS,
        ),
        _least("suppressed or held", suppression.recall, MIN_SUPPRESSION_RECALL),
        Gate(
            "people judged automatic",
            str(MAX_PEOPLE_AUTOMATIC),
            str(automatic.false),
            automatic.false <= MAX_PEOPLE_AUTOMATIC,
        ),
        _least("automatic replies recall", automatic.recall, MIN_AUTOMATIC_RECALL),
        _least("cleaned text exact", figures.clean_text, MIN_CLEAN_TEXT_EXACT),
        Gate(
            "replies that lose words",
            str(MAX_REPLIES_THAT_LOSE_WORDS),
            str(figures.lost_words),
            figures.lost_words <= MAX_REPLIES_THAT_LOSE_WORDS,
        ),
    )


def rules_misses(reply: LabelledReply, outcome: RulesOutcome) -> list[Miss]:
    """Lists the differences between the certain rules and the labels. A reply left to a model is no miss."""
    expect, said = reply.expect, f"{outcome.rule}: {outcome.evidence}" if outcome.rule else reply.note or ""
    misses: list[Miss] = []
    if outcome.suppress and not expect.suppress:
        misses.append(Miss(reply.id, "suppression", "no", "suppressed", said))
    if expect.suppress and expect.certain and not (outcome.suppress or outcome.hold):
        misses.append(Miss(reply.id, "suppression", "suppressed", "no", said))
    if outcome.is_auto_reply and not expect.is_auto_reply:
        misses.append(Miss(reply.id, "automatic", "no", "automatic", said))
    if expect.is_auto_reply and expect.certain and not outcome.is_auto_reply:
        misses.append(Miss(reply.id, "automatic", "automatic", "no", said))
    if not is_clean(reply, outcome.clean_text):
        misses.append(Miss(reply.id, "clean text", expect.clean_text, outcome.clean_text, reply.note or ""))
    misses += [
        Miss(reply.id, "clean text", words, "lost", reply.note or "") for words in lost_words(reply, outcome.clean_text)
    ]
    misses += [
        Miss(reply.id, "clean text", "gone", words, reply.note or "")
        for words in foreign_words(reply, outcome.clean_text)
    ]
    if outcome.tag is not None and outcome.tag not in expect.tags:
        misses.append(Miss(reply.id, "rule tag", expect.tag.value, outcome.tag.value, said))
    if outcome.return_date not in (expect.return_dates or {None}):
        misses.append(Miss(reply.id, "return date", str(expect.return_date), str(outcome.return_date), said))
    return misses


def full_misses(reply: LabelledReply, outcome: FullOutcome) -> list[Miss]:
    """Lists the differences between the outcomes with the model's help and the labels."""
    if outcome.tag is None:
        return [Miss(reply.id, "model", reply.expect.tag.value, "no result", outcome.error or "")]
    misses: list[Miss] = []
    if outcome.tag not in reply.expect.tags:
        misses.append(Miss(reply.id, "tag", reply.expect.tag.value, outcome.tag.value, outcome.why))
    elif outcome.draft not in reply.expect.drafts:
        misses.append(Miss(reply.id, "draft", str(reply.expect.draft), str(outcome.draft), outcome.why))
    return misses


def _detection(cases: Iterable[tuple[LabelledReply, bool, bool]]) -> Detection:
    found = found_certain = missed = false = 0
    for reply, expected, got in cases:
        found += expected and got
        found_certain += expected and got and reply.expect.certain
        missed += expected and not got and reply.expect.certain
        false += got and not expected
    return Detection(found, found_certain, missed, false)


def _tag_figures(tag: Tag, confusion: Mapping[tuple[Tag, Tag], int]) -> TagFigures:
    right = confusion.get((tag, tag), 0)
    expected = sum(count for (wanted, _), count in confusion.items() if wanted is tag)
    given = sum(count for (_, got), count in confusion.items() if got is tag)
    return TagFigures(tag, expected, precision=Ratio(right, given), recall=Ratio(right, expected))


def _least(name: str, ratio: Ratio, least: float) -> Gate:
    got = "–" if ratio.value is None else f"{ratio.value:.3f}"
    return Gate(name, f"≥ {least:.2f}", got, ratio.reaches(least))
