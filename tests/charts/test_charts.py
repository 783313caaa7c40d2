from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest

import custmerge as cm
from custmerge import charts
from custmerge.charts import entities
from custmerge.charts.drawing import Chart, as_bits
from custmerge.classifier import probability

FILE = "examples/customers.csv"
CHINESE = [
    {"编号": "A1", "姓名": "王晓明", "手机": "13812345678", "城市": "上海"},
    {"编号": "A2", "姓名": "王小明", "手机": "13812345678", "城市": "上海市"},
    {"编号": "A3", "姓名": "李芳", "手机": "13987654321", "城市": "北京"},
]


@pytest.fixture(scope="module")
def result() -> cm.Resolution:
    return cm.resolve(FILE)


def drawn(chart: Chart) -> dict[str, Any]:
    """The chart as Vega-Lite takes it, which Altair checks against its schema."""
    document: dict[str, Any] = chart.to_dict()
    return document


def rows_of(chart: Chart) -> list[dict[str, Any]]:
    """The rows of all its layers, in order, those of several layers once."""
    parts: list[list[dict[str, Any]]] = []

    def gather(node: object) -> None:
        if isinstance(node, list):
            for part in node:
                gather(part)
        if isinstance(node, dict):
            values = node.get("data", {}).get("values", [])
            parts.extend([] if values in parts else [values])
            for part in node.values():
                gather(part)

    gather(drawn(chart))
    return [row for part in parts for row in part]


def test_match_weights_are_the_log_odds_of_each_level(result: cm.Resolution) -> None:
    model = result.model
    assert isinstance(model, cm.FellegiSunter)
    rows = rows_of(charts.match_weights(result))
    for item in model.fields:
        bits = [row["bits"] for row in rows if row["field"] == item.name][::-1]
        shares = zip(item.match[0], item.unrelated[0], strict=True)
        assert bits == pytest.approx([np.log2(m / u) for m, u in shares])
    assert rows == rows_of(charts.match_weights(model))


def test_match_weights_of_another_model_says_what_it_draws() -> None:
    with pytest.raises(cm.InvalidInputError, match="FellegiSunter"):
        charts.match_weights("model")


def test_each_compared_pair_is_in_one_bar_of_the_distribution(
    result: cm.Resolution,
) -> None:
    rows = [
        row for row in rows_of(charts.weight_distribution(result)) if "pairs" in row
    ]
    weights = np.clip(result.weights, -40, 40)
    last = rows[-1]
    for row in rows:
        above = weights >= row["from"]
        below = weights <= row["to"] if row is last else weights < row["to"]
        assert row["pairs"] == int((above & below).sum())
    assert sum(row["pairs"] for row in rows) == len(weights)


def test_a_result_without_pairs_has_a_distribution_too() -> None:
    with pytest.warns(cm.CustmergeWarning, match="no two records share"):
        alone = cm.resolve([{"name": "Ann Lee"}, {"name": "Bo Chan"}])
    rows = rows_of(charts.weight_distribution(alone))
    assert sum(row.get("pairs", 0) for row in rows) == 0


def test_reliability_shows_the_bins_and_the_diagonal() -> None:
    rows = rows_of(charts.reliability([0.1, 0.9, 1.0], [False, True, False]))
    observed = {(row["said"], row["observed"]) for row in rows}
    assert observed == {(0.1, 0.0), (0.9, 1.0), (1.0, 0.0), (0, 0), (1, 1)}


def test_reliability_of_a_result_takes_its_compared_pairs(
    result: cm.Resolution,
) -> None:
    pairs, same = result.compared, result.labels
    found = (same[pairs.left] == same[pairs.right]).tolist()
    by_hand = charts.reliability(probability(result.weights), found)
    assert rows_of(charts.reliability(result, result.labels)) == rows_of(by_hand)
    some = [None if row % 3 else label for row, label in enumerate(same.tolist())]
    known = (pairs.left % 3 == 0) & (pairs.right % 3 == 0)
    by_hand = charts.reliability(
        probability(result.weights[known]),
        [x for x, k in zip(found, known, strict=True) if k],
    )
    assert rows_of(charts.reliability(result, some)) == rows_of(by_hand)


def test_reliability_of_labels_leaves_out_pairs_that_were_not_compared() -> None:
    result = cm.resolve(CHINESE)
    chances = {
        (row["left_id"], row["right_id"]): row["probability"] for row in result.pairs
    }
    assert ("A1", "A3") not in chances
    labels = [("A3", "A1", False), ("A2", "A1", True)]
    shown = rows_of(charts.reliability(result, labels))
    (row,) = [row for row in shown if "pairs" in row]
    assert (row["said"], row["pairs"]) == (pytest.approx(chances["A1", "A2"]), 1)
    assert (row["observed"], row["low"], row["high"]) == (
        1,
        pytest.approx(0.2065, abs=1e-4),
        1,
    )


