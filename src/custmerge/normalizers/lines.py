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
from collections.abc import Callable, Iterator, Sequence, Set

import numpy as np

from custmerge.normalizers.cjk import join_cjk, to_simplified
from custmerge.normalizers.text import LONG_RUN

__all__ = [
    "USUAL",
    "Results",
    "lines_unlike",
    "normalize_lines",
    "places_unlike",
    "plain_lines",
    "settled",
    "spaced_lines",
]

Results = Sequence[str | None]
"""Standard forms, one for each value; `None` where it has none."""

_AT_ONCE = 1 << 14
"""Values of one text: it stays in a processor's cache."""
_APOSTROPHES = "'`"
# Of UTF-8, whose other characters have no bytes in common with ASCII.
_SPACED = bytes.maketrans(
    (string.punctuation + string.ascii_uppercase).encode(),
    (" " * len(string.punctuation) + string.ascii_lowercase).encode(),
)

# The full-width forms of printable ASCII: U+FF01 to U+FF5E, and the space.
_NARROW = {0x3000: " "} | {code + 0xFEE0: chr(code) for code in range(0x21, 0x7F)}
_WIDE = re.compile("[\u3000\uff01-\uff5e]")

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
            results += _with_unusual(some, places, unusual, of_lines, of_one)
        else:
            results += of_lines(text)
    return results


def _with_unusual(
    values: Sequence[str],
    places: Sequence[int],
    unusual: re.Pattern[str],
    of_lines: Callable[[str], Results],
    of_one: Callable[[str], str | None],
) -> list[str | None]:
    """Return the standard form of each value, some of which are unusual."""
    lines = np.array(values, dtype=object)
    is_usual = np.ones(len(values), dtype=bool)
    is_usual[places] = False
    for place in places:
        narrow = _narrowed(values[place])
        if narrow is not None and not unusual.search(f"\n{narrow}"):
            lines[place], is_usual[place] = narrow, True
    if is_usual.any():
        lines[is_usual] = [*of_lines("\n".join(lines[is_usual]))]
    lines[~is_usual] = [of_one(value) for value in lines[~is_usual]]
    results: list[str | None] = lines.tolist()
    return results


def _narrowed(value: str) -> str | None:
    """Return a line without characters of full width, `None` where that is another."""
    if value.isascii() or not _WIDE.search(value) or "\n" in value:
        return None
    # What is cut off before width is looked at.
    return None if LONG_RUN.search(value) else value.translate(_NARROW)


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


def places_unlike(
    unusual: re.Pattern[str],
    values: Sequence[str],
    written: Callable[[str], str] = str,
) -> Iterator[int]:
    """Yield the places of values that do not fit a pattern, of several lines too.

    Args:
        unusual: Made by `lines_unlike`.
        values: The values.
        written: What is done to a text of such lines before.

    Examples:
        >>> values = ["Ann", "B2", "bo"]
        >>> [*places_unlike(lines_unlike("[a-z]+"), values, str.lower)]
        [1]
    """
    for start in range(0, len(values), _AT_ONCE):
        some = values[start : start + _AT_ONCE]
        text = "\n".join(some)
        if text.count("\n") >= len(some):
            text = "\n".join(["" if "\n" in value else value for value in some])
        for place in _places(unusual, written(text)):
            yield start + place


def spaced_lines(text: str) -> str:
    r"""Return usual lines in lower case, with spaces for punctuation.

    Examples:
        >>> spaced_lines("O'Neil-Smith \n世紀大道 1")
        'oneil smith \n世紀大道 1'
    """
    return text.encode().translate(_SPACED, _APOSTROPHES.encode()).decode()


def plain_lines(text: str) -> str:
    r"""Return usual lines as `plain` returns each, folded.

    Examples:
        >>> plain_lines("O'Neil-Smith \n世紀 大道-1")
        'oneil smith\n世纪大道 1'
    """
    text = spaced_lines(text)
    while "  " in text:
        text = text.replace("  ", " ")
    text = text.replace(" \n", "\n").replace("\n ", "\n").strip(" ")
    return to_simplified(join_cjk(text))


def settled(
    found: str, text: str, doubtful: Set[str], of_one: Callable[[str], str | None]
) -> Results:
    r"""Return what was found for each line, where that may be no value a closer look.

    Args:
        found: What was found for each line.
        text: The lines.
        doubtful: Standard forms that a placeholder may have.
        of_one: Returns the standard form of any value.

    Examples:
        >>> settled("main st\nn a", "Main St\nn/a", {"n a"}, lambda value: None)
        ['main st', None]
    """
    lines = found.split("\n")
    if "xxx" not in found and doubtful.isdisjoint(lines):
        return lines
    return [
        of_one(line) if name in doubtful or "xxx" in name else name
        for name, line in zip(lines, text.split("\n"), strict=True)
    ]
