"""SmartLead's deliveries as events.

Four vocabularies name the same things (``EMAIL_REPLY``, ``EMAIL_REPLIED``, ``LEAD_REPLIED``, under ``event_type`` or
``event``): all are read, and the family decides. The health of accounts comes in an envelope of its own, which never
tells of a person. A category's name is somebody's word and decides nothing: its event brings the reply that it is
about.

What the API shows is put into the same words before it is read (``Missed.body``), so the source makes no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from shared.domain.events import (
    AccountProblem,
    Bounced,
    Campaign,
    Event,
    Header,
    InboundReply,
    Labelled,
    MessageSent,
    Person,
    Unknown,
    Unsubscribed,
    Unused,
)
from shared.domain.vocabulary import Channel, Source
from shared.providers.event_fields import MAX_LABEL_CHARS, parse_object
from shared.providers.json_fields import (
    JsonObject,
    normalise_address,
    read_body,
    read_count,
    read_identifier,
)
from shared.providers.protocol import Unreadable
from shared.providers.smartlead import payload as parts
from shared.providers.smartlead.payload import Message, Place

MAX_STEP = 1_000  # of a sequence; a larger number is something else
UNKNOWN = "unknown"
TEST = "test_delivery"


def read_event(body: bytes, source: Source) -> Event:  # noqa: ARG001 (both sources speak alike)
    """Reads the event in a (redacted) body.

    Raises Unreadable and nothing else: ``empty_body``, ``not_json``, ``too_deep``, ``not_an_object`` or
    ``no_event_type``.
    """
    payload = parse_object(body)
    name = parts.event_name(payload)
    if name is None:
        return read_envelope(payload)
    known_name = name.upper()
    make = EVENTS.get(known_name)
    if make is None:
        return Unknown(_header(payload, name, UNKNOWN))
    if is_test(payload):
        return Unknown(_header(payload, name, TEST))
    return make(payload, name, known_name.lower())


def can_affect_a_person(body: bytes) -> bool:
    """Says whether ``read_event`` may make an event of this (redacted) body that tells of a person.

    What is no object is no event, and an envelope (``read_envelope``) tells of accounts only.
    """
    try:
        return not is_envelope(parse_object(body))
    except Unreadable:
        return False


def is_test(payload: JsonObject) -> bool:
    """Says whether "Test webhook" was pressed: it posts the sample of the documentation, whose ids are these words.

    What it posts tells of nobody; it is kept like an event that we do not know.
    """
    return payload.get("stats_id") == "id" or payload.get("stats_thread_id") == "thread_id"


# --- The health of accounts ------------------------------------------------------------------------------------------


def is_envelope(payload: JsonObject) -> bool:
    return parts.event_name(payload) is None and read_identifier(payload, "type") is not None


def read_envelope(payload: JsonObject) -> AccountProblem | Unknown:
    """Reads ``{"id": "evt_…", "type": "email.account.disconnected", "data": …}``. Raises Unreadable without a type."""
    name = read_identifier(payload, "type", max_chars=MAX_LABEL_CHARS)
    if name is None:
        raise Unreadable("no_event_type", payload)
    header = Header(
        name=name,
        log_name=UNKNOWN,
        channel=Channel.EMAIL,
        occurred_at=parts.first_time(payload.get("created_at")),
        payload=payload,
    )
    reason = ACCOUNT_PROBLEMS.get(name.lower())
    if reason is None or (read_identifier(payload, "id") or "").startswith("evt_test"):
        return Unknown(header)
    return _account_problem(payload, name, reason)


ACCOUNT_PROBLEMS = MappingProxyType(
    {
        "email.account.disconnected": "email_account_disconnected",
        "linkedin.account.disconnected": "linkedin_disconnected",
    }
)


# --- Replies ---------------------------------------------------------------------------------------------------------


def _reply(payload: JsonObject, name: str, log_name: str) -> InboundReply:
    shown, nested, sent = (parts.part(payload, key) for key in ("reply_message", "reply", "sent_message"))
    at = parts.first_time(
        payload.get("event_timestamp"),
        payload.get("time_replied"),
        shown.get("time"),
        nested.get("received_at"),
        payload.get("timestamp"),
    )
    lead = parts.lead_email(payload)
    return _inbound(
        _header(payload, name, log_name, parts.person_of(payload, lead), parts.campaign_of(payload), at),
        payload,
        reply=(shown, payload, nested),
        body=parts.body_of(shown, (payload, "reply_body"), (nested, "text"), (nested, "html"), (nested, "body")),
        subject=parts.subject_of(payload, nested),
        writer=parts.writer_of(payload),
        place=parts.place_of(payload),
        replied_at=parts.first_time(shown.get("time"), nested.get("received_at")) or at,
        answers=(
            "",
            parts.body_of(sent, (payload, "sent_message_body")),
            parts.first_time(sent.get("time")),
        ),
        our_message_id=parts.message_id(sent, parts.part(payload, "email")),
    )


def _untracked_reply(payload: JsonObject, name: str, log_name: str) -> InboundReply:
    """Reads a reply that SmartLead could not tie to a campaign: whoever wrote it is the lead, and it has no thread."""
    shown = parts.part(payload, "reply_message")
    writer = parts.writer_of(payload) or parts.address_in(payload.get("sender_detail"))
    person = parts.person_of(payload, normalise_address(writer))
    at = parts.first_time(payload.get("event_timestamp"), shown.get("time"))
    return _inbound(
        _header(payload, name, log_name, person, None, at),
        payload,
        reply=(shown, payload),
        body=parts.body_of(shown, (payload, "visible_text"), (payload, "reply_body")),
        subject=parts.subject_of(payload),
        writer=writer,
        place=Place(None, None),
        replied_at=parts.first_time(shown.get("time")) or at,
    )


def _labelled(payload: JsonObject, name: str, log_name: str) -> Labelled:
    """Reads a category: it may be put on at any time, so the reply's own time counts, as SmartLead has kept it."""
    history = parts.entries(payload)
    last = parts.part(payload, "last_reply", "lastReply") or _last_of(history, "REPLY")
    id = parts.message_id(last)
    entry = next((entry for entry in reversed(history) if id is not None and parts.message_id(entry) == id), {})
    at = parts.first_time(last.get("time"), entry.get("time"))
    lead = parts.lead_email(payload)
    header = _header(
        payload,
        name,
        log_name,
        parts.person_of(payload, lead),
        parts.campaign_of(payload),
        at or parts.first_time(payload.get("event_timestamp")),
        clock_is_providers=at is not None,
    )
    sent = _last_of(history[: history.index(entry)] if entry else history, "SENT")
    reply = _inbound(
        header,
        payload,
        reply=(last,),
        body=parts.body_of(last, (last, "email_body"), (entry, "email_body")),
        subject=parts.subject_of(last, entry, payload),
        writer=parts.address_in(last.get("reply_from_email")),
        place=parts.place_of(payload, last, entry),
        replied_at=at,
        answers=(
            parts.subject_of(sent),
            parts.body_of(sent, (sent, "email_body")),
            parts.first_time(sent.get("time")),
        ),
        our_message_id=parts.message_id(sent),
    )
    return Labelled(header, reply)


