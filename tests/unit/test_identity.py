"""By what a person is recognised: the keys, their strength, and whose an event is."""

from __future__ import annotations

from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.email_address import canonical_address
from shared.domain.events import Address
from shared.domain.identity import Match, OtherLead, canonical_key, match_lead, strongest_first
from shared.domain.vocabulary import IdentityKind, LeadId

EMAIL, PHONE, SLUG = IdentityKind.EMAIL, IdentityKind.PHONE, IdentityKind.LINKEDIN_SLUG
CONTACT, MEMBER, SMARTLEAD = IdentityKind.GHL_CONTACT, IdentityKind.LINKEDIN_MEMBER, IdentityKind.SMARTLEAD_LEAD
A, B, C = (LeadId(UUID(int=number)) for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("kind", "value", "canonical"),
    [
        (EMAIL, " Pat@Acme.TEST. ", "pat@acme.test"),
        (EMAIL, "pat@münchen.example", "pat@xn--mnchen-3ya.example"),
        (EMAIL, "Pat+news@acme.test", "pat+news@acme.test"),
        (PHONE, "+12025550123", "+12025550123"),
        (PHONE, "+1 (202) 555-0123", "+12025550123"),
        (PHONE, "tel:+1-202-555-0123", "+12025550123"),
        (PHONE, "+１２０２５５５０１２３", "+12025550123"),  # digits, but not ASCII's
        (PHONE, "+49 (0)30 901820", "+4930901820"),
        (CONTACT, "loc1:Contact1", "loc1:Contact1"),
        (MEMBER, "acc1:ACoAAB", "acc1:ACoAAB"),
        (SMARTLEAD, "1482956", "1482956"),
        (SLUG, "https://www.linkedin.com/in/Pat-Lee-1a2b/?trk=x#top", "/in/pat-lee-1a2b"),
        (SLUG, "http://de.linkedin.com/in/pat-lee-1a2b", "/in/pat-lee-1a2b"),
        (SLUG, "linkedin.com/in/pat-lee-1a2b/", "/in/pat-lee-1a2b"),
        (SLUG, "/in/Pat-Lee-1a2b", "/in/pat-lee-1a2b"),
        (SLUG, "https://linkedin.com/in/j%C3%B6rg", "/in/jörg"),
        (SLUG, "https://linkedin.com/in/jo%CC%88rg", "/in/jörg"),  # o and its dots apart
    ],
)
def test_spellings_of_one_key_are_one(kind: IdentityKind, value: str, canonical: str) -> None:
    assert canonical_key(kind, value) == Address(kind, canonical)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *((kind, " ") for kind in IdentityKind),
        (EMAIL, "acme.test"),
        (EMAIL, "@acme.test"),
        (EMAIL, "pat@"),
        (PHONE, "202 555 0123"),
        (PHONE, "+1 202 555 0123 ext. 4"),  # a switchboard's
        (PHONE, "+12025550123 / +12025550124"),
        (PHONE, "+0125550123"),
        (PHONE, "+12025"),
        (PHONE, "+" + "1" * 16),
        (CONTACT, "contact-without-location"),
        (CONTACT, ":contact"),
        (MEMBER, "acc1:"),
        (SLUG, "pat-lee"),
        (SLUG, "https://linkedin.com/company/acme"),
        (SLUG, "https://linkedin.com/school/acme"),
        (SLUG, "https://linkedin.com/in/"),
        (SLUG, "https://linkedin.com/in/pat/details"),
        (SLUG, "https://linkedin.com/in/ACoAAB1234"),  # a member's id in a slug's place
        (SLUG, "https://notlinkedin.com/in/pat"),
        (SLUG, "https://linkedin.com.evil.test/in/pat"),
    ],
)
def test_what_is_no_key_recognises_nobody(kind: IdentityKind, value: str) -> None:
    assert canonical_key(kind, value) is None


@pytest.mark.parametrize(
    ("number", "region", "canonical"),
    [
        ("(202) 555-0123", "US", "+12025550123"),
        ("202.555.0123", "us", "+12025550123"),
        ("1 202 555 0123", "US", "+12025550123"),
        ("001 202 555 0123", "DE", "+12025550123"),
        ("030 901820", "DE", "+4930901820"),
        ("020 7946 0000", "GB", "+442079460000"),
        ("+44 20 7946 0000", "US", "+442079460000"),  # what a number says of itself counts
        ("555-0123", "US", None),
        ("911", "US", None),
        ("202 555 0123", "XX", None),
        ("202 555 0123", None, None),
    ],
)
def test_a_number_without_a_country_is_of_the_region(number: str, region: str | None, canonical: str | None) -> None:
    key = canonical_key(PHONE, number, region=region)
    assert key == (None if canonical is None else Address(PHONE, canonical))


