"""Recognizes automatic replies by the tables of automatic_reply_rules."""

from __future__ import annotations

from shared.domain.judgement.automatic_reply_rules import (
    ABSENCE_SUBJECT_RULES,
    ABSENCE_WORD_RULES,
    AUTOMATIC_BODY_RULES,
    AUTOMATIC_SUBJECT_RULES,
    AWAY_RULES,
    BOILERPLATE_SENTENCE,
    CONTRAST,
    DOUBT_BEFORE,
    END_OF_ABSENCE,
    ENGAGEMENT,
    FORMULA_RULES,
    THANKS,
)
from shared.domain.judgement.rule_matching import (
    Found,
    RuleMatch,
    compiled,
    evidence,
    find,
    first_found,
    matched,
    sentence_around,
    sentences,
)
from shared.domain.text.signatures import is_sign_off

_MAX_SHORT_NOTICE_CHARS = 320
_MAX_GREETING_WORDS = 2


def read_absence(text: str, folded: str, subject: str, folded_subject: str) -> RuleMatch | None:
    """Returns the words by which a reply is an absence notice that a machine sent."""
    by_subject = first_found(ABSENCE_SUBJECT_RULES, folded_subject)
    if by_subject is not None:
        return evidence(subject, by_subject.rule, by_subject.start, by_subject.end)
    away = first_found(AWAY_RULES, folded)
    by_machine = first_found(AUTOMATIC_SUBJECT_RULES, folded_subject)
    if away is None and by_machine is not None and by_machine.rule.id.startswith("automatic."):
        away = first_found(ABSENCE_WORD_RULES, folded)
    if away is None:
        return None
    if by_machine is not None or _says_automatic(folded) is not None:
        return matched(text, away)
    if is_engaged(folded):
        return None
    is_notice = first_found(FORMULA_RULES, folded) is not None or _is_bare_notice(folded)
    return matched(text, away) if is_notice else None


def _is_bare_notice(folded: str) -> bool:
    """Whether a short message says when an absence ends, and nothing besides absence, greeting and thanks."""
    if len(folded) > _MAX_SHORT_NOTICE_CHARS or compiled(END_OF_ABSENCE).search(folded) is None:
        return False
    if compiled(CONTRAST).search(folded):
        return False
    said = [sentence for sentence in sentences(_without_closing(folded)) if len(sentence.split()) > _MAX_GREETING_WORDS]
    return all(
        first_found(AWAY_RULES, sentence) is not None
        or compiled(END_OF_ABSENCE).search(sentence) is not None
        or compiled(THANKS).search(sentence) is not None
        for sentence in said
    )


def _without_closing(folded: str) -> str:
    """The message up to its closing ("Kind regards,\\nStefan"), if it has one behind the first line."""
    lines = folded.split("\n")
    for index, line in enumerate(lines):
        if index > 0 and is_sign_off(line):
            return "\n".join(lines[:index])
    return folded


def read_automatic(text: str, folded: str, subject: str, folded_subject: str) -> RuleMatch | None:
    """Returns the words by which a reply is an acknowledgement, a challenge or another automatic message."""
    by_subject = first_found(AUTOMATIC_SUBJECT_RULES, folded_subject)
    if by_subject is not None:
        return evidence(subject, by_subject.rule, by_subject.start, by_subject.end)
    return matched(text, _says_automatic(folded))


def _says_automatic(folded: str) -> Found | None:
    for rule in AUTOMATIC_BODY_RULES:
        for match in find(rule, folded):
            start, end = match.span()
            if compiled(DOUBT_BEFORE).search(folded[max(0, start - 60) : start]):
                continue
            begin, sentence_end = sentence_around(folded, start, end)
            if folded[begin:sentence_end].rstrip().endswith(("?", "？")):
                continue
            if not rule.id.startswith("automatic.") and is_engaged(folded):
                continue
            return Found(rule, start, end)
    return None


def is_engaged(folded: str) -> bool:
    """Returns whether somebody asks, proposes or judges our offer; conditional sentences of a notice do not count."""
    engagement = compiled(ENGAGEMENT)
    boilerplate = compiled(BOILERPLATE_SENTENCE)
    return any(engagement.search(sentence) and not boilerplate.search(sentence) for sentence in sentences(folded))
