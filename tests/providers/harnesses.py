"""What the contract needs of each provider besides the product: its sandbox, and how a reply comes to be there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import httpx2

from local.instantly_sandbox import make_app
from local.serving import serving
from local.smartlead_sandbox import make_app as make_smartlead
from shared.domain.events import Person, ReplyHandle
from shared.domain.text.email_text import plain_text
from shared.domain.vocabulary import Objection, Provider

CREDENTIAL = "key-that-nobody-may-see"


class Sandbox:
    """A provider's sandbox on an address of this machine, with the controls that all sandboxes share."""

    def __init__(self, url: str) -> None:
        self.url = url

    def fault(self, **rule: Any) -> None:
        """Has every request fail that the rule fits (``local.sandbox``)."""
        self.put("/_faults", [{"match": "", **rule}])

    def heal(self) -> None:
        self.put("/_faults", [])

    def requests(self, *methods: str) -> list[dict[str, Any]]:
        logged = httpx2.get(f"{self.url}/_requests", trust_env=False).json()
        return [request for request in logged if request["method"] in methods or not methods]

    def put(self, path: str, value: object) -> None:
        httpx2.put(self.url + path, json=value, trust_env=False).raise_for_status()


class Harness(Protocol):
    """One provider's part of the contract."""

    person: Person  # who has written the reply
    cannot_be_undone: frozenset[Objection]  # what is left of a suppression once it was lifted

    @contextmanager
    def start(self) -> Iterator[Sandbox]:
        """Serves the provider's sandbox."""

    def receive_reply(self, sandbox: Sandbox, text: str) -> ReplyHandle:
        """Puts a reply of the person there, as the provider would have received it."""

    def deliveries(self, sandbox: Sandbox) -> list[bytes]:
        """Puts a delivery into the provider's log of failed ones; returns its body. Empty where it keeps no log."""

    def texts_sent(self, sandbox: Sandbox) -> list[str]:
        """The messages that have left."""


class InstantlyHarness:
    """Instantly: one received email, answered from the mailbox that received it."""

    person = Person.of_emails("pat@acme.test")
    cannot_be_undone = frozenset[Objection]()

    @contextmanager
    def start(self) -> Iterator[Sandbox]:
        with serving(make_app()) as url:
            yield Sandbox(url)

    def receive_reply(self, sandbox: Sandbox, text: str) -> ReplyHandle:
        email_id, mailbox, lead = "019aa0f0-3a10-7c11-9d11-000000000001", "sam@send.test", self.person.email or ""
        sandbox.put(
            "/_emails",
            [
                {
                    "id": email_id,
                    "timestamp_created": (datetime.now(UTC) - timedelta(minutes=5)).isoformat(),
                    "subject": "Re: quick question",
                    "from_address_email": lead,
                    "lead": lead,
                    "eaccount": mailbox,
                    "thread_id": "thread-1",
                    "body": {"text": text},
                }
            ],
        )
        sandbox.put("/_leads", [{"email": lead, "status": 1}])
        return {"email_id": email_id, "mailbox": mailbox, "lead_email": lead}

    def deliveries(self, sandbox: Sandbox) -> list[bytes]:
        body = '{"event_type":"reply_received","lead_email":"pat@acme.test","email_id":"e1","reply_text":"Hello?"}'
        sandbox.put("/_webhook_events", [{"payload": body, "webhook_url": "https://hooks.example.com/"}])
        return [body.encode()]

    def texts_sent(self, sandbox: Sandbox) -> list[str]:
        emails = httpx2.get(f"{sandbox.url}/_emails", trust_env=False).json()
        return [email["body"]["text"] for email in emails if email["ue_type"] == 3]


class SmartLeadHarness:
    """SmartLead: one reply in a campaign's thread, to the mailbox that has sent it."""

    person = Person.of_emails("pat@acme.test")
    cannot_be_undone = frozenset({Objection.UNSUBSCRIBED})

    @contextmanager
    def start(self) -> Iterator[Sandbox]:
        with serving(make_smartlead(per_second=10_000, per_minute=10_000)) as url:
            yield Sandbox(url)

    def receive_reply(self, sandbox: Sandbox, text: str) -> ReplyHandle:
        lead, mailbox, written_at = self.person.email or "", "sam@send.test", datetime.now(UTC) - timedelta(minutes=5)
        sandbox.put("/_campaigns", [{"id": 210433, "name": "Ops leaders"}])
        sandbox.put("/_leads", [{"id": "1482956", "email": lead, "campaigns": {"210433": "INPROGRESS"}}])
        reply = {
            "campaign_id": 210433,
            "lead_id": 1482956,
            "message_id": "<reply-1@acme.test>",
            "stats_id": "b7a0f6c1-4c62-4f5e-9d61-0a5b6a1d0001",
            "time": written_at.isoformat(timespec="milliseconds"),
            "email_body": text,
            "subject": "Re: quick question",
            "from": lead,
            "to": mailbox,
        }
        sandbox.put("/_messages", [reply])
        return {
            "campaign_id": "210433",
            "stats_id": str(reply["stats_id"]),
            "lead_id": "1482956",
            "lead_email": lead,
            "to_email": lead,
            "message_id": str(reply["message_id"]),
            "replied_at": datetime.fromisoformat(str(reply["time"])).isoformat(),
            "mailbox": mailbox,
        }

    def deliveries(self, _sandbox: Sandbox) -> list[bytes]:
        return []  # nobody shows them: they are made again

    def texts_sent(self, sandbox: Sandbox) -> list[str]:
        messages = httpx2.get(f"{sandbox.url}/_messages", trust_env=False).json()
        return [plain_text(None, message["email_body"]) for message in messages if message["type"] == "SENT"]


HARNESSES: Mapping[Provider, Harness] = {
    Provider.INSTANTLY: InstantlyHarness(),
    Provider.SMARTLEAD: SmartLeadHarness(),
}
