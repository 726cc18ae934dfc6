"""SmartLead's leads and block list, as far as they say who must not be written to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from shared.domain.consent import Consent, ProviderObjection
from shared.domain.email_address import canonical_address, same_address, spellings
from shared.domain.events import Address, Person
from shared.domain.vocabulary import IdentityKind, Objection
from shared.providers.account_values import Blocked
from shared.providers.errors import RateLimited
from shared.providers.json_fields import JsonObject, normalise_address, read_identifier, read_line
from shared.providers.smartlead.handle import are_ids

if TYPE_CHECKING:
    from shared.providers.smartlead.client import SmartLeadClient

MAX_VALUE_CHARS = 320
MAX_CAMPAIGNS = 500  # of one lead
BLOCK_LIST_PAGE = 1_000  # the most that a listing takes
BOUNCES = "bounce"  # in the source of a block list's entry that SmartLead has made itself


@dataclass(frozen=True, slots=True)
class KnownLead:
    """A person whom SmartLead has the address of."""

    id: str
    email: str | None  # in its canonical form
    objections: tuple[ProviderObjection, ...]
    campaign_ids: tuple[str, ...]

    @property
    def is_unsubscribed(self) -> bool:
        """True when no campaign of the account writes to the person any more."""
        return any(objection.campaign_id is None for objection in self.objections)

    @classmethod
    def from_json(cls, fields: JsonObject) -> Self | None:
        """Reads a lead; None when it has no id that is one: an unknown address is answered with an empty object."""
        lead_id = read_identifier(fields, "id")
        if lead_id is None or not are_ids(lead_id):
            return None
        of_clients = fields.get("unsubscribed_client_id_map")
        objections = []
        if fields.get("is_unsubscribed") is True or (isinstance(of_clients, dict) and any(of_clients.values())):
            objections.append(ProviderObjection(Objection.UNSUBSCRIBED))
        campaign_id = read_identifier(fields, "unsubscribed_from_campaign_id")
        if campaign_id is not None:
            objections.append(ProviderObjection(Objection.UNSUBSCRIBED, campaign_id))
        rows = fields.get("lead_campaign_data")
        listed = [row for row in rows[:MAX_CAMPAIGNS] if isinstance(row, dict)] if isinstance(rows, list) else []
        campaigns = (read_identifier(row, "campaign_id") for row in listed)
        return cls(
            id=lead_id,
            email=normalise_address(fields.get("email")),
            objections=tuple(objections),
            campaign_ids=tuple(dict.fromkeys(id for id in campaigns if id is not None and are_ids(id))),
        )


@dataclass(frozen=True, slots=True)
class BlockListEntry:
    """``value`` is an address or a domain, in its canonical form. ``is_bounce``: SmartLead itself has made it."""

    id: str
    value: str
    is_bounce: bool

    @property
    def is_domain(self) -> bool:
        return "@" not in self.value

    @classmethod
    def from_json(cls, fields: JsonObject) -> Self | None:
        """Reads an entry; None when it has no id or no value."""
        entry_id, value = read_identifier(fields, "id"), read_line(fields, "email_or_domain", MAX_VALUE_CHARS)
        if entry_id is None or not value:
            return None
        source = read_line(fields, "source", MAX_VALUE_CHARS) or ""
        return cls(entry_id, canonical_address(value), is_bounce=BOUNCES in source.lower())


def find_lead(client: SmartLeadClient, email: str, left_s: Callable[[], float]) -> KnownLead | None:
    """Returns the lead of an address (canonical), by whichever spelling SmartLead knows it."""
    for spelling in spellings(email):
        lead = client.lead_by_email(spelling, timeout_s=left_s())
        if lead is not None:
            return lead
    return None


def identify(client: SmartLeadClient, person: Person, *, timeout_s: float) -> Person | None:
    """Returns a person with the address and the id that SmartLead keeps together; None when it knows neither."""
    left_s, lead_id = _countdown(timeout_s), person.address(IdentityKind.SMARTLEAD_LEAD)
    if lead_id is not None:
        lead = client.lead_by_id(lead_id, timeout_s=left_s()) if are_ids(lead_id) else None
    else:
        lead = None if person.email is None else find_lead(client, person.email, left_s)
    if lead is None:
        return None
    found = ((IdentityKind.SMARTLEAD_LEAD, lead.id), (IdentityKind.EMAIL, lead.email))
    return Person(tuple(Address(kind, value) for kind, value in found if value is not None))


def consent(client: SmartLeadClient, email: str, *, timeout_s: float) -> Consent | None:
    """Asks SmartLead about a person, by the exact address in any spelling; None when it knows nothing.

    Three questions: the lead of this address, the block list's entry of the address and that of its domain.
    """
    left_s = _countdown(timeout_s)
    lead = find_lead(client, email, left_s)
    objections = [] if lead is None else list(lead.objections)
    for value, kind in ((email, Objection.BLOCKED), (email.rpartition("@")[2], Objection.DOMAIN_BLOCKED)):
        for entry in entries_of(client, value, left_s)[:1]:
            bounced = entry.is_bounce and kind is Objection.BLOCKED
            objections.append(ProviderObjection(Objection.BOUNCED if bounced else kind))
    return Consent(tuple(objections)) if objections or lead is not None else None


def consents(client: SmartLeadClient, emails: Sequence[str | None], *, timeout_s: float) -> list[Consent | None]:
    """Asks about the leads of these addresses, one question each: the first of them, as far as the rate allows."""
    left_s, found = _countdown(timeout_s), list[Consent | None]()
    for email in emails:
        try:
            lead = None if email is None else find_lead(client, email, left_s)
        except RateLimited:
            if not found:
                raise
            break
        found.append(None if lead is None else Consent(lead.objections))
    return found


def entries_of(client: SmartLeadClient, value: str, left_s: Callable[[], float]) -> list[BlockListEntry]:
    """Returns the block list's entries of an address or a domain, in any spelling."""
    return [
        entry
        for spelling in spellings(value)
        for page in _pages(client, search=spelling, left_s=left_s)
        for entry in page
        if same_address(entry.value, value)  # the search may be by a part of it
    ]


def block_list(client: SmartLeadClient, after: str | None, *, timeout_s: float) -> Iterator[Sequence[Blocked]]:
    """Yields the block list page by page. SmartLead pages by number: an entry's id here is its place in the list."""
    left_s = _countdown(timeout_s)
    offset = int(after) if after is not None and after.isdigit() else 0
    for page in _pages(client, offset=offset, left_s=left_s):
        yield [Blocked(str(offset + place), entry.value, entry.is_domain) for place, entry in enumerate(page, start=1)]
        offset += len(page)


def _pages(
    client: SmartLeadClient, *, search: str | None = None, offset: int = 0, left_s: Callable[[], float]
) -> Iterator[list[BlockListEntry]]:
    """The list's pages until one is not full, or holds nothing new: who ignores the offset repeats itself."""
    seen: set[str] = set()
    while True:
        page = client.block_list(search=search, offset=offset, limit=BLOCK_LIST_PAGE, timeout_s=left_s())
        if page and not {entry.id for entry in page} <= seen:
            yield page
        if len(page) < BLOCK_LIST_PAGE or {entry.id for entry in page} <= seen:
            return
        seen.update(entry.id for entry in page)
        offset += len(page)


def _countdown(timeout_s: float) -> Callable[[], float]:
    deadline = time.monotonic() + timeout_s
    return lambda: max(0.1, deadline - time.monotonic())
