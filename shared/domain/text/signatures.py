"""Signatures, "sent from" lines and disclaimers at the end of a person's text.

A closing and a name ("Best, Anna") are the writer's words and stay. Removed are everything behind the "-- " delimiter,
the footers of mail apps, contact details behind a closing, and legal disclaimers.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

_MAX_SIGNATURE_LINES = 40  # behind "-- ": a longer rest is text that happens to follow a dash line
_MAX_CONTACT_LINES = 12
_MAX_SIGN_OFF_LANGUAGES = 3

_DEVICE = (
    r"(?:i ?phone|i ?pad|i ?pod|apple watch|android|samsung|galaxy|black ?berry|windows ?(?:phone|mail|10|11)"
    r"|nokia|huawei"
    r"|xiaomi|redmi|oneplus|pixel|motorola|mobile|mobil\w*|smartphone|handy|handheld|tablet|t[ée]l[ée]phone|portable"
    r"|m[óo]vil|celular|telem[óo]vel|telefon\w*|cellulare|smartfon\w*|komórk\w*|phone|cell|outlook|mail for"
    r"|yahoo|gmail|gmx"
    r"|web\.de|proton|spark|superhuman|missive|newton|edison|airmail|thunderbird|hey\b|aquamail|bluemail"
    r"|blue mail|k-9"
    r"|zoho|front\b|readdle|fastmail|tutanota|tuta\b|mailbird|shortwave|polymail|canary|iphone|айфон|телефон)"
)
_MOBILE_FOOTER = (
    r"[-–—*_>\s]{0,6}(?:"
    rf"(?:sent|written|typed|composed|dictated) (?:from|via|with|using|on|by|through) (?:my |the "
    rf"|a )?[^.!?\n]{{0,40}}?{_DEVICE}"
    r"|get (?:the )?(?:outlook|bluemail|blue mail|spark|yahoo mail) (?:for|app)"
    rf"|(?:von|vom) (?:meinem|meiner|mein) [^.!?\n]{{0,30}}?{_DEVICE}[^.!?\n]{{0,40}}(?:gesendet|geschickt"
    rf"|gesandt|geschrieben)"
    rf"|(?:gesendet|verschickt|verfasst) (?:von|mit|vom|über) [^.!?\n]{{0,40}}?{_DEVICE}"
    rf"|diese nachricht wurde von [^.!?\n]{{0,40}}?{_DEVICE}[^.!?\n]{{0,40}}gesendet"
    rf"|(?:envoyé|télécharg\w+|expédié|obtenez) (?:de|depuis|à partir de|par|avec) [^.!?\n]{{0,30}}?{_DEVICE}"
    rf"|(?:enviado|obtener|obtenha|obter) (?:desde|de|do|da|con|com|a partir d[eo]|pelo"
    rf"|pela)? ?[^.!?\n]{{0,30}}?{_DEVICE}"
    rf"|(?:inviato|scarica|ottieni) (?:da|dal|con|tramite)? ?[^.!?\n]{{0,30}}?{_DEVICE}"
    rf"|(?:verstuurd|verzonden|download) (?:vanaf|vanuit|met|via|van) [^.!?\n]{{0,30}}?{_DEVICE}"
    rf"|wysłan[eoay] (?:z|ze|za pomocą|przez) [^.!?\n]{{0,30}}?{_DEVICE}"
    rf"|(?:skickat|skickades) (?:från|via|med) [^.!?\n]{{0,30}}?{_DEVICE}"
    rf"|(?:sendt|hent) (?:fra|via|med) [^.!?\n]{{0,30}}?{_DEVICE}"
    rf"|lähetetty [^.!?\n]{{0,30}}?{_DEVICE}"
    rf"|отправлено (?:с|из|со) [^.!?\n]{{0,30}}?(?:{_DEVICE}|почт)"
    r"|(?:iphone|ipad|android|スマートフォン)から送信|発信元 ?: ?iphone|发自我的|從我的|나의 iphone에서 보냄"
    r"|yahoo mail: search, organize, conquer"
    # an app praised in any language: "Outlook voor Android downloaden", "Pobierz aplikację Outlook dla systemu iOS"
    r"|(?=[^.!?\n]{0,60}\b(?:outlook|blue ?mail|spark|yahoo|gmail|aquamail))"
    r"(?=[^.!?\n]{0,80}(?:ios|android|iphone|ipad|\bmac|windows|mobile?))"
    r"(?:(?:get|download|laden sie|lade|holen sie(?: sich)?|hol dir|télécharge[rz]|obtenir|obtene[rz]"
    r"|descarg\w+|consig[ua]\w*|scaric\w+|ottien\w+|ottenere|transferir|baix\w+|obtenha|pobierz|pobieranie|uzyskaj|hämta|skaffa|hent|få|skaff|hanki|lataa"
    r"|скачать|скачайте|получить|получите|установите|завантажити|отримати|získat|získejte|stáhnout"
    r"|stáhněte|descărcați|obțineți|letöltés|preuzmi\w*|获取|下载|取得|الحصول|تنزيل|קבל|הורד) [^.!?\n]{0,60}"
    r"|[^.!?,\n]{4,60}?[ ]?(?:downloaden|ophalen|herunterladen|holen|laden|télécharger|letöltése|beszerzése|indir\w*"
    r"|edinin|yükleyin|다운로드|받기|を入手(?:する)?|をダウンロード|を取得))"
    r")[^\n]{0,80}"
)
_MOBILE_FOOTER_HINTS = (
    "sent", "sendt", "written", "typed", "composed", "dictated", "get ", "von mein", "vom ", "gesendet", "verschickt",
    "verfasst", "diese nach", "envoyé", "expédié", "télécharg", "obtene", "enviado", "obten", "obter", "inviato",
    "scarica", "ottieni", "verstuurd", "verzonden", "download", "wysłan", "skicka", "hent", "lähet", "отправлено",
    "から送信", "発信元", "发自", "從我", "나의", "yahoo", "outlook", "bluemail", "blue mail", "spark", "gmail",
    "aquamail",
)  # fmt: skip
_DELIMITER = re.compile(r"(?:--|—|––|- -)\s*|_{2,40}|={4,40}|\*{3,20}")
_STRONG_DELIMITER = re.compile(r"--\s*")
_DISCLAIMER = (
    r"[\s*_]{0,4}(?:confidentiality notice|confidentiality:|legal notice:|disclaimer:"
    r"|privileged (?:and|/) confidential"
    r"|this (?:e-?mail|message|communication)(?: message)?(?:,? (?:and|including|together with) [^.\n]{0,80})?"
    r" (?:is|are|may be|may contain|contains?|is intended) (?:strictly |only |solely )?[^.\n]{0,40}?"
    r"(?:confidential|privileged|intended|for the)"
    r"|the (?:information|content)s? (?:contained |transmitted )?(?:in|of|by|with) this"
    r" (?:e-?mail|message|communication)[^.\n]{0,80}(?:confidential|privileged|intended)"
    r"|if you are not the intended recipient"
    r"|please consider the environment before|think before you print"
    r"|diese e-?mail (?:und|enthält|kann|ist)[^.\n]{0,80}(?:vertraulich|bestimmt)"
    r"|der inhalt dieser e-?mail"
    r"|ce (?:message|courriel|mail|mél)(?: électronique)?[^.\n]{0,80}confidentiel"
    r"|este (?:mensaje|correo|e-?mail)(?: electrónico)?[^.\n]{0,80}(?:confidencial|dirige)"
    r"|esta mensagem[^.\n]{0,80}confidencia"
    r"|(?:questo messaggio|questa e-?mail|le informazioni contenute)[^.\n]{0,80}riservat"
    r"|(?:dit (?:e-?mail)?bericht|deze e-?mail)[^.\n]{0,80}vertrouwelijk"
    r"|(?:niniejsza|ta) wiadomość[^.\n]{0,80}poufn"
    r"|avis de confidentialité|aviso legal|avviso di riservatezza)"
)
_DISCLAIMER_HINTS = (
    "confiden", "disclaimer", "legal", "privileged", "intended", "content", "information", "environment", "print",
    "vertraulich", "bestimmt", "inhalt", "dirige", "riservat", "vertrouwelijk", "poufn",
)  # fmt: skip
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


def part_signature(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Parts one run of written lines into the writer's words and the signature; footers and disclaimers go.

    Linear; keeps lines unchanged.
    """
    kept = [line for line in lines if not is_mobile_footer(line)]
    kept = _trim(kept[: _disclaimer_index(kept)])
    signature: list[str] = []
    while True:  # what a cut lays bare at the end may be a signature too; each turn looks at the last lines only
        length = len(kept)
        for index in (_delimiter_index, _contact_index):
            cut = index(kept)
            signature[:0] = [line for line in kept[cut:] if not _DELIMITER.fullmatch(line.strip())]
            del kept[cut:]
        if len(_trim(kept)) == length:
            return kept, signature


