"""A chart of an explained pair."""

from __future__ import annotations

import json

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
from custmerge.display import text_width
from custmerge.explaining import ComparisonExplanation, PairExplanation, bits, chance
from custmerge.finding import check_type

__all__ = ["waterfall"]

_ROOM = 45
"""Pixels beside the bars, for what is written there."""
_MOST = 32
"""Columns of a terminal that each of two values has room for; what is longer is told
where one points at it."""


def waterfall(explanation: PairExplanation) -> Chart:
    """Return a chart of how a pair's match weight adds up, from the prior on.

    It shows the values as they came.

    Args:
        explanation: What `Resolution.explain` returns for two records.

    Raises:
        InvalidInputError: It is nothing of the kind.

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
    is_pair = isinstance(explanation, PairExplanation)
    wanted = "a PairExplanation, as result.explain(a, b) returns"
    check_type("explanation", explanation, is_pair, wanted)
    rows = _steps(explanation)
    # By number: a field may have the name of a part that is of no field.
    parts = json.dumps([row["part"] for row in rows])
    base = chart_of(rows).encode(
        y=alt.Y(
            "step:O",
            title=None,
            axis=alt.Axis(
                labelExpr=f"{parts}[datum.value]", labelLimit=460, ticks=False
            ),
        )
    )
    bars = base.mark_bar(height={"band": 0.7}).encode(
        x=alt.X(
            "from:Q",
            title="match weight (bits, log2 odds)",
            scale=alt.Scale(padding=_ROOM),
        ),
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
        x=alt.X("end:Q"), text="told:N"
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
        f"probability {chance(explanation.probability)}; {explanation.outcome}; "
        "dashed: where links begin",
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
        *(
            (f"{more.name}: {more.label}", more.weight, {})
            for more in explanation.adjustments
        ),
    ]
    rows: list[dict[str, object]] = []
    start = 0.0
    for place, (name, weight, told) in enumerate(parts):
        step: dict[str, object] = {
            "step": place,
            "part": name,
            "from": start,
            "to": start + weight,
            "end": max(start, start + weight),
            "bits": weight,
            "told": bits(weight),
            "kind": "speaks for" if weight >= 0 else "speaks against",
        }
        rows.append(step | told)
        start += weight
    total = {"step": len(parts), "part": "weight", "bits": explanation.weight}
    ends = {"from": 0.0, "to": start, "end": max(start, 0.0)}
    told = {"told": bits(explanation.weight), "kind": "in all"}
    rows.append(total | ends | told)
    return rows


def _told(part: ComparisonExplanation, ends: tuple[str, str]) -> dict[str, str]:
    told = {"left": ends[0], "right": ends[1], "level": part.label}
    says_nothing = part.similarity is None and not part.weight
    return told | {"told": part.label} if says_nothing else told


def _named(field: str, left: str, right: str) -> str:
    """Return a field with the values that it holds."""
    if left == right:
        return f"{field}: {left}" if left else field
    return f"{field}: {_short(left) or '–'} | {_short(right) or '–'}"


def _short(text: str) -> str:
    """Return a text as half a label has room for it."""
    kept = len(text)
    while text_width(text[:kept]) > _MOST:
        kept -= 1
    return text if kept == len(text) else f"{text[:kept]}…"
