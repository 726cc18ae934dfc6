"""The invariants, one function each; a violation's words name the row and the reason.

A function looks at evidence only, never at a running system, so that it can be tested on rows made by hand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

import local
from local.samples import ABOUT, FOLDERS
from shared.domain.vocabulary import Provider
from shared.providers.registry import PROVIDERS
from tests.faults.evidence import Evidence, Row, is_of, reply_key_of
from tests.faults.ledger import Posting, Wanted

POST_PROCESS = frozenset(provider.job_type.value for provider in PROVIDERS.values())
SCORING = "LEAD_SCORING_POST_PROCESS"
SYNC_PERSON = "SYNC_PERSON"
SEND_REPLY = "SEND_REPLY"
COMMITMENT_DUE = "COMMITMENT_DUE"
STEPS = {
    **{type: {"understand", "draft", "decide", "send"} for type in POST_PROCESS},
    SCORING: {"score"},
    SEND_REPLY: {"send"},
}
NOT_SCORED = "skipped: an automatic reply"
SYNCED = {  # what a SYNC_PERSON job has to have done, by what it says of itself
    "blocked at the provider": {"block_list"},
    "paused at the provider": {"sequences"},
    "unblocked at the provider": {"block_list"},
    "unblocked at the provider, and paused": {"block_list", "sequences"},
    "nothing to tell the provider": set[str](),
}
# Why one has nothing to do any more: its account or lead is gone.
NOT_TOLD = ("skipped:", "the lead was merged", "person_erased")
# Why a job may fail for good: an outage that outlasted its receives, or a worker of whom nothing was heard again.
FAIR_FAILURES = ("gave up after", "the worker was lost")
MODEL_FAILURES = ("model rejected",)
STEP_OF_FEATURE = {"sentiment": "understand", "draft": "draft", "reply_evaluation": "decide", "lead_score": "score"}
OPEN_DRAFTS = ("PENDING", "NEEDS_REVIEW", "APPROVED")
# No transaction of ours lasts longer: the server ends a statement of the webhook after 2 s, a consumer's after 30 s.
LONGEST_TRANSACTION = timedelta(seconds=60)


INBOUND = "POST_PROCESS"  # whichever provider's
KINDS = (INBOUND, SCORING)  # of the jobs that each reply has one of


def kind_of(job: Row) -> str:
    """Returns a job's type, the same for the inbound jobs of all providers."""
    return INBOUND if job["type"] in POST_PROCESS else str(job["type"])


@dataclass(frozen=True)
class Violation:
    """A broken invariant. ``subject`` is a posting, a message, a draft …: a reply is counted once, however broken."""

    invariant: int
    subject: str
    what: str

    def __str__(self) -> str:
        return f"invariant {self.invariant}: {self.subject}: {self.what}"


def check(evidence: Evidence) -> list[Violation]:
    """Returns every violation of the invariants that rows, emails and responses can show."""
    return [violation for invariant in INVARIANTS for violation in invariant(evidence)]


# --- 1 ---------------------------------------------------------------------------------------------------------------


def taken_events_are_processed(evidence: Evidence) -> Iterator[Violation]:
    """1. An authenticated event that got a 2xx is never lost: it is processed."""
    messages = {id(posting): message for posting, message in evidence.messages_of_postings()}
    events = {(row["client_id"], bytes(row["raw_body"])): row for row in evidence.rows("webhook_event")}
    jobs = {(row["message_id"], kind_of(row)): row for row in evidence.rows("background_job")}
    by_id, heads = {row["id"]: row for row in evidence.rows("lead")}, evidence.heads()
    leads = {(row["client_id"], row["email"]): by_id[heads[row["id"]]] for row in evidence.rows("lead")}
    connected = {
        (row["client_id"], row["provider"]) for row in evidence.rows("provider_account") if row["disabled_at"] is None
    }
    for posting in evidence.postings:
        subject = describe(posting)
        if not posting.is_taken:  # every cause was gone when it was delivered for the last time
            yield Violation(1, subject, f"was never taken: {[answer.status_code for answer in posting.answers]}")
            continue
        if posting.wanted is Wanted.QUARANTINE:
            event = events.get((posting.workspace.id, posting.event.body))
            if event is None or event["outcome"] != "QUARANTINED":
                yield Violation(1, subject, "was taken, but is not in quarantine")
            continue
        if posting.wanted is Wanted.SUPPRESSION:
            lead = leads.get((posting.workspace.id, posting.lead_email))
            if lead is None or lead["suppressed_at"] is None:
                yield Violation(1, subject, "was taken, but its lead is not suppressed")
            for name, record in evidence.records.items() if lead is not None and lead["suppressed_at"] else ():
                if (posting.workspace.id, name) not in connected:
                    continue
                if posting.lead_email not in record.blocked:
                    yield Violation(1, subject, f"its lead is suppressed, but is not on the block list of {name}")
                elif name is posting.event.side.name and posting.lead_email not in record.told:
                    yield Violation(1, subject, f"its lead is suppressed, but {name} goes on with it")
        if posting.reply_id is None:
            continue
        message = messages[id(posting)]
        if message is None:
            yield Violation(1, subject, "was taken, but there is no message")
            continue
        for kind in KINDS:
            job = jobs.get((message["id"], kind))
            if job is None:
                yield Violation(1, subject, f"has no {kind} job")
            elif job["status"] not in ("SUCCEEDED", "FAILED"):
                yield Violation(1, subject, f"its {kind} job is still {job['status']} ({job['last_error']})")
        if message["sentiment"] is None and jobs.get((message["id"], INBOUND), {}).get("status") == "SUCCEEDED":
            yield Violation(1, subject, "its job has succeeded, but nobody knows what it says")