def _inbound(
    header: Header,
    payload: JsonObject,
    *,
    reply: tuple[JsonObject, ...],
    body: tuple[str | None, str | None],
    subject: str,
    writer: str | None,
    place: Place,
    replied_at: datetime | None,
    answers: tuple[str, tuple[str | None, str | None], datetime | None] | None = None,
    our_message_id: str | None = None,
) -> InboundReply:
    id, mailbox = (
        parts.message_id(*reply),
        parts.mailbox_of(payload) or parts.address_in(payload.get("recipient_detail")),
    )
    if id == our_message_id:
        id = None  # the id of the mail that was answered
    return InboundReply(
        header,
        parts.content_of(subject, body, read_body(payload, "preview_text")),
        message_id=id,
        thread_id=place.thread_id,
        sender=writer,
        our_address=mailbox,
        handle=parts.reply_handle(
            place,
            lead_id=parts.lead_id(payload),
            lead_email=header.person.email,
            to_email=writer,
            message_id=id,
            replied_at=replied_at,
            mailbox=mailbox,
        ),
        copies=parts.addresses_in(*(fields.get(key) for fields in reply for key in ("cc_emails", "cc"))),
        attachments=parts.attachments_in(*reply),
        answers=None if answers is None else parts.answered(*answers),
    )


