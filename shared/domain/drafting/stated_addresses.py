"""The links, email addresses and phone numbers of a text, and their grounding.

What we send somebody to must be ours. Of the lead's own we may repeat a calendar, their site and a colleague's address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from shared.domain.text.wording import without_accents

EMAIL: Final = re.compile(r"(?<![\w.+'-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
# Without a scheme only well-known endings in small letters make a link: "you.So", "ASP.NET" and "Node.js" are none.
_ENDINGS: Final = (
    "com|org|net|io|ai|co|de|fr|es|it|nl|pl|pt|eu|uk|us|ca|au|ch|at|be|se|dk|no|fi|ie|cz|br|mx|in|jp|app|dev|info|biz"
    "|me|tech|cloud|so|ly|gg|link|page|site|online|xyz|shop|store|agency|software|tools|team|test|example|zone|gl"
)
_PATH: Final = r"[^\s<>\"'`|\\^{}\[\]]"
LINK: Final = re.compile(
    rf"(?:[hH][tT][tT][pP][sS]?://|[wW][wW][wW]\.){_PATH}{{2,500}}"
    rf"|(?<![\w.@/-])(?:[A-Za-z0-9-]{{2,63}}\.){{1,5}}(?:{_ENDINGS})(?![\w-])(?!\.[a-z0-9-])(?:/{_PATH}{{0,500}})?"
)
PHONE: Final = re.compile(
    r"(?<![\w.,/-])(?:(?:\+|00|0|\()\d?(?:[ ()/.-]{0,3}\d){6,15}|\d{3}[.-]\d{3}[.-]\d{4}|\d{2,3}(?: \d{2,3}){3})"
    r"(?![\w%])"
)
_DIGIT_RUN: Final = re.compile(r"\d(?:[ ()/.-]{0,3}\d){6,19}")
_PHONE_TAIL: Final = 7  # digits that must agree: country codes and leading zeros are written in many ways
_CALENDARS: Final = re.compile(
    r"(?:^|\.)(?:calendly\.com|cal\.com|savvycal\.com|tidycal\.com|zcal\.co|meetings\.hubspot\.com|hubspot\.com|calendar\.app\.google"
    r"|calendar\.google\.com|outlook\.office365\.com|outlook\.office\.com|bookings\.microsoft\.com|youcanbook\.me|doodle\.com"
    r"|acuityscheduling\.com|zoom\.us|koalendar\.com|meetergo\.com|vimcal\.com|motion\.com|reclaim\.ai)\Z"
)
_OWN_CALENDAR: Final = re.compile(
    r"(?:^|\.)(?:cal|calendar|calendly|meet|meetings|termin|termine|agenda|rdv|booking|book|schedule)\."
)
SHORTEST_NAME: Final = 3  # letters of a company's name or a person's that an address may be known by


@dataclass(slots=True)
class KnownAddresses:
    """The links, addresses and phone numbers of some texts."""

    links: set[str] = field(default_factory=set)  # without parameters
    hosts: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    phone_tails: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)  # what is written like a name

    def add(self, text: str) -> None:
        """Adds what a text holds."""
        for match in EMAIL.finditer(text):
            email = _normal_email(match[0])
            self.emails.add(email)
            self.hosts.add(email.partition("@")[2])
        rest = _blank(text, EMAIL)
        for match in LINK.finditer(rest):
            link = _normal_link(match[0])
            self.links.add(link)
            self.hosts.add(_host(link))
        self.phone_tails.update(_digits(match[0])[-_PHONE_TAIL:] for match in _DIGIT_RUN.finditer(text))
        rest = _blank(rest, LINK)
        self.names.update(without_accents(match[0]).lower() for match in re.finditer(r"[A-ZÀ-Þ]\w{2,30}", rest))


def ungrounded_addresses(
    text: str, ours: KnownAddresses, theirs: KnownAddresses, leads_names: Iterable[str]
) -> Iterator[tuple[str, str, bool]]:
    """Yields what our texts do not hold: its kind (email, link, phone), its words, and whether the lead said it."""
    own_names = {name for name in map(_compact, leads_names) if len(name) >= SHORTEST_NAME}
    for match in EMAIL.finditer(text):
        email = _normal_email(match[0])
        if email not in ours.emails and not (email in theirs.emails and _is_a_persons(email, theirs.names, own_names)):
            yield "email", match[0], email in theirs.emails
    text = _blank(text, EMAIL)
    for match in LINK.finditer(text):
        link = _normal_link(match[0])
        if link in ours.links or ("/" not in link and link in ours.hosts):
            continue
        said = link in theirs.links or ("/" not in link and link in theirs.hosts)
        if not (said and ("/" not in link or _is_calendar(_host(link)))):
            yield "link", match[0].rstrip(".,;:!?)"), said
    text = _blank(text, LINK)
    for match in PHONE.finditer(text):
        if _digits(match[0])[-_PHONE_TAIL:] not in ours.phone_tails | theirs.phone_tails:
            yield "phone", match[0].strip(), False


def without_addresses(text: str) -> str:
    """Blanks links, addresses and phone numbers, so that their digits are not read as amounts."""
    return _blank(_blank(_blank(text, EMAIL), LINK), PHONE)


def _is_calendar(host: str) -> bool:
    return bool(_CALENDARS.search(host) or _OWN_CALENDAR.search(host))


def _is_a_persons(email: str, names: set[str], own_names: set[str]) -> bool:
    """Tells whether an address that the lead gave belongs to somebody they named, or to their own company."""
    local, _, domain = email.partition("@")
    labels = _compact(domain.rpartition(".")[0])
    if any(name in labels or (len(labels) > SHORTEST_NAME and labels in name) for name in own_names):
        return True
    return any(
        len(part) >= SHORTEST_NAME and part in names for part in re.split(r"[._+\d-]+", without_accents(local).lower())
    )


def _compact(name: str) -> str:
    return re.sub(r"[\W_]", "", without_accents(name).lower())


def _normal_email(email: str) -> str:
    return email.lower().strip(".'-")


def _normal_link(link: str) -> str:
    link = link.rstrip(".,;:!?)*_»”'\"…").lower()
    link = re.split(r"[?#]", link.removeprefix("https://").removeprefix("http://").removeprefix("www."), maxsplit=1)[0]
    return link.rstrip("/")


def _host(link: str) -> str:
    return re.split(r"[/?#:]", link, maxsplit=1)[0]


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _blank(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda match: " " * len(match[0]), text)
