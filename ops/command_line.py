"""A command line of replyctl, parsed without being run: its request, and the files that it names."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

from typer.core import TyperGroup
from typer.main import get_command

from ops.files import recorded_files
from ops.replyctl import app


@dataclass(frozen=True, slots=True)
class Command:
    """``path``: noun and verb. ``values``: by parameter. ``files``: the contents that were read, by name."""

    path: tuple[str, ...]
    values: Mapping[str, Any]
    files: Mapping[str, bytes]


def understand(arguments: Sequence[str]) -> Command | None:
    """Parses ``arguments`` and reads the files that they name; None when they are no command of replyctl.

    Raises CommandError for a file that cannot be read.
    """
    from typer import Exit
    from typer._click.exceptions import UsageError  # Typer's own copy of click exports it nowhere else

    command: Any = get_command(app)
    path: list[str] = []
    try:
        # Asked for its help it would print that: whoever runs the command does.
        with recorded_files() as files, redirect_stdout(io.StringIO()):
            context = command.make_context("replyctl", list(arguments))
            while isinstance(command, TyperGroup):
                rest = [*context._protected_args, *context.args]
                name, command, rest = command.resolve_command(context, rest)
                path.append(str(name))
                context = command.make_context(name, rest, parent=context)
    except (UsageError, Exit):
        return None
    return Command(tuple(path), context.params, dict(files))
