"""The basis of a verdict: the ledger, the tables, the emails that Instantly has sent, the dead letters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import psycopg
from psycopg.rows import dict_row

from tests.e2e.driver import APPLICATION_NAME
from tests.faults.ledger import Posting

Row = dict[str, Any]
ALWAYS = datetime.min.replace(tzinfo=UTC)

TABLES = (
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
    """The postings, our rows, and Instantly's own record of our requests.

    ``mails`` are the sent e-mails that its sandbox holds, ``blocked`` the addresses on its block list, ``requests`` its
    request log. ``failures``: why a job had failed for good before it was redriven, by the job's id.
    """

    postings: Sequence[Posting]
    tables: Mapping[str, Sequence[Row]]
    mails: Sequence[Row] = ()
    blocked: frozenset[str] = frozenset()
    requests: Sequence[Row] = ()
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

    def mails_by_thread(self) -> dict[str, list[Row]]:
        grouped: defaultdict[str, list[Row]] = defaultdict(list)
        for mail in self.mails:
            grouped[mail["thread_id"]].append(mail)
        return grouped

    def responses(self) -> list[Row]:
        """Returns the drafts that respond to a message: all but the follow-ups, which have its thread in common."""
        return [draft for draft in self.rows("draft") if draft["commitment_id"] is None]

    def mails_of_drafts(self) -> dict[UUID, list[Row]]:
        """Returns the mails of each draft: those of its thread, without those that another draft was sent as."""
        messages = {row["id"]: row for row in self.rows("message")}
        sent_as = {row["provider_message_id"]: row["draft_id"] for row in self.rows("outbound_send")}
        mails, found = self.mails_by_thread(), {}
        for draft in self.rows("draft"):
            trigger = messages.get(draft["trigger_message_id"])
            thread = mails.get(thread_of(trigger["provider_message_id"] or ""), []) if trigger else []
            found[draft["id"]] = [mail for mail in thread if sent_as.get(mail["id"], draft["id"]) == draft["id"]]
        return found

    def bodies_of(self, method: str, path_end: str) -> list[Row]:
        """Returns the bodies of Instantly's requests to an endpoint."""
        return [
            request["body"]
            for request in self.requests
            if request["method"] == method and request["path"].endswith(path_end) and isinstance(request["body"], dict)
        ]


def thread_of(email_id: str) -> str:
    """Returns the thread that the sandbox puts an email into which nobody has stored."""
    return str(uuid5(NAMESPACE_URL, email_id))


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
