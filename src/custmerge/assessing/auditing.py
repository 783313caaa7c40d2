"""Pairs for people to judge, and what follows from their answers."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from custmerge.answers import read_answers
from custmerge.assessing.estimates import Estimate, estimated
from custmerge.assessing.frames import Frame
from custmerge.assessing.recalibration import Judged
from custmerge.assessing.truth import read_judged
from custmerge.config.validation import is_count
from custmerge.decisions import Filled, read_filled
from custmerge.exceptions import InvalidInputError
from custmerge.finding import check_type
from custmerge.io import OutputColumn, Taken, read_table
from custmerge.naming import RecordNames
from custmerge.pairs import Pairs
from custmerge.records import Column
from custmerge.resolution import Resolution
from custmerge.tables import beside

__all__ = ["audit_sample", "estimate"]

Table = Any
"""A table in the form the records came in: a frame, a list of dicts, …"""

_FIRST = ("left_id", "right_id", "left_source", "right_source", "same")
_LAST = ("stratum", "stands_for")
_PAIRS = 400


def audit_sample(result: Resolution, n: int = _PAIRS, *, seed: int = 0) -> Table:
    """Return pairs of records for people to judge, from which `estimate` learns.

    They are drawn from all pairs in one entity and all that were compared, more of
    those whose answer is open; so their own share of matches says nothing. They come in
    random order, so that a part of the answers will do.

    Args:
        result: What `resolve` returned.
        n: How many pairs; fewer where there are not so many, and at least one of each
            kind: up to two dozen, by how likely they match, in one entity or not.
        seed: Another one draws other pairs.

    Returns:
        A table in the form the records came in: `left_id`, `right_id` (with several
        sources `left_source` and `right_source`); `same`, empty, to be filled in with
        true or false, and left empty where it cannot be told; then each column of the
        records, side by side, as `left_…` and `right_…`; `stratum`, a number that says
        which pairs were drawn together, and `stands_for`, how many pairs each does.

    Raises:
        InvalidInputError: `n` is no whole number of at least 1, or `seed` none from 0.

    Examples:
        >>> import custmerge as cm
        >>> sample = cm.audit_sample(cm.resolve([{"name": "Ann Lee"}] * 2))
        >>> sample[0]["left_name"], sample[0]["right_name"], sample[0]["same"]
        ('Ann Lee', 'Ann Lee', None)
        >>> list(sample[0])[3:]
        ['left_name', 'right_name', 'stratum', 'stands_for']
    """
    _check(result)
    wanted = {
        "n must be a whole number of at least 1: how many pairs to judge": is_count(n),
        "seed must be a whole number from 0": seed == 0 or is_count(seed),
    }
    problems = [problem for problem, is_right in wanted.items() if not is_right]
    if problems:
        raise InvalidInputError("; ".join(problems))
    frame = Frame.of(result)
    pairs = frame.draw(n, seed)
    strata = frame.strata_of(pairs)
    drawn = np.bincount(strata, minlength=len(frame.sizes))
    order = np.random.default_rng(seed).permutation(len(pairs))
    left, right = pairs.left[order], pairs.right[order]
    strata = strata[order]
    names = RecordNames.of(result.dataset, result.config)
    columns: dict[str, OutputColumn] = {
        **names.columns(left=left, right=right),
        "same": Column((), np.full(len(pairs), -1, dtype=np.int32)),
    }
    shown = [
        (f"{side}_{name}", name, rows)
        for name in result.dataset.columns
        if name not in (names.id, names.source)
        for side, rows in (("left", left), ("right", right))
    ]
    called = beside([name for name, _, _ in shown], (*_FIRST, *_LAST))
    for name, column, rows in shown:
        columns[called[name]] = Taken(column, rows)
    stands_for = (frame.sizes / np.maximum(drawn, 1))[strata]
    columns |= {"stratum": strata, "stands_for": stands_for}
    return result.dataset.build(columns)


def estimate(result: Resolution, judged: object) -> Estimate:
    """Return precision and recall with 95 % intervals, from pairs that people judged.

    The answers recalibrate the match probabilities, apart for the pairs in one entity
    and for the others; by what comes out and by the answers themselves, the unjudged
    pairs of each stratum match or not. That is drawn some thousand times: the estimate
    is the median of what follows, and 95 of 100 draws are in the interval. Whatever
    the model says, pairs that it holds more likely are not taken to match more seldom.

    Args:
        result: The result that the sample was drawn from.
        judged: What `audit_sample` returned, its column `same` filled in as far as it
            can be told, in rows of any order; a table in any form, or the path of a
            CSV, TSV, Parquet, Excel (`.xlsx`) or JSON file.

    Raises:
        InvalidInputError: It is no such table, holds no answer, or was not drawn from
            this result, as when people's decisions have changed it since.
        MissingDependencyError: An Excel file needs openpyxl.

    Examples:
        >>> import custmerge as cm
        >>> rows = [{"姓名": "王小明", "手机": "13912345678"}] * 2
        >>> result = cm.resolve([*rows, {"姓名": "李娜", "手机": "13887654321"}])
        >>> sample = cm.audit_sample(result)
        >>> estimate = cm.estimate(result, [{**row, "same": True} for row in sample])
        >>> estimate.precision, estimate.recall
        (1.0, 1.0)
    """
    _check(result)
    frame = Frame.of(result)
    strata, same, n_open = _answered(frame, judged)
    return estimated(frame, counted(frame, strata, same), n_open)


def counted(frame: Frame, strata: NDArray[np.int64], same: NDArray[np.bool_]) -> Judged:
    """Return what was said of the pairs of each stratum.

    Args:
        frame: The strata.
        strata: The stratum of each judged pair.
        same: Whether it matches.
    """
    judged, matching = (
        np.bincount(chosen, minlength=len(frame.sizes))
        for chosen in (strata, strata[same])
    )
    return Judged(frame.sizes, frame.bits, judged, matching)


def _check(result: object) -> None:
    is_result = isinstance(result, Resolution)
    check_type("result", result, is_result, "a Resolution, as cm.resolve returns")


def _answered(
    frame: Frame, judged: object
) -> tuple[NDArray[np.int64], NDArray[np.bool_], int]:
    """Return the stratum and the answer of each judged pair, and how many are open.

    Raises:
        InvalidInputError: They are no answers to a sample of these strata.
    """
    finder = frame.result.basis.finder
    if isinstance(judged, (str, os.PathLike)):
        filled = read_filled(judged)
        judged = filled.columns if isinstance(filled, Filled) else ()
    answers = read_answers("judged pairs", judged, finder)
    table = None if _is_triples(judged) else read_table(judged)
    if table is None or "stratum" not in table.columns:
        message = (
            "judged must be the table that audit_sample returned, with its columns and "
            "same filled in: of pairs chosen otherwise nothing follows for the rest"
        )
        raise InvalidInputError(message)
    if not len(answers.numbers):
        message = (
            "no judged pair has an answer: fill in the column same with true or false"
        )
        raise InvalidInputError(message)
    strata_told = table.encode("stratum")
    told = strata_told.take(answers.numbers).decode()
    low, high = np.sort(np.stack([answers.left, answers.right]), axis=0)
    known = [str(x) for x in frame.strata_of(Pairs(low, high)).tolist()]
    n_other = sum(one != other for one, other in zip(told, known, strict=True))
    if n_other:
        message = (
            f"{n_other} judged pairs are not of the strata of this result that they "
            "name; give the result that the sample was drawn from, or draw another one"
        )
        raise InvalidInputError(message)
    found = read_judged("judged pairs", judged, finder)
    strata = frame.strata_of(found.pairs)
    # Spreadsheets have empty rows below.
    return strata, found.same, int(strata_told.present.sum()) - len(answers.numbers)


def _is_triples(judged: object) -> bool:
    return isinstance(judged, (list, tuple)) and not all(
        isinstance(row, dict) for row in judged
    )
