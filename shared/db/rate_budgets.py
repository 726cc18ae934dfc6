"""The turns of requests whose number is limited: one moment per limit, by the clock of the database."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from shared.db.outages import name_of
from shared.db.transactions import autocommit
from shared.domain.rate_limits import CountedFor, Draw, Turn
from shared.domain.vocabulary import Provider

# All limits of a request or none. The rows are locked in one order before they are read, so of two at once the second
# sees what the first has used up.
_TAKE = text(
    """
    WITH asked AS MATERIALIZED (
        SELECT * FROM unnest(
            CAST(:scopes AS bytea[]), CAST(:names AS text[]), CAST(:intervals AS float8[]), CAST(:leads AS float8[])
        ) AS asked (scope, name, interval_s, lead_s)
    ), held AS MATERIALIZED (
        SELECT budget.scope, budget.name, budget.next_at, make_interval(secs => asked.interval_s) AS step,
               make_interval(secs => asked.lead_s) AS lead
        FROM rate_budget AS budget JOIN asked ON asked.scope = budget.scope AND asked.name = budget.name
        ORDER BY budget.scope, budget.name FOR UPDATE OF budget
    ), turn AS MATERIALIZED (
        SELECT count(*) AS limits, greatest(max(next_at - lead), clock_timestamp()) AS at, clock_timestamp() AS now
        FROM held
    ), taken AS (
        UPDATE rate_budget AS budget SET next_at = greatest(held.next_at, turn.at) + held.step
        FROM held, turn
        WHERE budget.scope = held.scope AND budget.name = held.name
          AND turn.limits = (SELECT count(*) FROM asked)
          AND turn.at <= turn.now + make_interval(secs => CAST(:within_s AS float8))
        RETURNING 1
    )
    SELECT turn.limits, CAST(extract(epoch FROM turn.at - turn.now) AS float8) AS in_s,
           EXISTS (SELECT FROM taken) AS taken
    FROM turn
    """
)

# A limit that is wholly free is the same as one that was never used: rows of keys that nobody has any more go when
# those of another one come.
_ADD = text(
    """
    WITH idle AS (
        DELETE FROM rate_budget WHERE ctid = ANY(ARRAY(
            SELECT ctid FROM rate_budget WHERE next_at < clock_timestamp() - interval '1 day'
            LIMIT 1000 FOR UPDATE SKIP LOCKED))
    )
    INSERT INTO rate_budget (scope, name, next_at)
    SELECT scope, name, clock_timestamp()
    FROM unnest(CAST(:scopes AS bytea[]), CAST(:names AS text[])) AS new (scope, name)
    ORDER BY scope, name ON CONFLICT DO NOTHING
    """
)

_HOLD_BACK = text(
    """
    INSERT INTO rate_budget AS budget (scope, name, next_at)
    VALUES (:scope, :name, clock_timestamp() + make_interval(secs => CAST(:for_s AS float8)))
    ON CONFLICT (scope, name) DO UPDATE SET next_at = greatest(budget.next_at, excluded.next_at)
    """
)


class StoredTurns:
    """The turns of one account and its credential. Never used inside a transaction: the engine may have one connection.

    The scopes are digests: neither a key nor anything that leads to it is kept.
    """

    def __init__(self, engine: Engine, provider: Provider, credential: str, account_id: UUID | None) -> None:
        self._engine = engine
        own = credential if account_id is None else str(account_id)
        self._scopes: Mapping[CountedFor, bytes] = {
            CountedFor.CREDENTIAL: _scope(provider, CountedFor.CREDENTIAL, credential),
            CountedFor.ACCOUNT: _scope(provider, CountedFor.ACCOUNT, own),
        }

    def take(self, draws: Sequence[Draw], *, within_s: float) -> Turn:
        """Takes the first turn that all limits allow, unless it comes later than ``within_s``.

        Raises ConnectionError when the database does not say.
        """
        rows = {
            "scopes": [self._scopes[draw.counted_for] for draw in draws],
            "names": [draw.name for draw in draws],
        }
        values = {
            **rows,
            "intervals": [draw.interval_s for draw in draws],
            "leads": [draw.lead_s for draw in draws],
            "within_s": within_s,
        }
        try:
            with autocommit(self._engine) as connection:
                while True:
                    turn = connection.execute(_TAKE, values).one()
                    if turn.limits == len(draws):
                        return Turn(max(0.0, turn.in_s), turn.taken)  # the clock goes on within the statement
                    connection.execute(_ADD, rows)  # the first turn of all, or of a day
        except SQLAlchemyError as error:
            raise ConnectionError(f"database: {name_of(error)}") from None

    def hold_back(self, draw: Draw, for_s: float) -> None:
        """Gives nobody a turn for ``for_s`` seconds. Raises ConnectionError when the database does not take it."""
        values = {"scope": self._scopes[draw.counted_for], "name": draw.name, "for_s": for_s + draw.lead_s}
        try:
            with autocommit(self._engine) as connection:
                connection.execute(_HOLD_BACK, values)
        except SQLAlchemyError as error:
            raise ConnectionError(f"database: {name_of(error)}") from None


def _scope(provider: Provider, kind: CountedFor, value: str) -> bytes:
    # A credential is random enough that a bare digest gives nothing away.
    return hashlib.sha256(f"rate budget\0{provider}\0{kind}\0{value}".encode()).digest()
