"""replyctl: the operator's command line. Each command group is a module of ops.commands, loaded when it is used."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from ops.errors import CommandError
from ops.options import AsJson, StackFile, wants_json
from ops.output import report_error

COMMANDS = {
    "client": "clients",
    "account": "accounts",
    "settings": "settings",
    "knowledge": "knowledge",
    "campaign": "campaigns",
    "drafts": "drafts",
    "jobs": "jobs",
    "events": "events",
    "lead": "leads",
    "tombstones": "tombstones",
    "commitments": "commitments",
    "dlq": "dead_letters",
    "pause": "pauses:pause_app",
    "resume": "pauses:resume_app",
    "after-restore": "after_restore",
    "webhook": "webhooks",
    "keys": "keys",
    "doctor": "doctor",
    "explain": "explain",
    "check-draft": "check_draft",
}
"""Command → module of ops.commands, with the app's name where it has two. Most load SQLAlchemy (0.3 s), which
``explain`` has no use for."""


class Commands(TyperGroup):
    """The command groups by name, and one place where an error becomes a sentence and exit code 1."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: typer.Context, cmd_name: str) -> Any:  # type: ignore[override]  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = get_command(getattr(import_module(f"ops.commands.{module}"), name or "app"))
        command.name = cmd_name
        return command

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        try:
            return super().invoke(ctx)
        except CommandError as error:
            report_error(error.sentence, error.remedy, as_json=wants_json(ctx))
            raise typer.Exit(1) from None


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Works on the running local stack (make up) without any flag. Every command takes --json and --help.",
)


@app.callback()
def root(as_json: AsJson = False, stack: StackFile = None) -> None:
    """Look into the reply pipeline and decide what it leaves to people.

    Is everything well?    replyctl doctor

    What waits for me?     replyctl drafts list --status NEEDS_REVIEW

    What about this lead?  replyctl lead show pat@example.com

    Stop sending, now:     replyctl pause all-sends --everything
    """


def main() -> None:
    """Runs the command line: exit code 0 for done, 1 for refused (with the reason), 2 for not understood."""
    app(prog_name="replyctl")


if __name__ == "__main__":
    main()
