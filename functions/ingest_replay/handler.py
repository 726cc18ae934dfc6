"""Lambda entry point of the replay: works off ingest.fifo once Postgres is back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.bootstrap.intake import build_replay
from shared.config import IngestReplaySettings, Secrets, load_settings
from shared.observability import observed
from shared.pipelines.intake.replay_parked import ParkedEventReplay

_replay = ParkedEventReplay(build_replay(load_settings(IngestReplaySettings), Secrets()))


@observed
def handler(event: Mapping[str, Any], _context: object) -> dict[str, list[dict[str, str]]]:
    return _replay.handle(event)
