"""What a report says, against the result's own tables."""

from __future__ import annotations

import ast
import json
import math
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st
from tests.reporting.conftest import AWKWARD
from tests.strategies import FEW, dirty_texts

import custmerge as cm
from custmerge.classifier import probability
from custmerge.classifier.model import Training
from custmerge.kinds import Kind
from custmerge.quality import GHOSTS, ISSUES
from custmerge.reporting import Material
from custmerge.reporting.document import as_json
from custmerge.reporting.evidence import asked
from custmerge.reporting.links import SAID
from custmerge.reporting.sampling import KINDS, chosen
from custmerge.survivorship.coercion import SURVIVORSHIP_RULES

ASSETS = Path(cm.__file__).parent / "reporting" / "assets"
PEOPLE = [
    ("C1", "crm", "Ann Lee", "ann@lee.org", "Leeds", 3),
    ("C1", "web", "Anne Lee", "ann@lee.org", None, 4),
    ("C2", "crm", "王小明", "xm.wang@mail.cn", "上海", None),
    ("C3", "web", "王小明", "xm.wang@mail.cn", "北京", 5),
    ("C4", "web", "Bo Chan", None, "York", 1),
]


def _records() -> list[dict[str, object]]:
    columns = ("no", "from", "name", "email", "city", "spent")
    return [dict(zip(columns, person, strict=True)) for person in PEOPLE]


def _resolved(**more: Any) -> cm.Resolution:
    said = {"id": "no", "source": "from", "fields": {"spent": "number"}}
    return cm.resolve(_records(), **{**said, **more})


def _page(result: cm.Resolution, folder: Path, **options: Any) -> str:
    result.report(folder / "report.html", **options)
    return (folder / "report.html").read_text(encoding="utf-8")


def _data(page: str) -> dict[str, Any]:
    [found] = re.findall(
        r'<script type="application/json" id="data">(.*)</script>', page
    )
    data: dict[str, Any] = json.loads(found)
    return data


def _members(entity: list[Any]) -> list[int]:
    rows: list[int] = entity[2]
    return rows


def _golden(data: dict[str, Any], entity: list[Any], place: int) -> object:
    """Return a golden value as the page reads it."""
    _, _, records, _, won, _, _, made, _ = (
        [*entity, 1, None, None, [], {}, []] if len(entity) == 3 else entity
    )
    if str(place) in made:
        return made[str(place)]
    return data["records"][records[won[place] if won else 0]][
        data["golden"][place][1] + 1
    ]


def test_golden_values_and_records_are_those_of_the_result(
    result: cm.Resolution, tmp_path: Path
) -> None:
    data = _data(_page(result, tmp_path))
    assert len(data["entities"]) == result.n_entities
    names = [name for name, _ in data["golden"]]
    assigned = {row["record_id"]: row["entity_id"] for row in result.assignments}
    told = {}
    for entity in data["entities"]:
        golden = result.entities[entity[0]]
        found = [_golden(data, entity, place) for place in range(len(names))]
        assert found == [golden[name] for name in names]
        for record in _members(entity):
            told[data["records"][record][0][1]] = entity[0]
    assert told == assigned


def test_values_that_lost_are_those_of_the_result(
    result: cm.Resolution, tmp_path: Path
) -> None:
    data = _data(_page(result, tmp_path))
    told = [
        (
            entity[0],
            data["golden"][field][0],
            data["records"][_members(entity)[position]][0][1],
            data["rules"][rule],
        )
        for entity in data["entities"]
        if len(entity) > 3
        for field, position, rule in zip(*[iter(entity[6])] * 3, strict=True)
    ]
    losers = [
        (row["entity_id"], row["field"], row["record_id"], row["lost_to"])
        for row in result.losers
    ]
    assert sorted(told) == sorted(losers)


def _links(data: dict[str, Any], entity: list[Any]) -> list[tuple[Any, ...]]:
    """Return the links of an entity as ids, weight, who says so, and both sides."""
    names = [data["records"][record][0] for record in _members(entity)]
    return [
        (names[one], names[other], weight, data["said"][said], n, entity[3] - n)
        for one, other, weight, said, n, _ in (entity[8] if len(entity) > 3 else [])
    ]