def is_mobile_footer(line: str) -> bool:
    """True for a line that is a mail app's footer ("Sent from my iPhone", "Get Outlook for iOS"), in any language."""
    if not 8 <= len(line) <= 160:
        return False
    lowered = line.lower()
    return (
        any(hint in lowered for hint in _MOBILE_FOOTER_HINTS) and _pattern(_MOBILE_FOOTER).fullmatch(line) is not None
    )


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
    """Compiles the pattern when it is first needed: these are long, and the webhook imports this module."""
    return re.compile(pattern, re.IGNORECASE)


def _is_disclaimer(line: str) -> bool:
    lowered = line[:300].lower()
    return any(hint in lowered for hint in _DISCLAIMER_HINTS) and _pattern(_DISCLAIMER).match(lowered) is not None


def _trim(lines: list[str]) -> list[str]:
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def _delimiter_index(lines: list[str]) -> int:
    """Returns the index of the first "-- " line with a short enough rest: a signature starts there."""
    lowest = max(0, len(lines) - _MAX_SIGNATURE_LINES)
    found = len(lines)
    for index in range(len(lines) - 1, lowest - 1, -1):
        line = lines[index].strip()
        if _STRONG_DELIMITER.fullmatch(line):
            found = index
        elif _DELIMITER.fullmatch(line):
            found = index if _looks_like_contact(lines[index + 1 : found]) else found
    return found


