"""Sends without a known end: one that its worker has abandoned is uncertain, and an uncertain one is looked for.

What the provider shows has left, and is recorded as sent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shared.config import SecretUnavailableError
from shared.db.locks import lock_lead
from shared.db.outbound_sends import settle_intended_send
from shared.db.recorded_sends import SentAs, settle_as_sent
from shared.db.transactions import committing
from shared.db.unsettled_sends import (
    UncertainSend,
    abandoned_sends,
    linked_messages,
    note_checked,
    still_abandoned,
    uncertain_sends,
)
from shared.domain import sent_match
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.sent_match import may_be
from shared.domain.vocabulary import DraftStatus, OutboundSendStatus, SettledBy
from shared.observability import Metric, emit, logger
from shared.pipelines.dependencies import Dependencies
from shared.pipelines.job_failures import refuses_credentials
from shared.providers.account_values import SentMessage, Sought
from shared.providers.errors import ProviderError
from shared.providers.message_ids import message_key

ABANDONED_LIMIT = 500
SETTLE_LIMIT = 20  # sends looked for per run: each costs a listing, of which a provider grants few a minute
UNCERTAIN_GRACE_S = 86_400.0  # how long a send is looked for; then only a person can say
SETTLE_DEADLINE_S = 15.0  # for one send: a workspace at its rate limit must not take the other workspaces' time


def mark_abandoned_sends(dependencies: Dependencies) -> int:
    """Marks sends uncertain whose worker was lost around the call: their message may have left."""
    marked = 0
    for send in abandoned_sends(dependencies.engine, limit=ABANDONED_LIMIT):
        with dependencies.engine.begin() as connection:
            lock_lead(connection, send.lead_id)
            if not still_abandoned(connection, send.draft_id):
                continue
            settle_intended_send(
                committing(connection),
                send.draft_id,
                status=OutboundSendStatus.UNCERTAIN,
                draft_status=DraftStatus.SEND_UNCERTAIN,
                error="the worker that was sending it was lost",
                rule=DraftRule.SEND_UNCERTAIN,
            )
        marked += 1
        emit(Metric.SEND_RESULT, result="uncertain")
    return marked


def settle_uncertain_sends(dependencies: Dependencies, remaining_s: Callable[[], float]) -> int:
    """Looks for uncertain sends in their threads; exactly one candidate means that it was sent.

    None or several prove nothing: the mail may still appear, and after a day only a person can say.
    """
    settled = 0
    sends = uncertain_sends(
        dependencies.engine, give_up_after_s=UNCERTAIN_GRACE_S * dependencies.time_scale, limit=SETTLE_LIMIT
    )
    for uncertain in sends:
        if remaining_s() < 30 * dependencies.time_scale:
            break
        # Before the look, and also when its thread cannot be read: a send that costs the run its life, or whose
        # provider refuses us, goes to the end of the row, or nobody else's would ever be looked for.
        draft_id = uncertain.send.draft_id
        note_checked(dependencies.engine, draft_id)
        try:
            candidates = _candidates(dependencies, uncertain, remaining_s)
        except (ProviderError, SecretUnavailableError) as error:
            logger.warning("thread not read", extra={"draft_id": str(draft_id), "error": type(error).__name__})
            if refuses_credentials(error):
                emit(Metric.PROVIDER_CREDENTIALS_REFUSED)
            candidates = []
        if len(candidates) == 1 and _record(dependencies, uncertain, candidates[0]):
            settled += 1
            emit(Metric.SEND_RESULT, result="settled")
    return settled


def _candidates(
    dependencies: Dependencies, uncertain: UncertainSend, remaining_s: Callable[[], float]
) -> Sequence[SentMessage]:
    """Messages of the same thread and mailbox that may be the draft, and that no other draft has made."""
    client_id, send = uncertain.client_id, uncertain.send
    if send.thread_id is None or send.intended_at is None:
        return []
    sought = Sought(
        since=send.intended_at + sent_match.EARLIEST, thread_id=send.thread_id, our_address=send.our_address
    )
    timeout_s = min(SETTLE_DEADLINE_S * dependencies.time_scale, remaining_s() - 20 * dependencies.time_scale)
    shown = dependencies.accounts(uncertain.account).find_sent(sought, timeout_s=max(1.0, timeout_s))
    found = [message for message in shown or () if may_be(message.echo, send)]
    keys = [message_key(uncertain.account, message.thread_id, message.message_id) for message in found]
    taken = linked_messages(dependencies.engine, client_id, keys)
    return [message for message, key in zip(found, keys, strict=True) if key not in taken]


def _record(dependencies: Dependencies, uncertain: UncertainSend, message: SentMessage) -> bool:
    sent = SentAs(
        provider_message_id=message.message_id,
        thread_id=message.thread_id,
        mailbox=message.our_address or uncertain.send.our_address,
        subject=message.subject,
        sent_at=message.sent_at,
        reply_key=message_key(uncertain.account, message.thread_id, message.message_id),
    )
    with dependencies.engine.begin() as connection:
        lock_lead(connection, uncertain.lead_id)
        return settle_as_sent(
            connection, uncertain.client_id, uncertain.lead_id, uncertain.send.draft_id, sent, SettledBy.THREAD
        )
