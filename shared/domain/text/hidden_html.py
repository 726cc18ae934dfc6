"""HTML that no reader sees: hidden elements, letters of no size, letters in the colour of the paper.

Such text is no word of the writer's, and a usual way to give a model orders. A size or a colour is inherited: an inner
element with its own is seen again. White letters on a coloured ground are seen, too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

_HIDDEN = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|mso-hide:all"
    r"|(?:^|;)(?:max-height|line-height|opacity):0(?:\.0+)?(?:px|pt|em|%)?(?:;|!|$)"
    r"|(?:^|[;-])(?:left|right|top|text-indent|margin):-(?:\d{4,}|[5-9]\d\d)(?:\.\d+)?px"
    r"|(?:^|[;-])(?:left|right|top|text-indent|margin):-\d{3,}(?:\.\d+)?(?:r?em|v[wh]|%|pt)"
    r"|clip:rect\((?:0(?:px)?[,)]|1px,1px)|clip-path:inset\((?:50|100)%|transform:scale\(0\)"
)
_NO_EXTENT = re.compile(r"(?:^|;)(?:max-)?(?:height|width):[01](?:\.\d+)?(?:px|pt|%)?(?:;|!|$)")
_FONT_SIZE = re.compile(r"(?:^|;)font-size:([^;!]+)|(?:^|;)font:[^;!]*?(\d*\.?\d+(?:px|pt|r?em|%))")
_TINY = re.compile(r"(?:0*\.\d+|[01](?:\.\d+)?)(?:px|pt)|0(?:\.0\d*)?(?:r?em|%)?|0?\.0\d*r?em|[0-5]%")
_COLOUR = re.compile(r"(?:^|;)(?:-webkit-text-fill-)?color:([^;!]+)")
_GROUND = re.compile(r"(?:^|;)background(?:-color|-image)?:([^;!]+)")
_PAPER = re.compile(
    r"transparent|white|snow|ghostwhite|#f{3,4}|#(?:f[b-f]){3}(?:[0-9a-f]{2})?|#[0-9a-f]{6}00|#[0-9a-f]{3}0"
    r"|rgba?\((?:25[0-5][,/]?){3}(?:[,/]?[\d.]+)?\)|rgba\([\d.,]+,0?(?:\.0\d*)?\)|hsla?\(\d+(?:deg)?,[\d.]+%,100%.*\)"
)
_NO_GROUND = re.compile(rf"(?:none|inherit|initial|unset|{_PAPER.pattern})")
_RULE_EDGE = re.compile(r"[{}]")
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SIMPLE_SELECTOR = re.compile(r"[a-z0-9]*([.#])([\w-]+)")
_MAX_CSS_CHARS = 64_000
_MAY_HIDE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide|font-size\s*:\s*[01](?:\.\d+)?\s*(?:px|pt|em|;|\")|opacity\s*:\s*0"
    r"|:\s*-\d{3,}|(?<![\w-])colou?r\s*[:=]\s*[\"']?\s*(?:#f|white|transparent|rgba?\()|height\s*:\s*[01](?:px)?\s*[;\"']|\shidden[\s>=]"
    r"|clip(?:-path)?\s*:",
    re.IGNORECASE,
)


class Visibility(NamedTuple):
    """Inherited properties: letters too small to see, letters of the paper's colour, a coloured ground."""

    tiny: bool = False
    pale: bool = False
    on_ground: bool = False

    @property
    def is_seen(self) -> bool:
        return not (self.tiny or (self.pale and not self.on_ground))


def may_hide(html: str) -> bool:
    """True when HTML may hold hidden text (a cheap filter)."""
    return _MAY_HIDE.search(html) is not None


def is_hidden(style: str) -> bool:
    """True when a style hides an element with all that is in it. style: in small letters, without blanks."""
    return _HIDDEN.search(style) is not None or ("overflow:hidden" in style and _NO_EXTENT.search(style) is not None)


def visibility(inside: Visibility, style: str, attributes: Mapping[str, str | None]) -> Visibility:
    """Returns what an element inherits to its text, given what it inherits itself."""
    size = _FONT_SIZE.search(style) if "font" in style else None
    tiny = inside.tiny if size is None else _TINY.fullmatch(size.group(1) or size.group(2)) is not None
    colour = _COLOUR.search(style) if "color" in style else None
    named = colour.group(1) if colour else "".join((attributes.get("color") or "").lower().split())
    pale = _PAPER.fullmatch(named) is not None if named else inside.pale
    ground = _GROUND.search(style) if "background" in style else None
    given = ground.group(1) if ground else "".join((attributes.get("bgcolor") or "").lower().split())
    on_ground = inside.on_ground or (bool(given or attributes.get("background")) and not _NO_GROUND.fullmatch(given))
    return Visibility(tiny, pale, on_ground)


def hiding_selectors(html: str) -> Mapping[str, str]:
    """Maps ".class" and "#id" to the declarations of the document's style sheets. Rules for media do not count."""
    styles: dict[str, str] = {}
    lowered = html.lower()
    position = read = 0
    while read < _MAX_CSS_CHARS and (start := lowered.find("<style", position)) >= 0:
        end = lowered.find("</style", start)
        position = end if end >= 0 else len(lowered)
        sheet = lowered[lowered.find(">", start) + 1 : position][: _MAX_CSS_CHARS - read]
        read += len(sheet) + 1
        _read_rules(_CSS_COMMENT.sub("", sheet), styles)
    return styles


def _read_rules(sheet: str, styles: dict[str, str]) -> None:
    depth = 0
    position = 0
    selectors = ""
    for edge in _RULE_EDGE.finditer(sheet):
        between = sheet[position : edge.start()]
        position = edge.end()
        if edge.group() == "{":
            if depth == 0:
                selectors = between.rpartition(";")[2].strip()
            depth += 1
            continue
        if depth == 1 and not selectors.startswith("@"):
            declarations = "".join(between.split())
            for selector in selectors.split(","):
                found = _SIMPLE_SELECTOR.fullmatch(selector.strip())
                if found is not None:
                    name = found.group(1) + found.group(2)
                    styles[name] = f"{styles.get(name, '')};{declarations}"[-1_000:]
        depth = max(0, depth - 1)
