"""One look at the provider before a reply is judged: who has sent it, to whom else, with what, and what it answers."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

from shared.config import SecretUnavailableError
from shared.db.reply_context import ReplyContext
from shared.db.trigger_facts import note_trigger
from shared.domain.events import MessageSent
from shared.domain.text.email_text import plain_text
from shared.domain.trigger_facts import OurMessage
from shared.domain.vocabulary import Direction
from shared.jobs.consumer import Run
from shared.observability import Metric, emit, logger
from shared.pipelines.dependencies import Dependencies
from shared.pipelines.job_failures import refuses_credentials
from shared.pipelines.reply.reply_context import rest_of
from shared.providers.account_values import Trigger
from shared.providers.errors import ProviderError
from shared.providers.protocol import Account

LOOK_TIMEOUT_S = 3.0
SHARE_OF_TIME = 0.1  # of what the invocation has left: a provider that hangs must not keep a reply from being drafted
OURS_WITHIN = timedelta(days=60)  # how far back the message is looked for that a lead responds to
LEAST_S = 0.5  # for a call to be worth its while


def look_timeout_s(run: Run) -> float:
    """Returns the time for one look at the provider that nothing depends on."""
    return min(LOOK_TIMEOUT_S, SHARE_OF_TIME * run.remaining_s())


def with_trigger(dependencies: Dependencies, run: Run, context: ReplyContext) -> ReplyContext:
    """Adds what one look at the provider tells about the reply, and keeps it: no later run looks again.

    Nothing depends on the look: whatever goes wrong with it, the reply goes on with a sender that is unknown, and a
    send looks again. Only what is refused for want of a valid key raises the alarm that it raises everywhere.
    """
    message = context.message
    if message.was_looked_at or message.from_email is not None:
        return context  # an earlier run has looked, or the event said it all
    if message.provider_message_id is None or context.lead.suppressed:
        return context
    deadline = time.monotonic() + look_timeout_s(run)
    if time.monotonic() >= deadline:
        return context
    facts = message.facts
    try:
        account = dependencies.accounts(message.account)
        found = account.look_at_trigger(message.handle, timeout_s=deadline - time.monotonic())
        if isinstance(found, Trigger):
            facts = replace(
                facts,
                copies=found.copies or facts.copies,
                attachments=found.attachments or facts.attachments,
            )
            if _nothing_shows_ours(context):
                facts = replace(facts, our_message=_ours(account, found, context, deadline))
    except (ProviderError, SecretUnavailableError) as error:
        logger.warning("trigger not looked at", extra={"message_id": str(message.id), "error": type(error).__name__})
        if refuses_credentials(error):
            emit(Metric.PROVIDER_CREDENTIALS_REFUSED)
        return context
    # What is somebody else's names neither: some integrations give the id of the email that was replied to.
    sender, thread_id = found.sender, found.thread_id or message.thread_id
    note_trigger(dependencies.engine, message.id, facts.to_json(), sender=sender, thread_id=thread_id)
    return replace(context, message=replace(message, from_email=sender, thread_id=thread_id, facts=facts))


def _nothing_shows_ours(context: ReplyContext) -> bool:
    """True when neither the thread nor a quotation nor a copy shows what the lead responds to."""
    we_wrote = any(message.direction is Direction.OUTBOUND for message in context.history)
    return not we_wrote and context.message.facts.our_message is None and not rest_of(context).quoted


def _ours(account: Account, trigger: Trigger, context: ReplyContext, deadline: float) -> OurMessage | None:
    """Finds the newest message of ours before the reply in its conversation, as far as there is time for that."""
    message, left = context.message, deadline - time.monotonic()
    if left < LEAST_S:
        return None
    try:
        shown = account.conversation(trigger.handle, message.effective_at - OURS_WITHIN, timeout_s=left)
    except ProviderError:
        return None  # what the first call has told is worth keeping
    sent = [
        event
        for event in shown or ()
        if isinstance(event, MessageSent)
        and (event.header.occurred_at is None or event.header.occurred_at <= message.effective_at)
    ]
    if not sent:
        return None
    newest = max(sent, key=lambda event: event.header.occurred_at or message.effective_at - OURS_WITHIN)
    return OurMessage(
        newest.content.subject, plain_text(newest.content.text, newest.content.html), newest.header.occurred_at
    )
