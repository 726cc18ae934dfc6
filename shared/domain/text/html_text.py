"""Email HTML as lines of text that still know which are quoted and which are a signature.

The tree is built by lexbor (selectolax). Two things are ours. The walk is iterative, so that nesting never meets
Python's recursion limit. And `_parse_bounded` keeps two kinds of input from the parser, which a plain tag stripper
reads instead: HTML that makes a tree builder slower than linear (measured: 20,000 nested <div> 0.5 s, 20,000 attributes
of one tag 0.6 s, 63 unclosed formatting elements copied into each paragraph 21 s and 3 GB for 1 MB), and HTML that is
merely large. Of a document that nobody wrote by hand only the beginning and the end are read (`MAX_HTML_CHARS`).
"""

from __future__ import annotations

import html as html_entities
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from shared.domain.text.long_text import head_and_tail

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode


def _names(blank_separated: str) -> frozenset[str]:
    return frozenset(blank_separated.split())


class SourceLine(NamedTuple):
    """One line of a message.

    quoted: the line belongs to a quotation (a ">" prefix, a <blockquote>). signature: the mail client marks this as the
    signature. boundary: the mail client marks the start of the quoted original, which runs to the end. attribution: the
    mail client marks this line as the introduction of a quotation ("On … wrote:").
    """

    text: str
    quoted: bool = False
    signature: bool = False
    boundary: bool = False
    attribution: bool = False


class VisibleText(NamedTuple):
    """The lines of a message that a reader sees, and the number of characters (without blanks) that are hidden."""

    lines: Sequence[SourceLine]
    hidden: int = 0


def html_to_text(html: str) -> str:
    """Renders HTML as plain text: entities decoded, lines kept, quotations prefixed with "> ", no hidden parts."""
    return "\n".join(line.text for line in html_lines(html).lines)


def html_lines(html: str) -> VisibleText:
    """Renders HTML as lines with the marks of the mail clients' markup.

    Never raises on any str and takes time linear in its length. Blank lines never come in pairs.
    """
    html = _bounded(_drop_comments(html))
    root = _parse_bounded(html)
    if root is None:
        return VisibleText(_strip_tags(html))
    return _Renderer().render(root)


# --- the part of a huge document that is read --------------------------------------------------------------------

_HEAD_CHARS = 512 * 1024  # Outlook's longest threads stay below
_TAIL_CHARS = 64 * 1024  # where a reply below the quotation ends
MAX_HTML_CHARS = _HEAD_CHARS + _TAIL_CHARS
"""A longer document is read up to 512 Ki characters from its beginning and 64 Ki from its end."""

_INLINE_IMAGE = re.compile(r"data:image/[a-z0-9.+-]{1,20};base64,[a-z0-9+/=%\s]*+", re.IGNORECASE)


def _bounded(html: str) -> str:
    """Cuts between tags: a quotation that is open where the head ends goes on until the tail closes it."""
    if len(html) > MAX_HTML_CHARS:
        html = _INLINE_IMAGE.sub("", html)
    return head_and_tail(
        html,
        _HEAD_CHARS,
        _TAIL_CHARS,
        joint=" ",
        end_of_head=lambda head: opening if (opening := head.rfind("<")) > head.rfind(">") else len(head),
        start_of_tail=lambda tail: max(0, tail.find("<")),
    )


# --- keeping the parser's work bounded ---------------------------------------------------------------------------

_SMALL_CHARS = 16_000  # below both limits even the worst input costs milliseconds: no need to look closer
_SMALL_TAGS = 1_000
_MAX_DEPTH = 256
_MAX_OPEN_FORMATTING = 64
_MAX_NODES = 40_000  # end tags count, too; real email has a tenth
_MAX_TAG_CHARS = 4_000
_MAX_ATTRIBUTES = 300

_FORMATTING = _names("a b big code em font i nobr s small strike strong tt u")
_CLOSED_BY_ITS_LIKE = _names("li p")
_VOID = _names("area base br col embed hr img input link meta param source track wbr")

# Quotes only where the HTML tokenizer also takes them for quotes (behind "="), no angle bracket inside: on input of
# this shape parser and check see the same tags. Possessive quantifiers: a failing tag costs its own length once.
_ATTRIBUTE = r"[^\s\"'<>/=]++(?>\s*+=\s*+(?>\"[^\"<>]*+\"|'[^'<>]*+'|[^\s\"'<>=`]++))?"
_TAG = re.compile(rf"<(/?)([a-zA-Z][^\s\"'<>/=]*+)((?>[\s/]++(?>{_ATTRIBUTE})?)*+)>")
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_TAG_OPENING = re.compile(r"<[a-zA-Z/!?]")
_MARKED_SECTION = re.compile(r"<[!?][^<>]*>")


