"""Parts that every function has."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from shared.config import DatabaseSettings, JobQueueSettings, Secrets
from shared.db.engine import make_engine
from shared.jobs.publish import Publisher

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

ANSWER_MARGIN_S = 2.0  # a server that still works cancels the statement itself before we give up on it


def build_engine(
    settings: DatabaseSettings,
    secrets: Secrets,
    statement_timeout_s: float,
    *,
    ping: bool,
    margin_s: float = ANSWER_MARGIN_S,
    prepared: bool = False,
) -> Engine:
    """Makes an engine whose server cancels a statement after a while, and which gives up on it ``margin_s`` later."""
    return make_engine(
        settings.database_url,
        secrets=secrets,
        statement_timeout_s=statement_timeout_s,
        answer_timeout_s=statement_timeout_s + margin_s,
        prepared=prepared,
        iam_auth=settings.database_iam_auth,
        ping=ping,
    )


def build_publisher(settings: JobQueueSettings, sqs: SQSClient) -> Publisher:
    """Makes the publisher of the two job queues."""
    return Publisher(
        sqs,
        post_process_queue_url=settings.post_process_queue_url,
        lead_scoring_queue_url=settings.lead_scoring_queue_url,
    )


class Kept[O, C]:
    """Accounts and clients that live as long as their key: connections are reused, and a rotated key is taken up."""

    def __init__(self, make: Callable[[O, str], C]) -> None:
        self._make = make
        self._clients: dict[O, tuple[str, C]] = {}

    def of(self, owner: O, key: str) -> C:
        known = self._clients.get(owner)
        if known is None or known[0] != key:
            known = self._clients[owner] = (key, self._make(owner, key))
        return known[1]
