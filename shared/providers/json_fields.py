"""Reading JSON that somebody else wrote: clean, bounded, and a wrong type counts as missing.

Webhook bodies and API answers both come through here, so that what is stored is always something that Postgres takes.
"""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.domain.email_address import canonical_address
from shared.domain.text.email_text import sanitize_text

MAX_ID_CHARS = 200
MAX_SUBJECT_CHARS = 998  # a header line of RFC 5322
MAX_ADDRESS_CHARS = 320  # 64 @ 255
MAX_DEPTH = 16

EARLIEST = datetime(2010, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
MILLISECONDS_FROM = 1e11  # as seconds the year 5138, as milliseconds 1973: nothing real lies between

type JsonObject = dict[str, Any]


class JsonError(ValueError):
    """Bytes that are no JSON that we take. ``reason``: ``empty_body``, ``not_json`` or ``too_deep``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse_json(raw: bytes) -> Any:
    """Parses the JSON value in ``raw``, fit for jsonb.

    A byte order mark, invalid UTF-8, NUL and lone surrogates are cleaned away; a number that is too long or not finite
    becomes text or null; what is nested more than 16 deep becomes null; the last of duplicate keys wins, though never
    one that had to be cleaned over one that had not. Raises JsonError, and nothing else.
    """
    text = raw.decode(errors="replace").strip("\0\N{ZERO WIDTH NO-BREAK SPACE}")
    if not text.replace("\0", "").strip():
        raise JsonError("empty_body")
    try:
        parsed = _loads(text)
    except RecursionError:
        raise JsonError("too_deep") from None
    except ValueError:
        raise JsonError("not_json") from None
    return _jsonb_safe(parsed, MAX_DEPTH)


def read_text(value: object) -> str | None:
    """Reads a string or a number as text; every other type counts as missing."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


def read_identifier(fields: JsonObject, *keys: str, max_chars: int = MAX_ID_CHARS) -> str | None:
    """Returns the first key's value that holds something; one too long is missing: cut short it would equal others."""
    for key in keys:
        value = one_line(read_text(fields.get(key)) or "")
        if value and len(value) <= max_chars:
            return value
    return None


def read_line(fields: JsonObject, key: str, max_chars: int) -> str | None:
    """One line of text, cut at ``max_chars``; a line break in a subject would end the header of our answer."""
    value = read_text(fields.get(key))
    return (one_line(value)[:max_chars].rstrip() or None) if value else None


def read_body(fields: JsonObject, key: str) -> str | None:
    """Returns a text as it is, unless it is blank."""
    value = read_text(fields.get(key))
    return value if value is not None and value.strip() else None


def read_address(value: object) -> str | None:
    """Returns an email address as it is spelled, or None when it does not have the shape of one."""
    address = (read_text(value) or "").strip()
    if len(address) > MAX_ADDRESS_CHARS or not _ADDRESS.fullmatch(address):
        return None
    return address if address.isprintable() else None  # also refuses letters that this Python does not know yet


def normalise_address(value: object) -> str | None:
    """Returns an email address in its canonical form, or None when it does not have the shape of one."""
    address = read_address(value)
    if address is None:
        return None
    canonical = canonical_address(address)
    # Postgres checks that stored addresses equal their lower case: one that changes again must not get there.
    return canonical if canonical == canonical.lower() else None


def read_time(value: object) -> datetime | None:
    """Reads a timestamp as a moment in UTC; None when there is none, or it lies outside the years 2010 to 2099.

    ``value``: ISO 8601 (without an offset: UTC), or epoch seconds or milliseconds as a number or digits.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _from_epoch(value)
    if not isinstance(value, str) or len(value) > 40:
        return None
    value = value.strip()
    if re.fullmatch(r"[0-9]{1,16}(\.[0-9]{1,9})?", value):
        return _from_epoch(float(value))
    try:
        moment = datetime.fromisoformat(value)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if EARLIEST <= moment < LATEST else None


def read_count(value: object, largest: int) -> int | None:
    """Reads a whole number from 1 to ``largest``, as a number or digits; everything else counts as missing."""
    if isinstance(value, str) and len(value) <= len(str(largest)) and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 1 <= value <= largest:
        return None
    return int(value) if value == int(value) else None


def one_line(value: str) -> str:
    """Returns the text with a blank in place of each control character, and of each run of blanks."""
    if not value.isprintable():
        value = "".join(char if char >= " " and char != "\x7f" else " " for char in value)
    return " ".join(value.split())


_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"]{1,255}")


def _loads(text: str) -> Any:
    try:
        # Not strict: a raw line break inside a string is a sender's bug that costs nobody anything.
        return json.loads(
            text, strict=False, parse_int=_parse_int, parse_float=_parse_float, parse_constant=lambda _: None
        )
    except ValueError:
        if "\0" not in text:
            raise
        # No JSON allows NUL between its tokens. Inside a string it stays until the keys are told apart.
        return _loads(text.replace("\0", ""))


def _parse_int(digits: str) -> int | str:
    return int(digits) if len(digits) <= 20 else digits  # Python refuses to convert more than 4,300 digits


def _parse_float(digits: str) -> float | str:
    value = float(digits)
    return value if math.isfinite(value) else digits  # 1e999


def _jsonb_safe(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return sanitize_text(value)
    if isinstance(value, dict):
        return _jsonb_safe_object(value, depth - 1) if depth > 0 else None
    if isinstance(value, list):
        return [_jsonb_safe(item, depth - 1) for item in value] if depth > 0 else None
    return value


def _jsonb_safe_object(fields: JsonObject, depth: int) -> JsonObject:
    """A key that had to be cleaned gives way to one that had not: "lead_email" and a NUL is a customer's column."""
    cleaned: JsonObject = {}
    for key, item in fields.items():
        clean = sanitize_text(key)
        if clean == key or clean not in fields:
            cleaned[clean] = _jsonb_safe(item, depth)
    return cleaned


def _from_epoch(number: float) -> datetime | None:
    if not 0 <= number < 1e14:  # also false of NaN; an int may be too large for a float
        return None
    seconds = number / 1000 if number >= MILLISECONDS_FROM else number
    if not EARLIEST.timestamp() <= seconds < LATEST.timestamp():
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
