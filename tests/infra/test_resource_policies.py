"""A resource's own policy replaces a default: every service that the templates make use it is still let in.

Every topic, queue, bucket, key and secret is looked at, and everything that names one: what uses it through a service
(an alarm, a rule, a subscription) needs an Allow for that service, what uses it through a role must not meet a Deny. A
kind of resource that is not known here fails, so that somebody says how it uses what it names.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.infra.conftest import Synthesized

# How each kind of resource carries its policy, and which of its properties says whose it is.
POLICIES = {
    "AWS::SNS::TopicPolicy": ("PolicyDocument", "Topics"),
    "AWS::SQS::QueuePolicy": ("PolicyDocument", "Queues"),
    "AWS::S3::BucketPolicy": ("PolicyDocument", "Bucket"),
    "AWS::SecretsManager::ResourcePolicy": ("ResourcePolicy", "SecretId"),
}
GUARDED = ("AWS::SNS::Topic", "AWS::SQS::Queue", "AWS::S3::Bucket", "AWS::KMS::Key", "AWS::SecretsManager::Secret")

# Who acts when a resource of this kind uses what a property of it names: (property, service, action).
THROUGH_A_SERVICE = {
    "AWS::CloudWatch::Alarm": (
        ("AlarmActions", "cloudwatch.amazonaws.com", "sns:Publish"),
        ("OKActions", "cloudwatch.amazonaws.com", "sns:Publish"),
        ("InsufficientDataActions", "cloudwatch.amazonaws.com", "sns:Publish"),
    ),
    "AWS::CloudWatch::CompositeAlarm": (("AlarmActions", "cloudwatch.amazonaws.com", "sns:Publish"),),
    "AWS::Events::Rule": (
        ("Targets", "events.amazonaws.com", "sns:Publish"),
        ("Targets", "events.amazonaws.com", "sqs:SendMessage"),
    ),
    "AWS::SNS::Subscription": (("Endpoint", "sns.amazonaws.com", "sqs:SendMessage"),),
    "AWS::S3::Bucket": (
        ("NotificationConfiguration", "s3.amazonaws.com", "sns:Publish"),
        ("NotificationConfiguration", "s3.amazonaws.com", "sqs:SendMessage"),
        ("LoggingConfiguration", "logging.s3.amazonaws.com", "s3:PutObject"),
    ),
    "AWS::Budgets::Budget": (("NotificationsWithSubscribers", "budgets.amazonaws.com", "sns:Publish"),),
}
# Named here means used by a role of ours, by the resource itself, or only mentioned.
THROUGH_A_ROLE = {
    "AWS::IAM::Policy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Role",
    "AWS::Lambda::Function",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Scheduler::Schedule",
    "AWS::SQS::Queue",  # a dead-letter queue: SQS moves messages within the account
    "AWS::CloudWatch::Dashboard",
    "AWS::SecretsManager::SecretTargetAttachment",
    "AWS::RDS::DBCluster",
    "Custom::AWS",
    "Custom::S3AutoDeleteObjects",
    *POLICIES,
}
SERVICE_OF = {"AWS::SNS::Topic": "sns:", "AWS::SQS::Queue": "sqs:", "AWS::S3::Bucket": "s3:"}
# What every client of ours speaks is TLS 1.2 or newer.
WEAK_TRANSPORT = (
    {"Bool": {"aws:SecureTransport": "false"}},
    {"Bool": {"aws:SecureTransport": False}},
    {"NumericLessThan": {"s3:TlsVersion": 1.2}},
)

Statement = dict[str, Any]


@dataclass(frozen=True)
class Guarded:
    """A resource that may have a policy of its own, by its logical id; ``statements`` are None without one."""

    name: str
    kind: str
    statements: list[Statement] | None


def resources_of(stack: Synthesized) -> dict[str, dict[str, Any]]:
    """Returns every resource of both stacks. Logical ids of one stage do not repeat."""
    found: dict[str, dict[str, Any]] = {}
    for template in stack.templates.values():
        for name, resource in template["Resources"].items():
            found.setdefault(name, resource)
    return found


def named_in(value: Any) -> set[str]:
    """Returns the logical ids that ``value`` names: by reference, or as an export of the other stack."""
    if isinstance(value, list):
        return {name for each in value for name in named_in(each)}
    if not isinstance(value, dict):
        return set()
    if "Ref" in value:
        return {str(value["Ref"])}
    if "Fn::GetAtt" in value:
        return {str(value["Fn::GetAtt"][0])}
    if "Fn::ImportValue" in value:  # "Stack:ExportsOutputRefName12345678…": the id is a part of it
        return {str(value["Fn::ImportValue"])}
    return {name for each in value.values() for name in named_in(each)}


def names(value: Any, name: str) -> bool:
    return any(found == name or (":" in found and name in found) for found in named_in(value))


def guarded(resources: dict[str, dict[str, Any]]) -> Iterator[Guarded]:
    for name, resource in resources.items():
        if resource["Type"] not in GUARDED:
            continue
        if resource["Type"] == "AWS::KMS::Key":
            yield Guarded(name, resource["Type"], resource["Properties"]["KeyPolicy"]["Statement"])
            continue
        documents = [
            other["Properties"][POLICIES[other["Type"]][0]]["Statement"]
            for other in resources.values()
            if other["Type"] in POLICIES and names(other["Properties"][POLICIES[other["Type"]][1]], name)
        ]
        assert len(documents) <= 1, f"{name} has {len(documents)} policies: the last one would win"
        yield Guarded(name, resource["Type"], documents[0] if documents else None)


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def covers(statement: Statement, action: str) -> bool:
    return any(each in ("*", action, f"{action.split(':')[0]}:*") for each in as_list(statement["Action"]))


def lets_in(statement: Statement, service: str, action: str) -> bool:
    """True when a statement allows a service its work for this account, with no condition that could not hold."""
    principal = statement.get("Principal")
    services = as_list(principal.get("Service", [])) if isinstance(principal, dict) else []
    conditions = statement.get("Condition", {})
    accounts = conditions.get("StringEquals", {}).get("aws:SourceAccount", {"Ref": "AWS::AccountId"})
    known = {"StringEquals": {"aws:SourceAccount"}, "ArnLike": {"aws:SourceArn"}, "ArnEquals": {"aws:SourceArn"}}
    return (
        statement["Effect"] == "Allow"
        and service in services
        and covers(statement, action)
        and accounts == {"Ref": "AWS::AccountId"}
        and all(set(keys) <= known.get(operator, set()) for operator, keys in conditions.items())
    )


def shut_out(resources: dict[str, dict[str, Any]]) -> list[str]:
    """Lists the services that use a guarded resource and are not let in, a line each."""
    found = []
    for target in guarded(resources):
        for name, resource in resources.items():
            properties = resource.get("Properties", {})
            if name == target.name or not names(properties, target.name):
                continue
            through = THROUGH_A_SERVICE.get(resource["Type"])
            if through is None and resource["Type"] not in THROUGH_A_ROLE:
                found.append(f"{name} ({resource['Type']}) names {target.name}: say here how it uses it")
            for key, service, action in through or ():
                serves = action.startswith(SERVICE_OF.get(target.kind, "-"))
                if not serves or not names(properties.get(key), target.name):
                    continue
                # Without a policy the default lets services of the account publish to a topic, and to nothing else.
                if target.statements is None and target.kind == "AWS::SNS::Topic" and service.startswith("cloudwatch"):
                    continue
                if not any(lets_in(statement, service, action) for statement in target.statements or ()):
                    found.append(f"{name}: {service} may not {action} to {target.name}")
        found += [
            f"{target.name} denies more than weak transport: {json.dumps(statement)}"
            for statement in target.statements or ()
            if statement["Effect"] == "Deny" and statement.get("Condition") not in WEAK_TRANSPORT
        ]
        if target.kind == "AWS::KMS::Key" and not any(
            statement["Effect"] == "Allow" and "root" in json.dumps(statement["Principal"])
            for statement in target.statements or ()
        ):
            found.append(f"{target.name}: a key whose policy leaves the account out is nobody's")
    return found


def test_whoever_uses_a_resource_is_let_in(synthesized: Synthesized) -> None:
    assert shut_out(resources_of(synthesized)) == []


def test_the_guard_looks_at_every_topic_queue_and_secret(synthesized: Synthesized) -> None:
    resources = resources_of(synthesized)
    kinds = [each.kind for each in guarded(resources)]
    assert kinds.count("AWS::SNS::Topic") == 1
    assert kinds.count("AWS::SQS::Queue") == 5
    assert kinds.count("AWS::SecretsManager::Secret") == 3
    (topic,) = (each for each in guarded(resources) if each.kind == "AWS::SNS::Topic")
    assert topic.statements is not None


def test_only_this_stages_alarms_may_publish(prod: Synthesized) -> None:
    (policy,) = prod.properties("Service", "AWS::SNS::TopicPolicy").values()
    (allowed,) = (each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Allow")
    assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allowed["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert allowed["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Join"][1][-1] == ":alarm:ReplyPipeline-prod-Service-*"


# --- The guard itself: each line of this table is a way to shut somebody out ----------------------------------------


def without_the_allow(resources: dict[str, dict[str, Any]]) -> None:
    for resource in resources.values():
        if resource["Type"] == "AWS::SNS::TopicPolicy":
            document = resource["Properties"]["PolicyDocument"]
            document["Statement"] = [each for each in document["Statement"] if each["Effect"] == "Deny"]


def of_another_account(resources: dict[str, dict[str, Any]]) -> None:
    for resource in resources.values():
        if resource["Type"] == "AWS::SNS::TopicPolicy":
            for each in resource["Properties"]["PolicyDocument"]["Statement"]:
                each.get("Condition", {}).get("StringEquals", {}).update({"aws:SourceAccount": "111122223333"})


def a_queue_that_denies_sending(resources: dict[str, dict[str, Any]]) -> None:
    policy = next(each for each in resources.values() if each["Type"] == "AWS::SQS::QueuePolicy")
    policy["Properties"]["PolicyDocument"]["Statement"].append(
        {"Effect": "Deny", "Principal": "*", "Action": "sqs:SendMessage", "Condition": {"StringNotEquals": {"a": "b"}}}
    )


def a_new_topic_for_a_rule(resources: dict[str, dict[str, Any]]) -> None:
    resources["NewTopic"] = {"Type": "AWS::SNS::Topic", "Properties": {}}
    resources["Rule"] = {"Type": "AWS::Events::Rule", "Properties": {"Targets": [{"Arn": {"Ref": "NewTopic"}}]}}


def a_new_queue_behind_a_topic(resources: dict[str, dict[str, Any]]) -> None:
    resources["NewQueue"] = {"Type": "AWS::SQS::Queue", "Properties": {}}
    resources["Subscription"] = {
        "Type": "AWS::SNS::Subscription",
        "Properties": {"Endpoint": {"Fn::GetAtt": ["NewQueue", "Arn"]}},
    }


def a_key_without_the_account(resources: dict[str, dict[str, Any]]) -> None:
    service = {"Effect": "Allow", "Principal": {"Service": "sqs.amazonaws.com"}, "Action": "kms:*"}
    resources["Key"] = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Statement": [service]}}}


def something_unknown(resources: dict[str, dict[str, Any]]) -> None:
    queue = next(name for name, each in resources.items() if each["Type"] == "AWS::SQS::Queue")
    resources["Pipe"] = {"Type": "AWS::Pipes::Pipe", "Properties": {"Source": {"Fn::GetAtt": [queue, "Arn"]}}}


@pytest.mark.parametrize(
    ("break_it", "words"),
    [
        (without_the_allow, "cloudwatch.amazonaws.com may not sns:Publish"),
        (of_another_account, "cloudwatch.amazonaws.com may not sns:Publish"),
        (a_queue_that_denies_sending, "denies more than weak transport"),
        (a_new_topic_for_a_rule, "Rule: events.amazonaws.com may not sns:Publish to NewTopic"),
        (a_new_queue_behind_a_topic, "Subscription: sns.amazonaws.com may not sqs:SendMessage to NewQueue"),
        (a_key_without_the_account, "leaves the account out"),
        (something_unknown, "Pipe (AWS::Pipes::Pipe) names"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_the_guard_sees(prod: Synthesized, break_it: Any, words: str) -> None:
    resources = copy.deepcopy(resources_of(prod))
    break_it(resources)
    assert any(words in line for line in shut_out(resources))