def _drop_comments(html: str) -> str:
    if "<!" not in html and "<?" not in html:
        return html
    parts: list[str] = []
    position = 0
    while (start := html.find("<!--", position)) >= 0:
        parts.append(html[position:start])
        end = html.find("-->", start + 2)  # +2: "<!-->" is a whole comment
        if end < 0:
            position = len(html)
            break
        position = end + 3
    parts.append(html[position:])
    return _MARKED_SECTION.sub(" ", " ".join(parts))


def _parse_bounded(html: str) -> LexborNode | None:
    """Returns the body's node, or None where building the tree would take more than linear time."""
    if (len(html) > _SMALL_CHARS or html.count("<") > _SMALL_TAGS) and not _is_cheap_to_parse(html):
        return None
    from selectolax.lexbor import LexborHTMLParser  # 4 ms: only who has HTML pays for it

    return LexborHTMLParser(html).body


def _is_cheap_to_parse(html: str) -> bool:
    """True when nesting, attributes and the tree's size stay in bounds; the true tree is never deeper or larger."""
    open_tags: list[tuple[str, int]] = []
    copied_nodes = 0  # what each tag may make the parser build once more: the formatting elements left open
    open_formatting = 0
    nodes = 0
    tags = 0
    for match in _TAG.finditer(html):
        tags += 1
        closing, name, attributes = match.groups()
        name = name.lower()
        nodes += 1 + copied_nodes
        if nodes > _MAX_NODES:
            return False
        if closing:
            if open_tags and open_tags[-1][0] == name:  # a misplaced end tag may be ignored: count its element open
                copied = open_tags.pop()[1]
                copied_nodes -= copied
                open_formatting -= copied > 0
            continue
        if len(attributes) > _MAX_TAG_CHARS and _count_attributes(attributes) > _MAX_ATTRIBUTES:
            return False
        if name in _VOID:
            continue
        if name in _CLOSED_BY_ITS_LIKE and open_tags and open_tags[-1][0] == name:
            nodes += 1 + copied_nodes  # the end tag that was left out
            continue
        copied = 1 + _count_attributes(attributes) // 4 + len(attributes) // 512 if name in _FORMATTING else 0
        open_tags.append((name, copied))
        copied_nodes += copied
        open_formatting += copied > 0
        if len(open_tags) > _MAX_DEPTH or open_formatting > _MAX_OPEN_FORMATTING:
            return False
    return tags == sum(1 for _ in _TAG_OPENING.finditer(html))


def _count_attributes(attributes: str) -> int:
    return sum(1 for _ in _ATTRIBUTES.finditer(attributes))


_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>|<[!?/][^<>]*>")
_LONG_CHARACTER_REFERENCE = re.compile(r"&#[xX]?[0-9a-fA-F]{9,}+;?")  # html.unescape would hand it to int()


def _strip_tags(html: str) -> list[SourceLine]:
    """Returns the lines of hostile HTML: tags removed, a new line at block elements, scripts and styles left out."""
    lowered = html.lower() if len(html.lower()) == len(html) else html
    lines: list[SourceLine] = []
    parts: list[str] = []
    position = 0
    quotations = 0
    while (match := _ANY_TAG.search(html, position)) is not None:
        parts.append(html[position : match.start()])
        position = match.end()
        is_closing, name = match.group(1), (match.group(2) or "").lower()
        if name == "blockquote":
            _add_lines(lines, "".join(parts), is_quoted=quotations > 0)
            parts.clear()
            quotations = max(0, quotations - 1) if is_closing else quotations + 1
        elif name in _BLOCKS or name == "br":
            parts.append("\n")
        elif name in ("script", "style") and not is_closing:
            end = lowered.find(f"</{name}", position)
            position = end if end >= 0 else len(html)
    parts.append(html[position:])
    _add_lines(lines, "".join(parts), is_quoted=quotations > 0)
    while lines and lines[-1].text in _BLANK:
        lines.pop()
    return lines


