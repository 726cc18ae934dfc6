"""Every table, key, state and index as SQLAlchemy models.

The models describe the schema: alembic's migrations build it and a test proves that the two agree. Queries are SQL in
the sibling modules, one per aggregate, so the functions never pay for importing the ORM.

Conventions: primary keys are version 7 UUIDs made by the application; foreign keys are ``<table>_id``; every table
carries ``client_id`` and every unique key of provider data includes it, since one person can be in two workspaces;
a row refers only to rows of its own client (``of_same_client``), which the schema enforces;
times are ``timestamptz``; enumerations are text with a CHECK, so that a new value is an ordinary migration.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    false,
    func,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.domain.vocabulary import (
    ActorKind,
    Channel,
    DecisionAction,
    Direction,
    DraftStatus,
    EventOutcome,
    FollowUpStatus,
    InteractionStatus,
    JobStatus,
    JobType,
    LeadStatus,
    OutboundSendStatus,
    Pausable,
    PausedReason,
    PauseReason,
    Provider,
    ResponseMode,
    SentimentSource,
    SuppressionReason,
    Tag,
)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy's own protocol)
        UUID: PG_UUID(as_uuid=True),
        datetime: TIMESTAMP(timezone=True),
        str: Text,
        int: Integer,
        float: Float,
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        list[str]: ARRAY(Text),
        bytes: LargeBinary,
    }


def one_of(column: str, values: Iterable[StrEnum]) -> CheckConstraint:
    """CHECK that a text column holds a value of ``values`` (or NULL, where the column allows it)."""
    listed = ", ".join("'" + value.value.replace("'", "''") + "'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def client_reference() -> Mapped[UUID]:
    return mapped_column(ForeignKey("client.id"))


def of_same_client(column: str, table: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    """Foreign key that takes a row of ``table`` only if it belongs to the same client as this row.

    ``table`` carries ``referable()`` for it. Where ``column`` may not be NULL it also proves that the client exists.
    """
    return ForeignKeyConstraint(
        [column, "client_id"],
        [f"{table}.id", f"{table}.client_id"],
        ondelete=ondelete,
        use_alter=True,  # lead, message and draft refer to each other in a circle
    )


def referable() -> UniqueConstraint:
    """Key that ``of_same_client`` refers to."""
    return UniqueConstraint("id", "client_id")


class Client(Base):
    """A workspace: one customer's Instantly account."""

    __tablename__ = "client"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    instantly_workspace_id: Mapped[str | None]
    webhook_token_version: Mapped[int] = mapped_column(server_default="1")
    webhook_token_rotated_at: Mapped[datetime | None]  # until when the version before this one was valid
    hook_token: Mapped[str | None]  # version and key of the token that the hook at the provider was last told
    disabled_at: Mapped[datetime | None]
    hook_checked_at: Mapped[datetime | None]  # the cursor of the recovery from Instantly's log of failed deliveries
    emails_recovered_until: Mapped[datetime | None]  # the cursor of the recovery from GET /emails
    recovery_attempted_at: Mapped[datetime | None]  # whose turn it is; tells nothing about how far recovery came
    consent_gap_at: Mapped[datetime | None]  # opt-outs may have been missed by then; NULL: none that we know of
    consent_read_at: Mapped[datetime | None]  # when the provider's opt-outs were last read back to the end
    consent_cursor: Mapped[dict[str, Any] | None]  # how far that reading is; NULL: it begins anew
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ClientSettings(Base):
    """How one workspace wants its replies written and sent; one row per client."""

    __tablename__ = "client_settings"
    __table_args__ = (
        UniqueConstraint("client_id"),
        CheckConstraint("daily_send_cap >= 0", name="daily_send_cap"),
        CheckConstraint("max_consecutive_auto_replies >= 0", name="max_consecutive_auto_replies"),
        CheckConstraint("max_reply_age_hours > 0", name="max_reply_age_hours"),
        CheckConstraint(
            "(delay_min_s IS NULL) = (delay_max_s IS NULL) AND delay_min_s >= 0 AND delay_max_s >= delay_min_s",
            name="delay_window",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID] = client_reference()
    persona_name: Mapped[str] = mapped_column(server_default="")
    persona_tone: Mapped[str] = mapped_column(server_default="friendly and professional")
    persona_greeting: Mapped[str] = mapped_column(server_default="Hi {first_name},")
    persona_signature: Mapped[str] = mapped_column(server_default="")
    persona_goals: Mapped[str] = mapped_column(server_default="")
    service_description: Mapped[str] = mapped_column(server_default="")
    company_name: Mapped[str] = mapped_column(server_default="")
    ideal_customer_profile: Mapped[str] = mapped_column(server_default="")
    qualification_questions: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    booking_link: Mapped[str | None]
    timezone: Mapped[str] = mapped_column(server_default="UTC")  # an IANA name
    sentiment_model: Mapped[str | None]  # NULL: the default of shared.ai.models
    draft_model: Mapped[str | None]
    evaluation_model: Mapped[str | None]
    scoring_model: Mapped[str | None]
    auto_send_enabled: Mapped[bool] = mapped_column(server_default=true())  # the kill switch: false stops all
    daily_send_cap: Mapped[int | None]  # automated answers per day of the client's time zone; NULL: no cap
    max_consecutive_auto_replies: Mapped[int] = mapped_column(server_default="3")
    escalation_phrases: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    sending_window: Mapped[dict[str, Any] | None]  # {"days": [1..7], "start": "09:00", "end": "17:00"}; NULL: always
    delay_min_s: Mapped[int | None]  # the delay window of automated answers, in seconds; NULL: at once
    delay_max_s: Mapped[int | None]
    max_reply_age_hours: Mapped[int] = mapped_column(server_default="24")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class KnowledgeAsset(Base):
    """A text that drafts may quote facts from."""

    __tablename__ = "knowledge_asset"
    __table_args__ = (Index(None, "client_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID] = client_reference()
    name: Mapped[str]
    text: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Campaign(Base):
    __tablename__ = "campaign"
    __table_args__ = (
        referable(),
        UniqueConstraint("client_id", "provider", "provider_campaign_id"),
        one_of("provider", Provider),
        one_of("response_mode", ResponseMode),
        CheckConstraint("auto_send_threshold BETWEEN 0 AND 1", name="auto_send_threshold"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID] = client_reference()
    provider: Mapped[str] = mapped_column(server_default=Provider.INSTANTLY.value)
    provider_campaign_id: Mapped[str]
    name: Mapped[str]
    response_mode: Mapped[str] = mapped_column(server_default=ResponseMode.DRAFT_ONLY.value)
    auto_send_threshold: Mapped[float] = mapped_column(server_default="0.9")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Lead(Base):
    """A person who answered, within one workspace. Its row lock serialises every write about that person."""

    __tablename__ = "lead"
    __table_args__ = (
        referable(),
        of_same_client("scored_message_id", "message"),
        of_same_client("suppression_message_id", "message"),
        Index("uq_lead_client_id_lower_email", "client_id", func.lower(text("email")), unique=True),
        CheckConstraint("email = lower(email)", name="email_lower_case"),
        one_of("status", LeadStatus),
        one_of("sentiment", Tag),
        one_of("last_message_direction", Direction),
        one_of("suppression_reason", SuppressionReason),
        CheckConstraint("fit_score BETWEEN 1 AND 4", name="fit_score"),
        CheckConstraint("intent_score BETWEEN 1 AND 4", name="intent_score"),
        CheckConstraint("overall_score BETWEEN 1 AND 4", name="overall_score"),
        CheckConstraint("(suppressed_at IS NULL) = (suppression_reason IS NULL)", name="suppression"),
        Index("ix_lead_suppressed", "client_id", "suppressed_at", postgresql_where=text("suppressed_at IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID] = client_reference()
    email: Mapped[str]
    first_name: Mapped[str | None]
    last_name: Mapped[str | None]
    company: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default=LeadStatus.NEW.value)
    sentiment: Mapped[str | None]
    auto_reply_enabled: Mapped[bool] = mapped_column(server_default=false())
    last_inbound_at: Mapped[datetime | None]
    last_outbound_at: Mapped[datetime | None]
    last_message_at: Mapped[datetime | None]
    last_message_direction: Mapped[str | None]
    appointment_start_at: Mapped[datetime | None]
    meeting_booked_at: Mapped[datetime | None]
    fit_score: Mapped[int | None]
    intent_score: Mapped[int | None]
    overall_score: Mapped[int | None]
    score_reason: Mapped[str | None]
    scored_at: Mapped[datetime | None]
    scored_message_id: Mapped[UUID | None]
    suppressed_at: Mapped[datetime | None]
    suppression_reason: Mapped[str | None]
    suppression_evidence: Mapped[dict[str, Any] | None]  # {"rule": …, "words": …}
    suppression_message_id: Mapped[UUID | None]
    status_before_suppression: Mapped[str | None]
    block_listed_at: Mapped[datetime | None]  # we put the address on the provider's block list; NULL: not by us
    # What the provider held against the lead when a person lifted its suppression: no reason to suppress it again.
    dismissed_objections: Mapped[list[str] | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Message(Base):
    """One e-mail, in or out. ``effective_at`` orders them: the earlier of the provider's clock and ours."""

    __tablename__ = "message"
    __table_args__ = (
        referable(),
        of_same_client("lead_id", "lead"),
        of_same_client("campaign_id", "campaign"),
        of_same_client("draft_id", "draft"),
        UniqueConstraint("client_id", "reply_key"),
        # One e-mail of the provider is one row: the match by e-mail id, and the last word on a race between two leads.
        Index(
            "uq_message_client_id_provider_message_id",
            "client_id",
            "provider_message_id",
            unique=True,
            postgresql_where=text("provider_message_id IS NOT NULL"),
        ),
        one_of("direction", Direction),
        one_of("sentiment", Tag),
        one_of("sentiment_source", SentimentSource),
        CheckConstraint("effective_at <= received_at", name="effective_at"),
        Index(None, "lead_id", "content_key"),  # the match by content, under the lead's lock
        Index(None, "lead_id", "effective_at", "id"),  # the history, and "is there a newer human reply"
        Index("ix_message_draft_id", "draft_id", unique=True, postgresql_where=text("draft_id IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID]
    lead_id: Mapped[UUID]
    campaign_id: Mapped[UUID | None]
    direction: Mapped[str]
    subject: Mapped[str] = mapped_column(server_default="")
    campaign_step: Mapped[int | None]  # of a mail that a sequence sent: the step's number, from 1
    body_text: Mapped[str | None]
    body_html: Mapped[str | None]
    clean_text: Mapped[str | None]
    text_source: Mapped[str | None]  # which body clean_text was made from: text, html or snippet
    provider_message_id: Mapped[str | None]
    thread_id: Mapped[str | None]
    mailbox: Mapped[str | None]
    from_email: Mapped[str | None]
    reply_key: Mapped[bytes]
    content_key: Mapped[bytes]
    is_auto_reply: Mapped[bool] = mapped_column(server_default=false())
    sentiment: Mapped[str | None]
    sentiment_source: Mapped[str | None]
    sentiment_reason: Mapped[str | None]
    suppression_dismissed_at: Mapped[datetime | None]  # a person undid it: this message never suppresses again
    draft_id: Mapped[UUID | None]  # outbound: sent from it
    # Outbound, found at the provider without a row of ours: a person's or one of our own that a restore has forgotten.
    author_is_unknown: Mapped[bool] = mapped_column(server_default=false())
    occurred_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    effective_at: Mapped[datetime]


class WebhookEvent(Base):
    """An authenticated delivery as it came, byte for byte: what a bug or an outage can be repaired from."""

    __tablename__ = "webhook_event"
    __table_args__ = (
        of_same_client("message_id", "message"),
        UniqueConstraint("client_id", "delivery_key"),
        one_of("outcome", EventOutcome),
        Index(None, "client_id", "received_at"),
        Index("ix_webhook_event_received_at", "received_at"),
        Index("ix_webhook_event_message_id", "message_id", postgresql_where=text("message_id IS NOT NULL")),
        Index(
            "ix_webhook_event_unknown_workspace",
            "received_at",
            postgresql_where=text("detail = 'unknown_workspace'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    # As the delivery claims it. No reference: what was acknowledged is kept also when its workspace is not there (any
    # more), as after a restore, and can be replayed once it is.
    client_id: Mapped[UUID]
    delivery_key: Mapped[bytes]
    event_type: Mapped[str | None]
    raw_body: Mapped[bytes]
    payload: Mapped[dict[str, Any] | None]
    outcome: Mapped[str]
    detail: Mapped[str | None]
    message_id: Mapped[UUID | None]
    deliveries: Mapped[int] = mapped_column(server_default="1")
    received_at: Mapped[datetime]


class BackgroundJob(Base):
    """The outbox and the job in one row: SQS only carries its id. ``attempts`` is reported, never a gate."""

    __tablename__ = "background_job"
    __table_args__ = (
        referable(),
        of_same_client("lead_id", "lead"),
        of_same_client("message_id", "message"),
        of_same_client("draft_id", "draft"),
        UniqueConstraint("dedupe_key"),
        one_of("type", JobType),
        one_of("status", JobStatus),
        # What is next for one client, of the two kinds that share its places.
        Index(
            "ix_background_job_replies_publishable",
            "client_id",
            "run_at",
            postgresql_where=text("enqueued_at IS NULL AND status = 'PENDING' AND type <> 'LEAD_SCORING_POST_PROCESS'"),
        ),
        Index(
            "ix_background_job_scoring_publishable",
            "client_id",
            "run_at",
            postgresql_where=text("enqueued_at IS NULL AND status = 'PENDING' AND type = 'LEAD_SCORING_POST_PROCESS'"),
        ),
        # The fairness count: published and unfinished, per client.
        Index(
            "ix_background_job_client_in_flight",
            "client_id",
            postgresql_where=text("enqueued_at IS NOT NULL AND status IN ('PENDING', 'RUNNING')"),
        ),
        Index("ix_background_job_running", "lease_expires_at", postgresql_where=text("status = 'RUNNING'")),
        Index("ix_background_job_failed", "client_id", "finished_at", postgresql_where=text("status = 'FAILED'")),
        Index("ix_background_job_message_id", "message_id", postgresql_where=text("message_id IS NOT NULL")),
        Index(None, "lead_id"),
        Index(None, "client_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID]
    lead_id: Mapped[UUID]
    message_id: Mapped[UUID | None]
    draft_id: Mapped[UUID | None]
    type: Mapped[str]
    dedupe_key: Mapped[str]
    generation: Mapped[int] = mapped_column(server_default="0")
    status: Mapped[str] = mapped_column(server_default=JobStatus.PENDING.value)
    attempts: Mapped[int] = mapped_column(server_default="0")
    run_at: Mapped[datetime]
    enqueued_at: Mapped[datetime | None]
    lease_owner: Mapped[str | None]
    lease_expires_at: Mapped[datetime | None]
    failed_sqs_message_id: Mapped[str | None]
    last_error: Mapped[str | None]
    result: Mapped[str | None]  # how it ended, for a person: the reason of a Skip, the sum of what was done
    trace_id: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class JobStep(Base):
    """A finished step of a job: the checkpoint that a retry resumes from."""

    __tablename__ = "job_step"
    __table_args__ = (
        PrimaryKeyConstraint("job_id", "name"),
        of_same_client("job_id", "background_job", ondelete="CASCADE"),
        Index("ix_job_step_finished_at", "finished_at"),
    )

    job_id: Mapped[UUID]
    name: Mapped[str]
    client_id: Mapped[UUID]
    result: Mapped[dict[str, Any]]
    finished_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Draft(Base):
    """An answer to one message, with the record of who or what decided its fate."""

    __tablename__ = "draft"
    __table_args__ = (
        referable(),
        of_same_client("lead_id", "lead"),
        of_same_client("trigger_message_id", "message"),
        UniqueConstraint("trigger_message_id", "channel"),
        one_of("channel", Channel),
        one_of("status", DraftStatus),
        one_of("action", DecisionAction),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
        Index("ix_draft_lead_id", "lead_id", "status"),
        Index("ix_draft_client_id_status", "client_id", "status", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID]
    lead_id: Mapped[UUID]
    trigger_message_id: Mapped[UUID]
    channel: Mapped[str] = mapped_column(server_default=Channel.EMAIL.value)
    subject: Mapped[str] = mapped_column(server_default="")
    body: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=DraftStatus.PENDING.value)
    model_body: Mapped[str | None]  # what the model wrote, once a person has edited the body
    # The decision record.
    action: Mapped[str | None]
    rule: Mapped[str | None]  # the gate's rule, or "evaluation"
    confidence: Mapped[float | None]
    threshold: Mapped[float | None]
    reason: Mapped[str | None]
    model: Mapped[str | None]
    decided_by: Mapped[str | None]  # "gate", "evaluation", or a person's name
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class OutboundSend(Base):
    """The send protocol's ledger: the intent is committed before the provider is called."""

    __tablename__ = "outbound_send"
    __table_args__ = (
        of_same_client("lead_id", "lead"),
        of_same_client("draft_id", "draft"),
        of_same_client("job_id", "background_job"),
        UniqueConstraint("draft_id"),
        one_of("status", OutboundSendStatus),
        Index(
            "ix_outbound_send_unsettled",
            "intended_at",
            postgresql_where=text("status IN ('INTENDED', 'UNCERTAIN')"),
        ),
        Index("ix_outbound_send_client_id_intended_at", "client_id", "intended_at"),  # the daily cap
        Index("ix_outbound_send_lead_id", "lead_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID]
    lead_id: Mapped[UUID]
    draft_id: Mapped[UUID]
    job_id: Mapped[UUID | None]  # whose lease covers INTENDED
    automated: Mapped[bool]  # no person approved it: counts towards the caps
    status: Mapped[str] = mapped_column(server_default=OutboundSendStatus.INTENDED.value)
    attempts: Mapped[int] = mapped_column(server_default="0")
    intended_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    provider_message_id: Mapped[str | None]
    thread_id: Mapped[str | None]
    mailbox: Mapped[str | None]
    error: Mapped[str | None]
    checked_at: Mapped[datetime | None]  # when maintenance last looked for it in the thread
    settled_by: Mapped[str | None]  # "response", "email_sent", "thread", or a person's name


class Pause(Base):
    """What is stopped, for one client or for everything, until somebody lifts it. Read in each send's claim."""

    __tablename__ = "pause"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("what", Pausable),
        one_of("reason", PauseReason),
        one_of("paused_by_kind", (ActorKind.PERSON, ActorKind.SYSTEM)),
        one_of("lifted_by_kind", (ActorKind.PERSON, ActorKind.SYSTEM)),
        CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lifted_by_kind IS NULL)",
            name="lifted",
        ),
        # One of each is active; it is also how the claim finds them.
        Index(
            "uq_pause_active",
            "client_id",
            "provider_account_id",
            "channel",
            "what",
            "reason",
            unique=True,
            postgresql_where=text("lifted_at IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID | None] = mapped_column(ForeignKey("client.id"))  # NULL: every client
    # Narrower scopes, for more than one account or channel; until code knows them, such a row stops its whole client.
    provider_account_id: Mapped[UUID | None]
    channel: Mapped[str | None]
    what: Mapped[str]
    reason: Mapped[str]
    note: Mapped[str] = mapped_column(server_default="")  # a person's own words
    paused_by_kind: Mapped[str]
    paused_by: Mapped[str]
    paused_at: Mapped[datetime] = mapped_column(server_default=func.now())
    lifted_by_kind: Mapped[str | None]
    lifted_by: Mapped[str | None]
    lifted_at: Mapped[datetime | None]


class RestoreMark(Base):
    """One client's part of a restored database: what happened after ``restored_to`` is missing until reconciled.

    Mail from before ``marked_at`` may have been answered without a row of ours, for ever: a send looks into the thread.
    """

    __tablename__ = "restore_mark"
    __table_args__ = (
        UniqueConstraint("client_id", "restored_to"),
        one_of("marked_by_kind", (ActorKind.PERSON, ActorKind.SYSTEM)),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID] = client_reference()
    restored_to: Mapped[datetime]
    marked_by_kind: Mapped[str]
    marked_by: Mapped[str]
    marked_at: Mapped[datetime]
    deliveries_until: Mapped[datetime | None]  # how far Instantly's log of deliveries, good ones too, was read again
    sent_until: Mapped[datetime | None]  # the same of the mail that was sent for us
    reconciled_at: Mapped[datetime | None]


class FollowUpInstance(Base):
    """A lead's place in a sequence that another system owns and sends; we pause, resume and cancel it."""

    __tablename__ = "follow_up_instance"
    __table_args__ = (
        of_same_client("lead_id", "lead"),
        of_same_client("paused_by_message_id", "message"),
        one_of("status", FollowUpStatus),
        one_of("paused_reason", PausedReason),
        Index("ix_follow_up_instance_open", "lead_id", postgresql_where=text("status IN ('ACTIVE', 'PAUSED')")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID]
    lead_id: Mapped[UUID]
    sequence_name: Mapped[str] = mapped_column(server_default="")
    status: Mapped[str] = mapped_column(server_default=FollowUpStatus.ACTIVE.value)
    paused_reason: Mapped[str | None]
    paused_by_message_id: Mapped[UUID | None]
    next_step_due: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AiInteraction(Base):
    """One row per model call, whether it succeeded or not: tokens, cost and latency."""

    __tablename__ = "ai_interaction"
    __table_args__ = (
        of_same_client("lead_id", "lead"),
        of_same_client("message_id", "message"),
        of_same_client("job_id", "background_job"),
        one_of("status", InteractionStatus),
        Index("ix_ai_interaction_job_id", "job_id"),
        Index("ix_ai_interaction_client_id_created_at", "client_id", "created_at"),
        Index("ix_ai_interaction_created_at", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID] = client_reference()
    lead_id: Mapped[UUID | None]
    message_id: Mapped[UUID | None]
    job_id: Mapped[UUID | None]
    feature: Mapped[str]  # sentiment, draft, reply_evaluation, lead_score
    prompt_version: Mapped[str]
    model: Mapped[str]
    input_tokens: Mapped[int] = mapped_column(BigInteger, server_default="0")
    output_tokens: Mapped[int] = mapped_column(BigInteger, server_default="0")
    reasoning_tokens: Mapped[int] = mapped_column(BigInteger, server_default="0")
    cost_usd: Mapped[Decimal | None] = mapped_column(Numeric(12, 6))  # NULL: the model has no known price
    latency_ms: Mapped[int]
    status: Mapped[str]
    error: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


__all__ = [
    "AiInteraction",
    "BackgroundJob",
    "Base",
    "Campaign",
    "Client",
    "ClientSettings",
    "Draft",
    "FollowUpInstance",
    "JobStep",
    "KnowledgeAsset",
    "Lead",
    "Message",
    "OutboundSend",
    "Pause",
    "RestoreMark",
    "WebhookEvent",
]
