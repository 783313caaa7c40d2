"""Which cells hold several values, and what these are."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings, strategies as st

from custmerge.normalizers import Email, Identifier, Phone
from custmerge.normalizers.lists import EMAILS, PHONES
from custmerge.protocols import Normalizer
from custmerge.records import Column

MOBILE, OTHER, LINE = "+8613912345678", "+8613812340000", "+861062345678"
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("13912345678/13812340000", [MOBILE, OTHER]),
        ("13912345678 / 13812340000", [MOBILE, OTHER]),
        ("13912345678、13812340000", [MOBILE, OTHER]),
        ("13912345678；13812340000", [MOBILE, OTHER]),
        ("13912345678;13812340000", [MOBILE, OTHER]),
        ("13912345678，13812340000", [MOBILE, OTHER]),
        ("13912345678\n13812340000", [MOBILE, OTHER]),
        ("13912345678 13812340000", [MOBILE, OTHER]),
        ("139-1234-5678/138-1234-0000", [MOBILE, OTHER]),
        ("139 1234 5678 138 1234 0000", [MOBILE, OTHER]),
        ("+86 139 1234 5678/+86 138 1234 0000", [MOBILE, OTHER]),
        ("13912345678或13812340000", [MOBILE, OTHER]),
        ("010-62345678/13912345678", [LINE, MOBILE]),
        ("(010)62345678/13912345678", [LINE, MOBILE]),
        ("手机:13912345678 电话:010-62345678", [MOBILE, LINE]),
        ("手机：13912345678；电话：010-62345678", [MOBILE, LINE]),
        ("手机13912345678电话010-62345678", [MOBILE, LINE]),
        ("13912345678（手机）010-62345678（办公）", [MOBILE, LINE]),
        ("13912345678(王经理)/13812340000(李总)", [MOBILE, OTHER]),
        ("M: 139 1234 5678 T: 010-62345678", [MOBILE, LINE]),
        ("139****5678/138****0000", ["139****5678", "138****0000"]),
        ("010-62345678-801/13912345678", [LINE, MOBILE]),
        # One number, however it is written.
        ("手机：13912345678", [MOBILE]),
        ("139 1234 5678", [MOBILE]),
        ("010-6234 5678", [LINE]),
        ("(010) 6234-5678", [LINE]),
        ("010-62345678转801", [LINE]),
        ("010-62345678 转 801", [LINE]),
        ("010-62345678-801", [LINE]),
        ("010/62345678", [LINE]),
        ("+86 10 6234 5678", [LINE]),
        ("13912345678（微信同号）", [MOBILE]),
        ("13912345678 微信同号", [MOBILE]),
        ("404/876-8532", ["+864048768532"]),
        ("+49 231/1234567", ["+492311234567"]),
        ("0049 30 12345678", ["+493012345678"]),
        ("+44 20 7946 0018", ["+442079460018"]),
        ("+1 415 555 2671 ext: 12", ["+14155552671"]),
        ("400-810-1234", ["+864008101234"]),
    ],
)
def test_numbers_of_a_cell_are_told_apart(cell: str, numbers: list[str]) -> None:
    parts = Column.encode([cell]).split(PHONES).values
    found = [number for number in Phone("CN").normalize(parts) if number]
    assert found == numbers


@pytest.mark.parametrize(
    ("cell", "addresses"),
    [
        ("ann@mail.com/bo@mail.cn", ["ann@mail.com", "bo@mail.cn"]),
        ("ann@mail.com bo@mail.cn", ["ann@mail.com", "bo@mail.cn"]),
        ("ann@mail.cn BO@MAIL.COM ann@lee.org", None),
        ("ann@mail.com、bo@mail.cn", ["ann@mail.com", "bo@mail.cn"]),
        ("ann@mail.com；bo@mail.cn", ["ann@mail.com", "bo@mail.cn"]),
        ("ann@mail.com\nbo@mail.cn", ["ann@mail.com", "bo@mail.cn"]),
        ("Ann Lee <ann@mail.com>", ["ann@mail.com"]),
        ("ann @ mail.com", ["ann@mail.com"]),
        ("邮箱：ann@mail.com", ["ann@mail.com"]),
        ("ann at mail.com", ["ann@mail.com"]),
    ],
)
def test_addresses_of_a_cell_are_told_apart(
    cell: str, addresses: list[str] | None
) -> None:
    parts = Column.encode([cell]).split(EMAILS).values
    expected = addresses or ["ann@mail.cn", "bo@mail.com", "ann@lee.org"]
    assert [found for found in Email().normalize(parts) if found] == expected


@pytest.mark.parametrize("pattern", [PHONES, EMAILS])
@given(
    values=st.lists(
        st.text("0123/ ;机:：(a@.cn", min_size=1, max_size=24).filter(str.strip),
        min_size=1,
        max_size=4,
        unique=True,
    )
)
@settings(max_examples=60, deadline=None)
def test_cells_are_parted_alike_alone_and_together(
    pattern: str, values: list[str]
) -> None:
    together = Column.encode(values).split(pattern)
    for row, value in zip(together.slots.tolist(), values, strict=True):
        held = [together.values[code].strip() for code in row if code >= 0]
        parts = [part.strip() for part in re.split(pattern, value)]
        expected = [*dict.fromkeys(filter(None, parts))][:8] or [value.strip()]
        assert held == expected


@pytest.mark.parametrize("normalizer", [Phone("CN"), Email(), Identifier()], ids=repr)
@given(
    value=st.one_of(
        st.from_regex(
            r"(\+86 ?|0086|86-)?1[3-9][0-9]([ -]?[0-9*x]{4}){2}", fullmatch=True
        ),
        st.from_regex(r"0(10|755)-?[2-9][0-9]{6,7}(-[0-9]{1,4}|转8)?", fullmatch=True),
        st.from_regex(r"(尾号)?[0-9]{3}[0-9xX]", fullmatch=True),
        st.from_regex(
            r"[a-c.]{1,4}(@|\(at\)| at |#)[a-c]{1,3}\.(cn|com)", fullmatch=True
        ),
    )
)
@settings(max_examples=60, deadline=None)
def test_contact_in_full_width_is_the_same_and_its_form_is_final(
    normalizer: Normalizer, value: str
) -> None:
    [found] = normalizer.normalize([value])
    assert normalizer.normalize([value.translate(WIDE)]) == [found]
    if found is not None:
        assert normalizer.normalize([found]) == [found]
