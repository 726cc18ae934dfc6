"""Finds the parts of a SmartLead delivery, whichever of its dialects it is in.

The current one is flat and sends some things twice, under a deprecated name as well (``reply_body`` beside
``reply_message.html``); older ones nest what they say in ``lead``, ``reply`` and ``email``. The addresses are reversed:
``from_email`` is our mailbox, ``to_email`` is who has written. A wrong type counts as missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from shared.domain.email_address import same_address
from shared.domain.events import Address, Campaign, Content, Header, Person
from shared.domain.text.email_text import plain_text
from shared.domain.trigger_facts import OurMessage
from shared.domain.vocabulary import Channel, IdentityKind
from shared.providers.event_fields import (
    MAX_COMPANY_CHARS,
    MAX_LABEL_CHARS,
    as_name,
    holds_markup,
    is_oversized,
    split_name,
)
from shared.providers.json_fields import (
    MAX_SUBJECT_CHARS,
    JsonObject,
    normalise_address,
    read_address,
    read_body,
    read_identifier,
    read_line,
    read_text,
    read_time,
)
from shared.providers.smartlead.handle import thread_of

MAX_MESSAGE_ID_CHARS = 500  # of RFC 5322; longer ones exist, and none that anybody sends
MAX_LISTED = 50  # copies, attachments
MAX_HISTORY = 500
MAX_ANSWERED_CHARS = 20_000  # of the mail that a reply answers, before its HTML is read; its beginning is kept

_LEAD_ID = re.compile(r"0*([1-9][0-9]{0,18})", re.ASCII)
_IN_BRACKETS = re.compile(r"<([^<>]{3,320})>")

type Message = JsonObject
"""A message inside a delivery: ``reply_message``, ``sent_message``, ``lastReply``, an entry of ``history``."""


def event_name(payload: JsonObject) -> str | None:
    """Reads the event type. Account health has another envelope, and none of these keys."""
    return read_identifier(payload, "event_type", "event", max_chars=MAX_LABEL_CHARS)


def part(payload: JsonObject, *keys: str) -> JsonObject:
    """Returns the first of these objects that is there."""
    return next((value for key in keys if isinstance(value := payload.get(key), dict)), {})


# --- People ----------------------------------------------------------------------------------------------------------


def lead_email(payload: JsonObject) -> str | None:
    """Reads the address that the campaign has written to. Where only ``to_email`` says one, it is who has written."""
    correspondence = part(payload, "leadCorrespondence", "lead_correspondence")
    said = (
        payload.get("sl_lead_email"),
        correspondence.get("targetLeadEmail"),
        correspondence.get("target_lead_email"),
        part(payload, "lead").get("email"),
        part(payload, "lead_data").get("email"),
        payload.get("lead_email"),
        payload.get("to_email"),
        payload.get("to"),
    )
    return next((address for value in said if (address := normalise_address(value)) is not None), None)


def writer_of(payload: JsonObject) -> str | None:
    """Reads who has written a reply: the lead, or somebody in its stead."""
    correspondence = part(payload, "leadCorrespondence", "lead_correspondence")
    said = (
        payload.get("to_email"),
        correspondence.get("replyReceivedFrom"),
        correspondence.get("reply_received_from"),
        part(payload, "lead").get("email"),
    )
    return next((address for value in said if (address := read_address(value)) is not None), None)


def mailbox_of(payload: JsonObject) -> str | None:
    """Reads which mailbox of ours has written, or was written to."""
    return read_address(payload.get("from_email")) or read_address(payload.get("from"))


def lead_id(payload: JsonObject) -> str | None:
    """Reads SmartLead's id of the lead: digits, which it sends as a string or as a number."""
    for value in (payload.get("sl_email_lead_id"), payload.get("lead_id"), part(payload, "lead").get("id")):
        found = _LEAD_ID.fullmatch((read_text(value) or "").strip())
        if found:
            return found[1]
    return None


def person_of(payload: JsonObject, email: str | None) -> Person:
    """Reads whom an event is about; ``email``: the lead's address.

    ``to_name`` is the lead's name whoever has written, and of no use where that is somebody else.
    """
    known_by = ((IdentityKind.SMARTLEAD_LEAD, lead_id(payload)), (IdentityKind.EMAIL, email))
    keys = tuple(Address(kind, value) for kind, value in known_by if value is not None)
    lead = part(payload, "lead", "lead_data")
    first_name, last_name = as_name(read_text(lead.get("first_name"))), as_name(read_text(lead.get("last_name")))
    if first_name is None and last_name is None and _names_the_lead(payload, email):
        named = ("to_name", "lead_name", "sender_detail")
        full_name = next((name for key in named if (name := read_text(payload.get(key)))), "")
        first_name, last_name = split_name(full_name.partition("<")[0])
    company = as_name(read_text(lead.get("company_name")), MAX_COMPANY_CHARS)
    return Person(keys, first_name=first_name, last_name=last_name, company=company)


