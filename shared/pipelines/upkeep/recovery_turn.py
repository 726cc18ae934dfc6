"""One account's turn of recovery: its time, its parts, and what becomes of what it finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shared.config import SecretUnavailableError
from shared.db.outages import is_outage, name_of
from shared.db.provider_accounts import note_account_refused
from shared.db.recovery import RecoveryState
from shared.observability import Metric, emit, log_failure, logger
from shared.pipelines.dependencies import Dependencies
from shared.pipelines.intake.delivery import DatabaseUnavailableError, Delivery, ReceiptStatus
from shared.pipelines.intake.receive_event import receive_event
from shared.pipelines.job_failures import refuses_credentials
from shared.providers.account_values import Missed
from shared.providers.errors import ProviderError
from shared.providers.protocol import Account

RESERVE_S = 20.0  # of the function's time, left when a run stops by itself: longer than any call that is under way


class OutOfTime(Exception):  # noqa: N818 (a signal, not an error)
    """The function's time is almost over: the marks tell the next run where to go on."""


class WorkspaceClosed(Exception):  # noqa: N818 (a signal, not an error)
    """The workspace was disabled meanwhile: its marks stay where they are until it is enabled again."""


@dataclass
class RecoveryTurn:
    """One workspace's turn. ``recovered`` counts what was news to us, however the turn ends; ``broken`` the parts that
    our own code failed in."""

    dependencies: Dependencies
    state: RecoveryState
    remaining_s: Callable[[], float]
    recovered: int = 0
    broken: int = 0

    @property
    def account(self) -> Account:
        return self.dependencies.accounts(self.state.account)

    def need_time(self, needed_s: float = RESERVE_S) -> None:
        """Raises OutOfTime unless that many seconds are left."""
        if self.remaining_s() < needed_s * self.dependencies.time_scale:
            raise OutOfTime

    def holds(self, name: str, part: Callable[[RecoveryTurn], None]) -> bool:
        """Does one part; False when it failed. Raises only for what stops the whole run: no time, or no database."""
        client_id = str(self.state.client_id)
        try:
            self.need_time()
            part(self)
        except (OutOfTime, DatabaseUnavailableError):
            raise
        except WorkspaceClosed:
            logger.info("workspace disabled meanwhile", extra={"client_id": client_id, "part": name})
        except (ProviderError, SecretUnavailableError) as error:
            logger.warning(
                "workspace not recovered",
                extra={"client_id": client_id, "part": name, "error": type(error).__name__},
            )
            if refuses_credentials(error):
                emit(Metric.PROVIDER_CREDENTIALS_REFUSED)
                note_account_refused(self.dependencies.engine, self.state.account_id)
        except Exception as error:
            if is_outage(error):
                raise DatabaseUnavailableError(name_of(error)) from error
            self.broken += 1
            log_failure("workspace not recovered", error, client_id=client_id, part=name)
        else:
            return True
        return False

    def delivery(self, item: Missed, received_at: datetime) -> Delivery:
        return Delivery.of(
            self.state.client_id,
            item.body or b"",
            received_at,
            provider=self.state.account.provider,
            source=item.source,
            external_account=self.state.found_by,
            delivery_id=item.delivery_id,
        )

    def receive(self, item: Missed, received_at: datetime) -> None:
        self.need_time()
        receipt = receive_event(
            self.delivery(item, received_at),
            engine=self.dependencies.engine,
            publisher=self.dependencies.publisher,
            hash_address=self.dependencies.hash_address,
            time_scale=self.dependencies.time_scale,
        )
        if receipt.status is ReceiptStatus.REJECTED:
            raise WorkspaceClosed
        self.recovered += receipt.status is ReceiptStatus.ACCEPTED
