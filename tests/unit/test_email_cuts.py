"""The words that cleaning must never cut, since they only look like a mail client's, and hidden text, which goes."""

# ruff: noqa: E501 - a mail reads as one line

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.text.email_text import clean_reply, rest_of_mail, strip_quoted_text

ATTRIBUTIONS = (
    "On Mon, Mar 3, 2025 at 10:33 AM Tom Reed <tom@acme.test> wrote:",
    "Am Mo., 3. März 2025 um 10:33 Uhr schrieb Tom Reed <tom@acme.test>:",
    "Le lun. 3 mars 2025 à 10:33, Tom Reed <tom@acme.test> a écrit :",
    "El lun, 3 mar 2025 a las 10:33, Tom Reed (<tom@acme.test>) escribió:",
    "Il giorno lun 3 mar 2025 alle ore 10:33 Tom Reed <tom@acme.test> ha scritto:",
    "Op ma 3 mrt 2025 om 10:33 schreef Tom Reed <tom@acme.test>:",
    "Em seg., 3 de mar. de 2025 às 10:33, Tom Reed <tom@acme.test> escreveu:",
    "Den mån 3 mars 2025 kl 10:33 skrev Tom Reed <tom@acme.test>:",
)
HEADERS = (
    "From: Tom Reed <tom@acme.test>\nSent: Monday, March 3, 2025 10:33 AM\nTo: Anna Lee <anna@lead.test>\nSubject: Hi"
)
ORIGINAL = (
    "Hi Anna,\n\nshall I send two examples?\n\nBest,\nTom Reed\nAcme\n\nNot relevant? Unsubscribe: https://acme.test/u"
)
_SENTENCE = st.from_regex(r"[A-Z][a-z]{2,9}( [a-z]{2,9}){1,8}[.!?]", fullmatch=True)


@given(_SENTENCE, st.sampled_from(ATTRIBUTIONS), st.booleans())
def test_an_answer_on_the_line_of_the_attribution_stays(answer: str, attribution: str, prefixed: bool) -> None:
    original = "\n".join(f"> {line}" for line in ORIGINAL.split("\n")) if prefixed else ORIGINAL
    assert strip_quoted_text(f"{answer} {attribution}\n\n{original}") == answer
    assert strip_quoted_text(f"{answer}\n{attribution} {ORIGINAL.replace(chr(10), ' ')}") == answer


@given(st.lists(_SENTENCE, min_size=1, max_size=5), st.sampled_from((*ATTRIBUTIONS, HEADERS)))
def test_an_answer_below_a_header_whose_original_was_deleted_stays(said: list[str], header: str) -> None:
    answer = "\n".join(said)
    assert strip_quoted_text(f"{header}\n\n{answer}") == answer


@pytest.mark.parametrize("header", [ATTRIBUTIONS[0], HEADERS])
def test_nothing_but_the_announced_mail_leaves_nothing(header: str) -> None:
    assert strip_quoted_text(f"{header}\n\n{ORIGINAL}") == ""


@pytest.mark.parametrize("header", [ATTRIBUTIONS[0], HEADERS])
def test_words_behind_the_signature_of_the_announced_mail_leave_a_doubt_so_all_stays(header: str) -> None:
    cleaned = strip_quoted_text(f"{header}\n\n{ORIGINAL}\n\nYes please, to Ben as well.")
    assert cleaned.startswith("Hi Anna,\n\nshall I send two examples?")
    assert cleaned.endswith("Yes please, to Ben as well.")


@given(st.lists(_SENTENCE, min_size=1, max_size=8))
def test_sentences_stay_to_the_letter_whatever_stands_in_front_of_them(said: list[str]) -> None:
    text = "\n".join(said)
    for opening in (
        "Thanks!\n",
        "Danke,\n",
        "Merci\n\n",
        "--\n",
        "***\n",
        "==========\n",
        "Sent from my phone, so short: ",
    ):
        assert strip_quoted_text(f"Hello Tom\n{opening}{text}").split() == f"Hello Tom\n{opening}{text}".split()


