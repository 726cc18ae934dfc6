"""A stage's values live in its file: what is wrong in it is named, and what is deployed is not dropped by accident."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infra.config import STAGES, stage_config
from infra.errors import DeploymentError
from infra.stage_values import (
    DATABASE_VALUES,
    OUTPUT,
    STAGE_VALUES,
    STAGES_FOLDER,
    as_output,
    checked_values,
    from_output,
    read_stage_values,
    refused_changes,
)
from infra.variants import VARIANTS
from tests.infra.conftest import Synthesized

APP = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:app-AbCdEf"
MIGRATE = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:migrate-GhIjKl"
CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000"
DOMAIN = {"domainName": "hooks.example.com", "certificateArn": CERTIFICATE}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"alarmMail": "a@example.com"}, "unknown value alarmMail: it takes alarmEmail"),
        ({"alarmEmail": "on-call"}, "alarmEmail='on-call' is not an email address"),
        ({"domainName": "https://x.example.com", "certificateArn": CERTIFICATE}, "not a host name"),
        ({"domainName": "hooks.example.com"}, "domainName is given without certificateArn"),
        ({"certificateArn": CERTIFICATE}, "certificateArn is given without domainName"),
        ({"domainName": "hooks.example.com", "certificateArn": APP}, "not the ARN of an ACM certificate"),
        ({"closeExecuteApi": "true"}, "closeExecuteApi is given without domainName: there would be no way in"),
        ({"closeExecuteApi": "yes", **DOMAIN}, "closeExecuteApi='yes' is not true, or left out"),
        ({"closeExecuteApi": "true", "leaveDomain": "true", **DOMAIN}, "take closeExecuteApi out first"),
        ({"databaseSecretArn": APP}, "databaseSecretArn is given without migrateSecretArn"),
        ({"databaseSecretArn": "app", "migrateSecretArn": MIGRATE}, "not the complete ARN of a secret"),
        ({"databaseSecretArn": APP[:-7], "migrateSecretArn": MIGRATE}, "six random characters"),
        ({"databaseSecretArn": APP, "migrateSecretArn": APP}, "are the same secret"),
    ],
)
def test_a_wrong_value_is_named(values: dict[str, str], words: str) -> None:
    with pytest.raises(DeploymentError) as caught:
        checked_values(values, "prod.toml")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [("alarmEmail = on-call@example.com", "prod.toml is no TOML"), ("alarmEmail = 5", "not an email address")],
)
def test_a_broken_file_is_named(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "prod.toml").write_text(text)
    with pytest.raises(DeploymentError, match=words):
        read_stage_values("prod", tmp_path)


def test_a_missing_file_is_not_a_stage_without_values(tmp_path: Path) -> None:
    with pytest.raises(DeploymentError, match=r"prod\.toml is missing"):
        read_stage_values("prod", tmp_path)


def test_true_and_false_and_nothing_are_what_they_say(tmp_path: Path) -> None:
    (tmp_path / "prod.toml").write_text(
        f'alarmEmail = ""\ndomainName = "hooks.example.com"\ncertificateArn = "{CERTIFICATE}"\n'
        "closeExecuteApi = true\nleaveDomain = false\n"
    )
    assert read_stage_values("prod", tmp_path) == {**DOMAIN, "closeExecuteApi": "true"}


def test_every_stage_has_its_file_and_it_is_read() -> None:
    assert {path.stem for path in STAGES_FOLDER.glob("*.toml")} == set(STAGES)
    for stage in STAGES:
        assert stage_config({"stage": stage}).values == read_stage_values(stage)


# --- What is deployed ------------------------------------------------------------------------------------------------


def test_each_deployment_writes_its_values_down(synthesized: Synthesized) -> None:
    values = VARIANTS[synthesized.variant].values
    for stack, names in (("Data", DATABASE_VALUES), ("Service", tuple(STAGE_VALUES))):
        written = from_output(synthesized.templates[stack]["Outputs"][OUTPUT]["Value"])
        assert written == {name: values.get(name, "") for name in names}


def refused(deployed: dict[str, str], today: dict[str, str], *meant: str) -> list[str]:
    return list(refused_changes(from_output(as_output(deployed)), today, meant))


def test_what_stays_and_what_is_added_is_no_question() -> None:
    assert refused({}, {}) == []
    assert refused(DOMAIN, DOMAIN) == []
    assert refused({}, {"alarmEmail": "on-call@example.com", **DOMAIN}) == []


@pytest.mark.parametrize(
    ("deployed", "today", "name"),
    [
        ({"alarmEmail": "on-call@example.com"}, {}, "alarmEmail"),
        ({"alarmEmail": "on-call@example.com"}, {"alarmEmail": "other@example.com"}, "alarmEmail"),
        (DOMAIN, {**DOMAIN, "domainName": "other.example.com"}, "domainName"),
        ({"databaseSecretArn": APP, "migrateSecretArn": MIGRATE}, {"databaseSecretArn": APP}, "migrateSecretArn"),
        ({"databaseSecretArn": APP}, {"databaseSecretArn": f"{APP[:-6]}ZzZzZz"}, "databaseSecretArn"),
        ({}, {"databaseSecretArn": APP}, "databaseSecretArn"),  # a cluster full of data would be left behind
    ],
)
def test_what_is_dropped_or_changed_has_to_be_meant(deployed: dict[str, str], today: dict[str, str], name: str) -> None:
    (problem,) = refused(deployed, today)
    assert f"CHANGE={name}" in problem
    assert refused(deployed, today, name) == []


def test_dropping_a_domain_takes_a_word_for_each_of_its_values() -> None:
    assert len(refused(DOMAIN, {})) == 2
    assert len(refused(DOMAIN, {}, "domainName")) == 1
    assert refused(DOMAIN, {}, "domainName", "certificateArn") == []


def test_a_value_of_a_later_release_does_not_stop_an_earlier_one() -> None:
    deployed = from_output(json.dumps({"aLaterValue": "x", "alarmEmail": ""}))
    assert list(refused_changes(deployed, {})) == []


# --- Changing the host name ------------------------------------------------------------------------------------------


def test_the_old_door_is_not_closed_in_the_deployment_that_opens_the_new_one() -> None:
    (problem,) = refused({}, {**DOMAIN, "closeExecuteApi": "true"})
    assert "register every client's hook again, and only then close the other door" in problem
    assert refused(DOMAIN, {**DOMAIN, "closeExecuteApi": "true"}) == []
    moved = {**DOMAIN, "domainName": "other.example.com"}
    assert len(refused(DOMAIN, {**moved, "closeExecuteApi": "true"}, "domainName")) == 1


def test_opening_a_door_again_is_no_question() -> None:
    closed = {**DOMAIN, "closeExecuteApi": "true"}
    assert refused(closed, DOMAIN) == []
    assert refused(closed, {**DOMAIN, "leaveDomain": "true"}) == []
    assert refused({**DOMAIN, "leaveDomain": "true"}, DOMAIN) == []
