"""Handles a provider's report of a message that it had only queued: it was delivered, or it never will be."""

from __future__ import annotations

from dataclasses import replace

from shared.db.locks import lock_lead
from shared.db.outbound_sends import settle_as_failed
from shared.db.recorded_sends import SentAs, settle_as_sent
from shared.db.unsettled_sends import ReportedSend, find_reported_send
from shared.db.webhook_events import record_event
from shared.domain.events import Delivered, DeliveryFailed
from shared.domain.vocabulary import EventOutcome, OutboundSendStatus, SettledBy
from shared.pipelines.intake.case import Case, Handled
from shared.pipelines.intake.delivery import Receipt, ReceiptStatus
from shared.providers.message_ids import message_key

UNKNOWN_SEND = "unknown_send"
CONTRADICTED = "send_settled_otherwise"


def handle_report(case: Case, report: Delivered | DeliveryFailed) -> Handled:
    """Settles the queued send that a report is about.

    A report of a message that no send bears is kept, to be replayed: it may be faster than the response to our request.
    What a person or another event has settled differently stays as it is.
    """
    send = _locked_send(case, report)
    if send is None:
        return _ignore(case, UNKNOWN_SEND)
    ends_as = OutboundSendStatus.SENT if isinstance(report, Delivered) else OutboundSendStatus.FAILED
    if send.status == OutboundSendStatus.QUEUED:
        if not _settle(case, report, send):
            return case.quarantine("message_id_taken")
        return _keep(case, send, EventOutcome.ACCEPTED, ReceiptStatus.ACCEPTED)
    if send.status == ends_as:
        return _keep(case, send, EventOutcome.DUPLICATE, ReceiptStatus.DUPLICATE)
    return _ignore(case, CONTRADICTED)


def _locked_send(case: Case, report: Delivered | DeliveryFailed) -> ReportedSend | None:
    """Finds the send under its lead's lock; read again behind it, since another report may have settled it meanwhile.

    An account counts only where the report names one: else it is no more than the client's first.
    """
    account_id = None if report.header.external_account is None else case.context.account_id
    for locked in (False, True):
        send = find_reported_send(
            case.connection, case.client_id, case.delivery.provider, account_id, report.message_id
        )
        if send is None or locked:
            return send
        if lock_lead(case.connection, send.lead_id) is None:
            return None  # it was erased meanwhile
    return None


def _settle(case: Case, report: Delivered | DeliveryFailed, send: ReportedSend) -> bool:
    if isinstance(report, DeliveryFailed):
        return settle_as_failed(case.connection, send.draft_id, error_code=report.code, error=report.reason)
    sent = SentAs(
        report.message_id,
        send.thread_id,
        send.mailbox,
        sent_at=case.effective_at,
        reply_key=message_key(send.account, send.thread_id, report.message_id),
    )
    return settle_as_sent(case.connection, case.client_id, send.lead_id, send.draft_id, sent, SettledBy.EVENT)


def _keep(case: Case, send: ReportedSend, outcome: EventOutcome, status: ReceiptStatus) -> Handled:
    record_event(case.connection, replace(case.record(), lead_id=send.lead_id), outcome)
    return Handled(Receipt(status))


def _ignore(case: Case, reason: str) -> Handled:
    case.keep(EventOutcome.IGNORED, reason)
    return Handled(Receipt(ReceiptStatus.IGNORED, reason=reason))
