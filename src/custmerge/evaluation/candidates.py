"""How good pairs of records are, and what blocking missed."""

from __future__ import annotations

import numpy as np

from custmerge.evaluation.groups import Groups, Labels, aligned, count_pairs, meet
from custmerge.evaluation.scores import Score, share
from custmerge.exceptions import InvalidInputError
from custmerge.pairs import Pairs

__all__ = ["pair_completeness", "pairs_score", "reduction_ratio"]


def pairs_score(predicted: Pairs, truth: Pairs) -> Score:
    """Return precision and recall of a set of pairs against the true pairs.

    As `pairwise`, for where the pairs themselves are known and need not be transitive.

    Examples:
        >>> from custmerge.evaluation import pairs_score
        >>> from custmerge.pairs import Pairs
        >>> pairs_score(Pairs.of([0, 1], [1, 2]), Pairs.of([0, 3], [1, 4]))
        Score(precision=0.5, recall=0.5, f1=0.5)
    """
    n_rows = max(_n_rows(predicted), _n_rows(truth))
    common = np.intersect1d(
        predicted.keys(n_rows), truth.keys(n_rows), assume_unique=True
    )
    return Score.of(share(common.size, len(predicted)), share(common.size, len(truth)))


def pair_completeness(
    candidates: Pairs, truth: Labels, *, source: Labels | None = None
) -> float:
    """Return the share of the true pairs that are among the candidate pairs.

    It is the recall of blocking, and so the highest recall that any classifier can
    reach on these candidates.

    Source: Elfeky, Verykios and Elmagarmid, "TAILOR" (ICDE 2002).

    Args:
        candidates: Pairs of rows.
        truth: The true cluster of each row.
        source: The source of each row. If given, only pairs across sources count.

    Examples:
        >>> from custmerge.evaluation import pair_completeness
        >>> from custmerge.pairs import Pairs
        >>> pair_completeness(Pairs.of([0, 0], [1, 3]), ["a", "a", "b", "b"])
        0.5
    """
    origin: Groups | None = None
    if source is None:
        (true,) = aligned(truth=truth)
    else:
        true, origin = aligned(truth=truth, source=source)
    _check_rows(candidates, len(true))
    covered = true[candidates.left] == true[candidates.right]
    actual = count_pairs(true)
    if origin is not None:
        covered &= origin[candidates.left] != origin[candidates.right]
        actual -= count_pairs(meet(true, origin))
    return share(int(np.count_nonzero(covered)), actual)


def reduction_ratio(
    candidates: Pairs, n_records: int, *, source: Labels | None = None
) -> float:
    """Return the share of all pairs of records that blocking has ruled out.

    With n records it is 1 - |candidates| / (n(n - 1)/2).

    Source: Elfeky, Verykios and Elmagarmid, "TAILOR" (ICDE 2002).

    Args:
        candidates: Pairs of rows.
        n_records: The number of records that were blocked.
        source: The source of each record. If given, only pairs across sources count,
            among the candidates and among all.

    Examples:
        >>> from custmerge.evaluation import reduction_ratio
        >>> from custmerge.pairs import Pairs
        >>> reduction_ratio(Pairs.of([0], [1]), 5)
        0.9
    """
    _check_rows(candidates, n_records)
    everything = n_records * (n_records - 1) // 2
    if source is None:
        return share(everything - len(candidates), everything)
    _, origin = aligned(records=range(n_records), source=source)
    across = origin[candidates.left] != origin[candidates.right]
    everything -= count_pairs(origin)
    return share(everything - int(np.count_nonzero(across)), everything)


def _n_rows(pairs: Pairs) -> int:
    return int(pairs.right.max()) + 1 if len(pairs) else 0


def _check_rows(candidates: Pairs, n_records: int) -> None:
    if _n_rows(candidates) > n_records:
        message = (
            f"the candidate pairs name row {_n_rows(candidates) - 1}, but there are "
            f"only {n_records} records: rows count from 0"
        )
        raise InvalidInputError(message)
