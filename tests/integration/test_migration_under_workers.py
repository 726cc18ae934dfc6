"""Migrations that run while workers keep connections with prepared statements: no job fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError

from infra.topology import TOPOLOGY
from shared.bootstrap.workers import build_post_process
from shared.config import PostProcessSettings, Secrets, load_settings
from shared.db.transactions import autocommit
from shared.domain.vocabulary import JobType
from shared.jobs.outcomes import Done, Outcome, Retry
from shared.pipelines.job_failures import decide_failure
from tests.integration.reply_scene import Scene

# Old code meets only what migrations may do (docs/deploy.md); a changed type is more than that.
RETYPED = {
    "a claim and a look at the lead": ("background_job", "trace_id", "varchar(300)"),
    "a saved draft": ("draft", "status", "varchar(40)"),
    "what is known of the reply": ("message", "clean_text", "varchar(100000)"),
}


@pytest.fixture
def scene(worker_engine: Engine) -> Scene:
    scene = Scene(worker_engine)
    scene.settings(max_consecutive_auto_replies=100)
    for _ in range(6):  # until every statement is prepared
        run_both_jobs(scene)
    return scene


@pytest.fixture
def worker_engine(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The engine of the post_process function, as it is deployed."""
    environment = dict.fromkeys(("POST_PROCESS_QUEUE_URL", "LEAD_SCORING_QUEUE_URL"), "http://127.0.0.1:9/queue")
    environment |= {"DATABASE_URL": database_url, "OPENAI_API_KEY": "key"}
    environment |= {provider.keys_variable: "key" for provider in TOPOLOGY.providers}
    environment |= {"MAX_RECEIVE_COUNT": "10", "ADDRESS_HASH_KEY": "h" * 40}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    engine = build_post_process(load_settings(PostProcessSettings), Secrets()).engine
    yield engine
    engine.dispose()


def run_both_jobs(scene: Scene) -> list[Outcome]:
    message_id = scene.message(age=timedelta())
    return [scene.run(scene.job(message_id, type)) for type in (JobType.POST_PROCESS, JobType.LEAD_SCORING)]


def test_added_columns_cost_not_even_a_repetition(scene: Scene, database_url: str) -> None:
    with psycopg.connect(database_url) as migration:
        for (table,) in migration.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename !~ '^alembic|^schema_'"
        ).fetchall():
            migration.execute(sql.SQL("ALTER TABLE {} ADD COLUMN added text DEFAULT 'x'").format(sql.Identifier(table)))
    assert kept_statements(scene.engine) > 10
    failed: list[str] = []
    event.listen(scene.engine, "handle_error", lambda context: failed.append(str(context.original_exception)))
    assert run_both_jobs(scene) == [Done("sent"), Done("overall 4")]
    assert kept_statements(scene.engine) > 10
    assert failed == []


@pytest.mark.parametrize("what", RETYPED)
def test_stale_plans_fail_no_job(scene: Scene, database_url: str, what: str) -> None:
    table, column, type = RETYPED[what]
    with psycopg.connect(database_url) as migration:
        migration.execute(
            sql.SQL("ALTER TABLE {} ALTER COLUMN {} TYPE {}").format(
                sql.Identifier(table), sql.Identifier(column), sql.SQL(type)
            )
        )
    done = [Done("sent"), Done("overall 4")]
    first = worked_off(scene)
    assert first == done or isinstance(first, Retry)
    assert worked_off(scene) == done


def worked_off(scene: Scene) -> list[Outcome] | Outcome:
    """Runs both jobs of a new reply; what one of them raises becomes the outcome that the consumer makes of it."""
    try:
        return run_both_jobs(scene)
    except DBAPIError as error:
        return decide_failure(error)


def kept_statements(engine: Engine) -> int:
    with autocommit(engine) as connection:  # psycopg forgets all of them with a ROLLBACK
        return int(connection.execute(text("SELECT count(*) FROM pg_prepared_statements")).scalar_one())
