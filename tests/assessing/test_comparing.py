from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from tests.strategies import people

import custmerge as cm
from custmerge.clustering import numbered_groups

NAMES = ["Ann Lee", "Ann Lee", "Bo Chan", "王小明", "王小明"]
ROWS: list[dict[str, Any]] = [
    {"id": f"K{i}", "name": name, "city": city, "email": f"{name[:2]}@mail.org"}
    for i, (name, city) in enumerate(
        zip(NAMES, ["Leeds", None, "York", "北京", "北京市"], strict=True)
    )
]
NINE = cm.resolve(people(9))


def _counts(found: cm.Comparison) -> dict[str, tuple[int, int]]:
    return {
        change.kind: (change.n_before, change.n_after)
        for change in found.changes
        if change.n_before or change.n_after
    }


def test_a_result_is_unchanged_beside_itself() -> None:
    result = cm.resolve(ROWS, id="id")
    found = cm.compare(result, result)
    assert _counts(found) == {"unchanged": (3, 3)}
    assert found.n_changed == {}
    assert found.fields == []
    assert [row["change"] for row in found.entities] == ["unchanged"] * 3


def test_records_are_told_by_id_whatever_their_order() -> None:
    before = cm.resolve(ROWS, id="id")
    after = cm.resolve(ROWS[::-1], id="id")
    assert _counts(cm.compare(before, after)) == {"unchanged": (3, 3)}


def test_splits_and_merges_are_told_with_their_golden_values() -> None:
    before = cm.resolve(ROWS, id="id")
    after = before.split(0, [["K1"]])
    found = cm.compare(before, after)
    assert _counts(found) == {"split": (1, 2), "unchanged": (2, 2)}
    changed = {row["field"]: row for row in found.fields}
    assert (changed["city"]["old"], changed["city"]["new"]) == ("Leeds", None)
    assert (changed["id"]["old"], changed["id"]["new"]) == ("K0", "K1")
    assert changed["city"]["entity_after"] == after.entity_of("K1")
    assert found.n_changed == {"id": 1, "city": 1}
    back = cm.compare(after, before)
    assert _counts(back) == {"merged": (2, 1), "unchanged": (2, 2)}
    assert back.entities[0] == {
        "change": "merged",
        "entity_before": 0,
        "entity_after": 0,
        "n_before": 1,
        "n_after": 2,
        "n_shared": 1,
    }


def test_entities_that_exchange_records_overlap() -> None:
    before, after = (
        replace(NINE, labels=np.asarray([*labels, 2, 3, 4, 5, 6]))
        for labels in ([0, 0, 1, 1], [0, 1, 1, 1])
    )
    counts = _counts(cm.compare(before, after))
    assert counts == {"overlapping": (2, 2), "unchanged": (5, 5)}


def test_records_of_one_result_alone_are_listed() -> None:
    lone = {"id": "K9", "name": "Zoe Poe", "city": "Rome", "email": "z@poe.it"}
    before = cm.resolve(ROWS[1:], id="id")
    after = cm.resolve([*ROWS[:2], *ROWS[3:], lone], id="id")
    found = cm.compare(before, after)
    assert found.n_shared == 3
    assert found.only_before == ("K2",)
    assert found.only_after == ("K0", "K9")
    counts = {"unchanged": (2, 2), "added": (0, 1), "removed": (1, 0)}
    assert _counts(found) == counts
    added = next(row for row in found.entities if row["change"] == "added")
    assert added["entity_before"] is None
    assert added["entity_after"] == after.entity_of("K9")
    assert (added["n_before"], added["n_after"], added["n_shared"]) == (0, 1, 0)


def test_sources_tell_records_of_one_id() -> None:
    tables = {"crm": ROWS[:3], "web": [{**ROWS[0], "name": "Zoe Poe", "email": None}]}
    before = cm.resolve(tables, id="id")
    after = cm.resolve(dict(reversed(tables.items())), id="id")
    found = cm.compare(before, after)
    assert found.n_shared == 4
    assert set(_counts(found)) == {"unchanged"}
    with pytest.raises(cm.InvalidInputError, match="more than one record"):
        cm.compare(before, cm.resolve(ROWS, id="id"))


def test_results_without_ids_are_compared_row_by_row() -> None:
    bare = [{k: v for k, v in row.items() if k != "id"} for row in ROWS]
    before, after = cm.resolve(bare), cm.resolve(bare[:3])
    assert cm.compare(before, after).only_before == (3, 4)
    with pytest.raises(cm.InvalidInputError, match="one has no id"):
        cm.compare(before, cm.resolve(ROWS, id="id"))
    with pytest.raises(cm.InvalidInputError, match="must be a Resolution"):
        cm.compare(before, bare)  # type: ignore[arg-type]


def test_tables_come_in_the_form_of_the_records() -> None:
    frame = pd.DataFrame(ROWS)
    before = cm.resolve(frame, id="id")
    found = cm.compare(before, cm.resolve(frame.iloc[1:], id="id"))
    assert isinstance(found.entities, pd.DataFrame)
    assert found.fields["field"].tolist() == ["id", "city"]


def test_a_comparison_is_shown_and_is_plain_data() -> None:
    before = cm.resolve(ROWS, id="id")
    found = cm.compare(before, before.split(0, [["K1"]]))
    assert repr(found).startswith("Comparison(merged 0 to 0, split 1 to 2")
    assert "records in both" in str(found)
    assert "<table>" in found._repr_html_()
    plain = json.loads(json.dumps(found.to_dict()))
    assert plain["n_changed"] == {"id": 1, "city": 1}


labels = st.lists(st.integers(0, 3), min_size=9, max_size=9)


@settings(max_examples=60, deadline=None)
@given(labels, labels)
def test_what_became_of_entities_is_what_sets_of_records_say(
    old: list[int], new: list[int]
) -> None:
    before, after = (
        replace(NINE, labels=numbered_groups(np.asarray(given))) for given in (old, new)
    )
    found = cm.compare(before, after)
    assert _counts(found) == _by_sets(old, new)
    assert sum(change.n_before for change in found.changes) == before.n_entities
    assert sum(change.n_after for change in found.changes) == after.n_entities
    assert sum(row["n_shared"] for row in found.entities) == 9


def _by_sets(old: list[int], new: list[int]) -> dict[str, tuple[int, int]]:
    """Count the changes by growing each group of overlapping sets of records."""
    sides = [{frozenset(_rows(side, x)) for x in side} for side in (old, new)]
    counts: dict[str, tuple[int, int]] = {}
    while sides[0]:
        reach = set(next(iter(sides[0])))
        while True:
            wider = reach.union(*(s for side in sides for s in side if s & reach))
            if wider == reach:
                break
            reach = wider
        n = [sum(s <= reach for s in side) for side in sides]
        sides = [{s for s in side if not s <= reach} for side in sides]
        kind = {(True, True): "unchanged", (False, True): "merged"}.get(
            (n[0] == 1, n[1] == 1), "split" if n[0] == 1 else "overlapping"
        )
        had = counts.get(kind, (0, 0))
        counts[kind] = (had[0] + n[0], had[1] + n[1])
    return counts


def _rows(side: list[int], label: int) -> list[int]:
    return [row for row, other in enumerate(side) if other == label]
