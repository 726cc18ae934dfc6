"""What Instantly posts to the webhook, made into one kind of value whatever its shape.

Two dialects arrive: the documented one (``event_type``, ``lead_email``, ISO time) and the one that older integrations
send (``type``, ``contact_email``, ``contact_name``, epoch seconds or milliseconds). Instantly merges the lead's own
variables into the same flat object, so only the keys named here are read: every other key is the customer's data.
Where both dialects name a thing, the documented key wins, since ``type`` may well be somebody's variable.

Nothing but the event type has to be there, and a wrong type counts as missing: only a body that is no JSON object
with an event type is an error. Duplicate keys: the last one wins, as in JavaScript's parser and in Postgres's jsonb.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.providers.json_fields import (
    MAX_SUBJECT_CHARS,
    JsonError,
    JsonObject,
    normalise_address,
    one_line,
    parse_json,
    read_address,
    read_body,
    read_count,
    read_identifier,
    read_line,
    read_text,
    read_time,
)

MAX_HTML_BYTES = 1024 * 1024
"""HTML larger than this is dropped when there is text: it is quoted newsletters, never somebody's words."""

MAX_LABEL_CHARS = 200
MAX_NAME_CHARS = 80
MAX_COMPANY_CHARS = 120
MAX_STEP = 1_000  # of a sequence; a larger number is something else


class EventKind(StrEnum):
    """What an event means to us; several event types of Instantly's share a kind."""

    REPLY = "REPLY"
    AUTO_REPLY = "AUTO_REPLY"
    LEAD_LABEL = "LEAD_LABEL"  # a person or Instantly's AI put a label on the lead, with or without the reply's text
    MEETING_BOOKED = "MEETING_BOOKED"
    EMAIL_SENT = "EMAIL_SENT"
    BOUNCE = "BOUNCE"
    UNSUBSCRIBE = "UNSUBSCRIBE"
    ACCOUNT_ERROR = "ACCOUNT_ERROR"
    UNUSED = "UNUSED"  # known, and of no use to us
    UNKNOWN = "UNKNOWN"  # a custom label, or an event type that Instantly has added


KIND_OF_EVENT_TYPE = {
    "reply_received": EventKind.REPLY,
    "auto_reply_received": EventKind.AUTO_REPLY,  # delivered, yet not in the list of what can be subscribed to
    "lead_meeting_booked": EventKind.MEETING_BOOKED,
    "email_sent": EventKind.EMAIL_SENT,
    "email_bounced": EventKind.BOUNCE,
    "lead_unsubscribed": EventKind.UNSUBSCRIBE,
    "unsubscribed": EventKind.UNSUBSCRIBE,  # the older dialect's name
    "account_error": EventKind.ACCOUNT_ERROR,
    "email_opened": EventKind.UNUSED,
    "link_clicked": EventKind.UNUSED,  # the payload's name of what is subscribed to as email_link_clicked
    "email_link_clicked": EventKind.UNUSED,
    "campaign_completed": EventKind.UNUSED,
    "supersearch_enrichment_completed": EventKind.UNUSED,
}
"""Kinds by event type. Besides these every ``lead_*`` is a LEAD_LABEL; all the rest is UNKNOWN (the set is open)."""


@dataclass(frozen=True, slots=True)
class InstantlyEvent:
    """One delivery of Instantly's, in either dialect.

    Of an EMAIL_SENT event ``subject``, ``text`` and ``html`` are the mail that was sent, else the lead's reply. The
    names are customer data, fit for a greeting and nothing else.
    """

    event_type: str
    kind: EventKind
    workspace: str | None
    campaign_id: str | None
    campaign_name: str | None
    lead_email: str | None  # canonical
    first_name: str | None
    last_name: str | None
    company: str | None
    mailbox: str | None  # our sending account, as the provider spells it
    email_id: str | None
    subject: str
    text: str | None
    html: str | None
    snippet: str | None
    occurred_at: datetime | None  # the provider's clock, UTC
    campaign_step: int | None  # from 1: the step of the sequence that sent the mail, or that the lead answers
    payload: JsonObject  # all that was sent, in a form that jsonb takes


