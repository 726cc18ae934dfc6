"""What must hold for a draft whoever wrote it: nothing invented, nothing left open, nothing copied.

Everything that a reader would act on (links, addresses, phone numbers, amounts, other numbers, dates, times, names) must
occur in what the writer was shown, in whatever notation: "15:00" is grounded by "3 pm", "€1,500" by "1.500 Euro", a date
by its weekday. Where a notation is ambiguous, every reading counts: a check that cries wolf is switched off sooner or
later, and a judgement by a model follows. Linear in the length of its inputs; never raises.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

MIN_BODY_CHARS = 20
MAX_BODY_CHARS = 3_000
MAX_SUBJECT_CHARS = 300
COPIED_LINE_CHARS = 90  # a line of the lead's this long in our answer is a quotation, not a turn of phrase
DERIVED_DAYS = 21  # "Tuesday" grounds the dates of the Tuesdays within three weeks
SMALLEST_CHECKED_NUMBER = 100  # "a 20-minute call" and "two or 3 times" are phrases, not facts


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A check that a draft failed: its id, and what is wrong in words that a writer can act on."""

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
    today: date | None = None,
) -> list[FailedCheck]:
    """The checks that a draft fails; empty when it may go on to be judged.

    ``context_texts``: every text that the writer was shown (but for times of e-mails, which would ground any weekday).
    ``recipient_names``: who may be greeted (names of the one who wrote, their company); a name that ``reply_text``, the
    cleaned reply, ends or introduces itself with may be greeted too. None: any name of the context. ``sender_names`` and ``signature``: ours.
    ``foreign_lines``: lines of the lead's raw e-mail that cleaning removed (quotes, signature), none of which may be
    copied. ``today``: the workspace's date; grounds "tomorrow" and the dates of weekdays.
    """
    if not body.strip():
        return [FailedCheck("empty", "the text is empty")]
    if len(body) > MAX_BODY_CHARS:
        return [
            FailedCheck("too_long", f"the text has {len(body):,} characters, at most {MAX_BODY_CHARS:,} are allowed")
        ]
    own_texts = [*sender_names, signature, *([booking_link] if booking_link else [])]
    recipients = list(recipient_names or ())
    known = _read_facts([*context_texts, *recipients, *own_texts], today)
    failures = [
        *_check_form(body, subject, signature),
        *_check_grounding(body, known, today),
        *_check_names(body, known, recipient_names, reply_text),
        *_check_copies(body, reply_text, foreign_lines, [*own_texts, *recipients]),
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
_QUOTATION: Final = (
    re.compile(r"^[ \t]*>", re.MULTILINE),
    re.compile(
        r"^[ \t]*-{2,}[ \t]*(?:original message|ursprüngliche nachricht|message d'origine|mensaje original|forwarded message)",
        re.IGNORECASE | re.MULTILINE,
    ),
    re.compile(
        r"^[ \t]*(?:from|von|de|da|van)[ \t]*:[^\n]{0,200}\n[ \t]*(?:sent|gesendet|envoyé|enviado|inviato|verzonden|date|datum|to|an)[ \t]*:",
        re.IGNORECASE | re.MULTILINE,
    ),
    re.compile(
        r"^[ \t]*(?:on|am|le|el|il|op|em)\b[^\n]{5,200}\b(?:wrote|schrieb|a écrit|escribió|ha scritto|schreef|escreveu)\b[^\n]{0,80}:[ \t]*$",
        re.IGNORECASE | re.MULTILINE,
    ),
)
_NOT_A_REPLY: Final = re.compile(
    r"\b(?:as an? (?:ai\b|artificial intelligence)|(?:large )?language model|i(?:'m| am) an ai\b|als (?:KI|Sprachmodell)\b"
    r"|en tant qu'(?:IA|intelligence artificielle)\b|como (?:una )?(?:IA|inteligencia artificial)\b|system prompt)",
    re.IGNORECASE,
)


def _check_form(body: str, subject: str, signature: str) -> Iterator[FailedCheck]:
    own = signature.strip()
    text = body.strip()
    if own and text.endswith(own):
        text = text[: -len(own)].rstrip()
    if len(text) < MIN_BODY_CHARS:
        yield FailedCheck("too_short", f"the text has fewer than {MIN_BODY_CHARS} characters")
    for pattern in _PLACEHOLDERS:
        for match in pattern.finditer(body):
            yield FailedCheck("placeholder", f"a placeholder is left: {match[0]}")
    for name, pattern in _FORMATTING:
        if pattern.search(body):
            yield FailedCheck("formatting", f"plain text only, but there is {name}")
    if _SUBJECT_LINE.search(body):
        yield FailedCheck("subject_line", "the text holds a subject line")
    if any(pattern.search(body) for pattern in _QUOTATION):
        yield FailedCheck("quoted_text", "the text quotes an e-mail")
    if _NOT_A_REPLY.search(body):
        yield FailedCheck("not_a_reply", "the text speaks about being a program")
    if not subject.strip() or len(subject) > MAX_SUBJECT_CHARS or "\n" in subject or "\r" in subject:
        yield FailedCheck("subject", f"the subject must be one line of 1 to {MAX_SUBJECT_CHARS} characters")


# --- links, addresses, phone numbers ----------------------------------------------------------------------------------

_EMAIL: Final = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_TLDS: Final = (
    "com|org|net|io|ai|co|de|fr|es|it|nl|pl|pt|eu|uk|us|ca|au|ch|at|be|se|dk|no|fi|ie|cz|br|mx|in|jp|app|dev|info|biz|me"
    "|tech|cloud|so|ly|gg|link|page|site|online|xyz|shop|store|agency|solutions|software|tools|team|test|example|zone|gl"
)
_LINK: Final = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'`|\\^{}\[\]]{2,500}"
    rf"|(?<![\w.@/-])(?:[a-z0-9-]{{2,63}}\.){{1,5}}(?:{_TLDS})(?![\w-])(?!\.[a-z0-9-])(?:/[^\s<>\"'`|\\^{{}}\[\]]{{0,500}})?",
    re.IGNORECASE,
)
_PHONE: Final = re.compile(r"(?<![\w.,/-])(?:\+|00|0|\()\d?(?:[ ()/.-]{0,2}\d){6,15}(?![\w%])")
_PHONE_TAIL = 7  # digits that must agree: country codes and leading zeros are written in many ways


