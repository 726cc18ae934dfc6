"""The voice of a campaign: who writes, in which language and to what end, where its workspace says otherwise."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shared.domain.workspace_settings import Workspace

PERSONA_FIELDS = ("persona_name", "persona_tone", "persona_greeting", "persona_signature", "persona_goals")


@dataclass(frozen=True, slots=True)
class CampaignVoice:
    """A campaign's own settings, by the names of their columns; None leaves the workspace's."""

    instructions: str | None = None
    language: str | None = None
    persona_name: str | None = None
    persona_tone: str | None = None
    persona_greeting: str | None = None
    persona_signature: str | None = None
    persona_goals: str | None = None


def speaking_for(workspace: Workspace, voice: CampaignVoice | None) -> Workspace:
    """Returns the workspace as one of its campaigns shows it.

    A campaign that names another person does not sign with the workspace's signature, which has the other's name.
    """
    if voice is None:
        return workspace
    own = {name: value for name in PERSONA_FIELDS if (value := getattr(voice, name)) is not None}
    if "persona_name" in own and "persona_signature" not in own:
        own["persona_signature"] = ""
    return replace(
        workspace,
        settings=workspace.settings.model_copy(update=own),
        instructions=voice.instructions or "",
        language=voice.language or "",
    )
