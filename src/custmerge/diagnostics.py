"""How good a result is likely to be, estimated without labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import Correlation
from custmerge.evaluation import Score
from custmerge.pairs import Pairs
from custmerge.protocols import Rows

__all__ = [
    "BlockingField",
    "Diagnostics",
    "Observations",
    "diagnose",
    "expected_matches",
]

Chances = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BlockingField:
    """What the blocking keys of one field find of the matches, however large blocks.

    Attributes:
        field: The field; `a+b` of keys of two fields.
        share: Share of the pairs inside the entities whose records share a key of the
            field, in [0, 1].
        alone: Share of them that share a key of no other field.
    """

    field: str
    share: float
    alone: float


@dataclass(frozen=True, slots=True, eq=False)
class Observations:
    """What the stages noted on their way.

    Attributes:
        blocking_recall: See `Diagnostics`.
        n_candidates: See `Diagnostics`.
        budget: See `Diagnostics`.
        n_capped: See `Diagnostics`.
        unblocked: The rows that are in no candidate pair, ascending.
        correlations: See `Diagnostics`.
        blocking_fields: See `Diagnostics`.
    """

    blocking_recall: float | None
    n_candidates: int
    budget: int
    n_capped: int
    unblocked: Rows
    correlations: tuple[Correlation, ...]
    blocking_fields: tuple[BlockingField, ...] = ()

    def __repr__(self) -> str:
        return f"Observations({self.n_candidates:,} candidates of {self.budget:,})"


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """What can be said of a result without knowing the truth.

    The estimates are as good as the match probabilities that they are made of. They
    cannot see what the model does not know: fields that mislead (a company's address
    taken for a person's) make all of them too high.

    Attributes:
        precision: Expected share of the pairs of records in one entity that are of one
            customer. See `expected_matches`.
        recall: Expected share of all pairs of one customer that are in one entity:
            among the compared pairs, times `blocking_recall`.
        f1: The harmonic mean of the two.
        blocking_recall: Estimated share of all pairs of one customer that were
            compared, by capture and recapture between the fields' keys; rather too
            high, since who is hard to catch by one key is hard to catch by others.
            `None` with keys of fewer than two fields, from which nothing can be told;
            `recall` then leaves aside what blocking lost.
        n_candidates: Distinct pairs that were looked at; of more than a million that
            blocking gives, those of the blocks that find any matches.
        budget: How many it was allowed.
        n_capped: Blocks that were too large to pair, even without copies of a record,
            and could not be refined.
        unblocked: The ids of the records in no candidate pair (row numbers without an
            id column; with several sources, each with its source before it).
        correlations: Fields whose agreement goes together within a class of pairs, the
            strongest first.
        blocking_fields: What the keys of each field find of the pairs inside the
            entities.

    Examples:
        >>> import custmerge as cm
        >>> records = [
        ...     {"name": "Ann Lee", "email": "ann.lee@mail.com"},
        ...     {"name": "Bo Chan", "email": "bo@chan.org"},
        ...     {"name": "Ann Lee", "email": "ann.lee@mail.com"},
        ... ]
        >>> diagnostics = cm.resolve(records).diagnostics
        >>> 0.9 < diagnostics.precision <= 1
        True
        >>> diagnostics.unblocked
        (1,)
    """

    precision: float
    recall: float
    f1: float
    blocking_recall: float | None
    n_candidates: int
    budget: int
    n_capped: int
    unblocked: tuple[object, ...]
    correlations: tuple[Correlation, ...]
    blocking_fields: tuple[BlockingField, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain dicts and lists, such as JSON takes."""
        plain = asdict(self)
        return {
            **plain,
            "unblocked": list(plain["unblocked"]),
            "blocking_fields": list(plain["blocking_fields"]),
            "correlations": [
                {**row, "fields": list(row["fields"])} for row in plain["correlations"]
            ],
        }

    @property
    def _shown(self) -> Mapping[str, str]:
        caught = self.blocking_recall
        return {
            "estimated precision": f"{self.precision:.3f}",
            "estimated recall": f"{self.recall:.3f}",
            "estimated F1": f"{self.f1:.3f}",
            "estimated recall of blocking": "unknown"
            if caught is None
            else f"{caught:.3f}",
            "candidate pairs": f"{self.n_candidates:,} of {self.budget:,}",
            "blocks too large": f"{self.n_capped:,}",
            "records in no pair": f"{len(self.unblocked):,}",
            "correlated fields": "; ".join(map(_told, self.correlations)) or "none",
        }

    def __repr__(self) -> str:
        caught = self._shown["estimated recall of blocking"]
        return (
            f"Diagnostics(estimated precision {self.precision:.3f}, recall "
            f"{self.recall:.3f}, F1 {self.f1:.3f}, recall of blocking {caught})"
        )

    def __str__(self) -> str:
        lines = [f"  {name}: {text}" for name, text in self._shown.items()]
        return "\n".join(["Diagnostics", *lines])

    def _repr_html_(self) -> str:
        cells = "".join(
            f"<tr><th style='text-align:left'>{escape(name)}</th>"
            f"<td>{escape(text)}</td></tr>"
            for name, text in self._shown.items()
        )
        return f"<table>{cells}</table>"


def _told(found: Correlation) -> str:
    first, second = found.fields
    counted = ", counted once" if found.counted_once else ""
    return (
        f"{first} and {second} (matches {found.matches:.2f}, unrelated "
        f"{found.unrelated:.2f}{counted})"
    )


def diagnose(
    labels: Rows,
    links: tuple[Pairs, Chances],
    threshold: float,
    observations: Observations,
    unblocked: tuple[object, ...],
) -> Diagnostics:
    """Return the diagnostics of a result.

    Args:
        labels: The entity of each record, `0` to `n_entities - 1`.
        links: The compared pairs, and their match probabilities.
        threshold: The probability from which two records were linked. Links between
            entities were cut, since other records spoke against them: they count as no
            matches, as pairs inside count by more than their own evidence.
        observations: What the stages noted.
        unblocked: The ids of the records in no candidate pair.
    """
    pairs, chances = links
    sizes = np.bincount(labels)
    n_claimed = int((sizes * (sizes - 1) // 2).sum())
    right = expected_matches(labels, pairs, chances)
    between = (labels[pairs.left] != labels[pairs.right]) & (chances <= threshold)
    all_compared = right + float(chances[between].sum())
    found = right / all_compared if all_compared else 1.0
    caught = observations.blocking_recall
    score = Score.of(
        right / n_claimed if n_claimed else 1.0,
        found * (1.0 if caught is None else caught),
    )
    return Diagnostics(
        score.precision,
        score.recall,
        score.f1,
        caught,
        observations.n_candidates,
        observations.budget,
        observations.n_capped,
        unblocked,
        observations.correlations,
        observations.blocking_fields,
    )


def expected_matches(labels: Rows, pairs: Pairs, chances: Chances) -> float:
    """Return how many pairs inside the entities are expected to be of one customer.

    Two records that a third one links match if both links are right, whatever their
    own fields, perhaps empty, have to say. So a pair is taken to be as sure as the
    weakest link of the strongest chain between its records inside their entity. That
    is single linkage: where two parts of an entity join, all pairs across get the
    probability of the strongest pair across. It takes wrong links for as unlikely as
    their probability says, though the strongest of several is rather too sure of
    itself; the mean of the pairs' own probabilities would be too low.

    Args:
        labels: The entity of each record.
        pairs: The compared pairs.
        chances: Their match probabilities.

    Examples:
        The first record matches the second and the second the third.

        >>> labels = np.zeros(3, dtype=np.int64)
        >>> pairs = Pairs.of([0, 1, 0], [1, 2, 2])
        >>> expected_matches(labels, pairs, np.asarray([0.9, 0.1, 0.8]))
        2.5
    """
    from scipy.sparse import csr_array  # noqa: PLC0415  slow to load
    from scipy.sparse.csgraph import minimum_spanning_tree  # noqa: PLC0415

    inside = labels[pairs.left] == labels[pairs.right]
    # Less is stronger, and nothing is 0, which a sparse graph takes for no edge.
    edges = (2 - chances[inside], (pairs.left[inside], pairs.right[inside]))
    tree = minimum_spanning_tree(csr_array(edges, shape=(len(labels),) * 2)).tocoo()
    order = np.argsort(tree.data, kind="stable")
    parts = list(range(len(labels)))
    sizes = [1] * len(labels)

    def part_of(row: int) -> int:
        while parts[row] != row:
            parts[row] = row = parts[parts[row]]
        return row

    expected = 0.0
    rows = zip(tree.row[order].tolist(), tree.col[order].tolist(), strict=True)
    for (left, right), cost in zip(rows, tree.data[order].tolist(), strict=True):
        one, other = part_of(left), part_of(right)
        expected += (2 - cost) * sizes[one] * sizes[other]
        parts[other] = one
        sizes[one] += sizes[other]
    return expected
