"""replyctl tombstones: who was erased, as keyed hashes that are kept outside the database."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from ops.commands.lead_erase import REFUSALS
from ops.errors import CommandError
from ops.files import GivenFile, file_argument
from ops.options import AsJson, StackFile, command_group
from ops.output import print_json, print_table, say
from ops.stack import target
from shared.db.tombstones import Tombstone, list_tombstones
from shared.domain.vocabulary import ClientId
from shared.pipelines.people.apply_tombstones import apply_tombstones

app = command_group("The keyed hashes of erased people's addresses: they name nobody.")


@app.command("export")
def export(stack: StackFile = None) -> None:
    """Print every tombstone, one JSON object per line: keep them outside the database.

    replyctl tombstones export > tombstones.jsonl
    """
    with target(stack).database() as engine, engine.connect() as connection:
        for stone in list_tombstones(connection):
            values = {
                "client_id": str(stone.client_id),
                "address_hash": stone.address_hash.hex(),
                "kind": stone.kind,
                "erased_at": stone.erased_at.isoformat(),
            }
            typer.echo(json.dumps(values))


@app.command("apply")
def apply(
    file: Annotated[GivenFile, file_argument("FILE.jsonl", "What tombstones export has printed; - is standard input.")],
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Take tombstones in after a restore, and erase again whoever they are about.

    Run it before functions run on the restored data, and again while it names leads that could not be erased yet.
    """
    here = target(stack)
    stones = [_read(number, line) for number, line in enumerate(file.text().splitlines(), start=1) if line.strip()]
    with here.database() as engine, here.publisher() as publisher:
        applied = apply_tombstones(engine, publisher, stones, here.hash_address())
    if as_json:
        print_json(applied)
    else:
        say(f"{applied.tombstones} tombstones taken in, {len(applied.erased)} people erased again.")
        if applied.refused:
            print_table(
                ["lead", "not erased yet", "what to do"],
                [(lead_id, *REFUSALS[refusal]) for lead_id, refusal in applied.refused],
                empty="",
            )
    if applied.refused:
        raise typer.Exit(1)


def _read(number: int, line: str) -> Tombstone:
    try:
        values = json.loads(line)
        return Tombstone(
            ClientId(UUID(values["client_id"])),
            bytes.fromhex(values["address_hash"]),
            str(values["kind"]),
            datetime.fromisoformat(values["erased_at"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CommandError(
            f"Line {number} is no tombstone.", "The file is what replyctl tombstones export prints."
        ) from None
