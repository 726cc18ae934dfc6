"""The contents of each function's zip, built without Docker.

A bundle holds the modules that the function's handler reaches through imports, the locked packages that those modules
import, and nothing else: the webhook carries no OpenAI SDK, and editing a prompt does not redeploy it. Packages come
from ``requirements/runtime.txt`` with their hashes checked, as wheels for Lambda's platform, whatever machine builds.

    python -m infra.bundling                    every function, for AWS (arm64); prints the sizes
    python -m infra.bundling --platform local   the same for the local stack, into .build/bundles/<function>/
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import metadata
from pathlib import Path
from platform import machine

import grimp
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from infra.errors import DeploymentError
from infra.topology import OPERATIONS, TOPOLOGY, Function

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "runtime.txt"
OPERATOR_LOCK = ROOT / "requirements" / "dev.txt"  # typer and rich are no part of the deployed product's own lock
BUILD = ROOT / ".build"
PYTHON_VERSION = "3.13"
MAX_BYTES = 70_000_000  # AWS takes 250 MB; this is our own limit, for cold starts and for accidents

OWN_PACKAGES = ("shared", "functions", "ops", "evals", "infra", "local")

# Imported by name at run time, where the import graph does not see it.
ALSO_NEEDED_MODULES: Mapping[str, tuple[str, ...]] = {
    # Providers open accounts by name: their HTTP clients are no business of the webhooks.
    "shared.bootstrap.accounts": tuple(
        f"shared.providers.{path.parent.name}.account"
        for path in sorted((ROOT / "shared/providers").glob("*/account.py"))
    ),
    "shared.db.migrate": ("shared.db.migrations",),  # alembic loads its revisions from the folder
    "ops.operations_function": ("ops.replyctl",),  # started as a process
    "ops.replyctl": ("ops.commands",),  # each command is loaded when it is used
}
# Tools of a developer's machine that a command imports when it is asked to: no function has a use for them.
LEFT_OUT_MODULES = frozenset({"evals.offline_model", "ops.commands.explain"})
ALSO_NEEDED_PACKAGES: Mapping[str, tuple[str, ...]] = {
    # The driver is named in the URL, and reads the server's time zone; Python reads the package by its name.
    "sqlalchemy": ("psycopg[binary]", "tzdata"),
}

# The AWS services that the functions call. botocore describes some 400, in 25 MB; a client of another one fails.
AWS_SERVICES = ("cloudwatch", "s3", "secretsmanager", "sqs", "ssm", "sts")

# Parts of packages that no function loads. Extension modules' sources and type stubs go everywhere.
UNUSED_PARTS = (
    "aws_lambda_powertools/event_handler/openapi/swagger_ui/swagger-ui-bundle.min.js",
    "aws_lambda_powertools/event_handler/openapi/swagger_ui/swagger-ui.min.css",
    "aws_lambda_powertools/utilities/auth_alpha",
    "aws_lambda_powertools/utilities/circuit_breaker",
    "aws_lambda_powertools/utilities/data_classes",
    "aws_lambda_powertools/utilities/feature_flags",
    "aws_lambda_powertools/utilities/idempotency",
    "aws_lambda_powertools/utilities/kafka",
    "aws_lambda_powertools/utilities/parameters",
    "aws_lambda_powertools/utilities/parser",
    "boto3/data",  # resources; the functions use clients
    "boto3/examples",
    "phonenumbers/carrier.py",
    "phonenumbers/carrierdata",
    "phonenumbers/geocoder.py",
    "phonenumbers/geodata",  # names of places, in 19 MB; the time zones of numbers are tzdata beside it
    "sqlalchemy/dialects/mssql",
    "sqlalchemy/dialects/mysql",
    "sqlalchemy/dialects/oracle",
    "sqlalchemy/dialects/sqlite",
    "sqlalchemy/testing",
)
# Pygments loads a language's lexer when it is asked for it; a traceback's is all that is ever highlighted.
LEXERS = "pygments/lexers"
USED_LEXERS = ("__init__.py", "_mapping.py", "python.py")
UNUSED_SUFFIXES = (".c", ".h", ".pxd", ".pxi", ".pyi", ".pyx")

# The same tags as in the environment of Lambda's runtime, which marker evaluation needs.
LAMBDA_ENVIRONMENT = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "python_full_version": f"{PYTHON_VERSION}.0",
    "python_version": PYTHON_VERSION,
    "sys_platform": "linux",
    "platform_release": "",
    "platform_version": "",
    "implementation_version": f"{PYTHON_VERSION}.0",
}


class Platform(StrEnum):
    """The platform that a bundle runs on. Not manylinux2014: psycopg publishes no aarch64 wheel for it."""

    ARM64 = "aarch64-manylinux_2_28"
    X86_64 = "x86_64-manylinux_2_28"

    @classmethod
    def local(cls) -> Platform:
        """Returns the platform of this machine, for the local stack."""
        return cls.ARM64 if machine() in ("aarch64", "arm64") else cls.X86_64


@dataclass(frozen=True)
class Contents:
    """The contents of one function's bundle: its own files, and the locked requirements of everything they import."""

    files: tuple[Path, ...]  # relative to the repository
    packages: tuple[str, ...]  # canonical names
    requirements: str  # a requirements file with versions and hashes

    def digest(self, platform: Platform) -> str:
        """Returns a hash that changes exactly when the bundle's contents do; the same on every machine and path."""
        # This module is part of it: at worst a comment redeploys the functions; without it, a mended build would not.
        digest = hashlib.sha256(Path(__file__).read_bytes())
        digest.update("\0".join((platform, PYTHON_VERSION, self.requirements)).encode())
        for path in self.files:
            content = (ROOT / path).read_bytes()
            digest.update(f"\0{path.as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
        return digest.hexdigest()


def contents(function: Function) -> Contents:
    """Returns the contents of ``function``'s bundle.

    Raises DeploymentError when the handler's module does not exist or imports a package that is not locked.
    """
    graph = _import_graph()
    handler = function.handler.rpartition(".")[0]
    if handler not in graph.modules:
        raise DeploymentError(f"{function.name}: there is no module {handler} (infra/topology.py names it).")
    reached = _reached(graph, handler)
    own = sorted(module for module in reached if module.split(".")[0] in OWN_PACKAGES)
    top_level = {module.split(".")[0] for module in reached} - set(OWN_PACKAGES) - set(sys.stdlib_module_names)
    packages = _closure(_distributions(top_level, handler))
    return Contents(tuple(_files_of(own)), tuple(packages), _locked(packages))


def build(function: Function, platform: Platform, target: Path) -> None:
    """Builds ``function``'s bundle into ``target``, which must be empty or missing. Raises DeploymentError."""
    _copy(_cached_bundle(function, platform), target)


def bundle_path(function: Function) -> Path:
    """Returns the path of ``function``'s bundle for the local stack (built with --platform local)."""
    return BUILD / "bundles" / function.name


def _cached_bundle(function: Function, platform: Platform) -> Path:
    """Returns the finished bundle, built once per contents."""
    wanted = contents(function)
    finished = BUILD / "cache" / platform / f"{function.name}-{wanted.digest(platform)[:16]}"
    if finished.exists():
        return finished
    finished.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=finished.parent, prefix="unfinished-") as scratch:
        directory = Path(scratch) / "bundle"
        _install(wanted, platform, directory)
        _prune(directory)
        _compile_packages(directory)
        for path in wanted.files:
            (directory / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / path, directory / path)
        _compile(*(directory / package for package in OWN_PACKAGES), root=directory)
        _normalise(directory)
        _check_size(function, directory)
        try:
            directory.rename(finished)
        except OSError:
            if not finished.exists():  # else another process was faster with the same contents
                raise
    return finished


