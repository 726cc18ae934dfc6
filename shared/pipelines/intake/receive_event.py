"""One authenticated delivery of Instantly's: judged, recorded and turned into jobs in one transaction.

The order: who is it (client, token version) → did it come before → what does it say → the lead's lock → one statement
that records → commit → publish. What cannot be judged is kept as QUARANTINED; only an outage of the database comes
back as an exception, and then nothing was written. A delivery that was acknowledged before it is judged is never
refused: what has changed since then may quarantine it, and leaves a trace.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from shared.db.leads import note_meeting_booked, waiting_suppression_job
from shared.db.locks import lock_lead
from shared.db.messages import (
    InboundReply,
    OutboundMail,
    RecordedReply,
    UnsettledSend,
    record_outbound,
    record_reply,
    repeat_delivery,
    unsettled_sends,
)
from shared.db.outages import is_deadlock, is_outage, is_race, name_of, was_dead
from shared.db.outbox import Job
from shared.db.webhook_events import (
    SETTLED,
    EarlierDelivery,
    EventRecord,
    LeadOfEvent,
    OpenedDelivery,
    is_known,
    open_delivery,
    record_event,
)
from shared.domain.email_address import same_address
from shared.domain.judgement.certain_rules import Judgement, judge
from shared.domain.reply_identity import content_key, delivery_key, normalised_text, reply_key
from shared.domain.reply_time import effective_time
from shared.domain.text.email_text import CleanedText, clean_reply, plain_text, strip_quoted_text
from shared.domain.vocabulary import (
    ClientId,
    Direction,
    DraftId,
    EventOutcome,
    HeldReason,
    LeadId,
    MessageId,
    SentimentSource,
    SuppressionReason,
)
from shared.jobs.publish import Publisher
from shared.observability import Metric, emit, log_failure, logger, unmeasured
from shared.pipelines.suppression.suppress_lead import SuppressionEvidence, suppress_lead
from shared.providers.instantly.payloads import KIND_OF_EVENT_TYPE, EventKind, InstantlyEvent, PayloadError, parse_event

SCORING_DELAY = timedelta(minutes=10)
"""How long the scoring job waits for post-processing to publish it; after that it runs by itself."""

SAME_CONTENT_WITHIN = timedelta(hours=24)
"""Reply events of the same content further apart than this are two replies. Labels may be put on at any time."""

SENT_BEFORE_INTENT = timedelta(seconds=60)
"""How far the provider's clock may be behind ours when a sent mail is matched with a send."""

TRANSACTION_ATTEMPTS = 3


class ReceiptStatus(StrEnum):
    """How a delivery ended; the webhook answers with it."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    IGNORED = "ignored"
    REJECTED = "rejected"  # unknown or disabled client, or a revoked token; not acknowledged: nothing was stored
    PARKED = "parked"  # the database is away: the raw event waits in ingest.fifo
    UNAVAILABLE = "unavailable"  # and SQS could not take it either


@dataclass(frozen=True, slots=True)
class Delivery:
    """A raw body for a client.

    ``token_version`` is what its token was made for; None from a caller that needs no token (an operator's replay,
    the recovery of missed deliveries). ``received_at`` is when it first reached us. ``acknowledged``: its sender was
    told then that we have it (it was parked, or is kept), so nothing may lose it any more. ``sender`` and ``mailed_at``
    are what the provider's API says about the mail, where it was asked: a payload has no key for the sender, and its
    other keys are the customer's data.
    """

    client_id: ClientId
    raw_body: bytes
    received_at: datetime
    delivery_key: bytes
    token_version: int | None = None
    trace_id: str | None = None
    acknowledged: bool = False
    sender: str | None = None
    mailed_at: datetime | None = None

    @staticmethod
    def of(
        client_id: ClientId,
        raw_body: bytes,
        received_at: datetime,
        *,
        token_version: int | None = None,
        trace_id: str | None = None,
        acknowledged: bool = False,
        sender: str | None = None,
        mailed_at: datetime | None = None,
    ) -> Delivery:
        """A delivery as it comes in, with the identity of its bytes."""
        return Delivery(
            client_id,
            raw_body,
            received_at,
            delivery_key(client_id, raw_body),
            token_version=token_version,
            trace_id=trace_id,
            acknowledged=acknowledged,
            sender=sender,
            mailed_at=mailed_at,
        )


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a delivery. ``reason`` is a short code; ``event_type`` only ever one that we know."""

    status: ReceiptStatus
    message_id: MessageId | None = None
    reason: str | None = None
    event_type: str | None = None


