"""One account at SmartLead, behind the seam: what the pipelines ask, in calls of its API."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from shared.domain.consent import Consent
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.events import Event, Person, ReplyHandle
from shared.domain.vocabulary import Source, SuppressionReason
from shared.providers.account_values import (
    Blocked,
    Hook,
    Missed,
    NotAnswerable,
    Outgoing,
    Sent,
    SentMessage,
    Sought,
    Step,
    Trigger,
    Wanted,
)
from shared.providers.errors import Refused
from shared.providers.json_fields import read_time
from shared.providers.protocol import Access
from shared.providers.smartlead import leads, missed, sent, suppression
from shared.providers.smartlead.client import SmartLeadClient
from shared.providers.smartlead.emails import Conversation, ShownEmail
from shared.providers.smartlead.events import read_event
from shared.providers.smartlead.handle import are_ids, reply_handle, thread_of

NOBODY = Person.of_emails("nobody@example.com")
CHECK_TIMEOUT_S = 10.0
MAX_REPLIED_BODY_CHARS = 64 * 1024  # of the lead's email, which goes along with the response as its quotation
REPLIED_BODY = "replied_body"  # in a complete handle only: too long to be stored with every message


def open_account(credential: str, access: Access) -> SmartLeadAccount:
    """Opens the account of an API key."""
    return SmartLeadAccount(
        SmartLeadClient(
            access.base_url, credential, http=access.http, budget=access.budget, on_key_refused=access.on_refused
        )
    )


class SmartLeadAccount:
    """An account at SmartLead. Implements ``shared.providers.protocol.Account``."""

    def __init__(self, client: SmartLeadClient) -> None:
        self._client = client

    def close(self) -> None:
        self._client.close()

    # --- One reply ---------------------------------------------------------------------------------------------------

    def look_at_trigger(self, handle: ReplyHandle, *, timeout_s: float) -> Trigger | NotAnswerable:
        """Finds the lead's email in the message history; NotAnswerable when it is not there or has no ``stats_id``."""
        if not handle.get("message_id") and not handle.get("stats_id"):
            return NotAnswerable(DraftRule.NO_MESSAGE_ID)
        conversation = self._conversation(handle, timeout_s=timeout_s)
        if conversation is None:
            return NotAnswerable(DraftRule.NO_MESSAGE_ID)
        email = conversation.find_reply(handle.get("message_id"), handle.get("stats_id"))
        if email is None or not conversation.is_with(handle.get("lead_email")):
            return NotAnswerable(DraftRule.NOT_THE_LEADS_MESSAGE)
        our_end, their_end = conversation.ends_of(email)
        sender = handle.get("to_email") or their_end or handle.get("lead_email")
        thread_id = thread_of(conversation.campaign_id, conversation.lead_id)
        stats_id = email.stats_id or handle.get("stats_id")
        if stats_id is None:
            return NotAnswerable(DraftRule.NO_MESSAGE_ID, sender=sender, thread_id=thread_id)
        mailbox = handle.get("mailbox") or our_end
        written_at = email.at or read_time(handle.get("replied_at"))
        complete = reply_handle(
            campaign_id=conversation.campaign_id,
            stats_id=stats_id,
            lead_id=conversation.lead_id,
            lead_email=handle.get("lead_email") or conversation.lead_email,
            to_email=sender,
            message_id=email.message_id or handle.get("message_id"),
            replied_at=written_at,
            mailbox=mailbox,
        )
        return Trigger(
            handle={**complete, **_replied_body(email)},
            thread_id=thread_id,
            sender=sender,
            our_address=mailbox,
            subject=email.subject,
            automatic=False,  # SmartLead does not say
            written_at=written_at,
            copies=email.copies,
            attachments=email.attachments,
        )

    def conversation(self, handle: ReplyHandle, since: datetime, *, timeout_s: float) -> Sequence[Event] | None:
        """Returns what the lead and we have written in the campaign; () where the handle does not say which."""
        conversation = self._conversation(handle, since=since, timeout_s=timeout_s)
        if conversation is None:
            return ()
        # The address is what the lead is known by here; the history may name none.
        known = replace(conversation, lead_email=handle.get("lead_email") or conversation.lead_email)
        return [
            read_event(known.as_delivery(email), Source.API)
            for email in known.emails
            if email.is_reply or email.is_sent
        ]

    def send(self, handle: ReplyHandle, outgoing: Outgoing, *, timeout_s: float) -> Sent:
        """Answers the handle's email in its thread, to whoever has written it. SmartLead tells no id of the response.

        The subject is the thread's: there is no field for another.
        """
        to_email = handle.get("to_email") or handle.get("lead_email")
        if not are_ids(handle.get("campaign_id")) or "stats_id" not in handle or to_email is None:
            raise Refused(400, "the campaign, the sending or the person to answer is unknown")
        message_id = self._client.reply(
            campaign_id=handle["campaign_id"],
            stats_id=handle["stats_id"],
            body_text=outgoing.text,
            to_email=to_email,
            message_id=handle.get("message_id"),
            replied_at=handle.get("replied_at"),
            replied_body=handle.get(REPLIED_BODY),
            copies=outgoing.copies,
            timeout_s=timeout_s,
        )
        return Sent(message_id, thread_of(handle["campaign_id"], handle.get("lead_id")), None)

    def find_sent(self, sought: Sought, *, timeout_s: float) -> Iterable[SentMessage]:
        return sent.find_sent(self._client, sought, timeout_s=timeout_s)

    def identify(self, person: Person, *, timeout_s: float) -> Person | None:
        return leads.identify(self._client, person, timeout_s=timeout_s)

    def _conversation(
        self, handle: ReplyHandle, *, since: datetime | None = None, timeout_s: float
    ) -> Conversation | None:
        """The message history that a handle is of; None where it does not say of which campaign and lead."""
        deadline = time.monotonic() + timeout_s
        campaign_id, lead_id, email = handle.get("campaign_id"), handle.get("lead_id"), handle.get("lead_email")
        if campaign_id is None or not are_ids(campaign_id):
            return None
        if lead_id is None and email is not None:
            lead = leads.find_lead(self._client, email, lambda: max(0.1, deadline - time.monotonic()))
            lead_id = None if lead is None else lead.id
        if lead_id is None or not are_ids(lead_id):
            return None
        left_s = max(0.1, deadline - time.monotonic())
        return self._client.message_history(campaign_id, lead_id, since=since, timeout_s=left_s)

    # --- Whether a person may be written to --------------------------------------------------------------------------

    def consent(self, person: Person, *, timeout_s: float) -> Consent | None:
        return None if person.email is None else leads.consent(self._client, person.email, timeout_s=timeout_s)

    def consents(self, people: Sequence[Person], *, timeout_s: float) -> Sequence[Consent | None]:
        return leads.consents(self._client, [person.email for person in people], timeout_s=timeout_s)

    def blocked(self, after: str | None, *, timeout_s: float) -> Iterator[Sequence[Blocked]]:
        return leads.block_list(self._client, after, timeout_s=timeout_s)

    def person_steps(
        self, person: Person, wanted: Wanted, *, reason: SuppressionReason | None, block_is_ours: bool
    ) -> Sequence[Step]:
        if person.email is None:
            return ()
        return suppression.person_steps(self._client, person.email, wanted, reason=reason, block_is_ours=block_is_ours)

    # --- Deliveries --------------------------------------------------------------------------------------------------

    def missed(
        self,
        source: Source,
        since: datetime,
        *,
        also_delivered: bool = False,  # noqa: ARG002 (a delivery that did not fail cannot be had again)
        timeout_s: float,
    ) -> Iterator[Missed]:
        """Source.HOOK yields nothing: SmartLead shows no deliveries, and is asked to make the failed ones again."""
        if source is Source.API:
            return missed.received_replies(self._client, since, timeout_s=timeout_s)
        return missed.deliver_again(self._client, since, timeout_s=timeout_s)

    def hooks(self) -> None:
        """Returns None: a hook for all campaigns is made by hand, with its secret, and is not listed anywhere."""

    def put_hook(
        self,
        _hook: Hook | None,
        *,
        url: str | None = None,  # noqa: ARG002
        headers: Mapping[str, str] | None = None,  # noqa: ARG002
    ) -> Hook:
        """Refuses: see ``hooks``."""
        raise Refused(405, "hooks are made by hand in SmartLead's settings")

    def check(self) -> str:
        """Asks for what every send needs."""
        self.consent(NOBODY, timeout_s=CHECK_TIMEOUT_S)
        campaigns = self._client.campaigns(timeout_s=CHECK_TIMEOUT_S)
        active = sum(status == "ACTIVE" for _, status in campaigns)
        return f"answers, {active} of {len(campaigns)} campaigns active, tells who objects"


def _replied_body(email: ShownEmail) -> ReplyHandle:
    body = email.html or email.text
    return {} if body is None or len(body) > MAX_REPLIED_BODY_CHARS else {REPLIED_BODY: body}
