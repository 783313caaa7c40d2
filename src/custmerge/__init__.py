"""Find the records that describe the same customer and merge them into golden records.

Examples:
    >>> import custmerge as cm
    >>> records = [
    ...     {"name": "Ann Lee", "email": "ann.lee@mail.com"},
    ...     {"name": "Bo Chan", "email": "bo@chan.org"},
    ...     {"name": "Anne Lee", "email": "ann.lee@mail.com"},
    ... ]
    >>> len(cm.resolve(records).entities)
    2
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from custmerge.blockers import blocker
from custmerge.classifier import (
    FellegiSunter,
    Rule,
    Rules,
    WeightedScore,
    load_model,
)
from custmerge.comparators import comparator
from custmerge.config import Config, Field, load_config
from custmerge.contacts import ContactUse
from custmerge.decisions import Decisions, load_decisions
from custmerge.exceptions import (
    ColumnNotFoundError,
    CustmergeError,
    CustmergeWarning,
    DuplicateIdError,
    InvalidConfigError,
    InvalidInputError,
    MemoryLimitError,
    MissingDependencyError,
    ModelError,
    PluginError,
)
from custmerge.kinds import Kind, Role
from custmerge.normalizers import normalizer
from custmerge.pipeline import infer_config, plan, resolve
from custmerge.plans import Plan
from custmerge.resolution import Resolution
from custmerge.survivorship import (
    collect,
    count,
    earliest,
    first,
    largest,
    latest,
    longest,
    maximum,
    mean,
    minimum,
    most_complete,
    most_frequent,
    most_recent,
    oldest,
    prefer,
    rfm,
    shortest,
    smallest,
    source_priority,
    source_trust,
    survivorship_rule,
    total,
    unanimous,
    valid_first,
    when,
)

__all__ = [
    "ColumnNotFoundError",
    "Config",
    "ContactUse",
    "CustmergeError",
    "CustmergeWarning",
    "Decisions",
    "DuplicateIdError",
    "FellegiSunter",
    "Field",
    "InvalidConfigError",
    "InvalidInputError",
    "Kind",
    "MemoryLimitError",
    "MissingDependencyError",
    "ModelError",
    "Plan",
    "PluginError",
    "Resolution",
    "Role",
    "Rule",
    "Rules",
    "WeightedScore",
    "__version__",
    "blocker",
    "collect",
    "comparator",
    "count",
    "earliest",
    "first",
    "infer_config",
    "largest",
    "latest",
    "load_config",
    "load_decisions",
    "load_model",
    "longest",
    "maximum",
    "mean",
    "minimum",
    "most_complete",
    "most_frequent",
    "most_recent",
    "normalizer",
    "oldest",
    "plan",
    "prefer",
    "resolve",
    "rfm",
    "shortest",
    "smallest",
    "source_priority",
    "source_trust",
    "survivorship_rule",
    "total",
    "unanimous",
    "valid_first",
    "when",
]

__version__: str

if not TYPE_CHECKING:  # to a type checker, a module with __getattr__ has every name

    def __getattr__(name: str) -> str:
        """Return the version, which takes 40 ms to look up, when it is asked for."""
        if name == "__version__":
            from importlib.metadata import version  # noqa: PLC0415

            return version("custmerge")
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
