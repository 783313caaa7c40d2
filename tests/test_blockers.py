from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import chain, pairwise

import numpy as np
import pytest
from hypothesis import assume, example, given, strategies as st
from tests.strategies import FEW, present_texts, tables

import custmerge as cm
from custmerge import texts as texts_module
from custmerge.blockers import (
    BLOCKERS,
    DateKeys,
    ExactKey,
    FunctionBlocker,
    LocalPart,
    MaskedDigits,
    MinHash,
    Nicknames,
    Phonetic,
    Prefix,
    RareTokens,
    Spelling,
    Suffix,
    as_blocker,
)
from custmerge.blockers.keying import scrambled
from custmerge.protocols import Blocker
from custmerge.records import Column, RecordTable
from custmerge.texts import Texts


@cm.blocker("name", "city")
def initial_and_city(name: str, city: str) -> list[str]:
    return [f"{name[0]}|{city}", f"{name[-1]}|{city}"]


class Misfit:
    name = "misfit"
    fields = ("surname", 3)

    def keys(self, table: RecordTable, /) -> object:
        return None


ALL = [*(make("name") for make in BLOCKERS.values()), initial_and_city]
every_blocker = pytest.mark.parametrize("blocker", ALL, ids=lambda b: b.name)


def _people() -> st.SearchStrategy[RecordTable]:
    return tables(("name", "city"))


def _keys_by_row(blocker: Blocker, table: RecordTable) -> list[set[int]]:
    found: list[set[int]] = [set() for _ in range(len(table))]
    rows, keys = blocker.keys(table)
    for row, key in zip(rows.tolist(), keys.tolist(), strict=True):
        found[row].add(key)
    return found


def _sharing(blocker: Blocker, table: RecordTable) -> Counter[tuple[int, int]]:
    """How many keys each pair of rows shares; unlike keys, that can be compared."""
    found = _keys_by_row(blocker, table)
    n_rows = range(len(table))
    return Counter({(a, b): len(found[a] & found[b]) for a in n_rows for b in n_rows})


@every_blocker
@FEW
@given(table=_people())
def test_only_rows_whose_fields_are_present_get_keys(
    blocker: Blocker, table: RecordTable
) -> None:
    needed = getattr(blocker, "fields", ("name",))
    rows, keys = blocker.keys(table)
    assert rows.shape == keys.shape
    assert all(table[field].present[rows].all() for field in needed)


@every_blocker
@FEW
@given(table=_people())
def test_equal_records_share_all_their_keys(
    blocker: Blocker, table: RecordTable
) -> None:
    found = _keys_by_row(blocker, table)
    for a in range(len(table)):
        for b in range(a):
            if table.record(a) == table.record(b):
                assert found[a] == found[b]


@every_blocker
@FEW
@given(table=_people(), data=st.data())
def test_permuting_records_permutes_what_they_share(
    blocker: Blocker, table: RecordTable, data: st.DataObject
) -> None:
    order = np.asarray(data.draw(st.permutations(range(len(table)))), dtype=np.int64)
    moved = RecordTable({n: table[n].take(order) for n in table}, len(table))
    before, after = _sharing(blocker, table), _sharing(blocker, moved)
    for i, a in enumerate(order.tolist()):
        for j, b in enumerate(order.tolist()):
            assert after[i, j] == before[a, b]


@every_blocker
def test_table_without_rows_has_no_keys(blocker: Blocker) -> None:
    table = RecordTable.from_columns({"name": [], "city": []}, 0)
    rows, keys = blocker.keys(table)
    assert len(rows) == len(keys) == 0


@pytest.mark.parametrize("blocker", [make("name") for make in BLOCKERS.values()])
@given(texts=st.lists(present_texts(), max_size=4))
def test_any_text_has_keys_without_raising(blocker: Blocker, texts: list[str]) -> None:
    table = RecordTable.from_columns({"name": [*texts, "\ud800"]}, len(texts) + 1)
    rows, _ = blocker.keys(table)
    assert set(rows.tolist()) <= set(range(len(table)))


@given(tables(("name",)))
def test_exact_keys_are_shared_by_equal_values_only(table: RecordTable) -> None:
    sharing = _sharing(ExactKey("name"), table)
    texts = table["name"].decode()
    for (a, b), n_shared in sharing.items():
        assert n_shared == int(texts[a] is not None and texts[a] == texts[b])


