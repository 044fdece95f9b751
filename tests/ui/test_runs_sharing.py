"""Runs that are shared, taken in, deleted and brought back in the window; the sidebar's width."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from workbench.runs.sharing import share
from workbench.runs.workspace import Workspace

from .frame import Person, sitting
from .runs_made import click, shown

Key = Qt.Key
NONE, LEFT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton


@pytest.fixture
def person(runs: list[Path], qtbot: QtBot) -> Iterator[Person]:  # noqa: ARG001
    """Before a window."""
    with sitting(qtbot) as found:
        yield found


def drop(target: QWidget, *files: Path) -> bool:
    """Drags files over a widget and lets them fall; whether it would take them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(each)) for each in files])
    copy = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(200, 200), copy, data, LEFT, NONE)
    enter.setAccepted(False)
    QApplication.sendEvent(target, enter)
    if enter.isAccepted():
        QApplication.sendEvent(target, QDropEvent(QPointF(200, 200), copy, data, LEFT, NONE))
    return enter.isAccepted()


def test_a_run_is_shared_by_the_menu_and_taken_in_by_a_drop(person: Person, runs: list[Path], tmp_path: Path) -> None:
    page = shown(person)
    click(page, 1)
    click(page, 2, keys=Qt.KeyboardModifier.ControlModifier)
    assert page.deeds.actions["share_last"] in page.deeds.exports.actions()
    page.deeds.actions["share_last"].trigger()
    assert page.deeds.dialog is not None
    page.deeds.dialog.fileSelected.emit(str(tmp_path))
    page.deeds.dialog.close()
    person.wait(page.bar.isVisible)
    files = [tmp_path / f"{runs[each].name}.run.zip" for each in (1, 2)]
    assert all(each.is_file() for each in files)
    person.window.open_tool("drip")
    assert not drop(person.window, tmp_path / "picture.png")
    assert drop(person.window, *files)
    person.wait(lambda: page.isVisible() and page.model.answer.total == 6)
    assert page.bar.text.count("There was a run") == 2
    person.wait(lambda: len(page.selected) == 2)
    assert {each.row.id for each in page.selected}.isdisjoint({each.name for each in runs})


def test_a_bad_file_is_said_and_the_good_ones_before_it_are_there(
    person: Person, runs: list[Path], tmp_path: Path
) -> None:
    good, bad = share(runs[0], tmp_path), tmp_path / "bad.zip"
    bad.write_text("nothing")
    page = shown(person)
    page.deeds.actions["take_in"].trigger()
    assert page.deeds.dialog is not None
    page.deeds.dialog.filesSelected.emit([str(good), str(bad)])
    page.deeds.dialog.close()
    person.wait(lambda: page.model.answer.total == 5 and page.bar.isVisible())
    assert page.bar.bad
    assert "bad.zip" in page.bar.text


def test_deleted_runs_come_back_until_the_window_closes(runs: list[Path], qtbot: QtBot, home: Path) -> None:
    with sitting(qtbot) as person:
        page = shown(person)
        click(page, 3)
        click(page, 2, keys=Qt.KeyboardModifier.ControlModifier)
        assert not page.deeds.undo_button.isVisible()
        QTest.keyClick(page.table, Key.Key_Delete)
        question = page.deeds.question
        assert question is not None
        assert "refer to them: 1" in question.informativeText()
        person.click(question.agree)
        person.wait(lambda: page.model.answer.total == 2 and page.deeds.undo_button.isVisible())
        assert not runs[3].exists()
        person.click(page.deeds.undo_button)
        person.wait(lambda: page.model.answer.total == 4)
        assert {each.row.id for each in page.selected} == {runs[3].name, runs[2].name}
        assert runs[3].is_dir()
        QTest.keyClick(page.table, Key.Key_Delete)
        question = page.deeds.question
        assert question is not None
        person.click(question.agree)
        person.wait(lambda: page.model.answer.total == 2)
        QTest.keyClick(page.table, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        person.wait(lambda: page.model.answer.total == 4)
        page.deeds._delete([runs[0]])
        person.wait(lambda: page.model.answer.total == 3)
    assert not (home / "workspace" / "trash").exists()
    assert {each.name for each in Workspace(home / "workspace").folders()} == {each.name for each in runs[1:]}


def test_the_sidebar_is_as_wide_as_it_was_made(runs: list[Path], qtbot: QtBot) -> None:
    assert runs
    with sitting(qtbot) as person:
        sidebar, handle = person.window.sidebar, person.window.split.handle(1)
        names = [sidebar.list.item(row).text() for row in range(sidebar.list.count())]
        widest = max(map(sidebar.list.fontMetrics().horizontalAdvance, names))
        assert sidebar.list.viewport().width() >= min(widest, 300)
        assert names[0] in sidebar.list.item(0).toolTip()
        before, place = sidebar.width(), handle.rect().center()
        QTest.mousePress(handle, LEFT, NONE, place)
        QTest.mouseMove(handle, place + QPoint(30, 0))
        QTest.mouseMove(handle, place + QPoint(90, 0))
        QTest.mouseRelease(handle, LEFT, NONE, place + QPoint(90, 0))
        person.wait(lambda: sidebar.width() > before + 60)
        made_so = sidebar.width()
    with sitting(qtbot) as person:
        person.window.resize(1280, 820)  # it was made narrower, to fit on the screen
        person.wait(lambda: abs(person.window.sidebar.width() - made_so) <= 2)
