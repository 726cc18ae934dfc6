"""One authenticated delivery: handled, recorded and turned into jobs in one transaction.

The order: who is it (client, token version) → did it come before → what does it say → the lead's lock → one statement
that records → commit → publish. What cannot be handled is kept as QUARANTINED; only an outage of the database comes
back as an exception, and then nothing was written. A delivery that was acknowledged before it is handled is never
refused: what has changed since then may quarantine it, and leaves a trace.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from shared.db.deliveries import EarlierDelivery, OpenedDelivery, Opening, open_delivery
from shared.db.found_accounts import FoundClient, find_client
from shared.db.jobs import Job
from shared.db.merge_suggestions import suggest_merges
from shared.db.messages import repeat_delivery
from shared.db.outages import is_deadlock, is_outage, is_race, name_of, was_dead
from shared.db.person_jobs import waiting_person_jobs
from shared.db.time_budget import UNLIMITED, TimeBudget
from shared.db.webhook_events import SETTLED, is_known, record_event
from shared.domain.address_hash import HashAddress
from shared.domain.events import (
    AccountProblem,
    AccountRecovered,
    Bounced,
    Deleted,
    Delivered,
    DeliveryFailed,
    Edited,
    Event,
    InboundReply,
    Labelled,
    MessageSent,
    Unsubscribed,
    Unused,
)
from shared.domain.vocabulary import (
    PERSON_ERASED,
    Direction,
    EventOutcome,
    HeldReason,
    IdentityKind,
    SuppressionReason,
)
from shared.jobs.publish import Publisher
from shared.observability import Metric, emit, log_failure, logger, unmeasured
from shared.pipelines.intake.case import Case, Handled, StartOver, quarantine, record_of
from shared.pipelines.intake.delivery import DatabaseUnavailableError, Delivery, Receipt, ReceiptStatus
from shared.pipelines.intake.handle_account import handle_account
from shared.pipelines.intake.handle_changed import handle_deleted, handle_edited
from shared.pipelines.intake.handle_notice import handle_objection, ignore_unused, keep_unknown
from shared.pipelines.intake.handle_reply import handle_label, handle_reply
from shared.pipelines.intake.handle_report import handle_report
from shared.pipelines.intake.handle_sent import handle_sent
from shared.pipelines.intake.reading import Reading, person_of, read_delivery, with_hashes
from shared.pipelines.suppression.suppress_lead import tell_providers_again
from shared.providers.message_ids import id_scope
from shared.providers.registry import PROVIDERS

SCORING_DELAY = timedelta(minutes=10)
"""How long the scoring job waits for post-processing to publish it; after that it runs by itself."""

TRANSACTION_ATTEMPTS = 2 + len(IdentityKind)
"""Each start over finds one more of the person's keys taken by another session, or the message; then none is left."""

UNKNOWN_ACCOUNT = "unknown_account"
NO_ACCOUNT = "no_account"
"""A reply through a provider at which the client has no account: no response could leave. Kept until it has one."""

UNREAD = Reading()
"""Of a delivery that is kept without being read: what it says may be what a failure was about."""


def receive_event(
    delivery: Delivery,
    *,
    engine: Engine,
    publisher: Publisher,
    hash_address: HashAddress,
    time_scale: float = 1.0,
    budget: TimeBudget = UNLIMITED,
) -> Receipt:
    """Handles and records a delivery, then publishes the jobs that it led to.

    ``time_scale`` shortens the scoring job's delay in tests; ``budget`` is the time that the request has. Doing it
    twice with the same bytes is harmless: the second time is a duplicate that re-asserts the jobs. Raises
    DatabaseUnavailableError and nothing else; any other failure is kept as a quarantined event, to be replayed once its
    cause is fixed.
    """
    reading = UNREAD
    try:
        reading = read_delivery(delivery)
        handled = _transact(
            engine,
            lambda connection: _handle(connection, delivery, reading, hash_address, time_scale, commits=True),
        )
    except Exception as error:
        if is_outage(error) or is_deadlock(error):
            raise DatabaseUnavailableError(name_of(error)) from error
        emit(Metric.WEBHOOK_INTERNAL_ERROR)
        log_failure("event not handled", error)
        handled = _keep_unhandled(delivery, engine)
    _publish(engine, publisher, handled.jobs, budget)
    receipt = replace(handled.receipt, event_type=None if reading.header is None else reading.header.log_name)
    _count(receipt, reading.event)
    return receipt


def keep_without_body(delivery: Delivery, engine: Engine) -> Receipt:
    """Keeps what is known of an acknowledged delivery whose body is lost; DUPLICATE when it was kept with it before.

    Raises DatabaseUnavailableError.
    """

    bodiless = replace(delivery, raw_body=b"")

    def keep(connection: Connection) -> Handled:
        whose = _find_client(connection, delivery)
        if whose is None:
            return _keep_unclaimed(connection, bodiless, UNREAD)
        if is_known(connection, whose.client_id, delivery.delivery_key):
            return Handled(Receipt(ReceiptStatus.DUPLICATE))
        return quarantine(connection, replace(bodiless, client_id=whose.client_id), UNREAD, HeldReason.BODY_MISSING)

    return _kept(engine, keep).receipt


