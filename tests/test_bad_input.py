"""Bad input: one clear error, or correct handling; never a lost record or a leak."""

from __future__ import annotations

import datetime as dt
import decimal
import math
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings, strategies as st
from tests.strategies import people

import custmerge as cm
from custmerge.testing import AWKWARD_TEXTS

SENTINEL = "Zebulon Quux"
RECORDS: list[dict[str, Any]] = [
    {"key": "1", "name": SENTINEL, "email": "zebulon@quux.org", "city": "Leeds"},
    {"key": "2", "name": "Bo Chan", "email": "bo@chan.org", "city": "York"},
    {"key": "3", "name": SENTINEL, "email": "zebulon@quux.org", "city": None},
    {"key": "4", "name": "Maria Rossi", "email": "maria@rossi.it", "city": "Hull"},
]
WRONG: Any = "wrong"
UNSAID: Any = None
TABLES = ("assignments", "entities", "lineage", "pairs", "review")

pytestmark = pytest.mark.filterwarnings("ignore::custmerge.CustmergeWarning")


def changed(**cells: object) -> list[dict[str, object]]:
    """Return the records with other cells in every one of them."""
    return [{**record, **cells} for record in RECORDS]


def n_rows(table: object) -> int:
    if isinstance(table, Mapping):
        return len(next(iter(table.values()), ()))
    return len(table)  # type: ignore[arg-type]  # one of the accepted forms


