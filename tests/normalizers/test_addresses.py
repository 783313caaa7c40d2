from __future__ import annotations

from hypothesis import given, settings, strategies as st

from custmerge.normalizers import Address

DIGITS = "零一二三四五六七八九"


def spelt(number: int) -> str:
    """Return a number below a thousand in Chinese numerals."""
    hundreds, tens, units = number // 100, number // 10 % 10, number % 10
    text = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += f"{DIGITS[tens]}十" if hundreds or tens > 1 else "十"
    elif hundreds and units:
        text += "零"
    return text + (DIGITS[units] if units else "")


@given(
    number=st.integers(1, 999),
    word=st.sampled_from(["号", "弄", "单元", "层", "室", "栋", "段", "组", "期"]),
)
@settings(max_examples=60)
def test_chinese_numerals_are_digits(number: int, word: str) -> None:
    written, plain = Address().normalize(
        [f"中山路{spelt(number)}{word}", f"中山路{number}{word}"]
    )
    assert written == plain


@given(
    floor=st.integers(1, 99),
    form=st.sampled_from(["{}楼", "{}F", "{}层", "{}f", "F{}层"]),
)
@settings(max_examples=40)
def test_floors_have_one_form(floor: int, form: str) -> None:
    [written] = Address().normalize([f"世贸中心{form.format(floor)}"])
    assert written == f"世贸中心{floor}层"


@given(
    mobile=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    form=st.sampled_from(
        [
            "张三,{},{}",
            "{1} 李四 {0}",
            "{1}，{0}",
            "{1}(王小明 {0})",
            "收件人:张三 电话:{} 地址:{}",
        ]
    ),
)
@settings(max_examples=60)
def test_consignees_are_left_out_of_addresses(mobile: str, form: str) -> None:
    address = "深圳市南山区科技路1号"
    alone, within = Address().normalize([address, form.format(mobile, address)])
    assert within == alone
