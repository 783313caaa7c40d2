"""Two records side by side, as people compare them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field as attribute
from difflib import SequenceMatcher
from typing import Any
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import probability, reasons
from custmerge.display import harmless
from custmerge.explaining import PairExplanation
from custmerge.explaining.pairs import of_it
from custmerge.explaining.showing import bits, chance
from custmerge.io import Dataset, Taken, read_table
from custmerge.naming import RecordNames
from custmerge.protocols import Rows
from custmerge.records import as_text
from custmerge.resolution import Resolution

__all__ = [
    "Evidence",
    "ReviewPair",
    "SideBySide",
    "beside",
    "called",
    "evidence_of",
    "is_unlike",
]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """What two records hold in one column.

    Attributes:
        column: The column.
        left: What the first record holds, as text; `None` for nothing.
        right: The same of the second.
        differ: Whether these are two values, and not two ways to write one.

    Examples:
        >>> SideBySide("name", "Ann", "Anne", differ=True).parts()
        ((('Ann', False),), (('Ann', False), ('e', True)))
    """

    column: str
    left: str | None = attribute(repr=False)
    right: str | None = attribute(repr=False)
    differ: bool

    def parts(self) -> tuple[Parts, Parts]:
        """Return the pieces of both texts, and whether the other one lacks them."""
        left, right = self.left or "", self.right or ""
        if not self.differ:
            return _whole(left), _whole(right)
        ones, others = left.casefold(), right.casefold()
        if len(ones) != len(left) or len(others) != len(right):
            ones, others = left, right  # a folded text must be as long
        steps = SequenceMatcher(None, ones, others, autojunk=False).get_opcodes()
        return (
            tuple(
                (left[start:end], tag != "equal")
                for tag, start, end, _, _ in steps
                if end > start
            ),
            tuple(
                (right[start:end], tag != "equal")
                for tag, _, _, start, end in steps
                if end > start
            ),
        )


Parts = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class ReviewPair:
    """Two records that people are asked about.

    Attributes:
        left: The first record: its id, with several sources `(source, id)`.
        right: The second.
        weight: The match weight in bits.
        probability: The match probability in [0, 1].
        reason: What is unlike, and whether the pair is doubtful or a spot check.
        columns: What they hold; columns that are empty in both are left out.
    """

    left: object
    right: object
    weight: float
    probability: float
    reason: str
    columns: tuple[SideBySide, ...]

    @classmethod
    def of(cls, result: Resolution, place: int) -> ReviewPair:
        """Return the pair at a place of `result.compared`."""
        chosen = np.asarray([place])
        pairs = result.compared.take(chosen)
        rows = np.concatenate([pairs.left, pairs.right]).astype(np.int64)
        left, right = result.basis.names_of(rows)
        weights = result.weights[chosen]
        vectors = result.vectors.take(chosen)
        return cls(
            left,
            right,
            float(weights[0]),
            float(probability(weights)[0]),
            reasons(vectors, weights, result.config.review)[0],
            tuple(
                SideBySide(column, lefts[0], rights[0], bool(differ[0]))
                for column, lefts, rights, differ in beside(result, chosen)
                if lefts[0] or rights[0]
            ),
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """A part of a pair's weight, in words.

    Attributes:
        part: `"prior"`, a field, the name of an adjustment; or `"weight"`, for all of
            them.
        weight: The bits.
        words: How much two values agree, and what is special about it.
    """

    part: str
    weight: float
    words: str


def evidence_of(explained: PairExplanation) -> tuple[Evidence, ...]:
    """Return the parts of a pair's weight and, last, their sum.

    Those that add nothing, rounded to a tenth of a bit, are left out.

    Examples:
        >>> import custmerge as cm
        >>> records = [{"姓名": "王小明", "城市": "上海"}, {"姓名": "王小明"}]
        >>> found = cm.resolve(records).explain(0, 1)
        >>> [one.part for one in evidence_of(found)]
        ['prior', 'given_name', 'family_name', 'related', 'weight']
    """
    parts = [Evidence("prior", explained.prior, "")]
    for one in explained.comparisons:
        words = "; ".join(filter(None, (one.label, of_it(one))))
        parts.append(Evidence(one.field, one.weight, words))
    parts += [Evidence(x.name, x.weight, x.label) for x in explained.adjustments]
    likely = f"probability {chance(explained.probability)}"
    told = [one for one in parts if bits(one.weight) != bits(0)]
    return (*told, Evidence("weight", explained.weight, likely))


def called(record: object) -> str:
    """Return what people call a record: its id, after its source if there are several.

    Examples:
        >>> called(("crm", 7)), called("K7")
        ('crm 7', 'K7')
    """
    return " ".join(map(str, record)) if isinstance(record, tuple) else str(record)


def beside(result: Resolution, places: Rows) -> Iterator[Beside]:
    """Yield for each column what pairs of records hold in it, and which differ.

    Ids and sources are left out. Values differ that are not the same text but for case,
    width and space, unless all compared fields that they are in are fully alike, as a
    number with and without its country code is; times of change never do.

    Args:
        result: What `resolve` returned.
        places: The places of the pairs in `result.compared`.
    """
    pairs, config = result.compared.take(places), result.config
    vectors = result.vectors.take(places)
    names = RecordNames.of(result.dataset, config)
    times = (config.created_at, config.updated_at)
    shown = [x for x in result.dataset.columns if x not in (names.id, names.source)]
    cells = _cells(result.dataset, shown, np.concatenate([pairs.left, pairs.right]))
    for column in shown:
        left, right = cells[column][: len(pairs)], cells[column][len(pairs) :]
        differ = np.asarray(list(map(is_unlike, left, right)), dtype=np.bool_)
        fields = [f.name for f in config.compared if column in f.columns]
        if fields:
            alike = [vectors.scores[name] >= 1 for name in fields]
            differ &= ~np.logical_and.reduce(alike)
        yield column, left, right, differ & (column not in times)


Beside = tuple[str, Sequence[str | None], Sequence[str | None], NDArray[np.bool_]]


def is_unlike(left: str | None, right: str | None) -> bool:
    """Return whether two texts differ in more than case, width and space.

    A missing one differs from none.

    Examples:
        >>> (
        ...     is_unlike("ANN  Lee", "Ann Lee"),
        ...     is_unlike("王", "汪"),
        ...     is_unlike("a", None),
        ... )
        (False, True, False)
    """
    if left is None or right is None:
        return False
    return _folded(left) != _folded(right)


def _folded(text: str) -> str:
    return " ".join(normalize("NFKC", text).casefold().split())


def _whole(text: str) -> Parts:
    return ((text, False),) if text else ()


def _cells(
    dataset: Dataset, columns: Sequence[str], rows: NDArray[np.integer[Any]]
) -> dict[str, tuple[str | None, ...]]:
    """Return what some records hold in each column, as text that is safe to show."""
    if not len(rows):
        return dict.fromkeys(columns, ())
    taken = {name: Taken(name, rows.astype(np.int64)) for name in columns}
    table = read_table(dataset.build(taken))
    return {name: tuple(_safe(table.cells(name))) for name in columns}


def _safe(cells: Sequence[object]) -> Iterator[str | None]:
    for cell in cells:
        text = as_text(cell)
        yield None if text is None else harmless(text)
