from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from tests.strategies import FEW, vectors

import custmerge as cm
from custmerge.classifier import as_classifier, fitted, is_estimator, is_fitted
from custmerge.pairs import SimilarityVectors
from custmerge.protocols import Classifier

FIELDS = ("name", "email")


def _labelled() -> tuple[SimilarityVectors, NDArray[np.bool_]]:
    """Return pairs that are the same where the name is alike and no e-mail unlike."""
    rng = np.random.default_rng(0)
    name, email = rng.random((2, 200)).astype(np.float32)
    same = (name > 0.6) & (email > 0.3)
    email[::3] = np.nan
    return SimilarityVectors({"name": name, "email": email}, {}), same


def _regression() -> Any:
    imputed = SimpleImputer(add_indicator=True, keep_empty_features=True)
    return make_pipeline(imputed, LogisticRegression())


ESTIMATORS = [_regression(), HistGradientBoostingClassifier(max_iter=20)]
FITTED = [fitted(estimator, *_labelled()) for estimator in ESTIMATORS]


@pytest.mark.parametrize("estimator", FITTED, ids=lambda e: type(e).__name__)
@given(vectors(FIELDS))
@FEW
def test_contributions_add_up_to_the_log_odds(
    estimator: Any, found: SimilarityVectors
) -> None:
    model = as_classifier(estimator, FIELDS)
    parts = model.contributions(found)
    assert list(parts) == ["(prior)", *FIELDS]
    weights = model.weights(found)
    assert np.sum(list(parts.values()), axis=0) == pytest.approx(weights, abs=1e-9)
    if len(found):
        chances = estimator.predict_proba(found.to_matrix())[:, 1]
        assert 1 / (1 + np.exp2(-weights)) == pytest.approx(chances, abs=1e-6)


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda e: type(e).__name__)
def test_fitting_leaves_the_estimator_as_it_was(estimator: Any) -> None:
    assert not is_fitted(estimator)
    assert is_fitted(fitted(estimator, *_labelled()))
    assert not is_fitted(estimator)


def test_missing_side_adds_nothing_to_a_regression_with_an_imputer() -> None:
    name, email = np.asarray([[0.9], [np.nan]], dtype=np.float32)
    found = SimilarityVectors({"name": name, "email": email}, {})
    parts = as_classifier(FITTED[0], FIELDS).contributions(found)
    assert parts["email"].tolist() == [0.0]


def test_labels_all_alike_fit_nothing() -> None:
    found, same = _labelled()
    with pytest.raises(cm.ModelError, match="both same and different"):
        fitted(_regression(), found.take(np.flatnonzero(same)), same[same])


def test_estimator_that_cannot_take_missing_sides_is_told_of_imputers() -> None:
    found, same = _labelled()
    with pytest.raises(cm.ModelError, match=r"ValueError.*imputer"):
        fitted(LogisticRegression(), found, same)
    full = np.flatnonzero(~np.isnan(found.scores["email"]))
    model = fitted(LogisticRegression(), found.take(full), same[full])
    with pytest.raises(cm.PluginError, match=r"ValueError.*imputer"):
        as_classifier(model, FIELDS).weights(found)


class _Wrong:
    """What has the method but not the result."""

    classes_ = (0, 1)

    def predict_proba(self, matrix: NDArray[np.float32]) -> NDArray[np.float32]:
        return matrix[:, :1]


def test_estimator_must_give_two_probabilities() -> None:
    found, _ = _labelled()
    with pytest.raises(cm.PluginError, match="two probabilities"):
        as_classifier(_Wrong(), FIELDS).weights(found)


def test_certain_probabilities_weigh_no_more_than_twenty_bits() -> None:
    class Certain:
        classes_ = (0, 1)

        def predict_proba(self, matrix: NDArray[np.float32]) -> NDArray[np.float64]:
            return np.tile([0.0, 1.0], (len(matrix), 1))

    found, _ = _labelled()
    weights = as_classifier(Certain(), FIELDS).weights(found)
    assert (weights == 20).all()


def test_models_of_pairs_are_no_estimators() -> None:
    for model in (
        cm.WeightedScore({"name": 1}),
        cm.Rules((cm.Rule("match", {"a": 1}),)),
    ):
        assert isinstance(model, Classifier)
        assert not is_estimator(model)
        assert as_classifier(model, FIELDS) is model
