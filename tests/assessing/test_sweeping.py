from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from tests.strategies import people

import custmerge as cm
from custmerge.evaluation import pairwise as pairwise_score

PEOPLE = people(60)
BARE = ("first_name", "last_name", "city")
AGAIN = [{name: row[name] for name in BARE} for row in PEOPLE[:15]]
MISTYPED = [
    {**row, "last_name": f"{row['last_name']}x", "email": None} for row in PEOPLE[15:30]
]
CHINESE = [{"first_name": "小明", "last_name": "王", "city": "北京"}] * 2
ROWS: list[dict[str, Any]] = [*PEOPLE, *AGAIN, *MISTYPED, *CHINESE]
TRUTH = [*range(60), *range(30), 99, 99]
RESULT = cm.resolve(ROWS)


def test_the_own_threshold_gives_the_result_itself() -> None:
    (point,) = cm.sweep(RESULT, [RESULT.config.threshold], truth=TRUTH).points
    assert point.n_entities == RESULT.n_entities
    assert point.n_merged == len(ROWS) - RESULT.n_entities
    assert point.largest == RESULT.sizes.max()
    actual = pairwise_score(RESULT.labels.tolist(), TRUTH)
    assert (point.precision, point.recall) == (actual.precision, actual.recall)
    (guess,) = cm.sweep(RESULT, [RESULT.config.threshold]).points
    assert guess.precision == pytest.approx(RESULT.diagnostics.precision)
    assert guess.recall == pytest.approx(RESULT.diagnostics.recall)


@pytest.mark.parametrize("threshold", [0.1, 0.9, 0.999])
def test_a_threshold_gives_what_a_run_with_it_gives(threshold: float) -> None:
    config = replace(RESULT.config, threshold=threshold)
    again = cm.resolve(ROWS, config=config, model=RESULT.model)
    (point,) = cm.sweep(RESULT, [threshold], truth=again.labels).points
    assert point.f1 == 1.0
    assert point.n_entities == again.n_entities


def test_decisions_hold_at_every_threshold() -> None:
    decided = RESULT.decide([(0, 60, False), (1, 2, True)])
    swept = cm.sweep(decided, [0.01, 0.99], truth=[(0, 60, True), (1, 2, True)])
    assert [(point.precision, point.recall) for point in swept.points] == [(1, 0.5)] * 2


def test_fewer_pairs_reach_a_higher_threshold() -> None:
    swept = cm.sweep(RESULT)
    thresholds = [point.threshold for point in swept.points]
    assert thresholds == sorted(thresholds)
    assert RESULT.config.threshold in thresholds
    for low, high in pairwise(swept.points):
        assert low.n_links >= high.n_links
    assert swept.is_estimated
    assert swept.best.f1 == max(point.f1 for point in swept.points)


def test_configurations_are_run_one_by_one() -> None:
    frame = pd.DataFrame(ROWS)
    config = cm.infer_config(frame)
    strict = replace(config, threshold=0.9999)
    swept = cm.sweep(frame, configs={"usual": config, "strict": strict}, truth=TRUTH)
    assert isinstance(swept.table, pd.DataFrame)
    assert swept.table["config"].tolist() == ["usual", "strict"]
    assert swept.points[0].n_merged >= swept.points[1].n_merged
    assert swept.points[1].threshold == 0.9999
    assert not swept.is_estimated


def test_a_sweep_is_a_table_and_plain_data() -> None:
    swept = cm.sweep(RESULT, [0.5, 0.9], truth=TRUTH)
    assert [row["threshold"] for row in swept.table] == [0.5, 0.9]
    assert "config" not in swept.table[0]
    assert repr(swept).startswith(f"Sweep({len(swept.points)} thresholds, highest ")
    assert str(swept).splitlines()[0].split()[:2] == ["threshold", "entities"]
    assert "est. F1" in str(cm.sweep(RESULT, [0.5]))
    assert "<table>" in swept._repr_html_()
    plain = json.loads(json.dumps(swept.to_dict()))
    assert plain["points"][1]["f1"] == swept.points[1].f1


def test_what_cannot_be_swept_is_an_error() -> None:
    for thresholds in ([], [0.5, 1.0], ["high"]):
        with pytest.raises(cm.InvalidConfigError, match="thresholds must be"):
            cm.sweep(RESULT, thresholds)  # type: ignore[arg-type]
    with pytest.raises(cm.InvalidInputError, match="takes a Resolution"):
        cm.sweep(ROWS)
    configs: Any
    for configs in ({}, {"a": 1}, [RESULT.config]):
        with pytest.raises(cm.InvalidConfigError, match="map names"):
            cm.sweep(ROWS, configs=configs)
    with pytest.raises(cm.InvalidConfigError, match="takes records"):
        cm.sweep(RESULT, configs={"a": RESULT.config})


def test_nothing_can_be_swept_too() -> None:
    (point,) = cm.sweep(cm.resolve([]), [0.5]).points
    assert (point.n_entities, point.largest) == (0, 0)
