"""The documents that models are shown about a conversation, and their cutting to size.

Everything that varies travels as one JSON document in the input, never in the instructions. JSON is the delimiter: a
quote, a brace or a line break in somebody's email is escaped, so no text can end its own string and pose as another
field or as an instruction. What is the same for all replies of a workspace stands before it (``workspace_prefix``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from uuid import UUID

from shared.domain.drafting.sending_window import time_zone
from shared.domain.vocabulary import Channel, Direction
from shared.domain.workspace_settings import WorkspaceSettings

MAX_HISTORY_MESSAGES = 30  # of the channel that the conversation is on now
MAX_OTHER_MESSAGES = 10  # of the others, the newest

# All in characters. A quarter of them is about the number of tokens.
MAX_REPLY = 16_000
MAX_MESSAGE = 4_000
MAX_HISTORY = 32_000
MAX_QUOTED_ORIGINAL = 4_000
MAX_SUBJECT = 300
MAX_SIGNATURE = 1_000
MAX_FIELD = 8_000  # one text of the workspace's settings
MAX_NAMES = 20  # of attachments, or of people in copy

RUN_WORDS = 3
HELD_SHARE = 0.7  # of a quotation's runs of words; what is left is its attribution and a footer

CUT_MARK = "\n[… cut …]\n"
_HEAD_SHARE = 0.75
_LONE_SURROGATES = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class ThreadMessage:
    """One message of the conversation, with its cleaned text.

    ``at`` is its effective time; ``subject`` is None on a channel that has none. ``sender``: who wrote it, as far as
    known; ``copies`` who else got it; ``attachments`` their names; ``signature`` what was cut from its text as one.
    """

    direction: Direction
    at: datetime
    subject: str | None
    text: str
    id: UUID | None = None  # lets a history that holds the trigger be recognised
    sender: str = ""
    copies: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    signature: str = ""
    channel: Channel = Channel.EMAIL


@dataclass(frozen=True, slots=True)
class LeadFacts:
    """The known facts about the lead. ``replier_is_lead`` is False when another address replied (a colleague in Cc).

    ``campaign``: the name of the campaign that the lead answers.
    """

    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    email_domain: str | None = None
    replier_is_lead: bool = True
    title: str | None = None
    campaign: str | None = None


def to_document(fields: Mapping[str, object]) -> str:
    """Renders the input of a call: one JSON object. Lone surrogates, which UTF-8 cannot carry, become U+FFFD."""
    return _LONE_SURROGATES.sub("\ufffd", json.dumps(fields, ensure_ascii=False))


def texts_of(value: object, *, without: Collection[str] = ()) -> Iterable[str]:
    """Every text in a document, at any depth, but for the fields that ``without`` names."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, item in value.items():
            if name not in without:
                yield from texts_of(item, without=without)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts_of(item, without=without)


