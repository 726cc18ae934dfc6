"""The client against the sandbox over real connections, and against servers that break the connection on purpose."""

from __future__ import annotations

import json
import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.instantly_sandbox import make_app, new_email
from local.serving import serving
from shared.domain.consent import ProviderObjection
from shared.domain.events import Content, InboundReply
from shared.domain.vocabulary import Objection, Source
from shared.providers.errors import NotSent, ProviderError, RateLimited, Refused, Uncertain
from shared.providers.instantly.client import InstantlyClient, text_as_html
from shared.providers.instantly.emails import Email, SentEmail
from shared.providers.instantly.events import read_event
from shared.providers.instantly.leads import consent
from shared.providers.instantly.limits import EMAIL_LISTING
from shared.providers.rate_budget import RateBudget
from tests.rate_budgets import ample, budget_of

KEY = "key-that-nobody-may-see"
RECEIVED = "019aa0f0-3a10-7c11-9d11-000000000001"
LEAD = "pat@acme.test"
MAILBOX = "sam@send.test"
BLOCKED = ProviderObjection(Objection.BLOCKED)


class FakeTime:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Server:
    """The sandbox as a test sees it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx2.Client(base_url=url, trust_env=False)

    def close(self) -> None:
        self._http.close()

    def faults(self, *rules: dict[str, Any]) -> None:
        assert self.put("/_faults", list(rules)).status_code == 200

    def put(self, path: str, seeds: object) -> httpx2.Response:
        return self._http.put(path, json=seeds)

    def get(self, path: str) -> Any:
        return self._http.get(path).json()

    def requests(self) -> list[dict[str, Any]]:
        logged = self.get("/_requests")
        assert isinstance(logged, list)
        return logged


def open_client(url: str, key: str, http: httpx2.Client | None = None) -> InstantlyClient:
    """A client that never waits for its turn."""
    return InstantlyClient(url, key, http=http, budget=ample([EMAIL_LISTING]))


def client_at_pace(url: str, time: FakeTime, budget: RateBudget | None = None) -> InstantlyClient:
    budget = budget or budget_of([EMAIL_LISTING], time.clock, time.sleep)
    return InstantlyClient(url, KEY, clock=time.clock, budget=budget)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(make_app()) as url, closing(Server(url)) as server:
        yield server


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def client(server: Server) -> Iterator[InstantlyClient]:
    with closing(open_client(server.url, KEY)) as client:
        yield client


@pytest.fixture
def paced_client(fake_time: FakeTime) -> Iterator[tuple[InstantlyClient, Server]]:
    """A client and a sandbox that share a clock, so that the pace is tested without waiting."""
    with (
        serving(make_app(clock=fake_time.clock)) as url,
        closing(Server(url)) as server,
        closing(client_at_pace(url, fake_time)) as client,
    ):
        yield client, server


def answer(client: InstantlyClient, **changes: Any) -> SentEmail:
    given: dict[str, Any] = {
        "reply_to_uuid": RECEIVED,
        "eaccount": MAILBOX,
        "subject": "Re: quick question",
        "body_text": 'Hi Pat,\n\nyes: 5 < 6 & "more".\r\nSam',
        "timeout_s": 5.0,
    }
    return client.reply(**given | changes)


# Answering


def test_an_answer_carries_text_and_html_and_returns_its_ids(server: Server, client: InstantlyClient) -> None:
    sent = answer(client)
    (request,) = server.requests()
    assert request == {
        "method": "POST",
        "path": "/api/v2/emails/reply",
        "query": {},
        "body": {
            "reply_to_uuid": RECEIVED,
            "eaccount": MAILBOX,
            "subject": "Re: quick question",
            "body": {
                "html": "Hi Pat,<br><br>yes: 5 &lt; 6 &amp; &quot;more&quot;.<br>Sam",
                "text": 'Hi Pat,\n\nyes: 5 < 6 & "more".\r\nSam',
            },
        },
        "status": 200,
    }
    stored = client.get_email(sent.id)
    assert (sent.thread_id, sent.message_id) == (stored.thread_id, stored.message_id)
    assert sent.thread_id == client.get_email(RECEIVED).thread_id
    assert (stored.ue_type, stored.eaccount, stored.is_received) == (3, MAILBOX, False)


def test_an_unknown_id_is_a_received_e_mail_of_whatever_lead_asks(client: InstantlyClient) -> None:
    email = client.get_email(RECEIVED)
    assert (email.id, email.is_received, email.lead, email.from_email) == (RECEIVED, True, None, None)
    assert email.may_be_from(LEAD)
    assert email.timestamp_created == datetime.fromtimestamp(0x019A_A0F0_3A10 / 1000, UTC), "as its id says"


@pytest.mark.parametrize(
    ("fields", "may_be"),
    [
        ({"ue_type": 2, "lead": LEAD}, True),
        ({"ue_type": 2, "lead": "PAT@acme.test", "from_address_email": "colleague@acme.test"}, True),
        ({"ue_type": 2, "lead": "other@acme.test", "from_address_email": LEAD}, False),
        ({"ue_type": 2, "lead": None, "from_address_email": LEAD}, True),
        ({"ue_type": 2, "lead": None, "from_address_email": "other@acme.test"}, False),
        ({"ue_type": 2}, True),
        ({"ue_type": 1, "lead": LEAD}, False),
        ({"ue_type": 3, "lead": LEAD}, False),
        ({"ue_type": None, "lead": LEAD}, False),
        ({"lead": LEAD}, False),
    ],
)
def test_whose_received_e_mail_it_is(fields: dict[str, Any], may_be: bool) -> None:
    email = Email.from_json({"id": RECEIVED} | fields)
    assert email is not None
    assert email.may_be_from(LEAD) is may_be


def test_the_mailbox_must_be_the_one_that_received(server: Server, client: InstantlyClient) -> None:
    server.put("/_emails", [{"id": RECEIVED, "eaccount": "other@send.test"}])
    with pytest.raises(Refused) as refused:
        answer(client)
    assert refused.value.status == 400


@given(st.text())
def test_html_keeps_the_lines_and_no_markup(text: str) -> None:
    lines = text_as_html(text).split("<br>")
    assert len(lines) == len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    assert not any(mark in line for line in lines for mark in '<>"\n\r')


# What failures mean


@pytest.mark.parametrize(
    ("rule", "error"),
    [
        ({"status": 429}, RateLimited),
        ({"status": 400}, Refused),
        ({"status": 401}, Refused),
        ({"status": 402}, Refused),
        ({"status": 403}, Refused),
        ({"status": 404}, Refused),
        ({"status": 422, "body": "not JSON"}, Refused),
        ({"status": 404, "body": "", "headers": {"Content-Encoding": "gzip"}}, Refused),
        ({"status": 500}, Uncertain),
        ({"status": 502, "body": "<html>Bad gateway</html>"}, Uncertain),
        ({"status": 503, "do_work": True}, Uncertain),
        ({"status": 302, "headers": {"Location": "/api/v2/emails"}}, Uncertain),
        ({"drop": True}, Uncertain),
        ({"drop": True, "do_work": False}, Uncertain),
        ({"delay_s": 0.5}, Uncertain),
        ({"body": ""}, Uncertain),
        ({"body": "{"}, Uncertain),
        ({"body": "[]"}, Uncertain),
        ({"body": "{}"}, Uncertain),
        ({"body": '{"id": null, "thread_id": "x"}'}, Uncertain),
        ({"body": '{"error": "could not send", "id": "x"}'}, Uncertain),
        ({"status": 200, "body": '{"statusCode": 500, "error": "Internal Server Error"}'}, Uncertain),
        ({"body": "not gzip", "headers": {"Content-Encoding": "gzip"}}, Uncertain),
    ],
)
def test_what_a_failed_answer_means(
    server: Server, client: InstantlyClient, rule: dict[str, Any], error: type[ProviderError]
) -> None:
    server.faults({"match": "/emails/reply"} | rule)
    with pytest.raises(ProviderError) as raised:
        answer(client, timeout_s=0.25)
    assert type(raised.value) is error
    assert len(server.requests()) == 1, "an answer is never repeated"


def test_work_done_behind_a_lost_answer_is_in_the_thread(server: Server, client: InstantlyClient) -> None:
    before = datetime.now(UTC) - timedelta(seconds=60)
    server.faults({"match": "/emails/reply", "drop": True, "count": 1})
    with pytest.raises(Uncertain):
        answer(client)
    thread = client.get_email(RECEIVED).thread_id
    found = list(
        client.list_emails(
            search=f"thread:{thread}", min_timestamp_created=before, eaccount=MAILBOX, limit=10, deadline_s=30
        )
    )
    assert [(email.subject, email.is_received) for email in found] == [("Re: quick question", False)]


def test_credentials_are_told_apart(server: Server, client: InstantlyClient) -> None:
    for status, is_credential in ((400, False), (401, True), (402, True), (403, True), (404, False)):
        server.faults({"match": "/emails", "status": status})
        with pytest.raises(Refused) as refused:
            client.get_email(RECEIVED)
        assert (refused.value.status, refused.value.is_credential) == (status, is_credential)


@pytest.mark.parametrize("key", ["", " ", "ключ", "a\r\nX-Injected: b"])
def test_a_key_that_cannot_be_one_is_a_credential_at_fault(server: Server, key: str) -> None:
    with closing(open_client(server.url, key)) as client, pytest.raises(Refused) as refused:
        client.get_email(RECEIVED)
    assert refused.value.is_credential
    assert server.requests() == []


def test_the_sandbox_wants_a_key_and_knows_its_routes(server: Server) -> None:
    keyless = httpx2.get(f"{server.url}/api/v2/emails/{RECEIVED}", trust_env=False)
    assert (keyless.status_code, keyless.json()["error"]) == (401, "Unauthorized")
    lost = httpx2.get(f"{server.url}/api/v1/unibox", headers={"Authorization": f"Bearer {KEY}"}, trust_env=False)
    assert lost.status_code == 404
    lost = httpx2.get(f"{server.url}/api/v2/unibox", headers={"Authorization": f"Bearer {KEY}"}, trust_env=False)
    assert lost.json() == {"statusCode": 404, "error": "Not Found", "message": "Route GET:/api/v2/unibox not found"}


def test_an_id_that_would_leave_its_path_is_not_found(client: InstantlyClient) -> None:
    for hostile in ("", ".", "..", " "):
        with pytest.raises(Refused) as refused:
            client.get_email(hostile)
        assert refused.value.status == 404
    assert client.get_email("../webhooks?x=1#y/é").id == "../webhooks?x=1#y/é"


def test_nothing_listening_is_not_sent() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    with closing(open_client(f"http://127.0.0.1:{port}", KEY)) as client, pytest.raises(NotSent):
        answer(client)


def test_an_unknown_host_is_not_sent() -> None:
    with closing(open_client("http://instantly.invalid", KEY)) as client, pytest.raises(NotSent):
        answer(client)


@contextmanager
def raw_server(behave: Callable[[socket.socket], None]) -> Iterator[str]:
    """Runs a server that does ``behave`` with the one connection it gets."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def run() -> None:
            connection, _ = listening.accept()
            with closing(connection):
                behave(connection)

        thread = threading.Thread(target=run)
        thread.start()
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        thread.join(10)


