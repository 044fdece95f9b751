"""Tables: rows of an event, and files that are queried in another thread; and the mosaic of images."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QPalette, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QStyledItemDelegate, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from tests.ui.sources import Fake
from workbench.tool import Handle, Layer, Panel
from workbench.ui.panels.images import ImagesPanel
from workbench.ui.panels.mosaic import Mosaic, tiled
from workbench.ui.panels.pages import PAGE, PagesModel
from workbench.ui.panels.results import ResultsPanel
from workbench.ui.panels.rows import Index, RowsModel
from workbench.ui.panels.table import Sheet, TablePanel

from .paged import Slow, pages_of
from .shown import shown

Show = Callable[..., Any]


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    """`show(panel, sources)`: the panel in a window, drawn."""

    return lambda panel, sources: shown(qtbot, panel, *sources)


ROWS = [{"word": word, "n": k, "share": k / 7} for k, word in enumerate(["清华", "北京", "大学", "来到"] * 5)]
TABLE = Panel("t", "table", "t")


def sheet(widget: Any) -> Sheet:
    assert isinstance(widget, TablePanel)
    return widget.sheets.widgets[0]


def column(of: Sheet, k: int, most: int = 5) -> list[str]:
    return [of.model.index(row, k).data() for row in range(min(most, of.model.rowCount()))]


def test_rows_are_sorted_and_filtered(show: Show, qtbot: QtBot) -> None:
    one = sheet(show(TABLE, [Fake().put("table", "t", ROWS)]))
    assert (one.model.rowCount(), one.model.columns) == (20, ["word", "n", "share"])
    one.view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert column(one, 1, 3) == ["19", "18", "17"]
    QTest.keyClicks(one.field, "17")
    qtbot.waitUntil(lambda: one.model.rowCount() == 1)
    qtbot.waitUntil(lambda: one.count.text() == "1 row")
    one.field.setText("北京")
    qtbot.waitUntil(lambda: column(one, 1) == ["17", "13", "9", "5", "1"])
    qtbot.waitUntil(lambda: one.count.text() == "5 rows")
    one.field.clear()
    one.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    qtbot.waitUntil(lambda: column(one, 1, 3) == ["0", "1", "2"])


def test_blank_texts_are_seen_and_stay_what_they_are(show: Show, qtbot: QtBot) -> None:
    blanks = [" ", "\n", "\t", "\r\n", "\u3000 ", "a b", ""]
    panel = Panel("t", "table", "t", (Handle("select", "word"),))
    widget = show(panel, [Fake().put("table", "t", [{"word": each, "n": 1} for each in blanks])])
    one = sheet(widget)
    assert column(one, 0, 7) == ["␣", "↵", "⇥", "↵", "␣␣", "a b", ""]
    widget.set_values({"word": ""})
    with qtbot.waitSignal(widget.edited) as edited:
        one.view.selectRow(1)
    assert edited.args == ["word", "\n"]


def test_results_that_are_counts_have_all_their_digits(show: Show) -> None:
    widget = show(
        Panel("r", "results", parts=(Layer("scalars", "a"), Layer("scalars", "b"))),
        [Fake().scalars(a=[1567170.0], b=[0.1234567])],
    )
    assert isinstance(widget, ResultsPanel)
    assert column(widget.sheet, 1) == ["1567170", "0.123457"]


def test_results_that_come_later_have_room_for_their_names(show: Show) -> None:
    late = "a name that is much longer than the other one"
    widget = show(
        Panel("r", "results", parts=(Layer("scalars", "a"), Layer("scalars", late))), [Fake().scalars(a=[1.0])]
    )
    assert isinstance(widget, ResultsPanel)
    widget.show_sources([Fake().scalars(**{"a": [1.0], late: [2.0]})])
    view = widget.sheet.view
    assert view.columnWidth(0) >= view.fontMetrics().horizontalAdvance(late)
    view.setColumnWidth(0, 50)
    widget.show_sources([Fake().scalars(**{"a": [1.0], late: [3.0]})])
    assert view.columnWidth(0) == 50  # as a person made it


def test_values_that_change_leave_the_selection(show: Show) -> None:
    widget = show(TABLE, [Fake().put("table", "t", ROWS)])
    one = sheet(widget)
    one.view.selectRow(3)
    widget.show_sources([Fake().put("table", "t", [{**row, "n": 100} for row in ROWS])])
    assert column(one, 1, 2) == ["100", "100"]
    assert one.view.currentIndex().row() == 3


class Qts(QStyledItemDelegate):
    """Cells as Qt paints them."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802 - Qt's name
        super().initStyleOption(option, index)
        if option.displayAlignment & Qt.AlignmentFlag.AlignRight:
            option.textElideMode = Qt.TextElideMode.ElideLeft


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("font", [8, 9, 10, 11, 12, 13])
def test_cells_look_as_qt_s_do(show: Show, dark: bool, font: int) -> None:
    texts = ["清华", "", " ", "of two\nlines", "word " * 40, None]
    rows = [{"text": text, "path": f"/{'folder/' * 20}{k}", "n": k / 7 - 1} for k, text in enumerate(texts)]
    widget = show(TABLE, [Fake().put("table", "t", rows, right=["path"])])
    widget.apply_theme(dark)
    view = sheet(widget).view
    letters = view.font()
    letters.setPointSize(font)
    view.setFont(letters)
    view.selectRow(1)
    ours = view.grab().toImage()
    view.setItemDelegate(Qts(view))
    assert view.grab().toImage() == ours


