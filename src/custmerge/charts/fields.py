"""A chart of the data: how complete each field is."""

from __future__ import annotations

from custmerge.charts.drawing import (
    Chart,
    alt,
    chart_of,
    check_result,
    finished,
)
from custmerge.io import read_table
from custmerge.resolution import Resolution

__all__ = ["completeness"]

_ALL = "all records"
_GOLDEN = "golden records"


def completeness(result: Resolution) -> Chart:
    """Return a chart of how many records hold a value, by field and source.

    `Quality.summary` in colours: what stands for no value counts as missing.

    Args:
        result: The result.

    Raises:
        InvalidInputError: It is none.

    Examples:
        >>> import custmerge as cm
        >>> chart = cm.charts.completeness(cm.resolve("examples/customers.csv"))
        >>> chart.to_dict()["title"]["text"]
        'How complete the fields are'
    """
    check_result(result)
    table = read_table(result.quality.summary)
    columns = ("field", "stage", "source", "completeness", "n_records")
    cells = zip(*(table.cells(name) for name in columns), strict=True)
    rows = [
        {
            "field": field,
            "of": _whose(str(stage), source),
            "completeness": share,
            "records": n_records,
        }
        for field, stage, source, share, n_records in cells
        if share == share  # noqa: PLR0124  not NaN: there are records to measure
    ]
    base = chart_of(rows).encode(
        x=alt.X(
            "of:N", sort=None, title=None, axis=alt.Axis(labelAngle=0, orient="top")
        ),
        y=alt.Y("field:N", sort=None, title=None),
    )
    colour = alt.Color(
        "completeness:Q",
        scale=alt.Scale(scheme="blues", domain=[0, 1]),
        legend=alt.Legend(format="%", title="hold a value"),
    )
    tiles = base.mark_rect(stroke="white").encode(
        color=colour, tooltip=["field:N", "of:N", "completeness:Q", "records:Q"]
    )
    shares = base.mark_text(fontSize=11).encode(
        text=alt.Text("completeness:Q", format=".0%"),
        color=alt.condition(
            "datum.completeness > 0.6", alt.value("white"), alt.value("black")
        ),
    )
    n_columns = len({row["of"] for row in rows})
    drawn = (tiles + shares).properties(width=90 * n_columns, height=alt.Step(24))
    return finished(drawn, "How complete the fields are", "before and after merging")


def _whose(stage: str, source: object) -> str:
    if stage == "after":
        return _GOLDEN
    return _ALL if source is None or source != source else str(source)  # noqa: PLR0124
