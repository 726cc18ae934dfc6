"""Instantly's email, webhook and delivery objects, as its API answers with them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from hashlib import sha256
from typing import Self

from shared.domain.webhook_token import is_well_formed
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

WEBHOOK_ACTIVE = 1
MAX_ERROR_CHARS = 200


class EmailType(IntEnum):
    """``ue_type`` of an email."""

    CAMPAIGN = 1
    RECEIVED = 2
    MANUAL = 3  # also what /emails/reply makes
    SCHEDULED = 4


@dataclass(frozen=True, slots=True)
class Email:
    """One email in a workspace of Instantly's."""

    id: str
    thread_id: str | None
    message_id: str | None  # of RFC 5322, not unique among mailboxes
    from_email: str | None  # canonical; may be a colleague of the lead's
    to: tuple[str, ...]
    copies: tuple[str, ...]
    attachments: tuple[str, ...]  # names
    lead: str | None  # canonical; can be missing on received mail
    eaccount: str | None
    ue_type: int | None
    campaign_id: str | None
    subject: str
    text: str | None
    html: str | None
    snippet: str | None
    timestamp_created: datetime | None  # Instantly's clock: cursors use it
    timestamp_email: datetime | None  # the sender's clock
    is_auto_reply: bool
    raw: JsonObject

    @property
    def is_received(self) -> bool:
        return self.ue_type == EmailType.RECEIVED

    def may_be_from(self, lead_email: str) -> bool:
        """True when this can be a received email of the lead with this address (canonical).

        A colleague may have answered in the lead's stead, so the lead that Instantly names decides; where it names
        none, the sender; where that is missing too, there is nothing to contradict it.
        """
        return self.is_received and (self.lead or self.from_email or lead_email) == lead_email

    @classmethod
    def from_json(cls, fields: JsonObject) -> Self | None:
        """Reads the email in an API response; None when it has no id."""
        email_id = read_identifier(fields, "id")
        if email_id is None:
            return None
        body = fields.get("body")
        if not isinstance(body, dict):
            body = {"text": body}
        ue_type = fields.get("ue_type")
        return cls(
            id=email_id,
            thread_id=read_identifier(fields, "thread_id"),
            message_id=read_identifier(fields, "message_id", max_chars=MAX_SUBJECT_CHARS),
            from_email=normalise_address(fields.get("from_address_email")),
            to=_addresses(fields.get("to_address_email_list")),
            copies=_addresses(fields.get("cc_address_email_list")),
            attachments=_attachment_names(fields.get("attachment_json")),
            lead=normalise_address(fields.get("lead")),
            eaccount=read_address(fields.get("eaccount")),
            ue_type=ue_type if isinstance(ue_type, int) and not isinstance(ue_type, bool) else None,
            campaign_id=read_identifier(fields, "campaign_id"),
            subject=read_line(fields, "subject", MAX_SUBJECT_CHARS) or "",
            text=read_body(body, "text"),
            html=read_body(body, "html"),
            snippet=read_body(fields, "content_preview"),
            timestamp_created=read_time(fields.get("timestamp_created")),
            timestamp_email=read_time(fields.get("timestamp_email")),
            is_auto_reply=fields.get("is_auto_reply") in (1, True, "1"),
            raw=fields,
        )

    def as_body(self) -> bytes:
        """Keeps what ``read_event`` reads of this email, for one that no delivery has brought.

        Of one email it is always the same bytes, whether it has been read or labelled meanwhile.
        """
        fields = {
            "id": self.id,
            "thread_id": self.thread_id,
            "message_id": self.message_id,
            "from_address_email": self.from_email,
            "to_address_email_list": list(self.to),
            "cc_address_email_list": list(self.copies) or None,
            "attachment_json": [{"filename": name} for name in self.attachments] or None,
            "lead": self.lead,
            "eaccount": self.eaccount,
            "ue_type": self.ue_type,
            "campaign_id": self.campaign_id,
            "step": self.raw.get("step"),
            "subject": self.subject,
            "body": {"text": self.text, "html": self.html},
            "content_preview": self.snippet,
            "timestamp_created": self.timestamp_created and self.timestamp_created.isoformat(),
            "timestamp_email": self.timestamp_email and self.timestamp_email.isoformat(),
            "is_auto_reply": self.is_auto_reply,
        }
        return _compact_json({key: value for key, value in fields.items() if value is not None})


