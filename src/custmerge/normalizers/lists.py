"""What stands between several values in one cell.

The patterns look back at what they have found, and not before it: so each begins with
a character that a long text is searched for fast. They say nothing of where a text
begins or ends, nor of what must not be there.
"""

from __future__ import annotations

__all__ = ["EMAILS", "PHONES"]

_LIST = r"[;,|\n；，、]|\s/\s"
_NUMBER = r"\+?[0-9(][0-9*() -]{5}"
"""What begins a number, and no extension."""
_CHINESE = r"1[3-9][0-9][ -][0-9*]{4}[ -][0-9]{4}"

PHONES = "|".join(
    (
        _LIST,
        # No area code has eight digits, nor two parts of three and four.
        rf"/(?<=[0-9*]{{8}}/)\s*(?={_NUMBER})",
        rf"/(?<=[0-9]{{3}}[ -][0-9*]{{4}}/)\s*(?={_NUMBER})",
        # After a remark, or the extension of what is followed by a Chinese mobile.
        rf"/(?<=[\u4e00-\u9fff][)）]/)\s*(?={_NUMBER})",
        *(rf"/(?<=-[0-9]{{{n}}}/)\s*(?=1[3-9][0-9]{{9}})" for n in (3, 4)),
        # No number has more than fifteen digits (ITU-T E.164).
        r" (?<=[0-9*]{8} )(?=\+?[0-9*]{8})",
        rf" (?<={_CHINESE} )(?=\+?[0-9])",
        # What says whose the next one is; with fewer digits it is an extension.
        r" (?=[A-Za-z]+[:：])",
        rf"[\u4e00-\u9fff][\u4e00-\u9fff]{{0,3}}[)）]?[:：]?\s?(?={_NUMBER}[0-9*() -])",
    )
)
"""What parts telephone numbers: `138…/139…`, `138… 139…`, `手机:138… 电话:010-…`."""

EMAILS = "|".join(
    (
        _LIST,
        r"/(?<=[A-Za-z]{2}/)(?=[\w.+-]+@)",
        *(rf" (?<=\.[A-Za-z]{{{n}}} )(?=[\w.+-]+@)" for n in (2, 3)),
    )
)
"""What parts e-mail addresses."""
