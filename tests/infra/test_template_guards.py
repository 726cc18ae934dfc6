"""The properties that would hurt most if they were wrong, asserted one by one on the synthesized templates."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from infra.config import STAGES
from infra.constructs.alarms import PARTS_OF_SCHEDULE
from infra.topology import TOPOLOGY
from infra.variants import VARIANTS, Variant
from shared.db.server_settings import SERVER_SETTINGS
from shared.observability import Metric
from tests.infra.conftest import Synthesized, synthesized_from
from tests.infra.test_topology_in_templates import FUNCTION, QUEUE, function_ids, queue_ids, reference

WEBHOOKS = {webhook.name for webhook in TOPOLOGY.webhooks}
SECRET_SHAPES = re.compile(r"sk-[A-Za-z0-9]{8,}|BEGIN [A-Z ]*PRIVATE KEY|://[^/@:]+:[^@]+@|\{\{resolve:secretsmanager")


def statements(stack: Synthesized, role: str) -> list[dict[str, Any]]:
    """Returns every statement of the policies attached to ``role``, its inline ones included."""
    found = []
    for policy in stack.properties("Service", "AWS::IAM::Policy").values():
        if {"Ref": role} in policy["Roles"]:
            found += policy["PolicyDocument"]["Statement"]
    for policy in stack.properties("Service", "AWS::IAM::Role")[role].get("Policies", []):
        found += policy["PolicyDocument"]["Statement"]
    return found


def actions_of(statement: dict[str, Any]) -> list[str]:
    actions = statement["Action"]
    return [actions] if isinstance(actions, str) else actions


def role_of(stack: Synthesized, name: str) -> str:
    logical_id = next(key for key, value in function_ids(stack).items() if value == name)
    return reference(stack.properties("Service", FUNCTION)[logical_id]["Role"])


# --- Queues --------------------------------------------------------------------------------------------------------


def test_a_message_stays_hidden_for_six_times_as_long_as_its_function_may_run(synthesized: Synthesized) -> None:
    mappings = synthesized.properties("Service", "AWS::Lambda::EventSourceMapping").values()
    assert len(mappings) == len(TOPOLOGY.event_sources)
    for mapping in mappings:
        queue = synthesized.properties("Service", QUEUE)[reference(mapping["EventSourceArn"])]
        function = synthesized.properties("Service", FUNCTION)[reference(mapping["FunctionName"])]
        assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]


def test_dead_letter_queues_are_fifo_keep_for_14_days_and_serve_one_source(synthesized: Synthesized) -> None:
    queues = synthesized.properties("Service", QUEUE)
    sources = {name: queue for name, queue in queues.items() if "RedrivePolicy" in queue}
    assert len(sources) == 2
    opened = json.dumps(list(synthesized.properties("Service", "Custom::AWS").values()))
    for name, source in sources.items():
        target = reference(source["RedrivePolicy"]["deadLetterTargetArn"])
        assert queues[target]["FifoQueue"] is True
        assert queues[target]["MessageRetentionPeriod"] == 14 * 86_400
        assert source["RedrivePolicy"]["maxReceiveCount"] == 10
        calls = [
            call
            for call in synthesized.properties("Service", "Custom::AWS").values()
            if {"Ref": target} in call["Create"]["Fn::Join"][1]
        ]
        assert len(calls) == 1
        assert {"Fn::GetAtt": [name, "Arn"]} in calls[0]["Create"]["Fn::Join"][1]
    assert "byQueue" in opened


def test_every_queue_refuses_plain_http_and_is_encrypted(synthesized: Synthesized) -> None:
    queues = synthesized.properties("Service", QUEUE)
    denied = {
        reference(queue)
        for policy in synthesized.properties("Service", "AWS::SQS::QueuePolicy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny" and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        for queue in policy["Queues"]
    }
    assert denied == set(queues)
    assert all(queue["SqsManagedSseEnabled"] is True for queue in queues.values())


def test_high_throughput_is_on_for_every_queue(synthesized: Synthesized) -> None:
    for queue in synthesized.properties("Service", QUEUE).values():
        assert (queue["DeduplicationScope"], queue["FifoThroughputLimit"]) == ("messageGroup", "perMessageGroupId")


def test_no_consumer_has_reserved_concurrency(synthesized: Synthesized) -> None:
    consumers = {source.function for source in TOPOLOGY.event_sources}
    for logical_id, name in function_ids(synthesized).items():
        if name in consumers:
            assert "ReservedConcurrentExecutions" not in synthesized.properties("Service", FUNCTION)[logical_id]


def test_a_long_backlog_is_not_taken_for_a_runaway_loop(synthesized: Synthesized) -> None:
    """Each completed job publishes the next of its client: a chain that Lambda would cut after some 16 links."""
    for logical_id in function_ids(synthesized):
        assert synthesized.properties("Service", FUNCTION)[logical_id]["RecursiveLoop"] == "Allow"


# --- Secrets and permissions ----------------------------------------------------------------------------------------


def test_no_environment_variable_holds_a_secret(synthesized: Synthesized) -> None:
    for properties in synthesized.properties("Service", FUNCTION).values():
        for name, value in properties.get("Environment", {}).get("Variables", {}).items():
            assert not SECRET_SHAPES.search(json.dumps(value)), name
            if name in ("OPENAI_API_KEY", "WEBHOOK_SIGNING_KEYS", "ADDRESS_HASH_KEY", "DATABASE_ADMIN_SECRET"):
                assert isinstance(value, dict), f"{name} must be a reference to a secret"
            if name in {provider.keys_variable for provider in TOPOLOGY.providers}:
                assert value.startswith("ssm:/")


def test_the_openai_secret_is_made_without_a_value(synthesized: Synthesized) -> None:
    secrets = synthesized.properties("Data", "AWS::SecretsManager::Secret")
    (openai,) = (secret for name, secret in secrets.items() if name.startswith("OpenAi"))
    assert not {"GenerateSecretString", "SecretString"} & set(openai)


def test_every_function_has_a_role_of_its_own(synthesized: Synthesized) -> None:
    roles = [role_of(synthesized, name) for name in function_ids(synthesized).values()]
    assert len(set(roles)) == len(roles)


def test_no_role_of_ours_may_do_everything_of_a_service(synthesized: Synthesized) -> None:
    for name in function_ids(synthesized).values():
        role = role_of(synthesized, name)
        assert "ManagedPolicyArns" not in synthesized.properties("Service", "AWS::IAM::Role")[role]
        for statement in statements(synthesized, role):
            actions = actions_of(statement)
            assert not [action for action in actions if action.endswith("*")], name
            if statement["Resource"] == "*":
                assert all(action.startswith("ec2:") for action in actions), name


@pytest.mark.parametrize(
    ("action", "functions"),
    [
        ("sqs:ReceiveMessage", {"post-process", "lead-scoring", "ingest-replay", "operations"}),
        ("sqs:StartMessageMoveTask", {"operations"}),
        ("sqs:ChangeMessageVisibility", {"post-process", "lead-scoring", "ingest-replay"}),
        ("ssm:GetParameter", {"post-process", "maintenance", "operations"}),
        ("secretsmanager:PutSecretValue", {"operations"}),
        ("s3:PutObject", WEBHOOKS),
        ("s3:GetObject", {"ingest-replay"}),
        ("s3:DeleteObject", {"ingest-replay"}),
        ("s3:ListBucket", {"ingest-replay"}),
    ],
)
def test_who_may(synthesized: Synthesized, action: str, functions: set[str]) -> None:
    able = {
        name
        for name in function_ids(synthesized).values()
        for statement in statements(synthesized, role_of(synthesized, name))
        if action in actions_of(statement)
    }
    assert able == functions


def test_only_the_webhook_may_send_what_is_believed_without_a_token(synthesized: Synthesized) -> None:
    ingest = next(key for key, name in queue_ids(synthesized).items() if name == "ingest.fifo")
    able = {
        name
        for name in function_ids(synthesized).values()
        for statement in statements(synthesized, role_of(synthesized, name))
        if "sqs:SendMessage" in actions_of(statement) and f'"{ingest}"' in json.dumps(statement["Resource"])
    }
    assert able == WEBHOOKS


def test_only_who_checks_or_makes_tokens_reads_the_signing_keys(synthesized: Synthesized) -> None:
    readers = {
        name
        for name in function_ids(synthesized).values()
        for statement in statements(synthesized, role_of(synthesized, name))
        if "WebhookSigningKeys" in json.dumps(statement["Resource"])
    }
    assert readers == {*WEBHOOKS, "operations"}


@pytest.mark.parametrize("variant", ["dev", "prod"])
def test_the_code_of_a_function_may_not_touch_network_interfaces(
    assemblies: dict[str, Synthesized], variant: str
) -> None:
    stack = assemblies[variant]
    for name in function_ids(stack).values():
        found = {
            statement["Effect"]: statement
            for statement in statements(stack, role_of(stack, name))
            if "ec2:CreateNetworkInterface" in actions_of(statement)
        }
        assert set(found) == {"Allow", "Deny"}, name
        assert set(actions_of(found["Allow"])) < set(actions_of(found["Deny"]))
        (key,) = found["Deny"]["Condition"]["ArnLike"]
        assert key == "lambda:SourceFunctionArn"


def test_the_signing_keys_are_the_one_secret_that_anybody_may_change(synthesized: Synthesized) -> None:
    (writing,) = (
        statement
        for name in function_ids(synthesized).values()
        for statement in statements(synthesized, role_of(synthesized, name))
        if "secretsmanager:PutSecretValue" in actions_of(statement)
    )
    assert "WebhookSigningKeys" in json.dumps(writing["Resource"])


# --- Buckets --------------------------------------------------------------------------------------------------------


def test_a_bucket_is_private_encrypted_over_tls_and_forgets_what_nobody_reads(synthesized: Synthesized) -> None:
    buckets = synthesized.properties("Service", "AWS::S3::Bucket")
    assert len(buckets) == len(TOPOLOGY.buckets) == 1
    ((logical_id, bucket),) = buckets.items()
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert "AccessControl" not in bucket
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    (expiry,) = bucket["LifecycleConfiguration"]["Rules"]
    assert (expiry["Status"], "Prefix" in expiry) == ("Enabled", False)
    # Longer than the message that names the object: the queue's retention, and a week.
    assert expiry["ExpirationInDays"] == TOPOLOGY.queue("ingest.fifo").retention_s / 86_400 + 7
    (policy,) = synthesized.properties("Service", "AWS::S3::BucketPolicy").values()
    assert reference(policy["Bucket"]) == logical_id
    denied = [each["Condition"] for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Deny"]
    assert {"Bool": {"aws:SecureTransport": "false"}} in denied
    assert not [each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"]


def test_only_migrations_read_the_administrators_password(prod: Synthesized) -> None:
    readers = {
        name
        for name in function_ids(prod).values()
        for statement in statements(prod, role_of(prod, name))
        if "MasterUserSecret" in json.dumps(statement["Resource"])
    }
    assert readers == {"migrate"}


def test_functions_and_migrations_are_different_database_users(prod: Synthesized) -> None:
    for logical_id, name in function_ids(prod).items():
        user = "migrate" if name == "migrate" else "app"
        variables = prod.properties("Service", FUNCTION)[logical_id]["Environment"]["Variables"]
        assert variables["DATABASE_URL"]["Fn::Join"][1][0] == f"postgresql://{user}@"
        assert variables["DATABASE_URL"]["Fn::Join"][1][-1] == "/replies?sslmode=verify-full"
        assert variables["DATABASE_IAM_AUTH"] == "true"
        connects = [
            json.dumps(statement["Resource"])
            for statement in statements(prod, role_of(prod, name))
            if "rds-db:connect" in actions_of(statement)
        ]
        assert [resource.endswith(f'/{user}"]]}}') for resource in connects] == [True], name


def test_an_existing_database_is_known_by_two_secrets(existing_database: Synthesized) -> None:
    kinds = {resource["Type"] for resource in existing_database.templates["Data"]["Resources"].values()}
    assert kinds == {"AWS::SecretsManager::Secret"}
    for logical_id, name in function_ids(existing_database).items():
        properties = existing_database.properties("Service", FUNCTION)[logical_id]
        assert "VpcConfig" not in properties
        secret = "migrate-GhIjKl" if name == "migrate" else "app-AbCdEf"
        assert properties["Environment"]["Variables"]["DATABASE_URL"].endswith(secret)


def test_a_secret_under_its_owners_key_can_be_read_and_nothing_else_under_that_key(
    existing_database: Synthesized,
) -> None:
    for name in function_ids(existing_database).values():
        found = statements(existing_database, role_of(existing_database, name))
        read = {
            arn
            for each in found
            if "secretsmanager:GetSecretValue" in actions_of(each)
            for arn in re.findall(r"arn:aws:[^\"]+", json.dumps(each["Resource"]))
        }
        decrypted = set()
        for statement in found:
            if "kms:Decrypt" in actions_of(statement):
                condition = statement["Condition"]["StringEquals"]
                assert condition["kms:ViaService"] == "secretsmanager.eu-west-1.amazonaws.com"
                decrypted.add(condition["kms:EncryptionContext:SecretARN"])
        assert decrypted == read != set(), name


# --- The database ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", ["dev", "prod"])
def test_the_database_is_private_encrypted_and_asks_for_tls(assemblies: dict[str, Synthesized], variant: str) -> None:
    stack = assemblies[variant]
    (cluster,) = stack.properties("Data", "AWS::RDS::DBCluster").values()
    assert cluster["StorageEncrypted"] is True
    assert cluster["EnableIAMDatabaseAuthentication"] is True
    assert cluster["ManageMasterUserPassword"] is True
    assert "MasterUserPassword" not in cluster
    (parameters,) = stack.properties("Data", "AWS::RDS::DBClusterParameterGroup").values()
    assert parameters["Parameters"]["rds.force_ssl"] == "1"
    instances = stack.properties("Data", "AWS::RDS::DBInstance").values()
    assert all(instance["PubliclyAccessible"] is False for instance in instances)
    (subnets,) = stack.properties("Data", "AWS::RDS::DBSubnetGroup").values()
    table = stack.properties("Data", "AWS::EC2::Subnet")
    for subnet in subnets["SubnetIds"]:
        assert table[reference(subnet)].get("MapPublicIpOnLaunch") is False
        routes = [
            route
            for route in stack.properties("Data", "AWS::EC2::Route").values()
            if reference(route["RouteTableId"]).startswith(reference(subnet)[: -len("Subnet12345678")])
        ]
        assert routes == []  # no way out, and none in


@pytest.mark.parametrize("variant", ["dev", "prod"])
def test_only_the_functions_reach_the_database(assemblies: dict[str, Synthesized], variant: str) -> None:
    stack = assemblies[variant]
    for group in stack.properties("Data", "AWS::EC2::SecurityGroup").values():
        assert "SecurityGroupIngress" not in group
    (ingress,) = stack.properties("Data", "AWS::EC2::SecurityGroupIngress").values()
    assert "CidrIp" not in ingress
    assert reference(ingress["SourceSecurityGroupId"]).startswith("DatabaseFunctions")


@pytest.mark.parametrize("variant", ["dev", "prod"])
def test_the_functions_reach_the_database_and_https_and_nothing_else(
    assemblies: dict[str, Synthesized], variant: str
) -> None:
    stack = assemblies[variant]
    groups = stack.properties("Data", "AWS::EC2::SecurityGroup")
    (functions,) = (name for name in groups if name.startswith("DatabaseFunctions"))
    (https,) = groups[functions]["SecurityGroupEgress"]
    assert (https["IpProtocol"], https["FromPort"], https["ToPort"]) == ("tcp", 443, 443)
    (database,) = stack.properties("Data", "AWS::EC2::SecurityGroupEgress").values()
    assert reference(database["GroupId"]) == functions
    assert database["FromPort"] == database["ToPort"]
    assert database["FromPort"]["Fn::GetAtt"][1] == "Endpoint.Port"


@pytest.mark.parametrize("variant", ["dev", "prod"])
def test_buckets_of_other_accounts_are_out_of_reach_by_the_endpoint(
    assemblies: dict[str, Synthesized], variant: str
) -> None:
    (endpoint,) = assemblies[variant].properties("Data", "AWS::EC2::VPCEndpoint").values()
    ours, packages = endpoint["PolicyDocument"]["Statement"]
    assert ours["Condition"] == {"StringEquals": {"aws:ResourceAccount": {"Ref": "AWS::AccountId"}}}
    assert packages["Action"] == "s3:GetObject"
    assert packages["Resource"]["Fn::Join"][1][-1] == "-de612dc2/*"  # Amazon Linux's, by its full name


@pytest.mark.parametrize("variant", ["dev", "prod"])
def test_the_clusters_settings_are_those_that_every_test_runs_with(
    assemblies: dict[str, Synthesized], variant: str
) -> None:
    (group,) = assemblies[variant].properties("Data", "AWS::RDS::DBClusterParameterGroup").values()
    assert group["Parameters"] == {"rds.force_ssl": "1", **SERVER_SETTINGS}
    for instance in assemblies[variant].properties("Data", "AWS::RDS::DBInstance").values():
        assert "DBParameterGroupName" not in instance  # an instance's group would win over the cluster's


def test_prod_keeps_its_data(prod: Synthesized) -> None:
    (cluster,) = prod.resources("Data", "AWS::RDS::DBCluster").values()
    assert cluster["Properties"]["DeletionProtection"] is True
    assert cluster["Properties"]["BackupRetentionPeriod"] == 35
    assert cluster["DeletionPolicy"] == cluster["UpdateReplacePolicy"] == "Snapshot"
    assert len(prod.resources("Data", "AWS::RDS::DBInstance")) == 2
    for kept in (*prod.resources("Service", QUEUE).values(), *prod.resources("Service", "AWS::S3::Bucket").values()):
        assert kept["DeletionPolicy"] == "RetainExceptOnCreate"
    manifest = json.loads((prod.directory / "manifest.json").read_text())
    stacks = [artifact for artifact in manifest["artifacts"].values() if artifact["type"] == "aws:cloudformation:stack"]
    assert [stack["properties"]["terminationProtection"] for stack in stacks] == [True, True]


# --- The front door and releases ------------------------------------------------------------------------------------


def test_each_route_has_a_limit_of_its_own(synthesized: Synthesized) -> None:
    (stage,) = synthesized.properties("Service", "AWS::ApiGatewayV2::Stage").values()
    throttle = STAGES["dev" if synthesized.variant == "dev" else "prod"].webhook_throttle
    settings = stage["RouteSettings"]
    assert set(settings) == {f"{route.method} {route.path}" for route in TOPOLOGY.routes}
    for path in (path for provider in TOPOLOGY.providers for path in provider.paths):
        assert settings[f"POST {path}"]["ThrottlingRateLimit"] == throttle.rate
        assert settings[f"POST {path}"]["ThrottlingBurstLimit"] == throttle.burst
    assert settings["GET /health"]["ThrottlingRateLimit"] <= 5


def test_access_logs_hold_no_header_no_query_and_no_body(synthesized: Synthesized) -> None:
    (stage,) = synthesized.properties("Service", "AWS::ApiGatewayV2::Stage").values()
    line = json.loads(stage["AccessLogSettings"]["Format"])
    assert {"requestId", "status", "responseLatencyMs"} <= set(line)
    assert not re.search(r"header|querystring|body|authorizer|userAgent", json.dumps(line), re.IGNORECASE)


def test_nothing_else_records_what_a_request_holds(synthesized: Synthesized) -> None:
    """A provider's token may be in the address, and its secret in the body: neither traces nor events are kept."""
    for kind in (FUNCTION, "AWS::ApiGatewayV2::Stage"):
        for properties in synthesized.properties("Service", kind).values():
            assert properties.get("TracingConfig", {}).get("Mode", "PassThrough") == "PassThrough"
            assert "POWERTOOLS_LOGGER_LOG_EVENT" not in properties.get("Environment", {}).get("Variables", {})
            assert "DataTraceEnabled" not in properties.get("DefaultRouteSettings", {})


