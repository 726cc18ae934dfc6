"""The conditions on a draft of any author: nothing invented, nothing left open, nothing copied.

The checks are code, so no text in an email can talk them out of it. A failed check can be put to the writer once more;
what fails again, and what only the lead said, is for a person. Linear in the length of their inputs; they never raise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.domain.channels import CHANNELS, ChannelRules, LengthLimit, LengthUnit
from shared.domain.drafting.chat_checks import chat_faults
from shared.domain.drafting.closings import SIGN_OFF, closing_at, wrong_language
from shared.domain.drafting.greeted_names import WORD, folded_words, parts_of, unknown_introductions, wrongly_greeted
from shared.domain.drafting.outgoing_text import outgoing_text
from shared.domain.drafting.stated_claims import claims_in, strangers_in
from shared.domain.drafting.stated_facts import read_grounds, straighten, ungrounded_facts
from shared.domain.text.reply_subject import MAX_SUBJECT_CHARS
from shared.domain.text.wording import folded
from shared.domain.vocabulary import Channel

MAX_BODY_CHARS = 3_000
_LONGEST = LengthLimit(MAX_BODY_CHARS, LengthUnit.CHARACTERS)
COPIED_LINE_CHARS = 90  # a line of the lead's this long in our draft is a quotation, not a turn of phrase
FOREIGN_LINE_CHARS = 6  # shorter lines of a signature ("Best,") are anybody's

LEAD_ONLY: Final = "lead_only"
SENTENCES: Final = {
    "empty": "the text is empty",
    "too_long": "the text has {words}",
    "too_short": "the text has {words}",
    "placeholder": "a placeholder is left: {words}",
    "formatting": "plain text only, but there is {words}",
    "subject_line": "the text holds a subject line: {words}",
    "quoted_text": "the text quotes an email: {words}",
    "emoji": "the lead has used no emoji, but the text has {words}",
    "early_link": "a first response on this channel holds no link, but there is {words}",
    "link_shortener": "carriers filter the links of shorteners: {words}",
    "subject": "the subject is not as it must be: {words}",
    "link": "{words} is not in the context",
    "email": "{words} is not in the context",
    "phone": "{words} is not in the context",
    "amount": "{words} is not in the context",
    "number": "{words} is not in the context",
    "date": "{words} is not in the context",
    "time": "{words} is not in the context",
    LEAD_ONLY: "only the lead said {words}, none of our own texts does",
    "greeting": "{words} is greeted, but is not known to have written the reply",
    "name": "the name {words} is not in the context",
    "not_a_reply": "the text speaks about being a program: {words}",
    "attachment": "nothing can be attached, but the text says: {words}",
    "done": "nothing has been done yet, but the text says: {words}",
    "language": "the language is wrong: {words}",
    "foreign_text": "a line is copied from the lead's signature or from what they quoted: {words}",
    "signature": "the text is signed with {words}, which is not our signature",
}
"""What each check says to a writer and to a person; ``words`` is what it found."""


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A check that a draft failed: its id, and the words in which the fault is."""

    check: str
    words: str = ""

    def __str__(self) -> str:
        return f"{self.check}: {SENTENCES[self.check].format(words=self.words)}"

    @property
    def for_a_person(self) -> bool:
        """Tells whether no repair can settle it: a person has to say whether it is so."""
        return self.check == LEAD_ONLY


