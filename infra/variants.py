"""The deployments that are synthesized in every build: both stages, and a stage on an existing database.

python -m infra.variants            writes cdk.out/<variant>/ without credentials, network or bundles
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from infra.app import ROOT, build_app
from infra.errors import DeploymentError

_ARN = "arn:aws:{service}:eu-west-1:111122223333:{resource}"

VARIANTS: dict[str, dict[str, str]] = {
    "dev": {"stage": "dev"},
    "prod": {
        "stage": "prod",
        "alarmEmail": "on-call@example.com",
        "domainName": "hooks.example.com",
        "certificateArn": _ARN.format(service="acm", resource="certificate/0a1b2c3d-0000-4000-8000-000000000000"),
    },
    "existing-database": {
        "stage": "prod",
        "databaseSecretArn": _ARN.format(service="secretsmanager", resource="secret:replies/app-AbCdEf"),
        "migrateSecretArn": _ARN.format(service="secretsmanager", resource="secret:replies/migrate-GhIjKl"),
    },
}


def synthesize(variant: str, directory: Path) -> list[Path]:
    """Writes the variant's templates, cdk-nag included, and returns their paths.

    Raises RuntimeError when the CDK or cdk-nag objects; what to is printed.
    """
    build_app({**VARIANTS[variant], "bundle": "false"}, outdir=str(directory)).synth()
    return sorted(directory.glob("*.template.json"))


def main() -> int:
    for variant in VARIANTS:
        try:
            templates = synthesize(variant, ROOT / "cdk.out" / variant)
        except DeploymentError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        except RuntimeError as error:
            sys.stderr.write(f"{variant} was not synthesized: {str(error).splitlines()[0]}\n")
            return 1
        for template in templates:
            resources = json.loads(template.read_text(encoding="utf-8"))["Resources"]
            kinds = Counter(resource["Type"].split("::")[1] for resource in resources.values())
            listed = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common(6))
            sys.stdout.write(f"{variant:<18}{template.name:<44}{len(resources):>4} resources: {listed}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
