"""any provider and channel: accounts, identities, revisions, holds, promises, and what is known of each table

The schema has no other description than the migrations: what a table and a column mean is said by COMMENT ON, from here
on in the migration that makes it. ``docs/data-model.md`` is rendered from them.

Providers and types of jobs have no CHECK any more: the code's registry knows them, and a new one needs no migration.

Revision ID: 0008
Revises: 0007
"""

# migration-rule: constraint-checked-at-once: no stage was deployed before this revision
# migration-rule: drop-column: no stage was deployed before this revision
# migration-rule: index-on-a-live-table: no stage was deployed before this revision

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # All at once and in the order in which the pipeline takes rows, as in 0006.
    _run(
        "LOCK TABLE client, campaign, lead, message, draft, background_job, outbound_send, webhook_event,"
        " follow_up_instance, pause IN ACCESS EXCLUSIVE MODE"
    )
    for part in (_ACCOUNTS, _IDENTITIES, _LEADS, _MESSAGES, _EVENTS, _DRAFTS, _JOBS_AND_SENDS, _PROMISES, _ERASED):
        _run(part)
    _widen_values()
    for part in (_FILL_ACCOUNTS, _FILL_IDENTITIES, _FILL_DRAFTS, _FILL_JOBS_AND_SENDS):
        _run(part)
    _run(_DROPPED)
    for target, comment in _COMMENTS.items():
        kind = "COLUMN" if "." in target else "TABLE"
        quoted = comment.replace("'", "''")
        op.execute(f"COMMENT ON {kind} {target} IS '{quoted}'")


def _run(statements: str) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            op.execute(statement.strip().removesuffix(";"))


# --- What is new -----------------------------------------------------------------------------------------------------

# A unique key over client and external id lets a customer leave and come back under another workspace of ours. Where a
# delivery names nothing but the account, two open ones of two clients could not be told apart.
_ACCOUNTS = """
CREATE TABLE provider_account (
    id uuid CONSTRAINT pk_provider_account PRIMARY KEY DEFAULT gen_random_uuid(),
    client_id uuid NOT NULL CONSTRAINT fk_provider_account_client_id REFERENCES client (id),
    provider text NOT NULL,
    external_id text,
    credential_ref text,
    settings jsonb NOT NULL DEFAULT '{}',
    cursor jsonb NOT NULL DEFAULT '{}',
    finds_client boolean NOT NULL DEFAULT false,
    hook_token text,
    recovery_attempted_at timestamptz,
    consent_gap_at timestamptz,
    consent_read_at timestamptz,
    consent_cursor jsonb,
    broken_since timestamptz,
    broken_reason text,
    disabled_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_provider_account_id_client_id UNIQUE (id, client_id),
    CONSTRAINT uq_provider_account_client_id_provider_external_id UNIQUE NULLS NOT DISTINCT
        (client_id, provider, external_id),
    CONSTRAINT ck_provider_account_broken CHECK ((broken_since IS NULL) = (broken_reason IS NULL))
);
CREATE UNIQUE INDEX uq_provider_account_finds_client ON provider_account (provider, external_id)
    WHERE finds_client AND disabled_at IS NULL;
ALTER TABLE campaign ADD COLUMN provider_account_id uuid;
ALTER TABLE campaign ADD CONSTRAINT fk_campaign_provider_account_id
    FOREIGN KEY (provider_account_id, client_id) REFERENCES provider_account (id, client_id);
ALTER TABLE campaign DROP CONSTRAINT ck_campaign_provider;
ALTER TABLE pause ADD CONSTRAINT fk_pause_provider_account_id
    FOREIGN KEY (provider_account_id, client_id) REFERENCES provider_account (id, client_id);
"""

