"""The error that replyctl reports to a person when it cannot do what was asked."""

from __future__ import annotations


class CommandError(Exception):
    """A refusal that ends the command with exit code 1. ``sentence`` states the problem, ``remedy`` the way out."""

    def __init__(self, sentence: str, remedy: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy
