"""Charts of the model: what fields weigh, and what the pairs do."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from custmerge.assessing.truth import LabelledPairs, TrueClusters, read_truth
from custmerge.charts.drawing import (
    AGAINST,
    DOUBT,
    FAINT,
    FOR,
    INK,
    LOW_BITS,
    Chart,
    alt,
    as_bits,
    chart_of,
    check_result,
    counted,
    finished,
    logarithmic,
)
from custmerge.classifier import FellegiSunter, FieldWeights, probability
from custmerge.evaluation import reliability as reliability_of, wilson
from custmerge.exceptions import InvalidInputError
from custmerge.resolution import Resolution

__all__ = ["match_weights", "reliability", "weight_distribution"]

_BINS = 60
_SAME = 1 - 1e-6
"""Similarity from which values are the same, but for rounding."""


def match_weights(model: object) -> Chart:
    """Return a chart of the bits that each level of agreement adds.

    Of a field that depends on others, what it adds where these say nothing; what
    rarity adds to agreement on a single value is in `waterfall`.

    Args:
        model: A `Resolution`, or its `model`.

    Raises:
        InvalidInputError: The model is none that weighs levels of agreement.

    Examples:
        >>> import custmerge as cm
        >>> result = cm.resolve("examples/customers.csv")
        >>> cm.charts.match_weights(result).to_dict()["title"]["text"]
        'What agreement of each field weighs'
    """
    model = model.model if isinstance(model, Resolution) else model
    if not isinstance(model, FellegiSunter):
        message = (
            "match_weights draws a Resolution or a FellegiSunter model, which weighs "
            f"levels of agreement, not {type(model).__name__}"
        )
        raise InvalidInputError(message)
    rows = [row for item in model.fields for row in _levels(item)]
    chart = chart_of(rows).encode(
        y=alt.Y("level:N", sort=None, title=None),
        x=alt.X("bits:Q", title="match weight (bits, log2 odds)"),
        color=alt.condition("datum.bits < 0", alt.value(AGAINST), alt.value(FOR)),
        tooltip=["field:N", "level:N", "bits:Q", "matches:Q", "unrelated:Q"],
    )
    by_field = chart.mark_bar(height={"band": 0.75}).properties(width=460)
    shown = by_field.facet(
        row=alt.Row(
            "field:N",
            sort=[item.name for item in model.fields],
            header=alt.Header(labelAngle=0, labelAlign="left", title=None),
        ),
        spacing=6,
    ).resolve_scale(y="independent")
    prior = (
        f"{model.prior:+.1f} bits before anything is compared; in all, above 0 is "
        "rather a match than none"
    )
    return finished(shown, "What agreement of each field weighs", prior)


def _levels(item: FieldWeights) -> list[dict[str, object]]:
    """Return a row for each level of a field, the most alike first."""
    names = ["differ" if item.thresholds else "any"]
    names += [
        "agree" if bound >= _SAME else f"similar (at least {bound:g})"
        for bound in item.thresholds
    ]
    bits = item.bits()[0].tolist()
    rows = [
        {
            "field": item.name,
            "level": name,
            "bits": bits[place],
            "matches": item.match[0][place],
            "unrelated": item.unrelated[0][place],
        }
        for place, name in enumerate(names)
    ]
    return rows[::-1]


def weight_distribution(result: Resolution) -> Chart:
    """Return a chart of how the compared pairs' weights are distributed.

    The band is where pairs are doubtful (`Config.review`), the line where links begin
    (`Config.threshold`).

    Args:
        result: The result.

    Raises:
        InvalidInputError: It is none.

    Examples:
        >>> import custmerge as cm
        >>> chart = cm.charts.weight_distribution(cm.resolve("examples/customers.csv"))
        >>> chart.to_dict()["title"]["text"]
        'How sure the links are'
    """
    check_result(result)
    weights = np.clip(result.weights, LOW_BITS, -LOW_BITS)
    low, high = (float(weights.min(initial=-1)), float(weights.max(initial=1)))
    counts, edges = np.histogram(weights, _BINS, (np.floor(low), np.ceil(high)))
    threshold = result.config.threshold
    rows = [
        {
            "from": start,
            "to": end,
            "pairs": count,
            "which": "link"
            if probability(np.asarray([(start + end) / 2]))[0] > threshold
            else "no link",
        }
        for start, end, count in zip(edges, edges[1:], counts.tolist(), strict=False)
    ]
    bars = (
        chart_of(rows)
        .mark_bar()
        .encode(
            x=alt.X("from:Q", title="match weight (bits, log2 odds)", bin="binned"),
            x2="to:Q",
            y=alt.Y(
                "pairs:Q", title="pairs (logarithmic)", **logarithmic(counts.tolist())
            ),
            color=alt.Color(
                "which:N",
                title=None,
                scale=alt.Scale(domain=["link", "no link"], range=[FOR, FAINT]),
            ),
            tooltip=["from:Q", "to:Q", "pairs:Q", "which:N"],
        )
    )
    review = [as_bits(bound) for bound in result.config.review]
    band = (
        chart_of([{"low": review[0], "high": review[1]}])
        .mark_rect(color=DOUBT, opacity=0.25)
        .encode(x="low:Q", x2="high:Q")
    )
    line = (
        chart_of([{"threshold": as_bits(threshold)}])
        .mark_rule(color=INK, strokeDash=[4, 3])
        .encode(x="threshold:Q")
    )
    n_doubtful = int(((weights > review[0]) & (weights < review[1])).sum())
    return finished(
        (band + bars + line).properties(width=560, height=240),
        "How sure the links are",
        f"{counted(len(weights), 'compared pair')}, {n_doubtful:,} in the review band; "
        "dashed: where links begin",
    )


def reliability(given: object, truth: object) -> Chart:
    """Return a chart of how often pairs match, against how often they were said to.

    The bars are 95 % intervals (`custmerge.evaluation.wilson`), as if the pairs were
    independent. Of a sample of the compared pairs, such as `cm.audit_sample` draws, it
    shows how that sample came out.

    Args:
        given: A result; or the match probability of each pair, in [0, 1].
        truth: What is known to be true, as for `cm.evaluate`: clusters or labelled
            pairs, of which the compared pairs count. With probabilities, whether each
            pair matches.

    Raises:
        InvalidInputError: Probabilities and answers differ in length, or lie outside
            [0, 1]; or the truth does not fit the result.

    Examples:
        >>> import custmerge as cm
        >>> chart = cm.charts.reliability([0.1, 0.9, 1.0], [False, True, True])
        >>> chart.to_dict()["title"]["text"]
        'Whether probabilities are what they say'
        >>> result = cm.resolve("examples/customers.csv")
        >>> chart = cm.charts.reliability(result, "examples/labels.csv")
        >>> chart.to_dict()["title"]["subtitle"]
        '70 pairs with a known answer'
    """
    if isinstance(given, Resolution):
        bins = reliability_of(*_known(given, read_truth(given, truth)))
    else:
        bins = reliability_of(given, truth)  # type: ignore[arg-type]
    rows = [
        {
            "said": one.expected,
            "observed": one.observed,
            "pairs": one.n_pairs,
            "low": low,
            "high": high,
        }
        for one in bins
        for low, high in [wilson(one.observed, one.n_pairs)]
    ]
    diagonal = (
        chart_of([{"said": 0, "observed": 0}, {"said": 1, "observed": 1}])
        .mark_line(color=FAINT, strokeDash=[4, 3])
        .encode(x="said:Q", y="observed:Q")
    )
    points = (
        chart_of(rows)
        .mark_circle(color=FOR, opacity=1, size=70)
        .encode(
            x=alt.X("said:Q", title="probability said", scale=alt.Scale(domain=[0, 1])),
            y=alt.Y(
                "observed:Q", title="share that match", scale=alt.Scale(domain=[0, 1])
            ),
            tooltip=["said:Q", "observed:Q", "low:Q", "high:Q", "pairs:Q"],
        )
    )
    bounds = (
        chart_of(rows)
        .mark_rule(color=FOR, strokeWidth=2, opacity=0.5)
        .encode(x="said:Q", y="low:Q", y2="high:Q")
    )
    n_pairs = sum(one.n_pairs for one in bins)
    return finished(
        (diagonal + bounds + points).properties(width=320, height=320),
        "Whether probabilities are what they say",
        f"{counted(n_pairs, 'pair')} with a known answer",
    )


def _known(
    result: Resolution, truth: TrueClusters | LabelledPairs
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return probability and answer of the compared pairs whose answer is known."""
    pairs = result.compared
    if isinstance(truth, LabelledPairs):
        asked = truth.pairs.among(pairs)
        places = pairs.places(truth.pairs.take(asked))
        return probability(result.weights[places]), truth.same[asked]
    left, right = (truth.groups[rows] for rows in (pairs.left, pairs.right))
    known = (left >= 0) & (right >= 0)
    return probability(result.weights[known]), (left == right)[known]
