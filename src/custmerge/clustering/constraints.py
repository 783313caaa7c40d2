"""What the entities must respect, whatever the evidence says."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from custmerge.clustering.groups import components
from custmerge.exceptions import InvalidConfigError
from custmerge.pairs import Pairs, distinct
from custmerge.protocols import Rows

__all__ = ["Constraints", "free_of_duplicates", "hardly_repeating"]

_NO_PAIRS = Pairs.of([], [])
_MAX_LISTED = 5
_LEAST_ACROSS = 50
"""Sure matches across sources that it takes to tell that there are none inside them:
with none inside seen, these may still be up to a sixteenth of those across (the rule
of three)."""
_MAX_INSIDE = 0.02
"""Sure matches inside a source, for each with other sources, that chance accounts
for: what a model takes for sure is wrong now and then."""
_FEW_ACROSS = 5
"""Matches across sources that it takes to tell that these are not one file in parts:
of two halves, five matches would all lie across once in 32 times."""
_HARDLY_INSIDE = 0.1
"""Matches inside a source, for each with other sources, that hardly make its pairs
look less like those of strangers."""


@dataclass(frozen=True, slots=True, eq=False)
class Constraints:
    """Records that must be one entity, or cannot be.

    Attributes:
        must: Pairs of rows that are of one entity.
        cannot: Pairs of rows that are not.
        sources: For each row the code of its source, of which an entity holds no two
            records; -1 where it may. `None` where every entity may hold any.
        called: For each row its number in messages; the row itself where `None`.

    Examples:
        >>> told = Constraints(must=Pairs.of([0], [1]), cannot=Pairs.of([1], [2]))
        >>> told.forbids(Pairs.of([0, 1], [2, 2])).tolist()
        [False, True]
    """

    must: Pairs = field(default=_NO_PAIRS)
    cannot: Pairs = field(default=_NO_PAIRS)
    sources: Rows | None = None
    called: Rows | None = None

    def __or__(self, others: Constraints) -> Constraints:
        """Return these, and the pairs of others."""
        must, cannot = self.must | others.must, self.cannot | others.cannot
        return replace(self, must=must, cannot=cannot)

    def renamed(self, rows: Rows) -> Constraints:
        """Return the same for rows in another order, the row `i` now `rows[i]`."""
        back = np.empty_like(rows)
        back[rows] = np.arange(len(rows))
        return Constraints(
            self.must.renamed(rows),
            self.cannot.renamed(rows),
            None if self.sources is None else self.sources[back],
            back if self.called is None else self.called[back],
        )

    def among(self, rows: Rows) -> Constraints:
        """Return the same for some rows alone, the `i`-th of them now called `i`.

        Examples:
            >>> told = Constraints(must=Pairs.of([0, 5], [7, 6]))
            >>> told.among(np.asarray([7, 5, 6])).must.left.tolist()
            [1]
        """
        pairs = (self.must, self.cannot)
        known = (rows, *(side for some in pairs for side in (some.left, some.right)))
        place = np.full(1 + max(int(x.max(initial=0)) for x in known), -1, np.int64)
        place[rows] = np.arange(len(rows))
        must, cannot = (
            some.take((place[some.left] >= 0) & (place[some.right] >= 0)).renamed(place)
            for some in pairs
        )
        sources = None if self.sources is None else self.sources[rows]
        called = rows if self.called is None else self.called[rows]
        return Constraints(must, cannot, sources, called)

    def forbids(self, pairs: Pairs) -> NDArray[np.bool_]:
        """Return which of the pairs cannot be of one entity."""
        forbidden = pairs.among(self.cannot)
        if self.sources is not None:
            left = self.sources[pairs.left]
            forbidden |= (left >= 0) & (left == self.sources[pairs.right])
        return forbidden

    def yielding_to(self, must: Pairs) -> Constraints:
        """Return the same, but that sources yield to pairs that must be of one entity.

        Records of one source that are one entity all the same may be with any others.

        Examples:
            >>> found = Constraints(sources=np.asarray([0, 0, 0]))
            >>> found.yielding_to(Pairs.of([0], [2])).sources.tolist()
            [-1, 0, -1]
        """
        if self.sources is None:
            return self
        groups = components(len(self.sources), must)
        free = np.isin(groups, _repeated(groups, self.sources))
        return replace(self, sources=np.where(free, -1, self.sources))

    def groups(self, n_rows: int) -> Rows:
        """Return for each row the smallest row that it must be one entity with.

        Raises:
            InvalidConfigError: Some of these cannot be; the message lists the rows.
        """
        groups = components(n_rows, self.must)
        inside = groups[self.cannot.left] == groups[self.cannot.right]
        wrong = [groups[self.cannot.left[inside]]]
        if self.sources is not None:
            wrong.append(_repeated(groups, self.sources))
        contradictory = distinct(np.concatenate(wrong))
        if contradictory.size:
            self._refuse(groups, contradictory)
        return groups

    def _refuse(self, groups: Rows, contradictory: Rows) -> None:
        called = np.arange(len(groups)) if self.called is None else self.called
        listed = [
            str(np.sort(called[groups == group]).tolist())
            for group in contradictory[:_MAX_LISTED].tolist()
        ]
        more = ", …" if len(contradictory) > _MAX_LISTED else ""
        message = (
            "the constraints contradict each other: of the records in rows "
            f"{'; '.join(listed)}{more}, which must be one entity, two cannot be, by "
            "cannot_link, a label, a decision, a rule, or one_per_source; take one of "
            "them back"
        )
        raise InvalidConfigError(message)


def _repeated(groups: Rows, sources: Rows) -> Rows:
    """Return the groups that hold two rows of one source."""
    told = np.flatnonzero(sources >= 0)
    width = int(sources.max(initial=0)) + 1
    keys = np.sort(groups[told] * width + sources[told])
    repeated: Rows = keys[1:][keys[1:] == keys[:-1]] // width
    return repeated


def free_of_duplicates(sources: Rows, sure: Pairs) -> bool:
    """Return whether every source seems to hold each customer once.

    So it seems where records match records of other sources and, of each source,
    practically none match each other.

    Args:
        sources: For each row the code of its source, -1 where it has none.
        sure: Pairs of rows that surely match.

    Examples:
        >>> sources = np.repeat([0, 1], 60)
        >>> across = Pairs.of(np.arange(60), np.arange(60, 120))
        >>> free_of_duplicates(sources, across)
        True
    """
    return _lie_across(sources, sure, _LEAST_ACROSS, _MAX_INSIDE)


def hardly_repeating(sources: Rows, matches: Pairs) -> bool:
    """Return whether the pairs inside sources show what strangers have in common.

    That takes far fewer matches than to tell that there are none inside: where one
    source writes names short and the other in full, a few records in each have to do.

    Args:
        sources: For each row the code of its source, -1 where it has none.
        matches: Pairs of rows that seem to match.

    Examples:
        >>> sources = np.repeat([0, 1], 30)
        >>> across = Pairs.of(np.arange(20), np.arange(30, 50))
        >>> hardly_repeating(sources, across), free_of_duplicates(sources, across)
        (True, False)
    """
    return _lie_across(sources, matches, _FEW_ACROSS, _HARDLY_INSIDE)


def _lie_across(sources: Rows, matches: Pairs, least: int, most_inside: float) -> bool:
    """Return whether matches are of two sources, but for a share in each of them."""
    left, right = sources[matches.left], sources[matches.right]
    known = (left >= 0) & (right >= 0)
    left, right = left[known], right[known]
    is_inside = left == right
    n_sources = int(sources.max(initial=0)) + 1
    inside = np.bincount(left[is_inside], minlength=n_sources)
    sides = np.concatenate([left[~is_inside], right[~is_inside]])
    across = np.bincount(sides, minlength=n_sources)
    enough = int((~is_inside).sum()) >= least
    return enough and bool((inside <= most_inside * across).all())
