"""Which of a workspace's texts a model is shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.knowledge_fit import fitting_knowledge
from shared.domain.workspace_settings import KnowledgeText

PRICING = KnowledgeText("Pricing", "The pilot is 1,950 pounds for six weeks. Standard is billed by the month. " * 5)
SECURITY = KnowledgeText("Security", "Hosted in Dublin, encrypted at rest, with a yearly penetration test. " * 5)
CASES = KnowledgeText("Case studies", "Helion had 31 meetings in 90 days. Brackley had 18 in a quarter. " * 5)
TEXTS = (PRICING, SECURITY, CASES)


def test_texts_that_fit_are_shown_whole_and_in_order_whatever_is_asked() -> None:
    assert fitting_knowledge(TEXTS, "where is it hosted?") == TEXTS


def test_beyond_the_budget_the_texts_that_fit_the_reply_are_shown() -> None:
    for text, asked in (
        (PRICING, "What is the price of a pilot?"),
        (SECURITY, "Is our data encrypted?"),
        (CASES, "Do you have a case study?"),
    ):
        assert fitting_knowledge(TEXTS, asked, budget=400) == (text,)


def test_what_there_is_room_for_keeps_its_order() -> None:
    assert fitting_knowledge(TEXTS, "case studies and pilot pricing", budget=800) == (PRICING, CASES)


def test_a_word_that_every_text_has_decides_nothing() -> None:
    texts = tuple(KnowledgeText(one.name, f"Growthline. {one.text}") for one in TEXTS)
    assert fitting_knowledge(texts, "Is Growthline encrypted?", budget=420) == (texts[1],)


def test_of_a_long_text_the_parts_that_fit_are_shown() -> None:
    paragraphs = [
        f"Paragraph {number} about {word}. " * 20 for number, word in enumerate(("ships", "trains", "lorries"))
    ]
    long = KnowledgeText("Handbook", "\n\n".join(paragraphs))
    assert [one.text for one in fitting_knowledge([long], "Do you use trains?", budget=800)] == [paragraphs[1]]


@given(
    st.lists(st.text(alphabet="ab \n", max_size=60), max_size=8),
    st.text(alphabet="ab ", max_size=20),
    st.integers(1, 80),
)
def test_the_choice_never_exceeds_its_budget_and_invents_nothing(texts: list[str], asked: str, budget: int) -> None:
    chosen = fitting_knowledge([KnowledgeText("name", text) for text in texts], asked, budget=budget)
    assert sum(len(one.text) for one in chosen) <= budget
    assert all(any(one.text in text for text in texts) for one in chosen)
