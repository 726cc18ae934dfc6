"""Two workspaces beside each other: neither the schema nor any command ties one's people to the other's."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from typer.main import get_command

from local.data_model import Reference, Table, read_tables
from ops.replyctl import COMMANDS, app
from shared.db.campaigns import upsert_campaign
from shared.db.knowledge import add_knowledge
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import EventOutcome, JobStatus, JobType, Provider
from tests.integration.conversations import (
    NOON,
    Conversation,
    add_event,
    add_job,
    add_message,
    start_conversation,
    suppress,
)
from tests.integration.replyctl_fixtures import Replyctl, refusal

OTHER = "Globex"


@dataclass(frozen=True)
class Tenant:
    """The ids of one workspace's rows, one of each table."""

    client_id: UUID
    ids: dict[str, UUID]  # by table
    free: dict[str, UUID]  # by table: rows that nothing refers to, so that no unique key stands in a reference's way

    def everything(self, engine: Engine) -> list[str]:
        """Returns all stored rows of this workspace, as text."""
        with engine.connect() as connection:
            return [
                str(row)
                for table in tables_of(engine)
                if "client_id" in {column.name for column in table.columns}
                for row in connection.execute(
                    text(f"SELECT * FROM {table.name} WHERE client_id = :client ORDER BY 1"),
                    {"client": self.client_id},
                )
            ]


def tables_of(engine: Engine) -> tuple[Table, ...]:
    with psycopg.connect(engine.url.set(drivername="postgresql").render_as_string(hide_password=False)) as connection:
        return read_tables(connection)


def fill(engine: Engine, conversation: Conversation) -> Tenant:
    """Adds a row of each table for the conversation's workspace."""
    client_id = conversation.client_id
    ids = {"lead": conversation.lead_id, "message": conversation.message_id, "draft": conversation.draft_id}
    ids["webhook_event"] = add_event(engine, conversation, b"{}", EventOutcome.QUARANTINED)
    ids["background_job"] = add_job(
        engine, conversation, type=JobType.POST_PROCESS, status=JobStatus.FAILED, last_error="the model is away"
    )
    free = {"background_job": add_job(engine, conversation, type=JobType.LEAD_SCORING, status=JobStatus.SUCCEEDED)}
    # One lead that may be merged into another, or take another's place, on either side of "lead < other lead".
    free["lead"], last = uuid7(), UUID(bytes=b"\xff" * 8 + secrets.token_bytes(8))
    with engine.begin() as connection:
        for id, email in ((free["lead"], "free@acme.test"), (last, "last@acme.test")):
            connection.execute(
                text("INSERT INTO lead (id, client_id, email) VALUES (:id, :client, :email)"),
                {"id": id, "client": client_id, "email": email},
            )
        ids["campaign"] = upsert_campaign(
            connection, client_id, Provider.INSTANTLY, f"campaign of {client_id}", "Founders"
        ).id
        ids["knowledge_asset"] = add_knowledge(connection, client_id, "Prices", "From 290 dollars.").id
        for table, columns, values in _ROWS:
            ids[table] = uuid7()
            connection.execute(
                text(f"INSERT INTO {table} (client_id, {columns}) VALUES (:client, {values})"),
                {"id": ids[table], "client": client_id, "last": last, **{name: ids[name] for name in _NAMED}},
            )
        free["message"] = add_message(connection, client_id, conversation.lead_id, at=NOON + timedelta(hours=1))
        free["draft"] = uuid7()
        answered = add_message(connection, client_id, conversation.lead_id, at=NOON + timedelta(hours=2))
        connection.execute(
            text("""
                INSERT INTO draft (id, client_id, lead_id, trigger_message_id, body, status)
                VALUES (:id, :client, :lead, :message, 'Hi', 'SUPERSEDED')
            """),
            {"id": free["draft"], "client": client_id, "lead": ids["lead"], "message": answered},
        )
    return Tenant(client_id, ids, ids | free)


