"""The person's own words in an email, without the quoted original, signature and app footers.

A reply's text carries the whole quoted thread and may be missing; its HTML may be missing too; a provider's snippet has
lost its line breaks. Cleaning can err, so keep the original beside the result.

A reply is cleaned once, when it comes in, from all forms in which it was delivered. The result is stored with the form
that was chosen; ``rest_of_mail`` returns the remainder of the email to later steps.

Everything here takes time linear in the length of the input, for any input (bench/email_text.py), and never raises. Of
a text that no person wrote by hand only the beginning and the end are read (`MAX_TEXT_CHARS`, and MAX_HTML_CHARS of
shared.domain.text.html_text): linear is not fast enough for 6 MB of lines that each look like the start of a quotation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from shared.domain.text.chat_text import own_words
from shared.domain.text.hidden_html import may_hide
from shared.domain.text.html_text import MAX_HTML_CHARS, VisibleText, html_lines, html_to_text
from shared.domain.text.long_text import head_and_tail
from shared.domain.text.reply_lines import SplitReply, WrittenText, join_reply, split_reply
from shared.domain.text.source_lines import SourceLine, plain_lines, unquote
from shared.domain.text.wording import occurs_in

_HEAD_CHARS = 200_000
_TAIL_CHARS = 50_000
_LONGEST_LINE = 5_000
MAX_TEXT_CHARS = _HEAD_CHARS + _TAIL_CHARS
"""A longer text is read up to 200,000 characters from its beginning and 50,000 from its end, cut between lines."""

__all__ = [
    "CleanedText",
    "RestOfMail",
    "clean_reply",
    "html_to_text",
    "plain_text",
    "rest_of_mail",
    "sanitize_text",
    "strip_quoted_text",
]


@dataclass(frozen=True, slots=True)
class CleanedText:
    """The reply's own words and the form that they come from: "text", "html", "snippet" or "none" (nothing given).

    unread: the digest (hex SHA-256) of a whole form whose middle was not read because it is huge, else "": two of those
    may have the same words. signature: the lines that were cut as the writer's signature, "" if there are none. hidden:
    characters of the HTML's text that nobody would see; they are in none of the other fields.
    """

    text: str
    source: str
    unread: str = ""
    signature: str = ""
    hidden: int = 0


def clean_reply(
    text: str | None, html: str | None, snippet: str | None = None, *, has_quotes: bool = True
) -> CleanedText:
    """Chooses one of the forms in which a reply came and takes the person's own words from it.

    The text is preferred. The HTML is read if there is no text, if the text is nothing but quotation, or if no
    quotation was found in the text although the HTML's markup names one: markup beats words. The snippet only speaks
    where both are missing. Without ``has_quotes`` (ChannelRules) all of the first form that says anything is theirs, as
    far as it is words (chat_text).
    """
    if not has_quotes:
        return _all_of(text, html, snippet)
    plain = _readable(text)
    if plain and _looks_like_html(plain):
        plain, html = "", html or plain
    rich = html if html and html.strip() else ""
    if plain:
        return _text_or_html(plain, rich, _unread(text, MAX_TEXT_CHARS))
    if rich:
        unread = _unread(html, MAX_HTML_CHARS) or _unread(text, MAX_TEXT_CHARS)  # the HTML may stand in the text
        return _clean_html(html_lines(sanitize_text(rich)), unread)
    brief = _readable(snippet)
    if brief:
        said = _strip(None, brief)
        return CleanedText(said.text, "snippet", _unread(snippet, MAX_TEXT_CHARS), said.signature)
    return CleanedText("", "none")


def _text_or_html(plain: str, rich: str, unread: str) -> CleanedText:
    split = split_reply(plain_lines(plain))
    reply = _strip(split, plain)
    from_text = CleanedText(reply.text, "text", unread, reply.signature)
    names_a_quotation = bool(rich) and not split.quoted and _QUOTE_MARKUP.search(rich) is not None
    is_doubtful = not reply.text or names_a_quotation or "\ufffd" in reply.text
    if not rich or not (is_doubtful or may_hide(rich)):
        return from_text
    seen = html_lines(sanitize_text(rich))
    from_html = _clean_html(seen, _unread(rich, MAX_HTML_CHARS))
    # Text that was made from the HTML holds what no reader of the HTML saw.
    shows_hidden = any(len(words) >= _MIN_HIDDEN_CHARS and occurs_in(words, reply.text) for words in seen.hidden_words)
    if from_html.text and (is_doubtful or shows_hidden) and not (reply.text and "\ufffd" in from_html.text):
        return from_html
    return replace(from_text, hidden=seen.hidden)


def _all_of(text: str | None, html: str | None, snippet: str | None) -> CleanedText:
    plain, brief = _readable(text), _readable(snippet)
    if plain:
        return CleanedText(own_words(plain), "text", _unread(text, MAX_TEXT_CHARS))
    if html and html.strip():
        seen = html_lines(sanitize_text(html))
        words = "\n".join(line.text for line in seen.lines).strip()
        return CleanedText(own_words(words), "html", _unread(html, MAX_HTML_CHARS), hidden=seen.hidden)
    return CleanedText(own_words(brief), "snippet" if brief else "none", _unread(snippet, MAX_TEXT_CHARS))


def strip_quoted_text(text: str) -> str:
    """Removes quotations, signatures and "sent from" lines from plain text; the other lines stay as they are.

    Idempotent. An all-quotation body yields the empty string.
    """
    return _strip(None, _normalise_lines(_bounded(text))).text


def plain_text(text: str | None, html: str | None) -> str:
    """Returns an email's whole content, uncleaned: its text, else its HTML as text, else ""."""
    return text or (html_to_text(html) if html else "")


