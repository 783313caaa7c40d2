"""Who the invented customers are: households, moves, namesakes, shared contacts.

Everything here is the truth; how it is written down, and how badly, is for `english`,
`chinese` and `dirt`.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

Texts = NDArray[np.object_]
Days = NDArray[np.datetime64]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

HOUSEHOLD_SIZES = (0.36, 0.29, 0.15, 0.14, 0.06)  # of 1 to 5 people
RECORDS_PER_PERSON = (0.60, 0.23, 0.10, 0.04, 0.02, 0.01)  # of 1 to 6 records
FIRST_UPDATE, LAST_UPDATE = np.datetime64("2016-01-01"), np.datetime64("2025-06-30")
YEAR = 365.25
NAMESAKES = 10_000  # at most so many in a part would have the same mailbox


@dataclass(frozen=True, slots=True)
class People:
    """One entry a person; `old_` holds what was true before the day of the change."""

    household: Numbers
    female: Flags
    birth: Days
    given: Texts
    family: Texts
    old_family: Texts
    home: Numbers
    old_home: Numbers
    mobile: Texts
    old_mobile: Texts
    mailbox: Texts
    """"" for who has none; members of a household may share one."""
    company: Numbers
    """-1 for who gave no business contact."""
    changed: Days


@dataclass(frozen=True, slots=True)
class Records:
    """One entry a record: whom it is about, and what was true on that day."""

    person: Numbers
    source: Numbers
    updated: Days
    given: Texts
    family: Texts
    home: Numbers
    mobile: Texts
    mailbox: Texts
    female: Flags
    birth: Days
    company: Numbers


def zipf(
    rng: np.random.Generator, options: int, size: int, offset: float = 0.0
) -> Numbers:
    """Return positions in a list that is ordered by falling frequency."""
    weights = 1 / (np.arange(1, options + 1) + offset)
    return rng.choice(options, size, p=weights / weights.sum())


def chance(rng: np.random.Generator, size: int, share: float) -> Flags:
    """Return True for about the given share of rows."""
    return rng.random(size) < share


def count_records(rng: np.random.Generator, n_records: int) -> Numbers:
    """Return how many records each person has; they sum to `n_records`."""
    counts = rng.choice(6, n_records, p=RECORDS_PER_PERSON) + 1
    ends = np.cumsum(counts)
    last = int(np.searchsorted(ends, n_records))
    counts[last] -= ends[last] - n_records
    return counts[: last + 1]


def populate(
    rng: np.random.Generator, n: int, language: ModuleType, part: int = 0
) -> People:
    """Return `n` people living in households.

    People of different parts of a population never have the same mailbox.
    """
    household = np.repeat(
        np.arange(n), rng.choice(5, max(n, 1), p=HOUSEHOLD_SIZES) + 1
    )[:n]
    heads = np.searchsorted(household, household)  # the row of each one's head
    position = np.arange(n) - heads
    female, birth = _bodies(rng, heads, position)
    given, family, old_family = _names(rng, heads, position, female, language)
    home, old_home = _homes(rng, household)
    mobile = language.mobiles(rng, home)
    renewed = (home != old_home) & chance(rng, n, 0.4) | chance(rng, n, 0.06)
    old_mobile = np.where(renewed, language.mobiles(rng, old_home), mobile)
    company = zipf(rng, count_companies(n), n)
    company[~chance(rng, n, 0.08)] = -1
    return People(
        household=household,
        female=female,
        birth=birth,
        given=given,
        family=family,
        old_family=old_family,
        home=home,
        old_home=old_home,
        mobile=mobile,
        old_mobile=old_mobile,
        mailbox=_mailboxes(rng, heads, birth, (given, old_family), language, part),
        company=company,
        changed=_days(rng, n),
    )


def count_companies(n_people: int) -> int:
    return max(3, n_people // 150)


def _days(rng: np.random.Generator, n: int) -> Days:
    span = int((LAST_UPDATE - FIRST_UPDATE).astype(int))
    return FIRST_UPDATE + rng.integers(0, span, n).astype("timedelta64[D]")


def _bodies(
    rng: np.random.Generator, heads: Numbers, position: Numbers
) -> tuple[Flags, Days]:
    """Head and spouse of about one age, then children, some of them twins."""
    n = len(heads)
    female = chance(rng, n, 0.5)
    spouse = (position == 1) & chance(rng, n, 0.85)
    female = np.where(spouse, ~female[heads] ^ chance(rng, n, 0.02), female)
    age = rng.normal(50, 15, n)
    age = np.where((age > 19) & (age < 92), age, rng.uniform(19, 80, n))[heads]
    age = age + np.where(spouse, rng.normal(0, 4, n), 0)
    child = (position > 0) & ~spouse
    younger = age - rng.uniform(20, 40, n)
    younger = np.where(younger > 8, younger, rng.uniform(8, 20, n))
    age = np.where(child, younger, age)
    birth = LAST_UPDATE - (age * YEAR).astype("timedelta64[D]")
    twin = np.flatnonzero((position > 2) & chance(rng, n, 0.06))
    birth[twin] = birth[twin - 1]
    return female, birth


def _names(
    rng: np.random.Generator,
    heads: Numbers,
    position: Numbers,
    female: Flags,
    language: ModuleType,
) -> tuple[Texts, Texts, Texts]:
    n = len(heads)
    given = language.givens(rng, female)
    junior = (position > 1) & (female == female[heads]) & chance(rng, n, 0.06)
    given = np.where(junior, given[heads], given)
    own = language.families(rng, n)
    keeps = (position == 1) & chance(rng, n, language.SPOUSE_KEEPS_NAME)
    family = np.where(keeps, own, own[heads])
    renames = female & (position < 2) & chance(rng, n, language.TAKES_NEW_NAME)
    old_family = np.where(renames, language.families(rng, n), family)
    # Beyond those that chance makes, some strangers are exact namesakes.
    namesake = np.flatnonzero(chance(rng, n, 0.02))
    model = rng.integers(0, max(n, 1), len(namesake))
    for names in (given, family, old_family):
        names[namesake] = names[model]
    return given, family, old_family


def _homes(rng: np.random.Generator, household: Numbers) -> tuple[Numbers, Numbers]:
    """Return present and former home: whole households move, and single members."""
    n = len(household)
    old = household.copy()
    moved = chance(rng, n, 0.09)[household]
    home = np.where(moved, n + household, old)
    leaver = np.flatnonzero(~moved & chance(rng, n, 0.03))
    home[leaver] = n + household[leaver]
    return home, old


def _mailboxes(
    rng: np.random.Generator,
    heads: Numbers,
    birth: Days,
    names: tuple[Texts, Texts],
    language: ModuleType,
    part: int,
) -> Texts:
    n = len(heads)
    mailbox = _unique(language.mailboxes(rng, *names, birth), part * NAMESAKES)
    minor = birth > LAST_UPDATE - np.timedelta64(int(16 * YEAR), "D")
    mailbox[(minor & chance(rng, n, 0.8)) | chance(rng, n, 0.05)] = ""
    shares = chance(rng, n, 0.12)[heads] & chance(rng, n, 0.7)
    return np.where(shares, mailbox[heads], mailbox)


def _unique(mailboxes: list[str], n_taken: int) -> Texts:
    """Number the mailboxes that more than one person would have.

    Each is taken by so many others already.
    """
    taken: dict[str, int] = {}
    result = np.empty(len(mailboxes), dtype=object)
    for row, mailbox in enumerate(mailboxes):
        number = taken[mailbox] = taken.get(mailbox, n_taken) + 1
        local, _, domain = mailbox.partition("@")
        # Never a number that a name with a birth year could end in.
        result[row] = mailbox if number == 1 else f"{local}.{number + 99}@{domain}"
    return result


def record(
    rng: np.random.Generator, people: People, counts: Numbers, language: ModuleType
) -> Records:
    """Return the records of people, in no order, each as of its own day."""
    person = rng.permutation(np.repeat(np.arange(len(counts)), counts))
    n = len(person)
    updated = _days(rng, n)
    before = updated < people.changed[person]
    source = rng.choice(4, n, p=language.SOURCE_SHARES)
    # Who has no mailbox cannot have joined by e-mail.
    source[(people.mailbox[person] == "") & (source == 3)] = 0
    return Records(
        person=person,
        source=source,
        updated=updated,
        given=people.given[person],
        family=np.where(before, people.old_family[person], people.family[person]),
        home=np.where(before, people.old_home[person], people.home[person]),
        mobile=np.where(before, people.old_mobile[person], people.mobile[person]),
        mailbox=people.mailbox[person],
        female=people.female[person],
        birth=people.birth[person],
        company=people.company[person],
    )
