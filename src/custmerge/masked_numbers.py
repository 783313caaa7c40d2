"""What numbers show of themselves, where some hide a part behind stars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.texts import Places, Texts

__all__ = ["LEAST_ENDING", "LEAST_SHOWN", "Shown", "masked"]

LEAST_SHOWN = 7
"""Characters of a masked number that tell whose it is nearly as well as all do: the
digits a telephone number keeps without its area code, and those of `138****8888`."""
LEAST_ENDING = 4
"""The last ones, by which banks and shops ask for a number."""
_MOST_SHOWN = 18
"""Characters of the longest numbers that are masked (GB 11643)."""
_STAR, _PLUS = ord("*"), ord("+")
_OTHER = 0xFF
"""Stands for all characters that have no byte of their own."""

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """The characters that numbers show, from the last one on.

    Attributes:
        characters: 0 where one is hidden, or there is none; shape `(n_values, 18)`.
        lengths: How long each number is, hidden characters too.
        is_masked: Which of them hide some.

    Examples:
        >>> shown = Shown.of(["138****8888", "+8613812348888", "**8888"])
        >>> shown.n_common(np.asarray([0, 0]), np.asarray([1, 2])).tolist()
        [7, 4]
    """

    characters: Bytes
    lengths: Places
    is_masked: NDArray[np.bool_]

    @classmethod
    def of(cls, values: Sequence[str]) -> Shown:
        """Look at the end of each value."""
        rows, sizes = [np.empty((0, _MOST_SHOWN), np.uint8)], [np.empty(0, np.int64)]
        hidden = [np.empty(0, dtype=bool)]
        for _, texts in Texts.parts(values):
            places = texts.ends[:, np.newaxis] - 1 - np.arange(_MOST_SHOWN)
            starts = texts.starts[:, np.newaxis]
            letters = texts.letters[np.maximum(places, starts)]
            letters = np.minimum(letters, _OTHER).astype(np.uint8)
            letters[places < starts] = 0
            hidden.append((letters == _STAR).any(axis=1))
            letters[(letters == _STAR) | (letters == _PLUS)] = 0
            rows.append(letters)
            sizes.append(texts.ends - texts.starts)
        return cls(np.concatenate(rows), np.concatenate(sizes), np.concatenate(hidden))

    def n_common(self, left: Places, right: Places) -> NDArray[np.int64]:
        """Return how many characters both values of a pair show.

        -1 where they differ in any, or where a number that hides nothing is shorter
        than the other, so that the two are not one number.
        """
        a, b = self.characters[left], self.characters[right]
        both = (a != 0) & (b != 0)
        is_other = (both & (a != b)).any(axis=1)
        for one, other in ((left, right), (right, left)):
            is_other |= ~self.is_masked[one] & (self.lengths[one] < self.lengths[other])
        return np.where(is_other, -1, both.sum(axis=1))

    def show_ends(self, left: Places, right: Places) -> NDArray[np.bool_]:
        """Return where both values of a pair show their last four characters."""
        ends = (self.characters[:, :LEAST_ENDING] != 0).all(axis=1)
        shown: NDArray[np.bool_] = ends[left] & ends[right]
        return shown


def masked(values: Sequence[str]) -> bool:
    """Return whether any value hides a part of itself.

    Examples:
        >>> masked(["138****8888"]), masked(["13812348888"])
        (True, False)
    """
    return "*" in "".join(values)
