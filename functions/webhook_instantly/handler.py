"""Lambda entry point of Instantly's webhook."""

from __future__ import annotations

from functions.webhook.entry_point import EntryPoint
from shared.domain.vocabulary import Provider

handler = EntryPoint.of(Provider.INSTANTLY)