_IDENTITIES = """
CREATE TABLE lead_identity (
    id uuid CONSTRAINT pk_lead_identity PRIMARY KEY DEFAULT gen_random_uuid(),
    client_id uuid NOT NULL,
    lead_id uuid NOT NULL,
    kind text NOT NULL,
    value text NOT NULL,
    source text NOT NULL DEFAULT 'HOOK',
    blocked_at timestamptz,
    blocked_reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT fk_lead_identity_lead_id FOREIGN KEY (lead_id, client_id) REFERENCES lead (id, client_id),
    CONSTRAINT ck_lead_identity_kind CHECK (kind IN
        ('GHL_CONTACT', 'SMARTLEAD_LEAD', 'LINKEDIN_MEMBER', 'EMAIL', 'PHONE', 'LINKEDIN_SLUG')),
    CONSTRAINT ck_lead_identity_email_lower_case CHECK (kind <> 'EMAIL' OR value = lower(value)),
    CONSTRAINT ck_lead_identity_blocked CHECK ((blocked_at IS NULL) = (blocked_reason IS NULL))
);
CREATE UNIQUE INDEX uq_lead_identity_key ON lead_identity (client_id, kind, value) WHERE kind <> 'PHONE';
CREATE UNIQUE INDEX uq_lead_identity_number ON lead_identity (client_id, value, lead_id) WHERE kind = 'PHONE';
CREATE INDEX ix_lead_identity_lead_id ON lead_identity (lead_id);
CREATE TABLE lead_merge (
    id uuid CONSTRAINT pk_lead_merge PRIMARY KEY DEFAULT gen_random_uuid(),
    client_id uuid NOT NULL,
    winner_id uuid NOT NULL,
    loser_id uuid NOT NULL,
    moved_identities uuid[] NOT NULL DEFAULT '{}',
    moved_leads uuid[] NOT NULL DEFAULT '{}',
    actor_kind text NOT NULL,
    actor text,
    merged_at timestamptz NOT NULL DEFAULT now(),
    undone_at timestamptz,
    undone_by_kind text,
    undone_by text,
    CONSTRAINT fk_lead_merge_winner_id FOREIGN KEY (winner_id, client_id) REFERENCES lead (id, client_id),
    CONSTRAINT fk_lead_merge_loser_id FOREIGN KEY (loser_id, client_id) REFERENCES lead (id, client_id),
    CONSTRAINT ck_lead_merge_two_leads CHECK (winner_id <> loser_id),
    CONSTRAINT ck_lead_merge_undone CHECK ((undone_at IS NULL) = (undone_by_kind IS NULL))
);
CREATE UNIQUE INDEX uq_lead_merge_live ON lead_merge (loser_id) WHERE undone_at IS NULL;
CREATE INDEX ix_lead_merge_winner_id ON lead_merge (winner_id);
CREATE TABLE merge_suggestion (
    id uuid CONSTRAINT pk_merge_suggestion PRIMARY KEY DEFAULT gen_random_uuid(),
    client_id uuid NOT NULL,
    lead_id uuid NOT NULL,
    other_lead_id uuid NOT NULL,
    kind text NOT NULL,
    decision text,
    decided_by_kind text,
    decided_by text,
    decided_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT fk_merge_suggestion_lead_id FOREIGN KEY (lead_id, client_id) REFERENCES lead (id, client_id),
    CONSTRAINT fk_merge_suggestion_other_lead_id FOREIGN KEY (other_lead_id, client_id) REFERENCES lead (id, client_id),
    CONSTRAINT uq_merge_suggestion_lead_id_other_lead_id UNIQUE (lead_id, other_lead_id),
    CONSTRAINT ck_merge_suggestion_in_order CHECK (lead_id < other_lead_id),
    CONSTRAINT ck_merge_suggestion_decision CHECK (decision IN ('MERGED', 'DISMISSED')),
    CONSTRAINT ck_merge_suggestion_decided CHECK
        ((decided_at IS NULL) = (decision IS NULL) AND (decided_at IS NULL) = (decided_by_kind IS NULL))
);
CREATE INDEX ix_merge_suggestion_open ON merge_suggestion (client_id, created_at) WHERE decided_at IS NULL;
CREATE INDEX ix_merge_suggestion_other_lead_id ON merge_suggestion (other_lead_id);
"""

_LEADS = """
ALTER TABLE lead ALTER COLUMN email DROP NOT NULL;
ALTER TABLE lead ADD COLUMN merged_into_id uuid;
ALTER TABLE lead ADD COLUMN erased_at timestamptz;
ALTER TABLE lead ADD COLUMN held_at timestamptz;
ALTER TABLE lead ADD COLUMN held_by_message_id uuid;
ALTER TABLE lead ADD COLUMN held_rule text;
ALTER TABLE lead ADD COLUMN hold_evidence jsonb;
ALTER TABLE lead ADD COLUMN taken_over_by text;
ALTER TABLE lead ADD COLUMN taken_over_at timestamptz;
ALTER TABLE lead ADD COLUMN snoozed_until timestamptz;
ALTER TABLE lead ADD COLUMN our_blocks uuid[] NOT NULL DEFAULT '{}';
ALTER TABLE lead ADD CONSTRAINT fk_lead_merged_into_id
    FOREIGN KEY (merged_into_id, client_id) REFERENCES lead (id, client_id);
ALTER TABLE lead ADD CONSTRAINT fk_lead_held_by_message_id
    FOREIGN KEY (held_by_message_id, client_id) REFERENCES message (id, client_id);
ALTER TABLE lead ADD CONSTRAINT ck_lead_merged_into_another CHECK (merged_into_id <> id);
ALTER TABLE lead ADD CONSTRAINT ck_lead_held CHECK ((held_at IS NULL) = (held_rule IS NULL));
ALTER TABLE lead ADD CONSTRAINT ck_lead_taken_over CHECK ((taken_over_at IS NULL) = (taken_over_by IS NULL));
CREATE INDEX ix_lead_merged_into_id ON lead (merged_into_id) WHERE merged_into_id IS NOT NULL;
CREATE INDEX ix_lead_held ON lead (client_id, held_at) WHERE held_at IS NOT NULL;
"""

