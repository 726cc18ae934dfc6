"""Signatures at the end of a person's text: contact details behind a closing, behind "-- ", or in a block of their own.

A closing and a name ("Best, Anna") are the writer's words and stay. A cut needs both sides: a closing, a delimiter or a
blank line above, and below it lines of a signature's kind. A sentence is none, whatever address it holds: the block
ends there and the words behind it stay.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from shared.domain.text.app_footers import is_app_footer
from shared.domain.text.small_print import footer_start, without_small_print

_MAX_SIGNATURE_LINES = 40  # behind "-- ": a longer rest is text that happens to follow a dash line
_MAX_CONTACT_LINES = 12
_MAX_LINES_ABOVE = 6
_MAX_BLOCK_LINE_CHARS = 120
_MAX_NAME_CHARS = 50
_MAX_NAME_WORDS = 5
_MIN_OWN_BLOCK_LINES = 3  # a signature without a closing: a name and two lines more
_MAX_SIGN_OFF_LANGUAGES = 3

_DELIMITER = re.compile(r"(?:--|—|––|- -)\s*|_{2,40}|={4,40}|\*{3,20}")
_STRONG_DELIMITER = re.compile(r"--\s*")
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
# Before a name in a block of contact data, where the name under the closing stands without it.
_TITLES = frozenset(
    (
        "mr|mrs|ms|dr|prof|dott|dott.ssa|dottor|dottoressa|avv|avvocato|ing|arch|geom|rag|mag|dipl|dipl.-ing|ir|drs"
        "|me|maître|sr|sra|srta|lic|lcdo|lcda|d|dña|eng|engª|dra|doc|mgr|inż|adv|rechtsanwalt|rechtsanwältin|ra|mba"
        "|phd"
    )
    .casefold()
    .split("|")
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
_ENDS = (".", "!", "?", "…", "。", "！", "？")
_MIN_SPEAKING_WORDS = 3
_MIN_PROSE_WORDS = 6  # words in small letters: no job title has as many


def part_signature(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Parts one run of written lines into the writer's words and the signature; footers and notices go.

    Linear: each turn looks at the last lines only. Keeps lines unchanged.
    """
    kept = _trim([line for line in lines if not is_app_footer(line)])
    if len(kept) < 2:
        return kept, []  # what is cut needs something that stays
    kept = _trim(without_small_print(kept))
    first = next((index for index, line in enumerate(kept) if line.strip()), 0)
    del kept[:first]
    signature: list[str] = []
    while True:  # what a cut lays bare at the end may be a signature too
        length = len(kept)
        footers = footer_start(kept)
        if footers < length and _is_signed(kept, footers):
            del kept[footers:]
        for find in (_block_below_delimiter, _block_below_closing, _block_of_its_own):
            start, end = find(kept)
            signature[:0] = [line for line in kept[start:end] if not _DELIMITER.fullmatch(line.strip())]
            del kept[start:end]
        if len(_trim(kept)) == length:
            return kept, signature


def is_sign_off(line: str) -> bool:
    """True when the line is nothing but a closing ("Best regards,", "Viele Grüße")."""
    if len(line) > 80:
        return False
    parts = line.casefold().replace("’", "'").replace(" | ", "/").split("/")  # "Viele Grüße / Kind regards"
    return len(parts) <= _MAX_SIGN_OFF_LANGUAGES and all(_is_closing(part) for part in parts)


def _is_closing(part: str) -> bool:
    words = " ".join(part.strip(" \t*_,.!:–-").split())
    return words in _SIGN_OFFS or words.partition(" aus ")[0] in _SIGN_OFFS


@functools.cache
def _pattern(pattern: str) -> re.Pattern[str]:
    """Compiles the pattern when it is first needed: it is long, and the webhook imports this module."""
    return re.compile(pattern, re.IGNORECASE)


def _trim(lines: list[str]) -> list[str]:
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


# --- lines of a signature's kind ---------------------------------------------------------------------------------


def _has_contact(line: str) -> bool:
    return _pattern(_CONTACT).search(line[:200]) is not None


def _is_sentence(line: str) -> bool:
    """True when the line says something: it speaks to the reader, or is prose with an end."""
    words = line.split()
    small = [
        word for word in words if word[:1].islower() and "@" not in word and "www." not in word and "://" not in word
    ]
    ends = line.rstrip().endswith(_ENDS)
    if len(words) < _MIN_SPEAKING_WORDS:
        return bool(ends and small) or line.rstrip().endswith(("?", "？", "。", "！"))
    if _speaks(line):
        return ends or len(small) > _MIN_SPEAKING_WORDS or not _spoken(line).isdisjoint(_ASKING)
    return len(small) >= _MIN_PROSE_WORDS or (ends and len(small) >= 2)


def _speaks(line: str) -> bool:
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


def _is_name(line: str) -> bool:
    """True for a name alone, in capital letters at the beginnings: "Marco de Rossi", "J. Kolb"; or one word: "anna"."""
    bare = line.strip(" \t,*_–-")
    words = bare.replace(".", ". ").split()
    if (
        not words
        or len(bare) > _MAX_NAME_CHARS
        or len(words) > _MAX_NAME_WORDS
        or not all(char.isalpha() or char in " .'’-()&" for char in bare)
    ):
        return False
    if len(words) == 1:
        return len(bare) <= 20
    return not bare.endswith("...") and all(not word[:1].islower() or word in _NAME_PARTICLES for word in words)


