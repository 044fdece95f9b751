"""A tool's own view in the real window: its document edited, saved, lost in a crash and found; results taken back."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from workbench.testing.fixtures import Audit
from workbench.ui.pages.view import ViewPage

from .frame import Person, sitting

ROOT = Path(__file__).parents[2]
Key = Qt.Key
NONE, CONTROL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
WEATHER = {"a": ("rain and wind", "wet"), "b": ("sun and heat", "dry"), "c": ("wind", ""), "d": ("heat", "")}
LEARNT = {"a": "wet", "b": "dry", "c": "wet", "d": "dry"}


@pytest.fixture
def path(plant: Callable[[str], Path], home: Path) -> Path:
    """Notes of which half have labels; the plugin that edits them is there."""
    plant("notes")
    notes = {key: {"text": text, "label": label} for key, (text, label) in WEATHER.items()}
    path = home / "weather.notes"
    path.write_text(json.dumps({"revision": 3, "notes": notes}), "utf-8")
    return path


# ------------------------------------------------------------------ what a person does


def page_of(person: Person) -> ViewPage:
    assert isinstance(person.page, ViewPage)
    return person.page


def view_of(person: Person) -> Any:
    """The view that can be seen."""
    person.wait(lambda: page_of(person).place.shown)
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


# ------------------------------------------------------------------ the whole story


def test_a_document_is_edited_learnt_from_saved_closed_and_opened_again(qtbot: QtBot, path: Path, audit: Audit) -> None:
    with sitting(qtbot) as person:
        with audit():
            look_at(person, path)
            edit(person, 1, 1, "sunny")
            press(person, Key.Key_Z, CONTROL)
            assert labels(person)["b"] == "dry"
            person.page.setFocus()
            suggest(person)
            person.wait(lambda: labels(person) == LEARNT)
            assert view_of(person).table.item(2, 1).text() == "wet"
            press(person, Key.Key_Z, CONTROL)  # all that the job suggested, in one go
            assert labels(person) == {**LEARNT, "c": "", "d": ""}
            press(person, Key.Key_Z, CONTROL, SHIFT)
            assert labels(person) == LEARNT
            assert person.window.isWindowModified()
            press(person, Key.Key_S, CONTROL)
            person.wait(lambda: not person.window.isWindowModified())
        assert in_file(path) == LEARNT
        view_of(person).table.setCurrentCell(2, 0)
        person.window.close()
        assert not person.window.isVisible()
    with sitting(qtbot) as person:
        person.wait(lambda: person.window.tool == "notes")
        assert (labels(person), view_of(person).table.currentRow()) == (LEARNT, 2)
        assert person.window.windowTitle().startswith("weather.notes")
        assert page_of(person).documents.recent == [str(path)]


def test_results_come_again_when_the_run_is_opened_again_and_only_once(qtbot: QtBot, path: Path) -> None:
    with sitting(qtbot) as person:
        look_at(person, path)
        suggest(person)
        press(person, Key.Key_Z, CONTROL)
        assert labels(person)["c"] == ""
        run = person.work.job.run_id
        for _ in range(2):
            person.page.show_works([])
            person.window.open_run(run)
            person.wait(lambda: person.page.stored is not None and labels(person) == LEARNT)
            person.qtbot.wait(200)
        stack = view_of(person).undo_stack
        assert stack.count() == 1
        press(person, Key.Key_S, CONTROL)
        person.wait(lambda: not page_of(person).paper.unsaved)


def test_the_results_of_another_document_are_left_alone(qtbot: QtBot, path: Path) -> None:
    with sitting(qtbot) as person:
        look_at(person, path)
        suggest(person)
        run = person.work.job.run_id
        press(person, Key.Key_S, CONTROL)
        person.wait(lambda: not page_of(person).paper.unsaved)
        press(person, Key.Key_N, CONTROL)
        person.wait(lambda: not view_of(person).document.notes)
        person.window.open_run(run)
        person.wait(lambda: "is about weather.notes" in person.page.bar.text)
        assert not page_of(person).paper.unsaved


@pytest.mark.usefixtures("path")
def test_a_new_document_is_saved_before_its_job_starts(qtbot: QtBot, home: Path) -> None:
    with sitting(qtbot) as person:
        look_at(person)
        for place, (text, label) in enumerate([("rain", "wet"), ("sun", "dry"), ("rain again", "")]):
            add(person, text)
            if label:
                edit(person, place, 1, label)
        person.click("start")
        answer_file(person, home / "mine")
        person.wait(lambda: person.page.work is not None)
        person.until("done")
        person.wait(lambda: list(labels(person).values()) == ["wet", "dry", "wet"])
        assert list(in_file(home / "mine.notes").values()) == ["wet", "dry", ""]
        press(person, Key.Key_S, CONTROL)
        person.wait(lambda: list(in_file(home / "mine.notes").values()) == ["wet", "dry", "wet"])


# ------------------------------------------------------------------ leaving


def test_closing_asks_about_changes(qtbot: QtBot, path: Path) -> None:
    with sitting(qtbot) as person:
        look_at(person, path)
        edit(person, 2, 1, "mild")
        person.window.close()
        answer(person, -1)
        assert person.window.isVisible()
        person.window.close()
        answer(person, 0)
        person.wait(lambda: not person.window.isVisible())
    assert in_file(path)["c"] == "mild"


def test_changes_that_nobody_wants_are_gone(qtbot: QtBot, path: Path, home: Path) -> None:
    with sitting(qtbot) as person:
        look_at(person, path)
        edit(person, 2, 1, "mild")
        person.wait(lambda: drafts(home))
        person.window.close()
        answer(person, 1)
        person.wait(lambda: not person.window.isVisible())
    assert in_file(path)["c"] == ""
    assert not drafts(home)
    with sitting(qtbot) as person:
        assert labels(look_at(person) and person)["c"] == ""


def test_opening_another_document_asks_about_changes(qtbot: QtBot, path: Path) -> None:
    with sitting(qtbot) as person:
        look_at(person, path)
        add(person, "snow")
        press(person, Key.Key_N, CONTROL)
        answer(person, -1)
        assert len(labels(person)) == 5
        press(person, Key.Key_N, CONTROL)
        answer(person, 0)
        person.wait(lambda: not view_of(person).document.notes)
        assert len(in_file(path)) == 5


def test_what_another_program_has_written_is_not_lost(qtbot: QtBot, path: Path) -> None:
    with sitting(qtbot) as person:
        look_at(person, path)
        path.write_text(json.dumps({"revision": 9, "notes": {}}), "utf-8")
        edit(person, 2, 1, "mild")
        press(person, Key.Key_S, CONTROL)
        answer(person, -1)
        assert in_file(path) == {}
        assert page_of(person).paper.unsaved
        press(person, Key.Key_S, CONTROL)
        answer(person, 0)
        person.wait(lambda: not page_of(person).paper.unsaved)
        assert in_file(path)["c"] == "mild"


def test_a_file_that_cannot_be_written_is_a_sentence(qtbot: QtBot, path: Path, home: Path) -> None:
    with sitting(qtbot) as person:
        look_at(person, path)
        add(person, "snow")
        press(person, Key.Key_S, CONTROL, SHIFT)
        person.wait(lambda: page_of(person).documents.asking.dialog is not None)
        page_of(person).documents.asking.dialog.fileSelected.emit(str(home / "nowhere" / "a.notes"))  # type: ignore[union-attr]
        person.wait(lambda: person.page.bar.bad and "a.notes cannot be written" in person.page.bar.text)
        assert page_of(person).paper.unsaved
        page_of(person).documents.asking.dialog.close()  # type: ignore[union-attr]
        press(person, Key.Key_S, CONTROL)
        person.wait(lambda: not page_of(person).paper.unsaved)
        assert len(in_file(path)) == 5


def test_a_file_that_is_no_document_is_a_sentence(qtbot: QtBot, path: Path, home: Path) -> None:
    (home / "b.notes").write_text("[]", "utf-8")
    with sitting(qtbot) as person:
        look_at(person, path)
        page_of(person).open(home / "b.notes")
        person.wait(lambda: person.page.bar.text == "b.notes cannot be read as notes.")
        assert page_of(person).paper.path == path


# ------------------------------------------------------------------ a crash

CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from PySide6.QtWidgets import QApplication
from PySide6.QtCore import QTimer
from workbench.cli import main
from workbench.ui import window

class Story:
    def __init__(self, shown):
        self.window, self.steps = shown, iter([self.open, self.edit, self.kept])
        self.step = next(self.steps)
        self.timer = QTimer(interval=50)
        self.timer.timeout.connect(self.go)
        self.timer.start()
    def go(self):
        if self.step():
            self.step = next(self.steps)
    @property
    def page(self):
        return self.window.page
    def open(self):
        if self.window.host.can_draw and self.window.tool != "notes":
            self.window.open_tool("notes")
        ready = self.window.tool == "notes" and self.page is not None and self.page.place.shown
        if ready and {path!r}:
            self.page.open(Path({path!r}))
        return ready
    def edit(self):
        if {path!r} and self.page.paper.path is None:
            return False
        self.page.view.line.setText("never saved")
        self.page.view.add.click()
        self.page.view.line.setText("half a thou")
        return True
    def kept(self):
        if list(Path({home!r}).rglob("about.json")):
            self.timer.stop()
            print("kept", flush=True)

begun = window.Window._begin
def begin(self):
    begun(self)
    self.story = Story(self)
window.Window._begin = begin
sys.exit(main([]))
"""


