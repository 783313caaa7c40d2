"""Work in threads, where it pays."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

__all__ = ["in_threads"]

Item = TypeVar("Item")
Result = TypeVar("Result")

_FEW_ROWS = 20_000
"""Rows of a table below which threads cost more than they save."""


def in_threads(
    function: Callable[[Item], Result], items: Iterable[Item], n_rows: int
) -> list[Result]:
    """Return what a function returns for each item, in the order of the items.

    In as many threads as there are processors: numpy and rapidfuzz let go of the
    interpreter while they work. An interrupt ends it once the calls that have begun are
    done.

    Args:
        function: What is called; from several threads at a time.
        items: What it is called for.
        n_rows: The rows of the table that the work is about.

    Examples:
        >>> in_threads(len, ["a", "bc"], 100_000)
        [1, 2]
    """
    if n_rows < _FEW_ROWS:
        return [function(item) for item in items]
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(function, items))