def shorten(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` characters: its beginning and, in a smaller part, its end, with a mark between.

    Most people write above what they answer and some below it, so neither end may be lost.
    """
    if len(text) <= limit:
        return text
    room = max(limit - len(CUT_MARK), 0)
    head = int(room * _HEAD_SHARE)
    tail = room - head
    return f"{text[:head]}{CUT_MARK}{text[len(text) - tail :]}"[:limit]


def thread_before(history: Sequence[ThreadMessage], reply: ThreadMessage) -> list[ThreadMessage]:
    """Lists the messages before the reply, oldest first: without the reply itself and without later ones."""
    return sorted(
        (message for message in history if message.at <= reply.at and not _is_same(message, reply)),
        key=lambda message: message.at,
    )


def _is_same(message: ThreadMessage, reply: ThreadMessage) -> bool:
    if message.id is not None and reply.id is not None:
        return message.id == reply.id
    return (message.direction, message.at, message.text) == (reply.direction, reply.at, reply.text)


def render_thread(
    thread: Sequence[ThreadMessage],
    zone: tzinfo,
    *,
    channel: Channel = Channel.EMAIL,
    budget: int = MAX_HISTORY,
    max_messages: int = MAX_HISTORY_MESSAGES,
    max_others: int = MAX_OTHER_MESSAGES,
) -> list[dict[str, object]]:
    """Renders the thread for a document. What exceeds the ``budget`` (in characters) is cut at the old end.

    ``thread`` is oldest first; messages without any text are left out. ``channel`` is the one that the conversation is
    on: its messages come first where there are too many.
    """
    said = [message for message in thread if message.text.strip()]
    here = [message for message in said if message.channel is channel][-max_messages:]
    elsewhere = [message for message in said if message.channel is not channel][-max_others:]
    texts: dict[int, str] = {}
    for message in (*reversed(here), *reversed(elsewhere)):
        if budget <= 0:
            break
        texts[id(message)] = shorten(message.text.strip(), min(MAX_MESSAGE, budget))
        budget -= len(texts[id(message)])
    return [
        {
            "from": "lead" if message.direction is Direction.INBOUND else "us",
            "at": render_time(message.at, zone),
            **_render_medium(message),
            "text": texts[id(message)],
            **_render_known(message),
        }
        for message in said
        if id(message) in texts
    ]


def _render_medium(message: ThreadMessage) -> dict[str, str]:
    """Renders the channel of a message that is no email, and its subject if it has one."""
    channel = {} if message.channel is Channel.EMAIL else {"channel": message.channel.lower()}
    return channel | ({} if message.subject is None else {"subject": shorten(message.subject, MAX_SUBJECT)})


def _render_known(message: ThreadMessage) -> dict[str, object]:
    """Renders what is known of a message beside its text; what is not known has no field."""
    known: dict[str, object] = {
        "sender": message.sender,
        "copies": list(message.copies[:MAX_NAMES]),
        "attachments": [shorten(name, MAX_SUBJECT) for name in message.attachments[:MAX_NAMES]],
        "signature": shorten(message.signature.strip(), MAX_SIGNATURE),
    }
    return {name: value for name, value in known.items() if value}


def render_reply(reply: ThreadMessage, zone: tzinfo) -> dict[str, object]:
    return {
        "at": render_time(reply.at, zone),
        **_render_medium(reply),
        "text": shorten(reply.text.strip(), MAX_REPLY),
        **_render_known(reply),
    }


def render_conversation(
    history: Sequence[ThreadMessage], reply: ThreadMessage, quoted_original: str, zone: tzinfo
) -> dict[str, object]:
    """Renders thread and reply, and what the lead quotes, unless the thread holds that email."""
    thread = thread_before(history, reply)
    return {
        "thread": render_thread(thread, zone, channel=reply.channel),
        "quoted_original": render_quote(quoted_original, thread),
        "reply": render_reply(reply, zone),
    }


def render_quote(quoted_original: str, thread: Sequence[ThreadMessage]) -> str:
    """Renders what the lead quotes; empty when the thread holds an email of ours that says about the same."""
    quoted = _runs(quoted_original)
    ours = set[tuple[str, ...]]().union(*(_runs(one.text) for one in thread if one.direction is Direction.OUTBOUND))
    if quoted and len(quoted & ours) >= HELD_SHARE * len(quoted):
        return ""
    return shorten(quoted_original.strip(), MAX_QUOTED_ORIGINAL)


def _runs(text: str) -> set[tuple[str, ...]]:
    """Returns all runs of RUN_WORDS words: two texts that share most of them are one email, however it was wrapped."""
    words = re.findall(r"\w+", text.casefold())
    return {
        tuple(words[start : start + RUN_WORDS]) for start in range(max(len(words) - RUN_WORDS + 1, min(len(words), 1)))
    }


def wanted(reply: ThreadMessage, quoted_original: str) -> str:
    """Joins the words by which a workspace's texts are chosen, where they are too many: what is asked, and of what."""
    return f"{reply.subject or ''}\n{reply.text}\n{quoted_original}"


def render_lead(lead: LeadFacts) -> dict[str, object]:
    """Renders the lead, and the campaign that has reached it."""
    person = {
        "first_name": lead.first_name or "",
        "last_name": lead.last_name or "",
        "title": lead.title or "",
        "company": lead.company or "",
        "email_domain": lead.email_domain or "",
        "replier_is_lead": lead.replier_is_lead,
    }
    return {"lead": person, "campaign_name": lead.campaign or ""}


def render_greeting(settings: WorkspaceSettings, lead: LeadFacts) -> str:
    """Renders the persona's greeting for whoever replied."""
    return fill_greeting(settings.persona_greeting, lead.first_name if lead.replier_is_lead else None)


def fill_greeting(greeting: str, first_name: str | None) -> str:
    """Fills the name into the greeting; without a name the placeholder goes, and the blank before it.

    >>> fill_greeting("Hi {first_name},", None)
    'Hi,'
    """
    name = (first_name or "").strip()
    if name and (name.islower() or (name.isupper() and len(name) > 2)):
        name = name.title()
    if name:
        return greeting.replace("{first_name}", name).strip()
    return re.sub(r" ?\{first_name\}", "", greeting).strip()


def zone_of(timezone: str) -> tzinfo:
    """Finds the time zone of that IANA name; UTC when there is none: a wrong setting must not stop every reply."""
    try:
        return time_zone(timezone)
    except ValueError:
        return UTC


def render_time(at: datetime, zone: tzinfo) -> str:
    """Renders a moment as a person reads it: ``Monday 2026-11-23 14:05``."""
    return f"{at.astimezone(zone):%A %Y-%m-%d %H:%M}"


def render_now(now: datetime, settings: WorkspaceSettings) -> dict[str, str]:
    return {"now": render_time(now, zone_of(settings.timezone)), "time_zone": settings.timezone}
