"""The first step: the meaning of a reply, and its consequences for the lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection

from shared.ai.models import SENTIMENT_MODEL
from shared.ai.tasks.sentiment import SentimentInput, SentimentResult, classify_sentiment
from shared.db.job_leases import ClaimedJob, hold_lead
from shared.db.jobs import Job, dedupe_key
from shared.db.leads import is_suppression_dismissed
from shared.db.outbox import assert_job
from shared.db.reply_context import InboundMessage, ReplyContext
from shared.db.transactions import committing
from shared.db.understanding import UnderstoodReply, reopen_overtaken_reply, save_understanding
from shared.domain.channels import CHANNELS
from shared.domain.drafting.sending_window import time_zone
from shared.domain.judgement.absence import stated_return_date
from shared.domain.judgement.certain_rules import Judgement, judge
from shared.domain.judgement.hold_outcome import hold_outcome
from shared.domain.judgement.rule_matching import RuleMatch
from shared.domain.judgement.tag_decision import (
    MODEL_RULE,
    DecidedTag,
    KnownTag,
    certain_suppression,
    tag_without_model,
)
from shared.domain.tags import AUTOMATIC_TAGS, status_after, with_evidence
from shared.domain.vocabulary import JobType, SentimentSource, SuppressionReason, Tag, known
from shared.pipelines.reply.reply_context import lead_of, quoted_original_of, reply_of, thread_of
from shared.pipelines.reply.reply_run import ReplyRun
from shared.pipelines.suppression.pause_sequences import pausing_providers
from shared.pipelines.suppression.settle_hold import SettledHold, settle_hold
from shared.pipelines.suppression.suppress_lead import DismissedMeanwhile, SuppressionEvidence, suppress_lead

RESUME_AT = time(9, 0)  # when follow-ups go on, on the day that an absence notice names


@dataclass(frozen=True, slots=True)
class Understanding:
    """The step's checkpoint."""

    tag: Tag
    is_auto_reply: bool
    is_overtaken: bool
    suppressed: bool

    @classmethod
    def of(cls, step: Mapping[str, Any]) -> Understanding:
        # A checkpoint of the release before only says whether the reply was the newest.
        is_overtaken = step.get("is_overtaken", not step["is_newest"])
        return cls(known(Tag, step["tag"]), step["is_auto_reply"], is_overtaken, step["suppressed"])


def understand(work: ReplyRun) -> Understanding:
    """Says what the reply means and writes it with all that follows; publishes the jobs that follow."""
    job, message = work.job, work.context.message
    judgement = judge(
        message.clean_text,
        message.subject,
        automatic=message.is_auto_reply,
        from_email=message.from_email,
        channel=CHANNELS[message.channel],
    )
    verdict, reason, hold = _read(work, judgement)
    is_auto_reply = message.is_auto_reply or judgement.is_auto_reply or verdict.tag in AUTOMATIC_TAGS
    evidence = _suppression(message, judgement, verdict, hold)
    found_automatic = is_auto_reply and not message.is_auto_reply  # which only this run has found out

    with work.telemetry.step_transaction() as (connection, interactions):
        held = hold_lead(connection, job)
        if evidence is not None and is_suppression_dismissed(connection, message.id):
            raise DismissedMeanwhile
        tag = with_evidence(verdict.tag, meeting_evidence=held.meeting_evidence)
        suppressed = held.suppressed or evidence is not None
        is_overtaken, following = save_understanding(
            connection if found_automatic or evidence or hold else committing(connection),
            job,
            UnderstoodReply(
                message_id=message.id,
                from_email=message.from_email,
                thread_id=message.thread_id,
                tag=tag,
                source=verdict.source,
                reason=reason,
                is_auto_reply=is_auto_reply,
                lead_sentiment=_lead_sentiment(tag, held.sentiment, is_auto_reply),
                # A Blacklist's status comes with its suppression, which keeps the one from before for an undoing.
                lead_status=None
                if is_auto_reply or held.suppressed or tag is Tag.BLACKLIST
                else status_after(tag, held.status, meeting_evidence=held.meeting_evidence),
                absent_until=_absent_until(work.context, tag),
            ),
            scoring_key=dedupe_key(job.client_id, message.id, JobType.LEAD_SCORING),
            step={"tag": tag, "is_auto_reply": is_auto_reply, "suppressed": suppressed},
            interactions=interactions,
            pausing=() if suppressed else pausing_providers(),  # a suppression says more
        )
        if found_automatic:
            following += _reopen_overtaken(connection, job)
        if evidence is not None:
            following += suppress_lead(connection, job.client_id, job.lead_id, evidence, trace_id=job.trace_id)
        if hold is not None:
            settle_hold(connection, job, message.id, hold)
    work.dependencies.publisher.publish(work.dependencies.engine, following)
    return Understanding(tag, is_auto_reply, is_overtaken, suppressed)


