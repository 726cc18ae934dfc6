from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from local.samples import (
    FOLDERS,
    WORKSPACE_ID,
    About,
    Sample,
    SampleError,
    load_about,
    load_samples,
    raw_bodies,
)
from shared.domain.events import (
    AccountProblem,
    Bounced,
    Event,
    InboundReply,
    Labelled,
    MessageSent,
    Unknown,
    Unsubscribed,
)
from shared.domain.judgement.certain_rules import judge
from shared.domain.tags import AUTOMATIC_TAGS, DRAFTED_TAGS, STATUS_OF_TAG
from shared.domain.text.email_text import clean_reply
from shared.domain.vocabulary import DecisionAction, LeadStatus, Provider, Source, SuppressionReason, Tag
from shared.providers.protocol import Unreadable
from shared.providers.registry import PROVIDERS

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ABOUT = {folder.name: load_about(folder) for folder in FOLDERS}
EVERY = {sample.key: sample for sample in load_samples()}
URLS = {folder.name: f"https://hooks.example.com/webhooks/{folder.name}" for folder in FOLDERS}
BODIES = raw_bodies(EVERY.values(), ABOUT, NOW, URLS)
SAMPLES = {sample.name: sample for sample in EVERY.values() if sample.provider == "instantly"}
RAW = {name: BODIES[sample.key] for name, sample in SAMPLES.items()}
REPLY_KINDS = InboundReply | Labelled

every_sample = pytest.mark.parametrize("sample", EVERY.values(), ids=EVERY)
every_sample_of_instantly = pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)


def event_of(name: str) -> Event | None:
    try:
        return PROVIDERS[Provider.INSTANTLY].read_event(RAW[name], Source.HOOK)
    except Unreadable:
        return None


EVENTS = {name: event_of(name) for name in SAMPLES}


def reply_in(name: str) -> InboundReply:
    event = EVENTS[name]
    assert isinstance(event, InboundReply | Labelled)
    return event.reply if isinstance(event, Labelled) else event


def clean_text_of(name: str) -> str:
    content = reply_in(name).content
    return clean_reply(content.text, content.html, content.snippet).text


def test_every_kind_of_delivery_is_there() -> None:
    assert len(SAMPLES) >= 20
    kinds = {type(event) for event in EVENTS.values() if event is not None}
    assert kinds == {InboundReply, Labelled, MessageSent, Bounced, Unsubscribed, AccountProblem, Unknown}
    assert {event.automatic for event in EVENTS.values() if isinstance(event, InboundReply)} == {True, False}
    tags = {sample.expect.tag for sample in SAMPLES.values()} - {None}
    assert tags == set(Tag) - {Tag.MEETING_BOOKED, Tag.NEUTRAL}
    assert {sample.expect.status for sample in SAMPLES.values()} == {"accepted", "duplicate", "ignored", "quarantined"}


@every_sample_of_instantly
def test_what_is_expected_follows_from_the_delivery(sample: Sample) -> None:
    expect, event = sample.expect, EVENTS[sample.name]
    unusable = event is None or (isinstance(event, REPLY_KINDS) and event.header.person.email is None)
    assert (expect.status == "quarantined") == unusable
    if event is not None and not unusable:
        assert (expect.tag is not None) == isinstance(event, REPLY_KINDS)
        assert event.header.external_account in (WORKSPACE_ID, None)
        campaign = event.header.campaign
        assert (campaign and campaign.provider_campaign_id) == (
            ABOUT["instantly"].campaigns[sample.campaign].id if sample.campaign else None
        )
    if expect.tag is not None:
        assert expect.lead_status == STATUS_OF_TAG.get(expect.tag, LeadStatus.NEW)
        assert expect.draft == (expect.tag in DRAFTED_TAGS)
        assert expect.is_auto_reply == (expect.tag in AUTOMATIC_TAGS)
        assert (expect.overall_score is None) == expect.is_auto_reply, "a machine's reply says nothing about the lead"
    assert expect.sent == (expect.draft and sample.campaign == "auto")
    assert expect.decision in (None, DecisionAction.SEND_NOW if expect.sent else DecisionAction.NEEDS_REVIEW)
    assert (expect.suppressed is not None) == (expect.lead_status is LeadStatus.BLACKLISTED)


@every_sample
def test_only_reserved_domains_are_named(sample: Sample) -> None:
    text = BODIES[sample.key].decode()
    domains = re.findall(r"[\w.+-]+@([\w.-]+\w)", text) + re.findall(r"https?://([\w.-]+\w)", text)
    assert [
        domain for domain in domains if not re.search(r"(?:\.test|\.example|\bexample\.(?:com|org|net))$", domain)
    ] == []


@every_sample
def test_every_placeholder_is_filled(sample: Sample) -> None:
    assert b"${" not in BODIES[sample.key]


def test_replies_are_told_apart_by_their_ids() -> None:
    ids = [
        event.message_id
        for name, event in EVENTS.items()
        if isinstance(event, InboundReply | MessageSent) and event.message_id and not SAMPLES[name].delivery.redelivers
    ]
    assert len(ids) == len(set(ids))


def test_a_redelivery_is_the_same_bytes() -> None:
    redeliveries = [sample for sample in SAMPLES.values() if sample.delivery.redelivers]
    assert redeliveries
    for sample in redeliveries:
        assert sample.delivery.redelivers == sample.expect.same_message_as
        assert RAW[sample.name] == RAW[sample.delivery.redelivers or ""]
    assert raw_bodies(EVERY.values(), ABOUT, NOW, URLS) == BODIES


