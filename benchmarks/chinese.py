"""Customers in China, as four systems write them down."""

from __future__ import annotations

import random
import tomllib
from pathlib import Path

import numpy as np

from dirt import Cells, blank, damage, digit_typo, placeholders, put, typo
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
    key: text.split()
    for key, text in tomllib.loads(
        Path(__file__).with_name("names.toml").read_text("utf-8")
    )["zh"].items()
}
CITIES = [entry.split(",") for entry in WORDS["cities"]]
READINGS = {
    character: reading
    for part in ("family", "female", "male")
    for character, reading in (entry.split(":") for entry in WORDS[part])
}
SOUND_ALIKE = {
    character: [
        other
        for other, same in READINGS.items()
        if same == reading and other != character and len(other) == 1
    ]
    for character, reading in READINGS.items()
}
TRADITIONAL = str.maketrans({pair[0]: pair[1] for pair in WORDS["traditional"]})
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
SPOUSE_KEEPS_NAME = 1.0
TAKES_NEW_NAME = 0.0
SOURCES = ("门店", "官网", "客服", "小程序")
SOURCE_SHARES = (0.32, 0.30, 0.18, 0.20)
MISSING = {
    "姓名": (0.01, 0.01, 0.02, 0.04),
    "邮箱": (0.70, 0.15, 0.55, 0.40),
    "身份证": (0.80, 0.97, 0.85, 0.98),
    "出生日期": (0.30, 0.55, 0.60, 0.60),
    "性别": (0.10, 0.30, 0.25, 0.30),
    "城市": (0.10, 0.06, 0.15, 0.30),
    "地址": (0.20, 0.08, 0.30, 0.55),
    "手机": (0.06, 0.08, 0.08, 0.10),
}


def _parts(part: str) -> Texts:
    return np.asarray([entry.split(":")[0] for entry in WORDS[part]], dtype=object)


def families(rng: np.random.Generator, n: int) -> Texts:
    """Return family names; the first few are a third of all, as in China."""
    names = _parts("family")
    return names[zipf(rng, len(names), n, offset=4)]


def givens(rng: np.random.Generator, female: Flags) -> Texts:
    """Return given names of one or two characters."""
    n = len(female)
    lists = [_parts("male"), _parts("female")]
    first, second = (
        np.where(female, lists[1][zipf(rng, len(lists[1]), n, 12)],
                 lists[0][zipf(rng, len(lists[0]), n, 12)])
        for _ in range(2)
    )  # fmt: skip
    return np.where(chance(rng, n, 0.22), first, first + second)


def _city(home: Numbers) -> Numbers:
    """A home's city follows from its number, so that no table of homes is needed."""
    share = (home * 2654435761 % 1009) / 1009
    return (len(CITIES) * share**1.5).astype(np.int64)


def mobiles(rng: np.random.Generator, home: Numbers) -> Texts:
    """Return eleven-digit mobile numbers; in China they do not depend on the place."""
    starts = np.asarray(WORDS["mobile_starts"], dtype=object)
    rest = rng.integers(0, 10**8, len(home)).tolist()
    return starts[rng.integers(0, len(starts), len(home))] + np.asarray(
        [f"{digits:08d}" for digits in rest], dtype=object
    )


def mailboxes(
    rng: np.random.Generator, given: Texts, family: Texts, birth: Days
) -> list[str]:
    """Return a personal address for each name: numbers at QQ, else mostly pinyin."""
    n = len(given)
    hosts = [WORDS["mail"][i] for i in zipf(rng, len(WORDS["mail"]), n).tolist()]
    years = (birth.astype("datetime64[Y]").astype(int) + 1970).tolist()
    numbers = rng.integers(10**5, 3 * 10**9, n).tolist()
    styles = rng.random(n).tolist()
    return [
        f"{number if host == 'qq.com' else _local(*who)}@{host}"
        for number, host, *who in zip(
            numbers, hosts, styles, given.tolist(), family.tolist(), years, strict=True
        )
    ]


def _local(style: float, given: str, family: str, year: int) -> str:
    full, surname = pinyin(given), pinyin(family)
    initials = "".join(pinyin(character)[0] for character in given)
    if style < 0.4:
        return f"{surname}{full}{year % 100:02d}"
    if style < 0.6:
        return f"{full}.{surname}"
    return f"{surname}{initials}{year}" if style < 0.8 else f"{surname}{full}"


def pinyin(name: str) -> str:
    """Return the readings of a name's characters, written together."""
    return READINGS.get(name) or "".join(READINGS[character] for character in name)


