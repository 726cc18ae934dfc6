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


def keys_of(lead_id: str) -> str:
    """SQL: every key of a person as jsonb that ``person_with`` reads, each kind's oldest first; of any lead of theirs.

    A lead that was made by an older release may have no key but its address.
    """
    return f"""(
        SELECT jsonb_agg(jsonb_build_array(key.kind, key.value) ORDER BY key.created_at, key.value)
        FROM {group_of(lead_id)} AS person, LATERAL (
            SELECT kind, value, created_at FROM lead_identity WHERE lead_identity.lead_id = person.lead_id
            UNION ALL
            SELECT 'EMAIL', lower(email), created_at FROM lead WHERE id = person.lead_id AND email IS NOT NULL
        ) AS key
    )"""  # noqa: S608 (constants only)


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
