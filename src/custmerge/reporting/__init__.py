"""The report of a result: one HTML file for people who do not code.

```
sampling, entities → material      which customers, and all there is to say of them
links    → material                what holds their records together
evidence, overview → material      pairs and the model; the figures
document → all of these            what is said, as JSON within a size
page → document, assets            the file
```
"""

from __future__ import annotations

from custmerge.reporting.material import Material, Reported
from custmerge.reporting.page import LANGUAGES, report_page, write_report

__all__ = ["LANGUAGES", "Material", "Reported", "report_page", "write_report"]
