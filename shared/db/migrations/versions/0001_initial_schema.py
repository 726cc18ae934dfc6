"""initial schema

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "client",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("instantly_workspace_id", sa.Text(), nullable=True),
        sa.Column("webhook_token_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("disabled_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("hook_checked_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("emails_recovered_until", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
    )
    op.create_table(
        "campaign",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("client_id", sa.UUID(), nullable=False),
        sa.Column("provider", sa.Text(), server_default="INSTANTLY", nullable=False),
        sa.Column("provider_campaign_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("response_mode", sa.Text(), server_default="DRAFT_ONLY", nullable=False),
        sa.Column("auto_send_threshold", sa.Float(), server_default="0.9", nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("provider IN ('INSTANTLY')", name=op.f("ck_campaign_provider")),
        sa.CheckConstraint("response_mode IN ('DRAFT_ONLY', 'AUTO_SEND')", name=op.f("ck_campaign_response_mode")),
        sa.CheckConstraint("auto_send_threshold BETWEEN 0 AND 1", name=op.f("ck_campaign_auto_send_threshold")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_campaign_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint(
            "client_id",
            "provider",
            "provider_campaign_id",
            name=op.f("uq_campaign_client_id_provider_provider_campaign_id"),
        ),
    )
    op.create_table(
        "client_settings",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("client_id", sa.UUID(), nullable=False),
        sa.Column("persona_name", sa.Text(), server_default="", nullable=False),
        sa.Column("persona_tone", sa.Text(), server_default="friendly and professional", nullable=False),
        sa.Column("persona_greeting", sa.Text(), server_default="Hi {first_name},", nullable=False),
        sa.Column("persona_signature", sa.Text(), server_default="", nullable=False),
        sa.Column("persona_goals", sa.Text(), server_default="", nullable=False),
        sa.Column("service_description", sa.Text(), server_default="", nullable=False),
        sa.Column("company_name", sa.Text(), server_default="", nullable=False),
        sa.Column("ideal_customer_profile", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "qualification_questions", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("booking_link", sa.Text(), nullable=True),
        sa.Column("timezone", sa.Text(), server_default="UTC", nullable=False),
        sa.Column("sentiment_model", sa.Text(), nullable=True),
        sa.Column("draft_model", sa.Text(), nullable=True),
        sa.Column("evaluation_model", sa.Text(), nullable=True),
        sa.Column("scoring_model", sa.Text(), nullable=True),
        sa.Column("auto_send_enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("daily_send_cap", sa.Integer(), nullable=True),
        sa.Column("max_consecutive_auto_replies", sa.Integer(), server_default="3", nullable=False),
        sa.Column("escalation_phrases", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("sending_window", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("delay_min_s", sa.Integer(), nullable=True),
        sa.Column("delay_max_s", sa.Integer(), nullable=True),
        sa.Column("max_reply_age_hours", sa.Integer(), server_default="24", nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "(delay_min_s IS NULL) = (delay_max_s IS NULL) AND delay_min_s >= 0 AND delay_max_s >= delay_min_s",
            name=op.f("ck_client_settings_delay_window"),
        ),
        sa.CheckConstraint("daily_send_cap >= 0", name=op.f("ck_client_settings_daily_send_cap")),
        sa.CheckConstraint(
            "max_consecutive_auto_replies >= 0", name=op.f("ck_client_settings_max_consecutive_auto_replies")
        ),
        sa.CheckConstraint("max_reply_age_hours > 0", name=op.f("ck_client_settings_max_reply_age_hours")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_settings_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_settings")),
        sa.UniqueConstraint("client_id", name=op.f("uq_client_settings_client_id")),
    )
    op.create_table(
        "knowledge_asset",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("client_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_knowledge_asset_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_asset")),
    )
    op.create_index(op.f("ix_knowledge_asset_client_id"), "knowledge_asset", ["client_id"], unique=False)
    op.create_table(
        "lead",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("client_id", sa.UUID(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=True),
        sa.Column("last_name", sa.Text(), nullable=True),
        sa.Column("company", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), server_default="new", nullable=False),
        sa.Column("sentiment", sa.Text(), nullable=True),
        sa.Column("auto_reply_enabled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("last_inbound_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("last_outbound_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("last_message_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("last_message_direction", sa.Text(), nullable=True),
        sa.Column("appointment_start_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("meeting_booked_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("fit_score", sa.Integer(), nullable=True),
        sa.Column("intent_score", sa.Integer(), nullable=True),
        sa.Column("overall_score", sa.Integer(), nullable=True),
        sa.Column("score_reason", sa.Text(), nullable=True),
        sa.Column("scored_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("scored_message_id", sa.UUID(), nullable=True),
        sa.Column("suppressed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("suppression_reason", sa.Text(), nullable=True),
        sa.Column("suppression_evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("suppression_message_id", sa.UUID(), nullable=True),
        sa.Column("status_before_suppression", sa.Text(), nullable=True),
        sa.Column("block_listed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "last_message_direction IN ('INBOUND', 'OUTBOUND')", name=op.f("ck_lead_last_message_direction")
        ),
        sa.CheckConstraint(
            "sentiment IN ('Blacklist', 'Automated Reply', 'Out of Office', 'Meeting Booked', 'Meeting Requested', 'Call Requested', 'Information Requested', 'Not Interested', 'Objection', 'Follow Up', 'Interested', 'Neutral')",
            name=op.f("ck_lead_sentiment"),
        ),
        sa.CheckConstraint(
            "status IN ('new', 'meeting-booked', 'meeting-requested', 'qualified', 'not-interested', 'blacklisted')",
            name=op.f("ck_lead_status"),
        ),
        sa.CheckConstraint(
            "suppression_reason IN ('UNSUBSCRIBED', 'BOUNCED', 'OPT_OUT', 'MODEL')",
            name=op.f("ck_lead_suppression_reason"),
        ),
        sa.CheckConstraint("(suppressed_at IS NULL) = (suppression_reason IS NULL)", name=op.f("ck_lead_suppression")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_lead_email_lower_case")),
        sa.CheckConstraint("fit_score BETWEEN 1 AND 4", name=op.f("ck_lead_fit_score")),
        sa.CheckConstraint("intent_score BETWEEN 1 AND 4", name=op.f("ck_lead_intent_score")),
        sa.CheckConstraint("overall_score BETWEEN 1 AND 4", name=op.f("ck_lead_overall_score")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_lead_client_id")),
        sa.ForeignKeyConstraint(
            ["scored_message_id"], ["message.id"], name=op.f("fk_lead_scored_message_id"), use_alter=True
        ),
        sa.ForeignKeyConstraint(
            ["suppression_message_id"], ["message.id"], name=op.f("fk_lead_suppression_message_id"), use_alter=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead")),
    )
    op.create_index(
        "ix_lead_suppressed",
        "lead",
        ["client_id", "suppressed_at"],
        unique=False,
        postgresql_where=sa.text("suppressed_at IS NOT NULL"),
    )
    op.create_index(
        "uq_lead_client_id_lower_email", "lead", ["client_id", sa.literal_column("lower(email)")], unique=True
    )
    op.create_table(
        "message",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("client_id", sa.UUID(), nullable=False),
        sa.Column("lead_id", sa.UUID(), nullable=False),
        sa.Column("campaign_id", sa.UUID(), nullable=True),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("body_text", sa.Text(), nullable=True),
        sa.Column("body_html", sa.Text(), nullable=True),
        sa.Column("clean_text", sa.Text(), nullable=True),
        sa.Column("text_source", sa.Text(), nullable=True),
        sa.Column("provider_message_id", sa.Text(), nullable=True),
        sa.Column("thread_id", sa.Text(), nullable=True),
        sa.Column("mailbox", sa.Text(), nullable=True),
        sa.Column("from_email", sa.Text(), nullable=True),
        sa.Column("reply_key", sa.LargeBinary(), nullable=False),
        sa.Column("content_key", sa.LargeBinary(), nullable=False),
        sa.Column("is_auto_reply", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("sentiment", sa.Text(), nullable=True),
        sa.Column("sentiment_source", sa.Text(), nullable=True),
        sa.Column("sentiment_reason", sa.Text(), nullable=True),
        sa.Column("suppression_dismissed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("draft_id", sa.UUID(), nullable=True),
        sa.Column("occurred_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("received_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("effective_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("direction IN ('INBOUND', 'OUTBOUND')", name=op.f("ck_message_direction")),
        sa.CheckConstraint(
            "sentiment IN ('Blacklist', 'Automated Reply', 'Out of Office', 'Meeting Booked', 'Meeting Requested', 'Call Requested', 'Information Requested', 'Not Interested', 'Objection', 'Follow Up', 'Interested', 'Neutral')",
            name=op.f("ck_message_sentiment"),
        ),
        sa.CheckConstraint(
            "sentiment_source IN ('PROVIDER', 'RULE', 'MODEL')", name=op.f("ck_message_sentiment_source")
        ),
        sa.CheckConstraint("effective_at <= received_at", name=op.f("ck_message_effective_at")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_message_campaign_id")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_message_client_id")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_message_draft_id"), use_alter=True),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_message_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("client_id", "reply_key", name=op.f("uq_message_client_id_reply_key")),
    )
    op.create_index(
        "ix_message_draft_id", "message", ["draft_id"], unique=True, postgresql_where=sa.text("draft_id IS NOT NULL")
    )
    op.create_index(op.f("ix_message_lead_id_content_key"), "message", ["lead_id", "content_key"], unique=False)
    op.create_index(
        op.f("ix_message_lead_id_effective_at_id"), "message", ["lead_id", "effective_at", "id"], unique=False
    )
    op.create_index(
        "uq_message_client_id_provider_message_id",
        "message",
        ["client_id", "provider_message_id"],
        unique=True,
        postgresql_where=sa.text("provider_message_id IS NOT NULL"),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("client_id", sa.UUID(), nullable=False),
        sa.Column("lead_id", sa.UUID(), nullable=False),
        sa.Column("trigger_message_id", sa.UUID(), nullable=False),
        sa.Column("channel", sa.Text(), server_default="EMAIL", nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="PENDING", nullable=False),
        sa.Column("model_body", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("threshold", sa.Float(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "action IN ('SEND_NOW', 'SEND_LATER', 'NEEDS_REVIEW', 'NOTHING')", name=op.f("ck_draft_action")
        ),
        sa.CheckConstraint("channel IN ('EMAIL')", name=op.f("ck_draft_channel")),
        sa.CheckConstraint(
            "status IN ('PENDING', 'NEEDS_REVIEW', 'APPROVED', 'SENDING', 'SENT', 'REJECTED', 'SUPERSEDED', 'SEND_UNCERTAIN')",
            name=op.f("ck_draft_status"),
        ),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name=op.f("ck_draft_confidence")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_draft_client_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_draft_lead_id")),
        sa.ForeignKeyConstraint(["trigger_message_id"], ["message.id"], name=op.f("fk_draft_trigger_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("trigger_message_id", "channel", name=op.f("uq_draft_trigger_message_id_channel")),
    )
    op.create_index("ix_draft_client_id_status", "draft", ["client_id", "status", "created_at"], unique=False)
    op.create_index("ix_draft_lead_id", "draft", ["lead_id", "status"], unique=False)
    op.create_table(
        "follow_up_instance",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("client_id", sa.UUID(), nullable=False),
        sa.Column("lead_id", sa.UUID(), nullable=False),
        sa.Column("sequence_name", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="ACTIVE", nullable=False),
        sa.Column("paused_reason", sa.Text(), nullable=True),
        sa.Column("paused_by_message_id", sa.UUID(), nullable=True),
        sa.Column("next_step_due", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "paused_reason IN ('LEAD_REPLIED', 'OUT_OF_OFFICE')", name=op.f("ck_follow_up_instance_paused_reason")
        ),
        sa.CheckConstraint(
            "status IN ('ACTIVE', 'PAUSED', 'COMPLETED', 'CANCELLED')", name=op.f("ck_follow_up_instance_status")
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_follow_up_instance_client_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_follow_up_instance_lead_id")),
        sa.ForeignKeyConstraint(
            ["paused_by_message_id"], ["message.id"], name=op.f("fk_follow_up_instance_paused_by_message_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_instance")),
    )
    op.create_index(
        "ix_follow_up_instance_open",
        "follow_up_instance",
        ["lead_id"],
        unique=False,
        postgresql_where=sa.text("status IN ('ACTIVE', 'PAUSED')"),
    )
    op.create_table(
        "webhook_event",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("client_id", sa.UUID(), nullable=False),
        sa.Column("delivery_key", sa.LargeBinary(), nullable=False),
        sa.Column("event_type", sa.Text(), nullable=True),
        sa.Column("raw_body", sa.LargeBinary(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("message_id", sa.UUID(), nullable=True),
        sa.Column("deliveries", sa.Integer(), server_default="1", nullable=False),
        sa.Column("received_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('ACCEPTED', 'DUPLICATE', 'IGNORED', 'QUARANTINED')", name=op.f("ck_webhook_event_outcome")
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_webhook_event_client_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_webhook_event_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_event")),
        sa.UniqueConstraint("client_id", "delivery_key", name=op.f("uq_webhook_event_client_id_delivery_key")),
    )
    op.create_index(
        op.f("ix_webhook_event_client_id_received_at"), "webhook_event", ["client_id", "received_at"], unique=False
    )
    op.create_index(
        "ix_webhook_event_message_id",
        "webhook_event",
        ["message_id"],
        unique=False,
        postgresql_where=sa.text("message_id IS NOT NULL"),
    )
    op.create_index("ix_webhook_event_received_at", "webhook_event", ["received_at"], unique=False)
    op.create_table(
        "background_job",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("client_id", sa.UUID(), nullable=False),
        sa.Column("lead_id", sa.UUID(), nullable=False),
        sa.Column("message_id", sa.UUID(), nullable=True),
        sa.Column("draft_id", sa.UUID(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("generation", sa.Integer(), server_default="0", nullable=False),
        sa.Column("status", sa.Text(), server_default="PENDING", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("run_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("enqueued_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_expires_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("failed_sqs_message_id", sa.Text(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("trace_id", sa.Text(), nullable=True),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("started_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("finished_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED')", name=op.f("ck_background_job_status")
        ),
        sa.CheckConstraint(
            "type IN ('INSTANTLY_INBOUND_POST_PROCESS', 'LEAD_SCORING_POST_PROCESS', 'INSTANTLY_SEND_REPLY', 'INSTANTLY_SUPPRESS_LEAD')",
            name=op.f("ck_background_job_type"),
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_background_job_client_id")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_background_job_draft_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_background_job_lead_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_background_job_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_background_job")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_background_job_dedupe_key")),
    )
    op.create_index(
        op.f("ix_background_job_client_id_created_at"), "background_job", ["client_id", "created_at"], unique=False
    )
    op.create_index(
        "ix_background_job_client_in_flight",
        "background_job",
        ["client_id"],
        unique=False,
        postgresql_where=sa.text("enqueued_at IS NOT NULL AND status IN ('PENDING', 'RUNNING')"),
    )
    op.create_index(
        "ix_background_job_client_publishable",
        "background_job",
        ["client_id", "run_at"],
        unique=False,
        postgresql_where=sa.text("enqueued_at IS NULL AND status = 'PENDING'"),
    )
    op.create_index(
        "ix_background_job_failed",
        "background_job",
        ["client_id", "finished_at"],
        unique=False,
        postgresql_where=sa.text("status = 'FAILED'"),
    )
    op.create_index(op.f("ix_background_job_lead_id"), "background_job", ["lead_id"], unique=False)
    op.create_index(
        "ix_background_job_message_id",
        "background_job",
        ["message_id"],
        unique=False,
        postgresql_where=sa.text("message_id IS NOT NULL"),
    )
    op.create_index(
        "ix_background_job_publishable",
        "background_job",
        ["run_at"],
        unique=False,
        postgresql_where=sa.text("enqueued_at IS NULL AND status = 'PENDING'"),
    )
    op.create_index(
        "ix_background_job_running",
        "background_job",
        ["lease_expires_at"],
        unique=False,
        postgresql_where=sa.text("status = 'RUNNING'"),
    )
    op.create_table(
        "ai_interaction",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("client_id", sa.UUID(), nullable=False),
        sa.Column("lead_id", sa.UUID(), nullable=True),
        sa.Column("message_id", sa.UUID(), nullable=True),
        sa.Column("job_id", sa.UUID(), nullable=True),
        sa.Column("feature", sa.Text(), nullable=False),
        sa.Column("prompt_version", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("input_tokens", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("output_tokens", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reasoning_tokens", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("cost_usd", sa.Numeric(precision=12, scale=6), nullable=True),
        sa.Column("latency_ms", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("status IN ('SUCCESS', 'ERROR')", name=op.f("ck_ai_interaction_status")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_ai_interaction_client_id")),
        sa.ForeignKeyConstraint(["job_id"], ["background_job.id"], name=op.f("fk_ai_interaction_job_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_ai_interaction_lead_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_ai_interaction_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_interaction")),
    )
    op.create_index(
        "ix_ai_interaction_client_id_created_at", "ai_interaction", ["client_id", "created_at"], unique=False
    )
    op.create_index("ix_ai_interaction_created_at", "ai_interaction", ["created_at"], unique=False)
    op.create_index("ix_ai_interaction_job_id", "ai_interaction", ["job_id"], unique=False)
    op.create_table(
        "job_step",
        sa.Column("job_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("client_id", sa.UUID(), nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("finished_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_job_step_client_id")),
        sa.ForeignKeyConstraint(["job_id"], ["background_job.id"], name=op.f("fk_job_step_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", "name", name=op.f("pk_job_step")),
    )
    op.create_index("ix_job_step_finished_at", "job_step", ["finished_at"], unique=False)
    op.create_table(
        "outbound_send",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("client_id", sa.UUID(), nullable=False),
        sa.Column("lead_id", sa.UUID(), nullable=False),
        sa.Column("draft_id", sa.UUID(), nullable=False),
        sa.Column("job_id", sa.UUID(), nullable=True),
        sa.Column("automated", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), server_default="INTENDED", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("intended_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("sent_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("provider_message_id", sa.Text(), nullable=True),
        sa.Column("thread_id", sa.Text(), nullable=True),
        sa.Column("mailbox", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("checked_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "status IN ('INTENDED', 'SENT', 'REFUSED', 'UNCERTAIN')", name=op.f("ck_outbound_send_status")
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_outbound_send_client_id")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_outbound_send_draft_id")),
        sa.ForeignKeyConstraint(["job_id"], ["background_job.id"], name=op.f("fk_outbound_send_job_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_outbound_send_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbound_send")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_outbound_send_draft_id")),
    )
    op.create_index(
        "ix_outbound_send_client_id_intended_at", "outbound_send", ["client_id", "intended_at"], unique=False
    )
    op.create_index("ix_outbound_send_lead_id", "outbound_send", ["lead_id"], unique=False)
    op.create_index(
        "ix_outbound_send_unsettled",
        "outbound_send",
        ["intended_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('INTENDED', 'UNCERTAIN')"),
    )
    # Tables that point at each other: these three are added once all tables exist.
    op.create_foreign_key("fk_lead_scored_message_id", "lead", "message", ["scored_message_id"], ["id"])
    op.create_foreign_key("fk_lead_suppression_message_id", "lead", "message", ["suppression_message_id"], ["id"])
    op.create_foreign_key("fk_message_draft_id", "message", "draft", ["draft_id"], ["id"])


def downgrade() -> None:
    op.drop_constraint("fk_message_draft_id", "message")
    op.drop_constraint("fk_lead_suppression_message_id", "lead")
    op.drop_constraint("fk_lead_scored_message_id", "lead")
    op.drop_index(
        "ix_outbound_send_unsettled",
        table_name="outbound_send",
        postgresql_where=sa.text("status IN ('INTENDED', 'UNCERTAIN')"),
    )
    op.drop_index("ix_outbound_send_lead_id", table_name="outbound_send")
    op.drop_index("ix_outbound_send_client_id_intended_at", table_name="outbound_send")
    op.drop_table("outbound_send")
    op.drop_index("ix_job_step_finished_at", table_name="job_step")
    op.drop_table("job_step")
    op.drop_index("ix_ai_interaction_job_id", table_name="ai_interaction")
    op.drop_index("ix_ai_interaction_created_at", table_name="ai_interaction")
    op.drop_index("ix_ai_interaction_client_id_created_at", table_name="ai_interaction")
    op.drop_table("ai_interaction")
    op.drop_index(
        "ix_background_job_running", table_name="background_job", postgresql_where=sa.text("status = 'RUNNING'")
    )
    op.drop_index(
        "ix_background_job_publishable",
        table_name="background_job",
        postgresql_where=sa.text("enqueued_at IS NULL AND status = 'PENDING'"),
    )
    op.drop_index(
        "ix_background_job_message_id", table_name="background_job", postgresql_where=sa.text("message_id IS NOT NULL")
    )
    op.drop_index(op.f("ix_background_job_lead_id"), table_name="background_job")
    op.drop_index(
        "ix_background_job_failed", table_name="background_job", postgresql_where=sa.text("status = 'FAILED'")
    )
    op.drop_index(
        "ix_background_job_client_publishable",
        table_name="background_job",
        postgresql_where=sa.text("enqueued_at IS NULL AND status = 'PENDING'"),
    )
    op.drop_index(
        "ix_background_job_client_in_flight",
        table_name="background_job",
        postgresql_where=sa.text("enqueued_at IS NOT NULL AND status IN ('PENDING', 'RUNNING')"),
    )
    op.drop_index(op.f("ix_background_job_client_id_created_at"), table_name="background_job")
    op.drop_table("background_job")
    op.drop_index("ix_webhook_event_received_at", table_name="webhook_event")
    op.drop_index(
        "ix_webhook_event_message_id", table_name="webhook_event", postgresql_where=sa.text("message_id IS NOT NULL")
    )
    op.drop_index(op.f("ix_webhook_event_client_id_received_at"), table_name="webhook_event")
    op.drop_table("webhook_event")
    op.drop_index(
        "ix_follow_up_instance_open",
        table_name="follow_up_instance",
        postgresql_where=sa.text("status IN ('ACTIVE', 'PAUSED')"),
    )
    op.drop_table("follow_up_instance")
    op.drop_index("ix_draft_lead_id", table_name="draft")
    op.drop_index("ix_draft_client_id_status", table_name="draft")
    op.drop_table("draft")
    op.drop_index(
        "uq_message_client_id_provider_message_id",
        table_name="message",
        postgresql_where=sa.text("provider_message_id IS NOT NULL"),
    )
    op.drop_index(op.f("ix_message_lead_id_effective_at_id"), table_name="message")
    op.drop_index(op.f("ix_message_lead_id_content_key"), table_name="message")
    op.drop_index("ix_message_draft_id", table_name="message", postgresql_where=sa.text("draft_id IS NOT NULL"))
    op.drop_table("message")
    op.drop_index("uq_lead_client_id_lower_email", table_name="lead")
    op.drop_index("ix_lead_suppressed", table_name="lead", postgresql_where=sa.text("suppressed_at IS NOT NULL"))
    op.drop_table("lead")
    op.drop_index(op.f("ix_knowledge_asset_client_id"), table_name="knowledge_asset")
    op.drop_table("knowledge_asset")
    op.drop_table("client_settings")
    op.drop_table("campaign")
    op.drop_table("client")
