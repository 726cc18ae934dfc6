"""Opt-outs over everything that is labelled: the corpus, the given cases and the rounds of paraphrases.

``rounds`` holds one file per language and round, written without sight of the rules, and ``cases.jsonl``. A line says
what kind of reply it is and nothing else; README.md there has the figures at first sight.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals.corpus import CorpusError, LabelledReply
from evals.figures import Gate, Ratio
from evals.judging import RulesOutcome, judge_words
from shared.domain.vocabulary import Channel, Tag

ROUNDS = Path(__file__).with_name("rounds")

MAX_FALSE_SUPPRESSIONS = 0
MIN_CERTAIN = 0.75
MIN_CAUGHT = 0.98  # suppressed or held: no plain opt-out may pass both
MAX_HELD = {"ordinary": 0.05, "automatic": 0.08, "near_miss": 0.50}


class Kind(StrEnum):
    """The kind of a reply, as far as opt-outs are concerned."""

    OPT_OUT = "opt_out"
    NEAR_MISS = "near_miss"
    ORDINARY = "ordinary"
    AUTOMATIC = "automatic"


class Paraphrase(BaseModel):
    """One line of a round."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    channel: Channel = Channel.EMAIL
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")]
    kind: Kind
    subject: str
    text: str
    html: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class OptOutFigures:
    """How many replies of each kind were suppressed, held, or neither."""

    suppressed: Mapping[Kind, int]
    held: Mapping[Kind, int]
    replies: Mapping[Kind, int]

    @property
    def false_suppressions(self) -> int:
        return sum(count for kind, count in self.suppressed.items() if kind is not Kind.OPT_OUT)

    @property
    def certain(self) -> Ratio:
        return Ratio(self.suppressed.get(Kind.OPT_OUT, 0), self.replies.get(Kind.OPT_OUT, 0))

    @property
    def caught(self) -> Ratio:
        caught = self.suppressed.get(Kind.OPT_OUT, 0) + self.held.get(Kind.OPT_OUT, 0)
        return Ratio(caught, self.replies.get(Kind.OPT_OUT, 0))

    def held_of(self, kind: Kind) -> Ratio:
        """Returns the share of a kind that is held."""
        return Ratio(self.held.get(kind, 0), self.replies.get(kind, 0))


def load_rounds() -> dict[str, list[Paraphrase]]:
    """Reads the rounds by the name of their file, as "de-1". Raises CorpusError for a malformed line."""
    return {path.stem: list(_read(path)) for path in sorted(ROUNDS.glob("*.jsonl"))}


def _read(path: Path) -> Iterator[Paraphrase]:
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if line.strip():
            try:
                yield Paraphrase.model_validate_json(line)
            except ValidationError as failure:
                raise CorpusError(f"{path.name}, line {number}: {failure.errors()[0]['msg']}") from None


def judge_paraphrase(written: Paraphrase) -> RulesOutcome:
    """Applies the certain rules to a line of a round."""
    return judge_words(written.subject, written.text or None, written.html, written.channel)


def kind_of(reply: LabelledReply) -> Kind | None:
    """Returns the kind of a reply of the corpus; None for a delivery failure, which is no matter of opt-outs."""
    if reply.expect.is_auto_reply:
        return None if reply.expect.suppress else Kind.AUTOMATIC
    if reply.expect.suppress:
        return Kind.OPT_OUT if reply.expect.tag is Tag.BLACKLIST and reply.group != "bounce" else None
    return Kind.NEAR_MISS if reply.group == "near-miss" else Kind.ORDINARY


def figures(judged: Iterable[tuple[Kind | None, RulesOutcome]]) -> OptOutFigures:
    """Counts the outcomes by kind."""
    pairs = [(kind, outcome) for kind, outcome in judged if kind is not None]
    return OptOutFigures(
        suppressed=Counter(kind for kind, outcome in pairs if outcome.suppress),
        held=Counter(kind for kind, outcome in pairs if outcome.hold),
        replies=Counter(kind for kind, _ in pairs),
    )


def over_everything(replies: Sequence[LabelledReply], outcomes: Sequence[RulesOutcome]) -> dict[str, OptOutFigures]:
    """Returns the figures of the corpus, of each round over its languages, of the cases, and of all together."""
    parts: dict[str, list[tuple[Kind | None, RulesOutcome]]] = {
        "corpus": [(kind_of(reply), outcome) for reply, outcome in zip(replies, outcomes, strict=True)]
    }
    for name, written in load_rounds().items():
        part = f"round {name.rpartition('-')[2]}" if "-" in name else name
        parts.setdefault(part, []).extend((line.kind, judge_paraphrase(line)) for line in written)
    everything = [pair for pairs in parts.values() for pair in pairs]
    return {name: figures(pairs) for name, pairs in sorted(parts.items())} | {"all": figures(everything)}


def gates(found: OptOutFigures) -> tuple[Gate, ...]:
    """Returns the conditions on opt-outs over everything together."""
    return (
        Gate(
            "false suppressions, with the rounds",
            str(MAX_FALSE_SUPPRESSIONS),
            str(found.false_suppressions),
            found.false_suppressions <= MAX_FALSE_SUPPRESSIONS,
        ),
        _least("opt-outs suppressed", found.certain, MIN_CERTAIN),
        _least("opt-outs suppressed or held", found.caught, MIN_CAUGHT),
        *(_most(f"{kind} held", found.held_of(Kind(kind)), most) for kind, most in MAX_HELD.items()),
    )


def _least(name: str, ratio: Ratio, least: float) -> Gate:
    return Gate(name, f"≥ {least:.2f}", _share(ratio), ratio.reaches(least))


def _most(name: str, ratio: Ratio, most: float) -> Gate:
    return Gate(name, f"≤ {most:.2f}", _share(ratio), ratio.value is not None and ratio.value <= most)


def _share(ratio: Ratio) -> str:
    return "–" if ratio.value is None else f"{ratio.value:.3f}"