def _read(work: ReplyRun, judgement: Judgement) -> tuple[DecidedTag, str, SettledHold | None]:
    """Decides the tag, and what becomes of an opt-out that no rule is certain of: by a model where nothing else does.

    The tag comes with its reason: a rule's id or the model's own words. A suspicion needs a model even where the tag is
    known.
    """
    message = work.context.message
    subject = message.subject if CHANNELS[message.channel].has_subject else ""
    known = None
    if message.sentiment is not None and message.sentiment_source is not None:
        known = KnownTag(message.sentiment, message.sentiment_source)
    decided = tag_without_model(
        judgement, message.clean_text, subject, known=known, dismissed=message.suppression_dismissed
    )
    suspected = None if message.suppression_dismissed else judgement.suspected
    if decided is not None and suspected is None:
        return decided, decided.rule, None
    result = _ask_model(work, "" if suspected is None else suspected.words)
    outcome = hold_outcome(
        suspected=suspected is not None,
        verdict=result.opt_out,
        tag=result.tag,
        quoted_words=result.quoted_words,
        clean_text=message.clean_text,
        subject=subject,
    )
    hold = None
    if outcome is not None and not message.suppression_dismissed:
        found = suspected or RuleMatch(MODEL_RULE, result.quoted_words)
        hold = SettledHold(outcome, found, result.opt_out_reason or result.reason)
    if decided is not None and (hold is None or not hold.suppresses):
        return decided, decided.rule, hold
    return DecidedTag(result.tag, SentimentSource.MODEL, MODEL_RULE, result.quoted_words), result.reason, hold


def _ask_model(work: ReplyRun, suspected: str) -> SentimentResult:
    context = work.context
    return classify_sentiment(
        work.dependencies.model(),
        SentimentInput(
            reply=reply_of(context),
            history=thread_of(context),
            workspace=context.workspace,
            lead=lead_of(context),
            now=work.dependencies.now(),
            quoted_original=quoted_original_of(context),
            meeting_is_booked=context.lead.meeting_evidence,
            suspected=suspected,
        ),
        model=context.workspace.settings.sentiment_model or SENTIMENT_MODEL,
        deadline=work.deadline(),
        record=work.telemetry.record,
    )


def _suppression(
    message: InboundMessage, judgement: Judgement, verdict: DecidedTag, hold: SettledHold | None
) -> SuppressionEvidence | None:
    """Says why the lead has to be suppressed, if it has: by certain rules, or by a model that quotes the lead."""
    if message.suppression_dismissed:
        return None
    ground = certain_suppression(judgement)
    if ground is not None:
        return SuppressionEvidence(ground.reason, ground.rule, ground.words, message.id)
    if hold is None or not hold.suppresses:
        return None
    return SuppressionEvidence(SuppressionReason.MODEL, MODEL_RULE, verdict.words, message.id)


def _absent_until(context: ReplyContext, tag: Tag) -> datetime | None:
    """When an absence notice says that its writer is back; None for any other reply."""
    if tag is not Tag.OUT_OF_OFFICE:
        return None
    back_on = stated_return_date(context.message.clean_text, context.message.effective_at)
    return (
        None
        if back_on is None
        else datetime.combine(back_on, RESUME_AT, time_zone(context.workspace.settings.timezone))
    )


def _lead_sentiment(tag: Tag, current: Tag | None, is_auto_reply: bool) -> Tag | None:
    """The lead's sentiment after this reply; None leaves it: what a person said is not overwritten by a machine."""
    if is_auto_reply and current is not None and current not in AUTOMATIC_TAGS:
        return None
    return tag


def _reopen_overtaken(connection: Connection, job: ClaimedJob) -> list[Job]:
    """Sees to the person's reply that only this automatic one has overtaken: a person or a second run answers it."""
    assert job.message_id is not None  # noqa: S101 (the run has checked it; for the type checker)
    reopened = reopen_overtaken_reply(connection, job.message_id)
    if reopened is None:
        return []
    message_id, type = reopened
    asserted = assert_job(
        connection,
        type,
        job.client_id,
        job.lead_id,
        subject_id=message_id,
        message_id=message_id,
        even_running=True,  # without a draft it has done nothing that may not be repeated
    )
    return [asserted.job] if asserted is not None and asserted.within_share else []
