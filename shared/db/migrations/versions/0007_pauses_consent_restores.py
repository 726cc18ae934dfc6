"""pauses, marks of a restored database, and what is known of consent at the provider

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pause",
        sa.Column("id", postgresql.UUID(as_uuid=True), nullable=False),
        sa.Column("client_id", postgresql.UUID(as_uuid=True), nullable=True),
        sa.Column("provider_account_id", postgresql.UUID(as_uuid=True), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("paused_by_kind", sa.Text(), nullable=False),
        sa.Column("paused_by", sa.Text(), nullable=False),
        sa.Column("paused_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("lifted_by_kind", sa.Text(), nullable=True),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.Column("lifted_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("channel IN ('EMAIL')", name=op.f("ck_pause_channel")),
        sa.CheckConstraint("what IN ('AUTOMATIC_SENDS', 'ALL_SENDS', 'PROCESSING')", name=op.f("ck_pause_what")),
        sa.CheckConstraint("reason IN ('OPERATOR', 'RESTORE')", name=op.f("ck_pause_reason")),
        sa.CheckConstraint("paused_by_kind IN ('PERSON', 'SYSTEM')", name=op.f("ck_pause_paused_by_kind")),
        sa.CheckConstraint("lifted_by_kind IN ('PERSON', 'SYSTEM')", name=op.f("ck_pause_lifted_by_kind")),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lifted_by_kind IS NULL)",
            name=op.f("ck_pause_lifted"),
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_pause_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
    )
    op.create_index(
        "uq_pause_active",
        "pause",
        ["client_id", "provider_account_id", "channel", "what", "reason"],
        unique=True,
        postgresql_where=sa.text("lifted_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "restore_mark",
        sa.Column("id", postgresql.UUID(as_uuid=True), nullable=False),
        sa.Column("client_id", postgresql.UUID(as_uuid=True), nullable=False),
        sa.Column("restored_to", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("marked_by_kind", sa.Text(), nullable=False),
        sa.Column("marked_by", sa.Text(), nullable=False),
        sa.Column("marked_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("deliveries_until", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("sent_until", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("reconciled_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("marked_by_kind IN ('PERSON', 'SYSTEM')", name=op.f("ck_restore_mark_marked_by_kind")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_restore_mark_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restore_mark")),
        sa.UniqueConstraint("client_id", "restored_to", name=op.f("uq_restore_mark_client_id_restored_to")),
    )
    op.add_column("client", sa.Column("consent_gap_at", postgresql.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("client", sa.Column("consent_read_at", postgresql.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("client", sa.Column("consent_cursor", postgresql.JSONB(), nullable=True))
    op.add_column("lead", sa.Column("dismissed_objections", postgresql.ARRAY(sa.Text()), nullable=True))
    op.add_column("message", sa.Column("author_is_unknown", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("message", "author_is_unknown")
    op.drop_column("lead", "dismissed_objections")
    for column in ("consent_cursor", "consent_read_at", "consent_gap_at"):
        op.drop_column("client", column)
    op.drop_table("restore_mark")
    op.drop_table("pause")
