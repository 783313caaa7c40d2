"""Comparators for dates, whole or partial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from custmerge.comparators.strings import BoundedScorer, compare_prepared, pairwise
from custmerge.protocols import Codes, CodeScorer, Scores

__all__ = ["DateParts"]

Bits = NDArray[np.uint32]

_DIGITS = 8  # YYYYMMDD


@dataclass(frozen=True, slots=True)
class DateParts:
    """How two dates may be one date mistyped.

    | score | for |
    | --- | --- |
    | 0.95 | day and month exchanged |
    | 0.92 | one digit differs, or two neighbouring digits exchanged |
    | 0.85 | nothing differs, but one date is partial (`1990`, `1990-05`) |
    | 0.8 | two of year, month and day agree |
    | 0.75 | the year agrees, and one side is 1 January, a common stand-in |
    | 0.6 | the year agrees |
    | 0.5 | one of month and day agrees, and the year is at most ten off |
    | 0.25 | else, if less than a generation apart, 15 years |
    | 0 | a generation apart or more, as a parent and a child of one name |

    Dates are ISO 8601 text; text that is no date counts by its edit similarity,
    times 0.9, or 0.25 if that is more.

    Examples:
        >>> DateParts().compare(
        ...     ["1990-05-03"] * 3, ["1990-03-05", "1991-05-03", "1990"]
        ... )
        array([0.95, 0.92, 0.85], dtype=float32)
    """

    name: str = "date"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Compare each pair; see `Comparator.compare`."""
        return compare_prepared(self.prepare, left, right)

    def prepare(self, values: Sequence[str], /) -> CodeScorer:
        """Parse each value once; see `VocabularyComparator.prepare`."""
        dates = _Dates.of(values)

        def score(left: Codes, right: Codes) -> Scores:
            scores = dates.alike(left, right)
            as_text = np.flatnonzero(~(dates.known[left] & dates.known[right]))
            a = [values[code] for code in left[as_text].tolist()]
            b = [values[code] for code in right[as_text].tolist()]
            alike = pairwise(a, b, OSA.normalized_similarity)
            scores[as_text] = np.maximum(0.9 * alike, _UNLIKE)
            scores[np.flatnonzero(left == right)] = 1.0
            return scores

        return BoundedScorer(score, score)


_PARTS = _YEAR, _MONTH, _DAY = (0x11110000, 0x1100, 0x11)
"""Where the lowest bits are of the digits of each part."""
_DIGIT = 0x11111111
_JANUARY_FIRST = 0x0101
_NEAR_YEARS = 10
_GENERATION = 15
"""Least years between a parent and a child."""
_UNLIKE = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class _Dates:
    """Dates as eight digits of four bits each; all four set where it lacks one.

    Attributes:
        digits: uint32, shape `(n_values,)`.
        lacks: The lowest bits of the digits that it lacks.
        years: The year as a number.
        known: Whether the value is a date.
    """

    digits: Bits
    lacks: Bits
    years: NDArray[np.int16]
    known: NDArray[np.bool_]

    @classmethod
    def of(cls, values: Sequence[str]) -> _Dates:
        texts = [_digits(value) for value in values]
        digits = [int(text.ljust(_DIGITS, "f"), 16) for text in texts]
        lacks = [_DIGIT >> 4 * len(text) for text in texts]
        years = [int(text[:4] or "0") for text in texts]
        return cls(
            np.asarray(digits, dtype=np.uint32),
            np.asarray(lacks, dtype=np.uint32),
            np.asarray(years, dtype=np.int16),
            np.asarray([bool(text) for text in texts], dtype=bool),
        )

    def alike(self, left: Codes, right: Codes) -> Scores:
        """Return the scores of pairs of dates."""
        a, b = self.digits[left], self.digits[right]
        lacks = self.lacks[left] | self.lacks[right]
        whole = lacks == 0
        differs = _nonzero(a ^ b) & ~lacks
        n_differing = np.bitwise_count(differs)
        same = [differs & part == 0 for part in _PARTS]
        n_parts = same[0].astype(np.int8) + same[1] + same[2]
        stand_in = (a & 0xFFFF == _JANUARY_FIRST) | (b & 0xFFFF == _JANUARY_FIRST)
        exchanged = (a >> 8 & 0xFF == b & 0xFF) & (a & 0xFF == b >> 8 & 0xFF)
        one_slip = (n_differing == 1) | _neighbours_exchanged(a, b, differs)
        apart = np.abs(self.years[left] - self.years[right])
        # From the least alike to the most: the last that holds counts.
        likenesses = (
            (_UNLIKE, apart < _GENERATION),
            (0.5, whole & (n_parts == 1) & (apart <= _NEAR_YEARS)),
            (0.6, same[0]),
            (0.75, same[0] & stand_in),
            (0.8, whole & (n_parts == 2)),
            (0.85, n_differing == 0),
            (0.92, whole & one_slip),
            (0.95, whole & same[0] & exchanged),
            (1.0, whole & (n_differing == 0)),
        )
        last = np.zeros(len(left), dtype=np.int8)
        for i, (_, holds) in enumerate(likenesses, start=1):
            np.maximum(last, holds * np.int8(i), out=last)
        scores = np.asarray([0.0, *(score for score, _ in likenesses)], np.float32)
        return scores.take(last)


def _digits(value: str) -> str:
    """Return the date's digits, as many as it has; none where it is no date."""
    text = value.replace("-", "")
    is_date = text.isascii() and text.isdigit() and len(text) in (4, 6, _DIGITS)
    return text if is_date else ""


def _nonzero(digits: Bits) -> Bits:
    """Return the lowest bit of each digit that is not 0."""
    halves = digits | digits >> np.uint32(1)
    lowest: Bits = (halves | halves >> np.uint32(2)) & np.uint32(_DIGIT)
    return lowest


def _neighbours_exchanged(a: Bits, b: Bits, differs: Bits) -> NDArray[np.bool_]:
    four = np.uint32(4)
    crossed = ~(_nonzero(a ^ b >> four) | _nonzero(a >> four ^ b))
    exchanged: NDArray[np.bool_] = (differs & differs >> four & crossed) != 0
    exchanged &= np.bitwise_count(differs) == 2
    return exchanged
