from __future__ import annotations

import pytest
from tests.strategies import people

from custmerge.io import encode, read


def test_threads_encode_many_records_as_one_thread_does_few(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dataset = read(people(20))
    few = encode(dataset)
    monkeypatch.setattr("custmerge.io.dataset._MANY", 1)
    many = encode(dataset)
    assert list(many) == list(few)
    assert all(many[name].values == few[name].values for name in few)
    assert all((many[name].codes == few[name].codes).all() for name in few)
