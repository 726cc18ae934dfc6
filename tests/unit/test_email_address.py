from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.email_address import canonical_address, same_address, spellings
from shared.providers.json_fields import normalise_address


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("Pat@Acme.TEST", "pat@acme.test"),
        ("pat@acme.test.", "pat@acme.test"),
        ("pat@münchen.example", "pat@xn--mnchen-3ya.example"),
        ("pat@MÜNCHEN.example.", "pat@xn--mnchen-3ya.example"),
        ("pat@XN--MNCHEN-3YA.example", "pat@xn--mnchen-3ya.example"),
        ("pat@mu\u0308nchen.example", "pat@xn--mnchen-3ya.example"),  # u and its dots apart
        ("pat@faß.example", "pat@xn--fa-hia.example"),  # a domain of its own, not fass.example
        ("pat@例え。テスト", "pat@xn--r8jz45g.xn--zckzah"),
        ("jörg@acme.test", "jörg@acme.test"),
    ],
)
def test_spellings_of_one_address_are_one(given: str, canonical: str) -> None:
    assert canonical_address(given) == canonical
    assert same_address(given, canonical)
    assert normalise_address(given) == canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("pat+news@acme.test", "pat@acme.test"),
        ("p.a.t@gmail.com", "pat@gmail.com"),
        ("pat@gmail.com", "pat@googlemail.com"),
        ("pat.@acme.test", "pat@acme.test"),
        ("jörg@acme.test", "joerg@acme.test"),
        ("pat@faß.example", "pat@fass.example"),
        ("pat@acme.test", "pat@mail.acme.test"),
    ],
)
def test_nothing_else_is_folded(one: str, other: str) -> None:
    assert not same_address(one, other)


@pytest.mark.parametrize(
    "domain", ["acme..", ".", "a..b", "☃.example", "-ü.example", "ü" * 70 + ".example", "ü_x.example"]
)
def test_what_is_no_domain_stays_as_it_is_spelled(domain: str) -> None:
    assert canonical_address(f"Pat@{domain}") == f"pat@{domain}"


@given(st.text(max_size=40))
def test_any_text_has_one_form_whose_form_is_itself(text: str) -> None:
    lowered = text.lower()
    if lowered == lowered.lower():  # which a few letters never reach
        once = canonical_address(text)
        assert canonical_address(once) == once


_LABEL = st.text("abcxyzäöüßéñłш例", min_size=1, max_size=12)


@given(st.from_regex(r"[a-z0-9+._]{1,20}", fullmatch=True), st.lists(_LABEL, min_size=1, max_size=3))
def test_every_spelling_of_an_address_leads_back_to_it(local_part: str, labels: list[str]) -> None:
    address = f"{local_part}@{'.'.join(labels)}.example"
    canonical = canonical_address(address)
    assert canonical.isascii()
    assert canonical.partition("@")[0] == local_part
    shouted = address if "ß" in address else address.upper()  # ß in capitals is SS, another domain
    for spelling in (address, shouted, *spellings(address)):
        assert canonical_address(spelling) == canonical
        assert canonical_address(spelling + ".") == canonical


def test_idna_is_loaded_only_for_an_address_that_needs_it() -> None:
    script = """if True:
        import sys
        from shared.domain.email_address import canonical_address, spellings
        canonical_address("Pat@Acme.test."), spellings("pat@acme.test")
        assert "idna" not in sys.modules
        canonical_address("pat@münchen.example")
        assert "idna" in sys.modules
    """
    subprocess.run([sys.executable, "-c", script], check=True)
