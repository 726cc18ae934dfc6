"""SmartLead's deliveries as events.

Four vocabularies name the same things (``EMAIL_REPLY``, ``EMAIL_REPLIED``, ``LEAD_REPLIED``, under ``event_type`` or
``event``): all are read, and the family decides. The health of accounts comes in an envelope of its own, which never
tells of a person. A category's name is somebody's word and decides nothing: its event brings the reply that it is
about.

What the API shows is put into the same words before it is read (``Missed.body``), so the source makes no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from shared.domain.events import (
    AccountProblem,
    Bounced,
    Event,
    Header,
    MessageSent,
    Unknown,
    Unsubscribed,
    Unused,
)
from shared.domain.vocabulary import Channel, Source
from shared.providers.event_fields import MAX_LABEL_CHARS, parse_object
from shared.providers.json_fields import (
    JsonObject,
    read_count,
    read_identifier,
)
from shared.providers.protocol import Unreadable
from shared.providers.smartlead import payload as parts
from shared.providers.smartlead.replies import read_label, read_reply, read_untracked_reply

MAX_STEP = 1_000  # of a sequence; a larger number is something else
UNKNOWN = "unknown"
TEST = "test_delivery"


def read_event(body: bytes, source: Source) -> Event:
    """Reads the event in a (redacted) body. Of what the API shows, the times are as SmartLead has kept them.

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
        return Unknown(parts.header_of(payload, name, UNKNOWN))
    if is_test(payload):
        return Unknown(parts.header_of(payload, name, TEST))
    event = make(payload, name, known_name.lower())
    if source is Source.HOOK:
        return event
    return replace(event, header=replace(event.header, clock_is_providers=event.header.occurred_at is not None))


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
        parts.header_of(
            payload,
            name,
            log_name,
            parts.person_of(payload, parts.lead_email(payload)),
            parts.campaign_of(payload),
            at,
        ),
        parts.content_of(subject, parts.body_of(sent, *spare)),
        message_id=parts.message_id(sent, payload, nested),
        thread_id=parts.thread_id(payload),
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
    return AccountProblem(parts.header_of(payload, name, log_name, occurred_at=at), reason=log_name)


def _unused(payload: JsonObject, name: str, log_name: str) -> Unused:
    return Unused(parts.header_of(payload, name, log_name))


def _of_lead(payload: JsonObject, name: str, log_name: str) -> Header:
    at = parts.first_time(payload.get("event_timestamp"), payload.get("timestamp"))
    person = parts.person_of(payload, parts.lead_email(payload))
    return parts.header_of(payload, name, log_name, person, parts.campaign_of(payload), at)


FIRST_EMAIL_SENT = "first_email_sent"

EVENTS: Mapping[str, Callable[[JsonObject, str, str], Event]] = MappingProxyType(
    {
        **dict.fromkeys(("EMAIL_REPLY", "EMAIL_REPLIED", "LEAD_REPLIED"), read_reply),
        "UNTRACKED_REPLIES": read_untracked_reply,
        "LEAD_CATEGORY_UPDATED": read_label,
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
