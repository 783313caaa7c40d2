"""Arguments of rules that do not fit: told when the rule is built, all at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import custmerge as cm
from custmerge.survivorship import SURVIVORSHIP_RULES, as_survivorship_rule

COLUMN = "must be the name of a column"


@pytest.mark.parametrize(
    ("build", "arguments", "expected"),
    [
        (cm.most_recent, {"by": 5}, f"most_recent: by {COLUMN}"),
        (cm.most_recent, {"by": ""}, f"most_recent: by {COLUMN}"),
        (
            cm.most_recent,
            {"by": ["更新时间"], "missing": "no", "day_first": "yes"},
            f"by {COLUMN}, such as 'updated_at'; missing must be 'last' or 'first'; d",
        ),
        (cm.oldest, {"by": 5}, f"oldest: by {COLUMN}"),
        (cm.most_complete, {"columns": "name"}, "columns must be a list of column"),
        (cm.most_frequent, {"normalized": "yes"}, "normalized must be True or False"),
        (cm.total, {"of": 5}, f"total: of {COLUMN}"),
        (cm.mean, {"of": 5}, f"mean: of {COLUMN}"),
        (cm.count, {"of": 5}, f"count: of {COLUMN}"),
        (cm.minimum, {"of": 5}, f"minimum: of {COLUMN}"),
        (cm.latest, {"of": 5}, f"latest: of {COLUMN}"),
        (
            cm.collect,
            {"of": 5, "distinct": None, "joined": 3},
            f"of {COLUMN}, such as 'updated_at'; distinct must be True or False; j",
        ),
        (
            cm.rfm,
            {"last_order": 3, "orders": "订单数", "spend": None},
            "rfm: last_order, spend must be names of columns",
        ),
        (cm.source_trust, {"sources": {5: 90}}, "give each source its trust"),
        (cm.source_priority, {"sources": "crm"}, r"source_priority(['crm', 'shop'])"),
        (cm.source_priority, {"sources": 5}, "needs the list of sources"),
        (cm.source_priority, {"sources": [5]}, "needs the list of sources"),
        (cm.source_priority, {"sources": [["crm"]]}, "needs the list of sources"),
        (cm.source_priority, {"sources": ["crm"], "column": 5}, f"column {COLUMN}"),
        (
            cm.source_trust,
            {"sources": {"crm": 90}, "by": 5, "column": 5},
            f"source_trust: by {COLUMN}, such as 'updated_at'; column {COLUMN}",
        ),
    ],
)
def test_arguments_that_do_not_fit_are_one_error(
    build: Callable[..., object], arguments: dict[str, Any], expected: str
) -> None:
    with pytest.raises(cm.InvalidConfigError) as raised:
        build(**arguments)
    assert expected in str(raised.value)


@pytest.mark.parametrize("name", sorted(SURVIVORSHIP_RULES))
@pytest.mark.parametrize("argument", ["by", "of", "column"])
def test_columns_of_rules_in_files_must_be_names(name: str, argument: str) -> None:
    if hasattr(SURVIVORSHIP_RULES[name], argument):
        with pytest.raises(cm.InvalidConfigError):
            as_survivorship_rule({"name": name, argument: 5})