@dataclass(frozen=True, slots=True)
class SentEmail:
    """The API's description of the email that it just sent."""

    id: str
    message_id: str | None
    thread_id: str | None
    timestamp_created: datetime | None


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook as it is registered; Instantly disables one whose deliveries keep failing."""

    id: str
    target_hook_url: str
    event_type: str | None
    campaign_id: str | None
    name: str | None
    status: int | None
    timestamp_error: datetime | None
    authorization_sha256: str | None  # of the header with our token, hex; None when the API does not show it in full

    @property
    def is_active(self) -> bool:
        return self.status == WEBHOOK_ACTIVE

    @classmethod
    def from_json(cls, fields: JsonObject) -> Self | None:
        """Reads the webhook in an API response; None when it has no id.

        Its headers hold our token, which is not kept: its digest is enough to tell which one it is.
        """
        webhook_id = read_identifier(fields, "id")
        if webhook_id is None:
            return None
        status = fields.get("status")
        return cls(
            id=webhook_id,
            target_hook_url=read_text(fields.get("target_hook_url")) or "",
            event_type=read_identifier(fields, "event_type"),
            campaign_id=read_identifier(fields, "campaign"),
            name=read_line(fields, "name", MAX_SUBJECT_CHARS),
            status=status if isinstance(status, int) else None,
            timestamp_error=read_time(fields.get("timestamp_error")),
            authorization_sha256=_digest_of_authorization(fields.get("headers")),
        )


@dataclass(frozen=True, slots=True)
class WebhookDelivery:
    """One attempt of Instantly's to deliver an event, with what it tried to deliver."""

    id: str
    timestamp_created: datetime | None
    raw_body: bytes | None  # the event, as the webhook would have got it
    webhook_url: str | None
    success: bool
    will_retry: bool
    retry_successful: bool
    retry_group_id: str | None
    status_code: int | None
    error_message: str | None

    @classmethod
    def from_json(cls, fields: JsonObject) -> Self | None:
        """Reads the delivery in an API response; None when it has no id."""
        delivery_id = read_identifier(fields, "id")
        if delivery_id is None:
            return None
        payload = fields.get("payload")
        status_code = fields.get("status_code")
        return cls(
            id=delivery_id,
            timestamp_created=read_time(fields.get("timestamp_created")),
            raw_body=payload.encode()
            if isinstance(payload, str)
            else _compact_json(payload)
            if isinstance(payload, dict)
            else None,
            webhook_url=read_text(fields.get("webhook_url")),
            success=fields.get("success") is True,
            will_retry=fields.get("will_retry") is True,
            retry_successful=fields.get("retry_successful") is True,
            retry_group_id=read_identifier(fields, "retry_group_id"),
            status_code=status_code if isinstance(status_code, int) else None,
            error_message=read_line(fields, "error_message", MAX_ERROR_CHARS),
        )


def _digest_of_authorization(headers: object) -> str | None:
    """The SHA-256 of the header with a token of ours in it; a masked value would be taken for another token."""
    if not isinstance(headers, dict):
        return None
    values = [value for name, value in headers.items() if str(name).lower() == "authorization"]
    if len(values) != 1 or not isinstance(values[0], str) or not is_well_formed(values[0].removeprefix("Bearer ")):
        return None
    return sha256(values[0].encode()).hexdigest()


def _compact_json(value: JsonObject) -> bytes:
    """JSON as JavaScript writes it, so that a delivery taken from the log is the same bytes as the delivery."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _addresses(value: object) -> tuple[str, ...]:
    """The addresses of a comma-separated string or a list; the API documents the one and may send the other."""
    listed = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(address for address in map(normalise_address, listed) if address is not None)


def _attachment_names(value: object) -> tuple[str, ...]:
    """The names in ``attachment_json``, whose form is not documented: a list of files, or an object that holds one."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return ()
    if isinstance(value, dict):
        value = value.get("files", [value])
    files = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    names = (read_line(one, key, MAX_SUBJECT_CHARS) for one in files for key in ("filename", "name"))
    return tuple(name for name in names if name)
