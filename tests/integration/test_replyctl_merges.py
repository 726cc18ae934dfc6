"""replyctl lead merge, unmerge and suggestions."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from ops.commands.lead_merges import REFUSALS
from shared.domain.vocabulary import JobStatus, JobType
from shared.pipelines.people.merge_leads import MergeRefusal
from tests.integration.conversations import (
    NOON,
    Conversation,
    add_job,
    add_lead,
    add_message,
    start_conversation,
    suppress,
)
from tests.integration.replyctl_fixtures import Replyctl, as_json, refusal


@pytest.fixture
def other_id(engine: Engine, conversation: Conversation) -> UUID:
    """Another lead of the workspace, which has written an hour later."""
    with engine.begin() as connection:
        lead_id = add_lead(connection, conversation.client_id, "p.lee@other.test")
        add_message(connection, conversation.client_id, lead_id, at=NOON + timedelta(hours=1), body="And from home.")
    return lead_id


def suggest(engine: Engine, conversation: Conversation, other_id: UUID) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO merge_suggestion (client_id, lead_id, other_lead_id, kind)"
                " VALUES (:client, least(:one, :other), greatest(:one, :other), 'PHONE')"
            ).bindparams(client=conversation.client_id, one=conversation.lead_id, other=other_id)
        )


def test_two_leads_become_one_and_two_again(
    replyctl: Replyctl, engine: Engine, conversation: Conversation, other_id: UUID
) -> None:
    suggest(engine, conversation, other_id)
    assert [row["kind"] for row in as_json(replyctl("lead", "suggestions", "--json"))] == ["PHONE"]

    merged = replyctl("lead", "merge", conversation.email, "p.lee@other.test", "--yes", "--by", "pat")
    assert merged.exit_code == 0, merged.stderr
    assert merged.stdout.strip() == (
        f"p.lee@other.test is part of {conversation.email} now. To undo: replyctl lead unmerge {other_id}"
    )
    assert as_json(replyctl("lead", "suggestions", "--json")) == []
    for reference in (conversation.email, "P.Lee@Other.test"):  # one conversation, under either address
        shown = as_json(replyctl("lead", "show", reference, "--json"))
        assert shown["lead"]["id"] == str(conversation.lead_id)
        assert [message["clean_text"] for message in shown["messages"]] == [
            "And from home.",
            "Sounds good, tell me more.",
        ]
        assert [lead["id"] for lead in shown["merged_leads"]] == [str(other_id)]
    assert "p.lee@other.test" in replyctl("lead", "show", conversation.email).stdout

    undone = replyctl("lead", "unmerge", "p.lee@other.test", "--yes")
    assert undone.exit_code == 0, undone.stderr
    assert undone.stdout.strip() == "p.lee@other.test is a lead of its own again."
    shown = as_json(replyctl("lead", "show", "p.lee@other.test", "--json"))
    assert (shown["lead"]["id"], len(shown["messages"])) == (str(other_id), 1)
    assert as_json(replyctl("lead", "suggestions", "--json")) == []  # a person has decided


def test_a_merged_leads_suppression_is_lifted_from_its_head(
    replyctl: Replyctl, engine: Engine, conversation: Conversation, other_id: UUID
) -> None:
    suppress(engine, other_id)
    assert replyctl("lead", "merge", conversation.email, str(other_id), "--yes").exit_code == 0
    lifted = replyctl("lead", "unsuppress", "p.lee@other.test", "--yes")
    assert lifted.exit_code == 0, lifted.stderr
    assert as_json(replyctl("lead", "show", conversation.email, "--json"))["lead"]["suppressed_at"] is None


def test_what_is_refused_says_why(
    replyctl: Replyctl, engine: Engine, conversation: Conversation, other_id: UUID
) -> None:
    merge = ("lead", "merge", conversation.email)
    add_job(engine, conversation, type=JobType.POST_PROCESS, status=JobStatus.RUNNING, lease_s=60)
    assert "a job of one of them is running right now" in refusal(replyctl(*merge, str(other_id), "--yes"))
    assert "both are the same lead" in refusal(replyctl(*merge, str(conversation.lead_id), "--yes"))
    stranger = start_conversation(engine, name="Other", email="pat@other.test")
    assert "they are of two workspaces" in refusal(replyctl(*merge, str(stranger.lead_id), "--yes"))
    assert "it is not part of another lead" in refusal(replyctl("lead", "unmerge", str(other_id), "--yes"))
    assert "has no merged lead p.lee@other.test" in refusal(replyctl("lead", "unmerge", "p.lee@other.test", "--yes"))
    assert "Nobody is there to confirm" in refusal(replyctl(*merge, str(other_id)))


def test_every_refusal_has_its_sentence() -> None:
    assert set(REFUSALS) == set(MergeRefusal)
