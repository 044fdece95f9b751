"""A change of the theme reaches the tables of every page, shown or hidden."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractItemView, QWidget
from pytestqt.qtbot import QtBot

from workbench.ui.gallery import COMMANDS
from workbench.ui.panels.base import PanelWidget
from workbench.ui.panels.look import Look
from workbench.ui.screenshot import draw
from workbench.ui.themes import Theme, palette
from workbench.ui.window import Window

from .frame import Person, sitting

Role = QPalette.ColorRole


def shown(window: Window, command: str) -> None:
    window.host.commands.refresh()
    window.host.commands.action(command).trigger()


def expected(table: QWidget, theme: Theme) -> QPalette:
    """That of the theme; panels have a look of their own in each."""
    above: QWidget | None = table
    while above is not None and not isinstance(above, PanelWidget):
        above = above.parentWidget()
    return palette(theme.colours) if above is None else Look(theme.dark).palette


def unreached(person: Person, name: str) -> list[QWidget]:
    """The tables with other colours than the theme's, after it was put on."""
    theme = person.window.host.theme
    theme.apply(name)
    person.settled()
    tables = [each for each in person.window.findChildren(QAbstractItemView) if each.objectName() != "tools"]
    assert len(tables) > 5
    roles = (Role.Base, Role.AlternateBase, Role.Text)
    parts = [(part, expected(each, theme)) for each in tables for part in (each, each.viewport())]
    return [each for each, right in parts if any(each.palette().color(r) != right.color(r) for r in roles)]


def test_the_tables_of_every_page_wear_the_theme(qtbot: QtBot, runs: list[Path]) -> None:
    with sitting(qtbot) as person:
        draw(person.window, run=runs[0].name)
        for command in COMMANDS.values():
            shown(person.window, command)
            for theme in ("dark", "light", "dark"):
                assert unreached(person, theme) == [], (command, theme)
        shown(person.window, "tool.drip")
        assert unreached(person, "light") == []


def test_the_table_of_plugins_is_drawn_in_the_theme(qtbot: QtBot, runs: list[Path]) -> None:
    assert runs
    with sitting(qtbot) as person:
        shown(person.window, "program.plugins")
        grounds = []
        for theme in ("dark", "light", "dark"):
            assert unreached(person, theme) == []
            page = person.window.program.page("PluginsPage")
            assert page is not None
            tree = page.findChild(QAbstractItemView)
            assert tree is not None
            picture = tree.viewport().grab().toImage()
            grounds.append(picture.pixelColor(3, picture.height() - 3).name())
        assert grounds == ["#15171b", "#ffffff", "#15171b"]
