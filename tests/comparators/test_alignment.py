from __future__ import annotations

from math import exp, log1p, sqrt

import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st
from rapidfuzz.distance import OSA, JaroWinkler

from custmerge.comparators import (
    BoundedScorer,
    FamilyName,
    FullName,
    GivenName,
    alignment,
)
from custmerge.comparators.alignment import aligned
from custmerge.names import (
    full_forms,
    look_alikes,
    pinyin,
    wade_giles,
)
from custmerge.protocols import Comparator

NAMES = st.lists(
    st.lists(
        st.sampled_from(
            ["ann", "bob", "robert", "roberta", "b", "lee", "leigh", "ann lee", "r2"]
        ),
        min_size=1,
        max_size=4,
    ).map(" ".join),
    min_size=2,
    max_size=6,
    unique=True,
)


def _likeness(a: str, b: str) -> float:
    if b in full_forms(a) or a in full_forms(b):
        return 0.9
    if (len(a) == 1) != (len(b) == 1):
        return 0.75 if a[0] == b[0] and (a + b).isalpha() else 0.0
    if len(a) == 1 or not (a + b).isalpha():
        return 0.0
    likeness = OSA.normalized_similarity(a, b)
    return likeness if likeness >= 0.5 else 0.0


def _one_to_one(words: list[str], others: list[str]) -> list[bool]:
    left = list(others)
    met = []
    for word in words:
        met.append(word in left)
        if word in left:
            left.remove(word)
    return met


def _reference(values: list[str], a: str, b: str) -> float:
    """Align the words of two texts one by one."""
    every = [word for value in values for word in value.split()]
    weight = {word: log1p(len(values) / every.count(word)) for word in every}
    sides = [a.split(), b.split()]
    same = [_one_to_one(sides[0], sides[1]), _one_to_one(sides[1], sides[0])]
    rest = [
        [word for word, found in zip(side, met, strict=True) if not found]
        for side, met in zip(sides, same, strict=True)
    ]

    def score(of_unmet: list[dict[str, float]]) -> float:
        shares, unmet = [], []
        for side, met, likeness in zip(sides, same, of_unmet, strict=True):
            found = [
                1.0 if exact else likeness[word]
                for word, exact in zip(side, met, strict=True)
            ]
            pairs = [(weight[w], f) for w, f in zip(side, found, strict=True)]
            shares.append(sum(w**2 * f for w, f in pairs) / sum(w**2 for w, _ in pairs))
            unmet.append(sum(w * (1 - f) for w, f in pairs))
        mean = sum(weight[w] for side in sides for w in side) / sum(map(len, sides))
        return sqrt(shares[0] * shares[1]) * exp(-min(unmet) / mean)

    by_words = [
        {
            word: max((_likeness(word, other) for other in rest[1 - i]), default=0.0)
            for word in rest[i]
        }
        for i in (0, 1)
    ]
    distance = OSA.distance("".join(sides[0]), "".join(sides[1]))
    longest = max(len("".join(words)) for words in rest)
    alike = 1 - distance / max(longest, 1)
    alike = 0.98 if distance == 0 else alike if alike >= 0.5 else 0.0
    by_letters = [dict.fromkeys(words, alike) for words in rest]
    return max(score(by_words), score(by_letters))


@given(values=NAMES, at_once=st.sampled_from([1, 7, 200_000]))
@settings(max_examples=60, deadline=None)
def test_names_score_as_their_words_aligned_one_by_one(
    values: list[str], at_once: int
) -> None:
    left, right = np.triu_indices(len(values), 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alignment, "_AT_ONCE", at_once)
        scores = aligned(values)(left, right)
    for a, b, found in zip(left, right, scores, strict=True):
        expected = _reference(values, values[a], values[b])
        assert found == pytest.approx(expected, abs=1e-5)


def test_word_met_once_meets_no_second_of_its_kind() -> None:
    same, other = FullName().compare(
        ["chang su ha"] * 2, ["su chang ha", "chang chang ha"]
    )
    assert same == 1.0
    assert other < 0.5