def test_nothing_but_the_domain_is_left_open_once_that_is_said(prod: Synthesized, dev: Synthesized) -> None:
    (api,) = prod.properties("Service", "AWS::ApiGatewayV2::Api").values()
    assert api["DisableExecuteApiEndpoint"] is True
    assert len(prod.resources("Service", "AWS::ApiGatewayV2::DomainName")) == 1
    (api,) = dev.properties("Service", "AWS::ApiGatewayV2::Api").values()
    assert not api.get("DisableExecuteApiEndpoint")


def test_migrations_come_before_every_function_that_uses_the_schema(synthesized: Synthesized) -> None:
    (trigger,) = synthesized.resources("Service", "Custom::Trigger")
    ids = function_ids(synthesized)
    for logical_id, name in ids.items():
        depends_on = synthesized.resources("Service", FUNCTION)[logical_id].get("DependsOn", [])
        assert (trigger in depends_on) is (name != "migrate"), name
    for mapping in synthesized.resources("Service", "AWS::Lambda::EventSourceMapping").values():
        assert trigger in mapping["DependsOn"]
    properties = synthesized.properties("Service", "Custom::Trigger")[trigger]
    assert properties["InvocationType"] == "RequestResponse"
    assert int(properties["Timeout"]) > 1000 * TOPOLOGY.function("migrate").timeout_s


