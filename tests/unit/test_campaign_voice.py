"""What a campaign says otherwise than its workspace."""

from __future__ import annotations

from shared.domain.campaign_voice import CampaignVoice, speaking_for
from shared.domain.workspace_settings import KnowledgeText, Workspace, WorkspaceSettings

WORKSPACE = Workspace(
    WorkspaceSettings(
        persona_name="Mara", persona_tone="warm", persona_signature="Mara Lind\nNorthwind", company_name="Northwind"
    ),
    (KnowledgeText("Pricing", "€490"),),
)


def test_a_campaign_that_says_nothing_leaves_the_workspace_as_it_is() -> None:
    assert speaking_for(WORKSPACE, None) is WORKSPACE
    assert speaking_for(WORKSPACE, CampaignVoice()) == WORKSPACE


def test_a_campaign_overrides_what_it_names_and_nothing_else() -> None:
    voice = CampaignVoice(instructions="Offer the webinar.", language="de", persona_tone="knapp")
    shown = speaking_for(WORKSPACE, voice)
    assert (shown.instructions, shown.language) == ("Offer the webinar.", "de")
    assert (shown.settings.persona_tone, shown.settings.persona_name) == ("knapp", "Mara")
    assert shown.settings.persona_signature == "Mara Lind\nNorthwind"
    assert shown.knowledge == WORKSPACE.knowledge


def test_another_person_does_not_sign_with_the_name_of_the_first() -> None:
    assert speaking_for(WORKSPACE, CampaignVoice(persona_name="Ben")).settings.persona_signature == ""
    both = speaking_for(WORKSPACE, CampaignVoice(persona_name="Ben", persona_signature="Ben Ode"))
    assert both.settings.persona_signature == "Ben Ode"