@cache
def _import_graph() -> grimp.ImportGraph:
    return grimp.build_graph(
        *OWN_PACKAGES, include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None
    )


def _reached(graph: grimp.ImportGraph, handler: str) -> set[str]:
    """Returns every module that importing ``handler`` may load, lazy imports included, with their packages."""
    reached: set[str] = set()
    waiting = [handler]
    while waiting:
        module = waiting.pop()
        if module in reached or module in LEFT_OUT_MODULES:
            continue
        reached.add(module)
        if module in graph.modules:
            waiting += graph.find_modules_directly_imported_by(module)
        for extra in ALSO_NEEDED_MODULES.get(module, ()):
            waiting += [extra, *graph.find_descendants(extra)]
        parent = module.rpartition(".")[0]
        if parent:  # importing a module runs its packages first
            waiting.append(parent)
    return reached


def _files_of(modules: Iterable[str]) -> Iterator[Path]:
    """Returns the source files of ``modules`` and the data files beside them (prompts, certificates, templates)."""
    folders: set[Path] = set()
    files: set[Path] = set()
    for module in modules:
        path = Path(*module.split("."))
        if (ROOT / path).is_dir():
            folders.add(path)
            path /= "__init__"
        files.add(path.with_name(path.name + ".py"))
    for folder in folders:
        for path in (ROOT / folder).rglob("*"):
            relative = path.relative_to(ROOT)
            data_of = next(parent for parent in relative.parents if (ROOT / parent / "__init__.py").exists())
            if path.is_file() and path.suffix not in (".py", ".pyc") and data_of in folders:
                files.add(relative)
    return iter(sorted(files))


