"""One frozen configuration per stage, and what the command line may add to it.

Stages differ in code, not in scattered context values: everything that a person may set for one deployment with
``-c name=value`` is listed in ``CONTEXT_VALUES`` and checked here, before anything is synthesized.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from infra.errors import DeploymentError

CONTEXT_VALUES = {
    "stage": "dev or prod",
    "alarmEmail": "an address that gets every alarm",
    "domainName": "the API's own host name; needs certificateArn",
    "certificateArn": "an ACM certificate for domainName, in the stage's region",
    "databaseSecretArn": "an existing database: the secret of the application's user; no VPC and no Aurora are made",
    "migrateSecretArn": "an existing database: the secret of the user that owns the schema",
    "bundle": "false leaves the functions' code out: templates only",
}

# The six random characters at the end are part of a secret's ARN: without them grants match nothing.
_SECRET_ARN = re.compile(r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}")
_CERTIFICATE_ARN = re.compile(r"arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/[0-9a-f-]+")
_HOST_NAME = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Aurora:
    """An Aurora PostgreSQL Serverless v2 cluster in a VPC of its own."""

    min_acu: float  # never 0: maintenance connects every minute, and a pause takes 15 s to end
    max_acu: float
    readers: int  # a reader in another zone is what a failover of seconds needs
    backup_retention_days: int
    nat_gateways: int  # the functions' way to SQS, OpenAI and Instantly; one per zone where an outage of a zone matters


@dataclass(frozen=True)
class ExistingDatabase:
    """A database that somebody else runs, reached over TLS and without a VPC."""

    app_secret_arn: str
    migrate_secret_arn: str


@dataclass(frozen=True)
class Throttle:
    """API Gateway's token bucket for a route: requests per second, and how many may come at once."""

    rate: int
    burst: int


@dataclass(frozen=True)
class StageConfig:
    name: str
    database: Aurora | ExistingDatabase
    webhook_throttle: Throttle
    # Takes capacity from the account's pool for the webhook and bounds its connections; None where it must not fail
    # for an account with a small concurrency quota.
    webhook_reserved_concurrency: int | None
    gradual_rollout: bool  # shift the webhook's traffic over ten minutes, instead of at once
    retain_data: bool  # keep databases, queues and logs when a stack goes; protect stacks and the cluster from deletion
    log_retention_days: int
    log_level: str
    alarm_email: str | None = None
    domain_name: str | None = None
    certificate_arn: str | None = None


HEALTH_THROTTLE = Throttle(rate=5, burst=10)

STAGES: Mapping[str, StageConfig] = {
    stage.name: stage
    for stage in (
        StageConfig(
            name="dev",
            database=Aurora(min_acu=0.5, max_acu=2, readers=0, backup_retention_days=1, nat_gateways=1),
            webhook_throttle=Throttle(rate=20, burst=40),
            webhook_reserved_concurrency=None,
            gradual_rollout=False,
            retain_data=False,
            log_retention_days=14,
            log_level="DEBUG",
        ),
        StageConfig(
            name="prod",
            database=Aurora(min_acu=1, max_acu=16, readers=1, backup_retention_days=35, nat_gateways=2),
            webhook_throttle=Throttle(rate=200, burst=400),
            webhook_reserved_concurrency=100,
            gradual_rollout=True,
            retain_data=True,
            log_retention_days=90,
            log_level="INFO",
        ),
    )
}


def stage_config(context: Mapping[str, object]) -> StageConfig:
    """The configuration of one deployment, from the values given with ``-c``.

    ``context`` holds every context value of the CDK app, its own feature flags included; those are left alone. Raises
    DeploymentError for a missing or unknown stage, an unknown value (a misspelt one would silently deploy something
    else), an ARN of the wrong shape, or values that only make sense together.
    """
    unknown = sorted(name for name in context if not _is_the_cdks_own(name) and name not in CONTEXT_VALUES)
    if unknown:
        raise DeploymentError(
            f"unknown context value {', '.join(unknown)}: -c takes {', '.join(CONTEXT_VALUES)} (docs/deploy.md)."
        )
    values = {name: str(context[name]) for name in CONTEXT_VALUES if context.get(name) not in (None, "")}
    stage = STAGES.get(values.get("stage", ""))
    if stage is None:
        given = f"{values['stage']!r} is no stage" if "stage" in values else "no stage is given"
        raise DeploymentError(f"{given}: pass -c stage={' or -c stage='.join(STAGES)}.")
    _check(values, "bundle", re.compile("true|false"), "true or false")
    _check(values, "alarmEmail", _EMAIL, "an e-mail address")
    _check(values, "domainName", _HOST_NAME, "a host name such as hooks.example.com")
    _check(values, "certificateArn", _CERTIFICATE_ARN, "the ARN of an ACM certificate")
    _check(values, "databaseSecretArn", _SECRET_ARN, "the complete ARN of a secret, its six random characters included")
    _check(values, "migrateSecretArn", _SECRET_ARN, "the complete ARN of a secret, its six random characters included")
    for one, other in (("domainName", "certificateArn"), ("databaseSecretArn", "migrateSecretArn")):
        if (one in values) != (other in values):
            given, missing = (one, other) if one in values else (other, one)
            raise DeploymentError(f"{given} is given without {missing}: pass both or neither.")
    if "databaseSecretArn" in values and values["databaseSecretArn"] == values["migrateSecretArn"]:
        raise DeploymentError(
            "databaseSecretArn and migrateSecretArn are the same secret: the application must not own the schema,"
            " so give each its own user (docs/deploy.md)."
        )
    return replace(
        stage,
        database=ExistingDatabase(values["databaseSecretArn"], values["migrateSecretArn"])
        if "databaseSecretArn" in values
        else stage.database,
        alarm_email=values.get("alarmEmail"),
        domain_name=values.get("domainName"),
        certificate_arn=values.get("certificateArn"),
    )


def _is_the_cdks_own(name: str) -> bool:
    """Feature flags (``@aws-cdk/…``), the CLI's values (``aws:cdk:…``) and cached look-ups (``provider:key=…``)."""
    return name.startswith("@") or ":" in name


def _check(values: Mapping[str, str], name: str, shape: re.Pattern[str], expected: str) -> None:
    if name in values and not shape.fullmatch(values[name]):
        raise DeploymentError(f"{name}={values[name]!r} is not {expected}.")
