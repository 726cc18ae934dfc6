# ruff: noqa: E501 - a rule reads as one row of a table
"""Opt-outs that nobody can misread, as a table.

Precision comes first: a false suppression loses a customer silently, a missed one only goes to the model. So the words
must stand as a demand at the beginning of a clause, end with the clause, and nothing in the message may express that
the writer still wants something. Questions about unsubscribing, conditions, reports about third persons and "not yet"
are no demands.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.domain.judgement.rule_matching import Rule, Where

# What a legal demand leans on, in front of it; "Art." ends a sentence for the rules, so the number may come first.
_LEGAL_BASIS = (
    r"(?:(?:gemäß|gemäss|nach|laut|unter|under|pursuant to|as per|per|in accordance with|according to|conformément à|selon|en vertu de|de acuerdo con|seg[uú]n|conforme a"
    r"|ai sensi|in base a|op grond van|conform|krachtens|nos termos|ao abrigo|de acordo com|na podstawie|zgodnie z|w myśl|enligt|ifølge|jf\.?) [^.,!?\n]{0,20}?)?"
    r"(?:art(?:icle|ikel|igo|icolo|[ií]culo|ykuł\w*)? )?(?:\d{1,2} )?(?:\w{2,4} )?(?:uk |eu )?(?:gdpr|ds-?gvo|rgpd|avg|rodo)"
)

# --- English ------------------------------------------------------------------------------------------------------

_ADDRESS = r"[\w.+-]{1,64}@[\w.-]{1,80}\w"
_ME = (
    r"(?:me|us|my (?:name|e-?mail|mail|address|e-?mail address|mail address|contact|contact details|contact info"
    r"|contact information|details|info|information|data|inbox|company)"
    r"|our (?:e-?mail|address|domain|company|name|contact details|e-?mail addresses|addresses|team)"
    rf"|this (?:e-?mail|address|e-?mail address|mail address|contact|mailbox|inbox|account)|{_ADDRESS})"
)
_DOMAIN = r"@?(?:[\w-]{1,40}\.){1,3}[a-z]{2,8}"
_LIST = (
    r"(?:your|this|the|these|any|all|every|further|future|such|whatever)(?: of)?(?: your| the| these| future| further)?"
    r"(?: (?:[\w-]{1,20}|e-?mail)){0,3}?"
    r" (?:lists?|mailings?|mail-?outs?|e-?mails?|mails?|databases?|campaigns?|sequences?|cadences?|drips?|outreach"
    r"|distributions?|newsletters?|records?|systems?|crm|contacts?|messages?|communications?|correspondence|spam"
    r"|subscriptions?|marketing|blasts?|lists? of yours|mailers?|files?|list you have me on)"
)
_MAILS = r"(?:e-?mails?|mails?|messages?|spam|junk|crap|stuff|shit|solicitations?|newsletters?|offers?|communications?|pitches|marketing|correspondence|this|these|anything|those|nonsense|garbage|rubbish)"
_MAILING = r"(?:e-?mailing|mailing|contacting|messaging|writing(?: to)?|spamming|pestering|bothering|harassing|soliciting|hounding|bugging|stalking|texting|pitching)"

EN_FILLER = (
    r"please|pls|plz|kindly|just|also|and|so|then|but|again|ok|okay|now|look|hi|hello|hey|hi there|dear [\w-]{1,20}"
    r"|(?:hi|hello|hey) [\w-]{1,20}|no|no thanks|no thank you|thanks|thank you|sorry|not interested|yes"
    r"|can you(?: please| just| kindly)?|could you(?: please| just| kindly)?|would you(?: please| just| kindly)?"
    r"|will you(?: please| just)?|can u|can i be|can we be|may i|i(?:'d| would) (?:like|ask|appreciate it if)(?: for)?(?: you)?(?: to)?"
    r"|i want(?: you)?(?: to)?|i need(?: you)? to|i wish(?: you)? to|i(?: a|')m asking you(?: again)? to|i ask(?: that)? you(?: to)?"
    r"|i(?: must| have to)? (?:request|insist|demand)(?: that)?(?: you)?(?: to)?|you (?:must|need to|should|can|may)"
    r"|we(?:'d| would) like(?: you)? to|we ask(?: that)? you(?: to)?|for the (?:last|second|third|fourth|final|umpteenth) time"
    r"|once again|immediately|seriously|instead|do me a favou?r and|be so kind and|be so kind as to|be kind enough to"
    r"|go ahead and|feel free to|last warning|final warning|therefore|thus|politely|urgently|at once|as requested"
    r"|i said|as i said|i already said|i told you(?: to)?|under (?:the )?gdpr|pursuant to [^,.!?\n]{1,40}|one more time|and please|so please|make sure(?: to| you)|i repeat|asking (?:you )?(?:again )?(?:nicely )?to|second request"
)
EN_TAIL = (
    r"please|pls|plz|thanks|thank you|thx|cheers|asap|a\.s\.a\.p|immediately|now|right now|today|at once|again|right away"
    r"|straight away|permanently|for good|forever|effective immediately|going forward|in (?:the )?future|from now on"
    r"|anymore|any more|any longer|any further|ever|ever again|at all|once and for all|altogether|completely|entirely"
    r"|as soon as possible|with immediate effect|and (?:do not|don't|never|stop) [^.!?\n]{1,60}|as i(?: have|'ve)? [^.!?\n]{1,60}"
    r"|or (?:i|we)(?:'ll| will) [^.!?\n]{1,80}|before i [^.!?\n]{1,60}|because [^.!?\n]{1,80}|since (?:i|we) [^.!?\n]{1,80}"
    r"|as (?:i|we) [^.!?\n]{1,80}|i(?:'m| am) not interested|we(?:'re| are) not interested|dude|guys|man|mate|sir|will you"
    r"|for god's sake|this is|that is|it is|i(?:'m| am) on|you have(?: me on)?|you(?:'ve| have) (?:got |put )?me on|and (?:please )?(?:remove|delete|take|unsubscribe|erase) [^.!?\n]{1,60}|already|kindly|so much|very much|in advance|with this|with these|about this"
)

_ENGLISH = (
    Rule("opt_out.en.remove_from_list", "en", rf"(?:remove|delete|take|drop|strike|scratch|pull|get|exclude|scrub|cross|erase|purge|withdraw) (?:{_ME}|{_DOMAIN})(?: please| immediately| permanently| off)? (?:off of|off from|off|from|out of) {_LIST}", "the demand and the list are both named", ("remove", "delete", "take", "drop", "strike", "scratch", "pull", "get ", "exclude", "scrub", "cross", "erase", "purge", "withdraw")),
    Rule("opt_out.en.remove_me", "en", r"(?:remove (?:me|us)|take (?:me|us) off|delete me|unsubscribe (?:me|us|this address|this e-?mail|my e-?mail|my address)|opt (?:me|us) out|get me off)", "a demand about the writer that ends with the clause", ("remove", "take", "delete me", "unsubscribe", "opt ", "get me off")),
    Rule("opt_out.en.unsubscribe_from", "en", rf"(?:unsubscribe|opt[- ]?out|opt me out|opt us out)(?: {_ME})?(?: from| of) {_LIST}", "unsubscribe as a demand, with what from", ("unsubscribe", "opt")),
    Rule("opt_out.en.unsubscribe_please", "en", r"(?:please unsubscribe|unsubscribe(?:,)? please|unsubscribe (?:now|immediately|asap|at once)|please opt[- ]?out|opt[- ]?out(?:,)? please)", "unsubscribe as a demand", ("unsubscribe", "opt")),
    Rule("opt_out.en.stop_writing", "en", rf"(?:stop|quit|cease|cease and desist|discontinue)(?: with)?(?: the)?(?: all)? {_MAILING}(?: to)?(?: {_ME}| people| everyone)?", "a demand to stop writing", ("stop", "quit", "cease", "discontinue")),
    Rule("opt_out.en.stop_sending", "en", rf"(?:stop|quit|cease|discontinue) sending(?: (?:me|us|out|to me|any|all|these|this|those|your|your damn|more|such|unsolicited|the|stupid|annoying|automated|so many)){{0,4}}(?: (?:[\w-]{{1,16}})){{0,1}} {_MAILS}(?: to (?:me|us|this address|my inbox|my e-?mail))?", "a demand to stop sending", ("sending",)),
    Rule("opt_out.en.stop_the_mails", "en", r"(?:stop|quit|enough(?: with)?|cease)(?: with)? (?:the|this|these|your|all|all the|all these)(?: [\w-]{1,16}){0,2} (?:e-?mails|mails|messages|spam|spamming|e-?mailing|junk|harassment|solicitations?|follow[- ]?ups?)", "a demand to stop the mails", ("stop", "quit", "enough", "cease")),
    Rule("opt_out.en.do_not_contact", "en", rf"(?:do not|don't|dont|do n't|never|please no longer|no longer)(?: ever| you dare(?: to)?)? (?:e-?mail|contact|message|write(?: to)?|text|spam|solicit|reach out to|bother|approach|pester|harass)(?: {_ME})(?: or (?:call|phone|text|ring|contact)(?: me| us)?)?(?: about (?:this|anything|your [\w -]{{1,40}}))?", "a demand not to write, without a time or a place that limits it", ("contact", "mail", "message", "write", "text ", "spam", "solicit", "reach out", "bother", "approach", "pester", "harass")),
    Rule("opt_out.en.do_not_call_or_write", "en", rf"(?:do not|don't|never)(?: ever)? (?:call|phone|ring|text)(?: me| us)? or (?:e-?mail|contact|write(?: to)?|message)(?: {_ME})?", "a demand not to write, along with calls", ("call or", "call me or", "call us or", "phone or", "phone me or", "phone us or", "ring or", "ring me or", "ring us or", "text or", "text me or", "text us or")),
    Rule("opt_out.en.do_not_send", "en", rf"(?:do not|don't|dont|never)(?: ever)? send(?: (?:me|us|any|any more|anymore|these|this|those|your|more|such|unsolicited|further|another)){{1,4}} {_MAILS}", "a demand to send nothing more", ("not send", "n't send", "dont send", "never send", "ever send")),
    Rule("opt_out.en.do_not_write_again", "en", r"(?:do not|don't|dont|never)(?: ever)? (?:write|e-?mail|mail|contact|message)(?: to)?(?: me| us)? (?:again|anymore|any more|ever again|any further)", "a demand never to write again", ("again", "anymore", "any more", "any further")),
    Rule("opt_out.en.cease_contact", "en", r"(?:cease|stop|discontinue|end|terminate)(?: all| any| further| this| your| every| of){0,3} (?:communications?|contact|correspondence|outreach|solicitations?|contact attempts|marketing)(?: with (?:me|us)| to (?:me|us|this address))?", "a demand that ends all contact", ("communication", "contact", "correspondence", "outreach", "solicitation", "marketing")),
    Rule("opt_out.en.asked_again", "en", r"(?:this is |for )?the (?:second|third|fourth|fifth|tenth|last|final|\d{1,2}(?:nd|rd|th)) time(?: that)? (?:i'm|i am|i have|i've|i)[^.!?\n]{0,40}[.!:,-]{1,3} (?:please )?(?:stop|remove me|unsubscribe(?: me)?|take me off)", "an earlier demand repeated", ("time",)),
    Rule("opt_out.en.appreciate_removal", "en", rf"(?:i|we)(?:'d| would) (?:really |much |also )?appreciate (?:it if you (?:(?:could|would) )?(?:(?:please )?(?:remove|removed|take|took|delete|deleted|unsubscribe|unsubscribed) {_ME}(?: off)?|(?:stop|stopped) (?:e-?mailing|contacting|messaging|writing to) (?:me|us))|being (?:removed|taken off|unsubscribed|deleted))(?: (?:from|off|off of) {_LIST})?", "a polite demand", ("appreciate",)),
    Rule("opt_out.en.no_more_mails", "en", r"no more(?: of)?(?: your| these| the| unsolicited| marketing| sales)?(?: [\w-]{1,16})? ?(?:e-?mails|mails|messages|spam|solicitations|newsletters)(?: from (?:you|your company|your team))?", "a demand in short", ("no more",)),
    Rule("opt_out.en.no_wish_to_receive", "en", rf"(?:i|we)(?: really| just| absolutely| certainly| definitely)? (?:do not|don't|dont|no longer|never)(?: ever)?(?: want| wish| care| consent| agree| consented| agreed) to (?:receive|get|read|see|have)(?: (?:any|any more|anymore|more|these|this|your|your company's|further|such|unsolicited|marketing|sales|cold|automated|promotional|of|from you|from your company)){{0,4}} {_MAILS}(?: from (?:you|your (?:company|team|organi[sz]ation|side)))?(?: of (?:this|that) kind)?|(?:make sure|ensure|see to it)(?: that)? (?:i|we) (?:do not|don't|no longer|never|won't)(?: ever)? (?:get|receive|see)(?: (?:any|any more|anymore|more|these|this|your|further|such|of)){{0,4}} {_MAILS}(?: from you)?(?: again)?", "the writer's will to receive nothing", ("to receive", "to get ", "to read", "to see ", "to have ", "make sure", "ensure", "see to it")),
    Rule("opt_out.en.no_wish_to_be_contacted", "en", r"(?:i|we)(?: really| just| absolutely| certainly| definitely)? (?:do not|don't|dont|no longer)(?: want| wish| care| consent| agree) (?:to (?:be (?:contacted|e-?mailed|messaged|solicited|spammed|bothered|pitched|on (?:your|this|any)(?: [\w-]{1,16}){0,2} list)|hear from (?:you|your company|you people|you guys))|you to (?:contact|e-?mail|write(?: to)?|message) (?:me|us))(?: by (?:you|your (?:company|team)|anyone(?: from your company)?))?", "the writer's will not to be contacted", ("contact", "mailed", "mail", "hear from", "list", "messag", "solicited", "spammed", "bothered", "pitched", "write")),
    Rule("opt_out.en.no_wish_for_mails", "en", r"(?:i|we)(?: really| just)? (?:do not|don't|dont) want(?: any)?(?: more| further)?(?: of)?(?: your| these| such| those)?(?: [\w-]{1,16})? (?:e-?mails|mails|messages|spam)(?: from you| from your company)?", "the writer's will to receive nothing", ("want",)),
    Rule("opt_out.en.first_person_opt_out", "en", rf"(?:(?:i|we)(?:'d| would| hereby)? (?:like|want|wish|choose|prefer|need|ask|request|demand|have decided) to|(?:i'm|i am|we are) (?:hereby )?asking to|i hereby|requesting to|i request to|please let me) (?:opt[- ]?out|unsubscribe|be (?:removed|unsubscribed|taken off|deleted|opted out|excluded|left alone))(?: (?:from|of|off) {_LIST}| (?:from|of) (?:this|these|it|all of this))?", "the writer's will to be off the list", ("opt", "unsubscribe", "be removed", "be unsubscribed", "be taken", "be deleted", "be excluded", "be left")),
    Rule("opt_out.en.opting_out", "en", rf"(?:i'm|i am|we are|we're) opting out(?: of {_LIST}| of this)?|i opt out", "the writer opts out", ("opt",)),
    Rule("opt_out.en.asked_before", "en", rf"(?:i|we)(?:'ve| have)?(?: already| repeatedly| now| specifically| previously)? (?:asked|told|requested|begged|emailed|instructed)(?: you| you guys| you people| your team| your company| your colleague)?(?: (?!(?:my|our|his|her|their|him|them|someone|somebody|everyone|people|vendors?)\b)\w+){{0,4}}? (?:to stop(?! by)(?: e-?mailing| contacting| writing| sending| messaging| spamming)?(?: me| us)?|to remove (?:me|us|my (?:name|e-?mail|address))|to unsubscribe(?: me)?|to be (?:removed|taken off|unsubscribed)|to take me off|not to (?:contact|e-?mail|write(?: to)?|message) (?:me|us)|to leave me alone)(?: (?:from|off|off of) {_LIST})?", "an earlier demand repeated", ("asked", "told", "requested", "begged", "emailed", "instructed")),
    Rule("opt_out.en.unsubscribed_before", "en", rf"(?:i|we)(?:'ve| have)?(?: already)? (?:unsubscribed|opted out)(?: (?:from|of) {_LIST}| from you)?(?: already| before| once| twice| (?:\d|two|three|four|five|several|many|multiple) times| last (?:week|month|year|time)){{0,2}}", "an earlier opt-out that was ignored", ("unsubscribed", "opted out")),
    Rule("opt_out.en.lose_my_address", "en", r"(?:lose|forget|delete|erase|burn|shred|throw away|bin) my (?:e-?mail|e-?mail address|address|number|contact|contact details|contact info|contact information|details|e-?mail and (?:phone )?number)(?: from (?:your|the|all)(?: [\w-]{1,16}){0,3})?", "a demand to forget the address", ("lose", "forget", "delete", "erase", "burn", "shred", "throw", "bin ")),
    Rule("opt_out.en.leave_alone", "en", r"leave (?:me|us)(?: the (?:hell|fuck))? alone", "a demand that ends all contact", ("alone",)),
    Rule("opt_out.en.go_away", "en", r"(?:(?:just )?(?:fuck|f\*{2,3}k?|f|piss|bugger|sod|buzz) off|go fuck yourself|go f\*{2,3} yourself|fuck you|go to hell|go away|get lost|get stuffed|screw you)", "hostile: whoever writes this wants no answer", ("off", "go ", "fuck", "get ", "screw")),
    Rule("opt_out.en.reported_as_spam", "en", r"(?:(?:i|we)(?:'m| am| are|'re|'ve| have|'ll| will)?(?: now| just| already| also| be| going to| hereby)* )?(?:report|mark|flag|block|reported|marked|flagged|blocked|reporting|marking|flagging|blocking) (?:you|this|it|these|your (?:e-?mails?|domain|address|company|messages?)|all your (?:e-?mails|messages)|you and your company|all of your (?:e-?mails|messages)) (?:as|for) (?:spam|spamming|junk|phishing|harassment|unsolicited (?:e-?mail|mail|marketing))", "a complaint", ("spam", "junk", "phishing", "harass", "unsolicited")),
    Rule("opt_out.en.blocked_you", "en", r"(?:i|we)(?:'m| am| are|'re|'ve| have|'ll| will)?(?: now| just| already| be)* (?:block|blocked|blocking) (?:you|your (?:e-?mail|e-?mail address|address|domain|company)|all your (?:e-?mails|addresses))", "a complaint: nothing that we send is read", ("block",)),
    Rule("opt_out.en.report_to_authority", "en", r"(?:i|we)(?:'m| am| are|'re|'ve| have|'ll| will|'d)?(?: now| just| already| be| going to)* (?:report|reported|reporting) (?:you|this|your company|your domain|it) to (?:the |your )?(?:ftc|ico|gdpr|data protection|dpa|authorities|authority|spamhaus|spamcop|isp|provider|e-?mail provider|hosting provider|regulator|police|abuse)[^.!?\n]{0,60}", "a complaint", ("report",)),
    Rule("opt_out.en.delete_my_data", "en", r"(?:delete|erase|destroy|wipe|remove|purge)(?: all)?(?: of)?(?: the)?(?:(?: my| our)(?: personal| contact)? (?:data|information|details|records|info)|(?: any)?(?: personal)? (?:data|information) (?:(?:that )?you (?:hold|have|store|keep)|held|stored) (?:on|about) (?:me|us))(?:(?: you (?:hold|have|store|keep)(?: on me| about me)?)| from (?:your|the|all)[^.!?\n]{0,50}| under [^.!?\n]{0,60}| pursuant [^.!?\n]{0,60}| in accordance [^.!?\n]{0,60}| as per [^.!?\n]{0,60}| per [^.!?\n]{0,60}){0,2}", "a legal demand for erasure", ("data", "information", "details", "records", "info")),
    Rule("opt_out.en.right_to_erasure", "en", r"(?:i|we)(?:'m| am| are)? (?:hereby )?(?:request|requesting|demand|demanding|exercise|exercising|invoke|invoking|assert|asserting)(?: the| my| our| immediate| full| complete)* (?:erasure|deletion|removal|right to (?:be forgotten|erasure|object))(?: of)?[^.!?\n]{0,80}", "a legal demand for erasure", ("erasure", "deletion", "removal", "right to")),
    Rule("opt_out.en.withdraw_consent", "en", r"(?:i|we)(?: hereby)? (?:withdraw|revoke)(?: my| our| any| all)* consent[^.!?\n]{0,80}|(?:i|we)(?: hereby)? object to (?:the |any )?(?:further )?(?:processing of my|use of my|direct marketing|receiving)[^.!?\n]{0,80}", "a legal objection to being contacted", ("consent", "object to")),
    Rule("opt_out.en.cease_and_desist", "en", r"(?:(?:this is|consider this|take this as)(?: a| my| our)?(?: formal| official)? )?cease and desist(?: all (?:contact|communication|e-?mails)(?: with (?:me|us))?| letter| notice| order| immediately)?", "a legal demand", ("cease and desist",)),
    Rule("opt_out.en.how_do_i_unsubscribe", "en", rf"how (?:do|can|could|would) (?:i|we) (?:unsubscribe|opt[- ]?out|get off|stop (?:these|your|getting these|receiving these)(?: e-?mails)?)(?: from {_LIST}| of {_LIST}| {_LIST}| from this| of this)?", "a question that only asks for the way out", ("how ",)),
    Rule("opt_out.en.earned_block", "en", r"(?:welcome to|enjoy|off to|straight to|you(?:'ve| have) (?:just )?(?:earned|won) (?:yourself )?a (?:spot|place|seat)(?: of honou?r)? (?:in|on)) (?:my|our) (?:spam (?:folder|filter)|block ?list|blocked (?:senders|list)|junk folder)", "sarcasm whose meaning is plain", ("spam folder", "spam filter", "block list", "blocklist", "blocked ", "junk folder")),
)  # fmt: skip

# --- German -------------------------------------------------------------------------------------------------------

DE_FILLER = (
    r"bitte|und|also|hallo|guten tag|danke|nein|nein danke|vielen dank|sehr geehrte(?:r)? [\w .-]{1,30}|hallo [\w-]{1,20}"
    r"|ich möchte(?: sie)?(?: bitte)?(?: darum)?(?: bitten)?|ich bitte(?: sie)?(?: darum)?|ich will|wir möchten|wir bitten(?: sie)?"
    r"|(?:können|könnten|würden) sie(?: bitte)?(?: dafür)?|können sie|könnten sie|kannst du|könnt ihr|würden sie|kein interesse|kein bedarf|nochmals|noch einmal|zum letzten mal"
    r"|ich fordere sie auf|hiermit|sofort|umgehend|daher|deshalb|aber|und bitte|danke und|ich wünsche"
)
DE_TAIL = (
    r"bitte|danke|vielen dank|sofort|umgehend|unverzüglich|dauerhaft|endgültig|ab sofort|in zukunft|künftig|zukünftig|mehr"
    r"|und (?:schreiben|kontaktieren|senden|schicken) sie [^.!?\n]{1,60}|und (?:mich|mir|uns) nicht [^.!?\n]{1,40}|und (?:bitte )?keine weiteren (?:e-?mails?|mails?|nachrichten|werbung)(?: mehr)?(?: zu (?:senden|schicken))?|nochmals|jetzt|endlich|heute noch|wieder|zu|danke schön|und (?:bitte )?(?:löschen|entfernen|nehmen|streichen) sie [^.!?\n]{1,60}"
)
_DE_ME = r"(?:mich|uns|meine (?:e-?mail-?adresse|mail-?adresse|e-?mail|adresse|daten|kontaktdaten|e-?mail adresse|mailadresse)|unsere (?:adresse|e-?mail-?adresse|daten)|diese (?:e-?mail-?adresse|adresse|e-?mail)|meinen (?:namen|kontakt))"
_DE_LIST = r"(?:ihrer|ihrem|ihren|der|dem|den|allen|diesem|dieser|deiner|deinem|euerer|eurer|eurem|euren)(?: [\w-]{1,20}){0,2}? ?(?:e-?mail-?)?(?:verteiler\w*|liste\w*|mailing-?liste\w*|mailliste\w*|mailverteiler\w*|datenbank\w*|newsletter\w*|adressliste\w*|adressverteiler|system\w*|kontaktliste\w*|mailing\w*|kartei|adressbuch|versandliste|kampagne\w*|e-?mail-?verteiler\w*|e-?mail-?liste\w*)"
_DE_MAILS = r"(?:e-?mails?|mails?|nachrichten|werbung|werbe-?e?-?mails?|werbemails|angebote|zusendungen|anfragen|newsletter|kontaktaufnahmen?|spam|post|anschreiben|akquise-?mails)"

_GERMAN = (
    Rule("opt_out.de.remove_from_list", "de", rf"(?:(?:nehmen|streichen|löschen|entfernen|tragen|werfen) sie|nimm|nehmt|streich(?:e|t)?|lösch(?:e|t)?|entfern(?:e|t)?|trag(?:e|t)?|schmeiß(?:t)?)(?: bitte)? {_DE_ME}(?: bitte| sofort| umgehend| unverzüglich| wieder){{0,2}} (?:aus|von|vom) (?:{_DE_LIST}|newsletter|verteiler)(?: aus| heraus| raus| streichen)?|(?:{_DE_ME})(?: bitte| sofort| umgehend){{0,2}} (?:aus|von|vom) (?:{_DE_LIST}|newsletter|verteiler) (?:zu )?(?:löschen|entfernen|streichen|austragen|nehmen|auszutragen|abmelden|herausnehmen|rausnehmen)", "demand and list are both named", ("aus", "von", "vom")),
    Rule("opt_out.de.sign_me_off", "de", r"(?:(?:tragen|melden) sie (?:mich|uns)(?: bitte| sofort){0,2} (?:aus|ab)|(?:trag|meld)(?:e|t)? (?:mich|uns)(?: bitte)? (?:aus|ab)|(?:mich|uns) (?:bitte )?(?:austragen|abmelden|abzumelden|auszutragen)|(?:mich |uns )?(?:vom|von (?:ihrem|diesem|eurem)) (?:newsletter|verteiler|mailverteiler) (?:abmelden|abzumelden|austragen)|(?:ich )?melde mich (?:hiermit )?(?:vom newsletter )?ab)", "a demand about the writer that ends with the clause", ("trag", "meld")),
    Rule("opt_out.de.no_more_mails", "de", rf"(?:ich (?:möchte|will|wünsche|brauche) (?:von (?:ihnen|dir|euch) )?|wir (?:möchten|wollen|wünschen) (?:von ihnen )?|(?:senden|schicken) sie (?:mir|uns)(?: bitte)? |(?:schick|schickt|sende)(?:e)? (?:mir|uns)(?: bitte)? |(?:(?:dafür )?(?:zu )?sorgen(?: sie(?: bitte)? dafür)?|dafür sorge zu tragen|sicher(?:zu)?stellen|stellen sie(?: bitte)? sicher),? dass (?:ich|wir) )?keine(?: weiteren| weitere| solchen| solche| ihrer| unerwünschten| unaufgeforderten)*(?: [\w-]{{1,20}})? {_DE_MAILS}(?: mehr| dieser art| von (?:ihnen|dir|euch|ihrer firma))*(?: (?:senden|schicken|zusenden|erhalten|bekommen|haben|bekomme|erhalte|zu erhalten|zu bekommen|zu senden|zu schicken))?", "a demand for no more mails", ("keine",)),
    Rule("opt_out.de.refrain", "de", rf"(?:von (?:weiteren|künftigen|solchen) {_DE_MAILS}n? (?:bitte )?(?:abzusehen|absehen)|sehen sie(?: bitte)? von (?:weiteren|künftigen) {_DE_MAILS}n? ab)", "a polite demand for no more mails", ("abseh", "abzuseh", "sehen sie")),
    Rule("opt_out.de.do_not_write", "de", r"(?:(?:schreiben|kontaktieren|mailen|belästigen|spammen|anschreiben) sie (?:mich|mir|uns)(?: bitte)? (?:nicht mehr|nie wieder|nicht wieder|nicht weiter|nicht länger|nie mehr)(?: an)?|(?:schreib|schreibt|kontaktiere|kontaktiert|mail|maile) (?:mich|mir|uns)(?: bitte)? (?:nicht mehr|nie wieder|nicht wieder|nie mehr)(?: an)?|(?:mich|mir|uns)(?: bitte)? (?:nicht mehr|nie wieder|nicht weiter) (?:zu )?(?:kontaktieren|anschreiben|anzuschreiben|schreiben|belästigen|anmailen))", "a demand not to write", ("nicht", "nie ")),
    Rule("opt_out.de.stop_writing", "de", r"(?:hören sie(?: bitte)?(?: endlich)? (?:damit )?auf,? (?:(?:mir|mich|uns) )?(?:ständig |immer |dauernd )?(?:zu schreiben|anzuschreiben|zu kontaktieren|zu belästigen|zu spammen|(?:e-?mails?|mails|nachrichten|werbung) zu (?:schicken|senden))|unterlassen sie(?: bitte)?(?: es| jede| jegliche| weitere| künftig| zukünftig| sofort){0,4} (?:kontaktaufnahme|kontaktaufnahmen|e-?mails|mails|werbung|zusendungen|belästigung|nachrichten|kontaktversuche)|stoppen sie(?: bitte)?(?: sofort)? (?:die|diese|ihre|alle) (?:e-?mails|mails|nachrichten|werbung|werbemails))", "a demand to stop", ("auf", "unterlassen", "stoppen")),
    Rule("opt_out.de.no_wish_to_be_contacted", "de", r"(?:ich|wir) (?:möchte|möchten|will|wollen|wünsche|wünschen)(?: ab sofort| in zukunft| künftig| auch)? (?:nicht (?:mehr|weiter|länger)|nie (?:wieder|mehr)) (?:von (?:ihnen|euch|dir) )?(?:kontaktiert|angeschrieben|belästigt|angemailt)(?: zu)?(?: werden)?|(?:ich|wir) (?:möchte|möchten|will|wollen|wünsche|wünschen) kein(?:en|e)(?: weiteren| weitere)? (?:kontakt|kontaktaufnahme)(?: mehr)?(?: zu ihnen| mit ihnen)?", "the writer's will not to be contacted", ("kontakt", "angeschrieben", "belästigt", "angemailt")),
    Rule("opt_out.de.delete_my_data", "de", r"(?:(?:löschen|entfernen) sie(?: bitte)?(?: umgehend| sofort| unverzüglich)?(?: alle)? (?:meine|unsere)(?: personenbezogenen| persönlichen| gespeicherten)? (?:daten|kontaktdaten|adresse|e-?mail-?adresse|adressdaten)(?: aus [^.!?\n]{1,50}| gemäß [^.!?\n]{1,50}| nach [^.!?\n]{1,50})?|(?:ich (?:bitte|ersuche) um |(?:bitte|ersuche) ich um |ich (?:fordere|verlange|beantrage) |(?:fordere|verlange|beantrage) ich )(?:hiermit )?(?:die )?(?:sofortige |umgehende |unverzügliche )?löschung (?:aller )?(?:meiner|unserer)[^.!?\n]{1,60}|(?:ich widerspreche|widerspreche ich) (?:hiermit )?der (?:nutzung|verwendung|verarbeitung|speicherung)[^.!?\n]{1,80})", "a legal demand", ("daten", "adresse", "löschung", "widerspreche")),
    Rule("opt_out.de.leave_alone", "de", r"(?:lassen sie (?:mich|uns)(?: bitte| endlich){0,2} in ruhe|lass(?:t)? (?:mich|uns)(?: bitte| endlich){0,2} in ruhe|verpiss dich|verpisst euch|hau ab|haut ab)", "hostile, or a demand that ends all contact", ("ruhe", "verpiss", "hau")),
    Rule("opt_out.de.reported_as_spam", "de", r"(?:ich (?:habe|werde) (?:sie|ihre (?:e-?mails?|mails?|nachricht|adresse)|diese (?:e-?mail|mail)|das|dies)(?: jetzt| hiermit| bereits| nun)? als spam (?:gemeldet|markiert|markieren|melden)|(?:ich )?melde (?:sie|das|dies|diese (?:e-?mail|mail)) als spam)", "a complaint", ("spam",)),
)  # fmt: skip

# --- French -------------------------------------------------------------------------------------------------------

FR_FILLER = (
    r"merci|merci de|merci de bien vouloir|veuillez|veuillez bien|svp|s'il vous pla[iî]t|s'il te pla[iî]t|bonjour|bonjour [\w-]{1,20}|prière de|et|donc"
    r"|je vous (?:demande|prie|remercie)(?: de| de bien vouloir)?|je (?:souhaite|veux|voudrais|désire|demande à|souhaiterais)|nous (?:souhaitons|voulons)"
    r"|pouvez-vous|pourriez-vous|peux-tu|non|non merci|pas intéressée?|pas intéressé\(e\)|immédiatement|encore une fois|pour la dernière fois|je vous prie de|mais|(?:auriez-vous|ayez) (?:l'amabilité|la gentillesse|l'obligeance|la bonté) de|je vous (?:serais|saurais) (?:très )?(?:reconnaissante?|gré) de(?: bien vouloir)?|nous vous (?:serions|saurions) (?:reconnaissants?|gré) de(?: bien vouloir)?|nous vous (?:demandons|prions)(?: de| de bien vouloir)?"
)
FR_TAIL = (
    r"svp|s'il vous pla[iî]t|s'il te pla[iî]t|merci|immédiatement|définitivement|tout de suite|dès maintenant|à l'avenir|désormais|d'avance"
    r"|rapidement|au plus vite|dès que possible|à nouveau|jamais|plus jamais|une bonne fois pour toutes|et (?:de )?ne plus [^.!?\n]{1,60}|et (?:de )?(?:me )?(?:supprimer|supprimez|retirer|retirez|désinscrire|désinscrivez|désabonner|effacer|effacez)[^.!?\n]{1,60}|et (?:veuillez )?ne (?:me|nous|m') ?[\w-]{3,20} plus"
)
_FR_LIST = r"(?:(?:de|du|des|à) (?:votre|vos|cette|ces|la|toutes vos|tous vos|toute|ta|tes|notre)?|d'|du|des)(?: ?[\w'-]{1,20}){0,3}? ?(?:liste\w*|base\w*|fichiers?|mailings?|mailing list|envois?|newsletters?|campagnes?|e-?mails?|mails?|courriels?|carnet|crm|diffusion|lettre d'information|communications?|sollicitations?)(?: de (?:diffusion|données|contacts?|prospection|mailing|distribution))?"
_FR_ME = r"(?:[- ](?:moi|nous)|[- ]?mon (?:adresse|e-?mail|mail|nom|contact|adresse e-?mail|adresse mail)| mon (?:adresse|e-?mail|mail|nom|contact|adresse e-?mail|adresse mail)| mes (?:coordonnées|données)| cette adresse(?: e-?mail| mail)?| notre adresse)"
_FRENCH = (
    Rule("opt_out.fr.remove_from_list", "fr", rf"(?:(?:retire|supprime|enlève|enleve|désabonne|efface|raye|sort|ôte)(?:z|r)?|désinscri(?:re|vez|s)|sortez)(?:{_FR_ME})(?: svp| immédiatement| définitivement)? {_FR_LIST}|(?:de )?(?:me|nous|m')(?: )?(?:retirer|supprimer|enlever|désabonner|effacer|désinscrire|sortir|ôter|rayer) {_FR_LIST}|être (?:retirée?|supprimée?|désinscrite?|désabonnée?|enlevée?) {_FR_LIST}", "demand and list are both named", ("retir", "supprim", "enlèv", "enlev", "désabonn", "effac", "ray", "désinscri", "sort", "ôte")),
    Rule("opt_out.fr.unsubscribe_me", "fr", r"(?:(?:désinscrivez|désabonnez|retirez|supprimez|désinscris|désabonne|enlevez)-(?:moi|nous)|(?:de )?(?:me|nous) (?:désinscrire|désabonner)|désinscription(?: immédiate)?|désabonnement(?: immédiat)?)", "a demand about the writer that ends with the clause", ("désinscri", "désabonn", "retirez", "supprimez", "enlevez")),
    Rule("opt_out.fr.stop_writing", "fr", r"(?:d')?(?:(?:arrête|cesse|stoppe)(?:z|r)?)(?: immédiatement| tout de suite| donc| enfin)? (?:de|d')(?: )?(?:(?:m'|me |nous )(?:écrire|contacter|envoyer [^.!?\n]{1,40}|harceler|spammer|solliciter|importuner|mailer|relancer|démarcher)|envoyer (?:ces|vos|des) (?:e-?mails?|mails?|messages|spams?))|(?:arrête|cesse|stoppe)(?:z|r)? (?:ces|vos|les|tous ces|tous vos) (?:e-?mails?|mails?|messages|envois|spams?|sollicitations|relances)", "a demand to stop", ("arrête", "cesse", "stoppe")),
    Rule("opt_out.fr.do_not_write", "fr", r"(?:de )?ne (?:(?:me|nous|m') ?(?:contactez|écrivez|sollicitez|relancez|importunez|dérangez|contacte|écris) (?:plus|jamais)(?: jamais)?|(?:m'|me |nous )envoyez plus(?: [^.!?\n]{1,40})?|plus (?:jamais )?(?:me |m'|nous )(?:contacter|écrire|solliciter|relancer|importuner|démarcher|déranger|mailer)|plus (?:jamais )?(?:m'|me |nous )(?:envoyer|adresser) (?:de |d'|ces |vos |aucun )(?:[\w'-]{1,20} ?){1,3})(?: par (?:e-?mail|mail))?", "a demand not to write", ("plus", "jamais")),
    Rule("opt_out.fr.no_wish", "fr", r"(?:je|nous) ne (?:souhaite|souhaitons|veux|voulons|désire|désirons)(?: absolument)?(?: plus| pas| plus jamais| aucunement)(?: du tout)? (?:être (?:contactée?s?|sollicitée?s?|démarchée?s?|dérangée?s?|relancée?s?|importunée?s?)(?: (?:à nouveau|par (?:vous|votre société|e-?mail|mail|vos soins)))?|recevoir (?:de |d'|vos |ces |aucun |ce type de |ce genre de )(?:[\w'-]{1,20} ?){1,4})(?: de (?:votre part|vous))?", "the writer's will to receive nothing", ("ne ",)),
    Rule("opt_out.fr.delete_my_data", "fr", r"(?:supprime|efface|détrui)(?:z|r|sez|re) (?:toutes )?(?:mes|nos) (?:données|coordonnées|informations)(?: personnelles)?(?: de (?:votre|vos|tous vos)[^.!?\n]{1,50}| conformément [^.!?\n]{1,60})?|(?:je )?(?:vous )?(?:demande|exige|sollicite) (?:la |l')(?:suppression|effacement) de (?:toutes )?mes données[^.!?\n]{0,60}", "a legal demand", ("données", "coordonnées", "informations")),
    Rule("opt_out.fr.leave_alone", "fr", r"(?:laisse|fiche|fou)(?:z|tez)?[- ](?:moi|nous) (?:tranquilles?|la paix|en paix)|allez vous faire (?:foutre|voir)|va te faire (?:foutre|voir)", "hostile, or a demand that ends all contact", ("tranquille", "paix", "faire")),
    Rule("opt_out.fr.reported_as_spam", "fr", r"(?:je (?:vous |le |l'|les )?(?:signale|ai signalée?s?|marque|ai marquée?s?)|j'ai (?:signalé|marqué)|je vais (?:vous )?signaler)(?: (?:votre|vos|ce|cet|ces) (?:[\w-]{1,16}))?(?: comme| en tant que) (?:spam|indésirables?)", "a complaint", ("spam", "indésirable")),
)  # fmt: skip

# --- Spanish ------------------------------------------------------------------------------------------------------

ES_FILLER = (
    r"por favor|porfavor|favor de|favor|gracias|hola|hola [\w-]{1,20}|buenos días|buenas|y|no gracias|no|no me interesa|no estoy interesad[oa]|les pido(?: que)?|le pido(?: que)?"
    r"|que|les ruego(?: que)?|le ruego(?: que)?|ruego(?: que)?|solicito(?: que)?|podr[ií]an?|pueden?|puedes|quiero|quisiera|deseo|me gustar[ií]a|inmediatamente|te pido que|exijo que|agradecer[ií]a que|pero|os pido que|os ruego que|(?:os|les|le|te) agradecer[ií]a(?:mos)?(?: que)?"
)
ES_TAIL = r"por favor|porfavor|gracias|muchas gracias|inmediatamente|ya|de inmediato|definitivamente|cuanto antes|ahora mismo|m[aá]s|nunca m[aá]s|jam[aá]s|en el futuro|de una vez|lo antes posible|y (?:que )?no (?:me|nos) (?:contact|escrib|env[ií])\w+ (?:m[aá]s|nunca m[aá]s|de nuevo)|y (?:que )?no (?:me|nos) vuelvan a (?:contactar|escribir)|y (?:que )?(?:me )?(?:elimin|borr|quit)\w+ [^.!?\n]{1,60}"
_ES_LIST = r"(?:de|del) (?:(?:su|sus|tu|tus|esta|este|la|las|vuestra|vuestro|todas sus|toda|todas las|el) ?)?(?:[\w-]{1,20} ){0,3}?(?:listas?(?: de (?:correos?|distribuci[oó]n|contactos|env[ií]os?|e-?mails?))?|bases? de datos|correos|env[ií]os|mailing|newsletter|bolet[ií]n(?:es)?|campañas?|registros?|sistema|suscripci[oó]n)"
_SPANISH = (
    Rule("opt_out.es.remove_from_list", "es", rf"(?:elim[ií]n(?:e|a|en|ar|ad)|qu[ií]t(?:e|a|en|ar)|b[oó]rr(?:e|a|en|ar)|s[aá](?:que|ca|quen|car)|ret[ií]r(?:e|a|en|ar)|remu[eé]v(?:a|e|an))(?:me|nos|n)?(?: mi (?:correo|e-?mail|direcci[oó]n|nombre|contacto)(?: electr[oó]nico| de correo)?| mis datos| este correo| esta direcci[oó]n)? {_ES_LIST}|me (?:eliminen?|quiten?|borren?|saquen?|retiren?|eliminara[ns]?|quitara[ns]?|borrara[ns]?|sacara[ns]?|den de baja|d[eé] de baja|des de baja|diera[ns]? de baja) {_ES_LIST}", "demand and list are both named", ("elim", "quit", "quít", "borr", "bórr", "saq", "saca", "sáq", "sác", "retir", "retír", "rem", "baja")),
    Rule("opt_out.es.unsubscribe_me", "es", rf"(?:(?:d[eé]n?|d[aá]d|dar|da)(?:me|nos) de baja|(?:me|nos) (?:den|d[eé]|da|dan|des|deis) de baja|darse de baja|(?:la |mi )?baja(?: inmediata)? (?:de|en) (?:su|esta|la) lista|dar de baja (?:mi|este) (?:correo|e-?mail|direcci[oó]n)|desuscr[ií]b(?:a|e|an|ir)(?:me)|cancel(?:ar|en|e|a) (?:mi|la) suscripci[oó]n)(?: {_ES_LIST})?", "a demand about the writer", ("baja", "desuscr", "suscripci")),
    Rule("opt_out.es.stop_writing", "es", r"(?:dej(?:e|en|a|ad|ar)|par(?:e|en|a|ad)) (?:ya )?de (?:(?:escribir|enviar|mandar|contactar|molestar|spamear)(?:me|nos)(?: [^.!?\n]{1,40})?|(?:enviar|mandar) (?:correos|e-?mails|mensajes|spam)(?: a (?:este|mi) correo)?)", "a demand to stop", ("de ",)),
    Rule("opt_out.es.do_not_write", "es", r"no (?:me|nos) (?:escrib(?:a|an|as|[aá]is)|contact(?:e|en|es|[eé]is)|env[ií](?:e|en|es|[eé]is)|mand(?:e|en|es)|molest(?:e|en|es))(?: (?:correos|e-?mails|mensajes|publicidad|nada|spam|comunicaciones|propuestas|ofertas))? (?:m[aá]s|nunca m[aá]s|otra vez|de nuevo)(?: (?:correos|e-?mails|mensajes|publicidad|spam|informaci[oó]n|ofertas|comunicaciones|propuestas))?|no (?:me |nos )?vuelva(?:n|s)? a (?:escribir|contactar|enviar|molestar|mandar)(?:me|nos)?(?: (?:correos|e-?mails|mensajes|nada|publicidad))?|no m[aá]s (?:correos|e-?mails|mensajes|spam|publicidad)|(?:de )?no (?:me |nos )?(?:enviar|mandar|escribir|contactar)(?:me|nos)? m[aá]s(?: (?:correos|e-?mails|mensajes|publicidad))?", "a demand not to write", ("no ",)),
    Rule("opt_out.es.no_wish", "es", r"(?:yo )?(?:ya )?no (?:quiero|queremos|deseo|deseamos|autorizo) (?:(?:seguir )?recib(?:ir|iendo)(?: m[aá]s| sus| estos| este tipo de| ning[uú]n| ninguno de sus| vuestros| tus){0,2} (?:correos|e-?mails|mensajes|publicidad|informaci[oó]n|comunicaciones|spam|ofertas|correos electr[oó]nicos)(?: (?:de (?:ustedes|su empresa|su parte|usted|este tipo)|suyos|comerciales))?|que (?:me|nos) (?:contacten|escriban|env[ií]en [^.!?\n]{1,40}|sigan (?:escribiendo|contactando|enviando)[^.!?\n]{0,30})|ser contactad[oa]s?)", "the writer's will to receive nothing", ("no ",)),
    Rule("opt_out.es.delete_my_data", "es", r"(?:elim[ií]n(?:e|en|ar|a)|b[oó]rr(?:e|en|ar|a)|suprim(?:a|an|ir)|(?:solicito|exijo|pido|requiero)(?: la)? (?:supresi[oó]n|eliminaci[oó]n|cancelaci[oó]n|borrado) de)(?: todos)? mis datos(?: personales)?(?: de [^.!?\n]{1,50}| conforme [^.!?\n]{1,50}| seg[uú]n [^.!?\n]{1,50})?", "a legal demand", ("mis datos",)),
    Rule("opt_out.es.leave_alone", "es", r"d[eé]j(?:a|e|en|ad)(?:me|nos) en paz|v[aá]yanse? a la mierda|vete a la mierda", "hostile, or a demand that ends all contact", ("en paz", "mierda")),
)  # fmt: skip

# --- Italian ------------------------------------------------------------------------------------------------------

IT_FILLER = (
    r"per favore|per cortesia|cortesemente|gentilmente|prego|grazie|grazie ma|salve|buongiorno|ciao|ciao [\w-]{1,20}|e|no|no grazie|non sono interessat[oa]|non mi interessa|vi prego(?: di)?|la prego(?: di)?|ti prego(?: di)?"
    r"|(?:vi|le|ti) (?:chiedo|chiediamo|preghiamo)(?: cortesemente| gentilmente)?(?: di)?|chiediamo(?: cortesemente)?(?: di)?|vi chiedo(?: di)?|le chiedo(?: di)?|chiedo(?: di)?|potete|potreste|pu[oò]|potrebbe|puoi|vorrei|voglio|desidero|si prega di|immediatamente|pregasi|ma|quindi|chiedo cortesemente di"
)
IT_TAIL = r"per favore|per cortesia|grazie|immediatamente|subito|definitivamente|al più presto|quanto prima|più|mai più|in futuro|da ora in poi|da subito|grazie mille|e (?:di )?non (?:essere (?:più )?contattat[oa]|(?:contattar|scriver)(?:mi|ci)|(?:contattate|scrivete)(?:mi|ci))(?: più| mai più)?|e (?:di )?(?:cancell|rimuov|elimin|rimuover)\w+ [^.!?\n]{1,60}"
_IT_LIST = r"(?:da|dal|dalla|dalle|dai|dagli|dall')(?: ?(?:vostr[aeio]|tu[aeo]i?|su[aeo]|quest[aeo]|tutte le vostre))?(?: ?[\w'-]{1,20}){0,2}? ?(?:list[ae]|mailing list|newsletter|database|data base|elench[io]|elenco|invii|e-?mail|comunicazioni|rubrica|contatti|indirizzario|mailing)(?: (?:di distribuzione|contatti|di contatti|e-?mail|marketing))?"
_ITALIAN = (
    Rule("opt_out.it.remove_from_list", "it", rf"(?:(?:rimuov(?:ete|i|er|a)|cancell(?:ate|a|ar|i)|togli(?:ete|er)?|toglier|tolga|elimin(?:ate|a|ar|i)|lev(?:ate|a|ar)|disiscriv(?:ete|i|er))(?:mi|ci)|(?:rimuov(?:ete|ere|a|i)|cancell(?:ate|are|i)|togli(?:ete|ere)|elimin(?:ate|are|i)) (?:il mio|la mia|i miei|questo|il nostro)(?: [\w-]{{1,20}}){{0,2}}|(?:essere )?(?:rimoss|cancellat|tolt|eliminat)[oai]|mi (?:cancelli|rimuova|tolga|elimini|disiscriva))(?: subito| immediatamente)? {_IT_LIST}", "demand and list are both named", ("rimuov", "rimoss", "cancell", "togli", "tolga", "tolt", "elimin", "leva", "levi", "disiscriv")),
    Rule("opt_out.it.unsubscribe_me", "it", r"(?:cancell(?:ate|a|ar)mi|disiscriv(?:ete|i|er)mi|rimuov(?:ete|i|er)mi|toglietemi|eliminatemi|cancellatemi|cancellarmi|disiscrivermi)|(?:richiedo|chiedo) la (?:cancellazione|disiscrizione)(?: immediata)?(?: dei miei dati| del mio (?:indirizzo|nominativo))?", "a demand about the writer that ends with the clause", ("cancell", "disiscri", "rimuov", "toglie", "elimina")),
    Rule("opt_out.it.stop_writing", "it", r"(?:smett(?:ete|i|a|etela|ila|ere)(?:la)?|piant(?:atela|ala)|fin(?:itela|iscila)) di (?:(?:scriver|mandar|inviar|contattar|disturbar|spammar)(?:mi|ci)(?: [^.!?\n]{1,40})?|(?:inviare|mandare) (?:e-?mail|mail|spam|messaggi)(?: a questo indirizzo)?)|basta (?:e-?mail|mail|spam|messaggi|con (?:queste|le) (?:e-?mail|mail))", "a demand to stop", ("smett", "piant", "fini", "basta")),
    Rule("opt_out.it.do_not_write", "it", r"non (?:(?:contattat|scrivet|mandat|inviat|disturbat)e(?:mi|ci)(?: (?:e-?mail|mail|messaggi|altre e-?mail|altre mail))? (?:più|mai più|mai)(?: (?:e-?mail|mail|messaggi|nulla|niente))?|(?:contattar|scriver|mandar|inviar|disturbar)(?:mi|ci) (?:più|mai più|altre|ulteriori)(?: (?:altre |ulteriori )?(?:e-?mail|mail|messaggi|comunicazioni|offerte|proposte)(?: commerciali| pubblicitarie| promozionali| di questo tipo)?)?|(?:mi|ci) (?:contattate|scrivete|mandate|inviate|disturbate|contatti|scriva|mandi|invii|disturbi|scrivere|contattare) (?:più|mai più)(?: (?:e-?mail|mail|messaggi))?|(?:inviatemi|mandatemi|scrivetemi) (?:più|altre) (?:e-?mail|mail|messaggi))", "a demand not to write", ("non ",)),
    Rule("opt_out.it.no_wish", "it", r"non (?:voglio|vogliamo|desidero|desideriamo|intendo)(?: assolutamente)?(?: più)? (?:ricevere|ricever|avere)(?: più| altre| ulteriori| le vostre| vostre| queste| questo tipo di| alcuna){0,2} (?:e-?mail|mail|messaggi|comunicazioni?|pubblicità|newsletter|offerte|proposte)(?: (?:da (?:voi|parte vostra|lei)|di questo tipo|commerciali))?|non (?:voglio|vogliamo|desidero|desideriamo)(?: più)? essere(?: più)? (?:contattat|disturbat)[oaie](?: da voi)?", "the writer's will to receive nothing", ("non ",)),
    Rule("opt_out.it.delete_my_data", "it", r"(?:cancell(?:ate|i|are|a)|elimin(?:ate|i|are|a)|rimuov(?:ete|a|ere|i)|(?:chiedo|richiedo|esigo|pretendo)(?: la)? (?:cancellazione|rimozione) (?:di )?) ?(?:tutti )?(?:i|dei) miei dati(?: personali)?(?: (?:da|dai|dal|dalla|ai sensi|secondo)[^.!?\n]{1,60})?", "a legal demand", ("miei dati",)),
    Rule("opt_out.it.leave_alone", "it", r"lasci(?:ate|a)(?:mi|ci) in pace|(?:andate|vai) a (?:quel paese|cagare)|vaffanculo", "hostile, or a demand that ends all contact", ("in pace", "paese", "cagare", "vaffa")),
)  # fmt: skip

# --- Dutch --------------------------------------------------------------------------------------------------------

NL_FILLER = (
    r"graag|a\.?u\.?b\.?|aub|svp|alstublieft|alsjeblieft|gelieve|hallo|beste [\w-]{1,20}|hoi|bedankt|dank u|nee|nee bedankt|geen interesse|en|dus|wilt u|wil je|kunt u|kun je|kan je|zou u|zou je|willen jullie|kunnen jullie"
    r"|ik wil(?: graag)?|ik verzoek u(?: om)?|ik vraag u(?: om)?|nogmaals|voor de laatste keer|verzoeke|ik zou graag|maar|onmiddellijk|wij willen(?: graag)?"
)
NL_TAIL = r"a\.?u\.?b\.?|aub|svp|alstublieft|alsjeblieft|graag|bedankt|dank u|dank je|direct|onmiddellijk|per direct|meer|nooit meer|in de toekomst|voortaan|definitief|bij voorbaat dank|alvast bedankt|en (?:mij|me|ons) (?:niet meer|nooit meer) (?:te )?(?:benaderen|contacteren|mailen|schrijven)|en (?:verwijder|schrijf|haal) [^.!?\n]{1,60}|met ingang van heden"
_NL_ME = r"(?:mij|me|ons|mijn (?:e-?mail-?adres|e-?mail|mailadres|adres|gegevens|naam)|dit (?:e-?mail-?adres|mailadres|adres)|ons (?:e-?mail-?adres|adres))"
_NL_LIST = r"(?:uit|van|af van|uit de|van de) (?:(?:uw|jullie|deze|dit|je|jouw|de|het|alle) ?)?(?:[\w-]{1,20} ){0,2}?(?:\w{0,20}lijst\w*|mailing\w*|bestand\w*|database|systeem|nieuwsbrief\w*|mails|e-?mails|adressenbestand|crm)"
_DUTCH = (
    Rule("opt_out.nl.remove_from_list", "nl", rf"(?:verwijder|haal|schrap|schrijf|meld|gooi|wis)(?:t|en)?(?: u)?(?: aub| a\.u\.b\.)? {_NL_ME}(?: aub| a\.u\.b\.?| alstublieft| alsjeblieft| direct| svp| graag| onmiddellijk){{0,2}} {_NL_LIST}(?: (?:af|uit|te halen|te verwijderen|verwijderen|halen))?|{_NL_ME}(?: aub| direct| graag| alsjeblieft| alstublieft| svp){{0,2}} {_NL_LIST} (?:te )?(?:verwijderen|halen|schrappen|afhalen|uitschrijven|af te halen)|(?:verwijderen|uitschrijven|verwijderd worden) {_NL_LIST}", "demand and list are both named", ("uit", "van")),
    Rule("opt_out.nl.sign_me_off", "nl", r"(?:schrijf (?:mij|me|ons)(?: aub| alstublieft| alsjeblieft| direct)? uit|meld (?:mij|me|ons)(?: aub| alstublieft| alsjeblieft)? af|(?:mij |me |ons )?(?:graag |aub )?(?:uitschrijven|afmelden|uit te schrijven|af te melden))(?: (?:voor|van|uit) (?:de|deze|uw|jullie|alle) (?:nieuwsbrief|mailing\w*|lijst|mails|e-?mails|mailinglijst))?", "a demand about the writer that ends with the clause", ("schrijf", "schrijv", "meld")),
    Rule("opt_out.nl.stop_writing", "nl", r"(?:stop|hou|houd|houdt)(?: u)?(?: aub)?(?: alstublieft)?(?: direct| onmiddellijk| eens)?(?: op)? met (?:(?:mij|me|ons|het)(?: te)? )?(?:mailen|e-?mailen|te mailen|contacteren|benaderen|lastigvallen|lastig te vallen|spammen|schrijven|het (?:sturen|versturen) van [^.!?\n]{1,40}|sturen van [^.!?\n]{1,40}|(?:deze|die|uw|jullie|al die) (?:e-?mails|mails|berichten|spam)|te benaderen|te contacteren)", "a demand to stop", ("met ",)),
    Rule("opt_out.nl.no_more_mails", "nl", r"(?:stuur|zend|mail)(?:t)?(?: u)?(?: mij| me| ons)?(?: aub| alstublieft| alsjeblieft)?(?: a\.u\.b\.?)? (?:geen|nooit)(?: verdere| meer| dergelijke| ongevraagde)* (?:e-?mails?|mails?|mailtjes|berichten|reclame|spam)(?: meer)?|geen (?:e-?mails|mails|mailtjes|berichten|reclame|spam) meer(?: (?:sturen|ontvangen|van (?:u|jullie)|aub))*|(?:mail|contacteer|benader|bel of mail)(?:t)?(?: u)? (?:mij|me|ons)(?: aub)? (?:niet|nooit) meer|neem(?:t)?(?: u)?(?: aub)? geen contact meer(?: met (?:mij|ons|me))? op", "a demand for no more mails", ("geen", "niet meer", "nooit")),
    Rule("opt_out.nl.no_wish", "nl", r"(?:ik|wij|we) (?:wil|willen|wens|wensen|hoef)(?: echt| absoluut)? (?:(?:geen|niets)(?: verdere| dergelijke| van (?:uw|jullie|deze|dit soort))*(?: (?:e-?mails?|mails?|mailtjes|berichten|reclame|aanbiedingen|spam))?(?: meer)?(?: van (?:u|jullie|uw bedrijf))?(?: meer)?(?: te)? (?:ontvangen|krijgen|horen)|niet (?:meer|langer) (?:(?:door (?:u|jullie) )?(?:benaderd|gemaild|gecontacteerd|lastiggevallen)(?: te)?(?: worden)?))", "the writer's will to receive nothing", ("geen", "niet", "niets")),
    Rule("opt_out.nl.delete_my_data", "nl", r"(?:(?:verwijder|wis)(?:t)?(?: u)?(?: aub)? (?:al )?mijn (?:persoonlijke )?(?:gegevens|persoonsgegevens|data)|(?:verzoek ik u|ik verzoek u|ik eis dat u|vraag ik u|ik vraag u)(?: om)? (?:al )?mijn (?:persoonlijke )?(?:gegevens|persoonsgegevens|data) te (?:verwijderen|wissen))(?: (?:uit|op grond van|conform)[^.!?\n]{1,60})?", "a legal demand", ("gegevens", "data")),
    Rule("opt_out.nl.leave_alone", "nl", r"laat (?:mij|me|ons)(?: alstublieft| aub| gewoon| eens)? met rust|rot op|donder op|sodemieter op", "hostile, or a demand that ends all contact", ("rust", "op")),
)  # fmt: skip

# --- Portuguese ---------------------------------------------------------------------------------------------------

PT_FILLER = (
    r"por favor|favor|por gentileza|gentileza|obrigad[oa]|ol[aá]|ol[aá] [\w-]{1,20}|oi|bom dia|boa tarde|e|n[aã]o|n[aã]o obrigad[oa]|n[aã]o tenho interesse|sem interesse|peço que|solicito que|gostaria(?: de| que)?|quero(?: que)?|desejo"
    r"|pode(?:m)?|poderia(?:m)?|podes|imediatamente|peço|queria|agradeço que|ent[aã]o|mas|exijo que"
)
PT_TAIL = r"por favor|obrigad[oa]|imediatamente|j[aá]|agora|definitivamente|o quanto antes|mais|nunca mais|de uma vez|urgente|com urg[eê]ncia|o mais r[aá]pido poss[ií]vel|no futuro|e (?:que )?n[aã]o (?:me|nos) (?:contact|contat|envi|escrev)\w+ (?:mais|novamente)|e (?:que )?(?:remov|elimin|apagu?|retir)\w+ [^.!?\n]{1,60}"
_PT_LIST = r"(?:d[aeo]s?|de|desta|dessa|deste|desse|destas|dessas) (?:(?:sua|suas|seu|seus|vossa|vossas|tua|tuas|toda|todas as) ?)?(?:[\w-]{1,20} ){0,2}?(?:listas?(?: de (?:e-?mails?|contatos|contactos|envios?|transmiss[aã]o|distribuiç[aã]o))?|bases?(?: de (?:dados|contatos|contactos))?|mailing(?: list)?|newsletter|e-?mails|cadastros?|envios|contatos|contactos|banco de dados|sistema|campanhas?)"
_PORTUGUESE = (
    Rule("opt_out.pt.remove_from_list", "pt", rf"(?:(?:remov(?:a|am|e|er)|retir(?:e|em|a|ar)|tir(?:e|em|a|ar)|exclu(?:a|am|i|ir)|elimin(?:e|em|ar)|apagu?(?:e|em|ar)|descadastr(?:e|em|ar))(?:-me|-nos| me| nos| (?:o )?(?:meu|nosso|este) (?:e-?mail|endereço|nome|contato|contacto)(?: de e-?mail)?| (?:os )?meus dados)|(?:que )?(?:me|nos) (?:remov(?:a|am)|retir(?:e|em)|tir(?:e|em)|exclu(?:a|am)|descadastr(?:e|em))|(?:que )?(?:removess|retirass|tirass|excluíss|eliminass|apagass)em?(?:-me|-nos| me| nos| (?:o )?(?:meu|nosso|este) (?:e-?mail|endereço|nome|contato|contacto)(?: de e-?mail)?| (?:os )?meus dados)|(?:que )?(?:me|nos) (?:removess|retirass|tirass|excluíss)em?|(?:quero )?sair|ser (?:removid|retirad|excluíd)[oa]) {_PT_LIST}", "demand and list are both named", ("remov", "retir", "tir", "exclu", "elimin", "apag", "descadastr", "sair")),
    Rule("opt_out.pt.unsubscribe_me", "pt", r"(?:me (?:descadastr(?:e|em|ar)|remov(?:a|am))|(?:descadastr(?:e|em)|remov(?:a|am)|retirem?|excluam?|cancelem?)-me|cancel(?:e|em|ar) (?:a minha|minha|a|esta) (?:inscriç[aã]o|assinatura|subscriç[aã]o)|anul(?:e|em|ar) (?:a minha|minha|a) subscriç[aã]o|me descadastrar|me desinscrever)", "a demand about the writer that ends with the clause", ("descadastr", "remov", "retire", "exclua", "cancel", "anul", "desinscrever")),
    Rule("opt_out.pt.stop_writing", "pt", r"(?:par(?:e|em|a|ar)|deix(?:e|em|a|ar)) (?:j[aá] )?de (?:me |nos )?(?:enviar|mandar|escrever|contatar|contactar|incomodar|perturbar|spammar|encher)(?:-me|-nos)?(?: (?:estes|esses|os|mais|tantos)?(?: ?(?:e-?mails|mensagens|spam|propaganda|o saco)))?(?: para (?:mim|este e-?mail))?|chega de (?:e-?mails|spam|mensagens)", "a demand to stop", ("de ",)),
    Rule("opt_out.pt.do_not_write", "pt", r"n[aã]o (?:me|nos) (?:envi(?:e|em|es)|mand(?:e|em|es)|contat(?:e|em)|contact(?:e|em|es)|escrev(?:a|am|as)|perturb(?:e|em)|incomod(?:e|em))(?: (?:e-?mails?|mensagens|nada|propaganda|spam|publicidade))? mais(?: (?:e-?mails?|mensagens|nada|propaganda|spam))?|n[aã]o (?:envi(?:e|em)|mand(?:e|em)) mais (?:e-?mails?|mensagens|nada|propaganda|spam)(?: para (?:mim|este (?:e-?mail|endereço)))?|n[aã]o (?:enviar|mandar|escrever|contatar|contactar)(?:-me|-nos| me)? mais(?: (?:e-?mails?|mensagens|nada|propaganda|spam|ofertas|propostas))?(?: para (?:mim|n[oó]s|este (?:e-?mail|endereço)))?|n[aã]o (?:me |nos )?volte(?:m)? a (?:contatar|contactar|escrever|enviar)(?:-me| e-?mails)?|chega de e-?mails", "a demand not to write", ("mais", "volte", "chega")),
    Rule("opt_out.pt.no_wish", "pt", r"(?:eu )?(?:j[aá] )?n[aã]o (?:quero|queremos|desejo|desejamos|autorizo|pretendo)(?: mais)? (?:(?:continuar a )?receber(?: mais| os seus| seus| estes| esses| este tipo de| vossos| nenhum tipo de){0,2} (?:e-?mails?|mensagens|propaganda|publicidade|comunicaç(?:ões|[aã]o)|spam|contatos|ofertas)(?: (?:de voc[eê]s|da sua empresa|vossos|seus|comerciais))?|ser (?:mais )?(?:contatad|contactad|incomodad)[oa](?: novamente)?|que me (?:contatem|contactem|enviem [^.!?\n]{1,40}))", "the writer's will to receive nothing", ("não", "nao")),
    Rule("opt_out.pt.delete_my_data", "pt", r"(?:apagu?(?:e|em|ar)|elimin(?:e|em|ar)|exclu(?:a|am|ir)|remov(?:a|am|er)|(?:solicito|exijo|requeiro|peço) a (?:eliminaç[aã]o|exclus[aã]o|remoç[aã]o) d)(?: todos)?(?: ?os)? meus dados(?: pessoais)?(?: (?:da|do|de|conforme|nos termos|segundo)[^.!?\n]{1,60})?", "a legal demand", ("meus dados",)),
    Rule("opt_out.pt.leave_alone", "pt", r"(?:me deix(?:e|em|a)|deix(?:e|em|a)-me) em paz|v[aá] (?:à|a) merda|vai se foder|v[aã]o se foder", "hostile, or a demand that ends all contact", ("em paz", "merda", "foder")),
)  # fmt: skip

# --- Polish -------------------------------------------------------------------------------------------------------

PL_FILLER = (
    r"proszę|prosze|prosimy|proszę o|prosze o|prosimy o|bardzo proszę(?: o)?|uprzejmie proszę(?: o)?|dzień dobry|witam|cześć|dziękuję|dziekuje|nie dziękuję|nie jestem zainteresowan[ya]|nie interesuje mnie to|i|więc|ale|czy (?:możecie|mogą państwo|może pan|może pani|mógłby pan|mogłaby pani)|chcę|chciałbym|chciałabym"
    r"|żądam|proszę się|prosze się|natychmiast|ponownie|po raz ostatni|wnoszę o|nie"
)
PL_TAIL = r"proszę|dziękuję|dziekuje|z góry dziękuję|natychmiast|niezwłocznie|więcej|już|nigdy więcej|na stałe|od zaraz|jak najszybciej|w przyszłości|pozdrawiam|(?:i|oraz) (?:proszę )?(?:o )?(?:usunąć|usunięcie|usuńcie|wypisać|wypisanie) [^.!?\n]{1,60}|(?:i|oraz) (?:proszę )?(?:się (?:ze mną|z nami)|(?:ze mną|z nami) się|do (?:mnie|nas)|się) (?:więcej |już )?nie (?:kontaktować|pisać|odzywać)(?: się)?(?: więcej| już)?(?: (?:ze mną|z nami|do mnie))?"
_PL_LIST = r"z (?:(?:waszej|państwa|panstwa|twojej|tej|swojej|pana|pani|listy|bazy|wszystkich|tego|waszego) ?)?(?:[\w-]{1,20} ){0,2}?(?:list\w*|baz\w*|mailing\w*|newsletter\w*|subskrypcji)(?: (?:mailingow\w+|odbiorców|adresow\w+|kontaktów|danych|wysyłkow\w+|dystrybucyjn\w+)){0,2}"
_PL_ME = r"(?:mnie|nas|mój (?:adres|e-?mail|mail|kontakt)(?: e-?mail| mailowy)?|mojego (?:adresu|maila|e-?maila)(?: e-?mail)?|mojej (?:osoby|skrzynki)|moje dane|moich danych|ten adres|tego adresu|naszego adresu)"
_POLISH = (
    Rule("opt_out.pl.remove_from_list", "pl", rf"(?:usuń|usuńcie|usunąć|usunięcie|wykreśl|wykreślcie|wykreślić|wykreślenie|wypisz|wypiszcie|wypisać|wypisanie|skreślcie|wyrzućcie)(?: proszę)? {_PL_ME}(?: proszę)? {_PL_LIST}|(?:wypisanie|wykreślenie) {_PL_LIST}|{_PL_ME} (?:usunąć|wykreślić|wypisać|skreślić) {_PL_LIST}", "demand and list are both named", ("usu", "wykreśl", "wypis", "skreśl", "wyrzuć")),
    Rule("opt_out.pl.unsubscribe_me", "pl", r"(?:wypisz(?:cie)? mnie|(?:mnie )?(?:wypisać|wypisanie)(?: mnie)?|usuń(?:cie)? mnie|rezygnuję z (?:subskrypcji|newslettera|otrzymywania [^.!?\n]{1,50}|dalszej korespondencji|mailingu)|anuluj(?:cie)? subskrypcję)", "a demand about the writer that ends with the clause", ("wypis", "usuń", "rezygnuj", "anuluj")),
    Rule("opt_out.pl.stop_writing", "pl", r"(?:przesta(?:ń|ńcie|ć|nie)|przestańcie państwo|zaprzestan(?:ie|ia)|zaprzestać|skończcie)(?: do)?(?: mnie| mi| nas| nam)?(?: już| państwo)? (?:pisać|pisania|wysyłać|wysyłania|przysyłać|przesyłać|spamować|nękać|kontaktować(?: się)?|wysyłki|kontaktu)(?: do (?:mnie|nas)| mi| ze mną)?(?: (?:te |tych |takich |swoich )?(?:maile|maili|wiadomości|e-?maili|ofert|spamu|spam))?", "a demand to stop", ("przesta", "zaprzesta", "skończcie")),
    Rule("opt_out.pl.do_not_write", "pl", r"(?:(?:o )?nie ?(?:pisz|piszcie|pisać|wysyłaj|wysyłajcie|wysyłać|wysyłanie|przysyłaj(?:cie)?|przysyłać|przesyłać|kontaktuj(?:cie)? się|kontaktować się|kontaktowanie się|kontaktujcie)(?: do)?(?: mnie| mi| nas| nam| ze mną| z nami){0,2}(?: już)?(?: (?:żadnych|kolejnych|takich|tego typu|swoich|takich))?(?: (?:maili|wiadomości|e-?maili|ofert|spamu|reklam))? (?:więcej|nigdy więcej|już)(?: do mnie)?(?: (?:maili|wiadomości|e-?maili|ofert|spamu))?|(?:więcej|już więcej|nigdy więcej|już) (?:do (?:mnie|nas) )?nie (?:pisz|piszcie|pisać|wysyłaj|wysyłajcie|wysyłać|kontaktować się|kontaktujcie się)(?: do (?:mnie|nas)| ze mną)?(?: (?:maili|wiadomości|ofert))?|nie ?(?:wysyłanie|przesyłanie) (?:mi |nam )?(?:kolejnych|dalszych|więcej|takich) (?:maili|wiadomości|e-?maili|ofert)|(?:się )?(?:ze mną|z nami) (?:się )?(?:więcej|już) nie kontaktować(?: się)?|nie ?(?:pisać|wysyłać|przysyłać|przesyłać|wysyłajcie|przysyłajcie|wysyłaj|przysyłaj)(?: mnie| mi| nas| nam| do mnie| do nas)? (?:więcej|już|już więcej) (?:takich |kolejnych |żadnych |tego typu |podobnych |swoich )?(?:maili|wiadomości|e-?maili|ofert|spamu|reklam|informacji)|(?:do mnie|mi) (?:już |więcej )nie (?:pisać|wysyłać)(?: (?:maili|wiadomości|ofert))?)", "a demand not to write", ("nie",)),
    Rule("opt_out.pl.no_wish", "pl", r"(?:ja )?nie (?:życzę sobie|życzymy sobie|chcę|chcemy|wyrażam zgody na|zgadzam się na)(?: więcej| już| dalszych| dalszego| więcej żadnych| żadnych| tego typu| takich| takiej| kolejnych)*(?: (?:otrzymywać|otrzymywania|dostawać|dostawania|otrzymywanie|przesyłania|przesyłanie|wysyłania|kontaktu|kontaktów))?(?: więcej| już| od (?:was|państwa|pana|pani)| takich| żadnych| tego typu| waszych| państwa| dalszych| kolejnych)*(?: (?:maili|wiadomości|e-?maili|ofert|spamu|korespondencji|informacji handlowych|reklam|kontaktu|newslettera))?(?: od (?:was|państwa)| z (?:waszej|państwa) strony)?", "the writer's will to receive nothing", ("nie ",)),
    Rule("opt_out.pl.delete_my_data", "pl", r"(?:usuń|usuńcie|usunąć|usunięcie|o usunięcie|żądam usunięcia|wnoszę o usunięcie)(?: wszystkich| wszystkie)? (?:moje dane|moich danych)(?: osobowe| osobowych)?(?: (?:z|zgodnie|na podstawie)[^.!?\n]{1,60})?", "a legal demand", ("dane", "danych")),
    Rule("opt_out.pl.leave_alone", "pl", r"(?:zostaw|zostawcie|dajcie|daj)(?: mnie| mi| nam)? (?:w spokoju|spokój)|odczep(?:cie)? się|spadaj(?:cie)?|spierdalaj(?:cie)?", "hostile, or a demand that ends all contact", ("spok", "odczep", "spadaj", "spierd")),
)  # fmt: skip

# --- Swedish, Danish, Norwegian -----------------------------------------------------------------------------------

NORDIC_FILLER = r"(?:vil|kan|kunne|skulle) (?:du|i|dere|ni)(?: venligst| vennligst| vänligen| være så venlig at| være sød at| være så snill å)?|vær så venlig at|snälla|vänligen|var vänlig(?: och)?|var snäll och|venligst|vennligst|vær så snill(?: å)?|vær venlig at|hej|hej [\w-]{1,20}|hei|tack|tak|takk|nej|nej tack|nei|nei takk|nej tak|och|og|jag vill(?: att ni)?|kan ni|kan du|kan i|kan dere|jeg vil(?: gerne)?|jeg ønsker(?: å)?|inte intresserad|ikke interesseret|ikke interessert|men|gerne|jag skulle vilja|ber er(?: att)?"
NORDIC_TAIL = r"tack|tak|takk|omedelbart|omgående|straks|umiddelbart|igen|igjen|mer|mere|i framtiden|fremover|framöver|med det samma|nu|nå|snarast|hurtigst muligt|snarest|venligst|vennligst|på förhand|(?:och|og) (?:ta bort|fjern|slet|slett|radera|stryk) [^.!?\n]{1,60}"
_NORDIC_LIST = r"(?:från|ur|av|fra|af) (?:(?:er|era|ert|din|dina|denna|den här|jeres|deres|deres|denne|dere|den|alla|alle|all) ?)?(?:[\w-]{1,20} ){0,2}?(?:\w{0,20}list(?:a|an|or|e|en|er|ene)?|\w{0,16}utskick\w*|\w{0,16}register|databas\w*|database\w*|nyhetsbrev\w*|nyhedsbrev\w*|mejllist\w*|mail|mails|system)"
_NORDIC = (
    Rule("opt_out.nordic.remove_from_list", "sv", rf"(?:ta bort|stryk|avregistrera|radera|fjerne?|slett?e?|afmelde?|framelde?|melde?|avmelde?|plocka bort)(?: gärna| venligst)? (?:mig|meg|oss|os|min (?:adress|e-?post|e-?postadress|mailadress|mejladress|mejl|mail|adresse|e-?mail|e-?mailadresse|e-?postadresse)|mine? (?:opplysninger|oplysninger)) (?:av |fra )?{_NORDIC_LIST}", "demand and list are both named", ("ta bort", "stryk", "avregistrera", "radera", "fjern", "slet", "afmeld", "frameld", "meld", "plocka")),
    Rule("opt_out.nordic.sign_me_off", "sv", r"(?:avregistrera mig|avprenumerera(?: mig)?|ta bort mig|afmeld mig|frameld mig|meld meg av|avmeld meg|fjern (?:mig|meg)|slet mig|slett meg)", "a demand about the writer that ends with the clause", ("avregistrera", "avprenumerera", "ta bort", "meld", "fjern", "slet")),
    Rule("opt_out.nordic.stop_writing", "sv", r"(?:sluta(?: genast)?(?: att)?(?: med att)? (?:maila|mejla|kontakta|spamma|skriva(?: till)?|skicka(?: [\w-]{1,16}){0,3}? ?(?:mail|mejl|e-?post|meddelanden|spam|reklam|detta))(?: mig| oss| till mig)?|stop(?:p)?(?: venligst)? med (?:at|å) (?:skrive(?: til)?|sende(?: [\w-]{1,16}){0,3}? ?(?:mails?|e-?mails?|e-?post|beskeder|spam)|maile|kontakte|spamme|forstyrre)(?: mig| meg| os| oss| til mig| til meg)?|slutt(?: med)? å (?:sende(?: [\w-]{1,16}){0,3}? ?(?:mail|e-?post|e-?poster|meldinger|spam)|kontakte|maile|spamme|skrive til)(?: meg| oss| til meg)?)", "a demand to stop", ("sluta", "stop", "slutt")),
    Rule("opt_out.nordic.do_not_write", "sv", r"(?:(?:kontakta|mejla|maila) (?:mig|oss) (?:inte|aldrig) (?:igen|mer|längre)|skriv (?:inte|aldrig) till (?:mig|oss) (?:igen|mer)|(?:kontakt|skriv til|send) (?:mig|meg|os|oss) (?:ikke|aldrig|aldri) (?:igen|mere|igjen|mer|flere mails|flere e-?poster)|skicka inga? fler(?:a)? (?:mail|mejl|meddelanden|e-?postmeddelanden)|inga fler (?:mail|mejl|e-?postmeddelanden)|ikke flere (?:mails|e-?mails|e-?poster|mail|henvendelser)(?: fra (?:jer|dere|dig|deg))?|send ikke flere (?:mails|e-?mails|e-?poster|mail))", "a demand not to write", (" inte ", "aldrig", " ikke ", "ikke flere", "aldri", " fler", "inga")),
    Rule("opt_out.nordic.no_wish", "sv", r"(?:jag|vi) (?:vill|önskar) (?:inte|inte längre|aldrig) (?:ha|få|ta emot|bli|motta)(?: kontaktad| kontaktade| fler| mer| några| era| dessa| flera)*(?: (?:mail|mejl|e-?post|utskick|meddelanden|reklam))?(?: av er| från er| igen| mer| längre)*|(?:jeg|vi) (?:ønsker|vil) (?:ikke|ikke længere|ikke lenger|aldri)(?: at| å)? (?:modtage|motta|få|have|ha|blive|bli)(?: kontaktet| flere| mere| mer| jeres| deres| disse)*(?: (?:mails|e-?mails|mail|e-?poster|e-?post|henvendelser|reklame|beskeder))?(?: af jer| av dere| fra jer| fra dere| igen| igjen| mere| mer)*", "the writer's will to receive nothing", (" inte ", "aldrig", " ikke ", " aldri ")),
)  # fmt: skip

# --- Finnish, Russian, Japanese (the plainest forms only) ---------------------------------------------------------

_OTHER = (
    Rule("opt_out.fi.remove_from_list", "fi", r"(?:poistakaa|poista|ottakaa) (?:minut|meidät|sähköpostiosoitteeni|osoitteeni|yhteystietoni) (?:[\w-]{1,20} ){0,2}?(?:\w{0,20}listalta\w*|\w{0,20}listaltanne|rekisteri\w*|tietokanna\w*)|(?:älkää|älä) (?:lähettä(?:kö|ä|)|lähetä|ottako|ota)(?: minulle| minuun){0,2} (?:enää|yhteyttä)[^.!?\n]{0,40}", "demand and list are both named, or a demand not to write", ("poista", "ottakaa", "älkää", "älä")),
    Rule("opt_out.ru.remove_from_list", "ru", r"(?:удалите|исключите|уберите|отпишите|вычеркните) (?:меня|нас|мой (?:адрес|e-?mail|имейл|контакт)|мою почту|мои (?:данные|контакты)|этот адрес)(?: пожалуйста)?(?: (?:из|от|с) (?:(?:вашей|вашего|этой|всех|своей|базы|рассылки) ?)?(?:[\w-]{1,20} ){0,2}?(?:рассыл\w*|баз\w*|списк\w*))?|отпишите(?: меня)?", "a demand about the writer", ("удалите", "исключите", "уберите", "отпишите", "вычеркните")),
    Rule("opt_out.ru.do_not_write", "ru", r"(?:больше (?:мне |нам )?не (?:пишите|присылайте|отправляйте|беспокойте|звоните и не пишите)(?: (?:мне|нам))?|не (?:пишите|присылайте|отправляйте|беспокойте)(?: (?:мне|нам|меня))? больше|прекратите (?:мне |нам )?(?:писать|присылать [^.!?\n]{1,40}|рассылку|спам(?:ить)?|отправлять [^.!?\n]{1,40}))", "a demand not to write", ("не ", "прекратите")),
    Rule("opt_out.ja.stop", "ja", r"(?:配信停止|配信の停止|配信を停止|メール配信(?:を)?(?:停止|解除)|購読解除|登録解除)(?:して(?:ください|下さい)|を?(?:希望|お願い|依頼)(?:し|いた|致)ます|を?お願いいたします)|(?:今後|以後)(?:の|は|、|一切|このような|こういった){0,4}(?:メール|ご?連絡|営業|案内|配信)(?:メール)?(?:は|を|の送信は|の配信は){0,2}(?:一切)?(?:不要です|お断り(?:し|いた|致)ます|送らないで(?:ください|下さい)|お控え(?:ください|下さい)|ご遠慮(?:ください|下さい|願います)|やめて(?:ください|下さい))|メール(?:を)?(?:もう)?送(?:ら|って来|ってこ)ないで(?:ください|下さい)", "a demand to stop sending", ("停止", "解除", "今後", "以後", "送"), Where.ANYWHERE),
)  # fmt: skip

# --- whole messages -----------------------------------------------------------------------------------------------

_WHOLE = (
    Rule("opt_out.en.whole_message", "en", r"(?:please |pls |kindly |just |no thanks[.,!]{0,3} ?(?:please )?|no[.,!]{0,3} ?(?:please )?|not interested[.,!]{0,3} ?(?:please )?(?:and )?(?:please )?|thanks,? but (?:please )?|wrong (?:person|address|contact)[.,!]{0,3} ?(?:please )?)?(?:stop(?:[ .!]{1,3}stop){0,5}|stop it|stop this|stop now|stop please|unsubscribe|un-?subscribe(?: me)?(?: now)?|unsub|remove|remove me|remove please|opt[- ]?out|opt me out|take me off|take me off please|delete me|stop all|stop e-?mails?|stop e-?mailing|stop messaging|cancel subscription|remove from (?:list|mailing list)|end|quit)(?:[ ,.!]{1,3}(?:please|pls|now|thanks|thank you|me|asap|immediately|all)){0,3}", "the whole message is the command", ("stop", "unsub", "un-sub", "remove", "opt", "take me", "delete me", "cancel", "end", "quit"), Where.MESSAGE),
    Rule("opt_out.de.whole_message", "de", r"(?:bitte |kein interesse[.,!]{0,3} ?(?:bitte )?(?:und )?|nein danke[.,!]{0,3} ?(?:bitte )?)?(?:abmelden|abmeldung|abbestellen|austragen|stopp?|newsletter (?:abbestellen|abmelden)|aus (?:dem )?verteiler (?:löschen|nehmen|streichen|entfernen)|aufhören|(?:mich )?(?:löschen|entfernen|streichen))(?:[ ,.!]{1,3}(?:bitte|danke|sofort)){0,2}", "the whole message is the command", ("abmeld", "abbestell", "austragen", "stop", "verteiler", "aufhören", "löschen", "entfernen", "streichen"), Where.MESSAGE),
    Rule("opt_out.fr.whole_message", "fr", r"(?:(?:merci de )|(?:je souhaite )|(?:veuillez )|non merci[.,!]{0,3} ?)?(?:stop|désinscription|désinscrire|désabonner|désabonnement|me désinscrire|me désabonner|se désabonner|se désinscrire|desinscription|desabonnement|désinscrivez-moi|plus de (?:mails|e-mails)|stop (?:mails?|e-?mails?|pub|spam))(?:[ ,.!]{1,3}(?:svp|s'il vous plaît|merci)){0,2}", "the whole message is the command", ("stop", "désinscri", "désabonn", "desinscri", "desabonn", "plus de"), Where.MESSAGE),
    Rule("opt_out.es.whole_message", "es", r"(?:por favor |no gracias[.,!]{0,3} ?|no me interesa[.,!]{0,3} ?|solicito (?:la )?|quiero )?(?:baja|dar de baja|darme de baja|darse de baja|cancelar (?:la )?suscripción|cancelar|desuscribir(?:me)?|desuscripción|alto|remover|no más (?:correos|emails|mensajes)|no mas (?:correos|emails|mensajes))(?:[ ,.!]{1,3}(?:por favor|gracias)){0,2}", "the whole message is the command", ("baja", "cancelar", "desuscri", "alto", "remover", "correos", "emails", "mensajes"), Where.MESSAGE),
    Rule("opt_out.it.whole_message", "it", r"(?:per favore |no grazie[.,!]{0,3} ?)?(?:cancellami|cancellatemi|cancellazione|cancellarmi|disiscrivimi|disiscrivetemi|disiscrizione|disiscrivermi|rimuovimi|rimuovetemi|annulla iscrizione|cancella iscrizione|basta(?: mail| email| e-mail| spam)?)(?:[ ,.!]{1,3}(?:per favore|grazie)){0,2}", "the whole message is the command", ("cancella", "disiscri", "rimuov", "annulla", "basta"), Where.MESSAGE),
    Rule("opt_out.nl.whole_message", "nl", r"(?:graag |geen interesse[.,!]{0,3} ?(?:graag )?)?(?:afmelden|uitschrijven|stop|stoppen|verwijderen|meld mij af|schrijf mij uit|schrijf me uit)(?:[ ,.!]{1,3}(?:aub|a\.u\.b|graag|alstublieft|alsjeblieft|svp|bedankt)){0,2}", "the whole message is the command", ("afmelden", "uitschrijven", "stop", "verwijderen", "meld mij", "schrijf"), Where.MESSAGE),
    Rule("opt_out.pt.whole_message", "pt", r"(?:por favor |favor |não obrigad[oa][.,!]{0,3} ?)?(?:descadastrar|descadastro|descadastre-me|me descadastre|remover|me remova|remova-me|sair|sair da lista|cancelar (?:inscrição|assinatura|subscrição)|parar|pare|parem)(?:[ ,.!]{1,3}(?:por favor|obrigad[oa])){0,2}", "the whole message is the command", ("descadastr", "remov", "sair", "cancelar", "parar", "pare"), Where.MESSAGE),
    Rule("opt_out.pl.whole_message", "pl", r"(?:proszę |prosze |nie dziękuję[.,!]{0,3} ?)?(?:wypisz|wypisz mnie|wypisać|wypisać mnie|wypisanie|rezygnuję|rezygnacja|usuń|usuń mnie|usunąć|wypis|stop)(?:[ ,.!]{1,3}(?:proszę|dziękuję)){0,2}", "the whole message is the command", ("wypis", "rezygn", "usu", "stop"), Where.MESSAGE),
    Rule("opt_out.nordic.whole_message", "sv", r"(?:vänligen |venligst |vennligst |nej tack[.,!]{0,3} ?|nej tak[.,!]{0,3} ?|nei takk[.,!]{0,3} ?)?(?:avregistrera(?: mig)?|avprenumerera|avanmäl(?: mig)?|ta bort mig|sluta|afmeld(?: mig)?|frameld(?: mig)?|afmelding|framelding|avmeld(?: meg)?|meld meg av|fjern (?:mig|meg)|stopp)(?:[ ,.!]{1,3}(?:tack|tak|takk)){0,2}", "the whole message is the command", ("avreg", "avpren", "avanm", "ta bort", "sluta", "meld", "fjern", "stopp"), Where.MESSAGE),
    Rule("opt_out.ru.whole_message", "ru", r"(?:пожалуйста,? )?(?:отписаться|отписка|отпишите(?: меня)?|стоп|удалите меня)(?:[ ,.!]{1,3}пожалуйста)?", "the whole message is the command", ("отпи", "стоп", "удалите"), Where.MESSAGE),
    Rule("opt_out.ja.whole_message", "ja", r"(?:配信停止|配信解除|購読解除|登録解除|停止|解除)(?:希望|依頼|お願いします)?", "the whole message is the command", ("停止", "解除"), Where.MESSAGE),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Language:
    """The words around an opt-out in one language: fillers before it, tails behind it, and the signs of doubt.

    before: words earlier in the same sentence. condition: those of them that bind across a colon. after: words later in
    it. wish: words anywhere in the message by which the writer still wants something. polite: fillers that turn a
    question mark into a request.
    """

    filler: str
    tail: str
    before: str
    condition: str
    after: str
    wish: str
    polite: str


# Words before a demand that make it somebody else's, or a specimen: read where a colon or semicolon sets it apart.
REPORTED = (
    r"\b(?:says?|said|saying|tells?|told|telling|writes?|wrote|writing|answers?|answered|repl(?:y|ies|ied)|asks?|asked|shouts?|screams?|types?|typed"
    r"|customers?|users?|clients?|prospects?|recipients?|leads|subscribers|people|someone|somebody|anyone|everybody|everyone|they|he|she"
    r"|phrases?|keywords?|wording|examples?|e\.g|templates?|subject|button|feature|labels?|intents?|categor\w+|detect\w*|classif\w*|such as|like"
    r"|sagen|sagt|sagte|sagten|schreibt|schreiben|schrieb|antwortet|antworten|lautet|betreff|vorlage|beispiel\w*|satz|kunden|nutzer|empfänger|leute"
    r"|disent|écrivent|répondent|objet|modèle|exemple|phrase|clients|gens|dicen|dice|dijo|escriben|responden|asunto|plantilla|ejemplo|frase|clientes"
    r"|dicono|disse|scrivono|rispondono|oggetto|modello|esempio|clienti|utenti|zeggen|zegt|zei|schrijven|antwoorden|onderwerp|voorbeeld|sjabloon|klanten"
    r"|dizem|diz|escrevem|respondem|assunto|modelo|exemplo|mówią|mówi|powiedział\w*|piszą|odpowiadają|temat|szablon|przykład|klienci"
    r"|säger|skriver|svarar|siger|svarer|sier|ämne|emne|exempel|eksempel|mall|kunder|говорят|говорит|пишут|отвечают|клиенты|тема|пример)\b"
)
# An address that is given up for another, or whose owner is gone: looked for where a demand is about an address.
SUCCEEDED = (
    r"\b(?:(?:he|she|they|who)(?:'s| has| have|'ve)? (?:left|retired|moved|quit|resigned)|(?<!\bi )(?<!\bi've )(?<!\bi have )left (?:the company|us|the team|the firm)|no longer (?:works?|with us|here|at|employed)|use (?:this|my|the)|instead|stattdessen|nicht mehr (?:bei uns|im unternehmen)"
    r"|ne (?:fait plus partie|travaille plus)|a quitté|ya no trabaja|non lavora più|werkt (?:hier )?niet meer|não trabalha mais|já não trabalha|nie pracuje|jobbar inte|arbejder ikke|jobber ikke|slutat|stoppet)\b"
)
# What the writer said before is no report about somebody else.
SAID_BY_THE_WRITER = r"\b(?:(?:i|we)(?:'ve| have|'d| had)?|(?:and|but) (?:have|had))(?: already| also| now| just| repeatedly| clearly)? (?:said|told|asked|wrote|written|replied|answered)\b"
# A demand behind such a word follows from what was said before: questions and relative clauses there do not touch it.
CONSEQUENCE = r"\b(?:so|therefore|thus|daher|deshalb|darum|donc|por lo tanto|por eso|quindi|perciò|dus|daarom|portanto|por isso|więc|dlatego|därför|derfor|поэтому)\b"

OPT_OUT_RULES: tuple[Rule, ...] = (
    *_WHOLE, *_ENGLISH, *_GERMAN, *_FRENCH, *_SPANISH, *_ITALIAN, *_DUTCH, *_PORTUGUESE, *_POLISH, *_NORDIC, *_OTHER,
)  # fmt: skip

LANGUAGES: dict[str, Language] = {
    "en": Language(
        rf"{EN_FILLER}|{_LEGAL_BASIS}",
        EN_TAIL,
        before=r"\b(?:if|unless|when|whenever|until|whether|why|who|which|where|does|did|says?|said|saying|tells?|telling|customers?|users?|clients?|prospects?|people|recipients?|leads|subscribers|someone|somebody|anyone|they|feature|button|want you to not|don't want you to|do not|don't|not yet|rather than|instead of|without|almost|nearly|was going to|were going to|about to|tempted to|thought about|wanted to|used to|joking|kidding|add|adding|loop(?:ing)? in|include|including|cc|copying|replace)\b|\bhow(?! (?:do|can|could|would|many) (?:i|we|times))",
        condition=r"\b(?:if|unless|when|whenever|until|once|as long as|in case)\b",
        after=r"\b(?:cc|bcc|if|unless|until|till|except|yet|but (?:i|we|yours|this (?:one|looks|is|sounds)|your (?:offer|product|mail|email|pitch|tool)|keep|please keep|my|add|do|you can|feel|let|send|call)|only if|for now|this week|this month|this quarter|by phone|on whatsapp|on linkedin|by text|on my (?:mobile|phone|cell)|instead|by accident|by mistake|accidentally|feature|demo|just kidding|jk)\b|\b(?:and|but|,|-) ?(?:please )?(?:add|call me|contact (?!me\b|us\b)|reach out to|e-?mail (?!me\b|us\b)|write to (?!me\b|us\b)|talk to|speak (?:to|with)|try|use|send (?:it|this|them|me|us))",
        wish=r"\b(?:(?<!no )demo\b(?! account)|let's (?:talk|chat|meet|connect|schedule|set|do|go|book)|(?:happy|glad|keen|open|love|like) to (?:talk|chat|meet|connect|hear|learn|discuss|see a)|(?:am|are|'m|'re|very|really|definitely|actually|be|quite|still|also) (?:very |really |quite )?interested(?! in (?:neither|none))|looks interesting|sounds (?:good|great|interesting)|send (?:me|us|over) (?:more|your|the|a|some) (?:info|information|details|deck|pricing|proposal|quote|brochure|case|link|calendar)|add my|tell me more|just kidding|only kidding|joking|instead|don't remove me|do not remove me|don't unsubscribe me|keep me (?:on|in|posted)|looking forward|we need that|feature|i'm in|count me in|when can we start|(?:you've|you have) convinced|e-?mail(?:ing me)? (?:is|works|would be) (?:better|best|fine|ok|okay|easier|preferred)|prefer e-?mail|use this one|(?:i'm|i am) the (?:right|new|best) (?:person|contact|one)|(?:took|taken|taking) over)\b",
        polite=r"(?:can|could|would|will) (?:you|u|i|we)|may i|how (?:do|can|could|would) (?:i|we)",
    ),
    "de": Language(
        rf"{DE_FILLER}|{_LEGAL_BASIS}",
        DE_TAIL,
        before=r"\b(?:wenn|falls|sofern|bevor|solange|warum|wieso|wie|ob|kunden|nutzer|empfänger|leute|jemand|beinahe|fast|statt)\b",
        condition=r"\b(?:wenn|falls|sofern|sobald|solange|bevor)\b",
        after=r"\b(?:bis|aber|außer|ausser|sondern|stattdessen|wenn|falls|noch nicht|erst|demo|vorerst|vor dem|telefonisch|per telefon|diese woche|in cc|cc)\b",
        wish=r"\b(?:demo|(?<!kein )(?<!nicht )(?:bin|sind|wäre|wären)(?: sehr)? interessiert|klingt (?:gut|interessant|spannend)|interessant|gerne (?:sprechen|telefonieren|mehr|einen termin|ein gespräch)|rufen sie mich|stattdessen|senden sie mir (?:mehr|bitte (?:mehr|ihre|ein))|nicht (?:aus|von) der liste|sondern)\b",
        polite=r"können sie|könnten sie|kannst du|könnt ihr|würden sie",
    ),
    "fr": Language(
        rf"{FR_FILLER}|{_LEGAL_BASIS}",
        FR_TAIL,
        before=r"\b(?:si|quand|lorsque|pourquoi|comment|clients?|utilisateurs|gens|destinataires|presque|au lieu)\b|s'il(?! (?:vous|te) pla)",
        condition=r"\b(?:si|quand|lorsque|tant que)\b",
        after=r"\b(?:jusqu|mais|sauf|avant|si|plutôt|à la place|pour l'instant|cette semaine|par téléphone|en copie|cc|démo)",
        wish=r"\b(?:démo|(?:suis|sommes|serais)(?: très)? intéressée?s?(?! par (?:rien|aucun))|(?:semble|a l'air|c'est) intéressant|appelez-moi|envoyez-moi (?:plus|votre|vos tarifs|des informations)|au plaisir|à la place|volontiers)\b",
        polite=r"pouvez-vous|pourriez-vous|peux-tu|auriez-vous",
    ),
    "es": Language(
        rf"{ES_FILLER}|{_LEGAL_BASIS}",
        ES_TAIL,
        before=r"\b(?:si|cuando|por qué|cómo|como|clientes|usuarios|gente|destinatarios|casi|alguien)\b",
        condition=r"\b(?:si|cuando)\b",
        after=r"\b(?:hasta|pero|salvo|excepto|antes|si|por ahora|esta semana|por teléfono|copia|cc|demo|todavía no)\b",
        wish=r"\b(?:demo|(?<!no )(?:estoy|estamos|estaría) (?:muy )?interesad[oa]s?|me interesa(?! que)|suena (?:bien|interesante)|llámeme|llámame|envíeme (?:más|su)|en su lugar)\b",
        polite=r"podr[ií]an?|pueden?|puedes",
    ),
    "it": Language(
        rf"{IT_FILLER}|{_LEGAL_BASIS}",
        IT_TAIL,
        before=r"\b(?:se|quando|perché|come|clienti|utenti|gente|destinatari|qualcuno|quasi)\b",
        condition=r"\b(?:se|quando)\b",
        after=r"\b(?:fino|finché|ma|tranne|prima|se|per ora|questa settimana|per telefono|copia|cc|demo)\b",
        wish=r"\b(?:demo|(?<!non )(?:sono|siamo|sarei) (?:molto )?interessat[oaie]|sembra interessante|mi chiami|invece|inviatemi (?:più|maggiori|il|la))\b",
        polite=r"potete|potreste|pu[oò]|potrebbe|puoi",
    ),
    "nl": Language(
        rf"{NL_FILLER}|{_LEGAL_BASIS}",
        NL_TAIL,
        before=r"\b(?:als|indien|wanneer|waarom|hoe|klanten|gebruikers|mensen|iemand|bijna|voordat)\b",
        condition=r"\b(?:als|indien|wanneer|zodra)\b",
        after=r"\b(?:tot|maar|behalve|voordat|als|voorlopig|deze week|telefonisch|cc|demo|nog niet)\b",
        wish=r"\b(?:demo|(?<!niet )(?<!geen )(?:ben|zijn|zou)(?: zeer| wel)? geïnteresseerd|klinkt (?:goed|interessant|leuk)|bel me|bel mij|stuur (?:me|mij) (?:meer|graag|een|uw|je)|in plaats daarvan)\b",
        polite=r"wilt u|wil je|kunt u|kun je|kan je|zou u|zou je|willen jullie|kunnen jullie",
    ),
    "pt": Language(
        rf"{PT_FILLER}|{_LEGAL_BASIS}",
        PT_TAIL,
        before=r"\b(?:se|quando|por que|porque|como|clientes|usuários|utilizadores|pessoas|alguém|quase)\b",
        condition=r"\b(?:se|quando|caso)\b",
        after=r"\b(?:até|mas|exceto|salvo|antes|se|por enquanto|esta semana|por telefone|cópia|cc|demo|ainda não)\b",
        wish=r"\b(?:demo|(?<!não )(?:estou|estamos|tenho)(?: muito)? (?:interessad[oa]s?|interesse)|parece (?:bom|interessante)|me ligue|ligue-me|envie-me (?:mais|a sua|o seu)|em vez disso)\b",
        polite=r"pode(?:m)?|poderia(?:m)?|podes",
    ),
    "pl": Language(
        rf"{PL_FILLER}|{_LEGAL_BASIS}",
        PL_TAIL,
        before=r"\b(?:jeśli|jeżeli|gdy|kiedy|dlaczego|jak|klienci|użytkownicy|ludzie|ktoś|prawie|zanim)\b",
        condition=r"\b(?:jeśli|jeżeli|gdy|kiedy|gdyby)\b",
        after=r"\b(?:do czasu|dopóki|ale|oprócz|zanim|jeśli|na razie|w tym tygodniu|telefonicznie|dw|cc|demo|jeszcze)\b",
        wish=r"\b(?:demo|(?<!nie )(?:jestem|jesteśmy|byłbym)(?: bardzo)? zainteresowan[aiy]|brzmi (?:dobrze|ciekawie|interesująco)|proszę (?:o telefon|zadzwonić|przesłać (?:więcej|ofertę|cennik))|zamiast)\b",
        polite=r"czy (?:możecie|mogą państwo|może pan|może pani|mógłby pan|mogłaby pani)",
    ),
    "sv": Language(
        NORDIC_FILLER,
        NORDIC_TAIL,
        before=r"\b(?:om|när|varför|hur|kunder|användare|folk|någon|nästan|innan|hvis|hvorfor|hvordan|kunder|brugere|brukere|før)\b",
        condition=r"\b(?:om|när|hvis|når)\b",
        after=r"\b(?:förrän|tills|men|utom|innan|om|hvis|før|indtil|inntil|telefon|cc|demo|ännu|endnu|ennå)\b",
        wish=r"\b(?:demo|(?<!inte )(?<!ikke )(?:är|er)(?: mycket| meget| veldig)? (?:intresserad|intresserade|interesseret|interessert)|låter (?:bra|intressant)|lyder (?:godt|spændende|bra|spennende)|ring mig|ring meg|istället|i stedet)\b",
        polite=r"(?:kan|vil|kunne|skulle) (?:ni|du|i|dere)",
    ),
    "fi": Language("ole hyvä ja|ystävällisesti|hei|kiitos", "kiitos|heti|pian", r"\b(?:jos|kun)\b", r"\b(?:jos|kun)\b", r"\b(?:mutta|ennen|jos)\b", r"\bdemo\b", "voisitteko"),
    "ru": Language(
        r"пожалуйста|прошу|просьба|здравствуйте|добрый день|и|нет|спасибо|неинтересно|не интересно|немедленно",
        r"пожалуйста|спасибо|немедленно|срочно|больше|никогда",
        r"\b(?:если|когда|почему|как|клиенты|пользователи)\b",
        r"\b(?:если|когда)\b",
        r"\b(?:но|до|если|кроме|пока)\b",
        r"\b(?:демо|(?<!не )интересно(?! вам)|перезвоните|позвоните)\b",
        "можете|могли бы",
    ),
    "ja": Language("", "", r"場合|たら|れば|方法|機能", r"場合|たら|れば", r"場合|たら|れば|方法|機能|ですか|でしょうか", r"デモ|興味が(?:あり|ござい)", ""),
}  # fmt: skip
