"""The synthesized templates of every variant, made once per run: without credentials, network or bundles."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra.variants import VARIANTS, Variant, synthesize

Resource = dict[str, Any]


@dataclass(frozen=True)
class Synthesized:
    """One variant: its templates by stack (Data, Service) and the folder that they were written to."""

    variant: str
    directory: Path
    templates: dict[str, dict[str, Any]]

    def resources(self, stack: str, kind: str) -> dict[str, Resource]:
        """Returns the resources of one type, by logical id."""
        return {
            name: resource for name, resource in self.templates[stack]["Resources"].items() if resource["Type"] == kind
        }

    def properties(self, stack: str, kind: str) -> dict[str, Any]:
        return {name: resource.get("Properties", {}) for name, resource in self.resources(stack, kind).items()}


@pytest.fixture(scope="session")
def assemblies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Synthesized]:
    if shutil.which("node") is None:
        if os.environ.get("CI"):
            pytest.fail("the infrastructure's tests need Node.js, and CI must not skip them")
        pytest.skip("the AWS CDK needs Node.js")
    root = tmp_path_factory.mktemp("cdk")
    made = {}
    for name, variant in VARIANTS.items():
        made[name] = synthesized_from(name, variant, root / name)
    return made


def synthesized_from(name: str, variant: Variant, directory: Path) -> Synthesized:
    paths = synthesize(variant, directory)
    templates = {path.name.split(".")[0].split("-")[-1]: json.loads(path.read_text()) for path in paths}
    return Synthesized(name, directory, templates)


@pytest.fixture(params=list(VARIANTS))
def synthesized(request: pytest.FixtureRequest, assemblies: dict[str, Synthesized]) -> Synthesized:
    return assemblies[request.param]


@pytest.fixture
def prod(assemblies: dict[str, Synthesized]) -> Synthesized:
    return assemblies["prod"]


@pytest.fixture
def dev(assemblies: dict[str, Synthesized]) -> Synthesized:
    return assemblies["dev"]


@pytest.fixture
def existing_database(assemblies: dict[str, Synthesized]) -> Synthesized:
    return assemblies["existing-database"]
