from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

import custmerge as cm
from custmerge.finding import ABSENT, SEVERAL, RecordFinder
from custmerge.io import combine, read, read_each

ROWS: list[dict[str, object]] = [
    {"no": 7, "app": "crm", "name": "Ann Lee"},
    {"no": 8, "app": "crm", "name": "王小明"},
    {"no": 7, "app": "网店", "name": "Cy Dow"},
    {"no": 9, "app": None, "name": "Di Eve"},
]
FIELDS = (cm.Field("name", "full_name"),)
NAMELESS = [
    {"name": "Ann Lee", "phone": "020 7946 0001"},
    {"name": "王小明", "phone": "139 1234 5678"},
    {"name": "Ann Lee", "phone": "020 7946 0001"},
]
PEOPLE = [{"id": f"K{number}", **row} for number, row in enumerate(NAMELESS)]


def _rows(names: Sequence[object], **roles: str) -> list[int]:
    dataset = read(ROWS)
    config = cm.Config(FIELDS, **roles)  # type: ignore[arg-type]
    found = RecordFinder.of(dataset, config, dataset.encode).rows_of(names)
    return [int(row) for row in found]


def test_records_are_found_by_id_and_by_source_and_id() -> None:
    names = [8, "8", ("crm", "7"), ["网店", 7.0], 9]
    assert _rows(names, id="no", source="app") == [1, 1, 0, 2, 3]


def test_names_of_no_record_or_of_several_are_told_apart() -> None:
    names = [7, 10, ("crm", 9), None, (None, None), "", "八"]
    expected = [SEVERAL, *[ABSENT] * 6]
    assert _rows(names, id="no", source="app") == expected


def test_without_an_id_records_go_by_their_row_numbers() -> None:
    assert _rows([0, "3", 4, -1, ("crm", 1), ("crm", 2)], source="app") == [
        *(0, 3, ABSENT, ABSENT, 1, ABSENT)
    ]


def test_without_sources_a_source_finds_nothing() -> None:
    assert _rows([("crm", 8)], id="no") == [ABSENT]


@pytest.mark.parametrize("roles", [{"id": "no"}, {}])
def test_named_tables_are_sources(roles: Mapping[str, str]) -> None:
    dataset = combine(read_each({"a": ROWS[:2], "b": ROWS[2:]}))
    config = cm.Config(FIELDS, **roles)  # type: ignore[arg-type]
    finder = RecordFinder.of(dataset, config, dataset.encode)
    names = [("b", 7), ("a", 8)] if roles else [("b", 2), ("a", 1)]
    assert finder.rows_of(names).tolist() == [2, 1]


@pytest.mark.parametrize(
    ("records", "asked", "told"),
    [
        (PEOPLE, ("K1", "王小明"), "no record has the second id; give that of the id"),
        (PEOPLE, (7, 8), "no record has the first id; .*; no record has the second"),
        ({"a": PEOPLE, "b": PEOPLE}, ("K1", "K2"), "several records have the first id"),
        ({"a": PEOPLE, "b": PEOPLE}, (("a", "K1"), ("c", "K1")), "or .source, id."),
        (NAMELESS, (0, 3), "no record has the second id; .* from 0 to 2"),
        (PEOPLE, ("K1",), "entity ids are none .*entity_of.record. gives a record's"),
    ],
)
def test_records_that_are_not_found_are_told_why(
    records: object, asked: tuple[object, ...], told: str
) -> None:
    result = cm.resolve(records)
    with pytest.raises(cm.InvalidInputError, match=told) as raised:
        result.explain(*asked)
    assert "王小明" not in str(raised.value)


@pytest.mark.parametrize(
    "use",
    [
        cm.read_review,
        cm.load_decisions,
        lambda path: cm.write_review(cm.resolve(PEOPLE), path),
        lambda path: cm.resolve(PEOPLE).report(path),
    ],
)
@pytest.mark.parametrize("given", [None, 7, PEOPLE])
def test_what_is_no_path_of_a_file_is_an_error(
    use: Callable[[Any], object], given: object
) -> None:
    with pytest.raises(cm.InvalidInputError, match="path must be the path of a file"):
        use(given)
