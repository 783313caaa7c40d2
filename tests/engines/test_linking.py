from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from tests.strategies import pairs_of, tables

import custmerge as cm
from custmerge.classifier import FellegiSunter, FieldWeights, probability
from custmerge.engines.labelling import Labels
from custmerge.engines.linking import Linkage, link
from custmerge.pairs import Pairs
from custmerge.records import RecordTable

CONFIG = cm.Config((cm.Field("name", compare="exact", levels=(1.0,)),), ())
# Equal names weigh 4 bits, unequal ones -9.
MODEL = FellegiSunter(
    (FieldWeights("name", (1.0,), ((1e-3, 0.999),), ((0.5, 0.5),)),),
    16 / 17,
)


def _table(names: list[str | None]) -> RecordTable:
    return RecordTable.from_columns({"name": names}, len(names))


def test_linked_rows_are_one_entity() -> None:
    found = link(_table(["a", "b", "a"]), CONFIG, Pairs.of([0, 0], [1, 2]), MODEL)
    assert found.labels.tolist() == [0, 1, 0]


def test_pairs_within_an_entity_are_all_compared() -> None:
    chain = Pairs.of([0, 1], [1, 2])
    found = link(_table(["a", "a", "a"]), CONFIG, chain, MODEL)
    assert found.pairs.left.tolist() == [0, 0, 1]
    assert found.pairs.right.tolist() == [1, 2, 2]
    assert len(found.weights) == len(found.vectors) == 3


@given(tables(("name",)), pairs_of(8))
def test_weights_are_the_models_for_the_compared_pairs(
    table: RecordTable, pairs: Pairs
) -> None:
    pairs = pairs.take(pairs.right < len(table))
    found = link(table, CONFIG, pairs, MODEL)
    assert (found.weights == MODEL.weights(found.vectors)).all()
    assert len(found.pairs) >= len(pairs)
    assert (np.diff(found.pairs.keys(max(len(table), 1))) > 0).all()


@given(tables(("name",)), pairs_of(8), st.data())
def test_renaming_rows_moves_everything_with_them(
    table: RecordTable, pairs: Pairs, data: st.DataObject
) -> None:
    found = link(table, CONFIG, pairs.take(pairs.right < len(table)), MODEL)
    rows = np.asarray(data.draw(st.permutations(range(len(table)))), dtype=np.int64)
    moved = found.renamed(rows)
    labels = moved.labels.tolist()
    assert list(dict.fromkeys(labels)) == list(range(len(set(labels))))
    assert (moved.confidence[rows] == found.confidence).all()
    assert _by_pair(moved) == {
        tuple(sorted((int(rows[a]), int(rows[b])))): weight
        for (a, b), weight in _by_pair(found).items()
    }


def _by_pair(linkage: Linkage) -> dict[tuple[int, ...], float]:
    sides = zip(linkage.pairs.left.tolist(), linkage.pairs.right.tolist(), strict=True)
    return dict(zip(sides, linkage.weights.tolist(), strict=True))


@pytest.mark.parametrize(("threshold", "n_entities"), [(0.5, 1), (0.9999999, 2)])
def test_threshold_is_a_match_probability(threshold: float, n_entities: int) -> None:
    config = cm.Config(CONFIG.fields, (), threshold=threshold)
    found = link(_table(["a", "a"]), config, Pairs.of([0], [1]), MODEL)
    assert len(set(found.labels.tolist())) == n_entities
    assert 0.5 < probability(found.weights)[0] < 0.9999999


def test_rules_are_asked_about_pairs_inside_an_entity_too() -> None:
    rules = [
        {"says": "differ", "where": {"name": {"name": "years_apart", "more_than": 1}}}
    ]
    config = cm.Config(CONFIG.fields, (), rules=tuple(rules))  # type: ignore[arg-type]
    years = [str(1990 + i) for i in range(3)]
    chain = Pairs.of([0, 1], [1, 2])
    found = link(_table([*years]), config, chain, cm.WeightedScore({"name": 1}, 0.5))
    assert found.verdicts.tolist() == [0, 0]
    linked = FellegiSunter(
        (FieldWeights("name", (1.0,), ((0.5, 0.5),), ((0.5, 0.5),)),), 0.9
    )
    found = link(_table([*years]), config, chain, linked)
    assert found.pairs.left.tolist() == [0, 0, 1]
    assert found.verdicts.tolist() == [0, -1, 0]
    assert (found.weights > 0).all()


def test_labelled_pairs_are_compared_and_kept_to() -> None:
    labels = Labels(Pairs.of([0, 1], [2, 3]), np.array([False, True]))
    found = link(
        _table(["a", "b", "a", "c"]), CONFIG, Pairs.of([0], [2]), MODEL, labels
    )
    assert found.pairs.left.tolist() == [0, 1]
    assert found.labels.tolist() == [0, 1, 2, 1]


def test_copy_that_is_labelled_stands_for_itself() -> None:
    names: list[str | None] = ["a"] * 30
    labels = Labels(Pairs.of([0], [7]), np.array([False]))
    found = link(_table(names), CONFIG, Pairs.of([], []), MODEL, labels)
    told = (found.pairs.left == 0) & (found.pairs.right == 7)
    assert found.verdicts[told].tolist() == [-1]
    assert (np.bincount(found.labels).max()) >= 29


def test_model_is_learnt_where_none_is_given() -> None:
    found = link(_table(["a", "b", "c"]), CONFIG, Pairs.of([0, 0], [1, 2]), None)
    assert found.model.training.n_pairs == 2


def test_compared_copies_stand_for_all_pairs_of_copies() -> None:
    names: list[str | None] = ["a", "a", "a", "a", "b"]
    found = link(_table(names), CONFIG, Pairs.of([0], [4]), None)
    # Six pairs among four copies, of which each is compared with the first only.
    assert found.model.training.n_pairs == 6 + 1
