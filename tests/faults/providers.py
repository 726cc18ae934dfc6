"""The providers as scenarios meet them: their events, their requests, and what their sandboxes hold in the end.

One row of ``SIDES`` for each row of the registry; a test fails without it. A scenario takes its events from
``Suite.reply``, which alternates the providers, and so runs for a further one without being remembered.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import NAMESPACE_URL, uuid4, uuid5

from infra.topology import TOPOLOGY
from shared.domain.text.email_text import plain_text
from shared.domain.vocabulary import Provider
from shared.providers.registry import PROVIDERS
from tests import instantly_events, smartlead_events

if TYPE_CHECKING:
    from tests.e2e.driver import Driver, TestWorkspace

Body = dict[str, Any]
Rule = dict[str, Any]
"""A place for a fault: which requests a rule of a sandbox is for (``local.sandbox``)."""

QUOTED = "\n\nOn Fri, Nov 20, 2026 at 2:00 PM Sam <sam@send.test>\nwrote:\n\n> may I ask you something?\n"
NOT_INTERESTED = -1  # Instantly's interest value


@dataclass(frozen=True)
class Mail:
    """An email of ours that has left, as the provider holds it.

    ``answers`` is the key of the reply that it responds to (``ProviderSide.key_of``); ``thread`` what it is looked for
    in when its response was lost. ``mailbox`` and ``to`` are None where the sandbox cannot know them.
    """

    id: str
    answers: str
    thread: str
    text: str
    at: datetime
    mailbox: str | None = None
    to: str | None = None


@dataclass(frozen=True)
class ProviderRecord:
    """The provider's own record of what we asked of it.

    ``asked``: requests to send, by the key of the reply. ``blocked``: the addresses on its block list. ``told``: those
    of whom it knows, by other means, that they must not be written to. ``running``: those whose sequences run.
    """

    mails: Sequence[Mail] = ()
    asked: Counter[str] = field(default_factory=Counter)
    blocked: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    running: frozenset[str] = frozenset()


class ProviderSide(ABC):
    """One provider in the fault suite."""

    name: Provider
    api: str  # the beginning of every request's path
    # Places of requests, whoever they are about: that send, that look at a reply, that tell of a person or undo it,
    # that recovery makes.
    SENDING: ClassVar[Rule]
    READING: ClassVar[Rule]
    TELLING: ClassVar[Sequence[Rule]]
    RELEASING: ClassVar[Rule]
    RECOVERING: ClassVar[Sequence[Rule]]

    @property
    def service(self) -> str:
        """Returns the name of its sandbox, and of its webhook."""
        return self.name.value.lower()

    @property
    def title(self) -> str:
        return PROVIDERS[self.name].title

    @property
    def function(self) -> str:
        """Returns the name of its webhook's function."""
        return next(row.webhook for row in TOPOLOGY.providers if row.name == self.service)

    @property
    def job_type(self) -> str:
        return PROVIDERS[self.name].job_type.value

    # --- Events ------------------------------------------------------------------------------------------------------

    @abstractmethod
    def reply(self, workspace: TestWorkspace, text: str, lead_email: str, at: datetime, *, auto: bool) -> Body:
        """Makes a reply's event."""

    @abstractmethod
    def reply_id(self, body: Body) -> str | None:
        """Returns the id that its message will have; None: it is no reply."""

    @abstractmethod
    def key_of(self, reply_id: str | None, handle: Mapping[str, Any]) -> str:
        """Returns the key by which the provider knows what responds to a reply."""

    @abstractmethod
    def lead_email(self, body: Body) -> str | None: ...

    @abstractmethod
    def once_more(self, body: Body) -> Body:
        """Makes another event about the same reply."""

    @abstractmethod
    def unsubscription(self, workspace: TestWorkspace, lead_email: str) -> Body: ...

    @abstractmethod
    def report_of(self, body: Body, mail: Mail) -> Body:
        """Makes the event that reports an email of ours, which responds to the reply of ``body``."""

    @abstractmethod
    def meet(self, driver: Driver, body: Body) -> None:
        """Makes the sandbox know the lead of an event, unless it answers for anybody."""

    # --- Requests ----------------------------------------------------------------------------------------------------

    @abstractmethod
    def sending(self, body: Body) -> Rule:
        """Returns the place of the request that responds to this reply."""

    @abstractmethod
    def reading(self, body: Body) -> Rule:
        """Returns the place of the requests that look at this reply: for its sender, and right before a send."""

    @abstractmethod
    def suppressing(self, lead_email: str) -> Sequence[Rule]:
        """Returns the places of the requests that tell of a lead's suppression."""

    # --- Away --------------------------------------------------------------------------------------------------------

    @abstractmethod
    def hold(self, driver: Driver, received: Sequence[Body], failed: Sequence[tuple[TestWorkspace, Body]]) -> None:
        """Has the sandbox hold replies that no delivery brought, and deliveries that failed; earlier ones are gone."""

    @abstractmethod
    def is_delivering(self, driver: Driver) -> bool:
        """Tells whether its hooks deliver, as far as that can be asked."""

    # --- The record --------------------------------------------------------------------------------------------------

    @abstractmethod
    def mails(self, driver: Driver) -> list[Mail]: ...

    @abstractmethod
    def record(self, driver: Driver) -> ProviderRecord: ...

    def get(self, driver: Driver, path: str) -> Any:
        return driver.http.get(f"{driver.info[f'{self.service}_url']}{path}").json()

    def put(self, driver: Driver, path: str, value: object, method: str = "PUT") -> None:
        url = f"{driver.info[f'{self.service}_url']}{path}"
        driver.http.request(method, url, json=value).raise_for_status()