def resolved(records: object, **arguments: Any) -> cm.Resolution:
    """Return a result after checking that it is whole: no record lost, all built."""
    result = cm.resolve(records, **arguments)
    tables = {name: getattr(result, name) for name in TABLES}
    assert n_rows(tables["assignments"]) == len(result.labels)
    assert n_rows(tables["entities"]) == result.n_entities
    assert int(result.sizes.sum()) == len(result.labels)
    assert not len(result.sizes) or int(result.sizes.min()) > 0
    assert SENTINEL not in repr(result)
    return result


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (
            lambda r: r.pin(0, ["city"]),
            "values must be a mapping of golden .* type list",
        ),
        (lambda r: r.pin(0, None), "values must be .* type NoneType"),
        (lambda r: r.never(0, ["city"]), "values must be .* type list"),
        (lambda r: r.never(0, None), "values must be .* type NoneType"),
        (lambda r: r.split(0, [1, 3]), r"each of the groups must be a list .*\['C3'\]"),
        (
            lambda r: r.split(0, ["1", "3"]),
            "each of the groups must be a list .* type str",
        ),
        (lambda r: r.split(0, None), "groups must be a list of lists"),
        (lambda r: r.merge(3), "entity_ids must be a list of entity ids"),
        (lambda r: r.merge_plan([RECORDS]), "children must be a mapping by the names"),
        (lambda r: r.merge_plan(pd.DataFrame(RECORDS)), "children .* type DataFrame"),
        (lambda r: r.merge_plan({}, keys="key"), "keys must be a mapping"),
        (lambda r: r.relink(RECORDS, "key", unique=3), "unique must be the name of"),
        (
            lambda _: cm.apply_plan(WRONG, RECORDS),
            "plan must be a MergePlan, .* type str",
        ),
        (
            lambda _: cm.undo_plan(WRONG, RECORDS),
            "plan must be a MergePlan, .* type str",
        ),
        (
            lambda r: cm.apply_plan(r.merge_plan(), RECORDS, WRONG),
            "children must be the tables by name",
        ),
        (lambda _: cm.check(RECORDS[0], WRONG), "config must be a Config, .* type str"),
        (lambda _: cm.Decisions.from_json(UNSAID), "the text must be JSON"),
    ],
)
def test_arguments_of_other_types_are_one_clear_error(
    call: Callable[[Any], object], says: str
) -> None:
    with pytest.raises(cm.InvalidInputError, match=says) as caught:
        call(cm.resolve(RECORDS, id="key"))
    assert "zebulon" not in str(caught.value).lower()


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00", b""])
def test_files_that_are_no_plan_are_one_clear_error(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "plan.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(cm.PlanError, match="merge plan"):
        cm.MergePlan.load(path)


def refused(
    error: type[Exception], records: object, *says: str, **arguments: Any
) -> None:
    """Check that the records are refused by one clear error without a value."""
    with pytest.raises(error) as caught:
        cm.resolve(records, **arguments)
    assert isinstance(caught.value, cm.CustmergeError)
    message = str(caught.value)
    assert [word for word in says if word not in message] == []
    assert SENTINEL not in message
    assert "zebulon" not in message.lower()


def linked(result: cm.Resolution) -> list[int]:
    labels: list[int] = result.labels.tolist()
    return labels


# Empty and tiny tables

NOTHING: dict[str, Callable[[Path], object]] = {
    "list": lambda _: [],
    "generator": lambda _: iter([]),
    "columns": lambda _: {},
    "pandas": lambda _: pd.DataFrame(),
    "polars": lambda _: pl.DataFrame(),
    "pyarrow": lambda _: pa.table({}),
    "sources": lambda _: {"crm": [], "web": []},
}
NO_ROWS: dict[str, Callable[[Path], object]] = {
    "columns": lambda _: {"name": [], "email": []},
    "pandas": lambda _: pd.DataFrame({"name": [], "email": []}),
    "pandas text": lambda _: pd.DataFrame({"name": [], "email": []}, dtype="str"),
    "polars": lambda _: pl.DataFrame({"name": [], "email": []}),
    "pyarrow": lambda _: pa.table({"name": pa.array([], pa.string()), "email": []}),
    "csv": lambda folder: saved(folder / "empty.csv", b"name,email\n"),
    "tsv": lambda folder: saved(folder / "empty.tsv", b"name\temail\n"),
    "sources": lambda _: {"crm": {"name": []}, "web": {"name": [], "email": []}},
}


def saved(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("form", NOTHING)
def test_table_without_rows_and_columns_has_no_entities(
    form: str, tmp_path: Path
) -> None:
    assert resolved(NOTHING[form](tmp_path)).n_entities == 0


@pytest.mark.parametrize("form", NO_ROWS)
def test_table_without_rows_has_no_entities(form: str, tmp_path: Path) -> None:
    assert resolved(NO_ROWS[form](tmp_path)).n_entities == 0


def test_table_without_rows_keeps_its_columns() -> None:
    result = resolved(pd.DataFrame({"name": [], "email": []}))
    assert list(result.entities) == ["entity_id", "n_records", "name", "email"]


def test_empty_batch_fits_any_config() -> None:
    config = cm.infer_config(RECORDS, id="key")
    assert resolved([], config=config).n_entities == 0


def test_empty_batch_fits_any_arguments() -> None:
    fields = {"name": "full_name"}
    result = resolved([], id="key", source="system", fields=fields)
    assert result.n_entities == 0


def test_empty_source_is_no_obstacle() -> None:
    for sources in ({"crm": [], "web": RECORDS}, {"web": RECORDS, "crm": []}):
        assert resolved(sources).n_entities == 3


def test_wrong_rules_and_columns_that_no_record_has_are_told_at_once() -> None:
    rules: dict[str, Any] = {
        "name": "lngest",
        "email": cm.most_recent("updated"),
        "paid": cm.total("amount"),
        "town": "longest",
    }
    with pytest.raises(cm.InvalidConfigError) as raised:
        cm.resolve(RECORDS, survivorship=rules, master={"name": "oldest", "by": 5})
    message = str(raised.value)
    assert "'lngest' is not a survivorship rule" in message
    assert "master: oldest: by must be the name of a column" in message
    assert "names ['amount', 'town', 'updated'], which are no columns" in message


@pytest.mark.parametrize("records", [[{}], [{}, {}], pd.DataFrame(index=range(2))])
def test_records_without_columns_are_refused(records: object) -> None:
    refused(cm.InvalidInputError, records, "no columns")


def test_csv_file_without_a_header_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "nothing.csv", b"")
    refused(ValueError, path, "nothing.csv", "header line")


@pytest.mark.parametrize("record", RECORDS)
def test_one_record_is_one_entity(record: dict[str, object]) -> None:
    result = resolved([record])
    assert linked(result) == [0]
    assert result.entities[0].items() >= record.items()


def test_one_record_without_a_list_is_refused() -> None:
    refused(cm.InvalidInputError, RECORDS[0], "[record]")


@pytest.mark.parametrize(
    "records",
    [None, 7, 1.5, True, SENTINEL.encode(), [SENTINEL], [[SENTINEL]], [RECORDS, 1]],
)
def test_what_is_no_table_is_refused(records: object) -> None:
    refused(ValueError, records, "mapping")


def test_text_of_records_is_not_taken_for_a_path_in_a_message() -> None:
    refused(ValueError, f"name,email\n{SENTINEL},z@q.org\n", "path of a file")


def test_columns_of_different_lengths_are_refused() -> None:
    refused(ValueError, {"name": [SENTINEL], "city": []}, "'name': 1", "'city': 0")


# Columns


@pytest.mark.parametrize("kind", cm.Kind)
def test_column_without_a_value_is_no_evidence(kind: cm.Kind) -> None:
    result = resolved(changed(extra=None), fields={"extra": kind})
    assert linked(result) == [0, 1, 0, 2]


def test_column_without_a_value_is_in_the_warnings() -> None:
    result = resolved(changed(extra=None), fields={"extra": "phone"})
    assert any("'extra'" in text for text in result.warnings)


def test_records_without_a_value_stay_apart() -> None:
    result = resolved([{"name": None, "email": ""}] * 3)
    assert linked(result) == [0, 1, 2]


def test_no_column_to_compare_leaves_all_records_apart() -> None:
    fields = dict.fromkeys(RECORDS[0])
    assert linked(resolved(RECORDS, fields=fields)) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "arguments",
    [
        {"fields": {"nmae": "full_name"}},
        {"fields": {"nmae": None}},
        {"fields": {"name": cm.Field("name", columns=("nmae",))}},
        {"id": "nmae"},
        {"source": "nmae"},
    ],
)
def test_unknown_column_is_refused_with_those_there_are(arguments: Any) -> None:
    refused(KeyError, RECORDS, "'nmae'", "'name'", "'email'", **arguments)


