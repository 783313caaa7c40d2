"""The best partition of what links connect.

Correlation clustering (Bansal, Blum and Chawla 2004,
doi:10.1023/B:MACH.0000033116.57574.95): of all partitions, the one with the highest
sum of evidence over the pairs inside its parts. Small components are solved exactly,
by trying all their partitions at once; large ones start from average linkage (UPGMA,
Sokal and Michener 1958) and are improved by moving nodes and joining parts while
anything is gained (Keuper et al. 2015, doi:10.1109/ICCV.2015.204).
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from custmerge.clustering.graph import Edges, Graph, Weights
from custmerge.clustering.groups import components, smallest_members
from custmerge.pairs import Pairs
from custmerge.protocols import Rows

__all__ = ["best_partition"]

_MAX_EXACT = 8
"""Nodes of components that are solved exactly; 8 have 4,140 partitions."""
_CHUNK = 2_000
"""Components whose partitions are tried at once."""
_MAX_ROUNDS = 200
"""Rounds of joining. Each joins all nodes that are each other's best partner, so the
number of rounds grows as the logarithm of the nodes, but for contrived evidence."""
_MAX_SWEEPS = 5
"""Times that moving and joining take turns; two suffice as a rule."""
_MAX_EFFORT = 10_000_000
"""Edges looked at in one turn of moving: enough for all that gains, but in components
of tens of thousands of records without any order."""


def best_partition(graph: Graph) -> Rows:
    """Return for each row the node that stands for its part.

    Ties go to the partition whose labels come first, so that the result depends on
    nothing but the order of the rows.
    """
    n_rows = len(graph.sizes)
    is_good = graph.gains() > 0
    links = Pairs.of(graph.edges.left[is_good], graph.edges.right[is_good])
    groups = components(n_rows, links)
    graph = graph.among(groups)
    sizes = np.bincount(groups, minlength=n_rows)[groups]
    labels = np.arange(n_rows, dtype=np.int64)
    for size in range(2, _MAX_EXACT + 1):
        found = np.flatnonzero(sizes == size)
        order = np.argsort(groups[found], kind="stable")
        nodes = found[order].reshape(-1, size)
        if len(nodes):
            labels[nodes] = _best_of_all(graph, nodes)
    rest = np.flatnonzero(sizes > _MAX_EXACT)
    if len(rest):
        labels[rest] = rest[_searched(graph.only(rest))]
    return labels


# -- Small components: all partitions --------------------------------------------


@cache
def _partitions(size: int) -> NDArray[np.int64]:
    """Return all partitions of `size` nodes: for each node the first of its part."""
    rows = [[0]]
    for node in range(1, size):
        rows = [[*row, first] for row in rows for first in [*sorted(set(row)), node]]
    return np.asarray(rows, dtype=np.int64)


def _best_of_all(graph: Graph, nodes: Rows) -> Rows:
    """Return the best labels of components of one size, a row of nodes each."""
    n_components, size = nodes.shape
    left, right = np.triu_indices(size, k=1)
    place = np.zeros((size, size), dtype=np.int64)
    place[left, right] = np.arange(len(left))
    spot = np.full((2, len(graph.sizes)), -1, dtype=np.int64)
    spot[0, nodes] = np.arange(n_components)[:, np.newaxis]
    spot[1, nodes] = np.arange(size)
    edges = graph.edges.take(spot[0, graph.edges.left] >= 0)
    cells = spot[0, edges.left], place[spot[1, edges.left], spot[1, edges.right]]
    sides = nodes[:, left], nodes[:, right]
    gains = graph.unknown * graph.all_masses(*sides)
    gains[cells] += edges.sums - graph.unknown * edges.masses
    vetoed = graph.conflicts(*(side.reshape(-1) for side in sides))
    gains[vetoed.reshape(gains.shape) | np.isneginf(gains)] = -np.inf
    chunks = [gains[i : i + _CHUNK] for i in range(0, n_components, _CHUNK)]
    best = np.concatenate([_argbest(chunk, size) for chunk in chunks])
    labels: Rows = np.take_along_axis(nodes, _partitions(size)[best], axis=1)
    return labels


def _argbest(gains: Weights, size: int) -> NDArray[np.int64]:
    """Return the partition with the highest sum of gains for each component."""
    # For a veto a number that no partition makes up for, yet finite: 0 times it is 0.
    never = -1 - np.maximum(gains, 0).sum(axis=1, keepdims=True)
    left, right = np.triu_indices(size, k=1)
    partitions = _partitions(size)
    together = (partitions[:, left] == partitions[:, right]).astype(np.float64)
    totals = np.maximum(gains, never) @ together.T
    best: NDArray[np.int64] = totals.argmax(axis=1)
    return best


# -- Large components: local search ----------------------------------------------


def _searched(graph: Graph) -> Rows:
    """Return labels that no single change improves, short of the limits of effort.

    No node gains by moving to another part or to one of its own, and no two parts by
    becoming one. Nothing is ever lost.
    """
    labels = _agglomerated(graph, np.arange(len(graph.sizes), dtype=np.int64))
    for _ in range(_MAX_SWEEPS):
        moved = _moved(graph, labels)
        if moved is labels:
            break
        labels = _agglomerated(graph, moved)
    return labels


def _agglomerated(graph: Graph, labels: Rows) -> Rows:
    """Return the labels with parts joined, best first, while any two gain by it.

    Average linkage. Parts that are each other's best partner are joined at once, which
    gives what joining one pair at a time does (Murtagh 1983,
    doi:10.1093/comjnl/26.4.354).
    """
    graph = graph.joined(labels)
    for _ in range(_MAX_ROUNDS):
        gains, edges = graph.gains(), graph.edges
        good = np.flatnonzero(gains > 0)
        if not len(good):
            break
        left, right = edges.left[good], edges.right[good]
        best = _mutual(left, right, gains[good] / graph.all_masses(left, right))
        stands_for = np.arange(len(labels), dtype=np.int64)
        stands_for[right[best]] = left[best]
        labels = stands_for[labels]
        graph = graph.joined(stands_for)
    return labels


def _mutual(left: Rows, right: Rows, means: Weights) -> NDArray[np.bool_]:
    """Return which edges are the best of both their nodes.

    Among equals the order is mixed, so that many nodes all alike pair off at once
    rather than queue for the first of them (the finalizer of MurmurHash3, A. Appleby).
    """
    mixed = left.astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F) + right.astype(
        np.uint64
    ) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    order = np.lexsort((right, left, mixed, -means))
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(len(order))
    best = np.full(int(right.max()) + 1, len(order))
    np.minimum.at(best, left, ranks)
    np.minimum.at(best, right, ranks)
    mutual: NDArray[np.bool_] = (best[left] == ranks) & (best[right] == ranks)
    return mutual


def _moved(graph: Graph, labels: Rows) -> Rows:
    """Return the labels with nodes moved to where they gain, while any does.

    Of the moves that gain, those are made at once that are the best of both the part
    they leave and the part they join; so what they gain adds up.
    """
    awake = np.ones(len(labels), dtype=bool)
    effort = 0.0
    while effort < _MAX_EFFORT:
        effort += awake.mean() * len(graph.edges.left)
        nodes, targets, gains = _moves(graph, labels, awake)
        if not len(nodes):
            break
        left, joined = labels[nodes], targets
        best = _mutual(np.minimum(left, joined), np.maximum(left, joined), gains)
        changed = np.zeros(2 * len(labels), dtype=bool)
        changed[left[best]] = changed[joined[best]] = True
        labels = labels.copy()
        labels[nodes[best]] = joined[best]
        awake = _near(graph, changed[labels])
        awake[nodes] = True
        labels = smallest_members(labels)
    return labels


def _near(graph: Graph, nodes: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return these nodes and those with an edge to one of them."""
    near = nodes.copy()
    near[graph.edges.right[nodes[graph.edges.left]]] = True
    near[graph.edges.left[nodes[graph.edges.right]]] = True
    return near


