"""The rules that depend on a message's medium, not on its carrier: one row per channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from shared.domain.text.sms_length import PART, WHOLE, Alphabet, sms_length
from shared.domain.vocabulary import Channel


class LengthUnit(StrEnum):
    """The measure of a text's length."""

    CHARACTERS = "characters"
    SMS_PARTS = "parts of a text message"


@dataclass(frozen=True, slots=True)
class LengthLimit:
    """The longest text that may leave."""

    most: int
    unit: LengthUnit

    def __str__(self) -> str:
        return f"{self.most:,} {self.unit}"

    def excess(self, text: str) -> str:
        """Says how long a text is and how long it may be; empty when it is short enough."""
        if self.unit is LengthUnit.CHARACTERS:
            return "" if len(text) <= self.most else f"{len(text):,} characters, at most {self.most:,} may be"
        length = sms_length(text)
        if length.parts <= self.most:
            return ""
        most = WHOLE[length.alphabet] if self.most == 1 else PART[length.alphabet] * self.most
        if length.alphabet is Alphabet.GSM_7:
            return f"{length.units} septets, at most {most} ({self.most} parts) may be"
        return f"{length.units} units for its “{length.foreign}”, at most {most} ({self.most} parts) may be"


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of a day, on the clocks of some place; ``end`` is exclusive."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class ChannelRules:
    """The rules of one medium.

    ``has_quotes``: people's messages carry quoted threads and signatures, which are taken out. ``is_letter``: a text of
    ours ends with a closing and a signature; elsewhere it is a line of a chat, without markdown, lists and emoji of its
    own. ``longest``: the longest text that may leave, ``shortest`` the fewest characters that say anything.
    ``has_stop_words``: a message of one such word ends all writing. ``plain_marks``: quotes and dashes leave as the
    keyboard has them. ``bars_shorteners``: links of public shorteners are filtered on their way. ``open_hours``: when
    it may leave, at the lead's place. ``links_at_once``: a first response may hold links. ``auto_send_by_default``: a
    draft may be sent without a person; ``auto_send_setting`` names the setting of a workspace that allows it elsewhere.
    ``prompt``: the prompt about the medium (shared.ai.prompts) that every task gets beside its own, which are about
    email.
    """

    name: Channel
    has_subject: bool = False
    has_quotes: bool = False
    is_letter: bool = False
    longest: LengthLimit | None = None
    shortest: int = 1
    has_stop_words: bool = False
    plain_marks: bool = False
    bars_shorteners: bool = False
    open_hours: Hours | None = None
    links_at_once: bool = True
    auto_send_by_default: bool = False
    auto_send_setting: str | None = None
    prompt: str | None = None


CHANNELS: Final[Mapping[Channel, ChannelRules]] = MappingProxyType(
    {
        Channel.EMAIL: ChannelRules(
            Channel.EMAIL,
            has_subject=True,
            has_quotes=True,
            is_letter=True,
            shortest=20,
            auto_send_by_default=True,
        ),
        Channel.SMS: ChannelRules(
            Channel.SMS,
            longest=LengthLimit(2, LengthUnit.SMS_PARTS),
            has_stop_words=True,
            plain_marks=True,
            bars_shorteners=True,
            open_hours=Hours(time(8), time(20)),
            auto_send_by_default=True,
            prompt="sms.v1",
        ),
        Channel.LINKEDIN: ChannelRules(
            Channel.LINKEDIN,
            longest=LengthLimit(1_200, LengthUnit.CHARACTERS),
            links_at_once=False,
            auto_send_setting="linkedin_auto_send",
            prompt="linkedin.v1",
        ),
    }
)
