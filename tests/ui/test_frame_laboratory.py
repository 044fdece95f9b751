"""The laboratory in the real window: knots and start are dragged in panels, and the worker's answer is shown."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.frame import Person, sitting
from workbench.ui.panels.plot.panel import PlotPanel

Place = tuple[float, float]


def drag(person: Person, panel: str, start: Place, end: Place) -> None:
    """By the mouse, from place to place of a plot."""
    dock = person.page.docks.docks[panel]
    dock.raise_()
    person.settled()
    assert isinstance(dock.content, PlotPanel)
    canvas = dock.content.canvases.widgets[0]
    target: QWidget = canvas.target
    QTest.mousePress(target, Qt.MouseButton.LeftButton, pos=canvas.widget_px(*start).toPoint())
    QTest.mouseMove(target, canvas.widget_px(*end).toPoint())
    QTest.mouseRelease(target, Qt.MouseButton.LeftButton, pos=canvas.widget_px(*end).toPoint())


def test_knots_and_start_are_dragged(qtbot: QtBot) -> None:
    with sitting(qtbot, light=False) as person:
        person.open("optimizers", "schedule", map={"shows": "nothing"})
        stage = person.page.stage
        assert stage is not None
        person.wait(lambda: stage.sources and "notes" in stage.sources[0].streams(), 60_000)
        source = stage.sources[0]

        def path() -> np.ndarray:
            frame = source.frame("chain")
            return np.zeros((1, 2, 2)) if frame is None else frame.arrays["xy"]

        before = path().copy()
        drag(person, "schedule", (100, 1.0), (200, 0.5))
        knots = person.page.form.values()["optimizer"]["stages"][0]["knots"]
        assert [round(knots[1][0], -1), round(knots[1][1], 1)] == [200, 0.5]
        person.wait(lambda: path().shape == before.shape and not np.array_equal(path(), before))
        drag(person, "plane", (-1.5, 2.0), (-1.0, 1.0))
        x, y = person.page.form.values()["start"]
        assert abs(x + 1) < 0.1
        assert abs(y - 1) < 0.1
        person.wait(lambda: np.allclose(path()[0, 0], (x, y)))
