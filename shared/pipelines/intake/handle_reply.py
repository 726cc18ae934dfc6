"""Handles replies, and labels that tell of one."""

from __future__ import annotations

from datetime import timedelta

from shared.db.jobs import Job
from shared.db.lead_holds import place_hold
from shared.db.leads import note_meeting_booked
from shared.db.locks import lock_lead
from shared.db.message_records import ReplyRecord
from shared.db.messages import record_reply
from shared.domain.events import InboundReply, Labelled
from shared.domain.judgement.rule_matching import RuleMatch
from shared.domain.judgement.tag_decision import SuppressionGround, certain_suppression, certain_tag
from shared.domain.trigger_facts import TriggerFacts
from shared.domain.vocabulary import PERSON_ERASED, Direction, EventOutcome, LeadId, MessageId, SuppressionReason
from shared.pipelines.intake.case import SAME_CONTENT_WITHIN, Case, Handled, StartOver
from shared.pipelines.intake.delivery import Receipt, ReceiptStatus
from shared.pipelines.intake.reading import has_reply_content
from shared.pipelines.suppression.pause_sequences import pause_sequences
from shared.pipelines.suppression.suppress_lead import SuppressionEvidence, suppress_lead
from shared.providers.registry import PROVIDERS

NO_FACTS = TriggerFacts()


def handle_reply(case: Case, reply: InboundReply) -> Handled:
    """Records a reply; suppresses its lead where an opt-out is certain, and holds it where one is suspected."""
    if not reply.header.person.addresses and case.known_reply is None:
        return case.quarantine("no_lead_address")
    if not has_reply_content(reply):
        return case.quarantine("no_reply_content")
    return _record(case, reply, within=SAME_CONTENT_WITHIN)


def handle_label(case: Case, label: Labelled) -> Handled:
    """Records the reply that a label is about or brings; without one it is of no use, but for a booked meeting."""
    lead_id, has_body = case.lead_id, label.reply.content.has_body
    if case.known_reply is not None or (has_body and lead_id is not None):
        return _record(case, label.reply, within=None, means_meeting=label.means_meeting)
    if lead_id is None and has_body:
        return case.quarantine("no_lead_address")
    if not label.means_meeting:
        return Handled(Receipt(ReceiptStatus.IGNORED, reason="no_reply_text"))
    if lead_id is None:
        return case.quarantine("no_lead_address")
    if not case.keep(EventOutcome.ACCEPTED):
        return Handled(Receipt(ReceiptStatus.DUPLICATE))
    note_meeting_booked(case.connection, lead_id, case.effective_at)
    return Handled(Receipt(ReceiptStatus.ACCEPTED), _pause(case, lead_id))


def _record(case: Case, reply: InboundReply, *, within: timedelta | None, means_meeting: bool = False) -> Handled:
    lead_id = None if case.known_reply is None else lock_known(case, case.known_reply)
    if lead_id is None and (lead_id := case.lead_id) is None:
        raise ValueError(f"no lead was opened for {type(case.event).__name__}")
    follows = any(_grounds(case)) or means_meeting or case.context.writes_again
    # A lead that the opening has locked is the head of its group: whatever matches is its own.
    is_last = not follows and case.known_reply is None
    recorded = record_reply(
        case.for_last_statement() if is_last else case.connection,
        case.record(),
        reply_record(case, reply, lead_id, means_meeting=means_meeting),
        within=within,
        job_type=PROVIDERS[case.delivery.provider].job_type,
        scoring_delay=case.scoring_delay,
        trace_id=case.delivery.trace_id,
    )
    recorded = case.of_locked_lead(recorded, lead_id)
    jobs = recorded.jobs
    if means_meeting:
        jobs += _pause(case, lead_id, recorded.message_id)
    if not recorded.is_new:
        return Handled(Receipt(ReceiptStatus.DUPLICATE, message_id=recorded.message_id), jobs)
    jobs += apply_judgement(case, lead_id, recorded.message_id)
    return Handled(Receipt(ReceiptStatus.ACCEPTED, message_id=recorded.message_id), jobs)


