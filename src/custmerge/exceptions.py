"""Everything custmerge raises or warns of.

```
CustmergeError                       root of all errors
├── InvalidInputError      (ValueError)   the records cannot be read as a table
│   ├── DuplicateIdError                  an id occurs twice, or is missing
│   └── ColumnNotFoundError (KeyError)    a named column does not exist
├── InvalidConfigError     (ValueError)   a configuration contradicts itself
├── PluginError            (RuntimeError) a user's plug-in raised or broke its contract
├── ModelError             (ValueError)   a saved model does not fit or is not one
├── PlanError              (ValueError)   a merge plan does not fit, or was changed
├── MemoryLimitError       (MemoryError)  a run would take more memory than it may
└── MissingDependencyError (ImportError)  an optional package is needed

CustmergeWarning           (UserWarning)  the result stands, but look at it
```

Messages name the stage, the plug-in, the field and the row, never a customer's value.
What a plug-in of your own raised is the `__cause__` of a `PluginError`, with its own
text and traceback, and these may show one: where logs must hold no personal data, log
the text of the error, `str(error)`, and not its traceback.
"""

from __future__ import annotations

__all__ = [
    "ColumnNotFoundError",
    "CustmergeError",
    "CustmergeWarning",
    "DuplicateIdError",
    "InvalidConfigError",
    "InvalidInputError",
    "MemoryLimitError",
    "MissingDependencyError",
    "ModelError",
    "PlanError",
    "PluginError",
]


class CustmergeError(Exception):
    """The root of every error that custmerge raises on purpose.

    Examples:
        >>> import custmerge as cm
        >>> try:
        ...     cm.resolve("no-such-file.csv")
        ... except cm.CustmergeError as error:
        ...     print(type(error).__name__)
        InvalidInputError
    """


class InvalidInputError(CustmergeError, ValueError):
    """The records cannot be read as one table."""


class DuplicateIdError(InvalidInputError):
    """A record id occurs more than once, or is missing."""


class ColumnNotFoundError(InvalidInputError, KeyError):
    """A column that was asked for by name does not exist."""

    # KeyError.__str__ would show the message in quotes.
    __str__ = Exception.__str__


class InvalidConfigError(CustmergeError, ValueError):
    """A configuration contradicts itself; the message lists every problem."""


class PluginError(CustmergeError, RuntimeError):
    """A plug-in raised, or returned what its contract forbids.

    What it raised is the `__cause__`: its author's own text, which may show a value.
    """


class ModelError(CustmergeError, ValueError):
    """A saved model is damaged, or was trained for other fields."""


class PlanError(CustmergeError, ValueError):
    """A merge plan does not fit the tables as they are, or is not as it was made."""


class MemoryLimitError(CustmergeError, MemoryError):
    """A run is expected to take more memory than it may."""


class MissingDependencyError(CustmergeError, ImportError):
    """An optional package is needed for what was asked."""


class CustmergeWarning(UserWarning):
    """The result stands, but something about it deserves a look.

    Examples:
        >>> import custmerge as cm
        >>> issubclass(cm.CustmergeWarning, UserWarning)
        True
    """
