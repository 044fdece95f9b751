"""A page with much on it is made, placed and painted in turns of the event loop; what is asked meanwhile is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from workbench.testing.fixtures import Lateness
from workbench.testing.lateness import BUSY

from .frame import Person, sitting

SLACK = 4
"""Beside other programs the same work takes a thread so many times longer."""
SHOWN = set("abcdefghi")
"""Panels in front; the others are tabs behind them."""


@pytest.fixture
def person(plant: Callable[[str], Path], qtbot: QtBot) -> Iterator[Person]:
    for name in ("drip", "crowd"):
        plant(name)
    with sitting(qtbot) as found:
        found.open("drip")
        found.settled()
        yield found


class Painted(QObject):
    """The widgets that were painted, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.widgets: list[QWidget] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            self.widgets.append(watched)
        return super().eventFilter(watched, event)


def test_a_large_page_never_makes_the_window_late(person: Person, lateness: Lateness) -> None:
    with lateness(SLACK * BUSY):
        person.open("crowd")
        person.settled()
    docks = person.page.docks
    assert {panel.id for panel in docks.visible()} == SHOWN
    assert len(list(person.page.form.body.every())) > 20


def test_every_panel_in_front_is_painted_and_again_when_the_page_comes_back(person: Person, lateness: Lateness) -> None:
    person.open("crowd")
    person.settled()
    contents = {name: dock.content for name, dock in person.page.docks.docks.items()}
    for _ in range(2):
        painted = Painted()
        for each in contents.values():
            each.installEventFilter(painted)
        with lateness(SLACK * BUSY):
            person.open("drip")
            person.open("crowd")
            person.settled()
        assert {name for name, each in contents.items() if each in painted.widgets} == SHOWN


def test_start_takes_what_the_form_is_to_show_though_its_rows_are_not_made(person: Person) -> None:
    person.window.open_tool("crowd")
    page = person.page
    page.form.put("first.rate", 0.5)
    page.when_ready(lambda: page.ask("start"))
    person.wait(lambda: page.work is not None)
    person.until("done")
    assert person.work.job.spec.params["first"]["rate"] == 0.5
    (feed,) = person.work.intake.feeds
    person.wait(lambda: len(feed.curve("a/x")) == 3)
    assert list(feed.curve("a/x")["value"]) == pytest.approx([0.5, 1.0, 1.5])
