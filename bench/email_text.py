"""The time of cleaning, the certain rules and quotation reading on hostile input, which must grow linearly.

Run `python -m bench.email_text`: one row per repeated fragment, seconds at 10, 50, 100 and 200 kB, and the growth from
100 to 200 kB (2.0 is linear). Exits with 1 if 100 kB of anything take 0.5 s or more.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.table import Table

from shared.domain.judgement.certain_rules import judge
from shared.domain.text.email_text import clean_reply, rest_of_mail

SIZES = (10_000, 50_000, 100_000, 200_000)
LIMIT_S = 0.5  # for 100 kB
TEXT_FRAGMENTS = (
    "a", " ", "\n", " \n", "\t\n", "> ", ">", ">\n", "> a\n", "a\n>\n", "On Mon, x\n", "On 3 Mar 2025 at 10:33 ",
    "On Mon, Mar 3, 2025 at 10:33 AM Tom <t@acme.test> wrote:\n", "On Mon, Mar 3, 2025 at 10:33 AM Tom\n",
    "wrote:\n", "wrote: ", "schrieb ", "On 1 wrote: ", "From: a\n", "From: t@acme.test\nSent: 10:33\n", "From: ",
    "To:\n", "Subject: x ", "\u200f> a\n", "20 Nov 2026 14:00 T <t@acme.test>:\n", "20 Nov 2026 14:00 T\n",
    "<t@acme.test> x:\n", "1 <t@acme.test> x:\n", "1:11 <t@acme.test> x\ny:\n>\n",
    "Outlook ", "Outlook voor Android ", "Best,\nAnna\n\nDr. Anna\n", "550 5.1.1 ",
    "your message ", "ticket 1234 ", "received your mail ", "stop emailing me; ", "remove\n", "unsubscirbe ",
    "nie ", "if you need help ",
    "-----Original Message-----\n", "-", "--\n", "-- \n", "_", "_" * 30 + "\n", "=\n", "Best,\n", "Thanks,\nAnna\n",
    "SC> a\n", "<\n", "Sam <s@acme.test\n>:\n", "Von: t@acme.test Gesendet: ",
    "Von: T\nGesendet: 3.3.2025 10:33\nAn: A\nBetreff: B\n",
    "CAUTION: external link\n\n", "* * *\nWARNING: external link\n", "unsubscribe\n--\n",
    "Anna Lee\nCEO\n+49 30 1234567\n\n",
    "Yes. On 3 Mar 2025 at 10:33 Tom <t@acme.test> wrote: ", "Get Outlook for iOS\n",
    "Sent from my iPhone\n", "Sent from my ", "von meinem ", "Confidentiality notice\n\n", "+49 30 1234567\n",
    "a@b.c ", "@", "<", "&", "&amp;", "Ã¼", "â€™", "あ", "א", "😀", "\u200b", "\x00", "\ud800", "\u2028", "\r",
    "\r\n", "1.", "1:1 ", "remove me from your list, ", "I am out of the office until ", "please ", "don't ", "?",
    "。",
)  # fmt: skip
HTML_FRAGMENTS = (
    "<", ">", "<a", "<a ", "<a b='", '<a b="', "<div>", "<div>x", "</div>", "<div></div>", "<div></p>", "<p>x",
    "<br>", "<b>", "<b>x<p>", "<i><b></i>", "<a href=x>", "<table>", "<table><tr><td>", "<ul><li>",
    "<select><option>", "<div><object></div></object>", "<blockquote>", "<blockquote>x",
    "<div class='gmail_quote'>", "<span>a</span>", "<!--", "<!-- x -->", "<!-->", "<![if x]>", "<!", "<?", "</",
    "<script>", "<script></script>", "<style>", "<textarea>", "<svg>", "<math>", "<template>", "<plaintext>",
    "&#9999999999", "&nbsp;", "&", "<div style='display:none'>", "<p>&nbsp;</p>", "<pre>\n", "<div hidden>x</div>",
    "<style>.a{display:none}</style>", "<style>.a{", "<p class=a>x", "<blockquote>x</blockquote>y",
    "<font color=white>x",
    "<div style='color:#fff'>x", "<div style='text-indent:-999px'>x</div>", "<p style='font-size:0'>x</p>",
    "<frameset>", "<html>", "<body a=1>", "<font size=1>x<p>", '<a b\'=">\'',
)  # fmt: skip
NUMBERED: dict[str, Callable[[int], str]] = {
    "<b a=N> then <p>x": lambda n: f"<b a={n}>" if n % 2 else "<p>x",
    "attributes of one tag": lambda n: "<div " if n == 0 else f"a{n} ",
    "<div aN=''>": lambda n: f"<div a{n}=''>",
}


def main() -> int:
    table = Table("input", *(f"{size // 1000} kB" for size in SIZES), "growth", title="seconds")
    slow = []
    for name, make, run in _cases():
        seconds = [_best_of_two(run, make(size)) for size in SIZES]
        growth = seconds[3] / max(seconds[2], 0.000_5)
        if seconds[2] >= LIMIT_S:
            slow.append(name)
        if seconds[2] >= 0.02 or growth > 3:
            table.add_row(name, *(f"{value:.4f}" for value in seconds), f"{growth:.1f}")
    console = Console()
    console.print(table)
    console.print("Rows under 0.02 s at 100 kB with linear growth are left out.")
    console.print(f"Over {LIMIT_S} s at 100 kB: {', '.join(slow) or 'none'}")
    return 1 if slow else 0


def _cases() -> Iterator[tuple[str, Callable[[int], str], Callable[[str], object]]]:
    for fragment in (*TEXT_FRAGMENTS, *HTML_FRAGMENTS):
        yield f"text {fragment!r}", _repeat(fragment), lambda text: _read(text, None)
    for fragment in HTML_FRAGMENTS:
        yield f"html {fragment!r}", _repeat(fragment), lambda html: _read(None, html)
    for name, make in NUMBERED.items():
        yield f"html {name}", _count(make), lambda html: _read(None, html)


def _read(text: str | None, html: str | None) -> None:
    cleaned = clean_reply(text, html)
    rest_of_mail(cleaned, text, html)
    judge(cleaned.text, "Re: quick question")


def _repeat(fragment: str) -> Callable[[int], str]:
    return lambda size: fragment * (size // len(fragment) + 1)


def _count(make: Callable[[int], str]) -> Callable[[int], str]:
    def build(size: int) -> str:
        parts: list[str] = []
        length = 0
        while length < size:
            parts.append(make(len(parts)))
            length += len(parts[-1])
        return "".join(parts) + ">"

    return build


def _best_of_two(run: Callable[[str], object], value: str) -> float:
    best = float("inf")
    for _ in range(2):
        started = time.process_time()
        run(value)
        best = min(best, time.process_time() - started)
    return best


if __name__ == "__main__":
    sys.exit(main())
