"""Announcements of a quoted original by mail clients: attribution lines, header blocks, separators.

Everything here looks at one line, or at a few lines joined, never longer than a fixed bound: the scanner over the
whole message (shared.domain.text.reply_lines) stays linear whatever the input.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

MAX_ATTRIBUTION_CHARS = 400
MAX_ATTRIBUTION_LINES = 4


class Attribution(StrEnum):
    """The certainty that words introduce a quotation."""

    CERTAIN = "CERTAIN"  # names an address or a time of day: everything behind it is the original, even without ">"
    LIKELY = "LIKELY"  # only if quoted lines do follow


# --- attribution lines ("On … wrote:") ---------------------------------------------------------------------------

_DATE_OPENING = re.compile(
    # the first words of an attribution in: en de fr es it nl pt pl sv/da/no fi cs ru/uk ro tr; then something numeric
    r"(?:on|at|in a message dated|am|von|le|el|il giorno|il|in data|op|em|a|no dia|w dniu|dnia|den|fra|v|dne|в|у|în|pe)"
    r"[ ,:][^\n]{0,60}?\d"
    # pl in Apple Mail: the date comes last
    r"|wiadomość napisana przez "
    # weekday or number first: pl "pon., 3 mar 2025 o …", fi "ma 3. maalisk. …", ru "пн, 3 мар. …", ja/zh/ko, ISO
    r"|(?:[^\W\d_]{2,12}\.?,? {0,2})?\d{1,4} ?(?:[./年月월,-]|[^\W\d_]{2,12})"
    r"|(?:在|2\d{3}\W)",
    re.IGNORECASE,
)
_LONE_OPENING = re.compile(r"(?:on|am|le|el|il giorno|op|em|den|в)(?: [^\W\d_]{2,10}[.,]{0,2})?", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@<>()\[\]]@[^\s@<>()\[\]]")
_TIME = re.compile(r"(?<!\d)\d{1,2} ?[:.h時시点] ?\d{2}(?!\d)|(?<!\d)\d{1,2} ?(?:am|pm|uhr)\b", re.IGNORECASE)
_YEAR_OR_DATE = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)|(?<!\d)\d{1,2}[./-]\d{1,2}[./-]\d{2}(?!\d)")

# "wrote" directly before the colon …
_WROTE_LAST = re.compile(
    r"(?:\b(?:wrote|writes|a écrit|a ecrit|écrit|escribi[óo]|ha scritto|scrive|scrisse|escreveu|napisał\(a\)|napisała?"
    r"|pisze|schrieb|schreef|skrev|skriver|kirjoitti|написала?|написал\(а\)|пишет|пише|написав|написала|napsala?"
    r"|napsal\(a\)|a scris|írta|yazdı|έγραψε|كتب|כתב/ה|כתב)"
    r"|\bgeschreven|のメール|は書きました|さんからのメール|님이 작성|作成|写道|寫道)[ ]?[:：]$",
    re.IGNORECASE,
)
# … or somewhere before the writer's name. A pronoun behind it makes it a sentence: "Am Montag um 10:30 schrieb ich …:".
_WROTE_INSIDE = re.compile(
    r"\b(?:schrieb|schreef|skrev|escribió|escreveu|a écrit|ha scritto|napisał|napisana przez|kirjoitti"
    r"|ezt írta|wrote)\b"
    r"(?! (?:ich|wir|sie|er|es|man|mir|uns|ik|wij|we|hij|zij|ze|jag|vi|jeg|hun|han|down|up|about|to|that|it|a|the)\b)",
    re.IGNORECASE,
)
_BRACKETED_ADDRESS = re.compile(r"[<(\[] ?(?:mailto:)?[^\s@<>()\[\]]+@[^\s@<>()\[\]]+ ?[>)\]]")
_ADDRESS_LAST = re.compile(r"[<(\[]?(?:mailto:)?[^\s@<>()\[\]]+@[^\s@<>()\[\]]+[>)\]]{0,3} ?[:：]$")
_FIRST_PERSON = re.compile(r"\b(?:i|we|you) wrote[ ]?:$", re.IGNORECASE)
# Marks of writing direction, which clients put around names and dates between right-to-left words.
DIRECTION_MARKS: Final = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_WITHOUT_DIRECTION = dict.fromkeys(map(ord, DIRECTION_MARKS))
_DASHES = " \t-–—‐_*"


def ends_like_attribution(line: str) -> bool:
    """True when an attribution could end with this line (a cheap filter before `read_attribution`)."""
    tail = line[-60:].rstrip(" \t" + DIRECTION_MARKS)
    bare = tail.strip(_DASHES)
    return len(bare) > 3 and (bare.endswith((":", "：")) or tail.endswith(("--", "—")))


def opens_attribution(line: str) -> bool:
    """True when an attribution could begin with this line: a date comes early."""
    return _DATE_OPENING.match(line[:120].lstrip(_DASHES + ">")) is not None


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
    if not stripped.endswith((":", "：")):
        if not words.rstrip().endswith("--"):
            return None
        stripped += ":"  # Zoho: "---- On Mon, … X <x@…> wrote ----"
    email = _EMAIL.search(stripped) is not None
    time = _TIME.search(stripped) is not None
    opening = _DATE_OPENING.match(stripped) is not None
    wrote = _WROTE_LAST.search(stripped) is not None or (
        _WROTE_INSIDE.search(stripped) is not None and (email or opening)
    )
    if wrote:
        if _FIRST_PERSON.search(stripped) and not email:
            return Attribution.LIKELY if opening else None
        if email and (opening or time or _YEAR_OR_DATE.search(stripped)):
            return Attribution.CERTAIN
        if opening and time:
            return Attribution.CERTAIN
        if email or opening:
            return Attribution.LIKELY
        # "John Doe wrote:" alone
        return Attribution.LIKELY if len(stripped) <= 60 else None
    if email and time and opening and _ADDRESS_LAST.search(stripped):  # ru, ja, old Gmail: no verb at all
        return Attribution.CERTAIN
    # any other language: who, when, and a colon right above quoted lines
    if email and (time or _YEAR_OR_DATE.search(stripped)) and _BRACKETED_ADDRESS.search(stripped):
        return Attribution.LIKELY
    return None


_FLAT_END = re.compile(
    r"(?:wrote|a écrit|escribió|ha scritto|escreveu|napisał\(a\)|kirjoitti|написал\(а\))[ ]?:|"
    r"(?:schrieb|schreef|skrev) [^:\n]{1,80}:",
    re.IGNORECASE,
)
_FLAT_OPENING = re.compile(
    r"(?:^|(?<=[\s.!?>)]))[-\s]{0,12}(?:On|Am|Le|El|Il giorno|Il|Op|Em|Den|W dniu) (?=[^\n]{0,40}?\d)"
)
_FLAT_HEADERS = re.compile(
    r"\*?(?:From|Von|De|Da|Van|Fra|Från)\s?:\*?\s[^\n:]{1,120}"
    r"\s\*?(?:Sent|Date|Gesendet|Datum|Envoyé|Enviado(?: el)?|Inviato|Data|Verzonden|Skickat|Sendt|Dato)\s?:"
)
_FLAT_SEPARATOR = re.compile(r"(?:_{8,60}|-{3,20}[^-\n]{3,40}-{3,20})\s{0,3}$")


def find_flattened_quote(line: str) -> int | None:
    """Returns the start of the quoted original inside a line that lost its line breaks (snippets), or None.

    Looks at the first 20 candidates only: time stays linear on any input.
    """
    for count, end in enumerate(_FLAT_END.finditer(line)):
        if count >= 20:
            break
        window = max(0, end.start() - MAX_ATTRIBUTION_CHARS)
        openings = list(_FLAT_OPENING.finditer(line, window, end.start()))
        for opening in reversed(openings[-20:]):
            if read_attribution(line[opening.start() : end.end()].strip()) is Attribution.CERTAIN:
                return opening.start()
    headers = _FLAT_HEADERS.search(line)
    if headers is None:
        return None
    window = max(0, headers.start() - 100)
    separator = _FLAT_SEPARATOR.search(line[window : headers.start()])
    return window + separator.start() if separator else headers.start()


# --- header blocks (From: / Sent: / To: / Subject:) --------------------------------------------------------------


class HeaderKind:
    """The headers of a block as bits: plain integers, since a hostile text asks for them 10,000 times."""

    FROM: Final = 1
    SENT: Final = 2
    TO: Final = 4
    SUBJECT: Final = 8
    OTHER: Final = 16


_HEADER_NAMES: dict[int, str] = {
    HeaderKind.FROM: (
        "from|von|de|da|van|fra|från|od|lähettäjä|от|от кого|від|差出人|送信者|发件人|寄件者|보낸 사람|보낸사람|kimden"
        "|gönderen|feladó|από|expéditeur|mittente|remitente|remetente|absender|afzender|nadawca|de la|expeditor"
        "|odesílatel|afsender|avsändare|avsender|מאת|من"
    ),
    HeaderKind.SENT: (
        "sent|date|gesendet|gesendet am|datum|envoyé|envoyé le|date d'envoi|enviado|enviado el|enviada|fecha|inviato"
        "|data|verzonden|enviada em|enviado em|wysłano|wysłane|data wysłania|skickat|sendt|dato|lähetetty|päivämäärä"
        "|päiväys|отправлено|дата|送信日時|日付|日時|发送时间|日期|寄件日期|보낸 날짜|날짜|gönderildi|tarih"
        "|gönderme tarihi|elküldve|dátum|odesláno|στάλθηκε|ημερομηνία|trimis|נשלח|תאריך|تاريخ"
    ),
    HeaderKind.TO: (
        "to|an|à|a|para|aan|til|till|do|vastaanottaja|кому|宛先|收件人|收件者|받는 사람|받는사람|kime|címzett|komu|προς"
        "|către|pour|destinataire|destinatario|destinatário|empfänger|אל|إلى"
    ),
    HeaderKind.SUBJECT: (
        "subject|betreff|objet|asunto|oggetto|onderwerp|assunto|temat|ämne|emne|aihe|тема|件名|主题|主旨|제목|konu"
        "|tárgy|předmět|θέμα|subiect|נושא|الموضوع"
    ),
    HeaderKind.OTHER: (
        "cc|kopie|copie|kopia|kopi|kópia|копия|копія|copia|cópia|bcc|dw|참조|抄送|副本|importance|priority|wichtigkeit"
        "|attachments|anlagen|reply-to|antwort an|répondre à"
    ),
}
_KIND_OF_HEADER: dict[str, int] = {name: kind for kind, names in _HEADER_NAMES.items() for name in names.split("|")}
_HEADER_DECORATION = " \t>*_|"
_MAX_HEADER_NAME = 24


def header_kind(line: str) -> int | None:
    """Returns the header of a quoted original that this line looks like, in any of the known languages."""
    head = line[: _MAX_HEADER_NAME + 12].lstrip(_HEADER_DECORATION).replace("：", ":")
    name, colon, value = head.partition(":")
    if not colon or len(name) > _MAX_HEADER_NAME:
        return None
    kind = _KIND_OF_HEADER.get(name.strip(_HEADER_DECORATION).casefold().replace("’", "'"))
    if kind in (HeaderKind.FROM, HeaderKind.TO) and value.lstrip(_HEADER_DECORATION)[:1].isdigit():
        return None  # "From: 10:30" is a time, no sender
    return kind


def has_header_evidence(line: str) -> bool:
    """True when the value of a header is a mail client's: an address, a time or a year."""
    value = line[:MAX_ATTRIBUTION_CHARS]
    return bool(_EMAIL.search(value) or _TIME.search(value) or _YEAR_OR_DATE.search(value))


