"""The scenarios, one function per kind of fault. Each posts replies, breaks something and asks for a verdict."""

from __future__ import annotations

from collections.abc import Callable

from tests.faults.scenarios.echoes import echoed
from tests.faults.scenarios.erasures import erased_meanwhile
from tests.faults.scenarios.holds import held
from tests.faults.scenarios.kills import (
    completions_killed,
    killed_at_every_point,
    publishers_killed,
    replays_killed,
    webhook_killed_before_publishing,
)
from tests.faults.scenarios.merges import merged_meanwhile
from tests.faults.scenarios.outages import both_away, postgres_away, sqs_away
from tests.faults.scenarios.promises import promised
from tests.faults.scenarios.recovery import hook_away
from tests.faults.scenarios.restore import restored
from tests.faults.scenarios.services import model_fails, providers_fail, suppressions_fail
from tests.faults.scenarios.soak import soak
from tests.faults.scenarios.traffic import noisy_neighbours, redeliveries, reordered, suppressed_meanwhile
from tests.faults.scenarios.twice import twice
from tests.faults.suite import Suite

__all__ = ["SCENARIOS", "soak"]

SCENARIOS: dict[str, Callable[[Suite], None]] = {
    "kill": killed_at_every_point,
    "kill-webhook": webhook_killed_before_publishing,
    "kill-maintenance": publishers_killed,
    "kill-completion": completions_killed,
    "kill-replay": replays_killed,
    "postgres": postgres_away,
    "sqs": sqs_away,
    "both": both_away,
    "model": model_fails,
    "providers": providers_fail,
    "suppressions": suppressions_fail,
    "redelivery": redeliveries,
    "reordered": reordered,
    "twice": twice,
    "echoed": echoed,
    "suppressed": suppressed_meanwhile,
    "merged": merged_meanwhile,
    "erased": erased_meanwhile,
    "held": held,
    "promised": promised,
    "missed": hook_away,
    "neighbours": noisy_neighbours,
    "restored": restored,
}
