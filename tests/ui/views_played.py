"""Notes and their view, as a person at the keyboard has them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit

from workbench.ui.pages.view import ViewPage

from .frame import Person

Key = Qt.Key
NONE, CONTROL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
WEATHER = {"a": ("rain and wind", "wet"), "b": ("sun and heat", "dry"), "c": ("wind", ""), "d": ("heat", "")}
LEARNT = {"a": "wet", "b": "dry", "c": "wet", "d": "dry"}


def written(home: Path) -> Path:
    """Notes of which half have labels."""
    notes = {key: {"text": text, "label": label} for key, (text, label) in WEATHER.items()}
    path = home / "weather.notes"
    path.write_text(json.dumps({"revision": 3, "notes": notes}), "utf-8")
    return path


def page_of(person: Person) -> ViewPage:
    assert isinstance(person.page, ViewPage)
    return person.page


def view_of(person: Person) -> Any:
    """The view that can be seen."""
    person.wait(lambda: page_of(person).place.shown and page_of(person).isVisible())
    return page_of(person).view


def look_at(person: Person, path: Path | None = None) -> Any:
    """The page of the notes, with a document that is opened by the keys."""
    person.window.open_tool("notes")
    view = view_of(person)
    if path is not None:
        press(person, Key.Key_O, CONTROL)
        answer_file(person, path)
        person.wait(lambda: page_of(person).paper.path == path and page_of(person).view is not view)
    return view_of(person)


def press(person: Person, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    """A shortcut of the window."""
    person.window.activateWindow()
    person.wait(person.window.isActiveWindow)
    held = NONE
    for each in modifiers:
        held |= each
    QTest.keyClick(person.window, key, held)


def answer_file(person: Person, path: Path) -> None:
    """Chooses a file in the dialog that asks for one, and clicks its button."""
    person.wait(lambda: (dialog := page_of(person).documents.asking.dialog) and dialog.isVisible())
    dialog = page_of(person).documents.asking.dialog
    assert dialog is not None
    dialog.setDirectory(str(path.parent))
    dialog.selectFile(path.name)  # keys would meet the dialog's completion, which works while it reads the folder
    box = dialog.findChild(QDialogButtonBox)
    assert box is not None
    button = box.buttons()[0]
    person.wait(button.isEnabled)  # the dialog has read the folder
    person.click(button)
    person.wait(lambda: not dialog.isVisible())


def answer(person: Person, place: int) -> None:
    """Clicks a button of the question that is asked: 0 does it, the last one stays."""
    asking = page_of(person).documents.asking
    person.wait(lambda: asking.question is not None and asking.question.isVisible())
    assert asking.question is not None
    person.click(asking.question.answers[place])


def add(person: Person, text: str) -> None:
    view = view_of(person)
    QTest.mouseClick(view.line, Qt.MouseButton.LeftButton)
    QTest.keyClicks(view.line, text)
    QTest.keyClick(view.line, Key.Key_Return)


def edit(person: Person, row: int, column: int, text: str) -> None:
    """Double-clicks a cell and types into it."""
    table = view_of(person).table
    where = table.visualItemRect(table.item(row, column)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    person.wait(lambda: table.findChild(QLineEdit) is not None)
    line = table.findChild(QLineEdit)
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Key.Key_Return)
    person.wait(lambda: table.item(row, column).text() == text and table.findChild(QLineEdit) is None)


def suggest(person: Person) -> None:
    """Presses the view's button and waits for its job."""
    before = len(person.jobs.works)
    person.click(view_of(person).suggest)
    person.wait(lambda: len(person.jobs.works) == before + 1 and person.page.work is not None)
    person.until("done")
    person.wait(lambda: not person.jobs.threads)


def labels(person: Person) -> dict[str, str]:
    return {key: note.label for key, note in view_of(person).document.notes.items()}


def in_file(path: Path) -> dict[str, str]:
    return {key: note["label"] for key, note in json.loads(path.read_text("utf-8"))["notes"].items()}


def drafts(home: Path) -> list[Path]:
    return sorted(home.rglob("drafts/*/*/document-*"))
