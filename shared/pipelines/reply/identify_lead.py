"""Asks the provider who a lead is that nothing is known of but the provider's own id: once, for its first message."""

from __future__ import annotations

from shared.config import SecretUnavailableError
from shared.db.reply_context import ReplyContext
from shared.db.transactions import autocommit
from shared.db.young_leads import read_traces
from shared.domain.events import Address, Person
from shared.domain.identity import canonical_key, is_young
from shared.domain.vocabulary import Direction
from shared.jobs.consumer import Run
from shared.observability import Metric, emit, logger
from shared.pipelines.dependencies import Dependencies
from shared.pipelines.job_failures import refuses_credentials
from shared.pipelines.people.absorb_lead import Learnt, learn_identity, note_looked_up
from shared.pipelines.reply.look_at_trigger import look_timeout_s
from shared.providers.errors import ProviderError


def identify_lead(dependencies: Dependencies, run: Run, context: ReplyContext) -> Learnt:
    """Looks a young lead up and makes the most of what the provider vouches for; one checkpoint, never repeated.

    Nothing depends on the look: where it fails, the lead stays who it is, and whatever is learnt later is for a person.
    Raises LeaseLost.
    """
    if "identify" in run.job.steps or context.lead.email is not None or not _is_first(context):
        return Learnt.NOTHING
    with autocommit(dependencies.engine) as connection:
        own = read_traces(connection, run.job.lead_id).keys
    timeout_s = look_timeout_s(run)
    if not own or not is_young(own) or timeout_s <= 0:
        return Learnt.NOTHING
    verified = _look_up(dependencies, context, own, timeout_s)
    if not verified:
        return note_looked_up(dependencies.engine, run.job)
    return learn_identity(dependencies, run.job, own=own, verified=verified)


def _is_first(context: ReplyContext) -> bool:
    return not any(message.direction is Direction.INBOUND for message in context.history)


def _look_up(
    dependencies: Dependencies, context: ReplyContext, own: tuple[Address, ...], timeout_s: float
) -> tuple[Address, ...]:
    """Returns the keys that the provider vouches for and we do not know yet; () when it cannot tell, or fails."""
    message = context.message
    try:
        person = dependencies.accounts(message.account).identify(Person(own), timeout_s=timeout_s)
    except (ProviderError, SecretUnavailableError) as error:
        logger.warning("lead not looked up", extra={"message_id": str(message.id), "error": type(error).__name__})
        if refuses_credentials(error):
            emit(Metric.PROVIDER_CREDENTIALS_REFUSED)
        return ()
    if person is None:
        return ()
    keys = (canonical_key(address.kind, address.value) for address in person.addresses)
    return tuple(key for key in dict.fromkeys(keys) if key is not None and key not in own)
