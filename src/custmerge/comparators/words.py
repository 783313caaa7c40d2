"""Words of many texts at once, known by their hashes; a run of Chinese gives bigrams.

No word becomes a Python object but where it is new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import count

import numpy as np
from numpy.typing import NDArray

from custmerge.pairs import numbered, ranges, sorting_order
from custmerge.texts import Hashes, Places, Texts

__all__ = ["HAN", "words_of"]

_HAN_RANGES = ((0x3400, 0x9FFF), (0xF900, 0xFAFF))
HAN = "".join(rf"\u{first:x}-\u{last:x}" for first, last in _HAN_RANGES)
"""Chinese characters, as a range within a regular expression's brackets."""
_BLANK, _SPELT, _CHINESE = np.arange(3, dtype=np.uint8)
"""What letters are: between words, of words, or of Chinese."""


def words_of(
    values: Sequence[str], *, distinct: bool = True
) -> tuple[Places, NDArray[np.int32], list[str]]:
    """Return how many words each text has, their codes, and all words.

    Of the words of a text that are the same only the first counts, unless they need
    not be `distinct`. Codes are in the order of the texts, and of the words in each;
    they number words as they appear.

    Examples:
        >>> sizes, codes, words = words_of(["12 st 12", "中山路 8 st"])
        >>> sizes.tolist(), codes.tolist(), words
        ([2, 4], [0, 1, 2, 3, 4, 1], ['12', 'st', '中山', '山路', '8'])
    """
    index: defaultdict[int, int] = defaultdict(count().__next__)
    words: list[str] = []
    sizes, codes = [np.empty(0, np.int64)], [np.empty(0, np.int32)]
    for n_before, texts in Texts.parts(values):
        owners, starts, ends = _parted(texts)
        hashes = texts.hashes(starts, ends)
        first, which = _by_appearance(hashes)
        known = [index[word] for word in hashes[first].tolist()]
        for place in first[np.asarray(known, dtype=np.int64) >= len(words)].tolist():
            owner, offset = int(owners[place]), texts.starts[owners[place]]
            part = slice(starts[place] - offset, ends[place] - offset)
            words.append(values[n_before + owner][part])
        kept = _first_of_each(owners, which) if distinct else slice(None)
        codes.append(np.asarray(known, dtype=np.int32)[which[kept]])
        sizes.append(np.bincount(owners[kept], minlength=len(texts.starts)))
    return np.concatenate(sizes), np.concatenate(codes), words


def _parted(texts: Texts) -> tuple[Places, Places, Places]:
    """Return for each word of texts the place of its text, its start and its end."""
    letters = texts.letters
    kinds = np.where(texts.is_blank, _BLANK, _SPELT)
    if letters.max(initial=0) >= _HAN_RANGES[0][0]:
        for lowest, highest in _HAN_RANGES:
            kinds[(letters >= lowest) & (letters <= highest)] = _CHINESE
    edges = np.ones(len(letters) + 1, dtype=bool)
    edges[1:-1] = kinds[1:] != kinds[:-1]
    edges[texts.starts] = True
    bounds = np.flatnonzero(edges)
    spelt = kinds[bounds[:-1]] != _BLANK
    starts, ends = bounds[:-1][spelt], bounds[1:][spelt]
    is_chinese = kinds[starts] == _CHINESE
    counts = np.where(is_chinese, np.maximum(ends - starts - 1, 1), 1)
    owners = np.searchsorted(texts.ends, starts, side="right")
    first, last = ranges(starts, counts), np.repeat(ends, counts)
    of_bigrams = np.repeat(is_chinese, counts)
    last = np.where(of_bigrams, np.minimum(first + 2, last), last)
    return np.repeat(owners, counts), first, last


def _by_appearance(hashes: Hashes) -> tuple[Places, Places]:
    """Return where each distinct hash is first, ascending, and for each which it is."""
    order = sorting_order(hashes)
    ordered = hashes[order]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = ordered[1:] != ordered[:-1]
    first = order[fresh]
    places = np.argsort(first)
    ranks = np.empty_like(places)
    ranks[places] = np.arange(len(places))
    which = np.empty(len(order), dtype=np.int64)
    which[order] = ranks[np.cumsum(fresh) - 1]
    return first[places], which


def _first_of_each(owners: Places, words: Places) -> Places:
    """Return the places where a text has a word for the first time."""
    n_words = len(words)
    first, _ = numbered(owners * n_words + words, (len(owners) + 1) * n_words)
    return np.sort(first)
