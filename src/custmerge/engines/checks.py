"""What is wrong with the input, and what is odd about a result."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import (
    Correlation,
    FellegiSunter,
    IntoClassifier,
    Rules,
    WeightedScore,
    is_estimator,
    is_fitted,
)
from custmerge.config import AUTO, Config
from custmerge.engines.blocking import Blocking
from custmerge.engines.dependences import SAME_FACT
from custmerge.engines.linking import Linkage
from custmerge.exceptions import (
    ColumnNotFoundError,
    DuplicateIdError,
    InvalidConfigError,
    ModelError,
)
from custmerge.merging import roles_of, source_name
from custmerge.pairs import distinct
from custmerge.protocols import Classifier, Rows
from custmerge.records import RecordTable
from custmerge.remarks import Remark
from custmerge.survivorship import bind, columns_read, lacking, source_of

__all__ = ["check_columns", "check_ids", "check_model", "check_types", "findings"]

_MAX_LISTED = 5
_FEW_RECORDS = 10
"""Tables too small for a lack of matches, or of variety, to be suspicious."""
_FEW_COPIES = 4
"""Tables so small that all records may well be one customer's."""
_LARGE = 20
"""Records that an entity may hold without a word."""
_OUT_OF_LINE = 5
"""How many times the size of nearly all others makes an entity suspicious."""


def check_types(config: object, model: object) -> None:
    """Check that what was given as config and model is that, and not a path to one.

    Raises:
        InvalidConfigError: The config is none.
        ModelError: The model is none.
    """
    if config is not None and not isinstance(config, Config):
        message = (
            "config must be a Config, such as infer_config makes and load_config "
            f"reads, not a {type(config).__name__}"
        )
        raise InvalidConfigError(message)
    is_model = isinstance(model, Classifier) or is_estimator(model)
    if model is not None and (isinstance(model, type) or not is_model):
        message = (
            "model must be a FellegiSunter, such as result.model is and load_model "
            "reads, Rules, a WeightedScore, or an estimator with predict_proba, not a "
            f"{type(model).__name__}"
        )
        raise ModelError(message)


def check_columns(table: RecordTable, config: Config, *, named: bool = False) -> None:
    """Check that the table has every column that the configuration names.

    Where there are neither records nor columns, as in `[]`, nothing is amiss.

    Args:
        table: The records.
        config: What is to be done with them.
        named: Whether the tables were given by the names of their sources, so that
            survivorship rules can look at these.

    Raises:
        ColumnNotFoundError: It has not; the message lists what is missing and there.
        InvalidConfigError: A survivorship rule needs a column that nobody named.
    """
    if not table.columns and not table.n_rows:
        return
    read = {n for rule in config.survivorship_rules for n in columns_read(rule)}
    wanted = [
        *(config.id, config.source, config.updated_at, config.created_at),
        *(config.record_type, config.owner),
        *(n for field in config.fields for n in (*field.columns, *field.derived)),
        # A rule that looks at another column may make a new one.
        *(source_of(rule, n) for n, rule in config.column_rules.items()),
        *(source_of(field.rule, field.columns[0]) for field in config.fields),
        *(read.difference([source_name(table)]) if named else read),
    ]
    absent = {name for name in wanted if name is not None and name not in table}
    missing = sorted(absent)
    if missing:
        message = (
            f"the configuration names the columns {missing}, which the records do not "
            f"have; their columns are {list(table)}, the fields {list(config.names)}"
        )
        raise ColumnNotFoundError(message)
    roles = roles_of(config, table, named=named)
    lacks = [
        text
        for rule in config.survivorship_rules
        for text in lacking(bind(rule, roles))
    ]
    if lacks:
        raise InvalidConfigError("; ".join(dict.fromkeys(lacks)))


