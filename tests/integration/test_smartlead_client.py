"""SmartLead's client and account against the sandbox over real connections."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from local.serving import serving
from local.smartlead_sandbox import make_app
from shared.domain.consent import Consent, ProviderObjection
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.events import Address, InboundReply, MessageSent, Person
from shared.domain.vocabulary import IdentityKind, Objection, Source, SuppressionReason
from shared.providers.account_values import (
    BLOCK_IS_OURS,
    OBJECTION_IS_OURS,
    Missed,
    NotAnswerable,
    Outgoing,
    Sent,
    Sought,
    Trigger,
    Wanted,
)
from shared.providers.errors import NotSent, ProviderError, RateLimited, Refused, Uncertain
from shared.providers.protocol import Access
from shared.providers.rate_budget import RateBudget
from shared.providers.smartlead import missed
from shared.providers.smartlead.account import SmartLeadAccount, open_account
from shared.providers.smartlead.client import SmartLeadClient
from shared.providers.smartlead.events import read_event
from shared.providers.smartlead.limits import PER_MINUTE, RATE_LIMITS
from tests.rate_budgets import ample, budget_of

KEY = "key/that+nobody may see"  # encoded, it is spelled otherwise
QUOTED_KEY = "key%2Fthat%2Bnobody"
CAMPAIGN, LEAD_ID = "210433", "1482956"
LEAD, MAILBOX, COLLEAGUE = "pat@acme.test", "sam@send.test", "kim@parent.test"
NOW = datetime.now(UTC).replace(microsecond=0)
REPLIED_AT = NOW - timedelta(minutes=5)
HANDLE = {
    "campaign_id": CAMPAIGN,
    "stats_id": "stats-1",
    "lead_id": LEAD_ID,
    "lead_email": LEAD,
    "to_email": LEAD,
    "message_id": "<reply-1@acme.test>",
    "replied_at": REPLIED_AT.isoformat(),
    "mailbox": MAILBOX,
}
RESPONSE = Outgoing("Re: quick question", 'Hi Pat,\n\nyes: 5 < 6 & "more".\r\nSam')
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def entry(**changes: Any) -> dict[str, Any]:
    return {
        "campaign_id": CAMPAIGN,
        "lead_id": LEAD_ID,
        "type": "REPLY",
        "message_id": "<reply-1@acme.test>",
        "stats_id": "stats-1",
        "time": REPLIED_AT.isoformat(),
        "email_body": "<p>Sounds <b>good</b>.</p>",
        "subject": "Re: quick question",
        "from": LEAD,
        "to": MAILBOX,
    } | changes


def sent(**changes: Any) -> dict[str, Any]:
    given = {"type": "SENT", "message_id": "<ours-1@send.test>", "from": MAILBOX, "to": LEAD}
    return entry(**given | {"email_body": "<div>Hi Pat</div>", "subject": "quick question"} | changes)


class Server:
    """The sandbox as a test sees it, with an account at it."""

    def __init__(self, url: str, budget: RateBudget) -> None:
        self.url = url
        self._http = httpx2.Client(base_url=url, trust_env=False)
        self.account: SmartLeadAccount = open_account(KEY, Access(url, budget))

    def close(self) -> None:
        self._http.close()
        self.account.close()

    def seed(self, **seeds: list[dict[str, Any]]) -> None:
        for name, seed in seeds.items():
            assert self._http.put(f"/_{name}", json=seed).status_code == 200

    def faults(self, *rules: dict[str, Any]) -> None:
        self.seed(faults=[{"match": "/api/"} | rule for rule in rules])

    def get(self, path: str) -> Any:
        return self._http.get(path).json()

    def requests(self, part: str = "") -> list[dict[str, Any]]:
        return [request for request in self.get("/_requests") if part in request["path"]]


@pytest.fixture
def server() -> Iterator[Server]:
    app = make_app(per_second=10_000, per_minute=10_000)
    with serving(app) as url, closing(Server(url, ample(RATE_LIMITS))) as server:
        server.seed(
            campaigns=[{"id": int(CAMPAIGN), "name": "Ops leaders"}],
            leads=[{"id": LEAD_ID, "email": LEAD, "first_name": "Pat", "campaigns": {CAMPAIGN: "INPROGRESS"}}],
            messages=[entry(), sent(time=(REPLIED_AT - timedelta(days=1)).isoformat(), email_seq_number="1")],
        )
        yield server


def look(server: Server, **changes: Any) -> Trigger:
    given = {key: value for key, value in (HANDLE | changes).items() if value is not None}
    trigger = server.account.look_at_trigger(given, timeout_s=5)
    assert isinstance(trigger, Trigger)
    return trigger


def respond(server: Server, handle: dict[str, str] | None = None, **changes: Any) -> Sent:
    return server.account.send(handle or HANDLE, replace(RESPONSE, **changes), timeout_s=5)


# Answering


def test_a_response_goes_into_the_thread_with_its_lines_and_copies(server: Server) -> None:
    trigger = look(server)
    told = respond(server, dict(trigger.handle), copies=("dana@acme.test", "lee@acme.test"))
    (request,) = server.requests("reply-email-thread")
    assert request == {
        "method": "POST",
        "path": f"/api/v1/campaigns/{CAMPAIGN}/reply-email-thread",
        "query": {"api_key": KEY},
        "body": {
            "email_stats_id": "stats-1",
            "email_body": "Hi Pat,<br><br>yes: 5 &lt; 6 &amp; &quot;more&quot;.<br>Sam",
            "to_email": LEAD,
            "reply_message_id": "<reply-1@acme.test>",
            "reply_email_time": REPLIED_AT.isoformat(),
            "reply_email_body": "<p>Sounds <b>good</b>.</p>",
            "cc": "dana@acme.test,lee@acme.test",
        },
        "status": 200,
    }
    assert told == Sent(None, f"{CAMPAIGN}:{LEAD_ID}", None), "SmartLead tells no id"


def test_a_colleagues_reply_is_answered_to_the_colleague(server: Server) -> None:
    server.seed(messages=[entry(), entry(message_id="<kim@parent.test>", stats_id="stats-3", **{"from": COLLEAGUE})])
    trigger = look(server, message_id="<kim@parent.test>", to_email=None, stats_id=None)
    assert (trigger.sender, trigger.handle["to_email"], trigger.handle["stats_id"]) == (COLLEAGUE, COLLEAGUE, "stats-3")
    respond(server, dict(trigger.handle))
    assert server.requests("reply-email-thread")[0]["body"]["to_email"] == COLLEAGUE


def test_a_look_completes_what_the_delivery_did_not_say(server: Server) -> None:
    bare = {"campaign_id": CAMPAIGN, "lead_email": LEAD, "message_id": "<reply-1@acme.test>"}
    trigger = server.account.look_at_trigger(bare, timeout_s=5)
    assert isinstance(trigger, Trigger)
    assert {key: trigger.handle[key] for key in HANDLE} == HANDLE
    assert (trigger.our_address, trigger.thread_id, trigger.written_at) == (
        MAILBOX,
        f"{CAMPAIGN}:{LEAD_ID}",
        REPLIED_AT,
    )


def test_ends_that_are_reversed_do_not_make_our_mailbox_the_sender(server: Server) -> None:
    """SmartLead's deliveries have them so; what is taken for the lead would be answered to ourselves."""
    server.seed(messages=[entry(**{"from": MAILBOX, "to": LEAD}), sent()])
    trigger = look(server, to_email=None, mailbox=None)
    assert (trigger.sender, trigger.our_address) == (LEAD, MAILBOX)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"message_id": None, "stats_id": None}, DraftRule.NO_MESSAGE_ID),
        ({"campaign_id": None}, DraftRule.NO_MESSAGE_ID),
        ({"campaign_id": "../1"}, DraftRule.NO_MESSAGE_ID),
        ({"lead_id": None, "lead_email": "nobody@acme.test"}, DraftRule.NO_MESSAGE_ID),
        ({"lead_email": "other@acme.test"}, DraftRule.NOT_THE_LEADS_MESSAGE),
        ({"message_id": "<other@acme.test>"}, DraftRule.NOT_THE_LEADS_MESSAGE),
        ({"message_id": None, "stats_id": "stats-2"}, DraftRule.NOT_THE_LEADS_MESSAGE),
    ],
)
def test_what_cannot_be_answered(server: Server, changes: dict[str, Any], rule: DraftRule) -> None:
    given = {key: value for key, value in (HANDLE | changes).items() if value is not None}
    answer = server.account.look_at_trigger(given, timeout_s=5)
    assert isinstance(answer, NotAnswerable)
    assert answer.rule is rule


