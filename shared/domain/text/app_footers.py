"""Lines that mail apps put below a message: "Sent from my iPhone", "Get Outlook for iOS", in any language.

Such a line consists of nothing but the app's words: how it was sent, a device or an app, and at most an excuse for
typos. One other word, and a person says something: "Sent from my phone, but yes: Thursday works".
"""

from __future__ import annotations

import re

_MAX_LINE_CHARS = 160
_MAX_WORDS = 14


def _words(blank_separated: str) -> frozenset[str]:
    return frozenset(blank_separated.casefold().split())


def _stems(blank_separated: str) -> tuple[str, ...]:
    return tuple(blank_separated.split())


# How it was sent, at the beginning or (de, ja, ko, tr) at the end.
_SENT = _words(
    "sent sendt written typed composed dictated gesendet geschickt gesandt verschickt versendet verfasst geschrieben "
    "envoyé expédié enviado inviato verstuurd verzonden geschreven wysłane wysłano wysłany wysłana skickat skickades "
    "lähetetty отправлено надіслано відправлено odesláno odoslané poslano poslano trimis elküldve küldve gönderildi "
    "στάλθηκε saadetud nosūtīts išsiųsta dikirim נשלח أُرسلت"
)
# Offers to install an app: words that begin so.
_GET = _stems(
    "get download laden lade laadi herunterladen holen hol télécharg obtenir obtene descarg consig scaric "
    "ottien transferir baix obtenh obter pobierz pobieranie uzyskaj hämta skaffa hent få skaff hanki "
    "lataa скача получит установит завантаж отрима získ stáh descărca obține letölt beszerz preuzm "
    "downloaden ophalen indir edinin yükle 获取 下载 取得 다운로드 받기 を入手 をダウンロード を取得 الحصول تنزيل קבל "
    "הורד"
)
# Devices and apps: words that begin so.
_PRODUCTS = _stems(
    "iphone ipad ipod ios android samsung galaxy blackberry windows nokia huawei xiaomi redmi oneplus "
    "pixel motorola mobil smartphone handy handheld tablet telefon teléfono téléphone telephone telefono "
    "telefoon telefone portable móvil celular telemóvel cellulare smartfon komórk phone cell outlook "
    "yahoo gmail gmx web.de proton spark superhuman missive newton edison airmail thunderbird aquamail "
    "bluemail k-9 zoho front readdle fastmail tutanota tuta mailbird mailspring mimestream spike shortwave "
    "polymail canary айфон "
    "телефон mail.ru яндекс typeapp verizon vodafone mac macbook スマートフォン 手机"
)
_GLUE = _words(
    "für för herunter my the a an our from via with using on by through for app apps mail "
    "email e-mail messenger secure device new and "
    "this message was mobile "
    "von vom mit meinem meiner mein der dem den über für diese nachricht wurde sie sich ihr dir "
    "de depuis mon ma avec par à partir du d' pour le la "
    "desde mi un el para con do da meu minha com pelo pela o a partir del dispositivo appareil aparelho gerät "
    "da dal mio dalla tramite per vanaf vanuit met via mijn van voor "
    "z ze za pomocą przez mojego program systemu dla aplikację aplikacji "
    "från med min mitt till fra til från minun "
    "с из моего моей со со почты мобильной приложения для "
    "z mého pro mojho na din de pe telefonul meu a az 10 11 me"
)
_EXCUSES = _words(
    "please excuse pardon forgive sorry apologies for any the typos typo errors error mistakes brevity spelling "
    "autocorrect short reply and or so bitte entschuldigen entschuldigung verzeihen tippfehler kürze die und "
    "désolé pour les fautes de frappe merci excuser disculpe perdón por las erratas errores la brevedad "
    "scusate gli errori la brevità excuus voor typefouten in it is be may auto-correct sent"
)
# Whole lines, where words are not told apart by blanks, or that say something else.
_WHOLE_LINE = re.compile(
    r"(?:iphone|ipad|android|スマートフォン)から送信|発信元 ?: ?iphone"
    r"|(?:发自|發自|從|从)我的.{1,30}|나의 .{1,20}에서 보냄"
    r"|outlook for (?:ios|android) を入手(?:する)?|yahoo mail: search, organize, conquer|iphone'?umdan gönderildi"
    r"|(?:发自|來自|来自).{1,20}(?:邮箱|郵箱)",
    re.IGNORECASE,
)
_APPS = ("outlook", "bluemail", "blue", "spark", "yahoo", "gmail", "aquamail", "proton")
_PLATFORMS = ("ios", "android", "iphone", "ipad", "mac", "windows", "mobile", "app")
_LINK = re.compile(
    r"\s*(?:<\s*(?:https?://|mailto:)[^<>\n]*>|\(\s*https?://[^()\n]*\)|\[https?://[^\]\n]*\]|https?://\S+)\s*"
)
_MARKDOWN_LINK = re.compile(r"\[([^\[\]\n]{1,60})\]\([^()\n]*\)")
_WRAPPING = " \t-–—*_>«»<()[]|\"'"
_PUNCTUATION = ",.;!?"
_OWN = _words("my meinem meiner mon ma mi meu minha mio dal mijn mojego min mitt minun моего моей mého mojho")


def is_app_footer(line: str) -> bool:
    """True for a line that is a mail app's footer in any language, and for nothing that says more."""
    if not 8 <= len(line) <= _MAX_LINE_CHARS:
        return False
    bare = _LINK.sub(" ", _MARKDOWN_LINK.sub(r"\1", line)).strip(_WRAPPING)
    if _WHOLE_LINE.fullmatch(bare.rstrip(" .。")) is not None:
        return True
    words = bare.split()
    if not 2 <= len(words) <= _MAX_WORDS:
        return False
    folded = [word.strip(_PUNCTUATION + '()«»"').casefold() for word in words]
    if _SENT.isdisjoint(folded) and not any(word.startswith(_GET) for word in folded):
        return False
    return _is_sent_from(words, folded) or _is_offer(folded)


def _is_sent_from(words: list[str], folded: list[str]) -> bool:
    """True when each word is of the app's kind; an unknown name counts before the first comma or full stop only."""
    if not (folded[0] in _SENT or folded[-1] in _SENT or folded[-1].startswith("gesendet")):
        return False
    has_product = has_unknown = is_behind = False
    for word, known in zip(words, folded, strict=True):
        if known.startswith(_PRODUCTS):
            has_product = True
        elif is_behind:
            if known not in _EXCUSES and known not in _GLUE:
                return False
        elif known not in _GLUE and known not in _SENT and known not in ("for", "front", "hey"):
            if not (word[:1].isupper() or any(char.isdigit() for char in word)):
                return False
            has_unknown = True
        is_behind = is_behind or word[-1] in _PUNCTUATION
    return has_product or (has_unknown and not _OWN.isdisjoint(folded))


def _is_offer(folded: list[str]) -> bool:
    """True for "Get Outlook for iOS": an app, a platform, a word for getting it, and only glue between."""
    kinds = set()
    for word in folded:
        word = word.partition(":")[0]  # Finnish: "iOS:lle"
        if word.startswith(_APPS):
            kinds.add("app")
        elif word.startswith(_PLATFORMS):
            kinds.add("platform")
        elif word.startswith(_GET):
            kinds.add("get")
        elif word not in _GLUE:
            return False
    return {"app", "get"} <= kinds
