"""What settles a pair whatever its weight: people, sources, types and rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from custmerge.classifier import Rule, Rules
from custmerge.clustering import Constraints, components
from custmerge.decisions import Standing
from custmerge.explaining.pairs import Verdict
from custmerge.pairs import Pairs, SimilarityVectors

__all__ = ["verdicts_of"]


def verdicts_of(
    standing: Standing, vector: SimilarityVectors | None, left: int, right: int
) -> tuple[Verdict, ...]:
    """Return all that is said of two rows, the first of it being what holds.

    Args:
        standing: The result.
        vector: The evidence about the pair, with what rules ask of it; without, no
            rule is asked.
        left: A row.
        right: Another.
    """
    basis = standing.basis
    decided = basis.located(standing.decisions).constraints()
    said = [
        *_told("decision", decided, left, right),
        *_told("label", basis.labelled, left, right),
        *_told("constraint", basis.told, left, right),
    ]
    # Together even where none says so alone.
    all_told = basis.constraints(decided)
    if not said:
        said += _told("together", all_told, left, right)
    if not any(one.says == "match" for one in said):
        said += _of_one_source(all_told, left, right)
    types = basis.types[[left, right]]
    if types[0] != types[1] and (types >= 0).all():
        said.append(Verdict("record_type", "differ", "records of different types"))
    if vector is not None:
        said += _ruled("rule", basis.config.rules, vector)
        if isinstance(standing.model, Rules):
            said += _ruled("model", standing.model.rules, vector)
    return tuple(said)


_SAYS: Mapping[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "decision": (
        ("decision", "decided to be the same"),
        ("decision", "decided to be different"),
    ),
    "label": (("label", "labelled as the same"), ("label", "labelled as different")),
    "constraint": (
        ("must_link", "the same by must_link"),
        ("cannot_link", "different by cannot_link"),
    ),
    "together": (
        ("told", "the same by several statements together"),
        ("told", "different by several statements together"),
    ),
}
"""By what, and in which words, each says that records are the same or are not."""


def _told(by: str, told: Constraints, left: int, right: int) -> Iterator[Verdict]:
    """Yield what constraints say of two rows, directly or by way of others."""
    pair = Pairs.of([left], [right])
    sides = (told.must.right, told.cannot.right, pair.right)
    n_rows = 1 + max(int(rows.max(initial=0)) for rows in sides)
    groups = components(n_rows, told.must)
    same, different = _SAYS[by]
    if groups[left] == groups[right]:
        yield Verdict(same[0], "match", same[1])
    elif pair.renamed(groups).among(told.cannot.renamed(groups))[0]:
        yield Verdict(different[0], "differ", different[1])


def _of_one_source(told: Constraints, left: int, right: int) -> Iterator[Verdict]:
    if told.sources is None:
        return
    sources = told.sources[[left, right]]
    if sources[0] == sources[1] and sources[0] >= 0:
        yield Verdict("one_per_source", "differ", "two records of one source")


def _ruled(
    by: str, rules: Sequence[Rule], vector: SimilarityVectors
) -> Iterator[Verdict]:
    """Yield what the first rule that holds says."""
    for rule in rules:
        if rule.holds(vector)[0]:
            yield Verdict(by, rule.says, rule.name or _condition(rule))
            return


def _condition(rule: Rule) -> str:
    """Return what a rule asks, for one without a name."""
    parts = [
        *(f"{name} at least {least:g}" for name, least in rule.at_least.items()),
        *(f"{name} below {bound:g}" for name, bound in rule.below.items()),
        *(f"{one.field} {one.predicate.name}" for one in rule.questions),
    ]
    return ", ".join(parts)
