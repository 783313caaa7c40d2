"""A chart of what other thresholds, or configurations, make of the records."""

from __future__ import annotations

from typing import Any

from custmerge.assessing import Sweep, SweepPoint
from custmerge.charts.drawing import (
    AGAINST,
    FOR,
    INK,
    Chart,
    alt,
    as_bits,
    chart_of,
    finished,
)
from custmerge.finding import check_type

__all__ = ["sweep"]

_MEASURES = ("precision", "recall", "F1")


def sweep(swept: Sweep) -> Chart:
    """Return a chart of precision, recall, F1 and links over what was swept.

    Thresholds are as far apart as their match weights, so that 0.99 and 0.999 are told
    apart; configurations stand in the order given.

    Args:
        swept: What `cm.sweep` returns.

    Raises:
        InvalidInputError: It is nothing of the kind.

    Examples:
        >>> import custmerge as cm
        >>> swept = cm.sweep(cm.resolve("examples/customers.csv"), [0.2, 0.5, 0.9])
        >>> cm.charts.sweep(swept).to_dict()["title"]["text"]
        'What other thresholds would make of the records'
    """
    check_type("swept", swept, isinstance(swept, Sweep), "a Sweep, as cm.sweep returns")
    is_named = swept.points[0].config is not None
    width = alt.Step(90) if is_named else 520
    across = _configs() if is_named else _thresholds(swept)
    shares = [row for point in swept.points for row in _measured(point)]
    measures = _marked(shares, is_named=is_named).encode(
        x=across.title(None),
        y=alt.Y(
            "share:Q",
            title="estimated" if swept.is_estimated else "measured",
            scale=alt.Scale(zero=False, nice=False, padding=8),
        ),
        color=alt.Color(
            "measure:N",
            title=None,
            scale=alt.Scale(domain=_MEASURES, range=[FOR, AGAINST, INK]),
        ),
        shape=alt.Shape("measure:N", title=None, scale=alt.Scale(domain=_MEASURES)),
        tooltip=["at:N", "measure:N", alt.Tooltip("share:Q", format=".3f")],
    )
    counts = [_told(point) | {"links": point.n_links} for point in swept.points]
    links = _marked(counts, is_named=is_named).encode(
        x=across,
        y=alt.Y("links:Q", scale=alt.Scale(zero=False, padding=8)),
        color=alt.value(FOR),
        tooltip=["at:N", alt.Tooltip("links:Q", format=",")],
    )
    best = swept.best
    how = " by estimate" if swept.is_estimated else ""
    return finished(
        alt.vconcat(
            measures.properties(width=width, height=220),
            links.properties(width=width, height=110),
            spacing=16,
        ),
        f"What other {'configurations' if is_named else 'thresholds'} would make of "
        "the records",
        f"highest F1{how}: {best.f1:.3f} ({_told(best)['at']})",
    )


def _marked(rows: list[dict[str, Any]], *, is_named: bool) -> alt.Chart:
    """Return marks of rows, joined where there is something between them."""
    chart = chart_of(rows)
    joined = alt.MarkDef("line", point=alt.OverlayMarkDef(filled=True, size=50))
    alone = alt.MarkDef("point", filled=True, opacity=1, size=70)
    chart.mark = alone if is_named else joined
    return chart


def _thresholds(swept: Sweep) -> alt.X:
    """Return the axis of match probabilities, at the distances of their weights."""
    return alt.X(
        "bits:Q",
        title="threshold (match probability)",
        scale=alt.Scale(nice=False, padding=12),
        axis=alt.Axis(
            values=sorted({as_bits(point.threshold) for point in swept.points}),
            labelExpr="format(1 / (1 + pow(2, -datum.value)), '.6~f')",
            labelOverlap="greedy",
        ),
    )


def _configs() -> alt.X:
    return alt.X("at:N", title=None, sort=None, axis=alt.Axis(labelAngle=0))


def _told(point: SweepPoint) -> dict[str, Any]:
    """Return where a point stands, in words and in bits."""
    at = f"{point.threshold:g}" if point.config is None else point.config
    return {"at": at, "bits": as_bits(point.threshold)}


def _measured(point: SweepPoint) -> list[dict[str, Any]]:
    """Return a row for each measure of a point."""
    shares = (point.precision, point.recall, point.f1)
    return [
        _told(point) | {"measure": measure, "share": share}
        for measure, share in zip(_MEASURES, shares, strict=True)
    ]