class DatabaseUnavailableError(RuntimeError):
    """The database cannot be reached or cannot work; nothing is lost if the delivery is kept elsewhere."""


def receive_event(delivery: Delivery, *, engine: Engine, publisher: Publisher, time_scale: float = 1.0) -> Receipt:
    """Judges and records a delivery, then publishes the jobs that it led to.

    ``time_scale`` shortens the scoring job's delay in tests. Doing it twice with the same bytes is harmless: the second
    time is a duplicate that re-asserts the jobs. Raises DatabaseUnavailableError and nothing else; any other failure is
    kept as a quarantined event, to be replayed once its cause is fixed.
    """
    reading: _Reading | None = None
    try:
        reading = _read(delivery)
        verdict = _transact(engine, _judging(delivery, reading, SCORING_DELAY * time_scale))
    except Exception as error:
        if is_outage(error) or is_deadlock(error):
            raise DatabaseUnavailableError(name_of(error)) from error
        emit(Metric.WEBHOOK_INTERNAL_ERROR)
        log_failure("event not judged", error)
        verdict = _keep_unjudged(delivery, engine)
    _publish(engine, publisher, verdict.jobs)
    event_type = None if reading is None else reading.known_event_type
    receipt = replace(verdict.receipt, event_type=event_type)
    _count(receipt)
    return receipt


def keep_without_body(delivery: Delivery, engine: Engine) -> Receipt:
    """Keeps what is known of an acknowledged delivery whose body is lost; DUPLICATE when it was kept with it before.

    Raises DatabaseUnavailableError.
    """

    def keep(connection: Connection) -> _Verdict:
        if is_known(connection, delivery.client_id, delivery.delivery_key):
            return _Verdict(Receipt(ReceiptStatus.DUPLICATE))
        without_body = replace(delivery, raw_body=b"")
        record = _record_of(without_body, _Reading(event=None, problem=None))
        return _quarantine(connection, record, HeldReason.BODY_MISSING)

    try:
        return _transact(engine, keep).receipt
    except SQLAlchemyError as error:
        raise DatabaseUnavailableError(name_of(error)) from error


def rehearse_event(delivery: Delivery, connection: Connection) -> Receipt:
    """Judges and records a delivery in the caller's transaction, to be rolled back: nothing is published or counted.

    Raises whatever goes wrong, our own bugs included: that is what a rehearsal is for.
    """
    with unmeasured():
        return _judge(connection, delivery, _read(delivery), SCORING_DELAY).receipt


# --- Reading: pure, before any transaction is open ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a body says. Either ``event`` or ``problem`` is there; the rest goes with events that may hold a mail."""

    event: InstantlyEvent | None
    problem: PayloadError | None
    cleaned: CleanedText | None = None
    judgement: Judgement | None = None
    wordings: frozenset[str] = frozenset()  # of a mail that was sent
    content: bytes = b""  # the mail's content_key

    @property
    def known_event_type(self) -> str | None:
        """The event type if it is one of Instantly's: a label is somebody's own words, which no log line may hold."""
        if self.event is None:
            return None
        name = self.event.event_type.lower()
        if name in KIND_OF_EVENT_TYPE:
            return name
        return "lead_label" if self.event.kind is EventKind.LEAD_LABEL else "unknown"

    @property
    def email_id(self) -> str | None:
        """The id of the mail that the event tells of; a bounce or an unsubscription only mentions one."""
        event = self.event
        return event.email_id if event is not None and event.kind in _KINDS_ABOUT_A_MAIL else None

    @property
    def has_body(self) -> bool:
        event = self.event
        return event is not None and any(part and part.strip() for part in (event.text, event.html, event.snippet))

    @property
    def has_reply_content(self) -> bool:
        """Whether there is anything that a reply could be told from another by."""
        event = self.event
        return event is not None and (self.has_body or bool(event.subject.strip()) or event.email_id is not None)

    @property
    def lead(self) -> LeadOfEvent | None:
        """Whom the event is about, if it has an effect on somebody at all."""
        event = self.event
        if event is None or event.lead_email is None:
            return None
        match event.kind:
            case EventKind.REPLY | EventKind.AUTO_REPLY:
                has_effect = self.has_reply_content
            case EventKind.LEAD_LABEL:
                has_effect = self.has_body
            case kind:
                has_effect = kind in _KINDS_ABOUT_A_LEAD
        if not has_effect:
            return None
        return LeadOfEvent(
            event.lead_email,
            create=event.kind is not EventKind.EMAIL_SENT,  # campaigns write to far more people than answer
            first_name=event.first_name,
            last_name=event.last_name,
            company=event.company,
            provider_campaign_id=event.campaign_id,
            campaign_name=event.campaign_name,
        )


