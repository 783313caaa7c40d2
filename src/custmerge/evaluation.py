"""How good a clustering, its candidate pairs and its probabilities are, given a truth.

Every measure is a share, so it lies in [0, 1], and every measure is counted from the
sizes of clusters and of their overlaps: no pairs are listed, so a cluster of a million
records costs no more than a million clusters of one.

A share of nothing is 1: who claims no pair claims nothing false, and where there is
nothing to find nothing is missed. So a clustering of singletons scores 1 throughout
against a truth of singletons, and recall and F1 of 0 against any other.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.exceptions import InvalidInputError
from custmerge.pairs import Pairs

__all__ = [
    "ReliabilityBin",
    "Score",
    "b_cubed",
    "cluster_exact",
    "expected_calibration_error",
    "pair_completeness",
    "pairs_score",
    "pairwise",
    "reduction_ratio",
    "reliability",
]

_Labels = Iterable[Hashable]
_Groups = NDArray[np.int64]
"""For each record, the number of its group: dense, from 0."""


@dataclass(frozen=True, slots=True)
class Score:
    """How much of what was found is true, and how much of the truth was found.

    Attributes:
        precision: The share of what was found that is true.
        recall: The share of the truth that was found.
        f1: The harmonic mean of the two; 0 where both are 0.

    Examples:
        >>> from custmerge.evaluation import Score
        >>> Score.of(precision=0.5, recall=1.0)
        Score(precision=0.5, recall=1.0, f1=0.6666666666666666)
    """

    precision: float
    recall: float
    f1: float

    @classmethod
    def of(cls, precision: float, recall: float) -> Score:
        """Return the score with its F1 worked out."""
        both = precision + recall
        return cls(precision, recall, 2 * precision * recall / both if both else 0.0)


def pairwise(
    labels: _Labels, truth: _Labels, *, source: _Labels | None = None
) -> Score:
    """Return precision and recall over pairs of records in one cluster.

    With P the pairs of records that share a label and T those that share a true
    label, precision is |P & T| / |P| and recall |P & T| / |T|. A cluster of n records
    has n(n - 1)/2 pairs, so large clusters count most.

    Source: Christen, "Data Matching" (2012), section 7.2.

    Args:
        labels: The cluster of each record, as any hashable names.
        truth: The true cluster of each record.
        source: The source of each record. If given, only pairs of records from
            different sources count, as is right for linking clean tables.

    Examples:
        >>> from custmerge.evaluation import pairwise
        >>> pairwise([1, 1, 1, 2], ["a", "a", "b", "b"])
        Score(precision=0.3333333333333333, recall=0.5, f1=0.4)
        >>> pairwise([1, 1, 2, 2], [1, 1, 1, 2], source=["crm", "web", "web", "crm"])
        Score(precision=0.5, recall=0.5, f1=0.5)
    """
    found, true = _aligned(labels=labels, truth=truth)
    both = _meet(found, true)
    if source is None:
        correct, predicted, actual = map(_count_pairs, (both, found, true))
    else:
        _, origin = _aligned(labels=found.tolist(), source=source)
        correct, predicted, actual = (
            _count_pairs(groups) - _count_pairs(_meet(groups, origin))
            for groups in (both, found, true)
        )
    return Score.of(_share(correct, predicted), _share(correct, actual))


def b_cubed(labels: _Labels, truth: _Labels) -> Score:
    """Return precision and recall averaged over records.

    With C(r) the cluster of record r and T(r) its true cluster, precision is the mean
    over all r of |C(r) & T(r)| / |C(r)| and recall that of |C(r) & T(r)| / |T(r)|.
    Every record counts the same, whatever the size of its cluster.

    Source: Bagga and Baldwin, "Entity-Based Cross-Document Coreferencing Using the
    Vector Space Model" (COLING-ACL 1998), with equal weights.

    Examples:
        >>> from custmerge.evaluation import b_cubed
        >>> b_cubed([1, 1, 1, 2], ["a", "a", "b", "b"])
        Score(precision=0.6666666666666666, recall=0.75, f1=0.7058823529411765)
    """
    found, true = _aligned(labels=labels, truth=truth)
    if not found.size:
        return Score.of(1.0, 1.0)
    overlaps = _sizes(_meet(found, true))
    precision = float(np.mean(overlaps / _sizes(found)))
    recall = float(np.mean(overlaps / _sizes(true)))
    return Score.of(precision, recall)


def cluster_exact(labels: _Labels, truth: _Labels) -> Score:
    """Return precision and recall over whole clusters, singletons among them.

    A cluster is right if a true cluster holds exactly the same records. Precision is
    the share of clusters that are right, recall the share of true clusters found. The
    strictest measure: one record too many spoils two clusters.

    Source: Menestrina, Whang and Garcia-Molina, "Evaluating Entity Resolution Results"
    (VLDB 2010), where it is called cluster F1.

    Examples:
        >>> from custmerge.evaluation import cluster_exact
        >>> cluster_exact([1, 1, 2, 3], ["a", "a", "b", "b"])
        Score(precision=0.3333333333333333, recall=0.5, f1=0.4)
    """
    found, true = _aligned(labels=labels, truth=truth)
    both = _meet(found, true)
    overlaps = _sizes(both)
    right = (overlaps == _sizes(found)) & (overlaps == _sizes(true))
    correct, predicted, actual = (
        np.unique(groups).size for groups in (both[right], found, true)
    )
    return Score.of(_share(correct, predicted), _share(correct, actual))


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
    return Score.of(
        _share(common.size, len(predicted)), _share(common.size, len(truth))
    )


def pair_completeness(
    candidates: Pairs, truth: _Labels, *, source: _Labels | None = None
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
    origin: _Groups | None = None
    if source is None:
        (true,) = _aligned(truth=truth)
    else:
        true, origin = _aligned(truth=truth, source=source)
    _check_rows(candidates, len(true))
    covered = true[candidates.left] == true[candidates.right]
    actual = _count_pairs(true)
    if origin is not None:
        covered &= origin[candidates.left] != origin[candidates.right]
        actual -= _count_pairs(_meet(true, origin))
    return _share(int(np.count_nonzero(covered)), actual)


def reduction_ratio(
    candidates: Pairs, n_records: int, *, source: _Labels | None = None
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
        return _share(everything - len(candidates), everything)
    _, origin = _aligned(records=range(n_records), source=source)
    across = origin[candidates.left] != origin[candidates.right]
    everything -= _count_pairs(origin)
    return _share(everything - int(np.count_nonzero(across)), everything)


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Pairs of about one match probability, and how many of them do match.

    Attributes:
        low: The bin holds probabilities above this; the first holds 0 as well.
        high: And up to this.
        n_pairs: How many pairs it holds; at least 1.
        expected: The mean of their probabilities.
        observed: The share of them that match.
    """

    low: float
    high: float
    n_pairs: int
    expected: float
    observed: float


