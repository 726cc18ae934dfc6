"""replyctl webhook: the workspace's hook at Instantly, which delivers its events to us."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ops.hooks import authorization, carries, client_of, hooks_of, tell_hooks, told
from ops.options import AsJson, ClientName, StackFile, command_group
from ops.output import print_heading, print_json, print_table, say, shorten
from ops.stack import target
from shared.db.clients import Client, note_hook_token
from shared.domain.vocabulary import Source

if TYPE_CHECKING:
    from shared.providers.account_values import Hook, Missed

FAILURES_SHOWN = 20
TIMEOUT_S = 60.0

app = command_group("The workspace's hook at Instantly, which delivers its events to us.")


@app.command("register")
def register(
    url: Annotated[
        str | None,
        typer.Option("--url", metavar="URL", help="Root of our API as Instantly reaches it (default: the stack's)."),
    ] = None,
    client: ClientName = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Make the hook at Instantly, or bring an existing one up to date: URL, all events, the token's header.

    Run it again after a token was rotated. A hook that Instantly had disabled is resumed.
    """
    here = target(stack)
    key = here.signing_keys()[0]
    with here.database() as engine:
        workspace = here.client(engine, client)
        target_url = here.webhook_url(workspace.id, root=url)
        with here.account(engine, workspace.id) as account:
            ours = tell_hooks(account, engine, workspace, key)
            if ours:
                hook = account.put_hook(ours[0], url=target_url)
            else:
                hook = account.put_hook(None, url=target_url, headers={"Authorization": authorization(workspace, key)})
                with engine.begin() as connection:
                    note_hook_token(connection, workspace.id, told(workspace, key))
    if as_json:
        print_json({"webhook": hook, "created": not ours})
    else:
        say(f"{'Updated' if ours else 'Made'} the hook {hook.id}: Instantly posts every event to {target_url}")


@app.command("status")
def status(client: ClientName = None, stack: StackFile = None, as_json: AsJson = False) -> None:
    """Show the hook's state and token at Instantly, and the deliveries of the last two days that failed."""
    here = target(stack)
    keys = here.signing_keys()
    with here.database() as engine:
        workspace = here.client(engine, client)
        with here.account(engine, workspace.id) as account:
            hooks = hooks_of(account, workspace.id)
            missed = account.missed(Source.HOOK, datetime.now(UTC) - timedelta(days=1), timeout_s=TIMEOUT_S)
            failures = list(islice((one for one in missed if client_of(one.url or "") == workspace.id), FAILURES_SHOWN))
    if as_json:
        print_json({"webhooks": hooks, "failed_deliveries": [_shown(failure) for failure in failures]})
        return
    print_table(
        ["id", "state", "token", "events", "posts to", "last error (UTC)"],
        [
            (
                hook.id,
                "active" if hook.is_active else "disabled",
                _token_of(hook, workspace, keys),
                hook.events,
                hook.url,
                hook.failed_at,
            )
            for hook in hooks
        ],
        empty=f"{workspace.name} has no hook at Instantly. Make it with: replyctl webhook register",
    )
    print_heading("Failed deliveries since yesterday")
    print_table(
        ["at (UTC)", "status", "error", "tries again"],
        [
            (shown["at"], shown["status"], shorten(shown["error"], 80), shown["tries_again"])
            for shown in map(_shown, failures)
        ],
        empty="None.",
    )


def _shown(missed: Missed) -> dict[str, Any]:
    """A failed delivery without its body."""
    failure = missed.failure
    return {
        "at": missed.at,
        "status": failure and failure.status,
        "error": failure and failure.error,
        "tries_again": failure and failure.tries_again,
        "url": missed.url,
    }


def _token_of(hook: Hook, workspace: Client, keys: Sequence[str]) -> str:
    """Which token a hook sends, as far as Instantly shows it."""
    match [carries(hook, workspace, key) for key in keys]:
        case [True, *_]:
            return "current"
        case [None, *_]:
            return "not shown"
        case found if True in found:
            return "of another accepted key"
    return "refused: replyctl webhook register"
