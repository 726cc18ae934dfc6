"""The reading of one inbound message with its lead, campaign, workspace and thread, in one statement."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine, text

from shared.db.lead_group import group_of, head_of, keys_of, written_from
from shared.db.lead_identity import person_with
from shared.db.provider_accounts import account_of, account_ref, reply_handle
from shared.db.reply_order import counted_from
from shared.db.transactions import autocommit
from shared.domain.accounts import AccountRef
from shared.domain.campaign_voice import CampaignVoice, speaking_for
from shared.domain.events import ReplyHandle
from shared.domain.identity import names_of
from shared.domain.trigger_facts import TriggerFacts
from shared.domain.vocabulary import (
    CampaignId,
    Channel,
    Direction,
    LeadStatus,
    MessageId,
    ResponseMode,
    SentimentSource,
    Tag,
    known,
)
from shared.domain.workspace_settings import KnowledgeText, Workspace, named_after, stored_settings

HISTORY_LIMIT = 30  # messages on the same channel that a model sees besides the one that it judges
OTHERS_LIMIT = 10  # messages on other channels, the newest
LOOK_BACK = 200  # messages of each lead of a person among which they are looked for


@dataclass(frozen=True, slots=True)
class InboundMessage:
    id: MessageId
    client_id: UUID
    lead_id: UUID  # the person's: of a merged lead the head's
    channel: Channel
    direction: Direction
    subject: str
    body_text: str | None
    body_html: str | None
    clean_text: str
    text_source: str
    signature: str
    hidden_chars: int
    provider_message_id: str | None
    thread_id: str | None
    mailbox: str | None
    from_email: str | None  # the sender, as far as the provider has been asked
    account: AccountRef  # that it came through
    handle: ReplyHandle
    is_auto_reply: bool
    sentiment: Tag | None
    sentiment_source: SentimentSource | None
    suppression_dismissed: bool
    deleted: bool  # the lead has taken it back
    answerable: bool  # False: several people would read an answer
    facts: TriggerFacts
    was_looked_at: bool  # the provider has been asked for the facts, whatever it said
    effective_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class HistoryMessage:
    channel: Channel
    direction: Direction
    at: datetime
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class LeadRecord:
    email: str | None  # that the message was written from; None: of nobody whose address is known
    names: frozenset[str]  # by which a provider may name the lead as a sender
    first_name: str | None
    last_name: str | None
    company: str | None
    title: str | None
    status: LeadStatus
    suppressed: bool
    auto_reply_enabled: bool
    meeting_evidence: bool


@dataclass(frozen=True, slots=True)
class CampaignRecord:
    id: CampaignId
    name: str
    response_mode: ResponseMode
    auto_send_threshold: float
    auto_send_follow_ups: bool


@dataclass(frozen=True, slots=True)
class ReplyContext:
    """One inbound message with its lead, campaign and thread, and the workspace in that campaign's voice."""

    message: InboundMessage
    lead: LeadRecord
    campaign: CampaignRecord | None
    client_disabled: bool
    workspace: Workspace
    history: tuple[HistoryMessage, ...]  # oldest first, without the message itself

    @property
    def sender_is_lead(self) -> bool:
        """True when the lead has written, as far as is known; else somebody has replied in the lead's stead."""
        return self.message.from_email is None or self.message.from_email in self.lead.names


class UncleanedReplyError(RuntimeError):
    """An inbound message without the text that intake stores with it: a bug, since nothing cleans it later."""


_VOICE = tuple(field.name for field in fields(CampaignVoice))

_LOAD_CONTEXT = text(
    f"""
    SELECT message.id, message.client_id, lead.id AS lead_id, message.channel, message.direction,
           message.subject, message.body_text, message.body_html, message.clean_text, message.text_source,
           message.signature_text, message.hidden_chars,
           message.provider_message_id, message.thread_id, message.mailbox, message.from_email, message.is_auto_reply,
           message.sentiment, message.sentiment_source,
           message.suppression_dismissed_at IS NOT NULL AS suppression_dismissed,
           message.deleted_at IS NOT NULL AS deleted, message.answerable,
           message.trigger_facts, message.looked_at IS NOT NULL AS was_looked_at,
           message.effective_at, message.received_at, {account_of("message")} AS account,
           message.reply_handle, {written_from("message")} AS email, {keys_of("lead.id")} AS keys,
           lead.first_name, lead.last_name, lead.company, lead.title, lead.status,
           lead.suppressed_at IS NOT NULL AS suppressed, lead.auto_reply_enabled,
           lead.meeting_booked_at IS NOT NULL OR lead.appointment_start_at IS NOT NULL AS meeting_evidence,
           campaign.id AS campaign_id, campaign.response_mode, campaign.auto_send_threshold,
           campaign.auto_send_follow_ups, campaign.name AS campaign_name,
           {", ".join(f"campaign.{name} AS campaign_{name}" for name in _VOICE)},
           client.disabled_at IS NOT NULL AS client_disabled, client.name AS client_name,
           to_jsonb(settings) AS settings,
           (SELECT coalesce(jsonb_agg(jsonb_build_array(name, text) ORDER BY created_at, id), '[]')
            FROM knowledge_asset WHERE client_id = client.id) AS knowledge,
           (SELECT coalesce(jsonb_agg(jsonb_build_array(channel, direction, effective_at, subject, body)
                                      ORDER BY effective_at, id), '[]')
            FROM (SELECT of_lead.*, row_number() OVER (PARTITION BY of_lead.channel = message.channel
                                                       ORDER BY effective_at DESC, id DESC) AS place
                  FROM {group_of("message.lead_id")} AS person CROSS JOIN LATERAL (
                      SELECT channel, direction, effective_at, id, subject, coalesce(clean_text, body_text, '') AS body
                      FROM message AS earlier
                      WHERE earlier.lead_id = person.lead_id AND earlier.id <> message.id
                        AND earlier.deleted_at IS NULL
                        AND (:whole_thread OR
                             (earlier.effective_at, earlier.id) < ({counted_from("message")}, message.id))
                      ORDER BY earlier.effective_at DESC, earlier.id DESC LIMIT {LOOK_BACK}) AS of_lead) AS ranked
            WHERE place <= CASE WHEN ranked.channel = message.channel THEN {HISTORY_LIMIT} ELSE {OTHERS_LIMIT} END
           ) AS history
    FROM message
    JOIN lead ON lead.id = {head_of("message.lead_id")}
    JOIN client ON client.id = message.client_id
    JOIN client_settings AS settings ON settings.client_id = client.id
    LEFT JOIN campaign ON campaign.id = message.campaign_id
    WHERE message.id = :message_id
    """  # noqa: S608 (a constant)
)


