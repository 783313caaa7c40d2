from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from tests.strategies import dirty_texts, tables

import custmerge as cm
from custmerge.normalizing import normalize
from custmerge.records import RecordTable


@dataclass(frozen=True)
class Returns:
    """A normalizer that returns what it is told to, right or wrong."""

    result: object
    name: str = "returns"

    def normalize(self, values: Sequence[str], /) -> Sequence[str | None]:
        if isinstance(self.result, Exception):
            raise self.result
        return self.result  # type: ignore[return-value]


TABLE = RecordTable.from_mappings(
    [
        {"given": "Ann", "family": "LEE", "home": "1", "work": "2"},
        {"given": None, "family": "Lee", "home": None, "work": "1"},
        {"given": None, "family": None, "home": None, "work": None},
    ]
)


def test_columns_are_named_as_the_fields_and_normalized() -> None:
    table = normalize(TABLE, [cm.Field("surname", columns=("family",))])
    assert list(table) == ["surname"]
    assert table["surname"].decode() == ["lee", "lee", None]
    assert len(table["surname"].values) == 1


def test_joined_columns_are_one_text() -> None:
    field = cm.Field("name", columns=("given", "family"), separator=", ")
    shout = cm.normalizer(str.upper)
    joined = normalize(TABLE, [cm.Field("n", columns=field.columns, normalize=shout)])
    assert joined["n"].decode() == ["ANN LEE", "LEE", None]


def test_columns_of_which_any_counts_stay_values_of_their_own() -> None:
    field = cm.Field("phone", columns=("home", "work"), combine="any")
    column = normalize(TABLE, [field])["phone"]
    held = [[column.values[c] for c in row if c >= 0] for row in column.slots.tolist()]
    assert held == [["1", "2"], ["1"], []]


def test_first_column_that_holds_a_value_counts_each_with_its_normalizer() -> None:
    table = RecordTable.from_columns(
        {"given": ["Mary Ann", None, None], "name": ["Bo Lee", "Bo Lee", None]}, 3
    )
    field = cm.Field(
        "given",
        "given_name",
        columns=("given", "name"),
        combine="first",
        by_column={"name": "given_of_full_name"},
    )
    assert normalize(table, [field])["given"].decode() == ["mary ann", "bo", None]


def test_lines_of_an_address_are_joined_and_addresses_are_not() -> None:
    field = cm.Field(
        "n", columns=("home", "work", "given"), combine="any", lines=(("home", "work"),)
    )
    column = normalize(TABLE, [field])["n"]
    held = [[column.values[c] for c in row if c >= 0] for row in column.slots.tolist()]
    assert held == [["1 2", "ann"], ["1"], []]


def test_list_in_a_cell_is_several_values() -> None:
    cells = ["a@x.org; b@y.org", "b@y.org,c@z.org", "d@x.org", None]
    table = RecordTable.from_columns({"email": cells}, 4)
    column = normalize(table, [cm.Field("email", "email")])["email"]
    held = [[column.values[c] for c in row if c >= 0] for row in column.slots.tolist()]
    both = [["a@x.org", "b@y.org"], ["b@y.org", "c@z.org"]]
    assert held == [*both, ["d@x.org"], []]
    plain = normalize(table, [cm.Field("email", "email", split="")])["email"]
    assert plain.width == 1


@given(tables(("name",), dirty_texts))
def test_each_distinct_value_is_normalized_once(table: RecordTable) -> None:
    seen: list[str] = []

    def note(value: str) -> str:
        seen.append(value)
        return value

    normalize(table, [cm.Field("name", normalize=note)])
    assert sorted(seen) == sorted(table["name"].values)


def test_blank_result_makes_the_cell_missing() -> None:
    field = cm.Field("given", normalize=Returns([""]))
    assert normalize(TABLE, [field])["given"].decode() == [None] * 3


@pytest.mark.parametrize(
    "result", [[], ["a", "b"], [7], [b"a"], None, 7, ValueError("secret")], ids=str
)
def test_normalizer_that_breaks_its_contract_is_named(result: object) -> None:
    field = cm.Field("given", normalize=Returns(result))
    with pytest.raises(cm.PluginError, match=r"'returns'.*'given'") as error:
        normalize(TABLE, [field])
    assert "secret" not in str(error.value)
