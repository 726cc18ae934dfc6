"""The conditions on a draft for a chat or a phone, beside those on any draft: it reads like a line of a person's.

What they find is worded by ``draft_checks.SENTENCES``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from shared.domain.channels import ChannelRules
from shared.domain.text.wording import words_of

# Marks that a mail program may show and a phone shows as they are typed.
_ITEM: Final = r" {0,3}(?:[-*•‣]|\d{1,2}[.)])[ \t]+\S"
_FORMATTING: Final = (
    ("a list", re.compile(rf"^{_ITEM}[^\n]*\n{{1,2}}{_ITEM}", re.MULTILINE)),
    ("italic marks", re.compile(r"(?<![\w*])\*[^\s*][^*\n]{0,200}(?<!\s)\*(?![\w*])")),
    ("italic marks", re.compile(r"(?<!\w)_[^\s_][^_\n]{0,200}(?<!\s)_(?!\w)")),
    ("code marks", re.compile(r"(?<!`)`[^`\n]{1,200}`(?!`)")),
)
_EMOJI: Final = re.compile(
    "[\u203c\u2049\u231a-\u23ff\u25aa-\u27bf\u2934-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_LINK: Final = re.compile(
    r"\b(?:https?://|www\.)[^\s<>]{1,500}|(?<![\w.@-])(?:[a-z\d-]{1,63}\.){1,4}[a-z]{2,12}/[^\s<>]{1,500}",
    re.IGNORECASE,
)
_HOST: Final = re.compile(r"(?:https?://)?(?:www\.)?([^/?#:\s]+)", re.IGNORECASE)
# Public ones, whose links anybody can make: carriers take them for spam. A company's own short domain is its own.
SHORTENERS: Final = words_of(
    "bit.ly bitly.com tinyurl.com t.co goo.gl ow.ly is.gd v.gd buff.ly rebrand.ly cutt.ly shorturl.at lnkd.in t.ly"
    " rb.gy tiny.cc tiny.one bl.ink s.id clck.ru soo.gd qr.ae x.gd dub.sh short.io short.gy shorte.st adf.ly u.to"
    " tr.im snip.ly po.st urlz.fr tny.im j.mp mcaf.ee trib.al dlvr.it fb.me wa.link kutt.it"
)


def chat_faults(
    body: str, channel: ChannelRules, leads_texts: Sequence[str], *, is_first_response: bool
) -> Iterator[tuple[str, str]]:
    """Yields the check and the words of each fault of a text that is no letter. Linear."""
    for name, pattern in _FORMATTING:
        if pattern.search(body):
            yield "formatting", name
    emoji = _EMOJI.search(body)
    if emoji is not None and not any(_EMOJI.search(text) for text in leads_texts):
        yield "emoji", emoji[0]
    links = [match[0] for match in _LINK.finditer(body)]
    if links and is_first_response and not channel.links_at_once:
        yield "early_link", links[0]
    if channel.bars_shorteners:
        for link in links:
            if is_shortened(link):
                yield "link_shortener", link


def is_shortened(link: str) -> bool:
    """Tells whether a link is one of a public shortener."""
    host = _HOST.match(link)
    return host is not None and host[1].lower() in SHORTENERS
