"""Similarity vectors to match weights and probabilities."""

from __future__ import annotations

from custmerge.classifier.correlations import Correlation, correlations
from custmerge.classifier.levels import MISSING, Patterns, to_levels
from custmerge.classifier.model import (
    FellegiSunter,
    FieldWeights,
    Training,
    load_model,
    probability,
)
from custmerge.classifier.training import FieldPrior, train

__all__ = [
    "MISSING",
    "Correlation",
    "FellegiSunter",
    "FieldPrior",
    "FieldWeights",
    "Patterns",
    "Training",
    "correlations",
    "load_model",
    "probability",
    "to_levels",
    "train",
]
