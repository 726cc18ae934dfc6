# ruff: noqa: E501 - the words of one language stay on one line
"""Words in a message that its writer did not write: legal notices, warnings of gateways, footers of other programs.

Each is told by its opening and by several words of its kind in the same paragraph, never by one word alone: people
write "Confidentiality: please sign our NDA first", too.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

_MAX_READ_CHARS = 1_200
_MIN_LEGAL_WEIGHT = 3
_MIN_WARNING_WORDS = 2
_MAX_BANNER_PARAGRAPHS = 3
_MAX_FOOTER_CHARS = 160

# How a legal notice opens, per language: a heading, or "this message …".
_LEGAL_OPENINGS = {
    "en": (
        r"(?:important )?(?:confidentiality|privacy|legal|privileged)\b.{0,20}?(?:notice|note|warning|statement)"
        r"|(?:important|attention|warning|notice)(?: notice)?(?: to (?:all )?recipients?)?\s*[:.!–—-]|disclaimer|confidential(?:ity)?\b"
        r"|privileged (?:and|&|/) confidential|this(?: \w+){0,3} (?:e-?mail|message|communication|transmission)|any views"
        r"|the (?:information|contents?) (?:(?:contained|transmitted|included) )?(?:in|of|by|with) this\b|if you are not the (?:intended|named)"
        r"|if you (?:have )?receive[ds]? this .{0,40}in error"
    ),
    "de": (
        r"vertraulich|haftungsausschluss|disclaimer|(?:wichtige[rs]? )?hinweis\s*[:.!–—-]|dies(?:e|er|es)? (?:e-?mail|nachricht|mail)"
        r"|(?:der inhalt|die inhalte|die informationen) (?:in )?dieser|sollten sie (?:nicht|diese)|wenn sie nicht der"
    ),
    "fr": (
        r"avis\b|avertissement|confidentiel|confidentialité|ce (?:message|courriel|mail|mél)|cet e-?mail|les informations contenues"
        r"|si vous (?:n'êtes pas|avez reçu)|le présent (?:message|courriel)"
    ),
    "es": r"aviso|confidencial|este (?:mensaje|correo|e-?mail)|la información contenida|si (?:usted no|ha recibido)|advertencia",
    "it": r"avviso|riservat|avvertenz|questo messaggio|questa e-?mail|le informazioni contenute|(?:il|la) presente (?:e-?mail|messaggio|comunicazione)|ai sensi",
    "nl": r"disclaimer|vertrouwelijk|dit (?:e-?mail)?-?bericht|deze e-?mail|de informatie (?:in|verzonden)|indien u (?:niet|dit)",
    "pt": r"aviso|confidencial|esta mensagem|este (?:e-?mail|correio)|as? informaç(?:ão|ões) contidas?|se você não",
    "pl": r"(?:niniejsza|ta) wiadomość|poufn|treść tej|jeżeli nie",
    "sv, da, nb, fi": r"detta (?:e-post|meddelande|mail)|denne (?:e-?mail|mail|e-post|melding)|tämä (?:viesti|sähköposti)",
    "cs, sk, ru": r"tento e-?mail|táto správa|tato zpráva|данное (?:сообщение|письмо)|это (?:сообщение|письмо)",
}
_LEGAL_WORDS = {
    "en": (
        r"confiden\w*|privileg\w*|\bintended\b|recipients?\b|addressee|unauthori[sz]ed|disclos\w*|disseminat\w*|distribut\w*"
        r"|\bnotify\b|in error\b|prohibit\w*|liab\w*|virus\w*|legally|\bdelete\b|destroy|\bsender\b|proprietary"
    ),
    "de": (
        r"vertraulich\w*|empfänger\w*|adressat\w*|irrtümlich|unbefugt\w*|weitergabe|vernichten|löschen|absender|bestimmt"
        r"|rechtlich|untersagt|geschützt\w*"
    ),
    "fr": r"confidentiel\w*|destinat\w*|par erreur|détrui\w*|divulg\w*|expéditeur|exclusi\w*|interdit\w*|supprim\w*|destiné\w*",
    "es": r"confidencial\w*|destinatari\w*|por error|elimin\w*|divulg\w*|autoriza\w*|remitente|prohib\w*|dirigid\w*|dirige|privilegiad\w*",
    "it": r"riservat\w*|destinatari\w*|per errore|cancell\w*|mittente|vietat\w*|divulg\w*|distrugg\w*|confidenzial\w*|privacy",
    "nl": r"vertrouwelijk\w*|geadresseerde\w*|bestemd|abusievelijk|ten onrechte|verwijder\w*|afzender|openbaar\w*|verboden|vernietig\w*",
    "pt": r"confidencia\w*|destinatári\w*|por engano|por erro|apag\w*|elimin\w*|remetente|proibid\w*|divulg\w*|sigilos\w*",
    "pl": r"poufn\w*|adresat\w*|odbiorc\w*|omyłk\w*|usun\w*|nadawc\w*|zabron\w*|przeznaczon\w*",
    "sv, da, nb, fi": r"konfidentiel\w*|fortrolig\w*|avsed\w*|mottagar\w*|modtager\w*|mottaker\w*|radera|slet\w*|avsändar\w*|afsender\w*"
    r"|tiltenkt|tiltænkt|luottamuksel\w*|tarkoitettu|vastaanottaj\w*",
    "cs, sk, ru": r"důvěrn\w*|dôvern\w*|určen\w*|adresát\w*|omylem|vymaž\w*|конфиденциальн\w*|предназначен\w*|получател\w*|удалит\w*",
}  # fmt: skip
# One of them at least: what is secret, or what a wrong reader must not do.
_STRONG_LEGAL_WORDS = (
    r"confiden|privileg|proprietary|in error|unauthori|prohibit|liab|virus|vertraulich|irrtümlich|unbefugt|untersagt"
    r"|par erreur|interdit|divulg|por error|prohib|riservat|per errore|vietat|vertrouwelijk|abusievelijk|ten onrechte"
    r"|por engano|proibid|poufn|omyłk|zabron|konfidentiel|fortrolig|luottamuksel|důvěrn|dôvern|omylem|конфиденц"
)
# Notices never speak of themselves so, nor ask.
_PERSONAL = r"\b(?:i|i'm|i'd|i'll|my|ich|mein\w*|je|j'\w+|mon|yo|mi|io|mio|ik|mijn|eu|meu|minha|jag|jeg)\b|[?？]"
# A whole notice in one sentence.
_GREEN_LINES = (
    r"(?:please )?(?:consider|think of) the environment before|think before you print|save (?:paper|a tree)"
    r"|bitte denken sie an die umwelt|pensez à l'environnement|n'imprimez (?:ce|cet)|antes de imprimir"
    r"|prima di stampare|denk aan het milieu|avg-? ?(?:free|virus)|virus[- ]?free\b|virenfrei|sin virus|garanti sans virus"
    r"|this (?:e-?mail|message) (?:has been|was) (?:scanned|checked)|diese e-?mail wurde .{0,40}(?:geprüft|gescannt)"
)

# How a gateway's warning opens …
_WARNING_OPENINGS = (
    r"\[?(?:external|extern|externe|externo|esterno|extérieur|zewnętrzn\w*|ekstern\w*)\]?\b|caution\b|warning\b|attention\b"
    r"|be careful\b|important\b|notice\b|alert\b|security (?:notice|warning)|achtung\b|vorsicht\b|warnung\b|hinweis\b"
    r"|let op\b|waarschuwing\b|attenzione\b|avviso\b|atención\b|aviso\b|advertencia\b|precaución\b|cuidado\b|atenção\b"
    r"|uwaga\b|ostrzeżenie\b|varning\b|obs\b|advarsel\b|varoitus\b|figyelem\b|upozornění\b|внимание\b|dikkat\b"
    r"|this (?:e-?mail|message) (?:originated|came|was sent|is|comes) (?:from )?(?:an )?(?:outside|external)"
    r"|diese (?:e-?mail|nachricht) (?:stammt|kommt) von"
)
# … and what it says: where the mail comes from, and what to leave alone.
_WARNING_WORDS = (
    r"careful|outside|external\w*|originat\w*|organi[sz]ation|click\w*|\blinks?\b|attachments?|\bsender\b|recogni[sz]e|trust\w*|verify"
    r"|extern\w*|außerhalb|absender\w*|anhänge\w*|anlagen|öffnen|klicken|vertrauenswürdig|\bkennen\b"
    r"|extérieur|cliquez|liens?\b|pièces? jointes?|expéditeur|\bfuera\b|enlaces?|adjuntos?|remitente|\babra\b|clic\b"
    r"|buiten|bijlagen?|afzender|klik\w*|esterno|allegati|mittente|cliccare|collegamenti|anexos?|remetente|clique"
    r"|zewn\w+|załącznik\w*|nadawc\w*|klikaj|vedhæft\w*|bilagor|avsändare\w*|afsender\w*|länkar"
    r"|learn why this is important|erfahren sie, warum|внешн\w*|вложени\w*|ссылк\w*|отправител\w*"
)
# Outlook's own sentence above mail of strangers.
_WHOLE_WARNINGS = (
    r"(?:(?:you|some people who received this message) (?:don't|do not|don’t) often get (?:e-?mail|messages?) from"
    r"|sie erhalten nicht (?:oft|häufig) (?:e-?mails|nachrichten) von|vous ne recevez pas souvent de (?:courriers?|e-?mails?)"
    r"|no suele recibir correos? .{0,20}de|u ontvangt niet vaak e-?mail van) .{3,160}"
)
_FRAME = re.compile(r"[*=_#~\-–—+ |]{3,200}")
_FRAME_SIGNS = " \t*=_#~-–—+|>"

# Footers that programs put below somebody's signature: a link's words, never a request ("remove me, please").
_FOOTER_LINKS = (
    r"(?:vom|von unserem|den|unseren)? ?newsletter (?:abmelden|abbestellen|austragen)|newsletter abbestellen|abmelden|abbestellen"
    r"|(?:click here to |to )?report (?:this )?(?:e-?mail |message )?as (?:spam|junk|phishing)\b.{0,40}"
    r"|click here to report this (?:e-?mail|message) as spam|als spam melden|signaler (?:ce message )?comme spam"
    r"|(?:click here to )?(?:unsubscribe|opt[- ]?out)(?: (?:here|from (?:this|our|these) (?:list|newsletter|e-?mails?|mailing list)))?"
    r"|(?:(?:manage|update|change) )?(?:your |my |e-?mail )?(?:preferences|subscription)s?|privacy(?: policy)?|view (?:this )?(?:e-?mail )?in (?:your )?browser"
    r"|se désabonner(?: de .{3,40})?|se désinscrire(?: de .{3,40})?|désabonnement|darse de baja(?: de .{3,40})?|cancelar (?:la )?suscripción"
    r"|annulla (?:l')?iscrizione|cancella(?:ti|re)? (?:l')?iscrizione.{0,30}|disiscriviti|uitschrijven(?: (?:van|voor) .{3,40})?|afmelden(?: (?:van|voor) .{3,40})?"
    r"|cancelar (?:a )?inscrição|descadastrar(?:-se)?|wypisz się.{0,30}|wyrejestruj.{0,30}|avprenumerera|avregistrera.{0,20}|afmeld(?:ing)?(?: nyhedsbrev)?"
    r"|impressum|datenschutz(?:erklärung)?|terms|contact us|imprint|mentions légales"
)
_FOOTER_SENTENCES = (
    r"you (?:are |have )?(?:receiv\w+|subscribed|signed up)\b.{0,100}\b(?:because|newsletter|e-?mails?|list)\b.{0,80}"
    r"|sie erhalten diese (?:e-?mail|nachricht)\b.{5,140}|vous recevez (?:ce|cet|cette) .{5,140}"
    r"|recib\w+ este (?:correo|mensaje)\b.{5,140}"
    r"|(?:unsubscribe|opt[- ]?out|abmelden|désabonner|darse de baja)(?: \w+){0,2}:? ?<?https?://\S+"
    r"|"
    r"if you(?:'d| would)? (?:like|want|wish|prefer|no longer|don't|do not)\b.{5,90}\b(?:click|follow|use) (?:here|this|the)\b.{0,40}"
    r"|(?:wenn|falls) sie .{5,90}\b(?:hier|diesen link|diesem link)\b.{0,40}|si vous ne souhaitez .{5,90}\b(?:ici|lien)\b.{0,40}"
    r"|si (?:no )?(?:desea|quiere)\w* .{5,90}\b(?:aquí|enlace)\b.{0,40}"
)
_ORIGINALS_FOOTERS = r"https?://|\bwww\.|\bp\.? ?s\.?\b|^ps\b|\b(?:click|reply|respond|here|hier|antworten sie|antwoord|répondez|ici|responda|aquí|rispondi|qui)\b"


def without_small_print(lines: Sequence[str]) -> list[str]:
    """Drops a gateway's warning at the beginning, legal notices and footers of programs at the end. Linear."""
    kept = list(lines)
    del kept[: _banner_end(kept)]
    del kept[_notice_start(kept) :]
    return kept


