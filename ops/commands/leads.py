"""replyctl lead: everything about one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated

import typer

from ops.commands.lead_erase import erase
from ops.errors import CommandError
from ops.leads import LeadReference, find_by_reference
from ops.options import AsJson, ClientName, Limit, StackFile, Yes, command_group, confirm
from ops.output import print_facts, print_heading, print_json, print_table, say, shorten
from ops.stack import login_name, target
from ops.wording import describe_outcome
from shared.db.lead_holds import list_held
from shared.db.merge_suggestions import list_suggestions
from shared.db.reports.drafts import list_drafts_of_lead
from shared.db.reports.jobs import list_jobs_of_lead
from shared.db.reports.leads import (
    LeadReport,
    list_follow_ups_of_lead,
    list_merged_leads,
    list_suppressed_leads,
)
from shared.db.reports.messages import list_messages_of_lead
from shared.db.suppression_reviews import list_reviews
from shared.domain.actor import Actor
from shared.domain.vocabulary import ClientId, LeadId, SuppressionReason
from shared.pipelines.people.decide_holds import release_lead, suppress_by_person
from shared.pipelines.people.merge_leads import MergeRefusal, MergeRefusedError, merge_leads, unmerge_lead
from shared.pipelines.people.refusals import InterventionRefusedError
from shared.pipelines.people.unsuppress_lead import unsuppress_lead

app = command_group("Everything about one person: messages, drafts, jobs, score, suppression.")

app.command("erase")(erase)

By = Annotated[str | None, typer.Option("--by", help="Who decides (default: your login name).", show_default=False)]


@app.command("show")
def show(lead: LeadReference, client: ClientName = None, stack: StackFile = None, as_json: AsJson = False) -> None:
    """Show a lead with its messages, drafts, jobs and follow-ups."""
    here = target(stack)
    with here.database() as engine:
        found = find_by_reference(here, engine, lead, client)
        with engine.connect() as connection:
            messages = list_messages_of_lead(connection, found.id)
            drafts = list_drafts_of_lead(connection, found.id)
            jobs = list_jobs_of_lead(connection, found.id)
            follow_ups = list_follow_ups_of_lead(connection, found.id)
            merged = list_merged_leads(connection, found.id)
    if as_json:
        report = {"lead": found, "messages": messages, "drafts": drafts, "jobs": jobs, "follow_ups": follow_ups}
        print_json({**report, "merged_leads": merged})
        return
    _show_facts(found, merged)
    print_heading("Messages, the newest first")
    print_table(
        ["id", "at (UTC)", "direction", "tag", "by", "automatic", "subject", "text"],
        [
            (
                message.id,
                message.effective_at,
                message.direction,
                message.sentiment,
                message.sentiment_source,
                "yes" if message.is_auto_reply else None,
                shorten(message.subject, 30),
                shorten(message.clean_text, 120),
            )
            for message in messages
        ],
        empty="None.",
    )
    print_heading("Drafts")
    print_table(
        ["id", "status", "decided by", "draft", "sent (UTC)"],
        [(draft.id, draft.status, draft.decider, shorten(draft.body, 120), draft.sent_at) for draft in drafts],
        empty="None.",
    )
    print_heading("Jobs")
    print_table(
        ["id", "type", "status", "attempts", "result, error or wait"],
        [(job.id, job.type, job.status, job.attempts, shorten(describe_outcome(job), 120)) for job in jobs],
        empty="None.",
    )
    if follow_ups:
        print_heading("Follow-ups")
        print_table(
            ["id", "sequence", "status", "why", "next step (UTC)"],
            [(item.id, item.sequence_name, item.status, item.paused_reason, item.next_step_due) for item in follow_ups],
            empty="None.",
        )


@app.command("suppressed")
def suppressed(
    reason: Annotated[
        SuppressionReason | None,
        typer.Option("--reason", case_sensitive=False, help="Only this reason; MODEL waits for a person to confirm."),
    ] = None,
    limit: Limit = 50,
    client: ClientName = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """List suppressed leads with the evidence, the newest first. To confirm: replyctl lead suppressed --reason MODEL"""
    with target(stack).workspace(client) as (connection, workspace):
        leads = list_suppressed_leads(connection, workspace.id, reason=reason, limit=limit)
    if as_json:
        print_json(leads)
        return
    print_table(
        ["id", "lead", "reason", "rule", "words", "suppressed (UTC)"],
        [
            (
                lead.id,
                lead.email,
                lead.suppression_reason,
                (lead.suppression_evidence or {}).get("rule"),
                shorten(str((lead.suppression_evidence or {}).get("words", "")), 120),
                lead.suppressed_at,
            )
            for lead in leads
        ],
        empty="No lead is suppressed" + (" for this reason." if reason else "."),
    )


@app.command("unsuppress")
def unsuppress(
    lead: LeadReference,
    by: By = None,
    yes: Yes = False,
    client: ClientName = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Lift a suppression that was a mistake: here, and on Instantly's block list.

    The lead gets its status back, and the message that suppressed it never does so again. Drafts that were superseded
    and follow-ups that were cancelled stay so.
    """
    here = target(stack)
    with here.database() as engine, here.publisher() as publisher:
        found = find_by_reference(here, engine, lead, client)
        if found.suppression_reason is None:
            raise CommandError(f"{found.words} is not suppressed.", "replyctl lead suppressed lists who is.")
        confirm(f"Allow e-mail to {found.words} again ({found.suppression_reason})?", yes)
        try:
            done = unsuppress_lead(
                engine,
                publisher,
                ClientId(found.client_id),
                LeadId(found.id),
                by=Actor.person(by or login_name()),
            )
        except InterventionRefusedError as error:
            raise CommandError(f"Not lifted: {error}.", "replyctl lead show LEAD says how it stands.") from None
        found = find_by_reference(here, engine, str(found.id), None)
    if as_json:
        print_json({"lead": found, "lifted": done.lifted, "instantly_is_told": done.provider_is_told})
        return
    say(f"{found.words} is {found.status} again; it had been suppressed ({done.lifted.reason}).")
    if not done.provider_is_told:
        say("Instantly's block list follows with the maintenance function, usually within a minute.")


