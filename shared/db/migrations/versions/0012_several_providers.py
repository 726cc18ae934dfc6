"""several providers beside each other: rate budgets, the same words through two accounts, sequences paused everywhere

Revision ID: 0012
Revises: 0011
"""

# migration-rule: index-on-a-live-table: no stage was deployed before this revision

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for part in (_RATE_BUDGETS, _MESSAGES, _LEADS, _TOLD, _REMOVED_ACCOUNTS):
        for statement in part.split(";\n"):
            if statement.strip():
                op.execute(statement.strip().removesuffix(";"))
    for target, comment in _COMMENTS.items():
        kind = "COLUMN" if "." in target else "TABLE"
        quoted = comment.replace("'", "''")
        op.execute(f"COMMENT ON {kind} {target} IS '{quoted}'")


# No client: two workspaces with one key at a provider share its limits.
_RATE_BUDGETS = """
CREATE TABLE rate_budget (
    scope bytea NOT NULL,
    name text NOT NULL,
    next_at timestamptz NOT NULL,
    CONSTRAINT pk_rate_budget PRIMARY KEY (scope, name)
);
"""

# A lead has few messages: which of them has the same content or words is read from among them.
# A message is unique by reply_key. Its id at the provider is one account's, or one thread's; the account comes first in
# the index, so that an event's message is found by it, and the id before the thread, which an event need not name.
_MESSAGES = """
ALTER TABLE message ADD COLUMN words_key bytea;
DROP INDEX ix_message_lead_id_content_key;
DROP INDEX uq_message_client_id_provider_message_id;
DROP INDEX uq_message_provider_account_id_thread_id_provider_message_id;
CREATE UNIQUE INDEX uq_message_provider_message_id
    ON message (provider_account_id, provider_message_id, (coalesce(thread_id, '')))
    WHERE provider_message_id IS NOT NULL;
"""

_LEADS = """
ALTER TABLE lead ADD COLUMN sequences_paused_at timestamptz;
"""

# What each account has been told of a person. A list belongs to an account, so that one that was away for a while can be
# told of what it has missed; a block belongs to an address, whichever lead that is a key of by now.
_TOLD = """
ALTER TABLE lead ADD COLUMN suppression_told uuid[];
ALTER TABLE lead ADD COLUMN pause_told uuid[];
ALTER TABLE lead_identity ADD COLUMN our_blocks uuid[];
UPDATE lead_identity SET our_blocks = lead.our_blocks FROM lead
WHERE lead.client_id = lead_identity.client_id AND lead_identity.kind = 'EMAIL'
  AND lead_identity.value = lower(lead.email) AND lead.our_blocks <> '{}';
UPDATE lead SET suppression_told = ARRAY(
    SELECT job.provider_account_id FROM background_job AS job
    WHERE job.lead_id = lead.id AND job.type = 'SYNC_PERSON' AND job.started_at IS NOT NULL
      AND job.provider_account_id IS NOT NULL)
WHERE suppressed_at IS NOT NULL;
CREATE INDEX ix_lead_to_tell ON lead (client_id, id)
    WHERE suppressed_at IS NOT NULL OR sequences_paused_at IS NOT NULL OR suppression_told IS NOT NULL;
"""

_REMOVED_ACCOUNTS = """
ALTER TABLE provider_account ADD COLUMN removed_at timestamptz;
ALTER TABLE provider_account ADD CONSTRAINT ck_provider_account_removed
    CHECK (removed_at IS NULL OR disabled_at IS NOT NULL) NOT VALID;
ALTER TABLE provider_account VALIDATE CONSTRAINT ck_provider_account_removed;
"""

_COMMENTS = {
    "rate_budget": "How far the requests of one credential at a provider have used up each of its limits.",
    "rate_budget.scope": "A digest of the provider and the credential, location or account that the limit counts.",
    "rate_budget.name": "Which of the provider's limits it is.",
    "rate_budget.next_at": "The moment at which the limit is wholly free again; ahead of now by what has been used.",
    "message.reply_key": "One message, one row: by provider, account, thread and id; without an id by its first delivery.",
    "message.words_key": "A message's own words and medium, whichever campaign or account has brought them.",
    "lead.sequences_paused_at": "Since when the person's sequences are to stand still at every account.",
    "lead.suppression_told": "The accounts that have been told of a suppression of the person, and not of its end.",
    "lead.pause_told": "The accounts that have been told that the person's sequences are to stand still.",
    "lead.our_blocks": "What the release before reads of lead_identity.our_blocks.",
    "provider_account.cursor": 'How far recovery has come, by source: {"HOOK": time, "API": time}. "PEOPLE": the last lead'
    " of whom an account that was not in use was told what it had missed.",
    "lead_identity.our_blocks": "The accounts on whose block list we put the address ourselves.",
    "provider_account.removed_at": "Since when the account is kept for its history alone.",
}
