from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray

import custmerge as cm
from custmerge.classifier import YearsApart, as_rule, questions_of, verdicts
from custmerge.pairs import SimilarityVectors

NAN = float("nan")
ALIKE = cm.Rule("match", at_least={"name": 0.9, "email": 1.0})
UNLIKE = cm.Rule("differ", below={"name": 0.5})
APART = cm.Rule("differ", where={"born": YearsApart(2)})


def initials_differ(left: str, right: str) -> bool:
    return left[:1] != right[:1]


def _floats(numbers: list[float]) -> NDArray[np.float32]:
    return np.asarray(numbers, dtype=np.float32)


def _vectors(
    name: list[float], email: list[float], apart: list[float] | None = None
) -> SimilarityVectors:
    answers = dict.fromkeys(APART.questions, _floats(apart or [NAN] * len(name)))
    return SimilarityVectors(
        {"name": _floats(name), "email": _floats(email)}, {}, answers
    )


SCORES = st.sampled_from([0.0, 0.3, 0.5, 0.9, 1.0, NAN])


@given(st.lists(st.tuples(SCORES, SCORES, SCORES), min_size=1, max_size=8))
def test_first_rule_that_holds_decides(rows: list[tuple[float, float, float]]) -> None:
    names, emails, born = map(list, zip(*rows, strict=True))
    vectors = _vectors(names, emails, born)

    def slowly(name: float, email: float, apart: float) -> int:
        if apart == 1:
            return -1
        if name >= 0.9 and email >= 1:
            return 1
        return -1 if name < 0.5 else 0

    expected = [slowly(*row) for row in rows]
    assert verdicts([APART, ALIKE, UNLIKE], vectors).tolist() == expected


def test_missing_side_fulfils_no_condition() -> None:
    vectors = _vectors([NAN, 1.0, NAN], [1.0, NAN, NAN])
    assert verdicts([ALIKE, UNLIKE, APART], vectors).tolist() == [0, 0, 0]


def test_similarity_a_hair_below_its_bound_reaches_it() -> None:
    rule = cm.Rule("match", at_least={"name": 0.9})
    assert rule.holds(_vectors([0.9], [NAN])).tolist() == [True]
    assert cm.Rule("differ", below={"name": 0.9}).holds(
        _vectors([0.9], [NAN])
    ).tolist() == [False]


@given(
    st.lists(st.tuples(SCORES, SCORES, SCORES), min_size=1, max_size=8),
    st.sampled_from(["match", "differ", "review"]),
)
def test_contributions_add_up_to_the_weight(
    rows: list[tuple[float, float, float]], otherwise: Any
) -> None:
    names, emails, born = map(list, zip(*rows, strict=True))
    model = cm.Rules((APART, ALIKE, UNLIKE), otherwise)
    vectors = _vectors(names, emails, born)
    total = np.sum(list(model.contributions(vectors).values()), axis=0)
    assert (total == model.weights(vectors)).all()
    said = verdicts(model.rules, vectors)
    undecided = {"match": 20.0, "differ": -20.0, "review": 0.0}[otherwise]
    expected = np.where(said, said * 20.0, undecided)
    assert model.weights(vectors) == pytest.approx(expected)


def test_questions_are_asked_once() -> None:
    assert questions_of([APART, UNLIKE, APART]) == APART.questions


def test_differ_asks_of_all_values_and_match_of_any() -> None:
    same = cm.Rule("match", where={"born": YearsApart(2)})
    assert [asked.throughout for asked in questions_of([APART, same])] == [True, False]


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"says": "maybe", "below": {"name": 1}}, "says must be one of"),
        ({"says": "match"}, "needs a condition"),
        ({"says": "match", "at_least": {"name": 2}}, "at_least must map"),
        ({"says": "match", "below": ["name"]}, "below must map"),
        ({"says": "match", "where": ["name"]}, "where must map"),
        ({"says": "match", "where": {"name": "nope"}}, "not a predicate"),
        ({"says": "match", "name": 7, "below": {"name": 1}}, "name must be a text"),
        ({"says": "match", "above": {"name": 1}}, "unknown entries"),
        ({"below": {"name": 1}}, "nothing that it says"),
        ("match", "a rule must be a Rule or a table"),
    ],
)
def test_what_is_no_rule_is_refused(parts: Any, message: str) -> None:
    with pytest.raises(cm.InvalidConfigError, match=message):
        as_rule(parts)


def test_all_problems_of_a_rule_are_in_one_message() -> None:
    with pytest.raises(cm.InvalidConfigError, match=r"below.*says"):
        cm.Rule("maybe", below={"name": 7})  # type: ignore[arg-type]


@pytest.mark.parametrize("rules", [(), "match", None])
def test_rules_need_a_rule(rules: Any) -> None:
    with pytest.raises(cm.InvalidConfigError, match="at least one"):
        cm.Rules(rules)
    with pytest.raises(cm.InvalidConfigError, match="otherwise"):
        cm.Rules((ALIKE,), "nothing")  # type: ignore[arg-type]


def test_rule_is_read_back_from_plain_data() -> None:
    rule = cm.Rule(
        "differ",
        {"email": 1.0},
        {"name": 0.5},
        {"born": YearsApart(2), "name": initials_differ},
        "strangers",
    )
    assert as_rule(rule.to_dict()) == rule


def test_saved_rules_load_as_they_were(tmp_path: Path) -> None:
    model = cm.Rules((APART, ALIKE), "review")
    model.save(tmp_path / "rules.json")
    assert cm.load_model(tmp_path / "rules.json") == model


def test_code_is_neither_saved_in_a_model_nor_loaded(tmp_path: Path) -> None:
    model = cm.Rules((cm.Rule("differ", where={"name": initials_differ}),))
    path = tmp_path / "rules.json"
    with pytest.raises(cm.ModelError, match="'initials_differ' is code"):
        model.save(path)
    cm.Rules((APART,)).save(path)
    text = path.read_text().replace('"years_apart"', f'"{__name__}:initials_differ"')
    path.write_text(text)
    with pytest.raises(cm.ModelError, match="predicates must be of"):
        cm.load_model(path)