def rehearse_event(delivery: Delivery, connection: Connection, hash_address: HashAddress) -> Receipt:
    """Handles and records a delivery in the caller's transaction, to be rolled back: nothing is published or counted.

    Raises whatever goes wrong, our own bugs included: that is what a rehearsal is for.
    """
    with unmeasured():
        return _handle(connection, delivery, read_delivery(delivery), hash_address).receipt


# --- One transaction ---------------------------------------------------------------------------------------------


def _handle(
    connection: Connection,
    delivery: Delivery,
    reading: Reading,
    hash_address: HashAddress,
    time_scale: float = 1.0,
    *,
    commits: bool = False,
) -> Handled:
    whose = _find_client(connection, delivery)
    if whose is None:
        return _keep_unclaimed(connection, delivery, reading)
    reading = with_hashes(reading, whose.client_id, hash_address)
    context = _open(connection, delivery, whose, reading)
    if context is None or context.inadmissible is not None:
        return _refuse(connection, delivery, reading, context)
    if context.erased:
        return Handled(Receipt(ReceiptStatus.IGNORED, reason=PERSON_ERASED))
    scoring_delay = SCORING_DELAY * time_scale
    if context.earlier is not None:
        if context.earlier.outcome in SETTLED:
            return _repeat(connection, delivery, reading, context, context.earlier, scoring_delay)
        if context.earlier.outcome not in EventOutcome:
            # A newer release, since rolled back, has kept it in a way of its own: what becomes of it is that one's.
            return Handled(Receipt(ReceiptStatus.DUPLICATE, message_id=context.earlier.message_id))
        # Handled again, as of when it first came.
        delivery = replace(delivery, received_at=min(delivery.received_at, context.earlier.received_at))
    if reading.event is None:
        reason = "unreadable" if reading.problem is None else reading.problem.reason
        return quarantine(connection, delivery, reading, reason, context)
    if context.lead.contended:
        raise StartOver
    case = Case(connection, delivery, reading, reading.event, context, scoring_delay, commits)
    if context.account_id is None and reading.reply is not None:
        return case.quarantine(NO_ACCOUNT)
    if not context.own_account:
        return case.quarantine("workspace_mismatch")
    if context.message is not None and context.message.direction not in Direction:
        return case.quarantine("newer_release")  # which knows what kind of message bears this id
    return _with_identity(case, _handle_event(case))


def _find_client(connection: Connection, delivery: Delivery) -> FoundClient | None:
    """Returns the client that a request has named, or whose account it has; None: the account is nobody's."""
    if delivery.client_id is not None:
        return FoundClient(delivery.client_id)
    return find_client(
        connection,
        delivery.provider,
        delivery.external_account or "",
        delivery_key=delivery.delivery_key,
        received_at=delivery.received_at,
        acknowledged=delivery.acknowledged,
    )


def _keep_unclaimed(connection: Connection, delivery: Delivery, reading: Reading) -> Handled:
    """Keeps a delivery of an account that nobody has, to be replayed once somebody has it: its sender is told as much.

    To refuse it would have the provider disable the one hook of all accounts.
    """
    record_event(connection, record_of(delivery, reading), EventOutcome.IGNORED, detail=UNKNOWN_ACCOUNT)
    return Handled(Receipt(ReceiptStatus.IGNORED, reason=UNKNOWN_ACCOUNT))


def _open(connection: Connection, delivery: Delivery, whose: FoundClient, reading: Reading) -> OpenedDelivery | None:
    header, person = reading.header, person_of(reading.event)
    return open_delivery(
        connection,
        Opening(
            client_id=whose.client_id,
            account_id=whose.account_id,
            delivery_key=delivery.delivery_key,
            provider=delivery.provider,
            token_version=delivery.token_version,
            received_at=delivery.received_at,
            acknowledged=delivery.acknowledged,
            external_account=None if header is None else header.external_account,
            provider_message_id=reading.message_id,
            id_scope=id_scope(delivery.provider, reading.thread_id),
            person=person,
            create=person is not None and not isinstance(reading.event, MessageSent),  # sequences write to many more
            campaign=None if header is None else header.campaign,
            address_hashes=tuple(reading.hashes.values()),
            said_at=reading.said_at(delivery.received_at),
        ),
    )


def _handle_event(case: Case) -> Handled:
    match case.event:
        case InboundReply() as reply:
            return handle_reply(case, reply)
        case Labelled() as label:
            return handle_label(case, label)
        case MessageSent() as sent:
            return handle_sent(case, sent)
        case Delivered() | DeliveryFailed() as report:
            return handle_report(case, report)
        case Edited() as edited:
            return handle_edited(case, edited)
        case Deleted():
            return handle_deleted(case)
        case Bounced():
            return handle_objection(case, SuppressionReason.BOUNCED)
        case Unsubscribed():
            return handle_objection(case, SuppressionReason.UNSUBSCRIBED)
        case AccountProblem() | AccountRecovered() as word:
            return handle_account(case, word)
        case Unused():
            return ignore_unused()
        case _:
            return keep_unknown(case)


