"""The decisions of a person about a draft: approve, reject, edit.

Every decision is one transaction that locks the lead, then the draft, and re-reads what it depends on after the wait:
a reply, a send or a suppression that committed a moment earlier is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, Engine

from shared.db.draft_reviews import ReviewedDraft, find_lead_of_draft, lock_draft_for_review
from shared.db.drafts import record_approval, record_rejection, replace_body
from shared.db.job_states import read_job_state
from shared.db.jobs import dedupe_key
from shared.db.locks import lock_lead
from shared.db.outbox import assert_job, next_publishable
from shared.db.transactions import autocommit
from shared.domain.actor import Actor
from shared.domain.channels import CHANNELS, LengthLimit, LengthUnit
from shared.domain.drafting.outgoing_text import text_on
from shared.domain.drafting.promises import of_rows, promises_after_edit, to_rows
from shared.domain.drafting.quiet_hours import quiet_until
from shared.domain.drafting.sending_window import time_zone
from shared.domain.vocabulary import OPEN_DRAFT_STATUSES, Channel, ClientId, DraftId, DraftStatus, JobType, known
from shared.jobs.publish import Publisher

BODY_LIMIT = LengthLimit(50_000, LengthUnit.CHARACTERS)  # far above any email that a person writes


class Refusal(StrEnum):
    """The reason why a decision is refused."""

    UNKNOWN_DRAFT = "unknown_draft"
    WRONG_STATUS = "wrong_status"
    OTHER_REVISION = "other_revision"
    LEAD_SUPPRESSED = "lead_suppressed"
    HELD = "held"
    NEWER_REPLY = "newer_reply"
    NEWER_OUTBOUND = "newer_outbound"
    SEND_RUNNING = "send_running"
    BAD_BODY = "bad_body"


class ReviewRefusedError(Exception):
    """A decision that cannot be taken; nothing has changed. ``str()`` is a sentence for the person who decides."""

    def __init__(self, refusal: Refusal, sentence: str) -> None:
        super().__init__(sentence)
        self.refusal = refusal


class Delivery(StrEnum):
    """The next station of an approved draft."""

    PUBLISHED = "published"  # its job is in the queue
    WAITING = "waiting"  # the queue was unreachable or the client's share is used up: maintenance publishes it


@dataclass(frozen=True, slots=True)
class Approval:
    """``waits_until``: when the quiet hours at the lead's place end; None where there are none now."""

    draft_id: DraftId
    delivery: Delivery
    waits_until: datetime | None = None


