"""What each built-in comparator scores, and what it puts above what."""

from __future__ import annotations

import csv
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as st

from custmerge.comparators import (
    Address,
    DateParts,
    EmailParts,
    Exact,
    FamilyName,
    FullName,
    GivenName,
    IdentifierCharacters,
    JaroWinkler,
    Levenshtein,
    OrganisationName,
    PhoneDigits,
    RelativeDifference,
    TokenCosine,
)
from custmerge.comparators.organisations import _WORD, _containment, _Names
from custmerge.names import full_forms
from custmerge.protocols import Comparator


@pytest.mark.parametrize(
    ("comparator", "left", "right", "score"),
    [
        (Exact(), "ann", "Ann", 0.0),
        (JaroWinkler(), "martha", "marhta", 0.961),
        (JaroWinkler(0.0), "martha", "marhta", 0.944),
        (Levenshtein(), "jonh", "john", 0.75),
        (Levenshtein(), "abc", "xyz", 0.0),
        (EmailParts(), "ann@a.com", "ann@a.co", 0.98),
        (EmailParts(), "ann@a.com", "bob@a.com", 0.0),
        (EmailParts(), "ann", "ann@a.com", 0.92),
        (PhoneDigits(), "+442079460001", "2079460001", 0.95),
        (PhoneDigits(), "+442079460001", "+442079460010", 0.85),
        (PhoneDigits(), "+442079460001", "+442079460099", 0.7),
        (PhoneDigits(), "+442079460001", "+442079999999", 0.0),
        (PhoneDigits(), "123", "0123", 0.85),
        (PhoneDigits(), "234567", "91234567", 0.7),
        (PhoneDigits(), "１2345６7", "0012345６7", 0.0),
        (PhoneDigits(), "99１234567", "0１234567", 0.95),
        (PhoneDigits(), "138****8888", "+8613812348888", 0.85),
        (PhoneDigits(), "138****8888", "+8613812348889", 0.0),
        (PhoneDigits(), "138****8888", "+8613912348888", 0.0),
        (PhoneDigits(), "138****8888", "1381***8888", 0.85),
        (PhoneDigits(), "138****8888", "62348888", 0.0),
        (PhoneDigits(), "138****8888", "138****8889", 0.0),
        (IdentifierCharacters(), "1101**********002X", "11010519491231002X", 0.85),
        (IdentifierCharacters(), "1101**********002X", "11010519491231003X", 0.0),
        (IdentifierCharacters(), "11010519491231002X", "11010519491231003X", 0.944),
        (IdentifierCharacters(), "AB**1234567", "AB**7654321", 0.0),
        (EmailParts(), "a@b@c.com", "a@b@c.org", 0.94),
        (EmailParts(), "@a.com", "a.com", 1.0),
        (DateParts(), "1990-05-03", "1990-03-05", 0.95),
        (DateParts(), "1990-05-03", "1990-05-08", 0.92),
        (DateParts(), "1990-05-03", "1990-05-30", 0.92),
        (DateParts(), "1990-05-03", "1990-05", 0.85),
        (DateParts(), "1990-05-03", "1990-05-18", 0.8),
        (DateParts(), "1990-05-03", "1990-01-01", 0.75),
        (DateParts(), "1990-05-03", "1990-11-28", 0.6),
        (DateParts(), "1990-05-03", "1983-05-28", 0.5),
        (DateParts(), "1990-05-03", "1976-08-28", 0.25),
        (DateParts(), "1990-05-03", "1975-08-28", 0.0),
        (DateParts(), "1990-05-03", "1943-05-28", 0.0),
        (DateParts(), "1990-05-03", "spring", 0.25),
        (DateParts(), "1990-05-03", "1990-05-03 noon", 0.9 * 10 / 15),
        (RelativeDifference(), "100", "90", 0.9),
        (RelativeDifference(), "0", "0.0", 1.0),
        (RelativeDifference(), "5", "-5", 0.0),
        (RelativeDifference(), "5", "five", 0.0),
        (RelativeDifference(), "inf", "-inf", 0.0),
        (RelativeDifference(), "nan", "5", 0.0),
        (GivenName(), "bob", "robert", 0.95),
        (GivenName(), "robert", "william", 0.0),
        (GivenName(), "ann marie", "ann", 0.91),
        (GivenName(), "j", "john", 0.87),
        (FamilyName(), "smith jones", "jones", 0.91),
        (FamilyName(), "j", "jones", 0.76),
        (FullName(), "ann lee", "lee ann", 1.0),
        (TokenCosine(), "12 high st", "high st 12", 1.0),
        (TokenCosine(), "ann", "bob", 0.0),
        (OrganisationName(), "gulfsttreamm", "gulfstream", 0.681),
        (OrganisationName(), "gulfsttreamm 2", "gulfstream 3", 0.0),
        (OrganisationName(), "mckenton", "mckesson", 0.551),
        (OrganisationName(), "volkswerk", "volkswagen", 0.0),
        (OrganisationName(), "thames", "themis", 0.0),
        (OrganisationName(), "jpmorgan", "jp morgan", 0.98),
        (OrganisationName(), "deloitte", "deloitte and touche", 0.95),
        (OrganisationName(), "隆利", "深圳隆利科技", 0.95),
        (OrganisationName(), "st实达", "福建实达", 0.95),
        (OrganisationName(), "李宁 r", "李宁", 0.95),
        (OrganisationName(), "ibm", "international business machines", 0.8),
        (OrganisationName(), "p and g", "procter and gamble", 0.8),
        (OrganisationName(), "at and t", "american telephone and telegraph", 0.8),
        (OrganisationName(), "dod", "department of defense", 0.8),
        (OrganisationName(), "bmw", "british steel works", 0.0),
        (OrganisationName(), "中石油", "中国石油天然气", 0.716),
        (OrganisationName(), "石中", "中国石油", 0.0),
    ],
)
def test_pair_scores(
    comparator: Comparator, left: str, right: str, score: float
) -> None:
    assert comparator.compare([left], [right])[0] == pytest.approx(score, abs=2e-3)


