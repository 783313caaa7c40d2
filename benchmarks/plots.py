"""Reliability diagrams: what match probabilities say against what is true."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure


def plot_reliability(
    table: Sequence[dict[str, Any]], title: str, ece: float, path: Path
) -> None:
    """Draw the bins of `custmerge.evaluation.reliability`, as plain dicts, to a file.

    Below the diagram (DeGroot and Fienberg 1983, doi:10.2307/2987588), how many pairs
    each bin holds.
    """
    figure = Figure(figsize=(4.2, 5.2), layout="constrained")
    above, below = figure.subplots(2, 1, height_ratios=(3, 1), sharex=True)
    above.plot([0, 1], [0, 1], color="0.6", linestyle="--", linewidth=1)
    above.plot(
        [row["expected"] for row in table],
        [row["observed"] for row in table],
        marker="o",
        color="tab:blue",
    )
    above.set(
        title=f"{title} (ECE {ece:.3f})",
        ylabel="share of pairs that match",
        xlim=(-0.02, 1.02),
        ylim=(-0.02, 1.02),
    )
    below.bar(
        [(row["low"] + row["high"]) / 2 for row in table],
        [row["n_pairs"] for row in table],
        width=[0.9 * (row["high"] - row["low"]) for row in table],
        color="tab:blue",
    )
    below.set(yscale="log", xlabel="match probability", ylabel="pairs")
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


def plot_growth(rows: Sequence[dict[str, Any]], path: Path) -> None:
    """Draw the seconds of each tool by the number of records, to a file."""
    figure = Figure(figsize=(5.2, 3.6), layout="constrained")
    axes = figure.subplots()
    timed = [row for row in rows if "seconds" in row]
    for tool in dict.fromkeys(row["tool"] for row in timed):
        mine = [row for row in timed if row["tool"] == tool]
        axes.plot(
            [row["records"] for row in mine],
            [row["seconds"] for row in mine],
            marker="o",
            label=tool,
        )
    axes.set(xscale="log", yscale="log", xlabel="records", ylabel="seconds")
    axes.grid(visible=True, color="0.9")
    axes.legend()
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
