"""All that a report says, as plain data: what its page is drawn from."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from custmerge.exceptions import InvalidInputError
from custmerge.io import read_table
from custmerge.kinds import Kind
from custmerge.protocols import Rows
from custmerge.reporting.entities import Shown, entity_rows, golden_texts
from custmerge.reporting.evidence import asked, model_facts, pair_rows
from custmerge.reporting.links import SAID, tree_links
from custmerge.reporting.material import Material, cut_short
from custmerge.reporting.overview import (
    column_facts,
    config_text,
    counts_of,
    ghost_rows,
    issue_rows,
    quality_rows,
    source_facts,
)
from custmerge.reporting.sampling import (
    KINDS,
    chosen,
    costs_of,
    kinds_of,
    record_costs,
)

__all__ = ["Content", "content_of"]

_MOST_LISTED: Final = 500
"""Conflicts of each severity, relations of each kind, and contacts of each use, that a
report lists."""
_SHARE: Final = 0.25
"""Of the room for all, what doubtful pairs, and earlier decisions, take at most."""
_NAMES: Final = (Kind.FULL_NAME, Kind.GIVEN_NAME, Kind.FAMILY_NAME, Kind.ORGANISATION)
_CONFLICT: Final = ("entity_id", "field", "severity", "values", "kept", "rule")
_CONTACT: Final = ("field", "value", "use", "n_records", "n_people")
_RELATION: Final = ("left_entity", "right_entity", "kind", "probability", "shared")
_LEAST: Final = "shared_contact"
_UNSAFE: Final = re.compile("[<>&\u2028\u2029\ud800-\udfff]")
"""What could end the element of the page that holds the data, and what is no text."""

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """What a report says, but for how many entities it shows.

    Attributes:
        material: What it is made of.
        facts: All else than entities and their records.
        pairs: The compared pairs to ask about.
        kinds: The entities of each kind, in the order in which they are shown.
        costs: Roughly how many bytes each entity takes.
    """

    material: Material
    facts: Document
    pairs: NDArray[np.int64]
    kinds: list[Rows]
    costs: Rows

    def to_json(self, room: float) -> str:
        """Return it as JSON that can stand in a page, with entities as there is room.

        Args:
            room: How many bytes the entities may take, roughly.
        """
        shown = chosen(self.kinds, self.costs, room)
        material, result = self.material, self.material.result
        pairs = result.compared.take(self.pairs)
        beside = np.concatenate([pairs.left, pairs.right]).astype(np.int64)
        entities = np.concatenate(shown)
        links = tree_links(material, entities)
        records = Shown.of(material, entities, beside, links)
        kinds = zip(KINDS, self.kinds, shown, strict=True)
        document = {
            **self.facts,
            "sample": [[kind, len(every), len(some)] for kind, every, some in kinds],
            "pairs": pair_rows(material, self.pairs, records),
            "entities": entity_rows(material, records, links),
            "records": records.records(material),
            "entity_of": result.labels[records.rows].tolist(),
        }
        return as_json(document)


def as_json(document: object) -> str:
    r"""Return data as JSON without a character that means anything to HTML.

    Examples:
        >>> as_json({"name": "</script>"})
        '{"name":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(
        document, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def content_of(material: Material, looks: Mapping[str, str], max_bytes: int) -> Content:
    """Return what a report says.

    Args:
        material: What it is made of.
        looks: Its title and language.
        max_bytes: What it may take.
    """
    result = material.result
    room, costs = _SHARE * max_bytes, record_costs(material.table)
    conflicts, relations = _conflicts(material), _relations(material)
    ghosts = ghost_rows(material)
    chosen_pairs = asked(material, costs, room)
    pairs = result.compared.take(chosen_pairs)
    doubtful = np.stack([result.labels[pairs.left], result.labels[pairs.right]], axis=1)
    conflicting = np.asarray([row[0] for row in conflicts["rows"]], np.int64)
    golden, label = list(result.survivors.rows), _label(material)
    named = _entities([(conflicts, 0), (relations, 0), (relations, 1), (ghosts, 2)])
    facts = {
        **looks,
        "masked": material.mask is not None,
        "answers": material.are_named,
        "earlier": _earlier(material, room),
        "counts": counts_of(material),
        "sources": source_facts(material),
        "quality": quality_rows(material),
        "issues": issue_rows(material),
        "ghosts": ghosts,
        "model": model_facts(material),
        "threshold": result.config.threshold,
        "bounds": list(result.config.review),
        "columns": column_facts(material),
        "fields": [
            {"name": one.name, "columns": list(one.columns), "kind": str(one.kind)}
            for one in result.config.compared
        ],
        "golden": [_golden_column(material, name) for name in golden],
        "rules": list(result.survivors.rule_names),
        "said": list(SAID),
        "label": [golden.index(name) for name in label],
        "names": dict(zip(named, golden_texts(material, named, label), strict=True)),
        "conflicts": conflicts,
        "relations": relations,
        "contacts": _contacts(material),
        "warnings": [[one.code, one.text, dict(one.parts)] for one in result.remarks],
        "config": config_text(material),
    }
    kinds = kinds_of(material, conflicting, doubtful.reshape(-1))
    return Content(material, facts, chosen_pairs, kinds, costs_of(material, costs))


