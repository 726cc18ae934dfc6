"""What has to be true in the account before a deployment, checked in seconds and said in one sentence each.

    python -m infra.preflight prod [--data] [-c name=value …]

Reads, and changes nothing. `--data` leaves out what only exists once the data stack does.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from infra.config import ExistingDatabase, StageConfig, stage_config
from infra.errors import DeploymentError
from shared.db.engine import RDS_CERTIFICATES, sqlalchemy_url

if TYPE_CHECKING:
    import boto3

BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
BOOTSTRAP_VERSION = 6  # what the templates ask for
LAMBDA_POOL = 100  # Lambda leaves no less than this unreserved


def problems(session: boto3.Session, config: StageConfig, *, data_only: bool) -> Iterator[str]:
    """Every reason why the deployment would fail or not work, as a sentence that says what to do."""
    region = session.region_name
    yield from _bootstrap(session, region)
    if isinstance(config.database, ExistingDatabase):
        for arn in (config.database.app_secret_arn, config.database.migrate_secret_arn):
            yield from _database_secret(session, arn)
    elif f"Amazon RDS {region} " not in RDS_CERTIFICATES.read_text(encoding="utf-8"):
        yield (
            f"The certificates of RDS in {region} are not among ours: replace {RDS_CERTIFICATES.name} as"
            f" {RDS_CERTIFICATES.parent.name}/README.md says."
        )
    if config.webhook_reserved_concurrency is not None:
        yield from _concurrency(session, config.webhook_reserved_concurrency)
    if not data_only:
        yield from _openai_key(session, config)


def _bootstrap(session: boto3.Session, region: str) -> Iterator[str]:
    value = _attempt(lambda: session.client("ssm").get_parameter(Name=BOOTSTRAP_PARAMETER)["Parameter"]["Value"])
    if value is None:
        yield f"{region} is not bootstrapped for the CDK: run npx cdk bootstrap as docs/deploy.md says."
    elif int(value) < BOOTSTRAP_VERSION:
        yield f"The CDK's bootstrap stack in {region} is at version {value}: run npx cdk bootstrap again."


def _database_secret(session: boto3.Session, arn: str) -> Iterator[str]:
    name = arn.rpartition(":")[2]
    value = _secret(session, arn)
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


def _concurrency(session: boto3.Session, reserved: int) -> Iterator[str]:
    settings = _attempt(lambda: session.client("lambda").get_account_settings())
    if settings is None:
        yield "The account's Lambda quota cannot be read with these credentials."
    elif settings["AccountLimit"]["ConcurrentExecutions"] < reserved + LAMBDA_POOL:
        yield (
            f"The account may run {settings['AccountLimit']['ConcurrentExecutions']} functions at once, and the webhook"
            f" reserves {reserved} beside the {LAMBDA_POOL} that Lambda keeps free: ask for more in Service Quotas, or"
            " lower webhook_reserved_concurrency in infra/config.py."
        )


def _openai_key(session: boto3.Session, config: StageConfig) -> Iterator[str]:
    stack = f"ReplyPipeline-{config.name}-Data"
    stacks = _attempt(lambda: session.client("cloudformation").describe_stacks(StackName=stack)["Stacks"])
    if not stacks:
        yield f"The stack {stack} is not there: deploy it first (docs/deploy.md)."
        return
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stacks[0].get("Outputs", [])}
    arn = outputs.get("OpenAiApiKeySecret", "")
    if not arn or _secret(session, arn) is None:
        yield f"The secret for the OpenAI key has no value yet: aws secretsmanager put-secret-value --secret-id {arn}."


def _secret(session: boto3.Session, arn: str) -> str | None:
    return _attempt(lambda: session.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"])


def _attempt[T](call: Callable[[], T]) -> T | None:
    """What the call returns; None when AWS refuses it or knows nothing of it."""
    from botocore.exceptions import ClientError

    try:
        return call()
    except ClientError:
        return None


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.preflight", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("stage")
    parser.add_argument("--data", action="store_true", help="before the data stack's first deployment")
    parser.add_argument("-c", "--context", action="append", default=[], metavar="NAME=VALUE", help="as for cdk deploy")
    options = parser.parse_args(arguments)
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        config = stage_config({"stage": options.stage, **dict(_pairs(options.context))})
        session = boto3.Session()
        if session.region_name is None:
            raise DeploymentError("No region is set: export AWS_REGION or choose a profile with one.")
        identity: dict[str, Any] = dict(session.client("sts").get_caller_identity())
        found = list(problems(session, config, data_only=options.data))
    except DeploymentError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except (BotoCoreError, ClientError) as error:
        sys.stderr.write(f"AWS cannot be asked with these credentials: {error}\n")
        return 1
    for problem in found:
        sys.stderr.write(f"{problem}\n")
    if not found:
        sys.stdout.write(f"{config.name}: account {identity['Account']}, {session.region_name}: ready\n")
    return 1 if found else 0


def _pairs(values: Sequence[str]) -> Iterator[tuple[str, str]]:
    for value in values:
        match = re.fullmatch(r"([A-Za-z]+)=(.+)", value)
        if match is None:
            raise DeploymentError(f"-c {value}: expected NAME=VALUE.")
        yield match[1], match[2]


if __name__ == "__main__":
    sys.exit(main())
