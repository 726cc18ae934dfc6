"""Queries of the gate's facts as the database has them at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from shared.db.lead_group import group_of
from shared.db.pauses import strictest_pause
from shared.db.reply_context import known_response_mode
from shared.db.reply_order import answered_from, is_late, newer_human_reply, overtaking_reply
from shared.domain.commitments import Commitment
from shared.domain.drafting.promises import of_rows
from shared.domain.vocabulary import DraftId, DraftStatus, MessageId, Pausable, ResponseMode, known
from shared.domain.workspace_settings import WorkspaceSettings, stored_settings


@dataclass(frozen=True, slots=True)
class GateState:
    """The facts that the gate reads fresh: before the evaluation, and again under the lock before a send.

    ``pause`` is no rule of the gate: a paused send waits, and is decided about no differently.
    """

    now: datetime
    since: datetime  # from when on the draft is late: its reply came, or, of a follow-up, it was written
    draft_status: DraftStatus
    draft_subject: str
    draft_body: str
    drafted_at: datetime
    suppressed: bool
    held: bool
    meeting_evidence: bool
    is_newest_message: bool
    newer_outbound: bool
    arrived_late: bool
    campaign_mode: ResponseMode | None
    lead_auto_reply_enabled: bool
    client_disabled: bool
    settings: WorkspaceSettings
    sent_today: int
    consecutive_auto_replies: int
    pause: Pausable | None
    commitments: tuple[Commitment, ...]


def _outbound_after(moment: str) -> str:
    return f"""
    SELECT 1 FROM {group_of("lead.id")} AS person JOIN message AS sent ON sent.lead_id = person.lead_id
    WHERE sent.direction = 'OUTBOUND' AND sent.effective_at > {moment} AND sent.draft_id IS DISTINCT FROM draft.id
    """  # noqa: S608 (no value of anybody's)


# "Since a person last wrote": since the newest outbound mail that neither an automated send nor a sequence made. Sends
# on the wire and uncertain ones count as sent: the caps must hold even when the provider's answer was lost. A mail
# of an unknown author may be automated, so it is no person's.
_LOAD_GATE_STATE = text(
    f"""
    SELECT now() AS now, draft.status,
           CASE WHEN draft.commitment_id IS NULL THEN this.effective_at ELSE draft.created_at END AS since,
           draft.subject, draft.body, draft.created_at AS drafted_at,
           lead.suppressed_at IS NOT NULL AS suppressed, lead.held_at IS NOT NULL AS held,
           lead.meeting_booked_at IS NOT NULL OR lead.appointment_start_at IS NOT NULL AS meeting_evidence,
           NOT EXISTS ({overtaking_reply(":message_id")}) AS is_newest,
           EXISTS ({_outbound_after(answered_from("draft", "this"))}) AS newer_outbound,
           {is_late("this")} AND (EXISTS ({newer_human_reply(":message_id")})
               OR EXISTS ({_outbound_after("this.effective_at")})) AS arrived_late,
           campaign.response_mode, lead.auto_reply_enabled,
           client.disabled_at IS NOT NULL AS client_disabled, to_jsonb(settings) AS settings,
           CASE WHEN settings.daily_send_cap IS NULL THEN 0 ELSE (
               SELECT count(*) FROM outbound_send AS today
               WHERE today.client_id = client.id AND today.automated AND today.status <> 'REFUSED'
                 AND today.draft_id <> draft.id
                 AND today.intended_at >= date_trunc('day', now(), settings.timezone)
           ) END AS sent_today,
           (SELECT count(*) FROM {group_of("lead.id")} AS person
            JOIN outbound_send AS auto ON auto.lead_id = person.lead_id
            WHERE auto.automated AND auto.status <> 'REFUSED' AND auto.draft_id <> draft.id
              AND auto.intended_at > coalesce((
                  SELECT max(by_person.effective_at) FROM {group_of("lead.id")} AS person
                  JOIN message AS by_person ON by_person.lead_id = person.lead_id
                  LEFT JOIN outbound_send AS its ON its.draft_id = by_person.draft_id
                  WHERE by_person.direction = 'OUTBOUND'
                    AND by_person.campaign_step IS NULL AND NOT by_person.author_is_unknown
                    AND NOT coalesce(its.automated, false)), '-infinity')) AS consecutive_auto_replies,
           {strictest_pause("client.id", account_id="this.provider_account_id", channel="draft.channel")} AS pause,
           coalesce((SELECT own.commitments FROM draft_revision AS own
                     WHERE own.draft_id = draft.id AND own.number = draft.revision), '[]') AS commitments
    FROM draft
    JOIN message AS this ON this.id = draft.trigger_message_id
    JOIN lead ON lead.id = draft.lead_id
    JOIN client ON client.id = draft.client_id
    JOIN client_settings AS settings ON settings.client_id = client.id
    LEFT JOIN campaign ON campaign.id = this.campaign_id
    WHERE draft.id = :draft_id AND this.id = :message_id
    """  # noqa: S608
)


def load_gate_state(connection: Connection, draft_id: DraftId, message_id: MessageId) -> GateState:
    """Loads the facts of the gate as they are now. Raises sqlalchemy.exc.NoResultFound for an unknown draft."""
    row = connection.execute(_LOAD_GATE_STATE, {"draft_id": draft_id, "message_id": message_id}).one()
    return GateState(
        now=row.now,
        since=row.since,
        draft_status=known(DraftStatus, row.status),
        draft_subject=row.subject,
        draft_body=row.body,
        drafted_at=row.drafted_at,
        suppressed=row.suppressed,
        held=row.held,
        meeting_evidence=row.meeting_evidence,
        is_newest_message=row.is_newest,
        newer_outbound=row.newer_outbound,
        arrived_late=row.arrived_late,
        campaign_mode=None if row.response_mode is None else known_response_mode(row.response_mode),
        lead_auto_reply_enabled=row.auto_reply_enabled,
        client_disabled=row.client_disabled,
        settings=stored_settings(row.settings),
        sent_today=row.sent_today,
        consecutive_auto_replies=row.consecutive_auto_replies,
        pause=None if row.pause is None else Pausable(row.pause),
        commitments=of_rows(row.commitments),
    )
