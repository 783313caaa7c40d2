"""What a Chinese name is worth of which only the family's is known."""

from __future__ import annotations

import pytest

import custmerge as cm
from custmerge.comparators import FullName

PEOPLE = [
    *("王晓明", "王芳", "王建华", "王玉兰", "张伟", "张敏", "张桂英", "李娜", "李强"),
    *("刘洋", "刘秀珍", "陈静", "杨帆", "赵铁柱", "黄丽华", "周建国", "吴秀英"),
]
CALLED = {
    "王总": "王晓明",
    "张经理": "张伟",
    "李老师": "李娜",
    "小刘": "刘洋",
    "老陈": "陈静",
    "杨**": "杨帆",
}
"""How others call some of them."""
ALONE = ["王总", "小王", "张先生", "欧阳女士"]


@pytest.fixture(scope="module")
def result() -> cm.Resolution:
    """Twins of all, some called by family name, and family names alone."""

    def record(identifier: str, called: str, name: str) -> dict[str, str]:
        number = f"{PEOPLE.index(name):04d}"
        phone, mail = f"1380000{number}", f"u{number}@qq.com"
        return {"编号": identifier, "姓名": called, "手机": phone, "邮箱": mail}

    records = [record(f"{i}{name}", name, name) for name in PEOPLE for i in (1, 2)]
    records += [record(called, called, name) for called, name in CALLED.items()]
    records += [{"编号": f"{i}", "姓名": name} for i, name in enumerate(ALONE)]
    return cm.resolve(records)


def _entities(result: cm.Resolution) -> dict[str, int]:
    return {row["record_id"]: row["entity_id"] for row in result.assignments}


@pytest.mark.parametrize(("called", "name"), CALLED.items())
def test_family_name_alone_does_not_contradict_the_whole(
    called: str, name: str, result: cm.Resolution
) -> None:
    entities = _entities(result)
    assert entities[called] == entities[f"1{name}"]


def test_family_name_alone_joins_nobody_by_itself(result: cm.Resolution) -> None:
    entities = _entities(result)
    own = [entities[f"{i}"] for i in range(len(ALONE))]
    assert len(set(own)) == len(ALONE)
    assert not {*own} & {entities[f"1{name}"] for name in PEOPLE}


def test_family_name_alone_makes_no_ghost_of_who_can_be_called(
    result: cm.Resolution,
) -> None:
    ghosts = {row["record_id"] for row in result.quality.ghosts}
    assert not ghosts & {*CALLED}


def test_family_name_alone_is_weaker_than_the_whole_and_no_contradiction() -> None:
    compare = FullName().compare
    same, alone, other = compare(["王晓明"] * 3, ["王小明", "王", "张"])
    assert same > alone > 0.45
    assert other == 0.0
