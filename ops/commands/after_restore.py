"""replyctl after-restore: bring a restored database in line with what has happened since, then let sends go on."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import UTC, datetime
from io import StringIO
from typing import Annotated

import typer
from sqlalchemy import Engine

from ops.accounts import NO_KEY, opened_accounts
from ops.errors import CommandError
from ops.options import AsJson, By, StackFile, Yes, confirm
from ops.output import print_json, print_table, say
from ops.stack import Target, login_name, target
from ops.wording import provider_title
from shared.config import SecretUnavailableError
from shared.db.clients import list_clients
from shared.db.restores import RestoredClient, list_unreconciled
from shared.domain.accounts import AccountRef
from shared.domain.actor import Actor
from shared.domain.vocabulary import ActorKind, Pausable
from shared.pipelines.dependencies import Dependencies
from shared.pipelines.intake.delivery import DatabaseUnavailableError
from shared.pipelines.pauses import wait_for_in_flight
from shared.pipelines.upkeep.after_restore import Reconciled, mark_restore, reconcile
from shared.pipelines.upkeep.recovery_turn import OutOfTime
from shared.providers.errors import ProviderError, RateLimited, Refused
from shared.providers.protocol import Account

TIME_LIMIT_S = 780.0  # of the fifteen minutes that the operations function has
WAIT_S = 60.0  # for sends that were claimed before the mark
AGAIN = "Run replyctl after-restore again: it goes on where it stopped."

app = typer.Typer(add_completion=False, rich_markup_mode="rich")


@app.command("after-restore")
def after_restore(
    restored_to: Annotated[
        str | None,
        typer.Option(
            "--restored-to",
            metavar="TIME",
            help="The moment that the database was restored to, such as 2026-11-23T12:00:00Z. Only the first time.",
            show_default=False,
        ),
    ] = None,
    mark_only: Annotated[
        bool,
        typer.Option("--mark-only", help="Pause automatic sends and note the moment; ask no provider yet."),
    ] = False,
    time_limit: Annotated[
        float, typer.Option("--time-limit", metavar="SECONDS", min=60, help="Stop by itself after so long.")
    ] = TIME_LIMIT_S,
    yes: Yes = False,
    by: By = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Recover from the providers what a restored database has lost, client by client, then resume automatic sends.

    First the automatic sends of every workspace are paused. Then, of each: replies and events since that moment are
    received again, emails that were sent are recorded and their drafts settled, opt-outs, bounces and blocks suppress
    their leads; at last its pause is lifted. What cannot be reconciled stays paused and is named with what to do. Run
    it again as often as you like.

    replyctl after-restore --restored-to 2026-11-23T12:00:00Z --mark-only   before functions run on the restored data

    replyctl after-restore   once the providers can be reached; the exit code is 1 while a workspace is not reconciled
    """
    here, began = target(stack), time.monotonic()
    moment = None if restored_to is None else _moment(restored_to)
    if mark_only and moment is None:
        raise CommandError("--mark-only goes with --restored-to.")
    with here.database() as engine:
        if moment is not None:
            _mark(engine, moment, Actor(ActorKind.PERSON, by or login_name()), yes=yes, quiet=as_json)
        with engine.connect() as connection:
            waiting = list_unreconciled(connection)
        if mark_only:
            if as_json:
                print_json({"restored_to": moment, "paused": waiting})
            return
        if not as_json and waiting:
            say(f"{len(waiting)} workspaces to reconcile with their providers. Automatic sends are paused until then.")
        results = [
            (restored, *_reconcile(here, engine, restored, lambda: time_limit - (time.monotonic() - began), as_json))
            for restored in waiting
        ]
    if as_json:
        print_json(
            [
                {"client_id": one.client_id, "client": one.name, "restored_to": one.restored_to}
                | {"found": found, "problem": problem or None, "remedy": remedy or None}
                for one, found, problem, remedy in results
            ]
        )
    else:
        print_table(
            ["name", "events", "sent emails", "drafts settled", "suppressed", "state", "finding", "what to do"],
            [
                (
                    one.name,
                    found.events,
                    found.responses,
                    found.settled_drafts,
                    found.suppressed,
                    "ok" if found.done else "PAUSED",
                    problem or f"reconciled, {found.jobs} jobs go on",
                    remedy,
                )
                for one, found, problem, remedy in results
            ],
            empty="Nothing to reconcile. After a restore: replyctl after-restore --restored-to TIME",
        )
    if not all(found.done for _, found, _, _ in results):
        raise typer.Exit(1)


def _moment(value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise CommandError(f"{value} is no time.", "Write it as 2026-11-23T12:00:00Z.") from None
    if moment.tzinfo is None:
        raise CommandError(f"{value} names no time zone.", "Put a Z behind it for UTC.")
    if moment > datetime.now(UTC):
        raise CommandError(f"{value} is in the future.")
    return moment.astimezone(UTC)


def _mark(engine: Engine, moment: datetime, actor: Actor, *, yes: bool, quiet: bool) -> None:
    confirm(f"Pause every workspace's automatic sends, since the data is of {moment:%Y-%m-%d %H:%M} UTC?", yes)
    with engine.connect() as connection:
        clients = [client.id for client in list_clients(connection)]
    newly = mark_restore(engine, clients, moment, actor, now=datetime.now(UTC))
    left = wait_for_in_flight(engine, None, Pausable.AUTOMATIC_SENDS, wait_s=WAIT_S)
    if not quiet:
        say(f"Paused the automatic sends of {newly} workspaces." if newly else "That restore was marked before.")
        if left:
            say(f"{left} sends that were claimed before are still on their way.")


def _reconcile(
    here: Target, engine: Engine, restored: RestoredClient, remaining_s: Callable[[], float], quiet: bool
) -> tuple[Reconciled, str, str]:
    """Reconciles one workspace; returns the findings, the obstacle if any, and the advice about it."""
    found = Reconciled()
    if restored.disabled:
        return found, "the workspace is disabled", f"replyctl client enable {restored.client_id}, then run this again"

    def tell(what: str) -> None:
        if not quiet:
            say(f"{restored.name}: {what} since {restored.restored_to:%Y-%m-%d %H:%M} UTC …", stderr=True)

    asked = ""

    def open_account(ref: AccountRef) -> Account:
        nonlocal asked
        asked = provider_title(ref.provider)
        return accounts(ref)

    try:
        with here.publisher() as publisher, opened_accounts(here, engine) as accounts:
            dependencies = Dependencies(engine, publisher, open_account, hash_address=here.hash_address(), retention={})
            try:
                with redirect_stdout(StringIO()):  # metrics are written there, for a function's log
                    reconcile(dependencies, restored, found, remaining_s, tell=tell)
            except OutOfTime:
                return found, "not enough time", AGAIN
            except RateLimited:
                return found, f"{asked}'s rate limit", f"Wait a minute. {AGAIN}"
            except Refused as error:
                remedy = "Give the workspace a key with the scopes of docs/deploy.md, then run this again."
                return found, f"{asked} refuses: {error}", remedy if error.is_credential else AGAIN
            except ProviderError as error:
                return found, f"{asked} does not respond: {error}", AGAIN
            except SecretUnavailableError as error:
                return found, f"{asked}'s API key cannot be read: {error}", f"{NO_KEY} Then run this again."
            except DatabaseUnavailableError as error:
                return found, f"the database did not take it: {error}", AGAIN
    except CommandError as error:  # its key or a queue is not to be had
        return found, error.sentence, f"{error.remedy} Then run this again."
    return found, "", ""
