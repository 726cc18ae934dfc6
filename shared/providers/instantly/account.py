"""One workspace of Instantly's, behind the seam: what the pipelines ask, in calls of its API."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from shared.providers.instantly import leads, missed, sent, suppression
from shared.providers.instantly.client import InstantlyClient
from shared.providers.instantly.emails import Webhook
from shared.providers.instantly.events import read_event
from shared.providers.instantly.shown_emails import reply_handle
from shared.providers.protocol import Access

HOOK_NAME = "Reply pipeline"
NOBODY = Person.of_emails("nobody@example.com")
CHECK_TIMEOUT_S = 10.0


def open_account(credential: str, access: Access) -> InstantlyAccount:
    """Opens the account of an API key."""
    return InstantlyAccount(
        InstantlyClient(
            access.base_url, credential, http=access.http, budget=access.budget, on_key_refused=access.on_refused
        )
    )


class InstantlyAccount:
    """A workspace at Instantly. Implements ``shared.providers.protocol.Account``."""

    def __init__(self, client: InstantlyClient) -> None:
        self._client = client

    def close(self) -> None:
        self._client.close()

    # --- One reply ---------------------------------------------------------------------------------------------------

    def look_at_trigger(self, handle: ReplyHandle, *, timeout_s: float) -> Trigger | NotAnswerable:
        """Fetches the lead's email; NotAnswerable when its id is unknown or another sender's."""
        email_id, lead = handle.get("email_id"), handle.get("lead_email")
        if email_id is None:
            return NotAnswerable(DraftRule.NO_MESSAGE_ID)
        email = self._client.get_email(email_id, timeout_s=timeout_s)
        if not email.is_received or (lead is not None and not email.may_be_from(lead)):
            is_of_this_lead = email.is_received and email.lead in (None, lead)
            return NotAnswerable(
                DraftRule.NOT_THE_LEADS_MESSAGE,
                sender=email.from_email if is_of_this_lead else None,
                thread_id=email.thread_id if is_of_this_lead else None,
            )
        mailbox = email.eaccount or handle.get("mailbox")
        return Trigger(
            handle={**reply_handle(email.id, mailbox, lead), **_thread(email.thread_id)},
            thread_id=email.thread_id,
            sender=email.from_email,
            our_address=mailbox,
            subject=email.subject,
            automatic=email.is_auto_reply,
            written_at=email.timestamp_created,
            copies=email.copies,
            attachments=email.attachments,
        )

    def conversation(self, handle: ReplyHandle, since: datetime, *, timeout_s: float) -> Sequence[Event] | None:
        """Returns the emails in the thread of the handle's email."""
        deadline = time.monotonic() + timeout_s
        thread_id = handle.get("thread_id")
        if thread_id is None:  # a handle that comes from no look
            email = self._client.get_email(handle.get("email_id", ""), timeout_s=timeout_s)
            if email.thread_id is None:
                return [read_event(email.as_body(), Source.API)]
            thread_id = email.thread_id
        listed = self._client.list_emails(
            search=f"thread:{thread_id}",
            min_timestamp_created=since,
            deadline_s=max(0.1, deadline - time.monotonic()),
        )
        return [read_event(one.as_body(), Source.API) for one in listed if one.thread_id == thread_id]

    def send(self, handle: ReplyHandle, outgoing: Outgoing, *, timeout_s: float) -> Sent:
        """Answers the handle's email from the mailbox that received it."""
        if "email_id" not in handle or "mailbox" not in handle:
            raise Refused(400, "the email or the mailbox to answer from is unknown")
        answer = self._client.reply(
            reply_to_uuid=handle["email_id"],
            eaccount=handle["mailbox"],
            subject=outgoing.subject,
            body_text=outgoing.text,
            copies=outgoing.copies,
            timeout_s=timeout_s,
        )
        return Sent(answer.id, answer.thread_id, answer.timestamp_created)

    def find_sent(self, sought: Sought, *, timeout_s: float) -> Iterable[SentMessage]:
        return sent.find_sent(self._client, sought, timeout_s=timeout_s)

    def identify(self, _person: Person, *, timeout_s: float) -> None:
        """Returns None: Instantly knows people by their email addresses only."""

    # --- Whether a person may be written to --------------------------------------------------------------------------

    def consent(self, person: Person, *, timeout_s: float) -> Consent | None:
        return None if person.email is None else leads.consent(self._client, person.email, timeout_s=timeout_s)

    def consents(self, people: Sequence[Person], *, timeout_s: float) -> Sequence[Consent | None]:
        emails = [person.email for person in people]
        found = leads.statuses(self._client, [email for email in emails if email is not None], lambda: timeout_s)
        return [None if email is None or email not in found else Consent(tuple(found[email])) for email in emails]

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
        self, source: Source, since: datetime, *, also_delivered: bool = False, timeout_s: float
    ) -> Iterator[Missed]:
        if source is Source.API:
            return missed.received_emails(self._client, since, timeout_s=timeout_s)
        return missed.deliveries(self._client, since, also_delivered=also_delivered)

    def hooks(self) -> Sequence[Hook]:
        return [_hook(webhook) for webhook in self._client.list_webhooks()]

    def put_hook(self, hook: Hook | None, *, url: str | None = None, headers: Mapping[str, str] | None = None) -> Hook:
        """Only a hook for all events is known to be told of automatic replies."""
        if hook is None:
            return _hook(self._client.create_webhook(target_hook_url=url or "", headers=headers or {}, name=HOOK_NAME))
        if url is not None or headers is not None:
            hook = _hook(
                self._client.update_webhook(
                    hook.id,
                    target_hook_url=url,
                    headers=headers,
                    event_type=None if url is None else "all_events",
                    name=None if url is None else HOOK_NAME,
                )
            )
        return hook if hook.is_active else _hook(self._client.resume_webhook(hook.id))

    def check(self) -> str:
        """Asks for what every send needs: without its scopes nothing is ever sent."""
        self.consent(NOBODY, timeout_s=CHECK_TIMEOUT_S)
        return f"answers, {len(self._client.list_webhooks())} hooks, tells who objects"


def _hook(webhook: Webhook) -> Hook:
    return Hook(
        id=webhook.id,
        url=webhook.target_hook_url,
        is_active=webhook.is_active,
        name=webhook.name,
        events=webhook.event_type,
        failed_at=webhook.timestamp_error,
        authorization_sha256=webhook.authorization_sha256,
    )


def _thread(thread_id: str | None) -> ReplyHandle:
    return {} if thread_id is None else {"thread_id": thread_id}
