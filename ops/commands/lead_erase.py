"""replyctl lead erase: a person asks to be forgotten."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Annotated

import typer

from ops.commands.lead_reference import LeadReference, find_named_lead
from ops.errors import CommandError
from ops.options import AsJson, ClientName, StackFile, Yes, confirm
from ops.output import print_json, print_table, say
from ops.stack import target
from shared.domain.vocabulary import LeadId
from shared.pipelines.people.erase_lead import Erased, EraseRefusal, EraseRefusedError, erase_lead

POLL_S = 1.0
PASSES = frozenset({EraseRefusal.JOB_RUNNING, EraseRefusal.PROVIDER_UNTOLD})
"""What ends by itself, usually within seconds."""

REFUSALS: Mapping[EraseRefusal, tuple[str, str]] = MappingProxyType(
    {
        EraseRefusal.UNKNOWN_LEAD: ("there is no such lead", "replyctl lead show LEAD says how it stands."),
        EraseRefusal.ERASED: ("it was erased before", "Nothing is known of it any more."),
        EraseRefusal.JOB_RUNNING: ("one of its jobs is running, or has lost its worker", "Run it again in a minute."),
        EraseRefusal.SEND_UNSETTLED: (
            "a message to it may be on its way",
            "Run it again in a minute; replyctl drafts resolve DRAFT ends an uncertain send.",
        ),
        EraseRefusal.PROVIDER_UNTOLD: (
            "it is suppressed, but not every provider account has been told yet, which takes the address",
            "Run it again in a minute. replyctl lead show LEAD shows the job; if the account will not be told any more:"
            " --without-provider",
        ),
    }
)


def erase(
    lead: LeadReference,
    without_provider: Annotated[
        bool, typer.Option("--without-provider", help="Do not wait until the provider accounts have been told.")
    ] = False,
    wait_s: Annotated[
        float, typer.Option("--wait", min=0.0, help="Seconds to wait for running jobs and for the providers.")
    ] = 60.0,
    yes: Yes = False,
    client: ClientName = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Erase everything about a person, for ever: addresses, names, messages, drafts, deliveries.

    The lead is suppressed and the provider accounts are told first. What is left are rows without content, for the
    counts, and keyed hashes that recognise the person: a newer message of theirs goes to a person, never to a machine.
    """
    here = target(stack)
    hash_address = here.hash_address()
    with here.database() as engine, here.publisher() as publisher:
        found = find_named_lead(here, engine, lead, client)
        confirm(f"Erase everything about {found.words}? Nothing brings it back.", yes)

        def attempt() -> Erased:
            return erase_lead(
                engine,
                publisher,
                LeadId(found.id),
                hash_address,
                now=datetime.now(UTC),
                even_if_untold=without_provider,
            )

        try:
            erased = _patiently(attempt, wait_s)
        except EraseRefusedError as error:
            sentence, remedy = REFUSALS[error.refusal]
            raise CommandError(f"Not erased: {sentence}.", remedy) from None
    if as_json:
        print_json(erased)
        return
    say(f"Erased at {erased.erased_at:%Y-%m-%d %H:%M:%S} UTC: {', '.join(map(str, erased.lead_ids))}")
    print_table(["table", "rows"], sorted(erased.rows.items()), empty="")
    say(f"Tombstones: {erased.tombstones}")


def _patiently(attempt: Callable[[], Erased], wait_s: float) -> Erased:
    """Tries again for a while what is refused for something that ends by itself. Raises EraseRefusedError."""
    deadline = time.monotonic() + wait_s
    while True:
        try:
            return attempt()
        except EraseRefusedError as error:
            if error.refusal not in PASSES or time.monotonic() + POLL_S > deadline:
                raise
            time.sleep(POLL_S)
