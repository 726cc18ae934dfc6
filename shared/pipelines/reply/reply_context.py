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
    """Lists the messages before the reply, oldest first, with the one that it responds to if only the look shows that.

    What the look shows is on the reply's own channel.
    """
    channel = context.message.channel
    thread = [
        ThreadMessage(message.direction, message.at, _subject(message), message.text, channel=message.channel)
        for message in context.history
    ]
    ours = context.message.facts.our_message
    if ours is None or any(one.direction is Direction.OUTBOUND and one.channel is channel for one in thread):
        return thread
    at = min([ours.at or context.message.effective_at, *(one.at for one in thread if one.channel is channel)])
    subject = ours.subject if CHANNELS[channel].has_subject else None
    shown = ThreadMessage(Direction.OUTBOUND, at, subject, ours.text, channel=channel)
    return sorted([shown, *thread], key=lambda message: message.at)


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
        channel=message.channel,
    )


def _subject(message: InboundMessage | HistoryMessage) -> str | None:
    """Shows a subject; where the medium has none, only one that came all the same: an InMail's."""
    return message.subject if CHANNELS[message.channel].has_subject or message.subject.strip() else None


def rest_of(context: ReplyContext) -> RestOfMail:
    """Separates what the lead's email holds besides the reply."""
    message = context.message
    if not CHANNELS[message.channel].has_quotes:
        return RestOfMail("", ())
    return rest_of_mail(CleanedText(message.clean_text, message.text_source), message.body_text, message.body_html)


def last_outbound_of(context: ReplyContext) -> str | None:
    """Returns our message that the reply answers: the newest on its channel, else what it quotes; None: neither."""
    ours = [one for one in thread_of(context) if one.direction is Direction.OUTBOUND]
    here = [one.text for one in ours if one.channel is context.message.channel]
    return (here[-1] if here else rest_of(context).quoted) or None


def quoted_original_of(context: ReplyContext) -> str:
    """Returns the text that the reply quotes; whoever shows it leaves out what the thread holds."""
    return rest_of(context).quoted


def copies_of(context: ReplyContext) -> tuple[str, ...]:
    """Lists who gets a copy of the response: who got one of the reply, without its writer, the lead and ourselves."""
    message = context.message
    others = {address.lower() for address in (*context.lead.names, message.from_email, message.mailbox) if address}
    return tuple(dict.fromkeys(one for one in message.facts.copies if one.lower() not in others))