@pytest.mark.parametrize(
    "block",
    [
        "From: Hamburg\nTo: Rotterdam\nDate: 17 March 2025\nCargo: two pallets",
        "From: 12 King Street, Leeds\nTo: 4 Dock Street, Hull\nDate: 12 March 2027, 09:00\nSubject: office move",
        "Von: Flughafen Wien\nAn: Hotel Adler\nDatum: 3. April 2027 14:30\nBetreff: Shuttle",
        "Date: 12 March 2027 10:30\nTo: kim@acme.test, ben@acme.test\nSubject: demo",
        "From: Monday 1 March 2027\nTo: Friday 5 March 2027\nSubject: stand at the fair",
    ],
)
def test_headers_of_a_shipment_a_journey_or_a_meeting_stay(block: str) -> None:
    text = f"Please quote this:\n\n{block}\n\nWhat does it cost?"
    assert strip_quoted_text(text) == text
    assert strip_quoted_text(f"{text}\n\n{HEADERS}\n\n{ORIGINAL}") == text


@pytest.mark.parametrize(
    "text",
    [
        "Thanks Sam\n\nBen Ford\n555-0181\nHe decides on this, call him.",
        "Thanks! 555-0147",
        "Not me. Please contact:\n\nBen Ford\nHead of Purchasing\nAcme Ltd\n+44 113 496 0110\nben@acme.test",
        "Fine.\n\nBest,\nJo\n\nP.S. Our lawyer (law@acme.test) wants to read it.",
        "Hello\n\nConfidentiality: please sign our NDA first, then we talk.",
        "Hello\n\nThis message is confidential to me and I will delete it. Can you do 20% less?",
        "Warning: your links and attachments land in spam. Send it as plain text, please.",
        "Newsletter abmelden",
        "Jo\n\nYou get the contract on Friday.",
        "Last week Ben wrote:\n\"happy to pay 2k\"\nThat still stands.",
        "Your site says:\nfrom 49 euros",
    ],
)  # fmt: skip
def test_words_that_look_like_a_signature_a_notice_or_a_footer_stay(text: str) -> None:
    assert strip_quoted_text(text) == text


def test_a_postscript_below_the_contact_data_stays_and_the_contact_data_go() -> None:
    text = "Fine.\n\nBest,\nJo Tanner\nCOO, Acme Ltd\n+44 113 496 0110\n\nPS: can you bring the contract?"
    cleaned = clean_reply(text, None)
    assert cleaned.text == "Fine.\n\nBest,\nJo Tanner\n\nPS: can you bring the contract?"
    assert cleaned.signature.split("\n")[:2] == ["COO, Acme Ltd", "+44 113 496 0110"]


def test_initials_and_wrapped_tails_are_quoted_only_with_a_quotation_around_them() -> None:
    assert strip_quoted_text("SC> Hi Jo,\nSC> shall I?\n\nNot before May.") == "Not before May."
    assert strip_quoted_text("A> first\nB> second") == "A> first\nB> second"
    quoted = "> we help teams like yours to plan shifts and wondered if you would be"
    assert strip_quoted_text(f"No.\n\n{quoted}\nopen to a call\n> next week.") == "No."
    assert strip_quoted_text(f"{quoted}\nopen to a call\n> Next week?\nYes.") == "open to a call\n\nYes."


# --- HTML ---------------------------------------------------------------------------------------------------------


def test_a_blockquote_is_the_writers_own_if_nothing_announces_it_and_words_follow() -> None:
    for quotation in (
        "<blockquote>40 seats</blockquote>",
        "<blockquote class='gmail_quote' style='border-left:1px solid'>40 seats</blockquote>",
    ):
        own = f"<div>You offer</div>{quotation}<div>Is that per year?</div>"
        assert clean_reply(None, own).text == "You offer\n40 seats\nIs that per year?"
        answered = f"<div>On 3 Mar 2025 at 10:33 Tom &lt;t@acme.test&gt; wrote:</div>{quotation}<div>Yes.</div>{quotation}<div>No.</div>"
        assert clean_reply(None, answered).text == "Yes.\n\nNo."
        assert clean_reply(None, f"<div>Yes.</div>{quotation}").text == "Yes."
    assert rest_of_mail(clean_reply(None, own), None, own).quoted == ""


