"""Weights corrected by labels: what a model gets wrong, as far as they show it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier.model import FellegiSunter
from custmerge.pairs import SimilarityVectors

__all__ = ["calibrated"]

Array = NDArray[np.float64]

_SHIFT, _FACTOR = 1.0, 0.2
"""How far off a model may usually be: standard deviations of its prior weight in bits,
and of what each of its parts should be multiplied with."""
_DOUBTS = (0.0, 0.25, 0.5, 1.0, 2.0)
"""Multiples of that which are tried: from a model beyond doubt to a poor one."""
_SOUND = 0.75
"""Probability, before there are labels, that a model needs no correction: so that what
a few dozen labels happen to show moves little, and what they plainly show, much."""
_MOST_BITS = 20.0
"""Most that a labelled pair may weigh, so that one wrong label does not rule."""


def calibrated(
    model: FellegiSunter, vectors: SimilarityVectors, same: NDArray[np.bool_]
) -> FellegiSunter:
    """Return the model with its weights corrected by labelled pairs.

    Whether a pair is the same is taken to follow from the model's parts by logistic
    regression, with the model itself as the prior: no shift, and all factors 1. How far
    to depart from it is not chosen but averaged over, by how likely each choice is
    beforehand and how well it explains the labels (Laplace's approximation, MacKay
    1992, doi:10.1162/neco.1992.4.3.415; Hoeting et al. 1999,
    doi:10.1214/ss/1009212519). So labels that the model expects
    leave it as it is.

    The regression is of the labels given the vectors. It is therefore not biased by
    how pairs were chosen for labelling by what they look like; nor do labels change the
    rates of the classes here.

    Args:
        model: The model, trained.
        vectors: The similarities of the labelled pairs.
        same: For each, whether it is a match.
    """
    if not len(same):
        return model
    parts = model.contributions(vectors)
    names = [name for name in parts if name != "(prior)"]
    table = np.stack([parts["(prior)"], *(parts[name] for name in names)], axis=1)
    total = np.abs(table.sum(axis=1))
    table *= (_MOST_BITS / np.maximum(total, _MOST_BITS))[:, np.newaxis]
    found = [_corrected(table, same, doubt) for doubt in _DOUBTS]
    evidence = np.asarray([evidence for _, evidence in found])
    shares = np.exp(evidence - evidence.max())
    shares[0] *= _SOUND
    shares[1:] *= (1 - _SOUND) / (len(_DOUBTS) - 1)
    mean = np.average([settled for settled, _ in found], axis=0, weights=shares)
    factors = dict(zip(names, mean[1:].tolist(), strict=True))
    return replace(model, shift=model.shift + float(mean[0]), factors=factors)


def _corrected(
    table: Array, same: NDArray[np.bool_], doubt: float
) -> tuple[Array, float]:
    """Return the likeliest shift and factors, and the evidence for this much doubt.

    Args:
        table: The parts of each labelled pair, the prior first; in bits.
        same: The labels.
        doubt: How far the model may be off.
    """
    from scipy.optimize import minimize  # noqa: PLC0415  slow to load

    start = np.append(0.0, np.ones(table.shape[1] - 1))
    known, columns = table[:, 0], np.column_stack([np.ones(len(same)), table[:, 1:]])
    if not doubt:
        return start, -_loss(known + columns @ start, same)
    deviations = np.full(len(start), doubt * _FACTOR)
    deviations[0] = doubt * _SHIFT
    precision = deviations**-2.0

    def objective(point: Array) -> tuple[float, Array]:
        weights = known + columns @ point
        slope = np.log(2) * columns.T @ (_chance(weights) - same)
        pull = precision * (point - start)
        strain = float(pull @ (point - start)) / 2
        return _loss(weights, same) + strain, slope + pull

    bounds = [(None, None), *[(0, None)] * (len(start) - 1)]
    best = minimize(objective, start, jac=True, method="L-BFGS-B", bounds=bounds)
    chance = _chance(known + columns @ best.x)
    spread = (columns.T * (chance * (1 - chance))) @ columns
    curvature = np.log(2) ** 2 * spread + np.diag(precision)
    volume = np.log(precision).sum() - np.linalg.slogdet(curvature)[1]
    return np.asarray(best.x), float(volume / 2 - best.fun)


def _chance(weights: Array) -> Array:
    return np.exp2(-np.logaddexp2(0, -weights))


def _loss(weights: Array, same: NDArray[np.bool_]) -> float:
    """Return minus the log likelihood of the labels."""
    against = np.where(same, -weights, weights)
    return float(np.log(2) * np.logaddexp2(0, against).sum())
