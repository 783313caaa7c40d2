"""Many values at once: the usual ones as the lines of one text.

A method of `str` or a regular expression that goes over a long text costs a fraction of
what it costs on each of ten thousand short ones. Which values are usual, a pattern
says; a normalizer has a function that brings a text of such lines to its standard form,
and another for the values that are not. Both must give the same for a usual value,
which tests compare.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Sequence
from itertools import compress

import numpy as np

from custmerge.normalizers.cjk import join_cjk, to_simplified
from custmerge.normalizers.text import PLACEHOLDERS, meaningful

__all__ = [
    "USUAL",
    "Results",
    "both",
    "fold_lines",
    "lines_unlike",
    "meaningful_lines",
    "normalize_lines",
    "plain_lines",
]

Results = Sequence[str | None]
"""Standard forms, one for each value; `None` where it has none."""

_AT_ONCE = 1 << 14
"""Values of one text: it stays in a processor's cache."""
_APOSTROPHES = "'`"
# Of UTF-8, whose other characters have no bytes in common with ASCII.
_SPACED = bytes.maketrans(string.punctuation.encode(), b" " * len(string.punctuation))

USUAL = r"[0-9A-Za-z\u4e00-\u9fff][ -~\u4e00-\u9fff]*"
"""Values that begin with a letter or digit, of printable ASCII and of the Chinese
characters that no normal form of Unicode changes."""


def lines_unlike(pattern: str) -> re.Pattern[str]:
    r"""Return what finds the line break before each line that does not fit a pattern.

    Those that fit, nearly all, become no Python objects.

    Examples:
        >>> [
        ...     found.start()
        ...     for found in lines_unlike("[a-z]+").finditer("\nann\nB2\nbo")
        ... ]
        [4]
    """
    return re.compile(rf"\n(?!(?:{pattern})$)", re.MULTILINE | re.ASCII)


def normalize_lines(
    values: Sequence[str],
    unusual: re.Pattern[str],
    of_lines: Callable[[str], Results],
    of_one: Callable[[str], str | None],
) -> list[str | None]:
    r"""Return the standard form of each value.

    Args:
        values: The values.
        unusual: Made by `lines_unlike`, of values that `USUAL` fits, for `of_lines`.
        of_lines: Returns the standard form of each line of a text.
        of_one: Returns the standard form of any value.

    Examples:
        >>> lower = lambda text: text.lower().split("\n")
        >>> values = ["Ann", "B-2", "BO"]
        >>> normalize_lines(
        ...     values, lines_unlike("[A-Za-z]+"), lower, lambda value: None
        ... )
        ['ann', None, 'bo']
    """
    results: list[str | None] = []
    for start in range(0, len(values), _AT_ONCE):
        some = values[start : start + _AT_ONCE]
        text = "\n".join(some)
        if text.count("\n") >= len(some):  # values of several lines
            text = "\n".join(["" if "\n" in value else value for value in some])
        places = _places(unusual, text)
        if places:
            is_usual = np.ones(len(some), dtype=bool)
            is_usual[places] = False
            text = "\n".join(compress(some, is_usual.tolist()))
        done = list(of_lines(text)) if len(places) < len(some) else []
        for place in places:
            done.insert(place, of_one(some[place]))
        results += done
    return results


def _places(unusual: re.Pattern[str], text: str) -> list[int]:
    """Return which lines of a text are unusual."""
    text = f"\n{text}"
    places: list[int] = []
    place, counted = -1, 0
    for found in unusual.finditer(text):
        place += text.count("\n", counted, found.end())
        counted = found.end()
        places.append(place)
    return places


def fold_lines(text: str) -> str:
    r"""Return usual lines as `fold` returns each.

    Examples:
        >>> fold_lines("Main  St \n世紀大道 1")
        'main st\n世紀大道 1'
    """
    return _single_spaced(text.lower())


def plain_lines(text: str) -> str:
    r"""Return folded usual lines as `plain` returns each.

    Examples:
        >>> plain_lines("o'neil-smith\n世紀 大道-1")
        'oneil smith\n世纪大道 1'
    """
    spaced = text.encode().translate(_SPACED, _APOSTROPHES.encode()).decode()
    return to_simplified(join_cjk(_single_spaced(spaced)))


def _single_spaced(text: str) -> str:
    while "  " in text:
        text = text.replace("  ", " ")
    return text.replace(" \n", "\n").replace("\n ", "\n").strip(" ")


def meaningful_lines(text: str, placeholders: frozenset[str] = PLACEHOLDERS) -> Results:
    r"""Return folded lines that hold a letter or a digit as `meaningful` does each.

    Examples:
        >>> meaningful_lines("main st\nunknown")
        ['main st', None]
    """
    lines = text.split("\n")
    if "xxx" in text or not placeholders.isdisjoint(lines):
        return [meaningful(line, placeholders) for line in lines]
    return lines


def both(before: Results, after: Results) -> Results:
    """Return what came after, where there was anything before.

    Examples:
        >>> both(["n/a", None], ["na", "unit"])
        ['na', None]
    """
    if None not in before:
        return after
    pairs = zip(before, after, strict=True)
    return [None if first is None else second for first, second in pairs]
