"""The tags' effect on a lead's status, and the replies that get a draft."""

from __future__ import annotations

import pytest

from shared.domain.tags import draft_wanted, is_machine_address, status_after, with_evidence
from shared.domain.vocabulary import LeadStatus, Tag

NEW, BOOKED = LeadStatus.NEW, LeadStatus.MEETING_BOOKED


@pytest.mark.parametrize(
    ("tag", "before", "evidence", "after"),
    [
        (Tag.INTERESTED, NEW, False, LeadStatus.QUALIFIED),
        (Tag.CALL_REQUESTED, NEW, False, LeadStatus.QUALIFIED),
        (Tag.INFORMATION_REQUESTED, NEW, False, LeadStatus.QUALIFIED),
        (Tag.MEETING_REQUESTED, NEW, False, LeadStatus.MEETING_REQUESTED),
        (Tag.MEETING_BOOKED, NEW, True, BOOKED),
        (Tag.NOT_INTERESTED, LeadStatus.QUALIFIED, False, LeadStatus.NOT_INTERESTED),
        (Tag.NOT_INTERESTED, BOOKED, True, LeadStatus.NOT_INTERESTED),
        (Tag.BLACKLIST, BOOKED, True, LeadStatus.BLACKLISTED),
        (Tag.INTERESTED, BOOKED, True, BOOKED),  # a friendly mail does not unbook a meeting
        (Tag.INTERESTED, LeadStatus.NOT_INTERESTED, False, LeadStatus.QUALIFIED),
        *(
            (tag, LeadStatus.QUALIFIED, False, LeadStatus.QUALIFIED)
            for tag in (Tag.OBJECTION, Tag.FOLLOW_UP, Tag.OUT_OF_OFFICE, Tag.AUTOMATED_REPLY, Tag.NEUTRAL)
        ),
    ],
)
def test_status_after(tag: Tag, before: LeadStatus, evidence: bool, after: LeadStatus) -> None:
    assert status_after(tag, before, meeting_evidence=evidence) is after


def test_meeting_booked_needs_evidence() -> None:
    assert with_evidence(Tag.MEETING_BOOKED, meeting_evidence=False) is Tag.MEETING_REQUESTED
    assert with_evidence(Tag.MEETING_BOOKED, meeting_evidence=True) is Tag.MEETING_BOOKED
    assert with_evidence(Tag.INTERESTED, meeting_evidence=False) is Tag.INTERESTED


@pytest.mark.parametrize("tag", list(Tag))
def test_which_tags_are_answered(tag: Tag) -> None:
    answered = tag in {
        Tag.MEETING_BOOKED, Tag.MEETING_REQUESTED, Tag.CALL_REQUESTED, Tag.INFORMATION_REQUESTED,
        Tag.INTERESTED, Tag.OBJECTION, Tag.FOLLOW_UP,
    }  # fmt: skip
    assert draft_wanted(tag, suppressed=False, lead_email="pat@acme.test") is answered
    assert not draft_wanted(tag, suppressed=True, lead_email="pat@acme.test")
    assert not draft_wanted(tag, suppressed=False, lead_email="mailer-daemon@acme.test")


@pytest.mark.parametrize(
    ("address", "machine"),
    [
        ("MAILER-DAEMON@acme.test", True),
        ("postmaster@acme.test", True),
        ("no-reply@acme.test", True),
        ("noreply+123@acme.test", True),
        ("bounce+abc@acme.test", True),
        ("bounces@acme.test", True),
        ("pat@bounce.test", False),
        ("bouncer.club@acme.test", False),
        ("nora.reply@acme.test", False),
    ],
)
def test_machine_addresses(address: str, machine: bool) -> None:
    assert is_machine_address(address) is machine
