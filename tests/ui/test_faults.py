"""Whatever happens to a worker or to a panel, the window says it in a sentence, where one looks, and lives."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from workbench import settings
from workbench.settings import Places, Settings
from workbench.testing.fixtures import Lateness
from workbench.ui.bar import Bar
from workbench.ui.panels.mosaic import Mosaic
from workbench.ui.panels.plot.marks.points import PointsMark
from workbench.ui.speech import Speech
from workbench.ui.themes import Theme

from .frame import BUILT_IN, Person, sitting


def in_sight(widget: QWidget) -> bool:
    """Whether a person sees all of it: shown, not covered by a tab or cut off by the window."""
    return widget.isVisible() and widget.visibleRegion().boundingRect() == widget.rect()


def lives(person: Person) -> None:
    """The same window goes on: another run is started in it and comes to its end."""
    person.open("walk", "short", fault="", seed=1)
    person.start()
    person.until("done")
    person.wait(lambda: not person.page.bar.bad or not person.page.bar.isVisible())


# ---------------------------------------------------------------------------------- workers


@pytest.fixture
def person(plant: Callable[[str], Path], qtbot: QtBot) -> Iterator[Person]:
    """Before a window whose jobs may take four gigabytes, and a second to end."""
    plant("walker")
    limits = Settings(disabled_plugins=BUILT_IN, memory_gigabytes=4.0, grace_seconds=1.0)
    settings.save(Places.of(), limits)
    with sitting(qtbot, light=False) as found:
        yield found


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("memory", "ran out of memory"),
        ("exit", "ended by itself with exit status 3"),
        ("segfault", "crashed (SIGSEGV)"),
        ("raise", "planted"),
    ],
)
def test_a_worker_that_ends_is_a_sentence(person: Person, fault: str, said: str) -> None:
    person.open("walk", steps=100, fault=fault, fault_at=5)
    person.start()
    person.until("failed")
    person.wait(lambda: in_sight(person.page.bar))
    assert person.page.bar.bad
    assert said in person.page.bar.text
    person.wait(person.page.bar.details.isVisible)
    lives(person)


def test_a_worker_that_is_killed_is_a_sentence(person: Person) -> None:
    person.open("walk", steps=100_000, pause=0.01)
    work = person.start()
    person.until("running")
    person.wait(lambda: person.page.stage and person.page.stage.sources[0].curve("spread").size > 3)
    os.kill(getattr(work.job._runner, "pid"), signal.SIGKILL)  # noqa: B009 - of the process runner alone
    person.until("failed")
    person.wait(lambda: in_sight(person.page.bar))
    assert "killed from outside" in person.page.bar.text
    assert [each.state for each in person.runs()] == ["failed"]
    lives(person)


def test_a_worker_that_hangs_is_killed_when_it_is_stopped(person: Person) -> None:
    person.window.host.preferences.put(silence_seconds=2.0)
    person.open("walk", steps=100, fault="hang", fault_at=5)
    work = person.start()
    person.wait(lambda: person.page.stage and person.page.stage.sources[0].curve("spread").size >= 4)
    person.wait(lambda: "The job has not reported for 2 s." in person.page.bar.text)
    assert work.job.state == "running"
    person.click("stop")
    person.until("stopping")
    person.until("failed")
    person.wait(lambda: "did not end in time and was killed" in person.page.bar.text)
    assert in_sight(person.page.bar)
    lives(person)


def test_a_long_step_is_noticed_too_and_its_end(person: Person) -> None:
    person.window.host.preferences.put(silence_seconds=2.0)
    person.open("walk", steps=2, pause=4.0)
    person.start()
    person.wait(lambda: "has not reported" in person.page.bar.text)
    assert not person.page.bar.bad
    person.wait(lambda: person.page.bar.text == "The job reports again.")
    person.until("done")


# ---------------------------------------------------------------------------------- panels


@pytest.mark.parametrize(("panel", "drawing", "method"), [("picture", Mosaic, "_paint"), ("cloud", PointsMark, "draw")])
def test_a_panel_that_raises_while_it_paints_is_a_sentence(
    plant: Callable[[str], Path], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, panel: str, drawing: type, method: str
) -> None:
    plant("drip")

    def raises(*_: object) -> None:
        raise ZeroDivisionError("planted")

    with sitting(qtbot) as person:
        person.open("drip", "slow")
        with monkeypatch.context() as patch:
            patch.setattr(drawing, method, raises)
            person.start()
            content = person.page.docks.docks[panel].content
            person.wait(lambda: "planted" in content.complaint)
            assert in_sight(content._message)
            seen = person.steps()
            person.wait(lambda: person.steps() > seen + 20)
            others = [each.content for name, each in person.page.docks.docks.items() if name != panel]
            assert not any(each.complaint for each in others)
            assert person.work.job.state == "running"
        person.wait(lambda: not content.complaint)
        assert person.window.isVisible()


def test_a_text_of_any_length_is_said_as_it_is_and_read_in_the_details(qtbot: QtBot, lateness: Lateness) -> None:
    bar = Bar(Speech("en"), Theme())
    qtbot.addWidget(bar)
    with lateness(0.1):
        bar.say("<h1>n</h1>" * 200_000)
        qtbot.waitUntil(bar.details.isVisible)
        QTest.mouseClick(bar.details, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: bool(bar.findChildren(QPlainTextEdit)))
        qtbot.wait(50)
    (shown,) = bar.findChildren(QPlainTextEdit)
    assert bar.text.startswith("<h1>n</h1><h1>")
    assert bar.text.endswith("…")
    assert len(bar.text) < len(shown.toPlainText()) <= 20_000
