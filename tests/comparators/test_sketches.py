from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import example, given, strategies as st
from rapidfuzz.distance import OSA, JaroWinkler

from custmerge.comparators import AnyComparator, BoundedScorer, as_comparator, tokens
from custmerge.comparators.names import GivenName
from custmerge.comparators.sketches import Sketches
from custmerge.protocols import VocabularyComparator

# Few letters, so that texts are often alike, and runs longer than a sketch reaches.
WORDS = st.text("ab1 é李\0", min_size=1, max_size=8) | st.text(min_size=1, max_size=70)
ONE, OTHER = np.asarray([0]), np.asarray([1])


@given(WORDS, WORDS)
@example("ab", "ba")
@example("aab", "abb")
def test_texts_are_no_more_alike_than_their_sketches(left: str, right: str) -> None:
    sketches = Sketches.of([left, right])
    assert sketches.distance(ONE, OTHER)[0] <= OSA.distance(left, right)
    edits, winkler = (
        float(measure(ONE, OTHER)[0])
        for measure in (sketches.edit_similarity, sketches.jaro_winkler)
    )
    assert edits >= OSA.normalized_similarity(left, right)
    assert winkler >= JaroWinkler.normalized_similarity(left, right)


@given(st.lists(WORDS, max_size=5))
def test_texts_are_sketched_alike_whatever_others_there_are(texts: list[str]) -> None:
    alone = [Sketches.of([text]).packed[0] for text in texts]
    assert Sketches.of(texts).packed.tolist() == alone


@given(st.text("ab1", max_size=70), st.randoms())
def test_order_of_letters_does_not_matter_to_sketches(
    text: str, random: Random
) -> None:
    shuffled = "".join(random.sample(text, len(text)))
    [one], [other] = (Sketches.of([each]).packed for each in (text, shuffled))
    [foreign] = Sketches.of([text, "é"]).packed[:1]
    assert one == other == foreign


def test_sketches_tell_unlike_texts_apart() -> None:
    sketches = Sketches.of(["+61293741234", "+4420795860", "mary", "zbigniew"])
    assert sketches.distance(ONE, OTHER)[0] >= 3
    assert sketches.jaro_winkler(np.asarray([2]), np.asarray([3]))[0] < 0.5


NAMES = st.lists(
    st.sampled_from(["bob", "robert", "b", "ann marie", "ann", "rob jr", "rob", "bov"])
    | st.text("ab @.", min_size=1, max_size=6).filter(str.strip),
    min_size=2,
    max_size=2,
    unique=True,
)


@pytest.mark.parametrize(
    "name",
    ["email", "exact", "family_name", "given_name", "jaro_winkler", "levenshtein"],
)
@given(values=NAMES)
def test_no_score_is_above_its_bound(name: str, values: list[str]) -> None:
    comparator: AnyComparator = as_comparator(name)
    assert isinstance(comparator, VocabularyComparator)
    scorer = comparator.prepare(values)
    assert isinstance(scorer, BoundedScorer)
    assert (scorer(ONE, OTHER) <= scorer.bound(ONE, OTHER)).all()


@pytest.mark.parametrize(
    ("left", "right", "is_raised"),
    [
        ("robert", "william", False),
        ("bob", "robert jr", True),
        ("mary jo", "william", False),
        ("mary jo", "jo", True),
        ("晓雯", "william", False),
        ("晓雯", "xiao wen", True),
    ],
)
def test_bounds_of_names_are_raised_for_variants_alone(
    left: str, right: str, *, is_raised: bool
) -> None:
    scorer = GivenName().prepare([left, right, "bob", "robert", "xiaowen", "jo jo"])
    assert isinstance(scorer, BoundedScorer)
    assert (scorer.bound(ONE, OTHER)[0] > 0.9) == is_raised
    assert scorer.bound(ONE, OTHER) == scorer.bound(OTHER, ONE)


ADDRESSES = st.lists(
    st.lists(
        st.sampled_from(["12", "3", "high", "hihg", "st", "li", "b", "bob", "robert"]),
        max_size=4,
    ).map(" ".join),
    min_size=2,
    max_size=6,
    unique=True,
)


@pytest.mark.parametrize("share", [0.0, 0.3, 2.0])
@given(values=ADDRESSES)
def test_no_cosine_is_above_its_bound(share: float, values: list[str]) -> None:
    comparator = as_comparator("token_cosine")
    assert isinstance(comparator, VocabularyComparator)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "_RARE", share)
        scorer = comparator.prepare(values)
    assert isinstance(scorer, BoundedScorer)
    left, right = np.indices((len(values),) * 2).reshape(2, -1)
    assert (scorer(left, right) <= scorer.bound(left, right)).all()


def test_texts_without_a_rare_word_in_common_are_unlike() -> None:
    values = [f"{i} {'abcdefghij'[i % 10] * 5}{i} st" for i in range(200)]
    comparator = as_comparator("token_cosine")
    assert isinstance(comparator, VocabularyComparator)
    scorer = comparator.prepare(values)
    assert isinstance(scorer, BoundedScorer)
    assert np.median(scorer.bound(np.arange(100), np.arange(100) + 100)) < 0.1
