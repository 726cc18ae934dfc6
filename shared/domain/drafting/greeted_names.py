"""The names in a draft: whom it greets, whom it introduces, who signs it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from shared.domain.drafting.address_words import FORMS_OF_ADDRESS, THIRD_PERSON
from shared.domain.drafting.stated_facts import straighten
from shared.domain.text.wording import without_accents

WORD: Final = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_GREETING: Final = re.compile(
    r"(?:hi|hiya|hello|hey|dear|good (?:morning|afternoon|evening|day)|hallo|guten (?:tag|morgen|abend)|moin|servus"
    r"|grüezi|grüß gott|liebe[rs]?|sehr geehrte[rs]?|bonjour|bonsoir|salut|chère|cher|hola|buenos días|buenas tardes"
    r"|buenas|buen día|estimad[oa]s?|querid[oa]s?|ciao|buongiorno|buonasera|gentile|egregio|salve|beste|geachte"
    r"|goede(?:morgen|middag|navond)|hoi|dag|olá|oi|bom dia|boa tarde|prezad[oa]|car[oa]|cześć|dzień dobry|witam|witaj"
    r"|szanown[yai]|dobrý den|vážen[ýá]|ahoj|hej|hejsan|hei|kære|kjære|bästa)(?![\w])[ \u00a0]*(?P<rest>[^\n]{0,120})",
    re.IGNORECASE,
)
_SLAVIC_GREETING: Final = re.compile(
    r"(?:cześć|dzień dobry|witam|witaj|szanown|hej|pani|panie|drog|dobrý|vážen|ahoj|milý|milá)", re.IGNORECASE
)
# "Dr.", "Dott.ssa", "Sig.ra", "Dr.-Ing.": a title is short and has a point within or behind it.
_ABBREVIATED_TITLE: Final = re.compile(
    r"(?<![^\W\d_])[^\W\d_]{1,5}\.(?:[ \u00a0]?-?[^\W\d_]{1,4}(?:\.|(?=[ \u00a0])))?(?=[ \u00a0]+[^\W\d_])"
)
_NAME_START: Final = "A-ZÀ-ÖØ-ÞĆŁŚŹŻ"
_INTRODUCED: Final = re.compile(
    r"(?:\b(?:[Mm]y|[Oo]ur)(?: [a-z]{2,15})? (?:colleague|co-founder|cofounder|partner|manager|boss|assistant|teammate"
    r"|founder|director|specialist|CEO|CTO|CFO|COO)"
    r"|\b(?:[Mm]ein|[Uu]nser)(?:e|en|em|er)? (?:Kolleg(?:e|en|in)|Chef(?:in)?|Partner(?:in)?|Gründer(?:in)?"
    r"|Assistent(?:in)?|Geschäftsführer(?:in)?)"
    r"|\b(?:[Mm]on|[Mm]a|[Nn]otre) (?:collègue|associée?|responsable|directeur|directrice|assistante?)"
    r"|\b(?:[Mm]i|[Nn]uestr[oa]) (?:compañer[oa]|colega|soci[oa]|jef[ea]|directora?)"
    r"|\b(?:[Ii]l mio|[Ll]a mia|[Mm]ijn|[Oo]nze|[Mm]eu|[Mm]inha|[Mm]ój|[Mm]oja|[Mm]in)"
    r" (?:colleg[ao]|collega|coleg[ao]|kolega|koleżanka|kollega)"
    r"|\b(?:Mr|Mrs|Ms|Dr|Prof)\.?|\b(?:Herrn?|Frau|Monsieur|Madame|Mme|Señora?|Signora?)"
    r"|\b(?:[Mm]y name is|[Mm]ein Name ist|[Ii]ch heiße|[Jj]e m'appelle|[Mm]e llamo|[Mm]i nombre es|[Mm]i chiamo))"
    rf",?[ \u00a0](?P<name>[{_NAME_START}][\w'-]{{1,40}}(?:[ \u00a0][{_NAME_START}][\w'-]{{1,40}})?)"
)
_SELF_INTRODUCTION: Final = re.compile(
    r"\b(?:i am|i'm|this is|my name is|ich bin|mein name ist|je suis|je m'appelle|soy|me llamo|sono|mi chiamo|ik ben)"
    r"[ \u00a0](?P<name>[^\n,.;!?]{2,60})",
    re.IGNORECASE,
)
_ACTS: Final = re.compile(rf" (?:{'|'.join(THIRD_PERSON)})\b", re.IGNORECASE)
_SIGN_OFF_LINES: Final = 3
_SHORTEST_STEM: Final = 2  # letters that a name and its vocative have in common: "Ewa", "Ewo"
_VOCATIVE_ENDINGS: Final = ("o", "u", "e", "ie", "i", "y", "ze")


def wrongly_greeted(
    body: str, recipient_names: Sequence[str] | None, reply_text: str, known_texts: Sequence[str]
) -> Iterator[str]:
    """Yields the names that are greeted but not known to have written the reply: once a colleague in Cc did."""
    body = straighten(body)
    greeted = list(_greeted_names(body))
    if not greeted:
        return
    if recipient_names is None:
        may_be_greeted = folded_words(known_texts)
    else:
        lead = {part for part in folded_words(recipient_names) if not _speaks_of(part, reply_text)}
        may_be_greeted = lead | _names_of_writer(reply_text)
    slavic = _SLAVIC_GREETING.match(body.lstrip()) is not None
    for word in greeted:
        parts = parts_of(word)
        if not parts <= may_be_greeted and not (slavic and all(_is_vocative(part, may_be_greeted) for part in parts)):
            yield word


def unknown_introductions(body: str, known_texts: Sequence[str]) -> Iterator[str]:
    """Yields names behind a title or a role that are unknown: "my colleague Peter"."""
    introduced = list(_INTRODUCED.finditer(straighten(body)))
    if not introduced:
        return
    known = folded_words(known_texts)
    for match in introduced:
        for word in WORD.findall(match["name"]):
            if without_accents(word).lower() in FORMS_OF_ADDRESS:
                continue
            if not parts_of(word) <= known and not any(_is_vocative(part, known) for part in parts_of(word)):
                yield word
                break


def folded_words(texts: Iterable[str]) -> set[str]:
    """Returns all words of some texts, as names are compared."""
    return {part for text in texts for word in WORD.findall(straighten(text)) for part in parts_of(word)}


def parts_of(word: str) -> set[str]:
    """Returns a name and its parts, which count alike: "Jean-Luc" is "Jean", "Luc"; "Anna's" is "Anna"."""
    return {_fold(part) for part in re.split(r"['-]", word.removesuffix("'s")) if part}


def _fold(word: str) -> str:
    """Folds a name: no accents, and "ue" like "ü", as German names are written where there is no "ü"."""
    plain = without_accents(word).lower()
    return plain.replace("ue", "u").replace("oe", "o").replace("ae", "a")


def _greeted_names(text: str) -> Iterator[str]:
    """Yields the names in the first line, up to its first mark: capitalised words, but no forms of address."""
    match = _GREETING.match(text.lstrip().partition("\n")[0])
    if match is None:
        return
    # "Hola, Lucía:" has a mark before the name as well.
    address, mark, _ = _ABBREVIATED_TITLE.sub("", match["rest"].lstrip(" ,\u00a0")).partition(",")
    if not mark:
        address = re.split(r"[!.:;?–—]| - ", address, maxsplit=1)[0]
    words = WORD.findall(address.removesuffix("-Team").removesuffix("-team"))
    # Without a mark the sentence may go on in the same line: only its first word can be the name then.
    for word in words if mark or len(words) <= 4 else words[:1]:
        if word[0].isupper() and without_accents(word).lower() not in FORMS_OF_ADDRESS:
            yield word


def _names_of_writer(reply_text: str) -> set[str]:
    """Returns words by which the writer may have named themselves: last lines, last words, after "I am"."""
    text = straighten(reply_text).strip()
    lines = [line for line in text.split("\n") if line.strip()]
    signed = [line for line in lines[-_SIGN_OFF_LINES:] if len(line) <= 40] if len(lines) > 1 else []
    introduced = [match["name"] for match in _SELF_INTRODUCTION.finditer(text)]
    last_words = re.split(r"[.!?,\n–—-]", text.rstrip(".!"))[-1]
    closing = [last_words] if len(last_words.split()) <= 3 else []
    names = " ".join([*signed, *introduced, *closing])
    return {part for word in WORD.findall(names) if word[0].isupper() for part in parts_of(word)}


def _speaks_of(name: str, reply_text: str) -> bool:
    """Tells whether the reply speaks of somebody by this name: "Jonathan asked me to handle this"."""
    text = straighten(reply_text)
    if name in _names_of_writer(text):
        return False
    return any(
        _fold(match[0]) == name and match[0][0].isupper() and _ACTS.match(text, match.end())
        for match in WORD.finditer(text)
    )


def _is_vocative(word: str, names: Iterable[str]) -> bool:
    """Tells whether a word addresses one of the names in a Slavic language: "Katarzyno" Katarzyna, "Pawle" Paweł."""
    if not word.endswith(_VOCATIVE_ENDINGS):
        return False
    for name in names:
        stem = max(_SHORTEST_STEM, min(len(name), len(word)) - 2)
        if len(name) >= 3 and abs(len(name) - len(word)) <= 2 and word[:stem] == name[:stem]:
            return True
    return False
