"""Sets the project up on a bare machine: `make setup`. Runs on any Python ≥ 3.8 with nothing installed.

Makes .venv (the project and its tools) and .venv-localstack (LocalStack's SQS, whose pins clash with ours) from the
hash-locked files in requirements/. Returns at once when nothing has changed, and can be interrupted and run again at
any point: the stamp that says "done" is written last.
"""

from __future__ import annotations

import fcntl
import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOOLS = os.path.join(ROOT, ".tools")
STAMP = os.path.join(TOOLS, "setup.json")
# Compiled at once: LocalStack, whose every start would pay. The project's own tools fill .venv as they are used; all of
# it (the AWS CDK above all) would take a minute.
ENVIRONMENTS = {
    ".venv": ("requirements/dev.txt", []),
    ".venv-localstack": ("requirements/localstack.txt", ["--compile-bytecode"]),
}
UV_LOCK = "requirements/bootstrap.txt"
VERSION = (3, 13)
VERSION_TEXT = "3.13"
# Says its version when it is a complete CPython with the usual interpreter lock; a shim or a half-installed Python
# fails here.
PROBE = (
    "import sys, sysconfig, ssl, ctypes, zlib;"
    "assert sys.implementation.name == 'cpython' and not sysconfig.get_config_var('Py_GIL_DISABLED');"
    "print('%d.%d' % sys.version_info[:2])"
)
PROBE_TIMEOUT_S = 30
COMMAND_LINE = """\
#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
# Written by local/bootstrap.py. A shell finds the interpreter, since a path with spaces cannot follow "#!".
import sys

sys.path.insert(0, {root!r})

from ops.replyctl import main

sys.exit(main())
"""


class SetupError(Exception):
    """A step that failed; the message says what is missing and what to do."""


