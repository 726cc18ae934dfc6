"""replyctl keys: the signing keys behind every workspace's webhook token."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from ops.accounts import accounts_in_use, asking
from ops.errors import CommandError
from ops.hooks import carries, hooks_of, proves_itself, tell_hooks, told
from ops.options import AsJson, StackFile, Yes, command_group, confirm
from ops.output import print_facts, print_json, print_table, say
from ops.stack import Target, target
from ops.wording import describe_account
from shared.config import SECRET_CACHE_S
from shared.db.clients import Client, list_clients
from shared.db.locks import try_lock_key_rotation
from shared.domain.signing_keys import SigningKeySet, fingerprint, make_key

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from shared.db.reports.accounts import AccountReport

VERIFIERS_CATCH_UP = timedelta(seconds=SECRET_CACHE_S + 30)
"""How long a staged key waits: by then every process that checks tokens has read the keys again."""

app = command_group("The keys that every workspace's webhook token is made with.")


@app.command("status")
def status(stack: StackFile = None, as_json: AsJson = False) -> None:
    """Show where a rotation stands; keys are shown by their fingerprints."""
    secret = target(stack).signing_key_secret()
    keys = secret.read()
    shown = {
        "current": fingerprint(keys.current),
        "previous": keys.previous and fingerprint(keys.previous),
        "next": keys.next and fingerprint(keys.next),
        "next_since": keys.next_since,
        "next_step": _next_step(keys),
    }
    if as_json:
        print_json(shown)
    else:
        print_facts({name.replace("_", " "): value for name, value in shown.items()})


@app.command("rotate")
def rotate(yes: Yes = False, stack: StackFile = None, as_json: AsJson = False) -> None:
    """Exchange the signing key without refusing a delivery; about six minutes, and a second for each workspace.

    A new key is staged, and waits until every process accepts it; then it becomes the current one, and the hooks of all
    accounts in use get their new tokens; hooks that are set by hand are listed. Interrupted, or when accounts have
    failed (exit code 1): run it again, it goes on where it stopped. The old key stays accepted until: replyctl keys
    retire
    """
    here = target(stack)
    secret = here.signing_key_secret()
    confirm("Exchange the signing key of every workspace's webhook token?", yes)
    with _alone(here), here.database() as engine:
        keys = secret.read()
        if keys.next is None and keys.previous is None:
            keys = secret.put(keys.staged(make_key(), datetime.now(UTC)))
            say(f"Staged the key {fingerprint(keys.accepted[-1])}: accepted, and not used yet.", stderr=True)
        if keys.next is not None:
            _wait_for_verifiers(keys)
            keys = secret.put(secret.read().promoted())
            say(f"The key {fingerprint(keys.current)} is the current one; the old one is still accepted.", stderr=True)
        outcome = _tell_everybody(here, engine, keys)
    if as_json:
        print_json(outcome)
    else:
        _report(outcome)
    if outcome.failed:
        raise typer.Exit(1)


@app.command("retire")
def retire(
    force: Annotated[
        bool,
        typer.Option("--force", help="Also while hooks may carry its tokens: they are refused, and then disabled."),
    ] = False,
    yes: Yes = False,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Accept tokens of the previous key no longer; refused while a hook may still carry one."""
    here = target(stack)
    secret = here.signing_key_secret()
    with _alone(here), here.database() as engine:
        keys = secret.read()
        if keys.next is not None:
            raise CommandError("A rotation is under way.", "Finish it with: replyctl keys rotate")
        if keys.previous is None:
            raise CommandError("There is no previous key to retire.")
        behind = _behind(here, engine, keys)
        if behind and not force:
            names = "; ".join(f"{name}: {why}" for name, why in behind.items())
            raise CommandError(
                f"Hooks may still carry tokens of the previous key ({names}).", "Update them: replyctl keys rotate"
            )
        confirm(f"Refuse every token of the key {fingerprint(keys.previous)} from now on?", yes)
        keys = secret.put(keys.retired())
    if as_json:
        print_json({"current": fingerprint(keys.current), "forced": behind})
    else:
        say(
            f"Retired: only tokens of the key {fingerprint(keys.current)} are accepted, within five minutes everywhere."
        )


