"""Name, star, tags and note of runs in the window, by real clicks and keys, and the list as a person arranged it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidgetItem
from pytestqt.qtbot import QtBot

from workbench.runs import labels
from workbench.runs.labels import Labels
from workbench.ui.pages.runs.chips import TagField
from workbench.ui.pages.runs.listing import Query
from workbench.ui.pages.runs.page import RunsPage
from workbench.ui.speech import Speech

from .frame import Person, sitting
from .runs_made import click, shown

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def person(runs: list[Path], qtbot: QtBot) -> Iterator[Person]:  # noqa: ARG001
    """Before a window."""
    with sitting(qtbot) as found:
        yield found


def called(page: RunsPage, name: str) -> bool:
    """Whether the newest run has this name in the list."""
    return bool(page.model.index(0, 1).data() == name)


def searched(person: Person, page: RunsPage, query: str, count: int) -> None:
    """Types a query and waits for so many runs."""
    page.search.clear()
    QTest.keyClicks(page.search, query)
    person.wait(lambda: page.query.contains == query and page.model.answer.found == count)


def test_a_star_by_a_click_is_kept_and_found(person: Person, runs: list[Path]) -> None:
    page = shown(person)
    click(page, 1, "star")
    person.wait(lambda: labels.read(runs[1]).star)
    person.wait(lambda: page.model.index(1, 0).data() == "★")
    assert not page.main.page or page.isVisible()  # a click on a star opens nothing
    searched(person, page, "is:starred", 1)
    click(page, 0, "star")
    person.wait(lambda: page.model.answer.found == 0)
    assert not labels.read(runs[1]).star


def test_tags_are_typed_completed_and_taken_away(person: Person, runs: list[Path]) -> None:
    page = shown(person)
    click(page, 0)
    click(page, 2, keys=CONTROL)
    line = page.side.tags.line
    person.click(line)
    QTest.keyClicks(line, "good, to show,")
    person.wait(lambda: [labels.read(runs[each]).tags for each in (0, 2)] == [("good", "to show")] * 2)
    person.wait(lambda: "tags" in page.model.answer.columns and len(page.side.tags.chips) == 2)
    click(page, 1)
    person.wait(lambda: not page.side.tags.tags)
    QTest.keyClicks(line, "sho")
    completer = line.completer()
    assert completer is not None
    person.wait(lambda: completer.completionCount() == 1)
    assert completer.currentCompletion() == "to show"
    line.clear()
    click(page, 0)
    person.wait(lambda: len(page.side.tags.chips) == 2)
    person.click(page.side.tags.chips[0])
    person.wait(lambda: labels.read(runs[0]).tags == ("to show",))
    QTest.keyClick(line, Key.Key_Backspace)
    person.wait(lambda: labels.read(runs[0]).tags == ())
    searched(person, page, 'tag:"to show"', 1)


def test_tags_of_every_script_stand_in_one_line(qtbot: QtBot) -> None:
    field = TagField(Speech("en"))
    qtbot.addWidget(field)
    field.resize(300, 100)
    field.show()
    field.show_tags(["good", "很好"], [])
    field.chips[1].setMinimumHeight(40)
    qtbot.waitUntil(lambda: field.chips[1].height() == 40)
    assert [(each.y(), each.height()) for each in field.chips] == [(0, 40), (0, 40)]


def test_a_note_is_on_the_disk_while_one_types_and_follows_no_other_run(person: Person, runs: list[Path]) -> None:
    page = shown(person)
    click(page, 0)
    person.click(page.side.note)
    QTest.keyClicks(page.side.note, "look at the cosines")
    person.wait(lambda: labels.read(runs[0]).note == "look at the cosines", 2000)
    QTest.keyClicks(page.side.note, " again")
    click(page, 1)  # at once: nothing typed is lost, or given to another run
    person.wait(lambda: labels.read(runs[0]).note == "look at the cosines again")
    assert page.side.note.toPlainText() == ""
    assert labels.read(runs[1]) == Labels()
    QTest.keyClick(page.table, Key.Key_F2)
    QTest.keyClicks(page.side.title, "Best")
    QTest.keyClick(page.side.title, Key.Key_Return)
    person.wait(lambda: page.model.index(1, 1).data() == "Best")
    searched(person, page, "cosines", 1)
    searched(person, page, "best", 1)
    searched(person, page, "head.stages=2 loss>0.2", 1)


def test_who_pauses_while_typing_loses_nothing(person: Person, runs: list[Path]) -> None:
    page = shown(person)
    click(page, 0)
    QTest.keyClick(page.table, Key.Key_F2)
    for typed, saved in (("my ", "my"), ("run ", "my run"), ("two", "my run two")):
        QTest.keyClicks(page.side.title, typed)
        person.wait(partial(called, page, saved))
    assert labels.read(runs[0]).title == page.side.title.text() == "my run two"
    click(page, 1)
    assert page.side.title.text() == ""


def test_a_name_that_was_typed_untidily_is_shown_as_it_was_kept(person: Person, runs: list[Path]) -> None:
    page = shown(person)
    click(page, 0)
    QTest.keyClick(page.table, Key.Key_F2)
    QTest.keyClicks(page.side.title, " my  run ")
    QTest.mouseClick(page.side.note.viewport(), Qt.MouseButton.LeftButton)
    person.wait(lambda: page.side.title.text() == "my run")
    assert labels.read(runs[0]).title == "my run"


def test_what_is_typed_last_is_kept_when_the_window_closes(runs: list[Path], qtbot: QtBot) -> None:
    with sitting(qtbot) as person:
        page = shown(person)
        click(page, 0)
        QTest.keyClicks(page.side.note, "last words")
    assert labels.read(runs[0]).note == "last words"


def test_a_note_from_elsewhere_is_shown(person: Person, runs: list[Path]) -> None:
    page = shown(person)
    click(page, 0)
    labels.change(runs[0], lambda _: Labels(note="from the command line"))
    person.click(page.refresh)
    person.wait(lambda: page.side.note.toPlainText() == "from the command line")


def test_a_file_that_cannot_be_read_is_said_and_kept(person: Person, runs: list[Path]) -> None:
    page = shown(person)
    (runs[0] / labels.FILE).write_text("[", "utf-8")
    click(page, 0, "star")
    person.wait(lambda: page.bar.isVisible() and page.bar.bad)
    assert runs[0].name in page.bar.text
    assert (runs[0] / labels.FILE).read_text("utf-8") == "["


def test_columns_grouping_and_order_are_remembered(runs: list[Path], qtbot: QtBot) -> None:
    assert len(runs) == 4
    with sitting(qtbot) as person:
        page = shown(person)
        person.click(page.columns)
        QTest.keyClicks(page.chooser.search, "stages")
        left = [item for item in items(page) if not item.isHidden()]
        assert [each.text() for each in left] == ["head.stages"]
        tick = page.chooser.list.visualItemRect(left[0]).topLeft() + QPoint(9, 9)
        before = "param:head.stages" in page.model.answer.columns
        QTest.mouseClick(page.chooser.list.viewport(), Qt.MouseButton.LeftButton, pos=tick)
        person.wait(lambda: ("param:head.stages" in page.model.answer.columns) is not before)
        QTest.keyClick(page.chooser, Key.Key_Escape)
        choice = page.by.findData("param:head.stages")
        page.by.setFocus()
        for _ in range(choice):
            QTest.keyClick(page.by, Key.Key_Down)
        person.wait(lambda: page.model.answer.grouped and page.model.rowCount() == 6)
        page.table.horizontalHeader().resizeSection(1, 333)
        wanted = page.query
    with sitting(qtbot) as person:
        page = shown(person)
        assert page.query == wanted
        assert page.by.currentText() == "head.stages"
        assert page.model.rowCount() == 6
        assert page.table.columnWidth(1) == 333


def items(page: RunsPage) -> list[QListWidgetItem]:
    """The columns that are offered."""
    return [page.chooser.list.item(row) for row in range(page.chooser.list.count())]


@pytest.mark.parametrize("damage", [None, [], 3, {"sort": 7, "columns": "x", "descending": "no"}, {"columns": [1]}])
def test_what_makes_no_sense_is_not_remembered(damage: object) -> None:
    found = Query.from_json(damage)
    assert (found.sort, found.descending) == ("created", True)
    assert Query.from_json(found.to_json()) == found


def test_the_menu_has_the_runs_and_only_what_can_be_done(person: Person, runs: list[Path]) -> None:
    assert runs
    commands = person.window.host.commands
    listed = [each.id for each in commands.of_menu("runs")]
    assert {"runs.list", "runs.delete", "runs.take_in", "runs.share_last", "runs.star"} <= set(listed)
    person.window.open_tool("drip")
    commands.refresh()
    assert not commands.action("runs.delete").isEnabled()
    assert commands.action("runs.take_in").isEnabled()
    page = shown(person)
    click(page, 0)
    assert commands.action("runs.delete").isEnabled()
    person.window.open_tool("drip")
    person.wait(lambda: not commands.action("runs.delete").isEnabled())
    QApplication.processEvents()
