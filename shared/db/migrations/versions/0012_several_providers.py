"""several providers beside each other: rate budgets, the same words through two accounts, sequences paused everywhere

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for part in (_RATE_BUDGETS, _MESSAGES, _LEADS, _REMOVED_ACCOUNTS):
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

_MESSAGES = """
ALTER TABLE message ADD COLUMN words_key bytea;
"""

_LEADS = """
ALTER TABLE lead ADD COLUMN sequences_paused_at timestamptz;
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
    "message.words_key": "Of an inbound message: its own words and medium, whichever campaign or account brought them.",
    "lead.sequences_paused_at": "Since when the person's sequences are to stand still at every account.",
    "provider_account.removed_at": "Since when the account is kept for its history alone.",
}