def test_links_of_customers_are_those_that_explanations_tell(
    result: cm.Resolution, tmp_path: Path
) -> None:
    data = _data(_page(result, tmp_path))
    large = [entity for entity in data["entities"] if len(_members(entity)) > 2]
    assert len(large) > 10
    for entity in [*large, *data["entities"][-5:]]:
        tree = result.explain(entity[0]).tree
        assert [(*one[:2], *one[4:]) for one in _links(data, entity)] == [
            (
                *([link.left.source, link.left.id], [link.right.source, link.right.id]),
                *link.parts,
            )
            for link in tree
        ]
        assert [one[2] for one in _links(data, entity)] == pytest.approx(
            [link.weight for link in tree], abs=0.05
        )


def test_links_name_the_fields_that_speak_loudest(
    result: cm.Resolution, tmp_path: Path
) -> None:
    data = _data(_page(result, tmp_path))
    n_named = 0
    for entity in data["entities"][:20]:
        for link, (one, other, *_) in zip(
            entity[8] if len(entity) > 3 else [], _links(data, entity), strict=True
        ):
            parts = result.explain(tuple(one), tuple(other)).comparisons
            bits = {part.field: part.weight for part in parts}
            named = [data["fields"][abs(place) - 1]["name"] for place in link[5]]
            support = [bits[name] for name in named if bits[name] > 0]
            against = [bits[name] for name in named if bits[name] < 0]
            assert [place > 0 for place in link[5]] == [bits[x] > 0 for x in named]
            assert support == sorted(x for x in bits.values() if x >= 1)[:-4:-1]
            assert against == sorted(x for x in bits.values() if x <= -1)[:2]
            n_named += len(named)
    assert n_named > 20


def test_links_say_who_made_them(tmp_path: Path) -> None:
    must = [(("crm", "C1"), ("web", "C1"))]
    same = cm.Rule("match", at_least={"email": 1.0})
    said = [(("crm", "C2"), ("web", "C4"), True)]
    result = _resolved(must_link=must, rules=[same], decisions=said)
    data = _data(_page(result, tmp_path))
    told = {
        (tuple(one), tuple(other)): said
        for entity in data["entities"]
        for one, other, _, said, *_ in _links(data, entity)
    }
    assert told == {
        (("crm", "C1"), ("web", "C1")): "told",
        (("crm", "C2"), ("web", "C3")): "rule",
        (("crm", "C2"), ("web", "C4")): "decision",
    }


@pytest.mark.filterwarnings("ignore::custmerge.CustmergeWarning")
def test_the_weakest_link_of_many_records_is_shown(tmp_path: Path) -> None:
    record = {"name": "Ann Lee", "email": "ann@lee.org", "phone": "020 7946 0001"}
    rest = [{"name": f"Bo Chan{i}", "email": f"bo{i}@chan.org"} for i in range(9)]
    records = [*[record] * 45, *rest, {**record, "name": "Anne Lee"}]
    result = cm.resolve(records)
    data = _data(_page(result, tmp_path))
    [entity] = [entity for entity in data["entities"] if len(entity) > 3]
    assert (len(_members(entity)), entity[3]) == (40, 46)
    weakest = result.explain(entity[0]).tree[-1]
    one, other, weight, _, *parts = _links(data, entity)[-1]
    assert (one, other) == (weakest.left.id, weakest.right.id) == (0, 54)
    assert weight == pytest.approx(weakest.weight, abs=0.05)
    assert tuple(parts) == weakest.parts == (45, 1)


def test_pinned_and_computed_values_are_shown(tmp_path: Path) -> None:
    result = _resolved(survivorship={"spent": cm.total()}).pin(0, {"city": "Ulm"})
    data = _data(_page(result, tmp_path))
    names = [name for name, _ in data["golden"]]
    first = next(entity for entity in data["entities"] if entity[0] == 0)
    assert _golden(data, first, names.index("city")) == "Ulm"
    assert _golden(data, first, names.index("spent")) == "7"