def test_a_reply_without_the_sending_it_answers_is_not_answerable(server: Server) -> None:
    server.seed(messages=[entry(stats_id=None)])
    answer = server.account.look_at_trigger({k: v for k, v in HANDLE.items() if k != "stats_id"}, timeout_s=5)
    assert answer == NotAnswerable(DraftRule.NO_MESSAGE_ID, sender=LEAD, thread_id=f"{CAMPAIGN}:{LEAD_ID}")
    with pytest.raises(Refused):
        respond(server, {k: v for k, v in HANDLE.items() if k != "stats_id"})


def test_a_lead_that_nobody_stored_has_written_what_is_asked_about(server: Server) -> None:
    stranger = HANDLE | {"lead_id": "77", "lead_email": "new@acme.test", "to_email": "new@acme.test"}
    stranger |= {"stats_id": "stats-7", "message_id": "<reply-7@acme.test>"}
    trigger = server.account.look_at_trigger(stranger, timeout_s=5)
    assert isinstance(trigger, Trigger)
    assert dict(trigger.handle) == stranger
    before = datetime.now(UTC) - timedelta(minutes=1)
    respond(server, stranger)
    found = list(server.account.find_sent(Sought(before, thread_id=f"{CAMPAIGN}:77"), timeout_s=5))
    assert [message.text for message in found] == ['Hi Pat,\n\nyes: 5 < 6 & "more".\nSam']


