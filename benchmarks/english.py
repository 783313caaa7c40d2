"""Customers of the United States, as four systems write them down."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from dirt import Cells, blank, damage, digit_typo, exchange, placeholders, put, typo
from population import (
    Days,
    Flags,
    Numbers,
    Records,
    Texts,
    chance,
    count_companies,
    zipf,
)

WORDS = {
    key: [word.replace("_", " ") for word in text.split()]
    for key, text in tomllib.loads(
        Path(__file__).with_name("names.toml").read_text("utf-8")
    )["en"].items()
}
CITIES = [entry.split(",") for entry in WORDS["cities"]]
NICKNAMES = {
    name: short.split(",")
    for name, _, short in (entry.partition(":") for entry in WORDS["nicknames"])
}
SHORT_KINDS = {
    "Street": "St", "Avenue": "Ave", "Road": "Rd", "Drive": "Dr", "Lane": "Ln",
    "Court": "Ct", "Boulevard": "Blvd", "Place": "Pl",
}  # fmt: skip
NO_PHONE = ("0000000000", "n/a", "123-456-7890")
SPOUSE_KEEPS_NAME = 0.2
TAKES_NEW_NAME = 0.05
SOURCES = ("crm", "webshop", "store", "newsletter")
SOURCE_SHARES = (0.36, 0.30, 0.22, 0.12)
# The share of cells that each source leaves empty.
MISSING = {
    "given_name": (0.01, 0.0, 0.02, 0.06),
    "family_name": (0.0, 0.0, 0.01, 0.04),
    "email": (0.25, 0.03, 0.45, 0.0),
    "phone": (0.12, 0.20, 0.25, 0.95),
    "birth_date": (0.30, 0.55, 0.15, 0.95),
    "gender": (0.10, 0.40, 0.20, 0.95),
    "city": (0.10, 0.05, 0.25, 0.85),
    "postcode": (0.12, 0.05, 0.20, 0.80),
    "address": (0.15, 0.06, 0.30, 0.92),
}


def families(rng: np.random.Generator, n: int) -> Texts:
    """Return family names: common ones, and composed ones that are rare."""
    common = np.asarray(WORDS["family"], dtype=object)
    names = common[zipf(rng, len(common), n, offset=15)]
    starts, ends = (
        np.asarray(WORDS[part], dtype=object)
        for part in ("family_starts", "family_ends")
    )
    composed = starts[zipf(rng, len(starts), n, 20)] + ends[zipf(rng, len(ends), n, 20)]
    double = names + "-" + common[zipf(rng, len(common), n, offset=15)]
    names = np.where(chance(rng, n, 0.3), composed, names)
    return np.where(chance(rng, n, 0.008), double, names)


def givens(rng: np.random.Generator, female: Flags) -> Texts:
    """Return given names by gender; a few are double."""
    n = len(female)
    lists = [np.asarray(WORDS[gender], dtype=object) for gender in ("male", "female")]
    drawn = [
        np.where(female, lists[1][zipf(rng, len(lists[1]), n, 8)],
                 lists[0][zipf(rng, len(lists[0]), n, 8)])
        for _ in range(2)
    ]  # fmt: skip
    return np.where(chance(rng, n, 0.015), drawn[0] + "-" + drawn[1], drawn[0])


def _city(home: Numbers) -> Numbers:
    """A home's city follows from its number, so that no table of homes is needed."""
    share = (home * 2654435761 % 1009) / 1009
    return (len(CITIES) * share**1.8).astype(np.int64)


def mobiles(rng: np.random.Generator, home: Numbers) -> Texts:
    """Return ten-digit numbers of the home's area."""
    exchanges, lines = (
        rng.integers(220, 990, len(home)),
        rng.integers(0, 10_000, len(home)),
    )
    areas = [CITIES[city][2] for city in _city(home).tolist()]
    return _texts(
        f"{area}{exchange}{line:04d}"
        for area, exchange, line in zip(
            areas, exchanges.tolist(), lines.tolist(), strict=True
        )
    )


def _texts(texts: Iterable[str]) -> Texts:
    return np.fromiter(texts, dtype=object)


