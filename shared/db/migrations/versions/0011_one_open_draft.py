"""one open draft of a lead on a channel

Revision ID: 0011
Revises: 0010
"""

# migration-rule: index-on-a-live-table: no stage was deployed before this revision

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Of several the one stays that takes most into account, as in shared/db/open_drafts.py.
_CLOSE_OTHERS = """
WITH ranked AS (
    SELECT draft.id, first_value(draft.id) OVER best AS stays_id, first_value(its.id) OVER best AS stays_for
    FROM draft JOIN message AS its ON its.id = draft.trigger_message_id
    JOIN message AS taken ON taken.id = coalesce(draft.answers_up_to_message_id, draft.trigger_message_id)
    WHERE draft.status IN ('PENDING', 'NEEDS_REVIEW', 'APPROVED')
    WINDOW best AS (PARTITION BY draft.lead_id, draft.channel
                    ORDER BY draft.purpose = 'FOLLOW_UP', taken.effective_at DESC, taken.id DESC, its.received_at DESC,
                             its.id DESC, draft.id DESC)
), closed AS (
    UPDATE draft
    SET status = 'SUPERSEDED', rule = 'another_draft', finding = NULL, reason = NULL, decided_by_kind = 'RULE',
        decided_by = NULL, decided_at = now(), superseded_by_message_id = ranked.stays_for, updated_at = now()
    FROM ranked WHERE draft.id = ranked.id AND ranked.id <> ranked.stays_id
    RETURNING draft.client_id, draft.id, draft.revision
)
INSERT INTO draft_decision (client_id, draft_id, revision, status, rule, actor_kind)
SELECT client_id, id, revision, 'SUPERSEDED', 'another_draft', 'RULE' FROM closed
"""


def upgrade() -> None:
    op.execute("LOCK TABLE draft IN ACCESS EXCLUSIVE MODE")
    op.execute(_CLOSE_OTHERS)
    op.execute(
        "CREATE UNIQUE INDEX uq_draft_open ON draft (lead_id, channel)"
        " WHERE status IN ('PENDING', 'NEEDS_REVIEW', 'APPROVED')"
    )
    op.execute(
        "COMMENT ON COLUMN draft.superseded_by_message_id IS"
        " 'Of a SUPERSEDED one: the message that is answered instead, by a newer draft or one that knows more.'"
    )
