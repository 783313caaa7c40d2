from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from tests.strategies import FEW, people

import custmerge as cm
from custmerge.decisions import Link, Pin
from custmerge.merging import merge

NAMES = ["first_name", "last_name", "email", "phone", "address", "city", "birth_date"]


def _rows() -> list[dict[str, object]]:
    """Twenty people, the first twelve once or twice more with slips and gaps."""
    rows = [{"no": f"A{i:02}", **row} for i, row in enumerate(people(20))]
    for i, row in enumerate(rows[:12]):
        rows.append({**row, "no": f"B{i:02}", "phone": None, "city": "York"})
        if i % 2:
            slip = str(row["first_name"])[:-1]
            rows.append({**row, "no": f"C{i:02}", "first_name": slip, "email": None})
    return rows


@cache
def _result() -> cm.Resolution:
    return cm.resolve(_rows(), id="no")


def _same(one: cm.Resolution, other: cm.Resolution) -> bool:
    tables = (one.entities == other.entities, one.lineage == other.lineage)
    arrays = (
        one.labels.tolist() == other.labels.tolist(),
        one.confidence.tolist() == other.confidence.tolist(),
    )
    return all((*tables, *arrays))


def _ids(result: cm.Resolution, entity: int) -> list[str]:
    rows = np.flatnonzero(result.labels == entity).tolist()
    return [str(_rows()[row]["no"]) for row in rows]


def _is_remade_right(result: cm.Resolution) -> bool:
    """Return whether golden records are those of a merge of everything."""
    found = result.survivors
    whole = merge(result.basis.table, result.labels, result.config, found.overrides)
    return (
        whole.rule_names == found.rule_names
        and whole.values == found.values
        and whole.masters.tolist() == found.masters.tolist()
        and all(
            whole.rows[name].tolist() == found.rows[name].tolist()
            and whole.decided[name].tolist() == found.decided[name].tolist()
            for name in whole.rows
        )
    )


# -- Split and merge ----------------------------------------------------------------


def test_split_parts_an_entity_and_leaves_the_others() -> None:
    result = _result()
    assert _ids(result, 1) == ["A01", "B01", "C01"]
    parted = result.split(1, [["B01"]])
    assert parted.n_entities == result.n_entities + 1
    assert parted.entity_of("A01") == parted.entity_of("C01") == 1
    assert parted.entity_of("B01") != 1
    assert parted.entities[parted.entity_of("B01")]["city"] == "York"
    assert parted.entities[1]["n_records"] == 2
    assert _result() is result
    assert result.entity_of("B01") == 1


def test_records_named_in_no_group_stay_together() -> None:
    parted = _result().split(1, [["B01"], ["C01"]])
    parts = {parted.entity_of(no) for no in ("A01", "B01", "C01")}
    assert len(parts) == 3
    named = _result().split(1, [["B01"], ["A01", "C01"]])
    assert _same(named, _result().split(1, [["B01"]]))
    assert named.decisions == _result().split(1, [["B01"]]).decisions


def test_merge_unites_entities_whatever_the_evidence() -> None:
    result = _result()
    merged = result.merge([15, 18, 16])
    assert merged.n_entities == result.n_entities - 2
    assert merged.sizes[15] == 3
    assert merged.entity_of("A19") == 17
    assert repr(merged.decisions) == "Decisions(same 2, different 0, pinned 0, never 0)"


@FEW
@given(st.lists(st.integers(0, 19), min_size=2, max_size=5, unique=True))
def test_split_after_merge_restores_the_result(entities: list[int]) -> None:
    result = _result()
    merged = result.merge(entities)
    assert _is_remade_right(merged)
    groups = [_ids(result, entity) for entity in entities]
    again = merged.split(merged.entity_of(groups[0][0]), groups)
    assert again.labels.tolist() == result.labels.tolist()
    assert again.entities == result.entities
    assert again.lineage == result.lineage


@FEW
@given(st.data())
def test_merge_after_split_restores_the_result(data: st.DataObject) -> None:
    result = _result()
    entity = data.draw(st.sampled_from([1, 3, 5]))
    first = data.draw(st.sampled_from(_ids(result, entity)))
    parted = result.split(entity, [[first]])
    assert _is_remade_right(parted)
    parts = {parted.entity_of(no) for no in _ids(result, entity)}
    again = parted.merge(parts)
    assert again.labels.tolist() == result.labels.tolist()
    assert again.entities == result.entities
    different = [link for link in again.decisions.links if not link.same]
    assert not different


