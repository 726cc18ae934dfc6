# ruff: noqa: E501 - a rule reads as one row of a table
"""Non-delivery reports that arrive as replies.

Only a report that says that the address does not exist, or that delivery failed for good, suppresses. A delay, a full
mailbox and a message refused as spam say nothing about the address: they are automatic replies, no more.
"""

from __future__ import annotations

from shared.domain.rule_matching import Rule, Where

_S = Where.SUBJECT
_A = Where.ANYWHERE

TRANSIENT_RULES: tuple[Rule, ...] = (
    Rule("delay.any.status", "any", r"(?:delivery status notification \(delay\)|(?:message|delivery|e-?mail) (?:is |has been |was )?(?:delayed|still being retried)|(?:delivery )?(?:temporarily|will be retried|will retry|has been delayed)[^.\n]{0,60}(?:deliver|retr|attempt|hours|days)|gmail will (?:retry|keep trying)|this is a warning message only|you do not need to resend|zustellung verzögert|verzögert sich die zustellung|\b4\.[0-9]\.[0-9]{1,3}\b|delivery incomplete|deliver(?:y|ing)[^\n]{0,120} (?:has been|is|was) delayed|(?:will|we'll) keep trying)", "the server will try again", ("delay", "retr", "keep trying", "temporarily", "warning message", "resend", "verzögert", "4.", "incomplete"), _A),
    Rule("full_mailbox.any.status", "any", r"(?:mailbox (?:is )?(?:full|over quota|quota exceeded)|(?:over|exceeded|out of)[^.\n]{0,30}(?:quota|storage)|quota (?:exceeded|violation)|inbox (?:is )?full|\b5\.2\.2\b|postfach (?:ist )?voll|boîte (?:aux lettres |mail )?(?:est )?pleine|buz[oó]n (?:est[aá] )?lleno|casella (?:è )?piena|mailbox (?:is )?vol)", "a full mailbox empties again", ("full", "quota", "storage", "5.2.2", "voll", "pleine", "lleno", "piena", "vol"), _A),
    Rule("refused_content.any.status", "any", r"(?:\b5\.7\.[0-9]{1,3}\b|(?:message|content|mail|e-?mail) (?:was |has been )?(?:rejected|blocked|refused) (?:as|due to|because of|by)[^.\n]{0,60}(?:spam|policy|content|reputation|blacklist|blocklist)|spam message rejected|listed (?:on|in) [^.\n]{0,30}(?:spamhaus|barracuda|blacklist|blocklist))", "the message was refused, not the address", ("5.7.", "rejected", "blocked", "refused", "listed"), _A),
)  # fmt: skip

BOUNCE_SUBJECT_RULES: tuple[Rule, ...] = (
    Rule("bounce.en.subject", "en", r"(?:undeliver(?:able|ed)(?: mail)?(?: returned to sender)?(?::|$| -)|mail delivery (?:failed|failure|subsystem)|delivery status notification ?\((?:failure|failed)\)|delivery (?:has )?(?:failed|failure)(?::|$| notification| to| \()|returned (?:mail|to sender)(?::|$)|failure notice(?:$|:)|mail (?:system error|could not be delivered)|message (?:undeliverable|could not be delivered|not delivered)|non[- ]?delivery (?:report|notification|receipt)|address not found|permanent (?:error|failure)(?::|$)|undelivered mail)", "mail servers begin the subject of their reports so", ("undeliver", "deliver", "returned", "failure notice", "mail system", "address not found", "permanent"), _S),
    Rule("bounce.any.subject", "any", r"(?:unzustellbar ?:|nicht zustellbar ?:|zustellung fehlgeschlagen|non remis ?:|échec de (?:la )?remise|échec de distribution|no se puede entregar ?:|no entregado ?:|error de entrega|mancato recapito|non recapitabile ?:|impossibile recapitare|onbestelbaar ?:|niet bezorgd|não é possível entregar ?:|não entregue ?:|falha na entrega|niedostarczalne ?:|nie można dostarczyć|olevererbart ?:|kan inte levereras ?:|kan ikke leveres ?:|kunne ikke leveres ?:|uleverbart|配信不能|配信できません|не доставлено|не удается доставить)", "mail servers in other languages", ("zustell", "remis", "remise", "distribution", "entreg", "recapit", "bestelbaar", "bezorgd", "dostarcz", "lever", "配信", "достав"), _S),
)  # fmt: skip