class PayloadError(ValueError):
    """A body that is no event. ``reason`` is a short code, ``payload`` the object when there was one."""

    def __init__(self, reason: str, payload: JsonObject | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.payload = payload


def parse_event(raw_body: bytes) -> InstantlyEvent:
    """The event in a webhook body.

    Broken characters are cleaned, not refused (``parse_json``). Raises PayloadError and nothing else: ``empty_body``,
    ``not_json``, ``too_deep``, ``not_an_object`` or ``no_event_type``.
    """
    payload = _parse_object(raw_body)
    event_type = read_identifier(payload, "event_type", "type", max_chars=MAX_LABEL_CHARS)
    if event_type is None:
        raise PayloadError("no_event_type", payload)
    kind = kind_of(event_type)
    mail = "email" if kind is EventKind.EMAIL_SENT else "reply"
    text = read_body(payload, f"{mail}_text")
    html = read_body(payload, f"{mail}_html")
    if html is not None and text is not None and _is_oversized(html):
        html = payload[f"{mail}_html"] = None
    first_name, last_name = _names(payload)
    return InstantlyEvent(
        event_type=event_type,
        kind=kind,
        workspace=read_identifier(payload, "workspace"),
        campaign_id=read_identifier(payload, "campaign_id"),
        campaign_name=read_line(payload, "campaign_name", MAX_LABEL_CHARS),
        lead_email=_lead_address(payload),
        first_name=first_name,
        last_name=last_name,
        company=_name(read_text(payload.get("companyName")), MAX_COMPANY_CHARS),
        mailbox=read_address(payload.get("email_account")),
        email_id=_email_id(payload),
        subject=read_line(payload, f"{mail}_subject", MAX_SUBJECT_CHARS) or "",
        text=text,
        html=html,
        snippet=read_body(payload, "reply_text_snippet") if mail == "reply" else None,
        occurred_at=read_time(payload.get("timestamp")),
        campaign_step=read_count(payload.get("step"), MAX_STEP),
        payload=payload,
    )


def shorter_body(event: InstantlyEvent, max_chars: int) -> bytes:
    """A body that says what ``event`` says, and nothing beside it, for a place that is too small for the original.

    Of a mail's HTML nothing is kept beside text, and no embedded picture; what remains is cut to its beginning and its
    end, ``max_chars`` in all. Read again it is the same event, but for that.
    """
    mail = "email" if event.kind is EventKind.EMAIL_SENT else "reply"
    html = _EMBEDDED.sub("", event.html) if event.html is not None and event.text is None else None
    fields = {
        "event_type": event.event_type,
        "timestamp": None if event.occurred_at is None else event.occurred_at.isoformat(),
        "workspace": event.workspace,
        "campaign_id": event.campaign_id,
        "campaign_name": event.campaign_name,
        "lead_email": event.lead_email,
        "firstName": event.first_name,
        "lastName": event.last_name,
        "companyName": event.company,
        "email_account": event.mailbox,
        "email_id": event.email_id,
        "step": event.campaign_step,
        f"{mail}_subject": event.subject,
        f"{mail}_text": _ends(event.text, max_chars),
        f"{mail}_html": _ends(html, max_chars),
        "reply_text_snippet": _ends(event.snippet, max_chars // 10),
    }
    given = {key: value for key, value in fields.items() if value is not None}
    return json.dumps(given, ensure_ascii=False).encode()


_EMBEDDED = re.compile(r"data:[^\"'\s<>()]{256,}")


def _ends(text: str | None, max_chars: int) -> str | None:
    """The beginning and the end: a reply's own words are at one of them."""
    if text is None or len(text) <= max_chars:
        return text
    end = max_chars // 5
    return f"{text[: max_chars - end]}\n{text[-end:]}"


def kind_of(event_type: str) -> EventKind:
    """What an event type means to us; letter case does not matter."""
    name = event_type.lower()
    kind = KIND_OF_EVENT_TYPE.get(name)
    if kind is not None:
        return kind
    return EventKind.LEAD_LABEL if name.startswith("lead_") else EventKind.UNKNOWN


def _parse_object(raw_body: bytes) -> JsonObject:
    try:
        parsed = parse_json(raw_body)
    except JsonError as error:
        raise PayloadError(error.reason) from None
    if not isinstance(parsed, dict):
        raise PayloadError("not_an_object")
    return parsed


def _is_oversized(html: str) -> bool:
    return len(html) * 4 > MAX_HTML_BYTES and len(html.encode()) > MAX_HTML_BYTES


def _email_id(payload: JsonObject) -> str | None:
    """The mail's id. The older dialect has none, and a lead's own column may bear the name: an address is no id."""
    email_id = read_identifier(payload, "email_id")
    if email_id is None or " " in email_id or read_address(email_id) is not None:
        return None
    return email_id


def _lead_address(payload: JsonObject) -> str | None:
    for key in ("lead_email", "contact_email"):
        address = normalise_address(payload.get(key))
        if address is not None:
            return address
    return None


def _names(payload: JsonObject) -> tuple[str | None, str | None]:
    first_name = _name(read_text(payload.get("firstName")), MAX_NAME_CHARS)
    last_name = _name(read_text(payload.get("lastName")), MAX_NAME_CHARS)
    if first_name is None and last_name is None:
        first, _, last = one_line(read_text(payload.get("contact_name")) or "").partition(" ")
        return _name(first, MAX_NAME_CHARS), _name(last, MAX_NAME_CHARS)
    return first_name, last_name


def _name(value: str | None, max_chars: int) -> str | None:
    """A name to greet somebody by, or None: not an address, a link, a template's placeholder or a paragraph."""
    name = one_line(value or "")
    if not name or len(name) > max_chars or any(mark in name for mark in ("@", "://", "{", "}", "<", ">")):
        return None
    return name
