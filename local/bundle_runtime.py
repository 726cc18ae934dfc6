"""Runs AWS's runtime client on a built bundle and nothing else: no virtual environment, no repository.

    python -I -S -B local/bundle_runtime.py BUNDLE SITE_PACKAGES HANDLER

Lambda brings the runtime client itself, so that alone comes from ``SITE_PACKAGES``. A package that a bundle lacks is
missing here as it would be there.
"""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

RUNTIME_CLIENT = frozenset({"awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py"})


class RuntimeClientFinder:
    """A finder of the runtime client's packages in one folder, and of nothing else there."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if path is None and name in RUNTIME_CLIENT:
            return PathFinder.find_spec(name, [self._folder], target)
        return None


def main() -> None:
    bundle, site_packages, handler = sys.argv[1:]
    sys.path.insert(0, bundle)
    sys.meta_path.append(RuntimeClientFinder(site_packages))
    from awslambdaric.__main__ import main as run

    run(["awslambdaric", handler])


main()
