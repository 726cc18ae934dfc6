# ruff: noqa: E501 - the words of one language stay on one line
"""The words for hours and periods, and the short and relative names of days. Words are folded unless it says otherwise."""

from __future__ import annotations

from typing import Final

from shared.domain.text.calendar_words import WEEKDAY_OF_WORD
from shared.domain.text.wording import without_accents, words_of

NOON: Final = "noon midday mittag midi mediodia mezzogiorno meio-dia poludnie poludniu middag"
MIDNIGHT: Final = "midnight mitternacht minuit medianoche mezzanotte meia-noite polnoc middernacht"

# "half past two", "halb drei": the words before the hour, and the minutes to add to it.
BEFORE_HOUR: Final = {
    "half past": 30, "quarter past": 15, "quarter to": -15, "quarter after": 15, "half": 30,
    "halb": -30, "viertel nach": 15, "viertel vor": -15, "viertel uber": 15, "dreiviertel": -15,
    "kwart over": 15, "kwart voor": -15, "wpol do": -30, "kwadrans po": 15, "za kwadrans": -15,
}  # fmt: skip
DUTCH_HALF: Final = "half"  # half an hour before in Dutch, half an hour after in English: both count
AFTER_HOUR: Final = {
    "et demie": 30, "et quart": 15, "moins le quart": -15, "y media": 30, "y cuarto": 15, "menos cuarto": -15,
    "e mezza": 30, "e mezzo": 30, "e un quarto": 15, "meno un quarto": -15, "e meia": 30,
}  # fmt: skip
# Polish names hours by ordinals ("o piętnastej"), Dutch by plurals ("tegen vijven").
_HOURS: Final = "pierwszej drugiej trzeciej czwartej piatej szostej siodmej osmej dziewiatej dziesiatej jedenastej dwunastej trzynastej czternastej pietnastej szesnastej siedemnastej osiemnastej"
_DUTCH_HOURS: Final = "eenen tweeen drieen vieren vijven zessen zevenen achten negenen tienen elven twaalven"
HOUR_ORDINALS: Final = {word: hour for row in (_HOURS, _DUTCH_HOURS) for hour, word in enumerate(row.split(), 1)}
BEFORE_HOUR_IN_WORDS: Final = r"at|around|about|by|um|gegen|ab|vers|a las|a la|sobre las|hacia las|alle|verso le|a|as|pelas|om|rond|tegen|o|okolo|kolo"

# Behind these a number with "h" or a point is an hour, and "1:10" is a ratio.
BEFORE_PLAIN_HOUR: Final = "at um alle om kl o a as vers las des de das entre et between and from to godz"
RATIOS: Final = "ratio verhaltnis proportion rapport scale massstab relacion rapporto verhouding proporcao stosunku"
BETWEEN_HOURS: Final = "to till until and bis und a et au y e as al alle tot en do i"
ARTICLES: Final = "the las les le das as da de os"

# Words that a bare hour may follow ("at 3", "zwischen 10") or precede ("10 works", "9 or 10").
BEFORE_BARE_HOUR: Final = "at um gegen las a as alle le om kl ab after before nach vor between from till until or oder ou o and und et y e bis to around vers ca entre de des von zwischen tussen tra fra dalle dopo das miedzy godz po od do na about past tegen rond vanaf depois apres desde"
AFTER_BARE_HOUR: Final = "and or to till until bis und oder et ou a y o e en of tot i lub do am pm uhr h uur ore heures horas works work is would suits fits passt geht ginge ware va bien prima my your today tomorrow morgen cet gmt est edt bst et pt utc sharp on as"
OPEN_FROM: Final = "after from ab nach von vanaf na dopo dalle apres des depois desde despues po od any time anytime"
OPEN_HOURS: Final = 5  # an hour within so many of "after 2" was offered with it

DAYTIMES: Final = ("vormittag", "nachmittag", "morgen", "mittag", "abend", "fruh", "ochtend", "middag", "avond")
# The hours that a time of day offers, when the lead names it.
HOURS_OF_DAYTIMES: Final = {
    (
        8,
        12,
    ): "morning mornings vormittag vormittags matin matinee mattina mattinata ochtend ochtends manha rano przedpoludniem",
    (
        12,
        18,
    ): "afternoon afternoons nachmittag nachmittags apres-midi tarde tardes pomeriggio middag middags popoludniu popoludnie",
}
OPEN_UNTIL: Final = "before until till by vor bis avant antes prima voor tot przed"
_PLAIN_WEEKDAYS: Final = {without_accents(word): day for word, day in WEEKDAY_OF_WORD.items()}
WEEKDAY_OF: Final = _PLAIN_WEEKDAYS | {
    word + daytime: _PLAIN_WEEKDAYS[word]
    for word in [
        "montag",
        "dienstag",
        "mittwoch",
        "donnerstag",
        "freitag",
        "samstag",
        "sonntag",
        "maandag",
        "dinsdag",
        "woensdag",
        "donderdag",
        "vrijdag",
        "zaterdag",
        "zondag",
    ]
    for daytime in DAYTIMES
}
# As written, since many mean something else in another case: "Do." is a day, "do" none.
SHORT_WEEKDAYS: Final = (
    r"Mon|Mo|lun|Lun|ma|pon|Pon|seg|Seg", r"Tues?|Di|di|mar|Mar|wt|Wt|ter|Ter", r"Weds?|Mi|mer|mié|mie|Mié|wo|śr|Śr|qua|Qua",
    r"Thu|Thurs?|Do|do|jeu|jue|Jue|gio|Gio|czw|Czw|qui|Qui", r"Fri|Fr|ven|Ven|vie|Vie|vr|pt|Pt|sex|Sex", r"Sat|Sa|sam|sáb|sab|za|sob|Sob", r"Sun|So|dim|dom|zo|niedz",
)  # fmt: skip
# English and unmistakable without any word around them.
SURE_SHORT_WEEKDAYS: Final = frozenset({"Tue", "Tues", "Wed", "Weds", "Thu", "Thur", "Thurs", "Fri"})
BEFORE_SHORT_WEEKDAY: Final = (
    r"on|next|or|and|this|until|am|oder|und|vom|bis|jeden|nächsten|le|ou|et|el|o|y|il|e|op|of|en|na|à|de|we?|lub|albo|i"
)
PORTUGUESE_WEEKDAYS: Final = {"segunda": 0, "terca": 1, "quarta": 2, "quinta": 3, "sexta": 4}

