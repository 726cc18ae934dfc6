"""replyctl lead: everything about one person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from ops.commands.lead_erase import erase
from ops.commands.lead_holds import held, release, reviews, suppress
from ops.commands.lead_merges import merge, suggestions, unmerge
from ops.commands.lead_reference import LeadReference, find_named_lead
from ops.errors import CommandError
from ops.options import AsJson, By, ClientName, Limit, StackFile, Yes, command_group, confirm
from ops.output import print_facts, print_heading, print_json, print_table, say, shorten
from ops.stack import login_name, target
from ops.wording import describe_outcome
from shared.db.reports.drafts import list_drafts_of_lead
from shared.db.reports.jobs import list_jobs_of_lead
from shared.db.reports.leads import (
    LeadReport,
    list_follow_ups_of_lead,
    list_merged_leads,
    list_suppressed_leads,
)
from shared.db.reports.messages import list_messages_of_lead
from shared.domain.actor import Actor
from shared.domain.vocabulary import ClientId, LeadId, SuppressionReason
from shared.pipelines.people.refusals import InterventionRefusedError
from shared.pipelines.people.unsuppress_lead import unsuppress_lead

app = command_group("Everything about one person: messages, drafts, jobs, score, suppression.")
for command in (held, reviews, release, suppress, merge, unmerge, suggestions, erase):
    app.command(command.__name__)(command)


@app.command("show")
def show(lead: LeadReference, client: ClientName = None, stack: StackFile = None, as_json: AsJson = False) -> None:
    """Show a lead with its messages, drafts, jobs and follow-ups."""
    here = target(stack)
    with here.database() as engine:
        found = find_named_lead(here, engine, lead, client)
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
    """Lift a suppression that was a mistake: here, and at the providers as far as they take it back.

    The lead gets its status back, and the message that suppressed it never does so again. Drafts that were superseded
    and follow-ups that were cancelled stay so.
    """
    here = target(stack)
    with here.database() as engine, here.publisher() as publisher:
        found = find_named_lead(here, engine, lead, client)
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
        found = find_named_lead(here, engine, str(found.id), None)
    if as_json:
        print_json({"lead": found, "lifted": done.lifted, "providers_are_told": done.provider_is_told})
        return
    say(f"{found.words} is {found.status} again; it had been suppressed ({done.lifted.reason}).")
    if not done.provider_is_told:
        say("The providers follow with the maintenance function, usually within a minute.")


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
