"""Labels of records as groups, counted without listing any pair."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

import numpy as np
from numpy.typing import NDArray

from custmerge.exceptions import InvalidInputError

__all__ = ["Groups", "Labels", "aligned", "count_pairs", "meet", "sizes_of"]

Labels = Iterable[Hashable]
Groups = NDArray[np.int64]
"""For each record, the number of its group: dense, from 0."""


def aligned(**labels: Labels) -> list[Groups]:
    """Return each labelling as groups, all of one length."""
    groups = [_encode(name, given) for name, given in labels.items()]
    lengths = {name: len(group) for name, group in zip(labels, groups, strict=True)}
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        message = f"evaluation needs one label a record in each argument, but {shown}"
        raise InvalidInputError(message)
    return groups


def _encode(name: str, labels: Labels) -> Groups:
    index: dict[Hashable, int] = {}
    # numpy's own scalars hash several times slower than what .tolist() gives.
    given = labels.tolist() if isinstance(labels, np.ndarray) else labels
    try:
        codes = [index.setdefault(label, len(index)) for label in given]
    except TypeError as error:
        message = f"{name} must be one sequence of hashable labels, one for each record"
        raise InvalidInputError(message) from error
    missing = [code for label, code in index.items() if label is None or label != label]  # noqa: PLR0124  NaN alone is unequal to itself
    if missing:
        message = (
            f"{name} is missing at row {codes.index(missing[0])}: leave records "
            "without a label out of every argument"
        )
        raise InvalidInputError(message)
    return np.asarray(codes, dtype=np.int64)


def meet(first: Groups, second: Groups) -> Groups:
    """Return the groups of records that are together in both groupings."""
    if not first.size:
        return first
    cells = first * (int(second.max()) + 1) + second
    groups: Groups = np.unique(cells, return_inverse=True)[1].reshape(-1)
    return groups


def sizes_of(groups: Groups) -> NDArray[np.int64]:
    """Return for each record the size of its group."""
    sizes: NDArray[np.int64] = np.bincount(groups)[groups] if groups.size else groups
    return sizes


def count_pairs(groups: Groups) -> int:
    """Return how many pairs of records are of one group."""
    sizes = np.bincount(groups)
    return int(np.sum(sizes * (sizes - 1) // 2))