@given(st.sampled_from(IdentityKind), st.text(max_size=30) | st.text(max_size=20).map("linkedin.com/in/{}".format))
def test_any_text_has_one_key_whose_key_is_itself_or_none(kind: IdentityKind, value: str) -> None:
    key = canonical_key(kind, value)
    if key is not None and kind is not EMAIL:  # of addresses: test_email_address
        assert canonical_key(kind, key.value) == key


@given(st.emails())
def test_an_address_is_the_key_that_messages_are_compared_by(address: str) -> None:
    assert canonical_key(EMAIL, address) == Address(EMAIL, canonical_address(address))


def test_a_providers_own_id_outweighs_what_it_says_of_the_person() -> None:
    keys = [Address(kind, "x") for kind in IdentityKind]
    assert [key.kind for key in strongest_first(reversed(keys))] == [CONTACT, SMARTLEAD, MEMBER, EMAIL, PHONE, SLUG]


@pytest.mark.parametrize(
    ("linked", "match"),
    [
        ({}, Match(None)),
        ({EMAIL: ()}, Match(None)),
        ({EMAIL: (A,)}, Match(A)),
        ({EMAIL: (A,), CONTACT: ()}, Match(A)),  # the free key is added to A
        ({EMAIL: (A,), CONTACT: (A,), PHONE: (A,)}, Match(A)),
        ({EMAIL: (A,), CONTACT: (B,)}, Match(B, (OtherLead(A, EMAIL),))),
        ({EMAIL: (A,), SLUG: (B,)}, Match(A, (OtherLead(B, SLUG),))),
        ({EMAIL: (A,), CONTACT: (B,), MEMBER: (C,)}, Match(B, (OtherLead(C, MEMBER), OtherLead(A, EMAIL)))),
        ({EMAIL: (B,), CONTACT: (A,), SLUG: (B,)}, Match(A, (OtherLead(B, EMAIL),))),  # once, by the strongest key
        ({PHONE: (A,)}, Match(A)),
        ({PHONE: (A,), SLUG: (B,)}, Match(A, (OtherLead(B, SLUG),))),
        ({PHONE: (A, B)}, Match(None)),  # which of the two is not for us to say
        ({PHONE: (A, B), SLUG: (C,)}, Match(C)),
        ({PHONE: (A, B), EMAIL: (B,)}, Match(B, (OtherLead(A, PHONE),))),
        ({PHONE: (A, B, C), EMAIL: (B,)}, Match(B)),  # a switchboard
        ({PHONE: (A,), EMAIL: (B,)}, Match(B, (OtherLead(A, PHONE),))),
    ],
)
def test_whose_an_event_is(linked: dict[IdentityKind, tuple[LeadId, ...]], match: Match) -> None:
    assert match_lead({Address(kind, "x"): leads for kind, leads in linked.items()}) == match


keys = st.builds(Address, st.sampled_from(IdentityKind), st.sampled_from("xyz"))
leads = st.lists(st.sampled_from([A, B, C]), max_size=3, unique=True)
links = st.dictionaries(keys, leads, max_size=6).map(
    lambda linked: {key: ids if key.kind is PHONE else ids[:1] for key, ids in linked.items()}
)


@given(links)
def test_an_event_is_the_lead_of_its_strongest_key(linked: dict[Address, list[LeadId]]) -> None:
    match = match_lead(linked)
    decisive = [key for key in strongest_first(linked) if len(linked[key]) == 1]
    assert match.lead_id == (linked[decisive[0]][0] if decisive else None)
    assert match.lead_id not in [other.lead_id for other in match.others]
    assert match.lead_id is not None or not match.others
    for ids in linked.values():  # whoever is known by a key of his own is in sight
        if len(ids) == 1:
            assert ids[0] == match.lead_id or ids[0] in [other.lead_id for other in match.others]


@given(links, st.randoms(use_true_random=False))
def test_the_order_in_which_keys_come_decides_nothing(linked: dict[Address, list[LeadId]], random: Random) -> None:
    shuffled = list(linked.items())
    random.shuffle(shuffled)
    assert match_lead(dict(shuffled)) == match_lead(linked)
