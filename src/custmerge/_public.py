"""What `import custmerge` gives, each under the name it is asked for by.

It is loaded when the first of them is asked for: see `custmerge.__getattr__`. A new
name is imported here as itself, and listed in `custmerge.__all__`.
"""

from __future__ import annotations

from custmerge.assessing import (
    Comparison as Comparison,
    Estimate as Estimate,
    Evaluation as Evaluation,
    Sweep as Sweep,
    audit_sample as audit_sample,
    compare as compare,
    estimate as estimate,
    evaluate as evaluate,
    sweep as sweep,
)
from custmerge.blockers import blocker as blocker
from custmerge.checking import RecordReport as RecordReport, check as check
from custmerge.classifier import (
    FellegiSunter as FellegiSunter,
    Rule as Rule,
    Rules as Rules,
    WeightedScore as WeightedScore,
    load_model as load_model,
)
from custmerge.comparators import comparator as comparator
from custmerge.config import (
    Check as Check,
    Config as Config,
    Field as Field,
    load_config as load_config,
)
from custmerge.contacts import ContactUse as ContactUse
from custmerge.decisions import (
    Decisions as Decisions,
    load_decisions as load_decisions,
    read_review as read_review,
)
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
    PlanError as PlanError,
    PluginError as PluginError,
)
from custmerge.explaining import (
    EntityExplanation as EntityExplanation,
    PairExplanation as PairExplanation,
)
from custmerge.kinds import Kind as Kind, Role as Role
from custmerge.masking import Masked as Masked
from custmerge.merging import (
    MergePlan as MergePlan,
    RelinkReport as RelinkReport,
    apply_plan as apply_plan,
    relink as relink,
    undo_plan as undo_plan,
)
from custmerge.normalizers import normalizer as normalizer
from custmerge.pipeline import (
    infer_config as infer_config,
    plan as plan,
    resolve as resolve,
)
from custmerge.plans import Plan as Plan
from custmerge.quality import Quality as Quality
from custmerge.remarks import Remark as Remark
from custmerge.resolution import Resolution as Resolution
from custmerge.reviewing import (
    label as label,
    write_review as write_review,
)
from custmerge.survivorship import (
    assigned as assigned,
    collect as collect,
    count as count,
    earliest as earliest,
    first as first,
    largest as largest,
    latest as latest,
    longest as longest,
    maximum as maximum,
    mean as mean,
    minimum as minimum,
    mixed_case as mixed_case,
    most_complete as most_complete,
    most_frequent as most_frequent,
    most_recent as most_recent,
    oldest as oldest,
    prefer as prefer,
    rfm as rfm,
    shortest as shortest,
    smallest as smallest,
    source_priority as source_priority,
    source_trust as source_trust,
    survivorship_rule as survivorship_rule,
    total as total,
    unanimous as unanimous,
    valid_first as valid_first,
    when as when,
)
