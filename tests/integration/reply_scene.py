"""A scene for the pipeline: one workspace, one campaign, one lead on a real Postgres; model, provider and SQS faked.

The fakes stand in for what is outside: they answer what a test tells them and keep what they were asked.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, cast
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Engine, text

from shared.ai.client import ModelClient, Record
from shared.ai.workspace_prefix import Prefix
from shared.db.clients import create_client
from shared.db.job_leases import ClaimedJob, claim_job, finish_job
from shared.db.jobs import dedupe_key
from shared.domain.drafting.findings import FindingKind
from shared.domain.identifiers import uuid7
from shared.domain.interaction import Interaction
from shared.domain.reply_identity import reply_key
from shared.domain.text.email_text import clean_reply
from shared.domain.vocabulary import (
    ClientId,
    Direction,
    InteractionStatus,
    JobId,
    JobStatus,
    JobType,
    MessageId,
    Provider,
    ResponseMode,
    Tag,
)
from shared.jobs.consumer import Run
from shared.jobs.outcomes import Done, Outcome, Skip
from shared.jobs.publish import Publisher
from shared.pipelines.dependencies import Dependencies
from shared.pipelines.intake.delivery import Delivery, Receipt
from shared.pipelines.intake.receive_event import receive_event
from shared.pipelines.reply.score_lead import run_lead_scoring
from shared.pipelines.run_job import run_post_process_job
from shared.providers.errors import Refused
from shared.providers.instantly.account import InstantlyAccount
from shared.providers.instantly.client import InstantlyClient
from shared.providers.instantly.emails import Email, SentEmail
from shared.providers.instantly.leads import BlockListEntry, ProviderLead
from tests.instantly_events import body_of, hash_address, reply_received

LEAD_EMAIL = "pat@acme.test"
MAILBOX = "sam@send.test"
GOOD_BODY = "happy to tell you more. Which part matters most to you?"


class FakeModel:
    """A model that returns ``answers``' value for each task, or raises its exception, and counts calls."""

    def __init__(self) -> None:
        self.answers: dict[str, dict[str, Any] | Exception | Callable[[], dict[str, Any]]] = {}
        self.calls: list[str] = []
        self.shown: dict[str, str] = {}  # the workspace's document and the last case of each task
        self.before: Callable[[str], None] = lambda _: None  # what happens in the world while the model thinks
        self.says(Tag.INTERESTED)
        self.writes(GOOD_BODY)
        self.judges(confidence=0.96)
        self.answers["lead_score"] = {"reason": "fits", "fit": 3, "intent": 4, "overall": 4}

    def says(self, tag: Tag, quoted_words: str = "", *, opt_out: str | None = None) -> None:
        """``opt_out``: its word about a suspected opt-out, which its tag makes plain unless it is told otherwise."""
        opt_out = opt_out or ("CONFIRMED" if tag is Tag.BLACKLIST else "DENIED")
        self.answers["sentiment"] = {
            "reason": "as told",
            "tag": tag,
            "opt_out_reason": "" if opt_out == "NONE" else "as told",
            "opt_out": opt_out,
            "quoted_words": quoted_words,
        }

    def writes(self, body: str, *, we_owe: Sequence[dict[str, str]] = ()) -> None:
        self.answers["draft"] = {
            "language": "en",
            "questions": [],
            "greeting": "Hi Pat,",
            "body": body,
            "closing": "Best,",
            "we_owe": list(we_owe),
        }

    def judges(self, *, confidence: float, found: Mapping[FindingKind, str] = MappingProxyType({})) -> None:
        self.answers["reply_evaluation"] = {
            "findings": [{"words": words, "kind": kind} for kind, words in found.items()],
            "confidence": confidence,
        }

    def parse(
        self,
        *,
        task: str,
        prompt_version: str,
        model: str,
        prefix: Prefix,
        input_text: str,
        output: type[BaseModel],
        record: Record,
        **_: object,
    ) -> BaseModel:
        self.calls.append(task)
        self.shown[task] = f"{prefix.document}\n{input_text}"
        self.before(task)
        answer = self.answers[task]
        failed = isinstance(answer, Exception)
        record(
            Interaction(
                feature=task,
                prompt_version=prompt_version,
                model=model,
                input_tokens=100,
                cached_input_tokens=60,
                output_tokens=20,
                reasoning_tokens=5,
                cost_usd=Decimal("0.000321"),
                latency_ms=7,
                status=InteractionStatus.ERROR if failed else InteractionStatus.SUCCESS,
                error="as told" if failed else None,
                created_at=datetime.now(UTC),
            )
        )
        if isinstance(answer, Exception):
            raise answer
        return output.model_validate(answer() if callable(answer) else answer)


