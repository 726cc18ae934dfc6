"""What is asked of the provider before a send is claimed: whether the lead objects, and whether it has been answered.

Our rows say both, unless no event has told us, or they were rolled back (a restored backup).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine

from shared.db.job_leases import ClaimedJob
from shared.db.outbound_sends import SendableDraft
from shared.db.recovery import known_email_ids
from shared.domain.consent import ProviderObjection, standing_objection
from shared.providers.instantly.client import InstantlyClient
from shared.providers.instantly.emails import Email
from shared.providers.instantly.leads import consent
from shared.providers.instantly.sent import find_sent

LATE_AFTER = timedelta(hours=1)
STRAIGHT_WITHIN = timedelta(minutes=2)  # from the provider's clock to ours: what recovery brings is older


def objection_to(instantly: InstantlyClient, draft: SendableDraft, *, timeout_s: float) -> ProviderObjection | None:
    """What the provider holds against writing to the draft's lead: an opt-out of which no event has reached us.

    Asked before every send, approved ones too. Raises what ``consent`` raises: an outage is never a yes.
    """
    return standing_objection(
        consent(instantly, draft.lead_email, timeout_s=timeout_s),
        dismissed=draft.dismissed_objections,
        block_list_entry_is_ours=draft.block_list_entry_is_ours,
    )


def may_have_been_answered(
    draft: SendableDraft, job: ClaimedJob, *, automated: bool, now: datetime, time_scale: float
) -> bool:
    """Whether an answer may have left of which we hold no row: anything but the straight run of a fresh reply.

    A listing of the thread finds it; of those Instantly grants 20 a minute, too few for every send.
    """
    return (
        not automated
        or job.generation > 0
        or job.attempts > 1
        or draft.restored_since
        or now - draft.trigger_at > LATE_AFTER * time_scale
        or draft.trigger_received_at - draft.trigger_at >= STRAIGHT_WITHIN * time_scale
    )


def unknown_answers(
    engine: Engine,
    instantly: InstantlyClient,
    draft: SendableDraft,
    job: ClaimedJob,
    trigger: Email,
    *,
    deadline_s: float,
) -> Sequence[Email]:
    """The answers that the thread holds since the trigger and that we hold no row for."""
    found = find_sent(
        instantly,
        thread_id=trigger.thread_id,
        lead_email=draft.lead_email,
        since=min(trigger.timestamp_created or draft.trigger_at, draft.trigger_received_at),
        deadline_s=deadline_s,
    )
    known = known_email_ids(engine, job.client_id, [email.id for email in found]) if found else set()
    return [email for email in found if email.id not in known]