_NAMED = ("lead", "message", "draft", "background_job")
_ROWS = (
    ("job_step", "job_id, name, result", ":background_job, 'understand', '{}'"),
    (
        "outbound_send",
        "id, lead_id, draft_id, job_id, automated, intended_at",
        ":id, :lead, :draft, :background_job, false, now()",
    ),
    ("provider_account", "id, provider, external_id", ":id, 'OTHER', 'workspace'"),
    ("lead_identity", "id, lead_id, kind, value", ":id, :lead, 'LINKEDIN_SLUG', 'pat'"),
    ("lead_merge", "id, winner_id, loser_id, actor_kind", ":id, :lead, :last, 'RULE'"),
    ("merge_suggestion", "id, lead_id, other_lead_id, kind", ":id, :lead, :last, 'PHONE'"),
    ("draft_revision", "draft_id, number, body, author_kind", ":draft, 7, 'Hi', 'MODEL'"),
    ("draft_decision", "id, draft_id, revision, status, actor_kind", ":id, :draft, 1, 'PENDING', 'GATE'"),
    (
        "commitment",
        "id, lead_id, draft_id, revision, ordinal, kind, words",
        ":id, :lead, :draft, 1, 1, 'CALL', 'Soon'",
    ),
    ("suppression_review", "id, lead_id, message_id, kind, rule", ":id, :lead, :message, 'HOLD_UNDECIDED', 'x'"),
    ("notification", "id, kind, dedupe_key", ":id, 'HOT_LEAD', 'x'"),
    (
        "pause",
        "id, what, reason, paused_by_kind, paused_by, lifted_by_kind, lifted_by, lifted_at",
        ":id, 'ALL_SENDS', 'OPERATOR', 'PERSON', 'Sam', 'PERSON', 'Sam', now()",
    ),
    ("follow_up_instance", "id, lead_id, paused_by_message_id", ":id, :lead, :message"),
    (
        "ai_interaction",
        "id, lead_id, message_id, job_id, feature, prompt_version, model, latency_ms, status",
        ":id, :lead, :message, :background_job, 'draft', 'v1', 'm', 1, 'SUCCESS'",
    ),
)


@pytest.fixture
def ours(engine: Engine, conversation: Conversation) -> Tenant:
    """Acme, which --client names and which is the stack's own workspace."""
    return fill(engine, conversation)


@pytest.fixture
def theirs(engine: Engine) -> Tenant:
    conversation = start_conversation(engine, name=OTHER, email="mallory@globex.test")
    tenant = fill(engine, conversation)
    suppress(engine, conversation.lead_id)
    return tenant


# ── The schema ───────────────────────────────────────────────────────────────────────────────────────────────────────


def references(engine: Engine) -> list[Reference]:
    """Returns every foreign key but those to the client itself."""
    return [one for table in tables_of(engine) for one in table.references if one.referred != "client"]


def test_every_reference_takes_the_client_along(engine: Engine) -> None:
    found = references(engine)
    assert len(found) > 30
    for reference in found:
        pairs = dict(zip(reference.columns, reference.referred_columns, strict=True))
        assert pairs.get("client_id") == "client_id", reference.name


def test_every_row_of_a_client_names_a_client_that_exists(engine: Engine) -> None:
    """Directly, or through a reference that is never NULL and takes the client along."""
    for table in tables_of(engine):
        proofs = [
            reference
            for reference in table.references
            if "client_id" in reference.columns
            and all(table.column(name).required for name in reference.columns if name != "client_id")
        ]
        assert proofs or table.name in CLAIMED, table.name


# An acknowledged delivery is kept also when the workspace that it names is not there; a rate budget is a credential's.
CLAIMED = {"client", "webhook_event", "rate_budget"}


def test_the_database_refuses_every_reference_to_another_clients_row(
    engine: Engine, ours: Tenant, theirs: Tenant
) -> None:
    with_id = {table.name for table in tables_of(engine) if "id" in {column.name for column in table.columns}}
    for reference in references(engine):
        change = text(
            f"UPDATE {reference.table} SET {reference.column} = :id WHERE client_id = :client"
            + (" AND id = :row" if reference.table in with_id else "")
        )
        row = {"client": ours.client_id, "row": ours.ids[reference.table]}
        own = ours.free if reference.referred == "lead" else ours.ids
        with engine.connect() as connection:
            connection.execute(change, {"id": own[reference.referred], **row})
            connection.rollback()
            with pytest.raises(IntegrityError, match=f"fk_{reference.table}_{reference.column}"):
                connection.execute(change, {"id": theirs.free[reference.referred], **row})


