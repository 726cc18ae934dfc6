# ruff: noqa: E501 - the words of one language stay on one line
"""Notices of machines that are neither an absence nor a ticket: somebody has left, mail is read rarely, thanks for writing.

Each is certain only in company: that somebody has left, with a place to turn to; that mail is read rarely, with what
that means for an answer; thanks for a message, with the promise of an answer.
"""

from __future__ import annotations

from shared.domain.judgement.phrase_rules import phrase_rule
from shared.domain.judgement.rule_matching import Rule

LEFT_RULES: tuple[Rule, ...] = (
    phrase_rule(
        "left.any.company", "any", "somebody does not work there any more",
        r"(?:has|have) left (?:the |our )?(?:company|organi[sz]ation|firm|business|team|employment)", r"(?:has|have) left \S[^.!?\n]{0,40} (?:on|as of|effective|in) ", r"left \S[^.!?\n]{0,40} on \d{1,2} ", "is no longer (?:with|at|employed|working|part of|associated)", "no longer works? (?:at|for|here|with)", r"(?:has )?retired (?:from|in|as of|on|at)\b", r"have moved on from \S", r"(?:in den|im) (?:wohlverdienten )?ruhestand", r"(?:a pris sa|est à la) retraite", r"se (?:ha jubilado|jubiló)", r"è andat[oa] in pensione", "met pensioen", r"(?:aposentou-se|reformou-se)", r"przesz(?:edł|ła) na emeryturę", r"(?:gått i|gået på|gått av med) pensj?ion",
        r"nicht mehr (?:für|bei|in) [^.!?\n]{0,50}(?:tätig|beschäftigt|angestellt)", r"arbeitet nicht mehr (?:bei|für|in)", r"hat (?:das|unser) (?:unternehmen|haus) [^.!?\n]{0,20}verlassen", r"(?:ist|aus) [^.!?\n]{0,40}ausgeschieden", r"ne (?:travaille|fait) plus (?:partie|chez|pour|dans|au sein|à)", r"a quitté (?:la |l'|notre )?(?:société|entreprise|groupe)", r"n'est plus (?:salariée?|employée?|en poste)",
        r"ya no (?:trabaja|forma parte|labora|pertenece|se encuentra)", r"non (?:lavora|fa|collabora) più", r"ha lasciato (?:l'azienda|la società)", r"niet (?:meer|langer) (?:werkzaam|in dienst)", r"werkt niet (?:meer|langer)", r"já não (?:trabalha|colabora|faz parte|pertence)", r"não (?:trabalha|faz parte|pertence|está) mais", r"nie (?:jest|pracuje) już", r"już nie pracuje", r"zakończył[a]? (?:współpracę|pracę)",
        "har slutat", r"(?:arbetar|jobbar) inte (?:längre|kvar)", r"er ikke (?:længere|lenger) ansat\w*", r"har (?:sluttet|forladt) ", r"(?:arbejder|jobber) ikke (?:længere|lenger)", r"(?:již|už) (?:u nás |v \w+ )?nepracuje", r"už (?:u nás )?nepracuje", r"már nem (?:dolgozik|munkatársunk)", r"nu mai (?:lucrează|face parte)", r"artık (?:çalışmamakta|şirketimizde değil)", r"(?:ayrılmıştır|ayrıldı)", r"δεν εργάζεται πλέον", r"больше не работает", r"більше не працює", "已(?:经)?离职", "已離職", "퇴사", "退職",
    ),
)  # fmt: skip

# A place to turn to, or what becomes of the mail.
REDIRECTION = r"\S@\S|https?://|\bwww\.|\+?\d[\d ()/.-]{6,20}\d|\b(?:forwarded|monitored|update your (?:records|contacts)|please (?:contact|direct|write|send|reach|e-?mail|refer)|(?:mailbox|account|address|inbox) (?:is|will be)|weitergeleitet|wenden sie sich|richten sie|merci de|veuillez|nous vous invitons|dir[ií]jase|escriba|contact[ea]|rivolg\w+|scriv\w+|doorgestuurd|neem contact|wend u|contate|contacte|dirija|prosimy|proszę|kontakta|kontakt|vänd dig|henvend\w*|kontaktujte|forduljon|contactați|iletişim|обращайтесь|звертайтеся)\b"

