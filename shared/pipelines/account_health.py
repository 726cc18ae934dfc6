"""The consequences of a provider's word that an account is broken, and of the account's recovery."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection

from shared.db.job_changes import wake_deferred_jobs
from shared.db.pauses import lift_account_pause, pause_account
from shared.db.provider_accounts import note_account_broken, note_account_works
from shared.domain.actor import Actor
from shared.domain.vocabulary import ProviderAccountId, WaitingFor


def account_is_broken(connection: Connection, account_id: ProviderAccountId, reason: str) -> None:
    """Holds back the sends of an account by its provider's word; ``reason`` is the provider's code."""
    note_account_broken(connection, account_id, reason)
    pause_account(connection, account_id, note=reason)


def account_works(connection: Connection, account_id: UUID, actor: Actor) -> None:
    """Lets an account's sends go on, and brings forward those that have waited for it."""
    note_account_works(connection, account_id)
    client_id = lift_account_pause(connection, account_id, actor)
    if client_id is not None:
        wake_deferred_jobs(connection, client_id, (WaitingFor.ALL_SENDS,))
