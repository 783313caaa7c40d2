from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from tests.strategies import pairs_of, tables

import custmerge as cm
from custmerge.classifier import (
    FellegiSunter,
    FieldWeights,
    IntoClassifier,
    probability,
)
from custmerge.clustering import Constraints
from custmerge.engines import linking
from custmerge.engines.candidates import Candidates
from custmerge.engines.labelling import Labels
from custmerge.engines.linking import Known, Linkage
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


def link(
    table: RecordTable,
    config: cm.Config,
    pairs: Pairs,
    model: IntoClassifier | None = None,
    known: Known | None = None,
) -> Linkage:
    candidates = Candidates.of(pairs, table.n_rows)
    return linking.link(table, config, candidates, model, known)


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
        _table(["a", "b", "a", "c"]),
        CONFIG,
        Pairs.of([0], [2]),
        MODEL,
        Known(labels=labels),
    )
    assert found.pairs.left.tolist() == [0, 1]
    assert found.labels.tolist() == [0, 1, 2, 1]


def test_copy_that_is_labelled_stands_for_itself() -> None:
    names: list[str | None] = ["a"] * 30
    labels = Labels(Pairs.of([0], [7]), np.array([False]))
    found = link(_table(names), CONFIG, Pairs.of([], []), MODEL, Known(labels=labels))
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


def _labels(names: list[str | None], told: Constraints) -> list[int]:
    pairs = Pairs(*np.triu_indices(len(names), k=1))
    labels: list[int] = link(
        _table(names), CONFIG, pairs, MODEL, Known(told)
    ).labels.tolist()
    return labels


def test_copies_that_cannot_be_one_are_kept_apart() -> None:
    told = Constraints(cannot=Pairs.of([3], [30]))
    labels = _labels(["a"] * 40, told)
    assert labels[3] != labels[30]
    assert len(set(labels)) == 2


def test_records_that_must_be_one_are_compared_and_joined() -> None:
    told = Constraints(must=Pairs.of([0], [2]))
    found = link(
        _table(["a", "b", "c"]), CONFIG, Pairs.of([0], [1]), MODEL, Known(told)
    )
    assert found.labels.tolist() == [0, 1, 0]
    assert (found.pairs.left.tolist(), found.pairs.right.tolist()) == ([0, 0], [1, 2])
    assert found.confidence.tolist() == pytest.approx([1, 1 - 2**-5, 1], abs=0.01)


def test_record_kept_apart_by_a_veto_is_surely_alone() -> None:
    told = Constraints(cannot=Pairs.of([0], [1]))
    found = link(_table(["a", "a"]), CONFIG, Pairs.of([0], [1]), MODEL, Known(told))
    assert found.labels.tolist() == [0, 1]
    assert found.confidence.tolist() == [1, 1]


def test_missing_values_do_not_speak_against_records_that_others_link() -> None:
    fields = (CONFIG.fields[0], cm.Field("no", compare="exact", levels=(1.0,)))
    # Alike is worth 9 bits, unlike -9, and the prior is -6.
    weights = [
        FieldWeights(name, (1.0,), ((0.00195, 0.99805),), ((0.998, 0.002),))
        for name in ("name", "no")
    ]
    model = FellegiSunter(tuple(weights), 1 / 65)
    pairs = Pairs(*np.triu_indices(3, k=1))
    found: dict[str | None, Linkage] = {}
    for first in (None, "2"):
        cells: dict[str, list[str | None]] = {"name": ["a", "a", None]}
        cells["no"] = [first, "1", "1"]
        table = RecordTable.from_columns(cells, 3)
        found[first] = link(table, cm.Config(fields, ()), pairs, model)
    assert found[None].weights.round().tolist() == [3, -6, 3]
    assert found[None].labels.tolist() == [0, 0, 0]
    assert found["2"].labels.tolist() == [0, 1, 1]


@pytest.mark.parametrize("wanted", [True, False, "auto"])
def test_one_record_per_source_is_declared_or_found(wanted: bool | str) -> None:
    names: list[str | None] = [*map(str, range(60)), *map(str, range(60)), "0"]
    sources = np.repeat([0, 1], [60, 61])
    config = cm.Config(CONFIG.fields, (), one_per_source=wanted)
    model = FellegiSunter(
        (FieldWeights("name", (1.0,), ((1e-3, 0.999),), ((0.999, 0.001),)),), 0.5
    )
    table = _table(names)
    pairs = Pairs.of([*range(60), 0], [*range(60, 120), 120])
    found = link(table, config, pairs, model, known=Known(sources=sources))
    held = np.bincount(found.labels[sources == 1])
    assert held.max() == (2 if wanted is False else 1)
    assert found.one_per_source is (wanted is not False)
