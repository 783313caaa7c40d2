"""Explained pairs: the parts add up, in every kind of result, and say why."""

from __future__ import annotations

import json
import random
import warnings
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest
from sklearn.impute import SimpleImputer
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from tests.strategies import people

import custmerge as cm
from custmerge.explaining import PairExplanation
from custmerge.explaining.values import held_values

Rows = list[dict[str, Any]]
_SURNAMES, _GIVEN = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋"


def _english() -> Rows:
    """People, some entered twice with slips, names exchanged, and copies of some."""
    draw = random.Random(7)  # noqa: S311  no secrets here
    rows: Rows = people(24, seed=3)
    for row in people(24, seed=3)[::2]:
        slip = draw.choice(["last_name", "email", "phone", "city", "birth_date"])
        rows.append({**row, slip: draw.choice([None, str(row[slip])[:-1]])})
    for row in people(24, seed=3)[::6]:
        first, last = row["first_name"], row["last_name"]
        rows.append({**row, "first_name": last, "last_name": first, "phone": None})
    return [*rows, *rows[:10], *[dict(rows[0]) for _ in range(24)]]


def _chinese() -> Rows:
    draw = random.Random(8)  # noqa: S311  no secrets here
    rows: Rows = []
    for i in range(40):
        name = draw.choice(_SURNAMES) + draw.choice(_GIVEN) + draw.choice(_GIVEN)
        phone = f"138{draw.randint(10**7, 10**8 - 1)}"
        row = {"姓名": name, "手机": phone, "邮箱": f"u{i}@qq.com", "城市": "上海"}
        again = {**row, "手机": None, "城市": "上海市"}
        rows += [row, again] if i % 2 else [row]
    return rows


def _labels() -> list[tuple[int, int, bool]]:
    same = [(2 * i, 24 + i, True) for i in range(4)]
    return [*same, *[(i, i + 1, False) for i in range(10, 16)]]


_RULES = cm.Rules(
    (
        cm.Rule("differ", below={"first_name": 0.4}, name="other first name"),
        cm.Rule("match", at_least={"email": 1.0}),
        cm.Rule("match", at_least={"phone": 1.0, "last_name": 0.8}),
    ),
    otherwise="review",
)
_SCORE = cm.WeightedScore({"first_name": 1, "last_name": 2, "email": 3}, threshold=0.7)


def _two_sources() -> cm.Resolution:
    rows = [{"id": i, **row} for i, row in enumerate(_english()[:30])]
    return cm.resolve({"crm": rows[:20], "web": rows[10:]}, id="id")


def _estimator() -> cm.Resolution:
    model = make_pipeline(SimpleImputer(), GaussianNB())
    answers = [(2 * i, 24 + i, True) for i in range(10)]
    apart = [(i, i + 1, False) for i in range(10, 20)]
    return cm.resolve(_english(), model=model, labels=[*answers, *apart])


_MADE: Mapping[str, Callable[[], cm.Resolution]] = {
    "english": lambda: cm.resolve(_english()),
    "chinese": lambda: cm.resolve(_chinese()),
    "sources": _two_sources,
    "rules": lambda: cm.resolve(_english(), model=_RULES),
    "score": lambda: cm.resolve(_english(), model=_SCORE),
    "estimator": _estimator,
    "labels": lambda: cm.resolve(_english(), labels=_labels()),
}
KINDS = pytest.mark.parametrize("kind", list(_MADE))


@cache
def _result(kind: str) -> cm.Resolution:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        return _MADE[kind]()


def _named(row: Mapping[str, Any], side: str) -> object:
    record: object = row[f"{side}_id"]
    return (row[f"{side}_source"], record) if f"{side}_source" in row else record


