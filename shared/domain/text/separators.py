"""Lines that mail clients draw above a quoted original: "-----Original Message-----", a ruler."""

from __future__ import annotations

import re

_SEPARATOR_WORDS = re.compile(
    "original message|originalnachricht|original-nachricht|ursprüngliche nachricht|message d'origine|message original"
    "|mensaje original|messaggio originale|oorspronkelijk bericht|origineel bericht|mensagem original"
    "|wiadomość oryginalna|oryginalna wiadomość|ursprungligt meddelande|originalmeddelande"
    "|oprindelig (?:meddelelse|besked)"
    "|original meddelelse|opprinnelig melding|alkuperäinen viesti|исходное сообщение|пересылаемое сообщение"
    "|оригинальное сообщение|оригінальне повідомлення|původní zpráva|pôvodná správa|izvorna poruka|eredeti üzenet"
    "|or[ij]i[jg]inal (?:ileti|mesaj)|mesaj(?:ul)? original|αρχικό μήνυμα|元のメッセージ|原始邮件|回复的原邮件"
    "|原始郵件|원본 (?:메시지|이메일)|reply message|forwarded message|forwarded by .{1,80}|weitergeleitete nachricht"
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
_HEADING = re.compile(r"(?P<dash>[-–—_=*])(?P=dash){2,}+\s*[^-–—_=*\n]{3,50}(?P=dash){3,}+")
_INLINE = re.compile(r"(?:_{8,60}|-{3,20}[^-\n]{3,40}-{3,20})\s{0,3}$")
_INLINE_CHARS = 100


def is_separator(line: str) -> bool:
    """True when this line says "original message" or "forwarded message" between dashes, in a mail client's words."""
    stripped = line[:160].strip()
    if not stripped.startswith(tuple("-–—‐_=*")) and not stripped.endswith((":", "：")):
        return False
    return _SEPARATOR.fullmatch(stripped) is not None or _APPLE_FORWARD.fullmatch(stripped) is not None


def is_bare_separator(line: str) -> bool:
    """True for the same words without dashes (BlackBerry, Samsung), which count only above a header block."""
    return 4 < len(line) < 80 and _SEPARATOR_WORDS.fullmatch(line.strip()) is not None


def may_head_headers(line: str) -> bool:
    """True for what belongs to a header block right below it: a drawn line, or any words between dashes."""
    stripped = line[:200].strip()
    return _RULER.fullmatch(stripped) is not None or _HEADING.fullmatch(stripped) is not None or is_bare_separator(line)


def separator_before(line: str, position: int) -> int:
    """Returns where a separator begins that ends at ``position`` of the line, or ``position`` if there is none."""
    window = max(0, position - _INLINE_CHARS)
    separator = _INLINE.search(line[window:position])
    return window + separator.start() if separator else position
