"""The report in a browser, as people use it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from tests.reporting.conftest import AWKWARD

import custmerge as cm

AXE = files("axe_core_python") / "axe.min.js"
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="session")
def report(result: cm.Resolution, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("report") / "report.html"
    result.report(path)
    return path.as_uri()


@pytest.fixture
def page(browser: Chrome, report: str) -> Iterator[Chrome]:
    """Open the report anew; in the end nothing must have gone wrong or gone out."""
    browser.get("about:blank")
    _log(browser, "browser")
    _log(browser, "performance")
    browser.get(report)
    browser.execute_script("localStorage.clear()")
    browser.refresh()
    yield browser
    assert _log(browser, "browser") == []
    asked = [
        json.loads(row["message"])["message"] for row in _log(browser, "performance")
    ]
    urls = [
        event["params"]["request"]["url"]
        for event in asked
        if event["method"] == "Network.requestWillBeSent"
    ]
    assert report in urls
    assert all(url.startswith(("file:", "data:", "blob:")) for url in urls)


def _log(browser: Any, kind: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = browser.get_log(kind)
    return rows


def _find(page: Chrome | WebElement, selector: str) -> WebElement:
    return page.find_element("css selector", selector)


def _texts(page: Chrome | WebElement, selector: str) -> list[str]:
    told = (
        "return [...arguments[0].querySelectorAll(arguments[1])].map(x => x.innerText)"
    )
    inside = page if isinstance(page, WebElement) else _find(page, "html")
    found: list[str] = inside.parent.execute_script(told, inside, selector)
    return found


def _until(said: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not said():
        assert time.monotonic() < end
        time.sleep(0.05)


def _click(page: Chrome, selector: str) -> None:
    page.execute_script("arguments[0].click()", _find(page, selector))


def _search(page: Chrome, words: str) -> None:
    box = _find(page, "#customers input[type=search]")
    box.clear()
    box.send_keys(words)


def test_search_finds_customers_by_any_of_their_values(page: Chrome) -> None:
    _search(page, "sarah GONZALEZ")
    assert set(_texts(page, "#customers tbody button")) == {"Sarah Gonzalez"}
    _search(page, "sarah_gonzalez@gmail.example")
    assert _texts(page, "#customers tbody button") == ["Sarah Gonzalez"]
    _search(page, "nobody is called so")
    assert _find(page, "#customers [role=status]").text == "Nothing found"


def test_headers_sort_either_way_and_say_so(page: Chrome) -> None:
    header = "#customers th:nth-child(2)"
    _click(page, f"{header} button")
    assert _find(page, header).get_attribute("aria-sort") == "ascending"
    assert set(_texts(page, "#customers tbody td:nth-child(2)")) == {"1"}
    _click(page, f"{header} button")
    assert _find(page, header).get_attribute("aria-sort") == "descending"
    sizes = [int(text) for text in _texts(page, "#customers tbody td:nth-child(2)")]
    assert sizes[0] > 1
    assert sizes == sorted(sizes, reverse=True)


def test_pages_hold_every_customer_once(page: Chrome, result: cm.Resolution) -> None:
    seen = _texts(page, "#customers tbody tr")
    while _find(page, "#customers .turn button:last-child").is_enabled():
        _click(page, "#customers .turn button:last-child")
        seen += _texts(page, "#customers tbody tr")
    assert len(seen) == result.n_entities
    status = _find(page, "#customers [role=status]").text
    assert status.endswith(f"to {result.n_entities} of {result.n_entities} customers")


def test_a_customer_opens_to_its_records_and_what_lost(
    page: Chrome, result: cm.Resolution
) -> None:
    entity = int(result.sizes.argmax())
    golden = result.entities[entity]
    _search(page, golden["record_id"])
    _find(page, "#customers tbody button").send_keys(Keys.ENTER)
    dialog = _find(page, "dialog[open]")
    assert len(_texts(dialog, ".records thead th")) == 2 + result.sizes[entity]
    lineage = result.lineage_of(entity)
    for one in lineage.fields:
        rows = dialog.find_elements("xpath", f".//tr[th[text()='{one.field}']]")
        if one.field in ("record_id", "source"):
            assert rows == []
            continue
        lost = [text.splitlines()[0] for text in _texts(rows[0], "td.lost")]
        assert sorted(lost) == sorted(loser.value for loser in one.losers)
        assert _texts(rows[0], "td.golden bdi") == [one.value]
    _find(dialog, "button.close").send_keys(Keys.ESCAPE)
    _until(lambda: not page.find_elements("css selector", "dialog"))
    assert (
        page.switch_to.active_element.text
        == golden["given_name"] + " " + golden["family_name"]
    )


def test_a_customer_shows_its_links_the_weakest_first(
    page: Chrome, result: cm.Resolution
) -> None:
    entity = int(result.sizes.argmax())
    page.execute_script("openCustomer(customerById.get(arguments[0]))", entity)
    weakest = result.explain(entity).weakest
    assert weakest is not None
    assert len(_texts(page, "dialog .links tbody tr")) == result.sizes[entity] - 1
    ends = _texts(page, "dialog .links tbody tr:first-child .end")
    assert [text.split() for text in ends] == [
        [end.id, end.source] for end in (weakest.left, weakest.right)
    ]
    one, other = weakest.parts
    [bridge] = _texts(page, "dialog .links .weakest td:last-child")
    assert bridge == f"{min(one, other)} + {max(one, other)}"
    said = _find(page, "dialog").text
    assert f"without it, {one} and {other} records would be two customers" in said


def test_names_that_look_like_html_are_text(page: Chrome) -> None:
    for family, name in AWKWARD.items():
        _search(page, family)
        text = _find(page, "#customers tbody button").get_attribute("textContent")
        assert text == f"{name} {family}"
    assert page.execute_script("return window.hacked") is None
    assert page.execute_script("return document.scripts.length") == 3


def test_answers_are_saved_as_decisions_that_the_next_run_keeps_to(
    page: Chrome, result: cm.Resolution, tmp_path: Path
) -> None:
    page.execute_cdp_cmd(
        "Browser.setDownloadBehavior",
        {"behavior": "allow", "downloadPath": str(tmp_path)},
    )
    assert not _find(page, "#download").is_enabled()
    _click(page, ".answer.s")
    _find(page, ".card").send_keys("d")
    assert _find(page, "#review [role=status]").text.startswith("2 of ")
    page.refresh()  # nothing that was answered is lost
    assert _find(page, "#review [role=status]").text.startswith("2 of ")
    _click(page, "#download")
    saved = tmp_path / "decisions.json"
    _until(saved.exists)
    decisions = cm.load_decisions(saved)
    first, second = result.review[:2]
    known = {link[:2]: link.same for link in decisions.links}
    assert len(known) == 2
    for row, same in ((first, True), (second, False)):
        sides = (row["left_id"], row["right_id"])
        [said] = [
            answer
            for pair, answer in known.items()
            if {side[1] for side in pair if isinstance(side, tuple)} == set(sides)
        ]
        assert said is same
    again = cm.resolve(result.dataset.build(_all(result)), decisions=saved)
    assert again.entity_of(first["left_id"]) == again.entity_of(first["right_id"])
    assert again.entity_of(second["left_id"]) != again.entity_of(second["right_id"])


def _all(result: cm.Resolution) -> dict[str, list[object]]:
    return {name: list(result.dataset.cells(name)) for name in result.dataset.columns}


def test_an_answer_can_be_taken_back(page: Chrome) -> None:
    _click(page, ".answer.d")
    _click(page, "#review .turn button:first-child")
    assert _find(page, ".answer.d").get_attribute("aria-pressed") == "true"
    page.execute_script(
        "arguments[0].click()", page.find_elements("css selector", ".choices button")[2]
    )
    assert _find(page, "#review [role=status]").text.startswith("0 of ")


def test_evidence_is_drawn_for_each_field(page: Chrome, result: cm.Resolution) -> None:
    heads = _texts(page, ".pair tbody th")
    assert [head for head in heads if head in result.config.compared_names] == list(
        result.config.compared_names
    )


def test_there_is_no_serious_barrier(page: Chrome) -> None:
    _open_all(page)
    assert _barriers(page, "body") == []
    page.execute_script("openCustomer(customers.find(one => one.size > 2))")
    assert _barriers(page, "dialog") == []


def test_the_page_is_chinese_and_dark_where_wanted(page: Chrome) -> None:
    features = [{"name": "prefers-color-scheme", "value": "dark"}]
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    page.refresh()
    assert _find(page, "html").get_attribute("data-theme") == "dark"
    _click(page, "#language")
    assert _find(page, "h1").text == "客户合并报告"
    assert _find(page, "html").get_attribute("lang") == "zh-CN"
    _open_all(page)
    assert _barriers(page, "#main", "color-contrast") == []
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def _open_all(page: Chrome) -> None:
    page.execute_script("document.querySelectorAll('details').forEach(d => d.open = 1)")
    for box in page.find_elements("css selector", "input[type=search]"):
        box.send_keys("flores")  # a few rows are checked as well as many


def _barriers(page: Chrome, part: str, *rules: str) -> list[tuple[str, str]]:
    """Return what axe finds to be in the way of people with disabilities."""
    page.execute_script(AXE.read_text(encoding="utf-8"))
    options = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
    run = "axe.run(arguments[0], arguments[1]).then(arguments[2])"
    found = page.execute_async_script(run, part, options)
    return [
        (row["id"], node["html"])
        for row in found["violations"]
        if row["impact"] in SERIOUS
        for node in row["nodes"]
    ]


def _few(**said: Any) -> cm.Resolution:
    rows = [("Ann Lee", "ann@lee.org"), ("Anne Lee", "ann@lee.org"), ("Bo", None)]
    fields = {"name": "text", "email": "email"}
    records = [{"name": name, "email": email} for name, email in rows]
    return cm.resolve(records, **{"fields": fields, **said})


@pytest.mark.filterwarnings("ignore::custmerge.CustmergeWarning")
def test_all_kinds_of_results_are_drawn(browser: Chrome, tmp_path: Path) -> None:
    match, differ = (
        cm.Rule("match", at_least={"email": 1.0}, name="one mailbox"),
        cm.Rule("differ", below={"name": 0.2}),
    )
    few = _few(rules=[differ])
    results: list[tuple[cm.Resolution, Any]] = [
        (_few(model=cm.Rules((match, differ), otherwise="review")), False),
        (_few(model=cm.WeightedScore({"name": 2, "email": 1})), True),
        (few, few.masked(hide=["email"])),
        (cm.resolve([]), False),
        (cm.resolve({"crm": [{"name": "Ann Lee"}], "web": [{"name": "Bo"}]}), False),
    ]
    _log(browser, "browser")
    drawn = []
    for result, masked in results:
        result.report(tmp_path / "report.html", masked=masked)
        browser.get((tmp_path / "report.html").as_uri())
        drawn.append(_find(browser, "#model").text)
        _click(browser, "#language")
        assert len(_texts(browser, "main > section")) == 10
    assert _log(browser, "browser") == []
    assert "one mailbox: One customer, if email agrees to 100% at least." in drawn[0]
    assert "67%" in drawn[1]
    assert "Different customers, if name agrees to less than 20%." in drawn[2]


def test_warnings_are_in_the_language_of_the_page(
    browser: Chrome, tmp_path: Path
) -> None:
    records = {"姓名": ["王小明", "王小明", "李四"], "传真": [None] * 3}
    with pytest.warns(cm.CustmergeWarning):
        result = cm.resolve(records)
    result.report(tmp_path / "report.html")
    browser.get((tmp_path / "report.html").as_uri())
    assert _texts(browser, ".warnings li") == list(result.warnings)
    _click(browser, "#language")
    told = _texts(browser, ".warnings li")
    assert len(told) == len(result.warnings)
    assert told[0].startswith("字段“传真”没有可用的值")


def test_masked_values_fit_a_phone_in_both_languages(
    browser: Chrome, result: cm.Resolution, tmp_path: Path
) -> None:
    result.report(tmp_path / "report.html", masked=True)
    phone = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    browser.get((tmp_path / "report.html").as_uri())
    wide = "return document.documentElement.scrollWidth"
    for _ in ("en", "zh"):
        assert browser.execute_script(wide) == 390
        browser.execute_script("openCustomer(customers.find(one => one.size > 2))")
        assert browser.execute_script(wide) == 390
        _find(browser, "button.close").send_keys(Keys.ENTER)
        _click(browser, "#language")
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_a_customer_is_called_by_two_names_at_most(
    browser: Chrome, tmp_path: Path
) -> None:
    record = {
        "company": "Opal Ltd",
        "contact name": "Ann Lee",
        "agency": "Ruby Inc",
        "phone": "020 7946 0001",
    }
    report = tmp_path / "report.html"
    names = {"company": "organisation", "agency": "organisation"}
    cm.resolve([record] * 2, fields=names).report(report)
    browser.get(report.as_uri())
    [called] = _texts(browser, "#customers tbody button")
    assert called == "Opal Ltd Ann Lee"


@pytest.mark.parametrize(
    "name",
    [{"姓": "王", "名": "小明"}, {"first_name": "小明", "last_name": "王"}],
)
def test_chinese_names_are_put_together_family_first(
    browser: Chrome, tmp_path: Path, name: dict[str, str]
) -> None:
    records = [{**name, "手机": "13912345678"}] * 2
    report = tmp_path / "report.html"
    cm.resolve(records).report(report, language="zh")
    browser.get(report.as_uri())
    assert _texts(browser, "#customers tbody button") == ["王小明"]
    assert _texts(browser, "#customers thead th:nth-child(1)")[0].startswith("客户")


def test_a_relative_opens_in_the_place_of_a_customer(page: Chrome) -> None:
    related = "return [...relationsOf.keys()].find(entity => customerById.has(entity))"
    entity = page.execute_script(related)
    page.execute_script("openCustomer(customerById.get(arguments[0]))", entity)
    button = page.find_elements("css selector", "dialog li button")[-1]
    name = button.text
    button.send_keys(Keys.ENTER)
    _until(lambda: _texts(page, "dialog h2") == [name])
    page.switch_to.active_element.send_keys(Keys.ESCAPE)
    _until(lambda: not page.find_elements("css selector", "dialog"))


def test_customers_and_their_doubtful_pairs_lead_to_each_other(page: Chrome) -> None:
    _find(page, ".card p button").send_keys(Keys.ENTER)
    question = _find(page, "dialog li button")
    heads = _texts(page, ".card thead th")[1:3]
    assert question.text == " – ".join(head.split()[0] for head in heads)
    [place] = _texts(page, ".card h3")
    assert place.startswith("Pair 1 of ")
    page.execute_script("review.place = 3; arguments[0].click()", question)
    _until(lambda: not page.find_elements("css selector", "dialog"))
    assert _texts(page, ".card h3") == [place]
    assert page.switch_to.active_element.get_attribute("aria-label") == place


def test_a_link_in_doubt_leads_to_its_pair(page: Chrome) -> None:
    pair = page.execute_script(
        "const customer = ([left]) => customerById.get(data.entity_of[left]);"
        "const place = pairs.findIndex(([left, right]) => customer([left])?.size === 2"
        " && data.entity_of[left] === data.entity_of[right]);"
        "openCustomer(customer(pairs[place])); return place"
    )
    button = page.find_element("css selector", "dialog .links tbody button")
    assert button.text == "Review it"
    button.send_keys(Keys.ENTER)
    _until(lambda: not page.find_elements("css selector", "dialog"))
    assert _texts(page, ".card h3")[0].startswith(f"Pair {pair + 1} of ")


def test_what_needs_a_look_comes_before_columns_that_may_be_wide(page: Chrome) -> None:
    page.refresh()
    heads = _texts(page, "#customers thead th")
    assert heads[2].startswith("To look at")
    assert heads[3].startswith("Confidence")


def test_a_narrow_screen_needs_no_sideways_scrolling(page: Chrome) -> None:
    metrics = {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    page.refresh()
    assert page.execute_script("return document.documentElement.scrollWidth") == 390
    page.execute_script("openCustomer(customers.find(one => one.size > 3))")
    wider = "const d = document.querySelector('dialog'); return d.scrollWidth"
    assert page.execute_script(f"{wider} - d.clientWidth") == 0
    page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_colours_can_be_switched(page: Chrome) -> None:
    before = _find(page, "html").get_attribute("data-theme")
    _click(page, "#theme")
    assert _find(page, "html").get_attribute("data-theme") != before
