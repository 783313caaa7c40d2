"""The evidence between groups of records, as a graph whose nodes can be joined.

All numbers in it are multiples of a power of two, so that sums are exact: they come
out the same in whatever order they are taken, and a tie is a tie.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from custmerge.clustering.constraints import Constraints
from custmerge.pairs import Pairs, distinct, ranges
from custmerge.protocols import Rows

__all__ = ["Edges", "Graph", "Held", "Weights"]

Weights = NDArray[np.float64]

_CLAMP = 10.0
"""Bits beyond which a pair's weight says no more: 1 in 1,000 is sure enough, and one
extreme pair must not outvote several."""
_DOUBT = 1 / 3
"""What a weight against a link counts of one for it: two records that others link are
no random pair, and a bit against them is worth less than among strangers."""
_WEIGHT_STEPS = 2.0**10
_SHARE_STEPS = 2.0**20


def _rounded(numbers: Weights, steps: float) -> Weights:
    rounded: Weights = np.round(numbers * steps) / steps
    return rounded


def _values(weights: Weights) -> Weights:
    """Return what weights count in the choice of a partition."""
    clamped = np.clip(weights, -_CLAMP, _CLAMP)
    return _rounded(np.where(clamped < 0, _DOUBT * clamped, clamped), _WEIGHT_STEPS)


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """What is known between nodes, summed over the pairs of their records.

    Attributes:
        left: A node of each edge.
        right: The other.
        sums: What speaks for them to be one, each pair's value times its mass; minus
            infinity where they must not.
        masses: What the pairs weigh.
    """

    left: Rows
    right: Rows
    sums: Weights
    masses: Weights

    def joined(self, labels: Rows) -> Edges:
        """Return the edges between groups of nodes, each named by a node of it."""
        left, right = labels[self.left], labels[self.right]
        low, high = np.minimum(left, right), np.maximum(left, right)
        apart = low != high
        edges = Edges(low[apart], high[apart], self.sums[apart], self.masses[apart])
        return edges.summed(len(labels))

    def summed(self, n_nodes: int) -> Edges:
        """Return the edges with those of the same ends as one, in order."""
        keys = self.left * n_nodes + self.right
        if (keys[1:] > keys[:-1]).all():
            return self
        order = np.argsort(keys)
        keys = keys[order]
        starts = np.flatnonzero(np.diff(keys, prepend=-1))
        left, right = np.divmod(keys[starts], n_nodes)
        sums = np.add.reduceat(self.sums[order], starts)
        return Edges(left, right, sums, np.add.reduceat(self.masses[order], starts))

    def take(self, where: NDArray[np.bool_] | NDArray[np.int64] | slice) -> Edges:
        """Return some of the edges."""
        return Edges(
            self.left[where], self.right[where], self.sums[where], self.masses[where]
        )


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Which sources the records of each node are of.

    Attributes:
        keys: For each node and source of it `node * n_sources + source`, ascending.
        n_sources: The number of sources.
    """

    keys: NDArray[np.int64]
    n_sources: int

    @classmethod
    def of(cls, sources: Rows) -> Held:
        """Return the source of each row, a node of its own; none where it is -1."""
        n_sources = int(sources.max(initial=0)) + 1
        nodes = np.flatnonzero(sources >= 0)
        return cls(nodes * n_sources + sources[nodes], n_sources)

    def called(self, names: Rows) -> Held:
        """Return the sources of nodes by other names; those called -1 are left out.

        Nodes of one name become one.
        """
        nodes, sources = np.divmod(self.keys, self.n_sources)
        keys = names[nodes] * self.n_sources + sources
        return replace(self, keys=distinct(keys[names[nodes] >= 0]))

    def shared(self, parts: Held, nodes: Rows, near: Rows) -> NDArray[np.bool_]:
        """Return which nodes hold a source that the part beside them holds as well."""
        starts, ends = (
            np.searchsorted(self.keys, ends * self.n_sources)
            for ends in (nodes, nodes + 1)
        )
        asked = np.repeat(np.arange(len(nodes)), ends - starts)
        sources = self.keys[ranges(starts, ends - starts)] % self.n_sources
        wanted = near[asked] * self.n_sources + sources
        known = np.append(parts.keys, -1)
        is_shared = known[np.searchsorted(parts.keys, wanted)] == wanted
        shared = np.zeros(len(nodes), dtype=bool)
        shared[asked[is_shared]] = True
        return shared


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Nodes of one record or more, and the evidence between them.

    The pairs of a record are no independent evidence: what is wrong with it shows in
    all of them. So it has one unit to share out among its links, and what a pair
    weighs is the mean of what its two records give it. These are the weights of a
    composite likelihood of clusters of different sizes, one over the number of other
    members (Varin, Reid and Firth 2011, Statistica Sinica 21), with the number of
    links for the members that are yet to be found.

    Attributes:
        edges: What is known between nodes.
        sizes: The number of records of each node; 0 where a row is none.
        shares: What the records of each node give to a pair, summed.
        unknown: The value of a pair that was not compared, not above 0.
        sources: The sources that each node holds; `None` where all may meet.
    """

    edges: Edges
    sizes: Weights
    shares: Weights
    unknown: float
    sources: Held | None

    @classmethod
    def of(
        cls, pairs: Pairs, weights: Weights, unknown: float, constraints: Constraints,
        n_rows: int,
    ) -> Graph:  # fmt: skip
        """Return the graph of compared records, each a node of its own.

        Args:
            pairs: The pairs of rows.
            weights: What speaks for each, above 0, or against it.
            unknown: The same of a pair that was not compared.
            constraints: What cannot be; what must be is left to `joined`.
            n_rows: The number of records.
        """
        vetoed = constraints.forbids(pairs)
        links = pairs.take((weights > 0) & ~vetoed)
        sides = np.concatenate([links.left, links.right])
        n_links = np.bincount(sides, minlength=n_rows)
        shares = _rounded(1 / np.maximum(n_links, 1), _SHARE_STEPS)
        left = np.concatenate([pairs.left, constraints.cannot.left])
        right = np.concatenate([pairs.right, constraints.cannot.right])
        masses = (shares[left] + shares[right]) / 2
        values = np.full(len(masses), -np.inf)
        values[: len(pairs)] = np.where(vetoed, -np.inf, _values(weights))
        return cls(
            Edges(left, right, masses * values, masses),
            np.ones(n_rows),
            shares,
            min(float(_values(np.asarray(unknown))), 0.0),
            None if constraints.sources is None else Held.of(constraints.sources),
        )

    def joined(self, labels: Rows) -> Graph:
        """Return the graph of groups of nodes, each named by a node of it."""
        return Graph(
            self.edges.joined(labels),
            np.bincount(labels, self.sizes, len(labels)).astype(np.float64),
            np.bincount(labels, self.shares, len(labels)).astype(np.float64),
            self.unknown,
            None if self.sources is None else self.sources.called(labels),
        )

    def among(self, groups: Rows) -> Graph:
        """Return the graph with the edges inside groups alone."""
        edges = self.edges
        return replace(
            self, edges=edges.take(groups[edges.left] == groups[edges.right])
        )

    def only(self, nodes: Rows) -> Graph:
        """Return the graph of some nodes, the `i`-th of them now called `i`."""
        called = np.full(len(self.sizes), -1, dtype=np.int64)
        called[nodes] = np.arange(len(nodes))
        left, right = called[self.edges.left], called[self.edges.right]
        inside = (left >= 0) & (right >= 0)
        edges = replace(self.edges, left=left, right=right).take(inside)
        sources = None if self.sources is None else self.sources.called(called)
        return Graph(
            edges, self.sizes[nodes], self.shares[nodes], self.unknown, sources
        )

    def all_masses(self, left: Rows, right: Rows) -> Weights:
        """Return what all pairs of records between nodes weigh, compared or not."""
        masses: Weights = (
            self.sizes[left] * self.shares[right]
            + self.sizes[right] * self.shares[left]
        ) / 2
        return masses

    def gains(self) -> Weights:
        """Return what joining each edge's nodes gains; minus infinity for a veto."""
        edges = self.edges
        missing = self.all_masses(edges.left, edges.right) - edges.masses
        gains: Weights = edges.sums + self.unknown * missing
        gains[self.conflicts(edges.left, edges.right)] = -np.inf
        return gains

    def conflicts(self, left: Rows, right: Rows) -> NDArray[np.bool_]:
        """Return which pairs of nodes hold records of one source."""
        return self.conflicts_with(self, left, right)

    def conflicts_with(
        self, parts: Graph, nodes: Rows, near: Rows
    ) -> NDArray[np.bool_]:
        """Return which nodes hold a record of a source that a part holds one of."""
        if self.sources is None or parts.sources is None:
            return np.zeros(len(nodes), dtype=bool)
        return self.sources.shared(parts.sources, nodes, near)
