"""CodeDeploy's hook before traffic shifts: has the new version of the webhook check itself.

Runs on the runtime's own boto3 and is deployed as this one file, so it imports nothing of ours.
"""

import json
import os
import time

import boto3

ATTEMPTS = 3  # a moment's hiccup of Postgres or SQS is no fault of a release
PAUSE_S = 5.0
HEALTH = {
    "version": "2.0",
    "routeKey": "GET /health",
    "rawPath": "/health",
    "rawQueryString": "",
    "headers": {"user-agent": "release smoke check"},
    "requestContext": {"http": {"method": "GET", "path": "/health", "sourceIp": "127.0.0.1"}},
    "isBase64Encoded": False,
}


def handler(event, context):  # type: ignore[no-untyped-def]  # noqa: ARG001
    """Reports Succeeded to CodeDeploy when the version passes its own check within a few attempts, else Failed."""
    codedeploy = boto3.client("codedeploy")
    passed = False
    try:
        version = new_version(codedeploy, event["DeploymentId"])  # type: ignore[no-untyped-call]
        for attempt in range(ATTEMPTS):
            passed = passes(version)  # type: ignore[no-untyped-call]
            if passed:
                break
            if attempt + 1 < ATTEMPTS:
                time.sleep(PAUSE_S)
    except Exception as error:
        # CodeDeploy waits an hour for a report that does not come.
        print(json.dumps({"passed": False, "error": repr(error)[:500]}))  # noqa: T201
    codedeploy.put_lifecycle_event_hook_execution_status(
        deploymentId=event["DeploymentId"],
        lifecycleEventHookExecutionId=event["LifecycleEventHookExecutionId"],
        status="Succeeded" if passed else "Failed",
    )


def new_version(codedeploy, deployment_id):  # type: ignore[no-untyped-def]
    """Returns the version that this deployment shifts traffic to, as a name that can be invoked.

    CodeDeploy knows it. Our own variable names it as well, but is only right once CloudFormation has updated it.
    """
    try:
        (target,) = codedeploy.list_deployment_targets(deploymentId=deployment_id)["targetIds"]
        found = codedeploy.get_deployment_target(deploymentId=deployment_id, targetId=target)
        function = found["deploymentTarget"]["lambdaTarget"]["lambdaFunctionInfo"]
        return f"{function['functionName']}:{function['targetVersion']}"
    except Exception as error:
        print(json.dumps({"target_unknown": repr(error)[:500]}))  # noqa: T201
        return os.environ["FUNCTION_VERSION_ARN"]


def passes(version):  # type: ignore[no-untyped-def]
    """True when the version responds 200 to its own check; for a hotfix, when it runs at all."""
    deep = os.environ.get("DEEP") != "false"
    request = {"releaseCheck": {"schemaRevision": os.environ.get("SCHEMA_REVISION", "")}} if deep else HEALTH
    answer = boto3.client("lambda").invoke(FunctionName=version, Payload=json.dumps(request).encode())
    body = answer["Payload"].read().decode()
    passed = "FunctionError" not in answer and json.loads(body).get("statusCode") == 200
    print(json.dumps({"version": version, "passed": passed, "answer": body[:1000]}))  # noqa: T201
    return passed
