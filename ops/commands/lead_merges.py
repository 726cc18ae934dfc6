"""replyctl lead merge, unmerge, suggestions: two leads that are one person."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

import typer

from ops.commands.lead_reference import find_named_lead
from ops.errors import CommandError
from ops.options import AsJson, By, ClientName, Limit, StackFile, Yes, confirm
from ops.output import print_json, print_table, say
from ops.stack import login_name, target
from shared.db.merge_suggestions import list_suggestions
from shared.domain.actor import Actor
from shared.domain.vocabulary import ClientId, LeadId
from shared.pipelines.people.merge_leads import MergeRefusal, MergeRefusedError, merge_leads, unmerge_lead

REFUSALS: Mapping[MergeRefusal, tuple[str, str]] = MappingProxyType(
    {
        MergeRefusal.UNKNOWN_LEAD: ("there is no lead {lead}", "replyctl lead show LEAD says how it stands."),
        MergeRefusal.SAME_LEAD: ("both are the same lead", "replyctl lead show LEAD lists what was merged into it."),
        MergeRefusal.ANOTHER_WORKSPACE: ("they are of two workspaces", "People of two workspaces are never one."),
        MergeRefusal.ALREADY_MERGED: ("{lead} is part of another lead already", "replyctl lead show {lead} names it."),
        MergeRefusal.ERASED: ("{lead} was erased", "Nothing is known of it any more."),
        MergeRefusal.JOB_RUNNING: ("a job of one of them is running right now", "Try again in a minute."),
        MergeRefusal.SEND_UNSETTLED: (
            "an email to one of them may be on its way",
            "replyctl drafts list --status SEND_UNCERTAIN; replyctl drafts resolve ends an uncertain send.",
        ),
        MergeRefusal.NOT_MERGED: ("it is not part of another lead", "replyctl lead show LEAD says how it stands."),
        MergeRefusal.WINNER_MERGED: ("{lead} has been merged itself since", "First: replyctl lead unmerge {lead}"),
    }
)


def merge(
    lead: Annotated[str, typer.Argument(metavar="LEAD", help="The lead that stays: email address or id.")],
    other: Annotated[str, typer.Argument(metavar="OTHER", help="The lead that becomes part of it.")],
    by: By = None,
    yes: Yes = False,
    client: ClientName = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Make two leads one: the same person under two addresses.

    Replies from either address are one conversation from then on, under the stricter suppression of the two. OTHER's
    open drafts are superseded. To undo: replyctl lead unmerge OTHER
    """
    here = target(stack)
    with here.database() as engine, here.publisher() as publisher:
        stays, goes = (find_named_lead(here, engine, reference, client) for reference in (lead, other))
        confirm(f"Make {goes.words} part of {stays.words}?", yes)
        try:
            merge_leads(
                engine, publisher, winner=LeadId(stays.id), loser=LeadId(goes.id), by=Actor.person(by or login_name())
            )
        except MergeRefusedError as error:
            raise _refused("Not merged", error) from None
        stays = find_named_lead(here, engine, str(stays.id), None)
    if as_json:
        print_json({"lead": stays, "merged": goes.id})
        return
    say(f"{goes.words} is part of {stays.words} now. To undo: replyctl lead unmerge {goes.id}")


def unmerge(
    lead: Annotated[str, typer.Argument(metavar="LEAD", help="The merged lead: its own email address or id.")],
    by: By = None,
    yes: Yes = False,
    client: ClientName = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Undo a merge: the lead gets back its addresses, and the jobs of its messages.

    What came since stays with the other lead; a suppression since holds for both. Drafts since are superseded.
    """
    here = target(stack)
    with here.database() as engine, here.publisher() as publisher:
        found = find_named_lead(here, engine, lead, client, merged=True)
        confirm(f"Make {found.words} a lead of its own again?", yes)
        try:
            other_id = unmerge_lead(engine, publisher, LeadId(found.id), by=Actor.person(by or login_name()))
        except MergeRefusedError as error:
            raise _refused("Not undone", error) from None
        found = find_named_lead(here, engine, str(found.id), None)
    if as_json:
        print_json({"lead": found, "was_merged_into": other_id})
        return
    say(f"{found.words} is a lead of its own again.")


def suggestions(limit: Limit = 50, client: ClientName = None, stack: StackFile = None, as_json: AsJson = False) -> None:
    """List leads that may be one person: an event has named a key of each. To decide: replyctl lead merge LEAD OTHER"""
    with target(stack).workspace(client) as (connection, workspace):
        found = list_suggestions(connection, ClientId(workspace.id), limit=limit)
    if as_json:
        print_json(found)
        return
    print_table(
        ["lead", "address", "name", "other lead", "address", "name", "key", "since (UTC)"],
        [tuple(getattr(one, field) for field in one.__dataclass_fields__) for one in found],
        empty="None.",
    )


def _refused(what: str, error: MergeRefusedError) -> CommandError:
    sentence, remedy = REFUSALS[error.refusal]
    return CommandError(f"{what}: {sentence.format(lead=error.lead_id)}.", remedy.format(lead=error.lead_id))
