# ruff: noqa: E501 - the words of one language stay on one line
"""Delivery reports that arrive as replies: how they are recognized, and the causes that they name.

Only a dead address suppresses. A delay, a full mailbox, a message that is too large, refused or expired, and a report
that names no cause say nothing about the address: they are automatic replies, no more.
"""

from __future__ import annotations

from shared.domain.judgement.phrase_rules import phrase_rule
from shared.domain.judgement.rule_matching import Rule, Where

_S = Where.SUBJECT

# --- what shows that a mail server wrote it -----------------------------------------------------------------------

REPORT_SUBJECT_RULES: tuple[Rule, ...] = (
    phrase_rule(
        "report.en.subject", "en", "mail servers begin the subject of their reports so",
        r"undeliver(?:able|ed)(?: (?:mail|message))?(?: returned to sender)?(?=:|$| -)", "undelivered mail",
        "mail delivery (?:failed|failure|subsystem|error)",
        r"delivery status notification(?: ?\(| ?: ?(?:error|failed|failure)|$)", r"delivery notification: delivery has failed",
        r"delivery (?:has )?(?:failed|failure)(?=:|$| notification| to| \()", r"returned (?:mail|to sender)(?=:|$)", "failure notice(?=$|:)",
        "mail (?:system error|could not be delivered)", "message (?:undeliverable|could not be delivered|not delivered)",
        "non[- ]?delivery (?:report|notification|receipt)", "address not found", "permanent (?:error|failure)(?=:|$)",
        "notice: mail delivery status", "delivery (?:report|status)$", where=_S,
    ),
    phrase_rule(
        "report.any.subject", "any", "mail servers in other languages",
        "unzustellbar ?:", "nicht zustellbar ?:", "zustellung fehlgeschlagen", "non remis ?:", "échec de (?:la )?remise", "échec de distribution",
        "no se (?:puede|ha podido) entregar(?=$| ?:)", "no entregado ?:", "error de entrega", "mancato recapito", "non recapitabile ?:",
        "impossibile recapitare", "onbestelbaar ?:", "niet bezorgd", "não é possível entregar ?:", "não entregue ?:", "falha na entrega",
        "niedostarczalne ?:", "nie można dostarczyć", "olevererbart ?:", "kan inte levereras ?:", "kan ikke leveres ?:",
        "kunne ikke leveres ?:", "uleverbart", "nedoručitelné ?:", "nedoručiteľné ?:", "kézbesíthetetlen ?:", "nelivrabil ?:", "teslim edilemedi ?:",
        "μη παραδοτέο ?:", "配信不能", "配信できません", "无法送达", "無法傳遞", "전달되지 않음", "не доставлено", "не удается доставить", "недоставлен", where=_S,
    ),
)  # fmt: skip

SUCCESS_SUBJECT_RULES: tuple[Rule, ...] = (
    phrase_rule(
        "success.any.subject", "any", "mail servers begin the subject of a report of success so",
        "successful mail delivery report", r"delivery status notification ?\((?:success|relay|expanded)", "(?:delivered|relayed|expanded) ?: ",
        "(?:zugestellt|übermittelt|weitergeleitet) ?: ", "remis ?: ", "(?:entregado|consegnato|recapitato|bezorgd|entregue|dostarczone) ?: ",
        "(?:levererat|leveret|levert) ?: ", "доставлено ?: ", where=_S,
    ),
)  # fmt: skip

