# ruff: noqa: E501 - the words of one language stay on one line
"""The language that a text is written in, by its commonest words. Linear, and silent where it cannot be sure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

# The words that hold sentences together, and a few of business letters. A word may stand in several rows.
_WORDS: Final[Mapping[str, str]] = {
    "en": "the and you your we our is are was were be been to of in for on with it it's this that have has i i'm i'll i'd not do does don't can could would will what when who which how from at by as if or but so me my us please thanks thank hi hello regards best let know here there any about",
    "de": "der die das und sie ihr ihre ihnen wir uns unser ich mir mich ist sind war nicht mit für auf von zu zum zur den dem des ein eine einen einer im am bei nach auch oder wenn was wie wer können gern gerne danke vielen bitte guten tag hallo freundliche grüße haben habe hat noch nur schon dann dass es kein keine bis ab um aber per",
    "fr": "le la les des du et vous votre vos nous notre nos je est sont pas une un pour avec dans sur que qui ce cette ces au aux plus ou si mais bonjour merci cordialement bien c'est j'ai d'un d'une l'offre quel quelle combien êtes avez en de à par très moi voici",
    "es": "el la los las y usted su sus nosotros nuestro nuestra es son no una un para con en que por del al más o si pero hola gracias saludos está estamos le les lo me se cuál cuánto qué cómo de a ya muy como puede quiere buenos días tiene hay sobre estimado tengo cuando",
    "it": "il lo la gli le e lei suo sua noi nostro nostra è sono non una un per con in che di del della dei delle al alla più o se ma buongiorno grazie cordiali saluti questo questa mi ci si vi quale quanto come anche a da ha abbiamo siamo gentile potete ho",
    "nl": "de het een en u je jij jullie wij we ons onze ik mij is zijn niet met voor op van te in dat die dit om aan bij naar ook of als maar wat hoe hallo hoi dag bedankt groet vriendelijke kan kunnen graag heb hebt hebben heeft nog wel er geen tot uit per is goed welke dank",
    "pt": "o os a as e você vocês seu sua nós nosso nossa é são não uma um para com em que por do da dos das no na ao mais ou se mas olá obrigado obrigada bom dia atenciosamente está estamos lhe me de já muito como pode quer qual quanto tem há sobre também oi abraço isso",
    "pl": "i w z na do się nie jest są to że o od po za dla przez ale czy jak co pan pani państwa państwo nasz nasze nam dzień dobry dziękuję dziękujemy pozdrawiam cześć proszę mam mamy możemy można oraz lub jeśli już tak ten ta te tego także będzie ile",
    "sv": "och är att det en ett vi ni jag inte med för på av till som har kan den er vår hej tack hälsningar om eller men",
    "da": "og er at det en et vi i jeg ikke med for på af til som har kan den jer vores hej tak hilsen om eller men",
    "cs": "a je že v na se s z do pro o jsme jsou není ale nebo jak co dobrý den děkuji děkujeme pozdravem prosím máme vám vás náš naše",
}
_MARKS: Final[Mapping[str, str]] = {
    "de": "ß", "es": "¿¡ñ", "pt": "ãõ", "pl": "łąęśżźćń", "cs": "ěřů", "sv": "å", "da": "åø", "fr": "êœûî", "it": "ìò",
}  # fmt: skip
_LANGUAGES_OF_WORD: Final[Mapping[str, tuple[str, ...]]] = {
    word: tuple(language for language, row in _WORDS.items() if word in row.split())
    for row in _WORDS.values()
    for word in row.split()
}
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
ENOUGH: Final = 2.0  # words of one language only, or twice as many of two
AHEAD: Final = 1.5  # times the score of the runner-up


def language_of(text: str) -> str | None:
    """Returns the language as ISO 639-1; None when the text is too short, mixed, or in a language without a table."""
    text = text.lower().replace("’", "'")
    score: defaultdict[str, float] = defaultdict(float)
    for match in _WORD.finditer(text):
        languages = _LANGUAGES_OF_WORD.get(match[0], ())
        for language in languages:
            score[language] += 1 / len(languages)
    for language, marks in _MARKS.items():
        if any(mark in text for mark in marks):
            score[language] += 1
    (best, most), (_, second) = [*sorted(score.items(), key=lambda one: -one[1]), ("", 0.0), ("", 0.0)][:2]
    return best if most >= ENOUGH and most >= second * AHEAD else None
