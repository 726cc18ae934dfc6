"""The query of a draft that is to be sent, with what its send depends on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, text

from shared.db.job_leases import ClaimedJob
from shared.db.lead_group import group_of, keys_of, written_from
from shared.db.lead_identity import person_with
from shared.db.pauses import strictest_pause
from shared.db.provider_accounts import account_of, account_ref, reply_handle
from shared.db.transactions import autocommit
from shared.domain.accounts import AccountRef
from shared.domain.events import Person, ReplyHandle
from shared.domain.vocabulary import (
    Channel,
    DecisionAction,
    DraftId,
    DraftStatus,
    JobId,
    MessageId,
    OutboundSendStatus,
    Pausable,
    known,
)
from shared.domain.workspace_settings import WorkspaceSettings, stored_settings


@dataclass(frozen=True, slots=True)
class SendableDraft:
    """A draft with what a send needs to know about its trigger message and about earlier attempts."""

    id: DraftId
    status: DraftStatus
    subject: str
    body: str
    channel: Channel
    trigger_message_id: MessageId
    account: AccountRef  # that the trigger came through, and the response goes out by
    trigger_at: datetime
    trigger_received_at: datetime
    restored_since: bool  # the database was restored after the trigger: an answer to it may be forgotten
    handle: ReplyHandle  # of the trigger
    copies: tuple[str, ...]  # who gets a copy, but for those who are not to be written to
    provider_campaign_id: str | None
    sender: str | None  # of the trigger, on whatever channel
    person: Person  # the lead with every key; the email address that the trigger was written from, if any, comes first
    settings: WorkspaceSettings
    action: DecisionAction | None
    send_status: OutboundSendStatus | None
    send_job_id: JobId | None
    client_disabled: bool
    account_disabled: bool
    pause: Pausable | None
    dismissed_objections: tuple[str, ...]  # what a person has overruled by lifting the lead's suppression
    our_blocks: frozenset[str | None]  # the addresses (None: a lead without) that the account has blocked for us


_LOAD_SENDABLE = text(
    f"""
    SELECT draft.id, draft.status, draft.subject, draft.body, draft.channel, draft.trigger_message_id,
           {account_of("trigger")} AS account, trigger.reply_handle, trigger.provider_message_id, trigger.mailbox,
           trigger.sender_address,
           trigger.effective_at AS trigger_at, trigger.received_at AS trigger_received_at,
           EXISTS (SELECT 1 FROM restore_mark WHERE restore_mark.client_id = draft.client_id
                   AND restore_mark.marked_at >= trigger.effective_at) AS restored_since,
           ARRAY(SELECT copy FROM unnest(draft.copies) AS copy WHERE NOT EXISTS (
               SELECT FROM lead_identity AS known JOIN lead AS other ON other.id = known.lead_id
               WHERE known.client_id = draft.client_id AND known.kind = 'EMAIL' AND known.value = lower(copy)
                 AND (other.suppressed_at IS NOT NULL OR other.held_at IS NOT NULL
                      OR known.blocked_at IS NOT NULL))) AS copies,
           campaign.provider_campaign_id, {written_from("trigger")} AS lead_email,
           {keys_of("lead.id")} AS keys,
           to_jsonb(settings) AS settings, draft.action,
           sending.status AS send_status, sending.job_id AS send_job_id,
           client.disabled_at IS NOT NULL AS client_disabled,
           {strictest_pause("client.id", account_id="trigger.provider_account_id", channel="draft.channel")} AS pause,
           coalesce(lead.dismissed_objections, '{{}}') AS dismissed_objections,
           ARRAY(SELECT value FROM {group_of("lead.id")} AS person
                 JOIN lead_identity AS identity ON identity.lead_id = person.lead_id
                 WHERE identity.kind = 'EMAIL' AND trigger.provider_account_id = ANY(identity.our_blocks)) AS our_blocks
    FROM draft
    JOIN client ON client.id = draft.client_id
    JOIN message AS trigger ON trigger.id = draft.trigger_message_id
    JOIN lead ON lead.id = draft.lead_id
    LEFT JOIN campaign ON campaign.id = trigger.campaign_id
    JOIN client_settings AS settings ON settings.client_id = draft.client_id
    LEFT JOIN outbound_send AS sending ON sending.draft_id = draft.id
    WHERE draft.id = :draft_id AND draft.client_id = :client_id AND draft.lead_id = :lead_id
    """  # noqa: S608 (constants only)
)


def load_sendable_draft(engine: Engine, job: ClaimedJob, draft_id: DraftId) -> SendableDraft | None:
    """Reads the draft, if it is of the job's client and lead. Raises UnknownValueError."""
    with autocommit(engine) as connection:
        row = connection.execute(
            _LOAD_SENDABLE, {"draft_id": draft_id, "client_id": job.client_id, "lead_id": job.lead_id}
        ).one_or_none()
    if row is None:
        return None
    account = account_ref(job.client_id, row.account)
    return SendableDraft(
        id=row.id,
        status=known(DraftStatus, row.status),
        subject=row.subject,
        body=row.body,
        channel=known(Channel, row.channel),
        trigger_message_id=row.trigger_message_id,
        account=account,
        trigger_at=row.trigger_at,
        trigger_received_at=row.trigger_received_at,
        restored_since=row.restored_since,
        copies=tuple(row.copies),
        provider_campaign_id=row.provider_campaign_id,
        sender=row.sender_address,
        person=person_with(row.keys, email=row.lead_email),
        handle=reply_handle(
            account,
            row.reply_handle,
            message_id=row.provider_message_id,
            our_address=row.mailbox,
            lead_email=row.lead_email,
        ),
        settings=stored_settings(row.settings),
        action=None if row.action is None else known(DecisionAction, row.action),
        send_status=None if row.send_status is None else known(OutboundSendStatus, row.send_status),
        send_job_id=row.send_job_id,
        client_disabled=row.client_disabled,
        account_disabled=row.account is not None and row.account["disabled"],
        pause=None if row.pause is None else Pausable(row.pause),
        dismissed_objections=tuple(row.dismissed_objections),
        our_blocks=frozenset(row.our_blocks),
    )
