from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, strategies as st

import custmerge as cm
from custmerge.quality import inspect, judge
from custmerge.quality.measuring import measure, standard
from custmerge.records import RecordTable

CONFIG = cm.Config(
    (
        cm.Field("name", kind="full_name"),
        cm.Field("email", kind="email"),
        cm.Field("city", kind="city"),
    ),
    checks=(cm.Check("city", required=True), cm.Check("name", pattern=".{1,5}")),
)
SAME = {"ANN": "ann", "ANN@mail.com": "ann@mail.com"}
STANDS_FOR_NONE = {"n/a", "asdf"}
WRONG = {"ann.mail.com", "Maximilian"}
UNUSED = {"bo@mailinator.com"}
cells = {
    "name": st.sampled_from([None, "ann", "ANN", "asdf", "n/a", "Maximilian"]),
    "email": st.sampled_from(
        [None, "ann@mail.com", "ANN@mail.com", "ann.mail.com", "bo@mailinator.com"]
    ),
    "city": st.sampled_from([None, "York", "n/a"]),
    "source": st.sampled_from([-1, 0, 1]),
}
rows_of_cells = st.lists(st.fixed_dictionaries(cells), min_size=1, max_size=12)


@given(rows_of_cells)
def test_measures_are_those_of_counting_value_by_value(
    rows: list[dict[str, object]],
) -> None:
    table = RecordTable.from_mappings(rows)
    found = inspect(table, CONFIG, date(2026, 6, 1))
    groups = np.asarray([row["source"] for row in rows], dtype=np.int64)
    for one in measure(found, standard(found), groups, 2):
        for group in range(2):
            members = [row[one.field] for row in rows if row["source"] == group]
            values = [str(v) for v in members if v and v not in STANDS_FOR_NONE]
            right = [value for value in values if value not in WRONG]
            distinct = {SAME.get(value, value) for value in values}
            assert one.n_records[group] == len(members)
            for share, part, whole in (
                (one.completeness, values, members),
                (one.validity, right, values),
                (one.uniqueness, distinct, values),
            ):
                expected = len(part) / len(whole) if whole else np.nan
                assert share[group] == pytest.approx(expected, nan_ok=True)


@given(rows_of_cells)
def test_scores_are_coverage_times_soundness_counted_value_by_value(
    rows: list[dict[str, object]],
) -> None:
    found = inspect(RecordTable.from_mappings(rows), CONFIG, date(2026, 6, 1))
    bad = STANDS_FOR_NONE | WRONG | UNUSED
    for row, score in zip(rows, judge(found).scores, strict=True):
        held = {n: row[n] for n in ("name", "email", "city") if row[n]}
        sound = [name for name, value in held.items() if value not in bad]
        coverage = len({"name", "email"} & {*sound}) / 2
        n_looked_at = len(held) + ("city" not in held)  # which is required
        assert score == pytest.approx(coverage * len(sound) / n_looked_at)
