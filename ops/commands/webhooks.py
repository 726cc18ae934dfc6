"""replyctl webhook: the workspace's hook at Instantly, which delivers its events to us."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from ops.hooks import HOOK_NAME, authorization, carries, client_of, hooks_of, tell_hooks, told
from ops.options import AsJson, ClientName, StackFile, command_group
from ops.output import print_heading, print_json, print_table, say, shorten
from ops.stack import target
from shared.db.clients import Client, note_hook_token

if TYPE_CHECKING:
    from shared.providers.instantly.emails import Webhook

FAILURES_SHOWN = 20

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
        with here.instantly(workspace.id) as instantly:
            ours = tell_hooks(instantly, engine, workspace, key)
            if ours:
                hook = instantly.update_webhook(
                    ours[0].id, target_hook_url=target_url, event_type="all_events", name=HOOK_NAME
                )
            else:
                headers = {"Authorization": authorization(workspace, key)}
                hook = instantly.create_webhook(target_hook_url=target_url, headers=headers, name=HOOK_NAME)
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
    since = (datetime.now(UTC) - timedelta(days=1)).date()
    with here.instantly(workspace.id) as instantly:
        hooks = hooks_of(instantly, workspace.id)
        failures = []
        for delivery in instantly.list_webhook_events(success=False, from_date=since):
            if delivery.webhook_url and client_of(delivery.webhook_url) == workspace.id:
                failures.append(delivery)
            if len(failures) == FAILURES_SHOWN:
                break
    if as_json:
        print_json({"webhooks": hooks, "failed_deliveries": failures})
        return
    print_table(
        ["id", "state", "token", "events", "posts to", "last error (UTC)"],
        [
            (
                hook.id,
                "active" if hook.is_active else "disabled",
                _token_of(hook, workspace, keys),
                hook.event_type,
                hook.target_hook_url,
                hook.timestamp_error,
            )
            for hook in hooks
        ],
        empty=f"{workspace.name} has no hook at Instantly. Make it with: replyctl webhook register",
    )
    print_heading("Failed deliveries since yesterday")
    print_table(
        ["at (UTC)", "status", "error", "tries again"],
        [
            (failure.timestamp_created, failure.status_code, shorten(failure.error_message, 80), failure.will_retry)
            for failure in failures
        ],
        empty="None.",
    )


def _token_of(hook: Webhook, workspace: Client, keys: Sequence[str]) -> str:
    """Which token a hook sends, as far as Instantly shows it."""
    match [carries(hook, workspace, key) for key in keys]:
        case [True, *_]:
            return "current"
        case [None, *_]:
            return "not shown"
        case found if True in found:
            return "of another accepted key"
    return "refused: replyctl webhook register"