def _add_lines(lines: list[SourceLine], text: str, *, is_quoted: bool) -> None:
    text = html_entities.unescape(_LONG_CHARACTER_REFERENCE.sub("�", text)).translate(_NOT_TEXT)
    for line in text.split("\n"):
        if words := " ".join(line.split()):
            lines.append(SourceLine(f"> {words}" if is_quoted else words, is_quoted))
        elif lines and lines[-1].text not in _BLANK:
            lines.append(SourceLine(">" if is_quoted else "", is_quoted))


_BLANK = ("", ">")


# --- the walk ----------------------------------------------------------------------------------------------------

_SKIPPED = _names(
    "script style head title template noscript iframe object embed svg math audio video canvas map select textarea "
    "button input meta link base xml"
)
_BLOCKS = _names(
    "address article aside blockquote body center dd details div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr li main nav ol p pre section table tbody tfoot thead tr ul"
)
_SPACED_BLOCKS = _names("h1 h2 h3 h4 h5 h6 p")  # blocks with a margin: a blank line around them
_MAX_QUOTE_PREFIX = 10  # deeper quotations look alike: a prefix per level would make the text quadratic
# Neither seen nor taken for white space; a character reference may name any of them.
_NOT_TEXT = dict.fromkeys([*range(9), *range(14, 32), 127, *map(ord, "\u200b\ufeff\u00ad\u034f\u2060")])
_NOT_TEXT |= dict.fromkeys(map(ord, "\v\f"), " ")

_HIDDEN_STYLE = re.compile(
    r"display:none|visibility:hidden|mso-hide:all|(?:^|;)(?:font-size|max-height|line-height|opacity):0(?:px|pt|em|%)?(?:;|!|$)"
)
_NO_MARGIN_STYLE = re.compile(r"(?:^|;)margin(?:-bottom)?:0")
_NO_BORDER_STYLE = re.compile(r"(?:^|;)border(?:-left)?:(?:none|0)")
# Outlook for Windows draws this line above its From/Sent/To/Subject block, in every language.
_OUTLOOK_RULE_STYLE = re.compile(r"border:none;border-top:solid#(?:e1e1e1|b5c4df|cccccc)")

# Names that mail clients give to their parts; Outlook on the web prefixes names of received emails with "x_".
_QUOTE_CONTAINERS = _names(
    "yahoo_quoted protonmail_quote tutanota_quote missive_quote front-blockquote zmail_extra sh-quoted-content "
    "mail-editor-reference-message-container ms-outlook-mobile-reference-message olk_src_body_section "
    "moz-forward-container cite hs_quote spark_quote"
)
_QUOTE_STARTS = _names("divrplyfwdmsg appendonsend")
_ATTRIBUTIONS = _names("gmail_attr moz-cite-prefix moz-email-headers-table")
_SIGNATURES = _names(
    "gmail_signature gmail_signature_prefix moz-signature signature ms-outlook-mobile-signature applemailsignature "
    "protonmail_signature_block sh-signature missive_signature zmail_signature_below"
)


