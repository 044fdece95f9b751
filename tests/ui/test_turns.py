"""Work in turns of the event loop: in order, a little at once, told to whoever lives."""

from __future__ import annotations

import time
from functools import partial

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from workbench.testing.fixtures import Lateness
from workbench.ui.fonts import CHINESE
from workbench.ui.named import named
from workbench.ui.parts import Parts
from workbench.ui.speech import Speech
from workbench.ui.themes import DARK, LIGHT, Theme
from workbench.ui.turns import Told, Turns


def idle(qtbot: QtBot, turns: Turns) -> None:
    qtbot.waitUntil(lambda: not turns.busy)


def test_much_work_never_makes_the_window_late(qtbot: QtBot, lateness: Lateness) -> None:
    turns, owner = Turns(), QObject()
    done: list[int] = []

    def work(k: int) -> None:
        end = time.thread_time() + 0.003
        while time.thread_time() < end:
            pass
        done.append(k)

    with lateness(0.03):
        turns.put(owner, *(partial(work, k) for k in range(100)))
        idle(qtbot, turns)
    assert done == list(range(100))


def test_what_belongs_to_something_destroyed_is_left_out(qtbot: QtBot) -> None:
    turns, gone, stays = Turns(), QWidget(), QObject()
    done: list[str] = []
    turns.put(gone, partial(done.append, "gone"))
    turns.put(stays, partial(done.append, "stays"))
    gone.deleteLater()
    del gone
    qtbot.wait(10)
    idle(qtbot, turns)
    assert done == ["stays"]


def test_a_piece_that_fails_is_reported_and_stops_no_other(qtbot: QtBot) -> None:
    turns, owner = Turns(), QObject()
    done: list[int] = []
    with capture_exceptions() as raised:
        turns.put(owner, partial(int, "no number"), partial(done.append, 1))
        idle(qtbot, turns)
    assert [kind for kind, *_ in raised] == [ValueError]
    assert done == [1]


@pytest.mark.parametrize("count", [1, 3])
def test_those_that_can_be_seen_are_told_first_and_the_destroyed_never(qtbot: QtBot, count: int) -> None:
    order: list[str] = []

    class Listener(QWidget):
        def hear(self, news: object) -> None:
            order.append(f"{self.objectName()}{news}")

        def hear_nothing(self) -> None:
            order.append(self.objectName())

    turns = Turns()
    told = Told(turns)
    hidden, shown, gone = (named(Listener(), name) for name in ("hidden", "shown", "gone"))
    qtbot.addWidget(hidden)
    qtbot.addWidget(shown)
    shown.show()
    for receiver in (gone.hear, hidden.hear_nothing, shown.hear):
        told.connect(receiver)
    gone.deleteLater()
    qtbot.wait(10)
    for k in range(count):
        told.emit(k)
    idle(qtbot, turns)
    assert order == [each for k in range(count) for each in (f"shown{k}", "hidden")]


def test_of_two_languages_in_a_row_the_last_is_said(qtbot: QtBot) -> None:
    speech, label = Speech("en"), QLabel()
    qtbot.addWidget(label)
    speech.bind(label, "setText", "Start")
    speech.speak("zh_CN", b"")
    speech.speak("en", b"")
    idle(qtbot, speech.turns)
    assert label.text() == "Start"
    speech.speak("zh_CN", b"")
    idle(qtbot, speech.turns)
    assert label.text() == speech.say("Start") != "Start"


def test_a_dressed_widget_wears_the_theme_and_all_others_its_palette(qtbot: QtBot) -> None:
    theme, window = Theme(), QWidget()
    dressed, quiet = QLabel(window), named(QLabel(window), "quiet")
    qtbot.addWidget(window)
    theme.dress(dressed, "start")
    for name, colours in (("light", LIGHT), ("dark", DARK)):
        theme.apply(name)
        idle(qtbot, theme.turns)
        assert colours.accent_ground in dressed.styleSheet()
        assert quiet.palette().color(quiet.foregroundRole()).name() == colours.quiet
        assert window.palette().window().color().name() == colours.window


def test_a_part_is_painted_in_another_theme_in_a_turn_of_its_own_behind_what_colours_it(qtbot: QtBot) -> None:
    theme, order = Theme(), []

    class Part(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
            order.append(f"{self.objectName()} {self.palette().window().color().name()}")

    window = QWidget()
    qtbot.addWidget(window)
    parts = [theme.parts.paint(Part(window)) for _ in range(2)]
    for k, part in enumerate(parts):
        part.setObjectName(f"part {k}")
        part.setGeometry(20 * k, 0, 10, 10)
    theme.changed.connect(lambda: theme.turns.put(window, partial(order.append, "coloured")))
    theme.apply("light")
    window.show()
    qtbot.waitExposed(window)
    idle(qtbot, theme.turns)
    window.repaint()
    order.clear()
    theme.apply("dark")
    assert not any(part.updatesEnabled() for part in parts)
    window.repaint()
    idle(qtbot, theme.turns)
    assert list(dict.fromkeys(order)) == ["coloured", f"part 0 {DARK.window}", f"part 1 {DARK.window}"]
    assert all(part.updatesEnabled() for part in parts)


def test_a_part_takes_another_languages_letters_in_a_turn_of_its_own(qtbot: QtBot) -> None:
    parts, window = Parts(), QWidget()
    qtbot.addWidget(window)
    speech, apart = Speech("en", parts), QWidget(window)
    letters = (QLabel(window), named(QLabel(apart), "title"))

    def chinese() -> list[bool]:
        return [each.font().families()[0] == CHINESE[0] for each in letters]

    speech.speak("en", b"")
    parts.letter(apart)
    speech.speak("zh_CN", b"")
    assert chinese() == [True, False]
    idle(qtbot, parts.turns)
    assert chinese() == [True, True]
    assert letters[1].font().bold()
    speech.speak("en", b"")
    idle(qtbot, parts.turns)
    assert chinese() == [False, False]


def test_a_part_is_painted_when_everything_is_said_in_another_language(qtbot: QtBot) -> None:
    parts, window = Parts(), QWidget()
    qtbot.addWidget(window)
    speech, part = Speech("en", parts), parts.paint(QLabel(window))
    speech.bind(part, "setText", "Start")
    window.show()
    qtbot.waitExposed(window)
    painted: list[str] = []
    part.paintEvent = lambda _: painted.append(part.text())  # type: ignore[method-assign]
    speech.speak("zh_CN", b"")
    assert not part.updatesEnabled()
    idle(qtbot, parts.turns)
    assert part.updatesEnabled()
    assert set(painted) == {speech.say("Start")}