# --- 2 ---------------------------------------------------------------------------------------------------------------


def one_reply_is_one_of_everything(evidence: Evidence) -> Iterator[Violation]:
    """2. One reply → one message, one job of each kind, at most one draft, at most one e-mail."""
    for (client_id, email), count in Counter((row["client_id"], row["email"]) for row in evidence.rows("lead")).items():
        if count > 1:
            yield Violation(2, f"lead {email} of {client_id}", f"there are {count} of it")
    inbound = [row for row in evidence.rows("message") if row["direction"] == "INBOUND"]
    by_email_id = Counter((row["client_id"], row["provider_message_id"]) for row in inbound)
    posted = {(posting.workspace.id, reply_id) for posting in evidence.postings for reply_id in posting.reply_ids}
    jobs = evidence.by("background_job", "message_id")
    drafts = evidence.by("draft", "trigger_message_id")
    mails, sides = evidence.mails_by_reply(), evidence.sides()
    for (client_id, email_id), count in by_email_id.items():
        if count > 1:
            yield Violation(2, f"reply {email_id}", f"{count} messages")
        if evidence.postings and (client_id, email_id) not in posted:
            yield Violation(2, f"reply {email_id}", "nobody has posted it")
    for message in inbound:
        subject = f"reply {message['provider_message_id']}"
        kinds = Counter(kind_of(job) for job in jobs.get(message["id"], ()))
        for kind in KINDS:
            if kinds[kind] != 1:
                yield Violation(2, subject, f"{kinds[kind]} jobs of type {kind}")
        types = {job["type"] for job in jobs.get(message["id"], ())} & POST_PROCESS
        if types - {sides[message["provider_account_id"]].job_type}:
            yield Violation(2, subject, f"is worked off as {', '.join(sorted(types))}")
        follow_ups = [row for row in drafts.get(message["id"], ()) if row["commitment_id"] is not None]
        if len(drafts.get(message["id"], ())) - len(follow_ups) > 1:
            yield Violation(2, subject, f"{len(drafts[message['id']])} drafts")
        sent = mails.get(reply_key_of(message, sides), ())
        if len(sent) > 1 + sum(row["status"] in ("SENT", "SEND_UNCERTAIN") for row in follow_ups):
            yield Violation(2, subject, f"{len(sent)} e-mails were sent")
    outbound = Counter(row["draft_id"] for row in evidence.rows("message") if row["direction"] == "OUTBOUND")
    for draft_id, count in outbound.items():
        if draft_id is not None and count > 1:
            yield Violation(2, f"draft {draft_id}", f"{count} outbound messages")


def one_draft_to_a_person_is_open(evidence: Evidence) -> Iterator[Violation]:
    """2. One draft of a person's leads is open on a channel, so that nobody approves two."""
    for lead_id, drafts in evidence.by_person("draft").items():
        for channel, count in Counter(row["channel"] for row in drafts if row["status"] in OPEN_DRAFTS).items():
            if count > 1:
                yield Violation(2, f"lead {lead_id}", f"{count} drafts are open on {channel}")


# --- 3 ---------------------------------------------------------------------------------------------------------------