LATIN_AND_OTHERS = [
    ("sergey lavrov", "сергей лавров"),
    ("ouyang xiaowen", "欧阳晓雯"),
    ("xiaowen ouyang", "欧阳晓雯"),
    ("zeng guofan", "曾国藩"),
    ("shan yu", "单于"),
    ("kim jeongeun", "김정은"),
    ("athina pappa", "αθηνα παππα"),
    ("barack obama", "バラクオバマ"),
]


@pytest.mark.parametrize(("latin", "other"), LATIN_AND_OTHERS)
def test_names_in_two_scripts_meet_by_their_latin_letters(
    latin: str, other: str
) -> None:
    strangers = ["maria gonzalez", "джон смит", "赵铁柱"]
    scores = FullName().compare([latin] * 4, [other, *strangers])
    assert scores[0] > scores[1:].max() + 0.2
    assert scores[0] <= 0.95


CHINESE = st.text("王晓小明铭单欧阳张章伟薇", min_size=1, max_size=4)


@pytest.mark.parametrize(
    "comparator", [FullName(), GivenName(), FamilyName()], ids=lambda c: c.name
)
@given(name=CHINESE, other=CHINESE)
@settings(max_examples=60, deadline=None)
def test_pinyin_never_outranks_equal_characters(
    comparator: Comparator, name: str, other: str
) -> None:

    written, homophone, equal = comparator.compare(
        [name] * 3, [pinyin(name), other, name]
    )
    assert equal == 1.0
    assert written <= 0.95 + 1e-6
    assert name == other or homophone < 1.0


@pytest.mark.parametrize(
    "comparator", [GivenName(), FamilyName()], ids=lambda c: c.name
)
@given(name=st.text("晓小明铭志伟薇雯谢蔡", min_size=1, max_size=2))
@settings(max_examples=60, deadline=None)
def test_other_spellings_never_outrank_pinyin(
    comparator: Comparator, name: str
) -> None:
    spelt = sorted(wade_giles(name))
    assume(spelt)
    [in_pinyin] = comparator.compare([name], [pinyin(name)])
    scores = comparator.compare([name] * len(spelt), spelt)
    assert scores.min() >= 0.87 - 1e-6
    assert scores.max() <= in_pinyin


@pytest.mark.parametrize(
    "comparator", [GivenName(), FamilyName()], ids=lambda c: c.name
)
def test_chinese_names_that_sound_alike_are_between_equal_and_unlike(
    comparator: Comparator,
) -> None:
    same_sound, other_sound, pinyin_of_it = comparator.compare(
        ["晓明"] * 3, ["小铭", "建国", "xiaoming"]
    )
    assert other_sound < same_sound < pinyin_of_it < 1.0


@given(
    names=st.lists(
        st.text("明朋名铭晓小候侯王", min_size=1, max_size=3),
        min_size=2,
        max_size=2,
        unique=True,
    )
)
@settings(max_examples=60, deadline=None)
def test_chinese_names_are_graded_by_what_their_characters_have_in_common(
    names: list[str],
) -> None:
    one, other = names
    score = FamilyName().compare([one], [other])[0]
    n_same = sum(a == b for a, b in zip(one, other, strict=False))
    least = 0.0
    if other in look_alikes(one):
        least = 0.77
    if pinyin(one) == pinyin(other):
        least = 0.85 if 2 * n_same >= len(one) else 0.8
    spelt = JaroWinkler.normalized_similarity(one, other)
    assert score == pytest.approx(max(spelt, least), abs=1e-6)


def test_sound_bounds_hold_where_scripts_are_mixed() -> None:
    values = ["晓明", "小铭", "晓铭", "晓朋", "xiao ming", "hsiao ming", "ivan", "иван"]
    values += ["伊万", "maria", "陈", "阵", "chan", "chen", "田中", "タナカ", "tanaka"]
    values += ["김", "gim", "kim", "li", "lee", "leigh jr"]
    left, right = np.indices((len(values),) * 2).reshape(2, -1)
    for comparator in (GivenName(), FamilyName()):
        scorer = comparator.prepare(values)
        assert isinstance(scorer, BoundedScorer)
        assert (scorer(left, right) <= scorer.bound(left, right)).all()
