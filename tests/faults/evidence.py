"""The basis of a verdict: the ledger, the tables, what the providers hold, the dead letters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from shared.domain.reply_identity import normalised_text
from shared.domain.vocabulary import Provider
from tests.e2e.driver import APPLICATION_NAME
from tests.faults.ledger import Posting
from tests.faults.providers import SIDES, Mail, ProviderRecord, ProviderSide

Row = dict[str, Any]
ALWAYS = datetime.min.replace(tzinfo=UTC)

TABLES = (
    "provider_account",
    "lead",
    "lead_identity",
    "lead_merge",
    "message",
    "webhook_event",
    "background_job",
    "job_step",
    "draft",
    "draft_revision",
    "outbound_send",
    "commitment",
    "suppression_review",
    "ai_interaction",
)


@dataclass(frozen=True)
class Evidence:
    """The postings, our rows, and each provider's own record of our requests.

    ``failures``: why a job had failed for good before it was redriven, by the job's id.
    """

    postings: Sequence[Posting]
    tables: Mapping[str, Sequence[Row]]
    records: Mapping[Provider, ProviderRecord] = field(default_factory=dict)
    dead_letters: Mapping[str, int] = field(default_factory=dict)
    failures: Mapping[UUID, str] = field(default_factory=dict)
    taken_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def rows(self, table: str) -> Sequence[Row]:
        return self.tables[table]

    def by(self, table: str, column: str) -> dict[Any, list[Row]]:
        """Returns the rows of a table, grouped by a column."""
        grouped: defaultdict[Any, list[Row]] = defaultdict(list)
        for row in self.tables[table]:
            grouped[row[column]].append(row)
        return grouped

    def people(self) -> list[Row]:
        """Returns the leads that stand for a person: all but those that are merged into another."""
        return [lead for lead in self.rows("lead") if lead["merged_into_id"] is None]

    def heads(self) -> dict[UUID, UUID]:
        """Returns the head of each lead."""
        return {lead["id"]: lead["merged_into_id"] or lead["id"] for lead in self.rows("lead")}

    def by_person(self, table: str) -> dict[UUID, list[Row]]:
        """Returns the rows of a table, grouped by the head of their lead."""
        heads = self.heads()
        grouped: defaultdict[UUID, list[Row]] = defaultdict(list)
        for row in self.tables[table]:
            grouped[heads[row["lead_id"]]].append(row)
        return grouped

    def parted(self) -> set[UUID]:
        """Returns the leads of merges that were undone: what each did meanwhile, it did for both."""
        undone = [merge for merge in self.rows("lead_merge") if merge["undone_at"] is not None]
        return {merge[side] for merge in undone for side in ("winner_id", "loser_id")}

    def one_person_since(self, *lead_ids: UUID) -> datetime:
        """Returns the moment from which these leads of one person were known to be one."""
        live = [merge for merge in self.rows("lead_merge") if merge["undone_at"] is None]
        merged_at = [merge["merged_at"] for merge in live if merge["loser_id"] in lead_ids]
        return max(merged_at, default=ALWAYS) if len(set(lead_ids)) > 1 else ALWAYS

    @property
    def mails(self) -> list[Mail]:
        """Returns the emails that have left, through whichever provider."""
        return [mail for record in self.records.values() for mail in record.mails]

    def mails_by_reply(self) -> dict[str, list[Mail]]:
        """Returns the emails by the key of the reply that they respond to."""
        grouped: defaultdict[str, list[Mail]] = defaultdict(list)
        for mail in self.mails:
            grouped[mail.answers].append(mail)
        return grouped

    def sides(self) -> dict[UUID | None, ProviderSide]:
        """Returns the provider of each account."""
        accounts = {row["id"]: SIDES[Provider(row["provider"])] for row in self.rows("provider_account")}
        return {None: SIDES[Provider.INSTANTLY], **accounts}

    def messages_of_postings(self) -> list[tuple[Posting, Row | None]]:
        """Returns each posting of a reply with its message."""
        messages = {(row["client_id"], row["provider_message_id"]): row for row in self.rows("message")}
        return [
            (
                posting,
                next(
                    (messages[key] for id in posting.reply_ids if (key := (posting.workspace.id, id)) in messages), None
                ),
            )
            for posting in self.postings
            if posting.reply_id is not None
        ]

    def responses(self) -> list[Row]:
        """Returns the drafts that respond to a message: all but the follow-ups, which have its thread in common."""
        return [draft for draft in self.rows("draft") if draft["commitment_id"] is None]

    def mails_of_drafts(self) -> dict[UUID, list[Mail]]:
        """Returns the mails of each draft: those that respond to its reply, without those of another draft.

        A mail is another's by its id; where the provider has told none, by its text.
        """
        messages = {row["id"]: row for row in self.rows("message")}
        sent_as = {row["provider_message_id"]: row["draft_id"] for row in self.rows("outbound_send")}
        mails, sides, found = self.mails_by_reply(), self.sides(), {}
        drafts = self.by("draft", "trigger_message_id")
        for draft in self.rows("draft"):
            trigger = messages.get(draft["trigger_message_id"])
            others = [other for other in drafts[draft["trigger_message_id"]] if other["id"] != draft["id"]]
            found[draft["id"]] = [
                mail
                for mail in (mails.get(reply_key_of(trigger, sides), []) if trigger else [])
                if sent_as.get(mail.id, draft["id"]) == draft["id"]
                and (mail.id in sent_as or is_of(mail, draft) or not any(is_of(mail, other) for other in others))
            ]
        return found


def reply_key_of(message: Row, sides: Mapping[UUID | None, ProviderSide]) -> str:
    """Returns the key by which its provider knows what responds to a message."""
    side = sides[message["provider_account_id"]]
    return side.key_of(message["provider_message_id"], message["reply_handle"] or {})


def is_of(mail: Mail, draft: Row) -> bool:
    """Tells whether a mail says what a draft says."""
    return normalised_text(draft["body"]) in normalised_text(mail.text)


def load_tables(database_url: str, client_ids: Sequence[UUID]) -> dict[str, list[Row]]:
    """Loads all rows of some clients, from one snapshot."""
    with psycopg.connect(database_url, row_factory=dict_row, application_name=APPLICATION_NAME) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        return {
            table: connection.execute(
                f"SELECT * FROM {table} WHERE client_id = ANY(%s)",  # type: ignore[arg-type]
                [list(client_ids)],
            ).fetchall()
            for table in TABLES
        }
