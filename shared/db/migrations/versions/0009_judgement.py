"""what judgement keeps: suppressions for a person to confirm, what a look at the trigger found, voices of campaigns

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for part in (_REVIEWS, _MESSAGES, _VOICES, _REST):
        for statement in part.split(";\n"):
            if statement.strip():
                op.execute(statement.strip().removesuffix(";"))
    for target, comment in _COMMENTS.items():
        kind = "COLUMN" if "." in target else "TABLE"
        quoted = comment.replace("'", "''")
        op.execute(f"COMMENT ON {kind} {target} IS '{quoted}'")


# One row per message: what one reply raises is decided once.
_REVIEWS = """
CREATE TABLE suppression_review (
    id uuid CONSTRAINT pk_suppression_review PRIMARY KEY,
    client_id uuid NOT NULL,
    lead_id uuid NOT NULL,
    message_id uuid NOT NULL,
    kind text NOT NULL,
    rule text NOT NULL,
    words text NOT NULL DEFAULT '',
    finding text,
    created_at timestamptz NOT NULL DEFAULT now(),
    decision text,
    decided_by_kind text,
    decided_by text,
    decided_at timestamptz,
    CONSTRAINT fk_suppression_review_lead_id FOREIGN KEY (lead_id, client_id) REFERENCES lead (id, client_id),
    CONSTRAINT fk_suppression_review_message_id FOREIGN KEY (message_id, client_id) REFERENCES message (id, client_id),
    CONSTRAINT uq_suppression_review_message_id UNIQUE (message_id),
    CONSTRAINT ck_suppression_review_kind CHECK
        (kind IN ('HOLD_UNDECIDED', 'SUPPRESSED_BY_MODEL', 'BLACKLIST_UNPROVEN')),
    CONSTRAINT ck_suppression_review_decision CHECK (decision IN ('SUPPRESSED', 'RELEASED', 'OBSOLETE')),
    CONSTRAINT ck_suppression_review_decided CHECK
        ((decided_at IS NULL) = (decision IS NULL) AND (decided_at IS NULL) = (decided_by_kind IS NULL))
);
CREATE INDEX ix_suppression_review_open ON suppression_review (client_id, created_at) WHERE decided_at IS NULL;
CREATE INDEX ix_suppression_review_lead_id ON suppression_review (lead_id);
"""

_MESSAGES = """
ALTER TABLE message ADD COLUMN looked_at timestamptz;
ALTER TABLE message ADD COLUMN trigger_facts jsonb;
ALTER TABLE message ADD COLUMN hidden_chars integer NOT NULL DEFAULT 0;
"""

_VOICES = """
ALTER TABLE campaign ADD COLUMN instructions text;
ALTER TABLE campaign ADD COLUMN language text;
ALTER TABLE campaign ADD COLUMN persona_name text;
ALTER TABLE campaign ADD COLUMN persona_tone text;
ALTER TABLE campaign ADD COLUMN persona_greeting text;
ALTER TABLE campaign ADD COLUMN persona_signature text;
ALTER TABLE campaign ADD COLUMN persona_goals text;
ALTER TABLE campaign ADD COLUMN auto_send_follow_ups boolean NOT NULL DEFAULT false;
ALTER TABLE client_settings ADD COLUMN auto_send_commitments boolean NOT NULL DEFAULT false;
ALTER TABLE client_settings ADD COLUMN disclose_ai boolean NOT NULL DEFAULT false;
"""

_REST = """
ALTER TABLE lead ADD COLUMN title text;
ALTER TABLE draft ADD COLUMN copies text[] NOT NULL DEFAULT '{}';
ALTER TABLE draft ADD COLUMN questions jsonb;
ALTER TABLE ai_interaction ADD COLUMN cached_input_tokens bigint NOT NULL DEFAULT 0;
"""

_COMMENTS = {
    "suppression_review": "A suppression, or a suspected one, that a person confirms or undoes.",
    "suppression_review.kind": "What is asked: whether a held lead opted out, whether a model was right to suppress"
    " one, or whether a Blacklist without proof suppresses.",
    "suppression_review.rule": "The rule that found the words.",
    "suppression_review.words": "The lead's own words.",
    "suppression_review.finding": "What the model said of them, in its own words.",
    "suppression_review.decision": "OBSOLETE: the lead was suppressed, merged or erased otherwise.",
    "message.looked_at": "When the provider was asked what this message is; never asked again.",
    "message.trigger_facts": 'What it said: {"sender", "copies", "attachments", "our_message": {"subject", "text",'
    ' "at"}}; NULL: nothing.',
    "message.hidden_chars": "The characters of hidden HTML text that cleaning removed.",
    "campaign.instructions": "What the writer is told about this campaign, besides the workspace's goals.",
    "campaign.language": "The language to write in where the reply's own does not show; NULL: our own email's.",
    "campaign.persona_name": "NULL, as in the other persona columns: the workspace's.",
    "campaign.auto_send_follow_ups": "Whether a promised follow-up is sent without a person.",
    "client_settings.auto_send_commitments": "Whether drafts that promise something may be sent without a person,"
    " since people work the list of commitments.",
    "client_settings.disclose_ai": "Whether a line in each draft says that an AI wrote it.",
    "lead.title": "The person's job title, as the provider names it.",
    "draft.copies": "Who gets a copy: the copies of the message that it responds to.",
    "draft.questions": 'What the lead asked and the draft says: [{"asked", "answered", "source"}].',
    "ai_interaction.cached_input_tokens": "The part of input_tokens that was read from the provider's cache.",
}
