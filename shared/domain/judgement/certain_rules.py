"""The certain verdict on a reply, without a model: opt-out, bounce, automatic reply.

The rules are tables (suppression_rules, automatic_reply_rules, bounce_rules). They read the cleaned text and the
subject only: what is quoted below a reply is our own words. Whatever they leave open goes to the model.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from shared.domain.judgement.absence_rules import ABSENCE_WORD_RULES, AWAY_RULES, FORMULA_RULES
from shared.domain.judgement.automatic_replies import read_absence, read_automatic
from shared.domain.judgement.automatic_reply_rules import (
    ABSENCE_SUBJECT_RULES,
    AUTOMATIC_BODY_RULES,
    AUTOMATIC_SUBJECT_RULES,
)
from shared.domain.judgement.bounce_rules import RULES as BOUNCE_RULES
from shared.domain.judgement.bounces import read_complaint, read_report
from shared.domain.judgement.notice_rules import RULES as NOTICE_RULES
from shared.domain.judgement.rule_matching import (
    MAX_EVIDENCE_CHARS,
    Rule,
    RuleMatch,
    Where,
    compiled,
    evidence,
    find,
    first_found,
    fold,
    matched,
    sentence_around,
)
from shared.domain.judgement.suppression_rules import (
    CONSEQUENCE,
    LANGUAGES,
    OPT_OUT_RULES,
    REPORTED,
    SAID_BY_THE_WRITER,
    SUCCEEDED,
    Language,
)
from shared.domain.text.long_text import head_and_tail
from shared.domain.text.signatures import is_sign_off
from shared.domain.vocabulary import Tag

PROVIDER_RULE = "provider.auto_reply_received"
MAIL_SERVER_RULE = "automatic.mail_server"
ALL_RULES: tuple[Rule, ...] = (
    *OPT_OUT_RULES,
    *BOUNCE_RULES,
    *NOTICE_RULES,
    *ABSENCE_SUBJECT_RULES,
    *AUTOMATIC_SUBJECT_RULES,
    *AUTOMATIC_BODY_RULES,
    *AWAY_RULES,
    *ABSENCE_WORD_RULES,
    *FORMULA_RULES,
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The certain facts about a reply, and a suspicion; None where there are none.

    opt_out: the whole message is understood as a demand to stop. suspected: it may be one, so the lead is held until
    somebody knows; never both. tag: Blacklist for an opt-out or a bounce, Out of Office, Automated Reply, or None: a
    model decides.
    """

    opt_out: RuleMatch | None
    bounce: RuleMatch | None
    automatic: RuleMatch | None
    tag: Tag | None
    suspected: RuleMatch | None = None

    @property
    def is_auto_reply(self) -> bool:
        """True when a machine wrote the reply, a non-delivery report included."""
        return self.automatic is not None

    @property
    def match(self) -> RuleMatch | None:
        """The rule that decides, if one does."""
        return self.opt_out or self.bounce or self.automatic


