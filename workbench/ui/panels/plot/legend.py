"""The legend and the scale of colours: a row or a few above the axes, where they hide nothing of what is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from workbench.ui.panels.look import lying, translucent
from workbench.ui.panels.plot.marks import Entry, Scale
from workbench.ui.panels.plot.marks.base import figure
from workbench.ui.panels.plot.shapes import pen

if TYPE_CHECKING:
    from workbench.ui.panels.plot.canvas import Canvas

_EDGE, _SAMPLE, _GAP, _APART, _RAMP = 8.0, 14.0, 5.0, 12.0, 48.0
"""Pixels: at both ends of a row, of the sample of a line, between it and its text, between two entries, of all colours
of a scale."""
_LONGEST, _TALLEST, _WHOLE = 0.6, 0.3, 0.7
"""Shares: of the width that one entry may fill, of the height that all may, and may in pictures for others."""
_NARROW = 120
"""Pixels of width below which there is no room for it."""


class Legend(QGraphicsItem):
    """Names what the marks draw, where that are several things or one that is switched off; a click on a name
    switches it off or on. Before the names the values that the first and the last colour of a field stand for."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()
        self.canvas = canvas
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)  # it is drawn anew when it changes
        self.rows: list[tuple[QRectF, Entry, str]] = []
        """Where each entry stands, and its text, cut where there is no room."""
        self.ramp: tuple[QRectF, Scale] | None = None
        """Where the scale of colours stands, where there is one."""
        self.height = 0.0
        self.more = 0
        """How many entries have no room."""
        self.whole = False
        """Whether entries may take room from the axes: nobody can widen a picture."""
        self._width, self._line = 0.0, 0.0
        self._found: tuple[object, ...] = ()
        self.font = canvas.letters()

    def arrange(self, width: float, height: float) -> bool:
        """Places what the marks name now on a plot of so many pixels; whether it is of another height since."""
        entries = [each for mark in self.canvas.marks for each in mark.legend()]
        scale = next((its for mark in self.canvas.marks if (its := mark.colours()) is not None), None)
        font = self.canvas.letters()
        needed = len(entries) > 1 or not self.canvas.hidden.isdisjoint(each.key for each in entries)
        found = (width, height, entries, scale, font, self.whole, needed)
        if found == self._found:
            return False
        self.prepareGeometryChange()
        self._found, self.font, before = found, font, self.height
        wide = width >= _NARROW
        self._place(entries if needed and wide else [], scale if wide else None, width, height)
        self.update()
        return self.height != before

    def _place(self, entries: Sequence[Entry], scale: Scale | None, width: float, height: float) -> None:
        metrics = QFontMetricsF(self.font)
        line, most = metrics.height() + 3, _LONGEST * (width - 2 * _EDGE) - _SAMPLE - _GAP
        texts = [metrics.elidedText(each.label, Qt.TextElideMode.ElideMiddle, most) for each in entries]
        first = [sum(metrics.horizontalAdvance(each) for each in _ends(scale)) + _RAMP + 2 * _GAP] if scale else []
        widths = first + [_SAMPLE + _GAP + metrics.horizontalAdvance(text) for text in texts]
        share = _WHOLE if self.whole else _TALLEST
        places = [at for at in flowing(widths, width - 2 * _EDGE) if at[1] < max(1, int(share * height / line))]
        boxes = [QRectF(_EDGE + x, row * line, wide, line) for (x, row), wide in zip(places, widths, strict=False)]
        full = width - _EDGE - metrics.horizontalAdvance(f"+{len(entries)}") - _GAP
        while len(first) < len(boxes) < len(widths) and boxes[-1].right() > full:
            boxes.pop()  # where the number of those that are left out stands
        self.ramp = (boxes.pop(0), scale) if scale is not None else None
        self.rows = list(zip(boxes, entries, texts, strict=False))
        self.more, self._width, self._line = len(entries) - len(boxes), width, line
        self.height = (places[-1][1] + 1) * line + 2 if places else 0.0

    def entry_at(self, scene: QPointF) -> str:
        """The key of the entry at a place of the scene, "" for none."""
        at = self.mapFromScene(scene)
        return next((entry.key for rect, entry, _ in self.rows if rect.contains(at)), "")

    def boundingRect(self) -> QRectF:  # noqa: N802
        """All rows."""
        return QRectF(0, 0, self._width, self.height)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:  # noqa: ARG002
        """A sample of each line, and what it is called."""
        look, hidden = self.canvas.look, self.canvas.hidden
        painter.setFont(self.font)
        for rect, entry, text in self.rows:
            off = entry.key in hidden
            painter.setPen(pen(translucent(entry.colour, 0.3) if off else entry.colour, 3, entry.dash))
            painter.drawLine(QLineF(rect.left(), rect.center().y(), rect.left() + _SAMPLE, rect.center().y()))
            painter.setPen(look.quiet if off else look.text)
            painter.drawText(rect.adjusted(_SAMPLE + _GAP, 0, _APART, 0), Qt.AlignmentFlag.AlignVCenter, text)
        if self.ramp is not None:
            self._ramp(painter, *self.ramp)
        if self.more > 0:
            last = QRectF(0, self.height - self._line - 2, self._width - 2, self._line)
            painter.setPen(look.text)
            painter.drawText(last, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, f"+{self.more}")

    def _ramp(self, painter: QPainter, rect: QRectF, scale: Scale) -> None:
        (low, high), middle = _ends(scale), Qt.AlignmentFlag.AlignVCenter
        left = rect.left() + painter.fontMetrics().horizontalAdvance(low) + _GAP
        painter.setPen(self.canvas.look.text)
        painter.drawText(rect, middle, low)
        painter.drawText(rect.adjusted(left + _RAMP + _GAP - rect.left(), 0, _APART, 0), middle, high)
        painter.drawImage(QRectF(left, rect.center().y() - 4, _RAMP, 8), lying(scale.map))


def _ends(scale: Scale) -> tuple[str, str]:
    return figure(scale.low), figure(scale.high)


def flowing(widths: Sequence[float], room: float) -> Iterator[tuple[float, int]]:
    """Things of these widths from left to right in rows as wide as `room`: the place and the row of each."""
    x, row = 0.0, 0
    for wide in widths:
        if x and x + wide > room:
            x, row = 0.0, row + 1
        yield x, row
        x += wide + _APART
