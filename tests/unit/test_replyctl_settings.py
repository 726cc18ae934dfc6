"""The values of each workspace setting, and the words about a wrong one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.drafting.sending_window import SendingWindow
from shared.domain.setting_values import describe_sending_window
from shared.domain.workspace_settings import (
    SETTINGS,
    InvalidSettingError,
    check_delay_window,
    parse_setting,
)


@pytest.mark.parametrize(
    ("name", "value", "stored"),
    [
        ("persona_name", "  Sam Doe ", "Sam Doe"),
        ("persona_greeting", "Hey {first_name}!", "Hey {first_name}!"),
        ("booking_link", "https://cal.example.com/sam", "https://cal.example.com/sam"),
        ("booking_link", "none", None),
        ("booking_link", None, None),
        ("timezone", "America/New_York", "America/New_York"),
        ("auto_send_enabled", "OFF", False),
        ("auto_send_enabled", True, True),
        ("daily_send_cap", "0", 0),
        ("daily_send_cap", "none", None),
        ("daily_send_cap", 25, 25),
        ("max_reply_age_hours", "24", 24),
        ("escalation_phrases", "lawyer; refund\nGDPR", ["lawyer", "refund", "GDPR"]),
        ("escalation_phrases", '["a; b", "c"]', ["a; b", "c"]),
        ("escalation_phrases", [], []),
        ("escalation_phrases", "none", []),
        ("draft_model", "", None),
        ("draft_model", "gpt-6.1-terra", "gpt-6.1-terra"),
        ("sending_window", "always", None),
        ("sending_window", "Mon-Fri 09:00 - 17:00", {"days": [1, 2, 3, 4, 5], "start": "09:00", "end": "17:00"}),
        ("sending_window", "fri-mon 8:30-12:00", {"days": [1, 5, 6, 7], "start": "08:30", "end": "12:00"}),
        ("sending_window", "mon,wed 00:00-23:59", {"days": [1, 3], "start": "00:00", "end": "23:59"}),
        (
            "sending_window",
            {"days": [3, 1, 3], "start": "09:00", "end": "17:00"},
            {"days": [1, 3], "start": "09:00", "end": "17:00"},
        ),
    ],
)
def test_a_value_is_stored_in_one_form(name: str, value: object, stored: object) -> None:
    assert parse_setting(name, value) == stored


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("persona_name", 7),
        ("persona_name", "a\x00b"),
        ("service_description", "x" * 20_001),
        ("persona_greeting", "Hi {name}"),
        ("booking_link", "cal.example.com"),
        ("booking_link", "https://"),
        ("booking_link", "https://cal.example.com/a b"),
        ("booking_link", "https://[broken"),
        ("timezone", "Berlin"),
        ("timezone", "../../etc/passwd"),
        ("timezone", ""),
        ("auto_send_enabled", "perhaps"),
        ("auto_send_enabled", 1),
        ("daily_send_cap", "1.5"),
        ("daily_send_cap", True),
        ("daily_send_cap", 2**31),
        ("max_reply_age_hours", "none"),
        ("escalation_phrases", '["open'),
        ("escalation_phrases", [1]),
        ("escalation_phrases", ["x"] * 101),
        ("sending_window", "weekdays 9-17"),
        ("sending_window", "mon-fri 17:00-09:00"),
        ("sending_window", "mon-fri 25:00-26:00"),
        ("sending_window", '{"days": [0], "start": "09:00", "end": "17:00"}'),
        ("sending_window", {"days": [1], "start": "09:00"}),
        ("sending_window", {"days": [1], "start": "09:00", "end": "17:00", "zone": "UTC"}),
        ("sending_window", "{"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(InvalidSettingError, match=f"^{name}: ") as refused:
        parse_setting(name, value)

    assert refused.value.name == name


@given(name=st.sampled_from(sorted(SETTINGS)), value=st.text() | st.integers() | st.none() | st.lists(st.text()))
def test_whatever_comes_is_stored_or_refused_and_a_stored_value_stays_itself(name: str, value: Any) -> None:
    try:
        stored = parse_setting(name, value)
    except InvalidSettingError as error:
        refused: InvalidSettingError = error
    else:
        assert parse_setting(name, stored) == stored
        return
    assert str(refused).startswith(f"{name}: ")


@given(
    days=st.sets(st.integers(1, 7), min_size=1),
    minutes=st.lists(st.integers(0, 1439), min_size=2, max_size=2, unique=True),
)
def test_a_window_survives_being_shown_and_typed_again(days: set[int], minutes: list[int]) -> None:
    start, end = sorted(minutes)
    window = {
        "days": sorted(days),
        "start": f"{start // 60:02}:{start % 60:02}",
        "end": f"{end // 60:02}:{end % 60:02}",
    }

    assert parse_setting("sending_window", describe_sending_window(window)) == window
    assert SendingWindow.parse(window).days == days


@pytest.mark.parametrize(("low", "high"), [(None, None), (0, 0), (180, 420)])
def test_a_delay_window_has_both_ends_or_none(low: int | None, high: int | None) -> None:
    check_delay_window(low, high)


@pytest.mark.parametrize(
    ("low", "high", "named"), [(60, None, "delay_max_s"), (None, 60, "delay_min_s"), (9, 8, "delay_min_s")]
)
def test_half_a_delay_window_is_refused(low: int | None, high: int | None, named: str) -> None:
    with pytest.raises(InvalidSettingError) as refused:
        check_delay_window(low, high)

    assert refused.value.name == named
