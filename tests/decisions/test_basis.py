from __future__ import annotations

import warnings

import custmerge as cm

TWINS = [
    {"id": f"C{i}", "name": name, "city": city}
    for i, (name, city) in enumerate(
        [("王晓明", "上海市"), ("王小明", "上海市"), ("王晓明", "上海市")] * 4
        + [("Ann Lee", "Leeds"), ("Anne Lee", "Leeds"), ("Bo Chan", "York")] * 3
    )
]


def _placed(records: list[dict[str, str]]) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        result = cm.resolve(records, id="id")
    places = result.basis.places.tolist()
    assert sorted(places) == [*range(len(records))]
    ids = {place: record["id"] for place, record in zip(places, records, strict=True)}
    return [ids[place] for place in range(len(records))]


def test_copies_stand_by_their_ids_whatever_the_order_of_the_records() -> None:
    shuffled = [*TWINS[7:], *TWINS[:7]][::-1]
    assert _placed(shuffled) == _placed(TWINS)
