"""replyctl commitments: what our responses have promised, and what became of it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from ops.errors import CommandError
from ops.options import AsJson, By, ClientName, Limit, Owner, StackFile, command_group
from ops.output import print_json, print_table, say, shorten
from ops.stack import login_name, parse_id, target
from shared.db.commitments import CommitmentStatus, get_commitment, list_commitments
from shared.domain.actor import Actor
from shared.pipelines.people.refusals import InterventionRefusedError
from shared.pipelines.people.settle_commitments import settle_commitment

app = command_group("What our responses have promised: invitations, calls, answers to find out, follow-ups.")

Id = Annotated[str, typer.Argument(metavar="ID", help="The commitment's id, from replyctl commitments list.")]


@app.command("list")
def list_(
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those that should have been kept by now.")] = False,
    settled: Annotated[bool, typer.Option("--all", help="Also those that were kept or dropped.")] = False,
    limit: Limit = 50,
    client: ClientName = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """List open commitments, the first due first.

    WRITE_LATER is kept by a follow-up that is drafted when its day comes. Every other kind needs a person, who says so
    with replyctl commitments keep or drop. A newer message of the lead or a suppression drops what is open.
    """
    with target(stack).workspace(client) as (connection, workspace):
        found = list_commitments(connection, workspace.id, settled=settled, overdue=overdue, limit=limit)
    if as_json:
        print_json(found)
        return
    print_table(
        ["id", "lead", "kind", "words", "due (UTC)", "status", "why"],
        [
            (
                one.id,
                one.email,
                one.kind,
                shorten(one.words, 120),
                one.due_at,
                "overdue" if one.is_overdue else one.status,
                " by ".join(part for part in (one.settled_rule, one.settled_by) if part),
            )
            for one in found
        ],
        empty="Nothing is overdue." if overdue else "Nothing is promised.",
    )


@app.command("keep")
def keep(id: Id, by: By = None, client: Owner = None, stack: StackFile = None, as_json: AsJson = False) -> None:
    """Say that a promise was kept: the call was made, the invitation sent, the question answered."""
    _settle(id, CommitmentStatus.KEPT, by, client, stack, as_json=as_json)


@app.command("drop")
def drop(id: Id, by: By = None, client: Owner = None, stack: StackFile = None, as_json: AsJson = False) -> None:
    """Say that a promise need not be kept any more."""
    _settle(id, CommitmentStatus.DROPPED, by, client, stack, as_json=as_json)


def _settle(
    id: str, status: CommitmentStatus, by: str | None, client: str | None, stack: str | None, *, as_json: bool
) -> None:
    commitment_id = parse_id(id, "a commitment")
    here = target(stack)
    with here.database() as engine:
        with engine.connect() as connection:
            found = get_commitment(connection, commitment_id)
        owners: dict[UUID, UUID | None] = {commitment_id: None if found is None else found.client_id}
        here.require_owner(engine, client, owners, "commitment")
        try:
            settle_commitment(engine, commitment_id, status, by=Actor.person(by or login_name()))
        except InterventionRefusedError as error:
            remedy = "replyctl commitments list --all says how it stands."
            raise CommandError(f"Not changed: {error}.", remedy) from None
        with engine.connect() as connection:
            found = get_commitment(connection, commitment_id)
    if as_json:
        print_json({"commitment": found})
        return
    say(f"The promise counts as {'kept' if status is CommitmentStatus.KEPT else 'dropped'}.")
