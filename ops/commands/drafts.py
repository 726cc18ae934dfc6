"""replyctl drafts: the answers that wait for a person."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy import Engine

from ops.editor import edit_text
from ops.errors import CommandError
from ops.files import GivenFile, file_option
from ops.options import AsJson, By, ClientName, Limit, Owner, StackFile, command_group, only
from ops.output import print_facts, print_heading, print_json, print_table, print_text, say, shorten
from ops.stack import Target, login_name, parse_id, target
from shared.db.pauses import is_held_back
from shared.db.reports.drafts import DraftReport, get_draft, list_decisions, list_drafts
from shared.db.reports.messages import get_message
from shared.domain.actor import Actor
from shared.domain.vocabulary import DraftStatus
from shared.pipelines.people.refusals import InterventionRefusedError
from shared.pipelines.people.resolve_send import resolve_send
from shared.pipelines.people.review_drafts import Delivery, ReviewRefusedError, approve_draft, edit_draft, reject_draft

app = command_group("Answers that wait for a person: look, edit, approve, reject.")

DraftId = Annotated[str, typer.Argument(metavar="ID", help="The draft's id, from drafts list.")]


@app.command("list")
def list_(
    status: Annotated[list[DraftStatus] | None, only("status")] = None,
    limit: Limit = 50,
    client: ClientName = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """List drafts, the newest first. What waits for a person: replyctl drafts list --status NEEDS_REVIEW"""
    with target(stack).workspace(client) as (connection, workspace):
        drafts = list_drafts(connection, workspace.id, statuses=status or (), limit=limit)
    if as_json:
        print_json(drafts)
        return
    print_table(
        ["id", "lead", "tag", "status", "confidence", "decided by", "draft", "made (UTC)"],
        [
            (
                draft.id,
                draft.lead_email,
                draft.tag,
                draft.status,
                draft.confidence,
                draft.decider,
                shorten(draft.body, 120),
                draft.created_at,
            )
            for draft in drafts
        ],
        empty="No drafts" + (" with this status." if status else " yet."),
    )


@app.command("show")
def show(id: DraftId, client: Owner = None, stack: StackFile = None, as_json: AsJson = False) -> None:
    """Show a draft with the reply that it answers, the decision and the send."""
    draft_id = parse_id(id, "a draft")
    here = target(stack)
    with here.database() as engine:
        draft = _read(engine, draft_id)
        here.require_owner(engine, client, {draft_id: draft.client_id}, "draft")
        with engine.connect() as connection:
            trigger = get_message(connection, draft.trigger_message_id)
            decisions = list_decisions(connection, draft_id)
    if as_json:
        print_json({"draft": draft, "reply": trigger, "decisions": decisions})
        return
    print_facts(
        {
            "draft": draft.id,
            "lead": draft.lead_email,
            "campaign": draft.campaign_name,
            "tag": draft.tag,
            "status": draft.status,
            "revision": f"{draft.revision} (approved: {draft.approved_revision or 'none'})",
            "decision": _decision(draft),
            "decided": draft.decided_at,
            "reason": draft.reason,
            "send": draft.send_status and f"{draft.send_status} after {draft.send_attempts} attempts",
            "send error": draft.send_error,
            "sent": draft.sent_at,
        }
    )
    if trigger is not None:
        print_heading(f"The reply: {trigger.subject or '(no subject)'}")
        print_text(trigger.clean_text)
    print_heading(f"The draft: {draft.subject or '(no subject)'}")
    print_text(draft.body)
    if draft.model_body is not None:
        print_heading("What the model had written")
        print_text(draft.model_body)
    if decisions:
        print_heading("What was decided")
        print_table(
            ["when (UTC)", "revision", "status", "why", "by"],
            [(one.decided_at, one.revision, one.status, one.reason, one.by) for one in decisions],
            empty="",
        )


@app.command("approve")
def approve(
    id: DraftId,
    revision: Annotated[
        int | None,
        typer.Option("--revision", help="The text that you saw, as drafts show numbers it: refused if it is another."),
    ] = None,
    by: By = None,
    client: Owner = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Approve a draft: it is sent within seconds, a text message between 8 and 20 at the lead's place.

    Refused when the lead is suppressed, has written again, or has got another email since.
    """
    draft_id = parse_id(id, "a draft")
    here = target(stack)
    with here.database() as engine, here.publisher() as publisher:
        _require_owner(here, engine, client, draft_id)
        try:
            approval = approve_draft(
                engine, publisher, draft_id, by=Actor.person(by or login_name()), seen_revision=revision
            )
        except ReviewRefusedError as error:
            raise _refused("approved", error) from None
        draft = _read(engine, draft_id)
        with engine.connect() as connection:
            paused = is_held_back(connection, draft_id, automated=False)
    if as_json:
        waits_until = approval.waits_until
        print_json({"draft": draft, "delivery": approval.delivery, "paused": paused, "waits_until": waits_until})
    elif paused:
        say(
            f"Approved: the answer to {draft.lead_email} waits, because sends are paused. replyctl pause list says why;"
            " it leaves once they are resumed."
        )
    elif approval.waits_until is not None:
        say(
            f"Approved: the answer waits until {approval.waits_until:%Y-%m-%d %H:%M} UTC, since it is too early or too"
            " late for a text message at the lead's place. It leaves then by itself."
        )
    elif approval.delivery is Delivery.PUBLISHED:
        say(
            f"Approved: the answer to {draft.lead_email} is on its way. replyctl drafts show {draft.id} shows its send."
        )
    else:
        say(
            f"Approved: the answer to {draft.lead_email} waits, because the queue took nothing just now or holds the"
            " workspace's share of jobs already. The maintenance function publishes it, usually within a minute."
        )


