"""A change of the theme reaches the tables of every page, shown or hidden."""

from __future__ import annotations

import math
import re
from dataclasses import asdict
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QAbstractItemView, QTableView, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from workbench.tool import Panel
from workbench.ui.gallery import COMMANDS
from workbench.ui.panels import make_panel
from workbench.ui.panels.base import PanelWidget
from workbench.ui.panels.look import Look
from workbench.ui.screenshot import draw
from workbench.ui.themes import DARK, LIGHT, SHEETS, Colours, Theme, palette
from workbench.ui.window import Window

from .frame import Person, sitting
from .sources import Fake

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


@pytest.mark.parametrize("dark", [False, True])
def test_a_selected_cell_of_a_panel_is_written_light_on_dark(qtbot: QtBot, dark: bool) -> None:
    panel = make_panel(Panel("t", "table", "t"), str)
    qtbot.addWidget(panel)
    panel.apply_theme(dark)
    panel.show_sources([Fake().put("table", "t", [{"word": "word"}])])
    view = panel.findChild(QTableView)
    assert view is not None
    colours = view.palette()
    written, ground = colours.color(Role.HighlightedText), colours.color(Role.Highlight)
    assert contrast(written.name(), ground.name()) > 5
    assert written.lightness() > ground.lightness()


@pytest.mark.parametrize("name", ["light", "dark"])
def test_a_pressed_switch_looks_pressed(qtbot: QtBot, name: str) -> None:
    theme, grounds = Theme(), []
    theme.apply(name)
    for pressed in (False, True):
        button = theme.dress(QToolButton(), "switch")
        qtbot.addWidget(button)
        button.setText("Notes")
        button.setCheckable(True)
        button.setChecked(pressed)
        button.resize(80, 30)
        grounds.append(button.grab().toImage().pixelColor(8, 8).name())
    assert contrast(*grounds) > 2


ENOUGH = 4.5
"""The contrast that WCAG (AA) asks of text."""
ON_GROUNDS = [
    *((ink, ground) for ink in ("text", "quiet", "good", "bad") for ground in ("window", "base", "raised")),
    *(("accent", ground) for ground in ("window", "base")),
    ("bad", "bad_ground"),
]
ON_ROLES = [
    (Role.WindowText, Role.Window), (Role.Text, Role.Base), (Role.Text, Role.AlternateBase),
    (Role.ButtonText, Role.Button), (Role.ToolTipText, Role.ToolTipBase), (Role.PlaceholderText, Role.Base),
    (Role.PlaceholderText, Role.Window), (Role.HighlightedText, Role.Highlight), (Role.Link, Role.Window),
    (Role.Link, Role.Base),
]  # fmt: skip


def in_sheets() -> set[tuple[str, str]]:
    """Every ink that a style sheet lays on a ground, with the ground; a card's inks are on each of its grounds."""
    named = re.findall(r"background: \{(\w+)\}; color: \{(\w+)\}", " ".join(SHEETS.values()))
    cards = re.findall(r"background: \{(\w+)\}", SHEETS["card"])
    return {(ink, ground) for ground, ink in named} | {
        (ink, ground) for ink in ("text", "quiet", "accent") for ground in cards
    }


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_all_that_is_written_can_be_read(colours: Colours) -> None:
    name = asdict(colours)
    assert ("on_accent", "accent_ground") in in_sheets()
    pale = {(ink, ground) for ink, ground in {*in_sheets(), *ON_GROUNDS} if contrast(name[ink], name[ground]) < ENOUGH}
    assert pale == set()


@pytest.mark.parametrize("dark", [False, True])
def test_what_panels_write_can_be_read(dark: bool) -> None:
    look = Look(dark)
    grounds = {look.ground.name(), look.raised.name()}
    written = [look.palette.color(each).name() for each in (Role.Text, Role.WindowText, Role.PlaceholderText)]
    inks = {look.text.name(), look.quiet.name(), *written}
    assert {(ink, ground) for ink in inks for ground in grounds if contrast(ink, ground) < ENOUGH} == set()


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("group", [QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive])
def test_what_qt_writes_by_the_palette_can_be_read(colours: Colours, group: QPalette.ColorGroup) -> None:
    made = palette(colours)
    pairs = [*ON_ROLES, (Role.HighlightedText, Role.Accent)]
    pale = [pair for pair in pairs if contrast(*(made.color(group, role).name() for role in pair)) < ENOUGH]
    assert pale == []


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_what_is_selected_where_nothing_can_be_done_can_be_read(colours: Colours) -> None:
    made, off = palette(colours), QPalette.ColorGroup.Disabled
    written, ground = made.color(off, Role.HighlightedText), made.color(off, Role.Highlight)
    assert contrast(written.name(), ground.name()) > ENOUGH


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("how", ["plain", "hovered", "pressed"])
def test_a_primary_button_can_be_read_whatever_is_done_with_it(qtbot: QtBot, name: str, how: str) -> None:
    theme = Theme()
    theme.apply(name)
    button = theme.dress(QToolButton(), "start")
    qtbot.addWidget(button)
    button.setText("Start")
    button.resize(120, 40)
    button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, how != "plain")
    button.setDown(how == "pressed")
    ground = button.grab().toImage().pixelColor(10, 20).name()
    assert contrast(ground, theme.colours.on_accent) > ENOUGH


def contrast(one: str, other: str) -> float:
    """How far two colours are apart, from 1 to 21, as WCAG measures it."""
    low, high = sorted(light(QColor(each)) for each in (one, other))
    return (high + 0.05) / (low + 0.05)


def light(colour: QColor) -> float:
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else math.pow((each + 0.055) / 1.055, 2.4)
        for each in (colour.redF(), colour.greenF(), colour.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


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
