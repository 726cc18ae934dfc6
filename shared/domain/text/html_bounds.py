"""HTML that a tree may be built of: bounded in length, nesting, attributes and size.

Two kinds of input are kept from the parser: HTML that makes a tree builder slower than linear (measured: 20,000 nested
<div> 0.5 s, 20,000 attributes of one tag 0.6 s, 63 unclosed formatting elements copied into each paragraph 21 s and
3 GB for 1 MB), and HTML that is merely large. Of a document that nobody wrote by hand only the beginning and the end
are read (`MAX_HTML_CHARS`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shared.domain.text.long_text import head_and_tail

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode


def names(blank_separated: str) -> frozenset[str]:
    """Makes a set of the names of tags or classes."""
    return frozenset(blank_separated.split())


# --- the part of a huge document that is read --------------------------------------------------------------------

_HEAD_CHARS = 512 * 1024  # Outlook's longest threads stay below
_TAIL_CHARS = 64 * 1024  # where a reply below the quotation ends
MAX_HTML_CHARS = _HEAD_CHARS + _TAIL_CHARS
"""A longer document is read up to 512 Ki characters from its beginning and 64 Ki from its end."""

_INLINE_IMAGE = re.compile(r"data:image/[a-z0-9.+-]{1,20};base64,[a-z0-9+/=%\s]*+", re.IGNORECASE)


def bounded_html(html: str) -> str:
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

_FORMATTING = names("a b big code em font i nobr s small strike strong tt u")
_CLOSED_BY_ITS_LIKE = names("li p")
_VOID = names("area base br col embed hr img input link meta param source track wbr")

# Quotes only where the HTML tokenizer also takes them for quotes (behind "="), no angle bracket inside: on input of
# this shape parser and check see the same tags. Possessive quantifiers: a failing tag costs its own length once.
_ATTRIBUTE = r"[^\s\"'<>/=]++(?>\s*+=\s*+(?>\"[^\"<>]*+\"|'[^'<>]*+'|[^\s\"'<>=`]++))?"
_TAG = re.compile(rf"<(/?)([a-zA-Z][^\s\"'<>/=]*+)((?>[\s/]++(?>{_ATTRIBUTE})?)*+)>")
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_TAG_OPENING = re.compile(r"<[a-zA-Z/!?]")
_MARKED_SECTION = re.compile(r"<[!?][^<>]*>")


def drop_comments(html: str) -> str:
    """Removes comments and marked sections, also one that never closes."""
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


def parse_bounded(html: str) -> LexborNode | None:
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