_MESSAGES = """
ALTER TABLE message ADD COLUMN channel text NOT NULL DEFAULT 'EMAIL';
ALTER TABLE message ADD COLUMN provider_account_id uuid;
ALTER TABLE message ADD COLUMN reply_handle jsonb;
ALTER TABLE message ADD COLUMN sender_address text;
ALTER TABLE message ADD COLUMN our_address text;
ALTER TABLE message ADD COLUMN delivery_status text;
ALTER TABLE message ADD COLUMN signature_text text;
ALTER TABLE message ADD CONSTRAINT fk_message_provider_account_id
    FOREIGN KEY (provider_account_id, client_id) REFERENCES provider_account (id, client_id);
ALTER TABLE message ADD CONSTRAINT ck_message_delivery_status
    CHECK (delivery_status IN ('QUEUED', 'DELIVERED', 'FAILED'));
CREATE UNIQUE INDEX uq_message_provider_account_id_thread_id_provider_message_id
    ON message (provider_account_id, (coalesce(thread_id, '')), provider_message_id)
    WHERE provider_message_id IS NOT NULL;
"""

# A delivery of an account that belongs to nobody yet is kept without a client, and once: so NULL counts as a value.
_EVENTS = """
ALTER TABLE webhook_event ALTER COLUMN client_id DROP NOT NULL;
ALTER TABLE webhook_event ADD COLUMN provider text NOT NULL DEFAULT 'INSTANTLY';
ALTER TABLE webhook_event ADD COLUMN source text NOT NULL DEFAULT 'HOOK';
ALTER TABLE webhook_event ADD COLUMN external_account text;
ALTER TABLE webhook_event ADD COLUMN provider_account_id uuid;
ALTER TABLE webhook_event ADD COLUMN lead_id uuid;
ALTER TABLE webhook_event ADD COLUMN person_hash bytea;
ALTER TABLE webhook_event ADD CONSTRAINT fk_webhook_event_provider_account_id
    FOREIGN KEY (provider_account_id, client_id) REFERENCES provider_account (id, client_id);
ALTER TABLE webhook_event ADD CONSTRAINT fk_webhook_event_lead_id
    FOREIGN KEY (lead_id, client_id) REFERENCES lead (id, client_id);
ALTER TABLE webhook_event ADD CONSTRAINT ck_webhook_event_source CHECK (source IN ('HOOK', 'API'));
ALTER TABLE webhook_event DROP CONSTRAINT uq_webhook_event_client_id_delivery_key;
ALTER TABLE webhook_event ADD CONSTRAINT uq_webhook_event_client_id_delivery_key
    UNIQUE NULLS NOT DISTINCT (client_id, delivery_key);
CREATE INDEX ix_webhook_event_lead_id ON webhook_event (lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX ix_webhook_event_person_hash ON webhook_event (client_id, person_hash) WHERE person_hash IS NOT NULL;
CREATE INDEX ix_webhook_event_no_client ON webhook_event (provider, external_account) WHERE client_id IS NULL;
"""

