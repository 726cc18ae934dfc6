"""Prices, and which models take a reasoning effort."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shared.ai.models import (
    DRAFT_MODEL,
    EVALUATION_MODEL,
    PRICES,
    SCORING_MODEL,
    SENTIMENT_MODEL,
    Usage,
    cost,
    price_of,
    takes_cache_breakpoints,
    takes_reasoning_effort,
)


@pytest.mark.parametrize("model", [SENTIMENT_MODEL, DRAFT_MODEL, EVALUATION_MODEL, SCORING_MODEL])
def test_every_default_model_has_a_price_and_reasons(model: str) -> None:
    assert price_of(model) is not None
    assert takes_reasoning_effort(model)


@pytest.mark.parametrize(
    ("model", "usage", "usd"),
    [
        ("gpt-5.2", Usage(input_tokens=1_000_000, output_tokens=0), "1.75"),
        ("gpt-5.2", Usage(input_tokens=0, output_tokens=1_000_000), "14"),
        ("gpt-5.2-2025-12-11", Usage(input_tokens=1_000, output_tokens=100), "0.003150"),
        # cached input is cheaper, written input dearer, and neither is counted twice
        ("gpt-6.1-terra", Usage(input_tokens=1_000_000, cached_tokens=1_000_000), "0.05"),
        ("gpt-6.1-terra", Usage(input_tokens=1_000_000, cached_tokens=400_000, cache_write_tokens=600_000), "0.77"),
        # reasoning tokens are a part of the output tokens
        ("gpt-6-luna", Usage(output_tokens=1_000_000, reasoning_tokens=900_000), "0.50"),
        # counts that contradict each other never make a negative price
        ("gpt-6-luna", Usage(input_tokens=10, cached_tokens=1_000_000, cache_write_tokens=1_000_000), "0"),
        ("gpt-6-luna", Usage(), "0"),
    ],
)
def test_cost(model: str, usage: Usage, usd: str) -> None:
    assert cost(model, usage) == Decimal(usd)


@pytest.mark.parametrize("model", ["", "gpt-5.2-mini-turbo", "gpt-5.2-2025", "ft:gpt-4.1:acme::abc", "house-model"])
def test_an_unknown_model_has_no_price(model: str) -> None:
    assert cost(model, Usage(input_tokens=100)) is None


@pytest.mark.parametrize(
    ("model", "takes"),
    [
        ("gpt-6-luna", True),
        ("gpt-6.1-terra", True),
        ("gpt-5", True),
        ("gpt-5-mini", True),
        ("gpt-5.2-2025-12-11", True),
        ("gpt-10-nova", True),
        ("o3", True),
        ("o4-mini", True),
        ("gpt-4.1", False),
        ("gpt-4.1-mini-2025-04-14", False),
        ("gpt-4o", False),
        ("gpt-3.5-turbo", False),
        ("gpt-5-chat-latest", False),
        ("gpt-5.3-chat-latest", False),
        ("chatgpt-4o-latest", False),
        ("omni-moderation-latest", False),
        ("", False),
    ],
)
def test_only_reasoning_models_are_sent_an_effort(model: str, takes: bool) -> None:
    assert takes_reasoning_effort(model) is takes


def test_cached_input_is_never_dearer_than_input_and_writing_the_cache_never_cheaper() -> None:
    for model, price in PRICES.items():
        assert Decimal(0) < price.cached_input <= price.input <= price.cache_write, model
        assert price.output > price.input, model


@pytest.mark.parametrize(
    ("model", "takes"),
    [
        ("gpt-6-luna", True),
        ("gpt-6.1-terra", True),
        ("gpt-5.6-terra", True),
        ("gpt-5.10", True),
        ("gpt-10-luna", True),
        ("gpt-5.5", False),
        ("gpt-5", False),
        ("gpt-5-mini", False),
        ("gpt-4.1", False),
        ("gpt-60x", False),
        ("o4-mini", False),
        ("house-model", False),
    ],
)
def test_only_models_since_gpt_5_6_are_told_what_to_cache(model: str, takes: bool) -> None:
    assert takes_cache_breakpoints(model) is takes
