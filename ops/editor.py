"""The operator's own editor."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from ops.errors import CommandError


def edit_text(text: str) -> str:
    """Opens the text in an editor and returns the new one. Raises CommandError when nothing was changed."""
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not command:
        raise CommandError("No editor is set.", "Set EDITOR, or say --body TEXT or --file FILE.")
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "draft.txt")
        path.write_text(text + "\n", encoding="utf-8")
        try:
            finished = subprocess.run([*shlex.split(command), str(path)], check=False)  # the person's own editor
        except OSError as error:
            raise CommandError(f"The editor {command} does not start: {error.strerror or error}.") from None
        if finished.returncode != 0:
            raise CommandError(f"The editor ended with code {finished.returncode}: nothing was changed.")
        edited = path.read_text(encoding="utf-8")
    if edited.strip() == text.strip():
        raise CommandError("The text is as it was: nothing was changed.")
    return edited