def reliability(
    probabilities: Sequence[float] | NDArray[np.float64],
    truth: Sequence[bool] | NDArray[np.bool_],
    bins: int = 10,
) -> tuple[ReliabilityBin, ...]:
    """Return how often pairs match, beside how often their probability says they do.

    Bins have equal width; those without pairs are left out. Where probabilities are
    calibrated, `expected` and `observed` are equal in each bin but for chance.

    Source: Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks"
    (ICML 2017), section 2, after Naeini, Cooper and Hauskrecht (AAAI 2015).

    Args:
        probabilities: The match probability of each pair, in [0, 1].
        truth: Whether the pair matches.
        bins: How many bins divide [0, 1].

    Raises:
        InvalidInputError: They differ in length, or lie outside [0, 1].

    Examples:
        >>> from custmerge.evaluation import reliability
        >>> for row in reliability([0.1, 0.9, 1.0], [False, True, False], bins=2):
        ...     print(row.low, row.high, row.n_pairs, row.expected, row.observed)
        0.0 0.5 1 0.1 0.0
        0.5 1.0 2 0.95 0.5
    """
    chances = np.asarray(probabilities, dtype=np.float64)
    matches = np.asarray(truth, dtype=np.float64)
    if chances.shape != matches.shape or chances.ndim != 1:
        message = (
            "reliability needs one probability and one truth value for each pair, but "
            f"they have the shapes {chances.shape} and {matches.shape}"
        )
        raise InvalidInputError(message)
    if not ((chances >= 0) & (chances <= 1)).all() or bins < 1:
        message = "reliability needs probabilities in [0, 1], and at least one bin"
        raise InvalidInputError(message)
    places = np.maximum(np.ceil(chances * bins).astype(np.int64) - 1, 0)
    counts, expected, observed = (
        np.bincount(places, weights, minlength=bins)
        for weights in (None, chances, matches)
    )
    return tuple(
        ReliabilityBin(
            i / bins,
            (i + 1) / bins,
            int(counts[i]),
            float(expected[i] / counts[i]),
            float(observed[i] / counts[i]),
        )
        for i in np.flatnonzero(counts).tolist()
    )


