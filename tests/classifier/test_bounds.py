from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from custmerge.classifier import Bounds, FellegiSunter, FieldWeights, Known
from custmerge.pairs import Pairs, SimilarityVectors

ONE, TWO, CHILD = (
    FieldWeights("one", (0.5, 1.0), ((0.1, 0.2, 0.7),), ((0.7, 0.2, 0.1),),
                 (((0.2, 0.2, 0.6),),), mean_frequency=0.1),
    FieldWeights("two", (0.5, 1.0), ((0.3, 0.3, 0.4),), ((0.5, 0.4, 0.1),),
                 (((0.5, 0.4, 0.1),),)),
    FieldWeights(
        "child", (1.0,),
        ((0.2, 0.8), (0.5, 0.5), (0.6, 0.4), (0.1, 0.9)),
        ((0.9, 0.1), (0.8, 0.2), (0.3, 0.7), (0.2, 0.8)),
        (((0.5, 0.5), (0.8, 0.2), (0.9, 0.1), (0.2, 0.8)),),
        parents=("one", "two"), mean_frequency=0.2,
    ),
)  # fmt: skip
MODEL = FellegiSunter((ONE, TWO, CHILD), 1e-3, (1e-2,), ("household",))
LEVELS = {"one": 3, "two": 3, "child": 2}
SCORES = {3: (np.nan, 0.0, 0.5, 1.0), 2: (np.nan, 0.0, 1.0)}


def _all_vectors(shares: tuple[float, float]) -> SimilarityVectors:
    """Every combination of levels, missing among them."""
    rows = list(product(*(SCORES[n] for n in LEVELS.values())))
    columns = np.asarray(rows, dtype=np.float32).T
    scores = dict(zip(LEVELS, columns, strict=True))
    frequencies = {
        name: np.full(len(rows), share, dtype=np.float32)
        for name, share in zip(("one", "child"), shares, strict=True)
    }
    return SimilarityVectors(scores, frequencies)


def _level(item: FieldWeights, score: float) -> int:
    return -1 if np.isnan(score) else sum(score >= edge for edge in item.thresholds)


@pytest.mark.parametrize("shares", [(0.01, 0.01), (0.5, 0.9), (0.01, 0.9)])
@pytest.mark.parametrize("factors", [{}, {"one": 0.5, "child": 2.0}])
def test_bound_is_above_all_that_the_levels_may_be(
    shares: tuple[float, float], factors: dict[str, float]
) -> None:
    model = replace(MODEL, factors=factors, shift=1.0)
    vectors = _all_vectors(shares)
    parts = model.contributions(vectors)
    loss = parts.pop("(related)")
    weights = np.sum(list(parts.values()), axis=0)
    plain = replace(model, factors={})
    kin = plain.kinship(vectors)["household"]
    levels = np.asarray(
        [
            [_level(item, float(s)) for s in vectors.scores[item.name]]
            for item in model.fields
        ]
    )
    rarity = {
        name: np.log2(item.mean_frequency / share)
        for name, item, share in zip(
            ("one", "child"), (ONE, CHILD), shares, strict=True
        )
    }
    bounds = Bounds.of(
        model, {name: np.full(2, bits, np.float32) for name, bits in rarity.items()}
    )
    pair = Pairs.of([0], [1])
    states = [
        [(-1, True), *((level, sure) for level in range(n) for sure in (True, False))]
        for n in LEVELS.values()
    ]
    for state in product(*states):
        known = {
            name: Known(
                np.asarray([most], dtype=np.int8),
                np.asarray([sure]),
                np.ones(1, np.float32),  # of no account here
            )
            for name, (most, sure) in zip(LEVELS, state, strict=True)
        }
        may = np.ones(len(vectors), dtype=bool)
        for column, (most, sure) in zip(levels, state, strict=True):
            may &= column == most if sure else (column >= 0) & (column <= most)
        match, related = bounds(known, pair)
        assert match[0] >= (weights + loss)[may].max() - 1e-4
        odds = kin[may] / np.maximum(1 - kin[may], 1e-12)
        assert related[0] >= np.log2(odds).max() - 1e-4
        if all(sure for _, sure in state) and levels[:2].max() < 2:
            assert match[0] == pytest.approx(weights[may].max(), abs=1e-4)
