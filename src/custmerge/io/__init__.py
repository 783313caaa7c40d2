"""Records in, tables out, in the caller's own form.

```
reading  → csv, parquet, excel → frames, mappings → dataset     anything → Dataset
stacking → aligning                                      Datasets of sources → one
editing → gathering                                       a Dataset, changed
writing                                                  a built table → a file
```
"""

from __future__ import annotations

from custmerge.io.dataset import (
    Dataset,
    OutputColumn,
    Taken,
    encode,
    known_columns,
    named_sources,
)
from custmerge.io.editing import Edits, edited, plain_cells, regathered
from custmerge.io.reading import is_sources, read, read_each, read_table
from custmerge.io.stacking import combine, own_names
from custmerge.io.writing import write, writer_of

__all__ = [
    "Dataset",
    "Edits",
    "OutputColumn",
    "Taken",
    "combine",
    "edited",
    "encode",
    "is_sources",
    "known_columns",
    "named_sources",
    "own_names",
    "plain_cells",
    "read",
    "read_each",
    "read_table",
    "regathered",
    "write",
    "writer_of",
]
