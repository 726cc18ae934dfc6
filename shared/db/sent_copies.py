"""Queries of sent_copy: the newest message of ours to an address that is no lead yet, until its first reply comes.

A sequence writes to many more people than will ever reply, so these are no leads, messages or events: a row for each
keyed hash of an address, overwritten by the next step, pruned after a while.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from shared.domain.vocabulary import ClientId, Provider

MAX_BYTES = 2_048  # of the text that is kept


@dataclass(frozen=True, slots=True)
class SentCopy:
    """The part of a message of ours that is kept."""

    provider: Provider
    provider_campaign_id: str | None
    campaign_step: int | None
    subject: str
    text: str
    sent_at: datetime


# The newest stays, whatever the order in which deliveries come. Nothing is kept of somebody who was erased.
_KEEP = text(
    """
    INSERT INTO sent_copy AS kept
        (client_id, address_hash, provider, provider_campaign_id, campaign_step, subject, text, sent_at)
    SELECT :client_id, hash, :provider, :provider_campaign_id, :campaign_step, :subject, :text, :sent_at
    FROM unnest(CAST(:hashes AS bytea[])) AS hash
    WHERE NOT EXISTS (SELECT FROM tombstone WHERE tombstone.client_id = :client_id AND tombstone.address_hash = hash)
    ON CONFLICT (client_id, address_hash, provider) DO UPDATE
    SET provider_campaign_id = excluded.provider_campaign_id, campaign_step = excluded.campaign_step,
        subject = excluded.subject, text = excluded.text, sent_at = excluded.sent_at
    WHERE kept.sent_at < excluded.sent_at
    """
)

TAKE_SENT_COPY = """
    copied AS (
        DELETE FROM sent_copy WHERE client_id = :client_id AND address_hash = ANY(CAST(:hashes AS bytea[]))
        RETURNING subject, text, sent_at
    )
"""
"""SQL, a part of a WITH: takes the copies that are kept for a person. Values: :client_id, :hashes."""

COPY_AS_FACTS = """
    (SELECT jsonb_build_object('our_message', jsonb_build_object('subject', subject, 'text', text, 'at', sent_at))
     FROM copied ORDER BY sent_at DESC LIMIT 1)
"""
"""SQL: the newest of ``copied`` as message.trigger_facts has it (shared.domain.trigger_facts), or NULL."""


def keep_sent_copy(connection: Connection, client_id: ClientId, hashes: Collection[bytes], copy: SentCopy) -> None:
    """Keeps a message for the first reply from any of these addresses (keyed hashes), unless a newer one is kept."""
    connection.execute(
        _KEEP,
        {
            "client_id": client_id,
            "hashes": list(hashes),
            "provider": copy.provider.value,
            "provider_campaign_id": copy.provider_campaign_id,
            "campaign_step": copy.campaign_step,
            "subject": copy.subject,
            "text": copy.text.encode()[:MAX_BYTES].decode(errors="ignore"),
            "sent_at": copy.sent_at,
        },
    )
