"""The certain rules clear the bar over every labelled reply, and a run of the evaluation says so."""

from __future__ import annotations

import json
import os

import pytest
from click.testing import Result
from typer.testing import CliRunner

from evals.corpus import LabelledReply, Part, load_corpus
from evals.figures import Gate, gates, rules_figures
from evals.judging import RulesOutcome, judge_by_rules
from evals.opt_outs import figures, kind_of, over_everything
from evals.opt_outs import gates as opt_out_gates
from evals.run import app
from shared.domain.vocabulary import Channel


@pytest.fixture(scope="module")
def judged() -> list[tuple[LabelledReply, RulesOutcome]]:
    return [(reply, judge_by_rules(reply)) for reply in load_corpus()]


def verdict(judged: list[tuple[LabelledReply, RulesOutcome]]) -> tuple[Gate, ...]:
    return gates(rules_figures([reply for reply, _ in judged], [outcome for _, outcome in judged]))


def test_the_rules_clear_the_bar(judged: list[tuple[LabelledReply, RulesOutcome]]) -> None:
    assert [gate for gate in verdict(judged) if not gate.passed] == []


def test_the_rules_clear_the_bar_on_held_out_replies_alone(judged: list[tuple[LabelledReply, RulesOutcome]]) -> None:
    held_out = [(reply, outcome) for reply, outcome in judged if reply.part is Part.HELD_OUT]
    assert [gate for gate in verdict(held_out) if not gate.passed] == []


def test_opt_outs_clear_the_bar_over_corpus_cases_and_rounds(
    judged: list[tuple[LabelledReply, RulesOutcome]],
) -> None:
    found = over_everything([reply for reply, _ in judged], [outcome for _, outcome in judged])
    assert [gate for gate in opt_out_gates(found["all"]) if not gate.passed] == []


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.LINKEDIN])
def test_opt_outs_clear_the_bar_on_each_chat_alone(
    judged: list[tuple[LabelledReply, RulesOutcome]], channel: Channel
) -> None:
    """Of those that a rule can be certain of; one more in a small set would not be seen in the whole."""
    on_it = [(kind_of(one), found) for one, found in judged if one.channel is channel and one.expect.certain]
    assert [gate for gate in opt_out_gates(figures(on_it)) if not gate.passed and "automatic" not in gate.name] == []


def test_every_stop_word_of_a_text_message_suppresses(judged: list[tuple[LabelledReply, RulesOutcome]]) -> None:
    missed = [reply.id for reply, outcome in judged if reply.group == "stop-word" and not outcome.suppress]
    assert missed == []


def test_no_reply_that_a_person_wants_answered_is_suppressed(
    judged: list[tuple[LabelledReply, RulesOutcome]],
) -> None:
    assert [reply.id for reply, outcome in judged if outcome.suppress and not reply.expect.suppress] == []


def test_a_rule_never_gives_a_tag_that_is_wrong(judged: list[tuple[LabelledReply, RulesOutcome]]) -> None:
    wrong = [reply.id for reply, outcome in judged if outcome.tag not in {None, *reply.expect.tags}]
    assert wrong == []


def test_return_dates_are_read_and_never_invented(judged: list[tuple[LabelledReply, RulesOutcome]]) -> None:
    figures = rules_figures([reply for reply, _ in judged], [outcome for _, outcome in judged])
    assert figures.return_date.reaches(0.9)
    assert figures.invented_return_dates == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["--only", "rules"], 0), (["--only", "rules", "--group", "nothing"], 2), (["--no-model", "--only", "model"], 2)],
)
def test_the_exit_code_of_a_run(arguments: list[str], code: int) -> None:
    run = evaluate(*arguments)
    assert run.exit_code == code, run.stderr


def test_a_run_without_a_key_asks_the_stand_in_and_says_so() -> None:
    run = evaluate("--group", "call", "--group", "opt-out-uncertain", "--json")
    assert run.exit_code == 0, run.stderr
    report = json.loads(run.stdout)
    assert report["model"]["is_stand_in"] is True
    assert "stand-in" in report["model"]["note"]
    assert report["with_model"]["all"]["asked"] > 0
    assert report["with_model"]["all"]["failed"] == 0


def test_the_model_can_be_asked_about_every_reply() -> None:
    run = evaluate("--only", "model", "--group", "bounce", "--json")
    assert run.exit_code == 0, run.stderr
    report = json.loads(run.stdout)
    assert report["rules"] is None
    assert report["with_model"]["all"]["asked"] == report["corpus"]["replies"]


def evaluate(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, env={name: None for name in os.environ if name.startswith("OPENAI_")})
