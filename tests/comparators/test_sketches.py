from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, strategies as st
from rapidfuzz.distance import OSA, JaroWinkler

from custmerge.comparators import AnyComparator, BoundedScorer, as_comparator
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