def _is_contact_block(lines: Sequence[str]) -> bool:
    """True for short lines of which one holds contact data and none is a sentence."""
    filled = [line for line in lines if line.strip()]
    return (
        0 < len(filled) <= _MAX_CONTACT_LINES
        and all(len(line) <= _MAX_BLOCK_LINE_CHARS for line in filled)
        and any(_has_contact(line) for line in filled)
        and not any(_is_sentence(line) for line in filled)
    )


def _block_end(lines: Sequence[str], start: int) -> int:
    """Returns the index behind the block: before the first sentence, if a slogan below contact data is none."""
    contacts = 0
    for index in range(start, len(lines)):
        if (contacts == 0 or _speaks(lines[index])) and _is_sentence(lines[index]):
            while index > start and not lines[index - 1].strip():
                index -= 1  # the blank line belongs to what follows
            return index
        contacts += _has_contact(lines[index])
    return len(lines)


def _last_filled(lines: Sequence[str], end: int) -> str:
    """Returns the last line before ``end`` that is not blank, among the next few above; "" if there is none."""
    above = range(end - 1, max(-1, end - _MAX_LINES_ABOVE), -1)
    return next((lines[index] for index in above if lines[index].strip()), "")


def _is_signed(lines: Sequence[str], end: int) -> bool:
    """True when the text before ``end`` closes with a sign-off, a name in a paragraph of its own, or contact data."""
    filled = [index for index in range(max(0, end - _MAX_LINES_ABOVE), end) if lines[index].strip()]
    if len(filled) < 2:
        return False
    before, last = filled[-2:]
    if is_sign_off(lines[last]) or is_sign_off(lines[before]):
        return True
    if _is_name(lines[last]):
        return before < last - 1
    return _has_contact(lines[last]) and not _is_sentence(lines[last])


# --- where a signature stands ------------------------------------------------------------------------------------


def _block_below_delimiter(lines: Sequence[str]) -> tuple[int, int]:
    """Finds the first line of dashes or signs with a signature behind it; below "-- " a name is enough."""
    lowest = max(0, len(lines) - _MAX_SIGNATURE_LINES)
    found = len(lines)
    for index in range(len(lines) - 1, lowest - 1, -1):
        line = lines[index].strip()
        if _DELIMITER.fullmatch(line):
            rest = [below for below in lines[index + 1 : found] if below.strip()]
            announces = _last_filled(lines, index).rstrip().endswith((":", ","))  # a list
            if _is_contact_block(rest) or (index > 0 and not announces and (not rest or _follows_strong(line, rest))):
                found = index
    return found, len(lines)


def _follows_strong(delimiter: str, rest: Sequence[str]) -> bool:
    if not _STRONG_DELIMITER.fullmatch(delimiter):
        return False
    return (
        (_is_name(rest[0]) and not any(_speaks(line) for line in rest))
        or not any(_is_sentence(line) for line in rest)
        or any(_has_contact(line) and not _is_sentence(line) for line in rest)
    )


def _block_below_closing(lines: Sequence[str]) -> tuple[int, int]:
    """Finds the contact details behind a closing; the closing and the name stay."""
    none = len(lines), len(lines)
    lowest = max(0, len(lines) - _MAX_CONTACT_LINES - 3)
    for index in range(len(lines) - 1, lowest - 1, -1):
        if not is_sign_off(lines[index]):
            continue
        rest = [position for position in range(index + 1, len(lines)) if lines[position].strip()]
        if not rest:
            return none
        start = rest[0]
        if _is_sentence(lines[start]):
            return none
        if _has_contact(lines[start]):
            if index == 0:
                return none  # "Thanks! 555-0147" answers a question
        elif _is_name(lines[start]) or len(lines[start]) <= _MAX_NAME_CHARS:
            start += 1
        else:
            return none
        end = _block_end(lines, start)
        details = [line for line in lines[start:end] if line.strip()]
        if not details or any(len(line) > _MAX_BLOCK_LINE_CHARS for line in details):
            return none
        if any(_has_contact(line) for line in details) or _repeats_name(lines[start - 1], details):
            return start, end
        return none
    return none


def _block_of_its_own(lines: Sequence[str]) -> tuple[int, int]:
    """Finds the last paragraph if it is a signature without a closing: a name, and contact details below it."""
    none = len(lines), len(lines)
    start = len(lines)
    lowest = max(0, len(lines) - _MAX_CONTACT_LINES - 1)
    while start > lowest and lines[start - 1].strip():
        start -= 1
    above = _last_filled(lines, start).rstrip()
    if len(lines) - start < _MIN_OWN_BLOCK_LINES or not above.endswith(_ENDS):
        return none  # "Our data for the contract" goes on in the block
    name, details = lines[start], lines[start + 1 :]
    if len(name.split()) < 2 or not _is_name(name) or not _is_contact_block(details):
        return none
    if sum("@" in line for line in details) > 1:
        return none  # a list of people
    return start + 1, len(lines)


def _repeats_name(name_line: str, details: list[str]) -> bool:
    """True when a block under the closing begins with its name again: "Marco Rossi" and then "Avv. Marco Rossi"."""
    names, head = (
        [word for word in line.replace(",", " , ").split() if word.casefold().strip(".") not in _TITLES]
        for line in (name_line, details[0])
    )
    names = [word.casefold() for word in names if word != ","]
    behind = head[len(names) : len(names) + 1]
    if not names or len(names) > 4 or len(head) > 8 or [word.casefold() for word in head[: len(names)]] != names:
        return False
    if behind and behind[0][0].islower():  # "Anna from sales will join": a sentence
        return False
    return all(len(line) <= 80 and not line.rstrip().endswith((".", "!", "?", "…")) for line in details)
