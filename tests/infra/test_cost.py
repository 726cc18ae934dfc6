"""The cost model: the document quotes the calculator's output, and the calculator adds up."""

from __future__ import annotations

import pytest

from infra.app import ROOT
from infra.config import STAGES, Aurora
from infra.cost import SCALES, Assumptions, Prices, document, limits, main, model_uses, monthly_cost
from shared.ai.models import PRICES

DOCUMENT = ROOT / "docs" / "cost.md"


def bill(replies: float, **changes: float) -> dict[str, float]:
    return {line.component: line.usd for line in monthly_cost(replies, Assumptions(**changes), Prices())}


def test_the_document_quotes_what_the_calculator_prints() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    start, end = "<!-- python -m infra.cost --table -->\n", "<!-- end -->"
    quoted = text[text.index(start) + len(start) : text.index(end)]
    assert quoted.strip() == document(Assumptions(), Prices()).strip()


def test_the_command_prints_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--table"]) == 0
    assert capsys.readouterr().out == document(Assumptions(), Prices())


def test_the_api_is_charged_by_the_request_and_cheaper_beyond_300_million() -> None:
    thirty_days = 365 / 12
    requests = 1_000 * thirty_days * (1.1 + 50)
    assert bill(1_000)["API Gateway"] == pytest.approx(requests / 1e6)
    many = 1_000_000 * thirty_days * (1.1 + 50)
    assert bill(1_000_000)["API Gateway"] == pytest.approx(300 + (many - 300e6) * 0.9 / 1e6)


def test_the_models_cost_what_the_price_table_says() -> None:
    expected = 0.0
    for use in model_uses(Assumptions()):
        price = PRICES[use.model]
        tokens = (use.input_tokens - use.cached_tokens) * price.input + use.output_tokens * price.output
        tokens += use.cached_tokens * price.cached_input
        expected += use.share * float(tokens) / 1e6
    assert bill(10_000)["OpenAI"] == pytest.approx(expected * 10_000 * 365 / 12, rel=1e-4)


def test_the_rent_is_what_prod_is_configured_to_be() -> None:
    prod = STAGES["prod"].database
    assert isinstance(prod, Aurora)
    idle = bill(1)
    assert idle["Aurora capacity"] == pytest.approx((1 + prod.readers) * prod.min_acu * 730 * 0.12)
    assert idle["NAT gateways"] == pytest.approx(prod.nat_gateways * 730 * 0.045, rel=0.01)


@pytest.mark.parametrize("change", ["drafted_share", "model_share", "post_process_s", "other_events_per_reply"])
def test_more_of_anything_costs_more(change: str) -> None:
    default = getattr(Assumptions(), change)
    assert sum(bill(10_000, **{change: default * 1.2}).values()) > sum(bill(10_000).values())


def test_the_consumers_caps_give_way_first() -> None:
    for scale in SCALES:
        first = limits(scale, Assumptions())[0]
        assert first.what == "post_process at once"
    assert limits(1_000, Assumptions())[0].use < 0.25
    assert limits(100_000, Assumptions())[0].use > 1


def test_a_volume_of_nothing_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--replies-per-day", "0"])
    assert "must be positive" in capsys.readouterr().err
