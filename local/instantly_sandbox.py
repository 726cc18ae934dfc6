"""A sandbox of Instantly's API, version 2: the endpoints that we call, with its limits and the shape of its errors.

Any Bearer key is taken. An email id that nobody stored is answered as a received email without a lead or a sender, so
that a test can post any reply to the webhook and have it answered; 404 comes from a fault rule only. An answer that was
sent stays, in the thread of the email that it answers.

For tests, besides what ``local.sandbox`` offers (each takes or gives a JSON array):

* ``GET /_emails``: every stored email. ``PUT /_emails`` seeds emails (missing fields are filled in) and replaces
  those seeded before; sent answers stay. ``DELETE /_emails`` forgets all.
* ``PUT /_webhook_events`` seeds Instantly's log of deliveries, ``PUT /_webhooks`` its webhooks.
* ``PUT /_leads`` seeds its leads (``status`` -2 has unsubscribed, -1 bounces) and ``PUT /_block_list`` its block list;
  each replaces what was there. ``GET /_block_list`` shows it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from aiohttp import web
from aiohttp.typedefs import Handler

from local.sandbox import Limit, add_sandbox_routes, read_seeds, sandbox_middlewares
from shared.domain.identifiers import uuid7

type Fields = dict[str, Any]

REQUESTS_PER_SECOND = 100
EMAIL_LISTINGS_PER_MINUTE = 20
MAX_BODY_BYTES = 16 * 1024 * 1024
MAX_PAGE = 100
DEFAULT_PAGE = 10

ORGANIZATION = str(uuid5(NAMESPACE_URL, "instantly-sandbox"))
UE_TYPES = {"received": 2, "sent": 1, "manual": 3}
WEBHOOK_EVENT_TYPES = frozenset(  # what can be subscribed to; auto_reply_received is delivered, yet not among them
    {
        *("all_events", "email_sent", "email_opened", "email_link_clicked", "email_bounced", "reply_received"),
        *("lead_unsubscribed", "account_error", "campaign_completed", "lead_neutral", "lead_interested"),
        *("lead_not_interested", "lead_meeting_booked", "lead_meeting_completed", "lead_closed"),
        *("lead_out_of_office", "lead_wrong_person", "lead_no_show", "supersearch_enrichment_completed"),
    }
)
EMAIL_FILTERS = frozenset(
    {
        *("limit", "starting_after", "search", "campaign_id", "list_id", "i_status", "eaccount", "is_unread"),
        *("has_reminder", "mode", "preview_only", "sort_order", "scheduled_only", "assigned_to", "lead"),
        *("company_domain", "marked_as_done", "email_type", "min_timestamp_created", "max_timestamp_created"),
        *("latest_of_thread",),
    }
)


class Workspace:
    """The workspace at Instantly. One for all keys: tests seed it without knowing them."""

    def __init__(self, requests: Limit, email_listings: Limit) -> None:
        self.requests = requests
        self.email_listings = email_listings
        self.emails: dict[str, Fields] = {}
        self.seeded_emails: set[str] = set()
        self.webhooks: dict[str, Fields] = {}
        self.webhook_events: dict[str, Fields] = {}
        self.block_list: dict[str, Fields] = {}
        self.leads: dict[str, Fields] = {}

    def email(self, email_id: str) -> Fields:
        """Returns the stored email, else a received one without a word about the lead."""
        return self.emails.get(email_id) or new_email({"id": email_id, "timestamp_created": _created_at(email_id)})


WORKSPACE: web.AppKey[Workspace] = web.AppKey("workspace", Workspace)


class Problem(Exception):  # noqa: N818 (an answer, not a failure of the sandbox)
    """An error answer in Instantly's envelope."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def make_app(
    *,
    requests_per_second: int = REQUESTS_PER_SECOND,
    email_listings_per_minute: int = EMAIL_LISTINGS_PER_MINUTE,
    minute_s: float = 60.0,
    clock: Callable[[], float] = time.monotonic,
) -> web.Application:
    """Makes the sandbox as an aiohttp application.

    ``minute_s`` is how long the minute of the listing limit lasts, in seconds: tests with a scaled topology shorten it.
    """
    app = web.Application(middlewares=[*sandbox_middlewares(), _answer_problems], client_max_size=MAX_BODY_BYTES)
    add_sandbox_routes(app, error_body=envelope)
    app[WORKSPACE] = Workspace(
        Limit(requests_per_second, 1.0, clock), Limit(email_listings_per_minute, minute_s, clock)
    )
    router = app.router
    router.add_get("/", _about)
    router.add_get("/_sent", _get_sent)
    router.add_get("/_emails", _get_emails)
    router.add_put("/_emails", _put_emails)
    router.add_delete("/_emails", _delete_emails)
    router.add_put("/_webhook_events", _put_webhook_events)
    router.add_put("/_webhooks", _put_webhooks)
    router.add_put("/_leads", _put_leads)
    router.add_get("/_block_list", _get_block_list)
    router.add_put("/_block_list", _put_block_list)
    api = "/api/v2"
    router.add_post(f"{api}/emails/reply", _reply)
    router.add_get(f"{api}/emails", _list_emails)
    router.add_get(f"{api}/emails/{{id}}", _get_email)
    router.add_get(f"{api}/webhooks", _list_webhooks)
    router.add_post(f"{api}/webhooks", _create_webhook)
    router.add_patch(f"{api}/webhooks/{{id}}", _update_webhook)
    router.add_post(f"{api}/webhooks/{{id}}/resume", _resume_webhook)
    router.add_get(f"{api}/webhook-events", _list_webhook_events)
    router.add_get(f"{api}/block-lists-entries", _list_block_list)
    router.add_post(f"{api}/block-lists-entries", _add_to_block_list)
    router.add_delete(f"{api}/block-lists-entries/{{id}}", _delete_from_block_list)
    router.add_post(f"{api}/leads/list", _list_leads)
    router.add_post(f"{api}/leads/update-interest-status", _update_interest_status)
    router.add_route("*", f"{api}/{{rest:.*}}", _not_found)
    return app