def check_draft(
    body: str,
    subject: str,
    *,
    ours: Sequence[str],
    theirs: Sequence[str],
    recipient_names: Sequence[str] | None = None,
    sender_names: Sequence[str] = (),
    signature: str = "",
    booking_link: str | None = None,
    reply_text: str = "",
    foreign_lines: Sequence[str] = (),
    reference_dates: Sequence[date] = (),
    channel: ChannelRules = CHANNELS[Channel.EMAIL],
    is_first_response: bool = False,
) -> list[FailedCheck]:
    """Returns the checks that a draft fails; empty when it may go on to its evaluation.

    ``ours``: the workspace's own texts and our stored emails, which alone ground what we promise or charge. ``theirs``:
    the lead's reply and emails, and what they quoted. Neither may hold the times of emails: those would ground any day.
    ``recipient_names``: who may be greeted (names of the reply's writer, their company), beside a name that ends
    ``reply_text``, the cleaned reply, or introduces itself there. None: any name of the context. ``sender_names`` and
    ``signature``: ours. ``foreign_lines``: lines of the lead's raw email that cleaning removed (quotes, signature),
    none of which may be copied. ``reference_dates``: the dates of the reply and of now, from which "tomorrow" and
    "Tuesday" may be counted. ``is_first_response``: nothing of ours has answered the lead on this channel before.

    ``body`` and ``subject`` are as they would leave (``text_on``); the texts to compare with are brought into
    that form.
    """
    if not any(char.isalnum() for char in body):
        return [FailedCheck("empty")]
    if excess := (channel.longest or _LONGEST).excess(body):
        return [FailedCheck("too_long", excess)]
    signature, reply_text = outgoing_text(signature), outgoing_text(reply_text)
    recipient_names = None if recipient_names is None else [outgoing_text(name) for name in recipient_names]
    own_names = [*map(outgoing_text, (*sender_names, *([booking_link] if booking_link else []))), signature]
    own_texts = [*map(outgoing_text, ours), *own_names]
    leads_texts = [*map(outgoing_text, theirs), *(recipient_names or ()), reply_text]
    known_texts = [*own_texts, *leads_texts]
    failures = [
        *_check_form(body, signature, reply_text, channel.shortest),
        *(_check_subject(subject) if channel.has_subject else ()),
        *_check_chat(body, channel, leads_texts, is_first_response=is_first_response),
        *_check_facts(body, own_texts, leads_texts, reference_dates, recipient_names or ()),
        *_check_claims(body, own_texts, known_texts),
        *(FailedCheck("greeting", name) for name in wrongly_greeted(body, recipient_names, reply_text, known_texts)),
        *(FailedCheck("name", name) for name in unknown_introductions(body, known_texts)),
        *(FailedCheck("language", words) for words in wrong_language(body, reply_text, signature, own_texts)),
        *_check_copies(body, reply_text, [outgoing_text(line) for line in foreign_lines], known_texts),
        *_check_signature(body, own_names),
    ]
    return list(dict.fromkeys(failures))


def _check_facts(
    body: str, ours: Sequence[str], theirs: Sequence[str], dates: Sequence[date], leads_names: Sequence[str]
) -> Iterator[FailedCheck]:
    for fact in ungrounded_facts(body, read_grounds(ours, theirs, dates, leads_names)):
        yield FailedCheck(LEAD_ONLY if fact.lead_only else fact.kind, fact.words)


def _check_claims(body: str, ours: Sequence[str], known_texts: Sequence[str]) -> Iterator[FailedCheck]:
    body = straighten(body)
    for check, words in claims_in(body, ours):
        yield FailedCheck(check, words)
    for name in strangers_in(body, folded_words(known_texts), folded_words(ours)):
        yield FailedCheck("name", name)


# --- form -------------------------------------------------------------------------------------------------------------

_PLACEHOLDERS: Final = (
    re.compile(r"\{\{?[^{}\n]{0,60}\}?\}"),
    re.compile(r"\[(?=[^\]\n]{0,60}[^\W\d_])[^\]\n]{1,60}\](?!\()"),
    re.compile(r"<(?![ /]?(?:https?:|mailto:)|[ \d])(?=[^<>\n@]{0,60}[^\W\d_])[^<>\n@]{1,60}>"),
    re.compile(r"%[A-Z_]{3,30}%"),
    re.compile(r"\b(?:TBD|TBA|TODO|X{3,10})\b|[€$£]\s?X{2,10}\b|\bX{2}:X{2}\b|_{3,}"),
    re.compile(r"\b(?:lorem ipsum|insert (?:name|link|date|time|company) here|your name here)\b", re.IGNORECASE),
)
_FORMATTING: Final = (
    ("a markdown heading", re.compile(r"^ {0,3}#{1,6}[ \t]", re.MULTILINE)),
    ("bold marks", re.compile(r"\*\*[^\s*][^*\n]{0,200}\*\*|__[^\s_][^_\n]{0,200}__")),
    ("a code fence", re.compile(r"```")),
    ("a markdown link", re.compile(r"\[[^\]\n]{1,200}\]\((?=https?:|mailto:|www\.)")),
    (
        "HTML",
        re.compile(r"</?(?:p|br|div|a|b|i|strong|em|ul|ol|li|span|html|body|table)\b[^<>\n]{0,200}>", re.IGNORECASE),
    ),
)
_SUBJECT_LINE: Final = re.compile(
    r"^[ \t]*(?:subject|betreff|objet|asunto|oggetto|onderwerp|assunto|temat|ämne|emne)[ \t]*:[ \t]*\S",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTATIONS: Final = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (
        r"^[ \t]*>",
        r"^[ \t]*-{2,}[ \t]*(?:original message|ursprüngliche nachricht|message d'origine|mensaje original|forwarded)",
        r"^[ \t]*(?:from|von|de|da|van)[ \t]*:[^\n]{0,200}\n"
        r"[ \t]*(?:sent|gesendet|envoyé|enviado|inviato|verzonden|date|datum|to|an)[ \t]*:",
        r"^[ \t]*(?:on|am|le|el|il|op|em)\b[^\n]{5,200}"
        r"\b(?:wrote|schrieb|a écrit|escribió|ha scritto|schreef|escreveu)\b[^\n]{0,80}:[ \t]*$",
    )
)


