"""Evidence about pairs, and the model that fits the candidates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import (
    FellegiSunter,
    FieldPrior,
    Patterns,
    to_levels,
    train,
)
from custmerge.config import Field, prior_levels
from custmerge.engines.comparing import agreed_codes, compare_column, compare_crossed
from custmerge.pairs import Pairs, SimilarityVectors
from custmerge.protocols import Scores
from custmerge.records import Column, RecordTable

__all__ = ["fit", "random_pairs", "similarity"]

_SAMPLE_PAIRS = 400_000
"""Random pairs that chance agreement is measured on."""
_UNLIKE = 0.86
"""Two fields are taken for exchanged where neither is alike as it stands."""
_EXCHANGED = 0.97
"""What an agreement across exchanged fields is worth of one in place."""
_PSEUDO_PAIRS = 1.0
"""Random pairs added to each level, so that none seems impossible."""


def similarity(
    table: RecordTable, fields: Sequence[Field], pairs: Pairs
) -> SimilarityVectors:
    """Return the pairs' similarity for each compared field.

    Args:
        table: The normalized records.
        fields: The fields; those without a comparator are passed over.
        pairs: The pairs to look at.
    """
    scores: dict[str, Scores] = {}
    frequencies: dict[str, Scores] = {}
    for field in fields:
        comparator = field.comparator
        if comparator is not None:
            column = table[field.name]
            scores[field.name] = compare_column(column, comparator, pairs)
            if field.frequency:
                frequencies[field.name] = _frequencies(column, pairs)
    for field in fields:
        if field.swaps_with in scores and field.comparator is not None:
            _mend_exchanged(table, field, field.swaps_with, pairs, scores)
    return SimilarityVectors(scores, frequencies)


def _frequencies(column: Column, pairs: Pairs) -> Scores:
    """Return how common each pair's agreed value is among the records with a value."""
    counts = column.counts()
    shares = np.append(counts / max(int(column.present.sum()), 1), np.nan)
    return shares.astype(np.float32)[agreed_codes(column, pairs)]


def _mend_exchanged(
    table: RecordTable,
    field: Field,
    other: str,
    pairs: Pairs,
    scores: dict[str, Scores],
) -> None:
    """Raise both fields' scores where they agree crosswise."""
    mine, theirs = scores[field.name], scores[other]
    unlike = np.flatnonzero((mine < _UNLIKE) & (theirs < _UNLIKE))
    if field.comparator is None or not unlike.size:
        return
    crossed = _EXCHANGED * compare_crossed(
        table[field.name], table[other], field.comparator, pairs.take(unlike)
    )
    exchanged = crossed >= _UNLIKE
    for name in (field.name, other):
        places = unlike[exchanged]
        scores[name][places] = np.maximum(scores[name][places], crossed[exchanged])


def random_pairs(n_rows: int, seed: int) -> Pairs:
    """Return random pairs of rows, or all pairs where they are few."""
    n_all = n_rows * (n_rows - 1) // 2
    if n_all <= _SAMPLE_PAIRS:
        left, right = np.triu_indices(n_rows, k=1)
        return Pairs(left.astype(np.int64), right.astype(np.int64))
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, n_rows, size=(2, _SAMPLE_PAIRS), dtype=np.int64)
    return Pairs.of(drawn[0], drawn[1])


def fit(
    table: RecordTable,
    fields: Sequence[Field],
    vectors: SimilarityVectors,
    seed: int,
) -> FellegiSunter:
    """Return the model learnt from the candidates' similarity vectors.

    Args:
        table: The normalized records.
        fields: The compared fields.
        vectors: The candidate pairs' similarities.
        seed: Chooses the random pairs.
    """
    sample = similarity(table, fields, random_pairs(table.n_rows, seed))
    priors = [_prior(table[field.name], field, sample) for field in fields]
    levels = [to_levels(vectors.scores[p.name], p.thresholds) for p in priors]
    n_all = max(table.n_rows * (table.n_rows - 1) // 2, 1)
    return train(priors, Patterns.of(levels, len(vectors)), n_all)


def _prior(column: Column, field: Field, sample: SimilarityVectors) -> FieldPrior:
    n_levels = len(field.levels) + 1
    levels = to_levels(sample.scores[field.name], field.levels)
    seen = np.bincount(levels[levels >= 0], minlength=n_levels) + _PSEUDO_PAIRS
    exact = _chance_of_equality(column)
    if column.width == 1 and field.levels[-1] == 1:
        # Exact by counting, where the sample would see next to nothing.
        below = seen[:-1] / seen[:-1].sum() * (1 - exact)
        chance = np.append(below, exact)
    else:
        chance = seen / seen.sum()
    chance = np.maximum(chance, 1e-9) / np.maximum(chance, 1e-9).sum()
    return FieldPrior(
        field.name,
        field.levels,
        prior_levels(field.defaults.match, n_levels),
        tuple(chance.tolist()),
        bool(field.shared),
        exact if field.frequency else 0.0,
    )


def _chance_of_equality(column: Column) -> float:
    """Return how likely two records that hold a value hold the same one."""
    counts: NDArray[np.int64] = column.counts()
    total = int(counts.sum())
    same = float((counts * (counts - 1)).sum())
    return max(same, 1.0) / max(float(total) * (total - 1), 2.0)
