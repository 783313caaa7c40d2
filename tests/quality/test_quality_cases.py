"""What single values and single records are taken for, right ones and tempting ones."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import custmerge as cm
from custmerge.quality import inspect, judge
from custmerge.records import RecordTable

CASES = Path(__file__).parent.parent / "cases"
TODAY = date(2026, 6, 1)
CUSTOMER = cm.Config(
    (
        cm.Field("given", kind="given_name"),
        cm.Field("family", kind="family_name"),
        cm.Field("company", kind="organisation"),
        cm.Field("email", kind="email"),
        cm.Field("phone", kind="phone", normalize={"name": "phone", "region": "GB"}),
        cm.Field("address", kind="address"),
        cm.Field("identifier", kind="identifier"),
        cm.Field("born", kind="birth_date"),
    ),
    created_at="created",
)


def rows(name: str) -> list[dict[str, str]]:
    with (CASES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@pytest.mark.parametrize("case", rows("quality"), ids=lambda case: case["value"])
def test_issue_of_a_value_is_the_expected_one(case: dict[str, str]) -> None:
    phone = {"name": "phone", "region": case["region"]}
    normalize: Any = phone if case["kind"] == "phone" else "auto"
    field = cm.Field("value", kind=case["kind"], normalize=normalize)
    report = cm.check({"value": case["value"]}, cm.Config((field,)))
    assert "; ".join(issue.issue for issue in report.issues) == case["issue"]


def test_records_are_ghosts_for_the_expected_reasons_alone() -> None:
    cases = rows("ghosts")
    phones = {"13912345678": "+86 139 1234 5678", "13800138000": "+86 138 0013 8000"}
    records = [
        {name: phones.get(cell, cell) for name, cell in case.items()} for case in cases
    ]
    verdict = judge(inspect(RecordTable.from_mappings(records), CUSTOMER, TODAY))
    found = [reasons or "" for reasons in verdict.reasons.decode()]
    wrong = [
        (case, reasons)
        for case, reasons in zip(cases, found, strict=True)
        if case["reasons"] != reasons
    ]
    assert wrong == []