@pytest.mark.parametrize(
    ("blocker", "alike", "unlike"),
    [
        (Prefix("v"), ("mc donald", "mcdougal"), ("ann", "anton")),
        (Prefix("v", 2), ("ann", "andy"), ("ann", "bob")),
        (Suffix("v", 4), ("0207-1234", "1234"), ("1234", "1235")),
        (Phonetic("v"), ("catherine", "kathryn"), ("ann", "bob")),
        (Phonetic("v"), ("lee ann", "ann smith"), ("王", "李")),
        (Phonetic("v"), ("王 小明", "王 大明"), ("lee", "ann")),
        (DateKeys("v"), ("1990-05-03", "1990-05-28"), ("1990-05-03", "1991-06-03")),
        (DateKeys("v"), ("1990-05-03", "1985-05-03"), ("1990", "1990")),
        (DateKeys("v"), ("1990-05-03", "1990-06-03"), ("1990-05-03", "1991-06-03")),
        (Nicknames("v"), ("bob", "robert j"), ("bob", "anna")),
        (Nicknames("v"), ("liz", "beth"), ("xqz", "xqz")),
        (Spelling("v"), ("smith", "smyth"), ("smith", "jones")),
        (Spelling("v"), ("+442079460001", "+442079460101"), ("lee", "lea")),
        (Spelling("v"), ("smit", "smith"), ("smith", "smothe")),
        (Spelling("v"), ("ann.lee@a.com", "anm.lee@b.org"), ("x@a.com", "y@a.com")),
        (MinHash("v"), ("excalibur group", "exalibur group"), ("北京市", "上海滩")),
        (
            MinHash("v"),
            ("海康威视数字技术", "海康威视数字技"),
            ("abcd efg", "hijk lmn"),
        ),
        (LocalPart("v"), ("ann@a.com", "ann@b.org"), ("ann@a.com", "bob@a.com")),
        (RareTokens("v"), ("the red fox", "red fox inn"), ("red fox", "blue hen")),
        (RareTokens("v"), ("北京海淀", "海淀北京海"), ("北京市", "上海滩")),
        (
            RareTokens("v"),
            ("南山区 科技园1号", "南山 科技路3号"),
            ("南山区", "南区 山"),
        ),
    ],
)
def test_alike_values_share_a_key_and_others_do_not(
    blocker: Blocker, alike: tuple[str, str], unlike: tuple[str, str]
) -> None:
    for values, shared in ((alike, True), (unlike, False)):
        table = RecordTable.from_columns({"v": values}, 2)
        assert bool(_sharing(blocker, table)[0, 1]) is shared


def _one_slip_apart(a: str, b: str) -> bool:
    """Whether one character's loss on either side, or both, makes them equal."""
    shorter = {a} | {a[:i] + a[i + 1 :] for i in range(len(a))}
    return bool(shorter & ({b} | {b[:i] + b[i + 1 :] for i in range(len(b))}))


@given(st.lists(st.text("ab\u738b", min_size=4, max_size=6), min_size=2, max_size=5))
def test_spellings_one_slip_apart_share_a_key(texts: list[str]) -> None:
    table = RecordTable.from_columns({"v": texts}, len(texts))
    sharing = _sharing(Spelling("v"), table)
    for a, left in enumerate(texts):
        for b, right in enumerate(texts):
            assert sharing[a, b] or not _one_slip_apart(left, right)


def test_two_slips_of_a_common_value_share_its_key() -> None:
    table = RecordTable.from_columns({"v": ["smtih", "simth", *["smith"] * 3]}, 5)
    assert _sharing(Spelling("v"), table)[0, 1] == 1


def test_common_value_has_no_key_but_its_own() -> None:
    values = ["smith", "smith", "smtih", "simth", "smiths"]
    rows, _ = Spelling("v").keys(RecordTable.from_columns({"v": values}, 5))
    assert rows.tolist().count(0) == 1


def test_names_exchanged_between_fields_share_keys() -> None:
    people = [{"given": "ann", "family": "lee"}, {"given": "leigh"}, {"family": "ann"}]
    table = RecordTable.from_mappings(people)
    sharing = _sharing(Phonetic("given", swaps_with="family"), table)
    assert sharing[0, 1] == sharing[0, 2] == 1
    assert sharing[1, 2] == 0


