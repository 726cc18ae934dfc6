"""The accounts that the clients have at their providers, each opened with its credential."""

from __future__ import annotations

from functools import partial

from shared.bootstrap.parts import Kept
from shared.config import PARAMETER_STORE_PREFIX, SET_THESE, ProviderSettings, Secrets, SettingsError
from shared.domain.accounts import AccountRef
from shared.domain.vocabulary import Provider as ProviderName
from shared.providers.pacing import LIMIT_WINDOW_S, Pacer
from shared.providers.protocol import Access, Account, Accounts
from shared.providers.registry import PROVIDERS


def credential_reference(settings: ProviderSettings, ref: AccountRef) -> str:
    """Returns what an account's credential is resolved from: its row's reference, else the environment's rule."""
    if ref.credential_ref is not None:
        return ref.credential_ref
    credentials = settings.providers[ref.provider].api_keys
    return f"{credentials}{ref.client_id}" if credentials.startswith(PARAMETER_STORE_PREFIX) else credentials


def provider_accounts(settings: ProviderSettings, secrets: Secrets) -> Accounts:
    """Opens the accounts that the clients have at their providers. Two of ours with one key are one workspace there.

    A key that is refused is read again for the next call: a person may have put the right one there since. Raises
    SettingsError naming the variable of each provider that the environment does not know.
    """
    if missing := [f"{name}_API_KEYS: missing" for name in PROVIDERS if name not in settings.providers]:
        raise SettingsError(f"{SET_THESE}: {'; '.join(missing)}")
    pacers = dict[tuple[ProviderName, str], Pacer]()

    def make(ref: AccountRef, credential: str) -> Account:
        pacer = pacers.setdefault((ref.provider, credential), make_pacer(ref.provider, settings.time_scale))
        forget = partial(secrets.forget, credential_reference(settings, ref))
        provider = PROVIDERS[ref.provider]
        root = settings.providers[ref.provider].base_url or provider.api_root
        return provider.account(credential, Access(root, pacer, on_refused=forget))

    keep = Kept(make)
    return lambda ref: keep.of(ref, secrets.resolve(credential_reference(settings, ref), is_credential=True))


def make_pacer(provider: ProviderName, time_scale: float = 1.0) -> Pacer:
    """Makes the pace of all that have one credential of a provider's."""
    return Pacer(interval_s=PROVIDERS[provider].pace_s * time_scale, window_s=LIMIT_WINDOW_S * time_scale)
