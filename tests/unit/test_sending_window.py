"""When automated answers may leave."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.identifiers import uuid7
from shared.domain.sending_window import SendingWindow, delayed, next_opening, time_zone

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


def test_without_a_window_it_is_always_open() -> None:
    moment = datetime(2026, 11, 28, 3, tzinfo=UTC)
    assert next_opening(None, BERLIN, moment) == moment


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
