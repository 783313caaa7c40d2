"""The notebook labeller in a browser: real keys there, the real session here.

Between them stands what a notebook's page has of the widget: its state, and messages.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from tests.reviewing.doubtful import doubtful

import custmerge as cm
from custmerge.explaining.showing import bits
from custmerge.reviewing.showing import evidence_of

AXE = files("axe_core_python") / "axe.min.js"
EVIL = "<script>window.hacked = 1</script><img src=x onerror=window.hacked=1>"
RECORDS: list[dict[str, str | None]] = [
    {"编号": "001", "姓名": "王晓明", "城市": "上海"},
    {"编号": "002", "姓名": "王小明", "城市": "上海市"},
    {"编号": "003", "姓名": EVIL, "城市": None},
]
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Labeller</title>
<style>@media (prefers-color-scheme: dark) { body { background: #111; color: #eee; } }
%(css)s</style><body><main></main>
<script type="module">
%(esm)s
const listeners = new Set();
window.sent = [];
window.passed = [];
window.state = %(state)s;
const model = {
  get: () => window.state,
  send: (message) => window.sent.push(message),
  on: (_, listener) => listeners.add(listener),
  off: (_, listener) => listeners.delete(listener),
};
window.turnTo = (state) => {
  window.state = state;
  listeners.forEach((listener) => listener());
};
document.addEventListener("keydown", ({ key }) => window.passed.push(key));
window.show = () => {
  const el = document.querySelector("main").appendChild(document.createElement("div"));
  return render({ model, el });
};
window.hide = show();
</script></html>"""


@dataclass(frozen=True, slots=True)
class Notebook:
    """A page with a labeller, and the Python behind it."""

    browser: Chrome
    widget: Any

    def find(self, selector: str) -> Any:
        return self.browser.find_element("css selector", selector)

    def texts(self, selector: str) -> list[str]:
        found = self.browser.find_elements("css selector", selector)
        return [one.get_attribute("textContent") or "" for one in found]

    def run(self, script: str, *given: Any) -> Any:
        return self.browser.execute_script(script, *given)

    def press(self, *keys: str) -> None:
        """Press keys one after the other; Python answers in between."""
        for key in keys:
            ActionChains(self.browser).send_keys(key).perform()
            self.answer()

    def answer(self) -> int:
        """Let Python have what was sent; return how many messages that were."""
        sent = self.run("return window.sent.splice(0)")
        for message in sent:
            self.widget._handle_custom_msg(message, [])
        self.run("turnTo(arguments[0])", self.widget.state)
        return len(sent)

    @property
    def status(self) -> str:
        return str(self.find("[role=status]").text)


@pytest.fixture
def notebook(browser: Any, tmp_path: Path) -> Iterator[Notebook]:
    """Return a labeller that asks about three pairs; nothing must go wrong in it."""
    pytest.importorskip("anywidget")
    result = doubtful(RECORDS, {"姓名": "full_name"}, "编号")
    widget = cm.label(result, tmp_path / "decisions.json")
    assert widget.session.changes.n_left == 3
    state = json.dumps(widget.state).replace("<", "\\u003c")
    page = tmp_path / "labeller.html"
    text = PAGE % {"css": widget._css, "esm": widget._esm, "state": state}
    page.write_text(text, encoding="utf-8")
    browser.get_log("browser")
    browser.get(page.as_uri())
    opened = Notebook(browser, widget)
    opened.find(".custmerge-labeller").click()
    yield opened
    assert browser.get_log("browser") == []


def test_keys_answer_and_what_they_changed_is_counted(notebook: Notebook) -> None:
    session = notebook.widget.session
    first = session.pair
    heads = notebook.texts("thead th")
    assert heads == ["", first.left, first.right]
    notebook.press("s")
    assert session.changes.n_same == 1
    assert notebook.status == str(session.changes)
    assert "1 merged" in notebook.status
    notebook.press("k", "u", "d")
    assert session.changes[:4] == (1, 1, 0, 0)
    assert cm.load_decisions(session.path) == session.decisions
    notebook.press("u", "u")
    assert notebook.texts("thead th") == heads
    assert notebook.status == str(session.changes)
    assert len(cm.load_decisions(session.path)) == 0


