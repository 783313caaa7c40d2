"""What `resolve` returns: entities, and everything that led to them."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from html import escape
from os import PathLike
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from custmerge.answers import read_answers
from custmerge.classifier import (
    BranchNames,
    FellegiSunter,
    IntoClassifier,
    Verdicts,
    probability,
    reasons,
    worth_asking,
)
from custmerge.config import Config
from custmerge.contacts import ContactValues
from custmerge.decisions import (
    Basis,
    Corrected,
    Decisions,
    Standing,
    adopted,
    left_out,
    linked,
    pinned,
    regrouped,
)
from custmerge.diagnostics import Diagnostics, Observations, diagnose
from custmerge.display import html_cards
from custmerge.exceptions import CustmergeWarning, InvalidInputError
from custmerge.explaining import (
    EntityExplanation,
    Grounds,
    PairExplanation,
    Probe,
    explain_entity,
    explain_pair,
    hide,
)
from custmerge.io import Dataset, named_sources, plain_cells, read_table
from custmerge.kinds import CONTACT_KINDS
from custmerge.masking import Mask, Masked
from custmerge.merging import (
    Conflict,
    Crosswalk,
    EntityLineage,
    MergePlan,
    RelinkReport,
    Said,
    conflict_columns,
    entity_lineage,
    explain,
    find_conflicts,
    golden_cells,
    lineage_columns,
    loser_columns,
    owner_columns,
    plan_children,
    plan_merge,
    relink_all,
    warn_of,
)
from custmerge.naming import GOLDEN_COLUMNS, RecordNames
from custmerge.pairs import KeyReport, Pairs, SimilarityVectors, distinct
from custmerge.partitioning import Weighed
from custmerge.protocols import Rows
from custmerge.quality import Quality, nobodys
from custmerge.records import RecordTable
from custmerge.relations import Relations, relate_entities, with_named_branches
from custmerge.remarks import Remark
from custmerge.survivorship import Losses, Survivors
from custmerge.tables import (
    beside,
    contact_columns,
    pair_columns,
    relation_columns,
)
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
        remarks: What deserved a look in the run; see `warnings`.
        labels: int64, shape `(n_records,)`: the entity of each record, `0` to
            `n_entities - 1` in the order of their first records.
        compared: The pairs of rows that were compared; of very many, those that may be
            matches or relatives at all (see `n_candidates` in `diagnostics`).
        vectors: Their similarities; `vectors.to_matrix()` is what estimators take. Of
            more than a million candidates, those below a field's lowest level are only
            known to be at most so much.
        weights: float64, shape `(n_pairs,)`: their match weights in bits.
        verdicts: int8, shape `(n_pairs,)`: what rules, labels and decisions settle of
            them whatever their weight: 1 for one entity, -1 for different ones, else 0.
        blocking: What each blocking key contributed.
        contact_values: For each contact field, whose its values are.
        observations: What the stages noted for `diagnostics`.
        timings: What each stage took.
        basis: What corrections go by.
        probe: What `explain` asks about records that were not compared.
        decisions: What people decided: what `resolve` was given, and all corrections.

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
    remarks: tuple[Remark, ...]
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
    basis: Basis
    probe: Probe
    decisions: Decisions

    def __len__(self) -> int:
        return self.n_entities

    @property
    def n_entities(self) -> int:
        """The number of entities."""
        return int(self.labels.max(initial=-1)) + 1

    @property
    def warnings(self) -> tuple[str, ...]:
        """What deserved a look in the run, in words."""
        return tuple(remark.text for remark in self.remarks)

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
                "record_id": self._names.ids(rows),
                "source": self._names.sources(rows),
                "entity_id": self.labels,
                "confidence": self.confidence,
            }
        )

    @cached_property
    def entities(self) -> Table:
        """One golden record for each entity.

        Columns: `entity_id`, `n_records`, then the input's and those that survivorship
        rules add; an input column of one of these names gets the suffix `_input`.
        """
        names = self._entity_columns
        taken = {
            names[name]: golden_cells(self.dataset, self.survivors, name)
            for name in self.survivors.rows
        }
        ids = np.arange(self.n_entities, dtype=np.int64)
        return self.dataset.build({"entity_id": ids, "n_records": self.sizes, **taken})

    @property
    def _entity_columns(self) -> dict[str, str]:
        """The name in `entities` of each input column."""
        return beside(list(self.survivors.rows), GOLDEN_COLUMNS)

    @cached_property
    def pairs(self) -> Table:
        """One row for each pair of records that was compared, by row.

        Columns: `left_id`, `right_id`, `weight` in bits (log2 odds of a match),
        `probability` of a match in [0, 1], and the similarity in [0, 1] of each
        compared field, NaN where a side is missing (see also `vectors`). With several
        sources, whose ids may repeat, `left_source` and `right_source` as well.
        """
        return self.dataset.build(
            pair_columns(self._names, self.compared, self.vectors, self.weights)
        )

    @cached_property
    def review(self) -> Table:
        """The pairs whose answer helps most, the most telling first.

        All doubtful pairs, and some links beyond doubt as spot checks, in an order in
        which the first so many are of all kinds and about ever new records. Pairs with
        a record of nobody (`result.quality.ghosts`) come last: whatever is said of
        them, no customer is merged or kept apart. Columns as in `pairs`, and `reason`:
        what is unlike. Add a column `same`, filled in as far as you get, and pass the
        table to `resolve` as `labels`.
        """
        chosen, bounds = self.reviewed, self.config.review
        vectors, weights = self.vectors.take(chosen), self.weights[chosen]
        columns = pair_columns(
            self._names, self.compared.take(chosen), vectors, weights
        )
        return self.dataset.build(
            {**columns, "reason": reasons(vectors, weights, bounds)}
        )

    @cached_property
    def reviewed(self) -> NDArray[np.int64]:
        """The places in `compared` of the pairs in `review`, in its order."""
        pairs = self.compared.take(self._asked)
        rows = distinct(np.concatenate([pairs.left, pairs.right]))
        ghosts = rows[self.quality.are_ghosts(rows)]
        is_idle = np.isin(pairs.left, ghosts) | np.isin(pairs.right, ghosts)
        return self._asked[np.argsort(is_idle, kind="stable")]

    @cached_property
    def _asked(self) -> NDArray[np.int64]:
        """The places in `compared` of the pairs in `review`.

        What rules, labels and decisions settle needs no answer.
        """
        is_likely = probability(self.weights) > self.config.review[0]
        open_ = np.flatnonzero((self.verdicts == 0) & is_likely)
        chosen = worth_asking(
            self.compared.take(open_),
            self.vectors.take(open_),
            self.weights[open_],
            self.config.review,
            self.basis.places,
        )
        return open_[chosen]

    @cached_property
    def lineage(self) -> Table:
        """One row for each golden value, by field and entity: where it comes from.

        Columns: `entity_id`; `field`, the golden column; `record_id` and `source` of
        the record; `value` as text; `rule`: what decided (a survivorship rule's name,
        `only_value`, `missing`, `tie_break`, `master`, `gap_filled`, `pinned`,
        `never`); `tie`: whether the rules left several texts equal, so that the
        smallest survived; `origin`: `"record"`, `"computed"` (the record is the first
        of those it is made of), `"pinned"` or `"missing"`.
        """
        columns = lineage_columns(self.survivors, self._table, self._names)
        return self.dataset.build(columns)

    @cached_property
    def losers(self) -> Table:
        """One row for each cell whose value did not survive, by field and entity.

        Columns: `entity_id`; `field`, the golden column; `record_id` and `source` of
        the record; `value` as text; `lost_to`: the rule that ruled it out, or `group`
        where the columns of its group survive from another record; `survivor_id`, the
        record whose value survived. Found by merging again, when first asked for.
        """
        columns = loser_columns(self._explained(), self._table, self._names)
        return self.dataset.build(columns)

    def lineage_of(self, entity_id: int) -> EntityLineage:
        """Return where each golden value of one entity comes from, and what lost.

        Raises:
            InvalidInputError: There is no such entity.
        """
        found = self._explained(entity_id)
        won = lineage_columns(found[0], self._table, self._names)
        lost = loser_columns(found, self._table, self._names)
        return entity_lineage(entity_id, won, lost, self._names.cells)

    def _explained(self, entity: int | None = None) -> tuple[Survivors, Losses]:
        return explain(
            *(self._table, self.labels, self.config, self.survivors.overrides),
            *(named_sources(self.dataset), entity),
        )

    @property
    def _table(self) -> RecordTable:
        return self.basis.table

    @cached_property
    def crosswalk(self) -> Table:
        """One row for each record, in input order: which record survives it.

        Columns: `record_id`, `source`, `survivor_id`, `survivor_source`, and
        `entity_id`; survivors survive themselves.
        """
        rows, survivors = np.arange(len(self.labels)), self._survivors
        return self.dataset.build(
            {
                "record_id": self._names.ids(rows),
                "source": self._names.sources(rows),
                "survivor_id": self._names.ids(survivors),
                "survivor_source": self._names.sources(survivors),
                "entity_id": self.labels,
            }
        )

    @property
    def _survivors(self) -> Rows:
        """The row that survives each row."""
        return self.survivors.masters[self.labels]

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
        tables = {} if children is None else children
        named = {} if keys is None else keys
        planned = plan_children(tables, on, source, named)
        found = read_table(self.conflicts)
        return plan_merge(self._crosswalk, self.labels, self._golden, planned, found)

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
        one company, or it and its branch) or `"shared_contact"` (one e-mail address,
        phone or identifier, and little else in common); its `probability` in [0, 1];
        `left_id` and `right_id`, the two records that show it best; and `shared`, the
        fields on which these agree, joined by `"; "`. With several sources,
        `left_source` and `right_source` as well.
        """
        across, found = self._related
        pairs = self.compared.take(across)
        columns = relation_columns(self._names, self.labels, pairs, found)
        return self.dataset.build(columns)

    @cached_property
    def _related(self) -> tuple[NDArray[np.int64], Relations]:
        """The compared pairs of two entities, and the relations that these show."""
        left, right = self.compared.left, self.compared.right
        across = np.flatnonzero(self.labels[left] != self.labels[right])
        pairs, vectors = self.compared.take(across), self.vectors.take(across)
        kinship = (
            self.model.kinship(vectors) if isinstance(self.model, FellegiSunter) else {}
        )
        answers = vectors.answers.items()
        named = [told for asked, told in answers if asked.predicate == BranchNames()]
        found = relate_entities(
            self.labels,
            pairs,
            with_named_branches(kinship, named),
            1 - probability(self.weights[across]),
            {name: scores >= 1 for name, scores in vectors.scores.items()},
            # Who shares no more than an address is a neighbour.
            [f.name for f in self.config.compared if f.kind in CONTACT_KINDS],
        )
        return across, found

    @cached_property
    def contacts(self) -> Table:
        """The contact values that are not one person's, the most shared first.

        Columns: `field`, `value` (normalized), `use` (`"household"`, `"shared"` or
        `"placeholder"`; see `ContactUse`), `n_records` that hold it, and `n_people`
        that these seem to be, judged by their names and birth dates.
        """
        return self.dataset.build(contact_columns(self.contact_values))

    @cached_property
    def conflicts(self) -> Table:
        """The fields of which a customer has one, where an entity holds several values.

        One row for each entity and field, the worst first: `entity_id`, `field`;
        `kind` (`"identifier"`, `"birth_date"`, `"owner"`, …) and `severity`
        (`"high"`, `"medium"`, `"low"`), see `custmerge.merging.conflicts`; `n_values`,
        and `values` as they were written, the most frequent first, joined by `"; "`;
        `record_ids`, for each value those that hold it, joined by `", "`, likewise;
        `kept`, what the golden record holds, the `rule` that decided, and `kept_id`,
        the record it comes from. With several sources, ids in `record_ids` are
        `source:id`, and there is `kept_source` as well.
        """
        columns, kept = conflict_columns(self._conflicts, self._names.listed)
        return self.dataset.build({**columns, **self._names.columns(kept=kept)})

    @cached_property
    def owners(self) -> Table:
        """The owners who lose a customer to another, to be told; see `conflicts`.

        One row for each entity of several owners, and owner who does not keep it:
        `entity_id`, `owner`, their `record_ids` joined by `", "`, `kept_by` (the
        owner who keeps it), the `rule` that decided, and `kept_id`, the record of
        theirs by which. With several sources, `kept_source` as well.
        """
        columns, kept = owner_columns(self._conflicts, self._names.listed)
        return self.dataset.build({**columns, **self._names.columns(kept=kept)})

    @cached_property
    def _conflicts(self) -> tuple[Conflict, ...]:
        known = (self.config, self.survivors, self.contact_values)
        return find_conflicts(self.dataset, self.labels, *known)

    @cached_property
    def quality(self) -> Quality:
        """What is wrong with the records, and which are of nobody; see `Quality`."""
        return Quality(
            self.dataset,
            self.config,
            self.labels,
            self.survivors,
            nobodys(self.contact_values),
            datetime.now(tz=UTC).date(),
        )

    @cached_property
    def diagnostics(self) -> Diagnostics:
        """Estimates of the result's quality without labels, and what was found odd."""
        return diagnose(
            self.labels,
            (self.compared, probability(self.weights)),
            self.config.threshold,
            self.observations,
            self._names.listed(self.observations.unblocked),
        )

    def masked(
        self,
        key: str | bytes | None = None,
        *,
        keep: Sequence[str] = (),
        hide: Sequence[str] = (),
    ) -> Masked:
        """Return the result's tables with names, contacts and the like masked.

        A masked value is a token such as `email:8c2f0a41be93d577`, the same wherever
        the value stands and however it is written. Shown are cities, regions,
        postcodes, countries, genders, categories, numbers and dates, and the ids of
        records, their sources and types; all else is masked.

        Args:
            key: A secret; the same one gives the same tokens, in other runs too. By
                default drawn by chance, so that nothing can be linked to these tables.
            keep: Columns of the input to show, whatever they are.
            hide: Columns of the input to mask, whatever they are; of the id column the
                ids in all tables.

        Raises:
            InvalidInputError: The key is empty, or neither text nor bytes.
            ColumnNotFoundError: There is no such column.
        """
        columns = self.dataset.columns
        mask = Mask.of(self.config, columns, key, keep=keep, hide=hide)
        return Masked(mask, columns, partial(getattr, self))

    def report(
        self,
        path: str | PathLike[str],
        *,
        masked: bool | Masked = False,
        title: str = "",
        language: str = "en",
        max_bytes: int = 10_000_000,
    ) -> None:
        """Write a report for people who do not code: one HTML file.

        It opens in any browser, and loads and sends nothing: what came in and out,
        every customer's records side by side, doubtful pairs to answer, conflicts,
        relations, quality, and how it was decided. The answers are saved to a file that
        `resolve` takes as `decisions`.

        Args:
            path: The file; it is replaced.
            masked: Whether names, contacts and the like are masked, as `masked` does;
                or what that returned, with a key and columns of your own.
            title: The title; by default one in the language.
            language: The language it opens in, `"en"` or `"zh"`; it can be switched.
            max_bytes: The most that the file takes, at least a million. Of too many
                customers those are shown that somebody should look at, and of the
                others as many as there is room for, drawn by their ids; the report
                says how many.

        Raises:
            InvalidInputError: An argument is of no such form.
            OSError: The file cannot be written.

        Examples:
            >>> import custmerge as cm
            >>> result = cm.resolve([{"name": "Ann Lee"}, {"name": "Ann Lee"}])
            >>> result.report("report.html", title="May 2026")  # doctest: +SKIP
        """
        from custmerge.reporting import Material, write_report  # noqa: PLC0415  rare

        shown = self.masked() if masked is True else masked or None
        material = Material(self, shown, self.reviewed, self._explained()[1])
        write_report(
            path, material, title=title, language=language, max_bytes=max_bytes
        )

    @property
    def _names(self) -> RecordNames:
        return RecordNames.of(self.dataset, self.config)

    def entity_of(self, record: object) -> int:
        """Return the entity that a record is in.

        Args:
            record: Its id, or `(source, id)` with several sources; its row number
                where there is no id column.

        Raises:
            InvalidInputError: No single record has such an id.

        Examples:
            >>> import custmerge as cm
            >>> result = cm.resolve([{"no": "K7", "name": "Ann Lee"}], id="no")
            >>> result.entity_of("K7")
            0
        """
        return self._standing.entity_of(record)

    @overload
    def explain(self, entity_id: int, /) -> EntityExplanation: ...

    @overload
    def explain(self, left: object, right: object, /) -> PairExplanation: ...

    def explain(self, *asked: Any) -> EntityExplanation | PairExplanation:
        """Return why two records are one customer or not, or how an entity was built.

        Two records are explained whether the run compared them or not: if not, they
        are weighed now with the same evidence, which takes a moment the first time; of
        two million records and more, these are normalized again for it.

        Args:
            asked: Two records, each as `entity_of` takes it; or an entity id alone.

        Raises:
            InvalidInputError: There are no such records, or no such entity.

        Examples:
            >>> import custmerge as cm
            >>> records = {"no": ["K7", "K8"], "name": ["Ann Lee", "Ann Lee"]}
            >>> result = cm.resolve(records, id="no")
            >>> result.explain("K7", "K8").same_entity, len(result.explain(0).tree)
            (True, 1)
        """
        if len(asked) == 2:
            return explain_pair(self._grounds, *asked)
        if len(asked) != 1:
            message = "explain takes two records, or the id of an entity"
            raise InvalidInputError(message)
        self._standing.check(asked)
        across, found = self._related
        related = self.compared.take(across), found
        lineage = self.lineage_of(*asked)
        return explain_entity(self._grounds, *asked, related, lineage)

    def _explained_masked(
        self, mask: Mask, *asked: object
    ) -> EntityExplanation | PairExplanation:
        found = self.explain(*asked)
        return hide(found, mask)

    @property
    def _grounds(self) -> Grounds:
        known = (self.contact_values, self.blocking)
        return Grounds(self._standing, self.probe, *known)

    def split(self, entity_id: int, groups: Iterable[Iterable[object]]) -> Resolution:
        """Return the result with an entity parted into groups of its records.

        Decided is that the records of a group are one customer, and those of different
        groups are not; what was decided before about two of them gives way. Entities
        are numbered anew: see `entity_of`.

        Args:
            entity_id: The entity.
            groups: Lists of record ids; records that are in none of them stay together
                as one more group.

        Raises:
            InvalidInputError: There is no such entity, or the groups do not part it;
                the message lists all that is wrong.
            InvalidConfigError: Labels or constraints of the run contradict it.

        Examples:
            >>> import custmerge as cm
            >>> records = {"no": ["K7", "K8"], "name": ["Ann Lee", "Ann Lee"]}
            >>> result = cm.resolve(records, id="no")
            >>> parted = result.split(0, [["K8"]])
            >>> result.n_entities, parted.n_entities
            (1, 2)
        """
        standing = self._standing
        return self._with(regrouped(standing, standing.parts(entity_id, groups)))

    def merge(self, entity_ids: Iterable[int]) -> Resolution:
        """Return the result with several entities as one.

        Decided is that all their records are one customer; what was decided before
        about two of them gives way. Entities are numbered anew: see `entity_of`.

        Args:
            entity_ids: The entities, at least two.

        Raises:
            InvalidInputError: These are no two entities or more.
            InvalidConfigError: Labels or constraints of the run contradict it.

        Examples:
            >>> import custmerge as cm
            >>> names = ["Ann Lee", "Ann Lee", "Bo Chan"]
            >>> result = cm.resolve({"no": ["K7", "K8", "K9"], "name": names}, id="no")
            >>> result.n_entities, result.merge([0, 1]).n_entities
            (2, 1)
        """
        standing = self._standing
        return self._with(regrouped(standing, [standing.rows_of(entity_ids)]))

    def decide(self, answers: object) -> Resolution:
        """Return the result with what is decided about pairs of records.

        Two records that are the same become one entity, two that are not go to
        different ones. Which other records go with them is chosen anew by the evidence,
        under all decisions so far. Entities are numbered anew: see `entity_of`.

        Args:
            answers: Triples `(record, record, same)` of record ids, or whatever else
                `resolve` takes as `labels`, such as `result.review` with a column
                `same` added; or `Decisions`, as `read_review` returns, of which those
                about records that are not here are kept for other runs.

        Raises:
            InvalidInputError: The answers are in no such form, or name records that are
                not there; the message says which.
            InvalidConfigError: They contradict each other, or what was said before.

        Examples:
            >>> import custmerge as cm
            >>> records = {"no": ["K7", "K8"], "name": ["Ann Lee", "Ann Lee"]}
            >>> result = cm.resolve(records, id="no").decide([("K7", "K8", False)])
            >>> result.n_entities, result.decisions
            (2, Decisions(same 0, different 1, pinned 0, never 0))
        """
        if isinstance(answers, Decisions):
            return self._with(adopted(self._standing, answers))
        read = read_answers("answers", answers, self.basis.finder)
        return self._with(linked(self._standing, read))

    def pin(self, entity_id: int, values: Mapping[str, object]) -> Resolution:
        """Return the result with values that an entity has, whatever its records hold.

        They are kept by the id of a record of the entity, and hold for whichever entity
        that record is in later. A value pinned before to the same column gives way.

        Args:
            entity_id: The entity.
            values: A value for each golden column but the id, which is that of the
                surviving record; `None` is none at all.

        Raises:
            InvalidInputError: There is no such entity, or an id is pinned.
            ColumnNotFoundError: There is no such golden column.

        Examples:
            >>> import custmerge as cm
            >>> result = cm.resolve([{"name": "Ann Lee", "city": "Leeds"}])
            >>> result.pin(0, {"city": "York"}).entities[0]["city"]
            'York'
        """
        return self._with(pinned(self._standing, entity_id, values, never=False))

    def never(self, entity_id: int, values: Mapping[str, object]) -> Resolution:
        """Return the result with values that an entity never has.

        Kept as in `pin`; another record's value survives instead.

        Args:
            entity_id: The entity.
            values: A value for each golden column but the id.

        Raises:
            InvalidInputError: There is no such entity, a value is missing, or is an id.
            ColumnNotFoundError: There is no such golden column.

        Examples:
            >>> import custmerge as cm
            >>> result = cm.resolve([{"name": "Ann Lee", "city": "Leeds"}])
            >>> result.never(0, {"city": "Leeds"}).entities[0]["city"] is None
            True
        """
        return self._with(pinned(self._standing, entity_id, values, never=True))

    @property
    def _standing(self) -> Standing:
        weighed = Weighed(
            self.compared, self.vectors, self.weights, self.basis.verdicts
        )
        return Standing(
            self.basis,
            self.model,
            weighed,
            self.labels,
            self.survivors,
            self.decisions,
        )

    def _with(self, corrected: Corrected) -> Resolution:
        for remark in left_out(corrected.n_absent, corrected.n_contradicted):
            warnings.warn(remark.text, CustmergeWarning, stacklevel=3)
        return replace(
            self,
            labels=corrected.labels,
            verdicts=corrected.verdicts,
            confidence=corrected.confidence,
            survivors=corrected.survivors,
            decisions=corrected.decisions,
        )

    @property
    def summary(self) -> Mapping[str, int]:
        """The counts that `repr` shows."""
        return {
            "records": len(self.labels),
            "entities": self.n_entities,
            "merged records": int(len(self.labels) - self.n_entities),
            "largest entity": int(self.sizes.max(initial=0)),
            "pairs compared": len(self.compared),
            "pairs to review": len(self._asked),
            "warnings": len(self.warnings),
        }

    def __repr__(self) -> str:
        counts = ", ".join(f"{key} {n:,}" for key, n in self.summary.items())
        return f"Resolution({counts})"

    def _repr_html_(self) -> str:
        kinds = Counter(self._related[1].kinds)
        related = ", ".join(
            f"{kind.replace('_', ' ')} {n:,}" for kind, n in sorted(kinds.items())
        )
        counts = self.summary
        hints = {
            "entities": "result.entities",
            "merged records": "result.crosswalk",
            "pairs to review": "result.review",
        }
        cards = [(name, f"{n:,}", hints.get(name, "")) for name, n in counts.items()]
        cards.insert(-1, ("related entities", f"{kinds.total():,}", related))
        if counts["merged records"]:  # else there is nothing to be precise about
            found = self.diagnostics
            more = f"recall {found.recall:.3f}: result.diagnostics"
            cards.insert(-1, ("estimated precision", f"{found.precision:.3f}", more))
        warned = "".join(f"<li>{escape(text)}</li>" for text in self.warnings)
        return html_cards(cards) + (f"<ul>{warned}</ul>" if warned else "")
