from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, strategies as st

from custmerge.classifier import MISSING, Bounds, FellegiSunter, FieldWeights, Known
from custmerge.pairs import SimilarityVectors

_EDGES = (0.5, 1.0)
_SCORES = {MISSING: np.nan, 0: 0.0, 1: 0.7, 2: 1.0}


def _rows(draw: st.DrawFn, n_rows: int) -> tuple[tuple[float, ...], ...]:
    part = st.integers(1, 99)
    drawn = [draw(st.lists(part, min_size=3, max_size=3)) for _ in range(n_rows)]
    return tuple(tuple(one / sum(row) for one in row) for row in drawn)


@st.composite
def _models(draw: st.DrawFn) -> FellegiSunter:
    """A name, and an e-mail that depends on it; relatives share the name."""
    tables = [[_rows(draw, n) for _ in range(2)] for n in (1, 4)]
    kin = _rows(draw, 1)
    return FellegiSunter(
        (
            FieldWeights("name", _EDGES, tables[0][0], tables[0][1], (kin,)),
            FieldWeights(
                "mail", _EDGES, tables[1][0], tables[1][1], (tables[1][1],), ("name",)
            ),
        ),
        0.01,
        (0.02,),
        ("household",),
    )


_known = st.tuples(st.sampled_from([MISSING, 0, 1, 2]), st.booleans())


@given(_models(), _known, _known)
def test_no_completion_of_what_is_known_weighs_more_than_the_bound(
    model: FellegiSunter, name: tuple[int, bool], mail: tuple[int, bool]
) -> None:
    known = {
        field: Known(np.asarray([most], np.int8), np.asarray([sure or most <= 0]))
        for field, (most, sure) in (("name", name), ("mail", mail))
    }
    match, (kin,) = Bounds.of(model)(known)
    may_be = [
        [most] if known[field].sure[0] else range(most + 1)
        for field, (most, _) in (("name", name), ("mail", mail))
    ]
    weight = np.nan
    for levels in product(*may_be):
        scores = {
            field: np.asarray([_SCORES[level]], dtype=np.float32)
            for field, level in zip(("name", "mail"), levels, strict=True)
        }
        vectors = SimilarityVectors(scores, {})
        parts = model.contributions(vectors)
        weight = sum(part[0] for key, part in parts.items() if key != "(related)")
        assert weight <= match[0] + 1e-4
        chance = model.kinship(vectors)["household"][0]
        odds = np.log2(chance / (1 - chance))
        assert odds <= kin[0] + 1e-4
    if all(len(levels) == 1 for levels in may_be):
        assert match[0] == pytest.approx(weight, abs=1e-4)
