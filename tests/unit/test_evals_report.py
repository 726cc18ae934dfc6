"""The figures count what they claim to count, and the report says what it is."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from rich.console import Console

from evals.corpus import Expectation, LabelledReply, Part
from evals.figures import Gate, Ratio, fold, full_figures, gates, is_clean, rules_figures, rules_misses
from evals.judging import FullOutcome, RulesOutcome, patient
from evals.report import STAND_IN, ModelUse, Report, show, to_json
from shared.ai.errors import ModelUnavailable
from shared.ai.tasks.sentiment import SentimentResult
from shared.domain.interaction import Interaction
from shared.domain.vocabulary import InteractionStatus, Tag
from shared.pipelines.people.explain_reply import ReplyText

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)


def labelled(
    number: int, tag: Tag = Tag.INTERESTED, *, part: Part = Part.OPEN, certain: bool = True, **expect: object
) -> LabelledReply:
    suppress = tag is Tag.BLACKLIST
    automatic = tag in (Tag.OUT_OF_OFFICE, Tag.AUTOMATED_REPLY)
    quiet = suppress or automatic or tag in (Tag.NOT_INTERESTED, Tag.NEUTRAL)
    expectation = Expectation.model_validate(
        {
            "tag": tag,
            "suppress": suppress,
            "is_auto_reply": automatic,
            "clean_text": "yes",
            "draft": not quiet,
            "certain": certain,
        }
        | expect
    )
    return LabelledReply(
        id=f"reply-{number}",
        group="some",
        language="en",
        trap=False,
        subject="Re: hello",
        text="yes",
        html=None,
        event_type="reply_received",
        received_at=AT,
        expect=expectation,
        part=part,
    )


def by_rules(reply: LabelledReply) -> RulesOutcome:
    """Returns the outcome of rules that are right about a reply."""
    decided = reply.expect.suppress or reply.expect.is_auto_reply
    return RulesOutcome(
        clean_text=reply.expect.clean_text,
        tag=reply.expect.tag if decided else None,
        suppress=reply.expect.suppress,
        is_auto_reply=reply.expect.is_auto_reply,
        rule="some.rule" if decided else None,
        evidence="some words" if decided else None,
        return_date=reply.expect.return_date,
    )


def in_full(reply: LabelledReply) -> FullOutcome:
    expect = reply.expect
    return FullOutcome(expect.tag, expect.suppress, expect.is_auto_reply, expect.draft, by_model=True, why="it says so")


REPLIES = [
    *(labelled(number) for number in range(100)),
    *(labelled(number, Tag.BLACKLIST) for number in range(100, 140)),
    *(labelled(number, Tag.OUT_OF_OFFICE) for number in range(140, 180)),
]
RIGHT = [by_rules(reply) for reply in REPLIES]


def failed(outcomes: list[RulesOutcome]) -> set[str]:
    return {gate.name for gate in gates(rules_figures(REPLIES, outcomes)) if not gate.passed}


def changed(count: int, first: int, **change: object) -> list[RulesOutcome]:
    outcomes = list(RIGHT)
    for index in range(first, first + count):
        outcomes[index] = replace(outcomes[index], **change)  # type: ignore[arg-type]
    return outcomes


def test_rules_that_are_right_clear_every_gate() -> None:
    assert failed(RIGHT) == set()


@pytest.mark.parametrize(
    ("outcomes", "gate"),
    [
        (changed(1, 0, suppress=True), "false suppressions"),
        (changed(2, 100, suppress=False), "suppressed or held"),
        (changed(2, 140, is_auto_reply=False), "automatic replies recall"),
        (changed(1, 0, is_auto_reply=True), "people judged automatic"),
        (changed(6, 0, clean_text="no"), "cleaned text exact"),
    ],
)
def test_rules_below_one_figure_fail_that_gate_alone(outcomes: list[RulesOutcome], gate: str) -> None:
    assert failed(outcomes) == {gate}


def test_one_miss_in_forty_is_above_the_bar() -> None:
    assert failed(changed(1, 100, suppress=False)) == set()
    assert failed(changed(5, 0, clean_text="no")) == set()


def test_a_lost_word_fails_its_gate_and_is_a_miss_even_where_the_whole_text_would_do() -> None:
    reply = labelled(1, clean_text="yes, call me", keeps=("call me",), lacks=("unsubscribe",))
    lost, foreign = (replace(by_rules(reply), clean_text=text) for text in ("yes", "yes, call me, unsubscribe"))
    assert (rules_figures([reply], [lost]).lost_words, rules_figures([reply], [foreign]).foreign_words) == (1, 1)
    assert {gate.name for gate in gates(rules_figures([reply], [foreign])) if not gate.passed} & {
        "replies that lose words"
    } == set()
    assert {miss.got for miss in rules_misses(reply, lost)} == {"yes", "lost"}
    assert {miss.got for miss in rules_misses(reply, foreign)} == {"yes, call me, unsubscribe", "unsubscribe"}
    assert "replies that lose words" in {gate.name for gate in gates(rules_figures([reply], [lost])) if not gate.passed}


def test_figures_over_nothing_pass_no_gate_but_those_that_count_mistakes() -> None:
    passed = {gate.name for gate in gates(rules_figures([], [])) if gate.passed}
    assert passed == {"false suppressions", "people judged automatic", "replies that lose words"}
    assert Ratio(0, 0).value is None


def test_what_only_a_model_can_be_sure_of_is_no_miss_of_the_rules_but_a_hit_for_their_precision() -> None:
    reply = labelled(1, Tag.BLACKLIST, certain=False)
    silent = replace(by_rules(reply), suppress=False, tag=None)
    assert rules_figures([reply], [silent]).suppression.missed == 0
    loud = rules_figures([reply], [by_rules(reply)]).suppression
    assert (loud.found, loud.false, loud.recall.of) == (1, 0, 0)


def test_cleaned_text_is_compared_without_its_white_space_and_invisible_characters() -> None:
    assert fold("a\r\n\n b\u200b\u202b c\xa0") == "a b c"
    assert fold("e\u0301") == "é"
    reply = labelled(1, clean_text="yes, call me", clean_text_also=("yes",))
    assert is_clean(reply, "yes,\n\n call me\u200f")
    assert is_clean(reply, "yes")
    assert not is_clean(reply, "yes, call")


def test_return_dates_count_when_stated_and_when_invented() -> None:
    stated = labelled(1, Tag.OUT_OF_OFFICE, return_date=date(2026, 12, 7), return_date_also=(date(2026, 12, 8),))
    silent = labelled(2, Tag.OUT_OF_OFFICE)
    outcomes = [
        replace(by_rules(stated), return_date=date(2026, 12, 8)),
        replace(by_rules(silent), return_date=date(2026, 12, 1)),
    ]
    figures = rules_figures([stated, silent], outcomes)
    assert figures.return_date == Ratio(1, 1)
    assert figures.invented_return_dates == 1


def test_confusion_precision_and_recall_by_tag() -> None:
    replies = [labelled(1), labelled(2), labelled(3, Tag.NEUTRAL), labelled(4, Tag.OBJECTION, accept=(Tag.NEUTRAL,))]
    given = (Tag.INTERESTED, Tag.NEUTRAL, Tag.NEUTRAL, Tag.NEUTRAL)
    outcomes = [replace(in_full(reply), tag=tag) for reply, tag in zip(replies, given, strict=True)]
    figures = full_figures(replies, outcomes)
    per_tag = {row.tag: row for row in figures.per_tag}

    assert figures.accuracy == Ratio(3, 4)
    assert figures.confusion == {
        (Tag.INTERESTED, Tag.INTERESTED): 1,
        (Tag.INTERESTED, Tag.NEUTRAL): 1,
        (Tag.NEUTRAL, Tag.NEUTRAL): 1,
        (Tag.OBJECTION, Tag.OBJECTION): 1,  # Neutral is accepted there
    }
    assert (per_tag[Tag.INTERESTED].precision, per_tag[Tag.INTERESTED].recall) == (Ratio(1, 1), Ratio(1, 2))
    assert (per_tag[Tag.NEUTRAL].precision, per_tag[Tag.NEUTRAL].recall) == (Ratio(1, 2), Ratio(1, 1))
    assert per_tag[Tag.INTERESTED].f1 == pytest.approx(2 / 3)
    assert per_tag[Tag.FOLLOW_UP].f1 is None


def test_a_model_without_an_answer_fails_the_run_and_is_no_tag() -> None:
    replies = [labelled(1), labelled(2)]
    dead = FullOutcome(None, False, False, False, by_model=True, why="", error="503")
    report = Report(replies, None, [in_full(replies[0]), dead], ModelUse("some-model", is_stand_in=False))
    assert not report.passed
    assert report.full_figures["all"].accuracy == Ratio(1, 1)
    assert [(miss.id, miss.measure, miss.why) for miss in report.misses()] == [("reply-2", "model", "503")]


def test_held_out_misses_are_counted_but_not_shown() -> None:
    replies = [labelled(1), labelled(2, part=Part.HELD_OUT)]
    outcomes = [replace(by_rules(reply), clean_text="secret words") for reply in replies]
    hidden, shown = Report(replies, outcomes), Report(replies, outcomes, show_held_out=True)
    assert [miss.id for miss in hidden.misses()] == ["reply-1"]
    assert hidden.held_out_misses() == 1
    assert {miss.id for miss in shown.misses()} == {"reply-1", "reply-2"}
    assert "1 held-out replies have a miss" in printed(hidden)
    assert "reply-2" not in printed(hidden) + json.dumps(to_json(hidden))


def test_a_part_of_the_corpus_gets_no_verdict() -> None:
    report = Report([labelled(1)], [replace(by_rules(labelled(1)), suppress=True)], is_whole=False)
    assert report.gates == ()
    assert report.passed
    assert "only a part" in printed(report)


def test_the_stand_in_is_called_one_and_has_no_cost() -> None:
    replies = [labelled(1)]
    use = ModelUse.of("offline stand-in", [call(), call()], is_stand_in=True)
    report = Report(replies, [by_rules(replies[0])], [in_full(replies[0])], use)
    output = " ".join(printed(report).split())
    assert STAND_IN in output
    assert "Cost and latency" not in output
    assert to_json(report)["model"]["note"] == STAND_IN
    assert use.cost_usd is None
    assert use.latency_p50_ms is None


def test_a_real_model_has_cost_and_latency() -> None:
    use = ModelUse.of("some-model", [call(ms) for ms in range(100, 2_101, 100)], is_stand_in=False)
    assert (use.cost_usd, use.calls, use.latency_p50_ms, use.latency_p95_ms) == (Decimal("0.21"), 21, 1_100.0, 2_000.0)
    report = Report([labelled(1)], None, [in_full(labelled(1))], use)
    output = printed(report)
    assert "0.2100" in output
    assert "1100 / 2000" in output
    assert STAND_IN not in output
    assert to_json(report)["model"]["note"] is None


def test_an_unknown_price_is_no_price() -> None:
    unknown = replace(call(), cost_usd=None)
    assert ModelUse.of("some-model", [call(), unknown], is_stand_in=False).cost_usd is None


def test_the_json_report_holds_every_figure_per_part() -> None:
    replies = [labelled(1), labelled(2, Tag.BLACKLIST, part=Part.HELD_OUT)]
    report = Report(replies, [by_rules(reply) for reply in replies], [in_full(reply) for reply in replies])
    answer = json.loads(json.dumps(to_json(report)))
    assert set(answer["rules"]) == set(answer["with_model"]) == {"open", "held out", "all"}
    assert answer["rules"]["held out"]["suppression_recall"] == {"value": 1.0, "hits": 1, "of": 1}
    assert answer["rules"]["open"]["suppression_recall"]["value"] is None
    assert [group["name"] for group in answer["groups"]] == ["some"]


def test_what_a_lead_wrote_cannot_steer_the_terminal() -> None:
    reply = labelled(1)
    outcome = replace(by_rules(reply), clean_text="\x1b[31mred [bold]x[/bold] \u202eevil")
    output = printed(Report([reply], [outcome]))
    assert "\x1b[31mred" not in output
    assert "\u202e" not in output
    assert "[bold]x[/bold]" in output


def test_a_rate_limit_is_waited_out_but_not_for_ever() -> None:
    waits: list[float] = []
    answers: list[SentimentResult | None] = [None, None, SentimentResult(Tag.NEUTRAL, "", "")]

    def classify(_: ReplyText) -> SentimentResult:
        answer = answers.pop(0)
        if answer is None:
            raise ModelUnavailable("429", retry_after_s=90.0)
        return answer

    given = ReplyText("s", "t", "", meeting_is_booked=False, at=AT)
    assert patient(classify, waits.append)(given).tag is Tag.NEUTRAL
    assert waits == [30.0, 30.0]
    answers.extend([None] * 10)
    with pytest.raises(ModelUnavailable):
        patient(classify, waits.append)(given)
    assert len(answers) == 6


def test_a_refused_key_is_not_tried_again() -> None:
    calls: list[ReplyText] = []
    waits: list[float] = []

    def classify(reply: ReplyText) -> SentimentResult:
        calls.append(reply)
        raise ModelUnavailable("401", alarm=True)

    with pytest.raises(ModelUnavailable):
        patient(classify, waits.append)(ReplyText("s", "t", "", meeting_is_booked=False, at=AT))
    assert (len(calls), waits) == (1, [])


def test_gates_say_what_was_wanted() -> None:
    assert gates(rules_figures(REPLIES, RIGHT))[1] == Gate("suppressed or held", "≥ 0.97", "1.000", passed=True)


def call(latency_ms: int = 100) -> Interaction:
    return Interaction(
        feature="sentiment",
        prompt_version="sentiment.v1",
        model="some-model",
        input_tokens=10,
        output_tokens=5,
        reasoning_tokens=0,
        cost_usd=Decimal("0.01"),
        latency_ms=latency_ms,
        status=InteractionStatus.SUCCESS,
        error=None,
        created_at=AT,
    )


def printed(report: Report) -> str:
    console = Console(file=io.StringIO(), width=200, force_terminal=False, highlight=False)
    show(report, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()