SLOW_RULES: tuple[Rule, ...] = (
    phrase_rule(
        "slow.any.mail", "any", "mail is read rarely, or comes in too large numbers",
        r"\bcheck (?:my |our |this )?(?:e-?mails?|inbox|mail|mailbox) (?:only )?(?:once|twice|\w{2,6} times|at \d)", r"\bonly (?:read|check|answer|look at|respond to) (?:my |our )?(?:e-?mails?|inbox|mail|messages) (?:once|twice|at|on|in|between|a few)", r"(?:high|large|heavy|huge|great) (?:volume|number|amount) of (?:e-?mails?|messages|requests|inquiries|enquiries|mail)", r"number of (?:messages|e-?mails|requests|inquiries) (?:that )?(?:we|i) (?:receive|get)", r"(?:cannot|can't|unable to|not (?:be )?able to) (?:answer|reply to|respond to) (?:each|every|all)",
        r"(?:odczytuję|sprawdzam|czytam) (?:pocztę|maile|skrzynkę)[^.!?\n]{0,20} (?:raz|razy|tylko)", r"je (?:ne )?consulte (?:mes|ma) [^.!?\n]{0,30}(?:que|fois par jour)", r"reviso (?:mi|el) correo [^.!?\n]{0,20}(?:veces|solo)", r"controllo la posta [^.!?\n]{0,20}(?:volte|solo)", r"lees mijn (?:e-?mails?|mail) [^.!?\n]{0,20}(?:keer|alleen)", r"verifico (?:o|meu) e-?mail [^.!?\n]{0,20}(?:vezes|apenas)", r"läser (?:min |mina )?(?:mejl|mail|e-post)[^.!?\n]{0,20} (?:gånger|bara)", r"(?:lese|rufe|prüfe|beantworte) (?:ich )?(?:meine )?(?:e-?mails|mails|nachrichten) (?:nur|lediglich|zweimal|einmal)", r"(?:aufgrund|wegen) [^.!?\n]{0,40}(?:anfragen|nachrichten|e-?mails|e-?mail-?aufkommens?|arbeitsaufkommens)", r"en raison (?:du|d'un) [^.!?\n]{0,30}(?:nombre|volume)", r"(?:debido al|por el) (?:alto|gran|elevado) (?:volumen|n[uú]mero)", r"(?:a causa|in ragione) dell'(?:elevato|alto) (?:numero|volume)", r"(?:vanwege|wegens|door) (?:het|de|een) (?:grote|hoge) (?:aantal|hoeveelheid|drukte|volume)", r"(?:devido ao|por conta do) (?:grande|elevado|alto) (?:volume|número)", r"ze względu na (?:dużą|znaczną) (?:liczbę|ilość)",
    ),
)  # fmt: skip

# What a slow reader says about the answer.
WAITING = r"\b(?:please allow|allow up to|may take|might take|can take|takes? (?:me |us )?up to|patience|\d{1,2} ?(?:h|hours?|days?|business days|stunden|tage[n]?|werktage[n]?|heures|jours|horas|d[ií]as|ore|giorni|uur|dagen|werkdagen|dias|godzin|dni)\b|in person|personally|be in touch|delay(?:ed|s)?|longer than usual|(?:urgent|can't wait|cannot wait|on fire|immediate|emergency)|dringend|länger dauern|verzögerung|plus tard|délai|urgen\w+|demora|ritard\w+|langer duren|vertraging|dłużej|piln\w+|spoed|acil|brådskande)"

ACKNOWLEDGEMENT_RULES: tuple[Rule, ...] = (
    phrase_rule(
        "acknowledged.any.promise", "any", "thanks for a message, and the promise of an answer",
        r"\b(?:we|our team|someone|somebody)(?: will|'ll) (?:get back|be in touch|reply|respond|contact you|answer)[^.!?\n]{0,40} (?:as soon as (?:possible|we can)|shortly|within|asap)", r"\bwir (?:melden|werden|antworten|kümmern)[^.!?\n]{0,60} (?:schnellstmöglich|so schnell wie möglich|so bald wie möglich|in kürze|umgehend|zeitnah|innerhalb)", r"\bwir haben (?:sie|diese|ihre \w+) (?:erhalten|empfangen)[^.!?\n]{0,20} und (?:bearbeiten|werden|prüfen)", r"in der reihenfolge (?:ihres|des) eingangs", r"in the order (?:they|it|in which)", r"\bnous (?:vous |reviendrons |revenons |traiterons |répondrons )[^.!?\n]{0,60}(?:dans les (?:plus brefs|meilleurs) délais|rapidement|dès que possible|au plus vite|sous \d)", r"\b(?:le|les|te|nos|nuestro equipo) [^.!?\n]{0,60}(?:lo antes posible|a la (?:mayor )?brevedad|en breve|cuanto antes|en un plazo)", r"\b(?:risponderemo|contatteremo|ricontatteremo|ti|la|vi) [^.!?\n]{0,60}(?:al più presto|quanto prima|il prima possibile|a breve|entro \d)",
        r"\b(?:wij|we) (?:nemen|reageren|komen|antwoorden|zullen)[^.!?\n]{0,60}(?:zo (?:snel|spoedig) mogelijk|z\.s\.m|spoedig|binnen)", r"\b(?:entraremos|responderemos|retornaremos|vamos responder)[^.!?\n]{0,60}(?:o mais (?:breve|rápido|rapidamente|brevemente) possível|em breve|brevemente|assim que possível)", r"\b(?:odpowiemy|skontaktujemy|odezwiemy)[^.!?\n]{0,40}(?:jak najszybciej|tak szybko|wkrótce|niezwłocznie|w ciągu)", r"\bvi (?:återkommer|svarar|hör av oss|vender tilbage|svarer|tar kontakt|kommer tilbake|kontakter)[^.!?\n]{0,40}(?:så snart|inom|snarast|hurtigst|snart|inden for|innen)", r"\b(?:odpovíme|ozveme se|odpovieme|ozveme sa)[^.!?\n]{0,40}(?:co nejdříve|čo najskôr|brzy|čoskoro)", r"(?:hamarosan|amint lehet|mielőbb) [^.!?\n]{0,30}(?:válaszol|jelentkez)\w+", r"en kısa sürede [^.!?\n]{0,40}(?:dön|yanıt|cevap)\w*", r"vă vom (?:răspunde|contacta)[^.!?\n]{0,40}(?:cât mai curând|în cel mai scurt timp)", r"мы (?:ответим|свяжемся)[^.!?\n]{0,40}(?:в ближайшее время|как можно скорее)", r"ми (?:відповімо|зв'яжемося)[^.!?\n]{0,40}(?:найближчим часом|якнайшвидше)",
    ),
)  # fmt: skip
RULES: tuple[Rule, ...] = (*LEFT_RULES, *SLOW_RULES, *ACKNOWLEDGEMENT_RULES)