def is_mail_furniture(paragraph: str) -> bool:
    """True for what stands below the signature of a cold email: a postscript, a link, how to opt out, a notice."""
    words = paragraph[:_MAX_READ_CHARS].casefold()
    return _pattern(_ORIGINALS_FOOTERS).search(words) is not None or _is_legal_notice(words) or _is_footer(words)


def footer_start(lines: Sequence[str]) -> int:
    """Returns the index of the footers that programs put at the end; their last line is the last of ``lines``."""
    start = len(lines)
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index].strip()
        if line and not _is_footer(line.casefold()):
            break
        if line:
            start = index
    return start


def _banner_end(lines: Sequence[str]) -> int:
    """Returns the index behind the warnings at the beginning; a frame of stars belongs to them."""
    end = 0
    for count, (first, last) in enumerate(_paragraphs(lines)):
        if count >= _MAX_BANNER_PARAGRAPHS:
            break
        bare = [line.strip(_FRAME_SIGNS) for line in lines[first:last]]
        framed = any(_is_frame(line) for line in lines[first:last])
        filled = [index for index, line in enumerate(bare) if line]
        if not filled:
            if not framed:
                break
            continue
        stop = (
            next((index for index in range(len(bare) - 1, filled[0], -1) if not bare[index]), len(bare))
            if framed
            else len(bare)
        )
        if not _is_warning(" ".join(line for line in bare[:stop] if line)):
            break
        end = first + stop
        while end < len(lines) and (not lines[end].strip() or _is_frame(lines[end])):
            end += 1
        if stop < len(bare):
            break
    return end if any(line.strip() for line in lines[end:]) else 0


