"""What the command line says of a result."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from textwrap import wrap

from custmerge.io import read
from custmerge.masking import Masked
from custmerge.resolution import Resolution

__all__ = ["summarized"]

_WIDTH = 100
"""Terminal columns that the summary keeps to."""
_WIDEST_CELL = 28
_N_SHOWN = 5
"""Golden records in the summary."""


def summarized(
    result: Resolution, shown: Resolution | Masked, written: Iterable[Path]
) -> list[str]:
    """Return what a person should know of a result, as lines for a terminal.

    Args:
        result: The result.
        shown: What of its values is shown: all, or masked ones.
        written: The files that were written.
    """
    lines = _aligned([[name, f"{n:,}"] for name, n in result.summary.items()])
    lines += ["", "Columns", *_aligned(_understood(result))]
    lines += _golden_records(shown.entities, (result.sizes > 1).nonzero()[0].tolist())
    if result.warnings:
        lines += ["", "Warnings", *chain.from_iterable(map(_wrapped, result.warnings))]
    return [*lines, "", "Written", *(f"  {path}" for path in written)]


def _understood(result: Resolution) -> list[list[str]]:
    """Return a row for each column: what it was taken for, its comparator, and why."""
    config = result.config
    roles = {
        config.id: "record id",
        config.source: "source",
        config.updated_at: "updated at",
    }
    rows = []
    for column in result.dataset.columns:
        fields = [field for field in config.fields if column in field.columns]
        compared = [f.comparator.name for f in fields if f.comparator is not None]
        kinds = [str(field.kind) for field in fields if field.comparator is not None]
        what = roles.get(column) or ", ".join(kinds) or "no evidence"
        by = f"compared by {', '.join(compared)}" if compared else "not compared"
        rows.append([column, what, by, "; ".join(field.why for field in fields)])
    return rows


def _golden_records(entities: object, merged: list[int]) -> list[str]:
    """Return the first entities of several records as a table, as wide as fits."""
    if not merged:
        return []
    table = read(entities)
    shown = merged[:_N_SHOWN]
    columns: list[list[str]] = []
    space = _WIDTH - 2
    for name in table.columns:
        cells = table.cells(name)
        texts = [name, *(_cell_text(cells[row]) for row in shown)]
        column = [_clipped(text, _WIDEST_CELL) for text in texts]
        space -= max(map(_width, column)) + 2
        if space < -2:  # the last column needs no gap after it
            break
        columns.append(column)
    left_out = len(table.columns) - len(columns)
    more = f", without {left_out} of their columns" if left_out else ""
    title = f"Golden records (first {len(shown)} of {len(merged):,} merged{more})"
    return ["", title, *_aligned(list(map(list, zip(*columns, strict=True))))]


def _wrapped(text: str) -> list[str]:
    return wrap(
        _printable(text), _WIDTH, initial_indent="  - ", subsequent_indent="    "
    )


def _cell_text(cell: object) -> str:
    missing = cell is None or cell != cell  # noqa: PLR0124  NaN is unequal to itself
    return "" if missing else str(cell)


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows of cells as lines, indented, each no wider than the terminal."""
    clean = [[_printable(cell) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*clean, strict=True)]
    lines = []
    for row in clean:
        padded = (
            cell + " " * (width - _width(cell))
            for cell, width in zip(row, widths, strict=True)
        )
        lines.append(_clipped(f"  {'  '.join(padded)}".rstrip(), _WIDTH))
    return lines


def _printable(text: str) -> str:
    """Return text without what would move the cursor or change the terminal."""
    return "".join(char if char.isprintable() else " " for char in text)


def _clipped(text: str, width: int) -> str:
    """Return text of at most a width in terminal columns, cut with an ellipsis."""
    text = _printable(text)
    if _width(text) <= width:
        return text
    taken = 0
    for position, char in enumerate(text):
        taken += _width(char)
        if taken > width - 1:
            return f"{text[:position].rstrip()}…"
    return text


def _width(text: str) -> int:
    """Return how many terminal columns a text takes (Unicode UAX #11 and #44)."""
    return sum(
        0
        if unicodedata.category(char) in ("Mn", "Me", "Cf")
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in text
    )
