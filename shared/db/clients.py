"""Workspaces: the client row, its settings, its knowledge and its campaigns."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import CampaignId, ClientId, Provider, ResponseMode
from shared.domain.workspace_settings import SETTINGS, check_delay_window, parse_setting


class ClientNotFoundError(LookupError):
    """No client has this id."""

    def __init__(self, client_id: UUID) -> None:
        super().__init__(f"there is no client {client_id}")


class ClientExistsError(ValueError):
    """A client has this id already."""


@dataclass(frozen=True, slots=True)
class Client:
    id: ClientId
    name: str
    instantly_workspace_id: str | None
    webhook_token_version: int
    hook_token: str | None  # which token its hooks at the provider were last told: ops.hooks
    disabled_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """One workspace's settings as stored; ``shared.domain.workspace_settings`` says what each one means."""

    persona_name: str
    persona_tone: str
    persona_greeting: str
    persona_signature: str
    persona_goals: str
    company_name: str
    service_description: str
    ideal_customer_profile: str
    qualification_questions: tuple[str, ...]
    booking_link: str | None
    timezone: str
    auto_send_enabled: bool
    daily_send_cap: int | None
    max_consecutive_auto_replies: int
    max_reply_age_hours: int
    escalation_phrases: tuple[str, ...]
    sending_window: dict[str, Any] | None
    delay_min_s: int | None
    delay_max_s: int | None
    sentiment_model: str | None
    draft_model: str | None
    evaluation_model: str | None
    scoring_model: str | None


@dataclass(frozen=True, slots=True)
class KnowledgeAsset:
    id: UUID
    client_id: ClientId
    name: str
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Campaign:
    id: CampaignId
    client_id: ClientId
    provider_campaign_id: str
    name: str
    response_mode: str  # as it is stored: a newer release may have written it
    auto_send_threshold: float
    created_at: datetime


# ── Clients ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_CLIENT = "id, name, instantly_workspace_id, webhook_token_version, hook_token, disabled_at, created_at"


def create_client(
    connection: Connection, name: str, *, instantly_workspace_id: str | None = None, id: UUID | None = None
) -> Client:
    """A new workspace with default settings; campaigns appear with the first event that names them.

    ``instantly_workspace_id``: events of any other Instantly workspace are then quarantined; None accepts all. ``id``:
    of a workspace that is gone, as after a restore, whose events still come. Raises ClientExistsError.
    """
    row = connection.execute(
        text(f"""
            WITH made AS (
                INSERT INTO client (id, name, instantly_workspace_id)
                VALUES (:id, :name, :instantly_workspace_id)
                ON CONFLICT (id) DO NOTHING
                RETURNING {_CLIENT}
            ), defaults AS (
                INSERT INTO client_settings (id, client_id) SELECT :settings_id, id FROM made
            )
            SELECT * FROM made
        """),  # noqa: S608 (a constant)
        {"id": id or uuid7(), "settings_id": uuid7(), "name": name, "instantly_workspace_id": instantly_workspace_id},
    ).one_or_none()
    if row is None:
        raise ClientExistsError(f"there is a client {id} already")
    return _client(row)


def get_client(connection: Connection, client_id: UUID) -> Client:
    """Raises ClientNotFoundError."""
    row = connection.execute(
        text(f"SELECT {_CLIENT} FROM client WHERE id = :id"),  # noqa: S608
        {"id": client_id},
    ).one_or_none()
    return _found(row, client_id)


def list_clients(connection: Connection) -> list[Client]:
    """Every workspace, the oldest first."""
    return [_client(row) for row in connection.execute(text(f"SELECT {_CLIENT} FROM client ORDER BY id"))]  # noqa: S608


def rotate_webhook_token(connection: Connection, client_id: UUID) -> Client:
    """Revokes every webhook token of the client that was made so far. Raises ClientNotFoundError.

    When that was is kept: what arrived before, and was parked, is judged by the token that was valid then.
    """
    row = connection.execute(
        text(f"""
            UPDATE client
            SET webhook_token_version = webhook_token_version + 1, webhook_token_rotated_at = clock_timestamp()
            WHERE id = :id RETURNING {_CLIENT}
        """),  # noqa: S608
        {"id": client_id},
    ).one_or_none()
    return _found(row, client_id)


