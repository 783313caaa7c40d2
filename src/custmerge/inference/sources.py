"""Records as they come, as one dataset; sources of different columns aligned."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

from custmerge.exceptions import InvalidInputError
from custmerge.inference.columns import guess_columns
from custmerge.inference.drafts import ColumnGuess
from custmerge.inference.headers import tokenize_header
from custmerge.io import Dataset, combine, encode, is_sources, read, read_each
from custmerge.kinds import Kind
from custmerge.records import RecordTable

__all__ = ["align", "load"]

# A source may have a number of each; those of one document belong together.
_DOCUMENTS: Final = {
    "company": re.compile("信用代码|税|统一编号|统编|注册号|营业执照|vat|tax"),
    "person": re.compile("身[份分]证|证件|idcard|nationalid"),
    "member": re.compile("会员|会員|member|loyalty"),
}

Meaning = tuple[str, str | None]
"""A column's kind or role, and which part of it."""


def load(records: object) -> Dataset:
    """Return records in any accepted form as one dataset, sources aligned.

    Raises:
        InvalidInputError: They cannot be read, or the sources share no column.
    """
    if not (isinstance(records, Mapping) and is_sources(records)):
        return read(records)
    datasets = read_each(records)
    renames = align({name: encode(dataset) for name, dataset in datasets.items()})
    seen: set[str] = set()
    for name, dataset in datasets.items():
        columns = {renames[name].get(column, column) for column in dataset.columns}
        if seen and columns and not columns & seen:
            message = (
                f"source {name!r} shares no column with those before it: it has "
                f"{sorted(columns)}, they have {sorted(seen)}; rename columns so that "
                "what is the same has the same name"
            )
            raise InvalidInputError(message)
        seen |= columns
    return combine(datasets, renames)


def align(tables: Mapping[str, RecordTable]) -> dict[str, dict[str, str]]:
    """Return, for each source, the columns to rename and their new names.

    A column whose name no earlier source has takes the name of an earlier column of
    the same meaning, where both are the only ones of that meaning in their sources.

    Examples:
        >>> crm = RecordTable.from_mappings([{"mobile": "+44 20 7946 0018"}])
        >>> web = RecordTable.from_mappings([{"telephone": "+44 20 7946 0018"}])
        >>> align({"crm": crm, "web": web})
        {'crm': {}, 'web': {'telephone': 'mobile'}}
    """
    known: dict[Meaning, str] = {}
    taken: set[str] = set()
    renames: dict[str, dict[str, str]] = {}
    for source, table in tables.items():
        meanings = _single_meanings(table)
        renames[source] = {
            column: known[meaning]
            for column, meaning in meanings.items()
            if column not in taken and meaning in known and known[meaning] not in table
        }
        for column, meaning in meanings.items():
            known.setdefault(meaning, renames[source].get(column, column))
        taken.update(table)
    return renames


def _single_meanings(table: RecordTable) -> dict[str, Meaning]:
    """Return the columns that alone have their meaning in this source."""
    meanings = {
        guess.column: (str(guess.kind or guess.role), guess.part or _document(guess))
        for guess in guess_columns(table)
        if guess.kind is not None or guess.role is not None
    }
    counts = Counter(meanings.values())
    return {
        column: meaning for column, meaning in meanings.items() if counts[meaning] == 1
    }


def _document(guess: ColumnGuess) -> str | None:
    """Return of what document an identifier is, by its header."""
    if guess.kind is not Kind.IDENTIFIER:
        return None
    header = "".join(tokenize_header(guess.column))
    named = (name for name in _DOCUMENTS if _DOCUMENTS[name].search(header))
    return next(named, None)
