"""A switch that is drawn in the form's colours: styles draw check boxes too dark on dark grounds."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QWidget

from workbench.ui.forms.hub import Hub

WIDTH, HEIGHT = 28, 16


class Toggle(QCheckBox):
    """A check box in all but its looks; it has no text of its own."""

    def __init__(self, hub: Hub, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hub = hub
        self.setFixedSize(WIDTH + 4, HEIGHT + 4)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """See Qt."""
        return QSize(WIDTH + 4, HEIGHT + 4)

    def hitButton(self, pos: object) -> bool:  # noqa: N802, ARG002 - Qt's name; a click anywhere counts
        """See Qt."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """A slot with a knob: left off, right on."""
        colours, on = self.hub.colours, self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(1.0 if self.isEnabled() else 0.45)
        slot = QRectF(2, 2, WIDTH, HEIGHT)
        painter.setPen(QPen(QColor(colours.accent if on or self.hasFocus() else colours.muted), 1.2))
        painter.setBrush(QColor(colours.accent) if on else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(slot, HEIGHT / 2, HEIGHT / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#ffffff" if on else colours.muted))
        x = slot.right() - HEIGHT / 2 if on else slot.left() + HEIGHT / 2
        painter.drawEllipse(QPointF(x, slot.center().y()), 4.6, 4.6)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 1, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(slot.adjusted(-1.5, -1.5, 1.5, 1.5), HEIGHT / 2 + 1, HEIGHT / 2 + 1)
        painter.end()  # whoever still holds this frame, to look at it, would keep it painting: Qt crashes then
