"""The headers of a quoted original in its text: From, Sent, To and Subject in the languages of mail clients.

The same words head a shipment, a journey or a meeting in a reply's own text. What makes them a mail's is the sender: a
line with an address, or a name with the time of day behind it and then a recipient and a subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from shared.domain.text.attributions import DATE, EMAIL, MAX_ATTRIBUTION_CHARS, TIME


class HeaderKind:
    """The headers of a block as bits: plain integers, since a hostile text asks for them 10,000 times."""

    FROM: Final = 1
    SENT: Final = 2
    TO: Final = 4
    SUBJECT: Final = 8
    OTHER: Final = 16


_HEADER_NAMES: dict[int, str] = {
    HeaderKind.FROM: (
        "from|von|de|da|van|fra|från|od|lähettäjä|от|от кого|від|від кого|差出人|送信者|发件人|寄件者|보낸 사람"
        "|보낸사람|kimden|gönderen|feladó|από|expéditeur|mittente|remitente|remetente|absender|afzender|nadawca|de la"
        "|expeditor|odesílatel|odosielateľ|afsender|avsändare|avsender|מאת|من|šalje|šalje se|pošiljatelj|pošilja"
        "|пошиљалац|подател|từ|saatja|no|sūtītājs|nuo|siuntėjas|dari|จาก|frá|envia|remitent|de part de"
    ),
    HeaderKind.SENT: (
        "sent|date|gesendet|gesendet am|datum|envoyé|envoyé le|date d'envoi|enviado|enviado el|enviada|fecha|inviato"
        "|data|verzonden|enviada em|enviado em|wysłano|wysłane|data wysłania|skickat|sendt|dato|lähetetty|päivämäärä"
        "|päiväys|отправлено|дата|送信日時|日付|日時|发送时间|发送日期|日期|寄件日期|보낸 날짜|날짜|gönderildi|tarih"
        "|gönderme tarihi|gönderilme|gönderim tarihi|elküldve|dátum|odesláno|odoslané|dátum odoslania|στάλθηκε"
        "|ημερομηνία|trimis|נשלח|תאריך|تاريخ|تم الإرسال|poslano|poslato|послато|изпратено|надіслано|đã gửi|ngày"
        "|saadetud|kuupäev|nosūtīts|išsiųsta|dikirim|tanggal|ส่ง|วันที่|datum slanja"
    ),
    HeaderKind.TO: (
        "to|an|à|a|para|aan|til|till|do|vastaanottaja|кому|宛先|收件人|收件者|받는 사람|받는사람|kime|alıcı|címzett"
        "|komu"
        "|προς|către|pour|destinataire|destinatario|destinatário|empfänger|אל|إلى|prima|za|primatelj|прима|до|tới"
        "|đến|adressaat|kellele|kam|kama|kepada|ถึง|per a"
    ),
    HeaderKind.SUBJECT: (
        "subject|betreff|objet|asunto|oggetto|onderwerp|assunto|temat|ämne|emne|aihe|тема|件名|主题|主旨|제목|konu"
        "|tárgy|předmět|predmet|θέμα|subiect|נושא|الموضوع|naslov|zadeva|предмет|относно|chủ đề|teema|temats|tema"
        "|subjek|perihal|เรื่อง|assumpte|efni"
    ),
    HeaderKind.OTHER: (
        "cc|kopie|copie|kopia|kopi|kópia|копия|копія|copia|cópia|bcc|dw|참조|抄送|副本|importance|priority|wichtigkeit"
        "|attachments|anlagen|reply-to|antwort an|répondre à"
    ),
}
_KIND_OF_HEADER: dict[str, int] = {name: kind for kind, names in _HEADER_NAMES.items() for name in names.split("|")}
_DECORATION = " \t>*_|\u200f\u200e"
_MAX_HEADER_NAME = 24
_FLAT_HEADERS = re.compile(
    r"\*?(?:From|Von|De|Da|Van|Fra|Från|Od)\s?:\*?\s[^\n:]{1,120}"
    r"\s\*?(?:Sent|Date|Gesendet|Datum|Envoyé|Enviado(?: el)?|Inviato|Data|Verzonden|Skickat|Sendt|Dato|Wysłano)\s?:"
)


def header_kind(line: str) -> int | None:
    """Returns the header of a quoted original that this line looks like, in any of the known languages."""
    head = line[: _MAX_HEADER_NAME + 12].lstrip(_DECORATION).replace("：", ":")
    name, colon, value = head.partition(":")
    if "\t" in name:  # a table's row
        name, colon, value = head.partition("\t")
    if not colon or len(name) > _MAX_HEADER_NAME:
        return None
    kind = _KIND_OF_HEADER.get(name.strip(_DECORATION).casefold().replace("’", "'"))
    if kind in (HeaderKind.FROM, HeaderKind.TO) and value.lstrip(_DECORATION)[:1].isdigit():
        return None  # "From: 10:30" is a time, no sender
    return kind


def is_mail_header_block(headers: Iterable[tuple[int, str]]) -> bool:
    """True when these header lines are a mail's and not those of a shipment, a journey or a meeting.

    headers: the kind and the line, in their order.
    """
    given = [(kind, line[:MAX_ATTRIBUTION_CHARS]) for kind, line in headers if kind != HeaderKind.OTHER]
    kinds = {kind for kind, _ in given}
    sender = next((line for kind, line in given if kind == HeaderKind.FROM), None)
    if sender is None:
        return False
    value = sender.replace("：", ":").partition(":")[2] or sender.partition("\t")[2]
    if EMAIL.search(value):
        return len(kinds) >= 3 or bool(kinds & {HeaderKind.SENT, HeaderKind.SUBJECT})
    if any(char.isdigit() for char in value):
        return False
    behind = given[[kind for kind, _ in given].index(HeaderKind.FROM) + 1 :]
    return (
        bool(behind)
        and behind[0][0] == HeaderKind.SENT
        and TIME.search(behind[0][1]) is not None
        and DATE.search(behind[0][1]) is not None
        and kinds >= {HeaderKind.TO, HeaderKind.SUBJECT}
    )


def find_flattened_headers(line: str) -> int | None:
    """Returns the start of a From/Sent block that stands in one line with other words (converters lose line breaks)."""
    headers = _FLAT_HEADERS.search(line)
    if headers is None or not EMAIL.search(line, headers.start(), headers.start() + MAX_ATTRIBUTION_CHARS):
        return None
    return headers.start()


def is_header_block_in_one_line(line: str) -> bool:
    """True when a whole From/Sent/To/Subject block stands in this one line."""
    return header_kind(line) == HeaderKind.FROM and _FLAT_HEADERS.match(line[:600].lstrip(_DECORATION)) is not None
