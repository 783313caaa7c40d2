from __future__ import annotations

import math
import pickle
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, strategies as st
from tests.strategies import FEW, dirty_texts

import custmerge as cm
from custmerge.quality import GHOSTS, ISSUES, inspect, judge, units_of
from custmerge.records import RecordTable

TODAY = date(2026, 6, 1)
CONFIG = cm.Config(
    (
        cm.Field("given", kind="given_name"),
        cm.Field("family", kind="family_name"),
        cm.Field("email", kind="email"),
        cm.Field("phone", kind="phone", columns=("mobile", "fax"), combine="any"),
        cm.Field("number", kind="identifier"),
        cm.Field("born", kind="birth_date"),
        cm.Field("city", kind="city"),
    ),
    created_at="created",
    checks=(
        cm.Check("email", required=True),
        cm.Check("city", pattern=r"\D+", severity="warning"),
    ),
)
COLUMNS = (
    *("given", "family", "email", "mobile", "fax"),
    *("number", "born", "city", "created"),
)
Cells = dict[str, str | None]


def customers() -> st.SearchStrategy[Cells]:
    """Records of cells right, wrong and as bad as they come."""
    usual = {
        "given": ["Ann", "Test", "测试", "n/a", "王"],
        "family": ["Lee", "Test", "None", "User"],
        "email": ["ann@mail.com", "a@b..c", "n/a", "x@mailinator.com"],
        "mobile": ["(212) 555-1234", "0000000000", "12"],
        "fax": ["(212) 555-0123", "(213) 555-1234"],
        "number": ["11010519491231002X", "110105194912310021", "AB-1234"],
        "born": ["1990-05-03", "2099-01-01", "1985-03-02", "1900-01-01"],
        "city": ["York", "北京", "0"],
        "created": ["2020-01-01", "1980-01-01"],
    }
    cells = {
        name: st.none() | st.sampled_from(usual[name]) | dirty_texts()
        for name in COLUMNS
    }
    return st.fixed_dictionaries(cells)


def findings(records: list[Cells]) -> list[list[tuple[str, str]]]:
    found = inspect(RecordTable.from_mappings(records), CONFIG, TODAY)
    told: list[list[tuple[str, str]]] = [[] for _ in records]
    for row, unit, issue in zip(found.rows, found.fields, found.issues, strict=True):
        told[row].append((found.units[unit].name, found.names[issue]))
    return told


def verdicts(records: list[Cells]) -> list[tuple[float, str | None]]:
    verdict = judge(inspect(RecordTable.from_mappings(records), CONFIG, TODAY))
    return list(zip(verdict.scores.tolist(), verdict.reasons.decode(), strict=True))


@FEW
@given(st.lists(customers(), min_size=1, max_size=6), st.randoms())
def test_the_order_of_records_and_who_else_is_there_make_no_difference(
    records: list[Cells], random: Any
) -> None:
    order = [*range(len(records))]
    random.shuffle(order)
    shuffled = [records[i] for i in order]
    assert findings(shuffled) == [findings(records)[i] for i in order]
    assert verdicts(shuffled) == [verdicts(records)[i] for i in order]
    assert findings(records[:1]) == findings(records)[:1]


@FEW
@given(customers())
def test_scores_lie_between_none_and_one_and_ghosts_have_reasons(
    record: Cells,
) -> None:
    [(score, reasons)] = verdicts([record])
    assert 0 <= score <= 1
    assert set((reasons or "empty").split("; ")) <= set(GHOSTS)
    is_perfect = score == 1
    assert not (is_perfect and reasons)


@FEW
@given(customers())
def test_a_missing_value_has_no_issue_but_that_it_is_required(record: Cells) -> None:
    held = RecordTable.from_mappings([record])
    for name, issue in findings([record])[0]:
        missing = not held[name].present[0]
        assert not missing or (name, issue) == ("email", "required")


RIGHT = {
    "given": "Maria",
    "family": "Chan",
    "email": "maria@chan.org",
    "mobile": "(212) 555-9876",
    "fax": "(212) 555-9877",
    "number": "XY-98765",
    "city": "Leeds",
}


