"""Dutch."""

GRAMMAR = """
# --- who and what -------------------------------------------------------------------------------------------------
MY     = mijn | onze | ons | m n | al mijn | al onze
DATUM  = adres | emailadres | emailadressen | email adres | gegevens | persoonsgegevens | persoonlijke gegevens
    | naam | contactgegevens | data | bedrijf | mailbox | contact | adresgegevens | mailadres | inschrijving |
    informatie | profiel | domein
MINE   = dit (adres | emailadres | mailadres) | deze mailbox | MY DATUM [(en | of) [MY] DATUM] [die (u | jullie
    | je) (heeft | hebben | hebt | bewaart | bewaren) [van mij | over mij]]
ME     = mij | me | ons | MINE | EMAIL
YOUR   = uw | jullie | je | jouw | de | deze | dit | al uw | al jullie | alle | het | elke | iedere | die |
    jullie hele
LISTN  = lijst | lijsten | mailinglijst | mailinglijsten | mailinglist | maillijst | mailing | mailings |
    bestand | bestanden | database | databases | nieuwsbrief | nieuwsbrieven | adressenbestand | adressenlijst |
    systeem | systemen | crm | verzendlijst | verzendlijsten | emaillijst | contacten | contactenlijst |
    distributielijst | campagne | campagnes | adressenbestanden | adresbestand | adresboek | contactlijst |
    emails | mailbestand | mailbestanden | emaillijsten | sequentie | administratie | verspreidingslijst
LIST   = (uit | van | van af | vanaf | voor) [YOUR] LISTN [en (uit | van)* [YOUR] LISTN] | hiervan | hieruit |
    ervan | eraf | hier vanaf
MAILS  = emails | email | mailtjes | mailtje | berichten | bericht | reclame | spam | nieuwsbrieven |
    nieuwsbrief | aanbiedingen | mailings | post | informatie | contact | communicatie | voorstellen | zooi |
    rommel | acquisitie | verzoeken | reclamemail | herinneringen | opvolgmails | dit soort (emails | berichten
    | mailtjes | dingen | reclame) | dergelijke (emails | berichten) | deze (emails | berichten | onzin | spam |
    mailtjes) | advertenties | mails | onzin | benadering | follow ups | benaderingen
SUCH   = meer | verdere | van uw | jullie | uw | deze | dit soort | zulke | dergelijke | ongevraagde | nog |
    andere | die | ongewenste | nieuwe | van die | van deze | soortgelijke | van jullie | je | commerciële | van
    dit soort
PLEASE = graag | gelieve | alstublieft | alsjeblieft | aub | a u b | svp | ajb | a j b | wilt u [aub] | verzoek
    [u | jullie]* [om] | ik verzoek (u | jullie)* [vriendelijk | dringend | hierbij | nogmaals | beleefd]* [om]
    | ik vraag (u | jullie)* [om | vriendelijk]* | wij verzoeken (u | jullie)* [vriendelijk]* [om] | ik wil
    graag dat | direct | onmiddellijk | nogmaals | voor de laatste keer | per direct | dus | ook | dan |
    verzoeke | vriendelijk verzoek om | vriendelijk verzoek | hierbij verzoek ik (u | jullie)* [om] | hierbij |
    meteen | voortaan | toch | even | gewoon | zou u zo vriendelijk willen zijn [om] | wees zo vriendelijk om |
    wees zo goed om | het verzoek om | COMMA | eens | a u b | definitief | ik eis dat (u | jullie) | ik sommeer
    (u | jullie) om | ik zou het op prijs stellen als (u | jullie) | ik stel het op prijs als (u | jullie) | ff
    | effe | ik zou het op prijs stellen als (u | je | jullie) | u mag | je mag | jullie mogen | zou het op
    prijs stellen als u | ik zou (u)* willen verzoeken | ik zou willen vragen [om] | even snel | nog eens | yo |
    verzoek ik (u | jullie) [om] | eis ik dat (u | jullie) | verzoeken wij (u | jullie) [om]
WANT   = ik wil | wij willen [graag] | we willen [graag] | ik wens | ik zou graag
NOW    = nu
LAW    = (op grond van | op basis van | conform | volgens | krachtens | onder | ingevolge)* [ARTICLE] [van]*
    [de]* (avg | gdpr | privacywet)
ARTICLE = (artikel | art | art .) NUMBER
TAIL   = aub | graag | alstublieft | alsjeblieft | svp | ajb | bedankt | dank | dank u | dank je | dank u wel |
    dankjewel | direct | onmiddellijk | per direct | meteen | voortaan | in de toekomst | zo snel mogelijk |
    alvast bedankt | bij voorbaat dank | definitief | met onmiddellijke ingang | permanent | vanaf nu | ooit nog
    | a u b | z s m | zsm | LAW | met spoed | voorgoed | voor altijd | ook niet in de toekomst | hartelijk dank
    | nooit meer | meer | verder | dank alvast | dank jullie wel | please | thanks | merci | ok | ciao | cheers
    | hoor | thx | hierover | alvast dank | joh
CONFIRM = (en | COMMA)* [graag | mij | dit]* (bevestigen | bevestig) [dit | mij | de verwijdering | het]*
# --- demands ------------------------------------------------------------------------------------------------------
GO     = haal | haalt | halen | verwijder | verwijdert | verwijderen | schrijf | schrijft | schrap | schrapt |
    schrappen | wis | wist | wissen | gooi | gooien | delete | deleten | meld | meldt | laat | sluit | vergeet |
    blokkeer | knikker | uitschrijven | afmelden | vernietig | te verwijderen | te halen | te schrappen | uit te
    schrijven | af te melden | te wissen | te deleten | verwijderd | uitgeschreven | afgemeld | gehaald
AWAY   = GO [PLEASE]* ME [PLEASE | TAIL]* [LIST] [uit | af | weg] [LIST] | [ME] [PLEASE]* [LIST] GO [LIST] |
    (schrijf | meld) [PLEASE]* (mij | me | ons) [PLEASE]* (uit | af) [LIST] | ME [PLEASE]* (uit | van) [YOUR]
    LISTN (halen | verwijderen | schrappen | te halen | te verwijderen | te schrappen | gooien) | (dit | het) GO
    | (zet | plaats) (mij | me | MINE) op (jullie | uw | de | een) (blacklist | blokkeerlijst | bel me niet
    lijst | uitsluitlijst) | [dat] MINE (wordt | worden) (verwijderd | gewist) [LIST] | [dat] (u | jullie | je)
    ME [LIST] (verwijdert | verwijderen | uitschrijft | uitschrijven) | GO [PLEASE]* (mijn | onze) email
    [PLEASE]* LIST
NOMORE = [mij | me | ons]* (geen | nooit | niets | niks | niet) [meer | nog | langer | verder]* [SUCH]* [MAILS]
    [meer]* [mij | ons | mij ooit]* [aan (mij | ons | dit adres)] [(sturen | te sturen | toesturen | toe te
    sturen | mailen | te mailen | benaderen | te benaderen | schrijven | te schrijven | contacteren | te
    contacteren | lastigvallen | lastig te vallen | versturen | zenden | te zenden | contact opnemen | op te
    nemen | mij benaderen | e mailen)] [op dit adres] | (stuur | stuurt | mail | mailt | schrijf | benader |
    benadert | contacteer | spam | zend | val | neem | email | emails | bericht | app) [mij | me | ons | u | aub
    | PLEASE]* [SUCH]* (geen | nooit | niets | niks | niet) [meer | nog | langer | verder | weer | opnieuw]*
    [lastig] [SUCH]* [MAILS] [meer | contact op | lastig | op | toe | naar (mij | dit adres)]* [met (mij | ons)
    op] | (mij | me | ons) niet (meer | langer | verder) (benadert | benadren | mailt | schrijft | benaderen |
    mailen | contacteert | contact opneemt) | geen contact meer (op te nemen | opnemen | met mij opnemen | met
    ons op te nemen) | (een volgende | verdere | nog een) (mail | email | reactie | opvolging) is niet nodig
QUIT   = (stop | stopt | stoppen | hou | houd | houdt | te stoppen | kap | kappen) [nu | direct | eens |
    PLEASE]* [op | ermee | er mee | met | daarmee | nou]* [SUCH | het | al | de]* [MAILS]* [(mij | me | ons) |
    aan (mij | ons)]* [(te)* (mailen | sturen | schrijven | spammen | contacteren | benaderen | lastigvallen |
    lastig te vallen | versturen | stalken | emailen | toesturen | zenden)] [van (SUCH)* MAILS] [aan mij | naar
    mij | op]* | laat (me | mij | ons) [PLEASE]* [met rust] | (hou | houd) (er)* [nu]* (mee)* op [met MAILS |
    met (mij | me) (te)* mailen] | laat (me | mij | ons) [PLEASE]* met rust [met (die | deze | jullie | uw)
    MAILS]
VERB   = AWAY | NOMORE | QUIT
demand.remove = [LAW] [COMMA] PLEASE* VERB TAIL* [CONFIRM] | PLEASE* VERB en PLEASE* VERB TAIL* [CONFIRM] |
    PLEASE* WANT PLEASE* AWAY TAIL* [CONFIRM] | [NOW] PLEASE* (AWAY | QUIT) NOW TAIL* | NOW PLEASE* (AWAY |
    QUIT) TAIL*
request.remove = PLEASE* (kunt u | kun je | kan je | kunnen jullie | wilt u | wil je | willen jullie | zou u |
    zou je | zouden jullie | mag ik (u | jullie)* vragen [om] | zou ik | kan ik | is het mogelijk [om]) PLEASE*
    [AWAY_Q | NOMORE | (stoppen | ophouden) met [SUCH]* [MAILS] [(mij | me) te (mailen | schrijven | benaderen)]
    [sturen]* | [er]* [PLEASE]* voor zorgen dat (ik | wij) geen [SUCH]* MAILS meer (krijg | ontvang | krijgen |
    ontvangen)] [willen | kunnen]* TAIL* | (zou u | kunt u | kun je | zou je | wilt u | wil je) (ME | dit adres)
    [PLEASE]* [kunnen | willen]* (afmelden | uitschrijven | verwijderen) [(voor | van | uit) [YOUR] (LISTN |
    MAILS)] TAIL* | (wilt u | wil je | kunt u | kun je) (dit adres | MINE | mij) [PLEASE]* (van | uit) [YOUR]
    LISTN (halen | verwijderen) TAIL*
AWAY_Q = [ME | het] [PLEASE]* [LIST] [GO | af | uit | af te halen] [LIST] [halen | schrijven | willen]
demand.leave = (ik | wij | we) (wil | willen | wens | wensen | zou) [PLEASE | mij | me | ons | van | dat | uit]*
    (LIST | hiervan)* [graag]* (uitschrijven | afmelden | uitgeschreven worden | afgemeld worden | verwijderd
    worden | uitgeschreven (te)* worden) [LIST] TAIL* | (ik | wij) (meld | schrijf | zeg) (mij | me | ons)
    [hierbij]* (af | uit) [LIST] TAIL* | (ik | wij) [LAW] (verzoek | eis | vraag | verlang | verzoeken | vraag)
    [u | jullie | hierbij | om | LAW]* [(de | onmiddellijke | volledige)]* (verwijdering | wissing |
    uitschrijving | het verwijderen) [van]* [al]* [MINE] [LIST] [LAW] [te verwijderen] TAIL* | uitschrijven LIST
    TAIL* | (ik)* (doe | maak) (een)* beroep op (mijn)* recht (op)* (vergetelheid | vergeten te worden |
    gegevenswissing) TAIL* | [PLEASE]* (u | je | jullie) (mag | mogen | kunt | kan) (mij | me | ons | MINE)
    [gerust | wel | dan]* (uit | van) [YOUR] LISTN (halen | verwijderen | schrappen | gooien) TAIL* | (zou u |
    kunt u | kun je | zou je) (mij | me | ons) [PLEASE]* [kunnen | willen]* (afmelden | uitschrijven |
    verwijderen) [(voor | van | uit) ([YOUR] (LISTN | MAILS))] TAIL*
demand.no_wish = (ik | wij | we) (wil | wens | hoef | willen | wensen | hoeven | stel | zou | accepteer) [echt |
    hier | dus | prijs | er | graag | PLEASE]* (geen | niets | niks | niet) [meer | nog | langer | behoefte aan
    | prijs op | verder]* [SUCH]* [MAILS] [meer]* [van (jullie | u | je | uw bedrijf | jullie kant)]* [SUCH]*
    [MAILS]* [meer]* [(ontvangen | krijgen | te ontvangen | te krijgen | horen | hebben | gemaild worden |
    benaderd worden | gecontacteerd worden | te worden benaderd | benaderd te worden | lezen | zien | horen van
    | worden benaderd)] [worden]* [van (jullie | u | uw bedrijf)] TAIL* | (ik | wij) ontvang liever (geen)
    [SUCH]* MAILS [meer] [van (jullie | u)] TAIL* | (liever | ik ontvang liever) geen [SUCH]* MAILS [meer] TAIL*
    | (ik | wij) (stel | stellen) geen prijs op [SUCH]* MAILS TAIL* | [ik] (ontvang | krijg) liever geen [SUCH]*
    MAILS [meer] [hierover | van (jullie | u)] TAIL* | [ik] (hoef | wil) (die | deze | jullie)* [SUCH]* MAILS
    (niet | nie) meer [hoor | te ontvangen] TAIL* | [ik] wil (nie | niet) meer (gemaild | benaderd |
    gecontacteerd) worden TAIL* | [ik] wil (niks | niets) meer [van (u | jullie)]* [horen | ontvangen] TAIL* |
    (een) (tweede | derde | vierde | vijfde | volgende) [MAILS] (hoef | wil) ik niet [meer] TAIL* | (ik | wij |
    we) (heb | hebben) geen (behoefte aan | interesse in) [SUCH]* MAILS [van (jullie | u)] TAIL*
demand.object = [LAW] [COMMA] [hierbij] (ik | wij)* (maak | maken | trek | herroep | teken) [ik | wij |
    hierbij]* (bezwaar | mijn toestemming) [(tegen | in | voor)* [het | de]* (gebruik | verwerking | verwerken)
    [van MINE]] [voor (marketing | direct marketing | reclame)] [in] [LAW] TAIL*
bare.stop = [PLEASE]* (afmelden | afmelding | uitschrijven | stop | stoppen | stop ermee | verwijderen |
    unsubscribe | opzeggen | uitschrijving | afmelden graag | houd op | hou op | ophouden | kappen | stop
    hiermee | deleten | wissen | verwijder) TAIL* | nooit meer TAIL* | (stop | unsubscribe) NOW TAIL*
# --- around it ----------------------------------------------------------------------------------------------------
greeting = HELLO [COMMA] [NAME | OTHER | heer | mevrouw | allen | team | mijnheer | meneer | dhr | mw]*
HELLO  = hallo | hoi | beste | geachte | goedemorgen | goedemiddag | goedenavond | goedendag | dag | hey | hi |
    goedemorgen | lieve | hé
courtesy = bedankt | dank u | dank je | dank u wel | dankjewel | nee | nee bedankt | nee dank je | nee dank u |
    aub | alstublieft | alsjeblieft | bedankt maar nee [bedankt] | (bedankt | dank | dank u | dank je) voor (uw
    | het | je | de | jullie)* (mail | email | bericht | aanbod | begrip | moeite | interesse | tijd |
    medewerking | reactie) | sorry | helaas | succes [ermee | verder] | veel succes [ermee | verder] | fijne dag
    [verder | nog] | prettige dag [verder] | laatste waarschuwing | alvast bedankt | bij voorbaat dank | ok |
    het is genoeg | genoeg [is genoeg] | voor de laatste keer | direct | per direct | graag een bevestiging |
    graag bevestigen | gaarne een bevestiging | dat is alles | met dank | toch bedankt | jammer | ik zie
    (graag)* een bevestiging tegemoet | please | thanks | merci | ok | ciao | cheers | hi | hello | sorry | dank
    voor (uw | het | je | de) (bericht | mail | aanbod | interesse) | alvast dank | fijn weekend | goed weekend
    | aardig dat (u | je | jullie) aan ons (denkt | denken) | hoor | thx | joh | prettig weekend | hartelijk
    dank [voor (uw | het) (bericht | aanbod)] | leuk aanbod | veel succes | nee joh | nou nee | het ga je goed |
    dank je wel | dank jullie wel
JOIN   = en | of | dus | maar | want | omdat | daarom | anders | aangezien | dan | vandaar | derhalve | ook | en
    dus
SERVICE = uw aanbod | jullie aanbod | uw diensten | jullie diensten | dit | dit aanbod | uw product | jullie
    product | jullie dienst | deze dienst | zo iets | zoiets | dit soort diensten | het | je aanbod | jullie
    producten | uw producten | hiervoor | hierin
reason = [(ik | wij | we)] [ben | zijn | heb | hebben]* [hier]* (geen | niet | nul) (interesse | behoefte |
    geinteresseerd | belangstelling) [(in | aan | voor)* SERVICE | hiervoor | hieraan | hierin | hier aan]* |
    (ik | wij | we) (heb | hebben) (hier)* (geen) (interesse | behoefte) (aan | in | voor)* [SERVICE]* | niet
    (relevant | nodig | van toepassing) [voor (mij | ons)] | (ik | wij | we) (hebben | heb | werken | gebruiken)
    [al | reeds]* [met]* (een | onze)* [vaste | goede | andere]* (leverancier | partij | partner | oplossing |
    aanbieder | bureau) [hiervoor | voor dit]* | (wij | we) (zijn | doen) (al | dit)* (voorzien | tevreden |
    zelf) [met onze (leverancier | partner)] | (verkeerde) (persoon | adres | afdeling) | (ik ben) (niet de
    juiste | de verkeerde) (persoon | contactpersoon) | (ik | wij | we) (heb | hebben) [mij | me | ons | u |
    jullie | hier]* (nooit | niet) [hiervoor | voor dit | om (dit | SUCH* MAILS)]* (aangemeld | ingeschreven |
    toestemming gegeven | gevraagd | toestemming voor gegeven | ingeschreven voor SUCH* MAILS | opgegeven) [voor
    (uw | jullie)* [LISTN | dit]]* | (ik heb) (u | jullie) [geen toestemming gegeven] | (ik | wij) (heb |
    hebben) (het | u | jullie | dit)* [al | nu]* [NTIMES]* (gevraagd | gezegd | gemaild | aangegeven | verzocht
    | laten weten) [NTIMES | om te stoppen | hiermee te stoppen]* | (dit | het) is [nu | al]* (de | het | mijn)
    (tweede | derde | vierde | laatste | NUMBER | vijfde)* (keer | mail | email | verzoek | bericht) [dat ik
    (dit | het) (vraag | zeg | schrijf)]* | (dit | het) is (spam | irritant | vervelend | hinderlijk | ongewenst
    | ongevraagd | illegaal | stalking | storend) | (jullie | uw) (emails | MAILS) zijn (irritant | vervelend |
    ongewenst | hinderlijk | spam) | (ik | wij | we) (krijg | ontvang | krijgen | ontvangen) (te veel | veel te
    veel | al genoeg | genoeg) [SUCH]* [MAILS] | (ik)* (ben | word) (het | er)* (zat | beu | gek van | klaar mee
    | moe | niet goed van) [van]* | ik ken (u | jullie | je) niet | (dit | het) speelt (bij ons | hier) niet |
    (dit | het) is niet (iets | niks | wat) voor ons | niet iets voor (ons | mij) | niets voor (ons | mij) | ik
    ben [inmiddels | sinds NAME]* met pensioen [sinds NAME] | ik werk (hier | daar | er) niet meer | (wij | we)
    zijn [al | reeds]* (al | reeds)* (voorzien | goed voorzien) | (wij | we) hebben [al]* (voor)* een (andere |
    ander) (partij | leverancier | oplossing) (gekozen)* | LAW | kort (antwoord | verzoek) [op uw (korte)*
    vraag] | ja | (dit | het) (is niet (relevant | interessant | van toepassing | nodig) [voor (mij | ons)] |
    (interesseert | boeit) (mij | ons) niet | is (niets | niks) voor (mij | ons))
NTIMES = twee keer | drie keer | tweemaal | driemaal | meerdere keren | vaker | NUMBER keer | al | eerder |
    meermaals | herhaaldelijk | meermalen
question = (hoe | waar | van wie) (komt u | komen jullie | kom je | heeft u | hebben jullie | heb je) [aan |
    vandaan]* [MINE] [vandaan | gekregen | gevonden | gehaald]* | wie (bent u | zijn jullie | heeft u MINE
    gegeven) | waarom (mailen | mailt | stuurt | blijven | blijft | sturen) (u | jullie | je) [mij | me | ons]*
    [steeds | nog | nog steeds]* [mailen | sturen | SUCH* MAILS]* | hoe vaak (moet ik | nog) [dit | het]* [nog]*
    (zeggen | vragen)*
signoff = (met [vriendelijke | hartelijke | beste | vriendelijk] (groet | groeten)) | mvg | groet | groeten |
    groetjes | hoogachtend | bedankt | vriendelijke (groet | groeten) | gr | dank | met dank | hartelijke (groet
    | groeten) | bij voorbaat dank | vr gr | alvast bedankt
# --- suspicion ----------------------------------------------------------------------------------------------------
FUZZY  = uitschrijven | afmelden | verwijderen | verwijder | mailinglijst | nieuwsbrief | ontvangen
suspect.unsubscribe = uitschrijven | uitschrijving | afmelden | afmelding | uitgeschreven | afgemeld | opzeggen
    | unsubscribe | (schrijf | meld) ..5 (uit | af) | uit te schrijven | af te melden | kom ..4 (lijst | lijsten
    | mailinglijst) ..1 af | van ..3 lijst af
suspect.remove = (haal | haalt | halen | verwijder | verwijdert | verwijderen | schrap | schrappen | wis |
    wissen | gooi | delete | deleten | verwijderd | verwijdering | vergeet | knikker | zet) ..6 (mij | me | ons
    | mijn | onze | LISTN | gegevens | adres | EMAIL | emailadres) | (mij | me | ons | gegevens | adres | lijst
    | bestand | LISTN | emailadres) ..4 (verwijderen | halen | schrappen | wissen | verwijderd | afhalen |
    gehaald | deleten | af) | (mij | me | ons | hem | haar) ..6 (haalt | verwijder~ | schrap~ | schrapt |
    uitschrijf~ | haal~) | (schrap~ | verwijder~) ..6 (hem | haar | mij | lijst~ | systeem)
suspect.stop = (stop | stopt | stoppen | hou | houd | houdt | kap | kappen) ..5 (mailen | sturen | schrijven |
    spammen | MAILS | op | ermee | mee | benaderen | lastigvallen | contacteren | emails | hiermee) | (stoppen)
    ..3 (ontvangen | krijgen)
suspect.no_contact = (nie | geen | nooit | niets | niks | niet | zonder) ..5 TOUCH | TOUCH ..4 (niet | nooit |
    geen | niks | niets | onnodig | ongewenst) | (liever | afzien van | verzoek) ..5 (geen | niet) ..3 TOUCH
suspect.alone = (laat | laten) ..3 rust | rot op | rotop | donder op | sodemieter op | flikker op | oprotten |
    val dood | lazer op
suspect.data = bezwaar | avg | gdpr | toestemming | vergetelheid | autoriteit persoonsgegevens | klacht |
    aangifte | recht op
suspect.complaint = spam | geblokkeerd | blokkeer | gerapporteerd | ongewenste | ongewenst | blokkeerlijst |
    zwarte lijst | bespaar | prullenbak
suspect.dead = overleden | gestorven | is dood
suspect.ensure = (zorg | zorgt | zorgen | ervoor) ..8 (geen | niet meer | niets) | nooit meer | (tweede | derde
    | vierde | vijfde | volgende) ..1 (hoef | wil) ..2 niet | niet benaderen | niet contacteren | vakje ..6 niet
suspect.bare = stop | stoppen | ophouden | genoeg
ADDRESSED = graag | aub | alstublieft | alsjeblieft | gelieve | kunt u | kun je | kan je | kunnen jullie | wilt
    u | wil je | willen jullie | zou u | zou je | hoe (kan | meld) ik | mag ik | waarom blijven | zouden jullie
    | hoe kom ik | hoe kan ik | hoe stop ik
release.condition = als (het | de | dit | er | we | ik | u (een | iets | geen)) | indien | wanneer | tenzij |
    zolang | zodra
release.time = tot | voordat | voor (NUMBER | NAME) | voorlopig | deze week | volgende week | deze maand | nog
    niet | momenteel | op dit moment
release.reported = (klanten | gebruikers | mensen | ontvangers | iemand | veel | baas) ..3 (zeggen | schrijven |
    antwoorden | vragen | willen | zegt | zich | kunnen) | bijna | in plaats van
release.elsewhere = bel | bellen | telefonisch | in plaats daarvan | liever | (mail | neem contact op met |
    schrijf | spreek | contacteer) (naar | met | aan) (NAME | EMAIL | mijn) | EMAIL | via linkedin | via
    whatsapp | gebruik
release.other = (verwijder | verwijderen | haal | schrap | annuleer | wis | delete) [u | aub | mijn | onze | de
    | het | die | dat]* [tweede | eerste | oude | derde | NUMBER] (collega | bijlage | afspraak | meeting |
    regel | post | link | factuur | gebruiker | pagina | product | uitnodiging | kortingscodes | offerte |
    testdata) | cc | wachtlijst | kortingscodes | offerte | stop met de
release.opposite = per ongeluk | niet (stoppen | uitschrijven | verwijderen) | (in | map) [de | mijn] spam |
    spammap | spambox | spamfolder
GRATEFUL = prijs | fijn | dankbaar | graag | vriendelijk | waarderen | op prijs | eenvoudigst | makkelijkst
TOUCH  = mail~ | email~ | gemaild | stuur~ | sturen | toesturen | toezenden | zend~ | schrij~ | benader~ |
    contact~ | gecontacteerd | ontvang~ | horen | lastig~ | bericht~ | MAILS | nieuwsbrie~ | reclame | gebruik~
    | krijg~ | opnemen | spam~ | mailing~
"""