class _Renderer:
    def __init__(self) -> None:
        self._lines: list[SourceLine] = []
        self._words: list[str] = []
        self._pending_space = False
        self._blank_before = False
        self._held_open = False  # a no-break space gives an otherwise empty line its height: Word's blank lines
        self._quote_depth = 0
        self._signature_depth = 0
        self._attribution_depth = 0
        self._preformatted_depth = 0
        self._boundary = False
        self._leaving: list[tuple[LexborNode, str, tuple[str, ...], bool]] = []
        self._hidden = 0

    def render(self, root: LexborNode) -> VisibleText:
        node: LexborNode | None = root
        while node is not None:
            child = self._enter(node)
            if child is not None:
                node = child
                continue
            node = self._next(node)
        self._end_line()
        return VisibleText(self._lines, self._hidden)

    def _next(self, node: LexborNode) -> LexborNode | None:
        """Returns the next node in document order, leaving finished elements on the way."""
        current = node
        while True:
            following = current.next if self._leaving else None
            if following is not None:
                return following
            if not self._leaving:
                return None
            current, tag, states, spaced = self._leaving.pop()
            self._leave(tag, states, spaced)

    def _enter(self, node: LexborNode) -> LexborNode | None:
        """Takes in one node; returns its first child if the walk goes on inside it."""
        if node.is_text_node:
            self._add_text(node.text_content or "")
            return None
        if not node.is_element_node:
            return None
        tag = (node.tag or "").lower()
        if tag in _SKIPPED:
            return None
        attributes = node.attributes
        style = "".join((attributes.get("style") or "").lower().split()) if "style" in attributes else ""
        if "hidden" in attributes or (style and _HIDDEN_STYLE.search(style)):
            self._hidden += len("".join(node.text().translate(_NOT_TEXT).split()))
            return None
        if tag == "br":
            self._break_line()
            return None
        if tag == "img":
            self._add_image(attributes.get("alt"))
            return None
        names = _client_names(attributes)
        if names & _QUOTE_STARTS or (style and _OUTLOOK_RULE_STYLE.search(style)):
            self._end_line()
            self._boundary = True
        states = _states(tag, names, style)
        is_block = tag in _BLOCKS
        if is_block or states:
            self._end_line()
        spaced = tag in _SPACED_BLOCKS and not (style and _NO_MARGIN_STYLE.search(style)) and "msonormal" not in names
        if spaced:
            self._blank_before = True
        self._shift(states, 1)
        if tag == "li":
            self._words.append("- ")
        elif tag in ("td", "th"):
            self._pending_space = True
        child = node.first_child
        if child is None:
            self._leave(tag, states, spaced)
            return None
        self._leaving.append((node, tag, states, spaced))
        return child

    def _leave(self, tag: str, states: tuple[str, ...], spaced: bool) -> None:
        if tag in _BLOCKS or states:
            self._end_line()
        if spaced:
            self._blank_before = True
        self._shift(states, -1)

    def _shift(self, states: tuple[str, ...], step: int) -> None:
        for state in states:
            if state == "quote":
                self._quote_depth += step
            elif state == "signature":
                self._signature_depth += step
            elif state == "attribution":
                self._attribution_depth += step
            else:
                self._preformatted_depth += step

    def _add_text(self, text: str) -> None:
        text = text.translate(_NOT_TEXT)
        if self._preformatted_depth:
            first, *rest = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            self._words.append(first)
            for line in rest:
                self._break_line()
                self._words.append(line)
            return
        words = text.split()
        if not words:
            self._pending_space = self._pending_space or bool(text)
            self._held_open = self._held_open or "\xa0" in text
            return
        if self._words and not self._words[-1].endswith(" ") and (self._pending_space or text[0].isspace()):
            self._words.append(" ")
        self._words.append(" ".join(words))
        self._pending_space = text[-1].isspace()

    def _add_image(self, alternative: str | None) -> None:
        # Gmail and Outlook send emoji as pictures; other alternative texts are logos and tracking pixels.
        if alternative and len(alternative) <= 8 and not alternative.isascii():
            self._add_text(alternative)

    def _break_line(self) -> None:
        if "".join(self._words).strip():
            self._end_line()
        else:
            self._words.clear()
            self._blank_before = True

    def _end_line(self) -> None:
        text = "".join(self._words)
        text = text.rstrip() if self._preformatted_depth else text.strip()
        self._words.clear()
        self._pending_space = False
        held_open, self._held_open = self._held_open, False
        if not text or text == "-":
            self._blank_before = self._blank_before or held_open
            return
        if self._blank_before and self._lines:
            previous = self._lines[-1]
            quoted = previous.quoted and self._quote_depth > 0
            self._lines.append(
                SourceLine(">" if quoted else "", quoted, previous.signature and self._signature_depth > 0)
            )
        self._blank_before = False
        self._lines.append(
            SourceLine(
                "> " * min(self._quote_depth, _MAX_QUOTE_PREFIX) + text,
                quoted=self._quote_depth > 0,
                signature=self._signature_depth > 0,
                boundary=self._boundary,
                attribution=self._attribution_depth > 0,
            )
        )
        self._boundary = False


def _client_names(attributes: dict[str, str | None]) -> frozenset[str]:
    """Returns class names and id, in lower case and without Outlook's "x_"."""
    given = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    if given == " ":
        return frozenset()
    return frozenset(name.removeprefix("x_") for name in given[:500].lower().split())


def _states(tag: str, names: frozenset[str], style: str) -> tuple[str, ...]:
    """Returns the states inside an element: "quote", "signature", "attribution", "preformatted"."""
    states: list[str] = []
    if tag == "blockquote":
        # Gmail's "indent more" is a <blockquote> without the line at its left.
        if "gmail_quote" in names or not (style and _NO_BORDER_STYLE.search(style)):
            states.append("quote")
    elif names & _QUOTE_CONTAINERS:
        states.append("quote")
    if names & _SIGNATURES:
        states.append("signature")
    if names & _ATTRIBUTIONS:
        states.append("attribution")
    if tag == "pre" or (style and "white-space:pre" in style):
        states.append("preformatted")
    return tuple(states)
