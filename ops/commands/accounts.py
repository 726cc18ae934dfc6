"""replyctl account: the accounts that the workspaces have at providers, and whether they work."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import typer
from sqlalchemy import Engine

from ops.accounts import AccountCheck, check_account, describe_replayed, replay_unclaimed
from ops.errors import CommandError
from ops.options import AsJson, ClientName, Owner, StackFile, Yes, command_group, confirm
from ops.output import plain, print_json, print_table, say
from ops.stack import Target, parse_id, target
from shared.config import Secrets
from shared.db.found_accounts import AccountTakenError, connect_account, disable_account
from shared.db.provider_accounts import note_account_refused, note_account_works
from shared.db.reports.accounts import AccountReport, list_accounts
from shared.domain.vocabulary import Provider

app = command_group("The accounts that the workspaces have at providers, and whether they work.")

OfClient = Annotated[
    str | None,
    typer.Option(
        "--client", metavar="CLIENT", help="Only this workspace, by id or name (default: all).", show_default=False
    ),
]


@app.command("list")
def list_(client: OfClient = None, stack: StackFile = None, as_json: AsJson = False) -> None:
    """List the accounts with their health, as recovery or the last check found it."""
    here = target(stack)
    with here.database() as engine:
        accounts = _list(here, engine, client)
    if as_json:
        print_json([_shown(account) for account in accounts])
        return
    print_table(
        ["id", "workspace", "provider", "external id", "health", "broken since (UTC)", "disabled (UTC)"],
        [
            (
                account.id,
                account.client_name,
                account.provider,
                account.external_id,
                account.broken_reason or "ok",
                account.broken_since,
                account.disabled_at or account.client_disabled_at,
            )
            for account in accounts
        ],
        empty='There is no account. A workspace is made with one: replyctl client add "Its name"',
    )


@app.command("check")
def check(
    id: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="The account's id, from account list (default: all in use)."),
    ] = None,
    client: OfClient = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Ask each account's provider for what every send needs, and keep what it says as the account's health.

    The exit code is 1 when an account does not work or could not be asked for.
    """
    here = target(stack)
    with here.database() as engine:
        if id is None:
            accounts = [account for account in _list(here, engine, client) if account.is_in_use]
        else:
            accounts = [_find(here, engine, parse_id(id, "an account"), client)]
        checks = [(account, _check(here, engine, account)) for account in accounts]
    if as_json:
        print_json([{**_shown(account), "check": found} for account, found in checks])
    else:
        print_table(
            ["workspace", "provider", "external id", "check", "finding", "what to do"],
            [
                (
                    account.client_name,
                    account.provider,
                    account.external_id,
                    "ok" if found.works else "failed",
                    found.finding,
                    found.advice,
                )
                for account, found in checks
            ],
            empty="No account is in use.",
        )
    if not all(found.works for _, found in checks):
        raise typer.Exit(1)


@app.command("add")
def add(
    external_id: Annotated[
        str, typer.Option("--external-id", metavar="ID", help="The account as its provider names it.")
    ],
    provider: Annotated[Provider, typer.Option("--provider", case_sensitive=False)] = Provider.INSTANTLY,
    credential_ref: Annotated[
        str | None,
        typer.Option(
            "--credential-ref",
            metavar="REFERENCE",
            help="Where its credential is: ssm:/… or arn:aws:secretsmanager:… (default: where the environment says).",
            show_default=False,
        ),
    ] = None,
    finds_client: Annotated[
        bool, typer.Option("--finds-client", help="Its deliveries name no workspace: it alone says whose they are.")
    ] = False,
    client: ClientName = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Connect an account to a workspace, or one that was disabled again, and handle what came for it meanwhile.

    Deliveries of an account that nobody has are kept when they name no workspace (--finds-client). Only one workspace
    at a time may have such an account in use. Adding the same account twice changes nothing.
    """
    if not external_id.strip():
        raise CommandError("The external id is empty.", "Take the id that the provider shows for the account.")
    here = target(stack)
    if credential_ref is not None and here.stack is None and not Secrets.is_reference(credential_ref):
        raise CommandError(
            "The credential reference is none.", "Store the credential first, then name where: ssm:/… or an ARN."
        )
    with here.database() as engine:
        owner = here.client(engine, client)
        try:
            with engine.begin() as connection:
                connected = connect_account(
                    connection,
                    owner.id,
                    provider,
                    external_id.strip(),
                    credential_ref=credential_ref,
                    finds_client=finds_client,
                )
        except AccountTakenError:
            raise CommandError(
                f"Another workspace has the account {external_id.strip()} in use, and it can be only one's.",
                "replyctl account list shows whose it is; account disable ends that.",
            ) from None
        receipts = replay_unclaimed(here, engine, owner.id)
    if as_json:
        print_json({"account": connected.id, "new": connected.is_new, "replayed": [plain(one) for one in receipts]})
        return
    made = "Connected" if connected.is_new else "The workspace has"
    say(f"{made} the account {connected.id} ({provider} {external_id.strip()}) of {owner.name}.")
    say(describe_replayed(receipts))


@app.command("disable")
def disable(
    id: Annotated[str, typer.Argument(metavar="ID", help="The account's id, from account list.")],
    yes: Yes = False,
    client: Owner = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Stop using an account: nothing is asked or told there, and what it delivers without naming a workspace is kept.

    The opposite is account add with the same external id.
    """
    here = target(stack)
    with here.database() as engine:
        account = _find(here, engine, parse_id(id, "an account"), client)
        confirm(f"Stop using the account {account.external_id or account.id} of {account.client_name}?", yes)
        with engine.begin() as connection:
            disabled = disable_account(connection, account.id)
        account = _find(here, engine, account.id, None)
    if as_json:
        print_json(_shown(account))
    else:
        say(f"The account {account.id} {'is' if disabled else 'was already'} disabled.")


def _list(here: Target, engine: Engine, client: str | None) -> list[AccountReport]:
    client_id = None if client is None else here.client(engine, client).id
    with engine.connect() as connection:
        return list_accounts(connection, client_id)


def _find(here: Target, engine: Engine, id: UUID, client: str | None) -> AccountReport:
    found = next((account for account in _list(here, engine, None) if account.id == id), None)
    here.require_owner(engine, client, {id: None if found is None else found.client_id}, "account")
    if found is None:
        raise CommandError(f"There is no account {id}.", "replyctl account list shows the ids.")
    return found


def _check(here: Target, engine: Engine, account: AccountReport) -> AccountCheck:
    found = check_account(here, engine, account)
    if found.works:
        note_account_works(engine, account.id)
    elif found.works is False:
        note_account_refused(engine, account.id)
    return found


def _shown(account: AccountReport) -> dict[str, Any]:
    """What is shown of an account: where its credential is, never a credential."""
    reference = account.credential_ref
    return {
        **plain(account),
        "credential_ref": reference if reference is None or Secrets.is_reference(reference) else "a plain value",
    }
