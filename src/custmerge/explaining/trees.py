"""The strongest tree of links through some records (Kruskal 1956)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["TreeEdge", "spanning_tree"]


@dataclass(frozen=True, slots=True)
class TreeEdge:
    """An edge of a tree.

    Attributes:
        place: Which of the given edges it is.
        parts: How many nodes are on either side of it.
    """

    place: int
    parts: tuple[int, int]


def spanning_tree(n_nodes: int, edges: Sequence[tuple[int, int]]) -> list[TreeEdge]:
    """Return the edges of a tree, in order; of a forest where nodes are not connected.

    Args:
        n_nodes: The number of nodes.
        edges: The edges, those first that are rather to be in it.

    Examples:
        >>> [edge.place for edge in spanning_tree(3, [(0, 1), (1, 0), (1, 2)])]
        [0, 2]
    """
    above = list(range(n_nodes))
    chosen: list[int] = []
    for place, ends in enumerate(edges):
        one, other = (_top(node, above) for node in ends)
        if one != other:
            above[other] = one
            chosen.append(place)
        if len(chosen) == n_nodes - 1:
            break
    return _with_parts(n_nodes, edges, chosen)


def _top(node: int, above: list[int]) -> int:
    """Return the node that stands for a node's part, and shorten the way there."""
    while above[node] != node:
        above[node] = above[above[node]]
        node = above[node]
    return node


def _with_parts(
    n_nodes: int, edges: Sequence[tuple[int, int]], chosen: Sequence[int]
) -> list[TreeEdge]:
    """Return edges of a tree with the nodes on either side of each."""
    order, parents = _walked(n_nodes, [edges[place] for place in chosen])
    sizes, roots = [1] * n_nodes, list(range(n_nodes))
    for node in reversed(order):
        if parents[node] != node:
            sizes[parents[node]] += sizes[node]
    for node in order:
        roots[node] = roots[parents[node]]
    found = []
    for place in chosen:
        one, other = edges[place]
        is_below = parents[one] == other
        inner = sizes[one if is_below else other]
        outer = sizes[roots[one]] - inner
        found.append(TreeEdge(place, (inner, outer) if is_below else (outer, inner)))
    return found


def _walked(
    n_nodes: int, edges: Sequence[tuple[int, int]]
) -> tuple[list[int], list[int]]:
    """Return the nodes of a forest, parents before children, and each node's parent.

    A root is its own parent.
    """
    near: list[list[int]] = [[] for _ in range(n_nodes)]
    for one, other in edges:
        near[one].append(other)
        near[other].append(one)
    order: list[int] = []
    parents = [-1] * n_nodes
    for start in range(n_nodes):
        waiting = [(start, start)] if parents[start] < 0 else []
        while waiting:
            node, parent = waiting.pop()
            order.append(node)
            parents[node] = parent
            waiting += [(other, node) for other in near[node] if other != parent]
    return order, parents
