"""Values and records that plug-ins have been seen to break on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from custmerge.exceptions import InvalidInputError
from custmerge.records import RecordTable, as_text

__all__ = ["AWKWARD_TEXTS", "awkward_table", "labelled"]

AWKWARD_TEXTS = (
    # Letters that change their number or their form when folded or composed.
    "a",
    "Straße",
    "İ",
    "ı",
    "ǅ",
    "ŉ",
    "ﬁ",
    "é",
    "e\u0301",
    "Ⅷ",
    "ª",
    "Å",
    "\u0345",
    # Scripts without case, without spaces, from right to left; full width; emoji.
    "李小龍",
    "ａｂｃ１２３",
    "한국",
    "あ",
    "אבג",
    "\u202eabc",
    "👩\u200d👧",
    "🇫🇷",
    # Invisible characters, control characters, half a character, odd blanks.
    "\u200b",
    "\u200bx",
    "\ufeffx",
    "\x00",
    "a\x00b",
    "\x1b[31m",
    "\ud800",
    "x\udfff",
    "\ta\r\nb ",
    "\u00a0a\u3000",
    "\x85x",
    "\u2028x",
    "李 小龙",
    # Digits that are none for `int`, and numbers that are none for anyone.
    "0",
    "-0",
    "²",
    "½",
    "٣",
    "१",
    "1e309",
    "nan",
    "-inf",
    "1,234.5",
    "1.234,5",
    "$1",
    "0x1F",
    "1_000",
    "+",
    "-",
    "--1",
    # Dates that do not exist, or could be two.
    "2024-02-30",
    "0000-00-00",
    "31/02/2024",
    "1/2/3",
    "99999999",
    "2024-13-01T25:61",
    # Contact points that are almost some.
    "@",
    "a@",
    "@b.org",
    "a@b",
    "A.B+c@Example.ORG",
    "a@[127.0.0.1]",
    "a@b@c",
    "a@xn--",
    "+1",
    "00",
    "tel:+44",
    "http://",
    "http://[",
    "://x",
    "http://a:b@c:99999/%zz",
    "//",
    "www.",
    '"a b"@b.org',
    "+1 (800) CALL-NOW",
    "020 7946 0018x9",
    # Names, firms and places that are all particle, title, form or punctuation.
    "O'Neil",
    "Dr.",
    "Ltd",
    "公司",
    "省",
    "St.",
    "#",
    "Apt",
    ".",
    "..",
    ",,",
    "(",
    "[",
    "\\",
    "%s",
    "{}",
    "n/a",
    "NULL",
    "None",
    "van der",
    ", Jr.",
    "& Co",
    "#REF!",
    # Long ones.
    "9" * 30,
    "a" * 3000,
    "lorem ipsum " * 250,
    "公" * 1000,
)
"""Present texts that plug-ins have been seen to break on."""

_SHOWN = 20
"""Characters of a built-in text that a message shows."""


def labelled(values: Iterable[str], *, awkward: bool) -> dict[str, str]:
    """Return the distinct present texts, and what a message calls each."""
    labels: dict[str, str] = {}
    for position, value in enumerate(values):
        text = as_text(value)
        if text is not None:
            labels.setdefault(text, f"values[{position}]")
    if awkward:
        for text in AWKWARD_TEXTS:
            labels.setdefault(text, f"the built-in text {_shown(text)}")
    if not labels:
        message = "there is nothing to check with; give values, or awkward=True"
        raise InvalidInputError(message)
    return labels


def _shown(text: str) -> str:
    return ascii(text[:_SHOWN]) + ("…" if len(text) > _SHOWN else "")


def awkward_table(
    records: Sequence[Mapping[str, object]], named: Iterable[str], *, awkward: bool
) -> RecordTable:
    """Return the records, awkward ones, and some with a gap in each column."""
    names = list(dict.fromkeys([*named, *(key for row in records for key in row)]))
    rows: list[Mapping[str, object]] = list(records)
    if awkward:
        texts = np.array(AWKWARD_TEXTS, dtype=object)
        shifted = {name: np.roll(texts, i).tolist() for i, name in enumerate(names)}
        rows += [
            dict(zip(shifted, row, strict=True))
            for row in zip(*shifted.values(), strict=True)
        ]
    if not rows or not names:
        message = "there is nothing to check with; give records"
        raise InvalidInputError(message)
    rows += [{**rows[0], name: None} for name in names] + [{}]
    return RecordTable.from_columns(
        {name: [row.get(name) for row in rows] for name in names}, len(rows)
    )
