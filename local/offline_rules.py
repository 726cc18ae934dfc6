"""Plain deterministic rules that do the model's tasks when there is no OpenAI key: a stand-in, not a model.

It reads the same JSON documents that a model would get and writes the same schema, so that the whole product can run,
be shown and be tested without a network. It knows key words of a few languages; everything else is Neutral.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from local.offline_drafts import LANGUAGES, write
from local.offline_promises import promises_in
from shared.domain.drafting.draft_checks import check_draft
from shared.domain.drafting.findings import FindingKind
from shared.domain.drafting.stated_commitments import stated_commitments
from shared.domain.text.language import language_of as recognised
from shared.domain.vocabulary import Tag

type Document = Mapping[str, Any]

# --- what a reply means -----------------------------------------------------------------------------------------------

# Certain opt-outs never reach a model; what is left to it is said without the usual words. A false alarm would lose a
# customer here as well, so this list is narrow.
_BLACKLIST = (
    r"\b(?:remove|delete|erase|take) (?:me|us|my (?:e-?mail|address|name|data|details)) (?:off "
    r"|from |out )|\bbe(?:ing)? removed from (?:your|this|the)\b"
    r"|\bunsubs?c?r?ib[e]?\b(?: me)?(?: pls| please)?\W*$"
    r"|\bleave me alone\b|\bstop (?:e-?mailing|contacting|writing|spamming|bothering"
    r"|messaging) (?:me|us)\b|\breport(?:ed|ing)? (?:you |this |it )?(?:as spam|to the)\b"
    r"|\bcease and desist\b|\bf(?:u|\*)(?:c|\*)(?:k|\*) off\b|\bpassed away\b",
    r"\b(?:unser|mein|mit dem) anwalt\b|\bwiderspreche der (?:verarbeitung|nutzung)\b|\b(?:löschen"
    r"|streichen) sie (?:bitte )?mein\w* (?:daten|adresse)|\bkeine weiteren (?:e-?mails?"
    r"|nachrichten)\b",
    r"\barrêtez de m'|\bne (?:me|nous) (?:contactez|écrivez|recontactez) plus\b|\bretirez[- ]moi\b"
    r"|\bdenme de baja|\bdarme de baja|^\W*baja\W*$|\beliminen mis datos|\b(?:los|te"
    r"|les) voy a denunciar|\bno (?:quiero|deseo) recibir\b"
    r"|\bcancellarmi\b|\bremova (?:o )?meu\b|\bnão quero mais receber\b|\busunięcie mojego\b"
    r"|\bwięcej do mnie nie pis\w+|\bta bort mig\b|\bfjern mig\b|配信停止",
)
_AUTOMATED = (
    r"\b(?:ticket|case|request) (?:\(?#|number|id|has been (?:received|created|opened))|\bwe(?:'ve"
    r"| have) received your (?:message|e-?mail|request|inquiry)\b|\bthis (?:is an automated"
    r"|mailbox is (?:not|un)|inbox is (?:not|un))"
    r"|\bauto(?:matic|mated)?[- ](?:reply|response|generated)|\bdo not reply to this (?:e-?mail"
    r"|message)\b|\bwill (?:get back|respond|reply) (?:to you )?within \d|\bno longer (?:works?"
    r"|with|employed)\b[^.]{0,60}\bautomat|\bawaiting verification\b|\bis no longer with\b"
    r"|\bthank you for (?:contacting|your e-?mail)\b[^\n]{0,40}\bwe (?:have|will)\b"
    r"|\bhave received it and will\b|\bautomatic filter\b|\bwygenerowana automat"
    r"|\bverify (?:that )?you(?:'re| are) (?:a )?human\b",
    r"\bautomatische (?:antwort|bestätigung|eingangsbestätigung)|\bihre anfrage (?:ist"
    r"|wurde) (?:bei uns )?ein|\bticketnummer\b|\bdiese(?:s)? postfach wird nicht\b"
    r"|\bvorgangsnummer\b",
    r"\bréponse automatique|\bnous avons bien reçu votre\b|\baccusé de réception\b|\bnuméro de (?:ticket|dossier)\b",
    r"\brespuesta automática|\bhemos recibido (?:su|tu)\b|\bnúmero de (?:ticket|caso)\b",
    r"\brisposta automatica|\babbiamo ricevuto\b|\bautomatisch antwoord|\bwij hebben uw (?:bericht"
    r"|aanvraag)\b|\bresposta automática|\brecebemos (?:a sua|sua|o seu)\b"
    r"|\bautomatyczna odpowiedź|\botrzymaliśmy\b|\b自動返信",
)
_OUT_OF_OFFICE = (
    r"\bout of (?:the )?office\b|\bOOO\b|\b(?:i am|i'm|i will be) (?:currently )?(?:on|away"
    r"|out)(?: of| on|,| until| from| with)? ?(?:holiday|vacation|annual leave|(?:maternity"
    r"|paternity|parental|sick) leave|leave|until|the office)\b"
    r"|\blimited access to (?:my )?e-?mail|\b(?:return(?:ing)?|back) (?:to|in) the office\b",
    r"\babwesen(?:d|heit)\w*|\bnicht im (?:büro|hause)\b|\bim urlaub\b|\bin elternzeit\b"
    r"|\bwieder (?:erreichbar|im büro)\b",
    r"\babsent\w* (?:du|jusqu|de|pour)|\bje suis (?:actuellement )?(?:absente?|en (?:congés?"
    r"|vacances))|\bde retour le\b|\bd'absence\b",
    r"\bfuera de (?:la )?oficina|\bestoy de vacaciones|\bestaré (?:fuera|ausente)|\bde vacaciones hasta\b|\bausencia\b",
    r"\bfuori (?:sede|ufficio)|\bin ferie\b|\bafwezig\b|\bop vakantie\b|\bausente\b|\bde férias\b"
    r"|\bfora do escritório|\bpoza biurem|\bna urlopie|\bnieobecn\w+|\bfrånvarande|\bpå semester"
    r"|\b不在",
)
_DAYS = (
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sun)(?:day|s)?\b|montag|dienstag|mittwoch"
    r"|donnerstag|freitag|\b(?:mo|di|mi|do|fr)\b|lundi|mardi|mercredi|jeudi|vendredi|lunes|martes"
    r"|miércoles|miercoles|jueves|viernes"
    r"|lunedì|martedì|mercoledì|giovedì|venerdì|maandag|dinsdag|woensdag|donderdag|vrijdag|segunda"
    r"|terça|quarta|quinta|sexta|tomorrow|morgen\b(?! früh)?|demain|mañana|domani|amanhã|jutro"
    r"|wtorek|środę|czwartek|piątek|poniedziałek"
    r"|måndag|tisdag|onsdag|torsdag|fredag|mandag|tirsdag|понедельник|вторник|среду|четверг|пятницу|曜日"
)
_CLOCK = r"\d{1,2}(?::\d{2}|[.h]\d{2})? ?(?:a\.?m\b\.?|p\.?m\b\.?|uhr|h\b|o'clock)|\d{1,2}:\d{2}"
_DAY_AND_TIME = (
    rf"(?:\b(?:{_DAYS})[^.?!\n\d]{{0,25}}(?:{_CLOCK}|\d{{1,2}}(?:[.:]\d{{2}})?(?!\d|\.\d|(?:st|nd"
    rf"|rd|th)\b))|(?:{_CLOCK})[^.?!\n]{{0,30}}\b(?:{_DAYS}))"
    rf"|(?:{_DAYS})(?:の|,? \d{{1,2}}\.(?:\d{{1,2}}\.?)?)[^.?!\n]{{0,12}}\d{{1,2}}",
)
_MEETING = (
    rf"(?:\b(?:{_DAYS})[^.?!\n]{{0,60}}(?:{_CLOCK})|(?:{_CLOCK})[^.?!\n]{{0,40}}\b(?:{_DAYS}))"
    rf"|\b(?:{_DAYS})[^.?!\n]{{0,50}}\b(?:works?|suits?|good|fine|free|available|great|passt|geht"
    rf"|frei|convient|dispo\w*|possible|va bien|puedo|libre|bene|kan|prima|pode|ok)\b"
    rf"|\b(?:how|what) about [^.?!\n]{{0,30}}(?:{_DAYS})|\b(?:let'?s|happy to|glad to|want to"
    rf"|like to|love to|open to|up for|free to|available to|schedule|set up|book|arrange|jump on"
    rf"|hop on) (?:a |an |us |for |to |some |time |quick |short |brief "
    rf"|\d{{1,2}}[- ]min\w* ){{0,4}}(?:meet|meeting|chat|call|talk|speak|demo|connect|conversation"
    rf"|time|zoom|teams)\b"
    r"|\b(?:when|what time|which day)[^.?!\n]{0,40}\b(?:free|available|suit|work)|\b(?:send"
    r"|share)[^.?!\n]{0,30}\b(?:invite|invitation|availability|calendar|slots?|times?|calendly)\b"
    r"|\b(?:grab|pick|book|choose) (?:a |any )?(?:slot|time)\b|\b(?:calendly|cal)\.\w+/",
    r"\b(?:termin|treffen|gespräch|austausch|demo|kennenlern\w+)\b[^.?!\n]{0,60}\b(?:vereinbaren"
    r"|machen|ausmachen|möglich|gerne?|vorschlag\w*|passen|einladung)\b"
    r"|\bgerne?[^.?!\n]{0,40}\b(?:termin|gespräch|telefonat|austausch|treffen|demo)\b"
    r"|\bschicken sie[^.?!\n]{0,30}\b(?:einladung|termin\w*)\b|\bwann (?:hätten|haben|passt|wäre"
    r"|können)\b",
    r"\b(?:rendez-vous|rdv|réunion|visio\w*|échang\w+|démo)\b[^.?!\n]{0,60}\b(?:possible"
    r"|volontiers|plaisir|convenir|organiser|fixer|planifier|propos\w+)\b|\b(?:volontiers"
    r"|avec plaisir)[^.?!\n]{0,40}\b(?:échang\w+|rendez-vous|rdv|appel|discuter|démo)\b"
    r"|\bquand (?:êtes|seriez)\b|\bvos disponibilités\b",
    r"\b(?:reunión|reunion|llamada|demo|videollamada)\b[^.?!\n]{0,60}\b(?:agendar|programar"
    r"|podemos|encantad\w|perfecto|propon\w+)\b|\b(?:agendemos|agendar|programemos|reunirnos"
    r"|encantad[oa] de hablar|quedamos|podemos hablar)\b|\bcuándo (?:puedes?|podemos|te viene"
    r"|le viene)\b|\bdisponibilidad\b",
    r"\b(?:fissiamo|fissare|sentirci|incontro|volentieri[^.?!\n]{0,30}(?:call|sentir|incontr))\b"
    r"|\b(?:afspraak|afspreken|inplannen)\b|\b(?:marcar|agendar) (?:uma )?(?:reunião|conversa"
    r"|call)\b|\b(?:umówmy|spotkanie|umówić)\b",
)
_CALL = (
    r"\b(?:call|ring|phone) me\b|\bgive (?:me|us) a (?:call|ring|buzz)\b|\breach me (?:on|at"
    r"|by phone)\b|\bbest (?:number|reached) (?:to|is|on|by)\b",
    r"\brufen sie (?:mich|uns|bitte|einfach)\b|\bruf mich\b|\bmelden sie sich telefonisch\b"
    r"|\bunter der nummer\b|\bgerne? telefonisch\b",
    r"\bappelez[- ](?:moi|nous)\b|\bjoignable au\b|\bpar téléphone au\b|\bllám[ae](?:me|nos)\b"
    r"|\bllámenme\b|\bmi (?:número|teléfono|móvil) es\b|\bchiam(?:ami|atemi|i)\b|\bbel me\b"
    r"|\b(?:me )?liga?(?:-me|ue)\b|\bzadzwoń|\bproszę (?:o telefon|zadzwonić)",
)
_NO_CALL = (
    r"\b(?:don'?t|do not|never|no need to|please no|nicht|ne pas|no me)\b[^.?!\n]{0,25}\b(?:call|phone"
    r"|ring|calls|anrufen|rufen|appelez|llames?)\b"
)
_INFORMATION = (
    r"\bpric(?:e|es|ing|ey?)\b[^.!\n]{0,60}\?|\b(?:what|how much)[^.?!\n]{0,50}\b(?:cost|price"
    r"|pricing|charge|rates?|fees?)\b|\bhow much\b|\b(?:send|share|forward)(?: me| us| over"
    r"| through| along)*[^.?!\n]{0,40}\b(?:info\w*|details|deck|brochure|pricing|material\w*"
    r"|one[- ]pager|case stud\w+|references|overview|examples|more)\b"
    r"|\b(?:more|further|additional) (?:info\w*|details)\b|\bhow (?:does|do|is|would|long"
    r"|many)\b[^.!\n]{0,80}\?|\b(?:do|does|can|is|are|what|which|who|where) (?:you|your|it|this"
    r"|that|the|kind|sort|makes|integrat\w+|support\w*)\b[^.!\n]{0,100}\?|\bcase stud(?:y|ies)\b"
    r"|\bwhat(?:'s| is) (?:the|your|this|it|included)\b[^.!\n]{0,60}\?",
    r"\bwas kostet\b|\bpreis(?:e|liste|modell|information\w*)?\b[^.!\n]{0,60}"
    r"|\bkosten\b[^.!\n]{0,60}\?|\b(?:schicken|senden) sie (?:mir|uns)?[^.?!\n]{0,40}\b(?:info\w*"
    r"|unterlagen|angebot|details|material\w*|broschüre)\b|\b(?:mehr|weitere|nähere) (?:info\w*"
    r"|details|informationen)\b|\bwie (?:funktioniert|genau|lange|viel)\b|\breferenzen\b"
    r"|\bwelche\b[^.!\n]{0,80}\?",
    r"\b(?:quel|combien|quels?|quelles?)\b[^.!\n]{0,80}\?|\btarifs?\b|\bprix\b|\b(?:envoyez"
    r"|envoyer|transmettre)[^.?!\n]{0,50}\b(?:info\w*|documentation|détails|plaquette"
    r"|présentation)\b|\bplus d'info\w*|\ben savoir plus\b|\bcomment (?:ça|cela) (?:marche"
    r"|fonctionne)",
    r"\bcuánto (?:cuesta|vale|cobran)\b|\bprecios?\b|\btarifas?\b|\b(?:envíe\w*|enviar\w*|manda\w*"
    r"|pasa\w*)[^.?!\n]{0,40}\b(?:info\w*|detalles|presentación|propuesta)\b|\bmás (?:info\w*"
    r"|detalles)\b|\bcómo funciona\b|¿(?:qué|cuál|cómo|cuánto)\b",
    r"\b(?:quanto costa|prezz[oi]|maggiori info\w*|come funziona)\b|\b(?:vad kostar|hvad koster"
    r"|paljonko|referenser|сколько|цен[аы]|wat kost|prijs|prijzen|meer info\w*|hoe werkt)\b"
    r"|\b(?:quanto custa|qual o valor|preços?|mais info\w*|como funciona)\b|\b(?:ile kosztuje"
    r"|koszt|cen(?:a|nika?|y)|referencji|więcej informacji|jak działa)\b",
)
_NOT_INTERESTED = (
    r"\bnot (?:really |currently |for us |something |a fit|the right fit)?(?:interested"
    r"|interesting|a (?:good )?fit|for us|relevant|needed)\b|\bno interest\b|\bno,? thank(?:s"
    r"| you)\b|\bno longer interested\b|\b(?:we|i)(?:'ll| will)? pass\b|\bwe(?:'re"
    r"| are)? (?:all )?(?:good|set|fine|happy|covered|sorted)\b(?! (?:to|for))|\ball good,? thank"
    r"|\bdon'?t need\b|\bno need\b|\bwrong person\b(?![^.!\n]{0,60}@)",
    r"\b(?:kein|nicht)(?: weiter| an)? ?(?:interess\w+|bedarf)|\bkein interesse\b|\bnein,? danke\b"
    r"|\bnicht relevant\b|\bbrauchen wir nicht\b|\bnon,? merci\b|\bpas intéress\w+|\bpas besoin\b"
    r"|\bne (?:nous|m'|me) (?:intéresse|concerne)\w* pas\b|\bno (?:me|nos|estoy"
    r"|estamos) interes\w+|\bno,? gracias\b|\bno necesitamos\b",
    r"\bnon (?:sono|siamo|mi|ci) interess\w+|\bno,? grazie\b|\bgeen (?:interesse|behoefte)\b"
    r"|\bnee,? (?:bedankt|dank)|\bnão (?:temos|tenho|estou|estamos) interess\w+"
    r"|\bnão,? obrigad[oa]\b|\bnie (?:jestem|jesteśmy) zainteresowan\w+|\bnie,? dziękuj\w+",
)
_OBJECTION = (
    r"\btoo (?:expensive|pricey|costly|much money)\b|\bno budget\b|\bbudget (?:is"
    r"|was)[^.?!\n]{0,20}(?:gone|frozen|cut|tight|spent)|\bcan'?t afford\b|\b(?:we|i)(?: already"
    r"|'re already|'ve already| are already)? (?:use|using|work with|have"
    r"|working with)[^.?!\n]{0,40}\b(?:already|provider|vendor|agency|solution|tool|in[- ]house"
    r"|someone|competitor)\b|\balready (?:use|using|have|work)\w*\b|\bbad experience\b|\bburn(?:ed"
    r"|t) (?:before|by)\b|\bsceptical\b|\bskeptical\b|\bhow did you (?:get|find) my\b"
    r"|\bnot (?:sure|convinced)\b|\bexpensive\b|\bwhere did you get\b|\bwhy would i\b|\bspammer\b"
    r"|\bwhy should (?:i|we)\b|\bsounds too good\b",
    r"\bzu teuer\b|\bkein budget\b|\bbereits (?:einen?|mit|ein)\b|\bhaben (?:schon|bereits)\b"
    r"|\barbeiten (?:schon|bereits)\b|\bschlechte erfahrung\w*|\bwoher haben sie\b|\bskeptisch\b"
    r"|\btrop cher\b|\bpas de budget\b|\bdéjà (?:un|une|avec|équip\w+)\b|\bmauvaise expérience"
    r"|\bdemasiado caro|\bmuy caro\b|\bno (?:tenemos|hay) presupuesto|\bya (?:tenemos|trabajamos"
    r"|usamos)\b|\bmala experiencia|\btroppo caro|\babbiamo già\b|\bte duur\b|\bwe hebben al\b"
    r"|\bmuito caro\b|\bjá temos\b|\bza drogo\b|\bmamy już\b|\bhaben dafür\b|\btravaillons déjà\b"
    r"|\bchi vi ha dato\b|\btwijfel\b|\bdoen dit al\b",
)
_FOLLOW_UP = (
    r"\bnot (?:now|right now|yet|ready|at this (?:time|point|moment)|at the moment|a priority)\b"
    r"|\b(?:next|early|later|end of|beginning of|mid|start of) (?:quarter|year|month|spring|summer"
    r"|autumn|fall|winter|q[1-4]|jan\w*|feb\w*|mar\w*|apr\w*|may|june?|july?|aug\w*|sep\w*|oct\w*"
    r"|nov\w*|dec\w*|20\d\d)\b|\b(?:in|by|around|until|after|from) (?:q[1-4]|january|february"
    r"|march|april|may|june|july|august|september|october|november|december|summer|the (?:summer"
    r"|holidays|new year|break)|(?:a|a few|a couple of|two|three|six|\d) (?:weeks|months|month"
    r"|years?|week))\b|\b(?:circle|check|come|reach|get|ping|follow)(?: me)?(?: back| out"
    r"| up)(?: to me| with me| to us)?\b[^.?!\n]{0,30}\b(?:in|next|after|later|around|then|once"
    r"|when)\b|\bmaybe (?:next|later|in)\b|\bnot the right person\b[^\n]{0,60}@"
    r"|\bwenden sie sich\b|\bcatch me when\b|\bbusy (?:right now|at the moment|until)\b|\b(?:talk"
    r"|speak|contact|reach out|write|ask|cc|loop in|forward)[^.?!\n]{0,40}\b(?:my colleague"
    r"|instead|in charge|responsible)\b|[\w.]+@[\w-]+\.\w+[^.?!\n]{0,40}\b(?:handles"
    r"|is responsible|in charge|instead)\b",
    r"\bnächste[sn]? (?:quartal|jahr|monat)\b|\b(?:im|ab|nach dem?|anfang|ende) (?:januar|februar"
    r"|märz|april|mai|juni|juli|august|september|oktober|november|dezember|sommer\w*|herbst|winter"
    r"|frühjahr|q[1-4])\b|\b(?:gerade|aktuell|derzeit|momentan|im moment)[^.?!\n]{0,40}\b(?:nicht"
    r"|kein\w*)\b|\bspäter\b[^.?!\n]{0,30}|\bmelden sie sich[^.?!\n]{0,30}\b(?:wieder|nochmal"
    r"|erneut|im|in|ab|nach)\b|\bmein\w* kolleg\w+\b",
    r"\b(?:pas|plus) (?:maintenant|pour le moment|pour l'instant|tout de suite)\b|\b(?:trimestre"
    r"|année|mois) prochaine?\b|\brecontactez[- ](?:moi|nous)[^.?!\n]{0,40}|\ben (?:janvier"
    r"|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)\b"
    r"|\baprès (?:l'été|les vacances|la rentrée)\b|\bmon collègue\b",
    r"\b(?:ahora|por ahora|de momento|en este momento)[^.?!\n]{0,30}\bno\b|\bno (?:ahora|por ahora"
    r"|de momento|es buen momento)\b|\b(?:trimestre|año|mes) que viene\b|\bpróximo (?:trimestre"
    r"|año|mes)\b|\bmás adelante\b|\ben (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto"
    r"|septiembre|octubre|noviembre|diciembre)\b|\bdespués del? verano\b|\bmi compañer[oa]\b",
    r"\b(?:non (?:ora|adesso)|prossimo (?:trimestre|anno|mese)|più avanti|niet nu"
    r"|volgend (?:kwartaal|jaar)|volgende maand|later dit jaar|nu even niet|in (?:het voorjaar"
    r"|maart)|a gennaio|em março|nach der \w+pause|efter nytår|agora não|próximo (?:trimestre|ano"
    r"|mês)|mais tarde|nie teraz|w przyszłym (?:roku|kwartale|miesiącu)|później)\b",
)
_WRONG_PERSON = (
    r"\b(?:not the right (?:person|contact)|wrong person|not my (?:area|department)|no longer (?:works?|with us))\b",
    r"\b(?:nicht (?:der|die) richtige|falsche person|nicht zuständig|pas la bonne personne|no soy la persona)\b",
)
_INTERESTED = (
    r"\btell me more\b|\bcount me in\b|\bworth a look\b|\brelevant (?:for|to) us\b|\breally like\b"
    r"|\bnext step\b|\bjestem za\b|👍|🚀|\binterest(?:ed|ing)\b|\bsounds (?:good|great|interesting"
    r"|promising)\b|\b(?:yes|sure|ok|okay|absolutely|definitely|of course)\b|\blet'?s (?:do|talk"
    r"|go)\b|\bkeen\b|\bcurious\b|\bhappy to (?:learn|hear|explore)\b|\blove to\b|\bgood timing\b",
    r"\binteress(?:ant|iert|e)\b|\bklingt (?:gut|spannend|interessant)\b|^\W*(?:ja|gerne?)\b"
    r"|\bgerne?\b|\bintéress\w+|\bvolontiers\b|^\W*oui\b|\bavec plaisir\b|\binteresa\w*\b"
    r"|\binteresante\b|^\W*s[íi]\b|\bme gusta\w*\b|\bsuena bien\b|\bconforme\b|\binteress\w+"
    r"|^\W*(?:ja|tak|sim)\b|\bklinkt goed\b|\bzainteresowan\w+",
)


def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE | re.MULTILINE)


# In order of precedence: the first that matches is the tag.
_TAG_RULES: tuple[tuple[Tag, re.Pattern[str]], ...] = (
    (Tag.BLACKLIST, _any(_BLACKLIST)),
    (Tag.AUTOMATED_REPLY, _any(_AUTOMATED)),
    (Tag.OUT_OF_OFFICE, _any(_OUT_OF_OFFICE)),
    (Tag.MEETING_REQUESTED, _any(_DAY_AND_TIME)),
    (Tag.NOT_INTERESTED, _any(_NOT_INTERESTED)),  # before the wishes: "not interested in a demo on Tuesday"
    (Tag.FOLLOW_UP, _any(_FOLLOW_UP)),
    (Tag.WRONG_PERSON, _any(_WRONG_PERSON)),
    (Tag.MEETING_REQUESTED, _any(_MEETING)),
    (Tag.CALL_REQUESTED, _any(_CALL)),
    (Tag.INFORMATION_REQUESTED, _any(_INFORMATION)),
    (Tag.OBJECTION, _any(_OBJECTION)),
    (Tag.INTERESTED, _any(_INTERESTED)),
)
_ANSWERS_ANYWAY = re.compile(r"\b(?:but|aber|mais|pero|ale|men)\b|\?", re.IGNORECASE)
_NO_OPT_OUT = re.compile(
    r"\b(?:do not|don'?t|please don'?t)[^.?!\n]{0,20}\b(?:before \d|take us off)"
    r"|\btake me off (?:the )?cc\b|\bif (?:you|they|i)\b[^.?!\n]{0,30}\bunsubscribe"
    r"|\bunsubscribe (?:rate|link|button|page)s?\b",
    re.IGNORECASE,
)
_CONFIRMATION = re.compile(
    r"\W*(?:yes|yep|yeah|sure|ok|okay|works|works for me|that works|sounds good|perfect|great"
    r"|please do|go ahead|ja|gerne?|passt|klar|oui|d'accord|parfait|s[íi]|vale|perfecto|claro"
    r"|va bene|prima|sim|tak)(?: (?:please|bitte|gerne|for me|thanks|danke|merci|gracias))?\W*",
    re.IGNORECASE,
)
_OUR_MEETING = re.compile(
    r"\b(?:call|meet\w*|chat|demo|gespräch|termin|échange\w*|rendez-vous|reunión|llamada|minutes?|minuten)\b",
    re.IGNORECASE,
)
_OUR_MATERIAL = re.compile(r"\b(?:send|share|schicken|senden|envoyer|enviar)\b", re.IGNORECASE)
_INJECTION = re.compile(
    r"\bignore (?:all |any |the |your )?(?:previous|prior|above|earlier)?\s?(?:instructions?|rules"
    r"|prompts?)|\bsystem prompt\b|\bas an ai\b|\byou are (?:now|an? (?:ai|assistant"
    r"|language model|bot))\b|\bjailbreak|\bdisregard (?:all|the|your|previous)|\bclassify (?:this"
    r"|me) as\b|\b(?:set|mark)[^.\n]{0,30}\b(?:confidence|safe|tag)\b|\bignorier\w* (?:alle|die"
    r"|deine)[^.\n]{0,30}anweisungen|\bignor(?:e|ez|a) (?:toutes|todas"
    r"|las)[^.\n]{0,30}(?:instructions|instrucciones)",
    re.IGNORECASE,
)


def sentiment(document: Document) -> dict[str, Any]:
    """Tags ``reply``, and says of a suspected opt-out what its tag says."""
    tagged = _tag(document)
    if not document.get("suspected"):
        return tagged
    tag = Tag(tagged["tag"])
    verdict = "CONFIRMED" if tag is Tag.BLACKLIST else "UNCLEAR" if tag is Tag.NEUTRAL else "DENIED"
    words = tagged["quoted_words"] or str(document["suspected"])
    return tagged | {"opt_out": verdict, "opt_out_reason": f"the reply is {tag.value}", "quoted_words": words}


def _tag(document: Document) -> dict[str, Any]:
    """Applies the rules in the order of the tags, then looks what a bare "yes" answers."""
    reply = document["reply"]
    text = str(reply["text"]).strip() or str(reply.get("subject", "")).strip()
    if _INJECTION.search(text) and len(text) < 600:
        return _tagged(Tag.NEUTRAL, "the reply addresses a program")
    for tag, pattern in _TAG_RULES:
        match = pattern.search(text)
        if match is None or (tag is Tag.BLACKLIST and _NO_OPT_OUT.search(text)):
            continue
        if tag is Tag.OUT_OF_OFFICE and _ANSWERS_ANYWAY.search(text) and _wish_of(text):
            continue  # "I am out on Thursday, but Friday at ten works"
        if tag is Tag.CALL_REQUESTED and re.search(_NO_CALL, text, re.IGNORECASE):
            continue
        if tag is Tag.NOT_INTERESTED and _not_now(text):
            tag = Tag.FOLLOW_UP
        if tag is Tag.FOLLOW_UP and (wish := _wish_of(text)):
            tag = wish
        if tag is Tag.OBJECTION and (wish := _wish_of(text)):
            tag = wish
        if tag is Tag.INTERESTED and _CONFIRMATION.fullmatch(text):
            tag = _confirmed(document)
        if tag is Tag.MEETING_REQUESTED and document.get("meeting_is_booked"):
            tag = Tag.MEETING_BOOKED
        words = match[0].strip() if tag is Tag.BLACKLIST else ""
        return _tagged(tag, f"a rule for {tag.value} matched", words)
    return _tagged(Tag.NEUTRAL, "no rule matched")


def _tagged(tag: Tag, reason: str, words: str = "") -> dict[str, Any]:
    return {"reason": reason, "tag": tag.value, "opt_out_reason": "", "opt_out": "NONE", "quoted_words": words}


def _not_now(text: str) -> bool:
    return re.search(
        r"\bnot at this (?:time|point|moment)\b|\bnot (?:right )?now\b", text, re.IGNORECASE
    ) is not None and (re.search(r"interest", text, re.IGNORECASE) is None)


def _wish_of(text: str) -> Tag | None:
    """Finds the wish; beside a deferral or a doubt it counts only as a question or with a day and an hour."""
    if re.search("|".join(_DAY_AND_TIME), text, re.IGNORECASE):
        return Tag.MEETING_REQUESTED
    return Tag.INFORMATION_REQUESTED if "?" in text and _any(_INFORMATION).search(text) else None


def _confirmed(document: Document) -> Tag:
    ours = [str(message["text"]) for message in document["thread"] if message["from"] == "us"]
    asked = ours[-1] if ours else str(document["quoted_original"])
    if _OUR_MEETING.search(asked):
        return Tag.MEETING_REQUESTED
    return Tag.INFORMATION_REQUESTED if _OUR_MATERIAL.search(asked) else Tag.INTERESTED


# --- drafts -----------------------------------------------------------------------------------------------------------


def draft(document: Document) -> dict[str, Any]:
    """Writes a draft from a template of the tag and the language, filled only from the documents."""
    language = language_of(str(document["reply"]["text"]))
    greeting, paragraphs, closing = write(document, language)
    body = "\n\n".join(paragraphs)
    return {
        "language": language,
        "questions": [
            {"asked": asked, "answered": paragraphs[1] if len(paragraphs) == 3 else "", "source": ""}
            for asked in re.findall(r"[^.!?\n]{1,200}\?", str(document["reply"]["text"]))[:5]
        ],
        "greeting": greeting,
        "body": body,
        "closing": closing,
        "we_owe": promises_in(body, date.fromisoformat(str(document["now"]).split()[1])),
    }


def language_of(text: str) -> str:
    """Returns the language that is recognised, else that whose frequent words occur most; English when none leads."""
    if (seen := recognised(text)) in LANGUAGES:
        return str(seen)
    words = re.findall(r"[^\W\d_]+", text.lower())
    counts = {code: sum(word in language.frequent_words for word in words) for code, language in LANGUAGES.items()}
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] > counts["en"] else "en"


# --- evaluation -------------------------------------------------------------------------------------------------------

_LEGAL = re.compile(
    r"\b(?:gdpr|dsgvo|rgpd|lawyer|attorney|legal|lawsuit|sue|court|contract|nda|liabilit\w+"
    r"|compliance|data protection|datenschutz\w*|anwalt\w*|avocat|abogado)\b",
    re.IGNORECASE,
)
_COMPLAINT = re.compile(r"\b(?:refund|complain\w*|beschwerde|breach|remboursement|reembolso)\b", re.IGNORECASE)
_ANGER = re.compile(
    r"\b(?:scam|spam(?:mer|ming)?(?! folder)|ridiculous|outrageous|annoy\w*|harass\w*|angry|furious"
    r"|disgust\w*|bullshit|wtf|unverschämt|frechheit|belästig\w+|inadmissible|vergüenza|harto)\b"
    r"|!{3,}",
    re.IGNORECASE,
)
_TERMS = re.compile(
    r"\b(?:discount|negotia\w+|cheaper|better price|special (?:price|terms)|rabatt|nachlass|remise"
    r"|descuento|sconto|korting)\b",
    re.IGNORECASE,
)
_ATTACHED = re.compile(r"\b(?:attach\w*|im anhang|anbei|ci-joint\w*|adjunt\w+|in allegato|bijlage)\b", re.IGNORECASE)
_DONE = re.compile(
    r"\b(?:i have (?:just )?(?:sent|booked|invited)|i've (?:just )?(?:sent|booked)|attached)\b", re.IGNORECASE
)
_GREETED = re.compile(r"(?:hi|hello|dear|hallo|bonjour|hola) ([^\W\d_][\w'-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Doubt:
    kind: FindingKind
    words: Callable[[Document, str], str]


def _in_reply(pattern: re.Pattern[str]) -> Callable[[Document, str], str]:
    return lambda document, _: _words_of(pattern.search(_reply_text(document)))


def _words_of(match: re.Match[str] | None) -> str:
    return "" if match is None else match[0]


def _unsupported(document: Document, body: str) -> str:
    company = document["company"]
    trusted = [str(company["service_description"]), *(str(asset["text"]) for asset in company["knowledge"])]
    trusted += [str(company["booking_link"]), str(document["persona"]["signature"])]
    trusted += [str(message["text"]) for message in document["thread"] if message["from"] == "us"]
    failures = check_draft(body, "Re:", ours=trusted, theirs=[], sender_names=[str(document["persona"]["name"])])
    invented = (failure.words for failure in failures if failure.check in ("amount", "link"))
    return next(invented, "") or _words_of(_DONE.search(body))


def _unkept(document: Document, body: str) -> str:
    kept = set(document["draft"]["promises"])
    return next((found.words for found in stated_commitments(body) if found.words not in kept), "")


def _foreign(document: Document, body: str) -> str:
    written = [language_of(paragraph) for paragraph in body.split("\n\n")]
    return written[0] if language_of(_reply_text(document)) not in written else ""


def _misaddressed(document: Document, body: str) -> str:
    greeted = _GREETED.match(body.strip())
    lead = document["lead"]
    known = f"{lead['first_name']} {lead['last_name']} {lead['company']} {_reply_text(document)} there team"
    return greeted[1] if greeted and greeted[1].lower() not in known.lower() else ""


def _left_out(document: Document, body: str) -> str:
    return "no answer" if "?" in _reply_text(document) and len(body) < 60 else ""


def _unfit(_: Document, body: str) -> str:
    failures = check_draft(body, "Re:", ours=[body], theirs=[])
    return next((failure.words for failure in failures if failure.check == "placeholder"), "")


_DOUBTS = (
    _Doubt(FindingKind.STEERING, _in_reply(_INJECTION)),
    _Doubt(FindingKind.OPT_OUT, _in_reply(_any(_BLACKLIST))),
    _Doubt(FindingKind.LEGAL, _in_reply(_LEGAL)),
    _Doubt(FindingKind.COMPLAINT, _in_reply(_COMPLAINT)),
    _Doubt(FindingKind.ANGER, _in_reply(_ANGER)),
    _Doubt(FindingKind.NEGOTIATION, _in_reply(_TERMS)),
    _Doubt(FindingKind.UNREADABLE, _in_reply(_ATTACHED)),
    _Doubt(FindingKind.UNSUPPORTED_FACT, _unsupported),
    _Doubt(FindingKind.COMMITMENT, _unkept),
    _Doubt(FindingKind.WRONG_LANGUAGE, _foreign),
    _Doubt(FindingKind.WRONG_PERSON, _misaddressed),
    _Doubt(FindingKind.UNFIT, _unfit),
    _Doubt(FindingKind.UNANSWERED, _left_out),
)


def _reply_text(document: Document) -> str:
    return str(document["reply"]["text"])


def evaluate(document: Document) -> dict[str, Any]:
    """Evaluates a draft: a finding for each rule that applies."""
    body = str(document["draft"]["body"])
    found = [{"words": words, "kind": doubt.kind.value} for doubt in _DOUBTS if (words := doubt.words(document, body))]
    return {"findings": found, "confidence": 0.5 if found else 0.95}


# --- lead score -------------------------------------------------------------------------------------------------------

_INTENT_OF_TAG = {
    Tag.MEETING_BOOKED.value: 4,
    Tag.MEETING_REQUESTED.value: 4,
    Tag.CALL_REQUESTED.value: 4,
    Tag.INFORMATION_REQUESTED.value: 3,
    Tag.INTERESTED.value: 3,
    Tag.OBJECTION.value: 2,
    Tag.FOLLOW_UP.value: 2,
}


def score(document: Document) -> dict[str, Any]:
    """Scores a lead: intent from the tag; fit from how many telling words of the customer profile the lead uses."""
    from_lead = [str(message["text"]) for message in document["thread"] if message["from"] == "lead"]
    tag = str(document["tag"]) or (_tag_of_last(document) if from_lead else "")
    intent = _INTENT_OF_TAG.get(tag, 1)
    lead = document["lead"]
    lead_words = _telling_words(" ".join([*from_lead, str(lead["company"]), str(lead["email_domain"])]))
    shared = lead_words & _telling_words(str(document["company"]["ideal_customer_profile"]))
    known = 1 if lead["company"] or lead["email_domain"] else 0
    fit = min(4, 1 + known + len(shared))
    overall = 1 if intent == 1 else min(2, fit) if intent == 2 else min(4, (fit + intent + 1) // 2)
    return {
        "reason": f"intent by the newest tag ({tag or 'none'}); {len(shared)} words of the customer profile occur",
        "fit": fit,
        "intent": intent,
        "overall": overall,
    }


def _tag_of_last(document: Document) -> str:
    last = [message for message in document["thread"] if message["from"] == "lead"][-1]
    judged = _tag({"reply": last, "thread": [], "quoted_original": ""})
    return str(judged["tag"])


def _telling_words(text: str) -> set[str]:
    return {word for word in re.findall(r"[^\W\d_]{5,}", text.lower()) if word not in _COMMON_WORDS}


_COMMON_WORDS = frozenset(
    [
        "about",
        "after",
        "again",
        "their",
        "there",
        "these",
        "those",
        "which",
        "would",
        "could",
        "should",
        "least",
        "month",
    ]
)

RESPONSES: Mapping[str, Callable[[Document], dict[str, Any]]] = {
    "sentiment": sentiment,
    "draft": draft,
    "reply_evaluation": evaluate,
    "lead_score": score,
}
"""The rules of each task."""
