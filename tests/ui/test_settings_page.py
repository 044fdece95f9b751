"""The page of settings: changed by real keys and clicks, taken at once, written, followed, repaired."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from workbench import cli, settings, texts
from workbench.cli.session import Session
from workbench.settings import Places, Settings
from workbench.testing.fixtures import Audit
from workbench.ui.app import make_application, opened
from workbench.ui.forms.leaf import Leaf
from workbench.ui.forms.row import Row
from workbench.ui.pages.settings import ELSEWHERE, SECTIONS, SettingsPage
from workbench.ui.screenshot import settle
from workbench.ui.window import Window

from .frame import BUILT_IN, Person, sitting


@pytest.fixture
def person(plant: Callable[[str], Path], qtbot: QtBot) -> Iterator[Person]:
    plant("drip")
    with sitting(qtbot) as found:
        yield found


def shown(window: Window) -> SettingsPage:
    """The page, after its command was asked for."""
    window.host.commands.refresh()
    window.host.commands.action("program.settings").trigger()
    page = window.program.page("SettingsPage")
    assert isinstance(page, SettingsPage)
    settle(window)
    assert page.isVisible()
    return page


def row(page: SettingsPage, path: str) -> Row:
    """The row of a field."""
    leaf = page.form.body.way_to(path)[-1]
    assert isinstance(leaf, Leaf)
    return leaf.row


def editor(page: SettingsPage, path: str) -> Any:
    """What a person types or chooses in."""
    page.form.focus(path)
    return row(page, path).editor.stops()[0]


def type_in(page: SettingsPage, path: str, text: str) -> None:
    line = editor(page, path)
    assert isinstance(line, QLineEdit)
    QTest.keyClick(line, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(line, text)


def choose(page: SettingsPage, path: str, value: Any) -> None:
    """Moves through a combo box with the arrow keys."""
    box = editor(page, path)
    assert isinstance(box, QComboBox)
    for _ in range(box.count()):
        QTest.keyClick(box, Qt.Key.Key_Up)
    for _ in range(box.findData(value)):
        QTest.keyClick(box, Qt.Key.Key_Down)


def stored() -> Settings:
    return settings.load(Places.of())


def test_every_setting_stands_in_one_place() -> None:
    places = [*(name for _, names in SECTIONS.values() for name in names), *ELSEWHERE]
    assert sorted(places) == sorted(Settings.model_fields)


def test_what_is_typed_holds_at_once_and_is_written(person: Person) -> None:
    page = shown(person.window)
    type_in(page, "window.frame_rate", "12.5")
    person.wait(lambda: stored().frame_rate == 12.5)
    assert person.jobs._seconds == 1 / 12.5
    type_in(page, "jobs.threads", "3")
    person.wait(lambda: stored().threads == 3)
    person.open("drip", "short")
    person.start()
    assert person.work.job.spec.threads == 3
    assert person.page.stage is not None
    assert person.page.stage._rate == 12.5


def test_more_slots_let_a_waiting_job_begin(person: Person) -> None:
    page = shown(person.window)
    type_in(page, "jobs.cpu_slots", "1")
    person.open("drip", "slow")
    first, second = person.start(), person.start()
    person.wait(lambda: first.job.state == "running" and person.jobs.place(second) == 0)
    type_in(shown(person.window), "jobs.cpu_slots", "2")
    person.wait(lambda: second.job.state == "running")
    assert first.job.state == "running"


def test_language_and_theme_follow_the_form_and_the_form_follows_the_menu(person: Person) -> None:
    page = shown(person.window)
    choose(page, "window.language", "zh_CN")
    person.wait(lambda: person.window.host.speech.language == "zh_CN")
    person.settled()
    chinese = texts.translate("Light", "zh_CN")
    assert chinese in [editor(page, "window.theme").itemText(place) for place in range(3)]
    choose(page, "window.theme", "dark")
    person.wait(lambda: person.window.host.theme.dark)
    person.wait(lambda: (stored().language, stored().theme) == ("zh_CN", "dark"))
    person.window.host.commands.action("theme.light").trigger()
    person.window.host.commands.action("language.en").trigger()
    person.wait(lambda: (stored().language, stored().theme) == ("en", "light"))
    person.wait(lambda: editor(page, "window.theme").currentText() == "Light")
    assert editor(page, "window.language").currentData() == "en"


def test_what_is_wrong_is_said_at_its_field_and_not_kept(person: Person) -> None:
    page = shown(person.window)
    before, file = person.window.host.preferences.now, Places.of().settings_file.read_bytes()
    for path, text, said in (
        ("window.frame_rate", "1000", "at most 240"),
        ("jobs.cpu_slots", "0", "at least 1"),
        ("jobs.device", "tpu", "tpu"),
        ("kept.cache_gigabytes", "much", "not a number"),
    ):
        type_in(page, path, text)
        person.qtbot.wait(500)
        assert said in row(page, path).problem.text()
        assert person.window.host.preferences.now == before
        page.form.reset(path)
    assert Places.of().settings_file.read_bytes() == file


def test_what_was_just_typed_is_kept_when_the_window_closes(person: Person) -> None:
    type_in(shown(person.window), "jobs.threads", "7")
    person.window.close()
    person.wait(lambda: stored().threads == 7)


def test_a_change_leaves_what_another_program_has_written(person: Person) -> None:
    page = shown(person.window)
    assert cli.main(["plugin", "disable", "data"]) == 0
    type_in(page, "jobs.threads", "2")
    person.wait(lambda: stored().threads == 2)
    assert stored().disabled_plugins == tuple(sorted(["data", *BUILT_IN]))


def test_the_disk_is_measured_and_the_cache_cleared(person: Person) -> None:
    person.open("drip", "short")
    person.start()
    person.until("done")
    cache = stored().workspace / "cache"
    cache.mkdir(exist_ok=True)
    (cache / "digits").write_bytes(bytes(2_500_000))
    page = shown(person.window)
    person.wait(lambda: page.disk.usage is not None)
    assert page.disk.sizes["cache"].text() == "2.5 MB"
    assert page.disk.usage is not None
    assert page.disk.usage.count == 1
    assert page.disk.usage.records > 0
    person.wait(page.disk.clear.isEnabled)
    person.click(page.disk.clear)
    person.wait(lambda: page.disk.usage is not None and page.disk.usage.cache == 0)
    assert "2.5 MB" in page.bar.text
    assert not (cache / "digits").exists()
    assert page.disk.usage.count == 1


def test_the_gui_thread_opens_nothing(person: Person, audit: Audit) -> None:
    with audit():
        page = shown(person.window)
        person.wait(lambda: page.disk.usage is not None)
        type_in(page, "jobs.threads", "2")
        choose(page, "window.language", "zh_CN")
        person.wait(lambda: person.window.host.speech.language == "zh_CN")
    person.wait(lambda: stored().threads == 2)


# ------------------------------------------------------------------------------------- a damaged file


@contextmanager
def damaged(qtbot: QtBot, text: str) -> Iterator[Window]:
    """A window that was opened over a settings file with this text."""
    file = Places.of().settings_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    make_application()
    session = Session.of(argparse.Namespace(workspace="", profile="", lang="en", safe_mode=True), lenient=True)
    with opened(session) as window:
        window.show()
        qtbot.waitUntil(lambda: window.host.can_draw and window.page is not None, timeout=30_000)
        yield window
        window.close()


def test_a_damaged_file_is_named_with_its_line_and_repaired(qtbot: QtBot) -> None:
    file = Places.of().settings_file
    wrong = 'theme = "dark"\nthreadz = 3\nframe_rate = 50\ncpu_slots = 0\n'
    with damaged(qtbot, wrong) as window:
        assert f"{file}, line 2" in window.bar.text
        assert window.host.theme.dark
        QTest.mouseClick(window.bar.details, Qt.MouseButton.LeftButton)
        page = window.program.page("SettingsPage")
        assert isinstance(page, SettingsPage)
        assert "line 2" in page.damage.said.text()
        assert not page.form.isEnabled()
        QTest.mouseClick(page.damage.keep, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(page.damage.isHidden, timeout=5000)
        assert page.form.isEnabled()
        assert (stored().theme, stored().frame_rate, stored().cpu_slots) == ("dark", 50, 2)
        assert file.with_name("settings.toml.damaged").read_text("utf-8") == wrong
        assert "settings.toml.damaged" in page.bar.text
        type_in(page, "jobs.threads", "4")
        qtbot.waitUntil(lambda: stored().threads == 4, timeout=5000)


def test_a_file_that_is_no_toml_is_reset(qtbot: QtBot) -> None:
    with damaged(qtbot, "theme = dark\n") as window:
        assert "line 1" in window.bar.text
        page = shown(window)
        QTest.mouseClick(page.damage.reset, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(page.damage.isHidden, timeout=5000)
        assert Places.of().settings_file.read_text("utf-8") == ""


def test_a_file_that_is_damaged_while_the_window_runs_is_said(person: Person) -> None:
    Places.of().settings_file.write_text("threads = none\n", "utf-8")
    page = shown(person.window)
    type_in(page, "jobs.threads", "2")
    person.wait(page.damage.isVisible)
    assert "line 1" in page.damage.said.text()
    assert Places.of().settings_file.read_text("utf-8") == "threads = none\n"


def test_a_file_that_is_a_folder_is_said(person: Person) -> None:
    file = Places.of().settings_file
    file.unlink()
    file.mkdir()
    page = shown(person.window)
    type_in(page, "jobs.threads", "2")
    person.wait(page.damage.isVisible)
    assert "cannot be read" in page.damage.said.text()


def test_the_command_line_refuses_what_the_window_opens(capsys: pytest.CaptureFixture[str]) -> None:
    Places.of().settings_file.parent.mkdir(parents=True, exist_ok=True)
    Places.of().settings_file.write_text("threadz = 1\n", "utf-8")
    assert cli.main(["runs"]) == 2
    assert "line 1" in capsys.readouterr().err
