"""The quality of a result's records, as tables in the caller's own form."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from custmerge.config import Check, Config
from custmerge.contacts import ContactUse, ContactValues
from custmerge.display import aligned, html_table
from custmerge.io import Dataset, OutputColumn, Taken, encode, read_table
from custmerge.naming import RecordNames
from custmerge.protocols import Rows
from custmerge.quality.inspecting import Inspection, inspect
from custmerge.quality.measuring import measure, standard
from custmerge.quality.scoring import Verdict, judge
from custmerge.records import Column, RecordTable
from custmerge.survivorship import Survivors

__all__ = ["Quality", "nobodys"]

Table = Any
"""A table in the form the records came in: a frame, a list of dicts, …"""


def nobodys(
    contact_values: Mapping[str, ContactValues],
) -> dict[str, Collection[str]]:
    """Return, by contact field, the values that stand for none: so many hold them.

    Args:
        contact_values: For each contact field, whose its values are.
    """
    found: dict[str, Collection[str]] = {}
    for name, contacts in contact_values.items():
        places = np.flatnonzero(contacts.are(ContactUse.PLACEHOLDER)).tolist()
        if places:
            found[name] = frozenset(contacts.values[place] for place in places)
    return found


@dataclass(frozen=True, eq=False, repr=False)
class Quality:
    """What is wrong with the records of a result, and which are of nobody.

    Tables come in the caller's own form, and are built when first asked for. A `field`
    in them is a column, or the field where several columns make one value.

    Attributes:
        dataset: The records as they came.
        config: The fields, and the checks of the user's own.
        labels: The entity of each record.
        survivors: Where the golden values come from.
        nobodys: For contact fields, the normalized values that so many records hold
            that they stand for none.
        today: The day after which nobody was born yet.

    Examples:
        >>> import custmerge as cm
        >>> records = [
        ...     {"name": "Ann Lee", "email": "ann.lee@mail.com", "phone": None},
        ...     {"name": "Bo Chan", "email": "bo@chan..org", "phone": "020 7946 0018"},
        ...     {"name": "测试", "email": "n/a", "phone": "13800138000"},
        ...     {"name": "Ann Lee", "email": "ann.lee@mail.com", "phone": None},
        ... ]
        >>> quality = cm.resolve(records).quality
        >>> for row in quality.issues:
        ...     print(row["record_id"], row["field"], row["issue"], row["severity"])
        1 email syntax error
        2 name test warning
        2 email placeholder warning
        2 phone placeholder warning
        >>> [(row["record_id"], row["reasons"]) for row in quality.ghosts]
        [(2, 'all_placeholder; test_record')]
    """

    dataset: Dataset
    config: Config
    labels: Rows
    survivors: Survivors
    nobodys: Mapping[str, Collection[str]]
    today: date

    def with_checks(self, *checks: Check) -> Quality:
        """Return the quality by these requirements too.

        Raises:
            InvalidConfigError: A check is of a field that there is not.
        """
        config = replace(self.config, checks=(*self.config.checks, *checks))
        return replace(self, config=config)

    @cached_property
    def issues(self) -> Table:
        """One row for each finding, by record, then by field.

        Columns: `record_id`, `source`, `entity_id`, `field`, `issue` (one of
        `custmerge.quality.ISSUES`, or the name of a check's function) and `severity`:
        `"error"` or `"warning"`.
        """
        found = self._found
        names = tuple(unit.name for unit in found.units)
        severities = np.where(found.is_error, 0, 1).astype(np.int32)
        return self.dataset.build(
            {
                **self._of(found.rows),
                "field": Column(names, found.fields.astype(np.int32)),
                "issue": Column(found.names, found.issues.astype(np.int32)),
                "severity": Column(("error", "warning"), severities),
            }
        )

    @cached_property
    def records(self) -> Table:
        """One row for each record, in input order.

        Columns: `record_id`, `source`, `entity_id`; `score` in [0, 1], how complete
        and sound it is; `is_ghost`, whether it is of nobody; and `reasons`, why
        (of `custmerge.quality.GHOSTS`, joined by `"; "`), missing where it is not. For
        how they are found see `custmerge.quality.judge`.
        """
        return self._judged(np.arange(len(self.labels), dtype=np.int64))

    @cached_property
    def ghosts(self) -> Table:
        """The rows of `records` that are of nobody, the worst score first."""
        verdict = self._verdict
        rows = np.flatnonzero(verdict.is_ghost)
        return self._judged(rows[np.argsort(verdict.scores[rows], kind="stable")])

    def are_ghosts(self, rows: Rows) -> NDArray[np.bool_]:
        """Return which of some records are of nobody; only these are looked at.

        Args:
            rows: The rows of the records.
        """
        if not len(rows):
            return np.zeros(0, dtype=np.bool_)
        # Checks of the user's own make no ghost.
        config = replace(self.config, checks=())
        taken = {name: Taken(name, rows) for name in self.dataset.columns}
        table = encode(read_table(self.dataset.build(taken)))
        return judge(inspect(table, config, self.today, self.nobodys)).is_ghost

    @cached_property
    def summary(self) -> Table:
        """How good each field is, in the records and in the golden records.

        Columns: `field`; `stage`: `"before"` for the records, `"after"` for the golden
        records; `source`: missing for all together, and with several sources one row
        for each more; `n_records`; and in [0, 1], NaN where there is nothing to
        measure: `completeness` (share of the records that hold a value, where what
        stands for none counts as missing), `validity` (share of these values without
        an error) and `uniqueness` (distinct values in standard form, as a share).
        """
        columns = [*map(list, zip(*self._measures, strict=True))]
        return self.dataset.build(dict(zip(_SUMMARY, columns, strict=True)))

    @cached_property
    def _measures(self) -> list[tuple[Any, ...]]:
        """The rows of the summary."""
        sources, before, after = self._source_column, self._found, self._golden
        by_source, n_sources = sources.first.astype(np.int64), len(sources.values)
        forms = standard(before)
        stages = [
            ("before", (None,), measure(before, forms, _all(before), 1)),
            ("before", sources.values, measure(before, forms, by_source, n_sources)),
            ("after", (None,), measure(after, standard(after), _all(after), 1)),
        ]
        rows = [
            (one.field, stage, source, *(array[place].item() for array in one[1:]))
            for stage, names, measures in stages
            for one in measures
            for place, source in enumerate(names)
        ]
        order = {unit.name: place for place, unit in enumerate(before.units)}
        return sorted(rows, key=lambda row: order[row[0]])

    @cached_property
    def _table(self) -> RecordTable:
        dataset = self.dataset
        return RecordTable.encoded(dataset.columns, dataset.encode, len(dataset))

    @cached_property
    def _found(self) -> Inspection:
        return inspect(self._table, self.config, self.today, self.nobodys)

    @cached_property
    def _golden(self) -> Inspection:
        golden = self.survivors.golden(self._table)
        return inspect(golden, self.config, self.today, self.nobodys)

    @cached_property
    def _verdict(self) -> Verdict:
        return judge(self._found)

    @property
    def _names(self) -> RecordNames:
        return RecordNames.of(self.dataset, self.config)

    @property
    def _source_column(self) -> Column:
        sources = self._names.sources(np.arange(len(self.labels), dtype=np.int64))
        if isinstance(sources, Taken):
            return self.dataset.encode(sources.column)
        return sources if isinstance(sources, Column) else Column.encode(sources)

    def _of(self, rows: Rows) -> dict[str, OutputColumn]:
        return {
            "record_id": self._names.ids(rows),
            "source": self._names.sources(rows),
            "entity_id": self.labels[rows],
        }

    def _judged(self, rows: Rows) -> Table:
        verdict = self._verdict
        return self.dataset.build(
            {
                **self._of(rows),
                "score": verdict.scores[rows],
                "is_ghost": verdict.is_ghost[rows],
                "reasons": verdict.reasons.take(rows),
            }
        )

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many records, ghosts and findings of each issue there are."""
        found = self._found
        counts = np.bincount(found.issues, minlength=len(found.names)).tolist()
        issues = zip(found.names, counts, strict=True)
        return {
            "records": len(self.labels),
            "ghosts": int(self._verdict.is_ghost.sum()),
            **{name: count for name, count in issues if count},
        }

    def __repr__(self) -> str:
        records, ghosts, *issues = self.counts.values()
        counts = f"records {records:,}, ghosts {ghosts:,}, issues {sum(issues):,}"
        return f"Quality({counts})"

    def __str__(self) -> str:
        """Return the counts and, without sources, the summary as a person reads it."""
        shown = ("field", "stage", *_SUMMARY[-3:])
        rows = [
            (field, stage, *map(_per_cent, shares))
            for field, stage, source, _, *shares in self._measures
            if source is None
        ]
        counted = aligned([(name, f"{n:,}") for name, n in self.counts.items()])
        lines = [*counted, "", *aligned([shown, *rows])]
        return "\n".join(["Quality", *(f"  {line}".rstrip() for line in lines)])

    def _repr_html_(self) -> str:
        rows = [(name, f"{count:,}") for name, count in self.counts.items()]
        return html_table(("quality", "count"), rows)


_SUMMARY = (
    *("field", "stage", "source", "n_records"),
    *("completeness", "validity", "uniqueness"),
)


def _all(found: Inspection) -> NDArray[np.int64]:
    """Return one group for all records."""
    return np.zeros(found.n_rows, dtype=np.int64)


def _per_cent(share: float) -> str:
    return "" if np.isnan(share) else f"{share:.1%}"
