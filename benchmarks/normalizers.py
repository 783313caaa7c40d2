"""Normalizers: the answers of the fast path beside those of the libraries, and µs.

Phone numbers are compared with phonenumbers region by region, all other values with
what custmerge makes of each of them alone, where nothing is usual. Values are
generated, and taken from the sets in `CUSTMERGE_DATA` or `../shared/data` if they are
there.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import phonenumbers

import custmerge as cm
import datasets
import generate
from custmerge.normalizers import Phone, as_normalizer
from custmerge.protocols import Normalizer

Row = tuple[str, int, int, float, float]
"""Values, how many, how many differ, µs for each of the library and of custmerge."""
_FORMATS = (
    phonenumbers.PhoneNumberFormat.E164,
    phonenumbers.PhoneNumberFormat.NATIONAL,
    phonenumbers.PhoneNumberFormat.INTERNATIONAL,
)
_UNUSUAL = "\u200b"
"""Dropped from any text, it makes a value one that is looked at alone."""


def by_library(value: str, region: str) -> str | None:
    """Return the number in E.164 if phonenumbers holds it for possible."""
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        return None
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    e164: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return e164


def numbers_of(region: str, n_values: int, seed: int = 0) -> list[str]:
    """Return numbers of a region with some digits changed, in many ways to write."""
    chance = random.Random(f"{region} {seed}")
    kinds = range(phonenumbers.PhoneNumberType.VOICEMAIL + 1)
    examples = [phonenumbers.example_number_for_type(region, kind) for kind in kinds]
    formats = [
        phonenumbers.format_number(number, form)
        for number in examples
        if number is not None
        for form in _FORMATS
    ]
    values = []
    for _ in range(n_values if formats else 0):
        digits = list(chance.choice(formats))
        for place in chance.sample(range(len(digits)), chance.randrange(4)):
            digits[place] = chance.choice("0123456789")
        values.append(chance.choice(("", "", "", "0", "00", "+")) + "".join(digits))
    return list(dict.fromkeys(values))


def phones(region: str, values: Sequence[str]) -> Row:
    """Compare numbers of one region with what phonenumbers says."""
    expected, slow = _timed(lambda: [by_library(value, region) for value in values])
    found, fast = _timed(lambda: Phone(region).normalize(values))
    differ = 0
    for value, right, ours in zip(values, expected, found, strict=True):
        # What is no number for phonenumbers, placeholders, and 00 for a plus are ours.
        if right is not None and by_library(right, region) == right:
            is_ours = re.sub(r"\D", "", value).startswith("00")
            differ += not is_ours and ours not in {right, None}
    return f"phone {region}", len(values), differ, slow, fast


def alone(label: str, normalizer: Normalizer, values: Sequence[str]) -> Row:
    """Compare values normalized at once with each of them normalized alone."""
    unusual = [f"{value}{_UNUSUAL}" for value in values]
    expected, slow = _timed(lambda: normalizer.normalize(unusual))
    found, fast = _timed(lambda: normalizer.normalize(values))
    differ = sum(a != b for a, b in zip(expected, found, strict=True))
    return label, len(values), differ, slow, fast


def _timed(
    function: Callable[[], Sequence[str | None]],
) -> tuple[Sequence[str | None], float]:
    start = time.process_time()
    found = function()
    return found, (time.process_time() - start) / max(len(found), 1) * 1e6


def of_tables(n_records: int) -> Iterator[Row]:
    """Yield a row for each field of generated tables, and of the sets that are here."""
    for language in ("en", "zh"):
        columns = generate.generate(n_records, language=language, seed=0)
        columns.pop(datasets.TRUTH)
        yield from of_table(language, columns)
    data = Path(os.environ.get("CUSTMERGE_DATA", "../shared/data"))
    for folder in sorted(data.glob("*/records.csv")):
        yield from of_table(folder.parent.name, str(folder))


def of_table(name: str, records: object) -> Iterator[Row]:
    dataset = cm.io.read(records)
    for field in cm.infer_config(records).compared:
        values = dataset.encode(field.columns[0]).values
        normalizer = as_normalizer(field.normalizer)
        if isinstance(normalizer, Phone):
            yield phones(normalizer.region, values)
        else:
            yield alone(f"{name} {field.name}", normalizer, values)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; return 1 where an answer differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--values", type=int, default=1000, help="for each region")
    parser.add_argument("--records", type=int, default=20_000, help="of each language")
    parser.add_argument("--regions", help="such as US,CN; by default all")
    given = parser.parse_args(arguments)
    all_regions = ",".join(sorted(phonenumbers.SUPPORTED_REGIONS))
    rows = [
        phones(region, numbers_of(region, given.values))
        for region in (given.regions or all_regions).split(",")
    ]
    if given.records:
        rows += of_tables(given.records)
    print(f"{'values':40s} {'n':>8s} {'differ':>6s} {'µs alone':>9s} {'µs':>7s}")
    for label, n_values, differ, slow, fast in rows:
        print(f"{label:40s} {n_values:8d} {differ:6d} {slow:9.2f} {fast:7.2f}")
    return int(any(differ for _, _, differ, _, _ in rows))


if __name__ == "__main__":
    raise SystemExit(main())