def _looks_like_contact(lines: list[str]) -> bool:
    filled = [line for line in lines if line.strip()]
    if len(filled) > _MAX_CONTACT_LINES:
        return False
    return not filled or any(_pattern(_CONTACT).search(line[:200]) for line in filled)


def _disclaimer_index(lines: list[str]) -> int:
    for index, line in enumerate(lines):
        starts_paragraph = index == 0 or not lines[index - 1].strip()
        if starts_paragraph and index > 0 and _is_disclaimer(line):
            return index
    return len(lines)


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


def _contact_index(lines: list[str]) -> int:
    """Returns the index of the contact details behind a closing; the closing and the name stay."""
    lowest = max(0, len(lines) - _MAX_CONTACT_LINES - 3)
    for index in range(len(lines) - 1, lowest - 1, -1):
        if not is_sign_off(lines[index]):
            continue
        rest = [position for position in range(index + 1, len(lines)) if lines[position].strip()]
        if not rest:
            return len(lines)
        name = rest[0]
        if _pattern(_CONTACT).search(lines[name][:200]):
            return name
        details = rest[1:]
        if details and _repeats_name(lines[name], [lines[position] for position in details]):
            return name + 1
        if (
            details
            and all(len(lines[position]) <= 120 for position in details)
            and any(_pattern(_CONTACT).search(lines[position]) for position in details)
        ):
            return name + 1
        return len(lines)
    return len(lines)