def envelope(status: int, message: str = "injected fault") -> str:
    """Instantly's error body."""
    if status < 400:
        return "{}"
    known = status in HTTPStatus
    return json.dumps(
        {"statusCode": status, "error": HTTPStatus(status).phrase if known else "Error", "message": message}
    )


def new_email(given: Fields) -> Fields:
    """Returns an email object with the given fields, the rest filled in: received, unread, in a thread of its own."""
    email_id = str(given.get("id") or uuid7())
    created_at = given.get("timestamp_created") or _now()
    return {
        "id": email_id,
        "timestamp_created": created_at,
        "timestamp_email": created_at,
        "message_id": f"<{email_id}@mail.example.test>",
        "subject": "",
        "from_address_email": None,
        "to_address_email_list": None,
        "cc_address_email_list": None,
        "body": {"text": "", "html": ""},
        "organization_id": ORGANIZATION,
        "campaign_id": None,
        "lead": None,
        "lead_id": None,
        "eaccount": None,
        "ue_type": 2,
        "is_unread": 1,
        "is_auto_reply": 0,
        "i_status": None,
        "ai_interest_value": None,
        "thread_id": str(uuid5(NAMESPACE_URL, email_id)),
        "content_preview": None,
    } | {key: value for key, value in given.items() if key not in ("id", "timestamp_created")}


@web.middleware
async def _answer_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    if not request.path.startswith("/api/"):
        return await handler(request)
    try:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise Problem(401, "Authorization header missing or malformed")
        if not request.app[WORKSPACE].requests.allows(key):
            raise Problem(429, "Rate limit exceeded")
        if request.path == "/api/v2/emails" and not request.app[WORKSPACE].email_listings.allows(key):
            raise Problem(429, "Rate limit exceeded")
        return await handler(request)
    except Problem as problem:
        return web.Response(
            status=problem.status, text=envelope(problem.status, problem.message), content_type="application/json"
        )


