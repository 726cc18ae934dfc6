"""SQL of the moment from which a person's sequences are to stand still, and of the jobs that tell the accounts so.

It is set once, by the first sign of a person: what is told once is not told again for each further reply.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, text

from shared.db.jobs import job_columns
from shared.db.outbox import AssertedJob, asserted, asserting, share_left
from shared.db.person_jobs import person_job_rows
from shared.domain.vocabulary import ClientId, LeadId, MessageId, Provider


def pausing(when: str) -> str:
    """SQL: parts of a larger WITH, under the lead's lock, where the sequences stand still from this statement on.

    ``pausing`` is the lead if ``when`` is true and they did not before: the statement has to set ``PAUSED_SINCE``.
    ``told`` are the jobs that tell it; none for a suppressed lead, of whom the accounts know more. Values:
    ``pause_values``, :lead_id and :message_id.
    """
    rows = person_job_rows(
        "pausing.id",
        """pausing JOIN provider_account AS account ON account.client_id = pausing.client_id
        WHERE account.provider = ANY(CAST(:pausing_providers AS text[])) AND pausing.suppressed_at IS NULL""",
    )
    return f"""
    pausing AS MATERIALIZED (
        SELECT id, client_id, suppressed_at FROM lead
        WHERE id = CAST(:lead_id AS uuid) AND sequences_paused_at IS NULL AND {when}
    ), {asserting("told", rows)}
"""  # noqa: S608 (constants only)


PAUSED_SINCE = "sequences_paused_at = coalesce(lead.sequences_paused_at, (SELECT now() FROM pausing))"
"""SQL: sets the moment in an UPDATE of the lead, for a statement with ``pausing``."""


def pause_values(pausing: Collection[Provider], trace_id: str | None) -> dict[str, object]:
    """Returns values of ``pausing``: the providers whose accounts can do it, and the trace that the jobs go on with."""
    return {"pausing_providers": [provider.value for provider in pausing], "trace_id": trace_id}


_PAUSE = text(
    f"""
    WITH {pausing("true")}, paused AS (
        UPDATE lead SET {PAUSED_SINCE} FROM pausing WHERE lead.id = pausing.id
    )
    SELECT {job_columns("told")}, (SELECT jobs FROM ({share_left(":client_id")}) AS share) AS share_left FROM told
    """  # noqa: S608 (constants only)
)


def pause_sequences(
    connection: Connection,
    client_id: ClientId,
    lead_id: LeadId,
    *,
    pausing: Collection[Provider],
    message_id: MessageId | None,
    trace_id: str | None,
) -> list[AssertedJob]:
    """Has the lead's sequences stand still from now on, under its lock; returns the jobs that tell the accounts."""
    values = {"client_id": client_id, "lead_id": lead_id, "message_id": message_id, **pause_values(pausing, trace_id)}
    return asserted(connection, _PAUSE, values)
