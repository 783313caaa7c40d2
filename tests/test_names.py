from __future__ import annotations

import pytest

from custmerge.names import CHINESE_SURNAMES, romanized


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("晓雯", "xiaowen"),
        ("欧阳", "ouyang"),
        # Surnames that are read in a way of their own.
        ("单", "shan"),
        ("曾", "zeng"),
        ("解", "xie"),
        ("仇", "qiu"),
        ("区", "ou"),
        ("朴", "piao"),
        ("查", "zha"),
        ("尉迟", "yuchi"),
        ("万俟", "moqi"),
        # The letter that keyboards lack.
        ("吕", "lu"),
        ("吕", "lv"),
        ("吕", "lyu"),
    ],
)
def test_name_is_written_in_pinyin_as_people_write_it(name: str, spelled: str) -> None:
    assert spelled in romanized(name)


@pytest.mark.parametrize("text", ["", "ann", "ann 王", "田なか", "김민수", "王" * 50])
def test_what_is_no_chinese_name_has_no_pinyin(text: str) -> None:
    assert romanized(text) == frozenset()


def test_every_surname_can_be_read() -> None:
    assert all(romanized(name) for name in CHINESE_SURNAMES)
