"""Comparators for texts of several words: addresses, organisations, whole names.

Both are a soft cosine (Sidorov et al. 2014, doi:10.13053/CyS-18-3-2043): the cosine of
two texts' token vectors, where tokens that are nearly the same count as partly the
same. Tokens weigh by how rare they are among the field's values (inverse document
frequency, Spärck Jones 1972), so that `street` and `hotel` hardly count.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from custmerge.comparators.strings import BoundedScorer, compare_prepared
from custmerge.names import full_forms
from custmerge.protocols import Codes, CodeScorer, Scores

__all__ = ["HAN", "FullName", "TokenCosine", "soft_cosine", "tokenize", "typos"]

Vectors = Any
"""A sparse array of scipy, which loads only where texts are compared by words."""
Similar = Callable[[Sequence[str]], Iterable[tuple[int, int, float]]]
"""Yields pairs of positions in a vocabulary and how alike their tokens are, below 1."""

HAN = r"\u3400-\u9fff\uf900-\ufaff"
"""Chinese characters, as a range within a regular expression's brackets."""
_CJK = re.compile(f"[{HAN}]+")
_MIN_TYPO_LENGTH = 4
"""Shorter words one edit apart are mostly different words."""
_MAX_SHARERS = 64
"""Words that share one shortened form; beyond, the form says nothing."""
_TYPO = 0.85
_NICKNAME = 0.9
_INITIAL = 0.5


def tokenize(value: str) -> list[str]:
    """Return the words of a normalized text; a run of Chinese gives its bigrams.

    Examples:
        >>> tokenize("12 high st")
        ['12', 'high', 'st']
        >>> tokenize("中山路 8")
        ['中山', '山路', '8']
    """
    if value.isascii():
        return value.split()
    tokens = []
    for word in value.split():
        start = 0
        for run in _CJK.finditer(word):
            tokens += [word[start : run.start()], *_bigrams(run.group())]
            start = run.end()
        tokens.append(word[start:])
    return [token for token in tokens if token]


