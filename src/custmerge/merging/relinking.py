"""Child rows (orders, tickets, activities) re-pointed to the surviving records."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from custmerge.exceptions import (
    ColumnNotFoundError,
    CustmergeWarning,
    InvalidConfigError,
    InvalidInputError,
)
from custmerge.finding import check_type
from custmerge.io import edited, is_sources, read_table
from custmerge.io.dataset import Native
from custmerge.merging.crosswalk import Crosswalk
from custmerge.merging.pointing import Links, Pointed
from custmerge.protocols import Rows

__all__ = ["RelinkReport", "Said", "links_of", "relink", "relink_all", "warn_of"]

Said = str | Sequence[str] | Mapping[str, str | Sequence[str]]
"""Names of columns: one or several, for each table or for all of them."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class RelinkReport:
    """What re-pointing a child table did, and what it could not do.

    Attributes:
        links: Which columns link the table.
        n_rows: The rows of the table.
        moved: The rows that point to another record now, ascending.
        missing: The rows without an id, ascending.
        unknown: The rows whose id no record has, ascending; left as they are.
        collisions: Rows that were apart and are not now, in groups: of one customer,
            and alike in the `unique` columns; ascending.
        by_number: Whether the records have no ids, so that ids were taken for row
            numbers.

    Examples:
        >>> import custmerge as cm
        >>> records = [
        ...     {"id": "c1", "name": "Ann Lee", "email": "ann@lee.org"},
        ...     {"id": "c2", "name": "Bo Chan", "email": "bo@chan.org"},
        ...     {"id": "c3", "name": "Ann Lee", "email": "ann@lee.org"},
        ... ]
        >>> orders = {"order": [1, 2, 3], "customer_id": ["c3", "c9", "c2"]}
        >>> cm.resolve(records).relink_report(orders)
        RelinkReport(rows 3, moved 1, missing 0, unknown 1, collisions 0)
    """

    links: Links
    n_rows: int
    moved: Rows
    missing: Rows
    unknown: Rows
    collisions: tuple[tuple[int, ...], ...]
    by_number: bool = False

    def __repr__(self) -> str:
        return (
            f"RelinkReport(rows {self.n_rows:,}, moved {len(self.moved):,}, "
            f"missing {len(self.missing):,}, unknown {len(self.unknown):,}, "
            f"collisions {len(self.collisions):,})"
        )

    @property
    def findings(self) -> tuple[str, ...]:
        """What deserves a look, in words."""
        ids, column = len(self.unknown), self.links.on
        found = []
        if self.by_number:
            found.append(
                f"the records have no id column, so that {column!r} was taken for row "
                "numbers; if it is not, say with id= which column holds their ids"
            )
        if ids:
            found.append(
                f"{ids:,} of {self.n_rows:,} rows hold an id in {column!r} that no "
                "record has; they are left as they are"
            )
        if self.collisions:
            names = " and ".join(map(repr, (column, *self.links.unique)))
            found.append(
                f"{len(self.collisions):,} combinations of {names} were unique before "
                "the merge and are not now"
            )
        return tuple(found)


def links_of(
    names: Iterable[str],
    on: str | Mapping[str, str],
    source: str | Mapping[str, str] | None = None,
    unique: Said = (),
) -> dict[str, Links]:
    """Return the links of each child table, said for each or for all of them.

    Raises:
        InvalidConfigError: What is said is of other tables, or says no column of one.
        InvalidInputError: What is said are no names of columns.
    """
    tables = list(names)
    said = {"on": on, "source": source, "unique": unique}
    each = {name: part for name, part in said.items() if isinstance(part, Mapping)}
    problems = [
        f"{name}= names the tables {strays}, which are none of them"
        for name, part in each.items()
        if (strays := sorted(str(key) for key in part if key not in tables))
    ]
    lacking = [name for name in tables if name not in each.get("on", tables)]
    if lacking:
        problems.append(f"on= says no column of the tables {lacking}")
    if problems:
        message = f"the child tables are {tables}, but {'; '.join(problems)}"
        raise InvalidConfigError(message)
    _check_names(said)
    return {
        name: Links(
            on[name] if isinstance(on, Mapping) else on,
            source.get(name) if isinstance(source, Mapping) else source,
            _listed(unique.get(name, ()) if isinstance(unique, Mapping) else unique),
        )
        for name in tables
    }