@app.command("reject")
def reject(
    id: DraftId,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the draft.")] = "",
    by: By = None,
    client: Owner = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Reject a draft: it is never sent. There is no way back."""
    draft_id = parse_id(id, "a draft")
    here = target(stack)
    with here.database() as engine:
        _require_owner(here, engine, client, draft_id)
        try:
            reject_draft(engine, draft_id, by=Actor.person(by or login_name()), reason=reason.strip() or None)
        except ReviewRefusedError as error:
            raise _refused("rejected", error) from None
        draft = _read(engine, draft_id)
    if as_json:
        print_json({"draft": draft})
    else:
        say(f"Rejected: {draft.lead_email} gets no answer to this reply.")


@app.command("edit")
def edit(
    id: DraftId,
    body: Annotated[str | None, typer.Option("--body", help="The new text.", show_default=False)] = None,
    file: Annotated[GivenFile | None, file_option("A file with the new text; - reads standard input.")] = None,
    by: By = None,
    client: Owner = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Change a draft's text, in your editor ($VISUAL or $EDITOR) unless --body or --file is given.

    What the model had written is kept. Editing does not approve, and withdraws an approval: the draft waits for one
    from then on.
    """
    draft_id = parse_id(id, "a draft")
    if body is not None and file is not None:
        raise CommandError("Say either --body or --file.")
    here = target(stack)
    with here.database() as engine:
        draft = _read(engine, draft_id)
        here.require_owner(engine, client, {draft_id: draft.client_id}, "draft")
        new = body if body is not None else file.text() if file else edit_text(draft.body)
        try:
            edit_draft(engine, draft_id, by=Actor.person(by or login_name()), body=new)
        except ReviewRefusedError as error:
            raise _refused("edited", error) from None
        draft = _read(engine, draft_id)
    if as_json:
        print_json({"draft": draft})
    else:
        say(f"Saved. Send it with: replyctl drafts approve {draft.id} --revision {draft.revision}")


@app.command("resolve")
def resolve(
    id: DraftId,
    sent: Annotated[
        bool | None,
        typer.Option("--sent/--not-sent", help="What you found in the thread at the provider.", show_default=False),
    ] = None,
    email_id: Annotated[
        str | None,
        typer.Option(
            "--email-id",
            help="With --sent: the provider's id of the sent e-mail (not of the reply it answers), if you know it.",
        ),
    ] = None,
    by: By = None,
    client: Owner = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """End the doubt about a SEND_UNCERTAIN draft: look into the thread at the provider, then say what you found.

    --sent closes it. --not-sent gives it back for review: only an approval sends it again. If the lead has opted out or
    written again meanwhile, it is superseded instead.
    """
    draft_id = parse_id(id, "a draft")
    if sent is None:
        raise CommandError("Say --sent or --not-sent.", "Look for it in the lead's thread at the provider first.")
    if email_id is not None and not sent:
        raise CommandError("--email-id goes with --sent only.")
    if email_id is not None and not (email_id := email_id.strip()):
        raise CommandError("--email-id is empty.", "Leave it out when you do not know it.")
    here = target(stack)
    with here.database() as engine:
        _require_owner(here, engine, client, draft_id)
        try:
            resolve_send(engine, draft_id, sent=sent, by=Actor.person(by or login_name()), provider_message_id=email_id)
        except InterventionRefusedError as error:
            raise CommandError(f"Not resolved: {error}.", "replyctl drafts show ID says how it stands.") from None
        draft = _read(engine, draft_id)
    if as_json:
        print_json({"draft": draft})
    elif sent:
        say(f"The answer to {draft.lead_email} counts as sent.")
    elif draft.status == DraftStatus.SUPERSEDED:
        say(f"The answer to {draft.lead_email} was not sent, and will not be: {draft.reason}.")
    else:
        say(f"The answer to {draft.lead_email} waits for review. Send it with: replyctl drafts approve {draft.id}")


def _read(engine: Engine, draft_id: UUID) -> DraftReport:
    with engine.connect() as connection:
        draft = get_draft(connection, draft_id)
    if draft is None:
        raise CommandError(f"There is no draft {draft_id}.", "replyctl drafts list shows what there is.")
    return draft


def _require_owner(here: Target, engine: Engine, client: str | None, draft_id: UUID) -> None:
    if client is not None:
        here.require_owner(engine, client, {draft_id: _read(engine, draft_id).client_id}, "draft")


def _refused(participle: str, error: ReviewRefusedError) -> CommandError:
    return CommandError(f"Not {participle}: {error}.", "replyctl drafts show ID and replyctl lead show LEAD say more.")


def _decision(draft: DraftReport) -> str | None:
    if draft.decided_by_kind is None and draft.action is None:
        return None
    parts = [draft.action or "–"]
    if draft.rule:
        parts.append(f"rule {draft.rule}")
    if draft.confidence is not None:
        parts.append(f"confidence {draft.confidence:.2f}")
    if draft.threshold is not None:
        parts.append(f"threshold {draft.threshold:.2f}")
    if draft.decided_by_kind:
        parts.append(f"by {draft.decider}")
    return ", ".join(parts)