@dataclass(frozen=True, slots=True)
class RestOfMail:
    """The chosen form of an email without the reply itself.

    quoted: the original under the reply, without its ">" prefixes, or "". removed_lines: every line that is not in the
    cleaned text: quotations, signature, footers.
    """

    quoted: str
    removed_lines: tuple[str, ...]


def rest_of_mail(cleaned: CleanedText, text: str | None, html: str | None) -> RestOfMail:
    """Reads the lines that cleaning removed, from the form that it chose then and from no other.

    ``text`` and ``html``: the email as it was delivered. A snippet is not kept beside the text that was made from it.
    """
    lines = _lines_of(cleaned.source, text, html)
    kept = {line.strip() for line in cleaned.text.splitlines()}
    quoted = "\n".join(unquote(line) for line in split_reply(lines).quoted).strip("\n")
    return RestOfMail(
        quoted=quoted if quoted.strip() else "",
        removed_lines=tuple(line.text for line in lines if line.text.strip() and line.text.strip() not in kept),
    )


def sanitize_text(value: str) -> str:
    """Removes characters that Postgres and jsonb refuse: NUL goes, half surrogate pairs are joined or become U+FFFD."""
    if "\x00" in value:
        value = value.replace("\x00", "")
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


_MAX_PASSES = 4
_MIN_HIDDEN_CHARS = 10
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2060\ufeff]")
_HTML_START = re.compile(r"<(?:!doctype|html|head|body|div|p|table|span)[\s>]", re.IGNORECASE)
_QUOTE_MARKUP = re.compile(
    r"<blockquote|gmail_quote|yahoo_quoted|divRplyFwdMsg|appendonsend|missive_quote|protonmail_quote"
    r"|mail-editor-reference-message-container|moz-cite-prefix|OLK_SRC_BODY_SECTION",
    re.IGNORECASE,
)
# UTF-8 read as Windows-1252 ("Ã¼" for "ü"): a lead byte's letter and its continuation bytes' letters.
_MOJIBAKE = re.compile(r"[ÂÃÄÅÎÏÐÑ×ØÙâãäåðï][\x80-\xbfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]{1,3}")


def _readable(value: str | None) -> str:
    if not value or not value.strip():
        return ""
    return _MOJIBAKE.sub(_repair_mojibake, _normalise_lines(sanitize_text(_bounded(value))))


def _bounded(text: str) -> str:
    # Between lines, since half of a quoted line would lose its prefix; a line of thousands is cut wherever it is.
    return head_and_tail(
        text,
        _HEAD_CHARS,
        _TAIL_CHARS,
        joint="\n",
        end_of_head=lambda head: end if (end := head.rfind("\n", -_LONGEST_LINE)) >= 0 else len(head),
        start_of_tail=lambda tail: max(0, tail.find("\n", 0, _LONGEST_LINE)),
    )


def _unread(form: str | None, readable_chars: int) -> str:
    if form is None or len(form) <= readable_chars:
        return ""
    return sha256(form.encode("utf-8", "surrogatepass")).hexdigest()


def _repair_mojibake(match: re.Match[str]) -> str:
    found = match.group()
    raw = bytearray()
    for char in found:
        try:
            raw += char.encode("cp1252")
        except UnicodeEncodeError:
            if ord(char) > 0xFF:
                return found
            raw.append(ord(char))
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return found


def _normalise_lines(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    return _CONTROL.sub("", text)


def _looks_like_html(text: str) -> bool:
    """True when a field that should hold plain text holds a document."""
    return _HTML_START.match(text.lstrip()[:20]) is not None and "</" in text


def _strip(split: SplitReply | None, text: str) -> WrittenText:
    """Strips until nothing changes: lines that meet anew may announce another quotation (two passes in practice)."""
    signatures: list[str] = []
    for turn in range(1 + _MAX_PASSES):
        written = join_reply(split if split is not None and turn == 0 else split_reply(plain_lines(text)))
        signatures[:0] = [written.signature] if written.signature else []
        before, text = text, written.text
        if text == before:
            break
    return WrittenText(text, "\n".join(signatures))


def _clean_html(seen: VisibleText, unread: str) -> CleanedText:
    reply = join_reply(split_reply(seen.lines))
    if not reply.text and any(line.signature for line in seen.lines):
        # Some phones put the cursor inside the signature: then that is where the reply was written.
        reply = join_reply(split_reply([line._replace(signature=False) for line in seen.lines]))
    below = _strip(None, reply.text)
    signature = "\n".join(part for part in (below.signature, reply.signature) if part)
    return CleanedText(below.text, "html", unread, signature, seen.hidden)


def _lines_of(source: str, text: str | None, html: str | None) -> Sequence[SourceLine]:
    """Returns the lines of the form that ``clean_reply`` chose; HTML may have replaced the text."""
    if source == "text":
        return plain_lines(_readable(text))
    if source == "html":
        return html_lines(sanitize_text(html if html and html.strip() else _readable(text))).lines
    return []
