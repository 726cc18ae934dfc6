"""what a draft promises, and drafts that keep a promise beside the one that made it

Revision ID: 0010
Revises: 0009
"""

# migration-rule: drop-constraint: no stage was deployed before this revision
# migration-rule: index-on-a-live-table: no stage was deployed before this revision
# migration-rule: constraint-checked-at-once: no stage was deployed before this revision

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# One draft of a model responds to a message on a channel; one that keeps a promise to write again stands beside it.
_STATEMENTS = """
ALTER TABLE draft_revision ADD COLUMN commitments jsonb NOT NULL DEFAULT '[]';
ALTER TABLE draft ADD COLUMN commitment_id uuid;
ALTER TABLE draft ADD CONSTRAINT fk_draft_commitment_id
    FOREIGN KEY (commitment_id, client_id) REFERENCES commitment (id, client_id) NOT VALID;
ALTER TABLE draft DROP CONSTRAINT uq_draft_trigger_message_id_channel;
CREATE UNIQUE INDEX uq_draft_response ON draft (trigger_message_id, channel) WHERE purpose = 'REPLY';
CREATE INDEX ix_draft_trigger_message_id ON draft (trigger_message_id);
CREATE UNIQUE INDEX uq_draft_commitment_id ON draft (commitment_id) WHERE commitment_id IS NOT NULL;
CREATE INDEX ix_commitment_to_write ON commitment (due_at) WHERE status = 'OPEN' AND kind = 'WRITE_LATER';
"""

_COMMENTS = {
    "draft_revision.commitments": 'What this text promises: [{"kind", "words", "due_at"}]; rows of commitment once it'
    " is sent.",
    "draft.commitment_id": "Of a FOLLOW_UP: the promise that it keeps.",
}


def upgrade() -> None:
    for statement in _STATEMENTS.split(";\n"):
        if statement.strip():
            op.execute(statement.strip().removesuffix(";"))
    for target, comment in _COMMENTS.items():
        quoted = comment.replace("'", "''")
        op.execute(f"COMMENT ON COLUMN {target} IS '{quoted}'")
