"""Finnish, the common demands only."""

GRAMMAR = """
ME     = minut | meidät | minua | minulle | meille | osoitteeni | sähköpostini | tietoni | sähköpostiosoitteeni
    | yhteystietoni | nimeni | meitä | osoite | tämä osoite | henkilötietoni | kaikki tietoni | kaikki
    henkilötietoni | EMAIL
LIST   = [teidän | tältä | tästä | kaikilta | rekisteristänne]* (postituslistalta | postituslistaltanne |
    postituslistoilta | postituslistoiltanne | listalta | listaltanne | listoilta | listoiltanne |
    sähköpostilistalta | rekisteristä | rekisteristänne | rekistereistänne | tietokannasta | tietokannastanne |
    uutiskirjeestä | jakelulistalta | markkinointilistalta | jakelusta)
PLEASE = olkaa hyvä ja | ole hyvä ja | ystävällisesti | pyydän [teitä] | voisitteko | haluan | haluaisin | heti
    | välittömästi | pyydän | kiitos | haluamme | toivon että | vaadin | voisitko | jälleen
TAIL   = kiitos | heti | välittömästi | kiitos etukäteen | jatkossa | pysyvästi | enää | tästä lähtien |
    mahdollisimman pian | please | thanks | merci | ok | ciao | cheers
MAILS  = viestejä | sähköposteja | sähköpostia | mainoksia | viestejänne | uutiskirjeitä | postia | spämmiä |
    roskapostia | tällaisia viestejä | markkinointiviestejä | mainospostia | sähköpostiviestejä
RM     = poistakaa | poista | poistaa | poistamaan | poistettava | perukaa tilaukseni | peruuttakaa | unohtakaa
    | poistamista | poistoa
demand.remove = PLEASE* RM ME [TAIL]* [LIST] TAIL* | PLEASE* ME RM [LIST] TAIL* | PLEASE* (lopettakaa | lopeta |
    lopettamaan) [jo | heti]* (viestien | sähköpostien | näiden viestien | mainosten | viestittely | häirintä |
    tämä | roskapostin)* [lähettäminen | lähettely | lähettämisen]* [minulle] TAIL* | PLEASE* (älkää | älä)
    [enää | koskaan]* (lähettäkö | lähetä | ottako | ota | kirjoittako | häiritkö | olko | laittako | lähestykö)
    [enää | minulle | meille | yhteyttä | minuun | minua]* [MAILS] [enää | minulle]* TAIL* | (jättäkää | jätä)
    (minut | meidät) rauhaan TAIL*
request.remove = (voisitteko | voitteko | voisitko | voitko) [ystävällisesti]* RM ME [LIST] TAIL*
demand.no_wish = (en | emme) (halua | haluaisi | toivo | tahdo) [enää]* (vastaanottaa | saada | lisää)* [enää |
    teiltä | lisää]* [MAILS] [teiltä | enää]* TAIL* | ei enää MAILS TAIL* | (kiellän | vastustan)
    [henkilötietojeni | tietojeni]* (käytön | käsittelyn | suoramarkkinoinnin) TAIL*
bare.stop = [PLEASE]* (peru tilaus | peruuta tilaus | poista | poistakaa | lopeta | lopettakaa | stop | riittää
    | unsubscribe | peruutus) TAIL*
greeting = HELLO [COMMA] [NAME | OTHER]*
HELLO  = hei | moi | hyvä | terve | huomenta | päivää | moikka
courtesy = kiitos | ei kiitos | ei | kiitos mutta ei kiitos | kiitos (viestistä | tarjouksesta) | hyvää
    päivänjatkoa | mukavaa päivää | please | thanks | merci | ok | ciao | cheers | hi | hello | sorry
JOIN   = ja | mutta | joten | koska | muuten | siksi
reason = (en | emme) [ole]* (kiinnostunut | kiinnostuneita | tarvitse tätä | tilannut tätä | tilannut) | ei
    (kiinnosta | kiinnostusta) [meitä | minua]* | meillä on (jo)* toimittaja | väärä henkilö | (en | emme) ole
    (koskaan)* (tilannut | antanut lupaa | liittynyt) [tätä | listalle | teille]* | tämä on (roskapostia |
    häirintää)
signoff = terveisin | ystävällisin terveisin | t | kiitos | yst terv | parhain terveisin
FUZZY  = postituslistalta | poistakaa | sähköposteja
suspect.remove = (poistakaa | poista | poistaa | poistamaan | poistoa | unohtakaa) ..4 (minut | meidät | ME |
    LIST | tietoni | osoitteeni) | (minut | meidät) ..3 (pois | poistaa | LIST) | peru tilaus | peruuta tilaus |
    unsubscribe
suspect.stop = lopettakaa | lopeta | stop | riittää | jättäkää ..2 rauhaan | jätä ..2 rauhaan | haista |
    painukaa
suspect.no_contact = (älkää | älä) ..3 (lähettäkö | lähetä | ottako | ota | kirjoittako | häiritkö | lähestykö |
    laittako | olko) | (en | emme | ei) ..4 (vastaanottaa | saada | MAILS | lisää)
suspect.data = kiellän | vastustan | gdpr | roskapostia | häirintää
ADDRESSED = voisitteko | voitteko | voisitko | voitko | miten (voin | perun)
release.condition = jos | kun | ellei
release.time = ennen | toistaiseksi | vielä | tällä viikolla
release.elsewhere = soittakaa | soita | mieluummin | EMAIL
"""
