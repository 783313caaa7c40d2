"""Pairs weighed by a classifier, with what rules and labels say of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.engines.ruling import Ruling
from custmerge.pairs import Pairs, SimilarityVectors
from custmerge.partitioning import Weighed
from custmerge.protocols import Classifier

__all__ = ["Weigher"]


@dataclass(frozen=True, slots=True, eq=False)
class Weigher:
    """Weighs pairs, and asks rules and labels about them."""

    classifier: Classifier
    ruling: Ruling

    def __call__(
        self,
        pairs: Pairs,
        vectors: SimilarityVectors | None = None,
        weights: NDArray[np.float64] | None = None,
    ) -> Weighed:
        """Return the pairs weighed.

        Args:
            pairs: The pairs.
            vectors: Their similarities, where they were compared before.
            weights: Their weights, where the classifier was asked before.
        """
        if vectors is None:
            vectors = self.ruling.vectors(pairs)
        elif len(vectors.answers) < len(self.ruling.comparisons):
            vectors = self.ruling.answered(vectors, pairs)
        if weights is None:
            weights = self.classifier.weights(vectors)
        return Weighed(pairs, vectors, weights, self.ruling.verdicts(vectors, pairs))
