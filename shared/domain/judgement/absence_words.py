# ruff: noqa: E501 - the words of one language stay on one line
"""The words around the dates of absence notices, per language."""

from __future__ import annotations

# Lead words per language: of the day of return, of the end of the absence, of its last day; then what makes an end
# "inclusive" behind the date, and what joins the two ends of a range.
LEADS: dict[str, tuple[str, str, str, str, str]] = {
    "en": (
        r"(?:back(?: (?:in|at) (?:the |my )?(?:office|work|desk))?|return(?:ing|s)?(?: (?:to|back to) (?:the |my )?(?:office|work|desk))?|available(?: again)?|in the office(?: again)?|re-?open(?:s|ed|ing)?|open again|resum(?:e|es|ing)(?: (?:normal )?(?:work|business|operations|service))?)(?: (?:again|as of|from|starting))?(?: on)?",
        r"(?:until|till|til|up to|before)",
        r"(?:through|thru|up to and including|until and including|last day (?:of (?:leave|absence) )?(?:is|being))",
        r"(?:inclusive|included|incl\.?)",
        r"(?:to|until|till|through|-|and)",
    ),
    "de": (
        r"(?:(?:zurück|wieder(?: (?:da|im büro|erreichbar|im haus|für sie da|zurück))?|erreichbar|verfügbar|rückkehr|geöffnet)(?: bin ich)?(?: ist)?(?: wieder)? (?:ab|am)(?: dem)?|ab(?: dem)?(?= [^!?\n]{0,40}(?:wieder|zurück|erreichbar))|am(?= [^!?\n]{0,30}(?:wieder (?:da|im|zurück|erreichbar|geöffnet|für sie)|zurück)))",
        r"(?:bis(?: zum)?)",
        r"(?:bis (?:einschließlich|einschl\.?|inklusive|inkl\.?|und mit)(?: dem| zum)?|bis zum (?:einschließlich|inklusive))",
        r"(?:einschließlich|einschl\.?|inklusive|inkl\.?)",
        r"(?:bis(?: zum| einschließlich)?|-)",
    ),
    "fr": (
        r"(?:(?:de )?retour(?: au bureau)?(?: prévu)?(?: à partir)?|(?:serai|suis) (?:de retour|de nouveau (?:joignable|disponible))|à mon retour|rouvr(?:e|ons|irons|ira|ent|iront)(?: ses portes| nos portes)?|réouverture|reprise(?: d'activité)?)(?: le| du| dès le)?",
        r"(?:jusqu'?au|jusqu'?à)",
        r"(?:jusqu'?au (?=[^.\n]{1,40}inclus)|dernier jour d'absence)",
        r"(?:inclus(?:ivement)?|compris)",
        r"(?:au|jusqu'?au|-|et le)",
    ),
    "es": (
        r"(?:(?:regreso|regresar[eé]|vuelvo|volver[eé]|vuelta|reincorporar[eé]|retorno|de vuelta|de regreso|disponible(?: de nuevo)?|me reincorporo|me reincorporar[eé]|reabr(?:e|imos|iremos|ir[aá])|reapertura|volvemos|volveremos|retomamos(?: la actividad)?)(?: a la oficina)?)(?: a partir del?| el(?: d[ií]a)?| desde el)?",
        r"(?:hasta(?: el)?(?: d[ií]a)?)",
        r"(?:hasta el [uú]ltimo d[ií]a|[uú]ltimo d[ií]a)",
        r"(?:inclusive|incluido|ambos inclusive)",
        r"(?:al|hasta el|-|y el)",
    ),
    "it": (
        r"(?:(?:rientro|rientrerò|ritorno|tornerò|di ritorno|di nuovo (?:in ufficio|disponibile|operativo)|sarò di nuovo (?:in ufficio|disponibile)|disponibile|riapr(?:e|iamo|iremo|irà|iranno|ono)|riapertura|torniamo|torneremo)(?: in ufficio)?(?: previsto)?)(?: a partire dal| dal| il| per il)?",
        r"(?:fino al|fino a|sino al|fino all')",
        r"(?:ultimo giorno)",
        r"(?:compreso|incluso|inclus[ao])",
        r"(?:al|fino al|-)",
    ),
    "nl": (
        r"(?:(?:terug(?: op kantoor)?|weer (?:aanwezig|bereikbaar|op kantoor|beschikbaar|terug|open)|heropen(?:t|en|d))(?: ben ik)?)(?: op| vanaf| per)?|(?:vanaf|op)(?= [^!?\n]{0,30}(?:weer|terug))",
        r"(?:tot(?! en met))",
        r"(?:tot en met|t/m|t\.e\.m\.|tem)",
        r"(?:inbegrepen|incluis)",
        r"(?:tot en met|t/m|tot|-)",
    ),
    "pt": (
        r"(?:(?:regresso|regressarei|retorno|retornarei|volto|voltarei|de volta|estarei de volta|disponível|reabr(?:e|imos|iremos|irá)|reabertura|retomamos|voltamos|voltaremos|regressamos)(?: ao (?:escrit[oó]rio|trabalho))?)(?: a partir de| no dia| em| dia| a)?",
        r"(?:at[eé](?: ao| o)?(?: dia)?)",
        r"(?:[uú]ltimo dia)",
        r"(?:inclusive|incluído)",
        r"(?:a|ao|at[eé](?: ao)?|-|e)",
    ),
    "pl": (
        r"(?:(?:wracam|wrócę|powrót|będę (?:z powrotem|ponownie|znów)|dostępn[ya](?: będę)?|powracam|wracamy|otwieramy(?: ponownie)?|wznawiamy pracę)(?: do (?:biura|pracy))?)(?: od| dnia| w dniu| w)?",
        r"(?:do(?: dnia)?)",
        r"(?:do dnia (?=[^.\n]{1,40}włącznie))",
        r"(?:włącznie)",
        r"(?:do|-)",
    ),
    "sv": (
        r"(?:(?:tillbaka|åter(?: på (?:kontoret|plats))?|är tillbaka|återkommer|öppnar|öppet igen|åter öppet)(?: (?:på kontoret|igen))?)(?: den| på| från och med)?",
        r"(?:till(?! och med)|fram till|tills|förrän)(?: den| på)?",
        r"(?:till och med|t\.o\.m\.?|tom)(?: den)?",
        r"(?:inklusive)",
        r"(?:till och med|t\.o\.m\.?|till|-)",
    ),
    "da": (
        r"(?:(?:tilbage|retur|er tilbage|åbner|genåbner)(?: på (?:kontoret|arbejde))?(?: igen)?)(?: den| d\.| på)?",
        r"(?:indtil|frem til|før|til(?! og med))(?: den| d\.)?",
        r"(?:til og med|t\.o\.m\.?)(?: den| d\.)?",
        r"(?:inklusive|inkl\.?)",
        r"(?:til og med|til|-)",
    ),
    "nb": (
        r"(?:(?:tilbake|åpner|gjenåpner)(?: på (?:kontoret|jobb))?(?: igjen)?)(?: den| på| fra)?",
        r"(?:inntil|frem til|før|til(?! og med))(?: den)?",
        r"(?:til og med|t\.o\.m\.?|tom)(?: den)?",
        r"(?:inklusive|inkl\.?)",
        r"(?:til og med|til|-)",
    ),
    "fi": (r"(?:palaan(?: töihin| toimistolle)?|takaisin(?: töissä| toimistolla)?|avaamme|avataan)", r"(?:saakka|asti)", r"(?:viimeinen lomapäivä)", r"(?:saakka|asti)", r"(?:-)"),
    "ru": (r"(?:вернусь|буду на месте|выйду на работу|вернусь в офис|откро(?:емся|ется)|возобнов\w+ работу)(?: с)?", r"(?:до)", r"(?:по|до (?=[^.\n]{1,40}включительно))", r"(?:включительно)", r"(?:по|до|-)"),
    "cs": (r"(?:vrátím se|vracím se|budu zpět|zpět|opět k dispozici)(?: v| od| dne)?", r"(?:do)(?: dne)?", r"(?:do (?=[^.\n]{1,40}včetně))", r"(?:včetně)", r"(?:do|až|-)"),
    "sk": (r"(?:vrátim sa|vraciam sa|budem späť|späť)(?: v| od| dňa)?", r"(?:do)(?: dňa)?", r"(?:do (?=[^.\n]{1,40}vrátane))", r"(?:vrátane)", r"(?:do|až|-)"),
    "hu": (r"(?:visszatérek|újra elérhető vagyok|ismét elérhető)", r"(?:eddig)", r"(?:utolsó nap)", r"(?:bezárólag)", r"(?:-)"),
    "tr": (r"(?:dönüş tarihim)", r"(?:son gün)", r"(?:son izin günüm)", r"(?:dahil)", r"(?:-|ile)"),
    "ro": (r"(?:revin|mă întorc|voi reveni|mă voi întoarce)(?: la birou)?(?: pe| în| din)?", r"(?:până (?:pe|la|în))(?: data de)?", r"(?:până (?:pe|la) (?=[^.\n]{1,40}inclusiv))", r"(?:inclusiv)", r"(?:până (?:pe|la)|-|și)"),
    "el": (r"(?:επιστρέφω|θα επιστρέψω|επιστροφή)(?: στις| την| το)?", r"(?:έως|μέχρι|ως)(?: τις| την| το| στις)?", r"(?:(?:έως|μέχρι) και)(?: τις| την| το| στις)?", r"(?:συμπεριλαμβανομένης)", r"(?:έως|μέχρι|-)"),
    "uk": (r"(?:повернусь|повернуся|буду на місці|вийду на роботу|повертаюсь)(?: з)?", r"(?:до)", r"(?:по|до (?=[^.\n]{1,40}включно))", r"(?:включно)", r"(?:по|до|-)"),
}  # fmt: skip
# Words of return behind the date, in languages that put the verb there.
RETURN_BEHIND: dict[str, str] = {
    "de": r"(?:bin ich|sind wir) (?:wieder|zurück)",
    "nl": r"(?:ben ik|zijn wij|zijn we) (?:weer|terug)",
    "sv": r"(?:är jag|är vi) (?:åter|tillbaka)",
    "da": r"er (?:jeg|vi) tilbage",
    "nb": r"er (?:jeg|vi) tilbake",
}

