"""Drives a running stack from outside: posts as any provider does, waits for conditions, looks at the outcome.

The way in is HTTP only. Postgres is read to see results and, where an operator would use replyctl, written by the same
use cases. Each test has a workspace of its own, so that tests can share one stack.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import httpx2
import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from sqlalchemy import Engine, create_engine

from local.sqs import queue_arn
from local.sqs import sqs_client as make_sqs_client
from local.webhooks import Webhook, webhooks_of
from local.workspace import SETTINGS, load_identity, make_workspace
from shared.db.campaigns import set_campaign, upsert_campaign
from shared.db.engine import sqlalchemy_url
from shared.domain.address_hash import AddressHashKey, HashAddress
from shared.domain.vocabulary import ClientId, Provider, ResponseMode
from shared.domain.webhook_token import make_token
from shared.jobs.publish import Publisher
from shared.providers.registry import PROVIDERS
from tests.instantly_events import body_of, reply_received

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

APPLICATION_NAME = "driver"  # tells our own connections to Postgres from the functions'
POLL_S = 0.1
WAIT_S = 60.0  # far beyond what anything takes: only a failure gets there
ANSWER_TIMEOUT_S = 40.0  # API Gateway itself gives up after 30 s
DEAD_LETTER_QUEUES = ("post-process-dlq.fifo", "lead-scoring-dlq.fifo")
SOURCE_OF_DEAD_LETTERS = {"post-process-dlq.fifo": "post-process.fifo", "lead-scoring-dlq.fifo": "lead-scoring.fifo"}

INTERESTED = "this looks interesting for us. What would we see first?"
"""Words that the offline rules take as a wish for an answer which may be sent without a person."""


@dataclass(frozen=True)
class Answer:
    """The webhook's response; ``status_code`` 0 when the connection ended without one."""

    status_code: int
    body: dict[str, Any]
    sent_at: float  # monotonic
    latency_s: float

    @property
    def status(self) -> str:
        return str(self.body.get("status", ""))

    @property
    def message_id(self) -> UUID:
        return UUID(self.body["messageId"])

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status_code < 300


@dataclass(frozen=True)
class TestWorkspace:
    """A client of its own, with one campaign that sends by itself and one whose drafts wait for a person."""

    __test__ = False  # not a test class

    id: ClientId
    token: str  # of Instantly's deliveries
    auto_campaign: str  # at every provider the same two ids
    draft_campaign: str
    webhooks: Mapping[str, Webhook] = field(default_factory=dict)

    def reply(self, text: str = INTERESTED, *, auto: bool = True, **changes: Any) -> dict[str, Any]:
        """Returns a reply event. Quote marks stand under it, as mail programs leave them."""
        campaign = self.auto_campaign if auto else self.draft_campaign
        quoted = "\n\nOn Fri, Nov 20, 2026 at 2:00 PM Sam <sam@send.test>\nwrote:\n\n> may I ask you something?\n"
        return reply_received(
            **{
                "workspace": None,
                "campaign_id": campaign,
                "campaign_name": campaign,
                "reply_text": text + quoted,
                "reply_text_snippet": text[:100],
                "reply_html": None,
            }
            | changes
        )


def of_task(task: str) -> str:
    """Returns what the body of a model's request holds for this task and no other (``contains`` of a fault rule)."""
    return json.dumps(json.dumps({"task": task}))[1:-2]


def case_of(body: dict[str, Any]) -> dict[str, Any]:
    """Returns the document of a request to the model that is about one reply."""
    case: dict[str, Any] = json.loads(body["input"][-1]["content"][0]["text"])
    return case