def test_all_unknown_columns_are_in_one_message() -> None:
    arguments = {"fields": {"nmae": None, "ctiy": "city"}, "id": "nr", "source": "sys"}
    refused(KeyError, RECORDS, "'nmae'", "'ctiy'", "'nr'", "'sys'", **arguments)


def test_config_of_other_columns_is_refused() -> None:
    config = cm.infer_config([{"telephone": "020 7946 0001"}])
    refused(KeyError, RECORDS, "'telephone'", "'email'", config=config)


def test_model_of_other_fields_is_refused() -> None:
    model = resolved([{"telephone": "020 7946 0001"}]).model
    refused(cm.ModelError, RECORDS, "'telephone'", "'email'", model=model)


@pytest.mark.parametrize("kind", ["town", "", 7, ["city"]])
def test_unknown_kind_is_refused_with_the_known_ones(kind: Any) -> None:
    known = ("'city'", "'email'", "fields['name']")
    refused(cm.InvalidConfigError, RECORDS, *known, fields={"name": kind})


@pytest.mark.parametrize("fields", [["name"], "name", 7])
def test_fields_that_map_nothing_are_refused(fields: Any) -> None:
    refused(cm.InvalidConfigError, RECORDS, "fields must map", fields=fields)


def test_path_in_place_of_a_config_is_refused() -> None:
    refused(cm.InvalidConfigError, RECORDS, "load_config", config="config.toml")


def test_path_in_place_of_a_model_is_refused() -> None:
    refused(cm.ModelError, RECORDS, "load_model", model="model.json")


def test_columns_of_one_name_are_refused() -> None:
    frame = pd.DataFrame([[SENTINEL, 1]], columns=["name", "name"])
    refused(ValueError, frame, "distinct names", "['name']")


# Ids


def test_repeated_ids_are_refused_with_their_rows() -> None:
    records = [*RECORDS, {**RECORDS[1], "name": "Other"}]
    says = ("'key'", "rows 1", "unique")
    refused(cm.DuplicateIdError, records, *says, id="key")


def test_repeated_id_is_not_in_the_message() -> None:
    refused(cm.DuplicateIdError, changed(key=SENTINEL), "rows 0", id="key")


def test_missing_ids_are_refused_with_their_rows() -> None:
    records = [*RECORDS, {**RECORDS[1], "key": " "}, {"name": "Other"}]
    says = ("'key'", "missing in 2 records", "rows 4, 5")
    refused(cm.DuplicateIdError, records, *says, id="key")


def test_ids_repeated_across_sources_are_no_error() -> None:
    result = resolved({"crm": RECORDS, "web": RECORDS}, id="key")
    assert linked(result) == [0, 1, 0, 2, 0, 1, 0, 2]


def test_ids_repeated_within_a_source_are_refused() -> None:
    sources = {"crm": RECORDS, "web": RECORDS + RECORDS[:1]}
    refused(cm.DuplicateIdError, sources, "'key'", "within a source", id="key")


