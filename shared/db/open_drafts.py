"""The rule of the one open draft: a person waits for one draft of ours on a channel at most (key uq_draft_open).

Of two drafts that could be open the one stays that takes more of what the lead has written into account: the newest
reply, then what arrived last. A promised follow-up gives way to any response, and waits for it. Open drafts are always
of a head (a merge closes the merged lead's), so the key of a lead is the person's.

Whatever opens a draft does it in one statement with these parts, after the one that has locked the lead.
"""

from __future__ import annotations

from shared.db.draft_states import OPEN, in_status, literal, moved
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.vocabulary import ActorKind, DraftPurpose, DraftStatus

_FOLLOW_UP = literal(DraftPurpose.FOLLOW_UP)


def _place(answers_up_to: str, trigger: str) -> str:
    """SQL: what a draft takes into account, to be compared; both are expressions of a message's id."""
    return f"""
    (SELECT ROW(taken.effective_at, taken.id, its.received_at, its.id) FROM message AS taken, message AS its
     WHERE taken.id = {answers_up_to} AND its.id = {trigger})"""  # noqa: S608 (no value of anybody's)


def answers_up_to(draft: str) -> str:
    """SQL: the newest message that the draft with this alias takes into account."""
    return f"coalesce({draft}.answers_up_to_message_id, {draft}.trigger_message_id)"


def most_informed_first(draft: str) -> str:
    """SQL, an ORDER BY: the drafts with this alias, the one first that would stay open."""
    return (
        f"{draft}.purpose = {_FOLLOW_UP}, {_place(answers_up_to(draft), f'{draft}.trigger_message_id')} DESC,"
        f" {draft}.id DESC"
    )


_RIVAL_STAYS = f"""
    opening.purpose = {_FOLLOW_UP} OR (draft.purpose <> {_FOLLOW_UP}
        AND {_place(answers_up_to("draft"), "draft.trigger_message_id")}
          > {_place("opening.answers_up_to", "opening.message_id")})
"""

ROOM_MADE = "(SELECT count(*) FROM superseded) AS room"
"""SQL, an item of FROM: whoever opens the draft does it after its rival was closed, as the key wants it."""

MAKING_ROOM = f"""
    placed AS MATERIALIZED (
        SELECT opening.*, found.rule, found.rule IS NULL AS opens,
               CASE WHEN found.rule IS NULL THEN draft.id ELSE opening.id END AS closes,
               CASE WHEN found.rule IS NULL THEN opening.message_id
                    WHEN opening.moot IS NULL THEN draft.trigger_message_id END AS closed_by
        FROM opening
        LEFT JOIN draft ON draft.lead_id = opening.lead_id AND draft.channel = opening.channel AND {OPEN}
            AND draft.id <> opening.id
        CROSS JOIN LATERAL (
            SELECT coalesce(opening.moot, CASE WHEN draft.id IS NOT NULL AND ({_RIVAL_STAYS})
                                               THEN {literal(DraftRule.ANOTHER_DRAFT)} END) AS rule
        ) AS found
    ), {
    moved(
        "superseded",
        DraftStatus.SUPERSEDED,
        source="placed",
        where="draft.id = placed.closes",
        rule=f"coalesce(placed.rule, {literal(DraftRule.ANOTHER_DRAFT)})",
        by=ActorKind.RULE,
        for_message="placed.closed_by",
    )
}
"""  # noqa: S608 (constants only)
"""SQL, parts of a WITH: ``placed`` says of each draft of ``opening`` whether it ``opens``, or by which ``rule`` not.

``opening`` is a part with the columns id, lead_id (a head), channel, purpose, message_id (the trigger), answers_up_to
and moot (a rule that closes it in any case, or NULL). The open draft that must give way to it is closed, or it itself.
"""


def is_busy_for(lead_id: str, channel: str) -> str:
    """SQL: whether a draft to a head is open or may be leaving, so that a follow-up has to wait."""
    return f"""
    EXISTS (SELECT FROM draft WHERE draft.lead_id = {lead_id} AND draft.channel = {channel}
            AND ({OPEN} OR {in_status((DraftStatus.SENDING, DraftStatus.SEND_UNCERTAIN))}))
    """