def test_a_sweep_shows_every_measure_of_every_threshold(result: cm.Resolution) -> None:
    swept = cm.sweep(result, [0.2, 0.5, 0.9999])
    rows = rows_of(charts.sweep(swept))
    shares = {
        (row["at"], row["measure"]): row["share"] for row in rows if "share" in row
    }
    assert shares == {
        (f"{point.threshold:g}", measure): share
        for point in swept.points
        for measure, share in (
            ("precision", point.precision),
            ("recall", point.recall),
            ("F1", point.f1),
        )
    }
    links = [row for row in rows if "links" in row]
    assert [row["links"] for row in links] == [x.n_links for x in swept.points]
    assert [row["bits"] for row in links] == pytest.approx([-2, 0, 13.287], abs=1e-3)
    assert "by estimate" in drawn(charts.sweep(swept))["title"]["subtitle"]


def test_a_sweep_of_configurations_names_them_and_joins_nothing() -> None:
    config = cm.infer_config(CHINESE)
    configs = {"推断": config, "strict": replace(config, threshold=0.9999)}
    swept = cm.sweep(CHINESE, configs=configs, truth=[1, 1, 2])
    chart = drawn(charts.sweep(swept))
    assert {part["mark"]["type"] for part in chart["vconcat"]} == {"point"}
    rows = rows_of(charts.sweep(swept))
    assert [row["at"] for row in rows if "links" in row] == ["推断", "strict"]
    best = f"highest F1: {swept.best.f1:.3f} ({swept.best.config})"
    assert chart["title"]["subtitle"] == best


def test_blocking_shows_all_keys_and_splits_what_fields_find(
    result: cm.Resolution,
) -> None:
    rows = rows_of(charts.blocking(result))
    pairs = sum(row["pairs"] for row in rows if "key" in row)
    assert pairs == sum(report.n_pairs for report in result.blocking)
    for one in result.diagnostics.blocking_fields:
        shares = [row["share"] for row in rows if row.get("field") == one.field]
        assert sum(shares) == pytest.approx(one.share)


def test_entity_sizes_count_all_entities_and_records(result: cm.Resolution) -> None:
    rows = rows_of(charts.entity_sizes(result))
    assert sum(row["entities"] for row in rows) == result.n_entities
    assert sum(row["entities"] * row["records"] for row in rows) == len(result.labels)


def test_completeness_is_that_of_the_summary(result: cm.Resolution) -> None:
    shown = {
        (row["field"], row["of"]): row["completeness"]
        for row in rows_of(charts.completeness(result))
    }
    summary = result.quality.summary
    named = {
        ("before", None): "all records",
        ("after", None): "golden records",
    }
    told = {
        (row["field"], named.get((row["stage"], row["source"]), row["source"])): row[
            "completeness"
        ]
        for row in summary
    }
    assert shown == told


def test_an_entity_graph_holds_all_compared_pairs_and_a_tree(
    result: cm.Resolution,
) -> None:
    entity = int(result.sizes.argmax())
    members = np.flatnonzero(result.labels == entity).tolist()
    compared = set(
        zip(result.compared.left.tolist(), result.compared.right.tolist(), strict=True)
    )
    inside = [pair for pair in combinations(members, 2) if pair in compared]
    links = [row for row in rows_of(charts.entity_graph(result, entity)) if "x2" in row]
    assert len(links) == len(inside)
    assert sum(row["holds"] for row in links) == len(members) - 1
    threshold = result.config.threshold
    assert {row["pair"] for row in links if row["probability"] > threshold + 1e-3} <= {
        "link"
    }


def test_names_of_a_graph_are_written_away_from_it(result: cm.Resolution) -> None:
    chart = drawn(charts.entity_graph(result, int(result.sizes.argmax())))
    names = [layer for layer in chart["layer"] if layer["mark"]["type"] == "text"]
    written = [
        (row["record"], row["x"], layer["mark"]["align"])
        for layer in names
        for row in layer["data"]["values"]
    ]
    assert (
        len({record for record, _, _ in written}) == len(written) == max(result.sizes)
    )
    for _, x, align in written:
        assert align == ("left" if x > 1e-6 else "right" if x < -1e-6 else "center")


def test_a_large_entity_is_no_graph(
    result: cm.Resolution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entities, "_MOST_RECORDS", 1)
    with pytest.raises(cm.InvalidInputError, match="cannot be told apart"):
        charts.entity_graph(result, int(result.sizes.argmax()))


