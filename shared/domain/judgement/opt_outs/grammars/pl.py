"""Polish."""

GRAMMAR = """
# --- who and what -------------------------------------------------------------------------------------------------
MY     = mój | moje | moich | moja | moją | moim | nasz | nasze | naszych | naszą | mojego | naszego | mojej |
    wszystkie moje | wszystkich moich | wszelkie moje | moi | swoich | swojej | naszej
DATUM  = adres | adresu | dane | danych | dane osobowe | danych osobowych | adres email | adresu email | adresy
    | kontakt | kontaktu | dane kontaktowe | danych kontaktowych | nazwisko | skrzynkę | skrzynki | firmę |
    firmy | adresów | imię i nazwisko | konto | adres mailowy | adres e mailowy | adres emailowy
MINE   = MY DATUM [(i | oraz | lub) [MY] DATUM] | (ten | tego) (adres | adresu)
ME     = mnie | nas | mi | nam | mną | nami | MINE | EMAIL | się
YOUR   = waszej | waszych | waszego | państwa | swojej | swoich | pana | pani | tej | tego | tych | wszystkich |
    swojego | wszystkich swoich | wszelkich | całej | twojej | twoich | każdej | jakiejkolwiek
LISTN  = listy | list | listy mailingowej | list mailingowych | bazy | baz | bazy danych | baz danych |
    newslettera | newsletterów | mailingu | mailingów | bazy mailingowej | listy dystrybucyjnej | listy
    adresowej | systemu | systemów | crm | kampanii | subskrypcji | listy kontaktów | bazy adresowej | bazy
    kontaktów | listy wysyłkowej | listy odbiorców | rejestru | wysyłki | listy adresatów | bazy marketingowej |
    bazy klientów
LIST   = (z | ze | od) [YOUR] LISTN [YOUR] [(i | oraz) [z] LISTN] [marketingowej | marketingowych] | stąd | z
    tego
MAILS  = wiadomości | wiadomość | email | emaili | maili | emaile | maile | maila | ofert | oferty | oferta |
    reklam | reklamy | spamu | spam | newsletterów | newslettera | informacji | korespondencji | propozycji |
    kontaktu | ofert handlowych | informacji handlowych | treści | śmieci | mailingu | mailingów | tego typu
    (wiadomości | maili | ofert | treści | informacji) | takich (wiadomości | maili | ofert | rzeczy) |
    przypomnień | niczego więcej | nic więcej | żadnych (wiadomości | maili | ofert) | poczty | zapytań |
    marketingu | spamowania | zaczepek
SUCH   = więcej | kolejnych | dalszych | takich | tych | żadnych | waszych | państwa | tego typu | już | innych
    | podobnych | kolejnej | niechcianych | jakichkolwiek | od was | od państwa | tego | tego rodzaju |
    reklamowych | handlowych | następnych | swoich | te | wszelkich | kolejne
PLEASE = proszę [o to | was | państwa | uprzejmie | bardzo | pana | panią | grzecznie | ponownie | stanowczo |
    również]* [aby | żeby | o to aby | o]* | prosimy [o | aby | państwa | uprzejmie]* | bardzo proszę [o] |
    uprzejmie proszę [o] | uprzejmie prosimy [o] | poproszę o | chciałbym prosić o | chciałbym poprosić o |
    chciałabym prosić o | żądam | żądamy | wnoszę o | życzę sobie [aby | żeby] | natychmiast | ponownie |
    jeszcze raz | po raz ostatni | po raz kolejny | po raz trzeci | po raz drugi | również | też | więc | zatem
    | niniejszym | wzywam do | domagam się | oczekuję | pls | natychmiastowe | trwałe | niezwłocznie |
    niezwłoczne | całkowite | stanowczo | COMMA | prośba o | raz na zawsze | będę (wdzięczny | wdzięczna) za |
    zwracam się z prośbą o | może | może mnie | byłbym wdzięczny za | byłabym wdzięczna za | prośba | no | ej |
    weźcie | uprzejmie proszę | uprzejmie proszę o | proszę więc | proszę jednak
WANT   = chcę | chcemy | chciałbym | chciałabym | chcielibyśmy | wolałbym | wolałabym
NOW    = teraz | już
LAW    = (na podstawie | zgodnie z | w myśl | w oparciu o | na mocy) [ARTICLE] [NUMBER]* [ust]* [NUMBER]* (rodo
    | gdpr | ustawy | przepisami rodo | przepisów rodo)
ARTICLE = (art | artykułu | artykułem | art .) NUMBER
TAIL   = proszę | dziękuję | dzięki | dziękujemy | natychmiast | z góry dziękuję | niezwłocznie | od zaraz | jak
    najszybciej | w przyszłości | nigdy więcej | więcej | raz na zawsze | od teraz | pilnie | LAW | bezzwłocznie
    | pozdrawiam | na stałe | trwale | ponownie | w trybie pilnym | ze skutkiem natychmiastowym | nigdy | z góry
    dzięki | w ogóle | na zawsze | please | thanks | merci | ok | ciao | cheers
CONFIRM = (i | oraz | COMMA)* [proszę]* (o)* (potwierdzenie | potwierdzić | potwierdźcie) [usunięcia | tego | mi
    | wykonania]*
# --- demands ------------------------------------------------------------------------------------------------------
RM     = usunąć | usunięcie | usunięcia | usuńcie | usuń | usunięto | wykreślić | wykreślenie | wykreślcie |
    wykreśl | skreślić | skreślenie | skreślcie | wypisać | wypisanie | wypiszcie | wypisz | wyrzucić |
    wyrzućcie | skasować | skasowanie | skasujcie | wyrejestrować | wyrejestrowanie | wyrejestrujcie | usuwać |
    zapomnieć | zapomnijcie o | zaprzestanie wykorzystywania | wyłączyć | wycofać | zdjąć | usunęli | wypisali |
    wymazać | wymażcie | usunie | usunięcia | odsubskrybować | zablokować | zablokujcie | anulować | anulowanie
    | usuwanie | wyczyścić | wypisania | wykasować | wykasujcie | wykasowanie
AWAY   = [ME | MINE] RM [ME | MINE] [TAIL]* [LIST] | RM (mojego | naszego | moich | mojej | wszystkich moich)
    [DATUM] [LIST] | (aby)* (MINE) (został | zostały | zostało) (usunięty | usunięte | wykreślony) [LIST] |
    (wpiszcie | dodajcie | wpisać | dodać) (mnie) (na | do) (czarną listę | czarnej listy | listy robinsona) |
    anulować subskrypcję | rezygnacja z (subskrypcji | newslettera) | może (mnie | nas) (pan | pani | państwo)
    RM [LIST] | mogą mnie państwo RM [LIST] | (mnie) (pan | pani | państwo) RM [LIST] | wykreślenie [moich |
    mojego] [DATUM] z (państwa | waszej) (bazy | listy) | RM (mój | mojego | nasz | naszego) (email | emaila |
    maila) LIST
SEND   = wypisywać | pisać | piszcie | pisz | wysyłać | wysyłajcie | wysyłaj | wysyłali | przysyłać |
    przysyłajcie | przesyłać | przesyłajcie | kontaktować | kontaktujcie | kontaktuj | kontaktować się | nękać |
    nękajcie | spamować | spamujcie | spamuj | zawracać głowy | zaczepiać | zaśmiecać | zaśmiecajcie | męczyć |
    przeszkadzać | niepokoić | niepokójcie | mailować | wysłać | nachodzić | kierować | kontaktowania |
    wysyłania | pisania | przesyłania | wykorzystywać | używać | zawracajcie | wysyłanie | przysyłanie |
    kontaktowanie | nagabywać | wysyłano | kontaktowali | nadsyłać | kierowanie | kontakt
QUIT   = (przestać | przestańcie | przestań | skończcie | skończ | zaprzestańcie | zaprzestać | zaprzestanie |
    dość | koniec | dosyć | zaprzestania | wstrzymać | wstrzymajcie | zaniechanie | stop | przestali |
    zakończcie | zakończyć | nie zaczynajcie) [już | natychmiast | z | do | tego]* [mi | mnie | nam | do mnie |
    do nas | się ze mną]* [SEND] [się]* [mi | mnie | nam | do mnie | do nas | ze mną]* [z]* [SUCH | tymi | tym]*
    [MAILS | mailami] [na (MINE | ten adres)] | (dajcie | daj | proszę dać | dać) (mi | nam) [święty | w końcu |
    już]* spokój | zostawcie (mnie | nas) w spokoju | proszę zostawić mnie w spokoju | (dajcie | daj) (mi | nam)
    [święty]* spokój [z (tym | tymi | waszym | waszymi) (spamem | mailami | ofertami | emailami)]
NOMORE = (nie) [SUCH | mi | nam | mnie | do mnie | do nas | się | ze mną | z nami]* SEND [SUCH | mi | nam | mnie
    | do mnie | do nas | się | ze mną | z nami | nigdy]* [MAILS] [SUCH]* [na (MINE | ten adres)] [do mnie | do
    nas]* | [SUCH | PLEASE]* nie SEND [SUCH | mi | do mnie | się | ze mną]* [MAILS] | (o)* (nie)* (niewysyłanie
    | nieprzesyłanie | niekontaktowanie) [się | mi | nam | do mnie | ze mną | SUCH]* [MAILS] [SUCH]* | (więcej |
    już | mi | nam | do mnie | do nas | się | ze mną | z nami | na ten adres | nigdy)* nie [SUCH | mi | do mnie
    | się | ze mną]* SEND [do mnie | do nas | mi | nam | się | ze mną | z nami | SUCH]* [MAILS] [SUCH]* | (brak
    | zero) [SUCH]* (kontaktu | MAILS) | (o)* (nie)* (niekontaktowanie | niewysyłanie | nieprzesyłanie) [się]
    [ze mną | z nami] [mi | do mnie | SUCH]* [MAILS] [w przyszłości] | (o)* (zaprzestanie | zakończenie |
    wstrzymanie) (korespondencji | wysyłki | kontaktu | wysyłania SUCH* MAILS | przesyłania SUCH* MAILS) | (nie
    ma potrzeby | nie trzeba | nie musicie | nie musi pan) [do mnie | do nas | SUCH]* (pisać | wysyłać |
    kontaktować się) [ponownie | więcej | do mnie]*
VERB   = AWAY | QUIT | NOMORE
demand.remove = [LAW] [COMMA] PLEASE* VERB TAIL* [CONFIRM] | PLEASE* VERB (i | oraz) PLEASE* [o]* VERB TAIL*
    [CONFIRM] | PLEASE* WANT PLEASE* AWAY TAIL* [CONFIRM] | [NOW] PLEASE* (AWAY | QUIT) NOW TAIL* | NOW PLEASE*
    (AWAY | QUIT) TAIL*
request.remove = [czy]* (możecie | mogą państwo | może pan | może pani | możesz | mógłby pan | mogłaby pani |
    moglibyście | mogliby państwo | mogę prosić o | można | czy mogę prosić o | mogę | mógłbyś | mogłabyś |
    można prosić o | czy mogłabym prosić o | mógłbym prosić o) PLEASE* (AWAY | NOMORE | QUIT) TAIL* | czy
    (mogliby | mógłby | mogłaby) (mnie | nas) (państwo | pan | pani) RM [LIST] [z (tego | tej) (LISTN)] TAIL* |
    czy (mogliby | mógłby | mogłaby) (państwo | pan | pani) (mnie | nas) RM [LIST] TAIL*
demand.leave = (rezygnuję | rezygnujemy | wypisuję się | chcę się wypisać | chciałbym się wypisać | chciałabym
    się wypisać | chcę zrezygnować) (z | ze) [YOUR] (LISTN | subskrypcji | otrzymywania [SUCH]* MAILS) [YOUR]
    TAIL* | (chcę | chciałbym | chciałabym | żądam) (zostać | być) (usunięty | usunięta | wypisany | wypisana |
    skreślony) [LIST] TAIL* | [LAW] [COMMA] (żądam | żądamy | wnoszę o | domagam się) [LAW] [natychmiastowego |
    niezwłocznego | całkowitego | trwałego]* (usunięcia | wykreślenia | zaprzestania przetwarzania | skasowania)
    [MY] [DATUM] [LIST] [LAW] TAIL* | korzystam z prawa do (bycia zapomnianym | usunięcia danych | sprzeciwu)
    [LAW] TAIL*
demand.no_wish = (nie) [chcę | chcemy | życzę sobie | życzymy sobie | zgadzam się na | wyrażam zgody na |
    wyrażam zgody na | mam ochoty | chciałbym | chciałabym | interesuje mnie | zgadzamy się na | zamierzam |
    wyrażamy zgody na] [już | więcej | dalej]* (otrzymywać | dostawać | otrzymywania | otrzymywanie | dostawania
    | SUCH | kontaktu | czytać | widzieć | przesyłanie | wysyłanie | dalszy kontakt)* [SUCH]* [MAILS] [od (was |
    państwa | pana | pani | waszej firmy | państwa firmy)] [SUCH]* TAIL* | (wolałbym | wolałabym | wolelibyśmy)
    nie (dostawać | otrzymywać) [SUCH]* [MAILS] [w tej sprawie | na ten temat]* TAIL* | (drugiego | trzeciego |
    czwartego | piątego | kolejnego) [maila]* nie chcę TAIL*
demand.no_more = (żadnych | zero | koniec z | dość | dosyć | ani jednej | bez | nigdy) [SUCH]* MAILS [więcej |
    od was | od państwa]* TAIL*
demand.object = [LAW] [COMMA] [niniejszym] (sprzeciwiam się | wnoszę sprzeciw wobec | cofam | wycofuję | wyrażam
    sprzeciw wobec | zgłaszam sprzeciw wobec | odwołuję | wnoszę sprzeciw) [LAW] [zgodę na | moją zgodę na |
    zgodę | wobec]* (przetwarzaniu | przetwarzania | przetwarzanie | wykorzystywaniu | kontakt | otrzymywanie
    MAILS)* [MINE] [w celach (marketingowych | handlowych) | do celów marketingowych] [i (żądam | proszę o)
    (ich)* usunięcia | i proszę o (ich)* usunięcie] [LAW] TAIL*
bare.stop = [PLEASE]* (wypisz | wypisać | wypisanie | wypisz mnie | wypisać mnie | rezygnuję | rezygnacja | usuń
    | usuń mnie | usunąć | usunięcie | wypis | stop | przestańcie | przestań | unsubscribe | skreślić | proszę
    przestać | wypiszcie mnie | wypisuję się | usuńcie mnie) TAIL* | [i] nigdy więcej TAIL* | (stop |
    unsubscribe) NOW TAIL*
# --- around it ----------------------------------------------------------------------------------------------------
greeting = HELLO [COMMA] [NAME | OTHER | państwo | pan | pani | panie | szanowni | wszystkim | wam]*
HELLO  = dzień dobry | witam | cześć | hej | szanowni państwo | szanowny panie | szanowna pani | dobry wieczór |
    hello | szanowny | szanowna | witam serdecznie | siema | dziendobry | halo
courtesy = dziękuję | dzięki | nie | nie dziękuję | nie dzięki | proszę | dziękuję za (wiadomość | email | maila
    | ofertę | kontakt | zrozumienie | propozycję | informację | pamięć) | dziękuję ale nie [dziękuję |
    skorzystam] | przykro mi | powodzenia | miłego dnia | życzę (powodzenia | miłego dnia | sukcesów) | z góry
    dziękuję | ostatnie ostrzeżenie | ok | dziękujemy | natychmiast | dość | dosyć | wystarczy | to wszystko |
    proszę o potwierdzenie [usunięcia | wypisania | usunięcia danych]* | czekam na potwierdzenie | po raz
    ostatni | bez urazy | przepraszam | serdecznie dziękuję | bardzo dziękuję | pozdrawiam | nie skorzystam |
    spasuję | please | thanks | merci | ok | ciao | cheers | hi | hello | sorry | dziękuję za (wiadomość |
    propozycję | ofertę | zainteresowanie | pamięć) | bardzo miło [że państwo o nas pomyśleli]* | miło że
    państwo o nas (pomyśleli | myślą) | miłego (weekendu | dnia | tygodnia | popołudnia) | dobrego dnia |
    udanego (dnia | weekendu) | życzę sukcesów | wszystkiego dobrego | nara | spoko | no nie | dzięki ale nie
JOIN   = i | oraz | ale | więc | bo | ponieważ | dlatego | a | albo | lub | inaczej | gdyż | zatem | w
    przeciwnym razie | w związku z tym | lecz | tak więc | też | dodatkowo | jednak
SERVICE = ofertą | tą ofertą | waszą ofertą | państwa ofertą | ofercie | oferta | współpracą | tym | tego |
    waszymi usługami | państwa usługami | produktem | usługą | usług | państwa oferta | wasza oferta | takich
    usług | tą propozycją | takimi ofertami | propozycja | propozycją | tematem
reason = (brak) (zainteresowania | potrzeb) | nieaktualne | (mamy | mam | korzystamy | współpracujemy) [już]
    [z]* [innego | stałego | swojego | innym | własnego]* (dostawcę | dostawcy | dostawcą | rozwiązanie |
    partnera | wykonawcę | agencję) | (nie jestem | nie jesteśmy) (właściwą osobą | odpowiednią osobą |
    adresatem) | (pomyłka | zła osoba | zły adres | niewłaściwa osoba | błędny adres) | (prosiłem | prosiłam |
    pisałem | pisałam | mówiłem | mówiłam | prosiliśmy) [już | o to | was | NTIMES]* | (już) (prosiłem |
    prosiłam | pisałem | pisałam | prosiliśmy) [o to | NTIMES]* | (to | to już) (jest)* [już]* (drugi | druga |
    trzeci | trzecia | czwarty | ostatni | ostatnia | kolejny | moja | mój)* (raz | prośba | email | wiadomość |
    mail) [gdy (proszę | piszę)]* | (to | to jest | wasze emaile)* (są)* (spam | nękanie | irytujące | męczące |
    nielegalne | denerwujące | niechciana korespondencja) | (mam | mamy) (dość | dosyć) [SUCH]* [MAILS] | nie
    znam (was | państwa | pana | pani) | (albo | inaczej | w przeciwnym razie)* (zgłoszę | zgłaszam | zablokuję
    | złożę skargę | zgłosimy | podejmę kroki prawne) [to | was | sprawę | do | jako | uodo | spam | puodo |
    urzędu | odpowiednich organów | w]* | (dostaję | otrzymuję) (zbyt wiele | za dużo | zbyt dużo) [MAILS] |
    (temat | to) (mnie | nas) nie (dotyczy | interesuje) | (to) nie (jest)* dla (nas | mnie) | (nie zajmuję się
    | nie zajmujemy się) (już)* (zakupami | tym | tym tematem | marketingiem) | (już)* nie pracuję (tam | tu | w
    NAME | w tej firmie)* | jestem (na emeryturze | emerytem) [od NAME] | wybraliśmy (już)* (innego dostawcę |
    inne rozwiązanie | inną firmę) | LAW | to już nękanie | to (jest)* (już)* (nękanie | przesada) | krótka
    odpowiedź [na krótkie pytanie] | (dostałem | dostałam | otrzymałem) [COMMA]* ((pierwszy | drugi | trzeci |
    i))* (email | mail | wiadomość) | tak | nie (jestem | jesteśmy) [już | w ogóle | tym | absolutnie]*
    (zainteresowany | zainteresowana | zainteresowani) [SERVICE] | nie (mam | mamy) (zainteresowania | potrzeby)
    [SERVICE] | nie interesuje (mnie | nas) [to | SERVICE] | nie dotyczy (mnie | nas) | nie (potrzebuję |
    potrzebujemy) (tego | SERVICE) | (nigdy | nie) [się]* (nie)* [się]* (wyrażałem | wyrażałam | wyraziłem |
    wyraziłam | zapisywałem | zapisywałam | prosiłem | prosiłam | dawałem | zgadzałem | zgadzałam | podawałem |
    zamawiałem | zapisałem | wyrażaliśmy | udzielałem | subskrybowałem) [się]* [zgody | o to | o kontakt | na to
    | na (waszą | tę)* (listę | newsletter) | do (newslettera | listy) | na (taki)* kontakt | na otrzymywanie
    SUCH* MAILS | maila | adresu]*
NTIMES = dwa razy | trzy razy | kilka razy | wielokrotnie | dwukrotnie | wcześniej | już | NUMBER razy |
    kilkukrotnie | wiele razy
question = (skąd) (macie | mają państwo | ma pan | ma pani | masz | wzięliście) MINE | kto (wam | państwu) (dał
    | podał | udostępnił) MINE | kim (jesteście | państwo są | pan jest) | ile razy (mam | mogę | trzeba)
    (prosić | pisać | powtarzać | mówić) | dlaczego [ciągle | wciąż | nadal]* (do mnie (piszecie | państwo
    piszą) | (dostaję | wysyłacie mi) [SUCH]* MAILS)
signoff = pozdrawiam | z poważaniem | pozdrowienia | z wyrazami szacunku | dziękuję | serdecznie pozdrawiam |
    pozdrawiam serdecznie | łączę pozdrowienia | dzięki | z pozdrowieniami | miłego dnia | pozdr | dziękuję i
    pozdrawiam | z góry dziękuję
# --- suspicion ----------------------------------------------------------------------------------------------------
FUZZY  = wypisać | usunąć | wypisanie | usunięcie | wiadomości | otrzymywać | kontaktować | mailingowej | proszę
suspect.unsubscribe = wypisać | wypisz | wypiszcie | wypisanie | wypisania | wypis | wyrejestr~ | rezygnuję |
    rezygnacja | odsubskrybować | unsubscribe | wypisuję | zrezygnować ..3 (newsletter~ | subskrypcji) |
    rezygnujemy | wypisany | wypisana | anulować subskrypcję
suspect.remove = (usunąć | usunięcie | usunięcia | usuńcie | usuń | wykreślić | wykreślenie | wykreślcie |
    wykreślenia | skreślić | skreślenie | skreślcie | wyrzucić | wyrzućcie | skasować | skasowanie | skasujcie |
    zapomnijcie | zapomnieć | usunięty | usunięta | usunęli | wymazać | usuwanie | wykasować | wykasujcie) ..5
    (mnie | nas | mój | moje | moich | mojego | nasz | nasze | naszych | LISTN | danych | dane | adres | adresu
    | EMAIL | email) | (mnie | nas | mój | moje | dane | adres) ..3 (usunąć | wykreślić | skreślić | usunięcie |
    usunięto | usunięte | usunięty) | (usun~ | usuń~ | wykreśl~ | skreśl~ | skas~ | wymaż~ | wypisz~) ..5 (mnie
    | nas | go | ją | LISTN | baz~ | list~ | danych | dane) | (mnie | nas) ..3 (usun~ | wykreśl~ | skreśl~ |
    wypis~)
suspect.stop = (przestać | przestańcie | przestań | skończcie | skończ | zaprzestańcie | zaprzestać |
    zaprzestanie | zaprzestania | dość | dosyć | koniec | stop | wstrzymać | zaniechanie) ..5 (pisać | wysyłać |
    przysyłać | przesyłać | kontaktować | nękać | spamować | MAILS | maili | spamu | wysyłania | tego | tym | z
    | do mnie | mi | zaśmiecać)
suspect.no_contact = (nie | nigdy | bez | ani) ..5 TOUCH | niewysył~ | nieprzesył~ | niekontakt~ | (żadnych |
    żadnej | zero | więcej | wolałbym nie | wolałabym nie | zbędne | zbędny | zaprzestanie | zaprzestania |
    zaniechanie) ..4 TOUCH
suspect.alone = (dajcie | daj | dać | zostawcie | zostaw) ..3 (spokój | spokoju) | spadajcie | spadaj |
    odczepcie | odczep | odwalcie | odwal | spierdalaj~ | wypierdalaj~ | odpierdol~
suspect.data = sprzeciw | sprzeciwiam | rodo | zgodę | zgody | uodo | skargę | bycia zapomnianym | pozew | kroki
    prawne
suspect.complaint = spam | zablokowałem | zablokowałam | zgłaszam | zgłoszę | nękanie | czarną listę | czarnej
    liście | fatygować | fatygujcie | spamu | śmieci | uodo
suspect.dead = nie żyje | zmarł | zmarła
suspect.ensure = (dopilnować | dopilnujcie | zadbać | zadbajcie | upewnić) ..8 (żadne | żaden | nie | więcej) |
    nigdy więcej | (drugiego | trzeciego | czwartego | piątego | kolejnego) ..1 nie ..1 (chcę | potrzebuję) |
    nie kontaktować
suspect.bare = stop | dość | dosyć | przestańcie | przestań
ADDRESSED = proszę | prosimy | możecie | mogą państwo | może pan | może pani | możesz | mógłby | mogłaby |
    moglibyście | jak (mogę | się wypisać) | czy mogę | mogliby | mógłbyś | jak (z tego | z tej | to | przestać)
    | jak się
release.condition = jeśli | jeżeli | gdy | gdyby | chyba że | dopóki | kiedy
release.time = do (NUMBER | września | stycznia | końca) | przed | na razie | w tym tygodniu | w tym miesiącu |
    obecnie | w przyszłym (tygodniu | miesiącu) | jeszcze | aktualnie
release.reported = (klienci | użytkownicy | ludzie | odbiorcy | ktoś | wielu | szef) ..3 (mówią | piszą |
    odpowiadają | pytają | chcą | mówi | się | mogą) | prawie | zamiast | jak użytkownicy
release.elsewhere = (zadzwonić | dzwonić | proszę dzwonić | zadzwońcie) | telefonicznie | zamiast tego | lepiej
    | (pisać | kontakt | kontaktować się | skontaktować się | napisać) (do | na | z) (NAME | EMAIL | mojego |
    moim) | EMAIL | na linkedin | przez whatsapp | wolę maile
release.other = (usunąć | usunięcie | wykreślić | skreślić | usuńcie | anulować | wypisanie) [mój | moją | nasz
    | z oferty | drugi | drugą | pierwszy | NUMBER | pozycję | stary]* (pozycję | pozycji | załącznik |
    spotkanie | wiersz | faktury | fakturę | punkt | linię | produkt | klauzulę | stronę | logo | użytkownika |
    link | zaproszenie) | dw | kopii | listy oczekujących | demo | dzwonić | w spokoju
release.opposite = przez pomyłkę | nie (przestawajcie | przestawać | przestańcie) | (w | folderze) spamie | do
    spamu
GRATEFUL = wdzięczny | wdzięczna | wdzięczni | proszę | prosimy | uprzejmie | będę | najprościej
TOUCH  = pisa~ | pisz~ | pisan~ | wysył~ | wysła~ | przysył~ | przesył~ | kontakt~ | nęka~ | spam~ | otrzym~ |
    dostawa~ | dostaj~ | dostac | niepoko~ | mailow~ | kierow~ | przeszkadz~ | życz~ | wykorzyst~ | zawraca~ |
    zgadza~ | męcz~ | korespond~ | wiadomości | maili | emaili | ofert | MAILS | nadsył~ | zaczepia~ | odzywa~ |
    informacji | używa~
"""
