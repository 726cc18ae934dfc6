"""Italian."""

GRAMMAR = """
# --- who and what: elisions and enclitics are words of their own ("dell elenco", "cancellate mi") --------------------
MY     = mio | mia | miei | mie | il mio | la mia | i miei | le mie | nostro | nostra | i nostri | il nostro |
    la nostra | le nostre | tutti i miei | mie
DATUM  = indirizzo | indirizzo email | indirizzi | indirizzo di posta | dati | dati personali | nome |
    nominativo | contatto | contatti | recapiti | recapito | informazioni | casella | azienda | casella di posta
    | indirizzo di posta elettronica | profilo | dominio
MINE   = quest indirizzo [email] | questo indirizzo [email] | MY DATUM [personali] [(e | o) [MY] DATUM] [(in
    vostro possesso | da voi detenuti | che avete)]
ME     = mi | ci | me | noi | MINE | EMAIL
YOUR   = vostra | vostre | vostro | vostri | sua | suo | tua | tue | la vostra | le vostre | i vostri | il
    vostro | questa | queste | questo | la | le | il | i | tutte le | tutte le vostre | l | quest | ogni | tutta
    la | la sua | la tua
LISTN  = lista | liste | mailing list | mailing lists | elenco | elenchi | database | newsletter | lista
    contatti | lista di contatti | lista di distribuzione | liste di distribuzione | invii | sistemi | sistema |
    crm | rubrica | campagna | campagne | indirizzario | registri | archivi | archivio | contatti | lista di
    invio | comunicazioni | iscrizione | lista email | liste marketing | lista di posta | banca dati | liste di
    invio | sequenza
LIST   = (da | dal | dalla | dalle | dai | dall | dagli | della | delle | del | dei | a | alla | alle | nella |
    nelle | in | sulla) [YOUR] LISTN [e (da | dal | dalla | dalle | dai)* [YOUR] LISTN | marketing | commerciale
    | commerciali] | da (qui | tutto questo | tutto) | di qui
MAILS  = email | emails | messaggi | messaggio | pubblicità | spam | newsletter | comunicazioni | comunicazione
    | offerte | offerta | posta | proposte | informazioni | materiale | sollecitazioni | roba | contatto |
    contatti | promozioni | comunicazioni commerciali | email commerciali | email pubblicitarie | messaggi
    pubblicitari | robaccia | solleciti | queste cose | richieste | email di questo (tipo | genere) | messaggi
    di questo (tipo | genere) | invii | materiale pubblicitario | questa roba | mailing
SUCH   = più | altre | altri | altra | ulteriori | vostre | le vostre | i vostri | queste | questi | le | i | di
    | delle | dei | nessuna | nessun | alcuna | la vostra | simili | questo tipo di | questo genere di | altro |
    ulteriore | tali | nessun altro | vostri | da parte vostra | di queste | sue | le sue | qualsiasi
PLEASE = per favore | per piacere | per cortesia | cortesemente | gentilmente | vi prego [di] | la prego [di] |
    ti prego [di] | prego di | vi chiedo [cortesemente | gentilmente | per favore | per cortesia]* [di] | le
    chiedo [cortesemente | gentilmente | per favore]* [di] | ti chiedo di | chiedo [cortesemente | gentilmente]*
    [di] | chiediamo [di] | vi chiediamo [gentilmente | cortesemente]* [di] | le chiediamo di | vorrei che |
    vorremmo che | vi invito a | la invito a | vi sarei (grato | grata) (se | di) | le sarei (grato | grata) (se
    | di) | vi diffido dal | pregasi di | si prega di | siete pregati di | abbiate la cortesia di | abbia la
    cortesia di | subito | immediatamente | ancora una volta | per l ultima volta | anche | quindi | nuovamente
    | semplicemente | esigo | pretendo | favore | pf | x favore | COMMA | richiedo [di] | ho bisogno di | vi
    ordino di | xfavore | x favore | potete | può | le sarei (grato | grata) se (lei)* | vi sarei (grato |
    grata) se (voi)* | dai | ragazzi
WANT   = desidero | desideriamo | voglio | vogliamo | gradirei | necessito | intendo | mi piacerebbe |
    preferirei | vorrei | vorremmo
NOW    = adesso | ora
LAW    = (ai sensi | in base | secondo | in virtù | a norma | come da)* [del | dell | al | all | il | della]*
    [ARTICLE] [del | di]* (gdpr | rgpd | regolamento | codice della privacy | legge sulla privacy) | ai sensi
    (dell | del) (art | articolo | art .) NUMBER [del] [gdpr]
ARTICLE = (articolo | art | art .) NUMBER
TAIL   = grazie | per favore | per cortesia | per piacere | subito | immediatamente | grazie mille | al più
    presto | il prima possibile | da subito | definitivamente | in futuro | mai più | più | d ora in poi |
    quanto prima | grazie in anticipo | una volta per tutte | LAW | cordialmente | cortesemente | gentilmente |
    con effetto immediato | d ora in avanti | a breve | in modo definitivo | tempestivamente | cordiali saludos
    | saluti | cordiali saluti | please | thanks | merci | ok | ciao | cheers | xfavore | x favore | xfav | grz
    | di nuovo
CONFIRM = (e | COMMA)* [di] (confermar | confermare | confermate | conferma | darmi conferma | dare conferma)
    [mi | l avvenuta cancellazione | la cancellazione | quando fatto]*
# --- demands ------------------------------------------------------------------------------------------------------
RM     = cancellare | cancellar | cancellate | cancella | cancelli | cancelliate | cancellando | rimuovere |
    rimuover | rimuovete | rimuovi | rimuova | rimuoviate | togliere | toglier | togliete | togli | tolga |
    togliate | eliminare | eliminar | eliminate | elimina | elimini | eliminiate | disiscrivere | disiscriver |
    disiscrivete | disiscrivi | disiscriva | depennare | depennate | depenni | depennar | escludere | escluder |
    escludete | escluda | levare | levar | levate | leva | levi | disiscrizione | distruggere | cancellassi |
    toglieste | rimuoveste | cancellaste | dimenticate | dimentica | dimentichi | bloccate | esca | uscire
BE     = (essere | venire) (cancellato | cancellata | rimosso | rimossa | tolto | tolta | eliminato | eliminata
    | escluso | disiscritto | disiscritta | rimossi | cancellati | depennato) | (che)* MINE (venga | vengano |
    sia | siano) (cancellato | cancellati | rimosso | rimossi | eliminato | eliminati)
AWAY   = [ME] RM [ME] [TAIL]* [LIST] | RM ME [TAIL]* [LIST] | BE [LIST] | (che)* (mi | ci) RM [LIST] | mettete
    (mi) (in | nella) (blacklist | lista nera) | (non)* (utilizzare | usare | utilizzate | usate) più MINE |
    procedere (alla | con la) (cancellazione | rimozione) (dei | del | di)* [MINE] [LIST] | procedete (alla |
    con la) (cancellazione | rimozione) (dei | del | di)* [MINE] [LIST] | RM (la mia | mia | la nostra) email
    LIST
SEND   = scrivere | scriver | scrivete | scriva | scrivi | scriviate | inviare | inviar | inviate | invii |
    invia | mandare | mandar | mandate | mandi | manda | mandando | contattare | contattar | contattate |
    contatti | contatta | disturbare | disturbar | disturbate | disturbi | spedire | spedite | spammare |
    tempestare | assillare | importunare | importunate | molestare | insistere | insistete | insista |
    sollecitare | bombardare | inondare | spediate | mandiate | rompere | romper | inoltrare | tartassare
QUIT   = (smettere | smetter | smettete | smetti | smetta | smettiamo | basta | finite | finitela | piantate |
    piantatela | stop | cessate | cessare | cessi | interrompete | interrompere | interrompa | piantala |
    finiscila | evitate | evitare | eviti | evita | sospendete) [la | subito | immediatamente]* [(di | con | da
    | a)]* [SEND | gli | l | le]* [mi | ci]* [(con | di | le | gli | l | questo | a me)]* [SUCH]* [MAILS | invio
    | invii | invio di MAILS] [(a | presso) MINE] | lasciate (mi | ci) (in pace | stare | tranquillo |
    tranquilla) | (lasci | lascia) (mi | ci) (in pace | stare) | (mi | ci) lasci (in pace | stare) | (lasciate |
    lasci | lascia) (mi | ci) (in pace | stare) [con (questo | queste | questi | le vostre) MAILS]
NOMORE = (nn | non) (mi | ci) (contattasse | scrivesse | inviasse | contattaste | scriveste | inviaste |
    mandaste) [più]* [SUCH]* [MAILS] | (nn | non) [mi | ci]* SEND [mi | ci]* [più | mai più | nuovamente |
    ancora]* [SUCH]* [MAILS] [(a | su | presso) MINE] [mai più | più]* | non (mi | ci) (inviate | mandate)
    [più]* [SUCH]* [MAILS] | (che)* non (mi | ci) (contattiate | scriviate | inviate | mandiate | contatti) più
    [SUCH]* [MAILS] | di non (SEND) [mi | ci]* [più]* [SUCH]* [MAILS] | non (essere | venire) più (contattato |
    contattata | disturbato | disturbata | contattati) [SUCH]* [da (voi | parte vostra)] | di non (essere |
    venire) più (contattato | contattata | disturbato | disturbata | contattati) [da (voi | parte vostra)] | (nn
    | non) [mi | ci]* SEND [mi | ci]* più (niente | nulla)
VERB   = AWAY | QUIT | NOMORE
demand.remove = [LAW] [COMMA] PLEASE* VERB TAIL* [CONFIRM] | PLEASE* VERB (e | ed) PLEASE* [di]* VERB TAIL*
    [CONFIRM] | PLEASE* WANT PLEASE* AWAY TAIL* [CONFIRM] | [NOW] PLEASE* (AWAY | QUIT) NOW TAIL* | NOW PLEASE*
    (AWAY | QUIT) TAIL*
request.remove = PLEASE* (potete | potreste | può | potrebbe | puoi | potresti | è possibile | sarebbe possibile
    | posso | vi dispiacerebbe | mi può | mi potete | mi potreste | volete | mi puoi | le dispiacerebbe | posso
    chiedere di | posso chiedervi di) [PLEASE]* (AWAY | NOMORE | QUIT) TAIL*
demand.leave = (chiedo | chiediamo | richiedo | esigo | richiediamo | desidero | voglio | vorrei | pretendo |
    esercito) [LAW] [COMMA | formalmente | con la presente]* [la | l | il | mia | di | che | immediata]*
    (cancellazione | rimozione | disiscrizione | eliminazione | cancellare l iscrizione | uscire | diritto (all
    oblio | alla cancellazione | di opposizione)) [immediata | completa | totale] [(di | dei | del | dai | da |
    dal)* [tutti]* [MINE]] [LIST] [LAW] TAIL* [CONFIRM] | (mi)* (vorrei | voglio | desidero)* (disiscrivo |
    disiscrivere | disiscriver | cancellare | cancellar | disdico) (mi)* [l iscrizione] LIST TAIL*
demand.no_wish = (non) [voglio | desidero | vogliamo | desideriamo | intendo | gradisco | vorrei | accetto |
    autorizzo | ho intenzione di | ho autorizzato] [più | mai]* (ricevere | ricever | sentire | sentir | avere |
    essere (contattato | contattata | disturbato | disturbata | contattati)) [più | mai | nulla | niente | ne]*
    [SUCH]* [MAILS] [(da | di) (voi | lei | te | parte vostra | parte sua | questo tipo)]* [SUCH]* TAIL* | (non)
    (voglio | vogliamo | desidero) [più]* [SUCH]* MAILS [da (voi | parte vostra)] TAIL* | (preferisco |
    preferirei | preferiremmo) non (ricevere | riceverne) [più]* [SUCH]* [MAILS] TAIL* | (preferirei |
    preferiremmo | preferisco) (nn | non) (ricevere | riceverne | essere (contattato | contattata)) [più]*
    [SUCH]* [MAILS] [di questo (tipo | genere)] TAIL* | (non (c è | serve | occorre | è necessario)) [più]*
    [bisogno]* (di | che)* (riscriver | scriver | ricontattar | contattar | SEND) [mi | ci]* [più | ancora | di
    nuovo]* TAIL* | nn SEND [mi | ci]* [più]* [SUCH]* [MAILS] TAIL* | (non) ne voglio (una | un) (seconda |
    terza | quarta | quinta | altra | altro) TAIL*
demand.no_more = (niente | nessuna | nessun | basta | mai | stop) [più | altre | altra | altro | ulteriore | con
    | a | con le | con queste | con i | alle | di]* [SUCH]* MAILS [da (voi | parte vostra)] TAIL* | non più
    MAILS TAIL* | basta così TAIL*
demand.object = [LAW] [COMMA] [con la presente] (mi oppongo | ci opponiamo | revoco | ritiro | nego | esercito |
    revochiamo | non autorizzo) [a | al | il | mio | ogni | qualsiasi | ulteriore]* (trattamento | consenso |
    utilizzo | uso | diritto (di opposizione | all oblio | di cancellazione | alla cancellazione)) [(al | del |
    dei | di)* [trattamento (dei | di)*] [MINE]] [(per | a) (finalità | fini) (di marketing | commerciali |
    pubblicitari | pubblicitarie)] [e (chiedo | richiedo) la cancellazione] [LAW] TAIL*
bare.stop = [PLEASE]* (basta | stop | cancellazione | cancella mi | cancellate mi | cancellar mi | disiscrivi mi
    | disiscrizione | disiscrivete mi | disiscriver mi | rimuovi mi | rimuovete mi | rimuovere | cancellare |
    unsubscribe | annulla iscrizione | cancella iscrizione | smettetela | smettila | rimozione | cancellatevi |
    fermatevi | cancella | togliete mi | annullare iscrizione | disiscrivere | piantatela) TAIL* | [e] mai più
    TAIL* | (stop | unsubscribe) NOW TAIL*
# --- around it ----------------------------------------------------------------------------------------------------
greeting = HELLO [COMMA] [NAME | OTHER | signor | signora | signori | dott | dottore | a tutti | team | sig]*
HELLO  = ciao | buongiorno | buonasera | salve | gentile | gentili | egregio | egregi | spettabile | spett le |
    buon giorno | buona sera | caro | cara | gentili signori | spett
courtesy = grazie | grazie mille | no | no grazie | per favore | grazie ma no [grazie] | grazie per (la | il | l
    | la vostra | il vostro | le | aver | avermi | la sua)* (comprensione | email | messaggio | offerta | tempo
    | interesse | proposta | scritto | contattato | attenzione | disponibilità | collaborazione) | mi dispiace |
    spiacente | buona giornata | buona fortuna | buon lavoro | cordiali saluti | grazie in anticipo | ultimo
    avviso | ok | grazie comunque | grazie lo stesso | resto in attesa di (conferma | un riscontro | vostra
    conferma) | attendo (conferma | vostra conferma) | basta | adesso basta | ora basta | per l ultima volta |
    subito | immediatamente | è tutto | vi ringrazio | la ringrazio | ringrazio | scusate | e basta | con
    rispetto | chiedo conferma | grazie e basta | please | thanks | merci | ok | ciao | cheers | hi | hello |
    sorry | xfavore | x favore | la ringrazio (per | del | della)* [il | la | l]* [messaggio | proposta | email
    | interessamento]* | (grazie | ringrazio) (per)* [aver | averci]* (pensato a noi)* | buon (weekend | fine
    settimana | proseguimento | pomeriggio) | molto gentile | gentilissimi | è gentile da parte vostra |
    complimenti | auguri | mi scuso | grz | la saluto | vi saluto | gentile da parte vostra
JOIN   = e | ed | ma | quindi | perciò | perché | poiché | pertanto | o | altrimenti | dunque | per cui | in
    quanto | dato che | inoltre | oppure | per questo | visto che | siccome
SERVICE = offerta | l offerta | la vostra offerta | i vostri servizi | il vostro prodotto | questo | questa
    offerta | ciò che offrite | la proposta | la cosa | questo tipo di servizio | vostri servizi | vostra
    offerta | vostro prodotto | questo servizio | al servizio | alla vostra offerta | ai vostri (servizi |
    prodotti) | alla cosa | a questo | al prodotto
reason = (non) (sono | siamo) [per nulla | affatto | assolutamente | più]* (interessato | interessata |
    interessati | interessate) [a | alla | ai | all | al]* [SERVICE | proposta]* | non interessato | non
    interessata | non interessati | (nessun | nessuno | non ho | non abbiamo | non c è) [alcun]* (interesse |
    bisogno) [(per | a | in | alla | di)* SERVICE] | (non) (mi | ci)* (interessa | interessano | serve | servono
    | riguarda) [SERVICE | affatto | per niente | grazie]* | non (ne)* (ho | abbiamo) (bisogno | necessità)
    [(di)* SERVICE] | (abbiamo | ho | lavoriamo | usiamo) [già] [con]* (un | una | il nostro)* [altro | valido]*
    (fornitore | soluzione | partner | agenzia | servizio) [di fiducia]* | siamo (già)* (a posto | coperti |
    soddisfatti) [così]* | (non) (sono | siamo) (la persona (giusta | corretta) | il contatto giusto | il
    referente) [per questo]* | (persona | indirizzo | contatto) (sbagliata | sbagliato | errato | errata) |
    avete sbagliato (persona | indirizzo | destinatario) | (non) (mi)* (ho | sono | vi ho | abbiamo | ci siamo)*
    (mai)* (iscritto | iscritta | iscritti | richiesto | chiesto | dato | autorizzato | fornito | acconsentito |
    prestato) [(il | alcun)* (mio)* (consenso) | nulla | niente | questo | SUCH* MAILS | a (nulla | niente |
    questa lista | questa newsletter) | di ricevere SUCH* MAILS | di essere (contattato | contattata)]* | mai
    (richiesto | chiesto | autorizzato) | (ve | vi | le | ve l | te)* (lo | l)* (ho | abbiamo | avevo) [già]
    (chiesto | detto | scritto | comunicato | richiesto) [NTIMES | di no | già | questo]* | (è | questa è) [già]
    (la | il)* (seconda | terza | quarta | ultima | NUMBER | quinta)* (volta | richiesta | email) [che (ve)*
    (lo)* (chiedo | scrivo | dico)]* | (questo | queste | le vostre email | ciò)* (è | sono) (spam | molesto |
    moleste | fastidioso | fastidiose | illegale | molestia | una molestia | stalking | indesiderate |
    insopportabile | inaccettabile | irritante) | (sono | siamo) (stufo | stufa | stanco | stanca | stufi) [(di
    | delle | dei)* (ricevere)* [SUCH]* [MAILS]] | non (vi)* (conosco | conosciamo) | non so (chi siate | chi
    siete | come abbiate (avuto | ottenuto) [MINE]) | (o | altrimenti)* (vi | la)* (segnalerò | denuncerò |
    segnalo | bloccherò | presenterò (un)* reclamo | procederò per vie legali | farò (una)* segnalazione | mi
    rivolgerò) [al | come | alla | spam | garante | per | la privacy | all autorità]* | (ricevo | riceviamo)
    (troppe | già troppe | troppi) [MAILS] | non (abbiamo | ho) questa (esigenza | necessità) | non fa (per | al
    caso) (noi | me | nostro)* | non fa per (noi | me) | non mi occupo più di (acquisti | questo | ciò | queste
    cose) | non lavoro più (lì | qui | in NAME | per NAME) | sono (in pensione | pensionato) [da NAME] |
    (abbiamo | ho) (scelto | firmato con | optato per) un (altro | altra) (fornitore | partner | soluzione)* |
    non è (per noi | di nostro interesse | di mio interesse | rilevante | il nostro settore) | LAW | (avete |
    hai) (rotto | stancato | stufato) | risposta (veloce | breve | rapida) [alla (vostra | sua | tua)* domanda
    (veloce | breve | rapida)] | [ho] (ricevuto | letto) [la | COMMA]* ((prima | la | seconda | terza | e))*
    (email | messaggio) | sì
NTIMES = due volte | tre volte | più volte | varie volte | NUMBER volte | ripetutamente | già | diverse volte |
    in precedenza
question = (come | dove | da dove | da chi | chi) [mi]* (avete | ha | hai | vi ha)* (avuto | ottenuto | trovato
    | preso | dato | recuperato)* MINE | chi (siete | è lei) | perché (mi | ci)* (scrivete | contattate |
    continuate a (SEND) | inviate | mandate) [mi | ci]* [ancora]* [SUCH]* [MAILS] | quante volte (devo |
    bisogna) (dirlo | chiederlo | ripeterlo | dire | chieder | dir)* [lo | ve lo | vi]*
signoff = cordiali saluti | saluti | distinti saluti | cordialmente | grazie | grazie e saluti | un saluto | un
    cordiale saluto | buona giornata | i migliori saluti | grazie mille | in fede | con i migliori saluti | a
    presto | grazie anticipatamente | cordialità
# --- suspicion ----------------------------------------------------------------------------------------------------
FUZZY  = cancellare | cancellate | disiscrivere | rimuovere | rimuovete | togliere | ricevere | newsletter |
    contattare
suspect.unsubscribe = disiscrizione | disiscriver~ | disiscrivi | disiscrivo | disiscriva | disiscrivi mi |
    disiscrivete | disiscrivere | annulla iscrizione | cancellazione | unsubscribe | cancella mi | cancellate mi
    | disdire | disiscritto | disiscritta
suspect.remove = (cancellare | cancellar | cancellate | cancella | cancelli | rimuovere | rimuover | rimuovete |
    rimuovi | rimuova | togliere | toglier | togliete | togli | tolga | eliminare | eliminar | eliminate |
    elimina | elimini | depennare | depennate | escludere | escludete | levare | levate | leva | rimozione |
    eliminazione | dimenticate | dimentica | uscire | toglieste | rimuoveste | cancellaste | togliamo |
    cancelliate | rimuoviate) ..5 (mi | ci | mio | mia | miei | LISTN | dati | indirizzo | nominativo | EMAIL |
    contatto | nostro | nostri | recapiti) | (mi | essere | sia | siano | vengano | venga) ..1 (cancelli |
    rimuova | tolga | elimini | cancellato | cancellata | rimosso | rimossa | tolto | tolta | eliminato |
    eliminata | cancellati | rimossi | eliminati | toglie | togliete | cancellate | rimuovete | cancella) |
    (cancell~ | rimuov~ | tolg~ | elimin~ | depenn~ | esclud~ | levi~) ..5 (mi | ci | lo | la | LISTN | elenchi
    | dati | indirizzo) | (mi | ci | lo) ..1 (cancell~ | rimuov~ | tolg~ | elimin~ | depenn~ | esclud~)
suspect.stop = (smettere | smettete | smetti | smetta | smetter | basta | finite | finitela | finiscila |
    piantate | piantatela | piantala | stop | cessate | cessare | interrompete | interrompere | evitate |
    evitare | sospendete) ..5 (scrivere | scriver | inviare | inviar | mandare | mandar | contattare | contattar
    | MAILS | email | spam | disturbare | disturbar | invio | questo | messaggi | mi | la | romper | assillare)
    | (smettere | smetter) ..3 (ricevere | ricever)
suspect.no_contact = (nn | non | mai | né | senza) ..5 TOUCH | (nessuna | nessun | niente | basta | inutile |
    evit~ | smett~ | cess~ | preferirei | preferisco | rifiuto | declino | astenersi | astenetevi) ..4 TOUCH
suspect.alone = (lasciate | lasci | lascia) ..2 (pace | stare | tranquillo | tranquilla) | vaffanculo | andate
    (a quel paese | al diavolo | affanculo) | sparite | vai a quel paese | non rompete
suspect.data = oppongo | opposizione | gdpr | consenso | diritto (all oblio | alla cancellazione) | garante |
    revoco | denuncia | denuncerò | vie legali | diffida | diffido | stalking | molestie
suspect.complaint = spam | segnalato | segnalo | bloccato | segnalerò | bloccati | molestia | bloccati | lista
    nera | blacklist | risparmiate~ | risparmia~ | cestino | segnalo | segnaliamo
suspect.dead = deceduto | deceduta | è morto | è morta | è scomparso | è mancato | è venuto a mancare
suspect.ensure = (faccia in modo | fate in modo | si assicuri | assicuratevi | provveda) ..8 (non | nessuno |
    altri) | mai più | non ne voglio | non contattare | casella ..6 non
suspect.bare = basta | smettetela | smettila | stop | finitela | non insistete
ADDRESSED = per favore | potete | potreste | può | potrebbe | puoi | come (mi | faccio a | posso) | prego | per
    cortesia | posso | è possibile | perché continuate | gentilmente | cortesemente | come faccio | come si fa
release.condition = se (non | la | il | è | avete | questo | ci | mi) | quando | a meno che | finché
release.time = fino | prima di | prima del | per ora | al momento | questa settimana | questo mese | la prossima
    settimana | per il momento
release.reported = (clienti | utenti | gente | destinatari | qualcuno | molti | capo) ..3 (dicono | scrivono |
    rispondono | chiedono | vogliono | dice | si | possono) | quasi | invece di | come si (disiscrivono |
    cancellano)
release.elsewhere = (chiamate | chiami | chiamami | chiamatemi | chiamare | telefonate) | per telefono | invece
    | meglio (via | per | al) | (scrivete | scriva | contatti | contattate | parlate | parli | usi | usate) (a |
    al | con | alla) (NAME | EMAIL | mio) | EMAIL | su linkedin | vediamoci | su whatsapp
release.other = (cancellare | cancelli | cancellate | cancella | togliere | togliete | tolga | eliminare |
    eliminate | rimuovere | rimuovete | cancella mi | cancella mi pure) [pure] [il | la | lo | l | le | i | i]
    [secondo | seconda | terzo | primo | prima | vecchio | NUMBER] (allegato | appuntamento | riunione | utente
    | riga | voce | clausola | punto | pagina | fattura | numero | prodotto | link | invito | posizione) | copia
    | lista d attesa | demo | preventivo
release.opposite = per (sbaglio | errore) | non (smettete | smettere | fermatevi | smettetela) | (nella |
    cartella) spam | per caso
GRATEFUL = sarei | grato | grata | grati | gradirei | apprezzerei | ringrazio | gentile | gentilmente | cortese
TOUCH  = scriv~ | riscriv~ | contatt~ | ricontatt~ | invi~ | mand~ | rimand~ | disturb~ | spedi~ | ricev~ |
    sent~ | utilizz~ | sollecit~ | insist~ | import~ | email | messaggi | messaggio | MAILS | spam |
    comunicazioni | usare | usate | comunicaz~
"""
