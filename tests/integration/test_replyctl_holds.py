"""replyctl lead held, reviews, release and suppress; replyctl commitments list, keep and drop."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text

from shared.db.lead_holds import place_hold
from shared.db.suppression_reviews import ask_for_review
from shared.domain.vocabulary import ClientId, LeadId, MessageId, ReviewKind
from tests.integration.conversations import Conversation, start_conversation
from tests.integration.replyctl_fixtures import Replyctl, as_json, refusal

RULE, WORDS = "suspected.en.stop", "stop writing me"
UNKNOWN = "0195c6a5-0000-7000-8000-00000000dead"


def hold(engine: Engine, of: Conversation, *, asks: bool = True) -> None:
    with engine.begin() as connection:
        lead_id, message_id = LeadId(of.lead_id), MessageId(of.message_id)
        place_hold(connection, lead_id, message_id=message_id, rule=RULE, words=WORDS)
        if asks:
            ask_for_review(
                connection,
                ClientId(of.client_id),
                lead_id,
                message_id,
                ReviewKind.HOLD_UNDECIDED,
                rule=RULE,
                words=WORDS,
                finding="it may be about the newsletter only",
            )


def promise(engine: Engine, of: Conversation, *, kind: str = "CALL", due: datetime | None = None) -> UUID:
    commitment_id = uuid4()
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO commitment (id, client_id, lead_id, draft_id, revision, ordinal, kind, words, due_at,"
                " status) VALUES (:id, :client, :lead, :draft, 1, :ordinal, :kind, 'I will call you.', :due, 'OPEN')"
            ),
            {
                "id": commitment_id,
                "client": of.client_id,
                "lead": of.lead_id,
                "draft": of.draft_id,
                "ordinal": int(commitment_id) % 30_000,
                "kind": kind,
                "due": due,
            },
        )
    return commitment_id


@pytest.fixture
def other(engine: Engine, conversation: Conversation) -> Conversation:
    return start_conversation(engine, name="Globex", email="sam@globex.test")


# --- Holds -----------------------------------------------------------------------------------------------------------


def test_held_leads_are_listed_with_what_holds_them(
    replyctl: Replyctl, engine: Engine, conversation: Conversation, other: Conversation
) -> None:
    assert replyctl("lead", "held").stdout.strip() == "No lead is held."
    hold(engine, conversation, asks=False)
    hold(engine, other)
    (held,) = as_json(replyctl("lead", "held", "--json"))
    assert (held["id"], held["rule"], held["words"]) == (str(conversation.lead_id), RULE, WORDS)
    assert (held["asks_a_person"], held["finding"]) == (False, None)
    assert "a model" in replyctl("lead", "held").stdout
    (of_other,) = as_json(replyctl("lead", "held", "--client", "Globex", "--json"))
    assert (of_other["id"], of_other["asks_a_person"]) == (str(other.lead_id), True)
    assert of_other["finding"] == "it may be about the newsletter only"


def test_what_a_person_is_asked_is_listed(
    replyctl: Replyctl, engine: Engine, conversation: Conversation, other: Conversation
) -> None:
    assert replyctl("lead", "reviews").stdout.strip() == "Nothing waits for a person."
    hold(engine, conversation)
    hold(engine, other)
    (asked,) = as_json(replyctl("lead", "reviews", "--json"))
    assert (asked["lead_id"], asked["kind"], asked["words"]) == (str(conversation.lead_id), "HOLD_UNDECIDED", WORDS)
    assert WORDS in replyctl("lead", "reviews").stdout


def test_a_released_lead_is_not_held_any_more(replyctl: Replyctl, engine: Engine, conversation: Conversation) -> None:
    hold(engine, conversation)
    released = replyctl("lead", "release", conversation.email, "--yes", "--by", "robin")
    assert released.exit_code == 0, released.stderr
    assert f"{conversation.email} is not held any more ({RULE})" in released.stdout
    assert as_json(replyctl("lead", "held", "--json")) == as_json(replyctl("lead", "reviews", "--json")) == []
    with engine.connect() as connection:
        row = connection.execute(text("SELECT decision, decided_by FROM suppression_review")).one()
    assert tuple(row) == ("RELEASED", "robin")

    again = refusal(replyctl("lead", "release", conversation.email, "--yes"))
    assert "the lead is not held" in again
    assert "replyctl lead held" in again


def test_a_suppressed_lead_is_neither_held_nor_asked_about(
    replyctl: Replyctl, engine: Engine, conversation: Conversation
) -> None:
    hold(engine, conversation)
    done = as_json(
        replyctl(
            "lead", "suppress", conversation.email, "--words", "said so by phone", "--yes", "--by", "robin", "--json"
        )
    )
    assert done["answered_reviews"] == 1
    assert done["lead"]["suppression_reason"] == "PERSON"
    assert done["lead"]["held_at"] is None
    assert as_json(replyctl("lead", "reviews", "--json")) == []
    again = replyctl("lead", "suppress", str(conversation.lead_id), "--yes")
    assert "stays suppressed (PERSON)" in again.stdout


@pytest.mark.parametrize("command", ["release", "suppress"])
def test_a_lead_of_nobody_or_of_another_workspace_is_refused(
    replyctl: Replyctl, engine: Engine, other: Conversation, command: str
) -> None:
    hold(engine, other)
    for reference in (UNKNOWN, "nobody@acme.test", other.email):
        assert refusal(replyctl("lead", command, reference, "--yes"))
    assert refusal(replyctl("lead", command, str(other.lead_id), "--yes", "--client", "Acme"))
    (held,) = as_json(replyctl("lead", "held", "--client", "Globex", "--json"))
    assert held["id"] == str(other.lead_id)


def test_nothing_happens_to_a_lead_without_a_yes(
    replyctl: Replyctl, engine: Engine, conversation: Conversation
) -> None:
    hold(engine, conversation)
    for command in ("release", "suppress"):
        assert replyctl("lead", command, conversation.email, input="n\n").exit_code != 0
    assert len(as_json(replyctl("lead", "held", "--json"))) == 1


# --- Commitments -----------------------------------------------------------------------------------------------------


def test_open_promises_are_listed_the_first_due_first(
    replyctl: Replyctl, engine: Engine, conversation: Conversation, other: Conversation
) -> None:
    assert replyctl("commitments", "list").stdout.strip() == "Nothing is promised."
    now = datetime.now(UTC)
    later = promise(engine, conversation, due=now + timedelta(days=3))
    overdue = promise(engine, conversation, due=now - timedelta(hours=1))
    promise(engine, other)
    listed = as_json(replyctl("commitments", "list", "--json"))
    assert [one["id"] for one in listed] == [str(overdue), str(later)]
    assert [one["is_overdue"] for one in listed] == [True, False]
    assert [one["id"] for one in as_json(replyctl("commitments", "list", "--overdue", "--json"))] == [str(overdue)]
    assert "overdue" in replyctl("commitments", "list").stdout


@pytest.mark.parametrize(("command", "status"), [("keep", "KEPT"), ("drop", "DROPPED")])
def test_a_person_settles_a_promise(
    replyctl: Replyctl, engine: Engine, conversation: Conversation, command: str, status: str
) -> None:
    commitment_id = str(promise(engine, conversation))
    done = as_json(replyctl("commitments", command, commitment_id, "--by", "robin", "--json"))
    assert (done["commitment"]["status"], done["commitment"]["settled_by"]) == (status, "robin")
    assert as_json(replyctl("commitments", "list", "--json")) == []
    (settled,) = as_json(replyctl("commitments", "list", "--all", "--json"))
    assert (settled["id"], settled["settled_rule"]) == (commitment_id, "person")

    again = refusal(replyctl("commitments", command, commitment_id))
    assert "it is not open any more" in again
    assert "replyctl commitments list --all" in again


@pytest.mark.parametrize("command", ["keep", "drop"])
def test_a_promise_of_nobody_or_of_another_workspace_is_refused(
    replyctl: Replyctl, engine: Engine, other: Conversation, command: str
) -> None:
    commitment_id = str(promise(engine, other))
    assert UNKNOWN in refusal(replyctl("commitments", command, UNKNOWN))
    assert refusal(replyctl("commitments", command, "not-an-id"))
    assert refusal(replyctl("commitments", command, commitment_id, "--client", "Acme"))
    (still,) = as_json(replyctl("commitments", "list", "--client", "Globex", "--json"))
    assert (still["id"], still["status"]) == (commitment_id, "OPEN")
