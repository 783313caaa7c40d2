"""Ranks of rows by their texts, each distinct text looked at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from custmerge.pairs import distinct
from custmerge.protocols import Ranks, Rows
from custmerge.records import Column

__all__ = ["ranks_of_rows"]


def ranks_of_rows(
    column: Column, rank: Callable[[Sequence[str]], Iterable[float]], rows: Rows
) -> Ranks:
    """Return each row's rank by its text; NaN where the cell is missing.

    Args:
        column: The column with the texts.
        rank: Returns the rank of each of some distinct texts.
        rows: The rows that are asked for.

    Examples:
        >>> column = Column.encode(["Ann", None, "Bo", "Ann"])
        >>> ranks_of_rows(column, lambda texts: map(len, texts), np.arange(4)).tolist()
        [3.0, nan, 2.0, 3.0]
    """
    codes = column.slots[rows, 0]
    asked = distinct(codes[codes >= 0])
    ranks = np.full(len(column.values) + 1, np.nan)  # the last one for missing cells
    ranks[asked] = [*rank([column.values[code] for code in asked.tolist()])]
    ranks_of_rows: Ranks = ranks[codes]
    return ranks_of_rows
