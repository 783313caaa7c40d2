"""The whole configuration: one frozen value, readable as TOML."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field as attribute
from html import escape
from os import PathLike
from pathlib import Path
from typing import Any, Literal

import numpy as np
import tomli_w

from custmerge._adapters import spec_of
from custmerge.blockers import BLOCKERS, IntoBlocker, Phonetic, as_blocker
from custmerge.classifier import Rule, as_rule
from custmerge.config.fields import AUTO, Field
from custmerge.config.relations import relate
from custmerge.config.requirements import Check, settled_checks
from custmerge.config.surviving import (
    default_anchors,
    id_problems,
    settle_survivorship,
    settled_anchors,
    settled_master,
)
from custmerge.config.validation import (
    Rules,
    is_ascending,
    is_between,
    is_count,
    is_list,
    is_optional_name,
    problems_of,
)
from custmerge.exceptions import InvalidConfigError
from custmerge.protocols import Blocker, SurvivorshipRule
from custmerge.survivorship import IntoSurvivorshipRule, survivorship_spec

__all__ = ["Config", "load_config"]

_ROLES = ("id", "source", "updated_at", "created_at", "record_type", "owner")
_UNSURE = (0.1, 0.9)
_RULES: Rules = {
    "blockers": (lambda given: given == AUTO or is_list(given), "'auto' or a list"),
    "rules": (is_list, "a list of rules"),
    **dict.fromkeys(_ROLES, (is_optional_name, "the name of a column")),
    "pairs_per_record": (is_count, "a whole number of at least 1"),
    "threshold": (lambda value: is_between(value, 0, 1), "a number in (0, 1)"),
    "one_per_source": (
        lambda given: given == AUTO or isinstance(given, bool),
        "true, false or 'auto'",
    ),
    "review": (
        lambda bounds: is_ascending(bounds, 0, 1) and len(bounds) == 2,
        "two ascending probabilities",
    ),
    "seed": (lambda seed: seed == 0 or is_count(seed), "a whole number from 0"),
}


@dataclass(frozen=True, slots=True)
class Config:
    """What `resolve` does with records, all of it.

    Attributes:
        fields: The fields; each input column belongs to at least one, or to a role.
        blockers: Blockers or what stands for them; `"auto"`: those of the fields'
            kinds.
        id: The column with the caller's record id; row numbers where `None`.
        source: The column that names the system a record came from.
        updated_at: The column that says when a record was last changed; the rule
            `most_recent` goes by it.
        created_at: The column that says when a record was made; `oldest` goes by it.
        record_type: The column that says what a record describes, such as a person or
            a company; records of different types are never one entity.
        owner: The column that names the employee or team that looks after a record;
            entities with several are in `result.conflicts`.
        pairs_per_record: The budget of candidate pairs.
        threshold: The match probability in (0, 1) from which two records are linked.
        one_per_source: Whether no entity holds two records of one source; `"auto"`:
            where each source seems to hold each customer once.
        review: Probabilities between which a pair is doubtful.
        seed: Chooses the random pairs that chance agreement is measured on.
        rules: What holds whatever the evidence: the first rule that holds for a pair
            says that its records are of one entity, or never are.
        master: The rule that chooses one surviving record of each entity; golden
            records hold its values, and the others only fill its gaps, the best of
            them first. Fields whose survivorship rule is not the default of their
            kind keep it. Rules that judge values, such as `smallest` or your own, judge
            those of the id column, and need one. `None`: each field goes by its own
            rule, and the surviving record, whose id, source and type the golden record
            has, is the most complete, then the most recent, then that of the smallest
            id, then of the smallest source.
        group_fill: For groups of fields, the field whose agreement allows gaps to be
            filled: where the group's record lacks some of it, one other record with
            the same (normalized) value there, and no other difference in the group,
            fills in. `"auto"`: the address line; `{}`: no gaps are filled.
        survivorship: Survivorship rules by the name of a field, which become its
            `survive`, or of a column: one of a field's several, or one of no field,
            such as the source. The id column has none: see `master`.
        checks: What is required of values; `result.quality` tells what breaks it.

    Raises:
        InvalidConfigError: Parts contradict each other; the message lists them all.

    Examples:
        >>> import custmerge as cm
        >>> config = cm.Config(
        ...     fields=[
        ...         cm.Field("name", kind="full_name"),
        ...         cm.Field("email", kind="email"),
        ...     ],
        ...     blockers=["email", {"name": "rare_tokens", "field": "name"}],
        ... )
        >>> cm.Config.from_toml(config.to_toml()) == config
        True
    """

    fields: tuple[Field, ...]
    blockers: tuple[IntoBlocker, ...] | str = AUTO
    id: str | None = None
    source: str | None = None
    updated_at: str | None = None
    created_at: str | None = None
    record_type: str | None = None
    owner: str | None = None
    pairs_per_record: int = 30
    threshold: float = 0.5
    one_per_source: bool | str = AUTO
    review: tuple[float, float] = _UNSURE
    seed: int = 0
    rules: tuple[Rule, ...] = ()
    master: IntoSurvivorshipRule | None = None
    group_fill: Mapping[str, str] | Literal["auto"] = AUTO
    survivorship: Mapping[str, IntoSurvivorshipRule] = attribute(default_factory=dict)
    checks: tuple[Check, ...] = ()

    def __post_init__(self) -> None:
        problems = _field_problems(self.fields)
        if not problems:
            surviving = settle_survivorship(self.fields, self.survivorship)
            object.__setattr__(self, "fields", relate(surviving.fields))
            object.__setattr__(self, "survivorship", surviving.columns)
            problems = surviving.problems + self._settle_blockers()
            problems += _reference_problems(self.compared)
            problems += self._settle_rules() + self._settle_checks()
            problems += self._settle_survivorship()
        problems += problems_of(self, _RULES)
        if problems:
            message = "the configuration does not fit: " + "; ".join(problems)
            raise InvalidConfigError(message)
        object.__setattr__(self, "review", tuple(self.review))

    def _settle_blockers(self) -> list[str]:
        """Replace what stands for blockers by them; return what is wrong with it."""
        problems = []
        given = self.blockers
        if given == AUTO:
            given = tuple(_default_blockers(self.fields))
        elif isinstance(given, str) or not is_list(given):
            return []  # what it must be is among the rules
        settled: list[Blocker] = []
        for entry in given:
            try:
                settled.append(as_blocker(entry, self.names))
            except InvalidConfigError as error:
                problems.append(str(error))
        object.__setattr__(self, "blockers", tuple(settled))
        problems += [
            f"blocker {blocker.name!r} needs {name!r}, which is no compared field"
            for blocker in settled
            for name in _needs(blocker)
            if name not in self.compared_names
        ]
        return problems

    def _settle_rules(self) -> list[str]:
        """Replace what stands for rules by them; return what is wrong with it."""
        if not is_list(self.rules):
            return []  # what it must be is among the rules of attributes
        problems = []
        settled: list[Rule] = []
        for entry in self.rules:
            try:
                settled.append(as_rule(entry))
            except InvalidConfigError as error:
                problems.append(str(error))
        object.__setattr__(self, "rules", tuple(settled))
        unknown = {n for rule in settled for n in rule.fields}.difference(
            self.compared_names
        )
        return problems + [
            f"a rule looks at {name!r}, which is none of the compared fields "
            f"{list(self.compared_names)}"
            for name in sorted(unknown)
        ]

    def _settle_checks(self) -> list[str]:
        """Replace what stands for checks by them; return what is wrong with it."""
        columns = (name for field in self.fields for name in field.columns)
        roles = (getattr(self, role) for role in _ROLES)
        checks, problems = settled_checks(self.checks, {*self.names, *columns, *roles})
        object.__setattr__(self, "checks", checks)
        return problems

    def _settle_survivorship(self) -> list[str]:
        """Replace what stands for the master rule and the anchors by them."""
        master, problems = settled_master(self.master, self.id)
        anchors, wrong = settled_anchors(self.group_fill, self.fields)
        object.__setattr__(self, "master", master)
        object.__setattr__(self, "group_fill", anchors)
        return problems + wrong + id_problems(self.id, self.fields, self.column_rules)

    @property
    def names(self) -> tuple[str, ...]:
        """The fields' names."""
        return tuple(field.name for field in self.fields)

    @property
    def compared(self) -> tuple[Field, ...]:
        """The fields that are evidence."""
        return tuple(field for field in self.fields if field.comparator is not None)

    @property
    def compared_names(self) -> tuple[str, ...]:
        """The names of the fields that are evidence."""
        return tuple(field.name for field in self.compared)

    @property
    def link_bits(self) -> float:
        """The match weight from which two records are linked, in bits."""
        return float(np.log2(self.threshold / (1 - self.threshold)))

    @property
    def column_rules(self) -> Mapping[str, SurvivorshipRule]:
        """The survivorship rules of columns that do not go by a field's."""
        return self.survivorship  # type: ignore[return-value]  # settled when built

    @property
    def plugins(self) -> tuple[Blocker, ...]:
        """The blockers."""
        return self.blockers  # type: ignore[return-value]  # settled when built

    @property
    def master_rule(self) -> SurvivorshipRule:
        """The rule of the surviving record, where one was given."""
        return self.master  # type: ignore[return-value]  # settled when built

    @property
    def survivorship_rules(self) -> tuple[SurvivorshipRule, ...]:
        """All rules of what survives."""
        rules = (*(field.rule for field in self.fields), *self.column_rules.values())
        return rules if self.master is None else (*rules, self.master_rule)

    @property
    def anchors(self) -> Mapping[str, str]:
        """For groups of fields, the field whose agreement allows gaps to be filled."""
        return self.group_fill  # type: ignore[return-value]  # settled when built

    def to_toml(self) -> str:
        """Return the configuration as TOML text; `from_toml` reads it back.

        Raises:
            InvalidConfigError: A plug-in has no name that a file could refer to.
        """
        document: dict[str, Any] = {
            role: getattr(self, role)
            for role in _ROLES
            if getattr(self, role) is not None
        }
        document |= {
            "pairs_per_record": self.pairs_per_record,
            "threshold": self.threshold,
            "one_per_source": self.one_per_source,
            "review": list(self.review),
            "seed": self.seed,
            "blockers": [_blocker_spec(blocker) for blocker in self.plugins],
            "rules": [rule.to_dict() for rule in self.rules],
            "survivorship": {
                name: survivorship_spec(rule)
                for name, rule in self.column_rules.items()
            },
            "checks": [check.to_dict() for check in self.checks],
            "fields": [field.to_dict() for field in self.fields],
        }
        if self.master is not None:
            document["master"] = survivorship_spec(self.master_rule)
        if self.anchors != default_anchors(self.fields):
            document["group_fill"] = dict(self.anchors)
        for optional in ("rules", "survivorship", "checks"):
            if not document[optional]:
                del document[optional]
        return tomli_w.dumps(document)

    @classmethod
    def from_toml(cls, text: str) -> Config:
        """Return the configuration that TOML text describes.

        Raises:
            InvalidConfigError: It is no TOML, has unknown entries, or does not fit.
        """
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            message = f"the configuration is no TOML: {error}"
            raise InvalidConfigError(message) from error
        known = set(cls.__dataclass_fields__)
        unknown = sorted(set(document) - known)
        if unknown or not isinstance(document.get("fields"), list):
            what = f"unknown entries {unknown}" if unknown else "no [[fields]]"
            message = f"the configuration has {what}; entries are {sorted(known)}"
            raise InvalidConfigError(message)
        fields = tuple(Field.from_dict(row) for row in document.pop("fields"))
        return cls(fields, **document)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the configuration as a TOML file; `load_config` reads it back."""
        Path(path).write_text(self.to_toml(), encoding="utf-8")

    def __str__(self) -> str:
        width = max((len(name) for name in self.names), default=0)
        lines = [f"Config: {len(self.compared)} of {len(self.fields)} fields compared"]
        lines += [
            f"  {role}: column {getattr(self, role)!r}"
            for role in _ROLES
            if getattr(self, role) is not None
        ]
        for field in self.fields:
            comparator = field.comparator
            compared = "not compared" if comparator is None else comparator.name
            why = f"  ({field.why})" if field.why else ""
            lines.append(f"  {field.name:<{width}}  {field.kind}: {compared}{why}")
        keys = ", ".join(_key_label(blocker) for blocker in self.plugins)
        lines.append(f"  blocking keys: {keys or 'none'}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        roles = ((role, getattr(self, role)) for role in _ROLES)
        named = [f"{role} {column!r}" for role, column in roles if column is not None]
        fields = f"{len(self.compared)} of {len(self.fields)} fields compared"
        return f"Config({', '.join([fields, *named])})"

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def load_config(path: str | PathLike[str]) -> Config:
    """Return the configuration in a TOML file.

    Raises:
        InvalidConfigError: The file cannot be read or does not fit.

    Examples:
        >>> import custmerge as cm
        >>> config = cm.load_config("custmerge.toml")  # doctest: +SKIP
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path} cannot be read as a configuration: {type(error).__name__}"
        raise InvalidConfigError(message) from error
    return Config.from_toml(text)


