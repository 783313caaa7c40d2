"""What callers say of a mask: its key, and the columns to keep or to hide."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from custmerge.exceptions import ColumnNotFoundError, InvalidInputError

__all__ = ["as_names", "as_secret", "require_known"]


def as_secret(key: str | bytes | None) -> bytes:
    """Return the key of the hashes.

    Raises:
        InvalidInputError: It is empty, or neither text nor bytes.
    """
    if key is None:
        return secrets.token_bytes()
    if not isinstance(key, (str, bytes)):
        message = (
            f"the key of a mask is of the type {type(key).__name__}; give a secret as "
            "text or bytes, or none for a new one"
        )
        raise InvalidInputError(message)
    if not key:
        message = "the key of a mask is empty; give a secret, or none for a new one"
        raise InvalidInputError(message)
    return key.encode("utf-8", "surrogatepass") if isinstance(key, str) else key


def as_names(label: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return names of columns; of one alone, too.

    Raises:
        InvalidInputError: They are no list of names.
    """
    said: Any = [names] if isinstance(names, str) else names
    if not isinstance(said, Collection) or not all(isinstance(x, str) for x in said):
        message = f"{label} must be a list of names of columns, such as ['notes']"
        raise InvalidInputError(message)
    return tuple(said)


def require_known(said: Mapping[str, tuple[str, ...]], columns: Sequence[str]) -> None:
    """Check that there are such columns, and that none is named twice.

    Raises:
        ColumnNotFoundError: There is no such column.
        InvalidInputError: A column is to be kept and hidden.
    """
    unknown = {label: sorted(set(these) - {*columns}) for label, these in said.items()}
    problems = [
        f"{label} names the columns {these}"
        for label, these in unknown.items()
        if these
    ]
    if problems:
        message = (
            f"{' and '.join(problems)}, which do not exist; the columns are "
            f"{list(columns)}"
        )
        raise ColumnNotFoundError(message)
    both = sorted(set.intersection(*map(set, said.values())))
    if both:
        message = f"the columns {both} are to be kept and hidden; say one of the two"
        raise InvalidInputError(message)
