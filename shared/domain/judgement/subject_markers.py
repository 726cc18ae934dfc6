"""Finds the markers of machines at the beginning of a subject, also behind a gateway's tag or a reply's prefix."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shared.domain.judgement.rule_matching import Found, Rule, compiled, first_found

_MAX_PREFIXES = 6
# "[EXTERNAL]", "***SPAM***", "CAUTION: External -", "[Ticket #48213]"
_TAG = (
    r"(?:\[[^\]\n]{1,40}\]|\([^)\n]{1,30}\)|\{[^}\n]{1,30}\}|\*{1,5}[^*\n]{1,30}\*{1,5}"
    r"|(?:caution ?[:!-] ?)?(?:external|externe?|externo|esterno|zewnętrzne|ext|suspected spam|spam|bulk|caution)"
    r"(?: (?:e-?mail|sender|message))?(?= ?[:|!-]))[ :|!-]{0,4}"
)
_REPLY_PREFIX = (
    r"(?:re|r|ref|rif|aw|antw|antwort|sv|vs|vá|odp|res|rv|tr|fw|fwd|wg|ynt|yan|bls|απ|σχετ|отв|відп|回复|回覆|答复|答覆|返信|답장|회신)"
    r"(?:\[\d{1,2}\])? ?: ?"
)


@dataclass(frozen=True, slots=True)
class Marker:
    """A machine's words in a subject. is_reply: "Re:" or the like stands before them, so somebody may have answered."""

    found: Found
    is_reply: bool


def find_marker(rules: Iterable[Rule], folded_subject: str) -> Marker | None:
    """Returns the first of these subject rules that matches behind any tags and prefixes."""
    rules = tuple(rules)
    position, is_reply = 0, False
    for _ in range(_MAX_PREFIXES):
        found = first_found(rules, folded_subject[position:])
        if found is not None:
            return Marker(Found(found.rule, position + found.start, position + found.end), is_reply)
        prefix = compiled(_TAG).match(folded_subject, position)
        if prefix is None:
            prefix = compiled(_REPLY_PREFIX).match(folded_subject, position)
            is_reply = True
        if prefix is None:
            return None
        position = prefix.end()
    return None
