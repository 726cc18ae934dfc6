"""Handles messages of ours that have left: a draft of ours, a step of a sequence, or what a person wrote elsewhere."""

from __future__ import annotations

from dataclasses import replace

from shared.db.message_records import SentRecord
from shared.db.recorded_sends import SentAs, name_sent_message, settle_as_sent
from shared.db.sent_copies import SentCopy, keep_sent_copy
from shared.db.sent_messages import record_sent_message
from shared.db.unsettled_sends import reportable_sends
from shared.db.webhook_events import record_event
from shared.domain.events import MessageSent
from shared.domain.sent_match import UnsettledSend, find_send, is_same_account
from shared.domain.vocabulary import DraftId, EventOutcome, LeadId, OutboundSendStatus, SettledBy
from shared.pipelines.intake.case import SAME_CONTENT_WITHIN, Case, Handled
from shared.pipelines.intake.delivery import Receipt, ReceiptStatus


def handle_sent(case: Case, sent: MessageSent) -> Handled:
    """Records a message to a lead that we know, and settles the send that it proves.

    Of one to anybody else a copy is kept for the first reply: what that responds to.
    """
    if not sent.header.person.addresses:
        return case.quarantine("no_lead_address")
    if case.context.message is not None:
        message_id = case.context.message.id
        record_event(case.connection, case.record(), EventOutcome.DUPLICATE, message_id=message_id)
        return Handled(Receipt(ReceiptStatus.DUPLICATE, message_id=message_id))
    lead_id = case.lead_id
    if lead_id is None:
        _keep_copy(case, sent)
        return Handled(Receipt(ReceiptStatus.IGNORED, reason="unknown_lead"))
    send = _our_send(case, lead_id)
    if send is not None and (send.recorded_as is not None or not _is_ours_here(case, send)):
        return _fold(case, sent, lead_id, send)
    record = _record(case, sent, lead_id, None if send is None else send.draft_id)
    recorded = record_sent_message(case.connection, case.record(), record, within=SAME_CONTENT_WITHIN)
    recorded = case.of_locked_lead(recorded, lead_id)
    status = ReceiptStatus.ACCEPTED if recorded.is_new else ReceiptStatus.DUPLICATE
    return Handled(Receipt(status, message_id=recorded.message_id))


def _our_send(case: Case, lead_id: LeadId) -> UnsettledSend | None:
    """Finds the send that this message proves, or is once more."""
    if case.reading.echo is None:
        return None
    account_id, at = case.context.account_id, case.effective_at
    sends = reportable_sends(case.connection, lead_id, account_id, sent_since=at - SAME_CONTENT_WITHIN)
    return find_send(replace(case.reading.echo, at=at, account_id=account_id), sends)


def _is_ours_here(case: Case, send: UnsettledSend) -> bool:
    return is_same_account(send.account_id, case.context.account_id)


def _fold(case: Case, sent: MessageSent, lead_id: LeadId, send: UnsettledSend) -> Handled:
    """Takes an event for another view of a send of ours: it tells its id later, or through another account.

    Another account's id and thread are not the message's. A send that is on the wire is left to its worker.
    """
    if _is_ours_here(case, send):
        if sent.message_id is not None:
            key = case.reply_key(sent.message_id, sent.thread_id)
            named = SentAs(sent.message_id, sent.thread_id, sent.our_address, reply_key=key)
            name_sent_message(case.connection, send.draft_id, named)
    elif send.recorded_as is None and send.status is not OutboundSendStatus.INTENDED:
        left = SentAs(None, send.thread_id, send.our_address, sent_at=case.effective_at)
        settle_as_sent(case.connection, case.client_id, lead_id, send.draft_id, left, SettledBy.EVENT)
    record_event(case.connection, case.record(), EventOutcome.DUPLICATE, message_id=send.recorded_as)
    return Handled(Receipt(ReceiptStatus.DUPLICATE, message_id=send.recorded_as))


def _record(case: Case, sent: MessageSent, lead_id: LeadId, draft_id: DraftId | None) -> SentRecord:
    cleaned, campaign = case.reading.cleaned, sent.header.campaign
    if cleaned is None:
        raise ValueError("a message of ours was not read as one")
    return SentRecord(
        lead_id=lead_id,
        channel=sent.header.channel,
        provider_campaign_id=None if campaign is None else campaign.provider_campaign_id,
        subject=sent.content.subject,
        body_text=sent.content.text,
        body_html=sent.content.html,
        clean_text=cleaned.text,
        text_source=cleaned.source,
        provider_message_id=sent.message_id,
        thread_id=sent.thread_id,
        our_address=sent.our_address,
        reply_key=case.reply_key(sent.message_id, sent.thread_id),
        content_key=case.reading.content,
        words_key=case.reading.own_words,
        occurred_at=sent.header.occurred_at,
        received_at=case.delivery.received_at,
        effective_at=case.effective_at,
        draft_id=draft_id,
        campaign_step=sent.campaign_step,
    )


def _keep_copy(case: Case, sent: MessageSent) -> None:
    cleaned, campaign = case.reading.cleaned, sent.header.campaign
    if cleaned is None or not cleaned.text.strip():
        return
    copy = SentCopy(
        provider=case.delivery.provider,
        provider_campaign_id=None if campaign is None else campaign.provider_campaign_id,
        campaign_step=sent.campaign_step,
        subject=sent.content.subject,
        text=cleaned.text,
        sent_at=case.effective_at,
    )
    keep_sent_copy(case.connection, case.client_id, case.reading.hashes.values(), copy)