def _normal_link(link: str) -> str:
    link = link.rstrip(".,;:!?)*_»”’'\"…").lower()
    link = re.sub(r"^https?://", "", link)
    return re.sub(r"^www\.", "", link).rstrip("/")


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


# --- numbers ----------------------------------------------------------------------------------------------------------

_NUMBER: Final = (
    r"(?:\d{1,3}(?:[ \u00a0\u202f.,'’]\d{3}){1,5}(?:[.,]\d{1,2})?|\d{1,15}(?:[.,]\d{1,6})?)(?!\d)"
    r"(?:[ \u00a0]?(?:k|mio|m|tsd|thousand|tausend|million(?:en|s)?)\b)?"
)
_CURRENCIES: Final = {
    "$": "USD", "us$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "dólares": "USD", "bucks": "USD",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR",
    "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP",
    "chf": "CHF", "franken": "CHF", "francs": "CHF", "pln": "PLN", "zł": "PLN", "zloty": "PLN", "złotych": "PLN",
    "sek": "SEK", "dkk": "DKK", "nok": "NOK", "kr": "KR", "kronor": "KR", "kroner": "KR",
    "¥": "JPY", "jpy": "JPY", "yen": "JPY", "₹": "INR", "inr": "INR", "cad": "CAD", "aud": "AUD", "brl": "BRL", "r$": "BRL",
    "%": "PERCENT", "percent": "PERCENT", "per cent": "PERCENT", "prozent": "PERCENT", "pour cent": "PERCENT",
    "por ciento": "PERCENT", "por cento": "PERCENT", "per cento": "PERCENT", "procent": "PERCENT", "percentage points": "PERCENT",
}  # fmt: skip
_UNIT: Final = "|".join(
    re.escape(word) + (r"(?!\w)" if word[-1].isalpha() else "") for word in sorted(_CURRENCIES, key=len, reverse=True)
)
_PREFIX_UNIT: Final = (
    r"(?:us\$|r\$|[$€£¥₹]|(?<!\w)(?:usd|eur|gbp|chf|pln|sek|dkk|nok|cad|aud|inr|jpy|brl|kr)(?!\w))[ \u00a0]?"
)
_AMOUNT: Final = re.compile(
    rf"(?P<before>{_PREFIX_UNIT})?(?<![\w])(?P<number>{_NUMBER})(?:[ \u00a0\u202f-]?(?P<after>{_UNIT}))?", re.IGNORECASE
)
_SCALES: Final = (("k", 1_000), ("tsd", 1_000), ("thousand", 1_000), ("tausend", 1_000), ("m", 1_000_000))


@dataclass(frozen=True, slots=True)
class _Amount:
    text: str
    values: frozenset[Decimal]  # every reading: "5.000" is five thousand or five
    unit: str | None  # a currency, "PERCENT", "MONEY" for "5k" without a currency, None for a bare number


def _amounts(text: str) -> Iterator[_Amount]:
    for match in _AMOUNT.finditer(text):
        before = (match["before"] or "").strip().lower()
        after = (match["after"] or "").lower()
        values, scaled = _readings(match["number"])
        unit = _CURRENCIES.get(before) or _CURRENCIES.get(after) or ("MONEY" if scaled else None)
        if values:
            yield _Amount(match[0].strip(), values, unit)


