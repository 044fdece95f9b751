"""A text is selected: the first cell of a row (in memory or of a file), a link in a text. How tables and labels lie."""

from __future__ import annotations

import sqlite3
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTextBrowser, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.sources import Fake
from workbench.drawing import fault_of_gesture
from workbench.params import P, Params
from workbench.tool import Handle, Panel
from workbench.ui.panels.plot.axis import levels
from workbench.ui.panels.table import Sheet, TablePanel

from .shown import shown

HANDLE = (Handle("select", "word"),)
ROWS = [{"word": word, "count": k} for k, word in enumerate(("的", "北京", "大学", "10"))]


def sheet_of(widget: QWidget) -> Sheet:
    assert isinstance(widget, TablePanel)
    return widget.sheets.widgets[0]


def click(sheet: Sheet, row: int) -> None:
    place = sheet.view.visualRect(sheet.model.index(row, 1)).center()
    QTest.mouseClick(sheet.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def chosen(qtbot: QtBot, panel: Panel, source: Any) -> tuple[Any, list[tuple[str, Any]]]:
    """The panel, whose parameter is an empty text, and what it says."""
    widget, said = shown(qtbot, panel, source), []
    widget.set_values({"word": ""})
    widget.edited.connect(lambda path, value: said.append((path, value)))
    return widget, said


def test_the_first_cell_of_a_row(qtbot: QtBot) -> None:
    widget, said = chosen(qtbot, Panel("t", "table", "t", HANDLE), Fake().put("table", "t", ROWS))
    sheet = widget.sheets.widgets[0]
    sheet.view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    click(sheet, 1)
    assert said == [("word", "大学")]
    widget.set_values({"word": "10"})
    assert sheet.view.currentIndex().row() == 0
    assert said == [("word", "大学")]


@pytest.mark.parametrize("value", ["w40", 40])
def test_the_chosen_row_is_shown_wherever_it_lies_now(qtbot: QtBot, value: str | int) -> None:
    rows = [{"word": f"w{k}", "count": 59 - k} for k in range(60)]
    source = Fake().put("table", "t", rows[:30])
    widget, said = chosen(qtbot, Panel("t", "table", "t", HANDLE), source)
    sheet = widget.sheets.widgets[0]
    widget.set_values({"word": value})
    assert not sheet.view.currentIndex().isValid()
    widget.show_sources([source.put("table", "t", rows)])
    assert sheet.view.currentIndex().row() == 40
    QTest.keyClicks(sheet.field, "w1")
    qtbot.waitUntil(lambda: sheet.model.rowCount() == 11)
    assert not sheet.view.currentIndex().isValid()
    sheet.field.clear()
    qtbot.waitUntil(lambda: sheet.view.currentIndex().row() == 40)
    sheet.view.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert sheet.view.currentIndex().row() == 19
    widget.show_sources([source.put("table", "t", [{**row, "more": 1} for row in rows])])
    assert sheet.view.currentIndex().row() == 19
    assert said == []
    sheet.view.scrollToBottom()
    click(sheet, 40)
    assert said == [("word", "w19" if isinstance(value, str) else 19)]


def test_a_chosen_text_is_shown_in_the_row_that_has_it_now(qtbot: QtBot) -> None:
    source = Fake().put("table", "t", ROWS)
    widget, said = chosen(qtbot, Panel("t", "table", "t", HANDLE), source)
    sheet = widget.sheets.widgets[0]
    widget.set_values({"word": "北京"})
    widget.show_sources([source.put("table", "t", ROWS[::-1])])
    assert (sheet.view.currentIndex().row(), said) == (2, [])


def test_the_first_cell_of_a_file_s_row_however_it_is_sorted(qtbot: QtBot, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "words.sqlite") as db:
        db.execute("CREATE TABLE words (word TEXT, count INTEGER)")
        db.executemany("INSERT INTO words VALUES (:word, :count)", ROWS)
    db.close()
    source = Fake()
    source.folder = source.report.dir = tmp_path
    widget, said = chosen(qtbot, Panel("t", "table", "t", HANDLE), source.put("table", "t", tmp_path / "words.sqlite"))
    sheet = widget.sheets.widgets[0]
    qtbot.waitUntil(lambda: sheet.model.rowCount() == 4)
    sheet.view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    qtbot.waitUntil(lambda: sheet.model.index(0, 0).data() == "10")
    click(sheet, 2)
    assert said == [("word", "北京")]


def test_a_link_in_a_text(qtbot: QtBot) -> None:
    source = Fake().put("text", "t", '<a href="#北京">here</a>', format="html")
    widget, said = chosen(qtbot, Panel("t", "text", "t", HANDLE), source)
    page = widget.findChild(QTextBrowser)
    edge = page.cursorRect().center() + QPoint(8, 0)
    QTest.mouseClick(page.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, edge)
    assert said == [("word", "北京")]
    assert page.toPlainText() == "here"


def test_texts_stand_at_the_right_where_the_job_says_so(qtbot: QtBot) -> None:
    rows = [{"left": "来到", "word": "北京", "count": 1}]
    sheet = sheet_of(shown(qtbot, Panel("t", "table", "t"), Fake().put("table", "t", rows, right=["left"])))
    sides = [sheet.model.index(0, k).data(Qt.ItemDataRole.TextAlignmentRole) for k in range(3)]
    right = int((Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter).value)
    assert [side == right for side in sides] == [True, False, True]


def test_columns_are_as_wide_as_their_texts(qtbot: QtBot) -> None:
    rows = [{"n": 1, "long": "一二三四五六七八九十" * 2, "end": ""}]
    view = sheet_of(shown(qtbot, Panel("t", "table", "t"), Fake().put("table", "t", rows))).view
    assert view.columnWidth(0) < view.columnWidth(1)
    assert view.columnWidth(1) >= view.fontMetrics().horizontalAdvance(str(rows[0]["long"]))


def test_the_last_column_takes_what_is_left(qtbot: QtBot) -> None:
    widget = shown(qtbot, Panel("t", "table", "t"), Fake().put("table", "t", ROWS))
    view = sheet_of(widget).view
    widget.resize(200, 300)
    qtbot.waitUntil(lambda: view.viewport().width() < 200)
    assert view.horizontalHeader().length() == view.viewport().width()


def test_names_of_columns_are_spoken(qtbot: QtBot) -> None:
    source = Fake().put("table", "t", [{"word": "北京"}])
    sheet = sheet_of(shown(qtbot, Panel("t", "table", "t"), source, say=lambda text: f"<{text}>"))
    assert sheet.model.headerData(0, Qt.Orientation.Horizontal) == "<word>"


@pytest.mark.parametrize("n", [1, 2, 3, 8, 40])
def test_labels_of_bars_come_in_levels(n: int) -> None:
    ticks = [(float(k), str(k)) for k in range(n)]
    found = levels(ticks)
    assert sorted(each for level in found for each in level) == sorted(ticks)
    for k in range(1, len(found)):
        drawn = sorted(at for level in found[: k + 1] for at, _ in level)
        assert len({b - a for a, b in pairwise(drawn)}) <= 1


class Sample(Params):
    """Parameters to select."""

    place: int = P(0)
    word: str = P("")


@pytest.mark.parametrize(
    ("kind", "param", "fits"),
    [("plot", "place", True), ("plot", "word", False), ("table", "place", True), ("table", "word", True),
     ("text", "place", False), ("text", "word", True)],
)  # fmt: skip
def test_what_can_be_selected_where(kind: str, param: str, fits: bool) -> None:
    assert (fault_of_gesture("select", Sample.model_fields[param], kind) is None) == fits