BOUNCE_BODY_RULES: tuple[Rule, ...] = (
    Rule("bounce.en.not_delivered", "en", r"(?:delivery (?:has failed )?to (?:these|the following) recipients?(?: or groups?| or distribution lists?)?(?: has)? ?(?:failed(?: permanently)?)?:|(?:your|this|the following) message (?:to \S{3,120} )?(?:wasn't|was not|couldn't be|could not be|cannot be|can't be|has not been) delivered|(?:address not found|message not delivered|delivery failed)\n{1,3}[^\n]{0,20}(?:your|there was)|i'm sorry to have to inform you that your message could not|the following (?:address(?:es)?|recipients?) (?:had permanent fatal errors|failed|could not be reached)|a message that you sent could not be delivered to one or more of its recipients|this is (?:a permanent error|the mail system at host)|the e-?mail account that you tried to reach (?:does not exist|is disabled|is inactive)|this is an automatically generated delivery status notification|the mail server (?:could not|was unable to) deliver|(?:we|i) (?:were|was|are|am) (?:unable|not able) to deliver (?:your|the|this) (?:message|mail|e-?mail)|i(?:'m| am) afraid i wasn't able to deliver)", "phrases of mail servers", ("deliver", "not found", "sorry to", "following", "permanent error", "mail system", "tried to reach", "fatal errors"), _A),
    Rule("bounce.en.no_such_address", "en", r"(?:\b55[0-4][ -]#?5\.[01]\.\d{1,3}\b[^\n]{0,160}|\b5\.1\.(?:0|1|2|3|10)\b[^\n]{0,160}|\b550 [^\n]{0,60}(?:user unknown|no such user|unknown user|mailbox unavailable|recipient (?:address )?rejected|does not exist|mailbox not found|invalid (?:mailbox|recipient))|(?:recipient address rejected|user unknown|unknown user|no such user|no mailbox here|recipientnotfound|address rejected|nxdomain|host or domain name not found)[^\n]{0,80})", "the server's status says that the address does not exist", ("5.0.", "5.1.", "550", "551", "552", "553", "554", "unknown", "no such", "rejected", "no mailbox", "recipientnotfound", "nxdomain", "domain name not found"), _A),
    Rule("bounce.any.not_delivered", "any", r"(?:(?:ihre )?nachricht (?:an \S{3,120} )?konnte nicht zugestellt werden|die zustellung an (?:folgende|diese) empfänger (?:ist fehlgeschlagen|war nicht möglich)|fehler bei der nachrichtenzustellung|(?:votre )?message (?:à \S{3,120} )?n'a pas (?:pu être|été) (?:remis|distribué|délivré)|échec de la remise pour ces destinataires|(?:su|tu) mensaje (?:para \S{3,120} )?no (?:se ha podido|se pudo|pudo ser) entrega\w*|error en la entrega a estos destinatarios|(?:il tuo|il suo|il) messaggio (?:a \S{3,120} )?non (?:è stato|può essere) (?:recapitato|consegnato)|recapito non riuscito|uw bericht (?:aan \S{3,120} )?(?:kan|kon) niet worden (?:bezorgd|afgeleverd)|(?:a )?sua mensagem (?:para \S{3,120} )?não (?:pôde ser|foi) entregue|(?:twoja )?wiadomość (?:do \S{3,120} )?nie (?:mogła zostać|została) (?:dostarczona|doręczona)|ditt meddelande (?:till \S{3,120} )?kunde inte levereras|din meddelelse (?:til \S{3,120} )?kunne ikke leveres|meldingen (?:til \S{3,120} )?kunne ikke leveres|次の(?:宛先|受信者).{0,20}配信(?:でき|に失敗)|メール(?:を|は|が)配信でき)", "phrases of mail servers in other languages", ("zugestellt", "zustell", "remis", "distribué", "délivré", "entreg", "recapit", "consegnato", "bezorgd", "afgeleverd", "dostarcz", "doręcz", "lever", "配信"), _A),
)  # fmt: skip

# Where a report ends and the returned message begins, whose words are ours: headers, MIME and ruler lines.
RETURNED_MESSAGE = r"\n[ >]{0,3}(?:-{3,}|_{3,}|(?:from|subject|received|return-path|date|to|content-type|message-id|mime-version|reporting-mta) ?:)"

# Mail servers that say "I" and "we", and never otherwise than so.
SERVER_SPEAKS = (
    r"\bi(?:'m| am) (?:sorry to have to inform|afraid i wasn't able)|\bi've given up|\b(?:we|i) (?:were|was|are|am) (?:unable|not able) to deliver"
    r"|\bour (?:mail )?(?:server|system|gateway)s?\b|\bwe(?:'ll| will| have| are| )(?: still)? ?(?:tried|attempted|keep|continue|retry|retrying|try|trying)\b"
)

# A person who tells about a bounce: first person, "your last mail bounced", the server's words in quotation marks.
TOLD_BY_A_PERSON = (
    r"(?<![\w.@/-])(?:i|i'm|i'd|i'll|i've|we|we've|we'll|we're|my|me|our|us|ich|wir|mein\w{0,2}|unser\w{0,2}|mir|uns|je|nous|mon|notre|nos|moi|yo|mi|mis|nuestr[oa]s?|hemos|tengo"
    r"|mio|mia|nostr[oaie]|abbiamo|ho|ik|wij|we|mijn|onze|ons|meu|minha|nosso|nossa|tenho|mój|moja|nasz\w{0,2}|mamy|mam|jag|vår|våra|jeg|vores"
    r"|bounced|bouncing|kam zurück|zurückgekommen|rebot[oó]|rebotado|rimbalzat\w|tornat[ao] indietro|teruggekomen|kwam terug|voltou|wróci\w+|studsade)(?![\w@/-]|\.\w)"
)
