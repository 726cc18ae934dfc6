"""A sandbox of SmartLead's API, version 1: the endpoints that we call, as they were seen where the reference differs.

The key stands in the query; any is taken but those that begin with "invalid". A lead that nobody stored has written
whatever is asked about: its message history holds one reply without any id, so that a test can post any reply to the
webhook and have it answered. Any ``email_stats_id`` is taken, too; 404 comes from a fault rule only. A mail that was
sent stays in the history of the lead, and every request to send makes another one: nothing is recognised as repeated.

For tests, besides what ``local.sandbox`` offers (each takes or gives a JSON array):

* ``GET /_messages``: every stored email. ``PUT /_messages`` seeds emails (``campaign_id``, ``lead_id`` and what a
  history shows) and replaces those seeded before; sent ones stay. ``DELETE /_messages`` forgets all.
* ``GET`` and ``PUT /_leads``: leads with ``id``, ``email``, ``is_unsubscribed`` and ``campaigns``, an object from the
  campaign's id to the lead's status there. ``PUT /_campaigns``, ``/_block_list``, ``/_untracked_replies`` seed those.
* ``PUT /_failed_deliveries`` seeds deliveries (``campaign_id``, ``url``, ``body``) that are posted when they are
  triggered again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler

from local.sandbox import Limit, add_sandbox_routes, read_seeds, sandbox_middlewares
from shared.domain.identifiers import uuid7

type Fields = dict[str, Any]

PER_SECOND, PER_MINUTE, PER_HOUR = 10, 60, 1_000
MAX_BODY_BYTES = 16 * 1024 * 1024
INBOX_PAGE = 20
BLOCK_LIST_PAGE = 1_000
DELIVERY_TIMEOUT_S = 30.0

TAKEN = "Email added to the queue, will be sent out soon!"
REPLY_FIELDS = frozenset(
    {
        *("email_stats_id", "email_body", "to_email", "to_first_name", "to_last_name", "scheduled_time"),
        *("reply_message_id", "reply_email_body", "reply_email_time", "cc", "bcc", "schedule_condition"),
        *("add_signature", "seq_type", "attachments"),
    }
)
EVENTS = frozenset(
    {
        *("EMAIL_SENT", "FIRST_EMAIL_SENT", "EMAIL_OPEN", "EMAIL_LINK_CLICK", "EMAIL_REPLY", "EMAIL_BOUNCE"),
        *("LEAD_UNSUBSCRIBED", "LEAD_CATEGORY_UPDATED", "CAMPAIGN_STATUS_CHANGED", "UNTRACKED_REPLIES"),
        "MANUAL_STEP_REACHED",
    }
)


class SandboxAccount:
    """The account at SmartLead. One for all keys: tests seed it without knowing them."""

    def __init__(self, limits: tuple[Limit, ...]) -> None:
        self.limits = limits
        self.campaigns: dict[str, Fields] = {}
        self.leads: dict[str, Fields] = {}
        self.messages: list[Fields] = []
        self.untracked: list[Fields] = []
        self.block_list: list[Fields] = []
        self.webhooks: list[Fields] = []
        self.failed_deliveries: list[Fields] = []
        self.last_asked: dict[str, str] = {}  # by campaign: the lead whose history was looked at last

    def of_lead(self, campaign_id: str, lead_id: str) -> list[Fields]:
        return [m for m in self.messages if (m["campaign_id"], m["lead_id"]) == (campaign_id, lead_id)]

    def lead_at(self, email: str) -> Fields | None:
        return next((lead for lead in self.leads.values() if lead["email"].lower() == email.lower()), None)


ACCOUNT: web.AppKey[SandboxAccount] = web.AppKey("account", SandboxAccount)


class Problem(Exception):  # noqa: N818 (an answer, not a failure of the sandbox)
    """An error answer. SmartLead has several shapes of them; ``body`` is the whole of it."""

    def __init__(self, status: int, body: Fields, headers: dict[str, str] | None = None) -> None:
        super().__init__(str(body))
        self.status = status
        self.body = body
        self.headers = headers or {}


def invalid(message: str) -> Problem:
    """Makes the answer to a request that does not validate."""
    return Problem(400, {"statusCode": 400, "error": "Bad Request", "message": message})


def make_app(
    *,
    per_second: int = PER_SECOND,
    per_minute: int = PER_MINUTE,
    per_hour: int = PER_HOUR,
    minute_s: float = 60.0,
    clock: Callable[[], float] = time.monotonic,
) -> web.Application:
    """Makes the sandbox as an aiohttp application.

    ``minute_s`` is how long the minute of the limits lasts, in seconds: tests with a scaled topology shorten it.
    """
    app = web.Application(middlewares=[*sandbox_middlewares(), _answer_problems], client_max_size=MAX_BODY_BYTES)
    add_sandbox_routes(app, error_body=envelope)
    app[ACCOUNT] = SandboxAccount(
        (
            Limit(per_second, minute_s / 60, clock),
            Limit(per_minute, minute_s, clock),
            Limit(per_hour, 60 * minute_s, clock),
        )
    )
    router = app.router
    router.add_get("/", _about)
    router.add_get("/_sent", _get_sent)
    router.add_get("/_messages", _get_messages)
    router.add_put("/_messages", _put_messages)
    router.add_delete("/_messages", _delete_messages)
    router.add_get("/_leads", _get_leads)
    router.add_put("/_leads", _put_leads)
    router.add_put("/_campaigns", _put_campaigns)
    router.add_put("/_block_list", _put_block_list)
    router.add_put("/_untracked_replies", _put_untracked)
    router.add_put("/_failed_deliveries", _put_failed_deliveries)
    api = "/api/v1"
    router.add_get(f"{api}/campaigns/", _list_campaigns)
    router.add_get(f"{api}/campaigns/{{campaign}}/leads/{{lead}}/message-history", _message_history)
    router.add_post(f"{api}/campaigns/{{campaign}}/reply-email-thread", _reply)
    router.add_post(f"{api}/campaigns/{{campaign}}/leads/{{lead}}/pause", _pause)
    router.add_post(f"{api}/campaigns/{{campaign}}/leads/{{lead}}/resume", _resume)
    router.add_get(f"{api}/campaigns/{{campaign}}/webhooks", _list_webhooks)
    router.add_post(f"{api}/webhook/create", _create_webhook)
    router.add_get(f"{api}/campaigns/{{campaign}}/webhooks/summary", _summary)
    router.add_post(f"{api}/campaigns/{{campaign}}/webhooks/retrigger-failed-events", _retrigger)
    router.add_get(f"{api}/leads/", _lead_by_email)
    router.add_get(f"{api}/leads/get-domain-block-list", _list_block_list)
    router.add_post(f"{api}/leads/add-domain-block-list", _add_to_block_list)
    router.add_delete(f"{api}/leads/delete-domain-block-list", _delete_from_block_list)
    router.add_get(f"{api}/leads/{{lead}}", _lead_by_id)
    router.add_post(f"{api}/leads/{{lead}}/unsubscribe", _unsubscribe)
    router.add_post(f"{api}/master-inbox/inbox-replies", _inbox)
    router.add_get(f"{api}/master-inbox/untracked-replies", _list_untracked)
    router.add_route("*", f"{api}/{{rest:.*}}", _not_found)
    return app


def envelope(status: int, message: str = "injected fault") -> str:
    """Returns the body of an injected fault."""
    if status < 400:
        return "{}"
    return json.dumps({"message": "Invalid API Key"} if status == 401 else {"error": {"message": message}})


@web.middleware
async def _answer_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    if not request.path.startswith("/api/"):
        return await handler(request)
    headers: dict[str, str] = {}
    try:
        key = request.query.get("api_key", "")
        if not key:
            raise Problem(401, {"message": "API key is required."})
        if key.startswith("invalid"):
            raise Problem(401, {"message": "Invalid API Key"})
        headers = _count(request.app[ACCOUNT], key)
        response = await handler(request)
    except Problem as problem:
        headers |= problem.headers
        response = web.json_response(problem.body, status=problem.status)
    response.headers.update(headers)
    return response


def _count(account: SandboxAccount, key: str) -> dict[str, str]:
    """Counts a request towards the limits; returns the headers that tell of the minute's."""
    if all(limit.allows(key) for limit in account.limits):
        minute = account.limits[1]
        return {
            "X-RateLimit-Limit": str(minute.count),
            "X-RateLimit-Remaining": str(minute.left(key)),
            "X-RateLimit-Reset": str(int(time.time() + minute.free_in_s(key)) + 1),
        }
    wait_s = max(limit.free_in_s(key) for limit in account.limits)
    error = {"code": "RATE_LIMIT_EXCEEDED", "message": "Too many requests.", "retry_after": wait_s}
    raise Problem(429, {"error": error}, {"Retry-After": f"{max(wait_s, 0.001):.3f}"})