_REPLY_KINDS = (EventKind.REPLY, EventKind.AUTO_REPLY, EventKind.LEAD_LABEL, EventKind.MEETING_BOOKED)
_KINDS_ABOUT_A_MAIL = (*_REPLY_KINDS, EventKind.EMAIL_SENT)
_KINDS_ABOUT_A_LEAD = (EventKind.MEETING_BOOKED, EventKind.EMAIL_SENT, EventKind.BOUNCE, EventKind.UNSUBSCRIBE)


def _read(delivery: Delivery) -> _Reading:
    try:
        event = parse_event(delivery.raw_body)
    except PayloadError as problem:
        return _Reading(event=None, problem=problem)
    if event.kind is EventKind.EMAIL_SENT:
        text = plain_text(event.text, event.html)
        content = content_key(event.campaign_id, event.lead_email or "", text, event.subject)
        said = strip_quoted_text(text)
        source = "text" if event.text else "html" if text else "none"
        cleaned = CleanedText(said or text, source)
        return _Reading(event=event, problem=None, cleaned=cleaned, wordings=_wordings(text, said), content=content)
    if event.kind not in _REPLY_KINDS:
        return _Reading(event=event, problem=None)
    cleaned = clean_reply(event.text, event.html, event.snippet)
    judgement = judge(cleaned.text, event.subject, event_type=event.event_type, from_email=delivery.sender)
    words = cleaned.text + cleaned.unread or _raw_text(event)
    content = content_key(event.campaign_id, event.lead_email or "", words, event.subject)
    return _Reading(event=event, problem=None, cleaned=cleaned, judgement=judgement, content=content)


# --- Judging: one transaction ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Verdict:
    receipt: Receipt
    jobs: tuple[Job, ...] = ()


class _StartOver(Exception):  # noqa: N818 (a signal, not an error)
    """Another session recorded the same e-mail under another lead meanwhile: judge again with that in sight."""


@dataclass(frozen=True, slots=True)
class _Case:
    """Everything that judging one event needs, inside its transaction."""

    connection: Connection
    delivery: Delivery
    reading: _Reading
    event: InstantlyEvent
    context: OpenedDelivery
    scoring_delay: timedelta

    @property
    def client_id(self) -> ClientId:
        return self.delivery.client_id

    @property
    def effective_at(self) -> datetime:
        """When the mail counts as written; what the provider's API says about it needs no doubt."""
        if self.delivery.mailed_at is not None:
            return min(self.delivery.mailed_at, self.delivery.received_at)
        return effective_time(self.event.occurred_at, self.delivery.received_at)

    def record(self) -> EventRecord:
        return _record_of(self.delivery, self.reading)

    def quarantine(self, reason: str) -> _Verdict:
        return _quarantine(self.connection, self.record(), reason)


def _judging(delivery: Delivery, reading: _Reading, scoring_delay: timedelta) -> Callable[[Connection], _Verdict]:
    return lambda connection: _judge(connection, delivery, reading, scoring_delay)


