"""One model call as the telemetry stores it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from shared.domain.vocabulary import InteractionStatus


@dataclass(frozen=True, slots=True)
class Interaction:
    """One model call, whether it succeeded or not. Latency in milliseconds, cost in USD."""

    feature: str
    prompt_version: str
    model: str  # the model that responded; the requested one when there was no response
    input_tokens: int
    output_tokens: int
    reasoning_tokens: int  # part of output_tokens
    cost_usd: Decimal | None  # None: the model has no known price
    latency_ms: int
    status: InteractionStatus
    error: str | None
    created_at: datetime
    cached_input_tokens: int = 0  # part of input_tokens: read from the provider's cache
