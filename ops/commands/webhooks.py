"""replyctl webhook: the workspace's hook at Instantly, which delivers its events to us."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import typer

from ops.options import AsJson, ClientName, StackFile, command_group
from ops.output import print_heading, print_json, print_table, say, shorten
from ops.stack import target
from shared.domain.webhook_token import make_token

if TYPE_CHECKING:
    from shared.providers.instantly.emails import Webhook

HOOK_NAME = "Reply pipeline"
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
    token = make_token(workspace.id, workspace.webhook_token_version, key)
    target_url = here.webhook_url(workspace.id, root=url)
    headers = {"Authorization": f"Bearer {token}"}
    with here.instantly(workspace.id) as instantly:
        ours = [hook for hook in instantly.list_webhooks() if _is_ours(hook, workspace.id)]
        if ours:
            hook = instantly.update_webhook(
                ours[0].id, target_hook_url=target_url, event_type="all_events", headers=headers, name=HOOK_NAME
            )
            if not hook.is_active:
                hook = instantly.resume_webhook(hook.id)
        else:
            hook = instantly.create_webhook(target_hook_url=target_url, headers=headers, name=HOOK_NAME)
    if as_json:
        print_json({"webhook": hook, "created": not ours})
    else:
        say(f"{'Updated' if ours else 'Made'} the hook {hook.id}: Instantly posts every event to {target_url}")


@app.command("status")
def status(client: ClientName = None, stack: StackFile = None, as_json: AsJson = False) -> None:
    """Show the hook's state at Instantly and the deliveries of the last two days that failed."""
    here = target(stack)
    with here.database() as engine:
        workspace = here.client(engine, client)
    since = (datetime.now(UTC) - timedelta(days=1)).date()
    with here.instantly(workspace.id) as instantly:
        hooks = [hook for hook in instantly.list_webhooks() if _is_ours(hook, workspace.id)]
        failures = []
        for delivery in instantly.list_webhook_events(success=False, from_date=since):
            if delivery.webhook_url and _client_of(delivery.webhook_url) == workspace.id:
                failures.append(delivery)
            if len(failures) == FAILURES_SHOWN:
                break
    if as_json:
        print_json({"webhooks": hooks, "failed_deliveries": failures})
        return
    print_table(
        ["id", "state", "events", "posts to", "last error (UTC)"],
        [
            (
                hook.id,
                "active" if hook.is_active else "disabled",
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


def _is_ours(hook: Webhook, client_id: UUID) -> bool:
    return _client_of(hook.target_hook_url) == client_id


def _client_of(url: str) -> UUID | None:
    """The workspace that a hook's URL is for, wherever our API was reached at that time."""
    try:
        parts = urlsplit(url)
        return UUID(parse_qs(parts.query)["clientId"][0]) if parts.path.endswith("/webhooks/instantly") else None
    except (ValueError, KeyError):
        return None
