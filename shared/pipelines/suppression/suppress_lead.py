"""Suppression: from here on nothing is written to this person, and each provider account of the client is told so.

The consequences in our own tables belong to the transaction that brought the evidence; telling an account is a job.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from shared.db.jobs import Job
from shared.db.leads import suppress
from shared.db.person_jobs import assert_person_jobs
from shared.domain.vocabulary import ClientId, LeadId, MessageId, SuppressionReason
from shared.observability import Metric, emit
from shared.pipelines.suppression.pause_sequences import pausing_providers


@dataclass(frozen=True, slots=True)
class SuppressionEvidence:
    """The reason why a lead is suppressed: the rule, the words it found, and the message that holds them, if any."""

    reason: SuppressionReason
    rule: str
    words: str = ""
    message_id: MessageId | None = None


class DismissedMeanwhile(Exception):  # noqa: N818 (a signal, not an error of the program)
    """A person has lifted the suppression for which this message was read as a reason: it is to be read again."""


def suppress_lead(
    connection: Connection,
    client_id: ClientId,
    lead_id: LeadId,
    evidence: SuppressionEvidence,
    *,
    trace_id: str | None = None,
) -> tuple[Job, ...]:
    """Suppresses the lead in this transaction, which must hold the lead's lock; doing it twice is harmless.

    Open drafts are superseded and follow-ups cancelled. A job from an earlier suppression that was undone since starts
    over, even when it is telling of the undoing at this moment.

    Returns the jobs that tell the accounts, to be published after the commit. None of them when the lead was suppressed
    already (the jobs of that time do it), or when a person has dismissed this very message as a reason. One for which
    the client's share has no place now is published in its turn.
    """
    newly_suppressed = suppress(
        connection,
        lead_id,
        evidence.reason,
        rule=evidence.rule,
        words=evidence.words,
        message_id=evidence.message_id,
    )
    if not newly_suppressed:
        return ()
    emit(Metric.LEAD_SUPPRESSED, reason=evidence.reason.value)
    made = assert_person_jobs(
        connection, client_id, lead_id, message_id=evidence.message_id, trace_id=trace_id, even_running=True
    )
    return tuple(one.job for one in made if one.within_share)


def tell_providers_again(
    connection: Connection, client_id: ClientId, lead_id: LeadId, *, trace_id: str | None = None
) -> tuple[Job, ...]:
    """Has the providers told how the lead stands, now that it has another key, under the lead's lock.

    Returns the jobs to publish after the commit, as far as the client's share has places for them now.
    """
    made = assert_person_jobs(
        connection, client_id, lead_id, trace_id=trace_id, even_running=True, pausing=pausing_providers()
    )
    return tuple(one.job for one in made if one.within_share)
