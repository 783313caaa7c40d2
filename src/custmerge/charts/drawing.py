"""What all charts share: Altair, colours, fonts, titles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from custmerge.exceptions import MissingDependencyError
from custmerge.finding import check_type
from custmerge.resolution import Resolution

try:
    import altair as alt
except ImportError as error:
    message = 'charts need Altair: run pip install "custmerge[viz]"'
    raise MissingDependencyError(message) from error

__all__ = [
    "AGAINST",
    "DOUBT",
    "FAINT",
    "FOR",
    "INK",
    "LOW_BITS",
    "Chart",
    "alt",
    "as_bits",
    "chart_of",
    "check_result",
    "counted",
    "finished",
    "logarithmic",
]

Chart = (
    alt.Chart | alt.LayerChart | alt.HConcatChart | alt.VConcatChart | alt.FacetChart
)

FOR = "#0072B2"
AGAINST = "#D55E00"
DOUBT = "#E69F00"
FAINT = "#BBBBBB"
INK = "#333333"
"""Blue, vermilion and orange of Okabe and Ito's palette, "Color Universal Design"
(2008): told apart with any colour vision, in grey too by their lightness."""

_FONT = (
    "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', "
    "'Microsoft YaHei', sans-serif"
)


LOW_BITS = -40.0
"""Weights below are drawn here, and as far above 0: so sure is as good as sure."""


def as_bits(chance: float) -> float:
    """Return the weight that a probability stands for, as far as it is drawn."""
    with np.errstate(divide="ignore"):
        odds = np.log2(chance) - np.log2(1 - np.float64(chance))
    return float(np.clip(odds, LOW_BITS, -LOW_BITS))


def check_result(given: object) -> None:
    """Check that what a chart is asked of is a result.

    Raises:
        InvalidInputError: It is none.
    """
    is_result = isinstance(given, Resolution)
    check_type("result", given, is_result, "a Resolution, as cm.resolve returns")


def chart_of(rows: Sequence[Mapping[str, Any]]) -> alt.Chart:
    """Return an empty chart of some rows, which it holds itself."""
    data = alt.Data(values=[dict(row) for row in rows])  # type: ignore[no-untyped-call]
    return alt.Chart(data)


def logarithmic(counts: Iterable[int]) -> dict[str, Any]:
    """Return scale and axis of some counts: a tick at 0 and at each power of ten."""
    most = max(counts, default=0)
    ticks = [0, *(10**power for power in range(len(str(most))))]
    return {
        "scale": alt.Scale(type="symlog", domain=[0, max(most, 1)], nice=False),
        "axis": alt.Axis(values=ticks, labelExpr="format(datum.value, '~s')"),
    }


def counted(number: int, what: str, whats: str = "") -> str:
    """Return a number with what it counts.

    Examples:
        >>> counted(1, "record"), counted(2000, "entity", "entities")
        ('1 record', '2,000 entities')
    """
    return f"{number:,} {what if number == 1 else whats or f'{what}s'}"


def finished(chart: Chart, title: str, subtitle: str = "") -> Chart:
    """Return a chart with its title, and looking as all of them do."""
    said = alt.TitleParams(
        title,
        subtitle=subtitle or alt.Undefined,
        anchor="start",
        offset=12,
        fontSize=15,
        subtitleColor="#666666",
    )
    finished: Chart = (
        chart.properties(title=said)
        .configure(font=_FONT, padding=16)
        .configure_view(stroke=None)
        .configure_axis(gridColor="#EEEEEE", titleFontWeight="normal", labelLimit=320)
        .configure_header(labelFontWeight="bold", titleFontWeight="normal")
    )
    return finished
