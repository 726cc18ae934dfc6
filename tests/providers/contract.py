"""The contract of ``shared.providers.protocol``: one class of tests, run for every row of the registry."""

from __future__ import annotations

import json
import logging
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from shared.domain.consent import Consent
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.events import InboundReply, Person, ReplyHandle
from shared.domain.identifiers import uuid7
from shared.domain.identity import canonical_key
from shared.domain.sent_match import UnsettledSend, may_be
from shared.domain.vocabulary import ClientId, DraftId, Source, SuppressionReason
from shared.domain.vocabulary import Provider as ProviderName
from shared.providers.account_values import (
    Hook,
    NotAnswerable,
    Outgoing,
    Queued,
    Sent,
    SentMessage,
    Sought,
    Trigger,
    Wanted,
)
from shared.providers.errors import NotSent, ProviderError, RateLimited, Refused, Uncertain
from shared.providers.protocol import Access, Account, Claim, ClientFrom, Provider, Unreadable, WebhookRequest
from shared.providers.rate_budget import RateBudget
from shared.providers.registry import PROVIDERS
from tests.broken_servers import dripping, serving
from tests.providers.harnesses import CREDENTIAL, HARNESSES, Harness, Sandbox
from tests.rate_budgets import ample, budget_of

TIMEOUT_S = 5.0
SHORT_S = 0.5
PATIENCE_S = 10.0
WORDS = "Sounds interesting, tell me more about the setup."
RESPONSE = Outgoing("Re: quick question", "Hi Pat,\n\nhappy to. Which part matters most to you?\n\nBest,\nSam")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass
class Stage:
    """An account at its sandbox, with one reply of a person's there."""

    provider: Provider
    harness: Harness
    sandbox: Sandbox
    refused: list[str] = field(default_factory=list)
    opened: list[Account] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.handle: ReplyHandle = self.harness.receive_reply(self.sandbox, WORDS)
        self.account = self.open(self.sandbox.url)

    @property
    def person(self) -> Person:
        return self.harness.person

    def open(self, url: str, budget: RateBudget | None = None) -> Account:
        budget = budget or ample(self.provider.rate_limits)
        access = Access(url, budget, on_refused=lambda: self.refused.append("refused"))
        self.opened.append(self.provider.account(CREDENTIAL, access))
        return self.opened[-1]

    def asks(self, call: Call) -> bool:
        """Whether a call asks the provider at all: an ability that it lacks does not."""
        before = len(self.sandbox.requests())
        call(self.account, self, TIMEOUT_S)
        return len(self.sandbox.requests()) > before

    def look(self) -> Trigger:
        trigger = self.account.look_at_trigger(self.handle, timeout_s=TIMEOUT_S)
        assert isinstance(trigger, Trigger)
        return trigger

    def find(self, trigger: Trigger) -> list[SentMessage] | None:
        sought = Sought(datetime.now(UTC) - timedelta(minutes=1), self.person, trigger.thread_id, trigger.our_address)
        found = self.account.find_sent(sought, timeout_s=TIMEOUT_S)
        return None if found is None else list(found)


@pytest.fixture(params=PROVIDERS, ids=str)
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    name: ProviderName = request.param
    with HARNESSES[name].start() as sandbox:
        stage = Stage(PROVIDERS[name], HARNESSES[name], sandbox)
        yield stage
        for account in stage.opened:
            account.close()


def _steps(account: Account, person: Person, wanted: Wanted) -> None:
    for step in account.person_steps(person, wanted, reason=SuppressionReason.OPT_OUT, block_is_ours=True):
        step.run(step.look())


def _put_hook(account: Account) -> None:
    """Where hooks are shown they can be made."""
    if account.hooks() is not None:
        account.put_hook(None, url="https://hooks.example.com/", headers={"A": "b"})


Call = Callable[[Account, Stage, float], object]

