"""Queries of those people of whom an account has not heard how they stand, since it was not in use: a batch at a time.

The cursor of the account says how far that has been seen to; it has none where all have been.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine, text

from shared.db.lead_group import group_of
from shared.db.outbox import asserting
from shared.db.person_jobs import person_job_rows
from shared.db.transactions import autocommit

CURSOR = "PEOPLE"
"""The key in ``provider_account.cursor``: the last lead that was seen to, '' at the beginning."""

_SINCE = "PEOPLE_SINCE"


FROM_THE_BEGINNING = f"""'{{"{CURSOR}": ""}}'"""
"""SQL: the cursor of a new account."""

IN_USE_AGAIN = f"""account.cursor || jsonb_build_object(
    '{CURSOR}', '', '{_SINCE}', least(CAST(account.cursor ->> '{_SINCE}' AS timestamptz), account.disabled_at))"""
"""SQL: the cursor of an account that was disabled until now (alias ``account``)."""


def _some_lead(where: str) -> str:
    """SQL: whether this is true of a lead of the person's (alias ``own``), told once for all of them."""
    return f"""EXISTS (
        SELECT FROM {group_of("lead.id")} AS person JOIN lead AS own ON own.id = person.lead_id WHERE {where})"""


_SUPPRESSION_TOLD = "coalesce(beginning.id = ANY(own.suppression_told), false)"
_PAUSE_TOLD = "coalesce(beginning.id = ANY(own.pause_told), false)"
_HAS_NEW_KEY = """EXISTS (SELECT FROM lead_identity AS key
                          WHERE key.lead_id = lead.id AND key.created_at >= beginning.since)"""

# The leads' locks, in the order of their ids as merges take them: no job is made for a lead that is being merged. A
# running job is left alone: what it tells is how the person stands.
_TELL = text(
    f"""
    WITH beginning AS MATERIALIZED (
        SELECT id, client_id, cursor ->> '{CURSOR}' AS after, CAST(cursor ->> '{_SINCE}' AS timestamptz) AS since
        FROM provider_account
        WHERE id = :account_id AND disabled_at IS NULL AND cursor ? '{CURSOR}'
    ), people AS MATERIALIZED (
        SELECT lead.id, beginning.id AS account_id FROM beginning JOIN lead ON lead.client_id = beginning.client_id
        WHERE (lead.suppressed_at IS NOT NULL OR lead.sequences_paused_at IS NOT NULL
               OR lead.suppression_told IS NOT NULL)
          AND lead.id > coalesce(CAST(nullif(beginning.after, '') AS uuid), '00000000-0000-0000-0000-000000000000')
          AND lead.merged_into_id IS NULL AND lead.erased_at IS NULL
          AND CASE
              WHEN lead.suppressed_at IS NOT NULL THEN {_some_lead(f"NOT {_SUPPRESSION_TOLD}")} OR {_HAS_NEW_KEY}
              WHEN {_some_lead(_SUPPRESSION_TOLD)} THEN true
              ELSE :pauses AND lead.sequences_paused_at IS NOT NULL
                   AND ({_some_lead(f"NOT {_PAUSE_TOLD}")} OR {_HAS_NEW_KEY}) END
        ORDER BY lead.id LIMIT :limit FOR NO KEY UPDATE OF lead
    ), placed AS MATERIALIZED (
        SELECT id, account_id, row_number() OVER (ORDER BY id) AS place FROM people
    ), {
        asserting(
            "told",
            person_job_rows(
                "placed.id",
                "placed JOIN provider_account AS account ON account.id = placed.account_id WHERE true",
                run_at="now() + (:before + placed.place - 1) * make_interval(secs => :apart_s)",
            ),
            even_running="false",
        )
    }, advanced AS (
        UPDATE provider_account AS account
        SET cursor = CASE WHEN seen.people < :limit THEN account.cursor - ARRAY['{CURSOR}', '{_SINCE}']
                          ELSE account.cursor || jsonb_build_object('{CURSOR}', seen.last) END
        FROM beginning, (SELECT count(*) AS people, (array_agg(id ORDER BY id DESC))[1] AS last FROM people) AS seen
        WHERE account.id = beginning.id AND account.cursor ->> '{CURSOR}' = beginning.after
    )
    SELECT count(*) AS people, EXISTS (SELECT FROM beginning) AS was_due FROM people
    """  # noqa: S608 (constants only)
)


@dataclass(frozen=True, slots=True)
class ToldBatch:
    """The number of people in a batch; ``ends`` where there are no more."""

    people: int
    ends: bool


def tell_batch(engine: Engine, account_id: UUID, *, pauses: bool, limit: int, before: int, apart_s: float) -> ToldBatch:
    """Makes the jobs that tell an account of the next people, as long as its cursor says that it has missed any.

    ``pauses``: the account can make sequences stand still. ``before``: how many people were in the batches of this run:
    each job is due ``apart_s`` seconds after the one before, so that what else the client has to do goes on.
    """
    values = {
        "account_id": account_id,
        "pauses": pauses,
        "limit": limit,
        "before": before,
        "apart_s": apart_s,
        "message_id": None,
        "trace_id": None,
    }
    with autocommit(engine) as connection:
        row = connection.execute(_TELL, values).one()
    return ToldBatch(row.people, ends=not row.was_due or row.people < limit)
