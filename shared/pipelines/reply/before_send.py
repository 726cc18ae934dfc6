"""The questions to the provider before a send is claimed: does the lead object, has the reply been covered already?

Our rows say both, unless no event has told us, or they were rolled back (a restored backup).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine

from shared.db.drafts import move_draft
from shared.db.job_leases import ClaimedJob, hold_lead
from shared.db.job_steps import save_steps
from shared.db.recovery import known_messages
from shared.db.sendable_drafts import SendableDraft
from shared.db.transactions import autocommit, committing
from shared.domain.consent import ProviderObjection, standing_objection
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.identity import one_email_each
from shared.domain.vocabulary import SENDABLE_DRAFT_STATUSES, DraftStatus
from shared.jobs.outcomes import Done, Outcome
from shared.observability import Metric, emit
from shared.pipelines.reply.adopt_response import adopt, recorded_send
from shared.pipelines.reply.send_attempt import OUT_OF_TIME, SendAttempt
from shared.pipelines.suppression.suppress_lead import SuppressionEvidence, suppress_lead
from shared.providers.account_values import SentMessage, Sought, Trigger
from shared.providers.message_ids import message_key
from shared.providers.protocol import Account

LOOK_TIMEOUT_S = 15.0  # a listing of the thread, its turn included
SURELY_FRESH_FOR = timedelta(hours=1)  # until then hardly anybody has answered a reply by hand
STRAIGHT_WITHIN = timedelta(minutes=2)  # from the provider's clock to ours: what recovery brings is older


def objection_to(account: Account, draft: SendableDraft, *, timeout_s: float) -> ProviderObjection | None:
    """Returns the provider's objection to writing to the draft's lead: an opt-out that no event has brought.

    Asked before every send, approved ones too. Raises what ``Account.consent`` raises: an outage is never a yes.
    """
    for person in one_email_each(draft.person):
        objection = standing_objection(
            account.consent(person, timeout_s=timeout_s),
            dismissed=draft.dismissed_objections,
            block_list_entry_is_ours=person.email in draft.our_blocks,
        )
        if objection is not None:
            return objection
    return None


def may_have_been_answered(
    draft: SendableDraft, job: ClaimedJob, *, automated: bool, now: datetime, time_scale: float
) -> bool:
    """True unless this is the straight run of a fresh reply: an email without a row may have left.

    A look into the thread finds it; a provider grants too few of those for every send.
    """
    return (
        not automated
        or job.generation > 0
        or job.attempts > 1
        or draft.restored_since
        or now - draft.trigger_at > SURELY_FRESH_FOR * time_scale
        or draft.trigger_received_at - draft.trigger_at >= STRAIGHT_WITHIN * time_scale
    )


def unknown_answers(
    engine: Engine,
    account: Account,
    draft: SendableDraft,
    job: ClaimedJob,
    trigger: Trigger,
    *,
    timeout_s: float,
) -> Sequence[SentMessage]:
    """Returns our emails in the thread since the trigger that we hold no row for."""
    sought = Sought(
        since=min(trigger.written_at or draft.trigger_at, draft.trigger_received_at),
        person=draft.person,
        thread_id=trigger.thread_id,
    )
    found = list(account.find_sent(sought, timeout_s=timeout_s) or ())
    keys = [message_key(draft.account, message.thread_id, message.message_id) for message in found]
    known = known_messages(engine, job.client_id, keys) if found else set()
    unknown = [message for message, key in zip(found, keys, strict=True) if key not in known]
    if not unknown:
        return []
    with autocommit(engine) as connection:
        return [
            message
            for message in unknown
            if recorded_send(connection, draft.account, job.lead_id, message, since=sought.since) is None
        ]


def withdraw(attempt: SendAttempt, objection: ProviderObjection) -> Outcome:
    """Suppresses the lead as the provider's event would have, which takes this draft along."""
    job, dependencies = attempt.job, attempt.dependencies
    with dependencies.engine.begin() as connection:
        hold_lead(connection, job)
        suppression_jobs = suppress_lead(
            connection,
            job.client_id,
            job.lead_id,
            SuppressionEvidence(objection.reason, objection.rule),
            trace_id=job.trace_id,
        )
        move_draft(
            committing(connection),
            attempt.draft.id,
            allowed=(DraftStatus.SUPERSEDED,),
            status=DraftStatus.SUPERSEDED,
            rule=DraftRule(objection.rule),
        )
    if suppression_jobs:
        dependencies.publisher.publish(dependencies.engine, suppression_jobs)
    return attempt.finish("blocked", rule=objection.rule)


def answered_before(attempt: SendAttempt, account: Account, trigger: Trigger, *, reserve_s: float) -> Outcome | None:
    """Records answers that the thread holds and we do not, where there may be any; then nothing is sent.

    ``reserve_s`` must be left for the send.
    """
    job, draft, dependencies = attempt.job, attempt.draft, attempt.dependencies
    if not may_have_been_answered(
        draft, job, automated=attempt.automated, now=dependencies.now(), time_scale=dependencies.time_scale
    ):
        return None
    if not attempt.has_time_for(LOOK_TIMEOUT_S + reserve_s):
        return OUT_OF_TIME
    timeout_s = attempt.timeout_s(LOOK_TIMEOUT_S)
    unknown = unknown_answers(dependencies.engine, account, draft, job, trigger, timeout_s=timeout_s)
    if not unknown:
        return None
    with dependencies.engine.begin() as connection:
        hold_lead(connection, job)
        adopted = [
            adopt(connection, draft.account, job.lead_id, message, now=dependencies.now()) for message in unknown
        ]
        # Where an event has recorded the mail just now, nothing was adopted; the draft is answered all the same.
        move_draft(
            committing(connection),
            draft.id,
            allowed=SENDABLE_DRAFT_STATUSES,
            status=DraftStatus.SUPERSEDED,
            rule=DraftRule.ANSWERED_AT_PROVIDER,
        )
    emit(Metric.SEND_RESULT, result="answered_before")
    if any(one is not None and one.draft_id == draft.id for one in adopted):
        save_steps(dependencies.engine, job, {"send": {"result": "sent"}})
        return Done("sent before")
    return attempt.finish("blocked", rule=DraftRule.ANSWERED_AT_PROVIDER)