def test_a_failed_tls_handshake_is_not_sent() -> None:
    with raw_server(lambda connection: connection.sendall(b"this is no TLS\r\n")) as address:  # noqa: SIM117
        with closing(open_client(f"https://{address}", KEY)) as client, pytest.raises(NotSent):
            answer(client)


@pytest.mark.parametrize(
    "answer_bytes",
    [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"],
    ids=["nothing", "no HTTP", "half a body"],
)
@pytest.mark.parametrize("silence_s", [0.0, 0.5])
def test_once_connected_a_lost_answer_is_uncertain(answer_bytes: bytes, silence_s: float) -> None:
    def behave(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(answer_bytes)
        time.sleep(silence_s)

    with raw_server(behave) as address:  # noqa: SIM117
        with closing(open_client(f"http://{address}", KEY)) as client, pytest.raises(Uncertain):
            answer(client, timeout_s=0.3)


def test_a_connection_that_is_closed_at_once_is_uncertain() -> None:
    with raw_server(lambda _: None) as address:  # noqa: SIM117
        with closing(open_client(f"http://{address}", KEY)) as client, pytest.raises(Uncertain):
            answer(client)


@pytest.mark.parametrize(
    "at_once", [b"HTTP/1.1 200 OK\r\nX-Filler: ", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"]
)
def test_a_head_or_body_that_drips_ends_at_the_deadline(at_once: bytes) -> None:
    def drip(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(at_once)
        with suppress(OSError):  # until the client hangs up: without a deadline it would never
            while True:
                connection.sendall(b" ")
                time.sleep(0.05)

    with raw_server(drip) as address:  # noqa: SIM117
        with closing(open_client(f"http://{address}", KEY)) as client, pytest.raises(Uncertain):
            client.get_email(RECEIVED, timeout_s=0.3)


def test_no_free_connection_is_not_sent(server: Server) -> None:
    with httpx2.Client(limits=httpx2.Limits(max_connections=1), trust_env=False) as http:
        client = open_client(server.url, KEY, http=http)
        with http.stream("GET", server.url), pytest.raises(NotSent):
            answer(client, timeout_s=0.2)


def test_errors_and_logs_hold_no_key_no_address_and_no_body(
    server: Server, client: InstantlyClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    message = f"Invalid key {KEY} for {LEAD} " + "x" * 5000
    server.faults({"match": "/emails", "status": 400, "body": json.dumps({"message": message})})
    with pytest.raises(Refused) as refused:
        answer(client, body_text="secret words")
    assert str(refused.value).startswith("400: Invalid key [key] for [address] xxx")
    assert len(str(refused.value)) < 300
    assert refused.value.__cause__ is None
    with pytest.raises(Refused):
        list(client.list_emails(search=LEAD, deadline_s=5))
    for secret in (KEY, LEAD, "secret words"):
        assert secret not in caplog.text


# Retry-After


def test_retry_after_reaches_the_caller(server: Server, client: InstantlyClient) -> None:
    server.faults({"match": "/emails/reply", "status": 429, "headers": {"Retry-After": "12"}})
    with pytest.raises(RateLimited) as limited:
        answer(client)
    assert limited.value.retry_after_s == 12
    server.faults({"match": "/emails/reply", "status": 429})
    with pytest.raises(RateLimited) as limited:
        answer(client)
    assert limited.value.retry_after_s is None


# Listing


def seeds(count: int, **fields: Any) -> list[dict[str, Any]]:
    start = datetime(2026, 11, 20, tzinfo=UTC)
    return [
        {
            "id": f"019aa0f0-0000-7000-8000-{number:012d}",
            "timestamp_created": (start + timedelta(minutes=number)).isoformat(),
            "lead": LEAD,
            "eaccount": MAILBOX,
        }
        | fields
        for number in range(count)
    ]


def test_listing_pages_to_the_empty_page_at_the_allowed_pace(
    paced_client: tuple[InstantlyClient, Server], fake_time: FakeTime
) -> None:
    client, server = paced_client
    server.put("/_emails", seeds(45))
    listed = [email.id for email in client.list_emails(limit=2, deadline_s=600)]
    assert listed == [seed["id"] for seed in seeds(45)]
    requests = server.requests()
    assert [request["status"] for request in requests] == [200] * 24, "23 pages and the empty one, none refused"
    assert fake_time.slept == [pytest.approx(EMAIL_LISTING.interval_s)] * 23


def test_listing_ends_with_a_time_to_go_on_when_time_is_short(
    paced_client: tuple[InstantlyClient, Server],
) -> None:
    client, server = paced_client
    server.put("/_emails", seeds(45))
    listed: list[Email] = []
    with pytest.raises(RateLimited) as limited:
        listed.extend(client.list_emails(limit=10, deadline_s=8))
    assert len(listed) == 30
    assert limited.value.retry_after_s == pytest.approx(EMAIL_LISTING.interval_s)


def test_listing_told_to_slow_down_waits_and_goes_on(
    paced_client: tuple[InstantlyClient, Server], fake_time: FakeTime
) -> None:
    client, server = paced_client
    server.put("/_emails", seeds(3))
    server.faults({"match": "/emails", "status": 429, "count": 1, "headers": {"Retry-After": "20"}})
    assert len(list(client.list_emails(deadline_s=300))) == 3
    assert fake_time.slept[0] == 20


def test_the_sandbox_has_the_limit_that_the_pace_is_for(paced_client: tuple[InstantlyClient, Server]) -> None:
    client, server = paced_client
    hasty = open_client(server.url, KEY)
    for _ in range(10):
        assert list(hasty.list_emails(deadline_s=1)) == []
    for _ in range(10):
        assert list(hasty.list_emails(deadline_s=1)) == []
    with pytest.raises(RateLimited) as limited:
        list(hasty.list_emails(deadline_s=1))
    assert limited.value.retry_after_s == pytest.approx(60, abs=1)
    hasty.close()
    assert client.get_email(RECEIVED).id == RECEIVED, "the limit is on listing only"


def test_without_a_word_from_instantly_its_whole_window_is_waited_out(fake_time: FakeTime) -> None:
    budget = budget_of([EMAIL_LISTING.scaled(0.05)], fake_time.clock, fake_time.sleep)
    budget.hold_back(asked_s=None)
    budget.take(timeout_s=10)
    assert fake_time.slept == [pytest.approx(3.0)]


def test_clients_of_one_workspace_share_a_pace(fake_time: FakeTime) -> None:
    budget = budget_of([EMAIL_LISTING], fake_time.clock, fake_time.sleep)
    with serving(make_app(clock=fake_time.clock)) as url:
        for _ in range(2):
            with closing(client_at_pace(url, fake_time, budget)) as client:
                list(client.list_emails(deadline_s=60))
    assert fake_time.slept == [pytest.approx(EMAIL_LISTING.interval_s)]


def test_filters_of_the_listing(server: Server) -> None:
    inbound, outbound = seeds(4), seeds(2, ue_type=3, lead="li@other.test", eaccount="kim@send.test", thread_id="t-1")
    for email, number in zip(outbound, (10, 11), strict=True):
        email["id"] = f"019aa0f0-0000-7000-8000-0000000000{number}"
    server.put("/_emails", inbound + outbound)
    client = open_client(server.url, KEY)

    def ids(**filters: Any) -> list[str]:
        return [email.id[-2:] for email in client.list_emails(**filters, deadline_s=10)]

    assert ids(search=LEAD) == ["00", "01", "02", "03"]
    assert ids(search="thread:t-1") == ["10", "11"]
    assert ids(email_type="received", sort_order="desc") == ["03", "02", "01", "00"]
    assert ids(eaccount="kim@send.test") == ["10", "11"]
    assert ids(min_timestamp_created=datetime(2026, 11, 20, 0, 2, tzinfo=UTC)) == ["02", "03"]
    client.close()


def test_a_listing_without_cursor_or_of_one_page_for_ever_ends() -> None:
    items = [{"id": "a"}, {"id": "b"}, "no object", {"no": "id"}]

    def always_the_same(_request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json={"items": items})

    with httpx2.Client(transport=httpx2.MockTransport(always_the_same)) as http:
        client = open_client("https://instantly.test", KEY, http=http)
        assert [email.id for email in client.list_emails(deadline_s=5)] == ["a", "b"]


def test_a_listing_without_items_is_no_listing() -> None:
    with httpx2.Client(transport=httpx2.MockTransport(lambda _: httpx2.Response(200, json={"data": []}))) as http:
        client = open_client("https://instantly.test", KEY, http=http)
        with pytest.raises(Uncertain):
            list(client.list_emails(deadline_s=5))


def test_a_received_e_mail_becomes_the_delivery_that_never_came() -> None:
    fields = new_email(
        {
            "id": RECEIVED,
            "lead": "Pat@Acme.test",
            "from_address_email": "pat@acme.test",
            "eaccount": MAILBOX,
            "subject": "Re: quick question",
            "body": {"text": "Sounds good", "html": "<p>Sounds good</p>"},
            "campaign_id": "4ea94d08-1111-4d39-8e1b-000000000001",
            "timestamp_created": "2026-11-20T14:03:11.000Z",
            "timestamp_email": "2024-11-20T14:03:00.000Z",
        }
    )
    email = Email.from_json(fields)
    assert email is not None
    event = read_event(email.as_body(), Source.API)
    assert isinstance(event, InboundReply)
    header, campaign = event.header, event.header.campaign
    assert (header.person.email, event.message_id, event.our_address) == (LEAD, RECEIVED, MAILBOX)
    assert event.content == Content("Re: quick question", "Sounds good", "<p>Sounds good</p>", email.snippet)
    assert (campaign and campaign.provider_campaign_id, header.external_account) == (email.campaign_id, None)
    assert header.occurred_at == datetime(2026, 11, 20, 14, 3, 11, tzinfo=UTC), "Instantly's clock, not the sender's"
    automatic = Email.from_json(fields | {"is_auto_reply": 1})
    assert automatic is not None
    event = read_event(automatic.as_body(), Source.API)
    assert isinstance(event, InboundReply)
    assert event.automatic


# Webhooks, deliveries, suppression


def test_webhooks_are_registered_changed_and_resumed(server: Server, client: InstantlyClient) -> None:
    made = client.create_webhook(
        target_hook_url="https://hooks.example.com/in", headers={"Authorization": "Bearer t"}, name="replies"
    )
    assert (made.event_type, made.is_active) == ("all_events", True)
    changed = client.update_webhook(made.id, headers={"Authorization": "Bearer u"})
    assert changed.target_hook_url == made.target_hook_url
    (stored,) = server.get("/_requests")[-1:]
    assert stored["body"] == {"headers": {"Authorization": "Bearer u"}}
    server.put("/_webhooks", [{"id": made.id, "status": -1, "timestamp_error": "2026-11-20T14:00:00Z"}])
    (disabled,) = client.list_webhooks()
    assert (disabled.is_active, disabled.timestamp_error) == (False, datetime(2026, 11, 20, 14, tzinfo=UTC))
    assert client.resume_webhook(made.id).is_active
    assert "Bearer" not in repr([made, changed, disabled])
    with pytest.raises(Refused):
        client.resume_webhook("no-such-webhook")


def test_an_event_that_cannot_be_subscribed_to_is_refused(client: InstantlyClient) -> None:
    with pytest.raises(Refused) as refused:
        client.create_webhook(
            target_hook_url="https://hooks.example.com/in", event_type="auto_reply_received", headers={}
        )
    assert refused.value.status == 400


def test_all_webhooks_are_listed_beyond_the_first_page(server: Server, client: InstantlyClient) -> None:
    server.put("/_webhooks", [{"id": f"w{number}", "target_hook_url": "https://x.test"} for number in range(150)])
    assert len(client.list_webhooks()) == 150


def test_failed_deliveries_are_read_with_their_bodies(server: Server, client: InstantlyClient) -> None:
    payload = {"event_type": "reply_received", "lead_email": LEAD, "reply_text": "Ja, gerne – bis Dienstag"}
    server.put(
        "/_webhook_events",
        [
            {"id": "e1", "payload": payload, "timestamp_created": "2026-11-20T10:00:00Z"},
            {"id": "e2", "payload": json.dumps(payload), "timestamp_created": "2026-11-21T10:00:00Z"},
            {"id": "e3", "payload": None, "timestamp_created": "2026-11-22T10:00:00Z"},
            {"id": "e4", "payload": payload, "success": True, "timestamp_created": "2026-11-21T10:00:00Z"},
        ],
    )
    found = {event.id: event for event in client.list_webhook_events()}
    assert list(found) == ["e3", "e2", "e1"]
    expected = json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()
    assert found["e1"].raw_body == expected, "as JavaScript writes it"
    assert found["e2"].raw_body == json.dumps(payload).encode()
    assert found["e3"].raw_body is None
    on_the_21st = client.list_webhook_events(from_date=date(2026, 11, 21), to_date=date(2026, 11, 21))
    assert [event.id for event in on_the_21st] == ["e2"]
    assert [event.id for event in client.list_webhook_events(success=True)] == ["e4"]


def test_leads_are_asked_for_by_their_exact_addresses(server: Server, client: InstantlyClient) -> None:
    server.put(
        "/_leads",
        [
            {"id": "l1", "email": "Pat@acme.test", "status": 1, "campaign": "c1"},
            {"id": "l2", "email": LEAD, "status": -2, "campaign": "c2"},
            {"id": "l3", "email": "jo.pat@acme.test", "status": -1},
            {"id": "l4", "email": "li@acme.test", "status": -3},
        ],
    )
    found = list(client.list_leads(contacts=[LEAD, "li@acme.test"]))
    assert [(lead.id, lead.email, lead.status, lead.campaign_id) for lead in found] == [
        ("l1", LEAD, 1, "c1"),
        ("l2", LEAD, -2, "c2"),
        ("l4", "li@acme.test", -3, None),
    ]
    assert [lead.objection for lead in found] == [None, ProviderObjection(Objection.UNSUBSCRIBED, "c2"), None]
    bodies = [request["body"] for request in server.requests() if request["path"] == "/api/v2/leads/list"]
    assert bodies == [
        {"contacts": [LEAD, "li@acme.test"], "limit": 100},
        {"contacts": [LEAD, "li@acme.test"], "limit": 100, "starting_after": "l4"},
    ]


def test_leads_are_listed_page_after_page(server: Server, client: InstantlyClient) -> None:
    server.put("/_leads", [{"id": f"l{number:03}", "email": LEAD, "campaign": f"c{number}"} for number in range(205)])
    assert len(list(client.list_leads(contacts=[LEAD]))) == 205


@pytest.mark.parametrize(
    ("leads", "blocked", "objections"),
    [
        ([], [], None),
        ([{"email": LEAD, "status": 1}], ["jo.pat@acme.test", "me.test", "acme.test.example"], []),
        ([{"email": LEAD, "status": -2, "campaign": "c1"}] * 2, [], [ProviderObjection(Objection.UNSUBSCRIBED, "c1")]),
        ([{"email": LEAD, "status": -1}], [LEAD], [ProviderObjection(Objection.BOUNCED), BLOCKED]),
        ([], ["PAT@acme.test"], [BLOCKED]),
        ([], ["Acme.test"], [ProviderObjection(Objection.DOMAIN_BLOCKED)]),
    ],
)
def test_consent_is_what_leads_and_block_list_say_of_one_person(
    server: Server,
    client: InstantlyClient,
    leads: list[dict[str, Any]],
    blocked: list[str],
    objections: list[ProviderObjection] | None,
) -> None:
    server.put("/_leads", leads)
    server.put("/_block_list", [{"bl_value": value} for value in blocked])
    found = consent(client, LEAD, timeout_s=5.0)
    assert (None if found is None else list(found.objections)) == objections


def test_a_search_for_a_domain_does_not_read_all_addresses_of_it(server: Server, client: InstantlyClient) -> None:
    server.put("/_block_list", [{"bl_value": f"lead{number}@acme.test"} for number in range(250)])
    assert not client.is_on_block_list("acme.test", domains_only=True)
    assert len(server.requests()) == 1


@pytest.mark.parametrize(
    ("path", "scope"), [("/leads/list", "leads:read"), ("/block-lists-entries", "block_list_entries:read")]
)
def test_a_missing_scope_is_named(server: Server, client: InstantlyClient, path: str, scope: str) -> None:
    server.faults({"match": path, "status": 403})
    with pytest.raises(Refused, match=scope) as refused:
        consent(client, LEAD, timeout_s=5.0)
    assert refused.value.is_credential


def test_an_unknown_person_may_be_answered_with_404_and_an_outage_is_no_answer(
    server: Server, client: InstantlyClient
) -> None:
    server.faults({"match": "/leads/list", "status": 404})
    assert consent(client, LEAD, timeout_s=5.0) is None
    for status, error in ((429, RateLimited), (503, Uncertain), (401, Refused)):
        server.faults({"match": "/leads/list", "status": status})
        with pytest.raises(error):
            consent(client, LEAD, timeout_s=5.0)


def test_the_block_list_is_read_on_from_an_entry(server: Server, client: InstantlyClient) -> None:
    server.put("/_block_list", [{"id": f"e{number:03}", "bl_value": f"L{number}@acme.test"} for number in range(150)])
    entries = list(client.list_block_list())
    assert (len(entries), entries[0].value, entries[0].is_domain) == (150, "l0@acme.test", False)
    assert [entry.id for entry in client.list_block_list(starting_after="e147")] == ["e148", "e149"]


def test_an_answer_that_names_a_received_mail_is_uncertain(server: Server, client: InstantlyClient) -> None:
    """The mail that was answered, or any other that came in: it is not the one that was sent."""
    for body in (
        {"id": RECEIVED, "thread_id": None},
        {"id": "019aa0f0-3a10-7c11-9d11-0000000000ff", "ue_type": 2},
    ):
        server.faults({"match": "/emails/reply", "status": 200, "body": json.dumps(body), "do_work": True})
        with pytest.raises(Uncertain, match="received"):
            answer(client)


def test_an_entry_on_the_block_list_is_found_in_every_spelling_of_its_domain(client: InstantlyClient) -> None:
    client.add_block_list_entry("ann@Müller.example")
    client.add_block_list_entry("xn--mller-kva.example")
    assert client.is_on_block_list("ann@xn--mller-kva.example")
    assert client.is_on_block_list("müller.example"), "domains are entries, too"
    assert not client.is_on_block_list("joann@xn--mller-kva.example")
    assert client.delete_block_list_entry("ann@xn--mller-kva.example")
    assert not client.is_on_block_list("ann@müller.example")


def test_the_block_list_is_exact(server: Server, client: InstantlyClient) -> None:
    client.add_block_list_entry("joann@acme.test")
    assert not client.is_on_block_list("ann@acme.test"), "the search is by substring"
    client.add_block_list_entry("ann@acme.test")
    assert client.is_on_block_list("Ann@acme.test.")
    assert client.delete_block_list_entry("ann@acme.test") is True
    assert client.delete_block_list_entry("ann@acme.test") is False
    assert client.is_on_block_list("joann@acme.test"), "only the exact entry was deleted"
    deleted = [request["path"] for request in server.requests() if request["method"] == "DELETE"]
    assert len(deleted) == 1
    assert re.fullmatch(r"/api/v2/block-lists-entries/[\w-]+", deleted[0]), (
        "without an id it would empty the whole list"
    )


def test_interest_status(server: Server, client: InstantlyClient) -> None:
    client.update_interest_status(LEAD, -1)
    client.update_interest_status(LEAD, None)
    first, second = server.requests()
    assert (first["status"], first["body"]) == (
        202,
        {"lead_email": LEAD, "interest_value": -1},
    )
    assert second["body"] == {"lead_email": LEAD, "interest_value": None}
    with pytest.raises(Refused) as refused:
        client.update_interest_status("nobody", 1)
    assert refused.value.message == "Invalid lead email"


def test_a_base_url_that_is_none_is_refused_at_once() -> None:
    for wrong in ("", "api.instantly.test", "ftp://api.instantly.test"):
        with pytest.raises(ValueError, match="base URL"):
            open_client(wrong, KEY)


def test_the_sandbox_says_what_it_is(server: Server) -> None:
    assert "Sandbox of Instantly" in server.get("/")["service"]
