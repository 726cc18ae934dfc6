"""The conditions in the account for a deployment, checked in seconds; each failure is one sentence.

    python -m infra.preflight prod [--change NAME …] [--read-secrets]

Reads, and changes nothing. A stage that is not there yet is checked for its first step, the data stack.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from infra.config import ExistingDatabase, StageConfig, stage_config
from infra.deployed import DeployedStack, deployed_stack
from infra.errors import DeploymentError
from infra.stage_values import STAGE_VALUES, refused_changes, stage_file
from infra.topology import OPERATIONS, TOPOLOGY
from shared.db.engine import RDS_CERTIFICATES, sqlalchemy_url

if TYPE_CHECKING:
    import boto3

BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
BOOTSTRAP_VERSION = 6  # what the templates ask for
LAMBDA_POOL = 100  # Lambda lets nobody reserve the last of an account's concurrency


def problems(
    session: boto3.Session, config: StageConfig, *, meant: Collection[str] = (), read_secrets: bool = False
) -> Iterator[str]:
    """Returns every reason for the deployment to fail, not work or remove something, each with the remedy.

    ``meant`` names the values whose change is on purpose. ``read_secrets`` also looks into the secrets of an existing
    database, which asks for the right to read them. Raises DeploymentError when the stacks cannot be read.
    """
    data, service = stacks_of(session, config)
    region = session.region_name
    yield from _bootstrap(session, region)
    if isinstance(config.database, ExistingDatabase):
        for arn in (config.database.app_secret_arn, config.database.migrate_secret_arn):
            yield from _database_secret(session, arn, read=read_secrets)
    elif f"Amazon RDS {region} " not in RDS_CERTIFICATES.read_text(encoding="utf-8"):
        yield (
            f"The certificates of RDS in {region} are not among ours: replace {RDS_CERTIFICATES.name} as"
            f" {RDS_CERTIFICATES.parent.name}/README.md says."
        )
    yield from _concurrency(session, config, service)
    if config.retain_data and config.alarm_email is None:
        yield f"Alarms would reach nobody: put alarmEmail into {stage_file(config.name).name}."
    for stack in (data, service):
        yield from refused_changes(stack.values, config.values, meant)
    if data.exists:
        yield from _openai_key(session, data)


def stacks_of(session: boto3.Session, config: StageConfig) -> tuple[DeployedStack, DeployedStack]:
    """Returns the stage's data stack and service stack. Raises DeploymentError."""
    cloudformation = session.client("cloudformation")
    data, service = (
        deployed_stack(cloudformation, f"ReplyPipeline-{config.name}-{part}") for part in ("Data", "Service")
    )
    return data, service


def _bootstrap(session: boto3.Session, region: str) -> Iterator[str]:
    value = _attempt(lambda: session.client("ssm").get_parameter(Name=BOOTSTRAP_PARAMETER)["Parameter"]["Value"])
    if value is None:
        yield f"{region} is not bootstrapped for the CDK: run npx cdk bootstrap as docs/deploy.md says."
    elif int(value) < BOOTSTRAP_VERSION:
        yield f"The CDK's bootstrap stack in {region} is at version {value}: run npx cdk bootstrap again."


