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

if TYPE_CHECKING:  # whoever reads this and does not run it sees the names themselves
    from custmerge._public import *

__all__ = [
    "Check",
    "ColumnNotFoundError",
    "Comparison",
    "Config",
    "ContactUse",
    "CustmergeError",
    "CustmergeWarning",
    "Decisions",
    "DuplicateIdError",
    "EntityExplanation",
    "Estimate",
    "Evaluation",
    "FellegiSunter",
    "Field",
    "InvalidConfigError",
    "InvalidInputError",
    "Kind",
    "Masked",
    "MemoryLimitError",
    "MergePlan",
    "MissingDependencyError",
    "ModelError",
    "PairExplanation",
    "Plan",
    "PlanError",
    "PluginError",
    "Quality",
    "RecordReport",
    "RelinkReport",
    "Remark",
    "Resolution",
    "Role",
    "Rule",
    "Rules",
    "Sweep",
    "WeightedScore",
    "__version__",
    "apply_plan",
    "assigned",
    "audit_sample",
    "blocker",
    "check",
    "collect",
    "comparator",
    "compare",
    "count",
    "earliest",
    "estimate",
    "evaluate",
    "first",
    "infer_config",
    "label",
    "largest",
    "latest",
    "load_config",
    "load_decisions",
    "load_model",
    "longest",
    "maximum",
    "mean",
    "minimum",
    "mixed_case",
    "most_complete",
    "most_frequent",
    "most_recent",
    "normalizer",
    "oldest",
    "plan",
    "prefer",
    "read_review",
    "relink",
    "resolve",
    "rfm",
    "shortest",
    "smallest",
    "source_priority",
    "source_trust",
    "survivorship_rule",
    "sweep",
    "total",
    "unanimous",
    "undo_plan",
    "valid_first",
    "when",
    "write_review",
]

__version__: str

if not TYPE_CHECKING:  # to a type checker, a module with __getattr__ has every name

    def __getattr__(name: str) -> object:
        """Return a public name or a module, which load when they are asked for."""
        from importlib import import_module  # noqa: PLC0415  no name of this module

        if name in __all__ and name != "__version__":
            value = getattr(import_module(f"{__name__}._public"), name)
        elif name == "__version__":
            value = import_module("importlib.metadata").version(__name__)
        else:
            module = f"{__name__}.{name}"
            try:
                value = import_module(module)
            except ModuleNotFoundError as error:
                if error.name != module:
                    raise
                message = f"module {__name__!r} has no attribute {name!r}"
                raise AttributeError(message) from None
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        """Return what there is and what may be asked for, and load nothing."""
        return sorted({*globals(), *__all__})
