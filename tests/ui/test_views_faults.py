"""What becomes of a view's document in a crash, and of views that fail: a sentence, and nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from workbench.settings import Places

from .frame import Person, sitting
from .views_played import (
    CONTROL,
    NONE,
    Key,
    answer_file,
    drafts,
    in_file,
    look_at,
    page_of,
    press,
    view_of,
)

ROOT = Path(__file__).parents[2]


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


KEEP = """
import sys
from pathlib import Path
from workbench.ui.pages.view.files import Drafts
Drafts(Path(sys.argv[1])).keep(lambda text, path: path.write_text(text), "never saved", None, None, {})
"""


@pytest.mark.parametrize("fault", ["init", "state", "revision"])
def test_changes_whose_view_cannot_be_made_wait_for_one_that_can(
    qtbot: QtBot, frail: Callable[[str], None], home: Path, fault: str
) -> None:
    frail(fault)
    subprocess.run([sys.executable, "-c", KEEP, str(Places.of().plugins.with_name("drafts") / "frail")], check=True)
    with sitting(qtbot) as person:
        person.window.open_tool("frail")
        person.wait(lambda: f"a crack in {fault}" in page_of(person).place.said.text())
        person.window.close()
    assert [each.read_text("utf-8") for each in drafts(home)] == ["never saved"]


def test_a_document_that_is_gone_is_a_sentence(qtbot: QtBot, path: Path) -> None:
    with sitting(qtbot) as person:
        look_at(person, path)
    path.unlink()
    with sitting(qtbot) as person:
        look_at(person)
        assert "weather.notes cannot be read" in person.page.bar.text
        assert page_of(person).paper.path is None


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

FAULTS, ANSWERS = set(), []

def fail(where):
    if where in FAULTS:
        raise RuntimeError("a crack in " + where)

class FrailView(View):
    def __init__(self, host, document=None):
        super().__init__(host, document)
        host.background(lambda: "computed", ANSWERS.append)
        fail("init")

    def restore_state(self, state):
        fail("state")

    @property
    def revision(self):
        fail("revision")
        return 0

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


def test_what_a_view_that_could_not_be_made_had_computed_is_answered_to_nobody(
    qtbot: QtBot, frail: Callable[[str], None]
) -> None:
    frail("state")
    with sitting(qtbot) as person:
        person.window.open_tool("frail")
        place = page_of(person).place
        person.wait(lambda: "a crack in state" in place.said.text())
        mend(person)
        person.wait(lambda: place.shown and sys.modules["frail.view"].ANSWERS)
        assert sys.modules["frail.view"].ANSWERS == ["computed"]


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
