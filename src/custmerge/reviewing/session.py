"""People asked about one pair after the other: what they said, and what it changed."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field as attribute
from os import PathLike
from pathlib import Path
from typing import NamedTuple

import numpy as np

from custmerge.config.validation import is_count
from custmerge.decisions import Decisions, Link, load_decisions
from custmerge.exceptions import (
    CustmergeWarning,
    InvalidConfigError,
    InvalidInputError,
)
from custmerge.explaining import PairExplanation
from custmerge.finding import as_path, check_type
from custmerge.pairs import distinct
from custmerge.protocols import Rows
from custmerge.resolution import Resolution
from custmerge.reviewing.showing import ReviewPair

__all__ = ["Changes", "ReviewSession", "perform", "start_review"]

_ANSWERS = {"same": True, "different": False, "skip": None}


class Changes(NamedTuple):
    """What the answers of a session changed.

    Attributes:
        n_same: Pairs said to be the same.
        n_different: Pairs said to be different.
        n_skipped: Pairs left open.
        n_left: Pairs still to be asked about.
        n_merged: Entities that are made of several earlier ones.
        n_split: Earlier entities that are parted.
    """

    n_same: int
    n_different: int
    n_skipped: int
    n_left: int
    n_merged: int
    n_split: int

    def __str__(self) -> str:
        return (
            f"{self.n_same} same, {self.n_different} different, {self.n_skipped} "
            f"skipped, {self.n_left} left; entities: {self.n_merged} merged, "
            f"{self.n_split} split"
        )


@dataclass(slots=True, repr=False, eq=False)
class ReviewSession:
    """A person at the review queue; `start_review` opens it.

    Pairs that earlier answers settle, by themselves or together, are not asked about.

    Attributes:
        start: The result before the first answer.
        path: Where the decisions are kept; after every answer, if given.
        queue: The places in `start.compared` of the pairs to ask about.
        result: The result with all answers so far.

    Examples:
        >>> import custmerge as cm
        >>> from custmerge.reviewing import start_review
        >>> session = start_review(cm.resolve("examples/customers.csv"), n=3)
        >>> session.answer(True), session.answer(None), session.changes.n_left
        (None, None, 1)
        >>> session.undo(), session.undo(), session.undo()
        (True, True, False)
        >>> len(session.decisions), session.changes.n_left
        (0, 3)
    """

    start: Resolution
    path: Path | None
    queue: Rows
    result: Resolution
    _steps: list[tuple[int, bool | None]] = attribute(default_factory=list)

    def __repr__(self) -> str:
        return f"ReviewSession({self.changes})"

    @property
    def decisions(self) -> Decisions:
        """What was decided, here and before."""
        return self.result.decisions

    @property
    def pair(self) -> ReviewPair | None:
        """The pair to ask about; `None` when the queue is done."""
        open_ = self._open()
        return ReviewPair.of(self.start, int(open_[0])) if len(open_) else None

    def answer(self, same: bool | None) -> None:  # noqa: FBT001  it is the answer
        """Take the answer about the pair in turn; `None` leaves it open.

        Raises:
            InvalidInputError: The queue is done.
            InvalidConfigError: Labels or constraints of the run contradict it; nothing
                has changed then.
            OSError: The decisions cannot be written; nothing has changed then.
        """
        open_ = self._open()
        if not len(open_):
            message = "the review queue is done: there is no pair to answer about"
            raise InvalidInputError(message)
        place = int(open_[0])
        if same is not None:
            self._turn_to(_decided(self.result, self.start, [(place, same)]))
        self._steps.append((place, same))

    def undo(self) -> bool:
        """Take the last answer back, and return whether there was one.

        Raises:
            OSError: The decisions cannot be written; nothing has changed then.
        """
        if not self._steps:
            return False
        *rest, (_, same) = self._steps
        if same is not None:
            said = [(place, same) for place, same in rest if same is not None]
            self._turn_to(_decided(self.start, self.start, said))
        self._steps.pop()
        return True

    def explain(self) -> PairExplanation | None:
        """Return what the pair in turn was weighed by; `None` when all is done."""
        pair = self.pair
        return None if pair is None else self.result.explain(pair.left, pair.right)

    @property
    def changes(self) -> Changes:
        """What was answered so far, and what it changed."""
        said = [same for _, same in self._steps]
        n_after = max(self.result.n_entities, 1)
        both = distinct(self.start.labels * n_after + self.result.labels)
        before, after = np.divmod(both, n_after)
        return Changes(
            said.count(True),
            said.count(False),
            said.count(None),
            len(self._open()),
            int((np.bincount(after) > 1).sum()),
            int((np.bincount(before) > 1).sum()),
        )

    def _open(self) -> Rows:
        """Return the places of the pairs to ask about, in order."""
        asked = [place for place, _ in self._steps]
        is_open = (self.result.verdicts[self.queue] == 0) & ~np.isin(self.queue, asked)
        open_: Rows = self.queue[is_open]
        return open_

    def _turn_to(self, result: Resolution) -> None:
        if self.path is not None:
            result.decisions.save(self.path)
        self.result = result


def start_review(
    result: Resolution, path: str | PathLike[str] | None = None, n: int | None = None
) -> ReviewSession:
    """Return a session about the pairs in `result.review`.

    Args:
        result: What `resolve` returned.
        path: Where to keep the decisions; what a file there holds already, holds.
        n: How many pairs to ask about at most.

    Raises:
        InvalidInputError: The file holds no decisions, or its folder does not exist;
            or `n` is no whole number of at least 1.
    """
    is_result = isinstance(result, Resolution)
    check_type("result", result, is_result, "a Resolution, as cm.resolve returns")
    if n is not None and not is_count(n):
        message = "n must be a whole number of at least 1: how many pairs to ask about"
        raise InvalidInputError(message)
    target = None if path is None else as_path(path)
    if target is not None and not target.resolve().parent.is_dir():
        message = f"the folder of {path} does not exist; make it, or name another file"
        raise InvalidInputError(message)
    if target is not None and target.exists():
        # What the result was told later than the file holds.
        kept = load_decisions(target) | result.decisions
        if kept != result.decisions:
            result = _adopted(result, kept)
    return ReviewSession(result, target, result.reviewed[:n], result)


def perform(session: ReviewSession, command: str) -> str:
    """Do what a person asks for, and return what to say of it.

    Args:
        session: The session.
        command: `"same"`, `"different"`, `"skip"` or `"undo"`.
    """
    try:
        if command == "undo" and not session.undo():
            return "there is nothing to undo"
        if command in _ANSWERS and session.changes.n_left:
            session.answer(_ANSWERS[command])
    except (InvalidConfigError, OSError) as error:
        return f"not taken: {error}"
    return str(session.changes)


def _adopted(result: Resolution, decisions: Decisions) -> Resolution:
    """Return the result with decisions; those of absent records are for other runs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CustmergeWarning)
        return result.decide(decisions)


def _decided(
    result: Resolution, start: Resolution, said: list[tuple[int, bool]]
) -> Resolution:
    """Return a result with answers about pairs at places of `start.compared`."""
    if not said:
        return result
    pairs = start.compared.take(np.asarray([place for place, _ in said]))
    sides = (start.basis.names_of(side) for side in (pairs.left, pairs.right))
    links = map(Link, *sides, [same for _, same in said])
    return _adopted(result, Decisions(tuple(links)))