def test_records_without_a_source_are_kept() -> None:
    records = [{**r, "system": s} for r, s in zip(RECORDS, "ab", strict=False)]
    result = resolved([*records, RECORDS[2], RECORDS[3]], source="system")
    assert linked(result) == [0, 1, 0, 2]


# Cells


@pytest.mark.parametrize(
    "missing",
    [
        *(None, math.nan, np.nan, np.float32("nan"), decimal.Decimal("NaN")),
        *(pd.NA, pd.NaT, np.datetime64("NaT"), "", " ", "\t\r\n", "\u3000", [], [None]),
    ],
    ids=repr,
)
def test_every_way_to_say_missing_is_missing(missing: object) -> None:
    records = [{**record} for record in RECORDS]
    records[0]["email"] = missing
    records[1]["email"] = missing
    result = resolved(records)
    assert linked(result)[0] != linked(result)[1]
    assert result.entities[0]["email"] == "zebulon@quux.org"


@pytest.mark.parametrize("library", [pd.DataFrame, pl.DataFrame, pa.table])
def test_gaps_of_dataframes_are_missing(library: Callable[..., object]) -> None:
    columns = {
        "name": [SENTINEL, None, SENTINEL, "Bo Chan"],
        "email": ["zebulon@quux.org", None, None, "bo@chan.org"],
        "birth date": [
            dt.date(1980, 7, 3),
            None,
            dt.date(1980, 7, 3),
            None,
        ],
        "age": [44.0, None, math.nan, None],
    }
    assert linked(resolved(library(columns)))[1] == 1


def test_column_of_mixed_types_is_compared_as_text() -> None:
    cells = (
        *(1, 2.5, True, b"\xff", 10**400, -1j, math.inf, 1e300, np.float32(1), object),
        *(dt.date(2020, 1, 1), dt.time(1), dt.timedelta(1)),
        *([1, "a"], {"a": 1}, {1, "b"}, ("x",), np.array([1, 2]), cm.Kind.EMAIL),
    )
    named = zip(people(len(cells)), cells, strict=True)
    records = [{"email": row["email"], "mixed": cell} for row, cell in named]
    result = resolved(records)
    assert [entity["mixed"] for entity in result.entities] == list(cells)


@pytest.mark.parametrize("kind", cm.Kind)
def test_cell_of_a_megabyte_is_handled(kind: cm.Kind) -> None:
    megabyte = "Zebulon " * 131_072
    records = [*RECORDS, *({"extra": text} for text in (megabyte, megabyte, "Ann"))]
    result = resolved(records, fields={"extra": kind})
    assert len(result.labels) == len(records)


@pytest.mark.parametrize("kind", cm.Kind)
def test_awkward_texts_are_handled_as_any_kind(kind: cm.Kind) -> None:
    records = [{"extra": text, "city": "Leeds"} for text in AWKWARD_TEXTS]
    result = resolved(records, fields={"extra": kind})
    assert len(result.labels) == len(AWKWARD_TEXTS)


def test_awkward_texts_survive_unchanged() -> None:
    records = [{"name": f"Name {i}", "x": x} for i, x in enumerate(AWKWARD_TEXTS)]
    entities = resolved(records, fields={"x": None}).entities
    held = {entity["x"] for entity in entities}
    assert held <= set(AWKWARD_TEXTS)
    assert len(entities) == len(held)


def test_awkward_column_names_are_handled() -> None:
    names = [text for text in AWKWARD_TEXTS if len(text) < 100]
    record = dict.fromkeys(names, SENTINEL)
    result = resolved([record, record])
    assert set(result.entities[0]) >= set(names)


def test_columns_named_as_the_outputs_are_kept() -> None:
    ours = ("entity_id", "n_records", "weight", "left_id", "record_id", "field")
    records = [{**record, **dict.fromkeys(ours, 1)} for record in RECORDS]
    entities = resolved(records).entities
    assert entities[0]["n_records"] == 2
    assert entities[0]["n_records_input"] == 1


