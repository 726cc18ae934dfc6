"""replyctl account: the accounts that the workspaces have at providers, and whether they work."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import typer
from sqlalchemy import Engine

from ops.accounts import AccountCheck, check_account, check_credential
from ops.errors import CommandError
from ops.kept_deliveries import describe_replayed, replay_unclaimed
from ops.options import AsJson, ClientName, Owner, StackFile, Yes, command_group, confirm
from ops.output import plain, print_json, print_table, say
from ops.stack import Target, login_name, parse_id, target
from ops.wording import describe_account, provider_title
from shared.config import Secrets
from shared.db.clients import Client
from shared.db.found_accounts import (
    AccountTakenError,
    ConnectedAccount,
    connect_account,
    disable_account,
    name_account,
)
from shared.db.pauses import lift_account_pause
from shared.db.provider_accounts import note_account_refused
from shared.db.removed_accounts import remove_account
from shared.db.reports.accounts import AccountReport, list_accounts
from shared.domain.accounts import AccountRef
from shared.domain.actor import Actor
from shared.domain.vocabulary import Provider
from shared.pipelines.account_health import account_works
from shared.providers.registry import PROVIDERS

app = command_group("The accounts that the workspaces have at providers, and whether they work.")

TOLD_LATER = "Recovery tells it, within a quarter of an hour, who must not be written to."

OfClient = Annotated[
    str | None,
    typer.Option(
        "--client", metavar="CLIENT", help="Only this workspace, by id or name (default: all).", show_default=False
    ),
]


AccountId = Annotated[str, typer.Argument(metavar="ID", help="The account's id, from account list.")]


@app.command("list")
def list_(
    removed: Annotated[bool, typer.Option("--removed", help="Also those that were removed.")] = False,
    client: OfClient = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """List the accounts with their health, as recovery or the last check found it."""
    here = target(stack)
    with here.database() as engine:
        accounts = _list(here, engine, client, removed=removed)
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
                "removed" if account.removed_at else account.broken_reason or "ok",
                account.broken_since,
                account.disabled_at or account.client_disabled_at,
            )
            for account in accounts
        ],
        empty="There is no account. Connect one: replyctl account add --provider NAME",
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
    provider: Annotated[Provider, typer.Option("--provider", case_sensitive=False, help="Where the account is.")],
    external_id: Annotated[
        str | None,
        typer.Option(
            "--external-id",
            metavar="ID",
            help="The account as its provider names it: events of any other are then quarantined.",
            show_default=False,
        ),
    ] = None,
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
    no_check: Annotated[
        bool, typer.Option("--no-check", help="Do not ask the provider whether it takes the credential.")
    ] = False,
    client: ClientName = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Connect an account to a workspace, or one that was disabled again, and handle what came for it meanwhile.

    A credential that the provider refuses connects nothing. Adding the same account twice changes nothing; one that
    was connected without its id gets it. Deliveries of an account that nobody has are kept when they name no workspace
    (--finds-client). Only one workspace at a time may have such an account in use.
    """
    external_id = None if external_id is None else external_id.strip()
    if external_id == "" or (finds_client and external_id is None):
        raise CommandError("The external id is empty.", "Take the id that the provider shows for the account.")
    here = target(stack)
    if credential_ref is not None and here.stack is None and not Secrets.is_reference(credential_ref):
        raise CommandError(
            "The credential reference is none.", "Store the credential first, then name where: ssm:/… or an ARN."
        )
    with here.database() as engine:
        owner = here.client(engine, client)
        there = [
            account for account in _list(here, engine, str(owner.id), removed=True) if account.provider == provider
        ]
        found = _same_account(there, external_id, credential_ref)
        others = [other for other in there if other is not found and other.is_in_use]
        _require_room(owner, provider, others)
        reference = credential_ref or (None if found is None else found.credential_ref)
        if reference is None and any(not other.credential_ref for other in others):
            raise CommandError(
                f"{owner.name} has another account at {provider_title(provider)} with the environment's credential.",
                "Name this one's with --credential-ref: one credential opens one account.",
            )
        check = None
        if not no_check:
            check = check_credential(
                here, engine, AccountRef(owner.id, provider, None if found is None else found.id, reference)
            )
            if check.works is False:
                raise CommandError(f"Not connected: {check.finding}.", check.advice)
        if found is not None and found.external_id is not None:
            external_id = found.external_id  # as it was written first
        connected = _connect(
            engine, owner, provider, external_id, found, credential_ref=credential_ref, finds_client=finds_client
        )
        if check is not None and check.works:
            _note_works(engine, connected.id)
        receipts = replay_unclaimed(here, engine, owner.id)
        account = _find(here, engine, connected.id, None)
    if as_json:
        replayed = [plain(one) for one in receipts]
        print_json({"account": connected.id, "new": connected.is_new, "check": check, "replayed": replayed})
        return
    made = "Connected" if connected.is_new else "The workspace has"
    say(f"{made} the account {connected.id} ({describe_account(account)}) of {owner.name}.")
    if check is not None:
        say(f"Its check: {check.finding}." + (f" {check.advice}" if not check.works else ""))
    say(describe_replayed(receipts))
    say(TOLD_LATER)


def _require_room(owner: Client, provider: Provider, others: list[AccountReport]) -> None:
    if others and not PROVIDERS[provider].deliveries_name_account:
        raise CommandError(
            f"{owner.name} has an account at {provider_title(provider)}, whose deliveries do not say which one they are"
            " of.",
            "Connect this one to a workspace of its own, or disable the other first.",
        )


