"""The one workspace that a local stack has from its first start, and what earlier runs left unfinished."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection

from shared.db.clients import Client, ClientExistsError, create_client, get_client
from shared.db.found_accounts import connect_account
from shared.db.knowledge import add_knowledge
from shared.db.settings import set_settings
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import ClientId
from shared.providers.registry import PROVIDERS

NAME = "Acme Analytics (local)"
SETTINGS: dict[str, object] = {
    "persona_name": "Jordan Blake",
    "persona_tone": "friendly and professional",
    "persona_greeting": "Hi {first_name},",
    "persona_signature": "Best regards,\nJordan Blake\nAcme Analytics",
    "persona_goals": "Answer what was asked and win a 30-minute call.",
    "company_name": "Acme Analytics",
    "service_description": (
        "Acme Analytics connects a company's shop, CRM and advertising accounts and shows every morning which campaigns"
        " earn money and which lose it. Set-up takes one day and needs no engineer."
    ),
    "ideal_customer_profile": (
        "E-commerce and SaaS companies with 20 to 500 employees that spend at least 10,000 dollars a month on"
        " advertising. Best contacts: heads of marketing or growth, founders."
    ),
    "qualification_questions": ["Which advertising channels do you use today?", "Who looks at the numbers each week?"],
    "booking_link": "https://calendar.example.com/acme-analytics/intro",
    "timezone": "UTC",
    "auto_send_enabled": True,
}
KNOWLEDGE = {
    "Pricing": (
        "Plans: Starter 290 dollars a month for up to 3 data sources, Growth 690 dollars a month for up to 10 data"
        " sources, Scale on request. Monthly contracts, 14-day free trial, no set-up fee."
    ),
    "Integrations": (
        "Shopify, WooCommerce, HubSpot, Salesforce, Google Ads, Meta Ads, LinkedIn Ads and any SQL database."
    ),
    "Security": (
        "Data is stored in Frankfurt and Virginia, encrypted at rest and in transit. SOC 2 Type II report on request."
        " Access is read-only."
    ),
    "Results": "Customers cut wasted advertising spend by 18 percent on average in their first three months.",
}


@dataclass(frozen=True)
class Identity:
    """Which client a state directory's stack serves, and its keys: of webhook tokens, of address hashes.

    Survives restarts.
    """

    client_id: ClientId
    signing_key: str
    address_hash_key: str


def load_identity(state_dir: Path) -> Identity:
    """Loads the identity kept in ``state_dir``, made on first use and readable by its owner only."""
    path = state_dir / "identity.json"
    try:
        kept = json.loads(path.read_text())
    except FileNotFoundError:
        kept = {"client_id": str(uuid7()), "signing_key": secrets.token_hex(32)}
    if "address_hash_key" not in kept:
        kept["address_hash_key"] = secrets.token_hex(32)
        write_private(path, json.dumps(kept))
    return Identity(ClientId(UUID(kept["client_id"])), kept["signing_key"], kept["address_hash_key"])


def write_private(path: Path, content: str) -> None:
    """Writes a file that only its owner can read; readers see the old content or the new, never a part of it."""
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def seed_workspace(connection: Connection, client_id: ClientId) -> int:
    """Makes the workspace unless it is there (what a person changed in it stays) and returns its token version."""
    try:
        return make_workspace(connection, NAME, id=client_id).webhook_token_version
    except ClientExistsError:
        return get_client(connection, client_id).webhook_token_version


def make_workspace(
    connection: Connection, name: str, *, id: ClientId | None = None, settings: Mapping[str, object] = SETTINGS
) -> Client:
    """Makes a workspace as a customer has it, with an account at each provider, whose ids there nobody knows.

    Raises ClientExistsError.
    """
    client = create_client(connection, name, id=id)
    for provider in PROVIDERS:
        connect_account(connection, client.id, provider, None, credential_ref=None, finds_client=False)
    set_settings(connection, client.id, settings)
    for title, body in KNOWLEDGE.items():
        add_knowledge(connection, client.id, title, body)
    return client
