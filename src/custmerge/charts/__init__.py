"""Charts of a result, with Altair: each is one call that returns a chart.

```
waterfall, entity_graph                         why two records, or one entity
match_weights, weight_distribution, reliability  the model
blocking                                         what its keys find
sweep                                            what other thresholds would do
entity_sizes, completeness                       what came out, and how good it is
drawing                                          colours, fonts, titles of them all
```

A chart shows in a notebook; `chart.save("chart.html")` writes it, as do `.json`, and
`.svg` and `.png` with the package `vl-convert-python`. Only `waterfall` and
`entity_graph` hold anything of single records, the first their values: mind where
charts go that hold customers' data.
"""

from __future__ import annotations

from custmerge.charts.blocking import blocking
from custmerge.charts.entities import entity_graph, entity_sizes
from custmerge.charts.explanations import waterfall
from custmerge.charts.fields import completeness
from custmerge.charts.sweeps import sweep
from custmerge.charts.weights import match_weights, reliability, weight_distribution

__all__ = [
    "blocking",
    "completeness",
    "entity_graph",
    "entity_sizes",
    "match_weights",
    "reliability",
    "sweep",
    "waterfall",
    "weight_distribution",
]
