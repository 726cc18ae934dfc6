"""The accounts that the clients have at their providers, each opened with its credential."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Engine

from shared.bootstrap.parts import Kept
from shared.config import PARAMETER_STORE_PREFIX, SET_THESE, ProviderSettings, Secrets, SettingsError
from shared.db.rate_budgets import StoredTurns
from shared.domain.accounts import AccountRef
from shared.providers.protocol import Access, Account, Accounts
from shared.providers.rate_budget import RateBudget
from shared.providers.registry import PROVIDERS


def credential_reference(settings: ProviderSettings, ref: AccountRef) -> str:
    """Returns what an account's credential is resolved from: its row's reference, else the environment's rule."""
    if ref.credential_ref is not None:
        return ref.credential_ref
    credentials = settings.providers[ref.provider].api_keys
    return f"{credentials}{ref.client_id}" if credentials.startswith(PARAMETER_STORE_PREFIX) else credentials


def provider_accounts(
    settings: ProviderSettings, secrets: Secrets, engine: Engine, *, background: bool = False
) -> Accounts:
    """Opens the accounts that the clients have at their providers. Two of ours with one key are one workspace there.

    A key that is refused is read again for the next call: a person may have put the right one there since.
    ``background``: nobody waits for what is asked, so others go first where a provider limits the rate. Raises
    SettingsError naming the variable of each provider that the environment does not know.
    """
    if missing := [f"{name}_API_KEYS: missing" for name in PROVIDERS if name not in settings.providers]:
        raise SettingsError(f"{SET_THESE}: {'; '.join(missing)}")

    def make(ref: AccountRef, credential: str) -> Account:
        provider = PROVIDERS[ref.provider]
        budget = RateBudget(
            StoredTurns(engine, ref.provider, credential, ref.id),
            [limit.scaled(settings.time_scale) for limit in provider.rate_limits],
            background=background,
        )
        forget = partial(secrets.forget, credential_reference(settings, ref))
        root = settings.providers[ref.provider].base_url or provider.api_root
        return provider.account(credential, Access(root, budget, on_refused=forget))

    keep = Kept(make)
    return lambda ref: keep.of(ref, secrets.resolve(credential_reference(settings, ref), is_credential=True))
