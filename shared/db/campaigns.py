"""Queries of campaign: what a person sets of it. Campaigns appear with the first event that names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from shared.domain.campaign_voice import CampaignVoice
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import CampaignId, ClientId, Provider, ResponseMode


@dataclass(frozen=True, slots=True)
class Campaign:
    id: CampaignId
    client_id: ClientId
    provider: str  # as it is stored
    provider_campaign_id: str
    name: str
    response_mode: str  # as it is stored: a newer release may have written it
    auto_send_threshold: float
    created_at: datetime
    voice: Mapping[str, str]  # what it says otherwise than its workspace, by the names of CampaignVoice


VOICE_FIELDS = tuple(field.name for field in fields(CampaignVoice))
_VOICE = ", ".join(f"'{name}', {name}" for name in VOICE_FIELDS)
_CAMPAIGN = (
    "id, client_id, provider, provider_campaign_id, name, response_mode, auto_send_threshold, created_at,"
    f" jsonb_strip_nulls(jsonb_build_object({_VOICE})) AS voice"
)


def list_campaigns(connection: Connection, client_id: UUID) -> list[Campaign]:
    """Lists the client's campaigns, the oldest first."""
    rows = connection.execute(
        text(f"SELECT {_CAMPAIGN} FROM campaign WHERE client_id = :id ORDER BY id"),  # noqa: S608
        {"id": client_id},
    )
    return [_campaign(row) for row in rows]


def find_campaigns(connection: Connection, client_id: UUID, reference: str) -> Sequence[Campaign]:
    """Finds campaigns by what a person says: our id or the provider's, else the name without regard to case."""
    campaigns = list_campaigns(connection, client_id)
    by_id = [campaign for campaign in campaigns if reference in (str(campaign.id), campaign.provider_campaign_id)]
    return by_id or [campaign for campaign in campaigns if campaign.name.casefold() == reference.casefold()]


def upsert_campaign(
    connection: Connection, client_id: UUID, provider: Provider, provider_campaign_id: str, name: str
) -> Campaign:
    """Makes the campaign with the provider's id, with the default mode, or renames the one that is there."""
    row = connection.execute(
        text(f"""
            INSERT INTO campaign (id, client_id, provider, provider_campaign_id, name)
            VALUES (:id, :client_id, :provider, :provider_campaign_id, :name)
            ON CONFLICT (client_id, provider, provider_campaign_id) DO UPDATE SET name = excluded.name
            RETURNING {_CAMPAIGN}
        """),  # noqa: S608
        {
            "id": uuid7(),
            "client_id": client_id,
            "provider": provider.value,
            "provider_campaign_id": provider_campaign_id,
            "name": name,
        },
    ).one()
    return _campaign(row)


def set_campaign(
    connection: Connection,
    campaign_id: CampaignId,
    *,
    response_mode: ResponseMode | None = None,
    auto_send_threshold: float | None = None,
    voice: Mapping[str, str | None] = MappingProxyType({}),
) -> Campaign | None:
    """Changes what is given; None when there is no such campaign.

    ``auto_send_threshold`` (0 to 1) is the confidence from which a draft is sent without a person. ``voice`` names
    fields of CampaignVoice; a None gives the workspace's own back. Raises ValueError for another range or name.
    """
    if unknown := voice.keys() - VOICE_FIELDS:
        raise ValueError(f"no such part of a campaign's voice: {', '.join(sorted(unknown))}")
    if auto_send_threshold is not None and not 0 <= auto_send_threshold <= 1:
        raise ValueError(f"the threshold is a confidence between 0 and 1, got {auto_send_threshold}")
    row = connection.execute(
        text(f"""
            UPDATE campaign
            SET response_mode = coalesce(:response_mode, response_mode),
                auto_send_threshold = coalesce(:auto_send_threshold, auto_send_threshold)
                {"".join(f", {name} = :{name}" for name in voice)}
            WHERE id = :id
            RETURNING {_CAMPAIGN}
        """),  # noqa: S608
        {
            "id": campaign_id,
            "response_mode": response_mode.value if response_mode else None,
            "auto_send_threshold": auto_send_threshold,
            **voice,
        },
    ).one_or_none()
    return None if row is None else _campaign(row)


def _campaign(row: Row[Any]) -> Campaign:
    return Campaign(**row._mapping)