async def _about(_request: web.Request) -> web.Response:
    return web.json_response({"service": "Sandbox of Instantly's API v2. Nothing is mailed to anybody."})


async def _not_found(request: web.Request) -> web.Response:
    raise Problem(404, f"Route {request.method}:{request.path} not found")


# E-mails


async def _reply(request: web.Request) -> web.Response:
    body = await _body(
        request,
        required={"reply_to_uuid", "eaccount", "subject", "body"},
        optional={
            *("additional_recipients", "cc_address_email_list", "bcc_address_email_list"),
            *("reminder_ts", "assigned_to"),
        },
    )
    for key in ("reply_to_uuid", "eaccount", "subject"):
        if not isinstance(body[key], str) or not body[key]:
            raise Problem(400, f"body/{key} must be a non-empty string")
    content = body["body"]
    if not isinstance(content, dict) or set(content) - {"html", "text"}:
        raise Problem(400, "body/body must be object with html or text")
    if not any(isinstance(content.get(key), str) and content[key].strip() for key in ("html", "text")):
        raise Problem(400, "body/body must have html or text")
    workspace = request.app[WORKSPACE]
    answered = workspace.email(body["reply_to_uuid"])
    if answered["eaccount"] not in (None, body["eaccount"]):
        raise Problem(400, "eaccount is not the account that received the email")
    sent = new_email(
        {
            "subject": body["subject"],
            "body": {"text": content.get("text", ""), "html": content.get("html", "")},
            "from_address_email": body["eaccount"],
            "to_address_email_list": answered["from_address_email"],
            "cc_address_email_list": body.get("cc_address_email_list"),
            "campaign_id": answered["campaign_id"],
            "lead": answered["lead"],
            "lead_id": answered["lead_id"],
            "eaccount": body["eaccount"],
            "ue_type": 3,
            "is_unread": 0,
            "thread_id": answered["thread_id"],
        }
    )
    workspace.emails[sent["id"]] = sent
    return web.json_response(sent)


async def _get_email(request: web.Request) -> web.Response:
    return web.json_response(request.app[WORKSPACE].email(request.match_info["id"]))


async def _list_emails(request: web.Request) -> web.Response:
    query = request.query
    unknown = sorted(set(query) - EMAIL_FILTERS)
    if unknown:
        raise Problem(400, f"querystring must NOT have additional properties: {unknown[0]}")
    checks: list[Callable[[Fields], bool]] = []
    search = query.get("search")
    if search is not None and search.startswith("thread:"):
        checks.append(lambda email: email["thread_id"] == search.removeprefix("thread:"))
    elif search is not None:
        checks.append(lambda email: search.lower() in _people(email))
    if "lead" in query:
        checks.append(lambda email: email["lead"] == query["lead"])
    if "campaign_id" in query:
        checks.append(lambda email: email["campaign_id"] == query["campaign_id"])
    if "eaccount" in query:
        checks.append(lambda email: email["eaccount"] in query["eaccount"].split(","))
    if "email_type" in query:
        if query["email_type"] not in UE_TYPES:
            raise Problem(400, "querystring/email_type must be equal to one of the allowed values")
        checks.append(lambda email: email["ue_type"] == UE_TYPES[query["email_type"]])
    if "min_timestamp_created" in query:
        earliest = _moment(query["min_timestamp_created"], "querystring/min_timestamp_created")
        checks.append(lambda email: _moment(email["timestamp_created"], "timestamp_created") >= earliest)
    if "max_timestamp_created" in query:
        latest = _moment(query["max_timestamp_created"], "querystring/max_timestamp_created")
        checks.append(lambda email: _moment(email["timestamp_created"], "timestamp_created") <= latest)
    order = query.get("sort_order", "desc")
    if order not in ("asc", "desc"):
        raise Problem(400, "querystring/sort_order must be equal to one of the allowed values")
    found = [email for email in request.app[WORKSPACE].emails.values() if all(check(email) for check in checks)]
    found.sort(key=lambda email: (email["timestamp_created"], email["id"]), reverse=order == "desc")
    return _page(request.query, found)


