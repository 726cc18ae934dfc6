"""Accounts whose deliveries name no client: whose they are, and what came while they were nobody's.

Such a delivery and whoever connects its account meet at a lock: either the delivery is kept before the account is there
and its kept deliveries are listed, or the account is seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from shared.db.untold_people import FROM_THE_BEGINNING, IN_USE_AGAIN
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import ClientId, Provider, ProviderAccountId


@dataclass(frozen=True, slots=True)
class FoundClient:
    """The client whose account a delivery names. ``account_id`` None: its request named the client itself."""

    client_id: ClientId
    account_id: ProviderAccountId | None = None


# Whose account it is now; of what was acknowledged before, whose it was when it arrived, if it was anybody's: an
# account may have gone from one client to another since. Whoever stopped using it then is certain to have had it.
#
# What was kept while the account was nobody's is its client's from here on, so that the delivery is known as the same
# one. If the client has it already (from before its account was disabled), the copy goes.
_FIND_CLIENT = text(
    """
    WITH candidate AS MATERIALIZED (
        SELECT account.id, account.client_id, least(account.disabled_at, client.disabled_at) AS disabled_at,
               :acknowledged AND account.created_at <= CAST(:received_at AS timestamptz)
               AND coalesce(least(account.disabled_at, client.disabled_at) > CAST(:received_at AS timestamptz), true)
                   AS had_it_then
        FROM provider_account AS account JOIN client ON client.id = account.client_id
        WHERE account.provider = :provider AND account.external_id = :external_account AND account.finds_client
    ), found AS MATERIALIZED (
        SELECT id, client_id FROM candidate WHERE had_it_then OR disabled_at IS NULL
        ORDER BY had_it_then DESC, disabled_at NULLS LAST, id LIMIT 1
    ), known AS MATERIALIZED (
        SELECT event.id FROM found JOIN webhook_event AS event
          ON event.client_id = found.client_id AND event.delivery_key = :delivery_key
    ), taken_over AS (
        UPDATE webhook_event AS event SET client_id = found.client_id
        FROM found
        WHERE event.client_id IS NULL AND event.delivery_key = :delivery_key AND NOT EXISTS (SELECT 1 FROM known)
    ), dropped AS (
        DELETE FROM webhook_event AS event USING known
        WHERE event.client_id IS NULL AND event.delivery_key = :delivery_key
    )
    SELECT client_id, id FROM found
    """
)


def find_client(
    connection: Connection,
    provider: Provider,
    external_account: str,
    *,
    delivery_key: bytes,
    received_at: datetime,
    acknowledged: bool,
) -> FoundClient | None:
    """Finds the client whose account sent a delivery, and gives it what was kept of the same delivery meanwhile.

    ``acknowledged``: as of ``received_at``, else as of now. None: nobody has the account, and nobody connects it before
    the end of this transaction.
    """
    values = {
        "provider": provider.value,
        "external_account": external_account,
        "delivery_key": delivery_key,
        "received_at": received_at,
        "acknowledged": acknowledged,
    }
    row = connection.execute(_FIND_CLIENT, values).one_or_none()
    if row is None:
        connection.execute(_SHARE_LOCK, {"provider": provider.value, "account": external_account})
        row = connection.execute(_FIND_CLIENT, values).one_or_none()  # a statement of its own, to see beyond the wait
    return None if row is None else FoundClient(row.client_id, row.id)


_LOCK = "hashtextextended(concat_ws(':', 'reply-pipeline account', {provider}, {account}), 0)"
_OF_VALUES = _LOCK.format(provider="CAST(:provider AS text)", account="CAST(:account AS text)")
_SHARE_LOCK = text(f"SELECT pg_advisory_xact_lock_shared({_OF_VALUES})")
_TAKE_LOCK = text(f"SELECT pg_advisory_xact_lock({_OF_VALUES})")
_TAKE_LOCKS = text(
    f"""
    SELECT pg_advisory_xact_lock({_LOCK.format(provider="provider", account="external_id")}) FROM (
        SELECT provider, external_id FROM provider_account WHERE client_id = :client_id AND finds_client
        ORDER BY provider, external_id) AS account
    """  # noqa: S608 (constants only)
)


def await_deliveries(connection: Connection, client_id: ClientId) -> None:
    """Waits for the deliveries that find the client's accounts of no use, and makes later ones wait for this."""
    connection.execute(_TAKE_LOCKS, {"client_id": client_id})


