"""replyctl webhook: the hook of an account at its provider, which delivers its events to us."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ops.accounts import asking, choose_account
from ops.errors import CommandError
from ops.hook_text import print_hook_settings, shown_hook_settings
from ops.hooks import carries, hooks_of, leads_to, note_told, settings_of, tell_hooks, told
from ops.options import AccountName, AsJson, ClientName, StackFile, command_group
from ops.output import print_facts, print_heading, print_json, print_table, say, shorten
from ops.stack import target
from ops.wording import describe_account, provider_title
from shared.db.reports.events import list_events
from shared.domain.vocabulary import Source

if TYPE_CHECKING:
    from shared.db.clients import Client
    from shared.db.reports.accounts import AccountReport
    from shared.providers.account_values import Hook, Missed

FAILURES_SHOWN = 20
TIMEOUT_S = 60.0

app = command_group("The hook of an account at its provider, which delivers its events to us.")


@app.command("register")
def register(
    url: Annotated[
        str | None,
        typer.Option("--url", metavar="URL", help="Root of our API as the provider reaches it (default: the stack's)."),
    ] = None,
    pasted: Annotated[
        bool,
        typer.Option("--pasted", help="Of a hook that is set by hand: note that it has the present token."),
    ] = False,
    account: AccountName = None,
    client: ClientName = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Make the hook at the provider, or bring an existing one up to date: URL, all events, what proves its deliveries.

    Run it again after a token was rotated. A hook that the provider had disabled is resumed. Where the provider's API
    does not show hooks, the command prints what to paste there.
    """
    here = target(stack)
    key = here.signing_keys()[0]
    with here.database() as engine:
        chosen = choose_account(here, engine, client, account)
        workspace = here.client(engine, str(chosen.client_id))
        (wanted, *_) = settings_of(chosen.ref.provider, workspace, key)
        target_url = here.api_root(url) + wanted.path
        with asking(here, engine, chosen) as opened:
            ours = tell_hooks(opened, engine, workspace, chosen, key)
            if ours is None:
                if pasted:
                    note_told(engine, workspace, chosen, key)
                _show_by_hand(here.api_root(url), workspace, chosen, key, pasted=pasted, as_json=as_json)
                return
            if pasted:
                raise CommandError(
                    f"{provider_title(chosen.provider)} shows its hooks: nothing has to be noted.",
                    "replyctl webhook status shows the token of each.",
                )
            if ours:
                hook = opened.put_hook(ours[0], url=target_url)
            else:
                hook = opened.put_hook(None, url=target_url, headers=wanted.headers)
                note_told(engine, workspace, chosen, key)
    if as_json:
        print_json({"account": chosen.id, "webhook": hook, "created": not ours, "by_hand": None})
    else:
        say(
            f"{'Updated' if ours else 'Made'} the hook {hook.id}: {provider_title(chosen.provider)} posts every event"
            f" to {target_url}"
        )


def _show_by_hand(
    root: str, workspace: Client, account: AccountReport, key: str, *, pasted: bool, as_json: bool
) -> None:
    if as_json:
        shown = shown_hook_settings(root, account.ref.provider, workspace, key)
        print_json({"account": account.id, "webhook": None, "created": False, "by_hand": shown, "pasted": pasted})
        return
    title = provider_title(account.provider)
    if pasted:
        say(f"Noted: the hook of {describe_account(account)} has the present token.")
        return
    say(f"{title}'s API does not show hooks: set this one by hand, and only at one level of the account.")
    print_hook_settings(root, account.ref.provider, workspace, key)
    say(f"Then: replyctl webhook register --account {account.id} --pasted")


@app.command("status")
def status(
    account: AccountName = None, client: ClientName = None, stack: StackFile = None, as_json: AsJson = False
) -> None:
    """Show the hook's state and token, the last delivery, and the failed ones of the last two days."""
    here = target(stack)
    keys = here.signing_keys()
    with here.database() as engine:
        chosen = choose_account(here, engine, client, account)
        workspace = here.client(engine, str(chosen.client_id))
        with asking(here, engine, chosen) as opened:
            hooks = hooks_of(opened, chosen)
            missed = opened.missed(Source.HOOK, datetime.now(UTC) - timedelta(days=1), timeout_s=TIMEOUT_S)
            of_ours = (one for one in missed if one.url is None or leads_to(one.url, chosen))
            failures = [_shown(failure) for failure in islice(of_ours, FAILURES_SHOWN)]
        with engine.connect() as connection:
            last = list_events(connection, workspace.id, providers=[chosen.ref.provider], limit=1)
    last_delivery = last[0].received_at if last else None
    by_hand = _token_by_hand(chosen, workspace, keys) if hooks is None else None
    if as_json:
        shown = {"account": chosen.id, "webhooks": hooks, "token_by_hand": by_hand, "last_delivery": last_delivery}
        print_json({**shown, "failed_deliveries": failures})
        return
    print_facts({"account": describe_account(chosen), "last delivery": last_delivery or "none"})
    if hooks is None:
        print_facts({"hook": "set by hand: the provider's API does not show it", "token": by_hand})
    else:
        print_table(
            ["id", "state", "token", "events", "posts to", "last error (UTC)"],
            [
                (
                    hook.id,
                    "active" if hook.is_active else "disabled",
                    _token_of(hook, workspace, chosen, keys),
                    hook.events,
                    hook.url,
                    hook.failed_at,
                )
                for hook in hooks
            ],
            empty=f"{workspace.name} has no hook at {provider_title(chosen.provider)}. Make it with: replyctl webhook"
            " register",
        )
    print_heading("Failed deliveries since yesterday")
    print_table(
        ["at (UTC)", "status", "error", "tries again"],
        [(shown["at"], shown["status"], shorten(shown["error"], 80), shown["tries_again"]) for shown in failures],
        empty="None that the provider tells of.",
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


def _token_of(hook: Hook, workspace: Client, account: AccountReport, keys: Sequence[str]) -> str:
    """Which token a hook sends, as far as its provider shows it."""
    match [carries(hook, workspace, account, key) for key in keys]:
        case [True, *_]:
            return "current"
        case [None, *_]:
            return "not shown"
        case found if True in found:
            return "of another accepted key"
    return "refused: replyctl webhook register"


def _token_by_hand(account: AccountReport, workspace: Client, keys: Sequence[str]) -> str:
    """Which token a hook was noted to have."""
    match [account.hook_token == told(workspace, key) for key in keys]:
        case [True, *_]:
            return "current"
        case found if True in found:
            return "of another accepted key: replyctl webhook register"
    return "not noted" if account.hook_token is None else "refused: replyctl webhook register"
