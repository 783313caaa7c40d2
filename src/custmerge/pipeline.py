"""From records to a `Resolution`: the order of the stages, known here alone."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

from custmerge.classifier import FellegiSunter
from custmerge.config import Config
from custmerge.engines.blocking import block
from custmerge.engines.checks import (
    check_columns,
    check_ids,
    check_model,
    check_types,
    findings,
)
from custmerge.engines.linking import link
from custmerge.engines.merging import merge
from custmerge.engines.normalizing import canonical_order, in_order, normalize
from custmerge.engines.observing import observe
from custmerge.exceptions import CustmergeWarning, InvalidConfigError
from custmerge.inference import IntoField, configure, encode, load
from custmerge.resolution import Resolution

__all__ = ["infer_config", "resolve"]

_LEAST_BUDGET = 100_000
"""Candidate pairs allowed however few the records: so many cost next to nothing."""


def infer_config(
    records: object,
    *,
    fields: Mapping[str, IntoField] | None = None,
    id: str | None = None,  # noqa: A002  the word users know
    source: str | None = None,
) -> Config:
    """Return what `resolve` would do with these records, and why.

    Args:
        records: As for `resolve`.
        fields: As for `resolve`.
        id: As for `resolve`.
        source: As for `resolve`.

    Examples:
        >>> import custmerge as cm
        >>> config = cm.infer_config({"surname": ["Lee"], "mail": ["a@b.org"]})
        >>> [(field.name, str(field.kind)) for field in config.fields]
        [('surname', 'family_name'), ('mail', 'email')]
    """
    return configure(encode(load(records)), fields=fields, id=id, source=source)


def resolve(
    records: object,
    *,
    config: Config | None = None,
    model: FellegiSunter | None = None,
    fields: Mapping[str, IntoField] | None = None,
    id: str | None = None,  # noqa: A002  the word users know
    source: str | None = None,
) -> Resolution:
    """Return the entities in the records, with golden records and all evidence.

    Args:
        records: A list (any iterable) of mappings, a dict of columns, a pandas, polars
            or pyarrow table, a path to a CSV or Parquet file; or several of these by
            name, `{"crm": crm, "web": web}`, whose columns are aligned by name and
            kind. They are never changed.
        config: What to do; inferred where not given, and then neither `fields` nor
            `id` nor `source` may be.
        model: Weights trained before; learnt from the records where not given.
        fields: What columns are, where the inference would not know: a kind by name
            (`"phone"`), a `Field`, or `None` for a column that is no evidence.
        id: The column with unique record ids.
        source: The column that names the system a record came from.

    Raises:
        InvalidInputError: The records cannot be read as a table.
        DuplicateIdError: Ids repeat or are missing.
        ColumnNotFoundError: A named column does not exist.
        InvalidConfigError: The arguments contradict each other.
        PluginError: A plug-in failed.

    Warns:
        CustmergeWarning: The result stands but deserves a look; also in
            `result.warnings`.

    Examples:
        >>> import custmerge as cm
        >>> records = [
        ...     {"name": "Ann Lee", "phone": "020 7946 0001", "city": "London"},
        ...     {"name": "Bo Chan", "phone": "0113 496 0002", "city": "Leeds"},
        ...     {"name": "Anne Lee", "phone": "+44 20 7946 0001", "city": "London"},
        ... ]
        >>> cm.resolve(records).assignments[2]["entity_id"]
        0
    """
    check_types(config, model)
    dataset = load(records)
    raw = encode(dataset)
    if config is None:
        config = configure(raw, fields=fields, id=id, source=source)
    elif fields is not None or id is not None or source is not None:
        message = "give either config= or fields=, id= and source=, not both"
        raise InvalidConfigError(message)
    check_columns(raw, config)
    check_ids(raw, config, dataset.source_codes)
    if model is not None:
        check_model(model, config)
    table = normalize(raw, config.compared)
    order = canonical_order(table)
    table = in_order(table, order)
    budget = max(config.pairs_per_record * table.n_rows, _LEAST_BUDGET)
    blocking = block(table, config.plugins, budget)
    linkage = link(table, config, blocking.pairs, model)
    observations = observe(blocking, linkage, budget, order)
    linkage = linkage.renamed(order)
    noted = tuple(
        findings(
            table,
            config,
            blocking,
            linkage.model,
            linkage.labels,
            linkage.correlations,
        )
    )
    for text in noted:
        warnings.warn(text, CustmergeWarning, stacklevel=2)
    return Resolution(
        dataset,
        config,
        linkage.model,
        noted,
        linkage.labels,
        linkage.pairs,
        linkage.vectors,
        linkage.weights,
        linkage.confidence,
        merge(raw, linkage.labels, config),
        blocking.reports,
        observations,
    )