class AccountTakenError(ValueError):
    """Another client has this account in use, and its deliveries can be only one client's."""


@dataclass(frozen=True, slots=True)
class ConnectedAccount:
    """An account after it was connected. ``is_new``: there was no row of it."""

    id: ProviderAccountId
    is_new: bool


# Opt-outs of the time in which it was disabled are read back, as for a client that is enabled again. What it has missed
# of people is told to it (shared.db.untold_people).
_CONNECT = text(
    f"""
    INSERT INTO provider_account AS account (id, client_id, provider, external_id, credential_ref, finds_client, cursor)
    VALUES (:id, :client_id, :provider, :external_id, :credential_ref, :finds_client, {FROM_THE_BEGINNING})
    ON CONFLICT (client_id, provider, external_id) DO UPDATE
    SET disabled_at = NULL, removed_at = NULL, finds_client = account.finds_client OR excluded.finds_client,
        cursor = CASE WHEN account.disabled_at IS NULL THEN account.cursor ELSE {IN_USE_AGAIN} END,
        credential_ref = coalesce(excluded.credential_ref, account.credential_ref),
        consent_gap_at = CASE WHEN account.disabled_at IS NULL THEN account.consent_gap_at ELSE now() END,
        consent_cursor = CASE WHEN account.disabled_at IS NULL THEN account.consent_cursor END
    RETURNING id
    """  # noqa: S608 (a constant)
)


def connect_account(
    connection: Connection,
    client_id: ClientId,
    provider: Provider,
    external_id: str | None,
    *,
    credential_ref: str | None,
    finds_client: bool,
) -> ConnectedAccount:
    """Makes an account of a client's, or takes one into use again that was disabled or removed; safe to repeat.

    ``external_id`` None: not known; a client has one such account at a provider. ``finds_client``: deliveries name no
    client, and this account says whose they are. Raises AccountTakenError.
    """
    connection.execute(_TAKE_LOCK, {"provider": provider.value, "account": external_id})
    id = uuid7()
    try:
        made = connection.execute(
            _CONNECT,
            {
                "id": id,
                "client_id": client_id,
                "provider": provider.value,
                "external_id": external_id,
                "credential_ref": credential_ref,
                "finds_client": finds_client,
            },
        ).scalar_one()
    except IntegrityError as error:
        if "uq_provider_account_finds_client" in str(error.orig):
            raise AccountTakenError(f"another workspace has the account {external_id} in use") from None
        raise
    return ConnectedAccount(made, is_new=made == id)


def name_account(connection: Connection, account_id: UUID, external_id: str) -> None:
    """Notes the id of an account that was connected without one."""
    connection.execute(
        text("UPDATE provider_account SET external_id = :external_id WHERE id = :id AND external_id IS NULL"),
        {"id": account_id, "external_id": external_id},
    )


def disable_account(connection: Connection, account_id: UUID) -> bool:
    """Has nothing more come through an account; the first time stays. False when it was disabled before."""
    statement = text("UPDATE provider_account SET disabled_at = now() WHERE id = :id AND disabled_at IS NULL")
    return connection.execute(statement, {"id": account_id}).rowcount == 1


_UNCLAIMED = text(
    """
    SELECT event.id FROM provider_account AS account JOIN webhook_event AS event
      ON event.provider = account.provider AND event.external_account = account.external_id
    WHERE event.client_id IS NULL AND account.client_id = :client_id AND account.finds_client
      AND account.disabled_at IS NULL
    ORDER BY event.received_at, event.id
    """
)


def unclaimed_deliveries(connection: Connection, client_id: ClientId) -> Sequence[UUID]:
    """Lists the kept deliveries that came while an account of the client's was nobody's, the oldest first."""
    return connection.execute(_UNCLAIMED, {"client_id": client_id}).scalars().all()
