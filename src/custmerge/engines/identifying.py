"""Records as the caller names them: by id, or by source and id."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from custmerge.clustering import Constraints
from custmerge.config import Config
from custmerge.exceptions import InvalidConfigError
from custmerge.finding import RecordFinder, is_two
from custmerge.io import Dataset, named_sources
from custmerge.pairs import Pairs
from custmerge.records import Column, RecordTable

__all__ = ["IdPairs", "named_pairs", "sources_of", "told"]

IdPairs = Iterable[tuple[object, object]]
"""Pairs of records by their ids; by `(source, id)` where ids repeat."""

_MAX_LISTED = 5


def sources_of(raw: RecordTable, config: Config, dataset: Dataset) -> Column | None:
    """Return the source of each row, by name.

    `None` where there are not at least two sources.

    Raises:
        InvalidConfigError: The configuration wants one record per source of them.
    """
    column = named_sources(dataset)
    if column is None and config.source is not None and raw.n_rows:
        column = raw[config.source]
    if column is not None and len(column.values) > 1:
        return column
    if config.one_per_source is True and raw.n_rows:
        message = (
            "one_per_source=True needs at least two sources: name the column that "
            "tells them with source=, or give the tables by name"
        )
        raise InvalidConfigError(message)
    return None


def told(finder: RecordFinder, must_link: IdPairs, cannot_link: IdPairs) -> Constraints:
    """Return what the caller says of pairs of records.

    Raises:
        InvalidConfigError: An entry is no pair of records, or they contradict each
            other; the message says which.
    """
    constraints = Constraints(
        named_pairs("must_link", must_link, finder),
        named_pairs("cannot_link", cannot_link, finder),
    )
    constraints.groups(finder.n_rows)
    return constraints


def named_pairs(name: str, given: IdPairs, finder: RecordFinder) -> Pairs:
    """Return the rows of pairs of records.

    Args:
        name: The argument they were given as, for the message.
        given: The pairs.
        finder: Finds the records that they name.

    Raises:
        InvalidConfigError: An entry is no pair of two records.
    """
    entries = list(given)
    if not entries:
        return Pairs.of([], [])
    whole = [entry if is_two(entry) else (None, None) for entry in entries]
    left, right = (finder.rows_of([entry[i] for entry in whole]) for i in range(2))
    wrong = np.flatnonzero((left < 0) | (right < 0) | (left == right)).tolist()
    if wrong:
        more = ", …" if len(wrong) > _MAX_LISTED else ""
        listed = ", ".join(map(str, wrong[:_MAX_LISTED]))
        message = (
            f"{len(wrong)} entries of {name} are no pairs of two records (positions "
            f"{listed}{more}); each must hold two record ids, "
            "or row numbers where there is no id column, and (source, id) for each "
            "where an id occurs in several sources"
        )
        raise InvalidConfigError(message)
    return Pairs.of(left, right)
