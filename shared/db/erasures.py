"""Queries of an erasure: what is kept of a person goes, where it stands.

Rows, their ids and their states stay, so that counts and the ledger of sends stay true; what says who the person is, or
what anybody wrote to whom, goes. SCRUBBED names every such column: a test fails for a text, jsonb or bytea column that
neither this table nor its own list of harmless ones knows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, text

from shared.db.draft_states import superseded
from shared.db.jobs import person_key_sql
from shared.db.lead_group import group_of
from shared.db.lead_holds import NO_HOLD
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.events import Address
from shared.domain.vocabulary import (
    PERSON_ERASED,
    ActorKind,
    ClientId,
    IdentityKind,
    JobStatus,
    LeadId,
    ReviewDecision,
    SuppressionReason,
)


@dataclass(frozen=True, slots=True)
class _Scrub:
    """How one table's rows of a person are found, and what becomes of their columns. ``also``: states, not contents."""

    whose: str
    columns: Mapping[str, str]
    also: tuple[str, ...] = ()


_OF_LEADS = "lead_id = ANY(:lead_ids)"
_OF_DRAFTS = "draft_id IN (SELECT id FROM draft WHERE lead_id = ANY(:lead_ids))"
_OF_JOBS = "job_id IN (SELECT id FROM background_job WHERE lead_id = ANY(:lead_ids))"

# An event that could not be read names no lead and has no hash; its bytes are searched.
_OF_EVENTS = """client_id = :client_id AND (
    lead_id = ANY(:lead_ids) OR person_hash = ANY(CAST(:hashes AS bytea[]))
    OR message_id IN (SELECT id FROM message WHERE lead_id = ANY(:lead_ids))
    OR (lead_id IS NULL AND person_hash IS NULL AND EXISTS (
        SELECT FROM unnest(CAST(:values AS text[])) AS own (value)
        WHERE position(own.value IN lower(encode(raw_body, 'escape'))) > 0)))"""

