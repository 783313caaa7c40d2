"""Who keeps a customer whom several employees look after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from custmerge.normalizers.text import NAME_PLACEHOLDERS, fold, meaningful
from custmerge.protocols import Ranks, Rows, SurvivorshipRule
from custmerge.records import RecordTable
from custmerge.survivorship.chain import chained
from custmerge.survivorship.defaults import default_rule
from custmerge.survivorship.ranks import ranks_of_rows
from custmerge.survivorship.rules import oldest

__all__ = ["NOBODY", "Assigned", "assigned", "owner_rule"]

NOBODY: Final = NAME_PLACEHOLDERS.union(
    {"unassigned", "not assigned", "nobody", "no owner", "queue", "pool"},
    {"未分配", "待分配", "未指派", "公海", "公海池", "公共池", "无负责人", "無負責人"},
)
"""Folded texts that stand for an owner where there is none; 公海 is the pool of
customers whom anybody may take on."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """The row that somebody looks after; `assigned` builds it."""

    name: str = "assigned"

    def rank(self, table: RecordTable, field: str, rows: Rows, /) -> Ranks:
        """Return 1 where the row's owner is somebody, else 0."""
        return ranks_of_rows(table[field], _are_somebody, rows)

    then = chained


def _are_somebody(texts: Sequence[str]) -> list[bool]:
    return [meaningful(fold(text), NOBODY) is not None for text in texts]


def assigned() -> Assigned:
    """Return the rule by which an owner survives who is somebody.

    Queues, pools (公海) and what else stands for nobody come last.

    Examples:
        >>> import numpy as np
        >>> table = RecordTable.from_columns({"rep": ["公海", "张伟"]}, 2)
        >>> assigned().rank(table, "rep", np.arange(2)).tolist()
        [0.0, 1.0]
    """
    return Assigned()


def owner_rule(created_at: str | None) -> SurvivorshipRule:
    """Return the rule for who owns a customer: of those who do, who was first.

    Who entered a customer first is protected from those who enter it again later.
    Without a column that says when a record was made, the owner of the most recent
    one is.

    Args:
        created_at: The column that says when a record was made, if there is one.

    Examples:
        >>> owner_rule("created_at").name
        'assigned, then oldest, then most_recent, then most_frequent, \
then most_complete'
        >>> owner_rule(None).name
        'assigned, then most_recent, then most_frequent, then most_complete'
    """
    usual = default_rule(None)
    first = usual if created_at is None else oldest(created_at).then(usual)
    return assigned().then(first)
