from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from custmerge.evaluation import (
    Score,
    Tallies,
    b_cubed,
    cluster_exact,
    expected_calibration_error,
    measured,
    merge_distance,
    pair_completeness,
    pairs_score,
    pairwise,
    reduction_ratio,
    reliability,
    wilson,
)
from custmerge.exceptions import InvalidInputError
from custmerge.pairs import Pairs

Measure = Callable[[Sequence[Hashable], Sequence[Hashable]], Score]

few = settings(max_examples=60, deadline=None)
small = st.integers(min_value=0, max_value=3)
clusterings = st.lists(st.tuples(small, small, small), max_size=9)
"""For each record its cluster, its true cluster and its source."""


def _columns(rows: Sequence[tuple[int, int, int]]) -> list[list[int]]:
    return [[row[column] for row in rows] for column in range(3)]


def _pairs_of(labels: Sequence[Hashable]) -> set[tuple[int, int]]:
    rows = combinations(range(len(labels)), 2)
    return {(i, j) for i, j in rows if labels[i] == labels[j]}


def _across(pairs: set[tuple[int, int]], source: Sequence[Hashable]) -> set[Any]:
    return {(i, j) for i, j in pairs if source[i] != source[j]}


def _score(found: set[Any], true: set[Any]) -> Score:
    correct = len(found & true)
    return Score.of(
        correct / len(found) if found else 1.0, correct / len(true) if true else 1.0
    )


def _clusters_of(labels: Sequence[Hashable]) -> list[frozenset[int]]:
    return [
        frozenset(row for row, other in enumerate(labels) if other == label)
        for label in labels
    ]


def _as_pairs(pairs: set[tuple[int, int]]) -> Pairs:
    return Pairs.of([i for i, _ in pairs], [j for _, j in pairs])


@few
@given(clusterings)
def test_pairwise_equals_counting_every_pair(rows: list[tuple[int, int, int]]) -> None:
    labels, truth, _ = _columns(rows)
    assert pairwise(labels, truth) == _score(_pairs_of(labels), _pairs_of(truth))


@few
@given(clusterings)
def test_pairwise_with_source_equals_counting_every_pair_across_sources(
    rows: list[tuple[int, int, int]],
) -> None:
    labels, truth, source = _columns(rows)
    found, true = (_across(_pairs_of(given), source) for given in (labels, truth))
    assert pairwise(labels, truth, source=source) == _score(found, true)


@few
@given(clusterings)
def test_b_cubed_equals_the_mean_over_records(rows: list[tuple[int, int, int]]) -> None:
    labels, truth, _ = _columns(rows)
    found, true = _clusters_of(labels), _clusters_of(truth)
    shares = [(len(f & t), len(f), len(t)) for f, t in zip(found, true, strict=True)]
    n = len(rows) or 1
    score = b_cubed(labels, truth)
    empty = float(not rows)
    assert score.precision == pytest.approx(
        empty + sum(o / f for o, f, _ in shares) / n
    )
    assert score.recall == pytest.approx(empty + sum(o / t for o, _, t in shares) / n)


@few
@given(clusterings)
def test_cluster_exact_equals_comparing_sets_of_records(
    rows: list[tuple[int, int, int]],
) -> None:
    labels, truth, _ = _columns(rows)
    expected = _score(set(_clusters_of(labels)), set(_clusters_of(truth)))
    assert cluster_exact(labels, truth) == expected


@few
@given(clusterings)
def test_pairs_score_of_two_clusterings_pairs_equals_pairwise(
    rows: list[tuple[int, int, int]],
) -> None:
    labels, truth, _ = _columns(rows)
    score = pairs_score(_as_pairs(_pairs_of(labels)), _as_pairs(_pairs_of(truth)))
    assert score == pairwise(labels, truth)


@few
@given(clusterings)
def test_pair_completeness_equals_counting_every_pair(
    rows: list[tuple[int, int, int]],
) -> None:
    labels, truth, source = _columns(rows)
    candidates = _pairs_of(labels)
    measured = pair_completeness(_as_pairs(candidates), truth)
    assert measured == _score(candidates, _pairs_of(truth)).recall
    measured = pair_completeness(_as_pairs(candidates), truth, source=source)
    true = _across(_pairs_of(truth), source)
    assert measured == _score(candidates, true).recall


