"""How often the intervals of `custmerge.estimate` hold the truth.

    python benchmarks/intervals.py
    python benchmarks/intervals.py --records 20000 --judged 200,500,1000 --repeats 400
    python benchmarks/intervals.py --sets historical_half,dupehell_crm_medium
    python benchmarks/intervals.py --thresholds 0.02,0.98

Each table is resolved once for each threshold. Then pairs of each stratum are drawn
again and again, as many as `audit_sample` would, and judged by the known truth, without
error. An interval of 95 % should hold the true value 95 times in 100: the true
precision, the true recall (of all pairs of one customer or, where the result cannot say
how many were never compared, of those compared), that among the pairs that were
compared or put together, and the true F1. Of 400 samples that is 95 give or take 1.1
(the standard error) of each row, and a good deal less of the means over all tables,
which come last: over all, and over those whose true value is below 0.999. Where it is
above, hardly a sample holds anything wrong, all are alike, and every interval that
reaches 1 holds the truth in each.
"""

from __future__ import annotations

import argparse
import os
import warnings
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import custmerge as cm
import generate
from custmerge.assessing.auditing import counted
from custmerge.assessing.estimates import Estimate, estimated
from custmerge.assessing.frames import Frame, allocated
from custmerge.evaluation import pairwise
from datasets import TRUTH, load

HERE = Path(__file__).resolve().parent

MEASURES = ("precision", "recall", "compared_recall", "f1")
# Each with seed, language and records: of few and of many, near to and far from 1.
GENERATED = "en:10000:1,zh:10000:1,zh_mixed:3000:2,en:3000:3,zh:1000:4,en:1000:5"
SETS = (
    "historical_half,dupehell_crm_medium,anonlink_5party,splink_fake_1000,febrl3,"
    "rldata10000,early_childhood_sites,pp_census_2020_2030"
)
SPOTLESS = 0.999
"""Share from which on hardly a sample holds anything wrong."""


@dataclass(frozen=True, slots=True)
class Judge:
    """A result, and what is true of its pairs.

    Attributes:
        frame: The strata of the result.
        matching: How many pairs of each stratum are of one customer.
        actual: The true value of each of `MEASURES`.
    """

    frame: Frame
    matching: NDArray[np.int64]
    actual: dict[str, float]

    @classmethod
    def of(cls, result: cm.Resolution, truth: NDArray[np.int64]) -> Judge:
        frame, pairs = Frame.of(result), result.compared
        same = truth[pairs.left] == truth[pairs.right]
        matching = np.bincount(frame.strata[same], minlength=len(frame.sizes))
        score = pairwise(result.labels.tolist(), truth.tolist())
        inside = frame.inside
        n_right = round(score.precision * frame.sizes[inside].sum())
        matching[-1] = n_right - matching[inside].sum()
        among = n_right / max(matching.sum(), 1)
        values = (score.precision, score.recall, among, score.f1)
        if result.diagnostics.blocking_recall is None:
            f1 = 2 * n_right / max(frame.sizes[inside].sum() + matching.sum(), 1)
            values = (score.precision, among, among, f1)
        return cls(frame, matching, dict(zip(MEASURES, values, strict=True)))

    def estimates(self, n: int, repeats: int) -> Iterator[Estimate]:
        """Yield what `audit_sample`, this judge and `estimate` come to, ever anew."""
        rng = np.random.default_rng(0)
        empty = np.zeros(0, dtype=np.int64)
        nothing = counted(self.frame, empty, empty.astype(np.bool_))
        drawn = allocated(self.frame, n)
        others = self.frame.sizes - self.matching
        for _ in range(repeats):
            same = rng.hypergeometric(self.matching, others, drawn)
            judged = replace(nothing, judged=drawn, same=same)
            yield estimated(self.frame, judged, 0)


def judged(
    records: object, truth: Sequence[Hashable], thresholds: Sequence[float] = (0.5,)
) -> Iterator[Judge]:
    numbers: dict[Hashable, int] = {}
    codes = [numbers.setdefault(label, len(numbers)) for label in truth]
    for threshold in thresholds:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", cm.CustmergeWarning)
            config = replace(cm.infer_config(records), threshold=threshold)
            result = cm.resolve(records, config=config)
        yield Judge.of(result, np.asarray(codes))


def tables(options: argparse.Namespace) -> Iterator[tuple[str, Judge]]:
    thresholds = [float(x) for x in options.thresholds.split(",")]
    for name, records, truth in _tables(options):
        judges = judged(records, truth, thresholds)
        for threshold, judge in zip(thresholds, judges, strict=True):
            yield f"{name}, {threshold}", judge


def _tables(
    options: argparse.Namespace,
) -> Iterator[tuple[str, object, Sequence[Hashable]]]:
    for asked in filter(None, options.generated.split(",")):
        language, n_records, seed = asked.split(":")
        table = generate.generate(int(n_records), language=language, seed=int(seed))
        truth = table.pop(TRUTH)
        yield f"{language} {int(n_records):,} generated", table, truth
    data = os.environ.get("CUSTMERGE_DATA")
    root = Path(data) if data else HERE.parent.parent / "shared" / "data"
    for name in filter(None, options.sets.split(",")):
        dataset = load(root / name)
        yield name, dataset.records, dataset.truth


def coverage(judge: Judge, n: int, repeats: int) -> tuple[list[float], list[float]]:
    """Return how often the interval of each measure holds, and how wide they are."""
    found = list(judge.estimates(n, repeats))
    held, widths = [], []
    for name, actual in judge.actual.items():
        low, high = np.asarray([getattr(one, f"{name}_interval") for one in found]).T
        held.append(float(np.mean((low <= actual) & (actual <= high))))
        widths.append(float(np.mean(high - low)))
    return held, widths


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--generated", default=GENERATED, help="language:records:seed")
    parser.add_argument("--sets", default=SETS)
    parser.add_argument("--thresholds", default="0.5", help="of the match probability")
    parser.add_argument("--judged", default="200,500")
    parser.add_argument("--repeats", type=int, default=400)
    options = parser.parse_args()
    numbers = [int(n) for n in options.judged.split(",")]
    every: dict[int, list[tuple[list[float], list[float]]]] = {n: [] for n in numbers}
    header = (f"{name:>15}    held   width" for name in MEASURES)
    print(f"{'':32}judged", *header)
    for name, judge in tables(options):
        actual = list(judge.actual.values())
        for n in numbers:
            held, widths = coverage(judge, n, options.repeats)
            every[n].append((actual, held))
            parts = zip(actual, held, widths, strict=True)
            cells = (f"{a:>15.4f} {h:>7.1%} {w:>7.4f}" for a, h, w in parts)
            print(f"{name:32}{n:>6}", *cells, flush=True)
    for below in (np.inf, SPOTLESS):
        which = "all" if below > 1 else f"those with values below {below}"
        print(f"mean of {which}")
        for n, rows in every.items():
            actual, held = np.moveaxis(np.asarray(rows), 1, 0)
            means = np.ma.masked_array(held, actual >= below).mean(axis=0)
            cells = (f"{h:>23.1%}        " for h in means.filled(np.nan))
            print(f"{'':32}{n:>6}", *cells)


if __name__ == "__main__":
    main()
