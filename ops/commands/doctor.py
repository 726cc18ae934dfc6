"""replyctl doctor: one look at everything that can be wrong, with what to do about it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import typer
from botocore.exceptions import BotoCoreError, ClientError
from sqlalchemy import Engine, text

from infra.topology import TOPOLOGY
from ops.accounts import check_account
from ops.errors import CommandError
from ops.options import AsJson, ClientName, StackFile
from ops.output import print_json, print_table, shorten
from ops.stack import Target, resolve, target
from ops.wording import describe_account, provider_title
from shared.db.clients import Client, list_clients
from shared.db.gauges import load_gauges
from shared.db.pauses import list_active_pauses
from shared.db.reports.accounts import list_accounts
from shared.db.reports.events import count_held_events
from shared.db.reports.jobs import count_troubled_jobs
from shared.db.restores import list_unreconciled
from shared.domain.tags import DRAFTED_TAGS
from shared.domain.vocabulary import PauseReason

LATE_S = 120.0  # maintenance publishes every minute: what is due for longer is stuck

app = typer.Typer(add_completion=False, rich_markup_mode="rich")


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"  # a person should look, the system works
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    state: State
    finding: str
    advice: str = ""


@app.command("doctor")
def doctor(
    client: ClientName = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Check database, schema, queues, dead letters, stuck jobs, uncertain sends and credentials.

    The exit code is 1 when something has failed; warnings alone do not fail it.
    """
    here = target(stack)
    checks = [*_check_queues(here), *_check_database(here, client)]
    if as_json:
        print_json({"healthy": all(check.state is not State.FAILED for check in checks), "checks": checks})
    else:
        print_table(
            ["check", "state", "finding", "what to do"],
            [(check.name, check.state, check.finding, check.advice) for check in checks],
            empty="",
        )
    if any(check.state is State.FAILED for check in checks):
        raise typer.Exit(1)


def _check_database(here: Target, client: str | None) -> Iterator[Check]:
    try:
        with here.database() as engine:
            began = time.monotonic()
            with engine.connect() as connection:
                connection.execute(text("SELECT 1"))
            yield Check("database", State.OK, f"answers after {(time.monotonic() - began) * 1000:.0f} ms")
            yield from _check_schema(engine)
            yield _check_log(engine)
            yield from _check_work(engine)
            yield from _check_pauses(engine)
            yield from _check_credentials(here, engine, client)
    except CommandError as error:
        yield Check("database", State.FAILED, error.sentence, error.remedy)


def _check_schema(engine: Engine) -> Iterator[Check]:
    from shared.db.migrate import SchemaState, load_schema

    with engine.connect() as connection:
        schema = load_schema(connection)
    if schema.state is SchemaState.CURRENT:
        yield Check("schema", State.OK, f"revision {schema.revision}, the newest")
    elif schema.state is SchemaState.AHEAD:
        yield Check("schema", State.OK, f"revision {schema.revision}, of a newer release than this ({schema.newest})")
    else:
        yield Check(
            "schema",
            State.FAILED,
            f"revision {schema.revision} ({schema.state}), the newest is {schema.newest}",
            "Run the migrate function.",
        )


def _check_log(engine: Engine) -> Check:
    from shared.db.server_settings import open_log_settings

    with engine.connect() as connection:
        to_change = open_log_settings(connection)
    if not to_change:
        return Check("database log", State.OK, "holds no mail")
    return Check(
        "database log", State.WARNING, "may hold mail and addresses", f"Have its owner set {', '.join(to_change)}."
    )


def _check_work(engine: Engine) -> Iterator[Check]:
    with engine.connect() as connection:
        jobs = count_troubled_jobs(connection, late_s=LATE_S)
    yield _count(
        "failed jobs", jobs.failed, State.FAILED, "replyctl jobs list --status FAILED, then fix and requeue or redrive"
    )
    yield _count("unpublished jobs", jobs.unpublished, State.FAILED, "Is the maintenance function running?")
    yield _count("jobs without a worker", jobs.lost, State.WARNING, "They run again once their message is visible.")
    with engine.connect() as connection:
        held = count_held_events(connection)
    yield _count(
        "held events",
        sum(held.values()),
        State.FAILED,
        f"Acknowledged, and without effect ({', '.join(held)}): replyctl events list --outcome QUARANTINED",
    )
    gauges = load_gauges(engine, late_s=LATE_S, drafted_tags=sorted(tag.value for tag in DRAFTED_TAGS))
    yield _count(
        "jobs of a newer release",
        gauges.jobs_of_newer_release,
        State.WARNING,
        "This release does not know their type: they wait until the one that does is deployed again.",
    )
    yield _count(
        "uncertain sends",
        gauges.uncertain_sends,
        State.WARNING,
        "After a day: replyctl drafts resolve ID --sent|--not-sent",
    )
    yield _count(
        "overdue commitments", gauges.overdue_commitments, State.WARNING, "replyctl commitments list --overdue"
    )
    yield _count("held leads", gauges.held_leads, State.OK, "replyctl lead held; lead release or suppress decides")
    yield _count(
        "drafts to review", gauges.drafts_awaiting_review, State.OK, "replyctl drafts list --status NEEDS_REVIEW"
    )
    yield _count(
        "replies without a draft", gauges.eligible_without_draft, State.WARNING, "replyctl jobs list says what happened"
    )