def _judge(connection: Connection, delivery: Delivery, reading: _Reading, scoring_delay: timedelta) -> _Verdict:
    event = reading.event
    context = open_delivery(
        connection,
        delivery.client_id,
        delivery.delivery_key,
        token_version=delivery.token_version,
        received_at=delivery.received_at,
        acknowledged=delivery.acknowledged,
        workspace=None if event is None else event.workspace,
        provider_message_id=reading.email_id,
        lead=reading.lead,
    )
    if context is None or context.inadmissible is not None:
        return _refuse(connection, delivery, reading, context)
    if context.earlier is not None:
        if context.earlier.outcome in SETTLED:
            return _repeat(connection, delivery, reading, context.earlier, scoring_delay)
        if context.earlier.outcome not in EventOutcome:
            # A newer release, since rolled back, has kept it in a way of its own: what becomes of it is that one's.
            return _Verdict(Receipt(ReceiptStatus.DUPLICATE, message_id=context.earlier.message_id))
        # Judged again, as of when it first came.
        delivery = replace(delivery, received_at=min(delivery.received_at, context.earlier.received_at))
    if event is None:
        reason = "unreadable" if reading.problem is None else reading.problem.reason
        return _quarantine(connection, _record_of(delivery, reading), reason)
    case = _Case(connection, delivery, reading, event, context, scoring_delay)
    if not context.own_workspace:
        return case.quarantine("workspace_mismatch")
    if context.message is not None and context.message.direction not in Direction:
        return case.quarantine("newer_release")  # which knows what kind of message bears this e-mail id
    return _JUDGES[event.kind](case)


def _refuse(connection: Connection, delivery: Delivery, reading: _Reading, context: OpenedDelivery | None) -> _Verdict:
    """Turns a caller away; what its sender was told that we have is kept for a person instead."""
    reason = (context and context.inadmissible) or HeldReason.UNKNOWN_WORKSPACE
    if not delivery.acknowledged:
        return _Verdict(Receipt(ReceiptStatus.REJECTED, reason=reason))
    return _quarantine(connection, _record_of(delivery, reading), reason, None if context is None else context.earlier)


def _record_of(delivery: Delivery, reading: _Reading) -> EventRecord:
    """The delivery as it is kept, whether it could be read or not."""
    read = reading.event or reading.problem
    return EventRecord(
        client_id=delivery.client_id,
        delivery_key=delivery.delivery_key,
        event_type=None if reading.event is None else reading.event.event_type,
        raw_body=delivery.raw_body,
        payload=None if read is None else read.payload,
        received_at=delivery.received_at,
    )


def _quarantine(
    connection: Connection, record: EventRecord, reason: str, earlier: EarlierDelivery | None = None
) -> _Verdict:
    """Keeps a delivery for a person, unless the same one has had its effect."""
    before = record_event(connection, record, EventOutcome.QUARANTINED, detail=reason)
    if before in SETTLED:
        return _Verdict(Receipt(ReceiptStatus.DUPLICATE, message_id=None if earlier is None else earlier.message_id))
    return _Verdict(Receipt(ReceiptStatus.QUARANTINED, reason=reason))


def _repeat(
    connection: Connection, delivery: Delivery, reading: _Reading, earlier: EarlierDelivery, scoring_delay: timedelta
) -> _Verdict:
    """The same bytes again: the answer of then, and the jobs of then re-asserted."""
    jobs = repeat_delivery(
        connection,
        delivery.client_id,
        delivery.delivery_key,
        scoring_delay=scoring_delay,
        trace_id=delivery.trace_id,
    )
    event = reading.event
    if event is not None and event.lead_email is not None and event.kind in _SUPPRESSION_OF_KIND:
        waiting = waiting_suppression_job(connection, delivery.client_id, event.lead_email)
        jobs += () if waiting is None else (waiting,)
    return _Verdict(Receipt(ReceiptStatus.DUPLICATE, message_id=earlier.message_id), jobs)


# --- Replies, and labels that tell of one ------------------------------------------------------------------------


def _judge_reply(case: _Case) -> _Verdict:
    if case.event.lead_email is None and _known_reply(case) is None:
        return case.quarantine("no_lead_address")
    if not case.reading.has_reply_content:
        return case.quarantine("no_reply_content")
    return _record_reply(case, within=SAME_CONTENT_WITHIN)


