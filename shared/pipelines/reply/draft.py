"""The second step: a draft is written, if the reply deserves one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from shared.ai.errors import ModelRejected
from shared.ai.models import DRAFT_MODEL
from shared.ai.tasks.draft import (
    DraftInput,
    DraftRepair,
    DraftResult,
    PromisedFollowUp,
    failed_checks,
    write_draft,
)
from shared.db.drafts import save_draft
from shared.db.job_leases import hold_lead
from shared.db.job_steps import save_steps
from shared.db.transactions import committing
from shared.domain.drafting.draft_checks import FailedCheck
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.drafting.promises import promises_of, to_rows
from shared.domain.identifiers import uuid7
from shared.domain.tags import draft_wanted
from shared.domain.vocabulary import DecisionAction, DraftId, DraftStatus, Tag, known
from shared.pipelines.reply.reply_context import copies_of, lead_of, quoted_original_of, reply_of, rest_of, thread_of
from shared.pipelines.reply.reply_run import ReplyRun
from shared.pipelines.reply.understand import Understanding


@dataclass(frozen=True, slots=True)
class Drafted:
    """The step's checkpoint; without an id no draft was wanted and ``rule`` says why."""

    draft_id: DraftId | None
    status: DraftStatus | None = None
    failed_checks: tuple[str, ...] = ()
    rule: str | None = None

    @classmethod
    def of(cls, step: Mapping[str, Any]) -> Drafted:
        if step.get("draft_id") is None:
            return cls(draft_id=None, rule=step.get("rule", step.get("reason")))  # "reason": the release before
        return cls(DraftId(UUID(step["draft_id"])), known(DraftStatus, step["status"]), tuple(step["failed_checks"]))


def prepare_draft(work: ReplyRun, understanding: Understanding) -> Drafted:
    """Writes and stores a draft, or says why there is none.

    A follow-up that has to wait for another draft leaves no checkpoint: it is written again when its time has come.
    """
    job, context = work.job, work.context
    rule = None if work.promise is not None else _no_draft(work, understanding)
    if rule is not None:
        # The later steps have nothing to do either, and a finished job has finished all of its steps.
        nothing = {"draft_id": None, "rule": rule}
        decide = {"action": DecisionAction.NOTHING, "rule": rule}
        save_steps(work.dependencies.engine, job, {"draft": nothing, "decide": decide, "send": nothing})
        return Drafted(draft_id=None, rule=rule)
    model = context.workspace.settings.draft_model or DRAFT_MODEL
    written, problems = _write(work, draft_input(work, understanding.tag), model)
    with work.telemetry.step_transaction() as (connection, interactions):
        hold_lead(connection, job)
        saved = save_draft(
            committing(connection),
            job,
            draft_id=DraftId(uuid7()),
            message_id=context.message.id,
            subject=written.subject,
            body=written.body,
            model=model,
            prompt_version=written.prompt_version,
            questions=[asdict(one) for one in written.questions],
            commitments=to_rows(promises_of(written.body, written.we_owe), context.workspace.settings),
            step={"failed_checks": problems},
            interactions=interactions,
            copies=copies_of(context),
            keeps=None if work.promise is None else work.promise.id,
        )
    if saved is None:
        return Drafted(draft_id=None, rule=DraftRule.ANOTHER_DRAFT)
    draft_id, stored = saved
    return Drafted(draft_id=draft_id, status=known(DraftStatus, stored), failed_checks=problems)


def draft_input(work: ReplyRun, tag: Tag) -> DraftInput:
    """Puts together the input of the writer, and of whoever evaluates its text."""
    context = work.context
    return DraftInput(
        reply=reply_of(context),
        history=thread_of(context),
        tag=tag,
        workspace=context.workspace,
        lead=lead_of(context),
        now=work.dependencies.now(),
        quoted_original=quoted_original_of(context),
        follow_up=None if work.promise is None else PromisedFollowUp(work.promise.words, work.promise.made_at),
    )


def _no_draft(work: ReplyRun, understanding: Understanding) -> DraftRule | None:
    if understanding.is_auto_reply:
        return DraftRule.AUTOMATIC_REPLY
    if work.context.message.deleted:
        return DraftRule.MESSAGE_DELETED
    if not work.context.message.answerable:
        return DraftRule.NOT_ANSWERABLE
    if understanding.suppressed:
        return DraftRule.SUPPRESSED
    if understanding.is_overtaken:
        return DraftRule.NEWER_MESSAGE
    if not draft_wanted(understanding.tag, suppressed=False, lead_email=work.context.lead.email):
        return DraftRule.NO_RESPONSE_WANTED
    return None


def _write(work: ReplyRun, given: DraftInput, model: str) -> tuple[DraftResult, tuple[str, ...]]:
    """The response and what is still wrong with it after one repair, which what only the lead said does not need."""
    written = _write_once(work, given, model)
    failed = _failed(work, given, written)
    problems = [str(check) for check in failed if not check.for_a_person]
    if problems:
        try:
            written = _write_once(work, replace(given, repair=DraftRepair(body=written.body, problems=problems)), model)
            failed = _failed(work, given, written)
        except ModelRejected:
            pass  # the text stays as it is, and so do its problems
    return written, tuple(map(str, failed))


def _write_once(work: ReplyRun, given: DraftInput, model: str) -> DraftResult:
    return write_draft(
        work.dependencies.model(), given, model=model, deadline=work.deadline(), record=work.telemetry.record
    )


def _failed(work: ReplyRun, given: DraftInput, written: DraftResult) -> list[FailedCheck]:
    return failed_checks(given, written, foreign_lines=rest_of(work.context).removed_lines)
