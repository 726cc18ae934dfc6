"""The facts of the gate's hard rules, as a whole run of a reply finds them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

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