@pytest.mark.parametrize(
    ("comparator", "target", "better", "worse"),
    [
        (EmailParts(), "ann.lee@a.com", "ann.lee@b.org", "bob.lee@a.com"),
        (EmailParts(), "ann.lee@gmail.com", "ann.lee@gmial.com", "ann.lee@b.org"),
        (GivenName(), "elizabeth", "liz", "edward"),
        (GivenName(), "robert", "bob", "william"),
        (FullName(), "robert smith", "bob smith", "william smith"),
        (FullName(), "smith bob", "robert smith", "robert jones"),
        (FullName(), "smith b", "smith bob", "jones bob"),
        (FullName(), "jonathan smith", "jonathon smith", "margaret smith"),
        (TokenCosine(), "12 acacia avenue", "12 acaica avenue", "12 poplar avenue"),
        (TokenCosine(), "12 acacia avenue", "12 acacia avenue flat", "14 mill lane"),
        (TokenCosine(), "北京市中关村大街27号", "中关村大街27号", "上海市南京路27号"),
        (OrganisationName(), "深发展", "深圳发展银行", "广发证券"),
        (OrganisationName(), "招商银行", "招商银行上海分行", "招商证券"),
        (OrganisationName(), "中国石油", "中国石油天然气", "中国石化"),
        (OrganisationName(), "深圳隆利科技", "隆利", "深圳隆利科技上海分公司"),
        (OrganisationName(), "barclays", "barclays capital", "barclays london branch"),
        (OrganisationName(), "deloitte", "deloitte and touche", "touche"),
        (OrganisationName(), "教学点a", "教学点", "教学点b"),
        (DateParts(), "1990-05-03", "1990-03-05", "1990-07-21"),
    ],
)
def test_better_candidate_scores_above_the_worse(
    comparator: Comparator, target: str, better: str, worse: str
) -> None:
    high, low = comparator.compare([target] * 2, [better, worse])
    assert high > low


RANKED: dict[str, Comparator] = {
    comparator.name: comparator
    for comparator in (
        Address(),
        DateParts(),
        EmailParts(),
        Exact(),
        FamilyName(),
        FullName(),
        GivenName(),
        IdentifierCharacters(),
        JaroWinkler(),
        Levenshtein(),
        OrganisationName(),
        PhoneDigits(),
        RelativeDifference(),
        TokenCosine(),
    )
}
RANKINGS = Path(__file__).parent.parent / "cases" / "rankings"


