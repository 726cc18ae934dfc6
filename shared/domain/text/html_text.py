"""Email HTML as lines of text that still know which are quoted and which are a signature.

The tree is built by lexbor (selectolax) where the document allows it (shared.domain.text.html_bounds). The walk is ours
and iterative, so that nesting never meets Python's recursion limit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from shared.domain.text.hidden_html import Visibility, hiding_selectors, is_hidden, visibility
from shared.domain.text.html_bounds import MAX_HTML_CHARS, bounded_html, drop_comments, names, parse_bounded
from shared.domain.text.source_lines import SourceLine
from shared.domain.text.stripped_html import BLOCKS, NOT_TEXT, strip_tags

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

__all__ = ["MAX_HTML_CHARS", "VisibleText", "html_lines", "html_to_text"]


class VisibleText(NamedTuple):
    """The lines of a message that a reader sees, and what the writer's own part of it hides.

    hidden: characters, without blanks. hidden_words: the same as text, at most some thousand characters.
    """

    lines: Sequence[SourceLine]
    hidden: int = 0
    hidden_words: tuple[str, ...] = ()


def html_to_text(html: str) -> str:
    """Renders HTML as plain text: entities decoded, lines kept, quotations prefixed with "> ", no hidden parts."""
    return "\n".join(line.text for line in html_lines(html).lines)


def html_lines(html: str) -> VisibleText:
    """Renders HTML as lines with the marks of the mail clients' markup.

    Never raises on any str and takes time linear in its length. Blank lines never come in pairs.
    """
    html = bounded_html(drop_comments(html))
    root = parse_bounded(html)
    if root is None:
        return VisibleText(*strip_tags(html))
    styles = hiding_selectors(html)
    seen = _Renderer(styles).render(root)
    if seen.hidden and not any(line.text and not line.quoted for line in seen.lines):
        # Dark themes write white letters and leave the ground to the reader's theme.
        return _Renderer(styles, colours_count=False).render(root)
    return seen


# --- the walk ----------------------------------------------------------------------------------------------------

_SKIPPED = names(
    "script style head title template noscript iframe object embed svg math audio video canvas map select textarea "
    "button input meta link base xml"
)
_SPACED_BLOCKS = names("h1 h2 h3 h4 h5 h6 p")  # blocks with a margin: a blank line around them
_MAX_QUOTE_PREFIX = 10  # deeper quotations look alike: a prefix per level would make the text quadratic
_NO_MARGIN_STYLE = re.compile(r"(?:^|;)margin(?:-bottom)?:0")
_NO_BORDER_STYLE = re.compile(r"(?:^|;)border(?:-left)?:(?:none|0)")
# Outlook for Windows draws this line above its From/Sent/To/Subject block, in every language.
_OUTLOOK_RULE_STYLE = re.compile(r"border:none;border-top:solid#(?:e1e1e1|b5c4df|cccccc)")

# Names that mail clients give to their parts; Outlook on the web prefixes names of received emails with "x_".
_QUOTE_CONTAINERS = names(
    "yahoo_quoted protonmail_quote tutanota_quote missive_quote front-blockquote zmail_extra sh-quoted-content "
    "mail-editor-reference-message-container ms-outlook-mobile-reference-message olk_src_body_section "
    "moz-forward-container cite hs_quote spark_quote"
)
_GMAIL_CONTAINERS = names("gmail_quote gmail_quote_container")
_QUOTE_STARTS = names("divrplyfwdmsg appendonsend")
_ATTRIBUTIONS = names("gmail_attr moz-cite-prefix moz-email-headers-table")
_SIGNATURES = names(
    "gmail_signature gmail_signature_prefix moz-signature signature ms-outlook-mobile-signature applemailsignature "
    "protonmail_signature_block sh-signature missive_signature zmail_signature_below"
)


_MAX_HIDDEN_PASSAGES = 20
_MAX_HIDDEN_CHARS = 200


class _Left(NamedTuple):
    """An element that the walk is inside of, with what ends where it ends."""

    node: LexborNode
    ends_line: bool
    states: tuple[str, ...]
    spaced: bool
    visibility: Visibility  # of what follows it


class _Renderer:
    def __init__(self, styles: Mapping[str, str], *, colours_count: bool = True) -> None:
        self._styles = styles
        self._colours_count = colours_count
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
        self._indent_depth = 0
        self._container_depth = 0
        self._visibility = Visibility()
        self._leaving: list[_Left] = []
        self._is_behind_boundary = False
        self._hidden = 0
        self._hidden_words: list[str] = []

    def render(self, root: LexborNode) -> VisibleText:
        node: LexborNode | None = root
        while node is not None:
            child = self._enter(node)
            if child is not None:
                node = child
                continue
            node = self._next(node)
        self._end_line()
        return VisibleText(self._lines, self._hidden, tuple(self._hidden_words))

    def _next(self, node: LexborNode) -> LexborNode | None:
        """Returns the next node in document order, leaving finished elements on the way."""
        current = node
        while True:
            following = current.next if self._leaving else None
            if following is not None:
                return following
            if not self._leaving:
                return None
            left = self._leaving.pop()
            current = left.node
            self._leave(left)

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
        names_given = _client_names(attributes)
        if self._styles:
            style = f"{_sheet_style(attributes, self._styles)};{style}"
        if "hidden" in attributes or (style and is_hidden(style)):
            self._hide(node.text())
            return None
        if tag == "br":
            self._break_line()
            return None
        if tag == "img":
            self._add_image(attributes.get("alt"))
            return None
        if names_given & _QUOTE_STARTS or (style and _OUTLOOK_RULE_STYLE.search(style)):
            self._end_line()
            self._boundary = self._is_behind_boundary = True
        states = _states(tag, names_given, style, attributes, in_container=self._container_depth > 0)
        is_block = tag in BLOCKS
        if is_block or states:
            self._end_line()
        spaced = (
            tag in _SPACED_BLOCKS and not (style and _NO_MARGIN_STYLE.search(style)) and "msonormal" not in names_given
        )
        if spaced:
            self._blank_before = True
        self._shift(states, 1)
        if tag == "li":
            self._words.append("- ")
        elif tag in ("td", "th"):
            self._pending_space = True
        left = _Left(node, is_block or bool(states), states, spaced, self._visibility)
        child = node.first_child
        if child is None:
            self._leave(left)
            return None
        self._leaving.append(left)
        if style or "color" in attributes or "bgcolor" in attributes or "background" in attributes:
            self._visibility = visibility(self._visibility, style, attributes)
        return child

    def _leave(self, left: _Left) -> None:
        self._visibility = left.visibility
        if left.ends_line:
            self._end_line()
        if left.spaced:
            self._blank_before = True
        self._shift(left.states, -1)

    def _hide(self, text: str) -> None:
        if self._quote_depth or self._is_behind_boundary:
            return  # the preview line of a quoted newsletter
        words = " ".join(text.translate(NOT_TEXT).split())
        self._hidden += len(words.replace(" ", ""))
        if words and len(self._hidden_words) < _MAX_HIDDEN_PASSAGES:
            self._hidden_words.append(words[:_MAX_HIDDEN_CHARS])

    def _shift(self, states: tuple[str, ...], step: int) -> None:
        for state in states:
            if state == "quote":
                self._quote_depth += step
            elif state == "indent":
                self._quote_depth += step
                self._indent_depth += step
            elif state == "container":
                self._container_depth += step
            elif state == "signature":
                self._signature_depth += step
            elif state == "attribution":
                self._attribution_depth += step
            else:
                self._preformatted_depth += step

    def _add_text(self, text: str) -> None:
        if not self._visibility.is_seen and (self._visibility.tiny or self._colours_count):
            self._hide(text)
            return
        text = text.translate(NOT_TEXT)
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
                SourceLine(
                    ">" if quoted else "",
                    quoted,
                    previous.signature and self._signature_depth > 0,
                    indented=quoted and previous.indented and self._quote_depth == self._indent_depth,
                )
            )
        self._blank_before = False
        self._lines.append(
            SourceLine(
                "> " * min(self._quote_depth, _MAX_QUOTE_PREFIX) + text,
                quoted=self._quote_depth > 0,
                signature=self._signature_depth > 0,
                boundary=self._boundary,
                attribution=self._attribution_depth > 0,
                indented=0 < self._quote_depth == self._indent_depth,
            )
        )
        self._boundary = False


def _client_names(attributes: dict[str, str | None]) -> frozenset[str]:
    """Returns class names and id, in lower case and without Outlook's "x_"."""
    given = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    if given == " ":
        return frozenset()
    return frozenset(name.removeprefix("x_") for name in given[:500].lower().split())


