"""Tables and sizes as people read them, in a terminal and in a notebook."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from html import escape
from unicodedata import east_asian_width

__all__ = [
    "aligned",
    "harmless",
    "html_cards",
    "html_table",
    "show_duration",
    "show_size",
    "text_table",
    "text_width",
]

_HARMFUL = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]"
)
"""What steers terminals, or turns the order of letters around."""
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


def harmless(text: str) -> str:
    r"""Return a text without what steers terminals or turns letters around.

    Examples:
        >>> harmless("Ann\x1b[31m Lee")
        'Ann�[31m Lee'
    """
    return _HARMFUL.sub("\ufffd", text)


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows of cells as lines: names to the left, numbers to the right.

    Chinese characters take two columns, as in `text_table`.

    Examples:
        >>> aligned([("key", "pairs"), ("邮箱", "7")])
        ['key   pairs', '邮箱      7']
    """
    widths = [max(map(text_width, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            _padded(cell, width - text_width(cell), first=place > 0)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def text_table(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> list[str]:
    r"""Return rows of texts as lines, as terminals show them.

    Chinese characters and others that Unicode calls wide take two columns; space of
    any kind inside a text is shown as one blank, and what steers terminals is not.

    Args:
        rows: The rows.
        right: Which columns stand to the right, by number; all others to the left.

    Examples:
        >>> text_table([("王小明", "a"), ("Ann\nLee", "b")])
        ['王小明   a', 'Ann Lee  b']
    """
    cells = [[" ".join(harmless(text).split()) for text in row] for row in rows]
    widths = [max(map(text_width, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(
            _padded(text, width - text_width(text), first=place in right)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]


def _padded(text: str, n_blanks: int, *, first: bool) -> str:
    return " " * n_blanks + text if first else text + " " * n_blanks


def text_width(text: str) -> int:
    """Return how many columns of a terminal a text takes.

    Examples:
        >>> text_width("Ann"), text_width("王小明")
        (3, 6)
    """
    return len(text) + sum(map("WF".__contains__, map(east_asian_width, text)))


def html_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in HTML.

    Examples:
        >>> html_table(["key"], [["a < b"]])
        '<table><tr><th>key</th></tr><tr><td>a &lt; b</td></tr></table>'
    """
    lines = [("th", header), *(("td", row) for row in rows)]
    return "".join([
        "<table>",
        *(
            f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"
            for tag, cells in lines
        ),
        "</table>",
    ])  # fmt: skip


def html_cards(cards: Sequence[tuple[str, str, str]]) -> str:
    """Return numbers that are seen at a glance, in HTML.

    Args:
        cards: For each a name, the number, and what more there is to say of it.

    Examples:
        >>> html_cards([("records", "7", "")]).count(">records</dt>")
        1
    """
    boxes = "".join(
        f"<div style='{_CARD}'><dt style='{_PLAIN}'>{escape(name)}</dt>"
        f"<dd style='{_PLAIN}'><span style='font-size:1.6em'>{escape(number)}</span>"
        f"<br>{escape(more)}</dd></div>"
        for name, number, more in cards
    )
    return f"<dl style='display:flex;flex-wrap:wrap;gap:0.5em;margin:0'>{boxes}</dl>"


_CARD = "border:1px solid #8888;border-radius:6px;padding:0.5em 0.9em;min-width:8em"
_PLAIN = "margin:0;float:none;width:auto"
"""Jupyter lays the terms and descriptions of lists out beside each other."""


def show_size(n_bytes: float) -> str:
    """Return a size of memory in binary units (ISO/IEC 80000-13).

    Examples:
        >>> show_size(1_500_000_000), show_size(200)
        ('1.4 GiB', '200 B')
    """
    power = 0
    while n_bytes >= 1024 and power < len(_UNITS) - 1:
        n_bytes /= 1024
        power += 1
    return f"{n_bytes:.{1 if power and n_bytes < 100 else 0}f} {_UNITS[power]}"


def show_duration(seconds: float) -> str:
    """Return a duration in the unit that suits it.

    Examples:
        >>> show_duration(0.25), show_duration(200), show_duration(9_000)
        ('0.2 s', '3 min', '2.5 h')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{seconds / 3600:.1f} h"
