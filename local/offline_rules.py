"""Plain deterministic rules that answer the model tasks when there is no OpenAI key: a stand-in, not a model.

It reads the same JSON document that a model would get and answers in the same schema, so that the whole product can
run, be shown and be tested without a network. It knows key words of a few languages; what it does not know is Neutral.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local.offline_drafts import LANGUAGES, write
from shared.domain.draft_checks import check_draft
from shared.domain.vocabulary import Tag

type Document = Mapping[str, Any]

_ASK = r"(?:can|could|would|will) you|(?:können|könnten|kannst|könntest) (?:sie|du)|pou(?:vez|rriez)-vous|peux-tu|pued(?:es?|en)|podr[íi]as?"

# --- what a reply means -----------------------------------------------------------------------------------------------

_BLACKLIST = (
    r"\bunsubscribe\b(?! (?:link|button))(?! from (?:our|my))|\bremove (?:me|us|my (?:e-?mail|address|name))\b"
    r"|\btake (?:me|us) off (?:your|this|the) (?:list|mailing|database)|\bstop (?:e-?mailing|contacting|writing|spamming|messaging|sending)\b"
    r"|^\W*stop\W*$|\bopt(?:ing)? ?out\b|\b(?:do not|don'?t|never) (?:ever )?(?:contact|e-?mail|write(?: to)?|message) (?:me|us)(?: again| anymore| ever)?\b"
    r"|\b(?:lose|delete) my (?:e-?mail|address|contact|data|number)\b|\breport(?:ing|ed)? (?:you|this|it) (?:as|for) spam|\bcease and desist\b"
    r"|\bf+u+c+k+ (?:off|you)\b|\bgo to hell\b|\bpiss off\b",
    r"\babmelden\b|\baustragen\b|\bnehmen sie mich (?:bitte )?(?:aus|von)\b|\bstreichen sie mich\b|\bkeine (?:weiteren |weitere )?(?:e-?mails?|nachrichten|werbung|kontaktaufnahme)\b"
    r"|\bschreiben sie mir nicht\b|\bkontaktieren sie (?:mich|uns) (?:bitte )?nicht\b|\blöschen sie (?:bitte )?meine (?:daten|adresse|e-?mail)",
    r"\bdésabonne[rz]?\b|\bdésinscri\w+|\bretirez[- ]moi\b|\bne (?:me|nous) (?:contactez|écrivez|recontactez) (?:plus|pas)\b|\bplus (?:de|aucun) (?:mails?|e-?mails?|messages?)\b|\bsupprimez (?:mes|mon)\b",
    r"\bdar(?:me|nos)? de baja\b|\bdesuscrib\w+|\bno me (?:escrib\w+|contacten?|envíen?|mand\w+) (?:más)\b|\bborr\w+ mis datos\b|\beliminen? mi (?:correo|direcci[oó]n|datos)\b|\bno (?:quiero|deseo) recibir\b",
    r"\bcancellat?e?mi\b|\brimuovete?mi\b|\bnon (?:contattatemi|scrivetemi|voglio (?:più )?ricevere)\b|\bdisiscriv\w+",
    r"\buitschrijven\b|\bafmelden\b|\bgeen (?:e-?)?mails? meer\b|\bverwijder mij\b|\bneem geen contact\b",
    r"\bremov(?:a|er|am)[- ]me\b|\bdescadastr\w+|\bnão (?:me )?(?:envie|mande|contacte)\w* mais\b|\bcancelar (?:a )?(?:inscrição|subscrição)\b",
    r"\bwypis\w+ mnie\b|\bproszę (?:mnie )?(?:usunąć|wypisać)\b|\bnie (?:pisz|kontaktuj)\w*\b",
)  # fmt: skip
_AUTOMATED = (
    r"\b(?:ticket|case|request) (?:#|number|id|has been (?:received|created|opened))|\bwe(?:'ve| have) received your (?:message|e-?mail|request|inquiry)\b|\bthis (?:is an automated|mailbox is (?:not|un)|inbox is (?:not|un))"
    r"|\bauto(?:matic|mated)?[- ](?:reply|response|generated)|\bdo not reply to this (?:e-?mail|message)\b|\bwill (?:get back|respond|reply) (?:to you )?within \d|\bno longer (?:works?|with|employed)\b[^.]{0,60}\bautomat|\bverify (?:that )?you(?:'re| are) (?:a )?human\b",
    r"\bautomatische (?:antwort|bestätigung|eingangsbestätigung)|\bihre anfrage (?:ist|wurde) (?:bei uns )?ein|\bticketnummer\b|\bdiese(?:s)? postfach wird nicht\b|\bvorgangsnummer\b",
    r"\bréponse automatique|\bnous avons bien reçu votre\b|\baccusé de réception\b|\bnuméro de (?:ticket|dossier)\b",
    r"\brespuesta automática|\bhemos recibido (?:su|tu)\b|\bnúmero de (?:ticket|caso)\b",
    r"\brisposta automatica|\babbiamo ricevuto\b|\bautomatisch antwoord|\bwij hebben uw (?:bericht|aanvraag)\b|\bresposta automática|\brecebemos (?:a sua|sua|o seu)\b|\bautomatyczna odpowiedź|\botrzymaliśmy\b|\b自動返信",
)  # fmt: skip
_OUT_OF_OFFICE = (
    r"\bout of (?:the )?office\b|\bOOO\b|\b(?:i am|i'm|i will be) (?:currently )?(?:on|away|out)(?: of| on|,| until| from| with)? ?(?:holiday|vacation|annual leave|(?:maternity|paternity|parental|sick) leave|leave|until|the office)\b"
    r"|\blimited access to (?:my )?e-?mail|\b(?:return(?:ing)?|back) (?:to|in) the office\b",
    r"\babwesen(?:d|heit)\w*|\bnicht im (?:büro|hause)\b|\bim urlaub\b|\bin elternzeit\b|\bwieder (?:erreichbar|im büro)\b",
    r"\babsent\w* (?:du|jusqu|de|pour)|\bje suis (?:actuellement )?(?:absente?|en (?:congés?|vacances))|\bde retour le\b|\bd'absence\b",
    r"\bfuera de (?:la )?oficina|\bestoy de vacaciones|\bestaré (?:fuera|ausente)|\bde vacaciones hasta\b|\bausencia\b",
    r"\bfuori (?:sede|ufficio)|\bin ferie\b|\bafwezig\b|\bop vakantie\b|\bausente\b|\bde férias\b|\bfora do escritório|\bpoza biurem|\bna urlopie|\bnieobecn\w+|\bfrånvarande|\bpå semester|\b不在",
)  # fmt: skip
_DAYS = (
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sun)(?:day|s)?\b|montag|dienstag|mittwoch|donnerstag|freitag|lundi|mardi|mercredi|jeudi|vendredi|lunes|martes|miércoles|miercoles|jueves|viernes"
    r"|lunedì|martedì|mercoledì|giovedì|venerdì|maandag|dinsdag|woensdag|donderdag|vrijdag|segunda|terça|quarta|quinta|sexta|tomorrow|morgen\b(?! früh)?|demain|mañana|domani|amanhã|jutro|wtorek|środę|czwartek|piątek|poniedziałek"
)  # fmt: skip
_CLOCK = r"\d{1,2}(?::\d{2}|[.h]\d{2})? ?(?:a\.?m\b\.?|p\.?m\b\.?|uhr|h\b|o'clock)|\d{1,2}:\d{2}"
_MEETING = (
    rf"(?:\b(?:{_DAYS})[^.?!\n]{{0,60}}(?:{_CLOCK})|(?:{_CLOCK})[^.?!\n]{{0,40}}\b(?:{_DAYS}))"
    rf"|\b(?:{_DAYS})[^.?!\n]{{0,50}}\b(?:works?|suits?|good|fine|free|available|great|passt|geht|frei|convient|dispo\w*|possible|va bien|puedo|libre|bene|kan|prima|pode|ok)\b"
    rf"|\b(?:how|what) about [^.?!\n]{{0,30}}(?:{_DAYS})|\b(?:let'?s|happy to|glad to|want to|like to|love to|open to|up for|free to|available to|schedule|set up|book|arrange|jump on|hop on) (?:a |an |us |for |to |some |time |quick |short |brief |\d{{1,2}}[- ]min\w* ){{0,4}}(?:meet|meeting|chat|call|talk|speak|demo|connect|conversation|time|zoom|teams)\b"
    r"|\b(?:when|what time|which day)[^.?!\n]{0,40}\b(?:free|available|suit|work)|\b(?:send|share)[^.?!\n]{0,30}\b(?:invite|invitation|availability|calendar|slots?|times?|calendly)\b|\b(?:grab|pick|book|choose) (?:a |any )?(?:slot|time)\b|\b(?:calendly|cal)\.\w+/",
    r"\b(?:termin|treffen|gespräch|austausch|demo|kennenlern\w+)\b[^.?!\n]{0,60}\b(?:vereinbaren|machen|ausmachen|möglich|gerne?|vorschlag\w*|passen|einladung)\b|\bgerne?[^.?!\n]{0,40}\b(?:termin|gespräch|telefonat|austausch|treffen|demo)\b|\bschicken sie[^.?!\n]{0,30}\b(?:einladung|termin\w*)\b|\bwann (?:hätten|haben|passt|wäre|können)\b",
    r"\b(?:rendez-vous|rdv|réunion|visio\w*|échang\w+|démo)\b[^.?!\n]{0,60}\b(?:possible|volontiers|plaisir|convenir|organiser|fixer|planifier|propos\w+)\b|\b(?:volontiers|avec plaisir)[^.?!\n]{0,40}\b(?:échang\w+|rendez-vous|rdv|appel|discuter|démo)\b|\bquand (?:êtes|seriez)\b|\bvos disponibilités\b",
    r"\b(?:reunión|reunion|llamada|demo|videollamada)\b[^.?!\n]{0,60}\b(?:agendar|programar|podemos|encantad\w|perfecto|propon\w+)\b|\b(?:agendemos|agendar|programemos|reunirnos|encantad[oa] de hablar|quedamos|podemos hablar)\b|\bcuándo (?:puedes?|podemos|te viene|le viene)\b|\bdisponibilidad\b",
    r"\b(?:fissiamo|fissare|sentirci|incontro|volentieri[^.?!\n]{0,30}(?:call|sentir|incontr))\b|\b(?:afspraak|afspreken|inplannen)\b|\b(?:marcar|agendar) (?:uma )?(?:reunião|conversa|call)\b|\b(?:umówmy|spotkanie|umówić)\b",
)  # fmt: skip
_CALL = (
    r"\b(?:call|ring|phone) me\b|\bgive (?:me|us) a (?:call|ring|buzz)\b|\breach me (?:on|at|by phone)\b|\bbest (?:number|reached) (?:to|is|on|by)\b",
    r"\brufen sie (?:mich|uns|bitte|einfach)\b|\bruf mich\b|\bmelden sie sich telefonisch\b|\bunter der nummer\b|\bgerne? telefonisch\b",
    r"\bappelez[- ](?:moi|nous)\b|\bjoignable au\b|\bpar téléphone au\b|\bllám[ae](?:me|nos)\b|\bllámenme\b|\bmi (?:número|teléfono|móvil) es\b|\bchiam(?:ami|atemi|i)\b|\bbel me\b|\b(?:me )?liga?(?:-me|ue)\b|\bzadzwoń|\bproszę (?:o telefon|zadzwonić)",
)  # fmt: skip
_NO_CALL = r"\b(?:don'?t|do not|never|no need to|please no|nicht|ne pas|no me)\b[^.?!\n]{0,25}\b(?:call|phone|ring|calls|anrufen|rufen|appelez|llames?)\b"
_INFORMATION = (
    r"\bpric(?:e|es|ing|ey?)\b[^.!\n]{0,60}\?|\b(?:what|how much)[^.?!\n]{0,50}\b(?:cost|price|pricing|charge|rates?|fees?)\b|\bhow much\b|\b(?:send|share|forward)(?: me| us| over| through| along)*[^.?!\n]{0,40}\b(?:info\w*|details|deck|brochure|pricing|material\w*|one[- ]pager|case stud\w+|references|overview|examples|more)\b"
    r"|\b(?:more|further|additional) (?:info\w*|details)\b|\btell me more\b|\bhow (?:does|do|is|would|long|many)\b[^.!\n]{0,80}\?|\b(?:do|does|can|is|are|what|which|who|where) (?:you|your|it|this|that|the|kind|sort|makes|integrat\w+|support\w*)\b[^.!\n]{0,100}\?|\bcase stud(?:y|ies)\b|\bwhat(?:'s| is) (?:the|your|this|it|included)\b[^.!\n]{0,60}\?",
    r"\bwas kostet\b|\bpreis(?:e|liste|modell|information\w*)?\b[^.!\n]{0,60}|\bkosten\b[^.!\n]{0,60}\?|\b(?:schicken|senden) sie (?:mir|uns)?[^.?!\n]{0,40}\b(?:info\w*|unterlagen|angebot|details|material\w*|broschüre)\b|\b(?:mehr|weitere|nähere) (?:info\w*|details|informationen)\b|\bwie (?:funktioniert|genau|lange|viel)\b|\breferenzen\b|\bwelche\b[^.!\n]{0,80}\?",
    r"\b(?:quel|combien|quels?|quelles?)\b[^.!\n]{0,80}\?|\btarifs?\b|\bprix\b|\b(?:envoyez|envoyer|transmettre)[^.?!\n]{0,50}\b(?:info\w*|documentation|détails|plaquette|présentation)\b|\bplus d'info\w*|\ben savoir plus\b|\bcomment (?:ça|cela) (?:marche|fonctionne)",
    r"\bcuánto (?:cuesta|vale|cobran)\b|\bprecios?\b|\btarifas?\b|\b(?:envíe\w*|enviar\w*|manda\w*|pasa\w*)[^.?!\n]{0,40}\b(?:info\w*|detalles|presentación|propuesta)\b|\bmás (?:info\w*|detalles)\b|\bcómo funciona\b|¿(?:qué|cuál|cómo|cuánto)\b",
    r"\b(?:quanto costa|prezz[oi]|maggiori info\w*|come funziona)\b|\b(?:wat kost|prijs|prijzen|meer info\w*|hoe werkt)\b|\b(?:quanto custa|preços?|mais info\w*|como funciona)\b|\b(?:ile kosztuje|cen(?:a|nik|y)|więcej informacji|jak działa)\b",
)  # fmt: skip
_NOT_INTERESTED = (
    r"\bnot (?:really |currently |for us |something |a fit|the right fit)?(?:interested|interesting|a (?:good )?fit|for us|relevant|needed)\b|\bno interest\b|\bno,? thank(?:s| you)\b|\bno longer interested\b|\b(?:we|i)(?:'ll| will)? pass\b|\bwe(?:'re| are)? (?:all )?(?:good|set|fine|happy|covered|sorted)\b(?! (?:to|for))|\ball good,? thank|\bdon'?t need\b|\bno need\b|\bwrong person\b(?![^.!\n]{0,60}@)",
    r"\b(?:kein|nicht)(?: weiter| an)? ?(?:interess\w+|bedarf)|\bkein interesse\b|\bnein,? danke\b|\bnicht relevant\b|\bbrauchen wir nicht\b|\bnon,? merci\b|\bpas intéress\w+|\bpas besoin\b|\bne (?:nous|m'|me) (?:intéresse|concerne)\w* pas\b|\bno (?:me|nos|estoy|estamos) interes\w+|\bno,? gracias\b|\bno necesitamos\b",
    r"\bnon (?:sono|siamo|mi|ci) interess\w+|\bno,? grazie\b|\bgeen (?:interesse|behoefte)\b|\bnee,? (?:bedankt|dank)|\bnão (?:temos|tenho|estou|estamos) interess\w+|\bnão,? obrigad[oa]\b|\bnie (?:jestem|jesteśmy) zainteresowan\w+|\bnie,? dziękuj\w+",
)  # fmt: skip
_OBJECTION = (
    r"\btoo (?:expensive|pricey|costly|much money)\b|\bno budget\b|\bbudget (?:is|was)[^.?!\n]{0,20}(?:gone|frozen|cut|tight|spent)|\bcan'?t afford\b|\b(?:we|i)(?: already|'re already|'ve already| are already)? (?:use|using|work with|have|working with)[^.?!\n]{0,40}\b(?:already|provider|vendor|agency|solution|tool|in[- ]house|someone|competitor)\b|\balready (?:use|using|have|work)\w*\b|\bbad experience\b|\bburn(?:ed|t) (?:before|by)\b|\bsceptical\b|\bskeptical\b|\bhow did you (?:get|find) my\b|\bnot (?:sure|convinced)\b|\bwhy should (?:i|we)\b|\bsounds too good\b",
    r"\bzu teuer\b|\bkein budget\b|\bbereits (?:einen?|mit|ein)\b|\bhaben (?:schon|bereits)\b|\barbeiten (?:schon|bereits)\b|\bschlechte erfahrung\w*|\bwoher haben sie\b|\bskeptisch\b|\btrop cher\b|\bpas de budget\b|\bdéjà (?:un|une|avec|équip\w+)\b|\bmauvaise expérience|\bdemasiado caro|\bmuy caro\b|\bno (?:tenemos|hay) presupuesto|\bya (?:tenemos|trabajamos|usamos)\b|\bmala experiencia|\btroppo caro|\babbiamo già\b|\bte duur\b|\bwe hebben al\b|\bmuito caro\b|\bjá temos\b|\bza drogo\b|\bmamy już\b",
)  # fmt: skip
_FOLLOW_UP = (
    r"\bnot (?:now|right now|yet|ready|at this (?:time|point|moment)|at the moment|a priority)\b|\b(?:next|early|later|end of|beginning of|mid|start of) (?:quarter|year|month|spring|summer|autumn|fall|winter|q[1-4]|jan\w*|feb\w*|mar\w*|apr\w*|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*|20\d\d)\b|\b(?:in|by|around|until|after|from) (?:q[1-4]|january|february|march|april|may|june|july|august|september|october|november|december|summer|the (?:summer|holidays|new year|break)|(?:a|a few|a couple of|two|three|six|\d) (?:weeks|months|month|years?|week))\b|\b(?:circle|check|come|reach|get|ping|follow)(?: me)?(?: back| out| up)(?: to me| with me| to us)?\b[^.?!\n]{0,30}\b(?:in|next|after|later|around|then|once|when)\b|\bmaybe (?:next|later|in)\b|\bbusy (?:right now|at the moment|until)\b|\b(?:talk|speak|contact|reach out|write|ask|cc|loop in|forward)[^.?!\n]{0,40}\b(?:my colleague|instead|in charge|responsible)\b|[\w.]+@[\w-]+\.\w+[^.?!\n]{0,40}\b(?:handles|is responsible|in charge|instead)\b",
    r"\bnächste[sn]? (?:quartal|jahr|monat)\b|\b(?:im|ab|nach dem?|anfang|ende) (?:januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|sommer\w*|herbst|winter|frühjahr|q[1-4])\b|\b(?:gerade|aktuell|derzeit|momentan|im moment)[^.?!\n]{0,40}\b(?:nicht|kein\w*)\b|\bspäter\b[^.?!\n]{0,30}|\bmelden sie sich[^.?!\n]{0,30}\b(?:wieder|nochmal|erneut|im|in|ab|nach)\b|\bmein\w* kolleg\w+\b",
    r"\b(?:pas|plus) (?:maintenant|pour le moment|pour l'instant|tout de suite)\b|\b(?:trimestre|année|mois) prochaine?\b|\brecontactez[- ](?:moi|nous)[^.?!\n]{0,40}|\ben (?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)\b|\baprès (?:l'été|les vacances|la rentrée)\b|\bmon collègue\b",
    r"\b(?:ahora|por ahora|de momento|en este momento)[^.?!\n]{0,30}\bno\b|\bno (?:ahora|por ahora|de momento|es buen momento)\b|\b(?:trimestre|año|mes) que viene\b|\bpróximo (?:trimestre|año|mes)\b|\bmás adelante\b|\ben (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)\b|\bdespués del? verano\b|\bmi compañer[oa]\b",
    r"\b(?:non (?:ora|adesso)|prossimo (?:trimestre|anno|mese)|più avanti|niet nu|volgend (?:kwartaal|jaar)|volgende maand|later dit jaar|agora não|próximo (?:trimestre|ano|mês)|mais tarde|nie teraz|w przyszłym (?:roku|kwartale|miesiącu)|później)\b",
)  # fmt: skip
_INTERESTED = (
    r"\binterest(?:ed|ing)\b|\bsounds (?:good|great|interesting|promising)\b|\b(?:yes|sure|ok|okay|absolutely|definitely|of course)\b|\blet'?s (?:do|talk|go)\b|\bkeen\b|\bcurious\b|\bhappy to (?:learn|hear|explore)\b|\blove to\b|\bgood timing\b",
    r"\binteress(?:ant|iert|e)\b|\bklingt (?:gut|spannend|interessant)\b|^\W*(?:ja|gerne?)\b|\bgerne?\b|\bintéress\w+|\bvolontiers\b|^\W*oui\b|\bavec plaisir\b|\binteresa\w*\b|\binteresante\b|^\W*s[íi]\b|\bme gusta\w*\b|\bsuena bien\b|\bconforme\b|\binteress\w+|^\W*(?:ja|tak|sim)\b|\bklinkt goed\b|\bzainteresowan\w+",
)  # fmt: skip


def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE | re.MULTILINE)


# In order of precedence: the first that matches is the tag.
_TAG_RULES: tuple[tuple[Tag, re.Pattern[str]], ...] = (
    (Tag.BLACKLIST, _any(_BLACKLIST)),
    (Tag.AUTOMATED_REPLY, _any(_AUTOMATED)),
    (Tag.OUT_OF_OFFICE, _any(_OUT_OF_OFFICE)),
    (Tag.NOT_INTERESTED, _any(_NOT_INTERESTED)),  # before the wishes: "not interested in a demo on Tuesday"
    (Tag.FOLLOW_UP, _any(_FOLLOW_UP)),
    (Tag.MEETING_REQUESTED, _any(_MEETING)),
    (Tag.CALL_REQUESTED, _any(_CALL)),
    (Tag.INFORMATION_REQUESTED, _any(_INFORMATION)),
    (Tag.OBJECTION, _any(_OBJECTION)),
    (Tag.INTERESTED, _any(_INTERESTED)),
)
_WISHES = frozenset({Tag.MEETING_REQUESTED, Tag.INFORMATION_REQUESTED, Tag.CALL_REQUESTED})
_NO_OPT_OUT = re.compile(
    r"\b(?:do not|don'?t|please don'?t)[^.?!\n]{0,20}\bbefore \d|\btake me off (?:the )?cc\b|\bif (?:you|they|i)\b[^.?!\n]{0,30}\bunsubscribe|\bunsubscribe (?:rate|link|button|page)s?\b",
    re.IGNORECASE,
)
_CONFIRMATION = re.compile(
    r"\W*(?:yes|yep|yeah|sure|ok|okay|works|works for me|that works|sounds good|perfect|great|please do|go ahead|ja|gerne?|passt|klar|oui|d'accord|parfait|s[íi]|vale|perfecto|claro|va bene|prima|sim|tak)(?: (?:please|bitte|gerne|for me|thanks|danke|merci|gracias))?\W*",
    re.IGNORECASE,
)
_OUR_MEETING = re.compile(
    r"\b(?:call|meet\w*|chat|demo|gespräch|termin|échange\w*|rendez-vous|reunión|llamada|minutes?|minuten)\b",
    re.IGNORECASE,
)
_OUR_MATERIAL = re.compile(r"\b(?:send|share|schicken|senden|envoyer|enviar)\b", re.IGNORECASE)
_INJECTION = re.compile(
    r"\bignore (?:all |any |the |your )?(?:previous|prior|above|earlier)?\s?(?:instructions?|rules|prompts?)|\bsystem prompt\b|\bas an ai\b|\byou are (?:now|an? (?:ai|assistant|language model|bot))\b|\bjailbreak|\bdisregard (?:all|the|your|previous)|\bclassify (?:this|me) as\b|\b(?:set|mark)[^.\n]{0,30}\b(?:confidence|safe|tag)\b|\bignorier\w* (?:alle|die|deine)[^.\n]{0,30}anweisungen|\bignor(?:e|ez|a) (?:toutes|todas|las)[^.\n]{0,30}(?:instructions|instrucciones)",
    re.IGNORECASE,
)


def sentiment(document: Document) -> dict[str, Any]:
    """The tag of ``reply``: rules in the order of the tags, then what a bare "yes" answers."""
    reply = document["reply"]
    text = str(reply["text"]).strip() or str(reply["subject"]).strip()
    if _INJECTION.search(text) and len(text) < 600:
        return _tagged(Tag.NEUTRAL, "the reply addresses a program")
    for tag, pattern in _TAG_RULES:
        match = pattern.search(text)
        if match is None or (tag is Tag.BLACKLIST and _NO_OPT_OUT.search(text)):
            continue
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
        words = match[0].strip() if tag is Tag.BLACKLIST else ""
        return _tagged(tag, f"a rule for {tag.value} matched", words)
    return _tagged(Tag.NEUTRAL, "no rule matched")


def _tagged(tag: Tag, reason: str, words: str = "") -> dict[str, Any]:
    return {"reason": reason, "tag": tag.value, "quoted_words": words}


def _not_now(text: str) -> bool:
    return re.search(
        r"\bnot at this (?:time|point|moment)\b|\bnot (?:right )?now\b", text, re.IGNORECASE
    ) is not None and (re.search(r"interest", text, re.IGNORECASE) is None)


def _wish_of(text: str) -> Tag | None:
    """A wish beside a deferral or a doubt wins only when it is a question or names a day and an hour."""
    if re.search(_MEETING[0].split("|\\b(?:how|what)")[0], text, re.IGNORECASE):
        return Tag.MEETING_REQUESTED
    information = dict(_TAG_RULES)[Tag.INFORMATION_REQUESTED]
    return Tag.INFORMATION_REQUESTED if "?" in text and information.search(text) else None


def _confirmed(document: Document) -> Tag:
    ours = [str(message["text"]) for message in document["thread"] if message["from"] == "us"]
    asked = ours[-1] if ours else str(document["quoted_original"])
    if _OUR_MEETING.search(asked):
        return Tag.MEETING_REQUESTED
    return Tag.INFORMATION_REQUESTED if _OUR_MATERIAL.search(asked) else Tag.INTERESTED


# --- drafts -----------------------------------------------------------------------------------------------------------


def draft(document: Document) -> dict[str, Any]:
    """An answer from a template of the tag and the language, filled only from the document."""
    language = language_of(str(document["reply"]["text"]))
    greeting, paragraphs, closing = write(document, language)
    return {
        "language": language,
        "plan": [f"answer a reply tagged {document['tag']} from a template"],
        "greeting": greeting,
        "body": "\n\n".join(paragraphs),
        "closing": closing,
    }


def language_of(text: str) -> str:
    """The language whose frequent words occur most; English when none leads."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    counts = {code: sum(word in language.frequent_words for word in words) for code, language in LANGUAGES.items()}
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] > counts["en"] else "en"