def test_a_waterfall_goes_from_the_prior_to_the_weight() -> None:
    result = cm.resolve(CHINESE)
    explained = result.explain("A1", "A2")
    chart = charts.waterfall(explained)
    steps = [row for row in rows_of(chart) if "bits" in row]
    assert [row["from"] for row in steps[1:-1]] == [row["to"] for row in steps[:-2]]
    assert steps[-1]["bits"] == pytest.approx(explained.weight)
    assert steps[-1]["to"] == pytest.approx(explained.weight)
    told = json.dumps(drawn(chart), ensure_ascii=False)
    assert "given_name: 晓明 | 小明" in told
    assert "Noto Sans CJK SC" in told


def test_a_field_named_as_a_part_of_the_weight_has_a_bar_of_its_own() -> None:
    names = {"prior": "family_name", "weight": "phone", "related": "address"}
    people = [
        {"prior": "Lindqvist", "weight": "020 7946 0001", "related": "1 'Oak\\ Street"},
        {"prior": "Lindqvist", "weight": "020 7946 0002", "related": "1 Oak St, 上海"},
        {"prior": "Smith", "weight": "020 7946 0404", "related": "2 Elm Street"},
    ]
    chart = charts.waterfall(cm.resolve(people, fields=names).explain(0, 1))
    rows = [row for row in rows_of(chart) if "bits" in row]
    assert [row["step"] for row in rows] == list(range(len(rows)))
    named = [row["part"].partition(":")[0] for row in rows]
    assert [named.count(name) for name in names] == [2, 2, 2 if len(rows) > 5 else 1]
    axis = drawn(chart)["layer"][0]["encoding"]["y"]["axis"]
    listed, _, place = axis["labelExpr"].rpartition("[")
    assert json.loads(listed) == [row["part"] for row in rows]
    assert place == "datum.value]"


def test_a_waterfall_shortens_each_long_value_and_says_what_is_missing() -> None:
    address = "上海市浦东新区世纪大道一百号环球金融中心" * 3
    rows = [
        {**CHINESE[0], "地址": address},
        {**CHINESE[1], "地址": address[:-1], "城市": None},
        {**CHINESE[2], "地址": "北京市朝阳区建国路8号"},
    ]
    steps = rows_of(charts.waterfall(cm.resolve(rows).explain("A1", "A2")))
    told = {row["part"].partition(":")[0]: row for row in steps if "part" in row}
    cut = address[:16] + "…"
    assert told["地址"]["part"] == f"地址: {cut} | {cut}"
    assert told["地址"]["right"] == address[:-1]
    assert told["城市"]["told"] == "missing"


def test_of_many_keys_those_of_fewest_pairs_are_one_bar(result: cm.Resolution) -> None:
    reports = [
        replace(report, key=f"{report.key} {again}", n_pairs=report.n_pairs + again)
        for report in result.blocking
        for again in range(2)
    ]
    many = replace(result, blocking=tuple(reports))
    reports.sort(key=lambda one: -one.n_pairs)
    shown = [row for row in rows_of(charts.blocking(many)) if "key" in row]
    assert [row["pairs"] for row in shown[:19]] == [x.n_pairs for x in reports[:19]]
    rest = reports[19:]
    assert shown[19:] == [
        {
            "key": f"{len(rest)} more keys",
            "pairs": sum(one.n_pairs for one in rest),
            "blocks": sum(one.n_blocks for one in rest),
        }
    ]


def test_only_the_waterfall_shows_values(result: cm.Resolution) -> None:
    shown = [
        *map(drawn, (charts.match_weights(result), charts.weight_distribution(result))),
        *map(drawn, (charts.blocking(result), charts.entity_sizes(result))),
        *map(drawn, (charts.completeness(result), charts.entity_graph(result, 0))),
    ]
    told = json.dumps(shown)
    emails = {row["email"] for row in result.entities if row["email"]}
    assert emails
    assert not [email for email in emails if email in told]


def test_without_altair_charts_say_what_to_install() -> None:
    code = (
        "import sys; sys.modules['altair'] = None\n"
        "import custmerge as cm\n"
        "try: cm.charts\n"
        "except cm.MissingDependencyError as error: print(error)"
    )
    command = [sys.executable, "-c", code]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603  our own
    assert said.strip() == 'charts need Altair: run pip install "custmerge[viz]"'


@pytest.mark.parametrize("name", charts.__all__)
def test_a_chart_of_something_else_is_one_clear_error(name: str) -> None:
    draw: Any = getattr(charts, name)
    more: dict[str, list[object]] = {"entity_graph": [0], "reliability": [[True]]}
    with pytest.raises(cm.InvalidInputError, match=r"must be|draws|needs"):
        draw({"name": ["Ann"]}, *more.get(name, []))


def test_probabilities_and_bits_are_inverse() -> None:
    for chance in (0.1, 0.5, 0.9999):
        assert probability(np.asarray([as_bits(chance)]))[0] == pytest.approx(chance)
    assert (as_bits(0.0), as_bits(1.0)) == (-40.0, 40.0)
