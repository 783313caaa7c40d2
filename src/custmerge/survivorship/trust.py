"""Trust: how far each source is believed, and how that fades with age."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field as attribute, replace
from datetime import date, timedelta
from typing import Any, Final, Literal, TypedDict, get_args

import numpy as np
from numpy.typing import NDArray

from custmerge.exceptions import InvalidConfigError
from custmerge.kinds import Kind, Role
from custmerge.protocols import Ranks, Rows
from custmerge.records import RecordTable
from custmerge.survivorship.arguments import argument_problems
from custmerge.survivorship.chain import chained
from custmerge.survivorship.sources import are_names, source_column, without_source
from custmerge.survivorship.timestamps import DAY, instant, instants, last_instant
from custmerge.survivorship.values import valid_first

__all__ = ["Decay", "SourceTrust", "Trust", "source_trust"]

Decay = Literal["linear", "slow_then_fast", "fast_then_slow"]
"""How trust falls with age."""

_DECAYS: Final = get_args(Decay)
_LEAST, _MOST = 0, 100
_EVER = 1e9
"""Days, more than any period: the age of what has no timestamp."""


class Trust(TypedDict, total=False):
    """How far one source is trusted; what is not said is as for all of them.

    `max` is the trust, from 0 to 100, in what has just been changed, `min` that in
    what was changed `period` days ago or more, and
    `decay` says how it falls between.
    """

    max: float
    min: float
    decay: Decay
    period: float | timedelta


@dataclass(frozen=True, slots=True)
class SourceTrust:
    """The row whose source is trusted most at its age; `source_trust` builds it.

    Attributes:
        sources: For each source its maximum trust, or more about it.
        decay: How trust falls with age, where a source says nothing else.
        max: The trust in new values, where a source says nothing else.
        min: The trust in old values, where a source says nothing else.
        period: The days after which a value is old, where a source says nothing else;
            `None`: trust does not fall.
        by: The column of timestamps. `None` takes the one with the role updated-at,
            else created-at, when the rule is bound.
        as_of: The time at which ages are taken, as a date or ISO 8601; `None`: the
            latest timestamp of the column.
        column: The column that names the source. `None` takes the one with the role
            source when the rule is bound.
        invalid_downgrade: The share of its trust that an invalid value loses.
        kind: What the values are, by which they are valid; `None` takes the field's
            kind when the rule is bound.
        region: The country of phone numbers without a country code.
    """

    sources: Mapping[str, float | Trust] = attribute(default_factory=dict, hash=False)
    decay: Decay = "linear"
    max: float = _MOST
    min: float = _LEAST
    period: float | timedelta | None = None
    by: str | None = None
    as_of: str | date | None = None
    column: str | None = None
    invalid_downgrade: float = 0.0
    kind: Kind | str | None = None
    region: str | None = None
    name: str = "source_trust"

    def __post_init__(self) -> None:
        problems = [*self._problems()]
        if problems:
            raise InvalidConfigError(f"{self.name}: " + "; ".join(problems))
        settled = {
            source: {**said, "period": _days(said["period"])}
            if isinstance(said, Mapping) and "period" in said
            else said
            for source, said in self.sources.items()
        }
        object.__setattr__(self, "sources", settled)
        object.__setattr__(self, "period", _days(self.period))
        if isinstance(self.as_of, date):
            object.__setattr__(self, "as_of", self.as_of.isoformat())

    def _problems(self) -> Iterator[str]:
        yield from argument_problems(self)
        given: object = self.sources
        if not isinstance(given, Mapping) or not given or not are_names(given):
            yield "give each source its trust, such as {'crm': 90, 'web': 60}"
            return
        for source, said in self.sources.items():
            own = said if isinstance(said, Mapping) else {}
            unknown = sorted(set(own) - set(Trust.__annotations__))
            if unknown:
                yield (
                    f"source {source!r} has {unknown}; it may have "
                    f"{list(Trust.__annotations__)}"
                )
            else:
                yield from _trust_problems(f"source {source!r}", self._of(said))
        if not _is_number(self.invalid_downgrade, 0, 1):
            yield "invalid_downgrade must be a share from 0 to 1"
        if self.as_of is not None and np.isnan(instant(self.as_of)):
            yield "as_of must be a date, or ISO 8601"

    def _of(self, said: float | Trust) -> dict[str, Any]:
        """Return all that holds for a source."""
        usual: Trust = {"max": self.max, "min": self.min, "decay": self.decay}
        own = said if isinstance(said, Mapping) else {"max": said}
        return {**usual, "period": self.period, **own}

    @property
    def whole_record(self) -> bool:
        """Whether the ranks are the same for all fields."""
        return not self.invalid_downgrade

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns of sources and timestamps, where they are known."""
        return tuple(name for name in (self.column, self.by) if name is not None)

    @property
    def lacks(self) -> tuple[str, ...]:
        """The columns that it does not know and needs, in sentences."""
        ages = any(
            self._of(said)["period"] is not None for said in self.sources.values()
        )
        no_ages = (
            f"{self.name} does not know which column says how old a record is: "
            "give by=..., or say which column has the role 'updated_at'"
        )
        no_source = without_source(self.column, self.name)
        return (*no_source, no_ages) if ages and self.by is None else no_source

    def rank(self, table: RecordTable, field: str, rows: Rows, /) -> Ranks:
        """Return the trust in each row's value, from 0 to 100; NaN: unknown source."""
        column = source_column(table, self.column, self.name)
        said = [self._of(trust) for trust in self.sources.values()]
        place_of = {source: place for place, source in enumerate(self.sources)}
        places_by_code = [place_of.get(source, -1) for source in column.values]
        places = np.array([*places_by_code, -1])[column.slots[rows, 0]]
        trust = self._at_age(said, places, table, rows)
        if self.invalid_downgrade and self.kind is not None:
            validity = valid_first(self.kind, region=self.region)
            is_wrong = validity.rank(table, field, rows) <= 0
            trust[is_wrong] *= 1 - self.invalid_downgrade
        return trust

    def _at_age(
        self,
        said: Sequence[Mapping[str, Any]],
        places: NDArray[np.int64],
        table: RecordTable,
        rows: Rows,
    ) -> NDArray[np.float64]:
        """Return the trust in each row's source, of those at `places`, at its age."""
        maximum, minimum = (
            np.array([*(float(trust[key]) for trust in said), np.nan])[places]
            for key in ("max", "min")
        )
        if all(trust["period"] is None for trust in said):
            return maximum
        periods = [_days(trust["period"]) or np.inf for trust in said]
        ages = self._ages(table, rows) / np.array([*periods, np.inf])[places]
        decays = [_DECAYS.index(trust["decay"]) for trust in said]
        left = _left(np.clip(ages, 0, 1), np.array([*decays, 0])[places])
        trust: NDArray[np.float64] = minimum + (maximum - minimum) * left
        return trust

    def _ages(self, table: RecordTable, rows: Rows) -> NDArray[np.float64]:
        """Return the age of each row in days."""
        if self.by is None:
            raise InvalidConfigError("; ".join(self.lacks))
        if self.as_of is None:
            now = last_instant(table[self.by])
        else:
            now = instant(self.as_of)
        ages: NDArray[np.float64] = (now - instants(table[self.by], rows)) / DAY
        ages[np.isnan(ages)] = _EVER
        return ages

    def bind(self, roles: Mapping[Role, str], /) -> SourceTrust:
        """Return the rule with open columns filled in: source, and updated-at."""
        by = self.by or roles.get(Role.UPDATED_AT, roles.get(Role.CREATED_AT))
        return replace(self, by=by, column=self.column or roles.get(Role.SOURCE))

    def of_kind(self, kind: Kind, region: str | None, /) -> SourceTrust:
        """Return the rule with an open kind and region filled in by the field's."""
        return replace(self, kind=self.kind or kind, region=self.region or region)

    then = chained