async def _about(_request: web.Request) -> web.Response:
    return web.json_response({"service": "Sandbox of SmartLead's API v1. Nothing is mailed to anybody."})


async def _not_found(request: web.Request) -> web.Response:
    raise Problem(404, {"message": f"Cannot {request.method} {request.path}"})


# Emails


def new_message(given: Fields) -> Fields:
    """Returns an email with the given fields, the rest filled in: a reply, just now."""
    return {
        "campaign_id": "",
        "lead_id": "",
        "type": "REPLY",
        "message_id": f"<{uuid7()}@mail.example.test>",
        "stats_id": str(uuid7()),
        "time": _now(),
        "email_body": "",
        "subject": "",
        "from": None,
        "to": None,
        "cc": [],
        "email_seq_number": None,
        "is_seed": True,
    } | {key: str(value) if key in ("campaign_id", "lead_id") else value for key, value in given.items()}


def _shown(message: Fields) -> Fields:
    return {key: value for key, value in message.items() if key not in ("campaign_id", "lead_id", "is_seed")}


async def _message_history(request: web.Request) -> web.Response:
    account, campaign_id, lead_id = request.app[ACCOUNT], _id(request, "campaign"), _id(request, "lead")
    account.last_asked[campaign_id] = lead_id
    messages = account.of_lead(campaign_id, lead_id)
    lead = account.leads.get(lead_id)
    if lead is None and not any(message["type"] == "REPLY" for message in messages):
        anything = dict.fromkeys(("message_id", "stats_id", "time", "from", "to", "subject"))
        messages = [{"type": "REPLY", "email_body": ""} | anything, *messages]
    if (after := request.query.get("event_time_gt")) is not None:
        since = _moment(after)
        messages = [m for m in messages if m["time"] is not None and _moment(m["time"]) > since]
    mailboxes = [m["from"] for m in messages if m["type"] == "SENT" and m["from"]]
    return web.json_response(
        {
            "history": sorted(map(_shown, messages), key=lambda message: message["time"] or ""),
            "from": mailboxes[-1] if mailboxes else None,
            "to": None if lead is None else lead["email"],
        }
    )


