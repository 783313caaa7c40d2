"""Precision, recall and their harmonic mean."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Score", "share"]


@dataclass(frozen=True, slots=True)
class Score:
    """How much of what was found is true, and how much of the truth was found.

    Attributes:
        precision: The share of what was found that is true.
        recall: The share of the truth that was found.
        f1: The harmonic mean of the two; 0 where both are 0.

    Examples:
        >>> from custmerge.evaluation import Score
        >>> Score.of(precision=0.5, recall=1.0)
        Score(precision=0.5, recall=1.0, f1=0.6666666666666666)
    """

    precision: float
    recall: float
    f1: float

    @classmethod
    def of(cls, precision: float, recall: float) -> Score:
        """Return the score with its F1 worked out."""
        both = precision + recall
        return cls(precision, recall, 2 * precision * recall / both if both else 0.0)


def share(part: float, whole: float) -> float:
    """Return the share, 1 of nothing."""
    return part / whole if whole else 1.0
