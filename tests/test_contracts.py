"""Every built-in plug-in keeps the contract that plug-ins of users must keep."""

from __future__ import annotations

import pytest

from custmerge.blockers import BLOCKERS
from custmerge.comparators import COMPARATORS
from custmerge.kinds import Kind
from custmerge.normalizers import NORMALIZERS, Date, Phone, as_normalizer
from custmerge.survivorship import (
    SURVIVORSHIP_RULES,
    longest,
    most_frequent,
    most_recent,
    valid_first,
)
from custmerge.testing import (
    check_blocker,
    check_comparator,
    check_normalizer,
    check_survivorship_rule,
)

TYPICAL = (
    "Dr. Ann-Marie O'Neil Jr.",
    "Müller, Jürgen",
    "van den Berg",
    "Ærøskøbing",
    "欧阳娜娜",
    "北京小桔科技有限公司",
    "广东省深圳市南山区科技园1号楼",
    "Smith & Sons Ltd.",
    "Flat 2, 10 St. John's Road",
    "Unit 5/12 High St",
    "+44 20 7946 0018",
    "(020) 7946-0018 ext. 5",
    "138 0013 8000",
    "ann.lee+news@googlemail.com",
    "SW1A 2AA",
    "60601-1234",
    "1985-07-03",
    "03/07/1985",
    "July 3rd, 1985",
    "11010519491231002X",
    "https://www.Example.com/a/?b#c",
    "United Kingdom",
    "New South Wales",
    "female",
    "12,345.60",
)
PEOPLE = (
    {"value": "Ann Lee", "source": "crm", "at": "2024-05-01"},
    {"value": "Anne Lee", "source": "web", "at": "1/6/2024"},
    {"value": "Ann Lee", "source": None, "at": "not known"},
    {"value": "Bo", "source": "shop", "at": None},
)


# These return a part of a value, and a part may have a part again.
DERIVING = {
    *("birth_date_of_identifier", "gender_of_identifier"),
    *("family_of_full_name", "given_of_full_name"),
}


@pytest.mark.parametrize("name", sorted(set(NORMALIZERS) - DERIVING))
def test_built_in_normalizer_keeps_its_contract(name: str) -> None:
    check_normalizer(name, TYPICAL)


@pytest.mark.parametrize("region", ["US", "CN", "DE"])
def test_phone_normalizer_keeps_its_contract_in_every_region(region: str) -> None:
    check_normalizer(Phone(region), TYPICAL)


@pytest.mark.parametrize("day_first", [True, False])
def test_date_normalizer_keeps_its_contract_with_a_day_order(day_first: bool) -> None:
    check_normalizer(Date(day_first=day_first), TYPICAL)


@pytest.mark.parametrize("name", COMPARATORS)
def test_built_in_comparator_keeps_its_contract(name: str) -> None:
    check_comparator(name, TYPICAL)


@pytest.mark.parametrize("name", COMPARATORS)
def test_built_in_comparator_keeps_its_contract_on_normalized_names(name: str) -> None:
    standard = as_normalizer("full_name").normalize(TYPICAL)
    check_comparator(name, [value for value in standard if value is not None])


@pytest.mark.parametrize("name", BLOCKERS)
def test_built_in_blocker_keeps_its_contract(name: str) -> None:
    records = [{"value": text} for text in TYPICAL]
    check_blocker({"name": name, "field": "value"}, records)


def test_phonetic_keys_of_exchanged_names_keep_their_contract() -> None:
    records = [
        {"given": a, "family": b} for a, b in zip(TYPICAL, TYPICAL[::-1], strict=True)
    ]
    check_blocker(
        {"name": "phonetic", "field": "given", "swaps_with": "family"}, records
    )


PARAMETERS: dict[str, dict[str, object]] = {
    "prefer": {"condition": {"source": "crm"}},
    "source_priority": {"sources": ["crm", "web"], "column": "source"},
    "source_trust": {
        "sources": {"crm": 90, "web": {"max": 70, "decay": "slow_then_fast"}},
        "period": 365,
        "by": "at",
        "column": "source",
        "invalid_downgrade": 0.5,
        "kind": "email",
    },
    "when": {
        "condition": {"source": ["crm", "", "李小龍"]},
        "rule": ["most_frequent", "most_recent"],
        "otherwise": {"name": "valid_first", "kind": "phone", "region": "CN"},
    },
}
"""What a built-in rule cannot do without."""


@pytest.mark.parametrize("name", SURVIVORSHIP_RULES)
def test_built_in_survivorship_rule_keeps_its_contract(name: str) -> None:
    check_survivorship_rule({"name": name, **PARAMETERS.get(name, {})}, PEOPLE)


@pytest.mark.parametrize("kind", list(Kind))
def test_valid_first_keeps_its_contract_for_every_kind(kind: Kind) -> None:
    check_survivorship_rule(valid_first(kind), PEOPLE)


@pytest.mark.parametrize("name", ["most_recent", "oldest"])
def test_rule_by_time_keeps_its_contract_with_a_column(name: str) -> None:
    check_survivorship_rule({"name": name, "by": "at"}, PEOPLE)


def test_chain_of_rules_keeps_its_contract() -> None:
    rule = most_recent("at").then(most_frequent()).then(longest())
    check_survivorship_rule(rule, PEOPLE)
