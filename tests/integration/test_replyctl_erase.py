"""replyctl lead erase: the receipt, and what it says when it has to wait."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from ops.commands.lead_erase import REFUSALS
from shared.domain.events import Address
from shared.domain.vocabulary import ClientId, IdentityKind, JobStatus, JobType
from shared.pipelines.people.erase_lead import EraseRefusal
from tests.instantly_events import hash_address
from tests.integration.conversations import Conversation, add_job
from tests.integration.replyctl_fixtures import Replyctl, as_json, refusal


def mentions(engine: Engine, word: str) -> list[str]:
    """The tables with a row that holds a word, as text or as bytes."""
    with engine.connect() as connection:
        tables = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
        query = "SELECT EXISTS (SELECT FROM {0} WHERE CAST({0}.* AS text) ILIKE :word OR CAST({0}.* AS text) LIKE :hex)"
        words = {"word": f"%{word}%", "hex": f"%{word.encode().hex()}%"}
        return [table for table in tables if connection.execute(text(query.format(table)), words).scalar_one()]


def test_an_erasure_gives_a_receipt_and_leaves_no_trace(
    replyctl: Replyctl, engine: Engine, conversation: Conversation
) -> None:
    assert {"lead", "message"} <= {*mentions(engine, conversation.email), *mentions(engine, "tell me more")}
    erased = as_json(replyctl("lead", "erase", conversation.email, "--yes", "--without-provider", "--json"))
    assert erased["lead_ids"] == [str(conversation.lead_id)]
    assert (erased["rows"]["lead"], erased["rows"]["message"], erased["rows"]["draft"]) == (1, 1, 1)
    assert erased["tombstones"] == 1
    assert mentions(engine, conversation.email) == []
    assert mentions(engine, "tell me more") == []

    gone = replyctl("lead", "show", conversation.email)
    assert gone.exit_code == 1
    shown = as_json(replyctl("lead", "show", str(conversation.lead_id), "--json"))
    assert (shown["lead"]["suppression_reason"], shown["lead"]["email"]) == ("ERASED", None)
    assert replyctl("lead", "show", str(conversation.lead_id)).exit_code == 0
    assert "erased before" in refusal(replyctl("lead", "erase", str(conversation.lead_id), "--yes"))


def test_the_receipt_is_a_table_by_default(replyctl: Replyctl, conversation: Conversation) -> None:
    result = replyctl("lead", "erase", str(conversation.lead_id), "--yes", "--without-provider")
    assert result.exit_code == 0, result.stderr
    assert str(conversation.lead_id) in result.stdout
    assert "webhook_event" in result.stdout
    assert conversation.email not in result.stdout


def test_it_says_that_the_provider_has_to_be_told_first(
    replyctl: Replyctl, engine: Engine, conversation: Conversation
) -> None:
    result = replyctl("lead", "erase", conversation.email, "--yes", "--wait", "0")
    assert "--without-provider" in refusal(result)
    shown = as_json(replyctl("lead", "show", conversation.email, "--json"))
    assert shown["lead"]["suppression_reason"] == "ERASED"
    assert [job["type"] for job in shown["jobs"]] == ["SYNC_PERSON"]
    with engine.begin() as connection:
        connection.execute(text("UPDATE background_job SET status = 'SUCCEEDED'"))
        connection.execute(text("UPDATE lead SET suppression_told = ARRAY(SELECT id FROM provider_account)"))
    assert replyctl("lead", "erase", conversation.email, "--yes", "--wait", "0").exit_code == 0


def test_it_says_that_a_job_is_running(replyctl: Replyctl, engine: Engine, conversation: Conversation) -> None:
    add_job(engine, conversation, type=JobType.POST_PROCESS, status=JobStatus.RUNNING, lease_s=60)
    result = replyctl("lead", "erase", conversation.email, "--yes", "--wait", "0", "--without-provider")
    assert "is running" in refusal(result)


def test_nothing_is_erased_without_a_yes(replyctl: Replyctl, conversation: Conversation) -> None:
    assert "Nothing brings it back" in refusal(replyctl("lead", "erase", conversation.email))
    assert as_json(replyctl("lead", "show", conversation.email, "--json"))["lead"]["erased_at"] is None


@pytest.mark.parametrize("code", list(EraseRefusal))
def test_every_refusal_has_a_sentence_and_a_way_on(code: EraseRefusal) -> None:
    sentence, remedy = REFUSALS[code]
    assert sentence
    assert remedy.endswith((".", "--without-provider"))


# --- After a restore -------------------------------------------------------------------------------------------------


def test_who_was_erased_since_the_backup_is_erased_again(
    replyctl: Replyctl, engine: Engine, conversation: Conversation, tmp_path: Path
) -> None:
    tables = ("lead", "message", "draft")
    with engine.connect() as connection:
        backup = {table: connection.execute(text(f"SELECT * FROM {table}")).mappings().one() for table in tables}
    as_json(replyctl("lead", "erase", conversation.email, "--yes", "--without-provider", "--json"))
    kept = tmp_path / "tombstones.jsonl"
    kept.write_text(replyctl("tombstones", "export").stdout)
    assert conversation.email not in kept.read_text()
    restore(engine, backup)
    assert "lead" in mentions(engine, conversation.email)

    applied = as_json(replyctl("tombstones", "apply", str(kept), "--json"))
    assert (applied["tombstones"], len(applied["erased"]), applied["refused"]) == (1, 1, [])
    assert mentions(engine, conversation.email) == []
    assert mentions(engine, "tell me more") == []
    again = replyctl("tombstones", "apply", str(kept))
    assert again.stdout.strip() == "1 tombstones taken in, 0 people erased again."
    assert replyctl("tombstones", "export").stdout == kept.read_text()


def test_a_lead_that_came_after_its_tombstone_stays(
    replyctl: Replyctl, engine: Engine, conversation: Conversation, tmp_path: Path
) -> None:
    kept = tmp_path / "tombstones.jsonl"
    own = hash_address(ClientId(conversation.client_id), Address(IdentityKind.EMAIL, conversation.email))
    stone = {"client_id": str(conversation.client_id), "address_hash": own.hex(), "kind": "EMAIL"}
    kept.write_text(json.dumps(stone | {"erased_at": "2020-01-01T00:00:00+00:00"}) + "\n")
    assert as_json(replyctl("tombstones", "apply", str(kept), "--json"))["erased"] == []


def test_what_has_something_under_way_is_named(
    replyctl: Replyctl, engine: Engine, conversation: Conversation, tmp_path: Path
) -> None:
    kept = tmp_path / "tombstones.jsonl"
    own = hash_address(ClientId(conversation.client_id), Address(IdentityKind.EMAIL, conversation.email))
    stone = {"client_id": str(conversation.client_id), "address_hash": own.hex(), "kind": "EMAIL"}
    kept.write_text(json.dumps(stone | {"erased_at": "2099-01-01T00:00:00+00:00"}) + "\n")
    add_job(engine, conversation, type=JobType.POST_PROCESS, status=JobStatus.RUNNING, lease_s=60)
    result = replyctl("tombstones", "apply", str(kept))
    assert result.exit_code == 1
    assert str(conversation.lead_id) in result.stdout


@pytest.mark.parametrize("line", ["{}", "nonsense", "[]", '{"client_id": "x"}'])
def test_a_line_that_is_no_tombstone_is_named(replyctl: Replyctl, tmp_path: Path, line: str) -> None:
    file = tmp_path / "wrong.jsonl"
    file.write_text("\n" + line)
    assert "Line 2 is no tombstone" in refusal(replyctl("tombstones", "apply", str(file)))


def restore(engine: Engine, backup: dict[str, Any]) -> None:
    """Brings the rows and texts of before the erasure back, and nothing that was written since."""
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM tombstone"))
        for table, row in backup.items():
            sets = ", ".join(f"{name} = :{name}" for name, value in row.items() if not isinstance(value, dict | list))
            values = {name: value for name, value in row.items() if not isinstance(value, dict | list)}
            connection.execute(text(f"UPDATE {table} SET {sets} WHERE id = :id"), values)
