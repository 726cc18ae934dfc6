# ruff: noqa: E501 - the words of one language stay on one line
"""The words in a reply that a person must see before it is answered: small tables per language, one per matter.

A word too many costs a look by a person, a word too few an answer to a lawyer: so the tables are wide, and a negation
beside a word does not take it back. All languages are read, since a reply may mix them. Linear in the reply's length.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

# ``~`` stands for the rest of a word, a blank for any white space.
_LEGAL: Final[Mapping[str, str]] = {
    "en": "gdpr|ccpa|data protection|data privacy|privacy (?:law|regulation|breach|officer)~|personal (?:data|information)|data subject~|subject access|dsar|right to (?:erasure|be forgotten|access)|(?:delete|erase|remove) (?:all )?(?:of )?my (?:personal )?(?:data|details|information)|(?:where|how) (?:did|do|have) you (?:get|got|find|found|obtain~) (?:my|our) [a-z\\s-]{0,20}(?:address|e-?mail|details|data|number|contact~|info~|name)|source of (?:my|our) (?:data|address|e-?mail|details|contact~)|lawyer~|attorney~|solicitor~|lawsuit|sue you|legal (?:action|step~|department|team|counsel|proceedings|consequences|basis)|take (?:you|this) to court|cease and desist|can-?spam|supervisory authority|data processing agreement|dpa|nda|non-?disclosure|liabilit~|indemni~|terms and conditions|breach of|consent to (?:be|being|receive)",
    "de": "ds-?gvo|datenschutz~|bdsg|uwg|personenbezogen~|auskunft (?:nach|gem[äa]ß|[üu]ber)~|auskunftsersuchen|(?:recht auf|bitte um|ersuche um) auskunft|art(?:\\.|ikel) ?(?:15|17|21)|meine(?:r)? daten|woher haben sie (?:meine|unsere)~|l[öo]schung (?:meiner|unserer|der) daten|(?:meine|unsere) daten [^.!?\\n]{0,20}l[öo]schen|anwalt~|anw[äa]lt~|rechtsanw~|rechtsabteilung|rechtlich~|juristisch~|abmahn~|unterlassung~|klage|gericht|aufsichtsbeh[öo]rde|auftragsverarbeitung~|avv|geheimhaltung~|vertraulichkeitsvereinbarung|haftung~|widerspruch~",
    "fr": "rgpd|cnil|donn[ée]es personnelles|protection des donn[ée]es|dpo|droit d'acc[èe]s|droit [àa] l'(?:oubli|effacement)|(?:supprim|effac)\\w* mes (?:donn[ée]es|coordonn[ée]es)|(?:comment|o[ùu]) avez-vous (?:eu|obtenu|trouv[ée]) (?:mon|mes|notre|nos)~|avocat~|juridique~|poursuites|mise en demeure|tribunal|plainte|confidentialit[ée]|accord de non-divulgation|responsabilit[ée] civile",
    "es": "rgpd|lopd|lopdgdd|aepd|datos personales|protecci[óo]n de datos|derecho de (?:acceso|supresi[óo]n)|(?:eliminen?|borren?|supriman?) mis datos|(?:c[óo]mo|de d[óo]nde) (?:ha|han|has|habeis|hab[ée]is) (?:conseguido|obtenido|sacado) (?:mi|mis|nuestro)~|abogad~|acciones legales|demanda judicial|departamento (?:legal|jur[íi]dico)|denuncia~|burofax|confidencialidad",
    "it": "gdpr|dati personali|protezione dei dati|garante|diritto di (?:accesso|cancellazione)|cancell\\w* i miei dati|(?:come|dove) (?:ha|avete|hai) (?:avuto|trovato|ottenuto) (?:il mio|i miei|la mia|la nostra)~|avvocat~|azioni legali|vie legali|ufficio legale|diffida|denuncia|riservatezza",
    "nl": "avg|persoonsgegevens|gegevensbescherming|privacywet~|autoriteit persoonsgegevens|inzageverzoek|recht op (?:inzage|verwijdering)|hoe (?:komt u|kom je|komen jullie) aan (?:mijn|ons|onze)~|advoca~|juridisch~|rechtszaak|aangifte|geheimhouding~|verwerkersovereenkomst",
    "pt": "lgpd|rgpd|dados pessoais|prote[çc][ãa]o de dados|direito de acesso|(?:apag|exclu|elimin)\\w* (?:os )?meus dados|(?:como|onde) (?:conseguiu|conseguiram|obteve|obtiveram|arranjou) (?:o meu|meu|os meus|meus)~|advogad~|a[çc][ãa]o judicial|processo judicial|medidas legais|departamento jur[íi]dico|den[úu]ncia|confidencialidade",
    "pl": "rodo|dane osobowe|danych osobowych|ochron[ay] danych|uodo|prawo do (?:usuni[ęe]cia|dost[ęe]pu)|usun\\w* (?:moje|moich) dan~|sk[ąa]d (?:maj[ąa]|ma|macie|masz) (?:pa[nń]stwo |pan |pani )?m[óo]j~|adwokat~|prawnik~|radca prawny|kroki prawne|dzia[łl] prawny|s[ąa]du|poufno[śs]ci~",
}
_COMPLAINT: Final[Mapping[str, str]] = {
    "en": "complain~|refund~|money back|scam~|fraud~|spam(?!(?:-| )?(?:folder|filter|box|score|rate|check|ordner|verdacht|map))~|junk(?! (?:folder|mail folder|box))|harass~|unacceptable|outrageous|ridiculous|disgust~|disgrace~|furious|angry|annoy~|fed up|sick (?:and tired )?of|appalling|insult~|unprofessional|shame on you|how dare you|pathetic|nuisance|pester~|report(?:ed|ing)? you|waste (?:of|my|our) time|security (?:incident|breach)|data (?:breach|leak)|journalist|press (?:inquiry|enquiry|request)|wtf|f[u*]ck~|bullshit",
    "de": "beschwer~|reklam(?:ation|ier)~|r[üu]ckerstatt~|erstattung|geld zur[üu]ck|betrug|betr[üu]g~|unversch[äa]mt~|frechheit|unseri[öo]s~|bel[äa]stig~|unversch~|[äa]rgerlich~|ver[äa]rgert|w[üu]tend|nervt|nervig|unm[öo]glich von|zumutung|abzocke|verarsch~",
    "fr": "r[ée]clamation~|rembours~|arnaque~|escroc~|inadmissible~|inacceptable~|scandaleu~|harc[èe]l~|marre|ras le bol|honteu~|furieu~|en col[èe]re|pourriel~|d[ée]marchage abusif",
    "es": "queja~|reclamaci[óo]n~|reclamar|reembols~|devoluci[óo]n del dinero|estafa~|fraude|inaceptable~|inadmisible~|verg[üu]enza|harto|harta|acoso|indignad~|molest(?:ia|ando|os[oa])~",
    "it": "reclam~|lamentel~|rimbors~|truff~|inaccettabil~|vergogn~|stuf[oaie]|molest~|scandalos~|indignat~",
    "nl": "klacht~|geld terug|terugbetal~|oplicht~|onacceptabel|belachelijk|schandalig|lastig ?val~|boos|irritant~",
    "pt": "reclama[çc]~|reembols~|golpe|fraude|inaceit[áa]ve~|vergonha|absurdo|cansad[oa] de|ass[ée]dio|indignad~",
    "pl": "reklamacj~|skarg~|zwrot[u]? pieni[ęe]dzy|oszust~|niedopuszczaln~|skandal~|bezczeln~|n[ęe]ka~|dosy[ćc] tego",
}
_NEGOTIATION: Final[Mapping[str, str]] = {
    "en": "discount~|negotia~|haggl~|(?:better|best|lower|reduced?|special|old|previous|friendlier) (?:price|rate|deal|offer|terms|pricing)|special conditions|cheaper|price match~|match (?:their|that|the) (?:price|offer|rate)|(?:knock|take|shave|get)(?: \\w+){0,3} off (?:the|that|your)? ?(?:price|rate|fee)|percent off|\\d ?% off|(?:come|go) down (?:on|in|to|with)|meet (?:us|me) (?:halfway|in the middle)|wiggle room|room (?:on|in) (?:the )?pric~|flexib~ (?:on|with|about|in) (?:the |your )?(?:price|pricing|fee|rate|term)~|(?:would|could|can|will) you (?:do|accept|offer|take) (?:it|this|that)?(?: \\w+){0,3} ?(?:for )?[£$€] ?\\d[\\d.,]*|payment terms|waive~|half (?:the )?price|counter-?offer",
    "de": "rabatt~|nachlass|preisnachlass~|skonto|verhandel~|verhandlung~|g[üu]nstiger~|billiger~|entgegenkommen|am preis|bester preis|besten preis|sonderkondition~|sonderpreis~|zahlungsziel|preisvorstellung~|halber preis|h[äa]lfte des preises",
    "fr": "remise~|rabais|ristourne~|r[ée]duction~|n[ée]goci(?:er|ation|able|ons|ez)~|moins cher~|geste commercial|meilleur prix|prix r[ée]duit|conditions (?:sp[ée]ciales|particuli[èe]res)|moiti[ée] prix",
    "es": "descuento~|rebaja~|negociar|negociaci[óo]n~|negociable~|m[áa]s barato~|mejor precio|precio especial|condiciones especiales|mitad de precio",
    "it": "scont[oi]|ribass~|negoziar~|negoziabil~|negoziazion~|trattabil~|trattativ~|pi[ùu] economic~|meno caro|prezzo migliore|condizioni particolari|met[àa] prezzo",
    "nl": "korting~|onderhandel~|goedkoper~|betere prijs|scherpere prijs|speciale prijs|betalingstermijn|halve prijs",
    "pt": "desconto~|negociar|negocia[çc][ãa]o|negoci[áa]ve[il]~|mais barato~|melhor pre[çc]o|pre[çc]o especial|condi[çc][õo]es especiais|metade do pre[çc]o",
    "pl": "rabat~|zni[żz]k~|upust~|negocjo~|negocjacj~|taniej|lepsz\\w+ cen~|ni[żz]sz\\w+ cen~|specjaln\\w+ warunk~|po[łl]ow[ęe] ceny",
}
_CALL: Final[Mapping[str, str]] = {
    "en": "(?:call|phone|ring) (?:me|us)(?! out)|give (?:me|us) a (?:call|ring|buzz)|(?:my|our) (?:phone |mobile |cell |direct |desk )*(?:number|cell|mobile|line) (?:is|:)|reach (?:me|us) (?:at|on|by|via) (?:phone|my (?:cell|mobile|phone)|\\+?\\(?\\d)|(?:call|phone) (?:\\+|\\(?\\d)",
    "de": "ruf(?:en|t|e)? (?:sie |du |doch |bitte |gerne? |einfach )*(?:mich|uns|mal|kurz)(?: \\w+){0,6} ?an|r[üu]ckruf~|zur[üu]ckrufen|anrufen|telefonisch erreich~|erreich(?:en|st) (?:sie |du )?mich(?: \\w+){0,4} unter|(?:meine|unsere) (?:telefon|handy|mobil)?-?nummer",
    "fr": "appel(?:ez|le|er)(?:-| )(?:moi|nous)|(?:m'|nous )appel~|rappel(?:ez|le)(?:-| )(?:moi|nous)|me rappeler|passez-moi un coup de fil|mon (?:num[ée]ro|portable|t[ée]l[ée]phone)|me joindre (?:au|par t[ée]l[ée]phone)|joignable au",
    "es": "ll[áa]m(?:a|e|en)(?:me|nos)|(?:me|nos) (?:puede|puedes|pueden) llamar|puede(?:s|n)? llamarme|llamarme|mi (?:n[úu]mero|m[óo]vil|tel[ée]fono|celular)",
    "it": "(?:mi|ci) chiam[ia]|chiama(?:mi|temi|teci)|chiamarmi|(?:mi|ci) (?:pu[òo]|potete|puoi) chiamare|richiam(?:ami|atemi)|(?:il )?mio (?:numero|cellulare|telefono)|sentiamoci al telefono",
    "nl": "bel (?:me|mij|ons|gerust|maar)|bel(?:t|len) (?:u |je |jullie )?(?:me|mij|ons)|(?:me|mij|ons) (?:even )?(?:op)?bellen|terugbellen|mijn (?:telefoon|mobiele )?nummer|bereikbaar op",
    "pt": "(?:me )?ligu?e(?:-| )(?:me|para mim|nos)|pode(?:m|ria)? (?:me )?ligar|me lig(?:ue|a|ar)|ligue|meu (?:n[úu]mero|telefone|celular|telem[óo]vel)",
    "pl": "zadzwo[ńn]~|prosz[ęe] (?:do mnie )?(?:dzwoni[ćc]|o (?:telefon|kontakt telefoniczny))|(?:m[óo]j|nasz) (?:numer|telefon)|oddzwoni~",
}
_OWN_CALENDAR: Final[Mapping[str, str]] = {
    "en": "(?:book|pick|grab|choose|find|schedule|select|use|reserve|here(?:'s| is)|link to|via|through)(?: [\\w']+){0,6} my (?:calendar|calendly|booking (?:link|page)|scheduling (?:link|page)|scheduler|diary)|my (?:calendar|calendly|booking|scheduling|meeting) (?:link|page)|calendar link (?:is )?(?:below|above|in my)",
    "de": "(?:meinen?|unseren?|meinem|unserem) (?:kalender(?:link)?|buchungs(?:link|seite|kalender)|terminlink|calendly)(?: \\w+){0,4} (?:buchen|eintragen|w[äa]hlen|aussuchen|nutzen)|(?:[üu]ber|unter|mit|via) meine[nm]? (?:kalender~|buchungs~|terminlink|calendly)",
    "fr": "(?:mon|notre) (?:lien (?:de r[ée]servation|calendly)|calendly)|(?:dans|via|sur) mon (?:agenda|calendrier)",
    "es": "(?:en|por|v[íi]a|a trav[ée]s de) mi (?:calendario|agenda|calendly)|mi (?:calendly|enlace de (?:reserva|calendario))",
    "it": "(?:nel|tramite|dal|sul) mio (?:calendario|calendly)|mio (?:link (?:di prenotazione|calendly)|calendly)",
    "nl": "(?:in|via) mijn (?:agenda|calendly|boekingslink)|mijn (?:boekingslink|agenda-?link|calendly)",
    "pt": "(?:na|no|pela|pelo|via) minha (?:agenda|calendly)|(?:no|pelo) meu (?:calend[áa]rio|calendly)|meu (?:link de agendamento|calendly)",
    "pl": "(?:w|przez|poprzez) (?:moim|m[óo]j) kalendarz~|m[óo]j (?:kalendarz|link do kalendarza|calendly)",
}

_LINK: Final = re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]+|\b(?:[\w-]+\.){1,4}[a-z]{2,10}/[^\s<>\"')\]]+")
_CALENDAR_HOST: Final = re.compile(
    r"(?:\A|\.)(?:calendly\.com|cal\.com|savvycal\.com|tidycal\.com|zcal\.co|youcanbook\.me|doodle\.com|chilipiper\.com"
    r"|acuityscheduling\.com|koalendar\.com|appointlet\.com|meetergo\.com|simplybook\.\w+|calendar\.app\.google"
    r"|meetings(?:-\w+)?\.hubspot\.com|hubspot\.com|outlook\.office(?:365)?\.com|bookings\.cloud\.microsoft"
    r"|reclaim\.ai|motion\.com|vyte\.in|cal\.\w+\.\w+|calendar\.google\.com)\Z"
    r"|\A(?:cal|calendar|calendars|meet|meeting|meetings|book|booking|bookings|schedule|scheduling|termin|termine|rdv|agenda)\."
)
_CALENDAR_PATH: Final = re.compile(r"/(?:book|booking|bookings|bookwithme|schedule|meetings?|appointments?|calendar|termin|rdv|\d{2}-?min)\b")  # fmt: skip
_MEETING_ROOM: Final = re.compile(r"\A(?:meet\.google\.com|teams\.microsoft\.com|[\w-]*\.?zoom\.us|meet\.jit\.si)\Z")


def _pattern(table: Mapping[str, str]) -> re.Pattern[str]:
    words = "|".join(table.values()).replace("~", r"\w*").replace(" ", r"(?:\s+)")
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)")


_PATTERNS: Final = {
    "legal": _pattern(_LEGAL),
    "complaint": _pattern(_COMPLAINT),
    "negotiation": _pattern(_NEGOTIATION),
    "call": _pattern(_CALL),
    "own_calendar": _pattern(_OWN_CALENDAR),
}


def legal_words(text: str) -> str:
    """Finds words of law or data protection; "" when there are none. The other functions return the same."""
    return _first("legal", text)


def complaint_words(text: str) -> str:
    """Finds words of complaint or anger."""
    return _first("complaint", text)


def negotiation_words(text: str) -> str:
    """Finds words that ask for another price or for other terms."""
    return _first("negotiation", text)


def call_words(text: str) -> str:
    """Finds words that ask us to phone, or give a number for it."""
    return _first("call", text)


def own_calendar(text: str, our_link: str | None) -> str:
    """Finds a link to the lead's own calendar, or words that point to it. ``our_link`` is ours, however it is cut."""
    ours = _host(our_link) if our_link else None
    for match in _LINK.finditer(text):
        link = match[0].rstrip(".,;:!?")
        if _is_calendar(link.lower()) and _host(link) != ours:
            return link
    return _first("own_calendar", text)


def _first(matter: str, text: str) -> str:
    match = _PATTERNS[matter].search(text.lower().replace("’", "'"))
    return "" if match is None else " ".join(match[0].split())


def _is_calendar(link: str) -> bool:
    host, path = _host(link), link.partition("//")[2].partition("/")[2]
    if _MEETING_ROOM.match(host):
        return False
    return _CALENDAR_HOST.search(host) is not None or _CALENDAR_PATH.search(f"/{path}") is not None


def _host(link: str) -> str:
    try:
        return (urlsplit(link if "://" in link else f"https://{link}").hostname or "").removeprefix("www.")
    except ValueError:
        return ""