# --- Watching -------------------------------------------------------------------------------------------------------

MUST_ALARM_ON = {
    "dead-letter queue": ("ApproximateNumberOfMessagesVisible", 2),
    "queue age": ("ApproximateAgeOfOldestMessage", 3),
    "errors": ("Errors", 4 + len(WEBHOOKS)),
    "throttles": ("Throttles", 4 + len(WEBHOOKS)),
    "p99 near the time-out": ("Duration", 4 + 2 * len(WEBHOOKS)),  # and of each webhook's newest version
    "5xx": ("5xx", 1),
    "unpublished jobs": (Metric.UNPUBLISHED_JOBS, 1),
    "uncertain sends": (Metric.UNCERTAIN_SENDS, 1),
    "overdue commitments": (Metric.OVERDUE_COMMITMENTS, 1),
    "rejected tokens": (Metric.WEBHOOK_TOKEN_REJECTED, 1),
    "a disabled hook": (Metric.HOOK_DISABLED, 1),
    "model credentials": (Metric.MODEL_CREDENTIALS_REFUSED, 1),
    "provider credentials": (Metric.PROVIDER_CREDENTIALS_REFUSED, 1),
    "silence of maintenance": (Metric.MAINTENANCE_COMPLETED, sum(map(len, PARTS_OF_SCHEDULE.values()))),
    "failing parts of maintenance": (Metric.MAINTENANCE_PARTS_FAILED, 1),
}


