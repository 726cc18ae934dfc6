"""A message and its surroundings as the model tasks take them."""

from __future__ import annotations

from shared.ai.context import LeadFacts, ThreadMessage
from shared.db.reply_context import ReplyContext
from shared.domain.text.email_text import CleanedText, RestOfMail, rest_of_mail
from shared.domain.vocabulary import Direction


def lead_of(context: ReplyContext) -> LeadFacts:
    """The lead as the writer may address it. When somebody else answered, the lead's name must not be used."""
    return LeadFacts(
        first_name=context.lead.first_name,
        last_name=context.lead.last_name,
        company=context.lead.company,
        email_domain=context.lead.email.rpartition("@")[2] or None,
        replier_is_lead=context.sender_is_lead,
    )


def thread_of(context: ReplyContext) -> list[ThreadMessage]:
    """The e-mails before the reply, oldest first."""
    return [
        ThreadMessage(direction=message.direction, at=message.at, subject=message.subject, text=message.text)
        for message in context.history
    ]


def reply_of(context: ReplyContext) -> ThreadMessage:
    """The reply itself: the lead's own words.

    One that arrived late stands behind the mail that came before it did, so it has the time of its arrival then.
    """
    message = context.message
    came_last = any(earlier.at > message.effective_at for earlier in context.history)
    return ThreadMessage(
        direction=Direction.INBOUND,
        at=message.received_at if came_last else message.effective_at,
        subject=message.subject,
        text=message.clean_text,
        id=message.id,
    )


def rest_of(context: ReplyContext) -> RestOfMail:
    """What the lead's mail holds besides the reply."""
    message = context.message
    return rest_of_mail(CleanedText(message.clean_text, message.text_source), message.body_text, message.body_html)


def quoted_original_of(context: ReplyContext) -> str:
    """What the reply quotes, when we hold no outbound mail of our own that says what it answers."""
    if any(message.direction is Direction.OUTBOUND for message in context.history):
        return ""
    return rest_of(context).quoted
