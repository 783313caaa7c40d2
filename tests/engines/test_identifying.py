from __future__ import annotations

import numpy as np
import pytest

import custmerge as cm
from custmerge.engines.identifying import sources_of, told
from custmerge.finding import RecordFinder
from custmerge.inference import load
from custmerge.io import encode

ROWS = [
    {"no": "7", "source": "crm", "name": "Ann Lee"},
    {"no": "8", "source": "crm", "name": "Bo Chan"},
    {"no": "7", "source": "web", "name": "Cy Dow"},
    {"no": "9", "source": None, "name": "Di Eve"},
]
FIELDS = (cm.Field("name", "full_name"),)


def _told(
    must: object = (), cannot: object = (), column: str | None = "no"
) -> list[list[int]]:
    config = cm.Config(FIELDS, id=column, source="source")
    dataset = load(ROWS)
    finder = RecordFinder.of(dataset, config, encode(dataset).__getitem__)
    found = told(finder, must, cannot)  # type: ignore[arg-type]
    return [
        side.tolist()
        for pairs in (found.must, found.cannot)
        for side in (pairs.left, pairs.right)
    ]


def test_records_are_named_by_id_and_by_source_and_id() -> None:
    must = [("8", "9"), (("crm", 7), ["web", "7"])]
    assert _told(must, [(8, ("crm", "7"))]) == [[0, 1], [2, 3], [0], [1]]


def test_records_are_named_by_row_without_an_id() -> None:
    assert _told([(0, np.int64(3))], [(1, 2)], column=None) == [[0], [3], [1], [2]]


@pytest.mark.parametrize(
    "wrong",
    [("7", "8"), ("8", "10"), ("8", "8"), ("8",), "89", None, (("app", "7"), "8")],
    ids=["ambiguous", "unknown", "itself", "one", "text", "nothing", "source"],
)
def test_what_is_no_pair_of_records_is_named_by_position(wrong: object) -> None:
    with pytest.raises(cm.InvalidConfigError, match=r"cannot_link .*\(positions 1\)"):
        _told((), [("8", "9"), wrong])


def test_contradiction_names_the_rows() -> None:
    with pytest.raises(cm.InvalidConfigError, match=r"rows \[1, 3\], which must"):
        _told([("8", "9")], [("9", "8")])


def _codes(data: object, **options: object) -> list[int] | None:
    dataset = load(data)
    config = cm.Config(FIELDS, **options)  # type: ignore[arg-type]
    found = sources_of(encode(dataset), config, dataset)
    codes = None if found is None else found.first
    return None if codes is None else codes.tolist()


def test_sources_come_from_a_column_or_from_named_tables() -> None:
    assert _codes(ROWS, source="source") == [0, 0, 1, -1]
    tables = {"crm": [{"name": "Ann Lee"}], "web": [{"name": "Bo Chan"}] * 2}
    assert _codes(tables) == [0, 1, 1]


def test_one_source_is_none() -> None:
    assert _codes(ROWS) is None
    assert _codes(ROWS[:2], source="source") is None


def test_one_record_per_source_needs_sources() -> None:
    with pytest.raises(cm.InvalidConfigError, match="needs at least two sources"):
        _codes(ROWS, one_per_source=True)
