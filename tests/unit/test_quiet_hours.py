"""When a text message may reach a phone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.channels import CHANNELS
from shared.domain.drafting.quiet_hours import common_opening, earliest, quiet_until
from shared.domain.drafting.sending_window import SendingWindow, next_opening
from shared.domain.phone_number import Place, place_of
from shared.domain.vocabulary import Channel

SMS, EMAIL = CHANNELS[Channel.SMS], CHANNELS[Channel.EMAIL]
HOURS = SMS.open_hours
assert HOURS is not None
WASHINGTON, HONOLULU, BERLIN, TOLL_FREE, LONDON, AUCKLAND = (
    "+12025550143", "+18085550100", "+4930901820", "+18005550199", "+447700900123", "+6499555123",
)  # fmt: skip
NEW_YORK_ZONE, BERLIN_ZONE = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}:00").replace(tzinfo=UTC)


def until(now: str, number: str | None, zone: ZoneInfo = BERLIN_ZONE) -> datetime | None:
    assert HOURS is not None
    return quiet_until(at(now), number, zone, HOURS)


@pytest.mark.parametrize(
    ("now", "number", "opens"),
    [
        ("11-24T13:00", WASHINGTON, None),  # 8:00 there
        ("11-24T12:59", WASHINGTON, "11-24T13:00"),
        ("11-25T00:59", WASHINGTON, None),
        ("11-25T01:00", WASHINGTON, "11-25T13:00"),  # 20:00
        ("07-01T12:00", WASHINGTON, None),  # summer time
        ("11-24T13:00", HONOLULU, "11-24T18:00"),
        ("11-24T07:00", BERLIN, None),
        ("11-24T19:00", BERLIN, "11-25T07:00"),
        ("11-24T20:00", LONDON, "11-25T08:00"),  # three zones that show one time are one place
    ],
)
def test_the_lead_s_clocks_count(now: str, number: str, opens: str | None) -> None:
    assert until(now, number) == (opens and at(opens))


@pytest.mark.parametrize("number", [None, TOLL_FREE, "+88200000000000"])
def test_a_number_that_says_no_place_has_the_client_s_hours(number: str | None) -> None:
    assert until("11-24T06:59", number) == at("11-24T07:00")
    assert until("11-24T07:00", number) is None
    assert until("11-24T13:00", number, NEW_YORK_ZONE) is None


SYDNEY_MOBILE = "+61412345678"  # most mobile phones of Australia are in Sydney's zone, and nobody knows which


def test_a_number_of_an_uncertain_place_needs_its_likeliest_zone_and_the_client_s() -> None:
    assert place_of(SYDNEY_MOBILE) == Place(("Australia/Sydney",), is_certain=False)
    perth = ZoneInfo("Australia/Perth")  # three hours behind
    assert until("11-24T22:00", SYDNEY_MOBILE, perth) == at("11-25T00:00")  # 9:00 in Sydney, but 6:00 in Perth
    assert until("11-25T00:00", SYDNEY_MOBILE, perth) is None
    assert until("11-25T09:00", SYDNEY_MOBILE, perth) == at("11-26T00:00")  # 20:00 in Sydney


def test_where_the_client_s_day_is_the_lead_s_night_the_lead_counts() -> None:
    honolulu = ZoneInfo("Pacific/Honolulu")
    assert until("11-24T20:00", SYDNEY_MOBILE, honolulu) == at("11-24T21:00")
    assert common_opening(at("11-24T20:00"), []) == at("11-24T20:00")


@pytest.mark.parametrize(
    ("number", "place"),
    [
        (WASHINGTON, Place(("America/New_York",), is_certain=True)),
        (BERLIN, Place(("Europe/Berlin",), is_certain=True)),
        ("+4915123456789", Place(("Europe/Berlin",), is_certain=True)),  # a mobile, but the country has one time
        ("+79161234567", Place(("Europe/Moscow",), is_certain=False)),
        ("+88200000000000", Place()),
        ("no number", Place()),
    ],
)
def test_a_number_s_place(number: str, place: Place) -> None:
    found = place_of(number)
    assert (found.is_certain, set(place.zones) <= set(found.zones)) == (place.is_certain, True)


@given(st.integers(0, 366 * 24 * 60), st.sampled_from([WASHINGTON, HONOLULU, BERLIN, AUCKLAND]))
def test_when_they_end_it_is_open_and_before_eight_in_the_evening(minute: int, number: str) -> None:
    assert HOURS is not None
    now = at("01-01T00:00") + timedelta(minutes=minute)
    opens = quiet_until(now, number, UTC, HOURS) or now
    assert now <= opens <= now + timedelta(days=1)
    assert quiet_until(opens, number, UTC, HOURS) is None
    assert HOURS.start <= opens.astimezone(ZoneInfo(place_of(number).zones[0])).time() < HOURS.end


OFFICE = SendingWindow(frozenset(range(1, 6)), HOURS.start.replace(hour=9), HOURS.end.replace(hour=17))


def test_both_the_sending_window_and_the_hours_of_the_channel_are_open() -> None:
    def office(moment: datetime) -> datetime:
        return next_opening(OFFICE, BERLIN_ZONE, moment)

    friday_noon = at("11-27T11:00")
    found = {
        number: earliest(friday_noon, sending=office, channel=SMS, number=number, timezone="Europe/Berlin")
        for number in (WASHINGTON, HONOLULU, BERLIN)
    }
    assert found == {WASHINGTON: at("11-27T13:00"), HONOLULU: None, BERLIN: friday_noon}
    assert earliest(friday_noon, sending=office, channel=EMAIL, number=None, timezone="Europe/Berlin") == friday_noon


def test_openings_that_never_meet_have_no_moment() -> None:
    even = lambda moment: moment + timedelta(hours=moment.hour % 2)  # noqa: E731
    odd = lambda moment: moment + timedelta(hours=1 - moment.hour % 2)  # noqa: E731
    assert common_opening(at("11-24T00:00"), [even, odd]) is None
    assert common_opening(at("11-24T00:00"), []) == at("11-24T00:00")
