from __future__ import annotations

import pickle
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given, strategies as st
from tests.strategies import FEW, names, present_texts

import custmerge as cm
from custmerge.comparators import (
    COMPARATORS,
    FamilyName,
    GivenName,
    JaroWinkler,
    TokenCosine,
    as_comparator,
)
from custmerge.protocols import Comparator, VocabularyComparator

_TOLERANCE = 1e-6  # float32: sums in another order differ in the last bit


@cm.comparator
def same_initial(left: str, right: str) -> float:
    return float(left[0] == right[0])


def _values() -> st.SearchStrategy[str]:
    """Texts that the comparators' normalizers may give, and any other."""
    dates = (
        st.dates()
        .map(str)
        .flatmap(
            lambda date: st.sampled_from(
                [date, date[:4], date[:7], date.replace("-", "")]
            )
        )
    )
    numbers = st.floats(allow_nan=False, width=32).map(str)
    digits = st.text("0123456789", min_size=3, max_size=12)
    emails = st.tuples(names(), st.sampled_from(["a.com", "b.org"])).map("@".join)
    return st.one_of(names(), dates, numbers, digits, emails, present_texts())


ALL = [*(make() for make in COMPARATORS.values()), same_initial]
every_comparator = pytest.mark.parametrize("comparator", ALL, ids=lambda c: c.name)


some_pairs = st.lists(st.tuples(_values(), _values()), max_size=6)


def _sides(pairs: Sequence[tuple[str, str]]) -> tuple[list[str], list[str]]:
    return [a for a, _ in pairs], [b for _, b in pairs]


@every_comparator
@FEW
@given(pairs=some_pairs)
@example(pairs=[("1e308", "-1e308"), ("inf", "-inf"), ("0", "-0.0")])
@example(pairs=[("\ud800 a", "\udfff b"), ("\x00", "\u200b")])
def test_scores_lie_between_0_and_1(
    comparator: Comparator, pairs: list[tuple[str, str]]
) -> None:
    scores = comparator.compare(*_sides(pairs))
    assert scores.shape == (len(pairs),)
    assert scores.dtype == np.float32
    assert ((scores >= 0) & (scores <= 1)).all()


@every_comparator
@FEW
@given(pairs=some_pairs)
def test_exchanging_the_sides_changes_nothing(
    comparator: Comparator, pairs: list[tuple[str, str]]
) -> None:
    left, right = _sides(pairs)
    forth, back = comparator.compare(left, right), comparator.compare(right, left)
    assert forth == pytest.approx(back, abs=_TOLERANCE)


@every_comparator
@FEW
@given(values=st.lists(_values(), max_size=6))
@example(values=["1990", "1990-05"])
@example(values=["1e308", "nan", "inf"])
def test_equal_values_score_1(comparator: Comparator, values: list[str]) -> None:
    assert comparator.compare(values, values).tolist() == [1.0] * len(values)


_NEEDS_VOCABULARY = ("full_name", "organisation", "token_cosine")


@every_comparator
@FEW
@given(pairs=some_pairs)
def test_pairs_score_together_as_they_do_alone(
    comparator: Comparator, pairs: list[tuple[str, str]]
) -> None:
    if comparator.name in _NEEDS_VOCABULARY:
        # Words weigh by how rare they are among all values: none stands alone.
        pairs = pairs[:1]
    together = comparator.compare(*_sides(pairs))
    alone = [comparator.compare([a], [b])[0] for a, b in pairs]
    assert together == pytest.approx(alone, abs=_TOLERANCE)


@pytest.mark.parametrize(
    "comparator",
    [c for c in ALL if isinstance(c, VocabularyComparator)],
    ids=lambda c: c.name,
)
@given(data=st.data())
def test_prepared_comparator_scores_codes_as_their_values(
    comparator: VocabularyComparator, data: st.DataObject
) -> None:
    values = data.draw(st.lists(_values(), min_size=1, max_size=6, unique=True))
    n_values = len(values)
    left, right = np.divmod(np.arange(n_values**2), n_values)
    by_code = comparator.prepare(values)(left, right)
    by_text = comparator.compare(  # type: ignore[attr-defined]
        [values[i] for i in left], [values[i] for i in right]
    )
    assert by_code == pytest.approx(by_text, abs=_TOLERANCE)


