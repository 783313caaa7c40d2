"""Rules by how long the text is, and how much of a name it holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from custmerge.kinds import Kind
from custmerge.normalizers import PersonName
from custmerge.normalizers.cjk import HAN
from custmerge.protocols import Ranks, Rows
from custmerge.records import RecordTable
from custmerge.survivorship.arguments import check_arguments
from custmerge.survivorship.chain import chained
from custmerge.survivorship.ranks import ranks_of_rows

__all__ = ["Longest", "Shortest", "longest", "shortest"]

_NAMES: Final = frozenset({Kind.GIVEN_NAME, Kind.FAMILY_NAME, Kind.FULL_NAME})

_LETTERS: Final = 6
"""No syllable of Pinyin has more letters (zhuang), so that no name in Pinyin is taken
for longer than in characters, which tell more."""

_HAN = re.compile(f"[{HAN}]")


@dataclass(frozen=True, slots=True)
class Longest:
    """The text with the most characters; `longest` builds it.

    Attributes:
        names: Whether the texts are persons' names; found out by the field's kind when
            the rule is bound.
    """

    names: bool = False
    name: str = "longest"

    def __post_init__(self) -> None:
        check_arguments(self)

    def rank(self, table: RecordTable, field: str, rows: Rows, /) -> Ranks:
        """Return the length of each row's text."""
        lengths = _name_lengths if self.names else _lengths
        return ranks_of_rows(table[field], lengths, rows)

    def of_kind(self, kind: Kind, _region: str | None, /) -> Longest:
        """Return the rule that knows whether the field's texts are persons' names."""
        return replace(self, names=self.names or kind in _NAMES)

    then = chained


@dataclass(frozen=True, slots=True)
class Shortest:
    """The text with the fewest characters; `shortest` builds it."""

    name: str = "shortest"

    def rank(self, table: RecordTable, field: str, rows: Rows, /) -> Ranks:
        """Return the negated length of each row's text."""
        return -ranks_of_rows(table[field], _lengths, rows)

    then = chained


def _lengths(texts: Sequence[str]) -> list[int]:
    return [*map(len, texts)]


def _name_lengths(texts: Sequence[str]) -> list[int]:
    """Return how many letters each person's name has, written in Latin ones or not."""
    chinese = [text for text in texts if _HAN.search(text)]
    names = dict(zip(chinese, PersonName().normalize(chinese), strict=True))
    bare = [names.get(text, text) or "" for text in texts]
    return [len(text) + (_LETTERS - 1) * len(_HAN.findall(text)) for text in bare]


def longest() -> Longest:
    """Return the rule by which the text with the most characters survives.

    Of persons' names, a Chinese character counts as the longest syllable of Pinyin, and
    neither what follows it for a title nor blanks count: 王小明 survives before
    "Wang Xiaoming", and 欧阳晓雯女士 is as long as 欧阳 晓雯.

    Examples:
        >>> import numpy as np
        >>> table = RecordTable.from_columns({"name": ["Jo", "Joanne"]}, 2)
        >>> longest().rank(table, "name", np.arange(2)).tolist()
        [2.0, 6.0]
        >>> names = ["Wang Xiaoming", "王小明", "王总"]
        >>> table = RecordTable.from_columns({"name": names}, 3)
        >>> rule = longest().of_kind(Kind.FULL_NAME, None)
        >>> rule.rank(table, "name", np.arange(3)).tolist()
        [13.0, 18.0, 6.0]
    """
    return Longest()


def shortest() -> Shortest:
    """Return the rule by which the text with the fewest characters survives.

    Examples:
        >>> import numpy as np
        >>> table = RecordTable.from_columns({"name": ["Jo", "Joanne"]}, 2)
        >>> shortest().rank(table, "name", np.arange(2)).tolist()
        [-2.0, -6.0]
    """
    return Shortest()