def test_parts_of_a_pair_add_up_to_its_weight(
    result: cm.Resolution, tmp_path: Path
) -> None:
    data = _data(_page(result, tmp_path))
    review = result.review
    assert len(data["pairs"]["rows"]) == len(review)
    for (left, right, weight, chance, parts, _, alike), row in zip(
        data["pairs"]["rows"], review, strict=True
    ):
        assert data["records"][left][0][1] == row["left_id"]
        assert data["records"][right][0][1] == row["right_id"]
        assert weight == pytest.approx(row["weight"], abs=0.01)
        assert chance == pytest.approx(row["probability"], abs=1e-4)
        assert sum(parts) == pytest.approx(weight, abs=0.01 * len(parts))
        scores = [row[field["name"]] for field in data["fields"]]
        known = [np.nan if score is None else score for score in alike]
        assert known == pytest.approx(scores, abs=1e-3, nan_ok=True)


def test_evidence_is_what_explanations_tell(
    result: cm.Resolution, tmp_path: Path
) -> None:
    pairs = _data(_page(result, tmp_path))["pairs"]
    for row, pair in list(zip(pairs["rows"], result.review, strict=True))[:5]:
        found = result.explain(pair["left_id"], pair["right_id"])
        told = {part.field: part.weight for part in found.comparisons}
        told |= {f"({one.name})": one.weight for one in found.adjustments}
        told["(prior)"] = found.prior
        parts = dict(zip(pairs["parts"], row[4], strict=True))
        assert parts == pytest.approx(dict.fromkeys(parts, 0.0) | told, abs=0.01)


@pytest.mark.parametrize(
    "model",
    [
        cm.WeightedScore({"name": 2, "email": 1}),
        cm.Rules((cm.Rule("match", at_least={"email": 1.0}),), otherwise="review"),
    ],
)
def test_other_models_are_told_too(model: Any, tmp_path: Path) -> None:
    fields = {"name": "text", "email": "email", "city": None, "spent": None}
    result = _resolved(model=model, fields=fields)
    data = _data(_page(result, tmp_path))
    assert data["model"]["kind"] == type(model).__name__
    for _, _, weight, _, parts, *_ in data["pairs"]["rows"]:
        assert sum(parts) == pytest.approx(weight, abs=0.05)


def test_pairs_are_counted_by_weight_and_side_of_the_band(tmp_path: Path) -> None:
    rules = [cm.Rule("match", at_least={"email": 1.0})]
    result = _resolved(rules=rules, fields={"spent": None})
    model = _data(_page(result, tmp_path))["model"]
    low, high = result.config.review
    sides: Counter[int] = Counter()
    weights: Counter[int] = Counter()
    for pair, weight, verdict in zip(
        result.pairs, result.weights.tolist(), result.verdicts.tolist(), strict=True
    ):
        chance = pair["probability"]
        side = 0 if chance <= low else 2 if chance >= high else 1
        sides[3 if verdict else side] += 1
        if not verdict:
            weights[max(-24, min(23, math.floor(weight)))] += 1
    assert model["fallen"] == [sides[side] for side in range(4)]
    assert sides[3] == 2
    assert {k - 24: n for k, n in enumerate(model["bins"]) if n} == weights


def test_a_report_says_how_the_weights_came_about(
    result: cm.Resolution, tmp_path: Path
) -> None:
    def told(one: cm.Resolution) -> tuple[object, object]:
        model = _data(_page(one, tmp_path))["model"]
        return model["trained"], model["corrected"]

    learnt = result.model
    assert isinstance(learnt, cm.FellegiSunter)
    training = learnt.training
    assert training.n_pairs > 0
    seen = [training.n_pairs, training.n_iterations, True]
    assert told(result) == (seen, False)
    corrected = replace(result, model=replace(learnt, shift=1.0))
    assert told(corrected) == (seen, True)
    given_ = replace(result, model=replace(learnt, training=Training()))
    assert told(given_) == ([0, 0, True], False)


def test_shared_contacts_are_listed_by_use(
    result: cm.Resolution, tmp_path: Path
) -> None:
    told = _data(_page(result, tmp_path))["contacts"]
    names = ("field", "value", "use", "n_records", "n_people")
    assert len(result.contacts) > 3
    assert told["rows"] == [[row[name] for name in names] for row in result.contacts]
    assert told["counts"] == Counter(row["use"] for row in result.contacts)
    masked = _page(result, tmp_path, masked=True)
    for value in {row["value"] for row in result.contacts}:
        assert value not in masked


