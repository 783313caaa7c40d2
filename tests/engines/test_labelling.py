from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from tests.strategies import pairs_of

import custmerge as cm
from custmerge.engines.labelling import Labels, read_labels
from custmerge.finding import RecordFinder
from custmerge.io import read
from custmerge.pairs import Pairs

RECORDS = [
    {"key": "a", "origin": "crm", "name": "x"},
    {"key": "b", "origin": "crm", "name": "x"},
    {"key": "c", "origin": "crm", "name": "y"},
    {"key": "a", "origin": "web", "name": "z"},
]
CONFIG = cm.Config((cm.Field("name"),), id="key")
ROWS_ONLY = cm.Config((cm.Field("name"),))
BY_SOURCE = cm.Config((cm.Field("name"),), id="key", source="origin")


def _read(given: object, config: cm.Config = ROWS_ONLY, n_rows: int = 4) -> Labels:
    dataset = read(RECORDS[:n_rows])
    return read_labels(given, RecordFinder.of(dataset, config, dataset.encode))


def _plain(labels: Labels) -> list[tuple[int, int, bool]]:
    sides = (labels.pairs.left.tolist(), labels.pairs.right.tolist())
    return list(zip(*sides, labels.same.tolist(), strict=True))


TUPLES = [(1, 0, True), (2, 1, False)]


@pytest.mark.parametrize(
    "given_as",
    [
        TUPLES,
        [list(row) for row in TUPLES],
        [{"left_id": a, "right_id": b, "same": s} for a, b, s in TUPLES],
        [{"left_id": a, "right_id": b, "label": int(s)} for a, b, s in TUPLES],
        {"left_id": ["1", "2"], "right_id": ["0", "1"], "same": ["yes", "No"]},
        pd.DataFrame(TUPLES, columns=["left_id", "right_id", "same"]),
        [*TUPLES, (0, 1, "same"), (0, 3, None)],
    ],
)
def test_labels_come_in_any_form(given_as: object) -> None:
    assert _plain(_read(given_as)) == [(0, 1, True), (1, 2, False)]


def test_labels_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("left_id,right_id,weight,same\na,b,3.5,true\nb,c,1.0,\n")
    assert _plain(_read(path, CONFIG, n_rows=3)) == [(0, 1, True)]


@pytest.mark.parametrize("nothing", [None, [], pd.DataFrame({"left_id": []})])
def test_no_labels_are_no_labels(nothing: object) -> None:
    assert len(_read(nothing)) == 0


def test_sources_tell_equal_ids_apart() -> None:
    columns = ("left_source", "left_id", "right_source", "right_id", "same")
    row = dict(zip(columns, ("crm", "a", "web", "a", True), strict=True))
    assert _plain(_read([row], BY_SOURCE)) == [(0, 3, True)]
    assert _plain(_read([("b", "c", False)], BY_SOURCE)) == [(1, 2, False)]
    sources = read({"crm": RECORDS[:3], "web": RECORDS[3:]})
    finder = RecordFinder.of(sources, CONFIG, sources.encode)
    assert _plain(read_labels([row], finder)) == [(0, 3, True)]
    named = [(("crm", "a"), ["web", "a"], True), ("b", ("crm", "c"), False)]
    assert _plain(read_labels(named, finder)) == [(0, 3, True), (1, 2, False)]


@pytest.mark.parametrize(
    ("given_as", "config", "message"),
    [
        ([(0, 1, True), (0, 9, True), ("x", 1, True)], ROWS_ONLY, r"\(rows 1, 2\)"),
        ([(0, 1, "perhaps")], ROWS_ONLY, r"true or false \(rows 0\)"),
        ([("a", "b", True)], BY_SOURCE, r"no single record .*\(rows 0\)"),
        ([(0, 1)], ROWS_ONLY, "left_id, right_id and same"),
        ([(0, 1, True), "x"], ROWS_ONLY, "left_id, right_id and same"),
        ([{"left_id": 0, "same": True}], ROWS_ONLY, r"columns \['left_id', 'same'\]"),
        ("no-such-file.csv", ROWS_ONLY, "labels cannot be read"),
        (7, ROWS_ONLY, "labels cannot be read"),
    ],
)
def test_labels_that_do_not_fit_are_refused(
    given_as: object, config: cm.Config, message: str
) -> None:
    with pytest.raises(cm.InvalidInputError, match=message) as caught:
        _read(given_as, config)
    assert "perhaps" not in str(caught.value)


@pytest.mark.parametrize(
    ("given_as", "message"),
    [
        ([(0, 1, True), (1, 0, False)], "row 1 says different.* row 0$"),
        (
            [(0, 1, True), (3, 3, True), (2, 1, True), (0, 2, False)],
            "row 3 says different.* rows 0, 2 together$",
        ),
        ([(1, 1, False)], "row 0 .* itself"),
    ],
)
def test_contradictions_are_named_by_their_labels(
    given_as: list[tuple[Any, ...]], message: str
) -> None:
    with pytest.raises(cm.InvalidInputError, match=message):
        _read(given_as)


@given(pairs_of(8), pairs_of(8), st.data())
def test_pairs_get_their_own_labels(
    labelled: Pairs, asked: Pairs, data: st.DataObject
) -> None:
    size = len(labelled)
    same = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
    labels = Labels(labelled, np.asarray(same, dtype=np.bool_))
    known = {(a, b): 1 if yes else -1 for a, b, yes in _plain(labels)}
    sides = zip(asked.left.tolist(), asked.right.tolist(), strict=True)
    assert labels.of(asked).tolist() == [known.get(pair, 0) for pair in sides]
    rows = np.asarray(data.draw(st.permutations(range(9))), dtype=np.int64)
    moved = {(a, b): yes for a, b, yes in _plain(labels.renamed(rows))}
    assert moved == {
        (min(rows[a], rows[b]), max(rows[a], rows[b])): yes
        for a, b, yes in _plain(labels)
    }
