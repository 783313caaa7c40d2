from __future__ import annotations

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given, settings, strategies as st

from custmerge.normalizers import Email

ascii_addresses = st.builds(
    "{}@{}".format,
    st.text("abzAZ09._%+-", min_size=1, max_size=8),
    st.one_of(
        st.text("abZ09.-", min_size=1, max_size=10),
        st.sampled_from(["mail.com", "a-b.co.uk", "xn--bcher-kva.de", "mail.test"]),
    ),
)


@given(st.one_of(ascii_addresses, st.emails()))
@example("a@xn--bcher-kva.com")
@example("A.B+c@Mail.CO.UK")
@example("'0@A.AC")
@settings(max_examples=100, deadline=None)
def test_valid_address_is_as_email_validator_has_it_in_lower_case(value: str) -> None:
    try:
        expected = validate_email(value, check_deliverability=False).normalized
    except EmailNotValidError:
        return
    result = Email().normalize([value])[0]
    # None: the few addresses that stand for no address. A leading apostrophe is what
    # spreadsheets put before text.
    assert result in {expected.lower().lstrip("'"), None}


@pytest.mark.parametrize("value", ["a@b..com", "a@b", "a..b@c.com", "a@-b.com"])
def test_invalid_address_stays_comparable(value: str) -> None:
    assert Email().normalize([value.upper()]) == [value]
