"""The writing of a draft: a plan and the text, in one call."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from shared.ai.client import ModelClient, Record
from shared.ai.context import (
    LeadFacts,
    ThreadMessage,
    render_conversation,
    render_greeting,
    render_lead,
    render_now,
    render_thread,
    render_time,
    texts_of,
    to_document,
    wanted,
    zone_of,
)
from shared.ai.deadline import Deadline
from shared.ai.prompts import prompt_on
from shared.ai.schemas import Draft
from shared.ai.workspace_prefix import Prefix, prefix_for, render_workspace
from shared.domain.channels import CHANNELS, ChannelRules
from shared.domain.commitments import Commitment
from shared.domain.drafting.draft_checks import FailedCheck, check_draft
from shared.domain.drafting.farewell import disclosure_in, farewell
from shared.domain.drafting.outgoing_text import text_on
from shared.domain.text.reply_subject import subject_on
from shared.domain.vocabulary import Channel, Direction, Tag
from shared.domain.workspace_settings import Workspace, WorkspaceSettings

FEATURE = "draft"
PROMPT_VERSION = "draft.v2"
MAX_OUTPUT_TOKENS = 4_000
TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class DraftRepair:
    """A draft that failed its checks: its body, and what was wrong with it, one sentence each."""

    body: str
    problems: Sequence[str]


@dataclass(frozen=True, slots=True)
class PromisedFollowUp:
    """A promise of ours to write again, whose day has come: its words, and when it was made."""

    words: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class DraftInput:
    """The facts that the writer is shown, and later the evaluation of its text."""

    reply: ThreadMessage
    history: Sequence[ThreadMessage]
    tag: Tag
    workspace: Workspace
    lead: LeadFacts
    now: datetime
    quoted_original: str = ""
    repair: DraftRepair | None = None
    # A promise that the draft keeps; then ``history`` holds what came after the reply.
    follow_up: PromisedFollowUp | None = None

    @property
    def channel(self) -> ChannelRules:
        """The rules of the medium that the draft leaves on: the reply's own."""
        return CHANNELS[self.reply.channel]


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the reply, what the draft says to it ("": nothing) and the text that says so."""

    asked: str
    answered: str
    source: str


@dataclass(frozen=True, slots=True)
class DraftResult:
    """A draft as it is stored, checked and sent: nothing is changed about it later.

    ``prompt_version``: of what it was written by. ``language`` is a code such as "en", as the writer names it;
    ``we_owe`` what the writer says that its text promises.
    """

    subject: str
    body: str
    language: str = ""
    questions: tuple[Question, ...] = ()
    we_owe: tuple[Commitment, ...] = ()
    prompt_version: str = PROMPT_VERSION


def draft_document(given: DraftInput) -> dict[str, object]:
    """Makes the document that the writer is shown, without a repair; the evaluation is shown exactly this, too."""
    settings = given.workspace.settings
    zone = zone_of(settings.timezone)
    return {
        **render_lead(given.lead),
        "greeting": render_greeting(settings, given.lead),
        **render_conversation(given.history, given.reply, given.quoted_original, zone),
        **_render_follow_up(given, zone),
        "tag": given.tag.value,
        **render_now(given.now, settings),
    }


def _render_follow_up(given: DraftInput, zone: tzinfo) -> dict[str, object]:
    if given.follow_up is None:
        return {}
    since = sorted((message for message in given.history if message.at > given.reply.at), key=lambda one: one.at)
    return {
        "since": render_thread(since, zone),
        "follow_up": {"promised": given.follow_up.words, "at": render_time(given.follow_up.made_at, zone)},
    }


def draft_prefix(given: DraftInput) -> Prefix:
    """Makes what stands before the writer's document, and before the evaluation's."""
    return prefix_for(given.workspace, wanted(given.reply, given.quoted_original))


def own_context(given: DraftInput) -> tuple[str, ...]:
    """Lists our own texts that the writer was shown: the workspace's words, and our emails as we have stored them."""
    workspace = texts_of(render_workspace(given.workspace, wanted(given.reply, given.quoted_original)))
    ours = (message.text for message in given.history if message.direction is Direction.OUTBOUND)
    return (*workspace, *ours)


def leads_context(given: DraftInput) -> tuple[str, ...]:
    """Lists the lead's texts that the writer was shown; the quoted original is among them: it is theirs to edit."""
    document = draft_document(given)
    theirs = (message.text for message in given.history if message.direction is Direction.INBOUND)
    return (*texts_of({name: document[name] for name in _LEADS_FIELDS}, without=("at",)), *theirs)


_LEADS_FIELDS = ("lead", "quoted_original", "reply")  # of the document


