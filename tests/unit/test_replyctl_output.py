"""The forms of replyctl's output: one JSON document for programs, harmless tables for people."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from ops.output import cell, plain, print_json, print_table, shorten, visible
from ops.replyctl import COMMANDS, app
from shared.domain.vocabulary import JobStatus


@dataclass(frozen=True)
class Point:
    id: UUID
    at: datetime
    status: JobStatus
    cost: Decimal
    parts: tuple[bytes, None]


def test_json_speaks_ids_times_and_states_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    berlin = timezone(timedelta(hours=1))
    point = Point(
        UUID(int=7), datetime(2026, 1, 2, 1, 0, tzinfo=berlin), JobStatus.FAILED, Decimal("0.5"), (b"\xff", None)
    )

    print_json([point])

    assert json.loads(capsys.readouterr().out) == [
        {
            "id": "00000000-0000-0000-0000-000000000007",
            "at": "2026-01-02T00:00:00Z",
            "status": "FAILED",
            "cost": 0.5,
            "parts": ["\N{REPLACEMENT CHARACTER}", None],
        }
    ]


def test_json_is_ascii_whatever_a_lead_wrote(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"text": "Grüße \ud800 🎉"})

    output = capsys.readouterr().out
    assert output.isascii()
    assert json.loads(output)["text"] == "Grüße \ud800 🎉"


def test_json_refuses_what_it_does_not_know() -> None:
    with pytest.raises(TypeError, match="object"):
        plain(object())


@given(st.text(st.characters()))
def test_nothing_that_is_shown_can_command_a_terminal(value: str) -> None:
    shown = visible(value)

    assert not any(ord(letter) < 32 and letter not in "\t\n" for letter in shown)
    assert not any(127 <= ord(letter) < 160 or letter in "\u202a\u202e\u2066\u2069" for letter in shown)
    shown.encode()  # no lone surrogate is left


@given(st.text(), st.integers(1, 50))
def test_a_shortened_text_is_one_line_within_its_limit(value: str, limit: int) -> None:
    shortened = shorten(value, limit)

    assert shortened is not None
    assert len(shortened) <= limit
    assert "\n" not in shortened


def test_a_cell_shows_nothing_as_a_dash_and_times_in_utc() -> None:
    assert str(cell(None)) == str(cell("")) == "–"
    assert str(cell(datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC))) == "2026-01-02 03:04:05"
    assert str(cell(0)) == "0"


def test_an_id_is_never_broken_over_lines(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [(UUID(int=number), "word " * 60, "word " * 60) for number in range(3)]

    print_table(["id", "one", "two"], rows, empty="")

    output = capsys.readouterr().out
    assert all(str(row[0]) in output for row in rows)
    assert max(len(line) for line in output.splitlines()) <= 170


def test_every_command_explains_itself() -> None:
    runner = CliRunner()
    top = runner.invoke(app, ["--help"])
    assert top.exit_code == 0
    for noun in COMMANDS:
        assert noun in top.stdout
        helped = runner.invoke(app, [noun, "--help"])
        assert helped.exit_code == 0, noun
        assert "Usage" in helped.stdout


def test_without_a_stack_it_says_how_to_start_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ops.stack.REPOSITORY", tmp_path)
    monkeypatch.delenv("REPLYCTL_STACK", raising=False)

    refused = CliRunner().invoke(app, ["drafts", "list"])

    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == "Error: No local stack is running.\nStart one with: make up\n"
    as_json = CliRunner().invoke(app, ["--json", "drafts", "list"])
    assert json.loads(as_json.stderr) == {"error": "No local stack is running.", "remedy": "Start one with: make up"}


def test_a_command_that_is_not_there_is_a_usage_error() -> None:
    assert CliRunner().invoke(app, ["draughts"]).exit_code == 2


def test_explain_answers_line_by_line_and_names_what_it_cannot_read(tmp_path: Path) -> None:
    file = tmp_path / "replies.jsonl"
    file.write_text('{"id": "a", "text": "Please unsubscribe me."}\n\nno json\n{"id": "b", "text": "Tell me more."}\n')

    result = CliRunner().invoke(app, ["explain", str(file)])

    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", None, "b"]
    assert [answer.get("suppress") for answer in answers] == [True, None, False]
    assert "line 3" in answers[1]["error"]
    assert result.exit_code == 1
    assert "1 of 3 lines could not be read" in result.stderr


def test_explain_asks_the_offline_rules_without_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    result = CliRunner().invoke(app, ["explain", "-", "--ai"], input='{"id": 1, "text": "What does it cost?"}\n')

    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["tag"] == "Information Requested"
    assert "offline rules server" in result.stderr


def test_explain_says_when_there_is_no_file() -> None:
    result = CliRunner().invoke(app, ["explain", "/no/such/file.jsonl"])

    assert (result.exit_code, result.stdout) == (1, "")
    assert "/no/such/file.jsonl cannot be read" in result.stderr


def test_a_narrow_terminal_gets_blocks_instead_of_a_table(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ops.output.PIPED_WIDTH", 60)
    rows = [(UUID(int=number), "kim@acme.test", "NEEDS_REVIEW", "word " * 20) for number in range(2)]

    print_table(["id", "lead", "status", "draft"], rows, empty="")

    output = capsys.readouterr().out
    assert all(str(row[0]) in output for row in rows)
    assert output.count("NEEDS_REVIEW") == 2
    assert max(len(line) for line in output.splitlines()) <= 60


def test_looking_at_a_file_of_replies_loads_no_database_and_no_cloud() -> None:
    """explain works on a bare machine and starts fast."""
    import subprocess

    code = (
        "import sys; import ops.replyctl as r; r.app(['explain', '-'], standalone_mode=False);"
        "print([m for m in ('sqlalchemy', 'psycopg', 'boto3', 'botocore', 'openai') if m in sys.modules])"
    )
    finished = subprocess.run(
        [sys.executable, "-c", code], input=b'{"id": 1, "text": "ok"}\n', capture_output=True, check=True, timeout=60
    )
    answer, loaded = finished.stdout.decode().splitlines()
    assert json.loads(answer)["id"] == 1
    assert loaded == "[]"


def test_check_draft_prints_findings_and_commitments_line_by_line(tmp_path: Path) -> None:
    workspaces = tmp_path / "workspaces.json"
    workspaces.write_text('{"acme": {"persona": {"name": "Mara Lind"}, "knowledge": [{"text": "490 € a month."}]}}')
    context = {"workspace": "acme", "reply": "Price?", "lead": ["Anna", "Schulz", None], "now": "2026-11-26 Thu"}
    drafts = [
        {"draft": "Hi Anna,\n\nIt is 490 € a month.\n\nBest,\nMara Lind", "context": context},
        {"draft": "Hi Anna,\n\nIt is 590 € a month. I'll call you.\n\nBest,\nMara Lind", "context": context},
        {"draft": "Hi Anna", "context": context | {"workspace": "none"}},
    ]
    file = tmp_path / "drafts.jsonl"
    file.write_text("\n".join(map(json.dumps, drafts)))

    result = CliRunner().invoke(app, ["check-draft", str(file), "--workspaces", str(workspaces)])

    right, wrong, unknown = (json.loads(line) for line in result.stdout.splitlines())
    assert right == {"findings": [], "commitments": []}
    assert [finding["check"] for finding in wrong["findings"]] == ["amount"]
    assert "590 €" in wrong["findings"][0]["words"]
    assert wrong["commitments"] == [{"kind": "CALL", "words": "I'll call you."}]
    assert "line 3: no workspace is called 'none'" in unknown["error"]
    assert result.exit_code == 1