@few
@given(clusterings)
def test_reduction_ratio_equals_counting_every_pair(
    rows: list[tuple[int, int, int]],
) -> None:
    labels, _, source = _columns(rows)
    candidates, everything = _pairs_of(labels), _pairs_of([0] * len(rows))
    measured = reduction_ratio(_as_pairs(candidates), len(rows))
    left_out = everything - candidates
    assert measured == _score(left_out, everything).recall
    measured = reduction_ratio(_as_pairs(candidates), len(rows), source=source)
    left_out, everything = _across(left_out, source), _across(everything, source)
    assert measured == _score(left_out, everything).recall


@few
@given(clusterings)
@pytest.mark.parametrize("measure", [pairwise, b_cubed, cluster_exact])
def test_label_names_do_not_matter(
    measure: Measure, rows: list[tuple[int, int, int]]
) -> None:
    labels, truth, _ = _columns(rows)
    renamed = [("cluster", -label) for label in labels]
    assert measure(renamed, [str(label) for label in truth]) == measure(labels, truth)


@few
@given(st.lists(small, max_size=9))
@pytest.mark.parametrize("measure", [pairwise, b_cubed, cluster_exact])
def test_the_truth_itself_scores_one(measure: Measure, truth: list[int]) -> None:
    assert measure(truth, truth) == Score(1.0, 1.0, 1.0)


@few
@given(clusterings)
@pytest.mark.parametrize("measure", [pairwise, b_cubed, cluster_exact])
def test_swapping_clustering_and_truth_swaps_precision_and_recall(
    measure: Measure, rows: list[tuple[int, int, int]]
) -> None:
    labels, truth, _ = _columns(rows)
    score, mirrored = measure(labels, truth), measure(truth, labels)
    assert (score.precision, score.recall) == (mirrored.recall, mirrored.precision)


@few
@given(clusterings)
@pytest.mark.parametrize("measure", [pairwise, b_cubed, cluster_exact])
def test_scores_lie_between_zero_and_one(
    measure: Measure, rows: list[tuple[int, int, int]]
) -> None:
    labels, truth, _ = _columns(rows)
    score = measure(labels, truth)
    assert all(0 <= part <= 1 for part in (score.precision, score.recall, score.f1))


@pytest.mark.parametrize("measure", [pairwise, b_cubed, cluster_exact])
def test_no_records_score_one(measure: Measure) -> None:
    assert measure([], []) == Score(1.0, 1.0, 1.0)


def test_finding_nothing_is_precise_but_recalls_nothing() -> None:
    assert pairwise([1, 2, 3], ["a", "a", "b"]) == Score(1.0, 0.0, 0.0)


def test_finding_pairs_where_there_are_none_is_complete_but_imprecise() -> None:
    assert pairwise([1, 1, 2], ["a", "b", "c"]) == Score(0.0, 1.0, 0.0)


def test_huge_clusters_are_counted_without_listing_their_pairs() -> None:
    labels = np.zeros(200_000, dtype=np.int64)
    truth = np.arange(200_000) % 2
    n, half = 200_000, 100_000
    precision = 2 * (half * (half - 1) // 2) / (n * (n - 1) // 2)
    assert pairwise(labels, truth) == Score.of(precision, 1.0)


def test_numbers_and_texts_are_different_labels() -> None:
    assert pairwise([1, "1"], ["a", "a"]).recall == 0.0


def test_pairs_that_close_no_triangle_are_scored_as_they_are() -> None:
    predicted, truth = Pairs.of([0, 1], [1, 2]), Pairs.of([0, 0, 1], [1, 2, 2])
    assert pairs_score(predicted, truth) == Score.of(1.0, 2 / 3)


def test_lengths_that_differ_are_named() -> None:
    with pytest.raises(InvalidInputError, match="labels has 2, truth has 3"):
        pairwise([1, 2], [1, 2, 3])


def test_a_source_of_another_length_is_named() -> None:
    with pytest.raises(InvalidInputError, match="source has 1"):
        pairwise([1, 2], [1, 2], source=["crm"])


@pytest.mark.parametrize("missing", [None, float("nan"), np.nan])
def test_a_missing_label_is_an_error_that_names_the_row(missing: float | None) -> None:
    with pytest.raises(InvalidInputError, match="truth is missing at row 1"):
        b_cubed([1, 2, 3], ["a", missing, "b"])


@pytest.mark.parametrize("labels", [7, [[1], [2]], np.zeros((2, 2))])
def test_labels_that_are_no_sequence_of_hashables_are_an_error(labels: Any) -> None:
    with pytest.raises(InvalidInputError, match="one sequence of hashable labels"):
        pairwise(labels, [1, 2])


@pytest.mark.parametrize(
    "measure",
    [lambda pairs: pair_completeness(pairs, [1, 1]), lambda p: reduction_ratio(p, 2)],
)
def test_candidates_beyond_the_records_are_an_error(
    measure: Callable[[Pairs], float],
) -> None:
    with pytest.raises(InvalidInputError, match="row 5"):
        measure(Pairs.of([0], [5]))


def test_reliability_compares_shares_with_probabilities_bin_by_bin() -> None:
    chances = [0.0, 0.1, 0.15, 0.55, 1.0, 0.95]
    table = reliability(chances, [False, False, True, True, True, False])
    assert [(row.low, row.high, row.n_pairs) for row in table] == [
        (0.0, 0.1, 2),
        (0.1, 0.2, 1),
        (0.5, 0.6, 1),
        (0.9, 1.0, 2),
    ]
    assert [row.expected for row in table] == pytest.approx([0.05, 0.15, 0.55, 0.975])
    assert [row.observed for row in table] == [0, 1, 1, 0.5]


@few
@given(
    pairs=st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1),
    bins=st.integers(1, 20),
)
def test_each_pair_is_in_the_bin_of_its_probability(
    pairs: list[tuple[float, bool]], bins: int
) -> None:
    chances, truth = [chance for chance, _ in pairs], [match for _, match in pairs]
    table = reliability(chances, truth, bins)
    assert sum(row.n_pairs for row in table) == len(pairs)
    for row in table:
        assert row.low - 1e-9 <= row.expected <= row.high + 1e-9
    found = sum(row.n_pairs * row.observed for row in table)
    assert found == pytest.approx(sum(truth))


