"""The accounts that the clients have at their providers, each opened with its credential."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from shared.bootstrap.parts import Kept
from shared.config import PARAMETER_STORE_PREFIX, ProviderSettings, Secrets
from shared.domain.accounts import AccountRef
from shared.domain.vocabulary import Provider as ProviderName
from shared.providers.pacing import LIMIT_WINDOW_S, Pacer
from shared.providers.protocol import Access, Account, Accounts
from shared.providers.registry import PROVIDERS


@dataclass(frozen=True, slots=True)
class _Environment:
    """What the environment says of a provider. ``credentials``: a path of parameters, each named for its client, or
    one value for every client."""

    base_url: str
    credentials: str


def _environment_of(settings: ProviderSettings, provider: ProviderName) -> _Environment:
    match provider:
        case ProviderName.INSTANTLY:
            return _Environment(settings.instantly_base_url, settings.instantly_api_keys)
        case ProviderName.SMARTLEAD:
            return _Environment(settings.smartlead_base_url, settings.smartlead_api_keys)


def credential_reference(settings: ProviderSettings, ref: AccountRef) -> str:
    """Returns what an account's credential is resolved from: its row's reference, else the environment's rule."""
    if ref.credential_ref is not None:
        return ref.credential_ref
    credentials = _environment_of(settings, ref.provider).credentials
    return f"{credentials}{ref.client_id}" if credentials.startswith(PARAMETER_STORE_PREFIX) else credentials


def provider_accounts(settings: ProviderSettings, secrets: Secrets) -> Accounts:
    """Opens the accounts that the clients have at their providers. Two of ours with one key are one workspace there.

    A key that is refused is read again for the next call: a person may have put the right one there since.
    """
    pacers = dict[tuple[ProviderName, str], Pacer]()

    def make(ref: AccountRef, credential: str) -> Account:
        pacer = pacers.setdefault((ref.provider, credential), make_pacer(ref.provider, settings.time_scale))
        forget = partial(secrets.forget, credential_reference(settings, ref))
        access = Access(_environment_of(settings, ref.provider).base_url, pacer, on_refused=forget)
        return PROVIDERS[ref.provider].account(credential, access)

    keep = Kept(make)
    return lambda ref: keep.of(ref, secrets.resolve(credential_reference(settings, ref), is_credential=True))


def make_pacer(provider: ProviderName, time_scale: float = 1.0) -> Pacer:
    """Makes the pace of all that have one credential of a provider's."""
    return Pacer(interval_s=PROVIDERS[provider].pace_s * time_scale, window_s=LIMIT_WINDOW_S * time_scale)
