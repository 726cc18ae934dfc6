"""The offline stand-in writes for a phone and for LinkedIn as their rules want it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from local.offline_drafts import LANGUAGES
from local.offline_rules import draft as offline_draft
from shared.ai.context import LeadFacts, ThreadMessage, to_document
from shared.ai.tasks.draft import DraftInput, DraftResult, assemble_body, draft_document, failed_checks
from shared.ai.workspace_prefix import render_workspace
from shared.domain.tags import DRAFTED_TAGS
from shared.domain.vocabulary import Channel, Direction, Tag
from shared.domain.workspace_settings import Workspace, WorkspaceSettings

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
WORKSPACE = Workspace(
    WorkspaceSettings(
        persona_name="Mara Lind",
        company_name="Growthline",
        booking_link="https://growthline.example/demo",
        service_description="Growthline books meetings. Starter costs 490 euros a month. Setup takes two days.",
    )
)
REPLIES = {
    "en": "Thursday at 10 works. What is the price?",
    "de": "Donnerstag um 10 passt. Was ist der Preis?",
    "fr": "Jeudi à 10h me va. Quel est le prix ?",
    "es": "El jueves a las 10 me va bien. ¿Cuál es el precio?",
}


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.LINKEDIN])
@pytest.mark.parametrize("tag", sorted(DRAFTED_TAGS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stand_ins_draft_passes_the_checks_of_the_medium(channel: Channel, tag: Tag, language: str) -> None:
    reply = ThreadMessage(Direction.INBOUND, NOW, None, REPLIES[language], channel=channel)
    given = DraftInput(reply, [], tag, WORKSPACE, LeadFacts("Pat"), NOW)
    document = {**render_workspace(WORKSPACE, ""), **draft_document(given)}
    assert to_document(document)

    written = offline_draft(document)
    body = assemble_body(
        written["greeting"], written["body"], written["closing"], language, WORKSPACE.settings, given.channel
    )

    found = {failed.check for failed in failed_checks(given, DraftResult("", body))}
    assert not found & {"too_long", "early_link", "formatting", "emoji", "link_shortener", "empty", "too_short"}, body
    assert "\n" not in body
