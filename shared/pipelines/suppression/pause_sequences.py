"""The pause of a person's sequences, at every account of the client and not only where they have written to.

A human reply, a hold, a booked meeting or a take-over is the reason; each stays one, so nothing ends the pause. What a
machine has written is none: an absence notice pauses our own follow-ups until its day, and no provider's sequence.
"""

from __future__ import annotations

from sqlalchemy import Connection

from shared.db import sequence_pauses
from shared.db.jobs import Job
from shared.domain.vocabulary import ClientId, LeadId, MessageId, Provider
from shared.providers.registry import PROVIDERS


def pausing_providers() -> tuple[Provider, ...]:
    """Returns the providers whose accounts can make a person's sequences stand still."""
    return tuple(name for name, provider in PROVIDERS.items() if provider.pauses_sequences)


def pause_sequences(
    connection: Connection,
    client_id: ClientId,
    lead_id: LeadId,
    *,
    message_id: MessageId | None = None,
    trace_id: str | None = None,
) -> tuple[Job, ...]:
    """Has a person's sequences stand still from now on, under the lead's lock; doing it twice is harmless.

    Returns the jobs that tell the accounts, to be published after the commit: none when they were told before.
    """
    made = sequence_pauses.pause_sequences(
        connection, client_id, lead_id, pausing=pausing_providers(), message_id=message_id, trace_id=trace_id
    )
    return tuple(one.job for one in made if one.within_share)