_DRAFTS = """
ALTER TABLE draft ADD COLUMN purpose text NOT NULL DEFAULT 'REPLY';
ALTER TABLE draft ADD COLUMN answers_up_to_message_id uuid;
ALTER TABLE draft ADD COLUMN revision integer NOT NULL DEFAULT 1;
ALTER TABLE draft ADD COLUMN approved_revision integer;
ALTER TABLE draft ADD COLUMN finding text;
ALTER TABLE draft ADD COLUMN decided_by_kind text;
ALTER TABLE draft ADD COLUMN superseded_by_message_id uuid;
ALTER TABLE draft ADD COLUMN snoozed_until timestamptz;
ALTER TABLE draft ADD CONSTRAINT fk_draft_answers_up_to_message_id
    FOREIGN KEY (answers_up_to_message_id, client_id) REFERENCES message (id, client_id);
ALTER TABLE draft ADD CONSTRAINT fk_draft_superseded_by_message_id
    FOREIGN KEY (superseded_by_message_id, client_id) REFERENCES message (id, client_id);
ALTER TABLE draft ADD CONSTRAINT ck_draft_purpose CHECK (purpose IN ('REPLY', 'FOLLOW_UP', 'MANUAL'));
ALTER TABLE draft ADD CONSTRAINT ck_draft_revision CHECK (revision >= 1 AND approved_revision BETWEEN 1 AND revision);
CREATE TABLE draft_revision (
    draft_id uuid NOT NULL,
    number integer NOT NULL,
    client_id uuid NOT NULL,
    subject text NOT NULL DEFAULT '',
    body text NOT NULL,
    author_kind text NOT NULL,
    author text,
    prompt_version text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_draft_revision PRIMARY KEY (draft_id, number),
    CONSTRAINT fk_draft_revision_draft_id
        FOREIGN KEY (draft_id, client_id) REFERENCES draft (id, client_id) ON DELETE CASCADE,
    CONSTRAINT ck_draft_revision_number CHECK (number >= 1)
);
CREATE TABLE draft_decision (
    id uuid CONSTRAINT pk_draft_decision PRIMARY KEY DEFAULT gen_random_uuid(),
    client_id uuid NOT NULL,
    draft_id uuid NOT NULL,
    revision integer NOT NULL,
    status text NOT NULL,
    action text,
    rule text,
    finding text,
    confidence double precision,
    threshold double precision,
    model text,
    actor_kind text NOT NULL,
    actor text,
    decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT fk_draft_decision_draft_id
        FOREIGN KEY (draft_id, client_id) REFERENCES draft (id, client_id) ON DELETE CASCADE
);
CREATE INDEX ix_draft_decision_draft_id ON draft_decision (draft_id, decided_at);
"""

_JOBS_AND_SENDS = """
ALTER TABLE background_job DROP CONSTRAINT ck_background_job_type;
ALTER TABLE background_job ADD COLUMN waiting_for text;
ALTER TABLE background_job ADD COLUMN provider_account_id uuid;
ALTER TABLE background_job ADD CONSTRAINT fk_background_job_provider_account_id
    FOREIGN KEY (provider_account_id, client_id) REFERENCES provider_account (id, client_id);
ALTER TABLE outbound_send ADD COLUMN provider_account_id uuid;
ALTER TABLE outbound_send ADD COLUMN error_code text;
ALTER TABLE outbound_send ADD COLUMN settled_by_kind text;
ALTER TABLE outbound_send ADD CONSTRAINT fk_outbound_send_provider_account_id
    FOREIGN KEY (provider_account_id, client_id) REFERENCES provider_account (id, client_id);
CREATE INDEX ix_outbound_send_provider_message_id ON outbound_send (client_id, provider_message_id)
    WHERE provider_message_id IS NOT NULL;
"""

_PROMISES = """
CREATE TABLE commitment (
    id uuid CONSTRAINT pk_commitment PRIMARY KEY DEFAULT gen_random_uuid(),
    client_id uuid NOT NULL,
    lead_id uuid NOT NULL,
    draft_id uuid NOT NULL,
    revision integer NOT NULL,
    ordinal integer NOT NULL,
    kind text NOT NULL,
    words text NOT NULL,
    due_at timestamptz,
    status text NOT NULL DEFAULT 'PROMISED',
    settled_rule text,
    settled_by_kind text,
    settled_by text,
    settled_by_message_id uuid,
    settled_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT fk_commitment_lead_id FOREIGN KEY (lead_id, client_id) REFERENCES lead (id, client_id),
    CONSTRAINT fk_commitment_draft_id FOREIGN KEY (draft_id, client_id) REFERENCES draft (id, client_id),
    CONSTRAINT fk_commitment_settled_by_message_id
        FOREIGN KEY (settled_by_message_id, client_id) REFERENCES message (id, client_id),
    CONSTRAINT uq_commitment_draft_id_revision_ordinal UNIQUE (draft_id, revision, ordinal),
    CONSTRAINT uq_commitment_id_client_id UNIQUE (id, client_id),
    CONSTRAINT ck_commitment_kind CHECK
        (kind IN ('INVITE', 'CALL', 'FIND_OUT', 'CONTACT_PERSON', 'WRITE_LATER', 'OTHER')),
    CONSTRAINT ck_commitment_status CHECK (status IN ('PROMISED', 'OPEN', 'KEPT', 'DROPPED')),
    CONSTRAINT ck_commitment_settled CHECK ((settled_at IS NOT NULL) = (status IN ('KEPT', 'DROPPED')))
);
CREATE INDEX ix_commitment_open ON commitment (client_id, due_at) WHERE status IN ('PROMISED', 'OPEN');
CREATE INDEX ix_commitment_lead_id ON commitment (lead_id);
CREATE TABLE notification (
    id uuid CONSTRAINT pk_notification PRIMARY KEY DEFAULT gen_random_uuid(),
    client_id uuid NOT NULL CONSTRAINT fk_notification_client_id REFERENCES client (id),
    kind text NOT NULL,
    dedupe_key text NOT NULL,
    lead_id uuid,
    message_id uuid,
    draft_id uuid,
    commitment_id uuid,
    facts jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    last_error text,
    CONSTRAINT fk_notification_lead_id FOREIGN KEY (lead_id, client_id) REFERENCES lead (id, client_id),
    CONSTRAINT fk_notification_message_id FOREIGN KEY (message_id, client_id) REFERENCES message (id, client_id),
    CONSTRAINT fk_notification_draft_id FOREIGN KEY (draft_id, client_id) REFERENCES draft (id, client_id),
    CONSTRAINT fk_notification_commitment_id
        FOREIGN KEY (commitment_id, client_id) REFERENCES commitment (id, client_id),
    CONSTRAINT uq_notification_client_id_dedupe_key UNIQUE (client_id, dedupe_key)
);
CREATE INDEX ix_notification_unsent ON notification (client_id, next_attempt_at) WHERE sent_at IS NULL;
CREATE INDEX ix_notification_created_at ON notification (created_at);
"""

