"""The list of runs by keys, while runs come and the order changes: from the line on which one stands, keys go on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from workbench.runs import labels
from workbench.runs.labels import Labels
from workbench.ui.pages.runs.page import RunsPage

from .frame import Person, sitting
from .runs_made import click, made, shown

Key = Qt.Key


@pytest.fixture
def person(runs: list[Path], qtbot: QtBot) -> Iterator[Person]:  # noqa: ARG001
    """Before a window."""
    with sitting(qtbot) as found:
        yield found


def selected(page: RunsPage) -> list[str]:
    return [each.row.id for each in page.selected]


def test_a_run_that_comes_leaves_one_where_one_was(person: Person, runs: list[Path], home: Path) -> None:
    page = shown(person)
    click(page, 0)
    QTest.keyClick(page.table, Key.Key_Down)
    assert selected(page) == [runs[1].name]
    made(home / "workspace", 2)
    person.click(page.refresh)
    person.wait(lambda: page.model.answer.found == 6)
    assert selected(page) == [runs[1].name]
    QTest.keyClick(page.table, Key.Key_Down)
    assert selected(page) == [runs[2].name]
    QTest.keyClick(page.table, Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert selected(page) == [runs[2].name, runs[3].name]


def test_enter_opens_the_run_on_which_one_stands_in_another_order(person: Person, runs: list[Path]) -> None:
    page = shown(person)
    click(page, 0)
    labels.change(runs[0], lambda _: Labels(title="zebra"))
    page.wish(sort="id", descending=False)
    person.click(page.refresh)
    person.wait(lambda: page.model.index(3, 1).data() == "zebra")
    assert selected(page) == [runs[0].name]
    QTest.keyClick(page.table, Key.Key_Return)
    person.wait(lambda: person.page.isVisible() and person.page.run.text() == runs[0].name)


def test_a_group_folds_and_unfolds_by_enter(person: Person) -> None:
    page = shown(person)
    page.wish(by="param:head.stages")
    person.wait(lambda: page.model.rowCount() == 6)
    click(page, 0)
    QTest.keyClick(page.table, Key.Key_Return)
    person.wait(lambda: page.model.rowCount() == 4)
    QTest.keyClick(page.table, Key.Key_Return)
    person.wait(lambda: page.model.rowCount() == 6)
