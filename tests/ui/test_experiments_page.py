"""The page of experiments: run, judged, looked at again, by real clicks in the real window with real workers."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from workbench.runs.reader import Reader
from workbench.statistics import Interval
from workbench.testing.fixtures import Audit
from workbench.ui.pages.experiments.items import Items, Shown
from workbench.ui.pages.experiments.links import linked
from workbench.ui.pages.experiments.listing import numbers
from workbench.ui.pages.experiments.outcome import written
from workbench.ui.pages.experiments.page import ExperimentsPage

from .frame import Person, look, sitting

SLOW = 90_000


# ---------------------------------------------------------------------------------- without a window


def test_numbers_are_put_together_again() -> None:
    last = {"gain": 1.0, "gain/low": 0.5, "gain/high": 1.5, "gain/n": 3.0, "alone": 2.0, "alone/low": 1.0}
    assert numbers(last) == {"gain": Interval(1.0, 0.5, 1.5, 3), "alone": 2.0, "alone/low": 1.0}
    assert written(Interval(1.0, 0.5, 1.5, 3)) == ("1", "0.5 … 1.5", "3")
    assert written(Interval(1.0, float("-inf"), float("inf"), 1)) == ("1", "−∞ … ∞", "1")
    assert written(0.25) == ("0.25", "", "")


@pytest.mark.parametrize(
    ("source", "addresses"),
    [
        (
            "Su 2019, archives/7105 (“marginal”); arXiv 1911.10979",
            ["fm/archives/7105", "arxiv.org/abs/1911.10979"],
        ),
        ("see https://a.org/b?c=1&d=2; doi:10.1000/xyz", ["https://a.org/b?c=1&amp;d=2", "doi.org/10.1000/xyz"]),
        ("The <b>diffusion</b> equation", []),
    ],
)
def test_sources_become_links(source: str, addresses: list[str]) -> None:
    html = linked(source, "red")
    assert html.count("<a ") == len(addresses)
    assert all(each in html for each in addresses)
    assert "<b>" not in html


def test_what_draws_is_not_imported_with_the_page() -> None:
    code = "import sys, json, workbench.ui.pages.experiments; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"pyqtgraph", "torch"} & set(json.loads(done.stdout))


# ---------------------------------------------------------------------------------- in the window


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the runs of the first test are kept for those after it."""
    return tmp_path_factory.mktemp("kept") / "runs"


@pytest.fixture
def person(plant: Callable[[str], Path], home: Path, kept: Path, qtbot: QtBot) -> Iterator[Person]:
    """Before a window with a walk and its experiment; once it was judged, its runs are there."""
    plant("walker")
    if kept.exists():
        shutil.copytree(kept, home / "workspace" / "runs")
    with sitting(qtbot) as found:
        yield found


def page_of(person: Person) -> ExperimentsPage:
    """The page, opened by its button."""
    person.click(person.window.experiments.button)
    page: ExperimentsPage | None = person.window.experiments.page
    assert page is not None
    person.wait(page.isVisible)
    return page


def judged_page(person: Person) -> ExperimentsPage:
    """The page, once it has read what was found."""
    page = page_of(person)
    person.wait(lambda: page.detail.findings.judged is not None)
    return page


def test_a_quick_run_ends_in_a_verdict(person: Person, audit: Audit, home: Path, kept: Path) -> None:
    page = page_of(person)
    detail = page.detail
    assert "never run here" in page.list.shown(0).below
    assert (detail.quick.text(), detail.full.text()) == ("Run quick (runs: 4)", "Run full (runs: 6)")
    assert not detail.stop.isEnabled()
    with audit():
        person.click(detail.quick)
        person.wait(lambda: len(person.jobs.works) > 0, SLOW)
        person.wait(lambda: detail.progress.isVisible() and " of 4" in detail.progress.said.text(), SLOW)
        assert "running" in page.list.shown(0).below
        assert not detail.full.isEnabled()
        person.wait(lambda: page.judged.get("faster-spreads") and not page.courses, SLOW)
    assert detail.quick.isEnabled()
    assert detail.findings.outcome.text() == "held"
    assert "held · quick" in page.list.shown(0).below
    gain = detail.findings.numbers.topLevelItem(0)
    (row,) = [each for each in person.runs() if each.tool == "verdict"]
    assert gain is not None
    assert [gain.text(0), gain.text(3)] == ["gain", "2"]
    assert gain.text(2) == f"{row.last['gain/low']:.4g} … {row.last['gain/high']:.4g}"
    assert row.params["quick"]
    reader = Reader(person.runs()[-1].folder)
    assert reader.header.command == "workbench experiment faster-spreads --quick"
    reader.close()
    shutil.copytree(home / "workspace" / "runs", kept)


def test_what_was_found_before_is_there_again_with_its_picture(person: Person) -> None:
    findings = judged_page(person).detail.findings
    person.wait(lambda: findings.docks is not None)
    assert findings.docks is not None
    content = findings.docks.docks["stream:curves"].content
    person.wait(lambda: content.filled(content.sources))
    assert not content.complaint
    light = look(content)
    person.window.wear("dark")
    person.wait(lambda: look(content) != light)


def test_a_picture_arrives_though_all_was_read_again_meanwhile(person: Person) -> None:
    page = judged_page(person)
    findings, found, judged = page.detail.findings, page.current, page.detail.findings.judged
    assert found is not None and judged is not None  # noqa: PT018
    findings.show_judged(found, None)
    for each in (judged, replace(judged)):  # at once: the picture is still being read
        findings.show_judged(found, each)
    person.wait(lambda: findings.docks is not None)


