"""replyctl knowledge: the texts that drafts may take facts from."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.errors import CommandError
from ops.files import GivenFile, file_option
from ops.options import AsJson, ClientName, StackFile, Yes, command_group, confirm
from ops.output import print_json, print_table, say, shorten
from ops.stack import parse_id, target
from shared.db.knowledge import add_knowledge, list_knowledge, remove_knowledge

TEXT_LIMIT = 100_000  # characters of one text; prompts take only what fits their budget

app = command_group("Texts that drafts may take facts from: prices, dates, references.")


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What people call the text, for example Prices 2026.")],
    text: Annotated[str | None, typer.Option("--text", help="The text itself.", show_default=False)] = None,
    file: Annotated[GivenFile | None, file_option("A file with the text; - reads standard input.")] = None,
    client: ClientName = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Add a text. A draft states a price or a link only when it occurs in a text or in the settings."""
    body = _body(text, file)
    with target(stack).workspace(client) as (connection, workspace):
        asset = add_knowledge(connection, workspace.id, name.strip(), body)
    if as_json:
        print_json(asset)
    else:
        say(f"Added {asset.name} ({len(body):,} characters) as {asset.id}.")


@app.command("list")
def list_(client: ClientName = None, stack: StackFile = None, as_json: AsJson = False) -> None:
    """List the texts."""
    with target(stack).workspace(client) as (connection, workspace):
        assets = list_knowledge(connection, workspace.id)
    if as_json:
        print_json(assets)
        return
    print_table(
        ["id", "name", "text", "added (UTC)"],
        [(asset.id, asset.name, shorten(asset.text, 120), asset.created_at) for asset in assets],
        empty="No texts yet. Add one with: replyctl knowledge add NAME --file FILE",
    )


@app.command("remove")
def remove(
    id: Annotated[str, typer.Argument(metavar="ID", help="The text's id, from knowledge list.")],
    yes: Yes = False,
    client: ClientName = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Remove a text for good."""
    asset_id = parse_id(id, "a text")
    here = target(stack)
    with here.database() as engine:
        workspace = here.client(engine, client)
        confirm(f"Remove the text {asset_id} of {workspace.name} for good?", yes)
        with engine.begin() as connection:
            asset = remove_knowledge(connection, workspace.id, asset_id)
    if asset is None:
        raise CommandError(f"{workspace.name} has no text {asset_id}.", "replyctl knowledge list shows what there is.")
    if as_json:
        print_json(asset)
    else:
        say(f"Removed {asset.name}.")


def _body(text: str | None, file: GivenFile | None) -> str:
    if (text is None) == (file is None):
        raise CommandError("Say either --text or --file.")
    body = (file.text() if file is not None else text or "").strip()
    if not body or "\x00" in body:
        raise CommandError("The text is empty." if not body else "The text holds NUL characters: is it a text file?")
    if len(body) > TEXT_LIMIT:
        raise CommandError(f"The text has {len(body):,} characters, at most {TEXT_LIMIT:,} are taken.", "Split it.")
    return body
