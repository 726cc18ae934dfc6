"""Results of a JSON Lines file: printed as they come, with their progress, and counted where a line has none."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ops.errors import CommandError
from ops.output import progress


def print_results(
    doing: str, lines: Sequence[bytes], results: Iterable[Mapping[str, Any]], *, ensure_ascii: bool = True
) -> None:
    """Prints one JSON line for each result of ``lines``; ``doing`` names the progress bar.

    Raises CommandError, once all are printed, when a line could not be read: its result holds ``error``.
    """
    total = sum(bool(line.strip()) for line in lines)
    unreadable = 0
    with progress(doing, total) as advance:
        for result in results:
            unreadable += "error" in result
            sys.stdout.write(json.dumps(result, ensure_ascii=ensure_ascii) + "\n")
            sys.stdout.flush()
            advance()
    if unreadable:
        raise CommandError(f"{unreadable} of {total} lines could not be read.", "Their results say why.")