REPORT_BODY_RULES: tuple[Rule, ...] = (
    phrase_rule(
        "report.en.not_delivered", "en", "phrases of mail servers",
        "delivery (?:has failed )?to (?:these|the following) recipients?(?: or groups?| or distribution lists?)?(?: has)? ?(?:failed(?: permanently)?)?:",
        r"(?:your|this|the following) message (?:to \S{3,120} )?(?:wasn't|was not|couldn't be|could not be|cannot be|can't be|has not been) delivered",
        r"(?:address not found|message not delivered|delivery failed)\n{1,3}[^\n]{0,20}(?:your|there was)", "i'm sorry to have to inform you that your message could not",
        r"the following (?:address(?:es)?|recipients?)(?: ?\(s\)| ?\(es\))? (?:had permanent fatal errors|had delivery problems|failed|could not be reached|cannot be delivered)",
        "a message that you sent could not be delivered to one or more of its recipients", "this is (?:a permanent error|the mail system at host)",
        "this is an automatically generated delivery status notification", "this message was created automatically by (?:the )?mail (?:delivery software|system)",
        "the mail server (?:could not|was unable to) deliver", "(?:we|i) (?:were|was|are|am) (?:unable|not able) to deliver (?:your|the|this) (?:message|mail|e-?mail)",
        "i(?:'m| am) afraid i wasn't able to deliver", "this is the mailer-daemon", "this is the (?:qmail-send program|mail (?:server|program|delivery (?:system|agent)))",
        "this report relates to a message you sent", "your message cannot be delivered to the following recipients", "this is a delivery status notification from",
        r"(?:^|\n) {0,40}undeliverable mail(?=\n|$)", "failed to deliver (?:your|the|this) (?:message|mail|e-?mail)", "inform you on the delivery status of a message",
        "delivery failed; will not continue trying", "message could not be delivered to mobile", "we had trouble delivering your message", "unable to deliver (?:your )?message to",
        r"-{2,} ?(?:failure reasons|returned message|non-delivered information|transcript of session)", r"was not delivered to:", "error occurred while (?:trying|attempting) to deliver (?:the|a|your) (?:mail|message)",
        "undeliverable to ", "your message to \\S{3,120} has been (?:blocked|rejected)", "the group you tried to contact",
    ),
    phrase_rule(
        "report.en.smtp_status", "en", "the words of a mail server next to its status or the address",
        r"(?<![\w.])55\d[ -]#?5\.[0-9]\.\d{1,3}(?![\w.]*\d)[^\n]{0,160}",
        r"(?<![\w.])55\d[^\n]{0,120}(?:user unknown|unknown user|no such (?:user|mailbox)|mailbox (?:unavailable|not found)|recipient (?:address )?rejected|does not exist|invalid (?:mailbox|recipient))",
        r"\S@\S[^\n]{0,120}user unknown", r"\S@\S[^\n]{0,120}unknown user", r"\S@\S[^\n]{0,120}no such user", r"\S@\S[^\n]{0,120}unrouteable address", r"\S@\S[^\n]{0,120}name service error",
        r"user unknown[^\n]{0,80}\S@\S", r"unknown (?:user|recipient)[^\n]{0,80}\S@\S", r"no such user[^\n]{0,80}\S@\S", "recipientnotfound",
    ),
    phrase_rule(
        "report.any.not_delivered", "any", "phrases of mail servers in other languages",
        r"(?:ihre )?nachricht (?:an \S{3,120} )?konnte (?:\S{3,120} )?nicht zugestellt werden", r"ihre nachricht an \S{3,120} konnte nicht", "die zustellung an (?:folgende|diese) empfänger (?:ist fehlgeschlagen|war nicht möglich)",
        "fehler bei der nachrichtenzustellung", r"(?:votre )?message (?:à \S{3,120} )?n'a pas (?:pu être|été) (?:remis|distribué|délivré)", "échec de la remise (?:pour|à) ces destinataires",
        r"(?:su|tu|el) mensaje (?:para \S{3,120} )?no (?:se ha podido|se pudo|pudo ser|se ha|ha podido ser) entreg\w*", "no se pudo entregar el mensaje", "error en la entrega a estos destinatarios", r"(?:il tuo|il suo|il) messaggio (?:a \S{3,120} )?non (?:è stato|può essere) (?:recapitato|consegnato)",
        "recapito non riuscito", r"uw bericht (?:aan \S{3,120} )?(?:kan|kon) niet worden (?:bezorgd|afgeleverd)", r"(?:a )?sua mensagem (?:para \S{3,120} )?não (?:pôde ser|foi) entregue",
        r"(?:twoja )?wiadomość (?:do \S{3,120} )?nie (?:mogła zostać|została) (?:dostarczona|doręczona)", r"ditt meddelande (?:till \S{3,120} )?kunde inte levereras", r"din meddelelse (?:til \S{3,120} )?kunne ikke leveres",
        r"meldingen (?:til \S{3,120} )?kunne ikke leveres", r"(?:vaše )?zpráv[au] (?:pro \S{3,120} )?(?:nebyla|nemohla být|se nepodařilo) doruč\w+", r"(?:az )?üzenetet? [^\n]{0,120}nem (?:sikerült|lehetett) kézbesíteni",
        r"mesajul (?:dvs\. |dumneavoastră )?[^\n]{0,80}nu a (?:putut fi|fost) livrat", r"ileti(?:niz)? [^\n]{0,120}teslim edilemedi", r"το μήνυμά σας [^\n]{0,120}δεν (?:ήταν δυνατό να παραδοθεί|παραδόθηκε)",
        "письмо отправлено почтовым сервером", "ваше (?:письмо|сообщение) (?:[^.\n]{0,60})не (?:может быть|было|удалось) (?:отправлено|доставлено|доставить)", "письмо создано автоматически", "повідомлення [^.\n]{0,60}не (?:вдалося доставити|було доставлено)",
        "次の(?:宛先|受信者).{0,20}配信(?:でき|に失敗)", "メール(?:を|は|が)配信でき", "您的(?:邮件|郵件).{0,40}(?:无法|無法|未能)(?:送达|投递|傳遞|送達)", "메일(?:을|이) .{0,20}(?:전달|전송|배달)(?:할 수|되지|하지)",
    ),
)  # fmt: skip

