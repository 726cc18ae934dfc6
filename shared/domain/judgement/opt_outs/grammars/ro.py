"""Romanian, the common demands only."""

GRAMMAR = """
ME     = mă | ma | ne | mi | îmi | ni | adresa mea | emailul meu | datele mele | datele mele personale | adresa
    noastră | numele meu | EMAIL
LIST   = (din | de pe | de la) [toate]* (lista | listele | baza | baza de date | listă | newsletter | baza
    voastră | sistem | evidențele) [dumneavoastră | voastră | dvs | de date | de emailuri | de email | de
    corespondență | de contacte | de mailing | vostru]*
MAILS  = emailuri | e mailuri | mailuri | mesaje | mesajele | oferte | reclame | newslettere | spam | nimic |
    emailurile | mail | email
PLEASE = vă rog | va rog | te rog | rog | vă rog frumos | doresc | aș dori | as dori | vreau | imediat | vă
    rugăm | solicit | COMMA | să | sa
TAIL   = vă rog | va rog | mulțumesc | multumesc | mersi | imediat | niciodată | vă mulțumesc | de acum | pe
    viitor | urgent | anticipat
RM     = ștergeți | stergeti | șterge | scoateți | scoateti | scoate | eliminați | eliminati | elimina |
    dezabonați | dezabonati | dezabona | ștergeți și | radiați | dezabonez | ștergerea | eliminarea
demand.remove = PLEASE* [ME] RM [ME] [LIST] TAIL* | PLEASE* RM (ME) [LIST] TAIL* | PLEASE* nu [ME | mai]*
    (contactați | trimiteți | trimiteti | scrieți | scrieti | deranjați | contacta | trimite | scrie |
    contactati | deranjati) [ME | mai]* [niciun | alte]* [MAILS] [ME]* TAIL* | PLEASE* (încetați | incetati |
    opriți | opriti) [cu | să | sa]* [ME | mai]* [trimiteți | scrieți | contactați]* [MAILS] TAIL* | (lăsați |
    lasati) (mă | ma | ne) în pace TAIL*
demand.no_wish = nu [mai]* (vreau | doresc | dorim | vrem) [mai]* (să | sa)* [mai]* (primesc | primim)* [alte]*
    MAILS [de la (voi | dumneavoastră | dvs)] TAIL*
bare.stop = [PLEASE]* (dezabonare | stop | unsubscribe | ștergere | ajunge | dezabonează mă) TAIL*
greeting = (bună ziua | buna ziua | bună | salut | stimate domn | stimată doamnă | salutare) [COMMA] [NAME |
    OTHER]*
courtesy = mulțumesc | multumesc | nu | nu mulțumesc | nu multumesc | mersi | vă mulțumesc | o zi bună |
    mulțumesc pentru (ofertă | mesaj)
JOIN   = și | si | dar | deci | sau | așa că | prin urmare
reason = nu (sunt | suntem) interesat | nu (sunt | suntem) (interesat | interesată | interesați) | nu mă
    interesează [oferta]* | acesta este spam
signoff = cu stimă | cu respect | mulțumesc | cu bine | numai bine | toate cele bune
suspect.remove = (șterge~ | sterge~ | scoate~ | elimina~ | dezabon~ | radia~) ..4 (mă | ma | ne | mea | mele |
    lista | LIST | meu) | (mă | ma | ne) ..1 (șterge~ | sterge~ | scoate~ | elimina~ | dezabon~) | dezabon~
suspect.no_contact = nu ..3 (contact~ | trimite~ | scrie~ | deranj~ | primesc | primim) | (încetați | incetati |
    opriți) | lăsați ..2 pace | stop
ADDRESSED = rog | puteți | ați putea | cum pot | cum mă
release.time = până | deocamdată | săptămâna aceasta
release.condition = dacă | daca
"""