class FakeInstantly:
    """A provider with one received email per id that is asked for; keeps the emails that it was asked to send."""

    def __init__(self) -> None:
        self.replies: list[dict[str, Any]] = []
        self.reads: list[str] = []
        self.reply_error: Exception | None = None
        self.reply_is_sent_before_the_error = False
        self.read_error: Exception | None = None
        self.received: dict[str, Any] = {}  # changes to the e-mail that get_email answers with
        self.thread: list[Email] = []
        self.leads: list[ProviderLead] = []
        self.leads_error: Exception | None = None
        self.asked_about: list[str] = []  # whose consent was asked for
        self.blocked: set[str] = set()
        self.block_list_error: Exception | None = None  # the entry is made all the same
        self.interest: dict[str, int | None] = {}
        self.interest_error: Exception | None = None
        self.known_leads: set[str] | None = None  # None: whoever is asked for
        self.before_read: Callable[[], None] = lambda: None
        self.before_reply: Callable[[], None] = lambda: None
        self.after_reply: Callable[[], None] = lambda: None  # the mail has left, its answer is on its way
        self.before_interest: Callable[[], None] = lambda: None

    def get_email(self, email_id: str, **_: object) -> Email:
        self.before_read()
        self.reads.append(email_id)
        if self.read_error is not None:
            raise self.read_error
        return replace(email(email_id, ue_type=2), **self.received)

    def reply(self, **request: Any) -> SentEmail:
        self.before_reply()
        sent = SentEmail(id=str(uuid7()), message_id=None, thread_id="thread-1", timestamp_created=datetime.now(UTC))
        if self.reply_error is None or self.reply_is_sent_before_the_error:
            self.replies.append(request)
            self.thread.append(email(sent.id, ue_type=3, from_email=MAILBOX))
            self.after_reply()
        if self.reply_error is not None:
            raise self.reply_error
        return sent

    def list_emails(self, **_: object) -> Iterator[Email]:
        yield from self.thread

    def list_leads(self, *, contacts: Sequence[str], **_: object) -> Iterator[ProviderLead]:
        self.asked_about += contacts
        if self.leads_error is not None:
            raise self.leads_error
        yield from (lead for lead in self.leads if lead.email in contacts)

    def list_block_list(self, *, starting_after: str | None = None, **_: object) -> Iterator[BlockListEntry]:
        entries = sorted(self.blocked)
        if starting_after is not None and starting_after not in entries:
            raise Refused(400, "querystring/starting_after is unknown")
        yield from (BlockListEntry(value, value) for value in entries if value > (starting_after or ""))

    def is_on_block_list(self, value: str, **_: object) -> bool:
        return value in self.blocked

    def add_block_list_entry(self, value: str) -> None:
        assert value not in self.blocked, "it was asked for first"
        self.blocked.add(value)
        if self.block_list_error is not None:
            raise self.block_list_error

    def delete_block_list_entry(self, value: str) -> bool:
        found = value in self.blocked
        self.blocked.discard(value)
        return found

    def update_interest_status(self, lead_email: str, value: int | None) -> None:
        self.before_interest()
        if self.interest_error is not None:
            raise self.interest_error
        if self.known_leads is not None and lead_email not in self.known_leads:
            raise Refused(404, "no such lead")
        self.interest[lead_email] = value