CALLS: dict[str, Call] = {
    "look_at_trigger": lambda account, stage, s: account.look_at_trigger(stage.handle, timeout_s=s),
    "conversation": lambda account, stage, s: account.conversation(stage.handle, LONG_AGO, timeout_s=s),
    "send": lambda account, stage, s: account.send(stage.handle, RESPONSE, timeout_s=s),
    "find_sent": lambda account, stage, s: list(account.find_sent(Sought(LONG_AGO, stage.person), timeout_s=s) or ()),
    "identify": lambda account, stage, s: account.identify(stage.person, timeout_s=s),
    "consent": lambda account, stage, s: account.consent(stage.person, timeout_s=s),
    "consents": lambda account, stage, s: account.consents([stage.person], timeout_s=s),
    "blocked": lambda account, _, s: list(account.blocked(None, timeout_s=s)),
    "missed messages": lambda account, _, s: list(account.missed(Source.API, LONG_AGO, timeout_s=s)),
}
WITHOUT_TIMEOUT: dict[str, Call] = {
    "missed deliveries": lambda account, _, s: list(account.missed(Source.HOOK, LONG_AGO, timeout_s=s)),
    "hooks": lambda account, _, __: account.hooks(),
    "put_hook": lambda account, _, __: _put_hook(account),
    "suppress": lambda account, stage, _: _steps(account, stage.person, Wanted.SUPPRESSED),
    "pause": lambda account, stage, _: _steps(account, stage.person, Wanted.PAUSED),
    "release": lambda account, stage, _: _steps(account, stage.person, Wanted.RELEASED),
    "check": lambda account, _, __: account.check(),
}
every_call = pytest.mark.parametrize("call", {**CALLS, **WITHOUT_TIMEOUT}.values(), ids=[*CALLS, *WITHOUT_TIMEOUT])
every_timed_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


def outcome(call: Call, stage: Stage, account: Account | None = None, timeout_s: float = TIMEOUT_S) -> type | None:
    """How a call ended: the class of its error, None without one."""
    try:
        call(account or stage.account, stage, timeout_s)
    except ProviderError as error:
        return type(error)
    return None


def failing(call: Call, stage: Stage, account: Account | None = None, timeout_s: float = TIMEOUT_S) -> ProviderError:
    """The error of a call."""
    with pytest.raises(ProviderError) as raised:
        call(account or stage.account, stage, timeout_s)
    return raised.value


