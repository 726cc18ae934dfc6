"""The tests of a release: the guard sees the new version only, and does not keep its own repair out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from infra.schema_revision import newest_revision
from infra.topology import TOPOLOGY
from infra.variants import VARIANTS
from tests.infra.conftest import Synthesized, synthesized_from
from tests.infra.test_resource_policies import as_list
from tests.infra.test_template_guards import actions_of, function_ids, queue_ids, reference, role_of, statements

GROUP = "AWS::CodeDeploy::DeploymentGroup"
ALARM = "AWS::CloudWatch::Alarm"
ALIAS = "AWS::Lambda::Alias"


@pytest.fixture(scope="module")
def hotfix(assemblies: dict[str, Synthesized], tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    del assemblies  # only to be skipped where there is no Node.js
    prod = VARIANTS["prod"]
    variant = replace(prod, context={**prod.context, "hotfix": "true"})
    return synthesized_from("hotfix", variant, tmp_path_factory.mktemp("hotfix"))


@pytest.fixture(params=[webhook.name for webhook in TOPOLOGY.webhooks])
def webhook(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def alias_of(stack: Synthesized, webhook: str) -> dict[str, Any]:
    """Returns the alias whose version is the webhook's, as a resource."""
    functions = function_ids(stack)
    versions = stack.properties("Service", "AWS::Lambda::Version")
    (alias,) = (
        each
        for each in stack.resources("Service", ALIAS).values()
        if functions[reference(versions[reference(each["Properties"]["FunctionVersion"])]["FunctionName"])] == webhook
    )
    return alias


