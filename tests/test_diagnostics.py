from __future__ import annotations

import json
import warnings
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from tests.strategies import people

import custmerge as cm
from custmerge.classifier import Correlation
from custmerge.diagnostics import (
    Diagnostics,
    Observations,
    diagnose,
    expected_matches,
)
from custmerge.pairs import Pairs

few = settings(max_examples=60, deadline=None)
SEEN = Observations(0.8, 3, 10, 1, np.empty(0, np.int64), ())
N_ROWS = 7


@st.composite
def linked(draw: st.DrawFn) -> tuple[list[int], dict[tuple[int, int], float]]:
    """Entities of a few rows, and the probabilities of some of their pairs."""
    labels = draw(st.lists(st.integers(0, 2), min_size=N_ROWS, max_size=N_ROWS))
    pairs = list(combinations(range(N_ROWS), 2))
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True))
    chances = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])
    return labels, {pair: draw(chances) for pair in sorted(chosen)}


def _arrays(links: dict[tuple[int, int], float]) -> tuple[Pairs, Any]:
    left, right = [a for a, _ in links], [b for _, b in links]
    return Pairs.of(left, right), np.asarray(list(links.values()), dtype=np.float64)


def _by_widest_chain(labels: list[int], links: dict[tuple[int, int], float]) -> float:
    """Warshall's algorithm on the weakest link of each chain."""
    best = np.zeros((N_ROWS, N_ROWS))
    for (a, b), chance in links.items():
        if labels[a] == labels[b]:
            best[a, b] = best[b, a] = chance
    for k in range(N_ROWS):
        best = np.maximum(best, np.minimum(best[:, [k]], best[[k], :]))
    return float(np.triu(best, 1).sum())


@few
@given(linked())
def test_a_pair_is_as_sure_as_the_strongest_chain_between_its_records(
    drawn: tuple[list[int], dict[tuple[int, int], float]],
) -> None:
    labels, links = drawn
    expected = expected_matches(np.asarray(labels), *_arrays(links))
    assert expected == pytest.approx(_by_widest_chain(labels, links))


@few
@given(linked(), st.permutations(range(N_ROWS)))
def test_expected_matches_do_not_depend_on_the_order_of_records(
    drawn: tuple[list[int], dict[tuple[int, int], float]], order: list[int]
) -> None:
    labels, links = drawn
    moved = np.empty(N_ROWS, dtype=np.int64)
    moved[order] = labels
    renamed = {
        (min(order[a], order[b]), max(order[a], order[b])): chance
        for (a, b), chance in links.items()
    }
    assert expected_matches(
        moved, *_arrays(dict(sorted(renamed.items())))
    ) == pytest.approx(expected_matches(np.asarray(labels), *_arrays(links)))


def _diagnosed(
    labels: list[int], links: dict[tuple[int, int], float], seen: Observations = SEEN
) -> Diagnostics:
    return diagnose(np.asarray(labels), _arrays(links), 0.5, seen, ())


def test_estimates_add_up_probabilities_within_and_between_entities() -> None:
    found = _diagnosed([0, 0, 1, 1], {(0, 1): 0.9, (1, 2): 0.3, (2, 3): 0.7})
    assert found.precision == pytest.approx(1.6 / 2)
    assert found.recall == pytest.approx(1.6 / (1.6 + 0.3) * 0.8)
    both = found.precision + found.recall
    assert found.f1 == pytest.approx(2 * found.precision * found.recall / both)


def test_a_link_that_was_cut_is_no_missed_match() -> None:
    uncut = _diagnosed([0, 0, 1], {(0, 1): 0.9})
    cut = _diagnosed([0, 0, 1], {(0, 1): 0.9, (1, 2): 0.6})
    assert cut.recall == uncut.recall


def test_records_alone_claim_nothing_false_and_miss_what_is_likely() -> None:
    found = _diagnosed([0, 1, 2], {(0, 1): 0.4})
    assert (found.precision, found.recall) == (1.0, 0.0)


def test_an_unknown_recall_of_blocking_is_left_out() -> None:
    seen = Observations(None, 3, 10, 1, np.empty(0, np.int64), ())
    found = _diagnosed([0, 0], {(0, 1): 0.9}, seen)
    assert found.recall == 1.0
    assert "recall of blocking: unknown" in str(found)
    assert "recall of blocking unknown" in repr(found)


def _result(**options: Any) -> cm.Resolution:
    """Thirty people, the first ten twice, and one who shares nothing with anyone."""
    rows = [{"customer_id": f"A{i:04}", **row} for i, row in enumerate(people(30))]
    again = [{**row, "customer_id": f"B{i:04}"} for i, row in enumerate(rows[:10])]
    lone = {"customer_id": "C0000", "first_name": "Xq", "last_name": "Zzyzx"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        return cm.resolve([*rows, *again, lone], id="customer_id", **options)


def test_records_in_no_candidate_pair_are_listed_by_id() -> None:
    assert "C0000" in _result().diagnostics.unblocked


def test_records_of_several_sources_are_listed_with_their_source() -> None:
    crm = [{"id": str(i), **row} for i, row in enumerate(people(5))]
    web = [*crm[:4], {"id": "4", "first_name": "Xq", "last_name": "Zzyzx"}]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        result = cm.resolve({"crm": crm, "web": web}, id="id")
    assert ("web", "4") in result.diagnostics.unblocked


def test_budget_use_is_told() -> None:
    found = _result().diagnostics
    assert 0 < found.n_candidates <= found.budget == 40_000
    assert found.n_capped == sum(key.n_capped for key in _result().blocking)


def test_keys_of_one_field_say_nothing_about_what_they_miss() -> None:
    config = cm.infer_config(people(9))
    one_key = cm.Config(config.fields, ("email",))
    rows = people(9) * 2
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        assert cm.resolve(rows, config=one_key).diagnostics.blocking_recall is None
        assert cm.resolve(rows, config=config).diagnostics.blocking_recall == 1.0


def test_clean_duplicates_are_found_surely() -> None:
    found = _result().diagnostics
    assert min(found.precision, found.recall, found.f1) > 0.95


@pytest.mark.parametrize("records", [[], [{"name": "Ann Lee"}], [{"name": None}] * 3])
def test_nothing_to_match_is_nothing_missed(records: list[dict[str, Any]]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        found = cm.resolve(records, fields={"name": "full_name"}).diagnostics
    assert (found.precision, found.recall, found.f1) == (1.0, 1.0, 1.0)


def test_diagnostics_are_plain_data_and_show_no_ids() -> None:
    twice = Correlation(("email", "login <b>"), 0.9, 0.8, counted_once=False)
    found = Diagnostics(0.9, 0.8, 0.85, 0.99, 1234, 5000, 2, ("secret",), (twice,))
    assert json.loads(json.dumps(found.to_dict())) == found.to_dict()
    assert found.to_dict()["unblocked"] == ["secret"]
    assert found.to_dict()["correlations"][0]["fields"] == ["email", "login <b>"]
    for shown in (str(found), found._repr_html_()):
        assert "1,234 of 5,000" in shown
        assert "secret" not in shown
    assert "<b>" not in found._repr_html_()