def _judge_label(case: _Case) -> _Verdict:
    """A label on a lead: about a reply that we have or now learn of, else of no use, but for a booked meeting."""
    lead_id = case.context.lead_id
    if _known_reply(case) is not None or (case.reading.has_body and lead_id is not None):
        return _record_reply(case, within=None)
    if lead_id is None and case.reading.has_body:
        return case.quarantine("no_lead_address")
    if case.event.kind is not EventKind.MEETING_BOOKED:
        return _Verdict(Receipt(ReceiptStatus.IGNORED, reason="no_reply_text"))
    if lead_id is None:
        return case.quarantine("no_lead_address")
    before = record_event(case.connection, case.record(), EventOutcome.ACCEPTED)
    if before in SETTLED:
        return _Verdict(Receipt(ReceiptStatus.DUPLICATE))
    note_meeting_booked(case.connection, lead_id, case.effective_at)
    return _Verdict(Receipt(ReceiptStatus.ACCEPTED))


def _known_reply(case: _Case) -> LeadId | None:
    """The lead of the reply that bears this event's e-mail id; not the event's own when a colleague answered."""
    message = case.context.message
    return message.lead_id if message is not None and message.direction == Direction.INBOUND else None


def _record_reply(case: _Case, *, within: timedelta | None) -> _Verdict:
    lead_id = _known_reply(case)
    if lead_id is not None:
        lock_lead(case.connection, lead_id)
    elif (lead_id := case.context.lead_id) is None:
        raise ValueError(f"no lead was opened for a {case.event.kind} event")
    recorded = record_reply(
        case.connection,
        case.record(),
        _inbound_reply(case, lead_id),
        within=within,
        scoring_delay=case.scoring_delay,
        trace_id=case.delivery.trace_id,
    )
    recorded = _of_locked_lead(recorded, lead_id)
    if not recorded.is_new:
        return _Verdict(Receipt(ReceiptStatus.DUPLICATE, message_id=recorded.message_id), recorded.jobs)
    jobs = recorded.jobs
    evidence = _certain_suppression(case.reading.judgement, recorded.message_id)
    if evidence is not None:
        job = suppress_lead(case.connection, case.client_id, lead_id, evidence, trace_id=case.delivery.trace_id)
        jobs += () if job is None else (job,)
    return _Verdict(Receipt(ReceiptStatus.ACCEPTED, message_id=recorded.message_id), jobs)


def _of_locked_lead(recorded: RecordedReply | None, lead_id: LeadId) -> RecordedReply:
    """Raises _StartOver when the e-mail turned out to be recorded under a lead whose lock is not ours."""
    if recorded is None or recorded.lead_id != lead_id:
        raise _StartOver
    return recorded


def _inbound_reply(case: _Case, lead_id: LeadId) -> InboundReply:
    event, cleaned, judgement = case.event, case.reading.cleaned, case.reading.judgement
    if cleaned is None or judgement is None:
        raise ValueError(f"a {event.kind} event was not read as a reply")
    email_id = _reply_id(case)
    key = case.reading.content
    rule = judgement.opt_out or judgement.bounce or judgement.automatic
    source = None
    if judgement.tag is not None:
        of_provider = rule is not None and rule.rule.startswith("provider.")
        source = SentimentSource.PROVIDER if of_provider else SentimentSource.RULE
    return InboundReply(
        lead_id=lead_id,
        provider_campaign_id=event.campaign_id,
        subject=event.subject,
        body_text=event.text,  # a snippet stays in the delivery: what it says is in clean_text
        body_html=event.html,
        clean_text=cleaned.text,
        text_source=cleaned.source,
        provider_message_id=email_id,
        mailbox=event.mailbox,
        from_email=case.delivery.sender,
        reply_key=reply_key(email_id, key, case.delivery.delivery_key),
        content_key=key,
        is_auto_reply=judgement.is_auto_reply,
        tag=judgement.tag,
        tag_source=source,
        tag_reason=rule.rule if rule is not None and judgement.tag is not None else None,
        occurred_at=event.occurred_at,
        received_at=case.delivery.received_at,
        effective_at=case.effective_at,
        first_name=event.first_name,
        last_name=event.last_name,
        company=event.company,
        meeting_booked_at=case.effective_at if event.kind is EventKind.MEETING_BOOKED else None,
    )


