from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.strategies import people

import custmerge as cm
from custmerge.classifier import FellegiSunter, IntoClassifier
from custmerge.engines import candidates, linking, narrowing
from custmerge.engines.candidates import Candidates, Parts
from custmerge.engines.evidence import Evidence
from custmerge.engines.linking import Linkage
from custmerge.engines.ordering import canonical_order, in_order
from custmerge.engines.record_types import type_codes
from custmerge.engines.sieving import Sieve
from custmerge.normalizing import normalize
from custmerge.pairs import Pairs
from custmerge.records import RecordTable

CONTACTS = ("email", "phone")


def link(
    table: RecordTable,
    config: cm.Config,
    pairs: Pairs,
    model: IntoClassifier | None = None,
) -> Linkage:
    found = Candidates.of(pairs, table.n_rows)
    return linking.link(table, config, found, model)


def _rows() -> list[dict[str, object]]:
    """People, slips of them, some with names exchanged, some of one household."""
    rows = [dict(row) for row in people(60)]
    slips: list[dict[str, object]] = []
    for i, row in enumerate(rows[:40]):
        first, last = row["first_name"], row["last_name"]
        changes: list[dict[str, object]] = [
            {"email": f"x{row['email']}", "first_name": f"{first}a"},
            {"first_name": last, "last_name": first, "phone": None},
            {"email": None, "birth_date": None},
            {"first_name": "Zbigniew", "birth_date": "1960-02-03", "email": None},
        ]
        slips.append({**row, **changes[i % 4]})
    return rows + slips


@pytest.fixture(scope="module")
def prepared() -> tuple[RecordTable, cm.Config, Pairs]:
    config = cm.infer_config(_rows())
    raw = RecordTable.from_mappings(_rows())
    table = normalize(raw, config.compared)
    table = in_order(table, canonical_order(table, []))
    return table, config, Pairs(*np.triu_indices(len(table), k=1))


def _evidence(table: RecordTable, config: cm.Config) -> Evidence:
    return Evidence.of(table, config.compared, np.arange(len(table)))


def _all(table: RecordTable, pairs: Pairs) -> tuple[Parts, NDArray[np.int32]]:
    return Candidates.of(pairs, table.n_rows).parts(), type_codes(table)


def _model(table: RecordTable, config: cm.Config, pairs: Pairs) -> FellegiSunter:
    model = link(table, config, pairs).model
    assert isinstance(model, FellegiSunter)
    return model


@pytest.mark.parametrize("factors", [{}, {"first_name": 0.5, "email": 1.5}])
def test_all_that_may_matter_is_kept_and_little_else(
    prepared: tuple[RecordTable, cm.Config, Pairs], factors: dict[str, float]
) -> None:
    table, config, pairs = prepared
    evidence = _evidence(table, config)
    model = _model(*prepared)
    names = [item.name for item in model.fields]
    model = replace(model, factors={k: v for k, v in factors.items() if k in names})
    kept = Sieve.of(model, evidence, CONTACTS)(*_all(table, pairs)).pairs
    vectors = evidence.similarity(pairs)
    weights = model.weights(vectors)
    agreed = np.any([vectors.scores[name] == 1 for name in CONTACTS], axis=0)
    kin = np.max(list(model.kinship(vectors).values()), axis=0)
    matters = (weights > -7) | (kin > 0.5) | agreed
    assert matters.sum() > 40
    found = pairs.among(kept)
    assert not (matters & ~found).any()
    assert found.mean() < 0.5


def test_how_many_rows_are_looked_at_together_does_not_matter(
    prepared: tuple[RecordTable, cm.Config, Pairs], monkeypatch: pytest.MonkeyPatch
) -> None:
    table, config, pairs = prepared
    model = _model(*prepared)
    whole = Sieve.of(model, _evidence(table, config), CONTACTS)(
        *_all(table, pairs)
    ).pairs
    monkeypatch.setattr(candidates, "_ROWS_AT_ONCE", 7)
    parts = Sieve.of(model, _evidence(table, config), CONTACTS)(
        *_all(table, pairs)
    ).pairs
    assert (whole.left == parts.left).all()
    assert (whole.right == parts.right).all()