def test_cells_are_copied_as_text(show: Show) -> None:
    one = sheet(show(TABLE, [Fake().put("table", "t", ROWS)]))
    one.view.selectRow(1)
    one.view.setFocus()
    QTest.keyClick(one.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "北京\t1\t0.142857"


def test_a_selected_row_sets_a_parameter(show: Show) -> None:
    widget = show(Panel("t", "table", "t", parts=(Handle("select", "p", "t"),)), [Fake().put("table", "t", ROWS)])
    one, said = sheet(widget), []
    widget.edited.connect(lambda path, value: said.append((path, value)))
    one.view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    place = one.view.visualRect(one.model.index(2, 0)).center()
    QTest.mouseClick(one.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert said == [("p", 17)]
    widget.set_values({"p": 19})
    assert one.view.currentIndex().row() == 0
    assert said == [("p", 17)]


def test_tables_of_several_runs_lie_beside_each_other(show: Show) -> None:
    widget = show(TABLE, [Fake(f"run {k}", k).put("table", "t", ROWS[: k + 1]) for k in range(2)])
    assert [each.model.rowCount() for each in widget.sheets.widgets] == [1, 2]
    assert widget.rows() == [
        ["source", "word", "n", "share"], ["run 0", "清华", 0, 0.0], ["run 1", "清华", 0, 0.0],
        ["run 1", "北京", 1, 1 / 7],
    ]  # fmt: skip


def test_names_above_tables_take_the_theme_s_colours(show: Show) -> None:
    widget = show(TABLE, [Fake(f"run {k}", k).put("table", "t", ROWS) for k in range(2)])
    for dark in (True, False):
        widget.apply_theme(dark)
        names = [label for label in widget.findChildren(QLabel) if label.toolTip().startswith("run ")]
        inks = [name.palette().color(QPalette.ColorRole.WindowText) for name in names]
        assert inks == [widget.look.colour(k) for k in range(2)]


# ------------------------------------------------------------------ files


def test_a_file_is_asked_for_pages_in_another_thread(qtbot: QtBot) -> None:
    table = Slow(10_000)
    model = PagesModel(None, "x", lambda *_: table)
    qtbot.waitUntil(lambda: model.rowCount() == 10_000)
    assert model.index(5, 1).data() == "25"
    assert model.index(9_000, 0).data() == "…"
    qtbot.waitUntil(lambda: model.index(9_000, 0).data() == "9000")
    model.sort(0, Qt.SortOrder.DescendingOrder)
    qtbot.waitUntil(lambda: model.index(0, 0).data() == "9999")
    model.filter("777")
    qtbot.waitUntil(lambda: model.rowCount() == 19)
    assert threading.get_ident() not in table.threads
    assert len(table.threads) == 1
    assert {n for _, n in table.asked} == {PAGE}
    for row in range(0, 10_000, PAGE):
        model.cell(row % model.rowCount(), 0)
    assert len(model._pages) <= 41


@pytest.fixture
def paged(qtbot: QtBot) -> Sheet:
    """See `pages_of`."""
    return pages_of(qtbot)


def test_keys_that_reach_a_row_that_is_not_read_choose_it_once_it_is(paged: Sheet, qtbot: QtBot) -> None:
    chosen: list[tuple[int, str]] = []
    paged.chosen.connect(lambda row, text: chosen.append((row, text)))
    while (row := paged.view.currentIndex().row()) < PAGE:
        assert all(text != "…" for _, text in chosen)
        QTest.keyClick(paged.view, Qt.Key.Key_PageDown)
    assert not paged.leads[0].isEnabled()
    qtbot.waitUntil(lambda: chosen[-1] == (row, str(row)))
    assert paged.leads[0].isEnabled()
    QTest.keyClick(paged.view, Qt.Key.Key_Down)
    assert chosen[-2:] == [(row, str(row)), (row + 1, str(row + 1))]


def test_letters_seek_through_no_rows_that_are_not_read(paged: Sheet) -> None:
    begun = time.monotonic()
    QTest.keyClicks(paged.view, "x")
    assert time.monotonic() - begun < 1
    assert paged.view.currentIndex().row() == 3


def test_a_file_that_grows_moves_nothing(qtbot: QtBot) -> None:
    table = Slow(100)
    model = PagesModel(None, "x", lambda *_: table)
    qtbot.waitUntil(lambda: model.rowCount() == 100)
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    table._count = 150
    model.reload()
    qtbot.waitUntil(lambda: model.rowCount() == 150)
    assert resets == []


def test_a_job_s_file_is_shown_and_a_missing_one_is_said(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    with sqlite3.connect(tmp_path / "rows.db") as db:
        db.execute("CREATE TABLE rows (word TEXT, n INTEGER)")
        db.executemany("INSERT INTO rows VALUES (?, ?)", [(f"word {k}", k) for k in range(500)])
    db.close()
    source = Fake()
    source.folder = tmp_path
    source.report.dir = tmp_path
    source.put("table", "t", tmp_path / "rows.db")
    widget = show(TABLE, [source])
    one = sheet(widget)
    qtbot.waitUntil(lambda: one.model.rowCount() == 500, timeout=20_000)
    assert one.model.columns == ["word", "n"]
    one.view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    qtbot.waitUntil(lambda: column(one, 1, 1) == ["499"])
    source.put("table", "t", tmp_path / "gone.db")
    widget.show_sources([source])
    qtbot.waitUntil(lambda: "gone.db" in widget.complaint, timeout=20_000)
    assert "UserError" not in widget.complaint
    qtbot.wait(1100)
    widget.show_sources([source])  # nothing new has come: the sentence stays
    qtbot.wait(20)
    assert "gone.db" in widget.complaint
    source.put("table", "t", tmp_path / "rows.db")
    qtbot.wait(1100)
    widget.show_sources([source])
    qtbot.waitUntil(lambda: one.model.rowCount() == 500, timeout=20_000)
    assert widget.complaint == ""


def test_a_file_that_is_whole_at_the_end_is_shown(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "rows.db"
    file.write_bytes(b"half")
    source = Fake()
    source.folder = source.report.dir = tmp_path
    widget = show(TABLE, [source.put("table", "t", file)])
    qtbot.waitUntil(lambda: widget.complaint != "", timeout=20_000)
    file.unlink()
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE rows (n INTEGER)")
        db.execute("INSERT INTO rows VALUES (1)")
    db.close()
    widget.show_sources([source.put("table", "t", file)])  # the last of its job
    qtbot.waitUntil(lambda: widget.complaint == "", timeout=20_000)
    assert column(sheet(widget), 0) == ["1"]


def shows(widget: Any, count: int) -> bool:
    return sheet(widget).model.rowCount() == count


def test_another_run_s_file_of_the_same_name_is_another_table(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    widget = show(TABLE, [])
    for count in (30, 40):
        folder = tmp_path / str(count)
        folder.mkdir()
        with sqlite3.connect(folder / "rows.db") as db:
            db.execute("CREATE TABLE rows (n INTEGER)")
            db.executemany("INSERT INTO rows VALUES (?)", [(k,) for k in range(count)])
        db.close()
        source = Fake()
        source.folder = source.report.dir = folder
        widget.show_sources([source.put("table", "t", folder / "rows.db")])
        qtbot.waitUntil(partial(shows, widget, count), timeout=20_000)


# ------------------------------------------------------------------ images


def mosaic(widget: Any, k: int = 0) -> Mosaic:
    assert isinstance(widget, ImagesPanel)
    return widget.mosaics.widgets[k]


def test_tiles_lie_in_rows_with_the_ground_between_them() -> None:
    whole = tiled(np.arange(1, 4, dtype=np.uint8)[:, None, None] * np.ones((3, 2, 2), np.uint8), 2, 9)
    assert whole.tolist() == [[1, 1, 9, 2, 2], [1, 1, 9, 2, 2], [9, 9, 9, 9, 9], [3, 3, 9, 9, 9], [3, 3, 9, 9, 9]]


@pytest.mark.parametrize("shape", [(6, 8, 8), (6, 3, 8, 8), (1, 5, 7), (0, 4, 4)])
def test_images_keep_their_pixels(show: Show, shape: tuple[int, ...]) -> None:
    images = np.random.default_rng(0).integers(0, 255, shape).astype(np.uint8)
    one = mosaic(show(Panel("i", "images", "i"), [Fake().put("images", "i", images)]))
    shot = one.grab().toImage()
    for k in range(len(images)):
        centre = one.tile(k).topLeft() + QPointF(1, 1) * 0.5 * one.tile(k).width() / shape[-1]
        found = shot.pixelColor(centre.toPoint())
        first = np.moveaxis(images[k], 0, -1)[0, 0] if len(shape) == 4 else np.repeat(images[k][0, 0], 3)
        assert [found.red(), found.green(), found.blue()] == first.tolist()


def test_several_runs_are_zoomed_together(show: Show) -> None:
    images = np.zeros((4, 8, 8))
    widget = show(Panel("i", "images", "i"), [Fake(f"run {k}", k).put("images", "i", images) for k in range(2)])
    one = mosaic(widget)
    at = one.tile(3).center()
    under = one.from_px(at.x(), at.y())
    wheel = QWheelEvent(
        at, one.mapToGlobal(at), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(one, wheel)
    assert widget.zoom.factor > 1.2
    assert one.from_px(at.x(), at.y()) == pytest.approx(under, abs=0.5)
    assert mosaic(widget, 1).zoom is one.zoom
    QTest.mouseDClick(one, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at.toPoint())
    assert widget.zoom.factor == 1


def test_rows_that_are_no_numbers_sort_last() -> None:
    model = RowsModel()
    model.take([{"a": value} for value in (2, None, float("nan"), "x", 1.5)])
    model.sort(0)
    assert [model.cell(k, 0) for k in range(3)] == [1.5, 2, "x"]
