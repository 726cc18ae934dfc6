"""A database that somebody else runs, known by two secrets; the functions then need no VPC."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.config import ExistingDatabase
from infra.constructs.acknowledgements import acknowledge
from infra.constructs.database import DatabaseLogin, Placement


class ReferencedDatabase(Construct):
    """Both logins by reference: each secret holds a URL, or the JSON that RDS writes."""

    def __init__(self, scope: Construct, id: str, *, config: ExistingDatabase) -> None:
        super().__init__(scope, id)
        self.placement: Placement | None = None
        self._app_secret = self._secret("AppSecret", config.app_secret_arn)
        self._migrate_secret = self._secret("MigrateSecret", config.migrate_secret_arn)
        self.app = DatabaseLogin(
            variables={"DATABASE_URL": config.app_secret_arn, "DATABASE_IAM_AUTH": "false"},
            grant=self._grant_app,
        )
        self.migrate = DatabaseLogin(
            variables={
                "DATABASE_URL": config.migrate_secret_arn,
                "DATABASE_IAM_AUTH": "false",
                "DATABASE_APP_USER": config.app_secret_arn,  # whom to grant: the user that the secret names
            },
            grant=self._grant_migrate,
        )

    def load_metrics(self) -> Mapping[str, cloudwatch.IMetric]:
        return {}

    def _secret(self, id: str, arn: str) -> secretsmanager.ISecret:
        return secretsmanager.Secret.from_secret_complete_arn(self, id, arn)

    def _grant_app(self, role: iam.IRole) -> None:
        _grant_read(self._app_secret, role)

    def _grant_migrate(self, role: iam.IRole) -> None:
        _grant_read(self._migrate_secret, role)
        _grant_read(self._app_secret, role)


def _grant_read(secret: secretsmanager.ISecret, role: iam.IRole) -> None:
    """Allows reading the secret, and decrypting it with its owner's key: that key, for this secret and nothing else."""
    secret.grant_read(role)
    _, partition, _, region, account, *_ = secret.secret_arn.split(":")
    keys = f"arn:{partition}:kms:{region}:{account}:key/*"
    role.add_to_principal_policy(
        iam.PolicyStatement(
            actions=["kms:Decrypt"],
            resources=[keys],
            conditions={
                "StringEquals": {
                    "kms:ViaService": f"secretsmanager.{region}.amazonaws.com",
                    "kms:EncryptionContext:SecretARN": secret.secret_arn,
                }
            },
        )
    )
    acknowledge(
        role,
        {f"AwsSolutions-IAM5[Resource::{keys}]": "Whichever key encrypts the secret, and only to decrypt that secret."},
    )