def _readings(number: str) -> tuple[frozenset[Decimal], bool]:
    digits = re.match(r"[\d \u00a0\u202f.,'’]+", number)
    plain = digits[0].rstrip(" \u00a0\u202f.,'’") if digits else ""
    scale_word = number[len(digits[0]) if digits else 0 :].strip().lower()
    scale = next((factor for word, factor in _SCALES if scale_word.startswith(word)), 1)
    plain = re.sub(r"[ \u00a0\u202f'’]", "", plain)
    candidates = {plain.replace(",", ""), plain.replace(".", "").replace(",", "."), re.sub(r"[.,]", "", plain)}
    if re.search(r"[.,]\d{1,2}\Z", plain):  # "1,500.50" and "4.5": the last mark is a decimal point
        head, tail = (
            plain[: plain.rfind(plain[-3] if plain[-3:-2] in ".," else plain[-2])],
            re.split(r"[.,]", plain)[-1],
        )
        candidates = {re.sub(r"[.,]", "", head) + "." + tail}
    values: set[Decimal] = set()
    for candidate in candidates:
        try:
            values.add((Decimal(candidate) * scale).normalize())
        except InvalidOperation:
            continue
    return frozenset(values), scale > 1


# --- dates and times --------------------------------------------------------------------------------------------------

_WEEKDAYS: Final = (
    ("monday|montag|lundi|lunes|lunedì|lunedi|maandag|segunda-feira|poniedziałek|poniedziałku|måndag|mandag"),
    ("tuesday|dienstag|mardi|martes|martedì|martedi|dinsdag|terça-feira|wtorek|wtorku|tisdag|tirsdag"),
    ("wednesday|mittwoch|mercredi|miércoles|miercoles|mercoledì|mercoledi|woensdag|quarta-feira|środa|środę|środy"),
    ("thursday|donnerstag|jeudi|jueves|giovedì|giovedi|donderdag|quinta-feira|czwartek|czwartku|torsdag"),
    ("friday|freitag|vendredi|viernes|venerdì|venerdi|vrijdag|sexta-feira|piątek|piątku|fredag"),
    ("saturday|samstag|sonnabend|samedi|sábado|sabado|sabato|zaterdag|sobota|sobotę|soboty|lördag|lørdag"),
    ("sunday|sonntag|dimanche|domingo|domenica|zondag|niedziela|niedzielę|niedzieli|söndag|søndag"),
)
_SHORT_WEEKDAYS: Final = (
    "Mon|Mo|lun|segunda", "Tue|Tues|Di|mar|terça", "Wed|Weds|Mi|mer|mié|quarta", "Thu|Thur|Thurs|Do|jeu|jue|quinta",
    "Fri|Fr|ven|vie|sexta", "Sat|Sa|sam|sáb", "Sun|So|dim|dom",
)  # fmt: skip
_WEEKDAY: Final = re.compile(
    "|".join(rf"(?P<d{day}>\b(?:{names}))" for day, names in enumerate(_WEEKDAYS)), re.IGNORECASE
)
_SHORT_WEEKDAY: Final = re.compile(
    "|".join(rf"(?P<d{day}>\b(?:{names})\b)" for day, names in enumerate(_SHORT_WEEKDAYS))
)