def _rankings() -> list[tuple[str, str, str, str]]:
    found = []
    for path in sorted(RANKINGS.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += [
                (path.stem, row["target"], row["better"], row["worse"])
                for row in csv.DictReader(file, strict=True)
            ]
    return found


@pytest.mark.parametrize(("name", "target", "better", "worse"), _rankings())
def test_better_case_scores_above_the_worse(
    name: str, target: str, better: str, worse: str
) -> None:
    comparator = RANKED[name]
    high, low = comparator.compare([target] * 2, [better, worse])
    assert high > low


@pytest.mark.parametrize(
    "comparator", [TokenCosine(), FullName()], ids=lambda c: c.name
)
def test_sharing_a_rare_word_counts_more_than_sharing_a_common_one(
    comparator: TokenCosine | FullName,
) -> None:
    values = ["hotel sacher", "cafe sacher", "hotel ritz", "hotel adlon", "hotel lux"]
    rare, common = comparator.compare(
        [values[0], values[0], values[3]], [values[1], values[2], values[4]]
    )[:2]
    assert rare > common


def _score(values: list[str], left: str, right: str) -> float:
    codes = np.asarray([[values.index(left)], [values.index(right)]])
    return float(OrganisationName().prepare(values)(*codes)[0])


@pytest.mark.parametrize(
    ("short", "long", "others"),
    [
        ("first national", "first national of york", "first national of {}"),
        ("中国", "中国动力", "中国{}"),
        ("中石油", "中国石油天然气", "中和石膏油漆{}"),
        ("abc", "allied boiler company", "atlantic b{0} c{0}"),
    ],
)
def test_short_name_counts_less_the_more_names_it_may_stand_for(
    short: str, long: str, others: str
) -> None:
    scores = [
        _score(
            [short, long, *(others.format(chr(97 + i)) for i in range(n))], short, long
        )
        for n in (0, 2, 20)
    ]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] >= 0.7
    assert scores[-1] < 0.45


def test_sister_companies_are_no_parts_of_one_another() -> None:
    values = ["first national of york", "first national of dover", "first national"]
    values += [f"bank {i}" for i in range(9)]
    assert _score(values, values[0], values[1]) < _score(values, values[0], values[2])


_some_names = st.lists(
    st.lists(st.sampled_from(["x1", "y2", "国", "石", " "]), max_size=8).map("".join),
    min_size=1,
    max_size=8,
)


@given(values=_some_names)
def test_holders_are_the_other_names_that_hold_the_words_in_a_row(
    values: list[str],
) -> None:
    words = [_WORD().findall(value) for value in values]
    for name, count in zip(words, _Names.of(words).holders(), strict=True):
        held = [
            other[i : i + len(name)] == name
            for other in words
            for i in range(len(other))
        ]
        assert not name or count == sum(held) - 1


@given(values=_some_names)
def test_longer_name_holds_a_shorter_one_whose_words_it_has_in_order(
    values: list[str],
) -> None:
    words = [_WORD().findall(value) for value in values]
    score = _containment(values)
    for i, short in enumerate(words):
        for j, long in enumerate(words):
            is_held = any(list(c) == short for c in combinations(long, len(short)))
            found = score(np.asarray([i]), np.asarray([j]))[0]
            if len(short) <= len(long):
                assert (found > 0) == (0 < len(short) < len(long) and is_held)


def test_house_numbers_one_digit_apart_are_different_words() -> None:
    scores = TokenCosine().compare(["12345 elm", "12345 elm"], ["12346 elm", "999 elm"])
    assert scores[0] == scores[1]


def test_short_words_one_letter_apart_are_different_words() -> None:
    assert TokenCosine().compare(["ann"], ["ana"])[0] == 0.0


def test_form_that_too_many_words_share_says_nothing() -> None:
    words = [f"{chr(0x3B1 + i)}bcde" for i in range(25)]
    words += [f"{chr(0x430 + i)}bcde" for i in range(32)]
    words += [f"{chr(0x561 + i)}bcde" for i in range(30)]
    scores = TokenCosine().compare(words[:1] * len(words), words)
    assert scores[1:].max() == 0.0


def test_very_long_word_is_compared_quickly() -> None:
    assert TokenCosine().compare(["x" * 50_000], ["x" * 49_999])[0] == 0.0


@pytest.mark.parametrize(
    "comparator", [JaroWinkler(), Levenshtein(), GivenName(), FamilyName()], ids=repr
)
def test_first_thousand_characters_are_compared(comparator: Comparator) -> None:
    text = "ab " * 333 + "."
    left, right = [text + "x", text[:-1] + "x"], [text + "y", text[:-1] + "y"]
    beyond, within = comparator.compare(left, right)
    assert beyond == 1.0
    assert within < 1.0


def test_unlisted_names_have_no_full_forms() -> None:
    assert full_forms("xqzt") == set()
