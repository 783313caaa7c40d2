from __future__ import annotations

from dataclasses import replace

import pytest

import custmerge as cm
from custmerge.inference import configure
from custmerge.records import RecordTable

PERSON = (
    "given_name",
    "family_name",
    "gender",
    "email",
    "phone",
    "address",
    "postcode",
    "city",
    "region",
    "country",
    "birth_date",
)


def _config(*kinds: str) -> cm.Config:
    """A config that says no more than kinds, each the name of its field."""
    return cm.Config(tuple(cm.Field(kind, kind) for kind in kinds))


def _fields(config: cm.Config) -> dict[str, cm.Field]:
    return {field.name: field for field in config.fields}


def _relations(field: cm.Field) -> tuple[object, ...]:
    return (field.group, field.swaps_with, field.depends_on, field.shared)


@pytest.mark.parametrize(
    ("name", "parents"),
    [
        ("given_name", ()),
        ("family_name", ()),
        ("gender", ("given_name",)),
        ("email", ("given_name", "family_name")),
        ("phone", ()),
        ("address", ()),
        ("postcode", ("address",)),
        ("city", ("postcode",)),
        ("region", ("city",)),
        ("country", ("region",)),
        ("birth_date", ()),
    ],
)
def test_field_depends_on_what_it_follows_from(
    name: str, parents: tuple[str, ...]
) -> None:
    assert _fields(_config(*PERSON))[name].depends_on == parents


def test_what_says_where_somebody_lives_survives_together() -> None:
    groups = {f.name: f.group for f in _config(*PERSON).fields if f.group is not None}
    assert groups == dict.fromkeys(
        ("address", "postcode", "city", "region", "country"), "address"
    )


def test_part_of_an_address_on_its_own_is_no_group() -> None:
    assert _fields(_config("email", "city"))["city"].group is None


def test_place_without_narrower_ones_depends_on_the_next_there_is() -> None:
    fields = _fields(_config("address", "country"))
    assert fields["country"].depends_on == ("address",)


def test_given_names_are_exchanged_with_family_names() -> None:
    swaps = {f.name: f.swaps_with for f in _config(*PERSON).fields if f.swaps_with}
    assert swaps == {"given_name": "family_name"}


def test_names_of_unlike_levels_leave_the_email_independent() -> None:
    given = cm.Field("given_name", "given_name", levels=(0.9, 1.0))
    others = (cm.Field("family_name", "family_name"), cm.Field("email", "email"))
    assert _fields(cm.Config((given, *others)))["email"].depends_on == ()


def test_households_share_surname_home_and_phone_but_not_what_makes_a_person() -> None:
    fields = _fields(_config(*PERSON))
    shared = {
        name
        for name, field in fields.items()
        if field.shares.get("household", 0) > 0.05 and name != "birth_date"
    }
    assert shared == {
        "family_name",
        "email",
        "phone",
        "address",
        "postcode",
        "city",
        "region",
        "country",
    }


def test_persons_have_no_branches() -> None:
    assert not any("branch" in field.shares for field in _config(*PERSON).fields)


def test_branches_share_a_companys_name_phone_and_url_but_not_the_address() -> None:
    config = _config("organisation", "phone", "url", "address", "postcode")
    shared = {field.name for field in config.fields if "branch" in field.shares}
    assert shared == {"organisation", "phone", "url"}


def test_organisation_that_is_not_compared_has_no_branches() -> None:
    kept = cm.Field("organisation", "organisation", compare=None)
    config = cm.Config((kept, cm.Field("phone", "phone")))
    assert "branch" not in _fields(config)["phone"].shares


def test_field_that_is_not_compared_is_in_no_relation() -> None:
    city = cm.Field("city", "city", compare=None)
    config = cm.Config((cm.Field("address", "address"), city))
    assert _relations(_fields(config)["city"])[:3] == (None, None, ())


def test_place_that_no_household_shares_is_no_home() -> None:
    born = cm.Field("birth_place", "city", shared={})
    config = cm.Config((cm.Field("address", "address"), born))
    assert _relations(_fields(config)["birth_place"]) == (None, None, (), {})


def test_relations_that_the_caller_gives_are_kept() -> None:
    own = cm.Field(
        "city",
        "city",
        group="town",
        swaps_with="address",
        depends_on=("email",),
        shared={"neighbours": 0.5},
    )
    others = (cm.Field("address", "address"), cm.Field("email", "email"))
    field = _fields(cm.Config((own, *others)))["city"]
    assert _relations(field) == ("town", "address", ("email",), {"neighbours": 0.5})


def test_no_relations_that_the_caller_gives_are_kept() -> None:
    alone = cm.Field(
        "city", "city", group=None, swaps_with=None, depends_on=(), shared={}
    )
    config = cm.Config((cm.Field("address", "address"), alone))
    assert _fields(config)["city"] == alone


def test_field_in_the_place_of_an_inferred_one_gets_the_same_relations() -> None:
    cells = {
        "name": ["Ann Lee", "Bo Chan", "Maria Rossi"],
        "address": ["1 Oak Street", "2 Elm Road", "3 Ash Lane"],
        "city": ["Leeds", "York", "Hull"],
    }
    table = RecordTable.from_columns(cells, 3)
    inferred = _fields(configure(table))["city"]
    own = cm.Field("city", "city", compare="exact")
    given = _fields(configure(table, fields={"city": own}))["city"]
    assert _relations(given) == _relations(inferred)
    assert inferred.depends_on == ("address",)


def test_settled_relations_stay_when_a_config_is_changed() -> None:
    config = _config(*PERSON)
    assert replace(config, threshold=0.9).fields == config.fields


def test_relations_read_back_from_toml() -> None:
    config = _config(*PERSON, "organisation")
    assert cm.Config.from_toml(config.to_toml()) == config


def test_nothing_is_written_and_read_as_none() -> None:
    config = cm.Config(
        (
            cm.Field("address", "address"),
            cm.Field("city", "city", group=None, depends_on=(), shared={}),
            cm.Field("given_name", "given_name", swaps_with=None),
            cm.Field("family_name", "family_name"),
            cm.Field("notes", compare=None),
        )
    )
    text = config.to_toml()
    for entry in ('group = "none"', 'swaps_with = "none"', 'compare = "none"'):
        assert entry in text
    assert cm.Config.from_toml(text) == config
    assert _fields(cm.Config.from_toml(text))["given_name"].swaps_with is None