def check_ids(
    table: RecordTable, config: Config, source_codes: NDArray[np.int32] | None
) -> None:
    """Check that record ids are there and unique, within each source if several.

    Raises:
        DuplicateIdError: They are not; the message names column and rows.
    """
    if config.id is None or not table.n_rows:
        return
    codes = table[config.id].slots[:, 0].astype(np.int64)
    missing = np.flatnonzero(codes < 0)
    if missing.size:
        message = (
            f"the id column {config.id!r} is missing in {missing.size} records (rows "
            f"{_listed(missing)}); give every record an id, or leave out id= to use "
            "row numbers"
        )
        raise DuplicateIdError(message)
    within = source_codes
    if within is None and config.source is not None:
        within = table[config.source].slots[:, 0]
    keys = codes if within is None else codes * (int(within.max()) + 2) + within + 1
    if len(distinct(keys)) < len(keys):
        _, first, counts = np.unique(keys, return_index=True, return_counts=True)
        repeated = np.sort(first[counts > 1])
        message = (
            f"the id column {config.id!r} repeats {repeated.size} ids, first seen in "
            f"rows {_listed(repeated)}; ids must be unique within a source, or leave "
            "out id= to use row numbers"
        )
        raise DuplicateIdError(message)


def _listed(rows: NDArray[np.int64]) -> str:
    shown = ", ".join(map(str, rows[:_MAX_LISTED].tolist()))
    return shown + (", …" if len(rows) > _MAX_LISTED else "")


def check_model(model: IntoClassifier, config: Config, n_labels: int) -> None:
    """Check that a model given to `resolve` fits the compared fields.

    Raises:
        ModelError: It was made for other fields or levels, or is an estimator that was
            not fitted, with no labels to fit it to.
    """
    if isinstance(model, FellegiSunter):
        _check_levels(model, config)
    elif isinstance(model, (Rules, WeightedScore)):
        unknown = sorted(set(model.fields).difference(config.compared_names))
        if unknown:
            message = (
                f"the model looks at {unknown}, which are no compared fields; those "
                f"are {list(config.compared_names)}"
            )
            raise ModelError(message)
    elif is_estimator(model):
        _check_estimator(model, config, n_labels)


def _check_estimator(model: IntoClassifier, config: Config, n_labels: int) -> None:
    if not is_fitted(model):
        if not n_labels:
            message = (
                f"the {type(model).__name__} is not fitted; fit it to the similarities "
                "of labelled pairs, or give labels= and it is"
            )
            raise ModelError(message)
        return
    n_fields = len(config.compared)
    n_trained = getattr(model, "n_features_in_", n_fields)
    if n_trained != n_fields:
        message = (
            f"the {type(model).__name__} was fitted to {n_trained} fields, but "
            f"{n_fields} are compared: {list(config.compared_names)}"
        )
        raise ModelError(message)


def _check_levels(model: FellegiSunter, config: Config) -> None:
    trained = {item.name: item.thresholds for item in model.fields}
    wanted = {field.name: field.levels for field in config.compared}
    if trained != wanted:
        differing = sorted(
            name
            for name in trained.keys() | wanted.keys()
            if trained.get(name) != wanted.get(name)
        )
        message = (
            f"the model does not fit the configuration: the fields {differing} differ "
            "in name or levels; pass the config the model was trained with"
        )
        raise ModelError(message)


def findings(
    table: RecordTable,
    config: Config,
    blocking: Blocking,
    linkage: Linkage,
    told: Collection[str] = (),
) -> Iterator[Remark]:
    """Yield what deserves a look: what happened, and what to do about it.

    Args:
        table: The normalized fields.
        config: The fields.
        blocking: How candidate pairs were found.
        linkage: What was found of them.
        told: Columns that something is said of already.
    """
    model, labels = linkage.model, linkage.labels
    fields = [field for field in config.compared if not {*field.columns} <= {*told}]
    yield from _unusable_fields(table, [field.name for field in fields])
    yield from _blocking_findings(blocking, table.n_rows)
    yield from _dependence_findings(linkage.correlations)
    yield from _alone(config, linkage)
    if isinstance(model, FellegiSunter) and not model.training.converged:
        yield Remark.of(
            "not_converged",
            "the model did not converge ({reason}); compare fewer fields that say the "
            "same, or pass a model trained on more records",
            reason=model.training.reason,
        )
    n_entities = len(distinct(labels))
    if table.n_rows > _FEW_RECORDS and n_entities == table.n_rows:
        yield Remark.of(
            "no_matches",
            "no two records were found to be the same customer; look at "
            "result.pairs for the likeliest, and at infer_config(records) for how "
            "each column was understood",
        )
    if table.n_rows > _FEW_COPIES and n_entities == 1:
        yield Remark.of(
            "one_entity",
            "all records ended up in one entity; tell apart which fields identify a "
            "customer with fields={{...}}, or raise the threshold",
        )
    if linkage.one_per_source and config.one_per_source == AUTO:
        yield Remark.of(
            "one_per_source",
            "records match across the sources and hardly inside any, so that no "
            "entity was given two records of one source; pass a config with "
            "one_per_source=False if a source may hold a customer twice",
        )
    yield from _large_entities(labels)


