"""Jobs of a disabled workspace: they wait, and go on where they stopped."""

from __future__ import annotations

from shared.domain.vocabulary import WaitingFor
from shared.jobs.outcomes import Defer

LOOK_AGAIN_S = 3_600.0  # enabling the workspace brings its jobs forward; this only keeps them from waiting for ever


def while_disabled(time_scale: float) -> Defer:
    """Defers any job that would understand, score, draft or send for a disabled workspace.

    Not Skip: its events were answered with 2xx, and a finished job does not run again when the workspace is enabled.
    """
    return Defer(LOOK_AGAIN_S * time_scale, WaitingFor.WORKSPACE_DISABLED)