def _bigrams(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


@dataclass(frozen=True, slots=True)
class TokenCosine:
    """Cosine of rare words, forgiving a typing error in a word.

    Examples:
        >>> left, right = ["12 high st"], ["12 hihg st"]
        >>> TokenCosine().compare(left, right).round(2).tolist()
        [0.9...]
    """

    name: str = "token_cosine"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Compare each pair; see `Comparator.compare`."""
        return compare_prepared(self.prepare, left, right)

    def prepare(self, values: Sequence[str], /) -> CodeScorer:
        """Weigh the words of each value; see `VocabularyComparator.prepare`."""
        return soft_cosine(values, typos)


@dataclass(frozen=True, slots=True)
class FullName:
    """Cosine of rare name parts in any order, forgiving typos, nicknames, initials.

    Examples:
        >>> left, right = ["smith bob", "smith bob"], ["robert smith", "b smith"]
        >>> FullName().compare(left, right).round(2)
        array([0.92, 0.6 ], dtype=float32)
    """

    name: str = "full_name"

    def compare(self, left: Sequence[str], right: Sequence[str], /) -> Scores:
        """Compare each pair; see `Comparator.compare`."""
        return compare_prepared(self.prepare, left, right)

    def prepare(self, values: Sequence[str], /) -> CodeScorer:
        """Weigh the words of each value; see `VocabularyComparator.prepare`."""
        return soft_cosine(values, _name_variants)


def soft_cosine(values: Sequence[str], similar: Similar) -> CodeScorer:
    """Return a scorer by the cosine of rare tokens, similar ones partly the same.

    Args:
        values: The vocabulary.
        similar: Finds the similar tokens.
    """
    vectors, vocabulary = _weighted(values)
    softened = vectors @ _similarity_matrix(vocabulary, similar)
    for table in (vectors, softened):
        table.sort_indices()  # rows in order multiply twice as fast
    norms = np.sqrt(_row_products(vectors, softened))

    def score(left: Codes, right: Codes) -> Scores:
        products = np.empty(len(left))
        for start in range(0, len(left), _ROWS_AT_ONCE):
            part = slice(start, start + _ROWS_AT_ONCE)
            products[part] = _row_products(vectors[left[part]], softened[right[part]])
        lengths = norms[left] * norms[right]
        cosine = np.divide(
            products, lengths, out=np.zeros(len(left)), where=lengths > 0
        )
        return np.where(left == right, 1, np.clip(cosine, 0, 1)).astype(np.float32)

    return BoundedScorer(score, _bound(vectors, softened, norms))


_AT_ONCE = 50_000
"""Texts taken apart at a time, which bounds the memory of their words."""
_ROWS_AT_ONCE = 100_000
"""Pairs multiplied at a time, which bounds the memory of the gathered vectors."""


def _bound(
    vectors: Vectors, softened: Vectors, norms: NDArray[np.float64]
) -> CodeScorer:
    """Return a scorer of what the cosine is at most.

    Two texts mostly have no rare token in common, which sketches of 64 bits show. Then
    only tokens that are in many texts count, by no more than the product of what they
    make of each text's length (Cauchy-Schwarz).
    """
    counts = np.bincount(vectors.indices, minlength=vectors.shape[1])
    is_rare = counts < _RARE * vectors.shape[0]
    lengths = np.where(norms > 0, norms, np.inf)
    common, soft_common = (
        (
            np.sqrt(_row_sums(table, table.data**2 * ~is_rare[table.indices])) / lengths
        ).astype(np.float32)
        for table in (vectors, softened)
    )
    sketches = [
        tuple(_row_bits(table, is_rare, mixer) for table in (vectors, softened))
        for mixer in _MIXERS
    ]

    def bound(left: Codes, right: Codes) -> Scores:
        shared = np.ones(len(left), dtype=bool)
        for own, soft in sketches:
            shared &= (own[left] & soft[right]) != 0
        most = common[left] * soft_common[right]
        most += np.float32(_SLACK)
        np.minimum(most, np.float32(1), out=most)
        most[np.flatnonzero(shared | (left == right))] = 1
        return most

    return bound


_RARE = 0.01
"""Share of the texts below which a token is rare."""
_SLACK = 1e-5
"""What a cosine may be above its bound by rounding."""
_MIXERS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))
"""Odd multipliers whose products' highest bits mix all bits (Knuth, TAOCP 3, 6.4)."""


def _row_sums(table: Vectors, data: NDArray[np.float64]) -> NDArray[np.float64]:
    rows = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
    return np.bincount(rows, data, minlength=table.shape[0]).astype(np.float64)


def _row_bits(
    table: Vectors, is_rare: NDArray[np.bool_], mixer: np.uint64
) -> NDArray[np.uint64]:
    """Return 64 bits for each row, one set for each rare token in it."""
    place = (table.indices.astype(np.uint64) + np.uint64(1)) * mixer >> np.uint64(58)
    bits = np.where(is_rare[table.indices], np.uint64(1) << place, np.uint64(0))
    rows = np.zeros(table.shape[0], dtype=np.uint64)
    held = np.flatnonzero(np.diff(table.indptr))
    if len(held):
        rows[held] = np.bitwise_or.reduceat(bits, table.indptr[held])
    return rows


def _row_products(a: Vectors, b: Vectors) -> NDArray[np.float64]:
    return np.asarray(a.multiply(b).sum(axis=1), dtype=np.float64).reshape(-1)


def _weighted(values: Sequence[str]) -> tuple[Vectors, list[str]]:
    """Return each value's token weights, shape `(n_values, n_tokens)`, and tokens."""
    from scipy import sparse  # noqa: PLC0415  100 ms that most files can save

    # No line of Python for each token: the index counts the new ones by itself.
    index: defaultdict[str, int] = defaultdict(count().__next__)
    parts = [
        _coded(values[start : start + _AT_ONCE], index)
        for start in range(0, max(len(values), 1), _AT_ONCE)
    ]
    lengths, columns = map(np.concatenate, zip(*parts, strict=True))
    counts = np.bincount(columns, minlength=len(index))
    idf = np.log1p(len(values) / np.maximum(counts, 1))
    starts = np.append(0, np.cumsum(lengths)).astype(np.int32)
    weights = idf[columns]
    shape = (len(values), len(index))
    return sparse.csr_array((weights, columns, starts), shape=shape), list(index)


def _coded(
    values: Sequence[str], index: Mapping[str, int]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return how many different tokens each value has, and the code of each token."""
    tokens = [dict.fromkeys(tokenize(value)) for value in values]
    lengths = np.fromiter(map(len, tokens), np.int64, len(tokens))
    codes = map(index.__getitem__, chain.from_iterable(tokens))
    return lengths, np.fromiter(codes, np.int32, int(lengths.sum()))


def _similarity_matrix(vocabulary: Sequence[str], similar: Similar) -> Vectors:
    from scipy import sparse  # noqa: PLC0415  as above

    n_tokens = len(vocabulary)
    found = {(i, j): score for i, j, score in similar(vocabulary)}
    rows = np.asarray([i for i, _ in found], dtype=np.int32)
    columns = np.asarray([j for _, j in found], dtype=np.int32)
    scores = np.asarray(list(found.values()))
    upper = sparse.csr_array((scores, (rows, columns)), shape=(n_tokens, n_tokens))
    return sparse.csr_array(upper + upper.T + sparse.eye_array(n_tokens))


def typos(vocabulary: Sequence[str]) -> Iterable[tuple[int, int, float]]:
    """Yield the words one insertion, deletion, substitution or exchange apart.

    Two such words become equal when at most one letter of each is left out.
    """
    sharers: dict[str, list[int]] = {}
    for position, token in enumerate(vocabulary):
        if _MIN_TYPO_LENGTH <= len(token) <= _MAX_TYPO_LENGTH and not _has_digit(token):
            shortened = {token[:i] + token[i + 1 :] for i in range(len(token))}
            for form in shortened | {token}:
                sharers.setdefault(form, []).append(position)
    for group in sharers.values():
        if 1 < len(group) <= _MAX_SHARERS:
            for i, j in combinations(group, 2):
                yield i, j, _TYPO


_MAX_TYPO_LENGTH = 40
"""Longer runs are no words; leaving out each of their letters would cost its square."""


def _has_digit(token: str) -> bool:
    return any(character.isdigit() for character in token)


def _name_variants(vocabulary: Sequence[str]) -> Iterable[tuple[int, int, float]]:
    """Typos, nicknames of one name, names that begin alike, and initials."""
    yield from typos(vocabulary)
    by_letter: dict[str, list[int]] = {}
    for position, token in enumerate(vocabulary):
        by_letter.setdefault(token[0], []).append(position)
    for position, token in enumerate(vocabulary):
        if len(token) == 1:
            for other in by_letter[token]:
                if other != position and len(vocabulary[other]) > 1:
                    yield min(position, other), max(position, other), _INITIAL
    yield from _nicknames(vocabulary)


def _nicknames(vocabulary: Sequence[str]) -> Iterable[tuple[int, int, float]]:
    places = {token: position for position, token in enumerate(vocabulary)}
    for position, token in enumerate(vocabulary):
        for form in full_forms(token):
            other = places.get(form, position)
            if other != position:
                yield min(position, other), max(position, other), _NICKNAME