def _distributions(modules: Iterable[str], handler: str) -> list[Requirement]:
    """Returns the packages that provide ``modules``. Raises DeploymentError for one that is not installed."""
    providers = metadata.packages_distributions()
    found: list[Requirement] = []
    for module in sorted(modules):
        if module not in providers:
            raise DeploymentError(f"{handler} imports {module}, which no installed package provides: run make setup.")
        found.append(Requirement(providers[module][0]))
        found += [Requirement(extra) for extra in ALSO_NEEDED_PACKAGES.get(module, ())]
    return found


def _closure(roots: Sequence[Requirement]) -> list[str]:
    """Returns ``roots`` and everything that they need on Lambda, as canonical names."""
    needed: dict[str, set[str]] = {}  # name → extras already followed
    waiting = [(canonicalize_name(root.name), {"", *root.extras}) for root in roots]
    while waiting:
        name, extras = waiting.pop()
        new = extras - needed.setdefault(name, set())
        if not new:
            continue
        needed[name] |= new
        for text in metadata.requires(name) or ():
            requirement = Requirement(text)
            if requirement.marker is None or any(
                requirement.marker.evaluate(LAMBDA_ENVIRONMENT | {"extra": extra}) for extra in new
            ):
                waiting.append((canonicalize_name(requirement.name), {"", *requirement.extras}))
    return sorted(needed)


def _locked(packages: Sequence[str]) -> str:
    """Returns the lock file's entries for ``packages``, with hashes. Raises DeploymentError for a missing one."""
    lock = _lock_entries(OPERATOR_LOCK) | _lock_entries(LOCK)
    missing = [name for name in packages if name not in lock]
    if missing:
        raise DeploymentError(f"{', '.join(missing)}: imported, but not in {LOCK.relative_to(ROOT)} (make lock).")
    return "".join(lock[name] for name in packages)