def group_id_of(stack: Synthesized, webhook: str) -> str:
    update = alias_of(stack, webhook)["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
    return reference(update["DeploymentGroupName"])


def group_of(stack: Synthesized, webhook: str) -> dict[str, Any]:
    return dict(stack.properties("Service", GROUP)[group_id_of(stack, webhook)])


def hook_of(stack: Synthesized, webhook: str) -> dict[str, Any]:
    update = alias_of(stack, webhook)["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
    return dict(stack.properties("Service", "AWS::Lambda::Function")[reference(update["BeforeAllowTrafficHook"])])


def guarding_alarms(stack: Synthesized, webhook: str) -> dict[str, dict[str, Any]]:
    named = [reference(each["Name"]) for each in group_of(stack, webhook)["AlarmConfiguration"]["Alarms"]]
    return {name: stack.properties("Service", ALARM)[name] for name in named}


def metrics_of(alarm: dict[str, Any]) -> list[dict[str, Any]]:
    single = [alarm] if "MetricName" in alarm else []
    return single + [each["MetricStat"]["Metric"] for each in alarm.get("Metrics", ()) if "MetricStat" in each]


def test_every_webhook_has_an_alias_and_a_guard_of_its_own(synthesized: Synthesized) -> None:
    groups = {group_id_of(synthesized, each.name) for each in TOPOLOGY.webhooks}
    assert len(groups) == len(TOPOLOGY.webhooks) == len(synthesized.resources("Service", ALIAS))
    assert groups == set(synthesized.resources("Service", GROUP))


def test_a_release_is_checked_first_and_taken_back_by_alarms(synthesized: Synthesized, webhook: str) -> None:
    group = group_of(synthesized, webhook)
    assert {"DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"} == set(group["AutoRollbackConfiguration"]["Events"])
    assert group["AlarmConfiguration"]["Enabled"] is True
    assert len(guarding_alarms(synthesized, webhook)) == 5
    assert hook_of(synthesized, webhook)["Environment"]["Variables"]["DEEP"] == "true"


def test_prod_shifts_its_traffic_gradually(prod: Synthesized, dev: Synthesized, webhook: str) -> None:
    assert group_of(prod, webhook)["DeploymentConfigName"] == "CodeDeployDefault.LambdaLinear10PercentEvery1Minute"
    assert group_of(dev, webhook)["DeploymentConfigName"] == "CodeDeployDefault.LambdaAllAtOnce"


def test_the_guards_alarms_see_the_new_version_and_no_other(synthesized: Synthesized, webhook: str) -> None:
    """Else the failures of the version that runs would refuse the release of their fix."""
    alias = alias_of(synthesized, webhook)["Properties"]
    version = json.dumps({"Fn::GetAtt": [alias["FunctionVersion"]["Fn::GetAtt"][0], "Version"]})
    for name, alarm in guarding_alarms(synthesized, webhook).items():
        for metric in metrics_of(alarm):
            dimensions = {each["Name"]: each["Value"] for each in metric["Dimensions"]}
            of_version = [json.dumps(dimensions[name]) for name in ("ExecutedVersion", "version") if name in dimensions]
            assert of_version == [version], name
            if "version" in dimensions:  # two functions count their versions alike
                assert dimensions["provider"] == webhook.removeprefix("webhook-").upper()


def test_each_version_has_alarms_of_its_own(synthesized: Synthesized, webhook: str) -> None:
    """An alarm that is only updated keeps the state that the version before has brought it into."""
    alias = alias_of(synthesized, webhook)["Properties"]
    contents = alias["FunctionVersion"]["Fn::GetAtt"][0][-32:]
    assert all(name.endswith(contents) for name in guarding_alarms(synthesized, webhook))


def test_one_stray_failure_takes_nothing_back(synthesized: Synthesized, webhook: str) -> None:
    expressions = [
        each["Expression"]
        for alarm in guarding_alarms(synthesized, webhook).values()
        for each in alarm.get("Metrics", ())
        if "Expression" in each
    ]
    assert set(expressions) == {"IF(failed > 1 AND failed > 0.02 * FILL(calls, 0), failed, 0)"}
    assert len(expressions) == 4
    for alarm in guarding_alarms(synthesized, webhook).values():
        assert alarm["TreatMissingData"] == "notBreaching"
        assert (alarm["Threshold"], alarm["EvaluationPeriods"]) in ((0, 1), (5_000, 3))


def test_the_alias_is_updated_after_all_that_guards_it(synthesized: Synthesized, webhook: str) -> None:
    alias = alias_of(synthesized, webhook)
    update = alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
    guards = {*guarding_alarms(synthesized, webhook), group_id_of(synthesized, webhook)}
    assert {*guards, reference(update["BeforeAllowTrafficHook"])} <= set(alias["DependsOn"])


def test_the_hook_is_told_the_schema_and_may_ask_for_the_new_version(synthesized: Synthesized, webhook: str) -> None:
    hook = hook_of(synthesized, webhook)
    assert hook["Environment"]["Variables"]["SCHEMA_REVISION"] == newest_revision()
    assert len(hook["Code"]["ZipFile"]) <= 4096  # CloudFormation takes no more
    policies = json.dumps(
        [
            policy["PolicyDocument"]
            for policy in synthesized.properties("Service", "AWS::IAM::Policy").values()
            if hook["Role"]["Fn::GetAtt"][0] in json.dumps(policy["Roles"])
        ]
    )
    for action in ("GetDeploymentTarget", "ListDeploymentTargets", "PutLifecycleEventHookExecutionStatus"):
        assert f"codedeploy:{action}" in policies


def test_the_webhook_may_do_what_the_check_has_it_do(synthesized: Synthesized, webhook: str) -> None:
    allowed = [
        statement
        for statement in statements(synthesized, role_of(synthesized, webhook))
        if {"sqs:GetQueueAttributes", "sqs:SendMessage"} <= set(actions_of(statement))
    ]
    queues = queue_ids(synthesized)
    reached = {queues[reference(each)] for statement in allowed for each in as_list(statement["Resource"])}
    assert reached == {queue.name for queue in TOPOLOGY.queues if queue.url_variable is not None}


def test_a_hotfix_is_kept_out_by_nothing(hotfix: Synthesized, webhook: str) -> None:
    group = group_of(hotfix, webhook)
    assert group["AlarmConfiguration"]["Enabled"] is False
    assert group["AutoRollbackConfiguration"]["Events"] == ["DEPLOYMENT_FAILURE"]
    assert group["DeploymentConfigName"] == "CodeDeployDefault.LambdaAllAtOnce"
    assert hook_of(hotfix, webhook)["Environment"]["Variables"]["DEEP"] == "false"


def test_a_hotfix_changes_the_guard_and_nothing_else(hotfix: Synthesized, prod: Synthesized) -> None:
    assert hotfix.templates["Data"] == prod.templates["Data"]
    one, other = (each.templates["Service"]["Resources"] for each in (hotfix, prod))
    assert set(one) == set(other)
    assert {one[name]["Type"] for name in one if one[name] != other[name]} == {GROUP, "AWS::Lambda::Function"}


def test_what_is_being_created_is_not_protected_yet(
    assemblies: dict[str, Synthesized], prod: Synthesized, tmp_path: Path
) -> None:
    """Else a first deployment that fails could be neither rolled back nor begun again."""
    del assemblies
    variant = replace(VARIANTS["prod"], context={**VARIANTS["prod"].context, "creating": "true"})
    creating = synthesized_from("creating", variant, tmp_path)
    (cluster,) = creating.properties("Data", "AWS::RDS::DBCluster").values()
    assert cluster["DeletionProtection"] is False
    manifest = json.loads((creating.directory / "manifest.json").read_text())
    stacks = [artifact for artifact in manifest["artifacts"].values() if artifact["type"] == "aws:cloudformation:stack"]
    assert [stack["properties"].get("terminationProtection", False) for stack in stacks] == [False, False]
    # Everything else is there from the beginning.
    for part in ("Data", "Service"):
        one, other = (each.templates[part]["Resources"] for each in (creating, prod))
        changed = {one[name]["Type"] for name in {*one, *other} if one.get(name) != other.get(name)}
        assert changed <= {"AWS::RDS::DBCluster"}
    # A creation that is rolled back leaves nothing behind.
    kept = {
        resource["DeletionPolicy"]
        for template in creating.templates.values()
        for resource in template["Resources"].values()
        if "DeletionPolicy" in resource
    }
    assert "Retain" not in kept
    assert "RetainExceptOnCreate" in kept
