"""Classifiers of scikit-learn, or of the same shape, as classifiers of pairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from custmerge.exceptions import ModelError, PluginError
from custmerge.pairs import SimilarityVectors
from custmerge.protocols import Classifier

__all__ = [
    "Estimator",
    "IntoClassifier",
    "as_classifier",
    "fitted",
    "is_estimator",
    "is_fitted",
]

IntoClassifier = Any
"""A `Classifier`, or an estimator with `predict_proba`."""

_MOST_BITS = 20.0
"""What a probability of 0 or 1 weighs: a tree's leaf is sure after a few pairs."""


@dataclass(frozen=True, slots=True, eq=False)
class Estimator:
    """Weighs pairs by the log odds of an estimator's probability.

    Attributes:
        estimator: A fitted estimator of two classes, the larger of which (1, `True`) is
            a match. It gets what `SimilarityVectors.to_matrix` returns.
        fields: The fields, in the order of the matrix's columns.
    """

    estimator: Any
    fields: tuple[str, ...]

    def weights(self, vectors: SimilarityVectors, /) -> NDArray[np.float64]:
        """Return the log2 odds of each pair's probability, at most 20 bits."""
        return self._log_odds(vectors.to_matrix())

    def contributions(
        self, vectors: SimilarityVectors, /
    ) -> dict[str, NDArray[np.float64]]:
        """Return the parts that add up to `weights`: `"(prior)"` and each field.

        A field's part is the difference that it makes to the log odds as the fields
        are added one by one, in their order, to a pair about which nothing is known.
        So the parts add up by construction, whatever the estimator; but where fields
        interact, what they do together counts for the later one.
        """
        matrix = vectors.to_matrix()
        parts = {}
        before = np.zeros(len(matrix))
        steps = zip(("(prior)", *self.fields), _added(matrix), strict=True)
        for name, known in steps:
            so_far = self._log_odds(known)
            parts[name] = so_far - before
            before = so_far
        return parts

    def _log_odds(self, matrix: NDArray[np.float32]) -> NDArray[np.float64]:
        if not len(matrix):
            return np.zeros(0)
        label = f"the estimator {type(self.estimator).__name__}"
        try:
            found = np.asarray(self.estimator.predict_proba(matrix), dtype=np.float64)
        except Exception as error:
            message = (
                f"{label} raised {type(error).__name__} on similarities; they are NaN "
                "where a side is missing, so one that cannot take that needs an "
                "imputer before it, in a pipeline"
            )
            raise PluginError(message) from error
        if found.shape != (len(matrix), 2) or not ((found >= 0) & (found <= 1)).all():
            message = (
                f"{label} must return two probabilities for each of {len(matrix)} "
                f"pairs; it returned shape {found.shape}"
            )
            raise PluginError(message)
        with np.errstate(divide="ignore"):
            bits = np.log2(found[:, 1]) - np.log2(found[:, 0])
        clipped: NDArray[np.float64] = np.clip(bits, -_MOST_BITS, _MOST_BITS)
        return clipped


def _added(matrix: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    """Yield the matrix with none of its columns known, then one more each time."""
    known = np.full_like(matrix, np.nan)
    yield known
    for i in range(matrix.shape[1]):
        known = known.copy()
        known[:, i] = matrix[:, i]
        yield known


def is_estimator(model: object) -> bool:
    """Return whether a model is an estimator, and no classifier of pairs itself."""
    return hasattr(model, "predict_proba") and not isinstance(model, Classifier)


def is_fitted(estimator: IntoClassifier) -> bool:
    """Return whether an estimator has learnt its classes."""
    return hasattr(estimator, "classes_")


def fitted(
    estimator: IntoClassifier, vectors: SimilarityVectors, same: NDArray[np.bool_]
) -> IntoClassifier:
    """Return a copy of an estimator, fitted to labelled pairs; it is not changed.

    Args:
        estimator: The estimator.
        vectors: The similarities of the labelled pairs.
        same: For each, whether it is a match.

    Raises:
        ModelError: The labels are all alike, or the estimator refuses them.
    """
    if not (same.any() and (~same).any()):
        message = "to fit an estimator, labels must hold both same and different pairs"
        raise ModelError(message)
    try:
        return deepcopy(estimator).fit(vectors.to_matrix(), same)
    except Exception as error:
        message = (
            f"the estimator {type(estimator).__name__} raised {type(error).__name__} "
            f"when fitted to {len(same)} labelled pairs; similarities are NaN where a "
            "side is missing: put an imputer before it, in a pipeline"
        )
        raise ModelError(message) from error


def as_classifier(model: IntoClassifier, fields: Sequence[str]) -> Classifier:
    """Return the classifier of pairs that a model is, or that an estimator makes.

    Args:
        model: A classifier of pairs, or a fitted estimator.
        fields: The compared fields, in order.

    Examples:
        >>> from custmerge import WeightedScore
        >>> model = WeightedScore({"name": 1})
        >>> as_classifier(model, ["name"]) is model
        True
    """
    if is_estimator(model):
        return Estimator(model, tuple(fields))
    classifier: Classifier = model
    return classifier