def test_a_run_of_the_experiment_is_opened_from_it(person: Person) -> None:
    findings = judged_page(person).detail.findings
    arm = findings.runs.topLevelItem(1)
    assert arm is not None
    first, second = arm.child(0), arm.child(1)
    assert first is not None and second is not None  # noqa: PT018
    assert (arm.text(0), arm.childCount(), first.text(2)) == ("fast", 2, "seed=0")
    findings.runs.setFocus()
    findings.runs.setCurrentItem(second)
    QTest.keyClick(findings.runs, Qt.Key.Key_Return)
    person.wait(lambda: person.window.at_tool and person.page.stored is not None)
    assert person.page.stored is not None
    assert person.page.stored.label == second.text(0)
    assert person.page.stored.params["lr"] == 0.1


def test_its_group_is_shown_among_the_runs(person: Person) -> None:
    page = judged_page(person)
    judged = page.detail.findings.judged
    assert judged is not None
    runs = person.window.runs.page
    runs.wish(state="failed", tool="none")
    QTest.keyClicks(runs.search, "nowhere")
    page.detail.findings.facts.linkActivated.emit(judged.row.group)
    person.wait(lambda: runs.isVisible() and runs.query.group == judged.row.group)
    person.wait(lambda: runs.model.answer.found == 5)
    assert runs.search.text() == ""
    assert [runs.filters[each].currentData() for each in ("tool", "group", "state")] == ["", judged.row.group, ""]


def test_stopping_gives_no_verdict_and_says_so(person: Person) -> None:
    page = judged_page(person)
    before = len(page.judged["faster-spreads"])
    person.click(page.detail.full)
    person.wait(lambda: person.jobs.active, SLOW)
    person.click(page.detail.stop)
    person.wait(lambda: not page.courses, SLOW)
    assert "there is no verdict" in page.bar.text
    person.wait(page.detail.full.isEnabled)
    assert len(page.judged["faster-spreads"]) == before


def test_a_single_statement_is_counted_in_grammar(person: Person) -> None:
    page = page_of(person)
    (one,) = page.experiments
    assert page.count.text() == "1 statement, 0 tested here, 0 held"
    page.list.addItem("")
    page.experiments = [one, one]
    page._word()
    assert page.count.text().startswith("2 statements, ")


def test_what_was_stopped_goes_on_in_its_group(person: Person) -> None:
    page = judged_page(person)
    before = {each.id for each in person.runs()}
    assert not page.detail.again.isVisible()
    person.click(page.detail.full)
    person.wait(lambda: person.jobs.active, SLOW)
    person.click(page.detail.stop)
    person.wait(lambda: not page.courses and page.detail.again.isVisible(), SLOW)
    person.click(page.detail.again)
    person.wait(lambda: len(page.judged["faster-spreads"]) == 2 and not page.courses, SLOW)
    made = [each for each in person.runs() if each.id not in before]
    assert len({each.group for each in made}) == 1
    assert [each.tool for each in made].count("verdict") == 1
    assert not page.judged["faster-spreads"][0].quick
    person.wait(lambda: not page.detail.again.isVisible())


def test_the_search_finds_statements_outcomes_and_tools(person: Person) -> None:
    page = judged_page(person)
    for words, found in (("spreads further", True), ("held walk", True), ("no such thing", False)):
        page.search.clear()
        QTest.keyClicks(page.search, words)
        assert page.list.item(0).isHidden() != found


def test_a_source_opens_in_the_browser_off_the_gui_thread(
    person: Person, monkeypatch: pytest.MonkeyPatch, audit: Audit
) -> None:
    opened: list[str] = []

    def browser(address: str) -> bool:
        opened.append(address)
        return address.endswith("1")

    monkeypatch.setattr(webbrowser, "open", browser)
    page = judged_page(person)
    with audit():
        page.detail.source.linkActivated.emit("https://kexue.fm/archives/1")
        page.detail.source.linkActivated.emit("https://kexue.fm/archives/2")
        person.wait(page.bar.isVisible)
    assert opened == ["https://kexue.fm/archives/1", "https://kexue.fm/archives/2"]
    assert "archives/2" in page.bar.text


def test_the_tool_is_one_click_away_and_language_changes_while_it_is_open(person: Person) -> None:
    page = judged_page(person)
    person.window.speak("zh_CN")
    person.wait(lambda: person.window.host.speech.language == "zh_CN")
    stop = page.host.speech.say("Stop")
    person.wait(lambda: page.detail.stop.text() == stop != "Stop")
    QTest.mouseClick(page.detail.tools, Qt.MouseButton.LeftButton, pos=QPoint(12, page.detail.tools.height() // 2))
    person.wait(lambda: person.window.at_tool and person.page.tool.id == "walk")


def test_statements_that_a_scroll_bar_makes_higher_do_not_lie_on_each_other(qtbot: QtBot) -> None:
    items = Items()
    qtbot.addWidget(items)
    for row in range(12):
        items.addItem("")
        items.say(
            row, Shown("A statement of just so many words that they fit " + "and more " * row, "below", "#000000")
        )
    items.resize(300, 400)
    items.show()
    for width in range(260, 360, 7):
        items.resize(width, 400)
        qtbot.wait(20)
        places = [items.visualItemRect(items.item(row)) for row in range(12)]
        assert all(a.bottom() < b.top() for a, b in pairwise(places)), width