def judge(
    clean_text: str,
    subject: str,
    *,
    automatic: bool = False,
    from_email: str | None = None,
) -> Judgement:
    """Judge a reply by the certain rules; takes bounded time, whatever the length of the text.

    clean_text: the reply without quotations (shared.domain.text.email_text). subject: as received. automatic:
    the provider says that a machine wrote it. from_email: the address that the reply came from, if known; a mail
    server's own address makes its report certain, and whatever else it writes automatic.
    """
    text = head_and_tail(clean_text, _HEAD_CHARS, _TAIL_CHARS, joint="\n\n")
    folded = fold(text)
    subject = subject[:_MAX_SUBJECT_CHARS].strip()
    folded_subject = fold(subject)
    from_server = from_email is not None and _MAIL_SERVER.match(from_email) is not None

    complaint = read_complaint(text, folded)
    if complaint is not None:
        return Judgement(opt_out=complaint, bounce=None, automatic=None, tag=Tag.BLACKLIST)
    bounce, machine = read_report(text, folded, subject, folded_subject, from_server=from_server)
    if bounce is not None:
        return Judgement(opt_out=None, bounce=bounce, automatic=bounce, tag=Tag.BLACKLIST)

    absence = read_absence(text, folded, subject, folded_subject)
    machine = machine or absence or read_automatic(text, folded, subject, folded_subject)
    said_by_text = machine is not None
    if from_email is not None and from_server:
        machine = machine or RuleMatch(MAIL_SERVER_RULE, from_email[:MAX_EVIDENCE_CHARS])
    if automatic:
        machine = machine or RuleMatch(PROVIDER_RULE, "")
        if absence is None:
            absence = matched(text, first_found((*AWAY_RULES, *ABSENCE_WORD_RULES), folded))
    # Boilerplate of an automatic reply ("to unsubscribe from our newsletter …") is nobody's will. A short message that
    # only the provider or its sender takes for automatic may be a person's.
    opt_out = None
    if not said_by_text and (machine is None or len(folded) <= _MAX_MISTAKEN_CHARS):
        opt_out = find_opt_out(text, subject)
    if opt_out is not None:
        tag: Tag | None = Tag.BLACKLIST
    elif machine is not None:
        tag = Tag.OUT_OF_OFFICE if absence is not None else Tag.AUTOMATED_REPLY
    else:
        tag = None
    return Judgement(opt_out=opt_out, bounce=None, automatic=machine, tag=tag)


# Rules read the beginning and the end of a long message: nobody hides a demand behind pages of text, and the time that
# the tables take stays bounded.
_HEAD_CHARS = 6_000
_TAIL_CHARS = 1_500
_MAX_SUBJECT_CHARS = 300
_MAX_MISTAKEN_CHARS = 300
_MAX_COMMAND_LINES = 6
_MAX_COMMAND_CHARS = 120

_MAIL_SERVER = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon|mdaemon|bounce[\w+-]{0,40})@", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,80}\w")
_NAME_LINE = re.compile(r"[^\W\d_][\w.'-]{0,24}(?: [^\W\d_][\w.'-]{0,24}){0,3}[,.]?")
_GREETING = (
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|hallo|guten (?:tag|morgen|abend)|liebe[rs]?"
    r"|sehr geehrte[rs]?|moin|servus|bonjour|salut|bonsoir|cher|chère|hola|buenos días|buenas(?: tardes)?|estimad[oa]"
    r"|ciao|salve|buongiorno|buonasera|gentile|egregio|hoi|beste|geachte|goedemorgen|goedemiddag|goedendag|olá|oi"
    r"|bom dia|boa tarde|prezad[oa]|caro|cara|dzień dobry|witam|cześć|szanown\w+|hej|hei|god dag|здравствуйте"
    r"|добрый день|привет|moi|terve)(?:[ ,]{1,2}[^\n,.!?:]{1,40})?[ ,.!:-]{0,3}(?=\n|$)"
    r"|(?:hi|hello|hey|hallo|bonjour|hola|ciao|olá)(?: [^\W\d_]{2,20})?[,!] "
)


@functools.cache
def _greeting() -> re.Pattern[str]:
    return re.compile(_GREETING)


# --- opt-outs -----------------------------------------------------------------------------------------------------


def find_opt_out(text: str, subject: str, rules: Sequence[Rule] = OPT_OUT_RULES) -> RuleMatch | None:
    """Returns the first of these rules by which a person's words are an opt-out for certain.

    text: the cleaned reply, a few thousand characters at most (`judge` cuts longer ones). subject: as received.
    """
    folded, folded_subject = fold(text), fold(subject)
    command, offset = _command_of(folded)
    for rule in rules:
        language = LANGUAGES[rule.language]
        if rule.where is Where.MESSAGE:
            if _is_whole_message(rule, command):
                return evidence(text, rule, offset, offset + len(command))
            # The subject speaks where the body says nothing; "Re: …" is our own subject.
            if not command and folded_subject and _is_whole_message(rule, folded_subject.strip(" .!,")):
                return RuleMatch(rule.id, subject[:MAX_EVIDENCE_CHARS])
            continue
        for match in find(rule, folded, filler=language.filler, tail=language.tail):
            if (
                _is_demand(rule, folded, match)
                and not compiled(language.wish).search(folded)
                and not _is_about_another(folded, match["words"])
            ):
                return evidence(text, rule, *match.span("words"))
    return None


