"""Panels without anything to see make room for the others, and leave the person's arrangement alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.sources import Fake
from workbench.tool import Handle, Layer, Panel
from workbench.ui.docks import Docks
from workbench.ui.panels import PanelWidget, make_panel, panels_for
from workbench.ui.speech import Speech
from workbench.ui.themes import Theme

from .frame import Person, sitting

PANELS = (
    Panel("a", parts=(Layer("points", "a"),), title="A"),
    Panel("b", "images", "b", title="B"),
    Panel("c", "table", "c", title="C"),
)


@pytest.fixture
def docks(qtbot: QtBot) -> Iterator[Docks]:
    """Three declared panels in a window, b and c as tabs, a grace of nothing."""
    made = filled()
    qtbot.addWidget(made)
    yield made
    made.hide()


def filled(panels: Sequence[Panel] = PANELS, layout: str = "a | b, c") -> Docks:
    made = Docks("workbench", Speech("en"), Theme())
    made.resize(900, 500)
    made.fill(panels, layout, make_panel)
    made.expect(0)
    made.show()
    made.refresh([])
    return made


def points() -> Fake:
    return Fake().put("points", "a", np.zeros((2, 2)))


def visible(docks: Docks) -> set[str]:
    return {name for name, each in docks.docks.items() if each.isVisible()}


def test_the_declared_arrangement_says_that_there_is_nothing_yet(docks: Docks, qtbot: QtBot) -> None:
    docks.refresh([Fake()])
    qtbot.wait(50)
    assert visible(docks) == {"a", "b", "c"}
    assert docks.docks["a"].content._nothing.isVisible()


def test_a_panel_that_cannot_be_made_leaves_the_others_in_their_places(qtbot: QtBot) -> None:
    def make(panel: Panel, say: Callable[..., str]) -> PanelWidget:
        if panel.id == "b":
            raise ValueError("it cannot be made")
        return make_panel(panel, say)

    docks, failed = Docks("workbench", Speech("en"), Theme()), 0
    qtbot.addWidget(docks)
    docks.show()
    for piece in docks.pieces(PANELS, "a | b, c", make):
        try:
            piece()
        except ValueError:
            failed += 1
    assert failed == 1
    assert visible(docks) == {"a", "c"}
    assert all(each.window() is docks for each in docks.docks.values())


def test_what_shows_nothing_is_put_away_and_comes_back_where_it_was(docks: Docks, qtbot: QtBot) -> None:
    source = points()
    width = docks.docks["b"].width()
    docks.refresh([source])
    qtbot.waitUntil(lambda: visible(docks) == {"a"})
    qtbot.waitUntil(lambda: docks.docks["a"].width() > 800)
    docks.refresh([source.put("images", "b", np.zeros((2, 4, 4)))])
    qtbot.waitUntil(lambda: visible(docks) == {"a", "b"})
    qtbot.waitUntil(lambda: abs(docks.docks["b"].width() - width) < 60)
    assert docks.docks["b"].x() > docks.docks["a"].x()


def test_a_tab_that_lay_behind_another_comes_back_as_large_as_that_was(docks: Docks, qtbot: QtBot) -> None:
    source = points()
    width = docks.docks["b"].width()
    docks.refresh([source])
    qtbot.waitUntil(lambda: visible(docks) == {"a"})
    docks.refresh([source.put("table", "c", [{"x": 1}])])
    qtbot.waitUntil(lambda: docks.docks["c"].shown)
    qtbot.waitUntil(lambda: abs(docks.docks["c"].width() - width) < 60)
    assert docks.docks["a"].width() > 300


def test_a_tab_that_comes_back_leaves_the_front_one_in_front(docks: Docks, qtbot: QtBot) -> None:
    source = points().put("table", "c", [{"x": 1}])
    docks.refresh([source])
    qtbot.waitUntil(lambda: visible(docks) == {"a", "c"})
    qtbot.waitUntil(lambda: docks.docks["c"].shown)
    docks.refresh([source.put("images", "b", np.zeros((2, 4, 4)))])
    qtbot.waitUntil(lambda: not docks.docks["b"].isHidden())
    qtbot.waitUntil(lambda: docks.docks["c"].shown)
    assert not docks.docks["b"].shown


def test_what_the_person_hid_stays_hidden_and_what_they_opened_stays(docks: Docks, qtbot: QtBot) -> None:
    source = points()
    docks.docks["b"].close()
    docks.refresh([source])
    qtbot.waitUntil(lambda: visible(docks) == {"a"})
    docks.docks["c"].toggleViewAction().trigger()
    docks.refresh([source.put("images", "b", np.zeros((2, 4, 4)))])
    docks._tidy()
    qtbot.wait(50)
    assert visible(docks) == {"a", "c"}


def test_another_run_changes_nothing_until_it_reports(docks: Docks, qtbot: QtBot) -> None:
    docks.refresh([points()])
    qtbot.waitUntil(lambda: visible(docks) == {"a"})
    docks.expect(0)
    docks.refresh([Fake()])
    qtbot.wait(50)
    assert visible(docks) == {"a"}
    docks.refresh([Fake().put("table", "c", [{"x": 1}])])
    qtbot.waitUntil(lambda: visible(docks) == {"c"})


def test_reset_shows_what_there_is_to_see(docks: Docks, qtbot: QtBot) -> None:
    docks.refresh([points()])
    qtbot.waitUntil(lambda: visible(docks) == {"a"})
    docks.docks["a"].close()
    docks.arrange()
    qtbot.waitUntil(lambda: visible(docks) == {"a"})


def test_put_away_is_not_remembered_as_hidden(docks: Docks, qtbot: QtBot) -> None:
    docks.docks["c"].close()
    docks.refresh([points()])
    qtbot.waitUntil(lambda: visible(docks) == {"a"})
    state = docks.save()
    again = filled()
    qtbot.addWidget(again)
    again.restore(state)
    qtbot.wait(20)
    assert visible(again) == {"a", "b"}  # c was hidden by the person


def test_handles_are_of_use_without_any_report(qtbot: QtBot) -> None:
    panels = (*PANELS[:2], Panel("h", parts=(Handle("point", "place"),)))
    docks = filled(panels, "a | b | h")
    qtbot.addWidget(docks)
    docks.set_values({"place": (0.5, 0.5)})
    docks.refresh([Fake()])
    qtbot.wait(50)
    assert visible(docks) == {"a", "b", "h"}
    docks.refresh([points()])
    qtbot.waitUntil(lambda: visible(docks) == {"a", "h"})


@pytest.fixture
def person(plant: Callable[[str], Path], qtbot: QtBot) -> Iterator[Person]:
    """Before a tool whose pictures come late."""
    plant("late")
    with sitting(qtbot) as found:
        yield found


def test_a_job_fills_its_page_bit_by_bit_and_its_results_are_one_table(person: Person) -> None:
    person.open("late", "first", steps=10_000, late=10_000)
    docks = person.page.docks
    assert visible(docks) == {"early", "picture", "never"}
    person.start()
    person.wait(lambda: {"early"} <= visible(docks) and "never" not in visible(docks))
    assert "picture" not in visible(docks)
    person.page.form.put("late", 1)
    person.wait(lambda: "picture" in visible(docks))
    person.open("late", "first", steps=5, late=1)
    person.click("stop")
    person.until("stopped", "done")
    person.start()
    person.until("done")
    person.wait(lambda: "results" in docks.docks)
    results = docks.docks["results"]
    docks.docks["results"].raise_()
    person.wait(lambda: results.content.rows()[1:] == [["sure", 0.75], ["classes", 10.0], ["loss/final", 0.5]])
    assert [name for name in docks.docks if name.startswith("scalars:")] == ["scalars:loss"]
    assert "never" not in visible(docks)


def test_a_run_that_is_opened_again_moves_nothing(qtbot: QtBot) -> None:
    docks = filled(layout="a | b / c")
    qtbot.addWidget(docks)
    source = points().put("table", "c", [{"x": 1}])
    docks.refresh([source])
    qtbot.waitUntil(lambda: visible(docks) == {"a", "c"})
    qtbot.wait(50)
    before = {name: docks.docks[name].geometry() for name in ("a", "c")}
    for _ in range(4):
        docks.expect(0)
        docks.refresh([source])
        qtbot.wait(30)
    assert {name: docks.docks[name].geometry() for name in ("a", "c")} == before


def test_names_on_tabs_are_whole(docks: Docks, qtbot: QtBot) -> None:
    docks.docks["b"].setWindowTitle("A name that is much longer than its panel is wide, and then some")
    docks.docks["c"].setWindowTitle("C")
    docks.resize(500, 400)
    (tabs,) = [each for each in docks.findChildren(QTabBar) if each.count() == 2]
    qtbot.waitUntil(tabs.isVisible)
    needed = [tabs.fontMetrics().horizontalAdvance(tabs.tabText(k)) for k in range(2)]
    assert all(tabs.tabRect(k).width() > needed[k] for k in range(2))


@pytest.mark.parametrize("away", [False, True])
def test_panels_below_each_other_share_what_a_new_row_leaves_them_as_before(qtbot: QtBot, away: bool) -> None:
    stack, docks = QStackedWidget(), Docks("workbench", Speech("en"), Theme())
    for page in (docks, QWidget()):
        stack.addWidget(page)
    qtbot.addWidget(stack)
    stack.resize(900, 700)
    stack.show()
    docks.fill([Panel(name, "table", name, title=name) for name in "abcd"], "a | (b / c / d)", make_panel)
    qtbot.wait(50)
    if away:
        stack.setCurrentIndex(1)
        qtbot.wait(50)
        stack.setCurrentIndex(0)
    docks.add([Panel("e", "table", "e", title="E")], make_panel)
    qtbot.wait(100)
    heights = [docks.docks[name].height() for name in "bcd"]
    assert max(heights) - min(heights) < 5
    assert 3 * 60 < sum(heights) < 500
    assert 100 < docks.docks["e"].height() < docks.docks["a"].height()


@pytest.mark.parametrize("screen", [False, True])
def test_a_stream_that_is_of_another_kind_now_gets_another_panel_in_its_place(qtbot: QtBot, screen: bool) -> None:
    docks = filled()
    qtbot.addWidget(docks)
    docks.add(panels_for({"made": "points"}, {}, PANELS), make_panel)
    docks.refresh([points().put("points", "made", np.zeros((2, 2)))])
    qtbot.waitUntil(lambda: visible(docks) == {"a", "stream:made"})
    dock = docks.docks["stream:made"]
    qtbot.waitUntil(lambda: dock.content.filled(docks._sources))
    before, size = dock.content, dock.size()
    if screen:
        dock.fill_screen()
    docks.add(panels_for({"made": "images"}, {}, PANELS), make_panel)
    docks.refresh([points().put("images", "made", np.full((1, 8, 8), 0.5))])
    qtbot.waitUntil(lambda: dock.content is not before and dock.content.isVisible())
    assert docks.docks["stream:made"] is dock
    assert dock.size() == size
    assert dock.content.window() is docks.window()
    qtbot.waitUntil(lambda: dock.content.grab().toImage().pixelColor(dock.content.rect().center()).red() in (127, 128))
    docks.add(panels_for({"made": "images"}, {}, PANELS), make_panel)
    now = dock.content
    qtbot.wait(50)
    assert dock.content is now
