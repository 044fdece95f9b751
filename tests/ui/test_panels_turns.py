"""Panels are drawn one after the other in turns of the event loop: none waits for long, none is passed over."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QGraphicsView, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.sources import Fake
from workbench.testing.fixtures import Lateness
from workbench.tool import Layer, Panel
from workbench.ui.dock import Dock
from workbench.ui.docks import Docks
from workbench.ui.panels import make_panel
from workbench.ui.panels.images import ImagesPanel
from workbench.ui.panels.plot.panel import PlotPanel
from workbench.ui.source import Source
from workbench.ui.speech import Speech
from workbench.ui.themes import Theme

NAMES = ("a", "b", "c", "d", "e", "f")
COST = 0.008
"""Seconds that each of these panels takes."""
Drawn = list[tuple[str, object]]


def spend(seconds: float) -> None:
    """Processor time."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """Which panel was drawn with which source, as it happens; drawing is dear."""
    found: Drawn = []
    draw = ImagesPanel.draw

    def dear(self: ImagesPanel, sources: Sequence[Source]) -> None:
        spend(COST)
        found.extend((self.panel.id, source) for source in sources)
        draw(self, sources)

    monkeypatch.setattr(ImagesPanel, "draw", dear)
    return found


@pytest.fixture
def docks(qtbot: QtBot, drawn: Drawn) -> Docks:
    """Six panels, the last two as tabs, laid out."""
    made = Docks("workbench", Speech("en"), Theme())
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.fill([Panel(name, "images", "tiles") for name in NAMES], "a | b / c | d / e, f", make_panel)
    made.show()
    qtbot.waitUntil(lambda: {each.id for each in made.visible()} == set("abcde"))
    made.refresh([frame()])
    qtbot.waitUntil(lambda: len(drawn) >= 5)
    drawn.clear()
    return made


def frame() -> Fake:
    return Fake().put("images", "tiles", np.zeros((2, 4, 4)))


def streaming(docks: Docks, until: Callable[[], bool], qtbot: QtBot) -> Fake:
    """Sixty frames a second until something is so; the last of them."""
    frames = [frame()]

    def next_frame() -> None:
        frames.append(frame())
        docks.refresh([frames[-1]])

    timer = QTimer(docks, interval=16)
    timer.timeout.connect(next_frame)
    timer.start()
    qtbot.waitUntil(until, timeout=30_000)
    timer.stop()
    return frames[-1]


def test_more_than_can_be_drawn_is_drawn_in_turns_and_fairly(
    docks: Docks, drawn: Drawn, qtbot: QtBot, lateness: Lateness
) -> None:
    with lateness(3 * COST):
        last = streaming(docks, lambda: len(drawn) > 60, qtbot)
        qtbot.waitUntil(lambda: {name for name, source in drawn if source is last} == set("abcde"))
    order = [name for name, _ in drawn]
    assert set(order) == set("abcde")  # the tab behind is not drawn
    for name in "abcde":
        places = [place for place, each in enumerate(order) if each == name]
        assert max(after - before for before, after in pairwise(places)) < 2 * 5, "".join(order)


def test_a_tab_that_comes_to_the_front_and_one_that_goes(docks: Docks, drawn: Drawn, qtbot: QtBot) -> None:
    source = frame()
    docks.refresh([source])
    docks.docks["f"].raise_()
    qtbot.waitUntil(lambda: docks.docks["f"].shown and not docks.docks["e"].shown)
    docks.refresh([source])
    qtbot.waitUntil(lambda: ("f", source) in drawn)
    drawn.clear()
    docks.refresh([frame()])
    qtbot.waitUntil(lambda: len(drawn) >= 5)
    qtbot.wait(50)
    assert {name for name, _ in drawn} == set("abcdf")


def test_only_what_has_changed_is_drawn(docks: Docks, drawn: Drawn, qtbot: QtBot) -> None:
    docks.refresh([frame()], lambda panel: panel.id in "ad")
    qtbot.waitUntil(lambda: len(drawn) >= 2)
    qtbot.wait(50)
    assert sorted(name for name, _ in drawn) == ["a", "d"]


class Painted(QObject):
    """What a label says whenever it is painted; cut: where it had no room for it."""

    def __init__(self, label: QLabel) -> None:
        super().__init__(label)
        self.label = label
        self.texts: list[str] = []
        self.cut: list[str] = []
        label.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint:
            whole = self.label.width() >= self.label.sizeHint().width()
            (self.texts if whole else self.cut).append(self.label.text())
        return super().eventFilter(watched, event)


def test_a_footer_that_grows_is_never_painted_cut(qtbot: QtBot) -> None:
    docks = Docks("workbench", Speech("en"), Theme())
    qtbot.addWidget(docks)
    docks.resize(900, 600)
    docks.fill([Panel("words", "table", "words")], "words", make_panel)
    docks.show()
    qtbot.waitUntil(lambda: docks.docks["words"].shown)
    (sheet,) = docks.docks["words"].content.sheets.widgets  # type: ignore[attr-defined]
    painted = Painted(sheet.count)
    for count in (20, 999, 3456):
        docks.refresh([Fake().put("table", "words", [{"n": k} for k in range(count)])])
        qtbot.waitUntil(lambda count=count: f"{count:,} rows" in painted.texts)  # type: ignore[misc]
    assert painted.cut == []


class Paintings(QObject):
    """How often a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        self.count += event.type() == QEvent.Type.Paint
        return super().eventFilter(watched, event)


def viewport(dock: Dock) -> QWidget:
    view = dock.content.findChild(QGraphicsView)
    assert isinstance(view, QGraphicsView)
    return view.viewport()