async def _reply(request: web.Request) -> web.Response:
    account, campaign_id = request.app[ACCOUNT], _id(request, "campaign")
    body = await _body(request)
    for unknown in sorted(set(body) - REPLY_FIELDS):
        raise invalid(f'"{unknown}" is not allowed')
    for key in ("email_stats_id", "email_body"):
        if not isinstance(body.get(key), str) or not body[key].strip():
            raise invalid(f'"{key}" is required')
    for key in ("to_email", "reply_message_id", "reply_email_time", "reply_email_body", "cc", "bcc"):
        if not isinstance(body.get(key, ""), str):
            raise invalid(f'"{key}" must be a string')
    answered = next(
        (
            m
            for m in reversed(account.messages)
            if m["campaign_id"] == campaign_id
            and m["type"] == "REPLY"
            and body["email_stats_id"] == m["stats_id"]
            and body.get("reply_message_id") in (None, m["message_id"])
        ),
        None,
    )
    lead = account.lead_at(body.get("to_email", ""))
    lead_id = answered["lead_id"] if answered else lead["id"] if lead else account.last_asked.get(campaign_id, "")
    known = account.leads.get(lead_id)
    subject = answered["subject"] if answered else ""
    account.messages.append(
        new_message(
            {
                "campaign_id": campaign_id,
                "lead_id": lead_id,
                "type": "SENT",
                "stats_id": body["email_stats_id"],
                "email_body": body["email_body"],
                "subject": subject if subject.lower().startswith("re:") else f"Re: {subject}".strip(),
                "from": answered["to"] if answered else None,
                "to": body.get("to_email") or (known["email"] if known else None),
                "cc": [address.strip() for address in body.get("cc", "").split(",") if address.strip()],
                "is_seed": False,
            }
        )
    )
    return web.Response(text=TAKEN, content_type="text/html")


