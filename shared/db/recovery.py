"""Queries of the recovery of missed deliveries: which accounts, how far each has been read, and what is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine, text

from shared.db.transactions import autocommit
from shared.db.webhook_events import SETTLED
from shared.domain.accounts import AccountRef
from shared.domain.vocabulary import ClientId, PauseReason, Provider, Source


@dataclass(frozen=True, slots=True)
class RecoveryState:
    """The progress of reading a workspace: the log of failed deliveries, and the received messages.

    ``found_by``: the external account that alone says whose its deliveries are; None: they name the client.
    ``sends_held_back``: its provider has called it broken.
    """

    account: AccountRef
    account_id: UUID
    found_by: str | None
    deliveries_until: datetime
    messages_until: datetime
    sends_held_back: bool = False

    @property
    def client_id(self) -> ClientId:
        return self.account.client_id


# No delivery can be older than its account, but for the provider's clock: a day more costs nothing.
_STATES = text(
    f"""
    SELECT account.id, account.client_id, account.provider, account.credential_ref,
           CASE WHEN account.finds_client THEN account.external_id END AS found_by,
           coalesce(CAST(account.cursor ->> 'HOOK' AS timestamptz), account.created_at - interval '1 day')
               AS deliveries_until,
           coalesce(CAST(account.cursor ->> 'API' AS timestamptz), account.created_at) AS messages_until,
           EXISTS (SELECT FROM pause WHERE pause.provider_account_id = account.id AND pause.lifted_at IS NULL
                   AND pause.reason = '{PauseReason.ACCOUNT}') AS sends_held_back
    FROM provider_account AS account JOIN client ON client.id = account.client_id
    WHERE client.disabled_at IS NULL AND account.disabled_at IS NULL AND account.provider = ANY(:providers)
      AND (CAST(:client_id AS uuid) IS NULL OR account.client_id = :client_id)
    ORDER BY account.recovery_attempted_at NULLS FIRST, account.id
    """  # noqa: S608 (a constant)
)

_ATTEMPT = text("UPDATE provider_account SET recovery_attempted_at = :at WHERE id = :id")

# Forward only: of two runs at once the one that came further counts.
_ADVANCE = text(
    """
    UPDATE provider_account
    SET cursor = cursor || jsonb_build_object(
        CAST(:source AS text), greatest(CAST(cursor ->> :source AS timestamptz), CAST(:until AS timestamptz)))
    WHERE id = :id
    """
)

_SETTLED_DELIVERIES = text(
    """
    SELECT delivery_key FROM webhook_event
    WHERE client_id = :client_id AND delivery_key = ANY(CAST(:keys AS bytea[])) AND outcome = ANY(:settled)
    """
)


def list_recovery_states(engine: Engine, client_id: ClientId | None = None) -> list[RecoveryState]:
    """Lists the accounts of every enabled client, or of the one that is named; the longest unattended first."""
    with autocommit(engine) as connection:
        rows = connection.execute(
            _STATES, {"client_id": client_id, "providers": [provider.value for provider in Provider]}
        ).all()
    return [
        RecoveryState(
            AccountRef(row.client_id, Provider(row.provider), row.id, row.credential_ref),
            row.id,
            row.found_by,
            row.deliveries_until,
            row.messages_until,
            row.sends_held_back,
        )
        for row in rows
    ]


def note_recovery_attempt(engine: Engine, account_id: UUID, at: datetime) -> None:
    """Puts an account at the end of the row, before its work: what kills a run must not keep its place at the head."""
    with autocommit(engine) as connection:
        connection.execute(_ATTEMPT, {"id": account_id, "at": at})


def advance_recovery(engine: Engine, account_id: UUID, source: Source, until: datetime | None) -> None:
    """Remembers how far an account was read; None leaves its mark where it is."""
    if until is not None:
        with autocommit(engine) as connection:
            connection.execute(_ADVANCE, {"id": account_id, "source": source.value, "until": until})


def settled_deliveries(engine: Engine, client_id: ClientId, keys: Sequence[bytes]) -> set[bytes]:
    """Finds those of ``keys`` (of deliveries) that had their effect."""
    with autocommit(engine) as connection:
        rows = connection.execute(
            _SETTLED_DELIVERIES,
            {"client_id": client_id, "keys": list(keys), "settled": [outcome.value for outcome in SETTLED]},
        )
        return {bytes(row.delivery_key) for row in rows}


def known_messages(engine: Engine, client_id: ClientId, reply_keys: Sequence[bytes]) -> set[bytes]:
    """Finds those of ``reply_keys`` that we have a message for."""
    with autocommit(engine) as connection:
        rows = connection.execute(
            text(
                "SELECT reply_key FROM message"
                " WHERE client_id = :client_id AND reply_key = ANY(CAST(:reply_keys AS bytea[]))"
            ),
            {"client_id": client_id, "reply_keys": list(reply_keys)},
        )
        return {bytes(row.reply_key) for row in rows}
