"""A person says how a send ended that nobody can vouch for."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, Engine

from shared.db.draft_reviews import find_lead_of_draft
from shared.db.locks import lock_lead
from shared.db.outbound_sends import settle_as_not_sent
from shared.db.recorded_sends import SentAs, settle_as_sent
from shared.db.unsettled_sends import LockedSend, find_recorded_message, lock_uncertain_send
from shared.domain.actor import Actor
from shared.domain.vocabulary import Direction, SettledBy
from shared.pipelines.people.refusals import InterventionRefusedError, Refusal
from shared.providers.message_ids import message_key


def resolve_send(
    engine: Engine, draft_id: UUID, *, sent: bool, by: Actor, provider_message_id: str | None = None
) -> None:
    """Ends a SEND_UNCERTAIN with what a person found out, for example in the provider's inbox.

    ``sent``: the draft becomes SENT; with ``provider_message_id`` (the provider's email id) the outbound message is
    recorded as well. Otherwise the draft goes back to NEEDS_REVIEW, and only an approval sends it again.

    Raises InterventionRefusedError when the draft's send is not uncertain, or no longer, and when
    ``provider_message_id`` is known to be another email: the lead's own, another lead's or another draft's.
    """
    with engine.begin() as connection:
        lead_id = find_lead_of_draft(connection, draft_id)
        if lead_id is None or not lock_lead(connection, lead_id):
            raise InterventionRefusedError(Refusal.UNKNOWN_DRAFT, f"there is no draft {draft_id}")
        send = lock_uncertain_send(connection, draft_id)
        if send is None:
            raise InterventionRefusedError(
                Refusal.NOT_UNCERTAIN,
                "its send is not uncertain: it was settled meanwhile, or nothing has been sent yet",
            )
        if not sent:
            settle_as_not_sent(connection, send.draft_id, by)
            return
        key = None
        if provider_message_id is not None:
            key = message_key(send.account, send.thread_id, provider_message_id)
            _require_own_email(connection, send, provider_message_id, key)
        sent_as = SentAs(provider_message_id, send.thread_id, send.mailbox, reply_key=key)
        settle_as_sent(
            connection, send.client_id, send.lead_id, send.draft_id, sent_as, SettledBy.PERSON, person=by.name
        )


def _require_own_email(connection: Connection, send: LockedSend, provider_message_id: str, key: bytes) -> None:
    """Settling links the message that is recorded under the id: it must be one that this draft can have become."""
    recorded = find_recorded_message(connection, send.client_id, key)
    if recorded is None:
        return
    if recorded.direction != Direction.OUTBOUND:
        raise InterventionRefusedError(
            Refusal.RECEIVED_EMAIL,
            f"the email {provider_message_id} is one that was received: give the id of the one that was sent",
        )
    if recorded.lead_id != send.lead_id:
        raise InterventionRefusedError(
            Refusal.EMAIL_OF_OTHER_LEAD, f"the email {provider_message_id} went to another lead"
        )
    if recorded.draft_id not in (None, send.draft_id):
        raise InterventionRefusedError(
            Refusal.EMAIL_OF_OTHER_DRAFT,
            f"the email {provider_message_id} was sent from another draft, {recorded.draft_id}",
        )
