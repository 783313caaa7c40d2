"""A review session in a notebook, with anywidget."""

from __future__ import annotations

from importlib import import_module
from os import PathLike
from pathlib import Path
from types import ModuleType
from typing import Any

from custmerge.exceptions import MissingDependencyError
from custmerge.resolution import Resolution
from custmerge.reviewing.session import ReviewSession, perform, start_review
from custmerge.reviewing.showing import ReviewPair, called, evidence_of

__all__ = ["label"]

_FILES = Path(__file__).parent


def label(
    result: Resolution, path: str | PathLike[str] | None = None, n: int | None = None
) -> Any:  # noqa: ANN401  a widget of a package that is optional
    """Return a notebook widget that asks about the pairs in `result.review`.

    Two records stand side by side, with what differs marked. The keys are s for same,
    d for different, k for skip, u for undo, and e to see what the pair was weighed by.

    Args:
        result: What `resolve` returned.
        path: Where to keep the decisions, after every answer; what a file there holds
            already, holds. `load_decisions` reads it.
        n: How many pairs to ask about at most.

    Returns:
        The widget. Its `session` is a `custmerge.reviewing.ReviewSession`, whose
        `decisions` are what was decided so far, and `result` the result with them.

    Raises:
        MissingDependencyError: anywidget is not installed.
        InvalidInputError: The file holds no decisions, or its folder does not exist;
            or `n` is no whole number of at least 1.

    Examples:
        >>> import custmerge as cm
        >>> labeller = cm.label(cm.resolve("examples/customers.csv"), n=20)
        >>> labeller.session.decisions
        Decisions(same 0, different 0, pinned 0, never 0)
        >>> labeller
        Labeller(0 same, 0 different, 0 skipped, 20 left; entities: 0 merged, 0 split)
    """
    session = start_review(result, path, n)
    anywidget, traitlets = _packages()
    body = {
        "_esm": (_FILES / "labeller.js").read_text(encoding="utf-8"),
        "_css": (_FILES / "labeller.css").read_text(encoding="utf-8"),
        "state": traitlets.Dict().tag(sync=True),
        "__repr__": lambda _: f"Labeller({session.changes})",
    }
    # A class statement would need the package to be there when this module is read.
    widget = type("Labeller", (anywidget.AnyWidget,), body)(state=_state(session))

    def respond(_: object, content: dict[str, Any], __: object) -> None:
        before, action = widget.state, content.get("action")
        if content.get("turn") != before["turn"]:
            return  # It was said of what another view, or key, has done with.
        is_explained = (before["evidence"] is not None) != (action == "explain")
        said = "" if action == "explain" else perform(session, str(action))
        after = _state(session, said, is_explained=is_explained)
        widget.state = {**after, "turn": before["turn"] + 1}

    widget.session = session
    widget.on_msg(respond)
    return widget


def _state(
    session: ReviewSession, said: str = "", *, is_explained: bool = False
) -> dict[str, Any]:
    """Return what the browser shows, and how often that has changed."""
    pair = session.pair
    return {
        "turn": 0,
        "pair": None if pair is None else _as_json(pair),
        "evidence": _weighed(session) if is_explained else None,
        "changes": str(session.changes),
        "said": said if said.startswith("not taken") else "",
    }


def _as_json(pair: ReviewPair) -> dict[str, Any]:
    return {
        "left": called(pair.left),
        "right": called(pair.right),
        "weighed": f"probability {pair.probability:.3f}, {pair.weight:+.1f} bits",
        "reason": pair.reason,
        "rows": [
            [cells.column, cells.differ, *map(_listed, cells.parts())]
            for cells in pair.columns
        ],
    }


def _weighed(session: ReviewSession) -> list[list[object]]:
    """Return the parts of the weight of the pair in turn: name, bits, words."""
    explained = session.explain()
    parts = () if explained is None else evidence_of(explained)
    return [[one.part, one.weight, one.words] for one in parts]


def _listed(parts: tuple[tuple[str, bool], ...]) -> list[list[object]]:
    return [list(part) for part in parts]


def _packages() -> tuple[ModuleType, ModuleType]:
    try:
        return import_module("anywidget"), import_module("traitlets")
    except ImportError as error:
        message = 'the labeller needs anywidget: run pip install "custmerge[notebook]"'
        raise MissingDependencyError(message) from error