def approve_draft(
    engine: Engine,
    publisher: Publisher,
    draft_id: UUID,
    *,
    by: Actor,
    seen_revision: int | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Approval:
    """Approves a draft and has it sent by a SEND_REPLY job.

    An approval is of one text: ``seen_revision`` is the number of the text that the person saw, and another one is
    refused; None approves whatever text is there. Approving an APPROVED draft again makes sure that its job runs
    (again, if it had failed). An approval needs less than an automatic send: no suppression, no hold, no newer human
    reply, no newer outbound message. The send checks the same again when it claims the draft.

    Raises ReviewRefusedError.
    """
    with _locked_draft(engine, draft_id) as (connection, draft):
        _require_status(draft, OPEN_DRAFT_STATUSES, "approved")
        if seen_revision not in (None, draft.revision):
            raise ReviewRefusedError(
                Refusal.OTHER_REVISION,
                f"its text is revision {draft.revision} by now, and not {seen_revision}: look at it again",
            )
        if draft.lead_suppressed:
            raise ReviewRefusedError(Refusal.LEAD_SUPPRESSED, "the lead is suppressed: nothing may be sent to it")
        if draft.lead_held:
            raise ReviewRefusedError(
                Refusal.HELD, "the lead is held, since it may have opted out: release it or suppress it first"
            )
        if draft.newer_human_reply:
            raise ReviewRefusedError(
                Refusal.NEWER_REPLY, "the lead has written again since: answer the newer reply, whose draft is separate"
            )
        if draft.newer_outbound_message:
            raise ReviewRefusedError(
                Refusal.NEWER_OUTBOUND, "an email has gone to the lead since: a second response would be one too many"
            )
        record_approval(connection, draft.id, by)
        key = _ensure_send_job(connection, draft)
    return Approval(draft.id, _publish(engine, publisher, draft.client_id, key), _quiet_until(draft, now()))


def _quiet_until(draft: ReviewedDraft, now: datetime) -> datetime | None:
    hours = CHANNELS[Channel(draft.channel)].open_hours if draft.channel in Channel else None
    if hours is None:
        return None
    return quiet_until(now, draft.sender, time_zone(draft.settings.timezone), hours)


def reject_draft(engine: Engine, draft_id: UUID, *, by: Actor, reason: str | None) -> None:
    """Rejects a draft that has not been claimed for sending; it is final. Raises ReviewRefusedError."""
    with _locked_draft(engine, draft_id) as (connection, draft):
        _require_status(draft, OPEN_DRAFT_STATUSES, "rejected")
        record_rejection(connection, draft.id, by, reason)


def edit_draft(engine: Engine, draft_id: UUID, *, by: Actor, body: str) -> int:
    """Replaces the text of a draft that has not been claimed for sending; returns the number of its revision.

    Every earlier text is kept. Editing does not approve, and withdraws an approval: the draft waits for a person.
    The text is prepared for the draft's channel, as a model's is, and one that is too long for it is refused.

    Raises ReviewRefusedError and UnknownValueError.
    """
    with _locked_draft(engine, draft_id) as (connection, draft):
        _require_status(draft, OPEN_DRAFT_STATUSES, "edited")
        channel = CHANNELS[known(Channel, draft.channel)]
        text = text_on(channel, body).strip()
        if not text:
            raise ReviewRefusedError(Refusal.BAD_BODY, "the new text is empty")
        if excess := (channel.longest or BODY_LIMIT).excess(text):
            raise ReviewRefusedError(Refusal.BAD_BODY, f"the new text has {excess}")
        if text == draft.body:
            return draft.revision
        promises = promises_after_edit(text, of_rows(draft.commitments))
        return replace_body(connection, draft.id, text, by, commitments=to_rows(promises, draft.settings))


@contextmanager
def _locked_draft(engine: Engine, draft_id: UUID) -> Iterator[tuple[Connection, ReviewedDraft]]:
    with engine.begin() as connection:
        lead_id = find_lead_of_draft(connection, draft_id)
        if lead_id is None or not lock_lead(connection, lead_id):
            raise ReviewRefusedError(Refusal.UNKNOWN_DRAFT, f"there is no draft {draft_id}")
        yield connection, lock_draft_for_review(connection, draft_id)


def _require_status(draft: ReviewedDraft, allowed: tuple[DraftStatus, ...], participle: str) -> None:
    if draft.status not in allowed:
        raise ReviewRefusedError(
            Refusal.WRONG_STATUS,
            f"the draft is {draft.status}: only {', '.join(allowed)} can be {participle}",
        )


def _ensure_send_job(connection: Connection, draft: ReviewedDraft) -> str:
    """Makes sure that a send's job runs after this commit, and returns its dedupe key.

    A run that is under way may have looked at the draft before this approval and end without sending, so the
    approval is refused until it is over. A run that ends between the two statements is started over by the second turn.
    """
    key = dedupe_key(draft.client_id, draft.id, JobType.SEND_REPLY)
    for _ in range(2):
        job = assert_job(
            connection,
            JobType.SEND_REPLY,
            draft.client_id,
            draft.lead_id,
            subject_id=draft.id,
            message_id=draft.trigger_message_id,
            draft_id=draft.id,
        )
        state = read_job_state(connection, key)
        if job is not None or (state is not None and state.will_run):
            return key
        if state is not None and state.is_running:
            break
    raise ReviewRefusedError(Refusal.SEND_RUNNING, "a send of this draft is running right now: try again in a minute")


def _publish(engine: Engine, publisher: Publisher, client_id: ClientId, key: str) -> Delivery:
    """Publishes what is next inside the client's share, which may be older jobs than this one."""
    with autocommit(engine) as connection:
        due = next_publishable(connection, client_id)
    publisher.publish(engine, due)
    with autocommit(engine) as connection:
        state = read_job_state(connection, key)
    return Delivery.PUBLISHED if state is not None and state.published else Delivery.WAITING