# What a response means


@pytest.mark.parametrize(
    "body",
    [
        "ok",
        '"ok"',
        '{"ok": true}',
        '{"success": true, "message": "Reply sent successfully"}',
        '{"ok": true, "data": "success"}',
        '{"message": "Email added to the queue, will be sent out soon!"}',
        "Email added to the queue, will be sent out soon!",
    ],
)
def test_what_says_that_the_mail_was_taken(server: Server, body: str) -> None:
    server.faults({"match": "reply-email-thread", "body": body})
    assert respond(server) == Sent(None, f"{CAMPAIGN}:{LEAD_ID}", None)


def test_an_id_that_is_told_is_kept(server: Server) -> None:
    server.faults({"match": "reply-email-thread", "body": '{"ok": true, "data": {"message_id": "<ours@send.test>"}}'})
    assert respond(server).message_id == "<ours@send.test>"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"body": ""}, Uncertain),
        ({"body": "{}"}, Uncertain),
        ({"body": "null"}, Uncertain),
        ({"body": "true"}, Uncertain),
        ({"body": "Email could not be sent"}, Uncertain),
        ({"body": "<html>Everything is ok</html>"}, Uncertain),
        ({"body": '{"ok": false, "message": "queued"}'}, Uncertain),
        ({"body": '{"success": false}'}, Uncertain),
        ({"body": '{"ok": true, "error": "sent to nobody"}'}, Uncertain),
        ({"body": '{"success": false, "statusCode": 500, "message": "ok"}'}, Uncertain),
        ({"body": '{"statusCode": 400, "error": "Bad Request", "message": "email_stats_id"}'}, Refused),
        ({"body": '{"ok": false, "statusCode": 429}'}, RateLimited),
        ({"status": 302, "headers": {"Location": "/api/v1/campaigns/"}}, Uncertain),
        ({"status": 401, "body": '{"message": "Invalid API Key"}'}, Refused),
        ({"status": 400, "body": '{"error": "lead_id is not allowed"}'}, Refused),
        ({"status": 422, "body": '{"error": {"code": "VALIDATION", "message": "no"}}'}, Refused),
        ({"status": 500}, Uncertain),
        ({"drop": True}, Uncertain),
    ],
    ids=str,
)
def test_what_a_failed_send_means(server: Server, fault: dict[str, Any], error: type[ProviderError]) -> None:
    server.faults({"match": "reply-email-thread"} | fault)
    with pytest.raises(ProviderError) as raised:
        respond(server)
    assert type(raised.value) is error
    assert len(server.requests("reply-email-thread")) == 1, "a send is never repeated"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('{"message": "Invalid API Key"}', "400: Invalid API Key"),
        ('{"error": "lead_id is not allowed"}', "400: lead_id is not allowed"),
        ('{"error": {"code": "NO", "message": "slow down"}}', "400: slow down"),
        (
            f'{{"message": "not {KEY}, nor {QUOTED_KEY}%20may%20see, nor pat@acme.test"}}',
            "400: not [key], nor [key], nor",
        ),
    ],
)
def test_the_providers_words_in_each_of_its_shapes(server: Server, body: str, words: str) -> None:
    server.faults({"status": 400, "body": body})
    with pytest.raises(Refused) as refused:
        respond(server)
    assert str(refused.value).startswith(words)


