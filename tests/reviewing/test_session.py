"""One pair after the other: in a session, in a terminal, in a notebook."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from tests.reviewing.doubtful import doubtful
from tests.strategies import FEW

import custmerge as cm
from custmerge.cli import main
from custmerge.decisions import Link, Pin
from custmerge.display import text_width
from custmerge.explaining.showing import bits
from custmerge.reviewing import ReviewSession, review_lines, start_review

FILE = "examples/customers.csv"
ESCAPE = "\x1b"


@cache
def _result() -> cm.Resolution:
    return cm.resolve(FILE)


def _typed(session: ReviewSession, typed: Iterable[str], **how: Any) -> str:
    """What a terminal shows to someone who types these lines."""
    shown: list[str] = []
    review_lines(session, [f"{line}\n" for line in typed], shown.append, **how)
    return "".join(shown)


def _names(session: ReviewSession) -> tuple[object, object]:
    pair = session.pair
    assert pair is not None
    return pair.left, pair.right


# -- The session ----------------------------------------------------------------------


def test_pairs_come_in_the_order_of_the_review_with_what_their_records_hold() -> None:
    session, first = start_review(_result()), _result().review[0]
    pair = session.pair
    assert pair is not None
    assert isinstance(pair.left, tuple)
    assert isinstance(pair.right, tuple)
    assert (pair.left[1], pair.right[1]) == (first["left_id"], first["right_id"])
    assert pair.weight == first["weight"]
    assert pair.probability == first["probability"]
    assert pair.reason == first["reason"]
    assert all(cells.left or cells.right for cells in pair.columns)


def test_each_answer_is_kept_at_once_and_the_next_session_goes_on(
    tmp_path: Path,
) -> None:
    path = tmp_path / "decisions.json"
    session = start_review(_result(), path)
    first = _names(session)
    session.answer(True)
    assert cm.load_decisions(path) == session.decisions
    assert len(session.decisions) == 1
    # Spot checks are drawn anew, by what is left.
    while session.pair is not None and session.pair.reason.startswith("spot check"):
        session.answer(None)
    second = _names(session)
    assert second != first
    again = start_review(_result(), path)
    while _names(again) != second:
        assert _names(again) != first
        again.answer(None)
    again.answer(False)
    assert len(cm.load_decisions(path)) == 2
    for told in (cm.resolve(FILE, decisions=path), again.result):
        assert told.entity_of(first[0]) == told.entity_of(first[1])
        assert told.entity_of(second[0]) != told.entity_of(second[1])


def test_what_other_runs_decided_stays_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "decisions.json"
    record = _names(start_review(_result()))[0]
    cm.Decisions(
        (Link("gone", "lost", same=True),), (Pin(record, "city", "York"),)
    ).save(path)
    session = start_review(_result(), path)
    session.answer(False)
    kept = cm.load_decisions(path)
    assert (len(kept.links), len(kept.pins)) == (2, 1)


def test_changes_count_answers_and_entities() -> None:
    session = start_review(_result(), n=8)
    n_before = session.result.n_entities
    apart = [_names(session)]
    while session.pair is not None:
        one, other = _names(session)
        together = session.result.entity_of(one) == session.result.entity_of(other)
        apart.append((one, other))
        session.answer(not together)  # so that each answer changes something
    changes = session.changes
    assert changes.n_same + changes.n_different <= 8
    assert changes.n_left == 0
    assert changes.n_merged > 0
    assert changes.n_split > 0
    assert session.result.n_entities != n_before
    before, after = session.start.labels, session.result.labels
    merged = [len(set(before[after == entity])) > 1 for entity in set(after)]
    split = [len(set(after[before == entity])) > 1 for entity in set(before)]
    assert (changes.n_merged, changes.n_split) == (sum(merged), sum(split))


@given(st.lists(st.sampled_from(["same", "different", "skip", "undo"]), max_size=12))
@settings(FEW, max_examples=10)
def test_undo_leaves_what_would_be_there_without_the_answer(steps: list[str]) -> None:
    answers = {"same": True, "different": False, "skip": None}
    session = start_review(_result(), n=5)
    kept: list[bool | None] = []
    for step in steps:
        if step == "undo":
            assert session.undo() == bool(kept)
            kept = kept[:-1]
        elif session.pair is not None:
            session.answer(answers[step])
            kept.append(answers[step])
    plain = start_review(_result(), n=5)
    for answer in kept:
        plain.answer(answer)
    assert session.decisions == plain.decisions
    assert session.changes == plain.changes
    assert session.pair == plain.pair
    assert np.array_equal(session.result.labels, plain.result.labels)


def test_pairs_that_follow_from_answers_are_not_asked_about() -> None:
    session = start_review(_result())
    asked: list[tuple[object, object]] = []
    group: dict[object, object] = {}

    def root(record: object) -> object:
        while record in group:
            record = group[record]
        return record

    while session.pair is not None:
        one, other = _names(session)
        assert root(one) != root(other)
        group[root(one)] = root(other)
        asked.append((one, other))
        session.answer(True)
    assert len(asked) < len(session.queue)


def test_an_answer_that_labels_contradict_changes_nothing(tmp_path: Path) -> None:
    rows = [{"no": no, "name": f"Ann {no}"} for no in ("Aa", "Bb", "Cc")]
    result = doubtful(rows, {"name": "text"}, "no", cannot_link=[("Aa", "Cc")])
    session = start_review(result, tmp_path / "d.json")
    session.answer(True)
    kept, pair = session.decisions, session.pair
    assert pair is not None
    with pytest.raises(cm.InvalidConfigError):
        session.answer(True)
    assert (session.decisions, session.pair) == (kept, pair)
    assert cm.load_decisions(tmp_path / "d.json") == kept
    assert "not taken" in _typed(session, ["s", "q"])


def test_a_file_that_cannot_be_written_leaves_the_session_as_it_was(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    session = start_review(_result(), folder / "d.json", n=2)
    folder.rmdir()
    first = session.pair
    shown = _typed(session, ["s"])
    assert "not taken" in shown
    assert f"'{folder / 'd.json'}'" in shown
    assert session.pair == first
    assert len(session.decisions) == 0


def test_sessions_that_cannot_begin_are_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(cm.InvalidInputError, match="n must be"):
        start_review(_result(), n=0)
    with pytest.raises(cm.InvalidInputError, match="result must be"):
        start_review([])  # type: ignore[arg-type]
    with pytest.raises(cm.InvalidInputError, match="path must be the path of a file"):
        start_review(_result(), 7)  # type: ignore[arg-type]
    with pytest.raises(
        cm.InvalidInputError, match=r"folder of .*d\.json does not exist"
    ):
        start_review(_result(), tmp_path / "no" / "d.json")
    (tmp_path / "d.json").write_text("[]")
    with pytest.raises(cm.InvalidInputError, match="holds no decisions"):
        start_review(_result(), tmp_path / "d.json")
    session = start_review(_result(), n=1)
    session.answer(None)
    with pytest.raises(cm.InvalidInputError, match="is done"):
        session.answer(True)


# -- The terminal ---------------------------------------------------------------------


def test_lines_are_answers_and_commands() -> None:
    session = start_review(_result(), n=5)
    shown = _typed(session, ["s", "nonsense", "NO", "k", "是", "u", "q", "s"])
    assert session.changes[:4] == (1, 1, 1, 2)
    assert shown.count("[q]uit: ") == 7


def test_the_terminal_shows_both_records_and_marks_what_differs() -> None:
    session = start_review(_result())
    pair = session.pair
    assert pair is not None
    shown = _typed(session, ["q"])
    lines = {line.split()[-1]: line for line in shown.splitlines() if line.strip()}
    assert lines
    for cells in pair.columns:
        (line,) = [x for x in shown.splitlines() if f" {cells.column} " in x]
        assert line.startswith("≠") == cells.differ
        assert all(text in line for text in (cells.left, cells.right) if text)
    assert ESCAPE not in shown
    plain = "\n".join(line.strip() for line in shown.splitlines())
    coloured = _typed(session, ["q"], colour=True)
    assert coloured.count(ESCAPE) == 2 * sum(cells.differ for cells in pair.columns)
    assert "probability" in plain


@pytest.mark.parametrize("width", [30, 60])
def test_in_a_narrow_terminal_values_stand_below_each_other(width: int) -> None:
    session = start_review(cm.resolve("examples/customers_zh.csv"))
    pair = session.pair
    assert pair is not None
    _, *lines = _typed(session, ["q"], width=width).split("\n\n")[0].splitlines()
    assert max(map(text_width, lines)) <= width
    indent = len(lines[0]) - len(lines[0].lstrip())
    # A value that is too long goes on two columns further in.
    joined = "\n".join([*lines, ""]).replace("\n" + " " * (indent + 2), "")
    for cells in pair.columns:
        first, second = cells.left or "–", cells.right or "–"
        assert f" {first}\n{' ' * indent}{second}\n" in joined


def test_the_explanation_is_shown_on_demand_a_sign_for_each_bit() -> None:
    session = start_review(_result())
    explained = session.explain()
    assert explained is not None
    shown = [line.split() for line in _typed(session, ["?"]).splitlines()]
    assert ["weight", bits(explained.weight)] in [words[:2] for words in shown]
    for one in explained.comparisons:
        found = [words for words in shown if words[:1] == [one.field]]
        weights = [words for words in found if words[1:2] == [bits(one.weight)]]
        if bits(one.weight) == bits(0):
            continue
        (told,) = weights
        sign = "+" if one.weight > 0 else "-"
        assert f" {one.label}" in " ".join(["", *told[2:]])
        assert told[2].startswith(sign) or abs(one.weight) < 0.5
    assert session.pair is not None
    assert explained.weight == pytest.approx(session.pair.weight)


def test_there_is_an_end_and_nothing_to_undo_at_the_beginning() -> None:
    session = start_review(_result(), n=1)
    shown = _typed(session, ["u", "k", "s"])
    assert "there is nothing to undo" in shown
    assert shown.endswith("no pair is left to ask about\n")
    assert session.pair is None
    assert session.explain() is None


def test_values_cannot_steer_the_terminal() -> None:
    evil = f"Leeds{ESCAPE}[2J\x9b1m\u202e\r\n"
    rows = [
        {"no": 1, "name": "Ann Lee", "city": evil},
        {"no": 2, "name": "Anne Lee", "city": "York"},
    ]
    session = start_review(doubtful(rows, {"name": "text"}, "no"))
    shown = _typed(session, ["q"])
    assert "Leeds" in shown
    assert {ESCAPE, "\x9b", "\u202e", "\r"}.isdisjoint(shown)


# -- The command ----------------------------------------------------------------------


def test_the_command_keeps_answers_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "decisions.json"
    for n_decided, typed in ((2, "s\n否\n"), (3, "y\nq\n")):
        monkeypatch.setattr("sys.stdin", StringIO(typed))
        assert main(["review", FILE, "--decisions", str(path), "--n", "4"]) == 0
        shown = capsys.readouterr()
        assert shown.err == ""
        assert ESCAPE not in shown.out
        assert shown.out.splitlines()[-1].endswith(f"in {path}")
        assert len(cm.load_decisions(path)) == n_decided


@pytest.mark.parametrize("no_color", ["", "1"])
def test_colour_is_for_terminals_whose_owner_wants_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_color: str
) -> None:
    shown = StringIO()
    monkeypatch.setattr(shown, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdout", shown)
    monkeypatch.setattr("sys.stdin", StringIO("k\n" * 5))
    monkeypatch.setenv("NO_COLOR", no_color)
    path = tmp_path / "decisions.json"
    assert main(["review", FILE, "--decisions", str(path), "--n", "5"]) == 0
    assert (ESCAPE in shown.getvalue()) == (not no_color)
    assert not path.exists()


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGINT to send")
def test_an_interrupted_command_keeps_what_was_answered(tmp_path: Path) -> None:
    path = tmp_path / "decisions.json"
    command = [sys.executable, "-m", "custmerge", "review", FILE]
    command += ["--decisions", str(path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes) as running:  # type: ignore[call-overload]  # noqa: S603
        running.stdin.write(b"s\n")
        running.stdin.flush()
        while not path.exists():
            assert running.poll() is None
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        shown = running.stdout.read().decode()
    assert running.returncode == 130
    assert "1 same, 0 different" in shown
    assert len(cm.load_decisions(path)) == 1


@pytest.mark.parametrize("late", [False, True])
def test_what_the_file_holds_counts_however_an_answer_is_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, late: bool
) -> None:
    session = start_review(_result(), tmp_path / "decisions.json", n=3)
    save = cm.Decisions.save

    def interrupted(decisions: cm.Decisions, path: Path) -> None:
        if late:
            save(decisions, path)
        signal.raise_signal(signal.SIGINT)
        if not late:
            save(decisions, path)

    monkeypatch.setattr(cm.Decisions, "save", interrupted)
    with pytest.raises(KeyboardInterrupt):
        _typed(session, "sd")
    assert session.changes[:4] == (1, 0, 0, 2)
    assert cm.load_decisions(tmp_path / "decisions.json") == session.decisions
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_those_who_handle_interruptions_themselves_go_on_doing_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = start_review(_result(), tmp_path / "decisions.json", n=3)
    seen: list[int] = []
    save = cm.Decisions.save

    def interrupted(decisions: cm.Decisions, path: Path) -> None:
        signal.raise_signal(signal.SIGINT)
        assert seen
        save(decisions, path)

    monkeypatch.setattr(cm.Decisions, "save", interrupted)
    before = signal.signal(signal.SIGINT, lambda number, _: seen.append(number))
    try:
        _typed(session, "s")
    finally:
        signal.signal(signal.SIGINT, before)
    assert seen == [signal.SIGINT]
    with ThreadPoolExecutor(1) as elsewhere:  # where no signals can be handled
        monkeypatch.setattr(cm.Decisions, "save", save)
        elsewhere.submit(_typed, session, "d").result()
    assert session.changes[:2] == (1, 1)


# -- The notebook ---------------------------------------------------------------------


def test_the_widget_shows_the_pair_and_takes_what_the_keys_send(
    tmp_path: Path,
) -> None:
    pytest.importorskip("anywidget")
    path = tmp_path / "decisions.json"
    widget = cm.label(_result(), path, n=3)
    assert repr(widget).startswith("Labeller(0 same, 0 different, 0 skipped, 3 left")
    shown = widget.state["pair"]
    assert json.loads(json.dumps(widget.state)) == widget.state
    pair = widget.session.pair
    for (column, differ, left, right), cells in zip(
        shown["rows"], pair.columns, strict=True
    ):
        assert (column, differ) == (cells.column, cells.differ)
        assert "".join(text for text, _ in left) == (cells.left or "")
        assert "".join(text for text, _ in right) == (cells.right or "")
    for action in ("same", "skip", "undo", "different", "nonsense", "skip"):
        message = {"action": action, "turn": widget.state["turn"]}
        widget._handle_custom_msg(message, [])
    assert widget.state["pair"] is None
    assert widget.state["changes"] == str(widget.session.changes)
    assert widget.session.changes[:4] == (1, 1, 1, 0)
    assert cm.load_decisions(path) == widget.session.decisions


def test_a_labeller_without_anywidget_is_one_clear_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(cm.MissingDependencyError, match=r"custmerge\[notebook\]"):
        cm.label(_result())
