"""The strongest tree of links, beside a slow search of all trees."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, strategies as st

from custmerge.clustering import components
from custmerge.explaining.trees import spanning_tree
from custmerge.pairs import Pairs

_N_NODES = 5
_EVERY = list(combinations(range(_N_NODES), 2))
EDGES = st.permutations(_EVERY).flatmap(
    lambda edges: st.integers(0, len(edges)).map(lambda n: edges[:n])
)


def _groups(edges: list[tuple[int, int]]) -> list[int]:
    links = Pairs.of([a for a, _ in edges], [b for _, b in edges])
    groups: list[int] = components(_N_NODES, links).tolist()
    return groups


@given(EDGES)
def test_the_first_edges_that_connect_anything_new_make_the_tree(
    edges: list[tuple[int, int]],
) -> None:
    new = [
        place
        for place in range(len(edges))
        if _groups(edges[:place]) != _groups(edges[: place + 1])
    ]
    assert [edge.place for edge in spanning_tree(_N_NODES, edges)] == new


@given(EDGES)
def test_the_parts_are_what_is_left_without_the_edge(
    edges: list[tuple[int, int]],
) -> None:
    tree = spanning_tree(_N_NODES, edges)
    for edge in tree:
        others = [edges[one.place] for one in tree if one is not edge]
        groups = _groups(others)
        one, other = edges[edge.place]
        sizes = groups.count(groups[one]), groups.count(groups[other])
        assert edge.parts == sizes
