"""Handles what tells of no message: bounces and unsubscriptions, and what is of no use to us."""

from __future__ import annotations

from shared.domain.vocabulary import EventOutcome, SuppressionReason
from shared.pipelines.intake.case import Case, Handled
from shared.pipelines.intake.delivery import Receipt, ReceiptStatus
from shared.pipelines.suppression.suppress_lead import SuppressionEvidence, suppress_lead


def handle_objection(case: Case, reason: SuppressionReason) -> Handled:
    """Suppresses the lead by the provider's word."""
    lead_id = case.lead_id
    if lead_id is None:
        return case.quarantine("no_lead_address")
    if not case.keep(EventOutcome.ACCEPTED):
        # Handled while this one waited for the lock; suppressing again could undo what a person has undone since.
        return Handled(Receipt(ReceiptStatus.DUPLICATE))
    evidence = SuppressionEvidence(reason, rule=f"provider.{case.event.header.log_name}")
    jobs = suppress_lead(case.connection, case.client_id, lead_id, evidence, trace_id=case.delivery.trace_id)
    return Handled(Receipt(ReceiptStatus.ACCEPTED), jobs)


def ignore_unused() -> Handled:
    """Keeps nothing: the event type is known, and of no use."""
    return Handled(Receipt(ReceiptStatus.IGNORED, reason="event_type_not_used"))


def keep_unknown(case: Case) -> Handled:
    """Keeps an event that we cannot handle yet, so that it can be replayed once we can: providers' sets are open."""
    case.keep(EventOutcome.IGNORED, "unknown_event_type")
    return Handled(Receipt(ReceiptStatus.IGNORED, reason="unknown_event_type"))
