"""Texts that have no room end in an ellipsis, and widen nothing."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPalette, QPixmap, QPixmapCache
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget
from pytestqt.qtbot import QtBot

from workbench.ui.elided import Elided
from workbench.ui.forms.editors.choice import combo
from workbench.ui.pages.tool import _Title

LONG = "Nanoseconds of an update, by the size of the dictionary"


def looks(widget: QWidget, wide: int) -> QPixmap:
    widget.setFixedSize(wide, 24)
    QPixmapCache.clear()  # the style keeps pictures of controls, whatever the colours of their texts
    return widget.grab()


@pytest.mark.parametrize("wide", [60, 150])
def test_a_label_is_cut_with_an_ellipsis(qtbot: QtBot, wide: int) -> None:
    label, plain = Elided(LONG), QLabel(LONG)
    qtbot.addWidget(label)
    qtbot.addWidget(plain)
    assert looks(label, wide).toImage() != looks(plain, wide).toImage()
    assert looks(label, 800).toImage() == looks(plain, 800).toImage()


@pytest.mark.parametrize("wide", [60, 150])
def test_a_tool_s_name_is_cut_as_any_label(qtbot: QtBot, wide: int) -> None:
    title, label = _Title(), Elided(LONG)
    title.setText(LONG)
    qtbot.addWidget(title)
    qtbot.addWidget(label)
    assert looks(title, wide).toImage() == looks(label, wide).toImage()


def test_a_long_label_gives_way_to_its_neighbours(qtbot: QtBot) -> None:
    holder, neighbour = QWidget(), QLabel("a neighbour that is never cut")
    qtbot.addWidget(holder)
    row = QHBoxLayout(holder)
    row.addWidget(label := Elided(LONG))
    row.addWidget(neighbour)
    assert holder.minimumSizeHint().width() < neighbour.sizeHint().width() + 120
    assert label.sizeHint().width() > label.minimumSizeHint().width()


def test_a_choice_is_cut_with_an_ellipsis(qtbot: QtBot) -> None:
    mine, plain = combo(), QComboBox()
    for box in (mine, plain):
        qtbot.addWidget(box)
        palette = box.palette()
        palette.setColor(QPalette.ColorRole.PlaceholderText, QColor("red"))
        box.setPalette(palette)
        box.addItem(LONG)
        box.setPlaceholderText("Own values")
    assert looks(mine, 120).toImage() != looks(plain, 120).toImage()
    assert looks(mine, 800).toImage() == looks(plain, 800).toImage()
    for box in (mine, plain):
        box.setCurrentIndex(-1)
    assert looks(mine, 400).toImage() == looks(plain, 400).toImage()