@pytest.mark.parametrize(("alike", "chance"), [(0.2, 0.22), (0.5, 0.82), (0.8, 1.0)])
def test_texts_share_a_sketch_as_often_as_their_grams_overlap(
    alike: float, chance: float
) -> None:
    # Of 60 letters two texts share so many that `alike` of all they hold is shared.
    rng = np.random.default_rng(1)
    n_shared = round(60 * 2 * alike / (1 + alike))
    hits = 0
    for _ in range(300):
        letters = [chr(code) for code in rng.choice(20_000, 120 - n_shared) + 0x4E00]
        left, right = letters[:60], letters[60 - n_shared :]
        texts = ["".join(left), "".join(right)]
        table = RecordTable.from_columns({"v": texts}, 2)
        hits += bool(_sharing(MinHash("v", length=1), table)[0, 1])
    assert hits / 300 == pytest.approx(chance, abs=0.08)


def test_short_values_have_no_suffix() -> None:
    table = RecordTable.from_columns({"v": ["123", "1234567"]}, 2)
    assert Suffix("v").keys(table)[0].tolist() == [1]


def test_empty_keys_are_left_out() -> None:
    table = RecordTable.from_columns({"v": ["@mail.com", "ann@mail.com"]}, 2)
    assert LocalPart("v").keys(table)[0].tolist() == [1]


def test_rarest_words_that_pair_anything_are_the_keys() -> None:
    values = ["hotel ritz", "ritz bar", "hotel adlon", "hotel lux"]
    table = RecordTable.from_columns({"v": values}, 4)
    sharing = _sharing(RareTokens("v", count=1), table)
    assert {pair for pair, n in sharing.items() if n and pair[0] < pair[1]} == {
        (0, 1),
        (2, 3),
    }


def test_words_that_no_other_value_holds_do_not_crowd_out_shared_ones() -> None:
    values = ["aa bb cc shared dd", "ee ff gg shared hh"]
    table = RecordTable.from_columns({"v": values}, 2)
    assert _sharing(RareTokens("v"), table)[0, 1] == 1


def _words(value: str) -> list[str]:
    """Words and pairs of words; pairs and triples of letters where unspaced."""
    words = value.split()[:40]
    found = []
    for word in words:
        if _is_unspaced(word) or (len(words) == 1 and not word.isascii()):
            whole = word[:80]
            found += [
                whole[i : i + n]
                for n in (2, 3)
                for i in range(max(1, len(whole) - n + 1))
            ]
        else:
            found.append(word)
    pairs = pairwise(words)
    found += [
        f"{a} {b}" for a, b in pairs if not _is_unspaced(a) and not _is_unspaced(b)
    ]
    return list(dict.fromkeys(found))


def _is_unspaced(word: str) -> bool:
    return any("\u3041" <= a <= "\u30ff" or "\u3400" <= a <= "\u9fff" for a in word)


def _shared_sets(keys: list[set[str]]) -> Counter[tuple[int, int]]:
    n_rows = range(len(keys))
    return Counter({(a, b): len(keys[a] & keys[b]) for a in n_rows for b in n_rows})


@given(
    st.lists(st.text("ab \t\u3000\u738b\u5c0f", min_size=1, max_size=9), max_size=7),
    st.integers(1, 3),
)
def test_rare_tokens_are_those_found_value_by_value(
    texts: list[str], count: int
) -> None:
    table = RecordTable.from_columns({"v": texts}, len(texts))
    held = [[] if text.isspace() else _words(text) for text in texts]
    frequency = Counter(chain.from_iterable(held))
    shared = [[word for word in words if frequency[word] > 1] for words in held]
    rarest = [
        set(sorted(words, key=lambda word: (frequency[word], _word_hash(word)))[:count])
        for words in shared
    ]
    assert _sharing(RareTokens("v", count), table) == _shared_sets(rarest)


def _word_hash(words: str) -> int:
    first, *second = (np.asarray([_hash(word)], np.uint64) for word in words.split())
    return int(first[0] if not second else scrambled(scrambled(first) + second[0])[0])


def _hash(text: str) -> int:
    whole = Texts.of([text])
    return int(whole.hashes(whole.starts, whole.ends)[0])