_ERASED = """
CREATE TABLE sent_copy (
    client_id uuid NOT NULL CONSTRAINT fk_sent_copy_client_id REFERENCES client (id),
    address_hash bytea NOT NULL,
    provider text NOT NULL,
    provider_campaign_id text,
    campaign_step integer,
    subject text NOT NULL DEFAULT '',
    text text NOT NULL,
    sent_at timestamptz NOT NULL,
    CONSTRAINT pk_sent_copy PRIMARY KEY (client_id, address_hash, provider),
    CONSTRAINT ck_sent_copy_text CHECK (octet_length(text) <= 2048)
);
CREATE INDEX ix_sent_copy_sent_at ON sent_copy (sent_at);
CREATE TABLE tombstone (
    client_id uuid NOT NULL CONSTRAINT fk_tombstone_client_id REFERENCES client (id),
    address_hash bytea NOT NULL,
    kind text NOT NULL,
    erased_at timestamptz NOT NULL,
    CONSTRAINT pk_tombstone PRIMARY KEY (client_id, address_hash)
);
"""

# What each column may hold, where that grew. The rest of the list is what it was before.
_CHANNELS = ("EMAIL", "SMS", "LINKEDIN")
_TAGS = (
    "Blacklist",
    "Automated Reply",
    "Out of Office",
    "Meeting Booked",
    "Meeting Requested",
    "Call Requested",
    "Information Requested",
    "Not Interested",
    "Wrong Person",
    "Objection",
    "Follow Up",
    "Interested",
    "Neutral",
)
_VALUES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("message", "channel", _CHANNELS),
    ("draft", "channel", _CHANNELS),
    ("pause", "channel", _CHANNELS),
    ("message", "sentiment", _TAGS),
    ("lead", "sentiment", _TAGS),
    ("lead", "suppression_reason", ("UNSUBSCRIBED", "BOUNCED", "OPT_OUT", "MODEL", "PERSON", "ERASED")),
    (
        "draft",
        "status",
        (
            "PENDING",
            "NEEDS_REVIEW",
            "APPROVED",
            "SENDING",
            "SENT",
            "REJECTED",
            "SUPERSEDED",
            "SEND_UNCERTAIN",
            "SEND_FAILED",
        ),
    ),
    ("outbound_send", "status", ("INTENDED", "QUEUED", "SENT", "REFUSED", "UNCERTAIN", "FAILED")),
    (
        "follow_up_instance",
        "paused_reason",
        ("LEAD_REPLIED", "OUT_OF_OFFICE", "HELD", "TAKEN_OVER", "MEETING_BOOKED"),
    ),
)


def _widen_values() -> None:
    for table, column, values in _VALUES:
        listed = ", ".join(f"'{value}'" for value in values)
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS ck_{table}_{column}")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{column} CHECK ({column} IN ({listed}))")


# --- What today's rows say of it -------------------------------------------------------------------------------------

