"""What holds for `resolve` as a whole, whatever the records."""

from __future__ import annotations

import copy
import datetime as dt
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import example, given, strategies as st
from tests.strategies import FEW, dirty_records, names, people, records

import custmerge as cm
from custmerge.io import read
from custmerge.records import as_text

Rows = list[dict[str, object]]


def _resolve(data: object, **options: Any) -> cm.Resolution:
    """Resolve; that small or empty tables give warnings is not what is tested here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        return cm.resolve(data, **options)


def _partition(labels: Iterable[int]) -> set[frozenset[int]]:
    groups: dict[int, set[int]] = {}
    for row, label in enumerate(labels):
        groups.setdefault(int(label), set()).add(row)
    return {frozenset(group) for group in groups.values()}


def _dirtied(seed: int, n_people: int = 60) -> Rows:
    """People, a third of them again with an error, and some relatives."""
    rng = np.random.default_rng(seed)
    rows = people(n_people, seed)
    for person in list(rows)[: n_people // 3]:
        again = dict(person)
        again[str(rng.choice(["email", "phone", "address", "birth_date"]))] = None
        first = str(again["first_name"])
        again["first_name"] = first[:2] + first[3:] if rng.random() < 0.5 else first[0]
        rows.append(again)
    for person, other in zip(rows[:10], rows[20:30], strict=True):
        rows.append({**other, "last_name": person["last_name"], "email": None})
        rows[-1]["address"], rows[-1]["city"] = person["address"], person["city"]
    return rows


def _assert_lossless(result: cm.Resolution, n_records: int) -> None:
    """Each record is in one entity, each entity has a record and a golden record."""
    labels = result.labels
    assert labels.shape == (n_records,)
    assert set(labels.tolist()) == set(range(result.n_entities))
    assert int(result.sizes.sum()) == n_records
    assert len(result.entities) == result.n_entities


@pytest.fixture(scope="module")
def dirtied() -> cm.Resolution:
    return _resolve(_dirtied(3))


def test_resolving_twice_gives_equal_results(dirtied: cm.Resolution) -> None:
    again = _resolve(_dirtied(3))
    assert again.assignments == dirtied.assignments
    assert again.entities == dirtied.entities
    assert again.model == dirtied.model
    assert (again.weights == dirtied.weights).all()


@pytest.mark.parametrize("seed", [0, 1])
def test_permuting_records_permutes_entities(dirtied: cm.Resolution, seed: int) -> None:
    rows = _dirtied(3)
    order = np.random.default_rng(seed).permutation(len(rows))
    moved = _resolve([rows[row] for row in order])
    back = {frozenset(int(order[i]) for i in g) for g in _partition(moved.labels)}
    assert back == _partition(dirtied.labels)
    assert moved.model == dirtied.model


@given(
    records(names(), ["name", "city", "email"], max_size=10),
    st.randoms(use_true_random=False),
)
@FEW
def test_permuting_any_records_permutes_entities(rows: Rows, random: Any) -> None:
    fields = (
        cm.Field("name", "full_name"),
        cm.Field("city", "city"),
        cm.Field("email", "email"),
    )
    rows = [{"name": None, "city": None, "email": None, **row} for row in rows]
    rows.append({"name": "x", "city": None, "email": None})
    config = cm.Config(fields)
    order = list(range(len(rows)))
    random.shuffle(order)
    before = _resolve(rows, config=config)
    after = _resolve([rows[row] for row in order], config=config)
    back = {frozenset(order[i] for i in g) for g in _partition(after.labels)}
    assert back == _partition(before.labels)


def test_entities_are_numbered_in_the_order_of_their_first_records(
    dirtied: cm.Resolution,
) -> None:
    labels = dirtied.labels.tolist()
    assert list(dict.fromkeys(labels)) == list(range(dirtied.n_entities))


def test_every_record_is_in_one_entity_and_every_entity_has_one(
    dirtied: cm.Resolution,
) -> None:
    _assert_lossless(dirtied, len(_dirtied(3)))


def test_duplicates_with_errors_are_found_and_relatives_kept_apart(
    dirtied: cm.Resolution,
) -> None:
    labels = dirtied.labels
    assert (labels[:20] == labels[60:80]).mean() >= 0.9
    assert (labels[80:90] == labels[:10]).mean() <= 0.1


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_copy_of_every_record_joins_its_original_and_no_other(seed: int) -> None:
    rows = people(60, seed)
    labels = _resolve([*rows, *rows]).labels
    assert labels[:60].tolist() == labels[60:].tolist() == list(range(60))


@pytest.mark.parametrize("n_copies", [20, 21, 100, 1_100])
def test_many_copies_of_one_record_are_one_entity(n_copies: int) -> None:
    rows = [*people(300), *people(1) * n_copies]
    labels = _resolve(rows).labels
    assert set(labels[300:].tolist()) == {0}


def test_many_copies_of_one_record_leave_the_others_alone() -> None:
    labels = _resolve([*people(300), *people(1) * 1_100]).labels
    assert labels[:300].tolist() == list(range(300))


def test_pairs_that_the_caller_names_are_kept_together_and_apart() -> None:
    rows = [{"no": f"c{i}", **row} for i, row in enumerate([*people(60), *people(2)])]
    told: Any = {"must_link": [("c5", "c9")], "cannot_link": [("c0", "c60")]}
    result = _resolve(rows, id="no", **told)
    assert result.labels[9] == result.labels[5]
    assert result.labels[60] != result.labels[0]
    assert result.labels[61] == result.labels[1]
    assert result.confidence[[5, 9]].tolist() == [1, 1]


def test_constraints_permute_with_the_records() -> None:
    rows = [{"no": f"c{i}", **row} for i, row in enumerate(_dirtied(3))]
    apart = [("c0", "c60"), ("c61", "c1")]
    told: Any = {"id": "no", "must_link": [("c5", "c9")], "cannot_link": apart}
    order = np.random.default_rng(5).permutation(len(rows))
    before = _resolve(rows, **told)
    after = _resolve([rows[row] for row in order], **told)
    back = {frozenset(int(order[i]) for i in g) for g in _partition(after.labels)}
    assert back == _partition(before.labels)


def test_sources_that_repeat_nobody_are_found_and_said() -> None:
    rows = people(120)
    web = [{**row, "email": None} for row in rows]
    namesake = {**rows[0], "birth_date": "1991-01-01", "email": None}
    result = _resolve({"crm": [*rows, namesake], "web": web})
    sources = np.repeat([0, 1], [121, 120])
    assert any("hardly inside any" in text for text in result.warnings)
    for code in (0, 1):
        labels = result.labels[sources == code].tolist()
        assert len(set(labels)) == len(labels)


def test_many_near_copies_of_one_record_are_one_entity() -> None:
    near = [{**people(1)[0], "address": f"{i} Oak Street"} for i in range(90)]
    labels = _resolve([*people(300), *near]).labels
    assert set(labels[300:].tolist()) == {0}


def _households(rows: Rows) -> Rows:
    """Whole names in one column, and of each person but the home and the phone."""
    shared = ("phone", "address", "city")
    return [
        {
            "name": f"{row['first_name']} {row['last_name']}",
            **{name: row[name] for name in shared},
        }
        for row in rows
    ]


@pytest.mark.parametrize("spouse", ["Barnaby", "Zoe", "Marigold"])
def test_household_given_by_whole_names_stays_apart_and_a_copy_joins(
    spouse: str,
) -> None:
    rows = people(20)
    relative = {**rows[0], "first_name": spouse}
    labels = _resolve(_households([*rows, relative, rows[0], rows[1]])).labels
    assert labels.tolist() == [*range(21), 0, 1]


def test_records_that_hold_nothing_are_not_compared() -> None:
    rows: Rows = [{"a": None, "b": None}] * 60
    result = _resolve(rows, fields={"a": "email", "b": "full_name"})
    assert len(result.compared) == 0


@given(dirty_records())
@example([{"name": "\ud800 x", "email": "\udfff"}, {"name": "\x00", "email": "@"}])
@example([{"name": "a" * 5_000}, {"name": "a" * 5_000}])
@example([{"数量": 10**400, "notes": "x"}, {"数量": -(10**400)}])
def test_dirty_records_are_resolved_without_loss_or_refused_in_our_own_words(
    rows: Rows,
) -> None:
    try:
        result = _resolve(rows)
    except cm.CustmergeError:
        return
    _assert_lossless(result, len(rows))


@given(dirty_records())
@FEW
def test_dirty_records_with_a_column_of_each_kind_are_never_refused(rows: Rows) -> None:
    keys = ("name", "email", "phone", "address", "city", "birth_date", "notes")
    rows = [{key: row.get(key) for key in keys} for row in rows]
    rows.append(dict.fromkeys(keys, "x"))
    _assert_lossless(_resolve(rows), len(rows))


@pytest.mark.parametrize("kind", list(cm.Kind))
@given(rows=records(st.none() | st.from_type(str), ["a", "b"], max_size=6))
@FEW
def test_any_text_is_resolved_as_any_kind(kind: cm.Kind, rows: Rows) -> None:
    rows = [{"a": row.get("a"), "b": row.get("b")} for row in rows]
    rows.append({"a": "x", "b": "y"})
    config = cm.Config((cm.Field("a", kind), cm.Field("b", kind, combine="any")))
    _assert_lossless(_resolve(rows, config=config), len(rows))


@given(dirty_records())
@FEW
def test_golden_values_come_from_a_record_of_the_entity(rows: Rows) -> None:
    try:
        result = _resolve(rows)
    except cm.CustmergeError:
        return
    columns = list(dict.fromkeys(key for row in rows for key in row))
    for label, entity in enumerate(result.entities):
        held = [rows[row] for row in np.flatnonzero(result.labels == label)]
        for column in columns:
            mine = [record.get(column) for record in held]
            assert any(value is entity[column] for value in mine)
            if any(as_text(value) for value in mine):
                assert as_text(entity[column]) is not None or _in_group(result, column)


def _in_group(result: cm.Resolution, column: str) -> bool:
    """Columns of a group come from one record, which may lack some of them."""
    fields = [field for field in result.config.fields if column in field.columns]
    return any(field.group is not None for field in fields)


@given(dirty_records())
@FEW
def test_input_is_never_changed(rows: Rows) -> None:
    before = copy.deepcopy(rows)
    try:
        result = _resolve(rows)
    except cm.CustmergeError:
        pass
    else:
        assert len(result.pairs) == len(result.compared)
        assert len(result.lineage) >= result.n_entities
    assert repr(rows) == repr(before)


def test_frames_are_never_changed() -> None:
    frame = pd.DataFrame(_dirtied(1))
    before = frame.copy(deep=True)
    _ = _resolve(frame).entities
    pd.testing.assert_frame_equal(frame, before)


_TYPED: dict[str, list[object]] = {
    "name": ["Ann Lee", "Bo Chan", "Ann Lee"],
    "email": ["ann@mail.com", "bo@mail.com", "ann@mail.com"],
    "visits": [3, 4, 3],
    "spend": [1.5, 2.25, 1.5],
    "active": [True, False, True],
    "born": [dt.date(1990, 5, 3), dt.date(1985, 1, 2), dt.date(1990, 5, 3)],
    "seen": [dt.datetime(2024, 2, 29, 13, 5)] * 3,  # noqa: DTZ001  as tables hold them
    "tags": [["vip", "gold"], ["new"], ["vip", "gold"]],
}
_ROWS: Rows = [{name: cells[row] for name, cells in _TYPED.items()} for row in range(3)]
_FORMS: Mapping[str, Callable[[], object]] = {
    "list of dicts": lambda: copy.deepcopy(_ROWS),
    "dict of lists": lambda: copy.deepcopy(_TYPED),
    "pandas": lambda: pd.DataFrame(_TYPED),
    "pandas nullable": lambda: pd.DataFrame(_TYPED).convert_dtypes(),
    "polars": lambda: pl.DataFrame(_TYPED),
    "pyarrow": lambda: pa.table(_TYPED),
}
every_form = pytest.mark.parametrize("form", _FORMS)


def _tables(result: cm.Resolution) -> Iterator[object]:
    yield from (result.entities, result.assignments, result.pairs)
    yield from (result.review, result.lineage)


@every_form
def test_tables_come_back_in_the_callers_form(form: str) -> None:
    data = _FORMS[form]()
    for table in _tables(_resolve(data)):
        assert type(table) is type(data)


@every_form
def test_entities_keep_the_types_of_their_columns(form: str) -> None:
    data = _FORMS[form]()
    given, entities = read(data), read(_resolve(data).entities)
    for name in _TYPED:
        before, after = given.cells(name), entities.cells(name)
        assert [type(cell) for cell in after] == [type(cell) for cell in before[:2]]
        assert [as_text(cell) for cell in after] == [as_text(c) for c in before[:2]]


@pytest.mark.parametrize("form", ["pandas", "pandas nullable"])
def test_pandas_entities_keep_their_dtypes(form: str) -> None:
    frame: Any = _FORMS[form]()
    kept = _resolve(frame).entities.dtypes[list(_TYPED)]
    assert kept.to_dict() == frame.dtypes.to_dict()


def test_polars_and_pyarrow_entities_keep_their_schema() -> None:
    frame: Any = _FORMS["polars"]()
    entities = _resolve(frame).entities
    assert {name: entities.schema[name] for name in _TYPED} == dict(frame.schema)
    table: Any = _FORMS["pyarrow"]()
    schema = _resolve(table).entities.schema
    assert [schema.field(name).type for name in _TYPED] == list(table.schema.types)


@every_form
def test_all_forms_give_the_same_entities(form: str) -> None:
    result = _resolve(_FORMS[form]())
    assert result.labels.tolist() == [0, 1, 0]


def test_order_of_columns_does_not_matter(dirtied: cm.Resolution) -> None:
    rows = [dict(reversed(row.items())) for row in _dirtied(3)]
    assert _partition(_resolve(rows).labels) == _partition(dirtied.labels)


def test_order_of_fields_and_blockers_does_not_matter(dirtied: cm.Resolution) -> None:
    config = dirtied.config
    turned = cm.Config(tuple(reversed(config.fields)), tuple(reversed(config.plugins)))
    again = _resolve(_dirtied(3), config=turned)
    assert _partition(again.labels) == _partition(dirtied.labels)


def test_inferred_config_passed_back_gives_the_same(dirtied: cm.Resolution) -> None:
    config = cm.Config.from_toml(cm.infer_config(_dirtied(3)).to_toml())
    assert _resolve(_dirtied(3), config=config).assignments == dirtied.assignments


def test_trained_model_passed_back_gives_the_same(dirtied: cm.Resolution) -> None:
    again = _resolve(_dirtied(3), config=dirtied.config, model=dirtied.model)
    assert again.assignments == dirtied.assignments


def test_unrelated_record_leaves_the_others_alone_under_a_fixed_model(
    dirtied: cm.Resolution,
) -> None:
    stranger: dict[str, object] = {
        "first_name": "Zbigniew",
        "last_name": "Brzęczyszczykiewicz",
        "email": "zb@nowhere.pl",
    }
    again = _resolve(
        [*_dirtied(3), stranger], config=dirtied.config, model=dirtied.model
    )
    assert again.labels[:-1].tolist() == dirtied.labels.tolist()
    assert again.labels[-1] == dirtied.n_entities


# -- Each value is normalized once, each pair of values compared once --------------

CALLS: Counter[tuple[str, ...]] = Counter()


@cm.normalizer
def counting_normalizer(value: str) -> str:
    CALLS["normalize", value] += 1
    return value.casefold()


@cm.comparator
def counting_given(left: str, right: str) -> float:
    CALLS["given", *sorted((left, right))] += 1
    assert left != right
    return 0.9 if left[0] == right[0] else 0.0


@cm.comparator
def counting_family(left: str, right: str) -> float:
    CALLS["family", *sorted((left, right))] += 1
    assert left != right
    return 0.9 if left[0] == right[0] else 0.0


@cm.comparator
def counting_phone(left: str, right: str) -> float:
    CALLS["phone", *sorted((left, right))] += 1
    assert left != right
    return 0.9 if left[-4:] == right[-4:] else 0.0


@cm.blocker("given", "family")
def counting_blocker(given: str, family: str) -> str:
    CALLS["block", given, family] += 1
    return given[0] + family[0]


def _counted(rows: Rows) -> cm.Resolution:
    config = cm.Config(
        (
            cm.Field(
                "given",
                "given_name",
                ("first_name",),
                normalize=counting_normalizer,
                compare=counting_given,
                swaps_with="family",
            ),
            cm.Field("family", "family_name", ("last_name",), compare=counting_family),
            cm.Field(
                "phone",
                "phone",
                ("phone", "mobile"),
                "any",
                normalize="text",
                compare=counting_phone,
            ),
            cm.Field("city", "city", shared={"household": 0.5}),
        ),
        ("city", "phone", counting_blocker),
    )
    CALLS.clear()
    return _resolve(rows, config=config)


def _with_mobiles() -> Rows:
    rows = _dirtied(5)
    exchanged = [
        {**row, "first_name": row["last_name"], "last_name": row["first_name"]}
        for row in rows[:10]
    ]
    phones = [row["phone"] for row in rows]
    every: Sequence[dict[str, object]] = [*rows, *exchanged, *rows[:5]]
    return [
        {**row, "mobile": phones[i * 7 % len(phones)]} for i, row in enumerate(every)
    ]


@pytest.fixture(scope="module")
def calls() -> Counter[tuple[str, ...]]:
    _counted(_with_mobiles())
    return Counter(CALLS)


def test_no_distinct_value_is_normalized_twice(calls: Counter[tuple[str, ...]]) -> None:
    seen = {key[1]: n for key, n in calls.items() if key[0] == "normalize"}
    given = {str(row["first_name"]) for row in _with_mobiles()}
    assert set(seen) == given
    assert set(seen.values()) == {1}


@pytest.mark.parametrize("field", ["given", "family", "phone"])
def test_no_distinct_pair_of_values_is_compared_twice(
    calls: Counter[tuple[str, ...]], field: str
) -> None:
    twice = [key for key, n in calls.items() if key[0] == field and n > 1]
    assert twice == []
    assert any(key[0] == field for key in calls)


def test_no_combination_of_values_is_blocked_twice(
    calls: Counter[tuple[str, ...]],
) -> None:
    blocked = {key: n for key, n in calls.items() if key[0] == "block"}
    assert set(blocked.values()) == {1}


def test_plugins_never_see_a_missing_value() -> None:
    rows = [{**row, "first_name": None} for row in _with_mobiles()]
    rows[0]["first_name"] = "Ann"
    _counted(rows)
    assert {key[1] for key in CALLS if key[0] == "normalize"} == {"Ann"}
    assert not any(key[0] == "given" for key in CALLS)