def _check_pauses(engine: Engine) -> Iterator[Check]:
    with engine.connect() as connection:
        pauses = list_active_pauses(connection)
        unreconciled = [one for one in list_unreconciled(connection) if not one.is_paused]
    if not pauses:
        yield Check("pauses", State.OK, "none")
    for restored in unreconciled:  # somebody has lifted its pause without looking
        yield Check(
            "restore",
            State.WARNING,
            f"{shorten(restored.name, 30)} was restored to {restored.restored_to:%Y-%m-%d %H:%M} and not reconciled",
            "replyctl after-restore",
        )
    for pause in pauses:
        since_restore = pause.reason == PauseReason.RESTORE
        yield Check(
            "pause",
            State.WARNING,
            f"{pause.what} of {shorten(pause.client_name or 'everything', 30)} since {pause.paused_at:%Y-%m-%d %H:%M}"
            f" by {pause.paused_by}"
            + (", since a restore" if since_restore else "")
            + (f": {pause.note}" if pause.note else ""),
            "replyctl after-restore" if since_restore else "replyctl resume, when its cause is gone",
        )


def _count(name: str, count: int, state: State, advice: str) -> Check:
    return Check(name, state, str(count), advice) if count else Check(name, State.OK, "none")


def _check_queues(here: Target) -> Iterator[Check]:
    urls = here.queue_urls()
    if not urls:
        yield Check("queues", State.WARNING, "not checked: none is known here", "Start a stack, or see docs/deploy.md.")
        return
    try:
        sqs = here.sqs()
    except CommandError as error:
        yield Check("queues", State.FAILED, error.sentence, error.remedy)
        return
    for queue in TOPOLOGY.queues:
        is_dead_letter = queue.name not in {source.queue for source in TOPOLOGY.event_sources}
        url = urls.get(queue.name)
        if url is None:
            yield Check(queue.name, State.FAILED, "unknown here", f"Restart the stack, or set {queue.variable}.")
            continue
        try:
            attributes = sqs.get_queue_attributes(
                QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
            )["Attributes"]
        except (BotoCoreError, ClientError) as error:
            yield Check(queue.name, State.FAILED, type(error).__name__, here.queue_remedy)
            continue
        waiting = int(attributes["ApproximateNumberOfMessages"])
        hidden = int(attributes["ApproximateNumberOfMessagesNotVisible"])
        if is_dead_letter and waiting + hidden:
            yield Check(queue.name, State.FAILED, f"{waiting + hidden} dead letters", "replyctl dlq list")
        else:
            yield Check(queue.name, State.OK, "empty" if is_dead_letter else f"{waiting} waiting, {hidden} in work")


def _check_credentials(here: Target, engine: Engine, client: str | None) -> Iterator[Check]:
    yield _attempt("webhook signing keys", lambda: f"{len(here.signing_keys())} accepted")
    try:
        workspaces = _workspaces(here, engine, client)
    except CommandError as error:
        yield Check("accounts", State.FAILED, error.sentence, error.remedy)
        workspaces = []
    with engine.connect() as connection:
        accounts = [account for workspace in workspaces for account in list_accounts(connection, workspace.id)]
    in_use = [account for account in accounts if account.disabled_at is None]
    alone = len(in_use) == 1
    for account in in_use:
        name = provider_title(account.provider)
        if not alone:
            name = f"{describe_account(account)}: {shorten(account.client_name, 30)}"
        found = check_account(here, engine, account)
        if found.works:
            yield Check(name, State.OK, f"account of {account.client_name} {found.finding}")
        else:
            yield Check(name, State.FAILED, found.finding, found.advice)
    if not in_use:
        yield Check("accounts", State.WARNING, "none is in use", "replyctl account add --provider NAME")
    yield _attempt("OpenAI", lambda: _ask_openai(here))


def _workspaces(here: Target, engine: Engine, client: str | None) -> list[Client]:
    """The one that is meant; in AWS, where no stack has one of its own, all that are active."""
    if client is not None or here.stack is not None:
        return [here.client(engine, client)]
    with engine.connect() as connection:
        return [workspace for workspace in list_clients(connection) if workspace.disabled_at is None]


def _ask_openai(here: Target) -> str:
    key = resolve("OPENAI_API_KEY", here.environment.get("OPENAI_API_KEY", ""))
    if not key:
        if here.stack is not None and here.stack.model_is_offline:
            return "the offline rules server answers instead; OPENAI_API_KEY switches to OpenAI"
        raise CommandError("not checked: the key is unknown here.", "Set OPENAI_API_KEY to try it.")
    import httpx2

    from shared.providers.http import HttpClient

    root = (here.environment.get("OPENAI_BASE_URL") or "https://api.openai.com/v1").rstrip("/")
    try:
        with HttpClient(timeout=10.0) as http:
            answer = http.get(f"{root}/models", headers={"Authorization": f"Bearer {key}"})
    except httpx2.HTTPError as error:
        raise CommandError(f"{root} does not answer: {type(error).__name__}.", "Is the address right?") from None
    if answer.status_code != 200:
        raise CommandError(f"{root} answers {answer.status_code}.", "Check the key and its quota.")
    return "takes the key"


def _attempt(name: str, work: Callable[[], str]) -> Check:
    try:
        return Check(name, State.OK, work())
    except CommandError as error:
        return Check(name, State.FAILED, error.sentence, error.remedy)
