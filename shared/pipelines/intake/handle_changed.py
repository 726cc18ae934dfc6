"""Handles what a lead does to a message of theirs afterwards: they change it, or take it back."""

from __future__ import annotations

from shared.db.changed_messages import revise_message, take_back_message
from shared.db.webhook_events import SETTLED, record_event
from shared.domain.events import Edited
from shared.domain.vocabulary import EventOutcome, LeadId, MessageId
from shared.pipelines.intake.case import Case, Handled
from shared.pipelines.intake.delivery import Receipt, ReceiptStatus
from shared.pipelines.intake.handle_reply import apply_judgement, handle_reply, lock_known, reply_record

UNKNOWN_MESSAGE = "unknown_message"


def handle_edited(case: Case, edited: Edited) -> Handled:
    """Gives the message its new words, whose certain opt-out counts like any; judged anew while nothing was sent.

    Of a message that we do not have yet, the change is the first that we hear: it is the reply.
    """
    known = _known(case)
    if known is None:
        return _ignore(case) if case.context.message is not None else handle_reply(case, edited.reply)
    lead_id, message_id = known
    record = reply_record(case, edited.reply, lock_known(case, lead_id), means_meeting=False)
    if not _keep(case, message_id):
        return Handled(Receipt(ReceiptStatus.DUPLICATE, message_id=message_id))
    is_news = revise_message(case.connection, message_id, record)
    jobs = apply_judgement(case, lead_id, message_id) if is_news else ()
    return Handled(Receipt(ReceiptStatus.ACCEPTED, message_id=message_id), jobs)


def handle_deleted(case: Case) -> Handled:
    """Marks the message as taken back: it stays, and is not answered. One that we do not have yet is kept."""
    known = _known(case)
    if known is None:
        return _ignore(case)
    lead_id, message_id = known
    lock_known(case, lead_id)
    if not _keep(case, message_id):
        return Handled(Receipt(ReceiptStatus.DUPLICATE, message_id=message_id))
    take_back_message(case.connection, message_id)
    return Handled(Receipt(ReceiptStatus.ACCEPTED, message_id=message_id))


def _known(case: Case) -> tuple[LeadId, MessageId] | None:
    """Returns the reply that the event is about, with its lead; None if there is none, or it is a message of ours."""
    if case.known_reply is None or case.context.message is None:
        return None
    return case.known_reply, case.context.message.id


def _keep(case: Case, message_id: MessageId) -> bool:
    before = record_event(case.connection, case.record(), EventOutcome.ACCEPTED, message_id=message_id)
    return before not in SETTLED


def _ignore(case: Case) -> Handled:
    case.keep(EventOutcome.IGNORED, UNKNOWN_MESSAGE)
    return Handled(Receipt(ReceiptStatus.IGNORED, reason=UNKNOWN_MESSAGE))
