"""Where the time went, stage by stage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from time import perf_counter, process_time
from typing import Any

from custmerge.display import aligned, html_table, show_duration, show_size
from custmerge.memory import give_back, peak_memory

__all__ = ["Clock", "StageTiming", "Timings"]

_LARGE = 2**29
"""Bytes of a process above which memory that was freed is given back."""


@dataclass(frozen=True, slots=True)
class StageTiming:
    """What one stage took.

    Attributes:
        name: The stage.
        seconds: How long it took.
        cpu_seconds: How long processors worked on it, all threads together; less than
            `seconds` where others had the machine too.
        records: Records that it read; `None` where it went by pairs.
        pairs: Pairs of records that it worked on or made.
        values: Distinct values that it worked on.
        value_pairs: Pairs of values that it compared.
        peak_bytes: The most memory that the process had held by its end; `None` where
            the system does not tell.
    """

    name: str
    seconds: float
    cpu_seconds: float = 0.0
    records: int | None = None
    pairs: int | None = None
    values: int | None = None
    value_pairs: int | None = None
    peak_bytes: int | None = None

    @property
    def _cells(self) -> tuple[str, ...]:
        counts = (self.records, self.pairs, self.values, self.value_pairs)
        return (
            self.name,
            f"{self.seconds:.3f}",
            f"{self.cpu_seconds:.3f}",
            *("" if count is None else f"{count:,}" for count in counts),
            "" if self.peak_bytes is None else show_size(self.peak_bytes),
        )


_HEADER = (
    "stage",
    "seconds",
    "cpu",
    "records",
    "pairs",
    "values",
    "value pairs",
    "peak",
)


@dataclass(frozen=True, slots=True)
class Timings:
    """What each stage of a run took, in the order in which they ran.

    Attributes:
        stages: The stages.

    Examples:
        >>> import custmerge as cm
        >>> records = [{"name": "Ann Lee"}, {"name": "Bo Chan"}, {"name": "Ann Lee"}]
        >>> timings = cm.resolve(records).timings
        >>> [stage.name for stage in timings][:4]
        ['read', 'configure', 'normalize', 'contacts']
        >>> timings.seconds == sum(stage.seconds for stage in timings)
        True
    """

    stages: tuple[StageTiming, ...]

    def __iter__(self) -> Iterator[StageTiming]:
        return iter(self.stages)

    def __len__(self) -> int:
        return len(self.stages)

    @property
    def seconds(self) -> float:
        """How long all stages took."""
        return sum(stage.seconds for stage in self.stages)

    @property
    def cpu_seconds(self) -> float:
        """How long processors worked on all stages."""
        return sum(stage.cpu_seconds for stage in self.stages)

    @property
    def peak_bytes(self) -> int | None:
        """The most memory that the process had held by the end."""
        return self.stages[-1].peak_bytes if self.stages else None

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain dicts and lists, such as JSON takes."""
        return {
            "stages": [asdict(stage) for stage in self.stages],
            "seconds": self.seconds,
            "cpu_seconds": self.cpu_seconds,
            "peak_bytes": self.peak_bytes,
        }

    @property
    def _rows(self) -> list[tuple[str, ...]]:
        total = StageTiming(
            "total", self.seconds, self.cpu_seconds, peak_bytes=self.peak_bytes
        )
        return [stage._cells for stage in (*self.stages, total)]

    def __repr__(self) -> str:
        peak = "" if self.peak_bytes is None else f", peak {show_size(self.peak_bytes)}"
        seconds = show_duration(self.seconds)
        return f"Timings({len(self.stages)} stages, {seconds}{peak})"

    def __str__(self) -> str:
        return "\n".join(aligned([_HEADER, *self._rows]))

    def _repr_html_(self) -> str:
        return html_table(_HEADER, self._rows)


def _silent(_: StageTiming) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Clock:
    """A stopwatch that notes at the end of each stage what it took.

    Attributes:
        tell: Is told of each stage when it ends.

    Examples:
        >>> clock = Clock()
        >>> clock.lap("read", records=3)
        >>> [(stage.name, stage.records) for stage in clock.timings]
        [('read', 3)]
    """

    tell: Callable[[StageTiming], None] = _silent
    _stages: list[StageTiming] = field(default_factory=list)
    _since: float = field(default_factory=perf_counter)
    _cpu_since: float = field(default_factory=process_time)

    def lap(self, name: str, **counts: int) -> None:
        """Note that a stage ended now, which began where the one before ended.

        What a large stage freed goes back to the system, for the next to have.

        Args:
            name: The stage.
            counts: Of `records`, `pairs`, `values` and `value_pairs` what applies.
        """
        now, cpu = perf_counter(), process_time()
        stage = StageTiming(
            name,
            now - self._since,
            cpu - self._cpu_since,
            **counts,
            peak_bytes=peak_memory(),
        )
        if (stage.peak_bytes or 0) > _LARGE:
            give_back()
        self._since, self._cpu_since = now, cpu
        self._stages.append(stage)
        self.tell(stage)

    @property
    def timings(self) -> Timings:
        """What was noted so far."""
        return Timings(tuple(self._stages))