async def _get_sent(request: web.Request) -> web.Response:
    return web.json_response(
        [
            {"id": message["message_id"], "to": message["to"], "text": message["email_body"]}
            for message in request.app[ACCOUNT].messages
            if message["type"] == "SENT" and not message["is_seed"]
        ]
    )


async def _get_messages(request: web.Request) -> web.Response:
    return web.json_response(request.app[ACCOUNT].messages)


async def _put_messages(request: web.Request) -> web.Response:
    account = request.app[ACCOUNT]
    seeds = [new_message(given) for given in await read_seeds(request)]
    account.messages = [message for message in account.messages if not message["is_seed"]] + seeds
    return web.json_response(seeds)


async def _delete_messages(request: web.Request) -> web.Response:
    request.app[ACCOUNT].messages.clear()
    return web.json_response([])


async def _inbox(request: web.Request) -> web.Response:
    account, body = request.app[ACCOUNT], await _body(request)
    limit, offset, filters = body.get("limit", 10), body.get("offset", 0), body.get("filters", {})
    if not isinstance(limit, int) or not 1 <= limit <= INBOX_PAGE:
        raise Problem(422, {"error": f'"limit" must be less than or equal to {INBOX_PAGE}'})
    order = {"REPLY_TIME_DESC": "last_reply_time", "SENT_TIME_DESC": "last_sent_time"}.get(body.get("sortBy", ""))
    if order is None or not isinstance(offset, int) or not isinstance(filters, dict):
        raise Problem(422, {"error": '"sortBy" must be one of [REPLY_TIME_DESC, SENT_TIME_DESC]'})
    rows = [_inbox_row(account, *pair) for pair in {(m["campaign_id"], m["lead_id"]) for m in account.messages}]
    rows = [row for row in rows if row["last_reply_time"] is not None]
    if "replyTimeBetween" in filters:
        begin, end = (_moment(str(text)) for text in filters["replyTimeBetween"])
        rows = [row for row in rows if begin <= _moment(row["last_reply_time"]) <= end]
    rows.sort(key=lambda row: (row[order] or "", row["email_lead_id"]), reverse=True)
    if request.query.get("fetch_message_history") != "true":
        rows = [{key: value for key, value in row.items() if key != "email_history"} for row in rows]
    page = rows[offset : offset + limit]
    return web.json_response({"ok": True, "data": page, "offset": offset, "limit": limit})


def _inbox_row(account: SandboxAccount, campaign_id: str, lead_id: str) -> Fields:
    messages = sorted(account.of_lead(campaign_id, lead_id), key=lambda message: message["time"])
    lead, campaign = account.leads.get(lead_id, {}), account.campaigns.get(campaign_id, {})
    newest = {kind: max((m["time"] for m in messages if m["type"] == kind), default=None) for kind in ("REPLY", "SENT")}
    return {
        "email_campaign_id": int(campaign_id),
        "email_campaign_name": campaign.get("name"),
        "email_lead_id": lead_id,
        "lead_email": lead.get("email"),
        "lead_first_name": lead.get("first_name"),
        "lead_last_name": lead.get("last_name"),
        "last_reply_time": newest["REPLY"],
        "last_sent_time": newest["SENT"],
        "email_history": [_shown(message) for message in messages],
    }


async def _list_untracked(request: web.Request) -> web.Response:
    limit, offset = int(request.query.get("limit", "10")), int(request.query.get("offset", "0"))
    if not 1 <= limit <= INBOX_PAGE:
        raise Problem(422, {"error": f'"limit" must be less than or equal to {INBOX_PAGE}'})
    found = sorted(request.app[ACCOUNT].untracked, key=lambda reply: reply["reply_picked_time"], reverse=True)
    page = {"replies": found[offset : offset + limit], "totalCount": len(found)}
    return web.json_response({"success": True, "message": "Successfully retrieved", "data": page})


