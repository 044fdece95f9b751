"""From a row of a table to another tool: by button, keys and mouse; off, with the reason, where nothing was kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
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

    def __init__(self, qtbot: QtBot, *made: str, rows: Sequence[Any] | None = None) -> None:
        self.source = Fake("run7").put("table", "t", ROWS if rows is None else rows)
        self.source.made = set(made)
        self.panel = shown(qtbot, PANEL, self.source)
        self.sheet = self.panel.sheets.widgets[0]  # type: ignore[attr-defined]
        self.button = self.sheet.leads[0]
        self.led: list[Any] = []
        self.panel.led.connect(lambda tool, values: self.led.append((tool, values)))

    def report(self, rows: Sequence[Any]) -> None:
        self.panel.show_sources([self.source.put("table", "t", rows)])

    def sort(self, column: int) -> None:
        head = self.sheet.view.horizontalHeader()
        at = QPoint(head.sectionViewportPosition(column) + head.sectionSize(column) // 2, head.height() // 2)
        QTest.mouseClick(head.viewport(), LEFT, NONE, at)

    def chosen(self) -> set[str]:
        """The first cells of the rows that are highlighted."""
        rows = {each.row() for each in self.sheet.view.selectedIndexes()}
        return {str(self.sheet.model.cell(row, 0)) for row in rows}

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


MANY = [{"word": f"w{k}", "n": 59 - k} for k in range(60)]


def led_to(asked: Asked) -> list[str]:
    """The words that it has led to."""
    return [values["word"] for _, values in asked.led]


def test_a_row_is_led_from_wherever_it_is_sorted_to(qtbot: QtBot) -> None:
    asked = Asked(qtbot, "index", rows=MANY)
    asked.click(3)
    asked.sort(1)
    assert asked.sheet.model.cell(3, 0) == "w56"
    assert asked.chosen() == {"w3"}
    QTest.mouseClick(asked.button, LEFT)
    asked.click(3, twice=True)
    assert led_to(asked) == ["w3", "w56"]


def test_a_row_that_is_filtered_away_leads_nowhere(qtbot: QtBot) -> None:
    asked = Asked(qtbot, "index", rows=MANY)
    asked.sheet.view.scrollToBottom()
    asked.click(50)
    QTest.keyClicks(asked.sheet.field, "w1")
    qtbot.waitUntil(lambda: asked.sheet.model.rowCount() == 11)
    assert asked.chosen() == set()
    assert not asked.button.isEnabled()
    asked.report(MANY)
    qtbot.wait(20)
    assert asked.panel.complaint == ""
    asked.click(1)
    asked.sheet.field.clear()
    qtbot.waitUntil(lambda: asked.sheet.model.rowCount() == 60)
    QTest.mouseClick(asked.button, LEFT)
    assert led_to(asked) == ["w10"]


@pytest.mark.parametrize("column", [None, 0, 1])
def test_a_row_stays_chosen_while_others_come(qtbot: QtBot, column: int | None) -> None:
    asked = Asked(qtbot, "index", rows=MANY)
    if column is not None:
        asked.sort(column)
    asked.click(5)
    before, bar = asked.chosen(), asked.sheet.view.verticalScrollBar()
    bar.setValue(20)
    for more in range(1, 4):
        asked.report([*MANY, *({"word": f"a{k}", "n": -k} for k in range(more))])
        assert asked.chosen() == before
        assert asked.button.isEnabled()
        assert bar.value() == 20
    QTest.mouseClick(asked.button, LEFT)
    assert led_to(asked) == list(before)
    asked.report(MANY[:2])
    assert asked.chosen() == before & {"w0", "w1"}
    assert asked.button.isEnabled() == bool(asked.chosen())


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
