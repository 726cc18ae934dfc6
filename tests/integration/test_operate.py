"""replyctl on a deployed stage: files, standard input and the editor are the operator's, never the function's."""

from __future__ import annotations

import ast
import inspect
import io
import json
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import NoRegionError
from sqlalchemy import Engine
from typer.main import get_command

import ops.options
from infra.errors import DeploymentError
from infra.operate import REQUEST_LIMIT, main, operate
from ops.command_line import understand
from ops.errors import CommandError
from ops.files import pack
from ops.operations_function import handler
from ops.replyctl import COMMANDS, app
from shared.db.knowledge import list_knowledge
from shared.db.reports.drafts import get_draft
from shared.db.settings import get_settings
from shared.domain.vocabulary import ClientId
from tests.integration.conversations import Conversation

SECRET = "secret-of-the-functions-machine"


class Context:
    def get_remaining_time_in_millis(self) -> int:
        return 120_000


class FakeLambda:
    """Calls the function's own handler with what would have travelled, as JSON both ways."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: ARG002, N803 (as boto3 calls it)
        self.requests.append(json.loads(Payload))
        answer = handler(json.loads(Payload), Context())
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}


@pytest.fixture
def function(
    monkeypatch: pytest.MonkeyPatch, database_url: str, queues: dict[str, str], sqs_endpoint: str
) -> FakeLambda:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("WEBHOOK_SIGNING_KEYS", json.dumps({"current": "k" * 32}))
    return FakeLambda()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The operator's folder, where no command of the function runs."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run(function: FakeLambda, here: Path) -> Run:
    def run_command(*arguments: str) -> dict[str, Any]:
        answer = operate(function, "fn", arguments)  # type: ignore[arg-type]
        assert answer["exit_code"] == 0, answer
        return answer

    return run_command


def test_files_are_read_where_the_operator_is(run: Run, here: Path, engine: Engine, conversation: Conversation) -> None:
    (here / "prices.md").write_text("Growth: 690 € a month.", encoding="utf-8")
    (here / "service.md").write_text("We count.", encoding="utf-8")
    (here / "more.toml").write_text('company_name = "Acme"', encoding="utf-8")

    run("knowledge", "add", "Prices", "--file", "prices.md")
    run("settings", "set", "service_description=@service.md", "persona_name=Jordan", "--file=more.toml")

    client_id = ClientId(conversation.client_id)
    with engine.connect() as connection:
        assert [asset.text for asset in list_knowledge(connection, client_id)] == ["Growth: 690 € a month."]
        settings = get_settings(connection, client_id)
    assert (settings.service_description, settings.persona_name, settings.company_name) == (
        "We count.",
        "Jordan",
        "Acme",
    )


def test_standard_input_is_the_operators(
    run: Run, engine: Engine, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("Hi Pat,\nüber 690 €.".encode())))

    run("drafts", "edit", str(conversation.draft_id), "--file", "-")

    assert body_of(engine, conversation) == "Hi Pat,\nüber 690 €."


def test_the_editor_is_the_operators(
    run: Run, function: FakeLambda, here: Path, engine: Engine, conversation: Conversation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    editor = here / "editor"
    editor.write_text('#!/bin/sh\nprintf "and more" >> "$1"\n')
    editor.chmod(0o755)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", str(editor))

    run("drafts", "edit", str(conversation.draft_id), "--client", "Acme")

    assert body_of(engine, conversation) == "Hi Pat,\nhappy to talk.\nand more"
    assert [request["arguments"][-2:] for request in function.requests[:1]] == [["--client", "Acme"]]


def test_the_editor_is_not_opened_for_a_draft_that_is_not_there(
    function: FakeLambda, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "/no/such/editor")

    answer = operate(function, "fn", ["drafts", "edit", str(conversation.client_id)])  # type: ignore[arg-type]

    assert answer["exit_code"] == 1
    assert "There is no draft" in answer["stderr"]


def test_a_file_that_is_not_here_is_said_before_anything_is_sent(function: FakeLambda, here: Path) -> None:
    with pytest.raises(CommandError, match=r"prices.md cannot be read: No such file"):
        operate(function, "fn", ["knowledge", "add", "Prices", "--file", "prices.md"])  # type: ignore[arg-type]
    assert function.requests == []


def test_a_call_that_lambda_would_not_take_is_not_made(function: FakeLambda, here: Path) -> None:
    (here / "film.md").write_bytes(b"x" * REQUEST_LIMIT)

    with pytest.raises(DeploymentError, match=r"8\.0 MB.*Lambda takes 6 MB.*Nothing was sent"):
        operate(function, "fn", ["knowledge", "add", "Film", "--file", "film.md"])  # type: ignore[arg-type]
    assert function.requests == []


def test_what_needs_no_stage_is_not_sent_there(function: FakeLambda, here: Path) -> None:
    (here / "replies.jsonl").write_text("{}")

    with pytest.raises(CommandError, match="needs no stage"):
        operate(function, "fn", ["--json", "explain", "replies.jsonl"])  # type: ignore[arg-type]
    assert function.requests == []


def test_usage_and_help_are_the_functions(function: FakeLambda, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = operate(function, "fn", ["drafts", "lst"])  # type: ignore[arg-type]
    helped = operate(function, "fn", ["drafts", "edit", "--help"])  # type: ignore[arg-type]

    assert (wrong["exit_code"], "No such command" in wrong["stderr"]) == (2, True)
    assert (helped["exit_code"], "--file" in helped["stdout"]) == (0, True)
    assert capsys.readouterr().out == "", "printed once, by main"


def test_no_region_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def no_region(*_: object, **__: object) -> None:
        raise NoRegionError

    monkeypatch.setattr("boto3.client", no_region)

    assert main(["prod", "--", "drafts", "list"]) == 1
    assert (
        capsys.readouterr().err == "AWS cannot be asked: You must specify a region. Set AWS_REGION, and credentials.\n"
    )


# ── The function ─────────────────────────────────────────────────────────────────────────────────────────────────────


def file_parameters() -> Iterator[tuple[str, str]]:
    """Yields every parameter of every command that a caller can name a file with: command and parameter."""
    every: Any = get_command(app)
    for noun in COMMANDS:
        group = every.get_command(None, noun)
        for verb, command in (getattr(group, "commands", None) or {"": group}).items():
            for parameter in command.params:
                if "FILE" in f"{parameter.metavar} {getattr(parameter, 'help', '') or ''}":
                    yield f"{noun} {verb}".strip(), parameter.name


OF_A_CALLER: dict[tuple[str, str], Sequence[str]] = {
    ("settings set", "values"): ["settings", "set", "service_description=@{path}"],
    ("settings set", "file"): ["settings", "set", "--file", "{path}"],
    ("knowledge add", "file"): ["knowledge", "add", "x", "--file", "{path}"],
    ("drafts edit", "file"): ["drafts", "edit", "{draft}", "--file", "{path}"],
    ("explain", "file"): ["--json", "explain", "{path}"],
    ("check-draft", "file"): ["--json", "check-draft", "{path}", "--workspaces", "{path}"],
    ("check-draft", "workspaces"): ["--json", "check-draft", "{path}", "--workspaces", "{path}"],
    ("tombstones apply", "file"): ["tombstones", "apply", "{path}"],
}


def test_every_parameter_that_names_a_file_is_tried_below() -> None:
    assert {found for found in file_parameters() if found[1] != "stack"} == set(OF_A_CALLER)


def test_no_command_opens_a_file_by_itself() -> None:
    """``ops.files`` does, and decides where."""
    for module in [
        ops.options,
        *(import_module(f"ops.commands.{name.partition(':')[0]}") for name in COMMANDS.values()),
    ]:
        names = {
            node.id if isinstance(node, ast.Name) else node.attr
            for node in ast.walk(ast.parse(inspect.getsource(module)))
            if isinstance(node, ast.Name | ast.Attribute)
        }
        assert names & {"open", "Path", "read_text", "read_bytes", "stdin"} <= ALLOWED.get(module.__name__, set())


ALLOWED = {"ops.options": {"stdin"}}  # whether anybody is there to answer a question


def ask(arguments: Sequence[str], **event: object) -> dict[str, Any]:
    return handler({"arguments": list(arguments), "operator": "mallory", **event}, Context())


@pytest.mark.parametrize("parameter", OF_A_CALLER, ids=" ".join)
def test_the_function_opens_no_file_that_a_caller_names(
    function: FakeLambda, conversation: Conversation, engine: Engine, tmp_path: Path, parameter: tuple[str, str]
) -> None:
    (tmp_path / "creds.json").write_text(json.dumps({"service_description": SECRET}))
    draft_id = str(conversation.draft_id)
    arguments = [part.format(path=tmp_path / "creds.json", draft=draft_id) for part in OF_A_CALLER[parameter]]

    answer = ask(arguments)

    assert answer["exit_code"] == 1
    assert "did not come with the call, and no file is opened here" in answer["stderr"]
    assert SECRET not in answer["stdout"] + answer["stderr"]
    client_id = ClientId(conversation.client_id)
    with engine.connect() as connection:
        assert list_knowledge(connection, client_id) == []
        assert SECRET not in str(get_settings(connection, client_id))


def test_the_function_takes_no_stack_file(function: FakeLambda, conversation: Conversation) -> None:
    answer = ask(["drafts", "list", "--stack", "/proc/self/environ"])

    assert (answer["exit_code"], "Leave --stack out" in answer["stderr"]) == (1, True)


def test_the_functions_own_files_are_no_input_either(
    function: FakeLambda, conversation: Conversation, engine: Engine
) -> None:
    """Standard input is the call's, whether the call has one or not."""
    answer = ask(["knowledge", "add", "x", "--file", "-"], files=pack({"prices.md": b"x"}))

    assert "The file - did not come with the call" in answer["stderr"]


@pytest.mark.parametrize("files", [[], {"a": 1}, {"a": "no base64!"}])
def test_files_of_another_shape_are_refused(files: object) -> None:
    assert ask(["drafts", "list"], files=files)["exit_code"] == 2


def test_every_file_that_a_command_reads_is_noted_under_the_name_it_was_given(here: Path) -> None:
    (here / "a.md").write_bytes(b"a")
    (here / "b.json").write_bytes(b"{}")

    command = understand(["settings", "set", "service_description=@a.md", "--file", str(here / "b.json")])

    assert command is not None
    assert command.path == ("settings", "set")
    assert command.files == {"a.md": b"a", str(here / "b.json"): b"{}"}


def body_of(engine: Engine, conversation: Conversation) -> str:
    with engine.connect() as connection:
        draft = get_draft(connection, conversation.draft_id)
    assert draft is not None
    return draft.body
