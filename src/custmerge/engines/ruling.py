"""What rules and labels say of pairs, beside the evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from custmerge.classifier import Question, Rule, Verdicts, questions_of, verdicts
from custmerge.engines.comparing import Comparison, compare_rows
from custmerge.engines.evidence import Evidence
from custmerge.engines.labelling import Labels
from custmerge.pairs import Pairs, SimilarityVectors
from custmerge.protocols import Predicate, Scores

__all__ = ["Ruling"]


@dataclass(frozen=True, slots=True)
class _Answers:
    """A predicate as a comparator: 1 where it holds, 0 where not."""

    predicate: Predicate

    @property
    def name(self) -> str:
        return self.predicate.name

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        return np.asarray(self.predicate.holds(left, right), dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Ruling:
    """Rules and labels, ready to be asked about pairs of records.

    Attributes:
        evidence: The records.
        rules: The rules beside the model.
        labels: What people said of pairs.
        comparisons: For each question of the rules, and of a model's, its predicate and
            the pairs of values it saw.
    """

    evidence: Evidence
    rules: tuple[Rule, ...]
    labels: Labels
    comparisons: Mapping[Question, Comparison]

    @classmethod
    def of(
        cls,
        evidence: Evidence,
        rules: tuple[Rule, ...],
        labels: Labels,
        model_rules: tuple[Rule, ...] = (),
    ) -> Ruling:
        """Prepare to ask what the rules want to know."""
        comparisons = {
            asked: Comparison(
                asked.field,
                evidence.table[asked.field].values,
                _Answers(asked.predicate),
                reflexive=False,
                stage="predicate",
            )
            for asked in questions_of([*rules, *model_rules])
        }
        return cls(evidence, rules, labels, comparisons)

    def vectors(self, pairs: Pairs) -> SimilarityVectors:
        """Return the pairs' similarities, and the answers to all questions."""
        return self.answered(self.evidence.similarity(pairs), pairs)

    def answered(self, vectors: SimilarityVectors, pairs: Pairs) -> SimilarityVectors:
        """Return the pairs' vectors with the answers to all questions."""
        answers = {
            asked: compare_rows(
                self.evidence.table[asked.field],
                comparison,
                pairs,
                np.fmin if asked.throughout else np.fmax,
            )
            for asked, comparison in self.comparisons.items()
        }
        return replace(vectors, answers=answers)

    def verdicts(self, vectors: SimilarityVectors, pairs: Pairs) -> Verdicts:
        """Return what is settled of each pair; a label overrules a rule."""
        labelled = self.labels.of(pairs)
        return np.where(labelled, labelled, verdicts(self.rules, vectors))
