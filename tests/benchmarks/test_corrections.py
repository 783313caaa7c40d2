"""Corrections of results on generated customers, against runs that are told of them."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from types import ModuleType

import numpy as np
import pytest
from numpy.typing import NDArray

import custmerge as cm

Columns = Mapping[str, list[str | None]]


@pytest.fixture(scope="module", params=["en", "zh"])
def customers(
    request: pytest.FixtureRequest, generator: ModuleType
) -> tuple[Columns, NDArray[np.int64], cm.Resolution]:
    """Customers, who they truly are, and the result without a word about it."""
    columns = dict(generator.generate(500, request.param, seed=3))
    truth = np.unique(columns.pop("cluster_id"), return_inverse=True)[1]
    return columns, truth, _quietly(columns)


def _quietly(columns: Columns, **options: object) -> cm.Resolution:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        return cm.resolve(columns, **options)  # type: ignore[arg-type]


def _is_confirmed(columns: Columns, corrected: cm.Resolution) -> bool:
    """Return whether a run that is told gives the same result, by the same weights."""
    again = _quietly(
        columns,
        config=corrected.config,
        model=corrected.model,
        decisions=corrected.decisions,
    )
    is_same = again.labels.tolist() == corrected.labels.tolist()
    return bool(is_same and again.entities == corrected.entities)


def test_a_run_confirms_what_was_decided_of_wrong_and_doubtful_pairs(
    customers: tuple[Columns, NDArray[np.int64], cm.Resolution],
) -> None:
    columns, truth, result = customers
    left, right = result.compared.left, result.compared.right
    is_same = truth[left] == truth[right]
    wrong = np.flatnonzero(is_same != (result.labels[left] == result.labels[right]))
    doubtful = np.argsort(np.abs(result.weights), kind="stable")
    asked = np.concatenate([wrong[:20], doubtful[:20]])
    ids = result.basis.names_of(np.arange(len(truth)))
    answers = [(ids[left[i]], ids[right[i]], bool(is_same[i])) for i in asked]
    decided = result.decide(answers)
    assert decided.n_entities != result.n_entities
    assert _is_confirmed(columns, decided)


def test_a_run_confirms_partings_that_the_evidence_speaks_against(
    customers: tuple[Columns, NDArray[np.int64], cm.Resolution],
) -> None:
    columns, truth, result = customers
    ids = result.basis.names_of(np.arange(len(truth)))
    parted = result
    for entity in np.flatnonzero(result.sizes > 2)[:20].tolist():
        row = int(np.flatnonzero(result.labels == entity)[-1])
        parted = parted.split(parted.entity_of(ids[row]), [[ids[row]]])
    assert parted.n_entities > result.n_entities
    assert _is_confirmed(columns, parted)


def test_a_run_confirms_mergers_of_strangers(
    customers: tuple[Columns, NDArray[np.int64], cm.Resolution],
) -> None:
    columns, _, result = customers
    merged = result
    for entity in range(6):
        merged = merged.merge([entity, merged.n_entities - 1])
    assert merged.n_entities == result.n_entities - 6
    assert _is_confirmed(columns, merged)