def _some(rows: Rows, n_rows: int = 15) -> Rows:
    """So many rows, evenly spread."""
    return rows[:: len(rows) // n_rows + 1]


def _total(found: PairExplanation) -> float:
    fields = sum(part.weight for part in found.comparisons)
    return found.prior + fields + sum(part.weight for part in found.adjustments)


@KINDS
def test_the_parts_add_up_to_the_weight_of_each_compared_pair(kind: str) -> None:
    result = _result(kind)
    assert len(result.pairs) > 30
    for row in _some(result.pairs):
        found = result.explain(_named(row, "left"), _named(row, "right"))
        assert found.compared
        assert found.weight == row["weight"]
        assert found.probability == row["probability"]
        assert _total(found) == pytest.approx(row["weight"], abs=1e-9)
        for part in found.comparisons:
            shown = float("nan") if part.similarity is None else part.similarity
            np.testing.assert_equal(shown, row[part.field])


@KINDS
def test_a_probe_weighs_compared_pairs_as_the_run_did(kind: str) -> None:
    result = _result(kind)
    for i in range(0, len(result.compared), len(result.compared) // 15 + 1):
        left, right = int(result.compared.left[i]), int(result.compared.right[i])
        again = result.probe.weigh(left, right)
        assert again.weights[0] == pytest.approx(result.weights[i], abs=1e-9)
        for name, scores in again.vectors.scores.items():
            np.testing.assert_array_equal(scores[0], result.vectors.scores[name][i])
        assert again.verdicts[0] == result.basis.verdicts[i]


@KINDS
def test_swapping_the_records_mirrors_the_explanation(kind: str) -> None:
    result = _result(kind)
    for row in _some(result.pairs, 8):
        ends = _named(row, "left"), _named(row, "right")
        one, other = result.explain(*ends), result.explain(*reversed(ends))
        assert (one.weight, one.left) == (other.weight, other.right)
        assert [part.weight for part in one.comparisons] == [
            part.weight for part in other.comparisons
        ]


@KINDS
def test_a_linked_pair_in_one_entity_says_so(kind: str) -> None:
    result = _result(kind)
    for row in _some(result.pairs):
        found = result.explain(_named(row, "left"), _named(row, "right"))
        entities = [result.entity_of(_named(row, side)) for side in ("left", "right")]
        assert found.same_entity == (entities[0] == entities[1])
        assert ("one entity" in found.outcome) == found.same_entity
        json.dumps(found.to_dict(), allow_nan=False)


@KINDS
def test_the_tree_of_an_entity_spans_its_records_by_pairs_of_the_result(
    kind: str,
) -> None:
    result = _result(kind)
    weights = {
        frozenset([str(row["left_id"]), str(row["right_id"])]): row["weight"]
        for row in result.pairs
    }
    for entity in np.argsort(-result.sizes)[:3].tolist():
        found = result.explain(int(entity))
        assert len(found.records) == result.sizes[entity]
        assert len(found.tree) == len(found.records) - 1
        for link in found.tree:
            ends = frozenset([str(link.left.id), str(link.right.id)])
            if link.weight is not None and len(ends) == 2:
                assert kind == "sources" or link.weight == weights[ends]
        assert {found.entity_id}.isdisjoint(one.entity_id for one in found.held_off)
        json.dumps(found.to_dict(), allow_nan=False)


@KINDS
def test_the_values_shown_as_compared_are_those_of_the_run(kind: str) -> None:
    result = _result(kind)
    probe: Any = result.probe
    table, _ = probe.prepare()  # the run's normalized records
    rows = np.arange(0, len(result.labels), 5)
    held = held_values(result.dataset, result.config, result.contact_values, rows)
    for name in result.config.compared_names:
        column = table[name].take(probe._places[rows])
        for codes, one in zip(column.slots.tolist(), held[name], strict=True):
            values = [column.values[code] for code in codes if code >= 0]
            assert one.compared == tuple(dict.fromkeys(values))


def test_texts_of_explanations_do_not_steer_terminals() -> None:
    rows = [
        {"id": f"\x1b[3{i}m", "name": "Ann\x1b[31m Lee", "email": "ann@lee.org"}
        for i in range(2)
    ]
    result = cm.resolve(rows, id="id")
    for told in (result.explain("\x1b[30m", "\x1b[31m"), result.explain(0)):
        assert "lee" in str(told).casefold()
        assert "\x1b" not in str(told)
