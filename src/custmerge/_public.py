"""What `import custmerge` gives, each under the name it is asked for by.

It is loaded when the first of them is asked for: see `custmerge.__getattr__`. A new
name is imported here as itself, and listed in `custmerge.__all__`.
"""

from __future__ import annotations

from custmerge.blockers import blocker as blocker
from custmerge.classifier import (
    FellegiSunter as FellegiSunter,
    Rule as Rule,
    Rules as Rules,
    WeightedScore as WeightedScore,
    load_model as load_model,
)
from custmerge.comparators import comparator as comparator
from custmerge.config import (
    Config as Config,
    Field as Field,
    load_config as load_config,
)
from custmerge.contacts import ContactUse as ContactUse
from custmerge.exceptions import (
    ColumnNotFoundError as ColumnNotFoundError,
    CustmergeError as CustmergeError,
    CustmergeWarning as CustmergeWarning,
    DuplicateIdError as DuplicateIdError,
    InvalidConfigError as InvalidConfigError,
    InvalidInputError as InvalidInputError,
    MemoryLimitError as MemoryLimitError,
    MissingDependencyError as MissingDependencyError,
    ModelError as ModelError,
    PluginError as PluginError,
)
from custmerge.kinds import Kind as Kind, Role as Role
from custmerge.normalizers import normalizer as normalizer
from custmerge.pipeline import (
    infer_config as infer_config,
    plan as plan,
    resolve as resolve,
)
from custmerge.plans import Plan as Plan
from custmerge.resolution import Resolution as Resolution
from custmerge.survivorship import (
    first as first,
    longest as longest,
    most_complete as most_complete,
    most_frequent as most_frequent,
    most_recent as most_recent,
    oldest as oldest,
    shortest as shortest,
    source_priority as source_priority,
    survivorship_rule as survivorship_rule,
)
