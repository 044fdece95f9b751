"""Chosen cells of a file are copied whole, whether they were read or not, without the window waiting for them."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from workbench.errors import UserError
from workbench.ui.panels.pages import PagesModel
from workbench.ui.panels.table import Sheet, TablePanel

from .frame import sitting
from .paged import pages_of


@pytest.fixture
def paged(qtbot: QtBot) -> Sheet:
    """See `pages_of`."""
    return pages_of(qtbot)


def copied(one: Sheet) -> None:
    QGuiApplication.clipboard().clear()
    QTest.keyClick(one.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)


def test_rows_that_are_not_read_are_copied_too(paged: Sheet, qtbot: QtBot) -> None:
    rows = QItemSelectionModel.SelectionFlag.Rows
    for first, last, flag in ((3, 90, "ClearAndSelect"), (150_000, 150_001, "Select"), (5, 6, "Deselect")):
        block = QItemSelection(paged.model.index(first, 0), paged.model.index(last, 0))
        paged.view.selectionModel().select(block, QItemSelectionModel.SelectionFlag[flag] | rows)
    chosen = [3, 4, *range(7, 91), 150_000, 150_001]
    copied(paged)
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() != "")
    assert QGuiApplication.clipboard().text() == "\n".join(f"{k}\t{k * k}" for k in chosen)
    paged.model.filter("777")
    qtbot.waitUntil(lambda: paged.model.rowCount() == 560)
    paged.view.selectAll()
    copied(paged)
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() != "")
    found = QGuiApplication.clipboard().text().splitlines()
    assert found == [f"{k}\t{k * k}" for k in range(200_000) if "777" in str(k)]


def test_of_very_many_rows_the_first_are_copied_and_that_is_said(paged: Sheet, qtbot: QtBot) -> None:
    paged.view.selectAll()
    begun = time.monotonic()
    with qtbot.waitSignal(paged.view.copying.said, timeout=30_000) as said:
        copied(paged)
        assert time.monotonic() - begun < 1
    assert str(said.args[0]) == "Of 200,000 rows the first 100,000 were copied."
    lines = QGuiApplication.clipboard().text().splitlines()
    assert (len(lines), lines[-1]) == (100_000, f"99999\t{99_999**2}")


def test_rows_that_cannot_be_read_are_not_copied_and_that_is_said(paged: Sheet, qtbot: QtBot) -> None:
    def gone(*_: Any) -> Any:
        raise UserError("It is gone.", "Look for it.")

    assert isinstance(paged.model, PagesModel)
    paged.model._open = gone
    with qtbot.waitSignal(paged.view.copying.said) as said:
        copied(paged)
    assert [str(each) for each in said.args] == ["It is gone.", "Look for it."]
    assert QGuiApplication.clipboard().text() == ""


def test_what_is_said_of_copying_stands_in_the_page_s_bar(qtbot: QtBot, plant: Callable[[str], Path]) -> None:
    plant("notes")
    with sitting(qtbot) as person:
        person.window.open_tool("notes")
        person.wait(lambda: person.page.stage)
        panel = person.page.docks.docks["suggested"].content
        assert isinstance(panel, TablePanel)
        panel.sheets.widgets[0].view.copying.said.emit("It is gone.", "Look for it.")
        assert person.page.bar.text == "It is gone. Look for it."
