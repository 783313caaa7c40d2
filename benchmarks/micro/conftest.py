"""Generated customers, as far as each stage needs them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

import custmerge as cm
from custmerge.engines.blocking import block
from custmerge.engines.candidates import Candidates
from custmerge.engines.ordering import canonical_order, in_order
from custmerge.inference import load
from custmerge.io import encode
from custmerge.normalizing import normalize
from custmerge.pairs import Pairs
from custmerge.records import RecordTable

sys.path.insert(0, str(Path(__file__).parents[1]))
from generate import TRUTH, generate

N_RECORDS = int(float(os.environ.get("CUSTMERGE_RECORDS", "300")))


@pytest.fixture(scope="session")
def columns() -> dict[str, list[str | None]]:
    table = generate(N_RECORDS)
    table.pop(TRUTH)
    return table


@pytest.fixture(scope="session")
def raw(columns: dict[str, list[str | None]]) -> RecordTable:
    return encode(load(columns))


@pytest.fixture(scope="session")
def resolved(columns: dict[str, list[str | None]]) -> cm.Resolution:
    return cm.resolve(columns)


@pytest.fixture(scope="session")
def config(resolved: cm.Resolution) -> cm.Config:
    return resolved.config


@pytest.fixture(scope="session")
def table(raw: RecordTable, config: cm.Config) -> RecordTable:
    normalized = normalize(raw, config.compared)
    return in_order(normalized, canonical_order(normalized))


@pytest.fixture(scope="session")
def candidates(table: RecordTable, config: cm.Config) -> Candidates:
    budget = config.pairs_per_record * N_RECORDS
    return block(table, config.plugins, budget).candidates


@pytest.fixture(scope="session")
def pairs(candidates: Candidates) -> Pairs:
    return candidates.pairs
