# ruff: noqa: E501 - the words of one language stay on one line
"""The words that only a person's own reply holds."""

from __future__ import annotations

from shared.domain.judgement.rule_matching import compiled, sentences

# Sentences of a notice that say nothing about its writer's will: conditions, urgent cases, other people to turn to.
_BOILERPLATE_SENTENCE = (
    r"\b(?:if (?:you|your|this|it|the|there|urgent)|for (?:urgent|immediate|any|all|emergenc|time|sales|support|questions|assistance)|in (?:urgent|case|an emergency|my absence|the meantime|the interim)|should you|for anything|urgent|when i return|upon my return|on my return|while you wait|why not (?:join|follow|visit|check out|browse|explore)|did you know|follow us"
    r"|falls|sollten|in dringend|bei dringend|wenn (?:sie|es|ihr)|dringend\w*|en cas|pour toute|si (?:vous|votre|es|tiene|necesita|su|urge|for|precisar)|urgent\w*|urgen\w*|para (?:cualquier|asuntos)|in caso|se (?:avete|ha|hai|for|é|necess|precisa)|per (?:urgenze|qualsiasi)|indien|als (?:u|je|het)|voor (?:dringende|vragen|spoed)|em caso|caso|jeśli|w pilnych|w sprawach|vid|om (?:du|det|ni)|hvis|ved|har du|если|по срочным|v naléhavých|v súrnych|sürgős|acil|pentru urgențe|για επείγοντα|у термінових|is it urgent)\b"
)

# Words that only a person's own reply holds; looked for outside of boilerplate sentences.
_ENGAGEMENT = (
    r"\?|？|\b(?:let's|lets|let us|can we|could we|shall we|we can|could you|can you|would you|interested|interesting|intrigued|sounds (?:good|great|interesting|like)|looks (?:good|great|interesting|relevant)|love to|keen to|happy to (?:chat|talk|meet|discuss|connect|jump|hop|have|take|learn)"
    r"|your (?:offer|proposal|product|service|pitch|solution|tool|platform|question|pricing|idea|demo)|send (?:me|us|over|it|the|your)|pricing|demo|ping me|follow up with me|follow up (?:then|after|in|next)|circle back|remind me|call me|e-?mail me|try me|try again|catch me|catch up|touch base|reach (?:back )?out (?:again|then|to me|after|in|next|when)|contact me (?:again|then|after|when|in)|get back to me|write me|works for me|work for me|(?:am|pm|\d|monday|tuesday|wednesday|thursday|friday) works|schedule|book (?:a|some)|talk (?:on|then|next|in|after|thursday|monday|tuesday|wednesday|friday|soon)|speak (?:on|then|next|after)|chat (?:on|then|next|after)|meet (?:on|then|next|after)|discuss|not interested|no thanks|no thank you|remove me|unsubscribe me|we already|we use|budget|decision|colleague who|wrong person|reply(?:ing)? (?:from|quickly)|quick(?:ly)? (?:answer|reply|response|note)|but (?:yes|i'd|i would|i like|i am happy|happy|sure|feel free))\b"
    r"|\b(?:melden sie sich (?:bitte )?(?:danach|dann|wieder|nochmal|gerne|nach|ab|im)|können wir|lassen sie uns|interessant|interessiert|klingt|gerne (?:sprechen|telefonieren|einen|danach|nach|ab|im|dann)|rufen sie mich|schicken sie|senden sie mir|angebot|ihr(?:e|en)? (?:produkt|lösung|vorschlag|preise)|kein interesse|passt mir|freue mich auf)\b"
    r"|\b(?:recontactez-moi|rappelez-moi|relancez-moi|intéress\w+|votre (?:offre|proposition|produit|solution)|envoyez-moi|on peut|pouvons-nous|volontiers|me convient|ça me va)\b"
    r"|\b(?:me interesa|interesad[oa]|suena|ll[aá]m[ae]me|escr[ií]b[ae]me|podemos|hablamos|su (?:oferta|propuesta|producto)|env[ií][ae]me|me parece|interessat[oa]|mi interessa|possiamo|mi chiami|sentiamoci|ricontatt(?:atemi|ami)|mi ricontatti|la vostra (?:offerta|proposta)|geïnteresseerd|interessant|kunnen we|bel me|mail me|klinkt|interessad[oa]|tenho interesse|podemos|me ligue|vamos (?:falar|conversar|marcar)|zainteresowan\w+|brzmi|możemy|zadzwoń|proszę (?:zadzwonić|o ofertę|się odezwać|odezwać)|intresserad|intressant|låter|ring mig|hör av (?:dig|er)|kan vi|interesseret|interessert|interessant|spændende|lyder|ring meg|интересно|давайте|перезвоните|позвоните|zavolejte mi|zavolajte mi|ozvěte se|napište mi|můžeme|môžeme|mám zájem|zajímá|hívjon|keressen|érdekel|beszélhet\w+|beszéljünk|arayın|görüşelim|konuşalım|ilgilen\w+|sunați-mă|putem|mă interesează|vorbim|καλέστε με|μιλήσουμε|μπορούμε|ενδιαφέρ\w+|зателефонуйте|цікав\w+|можемо|напишіть мені)\b|感兴趣|感興趣|打电话给我|聊|可以|관심|전화 ?주|통화|가능합니다|興味|ご提案|打ち合わせ|是非|ぜひ"
)

