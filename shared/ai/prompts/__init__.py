"""Prompts as versioned files: a change of a prompt is a new file, so that records say which one was used."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def load_prompt(version: str) -> str:
    """Loads the text of one prompt, such as ``sentiment.v2``."""
    return (files(__package__) / f"{version}.md").read_text(encoding="utf-8")