@dataclass(frozen=True)
class FaultEvent:
    """An event of one provider. A body of bytes is posted as it is."""

    side: ProviderSide
    body: Body | bytes

    @property
    def fields(self) -> Body:
        return self.body if isinstance(self.body, dict) else {}

    @property
    def reply_id(self) -> str | None:
        return self.side.reply_id(self.fields)

    @property
    def lead_email(self) -> str | None:
        return self.side.lead_email(self.fields)

    @property
    def lead(self) -> str:
        """Returns the address of an event that is about a lead."""
        return str(self.lead_email)

    @property
    def key(self) -> str:
        """Returns the key by which its provider knows what responds to this reply."""
        return self.side.key_of(self.reply_id, self.fields)

    def once_more(self) -> FaultEvent:
        return FaultEvent(self.side, self.side.once_more(self.fields))


def thread_of(email_id: str) -> str:
    """Returns the thread that Instantly's sandbox puts an email into which nobody has stored."""
    return str(uuid5(NAMESPACE_URL, email_id))


class InstantlySide(ProviderSide):
    """Instantly: its sandbox answers for any email id, and puts a response into that email's thread."""

    name = Provider.INSTANTLY
    api = "/api/v2/"
    SENDING: ClassVar[Rule] = {"match": "/emails/reply", "method": "POST"}
    READING: ClassVar[Rule] = {"match": "/emails/", "method": "GET"}
    TELLING: ClassVar[Sequence[Rule]] = (
        {"match": "/block-lists-entries", "method": "POST"},
        {"match": "/leads/update-interest-status", "method": "POST"},
    )
    RELEASING: ClassVar[Rule] = {"match": "/block-lists-entries/", "method": "DELETE"}
    RECOVERING: ClassVar[Sequence[Rule]] = tuple(
        {"match": path, "method": "GET"} for path in ("/api/v2/webhooks", "/api/v2/webhook-events", "/api/v2/emails")
    )

    def reply(self, workspace: TestWorkspace, text: str, lead_email: str, at: datetime, *, auto: bool) -> Body:
        return workspace.reply(text, auto=auto, lead_email=lead_email, timestamp=instantly_events.iso(at))

    def reply_id(self, body: Body) -> str | None:
        return body.get("email_id")

    def key_of(self, reply_id: str | None, _handle: Mapping[str, Any]) -> str:
        return thread_of(reply_id or "")

    def lead_email(self, body: Body) -> str | None:
        return body.get("lead_email")

    def once_more(self, body: Body) -> Body:
        return {**body, "event_type": "lead_interested"}

    def unsubscription(self, workspace: TestWorkspace, lead_email: str) -> Body:
        return instantly_events.lead_event(
            "lead_unsubscribed", workspace=None, campaign_id=workspace.auto_campaign, lead_email=lead_email
        )

    def report_of(self, body: Body, mail: Mail) -> Body:
        return instantly_events.email_sent(
            workspace=None,
            campaign_id=body["campaign_id"],
            campaign_name=body["campaign_name"],
            lead_email=body["lead_email"],
            email_account=body["email_account"],
            email_id=mail.id,
            email_subject=body["reply_subject"],
            email_text=mail.text,
            step=None,
            variant=None,
            timestamp=instantly_events.iso(mail.at),
        )

    def meet(self, driver: Driver, body: Body) -> None:
        pass

    def sending(self, body: Body) -> Rule:
        return {**self.SENDING, "contains": body["email_id"]}

    def reading(self, body: Body) -> Rule:
        return {"match": f"/emails/{body['email_id']}", "method": "GET"}

    def suppressing(self, lead_email: str) -> Sequence[Rule]:
        return [{**place, "contains": lead_email} for place in self.TELLING]

    def hold(self, driver: Driver, received: Sequence[Body], failed: Sequence[tuple[TestWorkspace, Body]]) -> None:
        self.put(driver, "/_emails", [received_email(body) for body in received])
        self.put(driver, "/_webhook_events", [self._failed(number, *one) for number, one in enumerate(failed)])

    def is_delivering(self, driver: Driver) -> bool:
        key = {"Authorization": "Bearer checker"}
        hooks = driver.http.get(f"{driver.info[f'{self.service}_url']}/api/v2/webhooks", headers=key).json()["items"]
        return all(hook["status"] == 1 for hook in hooks)

    def _failed(self, number: int, workspace: TestWorkspace, body: Body) -> Body:
        """With the payload as an object, which is other bytes than the delivery, or as the text that was sent."""
        return {
            "id": str(uuid4()),
            "timestamp_created": body["timestamp"],
            "payload": body if number % 2 else instantly_events.body_of(body).decode(),
            "success": False,
            "status_code": 503,
            "webhook_url": workspace.webhooks[self.service].url,
        }

    def mails(self, driver: Driver) -> list[Mail]:
        return [self._mail(stored) for stored in self.get(driver, "/_emails") if stored["ue_type"] == 3]

    def record(self, driver: Driver) -> ProviderRecord:
        requests = driver.requests(self.service)
        asked = _bodies(requests, "/emails/reply")
        interests = _bodies(requests, "/leads/update-interest-status")
        return ProviderRecord(
            mails=self.mails(driver),
            asked=Counter(thread_of(str(body.get("reply_to_uuid"))) for body in asked),
            blocked=frozenset(entry["bl_value"] for entry in self.get(driver, "/_block_list")),
            told=frozenset(body["lead_email"] for body in interests if body.get("interest_value") == NOT_INTERESTED),
        )

    def _mail(self, stored: Body) -> Mail:
        return Mail(
            id=stored["id"],
            answers=stored["thread_id"],
            thread=stored["thread_id"],
            text=stored["body"]["text"],
            at=datetime.fromisoformat(stored["timestamp_created"]),
            mailbox=stored["eaccount"],
        )