def crash(home: Path, path: Path | None) -> None:
    """Another window edits the document and is killed."""
    story = CHILD.format(root=str(ROOT), path=str(path or ""), home=str(home))
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    child = subprocess.Popen([sys.executable, "-c", story], stdout=subprocess.PIPE, text=True, env=environment)
    assert child.stdout is not None
    assert child.stdout.readline().strip() == "kept"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()


@pytest.mark.parametrize("named", [True, False])
def test_unsaved_changes_survive_a_crash(qtbot: QtBot, path: Path, home: Path, named: bool) -> None:
    crash(home, path if named else None)
    assert len(in_file(path)) == 4
    with sitting(qtbot) as person:
        view = look_at(person)
        assert [note.text for note in view.document.notes.values() if "never" in note.text] == ["never saved"]
        assert view.line.text() == "half a thou"
        assert page_of(person).paper.unsaved
        assert page_of(person).paper.path == (path if named else None)
        assert "are here again" in person.page.bar.text
        press(person, Key.Key_S, CONTROL)
        if not named:
            answer_file(person, home / "found.notes")
        person.wait(lambda: not page_of(person).paper.unsaved)
        assert len(in_file(path if named else home / "found.notes")) == (5 if named else 1)
        person.wait(lambda: not drafts(home))


def test_a_damaged_draft_is_put_aside(qtbot: QtBot, path: Path, home: Path) -> None:
    crash(home, path)
    (draft,) = drafts(home)
    draft.write_text("{", "utf-8")
    with sitting(qtbot) as person:
        look_at(person)
        assert "cannot be read" in person.page.bar.text
        assert "damaged-" in person.page.bar.text
    assert [each.parent.name.partition("-")[0] for each in drafts(home)] == ["damaged"]


