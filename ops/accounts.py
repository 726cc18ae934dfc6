"""The check of a provider account, and the replay of what came while it was nobody's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.errors import CommandError
from ops.stack import NO_KEY, Target
from shared.config import SecretUnavailableError
from shared.db.found_accounts import unclaimed_deliveries
from shared.domain.vocabulary import ClientId, UnknownValueError
from shared.pipelines.intake.delivery import DatabaseUnavailableError, Receipt
from shared.pipelines.intake.replay_event import replay_event
from shared.pipelines.job_failures import refuses_credentials
from shared.providers.errors import NotSent, ProviderError, RateLimited, Refused

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from shared.db.reports.accounts import AccountReport

AGAIN = "Nothing is known about the key: run it again."


@dataclass(frozen=True, slots=True)
class AccountCheck:
    """The finding about an account. ``works`` None: the provider could not be asked, so nothing is known."""

    works: bool | None
    finding: str
    advice: str = ""


def check_account(here: Target, engine: Engine, account: AccountReport) -> AccountCheck:
    """Asks the provider for what every send needs."""
    try:
        with here.open_account(engine, account.ref) as opened:
            return AccountCheck(True, opened.check())
    except UnknownValueError as error:
        return AccountCheck(None, str(error), "Deploy that release again.")
    except CommandError as error:
        return AccountCheck(None, f"no key: {error.sentence}", error.remedy)
    except SecretUnavailableError as error:
        return AccountCheck(False, f"no key: it cannot be read: {error}", NO_KEY)
    except ProviderError as error:
        return AccountCheck(False if refuses_credentials(error) else None, *_describe(error))


def _describe(error: ProviderError) -> tuple[str, str]:
    match error:
        case Refused(status=401):
            return f"the key is refused: {error.message}", "Put the right one there: docs/deploy.md shows the command."
        case Refused(status=402):
            return f"the plan is refused: {error.message}", "Has the plan of the account ended?"
        case Refused(status=403):
            return f"the key lacks a scope: {error.message}", "Make a key with the scopes that docs/deploy.md lists."
        case Refused():
            return f"the provider refuses to say: {error}", "Is the address of its API right?"
        case RateLimited():
            return f"over the provider's limit: {error}", AGAIN
        case NotSent():
            return f"the provider is not reached: {error}", AGAIN
        case _:
            return f"the provider does not respond: {error}", AGAIN


def replay_unclaimed(here: Target, engine: Engine, client_id: ClientId) -> Sequence[Receipt]:
    """Handles what came while accounts of the workspace were nobody's, the oldest first. Raises CommandError."""
    with engine.connect() as connection:
        event_ids = unclaimed_deliveries(connection, client_id)
    if not event_ids:
        return ()
    try:
        with here.publisher() as publisher:
            hash_address = here.hash_address()
            return [replay_event(engine, publisher, event_id, hash_address) for event_id in event_ids]
    except DatabaseUnavailableError:
        raise CommandError(
            "The database does not respond: not every kept delivery was handled.", "Run it again: it goes on."
        ) from None


def describe_replayed(receipts: Sequence[Receipt]) -> str:
    """Says how many kept deliveries were handled, and what became of them."""
    if not receipts:
        return "Nothing was kept for it."
    counted = Counter(receipt.status.value for receipt in receipts)
    outcomes = ", ".join(f"{count} {status}" for status, count in sorted(counted.items()))
    return f"Replayed {len(receipts)} kept deliver{'y' if len(receipts) == 1 else 'ies'}: {outcomes}."
