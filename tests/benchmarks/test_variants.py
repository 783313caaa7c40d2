from __future__ import annotations

import warnings
from collections import Counter
from types import ModuleType

import numpy as np
import pytest

import custmerge as cm

Records = list[dict[str, str | None]]


@pytest.fixture(scope="module")
def records(generator: ModuleType) -> Records:
    table = generator.generate(400, "en", seed=2)
    table.pop("cluster_id")
    return [
        dict(zip(table, cells, strict=True))
        for cells in zip(*table.values(), strict=True)
    ]


def _resolved(variants: ModuleType, records: Records, *without: str) -> cm.Resolution:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        result: cm.Resolution = variants.resolve_without(without)(records)
    return result


def test_nothing_switched_off_is_the_default(
    variants: ModuleType, records: Records
) -> None:
    assert _resolved(variants, records).config == cm.infer_config(records)


@pytest.mark.parametrize(
    ("name", "attribute", "expected"),
    [
        ("relations", "shared", {}),
        ("tf", "frequency", False),
        ("dependence", "depends_on", ()),
        ("swaps", "swaps_with", None),
        ("fuzzy", "levels", (1.0,)),
    ],
)
def test_what_the_config_knows_is_switched_off_there(
    variants: ModuleType, records: Records, name: str, attribute: str, expected: object
) -> None:
    before = cm.infer_config(records).compared
    after = _resolved(variants, records, name).config.compared
    assert {repr(getattr(field, attribute)) for field in after} == {repr(expected)}
    assert len({repr(getattr(field, attribute)) for field in before}) > 1


def test_keys_of_exact_values_alone_give_fewer_pairs(
    variants: ModuleType, records: Records
) -> None:
    few = _resolved(variants, records, "keys")
    assert {key.name for key in few.config.plugins} == {"exact"}
    assert len(few.compared) < len(_resolved(variants, records).compared)


def test_without_clustering_entities_are_all_that_links_connect(
    variants: ModuleType, records: Records
) -> None:
    result = _resolved(variants, records, "clustering")
    linked = result.weights > 0
    left, right = result.compared.left[linked], result.compared.right[linked]
    assert (result.labels[left] == result.labels[right]).all()


def test_without_priors_weights_differ(variants: ModuleType, records: Records) -> None:
    with_them, without = (
        _resolved(variants, records, *names).model for names in ((), ("priors",))
    )
    assert with_them.fields != without.fields


def test_without_refinement_no_two_keys_are_joined(
    variants: ModuleType, records: Records
) -> None:
    tight = cm.Config(cm.infer_config(records).fields, pairs_per_record=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        many = [dict(row, city="Leeds") for row in records] * 30
        assert any(" & " in key.key for key in cm.resolve(many, config=tight).blocking)
    assert not any(
        " & " in key.key
        for key in _resolved(variants, many, "refinement").blocking
    )  # fmt: skip


def test_an_unknown_capability_is_named(variants: ModuleType) -> None:
    with pytest.raises(SystemExit, match="nonsense"):
        variants.resolve_without(["tf", "nonsense"])


def _dataset(datasets: ModuleType) -> object:
    truth = [f"c{i // 3}" for i in range(300)]
    records = [{"id": str(i)} for i in range(300)]
    return datasets.Dataset("people", records, truth, ["a"] * 300)


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5])
def test_a_subsample_keeps_customers_whole(
    variants: ModuleType, datasets: ModuleType, share: float
) -> None:
    part = variants.subsample(_dataset(datasets), share)
    assert set(Counter(part.truth).values()) == {3}
    assert len(part.records) == len(part.truth) == len(part.source)
    assert abs(len(part.truth) - 300 * share) <= 3
    assert [f"c{int(row['id']) // 3}" for row in part.records] == part.truth


def test_smaller_subsamples_are_parts_of_larger_ones(
    variants: ModuleType, datasets: ModuleType
) -> None:
    small, large = (
        set(variants.subsample(_dataset(datasets), share).truth) for share in (0.1, 0.5)
    )
    assert small < large


def test_shuffling_moves_records_with_their_truth(
    variants: ModuleType, datasets: ModuleType
) -> None:
    dataset = _dataset(datasets)
    other, order = variants.shuffled(dataset)
    assert order != list(range(300))
    assert [int(row["id"]) for row in other.records] == order
    assert [f"c{int(row['id']) // 3}" for row in other.records] == other.truth
    assert np.unique(order).tolist() == list(range(300))
