"""Makes one provider account follow a lead's suppression, or its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.db.job_leases import ClaimedJob
from shared.db.job_steps import save_steps
from shared.db.lead_suppression import (
    LeadAddress,
    SuppressionState,
    load_suppression,
    note_block_list_entry,
    settle_dismissed_kinds,
)
from shared.domain.consent import dismissed_kinds
from shared.domain.events import Person
from shared.domain.vocabulary import SuppressionReason
from shared.jobs.consumer import Run
from shared.jobs.outcomes import Done, Outcome, Skip
from shared.pipelines.dependencies import Dependencies
from shared.providers.account_values import BLOCK_IS_OURS, Wanted
from shared.providers.protocol import Account

CONSENT_TIMEOUT_S = 15.0


def run_sync_person(dependencies: Dependencies, run: Run) -> Outcome:
    """Brings the job's account in line with the lead as it is now: the same job tells of a suppression and its undoing.

    Every step is idempotent, so a retry after an uncertain response repeats it.
    """
    job = run.job
    lead = load_suppression(dependencies.engine, job)
    if lead is None or lead.client_id != job.client_id:
        return Skip("the lead is gone, or is not of the job's client")
    if lead.account is None:
        return Skip("the provider account is gone or disabled")
    account = dependencies.accounts(lead.account)
    blocked = lead.reason is not None
    for address in lead.addresses:
        _sync_address(dependencies, job, account, lead, address)
    kinds = frozenset() if blocked else dismissed_kinds(lead.dismissed_objections)
    if kinds:
        # A person has overruled what the provider holds against the lead today, and not what it may hold tomorrow.
        known = [
            account.consent(Person.of_emails(address.email), timeout_s=CONSENT_TIMEOUT_S) for address in lead.addresses
        ]
        objections = [objection for one in known if one is not None for objection in one.objections]
        settle_dismissed_kinds(
            dependencies.engine, job, [objection.key for objection in objections if objection.kind in kinds]
        )
    return Done("blocked at the provider" if blocked else "unblocked at the provider")


def _sync_address(
    dependencies: Dependencies, job: ClaimedJob, account: Account, lead: SuppressionState, address: LeadAddress
) -> None:
    """Takes the steps about one address of the lead's; a merged lead has several."""
    blocked = lead.reason is not None
    steps = account.person_steps(
        Person.of_emails(address.email),
        Wanted.SUPPRESSED if blocked else Wanted.RELEASED,
        reason=SuppressionReason(lead.reason) if lead.reason is not None and lead.reason in SuppressionReason else None,
        block_is_ours=address.block_list_entry_is_ours,
    )
    for step in steps:
        name = step.name if address.lead_id == job.lead_id else f"{step.name}:{address.lead_id}"
        if job.steps.get(name, {}).get("blocked") is blocked:
            continue  # taken towards what holds now, and not towards what was undone since
        looked = step.look()
        _keep_whose_block(dependencies, job, address, looked)
        result = dict(step.run(looked))
        _keep_whose_block(dependencies, job, address, result)
        result.pop(BLOCK_IS_OURS, None)
        save_steps(dependencies.engine, job, {name: {"blocked": blocked, **result}})


def _keep_whose_block(
    dependencies: Dependencies, job: ClaimedJob, address: LeadAddress, said: Mapping[str, Any]
) -> None:
    """Remembers whose a block is: one that the customer had before is not taken back when a person undoes this."""
    if BLOCK_IS_OURS in said:
        note_block_list_entry(dependencies.engine, job, address.lead_id, ours=said[BLOCK_IS_OURS])
