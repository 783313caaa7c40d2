"""Of what kind of document numbers are, by their length and first letter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from custmerge.texts import Texts

__all__ = ["kinds_of_documents"]

_WHOLE = 18
"""Characters of a resident identity number (GB 11643) and of a credit code (GB 32100).
"""
_SHORT = range(7, 12)
"""Characters of the numbers of passports and permits, and of foreign identity cards."""
_MOST_LETTERS = 2
_RESIDENT, _CREDIT, _DIGITS, _FOREIGN, _LETTERED = range(1, 6)
_SERIES = ("EGDPS", "HM", "T", "CW")
"""First letters of Chinese passports, of permits for people from Hong Kong and Macau,
and from Taiwan, to visit the mainland, and of those for going there."""
_SERIES_DIGITS = 8
_BEFORE_CENTURY = 6
_CENTURIES = [(ord(a) << 8) + ord(b) for a, b in ("18", "19", "20", "**")]
_LEAST = 0.2
"""Share of resident identity numbers from which on a column holds documents of
people; a round figure of our own."""


def kinds_of_documents(values: Sequence[str]) -> NDArray[np.int8]:
    """Return a number for the kind of each value, 0 where that is not known.

    Empty where too few are Chinese resident identity numbers for the others to be
    documents of people too.

    Examples:
        >>> kinds_of_documents(["11010519491231002X", "E12345678", "H12345678", "7"])
        array([1, 5, 6, 0], dtype=int8)
        >>> kinds_of_documents(["E12345678", "H12345678"])
        array([], dtype=int8)
    """
    kinds = np.concatenate(
        [np.empty(0, np.int8), *(_kinds(texts) for _, texts in Texts.parts(values))]
    )
    n_resident = np.count_nonzero(kinds == _RESIDENT)
    return kinds if n_resident > _LEAST * len(kinds) else kinds[:0]


def _kinds(texts: Texts) -> NDArray[np.int8]:
    letters, starts, ends = texts.letters, texts.starts, texts.ends
    # A masked digit is one, as far as can be told.
    is_digit = (letters >= ord("0")) & (letters <= ord("9")) | (letters == ord("*"))
    n_before = np.append(0, np.cumsum(is_digit))
    lengths = ends - starts
    n_letters = lengths - (n_before[ends] - n_before[starts])
    is_whole = lengths == _WHOLE
    is_resident = is_whole & (n_before[ends - 1] - n_before[starts] == _WHOLE - 1)
    at = starts[is_resident] + _BEFORE_CENTURY
    centuries = letters[at] * np.uint32(1 << 8) + letters[at + 1]
    is_resident[is_resident] = np.isin(centuries, _CENTURIES)
    is_short = np.isin(lengths, _SHORT) & (n_letters <= _MOST_LETTERS)
    lettered = np.full(len(starts), _FOREIGN)
    is_series = (n_letters > 0) & (lengths - 1 >= _SERIES_DIGITS)
    for i, series in enumerate(_SERIES):
        is_one = np.isin(letters[starts], [ord(letter) for letter in series])
        lettered[is_one & is_series] = _LETTERED + i
    kinds = np.select(
        [is_resident, is_whole, is_short & (n_letters == 0), is_short],
        [_RESIDENT, _CREDIT, _DIGITS, lettered],
        0,
    )
    return kinds.astype(np.int8)
