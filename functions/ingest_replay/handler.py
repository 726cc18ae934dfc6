"""Lambda entry point of the replay: works off ingest.fifo once Postgres is back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.config import IngestReplaySettings, Secrets, load_settings
from shared.db.engine import make_engine
from shared.jobs.parked_bodies import ParkedBodies
from shared.jobs.publish import Publisher
from shared.jobs.sqs_client import make_sqs_client
from shared.observability import observed
from shared.pipelines.intake.replay_parked import ParkedEventReplay

STATEMENT_TIMEOUT_S = 8.0
ANSWER_TIMEOUT_S = 9.0


def build() -> ParkedEventReplay:
    """The replay with all that it needs, from the environment. Raises SettingsError naming what is missing."""
    settings = load_settings(IngestReplaySettings)
    sqs = make_sqs_client()
    return ParkedEventReplay(
        engine=make_engine(
            settings.database_url,
            secrets=Secrets(),
            statement_timeout_s=STATEMENT_TIMEOUT_S,
            answer_timeout_s=ANSWER_TIMEOUT_S,
            prepared=True,
            ping=False,  # a transaction whose connection turns out dead is repeated
            iam_auth=settings.database_iam_auth,
        ),
        sqs=sqs,
        queue_url=settings.ingest_queue_url,
        bodies=ParkedBodies(settings.parked_bodies_bucket),
        publisher=Publisher(
            sqs,
            post_process_queue_url=settings.post_process_queue_url,
            lead_scoring_queue_url=settings.lead_scoring_queue_url,
        ),
        time_scale=settings.time_scale,
    )


_replay = build()


@observed
def handler(event: Mapping[str, Any], _context: object) -> dict[str, list[dict[str, str]]]:
    return _replay.handle(event)