# Words behind the date, in languages that put them there: of its last day (1 day more) or of the return.
SUFFIXES: dict[str, tuple[tuple[int, int, str], ...]] = {
    "fi": ((1, 1, r" (?:saakka|asti)"),),
    "hu": ((1, 1, r"-?ig\b"), (0, 0, r"-?(?:n|án|én|tól|től)\b[^.!?\n]{0,30}(?:vissza|válaszol|elérhet)")),
    "tr": (
        (1, 0, r"(?:'?\w{1,3})?(?: tarihine)? kadar"),
        (0, 0, r"(?:'?\w{1,3})?(?: günü)? (?:dön|geri dön|ofiste ol|yanıt)\w*"),
    ),
}

# Small words by which a notice's language is recognized.
LANGUAGE_WORDS: dict[str, str] = {
    "en": r"\b(?:the|i am|i'm|out of|will|until|back|office|return|leave|vacation|away|till|access)\b",
    "de": r"\b(?:ich|bin|bis|büro|urlaub|wieder|nicht|und|zurück|ab|unser|wir|geschlossen)\b",
    "fr": r"\b(?:je|suis|absente?|bureau|jusqu'?au|retour|congés?|du|vous|nos|bureaux|sont|fermée?s?|le|la|et)\b",
    "es": r"\b(?:estoy|oficina|hasta|vacaciones|regres\w+|vuelvo|el|del|ausente|estamos|cerrad\w+|reabr\w+)\b",
    "it": r"\b(?:sono|ufficio|fino|ferie|rientr\w+|assente|dal|al|siamo|chius\w+|il|riapr\w+)\b",
    "nl": r"\b(?:ik|ben|tot|kantoor|vakantie|terug|niet|weer|van|gesloten|ons|wij)\b",
    "pt": r"\b(?:estou|estarei|até|férias|escritório|regress\w+|retorn\w+|ausente|volto|voltarei|estamos|fechad\w+|reabr\w+|dia|no)\b",
    "pl": r"\b(?:jestem|będę|do|urlopie|biur\w+|wracam|nieobecn\w+|dnia|wrócę|od|jesteśmy|nieczynn\w+|wracamy)\b",
    "sv": r"\b(?:jag|är|till|semester|kontoret|tillbaka|inte|åter|och|vi|stängt|öppnar)\b",
    "da": r"\b(?:jeg|er|til|ferie|kontoret|tilbage|ikke|og|indtil)\b",
    "nb": r"\b(?:jeg|er|til|ferie|kontoret|tilbake|ikke|og|permisjon)\b",
    "fi": r"\b(?:olen|lomalla|saakka|asti|palaan|poissa|toimistolta|töihin)\b",
    "ru": r"\b(?:я|нахожусь|отпуске|до|вернусь|буду|офис\w*|с|по)\b",
    "cs": r"\b(?:jsem|budu|dovolen\w+|kancelář\w*|do|mimo|prosím|případech|zpět)\b",
    "sk": r"\b(?:som|budem|dovolen\w+|kancelári\w*|do|mimo|prípadoch|späť|sa)\b",
    "hu": r"\b(?:vagyok|leszek|szabadságon|irodában|nem|esetben|az)\b|-ig\b",
    "tr": r"\b(?:izindeyim|izinliyim|dışındayım|kadar|ofis|acil|yıllık|döneceğim|durumlarda)\b",
    "ro": r"\b(?:sunt|concediu|birou|până|revin|pentru|la|pe|voi)\b",
    "el": r"\b(?:απουσιάζω|άδεια|γραφείο|έως|μέχρι|τις|θα|για)\b",
    "uk": r"\b(?:у|відпустці|до|повернусь|буду|випадках|офіс\w*|з|є)\b",
}  # fmt: skip
