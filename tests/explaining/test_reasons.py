"""Explanations of a small file whose every pair is known: what they say, and show."""

from __future__ import annotations

import json
import warnings
from typing import Any

import pytest

import custmerge as cm

RECORDS: list[dict[str, Any]] = [
    {"id": "C1", "name": "Ann Lee", "email": "ann.lee@mail.com", "city": "Leeds"},
    {"id": "C2", "name": "Bo Chan", "email": "bo@chan.org", "city": "York"},
    {"id": "C3", "name": "Lee Ann", "email": "ann.lee@mail.com", "city": "Leeds"},
    {"id": "C4", "name": "王小明", "email": "xm.wang@qq.com", "city": "上海"},
    {"id": "C5", "name": "王小明", "email": "xm.wang@qq.com", "city": "上海市"},
    {"id": "C6", "name": "Dee Fox", "email": "d@fox.net", "city": "<b>Bath"},
]


def _resolve(records: Any = RECORDS, **options: Any) -> cm.Resolution:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        return cm.resolve(records, **options)


@pytest.fixture(name="result", scope="module")
def _result() -> cm.Resolution:
    return _resolve()


def test_values_are_shown_as_stored_and_as_compared(result: cm.Resolution) -> None:
    found = result.explain("C4", "C5")
    city = next(part for part in found.comparisons if part.field == "city")
    assert (city.left, city.right) == ("上海", "上海市")
    assert city.left_compared == city.right_compared
    assert (city.similarity, city.label) == (1.0, "agree")


def test_what_another_column_tells_of_a_field_is_shown_as_compared() -> None:
    numbers = {"身份证": ["11010519491231002X"] * 2, "生日": ["1949-12-31", None]}
    told = {"身份证": "birth_date_of_identifier"}
    birth = cm.Field("生日", kind="birth_date", derived=told)
    result = _resolve(numbers, config=cm.Config((birth,)))
    found = result.explain(0, 1)
    [part] = found.comparisons
    assert (part.right, part.right_compared) == (None, ("1949-12-31",))
    assert str(found).count("1949-12-31") == 2


def test_exchanged_names_say_so(result: cm.Resolution) -> None:
    found = result.explain("C1", "C3")
    labels = {part.field: part.label for part in found.comparisons}
    assert labels["given_name"] == "exchanged with family_name"
    assert labels["family_name"] == "exchanged with given_name"


def test_records_without_a_shared_key_are_weighed_all_the_same(
    result: cm.Resolution,
) -> None:
    found = result.explain("C2", "C4")
    assert not found.compared
    assert found.shared_keys == ()
    assert not found.linked
    assert "no shared blocking key; would have scored" in str(found)


def test_a_key_of_too_many_records_is_named() -> None:
    rows = [
        {"id": i, "name": f"{i * 7919:x}", "city": ["Leeds", "York"][i % 2]}
        for i in range(600)
    ]
    fields = (cm.Field("name"), cm.Field("city"))
    config = cm.Config(fields, id="id", blockers=("city",))
    found = _resolve(rows, config=config).explain(0, 598)
    assert not found.compared
    (key,) = found.shared_keys
    assert (key.key, key.n_records, key.too_large) == ("city:exact", 300, True)
    dropped = "shared key dropped as too common: city:exact (300 records); would have"
    assert dropped in str(found)


def test_copies_that_are_left_out_of_blocks_make_no_key_of_others_less_common() -> None:
    # The copies alone make blocks large enough for the cap of what two keys refine.
    rows = [{"family": "Lee", "city": "Leeds"}] * 1500
    rows += [{"family": "Lee", "city": "York"}] * 3
    rows += [
        {"family": ["Smith", "王"][i % 2], "city": f"City {i:x}"} for i in range(1500)
    ]
    fields = (cm.Field("family"), cm.Field("city"))
    config = cm.Config(fields, blockers=("family", "city"))
    result = _resolve(rows, config=config)
    caps = {report.key: report.cap for report in result.blocking}
    assert caps["family without copies"] > 751 > caps["city:exact"]
    found = result.explain(1503, 1505)
    assert not found.compared
    assert [(x.key, x.n_records, x.too_large) for x in found.shared_keys] == [
        ("family:exact", 750, True)
    ]