def _field_problems(fields: object) -> list[str]:
    if not isinstance(fields, (list, tuple)) or not fields:
        return ["fields must be a list of at least one Field"]
    wrong = [i for i, field in enumerate(fields) if not isinstance(field, Field)]
    if wrong:
        return [f"entries {wrong} of fields are not of type Field"]
    counts = Counter(field.name for field in fields)
    return [f"{n} fields are named {name!r}" for name, n in counts.items() if n > 1]


def _reference_problems(fields: Sequence[Field]) -> list[str]:
    by_name = {field.name: field for field in fields}
    problems = [
        f"field {field.name!r} names {other!r}, which is no compared field"
        for field in fields
        for other in (field.swaps_with, *field.depends_on)
        if other is not None and other not in by_name
    ]
    if problems:
        return problems
    for field in fields:
        if field.name in _ancestors(field, by_name):
            problems.append(f"field {field.name!r} depends on itself")
        if len({len(by_name[name].levels) for name in field.depends_on}) > 1:
            problems.append(
                f"the fields that {field.name!r} depends on differ in their number of "
                "levels"
            )
    return problems


def _ancestors(field: Field, by_name: Mapping[str, Field]) -> set[str]:
    """Return the names of all fields that a field depends on, however far."""
    found: set[str] = set()
    waiting = list(field.depends_on)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += by_name[name].depends_on
    return found


def _default_blockers(fields: Iterable[Field]) -> list[Blocker]:
    compared = [field for field in fields if field.comparator is not None]
    swapped = {field.swaps_with for field in compared}
    found: list[Blocker] = []
    for field in compared:
        for key in field.defaults.keys:
            if key != "phonetic":
                found.append(BLOCKERS[key](field.name))
            elif field.name not in swapped:  # or else the other field has its keys
                found.append(Phonetic(field.name, field.swaps_with))
    return found


def _needs(blocker: Blocker) -> tuple[str, ...]:
    """The fields a blocker names, where it says so."""
    named = getattr(blocker, "fields", None) or (getattr(blocker, "field", None),)
    named = (*named, getattr(blocker, "swaps_with", None))
    return tuple(name for name in named if isinstance(name, str))


def _blocker_spec(blocker: Blocker) -> Any:  # noqa: ANN401  a name or a table, for TOML
    return spec_of(blocker, BLOCKERS)


def _key_label(blocker: Blocker) -> str:
    needed = " or ".join(_needs(blocker))
    named = isinstance(getattr(blocker, "field", None), str)
    return f"{needed} ({blocker.name})" if named else blocker.name
