# ruff: noqa: E501 - the phrases of one language stay on one line
"""The person's own words in a message of a chat or a phone: without app footers, and none in a reaction or a picture.

A tapped reaction reaches a phone of another make as a text that quotes our message; whoever forwards messages writes a
placeholder for what is no text. Neither is anything that the person has said.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from shared.domain.text.app_footers import is_app_footer

MAX_PLACEHOLDER_CHARS: Final = 120

_INVISIBLE: Final = re.compile("[\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff\ufffc]")
_BLANKS: Final = re.compile(r"[^\S\n]+")
_EMOJI: Final = "[\u203c\u2049\u231a-\u23ff\u2600-\u27bf\u2b50-\u2b55\U0001f000-\U0001faff\u200d]{1,8}"
_QUOTED: Final = (
    '(?:“(?:[^“”]|“[^“”]*”)*(?:”|…)|"[^"]*"|„[^“”"]*[“”"]|« ?[^«»]* ?»|‘[^‘’]*’)'  # a long one ends with dots
)
_THINGS: Final = r"(?:an? |your )?(?:image|photo|picture|movie|video|gif|sticker|audio message|voice message|attachment|message|contact|location|link|file|animation)"
_VERBS: Final = "|".join(
    (
        r"liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted(?: with)? " + _EMOJI + r" to",
        r"removed (?:an? )?(?:like|heart|love|dislike|laugh|exclamation|exclamation mark|emphasis|question mark|reaction|"
        + _EMOJI
        + r") from",
        _EMOJI + r" (?:to|auf|zu|à|a|para|su|op|na|till|til|på)",  # Android's
        r"gefällt(?: nicht)?|liebt|lacht über|betont|hinterfragt|hat gelacht über|hat hervorgehoben|reagierte mit "
        + _EMOJI
        + r" auf|hat mit "
        + _EMOJI
        + r" reagiert auf",
        r"a aimé|a adoré|n'a pas aimé|a ri (?:à|de)|a souligné|a mis en avant|a mis en évidence|a réagi avec "
        + _EMOJI
        + r" à",
        r"le (?:gustó|encantó)|no le gustó|se ri[oó] de|le dio risa|enfatizó|destacó|cuestionó|reaccionó con "
        + _EMOJI
        + r" a",
        r"ha messo mi piace a|ha adorato|ha riso di|ha enfatizzato|ha reagito con " + _EMOJI + r" a",
        r"curtiu|gostou de|não gostou de|adorou|amou|riu de|enfatizou|questionou|reagiu com " + _EMOJI + r" a",
        r"vond leuk|vindt leuk|reageerde met " + _EMOJI + r" op",
    )
)
_REACTION: Final = rf"(?:{_VERBS}) ?:? ?(?:{_QUOTED}|{_THINGS})"

_NAMES: Final = (
    r"(?:voice(?: |-)?(?:message|note|memo|mail)|audio(?: (?:message|clip|file))?|image|photo|picture|video(?: message)?|gif|sticker|attachment|file|document|pdf|media|mms|contact(?: card)?|location"
    r"|sprachnachricht|sprachmemo|bild|foto|anhang|datei|dokument"
    r"|message vocal|note vocale|pièce jointe|fichier|vidéo"
    r"|mensaje de voz|nota de voz|imagen|archivo(?: adjunto)?|adjunto|documento"
    r"|messaggio vocale|nota vocale|immagine|allegato|spraakbericht|afbeelding|bijlage|mensagem de voz|imagem|anexo|arquivo|wiadomość głosowa|zdjęcie|załącznik|röstmeddelande|bilaga|talebesked)s?"
)
_LASTS: Final = r"\(?\d{1,2}:\d{2}(?::\d{2})?\)?"
_MORE: Final = rf"(?: (?:omitted|attached|received|shared|not supported|weggelassen|omis|omitid[ao]|omess[ao]))?(?:[ ,:]*{_LASTS})?"
_PLACEHOLDER: Final = (
    rf"[\[<(] ?(?:\d{{1,2}} )?{_NAMES}{_MORE} ?[\]>)]"
    rf"|[\[<(] ?{_NAMES} ?[\]>)] ?{_LASTS}"
    rf"|{_EMOJI} ?{_NAMES}{_MORE}"
    rf"|{_NAMES} ?[,:]? ?{_LASTS}"
    rf"|{_NAMES} omitted"
    rf"|(?:[^\W\d_]+ ){{0,3}}(?:sent|shared|has sent|has shared) (?:you )?an? (?:new )?{_NAMES}\.?"
    rf"|(?:you (?:have |'ve )?(?:received|got) )(?:an? )?(?:new )?(?:multimedia message|{_NAMES})\.?"
    r"|[\w-]{1,60}\.(?:jpe?g|png|gif|heic|webp|mp4|mov|3gp|m4a|mp3|ogg|opus|amr|wav|pdf|docx?|xlsx?|pptx?|vcf)"
)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compiles a pattern when it is needed: what reads emails never needs these, and they take some 10 ms."""
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)


def own_words(text: str) -> str:
    """Returns what a person says in a message: its text without app footers; nothing if it is no words of their own."""
    shown = _BLANKS.sub(" ", _INVISIBLE.sub("", text).replace("’", "'")).strip()
    if is_reaction(shown) or (len(shown) <= MAX_PLACEHOLDER_CHARS and _compiled(_PLACEHOLDER).fullmatch(shown)):
        return ""
    lines = text.strip().split("\n")
    while lines and (not _INVISIBLE.sub("", lines[-1]).strip() or is_app_footer(lines[-1].strip())):
        lines.pop()
    return "\n".join(lines).strip()


def is_reaction(text: str) -> bool:
    """True for the text of a tapped reaction: 'Liked “Shall we talk?”', "Loved an image", '👍 to “See you then”'."""
    return _compiled(_REACTION).fullmatch(text) is not None