def _people(email: Fields) -> set[str]:
    listed = [email["lead"], email["from_address_email"], *str(email["to_address_email_list"] or "").split(",")]
    return {person.strip().lower() for person in listed if person}


async def _get_sent(request: web.Request) -> web.Response:
    emails = request.app[WORKSPACE].emails.values()
    return web.json_response(
        [
            {"id": email["id"], "to": email["to_address_email_list"], "text": email["body"]["text"]}
            for email in emails
            if email["ue_type"] == UE_TYPES["manual"]
        ]
    )


async def _get_emails(request: web.Request) -> web.Response:
    return web.json_response(list(request.app[WORKSPACE].emails.values()))


async def _put_emails(request: web.Request) -> web.Response:
    workspace = request.app[WORKSPACE]
    seeds = [new_email(given) for given in await read_seeds(request)]
    for email_id in workspace.seeded_emails:
        workspace.emails.pop(email_id, None)
    workspace.emails.update({email["id"]: email for email in seeds})
    workspace.seeded_emails = {email["id"] for email in seeds}
    return web.json_response(seeds)


async def _delete_emails(request: web.Request) -> web.Response:
    workspace = request.app[WORKSPACE]
    workspace.emails.clear()
    workspace.seeded_emails.clear()
    return web.json_response([])


# Webhooks


async def _list_webhooks(request: web.Request) -> web.Response:
    return _page(request.query, list(request.app[WORKSPACE].webhooks.values()))


async def _create_webhook(request: web.Request) -> web.Response:
    webhook = new_webhook(await _webhook_body(request, required={"target_hook_url"}))
    request.app[WORKSPACE].webhooks[webhook["id"]] = webhook
    return web.json_response(webhook)


async def _update_webhook(request: web.Request) -> web.Response:
    webhook = _stored(request, request.app[WORKSPACE].webhooks)
    webhook |= await _webhook_body(request, required=set())
    return web.json_response(webhook)


async def _resume_webhook(request: web.Request) -> web.Response:
    webhook = _stored(request, request.app[WORKSPACE].webhooks)
    webhook |= {"status": 1, "timestamp_error": None}
    return web.json_response(webhook)


def new_webhook(given: Fields) -> Fields:
    """Returns a webhook object with the given fields, the rest filled in: active."""
    return {
        "id": str(uuid7()),
        "organization": ORGANIZATION,
        "timestamp_created": _now(),
        "target_hook_url": "",
        "event_type": None,
        "campaign": None,
        "name": None,
        "custom_interest_value": None,
        "headers": None,
        "status": 1,
        "timestamp_error": None,
    } | given


async def _webhook_body(request: web.Request, required: set[str]) -> Fields:
    keys = {"target_hook_url", "event_type", "campaign", "name", "custom_interest_value", "headers"}
    body = await _body(request, required=required, optional=keys - required)
    url = body.get("target_hook_url")
    if "target_hook_url" in body and (not isinstance(url, str) or not url.startswith(("http://", "https://"))):
        raise Problem(400, 'body/target_hook_url must match pattern "^https?:\\/\\/"')
    if body.get("event_type") is not None and body["event_type"] not in WEBHOOK_EVENT_TYPES:
        raise Problem(400, "body/event_type must be equal to one of the allowed values")
    headers = body.get("headers")
    if headers is not None and not (
        isinstance(headers, dict) and all(isinstance(value, str) for value in headers.values())
    ):
        raise Problem(400, "body/headers must be object of strings")
    return body


async def _put_webhooks(request: web.Request) -> web.Response:
    webhooks = [new_webhook(given) for given in await read_seeds(request)]
    request.app[WORKSPACE].webhooks = {webhook["id"]: webhook for webhook in webhooks}
    return web.json_response(webhooks)


