"""What a running job can be asked, and a live tool's run that stays open: by real clicks in the real window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QMenu, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from workbench.runs.reader import Reader
from workbench.testing.fixtures import Audit
from workbench.ui.pages.asking import Asking
from workbench.ui.pages.tool import ToolPage
from workbench.ui.palette import Palette

from .frame import Person, sitting


@pytest.fixture
def person(plant: Callable[[str], Path], qtbot: QtBot) -> Iterator[Person]:
    """Before a window with a ball that can be kicked, and a live tool."""
    plant("kicker")
    plant("lens")
    with sitting(qtbot) as found:
        found.open("ball")
        yield found


def button_of(page: ToolPage, action: str) -> QToolButton:
    """The button of an action."""
    (found,) = [each for each in page.controls.findChildren(QToolButton) if each.objectName() == action]
    return found


def speed(person: Person) -> Any:
    """The newest that is shown."""
    assert person.page.stage is not None
    values = person.page.stage.sources[0].curve("speed")["value"]
    return values[-1] if len(values) else None


def ball(person: Person) -> list[float] | None:
    """Where the live ball lies."""
    frame = person.page.stage.sources[0].frame("ball") if person.page.stage and person.page.stage.sources else None
    return None if frame is None else next(iter(frame.arrays.values()))[0].tolist()


def asked(person: Person, **values: str) -> Asking:
    """The form that has opened, filled in."""
    asking = person.page.asking
    assert asking is not None
    person.wait(asking.isVisible)
    for path, text in values.items():
        asking.form.focus(path)
        field = asking.focusWidget()
        assert isinstance(field, QLineEdit)
        field.selectAll()
        QTest.keyClicks(field, text)
    return asking


def agree(person: Person, asking: Asking) -> None:
    """A click on its button."""
    person.click(asking.agree)


def test_the_palette_finds_an_action_while_the_job_runs(person: Person) -> None:
    def found() -> list[str]:
        person.window.host.commands.refresh()
        palette = Palette(person.window.host.commands, person.window.host.speech, person.window)
        QTest.keyClicks(palette.query, "Kick")
        items = [palette.found.item(row) for row in range(palette.found.count())]
        palette.deleteLater()
        return [
            each.data(Qt.ItemDataRole.UserRole) for each in items if "action" in each.data(Qt.ItemDataRole.UserRole)
        ]

    assert found() == []
    person.start()
    person.until("running")
    assert found() == ["action.ball.kick"]
    person.window.host.commands.action("action.ball.kick").trigger()
    agree(person, asked(person, strength="9"))
    person.wait(lambda: (speed(person) or 0) > 5)
    person.window.open_tool("toys")
    assert found() == []


def test_an_action_is_on_offer_only_while_the_job_runs(person: Person) -> None:
    rest = button_of(person.page, "rest")
    assert rest.text() == "Rest"
    assert not rest.isEnabled()
    person.start()
    person.wait(rest.isEnabled)
    person.click("pause")
    person.until("paused")
    assert rest.isEnabled()
    person.click("stop")
    person.until("stopped")
    person.wait(lambda: not rest.isEnabled())


def test_an_action_with_arguments_asks_for_them(person: Person, audit: Audit) -> None:
    person.start()
    person.wait(lambda: speed(person) == 0)
    with audit():
        person.click(button_of(person.page, "kick"))
        agree(person, asked(person, strength="2.5"))
        person.wait(lambda: speed(person) == 2.5)
    person.click(button_of(person.page, "rest"))
    person.wait(lambda: speed(person) == 0)
    person.click("stop")
    person.until("stopped")
    (row,) = person.runs()
    reader = Reader(row.folder)
    kept = [(each["stream"], each["values"]) for each in reader.changes() if each["kind"] == "action"]
    reader.close()
    assert kept == [("kick", {"strength": 2.5, "backwards": False}), ("rest", {})]


def test_wrong_arguments_are_said_and_cancelling_does_nothing(person: Person) -> None:
    person.start()
    person.wait(lambda: speed(person) == 0)
    person.click(button_of(person.page, "kick"))
    asking = asked(person, strength="-1")
    agree(person, asking)
    assert asking.isVisible()
    assert asking.form.problems()
    cancel = asking.buttons.button(QDialogButtonBox.StandardButton.Cancel)
    assert isinstance(cancel, QWidget)
    person.click(cancel)
    person.wait(lambda: not asking.isVisible())
    person.qtbot.wait(200)
    assert speed(person) == 0


def test_many_actions_share_a_menu(person: Person) -> None:
    person.open("toys")
    (button,) = [each for each in person.page.controls.findChildren(QToolButton) if each.objectName() == "actions"]
    menu = button.menu()
    assert isinstance(menu, QMenu)
    assert [each.text() for each in menu.actions()] == [f"toy{n}" for n in range(5)]
    person.start()
    person.wait(menu.actions()[0].isEnabled)
    menu.actions()[0].trigger()  # the job has never heard of it
    person.wait(lambda: "no action toy0" in person.page.bar.text)
    assert person.work.job.state == "running"


def test_a_live_tool_is_kicked_too(person: Person) -> None:
    person.open("still")
    person.wait(lambda: ball(person) == [0, 5])
    person.click(button_of(person.page, "kick"))
    agree(person, asked(person, strength="3"))
    person.wait(lambda: ball(person) == [3, 5])
    person.page.form.put("height", 1.0)
    person.wait(lambda: ball(person) == [3, 1])
    QTest.keyClick(button_of(person.page, "rest"), Qt.Key.Key_Space)
    person.wait(lambda: ball(person) == [0, 1])


# ---------------------------------------------------------------------------------- a live tool's run


def kept(person: Person) -> str:
    """The run of the lens, kept by a click, its worker ended."""
    person.open("lens")
    person.wait(lambda: person.page.stage and person.page.stage.sources and person.page.stage.sources[0].frame("bump"))
    person.click("keep")
    person.wait(lambda: [each.state for each in person.runs()] == ["done"])
    return person.runs()[0].id


def shown(person: Person) -> list[str]:
    """The runs on the page of the lens."""
    page = person.window.pages.get("lens")
    return [each.label for each in page.stage.sources] if page and page.stage else []


def test_an_opened_run_of_a_live_tool_stays(person: Person) -> None:
    name = kept(person)
    person.window.open_run(name)
    person.wait(lambda: shown(person) == [name])
    assert person.page.run.text() == name
    person.wait(lambda: not [each for each in person.jobs.threads if each.live])  # what it took the place of has ended
    person.open("ball")
    person.open("lens")
    person.qtbot.wait(500)
    assert shown(person) == [name]
    assert not [each for each in person.jobs.works if each.live]
    person.click("start")
    person.wait(lambda: person.page.work is not None and person.page.work.live)
    assert person.page.run.text() == ""


def test_a_run_that_is_opened_first_wins_over_the_live_tool(plant: Callable[[str], Path], qtbot: QtBot) -> None:
    plant("lens")
    plant("kicker")
    with sitting(qtbot) as before:
        name = kept(before)
        before.open("ball")
    with sitting(qtbot) as person:
        assert person.page.tool.id == "ball"
        person.window.open_run(name)  # its page is shown for the first time, and would begin
        person.wait(lambda: shown(person) == [name])
        person.qtbot.wait(800)
        assert shown(person) == [name]
        assert not [each for each in person.jobs.works if each.live]
