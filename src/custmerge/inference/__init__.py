"""What the columns of a table are about, and the configuration that follows."""

from __future__ import annotations

from custmerge.inference.columns import ColumnGuess, broken_ids, guess_columns
from custmerge.inference.headers import read_header
from custmerge.inference.plan import IntoField, configure
from custmerge.inference.sources import load

__all__ = [
    "ColumnGuess",
    "IntoField",
    "broken_ids",
    "configure",
    "guess_columns",
    "load",
    "read_header",
]
