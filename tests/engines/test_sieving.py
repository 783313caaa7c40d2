from __future__ import annotations

import numpy as np
import pytest
from tests.test_scenarios import Rows, _families, _firms, _households

import custmerge as cm
from custmerge.engines import linking, sieving

pytestmark = pytest.mark.filterwarnings("ignore:records match across:UserWarning")

CASES = {
    "households": lambda: _households(1)[0],
    "twins": lambda: _families(4, "twin")[0],
    "firms": lambda: _firms(1)[0],
}


@pytest.mark.parametrize("case", CASES)
def test_what_the_sieve_drops_is_neither_a_match_nor_related(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: Rows = CASES[case]()
    whole = cm.resolve(rows)
    assert isinstance(whole.model, cm.FellegiSunter)
    monkeypatch.setattr(linking, "_MOST_COMPARED", 0)
    monkeypatch.setattr(sieving, "_CHUNK", 700)
    sieved = cm.resolve(rows, model=whole.model)

    assert (sieved.labels == whole.labels).all()
    assert sieved.relations == whole.relations
    kept = whole.compared.among(sieved.compared)
    assert 0 < kept.sum() == len(sieved.compared) < len(kept)
    assert sieved.weights == pytest.approx(whole.weights[kept], abs=1e-9)
    dropped = np.flatnonzero(~kept)
    assert whole.weights[dropped].max() < sieving._FLOOR
    for chances in whole.model.kinship(whole.vectors.take(dropped)).values():
        assert chances.max() <= 0.5


@pytest.mark.parametrize("case", CASES)
def test_sieve_keeps_the_same_whatever_the_chunk(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: Rows = CASES[case]()
    model = cm.resolve(rows).model
    monkeypatch.setattr(linking, "_MOST_COMPARED", 0)
    found = []
    for chunk in (501, 2**16):
        monkeypatch.setattr(sieving, "_CHUNK", chunk)
        found.append(cm.resolve(rows, model=model))
    one, other = (result.compared for result in found)
    assert (one.left == other.left).all()
    assert (one.right == other.right).all()


def test_learning_from_a_part_of_the_pairs_finds_the_same_customers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows, _ = _households(1)
    whole = cm.resolve(rows)
    monkeypatch.setattr(linking, "_MOST_COMPARED", len(whole.compared) // 2)
    part = cm.resolve(rows)
    assert part.model.training.n_pairs == pytest.approx(len(whole.compared), rel=0.05)
    assert cm.evaluation.pairwise(part.labels, whole.labels).f1 > 0.98


def test_rule_that_says_match_is_asked_of_every_candidate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows, _ = _households(1)
    rule = cm.Rule("match", at_least={"phone": 1.0, "first_name": 1.0})
    whole = cm.resolve(rows, rules=[rule])
    monkeypatch.setattr(linking, "_MOST_COMPARED", 0)
    asked = cm.resolve(rows, rules=[rule], model=whole.model)
    assert (asked.verdicts > 0).sum() == (whole.verdicts > 0).sum() > 0
