from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from local.samples import WORKSPACE_ID, CampaignName, Sample, SampleCampaign, SampleError, load_samples, raw_bodies
from shared.domain.judgement.certain_rules import judge
from shared.domain.tags import AUTOMATIC_TAGS, DRAFTED_TAGS, STATUS_OF_TAG
from shared.domain.text.email_text import clean_reply
from shared.domain.vocabulary import DecisionAction, LeadStatus, SuppressionReason, Tag
from shared.providers.instantly.payloads import EventKind, InstantlyEvent, PayloadError, parse_event

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CAMPAIGNS: dict[CampaignName, SampleCampaign] = {
    "auto": SampleCampaign("c-auto", "Answers by itself"),
    "draft": SampleCampaign("c-draft", "Drafts only"),
}
SAMPLES = {sample.name: sample for sample in load_samples()}
RAW = raw_bodies(SAMPLES.values(), CAMPAIGNS, NOW)
REPLY_KINDS = (EventKind.REPLY, EventKind.AUTO_REPLY, EventKind.LEAD_LABEL)

RESERVED_DOMAIN = re.compile(r"(?:\.test|\.example|\bexample\.(?:com|org|net))$")  # RFC 2606

every_sample = pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)


def event_of(name: str) -> InstantlyEvent | None:
    try:
        return parse_event(RAW[name])
    except PayloadError:
        return None


EVENTS = {name: event_of(name) for name in SAMPLES}


def clean_text_of(name: str) -> str:
    event = EVENTS[name]
    assert event is not None
    return clean_reply(event.text, event.html, event.snippet).text


def test_every_kind_of_delivery_is_there() -> None:
    assert len(SAMPLES) >= 20
    kinds = {event.kind for event in EVENTS.values() if event is not None}
    assert kinds == set(EventKind) - {EventKind.MEETING_BOOKED, EventKind.UNUSED}
    tags = {sample.expect.tag for sample in SAMPLES.values()} - {None}
    assert tags == set(Tag) - {Tag.MEETING_BOOKED, Tag.NEUTRAL}
    assert {sample.expect.status for sample in SAMPLES.values()} == {"accepted", "duplicate", "ignored", "quarantined"}


@every_sample
def test_what_is_expected_follows_from_the_delivery(sample: Sample) -> None:
    expect, event = sample.expect, EVENTS[sample.name]
    unusable = event is None or (event.kind in REPLY_KINDS and event.lead_email is None)
    assert (expect.status == "quarantined") == unusable
    if event is not None and not unusable:
        assert (expect.tag is not None) == (event.kind in REPLY_KINDS)
        assert event.workspace in (WORKSPACE_ID, None)
        assert event.campaign_id == (CAMPAIGNS[sample.campaign].provider_campaign_id if sample.campaign else None)
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
    text = RAW[sample.name].decode()
    domains = re.findall(r"[\w.+-]+@([\w.-]+\w)", text) + re.findall(r"https?://([\w.-]+\w)", text)
    assert [
        domain for domain in domains if not re.search(r"(?:\.test|\.example|\bexample\.(?:com|org|net))$", domain)
    ] == []


@every_sample
def test_every_placeholder_is_filled(sample: Sample) -> None:
    assert b"${" not in RAW[sample.name]


def test_replies_are_told_apart_by_their_ids() -> None:
    ids = [
        event.email_id
        for name, event in EVENTS.items()
        if event is not None and event.email_id and not SAMPLES[name].delivery.redelivers
    ]
    assert len(ids) == len(set(ids))


def test_a_redelivery_is_the_same_bytes() -> None:
    redeliveries = [sample for sample in SAMPLES.values() if sample.delivery.redelivers]
    assert redeliveries
    for sample in redeliveries:
        assert sample.delivery.redelivers == sample.expect.same_message_as
        assert RAW[sample.name] == RAW[sample.delivery.redelivers or ""]
    assert raw_bodies(SAMPLES.values(), CAMPAIGNS, NOW) == RAW


def test_a_label_for_a_seen_reply_has_its_words_but_not_its_id() -> None:
    label, reply = EVENTS["14_label_for_a_seen_reply"], EVENTS["01_interested"]
    assert label is not None
    assert reply is not None
    assert (label.kind, label.email_id) == (EventKind.LEAD_LABEL, None)
    assert (label.lead_email, label.campaign_id, label.subject, label.text) == (
        reply.lead_email,
        reply.campaign_id,
        reply.subject,
        reply.text,
    )


def test_both_dialects_carry_the_same_moment() -> None:
    for name in ("01_interested", "16_older_dialect"):
        event = EVENTS[name]
        assert event is not None
        assert event.occurred_at == NOW - timedelta(minutes=SAMPLES[name].delivery.minutes_ago)
    assert json.loads(RAW["16_older_dialect"])["timestamp"] == int((NOW - timedelta(minutes=5)).timestamp() * 1000)


def test_replies_are_young_enough_to_be_answered() -> None:
    for name, sample in SAMPLES.items():
        event = EVENTS[name]
        if sample.expect.sent and event is not None:
            assert event.occurred_at is not None
            assert NOW - event.occurred_at < timedelta(hours=1)


def test_the_footer_of_our_own_mail_is_not_in_the_leads_words() -> None:
    quoting = [name for name in SAMPLES if b"unsubscribe here" in RAW[name] and SAMPLES[name].expect.tag is not None]
    assert "08_opt_out_only_in_the_footer" in quoting
    assert len(quoting) >= 8
    for name in quoting:
        assert "unsubscribe here" not in clean_text_of(name)
        assert "STOP" not in clean_text_of(name)


@pytest.mark.parametrize("name", [name for name, sample in SAMPLES.items() if sample.expect.tag is not None])
def test_the_certain_rules_see_what_is_certain_and_nothing_else(name: str) -> None:
    event, expect = EVENTS[name], SAMPLES[name].expect
    assert event is not None
    judgement = judge(clean_text_of(name), event.subject, event_type=event.event_type)
    assert (judgement.opt_out is not None) == (expect.suppressed is SuppressionReason.OPT_OUT)
    assert judgement.is_auto_reply == expect.is_auto_reply
    assert judgement.tag == (expect.tag if expect.suppressed or expect.is_auto_reply else None)


def test_the_html_only_reply_is_read_from_its_html() -> None:
    event = EVENTS["12_html_only"]
    assert event is not None
    assert (event.text, event.snippet) == (None, None)
    assert "yes, we're interested – sounds like what we’ve been looking for" in clean_text_of("12_html_only")


# The loader


VALID: dict[str, Any] = {
    "title": "A reply",
    "campaign": "draft",
    "delivery": {
        "body": {"event_type": "reply_received", "at": "${timestamp}", "n": "${epoch_ms}", "l": ["${nothing}"]}
    },
    "expect": {"http_status": 200, "status": "quarantined"},
}


def save(folder: Path, name: str, sample: object) -> None:
    (folder / f"{name}.json").write_text(sample if isinstance(sample, str) else json.dumps(sample))


def test_placeholders_are_filled_where_they_are_the_whole_value(tmp_path: Path) -> None:
    save(tmp_path, "01_a", VALID)
    raw = raw_bodies(load_samples(tmp_path), CAMPAIGNS, NOW)["01_a"]
    assert json.loads(raw) == {
        "event_type": "reply_received",
        "at": "2026-11-23T11:55:00.000Z",
        "n": 1795434900000,
        "l": ["${nothing}"],
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
