"""The hours at which a text message may reach a phone: those of the lead's place, not of ours.

A number says where it is from, as far as it does. Where its owner's place is not certain, the zones that it names and
the client's own have to be open; where it names none, the client's alone. Hours and this reading of an unknown place
follow the rule of the US for calls and texts (47 CFR 64.1200(c)(1): 8 to 21) and its stricter states (to 20).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Final

from shared.domain.channels import ChannelRules, Hours
from shared.domain.drafting.sending_window import SendingWindow, next_opening, time_zone
from shared.domain.phone_number import Place, place_of

EVERY_DAY: Final = frozenset(range(1, 8))
WIDEST: Final = timedelta(hours=6)  # between a country's zones; more say no place at all (a toll-free number of the US)
PATIENCE: Final = timedelta(days=8)  # within which windows have an hour in common, or never: they repeat every week

type Opening = Callable[[datetime], datetime]
"""Returns a moment itself while something is open, else when it opens next."""


def quiet_until(now: datetime, number: str | None, client_zone: tzinfo, hours: Hours) -> datetime | None:
    """Returns when the quiet hours of a number's place end; None when it may be written to now.

    ``number`` is in E.164, None if it is not known.
    """
    zones = _zones(number, client_zone, now)
    opens = common_opening(now, [_opening(hours, zone) for zone in zones])
    if opens is None:  # the client's day is the lead's night: the lead's counts
        opens = common_opening(now, [_opening(hours, zone) for zone in zones[:-1]])
    return None if opens is None or opens <= now else opens


def earliest(
    at: datetime,
    *,
    sending: Opening,
    channel: ChannelRules,
    number: str | None,
    timezone: str,
) -> datetime | None:
    """Returns when a text of that channel may leave, from ``at`` on: inside both the window and the channel's hours.

    ``sending``: the client's window; ``timezone``: the IANA name of its zone. None: the two have no hour in common.
    """
    hours = channel.open_hours
    if hours is None:
        return sending(at)
    client_zone = time_zone(timezone)
    return common_opening(at, [sending, lambda moment: quiet_until(moment, number, client_zone, hours) or moment])


def common_opening(at: datetime, openings: Sequence[Opening]) -> datetime | None:
    """Returns the first moment from ``at`` on at which everything is open; None if there is none within a week."""
    moment = at
    while moment - at <= PATIENCE:
        latest = max((opens(moment) for opens in openings), default=moment)
        if latest <= moment:
            return moment
        moment = latest
    return None


def _zones(number: str | None, client_zone: tzinfo, now: datetime) -> list[tzinfo]:
    """Lists the zones that have to be open, the client's last, where that counts."""
    place = Place() if number is None else place_of(number)
    zones = _different(place.zones, now)
    return zones if len(zones) == 1 and place.is_certain else [*zones, client_zone]


def _different(names: Sequence[str], now: datetime) -> list[tzinfo]:
    """Lists one zone for each time of day that the zones show; none where they are too far apart to name a place."""
    by_offset: dict[timedelta, tzinfo] = {}
    for name in names:
        zone = time_zone(name)
        by_offset.setdefault(now.astimezone(zone).utcoffset() or timedelta(0), zone)
    if not by_offset or max(by_offset) - min(by_offset) > WIDEST:
        return []
    return list(by_offset.values())


def _opening(hours: Hours, zone: tzinfo) -> Opening:
    window = SendingWindow(EVERY_DAY, hours.start, hours.end)
    return lambda moment: next_opening(window, zone, moment)
