"""A chart of an explained pair."""

from __future__ import annotations

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
from custmerge.explaining import ComparisonExplanation, PairExplanation

__all__ = ["waterfall"]


def waterfall(explanation: PairExplanation) -> Chart:
    """Return a chart of how a pair's match weight adds up, from the prior on.

    It shows the values as they came.

    Args:
        explanation: What `Resolution.explain` returns for two records.

    Examples:
        >>> import custmerge as cm
        >>> records = [
        ...     {"name": "Ann Lee", "email": "ann.lee@mail.com"},
        ...     {"name": "Bo Chan", "email": "bo@chan.org"},
        ...     {"name": "Anne Lee", "email": "ann.lee@mail.com"},
        ... ]
        >>> chart = cm.charts.waterfall(cm.resolve(records).explain(0, 2))
        >>> chart.to_dict()["title"]["text"]
        'Why 0 and 2 are one customer'
    """
    rows = _steps(explanation)
    base = chart_of(rows).encode(
        y=alt.Y(
            "part:N", sort=None, title=None, axis=alt.Axis(labelLimit=360, ticks=False)
        )
    )
    bars = base.mark_bar(height={"band": 0.7}).encode(
        x=alt.X("from:Q", title="match weight (bits, log2 odds)"),
        x2="to:Q",
        color=alt.Color(
            "kind:N",
            title=None,
            scale=alt.Scale(
                domain=["speaks for", "speaks against", "in all"],
                range=[FOR, AGAINST, INK],
            ),
        ),
        tooltip=["part:N", "left:N", "right:N", "level:N", "bits:Q"],
    )
    told = base.mark_text(align="left", dx=5, color=INK).encode(
        x=alt.X("end:Q"), text=alt.Text("bits:Q", format="+.1f")
    )
    same = "are" if explanation.same_entity else "are not"
    line = (
        chart_of([{"threshold": as_bits(explanation.threshold)}])
        .mark_rule(color=INK, strokeDash=[4, 3])
        .encode(x="threshold:Q")
    )
    return finished(
        (bars + told + line).properties(width=460, height=alt.Step(26)),
        f"Why {explanation.left} and {explanation.right} {same} one customer",
        f"probability {explanation.probability:.4f}; {explanation.outcome}",
    )


def _steps(explanation: PairExplanation) -> list[dict[str, object]]:
    """Return a row for each part: where it begins, and where it ends."""
    compared = zip(explanation.comparisons, explanation.shown, strict=True)
    parts: list[tuple[str, float, dict[str, str]]] = [
        ("prior", explanation.prior, {}),
        *(
            (_named(part.field, *ends), part.weight, _told(part, ends))
            for part, ends in compared
        ),
        *((more.name, more.weight, {}) for more in explanation.adjustments),
    ]
    rows: list[dict[str, object]] = []
    start = 0.0
    for name, weight, told in parts:
        step: dict[str, object] = {
            "part": name,
            "from": start,
            "to": start + weight,
            "end": max(start, start + weight),
            "bits": weight,
            "kind": "speaks for" if weight >= 0 else "speaks against",
        }
        rows.append(step | told)
        start += weight
    total = {"part": "weight", "from": 0.0, "to": start, "end": max(start, 0.0)}
    rows.append({**total, "bits": explanation.weight, "kind": "in all"})
    return rows


def _told(part: ComparisonExplanation, ends: tuple[str, str]) -> dict[str, str]:
    return {"left": ends[0], "right": ends[1], "level": part.label}


def _named(field: str, left: str, right: str) -> str:
    """Return a field with the values that it holds."""
    if left == right:
        return f"{field}: {left}" if left else field
    return f"{field}: {left or '–'} | {right or '–'}"
