"""One form of an e-mail address, whatever its spelling: what is stored, and what addresses are compared by.

A domain means the same in either case of letters, with or without the dot at its end (RFC 1034), and in its own letters
as in ASCII (IDNA 2008). Nothing else is folded: whether a dot or a "+tag" in the local part means anything is for the
receiving server to know.
"""

from __future__ import annotations


def canonical_address(address: str) -> str:
    """The form of ``address`` that all of its spellings share: lower case, the domain in ASCII, without its last dot.

    A domain that is none by IDNA's rules stays as it is spelled, in lower case.
    """
    local_part, at, domain = address.lower().rpartition("@")
    return local_part + at + _canonical_domain(domain)


def same_address(one: str, other: str) -> bool:
    """Whether both spell the same address."""
    return one == other or canonical_address(one) == canonical_address(other)


def spellings(address: str) -> tuple[str, ...]:
    """What somebody else may know ``address`` by: the canonical spelling, then that with the domain's own letters."""
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