SUCCESS_BODY_RULES: tuple[Rule, ...] = (
    phrase_rule(
        "success.en.delivered", "en", "the message has arrived, or was handed on",
        r"(?:was|has been|were|have been) successfully (?:delivered|relayed|transmitted|sent) to", "successfully (?:delivered|relayed) to the (?:following|destination)", r"delivery to (?:these|the following) recipients[^.\n]{0,40} is complete",
        "your message has been delivered to the following recipients", r"wurde(?: den folgenden empfängern)? (?:erfolgreich )?zugestellt\b", "успешно доставлено",
    ),
)  # fmt: skip

# --- the causes that say nothing about the address ----------------------------------------------------------------

HARMLESS_RULES: tuple[Rule, ...] = (
    phrase_rule(
        "delay.any.status", "any", "the server will try again",
        r"delivery status notification \(delay\)", r"(?:message|delivery|e-?mail|mail) (?:is |has been |was )?(?:delayed|still being retried|deferred)", r"temporarily[^.\n]{0,60}", r"will (?:be retried|retry)[^.\n]{0,60}", "we will retry",
        r"(?:will|we'll) keep trying", "gmail will (?:retry|keep trying)", "this is a warning message only", "you do not need to resend", "delivery incomplete", r"deliver(?:y|ing)[^\n]{0,120} (?:has been|is|was) delayed", "has not (?:yet )?been delivered",
        r"zustellung verzögert", "verzögert sich die zustellung", r"die zustellung [^.\n]{0,60}verzögert", r"(?:remise|distribution) [^.\n]{0,60}retardée", r"entrega [^.\n]{0,60}(?:retrasad|atrasad|demorad)[ao]",
        r"consegna [^.\n]{0,60}ritardat[ao]", r"(?:bezorging|aflevering) [^.\n]{0,60}vertraagd", r"dostarczenie [^.\n]{0,60}opóźnion\w", r"(?<![\w.])4\.[0-9]\.\d{1,3}(?![\w.]*\d)", r"(?<![\w.])4(?:21|5[0-2])[ -]",
    ),
    phrase_rule(
        "full_mailbox.any.status", "any", "a full mailbox empties again",
        r"(?:mailbox|mailfolder|mail folder|inbox|maildir|disk)[^.\n]{0,30} (?:is )?(?:full|over ?quota|quota exceeded)", r"(?:over|exceed(?:ed|s|ing)?|out of|beyond)[^.\n]{0,30}quota", r"(?:over|exceed(?:ed|s|ing)?|out of|insufficient|not enough)[^.\n]{0,30}(?:storage|disk space)",
        "quota (?:exceeded|violation)", "overquota", "mailbox[^.\n]{0,40}(?:size limit|exceeds|exceeded|too large)", r"number of messages in (?:the )?recipient's mailbox", r"(?<![\w.])5\.2\.2(?![\w.]*\d)",
        r"postfach [^.\n]{0,40}voll\b", r"boîte [^.\n]{0,60}pleine", r"buz[oó]n [^.\n]{0,60}lleno", r"casella [^.\n]{0,60}piena", r"(?:mailbox|postvak) [^.\n]{0,40}\bvol\b", r"caixa [^.\n]{0,60}cheia",
        r"skrzynka [^.\n]{0,60}(?:pełna|przepełniona)", r"(?:inkorg|brevlåda|postkasse|postboks|innboks)\w{0,3} [^.\n]{0,40}(?:full|fuld)", "schránk[ay] [^.\n]{0,40}pln[áé]", "postafiók[^.\n]{0,40}megtelt", "メールボックス.{0,20}(?:いっぱい|容量)", "ящик.{0,40}переполнен", "скринька.{0,40}переповнен", "邮箱.{0,10}已?满", "郵箱.{0,10}已?滿",
    ),
    phrase_rule(
        "too_large.any.status", "any", "the message was too large",
        r"(?:message|content|attachment|mail)[^.\n]{0,30} (?:size )?(?:exceeds|exceeded|too (?:large|big|long))", r"(?:message|mail) size limit", r"size [^.\n]{0,40}exceeds", r"(?<![\w.])5\.(?:3\.4|2\.3)(?![\w.]*\d)", "zu groß", "trop (?:volumineu|grand|lourd)\\w*", "demasiado grande", "troppo grande", "te groot", "muito grande", "zbyt (?:duża|duży|długa)", "för stor", "for stor",
    ),
    phrase_rule(
        "expired.any.status", "any", "the server gave up, or could not reach the other one",
        "retry time(?:out)?", r"delivery time expired", r"not (?:be )?delivered (?:within|for|in) \S{1,10} (?:hours?|days?|minutes?)", r"connect(?:ion|ed)?[^.\n]{0,60}(?:timed? ?out|refused|reset|dropped|lost|closed)", r"timed out", "timeout", "(?:unable|failed|could not) to connect", "couldn't connect",
        "network (?:is )?unreachable", "no route to host", "host (?:is )?unreachable", r"(?:message|envelope|mail) (?:has )?expired", r"(?<![\w.])[45]\.4\.[1567](?![\w.]*\d)(?! ?[^\n]{0,80}recipient address rejected: access denied)", r"too (?:long in|many hops)", "hop count", "mail loop", "loops? back to", "loop detected", r"(?:try again|retry|resend(?:ing)?(?: (?:it|the message|your message))?) (?:later|in \d)", "not found, try again", r"temporary (?:failure|error|problem|lookup)", "deferred", "no answer from host", "host not responding", "server (?:error|busy|not available)", "lookup failure",
    ),
    phrase_rule(
        "busy.any.status", "any", "too much at once",
        r"too (?:many|much) (?:concurrent |simultaneous |recent |smtp )*(?:connections|messages|recipients|errors|e-?mails|sessions|requests|mail)", "receiving mail at a rate", "rate[- ](?:limit|control)", "throttl", r"(?:sending|daily|hourly|message) (?:rate |message )?limit", r"exceed(?:ed|s)[^.\n]{0,40} (?:limit|rate|maximum)", "gr[ea]ylist", "slow down", "resources (?:temporarily )?unavailable",
    ),
    phrase_rule(
        "refused.any.status", "any", "the message or its sender was refused, not the address",
        r"(?<![\w.@/-])spam(?!\w|[.-]\w)", r"junk mail", r"bulk e?-?mail", "unsolicited", "phish", r"(?:block|black|deny|reject) ?list", r"\b(?:rbl|dnsbl)\b", "spamhaus", "spamcop", "reputation", r"\b(?:your|client|source|sending) (?:ip|host)\b", r"\bip (?:address )?\[?\d", r"\bptr\b", r"reverse (?:dns|lookup|hostname)", r"\brdns\b", r"\b(?:spf|dkim|dmarc)\b", "unauthenticated", "authentication (?:required|failed|failure)", "not authenticated",
        r"relay(?:ing)?[^.\n]{0,20}(?:denied|prohibited|not (?:permitted|allowed))", "unable to relay", "open relay", r"\bvirus\b", "malware", "infected", r"(?:attachment|content)[^.\n]{0,40}(?:not allowed|prohibited|blocked|rejected|refused|removed)", r"sender(?:'s)? (?:address |domain )?(?:rejected|denied|blocked|refused|invalid|verify|unknown|not)", "senderno", "sender ?not ?authenticated", r"(?<![\w.])5\.1\.[78](?![\w.]*\d)", "envelope sender", r"\b(?:helo|ehlo)[^.\n]{0,40} (?:rejected|invalid|denied|refused)",
        "syntax error", "protocol error", "must issue a starttls", r"als (?:spam|unerwünscht)", r"indésirable", r"(?:message|mail|e-?mail) (?:was |has been )?(?:rejected|blocked|refused) (?:as|due to|because of|by)", "has been blocked(?! (?:due to|for|because of) inactiv)", "only accepts messages from", r"(?:policy|security) (?:violation|reasons?|restriction)", "due to (?:a )?policy",
    ),
)  # fmt: skip