def _with_identity(case: Case, handled: Handled) -> Handled:
    """Notes what the event has taught about who the lead is."""
    suggest_merges(case.connection, case.client_id, case.context.lead.match)
    if case.lead_id is None or not case.context.lead.learnt_while_told:
        return handled
    jobs = tell_providers_again(case.connection, case.client_id, case.lead_id, trace_id=case.delivery.trace_id)
    return replace(handled, jobs=(*handled.jobs, *jobs))


def _refuse(connection: Connection, delivery: Delivery, reading: Reading, context: OpenedDelivery | None) -> Handled:
    """Turns a caller away; what its sender was told that we have is kept for a person instead."""
    reason = (context and context.inadmissible) or HeldReason.UNKNOWN_WORKSPACE
    if delivery.client_id is None:
        raise StartOver  # its client was disabled since it was found
    if not delivery.acknowledged:
        return Handled(Receipt(ReceiptStatus.REJECTED, reason=reason))
    return quarantine(connection, delivery, reading, reason, context)


def _repeat(
    connection: Connection,
    delivery: Delivery,
    reading: Reading,
    context: OpenedDelivery,
    earlier: EarlierDelivery,
    scoring_delay: timedelta,
) -> Handled:
    """Answers the same bytes as before, and re-asserts the jobs of then."""
    jobs = repeat_delivery(
        connection,
        context.client_id,
        delivery.delivery_key,
        job_type=PROVIDERS[delivery.provider].job_type,
        scoring_delay=scoring_delay,
        trace_id=delivery.trace_id,
    )
    if isinstance(reading.event, Bounced | Unsubscribed) and earlier.lead_id is not None:
        jobs += waiting_person_jobs(connection, context.client_id, earlier.lead_id)
    return Handled(Receipt(ReceiptStatus.DUPLICATE, message_id=earlier.message_id), jobs)


# --- Around the transaction --------------------------------------------------------------------------------------


def _transact(engine: Engine, work: Callable[[Connection], Handled]) -> Handled:
    """Runs ``work`` in a transaction, and again when another session got in the way or the connection was dead.

    Repeating is safe even when the commit's answer got lost: what was committed is found as a duplicate.
    """
    started = time.monotonic()
    for attempt in range(1, TRANSACTION_ATTEMPTS + 1):
        try:
            with engine.begin() as connection:
                return work(connection)
        except (StartOver, DBAPIError) as error:
            in_the_way = isinstance(error, StartOver) or is_race(error)
            if attempt == TRANSACTION_ATTEMPTS or not (in_the_way or was_dead(error, started)):
                raise
    raise AssertionError("unreachable")


def _keep_unhandled(delivery: Delivery, engine: Engine) -> Handled:
    """Keeps a delivery that our own code failed on. Raises DatabaseUnavailableError when that fails as well."""

    def keep(connection: Connection) -> Handled:
        whose = _find_client(connection, delivery)
        if whose is None:
            return _keep_unclaimed(connection, delivery, UNREAD)
        context = _open(connection, delivery, whose, UNREAD)
        if context is None or context.inadmissible is not None:
            return _refuse(connection, delivery, UNREAD, context)
        return quarantine(connection, delivery, UNREAD, "internal_error", context)

    return _kept(engine, keep)


def _kept(engine: Engine, keep: Callable[[Connection], Handled]) -> Handled:
    try:
        return _transact(engine, keep)
    except SQLAlchemyError as error:
        raise DatabaseUnavailableError(name_of(error)) from error


def _publish(engine: Engine, publisher: Publisher, jobs: Sequence[Job], budget: TimeBudget) -> None:
    """Publishes after the commit. Whatever fails here, the jobs are durable and maintenance publishes them."""
    if not jobs:
        return
    try:
        publisher.publish(engine, jobs, budget=budget)
    except Exception as error:
        emit(Metric.PUBLISH_FAILED, len(jobs))
        logger.warning("publishing failed", extra={"jobs": len(jobs), "error": type(error).__name__})


def _count(receipt: Receipt, event: Event | None) -> None:
    if receipt.status is ReceiptStatus.REJECTED:
        emit(Metric.WEBHOOK_TOKEN_REJECTED)
    if receipt.status is ReceiptStatus.IGNORED:
        emit(Metric.EVENT_IGNORED, event_type=receipt.event_type or "unknown")
    if isinstance(event, Delivered | DeliveryFailed) and receipt.status is ReceiptStatus.ACCEPTED:
        emit(Metric.SEND_RESULT, result="sent" if isinstance(event, Delivered) else "failed")
    if isinstance(event, AccountProblem):
        emit(Metric.ACCOUNT_ERROR)
