"""The templates as a whole: cfn-lint has nothing to say, and no change goes unnoticed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.infra.conftest import Synthesized

SNAPSHOTS = Path(__file__).parent / "snapshots"
# What a change of the product's code alone changes: assets' hashes, and the versions of functions made from them.
MASKS = (
    (re.compile(r"\b[0-9a-f]{64}\b"), "<asset>"),
    (re.compile(r"(CurrentVersion[0-9A-F]{8}|NewVersion[A-Za-z]+)[0-9a-f]{32}"), r"\1<version>"),
)
# The CDK writes down that a function needs its role, also where a reference says so.
REDUNDANT_DEPENDENCY = "W3005"


def masked(template: dict[str, Any]) -> str:
    """Returns the template without the parts that a mere change of code changes, one property a line."""
    for resource in template["Resources"].values():
        resource.pop("Metadata", None)
    text = json.dumps(template, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    for pattern, replacement in MASKS:
        text = pattern.sub(replacement, text)
    return text


def test_templates_are_what_was_reviewed(synthesized: Synthesized) -> None:
    """On purpose? Then: UPDATE_SNAPSHOTS=1 .venv/bin/pytest tests/infra/test_templates.py, and read the diff."""
    for stack, template in synthesized.templates.items():
        path = SNAPSHOTS / f"{synthesized.variant}-{stack.lower()}.json"
        text = masked(json.loads(json.dumps(template)))
        if os.environ.get("UPDATE_SNAPSHOTS"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8"), f"{path.name} differs from what is synthesized"


def test_cfn_lint_has_nothing_to_say(assemblies: dict[str, Synthesized]) -> None:
    templates = [str(path) for each in assemblies.values() for path in sorted(each.directory.glob("*.template.json"))]
    assert len(templates) == 6
    command = [
        str(Path(sys.executable).with_name("cfn-lint")),
        "--ignore-checks",
        REDUNDANT_DEPENDENCY,
        "--",
        *templates,
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_cdk_nag_found_nothing_unacknowledged(synthesized: Synthesized) -> None:
    """A finding would have stopped the synthesis; the report says that there was none, warnings included."""
    report = json.loads((synthesized.directory / "validation-report.json").read_text())
    assert [plugin["violations"] for plugin in report["pluginReports"] if plugin["violations"]] == []


def test_cdk_nag_stops_what_it_finds(assemblies: dict[str, Synthesized], tmp_path: Path) -> None:
    del assemblies  # only to be skipped where there is no Node.js
    from aws_cdk import App, Stack
    from aws_cdk import aws_sqs as sqs

    from infra.app import check_with_cdk_nag

    app = App(outdir=str(tmp_path))
    sqs.Queue(Stack(app, "Careless"), "Queue")
    check_with_cdk_nag(app)
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    assert "AwsSolutions-SQS4" in (tmp_path / "validation-report.json").read_text()


@pytest.mark.parametrize("variant", ["dev", "prod", "existing-database"])
def test_every_acknowledgement_gives_a_reason(assemblies: dict[str, Synthesized], variant: str) -> None:
    reasons = [
        (identifier, reason)
        for path in assemblies[variant].directory.glob("*.metadata.json")
        for entries in json.loads(path.read_text()).values()
        for entry in entries
        if entry["type"] == "aws:cdk:acknowledged-rules"
        for identifier, reason in entry["data"].items()
    ]
    assert reasons
    assert [identifier for identifier, reason in reasons if len(reason.split()) < 8] == []
