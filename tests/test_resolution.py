from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from tests.strategies import people

import custmerge as cm
from custmerge.classifier import probability

PAIR_COLUMNS = ["left_id", "right_id", "weight", "probability"]


def _rows() -> list[dict[str, object]]:
    """Thirty people with ids; the first ten again, with a slip in the given name."""
    rows = [{"customer_id": f"A{i:04}", **row} for i, row in enumerate(people(30))]
    for i, row in enumerate(rows[:10]):
        first = str(row["first_name"])
        slip = {"customer_id": f"B{i:04}", "first_name": first[:-1], "phone": None}
        rows.append({**row, **slip})
    return rows


@pytest.fixture(scope="module")
def result() -> cm.Resolution:
    return cm.resolve(_rows(), id="customer_id")


def test_large_inputs_give_the_same_though_columns_are_encoded_twice(
    result: cm.Resolution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custmerge.pipeline._LARGE", 1)
    large = cm.resolve(_rows(), id="customer_id")
    assert large.labels.tolist() == result.labels.tolist()
    assert large.entities == result.entities
    assert large.lineage == result.lineage


def test_assignments_have_a_row_for_each_record_in_order(result: cm.Resolution) -> None:
    assert [row["record_id"] for row in result.assignments] == [
        row["customer_id"] for row in _rows()
    ]
    assert [row["entity_id"] for row in result.assignments] == result.labels.tolist()
    assert list(result.assignments[0]) == [
        "record_id",
        "source",
        "entity_id",
        "confidence",
    ]


def test_duplicates_join_their_originals(result: cm.Resolution) -> None:
    assert result.labels.tolist() == [*range(30), *range(10)]
    assert len(result) == result.n_entities == 30
    assert result.sizes.tolist() == [2] * 10 + [1] * 20


def test_confidence_is_a_probability(result: cm.Resolution) -> None:
    assert ((result.confidence >= 0) & (result.confidence <= 1)).all()
    assert result.confidence[:10].min() > 0.5


def test_entities_are_golden_records_with_the_inputs_columns(
    result: cm.Resolution,
) -> None:
    golden = result.entities[0]
    assert list(golden) == ["entity_id", "n_records", *_rows()[0]]
    assert golden["n_records"] == 2
    assert golden["phone"] == _rows()[0]["phone"]


def test_single_record_survives_unchanged(result: cm.Resolution) -> None:
    single = {
        key: value
        for key, value in result.entities[29].items()
        if key not in ("entity_id", "n_records")
    }
    assert single == _rows()[29]


def test_pairs_show_ids_weight_probability_and_each_field(
    result: cm.Resolution,
) -> None:
    first = result.pairs[0]
    assert list(first) == [*PAIR_COLUMNS, *result.config.compared_names]
    assert [row["weight"] for row in result.pairs] == result.weights.tolist()
    chances = [row["probability"] for row in result.pairs]
    assert chances == probability(result.weights).tolist()


def test_pairs_come_in_the_order_of_their_rows(result: cm.Resolution) -> None:
    ids = [row["customer_id"] for row in _rows()]
    sides = [(ids.index(r["left_id"]), ids.index(r["right_id"])) for r in result.pairs]
    assert sides == sorted(sides)
    assert all(left < right for left, right in sides)


def test_review_holds_the_doubtful_pairs_and_spot_checks_of_links() -> None:
    doubtful = cm.Config(
        cm.infer_config(_rows()).fields, review=(1e-6, 0.999999999), id="customer_id"
    )
    result = cm.resolve(_rows(), config=doubtful)
    review = result.review
    assert list(review[0]) == [*PAIR_COLUMNS, *result.config.compared_names, "reason"]
    told = [row for row in review if row["reason"].startswith("doubtful: ")]
    assert len(told) == sum(1e-6 < p < 0.999999999 for p in probability(result.weights))
    checks = [row["probability"] for row in review if row not in told]
    assert all(chance >= 0.999999999 for chance in checks)
    assert len(review) == result.summary["pairs to review"] > len(checks)


def test_answered_review_goes_back_as_labels(result: cm.Resolution) -> None:
    config = replace(result.config, review=(1e-6, 0.999999999))
    before = cm.resolve(_rows(), config=config)
    answered = [{**row, "same": False} for row in before.review[:1]]
    again = cm.resolve(_rows(), config=config, labels=answered)
    asked = {(row["left_id"], row["right_id"]) for row in again.review}
    assert (answered[0]["left_id"], answered[0]["right_id"]) not in asked
    assert again.verdicts.tolist().count(-1) == 1


def test_rules_have_the_last_word(result: cm.Resolution) -> None:
    never = [{"says": "differ", "at_least": {"last_name": 1.0}}]
    with pytest.warns(cm.CustmergeWarning, match="no two records"):
        apart = cm.resolve(_rows(), id="customer_id", rules=never)
    assert apart.n_entities == 40
    assert (apart.verdicts[apart.vectors.scores["last_name"] == 1] == -1).all()
    with pytest.raises(cm.InvalidConfigError, match="not both"):
        cm.resolve(_rows(), config=result.config, rules=never)


def test_labels_link_and_keep_apart_whatever_the_evidence(
    result: cm.Resolution,
) -> None:
    ids = [row["customer_id"] for row in _rows()]
    labels = [(ids[0], ids[30], False), (ids[28], ids[29], True)]
    told = cm.resolve(_rows(), id="customer_id", labels=labels)
    assert told.labels[0] != told.labels[30]
    assert told.labels[28] == told.labels[29]
    assert result.labels[0] == result.labels[30]


def test_unfitted_estimator_is_fitted_to_the_labels() -> None:
    ids = [row["customer_id"] for row in _rows()]
    same = [(ids[i], ids[30 + i], True) for i in range(10)]
    labels = same + [(ids[i], ids[j], False) for i in range(30) for j in range(i)]
    given = HistGradientBoostingClassifier(min_samples_leaf=2)
    told = cm.resolve(_rows(), id="customer_id", model=given, labels=labels)
    assert not hasattr(given, "classes_")
    assert told.labels.tolist() == [*range(30), *range(10)]
    again = cm.resolve(_rows(), id="customer_id", model=told.model)
    assert (again.labels == told.labels).all()
    with pytest.raises(cm.ModelError, match="is not fitted"):
        cm.resolve(_rows(), id="customer_id", model=given)
    with pytest.raises(cm.ModelError, match=r"fitted to \d fields, but 1 are"):
        cm.resolve([{"email": "a@b.org"}], model=told.model)


def test_lineage_names_record_and_rule_of_every_golden_value(
    result: cm.Resolution,
) -> None:
    by_id = {row["customer_id"]: row for row in _rows()}
    assert len(result.lineage) == 30 * len(_rows()[0])
    for row in result.lineage:
        golden = result.entities[row["entity_id"]][row["field"]]
        assert by_id[row["record_id"]][row["field"]] == golden
        assert isinstance(row["rule"], str)


def test_summary_counts_agree(result: cm.Resolution) -> None:
    assert result.summary == {
        "records": 40,
        "entities": 30,
        "merged records": 10,
        "largest entity": 2,
        "pairs compared": len(result.compared),
        "pairs to review": len(result.review),
        "warnings": 0,
    }
    assert repr(result).startswith("Resolution(records 40, entities 30,")


def test_html_shows_counts_and_warnings_escaped() -> None:
    rows = [{"a<b": None, "email": f"a{i}@b.org"} for i in range(3)]
    with pytest.warns(cm.CustmergeWarning):
        result = cm.resolve(rows, fields={"a<b": "text"})
    page = result._repr_html_()
    assert ">records</dt>" in page
    assert ">3</span>" in page
    assert "a&lt;b" in page
    assert "a<b" not in page


def test_html_without_warnings_has_no_list(result: cm.Resolution) -> None:
    assert "<li>" not in result._repr_html_()


def test_warnings_are_given_and_kept() -> None:
    rows = [{"email": None, "name": n} for n in ("Ann Lee", "Bo Chan", "Ann Lee")]
    with pytest.warns(cm.CustmergeWarning, match="'email' holds no usable") as caught:
        result = cm.resolve(rows, fields={"email": "email"})
    assert tuple(str(one.message) for one in caught) == result.warnings
    assert {one.filename for one in caught} == {__file__}


def test_without_ids_records_go_by_row() -> None:
    result = cm.resolve(people(12) + people(2))
    assert [row["record_id"] for row in result.assignments] == list(range(14))
    assert result.pairs[0]["left_id"] == int(result.compared.left[0])


def test_sources_are_named_in_every_table() -> None:
    crm, web = people(20), people(5)
    result = cm.resolve({"crm": crm, "web": web})
    assert [r["source"] for r in result.assignments] == ["crm"] * 20 + ["web"] * 5
    assert {row["left_source"] for row in result.pairs} <= {"crm", "web"}
    assert {row["source"] for row in result.lineage} <= {"crm", "web"}
    assert result.labels[20:].tolist() == [0, 1, 2, 3, 4]


def test_source_column_is_the_source() -> None:
    rows = [{**row, "system": "ab"[i % 2]} for i, row in enumerate(people(20))]
    result = cm.resolve([*rows, *rows[:3]], source="system")
    assert [row["source"] for row in result.assignments[:4]] == ["a", "b", "a", "b"]


def test_same_id_in_two_sources_is_two_records() -> None:
    crm = [{"customer_id": f"{i:05}", **row} for i, row in enumerate(people(20))]
    result = cm.resolve({"crm": crm, "web": crm[:5]}, id="customer_id")
    assert result.labels[20:].tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("name", ["entity_id", "n_records"])
def test_input_column_of_our_names_is_kept_under_another(name: str) -> None:
    rows = [{**row, name: f"x{i}"} for i, row in enumerate(people(12) + people(2))]
    golden = cm.resolve(rows).entities[0]
    assert golden[name] in (0, 2)
    assert golden[f"{name}_input"] in ("x0", "x12")


def test_input_columns_of_our_names_and_their_substitutes_are_both_kept() -> None:
    rows = [
        {**row, "entity_id": f"x{i}", "entity_id_input": f"y{i}"}
        for i, row in enumerate(people(12) + people(2))
    ]
    assert {"x0", "y0"} <= set(cm.resolve(rows).entities[0].values())


def test_compared_field_of_our_names_is_kept_under_another() -> None:
    fields = (cm.Field("weight", "number"), cm.Field("email", "email"))
    rows = [{"weight": i % 7, "email": f"a{i % 9}@b.org"} for i in range(12)]
    pair = cm.resolve(rows, config=cm.Config(fields)).pairs[0]
    assert list(pair) == [*PAIR_COLUMNS, "weight_input", "email"]


def test_missing_side_shows_as_nan_in_pairs() -> None:
    rows = people(12) + [{**row, "email": None} for row in people(2)]
    pairs = cm.resolve(pd.DataFrame(rows)).pairs
    mine = pairs[(pairs["left_id"] == 0) & (pairs["right_id"] == 12)]
    assert np.isnan(mine["email"].item())
    assert mine["phone"].item() == 1.0


def test_config_and_its_parts_cannot_both_be_given(result: cm.Resolution) -> None:
    given: list[dict[str, Any]] = [{"fields": {}}, {"id": "a"}, {"source": "a"}]
    for more in given:
        with pytest.raises(cm.InvalidConfigError, match="not both"):
            cm.resolve(_rows(), config=result.config, **more)


def test_model_of_another_config_is_refused(result: cm.Resolution) -> None:
    with pytest.raises(cm.ModelError, match="does not fit"):
        cm.resolve([{"name": "Ann Lee"}], model=result.model)


def test_saved_model_and_config_give_the_same_result(
    result: cm.Resolution, tmp_path: Path
) -> None:
    result.model.save(tmp_path / "model.json")
    result.config.save(tmp_path / "config.toml")
    again = cm.resolve(
        _rows(),
        config=cm.load_config(tmp_path / "config.toml"),
        model=cm.load_model(tmp_path / "model.json"),
    )
    assert again.entities == result.entities
    assert (again.weights == result.weights).all()


@pytest.mark.parametrize(
    "records",
    [[], pd.DataFrame({"name": []})],
    ids=["list", "frame"],
)
def test_no_records_have_no_entities(records: object) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        result = cm.resolve(records)
    assert len(result) == len(result.entities) == len(result.assignments) == 0
    assert len(result.pairs) == len(result.review) == len(result.lineage) == 0


def test_records_without_any_evidence_have_no_relatives() -> None:
    with pytest.warns(cm.CustmergeWarning):
        result = cm.resolve([{"note": "x"}, {"note": "y"}], fields={"note": None})
    assert result.n_entities == 2
    assert [len(table) for table in (result.pairs, result.review)] == [0, 0]
    assert len(result.relations) == 0


def test_single_record_is_its_own_golden_record() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        result = cm.resolve([{"name": "Ann Lee"}])
    assert result.entities == [{"entity_id": 0, "n_records": 1, "name": "Ann Lee"}]


@pytest.mark.parametrize("records", ["no-such-file.csv", 7, None, [1, 2], [{}]])
def test_what_is_no_table_is_an_input_error(records: object) -> None:
    with pytest.raises(cm.InvalidInputError):
        cm.resolve(records)


def test_master_names_the_record_whose_gaps_the_others_fill() -> None:
    records = [
        {"id": "a", "name": "Ann Lee", "email": "ann@lee.org", "city": "Leeds"},
        {"id": "b", "name": "Ann Lee", "email": "ann@lee.org", "city": "York"},
        {"id": "c", "name": "Bo Chan", "email": "bo@chan.org", "city": "Bath"},
    ]
    for kept in ("a", "b"):
        result = cm.resolve(records, id="id", master=cm.prefer({"id": kept}))
        assert result.crosswalk[0]["survivor_id"] == kept
        assert result.entities[0]["city"] == {"a": "Leeds", "b": "York"}[kept]