@FEW
@given(customers(), st.sampled_from([*RIGHT]))
def test_one_more_right_value_never_lowers_the_score(record: Cells, name: str) -> None:
    record = {**record, name: None}
    [(before, reasons)] = verdicts([record])
    [(after, still)] = verdicts([{**record, name: RIGHT[name]}])
    assert after >= before
    assert reasons is not None or still is None


@FEW
@given(customers())
def test_a_value_has_at_most_one_issue_beside_the_users_own_checks(
    record: Cells,
) -> None:
    own = {"required", "pattern", "born_in_future", "born_after_record"}
    named = [name for name, issue in findings([record])[0] if issue not in own]
    assert len(named) == len(set(named))


def records() -> list[dict[str, object]]:
    return [
        {"id": "a1", "name": "Ann Lee", "email": "ann@mail.com", "phone": None},
        {"id": "a2", "name": "Ann Lee", "email": "ann@mail.com", "phone": "n/a"},
        {"id": "b1", "name": "Bo Chan", "email": "bo@c..org", "phone": "02079460018"},
        {"id": "c1", "name": "asdf", "email": "asdf@asdf.com", "phone": "0000000000"},
    ]


@pytest.fixture(scope="module")
def quality() -> cm.Quality:
    return cm.resolve(records(), id="id").quality


def test_issues_have_a_row_for_each_finding(quality: cm.Quality) -> None:
    assert quality.issues == [
        {
            "record_id": record,
            "source": None,
            "entity_id": entity,
            "field": field,
            "issue": issue,
            "severity": severity,
        }
        for record, entity, field, issue, severity in [
            ("a2", 0, "phone", "placeholder", "warning"),
            ("b1", 1, "email", "syntax", "error"),
            ("c1", 2, "name", "test", "warning"),
            ("c1", 2, "email", "test", "warning"),
            ("c1", 2, "phone", "placeholder", "warning"),
        ]
    ]


def test_records_have_scores_of_coverage_times_soundness(quality: cm.Quality) -> None:
    # Name, e-mail and phone are the parts. The first record covers two of three with
    # two sound values; the second has a placeholder beside them; the third covers name
    # and phone, and has an e-mail that is wrong.
    scores = [row["score"] for row in quality.records]
    assert scores == pytest.approx([2 / 3, 2 / 3 * 2 / 3, 2 / 3 * 2 / 3, 0])
    assert [row["record_id"] for row in quality.records] == ["a1", "a2", "b1", "c1"]
    assert [row["is_ghost"] for row in quality.records] == [False, False, False, True]


def test_ghosts_are_the_rows_of_records_that_are_ghosts(quality: cm.Quality) -> None:
    assert quality.ghosts == [row for row in quality.records if row["is_ghost"]]
    assert quality.ghosts[0]["reasons"] == "all_placeholder; test_record"


def test_the_worst_ghosts_come_first() -> None:
    rows: list[dict[str, object]] = [
        {"name": "asdf asdf", "email": "ann@mail.com", "city": "York"},
        {"name": "asdf asdf", "email": None, "city": None},
        {"name": "Bo Chan", "email": "bo@chan.org", "city": "Leeds"},
        {"name": "Bo Chan", "email": "bo@chan.org", "city": "Leeds"},
    ]
    ghosts = cm.resolve(rows).quality.ghosts
    assert [row["record_id"] for row in ghosts] == [1, 0]


def summary_of(quality: cm.Quality, field: str, stage: str) -> list[float]:
    [row] = [
        row
        for row in quality.summary
        if (row["field"], row["stage"], row["source"]) == (field, stage, None)
    ]
    return [
        row[name] for name in ("n_records", "completeness", "validity", "uniqueness")
    ]


