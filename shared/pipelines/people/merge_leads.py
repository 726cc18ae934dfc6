"""Two leads that are one person, and the end of such a merge.

A merge moves no rows: the loser names the winner as its head, its keys are the winner's, and whoever reads history
reads both. It can be undone; what has become known of the person meanwhile stays with both.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import Connection, Engine

from shared.db.head_state import (
    last_words,
    refresh_rollups,
    save_last_word,
    share_strictness,
    supersede_drafts,
    supersede_overtaken_drafts,
    take_newer_score,
)
from shared.db.job_changes import end_waiting_jobs, give_jobs_to_their_heads, lock_waiting_jobs
from shared.db.job_leases import ClaimedJob
from shared.db.lead_merges import (
    LockedLead,
    find_merge,
    has_unsettled_send,
    lock_leads,
    record_merge,
    undo_merge,
)
from shared.db.outbox import next_publishable
from shared.db.person_jobs import assert_person_jobs
from shared.domain.actor import Actor
from shared.domain.tags import status_after
from shared.domain.vocabulary import ClientId, JobType, LeadId, LeadStatus, SuppressionReason, Tag, known
from shared.jobs.publish import Publisher
from shared.pipelines.suppression.pause_sequences import pausing_providers
from shared.pipelines.suppression.suppress_lead import SuppressionEvidence, suppress_lead


class MergeRefusal(StrEnum):
    """A reason not to merge two leads now, or not to part them."""

    UNKNOWN_LEAD = "unknown_lead"
    SAME_LEAD = "same_lead"
    ANOTHER_WORKSPACE = "another_workspace"
    ALREADY_MERGED = "already_merged"  # one of them is part of another lead
    ERASED = "erased"
    JOB_RUNNING = "job_running"
    SEND_UNSETTLED = "send_unsettled"
    NOT_MERGED = "not_merged"
    WINNER_MERGED = "winner_merged"  # since: the later merge has to end first


class MergeRefusedError(Exception):
    """Nothing was changed. ``lead_id`` is the lead that it is about, where it is one."""

    def __init__(self, refusal: MergeRefusal, lead_id: LeadId | None = None) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
        self.lead_id = lead_id


def merge_leads(engine: Engine, publisher: Publisher, *, winner: LeadId, loser: LeadId, by: Actor) -> None:
    """Makes ``loser`` part of ``winner``: its keys, its waiting jobs and the stricter state of both are the winner's.

    The loser's open drafts are superseded: they were written without the other's messages in sight. So are the winner's
    where the loser has written since. Raises MergeRefusedError: above all while a worker or the provider has something
    of either in hand.
    """
    if winner == loser:
        raise MergeRefusedError(MergeRefusal.SAME_LEAD, winner)
    with engine.begin() as connection:
        leads = lock_leads(connection, [winner, loser])
        merge_locked(connection, leads, winner=winner, loser=loser, by=by)
    publish_next(engine, publisher, leads[winner].client_id)


def merge_locked(
    connection: Connection,
    leads: Mapping[LeadId, LockedLead],
    *,
    winner: LeadId,
    loser: LeadId,
    by: Actor,
    held: ClaimedJob | None = None,
) -> None:
    """Merges two of the locked leads; nothing is written when it is refused. Raises MergeRefusedError.

    ``held``: a job of the loser's that the caller runs, and holds: it is the winner's from here on.
    """
    for lead_id in (winner, loser):
        _require_head(leads.get(lead_id), lead_id)
    if leads[winner].client_id != leads[loser].client_id:
        raise MergeRefusedError(MergeRefusal.ANOTHER_WORKSPACE, loser)
    _require_rest(connection, [winner, loser], held=held)
    client_id = leads[winner].client_id
    if (evidence := _suppression_of(leads[loser])) is not None:
        suppress_lead(connection, client_id, winner, evidence)
    share_strictness(connection, winner, loser)
    take_newer_score(connection, winner=winner, loser=loser)
    supersede_drafts(connection, loser)
    record_merge(connection, client_id, winner=winner, loser=loser, by=by)
    supersede_overtaken_drafts(connection, winner)
    give_jobs_to_their_heads(connection, [loser], held=held)
    untold = end_waiting_jobs(connection, loser, JobType.SYNC_PERSON, "the lead was merged")
    _follow_messages(connection, [winner])
    if untold or any(_is_told_of(leads[lead_id]) for lead_id in (winner, loser)):
        assert_person_jobs(connection, client_id, winner, pausing=pausing_providers())  # it has other addresses now


def unmerge_lead(engine: Engine, publisher: Publisher, loser: LeadId, *, by: Actor) -> LeadId:
    """Makes a merged lead its own head again, and returns the lead that it had been merged into.

    It gets back its keys and what was merged into it before, and its messages' waiting jobs. Messages and keys that
    came since stay with the winner; so do a suppression, a hold and the evidence of a meeting, with both. The winner's
    drafts since are superseded: they were written with the other's messages in sight. Raises MergeRefusedError.
    """
    with engine.begin() as connection:
        merge = find_merge(connection, loser)
        if merge is None:
            raise MergeRefusedError(MergeRefusal.NOT_MERGED, loser)
        leads = lock_leads(connection, [merge.winner_id, loser])
        if find_merge(connection, loser) != merge:  # undone while this one waited
            raise MergeRefusedError(MergeRefusal.NOT_MERGED, loser)
        if leads[loser].erased:
            raise MergeRefusedError(MergeRefusal.ERASED, loser)
        if leads[merge.winner_id].merged_into_id is not None:
            raise MergeRefusedError(MergeRefusal.WINNER_MERGED, merge.winner_id)
        _require_rest(connection, [merge.winner_id, loser])
        supersede_drafts(connection, merge.winner_id, since=merge.merged_at)
        undo_merge(connection, merge, by)
        share_strictness(connection, merge.winner_id, loser)
        give_jobs_to_their_heads(connection, [merge.winner_id])
        _follow_messages(connection, [merge.winner_id, loser])
        if _is_told_of(leads[merge.winner_id]):
            assert_person_jobs(connection, merge.client_id, loser, pausing=pausing_providers())  # as above
    publish_next(engine, publisher, merge.client_id)
    return merge.winner_id


def _is_told_of(lead: LockedLead) -> bool:
    return lead.suppression_reason is not None or lead.sequences_paused


def _require_head(lead: LockedLead | None, lead_id: LeadId) -> None:
    if lead is None:
        raise MergeRefusedError(MergeRefusal.UNKNOWN_LEAD, lead_id)
    if lead.merged_into_id is not None:
        raise MergeRefusedError(MergeRefusal.ALREADY_MERGED, lead_id)
    if lead.erased:
        raise MergeRefusedError(MergeRefusal.ERASED, lead_id)


def _suppression_of(lead: LockedLead) -> SuppressionEvidence | None:
    if lead.suppression_reason is None:
        return None
    return SuppressionEvidence(
        known(SuppressionReason, lead.suppression_reason),
        rule=lead.suppression_rule,
        words=lead.suppression_words,
        message_id=lead.suppression_message_id,
    )


def _require_rest(connection: Connection, lead_ids: list[LeadId], *, held: ClaimedJob | None = None) -> None:
    """No other worker and no provider has anything of these leads in hand, or can take it up before the commit."""
    if not lock_waiting_jobs(connection, lead_ids, held=held):
        raise MergeRefusedError(MergeRefusal.JOB_RUNNING)
    if has_unsettled_send(connection, lead_ids):
        raise MergeRefusedError(MergeRefusal.SEND_UNSETTLED)


def _follow_messages(connection: Connection, heads: list[LeadId]) -> None:
    """Makes what heads say of their messages true again: the rollups, the last reply's tag and the status after it."""
    refresh_rollups(connection, heads)
    for last in last_words(connection, heads):
        tag, status = known(Tag, last.tag), known(LeadStatus, last.status)
        status = status_after(tag, status, meeting_evidence=last.meeting_evidence)
        save_last_word(connection, last.lead_id, tag, status)


def publish_next(engine: Engine, publisher: Publisher, client_id: ClientId) -> None:
    """Publishes the client's next jobs, after a merge or its end has changed whose they are."""
    with engine.begin() as connection:
        due = next_publishable(connection, client_id)
    publisher.publish(engine, due)