def succeeded_jobs_did_every_step_once(evidence: Evidence) -> Iterator[Violation]:
    """3. A job that SUCCEEDED did all of its steps; a step that finished is never paid for or done again."""
    steps = evidence.by("job_step", "job_id")
    finished = {(row["job_id"], row["name"]): row["finished_at"] for row in evidence.rows("job_step")}
    for job in evidence.rows("background_job"):
        wanted = STEPS.get(job["type"], set())
        if job["type"] == SYNC_PERSON and job["status"] == "SUCCEEDED":
            result = job["result"] or ""
            wanted = SYNCED.get(result, set())
            if result not in SYNCED and not result.startswith(NOT_TOLD):
                yield Violation(3, f"job {job['id']}", f"SUCCEEDED with a result that nobody knows: {result}")
        skipped = job["type"] == SCORING and (job["result"] or "").startswith(NOT_SCORED)
        missing = wanted - {step["name"].partition(":")[0] for step in steps.get(job["id"], ())}
        if job["status"] == "SUCCEEDED" and missing and not skipped:
            yield Violation(3, f"job {job['id']}", f"SUCCEEDED without {', '.join(sorted(missing))} ({job['result']})")
    for call in evidence.rows("ai_interaction"):
        done_at = finished.get((call["job_id"], STEP_OF_FEATURE.get(call["feature"], "")))
        if done_at is not None and call["created_at"] > done_at:
            yield Violation(3, f"job {call['job_id']}", f"paid for {call['feature']} after that step had finished")


# --- 4 ---------------------------------------------------------------------------------------------------------------


def newer_replies_win(evidence: Evidence) -> Iterator[Violation]:
    """4. A newer human reply's results are never overwritten by an older one's."""
    messages = evidence.by_person("message")
    jobs = {(row["message_id"], kind_of(row)): row for row in evidence.rows("background_job")}
    drafts, parted = evidence.by_person("draft"), evidence.parted()
    sends = {row["draft_id"]: row for row in evidence.rows("outbound_send")}
    scored_jobs = {row["job_id"] for row in evidence.rows("job_step") if row["name"] == "score"}
    for lead in evidence.people():
        inbound = sorted(
            (row for row in messages.get(lead["id"], ()) if row["direction"] == "INBOUND"), key=position_of
        )
        human = [row for row in inbound if not row["is_auto_reply"]]
        subject = f"lead {lead['id']}"
        if human and human[-1]["sentiment"] is not None and lead["suppressed_at"] is None:
            newest = human[-1]
            dismissed = newest["suppression_dismissed_at"] is not None  # then a person knows better
            if lead["sentiment"] != newest["sentiment"] and not dismissed:
                yield Violation(4, subject, f"is {lead['sentiment']!r}, its newest reply says {newest['sentiment']!r}")
        by_id = {row["id"]: row for row in inbound}
        for draft in drafts.get(lead["id"], ()):
            trigger = by_id.get(draft["trigger_message_id"])
            if trigger is None:
                if lead["id"] in parted and draft["status"] not in OPEN_DRAFTS:
                    continue
                yield Violation(4, f"draft {draft['id']}", "answers a message of another lead")
                continue
            newer = [row for row in human if position_of(row) > position_of(trigger)]
            send = sends.get(draft["id"])
            if draft["rule"] == "arrived_late":  # behind a newer one that was understood without it: for a person
                if send is not None and send["automated"]:
                    yield Violation(4, f"draft {draft['id']}", "answers a reply that came late, and nobody approved it")
                newer = [row for row in newer if row["received_at"] > trigger["received_at"]]
            understood = [row for row in newer if row["sentiment"] is not None]
            if draft["status"] in OPEN_DRAFTS and understood:
                yield Violation(4, f"draft {draft['id']}", f"is {draft['status']}, but the lead has written again")
            for later in newer if send is not None and send["status"] != "REFUSED" else ():
                known_at = jobs.get((later["id"], INBOUND), {}).get("enqueued_at")
                one_since = evidence.one_person_since(later["lead_id"], trigger["lead_id"])
                if send is not None and known_at is not None and send["intended_at"] > max(known_at, one_since):
                    yield Violation(4, f"draft {draft['id']}", "was sent after a newer reply had been recorded")
        if human and lead["suppressed_at"] is None and lead["overall_score"] is None:
            yield Violation(3, subject, "has written, and nobody has scored it")
        scored = [row for row in inbound if jobs.get((row["id"], SCORING), {}).get("id") in scored_jobs]
        if scored and lead["scored_message_id"] is not None and lead["id"] not in parted:
            of_lead = by_id.get(lead["scored_message_id"])
            if of_lead is None or position_of(of_lead) < position_of(scored[-1]):
                yield Violation(4, subject, "its score is of an older reply than the newest one that was scored")


