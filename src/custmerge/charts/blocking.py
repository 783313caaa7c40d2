"""A chart of the blocking keys: what they cost, and what they find."""

from __future__ import annotations

from typing import Any

from custmerge.charts.drawing import (
    FAINT,
    FOR,
    Chart,
    alt,
    chart_of,
    check_result,
    counted,
    finished,
    logarithmic,
)
from custmerge.resolution import Resolution

__all__ = ["blocking"]

_MOST_KEYS = 20
"""Keys that a slide has room for; the others are counted together."""


def blocking(result: Resolution) -> Chart:
    """Return a chart of the pairs that each key makes, and of what its field finds.

    On the left `Resolution.blocking`; on the right `Diagnostics.blocking_fields`: the
    share of the pairs inside the entities that a field's keys find, and of these the
    part that no other field does. Of more than 20 keys, those that make fewest pairs
    are one bar.

    Args:
        result: The result.

    Raises:
        InvalidInputError: It is none.

    Examples:
        >>> import custmerge as cm
        >>> chart = cm.charts.blocking(cm.resolve("examples/customers.csv"))
        >>> chart.to_dict()["title"]["text"]
        'What blocking keys cost, and what they find'
    """
    check_result(result)
    keys: list[dict[str, Any]] = [
        {"key": one.key, "pairs": one.n_pairs, "blocks": one.n_blocks}
        for one in sorted(result.blocking, key=lambda one: -one.n_pairs)
    ]
    if len(keys) > _MOST_KEYS:
        rest = keys[_MOST_KEYS - 1 :]
        last = {"key": counted(len(rest), "more key")}
        last |= {name: sum(one[name] for one in rest) for name in ("pairs", "blocks")}
        keys[_MOST_KEYS - 1 :] = [last]
    costs = (
        chart_of(keys)
        .mark_bar(color=FOR)
        .encode(
            y=alt.Y("key:N", sort=None, title=None),
            x=alt.X(
                "pairs:Q",
                title="pairs (logarithmic)",
                **logarithmic(one["pairs"] for one in keys),
            ),
            tooltip=["key:N", "pairs:Q", "blocks:Q"],
        )
        .properties(width=280, title="Pairs by key")
    )
    found = sorted(result.diagnostics.blocking_fields, key=lambda one: -one.share)
    shares = [
        {"field": one.field, "found": found_by, "share": share}
        for one in found
        for found_by, share in (
            ("by no other field", one.alone),
            ("by others too", one.share - one.alone),
        )
    ]
    finds = (
        chart_of(shares)
        .mark_bar()
        .encode(
            y=alt.Y("field:N", sort=[one.field for one in found], title=None),
            x=alt.X(
                "share:Q",
                title="share of the pairs inside entities",
                axis=alt.Axis(format="%"),
                scale=alt.Scale(domain=[0, 1]),
            ),
            color=alt.Color(
                "found:N",
                title="found",
                scale=alt.Scale(
                    domain=["by no other field", "by others too"], range=[FOR, FAINT]
                ),
            ),
            order=alt.Order("found:N", sort="descending"),
            tooltip=["field:N", "found:N", alt.Tooltip("share:Q", format=".1%")],
        )
        .properties(width=280, title="Matches by field")
    )
    return finished(
        alt.hconcat(costs, finds, spacing=40),
        "What blocking keys cost, and what they find",
    )
