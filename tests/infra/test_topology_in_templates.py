"""The topology is deployed exactly: every queue, function, event source, schedule and route, and nothing else."""

from __future__ import annotations

import json
from typing import Any

from infra.constructs.names import construct_id
from infra.topology import COMMON_VARIABLES, OPERATIONS, TOPOLOGY, Function
from tests.infra.conftest import Synthesized

FUNCTION = "AWS::Lambda::Function"
QUEUE = "AWS::SQS::Queue"


def reference(value: Any) -> str:
    """Returns the logical id that a Ref or a GetAtt names."""
    return str(value["Ref"] if "Ref" in value else value["Fn::GetAtt"][0])


def queue_ids(stack: Synthesized) -> dict[str, str]:
    """Logical id → the queue's name in the topology. A queue's id starts with its construct's."""
    names = {f"Queues{construct_id(queue.name)}": queue.name for queue in TOPOLOGY.queues}
    return {
        logical_id: name
        for logical_id in stack.resources("Service", QUEUE)
        for prefix, name in names.items()
        if logical_id[: -len("12345678")] == prefix
    }


def function_ids(stack: Synthesized) -> dict[str, str]:
    """Logical id → the function's name. The handler says which one it is."""
    names = {function.handler: function.name for function in (*TOPOLOGY.functions, OPERATIONS)}
    return {
        logical_id: names[properties["Handler"]]
        for logical_id, properties in stack.properties("Service", FUNCTION).items()
        if properties["Handler"] in names
    }


def test_queues(synthesized: Synthesized) -> None:
    ids = queue_ids(synthesized)
    deployed = {}
    for logical_id, properties in synthesized.properties("Service", QUEUE).items():
        redrive = properties.get("RedrivePolicy", {})
        target = redrive.get("deadLetterTargetArn")
        deployed[ids[logical_id]] = (
            properties["FifoQueue"],
            properties["VisibilityTimeout"],
            properties["MessageRetentionPeriod"],
            ids[reference(target)] if target else None,
            redrive.get("maxReceiveCount"),
        )
    assert deployed == {
        queue.name: (
            True,
            queue.visibility_timeout_s,
            queue.retention_s,
            queue.dead_letter_queue,
            queue.max_receive_count,
        )
        for queue in TOPOLOGY.queues
    }


def test_functions(synthesized: Synthesized) -> None:
    ids = function_ids(synthesized)
    deployed = {
        ids[logical_id]: (
            properties["Handler"],
            properties["Timeout"],
            properties["MemorySize"],
            properties["Runtime"],
            properties["Architectures"],
        )
        for logical_id, properties in synthesized.properties("Service", FUNCTION).items()
        if logical_id in ids
    }
    assert deployed == {
        function.name: (function.handler, function.timeout_s, function.memory_mb, "python3.13", ["arm64"])
        for function in (*TOPOLOGY.functions, OPERATIONS)
    }


def test_no_function_is_ours_and_not_in_the_topology(synthesized: Synthesized) -> None:
    ours = {
        properties["Handler"]
        for properties in synthesized.properties("Service", FUNCTION).values()
        if properties["Runtime"].startswith("python") and "ZipFile" not in properties["Code"]
    }
    assert ours == {function.handler for function in (*TOPOLOGY.functions, OPERATIONS)}


def test_each_function_takes_its_settings_and_no_others(synthesized: Synthesized) -> None:
    specs: dict[str, Function] = {function.name: function for function in (*TOPOLOGY.functions, OPERATIONS)}
    ids = function_ids(synthesized)
    for logical_id, name in ids.items():
        variables = set(synthesized.properties("Service", FUNCTION)[logical_id]["Environment"]["Variables"])
        spec = specs[name]
        # Empty ones: the API's own address.
        optional = {"OPENAI_BASE_URL", *(each.url_variable for each in TOPOLOGY.providers), *spec.cloud_variables}
        assert variables <= {*COMMON_VARIABLES, *spec.variables, *spec.cloud_variables}, name
        assert variables >= {*COMMON_VARIABLES, *spec.variables} - optional, name


def test_event_sources(synthesized: Synthesized) -> None:
    queues, functions = queue_ids(synthesized), function_ids(synthesized)
    deployed = {
        (
            queues[reference(mapping["EventSourceArn"])],
            functions[reference(mapping["FunctionName"])],
            mapping["BatchSize"],
            mapping["ScalingConfig"]["MaximumConcurrency"],
            tuple(mapping["FunctionResponseTypes"]),
        )
        for mapping in synthesized.properties("Service", "AWS::Lambda::EventSourceMapping").values()
    }
    assert deployed == {
        (source.queue, source.function, 1, source.maximum_concurrency, ("ReportBatchItemFailures",))
        for source in TOPOLOGY.event_sources
    }


def test_schedules(synthesized: Synthesized) -> None:
    functions = function_ids(synthesized)
    deployed = {
        (
            properties["ScheduleExpression"],
            functions[reference(properties["Target"]["Arn"])],
            properties["Target"]["Input"],
            properties["State"],
        )
        for properties in synthesized.properties("Service", "AWS::Scheduler::Schedule").values()
    }
    assert deployed == {
        (
            "rate(1 minute)" if schedule.every_s == 60 else f"rate({schedule.every_s // 60} minutes)",
            schedule.function,
            json.dumps(schedule.payload, separators=(",", ":")),
            "ENABLED",
        )
        for schedule in TOPOLOGY.schedules
    }


def test_routes(synthesized: Synthesized) -> None:
    routes = synthesized.properties("Service", "AWS::ApiGatewayV2::Route")
    assert {route["RouteKey"] for route in routes.values()} == {
        f"{route.method} {route.path}" for route in TOPOLOGY.routes
    }
    functions, aliases = function_ids(synthesized), synthesized.properties("Service", "AWS::Lambda::Alias")
    integrations = synthesized.properties("Service", "AWS::ApiGatewayV2::Integration")
    called = {}
    for route in routes.values():
        integration = integrations[route["Target"]["Fn::Join"][1][1]["Ref"]]
        assert integration["PayloadFormatVersion"] == "2.0"
        called[route["RouteKey"]] = functions[
            reference(aliases[reference(integration["IntegrationUri"])]["FunctionName"])
        ]
    assert called == {f"{route.method} {route.path}": route.function for route in TOPOLOGY.routes}
