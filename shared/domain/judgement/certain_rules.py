"""The certain verdict on a reply, without a model: opt-out, bounce, automatic reply.

The rules are tables (suppression_rules, automatic_reply_rules, bounce_rules). They read the cleaned text and the
subject only: what is quoted below a reply is our own words. Whatever they leave open goes to the model.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from shared.domain.judgement.automatic_reply_rules import (
    ABSENCE_SUBJECT_RULES,
    ABSENCE_WORD_RULES,
    AUTOMATIC_BODY_RULES,
    AUTOMATIC_SUBJECT_RULES,
    AWAY_RULES,
    BOILERPLATE_SENTENCE,
    CONTRAST,
    DOUBT_BEFORE,
    END_OF_ABSENCE,
    ENGAGEMENT,
    FORMULA_RULES,
    THANKS,
)
from shared.domain.judgement.bounce_rules import (
    BOUNCE_BODY_RULES,
    BOUNCE_SUBJECT_RULES,
    RETURNED_MESSAGE,
    SERVER_SPEAKS,
    TOLD_BY_A_PERSON,
    TRANSIENT_RULES,
)
from shared.domain.judgement.opt_outs.finding import find_opt_out, find_suspected
from shared.domain.judgement.rule_matching import (
    MAX_EVIDENCE_CHARS,
    Found,
    Rule,
    RuleMatch,
    compiled,
    find,
    first_found,
    fold,
    sentence_around,
    sentences,
)
from shared.domain.text.long_text import head_and_tail
from shared.domain.text.signatures import is_sign_off
from shared.domain.vocabulary import Tag

PROVIDER_RULE = "provider.auto_reply_received"
MAIL_SERVER_RULE = "automatic.mail_server"
ALL_RULES: tuple[Rule, ...] = (
    *BOUNCE_SUBJECT_RULES,
    *BOUNCE_BODY_RULES,
    *TRANSIENT_RULES,
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

    bounce, machine = _read_report(text, folded, subject, folded_subject, from_server=from_server)
    if bounce is not None:
        return Judgement(opt_out=None, bounce=bounce, automatic=bounce, tag=Tag.BLACKLIST)

    absence = _read_absence(text, folded, subject, folded_subject)
    machine = machine or absence or _read_automatic(text, folded, subject, folded_subject)
    said_by_text = machine is not None
    if from_email is not None and from_server:
        machine = machine or RuleMatch(MAIL_SERVER_RULE, from_email[:MAX_EVIDENCE_CHARS])
    if automatic:
        machine = machine or RuleMatch(PROVIDER_RULE, "")
        if absence is None:
            absence = _matched(text, first_found((*AWAY_RULES, *ABSENCE_WORD_RULES), folded))
    # What is nothing but a demand is a person's, whatever the subject says. Boilerplate of an automatic reply ("to
    # unsubscribe from our newsletter …") is nobody's will, so a machine's words are never suspected. A short message
    # that only the provider or its sender takes for automatic may be a person's.
    suspected = None
    opt_out = find_opt_out(text, subject)
    if opt_out is None and not said_by_text and (machine is None or len(folded) <= _MAX_MISTAKEN_CHARS):
        suspected = find_suspected(text, subject)
    if opt_out is not None:
        tag: Tag | None = Tag.BLACKLIST
    elif machine is not None:
        tag = Tag.OUT_OF_OFFICE if absence is not None else Tag.AUTOMATED_REPLY
    else:
        tag = None
    return Judgement(opt_out=opt_out, bounce=None, automatic=machine, tag=tag, suspected=suspected)


# Rules read the beginning and the end of a long message: nobody hides a demand behind pages of text, and the time that
# the tables take stays bounded.
_HEAD_CHARS = 6_000
_TAIL_CHARS = 1_500
_MAX_SUBJECT_CHARS = 300
_MAX_MISTAKEN_CHARS = 300
_MAX_SHORT_NOTICE_CHARS = 320
_MAX_GREETING_WORDS = 2
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


def _matched(text: str, found: Found | None) -> RuleMatch | None:
    return None if found is None else _evidence(text, found.rule, found.start, found.end)


def _evidence(text: str, rule: Rule, start: int, end: int) -> RuleMatch:
    return RuleMatch(rule.id, text[start : min(end, start + MAX_EVIDENCE_CHARS)].strip())


# --- automatic replies --------------------------------------------------------------------------------------------


def _read_absence(text: str, folded: str, subject: str, folded_subject: str) -> RuleMatch | None:
    by_subject = first_found(ABSENCE_SUBJECT_RULES, folded_subject)
    if by_subject is not None:
        return _evidence(subject, by_subject.rule, by_subject.start, by_subject.end)
    away = first_found(AWAY_RULES, folded)
    by_machine = first_found(AUTOMATIC_SUBJECT_RULES, folded_subject)
    if away is None and by_machine is not None and by_machine.rule.id.startswith("automatic."):
        away = first_found(ABSENCE_WORD_RULES, folded)
    if away is None:
        return None
    if by_machine is not None or _says_automatic(folded) is not None:
        return _matched(text, away)
    if _is_engaged(folded):
        return None
    is_notice = first_found(FORMULA_RULES, folded) is not None or _is_bare_notice(folded)
    return _matched(text, away) if is_notice else None


def _is_bare_notice(folded: str) -> bool:
    """Whether a short message says when an absence ends, and nothing besides absence, greeting and thanks."""
    if len(folded) > _MAX_SHORT_NOTICE_CHARS or compiled(END_OF_ABSENCE).search(folded) is None:
        return False
    if compiled(CONTRAST).search(folded):
        return False
    said = [sentence for sentence in sentences(_without_closing(folded)) if len(sentence.split()) > _MAX_GREETING_WORDS]
    return all(
        first_found(AWAY_RULES, sentence) is not None
        or compiled(END_OF_ABSENCE).search(sentence) is not None
        or compiled(THANKS).search(sentence) is not None
        for sentence in said
    )


def _without_closing(folded: str) -> str:
    """The message up to its closing ("Kind regards,\\nStefan"), if it has one behind the first line."""
    lines = folded.split("\n")
    for index, line in enumerate(lines):
        if index > 0 and is_sign_off(line):
            return "\n".join(lines[:index])
    return folded


def _read_automatic(text: str, folded: str, subject: str, folded_subject: str) -> RuleMatch | None:
    by_subject = first_found(AUTOMATIC_SUBJECT_RULES, folded_subject)
    if by_subject is not None:
        return _evidence(subject, by_subject.rule, by_subject.start, by_subject.end)
    return _matched(text, _says_automatic(folded))


def _says_automatic(folded: str) -> Found | None:
    for rule in AUTOMATIC_BODY_RULES:
        for match in find(rule, folded):
            start, end = match.span("words")
            if compiled(DOUBT_BEFORE).search(folded[max(0, start - 60) : start]):
                continue
            begin, sentence_end = sentence_around(folded, start, end)
            if folded[begin:sentence_end].rstrip().endswith(("?", "？")):
                continue
            if not rule.id.startswith("automatic.") and _is_engaged(folded):
                continue
            return Found(rule, start, end)
    return None


def _is_engaged(folded: str) -> bool:
    """Whether somebody answers: asks, proposes, judges our offer. Conditional sentences of a notice do not count."""
    engagement = compiled(ENGAGEMENT)
    boilerplate = compiled(BOILERPLATE_SENTENCE)
    return any(engagement.search(sentence) and not boilerplate.search(sentence) for sentence in sentences(folded))


# --- non-delivery reports -----------------------------------------------------------------------------------------


def _read_report(
    text: str, folded: str, subject: str, folded_subject: str, *, from_server: bool
) -> tuple[RuleMatch | None, RuleMatch | None]:
    """A bounce, and the automatic reply that every report is, one without a bad address too."""
    by_subject = first_found(BOUNCE_SUBJECT_RULES, folded_subject)
    by_body = first_found(BOUNCE_BODY_RULES, folded)
    transient = first_found(TRANSIENT_RULES, folded)
    says_delay = folded_subject.startswith(_DELAY_SUBJECTS)
    evidence = _matched(text, by_body) or _matched(subject, by_subject)
    if evidence is None:
        is_warning = transient is not None and (from_server or says_delay)
        return None, _matched(text, transient) if is_warning else None
    if by_subject is None and not from_server and not says_delay and _is_told_by_a_person(folded, by_body):
        return None, None
    return (None if transient is not None else evidence), evidence


def _is_told_by_a_person(folded: str, by_body: Found | None) -> bool:
    """Whether a report that neither its sender nor its subject proves is a person's account of one."""
    if by_body is not None and folded[: by_body.start].endswith(('"', "'")):
        return True
    end = compiled(RETURNED_MESSAGE).search(folded, by_body.end if by_body is not None else 0)
    said = compiled(SERVER_SPEAKS).sub(" ", folded[: end.start()] if end is not None else folded)
    return _is_engaged(said) or compiled(TOLD_BY_A_PERSON).search(said) is not None


_DELAY_SUBJECTS = ("delivery status notification (delay)", "delivery delayed", "warning: message", "zustellung verz")
