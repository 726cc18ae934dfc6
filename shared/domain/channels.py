"""The rules that depend on a message's medium, not on its carrier: one row per channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from shared.domain.vocabulary import Channel


@dataclass(frozen=True, slots=True)
class ChannelRules:
    """``max_chars``: the longest text that may leave. ``writing_hint``: what the writer is told about the medium."""

    has_subject: bool
    has_quotes: bool  # quoted threads, signatures and closings are looked for
    max_chars: int | None
    auto_send_by_default: bool
    writing_hint: str


CHANNELS: Mapping[Channel, ChannelRules] = MappingProxyType(
    {
        Channel.EMAIL: ChannelRules(
            has_subject=True,
            has_quotes=True,
            max_chars=None,
            auto_send_by_default=True,
            writing_hint="an email",
        ),
    }
)
