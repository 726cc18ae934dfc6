"""The choice of a workspace's texts for one reply: all of them, or where they are too many, those that fit it best."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from shared.domain.workspace_settings import KnowledgeText

BUDGET_CHARS: Final = 24_000  # about 6,000 tokens
PART_CHARS: Final = 4_000  # of a long text, which is chosen by its parts
STEMS: Final = (4, 7)  # "prices" and "pricing" share the short one; a word that shares the long one says more

_WORD: Final = re.compile(r"[^\W\d_]{3,}|\d{2,}")


def fitting_knowledge(
    texts: Sequence[KnowledgeText], wanted: str, *, budget: int = BUDGET_CHARS
) -> tuple[KnowledgeText, ...]:
    """Chooses the texts that a model is shown, in their own order.

    All of them if they fit into ``budget`` characters; else those that share the rarest words with ``wanted`` (the
    reply and what it answers), the best first, as long as there is room. A long text is chosen by its parts.
    """
    if sum(len(one.text) for one in texts) <= budget:
        return tuple(texts)
    parts = [part for one in texts for part in _parts(one, min(PART_CHARS, budget))]
    words = [Counter(_stems(f"{one.name} {one.text}")) for one in parts]
    fit = _fit(words, set(_stems(wanted)))
    chosen: set[int] = set()
    left = budget
    for index in sorted(range(len(parts)), key=lambda index: (-fit[index], index)):
        if len(parts[index].text) <= left:
            chosen.add(index)
            left -= len(parts[index].text)
    return tuple(one for index, one in enumerate(parts) if index in chosen)


def _fit(words: Sequence[Counter[str]], asked: set[str]) -> list[float]:
    """Weighs the asked words of each text: a word that stands in few texts says more."""
    texts_with = Counter(word for counts in words for word in asked & counts.keys())
    weight = {word: math.log(1 + len(words) / count) for word, count in texts_with.items()}
    return [sum(weight[word] * min(counts[word], 3) for word in weight.keys() & counts.keys()) for counts in words]


def _parts(text: KnowledgeText, longest: int) -> Iterator[KnowledgeText]:
    """Yields a text that is short enough as it is, and a longer one cut between its paragraphs."""
    if len(text.text) <= longest:
        yield text
        return
    part = ""
    for paragraph in text.text.split("\n\n"):
        for start in range(0, len(paragraph), longest):
            piece = paragraph[start : start + longest]
            if part and len(part) + len(piece) + 2 > longest:
                yield KnowledgeText(text.name, part)
                part = ""
            part = f"{part}\n\n{piece}" if part else piece
    if part:
        yield KnowledgeText(text.name, part)


def _stems(text: str) -> list[str]:
    return [word[:length] for word in _WORD.findall(text.casefold()) for length in STEMS]
