"""Steps of a merge plan as JSON, and the tokens that tell them.

An undo token is the SHA-256 of what a step does and of the first line of its plan, in
JSON with sorted keys, without the rows at which records stood and without conflicts. It
tells that a step is not the one that was planned; it is no signature.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from custmerge.merging.cells import as_json, canonical, from_json
from custmerge.merging.steps import (
    Alternative,
    ChildTable,
    ChildWrite,
    FieldWrite,
    Layout,
    Loser,
    MergeStep,
    RecordName,
)

__all__ = [
    "VERSION",
    "layout_json",
    "read_layout",
    "read_step",
    "sealed",
    "step_json",
    "token_of",
]

VERSION = 1
_FORMAT = "custmerge merge plan"


def sealed(layout: Layout, step: MergeStep) -> MergeStep:
    """Return a step with its undo token."""
    return replace(step, undo_token=token_of(layout, step))


def token_of(layout: Layout, step: MergeStep) -> str:
    """Return the undo token of a step, by all that it does."""
    document = step_json(step)
    del document["undo_token"], document["conflicts"]
    for loser in document["losers"]:
        del loser["row"]
    text = canonical([layout_json(layout), document])
    return sha256(text.encode()).hexdigest()


def layout_json(layout: Layout) -> dict[str, Any]:
    """Return the first line of a plan."""
    children = {
        name: {"on": child.on, "source": child.source, "key": child.key}
        for name, child in layout.children.items()
    }
    return {
        "format": _FORMAT,
        "version": VERSION,
        "ids": dict(layout.ids),
        "source": layout.source,
        "children": children,
    }


def read_layout(document: Mapping[str, Any]) -> Layout:
    """Return what the first line of a plan says.

    Raises:
        ValueError: It is of no plan, or of another version.
    """
    if (document["format"], document["version"]) != (_FORMAT, VERSION):
        raise ValueError
    children = {name: ChildTable(**said) for name, said in document["children"].items()}
    return Layout(document["ids"], document["source"], children)


def _name_json(record: RecordName) -> dict[str, Any]:
    return {"id": as_json(record.id), "source": as_json(record.source)}


def _read_name(document: Mapping[str, Any]) -> RecordName:
    return RecordName(from_json(document["id"]), from_json(document["source"]))


def _values_json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: as_json(cell) for name, cell in values.items()}


def _read_values(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: from_json(cell) for name, cell in document.items()}


def step_json(step: MergeStep) -> dict[str, Any]:
    """Return the line of a step."""
    return {
        "survivor": _name_json(step.survivor),
        "losers": [
            {
                "record": _name_json(loser.record),
                "row": loser.row,
                "values": _values_json(loser.values),
            }
            for loser in step.losers
        ],
        "writes": [
            {
                "field": write.field,
                "old": as_json(write.old),
                "new": as_json(write.new),
                "alternatives": [
                    {
                        "value": as_json(other.value),
                        "records": [_name_json(record) for record in other.records],
                    }
                    for other in write.alternatives
                ],
            }
            for write in step.writes
        ],
        "children": [
            {
                "table": child.table,
                "child": as_json(child.child),
                "field": child.field,
                "old": as_json(child.old),
                "new": as_json(child.new),
            }
            for child in step.children
        ],
        "conflicts": [_values_json(conflict) for conflict in step.conflicts],
        "undo_token": step.undo_token,
    }


def read_step(document: Mapping[str, Any]) -> MergeStep:
    """Return the step of a line."""
    return MergeStep(
        _read_name(document["survivor"]),
        tuple(
            Loser(_read_name(d["record"]), _read_values(d["values"]), d["row"])
            for d in document["losers"]
        ),
        tuple(
            FieldWrite(
                d["field"],
                from_json(d["old"]),
                from_json(d["new"]),
                tuple(
                    Alternative(
                        from_json(other["value"]),
                        tuple(map(_read_name, other["records"])),
                    )
                    for other in d["alternatives"]
                ),
            )
            for d in document["writes"]
        ),
        tuple(
            ChildWrite(
                d["table"],
                from_json(d["child"]),
                d["field"],
                from_json(d["old"]),
                from_json(d["new"]),
            )
            for d in document["children"]
        ),
        tuple(map(_read_values, document["conflicts"])),
        document["undo_token"],
    )
