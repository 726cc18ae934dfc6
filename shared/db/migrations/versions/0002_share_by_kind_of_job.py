"""publishable jobs are indexed by kind: scoring, and all others

Revision ID: 0002
Revises: 0001
"""

# migration-rule: index-on-a-live-table: no stage was deployed before this revision

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_PUBLISHABLE = "enqueued_at IS NULL AND status = 'PENDING'"


def upgrade() -> None:
    op.create_index(
        "ix_background_job_replies_publishable",
        "background_job",
        ["client_id", "run_at"],
        postgresql_where=sa.text(f"{_PUBLISHABLE} AND type <> 'LEAD_SCORING_POST_PROCESS'"),
    )
    op.create_index(
        "ix_background_job_scoring_publishable",
        "background_job",
        ["client_id", "run_at"],
        postgresql_where=sa.text(f"{_PUBLISHABLE} AND type = 'LEAD_SCORING_POST_PROCESS'"),
    )
    op.drop_index("ix_background_job_client_publishable", table_name="background_job")
    op.drop_index("ix_background_job_publishable", table_name="background_job")


def downgrade() -> None:
    op.create_index(
        "ix_background_job_publishable", "background_job", ["run_at"], postgresql_where=sa.text(_PUBLISHABLE)
    )
    op.create_index(
        "ix_background_job_client_publishable",
        "background_job",
        ["client_id", "run_at"],
        postgresql_where=sa.text(_PUBLISHABLE),
    )
    op.drop_index("ix_background_job_scoring_publishable", table_name="background_job")
    op.drop_index("ix_background_job_replies_publishable", table_name="background_job")
