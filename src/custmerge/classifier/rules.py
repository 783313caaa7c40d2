"""Rules that say of a pair what no evidence outweighs.

Beside a model (`Config.rules`) a rule that holds has the last word on its pair. By
themselves (`Rules`) they are a classifier: deterministic, and readable by anyone.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from custmerge._adapters import spec_of
from custmerge.classifier.documents import write_document
from custmerge.classifier.predicates import (
    PREDICATES,
    IntoPredicate,
    as_predicate,
)
from custmerge.exceptions import InvalidConfigError, ModelError
from custmerge.pairs import SimilarityVectors
from custmerge.protocols import Predicate

__all__ = [
    "Question",
    "Rule",
    "Rules",
    "Says",
    "Verdicts",
    "as_rule",
    "questions_of",
    "verdicts",
]

Says = Literal["match", "differ"]
"""What a rule may say of a pair."""
Verdicts = NDArray[np.int8]
"""For each pair 1: the same entity; -1: different ones; 0: nobody says."""

_SURE = 20.0
"""Bits of a decided pair: one in a million is wrong, where rules are all there is."""
_TOLERANCE = 1e-6  # float32 scores lie a hair below what they stand for
_SIGN: Mapping[str, int] = {"match": 1, "differ": -1, "review": 0}


@dataclass(frozen=True, slots=True)
class Question:
    """What a rule asks of two values of a field.

    Attributes:
        field: The field.
        predicate: What is asked.
        throughout: Where records hold several values: whether it must hold for all
            pairs of them, or for any.
    """

    field: str
    predicate: Predicate
    throughout: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for a pair, and what then follows.

    All conditions must hold, and where a side is missing none does. Of a field with
    several values the best-agreeing two count; a predicate must hold for any two if
    the rule says `"match"`, and for all if it says `"differ"`.

    Attributes:
        says: `"match"`: the two records are of one entity; `"differ"`: they never are.
        at_least: Fields and the similarity in [0, 1] each must reach; 1 is equality.
        below: Fields and the similarity in [0, 1] each must stay below.
        where: Fields and the predicate that must hold of their two values: a function
            of two texts, an object, a mapping with a built-in's name and parameters,
            or `"package.module:attribute"`. It must not matter which comes first.
        name: What people know the rule by.

    Raises:
        InvalidConfigError: The parts do not fit; the message lists all problems.

    Examples:
        >>> import custmerge as cm
        >>> rules = [
        ...     cm.Rule("match", at_least={"tax_number": 1.0}),
        ...     cm.Rule(
        ...         "differ", where={"born": {"name": "years_apart", "more_than": 2}}
        ...     ),
        ... ]
        >>> rules[0].fields
        ('tax_number',)
    """

    says: Says
    at_least: Mapping[str, float] = field(default_factory=dict)
    below: Mapping[str, float] = field(default_factory=dict)
    where: Mapping[str, IntoPredicate] = field(default_factory=dict)
    name: str = ""

    def __post_init__(self) -> None:
        problems = [
            f"{bound} must map fields to similarities in [0, 1]"
            for bound in ("at_least", "below")
            if not _is_bounds(getattr(self, bound))
        ]
        if self.says not in get_args(Says):
            problems.append(f"says must be one of {get_args(Says)}")
        if not isinstance(self.name, str):
            problems.append("name must be a text")
        problems += self._settle_predicates()
        if not problems and not self.fields:
            problems.append("it needs a condition: at_least, below or where")
        if problems:
            label = f"rule {self.name!r}: " if self.name else "a rule: "
            raise InvalidConfigError(label + "; ".join(problems))

    def _settle_predicates(self) -> list[str]:
        """Replace what stands for predicates by them; return what is wrong with it."""
        if not isinstance(self.where, Mapping):
            return ["where must map fields to predicates"]
        settled: dict[str, Predicate] = {}
        problems = []
        for name, given in self.where.items():
            try:
                settled[name] = as_predicate(given)
            except InvalidConfigError as error:
                problems.append(f"where {name!r}: {error}")
            else:
                if not isinstance(settled[name], Hashable):
                    problems.append(f"where {name!r}: the predicate must be hashable")
        object.__setattr__(self, "where", settled)
        return problems

    def __repr__(self) -> str:
        parts = ("at_least", "below", "where", "name")
        held = (f"{part}={x!r}" for part in parts if (x := getattr(self, part)))
        return f"Rule({', '.join([repr(self.says), *held])})"

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields it looks at."""
        return tuple(dict.fromkeys([*self.at_least, *self.below, *self.where]))

    @property
    def questions(self) -> tuple[Question, ...]:
        """What it asks of values."""
        throughout = self.says == "differ"
        return tuple(
            Question(name, as_predicate(predicate), throughout)
            for name, predicate in self.where.items()
        )

    def holds(self, vectors: SimilarityVectors) -> NDArray[np.bool_]:
        """Return for each pair whether all conditions hold; shape `(n_pairs,)`."""
        held = np.ones(len(vectors), dtype=np.bool_)
        for name, least in self.at_least.items():
            held &= vectors.scores[name] >= least - _TOLERANCE
        for name, bound in self.below.items():
            held &= vectors.scores[name] < bound - _TOLERANCE
        for question in self.questions:
            held &= vectors.answers[question] == 1
        return held

    def to_dict(self) -> dict[str, Any]:
        """Return the rule as plain data that `as_rule` reads back.

        Raises:
            InvalidConfigError: A predicate has no name that a file could refer to.
        """
        where = {
            name: spec_of(predicate, PREDICATES)
            for name, predicate in self.where.items()
        }
        row = {
            "name": self.name,
            "says": self.says,
            "at_least": dict(self.at_least),
            "below": dict(self.below),
            "where": where,
        }
        return {key: value for key, value in row.items() if value}


def _is_bounds(given: object) -> bool:
    return isinstance(given, Mapping) and all(
        isinstance(name, str)
        and isinstance(bound, (int, float))
        and not isinstance(bound, bool)
        and 0 <= bound <= 1
        for name, bound in given.items()
    )


def as_rule(given: Rule | Mapping[str, Any]) -> Rule:
    """Return the rule that a mapping of its parts stands for, or the rule itself.

    Raises:
        InvalidConfigError: It stands for none.

    Examples:
        >>> as_rule({"says": "match", "at_least": {"email": 1}}).fields
        ('email',)
    """
    if isinstance(given, Rule):
        return given
    known = sorted(Rule.__dataclass_fields__)
    if not isinstance(given, Mapping):
        message = f"a rule must be a Rule or a table with {known}"
        raise InvalidConfigError(message)
    unknown = sorted(set(given) - set(known))
    if unknown or "says" not in given:
        what = f"unknown entries {unknown}" if unknown else "nothing that it says"
        message = f"a rule has {what}; a rule has {known}"
        raise InvalidConfigError(message)
    return Rule(**given)


def questions_of(rules: Sequence[Rule]) -> tuple[Question, ...]:
    """Return all that rules ask of values, each question once."""
    return tuple(
        dict.fromkeys(question for rule in rules for question in rule.questions)
    )


def _deciding(rules: Sequence[Rule], vectors: SimilarityVectors) -> NDArray[np.int64]:
    """Return for each pair the position of the first rule that holds; -1 for none."""
    deciding = np.full(len(vectors), -1, dtype=np.int64)
    for i in reversed(range(len(rules))):
        deciding[rules[i].holds(vectors)] = i
    return deciding


def verdicts(rules: Sequence[Rule], vectors: SimilarityVectors) -> Verdicts:
    """Return what the first rule that holds says of each pair; shape `(n_pairs,)`.

    Examples:
        >>> scores = {"email": np.float32([1, 0.2, 0.6])}
        >>> rules = [
        ...     Rule("match", {"email": 1.0}),
        ...     Rule("differ", below={"email": 0.5}),
        ... ]
        >>> verdicts(rules, SimilarityVectors(scores, {})).tolist()
        [1, -1, 0]
    """
    signs = np.asarray([*(_SIGN[rule.says] for rule in rules), 0], dtype=np.int8)
    said: Verdicts = signs[_deciding(rules, vectors)]
    return said


@dataclass(frozen=True, slots=True)
class Rules:
    """Decides pairs by rules in order: the first that holds says what they are.

    Deterministic: a pair weighs 20 bits for, 20 against, or nothing at all. A weight is
    shared evenly by the fields of the rule that decided.

    Attributes:
        rules: The rules, as `Rule` or as mappings of its parts.
        otherwise: What a pair is of which no rule says anything: `"match"`,
            `"differ"`, or `"review"`, doubtful and not linked.

    Raises:
        InvalidConfigError: The parts do not fit.

    Examples:
        >>> import custmerge as cm
        >>> rules = cm.Rules(
        ...     [
        ...         cm.Rule("differ", below={"name": 0.5}),
        ...         cm.Rule("match", at_least={"email": 1.0}),
        ...     ]
        ... )
        >>> records = [
        ...     {"name": "Ann Lee", "email": "lee@mail.com"},
        ...     {"name": "Bo Chan", "email": "lee@mail.com"},
        ...     {"name": "Anne Lee", "email": "lee@mail.com"},
        ... ]
        >>> fields = {"name": cm.Field("name", kind="text", compare="jaro_winkler")}
        >>> result = cm.resolve(records, fields=fields, model=rules)
        >>> [row["entity_id"] for row in result.assignments]
        [0, 1, 0]
    """

    rules: tuple[Rule, ...]
    otherwise: Literal["match", "differ", "review"] = "differ"

    def __post_init__(self) -> None:
        given: object = self.rules
        if not isinstance(given, (list, tuple)) or not given:
            message = "Rules need a list of at least one Rule"
            raise InvalidConfigError(message)
        if self.otherwise not in _SIGN:
            message = f"otherwise must be one of {list(_SIGN)}"
            raise InvalidConfigError(message)
        object.__setattr__(self, "rules", tuple(map(as_rule, given)))

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that the rules look at."""
        return tuple(dict.fromkeys(name for rule in self.rules for name in rule.fields))

    def weights(self, vectors: SimilarityVectors, /) -> NDArray[np.float64]:
        """Return the match weight of each pair in bits: 20, 0 or -20."""
        total = np.zeros(len(vectors))
        for part in self.contributions(vectors).values():
            total += part
        return total

    def contributions(
        self, vectors: SimilarityVectors, /
    ) -> dict[str, NDArray[np.float64]]:
        """Return the parts that add up to `weights`: each field, and `"(otherwise)"`.

        The latter holds the weight of pairs that no rule decides.
        """
        deciding = _deciding(self.rules, vectors)
        parts = {name: np.zeros(len(vectors)) for name in self.fields}
        for i, rule in enumerate(self.rules):
            for name in rule.fields:
                share = _SURE / len(rule.fields)
                parts[name][deciding == i] = _SIGN[rule.says] * share
        parts["(otherwise)"] = np.where(
            deciding < 0, _SIGN[self.otherwise] * _SURE, 0.0
        )
        return parts

    def save(self, path: str | PathLike[str]) -> None:
        """Write the rules as JSON; `load_model` reads them back.

        Raises:
            ModelError: A rule calls a function, which a model file must not.
        """
        for asked in questions_of(self.rules):
            if type(asked.predicate) not in PREDICATES.values():
                message = (
                    f"the predicate {asked.predicate.name!r} is code, and a model file "
                    "holds none; keep these rules in a config, which names it"
                )
                raise ModelError(message)
        rows = [rule.to_dict() for rule in self.rules]
        write_document(path, "rules", {"rules": rows, "otherwise": self.otherwise})
