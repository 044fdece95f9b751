"""From a row of a table to another tool: by button, keys and mouse; off, with the reason, where nothing was kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.sources import Fake
from workbench.checks import faults_of_tool
from workbench.params import Params
from workbench.tool import Layer, Lead, Panel, Tool, panels_from_json, to_json

from .shown import shown

LEAD = Lead("other", "Look closer", param="word", artifact="index", takes="of", missing="It kept no index.")
PANEL = Panel("t", "table", "t", (LEAD,))
ROWS = [{"word": word, "n": k} for k, word in enumerate(["清华", "北京", "大学"])]
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
Ways = Callable[..., Any]


class Asked:
    """A table of a run on the screen, and where its rows have led."""

    def __init__(self, qtbot: QtBot, *made: str) -> None:
        self.source = Fake("run7").put("table", "t", ROWS)
        self.source.made = set(made)
        self.panel = shown(qtbot, PANEL, self.source)
        self.sheet = self.panel.sheets.widgets[0]  # type: ignore[attr-defined]
        self.button = self.sheet.leads[0]
        self.led: list[Any] = []
        self.panel.led.connect(lambda tool, values: self.led.append((tool, values)))

    def click(self, row: int, twice: bool = False) -> None:
        view = self.sheet.view
        place = view.visualRect(self.sheet.model.index(row, 0)).center()
        QTest.mouseClick(view.viewport(), LEFT, NONE, place)
        if twice:
            QTest.mouseDClick(view.viewport(), LEFT, NONE, place)


def by_button(asked: Asked) -> None:
    asked.click(1)
    QTest.mouseClick(asked.button, LEFT)


def by_enter(asked: Asked) -> None:
    asked.click(0)
    asked.sheet.view.setFocus()
    QTest.keyClick(asked.sheet.view, Qt.Key.Key_Down)
    QTest.keyClick(asked.sheet.view, Qt.Key.Key_Return)


def by_double_click(asked: Asked) -> None:
    asked.click(1, twice=True)


@pytest.mark.parametrize("go", [by_button, by_enter, by_double_click])
def test_a_row_leads_to_another_tool(qtbot: QtBot, go: Ways) -> None:
    asked = Asked(qtbot, "index")
    assert not asked.button.isEnabled()
    assert asked.button.toolTip() == "Choose a row first."
    go(asked)
    assert asked.led == [("other", {"word": "北京", "of": "run:run7/index"})]


@pytest.mark.parametrize("go", [by_button, by_enter, by_double_click])
def test_where_nothing_was_kept_it_leads_nowhere_and_says_why(qtbot: QtBot, go: Ways) -> None:
    asked = Asked(qtbot)
    go(asked)
    assert asked.led == []
    assert not asked.button.isEnabled()
    assert asked.button.toolTip() == "It kept no index."


def test_what_is_kept_later_switches_it_on(qtbot: QtBot) -> None:
    asked = Asked(qtbot)
    asked.click(2)
    asked.source.made = {"index"}
    asked.panel.show_sources([asked.source])
    assert asked.button.isEnabled()


class Plain(Params):
    """Nothing."""


def test_it_is_declared_checked_and_recorded() -> None:
    tool = Tool("a", "A", Plain, run="json:dumps", panels=(PANEL,))
    assert not list(faults_of_tool(tool, "json"))
    assert panels_from_json(to_json(tool))[0].parts == (LEAD,)
    plot = Tool("a", "A", Plain, run="json:dumps", panels=(Panel("p", parts=(Layer("lines", "p"), LEAD)),))
    assert [str(each) for each in faults_of_tool(plot, "json")] == [
        "panel p: only a row of a table leads to another tool."
    ]