def mailboxes(
    rng: np.random.Generator, given: Texts, family: Texts, birth: Days
) -> list[str]:
    """Return a personal address for each name."""
    n = len(given)
    hosts = [WORDS["mail"][i] for i in zipf(rng, len(WORDS["mail"]), n).tolist()]
    years = birth.astype("datetime64[Y]").astype(int) + 1970
    patterns = rng.choice(len(PATTERNS), n).tolist()
    numbers = rng.integers(1, 999, n).tolist()
    return [
        PATTERNS[pattern].format(g=g, f=f, i=g[0], y=year % 100, n=number) + "@" + host
        for pattern, g, f, year, number, host in zip(
            patterns, _plain(given), _plain(family), years.tolist(), numbers, hosts,
            strict=True,
        )
    ]  # fmt: skip


PATTERNS = (
    "{g}.{f}",
    "{i}{f}",
    "{g}{f}{y:02d}",
    "{g}_{f}",
    "{g}{n}",
    "{f}.{g}",
    "{i}.{f}{n}",
)


def _plain(names: Texts) -> list[str]:
    return [
        "".join(
            letter for letter in name.lower() if letter.isascii() and letter.isalpha()
        )
        for name in names.tolist()
    ]


def render(
    rng: np.random.Generator, records: Records, n_people: int
) -> dict[str, Cells]:
    """Return the records as columns of text, in each source's style and dirt."""
    source = records.source
    columns = {
        "source": [SOURCES[i] for i in source.tolist()],
        **_name_cells(rng, records),
        **_contact_cells(rng, records, n_people),
        **_home_cells(rng, records),
        "birth_date": _date_cells(records.birth, source),
        "gender": [
            ("MF", ("male", "female"))[i == 1][is_female]
            for i, is_female in zip(
                source.tolist(), records.female.astype(int).tolist(), strict=True
            )
        ],
        "updated_at": records.updated.astype(str).tolist(),
    }
    _slip(rng, columns)
    blank(rng, columns, source, MISSING, ("email", "phone", "birth_date", "address"))
    _fill(rng, columns)
    return columns


def _name_cells(rng: np.random.Generator, records: Records) -> dict[str, Cells]:
    given: Cells = records.given.tolist()
    family: Cells = records.family.tolist()
    damage(rng, given, 0.09, _nickname)
    damage(rng, given, 0.02, lambda _, name: name[0] + ".")
    damage(
        rng,
        given,
        0.03,
        lambda chooser, name: f"{name} {chooser.choice('ABCDEJLMRST')}",
    )
    exchange(rng, given, family, 0.01)
    for cells in (given, family):
        damage(rng, cells, 0.025, typo)
        upper = (records.source == 2) & chance(rng, len(cells), 0.6)
        put(cells, upper, [(cell or "").upper() for cell in cells])
        lower = (records.source == 3) & chance(rng, len(cells), 0.5)
        put(cells, lower, [(cell or "").lower() for cell in cells])
    return {"given_name": given, "family_name": family}


def _nickname(chooser: random.Random, name: str) -> str:
    return chooser.choice(NICKNAMES.get(name, [name]))


def _contact_cells(
    rng: np.random.Generator, records: Records, n_people: int
) -> dict[str, Cells]:
    """A person's own mailbox and number, or the family's, or the company's."""
    n = len(records.person)
    boxes, boards = companies(rng, count_companies(n_people))
    at_work = records.company >= 0
    emails: Cells = [mailbox or None for mailbox in records.mailbox]
    office = at_work & chance(rng, n, 0.45)
    put(emails, office, boxes[records.company])
    numbers: Cells = records.mobile.tolist()
    put(numbers, chance(rng, n, 0.22), _landlines(rng, records.home))
    put(numbers, at_work & chance(rng, n, 0.5), boards[records.company])
    styles = ("({0}) {1}-{2}", "{0}{1}{2}", "{0}-{1}-{2}", "+1 {0} {1} {2}")
    phones: Cells = [
        styles[i].format(number[:3], number[3:6], number[6:])
        for i, number in zip(records.source.tolist(), numbers, strict=True)
        if number
    ]
    return {"email": emails, "phone": phones}


def companies(rng: np.random.Generator, n: int) -> tuple[Texts, Texts]:
    """Return each company's shared mailbox and its switchboard."""
    names, trades, boxes = (
        [WORDS[part][i] for i in rng.integers(0, len(WORDS[part]), n).tolist()]
        for part in ("companies", "trades", "shared_boxes")
    )
    shared = [
        f"{box}@{name}{trade}{row if row > 40 else ''}.com".lower()
        for row, (name, trade, box) in enumerate(zip(names, trades, boxes, strict=True))
    ]
    boards = _texts(
        f"{number[:6]}{extension}00"
        for number, extension in zip(
            mobiles(rng, np.arange(n)), rng.integers(10, 99, n).tolist(), strict=True
        )
    )
    return _texts(shared), boards


