"""Panels are drawn one after the other in turns of the event loop: none waits for long, none is passed over."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.ui.sources import Fake
from workbench.testing.fixtures import Lateness
from workbench.tool import Panel
from workbench.ui.docks import Docks
from workbench.ui.panels import make_panel
from workbench.ui.panels.images import ImagesPanel
from workbench.ui.source import Source
from workbench.ui.speech import Speech
from workbench.ui.themes import Theme

NAMES = ("a", "b", "c", "d", "e", "f")
COST = 0.008
"""Seconds that each of these panels takes."""
Drawn = list[tuple[str, object]]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """Which panel was drawn with which source, as it happens; drawing is dear."""
    found: Drawn = []
    draw = ImagesPanel.draw

    def dear(self: ImagesPanel, sources: Sequence[Source]) -> None:
        end = time.thread_time() + COST
        while time.thread_time() < end:
            pass
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