def render(
    rng: np.random.Generator, records: Records, n_people: int
) -> dict[str, Cells]:
    """Return the records as columns of text, in each source's style and dirt."""
    source = records.source
    homes = _home_cells(rng, records)
    columns = {
        "来源": [SOURCES[i] for i in source.tolist()],
        "姓名": _name_cells(rng, records),
        **_contact_cells(rng, records, n_people),
        **homes,
        "身份证": _identity_cells(records),
        "出生日期": _date_cells(records.birth, source),
        "性别": [
            (("男", "女"), ("先生", "女士"))[i == 2][is_female]
            for i, is_female in zip(
                source.tolist(), records.female.astype(int).tolist(), strict=True
            )
        ],
        "更新时间": records.updated.astype(str).tolist(),
    }
    _slip(rng, columns)
    blank(rng, columns, source, MISSING, ("邮箱", "地址", "出生日期", "手机"))
    _fill(rng, columns)
    return columns


def _name_cells(rng: np.random.Generator, records: Records) -> Cells:
    names: Cells = (records.family + records.given).tolist()
    damage(rng, names, 0.03, _same_sound)
    damage(rng, names, 0.015, lambda _, name: name.translate(TRADITIONAL))
    damage(rng, names, 0.01, lambda _, name: f"{name[0]} {name[1:]}")
    damage(rng, names, 0.005, lambda _, name: name[1:] + name[0])
    n = len(names)
    titles = np.where(records.female, "女士", "先生").tolist()
    titled = [f"{name}{title}" for name, title in zip(names, titles, strict=True)]
    put(names, chance(rng, n, 0.015), titled)
    polite = [
        f"{name}{title}" for name, title in zip(records.family, titles, strict=True)
    ]
    put(names, (records.source > 1) & chance(rng, n, 0.03), polite)
    latin = [
        f"{pinyin(family)} {pinyin(given)}".title()
        for family, given in zip(records.family, records.given, strict=True)
    ]
    put(names, chance(rng, n, 0.01), latin)
    return names


def _same_sound(chooser: random.Random, name: str) -> str:
    """Pick another character of the same reading, as input methods make one do."""
    at = chooser.randrange(len(name))
    others = SOUND_ALIKE.get(name[at]) or [name[at]]
    return name[:at] + chooser.choice(others) + name[at + 1 :]


def _contact_cells(
    rng: np.random.Generator, records: Records, n_people: int
) -> dict[str, Cells]:
    """A person's own mailbox and number, or the family's, or the company's."""
    n = len(records.person)
    boxes, boards = companies(rng, count_companies(n_people))
    at_work = records.company >= 0
    emails: Cells = [mailbox or None for mailbox in records.mailbox]
    put(emails, at_work & chance(rng, n, 0.45), boxes[records.company])
    styles = ("{0}{1}{2}", "{0}{1}{2}", "{0}-{1}-{2}", "+86 {0} {1} {2}")
    phones: Cells = [
        styles[i].format(number[:3], number[3:7], number[7:])
        for i, number in zip(records.source.tolist(), records.mobile, strict=True)
    ]
    put(phones, chance(rng, n, 0.10), _landlines(rng, records.home))
    put(phones, at_work & chance(rng, n, 0.4), boards[records.company])
    return {"手机": phones, "邮箱": emails}


def companies(rng: np.random.Generator, n: int) -> tuple[Texts, Texts]:
    """Return each company's shared mailbox and its switchboard."""
    names, boxes = (
        [WORDS[part][i] for i in rng.integers(0, len(WORDS[part]), n).tolist()]
        for part in ("companies_latin", "shared_boxes")
    )
    shared = [
        f"{box}@{name}{row or ''}.com.cn"
        for row, (name, box) in enumerate(zip(names, boxes, strict=True))
    ]
    lines = rng.integers(200, 899, (n, 2)).tolist()
    boards = [
        f"{CITIES[row % len(CITIES)][2]}-{first}{second}00"
        for row, (first, second) in enumerate(lines)
    ]
    return np.asarray(shared, dtype=object), np.asarray(boards, dtype=object)


def _landlines(rng: np.random.Generator, home: Numbers) -> Texts:
    used, inverse = np.unique(home, return_inverse=True)
    lines = rng.integers(2 * 10**7, 9 * 10**7, len(used)).tolist()
    numbers = [
        f"{CITIES[city][2]}-{line}"
        for city, line in zip(_city(used).tolist(), lines, strict=True)
    ]
    return np.asarray(numbers, dtype=object)[inverse]


