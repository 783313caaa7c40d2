"""Comparators for dates, whole or partial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from custmerge.comparators.strings import compare_prepared, pairwise
from custmerge.protocols import Codes, CodeScorer, Scores

__all__ = ["DateParts"]

_DIGITS = 8  # YYYYMMDD
_UNKNOWN = -1


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
    | 0 | else |

    Dates are ISO 8601 text; text that is no date counts by its edit similarity,
    times 0.9.

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
        parsed = np.asarray([_parse(value) for value in values], np.int8)
        digits = parsed.reshape(-1, _DIGITS)

        def score(left: Codes, right: Codes) -> Scores:
            scores = _score(digits[left], digits[right])
            known = digits[:, 0] != _UNKNOWN
            as_text = np.flatnonzero(~(known[left] & known[right]))
            a = [values[code] for code in left[as_text].tolist()]
            b = [values[code] for code in right[as_text].tolist()]
            alike = pairwise(a, b, OSA.normalized_similarity)
            scores[as_text] = 0.9 * alike
            scores[left == right] = 1.0
            return scores

        return score


def _parse(value: str) -> list[int]:
    """Return the date's eight digits, -1 for those it lacks."""
    text = value.replace("-", "")
    if not (text.isascii() and text.isdigit() and len(text) in (4, 6, _DIGITS)):
        return [_UNKNOWN] * _DIGITS
    return [int(digit) for digit in text] + [_UNKNOWN] * (_DIGITS - len(text))


def _score(a: NDArray[np.int8], b: NDArray[np.int8]) -> Scores:
    differs = (a != b) & (a != _UNKNOWN) & (b != _UNKNOWN)
    n_differing = differs.sum(axis=1)
    partial = (a == _UNKNOWN).any(axis=1) | (b == _UNKNOWN).any(axis=1)
    year, month, day = (
        ~differs[:, part].any(axis=1) for part in (slice(4), slice(4, 6), slice(6, 8))
    )
    january_first = np.asarray([0, 1, 0, 1])
    stand_in = (a[:, 4:] == january_first).all(1) | (b[:, 4:] == january_first).all(1)
    years_apart = np.abs(a[:, :4] @ _PLACES - b[:, :4] @ _PLACES)
    n_parts = year.astype(np.int8) + month + day
    cases = [
        (n_differing == 0) & ~partial,
        ~partial
        & year
        & (a[:, 4:6] == b[:, 6:]).all(1)
        & (a[:, 6:] == b[:, 4:6]).all(1),
        ~partial & ((n_differing == 1) | _neighbours_exchanged(a, b, differs)),
        n_differing == 0,
        ~partial & (n_parts == 2),
        year & stand_in,
        year,
        ~partial & (n_parts == 1) & (years_apart <= _NEAR_YEARS),
    ]
    scores = [1, 0.95, 0.92, 0.85, 0.8, 0.75, 0.6, 0.5]
    return np.select(cases, scores, default=0.0).astype(np.float32)


_PLACES = np.asarray([1000, 100, 10, 1], dtype=np.int64)
_NEAR_YEARS = 10


def _neighbours_exchanged(
    a: NDArray[np.int8], b: NDArray[np.int8], differs: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    crossed = (a[:, :-1] == b[:, 1:]) & (a[:, 1:] == b[:, :-1])
    both = differs[:, :-1] & differs[:, 1:]
    exchanged: NDArray[np.bool_] = (crossed & both).any(axis=1) & (differs.sum(1) == 2)
    return exchanged