@few
@given(share=st.integers(0, 20), chance=st.floats(0, 1))
def test_calibration_error_of_one_probability_is_its_distance_from_the_share(
    share: int, chance: float
) -> None:
    truth = [i < share for i in range(20)]
    error = expected_calibration_error([chance] * 20, truth)
    assert error == pytest.approx(abs(share / 20 - chance), abs=1e-9)


def test_calibration_error_of_no_pairs_is_none() -> None:
    assert expected_calibration_error([], []) == 0


@pytest.mark.parametrize(
    ("chances", "truth", "bins"),
    [
        ([0.5], [True, False], 10),
        ([1.5], [True], 10),
        ([float("nan")], [True], 10),
        ([0.5], [True], 0),
        ([0.5], [None], 10),
        (["likely"], [True], 10),
    ],
)
def test_reliability_refuses_what_are_no_probabilities(
    chances: Any, truth: Any, bins: int
) -> None:
    with pytest.raises(InvalidInputError, match="reliability needs"):
        reliability(chances, truth, bins)


def _steps(found: frozenset[frozenset[int]], true: frozenset[frozenset[int]]) -> int:
    """The fewest splits and merges, by looking at all clusterings at each distance."""
    seen, edge, steps = {found}, {found}, 0
    while true not in edge:
        edge = {other for one in edge for other in _next_to(one)} - seen
        seen |= edge
        steps += 1
    return steps


def _next_to(clusters: frozenset[frozenset[int]]) -> set[frozenset[frozenset[int]]]:
    found = set()
    for one, other in combinations(clusters, 2):
        found.add(clusters - {one, other} | {one | other})
    for one in clusters:
        for size in range(1, len(one)):
            for part in combinations(one, size):
                parts = {frozenset(part), one - frozenset(part)}
                found.add(clusters - {one} | parts)
    return found


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(small, small), min_size=1, max_size=5))
def test_the_merge_distance_is_the_shortest_way(rows: list[tuple[int, int]]) -> None:
    labels, truth = ([row[i] for row in rows] for i in range(2))
    steps = _steps(frozenset(_clusters_of(labels)), frozenset(_clusters_of(truth)))
    assert merge_distance(labels, truth).distance == steps


def test_intervals_of_clusters_cover_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(0)
    sizes = rng.integers(1, 5, 4_000)
    right = rng.binomial(sizes, 0.9).astype(np.float64)
    actual = right.sum() / sizes.sum()
    covered = 0
    for _ in range(400):
        drawn = rng.integers(0, len(sizes), 150)
        hits, claims = right[drawn], sizes[drawn].astype(np.float64)
        low, high = measured(Tallies(hits, claims, hits, claims)).recall_interval
        covered += low <= actual <= high
    assert 0.92 <= covered / 400 <= 0.98


def test_nothing_seen_says_nothing() -> None:
    none = np.empty(0)
    assert measured(Tallies(none, none, none, none)).f1_interval == (0.0, 1.0)
    assert wilson(0.5, 0) == (0.0, 1.0)
    assert wilson(0.0, 10)[0] == 0.0
    assert wilson(1.0, 10)[1] == 1.0
