"""Counts of what is waiting or stuck, for metrics and for doctor."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import Engine, text

from shared.db.commitments import OVERDUE
from shared.db.jobs import KNOWN_TYPE, NOT_SCORING, POST_PROCESS, PUBLISHABLE, SCORING
from shared.db.lead_group import head_of
from shared.db.outbox import clients_waiting, share_left
from shared.db.reply_order import is_newest_human_reply
from shared.db.transactions import autocommit
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import JobType

_RECENT_S = 2 * 86_400.0  # replies are done within a day of their coming, or are found by other gauges


@dataclass(frozen=True, slots=True)
class Gauges:
    """Counts of this moment."""

    unpublished_jobs: int  # due for more than a minute and inside their client's share
    jobs_of_newer_release: int  # unfinished, of a type that this release does not know
    uncertain_sends: int
    overdue_commitments: int
    held_leads: int
    drafts_awaiting_review: int
    eligible_without_draft: int  # replies of the last day whose tag deserves a draft, done, and without one


# A job that waits for its client's share is no fault, however long: it is counted up to what the share has left.
# Ids are time-ordered: :made_since makes the primary key the index of the young jobs, or each run would read every job
# that there ever was.
def _count_late(waiting: str, kind: str, left: str) -> str:
    return f"""
        (SELECT count(*) FROM {waiting} CROSS JOIN LATERAL (
             SELECT 1 FROM background_job AS job
             WHERE job.client_id = {waiting}.client_id AND {PUBLISHABLE} AND {kind}
               AND job.run_at < now() - make_interval(secs => :late_s)
             LIMIT (SELECT {left} FROM ({share_left(f"{waiting}.client_id")}) AS share)) AS late
         WHERE {waiting}.client_id IS NOT NULL)
"""  # noqa: S608 (constants only)


_GAUGES = text(
    f"""
    WITH RECURSIVE {clients_waiting("waiting", NOT_SCORING)}, {clients_waiting("waiting_scoring", SCORING)}
    SELECT
        {_count_late("waiting", NOT_SCORING, "jobs")}
        + {_count_late("waiting_scoring", SCORING, "scoring_jobs")} AS unpublished_jobs,
        (SELECT count(*) FROM background_job WHERE {PUBLISHABLE} AND type <> '{JobType.LEAD_SCORING}'
            AND NOT {KNOWN_TYPE})
        + (SELECT count(*) FROM background_job WHERE enqueued_at IS NOT NULL AND status IN ('PENDING', 'RUNNING')
            AND NOT {KNOWN_TYPE}) AS jobs_of_newer_release,
        (SELECT count(*) FROM outbound_send WHERE status = 'UNCERTAIN') AS uncertain_sends,
        (SELECT count(*) FROM commitment WHERE {OVERDUE}) AS overdue_commitments,
        (SELECT count(*) FROM lead WHERE held_at IS NOT NULL AND merged_into_id IS NULL) AS held_leads,
        (SELECT count(*) FROM draft WHERE status = 'NEEDS_REVIEW') AS drafts_awaiting_review,
        (SELECT count(*) FROM background_job AS job
         JOIN message ON message.id = job.message_id
         JOIN lead ON lead.id = {head_of("message.lead_id")}
         WHERE job.{POST_PROCESS} AND job.status = 'SUCCEEDED'
           AND job.finished_at > now() - interval '1 day' AND job.id > CAST(:made_since AS uuid)
           AND message.sentiment = ANY(:drafted_tags) AND lead.suppressed_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM draft WHERE draft.trigger_message_id = message.id)
           AND {is_newest_human_reply("message")}) AS eligible_without_draft
    """  # noqa: S608 (constants)
)


def load_gauges(engine: Engine, *, late_s: float, drafted_tags: list[str]) -> Gauges:
    """Counts for metrics and for doctor."""
    made_since = uuid7(at_ms=int((time.time() - _RECENT_S) * 1000))
    with autocommit(engine) as connection:
        row = connection.execute(
            _GAUGES, {"late_s": late_s, "drafted_tags": drafted_tags, "made_since": made_since}
        ).one()
    return Gauges(**row._mapping)
