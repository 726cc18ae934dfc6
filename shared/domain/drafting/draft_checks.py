"""The conditions on a draft of any author: nothing invented, nothing left open, nothing copied.

The checks are code, so no text in an email can talk them out of it. A failed check can be put to the writer once more;
what fails again is for a person. Linear in the length of their inputs; they never raise.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.domain.drafting.outgoing_text import outgoing_text
from shared.domain.drafting.stated_facts import WORD, read_context, straighten, ungrounded_facts
from shared.domain.text.reply_subject import MAX_SUBJECT_CHARS
from shared.domain.text.wording import folded

MIN_BODY_CHARS = 20
MAX_BODY_CHARS = 3_000
COPIED_LINE_CHARS = 90  # a line of the lead's this long in our draft is a quotation, not a turn of phrase
FOREIGN_LINE_CHARS = 6  # shorter lines of a signature ("Best,") are anybody's


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A check that a draft failed: its id, and the fault in words that a writer can act on."""

    check: str
    what: str

    def __str__(self) -> str:
        return f"{self.check}: {self.what}"


def check_draft(
    body: str,
    subject: str,
    context_texts: Sequence[str],
    *,
    recipient_names: Sequence[str] | None = None,
    sender_names: Sequence[str] = (),
    signature: str = "",
    booking_link: str | None = None,
    reply_text: str = "",
    foreign_lines: Sequence[str] = (),
    reference_dates: Sequence[date] = (),
    max_chars: int | None = None,
) -> list[FailedCheck]:
    """Returns the checks that a draft fails; empty when it may go on to its evaluation.

    ``context_texts``: every text that the writer was shown, but for the times of emails (they would ground any day).
    ``recipient_names``: who may be greeted (names of the reply's writer, their company), beside a name that ends
    ``reply_text``, the cleaned reply, or introduces itself there. None: any name of the context. ``sender_names`` and
    ``signature``: ours. ``foreign_lines``: lines of the lead's raw email that cleaning removed (quotes, signature),
    none of which may be copied. ``reference_dates``: the dates of the reply and of now, from which "tomorrow" and
    "Tuesday" may be counted. ``max_chars``: the channel's limit, if that is shorter than ours.

    ``body`` and ``subject`` are as they would leave (``outgoing_text``); the texts to compare with are brought into
    that form.
    """
    if not any(char.isalnum() for char in body):
        return [FailedCheck("empty", "the text is empty")]
    longest = MAX_BODY_CHARS if max_chars is None else min(max_chars, MAX_BODY_CHARS)
    if len(body) > longest:
        return [FailedCheck("too_long", f"the text has {len(body):,} characters, at most {longest:,} may be")]
    signature, reply_text = outgoing_text(signature), outgoing_text(reply_text)
    recipient_names = None if recipient_names is None else [outgoing_text(name) for name in recipient_names]
    own_texts = [*map(outgoing_text, (*sender_names, *([booking_link] if booking_link else []))), signature]
    known_texts = [*map(outgoing_text, context_texts), *(recipient_names or ()), *own_texts]
    failures = [
        *_check_form(body, subject, signature),
        *(
            FailedCheck(fact.kind, f"{fact.words} is not in the context")
            for fact in ungrounded_facts(body, read_context(known_texts, reference_dates))
        ),
        *_check_greeting(body, recipient_names, reply_text, known_texts),
        *_check_names(body, known_texts),
        *_check_copies(body, reply_text, [outgoing_text(line) for line in foreign_lines], known_texts),
        *_check_signature(body, own_texts),
    ]
    return list(dict.fromkeys(failures))


# --- form -------------------------------------------------------------------------------------------------------------

