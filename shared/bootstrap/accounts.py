"""The accounts that the clients have at their providers, each opened with its credential."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from sqlalchemy import Engine

from shared.bootstrap.parts import Kept
from shared.config import PARAMETER_STORE_PREFIX, ProviderSettings, Secrets
from shared.db.rate_budgets import StoredTurns
from shared.domain.accounts import AccountRef
from shared.domain.vocabulary import Provider as ProviderName
from shared.providers.protocol import Access, Account, Accounts
from shared.providers.rate_budget import RateBudget
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


def credential_reference(settings: ProviderSettings, ref: AccountRef) -> str:
    """Returns what an account's credential is resolved from: its row's reference, else the environment's rule."""
    if ref.credential_ref is not None:
        return ref.credential_ref
    credentials = _environment_of(settings, ref.provider).credentials
    return f"{credentials}{ref.client_id}" if credentials.startswith(PARAMETER_STORE_PREFIX) else credentials


def provider_accounts(
    settings: ProviderSettings, secrets: Secrets, engine: Engine, *, background: bool = False
) -> Accounts:
    """Opens the accounts that the clients have at their providers. Two of ours with one key are one workspace there.

    A key that is refused is read again for the next call: a person may have put the right one there since.
    ``background``: nobody waits for what is asked, so others go first where a provider limits the rate.
    """

    def make(ref: AccountRef, credential: str) -> Account:
        provider = PROVIDERS[ref.provider]
        budget = RateBudget(
            StoredTurns(engine, ref.provider, credential, ref.id),
            [limit.scaled(settings.time_scale) for limit in provider.rate_limits],
            background=background,
        )
        forget = partial(secrets.forget, credential_reference(settings, ref))
        access = Access(_environment_of(settings, ref.provider).base_url, budget, on_refused=forget)
        return provider.account(credential, access)

    keep = Kept(make)
    return lambda ref: keep.of(ref, secrets.resolve(credential_reference(settings, ref), is_credential=True))
