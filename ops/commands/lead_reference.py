"""A lead as a person names it on the command line."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy import Engine

from ops.errors import CommandError
from ops.stack import Target
from shared.db.reports.leads import LeadReport, find_lead, find_merged_lead, get_lead

LeadReference = Annotated[str, typer.Argument(metavar="LEAD", help="The lead's e-mail address or id.")]


def find_named_lead(
    here: Target, engine: Engine, reference: str, client: str | None, *, merged: bool = False
) -> LeadReport:
    """Finds the lead of that id, which names its workspace by itself, or of that address in a workspace."""
    try:
        lead_id = UUID(reference)
    except ValueError:
        workspace = here.client(engine, client)
        with engine.connect() as connection:
            find = find_merged_lead if merged else find_lead
            found = find(connection, workspace.id, reference.strip())
        if found is None:
            raise CommandError(
                f"{workspace.name} has no {'merged ' if merged else ''}lead {reference}.",
                "Another workspace may: say --client, or name the lead by its id.",
            ) from None
        return found
    with engine.connect() as connection:
        found = get_lead(connection, lead_id)
    here.require_owner(engine, client, {lead_id: found.client_id if found else None}, "lead")
    if found is None:
        raise CommandError(f"There is no lead {lead_id}.", "replyctl lead show takes the e-mail address, too.")
    return found