async def _list_webhook_events(request: web.Request) -> web.Response:
    query = request.query
    found: Iterable[Fields] = request.app[WORKSPACE].webhook_events.values()
    if "success" in query:
        if query["success"] not in ("true", "false"):
            raise Problem(400, "querystring/success must be boolean")
        found = [event for event in found if event["success"] == (query["success"] == "true")]
    if "from" in query:
        found = [event for event in found if event["timestamp_created_date"] >= query["from"]]
    if "to" in query:
        found = [event for event in found if event["timestamp_created_date"] <= query["to"]]
    if "search" in query:
        found = [event for event in found if query["search"] in (event["webhook_url"], event["lead_email"])]
    newest_first = sorted(found, key=lambda event: (event["timestamp_created"], event["id"]), reverse=True)
    return _page(request.query, newest_first)


async def _put_webhook_events(request: web.Request) -> web.Response:
    events: list[Fields] = []
    for given in await read_seeds(request):
        payload = given.get("payload")
        created_at = str(given.get("timestamp_created") or _now())
        events.append(
            {
                "id": str(uuid7()),
                "timestamp_created": created_at,
                "timestamp_created_date": created_at[:10],
                "organization_id": ORGANIZATION,
                "payload": None,
                "success": False,
                "retry_count": 0,
                "will_retry": False,
                "webhook_url": None,
                "status_code": None,
                "error_message": "Connection timeout",
                "timestamp_next_retry": None,
                "retry_group_id": None,
                "retry_successful": None,
                "lead_email": payload.get("lead_email") if isinstance(payload, dict) else None,
                "response_time_ms": None,
            }
            | given
        )
    request.app[WORKSPACE].webhook_events = {event["id"]: event for event in events}
    return web.json_response(events)


# Suppression


async def _list_leads(request: web.Request) -> web.Response:
    """Newest last; a person is one lead per campaign that it is in."""
    body = await _body(
        request,
        required=set(),
        optional={
            *("campaign", "list_id", "in_campaign", "in_list", "search", "filter", "ids", "excluded_ids", "contacts"),
            *("queries", "limit", "starting_after", "distinct_contacts", "is_website_visitor", "enrichment_status"),
            *("esg_code", "organization_user_ids", "smart_view_id"),
        },
    )
    contacts = body.get("contacts")
    if contacts is not None and not (
        isinstance(contacts, list) and all(isinstance(contact, str) for contact in contacts)
    ):
        raise Problem(400, "body/contacts must be array of strings")
    found = [
        lead
        for _, lead in sorted(request.app[WORKSPACE].leads.items())
        if contacts is None or str(lead["email"]).lower() in {contact.lower() for contact in contacts}
    ]
    return _page({key: str(body[key]) for key in ("limit", "starting_after") if key in body}, found)


async def _put_leads(request: web.Request) -> web.Response:
    leads: list[Fields] = []
    for given in await read_seeds(request):
        now = _now()
        leads.append(
            {
                "id": str(uuid7()),
                "timestamp_created": now,
                "timestamp_updated": now,
                "organization": ORGANIZATION,
                "campaign": None,
                "list_id": None,
                "status": 1,
                "email": None,
                "first_name": None,
                "last_name": None,
                "company_name": None,
                "company_domain": str(given.get("email") or "").rpartition("@")[2],
                "email_open_count": 0,
                "email_reply_count": 0,
                "email_click_count": 0,
                "payload": {},
            }
            | given
        )
    request.app[WORKSPACE].leads = {lead["id"]: lead for lead in leads}
    return web.json_response(leads)


async def _list_block_list(request: web.Request) -> web.Response:
    if request.query.get("domains_only", "false") not in ("true", "false"):
        raise Problem(400, "querystring/domains_only must be boolean")
    wanted = request.query.get("search", "").lower()
    domains_only = request.query.get("domains_only") == "true"
    entries = request.app[WORKSPACE].block_list.values()
    return _page(
        request.query,
        [
            entry
            for entry in entries
            if wanted in entry["bl_value"].lower() and (entry["is_domain"] or not domains_only)
        ],
    )


async def _get_block_list(request: web.Request) -> web.Response:
    return web.json_response(list(request.app[WORKSPACE].block_list.values()))


