"""SmartLead's API, version 1: the calls that we make, each with a time-out and errors that say what to do next.

The key travels in the query of every request. Responses differ from endpoint to endpoint and from what the reference
says: lists come bare or under ``data``, failures come with status 200 as well, and a mail that was taken is answered in
plain text. Nothing of this has been called live; docs/channels.md says where each call is documented or was seen.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import httpx2

from shared.domain.text.email_text import sanitize_text
from shared.providers.api import JsonApi, json_in, path_segment
from shared.providers.errors import RateLimited, Refused, Uncertain
from shared.providers.json_fields import JsonError, JsonObject, parse_json, read_identifier
from shared.providers.rate_budget import RateBudget
from shared.providers.smartlead.emails import (
    MAX_MESSAGE_ID_CHARS,
    Conversation,
    InboxRow,
    UntrackedEmail,
    objects_in,
)
from shared.providers.smartlead.leads import BlockListEntry, KnownLead

DEFAULT_TIMEOUT_S = 15.0
INBOX_PAGE = 20  # the most that the inbox gives

# What has been seen: "ok", "success", "Email added to the queue, will be sent out soon!", "Reply sent successfully".
_TAKEN = re.compile(r"\b(?:ok|success\w*|queued?|sent)\b", re.IGNORECASE)
_MAX_TAKEN_CHARS = 200  # a longer text is somebody's web page
_NO_NUMBER = frozenset({"", "0", "False", "None"})
_NOT_TAKEN = re.compile(r"\b(?:not|no|never|fail\w*|error\w*|invalid|unable|cannot|can't|denied)\b", re.IGNORECASE)


class SortBy(StrEnum):
    """The orders of the inbox."""

    NEWEST_REPLY = "REPLY_TIME_DESC"
    NEWEST_SENT = "SENT_TIME_DESC"


class SmartLeadClient:
    """A client of one account at SmartLead.

    ``base_url``: the root, without a path. ``api_key``: the account's key. ``budget``: the limits of the key.
    ``http``: the connections to use; by default the client makes its own and ``close`` ends them. ``on_key_refused`` is
    called when SmartLead does not know the key (401).

    Every call raises Refused, RateLimited, NotSent or Uncertain, and nothing else. ``timeout_s`` is for the whole call,
    waiting for its turn included. What only reads waits and asks again when SmartLead says that it is too much.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        budget: RateBudget,
        http: httpx2.Client | None = None,
        on_key_refused: Callable[[], None] = lambda: None,
    ) -> None:
        key = api_key.strip()
        self._api = JsonApi(
            base_url,
            "/api/v1",
            key,
            query={"api_key": key},
            http=http,
            on_credential_refused=on_key_refused,
        )
        self._budget = budget

    def close(self) -> None:
        """Ends the connections that the client made itself."""
        self._api.close()

    # Emails

    def reply(
        self,
        *,
        campaign_id: str,
        stats_id: str,
        body_text: str,
        to_email: str | None,
        message_id: str | None = None,
        replied_at: str | None = None,
        replied_body: str | None = None,
        copies: Sequence[str] = (),
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> str | None:
        """Answers a lead's email in its thread, once: the request is never repeated. Returns an id if one is told.

        ``stats_id``: the sending that the lead has answered. ``to_email``: who has written; without it SmartLead writes
        to the lead's own address. ``message_id``, ``replied_at`` and ``replied_body`` are those of the lead's email:
        they make the thread. The subject is the thread's. Only NotSent, RateLimited and Refused say that nothing was
        sent.
        """
        body = {
            "email_stats_id": stats_id,
            "email_body": text_as_html(sanitize_text(body_text)),
            "to_email": to_email,
            "reply_message_id": message_id,
            "reply_email_time": replied_at,
            "reply_email_body": replied_body,
            "cc": ",".join(copies) or None,
        }
        given = {key: value for key, value in body.items() if value is not None}
        content = self._send(
            "POST", f"/campaigns/{path_segment(campaign_id)}/reply-email-thread", timeout_s, body=given
        )
        return self._id_of_sent(content)

    def message_history(
        self, campaign_id: str, lead_id: str, *, since: datetime | None = None, timeout_s: float = DEFAULT_TIMEOUT_S
    ) -> Conversation:
        """Reads what a lead and we have written in a campaign; Refused with status 404 when there is no such lead."""
        path = f"/campaigns/{path_segment(campaign_id)}/leads/{path_segment(lead_id)}/message-history"
        query = {} if since is None else {"event_time_gt": timestamp(since)}
        parsed = self._read(path, timeout_s, query=query)
        fields = parsed if isinstance(parsed, dict) else {}
        return Conversation.of_history(campaign_id, lead_id, fields, objects_in(parsed, "history", "messages", "data"))

    def inbox(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        sort_by: SortBy = SortBy.NEWEST_REPLY,
        offset: int = 0,
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> list[InboxRow]:
        """Reads a page of the leads that have replied, each with its whole conversation.

        ``since`` and ``until``: of the newest reply. A POST that reads.
        """
        filters: JsonObject = {"emailStatus": "Replied"}
        if since is not None and until is not None:
            filters["replyTimeBetween"] = [timestamp(since), timestamp(until)]
        parsed = self._read(
            "/master-inbox/inbox-replies",
            timeout_s,
            method="POST",
            query={"fetch_message_history": "true"},
            body={"offset": offset, "limit": INBOX_PAGE, "filters": filters, "sortBy": sort_by.value},
        )
        return [InboxRow.from_json(row) for row in objects_in(parsed, "data", "messages")]

    def untracked_replies(self, *, offset: int = 0, timeout_s: float = DEFAULT_TIMEOUT_S) -> list[UntrackedEmail]:
        """Reads a page of the mails that no campaign is known for."""
        query = {"limit": INBOX_PAGE, "offset": offset, "fetchBody": "true"}
        parsed = self._read("/master-inbox/untracked-replies", timeout_s, query=query)
        return [UntrackedEmail.from_json(item) for item in objects_in(parsed, "data", "replies", "untracked_replies")]

    # People

    def lead_by_email(self, email: str, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> KnownLead | None:
        """Returns the lead of an address with its campaigns."""
        return self._lead("/leads/", timeout_s, {"email": email})

    def lead_by_id(self, lead_id: str, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> KnownLead | None:
        """Returns a lead by its id, without its campaigns."""
        try:
            return self._lead(f"/leads/{path_segment(lead_id)}", timeout_s, {})
        except Refused as error:
            if error.status != 404:
                raise
            return None

    def unsubscribe(self, lead_id: str, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
        """Unsubscribes a lead from all campaigns, future ones too. The API cannot undo it."""
        self._write("POST", f"/leads/{path_segment(lead_id)}/unsubscribe", timeout_s)

    def pause(self, campaign_id: str, lead_id: str, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
        """Stops a campaign's sequence for a lead, who stays in it."""
        path = f"/campaigns/{path_segment(campaign_id)}/leads/{path_segment(lead_id)}/pause"
        self._write("POST", path, timeout_s)

    def block_list(
        self, *, search: str | None = None, offset: int = 0, limit: int, timeout_s: float = DEFAULT_TIMEOUT_S
    ) -> list[BlockListEntry]:
        """Reads a page of the account's block list; ``search``: an address or a domain, or a part of one."""
        query: JsonObject = {"offset": offset, "limit": limit}
        if search is not None:
            query["filter_email_or_domain"] = search
        parsed = self._read("/leads/get-domain-block-list", timeout_s, query=query)
        return [entry for item in objects_in(parsed, "data") if (entry := BlockListEntry.from_json(item)) is not None]

    def add_to_block_list(self, value: str, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
        """Puts an address or a domain on the account's block list."""
        self._write("POST", "/leads/add-domain-block-list", timeout_s, body={"domain_block_list": [value]})

    def delete_from_block_list(self, entry_id: str, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> None:
        """Takes an entry off the account's block list; one that is gone already is no failure."""
        try:
            self._write("DELETE", "/leads/delete-domain-block-list", timeout_s, query={"id": entry_id})
        except Refused as error:
            if error.status != 404:
                raise

    # Campaigns and deliveries

    def campaigns(self, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> list[tuple[str, str]]:
        """Returns id and status of each campaign."""
        rows = ((read_identifier(row, "id"), row) for row in objects_in(self._read("/campaigns/", timeout_s), "data"))
        return [(id, str(row.get("status") or "").upper()) for id, row in rows if id is not None]

    def failed_deliveries(
        self, campaign_id: str, since: datetime, until: datetime, *, timeout_s: float = DEFAULT_TIMEOUT_S
    ) -> bool:
        """Tells whether the summary of a campaign's deliveries counts failures, under whatever name."""
        path = f"/campaigns/{path_segment(campaign_id)}/webhooks/summary"
        query = {"fromTime": timestamp(since), "toTime": timestamp(until)}
        return _counts_failures(self._read(path, timeout_s, query=query))

    def deliver_again(
        self, campaign_id: str, since: datetime, until: datetime, *, timeout_s: float = DEFAULT_TIMEOUT_S
    ) -> None:
        """Asks SmartLead to post again what it could not deliver for a campaign in that time."""
        body = {"fromTime": timestamp(since), "toTime": timestamp(until)}
        path = f"/campaigns/{path_segment(campaign_id)}/webhooks/retrigger-failed-events"
        self._write("POST", path, timeout_s, body=body)

    # The wire

    def _lead(self, path: str, timeout_s: float, query: Mapping[str, Any]) -> KnownLead | None:
        """An object, or a list of one under ``data``."""
        parsed = self._read(path, timeout_s, query=query)
        if isinstance(parsed, dict) and "data" not in parsed:
            return KnownLead.from_json(parsed)
        if isinstance(parsed, dict) and isinstance(parsed["data"], dict):
            return KnownLead.from_json(parsed["data"])
        leads = [lead for item in objects_in(parsed, "data") if (lead := KnownLead.from_json(item)) is not None]
        return leads[0] if leads else None

    def _read(
        self,
        path: str,
        timeout_s: float,
        *,
        method: str = "GET",
        query: Mapping[str, Any] | None = None,
        body: JsonObject | None = None,
    ) -> Any:
        """The JSON value of a response; what only reads is asked again in its turn."""
        return self._value(self._send(method, path, timeout_s, query=query, body=body, repeat=True))

    def _write(
        self,
        method: str,
        path: str,
        timeout_s: float,
        *,
        query: Mapping[str, Any] | None = None,
        body: JsonObject | None = None,
    ) -> None:
        """Raises Uncertain unless the response says that it was done."""
        value = self._value(self._send(method, path, timeout_s, query=query, body=body))
        if not isinstance(value, dict | str):
            raise Uncertain("the answer does not say that it was done")

    def _send(
        self,
        method: str,
        path: str,
        timeout_s: float,
        *,
        query: Mapping[str, Any] | None = None,
        body: JsonObject | None = None,
        repeat: bool = False,
    ) -> bytes:
        return self._budget.call(
            lambda left_s: self._api.send(method, path, timeout_s=left_s, query=query, body=body),
            timeout_s=timeout_s,
            repeat=repeat,
        )

    def _value(self, content: bytes) -> Any:
        value = json_in(content)
        self._raise_failure(value)
        return value

    def _raise_failure(self, value: object) -> None:
        """A 200 may carry a failure. Only one that names a status of 4xx says for certain that nothing was done."""
        if not isinstance(value, dict):
            return
        if value.get("ok") is not False and value.get("success") is not False and not value.get("error"):
            return
        words, status = self._api.words_in(value), value.get("statusCode")
        if status == 429:
            raise RateLimited(f"429: {words}")
        if isinstance(status, int) and 400 <= status < 500:
            raise Refused(status, words)
        raise Uncertain(f"the answer carries an error: {words}")

    def _id_of_sent(self, content: bytes) -> str | None:
        """The id in the answer to a mail, if it tells one. Raises Uncertain unless it says that the mail was taken."""
        value: object
        try:
            value = parse_json(content)
        except JsonError:
            value = content.decode(errors="replace")
        self._raise_failure(value)
        if isinstance(value, dict):
            data = value.get("data")
            id = next(
                (
                    id
                    for fields in (value, data)
                    if isinstance(fields, dict)
                    and (id := read_identifier(fields, "message_id", max_chars=MAX_MESSAGE_ID_CHARS))
                ),
                None,
            )
            if id is not None or value.get("ok") is True or value.get("success") is True:
                return id
            value = value.get("message") or data
        if not _says_taken(value):
            raise Uncertain("the answer does not say that the email was taken")
        return None


def _says_taken(value: object) -> bool:
    if not isinstance(value, str) or len(value) > _MAX_TAKEN_CHARS or "<" in value:
        return False
    return _TAKEN.search(value) is not None and _NOT_TAKEN.search(value) is None


def text_as_html(text: str) -> str:
    """Returns plain text as HTML with the same lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "<br>".join(html.escape(line) for line in lines)


def timestamp(moment: datetime) -> str:
    """Returns a moment as SmartLead writes it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _counts_failures(value: object) -> bool:
    """Whether a number above 0 stands under a key that speaks of failure: how the summary looks is not documented."""
    if isinstance(value, list):
        return any(map(_counts_failures, value))
    if not isinstance(value, dict):
        return False
    return any(
        ("fail" in key.lower() and str(item).strip() not in _NO_NUMBER) or _counts_failures(item)
        for key, item in value.items()
        if not isinstance(item, dict | list) or item
    )
