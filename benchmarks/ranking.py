"""How well a comparator ranks pairs of single values whose truth is known.

A folder holds `records.csv`, with the one column that is compared, and `pairs.csv` with
`id_l,id_r,label`: 1 for the same, 0 for different, `partial` where one value is a part
of what the other says. The column is normalized and compared as the library would do
with nothing configured. Nothing is learnt and no threshold is chosen: the average
precision tells how far same pairs are ranked above others.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from rapidfuzz import fuzz, process, utils
from rapidfuzz.distance import JaroWinkler

import custmerge as cm
from custmerge.comparators import as_comparator
from custmerge.normalizers import as_normalizer
from custmerge.protocols import VocabularyComparator

Row = dict[str, Any]
Places = NDArray[np.int64]
Scores = NDArray[np.float32]

PLAIN = {
    "jaro_winkler": JaroWinkler.normalized_similarity,
    "token_sort": fuzz.token_sort_ratio,
}
"""What is at hand without custmerge, on texts in lower case without punctuation."""


def rank(folder: Path, column: str) -> list[Row]:
    """Return a row for custmerge and for each plain comparator.

    Args:
        folder: The set.
        column: What is compared.
    """
    texts, left, right, labels = read(folder, column)
    field = next(f for f in cm.infer_config({column: texts}).fields if f.compare)
    with_ours = compare(texts, field, left, right)
    lowered = [utils.default_process(text) for text in texts]
    rows = [{"comparator": f"custmerge {field.kind}", **precisions(with_ours, labels)}]
    for name, scorer in PLAIN.items():
        a, b = [lowered[i] for i in left], [lowered[i] for i in right]
        scores = process.cpdist(a, b, scorer=scorer, dtype=np.float32)
        rows.append({"comparator": name, **precisions(scores, labels)})
    return [{"set": folder.name, "pairs": len(labels), **row} for row in rows]


def read(folder: Path, column: str) -> tuple[list[str], Places, Places, list[str]]:
    """Return the texts, the places of both sides of each pair, and its label."""
    with (folder / "records.csv").open(encoding="utf-8", newline="") as file:
        records = [(row["id"], row[column]) for row in csv.DictReader(file)]
    with (folder / "pairs.csv").open(encoding="utf-8", newline="") as file:
        pairs = [
            (row["id_l"], row["id_r"], row["label"]) for row in csv.DictReader(file)
        ]
    place = {record_id: i for i, (record_id, _) in enumerate(records)}
    left = np.asarray([place[a] for a, _, _ in pairs], dtype=np.int64)
    right = np.asarray([place[b] for _, b, _ in pairs], dtype=np.int64)
    return [text for _, text in records], left, right, [label for *_, label in pairs]


def compare(
    texts: Sequence[str], field: cm.Field, left: Places, right: Places
) -> Scores:
    """Return how a field's plug-ins score pairs of texts; 0 where one is missing."""
    normalized = as_normalizer(field.normalizer).normalize(texts)
    values = list(dict.fromkeys(value for value in normalized if value is not None))
    index: dict[str | None, int] = {value: code for code, value in enumerate(values)}
    codes = np.asarray([index.get(value, -1) for value in normalized], dtype=np.int64)
    a, b = codes[left], codes[right]
    scores = np.where(a == b, 1, 0).astype(np.float32)
    differ = np.flatnonzero((a >= 0) & (b >= 0) & (a != b))
    scores[differ] = _scored(field.comparator, values, a[differ], b[differ])
    scores[(a < 0) | (b < 0)] = 0
    return scores


def _scored(given: object, values: Sequence[str], a: Places, b: Places) -> Scores:
    comparator = as_comparator(given)
    if isinstance(comparator, VocabularyComparator):
        return comparator.prepare(values)(a, b)
    return comparator.compare([values[i] for i in a], [values[i] for i in b])


def precisions(scores: ArrayLike, labels: Sequence[str]) -> Mapping[str, float]:
    """Return the average precision of what is the same, and of what is partly too."""
    same = np.asarray([label == "1" for label in labels])
    related = np.asarray([label != "0" for label in labels])
    found = {"same": average_precision(scores, same)}
    if (same != related).any():
        found["same_or_partial"] = average_precision(scores, related)
    return found


def average_precision(scores: ArrayLike, truth: ArrayLike) -> float:
    """Return the mean, over true pairs, of the precision of all ranked as high.

    Pairs of one score are ranked alike (as `sklearn.metrics.average_precision_score`).

    Examples:
        >>> round(average_precision([0.9, 0.8, 0.7], [True, False, True]), 3)
        0.833
    """
    scores, truth = np.asarray(scores), np.asarray(truth, dtype=bool)
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum(truth[order])
    last = np.searchsorted(-scores[order], -scores[order], side="right") - 1
    precision = found[last] / (last + 1)
    return float(precision[truth[order]].mean())
