"""Files that a command line names. They are read on the operator's machine, wherever the command runs.

On the operator's own machine a name is a path and ``-`` is standard input. In the operations function nothing that a
caller names is opened: there the contents come with the call (``infra.operate`` sends them), and any other name is
refused. Every argument that means a file is declared with ``file_option``, ``file_argument`` or ``given_file``.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath
from typing import Any, Final

import typer

from ops.errors import CommandError

STANDARD_INPUT: Final = "-"
# Set by the operations function for its own commands: their standard input holds the files of the call.
FILES_COME_WITH_THE_CALL: Final = "REPLYCTL_FILES_COME_WITH_THE_CALL"


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file that an argument names, with its content."""

    name: str
    content: bytes

    @property
    def suffix(self) -> str:
        return PurePath(self.name).suffix

    def text(self) -> str:
        """Returns the content as text. Raises CommandError when it is none."""
        try:
            return self.content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise CommandError(f"{self.name} cannot be read: {error}.", "It has to be text in UTF-8.") from None


_recorded: ContextVar[dict[str, bytes] | None] = ContextVar("recorded", default=None)


def given_file(name: str) -> GivenFile:
    """Reads the file that an argument names. Raises CommandError when it cannot be read."""
    content = _from_the_call(name) if runs_for_a_caller() else _from_here(name)
    recorded = _recorded.get()
    if recorded is not None:
        recorded[name] = content
    return GivenFile(name, content)


def file_option(help: str) -> Any:
    """Declares the option --file."""
    return typer.Option("--file", metavar="FILE", help=help, parser=given_file, show_default=False)


def file_argument(metavar: str, help: str) -> Any:
    return typer.Argument(metavar=metavar, help=help, parser=given_file, show_default=False)


def runs_for_a_caller() -> bool:
    """True when this process runs in the operations function, for somebody who may not look around there."""
    return FILES_COME_WITH_THE_CALL in os.environ


@contextmanager
def recorded_files() -> Iterator[Mapping[str, bytes]]:
    """Records every file that is read meanwhile, by name."""
    files: dict[str, bytes] = {}
    token = _recorded.set(files)
    try:
        yield files
    finally:
        _recorded.reset(token)


def pack(files: Mapping[str, bytes]) -> dict[str, str]:
    """Returns the files in JSON's types."""
    return {name: base64.b64encode(content).decode("ascii") for name, content in files.items()}


def unpack(files: object) -> dict[str, bytes]:
    """Reverses ``pack``. Raises ValueError for anything else."""
    if not isinstance(files, dict) or not all(isinstance(content, str) for content in files.values()):
        raise ValueError("files must be an object of names and Base64 texts")
    try:
        return {name: base64.b64decode(content, validate=True) for name, content in files.items()}
    except binascii.Error:
        raise ValueError("the content of a file is no Base64") from None


def _from_here(name: str) -> bytes:
    try:
        if name == STANDARD_INPUT:
            return sys.stdin.buffer.read()
        with open(name, "rb") as file:
            return file.read()
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror or error}.") from None


def _from_the_call(name: str) -> bytes:
    try:
        return _files_of_the_call()[name]
    except KeyError:
        raise CommandError(
            f"The file {name} did not come with the call, and no file is opened here.",
            "Files are sent by: python -m infra.operate STAGE -- …",
        ) from None


@cache
def _files_of_the_call() -> Mapping[str, bytes]:
    return unpack(json.loads(sys.stdin.buffer.read()))