_MONTHS: Final = (
    "january|januar|jänner|janvier|enero|gennaio|januari|janeiro|stycznia|jan",
    "february|februar|février|febrero|febbraio|februari|fevereiro|lutego|feb|fév|févr",
    "march|märz|mars|marzo|maart|março|marca|marts|mar|mrz",
    "april|avril|abril|aprile|kwietnia|apr|avr|abr",
    "may|mai|mayo|maggio|mei|maio|maja|maj",
    "june|juni|juin|junio|giugno|junho|czerwca|jun",
    "july|juli|juillet|julio|luglio|julho|lipca|jul|juil",
    "august|août|agosto|augustus|sierpnia|augusti|aug|ago",
    "september|septembre|septiembre|settembre|setembro|września|sept|sep|set",
    "october|oktober|octobre|octubre|ottobre|outubro|października|oct|okt",
    "november|novembre|noviembre|novembro|listopada|nov",
    "december|dezember|décembre|diciembre|dicembre|dezembro|grudnia|dec|dez|déc|dic",
)
_MONTH_NUMBERS: Final = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split("|")}
_MONTH: Final = "(?:" + "|".join(sorted(_MONTH_NUMBERS, key=len, reverse=True)) + r")\b\.?"
_ISO_DATE: Final = re.compile(r"(?<!\d)\d{4}-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)")
_NUMERIC_DATE: Final = re.compile(
    r"(?<![\d.,/-])(?P<first>\d{1,2})(?:\.(?P<second>\d{1,2})\.(?:\d{4}|\d{2})?|/(?P<slashed>\d{1,2})(?:/(?:\d{4}|\d{2}))?)(?![\d/%])"
)
_DAY_MONTH: Final = re.compile(
    rf"(?<![\d.,])(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.|º|ª)?[ \u00a0]{{1,2}}(?:of |de |d')?(?P<month>{_MONTH})",
    re.IGNORECASE,
)
_MONTH_DAY: Final = re.compile(
    rf"\b(?P<month>{_MONTH})[ \u00a0]{{1,2}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:.,]\d|\d)", re.IGNORECASE
)
_DAY_ONLY: Final = re.compile(
    r"\b(?:(?P<day>\d{1,2})(?:st|nd|rd|th)\b|(?:am|den|dem|ab|bis|zum|vom)[ \u00a0](?P<german>\d{1,2})\.(?![\d])|le[ \u00a0](?P<french>\d{1,2})(?![\d:h%.,])|el[ \u00a0](?:día )?(?P<spanish>\d{1,2})(?![\d:h%.,]))",
    re.IGNORECASE,
)
_MONTH_ALONE: Final = re.compile(
    r"\b(?:in|by|until|till|since|early|late|mid|end of|im|ab|bis|seit|anfang|mitte|ende|en|fin|début|d'ici|desde|hasta|finales de"
    rf"|principios de|a|em|w|i)[ \u00a0](?P<month>{_MONTH})(?![ \u00a0]?\d)",
    re.IGNORECASE,
)
_TIME: Final = re.compile(
    r"(?<![\d.,:])(?:"
    r"(?P<hour>\d{1,2})[:](?P<minute>\d{2})(?!\d)(?:[ \u00a0]?(?P<half>[ap])\.?m\b)?"
    r"|(?P<dotted_hour>\d{1,2})\.(?P<dotted_minute>\d{2})(?=[ \u00a0]?(?:uhr|[ap]\.?m)\b)(?:[ \u00a0]?(?P<dotted_half>[ap])\.?m\b)?"
    r"|(?P<half_hour>\d{1,2})[ \u00a0]?(?P<only_half>[ap])\.?m\b"
    r"|(?P<clock_hour>\d{1,2})[ \u00a0]?(?:uhr|o'clock)\b"
    r"|(?P<french_hour>\d{1,2})[ \u00a0]?h[ \u00a0]?(?P<french_minute>\d{2})(?!\d)"
    r")",
    re.IGNORECASE,
)
_LOOSE_HOUR: Final = re.compile(
    r"(?:\b(?:at|um|gegen|las|à|às|alle|om|kl\.?|ab|after|before|nach|vor|between|from|till|until|or|oder|ou|o|and|und|et|y|e|bis"
    r"|to|around|vers|ca\.?|at about|entre|de|dès|die)|[-–—/,])[ \u00a0]?(\d{1,2})(?![\d%])",
    re.IGNORECASE,
)
_TODAY_WORDS: Final = re.compile(
    r"\b(?:today|tonight|heute|aujourd'hui|hoy|oggi|vandaag|hoje|dzisiaj|dziś|this (?:morning|afternoon|evening))\b",
    re.IGNORECASE,
)
_TOMORROW_WORDS: Final = re.compile(
    r"\b(?:tomorrow|tmrw|morgen|demain|mañana|domani|amanhã|jutro|i morgon|imorgon|i morgen)\b", re.IGNORECASE
)
_DAY_AFTER_WORDS: Final = re.compile(
    r"\b(?:day after tomorrow|übermorgen|après-demain|pasado mañana|dopodomani|overmorgen|pojutrze)\b", re.IGNORECASE
)
_PERIOD_WORDS: Final = re.compile(
    r"\b(?:q[1-4]|quarter|quartal\w*|trimestre|kwartaal|kwartał\w*|half[- ]year|halbjahr\w*|semest\w+|summer|sommer\w*|été|verano"
    r"|estate|autumn|fall|herbst\w*|automne|otoño|winter\w*|hiver|invierno|spring|frühjahr\w*|frühling\w*|printemps|primavera|months?"
    r"|monat\w*|mois|mes(?:es)?|year|jahr\w*|année|ans?|año|new year|weeks?|wochen?|semaines?|semanas?)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Facts:
    """What the context grounds."""

    links: set[str] = field(default_factory=set)
    hosts: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    phone_tails: set[str] = field(default_factory=set)
    amounts: dict[str, set[Decimal]] = field(default_factory=dict)  # by unit; "" holds bare numbers
    numbers: set[Decimal] = field(default_factory=set)  # every number, whatever its unit
    days: set[tuple[int, int]] = field(default_factory=set)  # month, day
    days_of_month: set[int] = field(default_factory=set)
    months: set[int] = field(default_factory=set)
    weekdays: set[int] = field(default_factory=set)
    minutes: set[int] = field(default_factory=set)  # of the day
    any_month: bool = False
    words: set[str] = field(default_factory=set)


def _read_facts(texts: Iterable[str], today: date | None) -> _Facts:
    known = _Facts()
    text = _straight("\n".join(texts))
    for match in _EMAIL.finditer(text):
        email = match[0].lower().strip(".'-")
        known.emails.add(email)
        known.hosts.add(email.partition("@")[2])
    for match in _LINK.finditer(text):
        link = _normal_link(match[0])
        known.links.add(link)
        known.hosts.add(re.split(r"[/?#:]", link, maxsplit=1)[0])
    digits_only = (_digits(match[0]) for match in re.finditer(r"\d(?:[ ()/.-]{0,2}\d){6,19}", text))
    known.phone_tails.update(digits[-_PHONE_TAIL:] for digits in digits_only)
    for amount in _amounts(text):
        known.amounts.setdefault(amount.unit or "", set()).update(amount.values)
        known.numbers |= amount.values
    known.words = {_fold(word) for word in _WORD.findall(text)}
    _read_days(text, known, today)
    for minutes in _times(text):
        known.minutes |= minutes
    for match in _LOOSE_HOUR.finditer(text):
        known.minutes |= _clock_readings(int(match[1]), 0, None)
    return known


def _read_days(text: str, known: _Facts, today: date | None) -> None:
    for _, days in _dates(text):
        known.days |= days
    known.days_of_month.update(day for _, day in _days_of_month(text))
    known.days_of_month.update(day for _, day in known.days)
    known.months.update(month for month, _ in known.days)
    known.months.update(_MONTH_NUMBERS[word] for word in _month_words(text))
    known.any_month = _PERIOD_WORDS.search(text) is not None
    for pattern in (_WEEKDAY, _SHORT_WEEKDAY):
        known.weekdays.update(_weekday_of(match) for match in pattern.finditer(text))
    if today is None:
        return
    relative = [
        offset
        for offset, pattern in ((0, _TODAY_WORDS), (1, _TOMORROW_WORDS), (2, _DAY_AFTER_WORDS))
        if pattern.search(text)
    ]
    stated_weekdays, stated_days = set(known.weekdays), set(known.days)
    coming = [today + timedelta(days=offset) for offset in range(DERIVED_DAYS + 1)]
    derived = [day for day in coming if day.weekday() in stated_weekdays]
    derived += [today + timedelta(days=offset) for offset in relative]
    known.weekdays.update((today + timedelta(days=offset)).weekday() for offset in relative)
    # A date grounds its weekday in this year and in the next; a bare "the 12th" grounds the next ones.
    for month, day in stated_days:
        for year in (today.year, today.year + 1):
            actual = _day_or_none(year, month, day)
            if actual is not None:
                known.weekdays.add(actual.weekday())
    near = [today + timedelta(days=offset) for offset in range(62)]
    ordinal_days = {day for _, day in _days_of_month(text)}
    derived += [day for day in near if day.day in ordinal_days]
    known.weekdays.update(day.weekday() for day in near if day.day in ordinal_days)
    known.days.update((day.month, day.day) for day in derived)
    known.days_of_month.update(day.day for day in derived)
    known.months.update(day.month for day in derived)


def _dates(text: str) -> Iterator[tuple[str, set[tuple[int, int]]]]:
    """Every date with a month, as (words, readings): 3/4 may be the third of April or the fourth of March."""
    for match in _ISO_DATE.finditer(text):
        yield match[0], _plausible([(int(match["month"]), int(match["day"]))])
    for match in _NUMERIC_DATE.finditer(text):
        first, second = int(match["first"]), int(match["second"] or match["slashed"])
        if readings := _plausible([(second, first)] if match["second"] else [(second, first), (first, second)]):
            yield match[0], readings
    for pattern in (_DAY_MONTH, _MONTH_DAY):
        for match in pattern.finditer(text):
            month = _MONTH_NUMBERS[match["month"].lower().rstrip(".")]
            if readings := _plausible([(month, int(match["day"]))]):
                yield match[0], readings


def _plausible(readings: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    return {(month, day) for month, day in readings if 1 <= month <= 12 and 1 <= day <= 31}


def _days_of_month(text: str) -> Iterator[tuple[str, int]]:
    for match in _DAY_ONLY.finditer(text):
        day = int(match["day"] or match["german"] or match["french"] or match["spanish"])
        if 1 <= day <= 31:
            yield match[0], day


def _month_words(text: str) -> Iterator[str]:
    return (word for word in (word.lower() for word in _WORD.findall(text)) if word in _MONTH_NUMBERS)


def _weekday_of(match: re.Match[str]) -> int:
    return int((match.lastgroup or "d0")[1:])


def _day_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _times(text: str) -> Iterator[set[int]]:
    return (minutes for _, minutes in _times_with_words(text))


def _times_with_words(text: str) -> Iterator[tuple[str, set[int]]]:
    for match in _TIME.finditer(text):
        hour = next(
            int(match[name])
            for name in ("hour", "dotted_hour", "half_hour", "clock_hour", "french_hour")
            if match[name] is not None
        )
        minute = int(match["minute"] or match["dotted_minute"] or match["french_minute"] or 0)
        half = match["half"] or match["dotted_half"] or match["only_half"]
        if readings := _clock_readings(hour, minute, half.lower() if half else None):
            yield match[0], readings


def _clock_readings(hour: int, minute: int, half: str | None) -> set[int]:
    """Minutes of the day that a time may mean: without a.m. or p.m., "3:30" is either."""
    if hour > 24 or minute > 59:
        return set()
    if half == "a":
        hours = {hour % 12}
    elif half == "p":
        hours = {hour % 12 + 12}
    else:
        hours = {hour % 24} | ({hour + 12} if hour < 12 else {hour - 12} if hour == 12 else set())
    return {hour * 60 + minute for hour in hours}


def _blank(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda match: " " * len(match[0]), text)


def _check_grounding(body: str, known: _Facts, today: date | None) -> Iterator[FailedCheck]:
    """Each kind is looked for in what the kinds before it have left, so that a date is not also a number."""
    text = _straight(body)
    for match in _EMAIL.finditer(text):
        if match[0].lower().strip(".'-") not in known.emails:
            yield FailedCheck("email", f"the address {match[0]} is not in the context")
    text = _blank(text, _EMAIL)
    for match in _LINK.finditer(text):
        link = _normal_link(match[0])
        if link not in known.links and not ("/" not in link and link in known.hosts):
            yield FailedCheck("link", f"the link {match[0]} is not in the context")
    text = _blank(text, _LINK)
    yield from _check_dates(text, known)
    for pattern in (_ISO_DATE, _NUMERIC_DATE, _DAY_MONTH, _MONTH_DAY, _DAY_ONLY):
        text = _blank(text, pattern)
    for words, minutes in _times_with_words(text):
        if not minutes & known.minutes:
            yield FailedCheck("time", f"the time {words} is not in the context")
    text = _blank(text, _TIME)
    for match in _PHONE.finditer(text):
        if _digits(match[0])[-_PHONE_TAIL:] not in known.phone_tails:
            yield FailedCheck("phone", f"the phone number {match[0].strip()} is not in the context")
    yield from _check_amounts(_blank(text, _PHONE), known, today)


def _check_dates(text: str, known: _Facts) -> Iterator[FailedCheck]:
    for match in _WEEKDAY.finditer(text):
        if _weekday_of(match) not in known.weekdays:
            yield FailedCheck("date", f"the day {match[0]} is not in the context")
    for words, days in _dates(text):
        if not days & known.days and words not in _NO_DATES:
            yield FailedCheck("date", f"the date {words} is not in the context")
    without_dates = text
    for pattern in (_ISO_DATE, _NUMERIC_DATE, _DAY_MONTH, _MONTH_DAY):
        without_dates = _blank(without_dates, pattern)
    for words, day in _days_of_month(without_dates):
        if day not in known.days_of_month:
            yield FailedCheck("date", f"the date {words} is not in the context")
    if not known.any_month:
        for match in _MONTH_ALONE.finditer(without_dates):
            if _MONTH_NUMBERS[match["month"].lower().rstrip(".")] not in known.months:
                yield FailedCheck("date", f"the month {match['month']} is not in the context")


_NO_DATES: Final = frozenset({"24/7", "1/2", "1/3", "1/4", "3/4", "2/3", "50/50", "9/5"})


def _check_amounts(text: str, known: _Facts, today: date | None) -> Iterator[FailedCheck]:
    years = {Decimal(today.year), Decimal(today.year + 1)} if today else set()
    currencies = set(known.amounts) - {"", "MONEY", "PERCENT"}
    bare = known.amounts.get("", set())
    for amount in _amounts(text):
        if amount.unit is None:
            if max(amount.values) >= SMALLEST_CHECKED_NUMBER and not amount.values & (known.numbers | years):
                yield FailedCheck("number", f"the number {amount.text} is not in the context")
        elif amount.unit == "PERCENT":
            if not amount.values & known.amounts.get("PERCENT", set()):
                yield FailedCheck("amount", f"the percentage {amount.text} is not in the context")
        else:
            # A price list may name its currency once; "5k" names none.
            fits = amount.values & known.amounts.get(amount.unit, set())
            fits |= amount.values & known.amounts.get("MONEY", set())
            if amount.unit in currencies:
                fits |= amount.values & bare
            if amount.unit == "MONEY":
                fits |= amount.values & known.numbers
            if not fits:
                yield FailedCheck("amount", f"the amount {amount.text} is not in the context")


# --- names ------------------------------------------------------------------------------------------------------------

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_GREETING: Final = re.compile(
    r"(?:hi|hiya|hello|hey|dear|good (?:morning|afternoon|evening|day)|hallo|guten (?:tag|morgen|abend)|moin|servus|grüezi|grüß gott|liebe[rs]?"
    r"|sehr geehrte[rs]?|bonjour|bonsoir|salut|chère|cher|hola|buenos días|buenas tardes|buenas|buen día|estimad[oa]s?|querid[oa]s?|ciao|buongiorno|buonasera"
    r"|gentile|salve|beste|geachte|goede(?:morgen|middag|navond)|hoi|dag|olá|oi|bom dia|boa tarde|prezad[oa]|car[oa]|cześć|dzień dobry|witam|witaj"
    r"|szanown[yai]|hej|hejsan|hei|kære|kjære|bästa)\b[ \u00a0]*(?P<rest>[^\n]{0,120})",
    re.IGNORECASE,
)
_NEUTRAL_IN_GREETING: Final = frozenset(
    "there again all everyone everybody team folks both sir madam mr mrs ms miss mx dr prof professor herr herrn frau zusammen allerseits"
    " leute damen und herren monsieur madame mme mlle messieurs mesdames et tous toutes equipe señor señora sr sra srta senor senora don"
    " doña equipo a todos todas y signor signora sig dott dottore dottoressa tutti heer mevrouw allen allemaal senhor senhora pan pani"
    " panie panstwo państwo und the your ihr ihre liebes nochmals noch einmal de nuevo encore re your team nice hope thanks thank danke merci"
    " gracias".split()
)
_INTRODUCED: Final = re.compile(
    r"(?:\b(?:[Mm]y|[Oo]ur)(?: [a-z]{2,15})? (?:colleague|co-founder|cofounder|partner|manager|boss|assistant|teammate|founder|director|specialist|CEO|CTO|CFO|COO)"
    r"|\b(?:[Mm]ein|[Uu]nser)(?:e|en|em|er)? (?:Kolleg(?:e|en|in)|Chef(?:in)?|Partner(?:in)?|Gründer(?:in)?|Assistent(?:in)?|Geschäftsführer(?:in)?)"
    r"|\b(?:[Mm]on|[Mm]a|[Nn]otre) (?:collègue|associée?|responsable|directeur|directrice|assistante?)"
    r"|\b(?:[Mm]i|[Nn]uestr[oa]) (?:compañer[oa]|colega|soci[oa]|jef[ea]|director|directora)"
    r"|\b(?:[Ii]l mio|[Ll]a mia|[Mm]ijn|[Oo]nze|[Mm]eu|[Mm]inha|[Mm]ój|[Mm]oja|[Mm]in) (?:colleg[ao]|collega|coleg[ao]|kolega|koleżanka|kollega)"
    r"|\b(?:Mr|Mrs|Ms|Dr|Prof)\.?|\b(?:Herrn?|Frau|Monsieur|Madame|Mme|Señora?|Signora?)"
    r"|\b(?:[Mm]y name is|[Mm]ein Name ist|[Ii]ch heiße|[Jj]e m'appelle|[Mm]e llamo|[Mm]i nombre es|[Mm]i chiamo)),?[ \u00a0]"
    r"(?P<name>[A-ZÀ-ÖØ-ÞŁŚŻŹĆ][\w'’-]{1,40}(?:[ \u00a0][A-ZÀ-ÖØ-ÞŁŚŻŹĆ][\w'’-]{1,40})?)"
)
_SELF_INTRODUCTION: Final = re.compile(
    r"\b(?:i am|i'm|this is|my name is|ich bin|mein name ist|je suis|je m'appelle|soy|me llamo|sono|mi chiamo|ik ben)[ \u00a0](?P<name>[^\n,.;!?]{2,60})",
    re.IGNORECASE,
)
_SIGN_OFF_LINES = 3


def _check_names(
    body: str, known: _Facts, recipient_names: Sequence[str] | None, reply_text: str
) -> Iterator[FailedCheck]:
    text = _straight(body)
    greeted = list(_greeted_names(text))
    if greeted:
        may_be_greeted = {_fold(word) for name in recipient_names or () for word in _WORD.findall(_straight(name))}
        may_be_greeted |= known.words if recipient_names is None else _names_of_writer(reply_text)
        for word in greeted:
            if not _parts(word) <= may_be_greeted:
                yield FailedCheck("greeting", f"{word} is greeted, but did not write the reply")
    for match in _INTRODUCED.finditer(text):
        for word in _WORD.findall(match["name"]):
            if not (_parts(word) <= known.words or _fold(word) in known.words or _fold(word) in _NEUTRAL_IN_GREETING):
                yield FailedCheck("name", f"the name {word} is not in the context")
                break


def _greeted_names(text: str) -> Iterator[str]:
    """The names in the first line, up to its first mark: capitalised words that are no titles or forms of address."""
    first_line = text.lstrip().partition("\n")[0]
    match = _GREETING.match(first_line)
    if match is None:
        return
    address, mark, _ = re.sub(r"\b(Mr|Mrs|Ms|Dr|Prof|Sr|Sra|Sig|Dott)\.", r"\1", match["rest"]).partition(",")
    if not mark:
        address = re.split(r"[!.:;?–—]| - ", address, maxsplit=1)[0]
    words = _WORD.findall(address)
    # Without a mark the sentence may go on in the same line: only its first words can be the name then.
    for word in words if len(words) <= 5 else words[:1]:
        if word[0].isupper() and _fold(word) not in _NEUTRAL_IN_GREETING:
            yield word


def _names_of_writer(reply_text: str) -> set[str]:
    """Words with which the reply's writer may have named themselves: its last lines, and after "I am"."""
    text = _straight(reply_text)
    lines = [line for line in text.split("\n") if line.strip()]
    signed = " ".join(line for line in lines[-_SIGN_OFF_LINES:] if len(line) <= 40) if len(lines) > 1 else ""
    introduced = " ".join(match["name"] for match in _SELF_INTRODUCTION.finditer(text))
    last_words = re.split(r"[.!?,\n–—-]", text.strip().rstrip(".!"))[-1] if text.strip() else ""
    closing = last_words if len(last_words.split()) <= 3 else ""
    return {_fold(word) for word in _WORD.findall(f"{signed} {introduced} {closing}") if word[0].isupper()}


def _parts(word: str) -> set[str]:
    return {_fold(part) for part in re.split(r"['’-]", word) if part}


# --- copies -----------------------------------------------------------------------------------------------------------

_SIGN_OFF: Final = re.compile(
    r"(?:(?:best|kind|warm|many)(?: regards| wishes)?|regards|cheers|thanks|thank you|sincerely|yours \w+|talk soon|all the best"
    r"|(?:viele|beste|liebe|freundliche|herzliche|schöne) grüße|mit freundlichen grüßen|lg|vg|mfg|gruß|cordialement|bien cordialement|bien à vous|merci"
    r"|saludos(?: cordiales)?|un (?:cordial )?saludo|atentamente|gracias|cordiali saluti|saluti|un saluto|met vriendelijke groet(?:en)?|groet(?:en)?"
    r"|atenciosamente|abraços?|cumprimentos|pozdrawiam|z poważaniem|med vänliga hälsningar|vänliga hälsningar|mvh|venlig hilsen)[ ,.!]*",
    re.IGNORECASE,
)


def _check_copies(
    body: str, reply_text: str, foreign_lines: Sequence[str], own_texts: Sequence[str]
) -> Iterator[FailedCheck]:
    own_lines = {_normal_line(line) for text in own_texts for line in text.split("\n")}
    body_lines = [line for line in body.split("\n") if line.strip()]
    foreign = {line for line in map(_normal_line, foreign_lines) if len(line) >= 6} - own_lines
    foreign = {line for line in foreign if not _SIGN_OFF.fullmatch(line)}
    long_reply_lines = {line for line in map(_normal_line, reply_text.split("\n")) if len(line) >= COPIED_LINE_CHARS}
    for index, line in enumerate(body_lines):
        normal = _normal_line(line)
        if normal in foreign:
            check = "signature" if index >= len(body_lines) / 2 else "quoted_text"
            yield FailedCheck(
                check, "a line is copied from below the lead's own words (their signature or a quotation)"
            )
        elif normal in long_reply_lines:
            yield FailedCheck("quoted_text", "a line of the reply is copied")
    yield from _check_signature(body_lines, own_texts)


def _check_signature(body_lines: Sequence[str], own_texts: Sequence[str]) -> Iterator[FailedCheck]:
    """After the closing phrase only our own names may stand: a writer once signed with the lead's."""
    own_words = {_fold(word) for text in own_texts for word in _WORD.findall(_straight(text))}
    if not own_words:
        return
    closings = [index for index, line in enumerate(body_lines) if _SIGN_OFF.fullmatch(line.strip())]
    if not closings:
        return
    for line in body_lines[closings[0] + 1 :]:
        words = [word for word in _WORD.findall(_straight(line)) if len(word) > 1]
        if words and len(words) <= 4 and words[0][0].isupper() and not _SIGN_OFF.fullmatch(line.strip()):
            if not any(_fold(word) in own_words for word in words):
                yield FailedCheck("signature", f"the text is signed with {line.strip()}, which is not our signature")


def _normal_line(line: str) -> str:
    return " ".join(line.split()).strip("*_|> ").casefold()


def _straight(text: str) -> str:
    return text.replace("’", "'").replace("\r", "\n")


def _fold(word: str) -> str:
    """Lower case without accents, so that "José" is greeted as "Jose" as well."""
    decomposed = unicodedata.normalize("NFD", word.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char)).removesuffix("'s")
