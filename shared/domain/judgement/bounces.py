"""Recognizes delivery reports by the tables of bounce_rules, and weighs the causes that they name."""

from __future__ import annotations

from shared.domain.judgement.bounce_rules import (
    COMPLAINT_RULES,
    COPY_OF_OUR_MESSAGE,
    DEAD_STATUS_RULES,
    DEAD_WORD_RULES,
    HARMLESS_RULES,
    NO_COMPLAINT,
    OPENS_A_QUOTATION,
    REFUSAL_RULES,
    REPORT_BODY_RULES,
    REPORT_SUBJECT_RULES,
    RETURNED_MESSAGE,
    SERVER_SPEAKS,
    SUCCESS_BODY_RULES,
    SUCCESS_SUBJECT_RULES,
    TOLD_BY_A_PERSON,
)
from shared.domain.judgement.engagement import is_engaged
from shared.domain.judgement.rule_matching import (
    Found,
    RuleMatch,
    compiled,
    first_found,
    matched,
    sentences,
)
from shared.domain.judgement.subject_markers import find_marker

_OPENING_SENTENCES = 2


def read_complaint(text: str, folded: str) -> RuleMatch | None:
    """Returns the words by which a mailbox provider reports that its user marked our message as spam."""
    found = first_found(COMPLAINT_RULES, folded)
    return None if found is None or compiled(NO_COMPLAINT).search(folded) else matched(text, found)


def read_report(
    text: str, folded: str, subject: str, folded_subject: str, *, from_server: bool
) -> tuple[RuleMatch | None, RuleMatch | None]:
    """Returns the report that suppresses, and the automatic reply that every report is.

    The cause decides, and the body alone names it: a subject says only that a mail server wrote.
    """
    copy = compiled(COPY_OF_OUR_MESSAGE).search(folded)
    said = folded if copy is None else folded[: copy.start()]
    succeeded = first_found(SUCCESS_BODY_RULES, said)
    by_body = succeeded or first_found(REPORT_BODY_RULES, said)
    marker = find_marker((*SUCCESS_SUBJECT_RULES, *REPORT_SUBJECT_RULES), folded_subject)
    by_subject = None if marker is None or marker.is_reply else marker.found
    has_sender = from_server or folded_subject.startswith(_DELAY_SUBJECTS)
    if by_body is None and by_subject is None and not has_sender:
        return None, None
    harmless = first_found(HARMLESS_RULES, said)
    dead = first_found(DEAD_WORD_RULES, said)
    if by_subject is not None:  # below such a subject a cause alone is a server's words
        by_body = by_body or harmless or dead
    if not has_sender and _is_told_by_a_person(folded, by_body, has_subject=by_subject is not None):
        return None, None
    machine = matched(text, by_body) or matched(subject, by_subject) or matched(text, harmless)
    if succeeded is not None or harmless is not None:
        return None, machine
    if dead is None and first_found(REFUSAL_RULES, said) is None:
        dead = first_found(DEAD_STATUS_RULES, said)
    bounce = matched(text, dead)
    return bounce, bounce or machine


def _is_told_by_a_person(folded: str, by_body: Found | None, *, has_subject: bool) -> bool:
    """Returns whether a report that its sender does not prove is a person's account of one.

    Below a report's own subject a server's words are expected: there only an opening in the first person counts.
    """
    if by_body is not None and compiled(OPENS_A_QUOTATION).search(folded[: by_body.start]):
        return True
    end = compiled(RETURNED_MESSAGE).search(folded, by_body.end if by_body is not None else 0)
    said = compiled(SERVER_SPEAKS).sub(" ", folded[: end.start()] if end is not None else folded)
    if has_subject and by_body is not None:
        said = " ".join(sentences(said)[:_OPENING_SENTENCES])
        return compiled(TOLD_BY_A_PERSON).search(said) is not None
    return is_engaged(said) or compiled(TOLD_BY_A_PERSON).search(said) is not None


_DELAY_SUBJECTS = ("delivery status notification (delay)", "delivery delayed", "warning: message", "zustellung verz")