def rollups_are_of_the_newest_mail(evidence: Evidence) -> Iterator[Violation]:
    """4. What a lead's row says about its mail is what its messages say."""
    messages = evidence.by_person("message")
    for lead in evidence.people():
        mail = messages.get(lead["id"], ())
        for column, directions in (
            ("last_inbound_at", ("INBOUND",)),
            ("last_outbound_at", ("OUTBOUND",)),
            ("last_message_at", ("INBOUND", "OUTBOUND")),
        ):
            newest = max((row["effective_at"] for row in mail if row["direction"] in directions), default=None)
            if lead[column] != newest:
                yield Violation(4, f"lead {lead['id']}", f"its {column} is {lead[column]}, its mail says {newest}")


def position_of(message: Row) -> tuple[datetime, UUID]:
    """Returns a message's place in the order of a lead's emails."""
    return message["effective_at"], message["id"]


def merged_leads_rest(evidence: Evidence) -> Iterator[Violation]:
    """4. A merged lead is part of one head, has no key of its own but a shared number, and nothing waits under it."""
    leads = {row["id"]: row for row in evidence.rows("lead")}
    live = {row["loser_id"] for row in evidence.rows("lead_merge") if row["undone_at"] is None}
    keyed = {row["lead_id"] for row in evidence.rows("lead_identity") if row["kind"] != "PHONE"}
    waiting = {row["lead_id"] for row in evidence.rows("background_job") if row["status"] != "SUCCEEDED"}
    open_drafts = {row["lead_id"] for row in evidence.rows("draft") if row["status"] in OPEN_DRAFTS}
    for lead in leads.values():
        subject, merged = f"lead {lead['id']}", lead["merged_into_id"] is not None
        if merged != (lead["id"] in live):
            yield Violation(4, subject, "its merge is recorded otherwise than its row says")
        if not merged:
            if lead["id"] not in keyed and lead["email"] is None:
                yield Violation(4, subject, "nothing leads to it")
            continue
        if leads[lead["merged_into_id"]]["merged_into_id"] is not None:
            yield Violation(4, subject, "its head is merged itself")
        for what, of in (("keys", keyed), ("jobs that wait", waiting), ("open drafts", open_drafts)):
            if lead["id"] in of:
                yield Violation(4, subject, f"is merged and has {what}")


def every_account_is_told(evidence: Evidence) -> Iterator[Violation]:
    """1. Each account of a client has heard that a person's sequences stand still, and none goes on with them."""
    pausing = {
        row["id"]: row["client_id"]
        for row in evidence.rows("provider_account")
        if row["disabled_at"] is None and PROVIDERS[Provider(row["provider"])].pauses_sequences
    }
    running = {address for record in evidence.records.values() for address in record.running}
    heads = evidence.heads()
    for lead in evidence.people():
        if lead["sequences_paused_at"] is None or lead["suppressed_at"] is not None or lead["erased_at"] is not None:
            continue
        subject = f"lead {lead['id']}"
        accounts = {
            account
            for one in evidence.rows("lead")
            if heads[one["id"]] == lead["id"]
            for account in one["pause_told"] or ()
        }
        missing = {id for id, client_id in pausing.items() if client_id == lead["client_id"]} - accounts
        if missing:
            yield Violation(1, subject, f"its sequences are to stand still, {len(missing)} accounts were not told")
        if lead["email"] in running:
            yield Violation(1, subject, "its sequences are to stand still, and run on")


# --- 5 ---------------------------------------------------------------------------------------------------------------


def nothing_is_sent_after_a_suppression(evidence: Evidence) -> Iterator[Violation]:
    """5. No send is claimed after a suppression committed.

    When it committed is bounded by what came after it: its jobs were published, or no transaction lasts that long.
    """
    published: dict[UUID, datetime] = {}  # the last of its accounts' jobs
    for job in evidence.rows("background_job"):
        if job["type"] == SYNC_PERSON and job["enqueued_at"] is not None:
            published[job["lead_id"]] = max(job["enqueued_at"], published.get(job["lead_id"], job["enqueued_at"]))
    drafts = evidence.by_person("draft")
    sends = evidence.by_person("outbound_send")
    for lead in evidence.people():
        if lead["suppressed_at"] is None:
            continue
        committed_by = lead["suppressed_at"] + LONGEST_TRANSACTION
        published_at = published.get(lead["id"])
        if published_at is not None:
            committed_by = min(committed_by, published_at)
        for send in sends.get(lead["id"], ()):
            if send["intended_at"] > committed_by:
                yield Violation(5, f"draft {send['draft_id']}", "its send was claimed after the lead's suppression")
        for draft in drafts.get(lead["id"], ()):
            if draft["status"] in OPEN_DRAFTS:
                yield Violation(5, f"draft {draft['id']}", f"is {draft['status']} though the lead is suppressed")


