"""Rules written as a list of phrases, each in the notation of rule_matching."""

from __future__ import annotations

from shared.domain.judgement.rule_matching import Rule, Where

_LOOKS_AROUND = ("(?=", "(?!", "(?<")


def phrase_rule(rule_id: str, language: str, why: str, *phrases: str, where: Where = Where.ANYWHERE) -> Rule:
    """Builds a rule that matches any of the phrases; its hints are words of the phrases themselves."""
    hints: set[str] = set()
    for phrase in phrases:
        words, _ = _alternatives(phrase, 0)
        if not words:
            raise ValueError(f"{rule_id}: no word stands in every text that this phrase matches: {phrase}")
        hints |= words
    return Rule(rule_id, language, f"(?:{'|'.join(phrases)})", why, tuple(sorted(hints)), where)


def _alternatives(pattern: str, position: int) -> tuple[set[str], int]:
    """Reads up to the end of a group; returns words of which one stands in every match, and the end.

    No words: some alternative has none.
    """
    words, position = _sequence(pattern, position)
    while pattern.startswith("|", position):
        more, position = _sequence(pattern, position + 1)
        words = words | more if words and more else set()
    return words, position


def _sequence(pattern: str, position: int) -> tuple[set[str], int]:
    """Reads one alternative; of all its parts the one with the longest words is returned."""
    parts: list[set[str]] = []
    run = ""
    while position < len(pattern) and pattern[position] not in "|)":
        part: set[str] | None = None
        char = pattern[position]
        if char == "(":
            is_group = not pattern.startswith(_LOOKS_AROUND, position)
            inner, end = _alternatives(pattern, pattern.find(":", position) + 1 if is_group else position + 3)
            part, position = inner if is_group else set(), end + 1
        elif char == "[":
            part, position = set(), pattern.index("]", position + 2) + 1
        elif char in ". ^$" or (char == "\\" and pattern[position + 1].isalnum()):
            part, position = set(), position + (2 if char == "\\" else 1)
        else:
            position += 2 if char == "\\" else 1
            char = pattern[position - 1]
        is_optional = pattern.startswith(("?", "*", "{0,"), position)
        is_repeated = is_optional or pattern.startswith(("+", "{"), position)
        if is_repeated:
            position = pattern.index("}", position) + 1 if pattern[position] == "{" else position + 1
        if part is None and not is_optional:
            run += char
        if part is not None or is_repeated:
            parts += [{run}, set() if is_optional or part is None else part]
            run = ""
    parts.append({run})
    best = max(parts, key=lambda words: min(map(len, words), default=0))
    return (best if all(best) else set()), position
