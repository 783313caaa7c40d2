"""One field of the customer: where it is stored and how it is worked on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from custmerge._adapters import spec_of
from custmerge.comparators import (
    COMPARATORS,
    AnyComparator,
    IntoComparator,
    as_comparator,
)
from custmerge.config.defaults import KIND_DEFAULTS, KindDefaults
from custmerge.config.validation import (
    Rules,
    is_ascending,
    is_expected,
    is_list,
    is_name,
    is_optional_flag,
    is_optional_name,
    is_pattern,
    is_shares,
    is_table,
    is_text,
    is_texts,
    problems_of,
)
from custmerge.exceptions import InvalidConfigError
from custmerge.kinds import Kind
from custmerge.normalizers import (
    IntoNormalizer,
    as_normalizer,
    normalizer_spec,
)
from custmerge.protocols import Normalizer, SurvivorshipRule
from custmerge.survivorship import (
    IntoSurvivorshipRule,
    as_survivorship_rule,
    default_rule,
    survivorship_spec,
)

__all__ = ["AUTO", "Combine", "Field"]

AUTO: Literal["auto"] = "auto"
"""Stands for "what the field's kind gets by default"."""

Combine = Literal["join", "any", "first"]
"""How columns make a field: joined to one text, each a value of its own, or the first
that holds a value."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its columns, and the plug-ins that normalize, compare and merge it.

    Attributes:
        name: The field's name; a column of that name unless `columns` says otherwise.
        kind: What the values are; gives every default. Text where nothing is said.
        columns: The columns that hold it.
        combine: `"join"`: the columns' texts make one value (day, month and year);
            `"any"`: each column is a value, and the best-agreeing two count (phones);
            `"first"`: the first column that holds a value counts.
        separator: What joined texts are joined with.
        lines: Where not all are joined, lists of columns that are: the lines of each
            of several addresses.
        split: A regular expression of what parts several values in one cell; empty: a
            cell is one value.
        normalize: A normalizer, or several in order.
        by_column: For columns that hold more than the field, what takes its value out
            of them: the family name out of a whole name.
        derived: For columns of other fields, what takes this field's value out of them:
            the birth date out of an identity number. It is compared where the field's
            own columns hold none (with `combine="any"`, beside theirs), and never
            stored.
        compare: A comparator; `None`: the field is no evidence, only kept.
        levels: Ascending similarities in (0, 1] that divide the agreement levels.
        survive: The survivorship rule of its columns.
        group: Fields of one group survive from one record as a unit (an address).
            This and the next three are `"auto"` until a `Config` settles them by the
            kinds of all its fields.
        swaps_with: A field that it is at times exchanged with (given, family name).
        depends_on: Fields that say the same in part (a city's postcode); agreement on
            both counts once.
        shared: For each class of relatives (`"household"`, `"branch"`) the expected
            share who agree on the field, in (0, 1); relatives of a class that is not
            named agree no more than strangers.
        frequency: Whether agreement on a rare value counts more than on a common one.
        expected: What is expected before the data are looked at, as shares in (0, 1):
            of matches, how many `"agree"` exactly and how many `"differ"` altogether;
            of unrelated pairs, how many agree by `"chance"`. Where nothing is said,
            the kind's; it yields to the data, of which some twenty matches weigh as
            much.
        why: What led to this field, for people to read.

    Raises:
        InvalidConfigError: The parts do not fit; the message lists all problems.

    Examples:
        >>> import custmerge as cm
        >>> cm.Field("email", kind="email", compare="exact")
        Field('email', kind='email', compare='exact')
        >>> cm.Field(
        ...     "phone", kind="phone", columns=("mobile", "landline"), combine="any"
        ... )
        Field('phone', kind='phone', columns=('mobile', 'landline'), combine='any')
    """

    name: str
    kind: Kind | str = Kind.TEXT
    columns: tuple[str, ...] = ()
    combine: Combine = "join"
    separator: str = " "
    lines: tuple[tuple[str, ...], ...] = ()
    split: str = AUTO
    normalize: IntoNormalizer = AUTO
    by_column: Mapping[str, IntoNormalizer] = field(default_factory=dict)
    derived: Mapping[str, IntoNormalizer] = field(default_factory=dict)
    compare: IntoComparator | None = AUTO
    levels: tuple[float, ...] = ()
    survive: IntoSurvivorshipRule = AUTO
    group: str | None = AUTO
    swaps_with: str | None = AUTO
    depends_on: tuple[str, ...] | Literal["auto"] = AUTO
    shared: Mapping[str, float] | Literal["auto"] = AUTO
    frequency: bool | None = None
    expected: Mapping[str, float] = field(default_factory=dict)
    why: str = ""

    def __post_init__(self) -> None:
        problems = problems_of(self, _RULES)
        if problems:
            raise InvalidConfigError(_listed(self.name, problems))
        defaults = self.defaults
        settled: dict[str, Any] = {
            "kind": Kind(self.kind),
            "columns": tuple(self.columns) or (self.name,),
            "lines": tuple(map(tuple, self.lines)),
            "split": defaults.split if self.split == AUTO else self.split,
            "depends_on": _plain(self.depends_on, tuple),
            "shared": _plain(self.shared, dict),
            "expected": _expected(defaults, self.expected),
            "frequency": defaults.frequency
            if self.frequency is None
            else self.frequency,
        }
        for attribute, value in settled.items():
            object.__setattr__(self, attribute, value)
        problems = self._settle_plugins(defaults)
        if problems:
            raise InvalidConfigError(_listed(self.name, problems))
        levels = tuple(self.levels) or self._default_levels()
        object.__setattr__(self, "levels", levels)

    def _settle_plugins(self, defaults: KindDefaults) -> list[str]:
        """Replace names by plug-ins; return what is wrong with them."""
        problems = []
        rule = default_rule(Kind(self.kind)) if self.survive == AUTO else self.survive
        normalize = defaults.normalize if self.normalize == AUTO else self.normalize
        compare = defaults.compare if self.compare == AUTO else self.compare
        settle: tuple[tuple[str, object, Callable[[Any], object]], ...] = (
            ("normalize", normalize, as_normalizer),
            ("compare", compare, as_comparator),
            ("survive", rule, as_survivorship_rule),
        )
        for attribute, given, coerce in settle:
            try:
                plugin = None if given is None else coerce(given)
            except InvalidConfigError as error:
                problems.append(f"{attribute}: {error}")
            else:
                object.__setattr__(self, attribute, plugin)
        return problems + self._settle_columns()

    def _settle_columns(self) -> list[str]:
        """Replace the names of single columns' normalizers by them."""
        problems = []
        for attribute in ("by_column", "derived"):
            settled = {}
            for column, given in getattr(self, attribute).items():
                try:
                    settled[column] = as_normalizer(given)
                except InvalidConfigError as error:
                    problems.append(f"{attribute}: {error}")
            object.__setattr__(self, attribute, settled)
        named = {*self.by_column, *(name for line in self.lines for name in line)}
        if not named <= set(self.columns):
            problems.append("by_column and lines must name columns of the field")
        if not self.derived.keys().isdisjoint(self.columns):
            problems.append("derived must name columns of other fields")
        return problems

    def _default_levels(self) -> tuple[float, ...]:
        """The kind's levels fit the kind's comparator; others get even ones."""
        usual = self.comparator is None or self.comparator.name == self.defaults.compare
        return self.defaults.levels if usual else _EVEN_LEVELS

    @property
    def defaults(self) -> KindDefaults:
        """What the field's kind gets by default."""
        return KIND_DEFAULTS[Kind(self.kind)]

    @property
    def normalizer(self) -> Normalizer:
        """The normalizer."""
        return self.normalize  # type: ignore[return-value]  # settled when built

    @property
    def comparator(self) -> AnyComparator | None:
        """The comparator; `None` where the field is no evidence."""
        return self.compare  # type: ignore[return-value]  # settled when built

    @property
    def shares(self) -> Mapping[str, float]:
        """What relatives share, by class; empty until a `Config` settles it."""
        return {} if isinstance(self.shared, str) else self.shared

    @property
    def rule(self) -> SurvivorshipRule:
        """The survivorship rule."""
        return self.survive  # type: ignore[return-value]  # settled when built

    @property
    def region(self) -> str | None:
        """The country of its phone numbers, where the normalizer knows one."""
        return getattr(self.normalizer, "region", None)

    def to_dict(self) -> dict[str, Any]:
        """Return the field as plain data that `Field.from_dict` reads back.

        Only what differs from the kind's defaults is written, but for the names of
        the plug-ins, which are there to be changed.
        """
        plain = Field(self.name, self.kind, compare=self.compare)
        row: dict[str, Any] = {"name": self.name, "kind": str(self.kind)}
        for attribute in _WRITTEN:
            value = getattr(self, attribute)
            if value != getattr(plain, attribute):
                row[attribute] = list(value) if isinstance(value, tuple) else value
        row = {key: NONE if value is None else value for key, value in row.items()}
        row["normalize"] = normalizer_spec(self.normalizer)
        row |= self._column_specs()
        comparator = self.comparator
        row["compare"] = (
            NONE if comparator is None else spec_of(comparator, COMPARATORS)
        )
        row["survive"] = survivorship_spec(self.rule)
        return row

    def _column_specs(self) -> dict[str, Any]:
        return {
            attribute: {
                name: normalizer_spec(as_normalizer(given[name])) for name in given
            }
            for attribute in ("by_column", "derived")
            if (given := getattr(self, attribute))
        }

    @classmethod
    def from_dict(cls, row: dict[str, Any]) -> Field:
        """Return the field that `to_dict` wrote, or a person did.

        Raises:
            InvalidConfigError: An unknown entry, or parts that do not fit.
        """
        known = set(cls.__dataclass_fields__)
        if not isinstance(row, dict):
            message = f"a field must be a table with {sorted(known)}"
            raise InvalidConfigError(message)
        unknown = sorted(set(row) - known)
        if unknown or "name" not in row:
            what = f"unknown entries {unknown}" if unknown else "no name"
            message = f"a field has {what}; a field has {sorted(known)}"
            raise InvalidConfigError(message)
        absent = [name for name in _MAY_BE_NONE if row.get(name) == NONE]
        return cls(**{**row, **dict.fromkeys(absent)})

    def __repr__(self) -> str:
        usual = Field(self.name, self.kind)
        plain = Field(self.name, self.kind, compare=self.compare)
        parts = [repr(self.name), f"kind={str(self.kind)!r}"]
        plugins = ("normalize", "compare", "survive")
        shown_too = ("columns", "combine", "by_column", "derived", "levels", "group")
        for attribute in (*shown_too, *plugins):
            value = getattr(self, attribute)
            if value != getattr(usual if attribute == "compare" else plain, attribute):
                shown = getattr(value, "name", None) if attribute in plugins else value
                parts.append(f"{attribute}={shown!r}")
        return f"Field({', '.join(parts)})"


NONE = "none"
"""How a file says `None`; TOML has no null."""
_MAY_BE_NONE = ("compare", "group", "swaps_with")
_WRITTEN = (
    "columns",
    "combine",
    "separator",
    "lines",
    "split",
    "levels",
    "group",
    "swaps_with",
    "depends_on",
    "shared",
    "frequency",
    "expected",
    "why",
)


_EVEN_LEVELS = (0.7, 0.85, 0.95, 1.0)


_RULES: Rules = {
    "name": (is_name, "a text of at least one character"),
    "kind": (lambda kind: kind in list(Kind), f"one of {[str(kind) for kind in Kind]}"),
    "columns": (is_texts, "a list of column names"),
    "combine": (
        lambda value: value in get_args(Combine),
        f"one of {get_args(Combine)}",
    ),
    "separator": (is_text, "a text"),
    "lines": (
        lambda lines: is_list(lines) and all(map(is_texts, lines)),
        "a list of lists of column names",
    ),
    "split": (is_pattern, "a regular expression"),
    "by_column": (is_table, "a table of normalizers by column"),
    "derived": (is_table, "a table of normalizers by column"),
    "levels": (
        lambda levels: is_ascending(levels, _LEAST_LEVEL, 1),
        "a list of ascending similarities in (0, 1]",
    ),
    "group": (is_optional_name, "a name"),
    "swaps_with": (is_optional_name, "the name of a field"),
    "depends_on": (
        lambda names: names == AUTO or is_texts(names),
        "a list of the names of fields",
    ),
    "shared": (
        lambda shares: shares == AUTO or is_shares(shares),
        "a table of shares in (0, 1) by class of relatives",
    ),
    "frequency": (is_optional_flag, "true or false"),
    "expected": (
        is_expected,
        "shares in (0, 1) of agree, differ (together at most 1) and chance",
    ),
    "why": (is_text, "a text"),
}
_LEAST_LEVEL = 1e-6


def _plain(value: Any, kind: Callable[[Any], Any]) -> Any:  # noqa: ANN401
    """Return a value as a tuple or dict of its own, `"auto"` as it is."""
    return value if value == AUTO else kind(value)


def _expected(defaults: KindDefaults, said: Mapping[str, float]) -> dict[str, float]:
    """Return what is expected, what was said before what is usual for the kind."""
    agree, differ = defaults.match
    expected = {"agree": agree, "differ": differ, "chance": defaults.chance, **said}
    # Where only one of the two is said, the other must leave it room.
    for name, other in (("agree", "differ"), ("differ", "agree")):
        if name not in said and other in said:
            expected[name] = min(expected[name], 0.9 * (1 - expected[other]))
    return expected


def _listed(name: str, problems: list[str]) -> str:
    return f"field {name!r}: " + "; ".join(problems)
