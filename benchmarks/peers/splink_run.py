"""Splink on one file, set up as its documentation advises, from the columns' names.

    python splink_run.py RECORDS.csv ANSWER.csv

Names with term frequencies, dates of birth, e-mails, postcodes and telephone numbers
get the comparisons made for them; u from random sampling, m by two EM sessions, one
cluster for each component of links of 0.95 or more. Prints one line of JSON.
"""

from __future__ import annotations

import csv
import json
import logging
import re
import resource
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

KINDS = {
    "email": r"e-?mail|邮箱",
    "phone": r"phone|mobile|手机|电话",
    "birth": r"dob|birth_?date|出生",
    "given": r"given_?name|first_?name|fname",
    "family": r"family_?name|last_?name|surname|lname",
    "full_name": r"^(full_|company_|site_)?name$|姓名",
    "postcode": r"post_?(al_)?code|zip",
    "city": r"city|suburb|城市",
    "address": r"addr|street_name|地址",
    "identifier": r"soc_sec|ssn|身份证",
    "category": r"gender|sex|性别|^state$|^b[ymd]$",
}
DATE_FORMATS = (
    "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%Y%m%d", "%d-%m-%Y",
    "%Y年%m月%d日",
)  # fmt: skip
PLACEHOLDERS = frozenset({
    "", "n/a", "none", "unknown", "same", "test@test.com", "none@none.com",
    "0000000000", "1234567890", "1900-01-01", "1970-01-01", "3800138000",
    "无", "不详", "测试",
})  # fmt: skip
BLOCKING = (
    ("email",), ("phone",), ("identifier",), ("given", "family"), ("family", "birth"),
    ("given", "birth"), ("full_name",), ("address",), ("family", "postcode"),
    ("given", "postcode"), ("birth", "postcode"),
)  # fmt: skip
CERTAIN = (
    ("identifier",), ("given", "family", "birth"), ("given", "family", "email"),
    ("given", "family", "phone"), ("full_name", "birth"),
    ("full_name", "email"), ("full_name", "phone"),
)  # fmt: skip
TRAINING = (
    ("given", "family"),
    ("full_name",),
    ("birth",),
    ("email",),
    ("phone",),
    ("city",),
)


def main() -> None:
    records_path, answer_path = map(Path, sys.argv[1:3])
    logging.getLogger("splink").setLevel(logging.ERROR)
    with records_path.open(encoding="utf-8", newline="") as file:
        records = list(csv.DictReader(file))
    start, cpu = time.perf_counter(), time.process_time()
    ids = next(iter(records[0]))
    columns = kinds(list(records[0])[1:])
    cells = {
        kind: pa.array([clean(kind, record[name]) for record in records], pa.string())
        for kind, name in columns.items()
    }
    table = pa.table({"unique_id": [record[ids] for record in records], **cells})
    clusters = cluster(table, set(columns))
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    with answer_path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "entity_id"])
        writer.writerows((row["unique_id"], row["cluster_id"]) for row in clusters)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak_mb": peak}))


def kinds(names: list[str]) -> dict[str, str]:
    """Return the first column of each kind."""
    found: dict[str, str] = {}
    for kind, pattern in KINDS.items():
        for name in names:
            if re.search(pattern, name, re.IGNORECASE) and name not in found.values():
                found.setdefault(kind, name)
    if {"given", "family"} <= set(found):
        found.pop("full_name", None)  # the same evidence twice
    return found


def clean(kind: str, cell: str) -> str | None:
    text = cell.strip().lower()
    if kind == "phone":
        text = re.sub(r"\D", "", text)[-10:]  # without the country's code
    elif kind == "birth":
        text = _iso_date(text) or ""
    return None if text in PLACEHOLDERS else text


def _iso_date(text: str) -> str | None:
    for form in DATE_FORMATS:
        try:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007  a date
        except ValueError:
            continue
    return None


def _comparisons(present: set[str]) -> list[Any]:
    """Return the comparison that Splink's documentation has for each kind."""
    named: dict[str, Callable[[], Any]] = {
        "given": lambda: cl.NameComparison("given"),
        "family": lambda: cl.NameComparison("family"),
        "full_name": lambda: cl.NameComparison("full_name"),
        "birth": lambda: cl.DateOfBirthComparison("birth", input_is_string=True),
        "email": lambda: cl.EmailComparison("email"),
        "phone": lambda: cl.LevenshteinAtThresholds("phone", [1, 2]),
        "identifier": lambda: cl.LevenshteinAtThresholds("identifier", [1, 2]),
        "postcode": lambda: cl.LevenshteinAtThresholds("postcode", 1),
        "address": lambda: cl.JaroWinklerAtThresholds("address", [0.95, 0.85]),
        "city": lambda: cl.JaroWinklerAtThresholds("city", 0.9),
        "category": lambda: cl.ExactMatch("category"),
    }
    if "address" in present:
        present = present - {"city", "postcode"}  # one fact must not count three times
    adjusted = {"given", "family", "full_name", "city"}
    return [
        make().configure(term_frequency_adjustments=True)
        if kind in adjusted
        else make()
        for kind, make in named.items()
        if kind in present
    ]


def cluster(table: pa.Table, present: set[str]) -> list[dict[str, Any]]:
    def rules(options: tuple[tuple[str, ...], ...]) -> list[Any]:
        return [block_on(*option) for option in options if present.issuperset(option)]

    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=_comparisons(present),
        blocking_rules_to_generate_predictions=rules(BLOCKING),
    )
    linker = Linker(DuckDBAPI().register(table), settings)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        rules(CERTAIN) or rules(BLOCKING)[:1], recall=0.7
    )
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in rules(TRAINING)[:2]:
        training.estimate_parameters_using_expectation_maximisation(rule)
    pairs = linker.inference.predict(threshold_match_weight=-5)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, 0.95)
    found: list[dict[str, Any]] = clusters.as_record_list()
    return found


if __name__ == "__main__":
    main()
