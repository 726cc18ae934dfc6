"""The options that many commands share: the output's form, the stack, the filters of lists and the confirmation."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from ops.errors import CommandError
from ops.files import runs_for_a_caller

_JSON = "replyctl.json"
_STACK = "replyctl.stack"


def wants_json(context: typer.Context) -> bool:
    """True when --json was given, before or behind the command's name."""
    return bool(context.meta.get(_JSON))


# What a callback returns is what the command gets: the option counts wherever it stands.
def _merge_json(context: typer.Context, value: bool) -> bool:
    context.meta[_JSON] = value or wants_json(context)
    return wants_json(context)


def _merge_stack(context: typer.Context, value: str | None) -> str | None:
    if value is not None and runs_for_a_caller():
        raise CommandError("A deployed stage has no stack.json.", "Leave --stack out.")
    chosen: str | None = value or context.meta.get(_STACK)
    context.meta[_STACK] = chosen
    return chosen


AsJson = Annotated[
    bool,
    typer.Option("--json", help="Print one JSON document instead of a table.", callback=_merge_json, is_eager=True),
]
StackFile = Annotated[
    str | None,
    typer.Option(
        "--stack",
        metavar="FILE",
        help="The stack.json of a running stack (default: REPLYCTL_STACK, else the repository's .local/stack.json).",
        callback=_merge_stack,
        show_default=False,
        is_eager=True,
    ),
]
ClientName = Annotated[
    str | None,
    typer.Option(
        "--client", metavar="CLIENT", help="Workspace, by id or name (default: the stack's own).", show_default=False
    ),
]
Owner = Annotated[
    str | None,
    typer.Option(
        "--client",
        metavar="CLIENT",
        help="Refuse what does not belong to this workspace, by id or name.",
        show_default=False,
    ),
]
AccountName = Annotated[
    str | None,
    typer.Option(
        "--account",
        metavar="ACCOUNT",
        help="Account, by id, by its provider's id, or by its provider (default: the workspace's only one).",
        show_default=False,
    ),
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="At most so many, the newest first.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")]
By = Annotated[
    str | None, typer.Option("--by", metavar="NAME", help="Who decides (default: your login name).", show_default=False)
]


def only(what: str) -> Any:
    """Declares the option of a list that limits it to some kinds of ``what``, of any enumeration."""
    return typer.Option(f"--{what}", case_sensitive=False, help=f"Only this {what}; may be given several times.")


def command_group(help: str) -> typer.Typer:
    """Makes the app of one noun."""
    group = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode="rich", help=help)
    group.callback()(_nothing)  # without a callback Typer drops the verb of a noun that has only one
    return group


def _nothing() -> None:
    pass


def confirm(question: str, yes: bool) -> None:
    """Asks on standard error, unless ``yes``. Raises CommandError when a person says no, or nobody is there."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise CommandError(f"{question} Nobody is there to confirm.", "Say yes with --yes.")
    if not typer.confirm(question, err=True):
        raise CommandError("Nothing was changed.")
