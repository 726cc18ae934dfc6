"""Queries of knowledge_asset: the texts that drafts may take facts from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from shared.db.clients import get_client
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import ClientId


@dataclass(frozen=True, slots=True)
class KnowledgeAsset:
    id: UUID
    client_id: ClientId
    name: str
    text: str
    created_at: datetime


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
    """Lists the client's texts in the order in which they were added."""
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
