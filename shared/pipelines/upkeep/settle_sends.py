"""Looks for uncertain sends at the provider: what is found there has left, and is recorded as sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shared.config import SecretUnavailableError
from shared.db.locks import lock_lead
from shared.db.maintenance import UnsettledSend, linked_emails, note_checked, uncertain_sends
from shared.db.outbound_sends import settle_uncertain_as_sent
from shared.db.transactions import committing
from shared.domain import sent_match
from shared.domain.identifiers import uuid7
from shared.domain.reply_identity import content_key, reply_key
from shared.domain.sent_match import Echo, may_be
from shared.domain.vocabulary import MessageId
from shared.observability import Metric, emit, logger
from shared.pipelines.dependencies import Dependencies
from shared.pipelines.job_failures import refuses_credentials
from shared.providers.errors import ProviderError
from shared.providers.protocol import AccountRef, SentMessage, Sought

SETTLE_LIMIT = 20  # sends looked for per run: each costs a listing, of which a provider grants few a minute
UNCERTAIN_GRACE_S = 86_400.0  # how long a send is looked for; then only a person can say
SETTLE_DEADLINE_S = 15.0  # for one send: a workspace at its rate limit must not take the other workspaces' time


def settle_uncertain_sends(dependencies: Dependencies, remaining_s: Callable[[], float]) -> int:
    """Looks for uncertain sends in their threads; exactly one candidate means that it was sent.

    None or several prove nothing: the mail may still appear, and after a day only a person can say.
    """
    settled = 0
    sends = uncertain_sends(
        dependencies.engine, give_up_after_s=UNCERTAIN_GRACE_S * dependencies.time_scale, limit=SETTLE_LIMIT
    )
    for send in sends:
        if remaining_s() < 30 * dependencies.time_scale:
            break
        # Before the look, and also when its thread cannot be read: a send that costs the run its life, or whose
        # provider refuses us, goes to the end of the row, or nobody else's would ever be looked for.
        note_checked(dependencies.engine, send.draft_id)
        try:
            candidates = _candidates(dependencies, send, remaining_s)
        except (ProviderError, SecretUnavailableError) as error:
            logger.warning("thread not read", extra={"draft_id": str(send.draft_id), "error": type(error).__name__})
            if refuses_credentials(error):
                emit(Metric.PROVIDER_CREDENTIALS_REFUSED)
            candidates = []
        if len(candidates) == 1 and _record(dependencies, send, candidates[0]):
            settled += 1
            emit(Metric.SEND_RESULT, result="settled")
    return settled


def _candidates(
    dependencies: Dependencies, send: UnsettledSend, remaining_s: Callable[[], float]
) -> Sequence[SentMessage]:
    """Messages of the same thread and mailbox that may be the draft, and that no other draft has made."""
    if send.thread_id is None:
        return []
    sought = Sought(since=send.intended_at + sent_match.EARLIEST, thread_id=send.thread_id, our_address=send.mailbox)
    timeout_s = min(SETTLE_DEADLINE_S * dependencies.time_scale, remaining_s() - 20 * dependencies.time_scale)
    shown = dependencies.accounts(AccountRef(send.client_id)).find_sent(sought, timeout_s=max(1.0, timeout_s))
    ours = sent_match.UnsettledSend(
        send.draft_id, send.body, send.intended_at, thread_id=send.thread_id, our_address=send.mailbox
    )
    found = [message for message in shown or () if may_be(_echo(message), ours)]
    taken = linked_emails(dependencies.engine, send.client_id, [message.message_id for message in found])
    return [message for message in found if message.message_id not in taken]


def _echo(message: SentMessage) -> Echo:
    return Echo.of(
        message.text,
        at=message.sent_at,
        message_id=message.message_id,
        thread_id=message.thread_id,
        our_address=message.our_address,
    )


def _record(dependencies: Dependencies, send: UnsettledSend, message: SentMessage) -> bool:
    with dependencies.engine.begin() as connection:
        lock_lead(connection, send.lead_id)
        content = content_key(None, "", str(send.draft_id), "")
        return settle_uncertain_as_sent(
            committing(connection),
            send.draft_id,
            client_id=send.client_id,
            lead_id=send.lead_id,
            message_id=MessageId(uuid7()),
            provider_message_id=message.message_id,
            thread_id=message.thread_id,
            mailbox=message.our_address or send.mailbox,
            subject=message.subject,
            sent_at=message.sent_at,
            reply_key=reply_key(message.message_id, content, b""),
            content_key=content,
            settled_by="thread",
        )
