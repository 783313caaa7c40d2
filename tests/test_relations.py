from __future__ import annotations

import numpy as np

from custmerge.pairs import Pairs
from custmerge.relations import SHARED_CONTACT, Relations, relate_entities

LABELS = np.asarray([0, 0, 1, 2])
PAIRS = Pairs.of([0, 0, 1, 2], [1, 2, 2, 3])
"""Two records of entity 0, both compared with entity 1; that with entity 2."""


def _related(
    household: list[float], phone: list[bool], differ: list[float] | None = None
) -> Relations:
    return relate_entities(
        LABELS,
        PAIRS,
        {"household": np.asarray(household)},
        np.ones(4) if differ is None else np.asarray(differ),
        {"surname": np.ones(4, dtype=bool), "phone": np.asarray(phone)},
        ["phone"],
    )


def test_likeliest_pair_stands_for_two_entities() -> None:
    found = _related([0.9, 0.6, 0.8, 0.1], [False] * 4)
    assert (found.left.tolist(), found.right.tolist()) == ([0], [1])
    assert (found.probabilities.tolist(), found.pairs.tolist()) == ([0.8], [2])
    assert found.shared == (("surname",),)


def test_records_of_one_entity_are_no_relatives() -> None:
    assert len(_related([1.0, 0.0, 0.0, 0.0], [True, False, False, False]).left) == 0


def test_strangers_with_one_contact_share_it() -> None:
    found = _related([0.0] * 4, [False, False, False, True])
    assert found.kinds == (SHARED_CONTACT,)
    assert found.shared == (("surname", "phone"),)


def test_household_that_shares_a_contact_is_a_household() -> None:
    found = _related([0.0, 0.0, 0.6, 0.0], [False, True, True, False])
    assert found.kinds == ("household",)


def test_pair_that_may_be_one_customer_is_no_relation() -> None:
    found = _related([0.0] * 4, [False, False, False, True], [1, 1, 1, 0.4])
    assert found.kinds == ()


def test_models_without_relatives_still_show_shared_contacts() -> None:
    agreed = {"phone": np.asarray([False, True, False, False])}
    found = relate_entities(LABELS, PAIRS, {}, np.ones(4), agreed, ["phone"])
    assert found.kinds == (SHARED_CONTACT,)