def test_sources_are_counted_as_by_hand(tmp_path: Path) -> None:
    data = _data(_page(_resolved(), tmp_path))
    assert data["counts"]["entities"] == 3
    assert sorted(data["sources"]["rows"]) == [["crm", 2, 2, 2], ["web", 3, 3, 2]]
    assert data["sources"]["shared"] == [[2, 2], [2, 3]]
    assert data["counts"]["sizes"] == [[1, 1], [2, 2]]


def test_a_customer_is_called_by_the_first_name_of_each_kind(tmp_path: Path) -> None:
    names = ("first_name", "middle_initial", "last_name")
    people = [("Ann", "B", "Lee"), ("Bo", "C", "Chan"), ("Ann", "B", "Lee")]
    rows = [
        {**dict(zip(names, who, strict=True)), "email": f"{who[0]}@{who[2]}.org"}
        for who in people
    ]
    data = _data(_page(cm.resolve(rows), tmp_path))
    called = [data["golden"][place][0] for place in data["label"]]
    assert called == ["first_name", "last_name", "middle_initial"]


def test_spot_checks_are_counted_among_the_pairs_to_review(tmp_path: Path) -> None:
    result = cm.resolve("examples/customers.csv")
    counts = _data(_page(result, tmp_path))["counts"]
    told = [row["reason"].startswith("spot check") for row in result.review]
    assert (counts["review"], counts["checks"]) == (len(told), sum(told))
    assert 0 < counts["checks"] < counts["review"]


def test_tables_by_name_are_sources(tmp_path: Path) -> None:
    tables = {"crm": [{"name": "Ann Lee"}], "web": [{"name": "Ann Lee"}] * 2}
    data = _data(_page(cm.resolve(tables), tmp_path))
    rows = {
        name: (records, repeated)
        for name, records, repeated, _ in data["sources"]["rows"]
    }
    assert {name: records for name, (records, _) in rows.items()} == {
        "crm": 1,
        "web": 2,
    }


def test_decisions_so_far_are_kept_with_the_new_ones(tmp_path: Path) -> None:
    result = _resolved().decide([(("crm", "C1"), ("web", "C4"), False)])
    earlier = _data(_page(result, tmp_path))["earlier"]
    assert earlier["count"] == 1
    assert cm.Decisions.from_json(json.dumps(earlier["document"])) == result.decisions
    hidden = _data(_page(result, tmp_path, masked=True))["earlier"]
    assert hidden == {"count": 1, "document": None}


def test_a_masked_report_shows_no_value(tmp_path: Path) -> None:
    result = _resolved(survivorship={"name": cm.collect()}).pin(0, {"email": "a@b.org"})
    page = _page(result, tmp_path, masked=True)
    shown = re.sub(r'<script type="application/json" id="texts">.*', "", page)
    for word in ("Ann Lee", "Anne", "小明", "lee.org", "xm.wang", "Chan", "a@b.org"):
        assert word not in shown
    assert "Leeds" in page  # a city tells nobody
    assert _data(page)["config"] is None
    assert _data(page)["answers"] is True


def test_lists_and_records_are_masked_too(
    result: cm.Resolution, tmp_path: Path
) -> None:
    assert result.conflicts
    hidden = ("given_name", "email", "phone", "address", "birth_date")
    page = _page(result, tmp_path, masked=result.masked("key"))
    values = {cell for name in hidden for cell in result.dataset.cells(name)}
    cities = set(result.dataset.cells("city"))  # Austin is one, and a name
    assert not (values - cities) & set(_strings(_data(page)))
    assert "birth_date:" in json.dumps(_data(page)["conflicts"])


def _strings(part: Any) -> Iterator[str]:
    """Yield all texts in data, and the parts of those that list several."""
    if isinstance(part, str):
        yield from (part, *part.split("; "))
    elif isinstance(part, (list, dict)):
        inside = part.values() if isinstance(part, dict) else part
        for one in inside:
            yield from _strings(one)


def test_hidden_ids_are_masked_and_cannot_be_answered(tmp_path: Path) -> None:
    result = _resolved()
    page = _page(result, tmp_path, masked=result.masked("key", hide=["no", "from"]))
    data = _data(page)
    assert data["answers"] is False
    assert not {"C1", "C2", "crm", "web"} & set(re.findall(r"\w+", json.dumps(data)))