def _database_secret(session: boto3.Session, arn: str, *, read: bool) -> Iterator[str]:
    name = arn.rpartition(":")[2]
    if not _has_value(session, arn):
        yield f"The secret {name} is not there or has no value: {arn}."
        return
    if not read:
        return
    value = _attempt(lambda: session.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"])
    if value is None:
        yield f"The secret {name} has no value that these credentials can read: {arn}."
        return
    try:
        url = sqlalchemy_url(value)
    except Exception:  # whatever it says may quote the value
        yield f"The secret {name} is neither a postgresql:// URL nor JSON of username, password, host and dbname."
        return
    if not (url.username and url.host and url.database):
        yield f"The secret {name} lacks the user, the host or the database."
    if url.query.get("sslmode") in ("disable", "allow", "prefer"):
        yield f"The secret {name} allows a connection without TLS: say sslmode=verify-full."


def concurrency_needed(config: StageConfig) -> int:
    """Returns how many functions run at once when all are busy, without the webhook's own reservation."""
    consumers = sum(source.maximum_concurrency for source in TOPOLOGY.event_sources)
    webhook = config.webhook_throttle.burst if config.webhook_reserved_concurrency is None else 0
    return consumers + len(TOPOLOGY.schedules) + OPERATIONS.concurrency + webhook


def _concurrency(session: boto3.Session, config: StageConfig, service: DeployedStack) -> Iterator[str]:
    settings = _attempt(lambda: session.client("lambda").get_account_settings())
    if settings is None:
        yield "The account's Lambda quota cannot be read with these credentials."
        return
    free = settings["AccountLimit"]["UnreservedConcurrentExecutions"]
    reserved = config.webhook_reserved_concurrency or 0
    to_reserve = 0 if service.exists else reserved  # what is deployed has been taken from what is free
    needed = max(concurrency_needed(config), LAMBDA_POOL if reserved else 0) + to_reserve
    if free < needed:
        yield (
            f"The account has {free} concurrent executions of Lambda left, and this stage needs {needed}"
            + (f" ({to_reserve} of them reserved for the webhook)" if to_reserve else "")
            + ": ask for more in Service Quotas (Lambda, Concurrent executions); new accounts have 10."
        )


def _openai_key(session: boto3.Session, data: DeployedStack) -> Iterator[str]:
    arn = data.outputs.get("OpenAiApiKeySecret", "")
    if not arn or not _has_value(session, arn):
        yield (
            "The secret for the OpenAI key has no value yet: put one in as docs/deploy.md says (First deployment),"
            f" into {arn}."
        )


def _has_value(session: boto3.Session, arn: str) -> bool:
    """True when a secret has a current value, found without reading it: a check needs no right to read secrets."""
    found = _attempt(lambda: session.client("secretsmanager").describe_secret(SecretId=arn))
    stages = {} if found is None else found.get("VersionIdsToStages", {})
    return any("AWSCURRENT" in labels for labels in stages.values())


def _attempt[T](call: Callable[[], T]) -> T | None:
    """Returns the call's result; None when AWS refuses it or knows nothing of it."""
    from botocore.exceptions import ClientError

    try:
        return call()
    except ClientError:
        return None


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options that a deployment hands on to its preflight."""
    parser.add_argument("stage")
    parser.add_argument(
        "--change",
        action="append",
        default=[],
        choices=sorted(STAGE_VALUES),
        metavar="NAME",
        help="a value of the stage whose change or removal is meant",
    )


def ready_session() -> boto3.Session:
    """Returns a session with a region. Raises DeploymentError."""
    import boto3

    session = boto3.Session()
    if session.region_name is None:
        raise DeploymentError("No region is set: export AWS_REGION or choose a profile with one.")
    return session


def check(config: StageConfig, *, meant: Collection[str], read_secrets: bool = False) -> bool:
    """Prints the problems, or that there are none; True when the deployment may begin. Raises DeploymentError."""
    from botocore.exceptions import BotoCoreError, ClientError

    session = ready_session()
    try:
        identity: dict[str, Any] = dict(session.client("sts").get_caller_identity())
        found = list(problems(session, config, meant=meant, read_secrets=read_secrets))
        data, _ = stacks_of(session, config)
    except (BotoCoreError, ClientError) as error:
        raise DeploymentError(f"AWS cannot be asked with these credentials: {error}") from None
    for problem in found:
        sys.stderr.write(f"{problem}\n")
    if not found:
        step = "ready" if data.exists else "ready for the first deployment, beginning with the data stack"
        sys.stdout.write(f"{config.name}: account {identity['Account']}, {session.region_name}: {step}\n")
    return not found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.preflight", description=(__doc__ or "").splitlines()[0])
    add_options(parser)
    parser.add_argument("--read-secrets", action="store_true", help="look into the secrets of an existing database")
    options = parser.parse_args(arguments)
    try:
        config = stage_config({"stage": options.stage})
        return 0 if check(config, meant=options.change, read_secrets=options.read_secrets) else 1
    except DeploymentError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