@every_comparator
def test_no_pairs_have_no_scores(comparator: Comparator) -> None:
    assert comparator.compare([], []).shape == (0,)


@every_comparator
def test_comparators_pickle(comparator: Comparator) -> None:
    again = pickle.loads(pickle.dumps(comparator))  # noqa: S301  our own bytes
    left, right = ["ann lee", "1990"], ["anne lee", "1991"]
    assert (again.compare(left, right) == comparator.compare(left, right)).all()


def test_builtin_goes_by_the_name_it_is_listed_under() -> None:
    assert {name: make().name for name, make in COMPARATORS.items()} == {
        name: name for name in COMPARATORS
    }


def test_decorated_function_is_still_that_function() -> None:
    assert same_initial("ann", "abe") == 1.0
    assert same_initial.name == "same_initial"


@pytest.mark.parametrize("score", [0, 1, True, 0.5, np.float32(0.25), np.int64(1)])
def test_function_may_return_any_number_in_range(score: float) -> None:
    comparator = cm.comparator(lambda left, right: score)
    assert comparator.compare(["a"], ["b"]).tolist() == [float(score)]


@pytest.mark.parametrize("score", [-0.1, 1.1, float("nan"), None, "1", [1.0]])
def test_function_that_returns_no_score_breaks_the_contract(score: float) -> None:
    comparator = cm.comparator(lambda left, right: score)
    with pytest.raises(cm.PluginError, match=r"returned .* \[0, 1\]") as error:
        comparator.compare(["secret"], ["hidden"])
    assert "secret" not in str(error.value)


def test_function_that_raises_is_named() -> None:
    with pytest.raises(cm.PluginError, match=r"'same_initial' raised IndexError"):
        same_initial.compare([""], ["a"])


def test_plain_function_becomes_a_comparator() -> None:
    comparator = as_comparator(lambda left, right: float(left == right))
    assert isinstance(comparator, Comparator)
    assert comparator.compare(["a", "a"], ["a", "b"]).tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("jaro_winkler", JaroWinkler()),
        ({"name": "jaro_winkler", "prefix_weight": 0.2}, JaroWinkler(0.2)),
        (same_initial, same_initial),
        (same_initial.reference, same_initial),
    ],
)
def test_comparator_by_name_mapping_object_or_reference(
    given: object, expected: Comparator
) -> None:
    assert as_comparator(given) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("given", ["soundex", 7, None, JaroWinkler, {"name": "x"}])
def test_what_is_no_comparator_is_an_error_that_lists_them(given: object) -> None:
    with pytest.raises(cm.InvalidConfigError, match=r"not a comparator.*jaro_winkler"):
        as_comparator(given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("left", "right", "least", "most"),
    [
        ("john jr", "john sr", 0, 0),
        ("john iii", "john jr", 0, 0),
        ("john jr", "john", 1, 1),
        ("john jr", "john ii", 1, 1),
        ("bob sr", "robert", 0.95, 0.96),
        ("jr", "sr", 0.5, 0.9),
    ],
)
def test_suffix_tells_a_son_from_his_father(
    left: str, right: str, least: float, most: float
) -> None:
    [score] = GivenName().compare([left], [right])
    assert least <= round(float(score), 3) <= most


@pytest.mark.parametrize(
    ("comparator", "left", "right"),
    [
        (GivenName(), "晓雯", "xiaowen"),
        (GivenName(), "xiao wen", "晓雯"),
        (FamilyName(), "欧阳", "ouyang"),
        (FamilyName(), "单", "shan"),
    ],
)
def test_chinese_name_is_like_its_pinyin_and_no_other(
    comparator: GivenName | FamilyName, left: str, right: str
) -> None:
    alike, unlike = comparator.compare([left, left], [right, "ming"])
    assert alike == pytest.approx(0.95)
    assert unlike < 0.75


def test_texts_are_alike_however_many_are_taken_apart_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = ["12 high st", "12 hihg st", "14 high st", "9 low rd", "9 low road"]
    left, right = np.triu_indices(len(texts), k=1)
    whole = TokenCosine().prepare(texts)(left, right)
    monkeypatch.setattr("custmerge.texts._AT_ONCE", 20)
    assert TokenCosine().prepare(texts)(left, right).tolist() == whole.tolist()
    assert len(set(whole.tolist())) > 2
