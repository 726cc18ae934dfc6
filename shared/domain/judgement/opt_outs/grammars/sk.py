"""Slovak, the common demands only."""

GRAMMAR = """
ME     = ma | mňa | mi | nás | nám | môj email | moju adresu | moje údaje | moje osobné údaje | našu adresu |
    EMAIL
LIST   = (z | zo) [vášho | vašej | svojho | svojej | tohto | tejto | vašich | všetkých]* (zoznamu | databázy |
    odberu | mailing listu | newslettera | listu | adresára | zoznamov | kontaktov)
MAILS  = emaily | e maily | emailov | správy | správ | ponuky | ponúk | reklamu | reklamy | newsletter | maily |
    mailov | ďalšie | nič | žiadne | spam
PLEASE = prosím | prosím vás | láskavo | okamžite | ihneď | už | žiadam vás | žiadam o | chcem | chcel by som |
    chcela by som | COMMA
TAIL   = prosím | ďakujem | vďaka | dakujem | ihneď | okamžite | vopred ďakujem | viac | už | nikdy | znova
RM     = odstráňte | odstrániť | vyraďte | vyradiť | vymažte | vymazať | zmažte | odhláste | odhlásiť | odoberte
    | vyškrtnite
WRITE  = neposielajte | nepíšte | nekontaktujte | nezasielajte | neobťažujte | neotravujte
demand.remove = PLEASE* RM [ME] [PLEASE]* [LIST] TAIL* | PLEASE* ME [PLEASE]* RM [LIST] TAIL* | [PLEASE | ME]*
    WRITE [ME | PLEASE]* [už | viac | žiadne | ďalšie]* [MAILS] TAIL* | PLEASE* prestaňte [ME]* (posielať |
    písať | kontaktovať | obťažovať) [ME]* [MAILS] TAIL* | nechajte (ma | nás) (na pokoji | tak) TAIL*
demand.no_wish = (nechcem | nechceme | neželám si | neprajem si) [od vás]* [dostávať | prijímať]* [už | ďalšie |
    žiadne]* MAILS [od vás] TAIL*
bare.stop = [PLEASE]* (odhlásiť | odhláste | odhláste ma | stop | odhlásenie | unsubscribe | dosť) TAIL*
greeting = (dobrý deň | ahoj | vážený pán | zdravím) [COMMA] [NAME | OTHER]*
courtesy = ďakujem | vďaka | nie | nie ďakujem | prosím | ďakujem za (ponuku | správu) | pekný deň
JOIN   = a | ale | preto | takže | alebo
reason = (nemám | nemáme) záujem [o vašu ponuku]* | toto je spam
signoff = s pozdravom | ďakujem | vďaka | pekný deň
suspect.remove = (odstrá~ | vyra~ | vymaž~ | zmaž~ | odhlás~ | odober~ | vyškrt~) ..4 (ma | mňa | nás | moju |
    môj | moje | z | zo | našu) | (ma | mňa) ..2 (odhlásiť | vyradiť | odstrániť) | odhlás~
suspect.no_contact = neposielaj~ | nepíšte | nekontaktuj~ | nezasielaj~ | neobťažuj~ | prestaňte | nechcem ..3
    MAILS | neželám | neprajem
suspect.alone = nechajte ..2 (pokoji | tak) | stop | gdpr
ADDRESSED = prosím | môžete | mohli | ako sa
release.time = do | kým | zatiaľ
release.condition = ak | keď
"""
