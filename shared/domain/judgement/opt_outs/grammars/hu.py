"""Hungarian, the common demands only."""

GRAMMAR = """
LIST   = [a | az | önök | az önök]* (listájukról | listáról | levelezőlistáról | levelezőlistájukról |
    adatbázisból | adatbázisukból | hírlevélről | hírlevelükről | címlistáról | rendszerükből | listájáról)
MAILS  = levelet | emailt | e mailt | üzenetet | ajánlatot | leveleket | emaileket | üzeneteket | hírlevelet |
    reklámot | semmit | spamet
PLEASE = kérem | kérjük | legyen szíves | legyenek szívesek | szíveskedjenek | szíveskedjen | azonnal | többet |
    ne is | COMMA | kérném | kérnék | hogy
TAIL   = kérem | köszönöm | köszi | köszönettel | azonnal | előre is köszönöm | többet | többé | soha | nekem |
    nekünk
RM     = töröljenek | töröljön | töröljék | törölje | töröld | töröljetek | vegyenek le | vegyen le | vegyél le
    | távolítsanak el | távolítson el | iratkoztassanak le | iratkoztasson le | törölni
ME     = engem | minket | az email címemet | a címemet | az adataimat | az e mail címemet | a címem | adataimat
    | EMAIL
demand.remove = PLEASE* RM [ME] [LIST] TAIL* | PLEASE* ME [PLEASE]* RM [LIST] TAIL* | PLEASE* LIST RM TAIL* |
    PLEASE* ne (küldjenek | küldjön | küldjetek | írjanak | írjon | írjatok | keressenek | keressen |
    zaklassanak | zaklasson) [nekem | nekünk | engem | minket | többet | több | már]* [MAILS] TAIL* | hagyjanak
    (békén | minket békén) TAIL* | hagyjon békén TAIL* | le (szeretnék | kívánok) iratkozni [LIST] TAIL*
demand.no_wish = nem (kérek | szeretnék | kérünk | kívánok | akarok) [önöktől | több | további]* (MAILS) [kapni
    | önöktől]* TAIL*
bare.stop = [PLEASE]* (leiratkozás | leiratkozom | leiratkozok | stop | törlés | unsubscribe | elég) TAIL*
greeting = (jó napot | jó napot kívánok | tisztelt | szia | üdvözlöm | kedves | helló) [COMMA] [NAME | OTHER]*
courtesy = köszönöm | köszi | nem | nem köszönöm | kérem | köszönöm nem | szép napot
JOIN   = és | de | ezért | vagy | így
reason = nem (érdekel | érdekelnek | vagyok érdeklődő) [az ajánlat]* | nem (vagyok | vagyunk) érdekelt
signoff = üdvözlettel | köszönettel | tisztelettel | köszönöm | üdv
suspect.remove = (töröl~ | vegyen~ | vegyél | távolíts~ | iratkoz~ | leiratkoz~) | le ..2 iratkozni
suspect.no_contact = ne ..2 (küldj~ | írj~ | keress~ | zaklass~) | nem ..3 (kérek | szeretnék | kívánok |
    akarok) ..3 MAILS | hagyj~ ..2 békén | stop | elég
ADDRESSED = kérem | kérjük | hogyan (iratkozhatok | tudok)
release.time = amíg | egyelőre | ezen a héten
release.condition = ha | amennyiben
"""
