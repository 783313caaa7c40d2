"""What a column's values look like: the share of each shape, and a few statistics."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import repeat
from operator import add

import numpy as np
from numpy.typing import NDArray

from custmerge.inference.shapes import Date, Found, shapes_found
from custmerge.records import Column

__all__ = ["ValueProfile", "profile_values"]


_SAMPLE = 400
"""Distinct values looked at; a share is then known to about five points."""

_MAX_LENGTH = 200
"""Longer texts have the shape of their start, so that no pattern runs long."""


@dataclass(frozen=True, slots=True)
class ValueProfile:
    """What the values of a column look like.

    Attributes:
        n_rows: How many rows the column has.
        present: How many of them hold a value that is not a placeholder.
        distinct: How many distinct values they hold.
        shapes: For each shape seen, the share of the held values that have it.
        mean_length: The mean number of characters.
        mean_tokens: The mean number of words; each Han character is not a word.
        day_first: For dates, whether the day precedes the month; `None` where the
            values do not tell.
        median_year: The median year of the dates.
        year_spread: How many years lie between the 10th and the 90th percentile.

    Examples:
        >>> profile = profile_values(Column.encode(["31/12/1990", "1/2/1994"]))
        >>> profile.share("date", "phone"), profile.day_first, profile.is_unique
        (1.0, True, True)
    """

    n_rows: int
    present: int
    distinct: int
    shapes: Mapping[str, float]
    mean_length: float
    mean_tokens: float
    day_first: bool | None
    median_year: float
    year_spread: float

    def share(self, *shapes: str) -> float:
        """Return the share of the commonest of some shapes."""
        return max(self.shapes.get(shape, 0.0) for shape in shapes)

    @property
    def distinct_share(self) -> float:
        """How many distinct values there are for each value held."""
        return self.distinct / self.present if self.present else 0.0

    @property
    def is_complete(self) -> bool:
        """Whether every row holds a value."""
        return 0 < self.present == self.n_rows

    @property
    def is_unique(self) -> bool:
        """Whether no value occurs twice."""
        return 0 < self.present == self.distinct


_PLACEHOLDER = re.compile(
    r"[\W_]*|n/?a|nan|nil|null|none|not? (?:available|applicable|provided)|unknown|"
    r"unbekannt|inconnu|desconocido|tbd|tba|无|無|未知|暂无|不详"
)


def profile_values(column: Column) -> ValueProfile:
    """Return what a column's values look like, each weighted by how often it occurs.

    Of many distinct values a sample is looked at, chosen by their hash: the same one
    whatever the order of the rows.

    Examples:
        >>> column = Column.encode(["ann@example.org", "bo@example.org", None, "?"])
        >>> profile = profile_values(column)
        >>> profile.share("email"), profile.present, profile.distinct
        (1.0, 2, 2)
    """
    counts = column.counts()
    texts = {place: _clean(column.values[place]) for place in _sample(column.values)}
    blank = [place for place, text in texts.items() if _PLACEHOLDER.fullmatch(text)]
    held = sorted(texts.keys() - blank)
    weights = counts[held].astype(np.float64)
    weights /= max(weights.sum(), 1.0)
    kept = [texts[place] for place in held]
    starts = [text[:_MAX_LENGTH] for text in kept]
    found = shapes_found(starts)
    years, order = _date_statistics(found.dates, weights)
    early, median, late = (
        np.percentile(years, (10, 50, 90)).tolist() if years else (0.0, 0.0, 0.0)
    )
    return ValueProfile(
        n_rows=len(column),
        present=int(column.present.sum()) - int(counts[blank].sum()),
        distinct=int(np.count_nonzero(counts)) - len(blank),
        shapes=_shares(found, weights.tolist()),
        mean_length=float(weights @ [len(text) for text in kept]) if kept else 0.0,
        mean_tokens=float(weights @ [len(t.split()) for t in kept]) if kept else 0.0,
        day_first=order,
        median_year=median,
        year_spread=late - early,
    )


def _sample(values: Sequence[str]) -> list[int]:
    if len(values) <= _SAMPLE:
        return list(range(len(values)))
    # All in C: a million values are hashed on the way.
    encoded = map(str.encode, values, repeat("utf-8"), repeat("surrogatepass"))
    hashes = np.fromiter(map(zlib.crc32, encoded), dtype=np.int64, count=len(values))
    least = np.partition(hashes, _SAMPLE)[_SAMPLE]
    return np.flatnonzero(hashes < least).tolist()


def _clean(value: str) -> str:
    text = unicodedata.normalize("NFKC", value).casefold()
    return " ".join(text.split()).strip("'\"` ")


def _shares(found: Found, weights: Sequence[float]) -> dict[str, float]:
    return {
        shape: min(reduce(add, [weights[place] for place in sorted(places)]), 1.0)
        for shape, places in sorted(found.places.items())
        if places
    }


def _date_statistics(
    dates: Mapping[int, Date], weights: NDArray[np.float64]
) -> tuple[list[int], bool | None]:
    """Return the years of the dates, and whether their day precedes the month."""
    years: list[int] = []
    day_first = month_first = 0.0
    for date, weight in zip(dates.values(), weights[[*dates]].tolist(), strict=True):
        years.append(date.year)
        day_first += weight * ((date.first or 0) > 12)
        month_first += weight * ((date.second or 0) > 12)
    return years, None if day_first == month_first else day_first > month_first