def _is_frame(line: str) -> bool:
    return len(line) >= 3 and _FRAME.fullmatch(line.strip()) is not None


def _is_warning(words: str) -> bool:
    folded = words[:_MAX_READ_CHARS].casefold()
    if _pattern(_WHOLE_WARNINGS).fullmatch(folded) is not None:
        return True
    if _pattern(_WARNING_OPENINGS).match(folded) is None:
        return False
    said = {found.group() for found in _pattern(_WARNING_WORDS).finditer(folded)}
    return len(said) >= _MIN_WARNING_WORDS


def _notice_start(lines: Sequence[str]) -> int:
    """Returns the index of the first paragraph below the words that is a legal notice, with all behind it."""
    for count, (first, last) in enumerate(_paragraphs(lines)):
        if count and _is_legal_notice(
            " ".join(line.strip() for line in lines[first:last])[:_MAX_READ_CHARS].casefold()
        ):
            return first
    return len(lines)


def _is_legal_notice(folded: str) -> bool:
    bare = folded.strip(_FRAME_SIGNS)
    if _pattern(_GREEN_LINES).match(bare) is not None:
        return True
    if not any(_pattern(opening).match(bare) for opening in _LEGAL_OPENINGS.values()) or _pattern(_PERSONAL).search(
        bare
    ):
        return False
    return any(
        _has_legal_weight({found.group() for found in _pattern(words).finditer(bare)})
        for words in _LEGAL_WORDS.values()
    )


def _has_legal_weight(words: set[str]) -> bool:
    strong = sum(_pattern(_STRONG_LEGAL_WORDS).match(word) is not None for word in words)
    return strong > 0 and strong + len(words) >= _MIN_LEGAL_WEIGHT + 1


def _is_footer(folded: str) -> bool:
    """True for a line made of footers' links only: "Manage preferences | Unsubscribe | Privacy"."""
    if len(folded) > _MAX_FOOTER_CHARS:
        return False
    parts = [part.strip(" .<>[]()-–") for part in re.split(r"[|•·/]", folded) if part.strip()]
    link = _pattern(_FOOTER_LINKS)
    return bool(parts) and (
        all(link.fullmatch(part) for part in parts) or _pattern(_FOOTER_SENTENCES).match(folded) is not None
    )


def _paragraphs(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yields begin and end of each run of lines without a blank one between."""
    first: int | None = None
    for index, line in enumerate(lines):
        if line.strip():
            first = index if first is None else first
        elif first is not None:
            yield first, index
            first = None
    if first is not None:
        yield first, len(lines)


@functools.cache
def _pattern(pattern: str) -> re.Pattern[str]:
    """Compiles the pattern when it is first needed: these are long, and the webhook imports this module."""
    return re.compile(pattern)