_PLACEHOLDERS: Final = (
    re.compile(r"\{\{?[^{}\n]{0,60}\}?\}"),
    re.compile(r"\[(?=[^\]\n]{0,60}[^\W\d_])[^\]\n]{1,60}\](?!\()"),
    re.compile(r"<(?!/?(?:https?:|mailto:))(?=[^<>\n@]{0,60}[^\W\d_])[^<>\n@]{1,60}>"),
    re.compile(r"%[A-Z_]{3,30}%"),
    re.compile(r"\b(?:TBD|TBA|TODO|X{3,10})\b|[€$£]\s?X{2,10}\b|\bX{2}:X{2}\b|_{3,}"),
    re.compile(r"\b(?:lorem ipsum|insert (?:name|link|date|time|company) here|your name here)\b", re.IGNORECASE),
)
_FORMATTING: Final = (
    ("a markdown heading", re.compile(r"^ {0,3}#{1,6}[ \t]", re.MULTILINE)),
    ("bold marks", re.compile(r"\*\*[^\s*][^*\n]{0,200}\*\*|__[^\s_][^_\n]{0,200}__")),
    ("a code fence", re.compile(r"```")),
    ("a markdown link", re.compile(r"\[[^\]\n]{1,200}\]\((?=https?:|mailto:|www\.)")),
    (
        "HTML",
        re.compile(r"</?(?:p|br|div|a|b|i|strong|em|ul|ol|li|span|html|body|table)\b[^<>\n]{0,200}>", re.IGNORECASE),
    ),
)
_SUBJECT_LINE: Final = re.compile(
    r"^[ \t]*(?:subject|betreff|objet|asunto|oggetto|onderwerp|assunto|temat|ämne|emne)[ \t]*:[ \t]*\S",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTATIONS: Final = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (
        r"^[ \t]*>",
        r"^[ \t]*-{2,}[ \t]*(?:original message|ursprüngliche nachricht|message d'origine|mensaje original|forwarded)",
        r"^[ \t]*(?:from|von|de|da|van)[ \t]*:[^\n]{0,200}\n"
        r"[ \t]*(?:sent|gesendet|envoyé|enviado|inviato|verzonden|date|datum|to|an)[ \t]*:",
        r"^[ \t]*(?:on|am|le|el|il|op|em)\b[^\n]{5,200}"
        r"\b(?:wrote|schrieb|a écrit|escribió|ha scritto|schreef|escreveu)\b[^\n]{0,80}:[ \t]*$",
    )
)
_NOT_A_REPLY: Final = re.compile(
    r"\b(?:as an? (?:ai\b|artificial intelligence)|(?:large )?language model|i(?:'m| am) an ai\b"
    r"|als (?:KI|Sprachmodell)\b|en tant qu'(?:IA|intelligence artificielle)\b"
    r"|como (?:una )?(?:IA|inteligencia artificial)\b|system prompt)",
    re.IGNORECASE,
)


def _check_form(body: str, subject: str, signature: str) -> Iterator[FailedCheck]:
    if len(body.strip().removesuffix(signature.strip()).rstrip()) < MIN_BODY_CHARS:
        yield FailedCheck("too_short", f"the text has fewer than {MIN_BODY_CHARS} characters")
    for pattern in _PLACEHOLDERS:
        for match in pattern.finditer(body):
            yield FailedCheck("placeholder", f"a placeholder is left: {match[0]}")
    for name, pattern in _FORMATTING:
        if pattern.search(body):
            yield FailedCheck("formatting", f"plain text only, but there is {name}")
    if _SUBJECT_LINE.search(body):
        yield FailedCheck("subject_line", "the text holds a subject line")
    if any(pattern.search(body) for pattern in _QUOTATIONS):
        yield FailedCheck("quoted_text", "the text quotes an email")
    if _NOT_A_REPLY.search(straighten(body)):
        yield FailedCheck("not_a_reply", "the text speaks about being a program")
    if not subject.strip() or len(subject) > MAX_SUBJECT_CHARS or "\n" in subject or "\r" in subject:
        yield FailedCheck("subject", f"the subject must be one line of 1 to {MAX_SUBJECT_CHARS} characters")
    for pattern in _PLACEHOLDERS[:1]:
        for match in pattern.finditer(subject):
            yield FailedCheck("placeholder", f"a placeholder is left in the subject: {match[0]}")


