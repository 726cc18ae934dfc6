"""replyctl lead held, reviews, release, suppress: replies that may be opt-outs, and what a person says of them."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.commands.lead_reference import LeadReference, find_named_lead
from ops.errors import CommandError
from ops.options import AsJson, By, ClientName, Limit, StackFile, Yes, confirm
from ops.output import print_json, print_table, say, shorten
from ops.stack import login_name, target
from shared.db.lead_holds import list_held
from shared.db.suppression_reviews import list_reviews
from shared.domain.actor import Actor
from shared.domain.vocabulary import ClientId, LeadId
from shared.pipelines.people.decide_holds import release_lead, suppress_by_person
from shared.pipelines.people.refusals import InterventionRefusedError


def held(limit: Limit = 50, client: ClientName = None, stack: StackFile = None, as_json: AsJson = False) -> None:
    """List held leads: their reply may be an opt-out, so nothing is sent to them until that is decided.

    A model decides first; what it cannot decide waits for a person. To decide: replyctl lead release or suppress.
    """
    with target(stack).workspace(client) as (connection, workspace):
        leads = list_held(connection, ClientId(workspace.id), limit=limit)
    if as_json:
        print_json(leads)
        return
    print_table(
        ["id", "lead", "rule", "words", "asks", "finding", "held (UTC)"],
        [
            (
                lead.id,
                lead.email,
                lead.rule,
                shorten(lead.words, 120),
                "a person" if lead.asks_a_person else "a model",
                shorten(lead.finding or "", 120),
                lead.held_at,
            )
            for lead in leads
        ],
        empty="No lead is held.",
    )


def reviews(limit: Limit = 50, client: ClientName = None, stack: StackFile = None, as_json: AsJson = False) -> None:
    """List the opt-outs that a person has to confirm or undo, the oldest first.

    SUPPRESSED_BY_MODEL: lead suppress confirms it, lead unsuppress undoes it. The others are held: lead suppress or
    lead release decides.
    """
    with target(stack).workspace(client) as (connection, workspace):
        asked = list_reviews(connection, ClientId(workspace.id), limit=limit)
    if as_json:
        print_json(asked)
        return
    print_table(
        ["lead", "address", "question", "rule", "words", "finding", "since (UTC)"],
        [
            (
                one.lead_id,
                one.email,
                one.kind,
                one.rule,
                shorten(one.words, 120),
                shorten(one.finding or "", 120),
                one.created_at,
            )
            for one in asked
        ],
        empty="Nothing waits for a person.",
    )


def release(
    lead: LeadReference,
    by: By = None,
    yes: Yes = False,
    client: ClientName = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """End a hold: the reply is no opt-out. Drafts that waited for this wait for their own decision."""
    here = target(stack)
    with here.database() as engine:
        found = find_named_lead(here, engine, lead, client)
        confirm(f"Allow messages to {found.words} again?", yes)
        try:
            ended = release_lead(engine, LeadId(found.id), by=Actor.person(by or login_name()))
        except InterventionRefusedError as error:
            raise CommandError(f"Not released: {error}.", "replyctl lead held lists who is.") from None
        found = find_named_lead(here, engine, str(found.id), None)
    if as_json:
        print_json({"lead": found, "ended": ended})
        return
    say(f"{found.words} is not held any more ({ended.rule}). Its drafts: replyctl lead show {found.id}")


def suppress(
    lead: LeadReference,
    words: Annotated[str, typer.Option("--words", help="Why, in your own words.")] = "",
    by: By = None,
    yes: Yes = False,
    client: ClientName = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Stop all messages to a lead, here and at the providers; of a held or suppressed one, confirm the opt-out.

    To undo: replyctl lead unsuppress LEAD
    """
    here = target(stack)
    with here.database() as engine, here.publisher() as publisher:
        found = find_named_lead(here, engine, lead, client)
        was_suppressed = found.suppressed_at is not None
        confirm(f"Never write to {found.words} again?", yes)
        answered = suppress_by_person(
            engine,
            publisher,
            ClientId(found.client_id),
            LeadId(found.id),
            by=Actor.person(by or login_name()),
            words=words,
        )
        found = find_named_lead(here, engine, str(found.id), None)
    if as_json:
        print_json({"lead": found, "answered_reviews": answered})
        return
    say(f"{found.words} {'stays' if was_suppressed else 'is'} suppressed ({found.suppression_reason}).")
