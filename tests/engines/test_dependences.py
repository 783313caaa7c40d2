from __future__ import annotations

import warnings

import numpy as np
import pytest
from tests.strategies import people

import custmerge as cm
from custmerge.classifier import Correlation
from custmerge.engines.dependences import depending


def _resolved(**changes: object) -> cm.Resolution:
    """Two hundred people twice over, half of them with another login the second time.

    The login is the local part of the e-mail address.
    """
    rng = np.random.default_rng(3)
    records: list[dict[str, object]] = []
    for i, row in enumerate(people(200)):
        for copy in (0, 1):
            login = "".join(rng.choice(list("abcdefghijklm"), 9))
            if copy and i % 2:
                login = str(records[-1]["login"])
            records.append(
                {
                    "first_name": row["first_name"],
                    "last_name": row["last_name"],
                    "birth_date": row["birth_date"],
                    "login": login,
                    "email": f"{login}@mail.com",
                }
            )
    field = cm.Field("login", kind="identifier", **changes)  # type: ignore[arg-type]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        return cm.resolve(records, fields={"login": field})


def _found(result: cm.Resolution) -> dict[tuple[str, str], Correlation]:
    return {item.fields: item for item in result.diagnostics.correlations}


def test_one_fact_in_two_columns_is_found_among_matches_and_counted_once() -> None:
    result = _resolved()
    found = _found(result)["login", "email"]
    assert found.matches > 0.9
    assert found.counted_once
    parents = {item.name: item.parents for item in result.model.fields}
    assert parents["login"] == ("email",)
    assert not any("say much the same" in text for text in result.warnings)


def test_fields_that_tell_one_fact_depend_on_each_other_without_a_circle() -> None:
    fields = (
        cm.Field("a", depends_on=()),
        cm.Field("b", depends_on=("a",)),
        cm.Field("c", depends_on=()),
    )
    found = [
        Correlation(names, 0.9, 0.1, counted_once=False)
        for names in (("c", "a"), ("a", "b"), ("b", "c"))
    ]
    settled = {field.name: field.depends_on for field in depending(fields, found)}
    assert settled == {"a": ("c",), "b": ("a",), "c": ()}


def test_weak_or_known_dependences_change_nothing() -> None:
    fields = (cm.Field("a", depends_on=()), cm.Field("b", depends_on=()))
    for found in (
        Correlation(("a", "b"), 0.7, 0.7, counted_once=False),
        Correlation(("a", "b"), 0.9, 0.9, counted_once=True),
    ):
        assert depending(fields, [found]) == fields


def test_a_declared_dependence_is_counted_once_and_no_warning() -> None:
    result = _resolved(depends_on=("email",))
    assert _found(result)["login", "email"].counted_once
    assert not any("say much the same" in text for text in result.warnings)


def test_one_fact_in_two_columns_is_found_among_strangers() -> None:
    towns = ("Leeds", "York", "Hull", "Bath")
    records = [
        {"first_name": row["first_name"], "email": row["email"], "code": "LYHB"[i % 4],
         "town": towns[i % 4]}
        for i, row in enumerate(people(300))
    ]  # fmt: skip
    fields = {"code": "category", "town": "category"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        result = cm.resolve(records, fields=fields)
    assert _found(result)["code", "town"].unrelated > 0.95


def test_the_strongest_correlation_comes_first() -> None:
    strengths = [
        max(abs(item.matches), abs(item.unrelated))
        for item in _resolved().diagnostics.correlations
    ]
    assert strengths == sorted(strengths, reverse=True)


@pytest.mark.parametrize("names", [("email",), ("first_name", "birth_date")])
def test_independent_or_single_fields_are_not_correlated(
    names: tuple[str, ...],
) -> None:
    records = [{name: row[name] for name in names} for row in people(300)] * 2
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cm.CustmergeWarning)
        assert cm.resolve(records).diagnostics.correlations == ()
