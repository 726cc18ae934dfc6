"""Setting up on machines that are not as they should be."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from local import bootstrap

MakePython = Callable[[Path, str], Path]


@pytest.fixture
def make_python() -> MakePython:
    """Makes an executable python3.13 that does what ``body`` (a shell script) says."""

    def make(path: Path, body: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
        return path

    return make


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose PATH, home and project folder are empty, and whose own Python is too old."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    monkeypatch.setattr(bootstrap, "TOOLS", str(tmp_path / ".tools"))
    monkeypatch.setattr(bootstrap, "STAMP", str(tmp_path / ".tools" / "setup.json"))
    monkeypatch.setattr(sys, "version_info", (3, 11, 0, "final", 0))
    return tmp_path


def real_python(machine: Path, where: str, make_python: MakePython) -> Path:
    return make_python(machine / where, f'exec "{os.path.realpath(sys.executable)}" "$@"')


def test_a_shim_that_fails_is_passed_over_for_pyenvs_own(machine: Path, make_python: MakePython) -> None:
    make_python(machine / "bin" / "python3.13", "echo 'pyenv: python3.13: command not found' >&2; exit 127")
    expected = real_python(machine, "home/.pyenv/versions/3.13.0/bin/python3.13", make_python)

    assert bootstrap.find_python() == str(expected)


def test_a_python_that_claims_another_version_is_passed_over(machine: Path, make_python: MakePython) -> None:
    make_python(machine / "bin" / "python3.13", "echo 3.12")

    assert bootstrap.find_python() is None


def test_a_working_python_on_the_path_comes_first(machine: Path, make_python: MakePython) -> None:
    real_python(machine, "home/.pyenv/versions/3.13.0/bin/python3.13", make_python)
    expected = real_python(machine, "bin/python3.13", make_python)

    assert bootstrap.find_python() == str(expected)


def test_the_newest_of_pyenvs_versions_wins_and_pyenv_root_is_respected(
    machine: Path, make_python: MakePython, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYENV_ROOT", str(machine / "elsewhere"))
    for version in ("3.13.2", "3.13.10", "3.13.9", "3.12.99"):
        real_python(machine, f"elsewhere/versions/{version}/bin/python3.13", make_python)

    found = bootstrap.find_python()

    assert found == str(machine / "elsewhere/versions/3.13.10/bin/python3.13")


def test_no_python_and_no_download_says_what_to_install(machine: Path, make_python: MakePython) -> None:
    uv = make_python(machine / "uv", "exit 2")

    with pytest.raises(bootstrap.SetupError, match=r"Python 3\.13 is missing and could not be downloaded"):
        bootstrap.install_python(str(uv))


def test_without_pip_and_uv_the_message_names_what_to_install(
    machine: Path, make_python: MakePython, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = make_python(machine / "bin" / "python3", "echo 'No module named pip' >&2; exit 1")
    monkeypatch.setattr(sys, "executable", str(old))

    with pytest.raises(bootstrap.SetupError, match=r"(?s)apt install python3-venv.*No module named pip"):
        bootstrap.find_uv(None)


def test_a_uv_of_the_machine_will_do_when_pip_does_not(
    machine: Path, make_python: MakePython, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = make_python(machine / "bin" / "python3", "exit 1")
    own = make_python(machine / "bin" / "uv", "echo uv 0.1.0")
    monkeypatch.setattr(sys, "executable", str(old))

    assert bootstrap.find_uv(None) == str(own)


def test_a_half_made_environment_is_made_again(machine: Path, make_python: MakePython) -> None:
    folder = machine / "project" / ".venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(machine / "gone")
    log = machine / "calls"
    uv = make_python(machine / "uv", f'echo "$1 $2" >> "{log}"')

    bootstrap.make_environment(str(uv), "/python", str(folder), "requirements/dev.txt", [])

    assert log.read_text().splitlines() == ["venv --quiet", "pip sync"]
    assert not folder.exists()  # the stand-in makes nothing


def test_a_failing_installation_points_at_the_network_and_the_lock(machine: Path, make_python: MakePython) -> None:
    uv = make_python(machine / "uv", "exit 1")
    folder = machine / "project" / ".venv"
    real_python(machine, "project/.venv/bin/python", make_python)

    with pytest.raises(bootstrap.SetupError, match=r"dev\.txt could not be installed.*HTTPS_PROXY"):
        bootstrap.make_environment(str(uv), "/python", str(folder), "requirements/dev.txt", [])


def test_setup_is_done_again_when_a_lock_changes(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = machine / "project"
    for path in ("requirements/dev.txt", "requirements/localstack.txt", "requirements/bootstrap.txt"):
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(path)
    for path in ("local/bootstrap.py", ".venv/bin/python", ".venv/bin/replyctl", ".venv-localstack/bin/python"):
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text("")
    monkeypatch.setattr(bootstrap, "ROOT", str(project))
    (machine / ".tools").mkdir()
    assert not bootstrap.is_up_to_date()

    bootstrap.write_stamp()
    assert bootstrap.is_up_to_date()

    (project / "requirements/localstack.txt").write_text("newer")
    assert not bootstrap.is_up_to_date()
    bootstrap.write_stamp()
    (project / ".venv/bin/replyctl").unlink()
    assert not bootstrap.is_up_to_date()


def test_the_command_line_runs_from_a_folder_with_spaces(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = machine / "a project's folder"
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / "ops").mkdir()
    (project / "ops" / "__init__.py").write_text("")
    (project / "ops" / "replyctl.py").write_text("import sys\ndef main():\n    print(sys.argv[1:])\n    return 7\n")
    (project / ".venv" / "bin" / "python").symlink_to(os.path.realpath(sys.executable))
    monkeypatch.setattr(bootstrap, "ROOT", str(project))

    bootstrap.write_command_line()

    result = subprocess.run(
        [project / ".venv" / "bin" / "replyctl", "two words"],
        cwd=machine,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout) == (7, "['two words']\n")
