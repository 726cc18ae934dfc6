"""Makes Instantly's block list and interest status follow a lead's suppression, or its end.

Unsubscribing at Instantly is local to a campaign: only the workspace's block list stops the others.
"""

from __future__ import annotations

from shared.db.job_leases import ClaimedJob, save_steps
from shared.db.lead_suppression import load_suppression, note_block_list_entry, settle_dismissed_kinds
from shared.domain.consent import dismissed_kinds
from shared.domain.email_address import spellings
from shared.domain.vocabulary import SuppressionReason
from shared.jobs.consumer import Run
from shared.jobs.outcomes import Done, Outcome, Skip
from shared.pipelines.dependencies import ConsumerDependencies
from shared.providers.errors import Refused
from shared.providers.instantly.client import InstantlyClient
from shared.providers.instantly.leads import consent

CONSENT_TIMEOUT_S = 15.0
NOT_INTERESTED = -1  # Instantly's interest values
RESET = None


def run_suppress_lead(dependencies: ConsumerDependencies, run: Run) -> Outcome:
    """Brings Instantly in line with the lead as it is now; the same job tells it of a suppression and of its undoing.

    Every call is idempotent, so a retry after an uncertain answer repeats it.
    """
    job = run.job
    lead = load_suppression(dependencies.engine, job.lead_id)
    if lead is None or lead.client_id != job.client_id:
        return Skip("the lead is gone, or is not of the job's client")
    instantly = dependencies.instantly(job.client_id)
    blocked = lead.reason is not None
    if not _told(job, "block_list", blocked):
        if blocked:
            # An entry that the customer had before is his: only ours is taken back when a person undoes this. Noted
            # before the call, whose answer may be lost: a retry finds the entry and cannot tell whose it is.
            if not instantly.is_on_block_list(lead.email):
                note_block_list_entry(dependencies.engine, job, ours=True)
                # Instantly may know the lead by another spelling than ours: that one first, since a retry after a lost
                # answer finds the entry and goes on.
                for spelling in reversed(spellings(lead.email)):
                    instantly.add_block_list_entry(spelling)
        elif lead.block_list_entry_is_ours:
            instantly.delete_block_list_entry(lead.email)
            note_block_list_entry(dependencies.engine, job, ours=False)
        save_steps(dependencies.engine, job, {"block_list": {"blocked": blocked}})
    if not _told(job, "interest_status", blocked) and lead.reason != SuppressionReason.BOUNCED:
        result = _set_interest(instantly, lead.email, NOT_INTERESTED if blocked else RESET)
        save_steps(dependencies.engine, job, {"interest_status": {"blocked": blocked, "result": result}})
    kinds = frozenset() if blocked else dismissed_kinds(lead.dismissed_objections)
    if kinds:
        # A person has overruled what Instantly holds against the lead today, and not what it may hold tomorrow.
        known = consent(instantly, lead.email, timeout_s=CONSENT_TIMEOUT_S)
        objections = () if known is None else known.objections
        settle_dismissed_kinds(
            dependencies.engine, job, [objection.key for objection in objections if objection.kind in kinds]
        )
    return Done("blocked at Instantly" if blocked else "unblocked at Instantly")


def _set_interest(instantly: InstantlyClient, email: str, value: int | None) -> str:
    """Sets the interest status under the spelling that Instantly knows the lead by; returns what came of it."""
    result = ""
    for spelling in spellings(email):
        try:
            instantly.update_interest_status(spelling, value)
        except Refused as error:
            if error.status != 400 and error.status != 404:
                raise
            # Instantly does not know the lead (any more): its block list is what counts.
            result = f"refused: {error.status}"
        else:
            return "updated"
    return result


def _told(job: ClaimedJob, step: str, blocked: bool) -> bool:
    """Whether an earlier run took this step towards what holds now, and not towards what was undone since."""
    return job.steps.get(step, {}).get("blocked") is blocked
