"""One form of a phone number for all of its spellings (E.164), and the time zones of its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

MAX_CHARS: Final = 40

_BETWEEN: Final = r"\s().\-‐-―−/\u00a0\u200b-\u200f\u202a-\u202e\u2060"
_NUMBER: Final = re.compile(rf"(?:tel:)?[+\uff0b]?[\d{_BETWEEN}]{{3,}}", re.IGNORECASE)


def canonical_number(number: str, region: str | None = None) -> str | None:
    """Returns a number as ``+12025550143``; None where it is none, or does not say of which country it is.

    ``region`` (ISO 3166, two letters) is the country of a number without one. A number with an extension is a
    switchboard's, a short one a service's: neither is a person's. Only lengths are checked: what providers name has
    been reached, and the plans of numbers change more often than a library.
    """
    parsed = _parsed(number, region)
    if parsed is None:
        return None
    import phonenumbers

    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a number: IANA names of its time zones, none where nothing is known.

    ``is_certain``: its owner is there. A number of an area says so, and one of a country with one time; the mobile
    numbers of other countries only say where most of their people are.
    """

    zones: tuple[str, ...] = ()
    is_certain: bool = False


def place_of(number: str) -> Place:
    """Returns the place of a canonical number; the owner of one of the US may have taken it along when moving."""
    parsed = _parsed(number, None)
    if parsed is None or parsed.country_code is None:
        return Place()
    from phonenumbers import is_number_type_geographical, number_type
    from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_geographical_number
    from phonenumbers.tzdata import TIMEZONE_DATA

    zones = tuple(zone for zone in time_zones_for_geographical_number(parsed) if zone != UNKNOWN_TIMEZONE)
    of_country = TIMEZONE_DATA.get(str(parsed.country_code), ())
    is_of_an_area = is_number_type_geographical(number_type(parsed), parsed.country_code)
    return Place(zones, is_certain=bool(zones) and (is_of_an_area or zones == of_country))


def _parsed(number: str, region: str | None) -> PhoneNumber | None:
    if len(number) > MAX_CHARS or _NUMBER.fullmatch(number.strip()) is None:
        return None
    import phonenumbers  # tables that take some 60 ms to load, which no email needs

    try:
        parsed = phonenumbers.parse(number, None if region is None else region.upper())
    except phonenumbers.NumberParseException:
        return None
    if parsed.extension is not None:
        return None
    reason = phonenumbers.is_possible_number_with_reason(parsed)
    return parsed if reason == phonenumbers.ValidationResult.IS_POSSIBLE else None