# "Hi Sam," but not "Dear sender,": somebody in particular is addressed.
_PERSONAL_GREETING = (
    r"^[ \n]{0,3}(?:hi|hello|hey|dear|good (?:morning|afternoon)|hallo|lieber?|liebe|sehr geehrte[rs]? (?:herr|frau)|guten tag (?:herr|frau)|bonjour|cher|chère|hola|estimad[oa]|ciao|gentile|beste|olá|prezad[oa]|dzień dobry (?:panie|pani)|hej|hei)"
    r" (?!sender|sir|madam|all|there|everyone|everybody|team|customer|client|visitor|friend|damen|absender|kundin|kunde|madame|monsieur|expéditeur|cliente?s?|señor|remitente|mittente|afzender|lezer|remetente|avsändare|afsender)[^\W\d_]{2,20}[ ,!.\n-]"
)
_SPEAKS_OF_HIMSELF = r"(?<![\w.@/-])(?:i|i'm|i'll|i've|i'd|me|my|ich|mir|mich|mein\w{0,2}|je|moi|mon|mes|yo|mis|mio|mia|ik|mij|mijn|eu|meu|minha|ja|mój|moja|mnie|jag|mig|jeg|meg)(?![\w@/-])"

# What somebody writes below the subject of a notice, in the first words of an answer to it.
_REACTION = r"\b(?:fine|ok|okay|yes|yep|sure|great|perfect|thanks|thank you|agreed|got it|sorry|back now|no|ja|nein|gerne|passt|danke|oui|non|d'accord|merci|sí|vale|gracias|sì|va bene|grazie|nee|prima|bedankt|sim|não|obrigad[oa]|tak|nie|dobrze|dzięki|tack|takk)\b"


def is_engaged(folded: str) -> bool:
    """Returns whether somebody asks, proposes or judges our offer; conditional sentences of a notice do not count."""
    engagement = compiled(_ENGAGEMENT)
    boilerplate = compiled(_BOILERPLATE_SENTENCE)
    return any(engagement.search(sentence) and not boilerplate.search(sentence) for sentence in sentences(folded))


def greets_somebody(folded: str) -> bool:
    """Returns whether the reply greets one person by name."""
    return compiled(_PERSONAL_GREETING).search(folded) is not None


def speaks_of_himself(folded: str) -> bool:
    """Returns whether the writer says "I", "me" or "my"."""
    return compiled(_SPEAKS_OF_HIMSELF).search(folded) is not None


def reacts(folded: str) -> bool:
    """Returns whether a message agrees, declines, thanks or excuses itself."""
    return compiled(_REACTION).search(folded) is not None