# --- 6 ---------------------------------------------------------------------------------------------------------------

DRAFT_OF_SEND = {
    "SENT": {"SENT"},
    "UNCERTAIN": {"SEND_UNCERTAIN"},
    "REFUSED": {"PENDING", "APPROVED", "NEEDS_REVIEW", "REJECTED", "SUPERSEDED"},
}


def no_send_is_stuck_or_repeated(evidence: Evidence) -> Iterator[Violation]:
    """6. No second e-mail, and no draft or send in a state that nobody can leave."""
    sends = {row["draft_id"]: row for row in evidence.rows("outbound_send")}
    messages = {row["id"]: row for row in evidence.rows("message")}
    outbound = {row["provider_message_id"]: row for row in messages.values() if row["direction"] == "OUTBOUND"}
    sent_as = {row["draft_id"] for row in outbound_rows(evidence)}
    mails = evidence.mails_of_drafts()
    for draft in evidence.rows("draft"):
        subject = f"draft {draft['id']}"
        send = sends.get(draft["id"])
        if draft["status"] == "SENDING":
            yield Violation(6, subject, "is SENDING though nobody is sending it")
        elif send is None:
            if draft["status"] in ("SENT", "SEND_UNCERTAIN"):
                yield Violation(6, subject, f"is {draft['status']} without a send")
        elif draft["status"] not in DRAFT_OF_SEND.get(send["status"], set()):
            yield Violation(6, subject, f"is {draft['status']}, its send is {send['status']}")
        mailed = mails[draft["id"]]
        if mailed and draft["status"] not in ("SENT", "SEND_UNCERTAIN"):
            yield Violation(6, subject, f"is {draft['status']}, but its e-mail has left")
        if draft["status"] == "SENT" and send is not None and send["provider_message_id"] is not None:
            if [mail.id for mail in mailed] != [send["provider_message_id"]]:
                yield Violation(6, subject, f"is SENT as {send['provider_message_id']}, {len(mailed)} have left")
            elif send["provider_message_id"] not in outbound:
                yield Violation(6, subject, "is SENT, but there is no outbound message")
        elif draft["status"] == "SENT" and send is not None:  # by a provider that tells no ids
            if len(mailed) != 1:
                yield Violation(6, subject, f"is SENT, {len(mailed)} have left")
            elif draft["id"] not in sent_as:
                yield Violation(6, subject, "is SENT, but there is no outbound message")


def outbound_rows(evidence: Evidence) -> list[Row]:
    return [row for row in evidence.rows("message") if row["direction"] == "OUTBOUND"]


def every_mail_is_its_draft_and_was_claimed_first(evidence: Evidence) -> Iterator[Violation]:
    """6. A provider was asked for an answer at most as often as a send was claimed, and mailed what the draft says."""
    sends = {row["draft_id"]: row for row in evidence.rows("outbound_send")}
    triggers = {row["id"]: row for row in evidence.rows("message")}
    asked = sum((record.asked for record in evidence.records.values()), Counter[str]())
    mails, drafts = evidence.mails_of_drafts(), evidence.by("draft", "trigger_message_id")
    sides = evidence.sides()
    for draft in evidence.rows("draft"):
        trigger = triggers.get(draft["trigger_message_id"])
        if trigger is None:
            continue
        subject = f"draft {draft['id']}"
        claims = sum(sends[one["id"]]["attempts"] for one in drafts[trigger["id"]] if one["id"] in sends)
        requests = asked[reply_key_of(trigger, sides)]
        if requests > claims:
            yield Violation(6, subject, f"was claimed {claims} times, and sent {requests} times")
        for mail in mails[draft["id"]]:
            if not is_of(mail, draft):
                yield Violation(6, subject, "another text than the draft's was mailed")
            if mail.mailbox not in (None, trigger["mailbox"]):
                yield Violation(6, subject, "was mailed from another mailbox than the reply had come to")
            if mail.to not in (None, trigger["from_email"], trigger["sender_address"]):
                yield Violation(6, subject, "was mailed to somebody who has not written the reply")