# --- names ------------------------------------------------------------------------------------------------------------

_GREETING: Final = re.compile(
    r"(?:hi|hiya|hello|hey|dear|good (?:morning|afternoon|evening|day)|hallo|guten (?:tag|morgen|abend)|moin|servus"
    r"|grüezi|grüß gott|liebe[rs]?|sehr geehrte[rs]?|bonjour|bonsoir|salut|chère|cher|hola|buenos días|buenas tardes"
    r"|buenas|buen día|estimad[oa]s?|querid[oa]s?|ciao|buongiorno|buonasera|gentile|salve|beste|geachte|goedemorgen"
    r"|goedemiddag|goedenavond|hoi|dag|olá|oi|bom dia|boa tarde|prezad[oa]|car[oa]|cześć|dzień dobry|witam|witaj"
    r"|szanown[yai]|hej|hejsan|hei|kære|kjære|bästa)\b[ \u00a0]*(?P<rest>[^\n]{0,120})",
    re.IGNORECASE,
)
_TITLE_WITH_POINT: Final = re.compile(r"\b(Mr|Mrs|Ms|Dr|Prof|Sr|Sra|Sig|Dott)\.")
_ADDRESS_WORDS: Final = (
    "there again all everyone everybody team folks both sir madam mr mrs ms miss mx dr prof professor the your our "
    "thanks thank nice hope and re herr herrn frau zusammen allerseits leute damen und herren ihr ihre liebes "
    "nochmals noch einmal danke vielen monsieur madame mme mlle messieurs mesdames et tous toutes equipe a encore "
    "merci señor señora sr sra srta senor senora don doña equipo todos todas y de nuevo gracias signor signora sig "
    "dott dottore dottoressa tutti grazie heer mevrouw allen allemaal dank senhor senhora obrigado obrigada pan "
    "pani panie panstwo państwo "
)
_FORMS_OF_ADDRESS: Final = frozenset(_ADDRESS_WORDS.split())
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
_SIGN_OFF_LINES = 3


def _check_greeting(
    body: str, recipient_names: Sequence[str] | None, reply_text: str, known_texts: Sequence[str]
) -> Iterator[FailedCheck]:
    """Checks that only the reply's writer is greeted by name: once a colleague in Cc wrote, and we greeted the lead."""
    greeted = list(_greeted_names(straighten(body)))
    if not greeted:
        return
    if recipient_names is None:
        may_be_greeted = _folded_words(known_texts)
    else:
        may_be_greeted = _folded_words(recipient_names) | _names_of_writer(reply_text)
    for word in greeted:
        if not _parts(word) <= may_be_greeted:
            yield FailedCheck("greeting", f"{word} is greeted, but is not known to have written the reply")


def _greeted_names(text: str) -> Iterator[str]:
    """Yields the names in the first line, up to its first mark: capitalised words, but no forms of address."""
    match = _GREETING.match(text.lstrip().partition("\n")[0])
    if match is None:
        return
    address, mark, _ = _TITLE_WITH_POINT.sub(r"\1", match["rest"]).partition(",")
    if not mark:
        address = re.split(r"[!.:;?–—]| - ", address, maxsplit=1)[0]
    words = WORD.findall(address)
    # Without a mark the sentence may go on in the same line: only its first word can be the name then.
    for word in words if mark or len(words) <= 4 else words[:1]:
        if word[0].isupper() and _fold(word) not in _FORMS_OF_ADDRESS:
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
    return {part for word in WORD.findall(names) if word[0].isupper() for part in _parts(word)}


def _check_names(body: str, known_texts: Sequence[str]) -> Iterator[FailedCheck]:
    """Checks names behind a title or a role. No rule can separate others from products and German nouns."""
    introduced = list(_INTRODUCED.finditer(straighten(body)))
    if not introduced:
        return
    known = _folded_words(known_texts)
    for match in introduced:
        for word in WORD.findall(match["name"]):
            if not _parts(word) <= known and _fold(word) not in _FORMS_OF_ADDRESS:
                yield FailedCheck("name", f"the name {word} is not in the context")
                break