@FEW
@given(st.data())
def test_golden_records_are_those_of_a_merge_of_everything(data: st.DataObject) -> None:
    result = _result()
    for _ in range(3):
        is_split = data.draw(st.booleans())
        shared = np.flatnonzero(result.sizes > 1).tolist()
        if is_split and shared:
            entity = data.draw(st.sampled_from(shared))
            ids = _ids(result, entity)
            size = data.draw(st.integers(1, len(ids) - 1))
            result = result.split(entity, [ids[:size]])
        else:
            last = result.n_entities - 1
            two = st.lists(st.integers(0, last), min_size=2, max_size=3, unique=True)
            result = result.merge(data.draw(two))
        assert _is_remade_right(result)
        assert result.labels.max() + 1 == result.n_entities == len(result.entities)


def test_a_split_of_what_was_merged_takes_the_links_back() -> None:
    merged = _result().merge([15, 16, 17])
    parted = merged.split(15, [["A15", "A16"]])
    assert parted.entity_of("A15") == parted.entity_of("A16") != parted.entity_of("A17")
    assert {tuple(link) for link in parted.decisions.links} == {
        ("A15", "A16", True),
        ("A15", "A17", False),
    }


def test_of_what_people_decide_confidence_is_full() -> None:
    records = [
        {"id": id_, "name": "Maria Lindqvist", "email": "maria@lindqvist.se"}
        for id_ in ("m1", "m2", "m3")
    ]
    records.append({"id": "w1", "name": "王小明", "email": "xm@wang.cn"})
    # m2 and m3 are apart by what follows, not by a decision about the two.
    parted = cm.resolve(records).split(0, [["m3"]])
    assert parted.confidence.tolist() == [1.0] * 4
    again = cm.resolve(records[::-1], decisions=parted.decisions)
    assert again.confidence.tolist() == [1.0] * 4
    # Nobody compared 王小明 with Maria.
    assert parted.merge([1, 2]).confidence.tolist() == [1.0] * 4


@pytest.mark.parametrize(
    ("entity", "groups", "message"),
    [
        (
            99,
            [["A01"]],
            "1 of the entity ids are none of this result's 20, .*entity_of",
        ),
        (-1, [["A01"]], "entity ids are none"),
        ("1", [["A01"]], "entity ids are none"),
        (True, [["A01"]], "entity ids are none"),
        (1, [["A01", "A02"], ["Z"]], r"2 records are not of it \(in the groups 0, 1\)"),
        (1, [["A01"], ["A01"]], "1 records are named more than once"),
        (1, [["Y", "Z"]], r"2 records are not of it \(in the groups 0\)$"),
        (1, [["A01"], []], "a group is empty"),
        (1, [["A01", "B01", "C01"]], "leave it whole"),
        (1, [], "leave it whole"),
        (0, [["A01"], [], ["A01"]], "records are not of it .*; 1 .*; a group is empty"),
    ],
)
def test_splits_that_part_nothing_are_one_clear_error(
    entity: Any, groups: list[list[str]], message: str
) -> None:
    with pytest.raises(cm.InvalidInputError, match=message):
        _result().split(entity, groups)


@pytest.mark.parametrize("entities", [[], [1], [1, 1]])
def test_merging_takes_two_entities(entities: list[int]) -> None:
    with pytest.raises(cm.InvalidInputError, match="two entities or more"):
        _result().merge(entities)
    with pytest.raises(cm.InvalidInputError, match="2 of the entity ids are none"):
        _result().merge([*entities, 20, -1])


# -- Decide -------------------------------------------------------------------------


def test_decided_pairs_go_together_or_apart() -> None:
    answers = [("A15", "A16", True), ("A01", "B01", False), ("B01", "C01", True)]
    decided = _result().decide(answers)
    assert decided.entity_of("A15") == decided.entity_of("A16")
    assert decided.entity_of("A01") != decided.entity_of("B01")
    assert decided.entity_of("B01") == decided.entity_of("C01")
    assert _is_remade_right(decided)
    assert decided.sizes.sum() == len(_rows())