async def _put_untracked(request: web.Request) -> web.Response:
    account = request.app[ACCOUNT]
    account.untracked = [
        {
            "id": str(uuid7()),
            "message_id": f"<{uuid7()}@mail.example.test>",
            "sender_detail": None,
            "recipient_detail": None,
            "subject": "",
            "visible_text": "",
            "reply_picked_time": _now(),
            "body": {"text": "", "textAsHtml": ""},
        }
        | given
        for given in await read_seeds(request)
    ]
    return web.json_response(account.untracked)


# People


async def _lead_by_email(request: web.Request) -> web.Response:
    email = request.query.get("email", "")
    if "@" not in email:
        raise invalid('"email" must be a valid email')
    lead = request.app[ACCOUNT].lead_at(email)
    return web.json_response({} if lead is None else _lead(request.app[ACCOUNT], lead))


async def _lead_by_id(request: web.Request) -> web.Response:
    lead = request.app[ACCOUNT].leads.get(_id(request, "lead"))
    found = [] if lead is None else [{key: value for key, value in lead.items() if key != "campaigns"}]
    return web.json_response({"ok": True, "message": "Lead details fetched successfully", "data": found})


def _lead(account: SandboxAccount, lead: Fields) -> Fields:
    return {key: value for key, value in lead.items() if key != "campaigns"} | {
        "lead_campaign_data": [
            {
                "campaign_lead_map_id": int(lead["id"]) + int(campaign_id),
                "campaign_id": int(campaign_id),
                "campaign_name": account.campaigns.get(campaign_id, {}).get("name"),
                "lead_category_id": None,
            }
            for campaign_id in lead["campaigns"]
        ]
    }


async def _unsubscribe(request: web.Request) -> web.Response:
    lead = request.app[ACCOUNT].leads.get(_id(request, "lead"))
    if lead is not None:
        lead["is_unsubscribed"] = True
    return web.json_response({"ok": True})


async def _pause(request: web.Request) -> web.Response:
    return _set_status(request, "PAUSED")


async def _resume(request: web.Request) -> web.Response:
    return _set_status(request, "INPROGRESS")


def _set_status(request: web.Request, status: str) -> web.Response:
    lead, campaign_id = request.app[ACCOUNT].leads.get(_id(request, "lead")), _id(request, "campaign")
    if lead is not None:
        lead["campaigns"][campaign_id] = status
    return web.json_response({"ok": True, "data": "success"})


async def _get_leads(request: web.Request) -> web.Response:
    return web.json_response(list(request.app[ACCOUNT].leads.values()))


async def _put_leads(request: web.Request) -> web.Response:
    account = request.app[ACCOUNT]
    leads = [
        {
            "id": str(2_000_000_000 + place),
            "email": "",
            "first_name": None,
            "last_name": None,
            "is_unsubscribed": False,
            "unsubscribed_client_id_map": None,
            "created_at": _now(),
            "campaigns": {},
        }
        | given
        for place, given in enumerate(await read_seeds(request))
    ]
    account.leads = {str(lead["id"]): lead | {"id": str(lead["id"])} for lead in leads}
    return web.json_response(leads)


async def _list_block_list(request: web.Request) -> web.Response:
    limit, offset = int(request.query.get("limit", "100")), int(request.query.get("offset", "0"))
    if not 1 <= limit <= BLOCK_LIST_PAGE:
        raise Problem(422, {"error": f'"limit" must be less than or equal to {BLOCK_LIST_PAGE}'})
    wanted = request.query.get("filter_email_or_domain", "").lower()
    found = [entry for entry in request.app[ACCOUNT].block_list if wanted in entry["email_or_domain"].lower()]
    return web.json_response(found[offset : offset + limit])


def _block_list_entry(given: Fields) -> Fields:
    return {
        "id": uuid7().int % 10**9,
        "email_or_domain": "",
        "created_at": _now(),
        "source": "manual",
        "client_id": None,
    } | given


async def _put_block_list(request: web.Request) -> web.Response:
    account = request.app[ACCOUNT]
    account.block_list = [_block_list_entry(given) for given in await read_seeds(request)]
    return web.json_response(account.block_list)


