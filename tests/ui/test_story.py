"""One long story, played by a person's mouse and keys in the real window while a real worker trains a GAN.

The window's thread is watched all the while: what it opens, starts or waits for, and how long it computes at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from PIL import Image, ImageSequence
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QFileDialog,
    QLineEdit,
    QMenu,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from workbench import texts
from workbench.runs.reader import Reader
from workbench.testing.fixtures import Audit, Lateness
from workbench.ui.pages.runs.page import RunsPage
from workbench.ui.pages.runs.review import Review
from workbench.ui.palette import Palette

from .forms_sample import write
from .frame import Person, look, sitting

Key, Left = Qt.Key, Qt.MouseButton.LeftButton
Plain, Control = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
AT_ONCE = 0.12
"""Seconds of processor time in one turn. What is wanted is `lateness.BUSY`, and seen on a quick machine; this leaves
room for one that is several times slower and busy with other tests."""
WAITED = 1.0
"""Seconds that the thread may stand still: beside a worker on few cores, others hold Python's lock for long."""
HAND = 20
"""Milliseconds between two strokes of a quick hand: the window has turns of its own between them."""
Watched = Callable[[], AbstractContextManager[None]]


class Teller(Person):
    """A person who trains GANs."""

    @property
    def review(self) -> Review:
        """What is under the panels while kept runs are shown."""
        found: Review = self.window.runs.reviews["gan"]
        return found

    @property
    def list(self) -> RunsPage:
        """The page of runs."""
        found: RunsPage = self.window.runs.page
        return found

    def trained(self) -> int:
        """The last step whose losses have arrived."""
        stage = self.page.stage
        curve = stage.sources[0].curve("loss/d") if stage and stage.sources else None
        return int(curve["step"][-1]) if curve is not None and len(curve) else 0

    def has_seen(self, stream: str) -> bool:
        """Whether a frame has arrived."""
        stage = self.page.stage
        return bool(stage and stage.sources and stage.sources[0].frame(stream))

    def command(self, letters: str) -> None:
        """Finds a command in the palette by its letters; an input method writes those that no key has."""
        self.window.activateWindow()  # a dialog had the keys before
        self.wait(self.window.isActiveWindow)
        QTest.keyClick(self.window, Key.Key_P, Control | Qt.KeyboardModifier.ShiftModifier)
        tops = QApplication.topLevelWidgets
        self.wait(lambda: any(isinstance(each, Palette) and each.isVisible() for each in tops()))
        (palette,) = [each for each in tops() if isinstance(each, Palette) and each.isVisible()]
        self.qtbot.wait(HAND)
        written = QInputMethodEvent()
        written.setCommitString(letters)
        QApplication.sendEvent(palette.query, written)
        self.qtbot.wait(HAND)
        QTest.keyClick(palette.query, Key.Key_Return)

    def goes_to_the_runs(self, count: int) -> None:
        """The button below the tools."""
        button = self.window.sidebar.findChild(QToolButton, "runs-button")
        assert isinstance(button, QToolButton)
        self.click(button)
        self.wait(lambda: self.list.isVisible() and self.list.model.rowCount() == count)

    def picks(self, *rows: int) -> None:
        """Rows of the list, by the mouse."""
        table = self.list.table
        for place, row in enumerate(rows):
            spot = table.visualRect(self.list.model.index(row, 0)).topLeft() + QPoint(20, 8)
            QTest.mouseClick(table.viewport(), Left, Control if place else Plain, spot)
        assert len(self.list.selected) == len(rows)

    def presses(self, name: str) -> None:
        """A button above the list."""
        self.click(next(each for each in self.list.deeds.buttons if each.objectName() == name))

    def drags_to(self, share: float) -> None:
        """The timeline's knob, by the mouse."""
        slider = self.review.timeline.slider
        knob = grip(slider)
        target = QPoint(round(share * (slider.width() - 1)), knob.y())
        QTest.mousePress(slider, Left, Plain, knob)
        for part in (0.25, 0.5, 0.75, 1.0):
            QTest.mouseMove(slider, knob + (target - knob) * part)
            self.qtbot.wait(20)
        QTest.mouseRelease(slider, Left, Plain, target)
        self.wait(lambda: all(each.step == self.review.timeline.step for each in self.review.sources))


