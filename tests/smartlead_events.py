"""Events as SmartLead posts them, in its dialects, and the requests that they come in."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from shared.domain.vocabulary import Provider
from shared.domain.webhook_token import make_secret, make_token
from shared.providers.protocol import WebhookRequest
from tests.instantly_events import SIGNING_KEY, body_of

PATH = "/webhooks/smartlead"
CAMPAIGN_ID = 210433
MAILBOX = "sam@send.test"
SECRET = "${secret}"  # stands for the client's secret, which its request fills in


def iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def email_reply(**changes: Any) -> dict[str, Any]:
    """Returns a reply in the current words, of an address of its own. A change to None leaves the key out."""
    lead, id, at = f"dana.{uuid4().hex[:12]}@acme.test", uuid4().hex, iso(datetime.now(UTC) - timedelta(seconds=2))
    stats_id = str(uuid4())
    return _event(
        {
            "webhook_id": 417002,
            "webhook_name": "replies to pipeline",
            "webhook_url": f"https://hooks.example.com{PATH}?clientId=0&token=v1.not-a-token",
            "event_type": "EMAIL_REPLY",
            "stats_id": stats_id,
            "stats_thread_id": stats_id,
            "sl_email_lead_id": str(int(id[:8], 16) + 1),
            "sl_email_lead_map_id": 30991207,
            "sl_lead_email": lead,
            "from_email": MAILBOX,
            "to_email": lead,
            "to_name": "Dana Ortiz",
            "cc_emails": [],
            "subject": "Re: quick question",
            "campaign_id": CAMPAIGN_ID,
            "campaign_name": "Q4 Ops leaders",
            "campaign_status": "ACTIVE",
            "client_id": None,
            "sequence_number": 2,
            "sent_message": {
                "message_id": f"<sent-{id}@send.test>",
                "html": "<div>Hi Dana, worth a chat next week?</div>",
                "text": "Hi Dana, worth a chat next week?",
                "time": at,
            },
            "reply_message": {
                "message_id": f"<{id}@mail.acme.test>",
                "html": "<div>Sounds good, Tuesday?</div>",
                "text": "Sounds good, Tuesday?",
                "time": at,
            },
            "preview_text": "Sounds good, Tuesday?",
            "event_timestamp": at,
            "leadCorrespondence": {
                "targetLeadEmail": lead,
                "replyReceivedFrom": lead,
                "repliedCompanyDomain": "SameCompany",
            },
            "secret_key": SECRET,
        },
        changes,
    )


def nested_reply(**changes: Any) -> dict[str, Any]:
    """Returns a reply in the words of the older documentation: nested, without any id of the mail."""
    at = iso(datetime.now(UTC) - timedelta(seconds=2))
    return _event(
        {
            "event": "EMAIL_REPLIED",
            "timestamp": at,
            "campaign_id": CAMPAIGN_ID,
            "lead": {"email": f"ray.{uuid4().hex[:12]}@acme.test", "first_name": "Ray", "last_name": "Moss"},
            "reply": {"subject": "Re: quick question", "body": "Not now, maybe in March.", "received_at": at},
            "secret_key": SECRET,
        },
        changes,
    )


def category_updated(reply: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Returns the event of a category that was put on the lead of a reply (``email_reply``)."""
    shown = reply["reply_message"]
    entry = {"message_id": shown["message_id"], "email_body": shown["html"], "time": shown["time"]}
    sent = reply["sent_message"]
    return _event(
        {
            "event_type": "LEAD_CATEGORY_UPDATED",
            "campaign_id": reply["campaign_id"],
            "campaign_name": reply["campaign_name"],
            "lead_id": int(reply["sl_email_lead_id"]),
            "lead_email": reply["sl_lead_email"],
            "to_email": reply["sl_lead_email"],
            "to_name": "Dana Ortiz",
            "from_email": reply["from_email"],
            "lead_category": {"old_id": None, "old_name": None, "new_id": 2, "new_name": "Meeting Request"},
            "lead_data": {
                "email": reply["sl_lead_email"],
                "first_name": "Dana",
                "last_name": "Ortiz",
                "phone_number": "+12025550143",
                "linkedin_profile": "https://www.linkedin.com/in/dana-ortiz-example/",
                "company_name": "Acme",
            },
            "history": [
                {
                    "stats_id": reply["stats_id"],
                    "type": "SENT",
                    "message_id": sent["message_id"],
                    "time": sent["time"],
                    "email_body": sent["html"],
                    "subject": "quick question",
                },
                {"stats_id": reply["stats_id"], "type": "REPLY", "subject": reply["subject"], **entry},
            ],
            "lastReply": {**entry, "reply_from_email": reply["to_email"], "cc_emails": []},
            "event_timestamp": iso(datetime.now(UTC)),
            "secret_key": SECRET,
        },
        changes,
    )