def _names_the_lead(payload: JsonObject, email: str | None) -> bool:
    named = read_address(payload.get("to_email"))
    return email is not None and (named is None or same_address(named, email))


# --- Messages --------------------------------------------------------------------------------------------------------


def campaign_of(payload: JsonObject) -> Campaign | None:
    id = read_identifier(payload, "campaign_id")
    return None if id is None else Campaign(id, read_line(payload, "campaign_name", MAX_LABEL_CHARS))


def message_id(*messages: JsonObject) -> str | None:
    """Reads the id that the mail has by RFC 5322, of the first message that shows one."""
    found = (read_identifier(message, "message_id", max_chars=MAX_MESSAGE_ID_CHARS) for message in messages)
    return next((id for id in found if id is not None), None)


def stats_id(*holders: JsonObject) -> str | None:
    """Reads which of our sendings a message belongs to: a response goes to that."""
    return next((id for holder in holders if (id := read_identifier(holder, "stats_id")) is not None), None)


def thread_id(payload: JsonObject) -> str | None:
    return thread_of(read_identifier(payload, "campaign_id"), lead_id(payload))


def subject_of(*messages: JsonObject, keys: tuple[str, ...] = ("subject",)) -> str:
    found = (read_line(message, key, MAX_SUBJECT_CHARS) for message in messages for key in keys)
    return next((subject for subject in found if subject), "")


def first_time(*values: object) -> datetime | None:
    return next((at for value in values if (at := read_time(value)) is not None), None)


def body_of(message: Message, *spare: tuple[JsonObject, str]) -> tuple[str | None, str | None]:
    """Reads text and HTML of a message, else the first spare (an object and its key) that holds something.

    What has only one key may be either: it is HTML where it has markup.
    """
    text, html = read_body(message, "text"), read_body(message, "html")
    if html is not None and text is not None and is_oversized(html):
        html = message["html"] = None
    if text is None and html is None:
        for fields, key in spare:
            body = read_body(fields, key)
            if body is not None:
                return (None, body) if holds_markup(body) else (body, None)
    return text, html


def content_of(subject: str, body: tuple[str | None, str | None], snippet: str | None = None) -> Content:
    text, html = body
    return Content(subject=subject, text=text, html=html, snippet=snippet)


def answered(subject: str, body: tuple[str | None, str | None], at: datetime | None) -> OurMessage | None:
    """Makes the message of ours that a reply answers, of what the delivery shows of it."""
    text, html = (part and part[:MAX_ANSWERED_CHARS] for part in body)
    said = plain_text(text, html).strip()
    return OurMessage(subject, said, at) if said else None


def entries(payload: JsonObject) -> list[Message]:
    """Returns the conversation that a category's event brings, the oldest message first."""
    history = payload.get("history")
    return [entry for entry in history[-MAX_HISTORY:] if isinstance(entry, dict)] if isinstance(history, list) else []


def addresses_in(*values: object) -> tuple[str, ...]:
    """Reads the first list of addresses that holds one: strings, objects, or one string with commas."""
    for value in values:
        listed = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else ()
        found = tuple(address for item in listed[:MAX_LISTED] if (address := address_in(item)) is not None)
        if found:
            return found
    return ()


def address_in(value: object) -> str | None:
    """Reads an address that may stand behind a name: ``Pat Quinn <pat@acme.example>``."""
    if isinstance(value, dict):
        return next((a for key in ("address", "email") if (a := read_address(value.get(key))) is not None), None)
    if not isinstance(value, str):
        return None
    found = _IN_BRACKETS.search(value)
    return read_address(found[1] if found else value)


def attachments_in(*holders: JsonObject) -> tuple[str, ...]:
    """Reads the names of what is attached."""
    return tuple(_attachment_names(holders))[:MAX_LISTED]


def _attachment_names(holders: tuple[JsonObject, ...]) -> Iterator[str]:
    for holder in holders:
        listed = holder.get("attachments")
        for item in listed[:MAX_LISTED] if isinstance(listed, list) else ():
            fields = item if isinstance(item, dict) else {"name": item}
            name = read_identifier(fields, "file_name", "filename", "name")
            if name is not None:
                yield name


# --- The event ------------------------------------------------------------------------------------------------------


def header_of(
    payload: JsonObject,
    name: str,
    log_name: str,
    person: Person = Person(),  # noqa: B008 (frozen)
    campaign: Campaign | None = None,
    occurred_at: datetime | None = None,
    *,
    clock_is_providers: bool = False,
) -> Header:
    """Makes the header of a delivery's event; ``log_name``: its type in lower case, or a word of ours."""
    return Header(
        name=name,
        log_name=log_name,
        channel=Channel.EMAIL,
        person=person,
        campaign=campaign,
        occurred_at=occurred_at,
        clock_is_providers=clock_is_providers,
        payload=payload,
    )
