"""SmartLead's replies: those of a campaign, those of none, and those that a category's event brings."""

from __future__ import annotations

from datetime import datetime

from shared.domain.events import Header, InboundReply, Labelled
from shared.providers.json_fields import JsonObject, normalise_address, read_body
from shared.providers.smartlead import payload as parts
from shared.providers.smartlead.handle import reply_handle
from shared.providers.smartlead.payload import Message


def read_reply(payload: JsonObject, name: str, log_name: str) -> InboundReply:
    """Reads a reply to a campaign's mail, of whichever vocabulary."""
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
        parts.header_of(payload, name, log_name, parts.person_of(payload, lead), parts.campaign_of(payload), at),
        payload,
        reply=(shown, payload, nested),
        body=parts.body_of(shown, (payload, "reply_body"), (nested, "text"), (nested, "html"), (nested, "body")),
        subject=parts.subject_of(payload, nested),
        writer=parts.writer_of(payload),
        sending=(payload,),
        replied_at=parts.first_time(shown.get("time"), nested.get("received_at")) or at,
        answers=(
            "",
            parts.body_of(sent, (payload, "sent_message_body")),
            parts.first_time(sent.get("time")),
        ),
        our_message_id=parts.message_id(sent, parts.part(payload, "email")),
    )


def read_untracked_reply(payload: JsonObject, name: str, log_name: str) -> InboundReply:
    """Reads a reply that SmartLead could not tie to a campaign: whoever wrote it is the lead, and it has no thread."""
    shown = parts.part(payload, "reply_message")
    writer = parts.writer_of(payload) or parts.address_in(payload.get("sender_detail"))
    person = parts.person_of(payload, normalise_address(writer))
    at = parts.first_time(payload.get("event_timestamp"), shown.get("time"))
    return _inbound(
        parts.header_of(payload, name, log_name, person, None, at),
        payload,
        reply=(shown, payload),
        body=parts.body_of(shown, (payload, "visible_text"), (payload, "reply_body")),
        subject=parts.subject_of(payload),
        writer=writer,
        sending=(),
        replied_at=parts.first_time(shown.get("time")) or at,
    )


def read_label(payload: JsonObject, name: str, log_name: str) -> Labelled:
    """Reads a category: it may be put on at any time, so the reply's own time counts, as SmartLead has kept it."""
    history = parts.entries(payload)
    last = parts.part(payload, "last_reply", "lastReply") or _last_of(history, "REPLY")
    id = parts.message_id(last)
    entry = next((entry for entry in reversed(history) if id is not None and parts.message_id(entry) == id), {})
    at = parts.first_time(last.get("time"), entry.get("time"))
    lead = parts.lead_email(payload)
    header = parts.header_of(
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
        sending=(payload, last, entry),
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
    sending: tuple[JsonObject, ...],
    replied_at: datetime | None,
    answers: tuple[str, tuple[str | None, str | None], datetime | None] | None = None,
    our_message_id: str | None = None,
) -> InboundReply:
    """Makes a reply; ``reply`` shows what is its own, ``sending`` the ``stats_id`` of what it responds to."""
    id = parts.message_id(*reply)
    mailbox = parts.mailbox_of(payload) or parts.address_in(payload.get("recipient_detail"))
    if id == our_message_id:
        id = None  # the id of the mail that was answered
    return InboundReply(
        header,
        parts.content_of(subject, body, read_body(payload, "preview_text")),
        message_id=id,
        thread_id=None if header.campaign is None else parts.thread_id(payload),
        sender=writer,
        our_address=mailbox,
        handle=reply_handle(
            campaign_id=None if header.campaign is None else header.campaign.provider_campaign_id,
            stats_id=parts.stats_id(*sending),
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
