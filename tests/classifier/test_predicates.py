from __future__ import annotations

import pickle

import numpy as np
import pytest

from custmerge.classifier import BranchNames, NumbersApart, YearsApart, as_predicate
from custmerge.exceptions import InvalidConfigError, PluginError
from custmerge.protocols import Predicate


def shorter(left: str, right: str) -> bool:
    return abs(len(left) - len(right)) > 1


@pytest.mark.parametrize(
    ("left", "right", "apart"),
    [
        ("1990", "1993", True),
        ("1990-12-31", "1993-01-01", True),
        ("1990-05", "1992-05-03", False),
        ("1993", "1990", True),
        ("29021900", "1990", False),
        ("soon", "1990", False),
    ],
)
def test_years_are_apart_by_more_than_the_bound(
    left: str, right: str, *, apart: bool
) -> None:
    assert YearsApart(2).holds([left], [right]).tolist() == [apart]


@pytest.mark.parametrize(
    ("left", "right", "apart"),
    [("1", "11.5", True), ("1", "11", False), ("nan", "1", False), ("a", "1", False)],
)
def test_numbers_are_apart_by_more_than_the_bound(
    left: str, right: str, *, apart: bool
) -> None:
    assert NumbersApart(10).holds([left], [right]).tolist() == [apart]


@pytest.mark.parametrize(
    ("left", "right", "of_one"),
    [
        ("招商银行", "招商银行上海分行", True),
        ("招商银行北京分行", "招商银行上海分行", True),
        ("招商银行浙江分行", "招商银行杭州分行", False),
        ("招商银行南门支行", "招商银行北门支行", False),
        ("招商银行上海分行", "招商银行上海分行", False),
        ("建设银行北京分行", "招商银行上海分行", False),
        ("acme", "acme leeds office", True),
        ("acme", "acme trading", False),
    ],
)
def test_names_tell_of_branches_of_one_company(
    left: str, right: str, *, of_one: bool
) -> None:
    assert BranchNames().holds([left, right], [right, left]).tolist() == [of_one] * 2


def test_function_is_a_predicate_that_pickles() -> None:
    predicate = as_predicate(shorter)
    again = pickle.loads(pickle.dumps(predicate))  # noqa: S301  our own
    assert again == predicate
    assert np.asarray(again.holds(["a", "a"], ["abc", "b"])).tolist() == [True, False]


def test_reference_stands_for_its_function() -> None:
    assert as_predicate(f"{__name__}:shorter") == as_predicate(shorter)


@pytest.mark.parametrize("given", ["years_apart", "nothing", 7, {"name": "nothing"}])
def test_what_is_no_predicate_is_refused(given: object) -> None:
    with pytest.raises((InvalidConfigError, TypeError)):
        as_predicate(given)  # type: ignore[arg-type]


def test_answer_must_be_true_or_false() -> None:
    predicate = as_predicate(lambda left, right: left)  # type: ignore[arg-type, return-value]
    with pytest.raises(PluginError, match="neither True nor False") as caught:
        predicate.holds(["secret"], ["b"])
    assert "secret" not in str(caught.value)


def test_built_in_predicates_keep_the_protocol() -> None:
    assert isinstance(YearsApart(1), Predicate)
    assert isinstance(NumbersApart(1), Predicate)
