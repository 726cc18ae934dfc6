"""Which of the provider's objections count, and what lifting a suppression overrules."""

from __future__ import annotations

import pytest

from shared.domain.consent import Consent, ProviderObjection, dismissed_kinds, objection_behind, standing_objection
from shared.domain.vocabulary import Objection, SuppressionReason

UNSUBSCRIBED = ProviderObjection(Objection.UNSUBSCRIBED, "c1")
BOUNCED = ProviderObjection(Objection.BOUNCED, "c1")
BLOCKED = ProviderObjection(Objection.BLOCKED)
DOMAIN = ProviderObjection(Objection.DOMAIN_BLOCKED)


@pytest.mark.parametrize(
    ("objections", "dismissed", "ours", "standing"),
    [
        ((), (), False, None),
        ((BOUNCED, DOMAIN, UNSUBSCRIBED), (), False, UNSUBSCRIBED),
        ((BOUNCED, DOMAIN), (), False, DOMAIN),
        ((BOUNCED,), (), False, BOUNCED),
        ((UNSUBSCRIBED,), ("UNSUBSCRIBED:c1",), False, None),  # overruled by a person
        ((UNSUBSCRIBED,), ("UNSUBSCRIBED",), False, None),  # all of the kind, just now
        ((UNSUBSCRIBED,), ("UNSUBSCRIBED:c2",), False, UNSUBSCRIBED),  # of another campaign: a new one
        ((UNSUBSCRIBED, BOUNCED), ("UNSUBSCRIBED:c1",), False, BOUNCED),
        ((BLOCKED,), (), True, None),  # our own entry, on its way out
        ((DOMAIN,), (), True, DOMAIN),  # never ours
        ((BLOCKED,), (), False, BLOCKED),
    ],
)
def test_the_strongest_objection_that_nobody_has_overruled_counts(
    objections: tuple[ProviderObjection, ...],
    dismissed: tuple[str, ...],
    ours: bool,
    standing: ProviderObjection | None,
) -> None:
    found = standing_objection(Consent(objections), dismissed=dismissed, block_list_entry_is_ours=ours)
    assert found == standing


def test_a_person_whom_the_provider_does_not_know_does_not_object() -> None:
    assert standing_objection(None, dismissed=(), block_list_entry_is_ours=False) is None


@pytest.mark.parametrize(
    ("reason", "rule", "overruled"),
    [
        (SuppressionReason.UNSUBSCRIBED, "provider.lead_unsubscribed", Objection.UNSUBSCRIBED),
        (SuppressionReason.BOUNCED, "provider.email_bounced", Objection.BOUNCED),
        (SuppressionReason.BOUNCED, "bounce.status", Objection.BOUNCED),
        (SuppressionReason.UNSUBSCRIBED, BLOCKED.rule, Objection.BLOCKED),
        (SuppressionReason.UNSUBSCRIBED, DOMAIN.rule, Objection.DOMAIN_BLOCKED),
        (SuppressionReason.UNSUBSCRIBED, UNSUBSCRIBED.rule, Objection.UNSUBSCRIBED),
        (SuppressionReason.UNSUBSCRIBED, "provider.consent.of_a_newer_release", Objection.UNSUBSCRIBED),
        (SuppressionReason.OPT_OUT, "opt_out.en.stop", None),
        (SuppressionReason.MODEL, "model", None),
    ],
)
def test_lifting_a_suppression_overrules_just_what_it_was_about(
    reason: SuppressionReason, rule: str, overruled: Objection | None
) -> None:
    assert objection_behind(reason, rule) == overruled


def test_a_kind_is_dismissed_as_a_whole_until_its_objections_are_known() -> None:
    assert dismissed_kinds(("UNSUBSCRIBED", "BOUNCED:c1", "BLOCKED:")) == {Objection.UNSUBSCRIBED}