# ── Holds: replies that may be opt-outs ──────────────────────────────────────────────────────────────────────────────


@app.command("held")
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


@app.command("reviews")
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


@app.command("release")
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
        found = find_by_reference(here, engine, lead, client)
        confirm(f"Allow messages to {found.words} again?", yes)
        try:
            ended = release_lead(engine, LeadId(found.id), by=Actor.person(by or login_name()))
        except InterventionRefusedError as error:
            raise CommandError(f"Not released: {error}.", "replyctl lead held lists who is.") from None
        found = find_by_reference(here, engine, str(found.id), None)
    if as_json:
        print_json({"lead": found, "ended": ended})
        return
    say(f"{found.words} is not held any more ({ended.rule}). Its drafts: replyctl lead show {found.id}")


@app.command("suppress")
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
        found = find_by_reference(here, engine, lead, client)
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
        found = find_by_reference(here, engine, str(found.id), None)
    if as_json:
        print_json({"lead": found, "answered_reviews": answered})
        return
    say(f"{found.words} {'stays' if was_suppressed else 'is'} suppressed ({found.suppression_reason}).")


# ── Merges ───────────────────────────────────────────────────────────────────────────────────────────────────────────

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


@app.command("merge")
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
        stays, goes = (find_by_reference(here, engine, reference, client) for reference in (lead, other))
        confirm(f"Make {goes.words} part of {stays.words}?", yes)
        try:
            merge_leads(
                engine, publisher, winner=LeadId(stays.id), loser=LeadId(goes.id), by=Actor.person(by or login_name())
            )
        except MergeRefusedError as error:
            raise _refused("Not merged", error) from None
        stays = find_by_reference(here, engine, str(stays.id), None)
    if as_json:
        print_json({"lead": stays, "merged": goes.id})
        return
    say(f"{goes.words} is part of {stays.words} now. To undo: replyctl lead unmerge {goes.id}")


@app.command("unmerge")
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
        found = find_by_reference(here, engine, lead, client, merged=True)
        confirm(f"Make {found.words} a lead of its own again?", yes)
        try:
            other_id = unmerge_lead(engine, publisher, LeadId(found.id), by=Actor.person(by or login_name()))
        except MergeRefusedError as error:
            raise _refused("Not undone", error) from None
        found = find_by_reference(here, engine, str(found.id), None)
    if as_json:
        print_json({"lead": found, "was_merged_into": other_id})
        return
    say(f"{found.words} is a lead of its own again.")


@app.command("suggestions")
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


def _show_facts(lead: LeadReport, merged: Sequence[LeadReport]) -> None:
    name = " ".join(part for part in (lead.first_name, lead.last_name) if part)
    evidence = lead.suppression_evidence or {}
    print_facts(
        {
            "lead": lead.id,
            "e-mail": lead.email,
            "merged into": lead.merged_into_id,
            "also": ", ".join(one.words for one in merged),
            "name": name,
            "company": lead.company,
            "status": lead.status,
            "erased": lead.erased_at,
            "tag": lead.sentiment,
            "suppressed": lead.suppressed_at,
            "because": lead.suppression_reason
            and ", ".join([lead.suppression_reason, *(f"{key} {value}" for key, value in evidence.items())]),
            "held": lead.held_at,
            "may be an opt-out": lead.held_rule
            and ", ".join([lead.held_rule, *(f"{key} {value}" for key, value in (lead.hold_evidence or {}).items())]),
            "meeting booked": lead.meeting_booked_at,
            "score": lead.overall_score
            and f"{lead.overall_score} of 4 (fit {lead.fit_score}, intent {lead.intent_score}): {lead.score_reason}",
            "last reply": lead.last_inbound_at,
            "last answer": lead.last_outbound_at,
            "auto-reply": lead.auto_reply_enabled,
        }
    )
