"""CodeDeploy's hook before traffic shifts: one health request to the new version of the webhook.

Runs on the runtime's own boto3 and is deployed as this one file, so it imports nothing of ours.
"""

import json
import os

import boto3

REQUEST = {
    "version": "2.0",
    "routeKey": "GET /health",
    "rawPath": "/health",
    "rawQueryString": "",
    "headers": {"user-agent": "release smoke check"},
    "requestContext": {"http": {"method": "GET", "path": "/health", "sourceIp": "127.0.0.1"}},
    "isBase64Encoded": False,
}


def handler(event, context):  # type: ignore[no-untyped-def]  # noqa: ARG001
    """Tells CodeDeploy Succeeded when the version answers 200, Failed otherwise."""
    answer = boto3.client("lambda").invoke(
        FunctionName=os.environ["FUNCTION_VERSION_ARN"], Payload=json.dumps(REQUEST).encode()
    )
    body = answer["Payload"].read().decode()
    healthy = "FunctionError" not in answer and json.loads(body).get("statusCode") == 200
    print(json.dumps({"healthy": healthy, "answer": body[:500]}))  # noqa: T201
    boto3.client("codedeploy").put_lifecycle_event_hook_execution_status(
        deploymentId=event["DeploymentId"],
        lifecycleEventHookExecutionId=event["LifecycleEventHookExecutionId"],
        status="Succeeded" if healthy else "Failed",
    )
