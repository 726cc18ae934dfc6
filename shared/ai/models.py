"""Which model does which task, and what a call costs.

Prices are OpenAI's list prices for standard processing in USD per million tokens, prompts below 272,000 tokens (ours
are cut far below that). Source: https://developers.openai.com/api/docs/pricing, read in November 2026.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

# Classification and scoring are short, frequent and forgiving: the smallest current model. Text that a lead will read,
# and the judgement whether it may leave unread, get the tier above. The GPT-5 models are shut down in December 2026.
SENTIMENT_MODEL = "gpt-6-luna"
DRAFT_MODEL = "gpt-6.1-terra"
EVALUATION_MODEL = "gpt-6.1-terra"
SCORING_MODEL = "gpt-6-luna"

_MILLION = Decimal(1_000_000)
_SNAPSHOT_DATE = re.compile(r"-\d{4}-\d{2}-\d{2}\Z")
_MARKING_MODEL = re.compile(r"gpt-(?:5\.(?:[6-9]|\d\d)|[6-9]|[1-9]\d)(?:[.-]|\Z)")
_REASONING_MODEL = re.compile(r"(?:o[1-9]|gpt-(?:[5-9]|[1-9]\d))(?:[.-]|\Z)")


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens of one call. ``input_tokens`` includes the cached and the cache-writing ones, as OpenAI counts."""

    input_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0  # part of output_tokens


@dataclass(frozen=True, slots=True)
class Price:
    """USD per million tokens. ``cache_write`` is what first-time input costs where writing the cache is charged."""

    input: Decimal
    cached_input: Decimal
    output: Decimal
    cache_write: Decimal


def _price(input_: str, cached_input: str, output: str, cache_write: str | None = None) -> Price:
    return Price(Decimal(input_), Decimal(cached_input), Decimal(output), Decimal(cache_write or input_))


PRICES: Mapping[str, Price] = MappingProxyType(
    {
        "gpt-6-luna": _price("0.10", "0.01", "0.50", "0.125"),
        "gpt-6-sol": _price("2.00", "0.20", "10.00", "2.50"),
        "gpt-6-astra": _price("10.00", "1.00", "50.00", "12.50"),
        "gpt-6.1-sol": _price("2.00", "0.10", "10.00", "2.50"),
        "gpt-6.2-sol": _price("2.00", "0.10", "10.00", "2.50"),
        "gpt-6.1-terra": _price("1.00", "0.05", "5.00", "1.25"),
        "gpt-5.6-luna": _price("0.20", "0.02", "1.20", "0.25"),
        "gpt-5.6-terra": _price("2.00", "0.20", "12.00", "2.50"),
        "gpt-5.6-sol": _price("4.00", "0.40", "20.00", "5.00"),
        "gpt-5.5": _price("5.00", "0.50", "30.00"),
        "gpt-5.4": _price("2.50", "0.25", "15.00"),
        "gpt-5.4-mini": _price("0.75", "0.075", "4.50"),
        "gpt-5.2": _price("1.75", "0.175", "14.00"),
        "gpt-5.1": _price("1.25", "0.125", "10.00"),
        "gpt-5": _price("1.25", "0.125", "10.00"),
        "gpt-5-mini": _price("0.25", "0.025", "2.00"),
        "gpt-5-nano": _price("0.05", "0.005", "0.40"),
        "gpt-4.1": _price("2.00", "0.50", "8.00"),
        "gpt-4.1-mini": _price("0.40", "0.10", "1.60"),
        "gpt-4.1-nano": _price("0.10", "0.025", "0.40"),
        "gpt-4o": _price("2.50", "1.25", "10.00"),
        "gpt-4o-mini": _price("0.15", "0.075", "0.60"),
        "o3": _price("2.00", "0.50", "8.00"),
        "o4-mini": _price("1.10", "0.275", "4.40"),
    }
)


def price_of(model: str) -> Price | None:
    """Finds the price of a model, also of a dated snapshot (``gpt-5.2-2025-12-11``); None when it is unknown."""
    return PRICES.get(_SNAPSHOT_DATE.sub("", model))


def cost(model: str, usage: Usage) -> Decimal | None:
    """Computes the cost of a call in USD, to a millionth; None when the model's price is unknown (never a guess).

    Reasoning tokens are output tokens. Source: ``usage`` of OpenAI's answer and PRICES.
    """
    price = price_of(model)
    if price is None:
        return None
    cached = min(usage.cached_tokens, usage.input_tokens)
    written = min(usage.cache_write_tokens, usage.input_tokens - cached)
    plain = usage.input_tokens - cached - written
    total = (
        plain * price.input
        + cached * price.cached_input
        + written * price.cache_write
        + usage.output_tokens * price.output
    )
    return (total / _MILLION).quantize(Decimal("0.000001"))


def takes_cache_breakpoints(model: str) -> bool:
    """Tells whether a request may mark what is cached: from GPT-5.6 on, which reads a cache only up to such a mark.

    Source: https://developers.openai.com/api/docs/guides/prompt-caching, read in November 2026.
    """
    return _MARKING_MODEL.match(model) is not None


def takes_reasoning_effort(model: str) -> bool:
    """Tells whether a request may carry ``reasoning``: other models (gpt-4.1, gpt-4o, …-chat-latest) refuse it."""
    return _REASONING_MODEL.match(model) is not None and "-chat" not in model
