"""a row refers only to rows of its own client

Each reference to a lead, campaign, message, job or draft takes the client along, so that no statement can tie a row of
one client to a row of another. Where such a reference is never NULL, it also proves that the client exists, and the
row's own reference to the client goes: one check less for each insert.

Revision ID: 0006
Revises: 0005
"""

# migration-rule: constraint-checked-at-once: no stage was deployed before this revision
# migration-rule: index-on-a-live-table: no stage was deployed before this revision

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_REFERABLE = ("campaign", "lead", "message", "draft", "background_job")
_REFERENCES = (
    ("lead", "scored_message_id", "message"),
    ("lead", "suppression_message_id", "message"),
    ("message", "lead_id", "lead"),
    ("message", "campaign_id", "campaign"),
    ("message", "draft_id", "draft"),
    ("draft", "lead_id", "lead"),
    ("draft", "trigger_message_id", "message"),
    ("background_job", "lead_id", "lead"),
    ("background_job", "message_id", "message"),
    ("background_job", "draft_id", "draft"),
    ("job_step", "job_id", "background_job"),
    ("outbound_send", "lead_id", "lead"),
    ("outbound_send", "draft_id", "draft"),
    ("outbound_send", "job_id", "background_job"),
    ("webhook_event", "message_id", "message"),
    ("follow_up_instance", "lead_id", "lead"),
    ("follow_up_instance", "paused_by_message_id", "message"),
    ("ai_interaction", "lead_id", "lead"),
    ("ai_interaction", "message_id", "message"),
    ("ai_interaction", "job_id", "background_job"),
)
_CLIENT_IS_PROVEN = ("message", "draft", "background_job", "job_step", "outbound_send", "follow_up_instance")
_CASCADE = ("job_step", "job_id")


def upgrade() -> None:
    # All at once and in the order in which the pipeline takes rows: one after the other, in the order of the
    # statements below, would meet a running transaction half-way and end in a deadlock.
    op.execute(
        "LOCK TABLE client, campaign, lead, message, draft, background_job, job_step, outbound_send, webhook_event,"
        " follow_up_instance, ai_interaction IN ACCESS EXCLUSIVE MODE"
    )
    for table in _REFERABLE:
        op.create_unique_constraint(f"uq_{table}_id_client_id", table, ["id", "client_id"])
    for table, column, referred in _REFERENCES:
        name = f"fk_{table}_{column}"
        ondelete = "CASCADE" if (table, column) == _CASCADE else None
        op.drop_constraint(name, table, type_="foreignkey")
        op.create_foreign_key(name, table, referred, [column, "client_id"], ["id", "client_id"], ondelete=ondelete)
    for table in _CLIENT_IS_PROVEN:
        op.drop_constraint(f"fk_{table}_client_id", table, type_="foreignkey")


def downgrade() -> None:
    for table in _CLIENT_IS_PROVEN:
        op.create_foreign_key(f"fk_{table}_client_id", table, "client", ["client_id"], ["id"])
    for table, column, referred in _REFERENCES:
        name = f"fk_{table}_{column}"
        ondelete = "CASCADE" if (table, column) == _CASCADE else None
        op.drop_constraint(name, table, type_="foreignkey")
        op.create_foreign_key(name, table, referred, [column], ["id"], ondelete=ondelete)
    for table in _REFERABLE:
        op.drop_constraint(f"uq_{table}_id_client_id", table, type_="unique")
