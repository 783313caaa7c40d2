"""Pairs weighed: what evidence, rules and labels say of them, for the clustering."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import Verdicts, probability
from custmerge.clustering import Constraints
from custmerge.engines.record_types import bridging
from custmerge.engines.ruling import Ruling
from custmerge.pairs import Pairs, SimilarityVectors
from custmerge.protocols import Classifier

__all__ = ["Weighed", "Weigher"]

_SETTLED = 1000.0
"""Bits that a link counts for where a rule says that it is one, beyond any evidence."""


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """Pairs, and what evidence, rules and labels say of them."""

    pairs: Pairs
    vectors: SimilarityVectors
    weights: NDArray[np.float64]
    verdicts: Verdicts

    @property
    def strengths(self) -> NDArray[np.float64]:
        """The weights, or as much as a link can have where a rule says "match"."""
        return np.where(self.verdicts > 0, _SETTLED, self.weights)

    def links(self, threshold: float, told: Constraints) -> Pairs:
        """Return the pairs that speak for one entity, or must be of one."""
        linked = (self.strengths > threshold) & ~told.forbids(self.pairs)
        return self.pairs.take(linked) | told.must

    def vetoed(self, told: Constraints, n_rows: int) -> Constraints:
        """Return the constraints, and the pairs that a rule keeps apart.

        Rules yield to what people say: whom that makes one entity no rule parts.
        """
        groups = told.groups(n_rows)
        apart = groups[self.pairs.left] != groups[self.pairs.right]
        vetoes = self.pairs.take((self.verdicts < 0) & apart)
        return replace(told, cannot=told.cannot | vetoes)

    def standing(self, classifier: Classifier, threshold: float) -> NDArray[np.float64]:
        """Return what pairs say once others link their records.

        A link says its weight. Of what is none, only the fields that disagree say
        anything: the prior is that of two records taken at random, which these are not.
        """
        standing = self.strengths
        unlinked = np.flatnonzero(standing <= threshold)
        standing[unlinked] = threshold
        parts = classifier.contributions(self.vectors.take(unlinked))
        for name, part in parts.items():
            if name != "(prior)":
                standing[unlinked] += np.minimum(part, 0)
        return standing

    def take(self, where: NDArray[np.int64]) -> Weighed:
        """Return some of the pairs; `where` must keep their order."""
        return Weighed(
            self.pairs.take(where),
            self.vectors.take(where),
            self.weights[where],
            self.verdicts[where],
        )

    def without_bridges(self, types: NDArray[np.int32], threshold: float) -> Weighed:
        """Return the same with no link that would join records of different types."""
        weights = self.strengths
        weights[bridging(self.pairs, weights, types, threshold)] = threshold
        return replace(self, weights=weights, verdicts=np.zeros_like(self.verdicts))

    def chances(self, told: Constraints) -> NDArray[np.float64]:
        """Return match probabilities, 0 or 1 where the constraints settle it."""
        chances = probability(self.strengths)
        chances[self.pairs.among(told.must)] = 1
        chances[told.forbids(self.pairs)] = 0
        return chances

    def __or__(self, other: Weighed) -> Weighed:
        """Return these and other pairs, none in both, in order.

        Their vectors are taken from both; see `SimilarityVectors.merged`.
        """
        pairs, order = self.pairs.merged(other.pairs)
        return Weighed(
            pairs,
            self.vectors.merged(other.vectors, order),
            np.concatenate([self.weights, other.weights])[order],
            np.concatenate([self.verdicts, other.verdicts])[order],
        )


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
