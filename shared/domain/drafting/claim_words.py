# ruff: noqa: E501 - the phrases of one language stay on one line
"""The phrases of claims that no text of ours may make, per language. Phrases are folded: lower case, no accents."""

from __future__ import annotations

from typing import Final

from shared.domain.text.wording import words_of

# Nothing can be attached to an email of ours.
ATTACHED: Final = (
    r"attached (?:you|is|are|please)|(?:please )?(?:find|see) (?:the |our |my )?(?:\w+ ){0,3}attached|(?:i've|i have|i) (?:also )?attach(?:ed|ing)?\b|is attached|are attached|(?:as|in|see) (?:an |the )?attach(?:ment|ed)|the attached|i'm attaching|attached(?=[.,;!]|\Z)|enclosed",
    r"anbei|im anhang|in der anlage|beigefugt\w*|angehangt\w*|als anhang|hange ich|ich fuge",
    r"ci-joint\w*|en piece jointe|en pj|je joins|en annexe|joint a ce|vous trouverez joint",
    r"adjunto\w*|adjuntamos|en anexo|anexo (?:el|la|le|encontrara)|en el archivo adjunto",
    r"in allegato|allego|alleghiamo|allegat[oaie]\b",
    r"in de bijlage|bijgevoegd\w*|als bijlage|bijgaand\w*",
    r"em anexo|segue anexo|anexei|anexo (?:o|a|segue)|anexad[oa]",
    r"w zalaczniku|w zalaczeniu|zalaczam|zalaczylam|zalaczylem|dolaczam|dolaczylem|dolaczylam",
)
# What the text says has been done. Nothing is done by a draft.
DONE: Final = (
    r"(?:i've|we've|i have|we have|they've|they have) (?:already |just |now |also )*(?:sent|booked|added|copied|cc'd|cced|forwarded|scheduled|updated|passed|put|set|created|opened|arranged|reserved|blocked|informed|spoken|talked|contacted|agreed|asked|checked with|confirmed with|emailed|e-mailed|called|moved|sorted|deleted|removed|signed|applied|activated|asked|invited|shared|uploaded|prepared|processed|registered|included \w+ in)\b|(?:i|we) just (?:sent|booked|added|copied|forwarded|scheduled|updated|passed|created|spoke|asked|called|emailed)\b|it'?s (?:now |already )?in your (?:calendar|inbox|diary)|(?:has|have) (?:already |just |now )?been (?:sent|booked|scheduled|added|updated|forwarded|reserved|created|activated|deleted|removed)|(?:i|we)(?:'ve)? copied|(?:is|are) in (?:copy|cc) now|you should have (?:received|it|the invit)",
    r"(?:habe|haben)\b[^.!?\n]{0,90}\b(?:gesendet|geschickt|verschickt|eingetragen|gebucht|weitergeleitet|reserviert|angelegt|hinzugefugt|informiert|besprochen|gesprochen|aktualisiert|geblockt|erstellt|vorbereitet|beauftragt|zugesandt|zugeschickt|aufgenommen|hinterlegt|eingerichtet|geloscht|entfernt|ubermittelt|freigeschaltet|eingeladen|abgestimmt|geklart)|(?:wurde|ist) (?:soeben |bereits |gerade |schon )(?:\w+ ){0,3}(?:gesendet|geschickt|verschickt|eingetragen|gebucht|raus|unterwegs|reserviert)|(?:einladung|termin) (?:ist|wurde) (?:soeben|bereits|gerade|schon)",
    r"je viens d[e'] ?(?:vous |t'|l')?(?:\w+ )?(?:envoyer|adresser|transmettre|reserver|ajouter|bloquer|inscrire|creer|parler|transferer|en parler|mettre)|(?:j'ai|nous avons|je vous ai|je t'ai|je l'ai) (?:deja |bien |aussitot |egalement )?(?:envoye|transmis|reserve|ajoute|bloque|inscrit|transfere|cree|informe|parle|mis|programme|active|prepare|adresse|supprime)e?s?\b|vient d'etre (?:envoye|reserve|ajoute)e?",
    r"(?:acabo|acabamos) de (?:enviar|mandar|reservar|anadir|agendar|reenviar|pasar|crear|hablar|programar|copiar|incluir)\w*|(?:ya )?(?:le |te |les |lo |la |se )*(?:he|hemos) (?:enviado|mandado|reservado|anadido|agendado|reenviado|pasado|creado|hablado|programado|copiado|activado|actualizado|incluido|preparado|borrado)|ya esta (?:enviad|reservad|agendad|en su (?:agenda|calendario))\w*",
    r"(?:ho|abbiamo) (?:gia |appena |anche |subito )?(?:inviato|mandato|prenotato|aggiunto|inoltrato|fissato|inserito|creato|parlato|informato|passato|attivato|aggiornato|bloccato|messo|spedito|girato|preparato)|(?:l'|gliel'|le |vi )ho (?:gia |appena )?(?:inviat|mandat|prenotat|inserit)\w*|e (?:gia )?nel (?:suo|tuo) calendario",
    r"(?:heb|hebben)\b[^.!?\n]{0,70}\b(?:verstuurd|gestuurd|gemaild|ingepland|doorgestuurd|toegevoegd|geboekt|gereserveerd|gezet|aangemaakt|doorgegeven|geinformeerd|bijgewerkt|geactiveerd|klaargezet|overlegd|besproken|uitgenodigd|verwijderd)|(?:is|zijn) (?:net|zojuist|al|inmiddels) (?:\w+ )?(?:verstuurd|gestuurd|ingepland|geboekt|onderweg)|staat (?:al )?in je agenda",
    r"(?:acabei|acabamos) de (?:enviar|mandar|marcar|agendar|reservar|adicionar|encaminhar|criar|falar|passar|incluir)\w*|\bja (?:lhe |te |o |a )*(?:enviei|mandei|marquei|agendei|reservei|adicionei|encaminhei|criei|falei|passei|inclui|ativei|enviamos|agendamos)|(?:enviei|mandei|agendei|marquei|encaminhei|reservei|adicionei)\b|ja esta na sua agenda",
    r"(?:wysla|przesla|zarezerwowa|doda|umowi|przekaza|zapisa|wpisa|utworzy|poinformowa|zaktualizowa|porozmawia|rozmawia|uzgodni|ustali|przygotowa|aktywowa|usuna|zaprosi|skontaktowa|zadzwoni|sprawdzi|zamowi|zglosi)(?:lem|lam|lismy|lysmy)\b|(?:zostalo|zostala|zostal) (?:juz |wlasnie )?(?:wyslan|zarezerwowan|dodan|umowion)\w*",
)
# The text says of its writer that it is a program. A product may be one.
PROGRAM: Final = (
    r"as an? (?:ai|artificial intelligence|large language model|language model)(?: (?:language )?(?:model|assistant))?[, ]+i\b|as an? (?:ai language model|large language model|language model|ai assistant|ai)\b(?=[,.])|(?:i'm|i am) (?:just |only )?an? (?:ai|artificial intelligence|large language model|language model|chatbot|bot|virtual assistant|automated assistant|computer program)\b|my (?:system prompt|instructions|training data)|i (?:was|am) (?:trained|programmed)",
    r"als (?:ki|sprachmodell|kunstliche intelligenz|ki-modell|ki-assistent\w*)(?![-\w])[, ]+(?:kann|darf|habe|bin|konnte) ich|als (?:ki|sprachmodell)(?![-\w]) (?:kann|darf|habe|bin)|ich bin (?:nur )?ein\w* (?:ki|sprachmodell|bot|chatbot|virtuell\w*|kunstliche intelligenz|ki-\w+|programm)\b|meine? (?:systemprompt|system-prompt|anweisungen)",
    r"en tant qu'(?:ia|intelligence artificielle|assistant virtuel|modele de langage)|je suis une? (?:ia|intelligence artificielle|bot|chatbot|assistant virtuel|modele de langage|robot)",
    r"como (?:una )?(?:ia|inteligencia artificial|modelo de lenguaje)\b[, ]|soy (?:una?|solo una?) (?:ia|inteligencia artificial|bot|chatbot|asistente virtual|modelo de lenguaje|robot)",
    r"come (?:ia|intelligenza artificiale|modello linguistico)[, ]|sono (?:un'|una |un )(?:ia|intelligenza artificiale|bot|chatbot|assistente virtuale|modello linguistico)",
    r"als (?:ai|taalmodel|ai-model)[, ]+(?:kan|mag|heb) ik|ik ben (?:een|maar een) (?:ai|bot|chatbot|taalmodel|virtuele assistent|kunstmatige intelligentie)",
    r"como (?:uma )?(?:ia|inteligencia artificial|modelo de linguagem)[, ]|sou (?:uma?|apenas uma?) (?:ia|inteligencia artificial|bot|chatbot|assistente virtual|robo)",
    r"jako (?:sztuczna inteligencja|ai|model jezykowy)[, ]|jestem (?:sztuczna inteligencja|botem|chatbotem|modelem jezykowym|wirtualn\w+ asystent\w+|ai)\b",
)
# Behind these a capitalised word is a customer, a partner or one of ours.
SOMEBODY_OF_OURS: Final = (
    r"(?:we|we've|team|already) (?:also )?(?:work|working|worked) (?:with|for)|(?:customers?|clients?|users?|partners?) (?:include|including|like|such as|are|is|such)|such as|used by|trusted by|chosen by|partner(?:ed)? with|our (?:partners?|customers?|clients?|references?)|from our team|our team|our (?:head|director|manager|specialist|engineer|expert|founder|consultant|ceo|cto|cfo)|dealing with|your (?:contact|account manager|consultant)|contact person",
    r"unser\w* (?:partner\w*|kund\w+|kolleg\w+|team|berater\w*|experte\w*|techniker\w*|referenz\w*|ansprechpartner\w*)|zu unseren kunden (?:gehoren|zahlen)|kunden wie|firmen wie|unternehmen wie|arbeiten (?:mit|fur)|ansprechpartner\w*|aus unserem team",
    r"notre (?:partenaire|collegue|client|equipe|expert|responsable|directeur|directrice|ingenieure?|specialiste)|nos (?:clients|partenaires|references|collegues)|clients comme|tels que|telles que|travaillons (?:avec|pour)|travaillent avec|utilise\w* par|fait\w* confiance",
    r"nuestr[oa]s? (?:clientes?|soci[oa]s?|companer[oa]s?|colegas?|equipo|expert[oa]|responsable|director|directora)|(?:clientes?|empresas) como|entre nuestros clientes|trabajamos (?:con|para)|trabajan con|lo usan|utilizan|su (?:contacto|interlocutor)",
    r"nostr[oaie] (?:clienti?|partner|collega|colleghi|team|esperto|esperta|referente|responsabile|direttore)|clienti come|tra i nostri clienti|aziende come|lavoriamo (?:con|per)|usano|utilizzano|si affidano",
    r"onze (?:klant\w*|partner\w*|collega\w*|team|expert\w*|adviseur\w*|specialist\w*|directeur)|klanten (?:als|zoals)|bedrijven (?:als|zoals)|werken (?:met|voor)|contactpersoon|aanspreekpunt|gebruiken",
    r"noss[oa]s? (?:clientes?|parceir[oa]s?|colegas?|equipe|time|especialista)|clientes como|empresas como|entre nossos clientes|trabalhamos (?:com|para)|\busam\b|utilizam|confiam",
    r"nas[zi]\w* (?:klien\w+|partner\w*|kolega|kolezanka|zespol\w*|ekspert\w*)|klienci (?:tacy )?jak|firmy (?:takie )?jak|wspolpracujemy z|pracujemy (?:z|dla)|korzystaj[aą]|korzysta|wsrod naszych klientow",
)
# Capitalised words that are nobody's name.
NO_NAMES: Final = words_of(
    "i i'm i'll i'd i've uk us usa eu crm erp hr it api gdpr vat sso ai ki ia b2b ceo cfo cto coo pdf saas icp roi kpi seo ok vip nda sla faq excel word outlook teams zoom "
    "english german french spanish italian dutch portuguese polish europe european british american deutsch englisch deutschland europa france espagne paris "
    "sie ihnen ihr ihre ihrem ihren lei le la usted ustedes pan pani pana panu panstwo panstwa u monsieur madame herr frau mr mrs ms senor senora signor signora"
)