# Files


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"name,city\nBo,York\nZebulon Quux\xff,Leeds\n", ("line 3", "UTF-8")),
        ("name,city\nBo,York\nZebulon Quux é,Leeds".encode("latin-1"), ("line 3",)),
        (b"name,city\nBo,York\nZebulon Quux,Leeds,x\n", ("line 3", "3 fields", "2")),
        (b"name,city\nZebulon Quux\nBo,York\n", ("line 2", "1 fields", "2")),
        (b'name,city\nBo,York\n"Zebulon Quux,Leeds\nx,y\n', ("line 3", "never closed")),
        (b"name,name\nZebulon Quux,Leeds\n", ("distinct names", "['name']")),
        ("name,city".encode("utf-16")[2:], ("UTF-16",)),
    ],
)
def test_broken_csv_file_is_refused_with_the_line(
    data: bytes, says: tuple[str, ...], tmp_path: Path
) -> None:
    refused(ValueError, saved(tmp_path / "broken.csv", data), "broken.csv", *says)


def test_csv_file_with_control_characters_keeps_every_record(tmp_path: Path) -> None:
    data = b"name,city\nZebulon\x00Quux,Leeds\n\x1b[2J,\x07\nBo,York\n"
    assert len(resolved(saved(tmp_path / "control.csv", data)).labels) == 3


def test_broken_parquet_file_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "broken.parquet", SENTINEL.encode())
    refused(ValueError, path, "broken.parquet")


@pytest.mark.parametrize("name", ["missing.csv", "missing.parquet", "book.xlsx", "."])
def test_file_that_cannot_be_read_is_refused_by_name(name: str, tmp_path: Path) -> None:
    saved(tmp_path / "book.xlsx", SENTINEL.encode())
    refused(ValueError, tmp_path / name, name.strip("."))


# Sources


def test_sources_without_a_common_column_are_refused_with_their_columns() -> None:
    sources = {"crm": [{"name": SENTINEL}], "web": [{"email": "zebulon@quux.org"}]}
    refused(ValueError, sources, "'web'", "['name']", "['email']", "rename")


def test_source_that_cannot_be_read_is_named() -> None:
    sources = {"crm": RECORDS, "web": "nowhere.csv"}
    refused(ValueError, sources, "source 'web'", "'nowhere.csv'")


# Plug-ins


class Raising:
    """Every plug-in at once, and each raises with a value in its text."""

    name = "raising"
    field = "name"

    def normalize(self, values: object, /) -> Any:
        raise LookupError(SENTINEL)

    def compare(self, left: object, right: object, /) -> Any:
        raise LookupError(SENTINEL)

    def rank(self, table: object, field: object, rows: object, /) -> Any:
        raise LookupError(SENTINEL)

    def keys(self, table: object, /) -> Any:
        raise LookupError(SENTINEL)


@cm.normalizer
def raise_on_value(value: str) -> str:
    raise LookupError(value)


@cm.comparator
def raise_on_pair(left: str, right: str) -> float:
    raise LookupError(left + right)


@cm.blocker("name")
def raise_on_key(value: str) -> str:
    raise LookupError(value)


@cm.survivorship_rule
def raise_on_rank(value: str, record: object) -> float:
    raise LookupError(value)


SPELLED = [
    {"name": f"Zebulon {last}", "email": "zebulon@quux.org"} for last in ("Quux", "Qux")
]


@pytest.mark.parametrize(
    ("plugins", "stage"),
    [
        ({"normalize": raise_on_value}, "normalizer 'raise_on_value'"),
        ({"normalize": Raising()}, "normalizer 'raising'"),
        ({"compare": raise_on_pair}, "comparator 'raise_on_pair'"),
        ({"compare": Raising()}, "comparator 'raising'"),
        ({"survive": raise_on_rank}, "survivorship rule 'raise_on_rank'"),
        ({"survive": Raising()}, "survivorship rule 'raising'"),
    ],
)
def test_raising_plugin_is_named_and_its_text_is_not_shown(
    plugins: dict[str, Any], stage: str
) -> None:
    name = cm.Field("name", **plugins)
    fields = {"name": name, "email": "email"}
    refused(RuntimeError, SPELLED, stage, "LookupError", fields=fields)


@pytest.mark.parametrize("blocker", [raise_on_key, Raising()])
def test_raising_blocker_is_named_and_its_text_is_not_shown(blocker: Any) -> None:
    fields = (cm.Field("name"), cm.Field("email"))
    config = cm.Config(fields, blockers=(blocker,))
    refused(RuntimeError, SPELLED, "blocker", "LookupError", config=config)


