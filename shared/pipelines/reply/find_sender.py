"""Asks the provider who has sent a reply, before anything is judged: a delivery need not say."""

from __future__ import annotations

from dataclasses import replace

from shared.config import SecretUnavailableError
from shared.db.reply_context import ReplyContext
from shared.jobs.consumer import Run
from shared.observability import Metric, emit, logger
from shared.pipelines.dependencies import Dependencies
from shared.pipelines.job_failures import refuses_credentials
from shared.providers.errors import ProviderError

LOOK_TIMEOUT_S = 3.0
SHARE_OF_TIME = 0.1  # of what the invocation has left: a provider that hangs must not keep a reply from being drafted


def look_timeout_s(run: Run) -> float:
    """Returns the time for one look at the provider that nothing depends on."""
    return min(LOOK_TIMEOUT_S, SHARE_OF_TIME * run.remaining_s())


def with_sender(dependencies: Dependencies, run: Run, context: ReplyContext) -> ReplyContext:
    """Adds the reply's sender and thread, as far as one look at the provider tells them.

    Nothing depends on the look: whatever goes wrong with it, the reply goes on with a sender that is unknown, and a
    send looks again. Only what is refused for want of a valid key raises the alarm that it raises everywhere.
    """
    message = context.message
    if message.from_email is not None or message.provider_message_id is None or context.lead.suppressed:
        return context
    timeout_s = look_timeout_s(run)
    if timeout_s <= 0:
        return context
    try:
        found = dependencies.accounts(message.account).look_at_trigger(message.handle, timeout_s=timeout_s)
    except (ProviderError, SecretUnavailableError) as error:
        logger.warning("sender not looked up", extra={"message_id": str(message.id), "error": type(error).__name__})
        if refuses_credentials(error):
            emit(Metric.PROVIDER_CREDENTIALS_REFUSED)
        return context
    # What is somebody else's names neither: some integrations give the id of the email that was replied to.
    return replace(
        context, message=replace(message, from_email=found.sender, thread_id=found.thread_id or message.thread_id)
    )
