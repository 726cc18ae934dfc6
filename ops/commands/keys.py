"""replyctl keys: the signing keys behind every workspace's webhook token."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from ops.errors import CommandError
from ops.hooks import carries, hooks_of, tell_hooks, told
from ops.options import AsJson, StackFile, Yes, command_group, confirm
from ops.output import print_facts, print_json, print_table, say
from ops.stack import Target, target
from shared.config import SECRET_CACHE_S
from shared.db.clients import Client, list_clients
from shared.db.locks import try_lock_key_rotation
from shared.domain.signing_keys import SigningKeySet, fingerprint, make_key

if TYPE_CHECKING:
    from sqlalchemy import Engine

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
    enabled workspaces get their new tokens. Interrupted, or when workspaces have failed (exit code 1): run it
    again, it goes on where it stopped. The old key stays accepted until: replyctl keys retire
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
    """The outcome for each enabled workspace, by name; ``failed`` with the reason."""

    current: str
    told: list[str] = field(default_factory=list)
    told_before: list[str] = field(default_factory=list)
    without_hook: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def _tell_everybody(here: Target, engine: Engine, keys: SigningKeySet) -> Outcome:
    outcome = Outcome(fingerprint(keys.current))
    for client in _enabled(engine):
        name = f"{client.name} ({client.id})"
        if client.hook_token == told(client, keys.current):
            outcome.told_before.append(name)
            continue
        try:
            with here.account(engine, client.id) as account:
                hooks = tell_hooks(account, engine, client, keys.current)
        except CommandError as error:
            outcome.failed[name] = error.sentence
        else:
            (outcome.told if hooks else outcome.without_hook).append(name)
    return outcome


def _report(outcome: Outcome) -> None:
    rows = [
        *((name, "has the new token") for name in outcome.told),
        *((name, "had it already") for name in outcome.told_before),
        *((name, "has no hook: replyctl webhook register makes one") for name in outcome.without_hook),
        *((name, why) for name, why in outcome.failed.items()),
    ]
    print_table(["workspace", "finding"], rows, empty="There is no enabled workspace.")
    if outcome.failed:
        say(f"{len(outcome.failed)} failed. Put that right and run it again.", stderr=True)
    else:
        say("Every hook has its new token. When you are content: replyctl keys retire")


def _behind(here: Target, engine: Engine, keys: SigningKeySet) -> dict[str, str]:
    """Returns the enabled workspaces whose hooks carry, or may carry, a token of an older key, each with the reason."""
    found = {}
    for client in _enabled(engine):
        was_told = client.hook_token == told(client, keys.current)
        try:
            with here.account(engine, client.id) as account:
                carried = [carries(hook, client, keys.current) for hook in hooks_of(account, client.id)]
        except CommandError as error:
            if not was_told:
                found[client.name] = error.sentence
        else:
            if not all(was_told if each is None else each for each in carried):
                found[client.name] = "its hook does not have the new token"
    return found


def _enabled(engine: Engine) -> list[Client]:
    with engine.connect() as connection:
        return [client for client in list_clients(connection) if client.disabled_at is None]


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