class TestContract:
    """What the pipelines rely on, of any provider."""

    # --- Each outcome of each call -----------------------------------------------------------------------------------

    @every_call
    @pytest.mark.parametrize(
        ("fault", "error"),
        [
            ({"status": 403}, Refused),
            ({"status": 429}, RateLimited),
            ({"status": 500}, Uncertain),
            ({"status": 503, "do_work": True}, Uncertain),
            ({"drop": True}, Uncertain),
            ({"body": "no JSON at all"}, Uncertain),
            ({"body": '["no object"]'}, Uncertain),
        ],
        ids=str,
    )
    def test_failure_says_what_may_have_happened(
        self, stage: Stage, call: Call, fault: dict[str, Any], error: type[ProviderError]
    ) -> None:
        expected = error if stage.asks(call) else None
        stage.sandbox.fault(**fault)
        assert outcome(call, stage, timeout_s=SHORT_S) is expected

    @every_call
    def test_no_connection_is_certain(self, stage: Stage, call: Call) -> None:
        expected = NotSent if stage.asks(call) else None
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        assert outcome(call, stage, stage.open(f"http://127.0.0.1:{port}")) is expected

    @every_timed_call
    @pytest.mark.parametrize(
        ("at_once", "endlessly"),
        [(b"HTTP/1.1 200 OK\r\nX-Filler: ", b"x"), (b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", b" ")],
        ids=["head", "body"],
    )
    def test_response_that_drips_ends_with_the_calls_time(
        self, stage: Stage, call: Call, at_once: bytes, endlessly: bytes
    ) -> None:
        expected = Uncertain if stage.asks(call) else None
        with serving(dripping(at_once, endlessly)) as port:
            account, began = stage.open(f"http://127.0.0.1:{port}"), time.monotonic()
            assert outcome(call, stage, account, SHORT_S) is expected
            assert time.monotonic() - began < PATIENCE_S

    @every_call
    def test_credential_that_is_not_known_is_told_apart(self, stage: Stage, call: Call) -> None:
        if stage.asks(call):
            stage.sandbox.fault(status=401)
            error = failing(call, stage)
            assert isinstance(error, Refused)
            assert error.is_credential
            assert stage.refused

    def test_retry_after_reaches_the_caller(self, stage: Stage) -> None:
        stage.sandbox.fault(status=429, headers={"Retry-After": "7"})
        assert failing(CALLS["send"], stage).retry_after_s == 7

    # --- Sending -----------------------------------------------------------------------------------------------------

    def test_response_leaves_once_as_it_is(self, stage: Stage) -> None:
        sent = stage.account.send(stage.look().handle, RESPONSE, timeout_s=TIMEOUT_S)
        assert isinstance(sent, Sent | Queued)
        assert stage.harness.texts_sent(stage.sandbox) == [RESPONSE.text]

    @pytest.mark.parametrize("status", [400, 403, 404, 422, 429])
    def test_what_is_refused_has_not_left_and_may_be_sent_later(self, stage: Stage, status: int) -> None:
        trigger = stage.look()
        stage.sandbox.fault(status=status)
        assert isinstance(failing(CALLS["send"], stage), Refused | RateLimited)
        assert stage.harness.texts_sent(stage.sandbox) == []
        stage.sandbox.heal()
        later = stage.open(stage.sandbox.url)  # with turns of its own: a 429 puts everybody off
        later.send(trigger.handle, RESPONSE, timeout_s=TIMEOUT_S)
        assert stage.harness.texts_sent(stage.sandbox) == [RESPONSE.text]

    @pytest.mark.parametrize(
        "fault", [{"drop": True}, {"status": 502, "do_work": True}, {"delay_s": 2 * SHORT_S}], ids=str
    )
    def test_lost_response_is_uncertain_and_the_message_is_found(self, stage: Stage, fault: dict[str, Any]) -> None:
        """It has left and nobody was told: it is not sent again, and a look at the provider proves that it left."""
        trigger, intended_at = stage.look(), datetime.now(UTC)
        before = len(stage.sandbox.requests("POST"))
        stage.sandbox.fault(**fault)
        assert type(failing(CALLS["send"], stage, timeout_s=SHORT_S)) is Uncertain
        stage.sandbox.heal()
        assert stage.harness.texts_sent(stage.sandbox) == [RESPONSE.text]
        assert len(stage.sandbox.requests("POST")) == before + 1, "it is never repeated"
        found = stage.find(trigger)
        if found is not None:
            send = UnsettledSend(
                DraftId(uuid7()), RESPONSE.text, intended_at, None, trigger.thread_id, trigger.our_address
            )
            assert [may_be(message.echo, send) for message in found] == [True]

    def test_nothing_is_found_where_nothing_was_sent(self, stage: Stage) -> None:
        assert stage.find(stage.look()) in (None, [])

    def test_handle_that_names_nothing_is_not_answerable_and_asks_nobody(self, stage: Stage) -> None:
        before = len(stage.sandbox.requests())
        answer = stage.account.look_at_trigger({}, timeout_s=TIMEOUT_S)
        assert isinstance(answer, NotAnswerable)
        assert answer.rule in DraftRule
        with pytest.raises(Refused):
            stage.account.send({}, RESPONSE, timeout_s=TIMEOUT_S)
        assert len(stage.sandbox.requests()) == before

    def test_message_of_somebody_else_is_not_the_leads(self, stage: Stage) -> None:
        other = {key: "kim@other.test" if key.startswith("lead") else value for key, value in stage.handle.items()}
        assert isinstance(stage.account.look_at_trigger(other, timeout_s=TIMEOUT_S), NotAnswerable)

    # --- What the provider knows -------------------------------------------------------------------------------------

    def test_trigger_is_the_reply_and_its_handle_is_enough_to_respond(self, stage: Stage) -> None:
        trigger = stage.look()
        assert trigger.our_address is not None
        assert not trigger.automatic
        assert trigger.written_at is not None
        assert trigger.written_at.tzinfo is not None

    def test_conversation_holds_the_reply(self, stage: Stage) -> None:
        events = stage.account.conversation(stage.handle, LONG_AGO, timeout_s=TIMEOUT_S)
        assert events is None or [reply_words(event) for event in events] == [WORDS]

    def test_what_is_vouched_for_of_a_person_are_keys_in_their_canonical_form(self, stage: Stage) -> None:
        found = stage.account.identify(stage.person, timeout_s=TIMEOUT_S)
        keys = () if found is None else found.addresses
        assert [canonical_key(key.kind, key.value) for key in keys] == list(keys)

    def test_person_without_objections_may_be_written_to(self, stage: Stage) -> None:
        assert stage.account.consent(stage.person, timeout_s=TIMEOUT_S) == Consent(())

    def test_consents_come_in_the_order_of_the_people(self, stage: Stage) -> None:
        nobody = Person()
        found = stage.account.consents([nobody, stage.person, nobody], timeout_s=TIMEOUT_S)
        assert found == [None, Consent(()), None]

    def test_suppression_is_known_afterwards_and_its_end_as_well(self, stage: Stage) -> None:
        """Twice each: a retry after a lost response repeats a step."""
        for _ in range(2):
            _steps(stage.account, stage.person, Wanted.SUPPRESSED)
        known = stage.account.consent(stage.person, timeout_s=TIMEOUT_S)
        blocks = list(stage.account.blocked(None, timeout_s=TIMEOUT_S))
        assert known is not None
        assert bool(known.objections) is bool(blocks)
        for _ in range(2):
            _steps(stage.account, stage.person, Wanted.RELEASED)
        left = stage.account.consent(stage.person, timeout_s=TIMEOUT_S)
        assert left is not None
        assert {objection.kind for objection in left.objections} == stage.harness.cannot_be_undone

    def test_paused_sequences_are_no_objection_and_are_done_for_where_it_is_said(self, stage: Stage) -> None:
        steps = stage.account.person_steps(stage.person, Wanted.PAUSED, reason=None, block_is_ours=False)
        assert bool(steps) is stage.provider.pauses_sequences
        for _ in range(2):
            _steps(stage.account, stage.person, Wanted.PAUSED)
        assert stage.account.consent(stage.person, timeout_s=TIMEOUT_S) == Consent(())

    # --- Deliveries --------------------------------------------------------------------------------------------------

    def test_missed_message_is_the_same_bytes_each_time_and_reads_as_the_reply(self, stage: Stage) -> None:
        first, again = (list(stage.account.missed(Source.API, LONG_AGO, timeout_s=TIMEOUT_S)) for _ in range(2))
        assert first == again
        for missed in first:
            assert missed.body is not None
            event = stage.provider.read_event(missed.body, missed.source)
            assert reply_words(event) == WORDS
            assert isinstance(event, InboundReply)
            assert dict(event.handle) == dict(stage.handle)
            assert event.message_id == missed.message_id
            assert event.header.clock_is_providers

    def test_missed_delivery_is_the_bytes_of_the_delivery(self, stage: Stage) -> None:
        bodies = stage.harness.deliveries(stage.sandbox)
        missed = list(stage.account.missed(Source.HOOK, datetime.now(UTC), timeout_s=TIMEOUT_S))
        assert [one.body for one in missed] == bodies
        assert all(one.failure is not None for one in missed)

    def test_what_is_newer_is_not_missed(self, stage: Stage) -> None:
        assert list(stage.account.missed(Source.API, datetime.now(UTC), timeout_s=TIMEOUT_S)) == []

    def test_hook_is_made_changed_and_listed(self, stage: Stage) -> None:
        if stage.account.hooks() is None:
            pytest.skip("this provider shows no hooks")
        made = stage.account.put_hook(None, url="https://hooks.example.com/a", headers={"Authorization": "Bearer t"})
        changed = stage.account.put_hook(made, url="https://hooks.example.com/b")
        assert (changed.id, changed.url, changed.is_active) == (made.id, "https://hooks.example.com/b", True)
        listed: Sequence[Hook] = stage.account.hooks() or ()
        assert [hook.url for hook in listed] == ["https://hooks.example.com/b"]

    @pytest.mark.parametrize("source", Source)
    @pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[]", b"null", b"{", b"{}", b'{"a":' * 5_000])
    def test_body_that_is_no_event_is_unreadable_and_nothing_else(
        self, stage: Stage, body: bytes, source: Source
    ) -> None:
        redacted = stage.provider.redact(body)
        assert stage.provider.redact(redacted) == redacted
        with pytest.raises(Unreadable) as unreadable:
            stage.provider.read_event(redacted, source)
        assert unreadable.value.reason.replace("_", "").isalpha()

    # --- Pace and secrets --------------------------------------------------------------------------------------------

    def test_turn_that_comes_too_late_is_left_to_others_and_nothing_is_asked(self, stage: Stage) -> None:
        if not stage.provider.rate_limits:
            pytest.skip("this provider has no limits that anybody could reach")
        budget = budget_of(stage.provider.rate_limits)
        budget.hold_back(asked_s=3_600.0)
        before = len(stage.sandbox.requests())
        error = failing(CALLS["missed messages"], stage, stage.open(stage.sandbox.url, budget))
        assert isinstance(error, RateLimited)
        assert error.retry_after_s is not None
        assert error.retry_after_s > TIMEOUT_S
        assert len(stage.sandbox.requests()) == before

    @every_call
    @pytest.mark.parametrize("status", [400, 401, 429, 500])
    def test_no_message_and_no_log_line_holds_a_secret_an_address_or_a_body(
        self, stage: Stage, call: Call, status: int, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO)
        said = f'{{"message": "Invalid key {CREDENTIAL} for {stage.person.email}", "error": "no {stage.person.email}"}}'
        shown = ""
        if stage.asks(call):
            stage.sandbox.fault(status=status, body=said)
            error = failing(call, stage, timeout_s=SHORT_S)
            shown = f"{error!r} {error} {error.__cause__!r}"
        for secret in (CREDENTIAL, str(stage.person.email), RESPONSE.text.splitlines()[2]):
            assert secret not in shown + caplog.text


def reply_words(event: object) -> str | None:
    return event.content.text if isinstance(event, InboundReply) else None


def test_every_row_of_the_registry_has_a_harness() -> None:
    assert set(HARNESSES) == set(PROVIDERS) == set(ProviderName)


@pytest.mark.parametrize("name", PROVIDERS, ids=str)
def test_account_opens_without_a_connection(name: ProviderName) -> None:
    with closing(PROVIDERS[name].account(CREDENTIAL, Access("http://127.0.0.1:9", ample(PROVIDERS[name].rate_limits)))):
        pass


@pytest.mark.parametrize("name", PROVIDERS, ids=str)
def test_delivery_of_a_hook_that_is_set_as_we_say_proves_its_client(name: ProviderName) -> None:
    provider, client_id = PROVIDERS[name], ClientId(uuid7())
    set_up = provider.hook_settings(client_id, 3, "current-key")
    assert [one.path.partition("?")[0] for one in set_up] == [route.path for route in provider.routes]
    for route, hook in zip(provider.routes, set_up, strict=True):
        if route.client_from is ClientFrom.ACCOUNT:
            continue
        url = urlsplit(hook.path)
        headers = {header.lower(): value for header, value in hook.headers.items()}
        request = WebhookRequest(url.path, dict(parse_qsl(url.query)), headers, json.dumps(dict(hook.body)).encode())
        assert provider.authenticate(request, ["newer-key", "current-key"]) == Claim(client_id, token_version=3)
        assert provider.authenticate(request, ["newer-key"]) is None
        assert (
            provider.authenticate(replace(request, query={**request.query, "clientId": str(uuid7())}), ["current-key"])
            is None
        )