def test_masked_reports_with_one_key_are_the_same(tmp_path: Path) -> None:
    first, second = _resolved(), _resolved()
    pages = [_page(r, tmp_path, masked=r.masked("key")) for r in (first, second)]
    assert pages[0] == pages[1]


def test_reports_of_one_result_are_the_same(
    result: cm.Resolution, tmp_path: Path
) -> None:
    assert _page(result, tmp_path) == _page(result, tmp_path)


def test_values_cannot_leave_the_data(result: cm.Resolution, tmp_path: Path) -> None:
    page = _page(result, tmp_path, title="<b>May</b> & June")
    assert page.count("<script") == page.count("</script") == 3
    assert "\u2028" not in page
    assert "<title>&lt;b&gt;May&lt;/b&gt; &amp; June</title>" in page
    cells = {cell for record in _data(page)["records"] for cell in record[1:]}
    assert set(AWKWARD.values()) <= cells


@FEW
@given(st.lists(st.none() | dirty_texts() | st.text(max_size=5)))
def test_json_for_pages_reads_back_and_holds_no_markup(
    values: list[str | None],
) -> None:
    text = as_json(values)
    assert json.loads(text) == values
    assert not set(text) & set("<>&\u2028\u2029")
    text.encode("utf-8")


def test_the_page_allows_its_own_script_and_nothing_else(tmp_path: Path) -> None:
    page = _page(_resolved(), tmp_path)
    [policy] = re.findall(r'Content-Security-Policy" content="(.*)"', page)
    [script] = re.findall(r"<script>(.*)</script>", page, re.DOTALL)
    assert policy.startswith("default-src 'none'; ")
    digest = b64encode(sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert not re.findall(r"https?://", page)


def test_both_languages_have_all_words() -> None:
    english, chinese = (
        json.loads((ASSETS / f"texts.{name}.json").read_text(encoding="utf-8"))
        for name in ("en", "zh")
    )
    assert set(english) == set(chinese)
    scripts = "".join(path.read_text(encoding="utf-8") for path in ASSETS.glob("*.js"))
    said = set(re.findall(r'say\("([\w.]+)"', scripts))
    named = {
        *(f"issue.{name}" for name in ISSUES),
        *(f"ghost.{name}" for name in GHOSTS),
        *(f"kind.{name}" for name in (*Kind, *KINDS)),
        *(f"role.{role}" for role in cm.Role if role != "ignore"),
        *(f"severity.{name}" for name in ("high", "medium", "low", "error", "warning")),
        *(f"relation.{name}" for name in ("household", "branch", "shared_contact")),
        *(f"use.{use}" for use in cm.ContactUse if use is not cm.ContactUse.PERSONAL),
        *(f"said.{name}" for name in SAID if name != "evidence"),
    }
    assert said | named <= set(english)
    for key, text in english.items():
        wanted, given_ = (_parameters(found) for found in (text, chinese[key]))
        assert wanted == given_, key


def test_remarks_have_chinese_words() -> None:
    words = json.loads((ASSETS / "remarks.zh.json").read_text(encoding="utf-8"))
    known = dict(_remarks_made())
    assert set(words) == set(known)
    for code, text in words.items():
        assert set(re.findall(r"\{(\w+)", text)) <= known[code], code


def _remarks_made() -> Iterator[tuple[str, set[str]]]:
    """Yield the code of each remark that the library makes, and the names of parts."""
    sources = (
        path.read_text(encoding="utf-8") for path in ASSETS.parents[1].rglob("*.py")
    )
    for source in filter(lambda text: "Remark.of(" in text, sources):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Remark.of":
                code = ast.literal_eval(node.args[0])
                yield code, {str(one.arg) for one in node.keywords}


def _parameters(text: str | dict[str, str]) -> set[str]:
    forms = [text] if isinstance(text, str) else list(text.values())
    return {name for form in forms for name in re.findall(r"\{(\w+)\}", form)}


def test_rules_of_survivorship_have_words(result: cm.Resolution) -> None:
    english = json.loads((ASSETS / "texts.en.json").read_text(encoding="utf-8"))
    rules = {*result.survivors.rule_names, *SURVIVORSHIP_RULES}
    assert {f"rule.{name}" for name in rules} <= set(english)
    losing = rules - {"missing", "only_value"}  # nothing loses to these
    assert {f"lost.{name}" for name in losing} <= set(english)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"language": "fr"}, "language"),
        ({"title": 3}, "title"),
        ({"masked": "yes"}, "masked must be true, false"),
        ({"max_bytes": 10}, "1,000,000"),
        ({"max_bytes": True}, "max_bytes"),
    ],
)
def test_wrong_arguments_are_refused(
    wrong: dict[str, Any], told: str, tmp_path: Path
) -> None:
    with pytest.raises(cm.InvalidInputError, match=told):
        _page(_resolved(), tmp_path, **wrong)