async def _add_to_block_list(request: web.Request) -> web.Response:
    account, values = request.app[ACCOUNT], (await _body(request)).get("domain_block_list")
    if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
        raise invalid('"domain_block_list" must be an array')
    listed = {entry["email_or_domain"].lower() for entry in account.block_list}
    account.block_list += [_block_list_entry({"email_or_domain": v}) for v in values if v.lower() not in listed]
    return web.json_response({"ok": True, "uploadCount": len(values)})


async def _delete_from_block_list(request: web.Request) -> web.Response:
    account, entry_id = request.app[ACCOUNT], request.query.get("id", "")
    account.block_list = [entry for entry in account.block_list if str(entry["id"]) != entry_id]
    return web.json_response({"ok": True})


# Campaigns, hooks and deliveries


async def _list_campaigns(request: web.Request) -> web.Response:
    return web.json_response(list(request.app[ACCOUNT].campaigns.values()))


async def _put_campaigns(request: web.Request) -> web.Response:
    account = request.app[ACCOUNT]
    campaigns = [{"status": "ACTIVE", "name": "Campaign"} | given for given in await read_seeds(request)]
    account.campaigns = {str(campaign["id"]): campaign for campaign in campaigns}
    return web.json_response(campaigns)


async def _list_webhooks(request: web.Request) -> web.Response:
    """Those of one campaign: what is made for the whole account is listed nowhere."""
    campaign_id = _id(request, "campaign")
    hooks = request.app[ACCOUNT].webhooks
    return web.json_response([hook for hook in hooks if str(hook.get("email_campaign_id")) == campaign_id])


async def _create_webhook(request: web.Request) -> web.Response:
    body = await _body(request)
    if not str(body.get("webhook_url", "")).startswith(("http://", "https://")):
        raise invalid('"webhook_url" must be a valid uri')
    events = body.get("event_type_map", {})
    if not isinstance(events, dict) or set(events) - EVENTS or body.get("association_type") not in ("user", "campaign"):
        raise invalid('"event_type_map" or "association_type" is not allowed')
    hook = body | {"id": 417_000 + len(request.app[ACCOUNT].webhooks)}
    request.app[ACCOUNT].webhooks.append(hook)
    return web.json_response({"ok": True, "id": hook["id"], "webhook_url": hook["webhook_url"]})


async def _summary(request: web.Request) -> web.Response:
    failed = _failed_of(request)
    return web.json_response({"ok": True, "data": {"total": len(failed), "failed": len(failed), "success": 0}})


async def _retrigger(request: web.Request) -> web.Response:
    """Posts what had failed once more; what is taken now has failed no longer."""
    account = request.app[ACCOUNT]
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=DELIVERY_TIMEOUT_S)) as session:
        for delivery in _failed_of(request):
            headers = {"Content-Type": "application/json"}
            async with session.post(delivery["url"], data=delivery["body"].encode(), headers=headers) as answer:
                if answer.status == 200:
                    account.failed_deliveries.remove(delivery)
    return web.json_response({"ok": True, "message": "Failed events retrigger initiated", "retrigger_id": str(uuid7())})


def _failed_of(request: web.Request) -> list[Fields]:
    campaign_id = _id(request, "campaign")
    return [one for one in request.app[ACCOUNT].failed_deliveries if str(one["campaign_id"]) == campaign_id]


async def _put_failed_deliveries(request: web.Request) -> web.Response:
    request.app[ACCOUNT].failed_deliveries = await read_seeds(request)
    return web.json_response(request.app[ACCOUNT].failed_deliveries)


# Shared by the endpoints


def _id(request: web.Request, name: str) -> str:
    value = request.match_info[name]
    if not value.isdecimal():
        raise invalid(f'"{name}_id" must be a number')
    return value


async def _body(request: web.Request) -> Fields:
    try:
        body = json.loads(await request.read() or b"{}")
    except ValueError:
        raise invalid("Invalid request payload JSON format") from None
    if not isinstance(body, dict):
        raise invalid("Invalid request payload input")
    return body


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _moment(value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise invalid("a time must be in ISO 8601 format") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
