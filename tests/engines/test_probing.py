from __future__ import annotations

import copy
import pickle
import random
import warnings
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest

import custmerge as cm


@cm.blocker("family_name", "city")
def family_and_city(family: str, city: str) -> list[str]:
    return [f"{family}|{city}", family]


def _records(n_records: int) -> list[dict[str, Any]]:
    """People of whom many live in one of two towns, in Chinese and English."""
    draw = random.Random(5)  # noqa: S311  no secrets here
    names = [("Ann", "Lee"), ("Anne", "Leigh"), ("小明", "王"), ("晓明", "王")]
    names += [("Bo", "Chan"), ("芳", "李"), ("Robert", "Smith"), ("Bob", "Smyth")]
    rows = []
    for i in range(n_records):
        given, family = draw.choice(names)
        mail = draw.choice([None, f"{given}.{family}@mail.com", f"u{i}@qq.com"])
        rows.append(
            {
                "given_name": given,
                "family_name": draw.choice([family, family, None]),
                "email": mail,
                "city": draw.choice(["Leeds", "上海", None]),
            }
        )
    return rows


def _slow(
    result: cm.Resolution, rows: tuple[int, int]
) -> Iterator[tuple[str, int, int]]:
    """Yield the key, value and number of records of each blocking key of two rows."""
    table, _ = result.probe.prepare()  # type: ignore[attr-defined]
    places = {row: place for place, row in enumerate(result.basis.order.tolist())}
    ends = [places[row] for row in rows]
    for blocker in result.config.plugins:
        named: Any = blocker
        of = getattr(named, "field", None)
        other = getattr(named, "swaps_with", None)
        name = named.name if of is None else f"{of}{f'+{other}' if other else ''}:"
        holders: dict[int, set[int]] = {}
        for row, key in zip(*(x.tolist() for x in blocker.keys(table)), strict=True):
            holders.setdefault(key, set()).add(row)
        for key, held in holders.items():
            if held.issuperset(ends):
                yield name + (named.name if of else ""), key, len(held)


def test_the_shared_keys_of_any_two_records_are_those_of_all_blockers() -> None:
    records = _records(60)
    config = cm.infer_config(records)
    blockers = (*config.blockers, family_and_city)
    values = {name: getattr(config, name) for name in config.__dataclass_fields__}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        config = cm.Config(**{**values, "blockers": blockers})
        result = cm.resolve(records, config=config)
    n_shared = 0
    for pair in combinations(range(0, 60, 3), 2):
        least: dict[str, int] = {}
        for key, _, n_records in _slow(result, pair):
            least[key] = min(n_records, least.get(key, n_records))
        found = result.probe.shared_keys(*pair)
        assert dict(found) == least
        assert [n for _, n in found] == sorted(least.values())
        n_shared += len(least)
    assert n_shared > 100


def test_large_inputs_give_the_same_though_nothing_is_held_for_the_question(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    records = _records(60)
    held = cm.resolve(records)
    monkeypatch.setattr("custmerge.pipeline._LARGE", 1)
    large = cm.resolve(records)
    assert len(pickle.dumps(large.probe)) < len(pickle.dumps(held.probe))
    n_shared = 0
    for pair in combinations(range(0, 60, 3), 2):
        shared = large.probe.shared_keys(*pair)
        assert shared == held.probe.shared_keys(*pair)
        assert large.explain(*pair) == held.explain(*pair)
        n_shared += len(shared)
    assert n_shared > 100


def test_a_result_is_pickled_and_copied_after_it_explained_what_was_not_compared() -> (
    None
):
    result = cm.resolve(_records(40))
    pairs = combinations(range(40), 2)
    pair = next(x for x in pairs if not result.explain(*x).compared)
    for restored in (pickle.loads(pickle.dumps(result)), copy.deepcopy(result)):  # noqa: S301  our own
        assert restored.explain(*pair) == result.explain(*pair)
