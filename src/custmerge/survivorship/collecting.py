"""Rules that look at all values of an entity: keep them all, or ask them to agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

import numpy as np

from custmerge.survivorship.arguments import check_arguments
from custmerge.survivorship.chain import chained
from custmerge.survivorship.contest import starts_of
from custmerge.survivorship.making import Held, Made, Picked, all_equal, column_of

__all__ = ["Collect", "Unanimous", "collect", "unanimous"]


@dataclass(frozen=True, slots=True)
class Collect:
    """All values of the entity; `collect` builds it.

    Attributes:
        distinct: Whether a value that several rows hold is kept once.
        normalized: Whether values are the same that are normalized alike.
        joined: What the values are joined with; `None` keeps a list of them.
        of: The column that is collected, where it is not the golden column itself.
    """

    distinct: bool = True
    normalized: bool = True
    joined: str | None = None
    of: str | None = None
    name: str = "collect"

    ordered: ClassVar[bool] = True

    def __post_init__(self) -> None:
        check_arguments(self)

    def make(self, held: Held, /) -> Made:
        """Return each entity's texts as stored, best first."""
        stored = held.stored.slots
        entities = np.repeat(held.entities, stored.shape[1])
        codes = stored.reshape(-1)
        kept = np.flatnonzero(codes >= 0)
        if self.distinct:
            alike = held.identities.reshape(-1) if self.normalized else codes
            held_by = entities[kept] * (alike.max(initial=0) + 1) + alike[kept]
            # The first of equal ones is the best row's.
            kept = kept[np.sort(np.unique(held_by, return_index=True)[1])]
        texts = list(map(held.stored.values.__getitem__, codes[kept].tolist()))
        starts = starts_of(entities[kept])
        cuts = pairwise([*starts.tolist(), len(texts)])
        lists = [texts[start:end] for start, end in cuts]
        cells: Sequence[object]
        cells = lists if self.joined is None else list(map(self.joined.join, lists))
        return Made(entities[kept][starts], cells)

    rank = all_equal
    reads = property(column_of)
    then = chained


@dataclass(frozen=True, slots=True)
class Unanimous:
    """The value on which all rows agree, else none; `unanimous` builds it."""

    name: str = "unanimous"

    ordered: ClassVar[bool] = True

    def make(self, held: Held, /) -> Picked:
        """Return the best row of each entity whose rows agree.

        Rows whose value is none agree with all, and are best where there are no others.
        """
        values = np.sort(held.standard.slots, axis=1)  # in whatever order a cell lists
        says = np.flatnonzero(values.max(axis=1, initial=-1) >= 0)
        starts = starts_of(held.entities)
        best = np.full(held.n_entities, -1)
        best[held.entities[starts]] = starts
        first = says[starts_of(held.entities[says])]
        best[held.entities[first]] = first
        differs = (values[says] != values[best[held.entities[says]]]).any(axis=1)
        best[held.entities[says[differs]]] = -1
        agreed = np.flatnonzero(best >= 0)
        return Picked(agreed, held.rows[best[agreed]])

    rank = all_equal
    then = chained


def collect(
    *,
    distinct: bool = True,
    normalized: bool = True,
    joined: str | None = None,
    of: str | None = None,
) -> Collect:
    """Return the rule that keeps all values of a field, the best first.

    `collect().then(most_recent())` puts the latest value first; without a rule after
    it, those of the field's kind give the order. Rows that these leave tied go by
    their texts. A field that parts cells (`Field(split=...)`: e-mails, phones) has its
    parts collected.

    Args:
        distinct: Whether a value that several records hold is kept once.
        normalized: Whether values are the same where the field's normalizer makes
            them equal. The text that is kept is the best record's, as it was stored.
        joined: What the texts are joined with, such as `"; "`. By default golden
            records hold lists of texts.
        of: The column to collect, for a golden column of another name.

    Examples:
        >>> import custmerge as cm
        >>> records = [
        ...     {"name": "王小明", "phone": "13812345678", "email": "wang@mail.cn"},
        ...     {"name": "王小明", "phone": "13812345678", "email": "WANG@Mail.cn"},
        ...     {"name": "王小明", "phone": "13812345678", "email": "xm@mail.cn"},
        ... ]
        >>> fields = {"email": cm.Field("email", kind="email", survive=cm.collect())}
        >>> cm.resolve(records, fields=fields).entities[0]["email"]
        ['WANG@Mail.cn', 'xm@mail.cn']
    """
    return Collect(distinct, normalized, joined, of)


def unanimous() -> Unanimous:
    """Return the rule by which a value survives only if no record says otherwise.

    Values agree where the field's normalizer makes them equal; what it makes nothing
    of, such as "n/a", contradicts no other. Where they do not agree, the golden value
    is missing, the lineage names this rule, and `result.conflicts` lists them. Which of
    several spellings survives is said by the rules after it
    (`unanimous().then(longest())`), else by those of the field's kind.

    Examples:
        >>> import custmerge as cm
        >>> records = [
        ...     {"name": "Ann Lee", "email": "ann@lee.org", "vat": "GB 999"},
        ...     {"name": "Ann Lee", "email": "ann@lee.org", "vat": "GB 998"},
        ... ]
        >>> fields = {"vat": cm.Field("vat", compare=None, survive=cm.unanimous())}
        >>> cm.resolve(records, fields=fields).entities[0]["vat"] is None
        True
    """
    return Unanimous()
