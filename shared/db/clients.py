"""Queries of client: workspaces and their webhook tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import ClientId, Provider


class ClientNotFoundError(LookupError):
    """An id that no client has."""

    def __init__(self, client_id: UUID) -> None:
        super().__init__(f"there is no client {client_id}")


class ClientExistsError(ValueError):
    """An id that a client has already."""


@dataclass(frozen=True, slots=True)
class ConnectedAccount:
    provider: str  # as it is stored: a newer release may have written it
    external_id: str | None


@dataclass(frozen=True, slots=True)
class Client:
    id: ClientId
    name: str
    accounts: tuple[ConnectedAccount, ...]
    webhook_token_version: int
    disabled_at: datetime | None
    created_at: datetime


_CLIENT = """
    client.id, client.name, client.webhook_token_version, client.disabled_at, client.created_at,
    (SELECT coalesce(jsonb_agg(jsonb_build_array(provider, external_id) ORDER BY created_at, id), '[]')
     FROM provider_account WHERE client_id = client.id AND removed_at IS NULL) AS accounts
"""


def create_client(
    connection: Connection,
    name: str,
    *,
    provider: Provider = Provider.INSTANTLY,
    external_account: str | None = None,
    id: UUID | None = None,
) -> Client:
    """Makes a workspace with default settings and an account; campaigns appear with their first event.

    ``external_account``: the account's id at ``provider``, so that events of any other are quarantined; None: not
    known. ``id``: of a workspace that is gone, as after a restore, whose events still come. Raises ClientExistsError.
    """
    made = connection.execute(
        text("""
            WITH made AS (
                INSERT INTO client (id, name) VALUES (:id, :name) ON CONFLICT (id) DO NOTHING RETURNING id
            ), defaults AS (
                INSERT INTO client_settings (id, client_id) SELECT :settings_id, id FROM made
            ), account AS (
                INSERT INTO provider_account (id, client_id, provider, external_id)
                SELECT :account_id, id, :provider, :external_account FROM made
            )
            SELECT id FROM made
        """),
        {
            "id": id or uuid7(),
            "settings_id": uuid7(),
            "account_id": uuid7(),
            "provider": provider.value,
            "name": name,
            "external_account": external_account,
        },
    ).scalar_one_or_none()
    if made is None:
        raise ClientExistsError(f"there is a client {id} already")
    return get_client(connection, made)


def get_client(connection: Connection, client_id: UUID) -> Client:
    """Reads a workspace. Raises ClientNotFoundError."""
    row = connection.execute(
        text(f"SELECT {_CLIENT} FROM client WHERE id = :id"),  # noqa: S608
        {"id": client_id},
    ).one_or_none()
    return _found(row, client_id)


def list_clients(connection: Connection) -> list[Client]:
    """Lists every workspace, the oldest first."""
    return [_client(row) for row in connection.execute(text(f"SELECT {_CLIENT} FROM client ORDER BY id"))]  # noqa: S608


def rotate_webhook_token(connection: Connection, client_id: UUID) -> Client:
    """Revokes every webhook token of the client that was made so far. Raises ClientNotFoundError.

    When that was is kept: what arrived before, and was parked, is judged by the token that was valid then.
    """
    row = connection.execute(
        text(f"""
            UPDATE client
            SET webhook_token_version = webhook_token_version + 1, webhook_token_rotated_at = clock_timestamp()
            WHERE id = :id RETURNING {_CLIENT}
        """),  # noqa: S608
        {"id": client_id},
    ).one_or_none()
    return _found(row, client_id)


def disable_client(connection: Connection, client_id: UUID, *, at: datetime) -> Client:
    """Has its webhook answer 401 from now on; the first ``at`` stays. Raises ClientNotFoundError."""
    row = connection.execute(
        text(f"""
            UPDATE client SET disabled_at = coalesce(disabled_at, :at) WHERE id = :id RETURNING {_CLIENT}
        """),  # noqa: S608
        {"id": client_id, "at": at},
    ).one_or_none()
    return _found(row, client_id)


def enable_client(connection: Connection, client_id: UUID) -> Client:
    """Takes its events again; opt-outs of the time in between are read back. Raises ClientNotFoundError."""
    row = connection.execute(
        text(f"""
            WITH gap AS (
                UPDATE provider_account AS account SET consent_gap_at = now(), consent_cursor = NULL
                FROM client
                WHERE client.id = :id AND client.disabled_at IS NOT NULL AND account.client_id = client.id
            )
            UPDATE client SET disabled_at = NULL WHERE id = :id RETURNING {_CLIENT}
        """),  # noqa: S608
        {"id": client_id},
    ).one_or_none()
    return _found(row, client_id)


def _found(row: Row[Any] | None, client_id: UUID) -> Client:
    if row is None:
        raise ClientNotFoundError(client_id)
    return _client(row)


def _client(row: Row[Any]) -> Client:
    accounts = tuple(ConnectedAccount(*account) for account in row.accounts)
    return Client(**{**row._mapping, "accounts": accounts})
