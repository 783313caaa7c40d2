"""Similarity vectors to match weights and probabilities.

```
levels → model → training      FellegiSunter, learnt with labels or without
shares → priors → training     what is known of fields before, and how it is drawn on
         model → calibrating   the same, corrected by labels
         model → bounds        what pairs weigh at most
predicates → rules             Rules
scores                         WeightedScore
estimators                     any estimator with predict_proba
reviewing                      which pairs to ask people about
documents → loading            models as files
```
"""

from __future__ import annotations

from custmerge.classifier.bounds import Bounds, Known
from custmerge.classifier.calibrating import calibrated
from custmerge.classifier.correlations import Correlation, correlations
from custmerge.classifier.estimators import (
    Estimator,
    IntoClassifier,
    as_classifier,
    fitted,
    is_estimator,
    is_fitted,
)
from custmerge.classifier.levels import MISSING, Patterns, to_levels
from custmerge.classifier.loading import load_model
from custmerge.classifier.model import (
    MAX_RARITY_BITS,
    FellegiSunter,
    FieldWeights,
    Training,
    probability,
)
from custmerge.classifier.predicates import (
    PREDICATES,
    BranchNames,
    IntoPredicate,
    NumbersApart,
    YearsApart,
    as_predicate,
)
from custmerge.classifier.priors import FieldPrior
from custmerge.classifier.reviewing import reasons, worth_asking
from custmerge.classifier.rules import (
    Question,
    Rule,
    Rules,
    Verdicts,
    as_rule,
    questions_of,
    verdicts,
)
from custmerge.classifier.scores import WeightedScore
from custmerge.classifier.training import PRIOR_CONDITIONAL, train

__all__ = [
    "MAX_RARITY_BITS",
    "MISSING",
    "PREDICATES",
    "PRIOR_CONDITIONAL",
    "Bounds",
    "BranchNames",
    "Correlation",
    "Estimator",
    "FellegiSunter",
    "FieldPrior",
    "FieldWeights",
    "IntoClassifier",
    "IntoPredicate",
    "Known",
    "NumbersApart",
    "Patterns",
    "Question",
    "Rule",
    "Rules",
    "Training",
    "Verdicts",
    "WeightedScore",
    "YearsApart",
    "as_classifier",
    "as_predicate",
    "as_rule",
    "calibrated",
    "correlations",
    "fitted",
    "is_estimator",
    "is_fitted",
    "load_model",
    "probability",
    "questions_of",
    "reasons",
    "to_levels",
    "train",
    "verdicts",
    "worth_asking",
]
