"""Names of widgets: saved states and tests know widgets by them; and what widgets of some names look like.

Letters and roles of the palette follow font and theme by themselves. A style sheet of the whole application would
restyle every widget, a second's work, whenever either changes; one of a widget (`themes.SHEETS`) only that.
"""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QWidget

Thing = TypeVar("Thing", bound=QObject)
_LETTERS: dict[str, float] = {"title": 15, "welcome": 20, "part": 11, "card-title": 11, "dock-name": 0, "start": 0,
                              "card-sample": 0}  # fmt: skip
"""Points of bold letters; 0: as large as all others."""
_INKS = {"quiet": QPalette.ColorRole.PlaceholderText, "card-sample": QPalette.ColorRole.Link}
_GROUNDS = {"dock-title": QPalette.ColorRole.Button, "bar": QPalette.ColorRole.Window}


def named(thing: Thing, name: str) -> Thing:
    """The thing, with a name and what goes with it."""
    thing.setObjectName(name)
    if isinstance(thing, QWidget):
        _dress(thing, name)
    return thing


def _dress(widget: QWidget, name: str) -> None:
    if name in _LETTERS:
        widget.setFont(letters(_LETTERS[name]))
    if name in _INKS:
        widget.setForegroundRole(_INKS[name])
    if name in _GROUNDS:
        widget.setBackgroundRole(_GROUNDS[name])
        widget.setAutoFillBackground(True)


def letters(points: float = 0) -> QFont:
    """Bold ones; all else of the font stays the application's."""
    font = QFont()
    font.setWeight(QFont.Weight.DemiBold)
    if points:
        font.setPointSizeF(points)
    return font
