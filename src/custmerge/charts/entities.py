"""Charts of the entities: how large they are, and what holds one together."""

from __future__ import annotations

import numpy as np

from custmerge.charts.drawing import (
    AGAINST,
    FOR,
    INK,
    Chart,
    alt,
    chart_of,
    check_result,
    counted,
    finished,
    logarithmic,
)
from custmerge.classifier import probability
from custmerge.exceptions import InvalidInputError
from custmerge.protocols import Rows
from custmerge.resolution import Resolution

__all__ = ["entity_graph", "entity_sizes"]

_MOST_RECORDS = 60
"""More cannot be told apart on a circle."""


def entity_sizes(result: Resolution) -> Chart:
    """Return a chart of how many entities have how many records.

    Args:
        result: The result.

    Raises:
        InvalidInputError: It is none.

    Examples:
        >>> import custmerge as cm
        >>> chart = cm.charts.entity_sizes(cm.resolve("examples/customers.csv"))
        >>> chart.to_dict()["title"]["text"]
        'How many records customers have'
    """
    check_result(result)
    sizes, counts = np.unique(result.sizes, return_counts=True)
    rows = [
        {"records": size, "entities": count}
        for size, count in zip(sizes.tolist(), counts.tolist(), strict=True)
    ]
    base = chart_of(rows).encode(
        x=alt.X(
            "records:O", title="records of one entity", axis=alt.Axis(labelAngle=0)
        ),
        y=alt.Y(
            "entities:Q", title="entities (logarithmic)", **logarithmic(counts.tolist())
        ),
        tooltip=["records:O", "entities:Q"],
    )
    bars = base.mark_bar(color=FOR)
    numbers = base.mark_text(dy=-7, color=INK).encode(
        text=alt.Text("entities:Q", format=",")
    )
    return finished(
        (bars + numbers).properties(width=alt.Step(44), height=240),
        "How many records customers have",
        f"{counted(len(result.labels), 'record')} of "
        f"{counted(result.n_entities, 'entity', 'entities')}",
    )


def entity_graph(result: Resolution, entity_id: int) -> Chart:
    """Return a chart of the links between the records of one entity.

    The thick links are the strongest that hold it together (`EntityExplanation.tree`),
    the thin ones all others of its compared pairs: blue those above the threshold,
    vermilion those that speak against. Records are shown by their ids.

    Args:
        result: The result.
        entity_id: The entity.

    Raises:
        InvalidInputError: There is no such result or entity, or it has more than 60
            records.

    Examples:
        >>> import custmerge as cm
        >>> result = cm.resolve("examples/customers.csv")
        >>> chart = cm.charts.entity_graph(result, result.entity_of("C1002"))
        >>> chart.to_dict()["title"]["text"]
        'What holds entity ... together'
    """
    check_result(result)
    explained = result.explain(entity_id)
    rows = np.flatnonzero(result.labels == entity_id)
    if len(rows) > _MOST_RECORDS:
        message = (
            f"entity {entity_id} has {len(rows)} records, and more than "
            f"{_MOST_RECORDS} cannot be told apart in a graph; see "
            f"result.explain({entity_id}).tree"
        )
        raise InvalidInputError(message)
    angles = 2 * np.pi * np.arange(len(rows)) / len(rows)
    spots = [
        {
            "record": str(record),
            "x": x,
            "y": y,
            "outer_x": 1.08 * x,
            "outer_y": 1.12 * y,
            "align": ("center", "left", "right")[int(np.sign(round(x, 6)))],
        }
        for record, x, y in zip(
            explained.records,
            np.sin(angles).tolist(),
            np.cos(angles).tolist(),
            strict=True,
        )
    ]
    place = {record: i for i, record in enumerate(explained.records)}
    holding = {frozenset((place[one.left], place[one.right])) for one in explained.tree}
    links = (
        chart_of(_links(result, rows, spots, holding))
        .mark_rule()
        .encode(
            x=alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-2, 2])),
            y=alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[-1.2, 1.2])),
            x2="x2:Q",
            y2="y2:Q",
            color=alt.Color(
                "pair:N",
                title=None,
                scale=alt.Scale(domain=["link", "no link"], range=[FOR, AGAINST]),
            ),
            size=alt.condition("datum.holds", alt.value(3.5), alt.value(0.8)),
            opacity=alt.condition("datum.holds", alt.value(1), alt.value(0.6)),
            tooltip=["left:N", "right:N", "bits:Q", "probability:Q"],
        )
    )
    dots = (
        chart_of(spots)
        .mark_circle(size=120, color=INK, opacity=1)
        .encode(x="x:Q", y="y:Q")
    )
    return finished(
        alt.layer(links, dots, *_names(spots)).properties(width=560, height=340),
        f"What holds entity {entity_id} together",
        "thick: the strongest links that do",
    )


def _names(spots: list[dict[str, object]]) -> list[alt.Chart]:
    """Return the names of records, written away from the circle."""
    return [
        chart_of([spot for spot in spots if spot["align"] == align])
        .mark_text(color=INK, align=align)
        .encode(x="outer_x:Q", y="outer_y:Q", text="record:N")
        for align in ("left", "center", "right")
    ]


def _links(
    result: Resolution,
    rows: Rows,
    spots: list[dict[str, object]],
    holding: set[frozenset[int]],
) -> list[dict[str, object]]:
    """Return a row for each compared pair of an entity's records, with its ends."""
    compared = result.compared
    inside = np.flatnonzero(
        np.isin(compared.left, rows) & np.isin(compared.right, rows)
    )
    left, right = (
        np.searchsorted(rows, side[inside]).tolist()
        for side in (compared.left, compared.right)
    )
    weights = result.weights[inside]
    chances = probability(weights)
    ends = zip(left, right, weights.tolist(), chances.tolist(), strict=True)
    links: list[dict[str, object]] = [
        {
            "x": spots[one]["x"],
            "y": spots[one]["y"],
            "x2": spots[other]["x"],
            "y2": spots[other]["y"],
            "left": spots[one]["record"],
            "right": spots[other]["record"],
            "bits": round(bits, 2),
            "probability": round(chance, 4),
            "pair": "link" if chance > result.config.threshold else "no link",
            "holds": frozenset((one, other)) in holding,
        }
        for one, other, bits, chance in ends
    ]
    return sorted(links, key=lambda link: bool(link["holds"]))  # drawn last, on top