def test_a_review_list_may_come_back_half_done() -> None:
    config = replace(_result().config, review=(1e-9, 0.999999999))
    result = cm.resolve(_rows(), config=config)
    table = pd.DataFrame(result.review).head(3)
    table["same"] = [True, False, None]
    decided = result.decide(table)
    assert len(decided.decisions) == 2
    asked = {(row["left_id"], row["right_id"]) for row in decided.review}
    told = list(zip(table["left_id"], table["right_id"], strict=True))
    assert not asked & set(told[:2])
    assert told[2] in asked


def test_decisions_of_another_run_are_taken_over_and_replace_what_was_decided() -> None:
    result = _result().decide([("A01", "B01", True), ("A02", "B02", False)])
    result = result.pin(result.entity_of("A02"), {"city": "Leeds"})
    link, pin = Link("B01", "A01", same=False), Pin("A02", "city", "Bath")
    later = cm.Decisions((link,), (pin,))
    taken = result.decide(later)
    assert taken.decisions == result.decisions | later
    assert taken.entity_of("A01") != taken.entity_of("B01")
    assert taken.entity_of("A02") != taken.entity_of("B02")
    assert taken.entities[taken.entity_of("A02")]["city"] == "Bath"
    assert _is_remade_right(taken)
    assert _same(taken, cm.resolve(_rows(), id="no", decisions=taken.decisions))


def test_decisions_of_another_run_about_absent_records_are_kept_for_others() -> None:
    links = Link("A01", "gone", same=True), Link("A02", "B02", same=False)
    later = cm.Decisions(links)
    with pytest.warns(cm.CustmergeWarning, match="1 decisions name records"):
        taken = _result().decide(later)
    assert taken.decisions == later
    assert taken.entity_of("A02") != taken.entity_of("B02")
    assert _same(_result().decide(cm.Decisions()), _result())


def test_verdicts_say_what_was_decided_and_what_follows() -> None:
    result = _result()
    merged = result.merge([1, 3])
    inside = merged.labels[result.compared.left] == merged.labels[result.compared.right]
    touched = inside & (merged.labels[result.compared.left] == 1)
    assert (merged.verdicts == touched).all()
    parted = merged.split(1, [["A01"]])
    rows = [str(row["no"]) for row in _rows()]
    left, right = result.compared.left, result.compared.right
    is_parted = np.isin(left, [rows.index("A01")]) | np.isin(right, [rows.index("A01")])
    assert (parted.verdicts[touched] == np.where(is_parted[touched], -1, 1)).all()


def test_later_decisions_on_a_pair_replace_earlier_ones() -> None:
    apart = _result().decide([("A01", "B01", False)])
    again = apart.decide([("B01", "A01", True)])
    assert repr(again.decisions) == "Decisions(same 1, different 0, pinned 0, never 0)"
    assert again.labels.tolist() == _result().labels.tolist()


def test_contradictions_name_the_rows() -> None:
    answers = [("A15", "A16", True), ("A16", "A17", True), ("A15", "A17", False)]
    with pytest.raises(cm.InvalidConfigError, match=r"rows \[15, 16, 17\]"):
        _result().decide(answers)
    merged = _result().merge([15, 16])
    with pytest.raises(cm.InvalidConfigError, match=r"rows \[15, 16\]"):
        cm.resolve(
            _rows(), id="no", decisions=merged.decisions, cannot_link=[("A15", "A16")]
        )


def test_labels_stand_against_corrections() -> None:
    told = cm.resolve(_rows(), id="no", labels=[("A15", "A16", False)])
    with pytest.raises(cm.InvalidConfigError, match="contradict"):
        told.merge([15, 16])


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ([("A01", "Z9", True), ("B01", "A01", "perhaps")], r"\(rows 1\).*\(rows 0\)"),
        ([("A01", "B01", True), ("A01", "A01", True)], r"twice \(rows 1\)"),
        ([("A01", "B01")], "left_id, right_id and same"),
        (7, "answers cannot be read"),
    ],
)
def test_answers_that_fit_no_records_are_one_clear_error(
    answers: object, message: str
) -> None:
    with pytest.raises(cm.InvalidInputError, match=message):
        _result().decide(answers)


def test_no_answers_change_nothing() -> None:
    assert _same(_result().decide([]), _result())


