"""Weighed pairs to entities: what is settled or in doubt, and the partition of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import (
    FellegiSunter,
    IntoClassifier,
    Verdicts,
    as_classifier,
    probability,
)
from custmerge.clustering import Constraints, bridging, cluster, components
from custmerge.pairs import Pairs, SimilarityVectors
from custmerge.protocols import Classifier, Rows

__all__ = ["Linking", "Weighed"]


_SETTLED = 1000.0
"""Bits that a link counts for where a rule says that it is one, beyond any evidence."""
_UNKNOWN = -10.0
"""Bits of a pair that was not compared, where the model does not say: 1 in 1,000."""
_MANY_COPIES = 20
"""Copies of one record beyond which they are clustered as one."""


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
        """Return some of the pairs; `where` must put them in order."""
        return Weighed(
            self.pairs.take(where),
            self.vectors.take(where),
            self.weights[where],
            self.verdicts[where],
        )

    def renamed(self, rows: Rows) -> Weighed:
        """Return the same with row `i` called `rows[i]`."""
        left, right = rows[self.pairs.left], rows[self.pairs.right]
        low, high = np.minimum(left, right), np.maximum(left, right)
        renamed = replace(self, pairs=Pairs(low, high))
        return renamed.take(np.lexsort((high, low)))

    def without_bridges(self, types: NDArray[np.int32], threshold: float) -> Weighed:
        """Return the same with no link that would join records of different types."""
        weights = self.strengths
        weights[bridging(self.pairs, weights, types, threshold)] = threshold
        return replace(self, weights=weights, verdicts=np.zeros_like(self.verdicts))

    def chances(self, told: Constraints, n_rows: int) -> NDArray[np.float64]:
        """Return match probabilities, 0 or 1 where the constraints settle it."""
        chances = probability(self.strengths)
        chances[told.forbids(self.pairs)] = 0
        if len(told.must):  # what follows of several constraints holds too
            groups = told.groups(n_rows)
            between, apart = (
                np.sort([groups[pairs.left], groups[pairs.right]], axis=0)
                for pairs in (self.pairs, told.cannot)
            )
            keys, forbidden = (low * n_rows + high for low, high in (between, apart))
            chances[np.isin(keys, forbidden)] = 0
            chances[between[0] == between[1]] = 1
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
class Linking:
    """How weighed pairs become entities.

    Attributes:
        classifier: What weighs pairs.
        unknown: The weight of a pair about which nothing is known.
        threshold: Least weight of a link, in bits.
        originals: For each row the first row that is the same in every field.
        types: For each row the code of its type, -1 where it may be any.
    """

    classifier: Classifier
    unknown: float
    threshold: float
    originals: Rows
    types: NDArray[np.int32]

    @classmethod
    def of(
        cls,
        model: IntoClassifier,
        names: Sequence[str],
        threshold: float,
        originals: Rows,
        types: NDArray[np.int32],
    ) -> Linking:
        """Return how pairs that a model weighs become entities.

        Args:
            model: What weighs pairs.
            names: The compared fields.
            threshold: Least weight of a link, in bits.
            originals: For each row the first row that is the same in every field.
            types: For each row the code of its type, -1 where it may be any.
        """
        unknown = model.prior if isinstance(model, FellegiSunter) else _UNKNOWN
        classifier = as_classifier(model, names)
        return cls(classifier, unknown, threshold, originals, types)

    def units(self, weighed: Weighed, told: Constraints) -> Rows:
        """Return for each row the copy that stands for it, where many copies link.

        Thousands of copies of one record thus cluster as one, at no cost. A few count
        as what they are, several records that say the same; so does what must be apart.
        """
        originals = self.originals
        units = np.arange(len(originals), dtype=np.int64)
        if told.sources is not None:
            return units
        links = weighed.links(self.threshold, told)
        many = np.bincount(originals, minlength=1)[originals] > _MANY_COPIES
        is_copy = (originals[links.right] == links.left) & many[links.right]
        units[links.right[is_copy]] = links.left[is_copy]
        for apart in (told.cannot.left, told.cannot.right):
            units[apart] = apart
        return units

    def entities(self, weighed: Weighed, told: Constraints, units: Rows) -> Rows:
        """Return for each row a row that stands for its entity.

        Args:
            weighed: The pairs.
            told: What must be one entity, and what cannot, by people's word and rules.
            units: For each row what stands for it.
        """
        bound = weighed.without_bridges(self.types, self.threshold)
        links = bound.links(self.threshold, told).renamed(units)
        groups = components(len(units), links)[units]
        left, right = groups[bound.pairs.left], groups[bound.pairs.right]
        inside = bound.take(np.flatnonzero(left == right))
        standing = inside.standing(self.classifier, self.threshold)
        labels = cluster(
            *_between(units, inside.pairs, standing),
            threshold=self.threshold,
            unknown=self.unknown,
            constraints=replace(told, must=told.must.renamed(units)),
        )
        return labels[units]


def _between(
    units: Rows, pairs: Pairs, weights: NDArray[np.float64]
) -> tuple[int, Pairs, NDArray[np.float64]]:
    """Return the number of rows, and the pairs of distinct units with a weight each."""
    n_rows = len(units)
    left, right = units[pairs.left], units[pairs.right]
    low, high = np.minimum(left, right), np.maximum(left, right)
    keys, first = np.unique(low * n_rows + high, return_index=True)
    apart = low[first] != high[first]
    return n_rows, Pairs.from_keys(keys[apart], max(n_rows, 1)), weights[first[apart]]
