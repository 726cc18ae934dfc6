"""Bad input ends in one sentence, before anything is synthesized."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from infra.app import ROOT, require_node
from infra.config import STAGES, Aurora, ExistingDatabase, stage_config
from infra.errors import DeploymentError
from infra.variants import VARIANTS

APP = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:app-AbCdEf"
MIGRATE = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:migrate-GhIjKl"


@pytest.mark.parametrize(
    ("context", "words"),
    [
        ({}, "no stage is given: pass -c stage=dev or -c stage=prod"),
        ({"stage": ""}, "no stage is given"),
        ({"stage": "production"}, "'production' is no stage: pass -c stage=dev or -c stage=prod"),
        ({"stage": "dev", "alarmMail": "a@example.com"}, "unknown context value alarmMail: -c takes stage, bundle"),
        # What belongs to a stage is in its file, where the next deployment cannot forget it.
        ({"stage": "dev", "alarmEmail": "a@example.com"}, "what belongs to a stage is in infra/stages/"),
        ({"stage": "dev", "bundle": "no"}, "bundle='no' is not true or false"),
        ({"stage": "dev", "hotfix": "1"}, "hotfix='1' is not true or false"),
        ({"stage": "dev", "creating": "yes"}, "creating='yes' is not true or false"),
    ],
)
def test_a_wrong_value_is_named(context: dict[str, str], words: str) -> None:
    with pytest.raises(DeploymentError) as caught:
        stage_config(context, {})
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_stage_without_more_is_complete() -> None:
    assert stage_config({"stage": "dev"}, {}) == STAGES["dev"]
    assert isinstance(stage_config({"stage": "prod"}, {}).database, Aurora)


def test_two_secrets_replace_the_cluster() -> None:
    config = stage_config({"stage": "prod"}, {"databaseSecretArn": APP, "migrateSecretArn": MIGRATE})
    assert config.database == ExistingDatabase(APP, MIGRATE)


def test_the_cdks_own_context_is_left_alone() -> None:
    context = {"stage": "dev", "@aws-cdk/core:x": True, "aws:cdk:bundling-stacks": [], "vpc-provider:account=1": {}}
    assert stage_config(context, {}) == STAGES["dev"]


def test_every_variant_is_valid() -> None:
    for variant in VARIANTS.values():
        stage_config(variant.context, variant.values)


def test_protection_is_off_while_a_stage_is_being_created_and_data_is_kept_all_the_same() -> None:
    prod = stage_config({"stage": "prod"}, {})
    assert (prod.retain_data, prod.protected) == (True, True)
    creating = stage_config({"stage": "prod", "creating": "true"}, {})
    assert (creating.retain_data, creating.protected) == (True, False)


def test_a_stage_never_pauses_its_database() -> None:
    """Maintenance connects every minute: a pause would never come, or cost a webhook 15 s to end."""
    for stage in STAGES.values():
        assert isinstance(stage.database, Aurora)
        assert stage.database.min_acu >= 0.5


def test_prod_survives_the_loss_of_a_zone() -> None:
    prod = STAGES["prod"]
    assert isinstance(prod.database, Aurora)
    assert prod.database.readers >= 1
    assert prod.database.nat_gateways >= 2
    assert prod.retain_data


def test_without_node_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(DeploymentError, match=r"Node\.js is missing"):
        require_node()


def test_the_command_prints_one_sentence_and_no_traceback(tmp_path: Path) -> None:
    empty = tmp_path / "bin"
    empty.mkdir()
    result = subprocess.run(
        [sys.executable, "-m", "infra.app"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={"PATH": str(empty), "CDK_OUTDIR": str(tmp_path / "out")},
        check=False,
    )
    assert result.returncode == 1
    assert result.stdout == ""
    assert "Node.js is missing" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