def _reply_id(case: _Case) -> str | None:
    """The event's e-mail id, unless it is that of a mail that we sent: some integrations name the mail answered to."""
    message = case.context.message
    if message is not None and message.direction == Direction.OUTBOUND:
        return None
    return case.event.email_id


def _raw_text(event: InstantlyEvent) -> str:
    """What a reply without words of its own is told from others by: all of it, quotes included."""
    return event.text or event.html or event.snippet or ""


def _certain_suppression(judgement: Judgement | None, message_id: MessageId) -> SuppressionEvidence | None:
    if judgement is None:
        return None
    if judgement.opt_out is not None:
        match, reason = judgement.opt_out, SuppressionReason.OPT_OUT
    elif judgement.bounce is not None:
        match, reason = judgement.bounce, SuppressionReason.BOUNCED
    else:
        return None
    return SuppressionEvidence(reason, rule=match.rule, words=match.words, message_id=message_id)


# --- Sent mail ---------------------------------------------------------------------------------------------------


def _judge_sent(case: _Case) -> _Verdict:
    event, lead_id = case.event, case.context.lead_id
    if event.lead_email is None:
        return case.quarantine("no_lead_address")
    if case.context.message is not None:
        message_id = case.context.message.id
        record_event(case.connection, case.record(), EventOutcome.DUPLICATE, message_id=message_id)
        return _Verdict(Receipt(ReceiptStatus.DUPLICATE, message_id=message_id))
    if lead_id is None:
        return _Verdict(Receipt(ReceiptStatus.IGNORED, reason="unknown_lead"))
    key, cleaned = case.reading.content, case.reading.cleaned
    if cleaned is None:
        raise ValueError(f"a {event.kind} event was not read as a mail")
    mail = OutboundMail(
        lead_id=lead_id,
        provider_campaign_id=event.campaign_id,
        subject=event.subject,
        body_text=event.text,
        body_html=event.html,
        clean_text=cleaned.text,
        text_source=cleaned.source,
        provider_message_id=event.email_id,
        mailbox=event.mailbox,
        reply_key=reply_key(event.email_id, key, case.delivery.delivery_key),
        content_key=key,
        occurred_at=event.occurred_at,
        received_at=case.delivery.received_at,
        effective_at=case.effective_at,
        draft_id=_settled_draft(case, unsettled_sends(case.connection, lead_id)),
        campaign_step=event.campaign_step,
    )
    recorded = record_outbound(case.connection, case.record(), mail, within=SAME_CONTENT_WITHIN)
    recorded = _of_locked_lead(recorded, lead_id)
    status = ReceiptStatus.ACCEPTED if recorded.is_new else ReceiptStatus.DUPLICATE
    return _Verdict(Receipt(status, message_id=recorded.message_id))


def _settled_draft(case: _Case, sends: Iterable[UnsettledSend]) -> DraftId | None:
    """The draft whose send this mail proves; None unless exactly one fits, since a wrong match hides a lost mail."""
    fitting = [
        send.draft_id
        for send in sends
        if case.effective_at >= send.intended_at - SENT_BEFORE_INTENT
        and (case.event.mailbox is None or send.mailbox is None or same_address(case.event.mailbox, send.mailbox))
        and case.reading.wordings & _wordings(send.body, strip_quoted_text(send.body))
    ]
    return fitting[0] if len(fitting) == 1 else None


def _wordings(*texts: str) -> frozenset[str]:
    """A mail as a whole and without the thread that a mail program may have put under it, for comparison."""
    return frozenset(words for words in map(normalised_text, texts) if words)


# --- Bounces and unsubscriptions ---------------------------------------------------------------------------------

_SUPPRESSION_OF_KIND = {
    EventKind.BOUNCE: SuppressionReason.BOUNCED,
    EventKind.UNSUBSCRIBE: SuppressionReason.UNSUBSCRIBED,
}


def _judge_suppression(case: _Case) -> _Verdict:
    event, lead_id = case.event, case.context.lead_id
    if lead_id is None:
        return case.quarantine("no_lead_address")
    before = record_event(case.connection, case.record(), EventOutcome.ACCEPTED)
    if before in SETTLED:
        # Judged while this one waited for the lock; suppressing again could undo what a person has undone since.
        return _Verdict(Receipt(ReceiptStatus.DUPLICATE))
    evidence = SuppressionEvidence(_SUPPRESSION_OF_KIND[event.kind], rule=f"provider.{event.event_type.lower()}")
    job = suppress_lead(case.connection, case.client_id, lead_id, evidence, trace_id=case.delivery.trace_id)
    return _Verdict(Receipt(ReceiptStatus.ACCEPTED), () if job is None else (job,))


