"""The values that a stage's deployment adds to its configuration: a committed file, and a record of what is deployed.

``infra/stages/<stage>.toml`` is the one place for these values. On a command line a value could be forgotten, and that
takes a host name or a database away. Each deployment writes its values into an output of its stacks, and the preflight
compares: what a stage has is neither dropped nor changed by accident.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from infra.errors import DeploymentError

STAGES_FOLDER = Path(__file__).parent / "stages"
OUTPUT = "StageValues"

STAGE_VALUES = {
    "alarmEmail": "an address that gets every alarm",
    "domainName": "the API's own host name; needs certificateArn",
    "certificateArn": "an ACM certificate for domainName, in the stage's region",
    "closeExecuteApi": "true: API Gateway's own host name is closed, only domainName works",
    "leaveDomain": "true: hooks are registered at API Gateway's own host name although domainName still works",
    "databaseSecretArn": "an existing database: the secret of the application's user; no VPC and no Aurora are made",
    "migrateSecretArn": "an existing database: the secret of the user that owns the schema",
}
DATABASE_VALUES = ("databaseSecretArn", "migrateSecretArn")
_FLAGS = ("closeExecuteApi", "leaveDomain")
_PAIRS = (("domainName", "certificateArn"), ("databaseSecretArn", "migrateSecretArn"))

# The six random characters at the end are part of a secret's ARN: without them grants match nothing.
_SECRET_ARN = re.compile(r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}")
_SHAPES = {
    "alarmEmail": (re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"), "an email address"),
    "domainName": (
        re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"),
        "a host name such as hooks.example.com",
    ),
    "certificateArn": (
        re.compile(r"arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/[0-9a-f-]+"),
        "the ARN of an ACM certificate",
    ),
    "closeExecuteApi": (re.compile("true"), "true, or left out"),
    "leaveDomain": (re.compile("true"), "true, or left out"),
    "databaseSecretArn": (_SECRET_ARN, "the complete ARN of a secret, its six random characters included"),
    "migrateSecretArn": (_SECRET_ARN, "the complete ARN of a secret, its six random characters included"),
}


def stage_file(stage: str, folder: Path = STAGES_FOLDER) -> Path:
    return folder / f"{stage}.toml"


def read_stage_values(stage: str, folder: Path = STAGES_FOLDER) -> dict[str, str]:
    """Returns the checked values of the stage's file. Raises DeploymentError, also when there is no such file."""
    path = stage_file(stage, folder)
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DeploymentError(
            f"{path} is missing: it holds what a deployment of {stage} adds (docs/deploy.md)."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise DeploymentError(f"{path} is no TOML: {error}.") from None
    values = {
        name: "true" if value is True else str(value) for name, value in found.items() if value not in ("", False)
    }
    return checked_values(values, path.name)


def checked_values(values: Mapping[str, str], source: str) -> dict[str, str]:
    """Returns ``values`` unchanged when they are valid.

    Raises DeploymentError for an unknown name (a misspelt one would silently deploy something else), a value of the
    wrong shape, and values that only make sense together.
    """
    unknown = sorted(set(values) - set(STAGE_VALUES))
    if unknown:
        raise DeploymentError(f"{source}: unknown value {', '.join(unknown)}: it takes {', '.join(STAGE_VALUES)}.")
    for name, value in values.items():
        shape, expected = _SHAPES[name]
        if not shape.fullmatch(value):
            raise DeploymentError(f"{source}: {name}={value!r} is not {expected}.")
    for one, other in _PAIRS:
        if (one in values) != (other in values):
            given, missing = (one, other) if one in values else (other, one)
            raise DeploymentError(f"{source}: {given} is given without {missing}: give both or neither.")
    if "databaseSecretArn" in values and values["databaseSecretArn"] == values["migrateSecretArn"]:
        raise DeploymentError(
            f"{source}: databaseSecretArn and migrateSecretArn are the same secret: the application must not own the"
            " schema, so give each its own user (docs/deploy.md)."
        )
    for name in _FLAGS:
        if name in values and "domainName" not in values:
            raise DeploymentError(f"{source}: {name} is given without domainName: there would be no way in.")
    if all(name in values for name in _FLAGS):
        raise DeploymentError(
            f"{source}: leaveDomain needs API Gateway's own host name: take closeExecuteApi out first."
        )
    return dict(values)


def as_output(values: Mapping[str, str], names: Collection[str] = tuple(STAGE_VALUES)) -> str:
    """Returns a stack's record of its values: one line of JSON, every name of ``names``, empty where there is none."""
    return json.dumps({name: values.get(name, "") for name in names}, sort_keys=True)


def from_output(text: str) -> dict[str, str]:
    found = json.loads(text)
    return {str(name): str(value) for name, value in found.items()}


def refused_changes(
    deployed: Mapping[str, str], today: Mapping[str, str], meant: Collection[str] = ()
) -> Iterator[str]:
    """Returns why ``today``'s values must not follow ``deployed`` ones; ``meant`` names the intended changes.

    One sentence for each reason.
    """
    for name, before in deployed.items():
        now = today.get(name, "")
        if before == now or name in meant or name not in STAGE_VALUES:
            continue
        if name in _FLAGS:
            if name == "closeExecuteApi" and now and deployed.get("domainName", "") != today.get("domainName", ""):
                yield (
                    "closeExecuteApi comes in a deployment of its own: deploy the new domainName first, point its DNS"
                    " record, register every client's hook again, and only then close the other door."
                )
        elif before or name in DATABASE_VALUES:
            change = (
                f"changes from {before or 'a cluster of our own'} to {now}" if now else f"is dropped (it is {before})"
            )
            yield (
                f"{name} {change}: put it back into the stage's file, or say that it is meant with CHANGE={name}"
                f" ({_CONSEQUENCES.get(name, 'docs/deploy.md')})."
            )


_CONSEQUENCES = {
    "alarmEmail": "the former address gets no alarm any more",
    "domainName": "hooks that name the host fail from then on: see docs/deploy.md, Domain",
    "certificateArn": "the host name is served with another certificate",
    "databaseSecretArn": "the stage works on another database, with other data",
    "migrateSecretArn": "another user owns the schema",
}