_FILL_ACCOUNTS = """
INSERT INTO provider_account
    (client_id, provider, external_id, cursor, hook_token, recovery_attempted_at, consent_gap_at, consent_read_at,
     consent_cursor, created_at)
SELECT id, 'INSTANTLY', instantly_workspace_id,
       jsonb_strip_nulls(jsonb_build_object('HOOK', hook_checked_at, 'API', emails_recovered_until)),
       hook_token, recovery_attempted_at, consent_gap_at, consent_read_at, consent_cursor, created_at
FROM client;
UPDATE campaign SET provider_account_id = account.id
FROM provider_account AS account WHERE account.client_id = campaign.client_id;
UPDATE message
SET provider_account_id = account.id, our_address = mailbox,
    reply_handle = CASE WHEN direction = 'INBOUND' AND provider_message_id IS NOT NULL
                        THEN jsonb_strip_nulls(jsonb_build_object('email_id', provider_message_id, 'mailbox', mailbox))
                   END,
    sender_address = CASE WHEN direction = 'INBOUND' THEN from_email ELSE mailbox END
FROM provider_account AS account WHERE account.client_id = message.client_id;
UPDATE webhook_event
SET provider_account_id = (SELECT id FROM provider_account AS account WHERE account.client_id = webhook_event.client_id),
    lead_id = (SELECT lead_id FROM message WHERE message.id = webhook_event.message_id);
UPDATE outbound_send SET provider_account_id = account.id
FROM provider_account AS account WHERE account.client_id = outbound_send.client_id;
UPDATE background_job SET provider_account_id = account.id
FROM provider_account AS account
WHERE account.client_id = background_job.client_id AND type = 'INSTANTLY_SUPPRESS_LEAD';
UPDATE lead SET our_blocks = ARRAY[account.id]
FROM provider_account AS account WHERE account.client_id = lead.client_id AND block_listed_at IS NOT NULL;
"""

_FILL_IDENTITIES = """
INSERT INTO lead_identity (client_id, lead_id, kind, value, created_at)
SELECT client_id, id, 'EMAIL', email, created_at FROM lead;
"""

_FILL_DRAFTS = """
UPDATE draft
SET answers_up_to_message_id = trigger_message_id, revision = CASE WHEN model_body IS NULL THEN 1 ELSE 2 END,
    decided_by_kind = CASE decided_by WHEN 'gate' THEN 'GATE' WHEN 'evaluation' THEN 'EVALUATION'
                                      ELSE CASE WHEN decided_by IS NOT NULL THEN 'PERSON' END END;
UPDATE draft SET approved_revision = revision
WHERE status = 'APPROVED' OR (status IN ('SENDING', 'SENT', 'SEND_UNCERTAIN') AND decided_by_kind = 'PERSON');
INSERT INTO draft_revision (draft_id, number, client_id, subject, body, author_kind, author, created_at)
SELECT id, 1, client_id, subject, coalesce(model_body, body), 'MODEL', model, created_at FROM draft;
INSERT INTO draft_revision (draft_id, number, client_id, subject, body, author_kind, created_at)
SELECT id, 2, client_id, subject, body, 'PERSON', updated_at FROM draft WHERE model_body IS NOT NULL;
"""

_FILL_JOBS_AND_SENDS = """
UPDATE background_job SET waiting_for = CASE last_error
        WHEN 'the workspace is disabled' THEN 'WORKSPACE_DISABLED' WHEN 'automatic sends are paused' THEN 'AUTOMATIC_SENDS'
        WHEN 'all sends are paused' THEN 'ALL_SENDS' WHEN 'processing is paused' THEN 'PROCESSING' END
WHERE status = 'PENDING' AND enqueued_at IS NULL;
UPDATE background_job
SET type = 'SEND_REPLY', dedupe_key = replace(dedupe_key, 'INSTANTLY_SEND_REPLY', 'SEND_REPLY')
WHERE type = 'INSTANTLY_SEND_REPLY';
UPDATE background_job
SET type = 'SYNC_PERSON',
    dedupe_key = replace(dedupe_key, 'INSTANTLY_SUPPRESS_LEAD', concat_ws(':', provider_account_id, 'SYNC_PERSON'))
WHERE type = 'INSTANTLY_SUPPRESS_LEAD';
UPDATE outbound_send SET settled_by_kind = CASE settled_by
        WHEN 'response' THEN 'RESPONSE' WHEN 'email_sent' THEN 'EVENT' WHEN 'thread' THEN 'THREAD' ELSE 'PERSON' END
WHERE settled_by IS NOT NULL;
"""


