"""The order of a lead's emails as SQL: which reply is newer, and which of two a person still has to see.

"Newer" is the order (effective_at, id) among *human* inbound messages. One exception concerns drafts only: a reply that
arrived late, when a newer one had been understood without it, is not overtaken by that one. Nobody would ever see it
otherwise. What it says about the lead still loses against the newer reply.
"""

from __future__ import annotations

from shared.db.jobs import POST_PROCESS
from shared.db.lead_group import group_of
from shared.domain.reply_time import LATE_AFTER


def is_late(message: str) -> str:
    """SQL: whether the message with this alias arrived late."""
    return f"{message}.received_at - {message}.effective_at > interval '{LATE_AFTER.total_seconds():.0f} seconds'"


def counted_from(message: str) -> str:
    """SQL: since when email counts as having come after a message; since its arrival, if that was late."""
    return f"CASE WHEN {is_late(message)} THEN {message}.received_at ELSE {message}.effective_at END"


def answered_from(draft: str, trigger: str) -> str:
    """SQL: since when email of ours makes a draft one too many: after the newest message that it takes into account.

    ``draft`` and ``trigger`` are aliases. That message is the trigger, but of a follow-up, and of a draft to a reply
    that came late: its writer has seen what was written until then.
    """
    return f"""
    CASE WHEN {draft}.answers_up_to_message_id IS NULL OR {draft}.answers_up_to_message_id = {trigger}.id
         THEN {counted_from(trigger)}
         ELSE greatest({counted_from(trigger)}, (SELECT taken.effective_at FROM message AS taken
                                                 WHERE taken.id = {draft}.answers_up_to_message_id)) END
    """  # noqa: S608 (no value of anybody's)


def _newer_than(message: str) -> str:
    """FROM and WHERE of the human replies ``newer`` that the person of the message with this alias wrote after it."""
    return f"""
    FROM {group_of(f"{message}.lead_id")} AS person JOIN message AS newer ON newer.lead_id = person.lead_id
    WHERE newer.direction = 'INBOUND' AND NOT newer.is_auto_reply
      AND (newer.effective_at, newer.id) > ({message}.effective_at, {message}.id)
    """


def newest_human_reply(message_id: str) -> str:
    """SQL: the id of the newest human reply of a message's person, if it is newer; else NULL."""
    return f"""(
    SELECT newer.id FROM message AS this
    CROSS JOIN LATERAL (SELECT newer.id, newer.effective_at {_newer_than("this")}) AS newer
    WHERE this.id = {message_id} ORDER BY newer.effective_at DESC, newer.id DESC LIMIT 1)
    """  # noqa: S608 (no value of anybody's)


def newer_human_reply(message_id: str) -> str:
    """SQL: a subquery of the human replies that are newer than a message; ``message_id`` is an expression."""
    return _newer_where(message_id, "true")


def _newer_where(message_id: str, condition: str) -> str:
    return f"""
    SELECT 1 FROM message AS this
    CROSS JOIN LATERAL (SELECT newer.id {_newer_than("this")}) AS newer
    WHERE this.id = {message_id} AND {condition}
    """  # noqa: S608 (no value of anybody's)


def is_newest_human_reply(message: str) -> str:
    """SQL: whether the message with this alias is the newest human reply of its lead."""
    return f"""
    {message}.direction = 'INBOUND' AND NOT {message}.is_auto_reply
    AND NOT EXISTS (SELECT 1 {_newer_than(message)})
    """


# The step says when the reply was understood; it is pruned after a while, long after its job has finished.
_UNDERSTOOD_BEFORE_IT_CAME = f"""
    EXISTS (SELECT 1 FROM background_job AS its
            LEFT JOIN job_step AS step ON step.job_id = its.id AND step.name = 'understand'
            WHERE its.message_id = newer.id AND its.{POST_PROCESS}
              AND coalesce(step.finished_at, its.finished_at) < this.received_at)
"""  # noqa: S608 (constants only)


def overtaking_reply(message_id: str) -> str:
    """SQL: a subquery of the newer human replies that make a draft to a message moot.

    A newer reply that was not understood yet when a late one came is drafted for with that one in sight.
    """
    return _newer_where(message_id, f"NOT ({is_late('this')} AND {_UNDERSTOOD_BEFORE_IT_CAME})")
