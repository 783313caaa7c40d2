"""People decide about doubtful pairs: in a sheet, in a terminal, in a notebook.

```
showing → sheets → workbooks, writing      a queue of pairs as a file
workbooks → reading                        and back, as decisions
showing → session                          one pair after the other
session → terminal, notebook               asked where people are
```
"""

from __future__ import annotations

from custmerge.reviewing.notebook import label
from custmerge.reviewing.reading import read_review
from custmerge.reviewing.session import Changes, ReviewSession, start_review
from custmerge.reviewing.showing import ReviewPair, SideBySide
from custmerge.reviewing.terminal import review_lines
from custmerge.reviewing.writing import write_review

__all__ = [
    "Changes",
    "ReviewPair",
    "ReviewSession",
    "SideBySide",
    "label",
    "read_review",
    "review_lines",
    "start_review",
    "write_review",
]