@pytest.mark.parametrize("records", [[], [{"name": "Ann Lee"}]])
def test_hardly_any_records_make_a_report(
    records: list[dict[str, object]], tmp_path: Path
) -> None:
    data = _data(_page(cm.resolve(records), tmp_path))
    assert data["counts"]["records"] == len(records) == len(data["entities"])


@pytest.mark.filterwarnings("ignore::custmerge.CustmergeWarning")
def test_a_large_result_is_cut_by_the_rule_that_it_states(tmp_path: Path) -> None:
    people = np.random.default_rng(0).permutation([*range(300), *range(100)])
    notes: dict[str, None] = {f"notes{i}": None for i in range(12)}
    records = [
        {"no": f"R{row}", "email": f"person{number:03}@mail.com"}
        | dict.fromkeys(notes, f"{number} " * 160)
        for row, number in enumerate(people.tolist())
    ]
    fields = {"email": cm.Field("email", kind="text"), **notes}

    def shown(rows: list[dict[str, str]]) -> set[str]:
        result = cm.resolve(rows, id="no", fields=fields)
        data = _data(_page(result, tmp_path, max_bytes=1_000_000))
        assert (tmp_path / "report.html").stat().st_size <= 1_000_000
        kinds = {kind: (every, some) for kind, every, some in data["sample"]}
        assert sum(every for every, _ in kinds.values()) == result.n_entities
        assert sum(some for _, some in kinds.values()) == len(data["entities"])
        assert 100 < len(data["entities"]) < result.n_entities == 300
        assert max(len(cell) for record in data["records"] for cell in record) == 301
        return {data["records"][r][0] for e in data["entities"] for r in _members(e)}

    assert shown(records) == shown(records[::-1])


@given(
    st.lists(st.lists(st.integers(0, 40), max_size=8), min_size=1, max_size=4),
    st.integers(0, 120),
)
def test_kinds_share_the_room_there_is(costs: list[list[int]], room: int) -> None:
    sizes = np.asarray([cost for kind in costs for cost in kind], np.int64)
    ends = np.cumsum([0, *map(len, costs)])
    kinds = [np.arange(a, b) for a, b in pairwise(ends.tolist())]
    found = chosen(kinds, sizes, room)
    left = room - int(sum(sizes[some].sum() for some in found))
    assert left >= 0
    for some, kind in zip(found, kinds, strict=True):
        assert some.tolist() == kind[: len(some)].tolist()
    waiting = [k[len(s)] for s, k in zip(found, kinds, strict=True) if len(s) < len(k)]
    assert (sizes[waiting] > left).all()


def test_pairs_take_no_more_than_their_room(result: cm.Resolution) -> None:
    material = Material(result, None, result.reviewed, result._explained()[1])
    costs = np.full(len(result.labels), 3)
    for room, n_pairs in ((0, 0), (5, 0), (20, 3), (10**6, len(result.review))):
        found = asked(material, costs, room)
        assert found.tolist() == material.reviewed[:n_pairs].tolist()


def test_probabilities_agree_with_weights(
    result: cm.Resolution, tmp_path: Path
) -> None:
    data = _data(_page(result, tmp_path))
    weights = np.asarray([row[2] for row in data["pairs"]["rows"]])
    told = [row[3] for row in data["pairs"]["rows"]]
    assert told == pytest.approx(probability(weights).tolist(), abs=0.01)


def test_issues_are_counted_by_field(result: cm.Resolution, tmp_path: Path) -> None:
    data = _data(_page(result, tmp_path))
    counts = Counter((row["field"], row["issue"]) for row in result.quality.issues)
    assert {(field, issue): n for field, issue, _, n in data["issues"]} == counts