# ------------------------------------------------------------------ views that fail

INIT = """
from workbench.api import Params, Tool, hookimpl

class Nothing(Params):
    pass

@hookimpl
def workbench_declare():
    return [Tool("frail", "Frail", Nothing, view=".view:FrailView", opens=("*.frail",))]
"""
FRAIL = """
from PySide6.QtGui import QPainter
from workbench.ui.widgets import View

FAULTS = set()

def fail(where):
    if where in FAULTS:
        raise RuntimeError("a crack in " + where)

class FrailView(View):
    def __init__(self, host, document=None):
        super().__init__(host, document)
        fail("init")

    @staticmethod
    def read(path):
        return path.read_text()

    @staticmethod
    def write(document, path):
        path.write_text(document)

    def snapshot(self):
        return "content"

    def paintEvent(self, event):
        painter = QPainter(self)
        painter.drawLine(0, 0, 50, 50)
        fail("paint")

    def mousePressEvent(self, event):
        self.perform("press", lambda: None, lambda: None)
        fail("press")
"""


@pytest.fixture
def frail(plant: Callable[[str], Path], tmp_path: Path) -> Callable[[str], None]:
    """Makes a plugin whose view has a fault from the start."""

    def make(fault: str) -> None:
        folder = tmp_path / "frail"
        folder.mkdir()
        (folder / "__init__.py").write_text(INIT, "utf-8")
        (folder / "view.py").write_text(FRAIL.replace("set()", f"{{{fault!r}}}"), "utf-8")
        plant(str(folder))

    return make


def mend(person: Person) -> None:
    sys.modules["frail.view"].FAULTS.clear()
    person.click(page_of(person).place.retry)


