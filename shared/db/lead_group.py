"""SQL of a person's leads as one group: the head, and the leads that were merged into it.

A merge moves no rows. What is written from then on is the head's, under the head's lock; what reads history reads the
rows of the whole group. ``merged_into_id`` names the head itself, so a group is never deeper than that.
"""

from __future__ import annotations


def head_of(lead_id: str) -> str:
    """SQL: the head of a lead's group, which is the lead itself unless it was merged; ``lead_id`` is an expression."""
    return f"(SELECT coalesce(own.merged_into_id, own.id) FROM lead AS own WHERE own.id = {lead_id})"  # noqa: S608


def written_from(message: str) -> str:
    """SQL: the address that the lead wrote a message from, as far as is known; ``message`` is an alias."""
    return f"""coalesce({message}.reply_handle ->> 'lead_email',
        (SELECT coalesce(own.email, head.email) FROM lead AS own LEFT JOIN lead AS head ON head.id = own.merged_into_id
         WHERE own.id = {message}.lead_id))"""  # noqa: S608


def addresses_of(head: str) -> str:
    """SQL: the email addresses that a head is known by, the oldest first."""
    return f"""ARRAY(
        SELECT value FROM lead_identity WHERE lead_id = {head} AND kind = 'EMAIL' ORDER BY created_at, id
    )"""  # noqa: S608


def group_of(lead_id: str) -> str:
    """SQL: a subquery with the ids of a lead's group as ``lead_id``.

    An expression of the same FROM needs LATERAL: as an IN it would be asked for each row of the other table.
    """
    return f"""(
        SELECT coalesce(own.merged_into_id, own.id) AS lead_id FROM lead AS own WHERE own.id = {lead_id}
        UNION ALL
        SELECT merged.id FROM lead AS own JOIN lead AS merged
            ON merged.merged_into_id = coalesce(own.merged_into_id, own.id)
        WHERE own.id = {lead_id}
    )"""  # noqa: S608 (no value of anybody's)