# ── Telling the hooks ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Outcome:
    """The outcome for each account in use, by name; ``failed`` with the reason, ``by_hand`` with the account's id."""

    current: str
    told: list[str] = field(default_factory=list)
    told_before: list[str] = field(default_factory=list)
    without_hook: list[str] = field(default_factory=list)
    by_hand: dict[str, UUID] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


def _tell_everybody(here: Target, engine: Engine, keys: SigningKeySet) -> Outcome:
    outcome = Outcome(fingerprint(keys.current))
    for client, account in _with_tokens(engine):
        name = _name(account)
        if account.hook_token == told(client, keys.current):
            outcome.told_before.append(name)
            continue
        try:
            with asking(here, engine, account) as opened:
                hooks = tell_hooks(opened, engine, client, account, keys.current)
        except CommandError as error:
            outcome.failed[name] = error.sentence
        else:
            if hooks is None:
                outcome.by_hand[name] = account.id
            else:
                (outcome.told if hooks else outcome.without_hook).append(name)
    return outcome


def _report(outcome: Outcome) -> None:
    rows = [
        *((name, "has the new token") for name in outcome.told),
        *((name, "had it already") for name in outcome.told_before),
        *((name, "has no hook: replyctl webhook register makes one") for name in outcome.without_hook),
        *(
            (name, f"is set by hand: replyctl webhook register --account {id} says how")
            for name, id in outcome.by_hand.items()
        ),
        *((name, why) for name, why in outcome.failed.items()),
    ]
    print_table(["account", "finding"], rows, empty="No account is in use.")
    if outcome.failed:
        say(f"{len(outcome.failed)} failed. Put that right and run it again.", stderr=True)
    elif outcome.by_hand:
        say(f"{len(outcome.by_hand)} have to be set by hand. Then: replyctl keys retire")
    else:
        say("Every hook has its new token. When you are content: replyctl keys retire")


def _behind(here: Target, engine: Engine, keys: SigningKeySet) -> dict[str, str]:
    """Returns the accounts in use whose hooks carry, or may carry, a token of an older key, each with the reason."""
    found = {}
    for client, account in _with_tokens(engine):
        was_told = account.hook_token == told(client, keys.current)
        try:
            with asking(here, engine, account) as opened:
                hooks = hooks_of(opened, account)
        except CommandError as error:
            if not was_told:
                found[_name(account)] = error.sentence
            continue
        if hooks is None:
            if not was_told:
                found[_name(account)] = f"set by hand: replyctl webhook register --account {account.id}"
        else:
            carried = [carries(hook, client, account, keys.current) for hook in hooks]
            if not all(was_told if each is None else each for each in carried):
                found[_name(account)] = "its hook does not have the new token"
    return found


def _with_tokens(engine: Engine) -> Iterator[tuple[Client, AccountReport]]:
    """Yields the accounts whose hooks prove themselves with a token of ours, each with its workspace."""
    with engine.connect() as connection:
        clients = {client.id: client for client in list_clients(connection)}
    for account in accounts_in_use(engine):
        if proves_itself(account.ref.provider):
            yield clients[account.client_id], account


def _name(account: AccountReport) -> str:
    return f"{account.client_name} ({account.client_id}), {describe_account(account)}"


# ── Time, and others ─────────────────────────────────────────────────────────────────────────────────────────────────


def _wait_for_verifiers(keys: SigningKeySet) -> None:
    since = keys.next_since or datetime.now(UTC)
    left_s = (since + VERIFIERS_CATCH_UP - datetime.now(UTC)).total_seconds()
    if left_s > 0:
        say(f"Waiting {left_s:.0f} s until every process accepts it. Interrupted? Run it again.", stderr=True)
        time.sleep(left_s)


@contextmanager
def _alone(here: Target) -> Iterator[None]:
    """Refuses a second rotation at the same time: each would stage a key that the other one throws away."""
    with here.database() as engine, engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")  # a transaction would be ended while it idles
        if not try_lock_key_rotation(connection):
            raise CommandError("Another rotation is running.", "Wait for it; replyctl keys status shows where it is.")
        yield


def _next_step(keys: SigningKeySet) -> str:
    if keys.next is not None:
        return "a key is staged: replyctl keys rotate makes it current and updates the hooks"
    if keys.previous is not None:
        return "replyctl keys rotate updates the hooks that are behind, then replyctl keys retire"
    return "none: replyctl keys rotate begins a rotation"
