"""Kinds of lines at the end of a message: closings, names, contact data, sentences."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

MAX_CONTACT_LINES = 12
MAX_BLOCK_LINE_CHARS = 120
MAX_NAME_CHARS = 50
_MAX_NAME_WORDS = 5
_MAX_SIGN_OFF_LANGUAGES = 3

_SIGN_OFFS = frozenset(
    (
        "regards|best regards|kind regards|warm regards|warmest regards|kindest regards|many regards|best|best wishes"
        "|with best regards|with kind regards|many thanks|kind thanks|best thanks|thanks|thanks so much|thanks a lot"
        "|thanks again|thanks in advance|thank you|thank you so much|thank you very much|thank you again"
        "|cheers|thx|tx"
        "|br|kr|rgds|bests|warmly|sincerely|sincerely yours|yours sincerely|yours truly|yours faithfully|yours"
        "|all the best|take care|talk soon|cordially|respectfully|thanks & regards|thanks and regards"
        "|many thanks and regards"
        "|mit freundlichen grüßen|mit freundlichen grüssen|mit besten grüßen|mit besten grüssen|mit herzlichen grüßen"
        "|mit freundlichem gruß|freundliche grüße|freundliche grüsse|beste grüße|beste grüsse|liebe grüße|viele grüße"
        "|viele grüsse|herzliche grüße|schöne grüße|grüße|grüsse|gruß|gruss|besten gruß|lieben gruß|mfg|lg|vg|bg"
        "|vielen dank|danke|besten dank|danke und gruß|danke und viele grüße|vielen dank und beste grüße"
        "|cordialement|bien cordialement|très cordialement|bien à vous|sincères salutations|salutations"
        "|salutations distinguées|meilleures salutations|merci|merci d'avance|bonne journée|cdt|cdlt"
        "|saludos|un saludo|saludos cordiales|un cordial saludo|cordial saludo|atentamente|gracias"
        "|muchas gracias|un abrazo"
        "|cordiali saluti|distinti saluti|saluti|un saluto|un cordiale saluto|grazie|grazie mille|cordialmente"
        "|met vriendelijke groet|met vriendelijke groeten|vriendelijke groet|vriendelijke groeten|hartelijke groet"
        "|met hartelijke groet|groet|groeten|groetjes|mvg|bedankt|dank|dank u|alvast bedankt"
        "|cumprimentos|com os melhores cumprimentos|melhores cumprimentos|atenciosamente|abraço|abraços|abs|att"
        "|obrigado|obrigada|cordialmente"
        "|z poważaniem|pozdrawiam|z pozdrowieniami|pozdrawiam serdecznie|serdecznie pozdrawiam|dziękuję|dzięki"
        "|vänliga hälsningar|med vänliga hälsningar|med vänlig hälsning|vänlig hälsning|bästa hälsningar|hälsningar"
        "|mvh|tack|tack på förhand|med venlig hilsen|venlig hilsen|de bedste hilsner|hilsen|mange hilsner"
        "|tak|på forhånd tak"
        "|med vennlig hilsen|vennlig hilsen|takk|på forhånd takk"
        "|ystävällisin terveisin|terveisin|parhain terveisin|t|kiitos|с уважением|спасибо|всего доброго"
        "|よろしくお願いします|よろしくお願いいたします|敬具|以上|此致"
    )
    .casefold()
    .split("|")
)
_CONTACT = (
    r"(?:\+|00)\d[\d\s()./-]{6,}|\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}|[^\s@]@[^\s@]+\.[a-z]{2}|https?://|\bwww\."
    r"|^\s*(?:t|m|f|e|w|tel|tél|mob|mobile|mobil|phone|cell|direct|office|fax|web|email|e-mail|telefon|handy"
    r"|téléphone"
    r"|teléfono|telefono|telefoon|linkedin|skype)\.?\s*[:|]\s*\S|\s\|\s"
    # a label and a number without a colon: "Tel. 02 5550 123"
    r"|^\s*(?:t|m|f|tel|tél|mob|mobile|mobil|phone|cell|cel|direct|office|fax|telefon|handy|téléphone|teléfono"
    r"|telefono|telefoon|telefone|móvil|celular|cellulare|durchwahl|ph|p|d|o)\.? ?\(?\+?\d[\d ()./-]{5,20}\s*$"
)


def _words(blank_separated: str) -> frozenset[str]:
    return frozenset(blank_separated.split())


_NAME_PARTICLES = _words("von van de der den del della di da dos la le el al bin ben y e zu af")
# Words of somebody who speaks to the reader, and of somebody who asks: one of these is enough.
_SPEAKING = _words(
    "i'm i'll i'd we we'll you your me my sie ihnen ich mich mir wir uns dich je j'ai vous votre nous yo "
    "usted ustedes tú io lei noi voi ik u wij jij eu você nós pani państwo jag oss jeg dere minä вы мне "
    "нам"
)
_ASKING = _words("please pls ps p.s bitte svp s'il merci favor favore graag proszę snälla пожалуйста prosím")
SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？")
_MIN_SPEAKING_WORDS = 3
_MIN_PROSE_WORDS = 6  # words in small letters: no job title has as many


def is_sign_off(line: str) -> bool:
    """True when the line is nothing but a closing ("Best regards,", "Viele Grüße")."""
    if len(line) > 80:
        return False
    parts = line.casefold().replace("’", "'").replace(" | ", "/").split("/")  # "Viele Grüße / Kind regards"
    return len(parts) <= _MAX_SIGN_OFF_LANGUAGES and all(_is_closing(part) for part in parts)


def _is_closing(part: str) -> bool:
    words = " ".join(part.strip(" \t*_,.!:–-").split())
    return words in _SIGN_OFFS or words.partition(" aus ")[0] in _SIGN_OFFS


def has_contact(line: str) -> bool:
    """True when the line holds an address, a number or a label of contact data."""
    return _pattern(_CONTACT).search(line[:200]) is not None


def is_sentence(line: str) -> bool:
    """True when the line says something: it speaks to the reader, or is prose with an end."""
    words = line.split()
    small = [
        word for word in words if word[:1].islower() and "@" not in word and "www." not in word and "://" not in word
    ]
    ends = line.rstrip().endswith(SENTENCE_ENDS)
    if len(words) < _MIN_SPEAKING_WORDS:
        return bool(ends and small) or line.rstrip().endswith(("?", "？", "。", "！"))
    if speaks(line):
        return ends or len(small) > _MIN_SPEAKING_WORDS or not _spoken(line).isdisjoint(_ASKING)
    return len(small) >= _MIN_PROSE_WORDS or (ends and len(small) >= 2)


def speaks(line: str) -> bool:
    """True when the line addresses the reader or speaks of the writer."""
    spoken = _spoken(line)
    return (
        not spoken.isdisjoint(_SPEAKING | _ASKING)
        or " I " in line
        or line.startswith("I ")
        or line.rstrip().endswith(("?", "？"))
    )


def _spoken(line: str) -> frozenset[str]:
    return frozenset(word.strip(".,;:!()").casefold() for word in line.split())


def is_name(line: str) -> bool:
    """True for a name alone, in capital letters at the beginnings: "Marco de Rossi", "J. Kolb"; or one word: "anna"."""
    bare = line.strip(" \t,*_–-")
    words = bare.replace(".", ". ").split()
    if (
        not words
        or len(bare) > MAX_NAME_CHARS
        or len(words) > _MAX_NAME_WORDS
        or not all(char.isalpha() or char in " .'’-()&" for char in bare)
    ):
        return False
    if len(words) == 1:
        return len(bare) <= 20
    return not bare.endswith("...") and all(not word[:1].islower() or word in _NAME_PARTICLES for word in words)


def is_contact_block(lines: Sequence[str]) -> bool:
    """True for short lines of which one holds contact data and none is a sentence."""
    filled = [line for line in lines if line.strip()]
    return (
        0 < len(filled) <= MAX_CONTACT_LINES
        and all(len(line) <= MAX_BLOCK_LINE_CHARS for line in filled)
        and any(has_contact(line) for line in filled)
        and not any(is_sentence(line) for line in filled)
    )


@functools.cache
def _pattern(pattern: str) -> re.Pattern[str]:
    """Compiles the pattern when it is first needed: it is long, and the webhook imports this module."""
    return re.compile(pattern, re.IGNORECASE)
