"""Explanations in which what tells a person is masked."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TypeVar

from custmerge.explaining.naming import RecordKey
from custmerge.explaining.pairs import ComparisonExplanation
from custmerge.masking import Mask
from custmerge.merging import FieldLineage

__all__ = ["hide"]

Part = TypeVar("Part")


def hide(whole: Part, mask: Mask) -> Part:
    """Return an explanation, or a part of one, with what a mask hides masked.

    Args:
        whole: The explanation.
        mask: What is masked, and how.
    """
    hidden: object = whole
    if isinstance(whole, RecordKey):
        hidden = RecordKey(*mask.record(whole.id, whole.source))
    elif isinstance(whole, ComparisonExplanation):
        hidden = _comparison(whole, mask)
    elif isinstance(whole, FieldLineage):
        hidden = _lineage(whole, mask)
    elif isinstance(whole, tuple):
        hidden = tuple(hide(part, mask) for part in whole)
    elif is_dataclass(whole) and not isinstance(whole, type):
        parts = {one.name: getattr(whole, one.name) for one in fields(whole)}
        hidden = replace(whole, **{n: hide(x, mask) for n, x in parts.items()})
    return hidden  # type: ignore[return-value]  # of the type it came in


def _comparison(part: ComparisonExplanation, mask: Mask) -> ComparisonExplanation:
    def masked(value: str | None) -> str | None:
        return None if value is None else mask.text(part.field, value)

    return replace(
        part,
        left=masked(part.left),
        right=masked(part.right),
        left_compared=tuple(mask.text(part.field, x) for x in part.left_compared),
        right_compared=tuple(mask.text(part.field, x) for x in part.right_compared),
    )


def _lineage(one: FieldLineage, mask: Mask) -> FieldLineage:
    def masked(value: str) -> str:
        return value if one.field in mask.shown else mask.text(one.field, value)

    losers = []
    for loser in one.losers:
        id_, source = mask.record(loser.record_id, loser.source)
        lost = masked(loser.value)
        losers.append(replace(loser, value=lost, record_id=id_, source=source))
    id_, source = mask.record(one.record_id, one.source)
    value = None if one.value is None else masked(one.value)
    return replace(one, value=value, record_id=id_, source=source, losers=tuple(losers))