def expected_calibration_error(
    probabilities: Sequence[float] | NDArray[np.float64],
    truth: Sequence[bool] | NDArray[np.bool_],
    bins: int = 10,
) -> float:
    """Return how far match probabilities are off on average, in [0, 1].

    It is the mean over all pairs of |observed - expected| in their bin of
    `reliability`; 0 where there is no pair.

    Source: Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated Probabilities
    Using Bayesian Binning" (AAAI 2015).

    Args:
        probabilities: As for `reliability`.
        truth: As for `reliability`.
        bins: As for `reliability`.

    Examples:
        >>> from custmerge.evaluation import expected_calibration_error
        >>> round(expected_calibration_error([0.1, 0.9, 1.0], [0, 1, 0], bins=2), 3)
        0.333
    """
    table = reliability(probabilities, truth, bins)
    n_pairs = sum(row.n_pairs for row in table)
    off = sum(row.n_pairs * abs(row.observed - row.expected) for row in table)
    return off / n_pairs if n_pairs else 0.0


def _aligned(**labels: _Labels) -> list[_Groups]:
    """Return each labelling as groups, all of one length."""
    groups = [_encode(name, given) for name, given in labels.items()]
    lengths = {name: len(group) for name, group in zip(labels, groups, strict=True)}
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        message = f"evaluation needs one label a record in each argument, but {shown}"
        raise InvalidInputError(message)
    return groups


def _encode(name: str, labels: _Labels) -> _Groups:
    index: dict[Hashable, int] = {}
    # numpy's own scalars hash several times slower than what .tolist() gives.
    given = labels.tolist() if isinstance(labels, np.ndarray) else labels
    try:
        codes = [index.setdefault(label, len(index)) for label in given]
    except TypeError as error:
        message = f"{name} must be one sequence of hashable labels, one for each record"
        raise InvalidInputError(message) from error
    missing = [code for label, code in index.items() if label is None or label != label]  # noqa: PLR0124  NaN alone is unequal to itself
    if missing:
        message = (
            f"{name} is missing at row {codes.index(missing[0])}: leave records "
            "without a label out of every argument"
        )
        raise InvalidInputError(message)
    return np.asarray(codes, dtype=np.int64)


def _meet(first: _Groups, second: _Groups) -> _Groups:
    """Return the groups of records that are together in both groupings."""
    if not first.size:
        return first
    cells = first * (int(second.max()) + 1) + second
    groups: _Groups = np.unique(cells, return_inverse=True)[1].reshape(-1)
    return groups


def _sizes(groups: _Groups) -> NDArray[np.int64]:
    """Return for each record the size of its group."""
    sizes: NDArray[np.int64] = np.bincount(groups)[groups] if groups.size else groups
    return sizes


def _count_pairs(groups: _Groups) -> int:
    sizes = np.bincount(groups)
    return int(np.sum(sizes * (sizes - 1) // 2))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _n_rows(pairs: Pairs) -> int:
    return int(pairs.right.max()) + 1 if len(pairs) else 0


def _check_rows(candidates: Pairs, n_records: int) -> None:
    if _n_rows(candidates) > n_records:
        message = (
            f"the candidate pairs name row {_n_rows(candidates) - 1}, but there are "
            f"only {n_records} records: rows count from 0"
        )
        raise InvalidInputError(message)