# A refusal without a reason: it weighs less than words that say that the address is dead.
REFUSAL_RULES: tuple[Rule, ...] = (
    phrase_rule("refusal.any.status", "any", "refused without a reason", r"(?<![\w.])5\.7\.\d{1,3}(?![\w.]*\d)", "access denied", "not (?:authori[sz]ed|permitted|allowed)", "administrative", r"\bpolicy\b", "prohibited"),
)  # fmt: skip

# --- the one cause that suppresses --------------------------------------------------------------------------------

_WHO = r"(?:\S@\S|address|user|recipient|mailbox|account|alias)"

DEAD_WORD_RULES: tuple[Rule, ...] = (
    phrase_rule(
        "bounce.en.dead_address", "en", "the server says that the address does not exist",
        r"(?:user|recipient|mailbox|addressee|account|alias|local part)(?: is)? unknown", r"unknown (?:or illegal )?(?:user|recipient|mailbox|address|alias|local ?part|account)", "invalid/unknown recipient", r"no such (?:user|mailbox|recipient|address|account|person|domain)", "no mailbox (?:here|by that name)", "no valid recipients",
        rf"{_WHO}[^\n]{{0,100}} (?:does not|doesn't|do not|did not) exist", rf"{_WHO}[^\n]{{0,100}} (?:could not be|couldn't be|was not|wasn't|cannot be|not) found", r"wasn't found at \S", "recipientnotfound", "recipient not found", "user not found", "unrouteable address", r"invalid (?:recipient|mailbox|user|address)", r"not (?:a valid|a known) (?:mailbox|user|address|recipient)",
        "not listed in (?:the )?(?:public )?(?:name|domino)", rf"{_WHO}[^\n]{{0,60}} (?:is|has been|was) (?:disabled|inactive|deactivated|blocked (?:due to|for|because of) inactivity|closed|deleted|terminated|suspended|not active)", rf"{_WHO}[^\n]{{0,80}} no longer (?:active|valid|in use|exists?|available|accepts?|used)", r"doesn't have an? \S{2,40} account", r"(?<![\w.])55\d[^\n]{0,60}mailbox (?:is )?unavailable",
        "bad destination mailbox", "illegal host/domain name", "host unknown", "unknown host", r"domain (?:name )?(?:does not exist|not found)", "nxdomain", "host or domain name not found", "null mx", "account (?:not found|disabled|does not exist)", r"(?<![\w.])5\.4\.1(?![\w.]*\d)[^\n]{0,80}recipient address rejected: access denied",
    ),
    phrase_rule(
        "bounce.any.dead_address", "any", "the server says so in another language",
        r"(?:empfänger|adresse|benutzer|postfach|nutzer|konto)[^\n]{0,100} (?:nicht gefunden|existiert nicht|unbekannt|nicht vorhanden|ungültig|deaktiviert)", r"wurde (?:unter|in|bei) \S{3,80} nicht gefunden", r"(?:adresse|destinataire|utilisateur|boîte|compte)[^\n]{0,100} (?:introuvable|n'existe p(?:as|lus)|inconnue?|invalide|désactivée?|n'a pas été trouvée?)",
        r"(?:direcci[oó]n|destinatario|usuario|buz[oó]n|cuenta)[^\n]{0,100} (?:no existe|desconocid[oa]|inv[aá]lid[oa]|no v[aá]lid[oa]|desactivad[oa]|deshabilitad[oa])", r"no se (?:ha encontrado|encontr[oó]) (?:la direcci[oó]n|el (?:destinatario|usuario|buz[oó]n)|la cuenta)", r"(?:indirizzo|destinatario|utente|casella|account)[^\n]{0,100} (?:non esiste|inesistente|sconosciut[oa]|non (?:è stat[oa] )?trovat[oa]|non valid[oa]|disattivat[oa]|inattiv[oa])",
        r"(?:adres|ontvanger|gebruiker|postvak|mailbox|account)[^\n]{0,100} (?:bestaat niet|onbekend|niet gevonden|ongeldig)", r"(?:endereço|destinat[aá]rio|usu[aá]rio|utilizador|caixa|conta)[^\n]{0,100} (?:não existe|desconhecid[oa]|não (?:foi )?encontrad[oa]|inv[aá]lid[oa]|desativad[oa])", r"(?:adres|odbiorc\w|użytkownik|skrzynka|konto)[^\n]{0,100} (?:nie istnieje|nieznan[ya]|nie (?:został[oay]? )?(?:odnalezion|znalezion)\w+|nieprawidłow[ya]|nieaktywn[yae])",
        r"(?:adress|mottagare|användare|brevlåda|konto)[^\n]{0,100} (?:finns inte|hittades inte|okänd)", r"(?:adresse|modtager|mottaker|bruger|bruker|postkasse|konto)[^\n]{0,100} (?:findes ikke|finnes ikke|blev ikke fundet|ble ikke funnet|ukendt|ukjent)", r"(?:osoite|vastaanottaja|käyttäjä)[^\n]{0,100} (?:ei ole olemassa|ei löydy|tuntematon)",
        r"(?:adres|uživatel|používateľ|příjemc|príjemc|schránk)[^\n]{0,100} (?:neexistuje|nebyl[ao]? nalezen\w*|nenašl\w+|neznám\w+)", r"(?:cím|felhasználó|címzett|postafiók)[^\n]{0,100} (?:nem létezik|nem található|ismeretlen)", r"(?:adres|destinatar|utilizator)[^\n]{0,100} (?:nu există|nu a fost găsit\w?|necunoscut\w?)", r"(?:adres|alıcı|kullanıcı)[^\n]{0,100} (?:bulunamadı|mevcut değil|geçersiz|bilinmiyor)",
        r"(?:διεύθυνση|παραλήπτης|χρήστης)[^\n]{0,100} (?:δεν υπάρχει|δεν βρέθηκε|άγνωστ\w+)", r"(?:адрес|пользовател|получател|ящик)[^\n]{0,100} (?:не существует|не найден\w?|неизвест\w+|недействител\w+)", "нет такого пользователя", r"(?:адрес|користувач|одержувач|скриньк)[^\n]{0,100} (?:не існує|не знайдено|невідом\w+)", "(?:宛先|アドレス|ユーザー?).{0,40}(?:存在しません|見つかりません|見つからない|不明)", "リストにありません", "(?:地址|用户|用戶|收件人|邮箱|郵箱).{0,30}(?:不存在|找不到|无效|無效)", "(?:주소|사용자|수신자).{0,40}(?:존재하지|찾을 수 없)",
    ),
)  # fmt: skip

