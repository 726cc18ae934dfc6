"""A message and its surroundings as the model tasks take them."""

from __future__ import annotations

from shared.ai.context import LeadFacts, ThreadMessage
from shared.db.reply_context import HistoryMessage, InboundMessage, ReplyContext
from shared.domain.channels import CHANNELS
from shared.domain.text.email_text import CleanedText, RestOfMail, rest_of_mail
from shared.domain.vocabulary import Direction


def lead_of(context: ReplyContext) -> LeadFacts:
    """Shows the lead as the writer may address it. When somebody else replied, its name must not be used."""
    return LeadFacts(
        first_name=context.lead.first_name,
        last_name=context.lead.last_name,
        company=context.lead.company,
        email_domain=(context.lead.email or "").rpartition("@")[2] or None,
        replier_is_lead=context.sender_is_lead,
        title=context.lead.title,
        campaign=context.campaign.name if context.campaign else None,
    )


def thread_of(context: ReplyContext) -> list[ThreadMessage]:
    """Lists the emails before the reply, oldest first, with the one that it responds to if only the look shows that."""
    thread = [
        ThreadMessage(direction=message.direction, at=message.at, subject=_subject(message), text=message.text)
        for message in context.history
    ]
    ours = context.message.facts.our_message
    if ours is None or any(message.direction is Direction.OUTBOUND for message in thread):
        return thread
    at = min([ours.at or context.message.effective_at, *(message.at for message in thread)])
    return [ThreadMessage(Direction.OUTBOUND, at, ours.subject, ours.text), *thread]


def reply_of(context: ReplyContext) -> ThreadMessage:
    """Shows the reply itself: the lead's own words.

    One that arrived late stands behind the emails that came before it did, so it has the time of its arrival then.
    """
    message = context.message
    came_last = any(earlier.at > message.effective_at for earlier in context.history)
    return ThreadMessage(
        direction=Direction.INBOUND,
        at=message.received_at if came_last else message.effective_at,
        subject=_subject(message),
        text=message.clean_text,
        id=message.id,
        sender="" if context.sender_is_lead else message.from_email or "",
        copies=message.facts.copies,
        attachments=message.facts.attachments,
        signature=message.signature,
    )


def _subject(message: InboundMessage | HistoryMessage) -> str | None:
    return message.subject if CHANNELS[message.channel].has_subject else None


def rest_of(context: ReplyContext) -> RestOfMail:
    """Separates what the lead's email holds besides the reply."""
    message = context.message
    if not CHANNELS[message.channel].has_quotes:
        return RestOfMail("", ())
    return rest_of_mail(CleanedText(message.clean_text, message.text_source), message.body_text, message.body_html)


def last_outbound_of(context: ReplyContext) -> str | None:
    """Returns our email that the reply answers: the newest that is stored, else what the lead quotes; None: neither."""
    ours = [message.text for message in context.history if message.direction is Direction.OUTBOUND]
    return (ours[-1] if ours else rest_of(context).quoted) or None


def quoted_original_of(context: ReplyContext) -> str:
    """Returns the text that the reply quotes; whoever shows it leaves out what the thread holds."""
    return rest_of(context).quoted


def copies_of(context: ReplyContext) -> tuple[str, ...]:
    """Lists who gets a copy of the response: who got one of the reply, without its writer, the lead and ourselves."""
    message = context.message
    others = {address.lower() for address in (*context.lead.addresses, message.from_email, message.mailbox) if address}
    return tuple(dict.fromkeys(one for one in message.facts.copies if one.lower() not in others))
