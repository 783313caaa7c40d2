"""`custmerge review` on a real terminal, key by key."""

from __future__ import annotations

import os
import select
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import custmerge as cm
from custmerge.display import text_width
from custmerge.reviewing import ReviewPair, start_review

fcntl = pytest.importorskip("fcntl", reason="there are no such terminals")
termios = pytest.importorskip("termios")

FILE = "examples/customers_zh.csv"
PROMPT = "[q]uit: "
ESCAPE = "\x1b"
PATIENCE = 60
"""Seconds that a slow machine may take for what others do in one."""
UP, CONTROL_C, CONTROL_D = f"{ESCAPE}[A", "\x03", "\x04"
RUN = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from custmerge.cli import main
raise SystemExit(main(["review", *sys.argv[1:]]))
"""
"""As a shell does it: the terminal sends the process what Control-C means."""


@dataclass(slots=True)
class Terminal:
    """A terminal with a review in it."""

    end: int
    running: subprocess.Popen[bytes]
    shown: bytearray = field(default_factory=bytearray)

    def press(self, keys: str) -> str:
        """Press keys, and return what is shown until the next question."""
        start, patience = len(self.shown), time.monotonic() + PATIENCE
        os.write(self.end, keys.encode())
        while PROMPT.encode() not in self.shown[start:]:
            assert self._goes_on(patience), self.shown.decode()
        return self.shown[start:].decode()

    def leave(self, key: str) -> tuple[int, list[str]]:
        """Press a key that ends it; return the exit code, and the last lines."""
        start, patience = len(self.shown), time.monotonic() + PATIENCE
        os.write(self.end, key.encode())
        while self._goes_on(patience):
            pass
        return self.running.wait(), self.shown[start:].decode().splitlines()

    def _goes_on(self, patience: float) -> bool:
        """Take in what is shown meanwhile, and return whether more may come."""
        assert time.monotonic() < patience, self.shown.decode()
        if not select.select([self.end], [], [], 0.05)[0]:
            return self.running.poll() is None
        self.shown += os.read(self.end, 65_536)
        return True


Opened = Callable[[int, Path], Terminal]


@pytest.fixture
def opened() -> Iterator[Opened]:
    """Return what opens a terminal of a width; in the end it must be as it was."""
    mine, theirs = os.openpty()
    before, processes = termios.tcgetattr(theirs), []

    def start(width: int, decisions: Path) -> Terminal:
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 24, width, 0, 0))
        command = [sys.executable, "-c", RUN, FILE, "--decisions", str(decisions)]
        ends = dict.fromkeys(("stdin", "stdout", "stderr"), theirs)
        environment = {**os.environ, "NO_COLOR": "1", "PYTHONUTF8": "1"}
        environment.pop("COLUMNS", None)
        running = subprocess.Popen(  # type: ignore[call-overload]  # noqa: S603
            command, env=environment, start_new_session=True, **ends
        )
        processes.append(running)
        return Terminal(mine, running)

    yield start
    for running in processes:
        running.kill()
        running.wait()
    assert termios.tcgetattr(theirs) == before
    os.close(mine)
    os.close(theirs)


def _pair(decisions: Path) -> ReviewPair:
    pair = start_review(cm.resolve(FILE), decisions).pair
    assert pair is not None
    return pair


def _places(text: str, pair: ReviewPair) -> tuple[set[int], set[int]]:
    """Return the columns of the terminal in which the values of each side begin."""
    lines, places = text.splitlines(), (set[int](), set[int]())
    for cells in pair.columns:
        (line,) = [x for x in lines if x.lstrip("≠ ").split()[:1] == [cells.column]]
        if cells.left:
            after = line.index(cells.column) + len(cells.column)
            places[0].add(text_width(line[: line.index(cells.left, after)]))
        if cells.right:
            places[1].add(text_width(line[: line.rindex(cells.right)]))
    return places


def test_single_keys_are_answers_until_control_c_which_keeps_them(
    opened: Opened, tmp_path: Path
) -> None:
    path = tmp_path / "decisions.json"
    terminal = opened(40, path)
    pair, shown = _pair(path), terminal.press("")
    asked = shown[shown.index("probability") :]
    _, *lines = asked[: asked.index("\r\n\r\n")].splitlines()
    assert max(map(text_width, lines)) <= 40
    assert len(lines) >= 2 * len(pair.columns)
    assert "same\r\n1 same, 0 different, 0 skipped" in terminal.press("s")
    assert "skip\r\n1 same, 0 different, 1 skipped" in terminal.press(" ")
    assert "different\r\n1 same, 1 different, 1 skipped" in terminal.press("否")
    assert "undo\r\n1 same, 0 different, 1 skipped" in terminal.press("u")
    for nothing in ("x", UP, "\r"):
        os.write(terminal.end, nothing.encode())
        assert not select.select([terminal.end], [], [], 0.1)[0]
    told = terminal.press("e")
    assert told.startswith("explain\r\nprior")
    code, lines = terminal.leave(CONTROL_C)
    assert code == 130
    assert lines[-2].startswith("1 same, 0 different, 1 skipped")
    assert lines[-1] == f"1 decisions are kept in {path}"
    assert len(cm.load_decisions(path)) == 1


def test_control_d_ends_the_review_and_chinese_stands_in_columns(
    opened: Opened, tmp_path: Path
) -> None:
    path = tmp_path / "decisions.json"
    terminal = opened(200, path)
    pair = _pair(path)
    shown = terminal.press("")
    assert [len(places) for places in _places(shown, pair)] == [1, 1]
    code, lines = terminal.leave(CONTROL_D)
    assert (code, lines[-1]) == (0, "nothing is decided yet")
    assert not path.exists()
