"""replyctl settings: how a workspace wants its replies written and sent."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from ops.errors import CommandError
from ops.files import GivenFile, file_option, given_file
from ops.options import AsJson, ClientName, StackFile, command_group
from ops.output import plain, print_json, print_table, say, shorten
from ops.stack import target
from shared.db.settings import get_settings, set_settings
from shared.domain.setting_values import describe_sending_window
from shared.domain.workspace_settings import (
    SETTINGS,
    InvalidSettingError,
    WorkspaceSettings,
    parse_setting,
)

LINKEDIN_TERMS = (
    "Before this is set: LinkedIn's User Agreement (8.2) forbids bots and other unauthorised automated methods to send"
    " or redirect messages, and the terms of its messaging API ask that the member confirms each message. Accounts that"
    " break them are restricted or closed. While linkedin_auto_send is true, answers leave in the member's name without"
    " anybody's confirmation; false lets people approve each."
)

app = command_group("How a workspace wants its replies written and sent.")


@app.command("get")
def get(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME", help="Only these settings.")] = None,
    client: ClientName = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Show the settings, what they mean and what they are."""
    unknown = [name for name in names or [] if name not in SETTINGS]
    if unknown:
        raise CommandError(f"There is no setting {unknown[0]}.", f"The settings are {', '.join(SETTINGS)}.")
    with target(stack).workspace(client) as (connection, workspace):
        settings = get_settings(connection, workspace.id)
    _show(settings, names or list(SETTINGS), as_json=as_json)


@dataclass(frozen=True, slots=True)
class Pair:
    """NAME=VALUE."""

    name: str
    value: object


def _pair(argument: str) -> Pair:
    name, equals, value = argument.partition("=")
    if not equals:
        raise CommandError(f"{argument} is no NAME=VALUE.", "For example: timezone=Europe/Berlin")
    return Pair(name.strip(), given_file(value[1:]).text() if value.startswith("@") else value)


@app.command("set")
def set_(
    values: Annotated[
        list[Pair] | None,
        typer.Argument(
            metavar="NAME=VALUE",
            help="A value of @FILE is read from that file; none clears a setting; lists are separated by semicolons.",
            parser=_pair,
        ),
    ] = None,
    file: Annotated[GivenFile | None, file_option("Take settings from a .json or .toml file too.")] = None,
    client: ClientName = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Change settings, all or none of them.

    Examples:

    replyctl settings set timezone=Europe/Berlin sending_window="mon-fri 09:00-17:00"

    replyctl settings set service_description=@service.md booking_link=https://cal.example.com/sam

    replyctl settings set auto_send_enabled=false     (stops every automated answer at once)
    """
    changes = {**(_read(file) if file else {}), **{pair.name: pair.value for pair in values or []}}
    if not changes:
        raise CommandError("Nothing to set.", "Say NAME=VALUE, or --file FILE. replyctl settings get shows the names.")
    try:
        parsed = {name: parse_setting(name, value) for name, value in changes.items()}  # mistakes come first
        if parsed.get("linkedin_auto_send"):
            say(LINKEDIN_TERMS, stderr=True)
        with target(stack).workspace(client) as (connection, workspace):
            settings = set_settings(connection, workspace.id, changes)
    except InvalidSettingError as error:
        raise CommandError(f"{error}.", "Nothing was changed.") from None
    if not as_json:
        say(f"Changed {', '.join(changes)} of {workspace.name}.")
    _show(settings, list(changes), as_json=as_json)


def _read(file: GivenFile) -> dict[str, object]:
    try:
        values: Any = tomllib.loads(file.text()) if file.suffix == ".toml" else json.loads(file.text())
    except ValueError as error:
        raise CommandError(
            f"{file.name} cannot be read: {error}.", "It takes JSON, or TOML when its name ends in .toml."
        ) from None
    if not isinstance(values, dict):
        raise CommandError(f"{file.name} holds no settings.", 'It takes an object like {"timezone": "Europe/Berlin"}.')
    return values


def _show(settings: WorkspaceSettings, names: list[str], *, as_json: bool) -> None:
    if as_json:
        print_json({name: getattr(settings, name) for name in names})
        return
    print_table(
        ["setting", "value", "meaning"],
        [(name, _as_text(name, getattr(settings, name)), SETTINGS[name]) for name in names],
        empty="No settings.",
    )


def _as_text(name: str, value: object) -> object:
    if name == "sending_window":
        return describe_sending_window(value if isinstance(value, dict) else None)
    if isinstance(value, list):
        return "; ".join(value)
    if value is None:
        return "none"
    return shorten(value, 200) if isinstance(value, str) else str(plain(value)).lower()
