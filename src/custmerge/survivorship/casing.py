"""The rule by capitals: names that a system wrote in them throughout."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from custmerge.protocols import Ranks, Rows
from custmerge.records import RecordTable
from custmerge.survivorship.chain import chained
from custmerge.survivorship.ranks import ranks_of_rows

__all__ = ["MixedCase", "mixed_case"]


@dataclass(frozen=True, slots=True)
class MixedCase:
    """The text in mixed case; `mixed_case` builds it."""

    name: str = "mixed_case"

    def rank(self, table: RecordTable, field: str, rows: Rows, /) -> Ranks:
        """Return ranks within `rows`, taken as one entity."""
        return self.rank_within(table, field, rows, np.zeros(len(rows), np.int64))

    def rank_within(
        self, table: RecordTable, field: str, rows: Rows, entities: Rows, /
    ) -> Ranks:
        """Return 0 for each text in one case that its entity has in both, else 1."""
        column = table[field]
        in_one = ranks_of_rows(column, _in_one_case, rows) == 1
        # Only where an entity has both can one rule the other out.
        has = np.zeros((int(entities.max(initial=-1)) + 1, 2), np.bool_)
        has[entities, in_one.astype(np.int8)] = True
        has_both: NDArray[np.bool_] = has[:, 0] & has[:, 1]
        close = np.flatnonzero(has_both[entities])
        index: defaultdict[str, int] = defaultdict(count().__next__)

        def folded(texts: Sequence[str]) -> list[int]:
            return [index[text.casefold()] for text in texts]

        forms = ranks_of_rows(column, folded, rows[close]).astype(np.int64)
        keys = entities[close] * (len(index) + 1) + forms
        in_one = in_one[close]
        ranks = np.ones(len(rows))
        ranks[close[in_one & np.isin(keys, keys[~in_one])]] = 0
        return ranks

    then = chained


def _in_one_case(texts: Sequence[str]) -> list[bool]:
    """Return which texts are all in capitals, or all in small letters."""
    return [text.isupper() or text.islower() for text in texts]


def mixed_case() -> MixedCase:
    """Return the rule by which "Miller" survives before "MILLER" and "miller".

    Of texts of an entity that differ in nothing but case, those all in capitals or all
    in small letters rank below one with both; all others rank equal. So no text
    survives that nobody wrote, and "IBM" is as good as any where nobody wrote "Ibm".

    Examples:
        >>> table = RecordTable.from_columns(
        ...     {"name": ["MILLER", "Miller", "MÜLLER", "王伟"]}, 4
        ... )
        >>> mixed_case().rank(table, "name", np.arange(4)).tolist()
        [0.0, 1.0, 1.0, 1.0]
    """
    return MixedCase()