# --- The rest ----------------------------------------------------------------------------------------------------


def _ignore_known(_case: _Case) -> _Verdict:
    return _Verdict(Receipt(ReceiptStatus.IGNORED, reason="event_type_not_used"))


def _keep_unknown(case: _Case) -> _Verdict:
    """Instantly's set of event types is open: an unknown one is kept, so that it can be replayed once it is known."""
    record_event(case.connection, case.record(), EventOutcome.IGNORED, detail="unknown_event_type")
    return _Verdict(Receipt(ReceiptStatus.IGNORED, reason="unknown_event_type"))


_JUDGES: dict[EventKind, Callable[[_Case], _Verdict]] = {
    EventKind.REPLY: _judge_reply,
    EventKind.AUTO_REPLY: _judge_reply,
    EventKind.LEAD_LABEL: _judge_label,
    EventKind.MEETING_BOOKED: _judge_label,
    EventKind.EMAIL_SENT: _judge_sent,
    EventKind.BOUNCE: _judge_suppression,
    EventKind.UNSUBSCRIBE: _judge_suppression,
    EventKind.ACCOUNT_ERROR: _ignore_known,
    EventKind.UNUSED: _ignore_known,
    EventKind.UNKNOWN: _keep_unknown,
}


# --- Around the transaction --------------------------------------------------------------------------------------


def _transact(engine: Engine, work: Callable[[Connection], _Verdict]) -> _Verdict:
    """Runs ``work`` in a transaction, and again when another session got in the way or the connection was dead.

    Repeating is safe even when the commit's answer got lost: what was committed is found as a duplicate.
    """
    started = time.monotonic()
    for attempt in range(1, TRANSACTION_ATTEMPTS + 1):
        try:
            with engine.begin() as connection:
                return work(connection)
        except (_StartOver, DBAPIError) as error:
            in_the_way = isinstance(error, _StartOver) or is_race(error)
            if attempt == TRANSACTION_ATTEMPTS or not (in_the_way or was_dead(error, started)):
                raise
    raise AssertionError("unreachable")


def _keep_unjudged(delivery: Delivery, engine: Engine) -> _Verdict:
    """Keeps a delivery that our own code failed on. Raises DatabaseUnavailableError when that fails as well."""

    def keep(connection: Connection) -> _Verdict:
        unread = _Reading(event=None, problem=None)  # what it says may be what the failure was about
        context = open_delivery(
            connection,
            delivery.client_id,
            delivery.delivery_key,
            token_version=delivery.token_version,
            received_at=delivery.received_at,
            acknowledged=delivery.acknowledged,
        )
        if context is None or context.inadmissible is not None:
            return _refuse(connection, delivery, unread, context)
        return _quarantine(connection, _record_of(delivery, unread), "internal_error", context.earlier)

    try:
        return _transact(engine, keep)
    except SQLAlchemyError as error:
        raise DatabaseUnavailableError(name_of(error)) from error


def _publish(engine: Engine, publisher: Publisher, jobs: Sequence[Job]) -> None:
    """Publishes after the commit. Whatever fails here, the jobs are durable and maintenance publishes them."""
    if not jobs:
        return
    try:
        publisher.publish(engine, jobs)
    except Exception as error:
        emit(Metric.PUBLISH_FAILED, len(jobs))
        logger.warning("publishing failed", extra={"jobs": len(jobs), "error": type(error).__name__})


def _count(receipt: Receipt) -> None:
    if receipt.status is ReceiptStatus.REJECTED:
        emit(Metric.WEBHOOK_TOKEN_REJECTED)
    if receipt.status is ReceiptStatus.IGNORED:
        emit(Metric.EVENT_IGNORED, event_type=receipt.event_type or "unknown")
    if receipt.event_type == "account_error":
        emit(Metric.ACCOUNT_ERROR)
