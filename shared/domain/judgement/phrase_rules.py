"""Rules written as a list of phrases, each in the notation of rule_matching."""

from __future__ import annotations

from shared.domain.judgement.rule_matching import Rule, Where

_ENDS_A_RUN = frozenset(" .^$+[(\\")
_MAKES_OPTIONAL = frozenset("?*{")


def phrase_rule(rule_id: str, language: str, why: str, *phrases: str, where: Where = Where.ANYWHERE) -> Rule:
    """Builds a rule that matches any of the phrases; its hints are the longest literal words of each."""
    hints = tuple(dict.fromkeys(_longest_literal(phrase) for phrase in phrases))
    return Rule(rule_id, language, f"(?:{'|'.join(phrases)})", why, hints, where)


def _longest_literal(phrase: str) -> str:
    """Returns the longest run of characters that stands in every text that the phrase matches."""
    longest = run = ""
    depth = position = 0
    while position < len(phrase):
        char = phrase[position]
        if char in _MAKES_OPTIONAL:
            longest, run = max(longest, run[:-1], key=len), ""
            if char == "{":
                position = phrase.index("}", position)
        elif char in _ENDS_A_RUN or depth:
            longest, run = max(longest, run, key=len), ""
            depth += char == "("
            depth -= char == ")"
            if char == "\\":
                position += 1
            elif char == "[":
                position = phrase.index("]", position + 2)
        elif char == "|":
            raise ValueError(f"an alternative of its own, please: {phrase!r}")
        else:
            run += char
        position += 1
    return max(longest, run, key=len)
