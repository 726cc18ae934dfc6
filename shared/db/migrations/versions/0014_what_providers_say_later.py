"""what a provider says later: a message was edited or taken back, an account is disconnected

Revision ID: 0014
Revises: 0013
"""

# migration-rule: drop-constraint: no stage was deployed before this revision
# migration-rule: constraint-checked-at-once: no stage was deployed before this revision
# migration-rule: index-on-a-live-table: no stage was deployed before this revision
# migration-rule: constraint-checked-at-once: no stage was deployed before this revision

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE pause DROP CONSTRAINT ck_pause_reason",
    "ALTER TABLE pause ADD CONSTRAINT ck_pause_reason CHECK (reason IN ('OPERATOR', 'RESTORE', 'ACCOUNT'))",
    "ALTER TABLE message ADD COLUMN edited_at timestamptz",
    "ALTER TABLE message ADD COLUMN deleted_at timestamptz",
    "ALTER TABLE message ADD COLUMN answerable boolean NOT NULL DEFAULT true",
    # A draft to words that the lead has changed since is no response to the message any more.
    "DROP INDEX uq_draft_response",
    "CREATE UNIQUE INDEX uq_draft_response ON draft (trigger_message_id, channel)"
    " WHERE purpose = 'REPLY' AND rule IS DISTINCT FROM 'message_edited'",
)

_COMMENTS = {
    "message.edited_at": "When we heard last that the lead has changed it; its words are the changed ones.",
    "message.deleted_at": "When we heard that the lead has taken it back; it stays, and is not answered.",
    "message.answerable": "Whether it may be answered at all: a conversation of several people is only kept.",
}


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
    for target, comment in _COMMENTS.items():
        quoted = comment.replace("'", "''")
        op.execute(f"COMMENT ON COLUMN {target} IS '{quoted}'")
