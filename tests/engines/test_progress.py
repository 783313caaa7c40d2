from __future__ import annotations

import io
import subprocess
import sys
import threading

import pytest

import custmerge as cm
from custmerge.engines import progress as module
from custmerge.engines.costs import STAGES
from custmerge.engines.progress import watched
from custmerge.timings import Clock

RECORDS = [{"name": "Ann Lee", "email": "a@b.org"}] * 3


class Terminal(io.StringIO):
    """Text that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def _terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Return what stands for stderr from now on."""
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    return screen


def _run(clock: Clock, n_records: int) -> None:
    for name in STAGES:
        clock.lap(name, records=n_records, pairs=n_records)


def test_asked_for_it_is_shown_and_taken_away(
    capsys: pytest.CaptureFixture[str],
) -> None:
    cm.resolve(RECORDS, progress=True)
    shown = capsys.readouterr().err
    assert "%|" in shown
    assert shown.endswith("\r")


@pytest.mark.parametrize("progress", [None, False])
def test_without_a_terminal_nothing_is_shown(
    progress: bool | None, capsys: pytest.CaptureFixture[str]
) -> None:
    with watched(progress) as clock:
        _run(clock, 10**6)
    assert capsys.readouterr() == ("", "")


def test_a_terminal_sees_long_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _terminal(monkeypatch)
    with watched(None) as clock:
        _run(clock, 10**6)
    assert "configure" in terminal.getvalue()
    assert "100%" in terminal.getvalue()


def test_a_terminal_sees_no_short_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _terminal(monkeypatch)
    with watched(None) as clock:
        _run(clock, 100)
    assert terminal.getvalue() == ""


def test_few_records_that_take_long_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _terminal(monkeypatch)
    monkeypatch.setattr(module, "_LONG_SECONDS", 0.0)
    with watched(None) as clock:
        _run(clock, 100)
    assert terminal.getvalue()


def test_a_notebook_counts_as_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not module._is_watched()
    monkeypatch.setitem(sys.modules, "ipykernel", module)
    assert module._is_watched()


def test_no_stderr_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    assert not module._is_watched()


def test_the_share_never_falls_and_ends_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _terminal(monkeypatch)
    with watched(True) as clock:
        _run(clock, 1000)
    texts = terminal.getvalue().replace("\r", "\n").split("\n")
    shares = [int(text.split("%|")[0].split()[-1]) for text in texts if "%|" in text]
    assert shares == sorted(shares)
    assert shares[-1] == 100


def test_within_a_stage_the_bar_moves_but_not_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _terminal(monkeypatch)
    now = [0.0]
    monkeypatch.setattr(module, "time", lambda: now[0])
    bar = module._Bar(always=True, _started=0.0, _ended=0.0)
    clock = Clock(bar.tell)
    now[0] = 1.0
    clock.lap("read", records=1000)
    after_read = bar._shown.n
    now[0] = 1.5
    bar._show()
    assert bar._shown.n == pytest.approx(1.5 * after_read)  # at the pace of before
    now[0] = 1000.0
    bar._show()
    configure = STAGES["configure"].of(bar._work)
    assert bar._shown.n == pytest.approx(after_read + 0.9 * configure)
    bar.close()


def test_an_interrupt_passes_through_and_takes_the_bar_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = _terminal(monkeypatch)
    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt), watched(True) as clock:  # noqa: PT012
        clock.lap("read", records=10)
        raise KeyboardInterrupt
    assert terminal.getvalue().endswith("\r")
    assert threading.active_count() <= before + 1  # tqdm keeps a monitor of its own


def test_tqdm_is_imported_only_where_a_bar_is_shown() -> None:
    code = (
        "import sys, custmerge as cm\n"
        "cm.resolve([{'name': 'Ann Lee', 'email': 'a@b.org'}] * 2)\n"
        "print('tqdm' in sys.modules)"
    )
    ran = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "False"