def test_a_key_before_the_next_pair_is_in_sight_is_no_answer_to_it(
    notebook: Notebook,
) -> None:
    ActionChains(notebook.browser).send_keys("sss").perform()
    assert notebook.answer() == 1
    assert notebook.widget.session.changes.n_same == 1
    # Nor is a late message of another view.
    notebook.widget._handle_custom_msg({"action": "same", "turn": 0}, [])
    assert notebook.widget.session.changes.n_same == 1


def test_what_the_pair_was_weighed_by_is_shown_until_it_is_not(
    notebook: Notebook,
) -> None:
    notebook.press("e")
    parts = evidence_of(notebook.widget.session.explain())
    assert notebook.texts(".reasons tbody th") == [one.part for one in parts]
    assert notebook.texts(".reasons tbody td:last-child") == [x.words for x in parts]
    assert notebook.texts(".reasons .number") == [bits(one.weight) for one in parts]
    widths = notebook.run(
        "return [...document.querySelectorAll('.bar')].map((x) => x.style.width)"
    )
    longest = max(abs(one.weight) for one in parts)
    drawn = [float(width.removesuffix("%")) for width in widths]
    shares = [100 * abs(one.weight) / longest for one in parts]
    assert drawn == pytest.approx(shares, abs=0.01)
    notebook.press("k")
    assert notebook.texts(".reasons tbody th")[-1] == "weight"
    notebook.press("e")
    assert notebook.texts(".reasons") == []


def test_values_are_text_and_pieces_that_differ_are_marked(notebook: Notebook) -> None:
    seen = []
    while notebook.widget.session.pair is not None:
        names = notebook.texts("tbody tr:first-child td")
        seen.append((names, notebook.texts("tbody tr:first-child mark")))
        notebook.press("k")
    values = {name for names, _ in seen for name in names}
    assert values == {record["姓名"] for record in RECORDS}
    [marked] = [marks for names, marks in seen if EVIL not in names]
    assert sorted(marked) == ["小", "晓"]
    assert notebook.run("return window.hacked") is None


def test_no_key_of_its_own_reaches_the_notebook_even_when_all_is_done(
    notebook: Notebook,
) -> None:
    notebook.press("k", "k")
    skip = notebook.find("button:nth-of-type(3)")
    skip.click()
    notebook.answer()
    assert "No pair is left" in notebook.find("main").text
    assert not skip.is_enabled()
    notebook.press("d", "d", "s", "e")
    assert notebook.run("return window.passed") == []
    assert notebook.run("return document.activeElement.dataset.lmSuppressShortcuts")
    notebook.press("u")
    assert notebook.widget.session.changes.n_left == 1


def test_keys_with_control_are_the_notebooks(notebook: Notebook) -> None:
    control = ActionChains(notebook.browser).key_down(Keys.CONTROL)
    control.send_keys("k").key_up(Keys.CONTROL).perform()
    assert notebook.answer() == 0
    assert "k" in notebook.run("return window.passed")


def test_silence_of_python_is_told(notebook: Notebook) -> None:
    notebook.run("const now = setTimeout; window.setTimeout = (what) => now(what, 1)")
    ActionChains(notebook.browser).send_keys("s").perform()
    WebDriverWait(notebook.browser, 5).until(
        lambda _: notebook.status.endswith("then run the cell again.")
    )
    notebook.answer()
    assert notebook.status == str(notebook.widget.session.changes)


def test_views_of_one_labeller_show_the_same(notebook: Notebook) -> None:
    notebook.run("show()")
    notebook.press("s", "e")
    both = notebook.texts(".custmerge-labeller")
    assert len(both) == 2
    assert both[0] == both[1]
    notebook.run("hide()")
    notebook.press("k")
    after = notebook.texts(".custmerge-labeller")
    assert after[0] == both[0] != after[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_there_is_no_serious_barrier(notebook: Notebook, scheme: str) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    notebook.browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": features}
    )
    notebook.press("e")
    notebook.run(AXE.read_text(encoding="utf-8"))
    run = "axe.run('main').then(arguments[0])"
    found = notebook.browser.execute_async_script(run)["violations"]
    notebook.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert [x for x in found if x["impact"] in ("serious", "critical")] == []
