"""What every editor of a value does."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.ui.forms.hub import Hub
from workbench.ui.forms.place import Place


class Editor(QWidget):
    """Shows the value of a field and says what a person makes of it; it keeps no value of its own."""

    edited = Signal(object)

    def __init__(self, hub: Hub, place: Place) -> None:
        super().__init__()
        self.hub, self.place = hub, place
        self.box = QHBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(4)

    def show_value(self, value: Any) -> None:
        """Shows a value; what is being typed stays as it is typed if it means the same."""
        raise NotImplementedError

    def stops(self) -> list[QWidget]:
        """What the tab key stops at, in order; the first has the editor's focus."""
        raise NotImplementedError

    def retranslate(self) -> None:
        """Says its own words in the person's language."""

    def recolour(self) -> None:
        """Takes the colours of the theme."""


class OnlyFocused(QObject):
    """An event filter: the wheel turns a widget only if it has the focus, else it scrolls the form."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """See Qt."""
        if isinstance(event, QWheelEvent) and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False