class Plotted(QObject):
    """Three plots in a window, and in which order they are drawn and painted."""

    def __init__(self, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.order: list[str] = []
        draw = PlotPanel.draw

        def noted(panel: PlotPanel, sources: Sequence[Source]) -> None:
            self.order.append(f"{panel.panel.id} drawn")
            draw(panel, sources)

        monkeypatch.setattr(PlotPanel, "draw", noted)
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.docks = Docks("workbench", Speech("en"), Theme())
        self.docks.setParent(self.window)
        self.docks.resize(900, 300)
        self.docks.fill([Panel(name, parts=(Layer("points", "points"),)) for name in "abc"], "a | b | c", make_panel)
        self.window.resize(1000, 400)
        self.window.show()
        qtbot.waitUntil(lambda: len(self.docks.visible()) == 3)
        self.names = {viewport(each): name for name, each in self.docks.docks.items()}
        for each in self.names:
            each.installEventFilter(self)
        self.qtbot = qtbot
        self.settle()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            self.order.append(f"{self.names[watched]} painted")
        return super().eventFilter(watched, event)

    def settle(self) -> None:
        """Until nothing is painted any more: axes that have got other numbers are placed and painted once more."""
        count = -1
        while count < len(self.order):
            count = len(self.order)
            self.qtbot.wait(100)
        self.order.clear()

    def show(self, *points: float) -> None:
        self.docks.refresh([Fake().put("points", "points", np.array(points).reshape(-1, 2))])


@pytest.fixture
def plotted(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Plotted:
    found = Plotted(qtbot, monkeypatch)
    found.show(0, 0, 1, 1)
    found.settle()
    return found


def test_a_plot_is_painted_in_the_turn_that_draws_it(plotted: Plotted) -> None:
    plotted.show(0.25, 0.75, 1, 1)
    plotted.qtbot.waitUntil(lambda: "c painted" in plotted.order)
    for name in "abc":
        place = plotted.order.index(f"{name} drawn")
        assert plotted.order[place + 1] == f"{name} painted", plotted.order


def test_only_what_has_changed_in_a_panel_is_painted(plotted: Plotted) -> None:
    strips = [each.content.strip for each in plotted.docks.docks.values()]  # type: ignore[attr-defined]
    assert all(each.isVisible() for each in strips)
    painted = [Paintings(each) for each in strips]
    plotted.show(0.25, 0.75, 1, 1)
    plotted.qtbot.waitUntil(lambda: "c painted" in plotted.order)
    assert [each.count for each in painted] == [0, 0, 0]


def test_where_the_program_makes_panels_smaller_each_is_painted_in_a_turn_of_its_own(plotted: Plotted) -> None:
    plotted.docks.resize(900, 250)
    QApplication.sendPostedEvents()
    assert not any(each.content.updatesEnabled() for each in plotted.docks.docks.values())
    plotted.qtbot.waitUntil(lambda: all(each.content.updatesEnabled() for each in plotted.docks.docks.values()))
    assert set(plotted.order) == {"a painted", "b painted", "c painted"}


def test_where_a_hand_drags_the_window_they_are_painted_at_once(plotted: Plotted) -> None:
    plotted.window.resize(1000, 350)
    plotted.docks.resize(900, 250)
    QApplication.sendPostedEvents()
    assert all(each.content.updatesEnabled() for each in plotted.docks.docks.values())


class Dear(QObject):
    """Painting each of these viewports takes `COST`; when it was done last."""

    def __init__(self, viewports: Sequence[QWidget]) -> None:
        super().__init__()
        self.painted: dict[QObject, int] = dict.fromkeys(viewports, 0)
        for each in viewports:
            each.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint:
            self.painted[watched] += 1
            spend(COST)
        return super().eventFilter(watched, event)


def test_pictures_beside_each_other_are_there_with_the_first_report(qtbot: QtBot) -> None:
    docks = Docks("workbench", Speech("en"), Theme())
    qtbot.addWidget(docks)
    docks.resize(900, 600)
    docks.fill([Panel("a", parts=(Layer("points", "points"),))], "a", make_panel)
    docks.show()
    qtbot.waitUntil(lambda: docks.docks["a"].shown)
    docks.refresh([Fake(f"run {k}", k).put("points", "points", np.eye(2)) for k in range(3)])
    content = docks.docks["a"].content
    qtbot.waitUntil(lambda: len(content.findChildren(QGraphicsView)) == 3)
    qtbot.waitUntil(lambda: all(each.updatesEnabled() for each in content.findChildren(QGraphicsView)))


def test_pictures_beside_each_other_are_painted_in_turns(plotted: Plotted, lateness: Lateness) -> None:
    def sources(height: float) -> list[Fake]:
        points = np.array([[0.0, height], [1.0, 1.0], [0.5, 0.0]])
        return [Fake(f"run {k}", k).put("points", "points", points) for k in range(6)]

    plotted.docks.docks["b"].hide()
    plotted.docks.docks["c"].hide()
    plotted.docks.refresh(sources(0.5))
    plotted.settle()
    views = plotted.docks.docks["a"].content.findChildren(QGraphicsView)
    dear = Dear([each.viewport() for each in views])
    assert len(dear.painted) == 6
    with lateness(4 * COST):
        for height in np.linspace(0.2, 0.8, 10):
            before = dict(dear.painted)
            plotted.docks.refresh(sources(height))
            plotted.qtbot.waitUntil(lambda: all(dear.painted[each] > before[each] for each in before))  # noqa: B023