def test_copies_of_a_pair_that_was_compared_say_so() -> None:
    rows = [{"family": "Lee", "city": "Leeds"}] * 400
    rows += [{"family": "Lee", "city": "York"}] * 3
    rows += [{"family": "王", "city": f"City {i:x}"} for i in range(400)]
    fields = (cm.Field("family"), cm.Field("city"))
    config = cm.Config(fields, blockers=("family", "city"))
    result = _resolve(rows, config=config)
    ours, theirs = (int(result.basis.originals[row]) for row in (0, 400))
    assert result.explain(ours, theirs).compared
    copy = next(row for row in (0, 1) if row != ours)
    found = result.explain(copy, theirs)
    assert not found.compared
    assert "copies of records that were compared; would have scored" in str(found)


def test_a_rule_that_holds_settles_the_pair_by_name() -> None:
    rule = cm.Rule("differ", at_least={"email": 1.0}, name="shared mailbox")
    result = _resolve(rules=[rule])
    found = result.explain("C1", "C3")
    assert [(one.by, one.says, one.label) for one in found.verdicts] == [
        ("rule", "differ", "shared mailbox")
    ]
    assert found.verdict == "differ"
    assert not found.linked
    assert found.outcome == "kept apart (shared mailbox): entities 0 and 2"
    held = result.explain(0).held_off[0]
    assert (held.entity_id, held.label, held.cut) == (2, "shared mailbox", False)


def test_a_decision_goes_before_the_weight(result: cm.Resolution) -> None:
    changed = result.decide([("C1", "C3", False), ("C2", "C6", True)])
    apart, together = changed.explain("C1", "C3"), changed.explain("C2", "C6")
    assert (apart.verdict, apart.verdicts[0].by) == ("differ", "decision")
    assert together.linked
    assert together.outcome == "decided to be the same, and one entity: 1"
    entity = changed.explain(1)
    assert [(d.left.id, d.right.id, d.same) for d in entity.decisions] == [
        ("C2", "C6", True)
    ]
    assert entity.tree[0].label == "decided to be the same"


def test_what_follows_from_decisions_is_said_of_the_pair_too() -> None:
    result = _resolve(decisions=[("C1", "C2", True), ("C2", "C6", True)])
    assert result.explain("C1", "C6").verdict == "match"


def test_what_was_told_says_how() -> None:
    result = _resolve(
        must_link=[("C1", "C2")],
        cannot_link=[("C4", "C5")],
        labels=[("C2", "C6", True), ("C3", "C4", False)],
    ).decide([("C2", "C5", False)])

    def told(left: str, right: str) -> tuple[str, str]:
        [first, *_] = result.explain(left, right).verdicts
        return first.by, first.label

    assert told("C1", "C2") == ("must_link", "the same by must_link")
    assert told("C4", "C5") == ("cannot_link", "different by cannot_link")
    assert told("C2", "C6") == ("label", "labelled as the same")
    assert told("C3", "C4") == ("label", "labelled as different")
    assert told("C2", "C5") == ("decision", "decided to be different")
    assert told("C1", "C6") == ("told", "the same by several statements together")
    assert told("C6", "C5") == ("told", "different by several statements together")
    tree = result.explain(result.entity_of("C1")).tree
    assert {frozenset((str(x.left), str(x.right))): x.label for x in tree} == {
        frozenset(("C1", "C2")): "the same by must_link",
        frozenset(("C2", "C6")): "labelled as the same",
        frozenset(("C1", "C3")): "evidence",
    }
    held = result.explain(result.entity_of("C4")).held_off
    assert ("C5", "different by cannot_link") in [
        (one.other.id, one.label) for one in held
    ]