def _is_whole_message(rule: Rule, command: str) -> bool:
    return bool(command) and len(command) <= _MAX_COMMAND_CHARS and any(True for _ in find(rule, command))


def _is_demand(rule: Rule, folded: str, match: re.Match[str]) -> bool:
    """Whether the sentence around a match lets it stand: no condition, report, limit in time or plain question."""
    language = LANGUAGES[rule.language]
    begin, end = sentence_around(folded, match.start("words"), match.end("words"))
    sentence_end = folded[match.end("words") : end]
    before = folded[begin : match.start()] + match["lead"]
    if _is_bound_by(language, folded[begin : match.start()], match["lead"]):
        return False
    if compiled(language.after).search(sentence_end):
        return False
    if sentence_end.rstrip("\n ").endswith(("?", "？")):
        polite = language.polite and compiled(rf"(?:{language.polite})\b").search(before + match["words"])
        return bool(polite)
    return True


def _is_about_another(folded: str, words: str) -> bool:
    """Whether a demand about an address only says where to write instead: "not to tom@…, he has left, use jo@…"."""
    address = _ADDRESS.search(words)
    if address is None:
        return False
    others = {found.group() for found in _ADDRESS.finditer(folded)} - {address.group()}
    return bool(others) or compiled(SUCCEEDED).search(folded) is not None


def _is_bound_by(language: Language, before: str, lead: str) -> bool:
    """Whether what stands before a demand in its sentence makes it a condition, a report or a specimen.

    A semicolon ends what came before it. Behind a colon and behind "so" only conditions still bind; but what is set
    apart like that may be somebody else's words.
    """
    before = compiled(SAID_BY_THE_WRITER).sub(" ", before)
    semicolon, colon = before.rfind("; ") + 1, before.rfind(": ") + 1
    is_set_apart = max(semicolon, colon) > 0 or before.rstrip().endswith((":", ";"))
    if is_set_apart and compiled(REPORTED).search(before):
        return True
    rest = before[semicolon:]
    if before.rstrip().endswith(";"):
        return False
    if before.rstrip().endswith(":") or compiled(CONSEQUENCE).search(lead):
        return compiled(language.condition).search(rest) is not None
    return compiled(language.before).search(rest) is not None


def _command_of(folded: str) -> tuple[str, int]:
    """The message without greeting, closing and name, and where it starts: "Hi Tom,\\n\\nSTOP\\n\\nAnna" → "stop"."""
    if len(folded) > 1_000:
        return "", 0
    start = len(folded) - len(folded.lstrip(" \n*_\"'"))
    greeting = _greeting().match(folded, start)
    if greeting is not None:
        start = greeting.end()
        start += len(folded[start:]) - len(folded[start:].lstrip(" \n*_\"'"))
    lines = [line.strip() for line in folded[start:].split("\n")]
    filled = [index for index, line in enumerate(lines) if line]
    if not filled or len(filled) > _MAX_COMMAND_LINES:
        return "", 0
    command_end = len(lines)
    for index in filled[1:]:
        if is_sign_off(lines[index]):
            command_end = index
            break
    kept = [line for line in lines[:command_end] if line]
    while len(kept) > 1 and _NAME_LINE.fullmatch(kept[-1]) is not None and len(kept[0].split()) <= 8:
        kept.pop()
    command = "\n".join(kept).strip(" \n.!,;:*_\"'-~")
    return command, start