SCRUBBED: Mapping[str, _Scrub] = MappingProxyType(
    {
        "ai_interaction": _Scrub(_OF_LEADS, {"error": "NULL"}),
        "job_step": _Scrub(_OF_JOBS, {"result": "'{}'"}),
        "commitment": _Scrub(
            _OF_LEADS,
            {"words": "''"},
            (
                f"settled_rule = CASE WHEN settled_at IS NULL THEN '{DraftRule.ERASED}' ELSE settled_rule END",
                f"settled_by_kind = CASE WHEN settled_at IS NULL THEN '{ActorKind.RULE}' ELSE settled_by_kind END",
                "status = CASE WHEN settled_at IS NULL THEN 'DROPPED' ELSE status END",
                "settled_at = coalesce(settled_at, now())",
            ),
        ),
        "draft_revision": _Scrub(_OF_DRAFTS, {"subject": "''", "body": "''", "commitments": "'[]'"}),
        "draft_decision": _Scrub(_OF_DRAFTS, {"finding": "NULL"}),
        "draft": _Scrub(
            _OF_LEADS,
            {
                "subject": "''",
                "body": "''",
                "model_body": "NULL",
                "finding": "NULL",
                "reason": "NULL",
                "copies": "'{}'",
                "questions": "NULL",
            },
        ),
        "outbound_send": _Scrub(_OF_LEADS, {"error": "NULL", "provider_message_id": "NULL", "thread_id": "NULL"}),
        "notification": _Scrub(_OF_LEADS, {"facts": "'{}'", "last_error": "NULL"}),
        "suppression_review": _Scrub(
            _OF_LEADS,
            {"words": "''", "finding": "NULL"},
            (
                f"decision = coalesce(decision, '{ReviewDecision.OBSOLETE}')",
                f"decided_by_kind = coalesce(decided_by_kind, '{ActorKind.RULE}')",
                "decided_at = coalesce(decided_at, now())",
            ),
        ),
        "background_job": _Scrub(
            _OF_LEADS,
            {"last_error": "NULL", "result": f"'{PERSON_ERASED}'"},
            (
                f"status = '{JobStatus.SUCCEEDED}'",
                "finished_at = coalesce(finished_at, now())",
                "waiting_for = NULL",
                "failed_sqs_message_id = NULL",
            ),
        ),
        "webhook_event": _Scrub(
            _OF_EVENTS,
            {"raw_body": "''", "payload": "NULL", "detail": f"'{PERSON_ERASED}'", "person_hash": "NULL"},
        ),
        # The keys of a message are hashes of its words and its id, which can be tried out without a key.
        "message": _Scrub(
            _OF_LEADS,
            {
                "subject": "''",
                "body_text": "NULL",
                "body_html": "NULL",
                "clean_text": "NULL",
                "signature_text": "NULL",
                "sentiment_reason": "NULL",
                "from_email": "NULL",
                "sender_address": "NULL",
                "reply_handle": "NULL",
                "trigger_facts": "NULL",
                "provider_message_id": "NULL",
                "thread_id": "NULL",
                "reply_key": "uuid_send(id)",
                "content_key": "uuid_send(id)",
                "words_key": "NULL",
            },
        ),
        "lead": _Scrub(
            "id = ANY(:lead_ids)",
            {
                "email": "NULL",
                "first_name": "NULL",
                "last_name": "NULL",
                "company": "NULL",
                "title": "NULL",
                "score_reason": "NULL",
                "dismissed_objections": "NULL",
                "suppression_evidence": f"""'{{"rule": "{PERSON_ERASED}"}}'""",
            },
            (
                NO_HOLD,
                "erased_at = :erased_at",
                "suppressed_at = coalesce(suppressed_at, now())",
                f"suppression_reason = '{SuppressionReason.ERASED}'",
                "suppression_message_id = NULL",
                "status = 'blacklisted'",
                "status_before_suppression = NULL",
            ),
        ),
    }
)

_SCRUBS = {
    table: text(
        f"UPDATE {table} SET {', '.join([*(f'{name} = {to}' for name, to in scrub.columns.items()), *scrub.also])}"  # noqa: S608
        f" WHERE {scrub.whose}"
    )
    for table, scrub in SCRUBBED.items()
}

DELETED = ("lead_identity", "sent_copy")
"""Tables whose rows say nothing but who a person is, or what was sent: they go as a whole."""

_DELETES = {
    "lead_identity": text("DELETE FROM lead_identity WHERE lead_id = ANY(:lead_ids)"),
    "sent_copy": text(
        "DELETE FROM sent_copy WHERE client_id = :client_id AND address_hash = ANY(CAST(:hashes AS bytea[]))"
    ),
}


_GROUP = text(
    f"""
    SELECT lead.id FROM {group_of(":lead_id")} AS person JOIN lead ON lead.id = person.lead_id
    ORDER BY lead.merged_into_id IS NOT NULL, lead.id
    """  # noqa: S608 (constants only)
)


def read_group(connection: Connection, lead_id: LeadId) -> Sequence[LeadId]:
    """Reads the leads that are one person with this one, its head first; empty when there is no such lead."""
    return [row.id for row in connection.execute(_GROUP, {"lead_id": lead_id})]


# A release before this one kept an address on the lead's row only.
_ADDRESSES = text(
    f"""
    SELECT kind, value, kind = '{IdentityKind.PHONE}' AND EXISTS (
        SELECT FROM lead_identity AS others
        WHERE others.client_id = own.client_id AND others.kind = own.kind AND others.value = own.value
          AND others.lead_id <> ALL(:lead_ids)) AS is_shared
    FROM lead_identity AS own WHERE lead_id = ANY(:lead_ids)
    UNION
    SELECT '{IdentityKind.EMAIL}', lower(email), false FROM lead WHERE id = ANY(:lead_ids) AND email IS NOT NULL
    """  # noqa: S608 (constants only)
)