@pytest.mark.parametrize("what", MUST_ALARM_ON)
def test_there_is_an_alarm_on(synthesized: Synthesized, what: str) -> None:
    metric, count = MUST_ALARM_ON[what]
    alarms = synthesized.properties("Service", "AWS::CloudWatch::Alarm").values()
    assert len([alarm for alarm in alarms if alarm.get("MetricName") == metric]) == count


def test_the_databases_load_raises_an_alarm(prod: Synthesized) -> None:
    text = json.dumps(list(prod.properties("Service", "AWS::CloudWatch::Alarm").values()))
    assert all(metric in text for metric in ("DBLoad", "ACUUtilization", "DatabaseConnections"))


def test_every_alarm_reaches_the_topic_and_names_its_runbook(synthesized: Synthesized) -> None:
    (topic,) = synthesized.resources("Service", "AWS::SNS::Topic")
    alarms = synthesized.properties("Service", "AWS::CloudWatch::Alarm")
    assert len(alarms) >= 35
    for name, alarm in alarms.items():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": topic}], name
        assert re.search(r"Runbook: docs/operations\.md#[a-z-]+$", alarm["AlarmDescription"]), name


def test_functions_emit_under_their_stages_name(synthesized: Synthesized) -> None:
    stage = "dev" if synthesized.variant == "dev" else "prod"
    functions = synthesized.properties("Service", FUNCTION)
    for logical_id in function_ids(synthesized):
        assert functions[logical_id]["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"] == f"reply-pipeline-{stage}"


