"""Pairs of rows: sorted, unique, the smaller row on the left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Pairs"]


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Unordered pairs of distinct rows, each held once, in ascending order.

    Attributes:
        left: int64, shape `(n_pairs,)`; the smaller row of each pair.
        right: int64, shape `(n_pairs,)`; the larger row.

    Examples:
        >>> pairs = Pairs.of([3, 1, 1, 2], [1, 3, 1, 0])
        >>> pairs.left.tolist(), pairs.right.tolist()
        ([0, 1], [2, 3])
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]

    @classmethod
    def of(cls, a: object, b: object) -> Pairs:
        """Build pairs from two sequences of rows in any order, with repeats."""
        first = np.asarray(a, dtype=np.int64).reshape(-1)
        second = np.asarray(b, dtype=np.int64).reshape(-1)
        different = first != second
        low = np.minimum(first, second)[different]
        high = np.maximum(first, second)[different]
        n_rows = int(high.max()) + 1 if high.size else 1
        return cls.from_keys(np.unique(low * n_rows + high), n_rows)

    @classmethod
    def from_keys(cls, keys: NDArray[np.int64], n_rows: int) -> Pairs:
        """Build pairs from sorted unique keys `left * n_rows + right`."""
        left, right = np.divmod(keys, n_rows)
        return cls(left, right)

    def keys(self, n_rows: int) -> NDArray[np.int64]:
        """Return one integer for each pair, `left * n_rows + right`, ascending."""
        return self.left * n_rows + self.right

    def __len__(self) -> int:
        return len(self.left)

    def __or__(self, other: Pairs) -> Pairs:
        """Return the pairs that are in either."""
        return Pairs.of(
            np.concatenate([self.left, other.left]),
            np.concatenate([self.right, other.right]),
        )

    def take(self, where: NDArray[np.bool_] | NDArray[np.int64] | slice) -> Pairs:
        """Return some of the pairs; `where` must keep their order."""
        return Pairs(self.left[where], self.right[where])

    def chunks(self, size: int) -> Iterator[Pairs]:
        """Yield the pairs in order, at most `size` at a time."""
        for start in range(0, len(self), size):
            yield self.take(slice(start, start + size))
