"""Which pairs to ask a person about, in which order, and why."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier.model import probability
from custmerge.pairs import Pairs, SimilarityVectors, distinct

__all__ = ["reasons", "worth_asking"]

Array = NDArray[np.float64]
Positions = NDArray[np.int64]

_ALIKE = 0.9
"""Similarity from which two values look the same to people, or nearly."""
_MISSING, _UNLIKE, _SAME = 0, 1, 2
_MOST_KINDS = 2**60
_CHECKED = 0.25
"""Share of the questions that are about links beyond doubt: those the model cannot
know to be wrong, should it be too sure of itself."""


def worth_asking(
    pairs: Pairs,
    vectors: SimilarityVectors,
    weights: Array,
    bounds: tuple[float, float],
    places: Positions,
) -> Positions:
    """Return the positions of the pairs to ask about, the most telling first.

    All doubtful pairs, the more doubtful the sooner, and among them some links beyond
    doubt, as spot checks. Pairs are sorted by which fields are alike, unlike and
    missing, and by weight, and then visited in the order of van der Corput's sequence
    (Niederreiter 1992, doi:10.1137/1.9781611970081, section 3.1): so the first twenty
    questions, and the first hundred, are each spread evenly over all that there is to
    ask. Records that were asked about before come later.

    Args:
        pairs: The pairs of rows.
        vectors: Their similarities.
        weights: Their match weights in bits.
        bounds: Probabilities between which a pair is doubtful.
        places: Where each row stands in an order that its content decides, by which
            pairs as telling as each other go.
    """
    ends = np.sort(places[np.stack([pairs.left, pairs.right])], axis=0)
    by_content = np.lexsort(ends[::-1])
    asked = _asked(
        pairs.take(by_content), vectors.take(by_content), weights[by_content], bounds
    )
    return by_content[asked]


def _asked(
    pairs: Pairs,
    vectors: SimilarityVectors,
    weights: Array,
    bounds: tuple[float, float],
) -> Positions:
    """Return the pairs to ask about; equally telling ones as they come."""
    chances = probability(weights)
    is_doubtful = (chances > bounds[0]) & (chances < bounds[1])
    doubtful, sure = np.flatnonzero(is_doubtful), np.flatnonzero(chances >= bounds[1])
    if not len(doubtful):
        return doubtful
    mass = chances * (1 - chances)
    mass[is_doubtful] *= (1 - _CHECKED) / mass[is_doubtful].sum()
    mass[sure] = _CHECKED / max(len(sure), 1)
    asked = np.sort(np.concatenate([doubtful, sure]))
    asked = asked[np.lexsort((weights[asked], _kinds(vectors.take(asked))))]
    visited = asked[_visited(mass[asked], len(doubtful))]
    is_doubtful[visited] = False
    left_over = np.flatnonzero(is_doubtful)
    doubt = np.abs(chances[left_over] - 0.5)
    order = np.concatenate([visited, left_over[np.argsort(doubt, kind="stable")]])
    return order[np.argsort(_repeats(pairs, order), kind="stable")]


def _states(vectors: SimilarityVectors) -> NDArray[np.int8]:
    """Return for each pair and field whether both sides are alike, unlike, missing."""
    matrix = vectors.to_matrix()
    states = np.where(matrix >= _ALIKE, _SAME, _UNLIKE)
    return np.where(np.isnan(matrix), _MISSING, states).astype(np.int8)


def _kinds(vectors: SimilarityVectors) -> Positions:
    """Return a number for each pair, the same for pairs of the same states."""
    kinds = np.zeros(len(vectors), dtype=np.int64)
    for states in _states(vectors).T:
        kinds = kinds * 3 + states
        if kinds.max(initial=0) > _MOST_KINDS:
            kinds = np.searchsorted(distinct(kinds), kinds)
    return kinds


def _visited(mass: Array, n_visits: int) -> Positions:
    """Return positions in the order visited: each as often as its mass, once here."""
    n_bits = max(n_visits - 1, 1).bit_length()
    visits = np.arange(2**n_bits)
    points = np.zeros(len(visits))
    for bit in range(n_bits):
        points += (visits >> bit & 1) / 2 ** (bit + 1)
    ends = np.cumsum(mass)
    places = np.searchsorted(ends, points * ends[-1], side="right")
    found, first = np.unique(places, return_index=True)
    visited: Positions = found[np.argsort(first)].astype(np.int64)
    return visited


def _repeats(pairs: Pairs, order: Positions) -> Positions:
    """Return for each pair in order how often one of its rows occurred before."""
    rows = np.stack([pairs.left[order], pairs.right[order]], axis=1).reshape(-1)
    by_row = np.argsort(rows, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(rows[by_row]) != 0][: len(rows)])
    sizes = np.diff(np.r_[starts, len(rows)])
    before = np.empty(len(rows), dtype=np.int64)
    before[by_row] = np.arange(len(rows)) - np.repeat(starts, sizes)
    repeats: Positions = before.reshape(-1, 2).max(axis=1)
    return repeats


def reasons(
    vectors: SimilarityVectors, weights: Array, bounds: tuple[float, float]
) -> list[str]:
    """Return for each pair in words why it is asked about.

    Examples:
        >>> scores = {"name": np.float32([1, 1]), "email": np.float32([0.2, np.nan])}
        >>> vectors = SimilarityVectors(scores, {})
        >>> reasons(vectors, np.asarray([0.3, 9.0]), (0.1, 0.9))
        ['doubtful: unlike in email', 'spot check: similar in all that both hold']
    """
    names = np.asarray(list(vectors.scores), dtype=object)
    is_sure = probability(weights) >= bounds[1]
    kinds = 2 * _kinds(vectors) + is_sure
    _, first, kind_of = np.unique(kinds, return_index=True, return_inverse=True)
    told = []
    for sure, states in zip(is_sure[first], _states(vectors.take(first)), strict=True):
        unlike = ", ".join(names[states == _UNLIKE])
        what = f"unlike in {unlike}" if unlike else "similar in all that both hold"
        told.append(f"{'spot check' if sure else 'doubtful'}: {what}")
    return [told[kind] for kind in kind_of.reshape(-1).tolist()]
