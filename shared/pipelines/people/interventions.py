"""What a person puts right by hand: jobs that failed, sends that nobody can vouch for, leads suppressed by mistake.

Each is one transaction and safe to repeat; what has to run afterwards is published after the commit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, Engine

from shared.db.draft_reviews import find_lead_of_draft, read_job_state
from shared.db.interventions import (
    LiftedSuppression,
    UncertainSend,
    count_published,
    find_recorded_email,
    lift_suppression,
    lock_uncertain_send,
    read_job_words,
    settle_uncertain_as_not_sent,
)
from shared.db.lead_suppression import dismiss_objections
from shared.db.locks import lock_lead
from shared.db.outbound_sends import settle_uncertain_as_sent
from shared.db.outbox import Job, assert_job, dedupe_key, next_publishable, requeue_job
from shared.domain.consent import objection_behind
from shared.domain.identifiers import uuid7
from shared.domain.reply_identity import content_key, reply_key
from shared.domain.vocabulary import ClientId, Direction, JobStatus, JobType, LeadId, MessageId
from shared.jobs.publish import Publisher


class InterventionRefusedError(Exception):
    """Nothing was changed; ``str()`` is a sentence for the person who asked."""


@dataclass(frozen=True, slots=True)
class Requeued:
    """``published`` of the ``requeued`` jobs are in their queue; maintenance publishes the others.

    ``skipped``: the jobs that were no longer FAILED.
    """

    requeued: int
    published: int
    skipped: Sequence[UUID] = ()


def requeue_jobs(
    engine: Engine,
    publisher: Publisher,
    job_ids: Sequence[UUID],
    *,
    only_failed: bool = False,
    advance: Callable[[], None] = lambda: None,
) -> Requeued:
    """Runs failed jobs again, each from its last checkpoint.

    A deferred job runs at once, and one that lost its worker is put back too. With ``only_failed`` whatever has left
    FAILED meanwhile, because a redrive picked it up, is skipped instead.

    ``advance`` is called once per job. Without ``only_failed`` raises InterventionRefusedError for the first job that
    is running, done or unknown; those before it are requeued and published all the same.
    """
    requeued: list[Job] = []
    skipped: list[UUID] = []
    try:
        for job_id in job_ids:
            with engine.begin() as connection:
                job = requeue_job(connection, job_id, only_failed=only_failed)
                if job is None and not only_failed:
                    raise InterventionRefusedError(_why_not_requeued(connection, job_id))
            if job is None:
                skipped.append(job_id)
            else:
                requeued.append(job)
            advance()
    finally:
        published = _publish(engine, publisher, requeued)
    return Requeued(len(requeued), published, skipped)


def _why_not_requeued(connection: Connection, job_id: UUID) -> str:
    job = read_job_words(connection, job_id)
    if job is None:
        return f"there is no job {job_id}"
    if job.type not in JobType:
        return f"job {job_id} is a {job.type}, which this release does not know: it waits for the one that does"
    if job.status not in JobStatus:
        return f"job {job_id} is {job.status}, which this release does not know: it waits for the one that does"
    if job.status == JobStatus.SUCCEEDED:
        return f"job {job_id} has SUCCEEDED: there is nothing left to do"
    return f"job {job_id} is running right now"


def _publish(engine: Engine, publisher: Publisher, jobs: Sequence[Job]) -> int:
    """Publishes what is due of the jobs' clients, inside each client's share; returns how many of ``jobs`` are out."""
    for client_id in dict.fromkeys(job.client_id for job in jobs):
        with engine.begin() as connection:
            due = next_publishable(connection, client_id)
        publisher.publish(engine, due)
    if not jobs:
        return 0
    with engine.begin() as connection:
        return count_published(connection, [job.id for job in jobs])


def resolve_send(
    engine: Engine, draft_id: UUID, *, sent: bool, by: str, provider_message_id: str | None = None
) -> None:
    """Ends a SEND_UNCERTAIN with what a person found out, for example in Instantly's Unibox.

    ``sent``: the draft becomes SENT; with ``provider_message_id`` (Instantly's e-mail id) the outbound message is
    recorded as well. Otherwise the draft goes back to NEEDS_REVIEW, and only an approval sends it again.

    Raises InterventionRefusedError when the draft's send is not uncertain, or no longer, and when
    ``provider_message_id`` is known to be another e-mail: the lead's own, another lead's or another draft's.
    """
    with engine.begin() as connection:
        lead_id = find_lead_of_draft(connection, draft_id)
        if lead_id is None or not lock_lead(connection, lead_id):
            raise InterventionRefusedError(f"there is no draft {draft_id}")
        send = lock_uncertain_send(connection, draft_id)
        if send is None:
            raise InterventionRefusedError(
                "its send is not uncertain: it was settled meanwhile, or nothing has been sent yet"
            )
        if not sent:
            settle_uncertain_as_not_sent(connection, send.draft_id, settled_by=by)
            return
        if provider_message_id is not None:
            _require_own_email(connection, send, provider_message_id)
        content = content_key(None, "", str(send.draft_id), "")
        settle_uncertain_as_sent(
            connection,
            send.draft_id,
            client_id=send.client_id,
            lead_id=send.lead_id,
            message_id=MessageId(uuid7()),
            provider_message_id=provider_message_id,
            thread_id=send.thread_id,
            mailbox=send.mailbox,
            subject=send.subject,
            sent_at=None,
            reply_key=reply_key(provider_message_id, content, b""),
            content_key=content,
            settled_by=by,
        )


def _require_own_email(connection: Connection, send: UncertainSend, provider_message_id: str) -> None:
    """Settling links the message that is recorded under the id: it must be one that this draft can have become."""
    recorded = find_recorded_email(connection, send.client_id, provider_message_id)
    if recorded is None:
        return
    if recorded.direction != Direction.OUTBOUND:
        raise InterventionRefusedError(
            f"the e-mail {provider_message_id} is one that was received: give the id of the answer that was sent"
        )
    if recorded.lead_id != send.lead_id:
        raise InterventionRefusedError(f"the e-mail {provider_message_id} went to another lead")
    if recorded.draft_id not in (None, send.draft_id):
        raise InterventionRefusedError(
            f"the e-mail {provider_message_id} is the answer of another draft, {recorded.draft_id}"
        )


@dataclass(frozen=True, slots=True)
class Unsuppressed:
    """``instantly_is_told``: the job that takes the lead off the block list is in its queue."""

    lifted: LiftedSuppression
    instantly_is_told: bool


def unsuppress_lead(engine: Engine, publisher: Publisher, client_id: ClientId, lead_id: LeadId) -> Unsuppressed:
    """Lifts a suppression: the status from before, and Instantly's block list and interest status undone by a job.

    The message that caused it never suppresses this lead again, nor does the provider's objection that it was about;
    another one does. Superseded drafts and cancelled follow-ups stay as
    they are. Raises InterventionRefusedError when the lead is not suppressed, or when Instantly is being told of the
    suppression at this moment: that run has read the lead's state already.
    """
    key = dedupe_key(client_id, lead_id, JobType.SYNC_PERSON)
    with engine.begin() as connection:
        if not lock_lead(connection, lead_id):
            raise InterventionRefusedError(f"there is no lead {lead_id}")
        lifted = lift_suppression(connection, lead_id)
        if lifted is None:
            raise InterventionRefusedError("the lead is not suppressed")
        objection = objection_behind(lifted.reason, lifted.rule)
        if objection is not None:
            dismiss_objections(connection, lead_id, objection)
        job = assert_job(connection, JobType.SYNC_PERSON, client_id, lead_id, subject_id=lead_id)
        if job is None:
            state = read_job_state(connection, key)
            if state is None or not state.will_run:
                raise InterventionRefusedError(
                    "Instantly is being told of the suppression right now: try again in a minute"
                )
    with engine.begin() as connection:
        due = next_publishable(connection, client_id)
    publisher.publish(engine, due)
    with engine.begin() as connection:
        state = read_job_state(connection, key)
    return Unsuppressed(lifted, instantly_is_told=state is not None and state.published)
