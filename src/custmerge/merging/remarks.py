"""What deserves a look once golden records are made."""

from __future__ import annotations

from collections.abc import Iterator

from custmerge.survivorship import Survivors

__all__ = ["remarks"]


def remarks(survivors: Survivors) -> Iterator[str]:
    """Yield what a rule could not do, and what to do about it.

    Args:
        survivors: What survived of the records.
    """
    for name, rule in survivors.unread.items():
        yield (
            f"{rule} could read no value of the column {survivors.columns[name]!r}, so "
            f"that {name!r} is empty in all golden records; check what the column "
            "holds, or give it another survivorship rule"
        )
