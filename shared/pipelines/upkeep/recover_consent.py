"""Reads consent back from the provider: opt-outs and bounces of which no event has reached us.

Providers list no opt-outs by time, so our own leads are asked about: what they are, and whether they are on the block
list. A suppression that this finds is one like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine

from shared.db.consent import (
    ConsentCursor,
    KnownLead,
    due_consent_reading,
    finish_consent_reading,
    keep_consent_cursor,
    load_mailable_lead,
    mailable_leads_after,
    mailable_leads_at,
)
from shared.db.locks import lock_lead
from shared.domain.consent import Consent, ProviderObjection, standing_objection
from shared.domain.events import Person
from shared.domain.vocabulary import ClientId, Objection
from shared.jobs.publish import Publisher
from shared.pipelines.suppression.suppress_lead import SuppressionEvidence, suppress_lead
from shared.providers.protocol import Account

AT_LEAST_EVERY = timedelta(days=1)  # a gap that nobody has noticed: a hook that was deleted, an entry made by hand
LEADS_PER_QUESTION = 50
TIMEOUT_S = 15.0


def recover_consent(
    engine: Engine,
    publisher: Publisher,
    account: Account,
    client_id: ClientId,
    account_id: UUID,
    *,
    now: datetime,
    need_time: Callable[[], None],
    time_scale: float = 1.0,
    advance: Callable[[], None] = lambda: None,
) -> int:
    """Reads one account's consent where a gap or the time asks for it; returns how many leads were suppressed.

    ``need_time`` raises when the time is over; the next call goes on where this one stopped. ``advance`` is called once
    per question. Raises what the provider's client raises.
    """
    reading = due_consent_reading(engine, account_id, now, at_least_every_s=AT_LEAST_EVERY.total_seconds() * time_scale)
    if reading is None:
        return 0
    suppressed, cursor = 0, reading.cursor
    while not cursor.leads_done:
        need_time()
        leads = mailable_leads_after(engine, client_id, account_id, cursor.leads_after, LEADS_PER_QUESTION)
        are_last = len(leads) < LEADS_PER_QUESTION
        if leads:
            found = account.consents([Person.of_emails(lead.email) for lead in leads], timeout_s=TIMEOUT_S)
            are_last, leads = are_last and len(found) == len(leads), leads[: len(found)]
            suppressed += _suppress(engine, publisher, client_id, account_id, zip(leads, found, strict=True))
            advance()
        cursor = ConsentCursor(leads[-1].id if leads else None, leads_done=are_last)
        keep_consent_cursor(engine, account_id, reading.gap_at, cursor)
    for entries in account.blocked(cursor.block_list_after, timeout_s=TIMEOUT_S):
        need_time()
        values = {entry.value for entry in entries}
        domains = {entry.value for entry in entries if entry.is_domain}
        leads = mailable_leads_at(engine, client_id, account_id, sorted(values - domains), domains)
        objections = [(lead, _on_the_list(lead.email, values)) for lead in leads]
        suppressed += _suppress(engine, publisher, client_id, account_id, objections)
        advance()
        cursor = ConsentCursor(leads_done=True, block_list_after=entries[-1].id)
        keep_consent_cursor(engine, account_id, reading.gap_at, cursor)
    finish_consent_reading(engine, account_id, reading.gap_at, now)
    return suppressed


def _on_the_list(email: str, values: set[str]) -> Consent:
    found = [ProviderObjection(Objection.BLOCKED)] if email in values else []
    if email.rpartition("@")[2] in values:
        found.append(ProviderObjection(Objection.DOMAIN_BLOCKED))
    return Consent(tuple(found))


def _suppress(
    engine: Engine,
    publisher: Publisher,
    client_id: ClientId,
    account_id: UUID,
    consents: Iterable[tuple[KnownLead, Consent | None]],
) -> int:
    suppressed = 0
    for lead, consent in consents:
        if consent is None or _standing(consent, lead) is None:
            continue
        with engine.begin() as connection:
            head_id = lock_lead(connection, lead.id)
            current = load_mailable_lead(connection, account_id, lead.id)
            objection = None if current is None else _standing(consent, current)
            if objection is None or head_id is None:  # suppressed meanwhile, or a person has just overruled it
                continue
            jobs = suppress_lead(connection, client_id, head_id, SuppressionEvidence(objection.reason, objection.rule))
        if jobs:
            publisher.publish(engine, jobs)
        suppressed += 1
    return suppressed


def _standing(consent: Consent, lead: KnownLead) -> ProviderObjection | None:
    return standing_objection(
        consent,
        dismissed=lead.dismissed_objections,
        block_list_entry_is_ours=lead.block_list_entry_is_ours,
    )
