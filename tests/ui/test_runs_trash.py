"""Runs that were deleted can be brought back until the program ends, whatever went wrong and whatever was opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from workbench.runs.lock import writer
from workbench.runs.recorder import mark
from workbench.ui.pages.runs.page import RunsPage

from .frame import Person, files, sitting
from .runs_made import click, shown

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def person(runs: list[Path], qtbot: QtBot) -> Iterator[Person]:  # noqa: ARG001
    """Before a window."""
    with sitting(qtbot) as found:
        yield found


def delete(person: Person, page: RunsPage, *rows: int) -> None:
    """Selects rows and deletes them, after the question."""
    for row in rows:
        click(page, row, keys=CONTROL if row != rows[0] else None)
    QTest.keyClick(page.table, Qt.Key.Key_Delete)
    assert page.deeds.question is not None
    person.click(page.deeds.question.agree)


def test_one_that_is_refused_keeps_no_other_from_coming_back(person: Person, runs: list[Path]) -> None:
    page = shown(person)
    mark(runs[1], "running")
    with writer(runs[1]):
        delete(person, page, 0, 1, 2)
        person.wait(lambda: page.bar.isVisible() and page.bar.bad)
        assert page.bar.text.startswith(f"Runs deleted: 2. Run {runs[1].name} is being written")
        person.wait(lambda: page.model.answer.found == 2)
        person.click(page.deeds.undo_button)
        person.wait(lambda: page.model.answer.found == 4)
    assert files(runs[0].parent) == {each.name for each in runs}


def test_one_that_cannot_come_back_is_said_and_waits(person: Person, runs: list[Path]) -> None:
    page = shown(person)
    delete(person, page, 3)
    person.wait(lambda: page.model.answer.found == 3)
    delete(person, page, 0, 1)
    person.wait(lambda: page.model.answer.found == 1)
    runs[0].mkdir()
    person.click(page.deeds.undo_button)
    person.wait(lambda: page.bar.bad)
    assert page.bar.text.startswith(f"Runs brought back: 1. Run {runs[0].name} cannot be brought back")
    person.click(page.deeds.undo_button)
    person.wait(lambda: page.bar.text == "Runs brought back: 1.")
    assert (runs[3] / "run.sqlite").exists()
    runs[0].rmdir()
    person.click(page.deeds.undo_button)
    person.wait((runs[0] / "run.sqlite").exists)
    person.wait(lambda: not page.deeds.undo_button.isVisible())


def test_it_outlives_a_look_into_another_workspace(person: Person, runs: list[Path], tmp_path: Path) -> None:
    page, workspaces = shown(person), person.window.program.workspaces
    before, other = workspaces.folder, tmp_path / "other"
    other.mkdir()
    delete(person, page, 0)
    person.wait(lambda: page.model.answer.found == 3)
    workspaces.open(other)
    person.wait(lambda: workspaces.folder == other and page.model.answer.total == 0)
    person.wait(lambda: not page.deeds.undo_button.isVisible())
    workspaces.open(before)
    person.wait(lambda: page.model.answer.found == 3)
    person.click(page.deeds.undo_button)
    person.wait(lambda: page.model.answer.found == 4)
    assert runs[0].is_dir()


def test_when_the_program_ends_they_are_gone(runs: list[Path], tmp_path: Path, qtbot: QtBot) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with sitting(qtbot) as person:
        page = shown(person)
        delete(person, page, 0)
        person.wait(lambda: page.model.answer.found == 3)
        person.window.program.workspaces.open(other)
        person.wait(lambda: page.model.answer.total == 0)
    assert not (runs[0].parent.parent / "trash").exists()