def apply_judgement(case: Case, lead_id: LeadId, message_id: MessageId) -> tuple[Job, ...]:
    """Holds or suppresses the lead for what the message certainly says; returns the jobs that tell the accounts."""
    ground, suspected = _grounds(case)
    jobs: tuple[Job, ...] = ()
    if suspected is not None:  # which a machine's words never are
        place_hold(case.connection, lead_id, message_id=message_id, rule=suspected.rule, words=suspected.words)
        jobs = _pause(case, lead_id, message_id)
    if case.context.writes_again:
        evidence = SuppressionEvidence(SuppressionReason.ERASED, PERSON_ERASED, message_id=message_id)
    elif ground is not None:
        evidence = SuppressionEvidence(ground.reason, ground.rule, ground.words, message_id)
    else:
        return jobs
    return jobs + suppress_lead(case.connection, case.client_id, lead_id, evidence, trace_id=case.delivery.trace_id)


def _pause(case: Case, lead_id: LeadId, message_id: MessageId | None = None) -> tuple[Job, ...]:
    return pause_sequences(
        case.connection, case.client_id, lead_id, message_id=message_id, trace_id=case.delivery.trace_id
    )


def _grounds(case: Case) -> tuple[SuppressionGround | None, RuleMatch | None]:
    """Returns what certainly suppresses the lead, and what is suspected to; never both."""
    if case.reading.words is None:
        return None, None
    judgement = case.reading.words.judgement
    ground = certain_suppression(judgement)
    return ground, None if ground is not None else judgement.suspected


def lock_known(case: Case, lead_id: LeadId) -> LeadId:
    """Locks the lead of a message that was known before, which the opening leaves unlocked; returns it."""
    if lock_lead(case.connection, lead_id) is None:
        raise StartOver  # it was erased meanwhile
    return lead_id


def reply_record(case: Case, reply: InboundReply, lead_id: LeadId, *, means_meeting: bool) -> ReplyRecord:
    """Makes the row that a reply becomes."""
    words = case.reading.words
    if words is None:
        raise ValueError(f"{type(case.event).__name__} was not read as a reply")
    tag = certain_tag(words.judgement)
    message_id, person, campaign = _message_id(case, reply), reply.header.person, reply.header.campaign
    return ReplyRecord(
        lead_id=lead_id,
        channel=reply.header.channel,
        provider_campaign_id=None if campaign is None else campaign.provider_campaign_id,
        subject=reply.content.subject,
        body_text=reply.content.text,  # a snippet stays in the delivery: what it says is in clean_text
        body_html=reply.content.html,
        clean_text=words.cleaned.text,
        text_source=words.cleaned.source,
        provider_message_id=message_id,
        thread_id=reply.thread_id,
        our_address=reply.our_address,
        reply_key=case.reply_key(message_id, reply.thread_id),
        content_key=case.reading.content,
        words_key=case.reading.own_words,
        sender=reply.sender,
        signature_text=words.cleaned.signature or None,
        hidden_chars=words.cleaned.hidden,
        handle={} if message_id is None else reply.handle,
        is_auto_reply=words.judgement.is_auto_reply,
        tag=None if tag is None else tag.tag,
        tag_source=None if tag is None else tag.source,
        tag_reason=None if tag is None else tag.rule,
        occurred_at=reply.header.occurred_at,
        received_at=case.delivery.received_at,
        effective_at=case.effective_at,
        first_name=person.first_name,
        last_name=person.last_name,
        company=person.company,
        title=person.title,
        person_hashes=tuple(case.reading.hashes.values()),
        facts=facts if (facts := TriggerFacts(reply.copies, reply.attachments, reply.answers)) != NO_FACTS else None,
        meeting_booked_at=case.effective_at if means_meeting else None,
        answerable=reply.answerable,
    )


def _message_id(case: Case, reply: InboundReply) -> str | None:
    """Returns the reply's id, unless it is that of a message of ours: some integrations name the one replied to."""
    message = case.context.message
    return None if message is not None and message.direction == Direction.OUTBOUND else reply.message_id