@dataclass
class Driver:
    """One running stack, by its stack.json and its folder."""

    info: dict[str, Any]
    state_dir: Path
    http: httpx2.Client = field(
        default_factory=lambda: httpx2.Client(
            timeout=ANSWER_TIMEOUT_S,
            trust_env=False,
            limits=httpx2.Limits(max_connections=64, max_keepalive_connections=0),
        )
    )

    def __post_init__(self) -> None:
        self.engine: Engine = create_engine(
            sqlalchemy_url(self.info["database_url"]), connect_args={"application_name": APPLICATION_NAME}
        )
        self.sqs: SQSClient = make_sqs_client(self.info["sqs_endpoint"])
        self._local = threading.local()

    def close(self) -> None:
        self.engine.dispose()
        self.http.close()
        self.sqs.close()

    @property
    def control_url(self) -> str:
        return str(json.loads((self.state_dir / "control.json").read_text())["url"])

    @property
    def log_dir(self) -> Path:
        return self.state_dir / "logs"

    def log_statements(self, share: float = 1.0) -> None:
        """Has Postgres log this share of all statements from the next connection on, as it logs a slow one.

        What a slow day would bring into the server's log is then in it on any day, for a search to find.
        """
        name = sql.Identifier(str(self.engine.url.database))
        with psycopg.connect(self.info["database_url"], autocommit=True) as connection:
            for setting, value in (("log_min_duration_sample", "0"), ("log_statement_sample_rate", str(share))):
                connection.execute(sql.SQL("ALTER DATABASE {} SET {} = {}").format(name, sql.SQL(setting), value))

    # ── Workspaces and people ────────────────────────────────────────────────────────────────────────────────────────

    def workspace(self, name: str = "test", **settings: object) -> TestWorkspace:
        with self.engine.begin() as connection:
            client = make_workspace(connection, name, settings=SETTINGS | settings)
            campaigns = [str(uuid4().int % 10**9) for _ in range(2)]  # SmartLead's ids are numbers, Instantly takes any
            modes = (ResponseMode.AUTO_SEND, ResponseMode.DRAFT_ONLY)
            for (provider_id, mode), provider in product(zip(campaigns, modes, strict=True), PROVIDERS):
                campaign = upsert_campaign(connection, client.id, provider, provider_id, f"Campaign {mode}")
                set_campaign(connection, campaign.id, response_mode=mode)
        key = load_identity(self.state_dir).signing_key
        token = make_token(client.id, client.webhook_token_version, key, Provider.INSTANTLY)
        webhooks = webhooks_of(self.info["api_url"], client.id, client.webhook_token_version, key)
        return TestWorkspace(client.id, token, *campaigns, webhooks)

    def hash_address(self) -> HashAddress:
        """Returns the stack's hash of addresses."""
        return AddressHashKey(load_identity(self.state_dir).address_hash_key).hash_of

    def publisher(self) -> Publisher:
        """Returns a publisher like an operator's command."""
        return Publisher(
            self.sqs,
            post_process_queue_url=self.info["queues"]["post-process.fifo"],
            lead_scoring_queue_url=self.info["queues"]["lead-scoring.fifo"],
        )

    # ── Posting ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def post(
        self,
        workspace: TestWorkspace,
        event: dict[str, Any] | bytes,
        *,
        token: str | None = None,
        client_id: object = None,
        webhook: str = "instantly",
    ) -> Answer:
        """Posts one event as its provider does, to the address of that name. ``token``: for Bearer; "" sends none."""
        hook = workspace.webhooks[webhook]
        content = hook.signed_body(event if isinstance(event, bytes) else body_of(event))
        headers = hook.signed_headers({"User-Agent": "axios/0.21.4"}, content)
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        if token == "":
            del headers["Authorization"]
        path = urlsplit(hook.url)._replace(scheme="", netloc="").geturl()  # the address changes with a restart
        url = self.info["api_url"] + (path if client_id is None else path.replace(str(workspace.id), str(client_id)))
        began = time.monotonic()
        try:
            response = self.http.post(url, content=content, headers=headers)
        except httpx2.TransportError:
            return Answer(0, {}, began, time.monotonic() - began)
        try:
            body = response.json()
        except ValueError:
            body = {}
        return Answer(response.status_code, body if isinstance(body, dict) else {}, began, time.monotonic() - began)

    def post_all(
        self, workspace: TestWorkspace, events: Sequence[dict[str, Any] | bytes], *, at_once: int = 16
    ) -> list[Answer]:
        """Posts ``events`` with ``at_once`` connections; the answers in the order of the events."""
        with ThreadPoolExecutor(at_once) as pool:
            return list(pool.map(lambda event: self.post(workspace, event), events))

    # ── Looking ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        with psycopg.connect(
            self.info["database_url"], autocommit=True, row_factory=dict_row, application_name=APPLICATION_NAME
        ) as connection:
            return connection.execute(query, values).fetchall()  # type: ignore[arg-type]  # written here, not input

    def one(self, query: str, *values: object) -> dict[str, Any]:
        found = self.rows(query, *values)
        assert len(found) == 1, f"{len(found)} rows instead of one: {query} {values}"
        return found[0]

    def jobs(self, workspace: TestWorkspace) -> list[dict[str, Any]]:
        return self.rows("SELECT * FROM background_job WHERE client_id = %s ORDER BY created_at, id", workspace.id)

    def requests(self, service: str) -> list[dict[str, Any]]:
        """Returns the request log of a sandbox: "openai", or a provider by its name in lower case."""
        found: list[dict[str, Any]] = self.http.get(f"{self.info[f'{service}_url']}/_requests").json()
        return found

    def model_calls(self, marker: str) -> list[str]:
        """Returns the tasks of the model, in order, in requests that contain ``marker``."""
        return [
            case_of(request["body"])["task"]
            for request in self.requests("openai")
            if request["path"] == "/v1/responses" and marker in json.dumps(request["body"]["input"])
        ]

    def sent(self, provider: str) -> list[dict[str, Any]]:
        """Returns every message that has left through a provider, also those whose response was lost."""
        found: list[dict[str, Any]] = self.http.get(f"{self.info[f'{provider}_url']}/_sent").json()
        return found

    def sent_mails(self) -> list[dict[str, Any]]:
        """Returns every email that Instantly has sent, also those whose response was lost."""
        stored: list[dict[str, Any]] = self.http.get(f"{self.info['instantly_url']}/_emails").json()
        return [mail for mail in stored if mail["ue_type"] == 3]

    def answers_to(self, *email_ids: str) -> list[dict[str, Any]]:
        """Returns the emails that Instantly has sent in response to these emails, by their threads."""
        threads = {str(uuid5(NAMESPACE_URL, email_id)) for email_id in email_ids}
        return [mail for mail in self.sent_mails() if mail["thread_id"] in threads]

    def dead_letters(self) -> dict[str, int]:
        return {name: self.queue_depth(name) for name in DEAD_LETTER_QUEUES}

    def queue_depth(self, name: str) -> int:
        """Counts the messages that are there, hidden ones too."""
        attributes = self.sqs.get_queue_attributes(
            QueueUrl=self.info["queues"][name],
            AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        )["Attributes"]
        return sum(int(value) for value in attributes.values())

    def redrive(self) -> int:
        """Redrives both dead-letter queues like the AWS console's button; returns how many messages there were."""
        waiting = {name: count for name, count in self.dead_letters().items() if count}
        for name in waiting:
            self.sqs.start_message_move_task(SourceArn=queue_arn(name))
        return sum(waiting.values())

    # ── Waiting ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def wait_for[T](
        self, what: str, condition: Callable[[], T], timeout_s: float = WAIT_S, *, poll_s: float = POLL_S
    ) -> T:
        """Waits for ``condition`` and returns its first true value. Fails with ``what`` and the open jobs."""
        deadline = time.monotonic() + timeout_s
        while not (found := condition()):
            if time.monotonic() > deadline:
                raise AssertionError(f"not within {timeout_s:.0f} s: {what}\n{self.describe_open_jobs()}")
            time.sleep(poll_s)
        return found

    def wait_for_jobs(self, *workspaces: TestWorkspace, timeout_s: float = WAIT_S) -> None:
        """Returns when no job of ``workspaces`` is left that waits or runs."""
        self.wait_for("every job has ended", lambda: self.open_jobs(*workspaces) == 0, timeout_s)

    def open_jobs(self, *workspaces: TestWorkspace, but: str = "") -> int:
        """Counts the jobs that will end by themselves; a follow-up waits for as long as people leave another draft.

        ``but``: a type of jobs that do not count.
        """
        found = self.one(
            "SELECT count(*) AS open FROM background_job AS job"
            " WHERE client_id = ANY(%s) AND status IN ('PENDING', 'RUNNING') AND type <> %s"
            " AND NOT (coalesce(waiting_for, '') = 'ANOTHER_DRAFT'"
            " AND EXISTS (SELECT 1 FROM draft WHERE draft.lead_id = job.lead_id"
            " AND draft.status IN ('NEEDS_REVIEW', 'SEND_UNCERTAIN')))",
            [workspace.id for workspace in workspaces],
            but,
        )
        return int(found["open"])

    def describe_open_jobs(self) -> str:
        found = self.rows(
            "SELECT type, status, attempts, generation, enqueued_at IS NOT NULL AS enqueued, run_at, lease_expires_at,"
            " last_error, now() AS now FROM background_job WHERE status IN ('PENDING', 'RUNNING', 'FAILED')"
            " ORDER BY run_at LIMIT 12"
        )
        return "\n".join(json.dumps(row, default=str) for row in found)

    # ── Faults ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def set_faults(self, service: str, rules: Sequence[dict[str, Any]]) -> None:
        answer = self.http.put(f"{self.info[f'{service}_url']}/_faults", json=list(rules))
        assert answer.status_code == 200, answer.text

    def faults_applied(self, service: str) -> int:
        rules = self.http.get(f"{self.info[f'{service}_url']}/_faults").json()
        return sum(rule["applied"] for rule in rules)

    @contextmanager
    def faults(self, service: str, *rules: dict[str, Any]) -> Iterator[None]:
        self.set_faults(service, rules)
        try:
            yield
        finally:
            self.set_faults(service, [])

    def control(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Sends a request to the stack's switchboard (see local/control.py)."""
        answer = self.http.request(method, f"{self.control_url}{path}", json=body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found
