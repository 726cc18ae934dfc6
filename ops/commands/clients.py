"""replyctl client: workspaces and their webhook tokens."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from ops.accounts import accounts_in_use, asking
from ops.errors import CommandError
from ops.hook_text import print_hook_settings, shown_hook_settings
from ops.hooks import proves_itself, tell_hooks, told
from ops.kept_deliveries import describe_replayed, replay_unclaimed
from ops.options import AsJson, StackFile, Yes, command_group, confirm
from ops.output import print_facts, print_json, print_table, say
from ops.stack import Target, parse_id, target
from ops.wording import describe_account, provider_title
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
from shared.domain.vocabulary import Provider, WaitingFor

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from shared.db.reports.accounts import AccountReport

app = command_group("Workspaces and their webhook tokens.")

Reference = Annotated[str, typer.Argument(metavar="CLIENT", help="Workspace, by id or name.")]


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What people call the workspace.")],
    account: Annotated[
        str,
        typer.Option(
            "--account",
            metavar="PROVIDER[=ID]",
            help="Its account: the provider, and the id there, if known: events of any other are then quarantined."
            " Further accounts: replyctl account add.",
        ),
    ] = Provider.INSTANTLY.lower(),
    id: Annotated[
        str | None,
        typer.Option("--id", metavar="ID", help="Its id, when it was lost and its events still come."),
    ] = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Make a workspace with default settings and an account, and print what its webhook needs at the provider.

    Nothing is sent for it until a campaign is set to AUTO_SEND: replies get drafts that a person approves.
    """
    if not name.strip():
        raise CommandError("The name is empty.", "Name the workspace after the customer.")
    provider, external_id = _account(account)
    wanted_id = None if id is None else parse_id(id, "a workspace")
    here = target(stack)
    try:
        with here.database() as engine, engine.begin() as connection:
            client = create_client(
                connection, name.strip(), provider=provider, external_account=external_id, id=wanted_id
            )
    except ClientExistsError as error:
        raise CommandError(f"{str(error).capitalize()}.", "replyctl client list shows what there is.") from None
    if not as_json:
        say(f"Made the workspace {client.name}.")
    try:
        key = here.signing_keys()[0]
    except CommandError:  # the workspace is there; its token needs a key that this machine does not have
        key = None
    _show_hooks(here, client, [provider], key, as_json=as_json)


def _account(value: str) -> tuple[Provider, str | None]:
    """Reads PROVIDER or PROVIDER=ID."""
    name, _, external_id = value.partition("=")
    if name.strip().upper() not in Provider:
        known = ", ".join(provider.lower() for provider in Provider)
        raise CommandError(f"--account {value}: there is no provider {name}.", f"There are: {known}")
    return Provider(name.strip().upper()), external_id.strip() or None


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
        ["id", "name", "accounts", "token version", "state", "made (UTC)"],
        [
            (
                client.id,
                client.name + (" (default)" if client.id == default else ""),
                ", ".join(
                    " ".join(part for part in (provider_title(one.provider), one.external_id) if part)
                    for one in client.accounts
                ),
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
        bool, typer.Option("--rotate", help="Revoke every earlier token first, and tell the hooks the new ones.")
    ] = False,
    yes: Yes = False,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Print what to paste at each of the workspace's providers: the hook's URL, and what proves its deliveries.

    Each provider has a token of its own, and one token serves all of the workspace's accounts there.
    """
    here = target(stack)
    key = here.signing_keys()[0]  # before the old token is revoked
    with here.database() as engine:
        found = here.client(engine, client)
        accounts = accounts_in_use(engine, found.id)
        if rotate:
            confirm(f"Revoke every token of {found.name}? Whoever sends an earlier one is refused at once.", yes)
            with engine.begin() as connection:
                found = rotate_webhook_token(connection, found.id)
            for account in accounts:
                if proves_itself(account.ref.provider):
                    say(_tell_hooks(here, engine, found, account, key), stderr=True)
    _show_hooks(here, found, [account.ref.provider for account in accounts], key, as_json=as_json)


@app.command("disable")
def disable(client: Reference, yes: Yes = False, stack: StackFile = None, as_json: AsJson = False) -> None:
    """Stop taking events of a workspace: its webhook answers 401, and providers disable hooks that fail."""
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
        accounts = accounts_in_use(engine, found.id)
    for account in accounts:
        if account.hook_token is not None and not _was_told(here, found, account):
            say(f"The hook of {describe_account(account)} carries an older token. {_register(account)}", stderr=True)
    going_on = f" {waiting} jobs that waited go on within a minute." if waiting else ""
    if kept:
        going_on += f" {describe_replayed(kept)}"
    _show_client(found, f"{found.name} is enabled: its events are taken.{going_on}", as_json=as_json)


def _tell_hooks(here: Target, engine: Engine, client: Client, account: AccountReport, key: str) -> str:
    """Has a hook send the new token at once; what came of it, and what is left to do, as a sentence."""
    name = describe_account(account)
    try:
        with asking(here, engine, account) as opened:
            hooks = tell_hooks(opened, engine, client, account, key)
    except CommandError as error:
        return f"The hook of {name} was not told the new token, and is refused: {error.sentence} {_register(account)}"
    if hooks is None:
        return f"The hook of {name} is set by hand, and refused until it has the new token. {_register(account)}"
    if not hooks:
        return f"{name} has no hook that could be told the new token. {_register(account)}"
    return f"Told the hook {', '.join(hook.id for hook in hooks)} of {name}: it sends the new token from now on."


def _register(account: AccountReport) -> str:
    return f"Run: replyctl webhook register --account {account.id}"


def _was_told(here: Target, client: Client, account: AccountReport) -> bool:
    try:
        return account.hook_token == told(client, here.signing_keys()[0])
    except CommandError:  # a machine without the keys cannot know
        return True


def _show_client(client: Client, sentence: str, *, as_json: bool) -> None:
    if as_json:
        print_json(client)
    else:
        say(sentence)


def _show_hooks(here: Target, client: Client, providers: list[Provider], key: str | None, *, as_json: bool) -> None:
    """Shows the hook's settings at each provider, once however many accounts the workspace has there."""
    wanted = dict.fromkeys(providers)
    root = here.api_root()
    if as_json:
        hooks = [hook for one in wanted if key is not None for hook in shown_hook_settings(root, one, client, key)]
        print_json({"client": client, "hooks": hooks})
        return
    print_facts({"client": client.id, "name": client.name, "state": "disabled" if client.disabled_at else "active"})
    if key is None:
        say("The hook's settings are unknown without WEBHOOK_SIGNING_KEYS: replyctl client token shows them elsewhere.")
        return
    for provider in wanted:
        print_hook_settings(root, provider, client, key)
    if not wanted:
        say("It has no account in use. Connect one: replyctl account add --provider NAME")
