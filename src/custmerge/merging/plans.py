"""What it takes to carry a merge out elsewhere, and to undo it: a merge plan.

A plan is saved as JSON lines. The first says how records and child rows are found;
each other is the step of one customer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

from custmerge.exceptions import PlanError
from custmerge.io.mappings import as_mappings
from custmerge.merging.documents import (
    VERSION,
    layout_json,
    read_layout,
    read_step,
    step_json,
    token_of,
)
from custmerge.merging.steps import Layout, MergeStep
from custmerge.records import as_text

__all__ = ["MergePlan"]


@dataclass(frozen=True, repr=False)
class MergePlan:
    """The steps of a merge, one for each customer of several records.

    They are in the order of the survivors' names. A plan holds customers' data: whole
    records, as undoing takes them.

    Attributes:
        layout: How records and child rows are found.
        steps: The steps.

    Examples:
        >>> import custmerge as cm
        >>> records = [
        ...     {"id": 1, "name": "Ann Lee", "email": "ann@lee.org", "city": None},
        ...     {"id": 2, "name": "Bo Chan", "email": "bo@chan.org", "city": "York"},
        ...     {"id": 3, "name": "Ann Lee", "email": None, "city": "Leeds"},
        ... ]
        >>> plan = cm.resolve(records, must_link=[(1, 3)]).merge_plan()
        >>> plan
        MergePlan(steps 1, records merged away 1, fields to write 1, ...)
        >>> step = plan.steps[0]
        >>> step.survivor.id, step.losers[0].record.id, step.writes[0].new
        (1, 3, 'Leeds')
        >>> cm.MergePlan.from_jsonl(plan.to_jsonl()) == plan
        True
    """

    layout: Layout
    steps: tuple[MergeStep, ...]
    form: Callable[[Mapping[str, Sequence[Any]]], Any] = field(
        default=as_mappings, compare=False
    )
    """Makes the table that `table` returns of its columns."""

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[MergeStep]:
        return iter(self.steps)

    def __repr__(self) -> str:
        counts = {
            "steps": len(self.steps),
            "records merged away": sum(len(step.losers) for step in self.steps),
            "fields to write": sum(len(step.writes) for step in self.steps),
            "child cells to write": sum(len(step.children) for step in self.steps),
            "conflicts": sum(len(step.conflicts) for step in self.steps),
        }
        return f"MergePlan({', '.join(f'{key} {n:,}' for key, n in counts.items())})"

    @property
    def table(self) -> Any:  # noqa: ANN401  the caller's own form
        """One row for each action, in the form the records came in, else dicts.

        Columns: `survivor_id`, `survivor_source`; `action`: `"merge"` a record into
        the survivor, `"write"` one of its fields, `"re-point"` a child row, or
        `"review"` a conflict; `table` of a child; `record_id` and `record_source` of
        what is merged, `record_id` the child's key or row number; `field`, `old` and
        `new`, of a conflict its values in `old`; `alternatives`, the other values that
        a field might have had, joined by `"; "`; `severity` of a conflict; and
        `undo_token`. All of it, with the records that hold each alternative, is in
        `steps` and in the JSON lines.
        """
        rows = [
            (step.survivor.id, step.survivor.source, *action, step.undo_token)
            for step in self.steps
            for action in _actions(step)
        ]
        columns = list(map(list, zip(*rows, strict=True))) or [[] for _ in _COLUMNS]
        return self.form(dict(zip(_COLUMNS, columns, strict=True)))

    def to_jsonl(self) -> str:
        """Return the plan as JSON lines; see `custmerge.merging.cells` for cells."""
        lines = [layout_json(self.layout), *map(step_json, self.steps)]
        return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)

    @classmethod
    def from_jsonl(cls, text: str) -> MergePlan:
        """Return the plan of JSON lines.

        Raises:
            PlanError: They are no plan, or a step is not what was planned.
        """
        lines = [line for line in text.split("\n") if line.strip()]
        number = 1
        try:
            layout = read_layout(json.loads(lines[0]))
            steps = []
            for number, line in enumerate(lines[1:], 2):  # noqa: B007  for the message
                steps.append(read_step(json.loads(line)))
        except _DAMAGE as error:
            message = (
                f"line {number} is no line of a merge plan of version {VERSION}: "
                f"{type(error).__name__}; load what MergePlan.save wrote"
            )
            raise PlanError(message) from None
        plan = cls(layout, tuple(steps))
        plan.verify()
        return plan

    def save(self, path: str | PathLike[str]) -> None:
        """Write the plan to a file of JSON lines; it is replaced."""
        text = self.to_jsonl()
        Path(path).write_bytes(text.encode("utf-8", "surrogatepass"))

    @classmethod
    def load(cls, path: str | PathLike[str]) -> MergePlan:
        """Return the plan that a file holds.

        Raises:
            PlanError: It cannot be read, holds none, or a step is not what was planned.
        """
        try:
            text = Path(path).read_bytes().decode("utf-8", "surrogatepass")
        except (OSError, ValueError) as error:
            message = (
                f"{path} cannot be read as a merge plan: {type(error).__name__}; load "
                "what MergePlan.save wrote"
            )
            raise PlanError(message) from None
        return cls.from_jsonl(text)

    def verify(self) -> None:
        """Check that all steps are as they were planned.

        Raises:
            PlanError: The undo tokens of some do not fit them.
        """
        wrong = [
            number
            for number, step in enumerate(self.steps)
            if step.undo_token != token_of(self.layout, step)
        ]
        if wrong:
            message = (
                f"{len(wrong)} steps are not what was planned (the first is number "
                f"{wrong[0]}): their undo tokens do not fit; make the plan anew"
            )
            raise PlanError(message)


_DAMAGE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
"""What reading damaged lines raises; decimal numbers raise the last."""

_COLUMNS = (
    *("survivor_id", "survivor_source", "action", "table", "record_id"),
    *("record_source", "field", "old", "new"),
    *("alternatives", "severity", "undo_token"),
)


def _actions(step: MergeStep) -> Iterator[tuple[Any, ...]]:
    """Yield the cells of each action but those that all of a step share."""
    for loser in step.losers:
        name = (loser.record.id, loser.record.source)
        yield "merge", None, *name, None, None, None, None, None
    for write in step.writes:
        others = "; ".join(as_text(other.value) or "" for other in write.alternatives)
        cells = (write.field, write.old, write.new, others or None)
        yield "write", None, None, None, *cells, None
    for child in step.children:
        moved = (child.table, child.child, None, child.field, child.old, child.new)
        yield "re-point", *moved, None, None
    for conflict in step.conflicts:
        told = (conflict.get("field"), conflict.get("values"), None, None)
        yield "review", None, None, None, *told, conflict.get("severity")
