"""What agreement on common and on rare names is worth among generated customers."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

import custmerge as cm


@pytest.mark.parametrize("level", [0.8, 0.85, 1.0])
def test_the_commoner_a_name_the_less_it_proves_however_far_it_agrees(
    generator: ModuleType, level: float
) -> None:
    table = generator.generate(1500, "zh", seed=2)
    del table["cluster_id"]
    records = [
        dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)
    ]
    result = cm.resolve(records)
    vectors = result.vectors
    alike = np.isclose(vectors.scores["given_name"], level, atol=1e-4)
    common = np.log2(vectors.frequencies["given_name"][alike])
    weights = result.model.contributions(vectors)["given_name"][alike]
    assert np.corrcoef(common, weights)[0, 1] < -0.99
    assert weights[common.argmin()] > weights[common.argmax()] + 2