def load_reply_context(engine: Engine, message_id: MessageId, *, whole_thread: bool = False) -> ReplyContext | None:
    """Loads everything about one message in one statement; None when it is gone.

    ``whole_thread``: the history holds what came after the message, too.

    Raises UncleanedReplyError and UnknownValueError.
    """
    with autocommit(engine) as connection:
        row = connection.execute(_LOAD_CONTEXT, {"message_id": message_id, "whole_thread": whole_thread}).one_or_none()
    if row is None:
        return None
    direction = known(Direction, row.direction)
    if direction is Direction.INBOUND and (row.clean_text is None or row.text_source is None):
        raise UncleanedReplyError(f"message {message_id} has no clean_text, which intake stores with every reply")
    account = account_ref(row.client_id, row.account)
    return ReplyContext(
        message=InboundMessage(
            id=row.id,
            client_id=row.client_id,
            lead_id=row.lead_id,
            channel=known(Channel, row.channel),
            direction=direction,
            subject=row.subject,
            body_text=row.body_text,
            body_html=row.body_html,
            clean_text=row.clean_text or "",
            text_source=row.text_source or "none",
            signature=row.signature_text or "",
            hidden_chars=row.hidden_chars,
            provider_message_id=row.provider_message_id,
            thread_id=row.thread_id,
            mailbox=row.mailbox,
            from_email=row.from_email,
            account=account,
            handle=reply_handle(
                account,
                row.reply_handle,
                message_id=row.provider_message_id,
                our_address=row.mailbox,
                lead_email=row.email,
            ),
            is_auto_reply=row.is_auto_reply,
            sentiment=None if row.sentiment is None else known(Tag, row.sentiment),
            sentiment_source=None if row.sentiment_source is None else known(SentimentSource, row.sentiment_source),
            suppression_dismissed=row.suppression_dismissed,
            deleted=row.deleted,
            answerable=row.answerable,
            facts=TriggerFacts.from_json(row.trigger_facts),
            was_looked_at=row.was_looked_at,
            effective_at=row.effective_at,
            received_at=row.received_at,
        ),
        lead=LeadRecord(
            email=row.email,
            names=names_of(person_with(row.keys, email=row.email)),
            first_name=row.first_name,
            last_name=row.last_name,
            company=row.company,
            title=row.title,
            status=known(LeadStatus, row.status),
            suppressed=row.suppressed,
            auto_reply_enabled=row.auto_reply_enabled,
            meeting_evidence=row.meeting_evidence,
        ),
        campaign=None
        if row.campaign_id is None
        else CampaignRecord(
            id=row.campaign_id,
            name=row.campaign_name,
            response_mode=known_response_mode(row.response_mode),
            auto_send_threshold=row.auto_send_threshold,
            auto_send_follow_ups=row.auto_send_follow_ups,
        ),
        client_disabled=row.client_disabled,
        workspace=speaking_for(
            Workspace(
                settings=named_after(row.client_name, stored_settings(row.settings)),
                knowledge=tuple(KnowledgeText(name, body) for name, body in row.knowledge),
            ),
            CampaignVoice(**{name: getattr(row, f"campaign_{name}") for name in _VOICE}),
        ),
        history=tuple(
            HistoryMessage(
                known(Channel, channel), known(Direction, direction), datetime.fromisoformat(at), subject, body
            )
            for channel, direction, at, subject, body in row.history
        ),
    )


def known_response_mode(stored: str) -> ResponseMode:
    """Reads a stored mode; one that only a newer release knows sends nothing by itself."""
    return ResponseMode(stored) if stored in ResponseMode else ResponseMode.DRAFT_ONLY