def test_the_dashboard_answers_its_questions(synthesized: Synthesized) -> None:
    (dashboard,) = synthesized.properties("Service", "AWS::CloudWatch::Dashboard").values()
    body = json.dumps(dashboard)
    shown = (
        Metric.WEBHOOK_ANSWER,
        Metric.JOB_RESULT,
        Metric.MODEL_CALL,
        Metric.MODEL_COST_USD,
        Metric.SEND_RESULT,
        Metric.DRAFTS_AWAITING_REVIEW,
        Metric.ELIGIBLE_WITHOUT_DRAFT,
        Metric.UNPUBLISHED_JOBS,
    )
    assert [metric for metric in shown if metric.value not in body] == []


def test_every_log_group_forgets(synthesized: Synthesized) -> None:
    for stack in ("Data", "Service"):
        for name, group in synthesized.properties(stack, "AWS::Logs::LogGroup").items():
            assert group["RetentionInDays"] <= 90, name
    named = {
        reference(properties["LoggingConfig"]["LogGroup"])
        for logical_id, properties in synthesized.properties("Service", FUNCTION).items()
        if logical_id in function_ids(synthesized)
    }
    assert len(named) == len(function_ids(synthesized))


PHYSICAL_NAMES = {
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::IAM::Role": "RoleName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::RDS::DBCluster": "DBClusterIdentifier",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SecretsManager::Secret": "Name",
}


