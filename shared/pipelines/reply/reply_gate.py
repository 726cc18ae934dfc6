"""The gate's facts, put together from a message's context and from what the database says at this moment."""

from __future__ import annotations

from datetime import datetime

from shared.db.gate_state import GateState
from shared.db.reply_context import ReplyContext
from shared.domain.channels import CHANNELS
from shared.domain.drafting.auto_send_gate import GateFacts
from shared.domain.drafting.stated_days import relative_days
from shared.domain.vocabulary import Tag
from shared.pipelines.reply.reply_context import last_outbound_of

DEFAULT_THRESHOLD = 0.9  # for leads without a campaign that have automated answers switched on


def gate_facts(
    context: ReplyContext,
    tag: Tag,
    state: GateState,
    failed_checks: tuple[str, ...] = (),
    *,
    leaves_at: datetime | None = None,
) -> GateFacts:
    """Puts the facts together from what was loaded about the message and what the database says now.

    ``leaves_at``: when the draft is to be sent; None: now.
    """
    message = context.message
    return GateFacts(
        now=state.now,
        tag=tag,
        suppressed=state.suppressed,
        held=state.held,
        commitments=state.commitments,
        appointment=state.meeting_evidence,
        is_newest_message=state.is_newest_message,
        newer_outbound=state.newer_outbound,
        arrived_late=state.arrived_late,
        sender_is_lead=context.sender_is_lead,
        message_at=state.since,
        reply_text=message.clean_text,
        campaign_mode=state.campaign_mode,
        lead_auto_reply_enabled=state.lead_auto_reply_enabled,
        client_disabled=state.client_disabled,
        settings=state.settings,
        sent_today=state.sent_today,
        consecutive_auto_replies=state.consecutive_auto_replies,
        failed_checks=failed_checks,
        channel=CHANNELS[message.channel],
        last_outbound_text=last_outbound_of(context),
        hidden_chars=message.hidden_chars,
        relative_days=relative_days(state.draft_body),
        drafted_at=state.drafted_at,
        leaves_at=leaves_at,
    )
