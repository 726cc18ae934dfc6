"""The times at which automated emails may leave."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.drafting.sending_window import SendingWindow, delayed, next_opening, time_zone
from shared.domain.identifiers import uuid7

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE_HOURS = SendingWindow.parse({"days": [1, 2, 3, 4, 5], "start": "09:00", "end": "17:00"})


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-23 10:30", "2026-11-23 10:30"),  # Monday, inside
        ("2026-11-23 08:59", "2026-11-23 09:00"),
        ("2026-11-23 09:00", "2026-11-23 09:00"),
        ("2026-11-23 17:00", "2026-11-24 09:00"),  # the end is exclusive
        ("2026-11-27 18:00", "2026-11-30 09:00"),  # Friday evening → Monday
        ("2026-11-28 12:00", "2026-11-30 09:00"),
        ("2027-03-26 18:00", "2027-03-29 09:00"),  # over the night on which the clocks change
    ],
)
def test_the_next_opening_in_the_clients_time_zone(at: str, opens: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=BERLIN)
    assert next_opening(OFFICE_HOURS, BERLIN, moment) == datetime.fromisoformat(opens).replace(tzinfo=BERLIN)


def window(start: str, end: str, days: Iterable[int] = range(1, 8)) -> SendingWindow:
    return SendingWindow.parse({"days": list(days), "start": start, "end": end})


@pytest.mark.parametrize(
    ("hours", "at", "opens"),
    [
        # Berlin, 28 March 2027: the clocks go from 02:00 (01:00 UTC) to 03:00.
        (("02:15", "02:45"), "2027-03-28T00:59", "2027-03-29T00:15"),  # nowhere in that night
        (("02:30", "03:30"), "2027-03-28T00:59", "2027-03-28T01:00"),  # what is left of it: 03:00 to 03:30
        (("01:30", "02:30"), "2027-03-28T00:00", "2027-03-28T00:30"),
        (("01:30", "02:30"), "2027-03-28T01:00", "2027-03-28T23:30"),
        # 31 October 2027: from 03:00 (01:00 UTC) back to 02:00.
        (("02:15", "02:45"), "2027-10-31T00:00", "2027-10-31T00:15"),
        (("02:15", "02:45"), "2027-10-31T00:50", "2027-10-31T01:15"),  # once more
        (("02:15", "02:45"), "2027-10-31T01:10", "2027-10-31T01:15"),  # and not at the first 02:15, which is over
        (("01:30", "02:30"), "2027-10-31T00:40", "2027-10-31T01:00"),  # set back into the window
        (("01:30", "02:30"), "2027-10-31T01:30", "2027-11-01T00:30"),
    ],
)
def test_the_nights_in_which_the_clocks_change(hours: tuple[str, str], at: str, opens: str) -> None:
    moment, expected = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (at, opens))
    assert next_opening(window(*hours), BERLIN, moment) == expected


def test_a_day_that_a_zone_left_out_opens_nothing() -> None:
    """Samoa went from Thursday the 29th to Saturday the 31st of December 2011."""
    apia = ZoneInfo("Pacific/Apia")
    thursday = datetime(2011, 12, 29, 12, tzinfo=apia)
    assert next_opening(window("09:00", "17:00", [5]), apia, thursday) == datetime(2012, 1, 6, 9, tzinfo=apia)


# Where the clocks changed: an hour, half an hour or two, at midnight, in the middle of a day of fasting, over the date
# line.
CHANGES = [
    ("Europe/Berlin", "2027-03-28T01:00"),
    ("Europe/Berlin", "2027-10-31T01:00"),
    ("America/New_York", "2026-03-08T07:00"),
    ("America/St_Johns", "2026-11-01T04:30"),
    ("Australia/Lord_Howe", "2026-04-04T15:00"),
    ("Australia/Lord_Howe", "2026-10-03T15:30"),
    ("Antarctica/Troll", "2026-03-29T01:00"),
    ("Antarctica/Troll", "2026-10-25T01:00"),
    ("Africa/Cairo", "2026-04-23T22:00"),
    ("Africa/Cairo", "2026-10-29T21:00"),
    ("America/Sao_Paulo", "2018-11-04T03:00"),
    ("America/Havana", "2026-11-01T05:00"),
    ("Africa/Casablanca", "2026-02-15T02:00"),
    ("Pacific/Chatham", "2026-09-26T14:00"),
    ("Asia/Pyongyang", "2018-05-04T15:00"),
    ("Pacific/Apia", "2011-12-30T10:00"),
    ("UTC", "2026-06-01T00:00"),
]


@settings(derandomize=True, deadline=None, max_examples=300)
@given(
    st.sampled_from(CHANGES),
    st.integers(-36 * 60, 36 * 60),
    st.integers(0, 1438),
    st.integers(1, 300),
    st.sets(st.integers(1, 7), min_size=4),
)
def test_it_opens_at_the_first_minute_at_which_the_clocks_show_a_time_of_it(
    change: tuple[str, str], ahead_min: int, start_min: int, length_min: int, days: set[int]
) -> None:
    zone = time_zone(change[0])
    moment = datetime.fromisoformat(change[1]).replace(tzinfo=UTC) + timedelta(minutes=ahead_min)
    start, end = (f"{minute // 60:02}:{minute % 60:02}" for minute in (start_min, min(1439, start_min + length_min)))
    hours = window(start, end, days)
    expected = moment
    while not _shown(hours, expected.astimezone(zone)):
        expected += timedelta(minutes=1)
    assert next_opening(hours, zone, moment) == expected


def _shown(hours: SendingWindow, clock: datetime) -> bool:
    return clock.isoweekday() in hours.days and hours.start <= clock.time() < hours.end


@given(st.integers(0, 730 * 86_400).map(lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)))
def test_an_opening_is_open_and_never_in_the_past(moment: datetime) -> None:
    opening = next_opening(OFFICE_HOURS, BERLIN, moment)
    assert opening >= moment
    local = opening.astimezone(BERLIN)
    assert local.isoweekday() in OFFICE_HOURS.days
    assert OFFICE_HOURS.start <= local.time() < OFFICE_HOURS.end
    assert next_opening(OFFICE_HOURS, BERLIN, opening) == opening


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({"days": [], "start": "09:00", "end": "17:00"}, "days"),
        ({"days": [0], "start": "09:00", "end": "17:00"}, "days"),
        ({"days": [1], "start": "17:00", "end": "09:00"}, "start must be before end"),
        ({"days": [1], "start": "nine", "end": "17:00"}, "sending window"),
        ({"days": [1], "end": "17:00"}, "start is missing"),
    ],
)
def test_a_wrong_window_says_what_is_wrong(value: dict[str, object], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        SendingWindow.parse(value)


def offset_on_a_bare_machine(name: str, before: str = "") -> str:
    """Returns a zone's offset by ``time_zone`` on a machine without a database of them, as a runtime's image may be."""
    program = (
        f"import datetime, sys; {before}\n"
        "from shared.domain.drafting.sending_window import time_zone\n"
        f"print(datetime.datetime(2026, 7, 1, 12, tzinfo=time_zone({name!r})).utcoffset())"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        env={"PYTHONTZPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def test_the_product_brings_its_own_time_zones() -> None:
    assert offset_on_a_bare_machine("Europe/Berlin") == "2:00:00"


def test_utc_needs_no_database_of_time_zones() -> None:
    assert offset_on_a_bare_machine("UTC", before="sys.modules['tzdata'] = None") == "0:00:00"


def test_an_unknown_time_zone_is_named() -> None:
    with pytest.raises(ValueError, match="Europe/Atlantis"):
        time_zone("Europe/Atlantis")


@given(st.integers(0, 600), st.integers(0, 600))
def test_the_delay_is_inside_its_window_and_the_same_on_every_retry(low: int, extra: int) -> None:
    came = datetime(2026, 11, 23, 12, tzinfo=UTC)
    message_id = uuid7()
    due = delayed(came, came, (low, low + extra), message_id)
    assert timedelta(seconds=low) <= due - came <= timedelta(seconds=low + extra)
    assert delayed(came, came, (low, low + extra), message_id) == due


def test_a_delay_that_is_over_is_now() -> None:
    came = datetime(2026, 11, 23, 12, tzinfo=UTC)
    later = came + timedelta(hours=1)
    assert delayed(came, later, (180, 420), uuid7()) == later
    assert delayed(came, later, None, uuid7()) == later
