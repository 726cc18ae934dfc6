"""The bound on how much of a text is read that nobody wrote by hand."""

from __future__ import annotations

from collections.abc import Callable


def head_and_tail(
    text: str,
    head: int,
    tail: int,
    *,
    joint: str,
    end_of_head: Callable[[str], int] = len,
    start_of_tail: Callable[[str], int] = lambda _: 0,
) -> str:
    """Cuts the middle out of a longer text: ``head`` characters at its beginning and ``tail`` at its end stay.

    ``joint`` stands for what is gone. The two functions move the cuts to a better place inside what stays.
    """
    if len(text) <= head + tail:
        return text
    first, last = text[:head], text[-tail:]
    return f"{first[: end_of_head(first)]}{joint}{last[start_of_tail(last) :]}"
