"""Instantly's leads and block list, as far as they say who must not be written to."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import batched
from typing import TYPE_CHECKING, Self

from shared.domain.consent import Consent, ProviderObjection
from shared.domain.email_address import canonical_address, spellings
from shared.domain.vocabulary import Objection
from shared.providers.account_values import Blocked
from shared.providers.errors import Refused
from shared.providers.json_fields import JsonObject, normalise_address, read_identifier, read_line

if TYPE_CHECKING:
    from shared.providers.instantly.client import InstantlyClient

# A lead's status: 1 active, 2 paused, 3 completed, -1 bounced, -2 unsubscribed, -3 skipped.
_OBJECTIONS: Mapping[int, Objection] = {-1: Objection.BOUNCED, -2: Objection.UNSUBSCRIBED}
MAX_VALUE_CHARS = 320
BLOCK_LIST_PAGE = 100


@dataclass(frozen=True, slots=True)
class ProviderLead:
    """A person in one campaign or list of Instantly's: one address has as many of these as it is in."""

    id: str
    email: str | None  # in its canonical form
    status: int | None
    campaign_id: str | None

    @property
    def objection(self) -> ProviderObjection | None:
        kind = None if self.status is None else _OBJECTIONS.get(self.status)
        return None if kind is None else ProviderObjection(kind, self.campaign_id)

    @classmethod
    def from_json(cls, fields: JsonObject) -> Self | None:
        """Reads the lead in an API response; None when it has no id."""
        lead_id = read_identifier(fields, "id")
        if lead_id is None:
            return None
        status = fields.get("status")
        return cls(
            id=lead_id,
            email=normalise_address(fields.get("email")),
            status=int(status) if isinstance(status, int | float) and not isinstance(status, bool) else None,
            campaign_id=read_identifier(fields, "campaign"),
        )


@dataclass(frozen=True, slots=True)
class BlockListEntry:
    """``value`` is an address or a domain, in its canonical form."""

    id: str
    value: str

    @property
    def is_domain(self) -> bool:
        return "@" not in self.value

    @classmethod
    def from_json(cls, fields: JsonObject) -> Self | None:
        """Reads the entry in an API response; None when it has no id or no value."""
        entry_id, value = read_identifier(fields, "id"), read_line(fields, "bl_value", MAX_VALUE_CHARS)
        return None if entry_id is None or not value else cls(entry_id, canonical_address(value))


def consent(
    instantly: InstantlyClient, email: str, *, timeout_s: float, clock: Callable[[], float] = time.monotonic
) -> Consent | None:
    """Asks Instantly about a person, by the exact address in any spelling; None when it knows nothing.

    Three questions: the leads of this address, the block list's entry of the address and that of its domain. Raises
    what the client raises, but for a 404, which is a person unknown.
    """
    deadline = clock() + timeout_s

    def left_s() -> float:
        return max(0.1, deadline - clock())

    found = statuses(instantly, [email], left_s)
    objections = found.get(email, [])
    domain = email.rpartition("@")[2]
    with _reading("the block list", "block_list_entries:read"):
        if instantly.is_on_block_list(email, timeout_s=left_s()):
            objections.append(ProviderObjection(Objection.BLOCKED))
        if instantly.is_on_block_list(domain, domains_only=True, timeout_s=left_s()):
            objections.append(ProviderObjection(Objection.DOMAIN_BLOCKED))
    return Consent(tuple(objections)) if objections or email in found else None


def statuses(
    instantly: InstantlyClient, emails: Collection[str], left_s: Callable[[], float]
) -> dict[str, list[ProviderObjection]]:
    """Returns the objections in the leads of these addresses (canonical): an empty list for a lead without one."""
    wanted, found = set(emails), dict[str, list[ProviderObjection]]()
    contacts = sorted(spelling for email in wanted for spelling in spellings(email))
    with _reading("leads", "leads:read"):
        for lead in _known(instantly.list_leads(contacts=contacts, timeout_s=left_s)):
            if lead.email in wanted:
                objections = found.setdefault(lead.email, [])
                if lead.objection is not None and lead.objection not in objections:
                    objections.append(lead.objection)
    return found


def block_list(client: InstantlyClient, after: str | None, *, timeout_s: float) -> Iterator[Sequence[Blocked]]:
    """Yields the block list page by page behind an entry, or from its beginning when that entry is gone."""
    try:
        yield from _pages(client.list_block_list(starting_after=after, timeout_s=timeout_s))
    except Refused as error:
        if after is None or error.is_credential:
            raise
        yield from _pages(client.list_block_list(timeout_s=timeout_s))


def _pages(entries: Iterable[BlockListEntry]) -> Iterator[Sequence[Blocked]]:
    for page in batched(entries, BLOCK_LIST_PAGE, strict=False):
        yield [Blocked(entry.id, entry.value, entry.is_domain) for entry in page]


def _known(leads: Iterable[ProviderLead]) -> Iterator[ProviderLead]:
    """The leads of a listing; a 404 is an empty one."""
    try:
        yield from leads
    except Refused as error:
        if error.status != 404:
            raise


@contextmanager
def _reading(what: str, scope: str) -> Iterator[None]:
    """Says what a refused key lacks: without it, nobody can know whether a person may be written to."""
    try:
        yield
    except Refused as error:
        if error.status != 403:
            raise
        raise Refused(403, f"the API key may not read {what}: it needs the scope {scope}") from None
