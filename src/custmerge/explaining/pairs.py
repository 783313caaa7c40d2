"""An explained pair: typed data, and the table that people read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field as attribute
from typing import Any, Literal

from custmerge.display import harmless, text_table
from custmerge.explaining.naming import RecordKey, plain
from custmerge.explaining.showing import bits, chance, html_waterfall, short

__all__ = [
    "Adjustment",
    "ComparisonExplanation",
    "PairExplanation",
    "SharedKey",
    "Verdict",
    "of_it",
]

Settles = Literal["match", "differ"]


@dataclass(frozen=True, slots=True)
class ComparisonExplanation:
    """What one field says of two records.

    Attributes:
        field: The field.
        left: What the first record holds, as it came; of several columns joined.
        right: The same of the second.
        left_compared: Its normalized values, which were compared; the two that agree
            best count. Empty where there is none, or only what stands for a missing
            one.
        right_compared: The same of the second.
        similarity: In [0, 1]; `None` where a side is missing. Of more than a million
            candidates, below the lowest level merely what it is at most.
        level: The agreement level, 0 the least alike; `None` where a side is missing.
        label: The level in words: `"agree"`, `"similar (at least …)"`, `"differ"`,
            or `"exchanged with …"`; where there is none, why: `"missing"`,
            `"no real value"` of a placeholder and of what is no value of the kind, or
            `"cannot be compared"`, as of numbers masked in the same places.
        weight: Bits that the field adds to the pair's weight; all told.
        frequency_weight: Of these, what the value's rarity adds or takes.
        dependence_weight: Of these, what is taken off since fields that it depends on
            said it already.
        depends_on: Those fields.
        frequency: The share of records that hold the commoner of the two values.
        m: The share of matches that show the level, given what `depends_on` show;
            `None` where the model has none. `log2(m / u)` is what the level is worth,
            times the factor of a model that labels corrected.
        u: The same of unrelated pairs.
    """

    field: str
    left: str | None = attribute(repr=False)
    right: str | None = attribute(repr=False)
    left_compared: tuple[str, ...] = attribute(repr=False)
    right_compared: tuple[str, ...] = attribute(repr=False)
    similarity: float | None
    level: int | None
    label: str
    weight: float
    frequency_weight: float = 0.0
    dependence_weight: float = 0.0
    depends_on: tuple[str, ...] = ()
    frequency: float | None = None
    m: float | None = None
    u: float | None = None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Bits of a pair's weight that are of no field.

    Attributes:
        name: `"related"`: what the pair loses for looking like relatives; or a name
            that the model gives.
        weight: The bits.
        label: What they are for, in words.
    """

    name: str
    weight: float
    label: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of a pair whatever its weight.

    Attributes:
        by: `"decision"`, `"label"`, `"must_link"`, `"cannot_link"`, or `"told"`, where
            it follows from several of these together; `"one_per_source"`,
            `"record_type"`, `"rule"`; or `"model"`, where the model is `Rules`, whose
            weight it is.
        says: `"match"` or `"differ"`.
        label: The rule's name, or what was said, in words.
    """

    by: str
    says: Settles
    label: str


@dataclass(frozen=True, slots=True)
class SharedKey:
    """A blocking key that two records share although they were not compared.

    Attributes:
        key: The blocker's field and name.
        n_records: How many records have it.
        too_large: Whether these were too many to pair.
    """

    key: str
    n_records: int
    too_large: bool


@dataclass(frozen=True, slots=True)
class PairExplanation:
    """Why two records are one customer, or are not.

    `prior`, and the weights of `comparisons` and `adjustments`, add up to `weight`. It
    prints as a table, in a notebook too; it holds the customers' data, which its
    `repr` leaves out.

    Attributes:
        left: The first record.
        right: The second.
        weight: The match weight in bits (log2 odds), as in `Resolution.pairs`.
        probability: The match probability in [0, 1] that it stands for.
        prior: The weight in bits of a pair about which nothing is known.
        comparisons: What each compared field adds.
        adjustments: What is of no field.
        relatives: How likely the pair is one of relatives, by their class.
        verdicts: What is said of the pair whatever its weight; the first one holds.
        threshold: The probability above which a pair is a link.
        review: The probabilities between which a pair is doubtful.
        compared: Whether the run compared the records; else the weight is what it
            would have been.
        shared_keys: Where they were not compared, the blocking keys they share.
        why_not_compared: Why they were not, in words; empty where they were.
        left_entity: The entity of the first record.
        right_entity: The entity of the second.
        outcome: What came of it, in words.

    Examples:
        >>> import custmerge as cm
        >>> records = [
        ...     {"name": "Ann Lee", "email": "ann.lee@mail.com"},
        ...     {"name": "Bo Chan", "email": "bo@chan.org"},
        ...     {"name": "Anne Lee", "email": "ann.lee@mail.com"},
        ... ]
        >>> found = cm.resolve(records).explain(0, 2)
        >>> [part.field for part in found.comparisons], found.linked
        (['given_name', 'family_name', 'email'], True)
        >>> found.outcome
        'a link, and one entity: 0'
    """

    left: RecordKey
    right: RecordKey
    weight: float
    probability: float
    prior: float
    comparisons: tuple[ComparisonExplanation, ...]
    adjustments: tuple[Adjustment, ...]
    relatives: Mapping[str, float]
    verdicts: tuple[Verdict, ...]
    threshold: float
    review: tuple[float, float]
    compared: bool
    shared_keys: tuple[SharedKey, ...]
    why_not_compared: str
    left_entity: int
    right_entity: int
    outcome: str

    @property
    def verdict(self) -> Settles | None:
        """What holds whatever the weight; `None` where the weight decides."""
        settled = (one.says for one in self.verdicts if one.by != "model")
        return next(settled, None)

    @property
    def linked(self) -> bool:
        """Whether the pair by itself speaks for one entity."""
        if self.verdict is not None:
            return self.verdict == "match"
        return self.compared and self.probability > self.threshold

    @property
    def same_entity(self) -> bool:
        """Whether the two records are in one entity."""
        return self.left_entity == self.right_entity

    @property
    def doubtful(self) -> bool:
        """Whether the pair is in the review band, and nothing settles it."""
        low, high = self.review
        return self.verdict is None and low < self.probability < high

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data that JSON can hold, values included.

        At the top `weight`, `probability`, `prior`, `threshold`, `review`, `linked`,
        `same_entity`, `doubtful`, `verdict`, `compared`, `outcome`; `left` and `right`
        with `id`, `source` and `entity_id`; the parts of the weight under
        `comparisons` and `adjustments`; `relatives`, `verdicts`, `shared_keys`. The
        entries are named as the attributes.
        """
        parts = plain(self)
        ends = {
            side: {**parts.pop(side), "entity_id": parts.pop(f"{side}_entity")}
            for side in ("left", "right")
        }
        derived = ("linked", "same_entity", "doubtful", "verdict")
        found: dict[str, Any] = {name: getattr(self, name) for name in derived}
        top = {name: parts.pop(name) for name in ("weight", "probability", "prior")}
        return {**top, **found, **ends, **parts}

    def __repr__(self) -> str:
        is_said = self.compared or self.outcome.startswith("not compared")
        state = "" if is_said else "not compared, "
        return (
            f"PairExplanation({self.left} and {self.right}: {bits(self.weight)} bits, "
            f"probability {chance(self.probability)}; {state}{self.outcome})"
        )

    @property
    def shown(self) -> tuple[tuple[str, str], ...]:
        """The two values of each comparison, as they came, for people to look at.

        Of a column that several fields are taken from, what each of them took; and
        where a field's own columns are empty, what others told.
        """
        ends = [(part.left, part.right) for part in self.comparisons]
        return tuple(
            _held(part, is_whole=ends.count((part.left, part.right)) == 1)
            for part in self.comparisons
        )

    @property
    def _title(self) -> str:
        return f"{self.left} and {self.right}: {self.outcome}"

    @property
    def _header(self) -> tuple[str, ...]:
        ends = (str(self.left), str(self.right))
        return ("part", *ends, "alike", "level", "bits", "of it")

    def _rows(self) -> list[_Row]:
        """Return the rows of the table, each with what it adds."""
        empty = ("",) * 4
        rows: list[_Row] = [(("prior", *empty, bits(self.prior), ""), self.prior)]
        for part, held in zip(self.comparisons, self.shown, strict=True):
            similarity = "" if part.similarity is None else f"{part.similarity:.2f}"
            shown = (*held, similarity, part.label)
            cells = (part.field, *shown, bits(part.weight), of_it(part))
            rows.append((cells, part.weight))
        for more in (one for one in self.adjustments if bits(one.weight) != bits(0)):
            cells = (more.name, *empty[:3], more.label, bits(more.weight), "")
            rows.append((cells, more.weight))
        sure = f"probability {chance(self.probability)}"
        rows.append((("weight", *empty[:3], sure, bits(self.weight), ""), self.weight))
        return rows

    def _remarks(self) -> list[str]:
        """Return what the table does not say."""
        remarks = [f"{one.by}: {one.label} ({one.says})" for one in self.verdicts]
        if not self.compared:
            scored = f"would have scored {bits(self.weight)} bits"
            remarks.append(f"not compared: {self.why_not_compared}; {scored}")
        if self.doubtful:
            remarks.append(
                f"doubtful: between {self.review[0]:g} and {self.review[1]:g}"
            )
        return remarks

    def __str__(self) -> str:
        rows = [self._header, *(cells for cells, _ in self._rows())]
        cut = [[*row[:1], *map(short, row[1:3]), *row[3:]] for row in rows]
        return "\n".join(
            [harmless(self._title), *text_table(cut, _NUMBERS), *self._remarks()]
        )

    def _repr_html_(self) -> str:
        rows, remarks = self._rows(), self._remarks()
        return html_waterfall(self._title, self._header, rows, remarks, _NUMBERS)


def _held(part: ComparisonExplanation, *, is_whole: bool) -> tuple[str, str]:
    """Return what to show of a comparison's two sides."""
    compared = "; ".join(part.left_compared), "; ".join(part.right_compared)
    return (
        (part.left or compared[0], part.right or compared[1]) if is_whole else compared
    )


def of_it(part: ComparisonExplanation) -> str:
    """Return in words what rarity and dependence count of a field's bits."""
    rarity, rest = bits(part.frequency_weight), bits(part.dependence_weight)
    how = "rare" if part.frequency_weight > 0 else "common"
    said = [] if rarity == bits(0) else [f"{how} {rarity}"]
    if rest != bits(0):
        said.append(f"after {', '.join(part.depends_on)} {rest}")
    return "; ".join(said)


_Row = tuple[tuple[str, ...], float]
"""The cells of a row of the table, and what it adds."""
_NUMBERS = (3, 5)
"""The columns of the table that stand to the right."""