def _last_of(history: list[Message], type: str) -> Message:
    return next((entry for entry in reversed(history) if entry.get("type") == type), {})


# --- The rest --------------------------------------------------------------------------------------------------------


def _sent(payload: JsonObject, name: str, log_name: str) -> MessageSent:
    sent, nested = parts.part(payload, "sent_message"), parts.part(payload, "email")
    at = parts.first_time(
        payload.get("event_timestamp"), payload.get("time_sent"), sent.get("time"), payload.get("timestamp")
    )
    subject = parts.subject_of(payload, nested, keys=("subject", "custom_subject"))
    spare = ((payload, "custom_email_message"), (payload, "sent_message_body"), (nested, "body"))
    first = 1 if log_name == FIRST_EMAIL_SENT else None
    return MessageSent(
        _header(
            payload,
            name,
            log_name,
            parts.person_of(payload, parts.lead_email(payload)),
            parts.campaign_of(payload),
            at,
        ),
        parts.content_of(subject, parts.body_of(sent, *spare)),
        message_id=parts.message_id(sent, payload, nested),
        thread_id=parts.place_of(payload).thread_id,
        our_address=parts.mailbox_of(payload),
        campaign_step=read_count(payload.get("sequence_number"), MAX_STEP) or first,
    )


def _bounced(payload: JsonObject, name: str, log_name: str) -> Bounced | Unused:
    """Reads a bounce; one that is said not to be for good is of no use."""
    header = _of_lead(payload, name, log_name)
    return Unused(header) if payload.get("is_bounced") is False else Bounced(header)


def _unsubscribed(payload: JsonObject, name: str, log_name: str) -> Unsubscribed:
    return Unsubscribed(_of_lead(payload, name, log_name))


def _account_problem(payload: JsonObject, name: str, log_name: str) -> AccountProblem:
    at = parts.first_time(payload.get("event_timestamp"), payload.get("created_at"))
    return AccountProblem(_header(payload, name, log_name, occurred_at=at), reason=log_name)


def _unused(payload: JsonObject, name: str, log_name: str) -> Unused:
    return Unused(_header(payload, name, log_name))


def _of_lead(payload: JsonObject, name: str, log_name: str) -> Header:
    at = parts.first_time(payload.get("event_timestamp"), payload.get("timestamp"))
    person = parts.person_of(payload, parts.lead_email(payload))
    return _header(payload, name, log_name, person, parts.campaign_of(payload), at)


def _header(
    payload: JsonObject,
    name: str,
    log_name: str,
    person: Person = Person(),  # noqa: B008 (frozen)
    campaign: Campaign | None = None,
    occurred_at: datetime | None = None,
    *,
    clock_is_providers: bool = False,
) -> Header:
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


FIRST_EMAIL_SENT = "first_email_sent"

EVENTS: Mapping[str, Callable[[JsonObject, str, str], Event]] = MappingProxyType(
    {
        **dict.fromkeys(("EMAIL_REPLY", "EMAIL_REPLIED", "LEAD_REPLIED"), _reply),
        "UNTRACKED_REPLIES": _untracked_reply,
        "LEAD_CATEGORY_UPDATED": _labelled,
        **dict.fromkeys(("EMAIL_SENT", FIRST_EMAIL_SENT.upper()), _sent),
        **dict.fromkeys(("EMAIL_BOUNCE", "EMAIL_BOUNCED", "LEAD_BOUNCED"), _bounced),
        **dict.fromkeys(("LEAD_UNSUBSCRIBED", "EMAIL_UNSUBSCRIBED"), _unsubscribed),
        **dict.fromkeys(("EMAIL_ACCOUNT_DISCONNECTED", "LINKEDIN_DISCONNECTED"), _account_problem),
        **dict.fromkeys(("EMAIL_OPEN", "EMAIL_OPENED", "LEAD_OPENED"), _unused),
        **dict.fromkeys(("EMAIL_LINK_CLICK", "EMAIL_CLICKED", "LEAD_CLICKED"), _unused),
        **dict.fromkeys(("CAMPAIGN_STATUS_CHANGED", "MANUAL_STEP_REACHED"), _unused),
    }
)
"""By event type, in upper case. The rest is Unknown: the set is open."""