def note_hook_token(connection: Connection, client_id: UUID, hook_token: str) -> None:
    """Remembers which token the client's hooks at the provider were told."""
    connection.execute(
        text("UPDATE client SET hook_token = :hook_token WHERE id = :id"), {"id": client_id, "hook_token": hook_token}
    )


def disable_client(connection: Connection, client_id: UUID, *, at: datetime) -> Client:
    """Its webhook answers 401 from now on; the first ``at`` stays. Raises ClientNotFoundError."""
    row = connection.execute(
        text(f"""
            UPDATE client SET disabled_at = coalesce(disabled_at, :at) WHERE id = :id RETURNING {_CLIENT}
        """),  # noqa: S608
        {"id": client_id, "at": at},
    ).one_or_none()
    return _found(row, client_id)


def enable_client(connection: Connection, client_id: UUID) -> Client:
    """Its events are taken again; opt-outs of the time in between are read back. Raises ClientNotFoundError."""
    row = connection.execute(
        text(f"""
            UPDATE client
            SET disabled_at = NULL,
                consent_gap_at = CASE WHEN disabled_at IS NULL THEN consent_gap_at ELSE now() END,
                consent_cursor = CASE WHEN disabled_at IS NULL THEN consent_cursor END
            WHERE id = :id RETURNING {_CLIENT}
        """),  # noqa: S608
        {"id": client_id},
    ).one_or_none()
    return _found(row, client_id)


def _found(row: Row[Any] | None, client_id: UUID) -> Client:
    if row is None:
        raise ClientNotFoundError(client_id)
    return _client(row)


def _client(row: Row[Any]) -> Client:
    return Client(**row._mapping)


# ── Settings ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_SETTINGS = ", ".join(SETTINGS)


def get_settings(connection: Connection, client_id: UUID) -> ClientSettings:
    """Raises ClientNotFoundError."""
    return _read_settings(connection, client_id, lock=False)


def set_settings(connection: Connection, client_id: UUID, values: Mapping[str, object]) -> ClientSettings:
    """Changes the named settings, all or none, and returns what is stored then.

    ``values`` may hold text as typed or data as read from a file. Raises InvalidSettingError (naming the setting) and
    ClientNotFoundError.
    """
    parsed = {name: parse_setting(name, value) for name, value in values.items()}
    # The row's lock: two changes, one of each end of the delay window, must not both pass against the other's old end.
    stored = _read_settings(connection, client_id, lock=True)
    check_delay_window(
        parsed.get("delay_min_s", stored.delay_min_s),
        parsed.get("delay_max_s", stored.delay_max_s),
    )
    if not parsed:
        return stored
    if parsed.get("sending_window") is not None:
        parsed["sending_window"] = json.dumps(parsed["sending_window"])
    # Names come from SETTINGS: parse_setting has refused any other.
    assignments = ", ".join(
        f"{name} = CAST(:{name} AS jsonb)" if name == "sending_window" else f"{name} = :{name}" for name in parsed
    )
    connection.execute(
        text(f"UPDATE client_settings SET {assignments}, updated_at = now() WHERE client_id = :client_id"),  # noqa: S608
        {**parsed, "client_id": client_id},
    )
    return _read_settings(connection, client_id, lock=False)


def _read_settings(connection: Connection, client_id: UUID, *, lock: bool) -> ClientSettings:
    row = connection.execute(
        text(f"SELECT {_SETTINGS} FROM client_settings WHERE client_id = :id {'FOR UPDATE' if lock else ''}"),  # noqa: S608
        {"id": client_id},
    ).one_or_none()
    if row is None:
        raise ClientNotFoundError(client_id)
    values = dict(row._mapping)
    for name in ("qualification_questions", "escalation_phrases"):
        values[name] = tuple(values[name])
    return ClientSettings(**values)


