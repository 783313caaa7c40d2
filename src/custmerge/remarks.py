"""What deserves a look in a run, so that it can be said in any language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Remark"]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a run that deserves a look: what happened, and what to do.

    Attributes:
        code: Which remark it is, such as `"one_entity"`; the same in all versions.
        text: It in English, as `Resolution.warnings` has it.
        parts: What it says of this run, by name: fields, counts, shares.

    Examples:
        >>> import warnings
        >>> import custmerge as cm
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("ignore", cm.CustmergeWarning)
        ...     result = cm.resolve({"name": ["Ann Lee", "Ann Lee"], "fax": [None] * 2})
        >>> [(remark.code, remark.parts) for remark in result.remarks]
        [('field_empty', {'field': 'fax'})]
    """

    code: str
    text: str
    parts: Mapping[str, str | int | float]

    @classmethod
    def of(cls, code: str, said: str, **parts: str | float) -> Remark:
        """Return a remark.

        Args:
            code: Which one it is.
            said: It in English, with the names of its parts in braces.
            parts: Its parts.

        Examples:
            >>> Remark.of("few", "only {n:,} of {field!r}", n=1_200, field="fax").text
            "only 1,200 of 'fax'"
        """
        return cls(code, said.format(**parts), parts)
