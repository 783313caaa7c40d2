"""People decide about doubtful pairs: in a sheet, in a terminal, in a notebook.

```
showing → sheets → workbooks, writing      a queue of pairs as a file
showing → session                          one pair after the other
session → terminal, notebook               asked where people are
keyboard                                   in the terminal, key by key
```
"""

from __future__ import annotations

from custmerge.reviewing.notebook import label
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
    "review_lines",
    "start_review",
    "write_review",
]
