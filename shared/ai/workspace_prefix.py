"""The beginning that all calls of a workspace share, byte for byte, so that models read it from their cache."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from shared.ai.context import MAX_FIELD, MAX_SUBJECT, shorten, to_document
from shared.ai.prompts import load_prompt
from shared.domain.knowledge_fit import fitting_knowledge
from shared.domain.workspace_settings import Workspace

SHARED_PROMPT = "shared.v3"
MAX_QUESTIONS = 20
KEY_CHARS = 32


@dataclass(frozen=True, slots=True)
class Prefix:
    """The instructions that all tasks share, and the workspace's own document."""

    instructions: str
    document: str

    @property
    def cache_key(self) -> str:
        """The key by which requests with this prefix find the same cache; it says nothing about the workspace."""
        return sha256(f"{self.instructions}\0{self.document}".encode()).hexdigest()[:KEY_CHARS]


def prefix_for(workspace: Workspace, wanted: str) -> Prefix:
    """Makes the prefix of a workspace. ``wanted`` (the reply, and what it answers) chooses among too many texts."""
    return Prefix(load_prompt(SHARED_PROMPT), to_document(render_workspace(workspace, wanted)))


def render_workspace(workspace: Workspace, wanted: str) -> dict[str, object]:
    """Renders the workspace's words about itself. Nothing of a lead is in here, and no time."""
    settings = workspace.settings
    return {
        "company": {
            "name": settings.company_name,
            "service_description": shorten(settings.service_description.strip(), MAX_FIELD),
            "booking_link": settings.booking_link or "",
            "ideal_customer_profile": shorten(settings.ideal_customer_profile.strip(), MAX_FIELD),
            "qualification_questions": settings.qualification_questions[:MAX_QUESTIONS],
            "knowledge": [
                {"name": shorten(one.name, MAX_SUBJECT), "text": one.text.strip()}
                for one in fitting_knowledge(workspace.knowledge, wanted)
                if one.text.strip()
            ],
        },
        "persona": {
            "name": settings.persona_name,
            "tone": shorten(settings.persona_tone, MAX_FIELD),
            "signature": shorten(settings.persona_signature.strip(), MAX_FIELD),
            "goals": shorten(settings.persona_goals.strip(), MAX_FIELD),
        },
        "campaign": {
            "instructions": shorten(workspace.instructions.strip(), MAX_FIELD),
            "language": workspace.language,
        },
    }
