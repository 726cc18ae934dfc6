"""By what a person is recognised, and which lead an event belongs to.

A person is matched inside one client by exact keys only: a provider's own id, an email address, a number that belongs
to exactly one lead, the slug of a profile. Never by name, company, domain or a part of a number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote

from shared.domain.email_address import canonical_address
from shared.domain.events import Address, Person
from shared.domain.phone_number import canonical_number
from shared.domain.vocabulary import IdentityKind, LeadId

PROVIDERS_OWN = frozenset({IdentityKind.GHL_CONTACT, IdentityKind.SMARTLEAD_LEAD, IdentityKind.LINKEDIN_MEMBER})
"""Ids that a provider gives a person: they say who it is to that provider alone."""

_STRENGTH = {kind: position for position, kind in enumerate(IdentityKind)}
_SCOPED_KINDS = frozenset({IdentityKind.GHL_CONTACT, IdentityKind.LINKEDIN_MEMBER})
_PROFILE = re.compile(
    r"(?:(?:https?://)?(?:[a-z0-9-]+\.)*linkedin\.com)?/in/(?P<slug>[^/?#]+)/?(?:[?#].*)?", re.IGNORECASE | re.DOTALL
)
_SLUG = re.compile(r"[\w-]+")
_MEMBER_ID_IN_A_SLUGS_PLACE = "acoaa"  # /in/ACoAA… is how a member is linked whose slug the provider does not say


def canonical_key(kind: IdentityKind, value: str, *, region: str | None = None) -> Address | None:
    """Returns the key that all spellings of ``value`` share; None where it is no key of that kind.

    ``region`` (ISO 3166, two letters) is where a number is from that does not say so itself.
    """
    value = value.strip()
    match kind:
        case IdentityKind.EMAIL:
            local_part, _, domain = value.rpartition("@")
            canonical = canonical_address(value) if local_part and domain else None
        case IdentityKind.PHONE:
            canonical = canonical_number(value, region)
        case IdentityKind.LINKEDIN_SLUG:
            canonical = _canonical_slug(value)
        case scoped if scoped in _SCOPED_KINDS:
            scope, _, provider_id = value.partition(":")
            canonical = value if scope and provider_id else None
        case _:
            canonical = value or None
    return None if canonical is None else Address(kind, canonical)


def _canonical_slug(value: str) -> str | None:
    """Returns ``/in/<slug>`` of a profile's URL or path; a company's or school's page is no person's."""
    found = _PROFILE.fullmatch(value)
    slug = unicodedata.normalize("NFC", unquote(found["slug"]).lower()) if found else ""
    return f"/in/{slug}" if _SLUG.fullmatch(slug) and not slug.startswith(_MEMBER_ID_IN_A_SLUGS_PLACE) else None


def strongest_first(addresses: Iterable[Address]) -> tuple[Address, ...]:
    """Returns the distinct keys in the order in which they decide, whatever the order in which they came."""
    return tuple(sorted(set(addresses), key=lambda address: (_STRENGTH[address.kind], address.value)))


def person_key(person: Person) -> str | None:
    """Returns one key of a person for digests: the email address, else the strongest that there is."""
    if person.email is not None:
        return person.email
    return next((f"{address.kind}:{address.value}" for address in strongest_first(person.addresses)), None)


def names_of(person: Person) -> frozenset[str]:
    """Returns every word by which a provider may name the person as a sender; an id also without its scope."""
    names = {address.value for address in person.addresses}
    return frozenset(names | {address.value.partition(":")[2] for address in person.addresses if _is_scoped(address)})


def one_email_each(person: Person) -> tuple[Person, ...]:
    """Returns the person once for each email address, with all other keys; once without any if there is none.

    For an account's questions about one address: its block list is kept by address.
    """
    emails = [address for address in person.addresses if address.kind is IdentityKind.EMAIL]
    others = tuple(address for address in person.addresses if address.kind is not IdentityKind.EMAIL)
    return tuple(replace(person, addresses=(email, *others)) for email in emails) or (person,)


def _is_scoped(address: Address) -> bool:
    return address.kind in _SCOPED_KINDS


def is_young(keys: Iterable[Address]) -> bool:
    """Says whether these are the keys of a lead that nothing is known of but ids that providers have given it."""
    return all(key.kind in PROVIDERS_OWN for key in keys)


@dataclass(frozen=True, slots=True)
class OtherLead:
    """A lead that one of a person's keys points to, besides the lead that the event belongs to."""

    lead_id: LeadId
    kind: IdentityKind  # of the strongest such key


@dataclass(frozen=True, slots=True)
class Match:
    """The lead that an event belongs to. ``lead_id`` of None: nobody is known by its keys.

    ``others`` may be the same person: both stay, and a person decides about a merge.
    """

    lead_id: LeadId | None
    others: tuple[OtherLead, ...] = ()


def match_lead(linked: Mapping[Address, Collection[LeadId]]) -> Match:
    """Decides which lead an event belongs to; ``linked`` maps each of its keys to the leads that have it.

    The strongest key that belongs to exactly one lead decides. A number that two leads share is a hint that they are
    one person; one that more share is a switchboard's, and no hint.
    """
    decisive = strongest_first(address for address, leads in linked.items() if len(leads) == 1)
    if not decisive:
        return Match(None)
    (chosen,) = linked[decisive[0]]
    others: dict[LeadId, IdentityKind] = {}
    for address in strongest_first(linked):
        leads = set(linked[address])
        if len(leads) == 1 or (len(leads) == 2 and chosen in leads):
            for lead_id in leads - {chosen}:
                others.setdefault(lead_id, address.kind)
    return Match(chosen, tuple(OtherLead(lead_id, kind) for lead_id, kind in others.items()))