def test_the_key_is_nowhere_but_in_the_request(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    """Not in what is raised, nor in what it was raised from, nor in a log of any level that we leave switched on."""
    caplog.set_level(logging.DEBUG)
    rules: list[dict[str, Any]] = [
        {"status": 302, "headers": {"Location": "https://elsewhere.test/"}},
        {"drop": True},
        {"status": 400, "body": f'{{"message": "{KEY}"}}'},
        {"body": "nonsense", "headers": {"Content-Encoding": "gzip"}},
    ]
    shown = repr(server.account) + repr(server.account.__dict__)
    for rule in rules:
        server.faults(rule)
        with pytest.raises(ProviderError) as raised:
            respond(server)
        error: BaseException | None = raised.value
        shown += "".join(traceback.format_exception(raised.value))
        while error is not None:
            shown += f"{error!r}{vars(error)}{getattr(error, 'request', None)!r}"
            error = error.__context__
    ours = "".join(
        record.getMessage() for record in caplog.records if not record.name.startswith(("aiohttp", "asyncio"))
    )
    for spelling in (KEY, QUOTED_KEY, "key%2Fthat"):
        assert spelling not in shown + ours
    assert all(request["query"]["api_key"] == KEY for request in server.requests())


def test_a_key_that_smartlead_does_not_know(server: Server) -> None:
    refused: list[str] = []
    for key in ("invalid-key", "", "ключ"):
        access = Access(server.url, ample(RATE_LIMITS), on_refused=lambda: refused.append("refused"))
        with closing(open_account(key, access)) as account, pytest.raises(Refused) as raised:
            account.check()
        assert raised.value.is_credential
    assert refused == ["refused"]


# The rate


def test_a_limit_that_is_reached_puts_off_all_and_reading_goes_on_after_it() -> None:
    """The sandbox counts as SmartLead does; the wait that it names is slept, on a clock of the test's own."""
    now = [1_000.0]
    app = make_app(per_second=100, per_minute=2, clock=lambda: now[0])
    budget = budget_of(
        (replace(PER_MINUTE, count=100, burst=50),), lambda: now[0], lambda s: now.__setitem__(0, now[0] + s)
    )
    with serving(app) as url, closing(SmartLeadClient(url, "key", budget=budget)) as client:
        for _ in range(3):
            assert client.lead_by_email(LEAD, timeout_s=120) is None
        assert now[0] >= 1_060
        client.unsubscribe("1", timeout_s=5)
        with pytest.raises(RateLimited) as limited:
            client.unsubscribe("2", timeout_s=5)
        assert limited.value.retry_after_s is not None
        assert limited.value.retry_after_s > 50, "and nobody else gets a turn before"


def test_no_turn_is_no_request(server: Server) -> None:
    budget = budget_of((replace(PER_MINUTE, burst=1),))
    with closing(SmartLeadClient(server.url, "key", budget=budget)) as client:
        client.pause(CAMPAIGN, LEAD_ID)
        before = len(server.requests())
        with pytest.raises(RateLimited):
            client.pause(CAMPAIGN, LEAD_ID, timeout_s=0.1)
        assert len(server.requests()) == before


# What was sent


def test_our_answers_are_found_and_the_sequences_mail_is_not(server: Server) -> None:
    by_hand = sent(message_id="<hand@send.test>", time=NOW.isoformat(), email_body="<p>Here you are</p>")
    server.seed(
        messages=[entry(), by_hand, sent(message_id="<step@send.test>", time=NOW.isoformat(), email_seq_number="2")]
    )
    person = Person.of_emails(LEAD)
    for sought in (
        Sought(REPLIED_AT, thread_id=f"{CAMPAIGN}:{LEAD_ID}", our_address=MAILBOX),
        Sought(REPLIED_AT, person=person),
        Sought(REPLIED_AT),
    ):
        (found,) = server.account.find_sent(sought, timeout_s=5)
        assert (found.message_id, found.text, found.our_address) == ("<hand@send.test>", "Here you are", MAILBOX)
        assert (found.thread_id, found.campaign_id, found.person) == (f"{CAMPAIGN}:{LEAD_ID}", CAMPAIGN, person)
        assert found.sent_at == NOW
    nothing = (
        Sought(NOW + timedelta(seconds=1), thread_id=f"{CAMPAIGN}:{LEAD_ID}"),
        Sought(LONG_AGO, thread_id=f"{CAMPAIGN}:{LEAD_ID}", our_address="other@send.test"),
        Sought(LONG_AGO, thread_id="elsewhere"),
        Sought(LONG_AGO, person=Person.of_emails("nobody@acme.test")),
    )
    assert [list(server.account.find_sent(sought, timeout_s=5)) for sought in nothing] == [[], [], [], []]


def test_a_conversation_is_both_sides_of_it(server: Server) -> None:
    ours, theirs = server.account.conversation(HANDLE, LONG_AGO, timeout_s=5) or ()
    assert isinstance(ours, MessageSent)
    assert (ours.campaign_step, ours.our_address, ours.content.html) == (1, MAILBOX, "<div>Hi Pat</div>")
    assert isinstance(theirs, InboundReply)
    assert dict(theirs.handle) == HANDLE
    assert theirs.header.person == Person(
        (Address(IdentityKind.SMARTLEAD_LEAD, LEAD_ID), Address(IdentityKind.EMAIL, LEAD))
    )


# People


def test_who_a_lead_is(server: Server) -> None:
    both = (Address(IdentityKind.SMARTLEAD_LEAD, LEAD_ID), Address(IdentityKind.EMAIL, LEAD))
    for known in both:
        assert server.account.identify(Person((known,)), timeout_s=5) == Person(both)
    for unknown in (
        Person(),
        Person.of_emails("nobody@acme.test"),
        Person((Address(IdentityKind.SMARTLEAD_LEAD, "7"),)),
    ):
        assert server.account.identify(unknown, timeout_s=5) is None


@pytest.mark.parametrize(
    ("lead", "entries", "objections"),
    [
        ({}, [], []),
        ({"is_unsubscribed": True}, [], [ProviderObjection(Objection.UNSUBSCRIBED)]),
        ({"unsubscribed_client_id_map": {"7": True}}, [], [ProviderObjection(Objection.UNSUBSCRIBED)]),
        ({"unsubscribed_client_id_map": {"7": False}}, [], []),
        ({"unsubscribed_from_campaign_id": 5}, [], [ProviderObjection(Objection.UNSUBSCRIBED, "5")]),
        ({}, [{"email_or_domain": "PAT@acme.test"}], [ProviderObjection(Objection.BLOCKED)]),
        ({}, [{"email_or_domain": "pat@acme.test.example"}, {"email_or_domain": "xpat@acme.test"}], []),
        (
            {},
            [{"email_or_domain": LEAD, "source": "Smartlead.ai Bounce Detection"}],
            [ProviderObjection(Objection.BOUNCED)],
        ),
        ({}, [{"email_or_domain": "acme.test"}], [ProviderObjection(Objection.DOMAIN_BLOCKED)]),
    ],
)
def test_who_objects(
    server: Server, lead: dict[str, Any], entries: list[dict[str, Any]], objections: list[ProviderObjection]
) -> None:
    server.seed(leads=[{"id": LEAD_ID, "email": LEAD} | lead], block_list=entries)
    assert server.account.consent(Person.of_emails(LEAD), timeout_s=5) == Consent(tuple(objections))
    assert server.account.consent(Person.of_emails("new@else.test"), timeout_s=5) is None


def test_consents_are_asked_as_far_as_the_rate_allows(server: Server) -> None:
    people = [Person(), *(Person.of_emails(f"p{n}@acme.test") for n in range(5))]
    budget = budget_of((replace(PER_MINUTE, count=60, burst=3),))
    with closing(open_account(KEY, Access(server.url, budget))) as account:
        assert account.consents(people, timeout_s=0.5) == [None] * 4
        with pytest.raises(RateLimited):
            account.consents(people[1:], timeout_s=0.1)


def test_the_block_list_is_read_page_by_page_and_goes_on_behind_an_entry(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.providers.smartlead.leads.BLOCK_LIST_PAGE", 2)
    server.seed(block_list=[{"email_or_domain": f"p{n}@acme.test"} for n in range(5)])
    pages = [[entry.value for entry in page] for page in server.account.blocked(None, timeout_s=5)]
    assert [len(page) for page in pages] == [2, 2, 1]
    first = next(server.account.blocked(None, timeout_s=5))
    rest = [entry.value for page in server.account.blocked(first[-1].id, timeout_s=5) for entry in page]
    assert rest == pages[1] + pages[2]


def steps(server: Server, wanted: Wanted, reason: SuppressionReason | None = None, **options: Any) -> dict[str, Any]:
    person = Person.of_emails(LEAD)
    given = {"block_is_ours": False} | options
    results: dict[str, Any] = {}
    for step in server.account.person_steps(person, wanted, reason=reason, **given):
        looked = step.look()
        results[step.name] = {**looked, **step.run(looked)}
    return results


def test_an_opt_out_unsubscribes_everywhere_and_blocks(server: Server) -> None:
    done = steps(server, Wanted.SUPPRESSED, SuppressionReason.OPT_OUT)
    assert done["block_list"] == {BLOCK_IS_OURS: True}
    assert done["unsubscription"]["result"] == "unsubscribed"
    assert done["unsubscription"][OBJECTION_IS_OURS] == ProviderObjection(Objection.UNSUBSCRIBED).key
    assert server.get("/_leads")[0]["is_unsubscribed"]
    again = steps(server, Wanted.SUPPRESSED, SuppressionReason.OPT_OUT)
    assert again["block_list"] == {}, "a retry finds our own entry"
    assert OBJECTION_IS_OURS not in again["unsubscription"], "and an unsubscription that may be the lead's own"
    assert len(server.requests("/unsubscribe")) == 1
    assert steps(server, Wanted.RELEASED, block_is_ours=True) == {"block_list": {BLOCK_IS_OURS: False}}
    left = server.account.consent(Person.of_emails(LEAD), timeout_s=5)
    assert left == Consent((ProviderObjection(Objection.UNSUBSCRIBED),)), "the API cannot take it back"


def test_a_bounce_only_blocks_and_the_customers_own_entry_stays(server: Server) -> None:
    server.seed(block_list=[{"email_or_domain": LEAD}])
    assert steps(server, Wanted.SUPPRESSED, SuppressionReason.BOUNCED) == {"block_list": {}}
    assert steps(server, Wanted.RELEASED) == {"block_list": {}}
    assert not server.get("/_leads")[0]["is_unsubscribed"]
    assert not server.requests("delete-domain")


def test_sequences_stand_still_in_each_campaign_of_the_lead(server: Server) -> None:
    server.seed(leads=[{"id": LEAD_ID, "email": LEAD, "campaigns": {"1": "INPROGRESS", "2": "INPROGRESS"}}])
    server.faults({"match": "/campaigns/1/", "status": 404})
    assert steps(server, Wanted.PAUSED) == {"sequences": {"result": "paused", "campaigns": 1, "refused": 1}}
    assert server.get("/_leads")[0]["campaigns"] == {"1": "INPROGRESS", "2": "PAUSED"}
    server.seed(leads=[], faults=[])
    assert steps(server, Wanted.PAUSED) == {"sequences": {"result": "unknown"}}
    assert server.account.person_steps(Person(), Wanted.PAUSED, reason=None, block_is_ours=False) == ()


# What the hook did not bring


def read_missed(server: Server, since: datetime) -> list[Missed]:
    return list(server.account.missed(Source.API, since, timeout_s=30))


def test_missed_replies_come_oldest_first_however_many_there_are(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The inbox gives pages, the newest first; 45 leads, one of whom has written twice."""
    monkeypatch.setattr(missed, "PAGES_AT_ONCE", 1)
    replies = [
        entry(
            lead_id=n,
            message_id=f"<m{n:02}@acme.test>",
            time=(REPLIED_AT - timedelta(hours=n)).isoformat(),
            **{"from": f"p{n}@acme.test"},
        )
        for n in range(1, 46)
    ]
    older = entry(lead_id=1, message_id="<older@acme.test>", time=(REPLIED_AT - timedelta(hours=40)).isoformat())
    server.seed(leads=[], messages=[*replies, older, sent(lead_id=1)])
    found = read_missed(server, REPLIED_AT - timedelta(hours=47))
    ids = [one.message_id for one in found]
    assert len(ids) == len(set(ids)) == 46
    in_order = [one.at for one in found if one.message_id != "<older@acme.test>"]
    assert in_order == sorted(at for at in in_order if at is not None)
    assert [one.message_id for one in read_missed(server, REPLIED_AT - timedelta(hours=2))] == [
        "<m02@acme.test>",
        "<m01@acme.test>",
    ], "and the one before it was read yesterday"


def test_a_missed_reply_is_what_its_delivery_would_have_been(server: Server) -> None:
    (found,) = read_missed(server, LONG_AGO)
    assert found.body is not None
    event = read_event(found.body, found.source)
    assert isinstance(event, InboundReply)
    assert (event.message_id, dict(event.handle), event.content.html) == (
        "<reply-1@acme.test>",
        HANDLE,
        "<p>Sounds <b>good</b>.</p>",
    )
    assert event.header.person.first_name == "Pat"
    assert event.header.campaign is not None
    assert event.header.campaign.name == "Ops leaders"


def test_untracked_mail_is_a_reply_only_where_it_looks_like_one(server: Server) -> None:
    at = (NOW - timedelta(minutes=1)).isoformat()
    common = {"recipient_detail": MAILBOX, "reply_picked_time": at, "body": {"text": "Who are you?", "textAsHtml": ""}}
    server.seed(
        messages=[],
        untracked_replies=[
            common | {"message_id": "<u1@x.test>", "sender_detail": "new@x.test", "subject": "AW: your mail"},
            common | {"message_id": "<u2@x.test>", "sender_detail": "dmarc@x.test", "subject": "Report domain: x.test"},
        ],
    )
    first, second = sorted(read_missed(server, LONG_AGO), key=lambda one: one.message_id or "")
    assert second.body is None
    assert first.body is not None
    event = read_event(first.body, first.source)
    assert isinstance(event, InboundReply)
    assert (event.sender, event.our_address, event.content.text) == ("new@x.test", MAILBOX, "Who are you?")
    server.faults({"match": "untracked", "status": 404})
    assert read_missed(server, LONG_AGO) == [], "not every plan has it"


@pytest.mark.parametrize("body", ['{"ok": true, "data": [{"lead_email": "pat@acme.test"}]}', '{"ok": true}'])
def test_an_inbox_without_conversations_is_no_empty_inbox(server: Server, body: str) -> None:
    server.faults({"match": "inbox-replies", "body": body})
    with pytest.raises(Uncertain):
        read_missed(server, LONG_AGO)


def test_failed_deliveries_are_asked_for_again(server: Server) -> None:
    failed = {"campaign_id": int(CAMPAIGN), "url": f"{server.url}/api/v1/hook-of-ours", "body": "{}"}
    server.seed(failed_deliveries=[failed])
    assert list(server.account.missed(Source.HOOK, REPLIED_AT, timeout_s=5)) == []
    (asked,) = server.requests("retrigger")
    assert asked["body"]["fromTime"] == REPLIED_AT.strftime("%Y-%m-%dT00:00:00.000Z")
    assert len(server.requests("hook-of-ours")) == 1
    server.seed(failed_deliveries=[])
    assert list(server.account.missed(Source.HOOK, REPLIED_AT, timeout_s=5)) == []
    assert len(server.requests("retrigger")) == 1, "nothing has failed"
    server.faults({"match": "summary", "status": 404})
    assert list(server.account.missed(Source.HOOK, REPLIED_AT, timeout_s=5)) == [], "not every account has it"


def test_few_campaigns_are_asked_at_a_time(server: Server) -> None:
    server.seed(campaigns=[{"id": n} for n in range(1, 36)] + [{"id": 99, "status": "DRAFTED"}])
    list(server.account.missed(Source.HOOK, REPLIED_AT, timeout_s=5))
    assert 1 <= len(server.requests("summary")) <= missed.CAMPAIGNS_AT_ONCE


# The account


def test_doctors_sentence(server: Server) -> None:
    assert server.account.check() == "answers, 1 of 1 campaigns active, tells who objects"
    assert server.account.hooks() is None


def test_nothing_listening_is_not_sent() -> None:
    with (
        closing(open_account(KEY, Access("http://127.0.0.1:9", ample(RATE_LIMITS)))) as account,
        pytest.raises(NotSent),
    ):
        account.send(HANDLE, RESPONSE, timeout_s=1)
