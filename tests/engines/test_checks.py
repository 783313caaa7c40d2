from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import pytest
from sklearn.naive_bayes import GaussianNB

import custmerge as cm
from custmerge.classifier import Correlation, FellegiSunter, FieldWeights, Training
from custmerge.engines.blocking import Blocking
from custmerge.engines.blocks import Blocks
from custmerge.engines.candidates import Candidates
from custmerge.engines.checks import (
    check_columns,
    check_ids,
    check_model,
    check_types,
    findings,
)
from custmerge.engines.linking import Linkage
from custmerge.pairs import KeyReport, Pairs, SimilarityVectors
from custmerge.records import RecordTable
from custmerge.remarks import Remark

NAME = cm.Field("name", compare="exact", levels=(1.0,))
CONFIG = cm.Config((NAME,), id="key", source="origin")
MODEL = FellegiSunter(
    (FieldWeights("name", (1.0,), ((0.1, 0.9),), ((0.9, 0.1),)),), 0.1
)


def _ids(keys: list[object], origins: list[object] | None = None) -> RecordTable:
    columns = {"key": keys, "origin": origins or ["a"] * len(keys)}
    return RecordTable.from_columns(columns, len(keys))


def test_models_of_every_kind_pass() -> None:
    rules = cm.Rules((cm.Rule("match", at_least={"name": 1.0}),))
    for model in (None, MODEL, rules, cm.WeightedScore({"name": 1}), GaussianNB()):
        check_types(None, model)


def test_class_of_models_is_no_model() -> None:
    with pytest.raises(cm.ModelError, match="model must be"):
        check_types(None, GaussianNB)


@pytest.mark.parametrize(
    "model",
    [cm.WeightedScore({"phone": 1}), cm.Rules((cm.Rule("match", {"phone": 1}),))],
)
def test_model_that_looks_at_other_fields_is_refused(model: object) -> None:
    with pytest.raises(cm.ModelError, match=r"looks at \['phone'\].*\['name'\]"):
        check_model(model, CONFIG, 0)


def test_estimator_must_be_fitted_or_have_labels() -> None:
    check_model(GaussianNB(), CONFIG, 1)
    with pytest.raises(cm.ModelError, match="not fitted"):
        check_model(GaussianNB(), CONFIG, 0)


def test_estimator_must_be_fitted_to_as_many_fields() -> None:
    check_model(GaussianNB().fit([[0.0], [1.0]], [False, True]), CONFIG, 0)
    two = GaussianNB().fit([[0.0, 1.0], [1.0, 0.0]], [False, True])
    with pytest.raises(cm.ModelError, match="fitted to 2 fields, but 1 are compared"):
        check_model(two, CONFIG, 0)


@pytest.mark.parametrize("path", ["config.toml", 7, {"fields": []}])
def test_something_else_than_a_config_or_model_is_refused(path: object) -> None:
    with pytest.raises(cm.InvalidConfigError, match="config must be a Config"):
        check_types(path, None)
    with pytest.raises(cm.ModelError, match="model must be a FellegiSunter"):
        check_types(None, path)


def test_missing_columns_are_all_listed_beside_those_there() -> None:
    fields = (NAME, cm.Field("a", columns=("b", "c")))
    config = cm.Config(fields, id="key", owner="rep")
    table = RecordTable.from_mappings([{"name": "x", "c": "y"}])
    with pytest.raises(cm.ColumnNotFoundError, match=r"\['b', 'key', 'rep'\].*'c'"):
        check_columns(table, config)


def test_columns_that_survivorship_rules_look_at_are_asked_for_before_the_run() -> None:
    rule = cm.most_recent("changed")
    config = cm.Config((cm.Field("name", survive=rule),), master=cm.oldest("made"))
    table = RecordTable.from_mappings([{"name": "x"}])
    with pytest.raises(cm.ColumnNotFoundError, match=r"\['changed', 'made'\]"):
        check_columns(table, config)


def test_no_records_lack_no_columns() -> None:
    check_columns(RecordTable({}, 0), CONFIG)


def test_unique_ids_pass() -> None:
    check_ids(_ids(["1", "2"]), CONFIG, None)
    check_ids(_ids([]), CONFIG, None)
    check_ids(_ids(["1", "1"]), replace(CONFIG, id=None), None)


def test_same_id_in_two_sources_is_two_records() -> None:
    check_ids(_ids(["1", "1"], ["a", "b"]), CONFIG, None)
    check_ids(_ids(["1", "1"]), CONFIG, np.array([0, 1], np.int32))
    check_ids(_ids(["1", "1", "2"], ["a", None, None]), CONFIG, None)


@pytest.mark.parametrize(
    ("table", "codes", "message"),
    [
        (_ids(["1", None, None]), None, r"missing in 2 records \(rows 1, 2\)"),
        (_ids(["1", "2", "1"]), None, r"repeats 1 ids, first seen in rows 0;"),
        (_ids(["1", "1"], [None, None]), None, "repeats 1 ids"),
        (_ids(["1", "1"], ["a", "b"]), np.zeros(2, np.int32), "repeats 1 ids"),
        (_ids([None] * 9), None, r"rows 0, 1, 2, 3, 4, …\)"),
    ],
)
def test_missing_and_repeated_ids_are_named_by_row(
    table: RecordTable, codes: object, message: str
) -> None:
    with pytest.raises(cm.DuplicateIdError, match=message):
        check_ids(table, CONFIG, codes)  # type: ignore[arg-type]