def _check_form(body: str, signature: str, reply_text: str, shortest: int) -> Iterator[FailedCheck]:
    if len(body.strip().removesuffix(signature.strip()).rstrip()) < shortest:
        yield FailedCheck("too_short", f"fewer than {shortest} characters")
    for pattern in _PLACEHOLDERS:
        for match in pattern.finditer(body):
            if match[0] not in reply_text:
                yield FailedCheck("placeholder", match[0])
    for name, pattern in _FORMATTING:
        if pattern.search(body):
            yield FailedCheck("formatting", name)
    if line := _SUBJECT_LINE.search(body):
        yield FailedCheck("subject_line", line[0].strip())
    for pattern in _QUOTATIONS:
        if quoted := pattern.search(body):
            yield FailedCheck("quoted_text", quoted[0].strip())


def _check_subject(subject: str) -> Iterator[FailedCheck]:
    if not subject.strip() or len(subject) > MAX_SUBJECT_CHARS or "\n" in subject or "\r" in subject:
        yield FailedCheck("subject", f"one line of 1 to {MAX_SUBJECT_CHARS} characters")
    for pattern in _PLACEHOLDERS[:1]:
        for match in pattern.finditer(subject):
            yield FailedCheck("placeholder", match[0])


def _check_chat(
    body: str, channel: ChannelRules, leads_texts: Sequence[str], *, is_first_response: bool
) -> Iterator[FailedCheck]:
    if not channel.is_letter:
        for check, words in chat_faults(body, channel, leads_texts, is_first_response=is_first_response):
            yield FailedCheck(check, words)


# --- copies -----------------------------------------------------------------------------------------------------------

_GREETING_WORDS = 4
_SIGNATURE_WORDS = 4  # a longer line below the closing phrase is a postscript, not a name


def _check_copies(
    body: str, reply_text: str, foreign_lines: Sequence[str], known_texts: Sequence[str]
) -> Iterator[FailedCheck]:
    """Checks for copied foreign lines, except those that the writer was shown: we may repeat our own quoted emails."""
    foreign = {line for line in map(_plain_line, foreign_lines) if len(line) >= FOREIGN_LINE_CHARS}
    if foreign:
        foreign -= {_plain_line(line) for text in known_texts for line in text.split("\n")}
    long_lines = {line for line in map(_plain_line, reply_text.split("\n")) if len(line) >= COPIED_LINE_CHARS}
    for line in map(_plain_line, _after_greeting(body)):
        if line in foreign and not SIGN_OFF.fullmatch(line):
            yield FailedCheck("foreign_text", line)
        elif line in long_lines:
            yield FailedCheck("quoted_text", line)


def _after_greeting(body: str) -> list[str]:
    """Returns the lines after a greeting: "Hi Pat," stands in quotations as well, and is nobody's to copy."""
    lines = body.strip().split("\n")
    return lines[1:] if len(lines[0].split()) <= _GREETING_WORDS else lines


def _check_signature(body: str, own_texts: Sequence[str]) -> Iterator[FailedCheck]:
    """Checks that only our own names stand below the closing phrase: a writer once signed with the lead's."""
    own = folded_words(own_texts)
    lines = [line.strip() for line in body.split("\n") if line.strip()]
    closing = closing_at(lines)
    if not own or closing is None:
        return
    for line in lines[closing + 1 :]:
        words = [word for word in WORD.findall(straighten(line)) if len(word) > 1]
        if not words or len(words) > _SIGNATURE_WORDS or not words[0][0].isupper() or SIGN_OFF.fullmatch(line):
            continue
        if not any(parts_of(word) & own for word in words):
            yield FailedCheck("signature", line)


def _plain_line(line: str) -> str:
    return folded(line).strip("*_|> ")
