"""Listings of provider accounts and their health."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from shared.domain.accounts import AccountRef
from shared.domain.vocabulary import ClientId, Provider, known


@dataclass(frozen=True, slots=True)
class AccountReport:
    id: UUID
    client_id: ClientId
    client_name: str
    provider: str  # as it is stored: a newer release may have written it
    external_id: str | None
    credential_ref: str | None
    hook_token: str | None  # which token its hooks at the provider were last told: ops.hooks
    broken_since: datetime | None
    broken_reason: str | None
    disabled_at: datetime | None
    removed_at: datetime | None
    client_disabled_at: datetime | None

    @property
    def is_in_use(self) -> bool:
        return self.disabled_at is None and self.client_disabled_at is None

    @property
    def ref(self) -> AccountRef:
        """Returns what a call needs of it. Raises UnknownValueError."""
        return AccountRef(self.client_id, known(Provider, self.provider), self.id, self.credential_ref)


_ACCOUNTS = text(
    """
    SELECT account.id, account.client_id, client.name AS client_name, account.provider, account.external_id,
           account.credential_ref, account.hook_token, account.broken_since, account.broken_reason,
           account.disabled_at, account.removed_at,
           client.disabled_at AS client_disabled_at
    FROM provider_account AS account JOIN client ON client.id = account.client_id
    WHERE (CAST(:client_id AS uuid) IS NULL OR account.client_id = :client_id)
      AND (:removed OR account.removed_at IS NULL)
    ORDER BY account.client_id, account.created_at, account.id
    """
)


def list_accounts(
    connection: Connection, client_id: ClientId | None = None, *, removed: bool = False
) -> list[AccountReport]:
    """Lists the accounts of one client, or of all, the oldest client's first; ``removed``: those, too, that are kept
    for their history alone."""
    rows = connection.execute(_ACCOUNTS, {"client_id": client_id, "removed": removed})
    return [AccountReport(**row._mapping) for row in rows]
