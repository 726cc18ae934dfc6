"""The checks of a draft, each with what it must catch and what it must let pass."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.drafting.draft_checks import MAX_BODY_CHARS, FailedCheck, check_draft
from shared.domain.drafting.stated_facts import read_grounds, ungrounded_facts
from tests.timing import cpu_seconds

TODAY = date(2026, 11, 23)  # a Monday
KNOWLEDGE = (
    "Plans: Starter €490 a month, Growth 1.290 € a month, Scale from $5k. Set-up takes 14 days. "
    "Customers save 18 percent"
    " on average. 2,500 customers. ISO 27001. Details: https://northwind.example.com/pricing or "
    "www.northwind.example.com."
    " Contact: hello@northwind.example.com, +49 30 1234567."
)
BOOKING = "https://cal.example.com/mara/intro"
SIGNATURE = "Mara Lind\nNorthwind"


def failed(body: str, *context: str, subject: str = "Re: your question", **more: object) -> list[FailedCheck]:
    arguments: dict[str, object] = {
        "recipient_names": ["Anna", "Schulz", "Acme"],
        "sender_names": ["Mara Lind", "Northwind"],
        "signature": SIGNATURE,
        "booking_link": BOOKING,
        "reference_dates": [TODAY],
    }
    return check_draft(body, subject, ours=[KNOWLEDGE], theirs=context, **(arguments | more))  # type: ignore[arg-type]


def ids(failures: Sequence[FailedCheck]) -> set[str]:
    return {failure.check for failure in failures}


def draft(sentence: str) -> str:
    return f"Hi Anna,\n\nthank you for your message. {sentence}\n\nBest regards,\n{SIGNATURE}"


def test_an_ordinary_answer_passes() -> None:
    text = draft(
        "The Starter plan costs 490 € a month, and set-up takes 14 days. If you like, we can go "
        "through it in a 20-minute"
        f" call: {BOOKING}"
    )
    assert failed(text) == []


CAUGHT = [
    # links and addresses
    ("link", "See https://evil.example.com/login for more.", ""),
    ("link", "See https://northwind.example.com/prices for more.", ""),  # another path of our own site
    ("link", "See www.other.example.org.", ""),
    ("link", "It is on other-shop.com.", ""),
    ("email", "Write to sales@northwind.example.com.", ""),
    ("email", "Write to anna@acme.test.", ""),
    ("phone", "Call me at +49 30 7654321.", ""),
    ("phone", "Call me at (415) 555-0199.", ""),
    # amounts
    ("amount", "It costs $490 a month.", ""),  # the right number in another currency
    ("amount", "It costs 590 € a month.", ""),
    ("amount", "It costs USD 500.", ""),
    ("amount", "It costs 500 dollars.", ""),
    ("amount", "It starts at 6k.", ""),
    ("amount", "You get 20 % off.", ""),
    ("amount", "You save 25 percent.", ""),
    ("amount", "Sie sparen 25 Prozent.", ""),
    ("amount", "It costs €4.90 a month.", ""),
    ("amount", "It costs 12,90 € a month.", ""),
    ("amount", "It is about 1 million euros.", ""),
    ("number", "We have 3,000 customers.", ""),
    ("number", "We hold ISO 9001.", ""),
    ("number", "We did that in 2019.", ""),
    # dates and times
    ("date", "Shall we talk on Thursday?", "Tuesday works for me."),
    ("date", "Passt Ihnen Donnerstag?", "Dienstag passt."),
    ("date", "Jeudi vous convient ?", "Mardi me convient."),
    ("date", "I am free on March 14.", ""),
    ("date", "I am free on 14 March.", "How about 15 March?"),
    ("date", "Ich habe am 14.3. Zeit.", ""),
    ("date", "It starts on 2027-01-05.", ""),
    ("date", "Let us talk on 12/04.", ""),
    ("date", "Let us talk on the 12th.", ""),
    ("date", "I will write again in October.", "Not now, please."),
    ("date", "Ich melde mich im Oktober.", "Jetzt nicht."),
    ("time", "Shall we say 3 pm?", "Tuesday works for me."),
    ("time", "Shall we say 15:30?", "How about 15:00?"),
    ("time", "Passt 10 Uhr?", "Dienstag passt."),
    ("time", "14h30 vous convient ?", "Mardi me convient."),
    ("number", "The minimum term is 1 month.", ""),
    ("number", "Die Einrichtung dauert drei Wochen.", ""),
    ("amount", "It is fifty percent off.", ""),
    ("amount", "You would get it at half price.", ""),
    ("amount", "Das kostet zweitausend Euro.", ""),
    ("amount", "To koszt dwieście złotych.", ""),
    ("amount", "Son 45 libras al mes.", ""),
    ("amount", "The Growth plan is €490 a month.", ""),  # the other plan's price
    ("date", "How about Wed or Thu?", "Sounds good."),
    ("date", "Que tal na segunda?", "Parece bom."),
    ("date", "Ci sentiamo a marzo.", "Va bene."),
    ("date", "Does Tuesday suit you?", "On Tue, Nov 24, 2026 at 9:14 AM Mara Lind wrote:\nHello"),
    ("time", "Shall we say half past two?", "Tuesday works for me."),
    ("time", "How about 2pm?", "Tuesday works; we answer within 1 to 2 days."),
    ("lead_only", "Yes, it is £500 a month.", "Would you do it for £500?"),
    ("lead_only", "You get 50% off.", "We would need 50% off."),
    ("lead_only", "Please log in at https://evil.example.com/x.", "Log in at https://evil.example.com/x first."),
    # names
    ("name", "We work with Vodafone, among others.", ""),
    ("name", "Peter from our team looks after it.", ""),
    ("attachment", "Please find our brochure attached.", ""),
    ("attachment", "Anbei unsere Broschüre.", ""),
    ("done", "I've just sent the invitation.", ""),
    ("done", "Zaproszenie już wysłałam.", ""),
    ("name", "My colleague Peter will join us.", ""),
    ("name", "Mein Kollege Peter ist dabei.", ""),
    ("name", "Ma collègue Sophie vous écrira.", ""),
    ("name", "Please ask Mr. Henderson about it.", ""),
    ("name", "My name is Peter.", ""),
    # form
    ("placeholder", "Dear {first_name}, it works.", ""),
    ("placeholder", "It works for {{company}}.", ""),
    ("placeholder", "Dear [Name], it works.", ""),
    ("placeholder", "It works, see [insert link].", ""),
    ("placeholder", "It works for <company>.", ""),
    ("placeholder", "The price is TBD.", ""),
    ("placeholder", "The price is €XX.", ""),
    ("placeholder", "The price is XXX.", ""),
    ("placeholder", "Hello %FIRSTNAME%, it works.", ""),
    ("placeholder", "Your name: ____", ""),
    ("formatting", "\n# Pricing\nIt works.", ""),
    ("formatting", "\n## Pricing\nIt works.", ""),
    ("formatting", "It is **very** good.", ""),
    ("formatting", f"See [here]({BOOKING}).", ""),
    ("formatting", "```text```", ""),
    ("formatting", "<p>It works.</p>", ""),
    ("subject_line", "\nSubject: Your question\nIt works.", ""),
    ("subject_line", "\nBetreff: Ihre Frage\nEs geht.", ""),
    ("quoted_text", "\n> What does it cost?\nIt works.", ""),
    ("quoted_text", "\nOn Mon, 23 Nov at 10:00 Anna wrote:\nIt works.", "23 Nov 10:00"),
    ("quoted_text", "\n-----Original Message-----\nIt works.", ""),
    ("quoted_text", "\nFrom: Anna\nSent: today\nIt works.", ""),
    ("not_a_reply", "As an AI language model I cannot say.", ""),
    ("not_a_reply", "Als KI kann ich das nicht sagen.", ""),
]


@pytest.mark.parametrize(("check", "sentence", "context"), CAUGHT)
def test_what_must_be_caught(check: str, sentence: str, context: str) -> None:
    assert check in ids(failed(draft(sentence), context))


PASSED = [
    # the same fact in another notation
    ("See northwind.example.com/pricing.", ""),
    ("See http://www.northwind.example.com/pricing/.", ""),
    ("See https://northwind.example.com.", ""),
    (f"Please book here ({BOOKING}).", ""),
    (f"Please book here: {BOOKING.upper()}!", ""),
    ("Write to Hello@Northwind.example.com.", ""),
    ("Call us at 030 / 123 45 67.", ""),
    ("Call us at 0049 (0)30 1234567.", ""),
    ("It costs EUR 490, 490 euros or 490€ a month.", ""),
    ("It costs €490.00 a month.", ""),
    ("It costs 1,290 euros a month.", ""),
    ("It costs 1 290 € a month.", ""),
    ("It starts at 5,000 dollars.", ""),
    ("It starts at $5,000.00.", ""),
    ("It starts at $5k.", ""),
    ("You save 18% on average.", ""),
    ("Vous économisez 18 % en moyenne.", ""),
    ("Sie sparen 18 Prozent.", ""),
    ("We have 2500 customers and ISO 27001.", ""),
    ("With your budget of 7,500 dollars it fits.", "Our budget is $7.5k."),
    ("Mit Ihrem Budget von 12.000 Euro im Monat passt es.", "Wir haben 12k Budget."),
    # numbers that are phrases
    ("A 15-minute call, 2 or 3 questions, 24/7, step 1/2.", ""),
    ("We use B2B data and GPT4, at least 50 rows.", ""),
    ("In 2026 and 2027 it stays like this.", ""),
    # dates and times that the lead gave, in other words
    ("Tuesday at 15:00 works well.", "Tuesday 3pm CET works for me."),
    ("Tuesday at 3 pm works well.", "Tue 15:00?"),
    ("Tuesday at 3 pm works well.", "How about Tuesday at 3?"),
    ("Tuesday at 2 pm works well.", "Tuesday between 2 and 4 works"),
    ("Dienstag um 15 Uhr passt gut.", "Dienstag 15.00 Uhr wäre gut"),
    ("Mardi à 14h30, très bien.", "mardi 14:30 ?"),
    ("Tuesday, November 24 works well.", "Tuesday works for me."),
    ("Dienstag, 24.11. passt gut.", "Dienstag passt."),
    ("Tuesday, 24 November works well.", "Let us talk tomorrow."),
    ("Morgen, am Dienstag, passt gut.", "morgen um 10?"),
    ("Wednesday works well.", "The day after tomorrow is fine."),
    ("Saturday, December 12 works well.", "How about the 12th?"),
    ("Monday, March 1 works well.", "1 March 2027 suits me."),
    ("The 1st of March works well.", "1.3. passt"),
    ("4 March or March 4.", "3/4 is fine"),
    ("I will write again in September.", "After summer, please."),
    ("I will write again in January.", "Ask me next quarter."),
    ("I will write again in March.", "Try again in March."),
    ("Ich melde mich im März.", "Erst im März wieder."),
    ("May I ask two questions? You may march on.", ""),
    ("I will get back to you next week.", ""),
    ("Montagvormittag passt.", "Montag früh?"),
    ("Thursday at 10am works well.", "Thursday 10-12 works for me."),
    ("Donnerstag um 10 Uhr passt gut.", "Donnerstag zwischen 10 und 12 Uhr"),
    ("Thursday at 14:30 works well.", "Donderdag om half drie"),
    ("Friday at 12pm works well.", "Noon on Friday is good."),
    ("Wednesday at 9:30 works well.", "9.30 on Wednesday works."),
    ("7 December works well.", "7-9 December is fine."),
    ("I will write again in January.", "Na de feestdagen."),
    ("For 12 of you it is 5,880 euros a month.", "We are 12 people, what is it for the Starter plan?"),
    ("Starter for 3 months is €1,470.", "Three months of Starter?"),
    ("The 2nd option is fine, and so is your 1st month.", ""),
    ("We use ASP.NET, and so.So on.", ""),
    # names and words that look like something else
    ("My colleague Peter will join us.", "Ask Peter about it."),
    ("Mr. Schulz will join us.", "Please invite Mr Schulz."),
    ("My colleague will join us. Our manager too.", ""),
    ("Mein Kollege ist dabei, unser Partner Northwind auch.", ""),
    ("Frau Schulz ist dabei.", ""),
    ("Thanks.Let us talk. Mr.Schulz said e.g. this, z.B. that, i.e. Node.js.", "Schulz"),
    ("It costs less (see above) [1] and 3 < 5.", ""),
    ("We compare A/B tests; C# and F# are fine; #1 in it.", ""),
    ("The subject: your data. From our side it looks good.", ""),
    ("On Monday we wrote down what you need.", "On Monday we wrote down what we need"),
    ("We can do 2 * 3 * 4 and snake_case_names.", ""),
    ("Is the mood XXL? XX is a letter pair.", ""),
]


@pytest.mark.parametrize(("sentence", "context"), PASSED)
def test_what_must_pass(sentence: str, context: str) -> None:
    assert failed(draft(sentence), context) == []


def test_a_price_list_names_its_currency_once() -> None:
    prices = "Prices in EUR: basic 690, plus 790."
    assert (
        check_draft(draft("The plan costs 790 EUR."), "Re: x", ours=[KNOWLEDGE, prices, SIGNATURE], theirs=["Anna"])
        == []
    )


@pytest.mark.parametrize(
    "greeting",
    [
        "Hi Anna,", "Hello Anna Schulz,", "Dear Ms. Schulz,", "Dear Ms Schulz,", "Hallo Frau Schulz,", "Liebe Anna!",
        "Guten Tag Frau Dr. Schulz,", "Sehr geehrte Frau Schulz,", "Bonjour Madame Schulz,", "Hola Anna:", "Hi,",
        "Hi there,", "Hello all,", "Hallo zusammen,", "Guten Tag,", "Bonjour à tous,", "Hi Acme team,", "Good morning,",
        "Hi Anna, thanks for the quick answer from Berlin.", "Hey Anna – thanks!", "Hi again,",
        "Thanks Peter's team is here",
        "Dzień dobry,", "Hej Anna,",
    ],
)  # fmt: skip
def test_greetings_of_the_one_who_wrote_and_neutral_ones_pass(greeting: str) -> None:
    assert failed(f"{greeting}\n\nthis answers what you asked about.\n\n{SIGNATURE}") == []


@pytest.mark.parametrize(
    "greeting",
    [
        "Hi Peter,",
        "Dear Mr. Peters,",
        "Hallo Herr Weber,",
        "Bonjour Sophie,",
        "Hola Carlos:",
        "Hi Mara,",
        "Hi Anna and Peter,",
    ],
)
def test_nobody_else_is_greeted(greeting: str) -> None:
    context = "Peter, Mr. Peters, Weber, Sophie and Carlos are in the thread."
    assert ids(failed(f"{greeting}\n\nthis answers what you asked about.\n\n{SIGNATURE}", context)) == {"greeting"}


@pytest.mark.parametrize(
    "reply",
    [
        "Works for me.\n\nBest,\nBob",
        "Hi, this is Bob from Acme, what does it cost?",
        "Sounds good. Cheers, Bob",
        "Ich bin Bob.\nGeht das?",
    ],
)
def test_a_colleague_who_names_themselves_may_be_greeted(reply: str) -> None:
    text = f"Hi Bob,\n\nthis answers what you asked about.\n\n{SIGNATURE}"
    assert failed(text, reply, recipient_names=[], reply_text=reply) == []
    assert ids(failed(text, recipient_names=[], reply_text="Please ask Bob about it. Thanks a lot for that")) == {
        "greeting"
    }


def test_without_recipient_names_any_name_of_the_context_may_be_greeted() -> None:
    text = f"Hi Bob,\n\nthis answers what you asked about.\n\n{SIGNATURE}"
    assert failed(text, "Bob", recipient_names=None) == []
    assert ids(failed(text, recipient_names=None)) == {"greeting"}


def test_a_name_is_the_same_with_and_without_accents() -> None:
    assert failed(draft("").replace("Anna", "Jose"), recipient_names=["José"]) == []


@pytest.mark.parametrize(
    ("body", "check"), [("", "empty"), (" \n\t", "empty"), ("x" * (MAX_BODY_CHARS + 1), "too_long")]
)
def test_bounds(body: str, check: str) -> None:
    assert ids(failed(body)) == {check}


def test_a_signature_alone_is_too_short() -> None:
    assert ids(failed(SIGNATURE)) == {"too_short"}
    assert ids(failed(f"OK.\n\n{SIGNATURE}")) == {"too_short"}


@pytest.mark.parametrize("subject", ["", "   ", "Re: a\nBcc: x@example.com", "x" * 400, "Re: {subject}"])
def test_the_subject_is_one_finished_line(subject: str) -> None:
    assert ids(failed(draft("It works."), subject=subject)) & {"subject", "placeholder"}


def test_the_lead_s_signature_is_not_copied() -> None:
    foreign = ["Anna Schulz", "Head of Operations", "Acme GmbH, Musterstraße 1", "Best,", "Northwind"]
    copied = f"Hi Anna,\n\nthis answers what you asked about.\n\nBest regards,\n{SIGNATURE}\nHead of Operations"
    assert ids(failed(copied, foreign_lines=foreign)) == {"foreign_text", "signature"}
    assert failed(draft("It works."), foreign_lines=foreign) == []  # our own company's name is in their quote, too


def test_a_greeting_that_also_stands_in_what_is_quoted_is_nobodys_to_copy() -> None:
    quoted = ["> Hi Anna,", "> Are you the right person for this at Acme?"]
    body = f"Hi Anna,\n\nthis answers what you asked about.\n\n{SIGNATURE}"
    assert failed(body, foreign_lines=quoted) == []
    copied = f"Hi Anna,\n\nAre you the right person for this at Acme?\n\n{SIGNATURE}"
    assert ids(failed(copied, foreign_lines=quoted)) == {"foreign_text"}


def test_what_we_have_said_ourselves_may_be_said_again_though_it_is_quoted() -> None:
    question = "Which two or three times would suit you?"
    assert ids(failed(draft(f"\n{question}\n"), foreign_lines=[f"> {question}"])) == {"foreign_text"}
    assert failed(draft(f"\n{question}\n"), f"Hi Anna,\n{question}", foreign_lines=[f"> {question}"]) == []


@pytest.mark.parametrize("name", ["Anna Schulz", "Anna", "Peter Weber\nSales", "The Support Bot"])
def test_only_we_sign(name: str) -> None:
    text = f"Hi Anna,\n\nthis answers what you asked about.\n\nBest regards,\n{name}"
    own: dict[str, Any] = {"recipient_names": ["Anna"], "signature": "", "sender_names": ["Mara Lind"]}
    context = "Anna Schulz, Peter Weber"
    assert "signature" in ids(failed(text, context, **own))
    assert failed(text.removesuffix(name) + "Mara", context, **own) == []


def test_a_long_line_of_the_reply_is_not_copied() -> None:
    line = (
        "We are looking for somebody who can help us with our reporting, since our own people have "
        "no time for it at all."
    )
    assert ids(failed(draft(f"\n{line}\n"), line, reply_text=line)) == {"quoted_text"}
    assert failed(draft("You are looking for somebody who can help you."), line, reply_text=line) == []


def test_each_finding_is_reported_once_and_names_the_words() -> None:
    failures = failed(draft("It costs $999. Really, it costs $999."))
    assert [str(failure) for failure in failures] == ["amount: $999 is not in the context"]


TEXT = st.text(max_size=400) | st.from_regex(r"[0-9 .,/:$€%@<>{}\[\]()h#*_A-Za-zäé\n'’-]{0,200}", fullmatch=True)


@settings(max_examples=150)
@given(body=TEXT, subject=TEXT, context=st.lists(TEXT, max_size=3), reply=TEXT, foreign=st.lists(TEXT, max_size=2))
def test_it_never_raises(body: str, subject: str, context: list[str], reply: str, foreign: list[str]) -> None:
    failures = check_draft(
        body,
        subject,
        ours=context[:2],
        theirs=context[2:],
        recipient_names=context[:1],
        sender_names=["Mara"],
        signature=reply,
        reply_text=reply,
        foreign_lines=foreign,
        reference_dates=[TODAY, date.max],
    )
    assert all(str(failure) and (failure.words or failure.check == "empty") for failure in failures)


@settings(max_examples=150)
@given(text=TEXT)
def test_a_text_grounds_itself(text: str) -> None:
    assert list(ungrounded_facts(text, read_grounds([text], [text], [TODAY]))) == []


FRAGMENTS = [
    "a", "1", "1 ", "1.", "1,000 ", "@", "a@", "a.", "a.b@", "www.", "https://", "(", "+1 ", "12:", "3pm ", "$1 ",
    "5 % ", "May 1 ", "on 1 ", "the 12th ", "Monday ", "Hi ", "{", "[", "<",
    "'", "a-", "1/2/", "\n", "> ", "I am ", "über ", "月",
]  # fmt: skip


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_hostile_context_takes_linear_time(fragment: str) -> None:
    def seconds(length: int, enough: float = 0.0) -> float:
        hostile = fragment * (length // len(fragment))
        return cpu_seconds(
            lambda: check_draft(
                draft("It works."),
                "Re: x",
                ours=[hostile],
                theirs=[hostile],
                recipient_names=["Anna"],
                reply_text=hostile,
            ),
            times=2,
            enough=enough,
        )

    bound = 8 * max(seconds(2_000), 0.004) * 3  # linear is 8 times; quadratic would be 64
    assert seconds(16_000, enough=bound) < bound