def _moves(
    graph: Graph, labels: Rows, awake: NDArray[np.bool_]
) -> tuple[Rows, Rows, Weights]:
    """Return the nodes that gain by a move, where the best leads to, and what it gains.

    Only nodes that are awake are asked: those whose surroundings have changed.
    A target beyond the nodes is a part of the node's own.
    """
    n_nodes = len(labels)
    nodes, parts, values = _ties(graph, labels, awake)
    is_own = labels[nodes] == parts
    stays = np.zeros(n_nodes)
    stays[nodes[is_own]] = values[is_own]
    unhappy = np.flatnonzero(stays < 0)
    nodes = np.concatenate([nodes[~is_own], unhappy])
    parts = np.concatenate([parts[~is_own], n_nodes + unhappy])
    gains = np.concatenate([values[~is_own], np.zeros(len(unhappy))]) - stays[nodes]
    order = np.lexsort((parts, -gains, nodes))
    order = order[gains[order] > 0]
    best = order[np.diff(nodes[order], prepend=-1) > 0]
    return nodes[best], parts[best], gains[best]


def _ties(
    graph: Graph, labels: Rows, awake: NDArray[np.bool_]
) -> tuple[Rows, Rows, Weights]:
    """Return nodes, parts that they know, and what each gives the other.

    The own part without the node is one of them.
    """
    edges, alone = graph.edges, np.flatnonzero(awake)
    parts = replace(graph, edges=edges.take(slice(0))).joined(labels)
    ahead = edges.take(awake[edges.left])
    back = edges.take(awake[edges.right])
    nothing = np.zeros(len(alone))
    ends = Edges(
        np.concatenate([ahead.left, back.right, alone]),
        labels[np.concatenate([ahead.right, back.left, alone])],
        np.concatenate([ahead.sums, back.sums, nothing]),
        np.concatenate([ahead.masses, back.masses, nothing]),
    ).summed(len(labels))
    nodes, near = ends.left, ends.right
    is_own = labels[nodes] == near
    sizes = parts.sizes[near] - is_own * graph.sizes[nodes]
    shares = parts.shares[near] - is_own * graph.shares[nodes]
    masses = (sizes * graph.shares[nodes] + shares * graph.sizes[nodes]) / 2
    values = ends.sums + graph.unknown * (masses - ends.masses)
    values[~is_own & graph.conflicts_with(parts, nodes, near)] = -np.inf
    return nodes, near, values
