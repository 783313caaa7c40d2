"""What the engine relies on in a survivorship rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from custmerge.protocols import Rows
from custmerge.survivorship import (
    EntityRule,
    IntoSurvivorshipRule,
    as_survivorship_rule,
    columns_read,
)
from custmerge.testing.awkward import awkward_table
from custmerge.testing.subjects import PICKLING, Subject

__all__ = ["check_survivorship_rule"]


def check_survivorship_rule(
    rule: IntoSurvivorshipRule,
    records: Sequence[Mapping[str, object]] = (),
    *,
    field: str = "value",
    awkward: bool = True,
) -> None:
    """Check that a survivorship rule keeps its contract; return nothing where it does.

    It must return one float64 rank for each row (NaN is allowed), also for no rows;
    rows in another order must have the same ranks; pickling must change nothing.

    Args:
        rule: The rule, or what a configuration takes for one.
        records: Your own records as they come in; they need the columns that the rule
            looks at, but for `field` and those it says it `reads`.
        field: The column whose rows are ranked.
        awkward: Whether to add records of `AWKWARD_TEXTS`.

    Raises:
        PluginError: A law is broken; the message says which.

    Examples:
        >>> import custmerge as cm
        >>> from custmerge.testing import check_survivorship_rule
        >>> check_survivorship_rule(cm.longest().then(cm.most_recent("updated_at")))
    """
    plugin = as_survivorship_rule(rule)
    subject = Subject.of("survivorship rule", plugin)
    table = awkward_table(records, [field, *columns_read(plugin)], awkward=awkward)
    rows = np.flatnonzero(table[field].present).astype(np.int64)
    restored = subject.pickled(plugin)

    def ranks(plugin: Any, rows: Rows) -> NDArray[np.float64]:  # noqa: ANN401  restored
        return _ranks(subject, plugin.rank, (table, field, rows))

    def ranks_within(plugin: Any, rows: Rows) -> NDArray[np.float64]:  # noqa: ANN401
        return _ranks(subject, plugin.rank_within, (table, field, rows, rows % 3))

    ways = [ranks, ranks_within] if isinstance(plugin, EntityRule) else [ranks]
    for ranking in ways:
        usual = ranking(plugin, rows)
        backwards = ranking(plugin, rows[::-1].copy())[::-1]
        subject.require(
            "ranks a row otherwise when the rows come in another order",
            kept=np.array_equal(usual, backwards, equal_nan=True),
        )
        ranking(plugin, rows[:0])
        same = np.array_equal(usual, ranking(restored, rows), equal_nan=True)
        subject.require(PICKLING, kept=same)


def _ranks(
    subject: Subject, rank: Callable[..., Any], arguments: tuple[Any, ...]
) -> NDArray[np.float64]:
    rows = arguments[2]
    ranks = subject.call(rank, *arguments, on=f"{len(rows)} rows of the records")
    subject.require(
        f"must return an array of float64; it returned a {type(ranks).__name__}"
        + (f" of {ranks.dtype}" if isinstance(ranks, np.ndarray) else ""),
        kept=isinstance(ranks, np.ndarray) and ranks.dtype == np.float64,
    )
    subject.require(
        f"must return one rank for each of {len(rows)} rows; it returned an array of "
        f"shape {ranks.shape}",
        kept=ranks.shape == rows.shape,
    )
    found: NDArray[np.float64] = ranks
    return found
