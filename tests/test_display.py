from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from custmerge.display import aligned, html_table, show_duration, show_size, text_table
from custmerge.memory import to_bytes

few = settings(max_examples=60)
cells = st.text("ab1,中", min_size=1, max_size=5)


@pytest.mark.parametrize("n_bytes", [0, 5, 1023, 1024, 10**6, 3 * 2**30, 2**45])
def test_shown_sizes_are_read_back_to_within_rounding(n_bytes: int) -> None:
    shown = show_size(n_bytes)
    assert n_bytes == 0 or to_bytes(shown) == pytest.approx(n_bytes, rel=0.05)


@few
@given(st.lists(st.tuples(cells, cells, cells), min_size=1))
def test_aligned_columns_start_or_end_at_one_place(
    rows: list[tuple[str, str, str]],
) -> None:
    lines = aligned(rows)
    assert [tuple(line.split()) for line in lines] == rows
    assert len({len(line) + line.count("中") for line in lines}) == 1  # it takes two
    assert all(line.startswith(row[0]) for line, row in zip(lines, rows, strict=True))


def test_wide_characters_take_two_columns() -> None:
    assert aligned([("姓名", "1"), ("身份证号", "12"), ("id", "全")]) == [
        "姓名       1",
        "身份证号  12",
        "id        全",
    ]


def test_cells_of_html_are_no_markup() -> None:
    assert "<b>" not in html_table(["<b>"], [["<b>"]])


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0.0 s"),
        (59.94, "59.9 s"),
        (60, "1 min"),
        (7_000, "117 min"),
        (7_200, "2.0 h"),
    ],
)
def test_durations_are_shown_in_the_unit_that_suits(seconds: float, shown: str) -> None:
    assert show_duration(seconds) == shown


def test_what_steers_terminals_is_not_shown() -> None:
    shown = text_table([("\x1b[31mAnn\x07", "\u202eBo\x9b")])
    assert shown == ["\ufffd[31mAnn\ufffd  \ufffdBo\ufffd"]
