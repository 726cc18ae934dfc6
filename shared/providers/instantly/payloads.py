"""What Instantly posts to the webhook, made into one kind of value whatever its shape.

Two dialects arrive: the documented one (``event_type``, ``lead_email``, ISO time) and the one that older integrations
send (``type``, ``contact_email``, ``contact_name``, epoch seconds or milliseconds). Instantly merges the lead's own
variables into the same flat object, so only the keys named here are read: every other key is the customer's data.
Where both dialects name a thing, the documented key wins, since ``type`` may well be somebody's variable.

Nothing but the event type has to be there, and a wrong type counts as missing: only a body that is no JSON object
with an event type is an error. Duplicate keys: the last one wins, as in JavaScript's parser and in Postgres's jsonb.
"""

from __future__ import annotations

import codecs
import json
import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

MAX_HTML_BYTES = 1024 * 1024
"""HTML larger than this is dropped when there is text: it is quoted newsletters, never somebody's words."""

MAX_ID_CHARS = 200
MAX_SUBJECT_CHARS = 998  # a header line of RFC 5322
MAX_LABEL_CHARS = 200
MAX_NAME_CHARS = 80
MAX_COMPANY_CHARS = 120
MAX_ADDRESS_CHARS = 320  # 64 @ 255
MAX_PAYLOAD_DEPTH = 16