@cache
def _lock_entries(lock: Path) -> dict[str, str]:
    entries = re.split(r"^(?=[a-zA-Z0-9])", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {canonicalize_name(re.split(r"[=\[; ]", entry, maxsplit=1)[0]): entry for entry in entries if "==" in entry}


def _install(wanted: Contents, platform: Platform, target: Path) -> None:
    """Installs the locked wheels. Raises DeploymentError with the installer's own last line."""
    target.mkdir(parents=True)
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as requirements:
        requirements.write(wanted.requirements)
        requirements.flush()
        command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-config", "--no-deps"]
        command += ["--require-hashes", "--only-binary", ":all:", "--link-mode", "copy"]
        command += ["--python-platform", platform, "--python-version", PYTHON_VERSION]
        command += ["--target", str(target), "--requirements", requirements.name]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise DeploymentError(f"uv could not install the locked packages: {result.stderr.strip()[-600:]}")


def _prune(target: Path) -> None:
    """Removes files that a function never reads or that differ from one machine to the next."""
    shutil.rmtree(target / "bin", ignore_errors=True)  # scripts that name this machine's interpreter
    (target / ".lock").unlink(missing_ok=True)
    for pattern in ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json", "uv_build.json"):
        for path in target.glob(f"*.dist-info/{pattern}"):
            path.unlink()
    for path in (*target.rglob("__pycache__"), *target.glob("*.dist-info/sboms")):
        shutil.rmtree(path)
    for part in UNUSED_PARTS:
        if (target / part).is_file():
            (target / part).unlink()
        shutil.rmtree(target / part, ignore_errors=True)
    for path in (target / LEXERS).glob("*.py"):
        if path.name not in USED_LEXERS:
            path.unlink()
    for path in target.rglob("*"):
        if path.suffix in UNUSED_SUFFIXES:
            path.unlink()
    services = target / "botocore" / "data"
    if services.is_dir():
        for path in services.iterdir():
            if path.is_dir() and path.name not in AWS_SERVICES:
                shutil.rmtree(path)


def _compile_packages(directory: Path) -> None:
    """Leaves packages as bytecode alone: a third less to unpack, and tracebacks keep their line numbers."""
    _compile(directory, root=directory, beside_source=True)
    for path in directory.rglob("*.py"):
        if path.with_suffix(".pyc").exists():
            path.unlink()


def _compile(*folders: Path, root: Path, beside_source: bool = False) -> None:
    """Byte-compiles ``folders``. Lambda's file system is read-only: without it every cold start would compile anew.

    Unchecked hashes, because packing changes every file's time. Files that no Python of this version can parse
    (templates of other projects) are left as they are.
    """
    if sys.version_info[:2] != tuple(int(part) for part in PYTHON_VERSION.split(".")):
        raise DeploymentError(f"bundles are compiled by Python {PYTHON_VERSION}, and this is {sys.version.split()[0]}.")
    # In a fresh process with a fixed hash seed: what else this one has loaded, and its seed, would show in the bytes.
    command = [sys.executable, "-P", "-s", "-S", "-m", "compileall", "-qq", *(("-b",) if beside_source else ())]
    command += ["-s", str(root), "-p", "/var/task", "--invalidation-mode", "unchecked-hash"]
    command += [str(folder) for folder in folders if folder.is_dir()]
    subprocess.run(command, env={"PYTHONHASHSEED": "0"}, check=False)


def _normalise(directory: Path) -> None:
    """Gives every file one mode and one time, so that the machine that built it leaves no trace."""
    for path in [directory, *directory.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
        os.utime(path, (315_532_800, 315_532_800))  # 1980-01-01, the earliest time that a zip can say


def _copy(bundle: Path, target: Path) -> None:
    """Copies with hard links where the file system allows: every synth copies six bundles of tens of megabytes."""
    shutil.copytree(bundle, target, dirs_exist_ok=True, copy_function=_link_or_copy)


def _link_or_copy(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target


def size_of(directory: Path) -> int:
    """Returns the bytes of all files under ``directory``."""
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())


def _check_size(function: Function, directory: Path) -> None:
    size = size_of(directory)
    if size > MAX_BYTES:
        raise DeploymentError(
            f"{function.name}: {size / 1e6:.0f} MB unzipped is over the limit of {MAX_BYTES / 1e6:.0f} MB"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.bundling", description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--platform", choices=("arm64", "x86_64", "local"), default="arm64", help="arm64 is what AWS runs"
    )
    parser.add_argument("--json", action="store_true", help="print the sizes as JSON")
    parser.add_argument("--quiet", action="store_true", help="print no sizes")
    parser.add_argument("functions", nargs="*", metavar="FUNCTION", help="only these (default: all)")
    options = parser.parse_args(arguments)
    wanted = Platform.local() if options.platform == "local" else Platform[options.platform.upper()]
    every = {function.name: function for function in (*TOPOLOGY.functions, OPERATIONS)}
    unknown = [name for name in options.functions if name not in every]
    if unknown:
        sys.stderr.write(f"There is no function {', '.join(unknown)}: there are {', '.join(every)}.\n")
        return 2
    sizes: dict[str, dict[str, int]] = {}
    try:
        for name in options.functions or every:
            bundle = _cached_bundle(every[name], wanted)
            if wanted is Platform.local():
                shutil.rmtree(bundle_path(every[name]), ignore_errors=True)
                _copy(bundle, bundle_path(every[name]))
            if not options.quiet:
                sizes[name] = _sizes(bundle)
    except DeploymentError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if not options.quiet:
        sys.stdout.write(json.dumps(sizes, indent=2) + "\n" if options.json else _table(sizes))
    return 0


def _sizes(bundle: Path) -> dict[str, int]:
    with tempfile.TemporaryDirectory() as scratch:
        zipped = Path(shutil.make_archive(f"{scratch}/bundle", "zip", bundle)).stat().st_size
    return {"unzipped_bytes": size_of(bundle), "zipped_bytes": zipped, "files": sum(1 for _ in bundle.rglob("*"))}


def _table(sizes: Mapping[str, Mapping[str, int]]) -> str:
    lines = [f"{'function':<20}{'unzipped':>12}{'zipped':>12}{'files':>8}"]
    for name, size in sizes.items():
        unzipped, zipped = (f"{size[key] / 1e6:.1f} MB" for key in ("unzipped_bytes", "zipped_bytes"))
        lines.append(f"{name:<20}{unzipped:>12}{zipped:>12}{size['files']:>8}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
