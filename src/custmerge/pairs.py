"""Pairs of rows: sorted, unique, the smaller row on the left."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "KeyReport",
    "Pairs",
    "SimilarityVectors",
    "distinct",
    "numbered",
    "positions",
    "ranges",
    "repeated",
    "sorting_order",
]

Name = TypeVar("Name", bound=Hashable)
Column = NDArray[np.float32]
Integer = TypeVar("Integer", bound=np.integer[Any])


_MANY = 2**17
"""Pairs from which on to start threads for them costs nothing."""


def ranges(starts: NDArray[np.int64], sizes: NDArray[Integer]) -> NDArray[np.int64]:
    """Return `start, start + 1, …` of each range, one after the other.

    Examples:
        >>> ranges(np.asarray([5, 0]), np.asarray([2, 3])).tolist()
        [5, 6, 0, 1, 2]
    """
    ends = np.cumsum(sizes, dtype=np.int64)
    places = np.arange(ends[-1] if len(ends) else 0)
    places -= np.repeat(ends - sizes - starts, sizes)
    return places


def positions(order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each row went that was put in the given order.

    Examples:
        >>> positions(np.asarray([2, 0, 1])).tolist()
        [1, 2, 0]
    """
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    return places


def distinct(keys: NDArray[Integer]) -> NDArray[Integer]:
    """Return the distinct keys, ascending.

    By sorting: `np.unique` hashes first, which took 70 times as long on two million
    keys (numpy 2.4).

    Examples:
        >>> distinct(np.asarray([3, 1, 3])).tolist()
        [1, 3]
    """
    ordered = np.sort(keys)
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


