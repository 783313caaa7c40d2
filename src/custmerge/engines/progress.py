"""A bar that shows how far a long run is, where somebody watches."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from time import time
from typing import Any

from custmerge.engines.costs import STAGES, Work, expected_seconds
from custmerge.timings import Clock, StageTiming

__all__ = ["watched"]

_LONG_SECONDS, _LONG_RECORDS = 1.0, 20_000
"""What runs longer, or has more records, is shown."""
_PAIRS_PER_RECORD = 25
"""Candidate pairs expected before blocking has counted them."""
_TICK = 0.5
"""Seconds between two looks at the clock within a stage."""
_NOT_ALL = 0.9
"""Share of a stage that the bar shows at most before the stage has ended."""
_FORMAT = "{desc:<10}{percentage:3.0f}%|{bar}| {elapsed}<{remaining}"


@contextmanager
def watched(progress: bool | None) -> Iterator[Clock]:  # noqa: FBT001  as users say it
    """Yield a clock whose stages a bar shows.

    Args:
        progress: Whether to show it; `None`: where somebody watches (a terminal or a
            notebook) and the run is long.
    """
    if progress is False or (progress is None and not _is_watched()):
        yield Clock()
        return
    bar = _Bar(always=progress is True)
    try:
        yield Clock(bar.tell)
    finally:
        bar.close()


def _is_watched() -> bool:
    in_notebook = "ipykernel" in sys.modules
    return in_notebook or (sys.stderr is not None and sys.stderr.isatty())


@dataclass(slots=True)
class _Bar:
    """The share of the expected seconds that has passed.

    As the run goes on, its own pace takes the place of the expected one. Within a
    stage the bar goes by the clock, and waits short of the stage's end.

    Attributes:
        always: Whether to show short runs too.
    """

    always: bool
    _started: float = field(default_factory=time)
    _ended: float = field(default_factory=time)
    _done: list[str] = field(default_factory=list)
    _work: Work = field(default_factory=lambda: Work(0, 0))
    _shown: Any = None
    _thread: Thread | None = None
    _over: Event = field(default_factory=Event)
    _lock: Lock = field(default_factory=Lock)

    def tell(self, stage: StageTiming) -> None:
        """Note that a stage has ended."""
        with self._lock:
            self._ended = time()
            self._done.append(stage.name)
            if stage.name == "read":
                n_records = stage.records or 0
                self._work = Work(n_records, _PAIRS_PER_RECORD * n_records)
            elif stage.name == "block":
                self._work = self._work._replace(pairs=stage.pairs or 0)
        if self._shown is None and (self.always or self._is_long()):
            self._open()
        self._show()

    def _is_long(self) -> bool:
        return (
            self._work.records > _LONG_RECORDS or time() - self._started > _LONG_SECONDS
        )

    def _open(self) -> None:
        from tqdm.auto import tqdm  # noqa: PLC0415  only where it is shown

        self._shown = tqdm(desc="read", total=1, bar_format=_FORMAT, leave=False)
        self._shown.start_t = self._started
        self._thread = Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.wait(_TICK):
            self._show()

    def _show(self) -> None:
        if self._shown is None:
            return
        with self._lock:
            expected = expected_seconds(self._work)
            done = sum(expected[name] for name in self._done)
            left = [name for name in STAGES if name not in self._done]
            stage = left[0] if left else ""
            pace = done / max(self._ended - self._started, 1e-9)
            inside = (time() - self._ended) * pace
            self._shown.total = max(sum(expected.values()), 1e-9)
            self._shown.n = done + min(inside, _NOT_ALL * expected.get(stage, 0))
            self._shown.set_description_str(stage, refresh=False)
            self._shown.refresh()

    def close(self) -> None:
        """Take the bar away."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()
            self._shown.close()
