from __future__ import annotations

import numpy as np
import pytest

import custmerge as cm
from custmerge.engines.evidence import Evidence
from custmerge.engines.labelling import Labels
from custmerge.engines.ruling import Ruling
from custmerge.pairs import Pairs
from custmerge.records import Column, RecordTable

BORN = cm.Field("born", "number", compare="exact", levels=(1.0,))
ALL = Pairs.of([0, 0, 1], [1, 2, 2])


def _ruling(column: Column, *rules: cm.Rule, labels: Labels | None = None) -> Ruling:
    table = RecordTable({"born": column}, len(column))
    evidence = Evidence.of(table, (BORN,), np.arange(len(column)))
    return Ruling.of(evidence, rules, labels or Labels())


def test_predicate_is_asked_once_for_each_pair_of_values_equal_ones_too() -> None:
    asked: list[tuple[str, ...]] = []

    def close(left: str, right: str) -> bool:
        asked.append(tuple(sorted((left, right))))
        return left == right

    rule = cm.Rule("match", where={"born": close})
    ruling = _ruling(Column.encode(["1", "1", "2", "2", None]), rule)
    pairs = Pairs.of([0, 0, 0, 1, 1, 2, 0], [1, 2, 3, 2, 3, 3, 4])
    found = ruling.vectors(pairs)
    assert sorted(asked) == [("1", "1"), ("1", "2"), ("2", "2")]
    assert ruling.verdicts(found, pairs).tolist() == [1, 0, 0, 0, 0, 0, 1]
    ruling.vectors(pairs)
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("says", "expected"), [("match", [1, 1, 1]), ("differ", [0, -1, 0])]
)
def test_match_asks_of_any_two_values_and_differ_of_all(
    says: str, expected: list[int]
) -> None:
    several = Column.stack(
        [
            Column.encode(["1990", "1990", "1995"]),
            Column.encode(["1991", "1999", "2000"]),
        ]
    )
    apart = {"name": "numbers_apart", "more_than": 2}
    rule = cm.Rule(says, where={"born": apart})  # type: ignore[arg-type]
    ruling = _ruling(several, rule)
    assert ruling.verdicts(ruling.vectors(ALL), ALL).tolist() == expected


def test_label_overrules_a_rule() -> None:
    labels = Labels(Pairs.of([0], [1]), np.array([False]))
    rule = cm.Rule("match", at_least={"born": 1.0})
    ruling = _ruling(Column.encode(["1", "1", "1"]), rule, labels=labels)
    assert ruling.verdicts(ruling.vectors(ALL), ALL).tolist() == [-1, 1, 1]


def test_predicate_that_raises_is_named_without_its_values() -> None:
    def fails(left: str, right: str) -> bool:
        raise KeyError(left)

    ruling = _ruling(
        Column.encode(["secret", "b"]), cm.Rule("differ", where={"born": fails})
    )
    with pytest.raises(cm.PluginError, match="predicate 'fails'") as caught:
        ruling.vectors(Pairs.of([0], [1]))
    assert "secret" not in str(caught.value)