def numbered(
    keys: NDArray[np.int64], n_keys: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each distinct key stands first, and for each key which it is.

    Args:
        keys: The keys, from 0 on.
        n_keys: A number that is above them all.

    Examples:
        >>> first, which = numbered(np.asarray([7, 3, 7]), 8)
        >>> first.tolist(), which.tolist()
        ([1, 0], [1, 0, 1])
    """
    bits = len(keys).bit_length()
    if n_keys.bit_length() + bits >= _SIGNED_BITS:
        _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
        return first, inverse.reshape(-1)
    # The places below the keys: one sort, several times as fast, gives both.
    packed = np.sort((keys << bits) | np.arange(len(keys)))
    order, ordered = packed & ((1 << bits) - 1), packed >> bits
    fresh = np.ones(len(keys), dtype=bool)
    fresh[1:] = ordered[1:] != ordered[:-1]
    of_key = np.empty(len(keys), dtype=np.int64)
    of_key[order] = np.cumsum(fresh) - 1
    return order[fresh], of_key


_SIGNED_BITS = 63


def sorting_order(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return the order that sorts the hashes, equal ones as they came.

    Numpy sorts 64-bit integers nine times as fast as it finds their order. So the
    upper bits of each are sorted with its place below them; where upper bits are the
    same and lower ones not, which is rare among hashes, the order is mended.

    Examples:
        >>> sorting_order(np.asarray([2**63, 7, 2**63], np.uint64)).tolist()
        [1, 0, 2]
    """
    packed, bits = _by_upper_bits(hashes)
    packed &= (np.uint64(1) << bits) - np.uint64(1)
    return _mended(packed.astype(np.int64), hashes)


def repeated(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return the places of the hashes that occur again, in the order that sorts them.

    At times, though rarely, one of another hash with the same upper bits as well.

    Examples:
        >>> repeated(np.asarray([2**63, 7, 2**63, 2**62], np.uint64)).tolist()
        [0, 2]
    """
    packed, bits = _by_upper_bits(hashes)
    upper = packed >> bits
    same = upper[1:] == upper[:-1]
    several = np.zeros(len(packed), dtype=bool)
    several[1:] = same
    several[:-1] |= same
    places = packed[several] & ((np.uint64(1) << bits) - np.uint64(1))
    return _mended(places.astype(np.int64), hashes)


def _by_upper_bits(
    hashes: NDArray[np.uint64],
) -> tuple[NDArray[np.uint64], np.uint64]:
    """Return upper bits above places, sorted, and how many bits a place has."""
    bits = np.uint64(max(len(hashes) - 1, 0).bit_length())
    packed = hashes >> bits << bits
    packed |= np.arange(len(hashes), dtype=np.uint64)
    packed.sort()
    return packed, bits


def _mended(order: NDArray[np.int64], hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    ordered = hashes[order]
    if (ordered[1:] < ordered[:-1]).any():
        order = order[np.argsort(ordered, kind="stable")]
    return order


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Unordered pairs of distinct rows, each held once, in ascending order.

    Attributes:
        left: int64, shape `(n_pairs,)`; the smaller row of each pair. Candidate pairs
            are int32: of millions of records there are hundreds of millions.
        right: As `left`; the larger row.

    Examples:
        >>> pairs = Pairs.of([3, 1, 1, 2], [1, 3, 1, 0])
        >>> pairs.left.tolist(), pairs.right.tolist()
        ([0, 1], [2, 3])
    """

    left: NDArray[np.signedinteger[Any]]
    right: NDArray[np.signedinteger[Any]]

    @classmethod
    def of(cls, a: object, b: object) -> Pairs:
        """Build pairs from two sequences of rows in any order, with repeats."""
        first = np.asarray(a, dtype=np.int64).reshape(-1)
        second = np.asarray(b, dtype=np.int64).reshape(-1)
        different = first != second
        low, high = np.minimum(first, second), np.maximum(first, second)
        if not different.all():
            low, high = low[different], high[different]
        n_rows = int(high.max(initial=0)) + 1
        keys = low * n_rows + high
        if (keys[1:] > keys[:-1]).all():  # in order already, as most are
            return cls(low, high)
        return cls.from_keys(distinct(keys), n_rows)

    @classmethod
    def from_keys(cls, keys: NDArray[np.int64], n_rows: int) -> Pairs:
        """Build pairs from sorted unique keys `left * n_rows + right`."""
        left = keys // n_rows  # four times as fast as np.divmod
        return cls(left, keys - left * n_rows)

    def keys(self, n_rows: int) -> NDArray[np.int64]:
        """Return one integer for each pair, `left * n_rows + right`, ascending."""
        keys = self.left.astype(np.int64)
        keys *= n_rows
        keys += self.right
        return keys

    def __len__(self) -> int:
        return len(self.left)

    def __repr__(self) -> str:
        return f"Pairs({len(self):,})"

    def __or__(self, other: Pairs) -> Pairs:
        """Return the pairs that are in either."""
        many, few = (self, other) if len(self) >= len(other) else (other, self)
        new = few.take(~few.among(many))
        return many._inserted(new, many.places(new)) if len(new) else many

    def merged(self, other: Pairs) -> tuple[Pairs, NDArray[np.int64]]:
        """Return these and other pairs, none in both, in order.

        Beside them the order: where each of them stands among these, then the others.
        """
        places, mine = self.places(other), np.arange(len(self))
        order = np.insert(mine, places, np.arange(len(other)) + len(self))
        return self._inserted(other, places), order

    def _inserted(self, others: Pairs, places: NDArray[np.int64]) -> Pairs:
        return Pairs(
            np.insert(self.left, places, others.left),
            np.insert(self.right, places, others.right),
        )

    def places(self, others: Pairs) -> NDArray[np.int64]:
        """Return where each of other pairs stands, or would stand, among these.

        No keys are made of these pairs, which may be very many; the others may be in
        any order.

        Examples:
            >>> Pairs.of([0, 1], [1, 2]).places(Pairs.of([0, 1, 2], [3, 2, 3])).tolist()
            [1, 1, 2]
        """
        # Searched as the type they are of, or else numpy copies all.
        left, right = (
            rows.astype(mine.dtype, copy=False)
            for rows, mine in ((others.left, self.left), (others.right, self.right))
        )
        low = np.searchsorted(self.left, left)
        high = np.searchsorted(self.left, left, side="right")
        while len(open_ := np.flatnonzero(low < high)):
            middle = (low[open_] + high[open_]) // 2
            before = self.right[middle] < right[open_]
            low[open_[before]] = middle[before] + 1
            high[open_[~before]] = middle[~before]
        return low

    def among(self, others: Pairs) -> NDArray[np.bool_]:
        """Return which of the pairs are among others.

        Examples:
            >>> Pairs.of([0, 1], [1, 2]).among(Pairs.of([1], [2])).tolist()
            [False, True]
        """
        if len(others) >= len(self):
            return others._held(self, others.places(self))
        places = self.places(others)  # the fewer are looked up among the more
        found = np.zeros(len(self), dtype=bool)
        found[places[self._held(others, places)]] = True
        return found

    def _held(self, others: Pairs, places: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which of other pairs are at the places where they would stand."""
        if not len(self):
            return np.zeros(len(others), dtype=bool)
        at = np.minimum(places, len(self) - 1)
        held: NDArray[np.bool_] = self.left[at] == others.left
        held &= self.right[at] == others.right
        return held

    def renamed(self, rows: NDArray[np.int64]) -> Pairs:
        """Return the same pairs with row `i` called `rows[i]`."""
        left, right = rows[self.left], rows[self.right]
        if (left == self.left).all() and (right == self.right).all():
            return self  # as in most tables, and no need to sort
        return Pairs.of(left, right)

    def take(self, where: NDArray[np.bool_] | NDArray[np.int64] | slice) -> Pairs:
        """Return some of the pairs; `where` must keep their order."""
        return Pairs(self.left[where], self.right[where])

    def chunks(self, size: int) -> Iterator[Pairs]:
        """Yield the pairs in order, at most `size` at a time."""
        for start in range(0, len(self), size):
            yield self.take(slice(start, start + size))


@dataclass(frozen=True, slots=True, eq=False)
class SimilarityVectors:
    """The evidence about pairs, a similarity for each field that is compared.

    Attributes:
        scores: For each field float32, shape `(n_pairs,)`, in [0, 1]; NaN where a
            side is missing.
        frequencies: For each field float32, shape `(n_pairs,)`: how common the
            commoner of the two values is, as a share of the records that hold any;
            NaN where a side is missing.
        answers: For each question that rules ask float32, shape `(n_pairs,)`: 1 for
            yes, 0 for no, NaN where a side is missing.

    Examples:
        >>> same, unlike = np.float32([1, 0.5]), np.float32([np.nan, 0])
        >>> SimilarityVectors({"name": same, "email": unlike}, {}).to_matrix()
        array([[1. , nan],
               [0.5, 0. ]], dtype=float32)
    """

    scores: dict[str, Column]
    frequencies: dict[str, Column]
    answers: dict[Any, Column] = field(default_factory=dict)

    def __len__(self) -> int:
        return next((len(scores) for scores in self.scores.values()), 0)

    def __repr__(self) -> str:
        return f"SimilarityVectors({len(self):,} pairs: {', '.join(self.scores)})"

    def take(self, order: NDArray[np.int64] | slice) -> SimilarityVectors:
        """Return the vectors of some pairs, in the given order."""
        return SimilarityVectors(*(_taken(part, order) for part in self._parts))

    def rearranged(self, order: NDArray[np.int64]) -> SimilarityVectors:
        """Return the vectors of all pairs in another order, and leave none here.

        Field by field, so that of very many pairs not all is held twice.
        """
        return self.merged(SimilarityVectors({}, {}), order)

    def merged(
        self, other: SimilarityVectors, order: NDArray[np.int64]
    ) -> SimilarityVectors:
        """Return these vectors and, after them, others of the same fields, in order.

        Field by field, and none are left here nor there, so that of very many pairs
        not all is held twice.
        """
        both = zip(self._parts, other._parts, strict=True)
        return SimilarityVectors(*(_moved(*each, order) for each in both))

    @property
    def _parts(self) -> tuple[dict[Any, Column], ...]:
        return self.scores, self.frequencies, self.answers

    def to_matrix(self) -> NDArray[np.float32]:
        """Return the similarities as a matrix, shape `(n_pairs, n_fields)`.

        The columns are the fields in their order; NaN where a side is missing, which
        an estimator must be able to take, or have an imputer before it.
        """
        columns = list(self.scores.values())
        return np.stack(columns, axis=1) if columns else np.empty((0, 0), np.float32)


def _taken(
    columns: dict[Name, Column], order: NDArray[np.int64] | slice
) -> dict[Name, Column]:
    # Of a slice nothing is copied, which needs no threads.
    n_pairs = 0 if isinstance(order, slice) else len(order)
    return _each(lambda name: columns[name][order], columns, n_pairs)


def _moved(
    columns: dict[Name, Column], others: dict[Name, Column], order: NDArray[np.int64]
) -> dict[Name, Column]:
    def moved(name: Name) -> Column:
        more = [others.pop(name)] if name in others else []
        return np.concatenate([columns.pop(name), *more])[order]

    return _each(moved, columns, len(order))


def _each(
    made: Callable[[Name], Column], names: Iterable[Name], n_pairs: int
) -> dict[Name, Column]:
    """Return what is made for each name, two at a time if long."""
    names = [*names]
    if n_pairs < _MANY:
        return {name: made(name) for name in names}
    with ThreadPoolExecutor(2) as threads:  # more would wait for the memory
        return dict(zip(names, threads.map(made, names), strict=True))


@dataclass(frozen=True, slots=True)
class KeyReport:
    """What one key, or a pair of keys, contributed.

    Attributes:
        key: The blocker's field and name, two fields joined by ` & ` where the
            over-large blocks of one are refined by the keys of the other, or a field
            `without copies` where these alone had made its blocks too large.
        n_blocks: Blocks of at least two rows.
        n_pairs: Pairs its blocks make, before those of other keys are taken off; of
            very many candidates not all are made (`Diagnostics.n_candidates`).
        n_capped: Blocks that were too large, even without copies of a record, and could
            not be refined further.
        largest: Rows of the largest block.
        cap: Rows of a block up to which it was paired.
    """

    key: str
    n_blocks: int
    n_pairs: int
    n_capped: int
    largest: int
    cap: int = 0
