"""Runs that are made without a job, and the page that lists them."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from workbench.runs.lock import writer
from workbench.runs.recorder import Recorder
from workbench.runs.records import Header, Link
from workbench.runs.workspace import Workspace
from workbench.ui.pages.runs.page import RunsPage

from .frame import Person


def made(root: Path, count: int = 4) -> list[str]:
    """Runs that are done, and refer to the first; their ids, newest first."""
    workspace, names = Workspace(root), list[str]()
    for number in range(count):
        links = (Link(names[-1], 3, "fork"),) if number == count - 1 else ()
        params = {"seed": number, "head": {"stages": 1 + number % 2}}
        folder = workspace.create(Header("drip", "drip", "1", {"id": "drip"}, params, 0, "cpu", 1, {}, links=links))
        with writer(folder):
            recorder = Recorder(folder)
            recorder.scalars(1, time.time(), {"loss": number / 10})
            recorder.set_state("done", seconds=2.0 + number)
            recorder.close()
        names.insert(0, folder.name)
    return names


def shown(person: Person, count: int = 4) -> RunsPage:
    """The page of runs, once it lists so many."""
    person.window.host.commands.action("runs.list").trigger()
    page: RunsPage = person.window.runs.page
    person.wait(lambda: page.isVisible() and page.model.answer.found == count)
    return page


def click(page: RunsPage, row: int, column: str = "id", keys: Qt.KeyboardModifier | None = None) -> None:
    """A real click into a cell."""
    index = page.model.index(row, list(page.model.answer.columns).index(column))
    none = Qt.KeyboardModifier.NoModifier
    place = page.table.visualRect(index).topLeft() + QPoint(10, 8)
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, keys or none, place)
