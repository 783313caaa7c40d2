"""Contract checks for plug-ins: call them in the tests of your own.

Each check runs a plug-in over built-in awkward texts and your own values, and raises
`PluginError` that names the law it breaks. The laws are what the engine relies on; the
built-in plug-ins pass the same checks. Messages call your values by their position.
"""

from __future__ import annotations

from custmerge.testing.awkward import AWKWARD_TEXTS
from custmerge.testing.blockers import check_blocker
from custmerge.testing.comparators import check_comparator
from custmerge.testing.normalizers import check_normalizer
from custmerge.testing.survivorship import check_survivorship_rule

__all__ = [
    "AWKWARD_TEXTS",
    "check_blocker",
    "check_comparator",
    "check_normalizer",
    "check_survivorship_rule",
]
