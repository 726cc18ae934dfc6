"""The provider's objections to writing to a person, and their weight. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from shared.domain.vocabulary import Objection, SuppressionReason

# The strongest first: what the person has said, what the customer has decided, what the mail server has reported.
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


@dataclass(frozen=True, slots=True)
class ProviderObjection:
    """One objection of the provider. An unsubscription is of one campaign there, and of all of them for us."""

    kind: Objection
    campaign_id: str | None = None

    @property
    def key(self) -> str:
        """A key that is unique among the lead's objections: a new one, of another campaign, has another."""
        return f"{self.kind.value}:{self.campaign_id or ''}"

    @property
    def rule(self) -> str:
        """The evidence's rule, as a provider's event has one."""
        return _RULE + self.kind.value.lower()

    @property
    def reason(self) -> SuppressionReason:
        return _REASONS[self.kind]


@dataclass(frozen=True, slots=True)
class Consent:
    """The provider's knowledge of a person; without objections the person may be written to."""

    objections: tuple[ProviderObjection, ...]


def standing_objection(
    consent: Consent | None, *, dismissed: Collection[str], block_list_entry_is_ours: bool
) -> ProviderObjection | None:
    """Returns the strongest objection that counts, or None.

    ``dismissed`` are those that a person has overruled by lifting the suppression: keys, or all of a kind. An entry on
    the block list that we made ourselves says nothing new: it goes once the lifting has reached the provider.
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
    """Returns the provider's objection behind a suppression: lifting that suppression overrules this objection alone.

    None for the lead's own words: lifting those leaves the provider's other objections in force.
    """
    if rule.startswith(_RULE) and (kind := rule.removeprefix(_RULE).upper()) in Objection:
        return Objection(kind)
    return _BEHIND.get(reason)


def dismissed_kinds(dismissed: Collection[str]) -> frozenset[Objection]:
    """Returns the kinds that are dismissed as a whole, until somebody has looked at the single objections."""
    return frozenset(kind for kind in Objection if kind.value in dismissed)