# ── Knowledge ────────────────────────────────────────────────────────────────────────────────────────────────────────


def add_knowledge(connection: Connection, client_id: UUID, name: str, body: str) -> KnowledgeAsset:
    """Adds a text that drafts may take facts from. Raises ClientNotFoundError."""
    get_client(connection, client_id)
    row = connection.execute(
        text("""
            INSERT INTO knowledge_asset (id, client_id, name, text) VALUES (:id, :client_id, :name, :text)
            RETURNING id, client_id, name, text, created_at
        """),
        {"id": uuid7(), "client_id": client_id, "name": name, "text": body},
    ).one()
    return KnowledgeAsset(**row._mapping)


def list_knowledge(connection: Connection, client_id: UUID) -> list[KnowledgeAsset]:
    """The client's texts in the order in which they were added."""
    rows = connection.execute(
        text("SELECT id, client_id, name, text, created_at FROM knowledge_asset WHERE client_id = :id ORDER BY id"),
        {"id": client_id},
    )
    return [KnowledgeAsset(**row._mapping) for row in rows]


def remove_knowledge(connection: Connection, client_id: UUID, asset_id: UUID) -> KnowledgeAsset | None:
    """Removes one text and returns it; None when this client has no such text."""
    row = connection.execute(
        text("""
            DELETE FROM knowledge_asset WHERE id = :id AND client_id = :client_id
            RETURNING id, client_id, name, text, created_at
        """),
        {"id": asset_id, "client_id": client_id},
    ).one_or_none()
    return None if row is None else KnowledgeAsset(**row._mapping)


# ── Campaigns ────────────────────────────────────────────────────────────────────────────────────────────────────────

_CAMPAIGN = "id, client_id, provider_campaign_id, name, response_mode, auto_send_threshold, created_at"


def list_campaigns(connection: Connection, client_id: UUID) -> list[Campaign]:
    """The client's campaigns, the oldest first."""
    rows = connection.execute(
        text(f"SELECT {_CAMPAIGN} FROM campaign WHERE client_id = :id ORDER BY id"),  # noqa: S608
        {"id": client_id},
    )
    return [_campaign(row) for row in rows]


def find_campaigns(connection: Connection, client_id: UUID, reference: str) -> Sequence[Campaign]:
    """The client's campaigns that ``reference`` names: our id or Instantly's, else the name without regard to case."""
    campaigns = list_campaigns(connection, client_id)
    by_id = [campaign for campaign in campaigns if reference in (str(campaign.id), campaign.provider_campaign_id)]
    return by_id or [campaign for campaign in campaigns if campaign.name.casefold() == reference.casefold()]


def upsert_campaign(connection: Connection, client_id: UUID, provider_campaign_id: str, name: str) -> Campaign:
    """The campaign with Instantly's id, made with default mode when it is new, renamed when its name changed."""
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
            "provider": Provider.INSTANTLY.value,
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
) -> Campaign | None:
    """Changes what is given; None when there is no such campaign.

    ``auto_send_threshold`` (0 to 1) is the confidence from which an answer is sent without a person. Raises ValueError
    outside that range.
    """
    if auto_send_threshold is not None and not 0 <= auto_send_threshold <= 1:
        raise ValueError(f"the threshold is a confidence between 0 and 1, got {auto_send_threshold}")
    row = connection.execute(
        text(f"""
            UPDATE campaign
            SET response_mode = coalesce(:response_mode, response_mode),
                auto_send_threshold = coalesce(:auto_send_threshold, auto_send_threshold)
            WHERE id = :id
            RETURNING {_CAMPAIGN}
        """),  # noqa: S608
        {
            "id": campaign_id,
            "response_mode": response_mode.value if response_mode else None,
            "auto_send_threshold": auto_send_threshold,
        },
    ).one_or_none()
    return None if row is None else _campaign(row)


def _campaign(row: Row[Any]) -> Campaign:
    return Campaign(**row._mapping)
