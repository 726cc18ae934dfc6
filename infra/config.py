"""One frozen configuration per stage, with the values of its file (``infra/stage_values.py``).

Stages differ in code and in their committed file, not in what somebody typed: the command line (``-c name=value``) only
says how to deploy this once. Everything is checked here, before anything is synthesized.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from infra.errors import DeploymentError
from infra.stage_values import checked_values, read_stage_values

CONTEXT_VALUES = {
    "stage": "dev or prod",
    "bundle": "false leaves the functions' code out: templates only",
    "hotfix": "true releases at once, with no alarm and no deep check in the way; for this one deployment",
    "creating": "true leaves protection against deletion off, so that a first deployment that fails can start again",
}


@dataclass(frozen=True)
class Aurora:
    """An Aurora PostgreSQL Serverless v2 cluster in a VPC of its own."""

    min_acu: float  # never 0: maintenance connects every minute, and a pause takes 15 s to end
    max_acu: float
    readers: int  # a reader in another zone is what a failover of seconds needs
    backup_retention_days: int
    nat_gateways: int  # the functions' way to SQS, OpenAI and providers; one per zone where an outage of a zone matters


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
    # Takes capacity from the account's pool for each webhook and bounds its connections; None where it must not fail
    # for an account with a small concurrency quota.
    webhook_reserved_concurrency: int | None
    gradual_rollout: bool  # shift a webhook's traffic over ten minutes, instead of at once
    retain_data: bool  # keep databases, queues and logs when a stack goes; protect stacks and the cluster from deletion
    log_retention_days: int
    log_level: str
    values: Mapping[str, str] = field(default_factory=dict)  # of the stage's file
    hotfix: bool = False
    creating: bool = False

    @property
    def protected(self) -> bool:
        """True when stacks and the cluster refuse to be deleted."""
        return self.retain_data and not self.creating

    @property
    def alarm_email(self) -> str | None:
        return self.values.get("alarmEmail")

    @property
    def domain_name(self) -> str | None:
        return self.values.get("domainName")

    @property
    def certificate_arn(self) -> str | None:
        return self.values.get("certificateArn")

    @property
    def closes_execute_api(self) -> bool:
        return "closeExecuteApi" in self.values

    @property
    def leaves_domain(self) -> bool:
        return "leaveDomain" in self.values


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
            log_level="INFO",
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


def stage_config(context: Mapping[str, object], values: Mapping[str, str] | None = None) -> StageConfig:
    """Returns the configuration of one deployment; ``values`` are those of the stage's file, read here when omitted.

    ``context`` holds every context value of the CDK app, its own feature flags included; those are left alone. Raises
    DeploymentError for a missing or unknown stage, an unknown context value, and whatever is wrong in the file.
    """
    unknown = sorted(name for name in context if not _is_the_cdks_own(name) and name not in CONTEXT_VALUES)
    if unknown:
        raise DeploymentError(
            f"unknown context value {', '.join(unknown)}: -c takes {', '.join(CONTEXT_VALUES)}; what belongs to a stage"
            " is in infra/stages/ (docs/deploy.md)."
        )
    given = {name: str(context[name]) for name in CONTEXT_VALUES if context.get(name) not in (None, "")}
    stage = STAGES.get(given.get("stage", ""))
    if stage is None:
        said = f"{given['stage']!r} is no stage" if "stage" in given else "no stage is given"
        raise DeploymentError(f"{said}: pass -c stage={' or -c stage='.join(STAGES)}.")
    for name in ("bundle", "hotfix", "creating"):
        if given.get(name, "true") not in ("true", "false"):
            raise DeploymentError(f"{name}={given[name]!r} is not true or false.")
    values = read_stage_values(stage.name) if values is None else checked_values(values, f"{stage.name}.toml")
    return replace(
        stage,
        database=ExistingDatabase(values["databaseSecretArn"], values["migrateSecretArn"])
        if "databaseSecretArn" in values
        else stage.database,
        values=values,
        hotfix=given.get("hotfix") == "true",
        creating=given.get("creating") == "true",
    )


def _is_the_cdks_own(name: str) -> bool:
    """True for feature flags (``@aws-cdk/…``), the CLI's ``aws:cdk:…`` and cached look-ups (``provider:key=…``)."""
    return name.startswith("@") or ":" in name
