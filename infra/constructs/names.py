"""Construct ids from the topology's names. An id that changes replaces the resource, so there is one rule for them."""

from __future__ import annotations


def construct_id(name: str) -> str:
    """Returns the construct id of a topology name: ``post-process-dlq.fifo`` → ``PostProcessDlq``."""
    return "".join(word.capitalize() for word in name.removesuffix(".fifo").split("-"))
