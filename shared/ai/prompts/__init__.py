"""Prompts as versioned files: a change of a prompt is a new file, so that records say which one was used."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from shared.domain.channels import CHANNELS
from shared.domain.vocabulary import Channel


@dataclass(frozen=True, slots=True)
class Prompt:
    """The instructions of a task, and the version that a record of a call names."""

    version: str
    text: str


@cache
def load_prompt(version: str) -> str:
    """Loads the text of one prompt, such as ``sentiment.v2``."""
    return (files(__package__) / f"{version}.md").read_text(encoding="utf-8")


def prompt_on(channel: Channel, version: str) -> Prompt:
    """Returns a task's prompt, with the one about the medium below it: the tasks' own are about email."""
    medium = CHANNELS[channel].prompt
    if medium is None:
        return Prompt(version, load_prompt(version))
    return Prompt(f"{version}+{medium}", f"{load_prompt(version)}\n{load_prompt(medium)}")
