"""The words that end a text message's correspondence, and those that only look like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.channels import CHANNELS
from shared.domain.judgement.certain_rules import judge
from shared.domain.judgement.stop_words import STOP_WORD_RULE, WRONG_NUMBER_RULE, find_stop_word, find_wrong_number
from shared.domain.judgement.tag_decision import certain_tag, tag_without_model
from shared.domain.vocabulary import Channel, SentimentSource, Tag

EMAIL, SMS, LINKEDIN = (CHANNELS[channel] for channel in (Channel.EMAIL, Channel.SMS, Channel.LINKEDIN))
CARRIERS = (
    "STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "OPT OUT", "OPT-OUT",
    "REMOVE", "ARRET", "ARRÊT", "STOPP", "ALTO", "PARAR", "BAJA", "SAIR", "AFMELDEN", "AFMELD", "СТОП", "הסר", "退订",
)  # fmt: skip


@pytest.mark.parametrize("word", CARRIERS)
@pytest.mark.parametrize("written", ["{}", " {} ", "{}.", "“{}”", "{}!!!", "\u200b{}\u200b", "«{}»", "{} 🛑", "({})\n"])
def test_a_carriers_word_suppresses_at_once_in_any_spelling(word: str, written: str) -> None:
    for spelled in (word, word.lower(), word.title()):
        text = written.format(spelled)
        judged = judge(text, "", channel=SMS)
        assert (judged.tag, judged.opt_out and judged.opt_out.rule) == (Tag.BLACKLIST, STOP_WORD_RULE), text


@pytest.mark.parametrize(
    "text",
    ["stop please", "Please stop", "pls stop!", "STOP STOP STOP", "s t o p", "S.T.O.P", "ok stop", "No. Stop.",
     "Stopp bitte", "STOP, thank you", "unsub pls", "stoppp", "STOOOP", "Arrêt svp", "stop now"],
)  # fmt: skip
def test_it_may_be_said_politely_or_twice(text: str) -> None:
    assert find_stop_word(text) is not None


@pytest.mark.parametrize(
    "text",
    ["START", "UNSTOP", "YES", "HELP", "INFO", "Cancel please", "ok end", "End of March", "stop by at 4", "quit my job",
     "Para el lunes", "fin", "unstoppable", "friend", "", "…", "👍", "no", "stop " * 30],
)  # fmt: skip
def test_other_words_mean_nothing_special(text: str) -> None:
    assert find_stop_word(text) is None


@pytest.mark.parametrize("text", ["START", "UNSTOP", "YES", "HELP", "INFO"])
def test_what_lifts_a_carriers_block_is_left_to_the_model(text: str) -> None:
    judged = judge(text, "", channel=SMS)
    assert (judged.tag, judged.match, judged.suspected) == (None, None, None)


@pytest.mark.parametrize("word", ["CANCEL", "END", "QUIT", "REVOKE", "ALTO"])
@pytest.mark.parametrize("channel", [EMAIL, LINKEDIN])
def test_elsewhere_a_word_that_could_be_about_anything_ends_nothing(word: str, channel: object) -> None:
    assert judge(word, "", channel=channel).opt_out is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "on_a_phone", "by_email"),
    [
        ("Stop texting me", True, False),
        ("Don't text me again", True, False),
        ("No more texts please", True, False),
        ("Please stop sending me text messages", True, False),
        ("Do not text this number", True, False),
        ("Bitte keine SMS mehr", True, False),
        ("Stop emailing me", True, True),
        ("Please remove me from your list", True, True),
        ("Don't call me, just text me", False, False),
    ],
)
def test_the_mediums_own_messages_are_what_is_to_end(text: str, on_a_phone: bool, by_email: bool) -> None:
    assert (judge(text, "", channel=SMS).opt_out is not None) == on_a_phone
    assert (judge(text, "").opt_out is not None) == by_email


@pytest.mark.parametrize(
    "text",
    ["Wrong number", "sorry, wrong number!", "You have the wrong number", "u got the wrong person",
     "This is the wrong number", "Falsche Nummer", "Vous avez le mauvais numéro",
     "Número equivocado", "Numero sbagliato", "Fel nummer"],
)  # fmt: skip
def test_a_wrong_number_is_the_wrong_person_for_certain(text: str) -> None:
    judged = judge(text, "", channel=SMS)
    assert (judged.tag, judged.stranger and judged.stranger.rule) == (Tag.WRONG_PERSON, WRONG_NUMBER_RULE)
    decided = tag_without_model(judged, text, "")
    assert decided == certain_tag(judged)
    assert decided is not None
    assert (decided.tag, decided.source) == (Tag.WRONG_PERSON, SentimentSource.RULE)
    assert not judged.is_auto_reply


@pytest.mark.parametrize("text", ["wrong number of seats in your quote", "is this a wrong number?? call my office", ""])
def test_a_message_that_says_more_is_left_to_the_model(text: str) -> None:
    assert find_wrong_number(text) is None


def test_a_wrong_number_with_a_demand_is_a_demand() -> None:
    assert judge("wrong number. stop texting me", "", channel=SMS).tag is Tag.BLACKLIST


@pytest.mark.parametrize(
    "text", ["550 5.1.1 user unknown", "Delivery to pat@acme.test failed permanently: address not found"]
)
def test_no_text_message_is_the_report_of_a_mail_server(text: str) -> None:
    assert judge(text, "Undelivered Mail Returned to Sender", channel=SMS).bounce is None


@given(st.text(max_size=400))
def test_any_text_has_an_answer(text: str) -> None:
    found = find_stop_word(text)
    assert found is None or found.words == text.strip()[:200]
    find_wrong_number(text)