# What the account has now, and nothing else reads.
_DROPPED = """
ALTER TABLE lead DROP COLUMN block_listed_at;
ALTER TABLE client DROP COLUMN instantly_workspace_id;
ALTER TABLE client DROP COLUMN hook_token;
ALTER TABLE client DROP COLUMN hook_checked_at;
ALTER TABLE client DROP COLUMN emails_recovered_until;
ALTER TABLE client DROP COLUMN recovery_attempted_at;
ALTER TABLE client DROP COLUMN consent_gap_at;
ALTER TABLE client DROP COLUMN consent_read_at;
ALTER TABLE client DROP COLUMN consent_cursor;
"""

# --- What it means ---------------------------------------------------------------------------------------------------

_COMMENTS = {
    "client": "A workspace: one customer of ours, with accounts at one or more providers.",
    "client.webhook_token_version": "The version in the only webhook token that is valid; rotating adds one.",
    "client.webhook_token_rotated_at": "Until when the version before this one was valid.",
    "client.disabled_at": "Since when its webhook takes nothing and its jobs wait.",
    "provider_account": "An account at a provider that a client has connected.",
    "provider_account.provider": "A name of the code's registry.",
    "provider_account.external_id": "The account as the provider names it; NULL: not known, so deliveries are not compared.",
    "provider_account.credential_ref": "Where the secret is, never the secret; NULL: where the environment says.",
    "provider_account.cursor": 'How far recovery has come, by source: {"HOOK": time, "API": time}.',
    "provider_account.finds_client": "Deliveries name no client: this account alone says whose they are.",
    "provider_account.hook_token": "Version and key of the token that the hook at the provider was last told.",
    "provider_account.recovery_attempted_at": "Whose turn it is; says nothing about how far recovery came.",
    "provider_account.consent_gap_at": "Opt-outs may have been missed by then; NULL: none that we know of.",
    "provider_account.consent_read_at": "When the provider's opt-outs were last read back to the end.",
    "provider_account.consent_cursor": "How far that reading is; NULL: it begins anew.",
    "provider_account.broken_since": "Since when the provider refuses the account; broken_reason is a code.",
    "client_settings": "How one workspace wants its responses written and sent; one row per client.",
    "client_settings.timezone": "An IANA name.",
    "client_settings.auto_send_enabled": "The kill switch: false stops every automatic send.",
    "client_settings.daily_send_cap": "Automatic responses per day of the client's time zone; NULL: no cap.",
    "client_settings.sending_window": '{"days": [1..7], "start": "09:00", "end": "17:00"}; NULL: always.',
    "client_settings.delay_min_s": "The delay of automatic responses, in seconds, with delay_max_s; NULL: at once.",
    "client_settings.sentiment_model": "NULL, as in the other model columns: the code's default.",
    "knowledge_asset": "A text that drafts may quote facts from.",
    "campaign": "A campaign at the provider, as deliveries name it.",
    "campaign.auto_send_threshold": "The confidence from which a response is sent without a person.",
    "lead": "A person who replied, within one workspace. Its row lock serialises every write about that person.",
    "lead.email": "The primary address, for display; by what a person is recognised is lead_identity.",
    "lead.merged_into_id": "The lead that this one turned out to be: always one that is not merged itself.",
    "lead.erased_at": "Since when nothing about the person is kept; a fence for jobs, replays and restores.",
    "lead.held_at": "A suspected opt-out: no automatic message until it is confirmed or released.",
    "lead.hold_evidence": '{"words": ...}: what the rule in held_rule found.',
    "lead.taken_over_by": "Who responds to this lead; no machine does until it is released.",
    "lead.snoozed_until": "Until when the lead's drafts stay out of the queue.",
    "lead.suppression_evidence": '{"rule": ..., "words": ...}.',
    "lead.our_blocks": "The provider accounts on whose block list we put the address ourselves.",
    "lead.dismissed_objections": "What the provider held against the lead when a person lifted its suppression.",
    "lead.scored_message_id": "The message that the scores are made from; an older one never overwrites them.",
    "lead_identity": "A key by which a lead is recognised. Only a PHONE may belong to several leads.",
    "lead_identity.value": "Canonical; an id of a provider's carries its scope, as in location:contact.",
    "lead_identity.source": "Who said so.",
    "lead_identity.blocked_at": "Since when this address takes nothing; the lead keeps its status. The reason is a code.",
    "lead_merge": "Two leads that turned out to be one person. No row moved but these, so it can be undone.",
    "lead_merge.moved_identities": "The keys that were the loser's.",
    "lead_merge.moved_leads": "Leads that were merged into the loser before.",
    "merge_suggestion": "Two leads that share a key: a person decides whether they are one.",
    "merge_suggestion.kind": "The kind of key that the two share.",
    "message": "One message, in or out, on any channel.",
    "message.reply_handle": "What the provider needs to respond in place; opaque to everybody else.",
    "message.sender_address": "Who wrote it, which may be a colleague of the lead.",
    "message.our_address": "The mailbox, number or account of ours.",
    "message.delivery_status": "Of a message that the provider queued; NULL: it says no more than that it was sent.",
    "message.signature_text": "What was cut off as a signature.",
    "message.clean_text": "The writer's own words, made once at intake.",
    "message.text_source": "Which body clean_text was made from: text, html or snippet.",
    "message.campaign_step": "Of an email that a sequence sent: the step's number, from 1.",
    "message.reply_key": "One reply, one row, whatever the number and kinds of events about it.",
    "message.content_key": "Matches events without an id, under the lead's lock.",
    "message.suppression_dismissed_at": "A person undid it: this message never suppresses again.",
    "message.draft_id": "Outbound: the draft that it was sent from.",
    "message.author_is_unknown": "Outbound, of no draft or campaign step that we know: a person's, or ours and forgotten.",
    "message.occurred_at": "The provider's clock.",
    "message.effective_at": "Orders messages: the earlier of the provider's clock and ours.",
    "webhook_event": "An authenticated delivery as it came, without the provider's secrets.",
    "webhook_event.client_id": "As the delivery claims it, so without a reference; NULL: of an account that nobody has.",
    "webhook_event.delivery_key": "One delivery, one row, however often it comes.",
    "webhook_event.source": "Whose words the body is in: the provider's webhook, or a response of its API.",
    "webhook_event.external_account": "The account that the delivery names.",
    "webhook_event.person_hash": "Keyed hash of whom it is about, to erase it by.",
    "background_job": "The outbox and the job in one row: SQS only carries its id.",
    "background_job.type": "A name of the code's registry.",
    "background_job.attempts": "Reported, never a gate.",
    "background_job.generation": "Goes up when it is published again: FIFO queues swallow a repeated id.",
    "background_job.waiting_for": "Why it waits unpublished, as a code; NULL: it waits for its time only.",
    "background_job.result": "How it ended, for a person.",
    "job_step": "A finished step of a job: what a retry resumes from.",
    "draft": "A response to a lead, with the record of who or what decided its fate.",
    "draft.answers_up_to_message_id": "Later messages make the draft moot, earlier ones do not.",
    "draft.revision": "The text that is there, as a number of draft_revision.",
    "draft.approved_revision": "The text that a person has approved: no other one is sent under it.",
    "draft.model_body": "What the model wrote, once a person has edited the body.",
    "draft.rule": "Why, as a code; finding has what the rule found.",
    "draft.reason": "The same in words, of drafts from before there was a finding.",
    "draft.decided_by": "A person's name; machines have a kind only.",
    "draft_revision": "A text that a draft has had.",
    "draft_revision.author": "The model or the person, by name.",
    "draft_decision": "What was decided about a draft, one row after the other; nothing changes or goes.",
    "draft_decision.status": "The draft's status after it.",
    "outbound_send": "The ledger of sends: the intent is committed before the provider is called.",
    "outbound_send.automated": "No person approved it: it counts towards the caps.",
    "outbound_send.job_id": "Whose lease covers INTENDED.",
    "outbound_send.checked_at": "When maintenance last looked for it in the thread.",
    "outbound_send.error_code": "Why it was refused or failed; error has the provider's words.",
    "outbound_send.settled_by_kind": "By what it is known how the send ended; settled_by is a person's name.",
    "follow_up_instance": "A lead's place in a sequence that another system owns; we pause, resume and cancel it.",
    "ai_interaction": "One row per model call, whether it succeeded or not.",
    "ai_interaction.cost_usd": "NULL: the model has no known price.",
    "pause": "What is stopped, for one client or for everything, until somebody lifts it.",
    "pause.client_id": "NULL: every client.",
    "restore_mark": "One client's part of a restored database: what happened after restored_to is missing.",
    "restore_mark.deliveries_until": "How far the provider's log of deliveries was read again.",
    "restore_mark.sent_until": "The same of the messages that were sent for us.",
    "commitment": "Something that a draft of ours promises the lead.",
    "commitment.ordinal": "Its place among the promises of that revision.",
    "notification": "Something that people are told, written by the transaction that caused it.",
    "notification.dedupe_key": "One thing, told once.",
    "sent_copy": "The newest message of ours to an address that is no lead yet; its first reply takes it over.",
    "sent_copy.address_hash": "Keyed: the address itself is not stored.",
    "tombstone": "An address of a person who was erased, as a keyed hash.",
}