def test_nothing_has_a_physical_name(synthesized: Synthesized) -> None:
    """A name stands in the way of replacing the resource, and of a second copy of the stack."""
    for stack in ("Data", "Service"):
        for kind, name in PHYSICAL_NAMES.items():
            named = [key for key, properties in synthesized.properties(stack, kind).items() if name in properties]
            assert named == [], f"{kind} in {stack}"


def test_queue_ids_cover_every_queue(synthesized: Synthesized) -> None:
    assert sorted(queue_ids(synthesized).values()) == sorted(queue.name for queue in TOPOLOGY.queues)


# --- A host name of one's own ----------------------------------------------------------------------------------------

DOMAIN = {name: VARIANTS["prod"].values[name] for name in ("domainName", "certificateArn")}


@pytest.mark.parametrize(
    ("values", "open_beside_it", "registers_at_the_domain"),
    [
        (DOMAIN, True, True),
        ({**DOMAIN, "leaveDomain": "true"}, True, False),
        ({**DOMAIN, "closeExecuteApi": "true"}, False, True),
    ],
    ids=["opening", "leaving", "closed"],
)
def test_a_change_of_the_host_name_has_a_time_in_which_both_answer(
    assemblies: dict[str, Synthesized],
    tmp_path: Path,
    values: dict[str, str],
    open_beside_it: bool,
    registers_at_the_domain: bool,
) -> None:
    del assemblies  # only to be skipped where there is no Node.js
    stack = synthesized_from("domain", Variant({"stage": "dev"}, values), tmp_path)
    (api,) = stack.properties("Service", "AWS::ApiGatewayV2::Api").values()
    assert bool(api.get("DisableExecuteApiEndpoint")) is not open_beside_it
    assert len(stack.resources("Service", "AWS::ApiGatewayV2::ApiMapping")) == 1
    outputs = stack.templates["Service"]["Outputs"]
    (domain,) = stack.resources("Service", "AWS::ApiGatewayV2::DomainName")
    assert outputs["RegionalDomainName"]["Value"] == {"Fn::GetAtt": [domain, "RegionalDomainName"]}
    (operations,) = (
        properties
        for logical_id, properties in stack.properties("Service", FUNCTION).items()
        if function_ids(stack).get(logical_id) == "operations"
    )
    url = operations["Environment"]["Variables"]["API_URL"]
    assert (url == "https://hooks.example.com") is registers_at_the_domain
    assert outputs["ApiUrl"]["Value"] == url
