"""The stack that outlives a release: the database and the secrets."""

from __future__ import annotations

import json
from typing import Any

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra import stage_values
from infra.config import Aurora, StageConfig
from infra.constructs.acknowledgements import BASIC_EXECUTION_ROLE, acknowledge, acknowledge_cdk_functions
from infra.constructs.aurora import AuroraDatabase
from infra.constructs.database import Database
from infra.constructs.existing_database import ReferencedDatabase
from infra.constructs.log_retention import log_retention
from infra.constructs.removal import removal
from infra.stage_values import DATABASE_VALUES, as_output

KEY_LENGTH = 64


class DataStack(Stack):
    """The database, the webhook's signing keys, the key of address hashes, and a place for the OpenAI key."""

    database: Database

    def __init__(self, scope: Construct, id: str, *, config: StageConfig, **options: Any) -> None:
        super().__init__(scope, id, **options)
        if isinstance(config.database, Aurora):
            self.database = AuroraDatabase(
                self,
                "Database",
                config=config.database,
                retain=config.retain_data,
                protected=config.protected,
                log_retention=log_retention(config.log_retention_days),
            )
        else:
            self.database = ReferencedDatabase(self, "Database", config=config.database)
        removal_policy = removal(retain=config.retain_data)
        # Made here and never shown: tokens are derived from it, and replyctl reads it where it needs it.
        self.signing_keys = secretsmanager.Secret(
            self,
            "WebhookSigningKeys",
            description="Keys that webhook tokens are derived from: current, and previous while tokens are exchanged",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template=json.dumps({"previous": ""}),
                generate_string_key="current",
                password_length=KEY_LENGTH,
                exclude_punctuation=True,
            ),
            removal_policy=removal_policy,
        )
        acknowledge(
            self.signing_keys,
            {
                "AwsSolutions-SMG4": "A new key changes every client's token, which the hooks at providers have: a"
                " person rotates it, with two keys accepted meanwhile (docs/deploy.md)."
            },
        )
        self.address_hash_key = secretsmanager.Secret(
            self,
            "AddressHashKey",
            description="Key of address hashes: with another one no erased person would be recognised",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=KEY_LENGTH, exclude_punctuation=True
            ),
            removal_policy=removal_policy,
        )
        acknowledge(
            self.address_hash_key,
            {
                "AwsSolutions-SMG4": "It never rotates: an erased person is known by hashes alone, and those of another"
                " key match nobody (docs/decisions.md)."
            },
        )
        self.openai_key = secretsmanager.Secret(
            self, "OpenAiApiKey", description="The OpenAI API key, put in by hand", removal_policy=removal_policy
        )
        # Without a value until somebody puts one in: a generated one would look like a key and be refused.
        empty = self.openai_key.node.default_child
        if isinstance(empty, secretsmanager.CfnSecret):
            empty.generate_secret_string = None
        acknowledge(
            self.openai_key,
            {"AwsSolutions-SMG4": "OpenAI has no interface to rotate a key with: a person does (docs/deploy.md)."},
        )
        acknowledge_cdk_functions(
            self,
            {
                "LogRetention": {
                    BASIC_EXECUTION_ROLE: "The CDK's own function, which sets the retention of the cluster's logs.",
                    "AwsSolutions-IAM5[Resource::*]": "RDS names the cluster's log group itself, so its name is not"
                    " known beforehand; the function may set retentions and nothing else.",
                }
            },
        )
        CfnOutput(self, "WebhookSigningKeysSecret", value=self.signing_keys.secret_arn)
        CfnOutput(self, "AddressHashKeySecret", value=self.address_hash_key.secret_arn)
        CfnOutput(self, "OpenAiApiKeySecret", value=self.openai_key.secret_arn)
        CfnOutput(self, stage_values.OUTPUT, value=as_output(config.values, DATABASE_VALUES))