@given(st.lists(st.text("ab@\u738b", min_size=1, max_size=6), max_size=7))
@example(["aaab", "aaaa"])
def test_spelling_keys_are_a_text_and_its_commonest_neighbours(
    texts: list[str],
) -> None:
    table = RecordTable.from_columns({"v": texts}, len(texts))
    names = [text.partition("@")[0] for text in texts]
    counts = Counter(names)
    keys = [{name} - {""} for name in names]
    lost: dict[str, set[str]] = {}
    for name in counts:
        for i in range(len(name) + 1 if len(name) >= 4 else 0):
            lost.setdefault(name[:i] + name[i + 1 :], set()).add(name)
    for neighbours in lost.values():
        centre = min(neighbours, key=lambda name: (-counts[name], _hash(name)))
        for own, name in zip(keys, names, strict=True):
            if name in neighbours:
                own.add(centre)
    assert _sharing(Spelling("v"), table) == _shared_sets(keys)


@given(st.lists(st.text("ab\u738b", max_size=5), max_size=6))
def test_parts_have_the_same_hash_where_they_are_the_same(texts: list[str]) -> None:
    encoded = Texts.of(texts)
    parts = [
        (start, end, text[start - at : end - at])
        for text, at in zip(texts, encoded.starts.tolist(), strict=True)
        for start in range(at, at + len(text) + 1)
        for end in range(start, at + len(text) + 1)
    ]
    starts, ends = (np.asarray([part[i] for part in parts], dtype=int) for i in (0, 1))
    hashes = encoded.hashes(starts, ends).tolist()
    written = [part[2] for part in parts]
    assert len(set(zip(hashes, written, strict=True))) == len(set(hashes))
    assert len(set(hashes)) == len(set(written))


@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_texts_held_at_a_time_do_not_matter(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = ["red fox inn", "fox inn", "red foxx inn", "\u5317\u4eac\u5e02", "fix in"]
    table = RecordTable.from_columns({"v": [*values, *values[:2]]}, 7)
    every: list[Blocker] = [
        RareTokens("v"),
        MinHash("v"),
        Spelling("v"),
        Suffix("v", 3),
    ]
    expected = [_sharing(blocker, table) for blocker in every]
    monkeypatch.setattr(texts_module, "_AT_ONCE", at_once)
    assert [_sharing(blocker, table) for blocker in every] == expected


def test_pasted_page_gives_few_keys() -> None:
    table = RecordTable.from_columns({"v": [" ".join(map(str, range(9_000)))]}, 1)
    for blocker in (Phonetic("v"), RareTokens("v")):
        assert len(blocker.keys(table)[0]) <= 20


def test_every_value_of_a_row_gives_keys() -> None:
    phones = Column.stack([Column.encode(["1", None]), Column.encode(["2", "1"])])
    rows, keys = ExactKey("phone").keys(RecordTable({"phone": phones}, 2))
    assert rows.tolist() == [0, 0, 1]
    assert keys[0] == keys[2] != keys[1]


def test_decorated_function_is_still_that_function() -> None:
    assert initial_and_city("ann", "york") == ["a|york", "n|york"]
    assert initial_and_city.name == "initial_and_city"


def test_function_is_called_once_for_each_distinct_combination() -> None:
    calls: list[tuple[str, str]] = []

    @cm.blocker("name", "city")
    def note(name: str, city: str) -> None:
        calls.append((name, city))

    records = [{"name": "ann", "city": c} for c in ("york", "york", "leeds", None)]
    note.keys(RecordTable.from_mappings(records))
    assert sorted(calls) == [("ann", "leeds"), ("ann", "york")]


def test_function_sees_a_field_whose_first_column_is_missing() -> None:
    @cm.blocker("phone")
    def tail(phone: str) -> str:
        return phone[-2:]

    phones = Column.stack([Column.encode([None, "77"]), Column.encode(["77", None])])
    rows, _ = tail.keys(RecordTable({"phone": phones}, 2))
    assert rows.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("result", "n_keys"),
    [(None, 0), ("", 0), ([], 0), ("k", 1), (["k", "k", ""], 1), ({"k", "l"}, 2)],
)
def test_function_may_return_no_key_one_or_several(
    result: str | Iterable[str] | None, n_keys: int
) -> None:
    blocker = FunctionBlocker(lambda name: result, ("name",))
    table = RecordTable.from_mappings([{"name": "ann"}])
    assert len(blocker.keys(table)[1]) == n_keys


