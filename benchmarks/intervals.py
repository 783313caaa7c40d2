"""How often the intervals of `custmerge.estimate` hold the truth.

    python benchmarks/intervals.py
    python benchmarks/intervals.py --records 20000 --judged 200,500,1000 --repeats 400
    python benchmarks/intervals.py --sets historical_half,dupehell_crm_medium

Each table is resolved once. Then samples of its pairs are drawn again and again, each
with another seed, and judged by the known truth, without error. An interval of 95 %
should hold the true precision, and the true recall among the pairs that were compared
or put together, 95 times in 100.
"""

from __future__ import annotations

import argparse
import os
import warnings
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import custmerge as cm
import generate
from custmerge.assessing.estimates import Estimate, Judgements
from custmerge.assessing.frames import Frame
from custmerge.evaluation import pairwise
from datasets import TRUTH, load

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Judge:
    """A result, and what is true of its records.

    `audit_sample` and `estimate` do the same by way of a table.
    """

    frame: Frame
    truth: NDArray[np.int64]

    def estimate(self, n: int, seed: int) -> Estimate:
        pairs = self.frame.draw(n, seed)
        same = self.truth[pairs.left] == self.truth[pairs.right]
        strata = self.frame.strata_of(pairs)
        return Judgements.of(self.frame, strata, same).estimate(0, None)

    @property
    def precision(self) -> float:
        labels = self.frame.result.labels.tolist()
        return pairwise(labels, self.truth.tolist()).precision

    @property
    def recall(self) -> float:
        """The recall among the pairs that were compared or put together."""
        result, pairs = self.frame.result, self.frame.result.compared
        apart = result.labels[pairs.left] != result.labels[pairs.right]
        same = self.truth[pairs.left] == self.truth[pairs.right]
        n_claimed = int((result.sizes * (result.sizes - 1) // 2).sum())
        right = self.precision * n_claimed
        return right / (right + int((same & apart).sum()))


def judged(records: object, truth: Sequence[Hashable]) -> Judge:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        result = cm.resolve(records)
    numbers: dict[Hashable, int] = {}
    codes = [numbers.setdefault(label, len(numbers)) for label in truth]
    return Judge(Frame.of(result), np.asarray(codes))


def tables(options: argparse.Namespace) -> Iterator[tuple[str, Judge]]:
    for language in filter(None, options.languages.split(",")):
        table = generate.generate(options.records, language=language, seed=1)
        truth = table.pop(TRUTH)
        yield f"generated_{language}_{options.records}", judged(table, truth)
    data = os.environ.get("CUSTMERGE_DATA")
    root = Path(data) if data else HERE.parent.parent / "shared" / "data"
    for name in filter(None, options.sets.split(",")):
        dataset = load(root / name)
        yield name, judged(dataset.records, dataset.truth)


def row(judge: Judge, n: int, repeats: int) -> str:
    found = [judge.estimate(n, seed) for seed in range(repeats)]
    cells = [f"{n:>6}"]
    for name in ("precision", "recall"):
        actual = getattr(judge, name)
        bounds = np.asarray([getattr(one, f"{name}_interval") for one in found])
        held = np.mean((bounds[:, 0] <= actual) & (actual <= bounds[:, 1]))
        width = np.mean(bounds[:, 1] - bounds[:, 0])
        cells.append(f"{actual:>10.4f} {held:>7.1%} {width:>7.4f}")
    return "  ".join(cells)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--languages", default="en,zh")
    parser.add_argument("--sets", default="")
    parser.add_argument("--judged", default="200,500")
    parser.add_argument("--repeats", type=int, default=300)
    options = parser.parse_args()
    print("judged   precision    held   width      recall    held   width")
    for name, judge in tables(options):
        print(name)
        for n in options.judged.split(","):
            print(row(judge, int(n), options.repeats), flush=True)


if __name__ == "__main__":
    main()