# A status of the family "this address" (RFC 3463, 5.1.x), but for those that blame the sender (5.1.7, 5.1.8), and
# 5.2.1, a mailbox that is switched off.
DEAD_STATUS_RULES: tuple[Rule, ...] = (
    phrase_rule("bounce.any.dead_status", "any", "the server's status says that the address does not exist", r"(?<![\w.])5\.1\.(?:[0-36]|10)(?![\w.]*\d)[^\n]{0,160}", r"(?<![\w.])5\.2\.1(?![\w.]*\d)[^\n]{0,160}"),
)  # fmt: skip

# A complaint that a mailbox provider passes on: its user pressed the spam button (RFC 5965).
COMPLAINT_RULES: tuple[Rule, ...] = (
    phrase_rule("complaint.any.feedback_report", "any", "the recipient reported our message as spam, or opted out by his mail program", "this is an e-?mail (?:abuse|opt-out|unsubscribe) report for an? (?:e-?mail )?message", r"feedback-type ?: ?(?:abuse|opt-out)\b"),
)  # fmt: skip
# Reports in the same format about our own authentication.
NO_COMPLAINT = r"auth-failure|authentication failure|\bdmarc\b|not-spam"

RULES: tuple[Rule, ...] = (
    *REPORT_SUBJECT_RULES, *SUCCESS_SUBJECT_RULES, *REPORT_BODY_RULES, *SUCCESS_BODY_RULES, *HARMLESS_RULES,
    *REFUSAL_RULES, *DEAD_WORD_RULES, *DEAD_STATUS_RULES, *COMPLAINT_RULES,
)  # fmt: skip

