"""Introductions of a quotation by mail clients: "On Mon, Mar 3, 2025 at 10:33 AM Tom Reed <tom@acme.test> wrote:".

An introduction is told by its parts (date, time, address, a verb of writing, a colon), not by its sentence: clients put
them in any order, in any language. Everything here looks at one line, or at a few lines joined, never longer than a
fixed bound: the scanner over the whole message (shared.domain.text.reply_lines) stays linear whatever the input.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final, NamedTuple

MAX_ATTRIBUTION_CHARS = 400
MAX_ATTRIBUTION_LINES = 4


class Attribution(StrEnum):
    """The certainty that words introduce a quotation."""

    CERTAIN = "CERTAIN"  # all parts are there: everything behind it is the original, even without ">"
    LIKELY = "LIKELY"  # only if quoted lines do follow


# --- the parts ---------------------------------------------------------------------------------------------------

EMAIL = re.compile(r"[^\s@<>()\[\]]@[^\s@<>()\[\]]")
TIME = re.compile(r"(?<!\d)\d{1,2} ?[:.h時시点] ?\d{2}(?!\d)|(?<!\d)\d{1,2} ?(?:am|pm|uhr)\b", re.IGNORECASE)
_NUMERIC_DATE = (
    r"(?<!\d)\d{1,2} ?[./-] ?\d{1,2} ?[./-] ?(?:20)?\d{2}(?!\d)|(?<!\d)20\d{2}[./-]\d{1,2}[./-]\d{1,2}(?!\d)"
)
DATE = re.compile(rf"(?<!\d)(?:19|20)\d{{2}}(?!\d)|{_NUMERIC_DATE}")
_DATE_IN_NUMBERS = re.compile(_NUMERIC_DATE)
# Up to three words, then a number: the date comes first. A full stop inside begins a new sentence.
_DATE_FIRST = re.compile(r"(?:[^\s\d@<>()\[\]:?!.,]{1,14}(?![.!?] [^\W\d_])[.,]{0,2} ){0,3}[(\u200f]?\d")
_LONE_OPENING = re.compile(r"(?:on|am|le|el|il giorno|op|em|den|в)(?: [^\W\d_]{2,10}[.,]{0,2})?", re.IGNORECASE)
_WRITER_FIRST = re.compile(r"[^<>()\[\]@:?!\n]{0,80}[<(\[] ?(?:mailto:)?[^\s@<>()\[\]]+@[^\s@<>()\[\]]+ ?[>)\]]")
_ADDRESS_LAST = re.compile(r"[<(\[]? ?(?:mailto:)?[^\s@<>()\[\]]+@[^\s@<>()\[\]]+ ?[>)\]]{0,3} ?[:：]$")
_BRACKETED_ADDRESS = re.compile(r"[<(\[] ?(?:mailto:)?[^\s@<>()\[\]]+@[^\s@<>()\[\]]+ ?[>)\]]")
_NAME = r"[^\W\d_a-zß-öø-ÿа-я][\w.'’-]{0,30}"
_NAMES_ONLY = re.compile(rf"[\s,]*\"?{_NAME}(?:,? (?:{_NAME}|v[ao]n|de|der|del|di|da|la|le)){{0,4}}\"?[\s,]*")
_MAX_BEHIND_WRITER = 60

# "wrote" as clients say it, per language. "(a)" and its like may follow: "napisał(a)".
_VERBS: Final = {
    "en": "wrote|writes",
    "de": "schrieb|schreibt",
    "fr": "a écrit|a ecrit|écrit",
    "es": "escribió|escribio",
    "ca": "va escriure|ha escrit",
    "it": "ha scritto|scrive|scrisse",
    "nl": "schreef|geschreven",
    "pt, gl": "escreveu|escribiu",
    "sv, da, nb": "skrev|skriver",
    "fi": "kirjoitti",
    "is": "skrifaði",
    "et, lv, lt": "kirjutas|rakstīja|rašė|parašė",
    "pl": "napisał|napisała|pisze|napisana przez",
    "cs, sk": "napsal|napsala|napísal|napísala",
    "sl, hr, sr": "napisal|napisala|napisao|napisala|piše|написао|написала",
    "ru, uk, bg, mk": "написал|написала|пишет|пише|написав|написа|напиша",
    "ro": "a scris",
    "hu": "írta",
    "tr": "yazdı",
    "el": "έγραψε",
    "he, ar, fa": "כתב|כתבה|כתב/ה|كتب|نوشت",
    "vi, id": "đã viết|menulis",
}
_UNSPACED_VERBS = "のメール|は書きました|さんからのメール|작성|님이 씀|作成|写道|寫道|写到|เขียนว่า"
_WEAK_VERBS = "said|says"  # a person says it, too: only with all other parts
_ENDINGS = r"(?: ?\((?:\w{1,3})\)|/\w{1,2})?"
_ALL_VERBS = "|".join(_VERBS.values())
_VERB_LAST = re.compile(
    rf"(?:(?<!\w)(?:{_ALL_VERBS}|{_WEAK_VERBS}){_ENDINGS}(?: je)?|{_UNSPACED_VERBS}) ?$", re.IGNORECASE
)
_WEAK_VERB_LAST = re.compile(rf"\b(?:{_WEAK_VERBS})$", re.IGNORECASE)
_LAST_WORDS = frozenset(verb.split()[-1] for verbs in (*_VERBS.values(), _WEAK_VERBS) for verb in verbs.split("|")) | {
    "je"
}
_UNSPACED_ENDS = tuple(_UNSPACED_VERBS.split("|"))
_MAX_VERB_CHARS = 40
_MAX_ADDRESS_CHARS = 120
# … or before the writer's name. A pronoun behind it makes it a sentence: "Am Montag um 10:30 schrieb ich …:".
_VERB_INSIDE = re.compile(
    rf"(?<!\w)(?:{_ALL_VERBS}){_ENDINGS}(?!\w)"
    r"(?! (?:ich|wir|sie|er|es|man|mir|uns|ik|wij|we|hij|zij|ze|jag|vi|jeg|hun|han|down|up|about|to|that|it|a|the)\b)",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:i|we|you) wrote ?$", re.IGNORECASE)
# Marks of writing direction, which clients put around names and dates between right-to-left words.
DIRECTION_MARKS: Final = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_WITHOUT_DIRECTION = dict.fromkeys(map(ord, DIRECTION_MARKS))
_DASHES = " \t-–—‐_*"
_COLONS = (":", "：")


def ends_like_attribution(line: str) -> bool:
    """True when an attribution could end with this line (a cheap filter before `read_attribution`)."""
    tail = line[-60:].rstrip(" \t" + DIRECTION_MARKS)
    bare = tail.strip(_DASHES)
    if len(bare) < 4:
        return bare == ">:"  # a long address: its bracket closes in the next line
    return bare.endswith(_COLONS) or _ends_with_verb(bare)


def _ends_with_verb(bare: str) -> bool:
    if not bare:
        return False
    last = bare[-_MAX_VERB_CHARS:].rpartition(" ")[2].casefold()
    return (
        last.partition("(")[0] in _LAST_WORDS or last.partition("/")[0] in _LAST_WORDS or bare.endswith(_UNSPACED_ENDS)
    )


def _holds_verb(said: str) -> bool:
    """True when a verb may stand in the words (a cheap filter: looking for all of them takes long)."""
    return any(word.strip(".,:;<>").partition("(")[0] in _LAST_WORDS for word in said.casefold().split())


def opens_attribution(line: str) -> bool:
    """True when an attribution could begin with this line: a date comes early, or the writer with an address."""
    head = line[:160].lstrip(_DASHES + ">").translate(_WITHOUT_DIRECTION)
    return _DATE_FIRST.match(head) is not None or _WRITER_FIRST.match(head) is not None or head.startswith("在")


def is_lone_opening(line: str) -> bool:
    """True when the line holds nothing but the first words of an attribution ("On Mon,")."""
    return len(line) < 30 and _LONE_OPENING.fullmatch(line.strip()) is not None


def read_attribution(words: str) -> Attribution | None:
    """Decides if one or several joined lines introduce a quotation in a mail client's way.

    words: the lines joined by one blank, without ">" prefixes.
    """
    if len(words) > MAX_ATTRIBUTION_CHARS:
        return None
    if not words.isascii():
        words = words.translate(_WITHOUT_DIRECTION)
    stripped = words.strip(_DASHES)
    ends_with_colon = stripped.endswith(_COLONS)
    said = stripped.rstrip(":： ")
    verb_last = _ends_with_verb(said) and _VERB_LAST.search(said[-_MAX_VERB_CHARS:]) is not None
    if not ends_with_colon and not verb_last:
        return None
    email = "@" in said and EMAIL.search(said) is not None
    inside = None if verb_last or not _holds_verb(said) else _VERB_INSIDE.search(said)
    if not email and _WEAK_VERB_LAST.search(said):
        return None
    if not (email or verb_last or inside is not None):
        return None
    time = TIME.search(said) is not None
    dated = DATE.search(said) is not None
    date_first = _DATE_FIRST.match(said) is not None or said.startswith("在")
    if verb_last or (inside is not None and (email or date_first)):
        if _FIRST_PERSON.search(said) and not email:
            return Attribution.LIKELY if date_first else None
        if email and (dated or time) and (date_first or _is_writer_first(said)):
            return Attribution.CERTAIN if ends_with_colon or (dated and time) else Attribution.LIKELY
        if time and date_first and ends_with_colon and _names_writer_alone(said):
            return Attribution.CERTAIN
        if email or date_first:
            return Attribution.LIKELY
        return Attribution.LIKELY if len(said) < 60 else None  # "John Doe wrote:" alone
    ends_with_address = email and _ADDRESS_LAST.search(stripped[-_MAX_ADDRESS_CHARS:]) is not None
    if time and date_first and ends_with_address:  # ru, ja, old Gmail: no verb at all
        return Attribution.CERTAIN
    # any other language: who and when, or who alone, and a colon right above quoted lines
    if email and (time or dated or ends_with_address) and _BRACKETED_ADDRESS.search(said):
        return Attribution.LIKELY
    return None


def _is_writer_first(said: str) -> bool:
    """True for "Tom Reed <tom@acme.test> kirjoitti 3.3.2025 kello 10.33": little stands behind the writer."""
    writer = _WRITER_FIRST.match(said)
    return writer is not None and len(said) - writer.end() <= _MAX_BEHIND_WRITER


def _names_writer_alone(said: str) -> bool:
    """True for "Am 03.03.2025 um 10:33 schrieb Tom Reed": a date in numbers and nothing but a name at the verb."""
    when = list(_DATE_IN_NUMBERS.finditer(said))
    if not when:
        return False
    verb = _VERB_LAST.search(said) or _VERB_INSIDE.search(said)
    times = list(TIME.finditer(said))
    if verb is None or not times:
        return False
    behind_when = max(when[-1].end(), times[-1].end())
    name = said[verb.end() :] if verb.end() < len(said) else said[behind_when : verb.start()]
    return _NAMES_ONLY.fullmatch(name) is not None


# --- an announcement that shares its line with other words --------------------------------------------------------


class FlattenedQuote(NamedTuple):
    """The place of an announcement inside a line: ``start`` to ``end``; what follows is the original."""

    start: int
    end: int


_FLAT_END = re.compile(rf"(?<!\w)(?:{_ALL_VERBS}){_ENDINGS}(?!\w)(?:[^:\n]{{1,100}}?)?[ ]?:(?=\s|$)", re.IGNORECASE)
_FLAT_OPENING = re.compile(
    r"(?:^|(?<=[\s.!?>)]))[-–\s]{0,12}(?:On|Am|Le|El|Il giorno|Il|Op|Em|Den|W dniu|Dne|Dňa|Pe|Vào|В|На|Στις)"
    r" (?=[^\n]{0,40}?\d)"
)
_MAX_CANDIDATES = 20


def find_flattened_attribution(line: str) -> FlattenedQuote | None:
    """Finds the attribution inside a line that also holds other words: the reply before it, or the original behind.

    Looks at the first 20 candidates only: time stays linear on any input.
    """
    for count, end in enumerate(_FLAT_END.finditer(line)):
        if count >= _MAX_CANDIDATES:
            break
        window = max(0, end.start() - MAX_ATTRIBUTION_CHARS)
        openings = list(_FLAT_OPENING.finditer(line, window, end.start()))
        for opening in reversed(openings[-_MAX_CANDIDATES:]):
            words = line[opening.start() : end.end()].strip()
            if "@" in words and read_attribution(words) is Attribution.CERTAIN:
                return FlattenedQuote(opening.start(), end.end())
    return None
