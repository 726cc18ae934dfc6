"""The table of what runs is consistent in itself and with the code that it names."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.topology import COMMON_VARIABLES, TOPOLOGY, VISIBILITY_FACTOR, scaled
from shared import config
from shared.providers.registry import PROVIDERS

REPOSITORY = Path(__file__).resolve().parents[2]
SETTINGS: dict[str, type[config.Settings]] = {
    **{webhook.name: config.WebhookSettings for webhook in TOPOLOGY.webhooks},
    "ingest-replay": config.IngestReplaySettings,
    "post-process": config.PostProcessSettings,
    "lead-scoring": config.LeadScoringSettings,
    "maintenance": config.MaintenanceSettings,
    "migrate": config.MigrateSettings,
}
LONGEST_VISIBILITY_S = 12 * 3_600  # SQS


def test_names_are_unique() -> None:
    for names in (
        [queue.name for queue in TOPOLOGY.queues],
        [function.name for function in TOPOLOGY.functions],
        [schedule.name for schedule in TOPOLOGY.schedules],
        [(route.method, route.path) for route in TOPOLOGY.routes],
    ):
        assert len(names) == len(set(names))


def test_providers_are_those_of_the_registry_with_the_same_routes() -> None:
    assert {provider.name.upper(): provider.paths for provider in TOPOLOGY.providers} == {
        name.value: tuple(route.path for route in provider.routes) for name, provider in PROVIDERS.items()
    }


def test_a_delivery_comes_in_at_its_providers_function() -> None:
    posted = {route.path: route.function for route in TOPOLOGY.routes if route.method == "POST"}
    assert posted == {path: provider.webhook for provider in TOPOLOGY.providers for path in provider.paths}


def test_everything_that_is_referred_to_exists() -> None:
    functions = {function.name for function in TOPOLOGY.functions}
    queues = {queue.name for queue in TOPOLOGY.queues}
    assert {source.function for source in TOPOLOGY.event_sources} <= functions
    assert {schedule.function for schedule in TOPOLOGY.schedules} <= functions
    assert {route.function for route in TOPOLOGY.routes} <= functions
    assert {source.queue for source in TOPOLOGY.event_sources} <= queues
    assert {queue.dead_letter_queue for queue in TOPOLOGY.queues if queue.dead_letter_queue} <= queues


def test_a_queue_that_is_consumed_hides_messages_for_six_time_outs_of_its_consumer() -> None:
    for source in TOPOLOGY.event_sources:
        visibility = TOPOLOGY.queue(source.queue).visibility_timeout_s
        assert VISIBILITY_FACTOR * TOPOLOGY.function(source.function).timeout_s <= visibility <= LONGEST_VISIBILITY_S


def test_every_queue_is_fifo_and_has_a_redrive_policy_with_both_halves_or_none() -> None:
    for queue in TOPOLOGY.queues:
        assert queue.name.endswith(".fifo")
        assert (queue.dead_letter_queue is None) == (queue.max_receive_count is None)


def test_parked_events_are_never_dead_lettered() -> None:
    assert TOPOLOGY.queue("ingest.fifo").dead_letter_queue is None


@pytest.mark.parametrize("function", TOPOLOGY.functions, ids=lambda function: function.name)
def test_a_functions_handler_is_in_the_repository(function: object) -> None:
    module, _, attribute = TOPOLOGY.function(getattr(function, "name", "")).handler.rpartition(".")
    spec = importlib.util.find_spec(module.rpartition(".")[0])
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).with_name(f"{module.rpartition('.')[2]}.py")
    assert source.is_relative_to(REPOSITORY / "functions")
    assert any(line.startswith((f"def {attribute}(", f"{attribute} = ")) for line in source.read_text().splitlines())


@pytest.mark.parametrize("name", SETTINGS)
def test_a_function_is_given_every_variable_that_its_settings_require_and_none_that_they_ignore(name: str) -> None:
    given_to_it = {*COMMON_VARIABLES, *TOPOLOGY.function(name).variables}
    fields = variables_of(SETTINGS[name])
    assert {field for field, is_required in fields.items() if is_required} <= given_to_it
    # Powertools reads this one itself.
    assert given_to_it - {"POWERTOOLS_SERVICE_NAME"} <= set(fields)


def variables_of(settings: type[config.Settings]) -> dict[str, bool]:
    """Returns the variables of settings, and if they are required."""
    fields = {name.upper(): info.is_required() for name, info in settings.model_fields.items()}
    if fields.pop("PROVIDERS", False):
        fields |= {f"{name}_API_KEYS": True for name in PROVIDERS} | {f"{name}_BASE_URL": False for name in PROVIDERS}
    return fields


def test_every_function_has_its_settings_checked_here() -> None:
    assert set(SETTINGS) == {function.name for function in TOPOLOGY.functions}


@given(factor=st.floats(min_value=0.001, max_value=10))
def test_scaling_keeps_the_order_of_time_outs_and_whole_seconds_for_sqs(factor: float) -> None:
    topology = scaled(factor)
    assert topology.time_scale == factor
    for queue in topology.queues:
        assert queue.visibility_timeout_s >= 1
        assert queue.visibility_timeout_s == int(queue.visibility_timeout_s)
    for function, original in zip(topology.functions, TOPOLOGY.functions, strict=True):
        is_behind_http = function in topology.webhooks
        assert function.timeout_s == (original.timeout_s if is_behind_http else max(3.0, original.timeout_s * factor))
    for schedule, planned in zip(topology.schedules, TOPOLOGY.schedules, strict=True):
        assert schedule.every_s == planned.every_s * factor


def test_scaling_by_one_changes_nothing() -> None:
    assert scaled(1.0) == TOPOLOGY


@pytest.mark.parametrize("factor", [0, -1])
def test_a_scale_must_be_positive(factor: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        scaled(factor)