def what_is_wanted_is_done(evidence: Evidence) -> Iterator[Violation]:
    """6. A reply that deserves an answer has one once people have approved what waited; another one has none."""
    of_person, heads = evidence.by_person("message"), evidence.heads()
    leads = {row["id"]: row for row in evidence.rows("lead")}
    drafts = {row["trigger_message_id"]: row for row in evidence.responses()}
    mails, sides = evidence.mails_by_reply(), evidence.sides()
    for posting, message in evidence.messages_of_postings():
        if message is None or not posting.is_taken:
            continue
        subject, draft = describe(posting), drafts.get(message["id"])
        if posting.wanted is Wanted.NO_DRAFT:
            if draft is not None or mails.get(reply_key_of(message, sides)):
                yield Violation(6, subject, "wanted no answer, and has one")
        elif posting.wanted in (Wanted.SEND, Wanted.DRAFT):
            overtaken = any(
                position_of(other) > position_of(message) and not other["is_auto_reply"]
                for other in of_person[heads[message["lead_id"]]]
            )
            if overtaken or leads[heads[message["lead_id"]]]["suppressed_at"] is not None:
                continue
            if draft is None:
                yield Violation(6, subject, "wanted an answer, and nobody has drafted it")
            elif draft["status"] != "SENT":
                yield Violation(6, subject, f"wanted an answer, and its draft is {draft['status']} ({draft['rule']})")


# --- 7 ---------------------------------------------------------------------------------------------------------------


def the_webhook_never_fails(evidence: Evidence) -> Iterator[Violation]:
    """7. No 5xx and no broken connection while Postgres or SQS works; and nobody of ours is turned away."""
    for posting in evidence.postings:
        for answer in posting.answers:
            if 400 <= answer.status_code < 500:
                yield Violation(7, describe(posting), f"was refused with {answer.status_code}")
            if (answer.status_code >= 500 or answer.status_code == 0) and not posting.may_fail:
                yield Violation(7, describe(posting), f"was answered with {answer.status_code}")


# --- 8 ---------------------------------------------------------------------------------------------------------------


def redriven_jobs_succeed(evidence: Evidence) -> Iterator[Violation]:
    """8. A redrive always leads to a run, and to success once the cause is gone (evidence of after the redrive)."""
    for job in evidence.rows("background_job"):
        if job["status"] == "FAILED":
            yield Violation(8, f"job {job['id']}", f"{job['type']} is FAILED after the redrive: {job['last_error']}")
    for queue, count in evidence.dead_letters.items():
        if count:
            yield Violation(8, queue, f"{count} messages are left")


def jobs_fail_only_for_what_was_broken(evidence: Evidence, fair: Sequence[str]) -> Iterator[Violation]:
    """8. Nothing that passes by itself ends in a dead letter: the reasons of before the redrive begin like ``fair``."""
    for job_id, reason in evidence.failures.items():
        if not reason.startswith(tuple(fair)):
            yield Violation(8, f"job {job_id}", f"failed for good: {reason[:160]}")


# --- 9 ---------------------------------------------------------------------------------------------------------------

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.(?:[\w-]+\.)*[a-z]{2,}", re.IGNORECASE)
TOKEN = re.compile(r"v\d+\.[0-9a-f]{32,}")
KEY = re.compile(r"\b(?:sk-[\w-]{16,}|Bearer\s+\S{6,})")
STACK = Path(local.__file__).parent
_BRACKETS = re.compile(r"[\\{}]")  # doubled in the source
BUGS = ('"unexpected failure"', '"event not handled"', '"event not received"')  # what our own code says of its mistakes


def logs_hold_no_secret(folder: Path, secrets: Iterable[str], texts: Iterable[str]) -> Iterator[Violation]:
    """9. No secret, body or address in a log line; nor a word of a mistake of our own code.

    ``folder`` is the stack's: the functions' logs are searched, and those of Postgres, the queue service, the sandboxes
    and the stack itself, whose own words (the example of a request) may hold an address. ``secrets`` are the keys of
    this run; ``texts`` phrases that occur in the bodies of this run and nowhere else.
    """
    patterns = (("an address", ADDRESS), ("a token", TOKEN), ("a key", KEY))
    forbidden = [("a secret", value) for value in secrets] + [("a body", value) for value in texts]
    for path in sorted(folder.rglob("*.log")):
        with path.open(errors="replace") as lines:
            for number, line in enumerate(lines, start=1):
                found = [what for what, pattern in patterns if pattern.search(line)]
                if found and _is_in_the_stacks_source(line):
                    found = []
                found += [what for what, value in forbidden if value in line]
                found += ["a mistake of our own" for words in BUGS if words in line]
                for what in found:
                    yield Violation(9, f"{path.name}:{number}", f"holds {what}: {line[:160]}")


def _is_in_the_stacks_source(line: str) -> bool:
    return _BRACKETS.sub("", line.strip()) in _stacks_source()


