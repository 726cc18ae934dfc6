"""What each of SmartLead's deliveries says, in whichever of its dialects."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.events import (
    AccountProblem,
    Bounced,
    Campaign,
    Content,
    Event,
    InboundReply,
    Labelled,
    MessageSent,
    Person,
    Unknown,
    Unsubscribed,
    Unused,
)
from shared.domain.trigger_facts import OurMessage
from shared.domain.vocabulary import Channel, IdentityKind, Source
from shared.providers.event_fields import MAX_HTML_BYTES
from shared.providers.protocol import Unreadable
from shared.providers.smartlead.events import can_affect_a_person, read_event
from shared.providers.smartlead.shorter import shorter_body
from tests.instantly_events import body_of
from tests.smartlead_events import (
    account_disconnected,
    category_updated,
    email_reply,
    email_sent,
    lead_event,
    nested_reply,
)

AT = datetime(2026, 11, 20, 14, 3, 11, tzinfo=UTC)
WRITTEN = "2026-11-20T14:03:11.000+00:00"
LEAD, COLLEAGUE, MAILBOX = "dana.ortiz@acme.test", "kim@parent.test", "sam@send.test"
REPLY: dict[str, Any] = email_reply(
    stats_id="stats-1",
    stats_thread_id="stats-1",
    sl_email_lead_id="1482956",
    sl_lead_email=LEAD,
    to_email=LEAD,
    event_timestamp=WRITTEN,
    reply_message={
        "message_id": " <CAF7kq-01@mail.acme.test> ",
        "text": "Tuesday works.\r\n\r\n> Hi Dana",
        "html": "<p>Tuesday works.</p>",
        "time": WRITTEN,
    },
    sent_message={"message_id": "<sl-1@send.test>", "text": "Hi Dana", "html": "<p>Hi Dana</p>", "time": WRITTEN},
    leadCorrespondence={"targetLeadEmail": LEAD, "replyReceivedFrom": LEAD},
)
HANDLE = {
    "campaign_id": "210433",
    "stats_id": "stats-1",
    "lead_id": "1482956",
    "lead_email": LEAD,
    "to_email": LEAD,
    "message_id": "<CAF7kq-01@mail.acme.test>",
    "replied_at": AT.isoformat(),
    "mailbox": MAILBOX,
}


def read(payload: Any) -> Event:
    return read_event(payload if isinstance(payload, bytes) else body_of(payload), Source.HOOK)


def reply_in(payload: Any) -> InboundReply:
    event = read(payload)
    event = event.reply if isinstance(event, Labelled) else event
    assert isinstance(event, InboundReply)
    return event


def changed(payload: dict[str, Any], /, *without: str, **changes: Any) -> dict[str, Any]:
    return {key: value for key, value in {**payload, **changes}.items() if key not in without}


def refusal(body: bytes) -> Unreadable:
    with pytest.raises(Unreadable) as refused:
        read(body)
    return refused.value


# --- A reply ---------------------------------------------------------------------------------------------------------


def test_a_reply_in_the_current_words() -> None:
    reply = reply_in(REPLY)
    header = reply.header
    assert (header.name, header.log_name, header.channel) == ("EMAIL_REPLY", "email_reply", Channel.EMAIL)
    assert (header.occurred_at, header.clock_is_providers, header.external_account) == (AT, False, None)
    assert header.campaign == Campaign("210433", "Q4 Ops leaders")
    assert [(address.kind, address.value) for address in header.person.addresses] == [
        (IdentityKind.SMARTLEAD_LEAD, "1482956"),
        (IdentityKind.EMAIL, LEAD),
    ]
    assert (header.person.first_name, header.person.last_name) == ("Dana", "Ortiz")
    assert reply.content == Content(
        subject="Re: quick question",
        text="Tuesday works.\r\n\r\n> Hi Dana",
        html="<p>Tuesday works.</p>",
        snippet="Sounds good, Tuesday?",
    )
    assert (reply.message_id, reply.thread_id) == ("<CAF7kq-01@mail.acme.test>", "210433:1482956")
    assert (reply.sender, reply.our_address) == (LEAD, MAILBOX)
    assert reply.handle == HANDLE
    assert reply.answers == OurMessage("", "Hi Dana", AT)
    assert (reply.automatic, reply.copies, reply.attachments) == (False, (), ())


def test_the_payload_is_kept() -> None:
    assert read(REPLY).header.payload == REPLY


def test_both_sources_speak_alike() -> None:
    shown, told = read_event(body_of(REPLY), Source.API), read(REPLY)
    assert shown.header.clock_is_providers, "what the API shows has been kept by SmartLead"
    assert replace(shown, header=replace(shown.header, clock_is_providers=False)) == told


@pytest.mark.parametrize("id", ["1482956", 1482956, " 1482956 ", "0001482956"])
def test_the_leads_id_has_one_spelling(id: Any) -> None:
    assert reply_in(changed(REPLY, sl_email_lead_id=id)).handle["lead_id"] == "1482956"


@pytest.mark.parametrize("id", ["", "x1", "-1", "0", 0, 1.5, True, [], "1" * 30, None])
def test_what_is_no_id_of_a_lead_is_missing(id: Any) -> None:
    reply = reply_in(changed(REPLY, sl_email_lead_id=id))
    assert reply.header.person == Person(Person.of_emails(LEAD).addresses, "Dana", "Ortiz")
    assert "lead_id" not in reply.handle


def test_the_leads_id_under_its_other_names() -> None:
    assert reply_in(changed(REPLY, "sl_email_lead_id", lead_id=77)).handle["lead_id"] == "77"
    assert reply_in(nested_reply(lead={"id": 78, "email": LEAD})).handle["lead_id"] == "78"


def test_a_colleagues_reply_belongs_to_the_lead_and_is_answered_to_the_colleague() -> None:
    reply = reply_in(
        changed(
            REPLY,
            to_email="Kim@Parent.test",
            cc_emails=[LEAD, "no address", 7],
            leadCorrespondence={"targetLeadEmail": LEAD, "replyReceivedFrom": COLLEAGUE},
        )
    )
    assert reply.header.person.email == LEAD
    assert (reply.header.person.first_name, reply.header.person.last_name) == (None, None)  # not whose name it is
    assert reply.sender == "Kim@Parent.test"
    assert (reply.handle["to_email"], reply.handle["lead_email"]) == ("Kim@Parent.test", LEAD)
    assert reply.copies == (LEAD,)


@pytest.mark.parametrize(
    ("without", "changes", "lead", "writer"),
    [
        (["sl_lead_email"], {"leadCorrespondence": {"targetLeadEmail": LEAD}, "to_email": COLLEAGUE}, LEAD, COLLEAGUE),
        (
            ["sl_lead_email", "leadCorrespondence", "to_email"],
            {"lead_correspondence": {"target_lead_email": LEAD, "reply_received_from": COLLEAGUE}},
            LEAD,
            COLLEAGUE,
        ),
        (["to_email"], {"leadCorrespondence": {"replyReceivedFrom": COLLEAGUE}}, LEAD, COLLEAGUE),
        (["sl_lead_email", "leadCorrespondence"], {"to_email": COLLEAGUE}, COLLEAGUE, COLLEAGUE),
        (["to_email", "leadCorrespondence"], {}, LEAD, None),
        (["sl_lead_email", "leadCorrespondence"], {"to_email": "x"}, None, None),
    ],
)
def test_who_the_lead_is_and_who_has_written(
    without: list[str], changes: dict[str, Any], lead: str | None, writer: str | None
) -> None:
    reply = reply_in(changed(REPLY, *without, **changes))
    assert (reply.header.person.email, reply.sender) == (lead, writer)
    assert MAILBOX not in {address.value for address in reply.header.person.addresses}


@pytest.mark.parametrize(
    ("changes", "text", "html"),
    [
        ({"reply_message": {"text": "", "html": "<p>Yes</p>"}}, None, "<p>Yes</p>"),
        ({"reply_message": {"text": "Yes", "html": ""}}, "Yes", None),
        ({"reply_message": {"text": " ", "html": None}, "reply_body": "<b>Yes</b>"}, None, "<b>Yes</b>"),
        ({"reply_message": None, "reply_body": "Please stop.\nLee"}, "Please stop.\nLee", None),
        ({"reply_message": "Yes", "reply_body": "I&#39;m in"}, None, "I&#39;m in"),
        ({"reply_message": {"text": ["x"]}, "reply_body": 5}, "5", None),
        ({"reply_message": {}}, None, None),
    ],
)
def test_the_deprecated_twins_are_read_where_the_current_ones_are_empty(
    changes: dict[str, Any], text: str | None, html: str | None
) -> None:
    content = reply_in(changed(REPLY, **changes)).content
    assert (content.text, content.html, content.snippet) == (text, html, "Sounds good, Tuesday?")


def test_an_id_of_the_reply_is_never_that_of_our_own_mail() -> None:
    twin = changed(REPLY, reply_message={"text": "Yes"}, message_id="<old-1@acme.test>")
    assert reply_in(twin).message_id == "<old-1@acme.test>"
    assert reply_in(changed(twin, message_id="<sl-1@send.test>")).message_id is None
    assert reply_in(changed(twin, message_id="x" * 600)).message_id is None


def test_a_thread_is_all_mail_with_a_lead_in_a_campaign() -> None:
    reply = reply_in(changed(REPLY, stats_id="stats-3"))
    assert (reply.thread_id, reply.handle["stats_id"]) == ("210433:1482956", "stats-3")
    assert reply_in(changed(REPLY, "campaign_id")).thread_id is None
    assert reply_in(changed(REPLY, "sl_email_lead_id")).thread_id is None
    for missing in ("campaign_id", "stats_id"):
        assert missing not in reply_in(changed(REPLY, missing)).handle


def test_copies_and_attachments_in_any_form() -> None:
    reply = reply_in(
        changed(
            REPLY,
            cc_emails=[{"address": "a@acme.test"}, {"email": "b@acme.test"}, "Cy <c@acme.test>", {}, None],
            attachments=[{"file_name": "offer.pdf"}, {"filename": "b.png"}, "c.txt", {"file_size": 3}, None],
        )
    )
    assert reply.copies == ("a@acme.test", "b@acme.test", "c@acme.test")
    assert reply.attachments == ("offer.pdf", "b.png", "c.txt")
    assert reply_in(changed(REPLY, cc_emails="a@acme.test, B <b@acme.test>")).copies == ("a@acme.test", "b@acme.test")


def test_what_it_answers_is_read_from_whatever_shows_it() -> None:
    assert reply_in(changed(REPLY, "sent_message", sent_message_body="<p>Hi<br>Dana</p>")).answers == OurMessage(
        "", "Hi\nDana", None
    )
    assert reply_in(changed(REPLY, "sent_message")).answers is None


def test_the_provider_s_time_comes_first() -> None:
    later = "2026-11-21T10:00:00Z"
    assert reply_in(changed(REPLY, event_timestamp=later)).header.occurred_at == datetime(2026, 11, 21, 10, tzinfo=UTC)
    assert reply_in(changed(REPLY, "event_timestamp", time_replied=later)).header.occurred_at != AT
    assert reply_in(changed(REPLY, "event_timestamp")).header.occurred_at == AT
    assert reply_in(changed(REPLY, event_timestamp="yesterday")).header.occurred_at == AT


def test_html_that_is_too_large_is_dropped_beside_text() -> None:
    shown = {"text": "Yes", "html": "x" * (MAX_HTML_BYTES + 1)}
    reply = reply_in(changed(REPLY, reply_message=shown))
    assert reply.content.html is None
    assert reply.header.payload["reply_message"]["html"] is None
    assert reply_in(changed(REPLY, reply_message={"html": shown["html"]})).content.html == shown["html"]


# --- The other dialects ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["EMAIL_REPLY", "EMAIL_REPLIED", "LEAD_REPLIED", "email_reply"])
@pytest.mark.parametrize("key", ["event_type", "event"])
def test_the_family_decides_whatever_the_vocabulary(name: str, key: str) -> None:
    reply = reply_in({**changed(REPLY, "event_type"), key: name})
    assert (reply.header.name, reply.header.log_name) == (name, name.lower())
    assert reply.message_id == "<CAF7kq-01@mail.acme.test>"


def test_the_nested_dialect() -> None:
    reply = reply_in(
        nested_reply(timestamp=WRITTEN, reply={"subject": "Re: hi", "body": "Not now.", "received_at": WRITTEN})
    )
    assert reply.content == Content("Re: hi", "Not now.")
    assert (reply.header.occurred_at, reply.message_id, reply.thread_id) == (AT, None, None)
    assert reply.sender == reply.header.person.email
    assert (reply.header.person.first_name, reply.header.person.last_name) == ("Ray", "Moss")


def test_the_guides_dialect() -> None:
    event = {
        "event_type": "EMAIL_REPLIED",
        "timestamp": WRITTEN,
        "campaign_id": 12345,
        "lead": {"id": 67890, "email": LEAD, "first_name": "Dana", "company_name": "Acme"},
        "reply_body": "<p>Tell me more</p>",
        "subject": "Re: hi",
    }
    reply = reply_in(event)
    assert (reply.content.html, reply.content.subject) == ("<p>Tell me more</p>", "Re: hi")
    assert (reply.header.person.company, reply.handle["lead_id"], reply.header.occurred_at) == ("Acme", "67890", AT)


def test_a_reply_of_no_campaign_has_no_thread_to_answer_in() -> None:
    event = {
        "event_type": "UNTRACKED_REPLIES",
        "event_timestamp": WRITTEN,
        "campaign_id": 1,
        "subject": "your mail",
        "reply_message": {"message_id": "<u-1@else.test>", "html": "", "text": "Who are you?", "time": WRITTEN},
        "sender_detail": "Stra Nger <stranger@else.test>",
        "recipient_detail": MAILBOX,
        "cc": "x@else.test",
    }
    for reply in (
        reply_in(event),
        reply_in(changed(event, "sender_detail", to_email="stranger@else.test", to_name="Stra Nger")),
    ):
        assert (reply.header.campaign, reply.thread_id, reply.message_id) == (None, None, "<u-1@else.test>")
        assert reply.header.person == Person(Person.of_emails("stranger@else.test").addresses, "Stra", "Nger")
        assert (reply.sender, reply.our_address, reply.copies) == ("stranger@else.test", MAILBOX, ("x@else.test",))
        assert not {"campaign_id", "stats_id"} & reply.handle.keys()
        assert reply.content.text == "Who are you?"
    assert reply_in(changed(event, "reply_message", visible_text="Hi")).content.text == "Hi"


# --- A category ------------------------------------------------------------------------------------------------------


def test_a_category_brings_its_reply_complete() -> None:
    label = read(category_updated(REPLY))
    assert isinstance(label, Labelled)
    assert not label.means_meeting  # whatever it is called
    assert (label.header.log_name, label.header.occurred_at) == ("lead_category_updated", AT)
    assert label.header.clock_is_providers
    reply, told = label.reply, reply_in(REPLY)
    assert (reply.message_id, reply.thread_id, reply.handle) == (told.message_id, told.thread_id, told.handle)
    assert (reply.sender, reply.our_address, reply.header.campaign) == (told.sender, MAILBOX, told.header.campaign)
    assert reply.header.person == replace(told.header.person, company="Acme")
    assert reply.content == Content("Re: quick question", None, "<p>Tuesday works.</p>")
    assert reply.answers == OurMessage("quick question", "Hi Dana", AT)


def test_nothing_of_the_leads_data_but_the_email_is_a_key() -> None:
    assert {address.kind for address in read(category_updated(REPLY)).header.person.addresses} == {
        IdentityKind.SMARTLEAD_LEAD,
        IdentityKind.EMAIL,
    }


def test_a_category_for_a_colleagues_reply() -> None:
    label = category_updated(REPLY)
    label["lastReply"]["reply_from_email"] = COLLEAGUE
    reply = reply_in(label)
    assert (reply.header.person.email, reply.sender, reply.handle["to_email"]) == (LEAD, COLLEAGUE, COLLEAGUE)


def test_the_last_reply_under_its_new_name_or_only_in_the_history() -> None:
    label = category_updated(REPLY)
    last = label.pop("lastReply")
    renamed = reply_in({**label, "last_reply": {**last, "stats_id": "stats-9"}})
    assert (renamed.message_id, renamed.handle["stats_id"]) == (HANDLE["message_id"], "stats-9")
    found = reply_in(label)
    assert (found.message_id, found.content.html) == (HANDLE["message_id"], "<p>Tuesday works.</p>")
    assert found.sender is None  # the history does not say who has written


def test_a_category_without_a_reply_has_no_words() -> None:
    label = category_updated(REPLY)
    reply = reply_in(changed(label, "lastReply", "history"))
    assert not reply.content.has_body
    assert reply.message_id is None
    for odd in ([], {}, "x", [None, 5, {"type": "SENT"}]):
        assert not reply_in(changed(label, "lastReply", history=odd)).content.has_body


# --- What is no reply ------------------------------------------------------------------------------------------------


def test_a_sent_mail() -> None:
    event = read(email_sent(sl_email_lead_id=77, event_timestamp=WRITTEN))
    assert isinstance(event, MessageSent)
    assert (event.header.person.email, event.our_address) == ("dana@acme.test", MAILBOX)
    assert (event.thread_id, event.campaign_step, event.header.occurred_at) == ("210433:77", 2, AT)
    assert event.content == Content("quick question", "Hi Dana", "<p>Hi Dana</p>")


def test_the_first_mail_is_the_first_step_and_the_same_mail() -> None:
    sent = email_sent()
    first = read(changed(sent, "sequence_number", event_type="FIRST_EMAIL_SENT"))
    told = read(sent)
    assert isinstance(first, MessageSent)
    assert isinstance(told, MessageSent)
    assert (first.campaign_step, first.message_id) == (1, told.message_id)


def test_a_sent_mail_by_its_deprecated_names() -> None:
    old = changed(
        email_sent(),
        "sent_message",
        "subject",
        custom_subject="hi",
        custom_email_message="<p>Hi</p>",
        message_id="<o@x>",
    )
    event = read(old)
    assert isinstance(event, MessageSent)
    assert (event.content, event.message_id) == (Content("hi", None, "<p>Hi</p>"), "<o@x>")


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (lead_event("EMAIL_BOUNCE", is_bounced=True), Bounced),
        (lead_event("EMAIL_BOUNCED"), Bounced),
        (lead_event("LEAD_BOUNCED"), Bounced),
        (lead_event("EMAIL_BOUNCE", is_bounced=False), Unused),
        (lead_event("LEAD_UNSUBSCRIBED"), Unsubscribed),
        (lead_event("EMAIL_UNSUBSCRIBED"), Unsubscribed),
        (lead_event("EMAIL_OPEN"), Unused),
        (lead_event("EMAIL_OPENED"), Unused),
        (lead_event("EMAIL_LINK_CLICK"), Unused),
        (lead_event("CAMPAIGN_STATUS_CHANGED"), Unused),
        (lead_event("MANUAL_STEP_REACHED"), Unused),
        (lead_event("EMAIL_ACCOUNT_DISCONNECTED"), AccountProblem),
        (lead_event("LINKEDIN_DISCONNECTED"), AccountProblem),
        (account_disconnected(), AccountProblem),
        (account_disconnected(type="campaign.bounce_threshold.breached"), Unknown),
        (account_disconnected(type="email.account.reconnected"), Unknown),
        (account_disconnected(id="evt_test_001"), Unknown),
        (account_disconnected(type="EMAIL_REPLY", to_email=LEAD), Unknown),
        (lead_event("SOMETHING_NEW"), Unknown),
        (changed(REPLY, stats_id="id"), Unknown),
        (changed(REPLY, stats_thread_id="thread_id"), Unknown),
    ],
)
def test_everything_else(event: dict[str, Any], kind: type[Event]) -> None:
    made = read(event)
    assert type(made) is kind
    if kind in (Bounced, Unsubscribed):
        assert made.header.person.email == "dana@acme.test"
    if kind in (AccountProblem, Unknown):
        assert made.header.person == Person()


def test_the_log_never_holds_a_word_of_somebody_else() -> None:
    assert read(lead_event("dana@acme.test")).header.log_name == "unknown"
    assert read(account_disconnected(type="dana@acme.test")).header.log_name == "unknown"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty_body"),
        (b"{", "not_json"),
        (b"[" * 100_000, "too_deep"),
        (b"[]", "not_an_object"),
        (b"{}", "no_event_type"),
        (b'{"event_type": ["EMAIL_REPLY"]}', "no_event_type"),
    ],
)
def test_what_is_no_event(body: bytes, reason: str) -> None:
    assert refusal(body).reason == reason


# --- For any input ---------------------------------------------------------------------------------------------------

EVENTS = [
    REPLY,
    changed(
        REPLY, "sent_message", reply_message={"html": "<p>Hi</p>"}, attachments=[{"name": "a.pdf"}], cc_emails=[LEAD]
    ),
    nested_reply(),
    category_updated(REPLY),
    email_sent(),
    email_sent(event_type="FIRST_EMAIL_SENT"),
    lead_event("EMAIL_BOUNCE"),
    lead_event("LEAD_UNSUBSCRIBED"),
    changed(REPLY, "stats_id", "campaign_id", event_type="UNTRACKED_REPLIES"),
    account_disconnected(),
]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from([LEAD, WRITTEN]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(data=st.data())
def test_no_value_breaks_the_reading_and_only_an_event_that_needs_the_secret_tells_of_a_person(
    data: st.DataObject,
) -> None:
    template = data.draw(st.sampled_from(EVENTS))
    changes = data.draw(st.dictionaries(st.sampled_from(sorted(template)), anything, max_size=4))
    body = json.dumps({**template, **changes}).encode()
    try:
        event = read(body)
    except Unreadable:
        return
    assert can_affect_a_person(body) or isinstance(event, AccountProblem | Unknown)
    assert can_affect_a_person(body) or event.header.person == Person()
    json.dumps(dict(event.header.payload)).encode()


def comparable(event: Event) -> Event:
    """Without what a shorter body does not have: the payload, HTML beside text, a subject that is not shown again."""
    header = replace(event.header, payload={})
    if isinstance(event, Labelled):
        return replace(event, header=header, reply=comparable(event.reply))  # type: ignore[arg-type]
    if isinstance(event, InboundReply | MessageSent):
        content = event.content
        return replace(event, header=header, content=replace(content, html=None) if content.text else content)
    return replace(event, header=header)


@pytest.mark.parametrize("payload", EVENTS[:-1], ids=lambda payload: payload.get("event_type", "nested"))
def test_a_shorter_body_is_the_same_event(payload: dict[str, Any]) -> None:
    shorter = shorter_body(body_of(payload), 1_000)
    assert shorter is not None
    assert comparable(read(shorter)) == comparable(read(payload))
    assert shorter_body(shorter, 1_000) == shorter


@pytest.mark.parametrize("payload", [REPLY, category_updated(REPLY), email_sent()], ids=["reply", "category", "sent"])
def test_a_shorter_body_is_short(payload: dict[str, Any]) -> None:
    long = json.loads(body_of(payload).decode())
    messages = [long[key] for key in ("reply_message", "sent_message", "lastReply") if key in long]
    for message in (*long.get("history", []), *messages):
        message.update({key: "word " * 100_000 for key in ("text", "html", "email_body") if key in message})
    shorter = shorter_body(json.dumps({**long, "metadata": "x" * 100_000}).encode(), 1_000)
    assert shorter is not None
    assert len(shorter) < 5_000
    assert type(read(shorter)) is type(read(payload))


@pytest.mark.parametrize("body", [b"{", body_of(account_disconnected()), body_of(changed(REPLY, stats_id="id"))])
def test_what_tells_of_nobody_is_not_made_shorter(body: bytes) -> None:
    assert shorter_body(body, 1_000) is None
