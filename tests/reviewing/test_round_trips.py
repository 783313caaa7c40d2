"""One person's answers, given in every way there is: they are the same decisions."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.reviewing.doubtful import doubtful
from tests.reviewing.test_sheets import _filled

import custmerge as cm
from custmerge.reviewing import review_lines, start_review

CRM = [{"编号": "007", "姓名": "王晓明"}, {"编号": "=8", "姓名": "王小明"}]
SHOP = [{"编号": "007", "姓名": "Wang Xiaoming"}, {"编号": "1e5", "姓名": "李芳"}]
FIELDS = {"姓名": "full_name"}
ANSWERS = ("different", "same")


def _resolved(decisions: object = None, *, others: bool = False) -> cm.Resolution:
    """The result, also of a file that has grown and come in another order."""
    crm = [{"编号": "1", "姓名": "赵敏"}, *CRM[::-1]] if others else CRM
    tables = {"网店": SHOP[::-1], "crm": crm} if others else {"crm": crm, "网店": SHOP}
    return doubtful(tables, FIELDS, "编号", decisions)


@cache
def _result() -> cm.Resolution:
    return _resolved()


@cache
def _expected() -> cm.Decisions:
    """The answers about the first pairs of the queue, as Python is told them."""
    session = start_review(_result())
    for answer in ANSWERS:
        session.answer(answer == "same")
    return session.decisions


def _rows_of_answers() -> dict[int, object]:
    """The answer to each asked pair, by its row in the queue."""
    result, asked = _result(), {frozenset(x[:2]): x.same for x in _expected().links}
    pairs = result.compared.take(result.reviewed)
    sides = map(result.basis.names_of, (pairs.left, pairs.right))
    rows = list(map(frozenset, zip(*sides, strict=True)))
    return {rows.index(pair): "是" if same else "no" for pair, same in asked.items()}


def _in_terminal(folder: Path) -> Path:
    session = start_review(_result(), folder / "decisions.json")
    review_lines(session, [*ANSWERS, "q"], lambda text: None)
    return folder / "decisions.json"


def _in_notebook(folder: Path) -> Path:
    pytest.importorskip("anywidget")
    widget = cm.label(_result(), folder / "decisions.json")
    for action in ANSWERS:
        message = {"action": action, "turn": widget.state["turn"]}
        widget._handle_custom_msg(message, [])
    return folder / "decisions.json"


def _in_sheet(ending: str) -> Callable[[Path], Path]:
    def fill(folder: Path) -> Path:
        path = folder / f"queue.{ending}"
        cm.write_review(_result(), path)
        return _filled(path, _rows_of_answers())

    return fill


def _in_python(folder: Path) -> Path:
    _expected().save(folder / "decisions.json")
    return folder / "decisions.json"


def _require_equal(path: Path) -> None:
    assert cm.read_review(path) == _expected()
    for decisions in (path, str(path), cm.read_review(path)):
        assert _resolved(decisions).decisions == _expected()
    again = _resolved(path, others=True)
    assert again.decisions == _expected()
    for left, right, same in _expected().links:
        assert (again.entity_of(left) == again.entity_of(right)) is same
    again.decisions.save(path.with_name("again.json"))
    assert cm.load_decisions(path.with_name("again.json")) == _expected()


@pytest.mark.parametrize(
    "answered",
    [_in_python, _in_terminal, _in_notebook, *map(_in_sheet, ("csv", "xlsx", "json"))],
)
def test_answers_are_the_same_decisions_wherever_they_are_given(
    tmp_path: Path, answered: Callable[[Path], Path]
) -> None:
    path = answered(tmp_path)
    _require_equal(path)
    if path.name == "decisions.json":
        assert cm.load_decisions(path) == _expected()


def test_so_they_are_from_a_report(browser: Any, tmp_path: Path) -> None:
    _result().report(tmp_path / "report.html")
    folder = {"behavior": "allow", "downloadPath": str(tmp_path)}
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", folder)
    browser.get((tmp_path / "report.html").as_uri())
    rows = _rows_of_answers()
    for row in range(max(rows) + 1):
        if row in rows:
            answer = "s" if rows[row] == "是" else "d"
            choose = "document.querySelector(arguments[0]).click()"
            browser.execute_script(f"review.place = {row}; draw()")
            browser.execute_script(choose, f".answer.{answer}")
    browser.execute_script("document.querySelector('#download').click()")
    path, patience = tmp_path / "decisions.json", time.monotonic() + 10
    while not path.exists():
        assert time.monotonic() < patience
        time.sleep(0.05)
    _require_equal(path)
    assert cm.load_decisions(path) == _expected()
