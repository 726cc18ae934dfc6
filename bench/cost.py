"""What work costs in Postgres: its statements, and the round trips that they take."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any

from sqlalchemy import Engine, event

ANSWERED = "ReadyForQuery"  # the server ends its answer to a query, or to a pipeline's Sync, with exactly one


@dataclass
class Cost:
    """The statements that went out, BEGIN and COMMIT apart, and how often their answers were waited for."""

    statements: list[str] = field(default_factory=list)
    round_trips: int = 0


@contextmanager
def counted(engine: Engine) -> Iterator[Cost]:
    """Counts what ``engine`` asks of Postgres, by libpq's own trace of the protocol; ``round_trips`` is set at the end.

    What a new connection costs until it can be used is not counted.
    """
    cost = Cost()
    traced: dict[int, Any] = {}
    with tempfile.TemporaryFile("w+") as wire:

        def trace(driver: Any, *_: Any) -> None:
            if id(driver) not in traced:
                traced[id(driver)] = driver
                driver.pgconn.trace(wire.fileno())

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            cost.statements.append(" ".join(statement.split()))

        event.listen(engine, "checkout", trace)
        with engine.connect():  # so that a connection that is there is traced before it is pinged for its next use
            pass
        began_at = wire.seek(0, 2)
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield cost
        finally:
            event.remove(engine, "before_cursor_execute", note)
            event.remove(engine, "checkout", trace)
            for driver in traced.values():
                if not driver.closed:
                    driver.pgconn.untrace()
            cost.round_trips = _answers(wire, began_at)


def _answers(wire: IO[str], began_at: int) -> int:
    wire.seek(began_at)
    return sum(ANSWERED in line for line in wire)
