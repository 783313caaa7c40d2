from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from tests.strategies import vectors

import custmerge as cm
from custmerge.pairs import SimilarityVectors

MODEL = cm.WeightedScore({"name": 2, "email": 1}, threshold=0.6, scale=10)


@given(vectors(("name", "email", "city")))
def test_weight_is_the_scaled_distance_of_the_mean_from_the_threshold(
    found: SimilarityVectors,
) -> None:
    weights = MODEL.weights(found)
    scored = (found.scores[name].tolist() for name in ("name", "email"))
    for weight, name, email in zip(weights.tolist(), *scored, strict=True):
        held = [(2, name), (1, email)]
        present = [(share, score) for share, score in held if not np.isnan(score)]
        total = sum(share for share, _ in present)
        mean = sum(share * score for share, score in present) / total if total else 0
        assert weight == pytest.approx(10 * (mean - 0.6))


@given(vectors(("name", "email", "city")))
def test_contributions_add_up_to_the_weight(found: SimilarityVectors) -> None:
    parts = MODEL.contributions(found)
    assert list(parts) == ["name", "email", "(nothing)"]
    assert (np.sum(list(parts.values()), axis=0) == MODEL.weights(found)).all()


@pytest.mark.parametrize(
    "parts",
    [
        {"fields": {}},
        {"fields": {"name": 0}},
        {"fields": {"name": True}},
        {"fields": ["name"]},
        {"fields": {"name": 1}, "threshold": 1.5},
        {"fields": {"name": 1}, "scale": -1},
        {"fields": {"name": float("nan")}},
    ],
)
def test_parts_that_do_not_fit_are_refused(parts: dict[str, Any]) -> None:
    with pytest.raises(cm.InvalidConfigError, match="the weighted score does not fit"):
        cm.WeightedScore(**parts)


def test_saved_score_loads_as_it_was(tmp_path: Path) -> None:
    MODEL.save(tmp_path / "score.json")
    assert cm.load_model(tmp_path / "score.json") == MODEL


def test_damaged_and_unknown_models_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "score.json"
    MODEL.save(path)
    saved = path.read_text()
    path.write_text(saved.replace('"scale": 10', '"scale": "x"'))
    with pytest.raises(cm.ModelError, match="damaged"):
        cm.load_model(path)
    path.write_text(saved.replace('"weighted_score"', '"tree"'))
    with pytest.raises(cm.ModelError, match="unknown model"):
        cm.load_model(path)