def test_model_fits_the_fields_it_was_trained_for() -> None:
    check_model(MODEL, CONFIG, 0)


@pytest.mark.parametrize(
    "fields",
    [
        (cm.Field("title", compare="exact", levels=(1.0,)),),
        (cm.Field("name", compare="exact", levels=(0.5, 1.0)),),
        (NAME, cm.Field("city")),
    ],
)
def test_model_of_other_fields_or_levels_is_refused(
    fields: tuple[cm.Field, ...],
) -> None:
    with pytest.raises(cm.ModelError, match="does not fit"):
        check_model(MODEL, cm.Config(fields), 0)


def _findings(
    names: list[str | None],
    labels: list[int],
    *reports: KeyReport,
    training: Training | None = None,
) -> list[str]:
    table = RecordTable.from_columns({"name": names}, len(names))
    blocking = Blocking(_paired(len(names)), reports)
    model = replace(MODEL, training=training or Training())
    return _texts(findings(table, CONFIG, blocking, _linkage(labels, model)))


def _texts(found: Iterable[Remark]) -> list[str]:
    return [remark.text for remark in found]


def _paired(n_rows: int) -> Candidates:
    """All rows in one block."""
    rows = np.arange(n_rows, dtype=np.int32)
    blocks = Blocks("name", ("name",), rows, np.full(1, n_rows, dtype=np.int32))
    return Candidates([blocks], n_rows, n_rows * (n_rows - 1) // 2)


def _linkage(
    labels: list[int], model: FellegiSunter = MODEL, *found: Correlation
) -> Linkage:
    return Linkage(
        model,
        Pairs.of([], []),
        SimilarityVectors({}, {}),
        np.empty(0),
        np.empty(0, np.int8),
        np.asarray(labels),
        np.ones(len(labels)),
        correlations=found,
    )


def test_ordinary_result_deserves_no_look() -> None:
    assert _findings(["a", "b", "a"], [0, 1, 0]) == []


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (lambda: _findings([None, None], [0, 1]), "'name' holds no usable value"),
        (
            lambda: _findings(["a"] * 12, [0, 0, *range(1, 11)]),
            "'name' holds one value throughout",
        ),
        (
            lambda: _findings(["a", "b"], [0, 1], training=Training(False)),
            "did not converge",
        ),
        (
            lambda: _findings([str(i) for i in range(11)], list(range(11))),
            "no two records were found to be the same",
        ),
        (
            lambda: _findings([str(i) for i in range(11)], [0] * 11),
            "all records ended up in one entity",
        ),
        (
            lambda: _findings([str(i) for i in range(30)], [0, 0, *[1] * 26, 2, 2]),
            "the largest entity, 1, holds 26 records, 99 in 100 of the others at most",
        ),
        (
            lambda: _findings(
                ["a", "b"],
                [0, 1],
                KeyReport("name:exact", 3, 9, 2, 500),
                KeyReport("name:prefix", 3, 9, 1, 4_000),
                KeyReport("name:suffix", 3, 9, 0, 9_000),
            ),
            "3 blocks of 2 keys were too large to pair, the largest of 4,000",
        ),
    ],
)
def test_what_is_odd_is_said_once(found: Callable[[], list[str]], message: str) -> None:
    said = found()
    assert len(said) == 1
    assert message in said[0]


@pytest.mark.parametrize(
    ("matches", "unrelated", "counted_once", "n_said"),
    [(0.9, 0.1, False, 1), (0.1, 0.9, False, 1), (0.9, 0.9, True, 0),
     (0.7, 0.7, False, 0), (-0.9, -0.9, False, 0)],
)  # fmt: skip
def test_fields_that_say_the_same_are_named_unless_counted_once(
    matches: float, unrelated: float, counted_once: bool, n_said: int
) -> None:
    table = RecordTable.from_columns({"name": ["a", "b"]}, 2)
    blocking = Blocking(_paired(2), ())
    found = Correlation(("email", "login"), matches, unrelated, counted_once)
    said = _texts(findings(table, CONFIG, blocking, _linkage([0, 1], MODEL, found)))
    assert len(said) == n_said
    assert all("'email' and 'login' say much the same" in text for text in said)


def test_no_candidate_pairs_are_said() -> None:
    table = RecordTable.from_columns({"name": ["a", "b"]}, 2)
    blocking = Blocking(Candidates([], 2, 0), ())
    said = _texts(findings(table, CONFIG, blocking, _linkage([0, 1])))
    assert len(said) == 1
    assert "no two records share a blocking key" in said[0]


def test_large_entity_among_large_ones_deserves_no_look() -> None:
    labels = np.repeat([0, 1], [26, 10]).tolist()
    assert _findings([str(i) for i in range(36)], labels) == []


def test_single_record_deserves_no_look() -> None:
    assert _findings(["a"], [0]) == []