# -- Runs with decisions ----------------------------------------------------------


def _again(result: cm.Resolution, rows: Any) -> cm.Resolution:
    return cm.resolve(
        rows, config=result.config, model=result.model, decisions=result.decisions
    )


def _corrected() -> cm.Resolution:
    result = _result().split(1, [["B01"]])
    result = result.merge([result.entity_of("A15"), result.entity_of("A03")])
    return result.decide([("A05", "B05", False), ("A16", "A17", True)])


def test_a_run_with_the_decisions_gives_the_corrected_result() -> None:
    corrected = _corrected()
    again = _again(corrected, _rows())
    assert again.labels.tolist() == corrected.labels.tolist()
    assert again.entities == corrected.entities
    assert again.decisions == corrected.decisions


def test_decisions_hold_when_records_come_in_another_order_and_with_others() -> None:
    corrected, rows = _corrected(), _rows()
    more = [{"no": f"Z{i}", **row} for i, row in enumerate(people(24)[20:])]
    order = np.random.default_rng(5).permutation(len(rows)).tolist()
    again = _again(corrected, [*more, *(rows[i] for i in order)])
    for one in rows:
        members = {
            str(row["no"])
            for row in rows
            if again.entity_of(row["no"]) == again.entity_of(one["no"])
        }
        entity = corrected.entity_of(one["no"])
        assert members == set(_ids(corrected, entity))


def test_corrections_do_not_depend_on_the_order_of_the_records() -> None:
    rows = _rows()[::-1]
    back = cm.resolve(rows, id="no")
    assert back.entity_of("A01") == back.entity_of("B01")
    one = back.split(back.entity_of("A01"), [["B01"]])
    one = one.merge([one.entity_of("A15"), one.entity_of("A03")])
    one = one.decide([("A05", "B05", False), ("A16", "A17", True)])
    assert one.decisions == _corrected().decisions
    assert one.labels[::-1].tolist() != _corrected().labels.tolist()
    assert _partition(one, rows) == _partition(_corrected(), _rows())


def _partition(
    result: cm.Resolution, rows: Sequence[Mapping[str, object]]
) -> set[frozenset[object]]:
    groups: dict[int, set[object]] = {}
    for row, label in zip(rows, result.labels.tolist(), strict=True):
        groups.setdefault(label, set()).add(row["no"])
    return set(map(frozenset, groups.values()))


def test_decisions_about_records_that_are_gone_are_left_out_with_one_warning() -> None:
    corrected = _corrected()
    rows = [row for row in _rows() if row["no"] not in ("A15", "A16")]
    with pytest.warns(cm.CustmergeWarning, match="decisions name records") as caught:
        again = _again(corrected, rows)
    assert len([one for one in caught if "decisions" in str(one.message)]) == 1
    assert again.decisions == corrected.decisions
    assert again.entity_of("A01") != again.entity_of("B01")


def test_values_pinned_to_columns_that_are_gone_are_left_out() -> None:
    pinned = _result().pin(1, {"city": "Harrogate", "phone": "020 7946 0999"})
    rows = [{k: v for k, v in row.items() if k != "city"} for row in _rows()]
    with pytest.warns(cm.CustmergeWarning, match="1 decisions name records or columns"):
        again = cm.resolve(rows, id="no", decisions=pinned.decisions)
    assert _golden(again, "A01")["phone"] == "020 7946 0999"


def test_decisions_do_not_train_the_model() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        told = cm.resolve(_rows(), id="no", decisions=[("A01", "B01", False)])
    assert told.model == _result().model
    assert told.entity_of("A01") != told.entity_of("B01")


def test_rules_yield_to_decisions() -> None:
    rules = [{"says": "differ", "below": {"first_name": 1.0}}]
    result = cm.resolve(_rows(), id="no", rules=rules)
    assert result.entity_of("C01") != result.entity_of("A01")
    merged = result.merge([result.entity_of("C01"), result.entity_of("A01")])
    assert merged.entity_of("C01") == merged.entity_of("A01") == merged.entity_of("B01")
    parted = merged.split(1, [["C01"]])
    assert parted.labels.tolist() == result.labels.tolist()


# -- Forms and sources ----------------------------------------------------------------


