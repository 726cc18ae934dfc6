"""What the command line tells a person when it cannot do what was asked."""

from __future__ import annotations


class CommandError(Exception):
    """The command ends with exit code 1. ``sentence`` says what is wrong, ``remedy`` what to do about it."""

    def __init__(self, sentence: str, remedy: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy
