from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import custmerge as cm
from custmerge.classifier import FellegiSunter
from custmerge.clustering import Constraints
from custmerge.engines.evidence import Evidence
from custmerge.engines.fitting import Random, TrainingPairs
from custmerge.engines.learning import learn, with_sources
from custmerge.normalizing import normalize
from custmerge.pairs import Pairs
from custmerge.records import RecordTable

N_FIRMS = 120
CONFIG = cm.Config((cm.Field("name", "organisation"),))
CALLED = [f"{'abcdefghijkl'[i // 10]}{i}mar firm{i % 10}" for i in range(N_FIRMS)]
FULL = [f"{name} of boston" for name in CALLED]


def _learnt(
    sources: np.ndarray | None, names: list[str] = CALLED + FULL
) -> tuple[FellegiSunter, Constraints]:
    rows = np.arange(len(names))
    table = RecordTable.from_columns({"name": names}, len(rows))
    table = normalize(table, CONFIG.compared)
    evidence = Evidence.of(table, CONFIG.compared, rows, sources)
    pairs = Pairs(*np.triu_indices(len(rows), k=1))
    vectors = evidence.similarity(pairs)
    candidates = TrainingPairs(pairs, vectors, np.zeros(len(pairs)))
    random = Random.of(evidence, {"name": CONFIG.compared[0].levels}, 0)
    learnt = learn(evidence, candidates, rows, CONFIG, Constraints(), random)
    assert isinstance(learnt.model, FellegiSunter)
    return learnt.model, learnt.told


def test_sources_without_duplicates_are_found_and_tell_matches_from_chance() -> None:
    sources = np.repeat([0, 1], N_FIRMS)
    model, told = _learnt(sources)
    assert told.sources is not None
    contained = model.fields[0].bits()[0, -3]  # a short name within a longer one
    alone, _ = _learnt(None)
    assert contained > alone.fields[0].bits()[0, -3] + 3


def test_few_matches_tell_chance_but_forbid_no_two_records_of_one_source() -> None:
    names = CALLED[::3] + FULL[::3]
    model, told = _learnt(np.repeat([0, 1], len(names) // 2), names)
    assert told.sources is None
    alone, _ = _learnt(None, names)
    contained, as_one = (item.fields[0].bits()[0, -3] for item in (model, alone))
    assert contained > as_one + 3


def test_one_source_is_learnt_from_as_it_is() -> None:
    _, told = _learnt(None)
    assert told.sources is None


def test_sources_that_hold_a_customer_twice_by_what_is_told_are_not_free() -> None:
    sources = np.repeat([0, 1], N_FIRMS)
    matches = Pairs.of(np.arange(N_FIRMS), np.arange(N_FIRMS) + N_FIRMS)
    inside = Constraints(must=Pairs.of([0], [1]))
    assert with_sources(Constraints(), CONFIG, sources, matches).sources is sources
    assert with_sources(inside, CONFIG, sources, matches) is inside


@pytest.mark.filterwarnings("ignore::custmerge.CustmergeWarning")
def test_result_weighs_by_its_last_model_whether_learnt_once_or_again() -> None:
    table = {"name": CALLED + FULL, "from": ["a"] * N_FIRMS + ["b"] * N_FIRMS}
    for source in (None, "from"):
        result = cm.resolve(table, config=replace(CONFIG, source=source))
        assert isinstance(result.model, FellegiSunter)
        of_model = result.model.weights(result.vectors)
        np.testing.assert_array_equal(result.weights, of_model)
