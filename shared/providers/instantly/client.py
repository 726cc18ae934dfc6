"""Instantly's API, version 2: the calls that we make, each with a time-out and errors that say what to do next.

Nothing is repeated here except the listing of emails when it is told to slow down: whoever calls knows whether a
repetition is harmless.
"""

from __future__ import annotations

import html
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import httpx2

from shared.domain.email_address import same_address, spellings
from shared.domain.text.email_text import sanitize_text
from shared.providers.api import JsonApi, path_segment
from shared.providers.errors import Refused, Uncertain
from shared.providers.instantly.emails import Email, SentEmail, Webhook, WebhookDelivery
from shared.providers.instantly.leads import BlockListEntry, ProviderLead
from shared.providers.instantly.limits import EMAIL_LISTING
from shared.providers.json_fields import JsonObject, read_identifier
from shared.providers.rate_budget import RateBudget

DEFAULT_TIMEOUT_S = 15.0
PAGE_SIZE = 100  # the most that any listing takes


class InstantlyClient:
    """A client of one workspace.

    ``base_url``: the root, without a path. ``api_key``: the workspace's key. ``http``: the connections to use, which
    clients of several workspaces may share; by default the client makes its own and ``close`` ends them. ``budget``:
    the limits of the workspace. ``clock``: of the listing's deadline. ``on_key_refused`` is called when Instantly does
    not know the key (401).

    Every call raises Refused, RateLimited, NotSent or Uncertain, and nothing else. ``timeout_s`` is for the whole call,
    connecting and reading included.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        budget: RateBudget,
        http: httpx2.Client | None = None,
        clock: Callable[[], float] = time.monotonic,
        on_key_refused: Callable[[], None] = lambda: None,
    ) -> None:
        key = api_key.strip()
        self._api = JsonApi(
            base_url,
            "/api/v2",
            key,
            headers={"Authorization": f"Bearer {key}"},
            http=http,
            on_credential_refused=on_key_refused,
        )
        self._clock = clock
        self._budget = budget

    def close(self) -> None:
        """Ends the connections that the client made itself."""
        self._api.close()

    # E-mails

    def reply(
        self,
        *,
        reply_to_uuid: str,
        eaccount: str,
        subject: str,
        body_text: str,
        copies: Sequence[str] = (),
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> SentEmail:
        """Answers a received email, once: the request is never repeated.

        ``reply_to_uuid`` is the id of the email to answer (``Email.id``), ``eaccount`` the mailbox that received it.
        Subject and text leave as they are. The text travels twice, as text and as HTML, since Instantly does not
        promise to keep the line breaks of the text.

        Only NotSent, RateLimited and Refused say that nothing was sent. Uncertain covers a 2xx without an id, too, and
        one that names a received email: the one that was answered is not the answer.
        """
        text = sanitize_text(body_text)
        answer = self._api.json(
            "POST",
            "/emails/reply",
            timeout_s=timeout_s,
            body={
                "reply_to_uuid": reply_to_uuid,
                "eaccount": eaccount,
                "subject": sanitize_text(subject),
                "body": {"html": text_as_html(text), "text": text},
                **({"cc_address_email_list": ",".join(copies)} if copies else {}),
            },
        )
        email = Email.from_json(answer)
        if email is None:
            raise Uncertain("the answer to a reply names no e-mail")
        if email.id == reply_to_uuid or email.is_received:
            raise Uncertain("the answer to a reply names a received e-mail")
        return SentEmail(email.id, email.message_id, email.thread_id, email.timestamp_created)

    def get_email(self, email_id: str, timeout_s: float = DEFAULT_TIMEOUT_S) -> Email:
        """One email; Refused with status 404 when there is none."""
        email = Email.from_json(self._api.json("GET", f"/emails/{path_segment(email_id)}", timeout_s=timeout_s))
        if email is None:
            raise Uncertain("the answer names no e-mail")
        return email

    def list_emails(
        self,
        *,
        search: str | None = None,
        min_timestamp_created: datetime | None = None,
        email_type: str | None = None,
        sort_order: str = "asc",
        eaccount: str | None = None,
        limit: int = PAGE_SIZE,
        deadline_s: float,
    ) -> Iterator[Email]:
        """All emails that match, page after page, at the pace that Instantly allows.

        ``search`` is a lead's address, or ``thread:<thread id>``; ``email_type`` is received, sent or manual;
        ``sort_order`` is by creation; ``limit`` is the size of a page, 1 to 100. ``deadline_s`` is how many seconds
        the whole listing may take: when the next page would come too late, RateLimited says when to go on. What was
        yielded before stays valid.
        """
        deadline = self._clock() + deadline_s
        query = {
            "search": search,
            "min_timestamp_created": _timestamp(min_timestamp_created) if min_timestamp_created else None,
            "email_type": email_type,
            "sort_order": sort_order,
            "eaccount": eaccount,
            "limit": limit,
        }
        pages = self._pages("/emails", query, lambda path, page: self._get_in_turn(path, page, deadline))
        return (email for item in pages if (email := Email.from_json(item)) is not None)

    # Webhooks

    def list_webhooks(self, timeout_s: float = DEFAULT_TIMEOUT_S) -> list[Webhook]:
        """All webhooks of the workspace."""
        return [
            webhook
            for item in self._pages("/webhooks", {"limit": PAGE_SIZE}, self._get_with(timeout_s))
            if (webhook := Webhook.from_json(item)) is not None
        ]

    def create_webhook(
        self,
        *,
        target_hook_url: str,
        event_type: str = "all_events",
        headers: Mapping[str, str],
        name: str | None = None,
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> Webhook:
        """Registers a webhook. Instantly signs nothing: ``headers`` carry the token that we check.

        Only ``all_events`` is known to deliver automatic replies.
        """
        body = {
            "target_hook_url": target_hook_url,
            "event_type": event_type,
            "headers": dict(headers),
            "name": name,
        }
        given = {key: value for key, value in body.items() if value is not None}
        return self._webhook("POST", "/webhooks", given, timeout_s)

    def update_webhook(
        self,
        webhook_id: str,
        *,
        target_hook_url: str | None = None,
        event_type: str | None = None,
        headers: Mapping[str, str] | None = None,
        name: str | None = None,
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> Webhook:
        """Changes what is given and leaves the rest."""
        body = {
            "target_hook_url": target_hook_url,
            "event_type": event_type,
            "headers": None if headers is None else dict(headers),
            "name": name,
        }
        given = {key: value for key, value in body.items() if value is not None}
        return self._webhook("PATCH", f"/webhooks/{path_segment(webhook_id)}", given, timeout_s)

    def resume_webhook(self, webhook_id: str, timeout_s: float = DEFAULT_TIMEOUT_S) -> Webhook:
        """Enables a webhook that Instantly has disabled."""
        return self._webhook("POST", f"/webhooks/{path_segment(webhook_id)}/resume", None, timeout_s)

    def list_webhook_events(
        self,
        success: bool | None = False,
        *,
        from_date: date | None = None,
        to_date: date | None = None,
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> Iterator[WebhookDelivery]:
        """Instantly's deliveries from one day to another (inclusive, UTC); failed ones by default, None for all."""
        query = {
            "success": None if success is None else str(success).lower(),
            "from": from_date.isoformat() if from_date else None,
            "to": to_date.isoformat() if to_date else None,
            "limit": PAGE_SIZE,
        }
        pages = self._pages("/webhook-events", query, self._get_with(timeout_s))
        return (delivery for item in pages if (delivery := WebhookDelivery.from_json(item)) is not None)

    # Suppression

    def list_leads(
        self,
        *,
        contacts: Sequence[str],
        timeout_s: Callable[[], float] = lambda: DEFAULT_TIMEOUT_S,
    ) -> Iterator[ProviderLead]:
        """Yields the leads of these addresses, one per campaign or list that an address is in.

        ``timeout_s`` is asked before each page. A POST that reads, so it may be repeated.
        """
        body = {"contacts": list(contacts), "limit": PAGE_SIZE}
        pages = self._pages(
            "/leads/list",
            body,
            lambda path, page: self._api.json("POST", path, timeout_s=timeout_s(), body=dict(page)),
        )
        return (lead for item in pages if (lead := ProviderLead.from_json(item)) is not None)

    def list_block_list(
        self, *, starting_after: str | None = None, timeout_s: float = DEFAULT_TIMEOUT_S
    ) -> Iterator[BlockListEntry]:
        """Yields the block list's entries, in its own order; ``starting_after`` is the last one's id."""
        query = {"starting_after": starting_after, "limit": PAGE_SIZE}
        pages = self._pages("/block-lists-entries", query, self._get_with(timeout_s))
        return (entry for item in pages if (entry := BlockListEntry.from_json(item)) is not None)

    def is_on_block_list(self, value: str, timeout_s: float = DEFAULT_TIMEOUT_S, *, domains_only: bool = False) -> bool:
        """True when an address or a domain is on the workspace's block list, in any spelling.

        ``domains_only`` spares the search for a domain the entries of all its addresses.
        """
        return bool(self._block_list_ids(value, timeout_s, domains_only=domains_only))

    def add_block_list_entry(self, value: str, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
        """Puts an address or a domain on the workspace's block list; ask ``is_on_block_list`` first."""
        answer = self._api.json("POST", "/block-lists-entries", timeout_s=timeout_s, body={"bl_value": value})
        if read_identifier(answer, "id") is None:
            raise Uncertain("the answer to a block list entry names no entry")

    def delete_block_list_entry(self, value: str, timeout_s: float = DEFAULT_TIMEOUT_S) -> bool:
        """Takes an address or a domain off the block list; False when it was not on it."""
        entries = self._block_list_ids(value, timeout_s)
        for entry_id in entries:
            try:
                self._api.send("DELETE", f"/block-lists-entries/{path_segment(entry_id)}", timeout_s=timeout_s)
            except Refused as refused:
                if refused.status != 404:  # somebody else was faster
                    raise
        return bool(entries)

    def update_interest_status(
        self,
        lead_email: str,
        value: int | None,
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> None:
        """Sets how interested a lead is: -1 not interested, 1 interested, …; None resets. Instantly does it later."""
        body: JsonObject = {"lead_email": lead_email, "interest_value": value}
        self._api.send("POST", "/leads/update-interest-status", timeout_s=timeout_s, body=body)

    # The wire

    def _webhook(self, method: str, path: str, body: JsonObject | None, timeout_s: float) -> Webhook:
        webhook = Webhook.from_json(self._api.json(method, path, timeout_s=timeout_s, body=body))
        if webhook is None:
            raise Uncertain("the answer names no webhook")
        return webhook

    def _block_list_ids(self, value: str, timeout_s: float, *, domains_only: bool = False) -> list[str]:
        # The search is by substring: "ann@acme.test" also finds "joann@acme.test".
        return [
            entry_id
            for spelling in spellings(value)
            for item in self._pages(
                "/block-lists-entries",
                {"search": spelling, "domains_only": "true" if domains_only else None, "limit": PAGE_SIZE},
                self._get_with(timeout_s),
            )
            if same_address(str(item.get("bl_value", "")), value) and (entry_id := read_identifier(item, "id"))
        ]

    def _get_with(self, timeout_s: float) -> Callable[[str, Mapping[str, Any]], JsonObject]:
        return lambda path, query: self._api.json("GET", path, timeout_s=timeout_s, query=query)

    def _get_in_turn(self, path: str, query: Mapping[str, Any], deadline: float) -> JsonObject:
        """A page of e-mails in its turn; told to slow down, it waits and asks again as long as there is time."""
        return self._budget.call(
            lambda left_s: self._api.json("GET", path, timeout_s=min(DEFAULT_TIMEOUT_S, left_s), query=query),
            EMAIL_LISTING.name,
            timeout_s=deadline - self._clock(),
            repeat=True,
        )

    def _pages(
        self, path: str, query: Mapping[str, Any], get: Callable[[str, Mapping[str, Any]], JsonObject]
    ) -> Iterator[JsonObject]:
        """The items of all pages, each once.

        The end is a page with nothing new: cursors have been seen missing before the end, and an endpoint that does
        not page at all repeats itself.
        """
        given = {key: value for key, value in query.items() if value is not None}
        seen: set[str] = set()
        while True:
            answer = get(path, given)
            items = answer.get("items")
            if not isinstance(items, list):
                raise Uncertain("the answer to a listing has no items")
            fresh = {
                item_id: item
                for item in items
                if isinstance(item, dict) and (item_id := read_identifier(item, "id")) and item_id not in seen
            }
            if not fresh:
                return
            yield from fresh.values()
            seen.update(fresh)
            given["starting_after"] = read_identifier(answer, "next_starting_after") or next(reversed(fresh))


def text_as_html(text: str) -> str:
    """Plain text as HTML with the same lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "<br>".join(html.escape(line) for line in lines)


def _timestamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