def _landlines(rng: np.random.Generator, home: Numbers) -> Texts:
    used, inverse = np.unique(home, return_inverse=True)
    return mobiles(rng, used)[inverse]


def _home_cells(rng: np.random.Generator, records: Records) -> dict[str, Cells]:
    used, inverse = np.unique(records.home, return_inverse=True)
    n = len(used)
    city = _city(used)
    building = np.arange(n)
    # Neighbours in one building: strangers who share all but the unit.
    shared = np.flatnonzero(chance(rng, n, 0.12))
    building[shared] = rng.integers(0, np.maximum(shared, 1))
    city = city[building]
    number = np.asarray(rng.lognormal(6, 1.5, n).astype(int) % 9900 + 1)[building]
    street = zipf(rng, len(WORDS["streets"]), n, 15)[building]
    kind = zipf(rng, len(SHORT_KINDS), n, 1)[building]
    flat = chance(rng, n, 0.22)
    flat[shared] = flat[building[shared]] = True
    unit = rng.integers(1, 40, n)
    zone = (street * 7 + number // 500 + city) % 37
    row = [array[inverse].tolist() for array in (number, street, kind, unit * flat)]
    addresses: Cells = [
        _address(i, *parts)
        for i, *parts in zip(records.source.tolist(), *row, strict=True)
    ]
    cities: Cells = [CITIES[i][0] for i in city[inverse].tolist()]
    postcodes: Cells = [
        f"{CITIES[i][3]}{area:02d}"
        for i, area in zip(city[inverse].tolist(), zone[inverse].tolist(), strict=True)
    ]
    upper = records.source == 2
    put(cities, upper, [name.upper() for name in cities if name])
    # A spreadsheet took these for numbers.
    web = (records.source == 1) & chance(rng, len(upper), 0.5)
    put(postcodes, web, [code.lstrip("0") for code in postcodes if code])
    return {"address": addresses, "city": cities, "postcode": postcodes}


def _address(source: int, number: int, street: int, kind: int, unit: int) -> str:
    word = WORDS["street_kinds"][kind]
    name = WORDS["streets"][street]
    if source in (1, 2):
        word = SHORT_KINDS[word]
    door = f"{unit % 12 + 1}{'ABCD'[unit % 4]}"
    marks = (f", Apt {door}", f" Apt {door}", f" #{door}", f", Unit {door}")
    text = f"{number} {name} {word}{marks[source] if unit else ''}"
    return text.upper() if source == 2 else text


def _date_cells(birth: Days, source: Numbers) -> Cells:
    texts = birth.astype(str).tolist()
    return [
        text if i in (0, 1) else f"{text[8:]}/{text[5:7]}/{text[:4]}"
        for i, text in zip(source.tolist(), texts, strict=True)
    ]


def _slip(rng: np.random.Generator, columns: dict[str, Cells]) -> None:
    damage(rng, columns["email"], 0.02, typo)
    damage(rng, columns["phone"], 0.02, digit_typo)
    damage(rng, columns["address"], 0.025, typo)
    damage(rng, columns["address"], 0.015, digit_typo)
    damage(rng, columns["city"], 0.01, typo)
    damage(rng, columns["postcode"], 0.01, digit_typo)
    damage(rng, columns["birth_date"], 0.012, digit_typo)
    damage(rng, columns["birth_date"], 0.012, _day_and_month)


def _day_and_month(_: random.Random, date: str) -> str:
    """Exchange day and month, where the result is a date too."""
    if "-" in date:
        year, month, day = date.split("-")
        return f"{year}-{day}-{month}" if day <= "12" else date
    day, month, year = date.split("/")
    return f"{month}/{day}/{year}" if day <= "12" else date


def _fill(rng: np.random.Generator, columns: dict[str, Cells]) -> None:
    """Leave what people type where a form insists on an answer."""
    placeholders(
        rng, columns["email"], 0.006, ("test@test.com", "none@none.com", "n/a")
    )
    placeholders(rng, columns["phone"], 0.007, NO_PHONE)
    placeholders(rng, columns["birth_date"], 0.006, ("1900-01-01", "1970-01-01"))
    placeholders(rng, columns["address"], 0.006, ("n/a", "unknown", "same"))
    placeholders(rng, columns["given_name"], 0.002, ("Unknown", "Customer", "test"))
    placeholders(rng, columns["postcode"], 0.004, ("00000", "99999"))
