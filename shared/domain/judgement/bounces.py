"""Recognizes non-delivery reports by the tables of bounce_rules."""

from __future__ import annotations

from shared.domain.judgement.automatic_replies import is_engaged
from shared.domain.judgement.bounce_rules import (
    BOUNCE_BODY_RULES,
    BOUNCE_SUBJECT_RULES,
    RETURNED_MESSAGE,
    SERVER_SPEAKS,
    TOLD_BY_A_PERSON,
    TRANSIENT_RULES,
)
from shared.domain.judgement.rule_matching import Found, RuleMatch, compiled, first_found, matched


def read_report(
    text: str, folded: str, subject: str, folded_subject: str, *, from_server: bool
) -> tuple[RuleMatch | None, RuleMatch | None]:
    """Returns the report that suppresses, and the automatic reply that every report is."""
    by_subject = first_found(BOUNCE_SUBJECT_RULES, folded_subject)
    by_body = first_found(BOUNCE_BODY_RULES, folded)
    transient = first_found(TRANSIENT_RULES, folded)
    says_delay = folded_subject.startswith(_DELAY_SUBJECTS)
    evidence = matched(text, by_body) or matched(subject, by_subject)
    if evidence is None:
        is_warning = transient is not None and (from_server or says_delay)
        return None, matched(text, transient) if is_warning else None
    if by_subject is None and not from_server and not says_delay and _is_told_by_a_person(folded, by_body):
        return None, None
    return (None if transient is not None else evidence), evidence


def _is_told_by_a_person(folded: str, by_body: Found | None) -> bool:
    """Whether a report that neither its sender nor its subject proves is a person's account of one."""
    if by_body is not None and folded[: by_body.start].endswith(('"', "'")):
        return True
    end = compiled(RETURNED_MESSAGE).search(folded, by_body.end if by_body is not None else 0)
    said = compiled(SERVER_SPEAKS).sub(" ", folded[: end.start()] if end is not None else folded)
    return is_engaged(said) or compiled(TOLD_BY_A_PERSON).search(said) is not None


_DELAY_SUBJECTS = ("delivery status notification (delay)", "delivery delayed", "warning: message", "zustellung verz")