def test_a_row_is_never_handed_to_another_client(engine: Engine, ours: Tenant, theirs: Tenant) -> None:
    for table in ("lead", "message", "draft", "background_job"):
        with engine.connect() as connection, pytest.raises(IntegrityError):
            connection.execute(
                text(f"UPDATE {table} SET client_id = :theirs WHERE id = :id"),
                {"theirs": theirs.client_id, "id": ours.ids[table]},
            )


# ── The commands ─────────────────────────────────────────────────────────────────────────────────────────────────────

Arguments = Callable[[Tenant], Sequence[object]]

# What a command is asked to do with a row of another workspace than --client names.
ON_A_ROW: dict[str, Arguments] = {
    "knowledge remove": lambda their: [their.ids["knowledge_asset"], "--yes"],
    "campaign set": lambda their: [their.ids["campaign"], "--mode", "AUTO_SEND"],
    "drafts show": lambda their: [their.ids["draft"]],
    "drafts approve": lambda their: [their.ids["draft"]],
    "drafts reject": lambda their: [their.ids["draft"]],
    "drafts edit": lambda their: [their.ids["draft"], "--body", "Buy now."],
    "drafts resolve": lambda their: [their.ids["draft"], "--not-sent"],
    "jobs show": lambda their: [their.ids["background_job"]],
    "jobs requeue": lambda their: [their.ids["background_job"]],
    "events show": lambda their: [their.ids["webhook_event"]],
    "events replay": lambda their: [their.ids["webhook_event"]],
    "account check": lambda their: [their.ids["provider_account"]],
    "account disable": lambda their: [their.ids["provider_account"], "--yes"],
    "account enable": lambda their: [their.ids["provider_account"]],
    "account remove": lambda their: [their.ids["provider_account"], "--yes"],
    "lead show": lambda their: [their.ids["lead"]],
    "lead unsuppress": lambda their: [their.ids["lead"], "--yes"],
    "lead merge": lambda their: [their.ids["lead"], their.free["lead"], "--yes"],
    "lead unmerge": lambda their: [their.ids["lead"], "--yes"],
    "lead erase": lambda their: [their.ids["lead"], "--yes", "--wait", "0"],
    "lead release": lambda their: [their.ids["lead"], "--yes"],
    "lead suppress": lambda their: [their.ids["lead"], "--yes"],
    "commitments keep": lambda their: [their.ids["commitment"]],
    "commitments drop": lambda their: [their.ids["commitment"]],
}
# What shows or changes a workspace, never a row by its id.
ON_A_WORKSPACE: dict[str, Sequence[str]] = {
    "account list": [],
    "account add": ["--provider", "instantly", "--external-id", "their-account"],
    "settings get": [],
    "settings set": ["timezone=Europe/Berlin"],
    "knowledge add": ["Integrations", "--text", "Any SQL database."],
    "knowledge list": [],
    "campaign list": [],
    "campaign add": ["their-campaign", "Spring"],
    "drafts list": [],
    "jobs list": [],
    "jobs requeue": ["--failed"],
    "events list": [],
    "events replay": ["--quarantined"],
    "lead suppressed": [],
    "lead suggestions": [],
    "lead held": [],
    "lead reviews": [],
    "commitments list": [],
    "pause automatic-sends": ["--no-wait"],
    "pause all-sends": ["--no-wait"],
    "pause processing": ["--no-wait"],
}
# All workspaces' own business, or nobody's: what they are about is in their help.
ON_NO_ROW = {
    *("client add", "client list", "client token", "client disable", "client enable"),
    *("resume automatic-sends", "resume all-sends", "resume processing", "pause list", "after-restore"),
    *("keys status", "keys rotate", "keys retire", "tombstones export", "tombstones apply"),
    *("dlq list", "dlq redrive", "webhook register", "webhook status", "doctor", "explain", "check-draft"),
}


