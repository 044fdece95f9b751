"""What lies under and over the marks: grid and triangle; handles and crosshair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from workbench.ui.panels.look import translucent
from workbench.ui.panels.plot.marks.base import figure
from workbench.ui.panels.plot.shapes import pen
from workbench.ui.panels.plot.view import CORNERS, View

if TYPE_CHECKING:
    from workbench.ui.panels.plot.canvas import Canvas

_MARGIN, _MOST = 8.0, 12
"""Pixels around boxes, lines at the crosshair."""


class _Layer(QGraphicsItem):
    """An item as large as the view."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()
        self.canvas = canvas
        self.view = View()

    def look_at(self, view: View) -> None:
        """Another view."""
        if view != self.view:
            self.prepareGeometryChange()
            self.view = view
            self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802
        """All of the view."""
        return QRectF(0, 0, self.view.width, self.view.height)


class Backdrop(_Layer):
    """The grid, or the triangle of a simplex."""

    _lines: list[QLineF] | None = None

    def look_at(self, view: View) -> None:
        """Another view: other ticks."""
        if view != self.view:
            self._lines = None
        super().look_at(view)

    def forget(self) -> None:
        """The axes have other ticks."""
        self._lines = None
        self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:  # noqa: ARG002
        """Faint lines at the larger ticks."""
        painter.setPen(pen(self.view.look.grid))
        if self.view.simplex:
            self._triangle(painter)
            return
        if self._lines is None:
            self._lines = self._grid()
        painter.drawLines(self._lines)

    def _grid(self) -> list[QLineF]:
        view, (across, up) = self.view, self.canvas.ticks()
        return [
            *(QLineF(view.px_x(x), 0, view.px_x(x), view.height) for x in across),
            *(QLineF(0, view.px_y(y), view.width, view.px_y(y)) for y in up),
        ]

    def _triangle(self, painter: QPainter) -> None:
        places = [QPointF(self.view.px_x(x), self.view.px_y(y)) for x, y in CORNERS]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for share in (0.2, 0.4, 0.6, 0.8):
            for k in range(3):
                a, b, c = places[k], places[(k + 1) % 3], places[(k + 2) % 3]
                painter.drawLine(QLineF(a + (b - a) * share, a + (c - a) * share))
        painter.setPen(pen(self.view.look.faint))
        painter.drawPolygon(QPolygonF(places))
        painter.setPen(self.view.look.text)
        for place, name, off in zip(places, self.canvas.corners, ((-16, 6), (8, 6), (-4, -8)), strict=False):
            painter.drawText(place + QPointF(*off), name)


class Overlay(_Layer):
    """Above all marks."""

    def renew(self) -> None:
        """Is painted anew, where there is something to paint."""
        self.setVisible(bool(self.canvas.desk.gestures) or self.canvas.mouse is not None)
        self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:  # noqa: ARG002
        """Handles and crosshair."""
        painter.setFont(self.canvas.letters())
        painter.save()
        self.canvas.desk.paint(painter, self.canvas, self.view.look)
        painter.restore()
        if self.canvas.mouse is not None and self.boundingRect().contains(self.canvas.mouse):
            self._crosshair(painter, self.canvas.mouse)

    def _box(self, painter: QPainter, rect: QRectF) -> None:
        painter.setPen(pen(self.view.look.grid))
        painter.setBrush(translucent(self.view.look.raised, 0.88))
        painter.drawRoundedRect(rect, 3, 3)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    # ------------------------------------------------------------------ crosshair

    def _crosshair(self, painter: QPainter, at: QPointF) -> None:
        look = self.view.look
        painter.setPen(pen(translucent(look.text, 0.45), dash=True))
        painter.drawLine(QLineF(at.x(), 0, at.x(), self.view.height))
        painter.drawLine(QLineF(0, at.y(), self.view.width, at.y()))
        x, y = self.view.from_px(at.x(), at.y())
        lines = [(f"{figure(x)}, {figure(y)}", "", look.text)]
        lines += [each for mark in self.canvas.marks for each in mark.values(x, y)][:_MOST]
        self._values(painter, at, [(f"{name}  {value}" if value else name, ink) for name, value, ink in lines])

    def _values(self, painter: QPainter, at: QPointF, lines: list[tuple[str, QColor]]) -> None:
        metrics = QFontMetricsF(self.canvas.letters())
        width = max(metrics.horizontalAdvance(text) for text, _ in lines) + 2 * _MARGIN
        height = metrics.height() * len(lines) + _MARGIN
        left = at.x() + 12 if at.x() + 12 + width < self.view.width else at.x() - 12 - width
        top = at.y() + 12 if at.y() + 12 + height < self.view.height else at.y() - 12 - height
        self._box(painter, QRectF(left, top, width, height))
        for k, (text, ink) in enumerate(lines):
            painter.setPen(ink)
            painter.drawText(QPointF(left + _MARGIN, top + _MARGIN / 2 + metrics.ascent() + k * metrics.height()), text)
