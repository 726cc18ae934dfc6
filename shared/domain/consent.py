"""What the provider holds against writing to a person, and whether it counts. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from shared.domain.vocabulary import Objection, SuppressionReason

# The strongest first: what the person has said, what the customer has decided, what the mail server has answered.
_STRENGTH = (Objection.UNSUBSCRIBED, Objection.BLOCKED, Objection.DOMAIN_BLOCKED, Objection.BOUNCED)

_REASONS = {
    Objection.UNSUBSCRIBED: SuppressionReason.UNSUBSCRIBED,
    Objection.BLOCKED: SuppressionReason.UNSUBSCRIBED,  # whoever blocked it, the person is not to be written to
    Objection.DOMAIN_BLOCKED: SuppressionReason.UNSUBSCRIBED,
    Objection.BOUNCED: SuppressionReason.BOUNCED,
}
_BEHIND: Mapping[str, Objection] = {
    SuppressionReason.UNSUBSCRIBED: Objection.UNSUBSCRIBED,
    SuppressionReason.BOUNCED: Objection.BOUNCED,
}
_RULE = "provider.consent."
_SENTENCES = {
    Objection.UNSUBSCRIBED: "the provider says that the lead has unsubscribed",
    Objection.BLOCKED: "the lead's address is on the provider's block list",
    Objection.DOMAIN_BLOCKED: "the lead's domain is on the provider's block list",
    Objection.BOUNCED: "the provider says that mail to the lead bounces",
}


@dataclass(frozen=True, slots=True)
class ProviderObjection:
    """One objection of the provider's. An unsubscription is of one campaign there, and of all of them for us."""

    kind: Objection
    campaign_id: str | None = None

    @property
    def key(self) -> str:
        """Identifies it among the lead's objections: a new one, of another campaign, has another key."""
        return f"{self.kind.value}:{self.campaign_id or ''}"

    @property
    def rule(self) -> str:
        """The evidence's rule, as a provider's event has one."""
        return _RULE + self.kind.value.lower()

    @property
    def reason(self) -> SuppressionReason:
        return _REASONS[self.kind]

    @property
    def sentence(self) -> str:
        return _SENTENCES[self.kind]


@dataclass(frozen=True, slots=True)
class Consent:
    """What the provider knows of a person; without objections the person may be written to."""

    objections: tuple[ProviderObjection, ...]


def standing_objection(
    consent: Consent | None, *, dismissed: Collection[str], block_list_entry_is_ours: bool
) -> ProviderObjection | None:
    """The strongest objection that counts, or None.

    ``dismissed`` are those that a person has overruled by lifting the suppression: keys, or all of a kind. An entry on
    the block list that we made ourselves says nothing new: it goes once the provider has been told of the lifting.
    """
    objections: Iterable[ProviderObjection] = () if consent is None else consent.objections
    counting = [
        objection
        for objection in objections
        if not {objection.key, objection.kind.value}.intersection(dismissed)
        and not (block_list_entry_is_ours and objection.kind is Objection.BLOCKED)
    ]
    return min(counting, key=lambda objection: _STRENGTH.index(objection.kind), default=None)


def objection_behind(reason: str, rule: str) -> Objection | None:
    """The provider's objection that a suppression was about: whoever lifts it, overrules just that.

    None for the lead's own words: lifting those says nothing about what the provider knows besides.
    """
    if rule.startswith(_RULE) and (kind := rule.removeprefix(_RULE).upper()) in Objection:
        return Objection(kind)
    return _BEHIND.get(reason)


def dismissed_kinds(dismissed: Collection[str]) -> frozenset[Objection]:
    """The kinds that are dismissed as a whole, until somebody has looked which objections these are."""
    return frozenset(kind for kind in Objection if kind.value in dismissed)
