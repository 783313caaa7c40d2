"""Comparator for texts of several words, as of addresses and organisations.

It is a soft cosine (Sidorov et al. 2014,
doi:10.13053/CyS-18-3-2043): the cosine of two texts' token vectors, where tokens that
are nearly the same count as partly the same. Tokens weigh by how rare they are among
the field's values (inverse document frequency, Spärck Jones 1972), so that `street`
and `hotel` hardly count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from custmerge.comparators.strings import BoundedScorer, compare_prepared
from custmerge.comparators.words import words_of
from custmerge.protocols import Codes, CodeScorer, Scores

__all__ = ["TokenCosine", "soft_cosine", "typos"]

Vectors = Any
"""A sparse array of scipy, which loads only where texts are compared by words."""
Similar = Callable[[Sequence[str]], Iterable[tuple[int, int, float]]]
"""Yields pairs of positions in a vocabulary and how alike their tokens are, below 1."""

_MIN_TYPO_LENGTH = 4
"""Shorter words one edit apart are mostly different words."""
_MAX_SHARERS = 64
"""Words that share one shortened form; beyond, the form says nothing."""
_TYPO = 0.85


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


def soft_cosine(values: Sequence[str], similar: Similar) -> CodeScorer:
    """Return a scorer by the cosine of rare tokens, similar ones partly the same.

    Args:
        values: The vocabulary.
        similar: Finds the similar tokens.
    """
    vectors, vocabulary = _weighted(values)
    matrix = _similarity_matrix(vocabulary, similar)
    softened = vectors if matrix.nnz == len(vocabulary) else vectors @ matrix
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

    return BoundedScorer(score, _bound(vectors, softened, matrix, norms))


_ROWS_AT_ONCE = 20_000
"""Pairs multiplied at a time, which bounds the memory of the gathered vectors."""


def _bound(
    vectors: Vectors, softened: Vectors, matrix: Vectors, norms: NDArray[np.float64]
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
        (np.sqrt(_row_sums(table, ~is_rare)) / lengths).astype(np.float32)
        for table in (vectors, softened)
    )
    sketches = []
    for mixer in _MIXERS:
        bits = np.where(is_rare, _mixed_bits(len(is_rare), mixer), np.uint64(0))
        of_tokens = bits, _row_bits(matrix, bits)
        sketches.append(tuple(_row_bits(vectors, each) for each in of_tokens))

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


def _row_sums(table: Vectors, columns: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the sum of the squares of some columns in each row."""
    chosen = columns[table.indices]
    rows = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))[chosen]
    sums = np.bincount(rows, table.data[chosen] ** 2, minlength=table.shape[0])
    return sums.astype(np.float64)


def _mixed_bits(n_tokens: int, mixer: np.uint64) -> NDArray[np.uint64]:
    """Return one of 64 bits for each token."""
    place = np.arange(1, n_tokens + 1, dtype=np.uint64) * mixer >> np.uint64(58)
    return np.uint64(1) << place


def _row_bits(table: Vectors, bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return all bits of the tokens in each row."""
    rows = np.zeros(table.shape[0], dtype=np.uint64)
    held = np.flatnonzero(np.diff(table.indptr))
    if len(held):
        rows[held] = np.bitwise_or.reduceat(bits[table.indices], table.indptr[held])
    return rows


def _row_products(a: Vectors, b: Vectors) -> NDArray[np.float64]:
    return np.asarray(a.multiply(b).sum(axis=1), dtype=np.float64).reshape(-1)


def _weighted(values: Sequence[str]) -> tuple[Vectors, list[str]]:
    """Return each value's token weights, shape `(n_values, n_tokens)`, and tokens."""
    from scipy import sparse  # noqa: PLC0415  100 ms that most files can save

    sizes, codes, vocabulary = words_of(values)
    counts = np.bincount(codes, minlength=len(vocabulary))
    idf = np.log1p(len(values) / np.maximum(counts, 1))
    starts = np.append(0, np.cumsum(sizes)).astype(np.int32)
    shape = (len(values), len(vocabulary))
    return sparse.csr_array((idf[codes], codes, starts), shape=shape), vocabulary


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
