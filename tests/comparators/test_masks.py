"""What can be told of numbers that are hidden in part, or are of other documents."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from custmerge.comparators import IdentifierCharacters, PhoneDigits
from custmerge.comparators.documents import kinds_of_documents
from custmerge.engines.comparing import Comparison
from custmerge.masked_numbers import Shown, masked

RESIDENT = "11010519491231002X"
NAN = float("nan")
numbers = st.text("12*", min_size=1, max_size=9)


def slow_common(left: str, right: str) -> int:
    """Count what both show, place by place from the end; -1: not one number."""
    for one, other in ((left, right), (right, left)):
        if "*" not in one and len(one) < len(other):
            return -1
    shown = [
        (a, b)
        for a, b in zip(left[::-1], right[::-1], strict=False)
        if "*" not in (a, b)
    ]
    return len(shown) if all(a == b for a, b in shown) else -1


@given(st.lists(numbers, min_size=1, max_size=8))
def test_common_characters_are_those_that_both_show(values: list[str]) -> None:
    places = np.arange(len(values))
    left, right = np.repeat(places, len(places)), np.tile(places, len(places))
    expected = [slow_common(values[i], values[j]) for i in places for j in places]
    assert Shown.of(values).n_common(left, right).tolist() == expected
    assert masked(values) == any("*" in value for value in values)


@pytest.mark.parametrize(
    ("values", "left", "right", "score"),
    [
        ([], RESIDENT, "**002X", 0.75),
        ([], RESIDENT, "**003X", 0.0),
        ([], RESIDENT, "002X", 0.75),
        ([], RESIDENT, "0021", 0.0),
        ([], "002X", "0021", 0.0),
        ([], "002X", "**002X", 0.75),
        ([], "1101**********002X", "**002X", 0.75),
        ([], "1101**********002X", "**0020", 0.0),
        ([], "1101**********002X", "002X", 0.75),
        ([], "1101**********002X", "110105199003******", NAN),
        ([], "1101**********002X", "310105199003******", 0.0),
        ([], RESIDENT, "E12345678", NAN),
        ([], RESIDENT, "H12345678", NAN),
        ([], RESIDENT, "01234567", NAN),
        ([], RESIDENT, "A123456789", NAN),
        ([], RESIDENT, "91110000600037341L", NAN),
        ([], "1101**********002X", "E1234002X", NAN),
        ([], "E12345678", "H12345678", 0.889),
        ([], "E12345678", "H87654321", NAN),
        ([], "E12345678", "E87654321", 0.25),
        ([], "E12345678", "EA1234567", 0.778),
        ([], "T12345678", "C98765432", NAN),
        ([], RESIDENT, "310105198001014321", 0.444),
        ([], RESIDENT, "VIP00123", 0.2),
        ([], RESIDENT, "MEMBER-A", 0.0),
        # Among loyalty numbers these are no documents of people.
        (["K1", "K2", "K3", "K4", "K5", "K6", "K7", "K8"], RESIDENT, "H12345678", 0.1),
        (["K1", "K2", "K3", "K4"], "0021", "0022", 0.75),
    ],
)
def test_score_of_numbers_in_a_column_of_identity_numbers(
    values: list[str], left: str, right: str, score: float
) -> None:
    others = values or [RESIDENT, "310105198001014321", "440301199001010011"]
    vocabulary = [*dict.fromkeys([left, right, *others])]
    scorer = IdentifierCharacters().prepare(vocabulary)
    pair = (np.asarray([vocabulary.index(value)]) for value in (left, right))
    found = scorer(*pair)[0]
    if np.isnan(score) or score in (0.0, 0.75):
        assert found == pytest.approx(score, nan_ok=True)
    else:
        assert found == pytest.approx(score, abs=0.15)


@pytest.mark.parametrize(
    ("left", "right", "score"),
    [
        ("138****8888", "**8888", 0.75),
        ("+8613812348888", "**8888", 0.75),
        ("+861062348888", "**8888", 0.75),
        ("138****8888", "**8889", 0.0),
        ("138****8888", "1381234****", NAN),
        ("138****8888", "1391234****", 0.0),
        ("138****8888", "8888888", 0.0),
        ("138****8888", "+861383408888", 0.0),
    ],
)
def test_score_of_masked_phones(left: str, right: str, score: float) -> None:
    assert PhoneDigits().compare([left], [right])[0] == pytest.approx(
        score, nan_ok=True
    )


documents = st.sampled_from(
    [
        *(RESIDENT, "440301199001010011", "1101**********002X", "**002X", "002X"),
        *("E12345678", "E12345679", "H87654321", "01234567"),
        *("91110000600037341L", "AB-7"),
    ]
)


@given(st.lists(documents, min_size=2, max_size=8, unique=True), st.floats(0.1, 1))
def test_bound_of_identifiers_holds_and_what_cannot_be_told_is_missing(
    values: list[str], least: float
) -> None:
    comparison = Comparison("id", tuple(values), IdentifierCharacters())
    places = np.arange(len(values), dtype=np.int32)
    left, right = np.repeat(places, len(places)), np.tile(places, len(places))
    exact = comparison.compare(left, right)
    most, sure = comparison.bound(left, right)
    told = ~np.isnan(exact)
    assert (most[told] >= exact[told] - 1e-6).all()
    assert np.array_equal(most[sure], exact[sure], equal_nan=True)
    assert np.isnan(exact[np.isnan(most)]).all()
    matters = np.isnan(exact) | (exact >= least)
    again = Comparison("id", tuple(values), IdentifierCharacters())
    found = again.compare(left, right, least)
    assert np.array_equal(found[matters], exact[matters], equal_nan=True)


def test_few_identity_numbers_among_others_make_no_column_of_documents() -> None:
    assert len(kinds_of_documents([RESIDENT, "E12345678"])) == 2
    assert len(kinds_of_documents([RESIDENT, *(f"E1234567{i}" for i in range(9))])) == 0
