"""Handles a provider's word about an account of the client's: it is disconnected, or works again."""

from __future__ import annotations

from shared.domain.actor import Actor
from shared.domain.events import AccountProblem, AccountRecovered
from shared.domain.vocabulary import ActorKind, EventOutcome
from shared.pipelines.account_health import account_is_broken, account_works
from shared.pipelines.intake.case import Case, Handled
from shared.pipelines.intake.delivery import Receipt, ReceiptStatus
from shared.pipelines.intake.handle_notice import ignore_unused


def handle_account(case: Case, event: AccountProblem | AccountRecovered) -> Handled:
    """Holds the account's sends back, or lets them go on. A problem of a part of it, such as one mailbox, only counts.

    Of two words that come in the wrong order the look of recovery decides (``account_health``).
    """
    account_id = case.context.account_id
    if account_id is None or (isinstance(event, AccountProblem) and not event.stops_account):
        return ignore_unused()
    if not case.keep(EventOutcome.ACCEPTED):
        return Handled(Receipt(ReceiptStatus.DUPLICATE))
    if isinstance(event, AccountProblem):
        account_is_broken(case.connection, account_id, event.reason)
    else:
        account_works(case.connection, account_id, Actor(ActorKind.SYSTEM, case.delivery.provider))
    return Handled(Receipt(ReceiptStatus.ACCEPTED))
