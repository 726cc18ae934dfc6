"""Recognizes automatic replies: absence notices, acknowledgements, challenges, notices that somebody has left."""

from __future__ import annotations

import re
from collections.abc import Iterable

from shared.domain.judgement.absence_rules import (
    ABSENCE_WORD_RULES,
    AWAY_RULES,
    CONTRAST,
    END_OF_ABSENCE,
    FORMULA_RULES,
    THANKS,
)
from shared.domain.judgement.automatic_reply_rules import (
    ABSENCE_SUBJECT_RULES,
    AUTOMATIC_BODY_RULES,
    AUTOMATIC_SUBJECT_RULES,
    DOUBT_BEFORE,
)
from shared.domain.judgement.engagement import greets_somebody, is_engaged, reacts, speaks_of_himself
from shared.domain.judgement.notice_rules import (
    ACKNOWLEDGEMENT_RULES,
    LEFT_RULES,
    REDIRECTION,
    SLOW_RULES,
    WAITING,
)
from shared.domain.judgement.rule_matching import (
    Found,
    Rule,
    RuleMatch,
    compiled,
    find,
    first_found,
    matched,
    sentence_around,
    sentences,
)
from shared.domain.judgement.subject_markers import find_marker
from shared.domain.text.calendar_words import MONTH_NAMES
from shared.domain.text.signature_lines import is_sign_off

_MAX_SHORT_NOTICE_CHARS = 320
_MAX_NOTICE_CHARS = 800
_MAX_GREETING_WORDS = 2
# Mail programs write these by themselves; what a help desk puts into a subject stays there when its people answer.
_MAIL_PROGRAM = ("automatic.", "absence.")

_MONTHS = "|".join(
    re.escape(word.replace("*", "")) for months in MONTH_NAMES.values() for words in months for word in words
)
_DAY_BEFORE_MONTH = rf"(?<=\d)\. (?=(?:{_MONTHS}))"  # "4. Dezember" ends no sentence


def read_absence(text: str, folded: str, subject: str, folded_subject: str) -> RuleMatch | None:
    """Returns the words by which a reply is an absence notice that a machine sent."""
    by_subject = _marker(ABSENCE_SUBJECT_RULES, folded, folded_subject)
    if by_subject is not None:
        return matched(subject, by_subject)
    away = first_found(AWAY_RULES, folded)
    by_machine = _marker(AUTOMATIC_SUBJECT_RULES, folded, folded_subject)
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


def read_automatic(text: str, folded: str, subject: str, folded_subject: str) -> RuleMatch | None:
    """Returns the words by which a reply is an acknowledgement, a challenge or another automatic message."""
    by_subject = _marker(AUTOMATIC_SUBJECT_RULES, folded, folded_subject)
    if by_subject is not None:
        return matched(subject, by_subject)
    return matched(text, _says_automatic(folded) or _notice(folded))


def _marker(rules: Iterable[Rule], folded: str, folded_subject: str) -> Found | None:
    """Returns a marker in the subject that decides, given the body.

    "Automatic reply: quick question" decides by itself. Behind "Re:" a person may answer it, and a help desk's subject
    stays when its people answer: there a body that asks, proposes or reacts is a person's.
    """
    marker = find_marker(rules, folded_subject)
    if marker is None:
        return None
    by_program = marker.found.rule.id.startswith(_MAIL_PROGRAM)
    if marker.is_reply:
        repeats_ours = by_program and folded_subject[marker.found.end :].lstrip().startswith(":")
        return None if not repeats_ours or is_engaged(folded) or reacts(folded) else marker.found
    if not by_program and is_engaged(folded):
        return None
    return marker.found


def _is_bare_notice(folded: str) -> bool:
    """Returns whether a short message says when an absence ends, and nothing besides absence, greeting and thanks."""
    if len(folded) > _MAX_SHORT_NOTICE_CHARS or compiled(END_OF_ABSENCE).search(folded) is None:
        return False
    if compiled(CONTRAST).search(folded):
        return False
    body = compiled(_DAY_BEFORE_MONTH).sub(" ", _without_closing(folded))
    said = [sentence for sentence in sentences(body) if len(sentence.split()) > _MAX_GREETING_WORDS]
    return all(
        first_found(AWAY_RULES, sentence) is not None
        or compiled(END_OF_ABSENCE).search(sentence) is not None
        or compiled(THANKS).search(sentence) is not None
        for sentence in said
    )


def _without_closing(folded: str) -> str:
    """Returns the message up to its closing ("Kind regards,\\nStefan"), if it has one behind the first line."""
    lines = folded.split("\n")
    for index, line in enumerate(lines):
        if index > 0 and is_sign_off(line):
            return "\n".join(lines[:index])
    return folded


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
            if rule.id.startswith("ticket.") and _has_a_voice(folded):
                continue
            return Found(rule, start, end)
    return None


def _has_a_voice(folded: str) -> bool:
    """Returns whether an acknowledgement goes on as only a person does: with "I", or with a "but"."""
    return speaks_of_himself(folded) or compiled(CONTRAST).search(folded) is not None


def _notice(folded: str) -> Found | None:
    """Returns a notice that only its parts together prove, unless somebody in particular speaks or is addressed."""
    if len(folded) > _MAX_NOTICE_CHARS:
        return None
    left = first_found(LEFT_RULES, folded)
    slow = first_found(SLOW_RULES, folded)
    acknowledged = first_found(ACKNOWLEDGEMENT_RULES, folded)
    is_left = left is not None and compiled(REDIRECTION).search(folded) and not speaks_of_himself(folded)
    is_slow = slow is not None and compiled(WAITING).search(folded)
    is_receipt = acknowledged is not None and compiled(THANKS).search(folded) and not speaks_of_himself(folded)
    found = (is_left and left) or (is_slow and slow) or (is_receipt and acknowledged) or None
    return None if found is None or greets_somebody(folded) or is_engaged(folded) else found