def test_two_records_of_one_source_are_kept_apart_by_it() -> None:
    tables = {"crm": RECORDS, "web": [dict(RECORDS[0])]}
    config = cm.infer_config(tables, id="id")
    values = {name: getattr(config, name) for name in config.__dataclass_fields__}
    config = cm.Config(**{**values, "one_per_source": True})
    result = _resolve(tables, config=config)
    found = result.explain(("crm", "C1"), ("crm", "C3"))
    assert found.verdicts[0].by == "one_per_source"
    assert found.left == found.left
    assert (found.left.source, found.left.id) == ("crm", "C1")
    assert result.explain(("crm", "C1"), ("web", "C1")).same_entity


def test_the_weakest_link_parts_the_entity_in_two() -> None:
    rows = [dict(row) for row in RECORDS]
    rows += [{**RECORDS[0], "id": "C7"}, {**RECORDS[0], "id": "C8", "city": None}]
    result = _resolve(rows)
    found = result.explain(result.entity_of("C1"))
    assert len(found.tree) == len(found.records) - 1 == 3
    assert found.weakest is found.tree[-1]
    weights = [link.weight for link in found.tree if link.weight is not None]
    assert weights == sorted(weights, reverse=True)
    assert all(sum(link.parts) == 4 for link in found.tree)


@pytest.mark.parametrize("asked", [("C1", "no"), (99,), (-1,), ("C1", "C1"), ()])
def test_what_is_not_there_is_one_clear_error(
    result: cm.Resolution, asked: tuple[Any, ...]
) -> None:
    with pytest.raises(cm.InvalidInputError) as raised:
        result.explain(*asked)
    assert "Ann" not in str(raised.value)


def test_values_are_escaped_in_html_and_left_out_of_the_repr(
    result: cm.Resolution,
) -> None:
    pair, entity = result.explain("C2", "C6"), result.explain(result.entity_of("C6"))
    for shown in (pair._repr_html_(), entity._repr_html_()):
        assert "<b>" not in shown
        assert "&lt;b&gt;Bath" in shown
        assert "http" not in shown
    for whole in (pair, entity, pair.comparisons):
        assert "Bath" not in repr(whole)


def test_plain_data_goes_through_json(result: cm.Resolution) -> None:
    pair = json.loads(json.dumps(result.explain("C4", "C5").to_dict()))
    assert list(pair)[:2] == ["weight", "probability"]
    assert pair["left"] == {"id": "C4", "source": None, "entity_id": 2}
    assert {"field", "weight", "frequency_weight"} <= set(pair["comparisons"][0])
    entity = json.loads(json.dumps(result.explain(2).to_dict()))
    assert [record["id"] for record in entity["records"]] == ["C4", "C5"]
    assert entity["weakest"] == entity["tree"][-1]


def test_the_page_of_a_result_counts_relations_and_escapes_warnings() -> None:
    home = {"address": "1 Oak Street", "city": "Leeds", "phone": "020 7946 0001"}
    people = [{"first_name": n, "last_name": "Lindqvist"} for n in ("Ann", "Bo", "Ann")]
    result = _resolve([{**person, **home} for person in people])
    page = result._repr_html_()
    assert f"household {len(result.relations)}" in page
    assert page.count("<dt ") == page.count("</dt>") == len(result.summary) + 2
    assert f"{result.diagnostics.precision:.3f}" in page
    assert "precision" not in _resolve(RECORDS[:2])._repr_html_()


def test_no_repr_holds_a_value_of_the_records(result: cm.Resolution) -> None:
    changed = result.pin(0, {"city": "Harrogate"})
    held = [getattr(changed, name) for name in changed.__dataclass_fields__]
    reachable = [changed, *held, changed._table, changed._table["city"]]
    for whole in [*reachable, changed.basis.table, changed.lineage_of(0)]:
        text = repr(whole)
        assert not any(value in text for value in ("Ann", "小明", "bath", "Leeds"))
        assert len(text) < 4_000


def test_masked_explanations_hold_no_name_nor_contact(result: cm.Resolution) -> None:
    masked = result.masked("secret", hide=["id"])
    pair, entity = masked.explain("C4", "C5"), masked.explain(2)
    for found in (pair, entity):
        told = str(found) + json.dumps(found.to_dict(), ensure_ascii=False)
        told += found._repr_html_() + repr(found)
        assert not any(value in told for value in ("王", "小明", "xm.wang", "C4"))
        assert "上海" in told
    assert pair.weight == result.explain("C4", "C5").weight
    tokens = {part.field: part for part in pair.comparisons}
    assert tokens["email"].left == tokens["email"].right


