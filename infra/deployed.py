"""The deployed state of a stage, as far as its stacks show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from infra.errors import DeploymentError
from infra.stage_values import OUTPUT, from_output

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

# A stack whose creation failed holds nothing: the next deployment deletes it and begins anew.
_NEVER_CREATED = {
    "REVIEW_IN_PROGRESS",
    "CREATE_IN_PROGRESS",
    "CREATE_FAILED",
    "ROLLBACK_IN_PROGRESS",
    "ROLLBACK_FAILED",
    "ROLLBACK_COMPLETE",
    "DELETE_COMPLETE",
}


@dataclass(frozen=True)
class DeployedStack:
    name: str
    exists: bool
    outputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, str]:
        """The stage's values at its last deployment."""
        return from_output(self.outputs[OUTPUT]) if OUTPUT in self.outputs else {}

    def output(self, name: str) -> str:
        """Returns an output. Raises DeploymentError when the stack is not there or has no such output."""
        if not self.exists:
            raise DeploymentError(f"the stack {self.name} is not deployed in this account and region.")
        if name not in self.outputs:
            raise DeploymentError(f"the stack {self.name} has no output {name}: deploy it again.")
        return self.outputs[name]


def deployed_stack(cloudformation: CloudFormationClient, name: str) -> DeployedStack:
    """Returns the stack as it is now, also one that does not exist yet.

    Raises DeploymentError when these credentials may not ask: that a stack is missing must not be a guess.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError" and "does not exist" in str(error):
            return DeployedStack(name, exists=False)
        raise DeploymentError(f"the stack {name} cannot be read with these credentials: {error}.") from None
    except BotoCoreError as error:
        raise DeploymentError(
            f"the stack {name} cannot be read with these credentials and this region: {error}."
        ) from None
    if stack["StackStatus"] in _NEVER_CREATED:
        return DeployedStack(name, exists=False)
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
    return DeployedStack(name, exists=True, outputs=outputs)