def test_frames_come_back_as_frames() -> None:
    frame = pd.DataFrame(_rows())
    merged = cm.resolve(frame, id="no").merge([15, 16])
    assert isinstance(merged.entities, pd.DataFrame)
    assert merged.entities.to_dict("records")[15]["n_records"] == 2


def test_with_several_sources_records_go_by_source_and_id() -> None:
    crm = [{"id": i, **row} for i, row in enumerate(people(15))]
    shop = [{"id": i, **row} for i, row in enumerate(people(15)[:6])]
    sources = {"crm": crm, "网店": shop}
    result = cm.resolve(sources, id="id")
    assert result.entity_of(("crm", 2)) == result.entity_of(("网店", 2)) == 2
    parted = result.split(2, [[("网店", 2)]])
    assert parted.decisions.links == ((("crm", 2), ("网店", 2), False),)
    merged = parted.decide([(("crm", 7), ("crm", 8), True)])
    again = cm.resolve(
        sources, config=result.config, model=result.model, decisions=merged.decisions
    )
    assert again.labels.tolist() == merged.labels.tolist()
    with pytest.raises(cm.InvalidInputError, match="several records have this id"):
        result.entity_of(2)


def test_a_decision_is_an_exception_from_one_record_per_source() -> None:
    many = [{"id": i, **row} for i, row in enumerate(people(120))]
    with pytest.warns(cm.CustmergeWarning, match="no entity was given two records"):
        result = cm.resolve({"crm": many, "app": many[:80]}, id="id")
    two = [result.entity_of(("crm", i)) for i in (3, 90)]
    merged = result.merge(two)
    assert merged.sizes[two[0]] == 3
    with pytest.warns(cm.CustmergeWarning, match="no entity was given two records"):
        again = cm.resolve(
            {"crm": many, "app": many[:80]}, id="id", decisions=merged.decisions
        )
    assert again.labels.tolist() == merged.labels.tolist()
    strict = cm.resolve(
        {"crm": many, "app": many[:80]},
        config=replace(result.config, one_per_source=True),
    )
    with pytest.raises(cm.InvalidConfigError, match="one_per_source"):
        strict.merge(two)


def test_without_an_id_records_go_by_their_row_numbers() -> None:
    rows = [{name: row[name] for name in NAMES} for row in _rows()]
    result = cm.resolve(rows)
    merged = result.merge([15, 16])
    assert merged.decisions.links == ((15, 16, True),)
    assert merged.entity_of(16) == 15


def test_records_of_two_types_are_one_when_people_say_so() -> None:
    rows = [
        {**row, "type": "person" if i % 2 else "firm"} for i, row in enumerate(_rows())
    ]
    result = cm.resolve(rows, id="no", fields={"type": "record_type"})
    assert result.entity_of("A15") != result.entity_of("A16")
    merged = result.decide([("A15", "A16", True)])
    assert merged.entity_of("A15") == merged.entity_of("A16")
    again = _again(merged, rows)
    assert again.labels.tolist() == merged.labels.tolist()


# -- Pins -----------------------------------------------------------------------------


def _golden(result: cm.Resolution, record: str) -> Any:
    return result.entities[result.entity_of(record)]


def test_pinned_values_win_and_are_shown_as_pinned() -> None:
    result = _result().pin(1, {"city": "Harrogate", "phone": None})
    assert result.entities[1]["city"] == "Harrogate"
    assert result.entities[1]["phone"] is None
    told = [row for row in result.lineage if row["rule"] == "pinned"]
    assert [(row["entity_id"], row["field"]) for row in told] == [
        *((1, "phone"), (1, "city"))
    ]
    others = [row for row in result.entities if row["entity_id"] != 1]
    assert others == [row for row in _result().entities if row["entity_id"] != 1]


def test_values_that_are_never_right_give_way_to_others() -> None:
    before = _result().entities[1]["city"]
    result = _result().never(1, {"city": before})
    assert result.entities[1]["city"] not in (before, None)
    back = result.pin(1, {"city": before})
    assert back.entities[1]["city"] == before
    assert repr(back.decisions) == "Decisions(same 0, different 0, pinned 1, never 0)"