# Where a report ends and a copy of our own message begins.
COPY_OF_OUR_MESSAGE = r"\n[ >*-]{0,12}(?:(?:below is|this is|here is) a copy of (?:the|your)|(?:original|returned) message(?: headers| follows| text)?\b|copy of (?:the )?(?:original )?message|unsent message|included is a copy of)"

# Where a report ends and the returned message begins, whose words are ours: headers, MIME and ruler lines.
RETURNED_MESSAGE = r"\n[ >]{0,3}(?:-{3,}|_{3,}|(?:from|subject|received|return-path|date|to|content-type|message-id|mime-version|reporting-mta) ?:)"

# Mail servers that say "I" and "we", and never otherwise than so.
SERVER_SPEAKS = (
    r"\bi(?:'m| am) (?:sorry to have to inform|afraid i wasn't able|sending you this message to inform)|\bi've given up|\b(?:we|i)(?:'re|'m| were| was| are| am) (?:unable|not able|sorry|writing) to (?:deliver|inform|let you know)"
    r"|\bour (?:mail )?(?:server|system|gateway)s?\b|\bwe(?:'ll| will| have|'re| are| )(?: still)? ?(?:tried|attempted|keep|continue|retry|retrying|try|trying)\b|\bwe had trouble delivering\b|\b(?:please )?try again(?: later)?\b|\bin my badmailfrom\b|\bмы вынуждены\b"
)

# A person who reports a bounce: first person, "your last mail bounced", the server's words in quotation marks.
TOLD_BY_A_PERSON = (
    r"(?<![\w.@/-])(?:i|i'm|i'd|i'll|i've|we|we've|we'll|we're|my|me|our|us|ich|wir|mein\w{0,2}|unser\w{0,2}|mir|uns|je|nous|mon|notre|nos|moi|yo|mi|mis|nuestr[oa]s?|hemos|tengo"
    r"|mio|mia|nostr[oaie]|abbiamo|ho|ik|wij|we|mijn|onze|ons|meu|minha|nosso|nossa|tenho|mój|moja|nasz\w{0,2}|mamy|mam|jag|vår|våra|jeg|vores"
    r"|please (?:re-?send|send)|right department|bounced|bouncing|kam zurück|zurückgekommen|rebot[oó]|rebotado|rimbalzat\w|tornat[ao] indietro|teruggekomen|kwam terug|voltou|wróci\w+|studsade)(?![\w@/-]|\.\w)"
)

# A server's words in quotation marks: "the mark", not l'adresse.
OPENS_A_QUOTATION = r"""(?:^|[ \n(:,])["']$"""
