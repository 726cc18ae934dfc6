"""The arguments of use cases: built once per process by the composition root, passed on as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

from sqlalchemy import Engine

from shared.domain.address_hash import HashAddress
from shared.jobs.parked_bodies import ParkedBodies
from shared.jobs.publish import Publisher

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

    from shared.ai.client import ModelClient
    from shared.providers.protocol import Accounts


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Intake:
    """Connections of what takes deliveries in: the webhooks and the replay.

    ``queue_url``: where a delivery is parked while the database is away; ``bodies`` keeps what no message can carry.
    """

    engine: Engine
    publisher: Publisher
    sqs: SQSClient
    queue_url: str
    bodies: ParkedBodies
    hash_address: HashAddress
    time_scale: float = 1.0


def _not_built(*_: object) -> NoReturn:
    raise RuntimeError("this function is built without it: shared/bootstrap says what each one gets")


@dataclass(frozen=True)
class Dependencies:
    """Connections and clients of the consumers and of maintenance.

    ``accounts`` opens a provider account and ``model`` the model client, each with the key of today. ``retention`` is
    in days, by table. ``time_scale`` shortens deadlines and delays in tests.
    """

    engine: Engine
    publisher: Publisher
    accounts: Accounts = _not_built
    model: Callable[[], ModelClient] = _not_built
    hash_address: HashAddress = _not_built
    retention: Mapping[str, int] = field(default_factory=dict)
    time_scale: float = 1.0
    now: Callable[[], datetime] = field(default=_now)
