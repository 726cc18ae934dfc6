"""Czech, the common demands only."""

GRAMMAR = """
ME     = mě | mne | mi | nás | nám | můj email | mou adresu | moji adresu | moje údaje | mé údaje | mé osobní
    údaje | moje osobní údaje | náš email | naši adresu | EMAIL
LIST   = (z | ze) [vašeho | vaší | svého | své | tohoto | této | všech | vašich]* (seznamu | databáze | odběru |
    mailing listu | mailinglistu | listu | newsletteru | rozesílky | adresáře | seznamů | kontaktů) [adresátů |
    kontaktů]
MAILS  = emaily | e maily | emailů | zprávy | zpráv | nabídky | nabídek | reklamu | reklamy | newsletter | maily
    | mailů | další | nic | žádné | spam | sdělení
PLEASE = prosím | prosím vás | laskavě | okamžitě | ihned | už | již | žádám vás | žádám o | prosím o | rád bych
    | ráda bych | chci | chtěl bych | chtěla bych | COMMA
TAIL   = prosím | děkuji | díky | dekuji | ihned | okamžitě | předem děkuji | více | už | nikdy | znovu
RM     = odstraňte | odstranit | odstraňte prosím | vyřaďte | vyřadit | vymažte | vymazat | smažte | smazat |
    odhlaste | odhlásit | odebrat | odeberte | vyškrtněte | odstranění
WRITE  = neposílejte | nepište | nekontaktujte | nezasílejte | neobtěžujte | neotravujte
demand.remove = PLEASE* RM [ME] [PLEASE]* [LIST] TAIL* | PLEASE* ME [PLEASE]* RM [LIST] TAIL* | [PLEASE | ME]*
    WRITE [ME | PLEASE]* [už | již | více | žádné | další]* [MAILS] TAIL* | PLEASE* přestaňte [ME]* (posílat |
    psát | kontaktovat | obtěžovat | spamovat) [ME]* [MAILS] TAIL* | nechte (mě | nás) (na pokoji | být) TAIL*
demand.no_wish = (nechci | nechceme | nepřeji si | nepřejeme si | nemám zájem) [od vás]* [dostávat | přijímat |
    o]* [už | již | další | žádné]* MAILS [od vás] TAIL*
bare.stop = [PLEASE]* (odhlásit | odhlaste | odhlaste mě | stop | odhlášení | unsubscribe | dost) TAIL*
greeting = (dobrý den | ahoj | vážený pane | vážená paní | zdravím) [COMMA] [NAME | OTHER]*
courtesy = děkuji | díky | ne | ne děkuji | prosím | děkuji za (nabídku | zprávu | pochopení) | hezký den
JOIN   = a | ale | proto | takže | nebo
reason = (nemám | nemáme) zájem [o vaši nabídku | o to]* | nezajímá (mě | nás) [to]* | toto je spam
signoff = s pozdravem | děkuji | díky | hezký den
suspect.remove = (odstraň~ | odstran~ | vyřa~ | vymaž~ | smaž~ | odhlas~ | odhlás~ | odeber~ | vyškrt~) ..4 (mě
    | mne | nás | mou | můj | moje | mé | z | ze | naši) | (mě | mne) ..2 (odhlásit | vyřadit | odstranit) |
    odhlás~
suspect.no_contact = neposílej~ | nepište | nekontaktuj~ | nezasílej~ | neobtěžuj~ | neotravuj~ | přestaňte |
    nechci ..3 MAILS | nepřej~
suspect.alone = nechte ..2 (pokoji | být) | stop | gdpr
ADDRESSED = prosím | můžete | mohl | jak se
release.time = do | dokud | tento týden | zatím
release.condition = pokud | když | jestli
"""