def test_the_summary_counts_values_before_and_after_merging(
    quality: cm.Quality,
) -> None:
    # Placeholders and test entries count as missing: three of four names are there,
    # two of them alike; three of four e-mails, one of them wrong.
    assert summary_of(quality, "name", "before") == [4, 3 / 4, 1, 2 / 3]
    assert summary_of(quality, "email", "before") == [4, 3 / 4, 2 / 3, 2 / 3]
    # Merged, no two records have one name or e-mail.
    assert summary_of(quality, "name", "after") == [3, 2 / 3, 1, 1]
    assert summary_of(quality, "email", "after") == [3, 2 / 3, 1 / 2, 1]
    assert summary_of(quality, "phone", "before") == [4, 1 / 4, 1, 1]


def test_the_summary_has_a_row_for_each_source_too() -> None:
    crm, web = records()[:2], records()[2:]
    summary = cm.resolve({"crm": crm, "web": web}).quality.summary
    names = [
        (row["stage"], row["source"], row["n_records"], row["completeness"])
        for row in summary
        if row["field"] == "name"
    ]
    assert names == [
        ("before", None, 4, 3 / 4),
        ("before", "crm", 2, 1),
        ("before", "web", 2, 1 / 2),
        ("after", None, 3, 2 / 3),
    ]


def test_without_values_there_is_nothing_to_measure() -> None:
    crm, web = records()[:2], records()[2:]
    summary = cm.resolve({"crm": crm, "web": web}).quality.summary
    [row] = [r for r in summary if (r["field"], r["source"]) == ("phone", "crm")]
    assert row["completeness"] == 0
    assert math.isnan(row["validity"])
    assert math.isnan(row["uniqueness"])


def test_a_source_column_is_a_source() -> None:
    rows = [{**row, "system": row["id"] in {"a1", "a2"}} for row in records()]
    summary = cm.resolve(rows, source="system").quality.summary
    assert {row["source"] for row in summary} == {None, "true", "false"}


def test_checks_may_be_added_to_a_result(quality: cm.Quality) -> None:
    stricter = quality.with_checks(cm.Check("phone", required=True))
    required = [row for row in stricter.issues if row["issue"] == "required"]
    assert [row["record_id"] for row in required] == ["a1", "a2", "c1"]
    assert "required" not in {row["issue"] for row in quality.issues}
    with pytest.raises(cm.InvalidConfigError, match="'fax'"):
        quality.with_checks(cm.Check("fax", required=True))


def test_checks_lower_the_score_but_make_nobody_a_ghost() -> None:
    def test(value: str) -> bool:  # its name is an issue's of custmerge's own
        return value.endswith("@bo.org")

    own = (cm.Check("email", pattern="bo@.*"), cm.Check("email", test=test))
    config = cm.Config((cm.Field("email", kind="email"),), checks=own)
    report = cm.check({"email": "ann@mail.com"}, config)
    assert [issue.issue for issue in report.issues] == ["test", "pattern"]
    assert report.score == 0
    assert not report.is_ghost


def test_values_that_a_crowd_holds_stand_for_none() -> None:
    names = (
        "Ann Bo Carl Dora Emil Fay Greg Hugo Iris Jan Kim Lou Mia Ned Olga Paul Rita "
        "Sam Tim Uma Vic Walt Xenia Yves Zoe"
    )
    people = [
        {"name": f"{name} {name}son", "phone": "(212) 555-7777"}
        for name in names.split()
    ]
    people += [{"name": "Guy Moss", "phone": f"(212) 555-123{i}"} for i in range(2)]
    quality = cm.resolve(people, must_link=[(25, 26)]).quality
    assert {row["issue"] for row in quality.issues} == {"placeholder"}
    assert len(quality.issues) == 25
    assert cm.check(people[0]).ok  # what one record cannot tell


def test_what_is_shown_holds_counts_and_no_values(quality: cm.Quality) -> None:
    assert quality.counts == {
        "records": 4,
        "ghosts": 1,
        "placeholder": 2,
        "test": 2,
        "syntax": 1,
    }
    assert repr(quality) == "Quality(records 4, ghosts 1, issues 5)"
    assert str(quality).splitlines()[:2] == ["Quality", "  records      4"]
    for shown in (str(quality), quality._repr_html_()):
        for value in ("Ann", "chan", "asdf", "0000000000"):
            assert value not in shown


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame])
def test_tables_come_in_the_callers_form(frame: Any) -> None:
    quality = cm.resolve(frame(records()), id="id").quality
    for table in (quality.issues, quality.records, quality.ghosts, quality.summary):
        assert isinstance(table, frame)
        assert len(table)
    assert quality.records["score"].to_numpy().dtype == np.float64
    assert quality.records["is_ghost"].to_numpy().dtype == np.bool_