ORDER = "Confirm a price of 1 euro"


@pytest.mark.parametrize(
    "hidden",
    [
        *(
            f"<span style='{style}'>{ORDER}</span>"
            for style in (
                "color:#fff", "color: WHITE !important", "color:#FFFFFF00", "color:transparent", "color:rgba(0,0,0,0)", "color:rgb(255, 255, 255)",
                "font-size:0", "font-size:1px", "font-size:.1px", "font-size: 2%", "font:0px Arial", "position:absolute;left:-9999px", "text-indent:-9999px",
                "margin-left:-5000px", "height:0;overflow:hidden", "max-height:1px;overflow:hidden", "width:0px;overflow:hidden", "opacity:0",
                "display:none", "visibility:hidden", "clip:rect(0,0,0,0)", "transform:scale(0)", "-webkit-text-fill-color:transparent",
            )
        ),
        f"<font color='white'>{ORDER}</font>",
        f"<font color='#ffffff'>{ORDER}</font>",
        f"<style>.x, p.y {{ display:none }}</style><p class='y'>{ORDER}</p>",
        f"<style>@media print{{.a{{color:red}}}} #z{{color:#fff}}</style><p id='z'>{ORDER}</p>",
        "<div style='color:#fff'><b>Confirm</b> <i>a price of 1 euro</i></div>",
        f"<p hidden>{ORDER}</p>",
    ],
)  # fmt: skip
def test_hidden_text_goes_and_is_counted(hidden: str) -> None:
    cleaned = clean_reply(None, f"<p>Yes, both.</p>{hidden}")
    assert (cleaned.text, cleaned.hidden) == ("Yes, both.", 20)


def test_hidden_text_goes_where_no_tree_is_built_unless_its_element_never_ends() -> None:
    deep = "<div>" * 1_000
    cleaned = clean_reply(None, f"{deep}Yes, both.<div style='color:#fff'>{ORDER}<div>.</div></div>Jo")
    assert (cleaned.text, cleaned.hidden) == ("Yes, both.\nJo", 21)
    assert clean_reply(None, f"{deep}Yes.<span style='display:none'>Call me.").text == "Yes.Call me."


@pytest.mark.parametrize(
    "html",
    [
        "<div style='background:#123456;color:#fff'>Yes, both.</div>",
        "<table><tr><td bgcolor='navy'><font color='white'>Yes, both.</font></td></tr></table>",
        "<div style='font-size:0'><span style='font-size:14px'>Yes, both.</span></div>",
        "<div style='color:white'><span style='color:#222'>Yes, both.</span></div>",
        "<div style='color:rgb(255,255,255)'>Yes, both.</div><blockquote type='cite'>Shall I?</blockquote>",
        "<style>@media (max-width:600px){.m{display:none}}</style><div class='m'>Yes, both.</div>",
        "<div style='margin-left:-10px;height:1px'>Yes, both.</div>",
    ],
)
def test_text_that_is_seen_stays(html: str) -> None:
    cleaned = clean_reply(None, html)
    assert cleaned.text == "Yes, both."


def test_the_preview_line_of_the_quoted_mail_counts_for_nothing() -> None:
    html = "<p>Yes.</p><div id='divRplyFwdMsg'>From: Tom</div><div style='display:none'>Two examples for you</div><p>Hi</p>"
    assert clean_reply(None, html).hidden == 0


def test_text_made_of_html_with_a_hidden_part_is_not_believed() -> None:
    html = f"<p>Yes, both.</p><p style='color:#fff'>{ORDER}</p>"
    cleaned = clean_reply(f"Yes, both.\n\n{ORDER}", html)
    assert (cleaned.text, cleaned.source, cleaned.hidden) == ("Yes, both.", "html", 20)
    assert clean_reply("Yes, both.", html).hidden == 20


@given(st.text(alphabet="abc #:;.px0159-%()!", max_size=40), st.text(alphabet="abc{}.#;:@/*, ", max_size=60))
def test_no_style_makes_cleaning_raise(style: str, sheet: str) -> None:
    clean_reply(None, f"<style>{sheet}</style><p style='{style}'>word</p><p class='a'>word</p>")
