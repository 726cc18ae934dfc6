# ruff: noqa: E501 - the words of one language stay on one line
"""The names of weekdays and months, per language: one table for reading notices and for grounding drafts.

A word ends with a mark where it is of use for one of the two only:

* ``out.`` is read in a notice of its language; in a text of any language it is mostly another word;
* ``mondays+`` grounds a fact, and names no day of return;
* ``tammikuu*`` stands for all words that begin so, in a notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# Monday to Sunday, with a comma between the days.
_WEEKDAYS: Final[Mapping[str, str]] = {
    "en": "monday mondays+, tuesday tuesdays+, wednesday wednesdays+, thursday thursdays+, friday fridays+, saturday saturdays+, sunday sundays+",
    "de": "montag montags+, dienstag dienstags+, mittwoch mittwochs+, donnerstag donnerstags+, freitag freitags+, samstag samstags+ sonnabend+, sonntag sonntags+",
    "fr": "lundi, mardi, mercredi, jeudi, vendredi, samedi, dimanche",
    "es": "lunes, martes, miércoles miercoles+, jueves, viernes, sábado sabado+, domingo",
    "it": "lunedì lunedi+, martedì martedi+, mercoledì mercoledi+, giovedì giovedi+, venerdì venerdi+, sabato, domenica",
    "nl": "maandag, dinsdag, woensdag, donderdag, vrijdag, zaterdag, zondag",
    "pt": "segunda-feira, terça-feira, quarta-feira, quinta-feira, sexta-feira, sábado, domingo",
    "pl": "poniedziałku poniedziałek+, wtorku wtorek+, środy środa+ środę+, czwartku czwartek+, piątku piątek+, soboty sobota+ sobotę+, niedzieli niedziela+ niedzielę+",
    "sv": "måndag, tisdag, onsdag, torsdag, fredag, lördag, söndag",
    "da": "mandag, tirsdag, onsdag, torsdag, fredag, lørdag, søndag",
    "nb": "mandag, tirsdag, onsdag, torsdag, fredag, lørdag, søndag",
    "fi": "maanantai, tiistai, keskiviikko, torstai, perjantai, lauantai, sunnuntai",
    "ru": "понедельника., вторника., среды., четверга., пятницы., субботы., воскресенья.",
    "cs": "pondělí., úterý., středy., čtvrtka., pátku., soboty., neděle.",
    "sk": "pondelok., utorok., stredu., štvrtok., piatok., sobotu., nedeľu.",
    "hu": "hétfő., kedd., szerd., csütörtök., péntek., szombat., vasárnap.",
    "tr": "pazartesi., salı., çarşamba., perşembe., cuma., cumartesi., pazar.",
    "ro": "luni., marți., miercuri., joi., vineri., sâmbătă., duminică.",
    "el": "δευτέρα., τρίτη., τετάρτη., πέμπτη., παρασκευή., σάββατο., κυριακή.",
    "uk": "понеділка., вівторка., середи., четверга., п'ятниці., суботи., неділі.",
}
# January to December.
_MONTHS: Final[Mapping[str, str]] = {
    "en": "january jan, february feb, march mar, april apr, may, june jun, july jul, august aug, september sept sep, october oct, november nov, december dec",
    "de": "januar jan jänner, februar feb, märz mrz, april apr, mai, juni jun., juli jul., august aug, september sept sep, oktober okt, november nov, dezember dez",
    "fr": "janvier janv, février févr fév, mars, avril avr, mai, juin, juillet juil, août aout, septembre sept, octobre oct, novembre nov, décembre déc",
    "es": "enero ene, febrero feb, marzo mar, abril abr, mayo, junio, julio, agosto ago, septiembre sep setiembre, octubre oct, noviembre nov, diciembre dic",
    "it": "gennaio gen., febbraio feb, marzo mar, aprile apr, maggio, giugno, luglio, agosto ago, settembre sett set, ottobre ott., novembre nov, dicembre dic",
    "nl": "januari jan, februari feb, maart mrt, april apr, mei, juni, juli, augustus aug, september sept sep, oktober okt, november nov, december dec",
    "pt": "janeiro jan, fevereiro fev., março mar, abril abr, maio, junho jun, julho jul, agosto ago, setembro set, outubro out., novembro nov, dezembro dez",
    "pl": "stycznia styczeń+ styczniu+, lutego luty+ lutym+, marca marzec+ marcu+, kwietnia kwiecień+ kwietniu+, maja maju+, czerwca czerwiec+ czerwcu+, lipca lipiec+ lipcu+, sierpnia sierpień+ sierpniu+, września wrzesień+ wrześniu+, października październik+ październiku+, listopada listopad+ listopadzie+, grudnia grudzień+ grudniu+",
    "sv": "januari jan, februari feb, mars, april apr, maj, juni, juli, augusti aug, september sept sep, oktober okt, november nov, december dec",
    "da": "januar jan, februar feb, marts, april apr, maj, juni, juli, august aug, september sept sep, oktober okt, november nov, december dec",
    "nb": "januar jan, februar feb, mars, april apr, mai, juni, juli, august aug, september sept sep, oktober okt, november nov, desember. des.",
    "fi": "tammikuu*, helmikuu*, maaliskuu*, huhtikuu*, toukokuu*, kesäkuu*, heinäkuu*, elokuu*, syyskuu*, lokakuu*, marraskuu*, joulukuu*",
    "ru": "января., февраля., марта., апреля., мая., июня., июля., августа., сентября., октября., ноября., декабря.",
    "cs": "ledna., února., března., dubna., května., června., července., srpna., září., října., listopadu., prosince.",
    "sk": "januára., februára., marca., apríla., mája., júna., júla., augusta., septembra., októbra., novembra., decembra.",
    "hu": "január., február., március., április., május., június., július., augusztus., szeptember., október., november., december.",
    "tr": "ocak., şubat., mart., nisan., mayıs., haziran., temmuz., ağustos., eylül., ekim., kasım., aralık.",
    "ro": "ianuarie., februarie., martie., aprilie., mai., iunie., iulie., august., septembrie., octombrie., noiembrie., decembrie.",
    "el": "ιανουαρίου., φεβρουαρίου., μαρτίου., απριλίου., μαΐου., ιουνίου., ιουλίου., αυγούστου., σεπτεμβρίου., οκτωβρίου., νοεμβρίου., δεκεμβρίου.",
    "uk": "січня., лютого., березня., квітня., травня., червня., липня., серпня., вересня., жовтня., листопада., грудня.",
}
_NOTICE_ONLY = ".*"
_FACTS_ONLY = "+"


def _in_notices(table: Mapping[str, str]) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    return MappingProxyType(
        {
            language: tuple(
                tuple(word.removesuffix(".") for word in words.split() if not word.endswith(_FACTS_ONLY))
                for words in row.split(",")
            )
            for language, row in table.items()
        }
    )


def _in_facts(table: Mapping[str, str], first: int) -> Mapping[str, int]:
    return MappingProxyType(
        {
            word.removesuffix(_FACTS_ONLY): number
            for row in table.values()
            for number, words in enumerate(row.split(","), first)
            for word in words.split()
            if word[-1] not in _NOTICE_ONLY
        }
    )


WEEKDAY_NAMES = _in_notices(_WEEKDAYS)
"""Per language, Monday to Sunday: the words that name the day in a notice."""

MONTH_NAMES = _in_notices(_MONTHS)
"""Per language, January to December: the same of months; ``*`` at its end stands for any ending."""

WEEKDAY_OF_WORD = _in_facts(_WEEKDAYS, 0)
"""The weekday that a word names, whatever the language; Monday is 0."""

MONTH_OF_WORD = _in_facts(_MONTHS, 1)
"""The month that a word names, whatever the language."""
