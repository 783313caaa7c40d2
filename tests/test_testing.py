"""Each law of a plug-in's contract: a plug-in that breaks only it is caught."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

import custmerge as cm
from custmerge.protocols import CodeScorer, Keys, Ranks, Rows, Scores
from custmerge.records import Column, Record, RecordTable
from custmerge.testing import (
    AWKWARD_TEXTS,
    check_blocker,
    check_comparator,
    check_normalizer,
    check_survivorship_rule,
)

SENTINEL = "Zebulon Quux"
RECORDS = (
    {"value": SENTINEL, "city": "Ulm", "source": "crm"},
    {"value": "Ann", "city": "Bonn", "source": "web"},
    {"value": "Ann", "city": None, "source": None},
)


# Normalizers


@dataclass(frozen=True)
class Normalizing:
    """A normalizer made of a function of all its values at once."""

    function: Callable[[Sequence[str]], Any]
    name: str = "broken"

    def normalize(self, values: Sequence[str], /) -> Any:
        return self.function(values)


def unchanged(values: Sequence[str]) -> list[str]:
    return list(values)


def without_the_last(values: Sequence[str]) -> list[str]:
    return list(values[:-1])


def numbered(values: Sequence[str]) -> list[int]:
    return [len(value) for value in values]


def emptied(values: Sequence[str]) -> list[str]:
    return [value.strip("a") for value in values]


def lengthened(values: Sequence[str]) -> list[str]:
    return [f"{value}!" for value in values]


def as_the_first(values: Sequence[str]) -> list[str]:
    return [values[0] for _ in values]


def of_at_least_one(values: Sequence[str]) -> list[str]:
    return list(values) or ["none"]


def by_number(values: Sequence[str]) -> list[str]:
    return [str(int(value)) for value in values]


@dataclass(frozen=True)
class Unpicklable:
    name: str = "unpicklable"
    table: Callable[[str], str] = field(default=lambda value: value)

    def normalize(self, values: Sequence[str], /) -> list[str]:
        return [self.table(value) for value in values]


class Forgetful:
    """Loses what it was given when pickled."""

    name = "forgetful"

    def __init__(self, suffix: str = "") -> None:
        self.suffix = suffix

    def normalize(self, values: Sequence[str], /) -> list[str]:
        return [value.removesuffix(self.suffix) + self.suffix for value in values]

    def __reduce__(self) -> tuple[type[Forgetful], tuple[()]]:
        return Forgetful, ()


@pytest.mark.parametrize(
    ("plugin", "law"),
    [
        (Normalizing(by_number), "raised ValueError on the built-in text"),
        (Normalizing(without_the_last), "one result for each value"),
        (Normalizing(numbered), "must return text or None"),
        (Normalizing(emptied), "blank text"),
        (Normalizing(lengthened), "not idempotent"),
        (Normalizing(as_the_first), "not element-wise"),
        (Normalizing(of_at_least_one), "nothing for no values"),
        (Normalizing(unchanged, name=""), "must have a name"),
        (Unpicklable(), "does not pickle"),
        (Forgetful("-x"), "after pickling"),
    ],
)
def test_normalizer_that_breaks_a_law_is_caught(plugin: Any, law: str) -> None:
    with pytest.raises(cm.PluginError, match=law):
        check_normalizer(plugin)


def test_normalizer_that_keeps_all_laws_passes() -> None:
    check_normalizer(Normalizing(unchanged), [SENTINEL])


@cm.normalizer
def without_double_e(value: str) -> str:
    return value.replace("ee", "e")


def test_given_values_find_what_built_in_texts_do_not() -> None:
    check_normalizer(without_double_e)
    with pytest.raises(cm.PluginError, match=r"idempotent.*values\[1\]"):
        check_normalizer(without_double_e, ["Ann", "Leeee"])


def test_without_awkward_texts_only_given_values_are_used() -> None:
    check_normalizer(Normalizing(by_number), ["1", "20"], awkward=False)


def test_blank_values_are_passed_over() -> None:
    check_normalizer(Normalizing(by_number), ["1", " ", ""], awkward=False)


def test_nothing_to_check_with_is_an_error() -> None:
    with pytest.raises(cm.InvalidInputError, match="nothing to check with"):
        check_normalizer("text", awkward=False)


def test_message_does_not_hold_a_given_value() -> None:
    with pytest.raises(cm.PluginError) as caught:
        check_normalizer(Normalizing(by_number), [SENTINEL], awkward=False)
    assert "values[0]" in str(caught.value)
    assert SENTINEL not in str(caught.value)


def upper_case(value: str) -> str:
    return value.upper()


def test_plain_function_is_checked_as_a_normalizer() -> None:
    check_normalizer(upper_case, ["Ann"], awkward=False)


def test_awkward_texts_are_present_and_distinct() -> None:
    assert None not in Column.encode(AWKWARD_TEXTS).decode()
    assert len(set(AWKWARD_TEXTS)) == len(AWKWARD_TEXTS)


# Comparators


@dataclass(frozen=True)
class Comparing:
    """A comparator made of a function of both sides at once."""

    function: Callable[[Sequence[str], Sequence[str]], Any]
    name: str = "broken"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Any:
        return self.function(left, right)


def equal(left: Sequence[str], right: Sequence[str]) -> Scores:
    same = [a == b for a, b in zip(left, right, strict=True)]
    return np.asarray(same, np.float32)


def numeric(left: Sequence[str], right: Sequence[str]) -> Scores:
    return equal([str(int(a)) for a in left], [str(int(b)) for b in right])


def half_known(left: Sequence[str], right: Sequence[str]) -> Scores:
    return np.where(equal(left, right) == 1, 1, np.nan).astype(np.float32)


def in_percent(left: Sequence[str], right: Sequence[str]) -> Scores:
    return equal(left, right) * 100


def one_sided(left: Sequence[str], right: Sequence[str]) -> Scores:
    starts = [b.startswith(a) for a, b in zip(left, right, strict=True)]
    return np.asarray(starts, np.float32)


def nearly(left: Sequence[str], right: Sequence[str]) -> Scores:
    return equal(left, right) * np.float32(0.99)


def relative_to_the_best(left: Sequence[str], right: Sequence[str]) -> Scores:
    likeness = equal(left, right) + np.float32(0.1)
    return np.asarray(likeness / max(likeness, default=np.float32(1)), np.float32)


def of_some(left: Sequence[str], right: Sequence[str]) -> Scores:
    return equal(left, right) if len(left) else np.asarray([max(left)])


def one_for_all(left: Sequence[str], right: Sequence[str]) -> Scores:
    return np.ones(1, np.float32)


@dataclass(frozen=True)
class ByPosition:
    """A comparator whose scores depend on where values stand in the vocabulary."""

    name: str = "by position"

    def prepare(self, values: Sequence[str], /) -> CodeScorer:
        weights = np.append(np.linspace(0.1, 0.9, len(values) - 1), 1)

        def score(left: Rows, right: Rows) -> Scores:
            likeness = np.minimum(weights[left], weights[right])
            return np.where(left == right, 1, likeness).astype(np.float32)

        return score


class ForgetfulComparator:
    name = "forgetful"

    def __init__(self, least: float = 0.0) -> None:
        self.least = least

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        return np.maximum(equal(left, right), np.float32(self.least))

    def __reduce__(self) -> tuple[type[ForgetfulComparator], tuple[()]]:
        return ForgetfulComparator, ()


@pytest.mark.parametrize(
    ("plugin", "law"),
    [
        (Comparing(numeric), "raised ValueError on the built-in text"),
        (Comparing(half_known), "NaN"),
        (Comparing(in_percent), r"outside \[0, 1\]"),
        (Comparing(one_sided), "not symmetric"),
        (Comparing(nearly), "equal values 1"),
        (Comparing(relative_to_the_best), "alone"),
        (Comparing(of_some), "raised ValueError on no pairs"),
        (Comparing(one_for_all), "one score for each"),
        (ByPosition(), "values come in another order"),
        (ForgetfulComparator(0.5), "after pickling"),
        (Comparing(equal, name=""), "must have a name"),
    ],
)
def test_comparator_that_breaks_a_law_is_caught(plugin: Any, law: str) -> None:
    with pytest.raises(cm.PluginError, match=law):
        check_comparator(plugin)


def test_comparator_that_keeps_all_laws_passes() -> None:
    check_comparator(Comparing(equal), [SENTINEL])


def test_comparator_of_normalized_values_is_checked_on_these_alone() -> None:
    check_comparator(Comparing(numeric), ["1", "2", "30"], awkward=False)


def test_comparator_message_calls_given_values_by_position() -> None:
    with pytest.raises(cm.PluginError) as caught:
        check_comparator(Comparing(one_sided), [SENTINEL, SENTINEL[:3]], awkward=False)
    assert "values[0] and values[1]" in str(caught.value)
    assert SENTINEL[:3] not in str(caught.value)


# Blockers


@dataclass(frozen=True)
class Blocking:
    """A blocker made of a function of a table; it needs the field `value`."""

    function: Callable[[RecordTable], Any]
    name: str = "broken"
    field: str = "value"

    def keys(self, table: RecordTable, /) -> Any:
        return self.function(table)


def whole(table: RecordTable) -> tuple[Rows, Keys]:
    codes = table["value"].codes.astype(np.int64)
    rows = np.flatnonzero(codes >= 0)
    return rows, codes[rows]


def rows_alone(table: RecordTable) -> Rows:
    return whole(table)[0]


def one_key_more(table: RecordTable) -> tuple[Rows, Keys]:
    rows, keys = whole(table)
    return rows, np.append(keys, 0)


def keys_as_floats(table: RecordTable) -> tuple[Rows, Any]:
    rows, keys = whole(table)
    return rows, keys / 2


def rows_from_one(table: RecordTable) -> tuple[Rows, Keys]:
    rows, keys = whole(table)
    return rows + 2, keys


def missing_too(table: RecordTable) -> tuple[Rows, Keys]:
    return np.arange(len(table)), table["value"].codes.astype(np.int64)


def one_key_each(table: RecordTable) -> tuple[Rows, Keys]:
    rows = rows_alone(table)
    return rows, np.arange(len(rows))


def by_halves(table: RecordTable) -> tuple[Rows, Keys]:
    # Equal records share keys, but the first value seen is left out.
    rows, keys = whole(table)
    return rows[keys > 0], keys[keys > 0]


def the_largest(table: RecordTable) -> tuple[Rows, Keys]:
    rows, keys = whole(table)
    return rows, keys - keys.max()


class ForgetfulBlocker:
    name = "forgetful"
    field = "value"

    def __init__(self, keep: bool = False) -> None:
        self.keep = keep

    def keys(self, table: RecordTable, /) -> tuple[Rows, Keys]:
        rows, keys = whole(table)
        return (rows, keys) if self.keep else (rows, keys * 0)

    def __reduce__(self) -> tuple[type[ForgetfulBlocker], tuple[()]]:
        return ForgetfulBlocker, ()


@pytest.mark.parametrize(
    ("plugin", "law"),
    [
        (Blocking(rows_alone), "tuple of two"),
        (Blocking(one_key_more), "one length"),
        (Blocking(keys_as_floats), "integer rows and keys"),
        (Blocking(rows_from_one), "rows that the table does not have"),
        (Blocking(missing_too), "field it needs is missing"),
        (Blocking(one_key_each), "equal records different keys"),
        (Blocking(by_halves), "another order"),
        (Blocking(the_largest), "raised ValueError on a table of 0 records"),
        (ForgetfulBlocker(keep=True), "after pickling"),
        (Blocking(whole, name=""), "must have a name"),
    ],
)
def test_blocker_that_breaks_a_law_is_caught(plugin: Any, law: str) -> None:
    with pytest.raises(cm.PluginError, match=law):
        check_blocker(plugin, RECORDS)


def test_blocker_that_keeps_all_laws_passes() -> None:
    check_blocker(Blocking(whole))


@cm.blocker("value", "city")
def value_and_city(value: str, city: str) -> str:
    return f"{value[:2]}|{city[:1]}"


def test_decorated_blocker_is_checked_on_the_fields_it_names() -> None:
    check_blocker(value_and_city)


def test_blocker_that_names_no_field_needs_records() -> None:
    with pytest.raises(cm.InvalidInputError, match="give records"):
        check_blocker(Blocking(whole, field=""), awkward=False)


def test_raising_blocker_is_caught_without_its_values() -> None:
    def leak(table: RecordTable) -> None:
        raise LookupError(table["value"].values[0])

    with pytest.raises(cm.PluginError, match="raised LookupError") as caught:
        check_blocker(Blocking(leak), RECORDS)
    assert SENTINEL not in str(caught.value)


# Survivorship rules


@dataclass(frozen=True)
class Ranking:
    """A rule made of a function of rows."""

    function: Callable[[Rows], Any]
    name: str = "broken"

    def rank(self, table: RecordTable, column: str, rows: Rows, /) -> Any:
        return self.function(rows)


def earliest(rows: Rows) -> Ranks:
    return -rows.astype(np.float64)


def never(rows: Rows) -> Ranks:
    return np.full(len(rows), np.nan)


def as_a_list(rows: Rows) -> list[float]:
    return [0.0] * len(rows)


def coarse(rows: Rows) -> Any:
    return rows.astype(np.float32)


def only_one(rows: Rows) -> Ranks:
    return np.zeros(1)


def by_place(rows: Rows) -> Ranks:
    return np.arange(len(rows), dtype=np.float64)


def above_the_least(rows: Rows) -> Ranks:
    ranks: Ranks = (rows - rows.min()).astype(np.float64)
    return ranks


@dataclass(frozen=True)
class RankingWithin:
    """A rule whose ranks within entities depend on the order of rows."""

    name: str = "broken within"

    def rank(self, table: RecordTable, column: str, rows: Rows, /) -> Ranks:
        return earliest(rows)

    def rank_within(
        self, table: RecordTable, column: str, rows: Rows, entities: Rows, /
    ) -> Ranks:
        return by_place(rows)


class ForgetfulRule:
    name = "forgetful"

    def __init__(self, sign: int = 1) -> None:
        self.sign = sign

    def rank(self, table: RecordTable, column: str, rows: Rows, /) -> Ranks:
        ranks: Ranks = np.multiply(self.sign, rows, dtype=np.float64)
        return ranks

    def __reduce__(self) -> tuple[type[ForgetfulRule], tuple[()]]:
        return ForgetfulRule, ()


@pytest.mark.parametrize(
    ("plugin", "law"),
    [
        (Ranking(as_a_list), "array of float64; it returned a list"),
        (Ranking(coarse), "array of float64; it returned a ndarray of float32"),
        (Ranking(only_one), "one rank for each"),
        (Ranking(by_place), "another order"),
        (RankingWithin(), "another order"),
        (Ranking(above_the_least), "raised ValueError on 0 rows"),
        (ForgetfulRule(-1), "after pickling"),
        (Ranking(earliest, name=""), "must have a name"),
    ],
)
def test_survivorship_rule_that_breaks_a_law_is_caught(plugin: Any, law: str) -> None:
    with pytest.raises(cm.PluginError, match=law):
        check_survivorship_rule(plugin, RECORDS)


@pytest.mark.parametrize("function", [earliest, never])
def test_survivorship_rule_that_keeps_all_laws_passes(function: Any) -> None:
    check_survivorship_rule(Ranking(function), RECORDS, field="city")


@cm.survivorship_rule
def prefer_crm(value: str, record: Record) -> float:
    return float(record["source"] == "crm")


def test_decorated_rule_is_checked_on_records_with_its_columns() -> None:
    check_survivorship_rule(prefer_crm, RECORDS)


def test_rule_without_a_column_it_looks_at_is_caught() -> None:
    with pytest.raises(cm.PluginError, match="raised KeyError"):
        check_survivorship_rule(prefer_crm)
