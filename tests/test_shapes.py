"""Files whose fields come in unlike shapes, resolved with nothing configured."""

from __future__ import annotations

import random
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.shapes import SHAPES, Rows

import custmerge as cm
from custmerge.evaluation import pairwise


@contextmanager
def _unwarned() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        yield


@pytest.mark.parametrize("name", SHAPES)
def test_shape_is_resolved_with_nothing_configured(name: str) -> None:
    rows, truth = SHAPES[name].make(random.Random(1))  # noqa: S311  no secrets here
    with _unwarned():
        found = pairwise(cm.resolve(rows).labels, truth)
    assert found.f1 >= SHAPES[name].least


@pytest.mark.parametrize("name", ["noise", "nameless_noise", "metrics"])
def test_what_is_about_the_record_is_not_compared(name: str) -> None:
    rows, _ = SHAPES[name].make(random.Random(1))  # noqa: S311  no secrets here
    compared = len(cm.infer_config(rows).compared)
    assert compared == {"noise": 6, "nameless_noise": 8, "metrics": 3}[name]


def test_record_without_a_type_does_not_make_one_of_two_types() -> None:
    made, _ = SHAPES["types"].make(random.Random(1))  # noqa: S311  no secrets here
    assert isinstance(made, list)
    rows: Rows = [
        {**row, "record_type": None} if i % 9 == 0 else row
        for i, row in enumerate(made)
    ]
    with _unwarned():
        labels = cm.resolve(rows).labels.tolist()
    both = zip(labels, rows, strict=True)
    typed = {(label, row["record_type"]) for label, row in both if row["record_type"]}
    assert len({label for label, _ in typed}) == len(typed)
    assert len(set(labels)) < len(rows)
