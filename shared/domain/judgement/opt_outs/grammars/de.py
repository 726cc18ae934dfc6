"""German."""

GRAMMAR = """
# --- who and what -------------------------------------------------------------------------------------------------
ME     = mich | uns | mir | meine | MINE | diese (adresse | email adresse | mailadresse | emailadresse) | dieses
    postfach | EMAIL
MY     = mein | meine | meinen | meiner | meines | unser | unsere | unseren | unserer | unseres | alle meine |
    sämtliche meine | alle unsere
DATUM  = adresse | adressen | emailadresse | mailadresse | email adresse | emailadressen | daten | kontaktdaten
    | persönlichen daten | personenbezogenen daten | personenbezogene daten | personenbezogener daten | namen |
    name | kontakt | kontakte | eintrag | firma | postfach | daten und kontakte
MINE   = MY DATUM [(und | oder | sowie) [MY] DATUM] [bei ihnen | in ihrem system | die sie (gespeichert haben |
    über mich gespeichert haben)]
YOUR   = ihrem | ihrer | ihre | ihren | eurem | eurer | eure | euren | deinem | deiner | deinen | dem | der |
    den | diesem | dieser | diesen | allen | all ihren | sämtlichen | jeglichen | jedem | irgendwelchen
LISTN  = verteiler | verteilern | liste | listen | mailingliste | mailinglisten | emailliste | mailliste |
    adressliste | emailverteiler | mailverteiler | email verteiler | newsletter | datenbank | datenbanken |
    kontakten | kartei | system | systemen | crm | aussendungen | kampagne | kampagnen | adressbuch | sequenz |
    mailing | email liste | verteilerliste | kontaktliste | newsletterverteiler | dateien | bestand |
    datenbestand | adressbestand | unterlagen | werbeverteiler
LIST   = (aus | von | vom) [YOUR] [email | mailing] LISTN [(und | sowie) [YOUR] LISTN] | davon | hiervon | da |
    hier | dort (raus | heraus)
MAILS  = email | emails | nachricht | nachrichten | werbung | werbemails | newsletter | anfragen | anfrage |
    angebote | zusendungen | zusendung | post | mailings | kontaktaufnahme | kontaktaufnahmen | kontakt | spam |
    infos | informationen | werbeemails | werbenachrichten | akquise | kaltakquise | nachfragen | erinnerungen |
    kontaktversuche | schreiben | mitteilungen | kontaktanfragen | follow ups | müll | belästigung |
    belästigungen | reminder | sachen | derartiges | dergleichen
NOMORE = keine | kein | keinerlei | nie wieder | nichts
MOREN  = weitere | weiteren | weiterer | mehr | solche | solchen | derartige | derartigen | diese | ihre | eure
    | deine | neuen | unaufgeforderte | unaufgeforderten | unerwünschte | unerwünschten | solcher | ähnliche |
    einzige | einzigen
PLEASE = bitte | mal | kurz | einmal | bitte mal | gefälligst | höflich | freundlichst | also | daher | deshalb
    | sofort | umgehend | hiermit | nun | noch einmal | nochmals | nochmal | einfach | auch | endlich |
    unverzüglich | freundlicherweise | dringend | zum letzten mal | zum dritten mal | zum zweiten mal | doch |
    gerne | bitte bitte | ein letztes mal | erneut | dann | gemäß GDPR | nach GDPR | bitte auch
GDPR   = [(artikel | art | art .) NUMBER [(abs | abs . | absatz) NUMBER]] [der] (dsgvo | gdpr | ds gvo)
NOW    = jetzt
LAW    = (gemäß | nach | laut | unter | aufgrund | auf grundlage | im sinne) [von] GDPR | GDPR
TAIL   = bitte | danke | dankeschön | vielen dank | besten dank | herzlichen dank | sofort | umgehend |
    dauerhaft | endgültig | unverzüglich | künftig | zukünftig | in zukunft | ab sofort | danke schön |
    schnellstmöglich | so schnell wie möglich | danke im voraus | vielen dank im voraus | dauerhaft und
    vollständig | vollständig | komplett | ein für alle mal | merci | mit sofortiger wirkung | wieder | und zwar
    sofort | mehr | LAW | bei ihnen | und bestätigen sie [mir] (dies | das | die löschung) | LATER | please |
    thanks | merci | ok | ciao | cheers
LATER  = (und (bestätigen | bestätige | bestätigt) [sie] [mir] [kurz] [bitte] (dies | das | die löschung | den
    vollzug | es) [kurz | schriftlich | per email])
FORMAL = sie | ihr | du
# --- demands ------------------------------------------------------------------------------------------------------
GO     = nehmen | nimm | nehmt | streichen | streiche | streich | streicht | löschen | lösche | lösch | löscht |
    entfernen | entferne | entfernt | tragen | trag | trage | tragt | werfen | wirf | schmeißen | schmeiß |
    melden | melde | meldet | holen | lassen | sperren | sperrt | vernichten | setzen | abmelden | austragen |
    abbestellen
RM_INF = löschen | entfernen | streichen | nehmen | auszutragen | austragen | abzumelden | abmelden |
    rauszunehmen | herauszunehmen | herausnehmen | rausnehmen | zu (löschen | entfernen | streichen | nehmen) |
    rausstreichen | rauslöschen | sperren | zu sperren | vernichten | zu vernichten | abbestellen |
    abzubestellen | rauszuwerfen | raushalten | ausschließen
AWAY   = GO [FORMAL] [PLEASE]* ME [PLEASE | TAIL]* [LIST] [raus | heraus | aus | ab | out] | GO [FORMAL]
    [PLEASE]* ME [PLEASE]* (raus | heraus | aus | ab) [LIST] | [PLEASE]* ME [PLEASE | TAIL]* [LIST] RM_INF |
    [PLEASE]* [ME] LIST RM_INF [ME] | GO [FORMAL] [PLEASE]* (sie | diese) [wieder] [PLEASE]* (aus | von) [YOUR]
    LISTN | [PLEASE]* (newsletter | ihren newsletter | den newsletter | abo) (abbestellen | kündigen | abmelden)
    | lassen sie [PLEASE]* ME [LIST] (raus | weg | draußen) | (lösche | löschen) [sie] [PLEASE]* alles was sie
    (über mich | über uns | von mir) (haben | gespeichert haben) | (sie | ihr | du) (dürfen | können | könnt |
    kannst | dürft) (mich | uns | MINE) [gerne | gern | ruhig | jetzt | bitte]* LIST RM_INF | (sie | du) (dürfen
    | können) (MINE) [gerne | gern]* RM_INF | (nehmts | nimm | nehmt) [PLEASE]* (mi | mich | uns) [PLEASE]* LIST
    | GO [FORMAL] [PLEASE]* (meine | unsere) (email | emails) [PLEASE]* (aus | von) [YOUR] LISTN | [PLEASE]*
    (meine | unsere) (email | emails) [PLEASE]* (aus | von) [YOUR] LISTN RM_INF
NOMAIL = [PLEASE]* NOMORE [MOREN]* MAILS [mehr] [an (mich | uns | diese adresse | MINE)] [von ihnen | von euch]
    [mehr] [(senden | schicken | zusenden | zuschicken | verschicken)] [mehr] | [PLEASE]* nichts mehr (schicken
    | senden | zusenden) | [PLEASE]* nicht mehr (anschreiben | kontaktieren | schreiben | anmailen | belästigen
    | zusenden | mailen | melden | an diese adresse schreiben) | [PLEASE]* [von] [MOREN]* (MAILS) [dieser art]
    [an mich | an uns] (absehen | abzusehen | verzichten | unterlassen | zu unterlassen | einstellen |
    einzustellen | sein lassen) | [PLEASE]* sehen sie [PLEASE]* von [MOREN]* MAILS [dieser art] ab | unterlassen
    sie [PLEASE]* [künftig | zukünftig | es] [MOREN | jede | jegliche | die | das]* (MAILS | mich (anzuschreiben
    | zu kontaktieren)) [dieser art] [an mich] | verzichten sie [PLEASE]* [künftig] auf [MOREN]* MAILS [dieser
    art] | (stellen | stellt | stell) [sie] [PLEASE]* [die | ihre | alle | diese | den | jegliche | MOREN]*
    (MAILS | versand | zusendung) [von MAILS] [sofort] ein | verzichten sie [PLEASE | künftig | zukünftig | in
    zukunft]* auf [MOREN]* MAILS [an (mich | uns | diese adresse)] | (bitte)* (nümme | nicht mehr) (schriibe |
    schribe | schreibe | schreiben) | [PLEASE]* von [MOREN]* MAILS [an (mich | uns)] absehen | [PLEASE]* (mich |
    uns) [PLEASE]* nicht (mehr | weiter | länger) (anschreiben | kontaktieren | anmailen | belästigen)
NOTWRITE = (schreiben | schreib | schreibe | schreibt | kontaktieren | kontaktiere | kontaktiert | senden |
    sende | sendet | schicken | schick | schicke | schickt | belästigen | belästigt | mailen | mail | mailt |
    melden | meldet | nerven | nerv | nervt | behelligen) [sie | du | ihr] [PLEASE]* [ME | mir | uns | sich |
    sie] [PLEASE | TAIL]* [bei mir | bei uns | an diese adresse | an (mich | uns)] (nicht mehr | nie mehr | nie
    wieder | nicht wieder | nicht weiter | nicht länger | nicht noch einmal | NOMORE [MOREN]* MAILS [mehr] |
    nichts mehr | keine mehr | nicht) [an (mich | uns | diese adresse)] [mit (ihren | solchen | so etwas |
    MAILS)] [an] | (wenden | wendet) [sie] [PLEASE]* sich nicht (mehr | wieder) an (mich | uns)
STOPW  = (hören | hört | hör | höre) [sie | ihr | du] [PLEASE]* [endlich | sofort | jetzt | bitte]* [damit] auf
    [damit] [COMMA | mit (diesem | diesen | ihren | dem | der | den | solchen | euren | den ganzen) MAILS] [mir
    | mich | uns] [MOREN | ständig | dauernd]* [MAILS] [zu (schreiben | senden | schicken | kontaktieren |
    mailen | belästigen | nerven | spammen | bombardieren) | anzuschreiben | anzumailen | zuzumüllen |
    zuzuspammen] | (lassen | lass | lasst) [sie] [PLEASE]* (mich | uns) [PLEASE | endlich]* in (ruhe | frieden)
    | (lassen | lass | lasst) [sie] [PLEASE]* (das | es | die MAILS | diese MAILS | den spam) [sein | bleiben] |
    schluss [PLEASE] (mit | damit) [YOUR | ihren | den | dem | diesen]* [MAILS] | (vergessen | vergiss) [sie]
    (meine | unsere) DATUM | verschonen sie (mich | uns) [PLEASE] [mit MOREN* MAILS | damit] | es reicht jetzt
    mit (diesem | diesen | ihren | den) MAILS | (aufhören | stopp) (PLEASE | mit den MAILS | mit diesen MAILS |
    mir zu schreiben)
VERB   = AWAY | NOMAIL | NOTWRITE | STOPW
FRAME  = (möchte | möchten | würde | muss | darf | müssen) (ich | wir) [sie | euch | dich] [hiermit | höflich |
    freundlich | daher | freundlichst | doch]* bitten | (ich | wir) (möchte | möchten | würde | muss | darf |
    müssen) [sie | euch | dich] [hiermit | höflich | freundlich | daher | freundlichst | doch]* bitten | [ich |
    wir] (bitte | bitten) [sie] [höflich | hiermit | freundlich | nochmals | daher]* darum | (ich | wir) (wäre |
    wären) [ihnen] (dankbar | verbunden) wenn sie | (ich | wir) (bitte | bitten | fordere | fordern | ersuche)
    [sie | euch | dich] [PLEASE | hiermit | auf]* [darum | COMMA | auf]* | (ich | wir) (möchte | möchten | will
    | wollen) [COMMA] dass sie | es wäre (nett | schön | freundlich) wenn sie | seien sie so (nett | gut |
    freundlich) und | sei so (nett | gut) und | haben sie die güte und
demand.remove = [LAW] [PLEASE]* VERB TAIL* | [PLEASE]* VERB (und | oder) [PLEASE]* VERB TAIL* | FRAME [COMMA]
    [PLEASE]* (ME [PLEASE | TAIL]* [LIST] RM_INF | [mir] NOMORE [MOREN]* MAILS [mehr] [an mich] zu (senden |
    schicken) | nicht (mehr | weiter) (anzuschreiben | zu kontaktieren | kontaktiert zu werden) | mich nicht
    mehr (anzuschreiben | zu kontaktieren) | mir nicht mehr zu schreiben | [MOREN]* MAILS zu unterlassen) TAIL*
    | FRAME [hiermit | PLEASE]* um [die | eine | sofortige | umgehende | vollständige | unverzügliche]*
    (löschung | entfernung | streichung | abmeldung | austragung | entnahme) [(meiner | unserer | aller | dieser
    | all meiner)* DATUM] [LIST] TAIL* | [LAW] (verlange | verlangen | fordere | fordern | beantrage |
    beantragen) (ich | wir) [hiermit | LAW | PLEASE]* [die | eine | sofortige | vollständige | umgehende]*
    (löschung | entfernung) [(meiner | unserer | aller | sämtlicher | all meiner | aller meiner)* DATUM] [LAW]
    TAIL* | (ich | wir) (verlange | verlangen | fordere | fordern | beantrage | erwarte) [hiermit | LAW |
    PLEASE]* [die | eine | sofortige | vollständige | umgehende]* (löschung | entfernung) [(meiner | unserer |
    aller | sämtlicher | all meiner)* DATUM] [LIST] [LAW] TAIL* | bitte um (löschung | entfernung | austragung |
    abmeldung | streichung) [(meiner | unserer | aller | dieser)* DATUM] [LIST] TAIL* | (nutzen | verwenden |
    nutze) sie [PLEASE]* (meine | unsere | diese) DATUM nicht (mehr | weiter) [für (werbung | werbezwecke)]
    TAIL* | FRAME [COMMA] (mich | uns) [PLEASE]* nicht (mehr | weiter | länger) (anzuschreiben | zu kontaktieren
    | zu belästigen | anzumailen) TAIL* | FRAME [COMMA] (MINE | diese adresse | diese emailadresse | diese email
    adresse) nicht (mehr | weiter | länger) zu (verwenden | nutzen | benutzen | kontaktieren | beschicken) TAIL*
    | FRAME [COMMA] ME LIST (nehmen | streichen | löschen | entfernen | austragen) [würden | könnten] TAIL* |
    über (eine | die) (löschung | streichung | austragung) [MINE | meiner DATUM] [LIST] würde (ich mich | wir
    uns) freuen TAIL* | [eine] weitere MAILS (ist | sind) (nicht (nötig | erforderlich | notwendig) | unnötig |
    überflüssig) TAIL* | (sie | du) (müssen | brauchen | brauchst | musst) (mir | uns | mich) [also | auch]*
    (nicht mehr (zu)* (schreiben | anschreiben) | nicht (mehr | wieder | weiter) (schreiben | anschreiben |
    kontaktieren)) TAIL* | [LAW] (fordere | fordern) (ich | wir) [sie] [hiermit]* auf [COMMA] (ME | [sämtliche |
    alle] [zu meiner person | über mich | zu mir]* gespeicherten [personenbezogenen] daten) [PLEASE | TAIL]* zu
    (löschen | entfernen) [und mir (dies | das | die löschung) [schriftlich]* zu bestätigen] TAIL* | (weitere |
    solche) MAILS können sie sich [also | künftig]* sparen TAIL* | [LAW] (ich | wir) (fordere | fordern) sie
    [hiermit]* auf [COMMA] ME [PLEASE | TAIL]* [LIST] zu (löschen | entfernen) TAIL* | (ich | wir) (widerspreche
    | widersprechen) [LAW | hiermit]* der (nutzung | verarbeitung) meiner [personenbezogenen] daten [zu
    werbezwecken | für werbung] [und (fordere | bitte) [sie] [auf] [COMMA] meine daten [LAW | TAIL]* zu löschen]
    TAIL* | (und)* bitte um löschung TAIL* | (und)* fordere sie auf [COMMA] meine daten [LAW | TAIL]* zu löschen
    TAIL* | [NOW] PLEASE* (AWAY | STOPW) NOW TAIL* | NOW PLEASE* (AWAY | STOPW) TAIL*
POLITE = (können | könnten | würden | würdet | könntet | kannst | könntest | würdest | könnt | dürfte ich | darf
    ich | wären) [sie | ihr | du | sie so (nett | freundlich | gut) [und | COMMA]] [bitten | darum bitten]*
request.remove = POLITE [PLEASE]* (ME [PLEASE | TAIL]* [LIST] RM_INF | [PLEASE]* [damit] (aufhören | auf zu)
    [COMMA] mir zu schreiben | [bitte] dafür sorgen COMMA dass (ich | wir) NOMORE [MOREN]* MAILS [mehr] [von
    ihnen] (bekomme | erhalte | bekommen | erhalten) | [mir | uns] [PLEASE]* NOMORE [MOREN]* MAILS [mehr]
    (schicken | senden | zusenden)) TAIL* | POLITE [PLEASE]* (mich | uns) [PLEASE]* nicht mehr (kontaktieren |
    anschreiben) TAIL* | POLITE [PLEASE]* ME LIST (nehmen | löschen | streichen) TAIL*
demand.leave = (ich | wir) (möchte | möchten | will | wollen | würde gerne | bitte darum | wünsche | wünschen)
    [PLEASE | mich | uns | gern]* [LIST] (abmelden | austragen | abgemeldet werden | ausgetragen werden |
    gelöscht werden | entfernt werden | gestrichen werden | genommen werden | runter | raus | abzumelden) [LIST]
    TAIL* | (ich | wir) (melde | melden | trage) (mich | uns) [hiermit] [LIST] (ab | aus) TAIL* | ich (kündige |
    bestelle) [hiermit] [den | ihren] newsletter [ab] TAIL* | (ich | wir) (möchte | möchten | will | wollen)
    [dass] (MINE) (gelöscht | entfernt) (wird | werden | haben) TAIL* | hiermit (melde | bestelle) ich (mich |
    den newsletter) [LIST] ab TAIL*
demand.no_wish = (ich | wir) (möchte | möchten | will | wollen | wünsche | wünschen | verbitte mir | brauche |
    benötige | akzeptiere) [PLEASE | mir | uns | von ihnen | von euch | wirklich | definitiv | hiermit | auch]*
    (NOMORE [MOREN]* MAILS | nichts | nicht | das nicht | davon nichts | solche MAILS nicht) [mehr | weiter |
    länger]* [FROM]* [per email]* [erhalten | bekommen | haben | kontaktiert werden | angeschrieben werden |
    sehen | lesen | hören | belästigt werden | angeschrieben | mehr sehen | zu erhalten | mehr haben | geschickt
    bekommen | zugeschickt bekommen] TAIL* | (ich | wir) (verbitte | verbitten) (mir | uns) [hiermit | jede |
    jegliche | künftig | MOREN]* (MAILS | das | dies) [durch sie | dieser art] TAIL* | (ich | wir) (habe |
    haben) keinen bedarf an [MOREN]* MAILS [mehr] [FROM] TAIL* | kein interesse an [MOREN]* MAILS TAIL* | (ich |
    wir) (lege | legen) keinen wert auf [MOREN]* MAILS TAIL* | [weitere | solche] MAILS [dieser art] (sind |
    ist) (nicht | un)* (erwünscht | gewünscht | unerwünscht) TAIL* | (eine | noch eine) (zweite | dritte |
    vierte | fünfte | weitere) [MAILS] (möchte | will | brauche) (ich | wir) nicht [mehr] TAIL*
FROM   = von (ihnen | euch | dir | ihrer firma | ihrem unternehmen | ihrer seite | dieser firma)
demand.object = [LAW] [hiermit] (ich | wir)* (widerspreche | widersprechen | widerrufe | widerrufen | untersage
    | untersagen) [ich | wir | ihnen | hiermit | ausdrücklich | LAW]* [jede | jeder | jegliche | jeglicher | der
    | die | meine | meiner | einer | weiteren | weitere | künftigen | werblichen | unserer]* (verarbeitung |
    nutzung | verwendung | speicherung | einwilligung | kontaktaufnahme | weitergabe | nutzung und verarbeitung
    | speicherung und verarbeitung | zusendung | werbung | zustimmung) [von werbung | (meiner | unserer | von |
    der | aller)* DATUM] [durch sie] [zu werbezwecken | für werbezwecke | zu zwecken der direktwerbung | zum
    zwecke der direktwerbung | zur direktwerbung] [LAW] TAIL* [und (bitte | verlange | fordere) [ich] [um] [die
    | deren | sofortige]* löschung TAIL*]
bare.stop = [PLEASE]* (abmelden | abmeldung | abbestellen | austragen | stop | stopp | aufhören | löschen |
    entfernen | streichen | abbestellung | austragung | unsubscribe | schluss damit | schluss jetzt | abmelden
    danke | keine mails mehr) [PLEASE]* TAIL* | [PLEASE]* (nie wieder | nie mehr) TAIL* | (stop | stopp |
    abmelden) NOW TAIL*
# --- around it ----------------------------------------------------------------------------------------------------
greeting = HELLO [COMMA] [NAME | OTHER | herr | frau | damen | und | herren | zusammen | team | dr | kollegen |
    geehrte]*
HELLO  = hallo | guten tag | guten morgen | guten abend | hi | hey | liebe | lieber | liebes | sehr geehrte |
    sehr geehrter | moin | servus | grüß gott | grüezi | sehr geehrte damen und herren
courtesy = bitte | danke | vielen dank | nein | nein danke | nee | danke nein | dankeschön | danke [für (ihre |
    die | deine | ihr)] (nachricht | email | anfrage | angebot | verständnis | mühe | interesse | bemühungen) |
    (vielen | besten | herzlichen) dank für (ihre | die | ihr | das) (nachricht | email | anfrage | angebot |
    verständnis | interesse) | danke im voraus | vielen dank im voraus | viel erfolg [weiterhin | noch | bei der
    suche] | alles gute | schönen tag [noch] | einen schönen tag [noch] | sorry | entschuldigung | nichts für
    ungut | mehr nicht | danke aber nein danke | das (ist | wars) [alles | jetzt] | letzte (warnung |
    aufforderung | mahnung) | es reicht | es reicht jetzt | genug | jetzt reicht es [mir] | sofort | umgehend |
    nochmals | zum letzten mal | bitte bestätigen [sie] [mir] [die löschung | dies | das] | ich bitte um [eine]
    [kurze] bestätigung [der löschung] | bestätigen sie mir (dies | die löschung) | ich meine es ernst | danke
    trotzdem | trotzdem danke | ok | bitte um [kurze] bestätigung | please | thanks | merci | ok | ciao | cheers
    | hi | hello | sorry | danke (der nachfrage | fürs nachfragen | sehr | ihnen | euch) | (danke | merci) und
    (schönes wochenende | schönen tag | gruß | grüße) | schönes wochenende | schönen (abend | feierabend) |
    merci vielmals [für (ihre | die) (anfrage | nachricht)] | nett gemeint | das ist nett [gemeint | von ihnen]
    | ich hoffe (auf (ihr | euer) verständnis | es geht ihnen gut) | weiterhin viel erfolg | viel erfolg | pfiat
    di | servus | tschüss | na danke | nö | nope | nein echt nicht | lieb gemeint | danke für die blumen | mit
    der bitte um (kenntnisnahme | umsetzung) | bitte um [sofortige | umgehende] löschung | ich bitte um
    [sofortige | umgehende] löschung
JOIN   = und | oder | also | daher | deshalb | aber | denn | da | weil | sondern bitte | sonst | andernfalls |
    ansonsten | darum | dann | somit | deswegen | aus diesem grund | außerdem | insofern | weshalb ich sie bitte
SERVICE = ihrem angebot | ihren angeboten | ihrem produkt | ihrer dienstleistung | diesem angebot | diesem thema
    | solchen angeboten | einer zusammenarbeit | so etwas | ihrer leistung | ihrer software | ihren
    dienstleistungen | ihren produkten | ihren leistungen | sowas | diesem service
reason = [(ich | wir)] [habe | haben | hab] (kein | keinen | keinerlei | null | absolut kein | wirklich kein)
    (interesse | bedarf | verwendung) [an SERVICE | hieran | daran | dafür | daran | hierfür | unsererseits |
    meinerseits | von unserer seite] | (ich bin | wir sind) [daran | wirklich | absolut | auch | an SERVICE]*
    nicht interessiert [an SERVICE]* | nicht interessiert | uninteressant | nicht relevant [für (mich | uns)] |
    (das | es | dies | ihr angebot | thema) (ist | passt) [leider | für (mich | uns) | hier]* nicht [interessant
    | relevant | von interesse] [für (mich | uns)] | (interessiert | betrifft) (mich | uns) nicht | (das | es)
    (interessiert | betrifft) (mich | uns) [auch | einfach | wirklich]* nicht | (ich | wir) (brauche | brauchen
    | benötige | benötigen | nutze | nutzen | wollen | will | möchten | möchte) (das | dies | so etwas | ihre
    (dienste | hilfe | leistungen | software) | es | ihr (angebot | produkt)) [wirklich] nicht | (wir | ich)
    (haben | habe | nutzen | arbeiten) [bereits | schon]* [mit]* (einen | eine | einem | unseren | unserem)
    [guten | festen | anderen | eigenen]* (anbieter | dienstleister | partner | lösung | agentur | lieferanten |
    lieferant) [dafür] [gefunden]* | wir sind [bereits | schon | bestens | gut]* (versorgt | zufrieden |
    eingedeckt) [mit unserem (anbieter | dienstleister)] | wir (machen | erledigen) das (intern | selbst) |
    falsche (person | adresse | abteilung) | falscher (ansprechpartner | adressat | empfänger) | (ich bin | wir
    sind) (nicht | der falsche | die falsche) [der | die] [richtige | richtigen] [zuständig | ansprechpartner |
    adresse] [dafür | hierfür | für dieses thema] | (ich | wir) (habe | haben) [mich | uns | dem | dieser]* (nie
    | niemals | nicht) [um (das | diese emails | MAILS | eine kontaktaufnahme)]* [dafür | dazu | hierfür]*
    (angemeldet | registriert | eingewilligt | zugestimmt | gebeten | abonniert | bestellt | darum gebeten |
    angefordert | meine einwilligung gegeben | meine zustimmung gegeben) | (sie haben | es gibt | ihnen fehlt)
    (keine | meine) (einwilligung | zustimmung | erlaubnis) [von mir | dafür] [nicht] | (ich | wir) (habe |
    haben) [es | das | sie | ihnen | dies]* [bereits | schon | jetzt | mehrfach | mehrmals | ihnen]* [zweimal |
    dreimal | NTIMES | mehrfach | mehrmals | darum]* (gebeten | gesagt | geschrieben | darum gebeten |
    mitgeteilt | widersprochen | abgemeldet | abgelehnt) | (das | dies) ist [jetzt | nun | bereits | schon]*
    (die | meine | der | das) (zweite | dritte | vierte | fünfte | letzte | NUMBER)* (mal | email | aufforderung
    | nachricht | bitte | anfrage) [dass ich (sie | darum) bitte | in folge]* | (das | dies | es) ist (spam |
    belästigung | unerwünschte werbung | lästig | nervig | unseriös | illegal | werbung | reine belästigung |
    unzulässig | unerwünscht) | ihre (emails | MAILS) (nerven | sind lästig | stören | belästigen mich | sind
    unerwünscht | sind spam | interessieren mich nicht) | (das | es) nervt [langsam | nur noch | gewaltig |
    einfach]* | spam | ich kenne sie nicht | (wir | ich) (bekommen | erhalten | bekomme | erhalte) (zu viele |
    ständig | täglich | dauernd | genug) [solche | solcher | davon | dieser]* [MAILS] | (ich | wir) (kaufe |
    kaufen) nichts | (wir | ich) (wollen | will | möchten | möchte) keine werbung [von ihnen] | es besteht [bei
    uns | unsererseits | hier]* kein (interesse | bedarf) | (das | dieses) (thema | angebot | produkt) ist (bei
    | für) (uns | mich) [leider | derzeit]* nicht (aktuell | relevant | interessant | von interesse) | (wir |
    ich) (haben | habe) (uns | mich) [bereits | schon | inzwischen]* für (einen anderen | eine andere | ein
    anderes) (anbieter | lösung | system | partner | dienstleister) entschieden | ich bin [seit (NAME | NUMBER |
    kurzem | langem) | inzwischen | mittlerweile]* (im ruhestand | in rente | pensioniert | in pension) [seit
    NAME] | ich (arbeite | bin) (dort | hier | da | im einkauf | bei NAME)* nicht mehr [(dort | hier | im
    einkauf | bei NAME | zuständig | tätig | in dieser firma)]* [tätig] | (passt | passen) nicht (zu | für) uns
    | nichts für (uns | mich) | das (ist | wäre) nichts für (uns | mich) | (wir | ich) (verzichten | verzichte)
    [dankend] | (das | es) passt nicht | wir sind (bestens | rundum | gut) versorgt | brauchen wir nicht |
    brauch ich nicht | LAW | (ich | wir) (habe | haben) (mich | uns) (nirgends | nirgendwo | nie | niemals)
    [dafür | hierfür | bei ihnen]* angemeldet | (das | dies) ist [unverlangte | unerlaubte | unerwünschte |
    unzulässige]* (werbung | belästigung) [nach (NUMBER | uwg)]* | (kurze | schnelle) (antwort | bitte) [auf
    (ihre | die) (kurze | schnelle) frage] | ja
NTIMES = einmal | zweimal | dreimal | viermal | NUMBER mal | zum NUMBER mal | drei mal | zwei mal | mehrere male
question = (woher | wie) (haben | hast | habt | kommen | kommt) (sie | ihr | du) [überhaupt | eigentlich |
    denn]* [an]* (ME | meine | unsere)* [DATUM]* [her | bekommen | gekommen | überhaupt | eigentlich]* | wer hat
    ihnen MINE gegeben | warum (schreiben | kontaktieren | belästigen) sie (mir | mich | uns) [immer wieder |
    ständig | noch | dauernd | immer noch] | wer sind sie [überhaupt | eigentlich] | was soll das | wie oft
    (denn | soll ich | muss ich)* [das | es | ihnen]* [noch]* [sagen | schreiben]* | noch mal | wieso bekomme
    ich (das | diese emails | diese MAILS)
signoff = (mit [freundlichen | besten | vielen | lieben | herzlichen | freundlichem]* (grüßen | grüße | gruß)) |
    (viele | beste | liebe | freundliche | herzliche | schöne | besten | lieben) (grüße | gruß) | mfg | vg | lg
    | bg | gruß | grüße | danke | vielen dank | hochachtungsvoll | ihr | ihre | dank | mit besten grüßen | danke
    und gruß
# --- suspicion ----------------------------------------------------------------------------------------------------
FUZZY  = abmelden | austragen | verteiler | löschen | entfernen | newsletter | kontaktieren | streichen |
    abbestellen | mailverteiler
suspect.unsubscribe = abmelden | abmeldung | abbestellen | abbestellung | austragen | austragung | abzumelden |
    auszutragen | unsubscribe | abgemeldet | ausgetragen | abzubestellen | (melde | melden | trage | tragen |
    bestelle) ..6 (ab | aus)
suspect.remove = (löschen | lösche | löscht | lösch | entfernen | entferne | entfernt | streichen | streiche |
    streich | nehmen | nimm | nehmt | werfen | schmeißen | schmeiß | löschung | entfernung | gelöscht |
    gestrichen | raus | rausnehmen | sperren | runter) ..6 (mich | uns | verteiler~ | liste | listen |
    mailingliste~ | newsletter~ | datenbank~ | daten | adresse | DATUM | EMAIL | kontakte | raus | heraus) |
    (verteiler~ | emailverteiler | liste | datenbank | mich | uns | daten | adresse | kartei) ..5 (löschen |
    lösche | entfernen | streichen | nehmen | raus | rausnehmen | herausnehmen | gelöscht | entfernt |
    gestrichen | rausstreichen | runter) | (nehmts | streichts | löschts) ..5 (verteiler~ | liste~ | raus) |
    (lösch~ | entfern~ | streich~ | austrag~ | tragen | tilg~) ..7 (mich | uns | ihn | sie | verteiler~ | liste~
    | datenbank~ | daten | adresse | system | kontakt~)
suspect.no_more = (keine | keinerlei | kein | keiner | nie wieder | nie mehr | nichts | ohne weitere | nicht
    mehr | nicht weiter | nicht länger | nicht wieder | nicht noch | nicht erneut | nicht nochmal | von weiteren
    | auf weitere | nicht) ..6 TOUCH | TOUCH ..5 (nicht mehr | nie mehr | nie wieder | nichts mehr | nicht
    wieder | keine weiteren | keine | nicht weiter | unerwünscht | nicht nötig | nicht erwünscht | nicht
    erforderlich | unnötig | erübrigt | können sie sich sparen | bitte nicht) | (brauchen | müssen | brauchst)
    ..6 nicht ..3 TOUCH | nümme ..3 (schri~ | mail~ | kontakt~) | nimmer ..3 TOUCH
suspect.stop = (hören | hört | hör | höre) ..5 auf | aufhören | stop | stopp | stoppen | einstellen |
    unterlassen | absehen | abzusehen | unterlassung | schluss | es reicht | verschonen | verschont | (lassen |
    lass | lasst) ..6 (ruhe | frieden | sein | bleiben) | (stellen | stellt | sehen) ..6 (ein | ab) | verbitte |
    verbitten | verzichten
suspect.data = widerspreche | widersprechen | widerspruch | widerrufe | widerruf | dsgvo | untersage |
    werbezwecken | einwilligung | abmahnung | unterlassungserklärung | datenschutzbehörde | (hören | hört) ..4
    (anwalt | rechtsanwalt) | (anwalt | rechtsanwalt) ..2 (meldet | hören | einschalten)
suspect.complaint = spam | belästigung | verpiss ..1 dich | verpisst ..1 euch | leck ..3 arsch | fick~ | halt
    ..2 (maul | fresse) | blockiert | gemeldet ..2 spam | blockiere | blockieren | uwg | unverlangte werbung |
    mahnen ..4 ab | abmahn~ | sperrliste | blockliste | blacklist | werbung | zugemüllt | sparen sie sich |
    spart euch | sich sparen
suspect.dead = verstorben | gestorben | ist tot | lebt nicht mehr | tod
suspect.ensure = (sorgen | sorge | sorgt | dafür | achten | sicherstellen) ..8 (keine | keiner | nicht mehr |
    nichts mehr) | nie wieder | nie mehr | (zweite | dritte | vierte | fünfte | weitere | noch eine) ..2 (möchte
    | will | brauche | wünsche) ..1 (nicht | keine) | nicht kontaktieren | nicht anschreiben | kontaktsperre |
    (häkchen | kästchen) ..8 nicht | dafür COMMA dass ..3 (keine | nichts | nie)
ADDRESSED = bitte | können sie | könnten sie | würden sie | kannst du | könntest du | könnt ihr | könntet ihr |
    würdet ihr | wie (kann | melde) ich | wo kann ich | darf ich | warum (schreiben | kontaktieren) | wären sie
    | wie komme ich | wie werde ich
release.condition = wenn | falls | sofern | sobald | bevor | solange | es sei denn
release.time = bis | vor (dem | NAME | NUMBER | ende) | vorerst | diese woche | nächste woche | diesen monat |
    derzeit | momentan | im moment | noch nicht | nicht vor | zurzeit | am wochenende
release.reported = (kunden | nutzer | empfänger | leute | jemand | chef | viele | die meisten | sie sagen |
    user) ..3 (sagen | sagt | schreiben | schreibt | antworten | antwortet | wollen | melden | können | klicken)
    | beinahe | fast | statt | wie melden | abmelderate | wie viele
release.elsewhere = (rufen | ruf | ruft) ..2 (an | mich | uns) | telefonisch | per telefon | sondern |
    stattdessen | lieber | an (frau | herrn | NAME NAME) | zuständig | ansprechpartner~ | nachfolger~ | EMAIL |
    auf linkedin | über linkedin | per whatsapp
release.other = (löschen | entfernen | streichen | lösche | streiche | nehmen) [sie] [bitte] [den | die | das |
    meinen | meine | unseren | unsere] [alten | zweiten | ersten | NUMBER] (termin | anhang | position | punkt |
    rechnung | angebot | meeting | link | test~ | nummer | kollegen | kollegin | einladung | demo~ | account |
    konto | logo | folie | absatz | klausel | seite) | (warteliste | teilnehmerliste | gästeliste | cc | kopie |
    preisliste) | in ruhe (überlegen | ansehen | lesen | anschauen | durchlesen | prüfen) | missverständnis
release.opposite = (in | im) [den | ihren | euren | dem] (verteiler | newsletter | liste) auf | versehentlich |
    aus versehen | nicht (abmelden | löschen | aufhören | aus dem verteiler) | hören sie nicht auf | (im | in
    den) spam (ordner | gelandet) | spamordner | im spam
GRATEFUL = wäre | wären | würde ich mich freuen | dankbar | verbunden | könnten | würden | freuen | danke
TOUCH  = kontakt~ | anschreib~ | angeschrieben | anzuschreib~ | schreib~ | schick~ | send~ | zusend~ | zuschick~
    | zugeschickt | zugesandt | mail~ | email~ | angemailt | anmail~ | anzumailen | belästig~ | erhalten |
    bekommen | erhalte | bekomme | hören | lesen | melden | nutz~ | benutz~ | verwend~ | nachrichten | werbung |
    post | zusendung~ | nachfass~ | nerv~ | behellig~ | MAILS | aufnehmen | aufzunehmen
"""