# --- evaluation -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Doubt:
    reason: str
    applies: Callable[[Document, str], bool]


_LEGAL = re.compile(
    r"\b(?:gdpr|dsgvo|rgpd|lawyer|attorney|legal|lawsuit|sue|court|contract|nda|liabilit\w+|compliance|data protection|datenschutz\w*|anwalt\w*|avocat|abogado|refund|complain\w*|beschwerde|breach)\b",
    re.IGNORECASE,
)
_ANGER = re.compile(
    r"\b(?:scam|spam(?:mer|ming)?|ridiculous|outrageous|annoy\w*|harass\w*|angry|furious|disgust\w*|bullshit|wtf|unverschämt|frechheit|belästig\w+|inadmissible|vergüenza|harto)\b|!{3,}",
    re.IGNORECASE,
)
_TERMS = re.compile(
    r"\b(?:discount|negotia\w+|cheaper|better price|special (?:price|terms)|rabatt|nachlass|remise|descuento|sconto|korting)\b",
    re.IGNORECASE,
)
_PRICE_QUESTION = re.compile(
    r"\b(?:pric(?:e|es|ing)|how much|cost|costs|fees?|preis\w*|kosten|kostet|tarifs?|prix|combien|cuánto|precios?|tarifas?|prezz[oi]|costa|prijs|prijzen|kost|preços?|custa|cena|cennik|kosztuje)\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"[$€£]\s?\d|\b\d[\d.,]*\s?(?:[$€£%]|usd|eur|gbp|dollars?|euros?|pounds?)", re.IGNORECASE)


def _company_text(document: Document) -> str:
    company = document["company"]
    texts = [str(company["service_description"]), *(str(asset["text"]) for asset in company["knowledge"])]
    return "\n".join(texts)


def _is_ungrounded(document: Document, body: str) -> bool:
    trusted = [_company_text(document), str(document["company"]["booking_link"]), str(document["persona"]["signature"])]
    trusted += [str(message["text"]) for message in document["thread"] if message["from"] == "us"]
    failures = check_draft(body, "Re:", trusted, sender_names=[str(document["persona"]["name"])])
    return any(failure.check in ("amount", "link") for failure in failures)


_DOUBTS = (
    _Doubt("the reply addresses a program", lambda document, _: bool(_INJECTION.search(_reply_text(document)))),
    _Doubt("the reply is about law or data protection", lambda document, _: bool(_LEGAL.search(_reply_text(document)))),
    _Doubt("the reply is angry", lambda document, _: bool(_ANGER.search(_reply_text(document)))),
    _Doubt("the reply negotiates terms", lambda document, _: bool(_TERMS.search(_reply_text(document)))),
    _Doubt(
        "a price is asked for and none is known",
        lambda document, _: (
            bool(_PRICE_QUESTION.search(_reply_text(document))) and not _AMOUNT.search(_company_text(document))
        ),
    ),
    _Doubt("the draft states what our own texts do not", _is_ungrounded),
)


def _reply_text(document: Document) -> str:
    return str(document["reply"]["text"])


def evaluate(document: Document) -> dict[str, Any]:
    """Unsafe for the subjects that a person must see, safe for everything else."""
    body = str(document["draft"]["body"])
    for doubt in _DOUBTS:
        if doubt.applies(document, body):
            return {"reason": doubt.reason, "safe": False, "requires_human_review": True, "confidence": 0.15}
    return {
        "reason": "an ordinary reply, nothing invented",
        "safe": True,
        "requires_human_review": False,
        "confidence": 0.95,
    }


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
    """Intent from the tag; fit from how many telling words of the customer profile the lead uses."""
    from_lead = [str(message["text"]) for message in document["thread"] if message["from"] == "lead"]
    tag = str(document["tag"]) or (_tag_of_last(document) if from_lead else "")
    intent = _INTENT_OF_TAG.get(tag, 1)
    lead = document["lead"]
    lead_words = _telling_words(" ".join([*from_lead, str(lead["company"]), str(lead["email_domain"])]))
    shared = lead_words & _telling_words(str(document["ideal_customer_profile"]))
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
    judged = sentiment({"reply": last, "thread": [], "quoted_original": ""})
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

ANSWERS: Mapping[str, Callable[[Document], dict[str, Any]]] = {
    "Sentiment": sentiment,
    "Draft": draft,
    "ReplyEvaluation": evaluate,
    "LeadScore": score,
}
"""Which rules answer which schema."""
