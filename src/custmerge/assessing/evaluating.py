"""A result measured against what is known to be true."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from custmerge.assessing.errors import Errors, find_errors, pairs_within
from custmerge.assessing.evaluations import Evaluation
from custmerge.assessing.parts import by_size, by_source, pooled
from custmerge.assessing.truth import LabelledPairs, TrueClusters, read_truth
from custmerge.config.validation import is_count
from custmerge.evaluation import Measured, Tallies, measured, merge_distance
from custmerge.evaluation.groups import Groups, count_pairs, meet, sizes_of
from custmerge.exceptions import InvalidInputError
from custmerge.naming import RecordNames
from custmerge.pairs import Pairs
from custmerge.protocols import Rows
from custmerge.records import Column
from custmerge.resolution import Resolution

__all__ = ["evaluate"]

_EXAMPLES = 20


def evaluate(
    result: Resolution,
    truth: object,
    *,
    complete: bool = False,
    n_examples: int = _EXAMPLES,
) -> Evaluation:
    """Return how good a result is by what is known to be true.

    Args:
        result: What `resolve` returned.
        truth: The true cluster of each record: labels in the order of the records, a
            mapping of record ids (or `(source, id)`) to labels or a pandas series with
            these as its index, a table with a column of ids (named as in the records,
            `record_id` or `id`) and one of labels (`cluster_id`, `entity_id`, `label`
            or the only other one), or its path. A missing label is not known. Or
            labelled pairs, as `resolve` takes `labels`.
        complete: Whether the labels that are known are those of whole customers, so
            that a record without a label is of none of them. A pair of a labelled
            record with one without is then a false link; else it does not count.
        n_examples: How many examples to list of each error at most.

    Raises:
        InvalidInputError: The truth is in no such form, says nothing of any record,
            does not fit the records, or contradicts itself; the message lists all
            that is wrong. Or `n_examples` is no number of examples.

    Warns:
        CustmergeWarning: The truth names records that the result has not.

    Examples:
        >>> import custmerge as cm
        >>> names = ["王小明", "王小明", "李娜"]
        >>> result = cm.resolve({"姓名": names, "手机": ["13912345678"] * 2 + [None]})
        >>> cm.evaluate(result, [(0, 1, True), (0, 2, False)])
        Evaluation(pairwise precision 1.000, recall 1.000, F1 1.000)
    """
    if n_examples != 0 and not is_count(n_examples):
        message = "n_examples must be a whole number of at least 0"
        raise InvalidInputError(message)
    known = read_truth(result, truth)
    if isinstance(known, LabelledPairs):
        return _of_pairs(result, known, n_examples)
    return _of_clusters(result, known, n_examples, complete=complete)


def _of_clusters(
    result: Resolution, known: TrueClusters, n_examples: int, *, complete: bool
) -> Evaluation:
    truth = _Sides.of(result.labels, known.groups, complete=complete)
    is_known, names = truth.is_known, RecordNames.of(result.dataset, result.config)
    errors = _all_errors(result, truth)
    of_sources = by_source(*truth.counted, _sources(result, truth.rows))
    labels, groups = result.labels[is_known], known.groups[is_known]
    return Evaluation(
        len(labels),
        count_pairs(groups),
        *truth.measures(),
        merge_distance(labels, groups),
        pooled(of_sources, within=True),
        pooled(of_sources, within=False),
        of_sources,
        by_size(labels, groups),
        errors.counts,
        names,
        errors,
        errors.examples(n_examples, (truth.true, result.labels)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Sides:
    """The entities beside the true clusters.

    Attributes:
        found: The entity of each record.
        true: Its true cluster; where it is not known one of its own, or below 0.
        is_known: Whether it is known. Pairs of which neither is do not count.
    """

    found: Groups
    true: Groups
    is_known: NDArray[np.bool_]

    @classmethod
    def of(cls, found: Groups, true: Groups, *, complete: bool) -> _Sides:
        is_known = true >= 0
        if complete:  # each of the others is a stranger to all that are known
            true = true.copy()
            others = np.arange(int((~is_known).sum()))
            true[~is_known] = int(true.max(initial=-1)) + 1 + others
        return cls(found, true, is_known)

    @property
    def rows(self) -> Rows:
        """The rows that count."""
        return np.flatnonzero(self.true >= 0)

    @property
    def counted(self) -> tuple[Groups, Groups, NDArray[np.bool_]]:
        """The three attributes for the rows that count."""
        rows = self.rows
        return self.found[rows], self.true[rows], self.is_known[rows]

    def measures(self) -> tuple[Measured, Measured, Measured]:
        """Return the measures by pairs, by records and by clusters.

        Each record adds its share: half of a pair, itself, or 1/n of a cluster of n.
        """
        found, true, is_known = self.counted
        sizes = (sizes_of(groups) for groups in (found, true, meet(found, true)))
        n_found, n_true, n_both = (size[is_known].astype(float) for size in sizes)
        exact = ((n_both == n_found) & (n_both == n_true)).astype(float)
        one, half = np.ones(len(n_found)), (n_both - 1) / 2
        tallies = (
            Tallies(half, (n_found - 1) / 2, half, (n_true - 1) / 2),
            Tallies(n_both / n_found, one, n_both / n_true, one),
            Tallies(exact / n_found, 1 / n_found, exact / n_true, 1 / n_true),
        )
        pairs, records, clusters = (
            measured(tally.by(true[is_known])) for tally in tallies
        )
        return pairs, records, clusters

    def counting(self, pairs: Pairs) -> NDArray[np.bool_]:
        """Return which pairs count."""
        known = self.is_known[pairs.left] | self.is_known[pairs.right]
        both = np.minimum(self.true[pairs.left], self.true[pairs.right]) >= 0
        counts: NDArray[np.bool_] = known & both
        return counts

    def same(self, pairs: Pairs) -> NDArray[np.bool_]:
        """Return which pairs are of one customer."""
        same: NDArray[np.bool_] = self.true[pairs.left] == self.true[pairs.right]
        return same


def _all_errors(result: Resolution, truth: _Sides) -> Errors:
    """Return the wrong pairs: all that were compared, and some that were not."""
    found, true, is_known = truth.counted
    n_claimed = count_pairs(found) - count_pairs(found[~is_known])
    n_right = count_pairs(meet(found, true))
    compared = result.compared.take(truth.counting(result.compared))
    seen = find_errors(result, compared, truth.same(compared)).counts
    missed = seen["missed_by_score"] + seen["cut_by_clustering"]
    counts = {
        **seen,
        "missed_by_blocking": count_pairs(true) - n_right - missed,
        "false_links": n_claimed - n_right,
    }
    more = [compared]
    if counts["missed_by_blocking"]:
        more.append(pairs_within(_where_mixed(truth.true, truth.found)))
    if counts["false_links"] > seen["false_links"]:
        more.append(pairs_within(_where_mixed(truth.found, truth.true)))
    pairs = Pairs.of(
        *(
            np.concatenate([getattr(x, side) for x in more])
            for side in ("left", "right")
        )
    )
    pairs = pairs.take(truth.counting(pairs))
    return find_errors(result, pairs, truth.same(pairs), counts)


def _where_mixed(groups: Groups, others: Groups) -> Groups:
    """Return the groups, -1 for rows of groups that are whole in the others."""
    counts = groups >= 0
    mixed = np.full(len(groups), -1, dtype=np.int64)
    kept, beside = groups[counts], others[counts]
    overlaps = sizes_of(meet(kept, beside + 1))
    mixed[counts] = np.where(overlaps < sizes_of(kept), kept, -1)
    return mixed


def _of_pairs(result: Resolution, known: LabelledPairs, n_examples: int) -> Evaluation:
    pairs, same = known.pairs, known.same
    found = result.labels[pairs.left] == result.labels[pairs.right]
    right, one = (found & same).astype(float), same.astype(float)
    errors = find_errors(result, pairs, same)
    rows = np.arange(len(result.labels))
    return Evaluation(
        len(np.union1d(pairs.left, pairs.right)),
        int(same.sum()),
        measured(Tallies(right, found.astype(float), right, one)),
        None,
        None,
        None,
        None,
        None,
        (),
        (),
        errors.counts,
        RecordNames.of(result.dataset, result.config),
        errors,
        errors.examples(n_examples, (rows, result.labels)),
    )


def _sources(result: Resolution, rows: Rows) -> Column | None:
    sources = result.basis.finder.sources
    return None if sources is None else sources.take(rows)
