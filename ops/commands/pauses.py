"""replyctl pause and resume: stop automatic sends, all sends or all processing, for one workspace or for everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from ops.errors import CommandError
from ops.options import AsJson, By, ClientName, StackFile, Yes, command_group, confirm
from ops.output import print_json, print_table, say
from ops.stack import Target, login_name, target
from shared.db.clients import Client
from shared.db.outages import is_lock_timeout
from shared.db.pauses import list_active_pauses
from shared.domain.actor import Actor
from shared.domain.vocabulary import ActorKind, ClientId, Pausable
from shared.pipelines.pauses import NotPausedError, pause, resume

WAIT_S = 150.0  # longer than the longest function that sends may take

WORDS = {
    Pausable.AUTOMATIC_SENDS: "automatic sends",
    Pausable.ALL_SENDS: "all sends",
    Pausable.PROCESSING: "processing",
}
PAUSE_HELP = {
    Pausable.AUTOMATIC_SENDS: "Hold back drafts that no person has approved; replies are still drafted, approved "
    "drafts still leave.",
    Pausable.ALL_SENDS: "Hold back every draft, approved ones too; replies are still understood and drafted.",
    Pausable.PROCESSING: "Hold back every job before it calls a model or a provider; deliveries are still taken.",
}

pause_app = command_group(
    "Stop automatic sends, all sends or processing; what waits goes on after replyctl resume.\n\n"
    "replyctl pause automatic-sends --client Acme --reason 'odd drafts'\n\n"
    "replyctl pause all-sends --everything\n\n"
    "replyctl pause list"
)
resume_app = command_group(
    "Lift a pause: what waited goes on within a minute.\n\n"
    "replyctl resume automatic-sends --client Acme\n\n"
    "replyctl resume all-sends --everything"
)

Everything = Annotated[bool, typer.Option("--everything", help="Every workspace, also those made later.")]


def _pause_command(what: Pausable) -> Callable[..., None]:
    def command(
        everything: Everything = False,
        reason: Annotated[str, typer.Option("--reason", help="Why; shown by pause list and doctor.")] = "",
        no_wait: Annotated[
            bool, typer.Option("--no-wait", help="Do not wait for what was under way before the pause.")
        ] = False,
        wait_s: Annotated[
            float, typer.Option("--wait", metavar="SECONDS", min=0, help="How long to wait for it at most.")
        ] = WAIT_S,
        by: By = None,
        client: ClientName = None,
        stack: StackFile = None,
        as_json: AsJson = False,
    ) -> None:
        here = target(stack)
        with here.database() as engine:
            workspace = _workspace(here, engine, client, everything=everything)
            told = -1

            def tell(in_flight: int) -> None:
                nonlocal told
                if in_flight not in (0, told) and not as_json:
                    say(f"Paused. Waiting for {in_flight} under way …", stderr=True)
                told = in_flight

            try:
                result = pause(
                    engine,
                    _id(workspace),
                    what,
                    Actor(ActorKind.PERSON, by or login_name()),
                    note=reason.strip(),
                    wait_s=0.0 if no_wait else wait_s,
                    tell=tell,
                )
            except OperationalError as error:
                if not is_lock_timeout(error):
                    raise
                raise CommandError(
                    "Not paused: a send that is being claimed does not end.", "Try again in half a minute."
                ) from None
        if as_json:
            print_json(
                {"what": what, "client_id": _id(workspace), "newly": result.newly, "in_flight": result.in_flight}
            )
        else:
            say(f"{WORDS[what].capitalize()} of {_name(workspace)} are paused{'' if result.newly else ' already'}.")
            if result.in_flight:
                say(f"{result.in_flight} that had begun before may still end: look again with the same command.")
        if result.in_flight and not no_wait:
            raise typer.Exit(1)

    command.__doc__ = PAUSE_HELP[what]
    return command


def _resume_command(what: Pausable) -> Callable[..., None]:
    def command(
        everything: Everything = False,
        unreconciled: Annotated[
            bool,
            typer.Option("--unreconciled", help="Also lift the pause of a restore that is not reconciled yet."),
        ] = False,
        yes: Yes = False,
        by: By = None,
        client: ClientName = None,
        stack: StackFile = None,
        as_json: AsJson = False,
    ) -> None:
        here = target(stack)
        with here.database() as engine:
            workspace = _workspace(here, engine, client, everything=everything)
            if unreconciled:
                confirm("Send although emails and opt-outs since the restored moment may be unknown?", yes)
            try:
                woken = resume(
                    engine,
                    _id(workspace),
                    what,
                    Actor(ActorKind.PERSON, by or login_name()),
                    unreconciled=unreconciled,
                )
            except NotPausedError as error:
                raise CommandError(
                    f"Not resumed: {WORDS[what]} of {_name(workspace)} are not paused"
                    + (" by a person, but since a restore." if error.unreconciled else "."),
                    "replyctl after-restore lifts it; --unreconciled does so without looking."
                    if error.unreconciled
                    else "replyctl pause list shows what is.",
                ) from None
            with engine.connect() as connection:
                left = list_active_pauses(connection, _id(workspace))
        if as_json:
            print_json({"what": what, "client_id": _id(workspace), "jobs_brought_forward": woken, "still_paused": left})
            return
        say(f"{WORDS[what].capitalize()} of {_name(workspace)} are resumed: {woken} jobs go on within a minute.")
        if left:
            say(f"{len(left)} other pauses still hold: replyctl pause list")

    command.__doc__ = f"Let {WORDS[what]} go on; pauses of another scope stay."
    return command


for _what in Pausable:
    _verb = _what.value.lower().replace("_", "-")
    pause_app.command(_verb)(_pause_command(_what))
    resume_app.command(_verb)(_resume_command(_what))


@pause_app.command("list")
def list_(stack: StackFile = None, as_json: AsJson = False) -> None:
    """List what is paused now, for one workspace or for everything, the oldest first."""
    with target(stack).database() as engine, engine.connect() as connection:
        pauses = list_active_pauses(connection)
    if as_json:
        print_json(pauses)
        return
    print_table(
        ["what", "of", "account", "why", "words", "by", "since (UTC)"],
        [
            (
                one.what,
                one.client_name or "everything",
                one.account or "",
                one.reason,
                one.note,
                one.paused_by,
                one.paused_at,
            )
            for one in pauses
        ],
        empty="Nothing is paused.",
    )


def _workspace(here: Target, engine: Engine, client: str | None, *, everything: bool) -> Client | None:
    if everything and client is not None:
        raise CommandError("Say either --client or --everything.")
    return None if everything else here.client(engine, client)


def _id(workspace: Client | None) -> ClientId | None:
    return None if workspace is None else workspace.id


def _name(workspace: Client | None) -> str:
    return "every workspace" if workspace is None else workspace.name