def account_of(instantly: object) -> InstantlyAccount:
    """The account behind which a fake of Instantly's API stands."""
    return InstantlyAccount(cast("InstantlyClient", instantly))


class FakeSqs:
    """Takes what is published. Refuses everything while ``refuses`` is set, as SQS does: with a 200 and a list."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.refuses = False

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        if self.refuses:
            return {"Failed": [{"Id": entry["Id"], "Code": "InternalError"} for entry in Entries]}
        self.sent += [{"queue": QueueUrl, **entry} for entry in Entries]
        return {"Successful": [{"Id": entry["Id"]} for entry in Entries]}


def email(email_id: str, *, ue_type: int, from_email: str = LEAD_EMAIL) -> Email:
    return Email(
        id=email_id,
        thread_id="thread-1",
        message_id=None,
        from_email=from_email,
        to=(),
        copies=(),
        attachments=(),
        lead=LEAD_EMAIL,
        eaccount=MAILBOX,
        ue_type=ue_type,
        campaign_id=None,
        subject="Re: quick question",
        text=None,
        html=None,
        snippet=None,
        timestamp_created=datetime.now(UTC),
        timestamp_email=None,
        is_auto_reply=False,
        raw={},
    )


@dataclass
class Scene:
    engine: Engine
    model: FakeModel = field(default_factory=FakeModel)
    instantly: FakeInstantly = field(default_factory=FakeInstantly)
    sqs: FakeSqs = field(default_factory=FakeSqs)
    remaining_s: float = 120.0

    def __post_init__(self) -> None:
        self.campaign_id, self.lead_id = uuid7(), uuid7()
        with self.engine.begin() as connection:
            self.client_id = create_client(connection, "Acme Sales").id
            self.account_id = connection.execute(
                text("SELECT id FROM provider_account WHERE client_id = :client"), {"client": self.client_id}
            ).scalar_one()
            connection.execute(
                text(
                    "INSERT INTO campaign (id, client_id, provider_campaign_id, name, response_mode)"
                    " VALUES (:id, :client, 'c1', 'Founders', :mode)"
                ),
                {"id": self.campaign_id, "client": self.client_id, "mode": ResponseMode.AUTO_SEND.value},
            )
            connection.execute(
                text("INSERT INTO lead (id, client_id, email, first_name) VALUES (:id, :client, :email, 'Pat')"),
                {"id": self.lead_id, "client": self.client_id, "email": LEAD_EMAIL},
            )
        self.settings(
            persona_name="Sam",
            persona_signature="Best,\nSam Lee",
            service_description="We book meetings for founders.",
            company_name="Sendwell",
        )
        self.publisher = Publisher(
            cast("Any", self.sqs), post_process_queue_url="post-process", lead_scoring_queue_url="lead-scoring"
        )
        self.dependencies = Dependencies(
            engine=self.engine,
            publisher=self.publisher,
            model=lambda: cast("ModelClient", self.model),
            accounts=lambda _: account_of(self.instantly),
            hash_address=hash_address,
        )

    # --- the world ------------------------------------------------------------------------------------------------

    def settings(self, **values: object) -> None:
        assignments = ", ".join(f"{name} = :{name}" for name in values)
        with self.engine.begin() as connection:
            connection.execute(
                text(f"UPDATE client_settings SET {assignments} WHERE client_id = :client"),
                {"client": self.client_id, **values},
            )

    def set_lead(self, assignments: str, **values: object) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(f"UPDATE lead SET {assignments} WHERE id = :id"), {"id": self.lead_id, **values})

    def message(
        self,
        body: str = "Sounds interesting, tell me more about the setup.",
        *,
        age: timedelta = timedelta(minutes=1),
        direction: Direction = Direction.INBOUND,
        subject: str = "Re: quick question",
        is_auto_reply: bool = False,
        campaign: bool = True,
        campaign_step: int | None = None,
        sender: str | None = None,
    ) -> MessageId:
        """Adds an email of or to the lead, ``age`` old, as intake stores one that came with its text.

        With a ``sender`` it is as recovery brings it; else the first run looks at the provider's e-mail for that.
        """
        message_id, at = MessageId(uuid7()), datetime.now(UTC) - age
        email_id = str(uuid7())
        cleaned = clean_reply(body, None)
        with self.engine.begin() as connection:
            connection.execute(
                text(
                    """
                    INSERT INTO message (id, client_id, lead_id, campaign_id, provider_account_id, direction, subject,
                                         body_text, clean_text, text_source, from_email, mailbox, provider_message_id,
                                         reply_key, content_key, is_auto_reply, campaign_step,
                                         received_at, effective_at)
                    VALUES (:id, :client, :lead, :campaign, :account, :direction, :subject, :body, :clean_text,
                            :text_source, :sender, :mailbox, :email_id, :reply_key, :key, :auto, :step, :at, :at)
                    """
                ),
                {
                    "id": message_id,
                    "client": self.client_id,
                    "lead": self.lead_id,
                    "account": self.account_id,
                    "campaign": self.campaign_id if campaign else None,
                    "direction": direction.value,
                    "subject": subject,
                    "body": body,
                    "clean_text": cleaned.text,
                    "text_source": cleaned.source,
                    "sender": sender,
                    "mailbox": MAILBOX,
                    "email_id": email_id,
                    "reply_key": self.reply_key(email_id),
                    "key": secrets.token_bytes(32),
                    "auto": is_auto_reply,
                    "step": campaign_step,
                    "at": at,
                },
            )
        return message_id

    def reply_key(self, email_id: str) -> bytes:
        return reply_key(Provider.INSTANTLY, self.account_id, None, email_id)

    def follow_up(self, status: str = "ACTIVE", *, paused_by: MessageId | None = None) -> UUID:
        follow_up_id = uuid7()
        with self.engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO follow_up_instance (id, client_id, lead_id, status, paused_reason,"
                    " paused_by_message_id) VALUES (:id, :client, :lead, :status,"
                    " CASE WHEN :status = 'PAUSED' THEN 'LEAD_REPLIED' END, :paused_by)"
                ),
                {
                    "id": follow_up_id,
                    "client": self.client_id,
                    "lead": self.lead_id,
                    "status": status,
                    "paused_by": paused_by,
                },
            )
        return follow_up_id

    def job(self, message_id: MessageId, type: JobType = JobType.POST_PROCESS, draft_id: UUID | None = None) -> JobId:
        """Adds the job as the webhook leaves it (the scoring job ten minutes ahead)."""
        job_id = JobId(uuid7())
        with self.engine.begin() as connection:
            connection.execute(
                text(
                    """
                    INSERT INTO background_job
                        (id, client_id, lead_id, message_id, draft_id, provider_account_id, type, dedupe_key, run_at,
                         enqueued_at)
                    VALUES (:id, :client, :lead, :message, :draft, :account, :type, :key,
                            now() + CASE WHEN :scoring THEN interval '10 minutes' ELSE interval '0' END,
                            CASE WHEN :scoring THEN NULL ELSE now() END)
                    """
                ),
                {
                    "id": job_id,
                    "client": self.client_id,
                    "lead": self.lead_id,
                    "message": message_id,
                    "draft": draft_id,
                    "account": self.account_id if type is JobType.SYNC_PERSON else None,
                    "type": type.value,
                    "key": dedupe_key(self.client_id, draft_id or message_id, type),
                    "scoring": type is JobType.LEAD_SCORING,
                },
            )
        return job_id

    def receive(self, **changes: Any) -> MessageId:
        """Takes a reply of the lead in as the webhook does; its message. A change to None leaves a key out."""
        return self.receive_event(reply_received(lead_email=LEAD_EMAIL, campaign_id="c1", **changes))

    def receive_event(self, event: dict[str, Any]) -> MessageId:
        """Takes an event in as the webhook does and returns its message."""
        receipt = self.deliver(event)
        assert receipt.message_id is not None, receipt
        return receipt.message_id

    def deliver(self, event: dict[str, Any]) -> Receipt:
        """Takes an event in as the webhook does."""
        return receive_event(
            Delivery.of(ClientId(self.client_id), body_of(event), datetime.now(UTC), provider=Provider.INSTANTLY),
            engine=self.engine,
            publisher=self.publisher,
            hash_address=hash_address,
        )

    def job_of(self, message_id: MessageId, type: JobType = JobType.POST_PROCESS) -> JobId:
        """Returns the job that intake has made for a message."""
        query = "SELECT id FROM background_job WHERE message_id = :id AND type = :type"
        return JobId(self.one(query, id=message_id, type=type.value).id)

    # --- running --------------------------------------------------------------------------------------------------

    def claim(self, job_id: JobId, *, lease_s: float = 60) -> ClaimedJob:
        job = claim_job(self.engine, job_id, owner=secrets.token_hex(4), lease_s=lease_s, sqs_message_id="m")
        assert isinstance(job, ClaimedJob), job
        return job

    def run(self, job_id: JobId, *, lease_s: float = 60) -> Outcome:
        """One run of a job. What it raises is raised; Done and Skip end the job, anything else leaves it as it is."""
        job = self.claim(job_id, lease_s=lease_s)
        run = Run(job=job, remaining_s=lambda: self.remaining_s)
        use_case = run_lead_scoring if job.type is JobType.LEAD_SCORING else run_post_process_job
        try:
            outcome = use_case(self.dependencies, run)
        except Exception:
            self.expire_lease(job_id)
            raise
        if isinstance(outcome, Done | Skip):
            finish_job(self.engine, job, JobStatus.SUCCEEDED, result=str(outcome))
        else:
            self.expire_lease(job_id)
        return outcome

    def expire_lease(self, job_id: JobId) -> None:
        with self.engine.begin() as connection:
            connection.execute(
                text("UPDATE background_job SET lease_expires_at = now() - interval '1 s' WHERE id = :id"),
                {"id": job_id},
            )

    def process(self, message_id: MessageId | None = None) -> Outcome:
        """Post-processes a message (a fresh one when none is given) in one run."""
        return self.run(self.job(message_id or self.message()))

    # --- looking --------------------------------------------------------------------------------------------------

    def one(self, query: str, **values: object) -> Any:
        with self.engine.connect() as connection:
            return connection.execute(text(query), values).one()

    def all(self, query: str, **values: object) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(text(query), values).all())

    def lead(self) -> Any:
        return self.one("SELECT * FROM lead WHERE id = :id", id=self.lead_id)

    def draft(self) -> Any:
        return self.one("SELECT * FROM draft WHERE lead_id = :id", id=self.lead_id)

    def drafts(self) -> list[Any]:
        return self.all("SELECT * FROM draft WHERE lead_id = :id ORDER BY created_at", id=self.lead_id)

    def decisions(self, draft_id: UUID | None = None) -> list[tuple[Any, ...]]:
        """The history of a draft, or of the only one there is: status, rule, actor, revision."""
        query = (
            "SELECT status, rule, actor_kind, actor, revision FROM draft_decision"
            " WHERE draft_id = :id ORDER BY decided_at, id"
        )
        return [tuple(row) for row in self.all(query, id=draft_id or self.draft().id)]

    def steps(self, job_id: JobId) -> dict[str, Any]:
        return {row.name: row.result for row in self.all("SELECT * FROM job_step WHERE job_id = :id", id=job_id)}
