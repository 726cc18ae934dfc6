"""The meaning of each tag for the lead's status, for drafting and for the certainty that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from shared.domain.vocabulary import LeadStatus, Tag

STATUS_OF_TAG: Mapping[Tag, LeadStatus] = MappingProxyType(
    {
        Tag.BLACKLIST: LeadStatus.BLACKLISTED,
        Tag.MEETING_BOOKED: LeadStatus.MEETING_BOOKED,
        Tag.MEETING_REQUESTED: LeadStatus.MEETING_REQUESTED,
        Tag.CALL_REQUESTED: LeadStatus.QUALIFIED,
        Tag.INFORMATION_REQUESTED: LeadStatus.QUALIFIED,
        Tag.INTERESTED: LeadStatus.QUALIFIED,
        Tag.NOT_INTERESTED: LeadStatus.NOT_INTERESTED,
    }
)
"""Tags that are missing here leave the status as it is: they say nothing new about where the lead stands."""

MOVED_BY_A_BOOKING = (LeadStatus.NEW, LeadStatus.QUALIFIED, LeadStatus.MEETING_REQUESTED)
"""Statuses that become meeting-booked when the provider tells of a booked meeting, whatever the replies said before
they could be believed. A refusal and an opt-out stand: only another reply of the lead takes them back."""

DRAFTED_TAGS = frozenset(
    {
        Tag.MEETING_BOOKED,
        Tag.MEETING_REQUESTED,
        Tag.CALL_REQUESTED,
        Tag.INFORMATION_REQUESTED,
        Tag.INTERESTED,
        Tag.OBJECTION,
        Tag.FOLLOW_UP,
    }
)
"""Replies that get a draft."""

AUTOMATIC_TAGS = frozenset({Tag.OUT_OF_OFFICE, Tag.AUTOMATED_REPLY})

# Addresses that machines write from: an email to them would bounce or start two machines talking.
_MACHINE_LOCAL_PARTS = (
    "mailer-daemon",
    "postmaster",
    "mail-delivery",
    "maildelivery",
    "noreply",
    "no-reply",
    "donotreply",
)


def status_after(tag: Tag, current: LeadStatus, *, meeting_evidence: bool) -> LeadStatus:
    """Returns the lead's status after a human reply was tagged ``tag``.

    A booked meeting is a fact that a later friendly email does not undo: as long as there is evidence of it only a
    refusal or an opt-out moves the status.
    """
    following = STATUS_OF_TAG.get(tag, current)
    if meeting_evidence and following in (LeadStatus.QUALIFIED, LeadStatus.MEETING_REQUESTED):
        return LeadStatus.MEETING_BOOKED
    return following


def with_evidence(tag: Tag, *, meeting_evidence: bool) -> Tag:
    """Returns ``tag``, or Meeting Requested for a Meeting Booked without the provider's event or an appointment."""
    return Tag.MEETING_REQUESTED if tag is Tag.MEETING_BOOKED and not meeting_evidence else tag


def is_machine_address(address: str) -> bool:
    """True when nobody reads email at ``address`` (mailer-daemon, postmaster, bounce…, no-reply)."""
    local_part = address.partition("@")[0].lower()
    return (
        local_part.startswith(_MACHINE_LOCAL_PARTS)
        or local_part == "bounce"
        or local_part.startswith(("bounce+", "bounces", "bounce-"))
    )


def draft_wanted(tag: Tag, *, suppressed: bool, lead_email: str | None) -> bool:
    """True when a reply of this tag gets a draft. ``lead_email`` of None: the lead is known by other keys only."""
    return tag in DRAFTED_TAGS and not suppressed and (lead_email is None or not is_machine_address(lead_email))
