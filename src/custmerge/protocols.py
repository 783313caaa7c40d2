"""What a plug-in of each stage looks like, and the arrays that stages exchange.

A plug-in needs no base class: any object with the method and a `name` will do.
None of them ever sees a missing value; the engine keeps those.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from custmerge.pairs import SimilarityVectors
from custmerge.records import RecordTable

__all__ = [
    "Blocker",
    "Classifier",
    "CodeScorer",
    "Codes",
    "Comparator",
    "Keys",
    "Named",
    "Normalizer",
    "Predicate",
    "Ranks",
    "Rows",
    "Scores",
    "SurvivorshipRule",
    "VocabularyComparator",
]

Rows = NDArray[np.int64]
"""Positions of records in the table."""
Codes = NDArray[np.int64]
"""Positions in a column's distinct values; never negative when a plug-in sees them."""
Keys = NDArray[np.int64]
"""Blocking keys: integer codes or 64-bit hashes."""
Scores = NDArray[np.float32]
"""Similarities in [0, 1]; NaN where a side is missing (engine only), or where a
comparator that says so can tell nothing of two values."""
Ranks = NDArray[np.float64]
"""Ranks of rows; the highest survives, NaN never does."""


CodeScorer = Callable[[Codes, Codes], Scores]
"""Scores pairs of positions in a vocabulary."""


class Named(Protocol):
    """Anything with a readable name."""

    @property
    def name(self) -> str:
        """The name shown in results, messages and configurations."""
        ...


@runtime_checkable
class Normalizer(Named, Protocol):
    """Brings the distinct values of a field to a standard form.

    It must be idempotent, element-wise (each value as if alone), never return `""`,
    and raise for no input.
    """

    def normalize(self, values: Sequence[str], /) -> Sequence[str | None]:
        """Return the standard form of each value; `None` where it has none."""
        ...


@runtime_checkable
class Blocker(Named, Protocol):
    """Gives rows keys; rows that share a key become candidate pairs.

    Of large tables the blockers are called in several threads at a time.
    """

    def keys(self, table: RecordTable, /) -> tuple[Rows, Keys]:
        """Return rows and, beside each, one of its keys; a row may occur often.

        The table is the normalized one, its columns named as the fields are. Rows
        where a needed field is missing must be left out.
        """
        ...


@runtime_checkable
class Comparator(Named, Protocol):
    """Scores how alike two values are: symmetric, in [0, 1], `1` for equal values.

    Of large tables it is called in several threads at a time.
    """

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Return the similarity of each pair of values; shape `(len(left),)`."""
        ...


@runtime_checkable
class VocabularyComparator(Named, Protocol):
    """A comparator that looks at all distinct values of the field first.

    For measures that need the whole vocabulary (how rare a token is) or that parse
    each value once rather than once for each pair it occurs in.
    """

    def prepare(self, values: Sequence[str], /) -> CodeScorer:
        """Return a function that scores pairs of positions in `values`.

        It takes two arrays of positions and returns the similarity of `values[left]`
        and `values[right]`, pair by pair.
        """
        ...


@runtime_checkable
class Predicate(Named, Protocol):
    """Says of two values of a field whether something holds, whichever comes first.

    It must be hashable, as a frozen dataclass is.
    """

    def holds(
        self, left: Sequence[str], right: Sequence[str], /
    ) -> Sequence[bool] | NDArray[np.bool_]:
        """Return whether it holds for each pair of values, equal ones too."""
        ...


@runtime_checkable
class Classifier(Protocol):
    """Turns similarity vectors into evidence.

    It sees each pair by itself: what it says of a pair must not depend on the others.
    """

    def weights(self, vectors: SimilarityVectors, /) -> NDArray[np.float64]:
        """Return the match weight of each pair in bits (log2 odds), prior included."""
        ...

    def contributions(
        self, vectors: SimilarityVectors, /
    ) -> Mapping[str, NDArray[np.float64]]:
        """Return the parts that add up to `weights`.

        Those of fields go by the field's name, all others by a name in parentheses,
        such as `"(prior)"`.
        """
        ...


@runtime_checkable
class SurvivorshipRule(Named, Protocol):
    """Ranks the rows of an entity for one field; the highest rank survives."""

    def rank(self, table: RecordTable, field: str, rows: Rows, /) -> Ranks:
        """Return a rank for each of `rows`, in which the field is present.

        The table holds the records as they came, its columns named as in the input.
        Ranks are compared within an entity only; NaN ranks below everything. Of large
        tables the rules of several fields are called in several threads at a time.
        """
        ...
