"""What the use cases are given: built once by the composition root of a function, passed as a plain argument."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from shared.jobs.publish import Publisher

if TYPE_CHECKING:
    from shared.ai.client import ModelClient
    from shared.providers.protocol import Accounts


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class ConsumerDependencies:
    """``model`` gives the model client and ``accounts`` a provider account, each with the key of today.

    ``time_scale`` shortens deadlines and delays in tests.
    """

    engine: Engine
    publisher: Publisher
    model: Callable[[], ModelClient]
    accounts: Accounts
    time_scale: float = 1.0
    now: Callable[[], datetime] = field(default=_now)


@dataclass(frozen=True)
class MaintenanceDependencies:
    """``retention`` is in days, by table."""

    engine: Engine
    publisher: Publisher
    accounts: Accounts
    retention: dict[str, int]
    time_scale: float = 1.0
    now: Callable[[], datetime] = field(default=_now)
