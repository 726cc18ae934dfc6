"""The accounts that a command works with: choosing one, opening it with its credential, and checking it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from ops.errors import CommandError
from ops.wording import describe_account, provider_title
from shared.bootstrap.accounts import credential_reference, provider_accounts
from shared.config import Secrets, SecretUnavailableError
from shared.db.reports.accounts import AccountReport, list_accounts
from shared.domain.vocabulary import Provider, UnknownValueError
from shared.pipelines.job_failures import refuses_credentials
from shared.providers.errors import NotSent, ProviderError, RateLimited, Refused

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from ops.stack import Target
    from shared.domain.accounts import AccountRef
    from shared.providers.protocol import Account, Accounts

AGAIN = "Nothing is known about the key: run it again."
NO_KEY = "Put it there as a SecureString: docs/deploy.md shows the command."


# --- Choosing ----------------------------------------------------------------------------------------------------


def accounts_in_use(engine: Engine, client_id: UUID | None = None) -> list[AccountReport]:
    """Lists the accounts of one workspace, or of all, that are in use and whose provider this release knows."""
    with engine.connect() as connection:
        accounts = list_accounts(connection)
    return [
        account
        for account in accounts
        if account.is_in_use and account.provider in Provider and client_id in (None, account.client_id)
    ]


def choose_account(here: Target, engine: Engine, client: str | None, reference: str | None) -> AccountReport:
    """Finds the account that ``reference`` names: by our id, the provider's id, or its provider where that is enough.

    None: the only one of the workspace. An id of ours names its workspace by itself. Raises CommandError.
    """
    if reference is not None and (id := _as_id(reference)) is not None:
        found = next((account for account in accounts_in_use(engine) if account.id == id), None)
        here.require_owner(engine, client, {id: None if found is None else found.client_id}, "account")
        if found is None:
            raise CommandError(f"No account in use has the id {id}.", "replyctl account list shows the ids.")
        return found
    workspace = here.client(engine, client)
    accounts = accounts_in_use(engine, workspace.id)
    matches = [account for account in accounts if reference is None or _is_called(account, reference)]
    if len(matches) == 1:
        return matches[0]
    if not accounts:
        raise CommandError(
            f"{workspace.name} has no account in use.", "Connect one: replyctl account add --provider NAME"
        )
    names = ", ".join(f"{describe_account(account)} ({account.id})" for account in matches or accounts)
    if not matches:
        raise CommandError(f"{workspace.name} has no account {reference} in use.", f"It has: {names}")
    raise CommandError(f"{workspace.name} has several accounts.", f"Name one with --account: {names}")


def _is_called(account: AccountReport, reference: str) -> bool:
    provider, _, external_id = reference.partition("=")
    its_id = (account.external_id or "").casefold()
    return reference.casefold() in (its_id, account.provider.casefold()) or (
        provider.casefold() == account.provider.casefold() and external_id.casefold() == its_id
    )


def _as_id(reference: str) -> UUID | None:
    try:
        return UUID(reference)
    except ValueError:
        return None


# --- Opening -----------------------------------------------------------------------------------------------------


@contextmanager
def opened_accounts(here: Target, engine: Engine) -> Iterator[Accounts]:
    """Yields what opens accounts, whose calls raise what they raise; closes them at the end.

    Opening one raises SecretUnavailableError, and CommandError where nothing says what its credential is.
    """
    settings = here.provider_settings()
    make = provider_accounts(settings, Secrets(), engine)
    opened: dict[int, Account] = {}

    def open_account(ref: AccountRef) -> Account:
        if not credential_reference(settings, ref):
            raise CommandError(
                f"{provider_title(ref.provider)}'s API key is unknown.",
                f"Start a stack, set {ref.provider}_API_KEYS, or say where it is: account add --credential-ref.",
            )
        account = make(ref)
        opened[id(account)] = account
        return account

    try:
        yield open_account
    finally:
        for account in opened.values():
            account.close()


@contextmanager
def asking(here: Target, engine: Engine, account: AccountReport) -> Iterator[Account]:
    """Yields an account that a person asks something of. Raises CommandError."""
    title = provider_title(account.provider)
    try:
        with opened_accounts(here, engine) as accounts:
            yield accounts(account.ref)
    except SecretUnavailableError as error:
        raise CommandError(f"{title}'s API key cannot be read: {error}.", NO_KEY) from None
    except ProviderError as error:
        finding, advice = describe_error(error)
        raise CommandError(f"{title} did not do it: {finding}.", advice) from None


# --- Checking ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AccountCheck:
    """The finding about an account. ``works`` None: the provider could not be asked, so nothing is known."""

    works: bool | None
    finding: str
    advice: str = ""


def check_account(here: Target, engine: Engine, account: AccountReport) -> AccountCheck:
    """Asks the provider for what every send needs."""
    try:
        return check_credential(here, engine, account.ref)
    except UnknownValueError as error:
        return AccountCheck(None, str(error), "Deploy that release again.")


def check_credential(here: Target, engine: Engine, ref: AccountRef) -> AccountCheck:
    """Does the same for an account that need not be connected yet."""
    try:
        with opened_accounts(here, engine) as accounts:
            return AccountCheck(True, accounts(ref).check())
    except CommandError as error:
        return AccountCheck(None, f"no key: {error.sentence}", error.remedy)
    except SecretUnavailableError as error:
        return AccountCheck(False, f"no key: it cannot be read: {error}", NO_KEY)
    except ProviderError as error:
        return AccountCheck(False if refuses_credentials(error) else None, *describe_error(error))


def describe_error(error: ProviderError) -> tuple[str, str]:
    """Says what a provider's error means, and what to do about it."""
    match error:
        case Refused(status=401):
            return f"the key is refused: {error.message}", "Put the right one there: docs/deploy.md shows the command."
        case Refused(status=402):
            return f"the plan is refused: {error.message}", "Has the plan of the account ended?"
        case Refused(status=403):
            return f"the key lacks a scope: {error.message}", "Make a key with the scopes that docs/deploy.md lists."
        case Refused():
            return f"the provider refuses to say: {error}", "Is the address of its API right?"
        case RateLimited():
            return f"over the provider's limit: {error}", AGAIN
        case NotSent():
            return f"the provider is not reached: {error}", AGAIN
        case _:
            return f"the provider does not respond: {error}", AGAIN
