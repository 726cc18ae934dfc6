"""The body of a message in SQS: ids only. The job itself is the row in Postgres."""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict

from shared.domain.vocabulary import ClientId, DraftId, JobId, LeadId, MessageId

# SQS hard limits (SendMessage): up to 128 ASCII letters, digits and punctuation, no blanks.
_SQS_ID = re.compile(r"[!-~]{1,128}\Z")


def deduplication_id(key: str, generation: int) -> str:
    """Returns the SQS deduplication id of a job's n-th publication.

    FIFO queues silently swallow a repeated id for five minutes, so what is meant to run again gets a generation:
    none for the first publication, ``:1``, ``:2`` … afterwards. Raises ValueError for what SQS would refuse.
    """
    identifier = key if generation == 0 else f"{key}:{generation}"
    if not _SQS_ID.match(identifier):
        raise ValueError(f"not a deduplication id that SQS accepts: {identifier!r}")
    return identifier


class JobEnvelope(BaseModel):
    """The body of an SQS message. Consumers look the job up by its id and never trust SQS ids for identity."""

    model_config = ConfigDict(frozen=True)

    job_id: JobId
    type: str  # for whoever reads a dead letter: the row says what runs
    client_id: ClientId
    lead_id: LeadId
    message_id: MessageId | None = None
    draft_id: DraftId | None = None
    dedupe_key: str
    trace_id: str | None = None
