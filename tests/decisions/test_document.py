from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from tests.strategies import FEW, dirty_texts, present_texts

import custmerge as cm
from custmerge.decisions import Decisions, Link, Pin, as_decisions


def _of(links: Any = (), pins: Any = ()) -> Decisions:
    return Decisions(links, pins)


def _ids() -> st.SearchStrategy[object]:
    one = st.one_of(present_texts(), st.integers(), st.booleans())
    return st.one_of(one, st.tuples(st.sampled_from(["crm", "网店"]), one))


def _times() -> st.SearchStrategy[dt.datetime]:
    return st.datetimes().map(lambda time: time.replace(fold=0))  # ISO 8601 has none


def _values() -> st.SearchStrategy[object]:
    one = st.one_of(
        *(dirty_texts(), st.integers(), st.booleans(), st.dates(), _times()),
        st.floats(allow_nan=False, allow_infinity=False),
        st.decimals(allow_nan=False, allow_infinity=False),
        *(st.uuids(), st.just(float("inf"))),
    )
    return st.one_of(st.none(), one, st.lists(one, min_size=1, max_size=3))


@st.composite
def _decisions(draw: st.DrawFn) -> Decisions:
    links = draw(st.lists(st.tuples(_ids(), _ids(), st.booleans()), max_size=6))
    fields = st.sampled_from(["city", "城市"])
    pins = draw(st.lists(st.tuples(_ids(), fields, _values()), max_size=6))
    never = draw(st.lists(st.tuples(_ids(), fields, present_texts()), max_size=3))
    told_apart = tuple(x for x in links if str(x[0]) != str(x[1]))
    return _of(told_apart, (*pins, *((*pin, True) for pin in never)))


@FEW
@given(_decisions())
def test_saved_decisions_come_back_with_the_types_of_ids_and_values(
    decisions: Decisions,
) -> None:
    again = Decisions.from_json(decisions.to_json())
    assert again == decisions
    assert repr(again.links) == repr(decisions.links)
    assert repr(again.pins) == repr(decisions.pins)
    assert again.to_json() == decisions.to_json()


def test_saved_decisions_are_readable_json(tmp_path: Path) -> None:
    decisions = _of(
        [(("店", 7), ("店", 8), True)],
        [("K1", "since", dt.date(2024, 5, 1)), ("K1", "mail", "a@b.org", True)],
    )
    path = tmp_path / "decisions.json"
    decisions.save(path)
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "format": "custmerge-decisions",
        "version": 1,
        "links": [[["店", 7], ["店", 8], True]],
        "pins": [
            {"record": "K1", "field": "since", "value": {"$date": "2024-05-01"}},
            {"record": "K1", "field": "mail", "never": "a@b.org"},
        ],
    }
    assert "店" in path.read_text(encoding="utf-8")
    assert cm.load_decisions(path) == decisions


def test_later_decisions_on_a_pair_replace_earlier_ones_in_either_order() -> None:
    first = _of([("A", "B", True), ("A", "C", False)])
    later = _of([("B", "A", False)])
    assert (first | later).links == (
        Link("A", "B", same=False),
        Link("A", "C", same=False),
    )
    assert (later | first).links == (
        Link("A", "B", same=True),
        Link("A", "C", same=False),
    )


def test_the_last_value_pinned_to_a_field_counts_and_every_value_ruled_out() -> None:
    given_ = [
        *((7, "city", "York"), (7, "city", "Leeds"), ("7", "city", "Ulm")),
        *((7, "city", "Bonn", True), (7, "city", "Rome", True), (7, "mail", None)),
    ]
    pins = _of((), given_).pins
    assert pins == (
        Pin("7", "city", "Ulm"),
        Pin(7, "city", "Bonn", never=True),
        Pin(7, "city", "Rome", never=True),
        Pin(7, "mail", None),
    )


def test_repr_counts_and_shows_no_value() -> None:
    links = [(1, 2, True), (1, 3, False), (2, 3, False)]
    decisions = _of(links, [(1, "city", "York"), (1, "mail", "a@b", True)])
    shown = "Decisions(same 1, different 2, pinned 1, never 1)"
    assert repr(decisions) == shown
    assert len(decisions) == 5
    assert not Decisions()


def test_numpy_values_become_those_of_python() -> None:
    decisions = _of([(np.int64(3), np.str_("x"), np.bool_(True))])
    assert list(map(type, decisions.links[0])) == [int, str, bool]
    pins = _of((), [(1, "n", float("nan")), (1, "tags", ("a", "b"))]).pins
    assert [pin.value for pin in pins] == [None, ["a", "b"]]


def test_ids_of_rare_types_are_kept_as_their_text() -> None:
    one = UUID(int=7)
    again = Decisions.from_json(_of([(one, "B", True)]).to_json())
    assert again.links[0].left == str(one)


@pytest.mark.parametrize(
    "wrong",
    [
        *("AB", ("A", "B"), ("A", "B", "perhaps"), ("A", "A", True), (7, "7", True)),
        *((None, "B", True), ("A", "B", None), None, ("A", ("crm", ""), False)),
    ],
)
def test_what_is_no_decision_about_two_records_is_named_by_position(
    wrong: object,
) -> None:
    with pytest.raises(cm.InvalidInputError, match=r"links .*\(positions 1, 2\)"):
        _of([("A", "B", True), wrong, wrong])


