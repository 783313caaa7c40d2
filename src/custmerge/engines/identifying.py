"""Records as the caller names them: by id, or by source and id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeGuard

from custmerge.clustering import Constraints
from custmerge.config import Config
from custmerge.exceptions import InvalidConfigError
from custmerge.io import Dataset
from custmerge.pairs import Pairs
from custmerge.records import Column, RecordTable, as_text

__all__ = ["IdPairs", "named_pairs", "sources_of", "told"]

IdPairs = Iterable[tuple[object, object]]
"""Pairs of records by their ids; by `(source, id)` where ids repeat."""

_MAX_LISTED = 5
_AMBIGUOUS = -1


def sources_of(raw: RecordTable, config: Config, dataset: Dataset) -> Column | None:
    """Return the source of each row, by name.

    `None` where there are not at least two sources.

    Raises:
        InvalidConfigError: The configuration wants one record per source of them.
    """
    column = None
    if dataset.source_codes is not None:
        column = Column(tuple(dataset.sources), dataset.source_codes)
    elif config.source is not None and raw.n_rows:
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


def told(
    raw: RecordTable,
    config: Config,
    dataset: Dataset,
    must_link: IdPairs,
    cannot_link: IdPairs,
) -> Constraints:
    """Return what the caller says of pairs of records.

    Raises:
        InvalidConfigError: An entry is no pair of records, or they contradict each
            other; the message says which.
    """
    must, cannot = list(must_link), list(cannot_link)
    if not must and not cannot:
        return Constraints()
    rows = _rows_by_name(raw, config, dataset)
    constraints = Constraints(
        named_pairs("must_link", must, rows), named_pairs("cannot_link", cannot, rows)
    )
    constraints.groups(raw.n_rows)
    return constraints


def named_pairs(name: str, given: IdPairs, rows: Mapping[object, int]) -> Pairs:
    """Return the rows of pairs of records.

    Args:
        name: The argument they were given as, for the message.
        given: The pairs.
        rows: The row of each id, and of each source and id.

    Raises:
        InvalidConfigError: An entry is no pair of two records.
    """
    left, right, wrong = [], [], []
    for position, entry in enumerate(given):
        sides = [_row(side, rows) for side in entry] if _is_pair(entry) else []
        if len(sides) == 2 and min(sides) >= 0 and sides[0] != sides[1]:
            left.append(sides[0])
            right.append(sides[1])
        else:
            wrong.append(str(position))
    if wrong:
        more = ", …" if len(wrong) > _MAX_LISTED else ""
        message = (
            f"{len(wrong)} entries of {name} are no pairs of two records (positions "
            f"{', '.join(wrong[:_MAX_LISTED])}{more}); each must hold two record ids, "
            "or row numbers where there is no id column, and (source, id) for each "
            "where an id occurs in several sources"
        )
        raise InvalidConfigError(message)
    return Pairs.of(left, right)


def _rows_by_name(
    raw: RecordTable, config: Config, dataset: Dataset
) -> dict[object, int]:
    """Return the row of each id and of each source and id, -1 where it has several."""
    n_rows = raw.n_rows
    ids: Iterable[str | None] = map(str, range(n_rows))
    if config.id is not None and n_rows:
        ids = raw[config.id].decode()
    sources: Iterable[str | None] = [None] * n_rows
    if dataset.source_codes is not None:
        sources = [dataset.sources[code] for code in dataset.source_codes.tolist()]
    elif config.source is not None and n_rows:
        sources = raw[config.source].decode()
    rows: dict[object, int] = {}
    for row, (source, id_) in enumerate(zip(sources, ids, strict=True)):
        for key in (id_, (source, id_)):
            rows[key] = _AMBIGUOUS if key in rows else row
    return rows


def _row(side: object, rows: Mapping[object, int]) -> int:
    key = tuple(map(as_text, side)) if _is_pair(side) else as_text(side)
    return rows.get(key, _AMBIGUOUS)


def _is_pair(entry: object) -> TypeGuard[tuple[object, object]]:
    return isinstance(entry, (tuple, list)) and len(entry) == 2
