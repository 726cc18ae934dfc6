"""Instantly's messages as events: its posts to the webhook, and the emails of its API.

Two dialects arrive at the webhook: the documented one (``event_type``, ``lead_email``, ISO time) and the one that older
integrations send (``type``, ``contact_email``, ``contact_name``, epoch seconds or milliseconds). Instantly merges the
lead's own variables into the same flat object, so only the keys named here are read: every other key is the customer's
data. Where both dialects name a thing, the documented key wins, since ``type`` may well be somebody's variable.

Nothing but the event type has to be there, and a wrong type counts as missing: only a body that is no JSON object
with an event type is an error. Duplicate keys: the last one wins, as in JavaScript's parser and in Postgres's jsonb.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType

from shared.domain.events import (
    AccountProblem,
    Address,
    Bounced,
    Campaign,
    Content,
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
from shared.domain.vocabulary import Channel, IdentityKind, Source
from shared.providers.event_fields import (
    MAX_COMPANY_CHARS,
    MAX_LABEL_CHARS,
    as_name,
    ends_of,
    is_oversized,
    parse_object,
    split_name,
    without_embedded,
)
from shared.providers.instantly.shown_emails import (
    AUTO_REPLY_RECEIVED,
    EMAIL_SENT,
    MAX_STEP,
    REPLY_RECEIVED,
    read_email,
    reply_handle,
)
from shared.providers.json_fields import (
    MAX_SUBJECT_CHARS,
    JsonObject,
    normalise_address,
    read_address,
    read_body,
    read_count,
    read_identifier,
    read_line,
    read_text,
    read_time,
)
from shared.providers.protocol import Unreadable

LABEL = "lead_label"  # in logs, for every ``lead_*`` that is not in EVENTS


def read_event(body: bytes, source: Source) -> Event:
    """Reads the event in a webhook body, or in an email as ``Email.as_body`` keeps it.

    Broken characters are cleaned, not refused (``parse_json``). Raises Unreadable and nothing else: ``empty_body``,
    ``not_json``, ``too_deep``, ``not_an_object``, ``no_event_type`` or ``no_email_id``.
    """
    fields = parse_object(body)
    return _read_hook(fields) if source is Source.HOOK else read_email(fields)


# --- What the webhook gets -------------------------------------------------------------------------------------------


def _read_hook(payload: JsonObject) -> Event:
    name = read_identifier(payload, "event_type", "type", max_chars=MAX_LABEL_CHARS)
    if name is None:
        raise Unreadable("no_event_type", payload)
    known_name = name.lower()
    make = EVENTS.get(known_name)
    if make is not None:
        return make(_header(payload, name, known_name), payload)
    if known_name.startswith("lead_"):
        return _labelled(_header(payload, name, LABEL), payload)
    return Unknown(_header(payload, name, "unknown"))


def _header(payload: JsonObject, name: str, log_name: str) -> Header:
    campaign_id = read_identifier(payload, "campaign_id")
    campaign_name = read_line(payload, "campaign_name", MAX_LABEL_CHARS)
    return Header(
        name=name,
        log_name=log_name,
        channel=Channel.EMAIL,
        person=_person(payload),
        external_account=read_identifier(payload, "workspace"),
        campaign=None if campaign_id is None else Campaign(campaign_id, campaign_name),
        occurred_at=read_time(payload.get("timestamp")),
        payload=payload,
    )


def _person(payload: JsonObject) -> Person:
    addresses = (normalise_address(payload.get(key)) for key in ("lead_email", "contact_email"))
    email = next((address for address in addresses if address is not None), None)
    first_name, last_name = _names(payload)
    return Person(
        () if email is None else (Address(IdentityKind.EMAIL, email),),
        first_name=first_name,
        last_name=last_name,
        company=as_name(read_text(payload.get("companyName")), MAX_COMPANY_CHARS),
        title=as_name(read_text(payload.get("jobTitle")), MAX_COMPANY_CHARS),
    )


def _reply(header: Header, payload: JsonObject) -> InboundReply:
    email_id = _email_id(payload)
    mailbox = read_address(payload.get("email_account"))
    return InboundReply(
        header,
        _content(payload, "reply"),
        message_id=email_id,
        our_address=mailbox,
        handle=reply_handle(email_id, mailbox, header.person.email),
        automatic=header.log_name == AUTO_REPLY_RECEIVED,
    )


def _labelled(header: Header, payload: JsonObject) -> Labelled:
    return Labelled(header, _reply(header, payload), means_meeting=header.log_name == "lead_meeting_booked")


def _sent(header: Header, payload: JsonObject) -> MessageSent:
    return MessageSent(
        header,
        _content(payload, "email"),
        message_id=_email_id(payload),
        our_address=read_address(payload.get("email_account")),
        campaign_step=read_count(payload.get("step"), MAX_STEP),
    )


def _bounced(header: Header, _payload: JsonObject) -> Bounced:
    return Bounced(header)


def _unsubscribed(header: Header, _payload: JsonObject) -> Unsubscribed:
    return Unsubscribed(header)


def _account_problem(header: Header, _payload: JsonObject) -> AccountProblem:
    return AccountProblem(header, reason=header.log_name)


def _unused(header: Header, _payload: JsonObject) -> Unused:
    return Unused(header)


EVENTS: Mapping[str, Callable[[Header, JsonObject], Event]] = MappingProxyType(
    {
        REPLY_RECEIVED: _reply,
        AUTO_REPLY_RECEIVED: _reply,  # delivered, yet not in the list of what can be subscribed to
        "lead_meeting_booked": _labelled,
        EMAIL_SENT: _sent,
        "email_bounced": _bounced,
        "lead_unsubscribed": _unsubscribed,
        "unsubscribed": _unsubscribed,  # the older dialect's name
        "account_error": _account_problem,
        "email_opened": _unused,
        "link_clicked": _unused,  # the payload's name of what is subscribed to as email_link_clicked
        "email_link_clicked": _unused,
        "campaign_completed": _unused,
        "supersearch_enrichment_completed": _unused,
    }
)
"""By event type, in lower case. Besides these every ``lead_*`` is a label; the rest is Unknown (the set is open)."""


def _content(payload: JsonObject, mail: str) -> Content:
    """Reads the email that the keys with this prefix hold: ``email_`` is what was sent, ``reply_`` what came back."""
    text = read_body(payload, f"{mail}_text")
    html = read_body(payload, f"{mail}_html")
    if html is not None and text is not None and is_oversized(html):
        html = payload[f"{mail}_html"] = None
    return Content(
        subject=read_line(payload, f"{mail}_subject", MAX_SUBJECT_CHARS) or "",
        text=text,
        html=html,
        snippet=read_body(payload, "reply_text_snippet") if mail == "reply" else None,
    )


def _email_id(payload: JsonObject) -> str | None:
    """Reads the email's id; never an address: the older dialect has no id, and a lead's column may bear its name."""
    email_id = read_identifier(payload, "email_id")
    if email_id is None or " " in email_id or read_address(email_id) is not None:
        return None
    return email_id


def _names(payload: JsonObject) -> tuple[str | None, str | None]:
    first_name, last_name = as_name(read_text(payload.get("firstName"))), as_name(read_text(payload.get("lastName")))
    if first_name is None and last_name is None:
        return split_name(read_text(payload.get("contact_name")))
    return first_name, last_name


# --- For a place that is too small -----------------------------------------------------------------------------------


def shorter_body(body: bytes, max_chars: int) -> bytes | None:
    """Makes a webhook body that says what ``body`` says, and nothing beside it; None if it cannot be read.

    Of an email's HTML nothing is kept beside text, and no embedded picture; what remains is cut to its beginning and
    its end, ``max_chars`` in all. Read again it is the same event, but for that.
    """
    try:
        payload = parse_object(body)
    except Unreadable:
        return None
    name = read_identifier(payload, "event_type", "type", max_chars=MAX_LABEL_CHARS)
    if name is None:
        return None
    header = _header(payload, name, name)
    mail = "email" if name.lower() == EMAIL_SENT else "reply"
    content = _content(payload, mail)
    html = without_embedded(content.html) if content.html is not None and content.text is None else None
    fields = {
        "event_type": name,
        "timestamp": None if header.occurred_at is None else header.occurred_at.isoformat(),
        "workspace": header.external_account,
        "campaign_id": header.campaign and header.campaign.provider_campaign_id,
        "campaign_name": header.campaign and header.campaign.name,
        "lead_email": header.person.email,
        "firstName": header.person.first_name,
        "lastName": header.person.last_name,
        "companyName": header.person.company,
        "jobTitle": header.person.title,
        "email_account": read_address(payload.get("email_account")),
        "email_id": _email_id(payload),
        "step": read_count(payload.get("step"), MAX_STEP),
        f"{mail}_subject": content.subject,
        f"{mail}_text": ends_of(content.text, max_chars),
        f"{mail}_html": ends_of(html, max_chars),
        "reply_text_snippet": ends_of(content.snippet, max_chars // 10),
    }
    given = {key: value for key, value in fields.items() if value is not None}
    return json.dumps(given, ensure_ascii=False).encode()
