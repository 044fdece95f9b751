"""The window itself: closing, commands, languages, themes, what is remembered, and what goes wrong in it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontDatabase
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from workbench import texts
from workbench.testing.fixtures import Audit
from workbench.ui.formulas import Spelled
from workbench.ui.palette import Palette
from workbench.ui.screenshot import calm

from .frame import Person, look, sitting


@pytest.fixture
def person(plant: Callable[[str], Path], qtbot: QtBot) -> Iterator[Person]:
    """Before a window with a tool for tests."""
    plant("drip")
    with sitting(qtbot) as found:
        found.open("drip", "slow")
        yield found


def test_closing_asks_and_one_can_stay(person: Person) -> None:
    person.start()
    person.wait(lambda: person.steps() > 3)
    person.window.close()
    question = person.window._question
    assert question is not None
    person.click(question.stay)
    assert person.window.isVisible()
    assert person.work.job.state == "running"


@pytest.mark.parametrize(("button", "state"), [("save", "stopped"), ("cancel", "cancelled")])
def test_closing_ends_the_jobs_first(person: Person, button: str, state: str) -> None:
    work = person.start()
    person.wait(lambda: person.steps() > 3)
    person.window.close()
    assert person.window._question is not None
    person.click(getattr(person.window._question, button))
    person.wait(lambda: not person.window.isVisible())
    assert work.job.state == state
    assert [each.state for each in person.runs()] == [state]


def test_closing_without_jobs_asks_nothing(person: Person) -> None:
    person.window.close()
    person.wait(lambda: not person.window.isVisible())
    assert person.window._question is None


def test_the_palette_finds_commands_in_both_languages_and_does_them(person: Person) -> None:
    person.window.show_palette()
    (palette,) = [each for each in QApplication.topLevelWidgets() if isinstance(each, Palette) and each.isVisible()]
    QTest.keyClicks(palette.query, "dark")
    assert palette.found.count() == 1
    QTest.keyClick(palette.query, Qt.Key.Key_Return)
    person.wait(lambda: person.window.host.theme.dark)
    chinese = texts.translate("Dark", "zh_CN")
    assert [each.id for each in person.window.host.commands.search(chinese)][:1] == ["theme.dark"]


@pytest.mark.parametrize(("typed", "choice"), [("language", "Language: English"), ("theme", "Theme: Light")])
def test_the_palette_finds_a_choice_by_what_is_chosen(person: Person, typed: str, choice: str) -> None:
    person.window.show_palette()
    (palette,) = [each for each in QApplication.topLevelWidgets() if isinstance(each, Palette) and each.isVisible()]
    QTest.keyClicks(palette.query, typed)
    assert choice in {palette.found.item(row).text() for row in range(2)}
    palette.close()


def test_every_command_is_named_once_and_keys_are_not_taken_twice(person: Person) -> None:
    commands = list(person.window.host.commands)
    keys = [each.shortcut for each in commands if each.shortcut]
    assert len(keys) == len(set(keys))
    with pytest.raises(ValueError, match="already"):
        person.window.host.commands.add(commands[0])


def test_a_shortcut_starts_a_run(person: Person) -> None:
    person.window.host.commands.refresh()
    person.window.host.commands.action("job.start").trigger()
    person.wait(lambda: person.page.work is not None)


def test_language_and_theme_change_while_it_runs(person: Person) -> None:
    person.start()
    person.wait(lambda: person.steps() > 3)
    before = look(person.window)
    person.window.speak("zh_CN")
    start = texts.translate("Start", "zh_CN")
    person.wait(lambda: person.page.controls.buttons["start"].text() == start)
    person.window.wear("dark")
    assert look(person.window) != before
    person.window.speak("en")
    person.wait(lambda: person.page.controls.buttons["start"].text() == "Start")
    assert person.work.job.state == "running"


def test_the_search_finds_tools_by_some_letters(person: Person) -> None:
    QTest.keyClicks(person.window.sidebar.search, "drw")
    assert person.window.sidebar.shown == ["drip"]
    QTest.keyClicks(person.window.sidebar.search, "xyz")
    assert person.window.sidebar.shown == []


def test_layout_and_what_was_typed_are_remembered(plant: Callable[[str], Path], qtbot: QtBot) -> None:
    plant("drip")
    with sitting(qtbot) as first:
        first.open("drip", "short", steps=77)
        first.page.docks.docks["cloud"].close()
        first.window.resize(790, 640)  # within the offscreen screen
        first.qtbot.wait(500)
        first.window.close()
    with sitting(qtbot) as second:
        second.open("drip")
        assert second.page.form.values()["steps"] == 77
        second.wait(second.page.docks.docks["picture"].isVisible)
        assert not second.page.docks.docks["cloud"].isVisible()
        assert second.window.height() == 640
        second.page.reset_layout()
        second.wait(second.page.docks.docks["cloud"].isVisible)


def test_a_tool_s_name_makes_no_window_wide(person: Person) -> None:
    (title,) = [each for each in person.page.findChildren(Spelled) if each.objectName() == "title"]
    before = person.page.minimumSizeHint().width()
    title.spell("A name that is much too long for a small window " * 3)
    look(person.page)
    assert person.page.minimumSizeHint().width() <= before


def test_a_panel_fills_the_screen_and_comes_back(person: Person) -> None:
    dock = person.page.docks.docks["picture"]
    dock.fill_screen()
    person.wait(lambda: dock.content.window() is not person.window)
    QTest.keyClick(dock.content, Qt.Key.Key_Escape)
    person.wait(lambda: dock.content.window() is person.window)


def test_what_goes_wrong_in_the_window_is_said_in_a_bar(
    plant: Callable[[str], Path], qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    plant("drip")
    with sitting(qtbot, expect_faults=True) as person, caplog.at_level(logging.ERROR):
        QTimer.singleShot(0, lambda: 1 / 0)
        person.wait(person.window.bar.isVisible)
        assert "ZeroDivisionError" in person.window.bar.text
        assert "Traceback" in person.faults[0]
        person.click(person.window.bar.details)
        assert person.window.isVisible()


def test_a_missing_chinese_font_is_said(
    plant: Callable[[str], Path], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant("drip")
    monkeypatch.setattr(QFontDatabase, "families", lambda *_: [])
    with sitting(qtbot) as person:
        assert "fonts-noto-cjk" in person.window.bar.text


def test_the_status_bar_says_what_the_machine_does(person: Person) -> None:
    person.wait(lambda: "Memory" in person.window._readings.text())


def test_the_gui_thread_opens_nothing_and_waits_for_nothing(person: Person, audit: Audit) -> None:
    with audit():
        person.start()
        person.wait(lambda: person.steps() > 3)
        person.click("pause")
        person.until("paused")
        person.click("pause")
        person.window.speak("zh_CN")
        person.wait(lambda: person.window.host.speech.language == "zh_CN")
        person.window.wear("dark")
        person.click("stop")
        person.until("stopped")
        person.window.host.remembered.write()


WHOLE = json.dumps({"version": 1, "values": {"draft/drip": {"values": {"steps": 7}}}})


@pytest.mark.parametrize("text", [WHOLE[:40], "", "[]", json.dumps({"version": 99, "values": {}}), '{"values": 3}'])
def test_a_memory_that_cannot_be_read_is_put_aside_and_said(
    plant: Callable[[str], Path], qtbot: QtBot, home: Path, text: str
) -> None:
    plant("drip")
    folder = home / "kexue-workbench"
    folder.mkdir(exist_ok=True)
    (folder / "window.json").write_text(text, "utf-8")
    with sitting(qtbot) as person:
        assert person.page.tool.id == "drip"
        person.wait(person.window.bar.isVisible)
        (aside,) = folder.glob("*.damaged")
        assert str(aside) in person.window.bar.text
        assert "cannot be read" in person.window.bar.text
        person.window.host.remembered.write()
    assert aside.read_text("utf-8") == text
    assert json.loads((folder / "window.json").read_text("utf-8"))["version"] == 1


KEYS = (
    "geometry", "docks", "sidebar", "tool", "welcomed", "workspaces", "runs.query", "runs.widths", "runs.split",
    "runs.details", "draft/drip", "tool/drip",
)  # fmt: skip
JUNK: list[Any] = [
    None, 3, "x", [], [1, "a"], {}, {"a": 1}, {"split": "x", "docks": {"panels": 3, "away": [[]], "docks": 5}},
    {"values": [1], "aside": {"a": 1}, "vary": {"steps": 3}, "preset": [], "advanced": "no"},
    {"split": [1], "docks": {"panels": {"walk": 3, "x": {"log": 3}}, "docks": "!"}},
]  # fmt: skip


@pytest.mark.parametrize("junk", JUNK, ids=lambda each: json.dumps(each)[:30])
def test_values_that_make_no_sense_are_passed_over(
    plant: Callable[[str], Path], qtbot: QtBot, home: Path, junk: Any
) -> None:
    plant("drip")
    (home / "kexue-workbench").mkdir(exist_ok=True)
    values = dict.fromkeys(KEYS, junk) | {"welcomed": True}
    (home / "kexue-workbench" / "window.json").write_text(json.dumps({"version": 1, "values": values}), "utf-8")
    with sitting(qtbot) as person:
        person.page.form.complete()
        person.window.host.commands.refresh()
        person.window.host.commands.action("runs.list").trigger()
        calm(person.window)
        assert person.faults == []
