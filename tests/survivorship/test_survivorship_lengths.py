from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import custmerge as cm
from custmerge.kinds import Kind
from custmerge.records import RecordTable

few = settings(max_examples=60)


def _ranks(texts: list[str], kind: Kind) -> list[float]:
    table = RecordTable.from_columns({"x": texts}, len(texts))
    rule = cm.longest().of_kind(kind, None)
    ranks: list[float] = rule.rank(table, "x", np.arange(len(texts))).tolist()
    return ranks


def _golden(*names: str) -> object:
    """Return the golden name of records from the oldest to the newest."""
    records = [
        {"姓名": name, "手机": "13800002371", "更新时间": f"2024-0{month}-01"}
        for month, name in enumerate(names, 1)
    ]
    result = cm.resolve(records, must_link=[(0, row) for row in range(1, len(names))])
    return result.entities[0]["姓名"]


@pytest.mark.parametrize(
    ("names", "golden"),
    [
        (("王小明", "Wang Xiaoming"), "王小明"),
        (("庄双", "Zhuang Shuang"), "Zhuang Shuang"),  # as long: the newer one
        (("Wang Xiaoming", "王总"), "Wang Xiaoming"),
        (("王小明", "小明"), "王小明"),
        (("歐陽 曉雯女士", "欧阳晓雯"), "欧阳晓雯"),
        (("欧阳晓雯", "欧阳晓雯女士"), "欧阳晓雯女士"),  # the newer one
        (("Jonathan Smith", "J. Smith"), "Jonathan Smith"),
        (("Dr. Ann Lee", "Ann Lee"), "Dr. Ann Lee"),
    ],
)
def test_the_longest_name_is_the_one_that_tells_most(
    names: tuple[str, ...], golden: str
) -> None:
    assert _golden(*names) == golden


def test_only_names_are_measured_as_names() -> None:
    texts = ["北京", "Beijing"]
    assert _ranks(texts, Kind.CITY) == [2.0, 7.0]
    assert _ranks(texts, Kind.FAMILY_NAME) == [12.0, 7.0]


@few
@given(st.lists(st.text("abc.ÄЖ", min_size=1), min_size=1))
def test_names_without_chinese_characters_are_as_long_as_other_texts(
    texts: list[str],
) -> None:
    assert _ranks(texts, Kind.FULL_NAME) == _ranks(texts, Kind.TEXT)


@few
@given(st.text("王小明欧阳晓雯", min_size=1, max_size=8))
def test_traditional_characters_and_width_change_no_length(name: str) -> None:
    traditional = name.translate(str.maketrans("欧阳晓", "歐陽曉"))
    first, second = _ranks([name, f"{traditional}\u3000"], Kind.FULL_NAME)
    assert first == second