@cache
def _stacks_source() -> str:
    """Returns the texts that the stack prints from, the proposed deliveries of ``samples`` included."""
    paths = [*sorted(STACK.glob("*.py")), *(folder / ABOUT for folder in FOLDERS)]
    return _BRACKETS.sub("", "".join(path.read_text(encoding="utf-8") for path in paths))


# --- 10 --------------------------------------------------------------------------------------------------------------


def a_flood_delays_only_its_own(evidence: Evidence, *, others: Sequence[UUID], flooding: UUID) -> Iterator[Violation]:
    """10. One client's flood or failure does not stop another client's replies: theirs end before the flood has."""
    ends = {client_id: [] for client_id in (*others, flooding)}  # type: dict[UUID, list[datetime]]
    for job in evidence.rows("background_job"):
        if job["type"] in POST_PROCESS and job["finished_at"] is not None and job["client_id"] in ends:
            ends[job["client_id"]].append(job["finished_at"])
    if not ends[flooding]:
        yield Violation(10, f"client {flooding}", "has flooded nothing: the scenario proves nothing")
        return
    for client_id in others:
        if not ends[client_id]:
            yield Violation(10, f"client {client_id}", "none of its replies has ended")
        elif max(ends[client_id]) >= max(ends[flooding]):
            yield Violation(10, f"client {client_id}", "had to wait until the other client's flood was over")


# --- 12 --------------------------------------------------------------------------------------------------------------

CONFIRMS_ONLY = "SUPPRESSED_BY_MODEL"  # the question that holds nobody


def a_held_lead_gets_no_automatic_mail(evidence: Evidence) -> Iterator[Violation]:
    """12. Nothing is sent without a person while a lead is held, or while a person is asked what its message is.

    A hold has committed when its message's job was published, or when the job's run has ended that has placed it.
    """
    jobs = {row["message_id"]: row for row in evidence.rows("background_job") if row["type"] in POST_PROCESS}
    heads, sends = evidence.heads(), evidence.by_person("outbound_send")
    spans = [
        (lead["id"], lead["held_by_message_id"], lead["held_at"], None)
        for lead in evidence.people()
        if lead["held_at"] is not None
    ]
    spans += [
        (heads[review["lead_id"]], review["message_id"], review["created_at"], review["decided_at"])
        for review in evidence.rows("suppression_review")
        if review["kind"] != CONFIRMS_ONLY
    ]
    for lead_id, message_id, began, ended in spans:
        job = jobs.get(message_id, {})
        known = [job[column] for column in ("enqueued_at", "finished_at") if job.get(column) is not None]
        committed_by = min([began + LONGEST_TRANSACTION, *(at for at in known if at >= began)])
        for send in sends.get(lead_id, ()):
            if send["automated"] and send["intended_at"] > committed_by and (not ended or send["intended_at"] < ended):
                yield Violation(12, f"draft {send['draft_id']}", "was sent without a person, its lead was held")


def every_hold_is_waited_for(evidence: Evidence) -> Iterator[Violation]:
    """12. A held lead is waited for: by the job of the message that holds it, or by a person who is asked."""
    waiting = {row["message_id"] for row in evidence.rows("background_job") if row["status"] in ("PENDING", "RUNNING")}
    reviews = [
        row for row in evidence.rows("suppression_review") if row["decided_at"] is None and row["kind"] != CONFIRMS_ONLY
    ]
    waiting |= {row["message_id"] for row in reviews}
    heads = evidence.heads()
    asked = {heads[row["lead_id"]] for row in reviews}
    for lead in evidence.people():
        if lead["held_at"] is not None and lead["held_by_message_id"] not in waiting and lead["id"] not in asked:
            yield Violation(12, f"lead {lead['id']}", "is held, and nobody will ever say whether it opted out")


# --- 13 --------------------------------------------------------------------------------------------------------------