def is_header_block_in_one_line(line: str) -> bool:
    """True when a whole From/Sent/To/Subject block stands in this one line (converters that lose line breaks)."""
    return (
        header_kind(line) == HeaderKind.FROM and _FLAT_HEADERS.match(line[:600].lstrip(_HEADER_DECORATION)) is not None
    )


# --- separators --------------------------------------------------------------------------------------------------

_SEPARATOR_WORDS = re.compile(
    "original message|originalnachricht|original-nachricht|ursprüngliche nachricht|message d'origine|message original"
    "|mensaje original|messaggio originale|oorspronkelijk bericht|origineel bericht|mensagem original"
    "|wiadomość oryginalna|oryginalna wiadomość|ursprungligt meddelande|originalmeddelande|oprindelig meddelelse"
    "|original meddelelse|opprinnelig melding|alkuperäinen viesti|исходное сообщение|пересылаемое сообщение"
    "|оригинальное сообщение|původní zpráva|eredeti üzenet|orijinal ileti|mesaj original|元のメッセージ|原始邮件"
    "|原始郵件|원본 메시지|reply message|forwarded message|forwarded by .{1,80}|weitergeleitete nachricht"
    "|message transféré|message transmis|mensaje reenviado|messaggio inoltrato|doorgestuurd bericht"
    "|mensagem encaminhada|mensagem reencaminhada|wiadomość przekazana|przekazana wiadomość|vidarebefordrat meddelande"
    "|videresendt meddelelse|videresendt melding|välitetty viesti|пересланное сообщение|転送メッセージ"
    "|転送されたメッセージ|转发邮件|전달된 메시지",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(rf"[-–—‐_=*]{{2,}}\s*(?:{_SEPARATOR_WORDS.pattern})\s*[-–—‐_=*]*", re.IGNORECASE)
_APPLE_FORWARD = re.compile(
    "(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)|début du message"
    "(?: réexpédié| transféré)"
    "|inicio del mensaje reenviado|inizio (?:del )?messaggio inoltrato|begin doorgestuurd bericht"
    "|início da mensagem (?:encaminhada|reencaminhada)|początek przekazywanej wiadomości"
    "|vidarebefordrat (?:brev|mejl)|start på videresendt (?:besked|e-mail)|videresendt melding|välitetty viesti alkaa"
    "|начало переадресованного сообщения|転送されたメッセージ|下面是被转发的邮件) ?[:：]",
    re.IGNORECASE,
)
_RULER = re.compile(r"[_-]{10,}")


def is_separator(line: str) -> bool:
    """True when this line says "original message" or "forwarded message" between dashes, in a mail client's words."""
    stripped = line[:160].strip()
    if not stripped.startswith(tuple("-–—‐_=*")) and not stripped.endswith((":", "：")):
        return False
    return _SEPARATOR.fullmatch(stripped) is not None or _APPLE_FORWARD.fullmatch(stripped) is not None


def is_bare_separator(line: str) -> bool:
    """True for the same words without dashes (BlackBerry, Samsung), which count only above a header block."""
    return 4 < len(line) < 80 and _SEPARATOR_WORDS.fullmatch(line.strip()) is not None


def is_ruler(line: str) -> bool:
    """True for a line of underscores or dashes, as Outlook draws it above a header block."""
    return _RULER.fullmatch(line[:200].strip()) is not None