def _check_names(said: Mapping[str, object]) -> None:
    """Check that what is said, for each table or for all, are names of columns.

    Raises:
        InvalidInputError: It is something else.
    """
    for argument, part in said.items():
        for names in part.values() if isinstance(part, Mapping) else (part,):
            if argument == "unique":
                wanted = "the name of a column, or a list of these"
                is_right = isinstance(names, Sequence)
            else:
                wanted = "the name of a column, or one for each table"
                is_right = isinstance(names, str) or (names, argument) == (
                    None,
                    "source",
                )
            check_type(argument, names, is_right, wanted)


def _listed(names: str | Sequence[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def relink(
    table: object,
    crosswalk: object,
    on: str | Mapping[str, str] = "customer_id",
    *,
    source: str | Mapping[str, str] | None = None,
    unique: Said = (),
) -> Native:
    """Return a child table re-pointed by a saved crosswalk.

    As `Resolution.relink` does, which says more, for tables that come later.

    Args:
        table: The table, or several by name.
        crosswalk: `result.crosswalk`, in any form that `resolve` takes for one table,
            such as the path of the file it was written to.
        on: The column with record ids.
        source: The column with their sources, or the one source they all are of.
        unique: Columns of which no customer may have a combination twice.

    Raises:
        CustmergeError: As `Resolution.relink` says; or the crosswalk is none.

    Warns:
        CustmergeWarning: Ids are no record's, or rows collide that did not before.

    Examples:
        >>> import custmerge as cm
        >>> records = [
        ...     {"id": i, "name": "王小明", "phone": "13912345678"} for i in "ab"
        ... ]
        >>> crosswalk = cm.resolve(records).crosswalk
        >>> cm.relink([{"order": 1, "customer_id": "b"}], crosswalk)
        [{'order': 1, 'customer_id': 'a'}]
    """
    walk = Crosswalk.of_table(read_table(crosswalk))
    linked, reports = relink_all(table, walk, on, source, unique)
    warn_of(reports)
    return linked


def _relink_one(
    table: object, crosswalk: Crosswalk, links: Links
) -> tuple[Native, RelinkReport]:
    """Return a child table re-pointed to the survivors, and what was done."""
    dataset = read_table(table)
    pointed = Pointed.of(dataset, crosswalk, links)
    report = RelinkReport(
        links,
        len(dataset),
        pointed.moved,
        np.flatnonzero(pointed.ids.codes < 0),
        pointed.unknown,
        pointed.collisions(),
        crosswalk.id is None and bool((pointed.before >= 0).any()),
    )
    return edited(dataset, pointed.edits()), report


def relink_all(
    tables: object,
    crosswalk: Crosswalk,
    on: str | Mapping[str, str],
    source: str | Mapping[str, str] | None = None,
    unique: Said = (),
) -> tuple[Native, RelinkReport | dict[str, RelinkReport]]:
    """Return one child table or several by name re-pointed, and what was done.

    Args:
        tables: A table, or several by name.
        crosswalk: Who survives whom.
        on: The column with record ids; for several tables also by table, and so the
            other two.
        source: See `Links`.
        unique: See `Links`.

    Raises:
        ColumnNotFoundError: A column does not exist.
        InvalidConfigError: What is said is of other tables, or says no column of one.
        InvalidInputError: A table cannot be read; an id may be of several records; or
            the survivors' ids do not fit the column. The message says what is wrong
            with which table.
    """
    if not isinstance(tables, Mapping) or not (
        isinstance(on, Mapping) or is_sources(tables)
    ):
        links = links_of(["table"], on, source, unique)
        return _relink_one(tables, crosswalk, links["table"])
    done, problems = {}, {}
    for name, said in links_of(tables, on, source, unique).items():
        try:
            done[name] = _relink_one(tables[name], crosswalk, said)
        except InvalidInputError as error:
            problems[name] = error
    if problems:
        message = "; ".join(f"table {name!r}: {e}" for name, e in problems.items())
        only_columns = all(
            isinstance(error, ColumnNotFoundError) for error in problems.values()
        )
        raise (ColumnNotFoundError if only_columns else InvalidInputError)(message)
    return (
        {name: table for name, (table, _) in done.items()},
        {name: report for name, (_, report) in done.items()},
    )


def warn_of(reports: RelinkReport | Mapping[str, RelinkReport]) -> None:
    """Warn the caller's caller of what reports found.

    Warns:
        CustmergeWarning: One for each finding, with the name of the table.
    """
    named = reports if isinstance(reports, Mapping) else {"": reports}
    for name, report in named.items():
        for text in report.findings:
            said = f"table {name!r}: {text}" if name else text
            warnings.warn(said, CustmergeWarning, stacklevel=3)
