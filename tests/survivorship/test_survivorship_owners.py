from __future__ import annotations

import numpy as np
import pytest

from custmerge.records import RecordTable
from custmerge.survivorship import assigned, owner_rule, survive


def _owner(reps: list[str | None], made: list[str], created_at: str | None) -> object:
    table = RecordTable.from_columns({"rep": reps, "made": made}, len(reps))
    rules = {"rep": owner_rule(created_at)}
    survivors = survive(table, np.zeros(len(reps), np.int64), rules)
    return survivors.golden(table)["rep"].decode()[0]


def test_who_was_first_keeps_the_customer() -> None:
    assert _owner(["李娜", "张伟"], ["2024-02-01", "2023-07-15"], "made") == "张伟"


@pytest.mark.parametrize(
    "nobody", ["公海", "未分配", " Unassigned ", "ＱＵＥＵＥ", "-"]
)
def test_nobody_owns_only_what_nobody_else_does(nobody: str) -> None:
    assert _owner([nobody, "张伟"], ["2020-01-01", "2023-07-15"], "made") == "张伟"
    assert _owner([nobody, None], ["2020-01-01", "2023-07-15"], "made") == nobody


def test_owners_names_count_as_somebody() -> None:
    table = RecordTable.from_columns({"rep": ["Null, Ann", "高海", "0058d00"]}, 3)
    assert assigned().rank(table, "rep", np.arange(3)).tolist() == [1, 1, 1]
