"""The emails that SmartLead's API shows: a lead's message history in a campaign, and the rows of its inbox.

The message history is as others have seen it, ``history`` with ``type``, ``time``, ``message_id`` and ``email_body``;
the reference documents ``messages`` with ``direction`` and ``sent_at``. Both are read. A mail that no sequence has sent
has no ``email_seq_number``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from shared.domain.email_address import same_address
from shared.domain.text.email_text import plain_text
from shared.providers.errors import Uncertain
from shared.providers.event_fields import holds_markup
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

MAX_STEP = 1_000
MAX_LISTED = 50  # copies, attachments
MAX_MESSAGE_ID_CHARS = 500
MAX_NAME_CHARS = 200

_REPLY, _SENT = frozenset({"reply", "inbound"}), frozenset({"sent", "outbound"})


@dataclass(frozen=True, slots=True)
class ShownEmail:
    """One email of a conversation. ``text`` and ``html``: the API has one body, which is either."""

    is_reply: bool
    is_sent: bool
    message_id: str | None  # of RFC 5322
    stats_id: str | None
    at: datetime | None
    sender: str | None
    recipient: str | None
    copies: tuple[str, ...]
    attachments: tuple[str, ...]
    subject: str
    text: str | None
    html: str | None
    step: int | None  # of a sequence; None: no sequence has sent it

    @property
    def plain(self) -> str:
        return plain_text(self.text, self.html).strip()

    @property
    def body(self) -> JsonObject:
        """The parts of a message as SmartLead's deliveries have them."""
        return {
            "message_id": self.message_id,
            "text": self.text,
            "html": self.html,
            "time": self.at and self.at.isoformat(),
            "attachments": [{"file_name": name} for name in self.attachments] or None,
        }

    @classmethod
    def from_json(cls, fields: JsonObject) -> Self:
        """Reads an entry of a history."""
        kind = (read_text(fields.get("type")) or read_text(fields.get("direction")) or "").strip().lower()
        body = read_body(fields, "email_body") or read_body(fields, "body")
        is_html = body is not None and holds_markup(body)
        times = (read_time(fields.get(key)) for key in ("time", "sent_at", "received_at"))
        return cls(
            is_reply=kind in _REPLY,
            is_sent=kind in _SENT,
            message_id=read_identifier(fields, "message_id", max_chars=MAX_MESSAGE_ID_CHARS),
            stats_id=read_identifier(fields, "stats_id"),
            at=next((at for at in times if at is not None), None),
            sender=normalise_address(fields.get("from")),
            recipient=read_address(fields.get("to")),
            copies=addresses_in(fields.get("cc")),
            attachments=_attachment_names(fields.get("attachments")),
            subject=read_line(fields, "subject", MAX_SUBJECT_CHARS) or "",
            text=None if is_html else body,
            html=body if is_html else None,
            step=read_count(fields.get("email_seq_number"), MAX_STEP),
        )


