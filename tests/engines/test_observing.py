from __future__ import annotations

import numpy as np
import pytest

from custmerge.blockers import ExactKey
from custmerge.classifier import WeightedScore
from custmerge.engines import observing
from custmerge.engines.blocking import block
from custmerge.engines.linking import Linkage
from custmerge.pairs import SimilarityVectors
from custmerge.records import RecordTable


def test_recall_of_blocking_is_estimated_from_a_sample_of_many_pairs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Entities of two records, which agree in each of three fields at times."""
    rng = np.random.default_rng(3)
    labels = np.repeat(np.arange(20_000), 2)
    texts = {
        field: [
            f"{label}" if agrees else f"{label} {row}"
            for row, (label, agrees) in enumerate(
                zip(
                    labels.tolist(), np.repeat(rng.random(20_000) < 0.6, 2), strict=True
                )
            )
        ]
        for field in "abc"
    }
    table = RecordTable.from_columns(texts, len(labels))
    blocking = block(table, [ExactKey(field) for field in texts], 10**6)
    pairs = blocking.candidates.pairs
    n_pairs = len(pairs)
    linkage = Linkage(
        WeightedScore({"a": 1.0}),
        pairs,
        SimilarityVectors({}, {}),
        np.zeros(n_pairs),
        np.zeros(n_pairs, np.int8),
        labels,
        np.ones(len(labels)),
    )
    order = np.arange(len(labels))
    seen = observing.observe(blocking, linkage, 10**6, order)
    whole = seen.blocking_recall
    shared = {
        field: np.asarray([texts[field][row] for row in pairs.left.tolist()])
        == np.asarray([texts[field][row] for row in pairs.right.tolist()])
        for field in texts
    }
    for found in seen.blocking_fields:
        others = [shared[field] for field in texts if field != found.field]
        alone = shared[found.field] & ~np.logical_or(*others)
        assert found.share == pytest.approx(shared[found.field].mean())
        assert found.alone == pytest.approx(alone.mean())
    assert [found.field for found in seen.blocking_fields] == list(texts)
    monkeypatch.setattr(observing, "_MOST_PAIRS", n_pairs // 2)
    sampled = observing.observe(blocking, linkage, 10**6, order).blocking_recall
    assert whole == pytest.approx(1 - 0.4**3, abs=0.02)
    assert sampled == pytest.approx(whole, abs=0.03)
    assert sampled != whole