def all_commands() -> Iterator[str]:
    every: Any = get_command(app)
    for noun in COMMANDS:
        verbs = getattr(every.get_command(None, noun), "commands", {})
        yield from (f"{noun} {verb}" for verb in verbs) if verbs else (noun,)


def test_every_command_is_held_to_its_workspace_by_a_test_below() -> None:
    assert set(all_commands()) == {*ON_A_ROW, *ON_A_WORKSPACE, *ON_NO_ROW}


@pytest.mark.parametrize("command", ON_A_ROW)
def test_a_command_with_client_refuses_another_clients_row(
    replyctl: Replyctl, engine: Engine, ours: Tenant, theirs: Tenant, command: str
) -> None:
    before = theirs.everything(engine), ours.everything(engine)
    arguments = [str(argument) for argument in ON_A_ROW[command](theirs)]

    refused = replyctl(*command.split(), *arguments, "--client", "Acme")

    assert f"Acme has no {_noun(command)} {arguments[0]}" in refusal(refused)
    assert (theirs.everything(engine), ours.everything(engine)) == before


@pytest.mark.parametrize("command", ON_A_ROW)
def test_the_same_command_takes_the_row_with_its_own_workspace(
    replyctl: Replyctl, ours: Tenant, theirs: Tenant, command: str
) -> None:
    """So that the refusal above is about the workspace, and nothing else."""
    arguments = [str(argument) for argument in ON_A_ROW[command](theirs)]

    taken = replyctl(*command.split(), *arguments, "--client", OTHER)

    assert "has no" not in taken.stderr


def test_one_foreign_row_among_several_stops_all(
    replyctl: Replyctl, engine: Engine, ours: Tenant, theirs: Tenant
) -> None:
    before = theirs.everything(engine), ours.everything(engine)

    for command, table in (("jobs requeue", "background_job"), ("events replay", "webhook_event")):
        both = [str(tenant.ids[table]) for tenant in (ours, theirs)]
        assert "Acme has no" in refusal(replyctl(*command.split(), *both, "--client", "Acme"))

    assert (theirs.everything(engine), ours.everything(engine)) == before


@pytest.mark.parametrize("command", ON_A_WORKSPACE)
def test_a_command_about_a_workspace_neither_shows_nor_changes_another(
    replyctl: Replyctl, engine: Engine, ours: Tenant, theirs: Tenant, command: str
) -> None:
    before = theirs.everything(engine)

    done = replyctl(*command.split(), *ON_A_WORKSPACE[command], "--client", "Acme", "--json")

    assert done.exit_code == 0, done.stderr
    assert theirs.everything(engine) == before
    shown = json.dumps(json.loads(done.stdout))
    for secret in (*map(str, theirs.ids.values()), "globex"):
        assert secret not in shown


@pytest.mark.parametrize("what", ["automatic-sends", "all-sends", "processing"])
def test_resuming_one_workspace_leaves_the_others_paused(
    replyctl: Replyctl, engine: Engine, ours: Tenant, theirs: Tenant, what: str
) -> None:
    for name in ("Acme", OTHER):
        assert replyctl("pause", what, "--no-wait", "--client", name).exit_code == 0
    before = theirs.everything(engine)

    assert replyctl("resume", what, "--client", "Acme").exit_code == 0

    assert theirs.everything(engine) == before


def test_an_id_names_its_workspace_by_itself(replyctl: Replyctl, ours: Tenant, theirs: Tenant) -> None:
    """Without --client, as in a runbook: ids are of one workspace each."""
    shown = replyctl("lead", "show", str(theirs.ids["lead"]), "--json")

    assert json.loads(shown.stdout)["lead"]["client_id"] == str(theirs.client_id)


def _noun(command: str) -> str:
    nouns = {"knowledge": "text", "drafts": "draft", "jobs": "job", "events": "event", "commitments": "commitment"}
    noun = command.split()[0]
    return nouns.get(noun, noun)
