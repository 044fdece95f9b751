"""A label that gives way: what it has no room for is left out, and an ellipsis says so."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel, QStylePainter

_LEAST = 3
"""Letters that it does not give up."""


class Elided(QLabel):
    """One line of plain text, as wide as the text where there is room."""

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as a few letters."""
        return QSize(_LEAST * self.fontMetrics().averageCharWidth(), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """As a label does, if all of it has room."""
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        if shown == self.text():
            super().paintEvent(event)
            return
        painter = QStylePainter(self)  # a plain one does not begin on a class that has two labels as its bases
        flags, role = self.alignment().value, self.foregroundRole()
        painter.drawItemText(room, flags, self.palette(), self.isEnabled(), shown, role)
        painter.end()  # before it is left to Python, which another thread may keep from forgetting it