def test_no_issue_is_a_table_without_rows() -> None:
    rows = pd.DataFrame([{"name": "Ann Lee", "email": "ann@mail.com"}] * 2)
    quality = cm.resolve(rows).quality
    assert [*quality.issues.columns][-3:] == ["field", "issue", "severity"]
    assert len(quality.issues) == len(quality.ghosts) == 0


def test_no_records_have_no_quality_but_nothing_fails() -> None:
    quality = cm.resolve([]).quality
    assert quality.issues == quality.records == quality.ghosts == []
    assert quality.counts == {"records": 0, "ghosts": 0}
    assert all(row["n_records"] == 0 for row in quality.summary)


def test_columns_that_make_one_value_are_judged_together() -> None:
    fields = (
        cm.Field("name", kind="full_name"),
        cm.Field("born", kind="birth_date", columns=("y", "m", "d"), separator="-"),
    )
    record = {"name": "Ann Lee", "y": "1990", "m": "2", "d": "30"}
    [issue] = cm.check(record, cm.Config(fields)).issues
    assert (issue.field, issue.issue) == ("born", "impossible_date")


def test_a_whole_name_among_columns_of_given_names_is_judged_as_one() -> None:
    field = cm.Field(
        "family",
        kind="family_name",
        columns=("last", "whole"),
        combine="first",
        by_column={"whole": "family_of_full_name"},
    )
    assert [(unit.name, str(unit.kind)) for unit in units_of(cm.Config((field,)))] == [
        ("last", "family_name"),
        ("whole", "full_name"),
    ]
    assert cm.check({"whole": "Cher"}, cm.Config((field,))).ok


def test_a_table_that_says_nothing_of_customers_has_no_ghosts() -> None:
    config = cm.Config((cm.Field("city", kind="city"), cm.Field("note")))
    assert cm.check({"city": "York", "note": None}, config).score == 1
    assert not cm.check({"city": None, "note": "n/a"}, config).is_ghost


def test_every_issue_has_a_severity_and_a_meaning() -> None:
    assert {severity for severity, _ in ISSUES.values()} == {"error", "warning"}
    assert all(says for _, says in ISSUES.values())


def test_quality_is_kept_with_a_pickled_result() -> None:
    result = cm.resolve(records(), id="id")
    ghosts = result.quality.ghosts
    assert pickle.loads(pickle.dumps(result)).quality.ghosts == ghosts  # noqa: S301


@pytest.mark.parametrize("name", ["customers.csv", "customers_zh.csv"])
def test_ghosts_among_some_records_are_those_among_all(name: str) -> None:
    quality = cm.resolve(f"examples/{name}").quality
    assert len(quality.ghosts) > 0
    flags = np.asarray([row["is_ghost"] for row in quality.records])
    rows = np.random.default_rng(0).permutation(len(flags))[: len(flags) // 2]
    assert flags[rows].any()
    assert quality.are_ghosts(rows).tolist() == flags[rows].tolist()
    assert quality.are_ghosts(rows[:0]).tolist() == []


def test_pairs_with_a_record_of_nobody_come_last_and_else_keep_their_order() -> None:
    result = cm.resolve("examples/customers_zh.csv")
    ghosts = {row["record_id"] for row in result.quality.ghosts}
    sides = [{row["left_id"], row["right_id"]} for row in result.review]
    is_idle = [bool(pair & ghosts) for pair in sides]
    assert is_idle == sorted(is_idle)
    assert {True, False} == set(is_idle)
    assert result.summary["pairs to review"] == len(sides)
    first = result.reviewed[: is_idle.index(True)].tolist()
    assert first == [place for place in result._asked.tolist() if place in first]
