"""replyctl client: workspaces and their webhook tokens."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from ops.accounts import describe_replayed, replay_unclaimed
from ops.errors import CommandError
from ops.hooks import tell_hooks, told
from ops.options import AsJson, StackFile, Yes, command_group, confirm
from ops.output import print_facts, print_json, print_table, say
from ops.stack import Target, parse_id, target
from shared.db.clients import (
    Client,
    ClientExistsError,
    create_client,
    disable_client,
    enable_client,
    list_clients,
    rotate_webhook_token,
)
from shared.db.found_accounts import await_deliveries
from shared.db.job_changes import wake_deferred_jobs
from shared.domain.vocabulary import WaitingFor
from shared.domain.webhook_token import make_token

if TYPE_CHECKING:
    from sqlalchemy import Engine

app = command_group("Workspaces and their webhook tokens.")

Reference = Annotated[str, typer.Argument(metavar="CLIENT", help="Workspace, by id or name.")]


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What people call the workspace.")],
    instantly_workspace: Annotated[
        str | None,
        typer.Option(
            "--instantly-workspace",
            metavar="ID",
            help="Instantly's id of the workspace: events of any other are then quarantined.",
        ),
    ] = None,
    id: Annotated[
        str | None,
        typer.Option("--id", metavar="ID", help="Its id, when it was lost and its events still come."),
    ] = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Make a workspace with default settings and print what its Instantly webhook needs.

    Nothing is sent for it until a campaign is set to AUTO_SEND: replies get drafts that a person approves.
    """
    if not name.strip():
        raise CommandError("The name is empty.", "Name the workspace after the customer.")
    wanted_id = None if id is None else parse_id(id, "a workspace")
    here = target(stack)
    try:
        with here.database() as engine, engine.begin() as connection:
            client = create_client(connection, name.strip(), external_account=instantly_workspace, id=wanted_id)
    except ClientExistsError as error:
        raise CommandError(f"{str(error).capitalize()}.", "replyctl client list shows what there is.") from None
    if not as_json:
        say(f"Made the workspace {client.name}.")
    try:
        key = here.signing_keys()[0]
    except CommandError:  # the workspace is there; its token needs a key that this machine does not have
        key = None
    _show_hook(here, client, key, as_json=as_json)


@app.command("list")
def list_(stack: StackFile = None, as_json: AsJson = False) -> None:
    """List the workspaces."""
    here = target(stack)
    with here.database() as engine, engine.connect() as connection:
        clients = list_clients(connection)
    if as_json:
        print_json(clients)
        return
    default = here.stack.client_id if here.stack else None
    print_table(
        ["id", "name", "Instantly workspace", "token version", "state", "made (UTC)"],
        [
            (
                client.id,
                client.name + (" (default)" if client.id == default else ""),
                ", ".join(account.external_id for account in client.accounts if account.external_id) or None,
                client.webhook_token_version,
                "disabled" if client.disabled_at else "active",
                client.created_at,
            )
            for client in clients
        ],
        empty="No workspace yet. Make one with: replyctl client add NAME",
    )


@app.command("token")
def token(
    client: Annotated[
        str | None,
        typer.Argument(
            metavar="CLIENT", help="Workspace, by id or name (default: the stack's own).", show_default=False
        ),
    ] = None,
    rotate: Annotated[
        bool, typer.Option("--rotate", help="Revoke every earlier token first, and tell Instantly's hook the new one.")
    ] = False,
    yes: Yes = False,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Print the webhook token, with the URL and the header to paste into Instantly.

    Instantly signs nothing, but it sends the header that is registered with the webhook.
    """
    here = target(stack)
    key = here.signing_keys()[0]  # before the old token is revoked
    with here.database() as engine:
        found = here.client(engine, client)
        if rotate:
            confirm(f"Revoke every token of {found.name}? Whoever sends an earlier one is refused at once.", yes)
            with engine.begin() as connection:
                found = rotate_webhook_token(connection, found.id)
            say(_tell_hooks(here, engine, found, key), stderr=True)
    _show_hook(here, found, key, as_json=as_json)


@app.command("disable")
def disable(client: Reference, yes: Yes = False, stack: StackFile = None, as_json: AsJson = False) -> None:
    """Stop taking events of a workspace: its webhook answers 401, and Instantly disables the hook after a while."""
    here = target(stack)
    with here.database() as engine:
        found = here.client(engine, client)
        confirm(f"Refuse every event of {found.name} from now on?", yes)
        with engine.begin() as connection:
            found = disable_client(connection, found.id, at=datetime.now(UTC))
    _show_client(found, f"{found.name} is disabled: its events are refused.", as_json=as_json)


@app.command("enable")
def enable(client: Reference, stack: StackFile = None, as_json: AsJson = False) -> None:
    """Take events of a disabled workspace again."""
    here = target(stack)
    with here.database() as engine:
        found = here.client(engine, client)
        with engine.begin() as connection:
            await_deliveries(connection, found.id)
            found = enable_client(connection, found.id)
            waiting = wake_deferred_jobs(connection, found.id, [WaitingFor.WORKSPACE_DISABLED])
        kept = replay_unclaimed(here, engine, found.id)
    if found.hook_token is not None and not _was_told(here, found):
        say(f"Its hook carries an older token. {_register(found)}", stderr=True)
    going_on = f" {waiting} jobs that waited go on within a minute." if waiting else ""
    if kept:
        going_on += f" {describe_replayed(kept)}"
    _show_client(found, f"{found.name} is enabled: its events are taken.{going_on}", as_json=as_json)


def _tell_hooks(here: Target, engine: Engine, client: Client, key: str) -> str:
    """Has the hook send the new token at once; what came of it, and what is left to do, as a sentence."""
    try:
        with here.account(engine, client.id) as account:
            hooks = tell_hooks(account, engine, client, key)
    except CommandError as error:
        return f"Its hook was not told the new token, and is refused: {error.sentence} {_register(client)}"
    if not hooks:
        return f"It has no hook at Instantly that could be told the new token. {_register(client)}"
    return f"Told the hook {', '.join(hook.id for hook in hooks)}: it sends the new token from now on."


def _register(client: Client) -> str:
    return f"Run: replyctl webhook register --client {client.id}"


def _was_told(here: Target, client: Client) -> bool:
    try:
        return client.hook_token == told(client, here.signing_keys()[0])
    except CommandError:  # a machine without the keys cannot know
        return True


def _show_client(client: Client, sentence: str, *, as_json: bool) -> None:
    if as_json:
        print_json(client)
    else:
        say(sentence)


def _show_hook(here: Target, client: Client, key: str | None, *, as_json: bool) -> None:
    secret = None if key is None else make_token(client.id, client.webhook_token_version, key)
    header = None if secret is None else f"Authorization: Bearer {secret}"
    url = here.webhook_url(client.id)
    if as_json:
        print_json({"client": client, "token": secret, "url": url, "header": header})
        return
    print_facts(
        {
            "client": client.id,
            "name": client.name,
            "state": "disabled" if client.disabled_at else "active",
            "url": url,
            "header": header or "unknown without WEBHOOK_SIGNING_KEYS",
            "token": secret,
        }
    )