def _folded_words(texts: Sequence[str]) -> set[str]:
    return {part for text in texts for word in WORD.findall(straighten(text)) for part in _parts(word)}


def _parts(word: str) -> set[str]:
    """Returns a name and its parts, which count alike: "Jean-Luc" is "Jean", "Luc"; "Anna's" is "Anna"."""
    return {_fold(part) for part in re.split(r"['-]", word.removesuffix("'s")) if part}


def _fold(word: str) -> str:
    """Folds to lower case without accents, so that "José" may be greeted as "Jose"."""
    decomposed = unicodedata.normalize("NFD", word.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


# --- copies -----------------------------------------------------------------------------------------------------------

_SIGN_OFF: Final = re.compile(
    r"(?:(?:best|kind|warm|many)(?: regards| wishes)?|regards|cheers|thanks|thank you|sincerely|yours \w+|talk soon"
    r"|all the best|(?:viele|beste|liebe|freundliche|herzliche|schöne) grüße|mit freundlichen grüßen|lg|vg|mfg|gruß"
    r"|cordialement|bien cordialement|bien à vous|merci|saludos(?: cordiales)?|un (?:cordial )?saludo|atentamente"
    r"|gracias|cordiali saluti|saluti|un saluto|met vriendelijke groet(?:en)?|groet(?:en)?|atenciosamente|abraços?"
    r"|cumprimentos|pozdrawiam|z poważaniem|med vänliga hälsningar|vänliga hälsningar|mvh|venlig hilsen)[ ,.!]*",
    re.IGNORECASE,
)
_GREETING_WORDS = 4
_SIGNATURE_WORDS = 4  # a longer line below the closing phrase is a postscript, not a name


def _check_copies(
    body: str, reply_text: str, foreign_lines: Sequence[str], known_texts: Sequence[str]
) -> Iterator[FailedCheck]:
    """Checks for copied foreign lines, except those that the writer was shown: we may repeat our own quoted emails."""
    foreign = {line for line in map(_plain_line, foreign_lines) if len(line) >= FOREIGN_LINE_CHARS}
    if foreign:
        foreign -= {_plain_line(line) for text in known_texts for line in text.split("\n")}
    long_lines = {line for line in map(_plain_line, reply_text.split("\n")) if len(line) >= COPIED_LINE_CHARS}
    for line in map(_plain_line, _after_greeting(body)):
        if line in foreign and not _SIGN_OFF.fullmatch(line):
            yield FailedCheck("foreign_text", "a line is copied from the lead's signature or from what they quoted")
        elif line in long_lines:
            yield FailedCheck("quoted_text", "a line of the reply is copied")


def _after_greeting(body: str) -> list[str]:
    """Returns the lines after a greeting: "Hi Pat," stands in quotations as well, and is nobody's to copy."""
    lines = body.strip().split("\n")
    return lines[1:] if len(lines[0].split()) <= _GREETING_WORDS else lines


def _check_signature(body: str, own_texts: Sequence[str]) -> Iterator[FailedCheck]:
    """Checks that only our own names stand below the closing phrase: a writer once signed with the lead's."""
    own = _folded_words(own_texts)
    lines = [line.strip() for line in body.split("\n") if line.strip()]
    closing = next((index for index, line in enumerate(lines) if _SIGN_OFF.fullmatch(line)), None)
    if not own or closing is None:
        return
    for line in lines[closing + 1 :]:
        words = [word for word in WORD.findall(straighten(line)) if len(word) > 1]
        if not words or len(words) > _SIGNATURE_WORDS or not words[0][0].isupper() or _SIGN_OFF.fullmatch(line):
            continue
        if not any(_parts(word) & own for word in words):
            yield FailedCheck("signature", f"the text is signed with {line}, which is not our signature")


def _plain_line(line: str) -> str:
    return folded(line).strip("*_|> ")