def press_on(view: QWidget) -> None:
    """A press that comes through the event loop: what `QTest` calls itself would raise here, in the test."""
    where, button = QPointF(5, 5), Qt.MouseButton.LeftButton
    event = QMouseEvent(QEvent.Type.MouseButtonPress, where, view.mapToGlobal(where), button, button, NONE)
    QApplication.postEvent(view, event)


def log_of(person: Person, button: QWidget) -> str:
    """The text that a click on Details brings."""
    person.click(button)
    person.wait(lambda: person.window.findChildren(QPlainTextEdit))
    said = person.window.findChildren(QPlainTextEdit)[-1]
    text = said.toPlainText()
    said.window().close()
    return text


@pytest.mark.parametrize("fault", ["init", "paint"])
def test_a_view_that_raises_is_a_sentence_with_its_log(qtbot: QtBot, frail: Callable[[str], None], fault: str) -> None:
    frail(fault)
    with sitting(qtbot) as person:
        person.window.open_tool("frail")
        place = page_of(person).place
        person.wait(lambda: f"a crack in {fault}" in place.said.text() and not place.shown)
        assert "Traceback" in log_of(person, place.details)
        assert f'fail("{fault}")' in log_of(person, place.details)
        person.window.speak("zh_CN")
        person.wait(lambda: person.window.host.speech.language == "zh_CN")
        mend(person)
        person.wait(lambda: place.shown)
        QApplication.processEvents()
        assert place.shown
        assert person.window.isVisible()


def test_a_view_that_fails_at_a_click_stays(qtbot: QtBot, frail: Callable[[str], None], home: Path) -> None:
    frail("press")
    with sitting(qtbot) as person:
        person.window.open_tool("frail")
        view = view_of(person)
        press_on(view)
        person.wait(lambda: "a crack in press" in person.page.bar.text)
        assert page_of(person).place.shown
        assert 'fail("press")' in log_of(person, person.page.bar.details)
        for _ in range(12):  # no accident any more
            press_on(view)
        person.wait(lambda: not page_of(person).place.shown)
        press(person, Key.Key_S, CONTROL)  # what it holds can be saved all the same
        answer_file(person, home / "a.frail")
        person.wait(lambda: (home / "a.frail").is_file() and not page_of(person).paper.unsaved)


def test_a_module_that_cannot_be_imported_is_a_sentence(
    qtbot: QtBot, frail: Callable[[str], None], tmp_path: Path, plant: Callable[[str], Path]
) -> None:
    frail("init")
    (tmp_path / "frail" / "view.py").write_text("import nowhere_at_all", "utf-8")
    plant(str(tmp_path / "frail"))
    with sitting(qtbot) as person:
        person.window.open_tool("frail")
        person.wait(lambda: "nowhere_at_all" in page_of(person).place.said.text())


# ------------------------------------------------------------------ commands, languages


def test_commands_follow_what_can_be_done(qtbot: QtBot, path: Path) -> None:
    with sitting(qtbot) as person:
        look_at(person, path)
        action = person.window.host.commands.action
        assert not action("document.undo").isEnabled()
        assert not action("document.save").isEnabled()
        add(person, "snow")
        assert action("document.undo").isEnabled()
        assert action("document.save").isEnabled()
        action("document.undo").trigger()
        assert (action("document.undo").isEnabled(), action("document.redo").isEnabled()) == (False, True)
        assert {"document.undo", "document.redo"} <= {
            each.id for each in person.window.host.commands.search("do") if each.id.startswith("document")
        }


def test_a_view_speaks_the_language_of_the_window(qtbot: QtBot, path: Path) -> None:
    with sitting(qtbot) as person:
        view = look_at(person, path)
        person.window.speak("zh_CN")
        person.wait(lambda: view.add.text() == "添加")
        person.settled()
        assert view.table.horizontalHeaderItem(0).text() == "笔记"


def test_drafts_come_soon(qtbot: QtBot, path: Path, home: Path) -> None:
    with sitting(qtbot) as person:
        look_at(person, path)
        begun = time.monotonic()
        add(person, "snow")
        person.wait(lambda: drafts(home))
        assert time.monotonic() - begun < 5
        press(person, Key.Key_Z, CONTROL)  # back at what the file holds
        page_of(person).setFocus()
        person.wait(lambda: not page_of(person).paper.unsaved)
        person.wait(lambda: not drafts(home))
