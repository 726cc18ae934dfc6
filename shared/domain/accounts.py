"""Which account of a client's at a provider something came through, or is to go through."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shared.domain.vocabulary import ClientId, Provider


@dataclass(frozen=True, slots=True)
class AccountRef:
    """A row of provider_account, as far as a call needs it.

    ``id`` None: the only account of a client whose rows are older than accounts. ``credential_ref``: what its
    credential is resolved from; None: by the environment's rule for the provider.
    """

    client_id: ClientId
    provider: Provider
    id: UUID | None = None
    credential_ref: str | None = None
