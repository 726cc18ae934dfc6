"""The service stack's imports from the data stack; none of them stands in the way of a change."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from infra.app import BUNDLING_STACKS, ROOT
from infra.config import STAGES, Aurora
from tests.infra.conftest import Synthesized

STRENGTH = "@aws-cdk/core:defaultCrossStackReferences"
PROD = STAGES["prod"]


def synthesize(folder: Path, *, readers: int, strength: str | None = None) -> tuple[dict[str, Any], str]:
    """Returns the data stack's template and the service stack's, as text, of a stage with so many readers."""
    from aws_cdk import App

    from infra.data_stack import DataStack
    from infra.service_stack import ServiceStack

    assert isinstance(PROD.database, Aurora)
    config = replace(PROD, database=replace(PROD.database, readers=readers))
    context = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"] | {BUNDLING_STACKS: []}
    app = App(context=context | ({} if strength is None else {STRENGTH: strength}), outdir=str(folder))
    data = DataStack(app, "Data", config=config)
    ServiceStack(app, "Service", config=config, data=data)
    app.synth()
    service = (folder / "Service.template.json").read_text(encoding="utf-8")
    return json.loads((folder / "Data.template.json").read_text(encoding="utf-8")), service


def exports(template: dict[str, Any]) -> set[str]:
    return {output["Export"]["Name"] for output in template["Outputs"].values() if "Export" in output}


def test_what_functions_need_is_exported_and_so_protected_from_a_replacement(prod: Synthesized) -> None:
    named = " ".join(exports(prod.templates["Data"]))
    for part in ("EndpointAddress", "DBClusterResourceId", "FunctionsSubnet1", "GroupId", "WebhookSigningKeys"):
        assert part in named, part


def test_readers_come_and_go(assemblies: dict[str, Synthesized], tmp_path: Path) -> None:
    """The data stack is deployed first: an export that vanishes with a reader would still be in use then."""
    del assemblies  # only to be skipped where there is no Node.js
    with_one, service = synthesize(tmp_path / "one", readers=1)
    without, _ = synthesize(tmp_path / "none", readers=0)
    assert exports(with_one) == exports(without)
    assert not [name for name in exports(with_one) if "Reader" in name or "Writer" in name]
    (reader,) = (name for name in with_one["Outputs"] if "Reader1" in name)
    assert reader in service  # it is still watched


@pytest.mark.parametrize(("strength", "exported"), [("both", True), ("weak", False)])
def test_the_documented_way_out_frees_every_export_in_two_deployments(
    assemblies: dict[str, Synthesized], tmp_path: Path, strength: str, exported: bool
) -> None:
    """First nobody imports any more while all is still exported, then nothing is exported."""
    del assemblies
    strong, _ = synthesize(tmp_path / "strong", readers=1)
    freed, service = synthesize(tmp_path / strength, readers=1, strength=strength)
    assert "Fn::ImportValue" not in service
    assert exports(freed) == (exports(strong) if exported else set())
