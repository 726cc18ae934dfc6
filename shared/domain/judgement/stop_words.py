"""The words that end a text message's correspondence, as carriers know them: a whole message of one, and nothing else.

Carriers match single words exactly; a person's "Stop, please" means the same. Words that could be about an appointment
("cancel", "end") count only as carriers count them: alone. What lifts a carrier's own block ("START", "YES") means
nothing here. Sources: the lists that Twilio, AWS and Braze publish for the US and Canada, and those of other countries.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

from shared.domain.judgement.rule_matching import MAX_EVIDENCE_CHARS, RuleMatch
from shared.domain.text.wording import without_accents, words_of

STOP_WORD_RULE: Final = "opt_out.sms.stop_word"
WRONG_NUMBER_RULE: Final = "wrong_person.sms.wrong_number"

_MAX_CHARS: Final = 80

# Plain whatever stands politely beside them.
_PLAIN: Final = words_of(
    "stop stopall stopalle stopalles unsubscribe unsub optout revoke remove removeme stopit stopnow"
    " stopp abmelden abbestellen abmeldung austragen"
    " arret arreter desabonner desabonnement desinscrire desinscription"
    " baja darmedebaja desuscribir desuscribirme"
    " disiscrivi disiscrivimi disiscrizione"
    " afmelden uitschrijven"
    " descadastrar descadastre"
    " wypisz rezygnuje"
    " avregistrera avmeld afmeld frameld"
    " lopeta"
    " dezabonare odhlasit leiratkozas leiratkozom"
    " стоп отписаться відписатися στοπ הסר 退订 退訂 停止 配信停止 수신거부"
)
# These say something else too, so only alone.
_ALONE: Final = words_of("cancel end quit alto parar pare cancelar sair salir avsluta peruuta iptal")
_POLITE: Final = words_of(
    "please pls plz plse thanks thank you thx ty kindly now immediately asap sorry no nope ok okay just hi hello hey"
    " bitte danke sofort jetzt svp stp merci sil vous te plait por favor gracias ya per favore grazie alstublieft aub"
    " bedankt graag obrigado obrigada prosze dziekuje tack takk tak venligst vennligst kiitos lutfen dakuji dekuji"
)
_WORDS: Final = re.compile(r"[^\W\d_]+")
_DRAWN_OUT: Final = re.compile(r"(\w)\1{2,}")  # "stoppp"
_APOSTROPHES: Final = str.maketrans("", "", "'’‘ʼ´`\u00ad\u200b\u200c\u200d\u2060\ufeff")

_WRONG: Final = (
    "wrong number", "wrong no", "wrong person", "wrong guy", "wrong phone number", "wrong num",
    "falsche nummer", "falsche person", "falsch verbunden", "mauvais numero", "faux numero", "erreur de numero",
    "numero equivocado", "persona equivocada", "numero sbagliato", "persona sbagliata",
    "verkeerd nummer", "verkeerde nummer", "verkeerde persoon", "numero errado", "pessoa errada", "numero incorreto",
    "zly numer", "pomylka", "zla osoba", "fel nummer", "forkert nummer", "feil nummer", "vaara numero",
)  # fmt: skip
_AROUND_WRONG: Final = words_of(
    "you u ve got have the a this is it s sorry i im am think believe but to must dialed texted dude man sir maam"
    " sie haben du hast das ist die der wohl hier vous avez le la un c est ce tienes tiene el este es ha lei"
    " dit is het je hebt u heeft voce esta com o to masz pan pani du har det er olet"
)


def find_stop_word(text: str) -> RuleMatch | None:
    """Returns the stop word that a message consists of: in any case, punctuation and spacing, said once or more."""
    words = _words(text)
    if not words:
        return None
    alone = len(set(words)) == 1 and words[0] in _ALONE
    rest = [word for word in words if word not in _POLITE]
    if alone or _joined().fullmatch("".join(rest)) or "".join(words) in _ALONE:
        return RuleMatch(STOP_WORD_RULE, text.strip()[:MAX_EVIDENCE_CHARS])
    return None


def find_wrong_number(text: str) -> RuleMatch | None:
    """Returns the words of a message that says that its writer is not the one whom we mean, and nothing else."""
    words = _words(text)
    if not words:
        return None
    said = " ".join(words)
    found = _wrong_number().search(said)
    if found is None:
        return None
    around = f"{said[: found.start()]} {said[found.end() :]}".split()
    if any(word not in _AROUND_WRONG and word not in _POLITE for word in around):
        return None
    return RuleMatch(WRONG_NUMBER_RULE, text.strip()[:MAX_EVIDENCE_CHARS])


@cache
def _joined() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(sorted(_PLAIN, key=len, reverse=True))})+")


@cache
def _wrong_number() -> re.Pattern[str]:
    return re.compile("|".join(_WRONG))


def _words(text: str) -> list[str]:
    """Splits a short message into folded words; a longer one says more than a word."""
    if len(text) > _MAX_CHARS * 4:
        return []
    folded = without_accents(unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)).casefold()
    return _WORDS.findall(_DRAWN_OUT.sub(r"\1", folded)) if len(folded) <= _MAX_CHARS else []