def email_sent(**changes: Any) -> dict[str, Any]:
    """Returns the event of an email that SmartLead sent to a lead."""
    at = iso(datetime.now(UTC) - timedelta(seconds=2))
    message = {"message_id": f"<{uuid4()}@send.test>", "html": "<p>Hi Dana</p>", "text": "Hi Dana", "time": at}
    return _event(
        {
            "event_type": "EMAIL_SENT",
            "stats_id": str(uuid4()),
            "sl_lead_email": "dana@acme.test",
            "from_email": MAILBOX,
            "to_email": "dana@acme.test",
            "subject": "quick question",
            "campaign_id": CAMPAIGN_ID,
            "campaign_name": "Q4 Ops leaders",
            "sequence_number": 2,
            "message_id": message["message_id"],
            "sent_message": message,
            "event_timestamp": at,
            "secret_key": SECRET,
        },
        changes,
    )


def lead_event(event_type: str, **changes: Any) -> dict[str, Any]:
    """Returns an event about a lead that brings no email."""
    return _event(
        {
            "event_type": event_type,
            "lead_email": "dana@acme.test",
            "campaign_id": CAMPAIGN_ID,
            "campaign_name": "Q4 Ops leaders",
            "event_timestamp": iso(datetime.now(UTC) - timedelta(seconds=2)),
            "secret_key": SECRET,
        },
        changes,
    )


def account_disconnected(**changes: Any) -> dict[str, Any]:
    """Returns the envelope in which the health of an account comes, without a secret."""
    return _event(
        {
            "id": "evt_01example",
            "type": "email.account.disconnected",
            "created_at": iso(datetime.now(UTC)),
            "data": {"email_account_id": 5512, "from_email": MAILBOX, "reason": "IMAP authentication failed"},
            "meta": {"attempt": 1, "level": "user"},
        },
        changes,
    )


def _event(event: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = {**event, **changes}
    return {key: value for key, value in merged.items() if value is not None or key not in changes}


# --- Requests --------------------------------------------------------------------------------------------------------


def secret_of(client_id: UUID, version: int = 1, key: str = SIGNING_KEY) -> str:
    return make_secret(client_id, version, key, Provider.SMARTLEAD)


def token_of(client_id: UUID, version: int = 1, key: str = SIGNING_KEY) -> str:
    return make_token(client_id, version, key, Provider.SMARTLEAD)


def with_secret(event: Any, secret: str) -> bytes:
    """Returns the body of an event (an object, or bytes) with ``secret`` in the place of SECRET."""
    raw = event if isinstance(event, bytes) else body_of(event)
    return raw.replace(SECRET.encode(), secret.encode())


def signature_of(body: bytes, secret: str) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def request_of(event: Any, client_id: UUID, **changes: Any) -> WebhookRequest:
    """Returns the request that a genuine delivery is; ``changes`` are its fields."""
    fields = {
        "path": PATH,
        "query": {"clientId": str(client_id), "token": token_of(client_id)},
        "headers": {"content-type": "application/json"},
        "body": with_secret(event, secret_of(client_id)),
    }
    return WebhookRequest(**{**fields, **changes})