async def _put_block_list(request: web.Request) -> web.Response:
    entries = [_block_list_entry(str(given.get("bl_value", "")), given) for given in await read_seeds(request)]
    request.app[WORKSPACE].block_list = {entry["id"]: entry for entry in entries}
    return web.json_response(entries)


def _block_list_entry(value: str, given: Fields) -> Fields:
    return {
        "id": str(uuid7()),
        "timestamp_created": _now(),
        "organization_id": ORGANIZATION,
        "bl_value": value,
        "is_domain": "@" not in value,
    } | given


async def _add_to_block_list(request: web.Request) -> web.Response:
    body = await _body(request, required={"bl_value"}, optional=set())
    value = body["bl_value"]
    if not isinstance(value, str) or "." not in value or " " in value:
        raise Problem(400, "body/bl_value must be an email or a domain")
    entry = _block_list_entry(value, {})
    request.app[WORKSPACE].block_list[entry["id"]] = entry
    return web.json_response(entry)


async def _delete_from_block_list(request: web.Request) -> web.Response:
    entry = _stored(request, request.app[WORKSPACE].block_list)
    del request.app[WORKSPACE].block_list[entry["id"]]
    return web.json_response(entry)


async def _update_interest_status(request: web.Request) -> web.Response:
    body = await _body(
        request,
        required={"lead_email", "interest_value"},
        optional={"campaign_id", "list_id", "ai_interest_value", "disable_auto_interest"},
    )
    email, value = body["lead_email"], body["interest_value"]
    if not isinstance(email, str) or "@" not in email:
        return web.json_response({"error": "Invalid lead email"}, status=400)  # another shape, as in the real API
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise Problem(400, "body/interest_value must be number,null")
    return web.json_response({"message": "Lead interest status update background job submitted"}, status=202)


# Shared by the endpoints


async def _body(request: web.Request, *, required: set[str], optional: set[str]) -> Fields:
    """The JSON object of a request; Instantly refuses what is missing and what it does not know."""
    try:
        body = json.loads(await request.read())
    except ValueError:
        raise Problem(400, "Body is not valid JSON") from None
    if not isinstance(body, dict):
        raise Problem(400, "body must be object")
    missing = sorted(required - set(body))
    if missing:
        raise Problem(400, f"body must have required property '{missing[0]}'")
    if set(body) - required - optional:
        raise Problem(400, "body must NOT have additional properties")
    return body


def _stored(request: web.Request, objects: dict[str, Fields]) -> Fields:
    found = objects.get(request.match_info["id"])
    if found is None:
        raise Problem(404, "Not found")
    return found


def _page(parameters: Mapping[str, str], found: list[Fields]) -> web.Response:
    """One page, after the item that ``starting_after`` names; the last page still names a cursor, an empty one none."""
    limit = parameters.get("limit", str(DEFAULT_PAGE))
    if not limit.isdecimal() or not 1 <= int(limit) <= MAX_PAGE:
        raise Problem(400, f"querystring/limit must be >= 1 and <= {MAX_PAGE}")
    after = parameters.get("starting_after")
    start = 0
    if after is not None:
        positions = [index for index, item in enumerate(found) if item["id"] == after]
        if not positions:
            raise Problem(400, "querystring/starting_after is unknown")
        start = positions[0] + 1
    items = found[start : start + int(limit)]
    return web.json_response({"items": items} | ({"next_starting_after": items[-1]["id"]} if items else {}))


def _now() -> str:
    return _iso(datetime.now(UTC))


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _moment(value: str, where: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise Problem(400, f"{where} must be a date-time") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _created_at(email_id: str) -> str:
    """When an id was made: version 7 UUIDs say so."""
    try:
        identifier = UUID(email_id)
    except ValueError:
        return _now()
    milliseconds = identifier.int >> 80
    if identifier.version != 7 or milliseconds > time.time() * 1000:
        return _now()
    return _iso(datetime.fromtimestamp(milliseconds / 1000, UTC))
