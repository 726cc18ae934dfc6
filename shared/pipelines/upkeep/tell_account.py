"""Tells an account what it has missed of people while it was not in use: no new tool mails who has opted out."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import Engine

from shared.db.untold_people import tell_batch
from shared.domain.vocabulary import Provider
from shared.providers.registry import PROVIDERS

BATCH = 200  # leads whose rows are locked at a time
APART_S = 2.0  # a person takes a few requests, of which a provider may grant one a second


def tell_account(
    engine: Engine,
    account_id: UUID,
    provider: Provider,
    *,
    need_time: Callable[[], None] = lambda: None,
    time_scale: float = 1.0,
) -> int:
    """Makes the jobs that tell a new account, or one in use again, how the client's people stand; returns how many.

    Suppressed people, those whose suppression has ended, and those whose sequences are to stand still. Maintenance
    publishes them in their turn. ``need_time`` raises when the time is over; the next call goes on from there. Without
    anything missed it is one query.
    """
    told, ends = 0, False
    while not ends:
        need_time()
        batch = tell_batch(
            engine,
            account_id,
            pauses=PROVIDERS[provider].pauses_sequences,
            limit=BATCH,
            before=told,
            apart_s=APART_S * time_scale,
        )
        told, ends = told + batch.people, batch.ends
    return told