def main(arguments: Sequence[str] = ()) -> int:
    if list(arguments) == ["--nothing-runs"]:
        return nothing_runs()
    if is_up_to_date():
        return 0
    os.makedirs(TOOLS, exist_ok=True)
    with open(os.path.join(TOOLS, "setup.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two at once would build into the same folders
        if is_up_to_date():
            return 0
        try:
            set_up()
        except SetupError as error:
            print("\nsetup failed: %s" % error, file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print("\nsetup interrupted: run it again, it goes on where it stopped", file=sys.stderr)
            return 130
    return 0


def nothing_runs() -> int:
    """Prints a sentence and returns 1 while a stack or a demo runs on this checkout, whatever became of its files.

    For `make clean`. Each of them holds the checkout's folder (``local.stack.hold_checkout``).
    """
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        try:
            with open(os.path.join(ROOT, ".local", "stack.lock")) as lock:
                who = " (pid %s)" % lock.read().strip()
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            who = ""  # nobody holds it: that pid is an earlier one's
        except BlockingIOError:
            pass
        except OSError:
            who = ""
        print("A stack or a demo is running on this checkout%s: stop it first, with Ctrl-C." % who, file=sys.stderr)
        return 1
    except OSError:  # a file system without locks
        return 0
    finally:
        os.close(folder)
    return 0


def is_up_to_date() -> bool:
    try:
        with open(STAMP) as stamp:
            done = json.load(stamp)
    except (OSError, ValueError):
        return False
    if done != {"digest": digest(), "root": ROOT}:
        return False
    return all(
        os.path.exists(os.path.join(ROOT, name, "bin", program))
        for name, program in ((".venv", "python"), (".venv", "replyctl"), (".venv-localstack", "python"))
    )


def write_stamp() -> None:
    replace_file(STAMP, json.dumps({"digest": digest(), "root": ROOT}))


def digest() -> str:
    """Returns a hash that changes with everything that the result depends on."""
    content = hashlib.sha256()
    for path in sorted({lock for lock, _ in ENVIRONMENTS.values()} | {UV_LOCK, "local/bootstrap.py"}):
        try:
            with open(os.path.join(ROOT, path), "rb") as file:
                content.update(path.encode() + b"\0" + file.read() + b"\0")
        except OSError as error:
            raise SystemExit(
                "setup failed: %s cannot be read (%s): is the checkout complete?" % (path, error.strerror)
            ) from error
    return content.hexdigest()


def set_up() -> None:
    if os.path.exists(STAMP):
        os.unlink(STAMP)
    python = find_python()
    uv = find_uv(python)
    if python is None:
        python = install_python(uv)
    say("Python %s: %s" % (VERSION_TEXT, python))
    for name, (lock, options) in ENVIRONMENTS.items():
        make_environment(uv, python, os.path.join(ROOT, name), lock, options)
    write_command_line()
    write_stamp()
    say("Set up. `make demo` shows the pipeline at work, `make help` lists the rest.")


# ── Python ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def find_python() -> str | None:
    """Returns the path of a working CPython 3.13, or None."""
    for candidate in python_candidates():
        if works(candidate):
            return candidate
    return None


def python_candidates() -> Iterator[str]:
    name = "python" + VERSION_TEXT
    if sys.version_info[:2] == VERSION:
        yield sys.executable
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        path = os.path.join(folder, name)
        if os.access(path, os.X_OK):
            yield path
    pyenv = os.environ.get("PYENV_ROOT") or os.path.join(os.path.expanduser("~"), ".pyenv")
    found = glob.glob(os.path.join(glob.escape(pyenv), "versions", VERSION_TEXT + "*", "bin", name))
    for path in sorted(found, key=version_key, reverse=True):
        yield path
    yield from sorted(glob.glob(os.path.join(glob.escape(TOOLS), "python", "*", "bin", name)), reverse=True)


def version_key(path: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", path)]


def works(python: str) -> bool:
    try:
        result = subprocess.run(
            [python, "-I", "-c", PROBE],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PROBE_TIMEOUT_S,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return result.returncode == 0 and result.stdout.decode().strip() == VERSION_TEXT


def install_python(uv: str) -> str:
    say("No working Python %s was found: downloading one" % VERSION_TEXT)
    folder = os.path.join(TOOLS, "python")
    run(
        [uv, "python", "install", "--install-dir", folder, "--no-bin", VERSION_TEXT],
        "Python %s is missing and could not be downloaded. Install it (your package manager, or `pyenv install %s`),"
        " or let this machine reach the internet, then run `make setup` again." % (VERSION_TEXT, VERSION_TEXT),
    )
    python = find_python()
    if python is None:
        raise SetupError(
            "The downloaded Python %s does not run on this machine: install one yourself (your package manager, or"
            " `pyenv install %s`) and run `make setup` again." % (VERSION_TEXT, VERSION_TEXT)
        )
    return python


# ── uv ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def find_uv(python: str | None) -> str:
    """Returns uv in the locked version, installed into .tools; failing that, the uv of this machine."""
    folder = os.path.join(TOOLS, "uv")
    uv = os.path.join(folder, "bin", "uv")
    if locked_version() in version_of(uv):
        return uv
    say("Installing uv, which installs the rest")
    tried = []
    for base in [path for path in (python, sys.executable) if path]:
        shutil.rmtree(folder, ignore_errors=True)
        # With a virtual environment where the machine has the means for one; pip alone is enough otherwise.
        in_environment = os.path.join(folder, "bin", "python")
        requirements = ["--require-hashes", "--no-deps", "-r", os.path.join(ROOT, UV_LOCK)]
        for steps in (
            [[base, "-m", "venv", folder], [in_environment, "-m", "pip", "install", "--quiet", *requirements]],
            [[base, "-m", "pip", "install", "--quiet", "--target", folder, *requirements]],
        ):
            outputs = [attempt(step) for step in steps]
            if locked_version() in version_of(uv):
                return uv
            tried += [output for output in outputs if output]
    own = shutil.which("uv")
    if own and version_of(own):
        say("using %s instead" % own)
        return own
    raise SetupError(
        "uv could not be installed with pip. Install pip and venv (Debian and Ubuntu: `apt install python3-venv`), or"
        " uv itself, and check that the package index can be reached (proxies: HTTPS_PROXY, PIP_INDEX_URL). The last"
        " error was:\n%s" % (tried[-1] if tried else "(none)")
    )


def locked_version() -> str:
    with open(os.path.join(ROOT, UV_LOCK)) as lock:
        match = re.search(r"^uv==(\S+)", lock.read(), re.MULTILINE)
    if match is None:
        raise SetupError("%s names no version of uv: run `make lock` on a machine that has one." % UV_LOCK)
    return "uv %s " % match.group(1)


def version_of(uv: str) -> str:
    """Returns the output of `uv --version` with a space behind it; "" when it does not run."""
    try:
        result = subprocess.run([uv, "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return result.stdout.decode(errors="replace").strip() + " " if result.returncode == 0 else ""


def attempt(command: Sequence[str]) -> str:
    """Runs ``command`` and returns its errors; "" when it succeeded."""
    try:
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    except OSError as error:
        return "%s: %s" % (command[0], error.strerror)
    return result.stdout.decode(errors="replace").strip() if result.returncode != 0 else ""


# ── Environments ─────────────────────────────────────────────────────────────────────────────────────────────────────


def make_environment(uv: str, python: str, folder: str, lock: str, options: Sequence[str]) -> None:
    say("%s from %s" % (os.path.basename(folder), lock))
    inside = os.path.join(folder, "bin", "python")
    if not works(inside):  # not there, made for another Python, or left half-made
        if os.path.lexists(folder):
            shutil.rmtree(folder)
        run([uv, "venv", "--quiet", "--no-project", "--python", python, folder], "%s could not be made." % folder)
    quiet = [] if sys.stderr.isatty() else ["--quiet"]  # progress for a person, errors for everyone
    run(
        [uv, "pip", "sync", *quiet, *options, "--require-hashes", "--python", inside, os.path.join(ROOT, lock)],
        "The packages of %s could not be installed; the reason is above. If it is the network: run `make setup` again"
        " when the package index can be reached (proxies: HTTPS_PROXY; an index of your own: UV_DEFAULT_INDEX)."
        " If it is a hash or a version: `git status requirements/` and `make lock`." % lock,
    )


def write_command_line() -> None:
    """Writes .venv/bin/replyctl, a script instead of an installed project: no build tool, no path that goes stale."""
    path = os.path.join(ROOT, ".venv", "bin", "replyctl")
    replace_file(path, COMMAND_LINE.format(python=os.path.join(ROOT, ".venv", "bin", "python"), root=ROOT))
    os.chmod(path, 0o755)  # noqa: S103 (a command for everyone on this machine)


def run(command: Sequence[str], complaint: str) -> None:
    environment = dict(os.environ)
    environment.pop("VIRTUAL_ENV", None)  # an active environment of the user is none of ours
    if "PIP_INDEX_URL" in environment:
        environment.setdefault("UV_DEFAULT_INDEX", environment["PIP_INDEX_URL"])
    try:
        status = subprocess.call(command, env=environment, stdin=subprocess.DEVNULL, cwd=ROOT)
    except OSError as error:
        raise SetupError("%s\n(%s: %s)" % (complaint, command[0], error.strerror)) from error
    if status != 0:
        raise SetupError(complaint)


def replace_file(path: str, content: str) -> None:
    partial = path + ".partial"
    with open(partial, "w") as file:
        file.write(content)
    os.replace(partial, path)


def say(line: str) -> None:
    print("setup: %s" % line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
