"""replyctl as a person and as a script use it, on a real database and a real queue."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text

from shared.db.clients import create_client
from shared.domain.vocabulary import DraftStatus, EventOutcome, JobStatus, JobType, Provider
from shared.domain.webhook_token import verify_token
from tests.integration.conversations import (
    NOON,
    Conversation,
    add_event,
    add_job,
    add_lead,
    add_message,
    start_conversation,
    suppress,
)
from tests.integration.replyctl_fixtures import SIGNING_KEY, Replyctl, as_json, refusal

# ── Workspaces ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_workspace_comes_with_what_its_hook_needs(replyctl: Replyctl) -> None:
    made = as_json(replyctl("client", "add", "Globex", "--account", "instantly=ws-7", "--json"))

    client_id = UUID(made["client"]["id"])
    (hook,) = made["hooks"]
    assert hook["url"] == f"http://127.0.0.1:8080/webhooks/instantly?clientId={client_id}"
    scheme, token = hook["headers"]["Authorization"].split()
    assert (scheme, verify_token(token, client_id, [SIGNING_KEY], Provider.INSTANTLY)) == ("Bearer", 1)
    assert [
        (client["name"], client["accounts"][0]["external_id"])
        for client in as_json(replyctl("client", "list", "--json"))
    ] == [
        ("Acme", None),
        ("Globex", "ws-7"),
    ]


def token_of(shown: dict[str, Any]) -> str:
    (hook,) = shown["hooks"]
    return str(hook["headers"]["Authorization"]).removeprefix("Bearer ")


def test_a_workspace_starts_at_a_provider_that_there_is(replyctl: Replyctl) -> None:
    assert "there is no provider carrier-pigeon" in refusal(
        replyctl("client", "add", "X", "--account", "carrier-pigeon")
    )


def test_the_token_is_ready_to_paste(replyctl: Replyctl, conversation: Conversation) -> None:
    shown = replyctl("client", "token")

    assert f"clientId={conversation.client_id}" in shown.stdout
    header = next(line for line in shown.stdout.splitlines() if line.startswith("header"))
    assert verify_token(header.split()[-1], conversation.client_id, [SIGNING_KEY], Provider.INSTANTLY) == 1


def test_rotating_revokes_and_asks_first(replyctl: Replyctl, conversation: Conversation) -> None:
    assert "Nobody is there to confirm" in refusal(replyctl("client", "token", "--rotate"))
    assert as_json(replyctl("client", "list", "--json"))[0]["webhook_token_version"] == 1

    rotated = as_json(replyctl("client", "token", "--rotate", "--yes", "--json"))

    assert verify_token(token_of(rotated), conversation.client_id, [SIGNING_KEY], Provider.INSTANTLY) == 2


def test_a_token_needs_the_signing_keys(replyctl: Replyctl, stack_file: Path, conversation: Conversation) -> None:
    stack_file.with_name("identity.json").unlink()

    assert "signing key cannot be read" in refusal(replyctl("client", "token", "--rotate", "--yes"))
    assert as_json(replyctl("client", "list", "--json"))[0]["webhook_token_version"] == 1, "nothing was revoked in vain"
    keys = json.dumps({"current": "e" * 32})
    shown = as_json(replyctl("client", "token", "--json", WEBHOOK_SIGNING_KEYS=keys))
    assert verify_token(token_of(shown), conversation.client_id, ["e" * 32], Provider.INSTANTLY) == 1


def test_disabling_asks_first_and_enabling_undoes_it(replyctl: Replyctl) -> None:
    assert "--yes" in refusal(replyctl("client", "disable", "Acme"))
    assert as_json(replyctl("client", "disable", "acme", "--yes", "--json"))["disabled_at"] is not None
    assert "disabled" in replyctl("client", "list").stdout
    assert as_json(replyctl("client", "enable", "Acme", "--json"))["disabled_at"] is None


def test_a_workspace_is_found_by_name_or_id_only_when_it_is_one(replyctl: Replyctl, engine: Engine) -> None:
    with engine.begin() as connection:
        twins = [create_client(connection, "Twin").id for _ in range(2)]

    assert "There is no workspace Nobody" in refusal(replyctl("settings", "get", "--client", "Nobody"))
    assert all(str(twin) in refusal(replyctl("settings", "get", "--client", "twin")) for twin in twins)
    assert as_json(replyctl("settings", "get", "timezone", "--client", str(twins[0]), "--json")) == {"timezone": "UTC"}


# ── Settings, knowledge, campaigns ───────────────────────────────────────────────────────────────────────────────────


def test_settings_are_typed_and_come_back_as_set(replyctl: Replyctl, tmp_path: Path) -> None:
    service = tmp_path / "service.md"
    service.write_text("We sell ladders.\n")

    changed = as_json(
        replyctl(
            "settings",
            "set",
            "timezone=Europe/Berlin",
            "sending_window=mon-fri 9:00-17:30",
            "auto_send_enabled=off",
            "daily_send_cap=50",
            "delay_min_s=180",
            "delay_max_s=420",
            "escalation_phrases=lawyer; refund",
            f"service_description=@{service}",
            "--json",
        )
    )

    assert changed == {
        "timezone": "Europe/Berlin",
        "sending_window": {"days": [1, 2, 3, 4, 5], "start": "09:00", "end": "17:30"},
        "auto_send_enabled": False,
        "daily_send_cap": 50,
        "delay_min_s": 180,
        "delay_max_s": 420,
        "escalation_phrases": ["lawyer", "refund"],
        "service_description": "We sell ladders.",
    }
    assert as_json(replyctl("settings", "get", *changed, "--json")) == changed
    cleared = as_json(replyctl("settings", "set", "daily_send_cap=none", "sending_window=always", "--json"))
    assert cleared == {"daily_send_cap": None, "sending_window": None}


def test_linkedin_s_terms_are_said_before_answers_may_leave_there(replyctl: Replyctl) -> None:
    switched_on = replyctl("settings", "set", "linkedin_auto_send=true", "--json")
    switched_off = replyctl("settings", "set", "linkedin_auto_send=false", "--json")

    assert (as_json(switched_on), as_json(switched_off)) == (
        {"linkedin_auto_send": True},
        {"linkedin_auto_send": False},
    )
    assert "LinkedIn's User Agreement (8.2) forbids" in " ".join(switched_on.stderr.split())
    assert "LinkedIn" not in switched_off.stderr


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("settings.toml", 'timezone = "Asia/Tokyo"\nqualification_questions = ["Which?", "Who; and when?"]\n'),
        ("settings.json", '{"timezone": "Asia/Tokyo", "qualification_questions": ["Which?", "Who; and when?"]}'),
    ],
)
def test_settings_can_come_from_a_file(replyctl: Replyctl, tmp_path: Path, name: str, content: str) -> None:
    file = tmp_path / name
    file.write_text(content)

    changed = as_json(replyctl("settings", "set", "--file", str(file), "--json"))

    assert changed == {"timezone": "Asia/Tokyo", "qualification_questions": ["Which?", "Who; and when?"]}


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("timezone=Mars/Olympus", "timezone: unknown time zone"),
        ("daily_send_cap=-1", "daily_send_cap: expected a whole number of at least 0, or none"),
        ("max_reply_age_hours=0", "max_reply_age_hours: expected a whole number of at least 1"),
        ("auto_send_enabled=maybe", "auto_send_enabled: expected true or false"),
        ("booking_link=javascript:alert(1)", "booking_link: expected a link"),
        ("persona_greeting=Hi {firstName},", "persona_greeting: the only placeholder is {first_name}"),
        ("delay_min_s=60", "delay_max_s: set delay_min_s and delay_max_s together"),
        ("sending_window=mon 17:00-09:00", "sending_window: expected days and hours"),
        ("persona_nmae=Sam", "the closest is persona_name"),
        ("timezone", "timezone is no NAME=VALUE"),
        ("persona_name=@/no/such/file", "/no/such/file cannot be read"),
    ],
)
def test_a_wrong_setting_is_named_and_changes_nothing(replyctl: Replyctl, argument: str, said: str) -> None:
    before = as_json(replyctl("settings", "get", "--json"))

    assert said in refusal(replyctl("settings", "set", "persona_tone=warm", argument))

    assert as_json(replyctl("settings", "get", "--json")) == before


def test_knowledge_is_added_listed_and_removed(replyctl: Replyctl, tmp_path: Path) -> None:
    prices = tmp_path / "prices.md"
    prices.write_text("Starter: 290 dollars a month.\n")
    added = as_json(replyctl("knowledge", "add", "Prices", "--file", str(prices), "--json"))
    as_json(replyctl("knowledge", "add", "Terms", "--file", "-", "--json", input="30 days.\n"))

    listed = as_json(replyctl("knowledge", "list", "--json"))
    assert [(asset["name"], asset["text"]) for asset in listed] == [
        ("Prices", "Starter: 290 dollars a month."),
        ("Terms", "30 days."),
    ]
    assert "--yes" in refusal(replyctl("knowledge", "remove", added["id"]))
    as_json(replyctl("knowledge", "remove", added["id"], "--yes", "--json"))
    assert [asset["name"] for asset in as_json(replyctl("knowledge", "list", "--json"))] == ["Terms"]
    assert "has no text" in refusal(replyctl("knowledge", "remove", added["id"], "--yes"))


def test_a_campaign_is_registered_and_set_by_name(replyctl: Replyctl) -> None:
    made = as_json(replyctl("campaign", "add", "camp-1", "Q4 Founders", "--json"))
    assert (made["response_mode"], made["auto_send_threshold"]) == ("DRAFT_ONLY", 0.9)

    changed = as_json(
        replyctl("campaign", "set", "q4 founders", "--mode", "auto-send", "--threshold", "0.95", "--json")
    )

    assert (changed["id"], changed["response_mode"], changed["auto_send_threshold"]) == (made["id"], "AUTO_SEND", 0.95)
    again = as_json(replyctl("campaign", "add", "camp-1", "Q4 Founders (renamed)", "--json"))
    assert (again["id"], again["response_mode"]) == (made["id"], "AUTO_SEND"), "registering again changes only the name"
    assert "no campaign camp-2" in refusal(replyctl("campaign", "set", "camp-2", "--mode", "AUTO_SEND"))
    assert replyctl("campaign", "set", "camp-1", "--threshold", "1.5").exit_code == 2
    assert replyctl("campaign", "set", "camp-1", "--mode", "ALWAYS").exit_code == 2


def test_a_campaign_speaks_otherwise_than_its_workspace(replyctl: Replyctl) -> None:
    replyctl("campaign", "add", "camp-1", "Q4 Founders")
    said = ("persona_name=Kim Roe", "language=de", "instructions=Offer the webinar.")
    options = [part for voice in said for part in ("--voice", voice)]
    changed = as_json(replyctl("campaign", "set", "camp-1", *options, "--json"))
    assert changed["voice"] == {"persona_name": "Kim Roe", "language": "de", "instructions": "Offer the webinar."}
    changed = as_json(replyctl("campaign", "set", "camp-1", "--voice", "persona_name=", "--json"))
    assert changed["voice"] == {"language": "de", "instructions": "Offer the webinar."}
    assert "expected NAME=VALUE" in refusal(replyctl("campaign", "set", "camp-1", "--voice", "daily_cap=3"))
    assert "expected a code" in refusal(replyctl("campaign", "set", "camp-1", "--voice", "language=German"))
    assert "only placeholder" in refusal(
        replyctl("campaign", "set", "camp-1", "--voice", "persona_greeting=Hi {name},")
    )
    assert "language" in replyctl("campaign", "list").output


# ── Drafts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_draft_goes_from_the_list_to_the_queue(replyctl: Replyctl, conversation: Conversation) -> None:
    (listed,) = as_json(replyctl("drafts", "list", "--status", "needs_review", "--json"))
    assert (listed["id"], listed["lead_email"], listed["tag"]) == (
        str(conversation.draft_id),
        "pat@acme.test",
        "Interested",
    )
    shown = replyctl("drafts", "show", listed["id"]).stdout
    assert "Sounds good, tell me more." in shown
    assert "happy to talk" in shown
    assert "confidence 0.71" in shown

    approved = as_json(replyctl("drafts", "approve", listed["id"], "--by", "dana", "--json"))

    assert (approved["draft"]["status"], approved["draft"]["decided_by"]) == ("APPROVED", "dana")
    assert approved["delivery"] == "published"
    (job,) = as_json(replyctl("jobs", "list", "--json"))
    assert (job["type"], job["draft_id"]) == ("SEND_REPLY", str(conversation.draft_id))
    assert as_json(replyctl("drafts", "list", "--status", "NEEDS_REVIEW", "--json")) == []


def test_an_approval_while_the_queue_is_down_says_that_it_waits(
    replyctl: Replyctl, conversation: Conversation, stack_file: Path
) -> None:
    stack = json.loads(stack_file.read_text())
    stack["queues"] = {name: f"http://127.0.0.1:9/000000000000/{name}" for name in stack["queues"]}
    stack_file.write_text(json.dumps({**stack, "sqs_endpoint": "http://127.0.0.1:9"}))

    approved = replyctl("drafts", "approve", str(conversation.draft_id))

    assert approved.exit_code == 0
    assert "maintenance function publishes it" in " ".join(approved.stdout.split())
    assert as_json(replyctl("drafts", "approve", str(conversation.draft_id), "--json"))["delivery"] == "waiting"


def test_a_refused_approval_says_why(replyctl: Replyctl, engine: Engine, conversation: Conversation) -> None:
    suppress(engine, conversation.lead_id)

    assert "the lead is suppressed" in refusal(replyctl("drafts", "approve", str(conversation.draft_id)))
    error = json.loads(refusal(replyctl("drafts", "approve", str(conversation.draft_id), "--json")))
    assert error["error"] == "Not approved: the lead is suppressed: nothing may be sent to it."


def test_an_edit_comes_from_the_editor(replyctl: Replyctl, conversation: Conversation, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nsed -i s/happy/glad/ "$1"\n')
    editor.chmod(0o755)

    as_json(replyctl("drafts", "edit", str(conversation.draft_id), "--json", VISUAL="", EDITOR=str(editor)))

    draft = as_json(replyctl("drafts", "show", str(conversation.draft_id), "--json"))["draft"]
    assert (draft["body"], draft["model_body"]) == ("Hi Pat,\nglad to talk.", "Hi Pat,\nhappy to talk.")
    assert "What the model had written" in replyctl("drafts", "show", str(conversation.draft_id)).stdout


@pytest.mark.parametrize(("editor", "said"), [("true", "as it was"), ("false", "code 1"), ("/no/such", "start")])
def test_an_editor_that_changes_nothing_or_fails(
    replyctl: Replyctl, conversation: Conversation, editor: str, said: str
) -> None:
    assert said in refusal(replyctl("drafts", "edit", str(conversation.draft_id), VISUAL="", EDITOR=editor))


def test_an_edit_from_text_and_a_rejection_with_its_reason(replyctl: Replyctl, conversation: Conversation) -> None:
    as_json(replyctl("drafts", "edit", str(conversation.draft_id), "--body", "Hi Pat, no.", "--json"))

    rejected = as_json(
        replyctl("drafts", "reject", str(conversation.draft_id), "--reason", "off topic", "--by", "kim", "--json")
    )

    draft = rejected["draft"]
    assert (draft["status"], draft["reason"], draft["decided_by"], draft["body"]) == (
        "REJECTED",
        "off topic",
        "kim",
        "Hi Pat, no.",
    )


# ── Jobs, events, leads ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_failed_job_shows_its_error_and_its_checkpoints(
    replyctl: Replyctl, engine: Engine, conversation: Conversation
) -> None:
    job_id = add_job(
        engine,
        conversation,
        type=JobType.POST_PROCESS,
        status=JobStatus.FAILED,
        enqueued=True,
        last_error="model refused",
    )
    add_job(engine, conversation, type=JobType.LEAD_SCORING, status=JobStatus.SUCCEEDED)
    with engine.begin() as connection:
        connection.execute(
            text("""
                INSERT INTO job_step (job_id, name, client_id, result)
                VALUES (:job, 'understand', :client, '{"tag": "x"}')
            """),
            {"job": job_id, "client": conversation.client_id},
        )
        connection.execute(
            text("""
                INSERT INTO ai_interaction (id, client_id, job_id, feature, prompt_version, model, input_tokens,
                                            output_tokens, cost_usd, latency_ms, status)
                VALUES (:id, :client, :job, 'sentiment', 'sentiment.v1', 'some-model', 120, 30, 0.000123, 850,
                        'SUCCESS')
            """),
            {"id": uuid4(), "job": job_id, "client": conversation.client_id},
        )

    (failed,) = as_json(replyctl("jobs", "list", "--status", "FAILED", "--json"))
    assert (failed["id"], failed["last_error"]) == (str(job_id), "model refused")
    assert len(as_json(replyctl("jobs", "list", "--type", "lead_scoring_post_process", "--json"))) == 1
    shown = as_json(replyctl("jobs", "show", str(job_id), "--json"))
    assert [step["name"] for step in shown["steps"]] == ["understand"]
    assert shown["model_calls"][0]["cost_usd"] == 0.000123
    table = replyctl("jobs", "show", str(job_id)).stdout
    assert "model refused" in table
    assert "0.000123" in table


def test_events_of_a_workspace_that_is_not_there_are_seen_and_replayed_once_it_is(
    replyctl: Replyctl, engine: Engine, conversation: Conversation
) -> None:
    body = b'{"event_type": "lead_unsubscribed", "lead_email": "ann@acme.test"}'
    lost = uuid4()
    event_id = add_event(
        engine,
        replace(conversation, client_id=lost),
        body,
        EventOutcome.QUARANTINED,
        message=False,
        detail="unknown_workspace",
    )

    assert as_json(replyctl("events", "list", "--json")) == []
    (held,) = as_json(replyctl("events", "list", "--unknown-workspace", "--json"))
    assert (held["id"], held["client_id"]) == (str(event_id), str(lost))
    assert str(lost) in replyctl("events", "list", "--unknown-workspace").stdout
    assert as_json(replyctl("events", "show", str(event_id), "--json"))["event"]["detail"] == "unknown_workspace"
    doctor = replyctl("doctor")
    assert doctor.exit_code == 1
    assert "unknown_workspace" in doctor.stdout
    (still,) = as_json(replyctl("events", "replay", "--quarantined", "--unknown-workspace", "--json"))
    assert (still["status"], still["reason"]) == ("quarantined", "unknown_workspace")

    assert "already" in refusal(replyctl("client", "add", "Acme", "--id", str(conversation.client_id)))
    assert as_json(replyctl("client", "add", "Acme again", "--id", str(lost), "--json"))["client"]["id"] == str(lost)
    (taken,) = as_json(replyctl("events", "replay", str(event_id), "--json"))
    assert taken["status"] == "accepted"
    assert as_json(replyctl("events", "list", "--unknown-workspace", "--json")) == []
    assert as_json(replyctl("lead", "show", "ann@acme.test", "--client", str(lost), "--json"))["lead"]["suppressed_at"]


def test_what_a_revoked_token_brought_is_replayed_only_by_name(
    replyctl: Replyctl, engine: Engine, conversation: Conversation
) -> None:
    for reason, lead in (("token_superseded", "ann"), ("workspace_disabled", "bob")):
        body = json.dumps({"event_type": "lead_unsubscribed", "lead_email": f"{lead}@acme.test"}).encode()
        add_event(engine, conversation, body, EventOutcome.QUARANTINED, message=False, detail=reason)

    replayed = replyctl("events", "replay", "--quarantined", "--json")
    assert len(json.loads(replayed.stdout)) == 1
    assert "1 with a revoked token are left out" in replayed.stderr
    (left,) = as_json(replyctl("events", "list", "--outcome", "QUARANTINED", "--json"))
    assert left["detail"] == "token_superseded"
    (named,) = as_json(replyctl("events", "replay", "--quarantined", "--reason", "token_superseded", "--json"))
    assert named["status"] == "accepted"


def test_an_event_keeps_every_byte(replyctl: Replyctl, engine: Engine, conversation: Conversation) -> None:
    body = b'{"event_type": "reply_received", "x": "\xff\x1b[2J"}'
    event_id = add_event(engine, conversation, body, EventOutcome.QUARANTINED)
    add_event(engine, conversation, b"{}", EventOutcome.ACCEPTED)

    (quarantined,) = as_json(replyctl("events", "list", "--outcome", "quarantined", "--json"))
    assert (quarantined["id"], quarantined["size_bytes"]) == (str(event_id), len(body))
    assert replyctl("events", "show", str(event_id), "--raw").stdout_bytes == body
    assert as_json(replyctl("events", "show", str(event_id), "--json"))["body"] == body.decode(errors="replace")
    assert "\x1b" not in replyctl("events", "show", str(event_id)).stdout, (
        "what was delivered cannot command the terminal"
    )


def test_a_lead_is_found_by_address_and_by_id(replyctl: Replyctl, engine: Engine, conversation: Conversation) -> None:
    suppress(engine, conversation.lead_id)

    by_address = as_json(replyctl("lead", "show", "PAT@acme.test", "--json"))
    by_id = as_json(replyctl("lead", "show", str(conversation.lead_id), "--json"))

    assert by_address == by_id
    assert by_id["lead"]["suppression_reason"] == "OPT_OUT"
    assert [message["id"] for message in by_id["messages"]] == [str(conversation.message_id)]
    assert [draft["id"] for draft in by_id["drafts"]] == [str(conversation.draft_id)]
    shown = replyctl("lead", "show", "pat@acme.test").stdout
    assert "opt_out.en.stop" in shown
    assert "has no lead li@acme.test" in refusal(replyctl("lead", "show", "li@acme.test"))


def test_listings_show_one_workspace_the_newest_first(
    replyctl: Replyctl, engine: Engine, conversation: Conversation
) -> None:
    other = start_conversation(engine, name="Globex", email="li@globex.test", status=DraftStatus.SENT)
    newer = uuid4()
    with engine.begin() as connection:
        lead_id = add_lead(connection, conversation.client_id, "robin@acme.test")
        trigger = add_message(connection, conversation.client_id, lead_id, at=NOON + timedelta(hours=1))
        connection.execute(
            text("""
                INSERT INTO draft (id, client_id, lead_id, trigger_message_id, body)
                VALUES (:id, :client, :lead, :message, 'Hi Pat')
            """),
            {"id": newer, "client": conversation.client_id, "lead": lead_id, "message": trigger},
        )

    own = as_json(replyctl("drafts", "list", "--json"))

    assert [draft["id"] for draft in own] == [str(newer), str(conversation.draft_id)]
    assert len(as_json(replyctl("drafts", "list", "--limit", "1", "--json"))) == 1
    (of_other,) = as_json(replyctl("drafts", "list", "--client", "Globex", "--json"))
    assert of_other["id"] == str(other.draft_id)


@pytest.mark.parametrize("noun", ["drafts", "jobs", "events"])
def test_an_unknown_or_broken_id_is_named(replyctl: Replyctl, noun: str) -> None:
    unknown = str(uuid4())

    assert unknown in refusal(replyctl(noun, "show", unknown))
    assert "not-an-id is no id" in refusal(replyctl(noun, "show", "not-an-id"))


@pytest.mark.parametrize(
    "arguments",
    [
        ["client", "list"],
        ["settings", "get"],
        ["knowledge", "list"],
        ["campaign", "list"],
        ["drafts", "list"],
        ["jobs", "list"],
        ["events", "list"],
        ["lead", "show", "pat@acme.test"],
    ],
)
def test_every_listing_is_a_table_or_one_json_document(replyctl: Replyctl, arguments: list[str]) -> None:
    behind, before = replyctl(*arguments, "--json"), replyctl("--json", *arguments)

    assert as_json(behind) == as_json(before)
    table = replyctl(*arguments)
    assert table.exit_code == 0
    assert not table.stdout.lstrip().startswith(("{", "["))
    assert max(len(line.rstrip()) for line in table.stdout.splitlines()) <= 170


# ── Which stack ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_stack_is_named_by_option_before_environment(replyctl: Replyctl, stack_file: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.json"

    assert str(elsewhere) in refusal(replyctl("client", "list", REPLYCTL_STACK=str(elsewhere)))
    named = replyctl("client", "list", "--stack", str(stack_file), REPLYCTL_STACK=str(elsewhere))
    assert named.exit_code == 0


def test_a_database_url_in_the_environment_wins(replyctl: Replyctl, stack_file: Path, database_url: str) -> None:
    stack = json.loads(stack_file.read_text())
    stack_file.write_text(json.dumps({**stack, "database_url": "postgresql://nobody@127.0.0.1:9/none"}))

    assert "does not respond" in refusal(replyctl("client", "list"))
    assert len(as_json(replyctl("client", "list", "--json", DATABASE_URL=database_url))) == 1
    assert "is no database URL" in refusal(replyctl("client", "list", DATABASE_URL="not a url"))


def test_a_database_without_the_schema_is_said_so(replyctl: Replyctl, empty_database_url: str) -> None:
    assert "has another schema" in refusal(replyctl("client", "list", DATABASE_URL=empty_database_url))


def test_a_broken_stack_file_is_said_so(replyctl: Replyctl, stack_file: Path) -> None:
    stack_file.write_text('{"api_url": "x"}')

    assert "is no stack.json: it lacks 'database_url'" in refusal(replyctl("client", "list"))


def test_what_a_lead_wrote_cannot_command_the_terminal(
    replyctl: Replyctl, engine: Engine, conversation: Conversation
) -> None:
    with engine.begin() as connection:
        add_message(
            connection,
            conversation.client_id,
            conversation.lead_id,
            at=conversation_time(connection, conversation),
            body="\x1b]0;owned\x07 [bold]plain[/bold] \u202egnp.exe",
        )

    shown = replyctl("lead", "show", conversation.email).stdout

    assert "[bold]plain[/bold]" in shown
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)


def conversation_time(connection: Any, conversation: Conversation) -> Any:
    return connection.execute(
        text("SELECT effective_at FROM message WHERE id = :id"), {"id": conversation.message_id}
    ).scalar_one()
