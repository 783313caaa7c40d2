"""The figures of a report: before and after, sources, quality, settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import probability
from custmerge.config import Config, Field
from custmerge.exceptions import InvalidConfigError
from custmerge.io import read_table
from custmerge.records import Column
from custmerge.reporting.material import Material

__all__ = [
    "column_facts",
    "config_text",
    "counts_of",
    "ghost_rows",
    "issue_rows",
    "quality_rows",
    "source_facts",
]

_MOST_GHOSTS: Final = 500
_MOST_SOURCES: Final = 8
"""Sources, of which a report shows which two share how many customers."""
_ROLES: Final = ("id", "source", "updated_at", "created_at", "record_type", "owner")


def counts_of(material: Material) -> dict[str, Any]:
    """Return how many records, entities and pairs there are, and the estimates."""
    result = material.result
    sizes, diagnostics = result.sizes, result.diagnostics
    values, counts = np.unique(sizes, return_counts=True)
    chances = probability(result.weights[material.reviewed])
    return {
        "records": len(result.labels),
        "entities": len(sizes),
        "merged": int((sizes > 1).sum()),
        "sizes": [
            list(row) for row in zip(values.tolist(), counts.tolist(), strict=True)
        ],
        "compared": len(result.compared),
        "candidates": diagnostics.n_candidates,
        "unblocked": len(diagnostics.unblocked),
        "precision": round(diagnostics.precision, 4),
        "recall": round(diagnostics.recall, 4),
        "review": len(material.reviewed),
        "checks": int((chances >= result.config.review[1]).sum()),
    }


def source_facts(material: Material) -> dict[str, Any]:
    """Return the records and entities of each source, and what two sources share.

    A dict with `rows` (name or null, records, entities, entities that another source
    has too) and `shared`, for each two sources the entities of both; empty where
    sources are many.
    """
    labels = material.result.labels
    names, codes = _sources(material)
    n_entities = len(material.result.sizes)
    held = np.unique(codes * max(n_entities, 1) + labels)
    of_source, entities = np.divmod(held, max(n_entities, 1))
    n_sources = np.bincount(entities, minlength=n_entities)
    records = np.bincount(codes, minlength=len(names))
    n_held = np.bincount(of_source, minlength=len(names))
    n_shared = np.bincount(of_source, n_sources[entities] > 1, len(names)).astype(int)
    rows = zip(names, records.tolist(), n_held.tolist(), n_shared.tolist(), strict=True)
    shared = []
    if 1 < len(names) <= _MOST_SOURCES:
        flags = np.zeros((len(names), n_entities), np.int64)
        flags[of_source, entities] = 1
        shared = (flags @ flags.T).tolist()
    return {"rows": [[*row] for row in rows], "shared": shared}


def _sources(material: Material) -> tuple[list[object], NDArray[np.int64]]:
    """Return the names of the sources, as they may be shown, and that of each row."""
    labels, column = material.result.labels, material.result.basis.finder.sources
    if column is None:
        return [None], np.zeros(len(labels), np.int64)
    _, first, codes = np.unique(column.first, return_index=True, return_inverse=True)
    names = [name[0] for name in material.names(first) if isinstance(name, list)]
    return names, codes.reshape(-1)


def quality_rows(material: Material) -> list[list[Any]]:
    """Return for each field completeness, validity and uniqueness before and after."""
    table = read_table(material.result.quality.summary)
    if not len(table):
        return []
    names = ("field", "stage", "source", "completeness", "validity", "uniqueness")
    found: dict[str, dict[str, list[Any]]] = {}
    for field, stage, source, *shares in zip(*map(table.cells, names), strict=True):
        if source is None or source != source:  # noqa: PLR0124  NaN in a frame
            found.setdefault(str(field), {})[str(stage)] = [_share(x) for x in shares]
    return [[field, by["before"], by["after"]] for field, by in found.items()]


def _share(value: Any) -> float | None:  # noqa: ANN401  a cell
    return None if value is None or np.isnan(value) else round(float(value), 4)


def issue_rows(material: Material) -> list[list[Any]]:
    """Return how often each issue was found in each field: the most frequent first."""
    table = read_table(material.result.quality.issues)
    if not len(table):
        return []
    fields, issues, severities = (
        Column.encode(table.cells(name)) for name in ("field", "issue", "severity")
    )
    codes = np.stack([fields.codes, issues.codes, severities.codes], axis=1)
    kinds, counts = np.unique(codes, axis=0, return_counts=True)
    rows = [
        [fields.values[a], issues.values[b], severities.values[c], count]
        for (a, b, c), count in zip(kinds.tolist(), counts.tolist(), strict=True)
    ]
    return sorted(rows, key=lambda row: (-row[3], row[0], row[1]))


def ghost_rows(material: Material) -> dict[str, Any]:
    """Return how many records are of nobody, and the worst of them with the reasons."""
    table = read_table(material.named("assignments", material.result.quality.ghosts))
    rows: list[list[Any]] = []
    if len(table):
        names = ("record_id", "source", "entity_id", "score", "reasons")
        cells = [list(table.cells(name))[:_MOST_GHOSTS] for name in names]
        rows = [
            [str(id_), source and str(source), entity, round(float(score), 2), reasons]
            for id_, source, entity, score, reasons in zip(*cells, strict=True)
        ]
    return {"count": len(table), "rows": rows}


def column_facts(material: Material) -> list[dict[str, Any]]:
    """Return what each column was taken for, and how it was compared."""
    config = material.result.config
    roles = {getattr(config, role): role for role in _ROLES}
    return [
        {
            "name": name,
            "role": roles.get(name),
            "kinds": [str(one.kind) for one in fields],
            "compared": [n.name for one in fields if (n := one.comparator)],
            "why": "; ".join(one.why for one in fields if one.why),
        }
        for name, fields in _fields_by_column(config, material.columns).items()
    ]


def _fields_by_column(
    config: Config, columns: tuple[str, ...]
) -> Mapping[str, list[Field]]:
    return {
        name: [field for field in config.fields if name in field.columns]
        for name in columns
    }


def config_text(material: Material) -> str | None:
    """Return the configuration as TOML; `None` where that may not, or cannot, be shown.

    It may hold customers' values, in rules and checks, and functions that have no name.
    """
    if material.mask is not None:
        return None
    try:
        return material.result.config.to_toml()
    except InvalidConfigError:
        return None