@pytest.mark.parametrize("result", [7, [7], object()])
def test_function_that_returns_no_key_breaks_the_contract(result: object) -> None:
    blocker = FunctionBlocker(lambda name: result, ("name",))  # type: ignore[arg-type,return-value]
    table = RecordTable.from_mappings([{"name": "secret"}])
    with pytest.raises(cm.PluginError, match="returned no key") as error:
        blocker.keys(table)
    assert "secret" not in str(error.value)


def test_decorator_needs_field_names() -> None:
    with pytest.raises(cm.InvalidConfigError, match="@blocker"):
        cm.blocker()
    with pytest.raises(cm.InvalidConfigError, match="@blocker"):
        cm.blocker(str.upper)  # type: ignore[arg-type]


@every_blocker
def test_blockers_pickle(blocker: Blocker) -> None:
    table = RecordTable.from_mappings([{"name": "ann", "city": "york"}])
    again = pickle.loads(pickle.dumps(blocker))  # noqa: S301  our own bytes
    assert again.keys(table)[0].tolist() == blocker.keys(table)[0].tolist()


def test_name_of_a_field_stands_for_its_exact_value() -> None:
    assert as_blocker("city", ["city"]) == ExactKey("city")


@pytest.mark.parametrize(
    "given",
    ["city", 7, {"name": "prefix"}, {"name": "prefix", "field": "a", "colour": 1}],
)
def test_what_is_no_blocker_is_a_config_error(given: object) -> None:
    with pytest.raises(cm.InvalidConfigError, match="blocker"):
        as_blocker(given, ["name"])  # type: ignore[arg-type]


def test_reference_of_a_decorated_function_leads_back_to_it() -> None:
    assert as_blocker(initial_and_city.reference) is initial_and_city


def test_blocker_objects_are_taken_as_they_are() -> None:
    blocker = Misfit()
    coerce: Callable[[object], object] = as_blocker  # type: ignore[assignment]
    assert coerce(blocker) is blocker


def test_chinese_name_and_its_pinyin_share_a_sound() -> None:
    table = RecordTable.from_mappings([{"name": "单"}, {"name": "shan"}])
    rows, keys = Phonetic("name").keys(table)
    assert set(keys[rows == 0]) & set(keys[rows == 1])


def meetings(blocker: Blocker, values: list[str]) -> set[tuple[str, str]]:
    table = RecordTable.from_columns({"number": values}, len(values))
    rows, keys = blocker.keys(table)
    held = [set(rows[keys == key].tolist()) for key in np.unique(keys)]
    return {
        (values[i], values[j]) for block in held for i in block for j in block if i < j
    }


def test_masked_number_meets_those_that_it_may_be_and_no_others() -> None:
    mask, full, local = "138****8888", "+8613812348888", "62348888"
    other, ending = "+8613812348889", "**8888"
    start, blocker = "1381234****", MaskedDigits("number")
    found = meetings(blocker, [mask, full, other, local, start])
    # Under what the start shows the two full ones meet as well.
    assert found == {(mask, full), (full, other), (full, start), (other, start)}
    assert (full, ending) in meetings(blocker, [full, ending])
    assert meetings(blocker, [full, other, local]) == set()


@given(st.lists(st.text("12*", min_size=6, max_size=9), max_size=12, unique=True))
def test_numbers_that_show_the_same_meet_unless_masks_are_too_many(
    values: list[str],
) -> None:
    masks = {tuple(c == "*" for c in v[::-1]) for v in values if "*" in v}
    assume(len(masks) <= 8)
    found = meetings(MaskedDigits("number"), values)
    for i, left in enumerate(values):
        for right in values[i + 1 :]:
            both = [
                (a, b)
                for a, b in zip(left[::-1], right[::-1], strict=False)
                if "*" not in (a, b)
            ]
            shows = [sum(c != "*" for c in v) for v in (left, right) if "*" in v]
            # The one that shows less shows nothing that the other hides.
            fits = bool(shows) and len(both) == min(shows) >= 4
            if fits and all(a == b for a, b in both):
                assert (left, right) in found
