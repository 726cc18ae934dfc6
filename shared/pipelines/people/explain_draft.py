"""The findings of the output checks, and the commitments, of drafts that are in no database: no stack, no environment.

The checks are the pipeline's own; a line brings what the writer would have been shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from shared.ai.context import LeadFacts, ThreadMessage
from shared.ai.tasks.draft import DraftInput, DraftResult, failed_checks
from shared.domain.channels import CHANNELS
from shared.domain.drafting.outgoing_text import text_on
from shared.domain.drafting.stated_commitments import stated_commitments
from shared.domain.drafting.stated_days import relative_days
from shared.domain.vocabulary import Channel, Direction, Tag
from shared.domain.workspace_settings import KnowledgeText, Workspace, WorkspaceSettings
from shared.pipelines.people.explain_reply import LineError, parse_line

STALE = "stale"  # true on the day of writing only


class _Given(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Persona(_Given):
    name: str = ""
    tone: str = ""
    greeting: str = ""
    signature: str = ""
    goals: str = ""


class _Knowledge(_Given):
    name: str = ""
    text: str


class GivenWorkspace(_Given):
    """A workspace in a file of workspaces, by its name there."""

    persona: _Persona = _Persona()
    company_name: str = ""
    service_description: str = ""
    knowledge: tuple[_Knowledge, ...] = ()
    booking_link: str | None = None
    qualification_questions: tuple[str, ...] = ()
    ideal_customer_profile: str = ""
    timezone: str = "UTC"

    def workspace(self, added: Sequence[str]) -> Workspace:
        """Makes the workspace, with these texts added to its knowledge."""
        persona = self.persona
        settings = WorkspaceSettings(
            persona_name=persona.name,
            persona_tone=persona.tone,
            persona_greeting=persona.greeting,
            persona_signature=persona.signature,
            persona_goals=persona.goals,
            company_name=self.company_name,
            service_description=self.service_description,
            ideal_customer_profile=self.ideal_customer_profile,
            qualification_questions=list(self.qualification_questions),
            booking_link=self.booking_link,
            timezone=self.timezone,
        )
        texts = (*((one.name, one.text) for one in self.knowledge), *(("", text) for text in added))
        return Workspace(settings, tuple(KnowledgeText(name, text) for name, text in texts))


class _Message(_Given):
    channel: Channel | None = None  # None: the reply's
    direction: Direction
    at: datetime
    subject: str | None = None
    text: str


class _Context(_Given):
    workspace: str
    channel: Channel = Channel.EMAIL
    reply: str
    quoted_original: str = ""
    history: tuple[_Message, ...] = ()
    knowledge_added: tuple[str, ...] = ()
    lead: tuple[str | None, str | None, str | None] = (None, None, None)
    replier_is_lead: bool = True
    now: datetime

    @model_validator(mode="before")
    @classmethod
    def _with_a_plain_moment(cls, value: Any) -> Any:
        """Reads ``2026-11-26 Thu`` as noon of that day."""
        if isinstance(value, Mapping) and isinstance(now := value.get("now"), str) and len(now.split()[0]) == 10:
            return {**value, "now": f"{now.split()[0]}T12:00:00+00:00"}
        return value


class GivenDraft(_Given):
    """A line of a file of drafts: a draft, and what its writer was shown."""

    draft: str
    context: _Context

    @classmethod
    def parse(cls, line: Mapping[str, Any]) -> Self:
        """Reads a line. Raises LineError."""
        try:
            return cls.model_validate(line)
        except ValidationError as failure:
            raise LineError(_first_error(failure)) from None

    def as_written(self, workspaces: Mapping[str, GivenWorkspace]) -> tuple[DraftInput, DraftResult]:
        """Returns the writer's input and its draft. Raises LineError for an unknown workspace."""
        context = self.context
        if context.workspace not in workspaces:
            raise LineError(f"no workspace is called {context.workspace!r}")
        first_name, last_name, company = context.lead
        at = context.now if context.now.tzinfo else context.now.replace(tzinfo=UTC)
        given = DraftInput(
            reply=ThreadMessage(
                Direction.INBOUND, at, _subject(context.channel), context.reply, channel=context.channel
            ),
            history=[
                ThreadMessage(
                    one.direction,
                    one.at if one.at.tzinfo else one.at.replace(tzinfo=UTC),
                    one.subject,
                    one.text,
                    channel=one.channel or context.channel,
                )
                for one in context.history
            ],
            tag=Tag.INTERESTED,
            workspace=workspaces[context.workspace].workspace(context.knowledge_added),
            lead=LeadFacts(first_name, last_name, company, replier_is_lead=context.replier_is_lead),
            now=at,
            quoted_original=context.quoted_original,
        )
        return given, DraftResult(_subject(context.channel) or "", text_on(given.channel, self.draft))


def _subject(channel: Channel) -> str | None:
    return "Re: hello" if CHANNELS[channel].has_subject else None


def parse_workspaces(content: bytes) -> dict[str, GivenWorkspace]:
    """Reads a file of workspaces: one JSON object, name to workspace. Raises LineError."""
    try:
        value = json.loads(content.decode("utf-8-sig"))
    except ValueError as failure:
        raise LineError(f"not JSON: {failure}") from None
    if not isinstance(value, dict):
        raise LineError("not a JSON object of workspaces")
    try:
        return {name: GivenWorkspace.model_validate(one) for name, one in value.items()}
    except ValidationError as failure:
        raise LineError(_first_error(failure)) from None


def explain_draft(line: Mapping[str, Any], workspaces: Mapping[str, GivenWorkspace]) -> dict[str, Any]:
    """Returns the ``findings`` and ``commitments`` of one draft, as plain JSON values. Raises LineError."""
    given, written = GivenDraft.parse(line).as_written(workspaces)
    findings = [(failed.check, failed.words) for failed in failed_checks(given, written)]
    # A file's draft leaves nobody knows when; in the pipeline the gate looks at these words when the draft leaves.
    findings += [(STALE, words) for words in relative_days(written.body)]
    return {
        "findings": [{"check": check, "words": words} for check, words in findings],
        "commitments": [{"kind": one.kind.value, "words": one.words} for one in stated_commitments(written.body)],
    }


def explain_drafts(lines: Iterable[bytes], workspaces: Mapping[str, GivenWorkspace]) -> Iterator[dict[str, Any]]:
    """Yields one result per line of a JSON Lines file, in order; a line that cannot be read has its ``error``."""
    for number, raw in enumerate(lines, start=1):
        if not raw.strip():
            continue
        try:
            yield explain_draft(parse_line(raw), workspaces)
        except LineError as failure:
            yield {"error": f"line {number}: {failure}"}


def _first_error(failure: ValidationError) -> str:
    first = failure.errors()[0]
    return f"{'.'.join(map(str, first['loc'])) or 'line'}: {first['msg']}"