def _left(ages: NDArray[np.float64], decays: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the share of the trust between minimum and maximum that is left.

    Args:
        ages: Ages in periods, from 0 to 1.
        decays: How each falls, as a position in `Decay`.
    """
    curves = (1 - ages, 1 - ages**2, (1 - ages) ** 2)
    left: NDArray[np.float64] = np.choose(decays, curves)
    return left


def _trust_problems(source: str, trust: Mapping[str, Any]) -> Iterator[str]:
    is_fit = [_is_number(trust[key], _LEAST, _MOST) for key in ("min", "max")]
    if not all(is_fit):
        yield f"{source} must have trust from {_LEAST} to {_MOST}"
    elif trust["min"] > trust["max"]:
        yield f"{source} has a minimum trust above its maximum"
    if trust["decay"] not in _DECAYS:
        yield f"{source} must have a decay of {list(_DECAYS)}"
    period = trust["period"]
    if not isinstance(period, timedelta | None) and not _is_number(period, 0, np.inf):
        yield f"{source} must have a period in days, or a timedelta"
    elif period is not None and not _days(period):
        yield f"{source} must have a period of more than 0 days"


def _is_number(value: object, low: float, high: float) -> bool:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and low <= value <= high  # type: ignore[operator]


def _days(period: float | timedelta | None) -> float | None:
    if isinstance(period, timedelta):
        return period.total_seconds() / DAY
    return period


def source_trust(  # noqa: PLR0913  all that trust is known to depend on
    sources: Mapping[str, float | Trust],
    *,
    decay: Decay = "linear",
    max: float = _MOST,  # noqa: A002  the words of trust
    min: float = _LEAST,  # noqa: A002
    period: float | timedelta | None = None,
    by: str | None = None,
    as_of: str | date | None = None,
    column: str | None = None,
    invalid_downgrade: float = 0.0,
) -> SourceTrust:
    """Return the rule by which the value survives that is trusted most at its age.

    A source is trusted with a number from 0 to 100. With a `period`, the trust in a
    value falls from that maximum, when the record has just been changed, to the
    minimum, when it was changed that long ago or longer. With `x`, the age in periods,
    what is left of the difference is `1 - x` (`"linear"`), `1 - x²`
    (`"slow_then_fast"`) or `(1 - x)²` (`"fast_then_slow"`): the straight line and the
    two parabolas of Informatica MDM's decay types LINEAR, SIRL and RISL. A record
    without a readable timestamp is as old as can be, one changed after `as_of` new.
    Sources that are not listed rank below all that are.

    Args:
        sources: For each source its maximum trust, or a `Trust` with what is different
            for it: `{"crm": 90, "web": {"max": 70, "period": 365}}`.
        decay: How trust falls.
        max: The trust in new values of sources that say nothing else, from 0 to 100.
        min: The trust in old values, likewise.
        period: The days, or the `timedelta`, in which trust falls; by default it stays.
        by: The column of timestamps; see `most_recent`.
        as_of: The time at which ages are taken. By default the latest timestamp of the
            whole column, so that the same records give the same result on every day;
            give it where the column may hold times to come.
        column: The column that names the source. By default the column with the role
            source, else the names that the tables were given by.
        invalid_downgrade: The share of its trust, from 0 to 1, that a value loses
            which is not valid; see `valid_first`.

    Raises:
        InvalidConfigError: Something does not fit; the message lists it all.

    Examples:
        >>> table = RecordTable.from_mappings(
        ...     [
        ...         {"city": "Ulm", "from": "crm", "at": "2024-01-01"},
        ...         {"city": "Bonn", "from": "web", "at": "2024-12-31"},
        ...     ]
        ... )
        >>> rule = source_trust(
        ...     {"crm": 90, "web": 60}, period=730, by="at", column="from"
        ... )
        >>> rule.rank(table, "city", np.arange(2)).tolist()
        [45.0, 60.0]
    """
    return SourceTrust(
        *(sources, decay, max, min, period, by, as_of, column, invalid_downgrade)
    )
