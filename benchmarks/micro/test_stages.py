"""What each stage takes by itself, on generated customers.

    pytest benchmarks/micro
    CUSTMERGE_RECORDS=1e5 pytest benchmarks/micro --benchmark-min-rounds=3

Needs the group bench. Without the variable there are few records: enough to see that
nothing here is broken, not to measure. No time is asserted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import custmerge as cm
from custmerge.comparators import IntoComparator
from custmerge.engines.blocking import block
from custmerge.engines.candidates import Candidates
from custmerge.engines.evidence import Evidence
from custmerge.engines.judging import judge
from custmerge.engines.linking import link
from custmerge.engines.ordering import canonical_order
from custmerge.inference import configure, load
from custmerge.io import encode
from custmerge.merging import merge
from custmerge.normalizing import normalize
from custmerge.pairs import Pairs
from custmerge.records import RecordTable

Benchmark = Any
"""pytest-benchmark's fixture, which has no types."""


def test_read(benchmark: Benchmark, columns: dict[str, list[str | None]]) -> None:
    raw = benchmark(lambda: encode(load(columns)))
    assert raw.n_rows == len(columns["record_id"])


def test_configure(benchmark: Benchmark, raw: RecordTable) -> None:
    assert benchmark(configure, raw).compared


def test_normalize(benchmark: Benchmark, raw: RecordTable, config: cm.Config) -> None:
    assert len(benchmark(normalize, raw, config.compared)) == raw.n_rows


def test_canonical_order(benchmark: Benchmark, table: RecordTable) -> None:
    assert len(benchmark(canonical_order, table)) == table.n_rows


def test_contacts(benchmark: Benchmark, table: RecordTable, config: cm.Config) -> None:
    assert benchmark(judge, table, config.compared)


def test_block(benchmark: Benchmark, table: RecordTable, config: cm.Config) -> None:
    budget = config.pairs_per_record * table.n_rows
    assert len(benchmark(block, table, config.plugins, budget).candidates.groups)


def test_compare(
    benchmark: Benchmark, table: RecordTable, config: cm.Config, pairs: Pairs
) -> None:
    rows = np.arange(table.n_rows)

    def compare() -> int:
        evidence = Evidence.of(table, config.compared, rows)  # remembers nothing yet
        return len(evidence.similarity(pairs))

    assert benchmark(compare) == len(pairs)


@cm.comparator
def shared_letters(left: str, right: str) -> float:
    """Tell what share of their letters two names have in common."""
    letters, others = set(left), set(right)
    return len(letters & others) / len(letters | others)


@pytest.mark.parametrize("comparator", ["jaro_winkler", shared_letters])
def test_resolve_names_by_a_comparator_of_ours_and_of_a_user(
    benchmark: Benchmark,
    columns: dict[str, list[str | None]],
    config: cm.Config,
    comparator: IntoComparator,
) -> None:
    names = {"given_name", "family_name"}
    fields = tuple(
        replace(field, compare=comparator) if field.kind in names else field
        for field in config.fields
    )
    assert len(benchmark(cm.resolve, columns, config=replace(config, fields=fields)))


def test_link_with_a_trained_model(
    benchmark: Benchmark,
    table: RecordTable,
    config: cm.Config,
    candidates: Candidates,
    resolved: cm.Resolution,
) -> None:
    assert len(benchmark(link, table, config, candidates, resolved.model).pairs)


def test_weigh(benchmark: Benchmark, resolved: cm.Resolution) -> None:
    assert isinstance(resolved.model, cm.FellegiSunter)
    assert len(benchmark(resolved.model.weights, resolved.vectors))


def test_merge(benchmark: Benchmark, raw: RecordTable, resolved: cm.Resolution) -> None:
    merged = benchmark(merge, raw, resolved.labels, resolved.config)
    assert set(merged.rows) == set(raw)


def test_resolve(benchmark: Benchmark, columns: dict[str, list[str | None]]) -> None:
    assert len(benchmark(cm.resolve, columns))