@pytest.mark.parametrize(
    "wrong",
    [
        ("A", "city"),
        ("A", 7, "York"),
        (None, "city", "York"),
        ("A", "city", None, True),
        ("A", "city", "York", "yes"),
        "pin",
    ],
)
def test_what_is_no_value_of_a_field_is_named_by_position(wrong: object) -> None:
    with pytest.raises(cm.InvalidInputError, match=r"pins .*\(positions 0\)") as caught:
        _of((), [wrong])
    assert "York" not in str(caught.value)


def test_values_that_json_has_no_place_for_are_refused_by_their_type() -> None:
    with pytest.raises(cm.InvalidInputError, match=r"type complex .* give text"):
        _of((), [(1, "n", 1 + 2j)]).to_json()


_HEAD = '{"format": "custmerge-decisions", "version": 1,'
_BAD_PIN = '{"record": 1, "field": "x", "value": {"$date": "secret"}}'
_NO_TIME = '{"record": 1, "field": "x", "value": {"$datetime": 5}}'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is no JSON"),
        ("[1]", "holds no decisions"),
        ('{"format": "custmerge-model"}', "holds no decisions"),
        ('{"format": "custmerge-decisions", "version": 2}', "format 2; .* reads 1"),
        ('{"format": "custmerge-decisions", "version": 1}', "damaged"),
        (f'{_HEAD} "links": [], "pins": [{_BAD_PIN}]}}', "damaged"),
        (f'{_HEAD} "links": [], "pins": [{_NO_TIME}]}}', "damaged"),
        (f'{_HEAD} "links": [[1]], "pins": []}}', "links are no decisions"),
    ],
)
def test_damaged_documents_are_one_clear_error(
    text: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "d.json"
    path.write_text(text)
    with pytest.raises(cm.InvalidInputError, match=message) as caught:
        cm.load_decisions(path)
    assert "secret" not in str(caught.value)
    with pytest.raises(cm.InvalidInputError, match=message):
        Decisions.from_json(text)


def test_files_that_cannot_be_read_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for name in ("nothing.json", "binary"):
        with pytest.raises(cm.InvalidInputError, match="cannot be read as decisions"):
            cm.load_decisions(tmp_path / name)


def test_decisions_are_taken_in_every_form(tmp_path: Path) -> None:
    triples = [("A", "B", True), ("A", "C", False)]
    decisions = _of(triples)
    decisions.save(tmp_path / "d.json")
    forms: Any = (decisions, triples, iter(triples), tmp_path / "d.json")
    assert all(as_decisions(form) == decisions for form in forms)
    assert as_decisions(str(tmp_path / "d.json")) == decisions
    assert as_decisions(None) == Decisions()
    with pytest.raises(cm.InvalidInputError, match="not a int"):
        as_decisions(7)  # type: ignore[arg-type]


def test_decisions_are_taken_in_the_forms_of_answers(tmp_path: Path) -> None:
    decisions = _of([("A", "B", True), (("crm", "A"), "C", False)])
    columns: dict[str, list[Any]] = {
        "left_id": ["A", "A", "A"],
        "right_id": ["B", "C", "D"],
        "left_source": [None, "crm", None],
        "same": ["yes", "no", None],
    }
    frame = pd.DataFrame(columns)
    frame.to_csv(tmp_path / "review.csv", index=False)
    triples = [("A", "B", 1), (("crm", "A"), "C", 0), ("A", "D", None)]
    rows = frame.to_dict("records")
    forms: Any = (columns, rows, frame, tmp_path / "review.csv", triples)
    assert all(as_decisions(form) == decisions for form in forms)


def test_tables_that_are_no_decisions_are_one_clear_error() -> None:
    with pytest.raises(cm.InvalidInputError, match="decisions must be rows of left_id"):
        as_decisions({"A": ["B"]})
    columns = {"left_id": ["A"], "right_id": ["B"], "same": ["perhaps"]}
    with pytest.raises(cm.InvalidInputError, match=r"true or false \(rows 0\)"):
        as_decisions(columns)


def test_decimals_keep_their_digits() -> None:
    pins = _of((), [(1, "fee", Decimal("1.50"))])
    assert str(Decisions.from_json(pins.to_json()).pins[0].value) == "1.50"


def test_a_save_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    saved = _of([("a", "b", True)])
    target = tmp_path / "decisions.json"
    saved.save(target)
    with pytest.raises(cm.InvalidInputError):
        _of(pins=[("a", "city", object())]).save(target)
    assert cm.load_decisions(target) == saved
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("said", ["是", "相同", "Yes", "ＹＥＳ", "1", "true "])
def test_same_is_said_in_chinese_and_full_width_too(said: str) -> None:
    assert _of([("a", "b", said)]).links[0].same


@pytest.mark.parametrize("said", ["否", "不同", "不是", "N", "０", "FALSE"])
def test_different_is_said_in_chinese_and_full_width_too(said: str) -> None:
    assert not _of([("a", "b", said)]).links[0].same