def test_pins_go_with_their_record_and_survive_runs() -> None:
    result = _result().pin(1, {"city": "Harrogate"}).never(3, {"email": "x@y.org"})
    (pin, _) = result.decisions.pins
    parted = result.split(1, [[pin.record]])
    assert _golden(parted, str(pin.record))["city"] == "Harrogate"
    left = next(no for no in ("A01", "B01", "C01") if no != pin.record)
    assert _golden(parted, left)["city"] != "Harrogate"
    again = _again(parted, _rows()[::-1])
    assert _golden(again, str(pin.record))["city"] == "Harrogate"
    assert _golden(again, left)["city"] != "Harrogate"


def test_of_pins_that_contradict_each_other_the_later_one_holds_with_a_warning() -> (
    None
):
    result = _result().pin(15, {"city": "Harrogate"}).pin(16, {"city": "上海"})
    with pytest.warns(cm.CustmergeWarning, match="1 pinned values gave way"):
        merged = result.merge([15, 16])
    assert merged.entities[15]["city"] == "上海"
    with pytest.warns(cm.CustmergeWarning, match="1 pinned values gave way"):
        again = _again(merged, _rows())
    assert again.entities == merged.entities
    settled = merged.pin(15, {"city": "York"})
    assert _again(settled, _rows()).entities[15]["city"] == "York"


@FEW
@given(st.data())
def test_pins_and_partings_together_are_those_of_a_merge_of_everything(
    data: st.DataObject,
) -> None:
    result = _result()
    for _ in range(4):
        entity = data.draw(st.integers(0, result.n_entities - 1))
        value = data.draw(st.sampled_from(["York", "Ulm", "上海"]))
        step = data.draw(st.sampled_from(["pin", "never", "split", "merge"]))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", cm.CustmergeWarning)
            if step == "merge":
                result = result.merge([entity, (entity + 1) % result.n_entities])
            elif step != "split":
                result = getattr(result, step)(entity, {"city": value})
            elif result.sizes[entity] > 1:
                result = result.split(entity, [_ids(result, entity)[:1]])
        assert _is_remade_right(result)


def test_pins_of_what_is_not_there_are_an_error() -> None:
    for told in (_result().pin, _result().never):
        with pytest.raises(
            cm.ColumnNotFoundError, match=r"no golden columns \['town'\]"
        ):
            told(1, {"town": "York", "city": "York"})
        with pytest.raises(cm.InvalidInputError, match="entity ids are none"):
            told(20, {"city": "York"})
    with pytest.raises(cm.InvalidInputError, match=r"none for \['city', 'email'\]"):
        _result().never(1, {"city": None, "email": float("nan"), "phone": "1"})


def test_values_made_of_several_records_are_made_anew() -> None:
    rows = [{**row, "spend": i} for i, row in enumerate(_rows())]
    fields = {"spend": cm.Field("spend", kind="number", survive="total")}
    result = cm.resolve(rows, id="no", fields=fields)
    parted = result.split(1, [["B01"]]).merge([7, 8])
    assert _is_remade_right(parted)
    assert _golden(parted, "B01")["spend"] == [r["no"] for r in rows].index("B01")


def test_sums_keep_the_type_of_their_column_when_some_are_made_anew() -> None:
    for decimal, kind in (("0.5", float), ("8", int)):
        rows = [{**row, "spend": "2"} for row in _rows()]
        rows[-1]["spend"] = decimal
        fields = {"spend": cm.Field("spend", kind="number", survive="total")}
        result = cm.resolve(rows, id="no", fields=fields)
        assert {type(row["spend"]) for row in result.entities} == {kind}
        pinned = result.pin(1, {"spend": 7}).split(1, [["B01"]])
        sums = [row["spend"] for row in pinned.entities]
        assert {type(value) for value in sums if value != 7} == {kind}
        assert {type(value) for value in sums if value == 7} <= {int}


def test_columns_that_rules_add_can_be_pinned() -> None:
    rules = {"emails": cm.collect(of="email")}
    result = cm.resolve(_rows(), id="no", survivorship=rules)
    pinned = result.pin(1, {"emails": ["a@b.org"]})
    assert pinned.entities[1]["emails"] == ["a@b.org"]
    assert _is_remade_right(pinned.split(1, [["B01"]]))
    again = cm.resolve(
        _rows(), config=result.config, model=result.model, decisions=pinned.decisions
    )
    assert again.entities == pinned.entities
