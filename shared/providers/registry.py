"""The providers that we know: the only list. A further one is one folder and one row."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from shared.domain.vocabulary import Provider as ProviderName
from shared.providers.instantly.provider import InstantlyProvider
from shared.providers.protocol import Provider
from shared.providers.smartlead.provider import SmartLeadProvider

PROVIDERS: Mapping[ProviderName, Provider] = MappingProxyType(
    {provider.name: provider for provider in (InstantlyProvider(), SmartLeadProvider())}
)
