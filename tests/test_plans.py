from __future__ import annotations

import json

import custmerge as cm
from custmerge.plans import KeyPlan, Plan

PLAN = Plan(
    1000,
    2,
    (KeyPlan("email:exact", 10, 30, 4), KeyPlan("name:spelling", 5, 7, 2)),
    35,
    30_000,
    35,
    {"read": 1.0, "compare": 119.0},
    3 * 2**30,
    2**31,
)


def test_what_is_expected_is_shown_with_its_limit() -> None:
    lines = str(PLAN).splitlines()
    assert "  pairs to compare: at most 35; budget 30,000" in lines
    assert "  time: about 2 min" in lines
    assert "  memory: about 3.0 GiB above the records; limit 2.0 GiB" in lines
    assert lines[-1].split() == ["name:spelling", "5", "7", "2"]


def test_a_repr_says_the_most_telling_of_it() -> None:
    assert repr(PLAN).endswith("at most 35 pairs, about 2 min and 3.0 GiB)")


def test_a_notebook_shows_a_row_for_each_key() -> None:
    html = PLAN._repr_html_()
    assert "<td>email:exact</td><td>10</td><td>30</td><td>4</td>" in html


def test_a_plan_fits_where_its_memory_is_within_the_limit() -> None:
    assert not PLAN.fits
    assert cm.plan([{"name": "Ann Lee"}] * 2, memory=None).fits


def test_a_plan_is_plain_data_for_json() -> None:
    plain = json.loads(json.dumps(PLAN.to_dict()))
    assert plain["keys"][0]["key"] == "email:exact"
    assert plain["seconds"] == {"read": 1.0, "compare": 119.0}
