from __future__ import annotations

import numpy as np
from hypothesis import given
from numpy.typing import NDArray
from tests.strategies import vectors

from custmerge.classifier import FellegiSunter, FieldWeights, calibrated, probability
from custmerge.pairs import SimilarityVectors

MODEL = FellegiSunter(
    (
        FieldWeights("name", (0.5, 1.0), ((0.1, 0.2, 0.7),), ((0.9, 0.08, 0.02),)),
        FieldWeights("code", (1.0,), ((0.2, 0.8),), ((0.99, 0.01),)),
    ),
    0.02,
)
SCORES = np.asarray([0.0, 0.6, 1.0, np.nan], dtype=np.float32)


def _pairs(n_pairs: int) -> SimilarityVectors:
    rng = np.random.default_rng(0)
    name, code = SCORES[rng.integers(0, 4, (2, n_pairs))]
    return SimilarityVectors({"name": name, "code": code}, {})


def _drawn(model: FellegiSunter, found: SimilarityVectors) -> NDArray[np.bool_]:
    rng = np.random.default_rng(1)
    drawn: NDArray[np.bool_] = rng.random(len(found)) < probability(
        model.weights(found)
    )
    return drawn


def _misfit(
    model: FellegiSunter, found: SimilarityVectors, same: NDArray[np.bool_]
) -> float:
    chances = probability(model.weights(found))
    return float(-np.log(np.where(same, chances, 1 - chances)).mean())


def test_no_labels_change_nothing() -> None:
    assert calibrated(MODEL, _pairs(0), np.empty(0, np.bool_)) is MODEL


def test_labels_that_the_model_expects_hardly_change_it() -> None:
    found = _pairs(60)
    corrected = calibrated(MODEL, found, _drawn(MODEL, found))
    moved = np.abs(corrected.weights(found) - MODEL.weights(found))
    assert moved.max() < 1.5


def test_labels_that_contradict_a_field_take_its_weight() -> None:
    found = _pairs(60)
    # Nothing but the name matters: equal names are the same, whatever the code.
    same = found.scores["name"] == 1.0
    corrected = calibrated(MODEL, found, same)
    assert corrected.factors["code"] < 0.7 < corrected.factors["name"]
    others = _pairs(500)
    truth = others.scores["name"] == 1.0
    assert _misfit(corrected, others, truth) < 0.7 * _misfit(MODEL, others, truth)


def test_rates_and_tables_stay_as_they_were() -> None:
    found = _pairs(40)
    corrected = calibrated(MODEL, found, found.scores["code"] != 1.0)
    assert corrected.fields == MODEL.fields
    assert corrected.match_rate == MODEL.match_rate


@given(vectors(("name", "code")))
def test_contributions_of_a_corrected_model_add_up(found: SimilarityVectors) -> None:
    pairs = _pairs(30)
    corrected = calibrated(MODEL, pairs, pairs.scores["name"] == 1.0)
    total = np.sum(list(corrected.contributions(found).values()), axis=0)
    assert np.allclose(total, corrected.weights(found))


def test_agreement_never_turns_into_evidence_against() -> None:
    found = _pairs(200)
    corrected = calibrated(MODEL, found, found.scores["name"] < 0.5)
    assert min(corrected.factors.values()) >= 0