@dataclass(frozen=True, slots=True)
class OwnAddress:
    """An address of a person. ``is_shared``: another lead has the same number, so it does not tell who writes."""

    address: Address
    is_shared: bool


def read_addresses(connection: Connection, lead_ids: Collection[LeadId]) -> Sequence[OwnAddress]:
    """Reads every address that the leads are known by."""
    rows = connection.execute(_ADDRESSES, {"lead_ids": list(lead_ids)})
    return [OwnAddress(Address(IdentityKind(row.kind), row.value), row.is_shared) for row in rows]


# Disabled accounts are told nothing.
_UNTOLD = text(
    f"""
    SELECT count(*) AS accounts, count(job.id) FILTER (WHERE job.status <> '{JobStatus.SUCCEEDED}') AS jobs
    FROM provider_account AS account
    LEFT JOIN background_job AS job
      ON job.dedupe_key = {person_key_sql("account.client_id", "CAST(:lead_id AS uuid)", "account.id")}
    JOIN lead ON lead.id = CAST(:lead_id AS uuid)
    WHERE account.client_id = :client_id AND account.disabled_at IS NULL
      AND (job.status IS DISTINCT FROM '{JobStatus.SUCCEEDED}'
           OR account.id = ANY(lead.suppression_told) IS NOT TRUE)
    """  # noqa: S608 (constants only)
)


@dataclass(frozen=True, slots=True)
class Untold:
    """The accounts that have not been told yet how the lead stands, and how many of them a job is to tell."""

    accounts: int
    jobs: int


def untold_accounts(connection: Connection, client_id: ClientId, head_id: LeadId) -> Untold:
    """Counts the client's enabled accounts that have not been told of the lead's suppression."""
    row = connection.execute(_UNTOLD, {"client_id": client_id, "lead_id": head_id}).one()
    return Untold(row.accounts, row.jobs)


_IS_SUPPRESSED = text("SELECT suppressed_at IS NOT NULL FROM lead WHERE id = :lead_id")


def is_suppressed(connection: Connection, head_id: LeadId) -> bool:
    """Tells whether a lead is suppressed, under its lock."""
    return bool(connection.execute(_IS_SUPPRESSED, {"lead_id": head_id}).scalar_one())


_SUPERSEDED = superseded(DraftRule.ERASED, where="draft.lead_id = ANY(:lead_ids)")
_SUPERSEDE = text(f"WITH {_SUPERSEDED} SELECT count(*) FROM superseded")  # noqa: S608 (constants only)
_DISMISS_SUGGESTIONS = text(
    f"""
    UPDATE merge_suggestion SET decision = 'DISMISSED', decided_by_kind = '{ActorKind.RULE}', decided_at = now()
    WHERE (lead_id = ANY(:lead_ids) OR other_lead_id = ANY(:lead_ids)) AND decided_at IS NULL
    """  # noqa: S608 (constants only)
)


def scrub(
    connection: Connection,
    client_id: ClientId,
    lead_ids: Collection[LeadId],
    addresses: Mapping[Address, bytes],
    *,
    erased_at: datetime,
) -> dict[str, int]:
    """Erases what is kept of the leads, whose locks the transaction holds; returns the rows by table.

    ``addresses`` maps each address of the person to its keyed hash.
    """
    values: dict[str, Any] = {
        "client_id": client_id,
        "lead_ids": list(lead_ids),
        "hashes": list(addresses.values()),
        "values": [address.value.lower() for address in addresses],
        "erased_at": erased_at,
    }
    connection.execute(_SUPERSEDE, values)
    connection.execute(_DISMISS_SUGGESTIONS, values)
    counts = {table: connection.execute(statement, values).rowcount for table, statement in _SCRUBS.items()}
    return counts | {table: connection.execute(statement, values).rowcount for table, statement in _DELETES.items()}
