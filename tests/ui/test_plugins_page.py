"""The page of plugins: what became of each, why, and what is to become of it at the next start."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit
from pytestqt.qtbot import QtBot

from workbench import settings, texts
from workbench.discovery import discover
from workbench.settings import APP, Places
from workbench.testing.audit import watching
from workbench.ui.pages.plugins import PluginsPage

from .frame import BUILT_IN, Person, sitting

BROKEN = '"""A plugin with a fault."""\n\n__version__ = "0.3"\n\n\ndef ratio():\n    return 1 / 0\n\n\nratio()\n'


@pytest.fixture
def person(plant: Callable[[str], Path], qtbot: QtBot) -> Iterator[Person]:
    """Before a window with a plugin that works, one that fails, one that is disabled (gan), in the folder."""
    plant("drip")
    (Places.of().plugins / "broken.py").write_text(BROKEN, "utf-8")
    with sitting(qtbot) as found:
        yield found


def shown(person: Person) -> PluginsPage:
    person.window.host.commands.refresh()
    person.window.host.commands.action("program.plugins").trigger()
    page = person.window.program.page("PluginsPage")
    assert isinstance(page, PluginsPage)
    return page


def row(page: PluginsPage, name: str) -> list[str]:
    """What stands in a plugin's row, once it is selected."""
    page.select(name)
    item = page.tree.currentItem()
    assert item is not None
    return [item.text(column) for column in range(page.tree.columnCount())]


def test_every_plugin_is_listed_with_what_became_of_it(person: Person) -> None:
    page = shown(person)
    name, _, source, state, seconds, tools = row(page, "drip")
    assert (name, source, state, tools) == ("drip", "plugins folder", "loaded", "Dripping water")
    assert seconds.endswith(" ms")
    assert row(page, "data")[1:4] == [metadata.version(APP), "built in", "loaded"]
    assert row(page, "gan")[3] == "disabled"
    assert str(Places.of().plugins / "drip") in _about(page, "drip")
    assert page.tree.topLevelItemCount() == len(person.window.host.registry.plugins)


def test_a_failed_plugin_says_why_and_shows_its_traceback(person: Person) -> None:
    page = shown(person)
    assert row(page, "broken")[3] == "failed"
    assert "ZeroDivisionError: division by zero" in page.about.text()
    person.click(page.trace)
    (dialog,) = [each for each in person.window.findChildren(QDialog) if each.isVisible()]
    (text,) = [each.toPlainText() for each in dialog.findChildren(QPlainTextEdit)]
    assert "broken.py" in text
    assert "in ratio" in text
    dialog.close()
    page.select("drip")
    assert page.trace.isHidden()


def test_a_plugin_is_disabled_and_enabled_for_the_next_start(person: Person) -> None:
    page = shown(person)
    page.select("drip")
    assert page.pending.text() == ""
    page.toggle.setFocus()
    QTest.keyClick(page.toggle, Qt.Key.Key_Space)
    assert row(page, "drip")[3] == "disabled at the next start"
    assert "next start" in page.pending.text()
    page.select("gan")
    person.click(page.toggle)
    assert row(page, "gan")[3] == "enabled at the next start"
    person.wait(lambda: settings.load(Places.of()).disabled_plugins == tuple(sorted({*BUILT_IN, "drip"} - {"gan"})))
    states = {each.name: each.state for each in discover(Places.of(), settings.load(Places.of())).plugins}
    assert (states["drip"], states["gan"]) == ("disabled", "ok")
    page.select("drip")
    person.click(page.toggle)
    page.select("gan")
    person.click(page.toggle)
    assert page.pending.text() == ""
    person.wait(lambda: settings.load(Places.of()).disabled_plugins == BUILT_IN)


def test_the_page_speaks_chinese_at_once(person: Person) -> None:
    page = shown(person)
    person.window.speak("zh_CN")
    failed = texts.translate("failed", "zh_CN")
    person.wait(lambda: row(page, "broken")[3] == failed)
    assert texts.translate("Dripping water", "zh_CN", "drip") in row(page, "drip")[5]


def test_the_plugins_folder_is_opened_off_the_gui_thread(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tmp_path / "said"
    opener = tmp_path / "xdg-open"
    opener.write_text(f'#!/bin/sh\necho "$1" > {said}\n')
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    page = shown(person)
    with watching() as watch:
        person.click(page.folder)
        QApplication.processEvents()
    assert not watch.deeds, str(watch)
    person.wait(lambda: said.exists() and said.read_text().strip() == str(Places.of().plugins))


def test_a_system_without_an_opener_is_told_the_folder(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    person.click(shown(person).folder)
    person.wait(person.window.bar.isVisible)
    assert str(Places.of().plugins) in person.window.bar.text


def _about(page: PluginsPage, name: str) -> str:
    page.select(name)
    return page.about.text()
