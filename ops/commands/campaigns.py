"""replyctl campaign: which campaigns are answered automatically, from which confidence on, and in whose voice."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from ops.errors import CommandError
from ops.options import AsJson, ClientName, StackFile, command_group
from ops.output import print_json, print_table
from ops.stack import target
from ops.wording import provider_title
from shared.db.campaigns import (
    VOICE_FIELDS,
    Campaign,
    find_campaigns,
    list_campaigns,
    set_campaign,
    upsert_campaign,
)
from shared.db.clients import Client
from shared.domain.campaign_voice import PERSONA_FIELDS
from shared.domain.vocabulary import Provider, ResponseMode
from shared.domain.workspace_settings import InvalidSettingError, parse_setting

app = command_group("Which campaigns are answered automatically, and from which confidence on.")


def _mode(value: str) -> ResponseMode:
    try:
        return ResponseMode(value.upper().replace("-", "_"))
    except ValueError:
        raise typer.BadParameter(f"{value} is neither DRAFT_ONLY nor AUTO_SEND") from None


Mode = Annotated[
    ResponseMode | None,
    typer.Option(
        "--mode",
        parser=_mode,
        metavar="DRAFT_ONLY|AUTO_SEND",
        help="DRAFT_ONLY: a person approves every answer. AUTO_SEND: what is judged safe leaves by itself.",
        show_default=False,
    ),
]
Threshold = Annotated[
    float | None,
    typer.Option(
        "--threshold", min=0.0, max=1.0, help="Confidence from which an answer leaves by itself.", show_default=False
    ),
]


@app.command("list")
def list_(client: ClientName = None, stack: StackFile = None, as_json: AsJson = False) -> None:
    """List the campaigns. One appears by itself with the first event that names it, as DRAFT_ONLY."""
    with target(stack).workspace(client) as (connection, workspace):
        campaigns = list_campaigns(connection, workspace.id)
    _show(campaigns, as_json=as_json)


@app.command("add")
def add(
    campaign_id: Annotated[str, typer.Argument(metavar="PROVIDER_ID", help="The campaign's id at its provider.")],
    name: Annotated[str, typer.Argument(help="The campaign's name.")],
    provider: Annotated[
        Provider | None,
        typer.Option(
            "--provider",
            case_sensitive=False,
            help="Whose campaign it is (default: the only provider of the workspace).",
            show_default=False,
        ),
    ] = None,
    mode: Mode = None,
    threshold: Threshold = None,
    client: ClientName = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Register a campaign before its first reply, so that its mode is right from the start."""
    if not campaign_id.strip() or not name.strip():
        raise CommandError("The id and the name must not be empty.")
    with target(stack).workspace(client) as (connection, workspace):
        whose = provider or _only_provider(workspace)
        made = upsert_campaign(connection, workspace.id, whose, campaign_id.strip(), name.strip())
        changed = set_campaign(connection, made.id, response_mode=mode, auto_send_threshold=threshold)
    _show([changed or made], as_json=as_json, single=True)


@app.command("set")
def set_(
    campaign: Annotated[
        str, typer.Argument(metavar="CAMPAIGN", help="Campaign, by our id, its provider's id or name.")
    ],
    mode: Mode = None,
    threshold: Threshold = None,
    voice: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE",
            help=f"What it says otherwise than its workspace ({', '.join(VOICE_FIELDS)}); may be repeated."
            " An empty value gives the workspace's own back.",
            show_default=False,
        ),
    ] = None,
    client: ClientName = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Change a campaign's mode, threshold or voice; it counts from the next draft or decision on.

    Example: replyctl campaign set "Q4 Founders" --mode AUTO_SEND --threshold 0.92 --voice language=de
    """
    if mode is None and threshold is None and not voice:
        raise CommandError("Nothing to change.", "Say --mode, --threshold or --voice.")
    spoken = dict(map(_voice, voice or ()))
    with target(stack).workspace(client) as (connection, workspace):
        found = find_campaigns(connection, workspace.id, campaign)
        if len(found) != 1:
            raise _not_one(
                campaign, workspace.name, [f"{other.id} ({provider_title(other.provider)})" for other in found]
            )
        changed = set_campaign(connection, found[0].id, response_mode=mode, auto_send_threshold=threshold, voice=spoken)
    _show([changed or found[0]], as_json=as_json, single=True)


def _only_provider(workspace: Client) -> Provider:
    providers = {account.provider for account in workspace.accounts if account.provider in Provider}
    if len(providers) != 1:
        raise CommandError(
            f"{workspace.name} has accounts at {len(providers)} providers.", "Say whose campaign it is with --provider."
        )
    return Provider(providers.pop())


def _voice(assignment: str) -> tuple[str, str | None]:
    """Reads ``name=value`` by the rule of the setting of that name, where there is one."""
    name, equals, value = assignment.partition("=")
    if not equals or name not in VOICE_FIELDS:
        raise CommandError(f"--voice {assignment}: expected NAME=VALUE.", f"The names are {', '.join(VOICE_FIELDS)}.")
    if not value.strip():
        return name, None
    if name == "language" and re.fullmatch(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?", value) is None:
        raise CommandError(f"--voice {assignment}: expected a code such as de or pt-BR.")
    try:
        return name, parse_setting(name, value) if name in PERSONA_FIELDS else value.strip()
    except InvalidSettingError as refused:
        raise CommandError(f"--voice {refused}.") from None


def _not_one(reference: str, workspace: str, matches: list[str]) -> CommandError:
    if matches:
        return CommandError(
            f"Several campaigns of {workspace} are called {reference}.", f"Name one by its id: {', '.join(matches)}"
        )
    return CommandError(
        f"{workspace} has no campaign {reference}.",
        "replyctl campaign list shows what there is; campaign add registers one before its first reply.",
    )


def _show(campaigns: list[Campaign], *, as_json: bool, single: bool = False) -> None:
    if as_json:
        print_json(campaigns[0] if single else campaigns)
        return
    print_table(
        ["id", "provider", "id there", "name", "mode", "threshold", "voice"],
        [
            (
                campaign.id,
                campaign.provider,
                campaign.provider_campaign_id,
                campaign.name,
                campaign.response_mode,
                campaign.auto_send_threshold,
                ", ".join(campaign.voice) or "–",
            )
            for campaign in campaigns
        ],
        empty="No campaign yet: one appears with the first event that names it.",
    )
