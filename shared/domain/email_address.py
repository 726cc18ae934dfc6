"""One form of an email address for all of its spellings: for storage and comparison.

A domain means the same in either case of letters, with or without the dot at its end (RFC 1034), and in its own letters
as in ASCII (IDNA 2008). Nothing else is folded: the meaning of a dot or a "+tag" in the local part is known to the
receiving server alone.
"""

from __future__ import annotations


def canonical_address(address: str) -> str:
    """Returns the form that all spellings of ``address`` share: lower case, domain in ASCII, without its last dot.

    A domain that is none by IDNA's rules stays as it is spelled, in lower case.
    """
    local_part, at, domain = address.lower().rpartition("@")
    return local_part + at + _canonical_domain(domain)


def same_address(one: str, other: str) -> bool:
    """True when both are spellings of the same address."""
    return one == other or canonical_address(one) == canonical_address(other)


def spellings(address: str) -> tuple[str, ...]:
    """Returns the spellings that others may use: the canonical one, then that with the domain's own letters."""
    canonical = canonical_address(address)
    local_part, at, domain = canonical.rpartition("@")
    if "xn--" not in domain:
        return (canonical,)
    import idna

    try:
        return canonical, local_part + at + idna.decode(domain)
    except UnicodeError:  # IDNAError is one
        return (canonical,)


def _canonical_domain(domain: str) -> str:
    if not domain.isascii():
        import idna  # tables of half a megabyte, which hardly any address needs

        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except UnicodeError:
            return domain
    shorter = domain.removesuffix(".")
    return shorter if shorter and not shorter.endswith(".") else domain
