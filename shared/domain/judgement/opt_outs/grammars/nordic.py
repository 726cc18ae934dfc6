"""Swedish, Danish and Norwegian: close enough for one grammar, and often mixed in one message."""

GRAMMAR = """
# --- who and what -------------------------------------------------------------------------------------------------
MY     = min | mitt | mina | vår | vårt | våra | mit | mine | vores | alla mina | alle mine | all min
DATUM  = adress | adresse | mejladress | mailadress | emailadress | epostadress | e postadress | mailadresse |
    emailadresse | epostadresse | uppgifter | kontaktuppgifter | personuppgifter | data | persondata |
    personlige data | oplysninger | personoplysninger | kontaktoplysninger | opplysninger | personopplysninger |
    kontaktinformasjon | namn | navn | e postadresse | e mailadresse | nummer | kontaktinfo | konto | info |
    information | mailkonto | firma | företag | mejladresser
MINE   = (denna | denne | den här) (adress | adresse | adressen | mejladress | emailadresse) | MY DATUM [(och |
    og | eller) [MY] DATUM] [(som)* (ni | i | dere | du) har [om (mig | meg)]]
ME     = mig | meg | oss | os | jag | jeg | MINE | EMAIL | mej
YOUR   = er | ert | era | eran | jeres | deres | din | dina | dit | dine | den här | denna | denne | dette | de
    här | disse | alla | alle | alla era | alle jeres | alle deres | den | det | ditt | samtliga | enhver | hele
LISTN  = udsendelser | lista | listan | listor | liste | listen | lister | listene | listerne | mejllista |
    mejllistor | maillista | mailliste | maillisten | maillister | mailinglista | mailingliste | mailinglister |
    epostliste | epostlista | e postliste | epostlister | utskick | utskicket | utskickslista | utskickslistor |
    nyhetsbrev | nyhetsbrevet | nyhedsbrev | nyhedsbrevet | nyhetsbreven | register | registret | registeret |
    databas | databasen | databaser | database | databasen | system | systemet | systemer | crm | sändlista |
    sändlistor | kontaktlista | kontaktliste | kartotek | kartoteket | mailingen | kampanj | kampagne | kampanje
    | utsendelser | emails | distributionslista | prenumeration | adresslista | sendeliste | maillistor | mejl |
    utskickslistan | mailinglisten | e mailliste | database
LIST   = (från | fra | ur | af | av | ud af | ut av) [YOUR] LISTN [deres | jeres | din | er | dykkar] [(och |
    og) [(från | fra)* [YOUR] LISTN]] [her | här] | härifrån | herfra
MAILS  = skräpposten | søppelposten | spammen | mejl | mail | email | emails | mails | mejlen | mailen | mailene
    | meddelanden | meddelande | meddelelser | meldinger | beskeder | reklam | reklame | spam | skräppost |
    utskick | nyhetsbrev | nyhedsbreve | erbjudanden | tilbud | henvendelser | kontakt | epost | e post | post |
    information | skit | dette | detta | det här | sådant | sådana mejl | den slags | slike (mailer | eposter |
    meldinger | henvendelser) | mailer | eposter | e poster | e mails | reklammejl | reklamemails |
    marknadsföring | markedsføring | säljmejl | salgsmails | flera | flere | mere | noget | noe | något |
    påminnelser | søppel | søppelpost | mejlutskick | beskjeder | utsendelser
SUCH   = fler | flera | flere | mer | mere | några | nogle | noen | era | jeres | deres | dessa | disse | de här
    | den här | ytterligare | yderligere | sånna | sådana | såna | dina | dine | den | det | slike | sånne | den
    slags | denna typ av | denne type | denne typen | av den här typen | nya | nye | uønskede | oönskade | fra
    jer | från er | fra dere | oppfordrede | slags | din | jeres
PLEASE = vänligen | venligst | vennligst | snälla | snälla ni | var snäll och | var så snäll och | var så vänlig
    och | vær så snill å | vær så snill og | vær venlig at | vær så venlig at | vær vennlig å | vær så vennlig å
    | tack | jag vill [gärna] att (ni | du) | vi vill att (ni | du) | (jeg | vi) vil [gerne | gjerne] (at | have
    at | ha at) (i | du | dere) | (jeg | vi) vil [gerne | gjerne] bede (jer | dig | om at | om) | jag ber (er |
    dig) [vänligen] [att | om att]* | jeg beder (jer | dig)* [venligst]* [om]* [at]* | jeg ber [om]* [at]* [dere
    | du]* | jeg ber dere (om)* [å] | jag önskar att ni | jeg ønsker at (i | du | dere) | vi ønsker at (i | du |
    dere) | omedelbart | straks | genast | en gång till | igen | för sista gången | for sidste gang | for siste
    gang | också | også | så | derfor | därför | bare | bara | hermed | härmed | kan ni | jag kräver att (ni) |
    jeg kræver at (i | du) | jeg krever at (dere) | gerne | gjerne | COMMA | hej då | at | å | att | jeg vil
    sætte pris på at (i | du) | jeg setter pris på om dere | jag uppskattar om ni | omgående | umiddelbart |
    øyeblikkelig | øjeblikkeligt | jeg skal bede (jer | dig) om at | jag vill be er att | jag vill bli | jeg vil
    bli | jeg vil blive | lad mig blive | gärna | be om å bli | ber om å bli | jag vill inte stå kvar och | jag
    ber er att | jag vill be dig | jag vill be er | jeg vil bede dig om | jeg vil bede jer om | jeg vil be deg
    om | jeg vil be dere om | jag skulle uppskatta om (ni | du) | jeg ville sætte pris på om (i | du) | jeg
    hadde satt pris på om (dere | du) | i må gerne | du må gerne | ni får gärna | du får gärna | dere kan | dere
    må gjerne | du må gjerne | vær så snill og | mvh | pls | yo | hallå | lige | vær venlig at | kan du være
    snill og | kan dere slutte å
WANT   = jag vill | jag skulle vilja | jag vill gärna | vi vill | (jeg | vi) vil [gerne | gjerne] | jag önskar |
    jeg ønsker | vi ønsker
NOW    = nu | nå
LAW    = (enligt | i enlighet med | med stöd av | med stöd i | i henhold til | ifølge | jf | jævnfør | jfr |
    under | med hjemmel i | i medfør av | i medfør af)* [ARTICLE] [i | af | av]* [dataskyddsförordningen]* (gdpr
    | databeskyttelsesforordningen | personvernforordningen | dataskyddsförordningen | persondataforordningen) |
    (i henhold til | ifølge | enligt) gdpr ARTICLE
ARTICLE = (artikel | artikkel | art | art . | kapitel) NUMBER
TAIL   = tack | tak | takk | tack på förhand | på förhand tack | på forhånd tak | på forhånd takk | snälla |
    omedelbart | straks | genast | i fortsättningen | fremover | framöver | i framtiden | i fremtiden | i
    fremtida | snarast | hurtigst muligt | så snart som möjligt | så snart som mulig | med det samme | med
    omedelbar verkan | med øjeblikkelig virkning | igen | mer | mere | LAW | permanent | för alltid | for altid
    | for alltid | mange tak | tusen takk | tack så mycket | venligst | vennligst | vänligen | umiddelbart |
    omgående | øyeblikkelig | øjeblikkeligt | for godt | för gott | aldrig mer | igjen | hilsen | mvh | så fort
    som mulig | så fort som möjligt | en gång för alla | please | thanks | merci | ok | ciao | cheers | pls |
    tack hej | mvh | hej | deres | ok tack
CONFIRM = (och | og | COMMA)* (bekräfta | bekræft | bekreft | bekræfte) [gärna | venligst | dette | detta |
    sletningen | när det är gjort]*
# --- demands ------------------------------------------------------------------------------------------------------
RM     = ta bort | tag bort | ta vekk | radera | raderar | stryk | stryka | avregistrera | avregistrerar |
    avanmäl | avanmäla | avsluta | fjern | fjerne | fjerner | slet | slette | sletter | slett | fjernes |
    slettes | avmeld | avmelde | afmeld | afmelde | frameld | framelde | plocka bort | släng | tas bort |
    raderas | ta mig bort | meld | melde | framelde | afmeldes | frameldes | ta | tag | tage | få |
    avprenumerera | bli borttagen | bli fjernet | blive fjernet | blive slettet | blive afmeldt | bli slettet |
    bli avmeldt | bli avregistrerad | tas | tages | stryg | glem | glöm | sluta använda | ryk | avregistreras |
    slettet | fjernet | kast | blockera | udelad | udelade | utelämna
AWAY   = RM [PLEASE]* ME [PLEASE | TAIL]* [av | af | bort | ud | ut | vekk | fra | från] [LIST] | RM [bort |
    vekk] LIST | [ME] RM [ME] LIST | (sätt | set | sett) (mig | meg) på (er | jeres | deres) (spärrlista |
    spærreliste | reservationslista) | RM (min | mina | mitt | mine | alle mine | alla mina) DATUM [LIST] | (ta
    | tag | tage | fjern | fjerne | slet | slette) (mig | meg | oss | os) (av | af | fra) LIST | (fjerne |
    slette | fjern | slet) (denne adresse | denne adressen | denne emailadresse | min adresse) (fra) [YOUR]
    LISTN | RM (min | vår | vores) (email | mejl | epost | e post) LIST
SEND   = mejla | maila | mejlar | mail | email | skriva | skriv | skrive | skriver | kontakta | kontakte |
    kontakt | kontaktar | skicka | skickar | sende | send | sender | störa | stör | forstyrre | forstyr | spamma
    | spam | spamme | ring eller mejla | skriva till | skrive til | kontakter | plåga | tjata | trakassera |
    besvära | kontakt meg | höra av er till | hør | henvende | henvend | ta kontakt | tage kontakt | tag kontakt
    | kontaktes | mejlbomba | terrorisere | mase på | mas | plage | plag | maile | epost | bombardere |
    bombardera | rette henvendelse | använd | bruk | brug
QUIT   = (sluta | slut | stop | stopp | stoppa | stans | slutt | hold op | hold opp | lägg av | lad være | la
    være | kutt ut | upphör | ophør | opphør | indstil | nok) [nu | nå | nu | PLEASE]* [med | at | å | att | og
    | de]* [SEND] [(till | til)* ME | till mig | til mig | til meg | mig | oss]* [med]* [SUCH | all | al]*
    [MAILS] [(till | til) (ME)] | (låt | lämna | lad | la) (mig | meg | oss | os) (vara | ifred | i fred | være
    | være i fred) [ifred] | (slutte | stoppe) (å | at | med at | med å) (sende | skrive | maile | kontakte)
    (meg | mig | oss | os)* [SUCH]* [MAILS]
NOMORE = SEND [ME | till mig | til mig | til meg | PLEASE | dere | jer]* (inte | aldrig | ikke | ej | inga |
    ingen | aldri) [ME | till mig | til mig | til meg | noe | något | noget]* [SUCH]* [MAILS] [mer | mere | igen
    | igjen | längre | lenger | længere]* [till mig | til mig | til meg]* | (inte | aldrig | ikke | inga |
    ingen) SEND [ME]* [SUCH]* [MAILS] [mer | mere | igen | igjen]* | [at]* (i)* ikke (kontakter | skriver |
    sender | mailer) [mig | os]* [SUCH]* [MAILS] [mere | igen]* | ikke (å)* SEND [meg | mig]* [mer | mere | igen
    | flere]* [MAILS] | (ikke|inte) (at | att | å)* (kontakta | kontakte | kontakt | skrive | skriva) (mig | meg
    | oss | os)* [igen | igjen | mere | mer]* | inte (hörde | hör) av (dig | er) [igen | mer]*
VERB   = AWAY | QUIT | NOMORE
demand.remove = [LAW] [COMMA] PLEASE* VERB TAIL* [CONFIRM] | PLEASE* VERB (och | og) PLEASE* VERB TAIL*
    [CONFIRM] | PLEASE* WANT PLEASE* AWAY TAIL* [CONFIRM] | [NOW] PLEASE* (AWAY | QUIT) NOW TAIL* | NOW PLEASE*
    (AWAY | QUIT) TAIL*
request.remove = PLEASE* (kan | vil | kunne | skulle | kan jag få be | får jag be | kunde | ville | må jeg bede
    | kan jeg bede | kan jeg få | kan jag få | går det att | er det mulig å | er det muligt at) [ni | du | i |
    dere | jer | dig]* [PLEASE | kunna | godt | være så (venlig | venlige | vennlig | snill) at | være snill (og
    | å) | være venlig at | være så snill og | være så (snill | vennlig) å | venligst | om]* (AWAY | NOMORE |
    QUIT | inte SEND ME) TAIL*
demand.leave = (jag | jeg | vi) (vill | vil | ønsker | önskar | skulle vilja | avslutar | vil gerne | vil gjerne
    | begär | krever | kræver | kräver | anmoder om | ber om | afmelder | framelder | melder | avregistrerar |
    avanmäler | ber om | beder om) [gärna | gerne | gjerne | hermed | härmed | LAW | att | at | å]* (bli | blive
    | mig | meg | få | avregistreras | tas bort | ta bort mig | avregistrera mig | avsluta | avbryta | sletting
    | sletning | radering | fjernet | fjernes | å bli | om å bli | avmelde meg | afmeldes | afmelde mig |
    frameldes | melde meg av | ud | ut | av)* (borttagen | avregistrerad | struken | fjernet | slettet | afmeldt
    | frameldt | avmeldt | mina | mine | min | av | af)* [DATUM]* [raderade | slettet | fjernet | raderas |
    borttagna]* [LIST] [LAW] TAIL* | meld (mig | meg | oss) (av | af | ud | ut) [LIST] TAIL* | tag (mig | oss)
    af [LIST] TAIL* | (jag | jeg) (kräver | kræver | krever | begär | anmoder om | forlanger | önskar) [LAW]*
    [att]* (radering | sletning | sletting | mina | mine | alla mina | at mine) (av | af)* [MINE] [DATUM]
    [raderas | slettes] [LAW] TAIL* | [LAW] (kræver | kräver | krever | begär | forlanger) (jeg | jag) [alla |
    alle | hermed | härmed]* [at | att]* [MINE | alle mine DATUM | alla mina DATUM] (slettet | raderade |
    fjernet | slettes | raderas | bliver slettet) TAIL*
demand.no_wish = [jag | jeg | vi] (vill | vil | ønsker | önskar | skal | ska | behöver | bryr | har lyst til |
    accepterer | accepterar | samtycker till) [absolut | venligst | gerne]* (inte | ikke | ej | ingen | inga |
    aldrig | heller | längre) [lenger | längre | længere | att | at | å | gerne | mer]* (ha | have | få | ta
    emot | motta | modtage | få | höra | høre | bli | blive | se | läsa | ha mer)* (kontaktad | kontaktet |
    störd)* [SUCH]* [MAILS | fra (jer | dere)] [(från | fra | av | af) (er | jer | dere | dig | deg | ert
    företag | jeres firma | deres firma)]* [mer | mere | igen | igjen | længere | lenger | längre]* [av den här
    typen]* TAIL* | [jag | jeg | vi] (ønsker | vill ha | vil ha | vil have) (ikke | inga | ingen) (fler | flere
    | ytterligare)* (henvendelser | MAILS) [fra (jer | dere) | från er]* TAIL* | [jag | jeg | vi] (avböjer |
    undanber mig | undanber oss | frabeder mig | frabeder os | frabeder) [SUCH | fler | flere | vidare |
    yderligere]* (MAILS | kontakt | henvendelser) TAIL* | [jag | jeg] (vill | vil) (inte | ikke) ha (ett | et |
    en) (andra | tredje | fjärde | fjerde | femte) TAIL*
demand.no_more = (inga | ingen | ikke | inte | nej tack till | nok) [SUCH]* MAILS [mer | mere | tack | tak | fra
    (jer | dere) | från er]* TAIL* | aldrig mer MAILS TAIL*
demand.object = [LAW] [COMMA] [härmed | hermed]* (jag | jeg) (motsätter mig | protesterar mot | gør indsigelse
    mod | återkallar | tilbagekalder | trækker | trekker | protesterer mot | protesterer mod | motsetter meg)
    [mitt | min | mit]* (behandling | behandlingen | samtycke | samtykke | brug | bruk | at i behandler)* (av |
    af)* [MINE] [tilbage | tilbake] [för (marknadsföring) | til (markedsføring)] [och kräver radering | og
    kræver sletning] [LAW] TAIL* | [LAW] [COMMA] (jag | jeg) (motsätter mig | motsetter meg | protesterer mot |
    gør indsigelse mod) [all | alla | enhver | fortsatt | vidare | videre]* (behandling | bruk | brug |
    användning) (av | af)* [MINE] [(för | til | i) (marknadsföring | markedsføring | direktmarknadsföring)]
    [LAW] TAIL*
bare.stop = [PLEASE]* (avregistrera | avregistrera mig | avprenumerera | avanmäl | avanmäl mig | ta bort mig |
    sluta | afmeld | afmeld mig | frameld | afmelding | framelding | avmeld | avmeld meg | avmelding | fjern mig
    | fjern meg | stopp | stop | stoppa | unsubscribe | avregistrering | avanmälan | slet mig | slett meg | hold
    op | hold opp | avslutt | avsluta | meld meg av | meld mig af | lägg av | hold kæft) TAIL* | (aldrig mer |
    aldrig mere | aldri mer | aldrig igen | aldri igjen) TAIL* | (stop | unsubscribe) NOW TAIL*
# --- around it ----------------------------------------------------------------------------------------------------
greeting = HELLO [COMMA] [NAME | OTHER | alla | alle | där | der | team | herr | fru]*
HELLO  = hej | hei | hallå | god dag | goddag | godmorgon | god morgen | hejsan | kära | kjære | kære | tja |
    tjena | heisann | hallo | god eftermiddag | godt | hejhej
courtesy = tack | tak | takk | nej | nei | nej tack | nej tak | nei takk | tack men nej tack | tak men nej tak |
    takk men nei takk | (tack | tak | takk) (för | for) [(er | ditt | din | jeres | din | deres | mailen |
    mejlet | mail | henvendelsen | tilbuddet | tilbudet | erbjudandet | forståelsen | förståelsen | interessen |
    intresset | besked)]* [mail | mejl | email | henvendelse | tilbud | erbjudande | forståelse | förståelse |
    epost | melding | besked | meddelande | interesse | intresse] | tack så mycket | mange tak | tusen takk |
    tusind tak | snälla | vänligen | venligst | vennligst | lycka till | held og lykke | lykke til | ha en bra
    dag | ha en fin dag | hav en god dag | ha en god dag | god dag videre | ha det bra | fortsatt god dag |
    sista varningen | siste advarsel | sidste advarsel | ok | beklager | förlåt | tyvärr | desværre | dessverre
    | det räcker | nu räcker det | nok er nok | bekräfta gärna | venligst bekræft | bekreft gjerne | på forhånd
    tak | tack på förhand | på forhånd takk | för sista gången | for sidste gang | for siste gang | omedelbart |
    straks | please | thanks | merci | ok | ciao | cheers | hi | hello | sorry | tak for henvendelsen | takk for
    henvendelsen | tack för ditt mejl | tack för erbjudandet | takk for tilbudet | tak for tilbuddet | ha en fin
    helg | ha en trevlig helg | god helg | god weekend | trevlig helg | (jeg)* setter pris på at dere tenker på
    oss | vänligt av er [att tänka på oss] | snilt av dere | kul produkt | det er sødt af jer | hav en god
    weekend | vi høres
JOIN   = och | og | men | så | eftersom | derfor | därför | för | for | fordi | eller | annars | ellers | da |
    siden | då | samt | hvorfor | dessutom | därmed
SERVICE = ert erbjudande | era tjänster | er produkt | jeres tilbud | jeres produkt | deres tilbud | det | dette
    | detta | jeres ydelser | deres tjenester | jeres services | detta erbjudande | det her | det här | tilbudet
    | tilbuddet | deres produkt | jeres ydelse | noe av dette | denna tjänst
reason = (det | detta | dette) (är | er | passar | passer | angår | interesserar | interesserer)* (inte | ikke |
    ej) (aktuellt | aktuelt | relevant | intressant | interessant | oss | os | mig | meg | noget for (os | mig)
    | noe for (oss | meg) | något för (oss | mig)) [för (oss | mig) | for (oss | os | mig | meg)]* | (vi | jag |
    jeg) (har | använder | bruger | bruker | samarbetar) [redan | allerede | med]* (en | vores | vår)* [egen |
    annan | anden | fast]* (leverantör | leverandør | lösning | løsning | samarbejdspartner | leverandør av
    dette) | (fel | feil | forkert) (person | adress | adresse) | (jag | jeg) (är | er) (inte | ikke) (rätt |
    rette | riktig) (person | kontakt) | (jag | jeg | vi) (har) [redan | allerede | nu]* (bett | bedt | sagt |
    skrivit | skrevet | sagt nej | bedt dere) [er | jer | om dette | NTIMES | om det | dere | om detta]*
    [NTIMES] | (detta | dette | det här | det) (är | er) [nu | nå]* (andra | tredje | fjärde | sista | anden |
    tredje | fjerde | sidste | andre | siste | min)* (gången | gang | mejlet | mailen | anmodning) [jag (ber |
    skriver) | jeg (ber | beder | skriver)]* [om det | om dette]* | (detta | dette | det här | det) (är | er)
    (spam | irriterande | irriterende | trakasserier | chikane | plagsomt | tjatigt | jobbigt | olagligt |
    ulovlig | reklam | störande) | (jag | jeg | vi) (får | fick) (för många | for mange | alltför många) [MAILS]
    | (jag | jeg) (är | er) (trött på | træt af | lei av | less på) [SUCH | alla]* [MAILS] | (jag | jeg) (känner
    | kender | kjenner) (er | jer | dere | dig) (inte | ikke) | (annars | ellers)* (anmäler | anmelder |
    blockerar | blokerer | blokkerer | klager | rapporterar | rapporterer | politianmelder) (jag | jeg) [er |
    jer | dere | till | til | som | imy | datatilsynet | spam | integritetsskyddsmyndigheten]* | (vi | jag |
    jeg) (är | er) (nöjda | nöjd | godt dekket | godt dækket ind | tilfredse | fornøyd | fornøyde | tilfreds)
    [med det vi har]* | (jag | jeg) (är | er) (gått i pension | gået på pension | pensionerad | pensjonert |
    pensionist | pensioneret | gått av med pensjon) | (jag | jeg) (jobbar | arbejder | jobber) (inte | ikke)
    (kvar | der | her | längre | lenger | længere)* [där | här | der | her]* | (vi)* (har)* (valt | valgt) (en
    annan | en anden | en annen) (leverantör | leverandør) | (det)* (er | är) (ikke | inte) (relevant | aktuelt
    | aktuellt) for os | LAW | (dette | detta | det här) (er | är) (spam | chikane | trakasserier) [etter
    markedsføringsloven | enligt marknadsföringslagen | efter markedsføringsloven] | (kort | kjapt | snabbt)
    (svar | svar) [på (kort | kjapt | snabb | din) (spørsmål | fråga | spørgsmål)]* | ja | [jag | jeg | vi] [är
    | er | har | ser]* (inte | ikke | ej | inget | intet | ingen | hverken) [alls | noen | nogen]* (intresserad
    | intresserade | interesseret | interesserede | interessert | interesserte | intresse | interesse | behov |
    relevant | aktuellt | aktuelt | intressant | interessant) [(av | i | for | för | för oss | for os | for oss
    | for meg | för mig)* SERVICE | för (oss | mig) | for (oss | os | mig | meg)]* | (jag | jeg | vi) (har |
    ville) (aldrig | aldri | inte | ikke) (bett | registrerat mig | anmält mig | tilmeldt mig | meldt meg på |
    bedt | samtyckt | samtykket | givet | gitt | gett | tilmeldt mig | godkänt | abonneret) [om | på | till |
    til]* [samtycke | samtykke | detta | det | dette | dette her | det här | att få MAILS | jeres nyhedsbrev |
    nyhetsbrevet | utskick]*
NTIMES = två gånger | to gange | to ganger | tre gånger | tre gange | tre ganger | flera gånger | flere gange |
    flere ganger | tidigare | tidligere | før | NUMBER (gånger | gange | ganger)
question = (hur | hvordan | var | hvor | varifrån | vem | hvem) (har | fick | fik | fikk) [ni | i | dere | du]*
    [fått | fået | fått tak i | gett]* MINE [från | fra]* | (vem | hvem) (är | er) (ni | i | dere | du) |
    (varför | hvorfor) (mejlar | skriver | skickar | sender | kontaktar | fortsätter | bliver | får) (ni | i |
    dere | du | jag | jeg)* [mig | meg | detta | dette | ved | MAILS]* | hur många gånger (ska | måste) jag
    (säga | be om)* (det | detta)* | hvor mange (gange | ganger) skal jeg (sige | si | bede om)* (det)*
signoff = mvh | med vänlig hälsning | med vänliga hälsningar | vänliga hälsningar | hälsningar | hälsning |
    venlig hilsen | med venlig hilsen | med vennlig hilsen | vennlig hilsen | hilsen | hilsner | vh | mange
    hilsner | bästa hälsningar | de bedste hilsner | tack | tak | takk | med venlige hilsner | beste hilsen |
    bedste hilsner | hälsar | kh | på forhånd tak | tack på förhand | bh | vennlige hilsener | dbh
# --- suspicion ----------------------------------------------------------------------------------------------------
FUZZY  = avregistrera | afmeld | avmeld | nyhetsbrev | frameld | kontakta | skicka
suspect.unsubscribe = avregistrer~ | avprenumerera | avanmäl~ | afmeld~ | frameld~ | avmeld~ | unsubscribe |
    (meld | tag) ..2 (av | af | ud | ut) | avsluta ..3 (prenumeration | prenumerationen) | (kommer | kommer jeg
    | kommer jag) ..4 (listen | listan) | av listen | af listen | från listan
suspect.remove = (ta | tag | tage | fjern | fjerne | fjerner | slet | slette | slett | sletter | radera | stryk
    | stryka | plocka | plockas | släng | glöm | glem | borttagen | fjernet | slettet | fjernes | slettes |
    raderas | radering | sletning | sletting | få | ryk) ..5 (mig | meg | oss | os | min | mina | mitt | mine |
    LISTN | uppgifter | oplysninger | opplysninger | adress | adresse | bort | EMAIL | vekk) | (mig | meg | mina
    | mine | min) ..3 (borttagen | fjernet | slettet | bort | raderade | raderas | slettes | af listen | av
    listen | fra listen | från listan) | (fjern~ | slet~ | rader~ | stryk~ | tager | tar) ..5 (mig | meg | ham |
    honom | hende | LISTN | system~ | register~ | liste~)
suspect.stop = (slutte | stoppe | sluta | slut | stop | stopp | stoppa | slutt | hold | lägg | lad være | la
    være | upphör | ophør | kutt | nok) ..4 (mejla | maila | skriva | skrive | skicka | sende | kontakta |
    kontakte | MAILS | op | opp | av | spamma | med | maile | plage | mase | störa)
suspect.no_contact = (inte | ikke | aldrig | aldri | ej | inga | ingen | undvik | undgå | unngå | avböjer |
    frabeder | frabeder mig | frabeder os | frabe | slippe | slippa | heller ikke | nej tak til | nej tack till
    | nei takk til) ..5 TOUCH | TOUCH ..4 (inte | ikke | aldrig | aldri | inga | ingen | ej | onödigt |
    unødvendig | unødvendigt) | frabed~ | avböj~ | undanber~
suspect.alone = (låt | lämna | lad | la) ..2 (vara | ifred | fred | være) | dra åt | far åt | skrid | rend mig |
    dra til | fuck | stick och brinn | drag åt | håll käften
suspect.data = motsätter | indsigelse | protesterar | gdpr | samtycke | samtykke | datatilsynet |
    integritetsskyddsmyndigheten | imy | polisanmäl~ | återkallar
suspect.complaint = spam | skräppost | blockerat | blokeret | blokkert | rapporterat | rapporteret | anmäler |
    chikane | trakasserier | blokkeringslisten | blokeringslisten | spärrlistan | spärrlista | svartlista |
    forbrugerombudsmanden | markedsføringsloven | melder jer | melder dere | anmäler er | spar (dere | jer | er
    | dig | deg) | konsumentverket | forbrukertilsynet | papperskorgen | papirkurven
suspect.dead = har avlidit | avliden | gått bort | afgået ved døden | døde | gått bort | er død
suspect.ensure = (sørg | sørge | se till | sörj | sørger | pass på) ..8 (ikke | inte | ingen | inga | flere |
    fler) | aldrig mer | aldrig mere | aldri mer | aldrig igen | aldri igjen | aldrig igen | (fjärde | tredje |
    fjerde | femte) ..2 (vill | vil) ..2 (inte | ikke) | ikke kontakt | kontakta inte | (boks | kryss | ruta)
    ..6 (ikke | inte)
suspect.bare = stop | stopp | sluta | stoppa | slutt | nok | det räcker
ADDRESSED = vänligen | venligst | vennligst | snälla | kan (ni | du | i | dere) | vil (du | i | dere) | skulle
    (ni | du) | hur (avregistrerar | kan) jag | hvordan (afmelder | melder) (jeg) | kunne (i | du | dere) | kan
    jag | går det att | hvordan (kommer | stopper | slipper) jeg | hur (kommer | slipper) jag
release.condition = om (ni | du | det | den | vi | jag) | hvis | såfremt | när | når | tills | medmindre | så
    länge
release.time = förrän | innan | før | indtil | inntil | tills vidare | just nu | den här veckan | denne uge |
    denne uken | ännu | endnu | ennå | foreløbig | till (NUMBER | september | januari)
release.reported = (kunder | användare | brugere | brukere | folk | mottagare | modtagere | någon | mange |
    många | chefen) ..3 (säger | skriver | svarar | siger | svarer | sier | vill | vil | kan | sig) | nästan |
    næsten | i stället för | i stedet for | hvordan (afmelder | avregistrerar)
release.elsewhere = ring | telefon | istället | i stället | i stedet | hellre | heller | (skriv | kontakta |
    mejla | kontakt | prata) (till | til | med)* (NAME | EMAIL | min) | EMAIL | på linkedin | via whatsapp
release.other = (ta bort | fjern | slet | radera | stryk | slett | avboka) [den | det | den andra | min | mitt |
    punkt | NUMBER | første | andra | anden | prisen]* (bilaga | bilagan | møtet | mötet | mødet | rad | raden |
    punkt | linje | linjen | faktura | fakturan | logo | produkt | sidan | prisen | inbjudan | NUMBER) | kopia |
    kopian | väntelistan | väntelista | ventelisten | venteliste | offerten | bindningstid | engelsk
release.opposite = av misstag | ved en fejl | ved en feil | (sluta | slut | stopp) inte | inte sluta | i
    skräpposten | i spam | spammappen | spamfilter~
GRATEFUL = uppskatta~ | uppskattar | pris på | tacksam | taknemmelig | takknemlig | glad | snill | venlig |
    vänlig
TOUCH  = kontakt~ | skriv~ | skick~ | sende~ | send | sender | mejl~ | mail~ | hör~ | hør~ | modtag~ | motta~ |
    ta emot | henvend~ | utskick~ | få | ha | have | MAILS | emails | email | meddelanden | meldinger | beskeder
    | nyhetsbrev~ | nyhedsbrev~ | störa | forstyrr~ | ringa eller | bruk~ | brug~ | använd~ | stör~ | epost~ |
    plag~ | mas~ | tilsend~
"""