class Wrong:
    """A plug-in whose methods return what they are told to."""

    name = "wrong"
    field = "name"

    def __init__(self, result: object) -> None:
        self.result = result

    def normalize(self, values: object, /) -> Any:
        return self.result

    def compare(self, left: object, right: object, /) -> Any:
        return self.result

    def keys(self, table: object, /) -> Any:
        return self.result


@pytest.mark.parametrize("result", [None, 7, [], [7, 7], ["a"], [b"a", b"b"]])
def test_normalizer_that_returns_nonsense_is_named(result: object) -> None:
    fields = {"name": cm.Field("name", normalize=Wrong(result))}
    refused(RuntimeError, SPELLED, "normalizer 'wrong'", "'name'", fields=fields)


@pytest.mark.parametrize("result", [None, [], ["a"], [2], [math.nan], [-1], [1, 1]])
def test_comparator_that_returns_nonsense_is_named(result: object) -> None:
    fields = {"name": cm.Field("name", compare=Wrong(result)), "email": "email"}
    refused(RuntimeError, SPELLED, "comparator 'wrong'", fields=fields)


@pytest.mark.parametrize(
    "result", [None, 7, [], ([0], []), (["a"], ["b"]), ([9], [9]), ([[0]], [[0]])]
)
def test_blocker_that_returns_nonsense_is_named(result: object) -> None:
    config = cm.Config((cm.Field("name"),), blockers=(Wrong(result),))
    refused(RuntimeError, SPELLED, "wrong", config=config)


# Anything

CELLS = st.one_of(
    st.none(),
    st.sampled_from(AWKWARD_TEXTS),
    st.sampled_from([SENTINEL, "Bo Chan", "bo@chan.org", "020 7946 0001"]),
    st.text(max_size=8),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.binary(max_size=4),
    st.lists(st.text(max_size=3), max_size=3),
)
DIRTY = st.lists(
    st.dictionaries(
        st.sampled_from(["name", "email", "phone", "birth date", "city", "notes"]),
        CELLS,
        min_size=1,
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(DIRTY)
def test_dirty_records_are_each_in_one_entity_with_values_of_its_own(
    records: list[dict[str, object]],
) -> None:
    result = resolved(records)
    labels = linked(result)
    assert len(labels) == len(records)
    for entity in result.entities:
        members = [
            r
            for r, at in zip(records, labels, strict=True)
            if at == entity["entity_id"]
        ]
        assert entity["n_records"] == len(members)
        for column in set(entity) - {"entity_id", "n_records"}:
            held = [repr(member.get(column)) for member in members]
            assert repr(entity[column]) in [*held, "None"]


@settings(max_examples=30, deadline=None)
@given(DIRTY, st.randoms(use_true_random=False))
def test_order_of_dirty_records_does_not_matter(
    records: list[dict[str, object]], random: Any
) -> None:
    order = random.sample(range(len(records)), len(records))
    usual = linked(resolved(records))
    shuffled = linked(resolved([records[row] for row in order]))
    partition = {frozenset(rows) for rows in groups(usual)}
    mapped = {frozenset(order[row] for row in rows) for rows in groups(shuffled)}
    assert partition == mapped


def groups(labels: list[int]) -> Iterator[list[int]]:
    for label in set(labels):
        yield [row for row, other in enumerate(labels) if other == label]


@settings(max_examples=30, deadline=None)
@given(DIRTY)
def test_dirty_records_are_never_in_a_warning(records: list[dict[str, object]]) -> None:
    secret = [{**record, "name": SENTINEL} for record in records]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        cm.resolve(secret)
    assert [str(w.message) for w in caught if SENTINEL in str(w.message)] == []
    assert {w.category for w in caught} <= {cm.CustmergeWarning}


def test_wrong_rules_and_unknown_columns_are_told_at_once() -> None:
    records = [{"name": "Ann Lee", "city": "Leeds"}]
    rules: Any = {"nope": cm.longest(), "city": "lngest", "name": 5}
    with pytest.raises(cm.InvalidConfigError) as caught:
        cm.resolve(records, survivorship=rules)
    assert all(word in str(caught.value) for word in ("'nope'", "'lngest'", "'name'"))


def test_arguments_of_rules_that_make_no_sense_are_refused() -> None:
    with pytest.raises(cm.InvalidConfigError, match="list of column names"):
        cm.most_complete(5)  # type: ignore[arg-type]
    with pytest.raises(cm.InvalidConfigError, match="not a int"):
        cm.survivorship_rule(3)  # type: ignore[arg-type]