def test_a_label_for_a_seen_reply_has_its_words_but_not_its_id() -> None:
    label, reply = EVENTS["14_label_for_a_seen_reply"], reply_in("01_interested")
    assert isinstance(label, Labelled)
    assert label.reply.message_id is None
    assert (
        label.header.person.email,
        label.header.campaign,
        label.reply.content.subject,
        label.reply.content.text,
    ) == (
        reply.header.person.email,
        reply.header.campaign,
        reply.content.subject,
        reply.content.text,
    )


def test_both_dialects_carry_the_same_moment() -> None:
    for name in ("01_interested", "16_older_dialect"):
        event = EVENTS[name]
        assert event is not None
        assert event.header.occurred_at == NOW - timedelta(minutes=SAMPLES[name].delivery.minutes_ago)
    assert json.loads(RAW["16_older_dialect"])["timestamp"] == int((NOW - timedelta(minutes=5)).timestamp() * 1000)


def test_replies_are_young_enough_to_be_answered() -> None:
    for name, sample in SAMPLES.items():
        event = EVENTS[name]
        if sample.expect.sent and event is not None:
            assert event.header.occurred_at is not None
            assert NOW - event.header.occurred_at < timedelta(hours=1)


def test_the_footer_of_our_own_mail_is_not_in_the_leads_words() -> None:
    quoting = [name for name in SAMPLES if b"unsubscribe here" in RAW[name] and SAMPLES[name].expect.tag is not None]
    assert "08_opt_out_only_in_the_footer" in quoting
    assert len(quoting) >= 8
    for name in quoting:
        assert "unsubscribe here" not in clean_text_of(name)
        assert "STOP" not in clean_text_of(name)


@pytest.mark.parametrize("name", [name for name, sample in SAMPLES.items() if sample.expect.tag is not None])
def test_the_certain_rules_see_what_is_certain_and_nothing_else(name: str) -> None:
    reply, expect = reply_in(name), SAMPLES[name].expect
    judgement = judge(clean_text_of(name), reply.content.subject, automatic=reply.automatic)
    assert (judgement.opt_out is not None) == (expect.suppressed is SuppressionReason.OPT_OUT)
    assert judgement.is_auto_reply == expect.is_auto_reply
    assert judgement.tag == (expect.tag if expect.suppressed or expect.is_auto_reply else None)


def test_the_html_only_reply_is_read_from_its_html() -> None:
    content = reply_in("12_html_only").content
    assert (content.text, content.snippet) == (None, None)
    assert "yes, we're interested – sounds like what we’ve been looking for" in clean_text_of("12_html_only")


# The loader


VALID: dict[str, Any] = {
    "title": "A reply",
    "campaign": "draft",
    "delivery": {
        "body": {
            "event_type": "reply_received",
            "at": "${timestamp}",
            "n": "${epoch_ms}",
            "l": ["${nothing}"],
            "c": "${campaign_id}",
        }
    },
    "expect": {"http_status": 200, "status": "quarantined"},
}


def save(folder: Path, name: str, sample: object) -> None:
    (folder / f"{name}.json").write_text(sample if isinstance(sample, str) else json.dumps(sample))


def test_placeholders_are_filled_where_they_are_the_whole_value(tmp_path: Path) -> None:
    save(tmp_path, "01_a", VALID)
    samples = load_samples(tmp_path)
    about = About(campaigns={"draft": {"id": 210433, "name": "Drafts"}}, first_reply={})
    raw = raw_bodies(samples, {tmp_path.name: about}, NOW, {tmp_path.name: "https://hooks"})[samples[0].key]
    assert json.loads(raw) == {
        "event_type": "reply_received",
        "at": "2026-11-23T11:55:00.000Z",
        "n": 1795434900000,
        "l": ["${nothing}"],
        "c": 210433,
    }
    assert b" " not in raw


@pytest.mark.parametrize(
    ("sample", "complaint"),
    [
        ("{", "01_a.json: not JSON"),
        ([], "01_a.json: expected a JSON object"),
        (VALID | {"titel": "x"}, "01_a.json: titel: Extra inputs"),
        ({key: value for key, value in VALID.items() if key != "title"}, "01_a.json: title: Field required"),
        (VALID | {"campaign": "both"}, "01_a.json: campaign"),
        (VALID | {"delivery": {}}, "give exactly one of body, body_text and redelivers"),
        (VALID | {"delivery": {"body": {}, "body_text": ""}}, "give exactly one of"),
        (VALID | {"delivery": {"redelivers": "01_a"}}, "01_a.json: there is no earlier sample '01_a'"),
        (VALID | {"expect": {"http_status": 200, "status": "fine"}}, "expect.status"),
        (VALID | {"expect": VALID["expect"] | {"tag": "Interested"}}, "both tag and is_auto_reply"),
        (VALID | {"expect": VALID["expect"] | {"sent": True}}, "sent needs draft"),
        (VALID | {"expect": VALID["expect"] | {"draft": True}}, "a draft has a decision"),
        (VALID | {"expect": VALID["expect"] | {"overall_score": [3, 5]}}, "within 1 to 4"),
        (VALID | {"expect": VALID["expect"] | {"same_message_as": "02_b"}}, "there is no earlier sample '02_b'"),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong(tmp_path: Path, sample: object, complaint: str) -> None:
    save(tmp_path, "01_a", sample)
    with pytest.raises(SampleError) as wrong:
        load_samples(tmp_path)
    assert complaint in str(wrong.value)


def test_an_empty_folder_is_no_demo(tmp_path: Path) -> None:
    with pytest.raises(SampleError, match="no samples"):
        load_samples(tmp_path)
