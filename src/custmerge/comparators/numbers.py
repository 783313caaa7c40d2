"""Comparators for quantities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.comparators.strings import compare_prepared
from custmerge.protocols import Codes, CodeScorer, Scores

__all__ = ["RelativeDifference"]


@dataclass(frozen=True, slots=True)
class RelativeDifference:
    """One minus the difference of two numbers as a share of the larger one.

    Numbers of opposite sign, and texts that are no numbers, score 0.

    Examples:
        >>> RelativeDifference().compare(["100", "100"], ["90", "-5"]).round(2).tolist()
        [0.899..., 0.0]
    """

    name: str = "number"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Compare each pair; see `Comparator.compare`."""
        return compare_prepared(self.prepare, left, right)

    def prepare(self, values: Sequence[str], /) -> CodeScorer:
        """Read each number once; see `VocabularyComparator.prepare`."""
        numbers = _numbers(values)

        def score(left: Codes, right: Codes) -> Scores:
            a, b = numbers[left], numbers[right]
            larger = np.maximum(np.abs(a), np.abs(b))
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                alike = 1 - np.abs(a - b) / larger
            alike = np.where((a == b) | (left == right), 1.0, alike)
            return np.nan_to_num(np.clip(alike, 0, 1), nan=0.0).astype(np.float32)

        return score


def _numbers(texts: Sequence[str]) -> NDArray[np.float64]:
    return np.fromiter(map(_number, texts), np.float64, len(texts))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")