def grip(slider: QSlider) -> QPoint:
    """Where a slider can be taken."""
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    part = QStyle.SubControl.SC_SliderHandle
    return slider.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, part, slider).center()


@pytest.fixture
def watched(audit: Audit, lateness: Lateness) -> Watched:
    """Nothing is opened, started or waited for inside; nothing computed for longer than `AT_ONCE`."""

    @contextmanager
    def both() -> Iterator[None]:
        with lateness(AT_ONCE, WAITED), audit():
            yield

    return both


def test_the_story(qtbot: QtBot, watched: Watched, tmp_path: Path) -> None:
    with sitting(qtbot, light=False) as seat:
        person = Teller(seat.window, qtbot, seat.faults)
        first = trains(person, watched)
        second = forks(person, watched)
        compares(person, watched)
        films(person, watched, tmp_path)
        exports(person, watched, tmp_path)
        speaks(person, watched)
        with watched():
            person.command("Quit")
            person.wait(lambda: not person.window.isVisible())
        seat.faults = person.faults
    assert {each.suffix for each in tmp_path.iterdir()} == {".csv", ".gif"}
    tells_the_same(person, first, second)


def trains(person: Teller, watched: Watched) -> str:
    """Start, look, change the rate, pause, one step, slow motion, stop and save; the run's id."""
    with watched():
        person.window.open_tool("gan")
        person.wait(lambda: person.page.stage)
        presets = person.page.form.toolbar.choices
        presets.setFocus()
        QTest.keyClicks(presets, "Ring of 8")
        person.wait(lambda: person.page.form.preset == "ring8")
    plane = person.page.docks.docks["plane"].content
    before = look(plane)
    with watched():
        run = person.start().job.run_id
        person.wait(lambda: person.has_seen("fake") and person.trained() > 20, 60_000)
        person.wait(lambda: person.page.docks.docks["plane"].shown)  # panels without anything to see were put away
        person.qtbot.wait(500)
    assert look(plane) != before
    with watched():
        QTest.keyClick(write(person.page.form, "optimizer.rate_d", "0.5", HAND), Key.Key_Return)
    with watched():
        changed = person.trained()
        person.wait(lambda: person.trained() > changed + 20)
        person.click("pause")
        person.until("paused")
        person.qtbot.wait(300)
        paused = person.trained()
        person.click("step")
        person.wait(lambda: person.trained() == paused + 1)
        person.click("slow")
        person.click("pause")
        person.until("running")
        person.qtbot.wait(1200)
        assert paused + 2 <= person.trained() <= paused + 5
        person.click("slow")
        person.wait(lambda: person.trained() > paused + 100)
        person.click("stop")
        person.until("stopped")
    return run


def forks(person: Teller, watched: Watched) -> str:
    """Takes the kept run back to an earlier step and starts another from there, with another rate; its id."""
    with watched():
        person.goes_to_the_runs(1)
        person.picks(0)
        person.presses("fork")
        person.wait(lambda: person.review.isVisible() and person.review.sources)
        person.drags_to(0.3)
        assert 0 < person.review.timeline.step < person.review.timeline.steps[-1]
        person.wait(person.review.fork.isEnabled)
    with watched():
        write(person.page.form, "optimizer.base.lr", "0.001", HAND)
        person.click(person.review.fork)
        person.wait(lambda: person.page.work is not None and person.trained() > 100, 60_000)
        person.click("stop")
        person.until("stopped")
    return person.work.job.run_id


