"""The rules that depend on a message's medium, not on its carrier: one row per channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from shared.domain.vocabulary import Channel


@dataclass(frozen=True, slots=True)
class ChannelRules:
    """The rules of one medium.

    ``has_quotes``: people's messages carry quoted threads and signatures, which are taken out. ``max_chars``: the
    longest text that may leave. ``auto_send_by_default``: whether a draft may be sent without a person.
    ``writing_hint``: what the writer is told beside its prompt, which is about email.
    """

    has_subject: bool
    has_quotes: bool
    max_chars: int | None
    auto_send_by_default: bool
    writing_hint: str

    def is_too_long(self, text: str) -> bool:
        return self.max_chars is not None and len(text) > self.max_chars


CHANNELS: Mapping[Channel, ChannelRules] = MappingProxyType(
    {
        Channel.EMAIL: ChannelRules(
            has_subject=True,
            has_quotes=True,
            max_chars=None,
            auto_send_by_default=True,
            writing_hint="",
        ),
    }
)