def _same_account(
    accounts: list[AccountReport], external_id: str | None, credential_ref: str | None
) -> AccountReport | None:
    """The account that is meant, if it was connected before: by its id, or without one and with this credential."""
    if external_id is None:
        return next((account for account in accounts if account.external_id is None), None)
    by_id = (account for account in accounts if (account.external_id or "").casefold() == external_id.casefold())
    unnamed = (
        account
        for account in accounts
        if account.external_id is None and credential_ref in (None, account.credential_ref)
    )
    return next(by_id, None) or next(unnamed, None)


def _connect(
    engine: Engine,
    owner: Client,
    provider: Provider,
    external_id: str | None,
    found: AccountReport | None,
    *,
    credential_ref: str | None,
    finds_client: bool,
) -> ConnectedAccount:
    try:
        with engine.begin() as connection:
            if found is not None and found.external_id is None and external_id is not None:
                name_account(connection, found.id, external_id)
            return connect_account(
                connection, owner.id, provider, external_id, credential_ref=credential_ref, finds_client=finds_client
            )
    except AccountTakenError:
        raise CommandError(
            f"Another workspace has the account {external_id} in use, and it can be only one's.",
            "replyctl account list shows whose it is; account disable ends that.",
        ) from None


@app.command("disable")
def disable(
    id: AccountId, yes: Yes = False, client: Owner = None, stack: StackFile = None, as_json: AsJson = False
) -> None:
    """Stop using an account: nothing is asked or told there, and what it delivers without naming a workspace is kept.

    The opposite is account enable.
    """
    here = target(stack)
    with here.database() as engine:
        account = _find(here, engine, parse_id(id, "an account"), client)
        confirm(f"Stop using the account {describe_account(account)} of {account.client_name}?", yes)
        with engine.begin() as connection:
            disabled = disable_account(connection, account.id)
        account = _find(here, engine, account.id, None)
    if as_json:
        print_json(_shown(account))
    else:
        say(f"The account {account.id} {'is' if disabled else 'was already'} disabled.")


@app.command("enable")
def enable(id: AccountId, client: Owner = None, stack: StackFile = None, as_json: AsJson = False) -> None:
    """Use an account again that was disabled, or removed, and handle what came for it meanwhile."""
    here = target(stack)
    with here.database() as engine:
        account = _find(here, engine, parse_id(id, "an account"), client)
        owner, provider = here.client(engine, str(account.client_id)), account.ref.provider
        others = [other for other in _list(here, engine, str(owner.id)) if other.is_in_use and other.id != account.id]
        _require_room(owner, provider, [other for other in others if other.provider == provider])
        _connect(engine, owner, provider, account.external_id, account, credential_ref=None, finds_client=False)
        receipts = replay_unclaimed(here, engine, owner.id)
        account = _find(here, engine, account.id, None)
    if as_json:
        print_json({**_shown(account), "replayed": [plain(one) for one in receipts]})
    else:
        say(f"The account {account.id} ({describe_account(account)}) of {account.client_name} is in use.")
        say(describe_replayed(receipts))
        say(TOLD_LATER)


@app.command("remove")
def remove(
    id: AccountId, yes: Yes = False, client: Owner = None, stack: StackFile = None, as_json: AsJson = False
) -> None:
    """Take an account away that is no longer the workspace's; refused while jobs or drafts of its replies are open.

    One that nothing came through is deleted. Any other is disabled for good and leaves the lists, but its messages,
    deliveries and campaigns stay as they are: account list --removed shows it, account enable takes it back. Its
    credential is not ours to delete.
    """
    here = target(stack)
    with here.database() as engine:
        account = _find(here, engine, parse_id(id, "an account"), client)
        name = describe_account(account)
        confirm(f"Remove the account {name} of {account.client_name}?", yes)
        with engine.begin() as connection:
            in_the_way = remove_account(connection, account.id)
            if in_the_way is None:
                lift_account_pause(connection, account.id, Actor.person(login_name()))
        if in_the_way is not None:
            raise CommandError(
                f"Not removed: {in_the_way.jobs} jobs and {in_the_way.drafts} drafts of its replies are open.",
                "Decide the drafts (replyctl drafts list) and let the jobs end; account disable stops its use at once.",
            )
        left = [one for one in _list(here, engine, str(account.client_id), removed=True) if one.id == account.id]
    if as_json:
        print_json({"account": account.id, "kept_for_history": bool(left)})
    else:
        kept = " Its messages and campaigns stay: account list --removed shows it." if left else ""
        say(f"Removed the account {name} of {account.client_name}.{kept}")


def _list(here: Target, engine: Engine, client: str | None, *, removed: bool = False) -> list[AccountReport]:
    client_id = None if client is None else here.client(engine, client).id
    with engine.connect() as connection:
        return list_accounts(connection, client_id, removed=removed)


def _find(here: Target, engine: Engine, id: UUID, client: str | None) -> AccountReport:
    found = next((account for account in _list(here, engine, None, removed=True) if account.id == id), None)
    here.require_owner(engine, client, {id: None if found is None else found.client_id}, "account")
    if found is None:
        raise CommandError(f"There is no account {id}.", "replyctl account list shows the ids.")
    return found


def _check(here: Target, engine: Engine, account: AccountReport) -> AccountCheck:
    found = check_account(here, engine, account)
    if found.works:
        _note_works(engine, account.id)
    elif found.works is False:
        note_account_refused(engine, account.id)
    return found


def _note_works(engine: Engine, account_id: UUID) -> None:
    with engine.begin() as connection:
        account_works(connection, account_id, Actor.person(login_name()))


def _shown(account: AccountReport) -> dict[str, Any]:
    """What is shown of an account: where its credential is, never a credential."""
    reference = account.credential_ref
    return {
        **plain(account),
        "credential_ref": reference if reference is None or Secrets.is_reference(reference) else "a plain value",
    }
