"""The deployments that are synthesized in every build: both stages, and a stage on an existing database.

python -m infra.variants            writes cdk.out/<variant>/ without credentials, network or bundles
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from infra.app import ROOT, build_app
from infra.errors import DeploymentError

_ARN = "arn:aws:{service}:eu-west-1:111122223333:{resource}"


@dataclass(frozen=True)
class Variant:
    """One deployment: its ``-c`` values and those of the stage's file, independent of the committed ones."""

    context: dict[str, str]
    values: dict[str, str] = field(default_factory=dict)


_DOMAIN = {
    "domainName": "hooks.example.com",
    "certificateArn": _ARN.format(service="acm", resource="certificate/0a1b2c3d-0000-4000-8000-000000000000"),
}

VARIANTS: dict[str, Variant] = {
    "dev": Variant({"stage": "dev"}),
    "prod": Variant({"stage": "prod"}, {"alarmEmail": "on-call@example.com", **_DOMAIN, "closeExecuteApi": "true"}),
    "existing-database": Variant(
        {"stage": "prod"},
        {
            "databaseSecretArn": _ARN.format(service="secretsmanager", resource="secret:replies/app-AbCdEf"),
            "migrateSecretArn": _ARN.format(service="secretsmanager", resource="secret:replies/migrate-GhIjKl"),
        },
    ),
}


def synthesize(variant: Variant, directory: Path) -> list[Path]:
    """Writes the variant's templates, cdk-nag included, and returns their paths.

    Raises RuntimeError when the CDK or cdk-nag objects; the objections are printed.
    """
    build_app({**variant.context, "bundle": "false"}, outdir=str(directory), values=variant.values).synth()
    return sorted(directory.glob("*.template.json"))


def main() -> int:
    for name, variant in VARIANTS.items():
        try:
            templates = synthesize(variant, ROOT / "cdk.out" / name)
        except DeploymentError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        except RuntimeError as error:
            sys.stderr.write(f"{name} was not synthesized: {str(error).splitlines()[0]}\n")
            return 1
        for template in templates:
            resources = json.loads(template.read_text(encoding="utf-8"))["Resources"]
            kinds = Counter(resource["Type"].split("::")[1] for resource in resources.values())
            listed = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common(6))
            sys.stdout.write(f"{name:<18}{template.name:<44}{len(resources):>4} resources: {listed}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
