"""What the property tests draw from: dirty cells, tables, pairs, and clean people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
from hypothesis import settings, strategies as st
from numpy.typing import NDArray

from custmerge.pairs import Pairs, SimilarityVectors
from custmerge.records import Column, RecordTable

__all__ = [
    "FEW",
    "cells",
    "columns",
    "dirty_records",
    "dirty_texts",
    "link_lists",
    "names",
    "pairs_of",
    "people",
    "present_texts",
    "records",
    "tables",
    "vectors",
]

FEW = settings(max_examples=max((settings.default or settings()).max_examples // 3, 5))
"""A third of the examples, for what is slow or runs once for each plug-in."""

_AWKWARD = (
    "",
    " ",
    "\t\n",
    "\u3000",
    "\u200b",
    "\x00",
    "a\x00b",
    "\ud800",
    "x\udfff y",
    "Zoë Müller-Lüdenscheidt",
    "Zoe\u0308",
    "İstanbul",
    "ß",
    "שלום עולם",
    "محمد علي",
    "\u202eevil\u202c",
    "王小明",
    "欧阳 娜娜",
    "北京市海淀区中关村大街27号",
    "ﾔﾏﾀﾞ ﾀﾛｳ",
    "김철수",
    "👩‍👩‍👧 🏠",
    "e\u0301" * 3,
    "a" * 3_000,
    "word " * 400,
    "n/a",
    "NULL",
    "unknown",
    "-",
    "'; DROP TABLE customers; --",
    "=1+1",
    "<b>Ann</b>",
    "ann@@mail..com",
    "Ann <ann@mail.com>",
    "@",
    "+44 (0)20 7946 0018 ext. 7",
    "13800138000",
    "1900-01-01",
    "31/02/1990",
    "1990-13-45",
    "٣٤٥",
    "1e400",
    "-0",
    "NaN",
    "inf",
)


def dirty_texts() -> st.SearchStrategy[str]:
    """Texts as bad as a customer file holds, and worse; some of them blank."""
    any_character = st.characters(codec=None)
    return st.one_of(
        st.sampled_from(_AWKWARD), st.text(any_character, max_size=12), st.text()
    )


def present_texts() -> st.SearchStrategy[str]:
    """Texts that count as present: with at least one character that is no blank."""
    return dirty_texts().filter(lambda text: bool(text) and not text.isspace())


def names() -> st.SearchStrategy[str]:
    """Few short words, so that values repeat, resemble and contain each other."""
    word = st.sampled_from(
        ["ann", "anne", "bob", "robert", "li", "lee", "smith", "smiht", "j", "王小明"]
    )
    return st.lists(word, min_size=1, max_size=3).map(" ".join)


def cells() -> st.SearchStrategy[object]:
    """Cells of every type that a table may hold."""
    return st.one_of(
        st.none(),
        dirty_texts(),
        st.integers(-(2**53), 2**53),
        st.floats(width=32),
        st.booleans(),
        st.dates(),
        st.datetimes(
            dt.datetime(1700, 1, 1),  # noqa: DTZ001  as tables hold them
            dt.datetime(2200, 1, 1),  # noqa: DTZ001
        ),
        st.lists(st.sampled_from(["vip", "gold", ""]), max_size=2),
    )


def columns(
    values: st.SearchStrategy[str], n_rows: int, width: int = 1
) -> st.SearchStrategy[Column]:
    """Columns of `n_rows` rows, each of `width` values or gaps."""
    cell = st.none() | values
    one = st.lists(cell, min_size=n_rows, max_size=n_rows).map(Column.encode)
    return st.lists(one, min_size=width, max_size=width).map(Column.stack)


@st.composite
def tables(
    draw: st.DrawFn,
    fields: Sequence[str] = ("name",),
    values: Callable[[], st.SearchStrategy[str]] = names,
    max_rows: int = 8,
) -> RecordTable:
    """Tables of these columns, of any number of rows."""
    n_rows = draw(st.integers(0, max_rows))
    drawn = {field: draw(columns(values(), n_rows)) for field in fields}
    return RecordTable(drawn, n_rows)


def pairs_of(n_rows: int) -> st.SearchStrategy[Pairs]:
    """Some of the pairs of `n_rows` rows."""
    every = list(combinations(range(n_rows), 2))
    if not every:
        return st.just(Pairs.of([], []))
    chosen = st.lists(st.sampled_from(every), unique=True)
    return chosen.map(lambda rows: Pairs.of([a for a, _ in rows], [b for _, b in rows]))


def link_lists(n_rows: int) -> st.SearchStrategy[list[tuple[int, int]]]:
    """Pairs of rows in any order, with repeats and loops."""
    row = st.integers(0, n_rows - 1)
    return st.lists(st.tuples(row, row), max_size=3 * n_rows)


@st.composite
def vectors(
    draw: st.DrawFn, fields: Sequence[str], max_pairs: int = 8
) -> SimilarityVectors:
    """Similarity vectors, some sides missing, of values of any frequency."""
    n_pairs = draw(st.integers(0, max_pairs))
    score = st.sampled_from([0.0, 0.3, 0.5, 0.8, 0.9, 0.95, 1.0, float("nan")])
    share = st.sampled_from([1e-6, 0.001, 0.2, 1.0, float("nan")])

    def array(values: st.SearchStrategy[float]) -> NDArray[np.float32]:
        drawn = draw(st.lists(values, min_size=n_pairs, max_size=n_pairs))
        return np.asarray(drawn, dtype=np.float32)

    return SimilarityVectors(
        {field: array(score) for field in fields},
        {field: array(share) for field in fields},
    )


def records(
    values: st.SearchStrategy[object], keys: Sequence[str], max_size: int = 8
) -> st.SearchStrategy[list[dict[str, object]]]:
    """Records that hold some of the keys each."""
    record = st.dictionaries(st.sampled_from(list(keys)), values, max_size=len(keys))
    return st.lists(record, max_size=max_size)


def dirty_records() -> st.SearchStrategy[list[dict[str, object]]]:
    """Records of a customer table in which anything may stand anywhere."""
    keys = ["name", "email", "phone", "address", "city", "birth_date", "数量", "notes"]
    return records(cells(), keys, max_size=12)


_GIVEN = [
    "Amelia",
    "Bruno",
    "Clara",
    "Dmitri",
    "Esther",
    "Felix",
    "Greta",
    "Hassan",
    "Ingrid",
    "Jorge",
    "Katya",
    "Liam",
    "Miriam",
    "Nikhil",
    "Olga",
    "Pedro",
    "Quentin",
    "Rosa",
    "Stefan",
    "Tamara",
    "Umberto",
    "Vera",
    "Walter",
    "Xenia",
]
_FAMILY = [
    "Abbott",
    "Bergstrom",
    "Castellano",
    "Dvorak",
    "Eriksen",
    "Fitzgerald",
    "Gutierrez",
    "Hoffmann",
    "Ivanenko",
    "Jablonski",
    "Kowalczyk",
    "Lindqvist",
    "Moreau",
    "Nakamura",
    "Oyelaran",
    "Petrov",
    "Quigley",
    "Rasmussen",
    "Szymborska",
    "Takahashi",
    "Underhill",
    "Villanueva",
    "Wojcik",
    "Yamamoto",
]
_STREETS = [
    "Oak",
    "Mill",
    "Church",
    "Station",
    "Park",
    "Victoria",
    "Queens",
    "Albert",
    "Bridge",
    "Grove",
]
_CITIES = [
    "Leeds",
    "York",
    "Bristol",
    "Exeter",
    "Norwich",
    "Durham",
    "Oxford",
    "Lincoln",
]


def people(n_people: int, seed: int = 0) -> list[dict[str, object]]:
    """Return clean records of different people with different contact points."""
    rng = np.random.default_rng(seed)
    whole = [(given, family) for given in _GIVEN for family in _FAMILY]
    chosen = rng.permutation(len(whole))[:n_people]
    people: list[dict[str, object]] = []
    for number, position in enumerate(chosen.tolist()):
        given, family = whole[position]
        birth = dt.date(1950, 1, 1) + dt.timedelta(int(rng.integers(0, 18_000)))
        street = _STREETS[int(rng.integers(len(_STREETS)))]
        people.append(
            {
                "first_name": given,
                "last_name": family,
                "email": f"{given}.{family}{number}@example.com".lower(),
                "phone": f"020 7946 {number:04d}",
                "address": f"{int(rng.integers(1, 200))} {street} Street",
                "city": _CITIES[int(rng.integers(len(_CITIES)))],
                "birth_date": birth.isoformat(),
            }
        )
    return people