def test_sieved_candidates_make_the_same_entities_of_the_same_weights(
    prepared: tuple[RecordTable, cm.Config, Pairs], monkeypatch: pytest.MonkeyPatch
) -> None:
    table, config, pairs = prepared
    model = _model(*prepared)
    whole = link(table, config, pairs, model)
    monkeypatch.setattr(narrowing, "MOST_COMPARED", 10)
    sieved = link(table, config, pairs, model)
    assert (whole.labels == sieved.labels).all()
    assert len(sieved.pairs) < len(whole.pairs)
    assert sieved.n_candidates == whole.n_candidates == len(pairs)
    places = np.flatnonzero(whole.pairs.among(sieved.pairs))
    assert (whole.weights[places] == sieved.weights).all()
    for field in config.compared:
        exact = whole.vectors.scores[field.name][places]
        found = sieved.vectors.scores[field.name]
        assert (np.isnan(exact) == np.isnan(found)).all()
        unlike = found < field.levels[0]
        assert np.array_equal(exact[~unlike], found[~unlike], equal_nan=True)
        assert (exact[unlike] <= found[unlike]).all()
    assert sieved.correlations == whole.correlations


def test_candidates_that_a_rule_may_join_are_all_compared(
    prepared: tuple[RecordTable, cm.Config, Pairs], monkeypatch: pytest.MonkeyPatch
) -> None:
    table, config, pairs = prepared
    model = _model(*prepared)
    monkeypatch.setattr(narrowing, "MOST_COMPARED", 10)
    rule = cm.Rule("match", at_least={"email": 1.0})
    found = link(table, replace(config, rules=(rule,)), pairs, model)
    assert len(found.pairs) == len(pairs)


@pytest.mark.parametrize("least", [0.05, 0.3, 0.6])
def test_rules_see_exact_similarities_of_sieved_pairs(
    prepared: tuple[RecordTable, cm.Config, Pairs],
    monkeypatch: pytest.MonkeyPatch,
    least: float,
) -> None:
    table, config, pairs = prepared
    model = _model(*prepared)
    rule = cm.Rule("differ", below={"first_name": least})
    ruled = replace(config, rules=(rule,))
    whole = link(table, ruled, pairs, model)
    monkeypatch.setattr(narrowing, "MOST_COMPARED", 10)
    sieved = link(table, ruled, pairs, model)
    places = np.flatnonzero(whole.pairs.among(sieved.pairs))
    assert (whole.verdicts[places] == sieved.verdicts).all()
    assert (sieved.verdicts < 0).any()


def test_records_of_blocks_that_are_left_out_are_listed(
    prepared: tuple[RecordTable, cm.Config, Pairs], monkeypatch: pytest.MonkeyPatch
) -> None:
    table, config, pairs = prepared
    model = _model(*prepared)
    weights = model.weights(_evidence(table, config).similarity(pairs))
    telling = pairs.take(weights > 0)
    alone = ~np.isin(pairs.left, telling.left) & ~np.isin(pairs.right, telling.right)
    alone &= ~np.isin(pairs.left, telling.right) & ~np.isin(pairs.right, telling.left)
    dull = pairs.take(np.flatnonzero(alone)[weights[alone].argmin()][np.newaxis])
    groups = [Candidates.of(some, table.n_rows).groups[0] for some in (telling, dull)]
    found = Candidates(groups, table.n_rows, len(telling) + 1)
    rows = {int(dull.left[0]), int(dull.right[0])}
    unpaired = linking.link(table, config, found, model).unpaired.tolist()
    assert not rows & set(unpaired)
    monkeypatch.setattr(narrowing, "MOST_COMPARED", 1)
    narrow = linking.link(table, config, found, model)
    assert narrow.unpaired.tolist() == sorted({*unpaired, *rows})
    assert narrow.n_candidates == len(telling)


def test_model_learnt_from_some_candidates_is_much_the_same(
    prepared: tuple[RecordTable, cm.Config, Pairs], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = link(*prepared).model
    monkeypatch.setattr(narrowing, "MOST_COMPARED", 3_000)
    some = link(*prepared).model
    assert isinstance(whole, FellegiSunter)
    assert isinstance(some, FellegiSunter)
    assert some.training.n_pairs == pytest.approx(whole.training.n_pairs, abs=1)
    assert some.match_rate == pytest.approx(whole.match_rate, rel=0.3)


def test_very_many_candidates_give_the_same_result_in_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        whole = cm.resolve(_rows())
        monkeypatch.setattr(narrowing, "MOST_COMPARED", 10)
        sieved = cm.resolve(_rows(), model=whole.model)
    assert (whole.labels == sieved.labels).all()
    assert sieved.relations == whole.relations
    assert sieved.diagnostics.n_candidates < whole.diagnostics.n_candidates
    assert sieved.diagnostics.recall == pytest.approx(
        whole.diagnostics.recall, abs=1e-3
    )