def test_a_link_that_clustering_cut_says_what_outweighed_it() -> None:
    rows = [
        {"id": "A", "name": "Ann Lee", "email": "office@mail.com"},
        {"id": "B", "name": None, "email": "office@mail.com"},
        {"id": "C", "name": "王小明", "email": "office@mail.com"},
    ]
    fields = (cm.Field("name", compare="jaro_winkler"), cm.Field("email", kind="email"))
    model = cm.WeightedScore({"name": 1, "email": 1}, threshold=0.9)
    result = _resolve(rows, config=cm.Config(fields, id="id"), model=model)
    assert result.n_entities == 2
    alone = "C" if result.entity_of("A") == result.entity_of("B") else "A"
    found = result.explain("B", alone)
    assert found.linked
    assert not found.same_entity
    cut = "cut, since of 2 pairs between the two entities 1 speak for one"
    assert cut in found.outcome
    held = result.explain(result.entity_of(alone)).held_off
    assert [(one.other.id, one.cut) for one in held] == [("B", True)]


def test_copies_that_were_not_compared_with_each_other_say_so() -> None:
    rows = [dict(RECORDS[0], id=f"D{i}") for i in range(5)]
    result = _resolve([*RECORDS, *rows])
    found = [
        result.explain(f"D{i}", f"D{j}") for i in range(5) for j in range(i + 1, 5)
    ]
    assert all(one.same_entity for one in found)
    apart = [one for one in found if not one.compared]
    assert all("copies of one record" in one.why_not_compared for one in apart)
    assert {one.weight for one in found} == {found[0].weight}


def test_an_entity_is_explained_without_comparing_anything_anew(
    result: cm.Resolution,
) -> None:
    merged = result.merge([0, 1])
    object.__setattr__(merged, "probe", None)
    tree = merged.explain(0).tree
    assert [link.label for link in tree if link.weight is None] == [
        "decided to be the same"
    ]


def test_the_repr_of_all_that_a_result_tells_is_one_short_line(
    result: cm.Resolution,
) -> None:
    truth = ["a", "b", "a", "c", "c", "d"]
    measured = cm.evaluate(result, truth)
    told = [
        *(result, result.config, result.model, result.diagnostics, result.quality),
        *(result.timings, result.observations, result._related[1], result.decisions),
        *(result.merge_plan(), result.masked("k"), result.lineage_of(0)),
        *(result.explain(0), result.explain("C1", "C3"), result.explain("C1", "C4")),
        *(measured, measured.pairwise, measured.b_cubed, cm.sweep(result)),
        *(cm.compare(result, result.merge([0, 1])), cm.plan(RECORDS)),
        *(*result.config.fields, *result.blocking, *result.contact_values.values()),
    ]
    for one in told:
        assert len(repr(one)) <= 200
        assert "\n" not in repr(one)


def test_numbers_of_a_notebooks_table_stand_right_and_values_left() -> None:
    rows = [{"name": "Ann Lee", "phone": n} for n in ("02079460001", "02079460002")]
    page = _resolve(rows).explain(0, 1)._repr_html_()
    assert "<td style='text-align:left'>02079460002</td>" in page
    assert "<th scope='col' style='text-align:right'>bits</th>" in page


def test_what_stands_for_no_value_is_not_called_missing() -> None:
    records = [
        {"id": f"C{i}", "name": name, "phone": phone, "city": city}
        for i, (name, phone, city) in enumerate(
            [
                ("王晓明", "13800138000", "上海"),
                ("王晓明", "13800138000", None),
                ("李娜", "13900000001", "北京"),
                ("Ann Lee", "13900000002", "北京"),
            ]
        )
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        result = cm.resolve(records, id="id", fields={"phone": "phone"})
    labels = {part.field: part.label for part in result.explain("C0", "C1").comparisons}
    assert (labels["phone"], labels["city"]) == ("no real value", "missing")
