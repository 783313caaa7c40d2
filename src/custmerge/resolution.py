"""What `resolve` returns: entities, and everything that led to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import (
    FellegiSunter,
    IntoClassifier,
    Verdicts,
    probability,
    reasons,
    worth_asking,
)
from custmerge.config import Config
from custmerge.contacts import ContactUse, ContactValues
from custmerge.diagnostics import Diagnostics, Observations, diagnose
from custmerge.io import Dataset, OutputColumn, Taken, plain_cells, read_table
from custmerge.kinds import CONTACT_KINDS
from custmerge.merging import (
    Crosswalk,
    MergePlan,
    RelinkReport,
    Said,
    masters_of,
    plan_children,
    plan_merge,
    relink_all,
    warn_of,
)
from custmerge.pairs import KeyReport, Pairs, SimilarityVectors
from custmerge.protocols import Rows
from custmerge.records import Column
from custmerge.relations import relate_entities
from custmerge.survivorship import Survivors
from custmerge.timings import Timings

__all__ = ["Resolution"]

Table = Any
"""A table in the form the records came in: a frame, a list of dicts, …"""


@dataclass(frozen=True, eq=False, repr=False)
class Resolution:
    """The entities found in some records, their golden records, and the evidence.

    Tables come in the caller's own form: pandas, polars and pyarrow tables for those,
    a dict of lists for a dict of columns, else a list of dicts. They are built when
    first asked for.

    Attributes:
        config: What was done.
        model: What weighed the pairs: the model that was given (an estimator fitted to
            the labels, if it was not), else the `FellegiSunter` that was learnt.
        warnings: What deserves a look, in words.
        labels: int64, shape `(n_records,)`: the entity of each record, `0` to
            `n_entities - 1` in the order of their first records.
        compared: The pairs of rows that were compared; of very many, those that may be
            matches or relatives at all (see `n_candidates` in `diagnostics`).
        vectors: Their similarities; `vectors.to_matrix()` is what estimators take. Of
            more than a million candidates, those below a field's lowest level are only
            known to be at most so much.
        weights: float64, shape `(n_pairs,)`: their match weights in bits.
        verdicts: int8, shape `(n_pairs,)`: what rules and labels settle of them
            whatever their weight: 1 for one entity, -1 for different ones, else 0.
        blocking: What each blocking key contributed.
        contact_values: For each contact field, whose its values are.
        observations: What the stages noted for `diagnostics`.
        timings: What each stage took.

    Examples:
        >>> import custmerge as cm
        >>> records = [
        ...     {"name": "Ann Lee", "email": "ann.lee@mail.com", "city": "Leeds"},
        ...     {"name": "Bo Chan", "email": "bo@chan.org", "city": "York"},
        ...     {"name": "Ann Lee", "email": "ann.lee@mail.com", "city": None},
        ... ]
        >>> result = cm.resolve(records)
        >>> [row["entity_id"] for row in result.assignments]
        [0, 1, 0]
        >>> result.entities[0]
        {'entity_id': 0, 'n_records': 2, 'name': 'Ann Lee', ...}
    """

    dataset: Dataset
    config: Config
    model: IntoClassifier
    warnings: tuple[str, ...]
    labels: Rows
    compared: Pairs
    vectors: SimilarityVectors
    weights: NDArray[np.float64]
    verdicts: Verdicts
    confidence: NDArray[np.float64]
    survivors: Survivors
    blocking: tuple[KeyReport, ...]
    contact_values: Mapping[str, ContactValues]
    observations: Observations
    timings: Timings

    def __len__(self) -> int:
        return self.n_entities

    @property
    def n_entities(self) -> int:
        """The number of entities."""
        return int(self.labels.max(initial=-1)) + 1

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """The number of records of each entity; shape `(n_entities,)`."""
        return np.bincount(self.labels, minlength=self.n_entities).astype(np.int64)

    @cached_property
    def assignments(self) -> Table:
        """One row for each record, in input order: which entity it belongs to.

        Columns: `record_id` (the id column's value, else the row number), `source`,
        `entity_id`, and `confidence` in [0, 1]: for a record in company, the highest
        match probability with a record of its entity; for one alone, what is left by
        its likeliest match.
        """
        rows = np.arange(len(self.labels), dtype=np.int64)
        return self.dataset.build(
            {
                "record_id": self._ids(rows),
                "source": self._sources(rows),
                "entity_id": self.labels,
                "confidence": self.confidence,
            }
        )

    @cached_property
    def entities(self) -> Table:
        """One golden record for each entity.

        Columns: `entity_id`, `n_records`, then the input's; an input column of one of
        these names gets the suffix `_input`.
        """
        columns, names = self.survivors.rows, self._entity_columns
        taken = {names[name]: Taken(name, rows) for name, rows in columns.items()}
        ids = np.arange(self.n_entities, dtype=np.int64)
        return self.dataset.build({"entity_id": ids, "n_records": self.sizes, **taken})

    @property
    def _entity_columns(self) -> dict[str, str]:
        """The name in `entities` of each input column."""
        return _beside(list(self.survivors.rows), ("entity_id", "n_records"))

    @cached_property
    def pairs(self) -> Table:
        """One row for each pair of records that was compared, by row.

        Columns: `left_id`, `right_id`, `weight` in bits (log2 odds of a match),
        `probability` of a match in [0, 1], and the similarity in [0, 1] of each
        compared field, NaN where a side is missing (see also `vectors`). With several
        sources, whose ids may repeat, `left_source` and `right_source` as well.
        """
        return self._pair_table(np.arange(len(self.compared)))

    @cached_property
    def review(self) -> Table:
        """The pairs whose answer helps most, the most telling first.

        All doubtful pairs, and some links beyond doubt as spot checks, in an order in
        which the first so many are of all kinds and about ever new records. Columns as
        in `pairs`, and `reason`: what is unlike. Add a column `same`, filled in as far
        as you get, and pass the table to `resolve` as `labels`.
        """
        chosen, bounds = self._reviewed, self.config.review
        told = reasons(self.vectors.take(chosen), self.weights[chosen], bounds)
        return self._pair_table(chosen, {"reason": told})

    @cached_property
    def _reviewed(self) -> NDArray[np.int64]:
        """The pairs to review; what rules and labels settle needs no answer."""
        is_likely = probability(self.weights) > self.config.review[0]
        open_ = np.flatnonzero((self.verdicts == 0) & is_likely)
        chosen = worth_asking(
            self.compared.take(open_),
            self.vectors.take(open_),
            self.weights[open_],
            self.config.review,
        )
        return open_[chosen]

    @cached_property
    def lineage(self) -> Table:
        """One row for each golden value: the record and the rule it comes from.

        Columns: `entity_id`, `field` (the column), `record_id`, `source`, and `rule`:
        the survivorship rule that decided, or `only_value`, `missing`, `tie_break`.
        """
        survivors, n_entities = self.survivors, self.n_entities
        names = tuple(survivors.rows)
        rows = _joined([survivors.rows[name] for name in names])
        decided = _joined([survivors.decided[name].astype(np.int64) for name in names])
        fields = np.repeat(np.arange(len(names), dtype=np.int32), n_entities)
        return self.dataset.build(
            {
                "entity_id": np.tile(np.arange(n_entities, dtype=np.int64), len(names)),
                "field": Column(names, fields),
                "record_id": self._ids(rows),
                "source": self._sources(rows),
                "rule": Column(survivors.rule_names, decided.astype(np.int32)),
            }
        )

    @cached_property
    def crosswalk(self) -> Table:
        """One row for each record, in input order: which record survives it.

        Columns: `record_id`, `source`, `survivor_id`, `survivor_source`, and
        `entity_id`; survivors survive themselves.
        """
        rows, survivors = np.arange(len(self.labels)), self._survivors
        return self.dataset.build(
            {
                "record_id": self._ids(rows),
                "source": self._sources(rows),
                "survivor_id": self._ids(survivors),
                "survivor_source": self._sources(survivors),
                "entity_id": self.labels,
            }
        )

    @property
    def _survivors(self) -> Rows:
        """The row that survives each row."""
        return masters_of(self.survivors, self.labels, self.config)[self.labels]

    def relink(
        self,
        table: object,
        on: str | Mapping[str, str] = "customer_id",
        *,
        source: str | Mapping[str, str] | None = None,
        unique: Said = (),
    ) -> Table:
        """Return a child table (orders, tickets) that points to surviving records.

        It comes back in its own form: the same rows in the same order, all other
        columns as they were, and the ids in the type of their column. Missing ids stay
        missing, and those that no record has stay as they are.

        Args:
            table: The table, in any form that `resolve` takes; or several by name,
                `{"orders": orders, "tickets": tickets}`, which come back by name.
            on: The column with record ids; of several tables also by table, as are the
                other arguments.
            source: Where ids repeat between sources, the column of the table that
                names the source (re-pointed too), or the one source all ids are of.
            unique: Columns of which no customer may have a combination twice, such as
                `["address_type"]`, or flags such as `"is_primary"`, of which only
                those that are set count.

        Raises:
            ColumnNotFoundError: A column does not exist.
            InvalidInputError: The table cannot be read; an id may be of several
                records; or survivors' ids do not fit the column.

        Warns:
            CustmergeWarning: Ids are no record's, or rows collide that did not before;
                `relink_report` says which.
        """
        linked, reports = relink_all(table, self._crosswalk, on, source, unique)
        warn_of(reports)
        return linked

    def relink_report(
        self,
        table: object,
        on: str | Mapping[str, str] = "customer_id",
        *,
        source: str | Mapping[str, str] | None = None,
        unique: Said = (),
    ) -> RelinkReport | dict[str, RelinkReport]:
        """Return which rows `relink` moves, does not know, and lets collide.

        Of several tables, for each by name. The arguments and errors are its own.
        """
        return relink_all(table, self._crosswalk, on, source, unique)[1]

    def merge_plan(
        self,
        children: Mapping[str, object] | None = None,
        on: str | Mapping[str, str] = "customer_id",
        *,
        source: str | Mapping[str, str] | None = None,
        keys: Mapping[str, str] | None = None,
    ) -> MergePlan:
        """Return what it takes to carry the merge out elsewhere, and to undo it.

        Args:
            children: The child tables to re-point, by name.
            on: As for `relink`, and so is `source`.
            source: See there.
            keys: The columns that name the rows of child tables; without, they go by
                their numbers.

        Raises:
            InvalidConfigError: The records have no id column.
            InvalidInputError: A cell has no form in JSON, or as `relink` says.
        """
        planned = plan_children(children or {}, on, source, keys or {})
        return plan_merge(self._crosswalk, self.labels, self._golden, planned)

    @property
    def _crosswalk(self) -> Crosswalk:
        return Crosswalk.of(self.dataset, self.config, self._survivors)

    @property
    def _golden(self) -> dict[str, list[object]]:
        """The golden cells of each column of the records, by entity."""
        golden, names = read_table(self.entities), self._entity_columns
        return {name: plain_cells(golden, names[name]) for name in self.survivors.rows}

    @cached_property
    def relations(self) -> Table:
        """One row for each two entities that are related: not one customer, yet kin.

        Columns: `left_entity`, `right_entity`; `kind`: `"household"`, `"branch"` (of
        one company) or `"shared_contact"` (one e-mail address, phone or
        identifier, and little else in common); its `probability` in [0, 1];
        `left_id` and `right_id`, the two records that show it best; and `shared`, the
        fields on which these agree, joined by `"; "`. With several sources,
        `left_source` and `right_source` as well.
        """
        left, right = self.compared.left, self.compared.right
        across = np.flatnonzero(self.labels[left] != self.labels[right])
        pairs, vectors = self.compared.take(across), self.vectors.take(across)
        found = relate_entities(
            self.labels,
            pairs,
            self.model.kinship(vectors)
            if isinstance(self.model, FellegiSunter)
            else {},
            1 - probability(self.weights[across]),
            {name: scores >= 1 for name, scores in vectors.scores.items()},
            # Who shares no more than an address is a neighbour.
            [f.name for f in self.config.compared if f.kind in CONTACT_KINDS],
        )
        left, right = pairs.left[found.pairs], pairs.right[found.pairs]
        # The rows of a pair stand in input order, those of a relation by entity.
        turned = self.labels[left] != found.left
        left, right = np.where(turned, right, left), np.where(turned, left, right)
        columns: dict[str, OutputColumn] = {
            "left_entity": found.left,
            "right_entity": found.right,
            "kind": list(found.kinds),
            "probability": found.probabilities,
            "left_id": self._ids(left),
            "right_id": self._ids(right),
            "shared": ["; ".join(names) for names in found.shared],
        }
        if self.dataset.sources:
            columns["left_source"] = self._sources(left)
            columns["right_source"] = self._sources(right)
        return self.dataset.build(columns)

    @cached_property
    def contacts(self) -> Table:
        """The contact values that are not one person's, the most shared first.

        Columns: `field`, `value` (normalized), `use` (`"household"`, `"shared"` or
        `"placeholder"`; see `ContactUse`), `n_records` that hold it, and `n_people`
        that these seem to be, judged by their names and birth dates.
        """
        rows = [
            (name, found.values[i], str(use), *found.counts_of(i))
            for name, found in self.contact_values.items()
            for i, use in enumerate(found.uses)
            if use is not ContactUse.PERSONAL
        ]
        rows.sort(key=lambda row: (-row[4], -row[3], row[0], row[1]))
        names = ("field", "value", "use", "n_records", "n_people")
        columns = list(map(list, zip(*rows, strict=True))) or [[] for _ in names]
        return self.dataset.build(dict(zip(names, columns, strict=True)))

    @cached_property
    def diagnostics(self) -> Diagnostics:
        """Estimates of the result's quality without labels, and what was found odd."""
        return diagnose(
            self.labels,
            (self.compared, probability(self.weights)),
            self.config.threshold,
            self.observations,
            self._record_ids(self.observations.unblocked),
        )

    def _record_ids(self, rows: Rows) -> tuple[object, ...]:
        """Return the ids of records, each with its source where there are several."""
        ids = self._cells(self._ids(rows))
        if self.dataset.sources or self.config.source is not None:
            return tuple(zip(self._cells(self._sources(rows)), ids, strict=True))
        return tuple(ids)

    def _cells(self, column: OutputColumn) -> list[object]:
        if isinstance(column, Taken):
            cells = self.dataset.cells(column.column)
            return [cells[row] for row in column.rows.tolist()]
        if isinstance(column, Column):
            return list(column.decode())
        return column.tolist() if isinstance(column, np.ndarray) else list(column)

    def _pair_table(
        self,
        chosen: NDArray[np.int64],
        more: Mapping[str, OutputColumn] | None = None,
    ) -> Table:
        left, right = self.compared.left[chosen], self.compared.right[chosen]
        weights = self.weights[chosen]
        columns: dict[str, OutputColumn] = {
            "left_id": self._ids(left),
            "right_id": self._ids(right),
            "weight": weights,
            "probability": probability(weights),
        }
        names = _beside(list(self.vectors.scores), _PAIR_COLUMNS)
        for name, scores in self.vectors.scores.items():
            columns[names[name]] = scores[chosen].astype(np.float64)
        if self.dataset.sources:
            columns["left_source"] = self._sources(left)
            columns["right_source"] = self._sources(right)
        return self.dataset.build({**columns, **(more or {})})

    def _ids(self, rows: Rows) -> OutputColumn:
        column = self.config.id
        # Without records there may be no columns.
        if column is not None and column in self.dataset.columns:
            return Taken(column, rows)
        return rows

    def _sources(self, rows: Rows) -> OutputColumn:
        codes = self.dataset.source_codes
        if codes is not None:
            return Column(self.dataset.sources, codes[rows])
        column = self.config.source
        if column is not None and column in self.dataset.columns:
            return Taken(column, rows)
        return Column((), np.full(len(rows), -1, dtype=np.int32))

    @property
    def summary(self) -> Mapping[str, int]:
        """The counts that `repr` shows."""
        return {
            "records": len(self.labels),
            "entities": self.n_entities,
            "merged records": int(len(self.labels) - self.n_entities),
            "largest entity": int(self.sizes.max(initial=0)),
            "pairs compared": len(self.compared),
            "pairs to review": len(self._reviewed),
            "warnings": len(self.warnings),
        }

    def __repr__(self) -> str:
        counts = ", ".join(f"{key} {n:,}" for key, n in self.summary.items())
        return f"Resolution({counts})"

    def _repr_html_(self) -> str:
        cells = "".join(
            f"<tr><th style='text-align:left'>{escape(key)}</th><td>{n:,}</td></tr>"
            for key, n in self.summary.items()
        )
        warned = "".join(f"<li>{escape(text)}</li>" for text in self.warnings)
        return f"<table>{cells}</table>" + (f"<ul>{warned}</ul>" if warned else "")


_PAIR_COLUMNS = (
    "left_id",
    "right_id",
    "weight",
    "probability",
    "left_source",
    "right_source",
    "reason",
)


def _beside(names: Sequence[str], taken: Sequence[str]) -> dict[str, str]:
    """Return a column name for each name: none of `taken`, and no two the same."""
    used = {*taken, *names}
    renamed = {}
    for name in names:
        free = name
        while free in taken or (free != name and free in used):
            free = f"{free}_input"
        used.add(free)
        renamed[name] = free
    return renamed


def _joined(arrays: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate(arrays) if arrays else np.empty(0, dtype=np.int64)
