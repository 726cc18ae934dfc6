"""Makes one provider account follow how a person stands: suppressed, with sequences that stand still, or released."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.db.job_leases import ClaimedJob
from shared.db.job_steps import save_steps
from shared.db.lead_suppression import dismiss_own_objection, settle_dismissed_kinds
from shared.db.person_state import (
    PersonByEmail,
    PersonState,
    Told,
    load_person_state,
    note_block,
    note_told,
)
from shared.domain.consent import dismissed_kinds
from shared.domain.vocabulary import SuppressionReason
from shared.jobs.consumer import Run
from shared.jobs.outcomes import Done, Outcome, Skip
from shared.pipelines.dependencies import Dependencies
from shared.providers.account_values import BLOCK_IS_OURS, OBJECTION_IS_OURS, Wanted
from shared.providers.protocol import Account
from shared.providers.registry import PROVIDERS

CONSENT_TIMEOUT_S = 15.0

_DONE = {
    (Wanted.SUPPRESSED,): Done("blocked at the provider"),
    (Wanted.PAUSED,): Done("paused at the provider"),
    (Wanted.RELEASED,): Done("unblocked at the provider"),
    (Wanted.PAUSED, Wanted.RELEASED): Done("unblocked at the provider, and paused"),
    (): Done("nothing to tell the provider"),
}


def run_sync_person(dependencies: Dependencies, run: Run) -> Outcome:
    """Brings the job's account in line with the person as they stand now: the same job tells of a pause, a suppression
    and its undoing.

    Every step is idempotent, so a retry after an uncertain response repeats it.
    """
    job = run.job
    state = load_person_state(dependencies.engine, job)
    if state is None or state.client_id != job.client_id:
        return Skip("the lead is gone, or is not of the job's client")
    if state.account is None:
        return Skip("the provider account is gone or disabled")
    account = dependencies.accounts(state.account)
    wanted = _wanted(state, pauses=PROVIDERS[state.account.provider].pauses_sequences)
    if Wanted.SUPPRESSED in wanted:
        # Before the first step: one whose result is lost has to be taken back as well.
        note_told(dependencies.engine, job, Told.SUPPRESSION)
    for one in wanted:
        for person in state.by_email:
            _bring(dependencies, job, account, state, person, one)
    if Wanted.SUPPRESSED not in wanted:
        _settle_dismissed(dependencies, job, account, state)
    if Wanted.RELEASED in wanted:
        note_told(dependencies.engine, job, Told.SUPPRESSION, told=False)
    if Wanted.PAUSED in wanted:
        note_told(dependencies.engine, job, Told.PAUSE)
    return _DONE[wanted]


def _wanted(state: PersonState, *, pauses: bool) -> tuple[Wanted, ...]:
    """Returns what the account is to do, in this order: nothing is sent between an end and the pause that outlasts it.

    What nobody has told it of is not taken back: an interest, say, is the customer's own word.
    """
    if state.reason is not None:
        return (Wanted.SUPPRESSED,)
    paused = (Wanted.PAUSED,) if pauses and state.sequences_paused else ()
    return (*paused, Wanted.RELEASED) if state.suppression_told else paused


def _bring(
    dependencies: Dependencies,
    job: ClaimedJob,
    account: Account,
    state: PersonState,
    person: PersonByEmail,
    wanted: Wanted,
) -> None:
    """Takes the steps about one email address of the person's, and about all keys that are none with the first."""
    steps = account.person_steps(
        person.person,
        wanted,
        reason=SuppressionReason(state.reason) if state.reason and state.reason in SuppressionReason else None,
        block_is_ours=person.block_is_ours,
    )
    for step in steps:
        name = step.name if person.id is None else f"{step.name}:{person.id}"
        if job.steps.get(name, {}).get("wanted") == wanted:
            continue  # taken towards what holds now, and not towards what was undone since
        looked = step.look()
        _keep_whose_block(dependencies, job, person, looked)
        result = dict(step.run(looked))
        _keep_whose_block(dependencies, job, person, result)
        result.pop(BLOCK_IS_OURS, None)
        if (objection := result.pop(OBJECTION_IS_OURS, None)) is not None:
            dismiss_own_objection(dependencies.engine, job, objection)
        save_steps(dependencies.engine, job, {name: {"wanted": wanted, **result}})


def _keep_whose_block(
    dependencies: Dependencies, job: ClaimedJob, person: PersonByEmail, said: Mapping[str, Any]
) -> None:
    """Remembers whose a block is: one that the customer had before is not taken back when a person undoes this."""
    if BLOCK_IS_OURS in said:
        note_block(dependencies.engine, job, person.person, ours=said[BLOCK_IS_OURS])


def _settle_dismissed(dependencies: Dependencies, job: ClaimedJob, account: Account, state: PersonState) -> None:
    """Keeps what a person has overruled: what the provider holds against the lead today, not what it may hold later."""
    kinds = dismissed_kinds(state.dismissed_objections)
    if not kinds:
        return
    known = [account.consent(person.person, timeout_s=CONSENT_TIMEOUT_S) for person in state.by_email]
    objections = [objection for one in known if one is not None for objection in one.objections]
    settle_dismissed_kinds(
        dependencies.engine, job, [objection.key for objection in objections if objection.kind in kinds]
    )