def _home_cells(rng: np.random.Generator, records: Records) -> dict[str, Cells]:
    used, inverse = np.unique(records.home, return_inverse=True)
    n = len(used)
    estate = np.arange(n)
    # Most homes are flats of an estate: strangers who share all but the door.
    shared = np.flatnonzero(chance(rng, n, 0.35))
    estate[shared] = rng.integers(0, np.maximum(shared, 1))
    city = _city(used)[estate]
    drawn = (
        city,
        rng.integers(0, 60, n)[estate],  # district, taken modulo their number
        zipf(rng, len(WORDS["roads"]), n, 10)[estate],
        rng.integers(1, 999, n)[estate],
        zipf(rng, len(WORDS["estates"]), n, 6)[estate],
        rng.integers(1, 20, n),
        rng.integers(1, 4, n),
        rng.integers(1, 25, n) * 100 + rng.integers(1, 5, n),
    )
    rows = zip(*(array[inverse].tolist() for array in drawn), strict=True)
    addresses: Cells = [
        _address(i, *row) for i, row in zip(records.source.tolist(), rows, strict=True)
    ]
    cities: Cells = [CITIES[i][1] for i in city[inverse].tolist()]
    suffixed = (records.source == 1) | (records.source == 3)
    put(cities, suffixed, [f"{name}市" for name in cities])
    return {"地址": addresses, "城市": cities}


def _address(source: int, city: int, district: int, road: int, *door: int) -> str:
    province, town, _, _, districts = CITIES[city]
    number, estate, building, unit, room = door
    area = districts.split("/")[district % (districts.count("/") + 1)]
    region = "" if province == town else f"{province}省"
    street = f"{WORDS['roads'][road]}{number}号"
    garden = WORDS["estates"][estate]
    flat = f"{building}栋{unit}单元{room}室"
    dashed = f"{building}-{unit}-{room}"
    return (
        f"{town}市{area}{street}{garden}{flat}",
        f"{region}{town}市{area}{street}{garden}{dashed}",
        f"{area}{street}{garden}{flat}",
        f"{region}{town}{area}{street}{flat}",
    )[source]


def _identity_cells(records: Records) -> Cells:
    """Return resident identity numbers: place, birth date, order, check character."""
    births = records.birth.astype(str).tolist()
    rows = zip(
        records.person.tolist(),
        births,
        records.female.astype(int).tolist(),
        strict=True,
    )
    return [
        _with_check(
            f"{CITIES[person % len(CITIES)][3]}0{person % 2 + 2}"
            f"{birth.replace('-', '')}{person * 7 % 500 * 2 + 1 - female:03d}"
        )
        for person, birth, female in rows
    ]


def _with_check(digits: str) -> str:
    """Append the check character of GB 11643-1999 (ISO 7064, MOD 11-2)."""
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2 % 11
    return digits + "10X98765432"[total]


def _date_cells(birth: Days, source: Numbers) -> Cells:
    styles = (
        "{0}-{1:02d}-{2:02d}",
        "{0}/{1}/{2}",
        "{0}{1:02d}{2:02d}",
        "{0}年{1}月{2}日",
    )
    return [
        styles[i].format(*map(int, text.split("-")))
        for i, text in zip(source.tolist(), birth.astype(str).tolist(), strict=True)
    ]


def _slip(rng: np.random.Generator, columns: dict[str, Cells]) -> None:
    damage(rng, columns["邮箱"], 0.02, typo)
    for name, share in (("手机", 0.02), ("身份证", 0.02), ("出生日期", 0.02)):
        damage(rng, columns[name], share, digit_typo)
    damage(rng, columns["地址"], 0.02, digit_typo)
    damage(rng, columns["地址"], 0.02, lambda _, text: text.translate(FULL_WIDTH))
    damage(rng, columns["地址"], 0.01, lambda _, text: text.translate(TRADITIONAL))
    damage(rng, columns["手机"], 0.005, lambda _, text: text.translate(FULL_WIDTH))


def _fill(rng: np.random.Generator, columns: dict[str, Cells]) -> None:
    """Leave what people type where a form insists on an answer."""
    placeholders(rng, columns["手机"], 0.007, ("13800138000", "无", "13888888888"))
    placeholders(rng, columns["邮箱"], 0.006, ("test@test.com", "无", "123@qq.com"))
    placeholders(rng, columns["出生日期"], 0.006, ("1900-01-01", "1990-01-01"))
    placeholders(rng, columns["地址"], 0.006, ("无", "不详", "测试"))
    placeholders(rng, columns["姓名"], 0.002, ("测试", "客户", "匿名"))
