"""Numbers of organisations in China: which of them are one organisation's.

The organisation code (GB 11714) of nine characters stands within the numbers that came
after it: the old tax number, six digits of a place before it, and the unified social
credit code (GB 32100), eight characters before it and a check digit after.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["is_registration_number", "organisation_codes"]

Characters = NDArray[np.uint8]

_CODE = 9
_PLACES = {9: 0, 15: 6, 18: 8}
"""Where the code stands in a number of so many characters."""
_MOST = max(_PLACES)
_DIGITS_AT = {9: slice(0), 15: slice(6), 18: slice(2, 8)}
"""Where such a number has the digits of a place."""
_WEIGHTS = np.asarray([3, 7, 9, 10, 5, 8, 4, 2])
_NONE = 255
_VALUES = np.full(256, _NONE, dtype=np.uint8)
_VALUES[[*b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"]] = np.arange(36)
"""What each character counts; 255: it is in no such number."""
_TEN = _VALUES[ord("X")]
_CENTURIES = (18, 19, 20)


def organisation_codes(values: Sequence[str]) -> NDArray[np.bytes_]:
    """Return the organisation code within each number, empty where there is none.

    Where the numbers are all of one length, none is within another and all are empty.
    Shape `(n_values,)`. The code's own check digit must be right. A resident identity
    number, which may look so, holds none.

    Args:
        values: Identifiers as normalized: upper case, letters and digits only.

    Examples:
        >>> numbers = ["91110000600037341L", "110000600037341", "600037341", "A1"]
        >>> organisation_codes(numbers).tolist()
        [b'600037341', b'600037341', b'600037341', b'']
    """
    codes = np.zeros(len(values), dtype=f"S{_CODE}")
    lengths = np.fromiter(map(len, values), np.int64, len(values))
    kinds = [length for length in _PLACES if (lengths == length).any()]
    for length in kinds if len(kinds) > 1 else ():
        places = np.flatnonzero(lengths == length)
        written = [
            values[place].encode("ascii", "replace") for place in places.tolist()
        ]
        numbers = np.asarray(written, dtype=f"S{length}").view(np.uint8)
        numbers = numbers.reshape(len(places), length)
        start = _PLACES[length]
        within = numbers[:, start : start + _CODE]
        held = _is_code(within) & _is_number(numbers)
        found = np.ascontiguousarray(within[held]).view(f"S{_CODE}")
        codes[places[held]] = found.reshape(-1)
    return codes


def _is_code(codes: Characters) -> NDArray[np.bool_]:
    """Return which nine characters each end in the right check digit (GB 11714)."""
    values = _VALUES[codes]
    check = (11 - values[:, :-1] @ _WEIGHTS % 11) % 11
    written = np.where(check == 10, _TEN, check)
    known = (values != _NONE).all(axis=1)
    return np.asarray(known & (values[:, -1] == written), dtype=np.bool_)


def _is_number(numbers: Characters) -> NDArray[np.bool_]:
    """Return which numbers have digits for a place and are no person's."""
    values = _VALUES[numbers]
    length = numbers.shape[1]
    has_place = (values[:, _DIGITS_AT[length]] < 10).all(axis=1)
    if length < _MOST:
        return np.asarray(has_place, dtype=np.bool_)
    century = 10 * values[:, 6].astype(np.int64) + values[:, 7]
    personal = (values[:, :-1] < 10).all(axis=1) & np.isin(century, _CENTURIES)
    return np.asarray(has_place & ~personal, dtype=np.bool_)


def is_registration_number(code: str) -> bool:
    """Return whether a number is one of a business registration of before 2015.

    It has fifteen digits: six of the place, eight, and a check digit by ISO 7064 MOD
    11,10, as GB/T 17710 has it.

    Examples:
        >>> is_registration_number("110108000000016")
        True
        >>> is_registration_number("110108000000017")
        False
    """
    if len(code) != 15 or not (code.isascii() and code.isdecimal()):
        return False
    rest = 10
    for digit in map(int, code[:-1]):
        rest = 2 * ((rest + digit) % 10 or 10) % 11
    return (rest + int(code[-1])) % 10 == 1
