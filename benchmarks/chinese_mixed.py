"""Customers in China, as three systems that write in ways of their own and a fourth do.

As `chinese`, but the website writes traditional characters, the call centre names in
Pinyin, and the app masks mobile numbers.
"""

from __future__ import annotations

import re

import numpy as np
import opencc

import chinese
from chinese import (
    SOURCE_SHARES,
    SPOUSE_KEEPS_NAME,
    TAKES_NEW_NAME,
    families,
    givens,
    mailboxes,
    mobiles,
)
from dirt import Cells
from population import Records

__all__ = [
    "SOURCE_SHARES",
    "SPOUSE_KEEPS_NAME",
    "TAKES_NEW_NAME",
    "families",
    "givens",
    "mailboxes",
    "mobiles",
    "render",
]

_MOBILE = re.compile(r"(?<!\d)(1\d\d)\D?\d{4}\D?(\d{4})$")


def render(
    rng: np.random.Generator, records: Records, n_people: int
) -> dict[str, Cells]:
    """Return the records as columns of text, in each source's characters and masks."""
    columns = chinese.render(rng, records, n_people)
    website, calls, app = chinese.SOURCES[1:]
    traditional = opencc.OpenCC("s2t").convert
    for source, name, write in (
        (website, "姓名", traditional),
        (website, "地址", traditional),
        (website, "城市", traditional),
        (calls, "姓名", in_pinyin),
        (app, "手机", masked),
    ):
        columns[name] = [
            write(cell) if cell and written == source else cell
            for cell, written in zip(columns[name], columns["来源"], strict=True)
        ]
    return columns


def in_pinyin(name: str) -> str:
    """Return a name in Latin letters, family name first; others as they are."""
    n_family = 1 + (name[:2] in chinese.READINGS)
    try:
        parts = [chinese.pinyin(part) for part in (name[:n_family], name[n_family:])]
    except KeyError:  # titles, traditional characters, Latin letters
        return name
    return " ".join(parts).strip().title()


def masked(phone: str) -> str:
    """Return a mobile number with its middle hidden, and others as they are."""
    return _MOBILE.sub(r"\1****\2", phone)