TOMORROW: Final = "tomorrow tmrw demain domani amanha jutro imorgon"
DAY_AFTER: Final = "ubermorgen apres-demain dopodomani overmorgen pojutrze pasado"
TODAY: Final = "today tonight heute aujourd'hui hoy oggi vandaag hoje dzisiaj dzis idag"
# "Morgen" and "mañana" are mornings as well: then these words stand before them.
BEFORE_MORNING: Final = words_of(
    "guten am jeden heute diesen gestern la esta una cada de por le der den goede elke deze"
)
# "Today" is often only "nowadays": beside a time of day, or with a word of moving on, it is a day.
TODAY_AS_DAY: Final = r"\b(?:tonight|later today|this (?:morning|afternoon|evening)|today (?:at|after|before|between|by)|(?:at|after|by|until) [^.!?\n]{1,12} today|heute (?:um|nach|noch|vormittag|nachmittag|abend|mittag)|cet apres-midi|ce (?:matin|soir)|aujourd'hui (?:a|apres|avant)|esta (?:tarde|noche|manana)|hoy (?:a|por|mismo)|oggi (?:alle|pomeriggio)|stasera|vanmiddag|vanavond|vandaag (?:om|nog|na)|hoje (?:a|as|ainda)|esta tarde|dzisiaj (?:o|po)|dzis (?:o|po))\b"

# Words after which a later moment follows: "after the fair", "not before May".
LATER: Final = r"(?:after|once|until|nach|sobald|bis|apres|des que|despues de|cuando|hasta|dopo|finche|na de|na het|zodra|tot|depois d\w+|assim que|ate|po|gdy|do) (?:\w{1,4} )?\w{3,}|(?:week|month|year) after|later|spater|plus tard|mas tarde|mas adelante|piu avanti|mais tarde|pozniej|toussaint|black friday|thanksgiving"

# A later time in general: a writer who turns "after summer" into "in September" has not invented the month.
PERIODS: Final = (
    r"q[1-4]|kw \d{1,2}|week \d{1,2}|tydzien \d{1,2}|(?:quarter|quartal|trimestre|kwartaal|kwartal|half-year|halbjahr|semest|second half)\w*"
    r"|(?:summer|sommer|ete\b|verano|estate\b|zomer|verao|lato\b|lecie|lata\b|wakacj|autumn|fall\b|herbst|automne|otono|autunno|herfst|najaar|outono|jesien|winter|hiver|invierno|inverno|zim[aey]\b|spring|fruhjahr|fruhling|printemps|primavera|voorjaar|lente|wiosn)\w*"
    r"|(?:holiday|vacation|break|christmas|xmas|easter|feiertag|festtag|weihnacht|ostern|urlaub|ferien|inventur|fetes|rentree|vacances|conges?|noel|paques|vacaciones|navidad|fiestas|semana santa|puente|vuelta|ferie|natale|pasqua|feste|festivita|vakantie|feestdag|kerst|pasen|ferias|natal\b|pascoa|carnaval|carnevale|festas|swiet|swiat|urlop|ferii|majow|ramadan|eid\b|diwali|inventory|trade show|messe\b|salon\b|feria\b|fiera|beurs|targ)\w*"
    r"|(?:new|next|coming|following|naechste|nachste|kommende|neue|proxim|prossim|nuov|volgende?|komende?|nieuwe|novo|nowy|nastepn|przyszl)\w* (?:month|year|week|monat|jahr|woche|mois|an\b|annee|semaine|mes\b|ano\b|semana|mese|anno|settimana|maand|jaar|rok|roku|miesiac|tydzien)\w*"
    r"|(?:mois|annee|semaine|an) (?:prochaine?|suivante?)|(?:mes|ano|semana) (?:que viene|que vem|proxim[oa])|(?:mese|anno|settimana) prossim[oa]|year[- ]end|jahres(?:ende|wechsel)|fin d'annee|fine anno|fin de ano|eind van het jaar|koniec roku|neujahr|capodanno"
)