EARLIEST = datetime(2010, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
MILLISECONDS_FROM = 1e11  # as seconds the year 5138, as milliseconds 1973: nothing real lies between


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
    lead_email: str | None  # lower case
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
    payload: dict[str, Any]  # all that was sent, in a form that jsonb takes


class PayloadError(ValueError):
    """A body that is no event. ``reason`` is a short code, ``payload`` the object when there was one."""

    def __init__(self, reason: str, payload: dict[str, Any] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.payload = payload


def parse_event(raw_body: bytes) -> InstantlyEvent:
    """The event in a webhook body.

    Byte order marks, invalid UTF-8, NUL and lone surrogates are cleaned away; numbers that are too long or not finite
    become text or null, and what is nested more than 16 deep becomes null in ``payload``. Raises PayloadError and
    nothing else: ``empty_body``, ``not_json``, ``too_deep``, ``not_an_object`` or ``no_event_type``.
    """
    payload = _parse_object(raw_body)
    event_type = _identifier(payload, "event_type", "type", max_chars=MAX_LABEL_CHARS)
    if event_type is None:
        raise PayloadError("no_event_type", payload)
    kind = kind_of(event_type)
    mail = "email" if kind is EventKind.EMAIL_SENT else "reply"
    text = _body(payload, f"{mail}_text")
    html = _body(payload, f"{mail}_html")
    if html is not None and text is not None and _is_oversized(html):
        html = payload[f"{mail}_html"] = None
    first_name, last_name = _names(payload)
    return InstantlyEvent(
        event_type=event_type,
        kind=kind,
        workspace=_identifier(payload, "workspace"),
        campaign_id=_identifier(payload, "campaign_id"),
        campaign_name=_line(payload, "campaign_name", MAX_LABEL_CHARS),
        lead_email=_lead_address(payload),
        first_name=first_name,
        last_name=last_name,
        company=_name(_text(payload.get("companyName")), MAX_COMPANY_CHARS),
        mailbox=_address(_text(payload.get("email_account"))),
        email_id=_identifier(payload, "email_id"),
        subject=_line(payload, f"{mail}_subject", MAX_SUBJECT_CHARS) or "",
        text=text,
        html=html,
        snippet=_body(payload, "reply_text_snippet") if mail == "reply" else None,
        occurred_at=parse_time(payload.get("timestamp")),
        payload=payload,
    )


def kind_of(event_type: str) -> EventKind:
    """What an event type means to us; letter case does not matter."""
    name = event_type.lower()
    kind = KIND_OF_EVENT_TYPE.get(name)
    if kind is not None:
        return kind
    return EventKind.LEAD_LABEL if name.startswith("lead_") else EventKind.UNKNOWN


def normalise_address(value: str) -> str | None:
    """An e-mail address in lower case, or None when it does not have the shape of one."""
    address = _address(value)
    if address is None:
        return None
    lowered = address.lower()
    # Postgres checks that stored addresses equal their lower case: one that changes again must not get there.
    return lowered if lowered == lowered.lower() else None


def parse_time(value: object) -> datetime | None:
    """The moment that a timestamp names, in UTC; None when there is none, or it lies outside the years 2010 to 2099.

    ``value``: ISO 8601 (without an offset: UTC), or epoch seconds or milliseconds as a number or digits.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _from_epoch(value)
    if not isinstance(value, str) or len(value) > 40:
        return None
    value = value.strip()
    if re.fullmatch(r"[0-9]{1,16}(\.[0-9]{1,9})?", value):
        return _from_epoch(float(value))
    try:
        moment = datetime.fromisoformat(value)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if EARLIEST <= moment < LATEST else None


def clean_text(value: str) -> str:
    """The text without what Postgres refuses: NUL goes, a lone surrogate becomes U+FFFD."""
    if "\0" in value:
        value = value.replace("\0", "")
    if value.isascii():
        return value
    return _LONE_SURROGATES.sub("\N{REPLACEMENT CHARACTER}", value)


_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"]{1,255}")
_BYTE_ORDER_MARKS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def _parse_object(raw_body: bytes) -> dict[str, Any]:
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if raw_body.startswith(mark)), "utf-8")
    text = raw_body.decode(encoding, errors="replace").replace("\0", "").lstrip("\N{ZERO WIDTH NO-BREAK SPACE}")
    if not text.strip():
        raise PayloadError("empty_body")
    try:
        # Not strict: a raw line break inside a string is a sender's bug that costs nobody anything.
        parsed = json.loads(
            text, strict=False, parse_int=_parse_int, parse_float=_parse_float, parse_constant=lambda _: None
        )
    except RecursionError:
        raise PayloadError("too_deep") from None
    except ValueError:
        raise PayloadError("not_json") from None
    if not isinstance(parsed, dict):
        raise PayloadError("not_an_object")
    return {clean_text(key): _jsonb_safe(value, MAX_PAYLOAD_DEPTH - 1) for key, value in parsed.items()}


def _parse_int(digits: str) -> int | str:
    return int(digits) if len(digits) <= 20 else digits  # Python refuses to convert more than 4,300 digits


def _parse_float(digits: str) -> float | str:
    value = float(digits)
    return value if math.isfinite(value) else digits  # 1e999


def _jsonb_safe(value: Any, depth: int) -> Any:
    """The value with clean strings, and null in place of what is nested too deep."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(key): _jsonb_safe(item, depth - 1) for key, item in value.items()} if depth > 0 else None
    if isinstance(value, list):
        return [_jsonb_safe(item, depth - 1) for item in value] if depth > 0 else None
    return value


def _text(value: object) -> str | None:
    """A string or a number as text; every other type counts as missing."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


def _identifier(payload: dict[str, Any], *keys: str, max_chars: int = MAX_ID_CHARS) -> str | None:
    """The first of the keys that holds something. One that is too long is missing: cut short it would equal others."""
    for key in keys:
        value = (_text(payload.get(key)) or "").strip()
        if value and len(value) <= max_chars:
            return value
    return None


def _line(payload: dict[str, Any], key: str, max_chars: int) -> str | None:
    """One line of text, cut at ``max_chars``; a line break in a subject would end the header of our answer."""
    value = _text(payload.get(key))
    return (" ".join(_printable(value).split())[:max_chars].rstrip() or None) if value else None


def _body(payload: dict[str, Any], key: str) -> str | None:
    value = _text(payload.get(key))
    return value if value is not None and value.strip() else None


def _printable(value: str) -> str:
    """The value with a blank in place of each control character."""
    return value if value.isprintable() else "".join(char if char >= " " and char != "\x7f" else " " for char in value)


def _is_oversized(html: str) -> bool:
    return len(html) * 4 > MAX_HTML_BYTES and len(html.encode()) > MAX_HTML_BYTES


def _lead_address(payload: dict[str, Any]) -> str | None:
    for key in ("lead_email", "contact_email"):
        value = _text(payload.get(key))
        address = normalise_address(value) if value else None
        if address is not None:
            return address
    return None


def _address(value: str | None) -> str | None:
    address = (value or "").strip()
    if len(address) > MAX_ADDRESS_CHARS or not _ADDRESS.fullmatch(address):
        return None
    return address if address.isprintable() else None  # also refuses letters that this Python does not know yet


def _names(payload: dict[str, Any]) -> tuple[str | None, str | None]:
    first_name = _name(_text(payload.get("firstName")), MAX_NAME_CHARS)
    last_name = _name(_text(payload.get("lastName")), MAX_NAME_CHARS)
    if first_name is None and last_name is None:
        first, _, last = " ".join((_text(payload.get("contact_name")) or "").split()).partition(" ")
        return _name(first, MAX_NAME_CHARS), _name(last, MAX_NAME_CHARS)
    return first_name, last_name


def _name(value: str | None, max_chars: int) -> str | None:
    """A name to greet somebody by, or None: not an address, a link, a template's placeholder or a paragraph."""
    name = " ".join(_printable(value or "").split())
    if not name or len(name) > max_chars or any(mark in name for mark in ("@", "://", "{", "}", "<", ">")):
        return None
    return name


def _from_epoch(number: float) -> datetime | None:
    if not 0 <= number < 1e14:  # also false of NaN; an int may be too large for a float
        return None
    seconds = number / 1000 if number >= MILLISECONDS_FROM else number
    if not EARLIEST.timestamp() <= seconds < LATEST.timestamp():
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
