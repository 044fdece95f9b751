"""The page of runs in a small window: what is typed keeps its room, and nothing makes the window grow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyleOptionComboBox
from pytestqt.qtbot import QtBot

from workbench.ui.pages.runs.filters import Filter
from workbench.ui.pages.runs.page import RunsPage

from .frame import Person, sitting
from .runs_made import shown


@pytest.fixture(params=["en", "zh_CN"])
def person(request: pytest.FixtureRequest, runs: list[Path], qtbot: QtBot) -> Iterator[Person]:
    """Before a window, in either language; four runs were made."""
    assert runs
    with sitting(qtbot, lang=request.param) as found:
        yield found


def small(person: Person) -> RunsPage:
    """The page of runs in a small window, a run selected."""
    person.window.resize(900, 600)
    page = shown(person)
    page.table.select_runs([page.model.line(0).row.id])  # type: ignore[union-attr]
    person.wait(lambda: len(page.selected) == 1)
    person.settled()
    return page


def test_the_search_keeps_its_room_and_the_window_its_size(person: Person) -> None:
    page = small(person)
    assert (person.window.width(), person.window.height()) == (900, 600)
    assert page.search.width() >= 180


def test_neither_long_names_to_filter_by_nor_what_can_be_undone_make_it_grow(person: Person) -> None:
    page = small(person)
    field = page.filters["group"]
    field.addItem("a group with a name that is quite long, in truth", "x")
    field.setCurrentIndex(field.count() - 1)
    page.deeds.deleted.append([])
    page.deeds.refresh()
    person.wait(page.deeds.undo_button.isVisible)
    QTest.qWait(50)
    assert (person.window.width(), person.window.height()) == (900, 600)
    assert page.search.width() >= 180


def test_a_field_with_little_room_ends_in_dots(qtbot: QtBot) -> None:
    field = Filter()
    qtbot.addWidget(field)
    field.addItem("All the groups there are")
    option = QStyleOptionComboBox()
    for wide, dots in ((100, True), (220, False)):
        field.resize(wide, 24)
        field.initStyleOption(option)
        assert option.currentText.endswith("…") is dots
