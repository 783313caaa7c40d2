from __future__ import annotations

import os

import numpy as np
import pytest
from tests.strategies import people

import custmerge as cm
from custmerge import pairs, threads
from custmerge.engines import candidates, evidence, narrowing
from custmerge.io import dataset


def _resolved(n_threads: int, monkeypatch: pytest.MonkeyPatch) -> cm.Resolution:
    """Resolve so that all that ever runs in threads does."""
    monkeypatch.setattr(os, "cpu_count", lambda: n_threads)
    monkeypatch.setattr(threads, "_FEW_ROWS", 0)
    monkeypatch.setattr(candidates, "_ROWS_AT_ONCE", 16)
    monkeypatch.setattr(narrowing, "MOST_COMPARED", 500)
    for module in (evidence, pairs, dataset):
        monkeypatch.setattr(module, "_MANY", 0)
    rows = [{**row, "phone": None} for row in people(60)] + list(people(80))
    return cm.resolve(rows)


def test_any_number_of_threads_gives_the_same_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alone = _resolved(1, monkeypatch)
    assert alone.diagnostics.n_candidates > 500
    assert alone.n_entities < 140
    for n_threads in (2, 5):
        found = _resolved(n_threads, monkeypatch)
        assert (found.labels == alone.labels).all()
        assert (found.weights == alone.weights).all()
        assert found.model == alone.model
        assert np.array_equal(
            found.vectors.to_matrix(), alone.vectors.to_matrix(), equal_nan=True
        )
        assert found.entities == alone.entities
