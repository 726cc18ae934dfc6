"""The facts of the gate's hard rules, as a whole run of a reply finds them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from shared.domain.drafting.findings import FindingKind
from shared.domain.vocabulary import Direction
from tests.integration.reply_scene import Scene

QUESTION = "Hi Pat,\n\nshall I send you the two case studies?\n\nSam"


@pytest.fixture
def scene(engine: Engine) -> Scene:
    return Scene(engine)


def decided(scene: Scene, reply: str) -> tuple[str, str | None]:
    scene.process(scene.message(reply))
    return scene.draft().status, scene.draft().rule


def test_ok_to_a_question_of_ours_is_answered(scene: Scene) -> None:
    scene.message(QUESTION, direction=Direction.OUTBOUND, age=timedelta(hours=2))
    assert decided(scene, "ok") == ("SENT", "evaluation")


def test_ok_to_a_question_that_only_the_quotation_holds_is_answered(scene: Scene) -> None:
    quoted = "\n".join(f"> {line}" for line in QUESTION.splitlines())
    assert decided(scene, f"ok\n\nOn Tue, Nov 24, 2026 at 9:14 AM Sam <sam@send.test> wrote:\n\n{quoted}") == (
        "SENT",
        "evaluation",
    )


def test_ok_to_an_email_of_ours_that_asks_nothing_is_not(scene: Scene) -> None:
    scene.message(QUESTION, direction=Direction.OUTBOUND, age=timedelta(hours=3))
    scene.message("Hi Pat,\n\nhere they are.\n\nSam", direction=Direction.OUTBOUND, age=timedelta(hours=2))
    assert decided(scene, "ok") == ("NEEDS_REVIEW", "acknowledgement")


def test_a_delicate_reply_costs_no_evaluation(scene: Scene) -> None:
    assert decided(scene, "Sounds good. Where did you get my address?") == ("NEEDS_REVIEW", "legal")
    assert scene.draft().finding == "where did you get my address"
    assert scene.model.calls == ["sentiment", "draft"]


def test_tomorrow_does_not_leave_tomorrow(scene: Scene) -> None:
    scene.settings(delay_min_s=90_000, delay_max_s=90_000)
    scene.model.writes("happy to tell you more. Would tomorrow suit you for a short talk?")
    assert decided(scene, "Sounds interesting, how about a talk tomorrow?") == ("NEEDS_REVIEW", "relative_day")


def test_what_the_reply_hides_is_for_a_person(scene: Scene) -> None:
    message_id = scene.message("Sounds interesting, tell me more.")
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE message SET hidden_chars = 400 WHERE id = :id"), {"id": message_id})
    scene.process(message_id)
    assert (scene.draft().rule, scene.draft().finding) == ("hidden_text", "400")


def test_a_finding_holds_a_draft_back_and_stays_with_its_decision(scene: Scene) -> None:
    scene.model.judges(confidence=0.99, found={FindingKind.MISSED_POINT: "the setup"})
    assert decided(scene, "Sounds interesting, tell me more about the setup.") == ("NEEDS_REVIEW", "evaluation")
    assert scene.draft().finding == "missed_point: the setup"


def test_the_writer_sees_title_campaign_signature_and_the_campaigns_own_voice(scene: Scene) -> None:
    scene.set_lead("title = 'Head of Growth'")
    message_id = scene.message("Sounds interesting, tell me more.")
    with scene.engine.begin() as connection:
        connection.execute(
            text("UPDATE campaign SET instructions = 'Offer the webinar.', language = 'de', persona_name = 'Kim Roe'")
        )
        connection.execute(
            text("UPDATE message SET signature_text = 'Pat, +1 512 555 0100' WHERE id = :id"), {"id": message_id}
        )
    scene.process(message_id)
    shown = scene.model.shown["draft"]
    for words in ("Head of Growth", '"campaign_name": "Founders"', "+1 512 555 0100", "Offer the webinar.", "Kim Roe"):
        assert words in shown, words
    assert scene.draft().body.endswith("Best regards,\nKim Roe")
    assert "Sam Lee" not in shown


def test_the_evaluation_knows_which_promises_are_kept(scene: Scene) -> None:
    scene.settings(auto_send_commitments=True)
    scene.model.writes("happy to hear that. I will check the details and come back to you.")
    assert decided(scene, "Sounds interesting, tell me more about the setup.")[0] == "SENT"
    assert '"promises": ["I will check the details and come back to you."]' in scene.model.shown["reply_evaluation"]
