from __future__ import annotations

import numpy as np
import pytest

from custmerge.engines.sampling import draw
from custmerge.pairs import Pairs

ALL = Pairs(*np.triu_indices(200, k=1))
CERTAIN = Pairs.of([0, 3, 198], [1, 5, 199])


def test_drawn_pairs_are_about_as_many_as_wanted_and_stand_for_all() -> None:
    some, counts = draw(ALL, 2_000, CERTAIN)
    assert 1_800 < len(some) < 2_200
    assert counts.sum() == pytest.approx(len(ALL))
    assert (np.diff(some.keys(200)) > 0).all()


def test_certain_pairs_are_drawn_and_stand_for_themselves() -> None:
    some, counts = draw(ALL, 500, CERTAIN)
    certain = some.among(CERTAIN)
    assert certain.sum() == len(CERTAIN)
    assert (counts[certain] == 1).all()
    assert len(set(counts[~certain].tolist())) == 1


def test_pairs_are_drawn_evenly() -> None:
    some, _ = draw(ALL, 4_000, Pairs.of([], []))
    quarters = np.bincount(some.left % 4), np.bincount((some.right - some.left) % 4)
    for seen, expected in zip(
        quarters,
        (np.bincount(ALL.left % 4), np.bincount((ALL.right - ALL.left) % 4)),
        strict=True,
    ):
        assert seen == pytest.approx(expected * len(some) / len(ALL), rel=0.15)


def test_whether_a_pair_is_drawn_depends_on_its_rows_alone() -> None:
    some, _ = draw(ALL, 2_000, CERTAIN)
    half = ALL.take(ALL.left < 100)
    last = Pairs.of([198], [199])  # so that rows are numbered alike
    again, _ = draw(half | last, round(2_000 * (len(half) + 1) / len(ALL)), last)
    drawn = some.among(CERTAIN)
    both = some.take(~drawn & (some.left < 100))
    assert again.take(~again.among(CERTAIN)).among(both).mean() > 0.99


def test_all_are_drawn_where_they_are_few() -> None:
    some, counts = draw(ALL, len(ALL), Pairs.of([], []))
    assert len(some) == len(ALL)
    assert (counts == 1).all()
