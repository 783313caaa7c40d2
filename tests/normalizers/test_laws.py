"""What holds for every built-in normalizer, whatever it is given."""

from __future__ import annotations

import pickle
import time

import pytest
from hypothesis import given, settings, strategies as st

from custmerge.normalizers import (
    NORMALIZERS,
    Date,
    FamilyOfFullName,
    GivenOfFullName,
    Phone,
)
from custmerge.protocols import Normalizer

BUILT_INS: list[Normalizer] = [build() for build in NORMALIZERS.values()]
BUILT_INS += [Phone("CN"), Phone("IT"), Date(day_first=True)]
# A given name may again be split into family and given name.
IDEMPOTENT = [
    normalizer
    for normalizer in BUILT_INS
    if not isinstance(normalizer, (FamilyOfFullName, GivenOfFullName))
]

# What the normalizers look for, and what has tripped such code elsewhere.
PIECES = (
    *("mr", "Dr.", "jr", "ph", "d", "先生", "總經理", "smith", "van", "o'neil", "test"),
    *("inc", "co", "ltd", "&", "gmbh", "有限公司", "分公司", "the", "sp z o.o.", "㈱"),
    *("上海市", "（浙江）", "杭州", "分行", "㈱", "주식회사", "บริษัท", "จำกัด", "ش.م.م"),
    *("cong ty", "tnhh", "ст", "α.ε.", "个体工商户", "办事处", "々", "渡邉"),
    *("limited liability", "joint stock", "company", "group", "saint"),
    *(
        "street",
        "strasse",
        "straße",
        "apt",
        "#",
        "unit",
        "first",
        "幢",
        "號",
        "市",
        "省",
    ),
    *("a@b.com", "@", "+", "mailto:", "<", ">", "xn--", "gmail.com", "noreply", "n/a"),
    *("415", "555-2671", "+1", "+86", "00", "x", "ext", "13800138000", "(0)"),
    *("1990", "05", "31", "13", "02/", "may", "3rd", "年", "月", "日", "T12:30", "Z"),
    *(
        "0.0",
        "1,234.50",
        "$",
        "%",
        "e5",
        "(",
        ")",
        "http://",
        "www.",
        "/",
        "na",
        "none",
    ),
    *(
        "é",
        "ß",
        "ǰ",
        "İ",
        "ı",
        "ŉ",
        "ΐ",
        "ᾳ",
        "ﬁ",
        "ª",
        "①",
        "٣",
        "薴",
        "か",
        "가",
        "\u11a8",
    ),
    *("\u0301", "\u0308", "\u0345", "\u3099", "\u200b", "\ufe0f", "\x00", "\ud800"),
    *("😀", "שלום", "ﷺ", "'", "’", "´", "-", "–", ",", ".", "_", "\t", "\n", "\u2028"),
)
dirty_text = st.one_of(
    st.text(max_size=12),
    st.text(st.characters(categories=["Cs", "Cc", "Cf", "Mn", "Zs", "Lo"]), max_size=6),
    st.text("0123456789+-/.() x", max_size=18),
    st.lists(st.sampled_from(PIECES), max_size=6).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join),
    st.sampled_from(PIECES).map(lambda piece: piece * 500),
)
values = st.lists(dirty_text, max_size=8)

for_each = pytest.mark.parametrize("normalizer", BUILT_INS, ids=repr)
with_few_examples = settings(max_examples=30, deadline=None)


@for_each
@given(values=values)
@with_few_examples
def test_result_is_text_or_none_and_never_blank(
    normalizer: Normalizer, values: list[str]
) -> None:
    for result in normalizer.normalize(values):
        assert result is None or result.strip() == result != ""


@pytest.mark.parametrize("normalizer", IDEMPOTENT, ids=repr)
@given(values=values)
@with_few_examples
def test_normalizing_the_result_changes_nothing(
    normalizer: Normalizer, values: list[str]
) -> None:
    once = [value for value in normalizer.normalize(values) if value is not None]
    assert normalizer.normalize(once) == once


@for_each
@given(values=values)
@with_few_examples
def test_each_value_is_normalized_as_if_alone(
    normalizer: Normalizer, values: list[str]
) -> None:
    alone = [normalizer.normalize([value])[0] for value in values]
    assert normalizer.normalize(values) == alone


@for_each
def test_it_survives_pickling(normalizer: Normalizer) -> None:
    assert pickle.loads(pickle.dumps(normalizer)) == normalizer  # noqa: S301


@for_each
def test_the_name_is_the_one_it_is_found_by(normalizer: Normalizer) -> None:
    assert NORMALIZERS[normalizer.name] is type(normalizer)


# Runs that loops and regular expressions could be quadratic in. Linear work takes
# well under a second of a processor; quadratic work would take minutes, on any.
RUNS = ("公司", "株式会社", "jr先生 ", "\u0301\u0323", "www.a", "mailto:", "1,")


@for_each
@pytest.mark.parametrize("run", RUNS)
def test_time_grows_with_length_only(normalizer: Normalizer, run: str) -> None:
    value = run * (50_000 // len(run))
    start = time.thread_time()
    normalizer.normalize([value])
    assert time.thread_time() - start < 3
