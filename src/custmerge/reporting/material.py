"""What a report is made of: a result, and what of its values may be shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from custmerge.classifier import IntoClassifier, Verdicts
from custmerge.config import Config
from custmerge.decisions import Basis, Decisions
from custmerge.diagnostics import Diagnostics
from custmerge.io import Dataset, OutputColumn, Taken, read_table
from custmerge.masking import Mask, Masked
from custmerge.naming import RecordNames
from custmerge.pairs import Pairs, SimilarityVectors
from custmerge.protocols import Rows
from custmerge.quality import Quality
from custmerge.records import Column, RecordTable, as_text
from custmerge.remarks import Remark
from custmerge.survivorship import Losses, Survivors

__all__ = ["LONGEST", "Material", "Reported", "cut_short"]

LONGEST: Final = 300
"""Characters of a value that a report shows; a note may hold pages."""


class Reported(Protocol):
    """What a report reads of a result; see `custmerge.Resolution`."""

    @property
    def dataset(self) -> Dataset:
        """The records as they came."""
        ...

    @property
    def config(self) -> Config:
        """What was done."""
        ...

    @property
    def model(self) -> IntoClassifier:
        """What weighed the pairs."""
        ...

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What deserved a look in the run."""
        ...

    @property
    def labels(self) -> Rows:
        """The entity of each record."""
        ...

    @property
    def sizes(self) -> NDArray[np.int64]:
        """The number of records of each entity."""
        ...

    @property
    def confidence(self) -> NDArray[np.float64]:
        """How sure it is that each record is where it is."""
        ...

    @property
    def compared(self) -> Pairs:
        """The pairs that were compared."""
        ...

    @property
    def vectors(self) -> SimilarityVectors:
        """Their similarities."""
        ...

    @property
    def weights(self) -> NDArray[np.float64]:
        """Their match weights."""
        ...

    @property
    def verdicts(self) -> Verdicts:
        """What is settled of them whatever their weight."""
        ...

    @property
    def survivors(self) -> Survivors:
        """Where golden values come from."""
        ...

    @property
    def basis(self) -> Basis:
        """The records, as texts, among other things."""
        ...

    @property
    def decisions(self) -> Decisions:
        """What people decided."""
        ...

    @property
    def diagnostics(self) -> Diagnostics:
        """Estimates of its quality."""
        ...

    @property
    def quality(self) -> Quality:
        """What is wrong with the records."""
        ...

    @property
    def conflicts(self) -> Any:  # noqa: ANN401  a table in the caller's own form
        """The conflicts."""
        ...

    @property
    def relations(self) -> Any:  # noqa: ANN401  as above
        """The entities that are related."""
        ...

    @property
    def contacts(self) -> Any:  # noqa: ANN401  as above
        """The contact values that are not one person's."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What a report is made of.

    Attributes:
        result: The result.
        masked: Its masked tables, where values are not to be shown.
        reviewed: The compared pairs to review, the most telling first.
        losses: What ruled out each value that did not survive.
    """

    result: Reported
    masked: Masked | None
    reviewed: NDArray[np.int64]
    losses: Losses

    @property
    def mask(self) -> Mask | None:
        """What is masked, if anything."""
        return None if self.masked is None else self.masked.mask

    @property
    def table(self) -> RecordTable:
        """The records, as texts."""
        return self.result.basis.table

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the records."""
        return self.result.dataset.columns

    @property
    def are_named(self) -> bool:
        """Whether records are shown by names that decisions can go by."""
        config, mask = self.result.config, self.mask
        names = {config.id, config.source} - {None}
        return mask is None or names <= mask.shown

    def texts(self, rows: Rows, names: Sequence[str]) -> list[list[str | None]]:
        """Return cells of some rows by column, as they may be shown.

        Args:
            rows: The rows.
            names: The columns.
        """
        if self.mask is None:
            columns = [self.table[name].take(rows) for name in names]
        else:
            dataset = self.result.dataset
            taken = dataset.build({name: Taken(name, rows) for name in names})
            hidden = {name: name for name in names if name not in self.mask.shown}
            columns = _encoded(self.mask.columns(taken, hidden), names)
        return [_clipped(column) for column in columns]

    def made(self, name: str, entities: Iterable[int]) -> dict[int, str | None]:
        """Return by entity the golden values that are no record's, as may be shown.

        Args:
            name: The golden column.
            entities: The entities to look at.
        """
        values = self.result.survivors.values.get(name, {})
        found = {entity: values[entity] for entity in entities if entity in values}
        if not found:
            return {}
        cells = list(found.values())
        if self.mask is None:
            column = Column.encode(cells)
        else:
            built = self.result.dataset.build({name: cells})
            [column] = _encoded(self.mask.records(built, self.columns), [name])
        return dict(zip(found, _clipped(column), strict=True))

    def names(self, rows: Rows) -> list[object]:
        """Return what records go by in decisions: an id, or a source and an id."""
        known = RecordNames.of(self.result.dataset, self.result.config)
        has_sources = known.source is not None or bool(self.result.dataset.sources)
        sides: dict[str, OutputColumn] = {
            "record_id": known.ids(rows),
            "source": known.sources(rows),
        }
        table = self.result.dataset.build(sides)
        if self.mask is not None:
            table = self.mask.named("assignments", table)
        dataset = read_table(table)
        if not len(rows):
            return []
        ids = [_plain(cell) for cell in dataset.cells("record_id")]
        if not has_sources:
            return [*ids]
        sources = [_plain(cell) for cell in dataset.cells("source")]
        return [[source, id_] for source, id_ in zip(sources, ids, strict=True)]

    def named(self, name: str, table: Any) -> Any:  # noqa: ANN401  a table
        """Return a table in which records go by the names that may be shown."""
        return table if self.mask is None else self.mask.named(name, table)


def _encoded(table: object, names: Sequence[str]) -> list[Column]:
    dataset = read_table(table)
    if not len(dataset):
        return [Column.encode([]) for _ in names]
    return [Column.encode(dataset.cells(name)) for name in names]


def _clipped(column: Column) -> list[str | None]:
    """Return the texts of a column, very long ones cut short."""
    column = column.by_appearance()
    return column.replace([cut_short(text) for text in column.values]).decode()


def cut_short(text: str) -> str:
    """Return a text, of a very long one the beginning."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _plain(part: object) -> str | int | None:
    """Return an id as decisions are saved: a text, or a number."""
    is_plain = isinstance(part, (str, int)) and not isinstance(part, bool)
    return part if is_plain else as_text(part)  # type: ignore[return-value]