class SmartLeadSide(ProviderSide):
    """SmartLead: it has to know a lead to keep what is sent to it, and names no id of what it has sent."""

    name = Provider.SMARTLEAD
    api = "/api/v1/"
    SENDING: ClassVar[Rule] = {"match": "/reply-email-thread", "method": "POST"}
    READING: ClassVar[Rule] = {"match": "/message-history", "method": "GET"}
    TELLING: ClassVar[Sequence[Rule]] = (
        {"match": "/leads/add-domain-block-list", "method": "POST"},
        {"match": "/unsubscribe", "method": "POST"},
        {"match": "/pause", "method": "POST"},
        {"match": "/api/v1/leads/", "method": "GET"},
    )
    RELEASING: ClassVar[Rule] = {"match": "/leads/delete-domain-block-list", "method": "DELETE"}
    RECOVERING: ClassVar[Sequence[Rule]] = (
        {"match": "/master-inbox/inbox-replies", "method": "POST"},
        {"match": "/master-inbox/untracked-replies", "method": "GET"},
        {"match": "/webhooks/summary", "method": "GET"},
        {"match": "/webhooks/retrigger-failed-events", "method": "POST"},
    )

    def reply(self, workspace: TestWorkspace, text: str, lead_email: str, at: datetime, *, auto: bool) -> Body:
        written_at = smartlead_events.iso(at)
        campaign = workspace.auto_campaign if auto else workspace.draft_campaign
        event = smartlead_events.email_reply(
            campaign_id=int(campaign),
            campaign_name=campaign,
            sl_lead_email=lead_email,
            sl_email_lead_id=lead_id_of(lead_email),
            to_email=lead_email,
            leadCorrespondence=None,
            event_timestamp=written_at,
            preview_text=text[:100],
        )
        event["reply_message"] |= {"text": text + QUOTED, "html": None, "time": written_at}
        return event

    def reply_id(self, body: Body) -> str | None:
        return (body.get("reply_message") or body.get("lastReply") or {}).get("message_id")

    def key_of(self, _reply_id: str | None, handle: Mapping[str, Any]) -> str:
        return str(handle.get("stats_id"))

    def lead_email(self, body: Body) -> str | None:
        return body.get("sl_lead_email") or body.get("lead_email")

    def once_more(self, body: Body) -> Body:
        event = smartlead_events.category_updated(body)
        event["lastReply"]["email_body"] = event["history"][-1]["email_body"] = body["reply_message"]["text"]
        return event

    def unsubscription(self, workspace: TestWorkspace, lead_email: str) -> Body:
        return smartlead_events.lead_event(
            "LEAD_UNSUBSCRIBED", campaign_id=int(workspace.auto_campaign), lead_email=lead_email
        )

    def report_of(self, body: Body, mail: Mail) -> Body:
        sent = {"message_id": mail.id, "html": None, "text": mail.text, "time": smartlead_events.iso(mail.at)}
        return smartlead_events.email_sent(
            campaign_id=body["campaign_id"],
            campaign_name=body["campaign_name"],
            stats_id=body["stats_id"],
            sl_email_lead_id=body["sl_email_lead_id"],
            sl_lead_email=body["sl_lead_email"],
            to_email=body["to_email"],
            subject=body["subject"],
            sequence_number=None,
            message_id=mail.id,
            sent_message=sent,
            event_timestamp=smartlead_events.iso(mail.at),
        )

    def meet(self, driver: Driver, body: Body) -> None:
        email = self.lead_email(body)
        lead = {
            "id": lead_id_of(str(email)),
            "email": email,
            "campaigns": {str(body["campaign_id"]): "INPROGRESS"},
        }
        self.put(driver, "/_leads", [lead], "POST")

    def sending(self, body: Body) -> Rule:
        return {**self.SENDING, "contains": body["stats_id"]}

    def reading(self, body: Body) -> Rule:
        return {"match": f"/leads/{lead_id_of(str(self.lead_email(body)))}/message-history", "method": "GET"}

    def suppressing(self, lead_email: str) -> Sequence[Rule]:
        return [
            {"match": "/leads/add-domain-block-list", "method": "POST", "contains": lead_email},
            {"match": f"/api/v1/leads/{lead_id_of(lead_email)}/unsubscribe", "method": "POST"},
        ]

    def hold(self, driver: Driver, received: Sequence[Body], failed: Sequence[tuple[TestWorkspace, Body]]) -> None:
        campaigns = sorted({body["campaign_id"] for body in (*received, *(body for _, body in failed))})
        self.put(driver, "/_campaigns", [{"id": id} for id in campaigns])
        self.put(driver, "/_messages", [self._received(body) for body in received])
        self.put(driver, "/_failed_deliveries", [self._failed(*one) for one in failed])

    def is_delivering(self, _driver: Driver) -> bool:
        return True  # hooks of the whole account are shown to nobody

    def _received(self, body: Body) -> Body:
        shown = body["reply_message"]
        return {
            "campaign_id": body["campaign_id"],
            "lead_id": body["sl_email_lead_id"],
            "message_id": shown["message_id"],
            "stats_id": body["stats_id"],
            "time": shown["time"],
            "email_body": shown["text"],
            "subject": body["subject"],
            "from": body["to_email"],
            "to": body["from_email"],
        }

    def _failed(self, workspace: TestWorkspace, body: Body) -> Body:
        hook = workspace.webhooks[self.service]
        content = hook.signed_body(instantly_events.body_of(body)).decode()
        return {"campaign_id": body["campaign_id"], "url": hook.url, "body": content}

    def mails(self, driver: Driver) -> list[Mail]:
        stored = self.get(driver, "/_messages")
        return [self._mail(message) for message in stored if message["type"] == "SENT" and not message["is_seed"]]

    def record(self, driver: Driver) -> ProviderRecord:
        leads = self.get(driver, "/_leads")
        asked = _bodies(driver.requests(self.service), "/reply-email-thread")
        return ProviderRecord(
            mails=self.mails(driver),
            asked=Counter(str(body.get("email_stats_id")) for body in asked),
            blocked=frozenset(entry["email_or_domain"] for entry in self.get(driver, "/_block_list")),
            told=frozenset(lead["email"] for lead in leads if lead["is_unsubscribed"]),
            running=frozenset(lead["email"] for lead in leads if "INPROGRESS" in lead["campaigns"].values()),
        )

    def _mail(self, message: Body) -> Mail:
        return Mail(
            id=message["message_id"],
            answers=message["stats_id"],
            thread=f"{message['campaign_id']}:{message['lead_id']}",
            text=plain_text(None, message["email_body"]),
            at=datetime.fromisoformat(message["time"]),
            mailbox=message["from"],
            to=message["to"],
        )


def received_email(body: Body) -> Body:
    """Returns the received email of an Instantly reply, with a sender's clock that is years behind."""
    return {
        "id": body["email_id"],
        "timestamp_created": body["timestamp"],
        "timestamp_email": "2024-11-20T14:03:11.204Z",
        "lead": body["lead_email"],
        "from_address_email": body["lead_email"],
        "eaccount": body["email_account"],
        "campaign_id": body["campaign_id"],
        "subject": body["reply_subject"],
        "body": {"text": body["reply_text"]},
        "ue_type": 2,
    }


def lead_id_of(email: str) -> str:
    """Returns the id that SmartLead has for a lead, the same for each event of it."""
    return str(int(sha256(email.lower().encode()).hexdigest()[:12], 16) % 10**9 + 1)


def _bodies(requests: Sequence[Body], path_end: str) -> Iterator[Body]:
    for request in requests:
        if request["method"] == "POST" and request["path"].endswith(path_end) and isinstance(request["body"], dict):
            yield request["body"]


SIDES: Mapping[Provider, ProviderSide] = {side.name: side for side in (InstantlySide(), SmartLeadSide())}
