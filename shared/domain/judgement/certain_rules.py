"""The certain verdict on a reply, without a model: opt-out, bounce, automatic reply; and the suspected opt-out.

The rules are grammars (opt_outs) and tables (automatic_reply_rules, bounce_rules). They read the cleaned text and the
subject only: what is quoted below a reply is our own words. Whatever they leave open goes to the model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from shared.domain.channels import CHANNELS, ChannelRules
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
from shared.domain.judgement.opt_outs.finding import find_opt_out, find_suspected
from shared.domain.judgement.rule_matching import (
    MAX_EVIDENCE_CHARS,
    Rule,
    RuleMatch,
    first_found,
    fold,
    matched,
)
from shared.domain.judgement.stop_words import find_stop_word, find_wrong_number
from shared.domain.text.long_text import head_and_tail
from shared.domain.vocabulary import Channel, Tag

PROVIDER_RULE = "provider.auto_reply_received"
MAIL_SERVER_RULE = "automatic.mail_server"
ALL_RULES: tuple[Rule, ...] = (
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
    somebody knows; never both. stranger: a phone is another person's. tag: Blacklist for an opt-out or a bounce, Out of
    Office, Automated Reply, Wrong Person, or None: a model decides.
    """

    opt_out: RuleMatch | None
    bounce: RuleMatch | None
    automatic: RuleMatch | None
    tag: Tag | None
    suspected: RuleMatch | None = None
    stranger: RuleMatch | None = None

    @property
    def is_auto_reply(self) -> bool:
        """True when a machine wrote the reply, a non-delivery report included."""
        return self.automatic is not None

    @property
    def match(self) -> RuleMatch | None:
        """The rule that decides, if one does."""
        return self.opt_out or self.bounce or self.automatic or self.stranger


def judge(
    clean_text: str,
    subject: str,
    *,
    automatic: bool = False,
    from_email: str | None = None,
    channel: ChannelRules = CHANNELS[Channel.EMAIL],
) -> Judgement:
    """Judge a reply by the certain rules; takes bounded time, whatever the length of the text.

    clean_text: the reply without quotations (shared.domain.text.email_text). subject: as received. automatic:
    the provider says that a machine wrote it. from_email: the address that the reply came from, if known; a mail
    server's own address makes its report certain, and whatever else it writes automatic. channel: the medium. A phone's
    stop words end everything; reports of mail servers and subjects are email's.
    """
    text = head_and_tail(clean_text, _HEAD_CHARS, _TAIL_CHARS, joint="\n\n")
    folded = fold(text)
    subject = subject[:_MAX_SUBJECT_CHARS].strip() if channel.has_subject else ""
    folded_subject = fold(subject)
    from_server = from_email is not None and _MAIL_SERVER.match(from_email) is not None

    ending = _ending(text, folded, channel)
    if ending is not None:
        return Judgement(opt_out=ending, bounce=None, automatic=None, tag=Tag.BLACKLIST)
    machine = None
    if channel.is_letter:
        bounce, machine = read_report(text, folded, subject, folded_subject, from_server=from_server)
        if bounce is not None:
            return Judgement(opt_out=None, bounce=bounce, automatic=bounce, tag=Tag.BLACKLIST)
    elif (stranger := find_wrong_number(text)) is not None:
        return Judgement(opt_out=None, bounce=None, automatic=None, tag=Tag.WRONG_PERSON, stranger=stranger)

    absence = read_absence(text, folded, subject, folded_subject)
    machine = machine or absence or read_automatic(text, folded, subject, folded_subject)
    said_by_text = machine is not None
    if from_email is not None and from_server:
        machine = machine or RuleMatch(MAIL_SERVER_RULE, from_email[:MAX_EVIDENCE_CHARS])
    if automatic:
        machine = machine or RuleMatch(PROVIDER_RULE, "")
        if absence is None:
            absence = matched(text, first_found((*AWAY_RULES, *ABSENCE_WORD_RULES), folded))
    # What is nothing but a demand is a person's, whatever the subject says. Boilerplate of an automatic reply ("to
    # unsubscribe from our newsletter …") is nobody's will, so a machine's words are never suspected. A short message
    # that only the provider or its sender takes for automatic may be a person's.
    suspected = None
    opt_out = find_opt_out(text, subject, channel.name)
    if opt_out is None and not said_by_text and (machine is None or len(folded) <= _MAX_MISTAKEN_CHARS):
        suspected = find_suspected(text, subject, channel.name)
    if opt_out is not None:
        tag: Tag | None = Tag.BLACKLIST
    elif machine is not None:
        tag = Tag.OUT_OF_OFFICE if absence is not None else Tag.AUTOMATED_REPLY
    else:
        tag = None
    return Judgement(opt_out=opt_out, bounce=None, automatic=machine, tag=tag, suspected=suspected)


def _ending(text: str, folded: str, channel: ChannelRules) -> RuleMatch | None:
    """Finds what ends all writing in the words of the medium: a carrier's stop word, a mailbox provider's complaint."""
    if channel.has_stop_words:
        return find_stop_word(text)
    return read_complaint(text, folded) if channel.is_letter else None


# Rules read the beginning and the end of a long message: nobody hides a demand behind pages of text, and the time that
# the tables take stays bounded.
_HEAD_CHARS = 6_000
_TAIL_CHARS = 1_500
_MAX_SUBJECT_CHARS = 300
_MAX_MISTAKEN_CHARS = 300

_MAIL_SERVER = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon|mdaemon|bounce[\w+-]{0,40})@", re.IGNORECASE)