def _large_entities(labels: Rows) -> Iterator[Remark]:
    """Yield that the largest entity is out of line with nearly all others."""
    sizes = np.bincount(labels, minlength=1)
    if sizes.max() < _LARGE:
        return
    others = np.delete(sizes, sizes.argmax())
    usual = int(np.quantile(others[others > 1], 0.99)) if (others > 1).any() else 1
    if len(others) and sizes.max() >= _OUT_OF_LINE * usual:
        yield Remark.of(
            "large_entity",
            "the largest entity, {entity}, holds {n_records:,} records, 99 in 100 of "
            "the others at most {usual}; if they are not one customer, see in "
            "result.pairs what they share, and tell them apart with cannot_link=, "
            "fields={{...}} or a higher threshold",
            entity=int(sizes.argmax()),
            n_records=int(sizes.max()),
            usual=usual,
        )


def _unusable_fields(table: RecordTable, names: Sequence[str]) -> Iterator[Remark]:
    for name in names:
        column = table[name]
        is_constant = len(column.values) == 1 and table.n_rows > _FEW_RECORDS
        if not column.present.any():
            yield Remark.of(
                "field_empty",
                "field {field!r} holds no usable value and was not compared; check its "
                "kind, or leave it out with fields={{...: None}}",
                field=name,
            )
        elif is_constant and column.present.all():
            yield Remark.of(
                "field_constant",
                "field {field!r} holds one value throughout and says nothing; leave it "
                "out with fields={{...: None}}",
                field=name,
            )


def _alone(config: Config, linkage: Linkage) -> Iterator[Remark]:
    """Yield that one field alone decided, which its own values cannot bear out."""
    names = config.compared_names
    is_told = linkage.one_per_source or linkage.verdicts.any()
    if len(names) == 1 and not is_told and len(linkage.pairs):
        yield Remark.of(
            "one_field",
            "field {field!r} is all that was compared, so that nothing tells one "
            "customer from two who are alike in it; compare another one as well, or "
            "name the source of each record, or give labels",
            field=names[0],
        )


def _dependence_findings(correlations: Sequence[Correlation]) -> Iterator[Remark]:
    for found in correlations:
        strength = max(found.matches, found.unrelated)
        if strength >= SAME_FACT and not found.counted_once:
            first, second = found.fields
            yield Remark.of(
                "same_fact",
                "fields {first!r} and {second!r} say much the same (correlation "
                "{strength:.2f}), and count twice; let one depend on the other "
                "(depends_on), or leave one out with fields={{...: None}}",
                first=first,
                second=second,
                strength=round(strength, 2),
            )


def _blocking_findings(blocking: Blocking, n_rows: int) -> Iterator[Remark]:
    capped = [item for item in blocking.reports if item.n_capped]
    if capped:
        largest = max(capped, key=lambda item: item.largest)
        yield Remark.of(
            "blocks_too_large",
            "{n_blocks} blocks of {n_keys} keys were too large to pair, the largest of "
            "{n_records:,} records by {key!r}; matches that share nothing rarer may be "
            "missed: raise pairs_per_record, or add a blocker",
            n_blocks=sum(item.n_capped for item in capped),
            n_keys=len(capped),
            n_records=largest.largest,
            key=largest.key,
        )
    if not blocking.candidates.n_expected and n_rows > 1:
        yield Remark.of(
            "nothing_compared",
            "no two records share a blocking key, so none but copies of one record "
            "were compared; add blockers to the config, or check how the columns were "
            "understood",
        )