@dataclass(frozen=True, slots=True)
class Conversation:
    """All that a lead and we have written to each other in one campaign, as far as it was asked for."""

    campaign_id: str
    lead_id: str
    emails: tuple[ShownEmail, ...]  # the oldest first
    mailbox: str | None = None  # ours
    lead_email: str | None = None
    campaign_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None

    def find_reply(self, message_id: str | None, stats_id: str | None) -> ShownEmail | None:
        """Returns the reply with this id; one that shows no id contradicts none, unless it responds to another mail."""
        replies = [email for email in self.emails if email.is_reply]
        named = [email for email in replies if message_id is not None and email.message_id == message_id]
        nameless = [
            email
            for email in replies
            if (message_id is None or email.message_id is None) and (email.stats_id or stats_id) == stats_id
        ]
        return next(reversed(named or nameless), None)

    def is_with(self, lead_email: str | None) -> bool:
        """Tells whether this can be the conversation with the lead of this address."""
        return None in (lead_email, self.lead_email) or same_address(str(lead_email), str(self.lead_email))

    def ends_of(self, email: ShownEmail) -> tuple[str | None, str | None]:
        """Returns our mailbox and the address at the other end.

        SmartLead's deliveries have the sender and the recipient of a reply reversed; an entry may have that, too.
        """
        ours = {self.mailbox, *(one.sender for one in self.emails if one.is_sent)} - {None}
        sent_by_us = email.is_sent or any(same_address(str(email.sender), str(address)) for address in ours)
        our_end, their_end = (email.sender, email.recipient) if sent_by_us else (email.recipient, email.sender)
        return our_end or self.mailbox or next(iter(sorted(map(str, ours))), None), their_end

    def as_delivery(self, email: ShownEmail) -> bytes:
        """Puts an email into the words of SmartLead's deliveries, as ``read_event`` reads them.

        Of one email it is always the same bytes.
        """
        our_end, their_end = self.ends_of(email)
        fields: JsonObject = {
            "event_type": "EMAIL_SENT" if email.is_sent else "EMAIL_REPLY",
            "stats_id": email.stats_id,
            "sl_email_lead_id": self.lead_id,
            "sl_lead_email": self.lead_email,
            "from_email": our_end,
            "to_email": their_end or self.lead_email,
            "cc_emails": list(email.copies) or None,
            "subject": email.subject or None,
            "campaign_id": self.campaign_id,
            "campaign_name": self.campaign_name,
            "lead": _given({"first_name": self.first_name, "last_name": self.last_name}) or None,
            "sequence_number": email.step,
            "event_timestamp": email.at and email.at.isoformat(),
            "sent_message" if email.is_sent else "reply_message": _given(email.body),
        }
        return compact_json(_given(fields))

    @classmethod
    def of_history(cls, campaign_id: str, lead_id: str, fields: JsonObject, entries: Iterable[JsonObject]) -> Self:
        """Reads the message history of a lead; ``fields`` are what stands beside its entries."""
        return cls(
            campaign_id,
            lead_id,
            _oldest_first(entries),
            mailbox=read_address(fields.get("from")),
            lead_email=normalise_address(fields.get("to")),
        )

    @classmethod
    def of_inbox_row(cls, row: JsonObject, entries: Iterable[JsonObject]) -> Self | None:
        """Reads a row of the inbox; None where it does not say which campaign and lead it is about."""
        campaign_id, lead_id = read_identifier(row, "email_campaign_id"), read_identifier(row, "email_lead_id")
        if campaign_id is None or lead_id is None:
            return None
        return cls(
            campaign_id,
            lead_id,
            _oldest_first(entries),
            lead_email=normalise_address(row.get("lead_email")),
            campaign_name=read_line(row, "email_campaign_name", MAX_NAME_CHARS),
            first_name=read_line(row, "lead_first_name", MAX_NAME_CHARS),
            last_name=read_line(row, "lead_last_name", MAX_NAME_CHARS),
        )


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A lead that has replied, in one campaign. ``conversation``: None where the row does not say whose it is."""

    conversation: Conversation | None
    replied_at: datetime | None  # the newest reply
    sent_at: datetime | None  # the newest mail of ours

    @classmethod
    def from_json(cls, row: JsonObject) -> Self:
        """Reads a row. Raises Uncertain where it shows no conversation: a reply would be missed without a word."""
        return cls(
            Conversation.of_inbox_row(row, objects_in(row, "email_history", "message_history")),
            read_time(row.get("last_reply_time")),
            read_time(row.get("last_sent_time")),
        )


@dataclass(frozen=True, slots=True)
class UntrackedEmail:
    """A mail to one of our mailboxes that SmartLead could not tie to a campaign: anybody's, about anything."""

    message_id: str | None
    at: datetime | None
    sender: str | None
    recipient: str | None
    subject: str
    text: str | None
    html: str | None

    def as_delivery(self) -> bytes:
        """Puts the mail into the words of SmartLead's deliveries; always the same bytes."""
        at = self.at and self.at.isoformat()
        body = {"message_id": self.message_id, "text": self.text, "html": self.html, "time": at}
        return compact_json(
            _given(
                {
                    "event_type": "UNTRACKED_REPLIES",
                    "from_email": self.recipient,
                    "to_email": self.sender,
                    "subject": self.subject or None,
                    "event_timestamp": at,
                    "reply_message": _given(body),
                }
            )
        )

    @classmethod
    def from_json(cls, fields: JsonObject) -> Self:
        """Reads a mail of the listing, by the names that were seen or by those that are documented."""
        body = fields.get("body")
        if not isinstance(body, dict):
            body = {"text": body}
        times = (read_time(fields.get(key)) for key in ("reply_picked_time", "received_at", "created_at"))
        senders = (normalise_address(fields.get(key)) for key in ("sender_detail", "from_email"))
        recipients = (read_address(fields.get(key)) for key in ("recipient_detail", "to_email"))
        return cls(
            message_id=read_identifier(fields, "message_id", max_chars=MAX_MESSAGE_ID_CHARS),
            at=next((at for at in times if at is not None), None),
            sender=next((address for address in senders if address is not None), None),
            recipient=next((address for address in recipients if address is not None), None),
            subject=read_line(fields, "subject", MAX_SUBJECT_CHARS) or "",
            text=read_body(body, "text") or read_body(fields, "visible_text"),
            html=read_body(body, "textAsHtml"),
        )


def objects_in(value: object, *keys: str) -> list[JsonObject]:
    """Returns the objects of a list that stands bare or under one of these keys, one inside another.

    Raises Uncertain where there is none.
    """
    for _ in range(3):
        if isinstance(value, dict):
            value = next((value[key] for key in keys if isinstance(value.get(key), dict | list)), None)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise Uncertain("the answer holds no list of objects")
    return value


def addresses_in(value: object) -> tuple[str, ...]:
    """Reads addresses from a list of strings or objects, or from one string with commas."""
    listed = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    found = (
        normalise_address(item.get("address") or item.get("email") if isinstance(item, dict) else item)
        for item in listed[:MAX_LISTED]
    )
    return tuple(address for address in found if address is not None)


def compact_json(value: JsonObject) -> bytes:
    """Returns the JSON as JavaScript would write it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _oldest_first(entries: Iterable[JsonObject]) -> tuple[ShownEmail, ...]:
    emails = [ShownEmail.from_json(entry) for entry in entries]
    timed = all(email.at is not None for email in emails)
    return tuple(sorted(emails, key=lambda email: email.at)) if timed else tuple(emails)  # type: ignore[arg-type, return-value]


def _attachment_names(value: object) -> tuple[str, ...]:
    files = value[:MAX_LISTED] if isinstance(value, list) else []
    names = (read_line(one, "file_name", MAX_SUBJECT_CHARS) for one in files if isinstance(one, dict))
    return tuple(name for name in names if name)


def _given(fields: dict[str, Any]) -> JsonObject:
    return {key: value for key, value in fields.items() if value is not None}