def compares(person: Teller, watched: Watched) -> None:
    """Both runs in every panel, at one step after the other."""
    with watched():
        person.goes_to_the_runs(2)
        person.picks(0, 1)
        person.presses("compare")
        person.wait(lambda: person.review.isVisible() and len(person.review.sources) == 2)
    plane = person.page.docks.docks["plane"].content
    person.wait(lambda: len(plane.sources) == 2)
    before = look(plane)
    with watched():
        slider = person.review.timeline.slider
        for key in (Key.Key_Home, Key.Key_PageUp, Key.Key_PageUp, Key.Key_Right):
            QTest.keyClick(slider, key)
        person.wait(lambda: {each.step for each in person.review.sources} == {person.review.timeline.step})
        person.drags_to(0.5)
    steps = {each.step for each in person.review.sources}
    assert steps == {person.review.timeline.step}
    assert look(plane) != before


def films(person: Teller, watched: Watched, folder: Path) -> None:
    """The plane along the steps of both runs, through the menu of its panel."""
    exporting, dock = person.page.exporting, person.page.docks.docks["plane"]
    assert exporting is not None
    with watched():
        person.click(dock._buttons["menu"])
        assert exporting.menu is not None
        take(exporting.menu, "Export GIF…")
        assert exporting.pace is not None
        person.wait(exporting.pace.isVisible)
        person.click(exporting.pace.buttons.button(QDialogButtonBox.StandardButton.Ok))
    type_in(exporting.dialog, folder / "plane.gif")
    with watched():
        person.wait(lambda: exporting.box is None and (folder / "plane.gif").exists(), 60_000)
    with Image.open(folder / "plane.gif") as film:
        pictures = {each.convert("RGB").tobytes() for each in ImageSequence.Iterator(film)}
    assert len(pictures) > 5


def type_in(dialog: QFileDialog | None, path: Path) -> None:
    """Names a file or a folder in a dialog."""
    assert dialog is not None
    name = dialog.findChild(QLineEdit)
    assert isinstance(name, QLineEdit)
    name.setText(str(path))
    QTest.keyClick(name, Key.Key_Return)


def exports(person: Teller, watched: Watched, folder: Path) -> None:
    """The scalars of both runs into a folder that is typed into the dialog."""
    with watched():
        person.goes_to_the_runs(2)
        person.picks(0, 1)
        menu = person.list.deeds.exports
        (action,) = [each for each in menu.actions() if "CSV" in each.text()]
        menu.popup(QPoint(0, 0))
        take(menu, action.text())
        person.wait(lambda: person.list.deeds.dialog and person.list.deeds.dialog.isVisible())
    type_in(person.list.deeds.dialog, folder)
    with watched():
        person.wait(person.list.bar.isVisible)
    assert "2" in person.list.bar.text
    assert not person.list.bar.bad, person.list.bar.text


def take(menu: QMenu, title: str) -> None:
    """Takes an entry of a menu that is open, by keys."""
    while menu.activeAction() is None or menu.activeAction().text() != title:
        QTest.keyClick(menu, Key.Key_Down)
    QTest.keyClick(menu, Key.Key_Return)


def speaks(person: Teller, watched: Watched) -> None:
    """Chinese, dark, and back, found in the palette."""
    start = person.page.controls.buttons["start"]
    with watched():
        person.command("简体中文")
        person.wait(lambda: start.text() == texts.translate("Start", "zh_CN"))
        person.settled()
    with watched():
        person.command(texts.translate("Dark", "zh_CN"))
        person.wait(lambda: person.window.host.theme.dark)
        person.settled()
    with watched():
        person.command("English")
        person.wait(lambda: start.text() == "Start")
        person.settled()


def tells_the_same(person: Teller, first: str, second: str) -> None:
    """What the runs keep is what was done."""
    rows = {each.id: each for each in person.runs()}
    assert [rows[first].state, rows[second].state] == ["stopped", "stopped"]
    assert [(each.run, each.relation) for each in rows[second].links] == [(first, "fork")]
    assert rows[second].params["optimizer"]["base"]["lr"] == 0.001
    reader = Reader(rows[first].folder)
    values = [each["values"] for each in reader.changes() if "values" in each]
    reader.close()
    assert {"optimizer.rate_d": 0.5} in values
