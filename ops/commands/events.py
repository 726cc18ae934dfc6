"""replyctl events: the providers' deliveries, byte for byte, and their outcomes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from ops.errors import CommandError
from ops.options import AsJson, ClientName, Limit, Owner, StackFile, command_group, only
from ops.output import plain, print_facts, print_heading, print_json, print_table, print_text, progress, say, visible
from ops.stack import Target, parse_id, target
from shared.db.reports.events import get_event, list_events, read_raw_body
from shared.domain.vocabulary import EventOutcome, HeldReason, Provider
from shared.pipelines.intake.delivery import DatabaseUnavailableError
from shared.pipelines.intake.replay_event import replay_event

if TYPE_CHECKING:
    from sqlalchemy import Engine

app = command_group("What the providers delivered, byte for byte, and what became of it.")

Reason = Annotated[
    list[str] | None,
    typer.Option("--reason", metavar="CODE", help="Only with this detail; may be given several times."),
]
UnknownWorkspace = Annotated[
    bool,
    typer.Option(
        "--unknown-workspace",
        help="Of workspaces that were not there, and of accounts that nobody has.",
    ),
]
EventId = Annotated[str, typer.Argument(metavar="ID", help="The event's id, from events list.")]


@app.command("list")
def list_(
    outcome: Annotated[list[EventOutcome] | None, only("outcome")] = None,
    reason: Reason = None,
    provider: Annotated[list[Provider] | None, only("provider")] = None,
    unknown_workspace: UnknownWorkspace = False,
    limit: Limit = 50,
    client: ClientName = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """List deliveries, the newest first. What needs a look: replyctl events list --outcome QUARANTINED"""
    here = target(stack)
    with here.database() as engine:
        whose = _whose(here, engine, client, unknown_workspace)
        with engine.connect() as connection:
            events = list_events(
                connection, whose, outcomes=outcome or (), reasons=reason or (), providers=provider or (), limit=limit
            )
    if as_json:
        print_json(events)
        return
    print_table(
        [
            "id",
            *(["workspace", "account"] if unknown_workspace else []),
            *("provider", "event", "lead", "outcome", "detail", "deliveries", "bytes", "received (UTC)"),
        ],
        [
            (
                event.id,
                *([event.client_id, event.external_account] if unknown_workspace else []),
                event.provider,
                event.event_type,
                event.lead_email,
                event.outcome,
                event.detail,
                event.deliveries,
                event.size_bytes,
                event.received_at,
            )
            for event in events
        ],
        empty="No events" + (" with this outcome." if outcome else " yet."),
    )


@app.command("show")
def show(
    id: EventId,
    raw: Annotated[bool, typer.Option("--raw", help="Print the body's bytes and nothing else.")] = False,
    client: Owner = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Show a delivery and its body."""
    event_id = parse_id(id, "an event")
    here = target(stack)
    with here.database() as engine:
        with engine.connect() as connection:
            event = get_event(connection, event_id)
            body = read_raw_body(connection, event_id)
        here.require_owner(engine, client, {event_id: event.client_id if event else None}, "event")
    if event is None or body is None:
        raise CommandError(f"There is no event {event_id}.", "replyctl events list shows what there is.")
    if raw:
        sys.stdout.buffer.write(body)
        return
    text = body.decode("utf-8", errors="replace")
    if as_json:
        print_json({"event": event, "body": text})
        return
    print_facts(
        {
            "event": event.id,
            "workspace": event.client_id,
            "provider": event.provider,
            "account": event.external_account,
            "type": event.event_type,
            "outcome": event.outcome,
            "detail": event.detail,
            "received": event.received_at,
            "deliveries": event.deliveries,
            "lead": event.lead_email and f"{event.lead_email} ({event.lead_id})",
            "message": event.message_id,
        }
    )
    print_heading(f"Body, {event.size_bytes:,} bytes")
    print_text(visible(text))


@app.command("replay")
def replay(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="ID", help="The events' ids, from events list.", show_default=False),
    ] = None,
    quarantined: Annotated[
        bool, typer.Option("--quarantined", help="Every QUARANTINED event of the workspace instead.")
    ] = False,
    reason: Reason = None,
    unknown_workspace: UnknownWorkspace = False,
    limit: Limit = 50,
    client: ClientName = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Handle kept deliveries again, after a fix of the cause of their quarantine.

    The same code as the webhook runs with the same bytes and the time at which they first came: an event
    that has been handled already is a duplicate and changes nothing. An event kept as token_superseded may come from
    somebody who holds a revoked token: --quarantined leaves those out unless --reason names them.
    """
    if bool(ids) == quarantined:
        raise CommandError("Say either ids or --quarantined.", "replyctl events list shows what there is.")
    event_ids = [parse_id(id, "an event") for id in ids or []]
    here = target(stack)
    receipts = []
    with here.database() as engine, here.publisher() as publisher:
        if quarantined:
            whose = _whose(here, engine, client, unknown_workspace)
            with engine.connect() as connection:
                events = list_events(
                    connection, whose, outcomes=[EventOutcome.QUARANTINED], reasons=reason or (), limit=limit
                )
            wanted = [event for event in events if reason or event.detail != HeldReason.TOKEN_SUPERSEDED]
            if len(wanted) < len(events):
                say(f"{len(events) - len(wanted)} with a revoked token are left out: see --reason.", stderr=True)
            event_ids = [event.id for event in reversed(wanted)]  # in the order in which they came
        elif client is not None:
            with engine.connect() as connection:
                found = {event_id: get_event(connection, event_id) for event_id in event_ids}
            here.require_owner(
                engine, client, {id: event.client_id if event else None for id, event in found.items()}, "event"
            )
        hash_address = here.hash_address()
        with progress("Replaying", len(event_ids)) as advance:
            for event_id in event_ids:
                try:
                    receipt = replay_event(engine, publisher, event_id, hash_address)
                except LookupError as error:
                    raise CommandError(f"{error.args[0]}.", "replyctl events list shows what there is.") from None
                except DatabaseUnavailableError:
                    raise CommandError(
                        "The database does not respond.", "Try again: replaying twice is safe."
                    ) from None
                receipts.append({"event": event_id, **plain(receipt)})
                advance()
    if as_json:
        print_json(receipts)
        return
    print_table(
        ["event id", "now", "reason", "message id"],
        [(receipt["event"], receipt["status"], receipt["reason"], receipt["message_id"]) for receipt in receipts],
        empty="There is nothing to replay.",
    )


def _whose(here: Target, engine: Engine, client: str | None, unknown_workspace: bool) -> UUID | None:
    """Returns the workspace whose events are meant; None: workspaces that are not there."""
    if not unknown_workspace:
        return here.client(engine, client).id
    if client is not None:
        raise CommandError("--client and --unknown-workspace exclude each other.")
    return None