def _entities(lists: Sequence[tuple[Document, int]]) -> list[int]:
    """Return the entities that the rows of some lists name, each once.

    Args:
        lists: The lists, and where in their rows an entity stands.
    """
    found = (row[place] for listed, place in lists for row in listed["rows"])
    return list(dict.fromkeys(found))


def _golden_column(material: Material, name: str) -> list[Any]:
    """Return a golden column's name, and the position of the one it is taken from."""
    source = material.result.survivors.columns[name]
    columns = material.columns
    return [name, columns.index(source) if source in columns else -1]


def _label(material: Material) -> list[str]:
    """Return the golden columns that a customer is called by, in the input's order.

    The first of each kind of name comes before a second: no middle name stands where
    the family's should.
    """
    golden, config = material.result.survivors.rows, material.result.config
    kinds = {
        name: one.kind
        for one in reversed(config.fields)
        if one.kind in _NAMES
        for name in one.columns
    }
    columns = [name for name in material.columns if name in golden]
    named = [name for name in columns if name in kinds]
    told = [kinds[name] for name in named]
    ranks = {name: told[:i].count(told[i]) for i, name in enumerate(named)}
    rest = [name for name in columns if name != config.id]
    return sorted(named, key=ranks.__getitem__) or rest[:1] or columns[:1]


def _earlier(material: Material, room: float) -> Document:
    """Return the decisions so far; merely how many where they hold what is masked.

    Or where they have no place in JSON, or not so much room.
    """
    decisions = material.result.decisions
    text = "null"
    if material.mask is None:
        with suppress(InvalidInputError):
            text = decisions.to_json()
    document = json.loads(text) if len(text) <= room else None
    return {"count": len(decisions), "document": document}


def _conflicts(material: Material) -> Document:
    """Return the conflicts: how many of each severity, and the worst of them."""
    shown = material.result if material.masked is None else material.masked
    rows = _table_rows(shown.conflicts, _CONFLICT)
    return _limited(rows, 2)


def _relations(material: Material) -> Document:
    """Return the relations: how many of each kind, and the surest of them.

    Those who merely share a contact come last, for there may be very many of them.
    """
    rows = _table_rows(material.result.relations, _RELATION)
    rows = [[*row[:3], round(row[3], 4), row[4]] for row in rows]
    return _limited(sorted(rows, key=lambda row: (row[2] == _LEAST, -row[3])), 2)


def _contacts(material: Material) -> Document:
    """Return whose contacts are: how many of each use, and the most shared of them."""
    shown = material.result if material.masked is None else material.masked
    return _limited(_table_rows(shown.contacts, _CONTACT), 2)


def _limited(rows: list[list[Any]], place: int) -> Document:
    """Return how many rows of each kind there are, and the first of each kind."""
    counts: Counter[str] = Counter()
    kept = []
    for row in rows:
        counts[row[place]] += 1
        if counts[row[place]] <= _MOST_LISTED:
            kept.append(row)
    return {"counts": dict(counts), "rows": kept}


def _table_rows(table: object, names: tuple[str, ...]) -> list[list[Any]]:
    dataset = read_table(table)
    if not len(dataset):
        return []
    columns = [[_cell(cell) for cell in dataset.cells(name)] for name in names]
    return [list(row) for row in zip(*columns, strict=True)]


def _cell(cell: Any) -> Any:  # noqa: ANN401  a cell of any form of table
    """Return a cell with every gap as `None`, and long texts cut short."""
    if cell is None or cell != cell:  # noqa: PLR0124  NaN in a frame
        return None
    return cut_short(cell) if isinstance(cell, str) else cell