def failed_checks(given: DraftInput, written: DraftResult, *, foreign_lines: Sequence[str] = ()) -> list[FailedCheck]:
    """Lists the checks that a draft fails against what its writer was shown; each ``str()`` is a sentence for a repair.

    ``foreign_lines``: lines of the lead's raw email that cleaning removed; none of them may be copied.
    """
    lead, settings = given.lead, given.workspace.settings
    names = (lead.first_name, lead.last_name) if lead.replier_is_lead else ()
    zone = zone_of(settings.timezone)
    return check_draft(
        written.body,
        written.subject,
        ours=own_context(given),
        theirs=leads_context(given),
        recipient_names=[name for name in (*names, lead.company) if name],
        sender_names=[name for name in (settings.persona_name, settings.company_name) if name],
        signature=settings.persona_signature,
        booking_link=settings.booking_link,
        reply_text=given.reply.text,
        foreign_lines=foreign_lines,
        reference_dates=sorted({given.reply.at.astimezone(zone).date(), given.now.astimezone(zone).date()}),
        channel=given.channel,
        is_first_response=_is_first_response(given),
    )


def _is_first_response(given: DraftInput) -> bool:
    """Tells whether nothing of ours has followed on something of the lead's on this channel before."""
    here = sorted(
        (message for message in given.history if message.channel is given.reply.channel), key=lambda one: one.at
    )
    first = next((index for index, one in enumerate(here) if one.direction is Direction.INBOUND), len(here))
    return all(message.direction is Direction.INBOUND for message in here[first:])


def write_draft(
    client: ModelClient, given: DraftInput, *, model: str, deadline: Deadline, record: Record
) -> DraftResult:
    """Writes a draft, or with ``given.repair`` a better version of one that failed its checks.

    Returns plain text, signature included. Raises ModelUnavailable, ModelRejected or OutOfTime.
    """
    document = {"task": FEATURE, **draft_document(given)}
    if given.repair is not None:
        document["repair"] = {"previous_text": given.repair.body, "problems": list(given.repair.problems)}
    prompt = prompt_on(given.reply.channel, PROMPT_VERSION)
    answer = client.parse(
        task=FEATURE,
        prompt_version=prompt.version,
        model=model,
        prefix=draft_prefix(given),
        instructions=prompt.text,
        input_text=to_document(document),
        output=Draft,
        max_output_tokens=MAX_OUTPUT_TOKENS,
        deadline=deadline,
        record=record,
        timeout_s=TIMEOUT_S,
    )
    language = answer.language.strip().lower()
    return DraftResult(
        subject=subject_of(given.reply, given.history, given.channel),
        body=assemble_body(
            answer.greeting, answer.body, answer.closing, language, given.workspace.settings, given.channel
        ),
        language=language,
        questions=tuple(Question(one.asked, one.answered, one.source) for one in answer.questions),
        we_owe=tuple(Commitment(one.kind, one.words.strip(), _day(one.due)) for one in answer.we_owe),
        prompt_version=prompt.version,
    )


def _day(text: str) -> date | None:
    """Reads the day that a promise names; what is no date is no day."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def assemble_body(
    greeting: str,
    body: str,
    closing: str,
    language: str,
    settings: WorkspaceSettings,
    channel: ChannelRules = CHANNELS[Channel.EMAIL],
) -> str:
    """Joins the parts of a draft. Closing, signature and disclosure are ours: they cannot come out wrong.

    The model's ``closing`` is used only in a ``language`` (a code) of which we know none. What is no letter has neither
    closing nor signature, and one blank line less. What cannot be seen is taken out. A body without any words stays
    empty, for the check to see.
    """
    text = _plain(body, channel)
    if not any(char.isalnum() for char in text):
        return ""
    disclosure = disclosure_in(language, is_letter=channel.is_letter) if settings.disclose_ai else ""
    if not channel.is_letter:
        return "\n".join(part for part in (_plain(greeting, channel), text, disclosure) if part)
    signature = _plain(settings.persona_signature, channel) or _plain(settings.persona_name, channel)
    parts = (_plain(greeting, channel), text, farewell(language, signature, _plain(closing, channel)), disclosure)
    return "\n\n".join(part for part in parts if part)


def _plain(text: str, channel: ChannelRules) -> str:
    lines = (line.rstrip() for line in text_on(channel, text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def subject_of(
    reply: ThreadMessage, history: Sequence[ThreadMessage], channel: ChannelRules = CHANNELS[Channel.EMAIL]
) -> str:
    """Finds the subject of a draft: the reply's own, else that of the newest email that has one."""
    newest_first = sorted(history, key=lambda message: message.at, reverse=True)
    return subject_on(channel, *(message.subject or "" for message in (reply, *newest_first)))
