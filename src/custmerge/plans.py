"""What a run would do and take, told before it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from custmerge.display import aligned, html_table, show_duration, show_size

__all__ = ["KeyPlan", "Plan"]


@dataclass(frozen=True, slots=True)
class KeyPlan:
    """What one blocking key would give.

    Attributes:
        key: The field and the blocker.
        n_blocks: Values of the key that several records have.
        n_pairs: Pairs of records that share one of them, however many have it.
        largest: Records of the most frequent value.
    """

    key: str
    n_blocks: int
    n_pairs: int
    largest: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What `resolve` is expected to do with some records, and to take for it.

    Attributes:
        n_records: The number of records.
        n_fields: The fields that would be compared.
        keys: The blocking keys, those with most pairs first.
        n_sharing: The estimated number of pairs that share any key, each once.
        budget: How many pairs the configuration allows (`Config.pairs_per_record`).
        n_pairs: How many would be compared, at most.
        seconds: For each stage, the expected seconds.
        memory: The expected bytes at the peak, above the records themselves.
        limit: The bytes that it may take; `None` where nothing limits it.

    Examples:
        >>> import custmerge as cm
        >>> records = [{"name": "Ann Lee"}, {"name": "Bo Chan"}, {"name": "Ann Lee"}]
        >>> plan = cm.plan(records)
        >>> plan.n_records, plan.n_pairs, plan.fits
        (3, 1, True)
    """

    n_records: int
    n_fields: int
    keys: tuple[KeyPlan, ...]
    n_sharing: int
    budget: int
    n_pairs: int
    seconds: Mapping[str, float]
    memory: int
    limit: int | None

    @property
    def total_seconds(self) -> float:
        """The expected seconds of all stages."""
        return sum(self.seconds.values())

    @property
    def fits(self) -> bool:
        """Whether the expected memory is within the limit."""
        return self.limit is None or self.memory <= self.limit

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain dicts and lists, such as JSON takes."""
        plain = asdict(self)
        return {**plain, "keys": list(plain["keys"]), "seconds": dict(self.seconds)}

    @property
    def _shown(self) -> Mapping[str, str]:
        limit = "no limit" if self.limit is None else f"limit {show_size(self.limit)}"
        return {
            "records": f"{self.n_records:,}",
            "fields compared": f"{self.n_fields:,}",
            "pairs that share a key": f"about {self.n_sharing:,}",
            "pairs to compare": f"at most {self.n_pairs:,}; budget {self.budget:,}",
            "time": f"about {show_duration(self.total_seconds)}",
            "memory": f"about {show_size(self.memory)} above the records; {limit}",
        }

    @property
    def _rows(self) -> list[tuple[str, ...]]:
        return [
            (item.key, f"{item.n_blocks:,}", f"{item.n_pairs:,}", f"{item.largest:,}")
            for item in self.keys
        ]

    def __repr__(self) -> str:
        takes = f"{show_duration(self.total_seconds)} and {show_size(self.memory)}"
        return (
            f"Plan({self.n_records:,} records, at most {self.n_pairs:,} pairs, about "
            f"{takes})"
        )

    def __str__(self) -> str:
        facts = [f"{name}: {text}" for name, text in self._shown.items()]
        lines = [*facts, *aligned([_HEADER, *self._rows])]
        return "\n".join(["Plan", *(f"  {line}" for line in lines)])

    def _repr_html_(self) -> str:
        facts = html_table(("what", "expected"), list(self._shown.items()))
        return facts + html_table(_HEADER, self._rows)


_HEADER = ("key", "shared values", "pairs", "largest")
