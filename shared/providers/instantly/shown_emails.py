"""Reads the emails that Instantly's API shows: messages that no delivery has brought."""

from __future__ import annotations

from shared.domain.events import (
    Address,
    Campaign,
    Content,
    Event,
    Header,
    InboundReply,
    MessageSent,
    Person,
    ReplyHandle,
    Unused,
)
from shared.domain.vocabulary import Channel, IdentityKind
from shared.providers.instantly.emails import Email, EmailType
from shared.providers.json_fields import JsonObject, read_count
from shared.providers.protocol import Unreadable

EMAIL_SENT = "email_sent"
EMAIL_NOT_SENT = "email_not_sent"  # a word of ours: what the API shows of an email that is scheduled
REPLY_RECEIVED = "reply_received"
AUTO_REPLY_RECEIVED = "auto_reply_received"
MAX_STEP = 1_000  # of a sequence; a larger number is something else


def reply_handle(email_id: str | None, mailbox: str | None, lead_email: str | None) -> ReplyHandle:
    """Makes what Instantly needs to respond to an email, as far as it is known."""
    handle = {"email_id": email_id, "mailbox": mailbox, "lead_email": lead_email}
    return {key: value for key, value in handle.items() if value is not None}


def read_email(fields: JsonObject) -> Event:
    """Reads an email that no delivery has brought; it knows its sender, and its clock is Instantly's."""
    email = Email.from_json(fields)
    if email is None:
        raise Unreadable("no_email_id", fields)
    content = Content(email.subject, email.text, email.html, email.snippet)
    match email.ue_type:
        case EmailType.RECEIVED:
            # A colleague may have written in the lead's stead: the lead that Instantly names decides.
            lead = email.lead or email.from_email
            return InboundReply(
                _header_of(email, lead, AUTO_REPLY_RECEIVED if email.is_auto_reply else REPLY_RECEIVED),
                content,
                message_id=email.id,
                thread_id=email.thread_id,
                sender=email.from_email,
                our_address=email.eaccount,
                handle=reply_handle(email.id, email.eaccount, lead),
                automatic=email.is_auto_reply,
                copies=email.copies,
                attachments=email.attachments,
            )
        case EmailType.MANUAL | EmailType.CAMPAIGN:
            # A sequence's email is one even where its step is shown in a form that we do not know.
            step = read_count(fields.get("step"), MAX_STEP) or 1
            return MessageSent(
                _header_of(email, email.lead or next(iter(email.to), None), EMAIL_SENT),
                content,
                message_id=email.id,
                thread_id=email.thread_id,
                our_address=email.eaccount,
                campaign_step=step if email.ue_type == EmailType.CAMPAIGN else None,
            )
        case _:
            return Unused(_header_of(email, email.lead, EMAIL_NOT_SENT))


def _header_of(email: Email, address: str | None, name: str) -> Header:
    return Header(
        name=name,
        log_name=name,
        channel=Channel.EMAIL,
        person=Person(() if address is None else (Address(IdentityKind.EMAIL, address),)),
        campaign=None if email.campaign_id is None else Campaign(email.campaign_id),
        # timestamp_email is the sender's clock: years behind it would be the oldest reply.
        occurred_at=email.timestamp_created or email.timestamp_email,
        clock_is_providers=email.timestamp_created is not None,
        payload=email.raw,
    )