def what_has_left_is_promised(evidence: Evidence) -> Iterator[Violation]:
    """13. A draft that has left, or may have, has a row for each of its promises; no other draft's promise is open."""
    revisions = {(row["draft_id"], row["number"]): row for row in evidence.rows("draft_revision")}
    rows = {(row["draft_id"], row["revision"], row["ordinal"]): row for row in evidence.rows("commitment")}
    left = {row["draft_id"] for row in evidence.rows("outbound_send") if row["status"] in ("SENT", "UNCERTAIN")}
    for draft in evidence.rows("draft"):
        if draft["id"] not in left:
            continue
        for ordinal, promise in enumerate(revisions[draft["id"], draft["revision"]]["commitments"], start=1):
            row = rows.get((draft["id"], draft["revision"], ordinal))
            subject = f"draft {draft['id']}"
            if row is None:
                yield Violation(13, subject, f"has left, and nothing recalls its promise {ordinal}")
            elif (row["kind"], row["words"]) != (promise["kind"], promise["words"]):
                yield Violation(13, subject, f"its promise {ordinal} is recorded as another one")
            elif row["status"] not in ("OPEN", "KEPT", "DROPPED"):
                yield Violation(13, subject, f"has left, and its promise {ordinal} is {row['status']}")
            elif row["settled_rule"] == "not_sent":
                yield Violation(13, subject, f"has left, and its promise {ordinal} was dropped as not sent")
    for row in rows.values():
        if row["draft_id"] not in left and row["status"] != "DROPPED":
            yield Violation(13, f"commitment {row['id']}", f"is {row['status']}, but its draft has not left")


def due_promises_are_taken_up(evidence: Evidence) -> Iterator[Violation]:
    """13. An open promise to write again whose day has come has its one job, and its one follow-up at most."""
    jobs = Counter(row["dedupe_key"] for row in evidence.rows("background_job") if row["type"] == COMMITMENT_DUE)
    follow_ups = Counter(row["commitment_id"] for row in evidence.rows("draft") if row["commitment_id"] is not None)
    for row in evidence.rows("commitment"):
        subject = f"commitment {row['id']}"
        taken_up = jobs[f"{row['client_id']}:{row['id']}:{COMMITMENT_DUE}"]
        is_due = row["kind"] == "WRITE_LATER" and row["due_at"] is not None and row["due_at"] <= evidence.taken_at
        if row["status"] == "OPEN" and is_due and not taken_up:
            yield Violation(13, subject, "is due, and nothing takes it up")
        if follow_ups[row["id"]] > 1:
            yield Violation(13, subject, f"has {follow_ups[row['id']]} follow-ups")
        if row["status"] == "KEPT" and row["settled_rule"] == "follow_up" and not follow_ups[row["id"]]:
            yield Violation(13, subject, "is kept, but nothing has followed up on it")


# --- What the table shows --------------------------------------------------------------------------------------------


def describe(posting: Posting) -> str:
    return f"reply {posting.reply_id}" if posting.reply_id else f"event of {posting.lead_email or 'nobody'}"


def count_unsent(evidence: Evidence) -> int:
    """Counts replies that should have had a send without a person and had none (a miss is allowed, no duplicate)."""
    drafts = {row["trigger_message_id"]: row for row in evidence.responses()}
    leads = {row["id"]: row for row in evidence.rows("lead")}
    newest: dict[UUID, Row] = {}
    heads = evidence.heads()
    for row in evidence.rows("message"):
        if row["direction"] == "INBOUND" and not row["is_auto_reply"]:
            head = heads[row["lead_id"]]
            newest[head] = max(newest.get(head, row), row, key=position_of)
    unsent = set()
    for posting, message in evidence.messages_of_postings():
        if (
            posting.wanted is not Wanted.SEND
            or message is None
            or message["id"] != newest[heads[message["lead_id"]]]["id"]
        ):
            continue
        if leads[heads[message["lead_id"]]]["suppressed_at"] is not None:
            continue
        if drafts.get(message["id"], {}).get("status") != "SENT":
            unsent.add(message["id"])
    return len(unsent)


def count_late(evidence: Evidence, late_s: float) -> int:
    """Replies whose post-processing ended more than ``late_s`` seconds after they had come."""
    received = {row["id"]: row["received_at"] for row in evidence.rows("message")}
    return sum(
        job["finished_at"] is not None and (job["finished_at"] - received[job["message_id"]]).total_seconds() > late_s
        for job in evidence.rows("background_job")
        if job["type"] in POST_PROCESS and job["message_id"] in received
    )


INVARIANTS: tuple[Callable[[Evidence], Iterator[Violation]], ...] = (
    taken_events_are_processed,
    one_reply_is_one_of_everything,
    one_draft_to_a_person_is_open,
    succeeded_jobs_did_every_step_once,
    newer_replies_win,
    rollups_are_of_the_newest_mail,
    merged_leads_rest,
    every_account_is_told,
    nothing_is_sent_after_a_suppression,
    no_send_is_stuck_or_repeated,
    every_mail_is_its_draft_and_was_claimed_first,
    what_is_wanted_is_done,
    the_webhook_never_fails,
    redriven_jobs_succeed,
    a_held_lead_gets_no_automatic_mail,
    every_hold_is_waited_for,
    what_has_left_is_promised,
    due_promises_are_taken_up,
)