def _sheet_style(attributes: Mapping[str, str | None], styles: Mapping[str, str]) -> str:
    """Returns what the document's style sheets say of an element with this class and id."""
    given = [f".{name}" for name in (attributes.get("class") or "")[:500].lower().split()]
    if attributes.get("id"):
        given.append(f"#{(attributes['id'] or '')[:100].lower()}")
    return ";".join(styles[name] for name in given if name in styles)


def _states(
    tag: str, names: frozenset[str], style: str, attributes: Mapping[str, str | None], *, in_container: bool
) -> tuple[str, ...]:
    """Returns the states inside an element: "quote", "indent", "container", "signature", "attribution", "preformatted".

    in_container: inside what Gmail puts around the original. Outside of it, its quotations are the writer's choice.
    """
    states: list[str] = []
    if tag == "blockquote":
        # Gmail's "indent more" is a <blockquote> without the line at its left.
        if "gmail_quote" in names or not (style and _NO_BORDER_STYLE.search(style)):
            by_client = in_container if "gmail_quote" in names else names or "border" in style
            states.append("quote" if by_client or "type" in attributes or "cite" in attributes else "indent")
    elif names & _GMAIL_CONTAINERS:
        states.append("container")
    elif names & _QUOTE_CONTAINERS:
        states.append("quote")
    if names & _SIGNATURES:
        states.append("signature")
    if names & _ATTRIBUTIONS:
        states.append("attribution")
    if tag == "pre" or (style and "white-space:pre" in style):
        states.append("preformatted")
    return tuple(states)
