"""Writes events in SmartLead's current words: for a place that is too small for what was delivered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from shared.domain.events import Bounced, Content, Event, Header, InboundReply, Labelled, MessageSent, Unsubscribed
from shared.domain.vocabulary import IdentityKind, Source
from shared.providers.event_fields import ends_of, without_embedded
from shared.providers.json_fields import JsonObject
from shared.providers.protocol import Unreadable
from shared.providers.smartlead.events import read_event

MAX_ANSWERED_CHARS = 2_000  # of the mail that a reply answers


def shorter_body(body: bytes, max_chars: int) -> bytes | None:
    """Makes a body that says what ``body`` says of a person, and nothing beside it; None if it says nothing.

    Of an email's HTML nothing is kept beside text, and no embedded picture; what remains is cut to its beginning and
    its end, ``max_chars`` in all. Read again it is the same event, but for that.
    """
    try:
        payload = _payload_of(read_event(body, Source.HOOK), max_chars)
    except Unreadable:
        return None
    return None if payload is None else json.dumps(_given(payload), ensure_ascii=False).encode()


def _payload_of(event: Event, max_chars: int) -> JsonObject | None:
    match event:
        case InboundReply():
            return {**_about(event.header), **_reply_of(event, max_chars)}
        case Labelled(reply=reply):
            fields = _reply_of(reply, max_chars)
            last = {**fields.pop("reply_message"), "reply_from_email": fields.pop("to_email")}
            last |= {key: fields.pop(key) for key in ("cc_emails", "attachments")}
            sent = {"type": "SENT", **fields.pop("sent_message")}
            return {**_about(event.header), **fields, "lastReply": _given(last), "history": [_given(sent)]}
        case MessageSent():
            return {
                **_about(event.header),
                "from_email": event.our_address,
                "subject": event.content.subject,
                "sequence_number": event.campaign_step,
                "sent_message": _given({"message_id": event.message_id, **_body(event.content, max_chars)}),
            }
        case Bounced() | Unsubscribed():
            return _about(event.header)
    return None


def _about(header: Header) -> JsonObject:
    person, campaign, at = header.person, header.campaign, header.occurred_at
    return {
        "event_type": header.name,
        "event_timestamp": None if at is None else at.isoformat(),
        "campaign_id": campaign and campaign.provider_campaign_id,
        "campaign_name": campaign and campaign.name,
        "sl_email_lead_id": person.address(IdentityKind.SMARTLEAD_LEAD),
        "sl_lead_email": person.email,
        "lead": _given(
            {"first_name": person.first_name, "last_name": person.last_name, "company_name": person.company}
        ),
    }


def _reply_of(reply: InboundReply, max_chars: int) -> JsonObject:
    ours = reply.answers
    return {
        "stats_id": reply.handle.get("stats_id"),
        "from_email": reply.our_address,
        "to_email": reply.sender,
        "subject": reply.content.subject,
        "cc_emails": list(reply.copies),
        "attachments": [{"file_name": name} for name in reply.attachments],
        "preview_text": ends_of(reply.content.snippet, max_chars // 10),
        "reply_message": _given(
            {
                "message_id": reply.message_id,
                "time": reply.handle.get("replied_at"),
                **_body(reply.content, max_chars),
            }
        ),
        "sent_message": {}
        if ours is None
        else {
            "text": ends_of(ours.text, MAX_ANSWERED_CHARS),
            "time": None if ours.at is None else ours.at.isoformat(),
            "subject": ours.subject,
        },
    }


def _body(content: Content, max_chars: int) -> JsonObject:
    if content.text is not None or content.html is None:
        return {"text": ends_of(content.text, max_chars)}
    return {"html": ends_of(without_embedded(content.html), max_chars)}


def _given(fields: Mapping[str, Any]) -> JsonObject:
    return {key: value for key, value in fields.items() if value not in (None, "", [], {})}
